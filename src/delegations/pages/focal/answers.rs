//! A person's answers, given by the focal point: those of the form, and those asked for after approval.

use super::guest::{Guest, Known, Open};
use crate::db::{AnswerFileId, DbConnection, RegistrationId};
use crate::delegations::model::Member;
use crate::delegations::operations::{self, DelegationError};
use crate::registration::forms::answering::{self, Answered, Changed};
use crate::registration::forms::attaching::{Attached, Preparing};
use crate::registration::forms::files::model::Uploads;
use crate::registration::forms::files::receiving::receive;
use crate::registration::forms::files::serving::{self, By, Wanted};
use crate::registration::forms::model::{Answer, AnswerLine, Answers, Form, Question, Stage};
use crate::registration::forms::view::{self, QuestionView};
use crate::registration::model::RegistrationState;
use crate::registration::operations::choice_places;
use crate::registration::quota::ChoicePlaces;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Failure, FieldErrors, FormData, FormView, Message, Page, PageContext, SentForm, respond};
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
    /// Whether the form is sent in parts, because files may come with it.
    takes_files: bool,
    /// Where files stand that are no secret.
    files_url: String,
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
    /// The files that wait for this form.
    uploads: Uploads,
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
        let (mut answered, places) = guest.visit.app.read(read).await?;
        if answered.form.questions.is_empty() {
            return Err(Failure::NotFound);
        }
        answered.open(&guest.visit.app.sealing);
        let needs_approval =
            whole.category(member.registration.category_id).is_some_and(|category| category.needs_approval);
        Ok(Self { guest, member, stage, answered, places, needs_approval, uploads: Uploads::default() })
    }

    fn key(&self) -> &'static str {
        if self.stage == Stage::Apply { "answers" } else { "second-form" }
    }

    /// The sealed questions that are answered.
    fn sealed(&self) -> impl Iterator<Item = &Question> {
        let questions = self.answered.form.questions.iter();
        questions.filter(|question| question.is_sealed && self.answered.answers.of(question).is_some())
    }

    /// A sealed answer that is not given anew stays as it is.
    fn keep_sealed(&self, form: &mut FormData) {
        let kept = self.sealed().filter(|question| form.text(&question.field()).is_empty());
        for question in kept.collect::<Vec<_>>() {
            // The field was sent empty, and the first of its values counts.
            let name = question.field();
            let others = form.iter().filter(|(field, _)| *field != name);
            *form = FormData::from_fields(
                others.map(|(field, value)| (field.to_owned(), value.to_owned())).collect::<Vec<_>>(),
            );
            let values = self.answered.answers.of(question).map(Answer::values).unwrap_or_default();
            values.iter().for_each(|value| form.push(question.field(), value.clone()));
        }
    }

    /// Questions whose time is over are shown and not asked.
    fn parts(&self) -> (Form, Answered) {
        let now = self.guest.visit.app.clock.now();
        let (mut open, mut frozen) = (self.answered.form.clone(), self.answered.clone());
        for question in self.sealed() {
            open.questions.iter_mut().filter(|one| one.id == question.id).for_each(|one| one.facts.is_required = false);
            frozen.answers.remove(question);
        }
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
        let waiting_url = format!("/{}/uploads", self.guest.event.slug);
        let files_url = self.guest.person_url(own.id, "/files");
        view::show_uploads(&mut questions, &open, (&self.uploads, &self.answered.files), (&waiting_url, &files_url));
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
            takes_files: open.takes_files(),
            files_url,
            frozen: frozen.lines(context.lang, languages),
        }
    }

    fn fields(&self) -> FormData {
        // What is sealed a focal point may give and not read.
        let sealed = |name: &str| self.sealed().any(|question| question.field() == name);
        let fields = self.answered.fields().into_iter().filter(|(name, _)| !sealed(name));
        let mut form = FormData::from_fields(fields);
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
pub(super) async fn save(Open(guest): Open, path: FormPath, sent: SentForm) -> PageResult {
    let mut sheet = Sheet::open(&guest, &path).await?;
    let app = &guest.visit.app;
    let received = receive(app, guest.event.id, &sheet.answered.form, sent).await?;
    sheet.uploads = received.uploads;
    let (form, before) = (received.form, sheet.answered.answers.clone());
    let (after, attached) = match sheet.check(&form, received.errors) {
        Ok(checked) => checked,
        Err(errors) => return sheet.show(StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let (by, ids, dropped) = (guest.by(), guest.ids(), attached.dropped().to_vec());
    let what = (path.2, form.text("version").parse().unwrap_or_default(), sheet.stage);
    let job = move |db: &mut DbConnection, now| {
        let changed = Changed { before: &before, after: &after, attached: &attached };
        operations::answer(db, now, by, ids, what, changed)
    };
    match app.write(job).await {
        Ok(()) => {
            for file in dropped {
                app.files.remove_answer(file).await;
            }
            Ok(respond::see_other_with_notice(guest.url(""), "delegations-notice-saved"))
        }
        Err(DelegationError::Stale) => show_stale(&guest, &path, (&form, sheet.uploads)).await,
        Err(error) => Err(error.into()),
    }
}

impl Sheet<'_> {
    /// The answers as they are typed now, and what they bring with them.
    fn check(&self, typed: &FormData, mut errors: FieldErrors) -> Result<(Answers, Attached), FieldErrors> {
        let mut form = typed.clone();
        self.keep_sealed(&mut form);
        let (asked, before, app) = (&self.answered.form, &self.answered.answers, &self.guest.visit.app);
        let now = app.clock.now();
        let read = asked.read_with(&form, now, before, &self.uploads);
        let checked = read.and_then(|answers| view::room_for(asked, &self.places, answers, before));
        let checked = checked.and_then(|after| {
            let (keys, registration) = (&app.sealing, self.member.registration.id);
            let at = Preparing { keys, event: &self.guest.event, registration, now };
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

/// A file of a person below a focal point's link.
type FilePath = Path<(String, String, RegistrationId, AnswerFileId)>;

/// `GET /{event}/d/{token}/people/{registration}/files/{file}`: a file that is not sealed.
pub(super) async fn show_file(Known(guest): Known, path: FilePath) -> PageResult {
    guest.member(path.2).await?;
    let wanted = Wanted { event: guest.event.id, registration: path.2, file: path.3, by: By::FocalPoint };
    serving::answer(&guest.visit.app, wanted, guest.visit.param("size") == Some("small")).await
}

/// Somebody else changed the registration: what was typed stands upon the version that is kept now.
async fn show_stale(guest: &Guest, path: &FormPath, (typed, uploads): (&FormData, Uploads)) -> PageResult {
    let mut sheet = Sheet::open(guest, path).await?;
    sheet.uploads = uploads;
    let kept = typed.iter().filter(|(name, _)| *name != "version");
    let mut form = FormData::from_fields(kept.map(|(name, value)| (name.to_owned(), value.to_owned())));
    form.push("version", sheet.member.registration.version.to_string());
    let mut errors = FieldErrors::default();
    errors.push("version", Message::new("forms-own-stale"));
    sheet.show(StatusCode::CONFLICT, (&form, &errors))
}
