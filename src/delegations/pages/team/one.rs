//! One delegation: its people, its places, its focal point, and what happened.

use super::super::files;
use super::super::lines::{Frame, MemberLine, PlacesLine, ProgressLine};
use super::{OnePath, Viewer, frame, list_url, url, whole};
use crate::accounts::model::Permission;
use crate::audit::Noted;
use crate::db::DbConnection;
use crate::delegations::model::Member;
use crate::delegations::operations::{self, Whole};
use crate::registration::forms::model::{Question, Viewer as DeskViewer};
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::page::Text;
use crate::web::{Failure, Page, PageContext};
use serde::Serialize;

#[derive(Serialize)]
struct OnePage {
    name: Text,
    country: String,
    contact_name: String,
    contact_email: String,
    language: String,
    closes: String,
    is_closed: bool,
    note: String,
    access: &'static str,
    access_text: String,
    places: Vec<PlacesLine>,
    progress: ProgressLine,
    people: Vec<MemberLine>,
    withdrawn: Vec<MemberLine>,
    history: Vec<HistoryLine>,
    back_url: String,
    export_url: String,
    may_manage: bool,
    edit_url: String,
    link_url: String,
    hand_over_url: String,
    message_url: String,
}

impl Page for OnePage {
    const TEMPLATE: &'static str = "organizer/delegation.html";
}

#[derive(Serialize)]
struct HistoryLine {
    at: String,
    who: String,
    what: String,
}

/// `GET /organizer/{event}/delegations/{delegation}`.
pub(super) async fn show(team: Viewer, path: OnePath) -> PageResult {
    let (id, found) = (path.1, whole(&team, path.1).await?);
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::history(db, id)?);
    let history = team.visit.app.read(read).await?;
    let context = team.context("delegations", "delegations-one");
    team.visit.show(&context, &page(&team, &context, &found, &history))
}

fn page(team: &Viewer, context: &PageContext, found: &Whole, history: &[Noted]) -> OnePage {
    let (frame, own) = (frame(team, context), &found.delegation);
    let at_desk = |member: &Member| format!("/organizer/{}/registrations/{}", team.event.slug, member.registration.id);
    let (people, withdrawn) = frame.people(found, at_desk);
    let time = found.access.at().map(|at| frame.time(at)).unwrap_or_default();
    let access_key = format!("delegations-access-{}-text", found.access.as_str());
    OnePage {
        name: Text::pick(&own.name, context.lang, &team.event.languages),
        country: frame.country(own.country.as_deref()),
        contact_name: own.contact_name.clone(),
        contact_email: own.contact_email.clone(),
        language: own_name(frame.texts, own.language),
        closes: own.closes_at.map(|at| frame.time(at)).unwrap_or_default(),
        is_closed: own.is_closed(team.visit.app.clock.now()),
        note: own.note.clone(),
        access: found.access.as_str(),
        access_text: frame.texts.text(frame.lang, &access_key, &[("time", time.into())]),
        places: frame.places(&found.places, &found.categories),
        progress: found.progress().into(),
        people,
        withdrawn,
        history: history.iter().map(|noted| history_line(&frame, noted)).collect(),
        back_url: list_url(team),
        export_url: url(team, own.id, "/people.csv"),
        may_manage: team.may(Permission::ManageRegistrations),
        edit_url: url(team, own.id, "/edit"),
        link_url: url(team, own.id, "/link"),
        hand_over_url: url(team, own.id, "/hand-over"),
        message_url: url(team, own.id, "/message"),
    }
}

fn history_line(frame: &Frame<'_>, noted: &Noted) -> HistoryLine {
    let who = noted.user_name.clone();
    HistoryLine {
        at: frame.time(noted.at),
        who: who.unwrap_or_else(|| frame.text(&format!("registration-actor-{}", noted.actor_kind))),
        what: frame.text(&format!("delegations-history-{}", noted.action.trim_start_matches("delegation."))),
    }
}

/// `GET /organizer/{event}/delegations/{delegation}/people.csv`.
pub(super) async fn export(team: Viewer, path: OnePath) -> PageResult {
    let context = team.context("delegations", "delegations-one");
    let languages = (context.lang, &team.event.languages[..]);
    let at_desk = |question: &Question| question.facts.seen_by.contains(&DeskViewer::Desk);
    files::people(&whole(&team, path.1).await?, &team.visit.app.texts, languages, at_desk)
}
