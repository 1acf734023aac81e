//! The tables `speaker_links`, `speaker_assistants` and `slot_answers`.

use super::model::SpeakerLink;
use crate::db::DbConnection;
use crate::db::schema::speaker_links;
use diesel::prelude::*;

/// Adds a link.
pub(super) fn insert_link(db: &mut DbConnection, link: SpeakerLink) -> QueryResult<()> {
    diesel::insert_into(speaker_links::table).values(link).execute(db).map(drop)
}
