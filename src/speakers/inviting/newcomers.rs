//! Somebody new, as the invitation makes them.

use super::operations::Newcomer;
use crate::db::{AssistantId, EventId, SpeakerId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::mail::address::EmailAddress;
use crate::speakers::model::{Speaker, SpeakerFacts};
use crate::speakers::own::model::Assistant;

/// Somebody who helps whoever is invited.
pub(super) fn assistant(
    now: UtcTime,
    speaker: SpeakerId,
    (name, may_travel): (String, bool),
    email: &EmailAddress,
) -> Assistant {
    Assistant {
        id: AssistantId::new(),
        speaker_id: speaker,
        name,
        email: email.as_str().to_owned(),
        language: None,
        created_at: now,
        may_travel,
    }
}

/// What is known of somebody who is invited.
pub(super) fn facts(
    name: String,
    native_name: Option<String>,
    (email, language): (Option<EmailAddress>, Option<Lang>),
) -> SpeakerFacts {
    SpeakerFacts {
        name,
        native_name,
        position: Localized::new(),
        organisation: Localized::new(),
        country: None,
        biography: Localized::new(),
        email: email.map(|email| email.as_str().to_owned()),
        language,
    }
}

/// A speaker who has no row yet, for the mail that is written before there is one.
pub(super) fn not_yet((event, now): (EventId, UtcTime), newcomer: &Newcomer) -> Speaker {
    let facts = newcomer.facts.clone();
    Speaker {
        id: newcomer.speaker,
        event_id: event,
        code: String::new(),
        guid: String::new(),
        search_key: facts.search_key(),
        name: facts.name,
        native_name: facts.native_name,
        position: facts.position,
        organisation: facts.organisation,
        country: facts.country,
        biography: facts.biography,
        photo_id: None,
        email: facts.email,
        language: facts.language,
        source_key: None,
        version: 1,
        created_at: now,
        updated_at: now,
    }
}
