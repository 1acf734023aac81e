//! The tables `forums` and `formats`.

use super::model::{Format, FormatFacts, Forum, ForumFacts};
use crate::db::schema::{formats, forums, membership_forums, sessions};
use crate::db::{DbConnection, EventId, FormatId, ForumId, UtcTime};
use diesel::dsl::{count_star, max};
use diesel::prelude::*;

/// What both tables do alike.
macro_rules! strands {
    ($module:ident, $table:ident, $row:ident, $id:ident, $of_session:ident) => {
        pub(super) mod $module {
            use super::*;

            /// All of an event in their order.
            pub(in crate::programme::strands) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<$row>> {
                $table::table
                    .filter($table::event_id.eq(event))
                    .order(($table::position, $table::code))
                    .select($row::as_select())
                    .load(db)
            }

            /// One of an event.
            pub(in crate::programme::strands) fn find(
                db: &mut DbConnection,
                event: EventId,
                id: $id,
            ) -> QueryResult<Option<$row>> {
                $table::table.find(id).filter($table::event_id.eq(event)).select($row::as_select()).first(db).optional()
            }

            /// The codes in use at an event, except one's own.
            pub(in crate::programme::strands) fn codes(
                db: &mut DbConnection,
                event: EventId,
                but: Option<$id>,
            ) -> QueryResult<Vec<String>> {
                let rows: Vec<($id, String)> =
                    $table::table.filter($table::event_id.eq(event)).select(($table::id, $table::code)).load(db)?;
                Ok(rows.into_iter().filter(|(id, _)| Some(*id) != but).map(|(_, code)| code).collect())
            }

            /// The position after the last.
            pub(in crate::programme::strands) fn next_position(
                db: &mut DbConnection,
                event: EventId,
            ) -> QueryResult<i32> {
                let last: Option<i32> =
                    $table::table.filter($table::event_id.eq(event)).select(max($table::position)).first(db)?;
                Ok(last.map_or(1, |last| last.saturating_add(1)))
            }

            /// Adds one.
            pub(in crate::programme::strands) fn insert(db: &mut DbConnection, row: &$row) -> QueryResult<()> {
                diesel::insert_into($table::table).values(row).execute(db).map(drop)
            }

            /// Deletes one if nobody has changed it since `version`; says whether it did. Its
            /// sessions stay, without it.
            pub(in crate::programme::strands) fn delete(
                db: &mut DbConnection,
                (event, id, version): (EventId, $id, i32),
            ) -> QueryResult<bool> {
                let same =
                    $table::table.find(id).filter($table::event_id.eq(event)).filter($table::version.eq(version));
                Ok(diesel::delete(same).execute(db)? == 1)
            }

            /// How many sessions of the draft each has.
            pub(in crate::programme::strands) fn sessions_by_id(
                db: &mut DbConnection,
                event: EventId,
            ) -> QueryResult<Vec<(Option<$id>, i64)>> {
                sessions::table
                    .filter(sessions::event_id.eq(event))
                    .group_by(sessions::$of_session)
                    .select((sessions::$of_session, count_star()))
                    .load(db)
            }

            /// How many sessions of the draft one has.
            pub(in crate::programme::strands) fn sessions_of(db: &mut DbConnection, id: $id) -> QueryResult<i64> {
                sessions::table.filter(sessions::$of_session.eq(id)).count().get_result(db)
            }
        }
    };
}

strands!(forum, forums, Forum, ForumId, forum_id);
strands!(format, formats, Format, FormatId, format_id);

/// Changes a forum if nobody else has since `version`; says whether it was changed.
pub(super) fn update_forum(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, version): (EventId, ForumId, i32),
    (code, facts): (&str, &ForumFacts),
) -> QueryResult<bool> {
    let same = forums::table.find(id).filter(forums::event_id.eq(event)).filter(forums::version.eq(version));
    let changed = diesel::update(same)
        .set((
            forums::code.eq(code),
            forums::name.eq(&facts.name),
            forums::description.eq(&facts.description),
            forums::color.eq(&facts.color),
            forums::is_serial.eq(facts.is_serial),
            facts.position.map(|position| forums::position.eq(position)),
            forums::version.eq(forums::version + 1),
            forums::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Changes a format if nobody else has since `version`; says whether it was changed.
pub(super) fn update_format(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, version): (EventId, FormatId, i32),
    (code, facts): (&str, &FormatFacts),
) -> QueryResult<bool> {
    let same = formats::table.find(id).filter(formats::event_id.eq(event)).filter(formats::version.eq(version));
    let changed = diesel::update(same)
        .set((
            formats::code.eq(code),
            formats::name.eq(&facts.name),
            formats::minutes.eq(facts.minutes),
            facts.position.map(|position| formats::position.eq(position)),
            formats::version.eq(formats::version + 1),
            formats::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// How many of the team organize a forum.
pub(super) fn organizers_of(db: &mut DbConnection, forum: ForumId) -> QueryResult<i64> {
    membership_forums::table.filter(membership_forums::forum_id.eq(forum)).count().get_result(db)
}
