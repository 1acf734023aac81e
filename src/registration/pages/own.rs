//! Confirming an address, and the attendee's own page.

use super::own_more::OwnMore;
use super::{public_context, ticket_key};
use crate::accreditation::operations as accreditation;
use crate::app::App;
use crate::db::{DbConnection, UtcTime};
use crate::events::model::Event;
use crate::i18n::country_name;
use crate::registration::calendar::Method;
use crate::registration::codes::operations as codes;
use crate::registration::forms::answering::{self, Answered};
use crate::registration::forms::model::{AnswerLine, QuestionKind, Stage};
use crate::registration::mails::Letter;
use crate::registration::merging::operations as merging;
use crate::registration::model::RegistrationState;
use crate::registration::operations::{self, Confirmation, Own};
use crate::registration::ticket;
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, Page, PageContext, RouteTable, Token, Visit, respond};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of private links.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/verify/{token}", show_verify);
    routes.post("/{event}/verify/{token}", confirm_address);
    routes.get("/{event}/r/{token}", show_own);
    routes.get("/{event}/r/{token}/calendar.ics", download_calendar);
}

/// The event of a slug, or 404.
pub(super) async fn event(visit: &Visit, slug: String) -> Result<Event, Failure> {
    let found = visit.app.read(move |db| Ok::<_, Failure>(crate::events::operations::by_slug(db, &slug)?)).await?;
    found.ok_or(Failure::NotFound)
}

/// What a private link opens, or 404.
pub(in crate::registration) async fn find(app: &App, slug: &str, token: &str) -> Result<Own, Failure> {
    let (slug, hash) = (slug.to_owned(), Token::received(token).hash());
    let own = app.read(move |db| Ok::<_, Failure>(operations::own(db, &slug, &hash)?)).await?;
    own.ok_or(Failure::NotFound)
}

impl Own {
    /// The letter to this attendee.
    pub(in crate::registration) fn letter<'a>(&'a self, app: &'a App, now: UtcTime) -> Letter<'a> {
        Letter { app, event: &self.event, registration: &self.registration, category: &self.category, now }
    }

    /// The address of the own page, or of what is below it.
    pub(in crate::registration) fn url(&self, token: &str, below: &str) -> String {
        format!("/{}/r/{token}{below}", self.event.slug)
    }
}

#[derive(Serialize)]
struct VerifyPage {
    action: String,
    name: String,
    email: String,
    category: Text,
    deadline: String,
}

impl Page for VerifyPage {
    const TEMPLATE: &'static str = "registration/verify.html";
}

/// One sentence about a link that does nothing (any more), and where to go.
#[derive(Serialize)]
struct LinkPage {
    heading: String,
    text: String,
    action_url: String,
    action: String,
}

impl Page for LinkPage {
    const TEMPLATE: &'static str = "registration/link.html";
}

/// `GET /{event}/verify/{token}`. Shows a button and does nothing: mail scanners follow links.
async fn show_verify(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let (slug, token) = path.into_inner();
    let own = match find(&visit.app, &slug, &token).await {
        Err(Failure::NotFound) => return show_unknown_link(&visit, slug).await,
        found => found?,
    };
    if is_merged(&visit, &own).await? {
        return show_merged(&visit, &own);
    }
    if !own.registration.awaits_confirmation(visit.app.clock.now()) {
        return show_used_link(&visit, &own, &token);
    }
    let context = public_context(&visit, &own.event, "registration-verify-title");
    let zone = own.event.zone();
    let in_words = |at: UtcTime| context.formatter().date_time(at.in_zone(zone).naive_local());
    let page = VerifyPage {
        action: format!("/{slug}/verify/{token}"),
        name: own.registration.full_name(),
        email: own.registration.email.clone(),
        category: Text::pick(&own.category.name, context.lang, &own.event.languages),
        deadline: own.registration.verify_by.map(in_words).unwrap_or_default(),
    };
    visit.show(&context, &page)
}

/// `POST /{event}/verify/{token}`.
async fn confirm_address(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let (slug, token) = path.into_inner();
    let own = match find(&visit.app, &slug, &token).await {
        Err(Failure::NotFound) => return show_unknown_link(&visit, slug).await,
        found => found?,
    };
    let now = visit.app.clock.now();
    if !own.registration.awaits_confirmation(now) {
        return show_used_link(&visit, &own, &token);
    }
    let (id, received) = (own.registration.id, Token::received(token.as_str()));
    let code = visit.app.read(move |db| Ok::<_, Failure>(codes::of_registration(db, id)?)).await?;
    let to = match code {
        Some(code) if code.skips_approval => RegistrationState::Confirmed,
        _ => own.category.after_verification(),
    };
    let message = match to {
        RegistrationState::Applied => own.letter(&visit.app, now).application_received(&received)?,
        _ => own.letter(&visit.app, now).confirmed(&received, &ticket_key(&visit.app, own.event.id).await?)?,
    };
    let confirmation = Confirmation { link: own.link.clone(), registration: own.registration.clone(), to, message };
    // Whether this press or another did it, the own page says how things stand.
    visit.app.write(move |db, now| Ok::<_, Failure>(operations::confirm(db, now, &confirmation)?)).await?;
    Ok(respond::see_other(own.url(&token, "")))
}

fn link_page(visit: &Visit, context: &PageContext, words: &str, (url, action): (String, &str)) -> LinkPage {
    let text = |key: &str| visit.app.texts.text(context.lang, key, &[]);
    LinkPage {
        heading: text(&format!("registration-link-{words}-heading")),
        text: text(&format!("registration-link-{words}-text")),
        action_url: url,
        action: text(&format!("registration-link-{action}")),
    }
}

/// A link that confirmed its address already, or came too late.
fn show_used_link(visit: &Visit, own: &Own, token: &str) -> PageResult {
    let context = public_context(visit, &own.event, "registration-verify-title");
    let again = (format!("/{}/register", own.event.slug), "register-again");
    let (status, words, action) = match own.registration.state {
        RegistrationState::Unverified | RegistrationState::Expired => (StatusCode::GONE, "expired", again),
        RegistrationState::Cancelled | RegistrationState::Rejected => (StatusCode::GONE, "ended", again),
        _ => (StatusCode::OK, "used", (own.url(token, ""), "own-page")),
    };
    visit.show_with_status(status, &context, &link_page(visit, &context, words, action))
}

/// Whether the team put this registration together with another one of the same person.
async fn is_merged(visit: &Visit, own: &Own) -> Result<bool, Failure> {
    if own.registration.state != RegistrationState::Cancelled {
        return Ok(false);
    }
    let id = own.registration.id;
    visit.app.read(move |db: &mut DbConnection| Ok::<_, Failure>(merging::is_merged(db, id)?)).await
}

/// Says what became of a registration that was put together with another, and where that one's link is sent.
fn show_merged(visit: &Visit, own: &Own) -> PageResult {
    let context = public_context(visit, &own.event, "registration-own-title");
    let find = (format!("/{}/find", own.event.slug), "find");
    visit.show_with_status(StatusCode::GONE, &context, &link_page(visit, &context, "merged", find))
}

async fn show_unknown_link(visit: &Visit, slug: String) -> PageResult {
    let event = event(visit, slug).await?;
    let context = public_context(visit, &event, "registration-verify-title");
    let again = (format!("/{}/register", event.slug), "register-again");
    visit.show_with_status(StatusCode::NOT_FOUND, &context, &link_page(visit, &context, "unknown", again))
}

#[derive(Serialize)]
struct OwnPage {
    name: String,
    native_name: String,
    code: String,
    category: Text,
    state: &'static str,
    state_label: String,
    state_text: String,
    ticket_svg: String,
    /// The place in the waiting list, where one may know it.
    rank: String,
    offer: Option<OfferBox>,
    details: Vec<Detail>,
    edit_url: String,
    cancel_url: String,
    ticket_url: String,
    calendar_url: String,
    programme_url: String,
    register_url: String,
    contact_email: String,
    accreditation: OwnAccreditation,
    answers: Vec<AnswerLine>,
    /// Where answers are changed; empty where none can be.
    answers_url: String,
    data_url: String,
    /// Where one's own files stand.
    files_url: String,
    more: OwnMore,
}

/// What the own page says about accreditation; nothing where officers have nothing to say.
#[derive(Serialize)]
struct OwnAccreditation {
    is_asked: bool,
    dialogue_url: String,
    rejected_because: String,
    form_url: String,
}

impl Page for OwnPage {
    const TEMPLATE: &'static str = "registration/own.html";
}

/// A place that is kept for whoever waited.
#[derive(Serialize)]
struct OfferBox {
    action: String,
    until: String,
}

#[derive(Serialize)]
struct Detail {
    label: String,
    value: String,
}

/// `GET /{event}/r/{token}`.
async fn show_own(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let (slug, token) = path.into_inner();
    let own = match find(&visit.app, &slug, &token).await {
        Err(Failure::NotFound) => return show_unknown_link(&visit, slug).await,
        found => found?,
    };
    if own.registration.state == RegistrationState::Unverified {
        return Ok(respond::see_other(format!("/{slug}/verify/{token}")));
    }
    if is_merged(&visit, &own).await? {
        return show_merged(&visit, &own);
    }
    let ticket_svg = draw_ticket(&visit, &own).await?;
    let accreditation = own_accreditation(&visit, &own, &token).await?;
    let place = own_place(&visit, &own).await?;
    let answered = own_answers(&visit, &own).await?;
    let context = public_context(&visit, &own.event, "registration-own-title");
    let more = OwnMore::of(&visit, &context, (&own, &token)).await?;
    let mut page = own_page(&visit, &context, (&own, &token, place), (ticket_svg, accreditation, more));
    if answered[0].is_open(visit.app.clock.now()) && !own.registration.state.is_end() {
        page.answers_url = own.url(&token, "/answers");
    }
    // Consents stand on a page of their own, with date and wording.
    for mut form in answered {
        form.form.questions.retain(|question| question.kind != QuestionKind::Consent);
        page.answers.extend(form.lines(context.lang, &own.event.languages));
    }
    visit.show(&context, &page)
}

/// The form of the registration and the second one, with what was answered.
async fn own_answers(visit: &Visit, own: &Own) -> Result<[Answered; 2], Failure> {
    let (event, registration) = (own.event.clone(), own.registration.clone());
    let read = move |db: &mut DbConnection| {
        let first = answering::answered(db, &event, &registration, Stage::Apply)?;
        Ok::<_, Failure>([first, answering::answered(db, &event, &registration, Stage::Approved)?])
    };
    visit.app.read(read).await
}

/// How many are before someone who waits, and until when one is offered a place.
async fn own_place(visit: &Visit, own: &Own) -> Result<(i64, Option<UtcTime>), Failure> {
    if !matches!(own.registration.state, RegistrationState::Waitlisted | RegistrationState::Offered) {
        return Ok((0, None));
    }
    let registration = own.registration.clone();
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::waiting::own_place(db, &registration)?);
    visit.app.read(read).await
}

/// What officers ask of this person, and the form that follows approval.
async fn own_accreditation(visit: &Visit, own: &Own, token: &str) -> Result<OwnAccreditation, Failure> {
    let registration = own.registration.clone();
    let found = visit.app.read(move |db| {
        let standing = accreditation::own_standing(db, &registration)?;
        Ok::<_, Failure>((standing, accreditation::second_form(db, registration.event_id)?))
    });
    let (standing, second_form) = found.await?;
    let url = |holds: bool, below: &str| if holds { own.url(token, below) } else { String::new() };
    let owes_form = own.registration.state == RegistrationState::Confirmed
        && second_form.contains(&own.category.id)
        && !standing.is_completed;
    Ok(OwnAccreditation {
        is_asked: standing.is_asked,
        dialogue_url: url(standing.is_open, "/accreditation"),
        form_url: url(owes_form, "/second-form"),
        rejected_because: standing.rejected_because,
    })
}

/// The ticket's code, where there is a ticket.
pub(super) async fn draw_ticket(visit: &Visit, own: &Own) -> Result<String, Failure> {
    if own.registration.state != RegistrationState::Confirmed {
        return Ok(String::new());
    }
    let key = ticket_key(&visit.app, own.event.id).await?;
    ticket::draw_svg(&own.letter(&visit.app, visit.app.clock.now()).ticket(&key)).map_err(Failure::unexpected)
}

fn own_page(
    visit: &Visit,
    context: &PageContext,
    (own, token, (before, until)): (&Own, &str, (i64, Option<UtcTime>)),
    (ticket_svg, accreditation, more): (String, OwnAccreditation, OwnMore),
) -> OwnPage {
    let registration = &own.registration;
    let (state, has_ended) = (registration.state, registration.state.is_end());
    let text = |key: &str| visit.app.texts.text(context.lang, key, &[]);
    let standing = |below: &str| if has_ended { String::new() } else { own.url(token, below) };
    let confirmed = |below: &str| if ticket_svg.is_empty() { String::new() } else { own.url(token, below) };
    OwnPage {
        name: registration.full_name(),
        native_name: registration.native_name.clone(),
        code: registration.code.clone(),
        category: Text::pick(&own.category.name, context.lang, &own.event.languages),
        state: state.as_str(),
        state_label: text(&format!("registration-state-{state}")),
        state_text: text(&format!("registration-own-{state}")),
        rank: match state {
            RegistrationState::Waitlisted if own.category.shows_rank => {
                visit.app.texts.text(context.lang, "places-own-rank", &[("rank", (before + 1).into())])
            }
            _ => String::new(),
        },
        offer: until.filter(|_| state == RegistrationState::Offered).map(|until| OfferBox {
            action: own.url(token, "/offer"),
            until: context.formatter().date_time(until.in_zone(own.event.zone()).naive_local()),
        }),
        details: details(visit, context, own),
        edit_url: standing("/edit"),
        cancel_url: standing("/cancel"),
        ticket_url: confirmed("/ticket"),
        calendar_url: confirmed("/calendar.ics"),
        programme_url: confirmed("/programme"),
        register_url: if has_ended { format!("/{}/register", own.event.slug) } else { String::new() },
        contact_email: own.event.contact_email.clone().unwrap_or_default(),
        ticket_svg,
        accreditation,
        answers: Vec::new(),
        answers_url: String::new(),
        data_url: own.url(token, "/data.json"),
        files_url: own.url(token, "/files"),
        more,
    }
}

fn details(visit: &Visit, context: &PageContext, own: &Own) -> Vec<Detail> {
    let registration = &own.registration;
    let country = |code: &Option<String>| {
        let country = code.as_deref().and_then(|code| code.parse().ok());
        country.map(|country| country_name(&visit.app.texts, context.lang, country)).unwrap_or_default()
    };
    [
        ("honorific", registration.honorific.clone()),
        ("given-name", registration.given_name.clone()),
        ("family-name", registration.family_name.clone()),
        ("native-name", registration.native_name.clone()),
        ("email", registration.email.clone()),
        ("organisation", registration.organisation.clone()),
        ("position", registration.position.clone()),
        ("country", country(&registration.country)),
        ("nationality", country(&registration.nationality)),
    ]
    .into_iter()
    .filter(|(_, value)| !value.is_empty())
    .map(|(name, value)| Detail {
        label: visit.app.texts.text(context.lang, &format!("registration-field-{name}"), &[]),
        value,
    })
    .collect()
}

/// `GET /{event}/r/{token}/calendar.ics`.
async fn download_calendar(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = find(&visit.app, &path.0, &path.1).await?;
    if own.registration.state != RegistrationState::Confirmed {
        return Err(Failure::NotFound);
    }
    let text = own.letter(&visit.app, visit.app.clock.now()).calendar(Method::Publish);
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header(respond::attachment(&format!("{}.ics", own.event.slug)))
        .insert_header(("cache-control", "no-store"))
        .body(text))
}
