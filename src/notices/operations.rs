//! Use cases: noting whom a release concerns, telling them, holding back. Stars are in [`super::starring`].

use super::digest::{self, Book, Digest, What};
use super::model::{Notice, NoticeState, Recipient, Told};
use super::sampling;
use super::store::{notices, people, stars, told};
use crate::audit::{self, Actor, Entry as AuditEntry};
use crate::db::{DbConnection, DbError, EventId, MessageId, NoticeId, RegistrationId, SessionId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::model::Registration;
use crate::schedule;
use crate::schedule::model::Programme;
use crate::speakers::own;
use crate::speakers::own::model::SpeakerLink;
use crate::web::TokenHash;
use chrono::TimeDelta;
use diesel::QueryResult;
use std::collections::{BTreeSet, HashMap, HashSet};

/// Why a notice was not changed.
#[derive(Debug, thiserror::Error)]
pub enum NoticeError {
    /// There is no such notice at this event.
    #[error("no such notice")]
    NotFound,
    /// It has left, or a release or someone else changed it in the meantime.
    #[error("the notice was changed in the meantime")]
    Stale,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(NoticeError);

/// A speaker for whom something differs, and who is to be told.
#[derive(Clone, Debug)]
pub struct Planned {
    /// The speaker.
    pub speaker: SpeakerId,
    /// What differs.
    pub digest: Digest,
    /// Who gets the mail: the speaker first, then assistants.
    pub recipients: Vec<Recipient>,
}

/// Whom a release would concern.
#[derive(Clone, Debug, Default)]
pub struct Preview {
    /// Speakers who would be told, with the digests of their mails; [`super::mails`] words them.
    pub speakers: Vec<Planned>,
    /// Speakers for whom something differs and nobody of whom has an address.
    pub unreachable: Vec<SpeakerId>,
    /// Attendees who starred a session that changes and want to be told.
    pub attendees: Vec<RegistrationId>,
    /// One of them in each language, with what their mail would say.
    pub samples: Vec<(Registration, Digest)>,
}

/// Whom publishing `after` would concern, given what has been told so far.
///
/// # Errors
/// When the database refuses.
pub fn preview(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    before: Option<&Programme>,
    after: &Programme,
) -> QueryResult<Preview> {
    let mut differing = told::of_event(db, event.id)?;
    let mut recipients = people::of_event(db, event.id, event.main_language())?;
    let mut current = Book::new(after).by_speaker();
    let speakers: BTreeSet<SpeakerId> = differing.keys().chain(current.keys()).copied().collect();
    let mut found = Preview::default();
    for speaker in speakers {
        let told = differing.remove(&speaker).unwrap_or_default();
        let digest = digest::digest(&told, current.remove(&speaker).unwrap_or_default(), now);
        let Some(recipients) = recipients.remove(&speaker).filter(|_| !digest.items.is_empty()) else { continue };
        if recipients.is_empty() {
            found.unreachable.push(speaker);
        } else {
            found.speakers.push(Planned { speaker, digest, recipients });
        }
    }
    let changed = changed_sessions(before, after, now);
    found.attendees = if changed.is_empty() { Vec::new() } else { stars::willing(db, event.id, &changed)? };
    found.samples = sampling::attendees(db, now, &found.attendees, (before, after))?;
    Ok(found)
}

/// Sessions whose time or place differs, or that are called off or back.
fn changed_sessions(before: Option<&Programme>, after: &Programme, now: UtcTime) -> Vec<SessionId> {
    let Some(before) = before else { return Vec::new() };
    let (old, new) = (Book::new(before), Book::new(after));
    let ids: BTreeSet<SessionId> = before.sessions.iter().chain(&after.sessions).map(|session| session.id).collect();
    ids.into_iter()
        .filter(|id| {
            let slots = |book: &Book<'_>| book.session(*id).map(|session| book.slots(session)).unwrap_or_default();
            let digest = digest::digest(&digest::as_told(slots(&old)), slots(&new), now);
            digest.items.iter().any(|item| item.what != What::Renamed)
        })
        .collect()
}

/// Notes whom the release concerns that is being published in this transaction. Whoever has a notice
/// waiting keeps that one, and its quiet time begins anew: nobody gets two mails for one afternoon of
/// corrections. What is waiting and says nothing any more is closed.
///
/// # Errors
/// When the database refuses; the release is then undone with it.
pub fn after_release(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    before: Option<&Programme>,
    after: &Programme,
) -> QueryResult<()> {
    let found = preview(db, now, event, before, after)?;
    let open = notices::open(db, event.id)?;
    let quiet = schedule::operations::rules(db, event)?.quiet_minutes;
    let due = now + TimeDelta::minutes(quiet.into());
    let number = |programme: &Programme| programme.release.as_ref().map_or(0, |release| release.number);
    let base = before.map_or(0, number);
    let speakers: HashSet<SpeakerId> = found.speakers.iter().map(|planned| planned.speaker).collect();
    let attendees: HashSet<RegistrationId> = found.attendees.iter().copied().collect();
    let is_concerned = |notice: &Notice| {
        notice.speaker_id.is_some_and(|id| speakers.contains(&id))
            || notice.registration_id.is_some_and(|id| attendees.contains(&id))
    };
    let kept: Vec<NoticeId> = open.iter().filter(|notice| is_concerned(notice)).map(|notice| notice.id).collect();
    // What attendees know stands in the release they knew, so theirs are looked at when they leave.
    let empty: Vec<NoticeId> = open
        .iter()
        .filter(|notice| notice.speaker_id.is_some() && !is_concerned(notice))
        .map(|notice| notice.id)
        .collect();
    let known_speakers: HashSet<SpeakerId> = open.iter().filter_map(|notice| notice.speaker_id).collect();
    let known_attendees: HashSet<RegistrationId> = open.iter().filter_map(|notice| notice.registration_id).collect();
    let new = |speaker_id, registration_id| Notice {
        id: NoticeId::new(),
        event_id: event.id,
        speaker_id,
        registration_id,
        base_release: base,
        state: NoticeState::Waiting,
        subject: None,
        introduction: None,
        due_at: due,
        settled_at: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    let to_speakers = found.speakers.iter().map(|planned| planned.speaker);
    let mut opened: Vec<Notice> =
        to_speakers.filter(|id| !known_speakers.contains(id)).map(|id| new(Some(id), None)).collect();
    let to_attendees = found.attendees.iter().filter(|id| !known_attendees.contains(id));
    opened.extend(to_attendees.map(|id| new(None, Some(*id))));
    notices::put_off(db, now, &kept, due)?;
    notices::close_empty(db, now, &empty)?;
    notices::insert(db, opened)
}

/// What a notice says at this moment.
#[derive(Clone, Debug)]
pub enum Content {
    /// To a speaker and their assistants.
    Speaker(Planned),
    /// To an attendee: what became of starred sessions, and their agenda.
    Attendee(Box<Registration>, Digest),
    /// To nobody: the person has gone, has no address or does not want to be told.
    Nobody,
}

impl Content {
    /// What differs.
    #[must_use]
    pub fn digest(&self) -> Option<&Digest> {
        match self {
            Self::Speaker(planned) => Some(&planned.digest),
            Self::Attendee(_, digest) => Some(digest),
            Self::Nobody => None,
        }
    }
}

/// Notices of one event with what they say, worded from one release.
#[derive(Clone, Debug)]
pub struct Batch {
    /// The event.
    pub event: Event,
    /// The newest release.
    pub programme: Programme,
    /// The notices.
    pub notices: Vec<(Notice, Content)>,
}

/// The next notices whose quiet time is over, with what they say now.
///
/// # Errors
/// When the database refuses.
pub fn due(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Option<Batch>> {
    let due = notices::due(db, now, limit)?;
    let Some(event) = due.first().map(|notice| notice.event_id) else { return Ok(None) };
    let event = crate::events::operations::by_id(db, event)?.ok_or(diesel::result::Error::NotFound)?;
    contents(db, now, event, due)
}

/// What some notices of an event say now, in a fixed number of queries; nothing before the first release.
///
/// # Errors
/// When the database refuses.
pub fn contents(db: &mut DbConnection, now: UtcTime, event: Event, wanted: Vec<Notice>) -> QueryResult<Option<Batch>> {
    let Some(programme) = schedule::operations::latest_release(db, event.id)? else { return Ok(None) };
    let speakers: Vec<SpeakerId> = wanted.iter().filter_map(|notice| notice.speaker_id).collect();
    let attendees: Vec<RegistrationId> = wanted.iter().filter_map(|notice| notice.registration_id).collect();
    let mut told = told::of_speakers(db, &speakers)?;
    let mut recipients = people::of_speakers(db, &speakers, event.main_language())?;
    let mut registrations = people::registrations_of(db, &attendees)?;
    let willing: HashSet<RegistrationId> = people::willing(db, &attendees)?.into_iter().collect();
    let mut starred: HashMap<RegistrationId, Vec<(SessionId, UtcTime)>> = HashMap::new();
    for (registration, session, at) in stars::of_registrations(db, &attendees)? {
        starred.entry(registration).or_default().push((session, at));
    }
    let bases: BTreeSet<i32> =
        wanted.iter().filter(|notice| notice.registration_id.is_some()).map(|notice| notice.base_release).collect();
    let mut known: HashMap<i32, Programme> = HashMap::new();
    for number in bases {
        if let Some(base) = schedule::operations::release_of_number(db, event.id, number)? {
            known.insert(number, base);
        }
    }
    let book = Book::new(&programme);
    let old: HashMap<i32, Book<'_>> = known.iter().map(|(number, base)| (*number, Book::new(base))).collect();
    let mut by_speaker = book.by_speaker();
    let mut to_speaker = |speaker: SpeakerId| {
        let current = by_speaker.remove(&speaker).unwrap_or_default();
        let digest = digest::digest(&told.remove(&speaker).unwrap_or_default(), current, now);
        match recipients.remove(&speaker).filter(|recipients| !recipients.is_empty()) {
            Some(recipients) => Content::Speaker(Planned { speaker, digest, recipients }),
            None => Content::Nobody,
        }
    };
    let mut to_attendee = |id: RegistrationId, base: i32| {
        let stars = starred.remove(&id).unwrap_or_default();
        let digest = digest_of_stars(&stars, old.get(&base), &book, now);
        match registrations.remove(&id).filter(|_| willing.contains(&id)) {
            Some(registration) => Content::Attendee(Box::new(registration), digest),
            None => Content::Nobody,
        }
    };
    let mut found = Vec::with_capacity(wanted.len());
    for notice in wanted {
        let content = match (notice.speaker_id, notice.registration_id) {
            (Some(speaker), _) => to_speaker(speaker),
            (None, Some(id)) => to_attendee(id, notice.base_release),
            (None, None) => Content::Nobody,
        };
        found.push((notice, content));
    }
    Ok(Some(Batch { event, programme, notices: found }))
}

/// What became of starred sessions since the release that was known. Stars set since then were set
/// upon what holds now.
pub(super) fn digest_of_stars(
    stars: &[(SessionId, UtcTime)],
    known: Option<&Book<'_>>,
    book: &Book<'_>,
    now: UtcTime,
) -> Digest {
    let before = |at: UtcTime| book.published_at().is_none_or(|published| at < published);
    let all = book.of_sessions(stars.iter().map(|(session, _)| *session));
    let earlier: HashSet<SessionId> = stars.iter().filter(|(_, at)| before(*at)).map(|(session, _)| *session).collect();
    let told = known.map(|known| digest::as_told(known.of_sessions(earlier.iter().copied()))).unwrap_or_default();
    let mut digest = digest::digest(&told, all, now);
    digest.items.retain(|item| item.what != What::Renamed && earlier.contains(&item.entry.session));
    digest
}

/// The secret of the link that a mail carries, as it is kept.
#[derive(Clone, Debug)]
pub enum Link {
    /// To a speaker's page, for the speaker or an assistant.
    Speaker(Box<SpeakerLink>),
    /// To an attendee's own page.
    Registration(RegistrationId, TokenHash),
}

/// A notice made ready to be settled.
#[derive(Clone, Debug)]
pub struct Ready {
    /// The notice, and the version that it was worded from.
    pub notice: (NoticeId, i32),
    /// Its mails, each with its link; none where there is nothing to say.
    pub mails: Vec<(NewMessage, Link)>,
    /// What a speaker's calendar holds from then on.
    pub told: Option<(SpeakerId, Vec<Told>)>,
}

/// Queues the mails of a notice and records what was told, in one transaction. Returns whether it did: a
/// notice that a release or an organizer changed in the meantime stays for the next look.
///
/// # Errors
/// When the database refuses.
pub fn settle(db: &mut DbConnection, now: UtcTime, ready: &Ready) -> QueryResult<bool> {
    let state = if ready.mails.is_empty() { NoticeState::Nothing } else { NoticeState::Sent };
    if !notices::settle(db, now, ready.notice, &[NoticeState::Waiting], state)? {
        return Ok(false);
    }
    for (message, link) in &ready.mails {
        mail::operations::queue(db, now, message)?;
        match link {
            Link::Speaker(link) => own::operations::keep_link(db, link)?,
            Link::Registration(registration, token) => {
                people::insert_registration_link(db, now, *registration, token)?;
            }
        }
    }
    if let Some((speaker, slots)) = ready.told.as_ref().filter(|_| state == NoticeState::Sent) {
        for slot in slots {
            told::put(db, now, *speaker, slot)?;
        }
    }
    Ok(true)
}

/// Lets a notice that could not be worded wait, so that it does not keep others from leaving.
///
/// # Errors
/// When the database refuses.
pub fn retry_at(db: &mut DbConnection, id: NoticeId, due: UtcTime) -> QueryResult<()> {
    notices::retry_at(db, id, due)
}

/// The open notices of an event, the next to leave first.
///
/// # Errors
/// When the database refuses.
pub fn open(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Notice>> {
    notices::open(db, event)
}

/// One notice of an event.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: NoticeId) -> QueryResult<Option<Notice>> {
    notices::find(db, event, id)
}

/// A notice that has left or will not, with whom it went to and the mails it became.
#[derive(Clone, Debug)]
pub struct Settled {
    /// The notice.
    pub notice: Notice,
    /// The speaker's or attendee's name.
    pub name: String,
    /// Its mails.
    pub messages: Vec<MessageId>,
}

/// The notices of an event that have left or will not, newest first.
///
/// # Errors
/// When the database refuses.
pub fn settled(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<Settled>> {
    let rows = notices::settled(db, event, limit)?;
    let Some(oldest) = rows.last().and_then(|notice| notice.settled_at) else { return Ok(Vec::new()) };
    let names = names(db, &rows)?;
    let mut mails: HashMap<(Option<SpeakerId>, Option<RegistrationId>, UtcTime), Vec<MessageId>> = HashMap::new();
    for (speaker, registration, at, id) in notices::mails(db, event, oldest)? {
        mails.entry((speaker, registration, at)).or_default().push(id);
    }
    let settled = rows.into_iter().map(|notice| {
        let key = notice.settled_at.map(|at| (notice.speaker_id, notice.registration_id, at));
        Settled {
            name: names.get(&notice.id).cloned().unwrap_or_default(),
            messages: key.and_then(|key| mails.get(&key).cloned()).unwrap_or_default(),
            notice,
        }
    });
    Ok(settled.collect())
}

/// The names of those whom notices are about.
///
/// # Errors
/// When the database refuses.
pub fn names(db: &mut DbConnection, rows: &[Notice]) -> QueryResult<HashMap<NoticeId, String>> {
    let speakers: Vec<SpeakerId> = rows.iter().filter_map(|notice| notice.speaker_id).collect();
    let attendees: Vec<RegistrationId> = rows.iter().filter_map(|notice| notice.registration_id).collect();
    let speakers: HashMap<SpeakerId, String> =
        people::speaker_rows(db, &speakers)?.into_iter().map(|row| (row.id, row.name)).collect();
    let attendees = people::registrations_of(db, &attendees)?;
    let name = |notice: &Notice| {
        let speaker = notice.speaker_id.and_then(|id| speakers.get(&id).cloned());
        let attendee = || notice.registration_id.and_then(|id| attendees.get(&id)).map(Registration::full_name);
        speaker.or_else(attendee).unwrap_or_default()
    };
    Ok(rows.iter().map(|notice| (notice.id, name(notice))).collect())
}

/// What an organizer decides on notices that have not left.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Decision {
    /// Keep them until further notice.
    Hold,
    /// Let held ones leave when their quiet time is over.
    Resume,
    /// Let them leave now.
    Send,
    /// Don't send them. Calendars stay as they were told; the next release tells what differs then.
    Skip,
}

impl Decision {
    /// The decision of this word in a form.
    #[must_use]
    pub fn of(word: &str) -> Option<Self> {
        Some(match word {
            "hold" => Self::Hold,
            "resume" => Self::Resume,
            "send" => Self::Send,
            "skip" => Self::Skip,
            _ => return None,
        })
    }

    const fn action(self) -> &'static str {
        match self {
            Self::Hold => "notices.held",
            Self::Resume => "notices.resumed",
            Self::Send => "notices.released",
            Self::Skip => "notices.skipped",
        }
    }
}

/// Decides on open notices of an event; returns how many were still as they had been seen.
///
/// # Errors
/// When the database refuses.
pub fn decide(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    chosen: &[(NoticeId, i32)],
    decision: Decision,
) -> QueryResult<usize> {
    const OPEN: [NoticeState; 2] = [NoticeState::Waiting, NoticeState::Held];
    let mut done = 0;
    for (id, version) in chosen {
        if find(db, event, *id)?.is_none() {
            continue;
        }
        let key = (*id, *version);
        let changed = match decision {
            Decision::Hold => notices::set_open(db, now, key, NoticeState::Held, None)?,
            Decision::Resume => notices::set_open(db, now, key, NoticeState::Waiting, None)?,
            Decision::Send => notices::set_open(db, now, key, NoticeState::Waiting, Some(now))?,
            Decision::Skip => notices::settle(db, now, key, &OPEN, NoticeState::Skipped)?,
        };
        done += usize::from(changed);
    }
    if done > 0 {
        let entry = AuditEntry::new(Some(event), actor, decision.action(), "event", event.as_str());
        audit::note(db, now, &entry.with(serde_json::json!({ "count": done })))?;
    }
    Ok(done)
}

/// Keeps an organizer's subject and first paragraph; none where the usual words are wanted.
///
/// # Errors
/// When it is not there or was changed in the meantime.
pub fn word(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    notice: (NoticeId, i32),
    words: (Option<&str>, Option<&str>),
) -> Result<(), NoticeError> {
    find(db, event, notice.0)?.ok_or(NoticeError::NotFound)?;
    if !notices::set_words(db, now, notice, words)? {
        return Err(NoticeError::Stale);
    }
    let entry = AuditEntry::new(Some(event), actor, "notice.worded", "notice", notice.0.as_str());
    audit::note(db, now, &entry)?;
    Ok(())
}
