//! The table `registration_links`.

use crate::db::schema::{registration_links, registrations};
use crate::db::{DbConnection, EventId, LinkId, UtcTime};
use crate::each_backend;
use crate::registration::model::{LinkPurpose, PrivateLink, Registration};
use crate::web::TokenHash;
use diesel::prelude::*;

/// Adds a link.
pub(in crate::registration) fn insert(db: &mut DbConnection, link: &PrivateLink) -> QueryResult<()> {
    each_backend!(db, backend => diesel::insert_into(registration_links::table).values(link).execute(backend)).map(drop)
}

/// The link of this secret at this event, unless it was taken back, and what it opens.
pub(in crate::registration) fn by_token(
    db: &mut DbConnection,
    event: EventId,
    token: &TokenHash,
) -> QueryResult<Option<(PrivateLink, Registration)>> {
    registration_links::table
        .inner_join(registrations::table)
        .filter(registration_links::token_hash.eq(token))
        .filter(registration_links::revoked_at.is_null())
        .filter(registrations::event_id.eq(event))
        .select((PrivateLink::as_select(), Registration::as_select()))
        .first(db)
        .optional()
}

/// Turns the link that confirmed an address into the one of the attendee's own page.
pub(in crate::registration) fn use_up(db: &mut DbConnection, now: UtcTime, id: LinkId) -> QueryResult<()> {
    diesel::update(registration_links::table.find(id).filter(registration_links::purpose.ne(LinkPurpose::Shown)))
        .set((
            registration_links::purpose.eq(LinkPurpose::Own),
            registration_links::used_at.eq(now),
            registration_links::expires_at.eq(None::<UtcTime>),
        ))
        .execute(db)
        .map(drop)
}
