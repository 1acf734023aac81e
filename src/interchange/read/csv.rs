//! Our own table: one row a slot. The columns are described where the table is written.

use super::input;
use super::limits::Limits;
use super::raw::{RawEnd, RawLink, RawPerson, RawProgramme, RawSession, RawSlot, Texts};
use super::times;
use crate::i18n::Lang;
use crate::interchange::model::FileFormat;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use crate::programme::model::{LinkKind, SessionState};
use std::collections::HashMap;

/// Signs that a spreadsheet would take for the beginning of a formula; our table puts `'` before them.
pub(in crate::interchange) const FORMULA_SIGNS: &[char] = &['=', '+', '-', '@', '\t', '\r'];

/// Whether the first line is the head of our table.
pub(super) fn is_our_table(head: &str) -> bool {
    let columns: Vec<&str> =
        head.lines().next().unwrap_or_default().split(',').map(|name| name.trim().trim_matches('"')).collect();
    columns.contains(&"start") && columns.iter().any(|name| name.starts_with("title"))
}

/// Reads the table.
pub(super) fn read(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<RawProgramme, ReadError> {
    let text = input::decode(bytes)?;
    let mut table = ::csv::ReaderBuilder::new().flexible(true).from_reader(text.as_bytes());
    let broken = |error: ::csv::Error| ReadError::new(Fault::BrokenCsv, error);
    let head = table.headers().map_err(broken)?.clone();
    if !head.iter().any(|name| name.trim().starts_with("title")) {
        return Err(ReadError::new(Fault::NoProgramme, "title"));
    }
    let mut raw = RawProgramme::new(FileFormat::Csv);
    for lang in head.iter().filter_map(|name| name.trim().strip_prefix("title_")).filter_map(|tag| tag.parse().ok()) {
        raw.languages.push(lang);
    }
    let mut known = HashMap::new();
    for (index, record) in table.records().enumerate() {
        let record = record.map_err(broken)?;
        let row = Row { head: &head, record: &record };
        if index > limits.sessions {
            return Err(ReadError::new(Fault::TooManySessions, limits.sessions));
        }
        read_row(&row, index + 2, &mut raw, &mut known, notes);
    }
    Ok(raw)
}

struct Row<'r> {
    head: &'r ::csv::StringRecord,
    record: &'r ::csv::StringRecord,
}

impl Row<'_> {
    fn get(&self, name: &str) -> Option<&str> {
        let place = self.head.iter().position(|column| column.trim() == name)?;
        let cell = self.record.get(place)?;
        let cell = cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA_SIGNS)).unwrap_or(cell);
        Some(cell).filter(|cell| !cell.trim().is_empty())
    }

    fn texts(&self, name: &str) -> Texts {
        let mut texts = Texts::maybe(self.get(name));
        for column in self.head.iter() {
            let lang = column.trim().strip_prefix(name).and_then(|rest| rest.strip_prefix('_'));
            if let (Some(lang), Some(text)) = (lang.and_then(|tag| tag.parse::<Lang>().ok()), self.get(column.trim())) {
                texts.push(Some(lang), text);
            }
        }
        texts
    }
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
    session.forum = row.get("forum").and_then(|name| raw.forums.named(name));
    session.language = row.get("language").map(str::to_owned);
    session.interpreted =
        row.get("interpreted").into_iter().flat_map(str::split_whitespace).map(str::to_owned).collect();
    session.state = row.get("state").and_then(|word| word.parse().ok()).unwrap_or(SessionState::Confirmed);
    session.may_record = row.get("may_record") != Some("no");
    raw.zone = raw.zone.take().or_else(|| row.get("timezone").map(str::to_owned));
    let mut moment = |name: &str| {
        let word = row.get(name)?;
        let read = times::moment(word);
        if read.is_none() {
            notes.warn(&place, Problem::BadTime, word);
        }
        read
    };
    let (start, end) = (moment("start"), moment("end").map(RawEnd::At));
    let room = row.get("room").and_then(|name| raw.rooms.named(name));
    if start.is_some() || end.is_some() {
        session.slots.push(RawSlot { room, start, end, ..RawSlot::default() });
    }
    let mut guids = row.get("speaker_guids").unwrap_or_default().split(';').map(str::trim);
    for words in row.get("speakers").unwrap_or_default().split(';').map(str::trim).filter(|words| !words.is_empty()) {
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
