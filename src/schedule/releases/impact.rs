//! What a release means for people, in numbers.

use crate::db::{RegistrationId, SessionId, SpeakerId};
use crate::programme::model::SessionState::Cancelled;
use crate::schedule::concerns::{Concern, Found};
use crate::schedule::difference::{Change, difference};
use crate::schedule::model::{Programme, ProgrammeSession};
use std::collections::{HashMap, HashSet};

/// What a release means for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Impact {
    /// Sessions that are at another time or in another room.
    pub moved: usize,
    /// Sessions that were public and do not take place any more.
    pub cancelled: usize,
    /// People who have starred one of these at least, or have a seat in it.
    pub starred: usize,
    /// Those of them who now have two starred sessions at once, and had not before.
    pub clashing: usize,
    /// Speakers who would be outside the times that they gave, in what is new or moved.
    pub away: usize,
}

/// Reckons it. `stars` are all of the event, seats among them; `found` is what speaks against `after`.
#[must_use]
pub fn impact(
    before: Option<&Programme>,
    after: &Programme,
    stars: &[(RegistrationId, SessionId)],
    found: &[Found],
) -> Impact {
    let (mut moved, mut gone, mut placed) = (HashSet::new(), HashSet::new(), HashSet::new());
    for change in difference(before, after) {
        let session = change.session();
        match change {
            Change::Moved { .. } | Change::RoomChanged { .. } => {
                moved.insert(session);
                placed.insert(session);
            }
            Change::Cancelled(_) | Change::Removed(_) => {
                gone.insert(session);
            }
            Change::Added(_) | Change::SlotAdded(..) | Change::Revived(..) => {
                placed.insert(session);
            }
            Change::SlotRemoved(..) | Change::Edited(_) => {}
        }
    }
    moved.retain(|session| !gone.contains(session));
    let away: HashSet<SpeakerId> = found
        .iter()
        .filter(|one| placed.contains(&one.session))
        .filter_map(|one| if let Concern::SpeakerAway(speaker) = one.concern { Some(speaker) } else { None })
        .collect();
    let (starred, clashing) = audience(before, after, stars, &moved, &gone);
    Impact { moved: moved.len(), cancelled: gone.len(), starred, clashing, away: away.len() }
}

fn audience(
    before: Option<&Programme>,
    after: &Programme,
    stars: &[(RegistrationId, SessionId)],
    moved: &HashSet<SessionId>,
    gone: &HashSet<SessionId>,
) -> (usize, usize) {
    let of = |programme: Option<&'_ Programme>| -> HashMap<SessionId, ProgrammeSession> {
        let sessions = programme.into_iter().flat_map(|programme| &programme.sessions);
        sessions.map(|session| (session.id, session.clone())).collect()
    };
    if moved.is_empty() && gone.is_empty() {
        return (0, 0);
    }
    let (old, new) = (of(before), of(Some(after)));
    let clash = |book: &HashMap<SessionId, ProgrammeSession>, one: &SessionId, other: &SessionId| {
        book.get(one).zip(book.get(other)).is_some_and(|(one, other)| cannot_see_both(one, other))
    };
    let mut of_person: HashMap<RegistrationId, Vec<SessionId>> = HashMap::new();
    for (person, session) in stars {
        of_person.entry(*person).or_default().push(*session);
    }
    let (mut starred, mut clashing) = (0, 0);
    for sessions in of_person.values() {
        if !sessions.iter().any(|session| moved.contains(session) || gone.contains(session)) {
            continue;
        }
        starred += 1;
        let is_new_clash =
            |one: &SessionId, other: &SessionId| one != other && clash(&new, one, other) && !clash(&old, one, other);
        let here = sessions.iter().filter(|session| moved.contains(session));
        if here.into_iter().any(|one| sessions.iter().any(|other| is_new_clash(one, other))) {
            clashing += 1;
        }
    }
    (starred, clashing)
}

/// Whether the two overlap whichever of their times one goes to.
fn cannot_see_both(one: &ProgrammeSession, other: &ProgrammeSession) -> bool {
    let takes_place = |session: &ProgrammeSession| session.state != Cancelled && !session.slots.is_empty();
    takes_place(one)
        && takes_place(other)
        && one.slots.iter().all(|mine| other.slots.iter().all(|its| mine.start < its.end && its.start < mine.end))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::samples::{id, programme, session, slot};

    #[test]
    fn people_who_starred_what_moves_are_counted_once_and_their_new_clashes_too() {
        let before = programme(vec![
            session(1, Some(1), "13T01:00"),
            session(2, Some(2), "13T03:00"),
            session(3, Some(2), "13T05:00"),
            session(4, Some(1), "13T03:00"),
        ]);
        let mut after = before.clone();
        after.sessions[0].slots[0] = slot(1, Some(1), "13T03:00");
        after.sessions.remove(2);
        let stars: Vec<(RegistrationId, SessionId)> = [
            // Had nothing at once, now has 1 and 2.
            (1, 1),
            (1, 2),
            // Only what is removed.
            (2, 3),
            // Nothing that changes, and two at once all along.
            (3, 2),
            (3, 4),
            // Moved, with nothing beside it.
            (4, 1),
        ]
        .into_iter()
        .map(|(person, session)| (id(person), id(session)))
        .collect();
        let found = Found {
            session: id(1),
            slot: id(1),
            concern: Concern::SpeakerAway(id(1)),
            severity: crate::schedule::concerns::Severity::Warns,
        };
        let unmoved = Found { session: id(2), slot: id(2), ..found.clone() };
        let reckoned = impact(Some(&before), &after, &stars, &[found, unmoved.clone()]);
        assert_eq!(reckoned, Impact { moved: 1, cancelled: 1, starred: 3, clashing: 1, away: 1 });
        assert_eq!(impact(Some(&after), &after, &stars, &[unmoved]), Impact::default());
    }

    #[test]
    fn who_can_go_to_the_repetition_has_no_clash() {
        let before = programme(vec![session(1, Some(1), "13T01:00"), session(2, Some(2), "13T03:00")]);
        let mut after = before.clone();
        after.sessions[0].slots[0] = slot(1, Some(1), "13T03:00");
        after.sessions[0].slots.push(slot(9, Some(1), "14T03:00"));
        let stars = [(id(1), id(1)), (id(1), id(2))];
        assert_eq!(impact(Some(&before), &after, &stars, &[]).clashing, 0);
    }
}
