//! Offering a place, taking the offer back, and taking the place over.

use super::model::{Barrier, Standing, Transfer, TransferOutcome, barrier};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, RegistrationId, UtcTime};
use crate::db_failure;
use crate::events;
use crate::events::model::Event;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::category::Category;
use crate::registration::forms::attaching::{Attached, attach};
use crate::registration::forms::model::{Form, Stage};
use crate::registration::forms::operations as forms;
use crate::registration::model::{PrivateLink, Registration, RegistrationState};
use crate::registration::operations::{
    self as registration, EnrolError, Enrolment, StandingError, StateChange, enrol, transition,
};
use crate::registration::quota::ChoicePlaces;
use crate::web::TokenHash;
use diesel::QueryResult;

/// Why a place did not change hands.
#[derive(Debug, thiserror::Error)]
pub enum TransferError {
    /// It can't be passed on.
    #[error("the place can't be passed on: {0}")]
    Barred(Barrier),
    /// It is offered to somebody already.
    #[error("the place is offered already")]
    Open,
    /// The offer was taken up, taken back, declined, or ran out.
    #[error("the offer has ended")]
    Ended,
    /// The other person has a registration already.
    #[error("the address is registered already")]
    Known,
    /// A choice in the other person's answers has no place left.
    #[error("no place is left")]
    Full,
    /// A file was sent with another form in the meantime.
    #[error("a file does not wait any more")]
    FileGone,
    /// The code made for the new registration is given away; make another.
    #[error("the registration's code is given away")]
    CodeTaken,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(TransferError);

impl From<StandingError> for TransferError {
    fn from(error: StandingError) -> Self {
        match error {
            StandingError::Db(error) => Self::Db(error),
            StandingError::Full => Self::Full,
            _ => Self::Ended,
        }
    }
}

impl From<EnrolError> for TransferError {
    fn from(error: EnrolError) -> Self {
        match error {
            EnrolError::Known(_) => Self::Known,
            EnrolError::Full => Self::Full,
            EnrolError::CodeTaken => Self::CodeTaken,
            EnrolError::Db(error) => Self::Db(error),
        }
    }
}

/// How a registration stands towards being passed on.
#[derive(Clone, Debug)]
pub struct Passing {
    /// What speaks against it.
    pub barrier: Option<Barrier>,
    /// The newest offer, open or not.
    pub newest: Option<Transfer>,
}

/// How a registration stands towards being passed on.
///
/// # Errors
/// When the database refuses.
pub fn passing(
    db: &mut DbConnection,
    now: UtcTime,
    (event, category, own): (&Event, &Category, &Registration),
) -> QueryResult<Passing> {
    let (standing, offers) = (store::standing(db, own.id)?, store::count(db, own.id)?);
    Ok(Passing { barrier: barrier(now, (event, category, own), &standing, offers), newest: store::newest(db, own.id)? })
}

/// Every offer of a place, the newest first. Whom it was made to is known only while it is open.
///
/// # Errors
/// When the database refuses.
pub fn offers_of(db: &mut DbConnection, registration: RegistrationId) -> QueryResult<Vec<Transfer>> {
    store::all(db, registration)
}

/// An offer about to be made, with its mails.
#[derive(Clone, Debug)]
pub struct Offer {
    /// The offer.
    pub transfer: Transfer,
    /// The mail with the link, to the other person.
    pub invitation: NewMessage,
    /// The mail to whoever offers.
    pub note: NewMessage,
}

/// Offers a place to another person.
///
/// # Errors
/// When it can't be passed on or is offered already.
pub fn offer(
    db: &mut DbConnection,
    now: UtcTime,
    (event, category): (&Event, &Category),
    offer: &Offer,
) -> Result<(), TransferError> {
    let Offer { transfer, invitation, note } = offer;
    let id = transfer.registration_id;
    store::lock(db, id)?;
    let own = registration::find(db, event.id, id)?.ok_or(TransferError::Ended)?;
    let passing = passing(db, now, (event, category, &own))?;
    if let Some(barrier) = passing.barrier {
        return Err(TransferError::Barred(barrier));
    }
    match passing.newest {
        Some(newest) if newest.is_open(now) => return Err(TransferError::Open),
        Some(newest) if newest.ended_at.is_none() => {
            store::end(db, now, newest.id, TransferOutcome::RanOut)?;
        }
        _ => {}
    }
    store::insert(db, transfer)?;
    mail::operations::queue(db, now, invitation)?;
    mail::operations::queue(db, now, note)?;
    note_of(db, now, Actor::Attendee(id), (&own, "registration.transfer-offered"))?;
    Ok(())
}

fn note_of(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (own, action): (&Registration, &'static str),
) -> QueryResult<()> {
    audit::note(db, now, &Entry::new(Some(own.event_id), actor, action, "registration", own.id.as_str()))
}

/// Takes an open offer back, unless it was taken up already.
///
/// # Errors
/// When it has ended.
pub fn take_back(
    db: &mut DbConnection,
    now: UtcTime,
    (own, transfer): (&Registration, &Transfer),
    message: &NewMessage,
) -> Result<(), TransferError> {
    store::lock(db, own.id)?;
    if !store::end(db, now, transfer.id, TransferOutcome::TakenBack)? {
        return Err(TransferError::Ended);
    }
    mail::operations::queue(db, now, message)?;
    note_of(db, now, Actor::Attendee(own.id), (own, "registration.transfer-taken-back"))?;
    Ok(())
}

/// Ends an open offer because the other person does not want the place, or did not answer in time.
///
/// # Errors
/// When it has ended.
pub fn end_unwanted(
    db: &mut DbConnection,
    now: UtcTime,
    (own, transfer, outcome): (&Registration, &Transfer, TransferOutcome),
    message: &NewMessage,
) -> Result<(), TransferError> {
    store::lock(db, own.id)?;
    if !store::end(db, now, transfer.id, outcome)? {
        return Err(TransferError::Ended);
    }
    mail::operations::queue(db, now, message)?;
    let (actor, action) = match outcome {
        TransferOutcome::RanOut => (Actor::System, "registration.transfer-ran-out"),
        _ => (Actor::Visitor, "registration.transfer-declined"),
    };
    note_of(db, now, actor, (own, action))?;
    Ok(())
}

/// What the link of an offer opens.
#[derive(Clone, Debug)]
pub struct Offered {
    /// The event.
    pub event: Event,
    /// The offer.
    pub transfer: Transfer,
    /// Whose place it is.
    pub sender: Registration,
    /// The category of the place.
    pub category: Category,
    /// What speaks against passing it on by now.
    pub barrier: Option<Barrier>,
    /// What the other person is asked.
    pub asked: Form,
    /// Choices with places that whoever offers does not hold: what they hold becomes free.
    pub places: Vec<ChoicePlaces>,
}

/// What the link of this secret opens at the event of this slug.
///
/// # Errors
/// When the database refuses.
pub fn offered(db: &mut DbConnection, now: UtcTime, slug: &str, token: &TokenHash) -> QueryResult<Option<Offered>> {
    let Some(event) = events::operations::by_slug(db, slug)? else { return Ok(None) };
    let Some(transfer) = store::by_token(db, event.id, token)? else { return Ok(None) };
    let Some((sender, category)) = registration::of_event(db, event.id, transfer.registration_id)? else {
        return Ok(None);
    };
    let standing = store::standing(db, sender.id)?;
    let barrier = barrier(now, (&event, &category, &sender), &standing, 0);
    let asked = forms::form_of(db, event.id, category.id, Stage::Apply)?;
    let (mut places, held) = (registration::choice_places(db, event.id)?, forms::answers(db, sender.id)?);
    places.retain(|place| !place.is_made(&held));
    Ok(Some(Offered { event, transfer, sender, category, barrier, asked, places }))
}

/// A place about to change hands, with everything made ready.
#[derive(Clone, Debug)]
pub struct Handover {
    /// The offer.
    pub transfer: Transfer,
    /// Whose place it is.
    pub sender: Registration,
    /// Whose place it will be.
    pub successor: Registration,
    /// The answers of whoever takes the place, in JSON.
    pub answers: String,
    /// What the answers bring with them.
    pub attached: Attached,
    /// Their private link.
    pub link: PrivateLink,
    /// What they are told.
    pub welcome: NewMessage,
    /// What whoever had the place is told.
    pub farewell: NewMessage,
}

/// Gives the place to the other person. In one transaction: what is given back is taken again before anybody
/// can see it. Taking back and taking over at once wait for the registration's row, and one of them comes late.
///
/// # Errors
/// When the offer has ended, the place can't be passed on any more, or the other person is registered already;
/// then the transaction is to be undone.
pub fn take_over(db: &mut DbConnection, now: UtcTime, handover: &Handover) -> Result<RegistrationId, TransferError> {
    let Handover { transfer, sender, successor, .. } = handover;
    store::lock(db, sender.id)?;
    if now > transfer.until || !store::end(db, now, transfer.id, TransferOutcome::Accepted)? {
        return Err(TransferError::Ended);
    }
    let Standing { came_at, delegation, rank, source, .. } = store::standing(db, sender.id)?;
    if came_at.is_some() {
        return Err(TransferError::Barred(Barrier::CameIn));
    }
    let sender = registration::find(db, sender.event_id, sender.id)?.ok_or(TransferError::Ended)?;
    let change = StateChange {
        reason: "transferred".to_owned(),
        message: Some(handover.farewell.clone()),
        ..StateChange::default()
    };
    let actor = Actor::Attendee(successor.id);
    transition(db, now, actor, &sender, RegistrationState::Cancelled, &change)?;
    let enrolment = Enrolment {
        delegation: delegation.map(|delegation| (delegation, rank)),
        answers: handover.answers.clone(),
        link: Some(handover.link.clone()),
        message: Some(handover.welcome.clone()),
        ..Enrolment::new(successor.clone(), source)
    };
    let id = enrol(db, now, actor, &enrolment)?;
    if !attach(db, id, &handover.attached)? {
        return Err(TransferError::FileGone);
    }
    store::set_successor(db, (transfer.id, sender.id), id)?;
    note_of(db, now, actor, (&sender, "registration.transferred"))?;
    note_of(db, now, actor, (successor, "registration.taken-over"))?;
    Ok(id)
}

/// Some open offers whose time is over, each with its registration.
///
/// # Errors
/// When the database refuses.
pub fn overdue(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<Offered>> {
    let mut found = Vec::new();
    for transfer in store::overdue(db, now, limit)? {
        let of = registration::of_event(db, transfer.event_id, transfer.registration_id)?;
        let event = events::operations::by_id(db, transfer.event_id)?;
        if let (Some((sender, category)), Some(event)) = (of, event) {
            let (asked, places) = (Form::default(), Vec::new());
            found.push(Offered { event, transfer, sender, category, barrier: None, asked, places });
        }
    }
    Ok(found)
}
