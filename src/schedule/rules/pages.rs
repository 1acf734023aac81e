//! `/organizer/{event}/schedule/rules`.

use super::operations::{self, RulesError};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::Json;
use crate::i18n::{Lang, Localized, Texts};
use crate::schedule::draft::{Draft, Rules, Walk};
use crate::schedule::operations as schedule;
use crate::web::error::PageResult;
use crate::web::form_view::{Choice, differences};
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, Difference, Failure, Field, FieldErrors, FormData, FormView, Message, Page, RouteTable, respond,
};
use actix_web::http::StatusCode;
use serde::Serialize;
use std::collections::HashMap;

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/schedule/rules", show_rules);
    routes.post("/organizer/{event}/schedule/rules", set_rules);
}

type Team = Allowed<ManageEvent>;

impl From<RulesError> for Failure {
    fn from(error: RulesError) -> Self {
        match error {
            RulesError::Stale => Self::conflict("events-error-stale"),
            RulesError::Db(error) => error.into(),
        }
    }
}

/// Steps that the editor's grid may have, in minutes.
const GRIDS: [i32; 4] = [5, 10, 15, 30];
/// Longest walk between two buildings, in minutes.
const LONGEST_WALK: i32 = 240;
/// Most people that a rule speaks of.
const MOST_PEOPLE: i32 = 1_000_000;
/// Longest quiet time after a release: a day, in minutes.
const LONGEST_QUIET: i32 = 1440;
/// Longest time for which pages say where a session was: thirty days, in hours.
const LONGEST_MOVED: i32 = 720;

#[derive(Serialize)]
struct RulesPage {
    errors: Vec<ErrorLine>,
    conflicts: Vec<Difference>,
    version: String,
    grid: Field,
    grids: Vec<Choice>,
    walk_minutes: Field,
    walks: Vec<WalkRow>,
    wants_all_languages: Field,
    wants_all: bool,
    languages: String,
    shared_audience: Field,
    quiet_minutes: Field,
    moved_hours: Field,
    schedule_url: String,
    concerns_url: String,
    rooms_url: String,
}

impl Page for RulesPage {
    const TEMPLATE: &'static str = "organizer/schedule_rules.html";
}

/// The walk between two buildings.
#[derive(Serialize)]
struct WalkRow {
    label: String,
    from: Field,
    to: Field,
    minutes: Field,
}

/// The event's rules, and the buildings that they speak of.
struct Loaded {
    rules: Rules,
    /// Each two buildings once, in the order of the alphabet.
    pairs: Vec<(String, String)>,
    /// Each building's name in every language, by the one that walks know it by.
    names: HashMap<String, Localized>,
}

impl Loaded {
    /// "Old Silk Mill to Grain Wharf", in the reader's language.
    fn between(&self, texts: &Texts, lang: Lang, (from, to): (&str, &str)) -> String {
        let name = |key: &str| self.names.get(key).map_or(key, |name| name.text(lang, &[])).to_owned();
        texts.text(lang, "rules-walk-between", &[("from", name(from).into()), ("to", name(to).into())])
    }
}

async fn load(team: &Team) -> Result<Loaded, Failure> {
    let event = team.event.clone();
    let draft = team.visit.app.read(move |db| Ok::<_, Failure>(schedule::draft(db, &event)?)).await?;
    let rooms = draft.programme.rooms.iter();
    let names = rooms.map(|room| (draft.building(room).to_owned(), room.building.clone())).collect();
    Ok(Loaded { pairs: pairs(&draft), names, rules: draft.rules })
}

fn pairs(draft: &Draft) -> Vec<(String, String)> {
    let names = draft.buildings();
    let with_later = |(index, from): (usize, &&str)| {
        let from = (*from).to_owned();
        names[index + 1..].iter().map(move |to| (from.clone(), (*to).to_owned())).collect::<Vec<_>>()
    };
    names.iter().enumerate().flat_map(with_later).collect()
}

fn row(name: &str, number: usize) -> String {
    format!("{name}.{number}")
}

/// The rules as the form's fields. A walk is left empty where the usual one is meant.
fn stored(loaded: &Loaded) -> FormData {
    let rules = &loaded.rules;
    let mut form = FormData::from_fields([
        ("version", rules.version.to_string()),
        ("grid", rules.grid_minutes.to_string()),
        ("walk_minutes", rules.walk_minutes.to_string()),
        ("wants_all_languages", if rules.wants_all_languages { "on".to_owned() } else { String::new() }),
        ("shared_audience", rules.shared_audience.to_string()),
        ("quiet_minutes", rules.quiet_minutes.to_string()),
        ("moved_hours", rules.moved_hours.to_string()),
    ]);
    for (number, (from, to)) in loaded.pairs.iter().enumerate() {
        let walk = rules.walks.iter().find(|walk| walk.from == *from && walk.to == *to);
        form.push(row("from", number), from.as_str());
        form.push(row("to", number), to.as_str());
        form.push(row("walk", number), walk.map(|walk| walk.minutes.to_string()).unwrap_or_default());
    }
    form
}

/// What someone else has stored in the meantime. A walk is known by its buildings, not by its row.
fn conflicts(texts: &Texts, lang: Lang, form: &FormData, loaded: &Loaded) -> Vec<Difference> {
    let stored = stored(loaded);
    let without_walks = |form: &FormData| FormData::from_fields(form.iter().filter(|(name, _)| !name.contains('.')));
    let mut conflicts = differences(texts, lang, "rules", &without_walks(form), &without_walks(&stored));
    for number in rows(form) {
        let (from, to) = (form.text(&row("from", number)), form.text(&row("to", number)));
        let walk = loaded.rules.walks.iter().find(|walk| walk.from == from && walk.to == to);
        let kept = walk.map(|walk| walk.minutes.to_string()).unwrap_or_default();
        if kept != form.text(&row("walk", number)).trim() {
            let label = loaded.between(texts, lang, (from, to));
            conflicts.push(Difference { field: row("walk", number), label, stored: kept });
        }
    }
    conflicts
}

/// The rows of walks that a form has.
fn rows(form: &FormData) -> impl Iterator<Item = usize> {
    (0..).take_while(|number| !form.text(&row("from", *number)).is_empty())
}

fn show(team: &Team, loaded: &Loaded, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let context = team.context("schedule", "rules-title");
    let (view, base) = (FormView::new(&team.visit, &context, form, errors), format!("/organizer/{}", team.event.slug));
    let texts = &team.visit.app.texts;
    let is_conflict = status == StatusCode::CONFLICT;
    let conflicts = if is_conflict { conflicts(texts, context.lang, form, loaded) } else { Vec::new() };
    let name = |lang: &Lang| crate::web::form_view::own_name(texts, *lang);
    let languages: Vec<String> = team.event.languages.iter().map(name).collect();
    let minutes = |minutes: &i32| texts.text(context.lang, "rules-minutes", &[("minutes", (*minutes).into())]);
    let page = RulesPage {
        errors: view.summary(),
        conflicts,
        version: if is_conflict { loaded.rules.version.to_string() } else { form.text("version").to_owned() },
        grid: view.field("grid"),
        grids: view.choices("grid", GRIDS.iter().map(|step| (step.to_string(), minutes(step)))),
        walk_minutes: view.field("walk_minutes"),
        walks: rows(form)
            .map(|number| WalkRow {
                label: loaded.between(
                    texts,
                    context.lang,
                    (form.text(&row("from", number)), form.text(&row("to", number))),
                ),
                from: view.field(&row("from", number)),
                to: view.field(&row("to", number)),
                minutes: view.field(&row("walk", number)),
            })
            .collect(),
        wants_all_languages: view.field("wants_all_languages"),
        wants_all: view.ticked("wants_all_languages"),
        languages: languages.join(&texts.text(context.lang, "common-list-separator", &[])),
        shared_audience: view.field("shared_audience"),
        quiet_minutes: view.field("quiet_minutes"),
        moved_hours: view.field("moved_hours"),
        schedule_url: format!("{base}/schedule"),
        concerns_url: format!("{base}/schedule/concerns"),
        rooms_url: format!("{base}/rooms"),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/schedule/rules`.
async fn show_rules(team: Team) -> PageResult {
    let loaded = load(&team).await?;
    show(&team, &loaded, StatusCode::OK, &stored(&loaded), &FieldErrors::default())
}

/// `POST /organizer/{event}/schedule/rules`.
async fn set_rules(team: Team, form: FormData) -> PageResult {
    let loaded = load(&team).await?;
    let rules = match checked(&loaded.rules, &form) {
        Ok(rules) => rules,
        Err(errors) => return show(&team, &loaded, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, event) = (team.actor(), team.event.clone());
    match team.visit.app.write(move |db, now| operations::set(db, now, actor, &event, rules.clone())).await {
        Ok(()) => Ok(saved(&team)),
        Err(RulesError::Stale) => {
            let loaded = load(&team).await?;
            show(&team, &loaded, StatusCode::CONFLICT, &form, &FieldErrors::default())
        }
        Err(error) => Err(error.into()),
    }
}

fn saved(team: &Team) -> actix_web::HttpResponse {
    respond::see_other_with_notice(format!("/organizer/{}/schedule/rules", team.event.slug), "rules-notice-saved")
}

/// The rules that the form says. Walks between buildings that it does not show stay as they are.
fn checked(present: &Rules, form: &FormData) -> Result<Rules, FieldErrors> {
    let mut checker = Checker::new(form);
    let grid = checker.number("grid", 1..=60);
    if grid.is_some_and(|grid| !GRIDS.contains(&grid)) {
        checker.wrong("grid", Message::new("rules-grid-wrong"));
    }
    let mut walks: Vec<Walk> = Vec::new();
    for number in rows(form) {
        let (from, to) = (form.text(&row("from", number)).to_owned(), form.text(&row("to", number)).to_owned());
        let minutes = checker.optional_number(&row("walk", number), 0..=LONGEST_WALK);
        // An empty one is kept for now: it says that this pair was shown and is as usual.
        walks.push(Walk { from, to, minutes: minutes.unwrap_or(-1) });
    }
    let others =
        present.walks.iter().filter(|old| walks.iter().all(|new| (&new.from, &new.to) != (&old.from, &old.to)));
    let others: Vec<Walk> = others.cloned().collect();
    walks.retain(|walk| walk.minutes >= 0);
    walks.extend(others);
    let Ok(walks) = Json::new(walks) else { return Err(FieldErrors::default()) };
    let rules = Rules {
        event_id: present.event_id,
        grid_minutes: grid.unwrap_or_default(),
        walk_minutes: checker.number("walk_minutes", 0..=LONGEST_WALK).unwrap_or_default(),
        walks,
        wants_all_languages: form.is_ticked("wants_all_languages"),
        shared_audience: checker.number("shared_audience", 0..=MOST_PEOPLE).unwrap_or_default(),
        quiet_minutes: checker.number("quiet_minutes", 0..=LONGEST_QUIET).unwrap_or_default(),
        moved_hours: checker.number("moved_hours", 0..=LONGEST_MOVED).unwrap_or_default(),
        version: form.text("version").parse().unwrap_or(-1),
        updated_at: present.updated_at,
    };
    checker.finish(rules)
}
