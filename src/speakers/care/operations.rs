//! Where every speaker of an event stands.

use super::model::{Attendance, Said, Standing, declined, profile_percent};
use super::store;
use crate::db::{DbConnection, EventId, ForumId, SessionId, SpeakerId};
use crate::events::model::Event;
use crate::speakers::documents::operations as documents;
use crate::speakers::inviting::operations as inviting;
use crate::speakers::logistics::operations as logistics;
use crate::speakers::own::model::Assistant;
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
    let mut said: HashMap<SpeakerId, Vec<Said>> = HashMap::new();
    let mut invited: HashSet<SpeakerId> = HashSet::new();
    for invitation in inviting::of_event(db, event.id)? {
        if let Some(one) = Said::of_invitation(invitation.session_id, invitation.state) {
            invited.insert(invitation.speaker_id);
            said.entry(invitation.speaker_id).or_default().push(one);
        }
    }
    for (speaker, session, answer) in store::answers(db, event.id)? {
        said.entry(speaker).or_default().extend(Said::of_answer(session, answer));
    }
    let available: HashSet<SpeakerId> = store::available(db, event.id)?.into_iter().flatten().collect();
    let slides = documents::with_slides(db, event.id)?;
    let travelling = logistics::travelling(db, event.id)?;
    let agreed = logistics::agreed(db, event.id)?;
    let standing = |(speaker, opened_at): (crate::speakers::model::Speaker, Option<_>)| {
        let id = speaker.id;
        let own = sessions.remove(&id).unwrap_or_default();
        let said = said.remove(&id).unwrap_or_default();
        let all: HashSet<SessionId> = own.iter().map(|(session, _)| *session).collect();
        let declined = declined(&said);
        let taken: Vec<&SessionId> = all.iter().filter(|session| !declined.contains(&Some(**session))).collect();
        let slides_given = taken.iter().filter(|session| slides.contains(&(id, ***session))).count();
        Standing {
            is_reachable: speaker.email.is_some() || helped.contains(&id),
            is_invited: invited.contains(&id),
            has_opened: opened_at.is_some(),
            attendance: Attendance::of(&said, &all),
            profile: profile_percent(&speaker, &event.languages),
            has_availability: available.contains(&id),
            needs_availability: own.iter().any(|(session, _)| !placed.contains(session)),
            slides_given,
            slides_missing: taken.len() - slides_given,
            declined: all.len() - taken.len(),
            has_travel: travelling.contains(&id),
            has_agreed: agreed.as_ref().map(|agreed| agreed.contains(&id)),
            sessions: own,
            speaker,
        }
    };
    Ok(store::speakers(db, event.id)?.into_iter().map(standing).collect())
}

/// How one speaker stands to taking part, and which of their sessions they declined. `sessions` are those that may
/// still take place.
///
/// # Errors
/// When the database refuses.
pub fn attendance(
    db: &mut DbConnection,
    speaker: SpeakerId,
    sessions: &HashSet<SessionId>,
) -> QueryResult<(Attendance, HashSet<SessionId>)> {
    let mut said: Vec<Said> = Vec::new();
    for (invitation, _) in inviting::of_speaker(db, speaker)? {
        said.extend(Said::of_invitation(invitation.session_id, invitation.state));
    }
    for (session, answer) in store::answers_of(db, speaker)? {
        said.extend(Said::of_answer(session, answer));
    }
    Ok((Attendance::of(&said, sessions), declined(&said).into_iter().flatten().collect()))
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
