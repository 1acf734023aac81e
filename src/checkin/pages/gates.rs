//! `/organizer/{event}/gates`.

use crate::accounts::access::{Allowed, ManageEvent, ViewEvent};
use crate::accounts::model::Permission;
use crate::checkin::model::{EntryRule, Gate, GateFacts};
use crate::checkin::operations::{self, DoorError, Leads};
use crate::db::{CategoryId, GateId, Json};
use crate::i18n::{Lang, slug};
use crate::web::error::PageResult;
use crate::web::form_view::differences;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Choice, Difference, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page,
    PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::NaiveDate;
use serde::Serialize;

/// The routes of gates.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/gates", list_gates);
    routes.get("/organizer/{event}/gates/new", show_new_gate);
    routes.post("/organizer/{event}/gates/new", create_gate);
    routes.get("/organizer/{event}/gates/{gate}", show_gate);
    routes.post("/organizer/{event}/gates/{gate}", change_gate);
    routes.get("/organizer/{event}/gates/{gate}/delete", ask_to_delete);
    routes.post("/organizer/{event}/gates/{gate}/delete", delete_gate);
}

type Team = Allowed<ManageEvent>;

#[derive(Serialize)]
struct GatesPage {
    gates: Vec<GateLine>,
    new_url: String,
    devices_url: String,
    door_url: String,
    supervisor_url: String,
    may_edit: bool,
    may_scan: bool,
}

impl Page for GatesPage {
    const TEMPLATE: &'static str = "organizer/gates.html";
}

#[derive(Serialize)]
struct GateLine {
    name: Text,
    code: String,
    entry: String,
    is_main: bool,
    hours: String,
    inside: String,
    url: String,
}

/// `GET /organizer/{event}/gates`.
async fn list_gates(team: Allowed<ViewEvent>) -> PageResult {
    let event = team.event.id;
    let gates = team.visit.app.read(move |db| Ok::<_, Failure>(operations::list(db, event)?)).await?;
    let context = team.context("gates", "checkin-gates-title");
    let (base, door) = (format!("/organizer/{}", team.event.slug), format!("/checkin/{}", team.event.slug));
    let line = |gate: &Gate| GateLine {
        name: Text::pick(&gate.name, context.lang, &team.event.languages),
        code: gate.code.clone(),
        entry: team.visit.app.texts.text(context.lang, &format!("checkin-entry-{}", gate.entry), &[]),
        is_main: gate.is_main,
        hours: hours(&context, gate),
        inside: context.formatter().number(gate.inside.into()),
        url: format!("{base}/gates/{}", gate.id),
    };
    let page = GatesPage {
        gates: gates.iter().map(line).collect(),
        new_url: format!("{base}/gates/new"),
        devices_url: format!("{base}/devices"),
        supervisor_url: format!("{door}/supervisor"),
        door_url: door,
        may_edit: team.may(Permission::ManageEvent),
        may_scan: team.may(Permission::ScanTickets),
    };
    team.visit.show(&context, &page)
}

fn hours(context: &PageContext, gate: &Gate) -> String {
    let word = |time: Option<chrono::NaiveTime>| time.map(|time| context.formatter().time(time)).unwrap_or_default();
    match gate.hours() {
        (None, None) => String::new(),
        (opens, closes) => format!("{}–{}", word(opens), word(closes)),
    }
}

#[derive(Serialize)]
struct GatePage {
    errors: Vec<ErrorLine>,
    /// What someone else has stored in the meantime; empty unless two edited at once.
    conflicts: Vec<Difference>,
    version: String,
    is_new: bool,
    name: Vec<LocalizedField>,
    code: Field,
    entry: Field,
    entries: Vec<Choice>,
    main: Field,
    is_main: bool,
    categories: Field,
    category_choices: Vec<Choice>,
    zone: Field,
    zones: Vec<Choice>,
    session: Field,
    sessions: Vec<Choice>,
    days: Field,
    day_choices: Vec<Choice>,
    opens_at: Field,
    closes_at: Field,
    timezone: &'static str,
    place_x: Field,
    place_y: Field,
    position: Field,
    gates_url: String,
    delete_url: Option<String>,
}

impl Page for GatePage {
    const TEMPLATE: &'static str = "organizer/gate.html";
}

fn stored(gate: &Gate) -> FormData {
    let number = |value: Option<i32>| value.map(|value| value.to_string()).unwrap_or_default();
    let mut form = FormData::from_fields([
        ("version", gate.version.to_string()),
        ("code", gate.code.clone()),
        ("entry", gate.entry.to_string()),
        ("zone", gate.zone_id.map(|zone| zone.to_string()).unwrap_or_default()),
        ("session", gate.session_id.map(|session| session.to_string()).unwrap_or_default()),
        ("opens_at", gate.opens_at.clone().unwrap_or_default()),
        ("closes_at", gate.closes_at.clone().unwrap_or_default()),
        ("place_x", number(gate.place_x)),
        ("place_y", number(gate.place_y)),
        ("position", gate.position.to_string()),
    ]);
    form.push_localized("name", &gate.name);
    gate.categories.iter().for_each(|category| form.push("categories", category.to_string()));
    gate.days.iter().for_each(|day| form.push("days", day.to_string()));
    if gate.is_main {
        form.push("main", "on");
    }
    form
}

/// Choices of which several may be ticked.
fn ticks(form: &FormData, name: &str, all: Vec<(String, String)>) -> Vec<Choice> {
    let choice =
        |(value, label): (String, String)| Choice { selected: form.all(name).any(|one| one == value), value, label };
    all.into_iter().map(choice).collect()
}

async fn show(
    team: &Team,
    gate: Option<&Gate>,
    status: StatusCode,
    form: &FormData,
    errors: &FieldErrors,
) -> PageResult {
    let event = team.event.id;
    let leads = team.visit.app.read(move |db| Ok::<_, Failure>(operations::leads(db, event)?)).await?;
    let context = team.context("gates", if gate.is_some() { "checkin-gate-title" } else { "checkin-new-gate-title" });
    let conflict = gate.filter(|_| status == StatusCode::CONFLICT);
    let conflicts = conflict
        .map_or_else(Vec::new, |gate| differences(&team.visit.app.texts, context.lang, "checkin", form, &stored(gate)));
    if conflict.is_some() && conflicts.is_empty() {
        return Ok(respond::see_other_with_notice(gates_url(team), "checkin-notice-gate-saved"));
    }
    let mut page = page(team, &context, &leads, form, errors);
    page.conflicts = conflicts;
    page.is_new = gate.is_none();
    page.version = conflict.map_or_else(|| form.text("version").to_owned(), |gate| gate.version.to_string());
    page.delete_url = gate.map(|gate| format!("{}/{}/delete", page.gates_url, gate.id));
    team.visit.show_with_status(status, &context, &page)
}

fn page(team: &Team, context: &PageContext, leads: &Leads, form: &FormData, errors: &FieldErrors) -> GatePage {
    let view = FormView::new(&team.visit, context, form, errors);
    let word = |text: &crate::i18n::Localized| text.text(context.lang, &team.event.languages).to_owned();
    let entry = |rule: &EntryRule| {
        (rule.to_string(), team.visit.app.texts.text(context.lang, &format!("checkin-entry-{rule}-choice"), &[]))
    };
    let categories = leads.categories.iter().map(|one| (one.id.to_string(), word(&one.name))).collect();
    let sessions = leads.sessions.iter().map(|one| (one.0.to_string(), format!("{} · {}", one.1, word(&one.2))));
    let days = days_of(team).map(|day| (day.to_string(), context.formatter().day(day))).collect();
    GatePage {
        errors: view.summary(),
        conflicts: Vec::new(),
        version: String::new(),
        is_new: true,
        name: view.localized("name", &team.event.languages),
        code: view.field("code"),
        entry: view.field("entry"),
        entries: view.choices("entry", EntryRule::ALL.iter().map(entry)),
        main: view.field("main"),
        is_main: view.ticked("main"),
        categories: view.field("categories"),
        category_choices: ticks(form, "categories", categories),
        zone: view.field("zone"),
        zones: view.choices("zone", leads.zones.iter().map(|one| (one.0.to_string(), word(&one.2)))),
        session: view.field("session"),
        sessions: view.choices("session", sessions),
        days: view.field("days"),
        day_choices: ticks(form, "days", days),
        opens_at: view.field("opens_at"),
        closes_at: view.field("closes_at"),
        timezone: team.event.zone().name(),
        place_x: view.field("place_x"),
        place_y: view.field("place_y"),
        position: view.field("position"),
        gates_url: gates_url(team),
        delete_url: None,
    }
}

/// Days of an event that a form offers.
const MOST_DAYS: usize = 60;

fn days_of(team: &Team) -> impl Iterator<Item = NaiveDate> {
    let last = team.event.ends_on;
    team.event.starts_on.iter_days().take_while(move |day| *day <= last).take(MOST_DAYS)
}

/// `GET /organizer/{event}/gates/new`.
async fn show_new_gate(team: Team) -> PageResult {
    let form = FormData::from_fields([("entry", EntryRule::Once.as_str()), ("main", "on")]);
    show(&team, None, StatusCode::OK, &form, &FieldErrors::default()).await
}

/// `POST /organizer/{event}/gates/new`.
async fn create_gate(team: Team, form: FormData) -> PageResult {
    let facts = match facts(&team, None, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors).await,
    };
    let (actor, event) = (team.actor(), team.event.id);
    match team.visit.app.write(move |db, now| operations::create(db, now, actor, event, &facts)).await {
        Ok(_) => Ok(respond::see_other_with_notice(gates_url(&team), "checkin-notice-gate-created")),
        Err(DoorError::CodeTaken) => show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, &form, &code_taken()).await,
        Err(error) => Err(error.into()),
    }
}

fn gates_url(team: &Team) -> String {
    format!("/organizer/{}/gates", team.event.slug)
}

fn code_taken() -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.push("code", Message::new("checkin-code-taken"));
    errors
}

async fn find(team: &Team, gate: GateId) -> Result<Gate, Failure> {
    let event = team.event.id;
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(operations::find(db, event, gate)?)).await?;
    found.ok_or(Failure::NotFound)
}

/// `GET /organizer/{event}/gates/{gate}`.
async fn show_gate(team: Team, path: Path<(String, GateId)>) -> PageResult {
    let gate = find(&team, path.1).await?;
    show(&team, Some(&gate), StatusCode::OK, &stored(&gate), &FieldErrors::default()).await
}

/// `POST /organizer/{event}/gates/{gate}`.
async fn change_gate(team: Team, path: Path<(String, GateId)>, form: FormData) -> PageResult {
    let gate = find(&team, path.1).await?;
    let wrong = StatusCode::UNPROCESSABLE_ENTITY;
    let facts = match facts(&team, Some(&gate), &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, Some(&gate), wrong, &form, &errors).await,
    };
    let (actor, key) = (team.actor(), (team.event.id, gate.id, form.text("version").parse().unwrap_or(0)));
    match team.visit.app.write(move |db, now| operations::update(db, now, actor, key, &facts)).await {
        Ok(()) => Ok(respond::see_other_with_notice(gates_url(&team), "checkin-notice-gate-saved")),
        Err(DoorError::CodeTaken) => show(&team, Some(&gate), wrong, &form, &code_taken()).await,
        Err(DoorError::Stale) => refuse_stale(&team, gate.id, &form).await,
        Err(error) => Err(error.into()),
    }
}

async fn refuse_stale(team: &Team, gate: GateId, form: &FormData) -> PageResult {
    let now_there = find(team, gate).await?;
    show(team, Some(&now_there), StatusCode::CONFLICT, form, &FieldErrors::default()).await
}

/// Last place in the order that a form takes.
const LAST_POSITION: i32 = 100_000;

fn facts(team: &Team, gate: Option<&Gate>, form: &FormData) -> Result<GateFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let shown = &team.event.languages;
    let mut name = checker.required_localized_line("name", shown);
    if let Some(gate) = gate {
        // Texts in languages that the form does not show stay as they are.
        let others = |(lang, _): &(Lang, &str)| !shown.contains(lang);
        name = gate.name.iter().filter(others).fold(name, |all, (lang, text)| all.with(lang, text));
    }
    let code = match form.text("code").trim() {
        "" => Some(slug(name.text(team.event.main_language(), shown))).filter(|code| !code.is_empty()),
        _ => checker.code("code"),
    };
    let hour = |checker: &mut Checker, field: &str| match form.text(field).trim() {
        "" => None,
        _ => checker.time(field),
    };
    let (opens_at, closes_at) = (hour(&mut checker, "opens_at"), hour(&mut checker, "closes_at"));
    let (x, y) = (checker.optional_number("place_x", 0..=100), checker.optional_number("place_y", 0..=100));
    if x.is_some() != y.is_some() {
        checker.wrong(if x.is_some() { "place_y" } else { "place_x" }, Message::new("checkin-place-half"));
    }
    let categories: Vec<CategoryId> = form.all("categories").filter_map(|id| id.parse().ok()).collect();
    let days: Vec<NaiveDate> = form.all("days").filter_map(|day| day.parse().ok()).collect();
    let (Ok(categories), Ok(days)) = (Json::new(categories), Json::new(days)) else {
        return Err(code_taken());
    };
    let facts = GateFacts {
        code: code.unwrap_or_else(|| "gate".to_owned()),
        name,
        entry: checker.parsed("entry", "checkin-entry-wrong").unwrap_or(EntryRule::Once),
        categories,
        zone: checker.optional_parsed("zone", "checkin-zone-wrong"),
        session: checker.optional_parsed("session", "checkin-session-wrong"),
        days,
        opens_at,
        closes_at,
        is_main: form.is_ticked("main"),
        place: x.zip(y),
        position: checker.optional_number("position", 0..=LAST_POSITION),
    };
    checker.finish(facts)
}

#[derive(Serialize)]
struct DeletePage {
    name: Text,
    inside: i32,
    back_url: String,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "organizer/gate_delete.html";
}

/// `GET /organizer/{event}/gates/{gate}/delete`: says what deleting would do.
async fn ask_to_delete(team: Team, path: Path<(String, GateId)>) -> PageResult {
    let gate = find(&team, path.1).await?;
    let context = team.context("gates", "checkin-delete-gate-title");
    let page = DeletePage {
        name: Text::pick(&gate.name, context.lang, &team.event.languages),
        inside: gate.inside,
        back_url: format!("{}/{}", gates_url(&team), gate.id),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/gates/{gate}/delete`.
async fn delete_gate(team: Team, path: Path<(String, GateId)>) -> PageResult {
    let (actor, event, gate) = (team.actor(), team.event.id, path.1);
    team.visit.app.write(move |db, now| operations::delete(db, now, actor, event, gate)).await?;
    Ok(respond::see_other_with_notice(gates_url(&team), "checkin-notice-gate-deleted"))
}
