//! The tables of travel, needs and consents.

use super::model::{Needs, RecordingConsent, RecordingText, Travel};
use crate::db::schema::{
    recording_consents, recording_texts, session_speakers, speaker_assistants, speaker_needs, speaker_travel, speakers,
};
use crate::db::{AssistantId, DbConnection, EventId, SessionId, SpeakerId, UtcTime};
use crate::each_backend;
use crate::speakers::model::SpeakerSummary;
use diesel::prelude::*;

/// How a speaker travels.
pub(super) fn travel(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Option<Travel>> {
    speaker_travel::table.find(speaker).select(Travel::as_select()).first(db).optional()
}

/// Keeps how a speaker travels, if it still is as `version` had it.
pub(super) fn put_travel(db: &mut DbConnection, travel: &Travel, version: i32) -> QueryResult<bool> {
    let changed = if version == 0 {
        let row = travel.clone();
        each_backend!(db, db => diesel::insert_into(speaker_travel::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(db))?
    } else {
        let same = speaker_travel::table.find(travel.speaker_id).filter(speaker_travel::version.eq(version));
        diesel::update(same).set(travel.clone()).execute(db)?
    };
    Ok(changed == 1)
}

/// Deletes how a speaker travels.
pub(super) fn delete_travel(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<bool> {
    Ok(diesel::delete(speaker_travel::table.find(speaker)).execute(db)? == 1)
}

/// Everybody's travel with whose it is.
pub(super) fn all_travel(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(SpeakerSummary, Travel)>> {
    speakers::table
        .inner_join(speaker_travel::table)
        .filter(speakers::event_id.eq(event))
        .select((SpeakerSummary::as_select(), Travel::as_select()))
        .load(db)
}

/// Who has said when they come and go.
pub(super) fn travelling(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<SpeakerId>> {
    speaker_travel::table
        .filter(speaker_travel::event_id.eq(event))
        .filter(speaker_travel::arrives_on.is_not_null())
        .filter(speaker_travel::departs_on.is_not_null())
        .select(speaker_travel::speaker_id)
        .load(db)
}

/// Notes that the team has seen a change.
pub(super) fn note_seen(db: &mut DbConnection, event: EventId, speaker: SpeakerId) -> QueryResult<bool> {
    let news = speaker_travel::table
        .find(speaker)
        .filter(speaker_travel::event_id.eq(event))
        .filter(speaker_travel::news_at.is_not_null());
    Ok(diesel::update(news).set(speaker_travel::news_at.eq(None::<UtcTime>)).execute(db)? == 1)
}

/// Whether an assistant sees and changes how the speaker travels.
pub(super) fn may_travel(db: &mut DbConnection, assistant: AssistantId) -> QueryResult<bool> {
    let may: Option<bool> =
        speaker_assistants::table.find(assistant).select(speaker_assistants::may_travel).first(db).optional()?;
    Ok(may.unwrap_or(false))
}

/// What a speaker needs.
pub(super) fn needs(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Option<Needs>> {
    speaker_needs::table.find(speaker).select(Needs::as_select()).first(db).optional()
}

/// What the people of a session need.
pub(super) fn needs_of_session(db: &mut DbConnection, session: SessionId) -> QueryResult<Vec<Needs>> {
    let people =
        session_speakers::table.filter(session_speakers::session_id.eq(session)).select(session_speakers::speaker_id);
    speaker_needs::table.filter(speaker_needs::speaker_id.eq_any(people)).select(Needs::as_select()).load(db)
}

/// Keeps what a speaker needs, if it still is as `version` had it.
pub(super) fn put_needs(db: &mut DbConnection, needs: &Needs, version: i32) -> QueryResult<bool> {
    let changed = if version == 0 {
        let row = needs.clone();
        each_backend!(db, db => diesel::insert_into(speaker_needs::table)
            .values(row)
            .on_conflict_do_nothing()
            .execute(db))?
    } else {
        let same = speaker_needs::table.find(needs.speaker_id).filter(speaker_needs::version.eq(version));
        diesel::update(same).set(needs.clone()).execute(db)?
    };
    Ok(changed == 1)
}

/// The newest version of the text.
pub(super) fn text(db: &mut DbConnection, event: EventId) -> QueryResult<Option<RecordingText>> {
    recording_texts::table
        .filter(recording_texts::event_id.eq(event))
        .order(recording_texts::number.desc())
        .select(RecordingText::as_select())
        .first(db)
        .optional()
}

/// One version of the text.
pub(super) fn text_version(db: &mut DbConnection, event: EventId, number: i32) -> QueryResult<Option<RecordingText>> {
    recording_texts::table.find((event, number)).select(RecordingText::as_select()).first(db).optional()
}

/// Adds a version of the text; false when somebody else was faster.
pub(super) fn insert_text(db: &mut DbConnection, text: &RecordingText) -> QueryResult<bool> {
    let row = text.clone();
    let added = each_backend!(db, db => diesel::insert_into(recording_texts::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(db))?;
    Ok(added == 1)
}

/// The consents of a speaker, the newest first.
pub(super) fn consents(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<RecordingConsent>> {
    recording_consents::table
        .filter(recording_consents::speaker_id.eq(speaker))
        .order((recording_consents::given_at.desc(), recording_consents::id.desc()))
        .select(RecordingConsent::as_select())
        .load(db)
}

/// The consents at an event that stand.
pub(super) fn standing_consents(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<RecordingConsent>> {
    recording_consents::table
        .filter(recording_consents::event_id.eq(event))
        .filter(recording_consents::withdrawn_at.is_null())
        .select(RecordingConsent::as_select())
        .load(db)
}

/// Adds a consent.
pub(super) fn insert_consent(db: &mut DbConnection, consent: &RecordingConsent) -> QueryResult<()> {
    diesel::insert_into(recording_consents::table).values(consent.clone()).execute(db).map(drop)
}

/// Withdraws what a speaker agreed to.
pub(super) fn withdraw(db: &mut DbConnection, now: UtcTime, speaker: SpeakerId) -> QueryResult<bool> {
    let standing = recording_consents::table
        .filter(recording_consents::speaker_id.eq(speaker))
        .filter(recording_consents::withdrawn_at.is_null());
    Ok(diesel::update(standing).set(recording_consents::withdrawn_at.eq(now)).execute(db)? > 0)
}
