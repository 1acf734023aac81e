//! Changing the words of one draft.

use super::message::find;
use super::{message_id, secrets};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::mail::model::{Editable, MessageDetail, MessageState, Rendered};
use crate::mail::operations::deciding::{self, DecideError};
use crate::mail::rendering::{self, RenderError};
use crate::mail::wording::message_of;
use crate::mail::wording::model::Source;
use crate::web::error::PageResult;
use crate::web::forms::{ErrorLine, clean_block, clean_line};
use crate::web::{Failure, Field, FieldErrors, FormData, FormView, Message, Page, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct EditPage {
    back_url: String,
    action: String,
    recipient: String,
    lang: crate::i18n::Lang,
    dir: &'static str,
    errors: Vec<ErrorLine>,
    version: String,
    subject: Field,
    body: Field,
    parts: Vec<String>,
}

impl Page for EditPage {
    const TEMPLATE: &'static str = "organizer/mail_edit.html";
}

/// The draft that a path names, with what it is edited from.
async fn draft(team: &Allowed<ManageEvent>, id: &str) -> Result<(MessageDetail, Editable), Failure> {
    let mut detail = find(team, id).await?;
    if detail.summary.state != MessageState::Draft {
        return Err(DecideError::OtherState.into());
    }
    let source = match detail.source.take() {
        Some(source) => source,
        None => rendering::source_of_text(&team.visit.app, &team.event, detail.language, &detail.body_text)
            .map_err(Failure::unexpected)?,
    };
    Ok((detail, source))
}

/// `GET /organizer/{event}/mail/{message}/edit`.
pub(super) async fn show_edit(team: Allowed<ManageEvent>, path: Path<(String, String)>) -> PageResult {
    let (detail, source) = draft(&team, &path.1).await?;
    let form = FormData::from_fields([
        ("subject", detail.summary.subject.clone()),
        ("body", secrets::hidden(&source.body)),
        ("version", detail.summary.version.to_string()),
    ]);
    show(&team, StatusCode::OK, (&detail, &source), (&form, &FieldErrors::default()))
}

fn show(
    team: &Allowed<ManageEvent>,
    status: StatusCode,
    (detail, source): (&MessageDetail, &Editable),
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = team.context("mail", "mail-edit-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let own_url = format!("/organizer/{}/mail/{}", team.event.slug, detail.summary.id);
    let page = EditPage {
        action: format!("{own_url}/edit"),
        back_url: own_url,
        recipient: super::recipient(&detail.summary),
        lang: detail.language,
        dir: detail.language.dir(),
        errors: view.summary(),
        version: form.text("version").to_owned(),
        subject: view.field("subject"),
        body: view.field("body"),
        parts: source.parts.iter().map(|part| format!("{{{{{}}}}}", part.name)).collect(),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/mail/{message}/edit`.
pub(super) async fn save_edit(team: Allowed<ManageEvent>, path: Path<(String, String)>, form: FormData) -> PageResult {
    let (detail, source) = draft(&team, &path.1).await?;
    let id = message_id(&path.1)?;
    let content = match rendered(&team, &detail, &source, &form) {
        Ok(content) => content,
        Err(EditFailure::Wrong(errors)) => {
            return show(&team, StatusCode::UNPROCESSABLE_ENTITY, (&detail, &source), (&form, &errors));
        }
        Err(EditFailure::Other(failure)) => return Err(failure),
    };
    let (event, actor) = (team.event.id, team.actor());
    let version: i32 = form.text("version").parse().unwrap_or(0);
    let job = move |db: &mut crate::db::DbConnection, now| {
        deciding::edit_draft(db, now, actor, (event, id, version), &content)
    };
    match team.visit.app.write(job).await {
        Ok(()) => {
            let own_url = format!("/organizer/{}/mail/{id}", team.event.slug);
            Ok(respond::see_other_with_notice(own_url, "mail-notice-edited"))
        }
        Err(DecideError::Changed) => changed(&team, &path.1, form).await,
        Err(error) => Err(error.into()),
    }
}

/// Somebody else was faster. Kept once more, it goes over what they wrote: the person has been told.
async fn changed(team: &Allowed<ManageEvent>, id: &str, mut form: FormData) -> PageResult {
    let (detail, source) = draft(team, id).await?;
    let mut errors = FieldErrors::default();
    errors.push("body", Message::new("wording-error-changed"));
    form.set("version", detail.summary.version.to_string());
    show(team, StatusCode::CONFLICT, (&detail, &source), (&form, &errors))
}

enum EditFailure {
    Wrong(FieldErrors),
    Other(Failure),
}

fn rendered(
    team: &Allowed<ManageEvent>,
    detail: &MessageDetail,
    source: &Editable,
    form: &FormData,
) -> Result<Rendered, EditFailure> {
    let body = secrets::shown(&clean_block(form.text("body")), &source.body) + "\n";
    let edited = Source { subject: clean_line(form.text("subject")), body };
    let of = (detail.summary.kind, detail.language);
    rendering::render_edited(&team.visit.app, &team.event, of, &edited, &source.parts).map_err(|error| match error {
        RenderError::Wording { problems, .. } => {
            let mut errors = FieldErrors::default();
            for problem in &problems {
                errors.push(if problem.is_in_subject() { "subject" } else { "body" }, message_of(problem));
            }
            EditFailure::Wrong(errors)
        }
        other => EditFailure::Other(Failure::unexpected(other)),
    })
}
