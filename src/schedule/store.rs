//! The draft's tables read whole, and the table `releases`.

use super::draft_store;
use super::model::{
    Participation, Programme, ProgrammeBlock, ProgrammeEvent, ProgrammeFormat, ProgrammeForum, ProgrammeRoom,
    ProgrammeSession, ProgrammeSlot, ProgrammeSpeaker,
};
use crate::db::schema::{formats, forums, rooms, session_speakers, sessions, slots, speakers};
use crate::db::{
    DbConnection, EventId, FileId, FormatId, ForumId, Json, RoomId, SessionId, SlotId, SpeakerId, UtcTime,
};
use crate::events::model::Event;
use crate::i18n::{Lang, Localized};
use crate::programme::model::{Access, Link, Role, SessionState};
use diesel::prelude::*;
use std::collections::HashMap;

#[derive(Queryable, Selectable)]
#[diesel(table_name = rooms)]
struct RoomRow {
    id: RoomId,
    code: String,
    guid: String,
    name: Localized,
    building: Localized,
    capacity: Option<i32>,
    channels: Json<Vec<Lang>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = forums)]
struct ForumRow {
    id: ForumId,
    code: String,
    name: Localized,
    description: Localized,
    color: String,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = formats)]
struct FormatRow {
    id: FormatId,
    code: String,
    name: Localized,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = speakers)]
struct SpeakerRow {
    id: SpeakerId,
    code: String,
    guid: String,
    name: String,
    native_name: Option<String>,
    position: Localized,
    organisation: Localized,
    country: Option<String>,
    biography: Localized,
    photo_id: Option<FileId>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = sessions)]
struct SessionRow {
    id: SessionId,
    code: String,
    guid: String,
    title: Localized,
    subtitle: Localized,
    abstract_text: Localized,
    description: Localized,
    format_id: Option<FormatId>,
    forum_id: Option<ForumId>,
    language: Option<Lang>,
    interpreted: Json<Vec<Lang>>,
    access: Access,
    capacity: Option<i32>,
    state: SessionState,
    may_record: bool,
    links: Json<Vec<Link>>,
}

#[derive(Queryable, Selectable)]
#[diesel(table_name = slots)]
struct SlotRow {
    id: SlotId,
    session_id: SessionId,
    room_id: Option<RoomId>,
    starts_at: UtcTime,
    ends_at: UtcTime,
    guid: String,
    updated_at: UtcTime,
}

/// The draft as a value, in a fixed number of queries: every session in whatever state, every
/// speaker, sorted as a release is.
pub(super) fn draft(db: &mut DbConnection, event: &Event) -> QueryResult<Programme> {
    let slot_rows: Vec<SlotRow> = slots::table
        .filter(slots::event_id.eq(event.id))
        .order((slots::starts_at, slots::id))
        .select(SlotRow::as_select())
        .load(db)?;
    let mut slots_of: HashMap<SessionId, Vec<ProgrammeSlot>> = HashMap::new();
    for row in slot_rows {
        slots_of.entry(row.session_id).or_default().push(ProgrammeSlot {
            id: row.id,
            guid: row.guid,
            room: row.room_id,
            start: row.starts_at,
            end: row.ends_at,
            sequence: 0,
            changed_at: row.updated_at,
            moved_from: None,
        });
    }
    let part_rows: Vec<(SessionId, SpeakerId, Role)> = session_speakers::table
        .inner_join(sessions::table)
        .filter(sessions::event_id.eq(event.id))
        .order((session_speakers::session_id, session_speakers::position))
        .select((session_speakers::session_id, session_speakers::speaker_id, session_speakers::role))
        .load(db)?;
    let mut people_of: HashMap<SessionId, Vec<Participation>> = HashMap::new();
    for (session, speaker, role) in part_rows {
        people_of.entry(session).or_default().push(Participation { speaker, role });
    }
    let session_rows: Vec<SessionRow> = sessions::table
        .filter(sessions::event_id.eq(event.id))
        .order(sessions::id)
        .select(SessionRow::as_select())
        .load(db)?;
    let mut session_list: Vec<ProgrammeSession> = session_rows
        .into_iter()
        .map(|row| {
            let (slots, people) =
                (slots_of.remove(&row.id).unwrap_or_default(), people_of.remove(&row.id).unwrap_or_default());
            session_of(row, slots, people)
        })
        .collect();
    session_list.sort_by_key(|session| {
        (session.slots.first().map_or((true, None), |slot| (false, Some(slot.start))), session.id)
    });
    Ok(Programme {
        event: facts(event),
        release: None,
        rooms: room_list(db, event.id)?,
        forums: forum_list(db, event.id)?,
        formats: format_list(db, event.id)?,
        speakers: speaker_list(db, event.id)?,
        sessions: session_list,
        blocks: public_blocks(db, event.id)?,
    })
}

fn public_blocks(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ProgrammeBlock>> {
    let all = draft_store::all_blocks(db, event)?;
    Ok(all
        .into_iter()
        .filter(|block| block.is_public)
        .map(|block| ProgrammeBlock {
            id: block.id,
            kind: block.kind,
            title: block.title,
            room: block.room_id,
            start: block.starts_at,
            end: block.ends_at,
        })
        .collect())
}

/// The event's own facts as they are now.
pub(super) fn facts(event: &Event) -> ProgrammeEvent {
    ProgrammeEvent {
        id: event.id,
        slug: event.slug.clone(),
        name: event.name.clone(),
        tagline: event.tagline.clone(),
        place: event.place.clone(),
        starts_on: event.starts_on,
        ends_on: event.ends_on,
        timezone: event.zone(),
        languages: event.languages.to_vec(),
    }
}

fn session_of(row: SessionRow, slots: Vec<ProgrammeSlot>, people: Vec<Participation>) -> ProgrammeSession {
    ProgrammeSession {
        id: row.id,
        code: row.code,
        guid: row.guid,
        title: row.title,
        subtitle: row.subtitle,
        abstract_text: row.abstract_text,
        description: row.description,
        format: row.format_id,
        forum: row.forum_id,
        language: row.language,
        interpreted: row.interpreted.into_inner(),
        access: row.access,
        capacity: row.capacity,
        state: row.state,
        may_record: row.may_record,
        links: row.links.into_inner(),
        people,
        slots,
    }
}

fn room_list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ProgrammeRoom>> {
    let rows: Vec<RoomRow> = rooms::table
        .filter(rooms::event_id.eq(event))
        .order((rooms::position, rooms::id))
        .select(RoomRow::as_select())
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|row| ProgrammeRoom {
            id: row.id,
            code: row.code,
            guid: row.guid,
            name: row.name,
            building: row.building,
            capacity: row.capacity,
            channels: row.channels.into_inner(),
        })
        .collect())
}

fn forum_list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ProgrammeForum>> {
    let rows: Vec<ForumRow> = forums::table
        .filter(forums::event_id.eq(event))
        .order((forums::position, forums::id))
        .select(ForumRow::as_select())
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|row| ProgrammeForum {
            id: row.id,
            code: row.code,
            name: row.name,
            description: row.description,
            color: row.color,
        })
        .collect())
}

fn format_list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ProgrammeFormat>> {
    let rows: Vec<FormatRow> = formats::table
        .filter(formats::event_id.eq(event))
        .order((formats::position, formats::id))
        .select(FormatRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(|row| ProgrammeFormat { id: row.id, code: row.code, name: row.name }).collect())
}

fn speaker_list(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<ProgrammeSpeaker>> {
    let rows: Vec<SpeakerRow> = speakers::table
        .filter(speakers::event_id.eq(event))
        .order((speakers::search_key, speakers::id))
        .select(SpeakerRow::as_select())
        .load(db)?;
    Ok(rows
        .into_iter()
        .map(|row| ProgrammeSpeaker {
            id: row.id,
            code: row.code,
            guid: row.guid,
            name: row.name,
            native_name: row.native_name,
            position: row.position,
            organisation: row.organisation,
            country: row.country,
            biography: row.biography,
            photo: row.photo_id,
        })
        .collect())
}
