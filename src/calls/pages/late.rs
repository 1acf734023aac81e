//! `/organizer/{event}/call/late`: links that open the call after its end.

use super::in_words;
use super::setting::{Team, call_url};
use crate::calls::model::LateLink;
use crate::calls::operations::setting;
use crate::db::{DbConnection, LateLinkId, UtcTime};
use crate::registration::category::instant;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, RouteTable, Token, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of late links.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/call/late", list);
    routes.post("/organizer/{event}/call/late", add);
    routes.post("/organizer/{event}/call/late/{link}/revoke", revoke);
}

#[derive(Serialize)]
struct LatePage {
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    name: Field,
    until: Field,
    timezone: String,
    /// The address of a link just made, which is shown this once; empty for none.
    fresh: String,
    links: Vec<LinkLine>,
}

impl Page for LatePage {
    const TEMPLATE: &'static str = "organizer/call_late.html";
}

#[derive(Serialize)]
struct LinkLine {
    name: String,
    until: String,
    state: &'static str,
    state_label: String,
    revoke_url: String,
}

/// `GET /organizer/{event}/call/late`.
async fn list(team: Team) -> PageResult {
    show(&team, StatusCode::OK, (&FormData::default(), &FieldErrors::default()), String::new()).await
}

async fn show(team: &Team, status: StatusCode, (form, errors): (&FormData, &FieldErrors), fresh: String) -> PageResult {
    let (event, now) = (team.event.id, team.visit.app.clock.now());
    let links =
        team.visit.app.read(move |db: &mut DbConnection| Ok::<_, Failure>(setting::late_links(db, event)?)).await?;
    let context = team.context("call", "calls-late-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let action = format!("{}/late", call_url(team));
    let line = |link: &LateLink| {
        let state = match link {
            LateLink { revoked_at: Some(_), .. } => "revoked",
            link if link.works(now) => "works",
            _ => "over",
        };
        LinkLine {
            name: link.name.clone(),
            until: in_words(&context, &team.event, link.until),
            state,
            state_label: team.visit.app.texts.text(context.lang, &format!("calls-late-{state}"), &[]),
            revoke_url: format!("{action}/{}/revoke", link.id),
        }
    };
    let page = LatePage {
        back_url: call_url(team),
        errors: view.summary(),
        name: view.field("name"),
        until: view.field("until"),
        timezone: team.event.zone().name().to_owned(),
        fresh,
        links: links.iter().map(line).collect(),
        action,
    };
    team.visit.show_with_status(status, &context, &page)
}

fn read(team: &Team, form: &FormData, now: UtcTime) -> Result<(String, UtcTime), FieldErrors> {
    let mut checker = Checker::new(form);
    let name = checker.required_line("name");
    let until = instant(&mut checker, form, "until", team.event.zone());
    match until {
        None => checker.wrong("until", Message::new("error-required")),
        Some(until) if until <= now => checker.wrong("until", Message::new("calls-error-late-past")),
        Some(_) => {}
    }
    let until = until.unwrap_or(now);
    checker.finish((name, until))
}

/// `POST /organizer/{event}/call/late`: makes a link and shows it, only here.
async fn add(team: Team, form: FormData) -> PageResult {
    let now = team.visit.app.clock.now();
    let (name, until) = match read(&team, &form, now) {
        Ok(read) => read,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors), String::new()).await,
    };
    let (token, actor) = (Token::new(), team.actor());
    let id = LateLinkId::new();
    let link = LateLink {
        id,
        event_id: team.event.id,
        token_hash: token.hash(),
        name,
        until,
        created_at: now,
        revoked_at: None,
    };
    team.visit.app.write(move |db, now| setting::add_late_link(db, now, actor, &link)).await?;
    let fresh = team.visit.absolute(&format!("/{}/call?late={}", team.event.slug, token.reveal()));
    show(&team, StatusCode::OK, (&FormData::default(), &FieldErrors::default()), fresh).await
}

/// `POST /organizer/{event}/call/late/{link}/revoke`.
async fn revoke(team: Team, path: Path<(String, LateLinkId)>) -> PageResult {
    let (actor, key) = (team.actor(), (team.event.id, path.1));
    team.visit.app.write(move |db, now| setting::revoke_late_link(db, now, actor, key)).await?;
    Ok(respond::see_other_with_notice(format!("{}/late", call_url(&team)), "calls-notice-late-revoked"))
}
