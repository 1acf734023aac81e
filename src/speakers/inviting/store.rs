//! The table `speaker_invitations`, and parts in sessions that go with it.

use super::model::{Invitation, InvitationState, ProposedState, Titled};
use crate::db::schema::{idempotency_keys, session_speakers, sessions, speaker_invitations, speakers};
use crate::db::{DbConnection, EventId, ForumId, SessionId, SpeakerId, SpeakerInvitationId, UtcTime};
use crate::each_backend;
use crate::i18n::Localized;
use crate::programme::model::{Role, SessionState};
use diesel::prelude::*;

/// Remembers which speaker a submission adds; the one whom the same submission added before, if it did.
pub(super) fn remember(
    db: &mut DbConnection,
    now: UtcTime,
    (event, key): (EventId, &str),
    speaker: SpeakerId,
) -> QueryResult<Option<SpeakerId>> {
    let scope = format!("invite-{event}");
    let added = each_backend!(db, backend => diesel::insert_into(idempotency_keys::table)
        .values((
            idempotency_keys::scope.eq(&scope),
            idempotency_keys::idempotency_key.eq(key),
            idempotency_keys::subject_id.eq(speaker.as_str()),
            idempotency_keys::answer.eq("sent"),
            idempotency_keys::created_at.eq(now),
        ))
        .on_conflict_do_nothing()
        .execute(backend))?;
    if added == 1 {
        return Ok(None);
    }
    let known: Option<String> = idempotency_keys::table
        .filter(idempotency_keys::scope.eq(&scope))
        .filter(idempotency_keys::idempotency_key.eq(key))
        .select(idempotency_keys::subject_id)
        .first(db)?;
    Ok(known.and_then(|known| known.parse().ok()))
}

/// The names and addresses of an event's speakers who have one.
pub(super) fn addresses(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(String, Option<String>)>> {
    speakers::table
        .filter(speakers::event_id.eq(event))
        .filter(speakers::email.is_not_null())
        .select((speakers::name, speakers::email))
        .load(db)
}

/// Adds an invitation.
pub(super) fn insert(db: &mut DbConnection, invitation: &Invitation) -> QueryResult<()> {
    diesel::insert_into(speaker_invitations::table).values(invitation.clone()).execute(db).map(drop)
}

/// The invitation of a speaker about a session, or about the event.
pub(super) fn about(db: &mut DbConnection, speaker: SpeakerId, about: &str) -> QueryResult<Option<Invitation>> {
    speaker_invitations::table
        .filter(speaker_invitations::speaker_id.eq(speaker))
        .filter(speaker_invitations::about.eq(about))
        .select(Invitation::as_select())
        .first(db)
        .optional()
}

/// Deletes an invitation, for another to take its place.
pub(super) fn delete(db: &mut DbConnection, id: SpeakerInvitationId) -> QueryResult<()> {
    diesel::delete(speaker_invitations::table.find(id)).execute(db).map(drop)
}

/// One invitation of a speaker.
pub(super) fn find(db: &mut DbConnection, speaker: SpeakerId, id: SpeakerInvitationId) -> QueryResult<Option<Titled>> {
    speaker_invitations::table
        .left_join(sessions::table)
        .filter(speaker_invitations::id.eq(id))
        .filter(speaker_invitations::speaker_id.eq(speaker))
        .select((Invitation::as_select(), sessions::title.nullable()))
        .first(db)
        .optional()
}

/// The invitations of a speaker, the oldest first.
pub(super) fn of_speaker(db: &mut DbConnection, speaker: SpeakerId) -> QueryResult<Vec<Titled>> {
    speaker_invitations::table
        .left_join(sessions::table)
        .filter(speaker_invitations::speaker_id.eq(speaker))
        .order((speaker_invitations::sent_at, speaker_invitations::id))
        .select((Invitation::as_select(), sessions::title.nullable()))
        .load(db)
}

/// The forums of sessions.
pub(super) fn forums(db: &mut DbConnection, chosen: &[SessionId]) -> QueryResult<Vec<(SessionId, Option<ForumId>)>> {
    sessions::table.filter(sessions::id.eq_any(chosen)).select((sessions::id, sessions::forum_id)).load(db)
}

/// Every invitation at an event.
pub(super) fn of_event(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Invitation>> {
    speaker_invitations::table.filter(speaker_invitations::event_id.eq(event)).select(Invitation::as_select()).load(db)
}

/// The invitations at an event that wait for an answer.
pub(super) fn open(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Titled>> {
    speaker_invitations::table
        .left_join(sessions::table)
        .filter(speaker_invitations::event_id.eq(event))
        .filter(speaker_invitations::state.eq(InvitationState::Open))
        .order((speaker_invitations::sent_at, speaker_invitations::id))
        .select((Invitation::as_select(), sessions::title.nullable()))
        .load(db)
}

/// Keeps an answer, if the invitation is still as it was seen.
pub(super) fn answer(
    db: &mut DbConnection,
    now: UtcTime,
    seen: &Invitation,
    state: InvitationState,
    (reason, proposed): (&str, Option<(&str, &str)>),
) -> QueryResult<bool> {
    let (name, email) = proposed.unwrap_or_default();
    let proposed_state = if proposed.is_some() { ProposedState::Open } else { ProposedState::Nobody };
    let same = speaker_invitations::table
        .find(seen.id)
        .filter(speaker_invitations::state.eq(seen.state))
        .filter(speaker_invitations::proposed_state.eq(seen.proposed_state));
    let changed = diesel::update(same)
        .set((
            speaker_invitations::state.eq(state),
            speaker_invitations::reason.eq(reason),
            speaker_invitations::proposed_name.eq(name),
            speaker_invitations::proposed_email.eq(email),
            speaker_invitations::proposed_state.eq(proposed_state),
            speaker_invitations::answered_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Decides on somebody who was proposed, if nobody has.
pub(super) fn decide(db: &mut DbConnection, id: SpeakerInvitationId, state: ProposedState) -> QueryResult<bool> {
    let open = speaker_invitations::table
        .find(id)
        .filter(speaker_invitations::state.eq(InvitationState::Declined))
        .filter(speaker_invitations::proposed_state.eq(ProposedState::Open));
    Ok(diesel::update(open).set(speaker_invitations::proposed_state.eq(state)).execute(db)? == 1)
}

/// A session that one may be invited to: its id, title and forum.
pub(super) type OpenSession = (SessionId, Localized, Option<ForumId>);

/// The sessions of an event that may still take place.
pub(super) fn sessions(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<OpenSession>> {
    let ended = [SessionState::Rejected, SessionState::Withdrawn, SessionState::Cancelled];
    sessions::table
        .filter(sessions::event_id.eq(event))
        .filter(sessions::state.ne_all(ended))
        .order(sessions::id)
        .select((sessions::id, sessions::title, sessions::forum_id))
        .load(db)
}

/// Gives a speaker a part in a session, after the others.
pub(super) fn add_part(
    db: &mut DbConnection,
    now: UtcTime,
    (session, speaker): (SessionId, SpeakerId),
    role: Role,
) -> QueryResult<()> {
    let of_session = session_speakers::table.filter(session_speakers::session_id.eq(session));
    let known: i64 = of_session.filter(session_speakers::speaker_id.eq(speaker)).count().get_result(db)?;
    if known > 0 {
        return Ok(());
    }
    let last: Option<i32> =
        of_session.order(session_speakers::position.desc()).select(session_speakers::position).first(db).optional()?;
    diesel::insert_into(session_speakers::table)
        .values((
            session_speakers::session_id.eq(session),
            session_speakers::speaker_id.eq(speaker),
            session_speakers::role.eq(role),
            session_speakers::position.eq(last.map_or(0, |last| last + 1)),
        ))
        .execute(db)?;
    raise_version(db, now, session)
}

/// Puts another person in the place of one who takes part in a session.
pub(super) fn replace_part(
    db: &mut DbConnection,
    now: UtcTime,
    session: SessionId,
    (before, after): (SpeakerId, SpeakerId),
) -> QueryResult<()> {
    let own = session_speakers::table
        .filter(session_speakers::session_id.eq(session))
        .filter(session_speakers::speaker_id.eq(before));
    diesel::update(own).set(session_speakers::speaker_id.eq(after)).execute(db)?;
    raise_version(db, now, session)
}

/// Who has the session's page open must not write over the change.
fn raise_version(db: &mut DbConnection, now: UtcTime, session: SessionId) -> QueryResult<()> {
    diesel::update(sessions::table.find(session))
        .set((sessions::version.eq(sessions::version + 1), sessions::updated_at.eq(now)))
        .execute(db)
        .map(drop)
}
