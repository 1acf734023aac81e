//! Setting categories up.

use crate::audit::{self, Actor, Entry};
use crate::db::{CategoryId, DbConnection, DbError, EventId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_public;
use crate::i18n::{free_code, slug};
use crate::registration::category::{Category, CategoryFacts};
use crate::registration::store::categories as store;
use std::collections::HashSet;

/// Why a category was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum CategoryError {
    /// There is no such category at this event.
    #[error("no such category")]
    NotFound,
    /// Another category of the event has this code.
    #[error("there is a category with this code already")]
    CodeTaken,
    /// Someone else changed it since the form was opened.
    #[error("someone else changed the category in the meantime")]
    Stale,
    /// More places are taken than it would have.
    #[error("{0} places are taken already")]
    BelowTaken(i32),
    /// Someone has registered in it.
    #[error("someone has registered in this category")]
    InUse,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(CategoryError);

/// Makes a category, the last in its event's order. Without a code it gets one from its name.
///
/// # Errors
/// When the code is given away.
pub fn create_category(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    code: Option<&str>,
    facts: &CategoryFacts,
) -> Result<CategoryId, CategoryError> {
    let others = store::all(db, event)?;
    let mut taken: HashSet<String> = others.iter().map(|category| category.code.clone()).collect();
    let code = match code {
        Some(code) if taken.contains(code) => return Err(CategoryError::CodeTaken),
        Some(code) => code.to_owned(),
        None => free_code(&slug(facts.name.text(crate::i18n::Lang::EN, &[])), &mut taken),
    };
    let category = Category {
        id: CategoryId::new(),
        event_id: event,
        code,
        name: facts.name.clone(),
        description: facts.description.clone(),
        includes: facts.includes.clone(),
        capacity: facts.capacity,
        taken: 0,
        opens_at: facts.opens_at,
        closes_at: facts.closes_at,
        access_code: facts.access_code.clone(),
        badge_color: facts.badge_color.clone(),
        needs_approval: facts.admission.needs_approval,
        officers_needed: facts.admission.officers_needed,
        has_waiting_list: facts.admission.has_waiting_list,
        shows_rank: facts.admission.shows_rank,
        offer_hours: facts.admission.offer_hours,
        offers_until: facts.admission.offers_until,
        address_rules: facts.admission.address_rules.clone(),
        needs_code: facts.admission.needs_code,
        zones: facts.inclusion.zones.clone(),
        days: facts.inclusion.days.clone(),
        may_transfer: facts.inclusion.may_transfer,
        may_book: facts.inclusion.may_book,
        position: others.iter().map(|category| category.position).max().unwrap_or(0) + 1,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    store::insert(db, &category)?;
    finish(db, now, actor, event, "category.created", category.id)?;
    Ok(category.id)
}

/// Changes a category if it is still as `version` had it.
///
/// # Errors
/// When it is gone, someone else was faster, or more places are taken than it would have.
pub fn update_category(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (id, version): (CategoryId, i32),
    facts: &CategoryFacts,
) -> Result<(), CategoryError> {
    let current = store::find(db, event, id)?.ok_or(CategoryError::NotFound)?;
    if current.version != version {
        return Err(CategoryError::Stale);
    }
    // The update asks again: a place may be taken between the two statements.
    if !store::update(db, now, (id, version), facts)? {
        let taken = store::find(db, event, id)?.map_or(0, |category| category.taken);
        return Err(if facts.capacity.is_some_and(|capacity| capacity < taken) {
            CategoryError::BelowTaken(taken)
        } else {
            CategoryError::Stale
        });
    }
    finish(db, now, actor, event, "category.changed", id)
}

/// Which way a category moves in the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Move {
    /// Towards the first.
    Up,
    /// Towards the last.
    Down,
}

/// Moves a category by one place; at the end of the list it stays.
///
/// # Errors
/// When it is gone.
pub fn move_category(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (id, way): (CategoryId, Move),
) -> Result<(), CategoryError> {
    let mut order: Vec<CategoryId> = store::all(db, event)?.iter().map(|category| category.id).collect();
    let at = order.iter().position(|other| *other == id).ok_or(CategoryError::NotFound)?;
    let to = match way {
        Move::Up => at.saturating_sub(1),
        Move::Down => (at + 1).min(order.len() - 1),
    };
    order.swap(at, to);
    for (position, category) in (1..).zip(order) {
        store::set_position(db, category, position)?;
    }
    finish(db, now, actor, event, "category.moved", id)
}

/// Deletes a category that nobody has ever registered in.
///
/// # Errors
/// When it is gone or used.
pub fn delete_category(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    id: CategoryId,
) -> Result<(), CategoryError> {
    store::find(db, event, id)?.ok_or(CategoryError::NotFound)?;
    if store::is_used(db, id)? {
        return Err(CategoryError::InUse);
    }
    store::delete(db, id)?;
    finish(db, now, actor, event, "category.deleted", id)
}

fn finish(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    action: &'static str,
    id: CategoryId,
) -> Result<(), CategoryError> {
    touch_public(db, event)?;
    audit::note(db, now, &Entry::new(Some(event), actor, action, "category", id.as_str()))?;
    Ok(())
}
