//! Adding somebody without the public form: at the desk, by a focal point, from a list, as a speaker.

use super::places;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, DelegationId, RegistrationId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_public;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::model::{PrivateLink, Registration, RegistrationState, Source};
use crate::registration::store::registrations::Origin;
use crate::registration::store::{links, registrations, waiting};
use serde_json::json;

/// Somebody to be added, with link and mail made ready before the transaction.
#[derive(Clone, Debug)]
pub struct Enrolment {
    /// The registration in the state in which it begins: unverified, applied, waiting or confirmed.
    pub registration: Registration,
    /// How it came to be.
    pub source: Source,
    /// The delegation and the rank in it; takes one of the places that it may send.
    pub delegation: Option<(DelegationId, i32)>,
    /// The speaker who it is.
    pub speaker: Option<SpeakerId>,
    /// Answers to the questions of the form, in JSON.
    pub answers: String,
    /// Their private link.
    pub link: Option<PrivateLink>,
    /// What they are told; nothing where nobody is told.
    pub message: Option<NewMessage>,
    /// Whether they pass those who wait. Places themselves are never exceeded.
    pub passes_line: bool,
}

impl Enrolment {
    /// Somebody of whom nothing more is known, and who is told nothing.
    #[must_use]
    pub fn new(registration: Registration, source: Source) -> Self {
        Self {
            registration,
            source,
            delegation: None,
            speaker: None,
            answers: "{}".to_owned(),
            link: None,
            message: None,
            passes_line: true,
        }
    }
}

/// Why nobody was added.
#[derive(Debug, thiserror::Error)]
pub enum EnrolError {
    /// The address has a registration already.
    #[error("the address is registered already")]
    Known(RegistrationId),
    /// Category, quota or delegation has no place left, or others wait for it.
    #[error("no place is left")]
    Full,
    /// The code made for it is given away; make another.
    #[error("the registration's code is given away")]
    CodeTaken,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(EnrolError);

/// Adds somebody: takes every place that the state holds, keeps the link, and queues the mail.
/// After a refusal nothing is kept, and the same transaction may go on with the next person.
///
/// # Errors
/// When the address is registered already or no place is left.
pub fn enrol(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    enrolment: &Enrolment,
) -> Result<RegistrationId, EnrolError> {
    let registration = &enrolment.registration;
    if !insert(db, enrolment)? {
        let known = registrations::active(db, registration.event_id, &registration.email_key)?;
        return Err(known.map_or(EnrolError::CodeTaken, |known| EnrolError::Known(known.id)));
    }
    let Some(is_last) = take_places(db, enrolment)? else {
        registrations::delete(db, registration.id)?;
        return Err(EnrolError::Full);
    };
    if registration.state == RegistrationState::Waitlisted {
        waiting::begin(db, now, registration.id)?;
    }
    if let Some(link) = &enrolment.link {
        links::insert(db, link)?;
    }
    if let Some(message) = &enrolment.message {
        mail::operations::queue(db, now, message)?;
    }
    let id = registration.id;
    let entry = Entry::new(Some(registration.event_id), actor, "registration.made", "registration", id.as_str());
    audit::note(db, now, &entry.with(json!({ "source": enrolment.source.as_str() })))?;
    if is_last {
        touch_public(db, registration.event_id)?;
    }
    Ok(id)
}

/// Takes what the state holds; nothing when there is none left, otherwise whether it was the last.
fn take_places(db: &mut DbConnection, enrolment: &Enrolment) -> Result<Option<bool>, EnrolError> {
    let registration = &enrolment.registration;
    if !registration.state.holds_place() {
        return Ok(Some(false));
    }
    if !enrolment.passes_line && waiting::count(db, registration.category_id)? > 0 {
        return Ok(None);
    }
    let of = (registration.event_id, registration.category_id);
    let quotas = places::quotas_of(db, of, |_| Ok(enrolment.answers.clone()))?;
    let delegation = enrolment.delegation.map(|(delegation, _)| delegation);
    let taken = places::take_with(db, delegation, registration.category_id, &quotas)?;
    if taken.is_some() {
        places::hold(db, registration.id, &quotas)?;
    }
    Ok(taken)
}

fn insert(db: &mut DbConnection, enrolment: &Enrolment) -> Result<bool, EnrolError> {
    let origin = Origin {
        source: enrolment.source,
        delegation: enrolment.delegation,
        speaker: enrolment.speaker,
        answers: &enrolment.answers,
    };
    Ok(registrations::insert_from(db, &enrolment.registration, &origin)?)
}
