//! Choosing whose badges are printed.

use super::{in_words, url};
use crate::accounts::access::{Allowed, PrintBadges, ViewRegistrations};
use crate::accounts::model::Permission;
use crate::badges::filter::{BadgeFilter, Order, Printed};
use crate::badges::model::{Batch, Bearer};
use crate::badges::operations::{self, Chosen, Ground, MOST};
use crate::badges::sheets::Grid;
use crate::db::{DbConnection, DelegationId};
use crate::i18n::{Localized, country_choices};
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Choice, Failure, FormData, Page, PageContext, RouteTable, respond};
use serde::Serialize;

/// The routes of this page.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/badges", show);
    routes.post("/organizer/{event}/badges", make_batch);
}

type Viewer = Allowed<ViewRegistrations>;

#[derive(Serialize)]
struct ChoosePage {
    action: String,
    is_filtered: bool,
    filter: FilterFields,
    /// How many badges would print, and on how many pages.
    summary: String,
    total: i64,
    /// Said when there are more than one batch takes.
    too_many: String,
    /// What makes the batch: the filter again, and the words of the button.
    hidden: Vec<Hidden>,
    make: String,
    rows: Vec<Row>,
    batches: Vec<BatchLine>,
    may_print: bool,
    /// Where the design is changed; empty for those who may not.
    design_url: String,
    prints_url: String,
}

impl Page for ChoosePage {
    const TEMPLATE: &'static str = "organizer/badges.html";
}

#[derive(Serialize)]
struct FilterFields {
    query: String,
    printed: Vec<Choice>,
    categories: Vec<Choice>,
    countries: Vec<Choice>,
    delegations: Vec<Choice>,
    orders: Vec<Choice>,
    registered_since: String,
    approved_since: String,
    speakers: bool,
}

#[derive(Serialize)]
struct Hidden {
    name: &'static str,
    value: String,
}

#[derive(Serialize)]
struct Row {
    url: String,
    name: String,
    native_name: String,
    category: Text,
    badge_color: String,
    organisation: String,
    country: String,
    code: String,
}

#[derive(Serialize)]
struct BatchLine {
    url: String,
    made: String,
    by: String,
    people: String,
    /// When it was marked; empty while it is open.
    marked: String,
}

/// People whose names the page shows.
const SHOWN: usize = 20;

/// `GET /organizer/{event}/badges`.
async fn show(team: Viewer) -> PageResult {
    let filter = BadgeFilter::read(team.event.id, |name| team.visit.param(name));
    let (event, wanted) = (team.event.clone(), filter.clone());
    let read = move |db: &mut DbConnection| {
        let chosen = operations::choose(db, &event, &wanted, SHOWN)?;
        let rest = (operations::delegations(db, event.id)?, operations::batches(db, event.id)?);
        Ok::<_, Failure>((chosen, operations::ground(db, event.id)?, rest))
    };
    let (chosen, ground, (delegations, batches)) = team.visit.app.read(read).await?;
    let context = team.context("badges", "badges-title");
    let fields = filter_fields(&team, &context, &filter, (&ground, &delegations));
    let page = choose_page(&team, &context, (&filter, fields), (&chosen, &ground, &batches));
    team.visit.show(&context, &page)
}

fn choose_page(
    team: &Viewer,
    context: &PageContext,
    (filter, fields): (&BadgeFilter, FilterFields),
    (chosen, ground, batches): (&Chosen, &Ground, &[(Batch, Option<String>)]),
) -> ChoosePage {
    let texts = &team.visit.app.texts;
    let design = &ground.kept.design;
    let count = chosen.total.min(MOST);
    let pages = Grid::of(design).pages(usize::try_from(count).unwrap_or_default(), design.two_sided);
    let args = [("badges", chosen.total.into()), ("pages", pages.into())];
    let hidden = filter.parameters().into_iter().map(|(name, value)| Hidden { name, value });
    let is_organizer = team.may(Permission::ManageEvent);
    ChoosePage {
        action: url(team, ""),
        is_filtered: filter.is_filtered(),
        filter: fields,
        summary: texts.text(context.lang, &format!("badges-summary-{}", design.paper), &args),
        total: chosen.total,
        too_many: match chosen.total > MOST {
            true => texts.text(context.lang, "badges-too-many", &[("most", context.formatter().number(MOST).into())]),
            false => String::new(),
        },
        hidden: hidden.collect(),
        make: texts.text(context.lang, "badges-make", &[("badges", count.into())]),
        rows: chosen.first.iter().map(|bearer| row(team, context, bearer, ground)).collect(),
        batches: batches.iter().map(|(batch, by)| batch_line(team, context, batch, by.as_deref())).collect(),
        may_print: team.may(Permission::PrintBadges),
        design_url: if is_organizer { url(team, "/design") } else { String::new() },
        prints_url: url(team, "/prints"),
    }
}

fn filter_fields(
    team: &Viewer,
    context: &PageContext,
    filter: &BadgeFilter,
    (ground, delegations): (&Ground, &[(DelegationId, Localized)]),
) -> FilterFields {
    let texts = &team.visit.app.texts;
    let choice = |value: &str, label: String, selected: bool| Choice { value: value.to_owned(), label, selected };
    let word = |kind: &str, value: &str, selected: bool| {
        choice(value, texts.text(context.lang, &format!("badges-{kind}-{value}"), &[]), selected)
    };
    let kept = filter.parameters();
    let time = |name: &str| kept.iter().find(|one| one.0 == name).map(|one| one.1.clone()).unwrap_or_default();
    let localized = |name: &Localized| name.text(context.lang, &team.event.languages).to_owned();
    let categories = ground.categories.iter().map(|category| {
        let name = localized(&category.name);
        choice(category.id.as_str(), name, filter.category == Some(category.id))
    });
    let countries = country_choices(texts, context.lang).into_iter();
    FilterFields {
        query: filter.query.clone(),
        printed: Printed::ALL.iter().map(|one| word("printed", one.as_str(), filter.printed == *one)).collect(),
        categories: categories.collect(),
        countries: countries
            .map(|(country, name)| choice(country.as_str(), name, filter.country == Some(country)))
            .collect(),
        delegations: delegations
            .iter()
            .map(|(id, name)| choice(id.as_str(), localized(name), filter.delegation == Some(*id)))
            .collect(),
        orders: Order::ALL.iter().map(|one| word("order", one.as_str(), filter.order == *one)).collect(),
        registered_since: time("registered_since"),
        approved_since: time("approved_since"),
        speakers: filter.speakers,
    }
}

fn row(team: &Viewer, context: &PageContext, bearer: &Bearer, ground: &Ground) -> Row {
    let category = ground.categories.iter().find(|category| category.id == bearer.category_id);
    let name = category.map(|category| Text::pick(&category.name, context.lang, &team.event.languages));
    let below = if team.may(Permission::PrintBadges) { "badges/people" } else { "registrations" };
    Row {
        url: format!("/organizer/{}/{below}/{}", team.event.slug, bearer.id),
        name: bearer.full_name(),
        native_name: bearer.native_name.clone(),
        category: name.unwrap_or_default(),
        badge_color: category.map(|category| category.badge_color.clone()).unwrap_or_default(),
        organisation: bearer.organisation.clone(),
        country: bearer.country.clone().unwrap_or_default(),
        code: bearer.code.clone(),
    }
}

fn batch_line(team: &Viewer, context: &PageContext, batch: &Batch, by: Option<&str>) -> BatchLine {
    let may_print = team.may(Permission::PrintBadges);
    BatchLine {
        url: if may_print { url(team, &format!("/batches/{}", batch.id)) } else { String::new() },
        made: in_words(team, context, batch.created_at),
        by: by.unwrap_or_default().to_owned(),
        people: context.formatter().number(batch.people.into()),
        marked: batch.marked_at.map(|at| in_words(team, context, at)).unwrap_or_default(),
    }
}

/// `POST /organizer/{event}/badges`: fixes whose badges are printed together.
async fn make_batch(team: Allowed<PrintBadges>, form: FormData) -> PageResult {
    let filter = BadgeFilter::read(team.event.id, |name| Some(form.text(name)));
    let (event, by) = (team.event.clone(), team.user.id);
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::people(db, &event, &filter)?);
    let people = team.visit.app.read(read).await?;
    let event = team.event.id;
    let id = team.visit.app.write(move |db, now| operations::make_batch(db, now, by, event, &people)).await?;
    Ok(respond::see_other(url(&team, &format!("/batches/{id}"))))
}
