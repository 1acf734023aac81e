//! What attendees answer after they registered: the questions of the form again, and the second form.

use super::own::find;
use super::public_context;
use crate::audit::Actor;
use crate::registration::forms::answering::{self, Answered};
use crate::registration::forms::model::Stage;
use crate::registration::forms::view::{self, QuestionView};
use crate::registration::model::RegistrationState;
use crate::registration::operations::{Own, StandingError};
use crate::registration::quota::ChoicePlaces;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Failure, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, Visit, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of answers.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/r/{token}/answers", show_answers);
    routes.post("/{event}/r/{token}/answers", save_answers);
    routes.get("/{event}/r/{token}/second-form", show_second);
    routes.post("/{event}/r/{token}/second-form", save_second);
}

#[derive(Serialize)]
struct AnswersPage {
    heading: String,
    lead: String,
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    version: String,
    questions: Vec<QuestionView>,
    frozen: Vec<FrozenLine>,
    /// Whether another answer to some of these needs approval again.
    asks_approval: bool,
}

/// An answer that can't be changed any more.
#[derive(Serialize)]
struct FrozenLine {
    label: String,
    text: String,
}

impl Page for AnswersPage {
    const TEMPLATE: &'static str = "registration/answers.html";
}

/// Somebody at one of their forms.
struct Guest {
    own: Own,
    token: String,
    stage: Stage,
    answered: Answered,
    places: Vec<ChoicePlaces>,
}

impl Guest {
    async fn open(visit: &Visit, path: &(String, String), stage: Stage) -> Result<Self, Failure> {
        let own = find(&visit.app, &path.0, &path.1).await?;
        if own.registration.state.is_end() {
            return Err(Failure::gone("registration-error-ended"));
        }
        // The second form is for those who are in, and has nothing to ask before.
        if stage == Stage::Approved && own.registration.state != RegistrationState::Confirmed {
            return Err(Failure::NotFound);
        }
        let (event, registration) = (own.event.clone(), own.registration.clone());
        let read = move |db: &mut crate::db::DbConnection| {
            let answered = answering::answered(db, &event, &registration, stage)?;
            Ok::<_, Failure>((answered, crate::registration::operations::choice_places(db, event.id)?))
        };
        let (answered, places) = visit.app.read(read).await?;
        if answered.form.questions.is_empty() {
            return Err(Failure::NotFound);
        }
        Ok(Self { own, token: path.1.clone(), stage, answered, places })
    }

    fn key(&self) -> &'static str {
        if self.stage == Stage::Apply { "answers" } else { "second-form" }
    }

    fn show(&self, visit: &Visit, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
        let context = public_context(visit, &self.own.event, &format!("forms-own-{}-title", self.key()));
        visit.show_with_status(status, &context, &self.page(visit, &context, (form, errors)))
    }

    fn page(&self, visit: &Visit, context: &PageContext, (form, errors): (&FormData, &FieldErrors)) -> AnswersPage {
        let (now, languages) = (visit.app.clock.now(), &self.own.event.languages);
        let text = |key: &str| visit.app.texts.text(context.lang, key, &[]);
        let (mut open, mut frozen) = (self.answered.form.clone(), self.answered.clone());
        open.questions.retain(|question| !question.is_frozen(now));
        frozen.form.questions.retain(|question| question.is_frozen(now));
        let form_view = FormView::new(visit, context, form, errors);
        let mut questions = view::questions(visit, context, &form_view, &open, (&[], languages));
        view::mark_full(&mut questions, &open, &self.places, &text("registration-full"));
        let key = self.key();
        AnswersPage {
            heading: text(&format!("forms-own-{key}-title")),
            lead: text(&format!("forms-own-{key}-lead")),
            action: self.own.url(&self.token, &format!("/{key}")),
            back_url: self.own.url(&self.token, ""),
            errors: view::labelled(visit, context, &open, languages, form_view.summary()),
            version: form.text("version").to_owned(),
            asks_approval: self.own.category.needs_approval
                && open.questions.iter().any(|question| question.facts.is_identity),
            questions,
            frozen: frozen
                .lines(context.lang, languages)
                .into_iter()
                .map(|line| FrozenLine { label: line.label, text: line.text })
                .collect(),
        }
    }

    fn fields(&self) -> FormData {
        let mut form = FormData::from_fields(self.answered.fields());
        form.push("version", self.own.registration.version.to_string());
        form
    }
}

/// `GET /{event}/r/{token}/answers`.
async fn show_answers(visit: Visit, path: Path<(String, String)>) -> PageResult {
    show(&visit, &path, Stage::Apply).await
}

/// `GET /{event}/r/{token}/second-form`.
async fn show_second(visit: Visit, path: Path<(String, String)>) -> PageResult {
    show(&visit, &path, Stage::Approved).await
}

async fn show(visit: &Visit, path: &(String, String), stage: Stage) -> PageResult {
    let guest = Guest::open(visit, path, stage).await?;
    guest.show(visit, StatusCode::OK, (&guest.fields(), &FieldErrors::default()))
}

/// `POST /{event}/r/{token}/answers`.
async fn save_answers(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    save(&visit, &path, &form, Stage::Apply).await
}

/// `POST /{event}/r/{token}/second-form`.
async fn save_second(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    save(&visit, &path, &form, Stage::Approved).await
}

async fn save(visit: &Visit, path: &(String, String), form: &FormData, stage: Stage) -> PageResult {
    let guest = Guest::open(visit, path, stage).await?;
    let (asked, before) = (&guest.answered.form, &guest.answered.answers);
    let read = asked.read(form, visit.app.clock.now(), before);
    let answers = match read.and_then(|answers| view::room_for(asked, &guest.places, answers, before)) {
        Ok(answers) => answers,
        Err(errors) => return guest.show(visit, StatusCode::UNPROCESSABLE_ENTITY, (form, &errors)),
    };
    let (registration, version) = (guest.own.registration.clone(), form.text("version").parse().unwrap_or_default());
    let actor = Actor::Attendee(registration.id);
    let job = move |db: &mut crate::db::DbConnection, now| {
        answering::save(db, now, actor, (&registration, version, stage), &answers)
    };
    match visit.app.write(job).await {
        Ok(()) => Ok(respond::see_other_with_notice(guest.own.url(&path.1, ""), "forms-own-notice-saved")),
        Err(StandingError::Stale) => show_stale(visit, path, form, stage).await,
        Err(error) => Err(error.into()),
    }
}

/// Somebody else changed the registration: what was typed stands upon the version that is kept now.
async fn show_stale(visit: &Visit, path: &(String, String), typed: &FormData, stage: Stage) -> PageResult {
    let guest = Guest::open(visit, path, stage).await?;
    let kept = typed.iter().filter(|(name, _)| *name != "version");
    let mut form = FormData::from_fields(kept.map(|(name, value)| (name.to_owned(), value.to_owned())));
    form.push("version", guest.own.registration.version.to_string());
    let mut errors = FieldErrors::default();
    errors.push("version", Message::new("forms-own-stale"));
    guest.show(visit, StatusCode::CONFLICT, (&form, &errors))
}
