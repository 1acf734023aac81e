//! Who gets a mailing.

use super::model::{Audience, Missing, Timing, Whom};
use super::operations::refusals;
use super::store::{self, SpeakerPart};
use crate::db::{DbConnection, RegistrationId, RoomId, SessionId, SpeakerId, UtcTime};
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::mail::address::EmailAddress;
use crate::mail::model::Copied;
use crate::registration::forms::model::Answers;
use crate::registration::model::Registration;
use crate::site::model::Released;
use crate::speakers::care::model::{Attendance, Item, Standing};
use crate::speakers::care::operations as care;
use crate::speakers::model::Speaker;
use crate::speakers::own::model::Assistant;
use chrono::NaiveDate;
use diesel::QueryResult;
use std::collections::{HashMap, HashSet};

/// Registrations looked at in one query.
const PAGE: i64 = 1000;

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
    /// The other speakers of the session, where they are written to together.
    pub others: Vec<Copied>,
}

/// An attendee, a speaker, or who helps one.
#[derive(Clone, Debug)]
pub enum Person {
    /// An attendee.
    Registration(Box<Registration>),
    /// A speaker.
    Speaker(Box<Speaker>),
    /// Somebody who helps the speaker, with a link of their own.
    Assistant(Box<Speaker>, Box<Assistant>),
}

impl Recipient {
    /// What keeps two mails about different sessions apart, and an assistant's about different speakers.
    #[must_use]
    pub fn about_key(&self) -> String {
        let session = self.about.map(|session| session.to_string()).unwrap_or_default();
        match &self.who {
            Person::Assistant(speaker, _) => format!("{}:{session}", speaker.id),
            Person::Registration(_) | Person::Speaker(_) => session,
        }
    }

    /// Whether others who are written to together should know the address: an assistant's only where the speaker
    /// has none.
    fn is_shown(&self) -> bool {
        !matches!(&self.who, Person::Assistant(speaker, _) if speaker.email.is_some())
    }

    /// The name in the order and script of the language.
    #[must_use]
    pub fn name(&self) -> String {
        match &self.who {
            Person::Registration(registration) => registration.name_for(self.language),
            Person::Speaker(speaker) => speaker.name_for(self.language).to_owned(),
            Person::Assistant(_, assistant) => assistant.name.clone(),
        }
    }

    /// The address as typed.
    #[must_use]
    pub fn email(&self) -> &str {
        match &self.who {
            Person::Registration(registration) => &registration.email,
            Person::Speaker(speaker) => speaker.email.as_deref().unwrap_or_default(),
            Person::Assistant(_, assistant) => &assistant.email,
        }
    }
}

/// When sessions begin, as they were published.
pub type Hours = HashMap<SessionId, UtcTime>;

/// When the published sessions begin that have not begun at `now`.
#[must_use]
pub fn hours_ahead(released: Option<&Released>, now: UtcTime) -> Hours {
    let slots = released.into_iter().flat_map(Released::slots);
    slots.filter(|(_, slot)| slot.start > now).map(|(session, slot)| (session.id, slot.start)).collect()
}

/// Some recipients, and after whom to go on.
#[derive(Debug, Default)]
pub struct RecipientPage {
    /// Whoever fits; each address once within the page.
    pub recipients: Vec<Recipient>,
    /// Where the next page begins; nothing after the last.
    pub next: Option<RegistrationId>,
    /// How many fit whom nobody can write to.
    pub unreachable: i64,
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
    let mut page = RecipientPage { next, ..RecipientPage::default() };
    for (registration, answers) in found {
        if !gave_answer(audience, &answers) {
            continue;
        }
        if !registration.has_address() {
            page.unreachable += 1;
            continue;
        }
        let booked = seats.remove(&registration.id).unwrap_or_default();
        let base = Recipient {
            address_key: registration.email_key.clone(),
            language: registration.language,
            who: Person::Registration(Box::new(registration)),
            about: None,
            sessions: Vec::new(),
            others: Vec::new(),
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
    let (people, parts) = store::speaking(db, event.id, &audience.wanted_session_states())?;
    let zone = event.zone();
    let mut places: HashMap<SessionId, Vec<(Option<RoomId>, NaiveDate)>> = HashMap::new();
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
    let missing: Vec<Missing> = audience.missing.iter().filter_map(|word| word.parse().ok()).collect();
    let standings: HashMap<SpeakerId, Standing> =
        care::overview(db, event)?.into_iter().map(|one| (one.speaker.id, one)).collect();
    let mut assistants = care::assistants(db, event.id)?;
    let mut page = RecipientPage::default();
    let (mut seen, mut meant) = (HashSet::new(), Vec::new());
    for speaker in people {
        let standing = standings.get(&speaker.id);
        let own = match sessions.remove(&speaker.id) {
            Some(own) => own,
            None if standing.is_some_and(|standing| is_invited(audience, standing)) => Vec::new(),
            None => continue,
        };
        let owes_answer =
            own.iter().any(|session| places.contains_key(session) && !answered.contains(&(speaker.id, *session)));
        if !owes(&missing, (&speaker, standing), owes_answer) {
            continue;
        }
        let helpers = assistants.remove(&speaker.id).unwrap_or_default();
        let found = addressed(event, &speaker, helpers, &own);
        page.unreachable += i64::from(found.is_empty());
        meant.extend(found.into_iter().filter(|one| seen.insert((one.address_key.clone(), one.about_key()))));
    }
    if audience.together && hours.is_none() {
        // What goes to all speakers of a session together reminds of nothing.
        let refusals = refusals(db, event.id, Timing::Now)?;
        page.recipients = together(&meant, &refusals);
        return Ok(page);
    }
    for base in meant {
        let own = base.sessions.clone();
        push(&mut page.recipients, base, hours.map(|hours| (hours, own)));
    }
    Ok(page)
}

/// Whether somebody without a session in the programme is meant: whoever was invited and has not declined, unless
/// the sessions of those who are meant were chosen in a way that they can't fit.
fn is_invited(audience: &Audience, standing: &Standing) -> bool {
    let is_of_forum = audience.forums.is_empty()
        || audience.forums.iter().filter_map(|forum| forum.parse().ok()).any(|forum| standing.is_in(forum));
    standing.is_invited
        && matches!(standing.attendance, Attendance::Invited | Attendance::Accepted)
        && audience.session_states.is_empty()
        && audience.rooms.is_empty()
        && audience.days.is_empty()
        && is_of_forum
}

/// Everybody who is written to about a speaker: themself and whoever helps them, each address once.
fn addressed(event: &Event, speaker: &Speaker, helpers: Vec<Assistant>, sessions: &[SessionId]) -> Vec<Recipient> {
    let main = speaker.language.unwrap_or_else(|| event.main_language());
    let own = speaker.email.clone().map(|email| (email, main, Person::Speaker(Box::new(speaker.clone()))));
    let helpers = helpers.into_iter().map(|assistant| {
        let lang = assistant.language.unwrap_or(main);
        (assistant.email.clone(), lang, Person::Assistant(Box::new(speaker.clone()), Box::new(assistant)))
    });
    let mut seen = HashSet::new();
    let recipient = |(email, language, who): (String, Lang, Person)| {
        let address: EmailAddress = email.parse().ok()?;
        let address_key = address.key();
        let sessions = sessions.to_vec();
        seen.insert(address_key.clone()).then_some(Recipient {
            address_key,
            language,
            who,
            about: None,
            sessions,
            others: Vec::new(),
        })
    };
    own.into_iter().chain(helpers).filter_map(recipient).collect()
}

/// Each speaker once for each of their sessions, with the others who get the mail about it.
fn together(meant: &[Recipient], refusals: &HashSet<String>) -> Vec<Recipient> {
    let mut parts: HashMap<SessionId, Vec<&Recipient>> = HashMap::new();
    for one in meant.iter().filter(|one| !refusals.contains(&one.address_key)) {
        one.sessions.iter().for_each(|session| parts.entry(*session).or_default().push(one));
    }
    let of_session = |one: &Recipient, session: SessionId| {
        let others = parts.get(&session).into_iter().flatten().filter(|other| other.address_key != one.address_key);
        let others = others.filter(|other| other.is_shown());
        let others = others.map(|other| Copied { name: other.name(), address: other.email().to_owned() }).collect();
        Recipient { about: Some(session), sessions: vec![session], others, ..one.clone() }
    };
    meant
        .iter()
        .flat_map(|one| one.sessions.iter().map(move |session| (one, *session)))
        .map(|(one, session)| of_session(one, session))
        .collect()
}

fn owes(missing: &[Missing], (speaker, standing): (&Speaker, Option<&Standing>), owes_answer: bool) -> bool {
    let owes = |item: Item| standing.is_some_and(|standing| standing.owes(item));
    missing.is_empty()
        || missing.iter().any(|missing| match missing {
            Missing::Photo => speaker.photo_id.is_none(),
            Missing::Biography => speaker.biography.is_empty(),
            Missing::Answer => owes_answer,
            Missing::Invitation => owes(Item::Answer),
            Missing::Profile => owes(Item::Profile),
            Missing::Availability => owes(Item::Availability),
            Missing::Slides => owes(Item::Slides),
            Missing::Travel => owes(Item::Travel),
            Missing::Consent => owes(Item::Consent),
        })
}
