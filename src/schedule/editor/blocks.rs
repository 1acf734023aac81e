//! The editor's addresses for blocks. Scripts send JSON, forms send fields; both are read alike.

use super::api::{self, AskedHours, BadHours, LONGEST};
use super::model::BlockFacts;
use super::operations::{self, Applied, EditError};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::{BlockId, DbConnection, RoomId, TabId, UtcTime};
use crate::i18n::Lang;
use crate::schedule::draft::BlockKind;
use crate::schedule::times::{Fold, resolve};
use crate::web::error::PageResult;
use crate::web::{Checker, Failure, FieldErrors, FormData, Message, RouteTable, respond};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::ContentType;
use actix_web::web::{Bytes, Header, Path};
use chrono::TimeDelta;
use serde_json::Value;

/// The routes of this part.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/organizer/{event}/schedule/blocks", make_block);
    routes.post("/organizer/{event}/schedule/blocks/{block}", change_block);
    routes.post("/organizer/{event}/schedule/blocks/{block}/copy", copy_block);
    routes.post("/organizer/{event}/schedule/blocks/{block}/delete", delete_block);
}

type Team = Allowed<ManageEvent>;

/// A posted body as fields, whichever way it came.
struct Posted {
    is_json: bool,
    form: FormData,
    tab: Option<TabId>,
    version: Option<i32>,
}

impl Posted {
    fn read(kind: Option<Header<ContentType>>, body: &[u8]) -> Self {
        let is_json = api::is_json(kind);
        let form = if is_json { fields(body) } else { FormData::parse(body) };
        Self { is_json, tab: form.text("tab").parse().ok(), version: form.text("version").parse().ok(), form }
    }
}

/// The fields of a JSON object; texts by language, as `titles`, become `title.en`, `title.zh` ….
fn fields(body: &[u8]) -> FormData {
    let mut form = FormData::default();
    let Some(Value::Object(members)) = api::read_json(body) else { return form };
    for (name, value) in &members {
        match value {
            Value::String(text) => form.push(name, text),
            Value::Bool(true) => form.push(name, "on"),
            Value::Number(number) => form.push(name, number.to_string()),
            Value::Object(texts) => {
                for (lang, text) in texts {
                    form.push(format!("{}.{lang}", name.trim_end_matches('s')), text.as_str().unwrap_or_default());
                }
            }
            _ => {}
        }
    }
    form
}

/// What the posted block says. Its start is `start`, a time of day, or `from`, minutes since midnight.
fn facts(team: &Team, form: &FormData) -> Result<BlockFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let mut title = checker.localized_line("title", &team.event.languages);
    if title.is_empty() {
        title = title.with(team.event.main_language(), checker.line("title"));
    }
    let room: Option<RoomId> = checker.optional_parsed("room", "schedule-gone");
    let kind = checker.parsed::<BlockKind>("kind", "error-required");
    let (day, minutes) = (checker.date("day"), checker.number("minutes", 1..=LONGEST));
    let zone = team.event.zone();
    let hours = match (day, minutes, form.text("from")) {
        (Some(day), Some(minutes), "") => checker.time("start").map(|time| {
            let start = resolve(day, time, zone, Some(Fold::First)).map_err(|_| BadHours::Gap)?;
            Ok((start, start + TimeDelta::minutes(minutes.into())))
        }),
        (Some(day), Some(minutes), _) => {
            let at = serde_json::from_value(form.text("at").into()).ok();
            checker
                .number("from", 0..=2879)
                .map(|from| AskedHours { day, from: from.into(), minutes, at }.resolve(zone))
        }
        _ => None,
    };
    if matches!(hours, Some(Err(_))) {
        checker.wrong("start", Message::new("programme-time-skipped"));
    }
    let (Some(Ok((start, end))), Some(kind)) = (hours, kind) else {
        return checker.finish(()).and(Err(FieldErrors::default()));
    };
    checker.finish(BlockFacts { room, kind, title, is_public: form.is_ticked("public"), start, end })
}

/// Answers a script as any edit, and a form with the page of the draft.
async fn answer(
    team: &Team,
    posted: &Posted,
    job: impl Fn(&mut DbConnection, UtcTime) -> Result<Applied, EditError> + Send + 'static,
    notice: &'static str,
) -> PageResult {
    let outcome = api::run(team, job).await;
    if posted.is_json {
        return api::answer(team, outcome).await;
    }
    match outcome {
        Ok(_) | Err(EditError::Unchanged) => {
            Ok(respond::see_other_with_notice(api::schedule_url(team, &posted.form), notice))
        }
        Err(error) => Err(error.into()),
    }
}

/// What is wrong with a posted block: all of it for scripts, the first for forms.
fn wrong(team: &Team, posted: &Posted, errors: &FieldErrors) -> PageResult {
    let lang: Lang = api::words(team).lang;
    let texts = &team.visit.app.texts;
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    if !posted.is_json {
        let first = errors.iter().next().map(|error| error.message.key);
        return Err(Failure::Told(
            status,
            Message::new(
                first.filter(|key| *key == "programme-time-skipped").map_or("editing-block-wrong", |_| "editing-gap"),
            ),
        ));
    }
    let lines: Vec<Value> = errors
        .iter()
        .map(|error| serde_json::json!({ "field": error.field, "message": error.message.words(texts, lang) }))
        .collect();
    let problem = serde_json::json!({
        "type": "invalid",
        "title": texts.text(lang, "editing-block-wrong", &[]),
        "detail": errors.iter().map(|error| error.message.words(texts, lang)).collect::<Vec<_>>().join(" "),
        "status": status.as_u16(),
        "errors": lines,
    });
    let mut response = HttpResponse::build(status);
    Ok(response
        .content_type("application/problem+json")
        .insert_header(("cache-control", "no-store"))
        .body(problem.to_string()))
}

/// `POST /organizer/{event}/schedule/blocks`.
async fn make_block(team: Team, kind: Option<Header<ContentType>>, body: Bytes) -> PageResult {
    let posted = Posted::read(kind, &body);
    set(&team, posted, None, "editing-notice-block-made").await
}

/// `POST /organizer/{event}/schedule/blocks/{block}`.
async fn change_block(
    team: Team,
    path: Path<(String, BlockId)>,
    kind: Option<Header<ContentType>>,
    body: Bytes,
) -> PageResult {
    let posted = Posted::read(kind, &body);
    set(&team, posted, Some(path.1), "editing-notice-block-changed").await
}

async fn set(team: &Team, posted: Posted, block: Option<BlockId>, notice: &'static str) -> PageResult {
    let facts = match facts(team, &posted.form) {
        Ok(facts) => facts,
        Err(errors) => return wrong(team, &posted, &errors),
    };
    let (actor, event, tab) = (team.actor(), team.event.clone(), posted.tab);
    let block = block.map(|block| (block, posted.version));
    let job =
        move |db: &mut DbConnection, now| operations::set_block(db, now, actor, &event, (tab, block), Some(&facts));
    answer(team, &posted, job, notice).await
}

/// `POST /organizer/{event}/schedule/blocks/{block}/copy`: into every room.
async fn copy_block(
    team: Team,
    path: Path<(String, BlockId)>,
    kind: Option<Header<ContentType>>,
    body: Bytes,
) -> PageResult {
    let posted = Posted::read(kind, &body);
    let (actor, event, key) = (team.actor(), team.event.clone(), (posted.tab, path.1));
    let job = move |db: &mut DbConnection, now| operations::copy_block(db, now, actor, &event, key);
    answer(&team, &posted, job, "editing-notice-block-copied").await
}

/// `POST /organizer/{event}/schedule/blocks/{block}/delete`.
async fn delete_block(
    team: Team,
    path: Path<(String, BlockId)>,
    kind: Option<Header<ContentType>>,
    body: Bytes,
) -> PageResult {
    let posted = Posted::read(kind, &body);
    let (actor, event, block) = (team.actor(), team.event.clone(), Some((path.1, posted.version)));
    let tab = posted.tab;
    let job = move |db: &mut DbConnection, now| operations::set_block(db, now, actor, &event, (tab, block), None);
    answer(&team, &posted, job, "editing-notice-block-deleted").await
}
