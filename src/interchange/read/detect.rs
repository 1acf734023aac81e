//! Which format a file is in, by what it holds and not by its name.

use super::json::Json;
use super::times;
use super::xml::Element;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, ReadError};

/// The syntax underneath a format.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Family {
    Xml,
    Json,
    Calendar,
    Table,
    Workbook,
}

/// The syntax, by the format asked for or the first characters.
pub(super) fn family(bytes: &[u8], asked: Option<FileFormat>) -> Result<Family, ReadError> {
    match asked {
        Some(FileFormat::ScheduleXml | FileFormat::Xcal) => return Ok(Family::Xml),
        Some(FileFormat::ICalendar) => return Ok(Family::Calendar),
        Some(FileFormat::Csv) => return Ok(Family::Table),
        Some(FileFormat::Xlsx) => return Ok(Family::Workbook),
        Some(_) => return Ok(Family::Json),
        None => {}
    }
    if super::xlsx::is_archive(bytes) {
        return Ok(Family::Workbook);
    }
    // A byte order mark or the zero bytes of UTF-16 may stand before or between.
    let head: String = bytes
        .iter()
        .take(4_096)
        .filter(|byte| (0x20..0x7f).contains(*byte) || matches!(**byte, b'\n' | b'\t'))
        .map(|byte| char::from(*byte))
        .collect();
    let head = head.trim_start();
    if head.starts_with('<') {
        Ok(Family::Xml)
    } else if head.starts_with(['{', '[']) {
        Ok(Family::Json)
    } else if head.get(..15).is_some_and(|start| start.eq_ignore_ascii_case("BEGIN:VCALENDAR")) {
        Ok(Family::Calendar)
    } else if super::csv::is_our_table(head) {
        Ok(Family::Table)
    } else {
        let start: String = head.chars().take(40).collect();
        Err(ReadError::new(Fault::UnknownFormat, format!("it begins with {start:?}")))
    }
}

/// The format of an XML document by its root element.
pub(super) fn of_xml(root: &Element, asked: Option<FileFormat>) -> Result<FileFormat, ReadError> {
    let found = match root.name.as_str() {
        "schedule" => Some(FileFormat::ScheduleXml),
        "icalendar" | "vcalendar" => Some(FileFormat::Xcal),
        _ => None,
    };
    let found =
        found.ok_or_else(|| ReadError::new(Fault::UnknownFormat, format!("its root element is <{}>", root.name)))?;
    agreed(found, asked)
}

/// The format of a JSON document by its members.
pub(super) fn of_json(root: &Json, asked: Option<FileFormat>) -> Result<FileFormat, ReadError> {
    let found = if let Some(schedule) = root.get("schedule") {
        if schedule.get("conference").is_some() || schedule.get("days").is_some() {
            Some(FileFormat::ScheduleJson)
        } else if schedule.members().iter().any(|(key, _)| times::date(key).is_some()) {
            Some(FileFormat::Pretalx)
        } else {
            None
        }
    } else if root.get("conference").is_some_and(|conference| conference.get("days").is_some()) {
        Some(FileFormat::ScheduleJson)
    } else if root.get("results").is_some() || root.get("submissions").is_some() || root.get("talks").is_some() {
        Some(FileFormat::Pretalx)
    } else if let Some(sessions) = root.get("sessions") {
        of_sessions(root, sessions)
    } else {
        None
    };
    // A bare list of pretalx objects says what it is by its members.
    let found =
        found.or_else(|| root.list().first().filter(|first| first.get("code").is_some()).map(|_| FileFormat::Pretalx));
    let found = found.or_else(|| asked.filter(|_| root.members().is_empty()));
    let names = || root.members().iter().take(8).map(|(key, _)| key.as_str()).collect::<Vec<_>>().join(", ");
    let found = found.ok_or_else(|| ReadError::new(Fault::UnknownFormat, format!("its members are: {}", names())))?;
    agreed(found, asked)
}

fn of_sessions(root: &Json, sessions: &Json) -> Option<FileFormat> {
    let any = |key: &str| sessions.list().iter().take(20).any(|session| session.get(key).is_some());
    if root.get("session_types").is_some() || any("zh") || any("broadcast") {
        Some(FileFormat::Opass)
    } else if any("startsAt") || any("roomId") || any("categoryItems") || any("isServiceSession") {
        Some(FileFormat::Sessionize)
    } else if root.get("languages").is_some()
        || sessions.list().iter().any(|session| session.get("title").is_some_and(|title| !title.members().is_empty()))
    {
        Some(FileFormat::Agenda)
    } else if root.get("speakers").is_some() && root.get("rooms").is_some() {
        Some(if root.get("categories").is_some() { FileFormat::Sessionize } else { FileFormat::Opass })
    } else {
        None
    }
}

/// A format asked for that the file plainly isn't is a mistake worth stopping for.
fn agreed(found: FileFormat, asked: Option<FileFormat>) -> Result<FileFormat, ReadError> {
    match asked {
        Some(asked) if asked != found => {
            Err(ReadError::new(Fault::UnknownFormat, format!("it looks like {found}, not like {asked}")))
        }
        _ => Ok(found),
    }
}
