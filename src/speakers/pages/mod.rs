//! `/organizer/{event}/speakers` and the photos under `/media`.

mod answers;
mod assistants;
mod delete;
mod edit;
pub(super) mod form;
mod list;
mod media;
mod own;
mod photo;

use super::model::{Part, Speaker};
use super::operations::{self, SpeakerError};
use crate::accounts::access::{Allowed, EditProgramme};
use crate::accounts::model::Permission;
use crate::db::SpeakerId;
use crate::web::{Failure, FormData, RouteTable};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/speakers", list::list_speakers);
    // Before the pages of one speaker.
    super::care::pages::routes(routes);
    super::inviting::pages::routes(routes);
    super::documents::pages::routes(routes);
    super::documents::briefing_pages::routes(routes);
    super::logistics::pages::routes(routes);
    super::logistics::recording_pages::routes(routes);
    routes.get("/organizer/{event}/speakers/new", edit::show_new_speaker);
    routes.post("/organizer/{event}/speakers/new", edit::create_speaker);
    routes.get("/organizer/{event}/speakers/{speaker}", edit::show_speaker);
    routes.post("/organizer/{event}/speakers/{speaker}", edit::change_speaker);
    routes.post("/organizer/{event}/speakers/{speaker}/photo", photo::change_photo);
    routes.get("/organizer/{event}/speakers/{speaker}/delete", delete::ask_to_delete);
    routes.post("/organizer/{event}/speakers/{speaker}/delete", delete::delete_speaker);
    routes.post("/organizer/{event}/speakers/{speaker}/send-link", own::send_link);
    routes.post("/organizer/{event}/speakers/{speaker}/revoke-links", own::revoke_links);
    routes.post("/organizer/{event}/speakers/{speaker}/answer", own::record_answer);
    routes.get("/organizer/{event}/speakers/{speaker}/assistants", assistants::show_assistants);
    routes.post("/organizer/{event}/speakers/{speaker}/assistants", assistants::add_assistant);
    routes.post("/organizer/{event}/speakers/{speaker}/assistants/{assistant}/remove", assistants::remove_assistant);
    routes.get("/organizer/{event}/answers", answers::list_answers);
    routes.get("/media/{file}/{size}.jpg", media::show_photo);
}

type Editor = Allowed<EditProgramme>;

impl From<SpeakerError> for Failure {
    fn from(error: SpeakerError) -> Self {
        match error {
            SpeakerError::NotFound => Self::NotFound,
            SpeakerError::Stale => Self::conflict("events-error-stale"),
            SpeakerError::Db(error) => error.into(),
        }
    }
}

async fn find<P>(team: &Allowed<P>, id: SpeakerId) -> Result<(Speaker, Vec<Part>), Failure> {
    let event = team.event.id;
    Ok(team.visit.app.read(move |db| operations::find(db, event, id)).await?)
}

/// Like [`find`], for who wants to change the speaker.
async fn find_to_change(team: &Editor, id: SpeakerId) -> Result<(Speaker, Vec<Part>), Failure> {
    let (speaker, parts) = find(team, id).await?;
    if may_edit(team, &parts) { Ok((speaker, parts)) } else { Err(Failure::Forbidden) }
}

/// Whether the account may change a speaker with these parts: an organizer any, a forum organizer
/// those in a session of their forums and those who are in none yet.
fn may_edit<P>(team: &Allowed<P>, parts: &[Part]) -> bool {
    team.may(Permission::EditProgramme)
        && (parts.is_empty() || parts.iter().any(|part| team.may_edit_forum(part.forum)))
}

/// Whether the account may delete a speaker with these parts: that takes them out of every session,
/// so each must be the account's to change.
fn may_delete<P>(team: &Allowed<P>, parts: &[Part]) -> bool {
    team.may(Permission::EditProgramme) && parts.iter().all(|part| team.may_edit_forum(part.forum))
}

fn speakers_url<P>(team: &Allowed<P>) -> String {
    format!("/organizer/{}/speakers", team.event.slug)
}

/// The version that an edit page carries.
fn version(form: &FormData) -> i32 {
    form.text("version").parse().unwrap_or(0)
}
