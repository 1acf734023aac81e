//! The hard rules, each as a stretch of time in which an item may not begin.
//!
//! Every rule here forbids the starts strictly between two minutes. The compiled bitsets, the
//! search, the explanation and the check of an accepted part all read the same functions.

use super::problem::{Item, Problem};

/// Starts that are forbidden: those later than the first and earlier than the second minute.
pub(super) type Forbidden = (i32, i32);

/// A stretch of time, from a minute to before another.
pub(super) type Stretch = (i32, i32);

/// When an item of so many minutes may not begin because of a stretch that it must keep clear of.
pub(super) const fn clear_of(stretch: Stretch, length: i32) -> Forbidden {
    (stretch.0 - length, stretch.1)
}

/// When `item` may not begin because another holds the room for `stretch`: the longer of the two
/// buffers stays between them.
pub(super) fn room_taken(item: &Item, other: &Item, stretch: Stretch) -> Forbidden {
    let (before, after) = (item.before.max(other.after), item.after.max(other.before));
    (stretch.0 - item.length - after, stretch.1 + before)
}

/// When `item` may not begin because one of its people is elsewhere for `stretch`, so many minutes' walk away.
pub(super) const fn person_busy(item: &Item, stretch: Stretch, walk: i32) -> Forbidden {
    (stretch.0 - item.length - walk, stretch.1 + walk)
}

/// Why two items may not be where they are at once.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Clash {
    /// They are in one room.
    Room,
    /// Somebody would have to be in both.
    Person,
    /// Their forum does one thing after the other.
    Forum,
}

/// A room and the minute of a start.
pub(super) type At = (Option<u16>, i32);

const fn is_within(start: i32, forbidden: Forbidden) -> bool {
    start > forbidden.0 && start < forbidden.1
}

/// What two items have against each other at these places.
pub(super) fn clash(problem: &Problem, (one, at): (usize, At), (other, place): (usize, At)) -> Option<Clash> {
    let (item, holder) = (&problem.items[one], &problem.items[other]);
    let stretch = (place.1, place.1 + holder.length);
    if at.0.is_some() && at.0 == place.0 && is_within(at.1, room_taken(item, holder, stretch)) {
        return Some(Clash::Room);
    }
    let relation = problem.relation(one, other)?;
    if relation.person && is_within(at.1, person_busy(item, stretch, problem.walk(at.0, place.0))) {
        return Some(Clash::Person);
    }
    if relation.forum && is_within(at.1, clear_of(stretch, item.length)) {
        return Some(Clash::Forum);
    }
    None
}
