//! The list of delegations with their progress.

use super::super::lines::{PlacesLine, ProgressLine};
use super::{Viewer, frame, list_url, url};
use crate::accounts::model::Permission;
use crate::db::DbConnection;
use crate::delegations::model::{Access, Progress};
use crate::delegations::operations::{self, Overview};
use crate::registration::category::Category;
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::tables;
use crate::web::{Failure, Page, PageContext};
use serde::Serialize;

#[derive(Serialize)]
struct ListPage {
    delegations: Vec<Line>,
    total: ProgressLine,
    /// How many focal points got no link yet.
    unsent: usize,
    may_manage: bool,
    new_url: String,
    import_url: String,
    message_url: String,
    send_url: String,
    export_url: String,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "organizer/delegations.html";
}

#[derive(Serialize)]
struct Line {
    url: String,
    name: Text,
    country: String,
    contact_name: String,
    contact_email: String,
    places: Vec<PlacesLine>,
    progress: ProgressLine,
    closes: String,
    is_closed: bool,
    access: &'static str,
    access_label: String,
}

async fn read(team: &Viewer) -> Result<(Vec<Overview>, Vec<Category>), Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db: &mut DbConnection| Ok::<_, Failure>(operations::list(db, event)?)).await
}

/// `GET /organizer/{event}/delegations`.
pub(super) async fn show(team: Viewer) -> PageResult {
    let (all, categories) = read(&team).await?;
    let context = team.context("delegations", "delegations-title");
    let list = list_url(&team);
    let mut total = Progress::default();
    for Overview { progress, .. } in &all {
        total.people += progress.people;
        total.complete += progress.complete;
        total.owing += progress.owing;
        total.applied += progress.applied;
        total.confirmed += progress.confirmed;
    }
    let page = ListPage {
        delegations: all.iter().map(|one| line(&team, &context, one, &categories)).collect(),
        total: total.into(),
        unsent: all.iter().filter(|one| one.access == Access::Never).count(),
        may_manage: team.may(Permission::ManageRegistrations),
        new_url: format!("{list}/new"),
        import_url: format!("{list}/import"),
        message_url: format!("{list}/message"),
        send_url: format!("{list}/send"),
        export_url: format!("{list}.csv"),
    };
    team.visit.show(&context, &page)
}

fn line(team: &Viewer, context: &PageContext, one: &Overview, categories: &[Category]) -> Line {
    let (frame, delegation) = (frame(team, context), &one.delegation);
    Line {
        url: url(team, delegation.id, ""),
        name: Text::pick(&delegation.name, context.lang, &team.event.languages),
        country: frame.country(delegation.country.as_deref()),
        contact_name: delegation.contact_name.clone(),
        contact_email: delegation.contact_email.clone(),
        places: frame.places(&one.places, categories),
        progress: one.progress.into(),
        closes: delegation.closes_at.map(|at| frame.time(at)).unwrap_or_default(),
        is_closed: delegation.is_closed(team.visit.app.clock.now()),
        access: one.access.as_str(),
        access_label: frame.text(&format!("delegations-access-{}", one.access.as_str())),
    }
}

const COLUMNS: [&str; 13] = [
    "code",
    "name",
    "country",
    "contact",
    "address",
    "language",
    "closes_at",
    "link",
    "people",
    "complete",
    "owing",
    "applied",
    "confirmed",
];

/// `GET /organizer/{event}/delegations.csv`.
pub(super) async fn export(team: Viewer) -> PageResult {
    let (all, categories) = read(&team).await?;
    let (lang, languages) = (team.event.main_language(), &team.event.languages);
    let of = |category: &Category, kind: &str| format!("{}_{kind}", category.code);
    let more: Vec<String> =
        categories.iter().flat_map(|category| [of(category, "places"), of(category, "taken")]).collect();
    let head = COLUMNS.into_iter().chain(more.iter().map(String::as_str));
    let rows = all.iter().map(|Overview { delegation, places, progress, access }| {
        let own = delegation.clone();
        let mut cells = vec![
            own.code,
            own.name.text(lang, languages).to_owned(),
            own.country.unwrap_or_default(),
            own.contact_name,
            own.contact_email,
            own.language.to_string(),
            own.closes_at.map(|at| at.to_string()).unwrap_or_default(),
            access.as_str().to_owned(),
        ];
        let counts = [progress.people, progress.complete, progress.owing, progress.applied, progress.confirmed];
        cells.extend(counts.map(|count| count.to_string()));
        for category in &categories {
            let places = places.iter().find(|places| places.category_id == category.id);
            cells.extend(
                [places.map(|one| one.capacity), places.map(|one| one.taken)]
                    .map(|count| count.unwrap_or(0).to_string()),
            );
        }
        cells
    });
    tables::csv(&format!("{}-delegations.csv", team.event.slug), head, rows)
}
