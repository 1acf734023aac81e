//! One batch: printing it, saying that it is printed, taking it back.

use super::printing::{self, Whose};
use super::{in_words, papers, sizes, url};
use crate::accounts::access::{Allowed, PrintBadges};
use crate::badges::model::{Batch, KeptDesign};
use crate::badges::operations;
use crate::db::{BatchId, DbConnection};
use crate::web::error::PageResult;
use crate::web::{Choice, Failure, Page, RouteTable, respond};
use actix_web::web::Path;
use serde::Serialize;

/// The routes of batches.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/badges/batches/{batch}", show);
    routes.get("/organizer/{event}/badges/batches/{batch}/print", print);
    routes.post("/organizer/{event}/badges/batches/{batch}/mark", mark);
    routes.post("/organizer/{event}/badges/batches/{batch}/discard", discard);
}

type Team = Allowed<PrintBadges>;

fn id_of(path: &Path<(String, String)>) -> Result<BatchId, Failure> {
    path.1.parse().map_err(|_| Failure::NotFound)
}

async fn find(team: &Team, id: BatchId) -> Result<(Batch, KeptDesign), Failure> {
    let event = team.event.id;
    let read = move |db: &mut DbConnection| {
        let batch = operations::batch(db, event, id)?.ok_or(Failure::NotFound)?;
        Ok::<_, Failure>((batch, operations::design(db, event)?))
    };
    team.visit.app.read(read).await
}

#[derive(Serialize)]
struct BatchPage {
    back_url: String,
    heading: String,
    made: String,
    /// When it was marked; empty while it is open.
    marked: String,
    print_url: String,
    sizes: Vec<Choice>,
    papers: Vec<Choice>,
    width: u16,
    height: u16,
    cut_marks: bool,
    two_sided: bool,
    mark_url: String,
    mark: String,
    discard_url: String,
}

impl Page for BatchPage {
    const TEMPLATE: &'static str = "organizer/badges_batch.html";
}

/// `GET /organizer/{event}/badges/batches/{batch}`.
async fn show(team: Team, path: Path<(String, String)>) -> PageResult {
    let (batch, KeptDesign { design, .. }) = find(&team, id_of(&path)?).await?;
    let context = team.context("badges", "badges-batch-title");
    let texts = &team.visit.app.texts;
    let counted = |key: &str| texts.text(context.lang, key, &[("badges", batch.people.into())]);
    let below = |what: &str| url(&team, &format!("/batches/{}{what}", batch.id));
    let page = BatchPage {
        back_url: url(&team, ""),
        heading: counted("badges-batch-heading"),
        made: in_words(&team, &context, batch.created_at),
        marked: batch.marked_at.map(|at| in_words(&team, &context, at)).unwrap_or_default(),
        print_url: below("/print"),
        sizes: sizes(&context, texts, &design),
        papers: papers(&context, texts, &design),
        width: design.width,
        height: design.height,
        cut_marks: design.cut_marks,
        two_sided: design.two_sided,
        mark_url: below("/mark"),
        mark: counted("badges-mark"),
        discard_url: below("/discard"),
    };
    team.visit.show(&context, &page)
}

/// `GET /organizer/{event}/badges/batches/{batch}/print`: the badges, at the size that the address names.
async fn print(team: Team, path: Path<(String, String)>) -> PageResult {
    let (batch, _) = find(&team, id_of(&path)?).await?;
    let whose = Whose::Batch(batch.id, usize::try_from(batch.people).unwrap_or_default());
    let back = format!("/batches/{}", batch.id);
    printing::show(&team, whose, (&format!("{back}/print"), &back)).await
}

/// `POST /organizer/{event}/badges/batches/{batch}/mark`: they came out of the printer.
async fn mark(team: Team, path: Path<(String, String)>) -> PageResult {
    let (which, by) = ((team.event.id, id_of(&path)?), team.user.id);
    team.visit.app.write(move |db, now| operations::mark(db, now, by, which)).await?;
    Ok(respond::see_other_with_notice(url(&team, ""), "badges-notice-marked"))
}

/// `POST /organizer/{event}/badges/batches/{batch}/discard`: they did not.
async fn discard(team: Team, path: Path<(String, String)>) -> PageResult {
    let (which, actor) = ((team.event.id, id_of(&path)?), team.actor());
    team.visit.app.write(move |db, now| operations::discard(db, now, actor, which)).await?;
    Ok(respond::see_other_with_notice(url(&team, ""), "badges-notice-discarded"))
}
