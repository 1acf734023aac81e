//! `/organizer/{event}/call`: setting the call up.

use super::{asked, in_words};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::calls::model::{Asked, Call, Opening, Window};
use crate::calls::operations::{CallError, setting};
use crate::db::{UtcTime, WindowId};
use crate::i18n::Localized;
use crate::registration::category::instant;
use crate::web::error::PageResult;
use crate::web::forms::{ErrorLine, clean_line};
use crate::web::page::Text;
use crate::web::{
    Checker, Choice, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, PageContext, RouteTable,
    respond,
};
use actix_web::http::StatusCode;
use serde::Serialize;

/// The routes of the settings.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/call", show_call);
    routes.post("/organizer/{event}/call", save_call);
}

pub(super) type Team = Allowed<ManageEvent>;

#[derive(Serialize)]
struct CallSettingsPage {
    action: String,
    errors: Vec<ErrorLine>,
    version: String,
    state: &'static str,
    state_text: String,
    public_url: String,
    late_url: String,
    review_url: String,
    timezone: String,
    opens_at: Field,
    closes_at: Field,
    introduction: Vec<LocalizedField>,
    title_length: Field,
    abstract_length: Field,
    description_length: Field,
    most_per_person: Field,
    windows: Vec<WindowRow>,
    questions: Vec<QuestionLine>,
    new_question_url: String,
}

impl Page for CallSettingsPage {
    const TEMPLATE: &'static str = "organizer/call.html";
}

#[derive(Serialize)]
struct WindowRow {
    number: usize,
    format: Field,
    formats: Vec<Choice>,
    forum: Field,
    forums: Vec<Choice>,
    offered: Field,
    offers: Vec<Choice>,
    opens_at: Field,
    closes_at: Field,
}

#[derive(Serialize)]
struct QuestionLine {
    label: Text,
    url: String,
    is_required: bool,
}

/// Lines of other dates that a form may hold, and the empty ones that it shows below.
const MOST_WINDOWS: usize = 60;
const EMPTY_WINDOWS: usize = 2;
/// The most characters that can be asked for.
const LONGEST: i32 = 20_000;

pub(super) fn call_url(team: &Team) -> String {
    format!("/organizer/{}/call", team.event.slug)
}

/// `GET /organizer/{event}/call`.
async fn show_call(team: Team) -> PageResult {
    let asked = asked(&team.visit, team.event.slug.clone()).await?;
    let form = stored(&team, &asked);
    show(&team, &asked, StatusCode::OK, (&form, &FieldErrors::default()))
}

fn show(team: &Team, asked: &Asked, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = team.context("call", "calls-settings-title");
    let (view, languages) = (FormView::new(&team.visit, &context, form, errors), &team.event.languages);
    let opening = asked.overall(team.visit.app.clock.now());
    let rows = window_rows(form) + EMPTY_WINDOWS;
    let question = |question: &crate::registration::forms::model::Question| QuestionLine {
        label: Text::pick(&question.facts.label, context.lang, languages),
        url: format!("/organizer/{}/forms/{}", team.event.slug, question.id),
        is_required: question.facts.is_required,
    };
    let page = CallSettingsPage {
        action: call_url(team),
        errors: view.summary(),
        version: form.text("version").to_owned(),
        state: state_word(opening),
        state_text: state_text(team, &context, opening),
        public_url: format!("/{}/call", team.event.slug),
        late_url: format!("{}/late", call_url(team)),
        review_url: format!("{}/review", call_url(team)),
        timezone: team.event.zone().name().to_owned(),
        opens_at: view.field("opens_at"),
        closes_at: view.field("closes_at"),
        introduction: view.localized("introduction", languages),
        title_length: view.field("title_length"),
        abstract_length: view.field("abstract_length"),
        description_length: view.field("description_length"),
        most_per_person: view.field("most_per_person"),
        windows: (0..rows).map(|row| window_row(team, &context, asked, &view, row)).collect(),
        questions: asked.questions.questions.iter().map(question).collect(),
        new_question_url: format!("/organizer/{}/forms/new?stage=proposal", team.event.slug),
    };
    team.visit.show_with_status(status, &context, &page)
}

const fn state_word(opening: Opening) -> &'static str {
    match opening {
        Opening::Open(_) => "open",
        Opening::NotYet(_) => "not-yet",
        Opening::Over(_) => "over",
        Opening::Never => "never",
    }
}

fn state_text(team: &Team, context: &PageContext, opening: Opening) -> String {
    let at = |at: UtcTime| in_words(context, &team.event, at);
    let time = match opening {
        Opening::Open(until) => until.map(at).unwrap_or_default(),
        Opening::NotYet(time) | Opening::Over(time) => at(time),
        Opening::Never => String::new(),
    };
    let word = if matches!(opening, Opening::Open(None)) { "open-without-end" } else { state_word(opening) };
    team.visit.app.texts.text(context.lang, &format!("calls-settings-{word}"), &[("time", time.into())])
}

fn window_row(team: &Team, context: &PageContext, asked: &Asked, view: &FormView<'_>, row: usize) -> WindowRow {
    let name = |name: &Localized| name.text(context.lang, &team.event.languages).to_owned();
    let field = |name: &str| format!("window_{name}.{row}");
    let formats = asked.formats.iter().map(|one| (one.id.to_string(), name(&one.name)));
    let forums = asked.forums.iter().map(|one| (one.id.to_string(), name(&one.name)));
    let offers = ["yes", "no"].map(|word| {
        let label = team.visit.app.texts.text(context.lang, &format!("calls-window-offered-{word}"), &[]);
        (word.to_owned(), label)
    });
    WindowRow {
        number: row + 1,
        format: view.field(&field("format")),
        formats: view.choices(&field("format"), formats),
        forum: view.field(&field("forum")),
        forums: view.choices(&field("forum"), forums),
        offered: view.field(&field("offered")),
        offers: view.choices(&field("offered"), offers),
        opens_at: view.field(&field("opens_at")),
        closes_at: view.field(&field("closes_at")),
    }
}

/// The number of lines that a form holds, up to the last that says anything.
fn window_rows(form: &FormData) -> usize {
    let said = |(name, value): (&str, &str)| {
        let (field, row) = name.strip_prefix("window_")?.split_once('.')?;
        (field != "offered" && !value.trim().is_empty()).then(|| row.parse::<usize>().ok()).flatten()
    };
    form.iter().filter_map(said).max().map_or(0, |last| last.saturating_add(1)).min(MOST_WINDOWS)
}

/// The call as a form holds it.
fn stored(team: &Team, asked: &Asked) -> FormData {
    let zone = team.event.zone();
    let local =
        |at: Option<UtcTime>| at.map(|at| at.in_zone(zone).format("%Y-%m-%dT%H:%M").to_string()).unwrap_or_default();
    let call = &asked.call;
    let mut form = FormData::from_fields([
        ("version", call.version.to_string()),
        ("opens_at", local(call.opens_at)),
        ("closes_at", local(call.closes_at)),
        ("title_length", call.title_length.to_string()),
        ("abstract_length", call.abstract_length.to_string()),
        ("description_length", call.description_length.to_string()),
        ("most_per_person", call.most_per_person.map(|most| most.to_string()).unwrap_or_default()),
    ]);
    form.push_localized("introduction", &call.introduction);
    for (row, window) in asked.dates.windows.iter().enumerate() {
        let id = |id: Option<String>| id.unwrap_or_default();
        for (name, value) in [
            ("format", id(window.format_id.map(|id| id.to_string()))),
            ("forum", id(window.forum_id.map(|id| id.to_string()))),
            ("offered", if window.is_offered { "yes" } else { "no" }.to_owned()),
            ("opens_at", local(window.opens_at)),
            ("closes_at", local(window.closes_at)),
        ] {
            form.push(format!("window_{name}.{row}"), value);
        }
    }
    form
}

fn read(team: &Team, asked: &Asked, form: &FormData) -> Result<(Call, Vec<Window>), FieldErrors> {
    let zone = team.event.zone();
    let mut checker = Checker::new(form);
    let (opens_at, closes_at) =
        (instant(&mut checker, form, "opens_at", zone), instant(&mut checker, form, "closes_at", zone));
    in_order(&mut checker, (opens_at, closes_at), "closes_at");
    let length = |name: &str, most: i32, checker: &mut Checker<'_>| checker.number(name, 1..=most).unwrap_or(1);
    let (title_length, abstract_length, description_length) = (
        length("title_length", 200, &mut checker),
        length("abstract_length", LONGEST, &mut checker),
        length("description_length", LONGEST, &mut checker),
    );
    let call = Call {
        opens_at,
        closes_at,
        introduction: checker.localized_block("introduction", &team.event.languages),
        title_length,
        abstract_length,
        description_length,
        most_per_person: checker.optional_number("most_per_person", 1..=1000),
        version: form.text("version").parse().unwrap_or_default(),
        ..asked.call.clone()
    };
    let mut windows: Vec<Window> = Vec::new();
    for row in 0..window_rows(form) {
        let Some(window) = read_window(team, asked, &mut checker, (form, row)) else { continue };
        let kind = (window.format_id, window.forum_id);
        if windows.iter().any(|other| (other.format_id, other.forum_id) == kind) {
            checker.wrong(format!("window_format.{row}"), Message::new("calls-error-window-twice"));
        }
        windows.push(window);
    }
    checker.finish((call, windows))
}

fn in_order(checker: &mut Checker<'_>, dates: (Option<UtcTime>, Option<UtcTime>), field: &str) {
    if let (Some(opens), Some(closes)) = dates
        && closes <= opens
    {
        checker.wrong(field, Message::new("calls-error-closes-first"));
    }
}

/// One line of other dates; nothing where it is about nothing.
fn read_window(
    team: &Team,
    asked: &Asked,
    checker: &mut Checker<'_>,
    (form, row): (&FormData, usize),
) -> Option<Window> {
    let (zone, field) = (team.event.zone(), |name: &str| format!("window_{name}.{row}"));
    let format = clean_line(form.text(&field("format"))).parse().ok();
    let format = format.filter(|id| asked.formats.iter().any(|one| one.id == *id));
    let forum = clean_line(form.text(&field("forum"))).parse().ok();
    let forum = forum.filter(|id| asked.forums.iter().any(|one| one.id == *id));
    let opens_at = instant(checker, form, &field("opens_at"), zone);
    let closes_at = instant(checker, form, &field("closes_at"), zone);
    in_order(checker, (opens_at, closes_at), &field("closes_at"));
    if format.is_none() && forum.is_none() {
        if opens_at.is_some() || closes_at.is_some() {
            checker.wrong(field("format"), Message::new("calls-error-window-about"));
        }
        return None;
    }
    Some(Window {
        id: WindowId::new(),
        event_id: team.event.id,
        format_id: format,
        forum_id: forum,
        is_offered: form.text(&field("offered")) != "no",
        opens_at,
        closes_at,
    })
}

/// `POST /organizer/{event}/call`.
async fn save_call(team: Team, form: FormData) -> PageResult {
    let asked = asked(&team.visit, team.event.slug.clone()).await?;
    let (call, windows) = match read(&team, &asked, &form) {
        Ok(read) => read,
        Err(errors) => return show(&team, &asked, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let actor = team.actor();
    match team.visit.app.write(move |db, now| setting::save(db, now, actor, &call, &windows)).await {
        Ok(()) => Ok(respond::see_other_with_notice(call_url(&team), "calls-notice-settings")),
        Err(CallError::Stale) => {
            let mut errors = FieldErrors::default();
            errors.push("opens_at", Message::new("calls-error-stale-settings"));
            let mut typed = FormData::from_fields(form.iter().filter(|(name, _)| *name != "version"));
            typed.push("version", asked.call.version.to_string());
            show(&team, &asked, StatusCode::CONFLICT, (&typed, &errors))
        }
        Err(error) => Err(error.into()),
    }
}
