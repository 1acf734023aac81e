//! The charts of the page of numbers, each with its table.

use super::tables::{self, Table, TableView};
use super::words::Words;
use crate::numbers::chart::{self, ColumnsChart, RowsChart, Series, Share, share};
use crate::numbers::days::Bin;
use crate::numbers::model::{DayFigures, Filter, Numbers, Part, SeatFigures, Tally, binned};
use serde::Serialize;

/// One chart with its words and its table.
#[derive(Serialize)]
pub(super) struct Card {
    /// Columns or a line.
    columns: Option<ColumnsChart>,
    /// Bars.
    rows: Option<RowsChart>,
    /// The title.
    title: String,
    /// One sentence below the title.
    lead: String,
    table: TableView,
}

/// What every card needs.
pub(super) struct Desk<'a> {
    pub(super) words: &'a Words<'a>,
    pub(super) numbers: &'a Numbers,
    pub(super) filter: &'a Filter,
    /// Where the page is.
    pub(super) base: String,
}

/// Rows of a list that a chart names.
const NAMED: usize = 15;
/// Sessions shown at each end.
const ENDS: usize = 8;

impl Desk<'_> {
    fn table(&self, table: &Table) -> TableView {
        table.view(self.words, self.filter.url(&format!("{}/{}.csv", self.base, table.name)))
    }

    fn with_rows(&self, id: &'static str, (title, lead): (&str, String), shares: &[Share], table: &Table) -> Card {
        let title = self.words.text(title);
        let chart = chart::rows(id, (title.clone(), self.in_a_sentence(shares)), shares, self.words.is_mirrored);
        Card { columns: None, rows: Some(chart), title, lead, table: self.table(table) }
    }

    /// What a chart of rows shows, for who does not see it.
    fn in_a_sentence(&self, shares: &[Share]) -> String {
        let Some(first) = shares.iter().filter(|share| !share.is_rest).max_by_key(|share| share.count) else {
            return self.words.text("numbers-alt-nothing");
        };
        let count = i64::try_from(shares.len()).unwrap_or(0);
        self.words.with(
            "numbers-alt-rows",
            &[("count", count.into()), ("first", first.label.clone().into()), ("number", first.value.clone().into())],
        )
    }

    /// New registrations, and places held against all there are.
    pub(super) fn days(&self) -> Vec<Card> {
        let (bin, columns) = binned(&self.numbers.days);
        if columns.is_empty() {
            return Vec::new();
        }
        vec![self.made(bin, &columns), self.held(bin, &columns)]
    }

    fn made(&self, bin: Bin, columns: &[DayFigures]) -> Card {
        let words = self.words;
        let value = |day: &DayFigures| {
            let said = words.counted("numbers-made-on", day.registered);
            (day.registered, words.below(day.day), format!("{}: {said}", words.bin(bin, day.day)))
        };
        let values: Vec<_> = columns.iter().map(value).collect();
        let all: i64 = columns.iter().map(|day| day.registered).sum();
        let most = columns.iter().max_by_key(|day| day.registered);
        let description = most.map_or_else(String::new, |most| {
            words.with(
                "numbers-alt-days",
                &[
                    ("number", words.number(all).into()),
                    ("most", words.number(most.registered).into()),
                    ("day", words.bin(bin, most.day).into()),
                ],
            )
        });
        let title = words.text(match bin {
            Bin::Day => "numbers-by-day",
            Bin::Week => "numbers-by-week",
            Bin::Month => "numbers-by-month",
        });
        let series = Series {
            id: "by-day",
            title: title.clone(),
            description,
            values: &values,
            is_line: false,
            limit: None,
            is_mirrored: words.is_mirrored,
        };
        let chart = chart::columns(series, |number| words.number(number));
        let table = tables::days(words, bin, columns);
        Card {
            columns: Some(chart),
            rows: None,
            title,
            lead: words.counted("numbers-made", all),
            table: self.table(&table),
        }
    }

    fn held(&self, bin: Bin, columns: &[DayFigures]) -> Card {
        let words = self.words;
        let values: Vec<_> = columns.iter().map(|day| (day.held, words.below(day.day), String::new())).collect();
        let held = columns.last().map_or(0, |day| day.held);
        let capacity = self.numbers.capacity;
        let lead = match capacity {
            Some(capacity) => words.with(
                if self.numbers.leaves_out { "numbers-held-of-limited" } else { "numbers-held-of" },
                &[("number", words.number(held).into()), ("capacity", words.number(capacity).into())],
            ),
            None => words.counted("numbers-held-now", held),
        };
        let title = words.text("numbers-held-title");
        let series = Series {
            id: "held",
            title: title.clone(),
            description: lead.clone(),
            values: &values,
            is_line: true,
            limit: capacity.map(|capacity| (capacity, words.counted("numbers-places", capacity))),
            is_mirrored: words.is_mirrored,
        };
        let chart = chart::columns(series, |number| words.number(number));
        let table = tables::days(words, bin, columns);
        Card { columns: Some(chart), rows: None, title, lead, table: self.table(&table) }
    }

    /// How far people came.
    pub(super) fn funnel(&self) -> Card {
        let words = self.words;
        let mut before = None;
        let mut shares = Vec::new();
        for (step, count) in tables::steps(&self.numbers.funnel) {
            let value = match before.and_then(|before| share(count, before)) {
                Some(percent) => words.with(
                    "numbers-step-value",
                    &[("number", words.number(count).into()), ("percent", words.number(percent).into())],
                ),
                None => words.number(count),
            };
            let label = words.text(&format!("numbers-step-{step}"));
            shares.push(Share { label, count, value, ..Share::default() });
            before = Some(count);
        }
        let lead = if self.numbers.funnel.opened.is_some() { "numbers-funnel-lead" } else { "numbers-funnel-lead-one" };
        let table = tables::funnel(words, &self.numbers.funnel);
        self.with_rows("funnel", ("numbers-funnel", words.text(lead)), &shares, &table)
    }

    /// Where the form was opened from.
    pub(super) fn openings(&self) -> Option<Card> {
        let words = self.words;
        let shares: Vec<Share> = self
            .numbers
            .openings
            .iter()
            .take(NAMED)
            .map(|one| self.plain(words.opened_from(&one.source), one.openings))
            .collect();
        let table = tables::openings(words, self.numbers);
        let lead = words.text("numbers-openings-lead");
        (!shares.is_empty()).then(|| self.with_rows("openings", ("numbers-openings-title", lead), &shares, &table))
    }

    fn plain(&self, label: String, count: i64) -> Share {
        Share { label, count, value: self.words.number(count), ..Share::default() }
    }

    /// Each category against its places.
    pub(super) fn categories(&self) -> Option<Card> {
        let words = self.words;
        let one = |category: &crate::numbers::model::CategoryFigures| {
            let (taken, limit) = (i64::from(category.taken), category.capacity.map(i64::from));
            let value = match limit {
                Some(limit) => words.with(
                    "numbers-of",
                    &[("number", words.number(taken).into()), ("limit", words.number(limit).into())],
                ),
                None => words.number(taken),
            };
            Share { label: words.name(&category.name, "numbers-not-said"), count: taken, value, limit, is_rest: false }
        };
        let shares: Vec<Share> = self.numbers.categories.iter().map(one).collect();
        let table = tables::categories(words, self.numbers);
        let lead = match self.numbers.waiting {
            0 => words.text("numbers-categories-lead"),
            waiting => words.counted("numbers-categories-waiting", waiting),
        };
        (!shares.is_empty()).then(|| self.with_rows("categories", ("numbers-categories", lead), &shares, &table))
    }

    /// Countries: the most frequent, and the rest.
    pub(super) fn countries(&self) -> Card {
        let words = self.words;
        let countries = &self.numbers.countries;
        let mut shares = self.standing(&countries[..countries.len().min(NAMED)], |code| words.country(code));
        let rest = countries.iter().skip(NAMED);
        let others = i64::try_from(countries.len().saturating_sub(NAMED)).unwrap_or(0);
        if others > 0 {
            let count: i64 = rest.map(|part| part.tally.standing).sum();
            shares.push(self.rest(words.counted("numbers-other-countries", others), count));
        }
        let known = countries.iter().filter(|part| !part.key.is_empty()).count();
        let lead = words.counted("numbers-countries-lead", i64::try_from(known).unwrap_or(0));
        let table = tables::parts(words, ("countries", "numbers-country"), countries, |code| words.country(code));
        self.with_rows("countries", ("numbers-countries", lead), &shares, &table)
    }

    /// Organisations: the most frequent, and the rest.
    pub(super) fn organisations(&self) -> Card {
        let words = self.words;
        let all = &self.numbers.organisations;
        let mut shares = self.standing(&all.first, |name| words.organisation(name));
        let others = all.count - i64::try_from(all.first.len()).unwrap_or(0);
        if others > 0 {
            let named: i64 = all.first.iter().map(|part| part.tally.standing).sum();
            shares.push(self.rest(words.counted("numbers-other-organisations", others), all.total.standing - named));
        }
        let table = tables::organisations(words, all);
        let lead = words.counted("numbers-organisations-lead", all.count);
        self.with_rows("organisations", ("numbers-organisations", lead), &shares, &table)
    }

    fn rest(&self, label: String, count: i64) -> Share {
        Share { is_rest: true, ..self.plain(label, count) }
    }

    /// How registrations came to be.
    pub(super) fn sources(&self) -> Card {
        let words = self.words;
        let shares = self.standing(&self.numbers.sources, |source| words.source(source));
        let table =
            tables::parts(words, ("sources", "numbers-source"), &self.numbers.sources, |source| words.source(source));
        self.with_rows("sources", ("numbers-sources", words.text("numbers-sources-lead")), &shares, &table)
    }

    /// The languages of mails.
    pub(super) fn languages(&self) -> Card {
        let words = self.words;
        let shares = self.standing(&self.numbers.languages, |tag| words.language(tag));
        let table =
            tables::parts(words, ("languages", "numbers-language"), &self.numbers.languages, |tag| words.language(tag));
        self.with_rows("languages", ("numbers-languages", words.text("numbers-languages-lead")), &shares, &table)
    }

    fn standing(&self, parts: &[Part], named: impl Fn(&str) -> String) -> Vec<Share> {
        let standing = |tally: &Tally| tally.standing;
        parts.iter().map(|part| self.plain(named(&part.key), standing(&part.tally))).collect()
    }

    /// The door: people by day, entries by hour, gates.
    pub(super) fn door(&self) -> Vec<Card> {
        let door = &self.numbers.door;
        let mut cards = Vec::new();
        if door.days.iter().any(|day| day.people > 0) {
            cards.push(self.came());
        }
        if !door.hours.is_empty() {
            cards.push(self.hours());
        }
        if door.gates.iter().any(|gate| gate.entered + gate.refused > 0) {
            cards.push(self.gates());
        }
        cards
    }

    fn came(&self) -> Card {
        let words = self.words;
        let one = |day: &crate::numbers::model::CameOnDay| self.plain(words.format.day(day.day), day.people);
        let shares: Vec<Share> = self.numbers.door.days.iter().map(one).collect();
        let table = tables::came(words, self.numbers);
        self.with_rows("came", ("numbers-came-title", words.text("numbers-came-lead")), &shares, &table)
    }

    fn hours(&self) -> Card {
        let words = self.words;
        let zone = words.event.zone();
        let hours = &self.numbers.door.hours;
        let day_of = |index: usize| hours.get(index).map(|hour| hour.hour.in_zone(zone).date_naive());
        let is_one_day = day_of(0) == day_of(hours.len().saturating_sub(1));
        let value = |(index, hour): (usize, &crate::numbers::model::HourFigures)| {
            let at = hour.hour.in_zone(zone);
            let (day, time) = (words.format.day(at.date_naive()), words.format.time(at.time()));
            let said = words.counted("numbers-entered-in", hour.total());
            let begins_day = index == 0 || day_of(index - 1) != day_of(index);
            // Over several days what counts below is where each begins.
            let below = match (is_one_day, begins_day) {
                (true, _) => time.clone(),
                (false, true) => words.below(at.date_naive()),
                (false, false) => String::new(),
            };
            (hour.total(), below, format!("{day} {time}: {said}"))
        };
        let values: Vec<_> = hours.iter().enumerate().map(value).collect();
        let most = values.iter().max_by_key(|value| value.0).map(|value| value.2.clone()).unwrap_or_default();
        let title = words.text("numbers-hours");
        let series = Series {
            id: "hours",
            title: title.clone(),
            description: words.with("numbers-alt-hours", &[("most", most.clone().into())]),
            values: &values,
            is_line: false,
            limit: None,
            is_mirrored: words.is_mirrored,
        };
        let chart = chart::columns(series, |number| words.number(number));
        let table = tables::hours(words, self.numbers);
        let lead = words.with("numbers-alt-hours", &[("most", most.into())]);
        Card { columns: Some(chart), rows: None, title, lead, table: self.table(&table) }
    }

    fn gates(&self) -> Card {
        let words = self.words;
        let one = |gate: &crate::numbers::model::GateFigures| {
            self.plain(words.name(&gate.name, "numbers-gate-deleted"), gate.entered)
        };
        let shares: Vec<Share> = self.numbers.door.gates.iter().map(one).collect();
        let table = tables::gates(words, self.numbers);
        let lead = match self.numbers.door.inside {
            Some(inside) => words.counted("numbers-inside-now", inside),
            None => words.text("numbers-gates-lead"),
        };
        self.with_rows("gates", ("numbers-gates", lead), &shares, &table)
    }
}

/// Sessions by how full they are: both ends, or all where there are few.
pub(super) fn seats(words: &Words<'_>, seats: &[SeatFigures], base: &str) -> Vec<Card> {
    // Before anybody has booked no session is fuller than another.
    if seats.iter().all(|one| one.taken == 0) {
        return Vec::new();
    }
    let table = tables::seats(words, seats);
    let card = |id: &'static str, title: &str, shown: &[&SeatFigures], csv_of: &Table| {
        let shares: Vec<Share> = shown.iter().map(|one| seat(words, one)).collect();
        let title = words.text(title);
        let (capacity, taken): (i64, i64) =
            seats.iter().fold((0, 0), |sum, one| (sum.0 + i64::from(one.capacity), sum.1 + i64::from(one.taken)));
        let lead = words.with(
            "numbers-seats-lead",
            &[("number", words.number(taken).into()), ("limit", words.number(capacity).into())],
        );
        let chart = chart::rows(id, (title.clone(), lead.clone()), &shares, words.is_mirrored);
        Card { columns: None, rows: Some(chart), title, lead, table: csv_of.view(words, format!("{base}/seats.csv")) }
    };
    if seats.len() <= ENDS * 2 {
        let all: Vec<&SeatFigures> = seats.iter().collect();
        return vec![card("seats", "numbers-seats-title", &all, &table)];
    }
    let fullest: Vec<&SeatFigures> = seats.iter().take(ENDS).collect();
    let emptiest: Vec<&SeatFigures> = seats.iter().rev().take(ENDS).collect();
    vec![card("fullest", "numbers-fullest", &fullest, &table), card("emptiest", "numbers-emptiest", &emptiest, &table)]
}

/// One session's seats: the bar is how full it is, whatever its size.
fn seat(words: &Words<'_>, one: &SeatFigures) -> Share {
    let (taken, capacity) = (i64::from(one.taken), i64::from(one.capacity));
    let of = [("number", words.number(taken).into()), ("limit", words.number(capacity).into())];
    let value = if one.waiting > 0 {
        let waiting = ("waiting", words.number(one.waiting).into());
        words.with("numbers-of-waiting", &[of[0].clone(), of[1].clone(), waiting])
    } else {
        words.with("numbers-of", &of)
    };
    let percent = share(taken, capacity).unwrap_or(0);
    let label = words.name(&one.title, "numbers-not-said");
    Share { label, count: percent, value, limit: Some(100), is_rest: false }
}
