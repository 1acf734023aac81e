//! Adding one person, and what is made ready for whoever is added.

use super::guest::{Guest, Open};
use crate::app::App;
use crate::db::{DbConnection, UtcTime};
use crate::delegations::mails::DelegationLetter;
use crate::delegations::model::{Delegation, Person, Refusal};
use crate::delegations::operations::{self, Whole};
use crate::delegations::people::{Book, mail_languages};
use crate::events::model::Event;
use crate::i18n::{Lang, country_choices};
use crate::registration::category::Category;
use crate::registration::model::{Applying, Registration, Source};
use crate::registration::names::NameOrder;
use crate::registration::operations::{Enrolment, give_or_find_ticket_key as ticket_key};
use crate::registration::ticket::TicketKey;
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, respond};
use actix_web::http::StatusCode;
use actix_web::web::{Data, block};
use serde::Serialize;

/// The fields of a person, on the page that adds one and on that of one who is in.
#[derive(Serialize)]
pub(super) struct PersonFields {
    given_name: Field,
    family_name: Field,
    native_name: Field,
    email: Field,
    organisation: Field,
    position: Field,
    country: Field,
    countries: Vec<Choice>,
    honorific: Field,
    name_order: Field,
    name_orders: Vec<Choice>,
    nationality: Field,
    nationalities: Vec<Choice>,
    language: Field,
    languages: Vec<Choice>,
}

impl PersonFields {
    /// The fields as typed.
    pub(super) fn new(guest: &Guest, context: &PageContext, view: &FormView<'_>) -> Self {
        let texts = &guest.visit.app.texts;
        let countries: Vec<(String, String)> = country_choices(texts, context.lang)
            .into_iter()
            .map(|(country, name)| (country.as_str().to_owned(), name))
            .collect();
        let order = |order: &NameOrder| {
            let key = format!("registration-name-order-{}", order.as_str().replace('_', "-"));
            (order.as_str().to_owned(), texts.text(context.lang, &key, &[]))
        };
        let languages = mail_languages(&guest.event.languages).into_iter();
        Self {
            given_name: view.field("given_name"),
            family_name: view.field("family_name"),
            native_name: view.field("native_name"),
            email: view.field("email"),
            organisation: view.field("organisation"),
            position: view.field("position"),
            country: view.field("country"),
            countries: view.choices("country", countries.iter().cloned()),
            honorific: view.field("honorific"),
            name_order: view.field("name_order"),
            name_orders: view.choices("name_order", NameOrder::ALL.iter().map(order)),
            nationality: view.field("nationality"),
            nationalities: view.choices("nationality", countries),
            language: view.field("language"),
            languages: view.choices("language", languages.map(|lang| (lang.to_string(), own_name(texts, lang)))),
        }
    }
}

/// The categories in which a delegation may send people, each with the places that are left.
pub(super) fn category_choices(guest: &Guest, context: &PageContext, whole: &Whole, chosen: &str) -> Vec<Choice> {
    let choice = |category: &Category| {
        let left = whole.places.iter().find(|places| places.category_id == category.id);
        let left = left.map_or(0, crate::delegations::model::Places::left);
        let name = category.name.text(context.lang, &guest.event.languages).to_owned();
        let args = [("category", name.into()), ("left", left.into())];
        Choice {
            value: category.id.to_string(),
            label: guest.visit.app.texts.text(context.lang, "delegations-category-left", &args),
            selected: category.id.as_str() == chosen,
        }
    };
    whole.open_categories().map(choice).collect()
}

#[derive(Serialize)]
struct AddPage {
    action: String,
    back_url: String,
    several_url: String,
    name: String,
    errors: Vec<ErrorLine>,
    person: PersonFields,
    category: Field,
    categories: Vec<Choice>,
    sends: bool,
}

impl Page for AddPage {
    const TEMPLATE: &'static str = "delegation/add.html";
}

/// `GET /{event}/d/{token}/add`.
pub(super) async fn show_form(Open(guest): Open) -> PageResult {
    let whole = guest.whole().await?;
    let mut form = FormData::from_fields([("language", guest.delegation.language.to_string())]);
    form.push("country", guest.delegation.country.clone().unwrap_or_default());
    if let Some(first) = whole.open_categories().next().filter(|_| whole.open_categories().count() == 1) {
        form.push("category", first.id.to_string());
    }
    show(&guest, &whole, StatusCode::OK, (&form, &FieldErrors::default()))
}

fn show(guest: &Guest, whole: &Whole, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = guest.context("delegations-add-title");
    let view = FormView::new(&guest.visit, &context, form, errors);
    let page = AddPage {
        action: guest.url("/add"),
        back_url: guest.url(""),
        several_url: guest.url("/add-several"),
        name: guest.name(&context),
        errors: view.summary(),
        person: PersonFields::new(guest, &context, &view),
        category: view.field("category"),
        categories: category_choices(guest, &context, whole, form.text("category")),
        sends: view.ticked("sends"),
    };
    guest.visit.show_with_status(status, &context, &page)
}

/// `POST /{event}/d/{token}/add`.
pub(super) async fn add(Open(guest): Open, form: FormData) -> PageResult {
    let whole = guest.whole().await?;
    match add_one(&guest, &whole, &form).await? {
        Ok(url) => Ok(respond::see_other_with_notice(url, "delegations-notice-added")),
        Err(errors) => {
            // Places may have gone meanwhile.
            let whole = guest.whole().await?;
            show(&guest, &whole, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors))
        }
    }
}

/// Adds somebody; the address that leads on.
async fn add_one(guest: &Guest, whole: &Whole, form: &FormData) -> Result<Result<String, FieldErrors>, Failure> {
    let languages = mail_languages(&guest.event.languages);
    let person = match book(guest, whole, &languages).check_one(form) {
        Ok(person) => person,
        Err(errors) => return Ok(Err(errors)),
    };
    let category = person.category;
    let sends = form.is_ticked("sends");
    let enrolments = enrolments(guest, whole, vec![(0, person)], sends).await?;
    let (by, ids) = (guest.by(), guest.ids());
    let job = move |db: &mut DbConnection, now| operations::add(db, now, by, ids, (&enrolments, false));
    let done = guest.visit.app.write(job).await?;
    if let Some((_, refusal)) = done.refused.first() {
        let mut errors = FieldErrors::default();
        let field = match refusal {
            Refusal::Known => "email",
            Refusal::Again => "given_name",
            _ => "category",
        };
        errors.push(field, refused(guest, whole, category, *refusal));
        return Ok(Err(errors));
    }
    let asks = whole.asked.first.questions.iter().any(|one| one.kind.is_answered() && one.is_asked_in(category));
    let added = done.added.first().copied().filter(|_| asks);
    Ok(Ok(added.map_or_else(|| guest.url(""), |id| guest.person_url(id, "/answers"))))
}

/// What rows are checked against; `languages` are those that mails may be in.
pub(super) fn book<'a>(guest: &'a Guest, whole: &'a Whole, languages: &'a [Lang]) -> Book<'a> {
    let app = &guest.visit.app;
    let asked = (&whole.asked.first, languages);
    Book::new(&app.texts, &guest.delegation, whole.open_categories().collect(), asked, app.clock.now())
}

/// Why somebody was not added, with the category's name.
pub(super) fn refused(guest: &Guest, whole: &Whole, category: crate::db::CategoryId, refusal: Refusal) -> Message {
    let lang = guest.context("delegations-add-title").lang;
    let name = whole.category(category).map(|own| own.name.text(lang, &guest.event.languages).to_owned());
    let message = Message::new(refusal.key()).with("category", name.unwrap_or_default());
    match refusal {
        Refusal::DelegationFull(capacity) => message.with("capacity", capacity),
        _ => message,
    }
}

/// What a transaction needs to add people, with their links and mails where they are sent at once. Tickets
/// are drawn for those who are in, away from the threads that answer.
pub(super) async fn enrolments(
    guest: &Guest,
    whole: &Whole,
    people: Vec<(usize, Person)>,
    sends: bool,
) -> Result<Vec<(usize, Enrolment)>, Failure> {
    let (app, event, delegation) = (guest.visit.app.clone(), guest.event.clone(), guest.delegation.clone());
    let key = ticket_key(&app, event.id).await?;
    let (categories, now) = (whole.categories.clone(), app.clock.now());
    let make = move || {
        let maker = Maker { app: &app, event: &event, delegation: &delegation, key: &key, now };
        people
            .iter()
            .filter_map(|(number, person)| {
                let category = categories.iter().find(|category| category.id == person.category)?;
                Some(maker.enrolment(person, category, sends).map(|enrolment| (*number, enrolment)))
            })
            .collect::<Result<Vec<_>, Failure>>()
    };
    block(make).await.map_err(Failure::unexpected)?
}

struct Maker<'a> {
    app: &'a Data<App>,
    event: &'a Event,
    delegation: &'a Delegation,
    key: &'a TicketKey,
    now: UtcTime,
}

impl Maker<'_> {
    fn enrolment(&self, person: &Person, category: &Category, sends: bool) -> Result<Enrolment, Failure> {
        let applying = Applying {
            event: self.event.id,
            category: category.id,
            email: &person.email,
            email_key: &person.email_key,
            details: &person.details,
            language: person.language,
        };
        let registration = Registration::new(&applying, category.after_verification(), self.now);
        let letter = DelegationLetter { app: self.app, event: self.event, delegation: self.delegation, now: self.now };
        let told = match sends && registration.has_address() {
            true => Some(letter.member(&registration, category, self.key)?),
            false => None,
        };
        let (link, message) = told.unzip();
        let enrolment = Enrolment::new(registration, Source::Delegation);
        Ok(Enrolment { link, message, answers: person.answers.column(), ..enrolment })
    }
}
