//! The log of prints.

use super::{in_words, url};
use crate::accounts::access::{Allowed, ViewRegistrations};
use crate::badges::model::PrintLine;
use crate::badges::operations;
use crate::web::error::PageResult;
use crate::web::{Failure, Page, PageContext, RouteTable};
use serde::Serialize;

/// The route of the log.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/badges/prints", show);
}

#[derive(Serialize)]
struct PrintsPage {
    back_url: String,
    all_url: String,
    again_url: String,
    again_only: bool,
    lines: Vec<Line>,
    first_url: String,
    next_url: String,
}

impl Page for PrintsPage {
    const TEMPLATE: &'static str = "organizer/badges_prints.html";
}

/// One print in words.
#[derive(Serialize)]
pub(super) struct Line {
    at: String,
    by: String,
    name: String,
    code: String,
    url: String,
    reason: &'static str,
    reason_label: String,
    note: String,
}

/// One print in words.
pub(super) fn line<P>(team: &Allowed<P>, context: &PageContext, line: &PrintLine) -> Line {
    let texts = &team.visit.app.texts;
    Line {
        at: in_words(team, context, line.at),
        by: line.by.clone().unwrap_or_default(),
        name: line.name.clone(),
        code: line.code.clone(),
        url: format!("/organizer/{}/registrations/{}", team.event.slug, line.registration),
        reason: line.reason.as_str(),
        reason_label: texts.text(context.lang, &format!("badges-reason-{}", line.reason), &[]),
        note: line.note.clone(),
    }
}

/// `GET /organizer/{event}/badges/prints`, with `?again=on` without first prints.
async fn show(team: Allowed<ViewRegistrations>) -> PageResult {
    let again_only = team.visit.param("again").is_some_and(|word| !word.is_empty());
    let after = team.visit.param("after").and_then(|id| id.parse().ok());
    let event = team.event.id;
    let read = move |db: &mut crate::db::DbConnection| Ok::<_, Failure>(operations::log(db, event, again_only, after)?);
    let (lines, has_more) = team.visit.app.read(read).await?;
    let context = team.context("badges", "badges-prints-title");
    let (all_url, again_url) = (url(&team, "/prints"), url(&team, "/prints?again=on"));
    let next = |last: &PrintLine| format!("{all_url}?{}after={}", if again_only { "again=on&" } else { "" }, last.id);
    let page = PrintsPage {
        back_url: url(&team, ""),
        again_only,
        first_url: match (after, again_only) {
            (None, _) => String::new(),
            (Some(_), true) => again_url.clone(),
            (Some(_), false) => all_url.clone(),
        },
        next_url: lines.last().filter(|_| has_more).map(next).unwrap_or_default(),
        lines: lines.iter().map(|one| line(&team, &context, one)).collect(),
        all_url,
        again_url,
    };
    team.visit.show(&context, &page)
}
