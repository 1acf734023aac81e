//! The table `told_slots`.

use crate::db::schema::{speakers, told_slots};
use crate::db::{DbConnection, EventId, SpeakerId, UtcTime};
use crate::each_backend;
use crate::notices::model::{Entry, Told};
use diesel::prelude::*;
use std::collections::HashMap;

type Row = (SpeakerId, String, i32, bool, String);

fn told((speaker, guid, sequence, is_cancelled, content): Row) -> QueryResult<(SpeakerId, Told)> {
    let entry: Entry =
        serde_json::from_str(&content).map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
    Ok((speaker, Told { guid, sequence, is_cancelled, entry }))
}

fn by_speaker(rows: Vec<Row>) -> QueryResult<HashMap<SpeakerId, Vec<Told>>> {
    let mut found: HashMap<SpeakerId, Vec<Told>> = HashMap::new();
    for row in rows {
        let (speaker, told) = told(row)?;
        found.entry(speaker).or_default().push(told);
    }
    Ok(found)
}

/// What the calendars of an event's speakers hold.
pub(in crate::notices) fn of_event(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<HashMap<SpeakerId, Vec<Told>>> {
    let rows: Vec<Row> = told_slots::table
        .inner_join(speakers::table)
        .filter(speakers::event_id.eq(event))
        .select((
            told_slots::speaker_id,
            told_slots::slot_guid,
            told_slots::sequence,
            told_slots::is_cancelled,
            told_slots::content,
        ))
        .load(db)?;
    by_speaker(rows)
}

/// What the calendars of some speakers hold.
pub(in crate::notices) fn of_speakers(
    db: &mut DbConnection,
    chosen: &[SpeakerId],
) -> QueryResult<HashMap<SpeakerId, Vec<Told>>> {
    let rows: Vec<Row> = told_slots::table
        .filter(told_slots::speaker_id.eq_any(chosen))
        .select((
            told_slots::speaker_id,
            told_slots::slot_guid,
            told_slots::sequence,
            told_slots::is_cancelled,
            told_slots::content,
        ))
        .load(db)?;
    by_speaker(rows)
}

/// Who was told of a slot.
pub(in crate::notices) fn of_slot(db: &mut DbConnection, guid: &str) -> QueryResult<Vec<(SpeakerId, Told)>> {
    let rows: Vec<Row> = told_slots::table
        .filter(told_slots::slot_guid.eq(guid))
        .select((
            told_slots::speaker_id,
            told_slots::slot_guid,
            told_slots::sequence,
            told_slots::is_cancelled,
            told_slots::content,
        ))
        .load(db)?;
    rows.into_iter().map(told).collect()
}

/// Records what a speaker's calendar holds from now on.
pub(in crate::notices) fn put(db: &mut DbConnection, now: UtcTime, speaker: SpeakerId, told: &Told) -> QueryResult<()> {
    let content =
        serde_json::to_string(&told.entry).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let values = (
        told_slots::sequence.eq(told.sequence),
        told_slots::is_cancelled.eq(told.is_cancelled),
        told_slots::content.eq(&content),
        told_slots::told_at.eq(now),
    );
    let key = (told_slots::speaker_id.eq(speaker), told_slots::slot_guid.eq(&told.guid));
    each_backend!(db, backend => diesel::insert_into(told_slots::table)
        .values((key, values))
        .on_conflict((told_slots::speaker_id, told_slots::slot_guid))
        .do_update()
        .set(values)
        .execute(backend))
    .map(drop)
}
