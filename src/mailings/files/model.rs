//! A file that goes out with a mailing.

use crate::db::schema::mailing_files;
use crate::db::{FileId, MailingId, UtcTime};
use crate::mail::model::Attachment;
use diesel::prelude::*;

/// Most files of one mailing.
pub const MOST_FILES: usize = 10;

/// A file that goes out with a mailing.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = mailing_files)]
pub struct MailingFile {
    /// Names it.
    pub id: FileId,
    /// The mailing.
    pub mailing_id: MailingId,
    /// Where its bytes are kept; copies of a mailing share them.
    pub kept_as: FileId,
    /// Its name, safe to be written to a disk.
    pub name: String,
    /// What it is, as its content says.
    pub media_type: String,
    /// Its size.
    pub bytes: i64,
    /// When it was added.
    pub created_at: UtcTime,
}

impl MailingFile {
    /// The part of a message that brings it.
    #[must_use]
    pub fn part(&self) -> Attachment {
        Attachment { file: Some(self.kept_as), ..Attachment::new(self.name.clone(), self.media_type.clone(), b"") }
    }
}

/// Why a file was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unfit {
    /// All together would be larger than `most` bytes.
    TooLarge {
        /// Bytes that all files of a mailing may have.
        most: usize,
    },
    /// There are [`MOST_FILES`] already.
    TooMany,
}

/// Whether one more file of `bytes` fits beside those that are there; a limit of 0 is none.
///
/// # Errors
/// What speaks against it.
pub fn fits(there: &[MailingFile], bytes: usize, most: usize) -> Result<(), Unfit> {
    if there.len() >= MOST_FILES {
        return Err(Unfit::TooMany);
    }
    let sum: i64 = there.iter().map(|file| file.bytes).sum();
    let sum = usize::try_from(sum).unwrap_or(usize::MAX).saturating_add(bytes);
    if most > 0 && sum > most { Err(Unfit::TooLarge { most }) } else { Ok(()) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_fit_as_long_as_all_together_stay_within_the_limit() {
        let file = |bytes| MailingFile {
            id: FileId::new(),
            mailing_id: MailingId::new(),
            kept_as: FileId::new(),
            name: "a.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes,
            created_at: UtcTime::of_machine(),
        };
        assert_eq!(fits(&[], 10, 10), Ok(()));
        assert_eq!(fits(&[file(5)], 6, 10), Err(Unfit::TooLarge { most: 10 }));
        assert_eq!(fits(&[file(5)], 600, 0), Ok(()), "0 is no limit");
        assert_eq!(fits(&vec![file(0); MOST_FILES], 1, 10), Err(Unfit::TooMany));
    }
}
