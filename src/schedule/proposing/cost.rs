//! What is weighed: everything soft, as numbers that people understand, and their weights.

use super::problem::{Item, Problem};
use super::timetable::Held;
use serde::{Deserialize, Serialize};

/// What one unit of each measure costs. One empty seat is the unit.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Weights {
    /// A session without a place.
    pub unplaced: i64,
    /// A session that had a place and has none.
    pub displaced: i64,
    /// A person who is expected and finds no seat.
    pub lacking_seat: i64,
    /// A seat that stays empty.
    pub spare_seat: i64,
    /// A person who has starred two sessions at the same time.
    pub torn_person: i64,
    /// Two sessions of a forum in a row that are in different rooms.
    pub forum_room_change: i64,
    /// Two sessions of a forum in a row that are on different days.
    pub forum_day_change: i64,
    /// Two sessions of a forum at the same time.
    pub forum_overlap: i64,
    /// A minute between two sessions of a forum in a row, of those that count.
    pub forum_gap: i64,
    /// A speaker outside the times that they prefer.
    pub unmet_wish: i64,
    /// A minute that a day has above an even share.
    pub day_excess: i64,
    /// A minute that a room has above an even share.
    pub room_excess: i64,
    /// A session at another time than before.
    pub moved_time: i64,
    /// A session at the same time in another room than before.
    pub moved_room: i64,
}

/// Longest pause between two sessions of a forum that is told from longer ones.
pub(super) const LONGEST_GAP: i32 = 120;

impl Weights {
    /// To place sessions: moving others is possible and worth a lot.
    pub const PLACING: Self = Self {
        unplaced: 10_000_000,
        displaced: 500_000_000,
        lacking_seat: 80,
        spare_seat: 1,
        torn_person: 80,
        forum_room_change: 800,
        forum_day_change: 1_000,
        forum_overlap: 1_600,
        forum_gap: 4,
        unmet_wish: 800,
        day_excess: 8,
        room_excess: 2,
        moved_time: 6_000,
        moved_room: 4_000,
    };

    /// To repair: nothing soft is worth a move.
    pub const REPAIRING: Self = Self { moved_time: 600_000, moved_room: 400_000, ..Self::PLACING };
}

/// How much of each soft thing there is in a timetable.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Costs {
    /// Sessions without a place.
    pub unplaced: i64,
    /// Sessions that had a place and have none.
    pub displaced: i64,
    /// People who find no seat.
    pub lacking_seats: i64,
    /// Seats that stay empty.
    pub spare_seats: i64,
    /// People who have starred two sessions at the same time, for each such two.
    pub torn_people: i64,
    /// Changes of room within forums.
    pub forum_room_changes: i64,
    /// Changes of day within forums.
    pub forum_day_changes: i64,
    /// Overlaps within forums.
    pub forum_overlaps: i64,
    /// Minutes of pauses within forums.
    pub forum_gaps: i64,
    /// Speakers outside the times that they prefer.
    pub unmet_wishes: i64,
    /// Minutes above an even share, over all days.
    pub day_excess: i64,
    /// Minutes above an even share, over all rooms.
    pub room_excess: i64,
    /// Sessions at another time.
    pub moved_times: i64,
    /// Sessions at the same time in another room.
    pub moved_rooms: i64,
}

/// One soft thing with its word and how much of it there is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Measure {
    /// The word, as in text keys.
    pub word: &'static str,
    /// How much of it there is.
    pub amount: i64,
    /// What that costs.
    pub points: i64,
}

impl Costs {
    /// Every measure with its amount and points.
    #[must_use]
    pub fn measures(&self, weights: &Weights) -> [Measure; 14] {
        let measure = |word, amount: i64, weight: i64| Measure { word, amount, points: amount * weight };
        [
            measure("unplaced", self.unplaced, weights.unplaced),
            measure("displaced", self.displaced, weights.displaced),
            measure("lacking-seats", self.lacking_seats, weights.lacking_seat),
            measure("spare-seats", self.spare_seats, weights.spare_seat),
            measure("torn-people", self.torn_people, weights.torn_person),
            measure("forum-room-changes", self.forum_room_changes, weights.forum_room_change),
            measure("forum-day-changes", self.forum_day_changes, weights.forum_day_change),
            measure("forum-overlaps", self.forum_overlaps, weights.forum_overlap),
            measure("forum-gaps", self.forum_gaps, weights.forum_gap),
            measure("unmet-wishes", self.unmet_wishes, weights.unmet_wish),
            measure("day-excess", self.day_excess, weights.day_excess),
            measure("room-excess", self.room_excess, weights.room_excess),
            measure("moved-times", self.moved_times, weights.moved_time),
            measure("moved-rooms", self.moved_rooms, weights.moved_room),
        ]
    }

    /// All of it in points; less is better.
    #[must_use]
    pub fn total(&self, weights: &Weights) -> i64 {
        self.measures(weights).iter().map(|measure| measure.points).sum()
    }

    fn add_link(&mut self, link: Link) {
        self.forum_room_changes += i64::from(link.room_change);
        self.forum_day_changes += i64::from(link.day_change);
        self.forum_overlaps += i64::from(link.overlap);
        self.forum_gaps += i64::from(link.gap);
    }
}

/// People without a seat, and seats that stay empty, when so many come to a room.
pub(super) fn seats(demand: i32, capacity: Option<i32>) -> (i64, i64) {
    match capacity {
        Some(capacity) if demand > 0 => (i64::from((demand - capacity).max(0)), i64::from((capacity - demand).max(0))),
        _ => (0, 0),
    }
}

/// What lies between two sessions of a forum in a row.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Link {
    room_change: bool,
    day_change: bool,
    overlap: bool,
    gap: i32,
}

impl Link {
    /// Between one and the next.
    pub(super) fn between(one: Held, next: Held) -> Self {
        let gap = next.start - one.end;
        if one.day != next.day {
            Self { day_change: true, ..Self::default() }
        } else if gap < 0 {
            Self { overlap: true, ..Self::default() }
        } else {
            Self { room_change: one.room != next.room, gap: gap.min(LONGEST_GAP), ..Self::default() }
        }
    }

    /// What it costs.
    pub(super) fn points(self, weights: &Weights) -> i64 {
        i64::from(self.room_change) * weights.forum_room_change
            + i64::from(self.day_change) * weights.forum_day_change
            + i64::from(self.overlap) * weights.forum_overlap
            + i64::from(self.gap) * weights.forum_gap
    }
}

/// How an item differs from where it was.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Move {
    /// Not at all, or it was nowhere.
    None,
    /// The room only.
    Room,
    /// The time.
    Time,
}

impl Move {
    /// Of an item that is now here.
    pub(super) fn of(item: &Item, room: u16, start: i32) -> Self {
        match &item.home {
            Some(home) if home.start != start => Self::Time,
            // A slot without a room has to get one; that is no move.
            Some(home) if home.room.is_some_and(|known| known != room) => Self::Room,
            _ => Self::None,
        }
    }

    /// What it costs.
    pub(super) const fn points(self, weights: &Weights) -> i64 {
        match self {
            Self::None => 0,
            Self::Room => weights.moved_room,
            Self::Time => weights.moved_time,
        }
    }
}

/// How much of each soft thing there is when items are held like this, from scratch.
pub(super) fn measure(problem: &Problem, held: &[Option<Held>]) -> Costs {
    let mut costs = Costs::default();
    let mut days = vec![0_i64; problem.days.len()];
    let mut rooms = vec![0_i64; problem.rooms.len()];
    for (index, item) in problem.items.iter().enumerate() {
        let Some(place) = held[index] else {
            costs.unplaced += i64::from(item.movable && item.home.is_none());
            costs.displaced += i64::from(item.movable && item.home.is_some());
            continue;
        };
        days[place.day] += i64::from(item.length);
        costs.unmet_wishes += problem.unmet_wishes(item, place.start);
        if let Some(room) = place.room {
            rooms[usize::from(room)] += i64::from(item.length);
            let (lacking, spare) = seats(item.demand, problem.rooms[usize::from(room)].capacity);
            costs.lacking_seats += lacking;
            costs.spare_seats += spare;
            let change = Move::of(item, room, place.start);
            costs.moved_times += i64::from(change == Move::Time);
            costs.moved_rooms += i64::from(change == Move::Room);
        }
        for (other, people) in &problem.audience[index] {
            let overlaps = held[*other].is_some_and(|other| place.start < other.end && other.start < place.end);
            if *other > index && overlaps {
                costs.torn_people += people;
            }
        }
    }
    for forum in 0..problem.forums {
        let mut of_forum: Vec<(Held, usize)> = problem
            .items
            .iter()
            .enumerate()
            .filter(|(_, item)| item.forum == Some(forum))
            .filter_map(|(index, _)| held[index].map(|place| (place, index)))
            .collect();
        of_forum.sort_by_key(|(place, index)| (place.start, *index));
        for pair in of_forum.windows(2) {
            costs.add_link(Link::between(pair[0].0, pair[1].0));
        }
    }
    costs.day_excess = days.iter().map(|load| (load - problem.day_share).max(0)).sum();
    costs.room_excess = rooms.iter().map(|load| (load - problem.room_share).max(0)).sum();
    costs
}
