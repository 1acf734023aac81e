//! Reading the outbox: lists, one message, counts.

use super::model::{Attempt, MessageDetail, MessageFilter, MessageKind, MessageList, MessageState, MessageSummary};
use super::store::listing;
use crate::db::schema::{message_attempts, message_reports, messages};
use crate::db::{DbConnection, EventId, MessageId, RegistrationId, SpeakerId, UserId, UtcTime};
use crate::i18n::Lang;
use diesel::prelude::*;
use std::collections::BTreeMap;

/// Messages of one page of a list.
pub const PAGE: i64 = 50;

/// How many messages there are of each kind in each state.
#[derive(Clone, Debug, Default)]
pub struct Counts(BTreeMap<(MessageKind, MessageState), i64>);

impl Counts {
    /// How many are in a state, of one kind or of all.
    #[must_use]
    pub fn of(&self, state: Option<MessageState>, kind: Option<MessageKind>) -> i64 {
        let fits = |(of_kind, in_state): &(MessageKind, MessageState)| {
            state.is_none_or(|state| state == *in_state) && kind.is_none_or(|kind| kind == *of_kind)
        };
        self.0.iter().filter(|(key, _)| fits(key)).map(|(_, count)| count).sum()
    }

    /// The kinds that there are any messages of.
    #[must_use]
    pub fn kinds(&self) -> Vec<MessageKind> {
        let mut kinds: Vec<MessageKind> =
            self.0.iter().filter(|(_, count)| **count > 0).map(|((kind, _), _)| *kind).collect();
        kinds.dedup();
        kinds
    }
}

/// One page of messages, newest first.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, filter: &MessageFilter) -> QueryResult<MessageList> {
    let (mut ids, rest) = listing::newest(db, filter, PAGE + 1)?;
    let has_more = ids.len() as i64 > PAGE;
    ids.truncate(PAGE as usize);
    let next = if has_more { ids.last().copied() } else { rest };
    Ok(MessageList { messages: listing::load(db, &ids)?, next, is_cut: rest.is_some() && !has_more })
}

/// The messages that fit, at most `limit` of them, and where to go on.
///
/// # Errors
/// When the database refuses.
pub fn ids(
    db: &mut DbConnection,
    filter: &MessageFilter,
    limit: i64,
) -> QueryResult<(Vec<MessageId>, Option<MessageId>)> {
    let (ids, rest) = listing::newest(db, filter, limit)?;
    let next = if ids.len() as i64 == limit { ids.last().copied() } else { rest };
    Ok((ids, next))
}

/// One message with its parts and attempts; of this event only where one is given.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: Option<EventId>, id: MessageId) -> QueryResult<Option<MessageDetail>> {
    type Rest = (Option<EventId>, Option<RegistrationId>, Lang, String, String, String);
    type More = (Option<String>, Option<String>, Option<MessageId>, Option<UserId>, Option<SpeakerId>, String);
    let row: Option<(Rest, More)> = messages::table
        .find(id)
        .select((
            (
                messages::event_id,
                messages::registration_id,
                messages::language,
                messages::body_text,
                messages::body_html,
                messages::attachments,
            ),
            (
                messages::unsubscribe_url,
                messages::source,
                messages::copy_of,
                messages::user_id,
                messages::speaker_id,
                messages::copies,
            ),
        ))
        .first(db)
        .optional()?;
    let Some((rest, (unsubscribe, source, copy_of, user, speaker, copies))) = row else { return Ok(None) };
    let (of_event, registration, language, body_text, body_html, attachments) = rest;
    let Some(summary) = listing::load(db, &[id])?.pop().filter(|_| event.is_none() || event == of_event) else {
        return Ok(None);
    };
    let history = history(db, id)?;
    let mark = super::operations::marks::mark_of(db, &summary.recipient_address)?;
    let sent_again =
        messages::table.filter(messages::copy_of.eq(id)).order(messages::id).select(messages::id).load(db)?;
    let wrong = |error: serde_json::Error| diesel::result::Error::DeserializationError(error.into());
    Ok(Some(MessageDetail {
        summary,
        event: of_event,
        registration,
        user,
        speaker,
        language,
        body_text,
        body_html,
        attachments: serde_json::from_str(&attachments).map_err(wrong)?,
        history,
        mark,
        unsubscribe,
        source: source.map(|source| serde_json::from_str(&source)).transpose().map_err(wrong)?,
        copy_of,
        sent_again,
        copies: serde_json::from_str(&copies).map_err(wrong)?,
    }))
}

/// The attempts to deliver a message and what came back about it, in the order of time.
fn history(db: &mut DbConnection, id: MessageId) -> QueryResult<Vec<Attempt>> {
    let attempts: Vec<(i32, String, String, UtcTime)> = message_attempts::table
        .filter(message_attempts::message_id.eq(id))
        .order(message_attempts::id)
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

/// How many messages of an event there are of each kind in each state.
///
/// # Errors
/// When the database refuses.
pub fn counts(db: &mut DbConnection, event: EventId) -> QueryResult<Counts> {
    Ok(Counts(listing::counts(db, event)?))
}

/// Messages of one registration as lists show them, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn of_registration(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Vec<MessageSummary>> {
    let filter = MessageFilter { event: Some(event), registration: Some(id), ..MessageFilter::default() };
    Ok(list(db, &filter)?.messages)
}
