//! Deciding drafts: one, or all that a list shows.

use super::list::list_url;
use super::message_id;
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::MessageId;
use crate::mail::model::{MessageFilter, MessageState};
use crate::mail::operations::deciding::{self, Decision};
use crate::mail::outbox;
use crate::web::error::PageResult;
use crate::web::{Failure, FormData, Page, respond};
use actix_web::web::Path;
use serde::Serialize;

/// Drafts decided in one transaction.
const CHUNK: i64 = 500;
/// Drafts that are counted before somebody decides them.
const COUNTED: i64 = 10_000;

fn decision_of(form: &FormData) -> Result<Decision, Failure> {
    match form.text("decision") {
        "release" => Ok(Decision::Release),
        "discard" => Ok(Decision::Discard),
        _ => Err(Failure::bad_request("mail-error-decision")),
    }
}

const fn notice(decision: Decision) -> &'static str {
    match decision {
        Decision::Release => "mail-notice-released",
        Decision::Discard => "mail-notice-discarded",
    }
}

/// `POST /organizer/{event}/mail/{message}/decide`.
pub(super) async fn decide_one(team: Allowed<ManageEvent>, path: Path<(String, String)>, form: FormData) -> PageResult {
    let (event, actor, id) = (team.event.id, team.actor(), message_id(&path.1)?);
    let decision = decision_of(&form)?;
    team.visit.app.write(move |db, now| deciding::decide_draft(db, now, actor, (event, id), decision)).await?;
    Ok(respond::see_other_with_notice(format!("/organizer/{}/mail/{id}", team.event.slug), notice(decision)))
}

#[derive(Serialize)]
struct DecidePage {
    back_url: String,
    action: String,
    count: usize,
    has_more: bool,
    is_release: bool,
    kind: String,
    query: String,
    upto: String,
}

impl Page for DecidePage {
    const TEMPLATE: &'static str = "organizer/mail_decide.html";
}

/// `POST /organizer/{event}/mail/drafts`: first asks, then decides what was listed; what came since waits on.
pub(super) async fn decide_all(team: Allowed<ManageEvent>, form: FormData) -> PageResult {
    let decision = decision_of(&form)?;
    let upto: MessageId = form.text("upto").parse().map_err(|_| Failure::bad_request("mail-error-decision"))?;
    let filter = MessageFilter {
        event: Some(team.event.id),
        state: Some(MessageState::Draft),
        kind: form.text("kind").parse().ok(),
        search: form.text("q").trim().chars().take(100).collect(),
        ..MessageFilter::default()
    };
    if form.text("confirm") != "yes" {
        return ask(&team, (filter, upto), decision).await;
    }
    let back = list_url(&team.event.slug, &filter, Some(MessageState::Draft));
    decide_chunks(&team, (filter, upto), decision).await?;
    Ok(respond::see_other_with_notice(back, notice(decision)))
}

async fn ask(
    team: &Allowed<ManageEvent>,
    (filter, upto): (MessageFilter, MessageId),
    decision: Decision,
) -> PageResult {
    let wanted = filter.clone();
    let (ids, more) = team.visit.app.read(move |db| Ok::<_, Failure>(outbox::ids(db, &wanted, COUNTED)?)).await?;
    let context = team.context("mail", "mail-decide-title");
    let page = DecidePage {
        back_url: list_url(&team.event.slug, &filter, Some(MessageState::Draft)),
        action: format!("/organizer/{}/mail/drafts", team.event.slug),
        count: ids.iter().filter(|id| **id <= upto).count(),
        has_more: more.is_some(),
        is_release: decision == Decision::Release,
        kind: filter.kind.map(|kind| kind.as_str().to_owned()).unwrap_or_default(),
        query: filter.search,
        upto: upto.to_string(),
    };
    team.visit.show(&context, &page)
}

/// Each chunk is a transaction of its own, so that other writes go on between them. Broken off in the middle, what was
/// decided stays so, and asking again decides the rest.
async fn decide_chunks(
    team: &Allowed<ManageEvent>,
    (mut filter, upto): (MessageFilter, MessageId),
    decision: Decision,
) -> Result<(), Failure> {
    let (event, actor) = (team.event.id, team.actor());
    loop {
        let wanted = filter.clone();
        let (ids, next) = team.visit.app.read(move |db| Ok::<_, Failure>(outbox::ids(db, &wanted, CHUNK)?)).await?;
        let ids: Vec<MessageId> = ids.into_iter().filter(|id| *id <= upto).collect();
        if !ids.is_empty() {
            let job = move |db: &mut crate::db::DbConnection, now| {
                Ok::<_, Failure>(deciding::decide_drafts(db, now, actor, (event, &ids), decision)?)
            };
            team.visit.app.write(job).await?;
        }
        match next {
            Some(next) => filter.before = Some(next),
            None => return Ok(()),
        }
    }
}
