//! One change of many registrations: whom it concerns is shown first, then what came of it.

use super::desk_list::{filter_of, list_url};
use crate::accounts::access::{Allowed, ManageRegistrations};
use crate::accounts::model::Permission;
use crate::db::{BulkChangeId, DbConnection, UtcTime};
use crate::registration::bulk::jobs::work;
use crate::registration::bulk::model::{BulkAction, BulkChange, Selection, Step};
use crate::registration::bulk::operations::{self as bulk, Preview};
use crate::registration::category::Category;
use crate::registration::desk::DeskFilter;
use crate::registration::operations;
use crate::web::error::PageResult;
use crate::web::{Choice, Failure, FieldErrors, FormData, Message, PageContext, RouteTable, respond};
use chrono::{DateTime, Utc};
use serde::Serialize;
use std::time::{Duration, Instant};

/// The routes of changes of many.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/registrations/bulk", super::desk_bulk_view::show_changes);
    routes.post("/organizer/{event}/registrations/bulk", change_many);
    routes.get("/organizer/{event}/registrations/bulk/{change}", super::desk_bulk_view::show_change);
}

pub(super) type Team = Allowed<ManageRegistrations>;

/// People of whom a preview shows the names.
const SHOWN: usize = 20;
/// People who can be ticked: a page of the list, and more than that.
const MOST_TICKED: usize = 1_000;
/// How long a request works on a change itself; what is left is carried on without it.
const PATIENCE: Duration = Duration::from_secs(2);

/// The form below the list.
#[derive(Serialize)]
pub(super) struct BulkForm {
    action: String,
    line: String,
    made_by: String,
    total: i64,
    categories: Vec<Choice>,
    changes_url: String,
}

impl BulkForm {
    /// The form for those who may change registrations.
    pub(super) fn new<P>(
        team: &Allowed<P>,
        context: &PageContext,
        (filter, total): (&DeskFilter, i64),
        categories: &[Category],
    ) -> Option<Self> {
        let name = |one: &Category| one.name.text(context.lang, &team.event.languages).to_owned();
        let choice = |one: &Category| Choice { value: one.id.to_string(), label: name(one), selected: false };
        team.may(Permission::ManageRegistrations).then(|| Self {
            action: bulk_url(team),
            line: filter.line(),
            made_by: team.visit.app.clock.now().to_string(),
            total,
            categories: categories.iter().map(choice).collect(),
            changes_url: bulk_url(team),
        })
    }
}

pub(super) fn bulk_url<P>(team: &Allowed<P>) -> String {
    format!("{}/bulk", list_url(team))
}

/// What a form asks for.
pub(super) struct Asked {
    pub(super) step: Step,
    /// The list from which it was asked.
    pub(super) filter: DeskFilter,
    selection: Selection,
}

/// The list that a posted line of parameters means.
fn filter_in<P>(team: &Allowed<P>, line: &str) -> DeskFilter {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(line.as_bytes()).into_owned().collect();
    filter_of(team, |name| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()))
}

/// Checks a form; the list comes back in any case, as the way back.
async fn read(team: &Team, form: &FormData) -> Result<(DeskFilter, Result<Asked, FieldErrors>), Failure> {
    let event = team.event.id;
    let load = move |db: &mut DbConnection| {
        Ok::<_, Failure>((operations::all_categories(db, event)?, operations::filter_choices(db, event, true)?))
    };
    let (categories, choices) = team.visit.app.read(load).await?;
    let filter = choices.allowed(filter_in(team, form.text("query")));
    let action: BulkAction = form.text("action").parse().map_err(|_| Failure::bad_request("error-bad-request"))?;
    let mut errors = FieldErrors::default();
    let step = match action {
        BulkAction::Category => {
            let to = categories.into_iter().find(|category| category.id.as_str() == form.text("to"));
            to.map(|to| Step::Category(Box::new(to))).ok_or("desk-bulk-error-category")
        }
        BulkAction::Cancel => Ok(Step::Cancel),
        BulkAction::Resend => Ok(Step::Resend),
        BulkAction::Priority => {
            let priority: Option<i32> = form.text("priority").trim().parse().ok();
            let priority = priority.filter(|priority| (-100..=100).contains(priority));
            priority.map(Step::Priority).ok_or("desk-bulk-error-priority")
        }
    };
    let selection = selection(team, form, &filter);
    if let Err(key) = step {
        errors.push("action", Message::new(key));
    }
    if let Err(key) = &selection {
        errors.push("registration", Message::new(key));
    }
    let asked = match (step, selection) {
        (Ok(step), Ok(selection)) => Ok(Asked { step, filter: filter.clone(), selection }),
        _ => Err(errors),
    };
    Ok((filter, asked))
}

/// Whom a form means. Of a list those who had registered when it was shown, and nobody who came since.
fn selection(team: &Team, form: &FormData, filter: &DeskFilter) -> Result<Selection, &'static str> {
    if form.text("whom") != "all" {
        let ticked = form.all("registration").filter_map(|id| id.parse().ok());
        let ticked: Vec<_> = ticked.take(MOST_TICKED).collect();
        let nobody = ticked.is_empty();
        return if nobody { Err("desk-bulk-error-nobody") } else { Ok(Selection::Ticked(team.event.id, ticked)) };
    }
    let made_by = form.text("made_by").parse::<DateTime<Utc>>().map_err(|_| "desk-bulk-error-nobody")?;
    Ok(Selection::Listed(Box::new(DeskFilter { made_by: Some(UtcTime::from(made_by)), ..filter.clone() })))
}

/// `POST /organizer/{event}/registrations/bulk`: says whom it concerns first, and does it on a second word.
async fn change_many(team: Team, form: FormData) -> PageResult {
    let (filter, asked) = read(&team, &form).await?;
    let asked = match asked {
        Ok(asked) => asked,
        Err(errors) => return super::desk_bulk_view::show_refused(&team, &filter, &errors),
    };
    let preview = look(&team, &asked).await?;
    let is_meant = form.is_ticked("confirmed") && form.text("people") == preview.people.len().to_string();
    if !is_meant || preview.forecast.able == 0 {
        return super::desk_bulk_view::show_preview(&team, &form, &asked, &preview);
    }
    begin(&team, &asked, preview).await
}

async fn look(team: &Team, asked: &Asked) -> Result<Preview, Failure> {
    let (event, step, selection) = (team.event.id, asked.step.clone(), asked.selection.clone());
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(bulk::look(db, event, (&step, &selection), SHOWN)?);
    team.visit.app.read(read).await
}

/// Begins what was confirmed and works on it for a moment: few people are done when the next page comes.
async fn begin(team: &Team, asked: &Asked, preview: Preview) -> PageResult {
    let app = &team.visit.app;
    let change = BulkChange {
        id: BulkChangeId::new(),
        event_id: team.event.id,
        user_id: team.user.id,
        action: asked.step.action(),
        category_id: if let Step::Category(to) = &asked.step { Some(to.id) } else { None },
        priority: if let Step::Priority(priority) = asked.step { priority } else { 0 },
        people: i32::try_from(preview.people.len()).unwrap_or(i32::MAX),
        created_at: app.clock.now(),
        finished_at: None,
    };
    let (own, ids) = (change.clone(), preview.people.iter().map(|who| who.id).collect::<Vec<_>>());
    app.write(move |db, now| Ok::<_, Failure>(bulk::begin(db, now, &own, &ids)?)).await?;
    if let Err(failure) = work(app, &change, Instant::now() + PATIENCE).await {
        tracing::error!(?failure, "a change of many registrations stopped; it is carried on");
    }
    Ok(respond::see_other(asked.filter.url(&format!("{}/{}", bulk_url(team), change.id), "", "")))
}
