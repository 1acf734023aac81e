//! iCalendar `SEQUENCE` numbers of a release.

use super::model::{Programme, ProgrammeRoom, ProgrammeSession, ProgrammeSlot, ProgrammeSpeaker};
use crate::db::UtcTime;
use crate::programme::model::SessionState::Cancelled;
use std::collections::HashMap;

/// Gives each slot of the release with this `number` its `SEQUENCE` and the time of its last change:
/// those of the release before, or the next where a calendar would show something else.
///
/// Slots are known again by their guid, which is the `UID` of their calendar entry: a session that is
/// taken out and placed anew is the same entry. A number rises by at most one a release, so that what
/// comes in with release *n* begins at *n - 1*: higher than whatever a calendar may still hold of it.
pub(super) fn count_on(programme: &mut Programme, before: Option<&Programme>, number: i32, now: UtcTime) {
    let known: HashMap<&str, (&Programme, &ProgrammeSession, &ProgrammeSlot)> = before
        .into_iter()
        .flat_map(|programme| programme.sessions.iter().map(move |session| (programme, session)))
        .flat_map(|(programme, session)| {
            session.slots.iter().map(move |slot| (slot.guid.as_str(), (programme, session, slot)))
        })
        .collect();
    let mut sessions = std::mem::take(&mut programme.sessions);
    for session in &mut sessions {
        let mut slots = std::mem::take(&mut session.slots);
        for slot in &mut slots {
            (slot.sequence, slot.changed_at) = match known.get(slot.guid.as_str()) {
                None => (number - 1, now),
                Some((old_programme, old_session, old)) => {
                    let shown_before = shown(old_programme, old_session, old);
                    let is_same = shown_before == shown(programme, session, slot);
                    if is_same { (old.sequence, old.changed_at) } else { (old.sequence + 1, now) }
                }
            };
        }
        session.slots = slots;
    }
    programme.sessions = sessions;
}

/// What a calendar shows of a slot.
fn shown<'a>(
    programme: &'a Programme,
    session: &'a ProgrammeSession,
    slot: &ProgrammeSlot,
) -> impl PartialEq + use<'a> {
    let room = slot.room.and_then(|id| programme.rooms.iter().find(|room| room.id == id));
    let name = |id| programme.speakers.iter().find(|speaker: &&ProgrammeSpeaker| speaker.id == id);
    let people: Vec<_> =
        session.people.iter().map(|part| (part.role, name(part.speaker).map(|speaker| &speaker.name))).collect();
    (
        (slot.start, slot.end, room.map(|room: &ProgrammeRoom| (&room.name, &room.building))),
        (&session.title, &session.abstract_text, &session.description, session.language, &session.links),
        (people, session.forum, session.state == Cancelled),
    )
}

#[cfg(test)]
mod tests {
    use super::super::samples::{at, by, id, programme, session, slot};
    use super::*;
    use crate::i18n::{Lang, Localized};
    use crate::programme::model::SessionState;

    /// The sequence of the only slot after each of these releases.
    fn sequences(releases: Vec<ProgrammeSession>) -> Vec<i32> {
        let mut before: Option<Programme> = None;
        let mut found = Vec::new();
        for (session, number) in releases.into_iter().zip(1..) {
            let mut next = programme(vec![session]);
            count_on(&mut next, before.as_ref(), number, at("01T00:00"));
            found.extend(next.sessions[0].slots.iter().map(|slot| slot.sequence));
            before = Some(next);
        }
        found
    }

    #[test]
    fn a_number_rises_when_a_calendar_shows_something_else() {
        let plain = || by(session(1, Some(1), "13T01:00"), &[1]);
        type Edit = fn(&mut ProgrammeSession);
        let edits: [(&str, i32, Edit); 8] = [
            ("nothing", 0, |_| {}),
            ("moved", 1, |session| session.slots = vec![slot(1, Some(1), "13T02:00")]),
            ("another room", 1, |session| session.slots = vec![slot(1, Some(2), "13T01:00")]),
            ("another title", 1, |session| session.title = Localized::single(Lang::EN, "Renamed")),
            ("another speaker", 1, |session| session.people[0].speaker = id(2)),
            ("cancelled", 1, |session| session.state = SessionState::Cancelled),
            ("confirmed", 0, |session| session.state = SessionState::Confirmed),
            ("placed anew", 1, |session| {
                session.slots = vec![ProgrammeSlot { guid: "slot-1".to_owned(), ..slot(9, Some(1), "14T01:00") }];
            }),
        ];
        for (what, expected, edit) in edits {
            let mut changed = plain();
            edit(&mut changed);
            assert_eq!(sequences(vec![plain(), changed]), [0, expected], "{what}");
        }
    }

    #[test]
    fn a_number_never_falls_back() {
        let placed = |start| session(1, Some(1), start);
        let unplaced = || ProgrammeSession { slots: Vec::new(), ..session(1, None, "13T01:00") };
        assert_eq!(sequences(vec![placed("13T01:00"), placed("13T02:00"), unplaced(), placed("13T02:00")]), [0, 1, 3]);
    }

    #[test]
    fn a_room_with_a_new_name_is_a_change_too() {
        let mut first = programme(vec![session(1, Some(1), "13T01:00")]);
        count_on(&mut first, None, 1, at("01T00:00"));
        let mut second = first.clone();
        second.rooms[0].name = Localized::single(Lang::EN, "Great Hall");
        count_on(&mut second, Some(&first), 2, at("02T00:00"));
        assert_eq!((second.sessions[0].slots[0].sequence, second.sessions[0].slots[0].changed_at), (1, at("02T00:00")));
    }
}
