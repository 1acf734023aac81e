//! What the badges of an event look like, with a look at one before it is kept.

use super::printing::preview;
use super::{look_url, papers, parts, sizes, url};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::badges::filter::{BadgeFilter, Printed};
use crate::badges::model::{Bearer, Design, EDGES, KeptDesign, LargeName, Paper, Part, SizeName, WIDEST};
use crate::badges::operations::{self, Ground};
use crate::db::DbConnection;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use serde::Serialize;

/// The routes of this page.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/badges/design", show);
    routes.post("/organizer/{event}/badges/design", save);
}

type Team = Allowed<ManageEvent>;

#[derive(Serialize)]
struct DesignPage {
    action: String,
    back_url: String,
    version: String,
    errors: Vec<ErrorLine>,
    size: Field,
    sizes: Vec<Choice>,
    width: Field,
    height: Field,
    paper: Field,
    papers: Vec<Choice>,
    cut_marks: bool,
    two_sided: bool,
    large: Field,
    larges: Vec<Choice>,
    part: Field,
    parts: Vec<Choice>,
    person: Field,
    look_url: String,
    /// A badge of somebody made up, and one of a real person where there is any.
    sample: String,
    real: String,
    zones: Vec<ZoneLine>,
}

impl Page for DesignPage {
    const TEMPLATE: &'static str = "organizer/badges_design.html";
}

#[derive(Serialize)]
struct ZoneLine {
    letter: String,
    name: Text,
}

fn fields_of(kept: &KeptDesign) -> FormData {
    let design = &kept.design;
    let tick = |name: &'static str, ticked: bool| ticked.then(|| (name, "on".to_owned()));
    let fields = [
        ("version", kept.version.to_string()),
        ("size", design.size.to_string()),
        ("width", design.width.to_string()),
        ("height", design.height.to_string()),
        ("paper", design.paper.to_string()),
        ("large", design.large.to_string()),
    ];
    let ticks = [tick("cut_marks", design.cut_marks), tick("two_sided", design.two_sided)];
    let parts = design.parts.iter().map(|part| ("parts", part.to_string()));
    FormData::from_fields(fields.into_iter().chain(ticks.into_iter().flatten()).chain(parts))
}

fn read(form: &FormData, kept: &KeptDesign) -> Result<Design, FieldErrors> {
    let mut checker = Checker::new(form);
    let size: SizeName = checker.parsed("size", "badges-error-choose").unwrap_or(kept.design.size);
    let mut edge = |name: &'static str, widest: i32, usual: u16| match size {
        SizeName::Own => {
            checker.number(name, *EDGES.start()..=widest).and_then(|edge| edge.try_into().ok()).unwrap_or(usual)
        }
        _ => form.text(name).parse().ok().filter(|edge| EDGES.contains(&i32::from(*edge))).unwrap_or(usual),
    };
    let width = edge("width", WIDEST, kept.design.width);
    let height = edge("height", *EDGES.end(), kept.design.height);
    let design = Design {
        size,
        width,
        height,
        paper: checker.parsed::<Paper>("paper", "badges-error-choose").unwrap_or(kept.design.paper),
        cut_marks: form.is_ticked("cut_marks"),
        two_sided: form.is_ticked("two_sided"),
        large: checker.parsed::<LargeName>("large", "badges-error-choose").unwrap_or(kept.design.large),
        parts: Part::ALL.iter().copied().filter(|part| form.all("parts").any(|one| one == part.as_str())).collect(),
    };
    if !checker.has_errors() && !design.can_be_scanned() {
        checker.wrong("width", Message::new("badges-error-too-small"));
    }
    checker.finish(design)
}

/// `GET /organizer/{event}/badges/design`: the design that is kept, or the one that the address holds, to be
/// looked at only.
async fn show(team: Team) -> PageResult {
    let ground = find(&team).await?;
    let is_tried = team.visit.param("size").is_some();
    let mut form = match is_tried {
        true => FormData::from_fields(team.visit.query.iter().map(|(name, value)| (name.as_str(), value.as_str()))),
        false => fields_of(&ground.kept),
    };
    if let Some(person) = team.visit.param("person").filter(|_| !is_tried) {
        form.push("person", person);
    }
    let (tried, errors) = match read(&form, &ground.kept) {
        Ok(design) => (design, FieldErrors::default()),
        Err(errors) => (ground.kept.design.clone(), errors),
    };
    show_form(&team, StatusCode::OK, (&form, &errors), (tried, ground)).await
}

async fn find(team: &Team) -> Result<Ground, Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db| Ok::<_, Failure>(operations::ground(db, event)?)).await
}

/// Whoever a word finds first; anybody when there is no word.
async fn real_person(team: &Team, word: &str) -> Result<Option<Bearer>, Failure> {
    let event = team.event.clone();
    let filter =
        BadgeFilter { printed: Printed::Any, ..BadgeFilter::read(event.id, |name| (name == "q").then_some(word)) };
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::choose(db, &event, &filter, 1)?);
    Ok(team.visit.app.read(read).await?.first.into_iter().next())
}

async fn show_form(
    team: &Team,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
    (tried, ground): (Design, Ground),
) -> PageResult {
    let context = team.context("badges", "badges-design-title");
    let tried = Ground { kept: KeptDesign { design: tried, ..ground.kept }, ..ground };
    let app = &team.visit.app;
    let draw = |bearer: Bearer| preview(app, &team.event, context.lang, bearer, tried.clone());
    let sample = draw(Bearer::sample(tried.categories.first())).await?;
    let real = match real_person(team, form.text("person")).await? {
        Some(bearer) => draw(bearer).await?,
        None => String::new(),
    };
    let page = design_page(team, &context, (form, errors), (&tried, sample, real));
    team.visit.show_with_status(status, &context, &page)
}

fn design_page(
    team: &Team,
    context: &PageContext,
    (form, errors): (&FormData, &FieldErrors),
    (tried, sample, real): (&Ground, String, String),
) -> DesignPage {
    let (texts, design) = (&team.visit.app.texts, &tried.kept.design);
    let view = FormView::new(&team.visit, context, form, errors);
    let large = |name: &LargeName| Choice {
        value: name.to_string(),
        label: texts.text(context.lang, &format!("badges-large-{name}"), &[]),
        selected: *name == design.large,
    };
    let zone = |zone: &crate::badges::face::ZoneLetter| ZoneLine {
        letter: zone.letter.clone(),
        name: Text::pick(&zone.name, context.lang, &team.event.languages),
    };
    DesignPage {
        action: url(team, "/design"),
        back_url: url(team, ""),
        version: form.text("version").to_owned(),
        errors: view.summary(),
        size: view.field("size"),
        sizes: sizes(context, texts, design),
        width: view.field("width"),
        height: view.field("height"),
        paper: view.field("paper"),
        papers: papers(context, texts, design),
        cut_marks: view.ticked("cut_marks"),
        two_sided: view.ticked("two_sided"),
        large: view.field("large"),
        larges: LargeName::ALL.iter().map(large).collect(),
        part: view.field("parts"),
        parts: parts(context, texts, design),
        person: view.field("person"),
        look_url: look_url(team, design, true),
        sample,
        real,
        zones: tried.zones.iter().map(zone).collect(),
    }
}

/// `POST /organizer/{event}/badges/design`.
async fn save(team: Team, form: FormData) -> PageResult {
    let ground = find(&team).await?;
    let design = match read(&form, &ground.kept) {
        Ok(design) => design,
        Err(errors) => {
            let tried = ground.kept.design.clone();
            return show_form(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors), (tried, ground)).await;
        }
    };
    let kept = KeptDesign { design, version: form.text("version").parse().unwrap_or_default() };
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| operations::set_design(db, now, actor, event, &kept)).await?;
    Ok(respond::see_other_with_notice(url(&team, "/design"), "badges-notice-saved"))
}
