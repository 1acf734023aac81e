//! The tables `session_proposals` and `session_proposal_links`.

use crate::calls::model::proposal::{Content, Person, Proposal};
use crate::db::schema::{idempotency_keys, session_proposal_links, session_proposals, sessions};
use crate::db::{DbConnection, EventId, Json, LinkId, SessionId, SessionProposalId, UtcTime};
use crate::each_backend;
use crate::programme::model::SessionState;
use crate::web::TokenHash;
use diesel::prelude::*;

/// A proposal with the state of its session, if it has one.
pub(in crate::calls) type Standing = (Proposal, Option<SessionState>);

/// Remembers a submission; false when it is known already.
pub(in crate::calls) fn remember(
    db: &mut DbConnection,
    now: UtcTime,
    (event, key): (EventId, &str),
    subject: SessionProposalId,
) -> QueryResult<bool> {
    let scope = format!("call-{event}");
    let added = each_backend!(db, backend => diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::scope.eq(&scope),
            idempotency_keys::idempotency_key.eq(key),
            idempotency_keys::subject_id.eq(subject.as_str()),
            idempotency_keys::answer.eq("sent"),
            idempotency_keys::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(backend))?;
    Ok(added == 1)
}

/// Adds a proposal.
pub(in crate::calls) fn insert(db: &mut DbConnection, proposal: &Proposal) -> QueryResult<()> {
    diesel::insert_into(session_proposals::table).values(proposal.clone()).execute(db).map(drop)
}

/// Adds a private link of a proposal.
pub(in crate::calls) fn insert_link(
    db: &mut DbConnection,
    now: UtcTime,
    (proposal, token): (SessionProposalId, &TokenHash),
) -> QueryResult<()> {
    diesel::insert_into(session_proposal_links::table)
        .values((
            session_proposal_links::id.eq(LinkId::new()),
            session_proposal_links::token_hash.eq(token),
            session_proposal_links::proposal_id.eq(proposal),
            session_proposal_links::created_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// The proposal that a private link opens.
pub(in crate::calls) fn by_token(
    db: &mut DbConnection,
    event: EventId,
    token: &TokenHash,
) -> QueryResult<Option<Standing>> {
    session_proposal_links::table
        .inner_join(session_proposals::table.left_join(sessions::table))
        .filter(session_proposal_links::token_hash.eq(token))
        .filter(session_proposals::event_id.eq(event))
        .select((Proposal::as_select(), sessions::state.nullable()))
        .first(db)
        .optional()
}

/// One proposal of an event.
pub(in crate::calls) fn find(
    db: &mut DbConnection,
    event: EventId,
    id: SessionProposalId,
) -> QueryResult<Option<Standing>> {
    session_proposals::table
        .left_join(sessions::table)
        .filter(session_proposals::id.eq(id))
        .filter(session_proposals::event_id.eq(event))
        .select((Proposal::as_select(), sessions::state.nullable()))
        .first(db)
        .optional()
}

/// The proposals of one address that were sent in.
pub(in crate::calls) fn sent_by(db: &mut DbConnection, event: EventId, email_key: &str) -> QueryResult<Vec<Standing>> {
    session_proposals::table
        .left_join(sessions::table)
        .filter(session_proposals::event_id.eq(event))
        .filter(session_proposals::email_key.eq(email_key))
        .filter(session_proposals::sent_at.is_not_null())
        .select((Proposal::as_select(), sessions::state.nullable()))
        .load(db)
}

/// Keeps what its author wrote, if it is still as `version` had it.
pub(in crate::calls) fn set_content(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (SessionProposalId, i32),
    content: &Content,
    people: Json<Vec<Person>>,
) -> QueryResult<bool> {
    let same = session_proposals::table.find(id).filter(session_proposals::version.eq(version));
    let changed = diesel::update(same)
        .set((
            session_proposals::name.eq(&content.name),
            session_proposals::title.eq(&content.title),
            session_proposals::abstract_text.eq(&content.abstract_text),
            session_proposals::description.eq(&content.description),
            session_proposals::written_in.eq(content.written_in),
            session_proposals::spoken.eq(content.spoken),
            session_proposals::format_id.eq(content.format),
            session_proposals::forum_id.eq(content.forum),
            session_proposals::notes.eq(&content.notes),
            session_proposals::people.eq(people),
            session_proposals::answers.eq(&content.answers),
            session_proposals::version.eq(session_proposals::version + 1),
            session_proposals::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Notes that a proposal was sent in as a session.
pub(in crate::calls) fn set_sent(
    db: &mut DbConnection,
    now: UtcTime,
    id: SessionProposalId,
    session: SessionId,
) -> QueryResult<()> {
    diesel::update(session_proposals::table.find(id))
        .set((session_proposals::sent_at.eq(now), session_proposals::session_id.eq(session)))
        .execute(db)
        .map(drop)
}

/// Notes that a proposal was taken back; what was decided and not applied is void.
pub(in crate::calls) fn set_withdrawn(db: &mut DbConnection, now: UtcTime, id: SessionProposalId) -> QueryResult<()> {
    diesel::update(session_proposals::table.find(id))
        .set((
            session_proposals::withdrawn_at.eq(now),
            session_proposals::pending.eq(None::<String>),
            session_proposals::version.eq(session_proposals::version + 1),
            session_proposals::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}
