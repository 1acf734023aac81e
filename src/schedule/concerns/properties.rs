//! Random drafts and random moves: what the book keeps is what a fresh look and a plain comparison of
//! every two slots find.

use super::*;
use crate::db::{Json, SlotId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::programme::model::SessionState;
use crate::schedule::draft::{Availability, Block, BlockKind, Level, Planning, Walk};
use crate::schedule::model::{ProgrammeSession, ProgrammeSlot};
use crate::schedule::samples::{at, by, draft, id, programme, session};
use chrono::TimeDelta;
use proptest::prelude::*;
use std::collections::BTreeSet;

/// Room, start in steps of five minutes, length in the same steps.
type Place = (Option<u8>, i64, i64);

/// Everything random about one session: place, people, forum, state, buffer after, capacity.
type Seed = (Place, Vec<u8>, u8, SessionState, i32, Option<i32>);

#[derive(Clone, Debug)]
enum Step {
    Move(u8, Place),
    Place(u8, Place),
    Remove(u8),
    PutBlock(u8, BlockKind, Place),
    RemoveBlock(u8),
}

fn places() -> impl Strategy<Value = Place> {
    // Two mornings, so that things meet often; a start before the first day now and then.
    (proptest::option::weighted(0.9, 1u8..=3), prop_oneof![9 => 0i64..60, 1 => -300i64..0, 2 => 288i64..340], 1i64..20)
}

fn seeds() -> impl Strategy<Value = Seed> {
    let states = prop_oneof![
        4 => Just(SessionState::Confirmed),
        3 => Just(SessionState::Accepted),
        1 => Just(SessionState::Proposed),
        1 => Just(SessionState::Cancelled),
    ];
    let people = proptest::collection::vec(1u8..=4, 0..3);
    (places(), people, 0u8..=2, states, prop_oneof![3 => Just(0), 1 => 1i32..40], proptest::option::of(10..600))
}

fn kinds() -> impl Strategy<Value = BlockKind> {
    proptest::sample::select(BlockKind::ALL)
}

fn steps() -> impl Strategy<Value = Step> {
    prop_oneof![
        4 => (1u8..30, places()).prop_map(|(slot, place)| Step::Move(slot, place)),
        2 => (1u8..12, places()).prop_map(|(session, place)| Step::Place(session, place)),
        1 => (1u8..30).prop_map(Step::Remove),
        1 => (1u8..4, kinds(), places()).prop_map(|(block, kind, place)| Step::PutBlock(block, kind, place)),
        1 => (1u8..4).prop_map(Step::RemoveBlock),
    ]
}

fn times((_, start, length): Place) -> (UtcTime, UtcTime) {
    let start = at("12T20:00") + TimeDelta::minutes(5 * start);
    (start, start + TimeDelta::minutes(5 * length))
}

fn slot_at(number: u8, place: Place) -> ProgrammeSlot {
    let (start, end) = times(place);
    ProgrammeSlot {
        id: id(number),
        guid: format!("slot-{number}"),
        room: place.0.map(id),
        start,
        end,
        sequence: 0,
        changed_at: start,
        moved_from: None,
    }
}

fn block_at(number: u8, kind: BlockKind, place: Place) -> Block {
    let (starts_at, ends_at) = times(place);
    Block {
        id: id(100 + number),
        event_id: id(1),
        room_id: place.0.map(id),
        kind,
        title: Localized::new(),
        is_public: true,
        starts_at,
        ends_at,
        version: 1,
        created_at: starts_at,
        updated_at: starts_at,
    }
}

fn session_of(number: u8, (place, people, forum, state, _, capacity): &Seed) -> ProgrammeSession {
    ProgrammeSession {
        forum: Some(id(*forum)),
        state: *state,
        capacity: *capacity,
        interpreted: if number.is_multiple_of(3) { vec![Lang::ZH] } else { Vec::new() },
        format: Some(id(1)),
        slots: vec![slot_at(number, *place)],
        ..by(session(number, None, "13T01:00"), people)
    }
}

fn draft_of(seeds: &[Seed]) -> Draft {
    let numbered = || (1u8..).zip(seeds);
    let mut draft = draft(programme(numbered().map(|(number, seed)| session_of(number, seed)).collect()));
    draft.programme.rooms[0].building = Localized::single(Lang::EN, "Hall");
    draft.programme.rooms[1].building = Localized::single(Lang::EN, "Mill");
    let third = crate::schedule::model::ProgrammeRoom { id: id(3), ..draft.programme.rooms[0].clone() };
    draft.programme.rooms.push(third);
    draft.rules.walks = Json::new(vec![Walk { from: "Hall".into(), to: "Mill".into(), minutes: 17 }]).expect("walks");
    draft.rules.shared_audience = 3;
    draft.format_minutes.insert(id(1), 45);
    draft.serial_forums.insert(id(1));
    for (number, (.., buffer, _)) in numbered() {
        draft.sessions.insert(id(number), Planning { buffer_after: *buffer, ..Planning::default() });
        draft.stars.insert(id(number), i32::from(number) * 9);
        draft.shared_audience.insert((id(number), id(number + 1)), i32::from(number % 5));
    }
    let hours = |speaker: Option<u8>, room: Option<u8>, level, from: &str, to: &str| Availability {
        id: crate::db::AvailabilityId::new(),
        event_id: id(1),
        speaker_id: speaker.map(id),
        room_id: room.map(id),
        level,
        starts_at: at(from),
        ends_at: at(to),
        created_at: at("01T00:00"),
    };
    draft.availabilities = vec![
        hours(Some(1), None, Level::Available, "12T21:00", "12T23:00"),
        hours(Some(1), None, Level::Preferred, "12T23:00", "13T00:30"),
        hours(Some(2), None, Level::Unavailable, "12T22:10", "12T22:40"),
        hours(None, Some(2), Level::Unavailable, "13T00:00", "13T00:10"),
    ];
    draft
}

fn slots(draft: &Draft) -> impl Iterator<Item = (&ProgrammeSession, &ProgrammeSlot)> {
    draft.programme.sessions.iter().flat_map(|session| session.slots.iter().map(move |slot| (session, slot)))
}

/// Does a step to the draft and to the book.
fn take(draft: &mut Draft, book: &mut ConcernBook, step: &Step) -> Changed {
    match step {
        Step::Move(number, place) => {
            let moved = slot_at(*number, *place);
            let all = draft.programme.sessions.iter_mut().flat_map(|session| &mut session.slots);
            for slot in all.filter(|slot| slot.id == moved.id) {
                *slot = moved.clone();
            }
            book.move_slot(moved.id, moved.room, moved.start, moved.end)
        }
        Step::Place(number, place) => {
            let slot = slot_at(200 + number, *place);
            let Some(session) = draft.programme.sessions.iter_mut().find(|session| session.id == id(*number)) else {
                return Changed::default();
            };
            session.slots.retain(|one| one.id != slot.id);
            session.slots.push(slot.clone());
            book.place(id(*number), &slot)
        }
        Step::Remove(number) => {
            let gone: SlotId = id(*number);
            draft.programme.sessions.iter_mut().for_each(|session| session.slots.retain(|slot| slot.id != gone));
            book.remove(gone)
        }
        Step::PutBlock(number, kind, place) => {
            let block = block_at(*number, *kind, *place);
            draft.blocks.retain(|one| one.id != block.id);
            draft.blocks.push(block.clone());
            book.put_block(&block)
        }
        Step::RemoveBlock(number) => {
            draft.blocks.retain(|one| one.id != id(100 + number));
            book.remove_block(id(100 + number))
        }
    }
}

fn as_set(found: &[Found]) -> BTreeSet<(SlotId, Concern)> {
    found.iter().map(|found| (found.slot, found.concern.clone())).collect()
}

/// What every two slots have against each other, by comparing all of them.
fn plain(draft: &Draft) -> BTreeSet<(SlotId, Concern)> {
    let takes_place = |session: &ProgrammeSession| session.state != SessionState::Cancelled;
    let building = |slot: &ProgrammeSlot| {
        let room = draft.programme.rooms.iter().find(|room| Some(room.id) == slot.room);
        room.map(|room| draft.building(room)).unwrap_or_default()
    };
    let mut found = BTreeSet::new();
    for (session, slot) in slots(draft).filter(|(session, _)| takes_place(session)) {
        for (other, theirs) in slots(draft).filter(|(session, _)| takes_place(session)) {
            if slot.id == theirs.id {
                continue;
            }
            let overlap = slot.start < theirs.end && theirs.start < slot.end;
            let gap = if theirs.end <= slot.start { slot.start - theirs.end } else { theirs.start - slot.end };
            let in_room = slot.room.is_some() && slot.room == theirs.room;
            let rival = Rival::Session(theirs.id, other.id);
            let first = if slot.start < theirs.start { session } else { other };
            let buffer = draft.sessions[&first.id].buffer_after;
            if in_room && overlap {
                found.insert((slot.id, Concern::RoomTaken(rival)));
            } else if in_room && gap < TimeDelta::minutes(buffer.into()) {
                found.insert((slot.id, Concern::BufferBroken(rival, buffer)));
            }
            let walk = draft.rules.walk(building(slot), building(theirs));
            for part in session.people.iter().filter(|part| other.people.iter().any(|one| one.speaker == part.speaker))
            {
                if overlap && session.id != other.id {
                    found.insert((slot.id, Concern::SpeakerBusy(part.speaker, theirs.id, other.id)));
                } else if !overlap && gap < TimeDelta::minutes(walk.into()) {
                    found.insert((slot.id, Concern::TooFar(part.speaker, theirs.id, other.id, walk)));
                }
            }
            if overlap && session.id != other.id && session.forum == other.forum && session.forum == Some(id(1)) {
                found.insert((slot.id, Concern::ForumOverlaps(id(1), theirs.id, other.id)));
            }
            let pair = (session.id.min(other.id), session.id.max(other.id));
            let people = draft.shared_audience.get(&pair).copied().unwrap_or(0);
            if overlap && people >= 3 {
                found.insert((slot.id, Concern::SharedAudience(theirs.id, other.id, people)));
            }
        }
        for block in draft.blocks.iter().filter(|block| slot.start < block.ends_at && block.starts_at < slot.end) {
            let everywhere = block.room_id.is_none() && block.kind != BlockKind::Registration;
            if slot.room.is_some() && (everywhere || block.room_id == slot.room) {
                found.insert((slot.id, Concern::RoomTaken(Rival::Block(block.id))));
            }
        }
    }
    found
}

fn is_between_two(concern: &Concern) -> bool {
    concern.other().is_some() || matches!(concern, Concern::RoomTaken(_))
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(300))]

    #[test]
    fn a_book_that_follows_every_move_holds_what_a_fresh_look_finds(
        seeds in proptest::collection::vec(seeds(), 1..12),
        steps in proptest::collection::vec(steps(), 1..12),
    ) {
        let mut draft = draft_of(&seeds);
        let mut book = ConcernBook::new(&draft);
        for step in &steps {
            let before = as_set(&book.all());
            let Changed { vanished, appeared } = take(&mut draft, &mut book, step);
            let after = book.all();
            prop_assert_eq!(&after, &ConcernBook::new(&draft).all());
            let (vanished, appeared) = (as_set(&vanished), as_set(&appeared));
            prop_assert!(vanished.is_subset(&before));
            let told: BTreeSet<_> = before.difference(&vanished).chain(&appeared).cloned().collect();
            prop_assert_eq!(told, as_set(&after));
        }
    }

    #[test]
    fn sweeping_finds_what_comparing_every_two_slots_finds(seeds in proptest::collection::vec(seeds(), 1..12)) {
        let draft = draft_of(&seeds);
        let mut found = as_set(&concerns(&draft));
        found.retain(|(_, concern)| is_between_two(concern));
        prop_assert_eq!(found, plain(&draft));
    }

    #[test]
    fn what_two_slots_have_against_each_other_is_found_at_both(seeds in proptest::collection::vec(seeds(), 1..12)) {
        let found = concerns(&draft_of(&seeds));
        for one in found.iter().filter(|one| one.concern.other().is_some()) {
            let mirrored = found.iter().filter(|other| other.key() == one.key() && other.slot != one.slot);
            prop_assert_eq!(mirrored.count(), 1);
        }
    }

    #[test]
    fn candidates_are_the_starts_at_which_placing_raises_a_concern(
        seeds in proptest::collection::vec(seeds(), 2..10),
        minutes in 5i32..120,
        starts in proptest::collection::vec((1u8..=3, 0i64..1440), 20),
        is_moved: bool,
    ) {
        let draft = draft_of(&seeds);
        let book = ConcernBook::new(&draft);
        let slot = is_moved.then(|| id::<SlotId>(1));
        let day = draft.programme.event.starts_on;
        let stretches = book.candidates(id(1), slot, minutes, day);
        let midnight = crate::schedule::times::day_start(day, draft.programme.event.timezone);
        for (room, minute) in starts {
            let start = midnight + TimeDelta::minutes(minute);
            let end = start + TimeDelta::minutes(minutes.into());
            let mut placed = book.would(id(1), slot, Some(id(room)), (start, end));
            placed.retain(|(_, concern)| concern.depends_on_place());
            placed.sort();
            let here = stretches.iter().filter(|one| one.room == id(room) && one.from <= start && start < one.to);
            let mut told: Vec<_> = here.map(|one| (one.severity, one.concern.clone())).collect();
            told.sort();
            prop_assert_eq!(told, placed, "minute {} in room {}", minute, room);
        }
    }
}
