//! `/checkin/{event}`: scanning. Without script a form for codes and names; with it an app.

use super::access::Scanner;
use super::wording::{Shown, Words};
use crate::audit::Actor;
use crate::checkin::model::{Direction, Gate, ScanResult};
use crate::checkin::operations::{self, By, Read, ScanRequest};
use crate::db::{GateId, ScanId};
use crate::i18n::Localized;
use crate::registration::desk::DeskFilter;
use crate::registration::forms::files::serving::{self, By as Seen, Wanted};
use crate::registration::forms::model::Viewer;
use crate::registration::model::Registration;
use crate::web::error::PageResult;
use crate::web::fields::Checker;
use crate::web::form_view::Choice;
use crate::web::{Failure, FormData, Page, PageContext, RouteTable};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use std::collections::BTreeMap;

/// The routes of the scanning page.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/checkin/{event}", show_door);
    routes.post("/checkin/{event}", scan_by_form);
    routes.get("/checkin/{event}/files/{registration}/{file}", show_file);
}

#[derive(Serialize)]
struct DoorPage {
    url: String,
    manifest_url: String,
    supervisor_url: Option<String>,
    device: Option<String>,
    gates: Vec<Choice>,
    gate: String,
    is_out: bool,
    scan_id: String,
    /// For letting in by hand whom the result is about.
    admit_id: String,
    query: String,
    has_searched: bool,
    people: Vec<Listed>,
    result: Option<Shown>,
    config: String,
}

impl Page for DoorPage {
    const TEMPLATE: &'static str = "checkin/door.html";
}

/// Somebody found by name.
#[derive(Serialize)]
pub(super) struct Listed {
    id: String,
    name: String,
    native_name: String,
    organisation: String,
    code: String,
    scan_id: String,
}

impl Listed {
    pub(super) fn of(registration: &Registration) -> Self {
        Self {
            id: registration.id.to_string(),
            name: registration.full_name(),
            native_name: registration.native_name.clone(),
            organisation: registration.organisation.clone(),
            code: registration.code.clone(),
            scan_id: ScanId::new().to_string(),
        }
    }
}

/// What the app needs to work without asking again.
#[derive(Serialize)]
struct Config {
    url: String,
    event: String,
    timezone: &'static str,
    words: BTreeMap<String, String>,
    tones: BTreeMap<&'static str, &'static str>,
}

/// Texts that the app's script shows; each stands as `checkin-app-NAME`.
const APP_WORDS: &[&str] = &[
    "online",
    "offline",
    "no-list",
    "queued",
    "unchecked",
    "unchecked-help",
    "signed-out",
    "camera-refused",
    "no-gate",
    "conflict",
    "list-age",
    "already-in-since",
    "stop-camera",
    "start-camera",
    "no-one",
    "not-kept",
    "busy",
];

fn config(scanner: &Scanner, context: &PageContext) -> Result<String, Failure> {
    let texts = &scanner.visit.app.texts;
    // The placeholders are filled in by the script.
    let holes = [("count", "{count}".into()), ("time", "{time}".into()), ("gate", "{gate}".into())];
    let mut words: BTreeMap<String, String> = APP_WORDS
        .iter()
        .map(|word| ((*word).to_owned(), texts.text(context.lang, &format!("checkin-app-{word}"), &holes)))
        .collect();
    for result in ScanResult::ALL {
        words.insert(format!("result-{result}"), texts.text(context.lang, &format!("checkin-result-{result}"), &[]));
        let help = texts.text(context.lang, &format!("checkin-result-{result}-help"), &[]);
        words.insert(format!("result-{result}-help"), help);
    }
    let config = Config {
        url: format!("/checkin/{}", scanner.event.slug),
        event: scanner.event.id.to_string(),
        timezone: scanner.event.zone().name(),
        words,
        tones: ScanResult::ALL.iter().map(|result| (result.as_str(), super::wording::tone(*result))).collect(),
    };
    serde_json::to_string(&config).map_err(Failure::unexpected)
}

/// What the form was sent with.
#[derive(Default)]
struct Asked {
    gate: Option<GateId>,
    is_out: bool,
    query: Option<String>,
    result: Option<Shown>,
}

/// `GET /checkin/{event}`, where `?q=` searches by name.
async fn show_door(scanner: Scanner) -> PageResult {
    let asked = Asked {
        gate: scanner.visit.param("gate").and_then(|id| id.parse().ok()),
        query: scanner.visit.param("q").map(|words| words.trim().to_owned()).filter(|words| !words.is_empty()),
        ..Asked::default()
    };
    show(&scanner, StatusCode::OK, asked).await
}

/// The people that a search finds, for the page and the app.
pub(super) async fn search(scanner: &Scanner, query: &str) -> Result<Vec<Listed>, Failure> {
    const MOST: i64 = 20;
    let filter = DeskFilter::read((scanner.event.id, scanner.event.zone()), |name| match name {
        "q" => Some(query),
        "sort" => Some("name"),
        _ => None,
    });
    if filter.words().is_empty() {
        return Ok(Vec::new());
    }
    let list = move |db: &mut crate::db::DbConnection| {
        Ok::<_, Failure>(crate::registration::operations::find_people(db, &filter, MOST)?)
    };
    Ok(scanner.visit.app.read(list).await?.iter().map(Listed::of).collect())
}

async fn show(scanner: &Scanner, status: StatusCode, asked: Asked) -> PageResult {
    let event = scanner.event.id;
    let gates = scanner.visit.app.read(move |db| Ok::<_, Failure>(operations::list(db, event)?)).await?;
    let context = scanner.context("checkin-door-title");
    let people = match &asked.query {
        Some(query) => search(scanner, query).await?,
        None => Vec::new(),
    };
    let gate = asked.gate.or(scanner.gate).or(gates.first().map(|gate| gate.id));
    let url = format!("/checkin/{}", scanner.event.slug);
    let choice = |one: &Gate| Choice {
        value: one.id.to_string(),
        label: one.name.text(context.lang, &scanner.event.languages).to_owned(),
        selected: Some(one.id) == gate,
    };
    let page = DoorPage {
        manifest_url: format!("{url}/app.webmanifest"),
        supervisor_url: matches!(scanner.by, By::User(_)).then(|| format!("{url}/supervisor")),
        device: scanner.device.clone(),
        gates: gates.iter().map(choice).collect(),
        gate: gate.map(|gate| gate.to_string()).unwrap_or_default(),
        is_out: asked.is_out,
        scan_id: ScanId::new().to_string(),
        admit_id: ScanId::new().to_string(),
        has_searched: asked.query.is_some(),
        query: asked.query.unwrap_or_default(),
        people,
        result: asked.result,
        config: config(scanner, &context)?,
        url,
    };
    scanner.visit.show_with_status(status, &context, &page)
}

/// Longest reason, in characters.
const LONGEST_REASON: usize = 300;

/// Reads the form; none when it names no gate or nobody.
fn request(form: &FormData) -> Option<ScanRequest> {
    let mut checker = Checker::new(form);
    let reason: String = checker.line("reason").chars().take(LONGEST_REASON).collect();
    let read = match form.text("person").parse() {
        Ok(person) => Read::Person(person),
        Err(_) => Read::Text(form.text("text").trim().to_owned()).filled()?,
    };
    Some(ScanRequest {
        id: form.text("id").parse().unwrap_or_else(|_| ScanId::new()),
        gate: form.text("gate").parse().ok()?,
        direction: if form.text("direction") == "out" { Direction::Out } else { Direction::In },
        read,
        at: None,
        offline: None,
        reason: Some(reason).filter(|reason| !reason.is_empty()),
    })
}

impl Read {
    /// Itself, unless nothing was typed.
    pub(super) fn filled(self) -> Option<Self> {
        match self {
            Self::Text(text) if text.is_empty() => None,
            read => Some(read),
        }
    }
}

/// `POST /checkin/{event}`: one code typed, or one person picked, without script.
async fn scan_by_form(scanner: Scanner, form: FormData) -> PageResult {
    let Some(request) = request(&form) else {
        return show(&scanner, StatusCode::UNPROCESSABLE_ENTITY, Asked::default()).await;
    };
    let (event, by, gate, direction) = (scanner.event.clone(), scanner.by, request.gate, request.direction);
    let outcome = scanner.visit.app.write(move |db, now| operations::record(db, now, &event, by, &request)).await?;
    let names = gate_names(&scanner).await?;
    let lang = scanner.context("checkin-door-title").lang;
    let result = Some(Words { scanner: &scanner, lang, gates: &names }.shown(&outcome).await?);
    let asked = Asked { gate: Some(gate), is_out: direction == Direction::Out, query: None, result };
    show(&scanner, StatusCode::OK, asked).await
}

/// The name of each gate, for saying where someone went in.
pub(super) async fn gate_names(scanner: &Scanner) -> Result<Vec<(GateId, Localized)>, Failure> {
    let event = scanner.event.id;
    let gates = scanner.visit.app.read(move |db| Ok::<_, Failure>(operations::list(db, event)?)).await?;
    Ok(gates.into_iter().map(|gate| (gate.id, gate.name)).collect())
}

/// `GET /checkin/{event}/files/{registration}/{file}`: a photo or file that staff at the door may see.
async fn show_file(scanner: Scanner, path: Path<(String, String, String)>) -> PageResult {
    let registration = path.1.parse().map_err(|_| Failure::NotFound)?;
    let file = path.2.parse().map_err(|_| Failure::NotFound)?;
    // Nothing sealed is opened here, so that nobody is to be noted.
    let by = Seen::Team(Viewer::CheckIn, Actor::System, false);
    let wanted = Wanted { event: scanner.event.id, registration, file, by };
    serving::answer(&scanner.visit.app, wanted, scanner.visit.param("size") == Some("small")).await
}
