//! The tables behind the charts: the same rows for a page and for a file.

use super::words::Words;
use crate::numbers::chart::share;
use crate::numbers::days::Bin;
use crate::numbers::model::{DayFigures, Funnel, Numbers, Organisations, Part, SeatFigures, Tally, total};
use crate::registration::desk::safe_cell;
use serde::Serialize;

/// Where a column is shown.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    /// Codes and dates for programs: in the file alone.
    Code,
    /// The same for people: on the page alone.
    Shown,
    /// Names, on both.
    Name,
    /// Numbers, on both.
    Number,
}

/// One cell.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Cell {
    Word(String),
    Number(i64),
    /// Nothing that could be counted.
    Nothing,
}

/// A table.
pub(super) struct Table {
    /// Its name in addresses.
    pub(super) name: &'static str,
    /// The heads: the word in the file, the words on the page.
    pub(super) heads: Vec<(String, String, Kind)>,
    pub(super) rows: Vec<Vec<Cell>>,
    /// The last line; empty where a sum means nothing.
    pub(super) total: Vec<Cell>,
}

/// A table as a page shows it.
#[derive(Serialize)]
pub(super) struct TableView {
    heads: Vec<CellView>,
    rows: Vec<Vec<CellView>>,
    total: Vec<CellView>,
    csv_url: String,
}

#[derive(Serialize)]
struct CellView {
    text: String,
    is_number: bool,
}

impl Table {
    fn new(name: &'static str, words: &Words<'_>, heads: &[(&'static str, &str, Kind)]) -> Self {
        let heads = heads.iter().map(|(key, text, kind)| ((*key).to_owned(), words.text(text), *kind)).collect();
        Self { name, heads, rows: Vec::new(), total: Vec::new() }
    }

    /// As a page shows it; `csv_url` is where the file is.
    pub(super) fn view(&self, words: &Words<'_>, csv_url: String) -> TableView {
        let shown = |kind: Kind| kind != Kind::Code;
        let cells = |row: &Vec<Cell>| {
            let cells = row.iter().zip(&self.heads).filter(|(_, head)| shown(head.2));
            cells
                .map(|(cell, head)| CellView { text: worded(words, cell), is_number: head.2 == Kind::Number })
                .collect()
        };
        let heads = self.heads.iter().filter(|head| shown(head.2));
        TableView {
            heads: heads.map(|head| CellView { text: head.1.clone(), is_number: head.2 == Kind::Number }).collect(),
            rows: self.rows.iter().map(cells).collect(),
            total: cells(&self.total),
            csv_url,
        }
    }

    /// As CSV (RFC 4180), with the mark by which spreadsheets know UTF-8.
    pub(super) fn csv(&self) -> Result<Vec<u8>, csv::Error> {
        let mut file =
            csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer("\u{FEFF}".as_bytes().to_vec());
        let kept: Vec<bool> = self.heads.iter().map(|head| head.2 != Kind::Shown).collect();
        let of_file = |index: usize| kept.get(index).copied().unwrap_or(false);
        file.write_record(
            self.heads.iter().filter(|head| head.2 != Kind::Shown).map(|head| safe_cell(&head.0).into_owned()),
        )?;
        for row in &self.rows {
            let cells = row.iter().enumerate().filter(|(index, _)| of_file(*index)).map(|(_, cell)| match cell {
                Cell::Word(word) => safe_cell(word).into_owned(),
                Cell::Number(number) => number.to_string(),
                Cell::Nothing => String::new(),
            });
            file.write_record(cells)?;
        }
        file.into_inner().map_err(|error| csv::Error::from(error.into_error()))
    }
}

fn worded(words: &Words<'_>, cell: &Cell) -> String {
    match cell {
        Cell::Word(word) => word.clone(),
        Cell::Number(number) => words.number(*number),
        Cell::Nothing => "–".to_owned(),
    }
}

fn word(text: impl Into<String>) -> Cell {
    Cell::Word(text.into())
}

fn optional(number: Option<i64>) -> Cell {
    number.map_or(Cell::Nothing, Cell::Number)
}

/// The heads that end every breakdown.
const TALLY: [(&str, &str, Kind); 4] = [
    ("registered", "numbers-registered", Kind::Number),
    ("standing", "numbers-standing", Kind::Number),
    ("confirmed", "numbers-confirmed", Kind::Number),
    ("came", "numbers-came", Kind::Number),
];

fn tallied(tally: &Tally) -> [Cell; 4] {
    [tally.registered, tally.standing, tally.confirmed, tally.came].map(Cell::Number)
}

/// Days, or what they are put together to.
pub(super) fn days(words: &Words<'_>, bin: Bin, days: &[DayFigures]) -> Table {
    let mut table = Table::new(
        "days",
        words,
        &[
            ("day", "numbers-day", Kind::Code),
            ("", "numbers-day", Kind::Shown),
            ("registered", "numbers-registered", Kind::Number),
            ("ended", "numbers-ended", Kind::Number),
            ("places_held", "numbers-held", Kind::Number),
        ],
    );
    for day in days {
        let shown = word(words.bin(bin, day.day));
        let numbers = [day.registered, day.ended, day.held].map(Cell::Number);
        table.rows.push([word(day.day.to_string()), shown].into_iter().chain(numbers).collect());
    }
    let sum = |of: fn(&DayFigures) -> i64| Cell::Number(days.iter().map(of).sum());
    let all = word(words.text("numbers-total"));
    table.total = vec![Cell::Nothing, all, sum(|day| day.registered), sum(|day| day.ended), Cell::Nothing];
    table
}

/// How far people came.
pub(super) fn funnel(words: &Words<'_>, funnel: &Funnel) -> Table {
    let mut table = Table::new(
        "funnel",
        words,
        &[
            ("step", "numbers-step", Kind::Code),
            ("", "numbers-step", Kind::Shown),
            ("count", "numbers-count", Kind::Number),
            ("percent_of_step_before", "numbers-of-before", Kind::Number),
        ],
    );
    let mut before = None;
    for (step, count) in steps(funnel) {
        let of_before = before.and_then(|before| share(count, before));
        let name = words.text(&format!("numbers-step-{step}"));
        table.rows.push(vec![word(step), word(name), Cell::Number(count), optional(of_before)]);
        before = Some(count);
    }
    table
}

/// The steps of the funnel that are known.
pub(super) fn steps(funnel: &Funnel) -> Vec<(&'static str, i64)> {
    let opened = funnel.opened.map(|opened| ("opened", opened));
    let rest = [
        ("registered", funnel.registered),
        ("verified", funnel.verified),
        ("confirmed", funnel.confirmed),
        ("came", funnel.came),
    ];
    opened.into_iter().chain(rest).collect()
}

/// Where the form was opened from.
pub(super) fn openings(words: &Words<'_>, numbers: &Numbers) -> Table {
    let heads = [
        ("source", "numbers-opened-from", Kind::Code),
        ("", "numbers-opened-from", Kind::Shown),
        ("openings", "numbers-openings", Kind::Number),
    ];
    let mut table = Table::new("openings", words, &heads);
    for one in &numbers.openings {
        table.rows.push(vec![word(&one.source), word(words.opened_from(&one.source)), Cell::Number(one.openings)]);
    }
    let all = numbers.openings.iter().map(|one| one.openings).sum();
    table.total = vec![Cell::Nothing, word(words.text("numbers-total")), Cell::Number(all)];
    table
}

/// Each category with its places.
pub(super) fn categories(words: &Words<'_>, numbers: &Numbers) -> Table {
    let heads: Vec<_> = [
        ("category", "numbers-category", Kind::Code),
        ("name", "numbers-category", Kind::Name),
        ("capacity", "numbers-capacity", Kind::Number),
        ("taken", "numbers-taken", Kind::Number),
        ("waiting", "numbers-waiting", Kind::Number),
    ]
    .into_iter()
    .chain(TALLY)
    .collect();
    let mut table = Table::new("categories", words, &heads);
    for one in &numbers.categories {
        let places = [optional(one.capacity.map(i64::from)), Cell::Number(one.taken.into()), Cell::Number(one.waiting)];
        let names = [word(&one.code), word(words.name(&one.name, "numbers-not-said"))];
        table.rows.push(names.into_iter().chain(places).chain(tallied(&one.tally)).collect());
    }
    let taken = numbers.categories.iter().map(|one| i64::from(one.taken)).sum();
    let all = [Cell::Nothing, word(words.text("numbers-total")), optional(numbers.capacity), Cell::Number(taken)];
    table.total = all.into_iter().chain([Cell::Number(numbers.waiting)]).chain(tallied(&numbers.total)).collect();
    table
}

/// Parts of the whole: countries, sources or languages, each named by `name`.
pub(super) fn parts(
    words: &Words<'_>,
    (name, head): (&'static str, &str),
    parts: &[Part],
    named: impl Fn(&str) -> String,
) -> Table {
    let heads: Vec<_> = [("code", head, Kind::Code), ("name", head, Kind::Name)].into_iter().chain(TALLY).collect();
    let mut table = Table::new(name, words, &heads);
    for part in parts {
        table.rows.push([word(&part.key), word(named(&part.key))].into_iter().chain(tallied(&part.tally)).collect());
    }
    let whole = total(parts.iter().map(|part| &part.tally));
    table.total = [Cell::Nothing, word(words.text("numbers-total"))].into_iter().chain(tallied(&whole)).collect();
    table
}

/// Organisations; on the page with the rest in one line.
pub(super) fn organisations(words: &Words<'_>, all: &Organisations) -> Table {
    let heads = [("organisation", "numbers-organisation", Kind::Name), TALLY[0], TALLY[1]];
    let mut table = Table::new("organisations", words, &heads);
    for part in &all.first {
        let name = word(words.organisation(&part.key));
        table.rows.push(vec![name, Cell::Number(part.tally.registered), Cell::Number(part.tally.standing)]);
    }
    let named = total(all.first.iter().map(|part| &part.tally));
    let others = all.count - i64::try_from(all.first.len()).unwrap_or(0);
    if others > 0 && all.total != Tally::default() {
        let (registered, standing) = (all.total.registered - named.registered, all.total.standing - named.standing);
        let label = word(words.counted("numbers-other-organisations", others));
        table.rows.push(vec![label, Cell::Number(registered), Cell::Number(standing)]);
    }
    table.total =
        vec![word(words.text("numbers-total")), Cell::Number(all.total.registered), Cell::Number(all.total.standing)];
    table
}

/// Hours at the door, with a column for each gate on the page and in the file.
pub(super) fn hours(words: &Words<'_>, numbers: &Numbers) -> Table {
    let heads = [
        ("hour", "numbers-hour", Kind::Code),
        ("", "numbers-hour", Kind::Shown),
        ("entered", "numbers-entered", Kind::Number),
    ];
    let mut table = Table::new("hours", words, &heads);
    let door = &numbers.door;
    let width = door.hours.first().map_or(0, |hour| hour.entered.len());
    for gate in door.gates.iter().take(width) {
        let head = if gate.code.is_empty() { "entered_elsewhere".to_owned() } else { format!("entered_{}", gate.code) };
        table.heads.push((head, words.name(&gate.name, "numbers-gate-deleted"), Kind::Number));
    }
    for hour in &door.hours {
        let at = hour.hour.in_zone(words.event.zone());
        let shown = words.format.day(at.date_naive()) + " " + &words.format.time(at.time());
        let by_gate = hour.entered.iter().map(|count| Cell::Number(*count));
        let first = [word(at.to_rfc3339()), word(shown), Cell::Number(hour.total())];
        table.rows.push(first.into_iter().chain(by_gate).collect());
    }
    let sum = |index: usize| door.hours.iter().filter_map(|hour| hour.entered.get(index)).sum();
    let all: i64 = door.hours.iter().map(crate::numbers::model::HourFigures::total).sum();
    let first = [Cell::Nothing, word(words.text("numbers-total")), Cell::Number(all)];
    table.total = first.into_iter().chain((0..width).map(|index| Cell::Number(sum(index)))).collect();
    table
}

/// Gates.
pub(super) fn gates(words: &Words<'_>, numbers: &Numbers) -> Table {
    let heads = [
        ("gate", "numbers-gate", Kind::Code),
        ("name", "numbers-gate", Kind::Name),
        ("entered", "numbers-entered", Kind::Number),
        ("refused", "numbers-refused", Kind::Number),
        ("inside", "numbers-inside", Kind::Number),
    ];
    let mut table = Table::new("gates", words, &heads);
    for gate in &numbers.door.gates {
        let name = word(words.name(&gate.name, "numbers-gate-deleted"));
        let counts = [Cell::Number(gate.entered), Cell::Number(gate.refused), optional(gate.inside.map(i64::from))];
        table.rows.push([word(&gate.code), name].into_iter().chain(counts).collect());
    }
    let sum =
        |of: fn(&crate::numbers::model::GateFigures) -> i64| Cell::Number(numbers.door.gates.iter().map(of).sum());
    let all = word(words.text("numbers-total"));
    table.total =
        vec![Cell::Nothing, all, sum(|gate| gate.entered), sum(|gate| gate.refused), optional(numbers.door.inside)];
    table
}

/// Days of the event at the door.
pub(super) fn came(words: &Words<'_>, numbers: &Numbers) -> Table {
    let heads = [
        ("day", "numbers-day", Kind::Code),
        ("", "numbers-day", Kind::Shown),
        ("people", "numbers-people", Kind::Number),
        ("entries", "numbers-entries", Kind::Number),
    ];
    let mut table = Table::new("came", words, &heads);
    for day in &numbers.door.days {
        let shown = word(words.format.day(day.day));
        table.rows.push(vec![word(day.day.to_string()), shown, Cell::Number(day.people), Cell::Number(day.entries)]);
    }
    table
}

/// Seats.
pub(super) fn seats(words: &Words<'_>, seats: &[SeatFigures]) -> Table {
    let heads = [
        ("session", "numbers-session", Kind::Code),
        ("title", "numbers-session", Kind::Name),
        ("capacity", "numbers-seats", Kind::Number),
        ("taken", "numbers-taken", Kind::Number),
        ("waiting", "numbers-waiting", Kind::Number),
    ];
    let mut table = Table::new("seats", words, &heads);
    for one in seats {
        let title = word(words.name(&one.title, "numbers-not-said"));
        let counts = [Cell::Number(one.capacity.into()), Cell::Number(one.taken.into()), Cell::Number(one.waiting)];
        table.rows.push([word(&one.code), title].into_iter().chain(counts).collect());
    }
    let sum = |of: fn(&SeatFigures) -> i64| Cell::Number(seats.iter().map(of).sum());
    let all = word(words.text("numbers-total"));
    table.total =
        vec![Cell::Nothing, all, sum(|one| one.capacity.into()), sum(|one| one.taken.into()), sum(|one| one.waiting)];
    table
}
