//! Registrations as officers see and move them.

use crate::accreditation::model::Applicant;
use crate::db::schema::{categories, category_questions, questions, registrations};
use crate::db::{CategoryId, DbConnection, EventId, QuestionId, RegistrationId, UtcTime};
use crate::registration::model::RegistrationState;
use diesel::prelude::*;

/// One application of an event.
pub(in crate::accreditation) fn find(
    db: &mut DbConnection,
    event: EventId,
    id: RegistrationId,
) -> QueryResult<Option<Applicant>> {
    registrations::table
        .find(id)
        .filter(registrations::event_id.eq(event))
        .select(Applicant::as_select())
        .first(db)
        .optional()
}

/// These of an event, the oldest first.
pub(in crate::accreditation) fn of_ids(
    db: &mut DbConnection,
    event: EventId,
    ids: &[RegistrationId],
) -> QueryResult<Vec<Applicant>> {
    registrations::table
        .filter(registrations::id.eq_any(ids.to_vec()))
        .filter(registrations::event_id.eq(event))
        .order((registrations::created_at.asc(), registrations::id.asc()))
        .select(Applicant::as_select())
        .load(db)
}

/// Each category of an event: whether an officer must approve, and how many.
pub(in crate::accreditation) fn rules(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<(CategoryId, bool, i32)>> {
    categories::table
        .filter(categories::event_id.eq(event))
        .select((categories::id, categories::needs_approval, categories::officers_needed))
        .load(db)
}

/// Whether a category's registrations must be approved, and by how many.
pub(in crate::accreditation) fn rule(db: &mut DbConnection, category: CategoryId) -> QueryResult<(bool, i32)> {
    categories::table.find(category).select((categories::needs_approval, categories::officers_needed)).first(db)
}

/// The categories with a question that is asked after approval.
pub(in crate::accreditation) fn with_second_form(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<CategoryId>> {
    let rows: Vec<(QuestionId, Option<CategoryId>)> = questions::table
        .left_join(category_questions::table)
        .filter(questions::event_id.eq(event))
        .filter(questions::stage.eq("after_approval"))
        .filter(questions::retired_at.is_null())
        .select((questions::id, category_questions::category_id.nullable()))
        .load(db)?;
    // A question that names no category is asked in all.
    if rows.iter().any(|(_, category)| category.is_none()) {
        return categories::table.filter(categories::event_id.eq(event)).select(categories::id).load(db);
    }
    let mut named: Vec<CategoryId> = rows.into_iter().filter_map(|(_, category)| category).collect();
    named.sort_unstable();
    named.dedup();
    Ok(named)
}

/// Raises an application's version if it still stands as it was looked at; returns whether it did.
/// Two officers who decide at once meet here.
pub(in crate::accreditation) fn claim(
    db: &mut DbConnection,
    now: UtcTime,
    id: RegistrationId,
    version: i32,
) -> QueryResult<bool> {
    let changed = diesel::update(
        registrations::table
            .find(id)
            .filter(registrations::version.eq(version))
            .filter(registrations::state.eq(RegistrationState::Applied)),
    )
    .set((registrations::version.eq(registrations::version + 1), registrations::updated_at.eq(now)))
    .execute(db)?;
    Ok(changed == 1)
}

/// Keeps since when the applicant is asked for more, or that they are not any longer.
pub(in crate::accreditation) fn set_asked(
    db: &mut DbConnection,
    now: UtcTime,
    id: RegistrationId,
    asked_at: Option<UtcTime>,
) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set((
            registrations::asked_at.eq(asked_at),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Takes away that a watch-list knows the name.
pub(in crate::accreditation) fn clear_flag(db: &mut DbConnection, id: RegistrationId) -> QueryResult<()> {
    diesel::update(registrations::table.find(id)).set(registrations::is_watched.eq(false)).execute(db).map(drop)
}

/// Keeps what the comparison with the watch-lists said, if the person is still who was compared.
pub(in crate::accreditation) fn set_screened(
    db: &mut DbConnection,
    now: UtcTime,
    applicant: &Applicant,
    is_watched: bool,
) -> QueryResult<()> {
    let one = &applicant.registration;
    diesel::update(registrations::table.find(one.id).filter(registrations::version.eq(one.version)))
        .set((
            registrations::name_key.eq(applicant.block()),
            registrations::is_watched.eq(is_watched),
            registrations::screened_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Lets a person be compared again.
pub(in crate::accreditation) fn unscreen(db: &mut DbConnection, id: RegistrationId) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set(registrations::screened_at.eq(None::<UtcTime>))
        .execute(db)
        .map(drop)
}

/// Lets everyone at an event be compared again.
pub(in crate::accreditation) fn unscreen_all(db: &mut DbConnection, event: EventId) -> QueryResult<usize> {
    diesel::update(registrations::table.filter(registrations::event_id.eq(event)))
        .filter(registrations::ended_at.is_null())
        .set(registrations::screened_at.eq(None::<UtcTime>))
        .execute(db)
}

/// Some of those who are to be compared with the watch-lists.
pub(in crate::accreditation) fn unscreened(db: &mut DbConnection, limit: i64) -> QueryResult<Vec<Applicant>> {
    registrations::table
        .filter(registrations::screened_at.is_null())
        .filter(registrations::ended_at.is_null())
        .order(registrations::event_id.asc())
        .limit(limit)
        .select(Applicant::as_select())
        .load(db)
}

/// Registrations that anything says may be the same person's: the same document, the same date of
/// birth, the same consonants, or a name that begins alike. Each is a short walk along an index.
pub(in crate::accreditation) fn alike(db: &mut DbConnection, one: &Applicant) -> QueryResult<Vec<Applicant>> {
    let registration = &one.registration;
    let others = || {
        registrations::table
            .filter(registrations::event_id.eq(registration.event_id))
            .filter(registrations::id.ne(registration.id))
            .filter(registrations::merged_into.is_null())
            .limit(MOST_ALIKE)
            .select(Applicant::as_select())
    };
    let mut found: Vec<Applicant> = Vec::new();
    if let Some(key) = &one.document_key {
        found.extend(others().filter(registrations::document_key.eq(key)).load(db)?);
    }
    if let Some(key) = &one.birth_key {
        found.extend(others().filter(registrations::birth_key.eq(key)).load(db)?);
    }
    let block = one.block();
    if !block.is_empty() {
        found.extend(others().filter(registrations::name_key.eq(block)).load(db)?);
    }
    if let Some((from, to)) = beginning(&registration.sort_key) {
        found
            .extend(others().filter(registrations::sort_key.ge(from)).filter(registrations::sort_key.lt(to)).load(db)?);
    }
    found.sort_by_key(|other| other.registration.id);
    found.dedup_by_key(|other| other.registration.id);
    Ok(found)
}

/// Registrations of one kind of likeness that are looked at.
const MOST_ALIKE: i64 = 100;

/// The stretch of names that begin like this one: the family name and one more letter.
fn beginning(sort_key: &str) -> Option<(String, String)> {
    let family = sort_key.split(' ').next().unwrap_or_default();
    let letters = sort_key.chars().take(family.chars().count() + 2).collect::<String>();
    let from = letters.trim_end().to_owned();
    (from.chars().count() > 2).then(|| (from.clone(), from + "\u{fffd}"))
}
