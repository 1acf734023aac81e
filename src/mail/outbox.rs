//! Reading the outbox: lists, one message, counts.

use super::model::{Attempt, MessageDetail, MessageFilter, MessageKind, MessageState, MessageSummary};
use crate::db::schema::{message_attempts, message_reports, messages};
use crate::db::{DbConnection, EventId, MessageId, RegistrationId, UtcTime};
use crate::i18n::Lang;
use diesel::prelude::*;

/// Messages of one page of a list.
pub const PAGE: i64 = 50;

#[derive(Queryable, Selectable)]
#[diesel(table_name = messages)]
struct SummaryRow {
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
        }
    }
}

/// One page of messages, newest first, and whether there are more.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, filter: &MessageFilter) -> QueryResult<(Vec<MessageSummary>, bool)> {
    let mut query = messages::table.into_boxed();
    if let Some(event) = filter.event {
        query = query.filter(messages::event_id.eq(event));
    }
    if let Some(state) = filter.state {
        query = query.filter(messages::state.eq(state));
    }
    if let Some(registration) = filter.registration {
        query = query.filter(messages::registration_id.eq(registration));
    }
    if let Some(before) = filter.before {
        query = query.filter(messages::created_at.lt(before));
    }
    if !filter.search.is_empty() {
        let pattern = like_pattern(&filter.search);
        query = query.filter(
            messages::recipient_address
                .like(pattern.clone())
                .escape('\\')
                .or(messages::recipient_name.like(pattern.clone()).escape('\\'))
                .or(messages::subject.like(pattern).escape('\\')),
        );
    }
    let mut rows: Vec<SummaryRow> = query
        .order((messages::created_at.desc(), messages::id.desc()))
        .limit(PAGE + 1)
        .select(SummaryRow::as_select())
        .load(db)?;
    let more = rows.len() > PAGE as usize;
    rows.truncate(PAGE as usize);
    Ok((rows.into_iter().map(MessageSummary::from).collect(), more))
}

/// One message with its parts and attempts; of this event only where one is given.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: Option<EventId>, id: MessageId) -> QueryResult<Option<MessageDetail>> {
    type Rest = (Option<EventId>, Option<RegistrationId>, Lang, String, String, String);
    let row: Option<(SummaryRow, Rest)> = messages::table
        .find(id)
        .select((
            SummaryRow::as_select(),
            (
                messages::event_id,
                messages::registration_id,
                messages::language,
                messages::body_text,
                messages::body_html,
                messages::attachments,
            ),
        ))
        .first(db)
        .optional()?;
    let Some((summary, (of_event, registration, language, body_text, body_html, attachments))) = row else {
        return Ok(None);
    };
    if event.is_some() && event != of_event {
        return Ok(None);
    }
    let history = history(db, id)?;
    let mark = super::operations::marks::mark_of(db, &summary.recipient_address)?;
    Ok(Some(MessageDetail {
        summary: summary.into(),
        registration,
        language,
        body_text,
        body_html,
        attachments: serde_json::from_str(&attachments)
            .map_err(|error| diesel::result::Error::DeserializationError(error.into()))?,
        history,
        mark,
    }))
}

/// The attempts to deliver a message and what came back about it, in the order of time.
fn history(db: &mut DbConnection, id: MessageId) -> QueryResult<Vec<Attempt>> {
    let attempts: Vec<(i32, String, String, UtcTime)> = message_attempts::table
        .filter(message_attempts::message_id.eq(id))
        .order((message_attempts::attempt, message_attempts::at))
        .select((message_attempts::attempt, message_attempts::outcome, message_attempts::detail, message_attempts::at))
        .load(db)?;
    let reports: Vec<(String, String, UtcTime)> = message_reports::table
        .filter(message_reports::message_id.eq(id))
        .order(message_reports::id)
        .select((message_reports::kind, message_reports::detail, message_reports::received_at))
        .load(db)?;
    let attempts = attempts.into_iter().map(|(attempt, outcome, detail, at)| Attempt {
        attempt: Some(attempt).filter(|number| *number > 0),
        outcome,
        detail,
        at,
    });
    let reports = reports.into_iter().map(|(kind, detail, at)| Attempt {
        attempt: None,
        outcome: format!("report-{kind}"),
        detail,
        at,
    });
    let mut all: Vec<Attempt> = attempts.chain(reports).collect();
    all.sort_by_key(|entry| entry.at);
    Ok(all)
}

/// How many messages of an event are in a state.
///
/// # Errors
/// When the database refuses.
pub fn count(db: &mut DbConnection, event: EventId, state: MessageState) -> QueryResult<i64> {
    messages::table.filter(messages::event_id.eq(event)).filter(messages::state.eq(state)).count().get_result(db)
}

/// `%words%` with the wildcards in the words taken literally.
fn like_pattern(words: &str) -> String {
    let escaped: String = words
        .chars()
        .flat_map(|character| matches!(character, '%' | '_' | '\\').then_some('\\').into_iter().chain([character]))
        .collect();
    format!("%{escaped}%")
}
