//! A table for spreadsheets: one row a slot, and one for each session without a slot.
//!
//! Columns: `guid` (of the session), `slot_guid`, `code`, `state`, for each of the event's languages
//! `title_…`, `subtitle_…`, `abstract_…` and `description_…`, then `format`, `forum`, `language`,
//! `interpreted` (tags, separated by spaces), `room`, `start` and `end` (with offset), `timezone`,
//! `may_record` (`yes` or `no`), `speakers` (separated by `;`, other roles in brackets), `speaker_guids`,
//! `links` and `attachments` (one a line, the title before the address). A cell that a spreadsheet
//! would take for a formula begins with `'`.

use super::Site;
use super::days::{Book, stamp};
use crate::i18n::{Lang, Localized};
use crate::interchange::read::FORMULA_SIGNS;
use crate::programme::model::{LinkKind, Role};
use crate::schedule::model::{Programme, ProgrammeSession, ProgrammeSlot};
use std::collections::BTreeSet;

/// Writes the release as a table.
#[must_use]
pub fn table(programme: &Programme, site: &Site) -> String {
    let book = Book::new(programme, site);
    let languages = languages(programme);
    let mut rows = vec![head(&languages)];
    for session in &programme.sessions {
        let slots: Vec<Option<&ProgrammeSlot>> = session.slots.iter().map(Some).collect();
        let slots = if slots.is_empty() { vec![None] } else { slots };
        rows.extend(slots.into_iter().map(|slot| row(&book, &languages, session, slot)));
    }
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        let cells = row.iter().map(|cell| safe(cell));
        // Writing into memory can't fail, and all rows have the same length.
        if writer.write_record(cells).is_err() {
            break;
        }
    }
    writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default()
}

/// An empty table to be filled in, with two rows that show how: one session with its time, one without.
#[must_use]
pub fn template(languages: &[Lang], day: chrono::NaiveDate, room: &str) -> String {
    let titles = languages.iter().map(|lang| format!("title_{lang}"));
    let rest = ["forum", "format", "language", "interpreted", "room", "date", "start", "end", "speakers", "code"];
    let head: Vec<String> = titles.chain(rest.map(str::to_owned)).collect();
    let main = languages.first().copied().unwrap_or(Lang::EN).to_string();
    let example = |title: &str, place: [&str; 4], code: &str| -> Vec<String> {
        let titles = languages.iter().map(|lang| format!("{title} ({lang})"));
        let cells = [
            "Water",
            "Panel",
            main.as_str(),
            "",
            place[0],
            place[1],
            place[2],
            place[3],
            "Ada Lovelace; Li Na (moderator)",
            code,
        ];
        titles.chain(cells.map(str::to_owned)).collect()
    };
    let day = day.to_string();
    let rows = [
        head,
        example("Example", [room, &day, "09:00", "10:30"], "example-1"),
        example("Example without a time", [""; 4], "example-2"),
    ];
    let mut writer = ::csv::WriterBuilder::new().terminator(::csv::Terminator::CRLF).from_writer(Vec::new());
    for row in rows {
        // Writing into memory can't fail, and all rows have the same length.
        if writer.write_record(row.iter().map(|cell| safe(cell))).is_err() {
            break;
        }
    }
    let text = writer.into_inner().ok().and_then(|bytes| String::from_utf8(bytes).ok()).unwrap_or_default();
    // By this mark spreadsheets know that it is UTF-8.
    format!("\u{feff}{text}")
}

/// The event's languages, then others that some session is written in.
fn languages(programme: &Programme) -> Vec<Lang> {
    let mut languages = programme.event.languages.clone();
    let texts = programme
        .sessions
        .iter()
        .flat_map(|session| [&session.title, &session.subtitle, &session.abstract_text, &session.description]);
    let used: BTreeSet<Lang> = texts.flat_map(Localized::iter).map(|(lang, _)| lang).collect();
    languages.extend(used.into_iter().filter(|lang| !programme.event.languages.contains(lang)));
    languages
}

fn head(languages: &[Lang]) -> Vec<String> {
    let mut head: Vec<String> = ["guid", "slot_guid", "code", "state"].map(str::to_owned).into();
    for field in ["title", "subtitle", "abstract", "description"] {
        head.extend(languages.iter().map(|lang| format!("{field}_{lang}")));
    }
    let rest = [
        "format",
        "forum",
        "language",
        "interpreted",
        "room",
        "start",
        "end",
        "timezone",
        "may_record",
        "speakers",
        "speaker_guids",
        "links",
        "attachments",
    ];
    head.extend(rest.map(str::to_owned));
    head
}

fn row(book: &Book<'_>, languages: &[Lang], session: &ProgrammeSession, slot: Option<&ProgrammeSlot>) -> Vec<String> {
    let slot_guid = slot.map(|slot| slot.guid.clone()).unwrap_or_default();
    let mut row = vec![session.guid.clone(), slot_guid, session.code.clone(), session.state.to_string()];
    for text in [&session.title, &session.subtitle, &session.abstract_text, &session.description] {
        row.extend(languages.iter().map(|lang| text.get(*lang).unwrap_or_default().to_owned()));
    }
    let time = |at: Option<crate::db::UtcTime>| at.map(|at| stamp(&at.in_zone(book.zone()))).unwrap_or_default();
    let interpreted: Vec<&str> = session.interpreted.iter().map(Lang::as_str).collect();
    let people: Vec<_> =
        session.people.iter().filter_map(|part| Some((book.speaker(part.speaker)?.0, part.role))).collect();
    let names: Vec<String> = people
        .iter()
        .map(|(speaker, role)| {
            let name = speaker.name.replace(';', ",");
            if *role == Role::Speaker { name } else { format!("{name} ({role})") }
        })
        .collect();
    let guids: Vec<&str> = people.iter().map(|(speaker, _)| speaker.guid.as_str()).collect();
    let links = |kind| {
        let links = session.links.iter().filter(|link| link.kind == kind);
        let lines: Vec<String> = links.map(|link| format!("{} {}", link.title, link.url).trim().to_owned()).collect();
        lines.join("\n")
    };
    row.extend([
        book.format(session.format).to_owned(),
        book.forum(session.forum).to_owned(),
        session.language.map(|lang| lang.to_string()).unwrap_or_default(),
        interpreted.join(" "),
        book.room(slot.and_then(|slot| slot.room)).to_owned(),
        time(slot.map(|slot| slot.start)),
        time(slot.map(|slot| slot.end)),
        book.zone().name().to_owned(),
        if session.may_record { "yes" } else { "no" }.to_owned(),
        names.join("; "),
        guids.join("; "),
        links(LinkKind::Link),
        links(LinkKind::Attachment),
    ]);
    row
}

/// A cell that no spreadsheet runs as a formula.
fn safe(cell: &str) -> String {
    let quoted = cell.strip_prefix('\'').is_some_and(|rest| rest.starts_with(FORMULA_SIGNS));
    if quoted || cell.starts_with(FORMULA_SIGNS) { format!("'{cell}") } else { cell.to_owned() }
}
