//! Lists of messages: of one event by state and kind, of one registration, of all.
//!
//! A list is the newest of what stands in each state, put together: each state is one stretch of an index, so that a
//! page costs the same wherever it begins and however many messages there are.

use super::searching::{self, Found};
use crate::db::schema::{mail_counts, messages};
use crate::db::{DbConnection, EventId, MessageId, UtcTime};
use crate::mail::model::{MessageFilter, MessageKind, MessageState, MessageSummary};
use crate::mail::searching::Search;
use diesel::prelude::*;
use std::collections::BTreeMap;

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
pub(in crate::mail) struct SummaryRow {
    id: MessageId,
    kind: MessageKind,
    recipient_name: String,
    recipient_address: String,
    subject: String,
    state: MessageState,
    attempts: i32,
    created_at: UtcTime,
    due_at: UtcTime,
    sent_at: Option<UtcTime>,
    last_error: Option<String>,
    version: i32,
}

impl From<SummaryRow> for MessageSummary {
    fn from(row: SummaryRow) -> Self {
        Self {
            id: row.id,
            kind: row.kind,
            recipient_name: row.recipient_name,
            recipient_address: row.recipient_address,
            subject: row.subject,
            state: row.state,
            attempts: row.attempts,
            created_at: row.created_at,
            due_at: row.due_at,
            sent_at: row.sent_at,
            last_error: row.last_error,
            version: row.version,
        }
    }
}

/// The newest messages that fit, at most `limit`; and where looking ended before the list did.
pub(in crate::mail) fn newest(
    db: &mut DbConnection,
    filter: &MessageFilter,
    limit: i64,
) -> QueryResult<(Vec<MessageId>, Option<MessageId>)> {
    let Some(event) = filter.event.filter(|_| filter.registration.is_none()) else {
        return Ok((plain(db, filter, limit)?, None));
    };
    let search = Search::read(&filter.search);
    if search.is_empty() {
        let typed_something = !filter.search.trim().is_empty();
        return Ok((if typed_something { Vec::new() } else { in_order(db, event, filter, limit)? }, None));
    }
    match searching::find(db, event, &search)? {
        Found::Few(few) => Ok((few.newest(db, event, filter, limit)?, None)),
        Found::Many => looking(db, event, filter, &search, limit),
    }
}

/// Messages of one registration, or of all events.
fn plain(db: &mut DbConnection, filter: &MessageFilter, limit: i64) -> QueryResult<Vec<MessageId>> {
    let mut query = messages::table.into_boxed();
    if let Some(event) = filter.event {
        query = query.filter(messages::event_id.eq(event));
    }
    if let Some(registration) = filter.registration {
        query = query.filter(messages::registration_id.eq(registration));
    }
    if let Some(before) = filter.before {
        query = query.filter(messages::id.lt(before));
    }
    query.order(messages::id.desc()).limit(limit).select(messages::id).load(db)
}

/// The states that a list shows.
pub(super) fn states(filter: &MessageFilter) -> Vec<MessageState> {
    filter.state.map_or_else(|| MessageState::ALL.to_vec(), |state| vec![state])
}

fn in_order(db: &mut DbConnection, event: EventId, filter: &MessageFilter, limit: i64) -> QueryResult<Vec<MessageId>> {
    let mut found: Vec<MessageId> = Vec::new();
    for state in states(filter) {
        let mut query =
            messages::table.filter(messages::event_id.eq(event)).filter(messages::state.eq(state)).into_boxed();
        if let Some(kind) = filter.kind {
            query = query.filter(messages::kind.eq(kind));
        }
        if let Some(before) = filter.before {
            query = query.filter(messages::id.lt(before));
        }
        found.extend(query.order(messages::id.desc()).limit(limit).select(messages::id).load::<MessageId>(db)?);
    }
    Ok(first(found, limit))
}

/// The newest of what was found in several places.
pub(super) fn first(mut found: Vec<MessageId>, limit: i64) -> Vec<MessageId> {
    found.sort_unstable_by(|left, right| right.cmp(left));
    found.dedup();
    found.truncate(usize::try_from(limit).unwrap_or(0));
    found
}

/// Messages looked at in one step, and steps at most, where so much fits that no index helps.
const STEP: i64 = 500;
const STEPS: usize = 4;

/// Looks through the list in its order. What fits nearly everything fills a page at once; after some thousand
/// messages the rest is left to the next page.
fn looking(
    db: &mut DbConnection,
    event: EventId,
    filter: &MessageFilter,
    search: &Search,
    limit: i64,
) -> QueryResult<(Vec<MessageId>, Option<MessageId>)> {
    let mut found = Vec::new();
    let mut step = MessageFilter { search: String::new(), ..filter.clone() };
    for _ in 0..STEPS {
        let ids = in_order(db, event, &step, STEP)?;
        let rows: Vec<(MessageId, String)> = messages::table
            .filter(messages::id.eq_any(&ids))
            .order(messages::id.desc())
            .select((messages::id, messages::search_words))
            .load(db)?;
        for (id, words) in rows {
            let words = serde_json::from_str(&words)
                .map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
            if search.fits(&words) {
                found.push(id);
            }
            if found.len() as i64 >= limit {
                return Ok((found, None));
            }
        }
        step.before = ids.last().copied();
        if (ids.len() as i64) < STEP {
            return Ok((found, None));
        }
    }
    Ok((found, step.before))
}

/// These messages, the newest first.
pub(in crate::mail) fn load(db: &mut DbConnection, ids: &[MessageId]) -> QueryResult<Vec<MessageSummary>> {
    let rows: Vec<SummaryRow> = messages::table
        .filter(messages::id.eq_any(ids))
        .order(messages::id.desc())
        .select(SummaryRow::as_select())
        .load(db)?;
    Ok(rows.into_iter().map(MessageSummary::from).collect())
}

/// How many messages of an event there are of each kind in each state, without counting them.
pub(in crate::mail) fn counts(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<BTreeMap<(MessageKind, MessageState), i64>> {
    let rows: Vec<(MessageKind, MessageState, i32)> = mail_counts::table
        .filter(mail_counts::event_id.eq(event))
        .select((mail_counts::kind, mail_counts::state, mail_counts::amount))
        .load(db)?;
    let mut counts = BTreeMap::new();
    for (kind, state, amount) in rows {
        *counts.entry((kind, state)).or_insert(0) += i64::from(amount);
    }
    Ok(counts)
}
