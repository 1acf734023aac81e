//! Answering a slot of the newest release.

use super::model::{Answer, AnswerKind, AnsweredBy};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, EventId, SessionId, SpeakerId, UtcTime};
use crate::events::operations::touch_draft;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::programme::model::SessionState;
use crate::schedule::model::{Programme, ProgrammeSession, ProgrammeSlot};
use crate::web::{Checker, FieldErrors, FormData, Message};
use diesel::QueryResult;
use serde_json::json;
use std::collections::HashMap;

/// The answers at an event, by speaker and slot.
pub type Answers = HashMap<(SpeakerId, String), Answer>;

/// Every answer at an event. One that [`Answer::is_earlier_than`] the slot's `SEQUENCE` was given to
/// an earlier time.
///
/// # Errors
/// When the database refuses.
pub fn answers(db: &mut DbConnection, event: EventId) -> QueryResult<Answers> {
    let all = store::answers(db, event)?;
    Ok(all.into_iter().map(|answer| ((answer.speaker_id, answer.slot_guid.clone()), answer)).collect())
}

/// A slot of a release with what an answer to it needs to know.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AskedSlot {
    /// The event.
    pub event: EventId,
    /// Who is asked.
    pub speaker: SpeakerId,
    /// The session.
    pub session: SessionId,
    /// The slot's guid.
    pub guid: String,
    /// Its `SEQUENCE` in this release.
    pub sequence: i32,
    /// Every slot of the session with its `SEQUENCE`: a session is confirmed when all are accepted.
    pub slots: Vec<(String, i32)>,
}

impl AskedSlot {
    /// The slot of this guid, if the speaker takes part in its session and the session takes place.
    #[must_use]
    pub fn find(programme: &Programme, speaker: SpeakerId, guid: &str) -> Option<Self> {
        let (session, slot) = find_slot(programme, speaker, guid)?;
        (session.state != SessionState::Cancelled).then(|| Self {
            event: programme.event.id,
            speaker,
            session: session.id,
            guid: slot.guid.clone(),
            sequence: slot.sequence,
            slots: session.slots.iter().map(|slot| (slot.guid.clone(), slot.sequence)).collect(),
        })
    }
}

/// The slot of this guid in a session that the speaker takes part in.
#[must_use]
pub fn find_slot<'a>(
    programme: &'a Programme,
    speaker: SpeakerId,
    guid: &str,
) -> Option<(&'a ProgrammeSession, &'a ProgrammeSlot)> {
    programme
        .sessions
        .iter()
        .filter(|session| session.people.iter().any(|part| part.speaker == speaker))
        .find_map(|session| session.slots.iter().find(|slot| slot.guid == guid).map(|slot| (session, slot)))
}

/// An answer about to be kept.
#[derive(Clone, Debug)]
pub struct NewAnswer {
    /// To which slot.
    pub to: AskedSlot,
    /// The `SEQUENCE` that was seen when it was given: that of the page, or of a calendar's reply.
    pub sequence: i32,
    /// What is said.
    pub kind: AnswerKind,
    /// Why; may be empty.
    pub reason: String,
    /// Who says it.
    pub by: AnsweredBy,
    /// The mail that tells the organizers of a withdrawal.
    pub message: Option<NewMessage>,
}

/// Longest reason that is kept.
const REASON_LENGTH: usize = 2_000;

/// The reason in a form as it will be kept; `is_needed` where an empty one is none.
///
/// # Errors
/// When it is too long, or missing.
pub fn reason(form: &FormData, is_needed: bool) -> Result<String, FieldErrors> {
    let mut checker = Checker::new(form);
    let reason = checker.block("reason");
    if reason.is_empty() && is_needed {
        checker.wrong("reason", Message::new("error-required"));
    }
    if reason.chars().count() > REASON_LENGTH {
        checker.wrong("reason", Message::new("error-too-long").with("max", REASON_LENGTH));
    }
    checker.finish(reason)
}

/// What became of an answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It is kept.
    Kept,
    /// It is kept, and with it everybody has accepted: the session is confirmed.
    Confirmed,
    /// A later time was answered already; nothing was changed.
    Outdated,
}

/// Keeps an answer in place of an earlier one, and confirms an accepted session as soon as everybody
/// who takes part has accepted each of its slots. A withdrawal changes nothing in the programme:
/// what becomes of the session is for the organizers to say.
///
/// # Errors
/// When the database refuses.
pub fn answer(db: &mut DbConnection, now: UtcTime, actor: Actor, new: &NewAnswer) -> QueryResult<Outcome> {
    let to = &new.to;
    // First of all, so that the last two who accept wait for each other and one of them confirms.
    touch_draft(db, to.event)?;
    let before = store::answers_to(db, to.session)?;
    let is_outdated = |answer: &&Answer| {
        answer.speaker_id == to.speaker && answer.slot_guid == to.guid && answer.sequence > new.sequence
    };
    if before.iter().any(|answer| is_outdated(&answer)) {
        return Ok(Outcome::Outdated);
    }
    let answer = Answer {
        speaker_id: to.speaker,
        slot_guid: to.guid.clone(),
        event_id: to.event,
        session_id: to.session,
        answer: new.kind,
        reason: new.reason.clone(),
        sequence: new.sequence,
        answered_by: new.by,
        answered_at: now,
    };
    store::keep_answer(db, &answer)?;
    if let Some(message) = &new.message {
        mail::operations::queue(db, now, message)?;
    }
    let entry = Entry::new(Some(to.event), actor, "slot.answered", "speaker", to.speaker.as_str());
    let detail = json!({ "session": to.session, "answer": new.kind, "sequence": new.sequence, "by": new.by });
    audit::note(db, now, &entry.with(detail))?;
    if new.kind == AnswerKind::Accepted && confirms(db, to)? && store::confirm_session(db, now, to.session)? {
        let entry = Entry::new(Some(to.event), Actor::System, "session.confirmed", "session", to.session.as_str());
        audit::note(db, now, &entry.with(json!({ "because": "everybody accepted" })))?;
        return Ok(Outcome::Confirmed);
    }
    Ok(Outcome::Kept)
}

/// Whether everybody who takes part in the session has accepted each of its slots as it is.
fn confirms(db: &mut DbConnection, to: &AskedSlot) -> QueryResult<bool> {
    let (people, answers) = (store::people_of(db, to.session)?, store::answers_to(db, to.session)?);
    let has_accepted = |speaker: &SpeakerId, (guid, sequence): &(String, i32)| {
        answers.iter().any(|answer| {
            answer.speaker_id == *speaker
                && answer.slot_guid == *guid
                && answer.answer == AnswerKind::Accepted
                && !answer.is_earlier_than(*sequence)
        })
    };
    let all = people.iter().all(|speaker| to.slots.iter().all(|slot| has_accepted(speaker, slot)));
    Ok(all && !people.is_empty() && !to.slots.is_empty())
}

/// The answers that ask something of the organizers: requests for another time and withdrawals to
/// slots of this release as they are, by people who still take part in a session that takes place.
///
/// # Errors
/// When the database refuses.
pub fn requests(db: &mut DbConnection, event: EventId, released: &Programme) -> QueryResult<Vec<Answer>> {
    let mut open: Vec<Answer> =
        store::answers(db, event)?.into_iter().filter(|answer| answer.answer != AnswerKind::Accepted).collect();
    if open.is_empty() {
        return Ok(open);
    }
    let standing = store::standing_parts(db, event)?;
    open.retain(|answer| {
        standing.contains(&(answer.speaker_id, answer.session_id))
            && find_slot(released, answer.speaker_id, &answer.slot_guid)
                .is_some_and(|(_, slot)| !answer.is_earlier_than(slot.sequence))
    });
    Ok(open)
}
