//! The page of whoever may have a place: its link shows a form and does nothing by itself, because mail
//! scanners follow links.

use crate::app::App;
use crate::db::{DbConnection, UtcTime};
use crate::registration::applicant;
use crate::registration::forms::attaching::{Attached, Preparing};
use crate::registration::forms::files::receiving::{Received, receive};
use crate::registration::forms::model::Answers;
use crate::registration::forms::view::{self, QuestionView};
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{Applying, Details, LinkPurpose, Registration, RegistrationState};
use crate::registration::operations::give_or_find_ticket_key as ticket_key;
use crate::registration::pages::{DetailFields, privacy_notice, public_context};
use crate::registration::transfers::mails::TransferLetter;
use crate::registration::transfers::model::TransferOutcome;
use crate::registration::transfers::operations::{self, Handover, Offered, TransferError};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, SentForm, Token, Visit,
    respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of whoever may have a place.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/transfer/{token}", show);
    routes.post("/{event}/transfer/{token}", take_over);
    routes.post("/{event}/transfer/{token}/decline", decline);
}

#[derive(Serialize)]
struct SuccessorPage {
    action: String,
    decline_action: String,
    sender: String,
    email: String,
    category: Text,
    includes: Vec<String>,
    deadline: String,
    needs_approval: bool,
    errors: Vec<ErrorLine>,
    person: DetailFields,
    questions: Vec<QuestionView>,
    takes_files: bool,
    accept_privacy: Field,
    privacy_accepted: bool,
    privacy_notice: Text,
    contact_email: String,
}

impl Page for SuccessorPage {
    const TEMPLATE: &'static str = "registration/successor.html";
}

/// One sentence about a link that does nothing any more.
#[derive(Serialize)]
struct EndedPage {
    heading: String,
    text: String,
    action_url: String,
    action: String,
}

impl Page for EndedPage {
    const TEMPLATE: &'static str = "registration/link.html";
}

/// An offer as its link opens it.
struct Guest {
    offered: Offered,
    token: String,
    /// What was sent, with its files.
    received: Received,
    now: UtcTime,
}

/// What was filled in, checked.
struct Filled {
    details: Details,
    answers: Answers,
}

impl Guest {
    async fn open(visit: &Visit, path: &(String, String)) -> Result<Self, Failure> {
        let (slug, hash, now) = (path.0.clone(), Token::received(path.1.as_str()).hash(), visit.app.clock.now());
        let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::offered(db, now, &slug, &hash)?);
        let offered = visit.app.read(read).await?.ok_or(Failure::NotFound)?;
        Ok(Self { offered, token: path.1.clone(), received: Received::default(), now })
    }

    fn is_open(&self) -> bool {
        self.offered.transfer.is_open(self.now) && self.offered.barrier.is_none()
    }

    fn context(&self, visit: &Visit) -> PageContext {
        public_context(visit, &self.offered.event, "transfers-successor-title")
    }

    fn url(&self, below: &str) -> String {
        format!("/{}/transfer/{}{below}", self.offered.event.slug, self.token)
    }

    fn show_ended(&self, visit: &Visit) -> PageResult {
        let context = self.context(visit);
        let text = |key: &str| visit.app.texts.text(context.lang, key, &[]);
        let words = match self.offered.transfer.outcome {
            Some(TransferOutcome::Accepted) => "accepted",
            Some(TransferOutcome::Declined) => "declined",
            _ => "ended",
        };
        // Whoever took the place has a page of their own, whose link comes again by mail.
        let (below, action) = match words {
            "accepted" => ("find", "registration-find-link"),
            _ => ("register", "registration-link-register-again"),
        };
        let page = EndedPage {
            heading: text(&format!("transfers-{words}-heading")),
            text: text(&format!("transfers-{words}-text")),
            action_url: format!("/{}/{below}", self.offered.event.slug),
            action: text(action),
        };
        visit.show_with_status(StatusCode::GONE, &context, &page)
    }

    fn show(&self, visit: &Visit, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
        let (context, offered) = (self.context(visit), &self.offered);
        let (event, category) = (&offered.event, &offered.category);
        let view = FormView::new(visit, &context, form, errors);
        let includes = category.includes.text(context.lang, &event.languages);
        let page = SuccessorPage {
            action: self.url(""),
            decline_action: self.url("/decline"),
            sender: offered.sender.full_name(),
            email: offered.transfer.email.clone(),
            category: Text::pick(&category.name, context.lang, &event.languages),
            includes: includes.lines().map(str::trim).filter(|line| !line.is_empty()).map(str::to_owned).collect(),
            deadline: context.formatter().date_time(offered.transfer.until.in_zone(event.zone()).naive_local()),
            needs_approval: category.needs_approval,
            errors: view::labelled(visit, &context, &offered.asked, &event.languages, view.summary()),
            questions: self.questions(visit, &context, &view),
            takes_files: offered.asked.takes_files(),
            person: DetailFields::new(visit, &context, &view),
            accept_privacy: view.field("accept_privacy"),
            privacy_accepted: view.ticked("accept_privacy"),
            privacy_notice: privacy_notice(event, context.lang),
            contact_email: event.contact_email.clone().unwrap_or_default(),
        };
        visit.show_with_status(status, &context, &page)
    }
}

impl Guest {
    fn questions(&self, visit: &Visit, context: &PageContext, form: &FormView<'_>) -> Vec<QuestionView> {
        let Offered { event, asked, places, .. } = &self.offered;
        let mut questions = view::questions(visit, context, form, asked, (&[], &event.languages));
        view::mark_full(&mut questions, asked, places, &visit.app.texts.text(context.lang, "registration-full", &[]));
        let waiting_url = format!("/{}/uploads", event.slug);
        view::show_uploads(&mut questions, asked, (&self.received.uploads, &[]), (&waiting_url, ""));
        questions
    }

    /// Everything that was filled in, checked; every wrong field is named at once.
    fn check(&self) -> Result<Filled, FieldErrors> {
        let (Received { form, uploads, errors }, Offered { asked, places, .. }) = (&self.received, &self.offered);
        let answers = asked.read_with(form, self.now, &Answers::default(), uploads);
        let answers = answers.and_then(|answers| view::room_for(asked, places, answers, &Answers::default()));
        match (read(form), answers) {
            (Ok(details), Ok(answers)) if errors.is_empty() => Ok(Filled { details, answers }),
            (details, answers) => {
                let mut all = details.err().unwrap_or_default();
                let others = answers.err().unwrap_or_default();
                errors.iter().chain(others.iter()).for_each(|one| all.push(one.field.clone(), one.message.clone()));
                Err(all)
            }
        }
    }

    /// The form again with what is wrong.
    fn refuse(&self, visit: &Visit, errors: &FieldErrors) -> PageResult {
        self.show(visit, StatusCode::UNPROCESSABLE_ENTITY, (&self.received.form, errors))
    }
}

/// `GET /{event}/transfer/{token}`.
async fn show(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let guest = Guest::open(&visit, &path).await?;
    if !guest.is_open() {
        return guest.show_ended(&visit);
    }
    let transfer = &guest.offered.transfer;
    let names = [("given_name", transfer.given_name.as_str()), ("family_name", transfer.family_name.as_str())];
    guest.show(&visit, StatusCode::OK, (&FormData::from_fields(names), &FieldErrors::default()))
}

fn read(form: &FormData) -> Result<Details, FieldErrors> {
    let (details, mut errors) = match applicant::details(form) {
        Ok(details) => (details, FieldErrors::default()),
        Err(errors) => (Details::default(), errors),
    };
    if !form.is_ticked("accept_privacy") {
        errors.push("accept_privacy", Message::new("registration-error-accept-privacy"));
    }
    if errors.is_empty() { Ok(details) } else { Err(errors) }
}

/// Times that a new code is tried when one is given away already.
const CODE_ATTEMPTS: usize = 3;

/// `POST /{event}/transfer/{token}`: takes the place.
async fn take_over(visit: Visit, path: Path<(String, String)>, sent: SentForm) -> PageResult {
    let mut guest = Guest::open(&visit, &path).await?;
    if !guest.is_open() {
        return guest.show_ended(&visit);
    }
    guest.received = receive(&visit.app, guest.offered.event.id, &guest.offered.asked, sent).await?;
    match guest.check() {
        Ok(filled) => hand_over(&visit, &path, &guest, &filled).await,
        Err(errors) => guest.refuse(&visit, &errors),
    }
}

async fn hand_over(visit: &Visit, path: &(String, String), guest: &Guest, filled: &Filled) -> PageResult {
    for _ in 0..CODE_ATTEMPTS {
        let (token, handover) = match prepare(&visit.app, guest, filled).await {
            Ok(prepared) => prepared,
            Err(Refused::Form(errors)) => return guest.refuse(visit, &errors),
            Err(Refused::Failed(failure)) => return Err(failure),
        };
        let job = move |db: &mut DbConnection, now| operations::take_over(db, now, &handover);
        match visit.app.write(job).await {
            Ok(_) => {
                let url = format!("/{}/r/{}", guest.offered.event.slug, token.reveal());
                return Ok(respond::see_other_with_notice(url, "transfers-notice-taken-over"));
            }
            Err(TransferError::CodeTaken) => {}
            Err(TransferError::Known) => {
                let mut errors = FieldErrors::default();
                errors.push("email", Message::new("transfers-error-known"));
                return guest.refuse(visit, &errors);
            }
            Err(TransferError::Ended | TransferError::Barred(_)) => {
                return Guest::open(visit, path).await?.show_ended(visit);
            }
            Err(error) => return Err(error.into()),
        }
    }
    Err(Failure::Busy)
}

/// Why nothing was made ready.
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

async fn prepare(app: &App, guest: &Guest, filled: &Filled) -> Result<(Token, Handover), Refused> {
    let Offered { event, transfer, sender, category, asked, .. } = &guest.offered;
    let address: crate::mail::address::EmailAddress = transfer.email.parse().map_err(Failure::unexpected)?;
    let (email, email_key, now) = (address.to_string(), address.key(), app.clock.now());
    let applying = Applying {
        event: event.id,
        category: category.id,
        email: &email,
        email_key: &email_key,
        details: &filled.details,
        language: transfer.language,
    };
    let state = category.after_verification();
    // The link confirmed the address.
    let successor = Registration { confirmed_at: Some(now), ..Registration::new(&applying, state, now) };
    let (token, link) = new_link(now, &successor, LinkPurpose::Own);
    let letter = Letter { app, event, registration: &successor, category, now };
    let welcome = match state {
        RegistrationState::Applied => letter.application_received(&token)?,
        _ => letter.confirmed(&token, &ticket_key(app, event.id).await?)?,
    };
    let farewell = TransferLetter::of(app, &guest.offered).farewell(now)?;
    let at = Preparing { keys: &app.sealing, event, registration: successor.id, now };
    let given = (&Answers::default(), &filled.answers);
    let attached = Attached::between(at, asked, given, &guest.received.uploads).map_err(Refused::Form)?;
    let (transfer, sender, answers) = (transfer.clone(), sender.clone(), filled.answers.column());
    Ok((token, Handover { transfer, sender, successor, answers, attached, link, welcome, farewell }))
}

/// `POST /{event}/transfer/{token}/decline`.
async fn decline(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let guest = Guest::open(&visit, &path).await?;
    if guest.is_open() {
        let message = TransferLetter::of(&visit.app, &guest.offered).not_wanted()?;
        let Offered { sender, transfer, .. } = guest.offered;
        let job = move |db: &mut DbConnection, now| {
            operations::end_unwanted(db, now, (&sender, &transfer, TransferOutcome::Declined), &message)
        };
        match visit.app.write(job).await {
            Ok(()) | Err(TransferError::Ended) => {}
            Err(error) => return Err(error.into()),
        }
    }
    Guest::open(&visit, &path).await?.show_ended(&visit)
}
