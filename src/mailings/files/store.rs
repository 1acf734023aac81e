//! The table `mailing_files`.

use super::model::MailingFile;
use crate::db::schema::mailing_files;
use crate::db::{DbConnection, FileId, MailingId};
use diesel::prelude::*;

pub(super) fn of(db: &mut DbConnection, mailing: MailingId) -> QueryResult<Vec<MailingFile>> {
    mailing_files::table
        .filter(mailing_files::mailing_id.eq(mailing))
        .order(mailing_files::id)
        .select(MailingFile::as_select())
        .load(db)
}

pub(super) fn insert(db: &mut DbConnection, file: &MailingFile) -> QueryResult<()> {
    diesel::insert_into(mailing_files::table).values(file).execute(db).map(drop)
}

pub(super) fn delete(db: &mut DbConnection, mailing: MailingId, id: FileId) -> QueryResult<bool> {
    let target = mailing_files::table.find(id).filter(mailing_files::mailing_id.eq(mailing));
    Ok(diesel::delete(target).execute(db)? == 1)
}

/// Which of these names a row still holds.
pub(super) fn known(db: &mut DbConnection, kept: &[FileId]) -> QueryResult<Vec<FileId>> {
    mailing_files::table.filter(mailing_files::kept_as.eq_any(kept)).select(mailing_files::kept_as).load(db)
}
