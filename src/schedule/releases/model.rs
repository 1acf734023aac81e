//! What is planned, why a plan failed, and where slots were before a release moved them.

use crate::db::schema::{planned_releases, releases};
use crate::db::{EventId, ReleaseId, UserId, UtcTime};
use crate::schedule::model::{MovedFrom, Programme, ProgrammeSlot};
use diesel::prelude::*;
use std::collections::HashMap;

/// A release without its content.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable)]
#[diesel(table_name = releases)]
pub struct ReleaseSummary {
    /// The release.
    pub id: ReleaseId,
    /// Counts from 1 in each event.
    pub number: i32,
    /// What organizers call it.
    pub name: String,
    /// What changed, in the organizers' words.
    pub note: String,
    /// The earlier release whose content it brought back.
    pub restores: Option<i32>,
    /// When it was published.
    pub created_at: UtcTime,
}

/// A release that will be published by itself.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = planned_releases)]
pub struct PlannedRelease {
    /// The event; it has one plan at most.
    pub event_id: EventId,
    /// What it will be called.
    pub name: String,
    /// What changes, in the organizers' words.
    pub note: String,
    /// When it is due.
    pub due_at: UtcTime,
    /// Why it was not published when it was due; then it waits for someone to change it.
    pub last_error: Option<String>,
    /// Who planned it.
    pub created_by: Option<UserId>,
    /// When it was planned or last changed: names this state of the plan in forms.
    pub created_at: UtcTime,
}

/// Why a planned release was not published.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Nothing in the draft was accepted or confirmed.
    NothingToRelease,
    /// So many concerns blocked it.
    Blocked(usize),
}

impl Refusal {
    /// As the column `last_error` holds it.
    #[must_use]
    pub fn as_text(self) -> String {
        match self {
            Self::NothingToRelease => "nothing-to-release".to_owned(),
            Self::Blocked(count) => format!("blocked {count}"),
        }
    }

    /// From the column.
    #[must_use]
    pub fn from_text(text: &str) -> Self {
        let count = text.strip_prefix("blocked ").and_then(|count| count.parse().ok());
        count.map_or(Self::NothingToRelease, Self::Blocked)
    }
}

/// Notes at each slot where it was before this release moved it; what has not moved keeps what was
/// noted. Slots are known again by their guid, as calendars do.
pub(super) fn note_moves(programme: &mut Programme, before: Option<&Programme>, now: UtcTime) {
    let old_slots = before.into_iter().flat_map(|programme| &programme.sessions).flat_map(|session| &session.slots);
    let known: HashMap<&str, &ProgrammeSlot> = old_slots.map(|slot| (slot.guid.as_str(), slot)).collect();
    for slot in programme.sessions.iter_mut().flat_map(|session| &mut session.slots) {
        slot.moved_from = known.get(slot.guid.as_str()).and_then(|old| {
            if (old.start, old.end, old.room) == (slot.start, slot.end, slot.room) {
                return old.moved_from.clone();
            }
            Some(MovedFrom { room: old.room, start: old.start, end: old.end, at: now })
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::samples::{at, id, programme, session, slot};

    #[test]
    fn a_reason_survives_its_column() {
        for reason in [Refusal::NothingToRelease, Refusal::Blocked(12)] {
            assert_eq!(Refusal::from_text(&reason.as_text()), reason);
        }
    }

    #[test]
    fn a_slot_remembers_where_it_was_until_it_moves_again() {
        let release = |slots, before: Option<&Programme>, day: &str| {
            let mut made = session(1, None, "13T01:00");
            made.slots = slots;
            let mut next = programme(vec![made]);
            note_moves(&mut next, before, at(day));
            next
        };
        let moved_from = |programme: &Programme| programme.sessions[0].slots[0].moved_from.clone();
        let first = release(vec![slot(1, Some(1), "13T01:00")], None, "01T00:00");
        assert_eq!(moved_from(&first), None);
        let second = release(vec![slot(1, Some(2), "13T02:00")], Some(&first), "02T00:00");
        let expected = MovedFrom { room: Some(id(1)), start: at("13T01:00"), end: at("13T02:00"), at: at("02T00:00") };
        assert_eq!(moved_from(&second), Some(expected.clone()));
        let third = release(vec![slot(1, Some(2), "13T02:00")], Some(&second), "03T00:00");
        assert_eq!(moved_from(&third), Some(expected));
        let fourth = release(vec![slot(1, Some(2), "14T02:00")], Some(&third), "04T00:00");
        assert_eq!(moved_from(&fourth).map(|from| (from.start, from.at)), Some((at("13T02:00"), at("04T00:00"))));
    }
}
