//! `/organizer` and `/organizer/new`.

use super::{field_errors, languages, zone_names};
use crate::accounts::access::{Administrator, SignedIn, team_context};
use crate::audit::Actor;
use crate::events::model::{Event, InvalidEvent, NewEvent, ZoneName};
use crate::events::operations::{self, EventError};
use crate::i18n::{Lang, Localized};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::{Text, dates_in_words};
use crate::web::{Checker, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct EventsPage {
    events: Vec<EventLine>,
    is_admin: bool,
}

impl Page for EventsPage {
    const TEMPLATE: &'static str = "organizer/events.html";
}

#[derive(Serialize)]
struct EventLine {
    name: Text,
    dates: String,
    place: Text,
    url: String,
    is_over: bool,
}

/// `GET /organizer`: one's events; who works for exactly one goes straight there.
pub(super) async fn list_events(own: SignedIn) -> PageResult {
    let user = own.user.clone();
    let read = move |db: &mut _| Ok::<_, EventError>(crate::accounts::operations::events_of(db, &user)?);
    let events = own.visit.app.read(read).await?;
    if let ([event], false) = (events.as_slice(), own.user.is_admin) {
        return Ok(respond::see_other(format!("/organizer/{}", event.slug)));
    }
    let context = team_context(&own.visit, &own.user).titled(&own.visit, "events-list-title");
    let events = events.iter().map(|event| line(&own, &context, event)).collect();
    own.visit.show(&context, &EventsPage { events, is_admin: own.user.is_admin })
}

fn line(own: &SignedIn, context: &PageContext, event: &Event) -> EventLine {
    let today = own.visit.app.clock.now().in_zone(event.zone()).date_naive();
    EventLine {
        name: Text::pick(&event.name, context.lang, &event.languages),
        dates: dates_in_words(&own.visit.app.texts, context.lang, event.starts_on, event.ends_on),
        place: Text::pick(&event.place, context.lang, &event.languages),
        url: format!("/organizer/{}", event.slug),
        is_over: event.ends_on < today,
    }
}

#[derive(Serialize)]
struct NewEventPage {
    errors: Vec<ErrorLine>,
    name: Field,
    slug: Field,
    starts_on: Field,
    ends_on: Field,
    timezone: Field,
    zones: Vec<&'static str>,
    languages: Field,
    site: String,
}

impl Page for NewEventPage {
    const TEMPLATE: &'static str = "organizer/event_new.html";
}

/// `GET /organizer/new`.
pub(super) async fn show_new_event(admin: Administrator) -> PageResult {
    let form = FormData::from_fields([("languages", "en")]);
    show_new(&admin.0, &form, &FieldErrors::default())
}

fn show_new(own: &SignedIn, form: &FormData, errors: &FieldErrors) -> PageResult {
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let context = team_context(&own.visit, &own.user).titled(&own.visit, "events-new-title");
    let view = FormView::new(&own.visit, &context, form, errors);
    let page = NewEventPage {
        errors: view.summary(),
        name: view.field("name"),
        slug: view.field("slug"),
        starts_on: view.field("starts_on"),
        ends_on: view.field("ends_on"),
        timezone: view.field("timezone"),
        zones: zone_names(),
        languages: view.field("languages"),
        site: own.visit.app.settings.http.public_url.clone(),
    };
    own.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/new`.
pub(super) async fn create_event(admin: Administrator, form: FormData) -> PageResult {
    let own = admin.0;
    let new = match new_event(&form) {
        Ok(new) => new,
        Err(errors) => return show_new(&own, &form, &errors),
    };
    let (actor, slug) = (Actor::User(own.user.id), new.slug().to_owned());
    match own.visit.app.write(move |db, now| operations::create(db, now, actor, &new)).await {
        Ok(_) => Ok(respond::see_other_with_notice(format!("/organizer/{slug}"), "events-notice-created")),
        Err(error) => show_new(&own, &form, &field_errors(error, Lang::EN)?),
    }
}

fn new_event(form: &FormData) -> Result<NewEvent, FieldErrors> {
    let mut checker = Checker::new(form);
    let name = checker.required_line("name");
    let slug = form.text("slug").trim().to_ascii_lowercase();
    let (starts_on, ends_on) = (checker.date("starts_on"), checker.date("ends_on"));
    let timezone = checker.parsed::<ZoneName>("timezone", "events-timezone-wrong");
    let languages = languages(form.text("languages"));
    if languages.is_err() {
        checker.wrong("languages", Message::new("events-languages-wrong"));
    }
    let main = languages.as_ref().ok().and_then(|languages| languages.first().copied()).unwrap_or(Lang::EN);
    let mut note = |problem: InvalidEvent| {
        let (field, message) = super::field_error(problem, main);
        checker.wrong(field, message);
    };
    // Checked here as well, so that all wrong fields are told at once.
    if let Err(problem) = crate::events::model::check_slug(&slug) {
        note(problem);
    }
    if let (Some(starts_on), Some(ends_on)) = (starts_on, ends_on)
        && let Err(problem) = crate::events::model::check_dates(starts_on, ends_on)
    {
        note(problem);
    }
    checker.finish(())?;
    let made = match (starts_on, ends_on, timezone, languages) {
        (Some(starts_on), Some(ends_on), Some(timezone), Ok(languages)) => {
            NewEvent::new(&slug, Localized::single(main, name), (starts_on, ends_on), timezone, languages)
        }
        _ => Err(InvalidEvent::NoName),
    };
    made.map_err(|problem| {
        let mut errors = FieldErrors::default();
        errors.push("name", super::field_error(problem, main).1);
        errors
    })
}
