//! The tables `message_reports` and `mail_keys`, and finding the message that something is about.

use crate::db::schema::{mail_keys, message_reports, messages};
use crate::db::{DbConnection, EventId, LeaseId, MessageId, ReportId, UtcTime};
use crate::each_backend;
use crate::mail::arrival::model::ReportKind;
use crate::mail::model::MessageState;
use diesel::prelude::*;

/// What of a message matters when something comes back about it.
#[derive(Clone, Debug, Queryable)]
pub(in crate::mail) struct SentMessage {
    pub id: MessageId,
    pub event: Option<EventId>,
    pub recipient_key: String,
    pub created_at: UtcTime,
    pub sent_at: Option<UtcTime>,
}

type SentColumns = (messages::id, messages::event_id, messages::recipient_key, messages::created_at, messages::sent_at);

const SENT: SentColumns =
    (messages::id, messages::event_id, messages::recipient_key, messages::created_at, messages::sent_at);

/// The message of this id, if it ever began to leave.
pub(in crate::mail) fn by_id(db: &mut DbConnection, id: MessageId) -> QueryResult<Option<SentMessage>> {
    messages::table.find(id).filter(messages::attempts.gt(0)).select(SENT).first(db).optional()
}

/// The newest message that was sent to one of these addresses since `since`.
pub(in crate::mail) fn newest_to(
    db: &mut DbConnection,
    keys: &[String],
    since: UtcTime,
) -> QueryResult<Option<SentMessage>> {
    messages::table
        .filter(messages::recipient_key.eq_any(keys))
        .filter(messages::sent_at.ge(since))
        .order(messages::sent_at.desc())
        .select(SENT)
        .first(db)
        .optional()
}

/// Notes a report; false where it was noted before.
pub(in crate::mail) fn note_report(
    db: &mut DbConnection,
    now: UtcTime,
    message: MessageId,
    digest: &str,
    (kind, detail): (ReportKind, &str),
) -> QueryResult<bool> {
    let added = each_backend!(db, backend => diesel::insert_into(message_reports::table)
        .values((
            message_reports::id.eq(ReportId::new()),
            message_reports::message_id.eq(message),
            message_reports::digest.eq(digest),
            message_reports::kind.eq(kind),
            message_reports::detail.eq(detail),
            message_reports::received_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(backend))?;
    Ok(added == 1)
}

/// Lets a message that left rest as returned. A worker that still holds it finds its lease gone and records nothing.
pub(in crate::mail) fn mark_bounced(db: &mut DbConnection, id: MessageId, detail: &str) -> QueryResult<bool> {
    let left = [MessageState::Queued, MessageState::Sending, MessageState::Sent];
    let message = messages::table.find(id).filter(messages::state.eq_any(left)).filter(messages::attempts.gt(0));
    let changed = diesel::update(message)
        .set((
            messages::state.eq(MessageState::Bounced),
            messages::last_error.eq(detail),
            messages::lease_id.eq(None::<LeaseId>),
            messages::lease_until.eq(None::<UtcTime>),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// The secret of this name.
pub(in crate::mail) fn secret(db: &mut DbConnection, name: &str) -> QueryResult<Option<String>> {
    mail_keys::table.find(name).select(mail_keys::secret).first(db).optional()
}

/// Keeps a secret, unless another process was faster; returns the one that counts.
pub(in crate::mail) fn keep_secret(
    db: &mut DbConnection,
    now: UtcTime,
    name: &str,
    secret: &str,
) -> QueryResult<String> {
    each_backend!(db, backend => diesel::insert_into(mail_keys::table)
        .values((mail_keys::name.eq(name), mail_keys::secret.eq(secret), mail_keys::created_at.eq(now)))
        .on_conflict_do_nothing()
        .execute(backend))?;
    mail_keys::table.find(name).select(mail_keys::secret).first(db)
}
