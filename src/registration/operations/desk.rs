//! Looking registrations up.

use crate::db::{DbConnection, EventId, RegistrationId};
use crate::registration::category::Category;
use crate::registration::desk::DeskFilter;
use crate::registration::model::{Counts, Registration};
use crate::registration::store;
use diesel::QueryResult;

/// Registrations of one page of a list.
const PAGE: i64 = 50;

/// One page of the desk's list.
#[derive(Clone, Debug)]
pub struct DeskPage {
    /// The registrations.
    pub registrations: Vec<Registration>,
    /// Whether there are more.
    pub has_more: bool,
    /// How many stand where, over the whole event.
    pub counts: Counts,
    /// The event's categories.
    pub categories: Vec<Category>,
}

/// One page of the desk's list, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn list_page(db: &mut DbConnection, filter: &DeskFilter) -> QueryResult<DeskPage> {
    let mut registrations = store::desk::list(db, filter, PAGE + 1)?;
    let has_more = registrations.len() > PAGE as usize;
    registrations.truncate(PAGE as usize);
    let counts = Counts::new(store::desk::counts(db, filter.event)?);
    let categories = store::categories::all(db, filter.event)?;
    Ok(DeskPage { registrations, has_more, counts, categories })
}

/// The next registrations of an export.
///
/// # Errors
/// When the database refuses.
pub fn export_page(db: &mut DbConnection, filter: &DeskFilter, limit: i64) -> QueryResult<Vec<Registration>> {
    store::desk::list(db, filter, limit)
}

/// One registration of an event with its category.
///
/// # Errors
/// When the database refuses.
pub fn of_event(
    db: &mut DbConnection,
    event: EventId,
    id: RegistrationId,
) -> QueryResult<Option<(Registration, Category)>> {
    let Some(registration) = store::registrations::find(db, event, id)? else { return Ok(None) };
    let category = store::categories::find(db, event, registration.category_id)?;
    Ok(category.map(|category| (registration, category)))
}

/// The registration that was made last, for samples; none where nobody has registered.
///
/// # Errors
/// When the database refuses.
pub fn newest(db: &mut DbConnection, event: EventId) -> QueryResult<Option<(Registration, Category)>> {
    let filter = DeskFilter::read(event, |_| None);
    let Some(registration) = store::desk::list(db, &filter, 1)?.pop() else { return Ok(None) };
    let category = store::categories::find(db, event, registration.category_id)?;
    Ok(category.map(|category| (registration, category)))
}
