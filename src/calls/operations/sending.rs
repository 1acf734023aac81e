//! Sending a proposal in, and changing one that was sent in.

use super::drafting::{changeable, keep, note, session_of};
use super::{CallError, call_of};
use crate::audit::Actor;
use crate::calls::model::proposal::{Content, Person, Proposal, ProposalState};
use crate::calls::store;
use crate::db::{DbConnection, EventId, SessionProposalId, SpeakerId, UtcTime};
use crate::events::operations::touch_draft;
use crate::i18n::{Lang, Localized};
use crate::mail;
use crate::mail::model::NewMessage;
use crate::programme::model::{Access, Role, Session, SessionFacts, SessionState};
use crate::programme::operations as programme;
use crate::speakers::model::{Speaker, SpeakerFacts};
use crate::speakers::operations as speakers;
use crate::web::TokenHash;
use std::collections::HashMap;

/// A proposal about to be sent in, with the mail that says so.
#[derive(Clone, Debug)]
pub struct Sending {
    /// What its author wrote, complete.
    pub content: Content,
    /// The hash of the secret in the mail.
    pub link: TokenHash,
    /// The mail that confirms it.
    pub message: NewMessage,
}

/// Sends a proposal in: it becomes a session in state `proposed` with its speakers.
///
/// # Errors
/// When it can't be sent in any more, somebody was faster, or this address has sent in as many as it may.
pub fn send_in(
    db: &mut DbConnection,
    now: UtcTime,
    key: (EventId, SessionProposalId, i32),
    sending: &Sending,
) -> Result<(), CallError> {
    let (event, id, _) = key;
    // First of all, so that two of one address that are sent in at once wait for each other.
    touch_draft(db, event)?;
    let own = changeable(db, now, key, &sending.content)?;
    if own.state != ProposalState::Draft {
        return Err(CallError::Stale);
    }
    let (proposal, content, actor) = (own.proposal, &sending.content, Actor::Author(id));
    let others = store::proposals::sent_by(db, event, &proposal.email_key)?;
    let standing = others.iter().filter(|(other, state)| other.state(*state) != ProposalState::Withdrawn).count();
    if let Some(most) = call_of(db, now, event)?.most_per_person
        && usize::try_from(most).is_ok_and(|most| standing >= most)
    {
        return Err(CallError::TooMany(most));
    }
    let known = speakers_of(others.iter().map(|(other, _)| other));
    let mut people = content.people.clone();
    for person in &mut people {
        person.speaker = Some(match known.get(&address_key(person)) {
            Some(speaker) if still_there(db, event, *speaker)? => *speaker,
            _ => speakers::create(db, now, actor, event, &speaker_facts(person, content.written_in))?,
        });
    }
    let session = programme::create(db, now, actor, event, &session_facts(content, &people))?;
    keep(db, now, &proposal, content, people)?;
    store::proposals::set_sent(db, now, id, session)?;
    store::proposals::insert_link(db, now, (id, &sending.link))?;
    mail::operations::queue(db, now, &sending.message)?;
    note(db, now, actor, &proposal, "proposal.sent-in")
}

/// Keeps what its author changed in a proposal that was sent in. Of the session only that is changed which the
/// author changed: what organizers have edited besides stays.
///
/// # Errors
/// When it can't be changed any more or somebody was faster.
pub fn change(
    db: &mut DbConnection,
    now: UtcTime,
    key: (EventId, SessionProposalId, i32),
    content: &Content,
) -> Result<(), CallError> {
    let (event, id, _) = key;
    let proposal = changeable(db, now, key, content)?.proposal;
    let (before, actor) = (proposal.content(), Actor::Author(id));
    let session = programme::find(db, event, session_of(&proposal)?)?.ok_or(CallError::Ended)?;
    let people = follow_people(db, now, (event, actor), &before, content)?;
    let parts = parts_after(&programme::people_of(db, session.id)?, &before.people, &people);
    programme::rewrite(db, now, actor, &rewritten(session, &before, content), Some(&parts))?;
    keep(db, now, &proposal, content, people)?;
    note(db, now, actor, &proposal, "proposal.changed")
}

/// The speakers that people of these proposals became, by address. Only one's own proposals are looked at: nobody
/// becomes a speaker whom somebody else made by knowing their address.
fn speakers_of<'a>(proposals: impl Iterator<Item = &'a Proposal>) -> HashMap<String, SpeakerId> {
    let people = proposals.flat_map(|proposal| proposal.people.iter().cloned().collect::<Vec<_>>());
    people
        .filter_map(|person| Some((address_key(&person), person.speaker?)))
        .filter(|(key, _)| !key.is_empty())
        .collect()
}

/// The address as compared; empty for none.
#[must_use]
pub fn address_key(person: &Person) -> String {
    person.email.parse::<crate::mail::address::EmailAddress>().map(|email| email.key()).unwrap_or_default()
}

fn still_there(db: &mut DbConnection, event: EventId, speaker: SpeakerId) -> Result<bool, CallError> {
    match speakers::find(db, event, speaker) {
        Ok(_) => Ok(true),
        Err(speakers::SpeakerError::NotFound) => Ok(false),
        Err(error) => Err(error.into()),
    }
}

fn one(lang: Lang, text: &str) -> Localized {
    Localized::new().with(lang, text)
}

fn some(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

fn speaker_facts(person: &Person, lang: Lang) -> SpeakerFacts {
    SpeakerFacts {
        name: person.name.clone(),
        native_name: None,
        position: one(lang, &person.position),
        organisation: one(lang, &person.organisation),
        country: some(&person.country),
        biography: one(lang, &person.biography),
        email: some(&person.email),
        language: Some(lang),
    }
}

fn session_facts(content: &Content, people: &[Person]) -> SessionFacts {
    SessionFacts {
        title: one(content.written_in, &content.title),
        subtitle: Localized::new(),
        abstract_text: one(content.written_in, &content.abstract_text),
        description: one(content.written_in, &content.description),
        format: content.format,
        forum: content.forum,
        language: content.spoken,
        interpreted: Vec::new(),
        access: Access::Open,
        capacity: None,
        expected: None,
        buffer_before: 0,
        buffer_after: 0,
        state: SessionState::Proposed,
        may_record: true,
        links: Vec::new(),
        people: people.iter().filter_map(|person| Some((person.speaker?, Role::Speaker))).collect(),
    }
}

/// The session with what changed between two versions of a proposal.
fn rewritten(mut session: Session, before: &Content, after: &Content) -> Session {
    let moved = before.written_in != after.written_in;
    let text = |kept: &mut Localized, was: &str, is: &str| {
        if moved || was != is {
            let mut next = std::mem::take(kept);
            if moved && next.get(before.written_in) == Some(was) {
                next = next.with(before.written_in, "");
            }
            *kept = next.with(after.written_in, is);
        }
    };
    text(&mut session.title, &before.title, &after.title);
    text(&mut session.abstract_text, &before.abstract_text, &after.abstract_text);
    text(&mut session.description, &before.description, &after.description);
    if before.format != after.format {
        session.format_id = after.format;
    }
    if before.forum != after.forum {
        session.forum_id = after.forum;
    }
    if before.spoken != after.spoken {
        session.language = after.spoken;
    }
    session
}

/// Lets speakers follow what changed about the people of a proposal; new people become speakers.
fn follow_people(
    db: &mut DbConnection,
    now: UtcTime,
    (event, actor): (EventId, Actor),
    before: &Content,
    after: &Content,
) -> Result<Vec<Person>, CallError> {
    let mut people = after.people.clone();
    for person in &mut people {
        let was = before.people.iter().find(|other| other.key == person.key && other.speaker.is_some());
        let present = match was.and_then(|was| was.speaker) {
            Some(speaker) if still_there(db, event, speaker)? => Some(speakers::find(db, event, speaker)?.0),
            _ => None,
        };
        person.speaker = Some(match (was, present) {
            (Some(was), Some(present)) => {
                let is_same = Person { speaker: None, ..was.clone() } == Person { speaker: None, ..person.clone() };
                if !is_same {
                    let key = (event, present.id, present.version);
                    speakers::update(db, now, actor, key, &followed(&present, was, person, after.written_in))?;
                }
                present.id
            }
            _ => speakers::create(db, now, actor, event, &speaker_facts(person, after.written_in))?,
        });
    }
    Ok(people)
}

/// A speaker with what changed between two versions of a proposal.
fn followed(present: &Speaker, was: &Person, is: &Person, lang: Lang) -> SpeakerFacts {
    let text = |kept: &Localized, was: &str, is: &str| {
        if was == is { kept.clone() } else { kept.clone().with(lang, is) }
    };
    let field = |kept: &Option<String>, was: &str, is: &str| if was == is { kept.clone() } else { some(is) };
    SpeakerFacts {
        name: if was.name == is.name { present.name.clone() } else { is.name.clone() },
        native_name: present.native_name.clone(),
        position: text(&present.position, &was.position, &is.position),
        organisation: text(&present.organisation, &was.organisation, &is.organisation),
        country: field(&present.country, &was.country, &is.country),
        biography: text(&present.biography, &was.biography, &is.biography),
        email: field(&present.email, &was.email, &is.email),
        language: present.language,
    }
}

/// Who takes part afterwards: whom the author took out is out, whom they added comes last, everybody else stays as
/// organizers have them.
fn parts_after(present: &[(SpeakerId, Role)], before: &[Person], after: &[Person]) -> Vec<(SpeakerId, Role)> {
    let ids = |people: &[Person]| people.iter().filter_map(|person| person.speaker).collect::<Vec<_>>();
    let (was, is) = (ids(before), ids(after));
    let stays = |speaker: &SpeakerId| is.contains(speaker) || !was.contains(speaker);
    let mut parts: Vec<(SpeakerId, Role)> = present.iter().filter(|(speaker, _)| stays(speaker)).copied().collect();
    for speaker in is {
        if !was.contains(&speaker) && !parts.iter().any(|(known, _)| *known == speaker) {
            parts.push((speaker, Role::Speaker));
        }
    }
    parts
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn people_whom_organizers_added_stay() {
        let [kept, gone, new, theirs] = [(); 4].map(|()| SpeakerId::new());
        let person = |speaker| Person { speaker: Some(speaker), ..Person::default() };
        let present = [(theirs, Role::Moderator), (kept, Role::Chair), (gone, Role::Speaker)];
        let parts = parts_after(&present, &[person(kept), person(gone)], &[person(kept), person(new)]);
        assert_eq!(parts, [(theirs, Role::Moderator), (kept, Role::Chair), (new, Role::Speaker)]);
    }
}
