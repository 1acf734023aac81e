//! The tables `speakers` and `files`.

use super::model::{Part, Speaker, SpeakerFacts, SpeakerSummary, StoredFile};
use crate::db::schema::{files, releases, session_speakers, sessions, slots, speakers};
use crate::db::{DbConnection, EventId, FileId, ForumId, SessionId, SpeakerId, UtcTime};
use crate::i18n::Localized;
use crate::programme::model::Role;
use diesel::prelude::*;
use std::collections::HashMap;

/// Every speaker of an event, for its list.
pub(super) fn summaries(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<SpeakerSummary>> {
    speakers::table.filter(speakers::event_id.eq(event)).select(SpeakerSummary::as_select()).load(db)
}

/// In how many sessions of the draft each speaker is who is in any.
pub(super) fn session_counts(db: &mut DbConnection, event: EventId) -> QueryResult<HashMap<SpeakerId, i64>> {
    // Someone with two roles in a session is in one session.
    let pairs: Vec<(SpeakerId, SessionId)> = session_speakers::table
        .inner_join(sessions::table)
        .filter(sessions::event_id.eq(event))
        .select((session_speakers::speaker_id, session_speakers::session_id))
        .distinct()
        .load(db)?;
    let mut counts = HashMap::new();
    for (speaker, _) in pairs {
        *counts.entry(speaker).or_insert(0) += 1;
    }
    Ok(counts)
}

/// One speaker of an event.
pub(super) fn find(db: &mut DbConnection, event: EventId, id: SpeakerId) -> QueryResult<Option<Speaker>> {
    speakers::table.find(id).filter(speakers::event_id.eq(event)).select(Speaker::as_select()).first(db).optional()
}

/// Some speakers of an event.
pub(super) fn some(db: &mut DbConnection, event: EventId, wanted: &[SpeakerId]) -> QueryResult<Vec<Speaker>> {
    speakers::table
        .filter(speakers::event_id.eq(event))
        .filter(speakers::id.eq_any(wanted))
        .select(Speaker::as_select())
        .load(db)
}

/// A speaker's parts in sessions of the draft, by time, those without one last.
pub(super) fn parts_of(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<Part>> {
    let rows: Vec<(SessionId, Localized, Option<ForumId>, Role)> = session_speakers::table
        .inner_join(sessions::table)
        .filter(session_speakers::speaker_id.eq(speaker))
        .order((sessions::id, session_speakers::position))
        .select((sessions::id, sessions::title, sessions::forum_id, session_speakers::role))
        .load(db)?;
    let ids: Vec<SessionId> = rows.iter().map(|row| row.0).collect();
    let times: Vec<(SessionId, UtcTime, UtcTime)> = slots::table
        .filter(slots::session_id.eq_any(ids))
        .order(slots::starts_at.desc())
        .select((slots::session_id, slots::starts_at, slots::ends_at))
        .load(db)?;
    // The earliest comes last and stays.
    let first: HashMap<_, _> = times.into_iter().map(|(session, start, end)| (session, (start, end))).collect();
    let part = |(session, title, forum, role)| Part { session, title, forum, role, slot: first.get(&session).copied() };
    let mut parts: Vec<Part> = rows.into_iter().map(part).collect();
    parts.sort_by_key(|part| (part.slot.is_none(), part.slot));
    Ok(parts)
}

/// The codes in use at an event.
pub(super) fn codes(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<String>> {
    speakers::table.filter(speakers::event_id.eq(event)).select(speakers::code).load(db)
}

/// Adds a speaker.
pub(super) fn insert(db: &mut DbConnection, speaker: &Speaker) -> QueryResult<()> {
    diesel::insert_into(speakers::table).values(speaker.clone()).execute(db).map(drop)
}

/// Changes a speaker if nobody else has since `version`; says whether it was changed.
pub(super) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, version): (EventId, SpeakerId, i32),
    facts: &SpeakerFacts,
) -> QueryResult<bool> {
    let same = speakers::table.find(id).filter(speakers::event_id.eq(event)).filter(speakers::version.eq(version));
    let changed = diesel::update(same)
        .set((
            speakers::name.eq(&facts.name),
            speakers::native_name.eq(facts.native_name.as_deref()),
            speakers::position.eq(&facts.position),
            speakers::organisation.eq(&facts.organisation),
            speakers::country.eq(facts.country.as_deref()),
            speakers::biography.eq(&facts.biography),
            speakers::email.eq(facts.email.as_deref()),
            speakers::language.eq(facts.language),
            speakers::search_key.eq(facts.search_key()),
            speakers::version.eq(speakers::version + 1),
            speakers::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Gives a speaker another photo, or none, if nobody else has changed them since `version`.
pub(super) fn set_photo(
    db: &mut DbConnection,
    now: UtcTime,
    (event, id, version): (EventId, SpeakerId, i32),
    photo: Option<FileId>,
) -> QueryResult<bool> {
    let same = speakers::table.find(id).filter(speakers::event_id.eq(event)).filter(speakers::version.eq(version));
    let changed = diesel::update(same)
        .set((speakers::photo_id.eq(photo), speakers::version.eq(speakers::version + 1), speakers::updated_at.eq(now)))
        .execute(db)?;
    Ok(changed == 1)
}

/// Deletes a speaker with their parts in sessions, if nobody has changed them since `version`.
pub(super) fn delete(db: &mut DbConnection, (event, id, version): (EventId, SpeakerId, i32)) -> QueryResult<bool> {
    let same = speakers::table.find(id).filter(speakers::event_id.eq(event)).filter(speakers::version.eq(version));
    Ok(diesel::delete(same).execute(db)? == 1)
}

/// Notes a file.
pub(super) fn insert_file(db: &mut DbConnection, file: &StoredFile) -> QueryResult<()> {
    diesel::insert_into(files::table).values(file.clone()).execute(db).map(drop)
}

/// Forgets a file.
pub(super) fn delete_file(db: &mut DbConnection, file: FileId) -> QueryResult<()> {
    diesel::delete(files::table.find(file)).execute(db).map(drop)
}

/// Whether some release shows a file. Its id can't stand in a release for anything else.
pub(super) fn is_released(db: &mut DbConnection, event: EventId, file: FileId) -> QueryResult<bool> {
    let showing = releases::table
        .filter(releases::event_id.eq(event))
        .filter(releases::content.like(format!("%{file}%")))
        .count()
        .get_result::<i64>(db)?;
    Ok(showing > 0)
}
