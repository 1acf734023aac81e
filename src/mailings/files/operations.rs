//! Adding files to a draft, and taking them off.

use super::model::{MailingFile, Unfit, fits};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, FileId, MailingId, UtcTime};
use crate::mailings::operations as mailings;
use crate::mailings::operations::MailingError;
use diesel::QueryResult;
use serde_json::json;

/// Why a file was not added or taken off.
#[derive(Debug, thiserror::Error)]
pub enum FileError {
    /// The mailing is not there, or no draft any more.
    #[error(transparent)]
    Mailing(MailingError),
    /// It does not fit.
    #[error("the file does not fit")]
    Unfit(Unfit),
    /// The folder of files refuses.
    #[error(transparent)]
    Folder(std::io::Error),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

crate::db_failure!(FileError);

impl From<MailingError> for FileError {
    fn from(error: MailingError) -> Self {
        match error {
            MailingError::Db(error) => Self::Db(error),
            error => Self::Mailing(error),
        }
    }
}

/// The files of a mailing, in the order in which they were added.
///
/// # Errors
/// When the database refuses.
pub fn of(db: &mut DbConnection, mailing: MailingId) -> QueryResult<Vec<MailingFile>> {
    store::of(db, mailing)
}

/// Adds a file to a draft; all files together have at most `most` bytes.
///
/// # Errors
/// When the mailing is no draft any more, or the file does not fit.
pub fn add(
    db: &mut DbConnection,
    now: UtcTime,
    (event, actor): (EventId, Actor),
    file: &MailingFile,
    most: usize,
) -> Result<(), FileError> {
    // Raising the version first is where two people who add a file at the same time wait for each other.
    mailings::touch_draft(db, now, event, file.mailing_id)?;
    let there = store::of(db, file.mailing_id)?;
    fits(&there, usize::try_from(file.bytes).unwrap_or(usize::MAX), most).map_err(FileError::Unfit)?;
    store::insert(db, file)?;
    note(db, now, (event, actor, file.mailing_id), "mailing.file_added", &file.name)?;
    Ok(())
}

/// Takes a file off a draft.
///
/// # Errors
/// When the mailing is no draft any more, or has no such file.
pub fn remove(
    db: &mut DbConnection,
    now: UtcTime,
    (event, actor): (EventId, Actor),
    (mailing, id): (MailingId, FileId),
) -> Result<(), FileError> {
    mailings::touch_draft(db, now, event, mailing)?;
    let there = store::of(db, mailing)?;
    let file = there.iter().find(|file| file.id == id).ok_or(MailingError::NotFound)?;
    store::delete(db, mailing, id)?;
    note(db, now, (event, actor, mailing), "mailing.file_removed", &file.name)?;
    Ok(())
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    (event, actor, mailing): (EventId, Actor, MailingId),
    action: &'static str,
    name: &str,
) -> QueryResult<()> {
    let entry = Entry::new(Some(event), actor, action, "mailing", mailing.as_str());
    audit::note(db, now, &entry.with(json!({ "file": name })))
}

/// Gives a mailing the files of another.
///
/// # Errors
/// When the database refuses.
pub fn copy(db: &mut DbConnection, now: UtcTime, from: MailingId, to: MailingId) -> QueryResult<()> {
    for file in store::of(db, from)? {
        store::insert(db, &MailingFile { id: FileId::new(), mailing_id: to, created_at: now, ..file })?;
    }
    Ok(())
}

/// Which of these kept files a mailing still names.
///
/// # Errors
/// When the database refuses.
pub fn known(db: &mut DbConnection, kept: &[FileId]) -> QueryResult<Vec<FileId>> {
    store::known(db, kept)
}
