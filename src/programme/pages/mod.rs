//! `/organizer/{event}/sessions`.

mod editor;
mod form;
mod list;
mod placing;

use super::model::Session;
use super::operations::{self, SessionError};
use super::strands::operations as strands;
use crate::accounts::access::{Allowed, EditProgramme};
use crate::db::SessionId;
use crate::schedule::concerns::operations::{self as concerns, Checked};
use crate::schedule::model::{Programme, ProgrammeSession};
use crate::speakers::own::operations::{self as own, Answers};
use crate::web::{Failure, RouteTable};
use std::sync::Arc;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/sessions", list::list_sessions);
    routes.get("/organizer/{event}/sessions/new", editor::show_new_session);
    routes.post("/organizer/{event}/sessions/new", editor::create_session);
    routes.get("/organizer/{event}/sessions/{session}", editor::show_session);
    routes.post("/organizer/{event}/sessions/{session}", editor::change_session);
    routes.post("/organizer/{event}/sessions/{session}/delete", editor::delete_session);
    routes.post("/organizer/{event}/sessions/{session}/place", placing::place_session);
    routes.post("/organizer/{event}/sessions/{session}/unplace", placing::unplace_session);
    routes.post("/organizer/{event}/sessions/{session}/fix", placing::fix_session);
}

type Editor = Allowed<EditProgramme>;

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound => Self::NotFound,
            SessionError::Stale => Self::conflict("events-error-stale"),
            SessionError::WrongStep => Self::conflict("programme-error-step"),
            SessionError::Db(error) => error.into(),
        }
    }
}

/// The draft, and the session of it that a page is about.
struct Loaded {
    checked: Checked,
    /// None while it is being made.
    session: Option<Session>,
    /// The usual length of its format.
    minutes: Option<i32>,
    /// The newest release, if it shows the session: visitors then see its page.
    released: Option<Arc<Programme>>,
    /// What everybody says to their slots.
    answers: Answers,
}

impl Loaded {
    /// What of the draft a release would show.
    fn draft(&self) -> &Programme {
        &self.checked.draft.programme
    }

    /// The session as it stands in the draft.
    fn in_draft(&self) -> Option<&ProgrammeSession> {
        let id = self.session.as_ref()?.id;
        self.draft().sessions.iter().find(|one| one.id == id)
    }
}

async fn load<P>(team: &Allowed<P>, id: Option<SessionId>) -> Result<Loaded, Failure> {
    let event = team.event.clone();
    let site = team.visit.app.site.snapshot();
    let released = site.event(&event.slug).and_then(|event| event.released.as_ref());
    let released = released.filter(|released| id.is_some_and(|id| released.session(id).is_some()));
    let released = released.map(|released| Arc::clone(&released.programme));
    team.visit
        .app
        .read(move |db| {
            let session = match id {
                Some(id) => Some(operations::find(db, event.id, id)?.ok_or(Failure::NotFound)?),
                None => None,
            };
            let minutes = match session.as_ref().and_then(|session| session.format_id) {
                Some(format) => strands::format(db, event.id, format)?.map(|format| format.minutes),
                None => None,
            };
            Ok(Loaded {
                checked: concerns::checked(db, &event)?,
                session,
                minutes,
                answers: own::answers(db, event.id)?,
                released,
            })
        })
        .await
}

/// The draft and a session that this account may change.
async fn load_own(team: &Editor, id: SessionId) -> Result<(Loaded, Session), Failure> {
    let loaded = load(team, Some(id)).await?;
    let session = loaded.session.clone().ok_or(Failure::NotFound)?;
    if team.may_edit_forum(session.forum_id) { Ok((loaded, session)) } else { Err(Failure::Forbidden) }
}

fn session_url<P>(team: &Allowed<P>, id: SessionId) -> String {
    format!("/organizer/{}/sessions/{id}", team.event.slug)
}
