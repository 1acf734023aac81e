//! Setting quotas up.

use crate::audit::{self, Actor, Entry};
use crate::db::{CategoryId, DbConnection, DbError, EventId, QuotaId, UtcTime};
use crate::db_failure;
use crate::events::operations::touch_public;
use crate::i18n::{Lang, free_code, slug};
use crate::registration::category::Category;
use crate::registration::quota::{Quota, QuotaFacts};
use crate::registration::store::{categories, quotas};
use diesel::QueryResult;
use std::collections::HashSet;

/// Why a quota was not made or changed.
#[derive(Debug, thiserror::Error)]
pub enum QuotaError {
    /// There is no such quota at this event.
    #[error("no such quota")]
    NotFound,
    /// Someone else changed it since the form was opened.
    #[error("someone else changed the quota in the meantime")]
    Stale,
    /// More places are taken than it would have.
    #[error("{0} places are taken already")]
    BelowTaken(i32),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(QuotaError);

/// The quotas of an event, its categories, and which count against which.
#[derive(Clone, Debug)]
pub struct QuotaPage {
    /// The quotas in their order.
    pub quotas: Vec<Quota>,
    /// The categories in theirs.
    pub categories: Vec<Category>,
    /// Which categories count against which quotas.
    pub links: Vec<(QuotaId, CategoryId)>,
}

/// The quotas of an event, its categories, and which count against which.
///
/// # Errors
/// When the database refuses.
pub fn quota_page(db: &mut DbConnection, event: EventId) -> QueryResult<QuotaPage> {
    let (quotas, links) = (quotas::all(db, event)?, quotas::links(db, event)?);
    Ok(QuotaPage { quotas, categories: categories::all(db, event)?, links })
}

/// Makes a quota, or changes one that is still as `version` had it. Everybody who holds a place in one of its categories
/// counts, whenever they registered, and so do places that invitation codes keep.
///
/// # Errors
/// When it is gone, someone else was faster, or more places are taken than it would have.
pub fn save_quota(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, known): (EventId, Option<(QuotaId, i32)>),
    facts: &QuotaFacts,
) -> Result<QuotaId, QuotaError> {
    let (id, version) = match known {
        Some((id, version)) => {
            let current = quotas::find(db, event, id)?.ok_or(QuotaError::NotFound)?;
            if current.version != version {
                return Err(QuotaError::Stale);
            }
            (id, version)
        }
        None => {
            let mut taken: HashSet<String> = quotas::all(db, event)?.into_iter().map(|quota| quota.code).collect();
            let code = free_code(&slug(facts.name.text(Lang::EN, &[])), &mut taken);
            let id = QuotaId::new();
            quotas::insert(db, now, (event, id, &code), facts)?;
            (id, 1)
        }
    };
    quotas::set_categories(db, id, &facts.categories)?;
    let taken = quotas::recount(db, id, &facts.categories)?;
    if taken > facts.capacity {
        return Err(QuotaError::BelowTaken(taken));
    }
    if !quotas::update(db, now, (id, version, taken), facts)? {
        return Err(QuotaError::Stale);
    }
    finish(db, now, actor, event, ("quota.set", id))?;
    Ok(id)
}

/// Deletes a quota; what was held of it is forgotten.
///
/// # Errors
/// When it is gone.
pub fn delete_quota(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, QuotaId),
) -> Result<(), QuotaError> {
    quotas::find(db, event, id)?.ok_or(QuotaError::NotFound)?;
    quotas::delete(db, id)?;
    finish(db, now, actor, event, ("quota.deleted", id))
}

fn finish(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (action, id): (&'static str, QuotaId),
) -> Result<(), QuotaError> {
    touch_public(db, event)?;
    audit::note(db, now, &Entry::new(Some(event), actor, action, "quota", id.as_str()))?;
    Ok(())
}
