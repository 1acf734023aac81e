//! Made-up drafts in which a timetable is hidden, for tests and measurements: a solution exists,
//! because the draft was made from one that was then forgotten.

use super::dice::Dice;
use super::model::{Request, Scope, Window};
use crate::db::{AvailabilityId, BlockId, EventId, FormatId, ForumId, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::programme::model::{Access, Role, SessionState};
use crate::schedule::draft::{Availability, Block, BlockKind, Draft, Level, Planning, Rules, SlotPlanning};
use crate::schedule::model::{
    Participation, Programme, ProgrammeEvent, ProgrammeFormat, ProgrammeForum, ProgrammeRoom, ProgrammeSession,
    ProgrammeSlot, ProgrammeSpeaker,
};
use chrono::{Days, NaiveDate, TimeDelta};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// How large a made-up draft is.
#[derive(Clone, Copy, Debug)]
pub struct Size {
    /// Rooms.
    pub rooms: usize,
    /// Days.
    pub days: usize,
    /// Most sessions.
    pub sessions: usize,
    /// How much of the hours of all rooms is filled at most, in percent.
    pub filled: usize,
    /// Minutes between two starts.
    pub step: i32,
}

/// A made-up draft with what to ask for.
#[derive(Clone, Debug)]
pub struct Instance {
    /// The draft, most of its sessions without a place.
    pub draft: Draft,
    /// Asks to place all of them.
    pub request: Request,
    /// The forgotten timetable: a room and a start for each session.
    pub planted: Vec<(SessionId, RoomId, UtcTime)>,
}

/// The hours of a day, before and after lunch, in minutes after midnight.
const HOURS: [(i32, i32); 2] = [(9 * 60, 12 * 60 + 30), (13 * 60 + 30, 18 * 60)];
const LENGTHS: [i32; 4] = [45, 60, 75, 90];
const SIZES: [i32; 6] = [800, 400, 250, 150, 80, 50];
const WALK: i32 = 10;

/// A session of the forgotten timetable.
struct Planted {
    room: usize,
    day: usize,
    start: i32,
    length: i32,
    people: Vec<usize>,
    forum: Option<usize>,
}

impl Planted {
    fn begins(&self) -> i32 {
        i32::try_from(self.day).unwrap_or(0) * 1440 + self.start
    }

    fn overlaps(&self, other: &Self, apart: i32) -> bool {
        self.begins() < other.begins() + other.length + apart && other.begins() < self.begins() + self.length + apart
    }
}

fn id<T: From<Uuid>>(kind: u128, number: usize) -> T {
    T::from(Uuid::from_u128((kind << 64) | u128::try_from(number + 1).unwrap_or(0)))
}

/// A draft in which a timetable is hidden. Equal seeds make equal drafts.
#[must_use]
pub fn planted(size: Size, seed: u64) -> Instance {
    let mut dice = Dice::new(seed);
    let mut plan = timetable(size, &mut dice);
    let people = plan.len() + plan.len() / 4 + 1;
    invite(&mut plan, people, &mut dice);
    let forums = assign_forums(&mut plan, &mut dice);
    build(size, &plan, people, forums, &mut dice)
}

fn building(room: usize) -> usize {
    room % 3
}

/// Fills rooms and days back to back, then takes sessions out again until the measure is met.
fn timetable(size: Size, dice: &mut Dice) -> Vec<Planted> {
    let mut plan = Vec::new();
    for (room, day) in (0..size.rooms).flat_map(|room| (0..size.days).map(move |day| (room, day))) {
        for (from, to) in HOURS {
            let mut start = from;
            loop {
                let length = LENGTHS[dice.below(LENGTHS.len())];
                if start + length > to {
                    break;
                }
                plan.push(Planted { room, day, start, length, people: Vec::new(), forum: None });
                start += length;
            }
        }
    }
    let hours: i32 = HOURS.iter().map(|(from, to)| to - from).sum();
    let hours = usize::try_from(hours).unwrap_or(0) * size.rooms * size.days;
    dice.shuffle(&mut plan);
    let mut filled: usize = plan.iter().map(|one| usize::try_from(one.length).unwrap_or(0)).sum();
    while filled * 100 > hours * size.filled || plan.len() > size.sessions {
        let Some(gone) = plan.pop() else { break };
        filled -= usize::try_from(gone.length).unwrap_or(0);
    }
    plan
}

/// Gives each session one to three people who are free then, walks included.
fn invite(plan: &mut [Planted], people: usize, dice: &mut Dice) {
    let mut of_person: Vec<Vec<usize>> = vec![Vec::new(); people];
    for session in 0..plan.len() {
        for _ in 0..=dice.below(3) {
            let person = dice.below(people);
            let free = of_person[person].iter().all(|other| {
                let apart = if building(plan[*other].room) == building(plan[session].room) { 0 } else { WALK };
                !plan[*other].overlaps(&plan[session], apart)
            });
            if free {
                of_person[person].push(session);
                plan[session].people.push(person);
            }
        }
    }
}

/// Gives two forums sessions that follow each other, and the rest to four others.
fn assign_forums(plan: &mut [Planted], dice: &mut Dice) -> usize {
    for forum in 0..2 {
        let mut members: Vec<usize> = Vec::new();
        for session in 0..plan.len() {
            let alone = members.iter().all(|other| !plan[*other].overlaps(&plan[session], 0));
            if plan[session].forum.is_none() && alone && members.len() < plan.len() / 12 {
                members.push(session);
                plan[session].forum = Some(forum);
            }
        }
    }
    for session in plan.iter_mut().filter(|session| session.forum.is_none()) {
        session.forum = Some(2 + dice.below(5)).filter(|forum| *forum < 6);
    }
    6
}

fn first_day() -> NaiveDate {
    NaiveDate::from_ymd_opt(2027, 4, 13).unwrap_or_default()
}

/// The instant of a minute after the first midnight; the event's zone is UTC.
fn at(minutes: i32) -> UtcTime {
    UtcTime::from(first_day().and_time(chrono::NaiveTime::MIN).and_utc()) + TimeDelta::minutes(minutes.into())
}

fn words(text: &str, number: usize) -> Localized {
    Localized::single(Lang::EN, format!("{text} {}", number + 1))
}

fn build(size: Size, plan: &[Planted], people: usize, forums: usize, dice: &mut Dice) -> Instance {
    let rooms: Vec<ProgrammeRoom> = (0..size.rooms).map(room).collect();
    let mut sessions = Vec::new();
    let (mut planning, mut slots) = (HashMap::new(), HashMap::new());
    for (number, planted) in plan.iter().enumerate() {
        let here = &rooms[planted.room];
        let mut session = session(number, planted, here, dice);
        let expected = here.capacity.map(|seats| seats * i32::try_from(50 + dice.below(55)).unwrap_or(0) / 100);
        let expected = expected.filter(|_| dice.below(5) < 3);
        planning.insert(session.id, Planning { expected, buffer_before: 0, buffer_after: 0, version: 1 });
        if dice.below(20) == 0 {
            let slot = ProgrammeSlot {
                id: id::<SlotId>(7, number),
                guid: session.guid.clone(),
                room: Some(here.id),
                start: at(planted.begins()),
                end: at(planted.begins() + planted.length),
                sequence: 0,
                changed_at: at(0),
                moved_from: None,
            };
            slots.insert(slot.id, SlotPlanning { version: 1, is_fixed: true });
            session.slots.push(slot);
        }
        sessions.push(session);
    }
    give_buffers(plan, &sessions, &mut planning);
    let (stars, shared_audience) = audience(plan, dice);
    let request = request(size, &rooms, seed_of(dice));
    let planted =
        plan.iter().zip(&sessions).map(|(planted, session)| (session.id, rooms[planted.room].id, at(planted.begins())));
    let planted = planted.collect();
    let programme = programme(size, rooms, sessions, (people, forums));
    let draft = Draft {
        version: 1,
        sessions: planning,
        slots,
        blocks: lunches(size),
        availabilities: availabilities(plan, people, dice),
        serial_forums: (0..2).map(|forum| id::<ForumId>(3, forum)).collect(),
        format_minutes: LENGTHS.iter().enumerate().map(|(at, minutes)| (id::<FormatId>(4, at), *minutes)).collect(),
        booths: HashMap::new(),
        shared_audience,
        stars,
        rules: rules(),
        programme,
    };
    Instance { draft, request, planted }
}

fn seed_of(dice: &mut Dice) -> u64 {
    dice.roll() >> 1
}

fn rules() -> Rules {
    let rules = Rules::of(id(1, 0), at(0));
    // An empty list can be written as JSON; what stands instead has the same meaning.
    rules.unwrap_or_else(|_| unreachable!("an empty list is JSON"))
}

fn request(size: Size, rooms: &[ProgrammeRoom], seed: u64) -> Request {
    let day = |number: usize| first_day() + Days::new(u64::try_from(number).unwrap_or(0));
    Request {
        scope: Scope::Unplaced,
        sessions: Vec::new(),
        windows: (0..size.days).map(|number| Window { day: day(number), from: 9 * 60, to: 18 * 60 }).collect(),
        rooms: rooms.iter().map(|room| room.id).collect(),
        step: size.step,
        may_move: false,
        undecided: false,
        seconds: 10,
        seed,
    }
}

fn room(number: usize) -> ProgrammeRoom {
    ProgrammeRoom {
        id: id::<RoomId>(2, number),
        code: format!("room-{}", number + 1),
        guid: format!("room-{}", number + 1),
        name: words("Room", number),
        building: words("Building", building(number)),
        capacity: Some(SIZES[number % SIZES.len()]),
        channels: if number.is_multiple_of(2) { vec![Lang::ZH] } else { Vec::new() },
    }
}

fn session(number: usize, planted: &Planted, room: &ProgrammeRoom, dice: &mut Dice) -> ProgrammeSession {
    let interpreted = !room.channels.is_empty() && dice.below(3) == 0;
    let limited = dice.below(3) == 0;
    let format = LENGTHS.iter().position(|length| *length == planted.length);
    ProgrammeSession {
        id: id::<SessionId>(6, number),
        code: format!("session-{}", number + 1),
        guid: format!("session-{}", number + 1),
        title: words("Session", number),
        subtitle: Localized::new(),
        abstract_text: Localized::new(),
        description: Localized::new(),
        format: format.map(|format| id::<FormatId>(4, format)),
        forum: planted.forum.map(|forum| id::<ForumId>(3, forum)),
        language: Some(Lang::EN),
        interpreted: if interpreted { vec![Lang::ZH] } else { Vec::new() },
        access: Access::Open,
        capacity: room.capacity.filter(|_| limited).map(|seats| seats * 8 / 10),
        state: SessionState::Accepted,
        may_record: true,
        links: Vec::new(),
        people: planted
            .people
            .iter()
            .map(|person| Participation { speaker: id::<SpeakerId>(5, *person), role: Role::Speaker })
            .collect(),
        slots: Vec::new(),
    }
}

/// A quarter of an hour before every fifteenth session, where the plan has it.
fn give_buffers(plan: &[Planted], sessions: &[ProgrammeSession], planning: &mut HashMap<SessionId, Planning>) {
    for (number, planted) in plan.iter().enumerate().filter(|(number, _)| number.is_multiple_of(15)) {
        let clear = plan
            .iter()
            .enumerate()
            .all(|(other, one)| other == number || one.room != planted.room || !one.overlaps(planted, 15));
        let buffer = if clear { 15 } else { 0 };
        planning.entry(sessions[number].id).or_default().buffer_before = buffer;
    }
}

type Audience = (HashMap<SessionId, i32>, HashMap<(SessionId, SessionId), i32>);

fn audience(plan: &[Planted], dice: &mut Dice) -> Audience {
    let mut shared: HashMap<(SessionId, SessionId), i32> = HashMap::new();
    for _ in 0..plan.len() * 4 {
        let (one, other) = (dice.below(plan.len()), dice.below(plan.len()));
        if one != other {
            let pair = (id::<SessionId>(6, one.min(other)), id::<SessionId>(6, one.max(other)));
            *shared.entry(pair).or_default() += i32::try_from(1 + dice.below(12)).unwrap_or(1);
        }
    }
    let stars = (0..plan.len()).map(|number| (id(6, number), i32::try_from(10 + dice.below(90)).unwrap_or(0)));
    (stars.collect(), shared)
}

/// Every sixth person is free only on half-days on which the plan needs them; some prefer these.
fn availabilities(plan: &[Planted], people: usize, dice: &mut Dice) -> Vec<Availability> {
    let mut found = Vec::new();
    for person in (0..people).step_by(6) {
        let level = if dice.below(3) == 0 { Level::Preferred } else { Level::Available };
        let mut halves: HashSet<i32> = HashSet::new();
        for session in plan.iter().filter(|session| session.people.contains(&person)) {
            let midnight = session.begins() - session.start;
            halves.insert(midnight + if session.start < 13 * 60 { 8 * 60 } else { 13 * 60 });
        }
        let mut halves: Vec<i32> = halves.into_iter().collect();
        halves.sort_unstable();
        for from in halves {
            found.push(Availability {
                id: id::<AvailabilityId>(8, found.len()),
                event_id: id(1, 0),
                speaker_id: Some(id(5, person)),
                room_id: None,
                level,
                starts_at: at(from),
                ends_at: at(from + 5 * 60),
                created_at: at(0),
            });
        }
    }
    found
}

fn lunches(size: Size) -> Vec<Block> {
    let lunch = |day: usize| {
        let midnight = i32::try_from(day).unwrap_or(0) * 1440;
        Block {
            id: id::<BlockId>(9, day),
            event_id: id(1, 0),
            room_id: None,
            kind: BlockKind::Break,
            title: Localized::single(Lang::EN, "Lunch"),
            is_public: true,
            starts_at: at(midnight + HOURS[0].1),
            ends_at: at(midnight + HOURS[1].0),
            version: 1,
            created_at: at(0),
            updated_at: at(0),
        }
    };
    (0..size.days).map(lunch).collect()
}

fn programme(
    size: Size,
    rooms: Vec<ProgrammeRoom>,
    sessions: Vec<ProgrammeSession>,
    (people, forums): (usize, usize),
) -> Programme {
    Programme {
        event: ProgrammeEvent {
            id: id::<EventId>(1, 0),
            slug: "summit".to_owned(),
            name: Localized::single(Lang::EN, "World Summit"),
            tagline: Localized::new(),
            place: Localized::new(),
            starts_on: first_day(),
            ends_on: first_day() + Days::new(u64::try_from(size.days.saturating_sub(1)).unwrap_or(0)),
            timezone: chrono_tz::Tz::UTC,
            languages: vec![Lang::EN],
        },
        release: None,
        rooms,
        forums: (0..forums).map(forum).collect(),
        formats: LENGTHS.iter().enumerate().map(|(at, minutes)| format(at, *minutes)).collect(),
        speakers: (0..people).map(speaker).collect(),
        sessions,
        blocks: Vec::new(),
    }
}

fn forum(number: usize) -> ProgrammeForum {
    ProgrammeForum {
        id: id(3, number),
        code: format!("forum-{}", number + 1),
        name: words("Forum", number),
        description: Localized::new(),
        color: "#336699".to_owned(),
    }
}

fn format(number: usize, minutes: i32) -> ProgrammeFormat {
    ProgrammeFormat { id: id(4, number), code: format!("m{minutes}"), name: words("Format", number) }
}

fn speaker(number: usize) -> ProgrammeSpeaker {
    ProgrammeSpeaker {
        id: id(5, number),
        code: format!("speaker-{}", number + 1),
        guid: format!("speaker-{}", number + 1),
        name: format!("Speaker {}", number + 1),
        native_name: None,
        position: Localized::new(),
        organisation: Localized::new(),
        country: None,
        biography: Localized::new(),
        photo: None,
    }
}
