//! Tables: our own, and what people make of it in a spreadsheet. One row a slot. The columns are
//! described in docs/formats.md and where the table is written.

use super::input;
use super::limits::Limits;
use super::raw::{RawEnd, RawLink, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times::{self, Moment};
use super::xlsx;
use crate::i18n::Lang;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use crate::programme::model::{LinkKind, SessionState};
use chrono::{NaiveDate, NaiveDateTime, NaiveTime, TimeDelta};
use std::collections::HashMap;

/// Signs that a spreadsheet would take for the beginning of a formula; our table puts `'` before them.
pub(in crate::interchange) const FORMULA_SIGNS: &[char] = &['=', '+', '-', '@', '\t', '\r'];

/// What may stand between two cells; the comma where nothing is certain.
const SEPARATORS: [u8; 3] = [b',', b';', b'\t'];

/// Whether the first line is the head of our table.
pub(super) fn is_our_table(head: &str) -> bool {
    let line = head.lines().next().unwrap_or_default();
    let columns: Vec<String> = line.split(char::from(separator(line))).map(column_name).collect();
    let is_title = |name: &String| name == "title" || name.starts_with("title_");
    columns.iter().any(is_title) && columns.len() > 1
}

/// The separator that is in the head the most.
fn separator(head: &str) -> u8 {
    let count = |separator: &u8| head.bytes().filter(|byte| byte == separator).count();
    // Of equal counts the last is taken: with none at all, that must be the comma.
    SEPARATORS.into_iter().rev().max_by_key(count).unwrap_or(b',')
}

/// A column's name as we know it, however a person wrote it: `Title EN` is `title_en`.
fn column_name(written: &str) -> String {
    let plain = written.trim().trim_matches(['"', '\u{feff}']).trim().to_lowercase();
    plain.split([' ', '-', '_']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// A table as it was read: names of columns, and rows with their number in the file.
pub(super) struct Table {
    pub(super) head: Vec<String>,
    pub(super) rows: Vec<(usize, Vec<String>)>,
}

/// Reads a table of text.
pub(super) fn read(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    programme(&text_table(bytes, limits, notes)?, FileFormat::Csv, notes)
}

/// Reads the first sheet of a workbook.
pub(super) fn read_workbook(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    programme(&workbook_table(bytes, limits, notes)?, FileFormat::Xlsx, notes)
}

/// The cells of a text, whatever separates them.
pub(super) fn text_table(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<Table, ReadError> {
    let text = input::decode_table(bytes, notes)?;
    let text = input::without_control_characters(text, notes);
    let head = text.lines().next().unwrap_or_default();
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).delimiter(separator(head)).from_reader(text.as_bytes());
    let broken = |error: ::csv::Error| ReadError::new(Fault::BrokenCsv, error);
    let mut table =
        Table { head: reader.headers().map_err(broken)?.iter().map(column_name).collect(), rows: Vec::new() };
    for record in reader.records() {
        let record = record.map_err(broken)?;
        if table.rows.len() > limits.sessions {
            return Err(ReadError::new(Fault::TooManySessions, limits.sessions));
        }
        table.rows.push((table.rows.len() + 2, record.iter().map(str::to_owned).collect()));
    }
    Ok(table)
}

/// The cells of a workbook's first sheet.
pub(super) fn workbook_table(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<Table, ReadError> {
    let mut table = xlsx::read(bytes, limits, notes)?;
    table.head = table.head.iter().map(|name| column_name(name)).collect();
    Ok(table)
}

fn programme(table: &Table, format: FileFormat, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    if !table.head.iter().any(|name| name == "title" || name.starts_with("title_")) {
        return Err(ReadError::new(Fault::NoProgramme, "title"));
    }
    let mut raw = RawProgramme::new(format);
    for lang in table.head.iter().filter_map(|name| name.strip_prefix("title_")).filter_map(language) {
        raw.languages.push(lang);
    }
    for name in table.head.iter().filter(|name| !name.is_empty() && !is_known(name)) {
        notes.warn("row 1", Problem::Unused, name);
    }
    let mut known = HashMap::new();
    for (line, cells) in &table.rows {
        // Spreadsheets leave rows behind that hold nothing.
        if cells.iter().any(|cell| !cell.trim().is_empty()) {
            read_row(&Row { head: &table.head, cells }, *line, &mut raw, &mut known, notes);
        }
    }
    Ok(raw)
}

/// Columns that are read; texts have one for each language besides.
const COLUMNS: [&str; 20] = [
    "guid",
    "slot_guid",
    "code",
    "state",
    "format",
    "forum",
    "language",
    "interpreted",
    "room",
    "date",
    "start",
    "end",
    "minutes",
    "timezone",
    "may_record",
    "speakers",
    "speaker_guids",
    "links",
    "attachments",
    "track",
];
const TEXT_COLUMNS: [&str; 4] = ["title", "subtitle", "abstract", "description"];

fn is_known(name: &str) -> bool {
    let is_text = |text: &str| name.strip_prefix(text).is_some_and(|rest| rest.is_empty() || rest.starts_with('_'));
    COLUMNS.contains(&name) || TEXT_COLUMNS.into_iter().any(is_text)
}

/// The language of a column such as `title_pt_br`.
fn language(tag: &str) -> Option<Lang> {
    tag.replace('_', "-").parse().ok()
}

struct Row<'r> {
    head: &'r [String],
    cells: &'r [String],
}

impl Row<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let place = self.head.iter().position(|column| column == name)?;
        let cell = self.cells.get(place)?;
        let cell = cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA_SIGNS)).unwrap_or(cell);
        Some(cell).filter(|cell| !cell.trim().is_empty())
    }

    fn texts(&self, name: &str) -> Texts {
        let mut texts = Texts::maybe(self.get(name));
        for column in self.head {
            let lang = column.strip_prefix(name).and_then(|rest| rest.strip_prefix('_'));
            if let (Some(lang), Some(text)) = (lang.and_then(language), self.get(column)) {
                texts.push(Some(lang), text);
            }
        }
        texts
    }

    /// Start or end: a whole moment, or a time of day at the row's date.
    fn moment(&self, name: &str) -> Option<Result<Moment, String>> {
        let word = self.get(name)?.trim();
        if let Some(moment) = times::moment(word).or_else(|| serial(word).map(Moment::Local)) {
            return Some(Ok(moment));
        }
        let date = self.get("date").and_then(|date| times::date(date).or_else(|| serial(date).map(|at| at.date())));
        let time = times::clock(word).or_else(|| fraction(word).map(|time| (time, false)));
        let at = date.zip(time).and_then(|(date, (time, is_midnight))| {
            let date = if is_midnight { date.succ_opt()? } else { date };
            Some(Moment::Local(date.and_time(time)))
        });
        Some(at.ok_or_else(|| word.to_owned()))
    }

    /// When it ends: an end that stands before the start belongs to the next day where only its time was given.
    fn end(&self, start: Option<Moment>) -> Option<Result<RawEnd, String>> {
        if let Some(minutes) = self.get("minutes") {
            let read = minutes.trim().parse::<i64>().ok().filter(|minutes| (1..=60 * 24 * 7).contains(minutes));
            return Some(read.map(|minutes| RawEnd::After(TimeDelta::minutes(minutes))).ok_or(minutes.to_owned()));
        }
        let end = self.moment("end")?;
        let only_time = self.get("end").is_some_and(|word| times::clock(word).is_some() || fraction(word).is_some());
        Some(end.map(|end| match (start, end) {
            (Some(Moment::Local(start)), Moment::Local(end)) if only_time && end <= start => {
                RawEnd::At(Moment::Local(end + TimeDelta::days(1)))
            }
            (_, end) => RawEnd::At(end),
        }))
    }
}

/// The day that spreadsheets count from, such that 1 March 1900 is right; before it they have a day
/// that never was.
const SERIAL_ZERO: NaiveDate = match NaiveDate::from_ymd_opt(1899, 12, 30) {
    Some(day) => day,
    None => NaiveDate::MIN,
};

/// A date as spreadsheets keep it: days since the end of 1899, with the time as a fraction.
fn serial(word: &str) -> Option<NaiveDateTime> {
    let days: f64 = number(word)?;
    // From 1954 to 2173: smaller numbers are something else.
    if !(20_000.0..100_000.0).contains(&days) {
        return None;
    }
    let minutes = (days * 1440.0).round();
    Some(SERIAL_ZERO.and_time(NaiveTime::MIN) + TimeDelta::minutes(minutes as i64))
}

/// A time of day as spreadsheets keep it: a part of a day.
fn fraction(word: &str) -> Option<NaiveTime> {
    let part = number(word).filter(|part| (0.0..1.0).contains(part) && word.contains(['.', ',']))?;
    Some(NaiveTime::MIN + TimeDelta::minutes((part * 1440.0).round() as i64))
}

/// A number with a point or, as many countries write it, a comma.
fn number(word: &str) -> Option<f64> {
    let word = word.trim();
    let plain = word.len() <= 24 && word.bytes().all(|byte| byte.is_ascii_digit() || b".,eE-+".contains(&byte));
    if plain { word.replace(',', ".").parse().ok().filter(|number: &f64| number.is_finite()) } else { None }
}

fn read_row(
    row: &Row<'_>,
    line: usize,
    raw: &mut RawProgramme,
    known: &mut HashMap<String, String>,
    notes: &mut Notes,
) {
    let place = super::frab::place(&format!("row {line}"), row.get("code").or(row.get("guid")));
    let mut session = RawSession::new(place.as_str());
    session.guid = row.get("slot_guid").or(row.get("guid")).map(str::to_owned);
    session.code = row.get("code").map(str::to_owned);
    session.id.clone_from(&session.code);
    if let Some(guid) = row.get("guid") {
        // A row whose slot has a guid of its own is one more slot of a session that a row before began.
        session.slot_of = known.insert(guid.to_owned(), guid.to_owned());
    }
    session.title = row.texts("title");
    session.subtitle = row.texts("subtitle");
    session.abstract_text = row.texts("abstract");
    session.description = row.texts("description");
    session.format = row.get("format").and_then(|name| raw.formats.named(name));
    session.forum = row.get("forum").or(row.get("track")).and_then(|name| raw.forums.named(name));
    session.language = row.get("language").map(str::to_owned);
    session.interpreted = row
        .get("interpreted")
        .into_iter()
        .flat_map(|tags| tags.split([' ', ',', ';', '、']))
        .map(str::trim)
        .filter(|tag| !tag.is_empty())
        .map(str::to_owned)
        .collect();
    session.state =
        row.get("state").and_then(|word| word.trim().to_lowercase().parse().ok()).unwrap_or(SessionState::Confirmed);
    session.may_record = !row.get("may_record").is_some_and(|word| word.trim().eq_ignore_ascii_case("no"));
    raw.zone = raw.zone.take().or_else(|| row.get("timezone").map(str::to_owned));
    let mut told = |read: Option<Result<_, String>>, problem| match read {
        Some(Ok(value)) => Some(value),
        Some(Err(word)) => {
            notes.warn(&place, problem, &word);
            None
        }
        None => None,
    };
    let start = told(row.moment("start").map(|read| read.map(RawEnd::At)), Problem::BadTime);
    let start = start.and_then(|start| if let RawEnd::At(moment) = start { Some(moment) } else { None });
    let end = told(row.end(start), if row.get("minutes").is_some() { Problem::BadDuration } else { Problem::BadTime });
    let room = row.get("room").and_then(|name| raw.rooms.named(name));
    if start.is_some() || end.is_some() {
        session.slots.push(RawSlot { room, start, end, ..RawSlot::default() });
    }
    let mut guids = row.get("speaker_guids").unwrap_or_default().split(';').map(str::trim);
    for words in
        row.get("speakers").unwrap_or_default().split([';', '；']).map(str::trim).filter(|words| !words.is_empty())
    {
        let role = words.strip_suffix(')').and_then(|words| words.rsplit_once(" ("));
        let role = role.and_then(|(name, role)| Some((name, role.parse().ok()?)));
        let mut person = RawPerson::new(place.as_str(), role.map_or(words, |(name, _)| name));
        person.role = role.map_or(person.role, |(_, role)| role);
        person.guid = guids.next().filter(|guid| !guid.is_empty()).map(str::to_owned);
        session.people.push(person);
    }
    for (column, kind) in [("links", LinkKind::Link), ("attachments", LinkKind::Attachment)] {
        for line in row.get(column).unwrap_or_default().lines().map(str::trim).filter(|line| !line.is_empty()) {
            let (title, url) = line.rsplit_once(' ').unwrap_or(("", line));
            session.links.push(RawLink { title: title.to_owned(), url: url.to_owned(), kind });
        }
    }
    raw.sessions.push(session);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn spreadsheets_keep_dates_as_numbers() {
        let at = |word: &str| serial(word).map(|at| at.to_string());
        assert_eq!(at("46490.375").as_deref(), Some("2027-04-13 09:00:00"));
        assert_eq!(at("46490,4166666667").as_deref(), Some("2027-04-13 10:00:00"));
        assert_eq!(at("46490").as_deref(), Some("2027-04-13 00:00:00"));
        for word in ["2027", "0.375", "nan", "1e999", "46490.375 x", "-46490"] {
            assert_eq!(at(word), None, "{word}");
        }
        assert_eq!(fraction("0.375"), NaiveTime::from_hms_opt(9, 0, 0));
        assert_eq!(fraction("1"), None);
    }

    #[test]
    fn columns_are_known_however_they_are_written() {
        for (head, separator) in [("Title EN;Start;End", b';'), ("title_en\tstart", b'\t'), ("\"Title\",start", b',')] {
            assert!(is_our_table(head), "{head}");
            assert_eq!(super::separator(head), separator);
        }
        assert!(!is_our_table("a,b,c") && !is_our_table("title"));
        assert_eq!(column_name(" \u{feff}\"Title - pt_BR\" "), "title_pt_br");
    }
}
