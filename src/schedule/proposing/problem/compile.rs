//! The parts of a problem, read from a draft.

use super::{Grid, Home, Item, Person, Relation, Room, minute, minute_up};
use crate::db::{RoomId, SessionId, SpeakerId, UtcTime};
use crate::programme::model::SessionState;
use crate::schedule::draft::{Availability, Block, BlockKind, Draft, Level};
use crate::schedule::model::ProgrammeSession;
use crate::schedule::proposing::model::{Request, Scope};
use crate::schedule::proposing::rules::Stretch;
use crate::schedule::times::{Fold, resolve};
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use std::collections::{BTreeMap, HashMap, HashSet};

/// Far before and far after everything.
const EVER: (i32, i32) = (-100_000_000, 100_000_000);
/// Minutes of a session without a format.
pub(super) const USUAL_MINUTES: i32 = 60;

/// The instant of a wall-clock minute of a day; where the clocks skip it, an hour later.
pub(super) fn instant(zone: Tz, day: NaiveDate, minutes: i32) -> Option<UtcTime> {
    let at = day.and_hms_opt(0, 0, 0)? + TimeDelta::minutes(minutes.into());
    let later = at + TimeDelta::hours(1);
    resolve(at.date(), at.time(), zone, Some(Fold::First))
        .or_else(|_| resolve(later.date(), later.time(), zone, Some(Fold::First)))
        .ok()
}

/// When somebody or something is not free, and the stretches that are preferred.
fn free_times(grid: &Grid, said: &[&Availability]) -> (Vec<Stretch>, Vec<Stretch>) {
    let mut of_level: BTreeMap<Level, Vec<Stretch>> = BTreeMap::new();
    for one in said {
        let free = one.level != Level::Unavailable;
        // Cut to what is surely free: a free time shrinks to whole minutes, any other grows.
        let (start, end) = if free {
            (minute_up(grid.origin, one.starts_at), minute(grid.origin, one.ends_at))
        } else {
            (minute(grid.origin, one.starts_at), minute_up(grid.origin, one.ends_at))
        };
        of_level.entry(one.level).or_default().push((start, end));
    }
    let preferred = joined(of_level.remove(&Level::Preferred).unwrap_or_default());
    let mut away = of_level.remove(&Level::Unavailable).unwrap_or_default();
    let mut free = of_level.remove(&Level::Available).unwrap_or_default();
    free.extend(&preferred);
    if !free.is_empty() {
        let mut last = EVER.0;
        for (from, to) in joined(free) {
            away.push((last, from));
            last = to;
        }
        away.push((last, EVER.1));
    }
    (away, preferred)
}

/// Stretches in order, those that touch made one.
fn joined(mut stretches: Vec<Stretch>) -> Vec<Stretch> {
    stretches.sort_unstable();
    let mut whole: Vec<Stretch> = Vec::new();
    for (from, to) in stretches {
        match whole.last_mut() {
            Some(last) if from <= last.1 => last.1 = last.1.max(to),
            _ => whole.push((from, to)),
        }
    }
    whole
}

/// Whether a block holds a room. A registration desk that is open somewhere holds none.
fn holds(block: &Block, room: RoomId) -> bool {
    block.room_id.map_or(block.kind != BlockKind::Registration, |id| id == room)
}

/// Whether buffers keep clear of a block: a pause in all rooms leaves them empty, and sweeping and
/// rehearsing are what buffers are for.
fn with_buffers(block: &Block) -> bool {
    block.room_id.is_some() && block.kind != BlockKind::SetUp
}

pub(super) fn rooms(draft: &Draft, request: &Request, grid: &Grid) -> Vec<Room> {
    let any_booths = draft.booths.values().any(|booths| *booths > 0);
    let one = |room: &crate::schedule::model::ProgrammeRoom| {
        let said: Vec<&Availability> =
            draft.availabilities.iter().filter(|said| said.room_id == Some(room.id)).collect();
        let blocks = draft.blocks.iter().filter(|block| holds(block, room.id));
        Room {
            id: room.id,
            capacity: room.capacity,
            channels: room.channels.clone(),
            booths: any_booths.then(|| draft.booths.get(&room.id).copied().unwrap_or(0)),
            away: free_times(grid, &said).0,
            blocks: blocks
                .map(|block| {
                    let stretch = (minute(grid.origin, block.starts_at), minute_up(grid.origin, block.ends_at));
                    (stretch, with_buffers(block))
                })
                .collect(),
            wanted: request.rooms.contains(&room.id),
        }
    };
    draft.programme.rooms.iter().map(one).collect()
}

pub(super) fn people(draft: &Draft, grid: &Grid) -> Vec<Person> {
    let mut said: HashMap<SpeakerId, Vec<&Availability>> = HashMap::new();
    for one in &draft.availabilities {
        if let Some(speaker) = one.speaker_id {
            said.entry(speaker).or_default().push(one);
        }
    }
    let speakers = draft.programme.speakers.iter();
    speakers
        .map(|speaker| {
            let (away, preferred) = free_times(grid, said.get(&speaker.id).map_or(&[], Vec::as_slice));
            Person { id: speaker.id, away, preferred }
        })
        .collect()
}

/// Whether a session still takes place: an ended one is in nobody's way.
fn takes_place(session: &ProgrammeSession) -> bool {
    !matches!(session.state, SessionState::Rejected | SessionState::Withdrawn | SessionState::Cancelled)
}

pub(super) fn items(draft: &Draft, request: &Request, grid: &Grid, people: &[Person]) -> Vec<Item> {
    let places: HashMap<SpeakerId, usize> =
        people.iter().enumerate().map(|(index, person)| (person.id, index)).collect();
    let selected: HashSet<SessionId> = request.sessions.iter().copied().collect();
    let mut items = Vec::new();
    for session in draft.programme.sessions.iter().filter(|session| takes_place(session)) {
        let plain = plain_item(draft, session, &places);
        let wanted = match request.scope {
            Scope::Unplaced => true,
            Scope::Selected => selected.contains(&session.id),
            Scope::Repair => false,
        };
        if session.slots.is_empty() {
            let movable = wanted && (request.undecided || session.state.is_releasable());
            items.push(Item { movable, ..plain });
            continue;
        }
        for slot in &session.slots {
            let fixed = draft.slots.get(&slot.id).is_some_and(|planning| planning.is_fixed);
            let room = slot.room.and_then(|id| draft.programme.rooms.iter().position(|room| room.id == id));
            let start = minute(grid.origin, slot.start);
            items.push(Item {
                slot: Some(slot.id),
                guid: slot.guid.clone(),
                home: Some(Home { room: room.and_then(|room| u16::try_from(room).ok()), start }),
                // A session with several slots is repeated or shown in several rooms: how these
                // belong together is for people to say.
                movable: (request.may_move || request.scope == Scope::Repair) && !fixed && session.slots.len() == 1,
                length: (minute_up(grid.origin, slot.end) - start).max(1),
                ..plain.clone()
            });
        }
    }
    items
}

/// A session as an item that has no place and stays there.
fn plain_item(draft: &Draft, session: &ProgrammeSession, places: &HashMap<SpeakerId, usize>) -> Item {
    let planning = draft.sessions.get(&session.id).copied().unwrap_or_default();
    let minutes = session.format.and_then(|format| draft.format_minutes.get(&format)).copied();
    let stars = draft.stars.get(&session.id).copied().unwrap_or(0);
    let mut members: Vec<usize> = session.people.iter().filter_map(|part| places.get(&part.speaker).copied()).collect();
    members.sort_unstable();
    members.dedup();
    let forums = &draft.programme.forums;
    Item {
        session: session.id,
        slot: None,
        guid: session.guid.clone(),
        home: None,
        movable: false,
        length: minutes.filter(|minutes| *minutes > 0).unwrap_or(USUAL_MINUTES),
        before: planning.buffer_before.max(0),
        after: planning.buffer_after.max(0),
        people: members,
        forum: session.forum.and_then(|id| forums.iter().position(|forum| forum.id == id)),
        capacity: session.capacity,
        demand: planning.expected.unwrap_or(stars),
        channels: session.interpreted.iter().copied().filter(|lang| Some(*lang) != session.language).collect(),
    }
}

pub(super) fn relations(draft: &Draft, items: &[Item]) -> Vec<Vec<Relation>> {
    let forums = &draft.programme.forums;
    let is_serial = |forum: Option<usize>| forum.is_some_and(|at| draft.serial_forums.contains(&forums[at].id));
    let mut of_person: HashMap<usize, Vec<usize>> = HashMap::new();
    let mut of_forum: HashMap<usize, Vec<usize>> = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        for person in &item.people {
            of_person.entry(*person).or_default().push(index);
        }
        if let (true, Some(forum)) = (is_serial(item.forum), item.forum) {
            of_forum.entry(forum).or_default().push(index);
        }
    }
    let related = |index: usize| {
        let item = &items[index];
        let mut found: BTreeMap<usize, Relation> = BTreeMap::new();
        for other in item.people.iter().flat_map(|person| &of_person[person]) {
            found.insert(*other, Relation { other: *other, person: true, forum: false });
        }
        if let (true, Some(forum)) = (is_serial(item.forum), item.forum) {
            for other in &of_forum[&forum] {
                found.entry(*other).or_insert(Relation { other: *other, person: false, forum: true }).forum = true;
            }
        }
        // Slots of one session are shown at once on purpose.
        found.into_values().filter(|relation| items[relation.other].session != item.session).collect()
    };
    (0..items.len()).map(related).collect()
}

pub(super) fn audience(draft: &Draft, items: &[Item]) -> Vec<Vec<(usize, i64)>> {
    let mut of_session: HashMap<SessionId, Vec<usize>> = HashMap::new();
    for (index, item) in items.iter().enumerate() {
        of_session.entry(item.session).or_default().push(index);
    }
    let mut audience = vec![Vec::new(); items.len()];
    for ((one, other), people) in &draft.shared_audience {
        let (Some(ones), Some(others)) = (of_session.get(one), of_session.get(other)) else { continue };
        for (one, other) in ones.iter().flat_map(|one| others.iter().map(move |other| (*one, *other))) {
            audience[one].push((other, i64::from(*people)));
            audience[other].push((one, i64::from(*people)));
        }
    }
    // The draft keeps pairs without an order; sums don't care, but equal runs should look equal.
    audience.iter_mut().for_each(|people| people.sort_unstable());
    audience
}

/// Minutes between each two rooms, by their buildings.
pub(super) fn walks(draft: &Draft) -> Vec<i32> {
    let languages = &draft.programme.event.languages;
    let main = languages.first().copied().unwrap_or(crate::i18n::Lang::EN);
    let buildings: Vec<&str> = draft.programme.rooms.iter().map(|room| room.building.text(main, languages)).collect();
    let from_each = buildings.iter().flat_map(|from| buildings.iter().map(|to| draft.rules.walk(from, to)));
    from_each.collect()
}
