//! The table `answer_files`.

use super::model::AnswerFile;
use crate::db::schema::{answer_files, registrations};
use crate::db::{AnswerFileId, DbConnection, EventId, QuestionId, RegistrationId, UtcTime};
use crate::web::TokenHash;
use diesel::prelude::*;

/// Adds a file that waits.
pub(in crate::registration::forms) fn insert(db: &mut DbConnection, file: &AnswerFile) -> QueryResult<()> {
    diesel::insert_into(answer_files::table).values(file).execute(db).map(drop)
}

/// The files of these tokens at an event.
pub(in crate::registration::forms) fn by_tokens(
    db: &mut DbConnection,
    event: EventId,
    tokens: &[TokenHash],
) -> QueryResult<Vec<AnswerFile>> {
    answer_files::table
        .filter(answer_files::event_id.eq(event))
        .filter(answer_files::token_hash.eq_any(tokens.to_vec()))
        .select(AnswerFile::as_select())
        .load(db)
}

/// The files of a registration, the oldest first.
pub(in crate::registration::forms) fn of_registration(
    db: &mut DbConnection,
    id: RegistrationId,
) -> QueryResult<Vec<AnswerFile>> {
    answer_files::table
        .filter(answer_files::registration_id.eq(id))
        .order((answer_files::created_at.asc(), answer_files::id.asc()))
        .select(AnswerFile::as_select())
        .load(db)
}

/// The names of the files of these registrations.
pub(in crate::registration::forms) fn names(
    db: &mut DbConnection,
    registrations: &[RegistrationId],
) -> QueryResult<Vec<(AnswerFileId, String)>> {
    answer_files::table
        .filter(answer_files::registration_id.eq_any(registrations.to_vec()))
        .select((answer_files::id, answer_files::name))
        .load(db)
}

/// Makes a file that waits the answer of a registration; whether it still waited.
pub(in crate::registration::forms) fn claim(
    db: &mut DbConnection,
    (file, token): (AnswerFileId, &TokenHash),
    (registration, question): (RegistrationId, QuestionId),
) -> QueryResult<bool> {
    let waiting = answer_files::table
        .find(file)
        .filter(answer_files::registration_id.is_null())
        .filter(answer_files::question_id.eq(question))
        .filter(answer_files::token_hash.eq(token.as_str()));
    let changed = diesel::update(waiting).set(answer_files::registration_id.eq(registration)).execute(db)?;
    Ok(changed == 1)
}

/// Deletes the rows of these files of a registration.
pub(in crate::registration::forms) fn delete(
    db: &mut DbConnection,
    registration: RegistrationId,
    files: &[AnswerFileId],
) -> QueryResult<()> {
    diesel::delete(answer_files::table.filter(answer_files::id.eq_any(files.to_vec())))
        .filter(answer_files::registration_id.eq(registration))
        .execute(db)
        .map(drop)
}

/// Deletes the rows of all files of a registration to these questions; the files.
pub(in crate::registration::forms) fn delete_of_questions(
    db: &mut DbConnection,
    registration: RegistrationId,
    questions: Option<&[QuestionId]>,
) -> QueryResult<Vec<AnswerFileId>> {
    let mut files = of_registration(db, registration)?;
    if let Some(questions) = questions {
        files.retain(|file| file.question_id.is_some_and(|question| questions.contains(&question)));
    }
    let files: Vec<AnswerFileId> = files.into_iter().map(|file| file.id).collect();
    if !files.is_empty() {
        delete(db, registration, &files)?;
    }
    Ok(files)
}

/// Some files that came before `before` and never became an answer.
pub(in crate::registration::forms) fn forgotten(
    db: &mut DbConnection,
    before: UtcTime,
    limit: i64,
) -> QueryResult<Vec<AnswerFileId>> {
    answer_files::table
        .filter(answer_files::registration_id.is_null())
        .filter(answer_files::created_at.lt(before))
        .order(answer_files::created_at)
        .limit(limit)
        .select(answer_files::id)
        .load(db)
}

/// Deletes those of these files that still are no answer; they.
pub(in crate::registration::forms) fn delete_waiting(
    db: &mut DbConnection,
    files: &[AnswerFileId],
) -> QueryResult<Vec<AnswerFileId>> {
    let waiting = answer_files::table
        .filter(answer_files::id.eq_any(files.to_vec()))
        .filter(answer_files::registration_id.is_null());
    let found: Vec<AnswerFileId> = waiting.select(answer_files::id).load(db)?;
    diesel::delete(answer_files::table.filter(answer_files::id.eq_any(found.clone()))).execute(db)?;
    Ok(found)
}

/// Takes the tokens of answers that no form sends again.
pub(in crate::registration::forms) fn drop_tokens(db: &mut DbConnection, before: UtcTime) -> QueryResult<usize> {
    let old = answer_files::table
        .filter(answer_files::registration_id.is_not_null())
        .filter(answer_files::token_hash.is_not_null())
        .filter(answer_files::created_at.lt(before));
    diesel::update(old).set(answer_files::token_hash.eq(None::<TokenHash>)).execute(db)
}

/// Those of these files that have a row.
pub(in crate::registration::forms) fn known(
    db: &mut DbConnection,
    files: &[AnswerFileId],
) -> QueryResult<Vec<AnswerFileId>> {
    answer_files::table.filter(answer_files::id.eq_any(files.to_vec())).select(answer_files::id).load(db)
}

/// Keeps which file is a registration's photo.
pub(in crate::registration::forms) fn set_photo(
    db: &mut DbConnection,
    id: RegistrationId,
    photo: Option<AnswerFileId>,
) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set(registrations::photo_id.eq(photo.map(|photo| photo.to_string())))
        .execute(db)
        .map(drop)
}

/// Moves the files that answer these questions to another registration of the same person.
pub(in crate::registration::forms) fn adopt(
    db: &mut DbConnection,
    (to, from): (RegistrationId, RegistrationId),
    questions: &[QuestionId],
) -> QueryResult<()> {
    let own = answer_files::table
        .filter(answer_files::registration_id.eq(from))
        .filter(answer_files::question_id.eq_any(questions.to_vec()));
    diesel::update(own).set(answer_files::registration_id.eq(to)).execute(db).map(drop)
}
