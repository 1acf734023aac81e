//! Small programmes for tests of the rules.

use super::draft::{Draft, Rules};
use super::model::{
    Participation, Programme, ProgrammeEvent, ProgrammeRoom, ProgrammeSession, ProgrammeSlot, ProgrammeSpeaker,
};
use crate::db::{EventId, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::programme::model::{Access, Role, SessionState};
use std::collections::{HashMap, HashSet};
use uuid::Uuid;

/// The id of the thing with this number, the same in every run.
pub(super) fn id<T: From<Uuid>>(number: u8) -> T {
    T::from(Uuid::from_bytes([number; 16]))
}

/// An instant of April 2027, as `13T09:00` in UTC.
pub(super) fn at(text: &str) -> UtcTime {
    let text = format!("2027-04-{text}:00Z");
    chrono::DateTime::parse_from_rfc3339(&text).expect("an instant").to_utc().into()
}

/// An event of four days in Shanghai, 13–16 April 2027, with a large and a small room and two speakers.
pub(super) fn programme(sessions: Vec<ProgrammeSession>) -> Programme {
    Programme {
        event: ProgrammeEvent {
            id: id::<EventId>(1),
            slug: "summit".to_owned(),
            name: Localized::single(Lang::EN, "World Summit"),
            tagline: Localized::new(),
            place: Localized::new(),
            starts_on: "2027-04-13".parse().expect("a day"),
            ends_on: "2027-04-16".parse().expect("a day"),
            timezone: chrono_tz::Tz::Asia__Shanghai,
            languages: vec![Lang::EN],
        },
        release: None,
        rooms: vec![room(1, 500, &[Lang::ZH]), room(2, 30, &[])],
        forums: Vec::new(),
        formats: Vec::new(),
        speakers: vec![speaker(1), speaker(2)],
        sessions,
        blocks: Vec::new(),
    }
}

fn room(number: u8, capacity: i32, channels: &[Lang]) -> ProgrammeRoom {
    ProgrammeRoom {
        id: id::<RoomId>(number),
        code: format!("room-{number}"),
        guid: format!("room-{number}"),
        name: Localized::single(Lang::EN, format!("Room {number}")),
        building: Localized::new(),
        capacity: Some(capacity),
        channels: channels.to_vec(),
    }
}

fn speaker(number: u8) -> ProgrammeSpeaker {
    ProgrammeSpeaker {
        id: id::<SpeakerId>(number),
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

/// An accepted session that begins at `start` and lasts an hour.
pub(super) fn session(number: u8, room: Option<u8>, start: &str) -> ProgrammeSession {
    ProgrammeSession {
        id: id::<SessionId>(number),
        code: format!("session-{number}"),
        guid: format!("session-{number}"),
        title: Localized::single(Lang::EN, format!("Session {number}")),
        subtitle: Localized::new(),
        abstract_text: Localized::new(),
        description: Localized::new(),
        format: None,
        forum: None,
        language: Some(Lang::EN),
        interpreted: Vec::new(),
        access: Access::Open,
        capacity: None,
        state: SessionState::Accepted,
        may_record: true,
        links: Vec::new(),
        people: Vec::new(),
        slots: vec![slot(number, room, start)],
    }
}

/// A slot of an hour.
pub(super) fn slot(number: u8, room: Option<u8>, start: &str) -> ProgrammeSlot {
    let start = at(start);
    ProgrammeSlot {
        id: id::<SlotId>(number),
        guid: format!("slot-{number}"),
        room: room.map(id::<RoomId>),
        start,
        end: start + chrono::TimeDelta::hours(1),
        sequence: 0,
        changed_at: start,
        moved_from: None,
    }
}

/// The same session with these speakers.
pub(super) fn by(mut session: ProgrammeSession, speakers: &[u8]) -> ProgrammeSession {
    session.people = speakers
        .iter()
        .map(|number| Participation { speaker: id::<SpeakerId>(*number), role: Role::Speaker })
        .collect();
    session
}

/// A draft of which nothing is said but its programme. Each room has one booth for each channel.
pub(super) fn draft(programme: Programme) -> Draft {
    let booths = |room: &ProgrammeRoom| (room.id, i32::try_from(room.channels.len()).expect("few channels"));
    Draft {
        version: 1,
        sessions: HashMap::new(),
        slots: HashMap::new(),
        blocks: Vec::new(),
        availabilities: Vec::new(),
        serial_forums: HashSet::new(),
        format_minutes: HashMap::new(),
        booths: programme.rooms.iter().map(booths).collect(),
        shared_audience: HashMap::new(),
        stars: HashMap::new(),
        rules: Rules::of(programme.event.id, at("01T00:00")).expect("rules"),
        programme,
    }
}
