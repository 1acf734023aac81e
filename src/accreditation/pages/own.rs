//! The applicant's page: what officers ask, and what the applicant answers.

use crate::accreditation::operations::{self, OwnStanding};
use crate::registration::model::RegistrationState;
use crate::registration::operations::{self as registration, Own};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, EventHead, Failure, Field, FieldErrors, FormData, FormView, Page, PageContext, RouteTable, Token, Visit,
    respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of the applicant.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/r/{token}/accreditation", show_dialogue);
    routes.post("/{event}/r/{token}/accreditation", answer);
}

#[derive(Serialize)]
struct DialoguePage {
    name: String,
    state: &'static str,
    state_label: String,
    state_text: String,
    said: Vec<SaidLine>,
    is_open: bool,
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    answer: Field,
}

impl Page for DialoguePage {
    const TEMPLATE: &'static str = "registration/accreditation.html";
}

#[derive(Serialize)]
struct SaidLine {
    kind: &'static str,
    at: String,
    words: String,
}

/// What a private link opens, with where the accreditation stands.
async fn find(visit: &Visit, path: &(String, String)) -> Result<(Own, OwnStanding), Failure> {
    let (slug, hash) = (path.0.clone(), Token::received(path.1.as_str()).hash());
    let found = visit.app.read(move |db| {
        let own = registration::own(db, &slug, &hash)?.ok_or(Failure::NotFound)?;
        let standing = operations::own_standing(db, &own.registration)?;
        Ok::<_, Failure>((own, standing))
    });
    found.await
}

/// `GET /{event}/r/{token}/accreditation`.
async fn show_dialogue(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let found = find(&visit, &path).await?;
    show(&visit, StatusCode::OK, &found, &path.1, (&FormData::default(), &FieldErrors::default()))
}

fn show(
    visit: &Visit,
    status: StatusCode,
    (own, standing): &(Own, OwnStanding),
    token: &str,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let mut context = PageContext::new(visit, &own.event.languages, "");
    context.event = Some(EventHead::of(visit, &own.event, context.lang));
    let context = context.titled(visit, "accreditation-own-title");
    let view = FormView::new(visit, &context, form, errors);
    let text = |key: &str| visit.app.texts.text(context.lang, key, &[]);
    let line = |said: &crate::accreditation::model::Said| SaidLine {
        kind: said.review.decision.as_str(),
        at: context.formatter().date_time(said.review.created_at.in_zone(own.event.zone()).naive_local()),
        words: said.review.reason.clone(),
    };
    let back_url = format!("/{}/r/{token}", own.event.slug);
    let state = own.registration.state;
    let page = DialoguePage {
        name: own.registration.full_name(),
        state: state.as_str(),
        state_label: text(&format!("registration-state-{state}")),
        state_text: text(own_words(state, standing)),
        said: standing.said.iter().map(line).collect(),
        is_open: standing.is_open,
        action: format!("{back_url}/accreditation"),
        back_url,
        errors: view.summary(),
        answer: view.field("answer"),
    };
    visit.show_with_status(status, &context, &page)
}

/// The one sentence on what happens next.
const fn own_words(state: RegistrationState, standing: &OwnStanding) -> &'static str {
    match state {
        RegistrationState::Applied if standing.is_asked => "accreditation-own-asked",
        RegistrationState::Applied => "accreditation-own-waits",
        RegistrationState::Confirmed => "accreditation-own-approved",
        _ => "accreditation-own-over",
    }
}

/// `POST /{event}/r/{token}/accreditation`.
async fn answer(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    let found = find(&visit, &path).await?;
    let mut checker = Checker::new(&form);
    let words = checker.block("answer");
    if words.is_empty() {
        checker.wrong("answer", crate::web::Message::new("error-required"));
    }
    if let Err(errors) = checker.finish(()) {
        return show(&visit, StatusCode::UNPROCESSABLE_ENTITY, &found, &path.1, (&form, &errors));
    }
    let registration = found.0.registration;
    visit.app.write(move |db, now| operations::answer(db, now, &registration, &words)).await?;
    let url = format!("/{}/r/{}/accreditation", path.0, path.1);
    Ok(respond::see_other_with_notice(url, "accreditation-notice-answered"))
}
