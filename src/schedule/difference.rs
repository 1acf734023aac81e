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
