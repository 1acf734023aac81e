//! Every concern, as tables of drafts and what speaks against them.

use super::*;
use crate::db::{AvailabilityId, BlockId, Json, SlotId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::programme::model::SessionState;
use crate::schedule::draft::{Availability, Block, BlockKind, Level, Planning, Walk};
use crate::schedule::model::{ProgrammeForum, ProgrammeSession};
use crate::schedule::samples::{at, by, draft, id, programme, session, slot};
use chrono::TimeDelta;

/// A draft of confirmed sessions with nothing else to it.
fn plan(sessions: Vec<ProgrammeSession>) -> Draft {
    let confirmed = |session| ProgrammeSession { state: SessionState::Confirmed, ..session };
    draft(programme(sessions.into_iter().map(confirmed).collect()))
}

/// The concerns of a draft, each with the number of its session.
fn check(draft: &Draft, expected: &[(u8, Concern)]) {
    let found: Vec<_> = concerns(draft).into_iter().map(|found| (found.session, found.concern)).collect();
    let expected: Vec<_> = expected.iter().map(|(number, concern)| (id(*number), concern.clone())).collect();
    assert_eq!(found, expected);
}

fn taken(number: u8) -> Concern {
    Concern::RoomTaken(Rival::Session(id(number), id(number)))
}

fn busy(speaker: u8, number: u8) -> Concern {
    Concern::SpeakerBusy(id(speaker), id(number), id(number))
}

fn lasting(mut session: ProgrammeSession, minutes: i64) -> ProgrammeSession {
    session.slots[0].end = session.slots[0].start + TimeDelta::minutes(minutes);
    session
}

fn block(number: u8, kind: BlockKind, room: Option<u8>, from: &str, to: &str) -> Block {
    Block {
        id: id::<BlockId>(number),
        event_id: id(1),
        room_id: room.map(id),
        kind,
        title: Localized::new(),
        is_public: true,
        starts_at: at(from),
        ends_at: at(to),
        version: 1,
        created_at: at("01T00:00"),
        updated_at: at("01T00:00"),
    }
}

fn hours(speaker: Option<u8>, room: Option<u8>, level: Level, from: &str, to: &str) -> Availability {
    Availability {
        id: AvailabilityId::new(),
        event_id: id(1),
        speaker_id: speaker.map(id),
        room_id: room.map(id),
        level,
        starts_at: at(from),
        ends_at: at(to),
        created_at: at("01T00:00"),
    }
}

#[test]
fn a_room_holds_one_session_at_a_time() {
    let first = || session(1, Some(1), "13T01:00");
    let both = [(1, taken(2)), (2, taken(1))];
    check(&plan(vec![first(), session(2, Some(1), "13T01:30")]), &both);
    check(&plan(vec![session(2, Some(1), "13T01:30"), first()]), &both);
    check(&plan(vec![first(), session(2, Some(2), "13T01:30")]), &[]);
    check(&plan(vec![first(), session(2, Some(1), "13T02:00")]), &[]);
    // Touching is no overlap, a minute is.
    check(&plan(vec![lasting(first(), 61), session(2, Some(1), "13T02:00")]), &both);
}

#[test]
fn an_ended_session_is_in_nobodys_way() {
    for state in [SessionState::Cancelled, SessionState::Rejected, SessionState::Withdrawn] {
        let ended = ProgrammeSession { state, ..by(session(2, Some(1), "20T01:30"), &[1]) };
        let other = ProgrammeSession { state: SessionState::Confirmed, ..by(session(1, Some(1), "13T01:00"), &[1]) };
        check(&draft(programme(vec![other, ended])), &[]);
    }
}

#[test]
fn a_long_session_meets_all_that_begin_while_it_lasts() {
    let long = lasting(session(1, Some(1), "13T01:00"), 480);
    let draft = plan(vec![long, session(2, Some(1), "13T02:00"), session(3, Some(1), "13T05:00")]);
    check(&draft, &[(1, taken(2)), (1, taken(3)), (2, taken(1)), (3, taken(1))]);
    assert_eq!(count(&concerns(&draft)), 2);
}

#[test]
fn a_block_takes_its_room_or_all_rooms() {
    let by_block = [(1, Concern::RoomTaken(Rival::Block(id(9))))];
    for (kind, room, from, to, expected) in [
        (BlockKind::SetUp, Some(1), "13T00:30", "13T01:30", &by_block[..]),
        (BlockKind::SetUp, Some(1), "13T00:00", "13T01:00", &[]),
        (BlockKind::SetUp, Some(2), "13T00:30", "13T01:30", &[]),
        (BlockKind::Break, None, "13T01:59", "13T03:00", &by_block[..]),
        (BlockKind::Break, None, "13T02:00", "13T03:00", &[]),
        (BlockKind::Other, None, "13T00:00", "13T12:00", &by_block[..]),
        // The desk stands in the foyer, unless it is said to be in a room.
        (BlockKind::Registration, None, "13T00:00", "13T12:00", &[]),
        (BlockKind::Registration, Some(1), "13T00:00", "13T12:00", &by_block[..]),
    ] {
        let mut draft = plan(vec![session(1, Some(1), "13T01:00")]);
        draft.blocks.push(block(9, kind, room, from, to));
        check(&draft, expected);
    }
}

#[test]
fn a_person_is_in_one_place_at_a_time() {
    let first = || by(session(1, Some(1), "13T01:00"), &[1]);
    let both = [(1, busy(1, 2)), (2, busy(1, 1))];
    check(&plan(vec![first(), by(session(2, Some(2), "13T01:59"), &[1, 2])]), &both);
    check(&plan(vec![first(), by(session(2, Some(2), "13T01:59"), &[2])]), &[]);
    check(&plan(vec![first(), by(session(2, Some(2), "13T02:00"), &[1])]), &[]);
    // Speaker and moderator of the same session is told once.
    check(&plan(vec![by(session(1, Some(1), "13T01:00"), &[1, 1]), by(session(2, Some(2), "13T01:00"), &[1])]), &both);
    // Without a room one is in two places too.
    let mut nowhere = concerns(&plan(vec![first(), by(session(2, None, "13T01:30"), &[1])]));
    nowhere.retain(|found| found.concern != Concern::NoRoom);
    assert_eq!(nowhere.len(), 2);
}

#[test]
fn one_session_may_be_shown_in_two_rooms() {
    let mut session = by(session(1, Some(1), "13T01:00"), &[1]);
    session.slots.push(slot(2, Some(2), "13T01:00"));
    check(&plan(vec![session.clone()]), &[]);
    session.slots.push(slot(3, Some(2), "13T01:30"));
    let taken = |slot: u8| Concern::RoomTaken(Rival::Session(id(slot), id(1)));
    check(&plan(vec![session]), &[(1, taken(3)), (1, taken(2))]);
}

/// Two sessions of one person in two buildings, the second a while after the end of the first.
fn walking(minutes: i64, names: [Localized; 2]) -> Draft {
    let mut second = by(session(2, Some(2), "13T02:00"), &[1]);
    second.slots[0].start = second.slots[0].start + TimeDelta::minutes(minutes);
    second.slots[0].end = second.slots[0].start + TimeDelta::minutes(30);
    let mut draft = plan(vec![by(session(1, Some(1), "13T01:00"), &[1]), second]);
    let [one, other] = names;
    (draft.programme.rooms[0].building, draft.programme.rooms[1].building) = (one, other);
    draft
}

#[test]
fn people_need_time_to_walk_between_buildings() {
    let named = |name: &str| Localized::single(Lang::EN, name);
    let far = |walk| [(1, Concern::TooFar(id(1), id(2), id(2), walk)), (2, Concern::TooFar(id(1), id(1), id(1), walk))];
    let (mill, hall) = (named("Mill"), named("Hall"));
    // Ten minutes where nothing else is said.
    check(&walking(0, [mill.clone(), hall.clone()]), &far(10));
    check(&walking(9, [mill.clone(), hall.clone()]), &far(10));
    check(&walking(10, [mill.clone(), hall.clone()]), &[]);
    check(&walking(0, [mill.clone(), mill.clone()]), &[]);
    // Where a building is not known, nothing is.
    check(&walking(0, [mill.clone(), Localized::new()]), &[]);
    // The building's name is that in the event's first language that has one.
    let in_two = Localized::single(Lang::ZH, "厂").with(Lang::EN, "Mill");
    check(&walking(0, [mill.clone(), in_two]), &[]);
    let mut draft = walking(20, [mill, hall]);
    draft.rules.walks =
        Json::new(vec![Walk { from: "Hall".to_owned(), to: "Mill".to_owned(), minutes: 25 }]).expect("walks");
    check(&draft, &far(25));
}

#[test]
fn what_is_said_of_hours_is_heeded() {
    use Level::{Available, Preferred, Unavailable};
    // The session is from one to two.
    for (said, free) in [
        (vec![(Unavailable, "13T00:00", "13T01:00")], true),
        (vec![(Unavailable, "13T00:00", "13T01:01")], false),
        (vec![(Unavailable, "13T02:00", "13T03:00")], true),
        (vec![(Available, "13T01:00", "13T02:00")], true),
        (vec![(Preferred, "13T00:00", "13T01:59")], false),
        // From one stretch right into the next.
        (vec![(Preferred, "13T01:30", "13T03:00"), (Available, "13T00:00", "13T01:30")], true),
        (vec![(Available, "13T00:00", "13T01:29"), (Preferred, "13T01:30", "13T03:00")], false),
        (vec![(Available, "13T00:00", "13T09:00"), (Unavailable, "13T01:10", "13T01:20")], false),
        (vec![(Available, "14T00:00", "14T09:00")], false),
    ] {
        let mut of_speaker = plan(vec![by(session(1, Some(1), "13T01:00"), &[1])]);
        let mut of_room = of_speaker.clone();
        for (level, from, to) in &said {
            of_speaker.availabilities.push(hours(Some(1), None, *level, from, to));
            of_room.availabilities.push(hours(None, Some(1), *level, from, to));
        }
        let (away, closed) = ([(1, Concern::SpeakerAway(id(1)))], [(1, Concern::RoomClosed(id(1)))]);
        check(&of_speaker, if free { &[] } else { &away });
        check(&of_room, if free { &[] } else { &closed });
    }
}

#[test]
fn days_are_those_of_the_events_own_zone() {
    use chrono_tz::Tz;
    let outside = [(1, Concern::OutsideEvent)];
    for (zone, start, fits) in [
        // Midnight in Shanghai is 16:00 UTC of the day before.
        (Tz::Asia__Shanghai, "12T15:59", false),
        (Tz::Asia__Shanghai, "12T16:00", true),
        // A session may run over the last midnight.
        (Tz::Asia__Shanghai, "16T15:30", true),
        (Tz::Asia__Shanghai, "16T16:00", false),
        (Tz::Asia__Kolkata, "12T18:29", false),
        (Tz::Asia__Kolkata, "12T18:30", true),
        (Tz::Asia__Kathmandu, "12T18:14", false),
        (Tz::Asia__Kathmandu, "12T18:15", true),
        (Tz::America__New_York, "17T03:59", true),
        (Tz::America__New_York, "17T04:00", false),
    ] {
        let mut draft = plan(vec![session(1, Some(1), start)]);
        draft.programme.event.timezone = zone;
        check(&draft, if fits { &[] } else { &outside });
    }
}

#[test]
fn days_on_which_the_clocks_change_end_at_their_own_midnight() {
    use chrono_tz::Tz;
    let utc =
        |text: &str| -> UtcTime { chrono::DateTime::parse_from_rfc3339(text).expect("an instant").to_utc().into() };
    for (zone, day, last, after) in [
        (Tz::Europe__Berlin, "2027-03-28", "2027-03-28T21:59:00Z", "2027-03-28T22:00:00Z"),
        (Tz::Europe__Berlin, "2027-10-31", "2027-10-31T22:59:00Z", "2027-10-31T23:00:00Z"),
        // The clocks skip midnight itself: the day begins at one.
        (Tz::Africa__Cairo, "2026-04-23", "2026-04-23T21:59:00Z", "2026-04-23T22:00:00Z"),
        // The next day does not exist.
        (Tz::Pacific__Apia, "2011-12-29", "2011-12-30T09:59:00Z", "2011-12-30T10:00:00Z"),
        (Tz::Australia__Lord_Howe, "2027-04-04", "2027-04-04T13:29:00Z", "2027-04-04T13:30:00Z"),
    ] {
        for (start, fits) in [(last, true), (after, false)] {
            let mut draft = plan(vec![session(1, Some(1), "13T01:00")]);
            let event = &mut draft.programme.event;
            (event.timezone, event.starts_on, event.ends_on) =
                (zone, day.parse().expect("a day"), day.parse().expect("a day"));
            let slot = &mut draft.programme.sessions[0].slots[0];
            (slot.start, slot.end) = (utc(start), utc(start) + TimeDelta::hours(1));
            assert_eq!(concerns(&draft).is_empty(), fits, "{start} in {zone}");
        }
    }
}

#[test]
fn a_room_must_hold_the_people() {
    // The second room has thirty places.
    let with = |demand: Demand, people: i32| {
        let mut one = session(1, Some(2), "13T01:00");
        if demand == Demand::Capacity {
            one.capacity = Some(people);
        }
        let mut draft = plan(vec![one]);
        let mut heard = Heard::default();
        match demand {
            Demand::Capacity => {}
            Demand::Booked => drop(heard.booked.insert(id(1), people)),
            Demand::Expected => {
                draft.sessions.insert(id(1), Planning { expected: Some(people), ..Planning::default() });
            }
            Demand::Stars => drop(draft.stars.insert(id(1), people)),
        }
        ConcernBook::with(&draft, heard).all()
    };
    for demand in Demand::ALL {
        assert_eq!(with(*demand, 30), []);
        let found = with(*demand, 31);
        let expected = Concern::RoomTooSmall { room: id(2), demand: *demand, wanted: 31, there: 30 };
        assert_eq!(found.iter().map(|found| &found.concern).collect::<Vec<_>>(), [&expected]);
        assert_eq!(found[0].severity, if *demand == Demand::Stars { Severity::Hint } else { Severity::Warns });
    }
    let mut unknown = plan(vec![ProgrammeSession { capacity: Some(5000), ..session(1, Some(2), "13T01:00") }]);
    unknown.programme.rooms[1].capacity = None;
    check(&unknown, &[]);
}

#[test]
fn a_room_must_carry_the_languages() {
    // The first room has a booth and a channel of Chinese, the second nothing.
    let with = |room: u8, interpreted: &[Lang]| {
        plan(vec![ProgrammeSession { interpreted: interpreted.to_vec(), ..session(1, Some(room), "13T01:00") }])
    };
    let french: Lang = "fr".parse().expect("a language");
    check(&with(1, &[Lang::ZH]), &[]);
    // The language of the floor needs no channel.
    check(&with(2, &[Lang::EN]), &[]);
    let nothing = [
        (1, Concern::ChannelMissing(id(2), vec![Lang::ZH])),
        (1, Concern::BoothMissing { room: id(2), wanted: 1, there: 0 }),
    ];
    check(&with(2, &[Lang::ZH]), &nothing);
    let half = [
        (1, Concern::ChannelMissing(id(1), vec![french])),
        (1, Concern::BoothMissing { room: id(1), wanted: 2, there: 1 }),
    ];
    check(&with(1, &[Lang::ZH, french]), &half);
}

#[test]
fn the_event_may_want_all_its_languages() {
    let with = |language, interpreted: &[Lang], wants| {
        let one = ProgrammeSession { language, interpreted: interpreted.to_vec(), ..session(1, Some(1), "13T01:00") };
        let mut draft = plan(vec![one]);
        draft.programme.event.languages = vec![Lang::EN, Lang::ZH];
        draft.rules.wants_all_languages = wants;
        draft
    };
    check(&with(Some(Lang::EN), &[], false), &[]);
    check(&with(Some(Lang::EN), &[Lang::ZH], true), &[]);
    check(&with(Some(Lang::EN), &[], true), &[(1, Concern::LanguagesMissing(vec![Lang::ZH]))]);
    check(&with(None, &[], true), &[(1, Concern::LanguagesMissing(vec![Lang::EN, Lang::ZH]))]);
}

#[test]
fn a_session_is_as_long_as_its_format() {
    for (minutes, expected) in
        [(60, None), (59, Some(Concern::LengthDiffers(60, 59))), (75, Some(Concern::LengthDiffers(60, 75)))]
    {
        let one = ProgrammeSession { format: Some(id(1)), ..lasting(session(1, Some(1), "13T01:00"), minutes) };
        let mut draft = plan(vec![one]);
        draft.format_minutes.insert(id(1), 60);
        check(&draft, &expected.map(|concern| (1, concern)).into_iter().collect::<Vec<_>>());
    }
}

#[test]
fn a_serial_forum_runs_one_after_the_other() {
    let of = |forum: u8, session| ProgrammeSession { forum: Some(id(forum)), ..session };
    let with = |second: ProgrammeSession, is_serial: bool| {
        let mut draft = plan(vec![of(1, session(1, Some(1), "13T01:00")), second]);
        draft.programme.forums = vec![ProgrammeForum {
            id: id(1),
            code: "forum".to_owned(),
            name: Localized::new(),
            description: Localized::new(),
            color: "#1c7ed6".to_owned(),
        }];
        if is_serial {
            draft.serial_forums.insert(id(1));
        }
        draft
    };
    let overlap = |number: u8| Concern::ForumOverlaps(id(1), id(number), id(number));
    check(&with(of(1, session(2, Some(2), "13T01:30")), true), &[(1, overlap(2)), (2, overlap(1))]);
    check(&with(of(1, session(2, Some(2), "13T01:30")), false), &[]);
    check(&with(of(1, session(2, Some(2), "13T02:00")), true), &[]);
    check(&with(of(2, session(2, Some(2), "13T01:30")), true), &[]);
}

#[test]
fn what_many_want_to_see_does_not_overlap() {
    let with = |second: &str, people, least| {
        let mut draft = plan(vec![session(1, Some(1), "13T01:00"), session(2, Some(2), second)]);
        draft.shared_audience.insert((id(1), id(2)), people);
        draft.rules.shared_audience = least;
        draft
    };
    let shared = |number: u8| Concern::SharedAudience(id(number), id(number), 20);
    check(&with("13T01:30", 20, 20), &[(1, shared(2)), (2, shared(1))]);
    check(&with("13T01:30", 19, 20), &[]);
    check(&with("13T02:00", 20, 20), &[]);
    // None switches it off.
    check(&with("13T01:30", 20, 0), &[]);
}

#[test]
fn a_buffer_keeps_the_room_empty() {
    // The first ends at two; the second begins a while later.
    let with = |after: i32, before: i32, gap: i64, room: u8| {
        let mut second = session(2, Some(room), "13T02:00");
        second.slots[0].start = second.slots[0].start + TimeDelta::minutes(gap);
        second.slots[0].end = second.slots[0].start + TimeDelta::minutes(30);
        let mut draft = plan(vec![session(1, Some(1), "13T01:00"), second]);
        draft.sessions.insert(id(1), Planning { buffer_after: after, ..Planning::default() });
        draft.sessions.insert(id(2), Planning { buffer_before: before, ..Planning::default() });
        draft
    };
    let broken = |number: u8, minutes| Concern::BufferBroken(Rival::Session(id(number), id(number)), minutes);
    check(&with(15, 0, 14, 1), &[(1, broken(2, 15)), (2, broken(1, 15))]);
    check(&with(15, 0, 15, 1), &[]);
    // The wider counts, not the sum.
    check(&with(15, 30, 29, 1), &[(1, broken(2, 30)), (2, broken(1, 30))]);
    check(&with(15, 30, 30, 1), &[]);
    check(&with(15, 30, 0, 2), &[]);
    for (kind, room, expected) in [
        (BlockKind::Break, Some(1), &[(1, Concern::BufferBroken(Rival::Block(id(9)), 15))][..]),
        // The sweep is what the buffer is for, and in a break of all rooms nobody is in.
        (BlockKind::SetUp, Some(1), &[]),
        (BlockKind::Break, None, &[]),
    ] {
        let mut draft = with(15, 0, 60, 1);
        draft.blocks.push(block(9, kind, room, "13T02:10", "13T02:40"));
        check(&draft, expected);
    }
}

#[test]
fn what_speakers_have_said_of_a_slot_is_heeded() {
    let accepted = || by(session(1, Some(1), "13T01:00"), &[1, 2]);
    for (state, replies, expected) in [
        (SessionState::Accepted, vec![], vec![Concern::Unconfirmed]),
        (SessionState::Accepted, vec![(1, Reply::Accepted)], vec![Concern::Unconfirmed]),
        (SessionState::Accepted, vec![(1, Reply::Accepted), (2, Reply::Accepted)], vec![]),
        (SessionState::Confirmed, vec![], vec![]),
        (SessionState::Confirmed, vec![(2, Reply::Declined)], vec![Concern::Declined(id(2))]),
        (SessionState::Confirmed, vec![(1, Reply::Asked)], vec![Concern::AskedForAnother(id(1))]),
        (SessionState::Proposed, vec![], vec![]),
    ] {
        let draft = draft(programme(vec![ProgrammeSession { state, ..accepted() }]));
        let replies = replies.into_iter().map(|(speaker, reply)| (id(speaker), reply)).collect();
        let given = Replies { room: Some(id(1)), start: at("13T01:00"), end: at("13T02:00"), given: replies };
        let heard = Heard { replies: [("slot-1".to_owned(), given)].into(), ..Heard::default() };
        let found: Vec<_> = ConcernBook::with(&draft, heard).all().into_iter().map(|found| found.concern).collect();
        assert_eq!(found, expected, "{state}");
    }
    // What was said of another place counts no more.
    let moved = plan(vec![by(session(1, Some(2), "13T01:00"), &[1])]);
    let given = vec![(id(1), Reply::Declined)];
    let given = Replies { room: Some(id(1)), start: at("13T01:00"), end: at("13T02:00"), given };
    let heard = Heard { replies: [("slot-1".to_owned(), given)].into(), ..Heard::default() };
    assert_eq!(ConcernBook::with(&moved, heard).all(), []);
    // Where nobody takes part, nobody has to confirm.
    check(&draft(programme(vec![session(1, Some(1), "13T01:00")])), &[]);
}

#[test]
fn unplaced_sessions_raise_nothing_and_a_missing_room_a_hint() {
    check(
        &plan(vec![ProgrammeSession { slots: Vec::new(), capacity: Some(9000), ..session(1, None, "13T01:00") }]),
        &[],
    );
    check(&plan(vec![session(1, None, "13T01:00")]), &[(1, Concern::NoRoom)]);
}

#[test]
fn what_blocks_comes_first_and_blocks_only_what_is_released() {
    let sessions = vec![
        session(1, None, "13T01:00"),
        session(2, Some(1), "20T01:00"),
        session(3, Some(2), "14T01:00"),
        session(4, Some(2), "14T01:00"),
    ];
    let mut draft = plan(sessions);
    check(&draft, &[(3, taken(4)), (4, taken(3)), (2, Concern::OutsideEvent), (1, Concern::NoRoom)]);
    assert_eq!(count(&blocking(&concerns(&draft), &MutedConcerns::new())), 1);
    draft.programme.sessions[3].state = SessionState::Proposed;
    let severities: Vec<_> = concerns(&draft).iter().map(|found| found.severity).collect();
    assert_eq!(severities, [Severity::Warns, Severity::Warns, Severity::Warns, Severity::Hint]);
}

#[test]
fn a_key_names_both_slots_in_one_order_and_mutes_both() {
    let draft = plan(vec![session(2, Some(1), "13T01:00"), session(1, Some(1), "13T01:30")]);
    let found = concerns(&draft);
    let (one, other): (SlotId, SlotId) = (id(1), id(2));
    assert_eq!(found.iter().map(Found::key).collect::<Vec<_>>(), vec![format!("room-taken:{one}:{other}"); 2]);
    let muted = [(found[0].key(), Muted { reason: "A relay".to_owned(), by: None })].into();
    assert_eq!(blocking(&found, &muted), []);
    assert_eq!(blocking(&found, &MutedConcerns::new()).len(), 2);
}
