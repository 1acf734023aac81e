//! `/organizer/{event}/recording`: the text by which speakers let their talks be recorded and published.

use super::model::RecordingText;
use super::operations::{self, LogisticsError};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Checker, Failure, FieldErrors, FormData, FormView, LocalizedField, Page, RouteTable, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/recording", show_text);
    routes.post("/organizer/{event}/recording", set_text);
}

type Team = Allowed<ManageEvent>;

#[derive(Serialize)]
struct RecordingPage {
    errors: Vec<ErrorLine>,
    is_stale: bool,
    number: i32,
    since: String,
    text: Vec<LocalizedField>,
    board_url: String,
}

impl Page for RecordingPage {
    const TEMPLATE: &'static str = "organizer/recording.html";
}

async fn present(team: &Team) -> Result<Option<RecordingText>, Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db| Ok::<_, Failure>(operations::text(db, event)?)).await
}

async fn show(team: &Team, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let present = present(team).await?;
    let context = team.context("speakers", "logistics-recording-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let at = present.as_ref().map(|text| text.created_at.in_zone(team.event.zone()).naive_local());
    let page = RecordingPage {
        errors: view.summary(),
        is_stale: status == StatusCode::CONFLICT,
        number: present.as_ref().map_or(0, |text| text.number),
        since: at.map(|at| context.formatter().date_time(at)).unwrap_or_default(),
        text: view.localized("text", &team.event.languages),
        board_url: format!("/organizer/{}/speakers/board", team.event.slug),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/recording`.
async fn show_text(team: Team) -> PageResult {
    let mut form = FormData::default();
    match present(&team).await? {
        Some(text) => form.push_localized("text", &text.text),
        None => {
            // Something to begin with.
            for lang in team.event.languages.iter() {
                let words = team.visit.app.texts.text(*lang, "logistics-recording-sample", &[]);
                form.push(format!("text.{lang}"), words);
            }
        }
    }
    show(&team, StatusCode::OK, (&form, &FieldErrors::default())).await
}

/// `POST /organizer/{event}/recording`.
async fn set_text(team: Team, form: FormData) -> PageResult {
    let mut checker = Checker::new(&form);
    let text = checker.localized_block("text", &team.event.languages);
    if text.is_empty() {
        let main = team.event.main_language();
        checker.wrong(format!("text.{main}"), crate::web::Message::new("error-required"));
    }
    let text = match checker.finish(text) {
        Ok(text) => text,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await,
    };
    let (actor, of) = (team.actor(), (team.event.id, form.text("number").parse().unwrap_or(0)));
    match team.visit.app.write(move |db, now| operations::set_text(db, now, actor, of, &text)).await {
        Ok(()) => {
            let url = format!("/organizer/{}/recording", team.event.slug);
            Ok(respond::see_other_with_notice(url, "logistics-notice-text-saved"))
        }
        Err(LogisticsError::Stale) => show(&team, StatusCode::CONFLICT, (&form, &FieldErrors::default())).await,
        Err(error) => Err(error.into()),
    }
}
