//! Reading programmes: every format's reader sorts the file into a raw programme, and one place
//! cleans, resolves and keys them all in the same way.

mod agenda;
mod assemble;
mod csv;
mod detect;
mod frab;
mod frab_json;
mod frab_xml;
mod html;
mod ics;
mod input;
mod json;
mod languages;
mod limits;
mod markdown;
mod opass;
mod people;
mod pretalx;
mod raw;
mod sessionize;
mod sessions;
mod table;
mod text;
mod times;
mod xcal;
mod xlsx;
mod xml;
mod zones;

pub(super) use csv::FORMULA_SIGNS;
pub use limits::Limits;
pub use table::{PlainTable, read_day, read_table};

use super::model::{FileFormat, ImportedProgramme};
use super::notes::{Fault, Notes, ReadError};
use crate::i18n::Lang;
use chrono_tz::Tz;

/// What the person who imports knows better than the file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ReadOptions {
    /// The format; found out where it is not given.
    pub format: Option<FileFormat>,
    /// The zone, whatever the file says.
    pub timezone: Option<Tz>,
    /// The zone where the file names none: that of the event which is imported into.
    pub fallback_timezone: Option<Tz>,
    /// The language of texts where the file does not tell: the event's main one.
    pub fallback_language: Option<Lang>,
    /// Bounds.
    pub limits: Limits,
}

/// Reads one file. The same bytes and options always give the same programme.
///
/// # Errors
/// When the file is no programme at all, broken beyond reading, or hostile; with what is wrong and where.
pub fn read(bytes: &[u8], options: &ReadOptions) -> Result<ImportedProgramme, ReadError> {
    let limits = &options.limits;
    if bytes.len() > limits.bytes {
        return Err(ReadError::new(Fault::TooLarge, bytes.len()).and(limits.bytes));
    }
    if bytes.iter().all(u8::is_ascii_whitespace) {
        return Err(ReadError::new(Fault::Empty, ""));
    }
    let mut notes = Notes::default();
    let raw = match detect::family(bytes, options.format)? {
        detect::Family::Xml => {
            let root = xml::parse(bytes, limits, &mut notes)?;
            match detect::of_xml(&root, options.format)? {
                FileFormat::Xcal => xcal::read(&root, &mut notes)?,
                _ => frab_xml::read(&root, &mut notes)?,
            }
        }
        detect::Family::Json => {
            let root = json::parse(bytes, limits, &mut notes)?;
            match detect::of_json(&root, options.format)? {
                FileFormat::Pretalx => pretalx::read(&root, &mut notes)?,
                FileFormat::Sessionize => sessionize::read(&root, &mut notes)?,
                FileFormat::Opass => opass::read(&root, &mut notes)?,
                FileFormat::Agenda => agenda::read(&root, &mut notes)?,
                _ => frab_json::read(&root, &mut notes)?,
            }
        }
        detect::Family::Calendar => ics::read(bytes, limits, &mut notes)?,
        detect::Family::Table => csv::read(bytes, limits, &mut notes)?,
        detect::Family::Workbook => csv::read_workbook(bytes, limits, &mut notes)?,
    };
    if raw.sessions.len() > limits.sessions {
        return Err(ReadError::new(Fault::TooManySessions, limits.sessions));
    }
    Ok(assemble::assemble(&raw, options, notes))
}
