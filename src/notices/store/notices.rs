//! The table `change_notices`.

use crate::db::schema::{change_notices, messages};
use crate::db::{DbConnection, EventId, MessageId, NoticeId, RegistrationId, SpeakerId, UtcTime};
use crate::each_backend;
use crate::mail::model::MessageKind;
use crate::notices::model::{Notice, NoticeState};
use diesel::prelude::*;

/// Rows of one insert, and ids of one update: SQLite takes 32,766 values in a statement.
pub(in crate::notices) const CHUNK: usize = 1000;

const OPEN: [NoticeState; 2] = [NoticeState::Waiting, NoticeState::Held];

/// The open notices of an event, the next to leave first.
pub(in crate::notices) fn open(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Notice>> {
    change_notices::table
        .filter(change_notices::event_id.eq(event))
        .filter(change_notices::state.eq_any(OPEN))
        .order((change_notices::due_at, change_notices::id))
        .select(Notice::as_select())
        .load(db)
}

/// The settled notices of an event, newest first.
pub(in crate::notices) fn settled(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<Notice>> {
    change_notices::table
        .filter(change_notices::event_id.eq(event))
        .filter(change_notices::settled_at.is_not_null())
        .order((change_notices::settled_at.desc(), change_notices::id.desc()))
        .limit(limit)
        .select(Notice::as_select())
        .load(db)
}

/// One notice of an event.
pub(in crate::notices) fn find(db: &mut DbConnection, event: EventId, id: NoticeId) -> QueryResult<Option<Notice>> {
    change_notices::table
        .find(id)
        .filter(change_notices::event_id.eq(event))
        .select(Notice::as_select())
        .first(db)
        .optional()
}

/// Notices whose quiet time is over, of one event at a time: they are worded from one release.
pub(in crate::notices) fn due(db: &mut DbConnection, now: UtcTime, limit: i64) -> QueryResult<Vec<Notice>> {
    let due = change_notices::table
        .filter(change_notices::state.eq(NoticeState::Waiting))
        .filter(change_notices::due_at.le(now));
    let first: Option<EventId> =
        due.order(change_notices::due_at).select(change_notices::event_id).first(db).optional()?;
    let Some(event) = first else { return Ok(Vec::new()) };
    due.filter(change_notices::event_id.eq(event))
        .order((change_notices::due_at, change_notices::id))
        .limit(limit)
        .select(Notice::as_select())
        .load(db)
}

/// Opens notices.
pub(in crate::notices) fn insert(db: &mut DbConnection, notices: Vec<Notice>) -> QueryResult<()> {
    let mut rest = notices;
    while !rest.is_empty() {
        let later = rest.split_off(rest.len().min(CHUNK));
        let rows = std::mem::replace(&mut rest, later);
        each_backend!(db, backend => diesel::insert_into(change_notices::table).values(&rows).execute(backend))?;
    }
    Ok(())
}

/// Puts off open notices, because another release came. Held ones stay held; whoever looks at one
/// looks at what was, so its version rises.
pub(in crate::notices) fn put_off(
    db: &mut DbConnection,
    now: UtcTime,
    ids: &[NoticeId],
    due: UtcTime,
) -> QueryResult<()> {
    for chunk in ids.chunks(CHUNK) {
        diesel::update(change_notices::table.filter(change_notices::id.eq_any(chunk)))
            .set((
                change_notices::due_at.eq(due),
                change_notices::version.eq(change_notices::version + 1),
                change_notices::updated_at.eq(now),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Closes open notices that have nothing to say any more.
pub(in crate::notices) fn close_empty(db: &mut DbConnection, now: UtcTime, ids: &[NoticeId]) -> QueryResult<()> {
    for chunk in ids.chunks(CHUNK) {
        let open =
            change_notices::table.filter(change_notices::id.eq_any(chunk)).filter(change_notices::state.eq_any(OPEN));
        diesel::update(open)
            .set((
                change_notices::state.eq(NoticeState::Nothing),
                change_notices::settled_at.eq(now),
                change_notices::version.eq(change_notices::version + 1),
                change_notices::updated_at.eq(now),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Settles an open notice that is still as `version` had it; returns whether it was this call.
pub(in crate::notices) fn settle(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (NoticeId, i32),
    from: &[NoticeState],
    state: NoticeState,
) -> QueryResult<bool> {
    let open = change_notices::table
        .find(id)
        .filter(change_notices::version.eq(version))
        .filter(change_notices::state.eq_any(from));
    let changed = diesel::update(open)
        .set((
            change_notices::state.eq(state),
            change_notices::settled_at.eq(now),
            change_notices::version.eq(change_notices::version + 1),
            change_notices::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Lets an open notice wait until `due`, or holds it; returns whether it was still as `version` had it.
pub(in crate::notices) fn set_open(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (NoticeId, i32),
    state: NoticeState,
    due: Option<UtcTime>,
) -> QueryResult<bool> {
    let open = change_notices::table
        .find(id)
        .filter(change_notices::version.eq(version))
        .filter(change_notices::state.eq_any(OPEN));
    let values = (
        change_notices::state.eq(state),
        change_notices::version.eq(change_notices::version + 1),
        change_notices::updated_at.eq(now),
    );
    let changed = match due {
        Some(due) => diesel::update(open).set((values, change_notices::due_at.eq(due))).execute(db)?,
        None => diesel::update(open).set(values).execute(db)?,
    };
    Ok(changed == 1)
}

/// Puts a notice that could not be worded aside for a while.
pub(in crate::notices) fn retry_at(db: &mut DbConnection, id: NoticeId, due: UtcTime) -> QueryResult<()> {
    diesel::update(change_notices::table.find(id)).set(change_notices::due_at.eq(due)).execute(db).map(drop)
}

/// Keeps an organizer's words for an open notice; returns whether it was still as `version` had it.
pub(in crate::notices) fn set_words(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (NoticeId, i32),
    (subject, introduction): (Option<&str>, Option<&str>),
) -> QueryResult<bool> {
    let open = change_notices::table
        .find(id)
        .filter(change_notices::version.eq(version))
        .filter(change_notices::state.eq_any(OPEN));
    let changed = diesel::update(open)
        .set((
            change_notices::subject.eq(subject),
            change_notices::introduction.eq(introduction),
            change_notices::version.eq(change_notices::version + 1),
            change_notices::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// A mail of this area: whom it speaks of, when it was queued, its own id.
type SentMail = (Option<SpeakerId>, Option<RegistrationId>, UtcTime, MessageId);

/// The mails that notices of an event became, since `from`.
pub(in crate::notices) fn mails(db: &mut DbConnection, event: EventId, from: UtcTime) -> QueryResult<Vec<SentMail>> {
    messages::table
        .filter(messages::event_id.eq(event))
        .filter(messages::kind.eq_any([MessageKind::SlotNotice, MessageKind::ChangeNotice]))
        .filter(messages::created_at.ge(from))
        .order(messages::id)
        .select((messages::speaker_id, messages::registration_id, messages::created_at, messages::id))
        .load(db)
}
