//! The team's pages of delegations.

mod edit;
mod importing;
mod links;
mod list;
mod one;
mod telling;

use super::lines::Frame;
use crate::accounts::access::{Allowed, ManageRegistrations, ViewRegistrations};
use crate::db::DelegationId;
use crate::delegations::mails::DelegationLetter;
use crate::delegations::model::Delegation;
use crate::delegations::operations::{self, Whole};
use crate::web::{Failure, PageContext, RouteTable};

/// The routes of the team's pages.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/delegations", list::show);
    routes.get("/organizer/{event}/delegations.csv", list::export);
    routes.get("/organizer/{event}/delegations/new", edit::show_new);
    routes.post("/organizer/{event}/delegations/new", edit::create);
    routes.get("/organizer/{event}/delegations/import", importing::show_form);
    routes.post("/organizer/{event}/delegations/import", importing::preview);
    routes.get("/organizer/{event}/delegations/import/template.csv", importing::show_template);
    routes.post("/organizer/{event}/delegations/import/apply", importing::apply);
    routes.post("/organizer/{event}/delegations/send", links::send_unsent);
    routes.get("/organizer/{event}/delegations/message", telling::show_to_contacts);
    routes.post("/organizer/{event}/delegations/message", telling::tell_contacts);
    routes.get("/organizer/{event}/delegations/{delegation}", one::show);
    routes.get("/organizer/{event}/delegations/{delegation}/people.csv", one::export);
    routes.get("/organizer/{event}/delegations/{delegation}/edit", edit::show_edit);
    routes.post("/organizer/{event}/delegations/{delegation}/edit", edit::change);
    routes.post("/organizer/{event}/delegations/{delegation}/delete", edit::delete);
    routes.post("/organizer/{event}/delegations/{delegation}/link", links::change);
    routes.get("/organizer/{event}/delegations/{delegation}/hand-over", links::show_hand_over);
    routes.post("/organizer/{event}/delegations/{delegation}/hand-over", links::hand_over);
    routes.get("/organizer/{event}/delegations/{delegation}/message", telling::show_to_members);
    routes.post("/organizer/{event}/delegations/{delegation}/message", telling::tell_members);
}

/// Who may look.
type Viewer = Allowed<ViewRegistrations>;
/// Who may change something.
type Team = Allowed<ManageRegistrations>;
/// The address of a delegation.
type OnePath = actix_web::web::Path<(String, DelegationId)>;

fn list_url<P>(team: &Allowed<P>) -> String {
    format!("/organizer/{}/delegations", team.event.slug)
}

fn url<P>(team: &Allowed<P>, id: DelegationId, below: &str) -> String {
    format!("{}/{id}{below}", list_url(team))
}

fn frame<'a, P>(team: &'a Allowed<P>, context: &PageContext) -> Frame<'a> {
    Frame { texts: &team.visit.app.texts, event: &team.event, lang: context.lang }
}

fn letter<'a, P>(team: &'a Allowed<P>, delegation: &'a Delegation) -> DelegationLetter<'a> {
    let app = &team.visit.app;
    DelegationLetter { app, event: &team.event, delegation, now: app.clock.now() }
}

async fn whole<P>(team: &Allowed<P>, id: DelegationId) -> Result<Whole, Failure> {
    let event = team.event.id;
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(operations::whole(db, event, id)?)).await?;
    found.ok_or(Failure::NotFound)
}
