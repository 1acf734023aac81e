//! `/organizer/{event}/speakers/board`: where everybody stands.

use super::model::{Attendance, Item, Standing};
use super::operations;
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::db::ForumId;
use crate::i18n::{Lang, Texts, search_key};
use crate::programme::strands::operations as strands;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::page::Text;
use crate::web::{Failure, Page, PageContext, RouteTable};
use serde::Serialize;

/// Speakers on one page.
const PAGE: usize = 100;

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/speakers/board", show_board);
}

type Team = Allowed<ViewEvent>;

#[derive(Serialize)]
struct BoardPage {
    query: String,
    filters: Vec<Filter>,
    is_filtered: bool,
    clear_url: String,
    total: String,
    /// How many stand how to taking part, each with a link to them.
    counts: Vec<Count>,
    /// Where a mailing to those begins who have not answered; empty where there is nobody.
    remind_url: String,
    columns: Vec<Column>,
    rows: Vec<Row>,
    previous_url: String,
    next_url: String,
    invite_url: String,
    may_edit: bool,
    reminders_url: String,
    recording_url: String,
    briefings_url: String,
    may_manage: bool,
}

impl Page for BoardPage {
    const TEMPLATE: &'static str = "organizer/speakers_board.html";
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    any: String,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Count {
    label: String,
    count: String,
    url: String,
    state: &'static str,
}

/// A column with how many of those listed have it, and a link that writes to those who have not.
#[derive(Serialize)]
struct Column {
    label: String,
    count: String,
    write_url: String,
    write_label: String,
}

#[derive(Serialize)]
struct Row {
    url: String,
    invitations_url: String,
    name: String,
    native_name: String,
    organisation: Text,
    forums: String,
    is_reachable: bool,
    attendance: &'static str,
    attendance_label: String,
    cells: Vec<Cell>,
}

#[derive(Serialize)]
struct Cell {
    /// `yes`, `no` or `none` where it does not matter.
    state: &'static str,
    label: String,
}

/// What the address asks for.
struct Wanted {
    query: String,
    forum: Option<ForumId>,
    attendance: String,
    missing: Option<Item>,
    page: usize,
}

impl Wanted {
    fn of(team: &Team) -> Self {
        let param = |name: &str| team.visit.param(name).unwrap_or_default().trim().to_owned();
        Self {
            query: param("q"),
            forum: param("forum").parse().ok(),
            attendance: param("attendance"),
            missing: param("missing").parse().ok(),
            page: param("page").parse().unwrap_or(1),
        }
    }

    fn is_filtered(&self) -> bool {
        !self.query.is_empty() || self.forum.is_some() || !self.attendance.is_empty() || self.missing.is_some()
    }

    fn fits(&self, one: &Standing) -> bool {
        let words = search_key([self.query.as_str()]);
        words.split(' ').all(|word| one.speaker.search_key.contains(word))
            && self.forum.is_none_or(|forum| one.is_in(forum))
            && (self.attendance.is_empty() || one.attendance.as_str() == self.attendance)
            && self.missing.is_none_or(|item| one.owes(item))
    }
}

/// A forum's id and name.
type Forum = (ForumId, Text);

/// `GET /organizer/{event}/speakers/board`.
async fn show_board(team: Team) -> PageResult {
    let event = team.event.clone();
    let read = move |db: &mut crate::db::DbConnection| {
        let all = operations::overview(db, &event)?;
        Ok::<_, Failure>((all, strands::forums(db, event.id)?))
    };
    let (mut all, forums) = team.visit.app.read(read).await?;
    let context = team.context("speakers", "care-board-title");
    let name = |name: &crate::i18n::Localized| Text::pick(name, context.lang, &team.event.languages);
    let forums: Vec<Forum> = forums.iter().map(|(forum, _)| (forum.id, name(&forum.name))).collect();
    let format = context.formatter();
    all.sort_by(|left, right| format.compare(&left.speaker.name, &right.speaker.name));
    let page = board(&team, &context, (&all, &forums));
    team.visit.show(&context, &page)
}

fn board(team: &Team, context: &PageContext, (all, forums): (&[Standing], &[Forum])) -> BoardPage {
    let wanted = Wanted::of(team);
    let found: Vec<&Standing> = all.iter().filter(|one| wanted.fits(one)).collect();
    let last = found.len().div_ceil(PAGE).max(1);
    let page = wanted.page.clamp(1, last);
    let page_url = |page: usize| team.visit.url_with("page", &page.to_string());
    let base = format!("/organizer/{}", team.event.slug);
    let shown = found.iter().skip((page - 1) * PAGE).take(PAGE);
    let count = [("count", found.len().into())];
    BoardPage {
        filters: filters(team, context, &wanted, forums),
        is_filtered: wanted.is_filtered(),
        clear_url: team.visit.path.clone(),
        total: team.visit.app.texts.text(context.lang, "speakers-count", &count),
        counts: counts(team, context, &found),
        remind_url: remind_url(team, &wanted, &found),
        columns: columns(team, context, &wanted, &found),
        rows: shown.map(|one| row(team, context, one, forums)).collect(),
        previous_url: if page > 1 { page_url(page - 1) } else { String::new() },
        next_url: if page < last { page_url(page + 1) } else { String::new() },
        invite_url: format!("{base}/speakers/invite"),
        may_edit: team.may(Permission::EditProgramme),
        reminders_url: format!("{base}/reminders"),
        recording_url: format!("{base}/recording"),
        briefings_url: format!("{base}/briefings"),
        may_manage: team.may(Permission::ManageEvent),
        query: wanted.query,
    }
}

fn filters(team: &Team, context: &PageContext, wanted: &Wanted, forums: &[Forum]) -> Vec<Filter> {
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let choice = |value: String, label: String, selected: bool| Choice { value, label, selected };
    let forums = forums.iter().map(|(id, name)| choice(id.to_string(), name.text.clone(), wanted.forum == Some(*id)));
    let attendance = Attendance::ALL.iter().map(|one| {
        let label = text(&format!("care-attendance-{}", one.as_str()));
        choice(one.as_str().to_owned(), label, wanted.attendance == one.as_str())
    });
    let missing = Item::ALL
        .iter()
        .map(|item| choice(item.to_string(), text(&format!("care-item-{item}")), wanted.missing == Some(*item)));
    vec![
        Filter {
            name: "forum",
            label: text("programme-forum"),
            any: text("care-forum-any"),
            options: forums.collect(),
        },
        Filter {
            name: "attendance",
            label: text("care-attendance"),
            any: text("care-attendance-any"),
            options: attendance.collect(),
        },
        Filter {
            name: "missing",
            label: text("care-missing"),
            any: text("care-missing-any"),
            options: missing.collect(),
        },
    ]
}

/// Whether a speaker has what a column shows: by its word; nothing where it does not matter.
fn has(one: &Standing, column: &str) -> Option<bool> {
    let is_out = one.attendance == Attendance::Declined;
    match column {
        "invited" => Some(one.is_invited),
        "opened" => Some(one.has_opened),
        "availability" if !one.has_availability && !one.needs_availability => None,
        "slides" if one.slides_given + one.slides_missing == 0 => None,
        "consent" if one.has_agreed.is_none() => None,
        // Of whoever does not take part nothing more is asked.
        word => word.parse::<Item>().ok().map(|item| !one.lacks(item)).filter(|has| *has || !is_out),
    }
}

/// The columns besides the name and how they stand to taking part.
const COLUMNS: [&str; 8] = ["invited", "opened", "profile", "photo", "availability", "travel", "slides", "consent"];

fn columns(team: &Team, context: &PageContext, wanted: &Wanted, found: &[&Standing]) -> Vec<Column> {
    let texts = &team.visit.app.texts;
    let may_write = team.may(Permission::ManageEvent);
    let column = |word: &&str| {
        let (mut with, mut of) = (0_i64, 0_i64);
        for has in found.iter().filter_map(|one| has(one, word)) {
            of += 1;
            with += i64::from(has);
        }
        let item = word.parse::<Item>().ok().filter(|_| may_write && with < of);
        let label = texts.text(context.lang, &format!("care-column-{word}"), &[]);
        Column {
            count: texts.text(context.lang, "care-count-of", &[("with", with.into()), ("of", of.into())]),
            write_url: item.map(|item| write_url(team, wanted, item)).unwrap_or_default(),
            write_label: texts.text(context.lang, "care-write-missing", &[("item", label.clone().into())]),
            label,
        }
    };
    COLUMNS.iter().map(column).collect()
}

fn counts(team: &Team, context: &PageContext, found: &[&Standing]) -> Vec<Count> {
    let count = |attendance: &Attendance| {
        let count = found.iter().filter(|one| one.attendance == *attendance).count();
        Count {
            label: team.visit.app.texts.text(context.lang, &format!("care-attendance-{}", attendance.as_str()), &[]),
            count: context.formatter().number(i64::try_from(count).unwrap_or(i64::MAX)),
            url: team.visit.url_with("attendance", attendance.as_str()),
            state: attendance.as_str(),
        }
    };
    Attendance::ALL.iter().map(count).collect()
}

fn remind_url(team: &Team, wanted: &Wanted, found: &[&Standing]) -> String {
    let is_owed = team.may(Permission::ManageEvent) && found.iter().any(|one| one.owes(Item::Answer));
    if is_owed { write_url(team, wanted, Item::Answer) } else { String::new() }
}

/// Where a mailing to those begins who still owe something.
fn write_url(team: &Team, wanted: &Wanted, item: Item) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    // To mailings "answer" is what is said to a published time.
    let missing = if item == Item::Answer { "invitation" } else { item.as_str() };
    query.append_pair("whom", "speakers").append_pair("missing", missing);
    if let Some(forum) = wanted.forum {
        query.append_pair("forum", forum.as_str());
    }
    format!("/organizer/{}/mailings/new?{}", team.event.slug, query.finish())
}

/// How somebody stands to taking part, and how many of their sessions they declined.
fn attendance_label(texts: &Texts, lang: Lang, one: &Standing) -> String {
    let label = texts.text(lang, &format!("care-attendance-{}", one.attendance.as_str()), &[]);
    if one.declined == 0 || one.attendance == Attendance::Declined {
        return label;
    }
    let count = i64::try_from(one.declined).unwrap_or(i64::MAX);
    texts.text(lang, "care-attendance-but", &[("label", label.into()), ("count", count.into())])
}

fn row(team: &Team, context: &PageContext, one: &Standing, forums: &[Forum]) -> Row {
    let texts = &team.visit.app.texts;
    let text = |key: &str| texts.text(context.lang, key, &[]);
    let speaker = &one.speaker;
    let url = format!("/organizer/{}/speakers/{}", team.event.slug, speaker.id);
    let own = forums.iter().filter(|(id, _)| one.is_in(*id)).map(|(_, name)| name.text.as_str());
    let own: Vec<&str> = own.collect();
    let cell = |word: &&str| match (has(one, word), *word) {
        (Some(has), "profile") => Cell {
            state: if has { "yes" } else { "no" },
            label: texts.text(context.lang, "care-percent", &[("percent", i64::from(one.profile).into())]),
        },
        (Some(false), "slides") if one.slides_given > 0 => Cell {
            state: "no",
            label: texts.text(
                context.lang,
                "care-count-of",
                &[
                    ("with", i64::try_from(one.slides_given).unwrap_or(i64::MAX).into()),
                    ("of", i64::try_from(one.slides_given + one.slides_missing).unwrap_or(i64::MAX).into()),
                ],
            ),
        },
        (Some(true), _) => Cell { state: "yes", label: text("care-yes") },
        (Some(false), _) => Cell { state: "no", label: text("care-no") },
        (None, _) => Cell { state: "none", label: text("care-not-needed") },
    };
    Row {
        invitations_url: format!("{url}/invitations"),
        name: speaker.name.clone(),
        native_name: speaker.native_name.clone().unwrap_or_default(),
        organisation: Text::pick(&speaker.organisation, context.lang, &team.event.languages),
        forums: own.join(&text("common-list-separator")),
        is_reachable: one.is_reachable,
        attendance: one.attendance.as_str(),
        attendance_label: attendance_label(texts, context.lang, one),
        cells: COLUMNS.iter().map(cell).collect(),
        url,
    }
}
