//! How the speaker travels, what they need, and whether they may be recorded.

use super::guest::{Guest, Visited};
use crate::db::DbConnection;
use crate::i18n::Lang;
use crate::speakers::logistics::model::{Needs, RecordingConsent, Travel};
use crate::speakers::logistics::operations::{self, LogisticsError};
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Page, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct TravelPage {
    errors: Vec<ErrorLine>,
    is_stale: bool,
    version: String,
    fields: std::collections::BTreeMap<&'static str, Field>,
    wants_transfer: bool,
    is_kept: bool,
    back_url: String,
    action: String,
}

impl Page for TravelPage {
    const TEMPLATE: &'static str = "speaker/travel.html";
}

/// Whoever holds the link, if they may see and change how the speaker travels.
async fn allowed(visited: Visited) -> Result<Result<Box<Guest>, Visited>, Failure> {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return Ok(Err(unknown)),
    };
    let assistant = guest.own.assistant;
    let may = guest.visit.app.read(move |db| Ok::<_, Failure>(operations::may_travel(db, assistant)?)).await?;
    if may { Ok(Ok(guest)) } else { Err(Failure::Forbidden) }
}

async fn kept(guest: &Guest) -> Result<Option<Travel>, Failure> {
    let speaker = guest.own.speaker.id;
    guest.visit.app.read(move |db| Ok::<_, Failure>(operations::travel(db, speaker)?)).await
}

fn show(guest: &Guest, is_kept: bool, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = guest.context("logistics-own-travel-title");
    let view = FormView::new(&guest.visit, &context, form, errors);
    let page = TravelPage {
        errors: view.summary(),
        is_stale: status == StatusCode::CONFLICT,
        version: form.text("version").to_owned(),
        fields: Travel::FIELDS.iter().map(|name| (*name, view.field(name))).collect(),
        wants_transfer: view.ticked("wants_transfer"),
        is_kept,
        back_url: guest.url(""),
        action: guest.url("/travel"),
    };
    guest.visit.show_with_status(status, &context, &page)
}

/// `GET /{event}/s/{token}/travel`.
pub(super) async fn show_travel(visited: Visited) -> PageResult {
    let guest = match allowed(visited).await? {
        Ok(guest) => guest,
        Err(unknown) => return unknown.refuse(),
    };
    let kept = kept(&guest).await?;
    let now = guest.visit.app.clock.now();
    let is_kept = kept.is_some();
    let travel = kept.unwrap_or_else(|| Travel::empty(now, guest.own.event.id, guest.own.speaker.id));
    show(&guest, is_kept, StatusCode::OK, (&travel.fields(), &FieldErrors::default()))
}

/// `POST /{event}/s/{token}/travel`: `do=delete` empties it.
pub(super) async fn save_travel(visited: Visited, form: FormData) -> PageResult {
    let guest = match allowed(visited).await? {
        Ok(guest) => guest,
        Err(unknown) => return unknown.refuse(),
    };
    let (actor, of) = (guest.actor(), (guest.own.event.id, guest.own.speaker.id));
    if form.text("do") == "delete" {
        let event = guest.own.event.clone();
        guest.visit.app.write(move |db, now| operations::delete_travel(db, now, actor, &event, of.1)).await?;
        return Ok(respond::see_other_with_notice(guest.url("/travel"), "logistics-notice-travel-deleted"));
    }
    let travel = match Travel::read(&form, guest.visit.app.clock.now(), of) {
        Ok(travel) => travel,
        Err(errors) => return show(&guest, true, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let event = guest.own.event.clone();
    let job = move |db: &mut DbConnection, now| operations::save_travel(db, now, actor, &event, &travel);
    match guest.visit.app.write(job).await {
        Ok(()) => Ok(respond::see_other_with_notice(guest.url(""), "logistics-notice-travel-saved")),
        Err(LogisticsError::Stale) => {
            // What was typed stands there; saving it once more puts it in place.
            let mut typed = form;
            typed.set("version", kept(&guest).await?.map_or(0, |kept| kept.version).to_string());
            show(&guest, true, StatusCode::CONFLICT, (&typed, &FieldErrors::default()))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Serialize)]
struct NeedsPage {
    errors: Vec<ErrorLine>,
    is_stale: bool,
    version: String,
    speaks: Field,
    languages: Vec<Choice>,
    wants_interpretation: Field,
    is_wanted: bool,
    place: Field,
    places: Vec<Choice>,
    equipment: Field,
    notes: Field,
    back_url: String,
    action: String,
}

impl Page for NeedsPage {
    const TEMPLATE: &'static str = "speaker/needs.html";
}

/// Languages that somebody may speak in: the event's, those of the United Nations, and some more.
const SPOKEN: [&str; 14] = ["en", "zh", "fr", "es", "ru", "ar", "de", "it", "ja", "ko", "pt", "hi", "id", "tr"];

fn spoken(guest: &Guest, chosen: &str) -> Vec<Lang> {
    let mut all: Vec<Lang> = guest.own.event.languages.to_vec();
    for tag in SPOKEN.iter().copied().chain([chosen]) {
        all.extend(tag.parse::<Lang>().ok().filter(|lang| !all.contains(lang)));
    }
    all
}

fn show_needs_form(guest: &Guest, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = guest.context("logistics-own-needs-title");
    let (view, texts) = (FormView::new(&guest.visit, &context, form, errors), &guest.visit.app.texts);
    let languages = spoken(guest, form.text("speaks")).into_iter();
    let place = |word: &str, key: &str| (word.to_owned(), texts.text(context.lang, key, &[]));
    let page = NeedsPage {
        errors: view.summary(),
        is_stale: status == StatusCode::CONFLICT,
        version: form.text("version").to_owned(),
        speaks: view.field("speaks"),
        languages: view.choices("speaks", languages.map(|lang| (lang.to_string(), own_name(texts, lang)))),
        wants_interpretation: view.field("wants_interpretation"),
        is_wanted: view.ticked("wants_interpretation"),
        place: view.field("where"),
        places: view
            .choices("where", [place("site", "logistics-where-site"), place("remote", "logistics-where-remote")]),
        equipment: view.field("equipment"),
        notes: view.field("notes"),
        back_url: guest.url(""),
        action: guest.url("/needs"),
    };
    guest.visit.show_with_status(status, &context, &page)
}

async fn kept_needs(guest: &Guest) -> Result<Option<Needs>, Failure> {
    let speaker = guest.own.speaker.id;
    guest.visit.app.read(move |db| Ok::<_, Failure>(operations::needs(db, speaker)?)).await
}

/// `GET /{event}/s/{token}/needs`.
pub(super) async fn show_needs(visited: Visited) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let form = match kept_needs(&guest).await? {
        Some(needs) => needs.fields(),
        None => FormData::from_fields([("version", "0"), ("where", "site")]),
    };
    show_needs_form(&guest, StatusCode::OK, (&form, &FieldErrors::default()))
}

/// `POST /{event}/s/{token}/needs`.
pub(super) async fn save_needs(visited: Visited, form: FormData) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let of = (guest.own.event.id, guest.own.speaker.id);
    let needs = match Needs::read(&form, guest.visit.app.clock.now(), of) {
        Ok(needs) => needs,
        Err(errors) => return show_needs_form(&guest, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let actor = guest.actor();
    match guest.visit.app.write(move |db, now| operations::save_needs(db, now, actor, &needs)).await {
        Ok(()) => Ok(respond::see_other_with_notice(guest.url(""), "logistics-notice-needs-saved")),
        Err(LogisticsError::Stale) => {
            let mut typed = form;
            typed.set("version", kept_needs(&guest).await?.map_or(0, |kept| kept.version).to_string());
            show_needs_form(&guest, StatusCode::CONFLICT, (&typed, &FieldErrors::default()))
        }
        Err(error) => Err(error.into()),
    }
}

#[derive(Serialize)]
struct RecordingPage {
    text: Text,
    number: i32,
    /// Whether they have agreed to this version.
    has_agreed: bool,
    history: Vec<String>,
    back_url: String,
    action: String,
}

impl Page for RecordingPage {
    const TEMPLATE: &'static str = "speaker/recording.html";
}

/// `GET /{event}/s/{token}/recording`.
pub(super) async fn show_recording(visited: Visited) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let (event, speaker) = (guest.own.event.id, guest.own.speaker.id);
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::consents(db, event, speaker)?);
    let (text, consents) = guest.visit.app.read(read).await?;
    let text = text.ok_or(Failure::NotFound)?;
    let context = guest.context("logistics-own-recording-title");
    let line = |key: &str, number: i32, at: crate::db::UtcTime| {
        let at = context.formatter().date_time(at.in_zone(guest.zone()).naive_local());
        let args = [("number", i64::from(number).into()), ("time", at.into())];
        guest.visit.app.texts.text(context.lang, key, &args)
    };
    let lines = |one: &RecordingConsent| {
        let given = line("logistics-history-given", one.number, one.given_at);
        let withdrawn = one.withdrawn_at.map(|at| line("logistics-history-withdrawn", one.number, at));
        withdrawn.into_iter().chain([given]).collect::<Vec<_>>()
    };
    let page = RecordingPage {
        text: Text::pick(&text.text, context.lang, &guest.own.event.languages),
        number: text.number,
        has_agreed: consents.iter().any(|one| one.withdrawn_at.is_none() && one.number == text.number),
        history: consents.iter().flat_map(lines).collect(),
        back_url: guest.url(""),
        action: guest.url("/recording"),
    };
    guest.visit.show(&context, &page)
}

/// `POST /{event}/s/{token}/recording`: `do` is `agree` or `withdraw`.
pub(super) async fn answer_recording(visited: Visited, form: FormData) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let (actor, of) = (guest.actor(), (guest.own.event.id, guest.own.speaker.id));
    let what = (form.text("number").parse().unwrap_or(0), guest.answers_as());
    let notice = match form.text("do") {
        "agree" => {
            guest.visit.app.write(move |db, now| operations::agree(db, now, actor, of, what)).await?;
            "logistics-notice-agreed"
        }
        "withdraw" => {
            guest.visit.app.write(move |db, now| operations::withdraw(db, now, actor, of)).await?;
            "logistics-notice-withdrawn"
        }
        _ => return Err(Failure::bad_request("error-bad-request")),
    };
    Ok(respond::see_other_with_notice(guest.url(""), notice))
}
