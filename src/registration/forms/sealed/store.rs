//! The table `sealed_answers`, and what registrations keep besides of sealed answers.

use super::model::{PersonHints, SealedAnswer};
use crate::db::schema::{questions, registrations, sealed_answers};
use crate::db::{DbConnection, EventId, QuestionId, RegistrationId, UtcTime};
use diesel::prelude::*;

/// The sealed answers of a registration.
pub(in crate::registration::forms) fn of_registration(
    db: &mut DbConnection,
    id: RegistrationId,
) -> QueryResult<Vec<SealedAnswer>> {
    sealed_answers::table.filter(sealed_answers::registration_id.eq(id)).select(SealedAnswer::as_select()).load(db)
}

/// How many answers each key has sealed.
pub(in crate::registration::forms) fn count_by_key(db: &mut DbConnection) -> QueryResult<Vec<(String, i64)>> {
    sealed_answers::table
        .group_by(sealed_answers::key_id)
        .order(sealed_answers::key_id)
        .select((sealed_answers::key_id, diesel::dsl::count_star()))
        .load(db)
}

/// Keeps a sealed answer in the place of the one before.
pub(in crate::registration::forms) fn put(db: &mut DbConnection, row: &SealedAnswer) -> QueryResult<()> {
    remove(db, row.registration_id, &[row.question_id])?;
    diesel::insert_into(sealed_answers::table).values(row).execute(db).map(drop)
}

/// Deletes the answers of a registration to these questions.
pub(in crate::registration::forms) fn remove(
    db: &mut DbConnection,
    id: RegistrationId,
    questions: &[QuestionId],
) -> QueryResult<usize> {
    diesel::delete(sealed_answers::table.filter(sealed_answers::registration_id.eq(id)))
        .filter(sealed_answers::question_id.eq_any(questions.to_vec()))
        .execute(db)
}

/// Keeps by what the person is known again.
pub(in crate::registration::forms) fn set_hints(
    db: &mut DbConnection,
    id: RegistrationId,
    hints: &PersonHints,
) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set((registrations::document_key.eq(&hints.document), registrations::birth_key.eq(&hints.birth)))
        .execute(db)
        .map(drop)
}

/// The events at which something is sealed.
pub(super) fn events(db: &mut DbConnection) -> QueryResult<Vec<EventId>> {
    sealed_answers::table
        .inner_join(questions::table.on(questions::id.eq(sealed_answers::question_id)))
        .select(questions::event_id)
        .distinct()
        .load(db)
}

/// Sets when the sealed answers of an event are deleted.
pub(super) fn set_delete_at(db: &mut DbConnection, event: EventId, at: UtcTime) -> QueryResult<usize> {
    let own = questions::table.filter(questions::event_id.eq(event)).select(questions::id);
    let other = sealed_answers::delete_at.is_null().or(sealed_answers::delete_at.ne(at));
    diesel::update(sealed_answers::table.filter(sealed_answers::question_id.eq_any(own)).filter(other))
        .set(sealed_answers::delete_at.eq(at))
        .execute(db)
}

/// Some registrations with answers whose time is over, and their events.
pub(super) fn due(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<(RegistrationId, EventId)>> {
    sealed_answers::table
        .inner_join(registrations::table)
        .filter(sealed_answers::delete_at.le(now))
        .select((registrations::id, registrations::event_id))
        .distinct()
        .limit(limit)
        .load(db)
}

/// The questions of a registration whose sealed answers' time is over.
pub(super) fn due_of(db: &mut DbConnection, now: UtcTime, id: RegistrationId) -> QueryResult<Vec<QuestionId>> {
    sealed_answers::table
        .filter(sealed_answers::registration_id.eq(id))
        .filter(sealed_answers::delete_at.le(now))
        .select(sealed_answers::question_id)
        .load(db)
}

/// Some answers that another key than this sealed, after one of them.
pub(super) fn of_other_keys(
    db: &mut DbConnection,
    key: &str,
    after: Option<(RegistrationId, QuestionId)>,
    limit: i64,
) -> QueryResult<Vec<SealedAnswer>> {
    let mut rows = sealed_answers::table
        .filter(sealed_answers::key_id.ne(key.to_owned()))
        .order((sealed_answers::registration_id.asc(), sealed_answers::question_id.asc()))
        .limit(limit)
        .into_boxed();
    if let Some((registration, question)) = after {
        let same = sealed_answers::registration_id.eq(registration);
        rows = rows.filter(
            sealed_answers::registration_id.gt(registration).or(same.and(sealed_answers::question_id.gt(question))),
        );
    }
    rows.select(SealedAnswer::as_select()).load(db)
}

/// Puts an answer that was sealed anew in the place of what it was, unless that has changed; whether it has not.
pub(super) fn reseal(db: &mut DbConnection, before: &SealedAnswer, after: &SealedAnswer) -> QueryResult<bool> {
    let same = sealed_answers::table
        .filter(sealed_answers::registration_id.eq(before.registration_id))
        .filter(sealed_answers::question_id.eq(before.question_id))
        .filter(sealed_answers::sealed.eq(&before.sealed));
    let changed = diesel::update(same)
        .set((
            sealed_answers::key_id.eq(&after.key_id),
            sealed_answers::sealed.eq(&after.sealed),
            sealed_answers::updated_at.eq(after.updated_at),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// A registration with hints of another key.
pub(super) type Hinted = (RegistrationId, EventId, Option<String>, Option<String>);

/// Some registrations whose hints another key than this made, after one of them.
pub(super) fn with_other_hints(
    db: &mut DbConnection,
    key: &str,
    after: Option<RegistrationId>,
    limit: i64,
) -> QueryResult<Vec<Hinted>> {
    let own = format!("{key}:%");
    let document = registrations::document_key.not_like(own.clone());
    let birth = registrations::birth_key.not_like(own);
    let mut rows = registrations::table
        .filter(document.assume_not_null().or(birth.assume_not_null()))
        .order(registrations::id.asc())
        .limit(limit)
        .into_boxed();
    if let Some(after) = after {
        rows = rows.filter(registrations::id.gt(after));
    }
    rows.select((registrations::id, registrations::event_id, registrations::document_key, registrations::birth_key))
        .load(db)
}

/// Changes hints that still are what they were.
pub(super) fn change_hints(
    db: &mut DbConnection,
    (id, before): (RegistrationId, &PersonHints),
    after: &PersonHints,
) -> QueryResult<bool> {
    let current: (Option<String>, Option<String>) =
        registrations::table.find(id).select((registrations::document_key, registrations::birth_key)).first(db)?;
    let is_same = current.0 == before.document && current.1 == before.birth;
    if is_same {
        set_hints(db, id, after)?;
    }
    Ok(is_same)
}

/// The numbers that people of the team know registrations by.
pub(super) fn codes(
    db: &mut DbConnection,
    ids: &[RegistrationId],
) -> QueryResult<Vec<(RegistrationId, EventId, String)>> {
    registrations::table
        .filter(registrations::id.eq_any(ids.to_vec()))
        .select((registrations::id, registrations::event_id, registrations::code))
        .load(db)
}
