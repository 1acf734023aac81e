//! The list of sessions.

use super::session_url;
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::i18n::{Formatter, Lang, Localized, search_key};
use crate::programme::model::SessionState;
use crate::schedule::model::{Programme, ProgrammeSession};
use crate::schedule::operations as schedule;
use crate::schedule::wording::when;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::page::Text;
use crate::web::{Failure, Page, PageContext, Visit};
use serde::Serialize;
use std::cmp::Ordering;

/// Sessions on one page of the list.
const PAGE: usize = 50;

#[derive(Serialize)]
struct SessionsPage {
    query: String,
    filters: Vec<Filter>,
    is_filtered: bool,
    clear_url: String,
    total: String,
    columns: Vec<Column>,
    sessions: Vec<SessionLine>,
    previous_url: String,
    next_url: String,
    new_url: String,
    may_edit: bool,
}

impl Page for SessionsPage {
    const TEMPLATE: &'static str = "organizer/sessions.html";
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    any: String,
    options: Vec<Choice>,
}

#[derive(Serialize)]
struct Column {
    label: String,
    url: String,
    order: &'static str,
}

#[derive(Serialize)]
struct SessionLine {
    url: String,
    title: Text,
    people: String,
    forum: Text,
    forum_code: String,
    state: &'static str,
    state_label: String,
    when: String,
    room: Text,
}

/// What the address asks for.
struct Wanted {
    query: String,
    state: String,
    forum: String,
    format: String,
    placed: String,
    sort: Sort,
    descending: bool,
    page: usize,
}

/// What the list is sorted by.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Sort {
    When,
    Title,
    Room,
    Forum,
    State,
}

impl Sort {
    const ALL: [(Self, &'static str, &'static str); 5] = [
        (Self::Title, "title", "programme-title"),
        (Self::When, "when", "programme-when"),
        (Self::Room, "room", "programme-room"),
        (Self::Forum, "forum", "programme-forum"),
        (Self::State, "state", "programme-state"),
    ];
}

impl Wanted {
    fn of(visit: &Visit) -> Self {
        let param = |name: &str| visit.param(name).unwrap_or_default().trim().to_owned();
        let asked = param("sort");
        let (name, descending) = asked.strip_prefix('-').map_or((asked.as_str(), false), |name| (name, true));
        Self {
            query: param("q"),
            state: param("state"),
            forum: param("forum"),
            format: param("format"),
            placed: param("placed"),
            sort: Sort::ALL.iter().find(|(_, known, _)| *known == name).map_or(Sort::When, |(sort, _, _)| *sort),
            descending,
            page: visit.param("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1),
        }
    }

    fn is_filtered(&self) -> bool {
        [&self.query, &self.state, &self.forum, &self.format, &self.placed].iter().any(|filter| !filter.is_empty())
    }

    /// The sessions asked for, in the order asked for.
    fn select<'a>(&self, draft: &'a Programme, lang: Lang) -> Vec<&'a ProgrammeSession> {
        let key = search_key([self.query.as_str()]);
        let is = |wanted: &str, code: Option<&String>| wanted.is_empty() || code.is_some_and(|code| code == wanted);
        let fits = |session: &&ProgrammeSession| {
            let forum = draft.forums.iter().find(|one| Some(one.id) == session.forum);
            let format = draft.formats.iter().find(|one| Some(one.id) == session.format);
            (self.state.is_empty() || session.state.as_str() == self.state)
                && is(&self.forum, forum.map(|one| &one.code))
                && is(&self.format, format.map(|one| &one.code))
                && (self.placed.is_empty() || (self.placed == "yes") != session.slots.is_empty())
                && (key.is_empty() || search_key(words_of(session, draft)).contains(&key))
        };
        let mut found: Vec<&ProgrammeSession> = draft.sessions.iter().filter(fits).collect();
        // The draft comes by time, so that equal ones stay by time.
        found.sort_by(|one, other| self.compare(draft, lang, one, other));
        if self.descending {
            found.reverse();
        }
        found
    }

    fn compare(&self, draft: &Programme, lang: Lang, one: &ProgrammeSession, other: &ProgrammeSession) -> Ordering {
        let languages = &draft.event.languages;
        let title = |session: &'_ ProgrammeSession| session.title.text(lang, languages).to_owned();
        let room = |session: &ProgrammeSession| {
            let room = session.slots.first().and_then(|slot| slot.room);
            draft.rooms.iter().position(|known| Some(known.id) == room).unwrap_or(usize::MAX)
        };
        let forum = |session: &ProgrammeSession| {
            draft.forums.iter().position(|known| Some(known.id) == session.forum).unwrap_or(usize::MAX)
        };
        let state = |session: &ProgrammeSession| SessionState::ALL.iter().position(|known| *known == session.state);
        match self.sort {
            Sort::When => Ordering::Equal,
            Sort::Title => Formatter::of(lang).compare(&title(one), &title(other)),
            Sort::Room => room(one).cmp(&room(other)),
            Sort::Forum => forum(one).cmp(&forum(other)),
            Sort::State => state(one).cmp(&state(other)),
        }
    }
}

/// Titles and names that a search looks at.
fn words_of<'a>(session: &'a ProgrammeSession, draft: &'a Programme) -> impl Iterator<Item = &'a str> {
    let people =
        session.people.iter().filter_map(|part| draft.speakers.iter().find(|speaker| speaker.id == part.speaker));
    let names = people.flat_map(|speaker| std::iter::once(speaker.name.as_str()).chain(speaker.native_name.as_deref()));
    session.title.iter().map(|(_, text)| text).chain(names)
}

/// `GET /organizer/{event}/sessions`.
pub(super) async fn list_sessions(team: Allowed<ViewEvent>) -> PageResult {
    let event = team.event.clone();
    let draft = team.visit.app.read(move |db| Ok::<_, Failure>(schedule::draft_programme(db, &event)?)).await?;
    let context = team.context("sessions", "programme-sessions-title");
    let page = sessions_page(&team, &context, &draft);
    team.visit.show(&context, &page)
}

fn sessions_page(team: &Allowed<ViewEvent>, context: &PageContext, draft: &Programme) -> SessionsPage {
    let (visit, texts) = (&team.visit, &team.visit.app.texts);
    let wanted = Wanted::of(visit);
    let all = wanted.select(draft, context.lang);
    let shown = all.iter().skip((wanted.page - 1).saturating_mul(PAGE)).take(PAGE);
    let page_url = |page: usize| visit.url_with("page", &page.to_string());
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    let base = format!("/organizer/{}/sessions", team.event.slug);
    SessionsPage {
        filters: filters(team, context, draft, &wanted),
        is_filtered: wanted.is_filtered(),
        total: texts.text(context.lang, "programme-count", &[("count", count.into())]),
        columns: columns(visit, context, &wanted),
        sessions: shown.map(|session| session_line(team, context, draft, session)).collect(),
        previous_url: if wanted.page > 1 { page_url(wanted.page - 1) } else { String::new() },
        next_url: if all.len() > wanted.page.saturating_mul(PAGE) { page_url(wanted.page + 1) } else { String::new() },
        new_url: format!("{base}/new"),
        clear_url: base,
        may_edit: team.may(Permission::EditProgramme),
        query: wanted.query,
    }
}

fn filters(team: &Allowed<ViewEvent>, context: &PageContext, draft: &Programme, wanted: &Wanted) -> Vec<Filter> {
    let text = |key: &str| team.visit.app.texts.text(context.lang, key, &[]);
    let name = |name: &Localized| Text::pick(name, context.lang, &team.event.languages).text;
    let states = SessionState::ALL.iter().map(|one| (one.to_string(), text(&format!("programme-state-{one}"))));
    let forums = draft.forums.iter().map(|one| (one.code.clone(), name(&one.name)));
    let formats = draft.formats.iter().map(|one| (one.code.clone(), name(&one.name)));
    let placed = ["yes", "no"].iter().map(|one| ((*one).to_owned(), text(&format!("programme-placed-{one}"))));
    let filter = |name, label: &str, chosen: &str, options: Vec<(String, String)>| Filter {
        name,
        label: text(label),
        any: text("programme-any"),
        options: options.into_iter().map(|(value, label)| Choice { selected: value == chosen, value, label }).collect(),
    };
    vec![
        filter("state", "programme-state", &wanted.state, states.collect()),
        filter("forum", "programme-forum", &wanted.forum, forums.collect()),
        filter("format", "programme-format", &wanted.format, formats.collect()),
        filter("placed", "programme-placed", &wanted.placed, placed.collect()),
    ]
}

/// The heads of the table: another press turns the order around.
fn columns(visit: &Visit, context: &PageContext, wanted: &Wanted) -> Vec<Column> {
    let head = |(sort, name, label): &(Sort, &str, &str)| {
        let is_current = wanted.sort == *sort;
        let target = if is_current && !wanted.descending { format!("-{name}") } else { (*name).to_owned() };
        let order = match (is_current, wanted.descending) {
            (false, _) => "",
            (true, false) => "ascending",
            (true, true) => "descending",
        };
        Column { label: visit.app.texts.text(context.lang, label, &[]), url: visit.url_with("sort", &target), order }
    };
    Sort::ALL.iter().map(head).collect()
}

fn session_line(
    team: &Allowed<ViewEvent>,
    context: &PageContext,
    draft: &Programme,
    session: &ProgrammeSession,
) -> SessionLine {
    let languages = &team.event.languages;
    let forum = session.forum.and_then(|id| draft.forums.iter().find(|forum| forum.id == id));
    let slot = session.slots.first();
    let room = slot.and_then(|slot| slot.room).and_then(|id| draft.rooms.iter().find(|room| room.id == id));
    let people =
        session.people.iter().filter_map(|part| draft.speakers.iter().find(|speaker| speaker.id == part.speaker));
    let separator = team.visit.app.texts.text(context.lang, "common-list-separator", &[]);
    SessionLine {
        url: session_url(team, session.id),
        title: Text::pick(&session.title, context.lang, languages),
        people: people.map(|speaker| speaker.name.as_str()).collect::<Vec<_>>().join(&separator),
        forum: forum.map(|forum| Text::pick(&forum.name, context.lang, languages)).unwrap_or_default(),
        forum_code: forum.map(|forum| forum.code.clone()).unwrap_or_default(),
        state: session.state.as_str(),
        state_label: team.visit.app.texts.text(context.lang, &format!("programme-state-{}", session.state), &[]),
        when: slot.map(|slot| when(context.formatter(), team.event.zone(), slot)).unwrap_or_default(),
        room: room.map(|room| Text::pick(&room.name, context.lang, languages)).unwrap_or_default(),
    }
}
