//! Reading the numbers of an event.

mod attention;
mod door;

pub use attention::{Attention, Draft, Speaking, Watcher, attention};

use super::days::{by_day, every_day, span, step_of};
use super::model::{
    DayFigures, Door, Filter, Funnel, Numbers, Organisations, Part, SeatFigures, Tally, capacity, category_figures,
    counted_places, day_figures, sort_seats, tally_by, total,
};
use super::openings::Openings;
use super::store::{self, Scope};
use crate::db::{DbConnection, DbError, EventId, UtcTime};
use crate::events::model::Event;
use crate::registration::category::Category;
use crate::registration::operations as registration;
use chrono::{Days, NaiveDate, TimeDelta};
use diesel::QueryResult;

/// Organisations that the page names.
pub const NAMED_ORGANISATIONS: i64 = 15;
/// Organisations that the file names.
pub const ALL_ORGANISATIONS: i64 = 1_000_000;

/// What is asked for, with the category that the filter names, if there is one.
struct Question<'a> {
    event: &'a Event,
    filter: &'a Filter,
    scope: Scope,
    /// The categories that are counted.
    categories: Vec<Category>,
}

impl<'a> Question<'a> {
    fn read(db: &mut DbConnection, now: UtcTime, event: &'a Event, filter: &'a Filter) -> QueryResult<Self> {
        let mut categories = registration::all_categories(db, event.id)?;
        let chosen = categories.iter().find(|category| category.code == filter.category).map(|category| category.id);
        if let Some(chosen) = chosen {
            categories.retain(|category| category.id == chosen);
        }
        let (from, to) = span(filter.from, filter.to, event.zone());
        // Clocks may stand otherwise in a year from now than they stand today, and did a year ago.
        let step = step_of(event.zone(), now - TimeDelta::days(730), now + TimeDelta::days(366));
        Ok(Self { event, filter, scope: Scope { event: event.id, category: chosen, from, to, step }, categories })
    }

    fn today(&self, now: UtcTime) -> NaiveDate {
        now.in_zone(self.event.zone()).date_naive()
    }

    fn days(&self, db: &mut DbConnection, now: UtcTime) -> QueryResult<Vec<DayFigures>> {
        // Places that were taken before the span are held in it.
        let (from, _) = span(None, None, self.event.zone());
        let places = counted_places(&self.categories);
        let made = store::registrations::made(db, &Scope { from, ..self.scope }, &places)?;
        let ended = store::registrations::ended(db, &self.scope, &places)?;
        let calendar = (self.event.zone(), self.today(now), self.event.ends_on);
        Ok(day_figures((&made, &ended), self.filter, calendar))
    }
}

/// The numbers of an event that are counted by people; days, organisations and the door are read by themselves,
/// at the same time.
///
/// # Errors
/// When the database refuses.
pub fn people(db: &mut DbConnection, now: UtcTime, event: &Event, filter: &Filter) -> QueryResult<Numbers> {
    let question = Question::read(db, now, event, filter)?;
    let scope = &question.scope;
    let groups = store::registrations::groups(db, scope)?;
    let waiting = store::registrations::waiting(db, event.id)?;
    let openings = if scope.category.is_none() { store::openings::opened(db, scope)? } else { Vec::new() };
    let opened = scope.category.is_none().then(|| openings.iter().map(|one| one.openings).sum());
    let categories = category_figures(&question.categories, &groups, &waiting);
    let tallies: Vec<Tally> = groups.iter().map(Tally::from).collect();
    let named = |parts: Vec<(String, Tally)>| parts.into_iter().map(|(key, tally)| Part { key, tally }).collect();
    Ok(Numbers {
        total: total(&tallies),
        waiting: categories.iter().map(|category| category.waiting).sum(),
        capacity: capacity(&question.categories),
        leaves_out: counted_places(&question.categories).len() < question.categories.len(),
        days: Vec::new(),
        funnel: Funnel::of(&groups, opened),
        openings,
        categories,
        countries: named(tally_by(&groups, |group| group.country.clone().unwrap_or_default())),
        organisations: Organisations::default(),
        sources: named(tally_by(&groups, |group| group.source.to_string())),
        languages: named(tally_by(&groups, |group| group.language.clone())),
        door: Door::default(),
    })
}

/// What happened on each day.
///
/// # Errors
/// When the database refuses.
pub fn days(db: &mut DbConnection, now: UtcTime, event: &Event, filter: &Filter) -> QueryResult<Vec<DayFigures>> {
    Question::read(db, now, event, filter)?.days(db, now)
}

/// The door.
///
/// # Errors
/// When the database refuses.
pub fn door(db: &mut DbConnection, now: UtcTime, event: &Event, filter: &Filter) -> QueryResult<Door> {
    let question = Question::read(db, now, event, filter)?;
    door::door(db, &question, now)
}

/// The organisations with the most people, up to `limit` of them.
///
/// # Errors
/// When the database refuses.
pub fn organisations(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    filter: &Filter,
    limit: i64,
) -> QueryResult<Organisations> {
    let question = Question::read(db, now, event, filter)?;
    store::registrations::organisations(db, &question.scope, limit)
}

/// The seats of each session of an event, the fullest first.
///
/// # Errors
/// When the database refuses.
pub fn seats(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<SeatFigures>> {
    let mut seats = store::seats::all(db, event)?;
    sort_seats(&mut seats);
    Ok(seats)
}

/// Registrations made on each of the last days up to today.
///
/// # Errors
/// When the database refuses.
pub fn recent(db: &mut DbConnection, now: UtcTime, event: &Event, days: u64) -> QueryResult<Vec<(NaiveDate, i64)>> {
    let zone = event.zone();
    let today = now.in_zone(zone).date_naive();
    let first = today.checked_sub_days(Days::new(days.saturating_sub(1))).unwrap_or(today);
    let (from, to) = span(Some(first), Some(today), zone);
    let step = step_of(zone, from, to);
    let made = store::registrations::made(db, &Scope { event: event.id, category: None, from, to, step }, &[])?;
    let counts = by_day(made.iter().map(|one| (one.hour, one.registered)), zone);
    Ok(every_day(first, today).into_iter().map(|day| (day, counts.get(&day).copied().unwrap_or(0))).collect())
}

/// Most words that one event's openings are counted under; a word in an address costs nothing to invent.
const MOST_SOURCES: usize = 50;

/// Adds openings that were counted in memory to those that are kept. Words beyond the bound count as `other`.
///
/// # Errors
/// When the database refuses.
pub fn add_openings(db: &mut DbConnection, counted: &[(EventId, UtcTime, String, i64)]) -> Result<(), DbError> {
    let mut known: Vec<(EventId, Vec<String>)> = Vec::new();
    for (event, hour, source, openings) in counted {
        let mut word = source.as_str();
        if !Openings::is_class(word) {
            if !known.iter().any(|one| one.0 == *event) {
                known.push((*event, store::openings::sources(db, *event)?));
            }
            let words = known.iter_mut().find(|one| one.0 == *event).map(|one| &mut one.1);
            word = words.map_or(Openings::OTHER, |words| bounded(words, word));
        }
        store::openings::add(db, (*event, *hour, word), *openings)?;
    }
    Ok(())
}

/// The word to count under: one that is known, or new while there is room.
fn bounded<'a>(known: &mut Vec<String>, word: &'a str) -> &'a str {
    if known.iter().any(|one| one == word) {
        return word;
    }
    if known.iter().filter(|one| !Openings::is_class(one)).count() >= MOST_SOURCES {
        return Openings::OTHER;
    }
    known.push(word.to_owned());
    word
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invented_words_do_not_grow_without_bound() {
        let mut known: Vec<String> = vec![Openings::OTHER.to_owned(), "direct".to_owned()];
        let words: Vec<String> = (0..80).map(|index| format!("campaign-{index}")).collect();
        let kept = words.iter().filter(|word| bounded(&mut known, word) == word.as_str()).count();
        assert_eq!(kept, MOST_SOURCES);
        assert_eq!(bounded(&mut known, "campaign-3"), "campaign-3");
        assert_eq!(bounded(&mut known, "campaign-79"), "other");
    }
}
