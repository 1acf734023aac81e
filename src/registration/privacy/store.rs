//! The table `consents`, and the columns of deletion.

use super::model::{ConsentRow, Erasure};
use crate::db::schema::{consent_texts, consents, registration_links, registrations, transfers};
use crate::db::{ConsentId, DbConnection, EventId, QuestionId, RegistrationId, UtcTime};
use crate::i18n::Localized;
use crate::registration::model::Registration;
use diesel::prelude::*;

/// The consents of a registration that have rows, the oldest first.
pub(super) fn consents_of(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<ConsentRow>> {
    consents::table
        .filter(consents::registration_id.eq(id))
        .order((consents::given_at, consents::id))
        .select(ConsentRow::as_select())
        .load(db)
}

/// Adds a consent.
pub(super) fn insert(db: &mut DbConnection, row: &ConsentRow) -> QueryResult<()> {
    diesel::insert_into(consents::table).values(row).execute(db).map(drop)
}

/// Notes that a consent was withdrawn.
pub(super) fn withdraw(db: &mut DbConnection, now: UtcTime, id: ConsentId) -> QueryResult<()> {
    diesel::update(consents::table.find(id)).set(consents::withdrawn_at.eq(now)).execute(db).map(drop)
}

/// Every version of these texts.
pub(super) fn texts(db: &mut DbConnection, of: &[QuestionId]) -> QueryResult<Vec<(QuestionId, i32, Localized)>> {
    consent_texts::table
        .filter(consent_texts::question_id.eq_any(of.to_vec()))
        .select((consent_texts::question_id, consent_texts::number, consent_texts::body))
        .load(db)
}

/// When a person's data are deleted or were deleted.
pub(super) fn erasure(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Erasure> {
    registrations::table.find(id).select((registrations::erase_at, registrations::erased_at)).first(db)
}

/// Sets or takes back when a person's data are deleted, unless they are.
pub(super) fn set_erase_at(db: &mut DbConnection, id: RegistrationId, at: Option<UtcTime>) -> QueryResult<bool> {
    let kept = registrations::table.find(id).filter(registrations::erased_at.is_null());
    Ok(diesel::update(kept).set(registrations::erase_at.eq(at)).execute(db)? == 1)
}

/// Some registrations whose data are to be deleted now.
pub(super) fn due(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<Registration>> {
    registrations::table
        .filter(registrations::erase_at.le(now))
        .order(registrations::erase_at)
        .limit(limit)
        .select(Registration::as_select())
        .load(db)
}

/// Those who passed their place on to a registration.
pub(super) fn predecessors(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<RegistrationId>> {
    transfers::table.filter(transfers::successor_id.eq(id)).select(transfers::registration_id).load(db)
}

/// What stands in the place of a name that was deleted; the same in every language.
const NOBODY: &str = "—";

/// Forgets the person of a registration that has ended and is still to be deleted; whether it was.
pub(super) fn anonymise(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id): (EventId, RegistrationId),
    email_key: &str,
) -> QueryResult<bool> {
    let due = registrations::table
        .find(id)
        .filter(registrations::event_id.eq(event))
        .filter(registrations::erase_at.le(now))
        .filter(registrations::ended_at.is_not_null());
    let changed = diesel::update(due)
        .set((
            (
                registrations::email.eq(""),
                registrations::email_key.eq(email_key),
                registrations::given_name.eq(NOBODY),
                registrations::family_name.eq(""),
                registrations::native_name.eq(""),
                registrations::honorific.eq(""),
                registrations::organisation.eq(""),
                registrations::position.eq(""),
                registrations::nationality.eq(None::<String>),
                registrations::search_key.eq(""),
                registrations::sort_key.eq(""),
                registrations::name_key.eq(""),
            ),
            (
                registrations::document_key.eq(None::<String>),
                registrations::birth_key.eq(None::<String>),
                registrations::photo_id.eq(None::<String>),
                registrations::answers.eq("{}"),
                registrations::remark.eq(""),
                registrations::is_watched.eq(false),
                registrations::wants_change_notices.eq(false),
                registrations::erase_at.eq(None::<UtcTime>),
                registrations::erased_at.eq(now),
                registrations::version.eq(registrations::version + 1),
                registrations::updated_at.eq(now),
            ),
        ))
        .execute(db)?;
    if changed == 0 {
        return Ok(false);
    }
    diesel::delete(registration_links::table.filter(registration_links::registration_id.eq(id))).execute(db)?;
    diesel::delete(consents::table.filter(consents::registration_id.eq(id))).execute(db)?;
    diesel::update(transfers::table.filter(transfers::registration_id.eq(id)))
        .set((transfers::given_name.eq(""), transfers::family_name.eq(""), transfers::email.eq("")))
        .execute(db)?;
    Ok(true)
}

/// Moves consents to a question to another registration of the same person.
pub(super) fn adopt(
    db: &mut DbConnection,
    (to, from): (RegistrationId, RegistrationId),
    question: QuestionId,
) -> QueryResult<()> {
    let own = consents::table.filter(consents::registration_id.eq(from)).filter(consents::question_id.eq(question));
    diesel::update(own).set(consents::registration_id.eq(to)).execute(db).map(drop)
}

/// The registrations that were put together with one of these. A place that was passed on is another person's.
pub(super) fn merged_into(db: &mut DbConnection, into: &[RegistrationId]) -> QueryResult<Vec<Registration>> {
    let passed_on = transfers::table
        .filter(transfers::registration_id.eq(registrations::id))
        .filter(transfers::successor_id.is_not_null());
    let into: Vec<String> = into.iter().map(ToString::to_string).collect();
    registrations::table
        .filter(registrations::merged_into.assume_not_null().eq_any(into))
        .filter(diesel::dsl::not(diesel::dsl::exists(passed_on)))
        .select(Registration::as_select())
        .load(db)
}
