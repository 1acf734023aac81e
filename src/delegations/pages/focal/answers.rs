//! A person's answers, given by the focal point: those of the form, and those asked for after approval.

use super::guest::{Guest, Open};
use crate::db::{DbConnection, RegistrationId};
use crate::delegations::model::Member;
use crate::delegations::operations::{self, DelegationError};
use crate::registration::forms::answering::{self, Answered};
use crate::registration::forms::model::{AnswerLine, Form, Stage};
use crate::registration::forms::view::{self, QuestionView};
use crate::registration::model::RegistrationState;
use crate::registration::operations::choice_places;
use crate::registration::quota::ChoicePlaces;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Failure, FieldErrors, FormData, FormView, Message, Page, PageContext, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// A form of a person below a focal point's link.
type FormPath = Path<(String, String, RegistrationId, String)>;

#[derive(Serialize)]
struct AnswersPage {
    name: String,
    lead: String,
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    version: String,
    questions: Vec<QuestionView>,
    frozen: Vec<AnswerLine>,
    asks_approval: bool,
}

impl Page for AnswersPage {
    const TEMPLATE: &'static str = "delegation/answers.html";
}

/// One form of one person.
struct Sheet<'a> {
    guest: &'a Guest,
    member: Member,
    stage: Stage,
    answered: Answered,
    places: Vec<ChoicePlaces>,
    needs_approval: bool,
}

impl<'a> Sheet<'a> {
    async fn open(guest: &'a Guest, path: &FormPath) -> Result<Self, Failure> {
        let stage = match path.3.as_str() {
            "answers" => Stage::Apply,
            "second-form" => Stage::Approved,
            _ => return Err(Failure::NotFound),
        };
        let (whole, member) = guest.member(path.2).await?;
        if !member.is_active() {
            return Err(DelegationError::Ended.into());
        }
        if stage == Stage::Approved && member.registration.state != RegistrationState::Confirmed {
            return Err(Failure::NotFound);
        }
        let (event, registration) = (guest.event.clone(), member.registration.clone());
        let read = move |db: &mut DbConnection| {
            let answered = answering::answered(db, &event, &registration, stage)?;
            Ok::<_, Failure>((answered, choice_places(db, event.id)?))
        };
        let (answered, places) = guest.visit.app.read(read).await?;
        if answered.form.questions.is_empty() {
            return Err(Failure::NotFound);
        }
        let needs_approval =
            whole.category(member.registration.category_id).is_some_and(|category| category.needs_approval);
        Ok(Self { guest, member, stage, answered, places, needs_approval })
    }

    fn key(&self) -> &'static str {
        if self.stage == Stage::Apply { "answers" } else { "second-form" }
    }

    /// Questions whose time is over are shown and not asked.
    fn parts(&self) -> (Form, Answered) {
        let now = self.guest.visit.app.clock.now();
        let (mut open, mut frozen) = (self.answered.form.clone(), self.answered.clone());
        open.questions.retain(|question| !question.is_frozen(now));
        frozen.form.questions.retain(|question| question.is_frozen(now));
        (open, frozen)
    }

    fn show(&self, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
        let context = self.guest.context(&format!("forms-own-{}-title", self.key()));
        self.guest.visit.show_with_status(status, &context, &self.page(&context, (form, errors)))
    }

    fn page(&self, context: &PageContext, (form, errors): (&FormData, &FieldErrors)) -> AnswersPage {
        let (visit, languages) = (&self.guest.visit, &self.guest.event.languages);
        let text = |key: &str| visit.app.texts.text(context.lang, key, &[]);
        let (open, frozen) = self.parts();
        let form_view = FormView::new(visit, context, form, errors);
        let mut questions = view::questions(visit, context, &form_view, &open, (&[], languages));
        view::mark_full(&mut questions, &open, &self.places, &text("registration-full"));
        let own = &self.member.registration;
        let named = [("name", own.full_name().into())];
        AnswersPage {
            name: own.full_name(),
            lead: visit.app.texts.text(context.lang, &format!("delegations-{}-lead", self.key()), &named),
            action: self.guest.person_url(own.id, &format!("/{}", self.key())),
            back_url: self.guest.person_url(own.id, ""),
            errors: view::labelled(visit, context, &open, languages, form_view.summary()),
            version: form.text("version").to_owned(),
            asks_approval: self.needs_approval && open.questions.iter().any(|one| one.facts.is_identity),
            questions,
            frozen: frozen.lines(context.lang, languages),
        }
    }

    fn fields(&self) -> FormData {
        let mut form = FormData::from_fields(self.answered.fields());
        form.push("version", self.member.registration.version.to_string());
        form
    }
}

/// `GET /{event}/d/{token}/people/{registration}/{form}`.
pub(super) async fn show(Open(guest): Open, path: FormPath) -> PageResult {
    let sheet = Sheet::open(&guest, &path).await?;
    sheet.show(StatusCode::OK, (&sheet.fields(), &FieldErrors::default()))
}

/// `POST /{event}/d/{token}/people/{registration}/{form}`.
pub(super) async fn save(Open(guest): Open, path: FormPath, form: FormData) -> PageResult {
    let sheet = Sheet::open(&guest, &path).await?;
    let (asked, before) = (&sheet.answered.form, &sheet.answered.answers);
    let read = asked.read(&form, guest.visit.app.clock.now(), before);
    let answers = match read.and_then(|answers| view::room_for(asked, &sheet.places, answers, before)) {
        Ok(answers) => answers,
        Err(errors) => return sheet.show(StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let (by, ids) = (guest.by(), guest.ids());
    let what = (path.2, form.text("version").parse().unwrap_or_default(), sheet.stage);
    let job = move |db: &mut DbConnection, now| operations::answer(db, now, by, ids, what, &answers);
    match guest.visit.app.write(job).await {
        Ok(()) => Ok(respond::see_other_with_notice(guest.url(""), "delegations-notice-saved")),
        Err(DelegationError::Stale) => show_stale(&guest, &path, &form).await,
        Err(error) => Err(error.into()),
    }
}

/// Somebody else changed the registration: what was typed stands upon the version that is kept now.
async fn show_stale(guest: &Guest, path: &FormPath, typed: &FormData) -> PageResult {
    let sheet = Sheet::open(guest, path).await?;
    let kept = typed.iter().filter(|(name, _)| *name != "version");
    let mut form = FormData::from_fields(kept.map(|(name, value)| (name.to_owned(), value.to_owned())));
    form.push("version", sheet.member.registration.version.to_string());
    let mut errors = FieldErrors::default();
    errors.push("version", Message::new("forms-own-stale"));
    sheet.show(StatusCode::CONFLICT, (&form, &errors))
}
