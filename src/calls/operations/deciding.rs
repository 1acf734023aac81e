//! Deciding: first noted, then applied in one step with its mails.

use super::CallError;
use super::reviewing::SentIn;
use crate::accounts::model::User;
use crate::audit::{self, Actor, Entry};
use crate::calls::model::proposal::Decision;
use crate::calls::model::review::takes_part;
use crate::calls::store;
use crate::db::{DbConnection, EventId, ForumId, SessionProposalId, UtcTime};
use crate::events::operations::touch_draft;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::programme::model::SessionState;
use crate::programme::operations as programme;
use crate::web::TokenHash;
use serde_json::json;

/// Whether a proposal whose session stands there can be decided that way. What its author took back or whose
/// speakers have confirmed is no longer decided here.
#[must_use]
pub const fn can_be(session: Option<SessionState>, decision: Decision) -> bool {
    use SessionState as S;
    match decision {
        Decision::Accept => matches!(session, Some(S::Proposed | S::Rejected)),
        Decision::Reject => matches!(session, Some(S::Proposed | S::Accepted)),
        Decision::Reserve => matches!(session, Some(S::Proposed)),
    }
}

/// Notes decisions about proposals, or takes noted ones back; nobody is told. Nothing is noted of those that can't be
/// decided that way, that are of forums which `may` leaves out, or that `user` has a part in. Returns how many were.
///
/// # Errors
/// When the database refuses.
pub fn note(
    db: &mut DbConnection,
    now: UtcTime,
    (event, user): (EventId, &User),
    (ids, decision): (&[SessionProposalId], Option<Decision>),
    may: impl Fn(Option<ForumId>) -> bool,
) -> Result<usize, CallError> {
    let all = store::reviews::sent_in(db, event)?;
    let mut noted = 0;
    for (proposal, session) in all.iter().filter(|(proposal, _)| ids.contains(&proposal.id) && may(proposal.forum_id)) {
        if takes_part(user, proposal) || decision.is_some_and(|decision| !can_be(*session, decision)) {
            continue;
        }
        noted += 1;
        if proposal.pending != decision {
            store::reviews::set_pending(db, proposal.id, decision)?;
            let entry = Entry::new(
                Some(event),
                Actor::User(user.id),
                "proposal.decision-noted",
                "proposal",
                proposal.id.as_str(),
            );
            audit::note(db, now, &entry.with(json!({ "decision": decision })))?;
        }
    }
    Ok(noted)
}

/// A decision about to be applied, with its mail.
#[derive(Clone, Debug)]
pub struct Prepared {
    /// The proposal.
    pub id: SessionProposalId,
    /// What is decided.
    pub decision: Decision,
    /// The hash of the secret in the mail, and the mail; none for what stays in reserve.
    pub mail: Option<(TokenHash, NewMessage)>,
}

/// Applies decisions all together: sessions change their states, and the mails are queued. Each is applied once,
/// whoever presses the button a second time.
///
/// # Errors
/// When one of them is not pending any more or can't be applied; then none is.
pub fn apply(
    db: &mut DbConnection,
    now: UtcTime,
    (event, actor): (EventId, Actor),
    prepared: &[Prepared],
) -> Result<(), CallError> {
    // First of all, so that two who apply at once wait for each other.
    touch_draft(db, event)?;
    for Prepared { id, decision, mail } in prepared {
        if !store::reviews::apply(db, now, *id, *decision)? {
            return Err(CallError::Stale);
        }
        let (proposal, session) = store::proposals::find(db, event, *id)?.ok_or(CallError::Stale)?;
        if !can_be(session, *decision) {
            return Err(CallError::Stale);
        }
        let state = match decision {
            Decision::Accept => Some(SessionState::Accepted),
            Decision::Reject => Some(SessionState::Rejected),
            Decision::Reserve => None,
        };
        if let (Some(session), Some(state)) = (proposal.session_id, state) {
            programme::set_state(db, now, actor, (event, session), state)?;
        }
        if let Some((link, message)) = mail {
            store::proposals::insert_link(db, now, (*id, link))?;
            mail::operations::queue(db, now, message)?;
        }
        let entry = Entry::new(Some(event), actor, "proposal.decided", "proposal", id.as_str());
        audit::note(db, now, &entry.with(json!({ "decision": decision })))?;
    }
    Ok(())
}

/// Whether a decision is noted about a proposal that can still be applied.
#[must_use]
pub fn is_pending(one: &SentIn) -> bool {
    one.proposal.pending.is_some_and(|decision| can_be(one.session, decision))
}
