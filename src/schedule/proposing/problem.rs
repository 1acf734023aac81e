//! The draft and the request, compiled to numbers.

mod compile;

use super::bits;
use super::cost::{Weights, seats};
use super::model::{Request, Scope};
use super::rules::{Forbidden, Stretch, clear_of, person_busy, room_taken};
use super::timetable::Held;
use crate::db::{RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use crate::i18n::Lang;
use crate::schedule::draft::Draft;
use chrono::{NaiveDate, TimeDelta};
use std::collections::HashMap;

/// Where an item is in the draft, in minutes after the origin.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Home {
    /// The room, where one is set.
    pub room: Option<u16>,
    /// The minute in which it begins.
    pub start: i32,
}

/// A slot of the draft, or a session that is to get one.
#[derive(Clone, Debug)]
pub struct Item {
    /// The session.
    pub session: SessionId,
    /// Its slot, where it has one.
    pub slot: Option<SlotId>,
    /// The slot's own name in exchange formats, or the session's.
    pub guid: String,
    /// Where it is now.
    pub home: Option<Home>,
    /// Whether the search may place it.
    pub movable: bool,
    /// Minutes that it takes.
    pub length: i32,
    /// Minutes that the room stays empty before it.
    pub before: i32,
    /// Minutes that the room stays empty after it.
    pub after: i32,
    /// Who takes part, by their place in [`Problem::people`].
    pub people: Vec<usize>,
    /// Its forum, by number.
    pub forum: Option<usize>,
    /// Places that the room must have.
    pub capacity: Option<i32>,
    /// How many people are expected; 0 where nobody knows.
    pub demand: i32,
    /// Languages that the room must have channels for.
    pub channels: Vec<Lang>,
}

/// A room that items can be in.
#[derive(Clone, Debug)]
pub struct Room {
    /// The room.
    pub id: RoomId,
    /// How many people it holds.
    pub capacity: Option<i32>,
    /// Languages that can be heard in it besides the floor.
    pub channels: Vec<Lang>,
    /// Its booths, where any room of the event has some.
    pub booths: Option<i32>,
    /// When it is not free.
    pub(super) away: Vec<Stretch>,
    /// Blocks in it, and whether buffers keep clear of them too.
    pub(super) blocks: Vec<(Stretch, bool)>,
    /// Whether the request wants sessions in it.
    pub wanted: bool,
}

/// Somebody who takes part.
#[derive(Clone, Debug)]
pub struct Person {
    /// Who.
    pub id: SpeakerId,
    /// When they are not free.
    pub(super) away: Vec<Stretch>,
    /// When they would rather be asked; anywhere else is an unmet wish.
    pub(super) preferred: Vec<Stretch>,
}

/// What two items share.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Relation {
    /// The other item.
    pub other: usize,
    /// Somebody takes part in both.
    pub person: bool,
    /// Both belong to a forum that does one thing after the other.
    pub forum: bool,
}

/// A room that an item can be in, with the starts that nothing unmovable forbids.
#[derive(Clone, Debug)]
pub struct RoomOption {
    /// The room, by its place in [`Problem::rooms`].
    pub room: u16,
    /// What the room's size costs.
    pub fit: i64,
    pub(super) legal: Vec<u64>,
}

/// A place of an item: one of its room options and a position.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Spot {
    /// By its place in the item's options.
    pub option: u16,
    /// By its place among the starts.
    pub position: u16,
}

/// Everything that the search reads; never changed while it runs.
#[derive(Debug)]
pub struct Problem {
    /// Minute 0.
    pub origin: UtcTime,
    /// Slots and sessions without one.
    pub items: Vec<Item>,
    /// Every room of the event.
    pub rooms: Vec<Room>,
    /// Everybody who takes part.
    pub people: Vec<Person>,
    /// How many forums there are.
    pub forums: usize,
    /// Days on which something is or may be.
    pub days: Vec<NaiveDate>,
    /// Minutes of the possible starts, in order: the grid, and where movable items are now.
    pub starts: Vec<i32>,
    /// The latest end of what begins at a start of the grid; nothing where the start is not on it.
    pub(super) ends: Vec<Option<i32>>,
    /// The day of each start.
    pub(super) day_of: Vec<usize>,
    /// What each item shares with others, in their order.
    pub related: Vec<Vec<Relation>>,
    /// Who would be torn between two items, each pair on both sides.
    pub audience: Vec<Vec<(usize, i64)>>,
    /// Where each item may be; empty for what can't move.
    pub options: Vec<Vec<RoomOption>>,
    /// Where each item is in the draft.
    pub homes: Vec<Option<Held>>,
    /// What wishes cost at each start, of items with any.
    pub(super) wishes: Vec<Vec<i64>>,
    /// Minutes of an even share for each day.
    pub day_share: i64,
    /// Minutes of an even share for each room.
    pub room_share: i64,
    /// What each thing costs.
    pub weights: Weights,
    walks: Vec<i32>,
    /// The first position at or after each minute.
    lookup: Vec<usize>,
}

impl Problem {
    /// Minutes of walk between two rooms.
    #[must_use]
    pub fn walk(&self, one: Option<u16>, other: Option<u16>) -> i32 {
        match (one, other) {
            (Some(one), Some(other)) => self.walks[usize::from(one) * self.rooms.len() + usize::from(other)],
            _ => 0,
        }
    }

    /// What two items share, if anything.
    #[must_use]
    pub fn relation(&self, one: usize, other: usize) -> Option<Relation> {
        let relations = &self.related[one];
        relations.binary_search_by_key(&other, |relation| relation.other).ok().map(|at| relations[at])
    }

    /// The positions that a rule forbids, from one to before another.
    pub(super) fn range(&self, forbidden: Forbidden) -> (usize, usize) {
        (self.first_from(forbidden.0 + 1), self.first_from(forbidden.1))
    }

    fn first_from(&self, minute: i32) -> usize {
        let Ok(minute) = usize::try_from(minute) else { return 0 };
        self.lookup.get(minute).copied().unwrap_or(self.starts.len())
    }

    /// Where an item is held when it is at this spot.
    #[must_use]
    pub fn held(&self, item: usize, spot: Spot) -> Held {
        let (start, room) = (self.starts[usize::from(spot.position)], self.room_of(item, spot));
        let day = self.day_of[usize::from(spot.position)];
        Held { day, room: Some(room), start, end: start + self.items[item].length }
    }

    /// The room of a spot.
    #[must_use]
    pub fn room_of(&self, item: usize, spot: Spot) -> u16 {
        self.options[item][usize::from(spot.option)].room
    }

    /// The instant of a minute.
    #[must_use]
    pub fn instant(&self, minute: i32) -> UtcTime {
        self.origin + TimeDelta::minutes(minute.into())
    }

    /// The minute of an instant, cut down.
    #[must_use]
    pub fn minute(&self, at: UtcTime) -> i32 {
        minute(self.origin, at)
    }

    /// Why an item can't be in a room at any time.
    pub(super) fn unfit(&self, item: &Item, room: u16) -> Option<Unfit> {
        let room = &self.rooms[usize::from(room)];
        if let (Some(wanted), Some(there)) = (item.capacity, room.capacity)
            && wanted > there
        {
            return Some(Unfit::TooSmall);
        }
        let channels = item.channels.iter().all(|lang| room.channels.contains(lang));
        let booths = room.booths.is_none_or(|booths| usize::try_from(booths).unwrap_or(0) >= item.channels.len());
        (!channels || !booths).then_some(Unfit::NoInterpretation)
    }

    /// How many of an item's people would rather be elsewhere when it begins then.
    pub(super) fn unmet_wishes(&self, item: &Item, start: i32) -> i64 {
        let unmet = item.people.iter().filter(|person| {
            let preferred = &self.people[**person].preferred;
            !preferred.is_empty() && !preferred.iter().any(|(from, to)| *from <= start && start + item.length <= *to)
        });
        i64::try_from(unmet.count()).unwrap_or(i64::MAX)
    }

    /// Every rule that forbids starts of an item in a room whatever else moves.
    pub(super) fn obstacles(&self, index: usize, room: u16) -> Vec<(Obstacle, Forbidden)> {
        let item = &self.items[index];
        let here = &self.rooms[usize::from(room)];
        let mut found = Vec::new();
        found.extend(here.away.iter().map(|away| (Obstacle::RoomClosed, clear_of(*away, item.length))));
        found.extend(here.blocks.iter().map(|(block, with_buffers)| {
            let (before, after) = if *with_buffers { (item.before, item.after) } else { (0, 0) };
            (Obstacle::Block, (block.0 - item.length - after, block.1 + before))
        }));
        for person in &item.people {
            let away = &self.people[*person].away;
            found.extend(away.iter().map(|away| (Obstacle::Away(*person), clear_of(*away, item.length))));
        }
        for (other, holder) in self.items.iter().enumerate() {
            if !holder.movable && other != index && holder.home.is_some_and(|home| home.room == Some(room)) {
                found.push((Obstacle::Fixed(other), room_taken(item, holder, self.stretch_at_home(other))));
            }
        }
        for relation in &self.related[index] {
            let other = relation.other;
            if let (false, Some(home)) = (self.items[other].movable, self.items[other].home) {
                let stretch = self.stretch_at_home(other);
                if relation.person {
                    let walk = self.walk(Some(room), home.room);
                    found.push((Obstacle::Busy(other), person_busy(item, stretch, walk)));
                }
                if relation.forum {
                    found.push((Obstacle::Forum(other), clear_of(stretch, item.length)));
                }
            }
        }
        found
    }

    fn stretch_at_home(&self, item: usize) -> Stretch {
        self.homes[item].map_or((0, 0), |held| (held.start, held.end))
    }

    /// Whether the item could begin at this position of the grid, as far as days and hours go.
    pub(super) fn fits_hours(&self, item: &Item, position: usize) -> bool {
        self.ends[position].is_some_and(|end| self.starts[position] + item.length <= end)
    }
}

/// Why an item can't be in a room at any time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Unfit {
    TooSmall,
    NoInterpretation,
}

/// What forbids a start whatever else moves.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Obstacle {
    RoomClosed,
    Block,
    Away(usize),
    Fixed(usize),
    Busy(usize),
    Forum(usize),
}

/// The minute of an instant, cut down.
fn minute(origin: UtcTime, at: UtcTime) -> i32 {
    i32::try_from((at - origin).num_seconds().div_euclid(60)).unwrap_or(i32::MAX)
}

/// The minute at or after an instant.
fn minute_up(origin: UtcTime, at: UtcTime) -> i32 {
    i32::try_from(-(-(at - origin).num_seconds()).div_euclid(60)).unwrap_or(i32::MAX)
}

impl Problem {
    /// Compiles a draft and a request.
    #[must_use]
    pub fn new(draft: &Draft, request: &Request) -> Self {
        let grid = Grid::new(draft, request);
        let rooms = compile::rooms(draft, request, &grid);
        let people = compile::people(draft, &grid);
        let forums: HashMap<_, usize> =
            draft.programme.forums.iter().enumerate().map(|(index, forum)| (forum.id, index)).collect();
        let items = compile::items(draft, request, &grid, &people);
        let weights = if request.scope == Scope::Repair { Weights::REPAIRING } else { Weights::PLACING };
        let total: i64 =
            items.iter().filter(|item| item.movable || item.home.is_some()).map(|item| i64::from(item.length)).sum();
        let share = |parts: usize| total.div_euclid(i64::try_from(parts.max(1)).unwrap_or(1)) + 1;
        let mut problem = Self {
            origin: grid.origin,
            related: compile::relations(draft, &items),
            audience: compile::audience(draft, &items),
            walks: compile::walks(draft),
            day_share: share(request.windows.iter().filter(|window| window.from < window.to).count()),
            room_share: share(rooms.iter().filter(|room| room.wanted).count()),
            forums: forums.len(),
            weights,
            options: Vec::new(),
            homes: Vec::new(),
            wishes: Vec::new(),
            items,
            rooms,
            people,
            days: grid.days,
            starts: grid.starts,
            ends: grid.ends,
            day_of: grid.day_of,
            lookup: grid.lookup,
        };
        problem.homes = problem.items.iter().map(|item| problem.home_of(draft, item)).collect();
        problem.options = (0..problem.items.len()).map(|item| problem.options_of(draft, item)).collect();
        problem.wishes = problem.items.iter().map(|item| problem.wishes_of(item)).collect();
        problem
    }

    fn home_of(&self, draft: &Draft, item: &Item) -> Option<Held> {
        let home = item.home?;
        let date = self.instant(home.start).in_zone(draft.programme.event.timezone).date_naive();
        let day = self.days.binary_search(&date).unwrap_or_default();
        Some(Held { day, room: home.room, start: home.start, end: home.start + item.length })
    }

    fn options_of(&self, draft: &Draft, index: usize) -> Vec<RoomOption> {
        let item = &self.items[index];
        if !item.movable {
            return Vec::new();
        }
        let grid: Vec<usize> = (0..self.starts.len()).filter(|at| self.fits_hours(item, *at)).collect();
        let home = item.home.filter(|home| self.is_in_event(draft, home.start));
        let mut options = Vec::new();
        for (room, here) in (0_u16..).zip(&self.rooms) {
            let is_home = home.is_some_and(|home| home.room.map_or(here.wanted, |known| known == room));
            if !(here.wanted || is_home) || self.unfit(item, room).is_some() {
                continue;
            }
            let mut legal = vec![0; bits::words_for(self.starts.len())];
            if here.wanted {
                grid.iter().for_each(|at| bits::set(&mut legal, *at));
            }
            if let (true, Some(home)) = (is_home, home) {
                bits::set(&mut legal, self.first_from(home.start));
            }
            for (_, forbidden) in self.obstacles(index, room) {
                let (from, to) = self.range(forbidden);
                bits::clear(&mut legal, from, to);
            }
            if bits::count(&legal) > 0 {
                let (lacking, spare) = seats(item.demand, here.capacity);
                let fit = lacking * self.weights.lacking_seat + spare * self.weights.spare_seat;
                options.push(RoomOption { room, fit, legal });
            }
        }
        options
    }

    fn is_in_event(&self, draft: &Draft, start: i32) -> bool {
        let event = &draft.programme.event;
        let date = self.instant(start).in_zone(event.timezone).date_naive();
        (event.starts_on..=event.ends_on).contains(&date)
    }

    fn wishes_of(&self, item: &Item) -> Vec<i64> {
        if !item.movable || item.people.iter().all(|person| self.people[*person].preferred.is_empty()) {
            return Vec::new();
        }
        self.starts.iter().map(|start| self.unmet_wishes(item, *start) * self.weights.unmet_wish).collect()
    }
}

/// The possible starts.
struct Grid {
    origin: UtcTime,
    days: Vec<NaiveDate>,
    starts: Vec<i32>,
    ends: Vec<Option<i32>>,
    day_of: Vec<usize>,
    lookup: Vec<usize>,
}

impl Grid {
    fn new(draft: &Draft, request: &Request) -> Self {
        let event = &draft.programme.event;
        let zone = event.timezone;
        let slots = || draft.programme.sessions.iter().flat_map(|session| &session.slots);
        let windows: Vec<(UtcTime, UtcTime)> = request
            .windows
            .iter()
            .filter_map(|window| {
                let step = request.step.max(1);
                let from = compile::instant(zone, window.day, (window.from + step - 1).div_euclid(step) * step)?;
                Some((from, compile::instant(zone, window.day, window.to)?))
            })
            .collect();
        let instants = windows.iter().map(|(from, _)| *from).chain(slots().map(|slot| slot.start));
        let origin = instants.min().unwrap_or(draft.rules.updated_at);
        let mut starts: Vec<i32> = slots().map(|slot| minute(origin, slot.start)).collect();
        let mut spans = Vec::new();
        for (from, to) in windows {
            let (from, to) = (minute(origin, from), minute(origin, to));
            spans.push((from, to));
            starts.extend((from..to).step_by(usize::try_from(request.step.max(1)).unwrap_or(1)));
        }
        starts.sort_unstable();
        starts.dedup();
        let step = request.step.max(1);
        let ends = starts.iter().map(|start| {
            let of = spans.iter().filter(|(from, to)| (*from..*to).contains(start) && (start - from) % step == 0);
            of.map(|(_, to)| *to).max()
        });
        let ends = ends.collect();
        let dates: Vec<NaiveDate> = starts
            .iter()
            .map(|start| (origin + TimeDelta::minutes((*start).into())).in_zone(zone).date_naive())
            .collect();
        let mut days: Vec<NaiveDate> = dates.clone();
        days.sort_unstable();
        days.dedup();
        let day_of = dates.iter().map(|date| days.binary_search(date).unwrap_or_default()).collect();
        let minutes = starts.last().map_or(0, |last| usize::try_from(*last).unwrap_or(0) + 1);
        let mut lookup = Vec::with_capacity(minutes);
        for (position, start) in starts.iter().enumerate() {
            lookup.resize(usize::try_from(*start).unwrap_or(0) + 1, position);
        }
        Self { origin, days, starts, ends, day_of, lookup }
    }
}
