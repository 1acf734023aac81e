//! Writing, planning and stopping mailings; who gets them; ending them for an address.

use super::model::{Audience, Mailing, MailingState, Missing, Sources, Timing, Whom};
use super::store::{self, SpeakerPart};
use crate::audit::{self, Actor, Entry};
use crate::db::{
    DbConnection, DbError, EventId, MailingId, MessageId, RegistrationId, SessionId, SpeakerId, UserId, UtcTime,
};
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::mail::model::NewMessage;
use crate::mail::operations::queue;
use crate::registration::forms::model::Answers;
use crate::registration::model::{PrivateLink, Registration};
use crate::registration::operations::keep_link;
use crate::speakers::model::Speaker;
use crate::speakers::own::model::SpeakerLink;
use crate::speakers::own::operations as own_pages;
use crate::web::TokenHash;
use diesel::QueryResult;
use serde_json::json;
use std::collections::{HashMap, HashSet};

/// Registrations looked at in one query.
const PAGE: i64 = 1000;

/// Why a mailing was not changed.
#[derive(Debug, thiserror::Error)]
pub enum MailingError {
    /// There is none.
    #[error("no such mailing")]
    NotFound,
    /// Somebody else changed it, or it has begun to leave.
    #[error("the mailing was changed meanwhile")]
    Changed,
    /// Nobody would get it.
    #[error("nobody would get it")]
    Nobody,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

crate::db_failure!(MailingError);

/// Somebody who gets a mailing.
#[derive(Clone, Debug)]
pub struct Recipient {
    /// The address as compared.
    pub address_key: String,
    /// The language they read.
    pub language: Lang,
    /// Who it is.
    pub who: Person,
    /// The session it is about, where each session of theirs brings one.
    pub about: Option<SessionId>,
    /// The sessions that a speaker takes part in.
    pub sessions: Vec<SessionId>,
}

/// An attendee or a speaker.
#[derive(Clone, Debug)]
pub enum Person {
    /// An attendee.
    Registration(Box<Registration>),
    /// A speaker.
    Speaker(Box<Speaker>),
}

impl Recipient {
    /// What keeps two mails about different sessions apart.
    #[must_use]
    pub fn about_key(&self) -> String {
        self.about.map(|session| session.to_string()).unwrap_or_default()
    }

    /// The name in the order and script of the language.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.who {
            Person::Registration(registration) => registration.name_for(self.language),
            Person::Speaker(speaker) => speaker.name_for(self.language).to_owned(),
        }
    }

    /// The address as typed.
    #[must_use]
    pub fn email(&self) -> &str {
        match &self.who {
            Person::Registration(registration) => &registration.email,
            Person::Speaker(speaker) => speaker.email.as_deref().unwrap_or_default(),
        }
    }
}

/// The mailings of an event, newest first.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(Mailing, i64)>> {
    let mailings = store::list(db, event, 200)?;
    mailings.into_iter().map(|mailing| store::reached(db, mailing.id).map(|reached| (mailing, reached))).collect()
}

/// One mailing, and how many have got it.
///
/// # Errors
/// When it is not there.
pub fn find(db: &mut DbConnection, event: EventId, id: MailingId) -> Result<(Mailing, i64), MailingError> {
    let mailing = store::find(db, event, id)?.ok_or(MailingError::NotFound)?;
    let reached = store::reached(db, id)?;
    Ok((mailing, reached))
}

/// What is to leave by `now`.
///
/// # Errors
/// When the database refuses.
pub fn due(db: &mut DbConnection, now: UtcTime) -> QueryResult<Vec<Mailing>> {
    store::due(db, now)
}

/// What an organizer wrote.
#[derive(Clone, Debug)]
pub struct Content {
    /// Who is meant.
    pub audience: Audience,
    /// The words.
    pub sources: Sources,
    /// When it leaves.
    pub timing: Timing,
}

impl Content {
    fn words(&self) -> store::Words<'_> {
        store::Words { audience: &self.audience, sources: &self.sources, timing: self.timing }
    }
}

/// Keeps a draft: a new one, or one at a version.
///
/// # Errors
/// When somebody else changed it.
pub fn save(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, user): (Actor, Option<UserId>),
    (event, known): (EventId, Option<(MailingId, i32)>),
    content: &Content,
) -> Result<MailingId, MailingError> {
    let id = match known {
        Some((id, version)) => {
            store::find(db, event, id)?.ok_or(MailingError::NotFound)?;
            if !store::update(db, now, (id, version), &content.words())? {
                return Err(MailingError::Changed);
            }
            id
        }
        None => {
            let id = MailingId::new();
            store::insert(db, now, (event, id, user), &content.words())?;
            id
        }
    };
    audit::note(db, now, &Entry::new(Some(event), actor, "mailing.saved", "mailing", id.as_str()))?;
    Ok(id)
}

/// Lets a draft leave, now or at its time. `leaves_at` is the instant that its timing means.
///
/// # Errors
/// When it is no draft any more, or changed since version `version`.
pub fn plan(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, MailingId, i32),
    leaves_at: UtcTime,
) -> Result<(), MailingError> {
    let mailing = store::find(db, event, id)?.ok_or(MailingError::NotFound)?;
    let to = (MailingState::Planned, Some(leaves_at));
    if mailing.version != version || !store::change_state(db, now, id, &[MailingState::Draft], to)? {
        return Err(MailingError::Changed);
    }
    let entry = Entry::new(Some(event), actor, "mailing.sent", "mailing", id.as_str());
    audit::note(db, now, &entry.with(json!({ "at": leaves_at.to_string() })))?;
    Ok(())
}

/// Stops what has not left yet; before anything has left, it becomes a draft again.
///
/// # Errors
/// When there is nothing to stop.
pub fn stop(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: MailingId,
) -> Result<(), MailingError> {
    let (mailing, reached) = find(db, event, id)?;
    let to = if reached == 0 { MailingState::Draft } else { MailingState::Stopped };
    if !store::change_state(db, now, mailing.id, &[MailingState::Planned, MailingState::Leaving], (to, None))? {
        return Err(MailingError::Changed);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "mailing.stopped", "mailing", id.as_str()))?;
    Ok(())
}

/// Moves a mailing on in the job that lets it leave.
///
/// # Errors
/// When the database refuses.
pub fn move_on(db: &mut DbConnection, now: UtcTime, mailing: &Mailing, to: MailingState) -> QueryResult<bool> {
    let from = [MailingState::Planned, MailingState::Leaving];
    store::change_state(db, now, mailing.id, &from, (to, mailing.leaves_at))
}

/// Deletes a draft.
///
/// # Errors
/// When it is none.
pub fn delete(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: MailingId,
) -> Result<(), MailingError> {
    if !store::delete_draft(db, event, id)? {
        return Err(MailingError::Changed);
    }
    audit::note(db, now, &Entry::new(Some(event), actor, "mailing.deleted", "mailing", id.as_str()))?;
    Ok(())
}

/// A mail made ready before the transaction.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The address as compared.
    pub address_key: String,
    /// The session it is about, or nothing.
    pub about: String,
    /// What ends mailings for the address.
    pub token: TokenHash,
    /// The mail.
    pub message: NewMessage,
    /// The private link that it brings.
    pub link: Link,
}

/// A private link of whichever sort.
#[derive(Clone, Debug)]
pub enum Link {
    /// Of an attendee.
    Registration(Box<PrivateLink>),
    /// Of a speaker.
    Speaker(Box<SpeakerLink>),
}

/// Queues prepared mails for everyone who has not got the mailing yet; nothing once it was stopped.
/// How many were queued, or that it was stopped.
///
/// # Errors
/// When the database refuses.
pub fn queue_prepared(
    db: &mut DbConnection,
    now: UtcTime,
    mailing: &Mailing,
    prepared: &[Prepared],
) -> QueryResult<Option<usize>> {
    let present = store::find(db, mailing.event_id, mailing.id)?;
    if present.is_none_or(|present| present.state != MailingState::Leaving) {
        return Ok(None);
    }
    let mut queued = 0;
    for one in prepared {
        let key = (one.address_key.as_str(), one.about.as_str());
        if !store::take(db, now, (mailing.event_id, mailing.id), key, &one.token)? {
            continue;
        }
        let message: MessageId = queue(db, now, &one.message)?;
        store::note_message(db, mailing.id, key, message)?;
        match &one.link {
            Link::Registration(link) => keep_link(db, link)?,
            Link::Speaker(link) => own_pages::keep_link(db, link)?,
        }
        queued += 1;
    }
    Ok(Some(queued))
}

/// Who has got a mailing: addresses with what each was about.
///
/// # Errors
/// When the database refuses.
pub fn have_got(db: &mut DbConnection, id: MailingId) -> QueryResult<HashSet<(String, String)>> {
    store::have_got(db, id).map(|keys| keys.into_iter().collect())
}

/// When sessions begin, as they were published.
pub type Hours = HashMap<SessionId, UtcTime>;

/// Some recipients, and after whom to go on.
#[derive(Debug, Default)]
pub struct RecipientPage {
    /// Whoever fits; each address once within the page.
    pub recipients: Vec<Recipient>,
    /// Where the next page begins; nothing after the last.
    pub next: Option<RegistrationId>,
}

/// The recipients of a mailing after `after`. With sessions' hours, one for each session of a person.
///
/// # Errors
/// When the database refuses.
pub fn recipients(
    db: &mut DbConnection,
    event: &Event,
    audience: &Audience,
    hours: Option<&Hours>,
    after: Option<RegistrationId>,
) -> QueryResult<RecipientPage> {
    match audience.whom() {
        Whom::Registrations => of_registrations(db, event, audience, hours, after),
        Whom::Speakers => of_speakers(db, event, audience, hours),
    }
}

fn of_registrations(
    db: &mut DbConnection,
    event: &Event,
    audience: &Audience,
    hours: Option<&Hours>,
    after: Option<RegistrationId>,
) -> QueryResult<RecipientPage> {
    let found = store::fitting(db, event.id, audience, (after, PAGE))?;
    let is_full = i64::try_from(found.len()).is_ok_and(|count| count == PAGE);
    let next = found.last().map(|(last, _)| last.id).filter(|_| is_full);
    let mut seats: HashMap<RegistrationId, Vec<SessionId>> = HashMap::new();
    if hours.is_some() {
        for (registration, session) in store::seats(db, event.id)? {
            seats.entry(registration).or_default().push(session);
        }
    }
    let mut page = RecipientPage { recipients: Vec::new(), next };
    for (registration, answers) in found {
        if !gave_answer(audience, &answers) {
            continue;
        }
        let booked = seats.remove(&registration.id).unwrap_or_default();
        let base = Recipient {
            address_key: registration.email_key.clone(),
            language: registration.language,
            who: Person::Registration(Box::new(registration)),
            about: None,
            sessions: Vec::new(),
        };
        push(&mut page.recipients, base, hours.map(|hours| (hours, booked)));
    }
    Ok(page)
}

/// The person once, or once for each session that has an hour.
fn push(recipients: &mut Vec<Recipient>, base: Recipient, each: Option<(&Hours, Vec<SessionId>)>) {
    match each {
        None => recipients.push(base),
        Some((hours, sessions)) => {
            let with_hours = sessions.into_iter().filter(|session| hours.contains_key(session));
            recipients.extend(with_hours.map(|session| Recipient { about: Some(session), ..base.clone() }));
        }
    }
}

fn gave_answer(audience: &Audience, answers: &str) -> bool {
    let Some((question, value)) = &audience.answer else { return true };
    let answers = Answers::parse(answers);
    question.parse().is_ok_and(|question| answers.has(question, value))
}

fn of_speakers(
    db: &mut DbConnection,
    event: &Event,
    audience: &Audience,
    hours: Option<&Hours>,
) -> QueryResult<RecipientPage> {
    let (people, parts) = store::speaking(db, event.id)?;
    let zone = event.zone();
    let mut places: HashMap<SessionId, Vec<(Option<crate::db::RoomId>, chrono::NaiveDate)>> = HashMap::new();
    for (session, room, start) in store::places(db, event.id)? {
        places.entry(session).or_default().push((room, start.in_zone(zone).date_naive()));
    }
    let answered: HashSet<(SpeakerId, SessionId)> = store::answered(db, event.id)?.into_iter().collect();
    let mut sessions: HashMap<SpeakerId, Vec<SessionId>> = HashMap::new();
    let is_meant = |(_, session, forum): &&SpeakerPart| {
        audience.has_session(*forum, places.get(session).map(Vec::as_slice).unwrap_or_default())
    };
    for (speaker, session, _) in parts.iter().filter(is_meant) {
        let own = sessions.entry(*speaker).or_default();
        if !own.contains(session) {
            own.push(*session);
        }
    }
    let (mut seen, mut page) = (HashSet::new(), RecipientPage::default());
    for speaker in people {
        let Some(own) = sessions.remove(&speaker.id) else { continue };
        let Some(address) = speaker.email.as_deref().and_then(|email| email.parse().ok()) else { continue };
        let address: crate::mail::address::EmailAddress = address;
        let owes_answer =
            own.iter().any(|session| places.contains_key(session) && !answered.contains(&(speaker.id, *session)));
        if !owes(audience, &speaker, owes_answer) || !seen.insert(address.key()) {
            continue;
        }
        let base = Recipient {
            address_key: address.key(),
            language: speaker.language.unwrap_or_else(|| event.main_language()),
            who: Person::Speaker(Box::new(speaker)),
            about: None,
            sessions: own.clone(),
        };
        push(&mut page.recipients, base, hours.map(|hours| (hours, own)));
    }
    Ok(page)
}

fn owes(audience: &Audience, speaker: &Speaker, owes_answer: bool) -> bool {
    let missing: Vec<Missing> = audience.missing.iter().filter_map(|word| word.parse().ok()).collect();
    missing.is_empty()
        || missing.iter().any(|missing| match missing {
            Missing::Photo => speaker.photo_id.is_none(),
            Missing::Biography => speaker.biography.is_empty(),
            Missing::Answer => owes_answer,
        })
}

/// Addresses that want no mailings of the event.
///
/// # Errors
/// When the database refuses.
pub fn refusals(db: &mut DbConnection, event: EventId) -> QueryResult<HashSet<String>> {
    store::refusals(db, event).map(|keys| keys.into_iter().collect())
}

/// Whom a link belongs to that ends mailings.
///
/// # Errors
/// When the database refuses.
pub fn by_token(db: &mut DbConnection, event: EventId, token: &TokenHash) -> QueryResult<Option<String>> {
    Ok(store::by_token(db, token)?.filter(|(of, _)| *of == event).map(|(_, address)| address))
}

/// Ends mailings for an address. May be asked for again.
///
/// # Errors
/// When the database refuses.
pub fn refuse(db: &mut DbConnection, now: UtcTime, event: EventId, address: &str) -> QueryResult<()> {
    if store::refuse(db, now, event, address)? {
        audit::note(db, now, &Entry::new(Some(event), Actor::Visitor, "mailing.refused", "event", event.as_str()))?;
    }
    Ok(())
}

/// Forgets that an address got mailings of an event, and that it wants none.
///
/// # Errors
/// When the database refuses.
pub fn forget(db: &mut DbConnection, event: EventId, address: &str) -> QueryResult<()> {
    store::forget(db, event, address)
}
