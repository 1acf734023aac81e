//! Programmes from and to other systems.
//!
//! [`read`] takes a file in any of the formats that conferences exchange and gives a
//! [`model::ImportedProgramme`] with everything that was left out, changed or guessed on the way.
//! [`schedule_xml`] and its siblings write a release.

mod apply;
mod finder;
pub mod model;
pub mod notes;
pub mod operations;
pub mod pages;
mod read;
mod store;
mod write;

pub use apply::{NewRooms, Tallies, Tally};
pub use notes::{Fault, Problem, ReadError, Warning};
pub use read::{Limits, PlainTable, ReadOptions, read, read_day, read_table};
pub use write::{Scope, Site, calendar, schedule_json, schedule_xml, table, template, xcal};

use crate::schedule::model::Programme;

/// Writes a release in a format; `None` for formats that can only be read.
#[must_use]
pub fn export(programme: &Programme, format: model::FileFormat, public_url: &str) -> Option<Vec<u8>> {
    let site = Site::of(programme, public_url);
    let text = match format {
        model::FileFormat::ScheduleXml => schedule_xml(programme, &site),
        model::FileFormat::ScheduleJson => schedule_json(programme, &site),
        model::FileFormat::ICalendar => calendar(programme, &site, Scope::Event),
        model::FileFormat::Xcal => xcal(programme, &site),
        model::FileFormat::Csv => table(programme, &site),
        _ => return None,
    };
    Some(text.into_bytes())
}
