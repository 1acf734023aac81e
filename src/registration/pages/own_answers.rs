//! What attendees answer after they registered: the questions of the form again, and the second form.

use super::own::find;
use super::public_context;
use crate::audit::Actor;
use crate::registration::forms::answering::{self, Answered, Changed};
use crate::registration::forms::attaching::{Attached, Preparing};
use crate::registration::forms::files::model::Uploads;
use crate::registration::forms::files::receiving::receive;
use crate::registration::forms::model::{AnswerLine, Answers, Stage};
use crate::registration::forms::view::{self, QuestionView};
use crate::registration::model::RegistrationState;
use crate::registration::operations::{Own, StandingError};
use crate::registration::quota::ChoicePlaces;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{
    Failure, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, SentForm, Visit, respond,
};
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
    /// Whether the form is sent in parts, because files may come with it.
    takes_files: bool,
    /// Where one's own files stand.
    files_url: String,
    frozen: Vec<AnswerLine>,
    /// Whether another answer to some of these needs approval again.
    asks_approval: bool,
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
    /// The files that wait for this form.
    uploads: Uploads,
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
        let (mut answered, places) = visit.app.read(read).await?;
        if answered.form.questions.is_empty() {
            return Err(Failure::NotFound);
        }
        if own.opens_sealed {
            answered.open(&visit.app.sealing);
        } else {
            answered.close();
        }
        Ok(Self { own, token: path.1.clone(), stage, answered, places, uploads: Uploads::default() })
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
        let (waiting_url, files_url) =
            (format!("/{}/uploads", self.own.event.slug), self.own.url(&self.token, "/files"));
        view::show_uploads(&mut questions, &open, (&self.uploads, &self.answered.files), (&waiting_url, &files_url));
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
            takes_files: open.takes_files(),
            files_url,
            frozen: frozen.lines(context.lang, languages),
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
async fn save_answers(visit: Visit, path: Path<(String, String)>, sent: SentForm) -> PageResult {
    save(&visit, &path, sent, Stage::Apply).await
}

/// `POST /{event}/r/{token}/second-form`.
async fn save_second(visit: Visit, path: Path<(String, String)>, sent: SentForm) -> PageResult {
    save(&visit, &path, sent, Stage::Approved).await
}

async fn save(visit: &Visit, path: &(String, String), sent: SentForm, stage: Stage) -> PageResult {
    let mut guest = Guest::open(visit, path, stage).await?;
    let received = receive(&visit.app, guest.own.event.id, &guest.answered.form, sent).await?;
    guest.uploads = received.uploads;
    let (form, before) = (received.form, guest.answered.answers.clone());
    let (after, attached) = match guest.check(visit, &form, received.errors) {
        Ok(checked) => checked,
        Err(errors) => return guest.show(visit, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let (registration, version) = (guest.own.registration.clone(), form.text("version").parse().unwrap_or_default());
    let (actor, dropped) = (Actor::Attendee(registration.id), attached.dropped().to_vec());
    let job = move |db: &mut crate::db::DbConnection, now| {
        let changed = Changed { before: &before, after: &after, attached: &attached };
        answering::save(db, now, actor, (&registration, version, stage), changed)
    };
    match visit.app.write(job).await {
        Ok(()) => {
            for file in dropped {
                visit.app.files.remove_answer(file).await;
            }
            Ok(respond::see_other_with_notice(guest.own.url(&path.1, ""), "forms-own-notice-saved"))
        }
        Err(StandingError::Stale) => show_stale(visit, path, (&form, guest.uploads), stage).await,
        Err(error) => Err(error.into()),
    }
}

impl Guest {
    /// The answers as they are typed now, and what they bring with them.
    fn check(
        &self,
        visit: &Visit,
        form: &FormData,
        mut errors: FieldErrors,
    ) -> Result<(Answers, Attached), FieldErrors> {
        let (asked, before, now) = (&self.answered.form, &self.answered.answers, visit.app.clock.now());
        let read = asked.read_with(form, now, before, &self.uploads);
        let checked = read.and_then(|answers| view::room_for(asked, &self.places, answers, before));
        let checked = checked.and_then(|after| {
            let (keys, registration) = (&visit.app.sealing, self.own.registration.id);
            let at = Preparing { keys, event: &self.own.event, registration, now };
            let attached = Attached::between(at, asked, (before, &after), &self.uploads)?;
            Ok((after, attached))
        });
        match checked {
            Ok(checked) if errors.is_empty() => Ok(checked),
            checked => {
                let others = checked.err().unwrap_or_default();
                others.iter().for_each(|error| errors.push(error.field.clone(), error.message.clone()));
                Err(errors)
            }
        }
    }
}

/// Somebody else changed the registration: what was typed stands upon the version that is kept now.
async fn show_stale(
    visit: &Visit,
    path: &(String, String),
    (typed, uploads): (&FormData, Uploads),
    stage: Stage,
) -> PageResult {
    let mut guest = Guest::open(visit, path, stage).await?;
    guest.uploads = uploads;
    let kept = typed.iter().filter(|(name, _)| *name != "version");
    let mut form = FormData::from_fields(kept.map(|(name, value)| (name.to_owned(), value.to_owned())));
    form.push("version", guest.own.registration.version.to_string());
    let mut errors = FieldErrors::default();
    errors.push("version", Message::new("forms-own-stale"));
    guest.show(visit, StatusCode::CONFLICT, (&form, &errors))
}
