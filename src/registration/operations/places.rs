//! Places: taken together or not at all, and given back exactly as they were taken.
//!
//! A person counts against their category and every quota of it, and a member of a delegation against
//! what it may send. All are taken in one order, the delegation's first, then the category and then quotas
//! by id, so that two transactions never wait for each other in a circle.

use super::standing::StandingError;
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, QuotaId, RegistrationId};
use crate::registration::forms::model::Answers;
use crate::registration::model::Registration;
use crate::registration::store::{categories, delegation_places, quotas};
use diesel::QueryResult;

/// Takes a place of the category and of each quota; nothing when one has none left, and then none is
/// taken. Otherwise whether one of them was the last.
pub(super) fn take(db: &mut DbConnection, category: CategoryId, of: &[QuotaId]) -> QueryResult<Option<bool>> {
    let Some(is_last) = categories::take_place(db, category)? else { return Ok(None) };
    match take_quotas(db, of)? {
        Some(last) => Ok(Some(is_last | last)),
        None => {
            categories::free_places(db, category, 1)?;
            Ok(None)
        }
    }
}

/// Takes a place of each of these quotas; nothing when one has none left, and then none is taken.
pub(super) fn take_quotas(db: &mut DbConnection, of: &[QuotaId]) -> QueryResult<Option<bool>> {
    let mut is_last = false;
    for (index, quota) in of.iter().enumerate() {
        match quotas::take(db, *quota)? {
            Some(last) => is_last |= last,
            None => {
                for taken in &of[..index] {
                    quotas::free(db, *taken, 1)?;
                }
                return Ok(None);
            }
        }
    }
    Ok(Some(is_last))
}

/// Takes so many places of a category and its quotas for people who will come by a code; whether there
/// were so many. If not, none is taken.
///
/// # Errors
/// When the database refuses.
pub fn reserve_places(db: &mut DbConnection, category: CategoryId, count: i32) -> QueryResult<bool> {
    if !categories::take_places(db, category, count)? {
        return Ok(false);
    }
    let of = quotas::of_category(db, category)?;
    for (index, quota) in of.iter().enumerate() {
        if !quotas::take_many(db, *quota, count)? {
            for taken in &of[..index] {
                quotas::free(db, *taken, count)?;
            }
            categories::free_places(db, category, count)?;
            return Ok(false);
        }
    }
    Ok(true)
}

/// Gives places back that were reserved and that nobody has used.
///
/// # Errors
/// When the database refuses.
pub fn release_places(db: &mut DbConnection, category: CategoryId, count: i32) -> QueryResult<()> {
    categories::free_places(db, category, count)?;
    for quota in quotas::of_category(db, category)? {
        quotas::free(db, quota, count)?;
    }
    Ok(())
}

/// Takes a place as [`take`] does, and one of those that the delegation may send where there is one.
pub(super) fn take_with(
    db: &mut DbConnection,
    delegation: Option<DelegationId>,
    category: CategoryId,
    of: &[QuotaId],
) -> QueryResult<Option<bool>> {
    let Some(delegation) = delegation else { return take(db, category, of) };
    if !delegation_places::take(db, delegation, category)? {
        return Ok(None);
    }
    let taken = take(db, category, of)?;
    if taken.is_none() {
        delegation_places::free(db, delegation, category)?;
    }
    Ok(taken)
}

/// Gives back what [`take_with`] has just taken and nobody holds.
pub(super) fn put_back(
    db: &mut DbConnection,
    delegation: Option<DelegationId>,
    category: CategoryId,
    of: &[QuotaId],
) -> QueryResult<()> {
    if let Some(delegation) = delegation {
        delegation_places::free(db, delegation, category)?;
    }
    categories::free_places(db, category, 1)?;
    for quota in of {
        quotas::free(db, *quota, 1)?;
    }
    Ok(())
}

/// The delegation in which somebody is registered.
pub(super) fn delegation_of(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Option<DelegationId>> {
    delegation_places::of(db, id)
}

/// Moves a registration into another delegation, or out of any, with its rank in it and whether it leads it: what it
/// holds of the one is given back, and a place of the other taken.
///
/// # Errors
/// When the delegation has no place left; then the transaction is to be undone.
pub fn change_delegation(
    db: &mut DbConnection,
    registration: &Registration,
    (to, rank, is_head): (Option<DelegationId>, i32, bool),
) -> Result<(), StandingError> {
    let from = delegation_of(db, registration.id)?;
    if registration.state.holds_place() && from != to {
        if let Some(from) = from {
            delegation_places::free(db, from, registration.category_id)?;
        }
        if let Some(to) = to
            && !delegation_places::take(db, to, registration.category_id)?
        {
            return Err(StandingError::Full);
        }
    }
    Ok(delegation_places::set(db, registration.id, (to, rank, is_head))?)
}

/// Notes of which quotas a registration holds places.
pub(super) fn hold(db: &mut DbConnection, registration: RegistrationId, of: &[QuotaId]) -> QueryResult<()> {
    quotas::hold(db, registration, of)
}

/// What a move into another category takes and gives back beyond the category's own place.
pub(super) struct Moving {
    delegation: Option<DelegationId>,
    gained: Vec<QuotaId>,
    lost: Vec<QuotaId>,
    /// Whether the last place of something was taken.
    pub(super) is_last: bool,
}

/// Takes the place that a registration needs in the category `to`, and those of quotas that it does not hold
/// yet; nothing when one has none left, and then none is taken.
pub(super) fn take_for_move(
    db: &mut DbConnection,
    registration: &Registration,
    to: CategoryId,
) -> QueryResult<Option<Moving>> {
    let held = quotas::held(db, registration.id)?;
    let needed = quotas_of(db, (registration.event_id, to), |db| quotas::answers_of(db, registration.id))?;
    let gained: Vec<QuotaId> = needed.iter().copied().filter(|quota| !held.contains(quota)).collect();
    let lost = held.into_iter().filter(|quota| !needed.contains(quota)).collect();
    let delegation = delegation_of(db, registration.id)?;
    let taken = take_with(db, delegation, to, &gained)?;
    Ok(taken.map(|is_last| Moving { delegation, gained, lost, is_last }))
}

/// Gives back what [`take_for_move`] has just taken, since the registration did not move.
pub(super) fn stay(db: &mut DbConnection, moving: &Moving, to: CategoryId) -> QueryResult<()> {
    put_back(db, moving.delegation, to, &moving.gained)
}

/// Notes what a registration that has moved holds, and gives back what it held in the category `from`; whether
/// something was full before.
pub(super) fn settle_move(
    db: &mut DbConnection,
    registration: RegistrationId,
    (moving, from): (&Moving, CategoryId),
) -> QueryResult<bool> {
    hold(db, registration, &moving.gained)?;
    if let Some(delegation) = moving.delegation {
        delegation_places::free(db, delegation, from)?;
    }
    let mut was_full = categories::free_places(db, from, 1)?;
    for quota in &moving.lost {
        if quotas::let_go_of(db, registration, *quota)? {
            was_full |= quotas::free(db, *quota, 1)?;
        }
    }
    Ok(was_full)
}

/// Gives back what a registration holds; whether something was full before.
pub(super) fn give_back(db: &mut DbConnection, registration: &Registration) -> QueryResult<bool> {
    let mut was_full = categories::free_places(db, registration.category_id, 1)?;
    was_full |= give_back_shared(db, registration.category_id, registration.id)?;
    Ok(was_full)
}

/// Gives back the places of quotas and of the delegation only; whether a quota was full before.
pub(super) fn give_back_shared(
    db: &mut DbConnection,
    category: CategoryId,
    registration: RegistrationId,
) -> QueryResult<bool> {
    let mut was_full = false;
    if let Some(delegation) = delegation_of(db, registration)? {
        delegation_places::free(db, delegation, category)?;
    }
    for quota in quotas::let_go(db, registration)? {
        was_full |= quotas::free(db, quota, 1)?;
    }
    Ok(was_full)
}

/// The quotas against which a registration counts: those of its category and of the choices in its
/// answers, in the one order in which they are taken.
pub(super) fn quotas_of(
    db: &mut DbConnection,
    (event, category): (EventId, CategoryId),
    answers: impl FnOnce(&mut DbConnection) -> QueryResult<String>,
) -> QueryResult<Vec<QuotaId>> {
    let mut all = quotas::of_category(db, category)?;
    let choices = quotas::of_choices(db, event)?;
    if !choices.is_empty() {
        let answers = Answers::parse(&answers(db)?);
        all.extend(choices.iter().filter(|choice| choice.is_made(&answers)).map(|choice| choice.id));
        all.sort_unstable();
    }
    Ok(all)
}

/// Follows a change of answers with the places of choices: takes those of choices newly made, gives back
/// the others. A registration that holds no place holds none of these either.
///
/// # Errors
/// When a choice newly made has no place left; then some are taken, and the transaction is to be undone.
pub fn follow_choices(
    db: &mut DbConnection,
    registration: &Registration,
    (before, after): (&Answers, &Answers),
) -> Result<(), StandingError> {
    if !registration.state.holds_place() {
        return Ok(());
    }
    for choice in quotas::of_choices(db, registration.event_id)? {
        match (choice.is_made(before), choice.is_made(after)) {
            (false, true) => {
                quotas::take(db, choice.id)?.ok_or(StandingError::Full)?;
                quotas::hold(db, registration.id, &[choice.id])?;
            }
            (true, false) if quotas::let_go_of(db, registration.id, choice.id)? => {
                quotas::free(db, choice.id, 1)?;
            }
            _ => {}
        }
    }
    Ok(())
}
