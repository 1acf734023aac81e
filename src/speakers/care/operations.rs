//! Where every speaker of an event stands.

use super::model::{Attendance, Standing, profile_percent};
use super::store;
use crate::db::{DbConnection, EventId, ForumId, SessionId, SpeakerId};
use crate::events::model::Event;
use crate::speakers::documents::operations as documents;
use crate::speakers::inviting::model::InvitationState;
use crate::speakers::inviting::operations as inviting;
use crate::speakers::logistics::operations as logistics;
use crate::speakers::own::model::{AnswerKind, Assistant};
use diesel::QueryResult;
use std::collections::{HashMap, HashSet};

/// Every speaker with what is known of them, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn overview(db: &mut DbConnection, event: &Event) -> QueryResult<Vec<Standing>> {
    let mut sessions: HashMap<SpeakerId, Vec<(SessionId, Option<ForumId>)>> = HashMap::new();
    for (speaker, session, forum) in store::parts(db, event.id)? {
        sessions.entry(speaker).or_default().push((session, forum));
    }
    let placed: HashSet<SessionId> = store::placed(db, event.id)?.into_iter().collect();
    let helped: HashSet<SpeakerId> = store::assistants(db, event.id)?.iter().map(|one| one.speaker_id).collect();
    let mut invitations: HashMap<SpeakerId, Vec<InvitationState>> = HashMap::new();
    for invitation in inviting::of_event(db, event.id)? {
        invitations.entry(invitation.speaker_id).or_default().push(invitation.state);
    }
    let mut answers: HashMap<SpeakerId, Vec<AnswerKind>> = HashMap::new();
    for (speaker, answer) in store::answers(db, event.id)? {
        answers.entry(speaker).or_default().push(answer);
    }
    let available: HashSet<SpeakerId> = store::available(db, event.id)?.into_iter().flatten().collect();
    let slides = documents::with_slides(db, event.id)?;
    let travelling = logistics::travelling(db, event.id)?;
    let agreed = logistics::agreed(db, event.id)?;
    let standing = |(speaker, opened_at): (crate::speakers::model::Speaker, Option<_>)| {
        let id = speaker.id;
        let own = sessions.remove(&id).unwrap_or_default();
        let invited = invitations.remove(&id).unwrap_or_default();
        Standing {
            is_reachable: speaker.email.is_some() || helped.contains(&id),
            is_invited: invited.iter().any(|state| *state != InvitationState::Withdrawn),
            has_opened: opened_at.is_some(),
            attendance: Attendance::of(&invited, answers.get(&id).map(Vec::as_slice).unwrap_or_default()),
            profile: profile_percent(&speaker, &event.languages),
            has_availability: available.contains(&id),
            needs_availability: own.iter().any(|(session, _)| !placed.contains(session)),
            has_slides: slides.contains(&id),
            has_travel: travelling.contains(&id),
            has_agreed: agreed.as_ref().map(|agreed| agreed.contains(&id)),
            sessions: own,
            speaker,
        }
    };
    Ok(store::speakers(db, event.id)?.into_iter().map(standing).collect())
}

/// Who helps the speakers of an event.
///
/// # Errors
/// When the database refuses.
pub fn assistants(db: &mut DbConnection, event: EventId) -> QueryResult<HashMap<SpeakerId, Vec<Assistant>>> {
    let mut all: HashMap<SpeakerId, Vec<Assistant>> = HashMap::new();
    for assistant in store::assistants(db, event)? {
        all.entry(assistant.speaker_id).or_default().push(assistant);
    }
    Ok(all)
}
