//! Sealed answers: kept, looked at, deleted.

use super::model::{PersonHints, SealedAnswer, deleted_at};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{AnswerFileId, DbConnection, EventId, QuestionId, RegistrationId, UtcTime};
use crate::events;
use crate::registration::attendance::operations as attendance;
use crate::registration::forms::files::store as files;
use crate::registration::forms::model::{Question, Viewer};
use diesel::QueryResult;
use serde_json::json;

/// The sealed answers of a registration.
///
/// # Errors
/// When the database refuses.
pub fn of_registration(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<SealedAnswer>> {
    store::of_registration(db, id)
}

/// How many answers each key has sealed.
///
/// # Errors
/// When the database refuses.
pub fn count_by_key(db: &mut DbConnection) -> QueryResult<Vec<(String, i64)>> {
    store::count_by_key(db)
}

/// Notes that somebody of the team looks at sealed answers. It is noted before they are opened: a look
/// that fails leaves its trace too.
///
/// # Errors
/// When the database refuses.
pub fn note_look(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, viewer): (Actor, Viewer),
    (event, registration): (EventId, RegistrationId),
    questions: &[&Question],
) -> QueryResult<()> {
    let codes: Vec<&str> = questions.iter().map(|question| question.code.as_str()).collect();
    let entry = Entry::new(Some(event), actor, "registration.sealed-seen", "registration", registration.as_str());
    audit::note(db, now, &entry.with(json!({ "questions": codes, "as": viewer.as_str() })))
}

/// Brings the time of deletion of every sealed answer to what event and rules say now.
///
/// # Errors
/// When the database refuses.
pub fn follow_rules(db: &mut DbConnection) -> QueryResult<()> {
    for id in store::events(db)? {
        let Some(event) = events::operations::by_id(db, id)? else { continue };
        let days = attendance::rules(db, id)?.sealed_days;
        store::set_delete_at(db, id, deleted_at(&event, days))?;
    }
    Ok(())
}

/// Some registrations with sealed answers whose time is over.
///
/// # Errors
/// When the database refuses.
pub fn due(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<(RegistrationId, EventId)>> {
    store::due(db, now, limit)
}

/// Deletes the sealed answers of these registrations whose time is over, their files and what duplicates
/// are known by; returns the files whose bytes are to be removed now.
///
/// # Errors
/// When the database refuses.
pub fn delete_due(
    db: &mut DbConnection,
    now: UtcTime,
    due: &[(RegistrationId, EventId)],
) -> QueryResult<Vec<AnswerFileId>> {
    let mut gone = Vec::new();
    for (id, event) in due {
        let questions = store::due_of(db, now, *id)?;
        if questions.is_empty() {
            continue;
        }
        gone.extend(delete(db, *id, &questions)?);
        let entry = Entry::new(Some(*event), Actor::System, "registration.sealed-deleted", "registration", id.as_str());
        audit::note(db, now, &entry.with(json!({ "answers": questions.len() })))?;
    }
    Ok(gone)
}

fn delete(db: &mut DbConnection, id: RegistrationId, questions: &[QuestionId]) -> QueryResult<Vec<AnswerFileId>> {
    store::remove(db, id, questions)?;
    store::set_hints(db, id, &PersonHints::default())?;
    files::delete_of_questions(db, id, Some(questions))
}

/// Forgets everything that a registration's answers brought with them beyond their column: files, sealed
/// answers, the photo and what duplicates are known by. Returns the files whose bytes the caller removes once
/// the transaction is kept; the recurring job finds those that it could not.
///
/// # Errors
/// When the database refuses.
pub fn forget_all(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<AnswerFileId>> {
    let questions: Vec<QuestionId> = store::of_registration(db, id)?.iter().map(|row| row.question_id).collect();
    store::remove(db, id, &questions)?;
    store::set_hints(db, id, &PersonHints::default())?;
    files::set_photo(db, id, None)?;
    files::delete_of_questions(db, id, None)
}

/// Puts answers that were sealed anew for another registration in its place, if they still are what was opened; whether
/// they are.
///
/// # Errors
/// When the database refuses.
pub fn adopt(db: &mut DbConnection, resealed: &[(SealedAnswer, SealedAnswer)]) -> QueryResult<bool> {
    for (before, after) in resealed {
        let rows = store::of_registration(db, before.registration_id)?;
        let Some(row) = rows.iter().find(|row| row.question_id == before.question_id && row.sealed == before.sealed)
        else {
            return Ok(false);
        };
        store::put(db, &SealedAnswer { delete_at: row.delete_at, ..after.clone() })?;
        store::remove(db, before.registration_id, &[before.question_id])?;
    }
    Ok(true)
}
