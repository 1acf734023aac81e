//! Who helps a speaker, as the team sets it: for guests who are reached through others only.

use super::{Editor, find_to_change, speakers_url};
use crate::db::{AssistantId, SpeakerId};
use crate::speakers::model::Speaker;
use crate::speakers::own::assistants::{self, AssistantList};
use crate::speakers::own::mails::SpeakerLetter;
use crate::speakers::own::model::Assistant;
use crate::speakers::own::operations::{self, OwnError};
use crate::web::error::PageResult;
use crate::web::{Failure, FieldErrors, FormData, FormView, Message, Page, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct AssistantsPage {
    speaker: String,
    #[serde(flatten)]
    list: AssistantList,
}

impl Page for AssistantsPage {
    const TEMPLATE: &'static str = "organizer/assistants.html";
}

fn url(team: &Editor, speaker: SpeakerId) -> String {
    format!("{}/{speaker}/assistants", speakers_url(team))
}

async fn show(
    team: &Editor,
    status: StatusCode,
    speaker: &Speaker,
    form: &FormData,
    errors: &FieldErrors,
) -> PageResult {
    let id = speaker.id;
    let all = team.visit.app.read(move |db| Ok::<_, Failure>(operations::assistants(db, id)?)).await?;
    let context = team.context("speakers", "speaker-page-team-assistants");
    let view = FormView::new(&team.visit, &context, form, errors);
    let back = format!("{}/{id}#own", speakers_url(team));
    let list = AssistantList::new((&team.visit.app.texts, &team.event, &view), &all, (url(team, id), back));
    let page = AssistantsPage { speaker: speaker.name.clone(), list };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/speakers/{speaker}/assistants`.
pub(super) async fn show_assistants(team: Editor, path: Path<(String, SpeakerId)>) -> PageResult {
    let (speaker, _) = find_to_change(&team, path.1).await?;
    let form = FormData::from_fields([("language", team.event.main_language().to_string())]);
    show(&team, StatusCode::OK, &speaker, &form, &FieldErrors::default()).await
}

/// `POST /organizer/{event}/speakers/{speaker}/assistants`.
pub(super) async fn add_assistant(team: Editor, path: Path<(String, SpeakerId)>, form: FormData) -> PageResult {
    let (speaker, _) = find_to_change(&team, path.1).await?;
    let read = assistants::read(&form, &team.event, speaker.id, team.visit.app.clock.now());
    let errors = match read {
        Ok(assistant) => match add(&team, &speaker, assistant).await? {
            None => {
                return Ok(respond::see_other_with_notice(
                    url(&team, speaker.id),
                    "speaker-page-notice-assistant-added",
                ));
            }
            Some(errors) => errors,
        },
        Err(errors) => errors,
    };
    show(&team, StatusCode::UNPROCESSABLE_ENTITY, &speaker, &form, &errors).await
}

/// Adds an assistant and sends the link; what is wrong with the form where one has the address already.
async fn add(team: &Editor, speaker: &Speaker, assistant: Assistant) -> Result<Option<FieldErrors>, Failure> {
    let app = &team.visit.app;
    let (event, actor) = (team.event.id, team.actor());
    let (token, link) = operations::prepare_link(app.clock.now(), speaker.id, Some(assistant.id));
    let letter = SpeakerLetter { app, event: &team.event, speaker };
    let message = letter.assistant_link(&assistant, &token)?;
    let added =
        app.write(move |db, now| operations::add_assistant(db, now, actor, event, &assistant, (&link, &message))).await;
    match added {
        Err(OwnError::Known) => {
            let mut errors = FieldErrors::default();
            errors.push("email", Message::new("speaker-page-error-known-assistant"));
            Ok(Some(errors))
        }
        outcome => outcome.map(|()| None).map_err(Failure::from),
    }
}

/// `POST /organizer/{event}/speakers/{speaker}/assistants/{assistant}/remove`.
pub(super) async fn remove_assistant(team: Editor, path: Path<(String, SpeakerId, AssistantId)>) -> PageResult {
    let (speaker, _) = find_to_change(&team, path.1).await?;
    let (event, actor, speaker, id) = (team.event.id, team.actor(), speaker.id, path.2);
    team.visit.app.write(move |db, now| operations::remove_assistant(db, now, actor, event, speaker, id)).await?;
    Ok(respond::see_other_with_notice(url(&team, speaker), "speaker-page-notice-assistant-removed"))
}
