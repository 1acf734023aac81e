//! `/organizer/{event}/reminders`: which leave, and when.

use super::model::{Counting, MOST_STEPS, ReminderKind, Rule, Rules, read_steps};
use super::operations::{self, RulesError};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::speakers::care::model::Item;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use chrono::NaiveDate;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/reminders", show_reminders);
    routes.post("/organizer/{event}/reminders", set_reminders);
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

#[derive(Serialize)]
struct RemindersPage {
    errors: Vec<ErrorLine>,
    labels: std::collections::BTreeMap<String, String>,
    version: String,
    deadlines: Vec<DeadlineField>,
    rules: Vec<RuleFields>,
    board_url: String,
    is_stale: bool,
}

impl Page for RemindersPage {
    const TEMPLATE: &'static str = "organizer/reminders.html";
}

/// By when something is asked for.
#[derive(Serialize)]
struct DeadlineField {
    label: String,
    day: Field,
}

/// What speakers can be asked for by a day.
const DEADLINES: [Item; 5] = [Item::Profile, Item::Photo, Item::Slides, Item::Travel, Item::Consent];

/// The fields of one kind.
#[derive(Serialize)]
struct RuleFields {
    kind: &'static str,
    title: String,
    text: String,
    on: Field,
    is_on: bool,
    steps: Field,
    steps_label: String,
    /// Only of reminders that follow something; others end by themselves.
    until: Option<Field>,
    sent: String,
}

fn stored(rules: &Rules) -> FormData {
    let mut form = FormData::from_fields([("version", rules.version.to_string())]);
    for kind in ReminderKind::ALL {
        let rule = rules.of(*kind);
        let steps: Vec<String> = rule.steps.iter().map(ToString::to_string).collect();
        form.push(format!("{kind}_on"), if rule.is_on { "on" } else { "" });
        form.push(format!("{kind}_steps"), steps.join(", "));
        form.push(format!("{kind}_until"), rule.until.map(|day| day.to_string()).unwrap_or_default());
    }
    for item in DEADLINES {
        let day = rules.deadline(item.as_str());
        form.push(format!("due_{item}"), day.map(|day| day.to_string()).unwrap_or_default());
    }
    form
}

fn read(form: &FormData, mut rules: Rules) -> Result<Rules, FieldErrors> {
    let mut checker = Checker::new(form);
    rules.version = form.text("version").parse().unwrap_or(0);
    for kind in ReminderKind::ALL {
        let field = format!("{kind}_steps");
        let steps = read_steps(form.text(&field)).unwrap_or_else(|_| {
            checker.wrong(field, Message::new("reminders-error-steps").with("most", MOST_STEPS));
            Vec::new()
        });
        let until = checker.optional_parsed::<NaiveDate>(&format!("{kind}_until"), "error-date");
        rules.set(*kind, Rule { is_on: form.is_ticked(&format!("{kind}_on")), steps, until });
    }
    for item in DEADLINES {
        let day = checker.optional_parsed::<NaiveDate>(&format!("due_{item}"), "error-date");
        rules.set_deadline(item.as_str(), day);
    }
    checker.finish(rules)
}

async fn load(team: &Team) -> Result<(Rules, Vec<(ReminderKind, i64)>), Failure> {
    let event = team.event.id;
    let read = move |db: &mut crate::db::DbConnection| {
        Ok::<_, Failure>((operations::rules(db, event)?, operations::counts(db, event)?))
    };
    team.visit.app.read(read).await
}

async fn show(team: &Team, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let (_, counts) = load(team).await?;
    let context = team.context("settings", "reminders-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let rules: Vec<RuleFields> =
        ReminderKind::ALL.iter().map(|kind| fields(team, &context, &view, (*kind, &counts))).collect();
    let page = RemindersPage {
        errors: view.summary(),
        labels: rules.iter().map(|rule| (rule.steps.name.clone(), rule.title.clone())).collect(),
        version: form.text("version").to_owned(),
        deadlines: DEADLINES
            .iter()
            .map(|item| DeadlineField {
                label: team.visit.app.texts.text(context.lang, &format!("care-own-{item}"), &[]),
                day: view.field(&format!("due_{item}")),
            })
            .collect(),
        rules,
        board_url: format!("/organizer/{}/speakers/board", team.event.slug),
        is_stale: status == StatusCode::CONFLICT,
    };
    team.visit.show_with_status(status, &context, &page)
}

fn fields(
    team: &Team,
    context: &PageContext,
    view: &FormView<'_>,
    (kind, counts): (ReminderKind, &[(ReminderKind, i64)]),
) -> RuleFields {
    let texts = &team.visit.app.texts;
    let text = |key: String| texts.text(context.lang, &key, &[]);
    let sent = counts.iter().find(|(one, _)| *one == kind).map_or(0, |(_, count)| *count);
    RuleFields {
        kind: kind.as_str(),
        title: text(format!("reminders-{kind}")),
        text: text(format!("reminders-{kind}-text")),
        on: view.field(&format!("{kind}_on")),
        is_on: view.ticked(&format!("{kind}_on")),
        steps: view.field(&format!("{kind}_steps")),
        steps_label: text(format!("reminders-steps-{}", kind.counting())),
        until: (kind.counting() == Counting::DaysAfter).then(|| view.field(&format!("{kind}_until"))),
        sent: texts.text(context.lang, "reminders-sent", &[("count", sent.into())]),
    }
}

/// `GET /organizer/{event}/reminders`.
async fn show_reminders(team: Team) -> PageResult {
    let (rules, _) = load(&team).await?;
    show(&team, StatusCode::OK, (&stored(&rules), &FieldErrors::default())).await
}

/// `POST /organizer/{event}/reminders`.
async fn set_reminders(team: Team, form: FormData) -> PageResult {
    let (present, _) = load(&team).await?;
    let latest = present.version;
    let rules = match read(&form, present) {
        Ok(rules) => rules,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await,
    };
    let (actor, event) = (team.actor(), team.event.id);
    match team.visit.app.write(move |db, now| operations::set_rules(db, now, actor, event, &rules)).await {
        Ok(()) => {
            let url = format!("/organizer/{}/reminders", team.event.slug);
            Ok(respond::see_other_with_notice(url, "reminders-notice-saved"))
        }
        Err(RulesError::Stale) => {
            // What was typed stands there, and saving it once more puts it in place.
            let mut typed = form;
            typed.set("version", latest.to_string());
            show(&team, StatusCode::CONFLICT, (&typed, &FieldErrors::default())).await
        }
        Err(error) => Err(error.into()),
    }
}
