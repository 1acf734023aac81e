//! The table `announcements`.

use super::model::Announcement;
use crate::db::schema::announcements;
use crate::db::{AnnouncementId, DbConnection, EventId, UtcTime};
use diesel::prelude::*;

/// Adds an announcement.
pub(super) fn insert(db: &mut DbConnection, announcement: &Announcement) -> QueryResult<()> {
    diesel::insert_into(announcements::table).values(announcement).execute(db).map(drop)
}

/// Every announcement of an event, the newest first.
pub(super) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Announcement>> {
    announcements::table
        .filter(announcements::event_id.eq(event))
        .order((announcements::created_at.desc(), announcements::id.desc()))
        .select(Announcement::as_select())
        .load(db)
}

/// What holds, or may hold still, of an event at `since`, the newest first.
pub(super) fn standing(db: &mut DbConnection, event: EventId, since: UtcTime) -> QueryResult<Vec<Announcement>> {
    announcements::table
        .filter(announcements::event_id.eq(event))
        .filter(announcements::withdrawn_at.is_null())
        .filter(announcements::ends_at.gt(since))
        .order((announcements::created_at.desc(), announcements::id.desc()))
        .select(Announcement::as_select())
        .load(db)
}

/// Takes one back, if it stands; returns whether it did.
pub(super) fn withdraw(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    announcement: AnnouncementId,
) -> QueryResult<bool> {
    let standing = announcements::table
        .find(announcement)
        .filter(announcements::event_id.eq(event))
        .filter(announcements::withdrawn_at.is_null());
    Ok(diesel::update(standing).set(announcements::withdrawn_at.eq(now)).execute(db)? == 1)
}

/// Whether an event has this announcement at all.
pub(super) fn exists(db: &mut DbConnection, event: EventId, announcement: AnnouncementId) -> QueryResult<bool> {
    let found: i64 =
        announcements::table.find(announcement).filter(announcements::event_id.eq(event)).count().get_result(db)?;
    Ok(found > 0)
}
