//! Bringing the words of messages into `mail_words`. Whoever queues a message only notes that it is due: sixteen rows
//! for each would be the dearest part of taking a place.

use crate::db::schema::{mail_words, mail_words_due, messages};
use crate::db::{DbConnection, EventId, MessageId};
use crate::each_backend;
use crate::mail::searching::Words;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Rows that one statement adds: SQLite takes 32,766 values.
const ROWS: usize = 2_000;
/// Messages without words in the table that a search looks through.
const MOST: i64 = 2_000;

type Row = (Option<EventId>, String, String, String);

/// Brings in the words of up to `limit` messages; how many messages.
pub(in crate::mail) fn index_some(db: &mut DbConnection, limit: i64) -> QueryResult<usize> {
    let due: Vec<MessageId> = mail_words_due::table
        .order(mail_words_due::message_id)
        .limit(limit)
        .select(mail_words_due::message_id)
        .load(db)?;
    let rows: Vec<Row> = messages::table
        .filter(messages::id.eq_any(&due))
        .select((messages::event_id, messages::recipient_key, messages::subject_key, messages::search_words))
        .load(db)?;
    // In the order of the table's key: neighbours are written to the same page.
    let mut words = BTreeSet::new();
    for (event, address, subject, found) in rows {
        let Some(event) = event else { continue };
        let found = read(&found)?;
        words.extend(found.recipient.into_iter().map(|word| (event, word, format!("a:{address}"))));
        words.extend(found.subject.into_iter().map(|word| (event, word, format!("s:{subject}"))));
    }
    let words: Vec<_> = words
        .into_iter()
        .map(|(event, word, target)| {
            (mail_words::event_id.eq(event), mail_words::word.eq(word), mail_words::target.eq(target))
        })
        .collect();
    for some in words.chunks(ROWS) {
        each_backend!(db, backend => diesel::insert_into(mail_words::table)
            .values(some)
            .on_conflict_do_nothing()
            .execute(backend))?;
    }
    diesel::delete(mail_words_due::table.filter(mail_words_due::message_id.eq_any(&due))).execute(db)?;
    Ok(due.len())
}

/// A message whose words are not in the table yet.
#[derive(Debug)]
pub(super) struct Fresh {
    /// The message.
    pub id: MessageId,
    /// The address it goes to.
    pub address: String,
    /// Its words.
    pub words: Words,
}

/// The newest messages of an event whose words are not in the table yet.
pub(super) fn fresh(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Fresh>> {
    let due: Vec<MessageId> = mail_words_due::table
        .filter(mail_words_due::event_id.eq(event))
        .order(mail_words_due::message_id.desc())
        .limit(MOST)
        .select(mail_words_due::message_id)
        .load(db)?;
    if due.is_empty() {
        return Ok(Vec::new());
    }
    let rows: Vec<(MessageId, String, String)> = messages::table
        .filter(messages::id.eq_any(due))
        .select((messages::id, messages::recipient_key, messages::search_words))
        .load(db)?;
    rows.into_iter().map(|(id, address, words)| Ok(Fresh { id, address, words: read(&words)? })).collect()
}

fn read(words: &str) -> QueryResult<Words> {
    serde_json::from_str(words).map_err(|error| diesel::result::Error::DeserializationError(error.into()))
}
