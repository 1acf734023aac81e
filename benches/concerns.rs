//! How long checking a large draft takes: `cargo bench --bench concerns`.
//!
//! A draft of 1,000 sessions in 40 rooms over 4 days, with 1,500 speakers, serial forums, buildings,
//! hours, blocks and stars. The yardstick, in the same run, compares every two slots by the plainest
//! loop for room and people alone, two of eighteen kinds of concern, and words none of them.

use chrono::TimeDelta;
use plenary::db::{AvailabilityId, BlockId, EventId, FormatId, ForumId, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use plenary::i18n::{Lang, Localized};
use plenary::programme::model::{Access, Role, SessionState};
use plenary::schedule::concerns::ConcernBook;
use plenary::schedule::draft::{Availability, Block, BlockKind, Draft, Level, Planning, Rules};
use plenary::schedule::model::{
    Participation, Programme, ProgrammeEvent, ProgrammeForum, ProgrammeRoom, ProgrammeSession, ProgrammeSlot,
    ProgrammeSpeaker,
};
use std::collections::HashMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

const SESSIONS: usize = 1000;
const ROOMS: usize = 40;
const SPEAKERS: usize = 1500;
const FORUMS: usize = 20;
const DAYS: i64 = 4;

/// The same numbers in every run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: usize) -> usize {
        self.0 = self.0.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
        usize::try_from(self.0 >> 33).unwrap_or(0) % sides.max(1)
    }
}

fn at(text: &str) -> anyhow::Result<UtcTime> {
    Ok(chrono::DateTime::parse_from_rfc3339(text)?.to_utc().into())
}

fn main() -> anyhow::Result<()> {
    let draft = draft()?;
    let slots: usize = draft.programme.sessions.iter().map(|session| session.slots.len()).sum();
    let found = ConcernBook::new(&draft).all();
    let fresh = best_of(50, || drop(black_box(ConcernBook::new(black_box(&draft)).all())));
    let plain = best_of(5, || _ = black_box(compare_all(black_box(&draft))));
    let mut book = ConcernBook::new(&draft);
    let (mut moves, dice) = (Vec::new(), &mut Dice(7));
    for _ in 0..5000 {
        let session = &draft.programme.sessions[dice.roll(SESSIONS)];
        let slot = &session.slots[0];
        let room = draft.programme.rooms[dice.roll(ROOMS)].id;
        let start = slot.start + TimeDelta::minutes(15 * i64::try_from(dice.roll(9))? - 60);
        let began = Instant::now();
        black_box(book.move_slot(slot.id, Some(room), start, start + (slot.end - slot.start)));
        moves.push(began.elapsed());
    }
    moves.sort_unstable();
    let first = &draft.programme.sessions[0];
    let day = draft.programme.event.starts_on;
    let candidates = best_of(200, || {
        drop(black_box(book.candidates(first.id, first.slots.first().map(|slot| slot.id), 45, day)));
    });
    let at_most = |share: usize| moves[(moves.len() * share / 1000).min(moves.len() - 1)];
    report(&format!("{SESSIONS} sessions, {slots} slots, {ROOMS} rooms, {} concerns found", found.len()));
    report(&format!("all concerns        {:>9.3} ms   wanted <= 10 ms", ms(fresh)));
    report(&format!("one move, median    {:>9.3} ms   wanted <= 1 ms", ms(at_most(500))));
    report(&format!("one move, 99 %      {:>9.3} ms", ms(at_most(990))));
    report(&format!("candidates of a day {:>9.3} ms", ms(candidates)));
    report(&format!("every two compared  {:>9.3} ms   room and people alone", ms(plain)));
    report(&format!("all concerns against every two compared {:>6.1}", fresh.as_secs_f64() / plain.as_secs_f64()));
    report(&format!(
        "all concerns against one move           {:>6.0}",
        fresh.as_secs_f64() / at_most(500).as_secs_f64()
    ));
    Ok(())
}

fn report(line: &str) {
    use std::io::Write;
    // Nobody is left to tell where standard output is closed.
    let _ = writeln!(std::io::stdout(), "{line}");
}

fn ms(time: Duration) -> f64 {
    time.as_secs_f64() * 1000.0
}

fn best_of(rounds: u32, mut work: impl FnMut()) -> Duration {
    let timed = (0..rounds).map(|_| {
        let began = Instant::now();
        work();
        began.elapsed()
    });
    timed.min().unwrap_or_default()
}

/// The plainest way: every two slots, room and people alone.
fn compare_all(draft: &Draft) -> usize {
    let all: Vec<_> = draft
        .programme
        .sessions
        .iter()
        .flat_map(|session| session.slots.iter().map(move |slot| (session, slot)))
        .collect();
    let mut found = 0;
    for (index, (session, slot)) in all.iter().enumerate() {
        for (other, theirs) in &all[index + 1..] {
            if slot.start < theirs.end && theirs.start < slot.end {
                found += usize::from(slot.room == theirs.room);
                let twice = |part: &&Participation| other.people.iter().any(|one| one.speaker == part.speaker);
                found += session.people.iter().filter(twice).count();
            }
        }
    }
    found
}

fn draft() -> anyhow::Result<Draft> {
    let (event, now, dice) = (EventId::new(), at("2027-01-01T00:00:00Z")?, &mut Dice(1));
    let rooms: Vec<ProgrammeRoom> = (0..ROOMS).map(room).collect();
    let forums: Vec<ProgrammeForum> = (0..FORUMS).map(forum).collect();
    let speakers: Vec<ProgrammeSpeaker> = (0..SPEAKERS).map(speaker).collect();
    let first = at("2027-04-13T01:00:00Z")?;
    let sessions: Vec<ProgrammeSession> =
        (0..SESSIONS).map(|number| session(number, first, dice, (&rooms, &forums, &speakers))).collect();
    let format = FormatId::new();
    let hours = speakers.iter().step_by(5).map(|speaker| Availability {
        id: AvailabilityId::new(),
        event_id: event,
        speaker_id: Some(speaker.id),
        room_id: None,
        level: Level::Available,
        starts_at: first,
        ends_at: first + TimeDelta::days(2),
        created_at: now,
    });
    let lunches = (0..DAYS).map(|day| Block {
        id: BlockId::new(),
        event_id: event,
        room_id: None,
        kind: BlockKind::Break,
        title: Localized::new(),
        is_public: true,
        starts_at: first + TimeDelta::days(day) + TimeDelta::hours(4),
        ends_at: first + TimeDelta::days(day) + TimeDelta::hours(5),
        version: 1,
        created_at: now,
        updated_at: now,
    });
    let mut shared = HashMap::new();
    for _ in 0..20_000 {
        let pair = (sessions[dice.roll(SESSIONS)].id, sessions[dice.roll(SESSIONS)].id);
        if pair.0 != pair.1 {
            shared.insert((pair.0.min(pair.1), pair.0.max(pair.1)), i32::try_from(dice.roll(40))?);
        }
    }
    let planning = |number: usize| Planning {
        expected: Some(50 + i32::try_from(number % 200).unwrap_or(0)),
        buffer_before: if number.is_multiple_of(50) { 30 } else { 0 },
        ..Planning::default()
    };
    Ok(Draft {
        version: 1,
        sessions: sessions.iter().enumerate().map(|(number, session)| (session.id, planning(number))).collect(),
        slots: HashMap::new(),
        blocks: lunches.collect(),
        availabilities: hours.collect(),
        serial_forums: forums.iter().step_by(4).map(|forum| forum.id).collect(),
        format_minutes: [(format, 45)].into(),
        booths: rooms.iter().map(|room| (room.id, 2)).collect(),
        shared_audience: shared,
        stars: sessions.iter().map(|session| (session.id, 40)).collect(),
        rules: Rules::of(event, now)?,
        programme: Programme {
            event: ProgrammeEvent {
                id: event,
                slug: "summit".to_owned(),
                name: Localized::single(Lang::EN, "Summit"),
                tagline: Localized::new(),
                place: Localized::new(),
                starts_on: "2027-04-13".parse()?,
                ends_on: "2027-04-16".parse()?,
                timezone: chrono_tz::Tz::Asia__Shanghai,
                languages: vec![Lang::EN, Lang::ZH],
            },
            release: None,
            rooms,
            forums,
            formats: Vec::new(),
            speakers,
            sessions,
            blocks: Vec::new(),
        },
    })
}

fn room(number: usize) -> ProgrammeRoom {
    ProgrammeRoom {
        id: RoomId::new(),
        code: format!("room-{number}"),
        guid: format!("room-{number}"),
        name: Localized::single(Lang::EN, format!("Room {number}")),
        building: Localized::single(Lang::EN, format!("Building {}", number % 5)),
        capacity: Some(60 + 10 * i32::try_from(number).unwrap_or(0)),
        channels: vec![Lang::ZH],
    }
}

fn forum(number: usize) -> ProgrammeForum {
    ProgrammeForum {
        id: ForumId::new(),
        code: format!("forum-{number}"),
        name: Localized::single(Lang::EN, format!("Forum {number}")),
        description: Localized::new(),
        color: "#1c7ed6".to_owned(),
    }
}

fn speaker(number: usize) -> ProgrammeSpeaker {
    ProgrammeSpeaker {
        id: SpeakerId::new(),
        code: format!("speaker-{number}"),
        guid: format!("speaker-{number}"),
        name: format!("Speaker {number}"),
        native_name: None,
        position: Localized::new(),
        organisation: Localized::new(),
        country: None,
        biography: Localized::new(),
        photo: None,
    }
}

/// Sessions fill room after room, one after the other; one in ten is where something else is too.
fn session(
    number: usize,
    first: UtcTime,
    dice: &mut Dice,
    (rooms, forums, speakers): (&[ProgrammeRoom], &[ProgrammeForum], &[ProgrammeSpeaker]),
) -> ProgrammeSession {
    let place = if dice.roll(10) == 0 { dice.roll(SESSIONS) } else { number };
    let of_room = i64::try_from(place / ROOMS).unwrap_or(0);
    let start = first + TimeDelta::days(of_room % DAYS) + TimeDelta::minutes(75 * (of_room / DAYS));
    let people = (0..3).map(|_| Participation { speaker: speakers[dice.roll(SPEAKERS)].id, role: Role::Speaker });
    ProgrammeSession {
        id: SessionId::new(),
        code: format!("session-{number}"),
        guid: format!("session-{number}"),
        title: Localized::single(Lang::EN, format!("Session {number}")),
        subtitle: Localized::new(),
        abstract_text: Localized::new(),
        description: Localized::new(),
        format: None,
        forum: Some(forums[number % FORUMS].id),
        language: Some(Lang::EN),
        interpreted: vec![Lang::ZH],
        access: Access::Open,
        capacity: None,
        state: if number.is_multiple_of(4) { SessionState::Accepted } else { SessionState::Confirmed },
        may_record: true,
        links: Vec::new(),
        people: people.collect(),
        slots: vec![ProgrammeSlot {
            id: SlotId::new(),
            guid: format!("session-{number}"),
            room: Some(rooms[place % ROOMS].id),
            start,
            end: start + TimeDelta::minutes(60),
            sequence: 0,
            changed_at: start,
            moved_from: None,
        }],
    }
}
