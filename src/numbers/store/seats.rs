//! Seats in sessions.

use crate::bookings::model::BookingState;
use crate::db::schema::{bookings, session_seats, sessions};
use crate::db::{DbConnection, EventId, ForumId, SessionId};
use crate::i18n::Localized;
use crate::numbers::model::SeatFigures;
use diesel::prelude::*;
use std::collections::HashMap;

type Row = (SessionId, String, Localized, Option<ForumId>, i32, i32);

/// The seats of every session of an event that can be booked.
pub(in crate::numbers) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<SeatFigures>> {
    let waiting: HashMap<SessionId, i64> = bookings::table
        .filter(bookings::event_id.eq(event))
        .filter(bookings::state.eq(BookingState::Waiting))
        .group_by(bookings::session_id)
        .select((bookings::session_id, diesel::dsl::count_star()))
        .load::<(SessionId, i64)>(db)?
        .into_iter()
        .collect();
    let rows: Vec<Row> = session_seats::table
        .inner_join(sessions::table.on(sessions::id.eq(session_seats::session_id)))
        .filter(session_seats::event_id.eq(event))
        .select((
            sessions::id,
            sessions::code,
            sessions::title,
            sessions::forum_id,
            session_seats::capacity,
            session_seats::taken,
        ))
        .load(db)?;
    let figures = |(session, code, title, forum, capacity, taken): Row| SeatFigures {
        waiting: waiting.get(&session).copied().unwrap_or(0),
        session,
        code,
        title,
        forum,
        capacity,
        taken,
    };
    Ok(rows.into_iter().map(figures).collect())
}
