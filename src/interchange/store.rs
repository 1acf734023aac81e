//! What an import compares with and writes: the event's programme, row by row.
//!
//! Import is a bulk reconciliation over all tables of the programme, which is why its SQL stands
//! here together instead of in each table's area.

use crate::db::schema::{categories, events, formats, forums, rooms, session_speakers, sessions, slots, speakers};
use crate::db::{
    CategoryId, DbConnection, EventId, FormatId, ForumId, Json, RoomId, SessionId, SlotId, SpeakerId, UtcTime,
};
use crate::i18n::{Lang, Localized};
use crate::programme::model::{Access, Link, Role, SessionState};
use diesel::prelude::*;

/// A room's row.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = rooms, treat_none_as_null = true)]
pub(super) struct RoomRow {
    pub(super) id: RoomId,
    pub(super) code: String,
    pub(super) name: Localized,
    pub(super) capacity: Option<i32>,
    pub(super) position: i32,
    pub(super) guid: String,
    pub(super) source_key: Option<String>,
}

/// A forum's row.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = forums, treat_none_as_null = true)]
pub(super) struct ForumRow {
    pub(super) id: ForumId,
    pub(super) code: String,
    pub(super) name: Localized,
    pub(super) description: Localized,
    pub(super) color: String,
    pub(super) position: i32,
    pub(super) source_key: Option<String>,
}

/// A format's row.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = formats, treat_none_as_null = true)]
pub(super) struct FormatRow {
    pub(super) id: FormatId,
    pub(super) code: String,
    pub(super) name: Localized,
    pub(super) minutes: i32,
    pub(super) position: i32,
    pub(super) source_key: Option<String>,
}

/// A speaker's row.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = speakers, treat_none_as_null = true)]
pub(super) struct SpeakerRow {
    pub(super) id: SpeakerId,
    pub(super) code: String,
    pub(super) guid: String,
    pub(super) name: String,
    pub(super) native_name: Option<String>,
    pub(super) position: Localized,
    pub(super) organisation: Localized,
    pub(super) country: Option<String>,
    pub(super) biography: Localized,
    pub(super) search_key: String,
    pub(super) source_key: Option<String>,
}

/// A session's row.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = sessions, treat_none_as_null = true)]
pub(super) struct SessionRow {
    pub(super) id: SessionId,
    pub(super) code: String,
    pub(super) guid: String,
    pub(super) title: Localized,
    pub(super) subtitle: Localized,
    pub(super) abstract_text: Localized,
    pub(super) description: Localized,
    pub(super) format_id: Option<FormatId>,
    pub(super) forum_id: Option<ForumId>,
    pub(super) language: Option<Lang>,
    pub(super) interpreted: Json<Vec<Lang>>,
    pub(super) access: Access,
    pub(super) capacity: Option<i32>,
    pub(super) state: SessionState,
    pub(super) may_record: bool,
    pub(super) links: Json<Vec<Link>>,
    pub(super) search_key: String,
    pub(super) source_key: Option<String>,
}

/// A slot's row.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = slots, treat_none_as_null = true)]
pub(super) struct SlotRow {
    pub(super) id: SlotId,
    pub(super) session_id: SessionId,
    pub(super) room_id: Option<RoomId>,
    pub(super) starts_at: UtcTime,
    pub(super) ends_at: UtcTime,
    pub(super) guid: String,
    pub(super) source_key: Option<String>,
}

/// One person's part in a session, as a row.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = session_speakers)]
pub(super) struct PartRow {
    pub(super) session_id: SessionId,
    pub(super) speaker_id: SpeakerId,
    pub(super) role: Role,
    pub(super) position: i32,
}

/// The event's programme as it stands.
#[derive(Default)]
pub(super) struct Existing {
    pub(super) rooms: Vec<RoomRow>,
    pub(super) forums: Vec<ForumRow>,
    pub(super) formats: Vec<FormatRow>,
    pub(super) speakers: Vec<SpeakerRow>,
    pub(super) sessions: Vec<SessionRow>,
    pub(super) slots: Vec<SlotRow>,
    pub(super) parts: Vec<PartRow>,
}

/// Loads the whole programme in a fixed number of queries.
pub(super) fn existing(db: &mut DbConnection, event: EventId) -> QueryResult<Existing> {
    Ok(Existing {
        rooms: rooms::table
            .filter(rooms::event_id.eq(event))
            .order(rooms::position)
            .select(RoomRow::as_select())
            .load(db)?,
        forums: forums::table
            .filter(forums::event_id.eq(event))
            .order(forums::position)
            .select(ForumRow::as_select())
            .load(db)?,
        formats: formats::table
            .filter(formats::event_id.eq(event))
            .order(formats::position)
            .select(FormatRow::as_select())
            .load(db)?,
        speakers: speakers::table.filter(speakers::event_id.eq(event)).select(SpeakerRow::as_select()).load(db)?,
        sessions: sessions::table.filter(sessions::event_id.eq(event)).select(SessionRow::as_select()).load(db)?,
        slots: slots::table.filter(slots::event_id.eq(event)).select(SlotRow::as_select()).load(db)?,
        parts: session_speakers::table
            .inner_join(sessions::table)
            .filter(sessions::event_id.eq(event))
            .order((session_speakers::session_id, session_speakers::position))
            .select(PartRow::as_select())
            .load(db)?,
    })
}

/// Adds and changes rows of one kind; new rows begin at version 1, changed ones count on, so that
/// an organizer's open edit page notices.
macro_rules! writers {
    ($insert:ident, $update:ident, $row:ty, $table:ident, [$($column:ident = $value:expr),*]) => {
        pub(super) fn $insert(db: &mut DbConnection, now: UtcTime, event: EventId, row: &$row) -> QueryResult<()> {
            diesel::insert_into($table::table)
                .values((
                    row.clone(),
                    $table::event_id.eq(event),
                    $table::version.eq(1),
                    $table::created_at.eq(now),
                    $table::updated_at.eq(now),
                    $($table::$column.eq($value),)*
                ))
                .execute(db)?;
            Ok(())
        }

        pub(super) fn $update(db: &mut DbConnection, now: UtcTime, row: &$row) -> QueryResult<()> {
            diesel::update($table::table.find(row.id))
                .set((row.clone(), $table::version.eq($table::version + 1), $table::updated_at.eq(now)))
                .execute(db)?;
            Ok(())
        }
    };
}

writers!(insert_room, update_room, RoomRow, rooms, [building = Localized::new(), booths = 0, channels = "[]"]);
writers!(insert_forum, update_forum, ForumRow, forums, []);
writers!(insert_format, update_format, FormatRow, formats, []);
writers!(insert_speaker, update_speaker, SpeakerRow, speakers, []);
writers!(insert_session, update_session, SessionRow, sessions, []);
writers!(insert_slot, update_slot, SlotRow, slots, []);

/// Takes a slot away.
pub(super) fn delete_slot(db: &mut DbConnection, id: SlotId) -> QueryResult<()> {
    diesel::delete(slots::table.find(id)).execute(db)?;
    Ok(())
}

/// Puts these people in place of a session's present ones.
pub(super) fn replace_parts(db: &mut DbConnection, session: SessionId, parts: &[PartRow]) -> QueryResult<()> {
    diesel::delete(session_speakers::table.filter(session_speakers::session_id.eq(session))).execute(db)?;
    for part in parts {
        diesel::insert_into(session_speakers::table).values(part.clone()).execute(db)?;
    }
    Ok(())
}

/// Notes where a new event takes place.
pub(super) fn set_place(db: &mut DbConnection, event: EventId, place: &Localized) -> QueryResult<()> {
    diesel::update(events::table.find(event)).set(events::place.eq(place)).execute(db)?;
    Ok(())
}

/// Gives a new event one category that everybody may register in.
pub(super) fn insert_open_category(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    code: &str,
    name: &Localized,
) -> QueryResult<()> {
    let nothing = Localized::new();
    diesel::insert_into(categories::table)
        .values((
            categories::id.eq(CategoryId::new()),
            categories::event_id.eq(event),
            categories::code.eq(code),
            categories::name.eq(name),
            categories::description.eq(&nothing),
            categories::includes.eq(&nothing),
            categories::taken.eq(0),
            categories::badge_color.eq("#1f4f8b"),
            categories::position.eq(0),
            categories::version.eq(1),
            categories::created_at.eq(now),
            categories::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}
