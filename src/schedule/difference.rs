//! What differs between two programmes: computed once, shown before publishing.

use super::model::{Programme, ProgrammeSession, ProgrammeSlot};
use crate::db::{RoomId, SessionId, SlotId, UtcTime};
use std::collections::BTreeMap;

/// One difference, from an older programme to a newer one.
#[derive(Clone, Debug, PartialEq)]
pub enum Change {
    /// A session that was not there.
    Added(Box<ProgrammeSession>),
    /// A session that is not there any more.
    Removed(SessionId),
    /// A session is now cancelled; its other facts are as `Edited` says, if they changed.
    Cancelled(SessionId),
    /// A cancelled session takes place again.
    Revived(SessionId, crate::programme::model::SessionState),
    /// A session has a slot more.
    SlotAdded(SessionId, ProgrammeSlot),
    /// A session has a slot less.
    SlotRemoved(SessionId, SlotId),
    /// A slot begins or ends at another time.
    Moved {
        /// The session.
        session: SessionId,
        /// Its slot.
        slot: SlotId,
        /// Start and end before.
        from: (UtcTime, UtcTime),
        /// Start and end now.
        to: (UtcTime, UtcTime),
    },
    /// A slot is in another room.
    RoomChanged {
        /// The session.
        session: SessionId,
        /// Its slot.
        slot: SlotId,
        /// The room before.
        from: Option<RoomId>,
        /// The room now.
        to: Option<RoomId>,
    },
    /// Title, texts, people or other facts changed; carries the session as it is now, slots aside.
    Edited(Box<ProgrammeSession>),
}

impl Change {
    /// The session it is about.
    #[must_use]
    pub fn session(&self) -> SessionId {
        match self {
            Self::Added(session) | Self::Edited(session) => session.id,
            Self::Removed(id)
            | Self::Cancelled(id)
            | Self::Revived(id, _)
            | Self::SlotAdded(id, _)
            | Self::SlotRemoved(id, _) => *id,
            Self::Moved { session, .. } | Self::RoomChanged { session, .. } => *session,
        }
    }

    /// The word for its kind, as in text keys.
    #[must_use]
    pub const fn kind(&self) -> &'static str {
        match self {
            Self::Added(_) => "added",
            Self::Removed(_) => "removed",
            Self::Cancelled(_) => "cancelled",
            Self::Revived(..) => "revived",
            Self::SlotAdded(..) => "slot-added",
            Self::SlotRemoved(..) => "slot-removed",
            Self::Moved { .. } => "moved",
            Self::RoomChanged { .. } => "room-changed",
            Self::Edited(_) => "edited",
        }
    }
}

use crate::programme::model::SessionState::Cancelled;

/// The facts of a session that `Edited` is about: everything but slots and whether it is cancelled.
fn facts(session: &ProgrammeSession) -> ProgrammeSession {
    ProgrammeSession { slots: Vec::new(), state: Cancelled, ..session.clone() }
}

/// From `old` to `new`, by the order of sessions; rooms, forums and speakers as such are not compared.
#[must_use]
pub fn difference(old: Option<&Programme>, new: &Programme) -> Vec<Change> {
    let before: BTreeMap<SessionId, &ProgrammeSession> =
        old.into_iter().flat_map(|programme| &programme.sessions).map(|session| (session.id, session)).collect();
    let mut changes = Vec::new();
    for session in &new.sessions {
        match before.get(&session.id) {
            None => changes.push(Change::Added(Box::new(session.clone()))),
            Some(old) => compare(old, session, &mut changes),
        }
    }
    let there: std::collections::BTreeSet<SessionId> = new.sessions.iter().map(|session| session.id).collect();
    changes.extend(before.keys().filter(|id| !there.contains(id)).map(|id| Change::Removed(*id)));
    changes
}

fn compare(old: &ProgrammeSession, new: &ProgrammeSession, changes: &mut Vec<Change>) {
    match (old.state == Cancelled, new.state == Cancelled) {
        (false, true) => changes.push(Change::Cancelled(new.id)),
        (true, false) => changes.push(Change::Revived(new.id, new.state)),
        _ => {}
    }
    for slot in &new.slots {
        match old.slots.iter().find(|known| known.id == slot.id) {
            None => changes.push(Change::SlotAdded(new.id, slot.clone())),
            Some(known) => {
                if (known.start, known.end) != (slot.start, slot.end) {
                    let (from, to) = ((known.start, known.end), (slot.start, slot.end));
                    changes.push(Change::Moved { session: new.id, slot: slot.id, from, to });
                }
                if known.room != slot.room {
                    changes.push(Change::RoomChanged {
                        session: new.id,
                        slot: slot.id,
                        from: known.room,
                        to: slot.room,
                    });
                }
            }
        }
    }
    for known in old.slots.iter().filter(|known| new.slots.iter().all(|slot| slot.id != known.id)) {
        changes.push(Change::SlotRemoved(new.id, known.id));
    }
    let state_changed = old.state != new.state && old.state != Cancelled && new.state != Cancelled;
    if facts(old) != facts(new) || state_changed {
        changes.push(Change::Edited(Box::new(ProgrammeSession { slots: Vec::new(), ..new.clone() })));
    }
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, by, id, programme, session, slot};
    use super::*;
    use crate::i18n::{Lang, Localized};
    use crate::programme::model::SessionState;
    use proptest::prelude::*;

    /// Brings a programme forward by what changed.
    fn apply(old: Option<&Programme>, changes: &[Change]) -> Vec<ProgrammeSession> {
        let mut sessions: Vec<ProgrammeSession> = old.map_or_else(Vec::new, |old| old.sessions.clone());
        for change in changes {
            if let Change::Added(session) = change {
                sessions.push((**session).clone());
                continue;
            }
            let place = sessions.iter().position(|session| session.id == change.session()).expect("a known session");
            let slot_at = |session: &ProgrammeSession, id| {
                session.slots.iter().position(|slot| slot.id == id).expect("a known slot")
            };
            let session = &mut sessions[place];
            match change {
                Change::Added(_) => {}
                Change::Removed(_) => drop(sessions.remove(place)),
                Change::Cancelled(_) => session.state = Cancelled,
                Change::Revived(_, state) => session.state = *state,
                Change::SlotAdded(_, slot) => session.slots.push(slot.clone()),
                Change::SlotRemoved(_, id) => drop(session.slots.remove(slot_at(session, *id))),
                Change::Moved { slot, from, to, .. } => {
                    let place = slot_at(session, *slot);
                    let slot = &mut session.slots[place];
                    assert_eq!((slot.start, slot.end), *from);
                    (slot.start, slot.end) = *to;
                }
                Change::RoomChanged { slot, from, to, .. } => {
                    let place = slot_at(session, *slot);
                    let slot = &mut session.slots[place];
                    assert_eq!(slot.room, *from);
                    slot.room = *to;
                }
                Change::Edited(edited) => {
                    let slots = std::mem::take(&mut session.slots);
                    *session = ProgrammeSession { slots, ..(**edited).clone() };
                }
            }
        }
        sessions
    }

    /// Sessions and slots by id, without what a release counts by itself.
    fn sorted(mut sessions: Vec<ProgrammeSession>) -> Vec<ProgrammeSession> {
        sessions.sort_by_key(|session| session.id);
        for session in &mut sessions {
            session.slots.sort_by_key(|slot| slot.id);
            for slot in &mut session.slots {
                (slot.sequence, slot.changed_at) = (0, at("01T00:00"));
            }
        }
        sessions
    }

    fn any_session(number: u8) -> impl Strategy<Value = ProgrammeSession> {
        let any_slot = (0_u8..3, prop::option::of(1_u8..3), 10_u8..24);
        let slots = prop::collection::vec(any_slot, 0..3);
        let states = prop::sample::select(SessionState::ALL.to_vec());
        (slots, states, 0_u8..3, prop::collection::vec(1_u8..3, 0..3)).prop_map(move |(slots, state, words, people)| {
            let mut made = by(session(number, None, "13T00:00"), &people);
            made.title = Localized::single(Lang::EN, format!("Title {words}"));
            made.state = state;
            made.slots.clear();
            for (index, room, hour) in slots {
                let number = number * 10 + index;
                if made.slots.iter().all(|slot| slot.id != id(number)) {
                    made.slots.push(slot(number, room, &format!("13T{hour}:00")));
                }
            }
            made
        })
    }

    fn any_programme() -> impl Strategy<Value = Programme> {
        let sessions = (any_session(1), any_session(2), any_session(3), prop::collection::vec(any::<bool>(), 3));
        sessions.prop_map(|(one, two, three, there)| {
            let all = [one, two, three].into_iter().zip(there);
            programme(all.filter(|(_, there)| *there).map(|(session, _)| session).collect())
        })
    }

    proptest! {
        #[test]
        fn the_difference_leads_from_the_old_to_the_new(old in any_programme(), new in any_programme()) {
            let changes = difference(Some(&old), &new);
            prop_assert_eq!(sorted(apply(Some(&old), &changes)), sorted(new.sessions));
        }

        #[test]
        fn nothing_differs_from_itself(one in any_programme()) {
            prop_assert_eq!(difference(Some(&one), &one), []);
            let all_new = difference(None, &one);
            prop_assert_eq!(sorted(apply(None, &all_new)), sorted(one.sessions));
        }
    }

    #[test]
    fn each_kind_of_change_is_told_as_such() {
        let plain = || session(1, Some(1), "13T01:00");
        type Edit = fn(&mut ProgrammeSession);
        let edits: [(&[&str], Edit); 7] = [
            (&[], |_| {}),
            (&["moved"], |session| session.slots = vec![slot(1, Some(1), "13T02:00")]),
            (&["room-changed"], |session| session.slots = vec![slot(1, Some(2), "13T01:00")]),
            (&["moved", "room-changed"], |session| session.slots = vec![slot(1, Some(2), "14T01:00")]),
            (&["cancelled"], |session| session.state = Cancelled),
            (&["edited"], |session| session.title = Localized::single(Lang::EN, "Renamed")),
            (&["slot-added"], |session| session.slots.push(slot(2, Some(2), "13T01:00"))),
        ];
        for (expected, edit) in edits {
            let mut changed = plain();
            edit(&mut changed);
            let changes = difference(Some(&programme(vec![plain()])), &programme(vec![changed]));
            assert_eq!(changes.iter().map(Change::kind).collect::<Vec<_>>(), expected);
        }
    }
}
