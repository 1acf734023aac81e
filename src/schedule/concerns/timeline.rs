//! What takes up a room, a person or a forum over time.

use crate::db::UtcTime;
use chrono::TimeDelta;

/// What takes something up: the number of a slot or of a block.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Who {
    Slot(usize),
    Block(usize),
}

/// A stretch of time and what takes it up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Entry {
    pub(super) start: UtcTime,
    pub(super) end: UtcTime,
    pub(super) who: Who,
}

impl Entry {
    /// Two stretches that only touch do not overlap.
    pub(super) fn overlaps(&self, start: UtcTime, end: UtcTime) -> bool {
        self.start < end && start < self.end
    }

    /// Minutes of nothing between this and a stretch that does not overlap it.
    pub(super) fn gap(&self, start: UtcTime, end: UtcTime) -> TimeDelta {
        if self.end <= start { start - self.end } else { self.start - end }
    }
}

/// Entries by their start. The longest one ever seen bounds how far back a search has to look, so
/// that what is near an instant is found without looking at all.
#[derive(Clone, Debug, Default)]
pub(super) struct Timeline {
    entries: Vec<Entry>,
    longest: TimeDelta,
}

impl Timeline {
    /// Adds an entry without keeping the order; [`Timeline::sort`] has to follow.
    pub(super) fn push(&mut self, entry: Entry) {
        self.longest = self.longest.max(entry.end - entry.start);
        self.entries.push(entry);
    }

    pub(super) fn sort(&mut self) {
        self.entries.sort_unstable_by_key(|entry| (entry.start, entry.who));
    }

    pub(super) fn insert(&mut self, entry: Entry) {
        self.longest = self.longest.max(entry.end - entry.start);
        let at = self.entries.partition_point(|one| (one.start, one.who) < (entry.start, entry.who));
        self.entries.insert(at, entry);
    }

    pub(super) fn remove(&mut self, start: UtcTime, who: Who) {
        let at = self.entries.partition_point(|one| (one.start, one.who) < (start, who));
        if self.entries.get(at).is_some_and(|one| one.who == who) {
            self.entries.remove(at);
        }
    }

    /// What takes up anything of the time between two instants.
    pub(super) fn between(&self, from: UtcTime, to: UtcTime) -> impl Iterator<Item = &Entry> {
        let first = self.entries.partition_point(|one| one.start + self.longest <= from);
        self.entries[first..].iter().take_while(move |one| one.start < to).filter(move |one| one.end > from)
    }
}

/// When someone or something is free.
#[derive(Clone, Debug, Default)]
pub(super) struct Hours {
    /// Never in these.
    pub(super) never: Vec<(UtcTime, UtcTime)>,
    /// Only in these, where there are any; sorted, and those that touch are one.
    pub(super) only: Vec<(UtcTime, UtcTime)>,
}

impl Hours {
    /// Joins what overlaps or touches, so that a session may run from one stretch into the next.
    pub(super) fn join(&mut self) {
        self.only.sort_unstable();
        let mut joined: Vec<(UtcTime, UtcTime)> = Vec::with_capacity(self.only.len());
        for (start, end) in self.only.drain(..) {
            match joined.last_mut() {
                Some(last) if start <= last.1 => last.1 = last.1.max(end),
                _ => joined.push((start, end)),
            }
        }
        self.only = joined;
    }

    /// Whether all of a stretch is free.
    pub(super) fn allow(&self, start: UtcTime, end: UtcTime) -> bool {
        self.never.iter().all(|(from, to)| *to <= start || end <= *from)
            && (self.only.is_empty() || self.only.iter().any(|(from, to)| *from <= start && end <= *to))
    }
}
