//! The team's pages of badges.

mod batches;
mod choose;
mod designing;
mod people;
mod printing;
mod prints;

use super::look;
use super::model::{Design, KeptDesign, Paper, Part, SizeName};
use super::operations::{self, BadgeError};
use crate::accounts::access::{Allowed, PrintBadges};
use crate::db::{EventId, UtcTime};
use crate::web::error::PageResult;
use crate::web::{Choice, Failure, PageContext, RouteTable};
use actix_web::HttpResponse;

/// The routes of these pages.
pub fn routes(routes: &mut RouteTable) {
    choose::routes(routes);
    routes.get("/organizer/{event}/badges/look.css", show_look);
    designing::routes(routes);
    prints::routes(routes);
    batches::routes(routes);
    people::routes(routes);
}

impl From<BadgeError> for Failure {
    fn from(error: BadgeError) -> Self {
        match error {
            BadgeError::NotFound => Self::NotFound,
            BadgeError::Nobody => Self::conflict("badges-error-nobody"),
            BadgeError::Stale => Self::conflict("registration-error-stale"),
            BadgeError::NotConfirmed => Self::conflict("badges-error-not-confirmed"),
            BadgeError::Marked => Self::conflict("badges-error-marked"),
            BadgeError::Db(error) => error.into(),
        }
    }
}

/// The address of the badges' pages, or of what is below.
fn url<P>(team: &Allowed<P>, below: &str) -> String {
    format!("/organizer/{}/badges{below}", team.event.slug)
}

fn in_words<P>(team: &Allowed<P>, context: &PageContext, at: UtcTime) -> String {
    context.formatter().date_time(at.in_zone(team.event.zone()).naive_local())
}

/// Changes a design by what an address says of size and paper; `None` where it says nothing.
fn changed(design: &Design, param: impl Fn(&str) -> Option<String>) -> Option<Design> {
    let size: SizeName = param("size")?.parse().ok()?;
    let edge = |name: &str, usual: u16| param(name).and_then(|text| text.parse().ok()).unwrap_or(usual);
    let is_ticked = |name: &str| param(name).is_some_and(|text| !text.is_empty());
    let new = Design {
        size,
        width: edge("width", design.width),
        height: edge("height", design.height),
        paper: param("paper").and_then(|word| word.parse().ok()).unwrap_or(design.paper),
        cut_marks: is_ticked("cut_marks"),
        two_sided: is_ticked("two_sided"),
        ..design.clone()
    };
    let (width, height) = new.millimetres();
    let is_possible =
        super::model::EDGES.contains(&i32::from(width)) && super::model::EDGES.contains(&i32::from(height));
    is_possible.then_some(new)
}

/// The sizes to choose from, with their measures.
fn sizes(context: &PageContext, texts: &crate::i18n::Texts, design: &Design) -> Vec<Choice> {
    let label = |size: SizeName| {
        let (width, height) = Design { size, ..design.clone() }.millimetres();
        let args = [("width", width.into()), ("height", height.into())];
        texts.text(context.lang, &format!("badges-size-{size}"), &args)
    };
    let choice =
        |size: &SizeName| Choice { value: size.to_string(), label: label(*size), selected: *size == design.size };
    SizeName::ALL.iter().map(choice).collect()
}

/// The kinds of paper to choose from.
fn papers(context: &PageContext, texts: &crate::i18n::Texts, design: &Design) -> Vec<Choice> {
    let label = |paper: &Paper| texts.text(context.lang, &format!("badges-paper-{paper}"), &[]);
    let choice =
        |paper: &Paper| Choice { value: paper.to_string(), label: label(paper), selected: *paper == design.paper };
    Paper::ALL.iter().map(choice).collect()
}

/// The address of the stylesheet for a design.
fn look_url<P>(team: &Allowed<P>, design: &Design, is_preview: bool) -> String {
    let preview = if is_preview { "&preview=on" } else { "" };
    url(team, &format!("/look.css?{}{preview}", look::parameters(design)))
}

/// `GET /organizer/{event}/badges/look.css`: measures and colours of the event's badges, at the size that
/// the address names.
async fn show_look(team: Allowed<PrintBadges>) -> PageResult {
    let event: EventId = team.event.id;
    let ground = team.visit.app.read(move |db| Ok::<_, Failure>(operations::ground(db, event)?)).await?;
    let KeptDesign { design, .. } = ground.kept;
    let design = changed(&design, |name| team.visit.param(name).map(str::to_owned)).unwrap_or(design);
    let is_preview = team.visit.param("preview").is_some();
    Ok(HttpResponse::Ok()
        .content_type("text/css; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .body(look::stylesheet(&design, &ground.categories, is_preview)))
}

/// The parts of a badge to choose from.
fn parts(context: &PageContext, texts: &crate::i18n::Texts, design: &Design) -> Vec<Choice> {
    let label = |part: &Part| texts.text(context.lang, &format!("badges-part-{part}"), &[]);
    let choice = |part: &Part| Choice { value: part.to_string(), label: label(part), selected: design.shows(*part) };
    Part::ALL.iter().map(choice).collect()
}
