//! The registration form.

use super::{known_address, public_context, verify_by};
use crate::app::App;
use crate::db::{CategoryId, DbConnection, Json, QuotaId, UtcTime};
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::numbers::openings::note_opening;
use crate::registration::applicant::{Applicant, Submission};
use crate::registration::category::{Category, Opening};
use crate::registration::codes::model::{InvitationCode, Unusable};
use crate::registration::codes::operations as codes;
use crate::registration::forms::attaching::{Attached, Preparing};
use crate::registration::forms::files::receiving::{Received, receive};
use crate::registration::forms::model::{Answers, Form};
use crate::registration::forms::view;
use crate::registration::kept::KeptAnswer;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{Applying, LinkPurpose, Registration, RegistrationState};
use crate::registration::operations::{self, Outcome, Prepared, Redeemed, RegisterError};
use crate::registration::quota::ChoicePlaces;
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::forms::clean_line;
use crate::web::{Failure, FieldErrors, FormData, Message, Page, RouteTable, SentForm, Visit, respond};
use actix_web::HttpRequest;
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
struct SentPage {
    hours: i64,
    register_url: String,
    contact_email: String,
}

impl Page for SentPage {
    const TEMPLATE: &'static str = "registration/sent.html";
}

/// The form at one event, and who holds the address typed, if anyone.
pub(super) struct Desk {
    pub(super) event: Arc<Event>,
    /// Those that may be chosen: with an invitation only its own, as the invitation has it.
    pub(super) categories: Vec<Category>,
    /// Every category as it is.
    all: Vec<Category>,
    quotas: HashMap<CategoryId, Vec<QuotaId>>,
    pub(super) questions: Arc<Form>,
    pub(super) choices: Vec<ChoicePlaces>,
    known: Option<Registration>,
    /// The invitation code that was typed, whether it can be used or not.
    invitation: Option<InvitationCode>,
    /// What was sent, with its files.
    pub(super) received: Received,
    pub(super) now: UtcTime,
}

/// `GET /{event}/register`.
async fn show_form(request: HttpRequest, visit: Visit, client: ClientAddress, path: Path<String>) -> PageResult {
    // Each look with a code is a try to guess one.
    if visit.param("code").is_some_and(|code| !code.is_empty()) {
        visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    }
    let code = visit.param("code").unwrap_or_default().to_owned();
    let desk = Desk::open(&visit.app, path.into_inner(), (None, code)).await?;
    note_opening(&visit, &request, desk.event.id);
    let given = |name: &'static str| (name, visit.param(name).unwrap_or_default().to_owned());
    let mut form = FormData::from_fields([given("category"), given("code")]);
    let mut errors = FieldErrors::default();
    if let Err(key) = desk.invited(None) {
        errors.push("code", Message::new(key));
    } else if let Some(invitation) = &desk.invitation {
        invitation.prefill().fields().iter().for_each(|(name, value)| form.push(*name, *value));
        form.push("email", invitation.email.clone().unwrap_or_default());
    }
    desk.show(&visit, StatusCode::OK, &form, &errors)
}

/// `POST /{event}/register`.
async fn submit_form(visit: Visit, client: ClientAddress, path: Path<String>, sent: SentForm) -> PageResult {
    visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    let applicant = Applicant::read(&sent.form);
    let key = applicant.as_ref().ok().map(|applicant| applicant.email.key());
    let code = sent.form.text("code").to_owned();
    let mut desk = Desk::open(&visit.app, path.into_inner(), (key, code)).await?;
    desk.received = receive(&visit.app, desk.event.id, &desk.questions, sent).await?;
    match desk.register(&visit, &desk.received.form, applicant).await {
        Ok(()) => Ok(respond::see_other(format!("/{}/register/sent", desk.event.slug))),
        Err(Refused::Form(errors)) => desk.show(&visit, StatusCode::UNPROCESSABLE_ENTITY, &desk.received.form, &errors),
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

/// The category of an invitation as it stands for whoever has the code: open at any time, to any address, and
/// never full where the code reserves places. Nobody waits by a code.
fn invited_to(code: &InvitationCode, categories: Vec<Category>) -> Vec<Category> {
    let own = categories.into_iter().filter(|category| category.id == code.category_id);
    own.map(|category| Category {
        access_code: None,
        needs_code: false,
        opens_at: None,
        closes_at: None,
        has_waiting_list: false,
        address_rules: Json::default(),
        needs_approval: category.needs_approval && !code.skips_approval,
        capacity: category.capacity.filter(|_| !code.is_reserved),
        ..category
    })
    .collect()
}

/// What was sent, checked.
struct Entry<'a> {
    applicant: &'a Applicant,
    category: &'a Category,
    answers: &'a Answers,
    /// The questions that they answer.
    asked: &'a Form,
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
    async fn open(app: &Data<App>, slug: String, (email_key, code): (Option<String>, String)) -> Result<Self, Failure> {
        let (now, kept) = (app.clock.now(), app.clone());
        app.read(move |db| {
            let form = operations::form_of(db, &kept.registration_forms, &slug)?;
            let KeptAnswer { event, categories, quotas, questions, choices } = form.ok_or(Failure::NotFound)?;
            let known = match email_key {
                Some(key) => operations::active(db, event.id, &key)?,
                None => None,
            };
            let is_access = categories.iter().any(|one| one.access_code.is_some() && one.is_visible_with(&code));
            let invitation = if is_access { None } else { codes::typed(db, event.id, &code)? };
            let all = categories.clone();
            let categories = match &invitation {
                Some(code) if code.usable(now).is_ok() => invited_to(code, categories),
                _ => categories,
            };
            let received = Received::default();
            Ok(Self { event, categories, all, quotas, questions, choices, known, invitation, received, now })
        })
        .await
    }

    /// Whether the invitation that was typed, if one was, may be used, by this address where one is given.
    fn invited(&self, email_key: Option<&str>) -> Result<(), &'static str> {
        let Some(invitation) = &self.invitation else { return Ok(()) };
        invitation.usable(self.now).map_err(Unusable::key)?;
        match email_key {
            Some(key) if !invitation.is_for(key) => Err("codes-error-other-address"),
            _ => Ok(()),
        }
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
        if let Err(key) = self.invited(Some(&applicant.email.key())) {
            let mut errors = FieldErrors::default();
            errors.push("code", Message::new(key));
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
        let asked = self.questions.of_category(category.id);
        for _ in 0..CODE_ATTEMPTS {
            let entry =
                Entry { applicant: &applicant, category, answers: &answers, asked: &asked, submission: &submission };
            let prepared = self.prepare(&visit.app, lang, &entry, false)?;
            match enter(&visit.app, self.now, category, prepared).await {
                Ok(()) => return Ok(()),
                Err(RegisterError::CodeTaken) => {}
                Err(RegisterError::Full) if category.makes_offers(self.now) => {
                    return self.wait(&visit.app, lang, &entry).await;
                }
                Err(RegisterError::Full) => return Err(Refused::category("registration-error-full")),
                Err(RegisterError::FileGone) => return Err(Refused::Form(self.files_gone(&asked))),
                Err(RegisterError::CodeSpent) => {
                    let mut errors = FieldErrors::default();
                    errors.push("code", Message::new("codes-error-used-up"));
                    return Err(Refused::Form(errors));
                }
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
        let answers = asked.read_with(form, self.now, &Answers::default(), &self.received.uploads);
        let answers = answers.and_then(|answers| view::room_for(&asked, &self.choices, answers, &Answers::default()));
        // A form opened before the questions changed is shown again with what was typed: a new
        // question would otherwise stay unanswered in silence.
        let stamp = form.text("form_stamp");
        let is_current = stamp.is_empty() || stamp == self.questions.stamp();
        match (applicant, category, answers) {
            (Ok(applicant), Ok(category), Ok(answers)) if is_current && self.received.errors.is_empty() => {
                Ok((applicant, category, answers))
            }
            (applicant, category, answers) => {
                let mut errors = FieldErrors::default();
                if !is_current {
                    errors.push("questions", Message::new("forms-error-changed"));
                }
                let (applicant, answers) = (applicant.err().unwrap_or_default(), answers.err().unwrap_or_default());
                applicant
                    .iter()
                    .chain(self.received.errors.iter())
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

    /// The files that were sent with another form: each is to be chosen again.
    fn files_gone(&self, asked: &Form) -> FieldErrors {
        let mut errors = FieldErrors::default();
        let taken = asked.questions.iter().filter(|question| {
            let upload = self.received.uploads.of(self.received.form.text(&question.field()), question.id);
            upload.is_some_and(|upload| upload.is_claimed)
        });
        taken.for_each(|question| errors.push(question.field(), Message::new("forms-error-file-gone")));
        // It went between the look and the transaction: nobody knows which.
        if errors.is_empty() {
            let files = asked.questions.iter().filter(|question| question.kind.takes_file());
            files.for_each(|question| errors.push(question.field(), Message::new("forms-error-file-gone")));
        }
        errors
    }

    /// Joins the waiting list.
    async fn wait(&self, app: &App, lang: Lang, entry: &Entry<'_>) -> Result<(), Refused> {
        let prepared = self.prepare(app, lang, entry, true)?;
        let joined = app.write(move |db, now| operations::waiting::wait(db, now, &prepared)).await;
        joined.map(drop).map_err(|error| Refused::Failed(error.into()))
    }

    async fn remind(&self, app: &App, registration: &Registration, submission: Submission) -> Result<Outcome, Failure> {
        let category = self.all.iter().find(|category| category.id == registration.category_id);
        let category = category.ok_or(Failure::NotFound)?;
        let mut known = known_address(app, self.now, &self.event, category, registration)?;
        known.submission = Some(submission);
        let send = move |db: &mut crate::db::DbConnection, now| {
            Ok::<_, Failure>(operations::send_link_again(db, now, crate::audit::Actor::Visitor, &known)?)
        };
        app.write(send).await
    }

    fn prepare(&self, app: &App, lang: Lang, entry: &Entry<'_>, waits: bool) -> Result<Prepared, Refused> {
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
        let chosen = self.choices.iter().filter(|choice| choice.is_made(entry.answers));
        let chosen: Vec<QuotaId> = chosen.map(|choice| choice.id).collect();
        quotas.extend(chosen.iter().copied());
        quotas.sort_unstable();
        let code = self.invitation.as_ref().map(|code| Redeemed { id: code.id, is_reserved: code.is_reserved });
        let answers = entry.answers.column();
        let at = Preparing { keys: &app.sealing, event: &self.event, registration: registration.id, now: self.now };
        let given = (&Answers::default(), entry.answers);
        let attached = Attached::between(at, entry.asked, given, &self.received.uploads).map_err(Refused::Form)?;
        let submission = entry.submission.clone();
        Ok(Prepared { registration, answers, attached, link, message, quotas, chosen, code, submission })
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
