//! One decision on several applications, after one look at whom it concerns; reminders of the second form.

use super::deciding::{Decided, decide_on, read};
use super::queue::marks;
use super::{Team, filter_of, list_url, text};
use crate::accreditation::mails::Notice;
use crate::accreditation::model::{Decision, Reason};
use crate::accreditation::operations::{self, Line, Outcome};
use crate::db::{CategoryId, RegistrationId};
use crate::registration::category::Category;
use crate::registration::operations as registration;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Failure, FieldErrors, FormData, Message, Page, PageContext, RouteTable, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

/// The routes of decisions on several.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/organizer/{event}/accreditation/decide", decide_on_several);
    routes.post("/organizer/{event}/accreditation/remind", remind);
}

/// Applications that one post may decide on: a page of the queue, and some more.
const MOST: usize = 200;

#[derive(Serialize)]
struct BulkPage {
    decision: String,
    decision_label: String,
    reason: String,
    template: String,
    note: String,
    is_done: bool,
    rows: Vec<BulkRow>,
    /// Those whom the decision concerns.
    selected: Vec<String>,
    errors: Vec<ErrorLine>,
    action: String,
    back_url: String,
    count: usize,
}

impl Page for BulkPage {
    const TEMPLATE: &'static str = "organizer/accreditation_bulk.html";
}

#[derive(Serialize)]
struct BulkRow {
    name: String,
    native_name: String,
    url: String,
    /// What will be told, in the applicant's language, or what came of it.
    words: String,
    lang: String,
    is_left_out: bool,
}

/// What a decision on several is made of.
struct Several {
    lines: Vec<Line>,
    reasons: Vec<Reason>,
    categories: Vec<Category>,
    second_form: Vec<CategoryId>,
}

async fn load(team: &Team, form: &FormData) -> Result<Several, Failure> {
    let ids: Vec<RegistrationId> = form.all("registration").filter_map(|id| id.parse().ok()).take(MOST).collect();
    let event = team.event.id;
    let found = team.visit.app.read(move |db| {
        Ok::<_, Failure>(Several {
            lines: operations::several(db, event, &ids)?,
            reasons: operations::all_reasons(db, event)?,
            categories: registration::all_categories(db, event)?,
            second_form: operations::second_form(db, event)?,
        })
    });
    found.await
}

/// `POST /organizer/{event}/accreditation/decide`: says whom it concerns first, and does it on a second word.
async fn decide_on_several(team: Team, form: FormData) -> PageResult {
    let several = load(&team, &form).await?;
    let template = several.reasons.iter().find(|reason| reason.id.as_str() == form.text("template"));
    let mut errors = FieldErrors::default();
    if several.lines.is_empty() {
        errors.push("registration", Message::new("accreditation-error-nobody"));
    }
    let decided = match read(&form, template.is_some()) {
        Ok(decided) if errors.is_empty() => decided,
        decided => {
            for error in decided.err().unwrap_or_default().iter() {
                errors.push(error.field.clone(), error.message.clone());
            }
            return show(&team, &form, Vec::new(), false, &errors);
        }
    };
    if !form.is_ticked("confirmed") {
        let rows = several.lines.iter().map(|line| preview(&team, line, &decided, template)).collect();
        return show(&team, &form, rows, false, &errors);
    }
    let mut rows = Vec::with_capacity(several.lines.len());
    for line in &several.lines {
        rows.push(settle(&team, &several, line, (&decided, template)).await?);
    }
    show(&team, &form, rows, true, &errors)
}

/// Why an application is not decided on together with others.
fn left_out(team: &Team, line: &Line, decided: &Decided) -> Option<&'static str> {
    let is_approval = decided.decision == Decision::Approve;
    if !line.applicant.is_open() {
        Some("accreditation-bulk-decided")
    } else if is_approval && (line.applicant.is_watched || line.applicant.screened_at.is_none()) {
        Some("accreditation-bulk-watched")
    } else if is_approval && !line.progress.may_approve(team.user.id) {
        Some("accreditation-bulk-own")
    } else {
        None
    }
}

/// What the applicant will read.
fn reason_for(team: &Team, line: &Line, decided: &Decided, template: Option<&Reason>) -> String {
    if !decided.reason.is_empty() {
        return decided.reason.clone();
    }
    let lang = line.applicant.registration.language;
    template.map(|reason| reason.text(lang, &team.event.languages).to_owned()).unwrap_or_default()
}

fn row(team: &Team, line: &Line, words: String, is_left_out: bool) -> BulkRow {
    let registration = &line.applicant.registration;
    BulkRow {
        name: registration.full_name(),
        native_name: registration.native_name.clone(),
        url: format!("{}/{}", list_url(team), registration.id),
        lang: String::new(),
        words,
        is_left_out,
    }
}

fn preview(team: &Team, line: &Line, decided: &Decided, template: Option<&Reason>) -> BulkRow {
    let context = context(team);
    if let Some(why) = left_out(team, line, decided) {
        return row(team, line, text(team, &context, why), true);
    }
    let told = reason_for(team, line, decided, template);
    let known: Vec<String> = marks(team, &context, line).into_iter().map(|mark| mark.label).collect();
    if told.is_empty() {
        return row(team, line, known.join(" · "), false);
    }
    BulkRow { lang: line.applicant.registration.language.to_string(), ..row(team, line, told, false) }
}

async fn settle(
    team: &Team,
    several: &Several,
    line: &Line,
    (decided, template): (&Decided, Option<&Reason>),
) -> Result<BulkRow, Failure> {
    let context = context(team);
    if let Some(why) = left_out(team, line, decided) {
        return Ok(row(team, line, text(team, &context, why), true));
    }
    let own = line.applicant.registration.category_id;
    let category = several.categories.iter().find(|category| category.id == own).ok_or(Failure::NotFound)?;
    let decided = Decided { reason: reason_for(team, line, decided, template), ..decided.clone() };
    match decide_on(team, line, category, &decided, &several.second_form).await {
        Ok(outcome) => Ok(row(team, line, text(team, &context, outcome_key(outcome)), false)),
        // The others of the list are decided all the same.
        Err(Failure::Told(_, message)) => Ok(row(team, line, message.words(&team.visit.app.texts, context.lang), true)),
        Err(failure) => Err(failure),
    }
}

const fn outcome_key(outcome: Outcome) -> &'static str {
    match outcome {
        Outcome::Approved => "accreditation-said-approve",
        Outcome::AwaitsSecond => "accreditation-mark-first-approval",
        Outcome::Asked => "accreditation-said-ask",
        Outcome::Rejected => "accreditation-said-reject",
    }
}

fn context(team: &Team) -> PageContext {
    team.context("accreditation", "accreditation-bulk-title")
}

fn show(team: &Team, form: &FormData, rows: Vec<BulkRow>, is_done: bool, errors: &FieldErrors) -> PageResult {
    let context = context(team);
    let filter = filter_of(team);
    let list = list_url(team);
    let decision: Option<Decision> = form.text("decision").parse().ok();
    let label = decision.map(|decision| text(team, &context, &format!("accreditation-decision-{decision}")));
    let page = BulkPage {
        decision: form.text("decision").to_owned(),
        decision_label: label.unwrap_or_default(),
        reason: form.text("reason").to_owned(),
        template: form.text("template").to_owned(),
        note: form.text("note").to_owned(),
        is_done,
        count: rows.iter().filter(|row| !row.is_left_out).count(),
        selected: form.all("registration").take(MOST).map(str::to_owned).collect(),
        rows,
        errors: errors.lines(&team.visit.app.texts, context.lang),
        action: filter.url(&format!("{list}/decide"), "after", ""),
        back_url: filter.url(&list, "after", ""),
    };
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    team.visit.show_with_status(status, &context, &page)
}

/// People reminded in one transaction.
const AT_ONCE: i64 = 100;

/// `POST /organizer/{event}/accreditation/remind`: writes to everyone who owes the second form.
async fn remind(team: Team) -> PageResult {
    let mut after = None;
    loop {
        let (event, now) = (team.event.id, team.visit.app.clock.now());
        let found = team.visit.app.read(move |db| {
            let second_form = operations::second_form(db, event)?;
            let owing = operations::owing(db, now, event, &second_form, (after, AT_ONCE))?;
            Ok::<_, Failure>((owing, registration::all_categories(db, event)?))
        });
        let (owing, categories) = found.await?;
        let Some(last) = owing.last() else { break };
        after = Some(last.id);
        remind_some(&team, owing, &categories).await?;
    }
    Ok(respond::see_other_with_notice(format!("{}?waiting=form", list_url(&team)), "accreditation-notice-reminded"))
}

async fn remind_some(
    team: &Team,
    owing: Vec<crate::registration::model::Registration>,
    categories: &[Category],
) -> Result<(), Failure> {
    let app = &team.visit.app;
    let mut mails = Vec::with_capacity(owing.len());
    for registration in owing {
        let category = categories.iter().find(|category| category.id == registration.category_id);
        let category = category.ok_or(Failure::NotFound)?;
        let notice = Notice { app, event: &team.event, registration: &registration, category, now: app.clock.now() };
        let (message, link) = notice.reminder()?;
        mails.push((registration, message, link));
    }
    let actor = team.actor();
    let send = move |db: &mut crate::db::DbConnection, now| {
        for (registration, message, link) in &mails {
            operations::remind(db, now, actor, registration, (message, link))?;
        }
        Ok::<_, Failure>(())
    };
    app.write(send).await
}
