//! The table `events`.

use super::model::{Event, EventChanges};
use crate::db::schema::events;
use crate::db::{DbConnection, EventId, Json, UtcTime};
use crate::i18n::Lang;
use diesel::prelude::*;

/// The event of this slug.
pub(crate) fn by_slug(db: &mut DbConnection, slug: &str) -> QueryResult<Option<Event>> {
    events::table.filter(events::slug.eq(slug)).select(Event::as_select()).first(db).optional()
}

/// The event of this slug, by its id and public version alone.
pub(super) fn public_version(db: &mut DbConnection, slug: &str) -> QueryResult<Option<(EventId, i64)>> {
    events::table.filter(events::slug.eq(slug)).select((events::id, events::public_version)).first(db).optional()
}

/// The event of this id.
pub(super) fn by_id(db: &mut DbConnection, id: EventId) -> QueryResult<Option<Event>> {
    events::table.find(id).select(Event::as_select()).first(db).optional()
}

/// Every event, the newest first.
pub(super) fn all(db: &mut DbConnection) -> QueryResult<Vec<Event>> {
    events::table.order((events::starts_on.desc(), events::slug.asc())).select(Event::as_select()).load(db)
}

/// Adds an event.
pub(super) fn insert(db: &mut DbConnection, event: &Event) -> QueryResult<()> {
    diesel::insert_into(events::table).values(event).execute(db).map(drop)
}

/// Changes an event if nobody else has since `version`; returns whether it was changed.
pub(super) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (EventId, i32),
    languages: &Json<Vec<Lang>>,
    changes: &EventChanges,
) -> QueryResult<bool> {
    let changed = diesel::update(events::table.find(id).filter(events::version.eq(version)))
        .set((
            events::name.eq(&changes.name),
            events::tagline.eq(&changes.tagline),
            events::description.eq(&changes.description),
            events::place.eq(&changes.place),
            events::address.eq(&changes.address),
            events::starts_on.eq(changes.starts_on),
            events::ends_on.eq(changes.ends_on),
            events::timezone.eq(changes.timezone),
            events::languages.eq(languages),
            events::accent.eq(&changes.accent),
            events::contact_email.eq(changes.contact_email.as_ref().map(|address| address.as_str().to_owned())),
            events::privacy_notice.eq(&changes.privacy_notice),
            events::version.eq(events::version + 1),
            events::draft_version.eq(events::draft_version + 1),
            events::public_version.eq(events::public_version + 1),
            events::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Counts one more change of what the public sees.
pub(super) fn touch_public(db: &mut DbConnection, id: EventId) -> QueryResult<()> {
    diesel::update(events::table.find(id))
        .set(events::public_version.eq(events::public_version + 1))
        .execute(db)
        .map(drop)
}

/// Counts one more change of the draft.
pub(super) fn touch_draft(db: &mut DbConnection, id: EventId) -> QueryResult<()> {
    diesel::update(events::table.find(id))
        .set(events::draft_version.eq(events::draft_version + 1))
        .execute(db)
        .map(drop)
}

/// The version of an event's draft.
pub(super) fn draft_version(db: &mut DbConnection, id: EventId) -> QueryResult<i64> {
    events::table.find(id).select(events::draft_version).first(db)
}
