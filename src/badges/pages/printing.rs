//! A page that is nothing but badges: sent piece by piece, whatever their number.

use super::{changed, look_url, papers, sizes, url};
use crate::accounts::access::{Allowed, PrintBadges};
use crate::app::App;
use crate::badges::face::{Drawing, Face};
use crate::badges::model::{Bearer, Design, KeptDesign, Paper};
use crate::badges::operations::{self, Ground};
use crate::badges::sheets::{Grid, Places, lay_out};
use crate::db::BatchId;
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::registration::operations::give_or_find_ticket_key;
use crate::registration::ticket::TicketKey;
use crate::web::error::PageResult;
use crate::web::{Choice, Failure, Page, PageContext};
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use futures_util::stream::{self, Stream};
use serde::Serialize;
use std::sync::Arc;

/// Whose badges are printed.
pub(super) enum Whose {
    /// Those of a batch, of so many people.
    Batch(BatchId, usize),
    /// One person's.
    One(Box<Bearer>),
}

/// People whose badges are read, drawn and sent at once: memory stays the same for any number of them.
const PIECE: usize = 60;

/// Where the badges stand in the frame of the page.
const MARKER: &str = "<!--badges-->";

#[derive(Serialize)]
struct PrintPage {
    look_url: String,
    back_url: String,
    action: String,
    /// How many badges, and on how many pages.
    summary: String,
    sizes: Vec<Choice>,
    papers: Vec<Choice>,
    width: u16,
    height: u16,
    cut_marks: bool,
    two_sided: bool,
    marker: &'static str,
}

impl Page for PrintPage {
    const TEMPLATE: &'static str = "organizer/badges_print.html";
}

#[derive(Serialize)]
struct Sheets {
    sheets: Vec<Sheet>,
    has_marks: bool,
}

/// One page of paper.
#[derive(Serialize)]
struct Sheet {
    places: Places<Face>,
}

/// All that pieces are drawn from.
struct Printer {
    app: Data<App>,
    event: Event,
    ground: Ground,
    key: TicketKey,
    lang: Lang,
}

impl Printer {
    fn design(&self) -> &Design {
        &self.ground.kept.design
    }

    /// Draws badges, as HTML. Signs and draws codes, so it runs off the threads that answer requests.
    fn draw(&self, bearers: &[Bearer]) -> Result<String, Failure> {
        let (design, grid) = (self.design(), Grid::of(self.design()));
        let drawing = Drawing {
            texts: &self.app.texts,
            event: &self.event,
            design,
            categories: &self.ground.categories,
            zones: &self.ground.zones,
            key: &self.key,
        };
        let faces: Vec<Face> =
            bearers.iter().map(|bearer| drawing.face(bearer)).collect::<Result<_, _>>().map_err(Failure::unexpected)?;
        let sheets = faces
            .chunks(grid.on_page())
            .flat_map(|faces| lay_out(faces.to_vec(), grid, design.two_sided))
            .map(|places| Sheet { places })
            .collect();
        let values = Sheets { sheets, has_marks: design.cut_marks && design.paper == Paper::Sheet };
        self.app.templates.text("organizer/badge_sheets.html", self.lang, &values).map_err(Failure::unexpected)
    }
}

/// One badge as HTML, with the design of `ground`: for previews.
pub(super) async fn preview(
    app: &Data<App>,
    event: &Event,
    lang: Lang,
    bearer: Bearer,
    ground: Ground,
) -> Result<String, Failure> {
    let single = Design { paper: Paper::Single, two_sided: false, cut_marks: false, ..ground.kept.design.clone() };
    let kept = KeptDesign { design: single, ..ground.kept };
    let printer = printer(app, event, lang, Ground { kept, ..ground }).await?;
    blocking(move || printer.draw(&[bearer])).await
}

async fn printer(app: &Data<App>, event: &Event, lang: Lang, ground: Ground) -> Result<Printer, Failure> {
    let key = give_or_find_ticket_key(app, event.id).await?;
    Ok(Printer { app: app.clone(), event: event.clone(), ground, key, lang })
}

async fn blocking<T: Send + 'static>(work: impl FnOnce() -> Result<T, Failure> + Send + 'static) -> Result<T, Failure> {
    tokio::task::spawn_blocking(work).await.map_err(Failure::unexpected)?
}

/// Answers with the page that prints these badges. `below` is its own address, `back` that of the page before.
pub(super) async fn show(team: &Allowed<PrintBadges>, whose: Whose, (below, back): (&str, &str)) -> PageResult {
    let event = team.event.id;
    let mut ground = team.visit.app.read(move |db| Ok::<_, Failure>(operations::ground(db, event)?)).await?;
    if matches!(whose, Whose::One(_)) {
        ground.kept.design.paper = Paper::Single;
    }
    if let Some(design) = changed(&ground.kept.design, |name| team.visit.param(name).map(str::to_owned)) {
        ground.kept.design = design;
    }
    let context = team.context("badges", "badges-print-title");
    let page = print_page(team, &context, &ground.kept.design, &whose, (below, back));
    let frame = team.visit.app.templates.page(&context, &page).map_err(Failure::unexpected)?;
    let printer = printer(&team.visit.app, &team.event, context.lang, ground).await?;
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .streaming(pieces(Arc::new(printer), whose, &frame)))
}

fn print_page(
    team: &Allowed<PrintBadges>,
    context: &PageContext,
    design: &Design,
    whose: &Whose,
    (below, back): (&str, &str),
) -> PrintPage {
    let texts = &team.visit.app.texts;
    let count = match whose {
        Whose::Batch(_, people) => *people,
        Whose::One(_) => 1,
    };
    let pages = Grid::of(design).pages(count, design.two_sided);
    let args = [("badges", count.into()), ("pages", pages.into())];
    PrintPage {
        look_url: look_url(team, design, false),
        back_url: url(team, back),
        action: url(team, below),
        summary: texts.text(context.lang, "badges-print-summary", &args),
        sizes: sizes(context, texts, design),
        papers: papers(context, texts, design),
        width: design.width,
        height: design.height,
        cut_marks: design.cut_marks,
        two_sided: design.two_sided,
        marker: MARKER,
    }
}

/// Where a page of badges stands.
enum Progress {
    /// Nothing is sent yet.
    Head,
    /// Everybody up to this place in the batch is sent.
    People { from: i32 },
    /// Only the end is missing.
    Tail,
    /// All is sent.
    Done,
}

fn pieces(printer: Arc<Printer>, whose: Whose, frame: &str) -> impl Stream<Item = Result<Bytes, Failure>> + use<> {
    let (head, tail) = frame.split_once(MARKER).unwrap_or((frame, ""));
    let (head, tail) = (Bytes::from(head.to_owned()), Bytes::from(tail.to_owned()));
    let whose = Arc::new(whose);
    stream::try_unfold(Progress::Head, move |progress| {
        let (printer, whose, head, tail) = (Arc::clone(&printer), Arc::clone(&whose), head.clone(), tail.clone());
        async move {
            match progress {
                Progress::Head => Ok(Some((head, Progress::People { from: 0 }))),
                Progress::People { from } => people(printer, &whose, from).await.map(Some),
                Progress::Tail => Ok(Some((tail, Progress::Done))),
                Progress::Done => Ok(None),
            }
        }
    })
}

/// The next piece: whole sheets, so that a piece may begin a new one.
async fn people(printer: Arc<Printer>, whose: &Whose, from: i32) -> Result<(Bytes, Progress), Failure> {
    let on_page = Grid::of(printer.design()).on_page();
    let wanted = PIECE.div_ceil(on_page) * on_page;
    let (bearers, next) = match whose {
        Whose::One(bearer) => (vec![(**bearer).clone()], Progress::Tail),
        Whose::Batch(id, _) => {
            let (id, limit) = (*id, i64::try_from(wanted).unwrap_or(i64::MAX));
            let read =
                move |db: &mut crate::db::DbConnection| Ok::<_, Failure>(operations::people_of(db, id, from, limit)?);
            let found = printer.app.read(read).await?;
            let next = match found.last() {
                Some((place, _)) if found.len() == wanted => Progress::People { from: place + 1 },
                _ => Progress::Tail,
            };
            (found.into_iter().map(|(_, bearer)| bearer).collect(), next)
        }
    };
    let drawn = blocking(move || printer.draw(&bearers)).await?;
    Ok((Bytes::from(drawn), next))
}
