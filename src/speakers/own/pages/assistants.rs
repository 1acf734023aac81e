//! Who helps the speaker. Only the speaker's own link adds and removes them: an assistant can do
//! everything else, but not pass the page on.

use super::guest::{Guest, Visited};
use crate::db::AssistantId;
use crate::speakers::own::assistants::{self, AssistantList};
use crate::speakers::own::model::Assistant;
use crate::speakers::own::operations::{self, OwnError};
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::{Failure, FieldErrors, FormData, FormView, Message, Page, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct AssistantsPage {
    #[serde(flatten)]
    list: AssistantList,
}

impl Page for AssistantsPage {
    const TEMPLATE: &'static str = "speaker/assistants.html";
}

/// The speaker themself; an assistant is told that this is not theirs.
fn speaker_only(guest: Box<Guest>) -> Result<Box<Guest>, Failure> {
    if guest.own.assistant.is_none() { Ok(guest) } else { Err(Failure::Forbidden) }
}

async fn show(guest: &Guest, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let speaker = guest.own.speaker.id;
    let all = guest.visit.app.read(move |db| Ok::<_, Failure>(operations::assistants(db, speaker)?)).await?;
    let context = guest.context("speaker-page-assistants-title");
    let view = FormView::new(&guest.visit, &context, form, errors);
    let known = (&*guest.visit.app.texts, &guest.own.event, &view);
    let page = AssistantsPage { list: AssistantList::new(known, &all, (guest.url("/assistants"), guest.url(""))) };
    guest.visit.show_with_status(status, &context, &page)
}

/// `GET /{event}/s/{token}/assistants`.
pub(super) async fn show_assistants(visited: Visited) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => speaker_only(guest)?,
        unknown => return unknown.refuse(),
    };
    let language = guest.letter().language().to_string();
    let form = FormData::from_fields([("language", language)]);
    show(&guest, StatusCode::OK, &form, &FieldErrors::default()).await
}

/// `POST /{event}/s/{token}/assistants`.
pub(super) async fn add_assistant(visited: Visited, client: ClientAddress, form: FormData) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => speaker_only(guest)?,
        unknown => return unknown.refuse(),
    };
    let now = guest.visit.app.clock.now();
    let assistant = match assistants::read(&form, &guest.own.event, guest.own.speaker.id, now) {
        Ok(assistant) => assistant,
        Err(errors) => return show(&guest, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors).await,
    };
    // Each one sends a mail to an address that nobody has confirmed.
    guest.visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    match add(&guest, assistant).await {
        Ok(()) => Ok(respond::see_other_with_notice(guest.url("/assistants"), "speaker-page-notice-assistant-added")),
        Err(Refused::Known) => {
            let mut errors = FieldErrors::default();
            errors.push("email", Message::new("speaker-page-error-known-assistant"));
            show(&guest, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors).await
        }
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

enum Refused {
    Known,
    Failed(Failure),
}

async fn add(guest: &Guest, assistant: Assistant) -> Result<(), Refused> {
    let (event, actor) = (guest.own.event.id, guest.actor());
    let (token, link) = operations::prepare_link(guest.visit.app.clock.now(), guest.own.speaker.id, Some(assistant.id));
    let message = guest.letter().assistant_link(&assistant, &token).map_err(Refused::Failed)?;
    let added = guest
        .visit
        .app
        .write(move |db, now| operations::add_assistant(db, now, actor, event, &assistant, (&link, &message)))
        .await;
    match added {
        Err(OwnError::Known) => Err(Refused::Known),
        outcome => outcome.map_err(|error| Refused::Failed(error.into())),
    }
}

/// `POST /{event}/s/{token}/assistants/{assistant}/remove`.
pub(super) async fn remove_assistant(visited: Visited, path: Path<(String, String, AssistantId)>) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => speaker_only(guest)?,
        unknown => return unknown.refuse(),
    };
    let (event, speaker, actor, id) = (guest.own.event.id, guest.own.speaker.id, guest.actor(), path.2);
    guest.visit.app.write(move |db, now| operations::remove_assistant(db, now, actor, event, speaker, id)).await?;
    Ok(respond::see_other_with_notice(guest.url("/assistants"), "speaker-page-notice-assistant-removed"))
}
