//! What is counted, and the sums that pages show.

use super::days::{Bin, by_day, every_day};
use crate::db::{CategoryId, ForumId, GateId, SessionId, UtcTime};
use crate::i18n::Localized;
use crate::registration::category::Category;
use crate::registration::model::{RegistrationState, Source};
use chrono::NaiveDate;
use chrono_tz::Tz;
use serde::Serialize;
use std::cmp::Reverse;
use std::collections::BTreeMap;
use std::ops::AddAssign;

/// What is counted: one category or all, in a span of days on the event's clocks.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// The code of a category; all when empty.
    pub category: String,
    /// The first day.
    pub from: Option<NaiveDate>,
    /// The last day.
    pub to: Option<NaiveDate>,
}

impl Filter {
    /// Reads the parameters of a page; what makes no sense is left out, and days the wrong way round are turned.
    #[must_use]
    pub fn read<'a>(param: impl Fn(&str) -> Option<&'a str>) -> Self {
        let day = |name| param(name).and_then(|text| text.trim().parse::<NaiveDate>().ok());
        let (from, to) = match (day("from"), day("to")) {
            (Some(from), Some(to)) if to < from => (Some(to), Some(from)),
            days => days,
        };
        let category = param("category").unwrap_or_default().trim().chars().take(100).collect();
        Self { category, from, to }
    }

    /// Whether not everything is counted.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.category.is_empty() || self.from.is_some() || self.to.is_some()
    }

    /// The address of a page with these parameters.
    #[must_use]
    pub fn url(&self, path: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        if !self.category.is_empty() {
            query.append_pair("category", &self.category);
        }
        for (name, day) in [("from", self.from), ("to", self.to)] {
            if let Some(day) = day {
                query.append_pair(name, &day.to_string());
            }
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// How many registrations are alike in everything that is counted by.
#[derive(Clone, Debug)]
pub struct Group {
    /// The category.
    pub category: CategoryId,
    /// Where they stand.
    pub state: RegistrationState,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The language of their mails.
    pub language: String,
    /// How they came to be.
    pub source: Source,
    /// How many.
    pub count: i64,
    /// How many of them have ever confirmed their address.
    pub verified: i64,
    /// How many of them have ever been let in.
    pub came: i64,
}

/// What became of some registrations; each number holds the ones below it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// All that were made.
    pub registered: i64,
    /// Those that were not given up, rejected or left to run out.
    pub standing: i64,
    /// Those that have a place and a ticket.
    pub confirmed: i64,
    /// Those whose holder was let in.
    pub came: i64,
}

impl From<&Group> for Tally {
    fn from(group: &Group) -> Self {
        let is_confirmed = group.state == RegistrationState::Confirmed;
        Self {
            registered: group.count,
            standing: if group.state.is_end() { 0 } else { group.count },
            confirmed: if is_confirmed { group.count } else { 0 },
            came: if is_confirmed { group.came } else { 0 },
        }
    }
}

impl AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.registered += other.registered;
        self.standing += other.standing;
        self.confirmed += other.confirmed;
        self.came += other.came;
    }
}

/// The sum of tallies.
#[must_use]
pub fn total<'a>(tallies: impl IntoIterator<Item = &'a Tally>) -> Tally {
    tallies.into_iter().fold(Tally::default(), |mut sum, tally| {
        sum += *tally;
        sum
    })
}

/// Groups put together by what `key` says of them, the most standing first.
#[must_use]
pub fn tally_by<K: Ord>(groups: &[Group], key: impl Fn(&Group) -> K) -> Vec<(K, Tally)> {
    let mut by_key: BTreeMap<K, Tally> = BTreeMap::new();
    for group in groups {
        *by_key.entry(key(group)).or_default() += Tally::from(group);
    }
    let mut sorted: Vec<(K, Tally)> = by_key.into_iter().collect();
    sorted.sort_by_key(|part| Reverse((part.1.standing, part.1.registered)));
    sorted
}

/// One thing that registrations are counted by, and what became of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Part {
    /// The code of a category, country, language or source, or the name of an organisation; may be empty.
    pub key: String,
    /// What became of them.
    #[serde(flatten)]
    pub tally: Tally,
}

/// Organisations, the most frequent by name.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Organisations {
    /// Those with the most people, first.
    pub first: Vec<Part>,
    /// How many there are.
    pub count: i64,
    /// Everybody's tally.
    #[serde(skip)]
    pub total: Tally,
}

/// One category with its places as they are now, and what became of registrations in the span.
#[derive(Clone, Debug, Serialize)]
pub struct CategoryFigures {
    /// Its code.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// How many places there are, where there is a limit.
    pub capacity: Option<i32>,
    /// How many are taken now, reserved ones too.
    pub taken: i32,
    /// How many wait now.
    pub waiting: i64,
    /// What became of registrations in the span.
    #[serde(flatten)]
    pub tally: Tally,
}

/// How far people came who began at the public form; each number holds the ones after it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Funnel {
    /// How often the form was opened; none with one category, because the form is one for all.
    pub opened: Option<i64>,
    /// Registrations by the form, with a code or without.
    pub registered: i64,
    /// Those who have confirmed their address.
    pub verified: i64,
    /// Those who have a place and a ticket.
    pub confirmed: i64,
    /// Those who were let in.
    pub came: i64,
}

impl Funnel {
    /// From all groups: whoever the team added, a delegation or a list brought did not use the form.
    #[must_use]
    pub fn of(groups: &[Group], opened: Option<i64>) -> Self {
        let mut funnel = Self { opened, ..Self::default() };
        for group in groups.iter().filter(|group| matches!(group.source, Source::Form | Source::Code)) {
            let tally = Tally::from(group);
            funnel.registered += group.count;
            // Offered places are taken up without a link of their own.
            funnel.verified += group.verified.max(tally.confirmed);
            funnel.confirmed += tally.confirmed;
            funnel.came += tally.came;
        }
        funnel
    }
}

/// One day on the event's clocks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct DayFigures {
    /// The day.
    pub day: NaiveDate,
    /// Registrations made.
    pub registered: i64,
    /// Registrations given up, rejected or run out.
    pub ended: i64,
    /// Places that people held at its end.
    pub held: i64,
}

/// Registrations made in one hour.
#[derive(Clone, Copy, Debug)]
pub struct MadeInHour {
    /// When the hour begins.
    pub hour: UtcTime,
    /// All of them.
    pub registered: i64,
    /// Those that hold a place now, of categories whose places are counted.
    pub holding: i64,
}

/// Registrations that ended, by the hours in which they were made and ended.
#[derive(Clone, Copy, Debug)]
pub struct EndedInHour {
    /// When the hour begins in which they ended.
    pub hour: UtcTime,
    /// When the hour begins in which they were made.
    pub made: UtcTime,
    /// All of them.
    pub count: i64,
    /// Those that held a place; whoever only waited never did.
    pub held: i64,
}

/// What happened on each day of a span; without one, from the first registration up to `today`.
#[must_use]
pub fn day_figures(
    (made, ended): (&[MadeInHour], &[EndedInHour]),
    filter: &Filter,
    (zone, today, ends_on): (Tz, NaiveDate, NaiveDate),
) -> Vec<DayFigures> {
    let registered = by_day(made.iter().map(|one| (one.hour, one.registered)), zone);
    let ends = by_day(ended.iter().map(|one| (one.hour, one.count)), zone);
    let mut change = by_day(made.iter().map(|one| (one.hour, one.holding)), zone);
    for (day, count) in by_day(ended.iter().map(|one| (one.made, one.held)), zone) {
        *change.entry(day).or_default() += count;
    }
    for (day, count) in by_day(ended.iter().map(|one| (one.hour, one.held)), zone) {
        *change.entry(day).or_default() -= count;
    }
    let seen = registered.keys().chain(ends.keys()).copied();
    let Some(first) = filter.from.or(seen.clone().min()) else { return Vec::new() };
    let last = filter.to.unwrap_or(today).min(today.min(ends_on).max(seen.max().unwrap_or(first)));
    let days = every_day(first, last);
    let mut held: i64 = days.first().map_or(0, |first| change.range(..*first).map(|(_, change)| change).sum());
    days.into_iter()
        .map(|day| {
            held += change.get(&day).copied().unwrap_or(0);
            let of = |counts: &BTreeMap<NaiveDate, i64>| counts.get(&day).copied().unwrap_or(0);
            DayFigures { day, registered: of(&registered), ended: of(&ends), held }
        })
        .collect()
}

/// Days put together to what one column of a chart shows.
#[must_use]
pub fn binned(days: &[DayFigures]) -> (Bin, Vec<DayFigures>) {
    let bin = Bin::for_days(i64::try_from(days.len()).unwrap_or(i64::MAX));
    let mut columns: Vec<DayFigures> = Vec::new();
    for day in days {
        match columns.last_mut() {
            Some(last) if bin.start(last.day) == bin.start(day.day) => {
                last.registered += day.registered;
                last.ended += day.ended;
                last.held = day.held;
            }
            _ => columns.push(*day),
        }
    }
    (bin, columns)
}

/// Scans of one gate in one hour.
#[derive(Clone, Debug)]
pub struct ScannedInHour {
    /// The gate; none when it was deleted since.
    pub gate: Option<GateId>,
    /// When the hour begins.
    pub hour: UtcTime,
    /// Let in.
    pub entered: i64,
    /// Turned away.
    pub refused: i64,
}

/// One hour at the door, on the event's clocks.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct HourFigures {
    /// When it begins, in UTC: the clocks may show an hour twice.
    pub hour: UtcTime,
    /// Let in by each gate, in the order of the gates; last of all by gates deleted since.
    pub entered: Vec<i64>,
}

impl HourFigures {
    /// Let in by any gate.
    #[must_use]
    pub fn total(&self) -> i64 {
        self.entered.iter().sum()
    }
}

/// One gate.
#[derive(Clone, Debug, Serialize)]
pub struct GateFigures {
    /// Its code; empty for those deleted since.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// Let in.
    pub entered: i64,
    /// Turned away.
    pub refused: i64,
    /// Who is inside by it now; none where nobody scans out.
    pub inside: Option<i32>,
}

/// One day of the event at the door.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct CameOnDay {
    /// The day.
    pub day: NaiveDate,
    /// How many people were let in, each once.
    pub people: i64,
    /// How often somebody was let in.
    pub entries: i64,
}

/// The door.
#[derive(Clone, Debug, Default, Serialize)]
pub struct Door {
    /// Each gate in its order; last of all those deleted since, if any were used.
    pub gates: Vec<GateFigures>,
    /// Each hour in which somebody was let in, and those between two of the same day.
    pub hours: Vec<HourFigures>,
    /// Each day of the event that has begun.
    pub days: Vec<CameOnDay>,
    /// Who is inside now; none where nobody scans out.
    pub inside: Option<i64>,
}

/// The seats of one session, as they are now.
#[derive(Clone, Debug, Serialize)]
pub struct SeatFigures {
    /// The session.
    #[serde(skip)]
    pub session: SessionId,
    /// Its code.
    pub code: String,
    /// Its title.
    pub title: Localized,
    /// Its forum.
    #[serde(skip)]
    pub forum: Option<ForumId>,
    /// How many seats there are.
    pub capacity: i32,
    /// How many are taken.
    pub taken: i32,
    /// How many wait.
    pub waiting: i64,
}

impl SeatFigures {
    /// Full ones first, by what is left; where as much is left, by who waits.
    fn order(&self) -> (i64, i64) {
        let capacity = i64::from(self.capacity).max(1);
        (-(i64::from(self.taken) * 100_000 / capacity), -self.waiting)
    }
}

/// Sessions, the fullest first.
pub fn sort_seats(seats: &mut [SeatFigures]) {
    seats.sort_by(|left, right| left.order().cmp(&right.order()).then_with(|| left.code.cmp(&right.code)));
}

/// How often the form was opened, by where from.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct OpenedFrom {
    /// A word of the address, or `direct`, `site`, `embed`, `elsewhere`, `other`.
    pub source: String,
    /// How often.
    pub openings: i64,
}

/// Everything that the page of numbers shows.
#[derive(Clone, Debug, Serialize)]
pub struct Numbers {
    /// Everybody's tally.
    pub total: Tally,
    /// How many wait for a place now.
    pub waiting: i64,
    /// All places of those categories that have a limit.
    pub capacity: Option<i64>,
    /// Whether places without a limit are left out of those that are held.
    #[serde(skip)]
    pub leaves_out: bool,
    /// Each day.
    pub days: Vec<DayFigures>,
    /// How far people came.
    pub funnel: Funnel,
    /// Where the form was opened from; empty with one category.
    pub openings: Vec<OpenedFrom>,
    /// Each category in its order.
    pub categories: Vec<CategoryFigures>,
    /// Each country.
    pub countries: Vec<Part>,
    /// Organisations.
    pub organisations: Organisations,
    /// How registrations came to be.
    pub sources: Vec<Part>,
    /// The languages of mails.
    pub languages: Vec<Part>,
    /// The door.
    pub door: Door,
}

/// Each category with what became of registrations in it.
#[must_use]
pub fn category_figures(
    categories: &[Category],
    groups: &[Group],
    waiting: &[(CategoryId, i64)],
) -> Vec<CategoryFigures> {
    let tallies: BTreeMap<CategoryId, Tally> = tally_by(groups, |group| group.category).into_iter().collect();
    let waits = |id: CategoryId| waiting.iter().filter(|one| one.0 == id).map(|one| one.1).sum();
    categories
        .iter()
        .map(|category| CategoryFigures {
            code: category.code.clone(),
            name: category.name.clone(),
            capacity: category.capacity,
            taken: category.taken,
            waiting: waits(category.id),
            tally: tallies.get(&category.id).copied().unwrap_or_default(),
        })
        .collect()
}

/// All places of those categories that have a limit; none where none has.
#[must_use]
pub fn capacity(categories: &[Category]) -> Option<i64> {
    let places: Vec<i64> = categories.iter().filter_map(|category| category.capacity.map(i64::from)).collect();
    (!places.is_empty()).then(|| places.iter().sum())
}

/// The categories whose places are held against [`capacity`]: those with a limit, or all where none has one.
#[must_use]
pub fn counted_places(categories: &[Category]) -> Vec<CategoryId> {
    let has_limits = categories.iter().any(|category| category.capacity.is_some());
    let counted = categories.iter().filter(|category| category.capacity.is_some() || !has_limits);
    counted.map(|category| category.id).collect()
}
