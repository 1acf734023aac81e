//! What a programme means, in a form that can be compared across formats.

use plenary::db::{EventId, FormatId, ForumId, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use plenary::i18n::Localized;
use plenary::interchange::model::ImportedProgramme;
use plenary::programme::model::{Access, Link};
use plenary::schedule::model::{
    Participation, Programme, ProgrammeEvent, ProgrammeFormat, ProgrammeForum, ProgrammeRoom, ProgrammeSession,
    ProgrammeSlot, ProgrammeSpeaker, ReleaseInfo,
};
use std::collections::{BTreeMap, HashMap};

/// An imported programme as a release would hold it.
pub(super) fn released(imported: &ImportedProgramme, slug: &str) -> Programme {
    let rooms: HashMap<&str, RoomId> = imported.rooms.iter().map(|room| (room.key.as_str(), RoomId::new())).collect();
    let forums: HashMap<&str, ForumId> =
        imported.forums.iter().map(|forum| (forum.key.as_str(), ForumId::new())).collect();
    let formats: HashMap<&str, FormatId> =
        imported.formats.iter().map(|format| (format.key.as_str(), FormatId::new())).collect();
    let speakers: HashMap<&str, SpeakerId> =
        imported.speakers.iter().map(|speaker| (speaker.key.as_str(), SpeakerId::new())).collect();
    let event = &imported.event;
    let name = if event.title.is_empty() { Localized::single(event.languages[0], slug) } else { event.title.clone() };
    Programme {
        event: ProgrammeEvent {
            id: EventId::new(),
            slug: slug.to_owned(),
            name,
            tagline: Localized::new(),
            place: event.place.clone(),
            starts_on: event.starts_on.expect("a first day"),
            ends_on: event.ends_on.expect("a last day"),
            timezone: event.timezone,
            languages: event.languages.clone(),
        },
        release: Some(ReleaseInfo { number: 1, name: "1.0".into(), note: String::new(), published_at: changed_at() }),
        rooms: imported
            .rooms
            .iter()
            .enumerate()
            .map(|(index, room)| ProgrammeRoom {
                id: rooms[room.key.as_str()],
                code: format!("room-{index}"),
                guid: room.guid.clone(),
                name: room.name.clone(),
                building: Localized::new(),
                capacity: room.capacity,
                channels: Vec::new(),
            })
            .collect(),
        forums: imported
            .forums
            .iter()
            .enumerate()
            .map(|(index, forum)| ProgrammeForum {
                id: forums[forum.key.as_str()],
                code: format!("forum-{index}"),
                name: forum.name.clone(),
                description: Localized::new(),
                color: forum.color.clone().unwrap_or_else(|| "#336699".into()),
            })
            .collect(),
        formats: imported
            .formats
            .iter()
            .enumerate()
            .map(|(index, format)| ProgrammeFormat {
                id: formats[format.key.as_str()],
                code: format!("format-{index}"),
                name: format.name.clone(),
            })
            .collect(),
        speakers: imported
            .speakers
            .iter()
            .enumerate()
            .map(|(index, speaker)| ProgrammeSpeaker {
                id: speakers[speaker.key.as_str()],
                code: format!("speaker-{index}"),
                guid: speaker.guid.clone(),
                name: speaker.name.clone(),
                native_name: speaker.native_name.clone(),
                position: speaker.position.clone(),
                organisation: speaker.organisation.clone(),
                country: speaker.country.clone(),
                biography: speaker.biography.clone(),
                photo: None,
            })
            .collect(),
        sessions: imported
            .sessions
            .iter()
            .filter(|session| session.state.is_releasable())
            .enumerate()
            .map(|(index, session)| ProgrammeSession {
                id: SessionId::new(),
                code: format!("session-{index}"),
                guid: session.guid.clone(),
                title: session.title.clone(),
                subtitle: session.subtitle.clone(),
                abstract_text: session.abstract_text.clone(),
                description: session.description.clone(),
                format: session.format.as_ref().map(|key| formats[key.as_str()]),
                forum: session.forum.as_ref().map(|key| forums[key.as_str()]),
                language: session.language,
                interpreted: session.interpreted.clone(),
                access: Access::Open,
                capacity: None,
                state: session.state,
                may_record: session.may_record,
                links: session.links.clone(),
                people: session
                    .people
                    .iter()
                    .map(|part| Participation { speaker: speakers[part.speaker.as_str()], role: part.role })
                    .collect(),
                slots: session
                    .slots
                    .iter()
                    .map(|slot| ProgrammeSlot {
                        id: SlotId::new(),
                        guid: slot.guid.clone(),
                        room: slot.room.as_ref().map(|key| rooms[key.as_str()]),
                        start: slot.start,
                        end: slot.end,
                        sequence: 0,
                        changed_at: changed_at(),
                        moved_from: None,
                    })
                    .collect(),
            })
            .collect(),
        blocks: Vec::new(),
    }
}

fn changed_at() -> UtcTime {
    chrono::DateTime::from_timestamp(1_700_000_000, 0).expect("in range").into()
}

/// A session's times and rooms.
pub(super) type Slots = Vec<(String, String, UtcTime, UtcTime)>;

/// What one session means.
#[derive(Clone, Debug, PartialEq)]
pub(super) struct Session {
    pub(super) title: Localized,
    pub(super) subtitle: Localized,
    pub(super) abstract_text: Localized,
    pub(super) description: Localized,
    pub(super) forum: String,
    pub(super) format: String,
    pub(super) language: Option<String>,
    pub(super) may_record: bool,
    pub(super) links: Vec<Link>,
    pub(super) people: Vec<(String, String)>,
    pub(super) slots: Slots,
}

/// The placed sessions of a programme that a release holds, by guid.
pub(super) fn sessions(programme: &ImportedProgramme) -> BTreeMap<String, Session> {
    let name = |names: &Localized| names.text(programme.event.languages[0], &programme.event.languages).to_owned();
    let room = |key: &Option<String>| {
        let found = programme.rooms.iter().find(|room| Some(&room.key) == key.as_ref());
        found.map(|room| name(&room.name)).unwrap_or_default()
    };
    let held = programme.sessions.iter().filter(|session| session.state.is_releasable());
    let placed = held.filter(|session| !session.slots.is_empty());
    placed
        .map(|session| {
            let forum = programme.forums.iter().find(|forum| Some(&forum.key) == session.forum.as_ref());
            let format = programme.formats.iter().find(|format| Some(&format.key) == session.format.as_ref());
            let person = |key: &str| {
                programme.speakers.iter().find(|speaker| speaker.key == key).expect("a speaker").name.clone()
            };
            let mut slots: Slots =
                session.slots.iter().map(|slot| (slot.guid.clone(), room(&slot.room), slot.start, slot.end)).collect();
            slots.sort_by(|left, right| left.0.cmp(&right.0));
            let meaning = Session {
                title: session.title.clone(),
                subtitle: session.subtitle.clone(),
                abstract_text: session.abstract_text.clone(),
                description: session.description.clone(),
                forum: forum.map(|forum| name(&forum.name)).unwrap_or_default(),
                format: format.map(|format| name(&format.name)).unwrap_or_default(),
                language: session.language.map(|lang| lang.to_string()),
                may_record: session.may_record,
                links: session.links.clone(),
                people: session.people.iter().map(|part| (person(&part.speaker), part.role.to_string())).collect(),
                slots,
            };
            (session.guid.clone(), meaning)
        })
        .collect()
}
