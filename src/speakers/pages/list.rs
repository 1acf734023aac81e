//! The list of speakers.

use super::speakers_url;
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::i18n::{Country, country_name, search_key};
use crate::speakers::model::SpeakerSummary;
use crate::speakers::operations;
use crate::text_enum;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::page::{Text, initials};
use crate::web::{Failure, Page, PageContext};
use serde::Serialize;
use std::cmp::Ordering;
use std::collections::BTreeSet;

/// Speakers on one page.
const PAGE: usize = 50;

type Team = Allowed<ViewEvent>;

text_enum! {
    /// A column that the list can be sorted by.
    pub enum Column {
        /// By name.
        Name = "name",
        /// By organisation.
        Organisation = "organisation",
        /// By country.
        Country = "country",
        /// By number of sessions.
        Sessions = "sessions",
    }
}

/// What the address asks for.
struct Wanted {
    query: String,
    country: String,
    photo: String,
    sort: Column,
    descending: bool,
    page: usize,
}

impl Wanted {
    fn of(team: &Team) -> Self {
        let param = |name: &str| team.visit.param(name).unwrap_or_default().trim().to_owned();
        let sort = param("sort");
        Self {
            query: param("q"),
            country: param("country"),
            photo: param("photo"),
            sort: sort.trim_start_matches('-').parse().unwrap_or(Column::Name),
            descending: sort.starts_with('-'),
            page: param("page").parse().unwrap_or(1).max(1),
        }
    }

    fn is_filtered(&self) -> bool {
        [&self.query, &self.country, &self.photo].iter().any(|filter| !filter.is_empty())
    }

    fn fits(&self, speaker: &SpeakerSummary) -> bool {
        let words = search_key([self.query.as_str()]);
        words.split(' ').all(|word| speaker.search_key.contains(word))
            && (self.country.is_empty() || speaker.country.as_deref() == Some(self.country.as_str()))
            && (self.photo.is_empty() || (self.photo == "yes") == speaker.photo_id.is_some())
    }
}

#[derive(Serialize)]
struct SpeakersPage {
    query: String,
    is_filtered: bool,
    filters: Vec<Filter>,
    total: String,
    columns: Vec<Head>,
    rows: Vec<Row>,
    previous_url: String,
    next_url: String,
    clear_url: String,
    new_url: String,
    may_edit: bool,
}

impl Page for SpeakersPage {
    const TEMPLATE: &'static str = "organizer/speakers.html";
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    any: String,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Head {
    label: String,
    url: String,
    order: &'static str,
}

#[derive(Serialize)]
struct Row {
    url: String,
    name: String,
    native_name: String,
    position: Text,
    organisation: Text,
    country: String,
    photo: Option<String>,
    initials: String,
    sessions: String,
    #[serde(skip)]
    count: i64,
}

/// `GET /organizer/{event}/speakers`.
pub(super) async fn list_speakers(team: Team) -> PageResult {
    let event = team.event.id;
    let all = team.visit.app.read(move |db| Ok::<_, Failure>(operations::list(db, event)?)).await?;
    let context = team.context("speakers", "speakers-title");
    let page = speakers_page(&team, &context, &Wanted::of(&team), &all);
    team.visit.show(&context, &page)
}

/// Sorted here and not by the database, which knows no language's alphabet.
fn speakers_page(team: &Team, context: &PageContext, wanted: &Wanted, all: &[(SpeakerSummary, i64)]) -> SpeakersPage {
    let fitting = all.iter().filter(|(speaker, _)| wanted.fits(speaker));
    let mut rows: Vec<Row> = fitting.map(|(speaker, sessions)| row(team, context, speaker, *sessions)).collect();
    rows.sort_by(|left, right| order(context, wanted, left, right));
    let (count, base) = (rows.len(), speakers_url(team));
    let page_url = |page: usize| team.visit.url_with("page", &page.to_string());
    SpeakersPage {
        query: wanted.query.clone(),
        is_filtered: wanted.is_filtered(),
        filters: filters(team, context, wanted, all),
        total: team.visit.app.texts.text(context.lang, "speakers-count", &[("count", count.into())]),
        columns: Column::ALL.iter().map(|column| head(team, context, wanted, *column)).collect(),
        previous_url: if wanted.page > 1 { page_url(wanted.page - 1) } else { String::new() },
        next_url: if count > wanted.page.saturating_mul(PAGE) { page_url(wanted.page + 1) } else { String::new() },
        rows: rows.into_iter().skip((wanted.page - 1).saturating_mul(PAGE)).take(PAGE).collect(),
        new_url: format!("{base}/new"),
        clear_url: base,
        may_edit: team.may(Permission::EditProgramme),
    }
}

fn row(team: &Team, context: &PageContext, speaker: &SpeakerSummary, sessions: i64) -> Row {
    let languages = &team.event.languages;
    let country: Option<Country> = speaker.country.as_deref().and_then(|code| code.parse().ok());
    Row {
        url: format!("{}/{}", speakers_url(team), speaker.id),
        name: speaker.name.clone(),
        native_name: speaker.native_name.clone().unwrap_or_default(),
        position: Text::pick(&speaker.position, context.lang, languages),
        organisation: Text::pick(&speaker.organisation, context.lang, languages),
        country: country.map(|country| country_name(&team.visit.app.texts, context.lang, country)).unwrap_or_default(),
        photo: speaker.photo_id.map(|photo| format!("/media/{photo}/160.jpg")),
        initials: initials(&speaker.name),
        sessions: context.formatter().number(sessions),
        count: sessions,
    }
}

/// The order asked for; the same there, by name.
fn order(context: &PageContext, wanted: &Wanted, left: &Row, right: &Row) -> Ordering {
    let alphabet = |left: &str, right: &str| context.formatter().compare(left, right);
    // What is empty comes last whichever way round.
    let filled = |left: &str, right: &str| match (left.is_empty(), right.is_empty()) {
        (false, false) => turned(alphabet(left, right), wanted.descending),
        (left, right) => left.cmp(&right),
    };
    let first = match wanted.sort {
        Column::Name => turned(alphabet(&left.name, &right.name), wanted.descending),
        Column::Organisation => filled(&left.organisation.text, &right.organisation.text),
        Column::Country => filled(&left.country, &right.country),
        Column::Sessions => turned(left.count.cmp(&right.count), wanted.descending),
    };
    first.then_with(|| alphabet(&left.name, &right.name)).then_with(|| left.url.cmp(&right.url))
}

fn turned(order: Ordering, descending: bool) -> Ordering {
    if descending { order.reverse() } else { order }
}

fn head(team: &Team, context: &PageContext, wanted: &Wanted, column: Column) -> Head {
    let (key, current) = (format!("speakers-column-{column}"), wanted.sort == column);
    // Many sessions are what one looks for first; again turns the order round.
    let descends_first = column == Column::Sessions;
    let descending = if current { !wanted.descending } else { descends_first };
    let sort = if descending { format!("-{column}") } else { column.to_string() };
    let query = [("q", &wanted.query), ("country", &wanted.country), ("photo", &wanted.photo), ("sort", &sort)];
    let mut address = url::form_urlencoded::Serializer::new(String::new());
    address.extend_pairs(query.iter().filter(|(_, value)| !value.is_empty()));
    Head {
        label: team.visit.app.texts.text(context.lang, &key, &[]),
        // From the first page again.
        url: format!("{}?{}", speakers_url(team), address.finish()),
        order: match (current, wanted.descending) {
            (false, _) => "",
            (true, false) => "ascending",
            (true, true) => "descending",
        },
    }
}

fn filters(team: &Team, context: &PageContext, wanted: &Wanted, all: &[(SpeakerSummary, i64)]) -> Vec<Filter> {
    let texts = &team.visit.app.texts;
    let text = |key: &str| texts.text(context.lang, key, &[]);
    let present: BTreeSet<Country> =
        all.iter().filter_map(|(speaker, _)| speaker.country.as_deref()?.parse().ok()).collect();
    let mut countries: Vec<Choice> = present
        .into_iter()
        .map(|country| Choice {
            value: country.as_str().to_owned(),
            label: country_name(texts, context.lang, country),
            selected: wanted.country == country.as_str(),
        })
        .collect();
    countries.sort_by(|left, right| context.formatter().compare(&left.label, &right.label));
    let photo =
        |value: &str, key: &str| Choice { value: value.to_owned(), label: text(key), selected: wanted.photo == value };
    vec![
        Filter {
            name: "country",
            label: text("speakers-country"),
            any: text("speakers-country-any"),
            options: countries,
        },
        Filter {
            name: "photo",
            label: text("speakers-photo"),
            any: text("speakers-photo-any"),
            options: vec![photo("yes", "speakers-photo-yes"), photo("no", "speakers-photo-no")],
        },
    ]
}
