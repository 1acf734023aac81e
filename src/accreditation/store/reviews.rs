//! The table `reviews`.

use crate::accreditation::model::{Review, ReviewKind, Said};
use crate::db::schema::{reviews, users};
use crate::db::{DbConnection, RegistrationId, UserId, UtcTime};
use diesel::prelude::*;

/// Adds a line.
pub(in crate::accreditation) fn insert(db: &mut DbConnection, review: &Review) -> QueryResult<()> {
    diesel::insert_into(reviews::table).values(review).execute(db).map(drop)
}

/// Every line of one application, the newest first, with the officers' names.
pub(in crate::accreditation) fn history(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<Said>> {
    let rows: Vec<(Review, Option<String>)> = reviews::table
        .left_join(users::table.on(reviews::user_id.eq(users::id.nullable())))
        .filter(reviews::registration_id.eq(id))
        .order((reviews::created_at.desc(), reviews::id.desc()))
        .select((Review::as_select(), users::name.nullable()))
        .load(db)?;
    Ok(rows.into_iter().map(|(review, officer)| Said { review, officer }).collect())
}

/// Every line of these applications.
pub(in crate::accreditation) fn of_all(db: &mut DbConnection, ids: &[RegistrationId]) -> QueryResult<Vec<Review>> {
    reviews::table.filter(reviews::registration_id.eq_any(ids.to_vec())).select(Review::as_select()).load(db)
}

/// The officers whose approval awaits another's.
pub(in crate::accreditation) fn pending(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<Option<UserId>>> {
    reviews::table.filter(reviews::registration_id.eq(id)).filter(reviews::counts).select(reviews::user_id).load(db)
}

/// Lets no approval of an application wait for another any longer; whether one did.
pub(in crate::accreditation) fn settle(db: &mut DbConnection, id: RegistrationId) -> QueryResult<bool> {
    let waiting = reviews::table.filter(reviews::registration_id.eq(id)).filter(reviews::counts);
    diesel::update(waiting).set(reviews::counts.eq(false)).execute(db).map(|changed| changed > 0)
}

/// When an officer last found nothing in what watch-lists say, if nothing about the person changed since.
pub(in crate::accreditation) fn cleared_at(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Option<UtcTime>> {
    let newest: Option<(ReviewKind, UtcTime)> = reviews::table
        .filter(reviews::registration_id.eq(id))
        .filter(reviews::decision.eq(ReviewKind::Cleared).or(reviews::decision.eq(ReviewKind::Changed)))
        .order((reviews::created_at.desc(), reviews::id.desc()))
        .select((reviews::decision, reviews::created_at))
        .first(db)
        .optional()?;
    Ok(newest.filter(|(kind, _)| *kind == ReviewKind::Cleared).map(|(_, at)| at))
}

/// Empties the words of an application.
pub(in crate::accreditation) fn forget(db: &mut DbConnection, id: RegistrationId) -> QueryResult<()> {
    diesel::update(reviews::table.filter(reviews::registration_id.eq(id)))
        .set((reviews::reason.eq(""), reviews::note.eq("")))
        .execute(db)
        .map(drop)
}
