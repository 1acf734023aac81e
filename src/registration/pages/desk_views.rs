//! Keeping a list under a name.

use super::desk::Team;
use super::desk_list::{filter_of, list_url};
use crate::accounts::model::Permission;
use crate::db::ViewId;
use crate::registration::desk::{DeskFilter, SavedView, ViewChange};
use crate::registration::operations::{self, ViewError};
use crate::web::error::PageResult;
use crate::web::{Checker, Failure, FieldErrors, FormData, RouteTable, respond};
use actix_web::web::Path;

/// The routes of views.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/organizer/{event}/registrations/views", save_view);
    routes.post("/organizer/{event}/registrations/views/{view}", change_view);
}

impl From<ViewError> for Failure {
    fn from(error: ViewError) -> Self {
        match error {
            ViewError::NotFound => Self::NotFound,
            ViewError::TooMany => Self::conflict("desk-error-many-views"),
            ViewError::Db(error) => error.into(),
        }
    }
}

/// The list that a posted line of parameters means.
fn filter_in(team: &Team, line: &str) -> DeskFilter {
    let fields: Vec<(String, String)> = url::form_urlencoded::parse(line.as_bytes()).into_owned().collect();
    filter_of(team, |name| fields.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str()))
}

/// `POST /organizer/{event}/registrations/views`.
async fn save_view(team: Team, form: FormData) -> PageResult {
    let filter = filter_in(&team, form.text("query"));
    let mut checker = Checker::new(&form);
    let name = checker.required_line("name");
    if let Err(errors) = checker.finish(()) {
        return super::desk_list::show_unsaved(&team, filter, (&form, &errors)).await;
    }
    let view = SavedView {
        id: ViewId::new(),
        event_id: team.event.id,
        user_id: team.user.id,
        name,
        query: filter.line(),
        is_shared: form.is_ticked("is_shared") && team.may(Permission::ManageRegistrations),
        created_at: team.visit.app.clock.now(),
    };
    let (is_default, url) = (form.is_ticked("is_default"), view_url(&team, &view.query));
    team.visit.app.write(move |db, now| operations::save_view(db, now, &view, is_default)).await?;
    Ok(respond::see_other_with_notice(url, "desk-notice-view-saved"))
}

/// The address of a view's list.
pub(super) fn view_url(team: &Team, query: &str) -> String {
    if query.is_empty() { format!("{}?view=all", list_url(team)) } else { format!("{}?{query}", list_url(team)) }
}

/// `POST /organizer/{event}/registrations/views/{view}`: `do` says what.
async fn change_view(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let id: ViewId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let change: ViewChange = form.text("do").parse().map_err(|_| Failure::bad_request("error-bad-request"))?;
    let (event, who) = (team.event.id, (team.user.id, team.may(Permission::ManageRegistrations)));
    team.visit.app.write(move |db, now| operations::change_view(db, now, who, (event, id), change)).await?;
    let url = if change == ViewChange::Delete {
        view_url(&team, "")
    } else {
        view_url(&team, &filter_in(&team, form.text("query")).line())
    };
    Ok(respond::see_other_with_notice(url, "desk-notice-view-changed"))
}

/// A form of nothing, before anybody has typed.
pub(super) fn nothing() -> (FormData, FieldErrors) {
    (FormData::default(), FieldErrors::default())
}
