//! The registration form.

use super::{known_address, public_context, verify_by};
use crate::app::App;
use crate::db::{CategoryId, DbConnection, QuotaId, UtcTime};
use crate::events::model::Event;
use crate::i18n::{Lang, country_choices};
use crate::registration::applicant::{Applicant, Submission};
use crate::registration::category::{Category, Opening};
use crate::registration::forms::model::{Answers, Form, Question};
use crate::registration::forms::view::{self, QuestionView};
use crate::registration::kept::KeptAnswer;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{Applying, LinkPurpose, Registration, RegistrationState};
use crate::registration::operations::{self, Outcome, Prepared, RegisterError};
use crate::registration::quota::ChoicePlaces;
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::forms::{ErrorLine, clean_line};
use crate::web::page::Text;
use crate::web::{
    Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, Visit, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::{Data, Path};
use serde::Serialize;
use std::collections::HashMap;
use std::sync::Arc;

/// The routes of the form.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/register", show_form);
    routes.post("/{event}/register", submit_form);
    routes.get("/{event}/register/sent", show_sent);
}

#[derive(Serialize)]
struct RegisterPage {
    action: String,
    errors: Vec<ErrorLine>,
    idempotency_key: String,
    categories: Vec<CategoryCard>,
    category: Field,
    code: Field,
    has_codes: bool,
    email: Field,
    given_name: Field,
    family_name: Field,
    native_name: Field,
    organisation: Field,
    position: Field,
    country: Field,
    countries: Vec<Choice>,
    accept_privacy: Field,
    privacy_accepted: bool,
    privacy_notice: Text,
    contact_email: String,
    opens: Vec<OpensLater>,
    questions: Vec<QuestionView>,
    form_stamp: String,
}

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "registration/register.html";
}

#[derive(Serialize)]
struct CategoryCard {
    value: String,
    name: Text,
    description: Text,
    includes: Vec<Text>,
    places: String,
    closes: String,
    is_full: bool,
    /// Whether one may wait where it is full.
    may_wait: bool,
    needs_approval: bool,
    selected: bool,
}

#[derive(Serialize)]
struct OpensLater {
    name: Text,
    opens: String,
}

#[derive(Serialize)]
struct SentPage {
    hours: i64,
    register_url: String,
    contact_email: String,
}

impl Page for SentPage {
    const TEMPLATE: &'static str = "registration/sent.html";
}

/// The form at one event, and who holds the address typed, if anyone.
struct Desk {
    event: Arc<Event>,
    categories: Vec<Category>,
    quotas: HashMap<CategoryId, Vec<QuotaId>>,
    questions: Arc<Form>,
    choices: Vec<ChoicePlaces>,
    known: Option<Registration>,
    now: UtcTime,
}

/// `GET /{event}/register`.
async fn show_form(visit: Visit, client: ClientAddress, path: Path<String>) -> PageResult {
    // Each look with a code is a try to guess one.
    if visit.param("code").is_some_and(|code| !code.is_empty()) {
        visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    }
    let desk = Desk::open(&visit.app, path.into_inner(), None).await?;
    let given = |name: &'static str| (name, visit.param(name).unwrap_or_default().to_owned());
    let form = FormData::from_fields([given("category"), given("code")]);
    desk.show(&visit, StatusCode::OK, &form, &FieldErrors::default())
}

/// `POST /{event}/register`.
async fn submit_form(visit: Visit, client: ClientAddress, path: Path<String>, form: FormData) -> PageResult {
    visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    let applicant = Applicant::read(&form);
    let key = applicant.as_ref().ok().map(|applicant| applicant.email.key());
    let desk = Desk::open(&visit.app, path.into_inner(), key).await?;
    match desk.register(&visit, &form, applicant).await {
        Ok(()) => Ok(respond::see_other(format!("/{}/register/sent", desk.event.slug))),
        Err(Refused::Form(errors)) => desk.show(&visit, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
        Err(Refused::Failed(failure)) => Err(failure),
    }
}

/// `GET /{event}/register/sent`.
async fn show_sent(visit: Visit, path: Path<String>) -> PageResult {
    let event = super::own::event(&visit, path.into_inner()).await?;
    let page = SentPage {
        hours: visit.app.settings.registration.verify_hours,
        register_url: format!("/{}/register", event.slug),
        contact_email: event.contact_email.clone().unwrap_or_default(),
    };
    visit.show(&public_context(&visit, &event, "registration-sent-title"), &page)
}

/// What was sent, checked.
struct Entry<'a> {
    applicant: &'a Applicant,
    category: &'a Category,
    answers: &'a Answers,
    submission: &'a Submission,
}

/// Why nobody was registered.
enum Refused {
    /// The form is shown again.
    Form(FieldErrors),
    /// Something else is answered.
    Failed(Failure),
}

impl From<Failure> for Refused {
    fn from(failure: Failure) -> Self {
        Self::Failed(failure)
    }
}

impl Refused {
    fn category(key: &'static str) -> Self {
        let mut errors = FieldErrors::default();
        errors.push("category", Message::new(key));
        Self::Form(errors)
    }
}

/// Times that a new code is tried when one is given away already; twice is unlikely enough.
const CODE_ATTEMPTS: usize = 3;

impl Desk {
    async fn open(app: &Data<App>, slug: String, email_key: Option<String>) -> Result<Self, Failure> {
        let (now, kept) = (app.clock.now(), app.clone());
        app.read(move |db| {
            let form = operations::form_of(db, &kept.registration_forms, &slug)?;
            let KeptAnswer { event, categories, quotas, questions, choices } = form.ok_or(Failure::NotFound)?;
            let known = match email_key {
                Some(key) => operations::active(db, event.id, &key)?,
                None => None,
            };
            Ok(Self { event, categories, quotas, questions, choices, known, now })
        })
        .await
    }

    /// Registers, or sends the address its link again; the browser can't tell which.
    async fn register(
        &self,
        visit: &Visit,
        form: &FormData,
        applicant: Result<Applicant, FieldErrors>,
    ) -> Result<(), Refused> {
        let (applicant, category, answers) = self.check(form, applicant)?;
        if !category.takes(&applicant.email.key()) {
            let mut errors = FieldErrors::default();
            errors.push("email", Message::new("registration-error-address-not-listed"));
            return Err(Refused::Form(errors));
        }
        let submission = applicant.submission(form);
        if let Some(known) = &self.known {
            // Whoever took the last place and submits again is told the same as before.
            let is_repeated = submission.is_by_content
                && operations::made_by(known, category.id, &applicant.details, self.now)
                || self.remind(&visit.app, known, submission).await? == Outcome::Repeated;
            let may_say_full = category.is_full() && !category.makes_offers(self.now) && !is_repeated;
            return if may_say_full { Err(Refused::category("registration-error-full")) } else { Ok(()) };
        }
        if category.is_full() && !category.makes_offers(self.now) {
            return Err(Refused::category("registration-error-full"));
        }
        let lang = visit.language(&self.event.languages);
        for _ in 0..CODE_ATTEMPTS {
            let entry = Entry { applicant: &applicant, category, answers: &answers, submission: &submission };
            let prepared = self.prepare(&visit.app, lang, &entry, false)?;
            match enter(&visit.app, self.now, category, prepared).await {
                Ok(()) => return Ok(()),
                Err(RegisterError::CodeTaken) => {}
                Err(RegisterError::Full) if category.makes_offers(self.now) => {
                    return self.wait(&visit.app, lang, &entry).await;
                }
                Err(RegisterError::Full) => return Err(Refused::category("registration-error-full")),
                Err(error) => return Err(Refused::Failed(error.into())),
            }
        }
        Err(Refused::Failed(Failure::Busy))
    }

    /// Everything that was sent, checked; every wrong field is named at once.
    fn check(
        &self,
        form: &FormData,
        applicant: Result<Applicant, FieldErrors>,
    ) -> Result<(Applicant, &Category, Answers), Refused> {
        let category = self.choose(form);
        let asked = category.map_or_else(|_| Form::default(), |category| self.questions.of_category(category.id));
        let answers = asked.read(form, self.now, &Answers::default());
        let answers = answers.and_then(|answers| view::room_for(&asked, &self.choices, answers, &Answers::default()));
        // A form opened before the questions changed is shown again with what was typed: a new
        // question would otherwise stay unanswered in silence.
        let stamp = form.text("form_stamp");
        let is_current = stamp.is_empty() || stamp == self.questions.stamp();
        match (applicant, category, answers) {
            (Ok(applicant), Ok(category), Ok(answers)) if is_current => Ok((applicant, category, answers)),
            (applicant, category, answers) => {
                let mut errors = FieldErrors::default();
                if !is_current {
                    errors.push("questions", Message::new("forms-error-changed"));
                }
                let (applicant, answers) = (applicant.err().unwrap_or_default(), answers.err().unwrap_or_default());
                applicant
                    .iter()
                    .chain(answers.iter())
                    .for_each(|error| errors.push(error.field.clone(), error.message.clone()));
                if let Err(key) = category {
                    errors.push("category", Message::new(key));
                }
                Err(Refused::Form(errors))
            }
        }
    }

    /// The category chosen, if one may register in it now, places aside.
    fn choose(&self, form: &FormData) -> Result<&Category, &'static str> {
        let (wanted, code) = (clean_line(form.text("category")), form.text("code"));
        if wanted.is_empty() {
            return Err("registration-error-choose-category");
        }
        let category = self.categories.iter().find(|category| category.code == wanted);
        // Whether a category for invited people exists is nobody else's business.
        let category = category.filter(|category| category.is_visible_with(code));
        let category = category.ok_or("registration-error-category-unknown")?;
        match category.opening(self.now) {
            Opening::Open | Opening::Full => Ok(category),
            Opening::NotYet(_) => Err("registration-error-not-open-yet"),
            Opening::Over => Err("registration-error-closed"),
        }
    }

    /// Joins the waiting list.
    async fn wait(&self, app: &App, lang: Lang, entry: &Entry<'_>) -> Result<(), Refused> {
        let prepared = self.prepare(app, lang, entry, true)?;
        let joined = app.write(move |db, now| operations::waiting::wait(db, now, &prepared)).await;
        joined.map(drop).map_err(|error| Refused::Failed(error.into()))
    }

    async fn remind(&self, app: &App, registration: &Registration, submission: Submission) -> Result<Outcome, Failure> {
        let category = self.categories.iter().find(|category| category.id == registration.category_id);
        let category = category.ok_or(Failure::NotFound)?;
        let mut known = known_address(app, self.now, &self.event, category, registration)?;
        known.submission = Some(submission);
        let send = move |db: &mut crate::db::DbConnection, now| {
            Ok::<_, Failure>(operations::send_link_again(db, now, crate::audit::Actor::Visitor, &known)?)
        };
        app.write(send).await
    }

    fn prepare(&self, app: &App, lang: Lang, entry: &Entry<'_>, waits: bool) -> Result<Prepared, Failure> {
        let category = entry.category;
        let mut registration = new_registration(app, self, lang, entry.applicant, category);
        let purpose = if waits { LinkPurpose::Own } else { LinkPurpose::Verify };
        if waits {
            registration.state = RegistrationState::Waitlisted;
            registration.verify_by = None;
        }
        let (token, link) = new_link(self.now, &registration, purpose);
        let letter = Letter { app, event: &self.event, registration: &registration, category, now: self.now };
        let message = if waits { letter.waitlisted(&token)? } else { letter.verify(&token)? };
        let mut quotas = self.quotas.get(&category.id).cloned().unwrap_or_default();
        quotas.extend(self.choices.iter().filter(|choice| choice.is_made(entry.answers)).map(|choice| choice.id));
        quotas.sort_unstable();
        let answers = entry.answers.column();
        Ok(Prepared { registration, answers, link, message, quotas, submission: entry.submission.clone() })
    }
}

/// Takes a place; full also where others wait for offers, because nobody passes them. When no more
/// offers are made, whoever comes takes what is left.
async fn enter(app: &App, now: UtcTime, category: &Category, prepared: Prepared) -> Result<(), RegisterError> {
    if category.is_full() {
        return Err(RegisterError::Full);
    }
    let (id, has_line) = (category.id, category.makes_offers(now));
    let job = move |db: &mut DbConnection, now| {
        if has_line && operations::waiting::has_line(db, id)? {
            return Err(RegisterError::Full);
        }
        operations::register(db, now, &prepared)
    };
    app.write(job).await.map(drop)
}

fn new_registration(
    app: &App,
    desk: &Desk,
    language: Lang,
    applicant: &Applicant,
    category: &Category,
) -> Registration {
    let (email, email_key) = (applicant.email.to_string(), applicant.email.key());
    let applying = Applying {
        event: desk.event.id,
        category: category.id,
        email: &email,
        email_key: &email_key,
        details: &applicant.details,
        language,
    };
    let verify_by = Some(verify_by(app, desk.now));
    Registration { verify_by, ..Registration::new(&applying, RegistrationState::Unverified, desk.now) }
}

impl Desk {
    fn show(&self, visit: &Visit, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
        let context = public_context(visit, &self.event, "registration-form-title");
        let page = self.page(visit, &context, form, errors);
        visit.show_with_status(status, &context, &page)
    }

    fn page(&self, visit: &Visit, context: &PageContext, form: &FormData, errors: &FieldErrors) -> RegisterPage {
        let view = FormView::new(visit, context, form, errors);
        let countries = country_choices(&visit.app.texts, context.lang);
        let countries = countries.into_iter().map(|(country, name)| (country.as_str().to_owned(), name));
        let key = Some(form.text("idempotency_key")).filter(|key| !key.is_empty() && key.len() <= 200);
        let notice = self.event.privacy_notice.pick(context.lang, &self.event.languages);
        RegisterPage {
            action: format!("/{}/register", self.event.slug),
            errors: view::labelled(visit, context, &self.questions, &self.event.languages, view.summary()),
            questions: self.question_views(visit, context, &view),
            form_stamp: self.questions.stamp(),
            idempotency_key: key.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned),
            categories: self.cards(visit, context, form),
            category: view.field("category"),
            code: view.field("code"),
            has_codes: self.categories.iter().any(|category| category.access_code.is_some()),
            email: view.field("email"),
            given_name: view.field("given_name"),
            family_name: view.field("family_name"),
            native_name: view.field("native_name"),
            organisation: view.field("organisation"),
            position: view.field("position"),
            country: view.field("country"),
            countries: view.choices("country", countries),
            accept_privacy: view.field("accept_privacy"),
            privacy_accepted: view.ticked("accept_privacy"),
            privacy_notice: notice.map(|picked| sanitised(Text::from(picked))).unwrap_or_default(),
            contact_email: self.event.contact_email.clone().unwrap_or_default(),
            opens: self.opening_later(context),
        }
    }

    fn question_views(&self, visit: &Visit, context: &PageContext, view: &FormView<'_>) -> Vec<QuestionView> {
        // Nobody learns from a question that there is a category for invited people.
        let code = view.field("code").value;
        let public: Vec<Category> =
            self.categories.iter().filter(|category| category.is_visible_with(&code)).cloned().collect();
        let is_public = |question: &Question| {
            let asked = &question.facts.categories;
            asked.is_empty() || public.iter().any(|category| asked.contains(&category.id))
        };
        let form = Form { questions: self.questions.questions.iter().filter(|one| is_public(one)).cloned().collect() };
        let mut questions = view::questions(visit, context, view, &form, (&public, &self.event.languages));
        let taken = visit.app.texts.text(context.lang, "registration-full", &[]);
        view::mark_full(&mut questions, &form, &self.choices, &taken);
        questions
    }

    /// The open categories, those by code only for whoever knows it. Where there is one choice, it is made.
    fn cards(&self, visit: &Visit, context: &PageContext, form: &FormData) -> Vec<CategoryCard> {
        let (chosen, code) = (form.text("category"), form.text("code"));
        let visible: Vec<&Category> = self
            .categories
            .iter()
            .filter(|category| category.is_visible_with(code) && category.is_open(self.now))
            .collect();
        let is_only = visible.len() == 1;
        visible
            .into_iter()
            .map(|category| CategoryCard {
                value: category.code.clone(),
                name: Text::pick(&category.name, context.lang, &self.event.languages),
                description: Text::pick(&category.description, context.lang, &self.event.languages),
                includes: lines(&Text::pick(&category.includes, context.lang, &self.event.languages)),
                places: self.places(visit, context, category),
                closes: category.closes_at.map(|at| self.in_words(context, at)).unwrap_or_default(),
                is_full: category.is_full() && !category.makes_offers(self.now),
                may_wait: category.is_full() && category.makes_offers(self.now),
                needs_approval: category.needs_approval,
                selected: (!category.is_full() || category.makes_offers(self.now))
                    && (category.code == chosen || is_only),
            })
            .collect()
    }

    /// How many places are left, once that matters to whoever hesitates.
    fn places(&self, visit: &Visit, context: &PageContext, category: &Category) -> String {
        const FEW: i32 = 20;
        match category.places_left() {
            Some(left @ 1..=FEW) => {
                visit.app.texts.text(context.lang, "registration-places-left", &[("count", left.into())])
            }
            _ => String::new(),
        }
    }

    fn opening_later(&self, context: &PageContext) -> Vec<OpensLater> {
        self.categories
            .iter()
            .filter(|category| category.access_code.is_none())
            .filter_map(|category| match category.opening(self.now) {
                Opening::NotYet(at) => Some(OpensLater {
                    name: Text::pick(&category.name, context.lang, &self.event.languages),
                    opens: self.in_words(context, at),
                }),
                _ => None,
            })
            .collect()
    }

    fn in_words(&self, context: &PageContext, at: UtcTime) -> String {
        context.formatter().date_time(at.in_zone(self.event.zone()).naive_local())
    }
}

fn lines(text: &Text) -> Vec<Text> {
    let lines = text.text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| Text { text: line.to_owned(), ..text.clone() }).collect()
}

/// Markdown as HTML that is safe to print.
fn sanitised(notice: Text) -> Text {
    Text { text: crate::programme::text::markdown(&notice.text), ..notice }
}
