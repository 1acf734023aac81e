//! The draft timetable on team pages: readable and usable without scripts, and the frame of the editor.

use super::concerns::count;
use super::concerns::operations::{Checked, checked};
use super::editor::several;
use super::editor_frame::{EditorFrame, Frame};
use super::model::{Programme, ProgrammeForum, ProgrammeRoom, ProgrammeSession};
use super::wording::{ConcernLine, ConcernWords, when};
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::i18n::search_key;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::page::Text;
use crate::web::{Failure, Page, PageContext};
use chrono::NaiveDate;
use serde::Serialize;

#[derive(Serialize)]
struct SchedulePage {
    days: Vec<DayTab>,
    day_label: String,
    rows: Vec<Row>,
    unplaced: Vec<Row>,
    /// How many there are without the search.
    unplaced_count: usize,
    search: Search,
    rooms: Vec<Choice>,
    shown_day: String,
    concerns: Vec<ConcernRow>,
    serious: usize,
    import_url: Option<String>,
    #[serde(flatten)]
    frame: EditorFrame,
}

impl Page for SchedulePage {
    const TEMPLATE: &'static str = "organizer/schedule.html";
}

#[derive(Serialize)]
struct DayTab {
    label: String,
    url: String,
    current: bool,
}

/// The search through the sessions that have no place yet.
#[derive(Serialize)]
struct Search {
    q: String,
    forums: Vec<Choice>,
    /// Whether the account is an organizer of some forums only, and wants to see just theirs.
    may_be_mine: bool,
    mine: bool,
    day: String,
}

impl Search {
    fn new(team: &Allowed<ViewEvent>, context: &PageContext, draft: &Programme) -> Self {
        let asked = |name| team.visit.param(name).unwrap_or_default();
        let choice = |forum: &ProgrammeForum| Choice {
            value: forum.code.clone(),
            label: Text::pick(&forum.name, context.lang, &team.event.languages).text,
            selected: forum.code == asked("forum"),
        };
        Self {
            q: asked("q").chars().take(80).collect(),
            forums: draft.forums.iter().map(choice).collect(),
            may_be_mine: !team.roles.forums.is_empty(),
            mine: !asked("mine").is_empty(),
            day: asked("day").to_owned(),
        }
    }

    fn finds(&self, team: &Allowed<ViewEvent>, draft: &Programme, session: &ProgrammeSession) -> bool {
        let names = session.people.iter().filter_map(|part| draft.speakers.iter().find(|one| one.id == part.speaker));
        let words = session.title.iter().map(|(_, text)| text).chain(names.map(|speaker| speaker.name.as_str()));
        let text = search_key(words.chain([session.code.as_str()]));
        let forum = self.forums.iter().find(|forum| forum.selected).map(|forum| forum.value.as_str());
        let own = draft.forums.iter().find(|one| Some(one.id) == session.forum).map(|one| one.code.as_str());
        search_key([self.q.as_str()]).split(' ').all(|word| text.contains(word))
            && (forum.is_none() || forum == own)
            && (!self.mine || team.may_edit_forum(session.forum))
    }
}

#[derive(Serialize)]
struct Row {
    /// What the tick box of the slot sends; empty where it can't be changed.
    tick: String,
    url: String,
    title: Text,
    time: String,
    room: Text,
    people: String,
    forum_code: String,
    state: &'static str,
    state_label: String,
    concerns: Vec<ConcernLine>,
}

#[derive(Serialize)]
struct ConcernRow {
    url: String,
    title: Text,
    when: String,
    concern: ConcernLine,
}

/// `GET /organizer/{event}/schedule`.
pub(super) async fn show_schedule(team: Allowed<ViewEvent>) -> PageResult {
    let event = team.event.clone();
    let checked = team.visit.app.read(move |db| Ok::<_, Failure>(checked(db, &event)?)).await?;
    let context = team.context("schedule", "schedule-title");
    let page = schedule_page(&team, &context, &checked);
    team.visit.show(&context, &page)
}

fn schedule_page(team: &Allowed<ViewEvent>, context: &PageContext, checked: &Checked) -> SchedulePage {
    let (zone, base) = (team.event.zone(), format!("/organizer/{}", team.event.slug));
    let schedule_url = format!("{base}/schedule");
    let Checked { found, muted, .. } = checked;
    let draft = &checked.draft.programme;
    let words = ConcernWords::new(&team.visit.app.texts, context.lang, &checked.draft).for_team(team);
    let mut days: Vec<NaiveDate> = team.event.days().collect();
    let starts =
        draft.sessions.iter().flat_map(|session| &session.slots).map(|slot| slot.start.in_zone(zone).date_naive());
    days.extend(starts);
    days.sort_unstable();
    days.dedup();
    let all = team.visit.param("day") == Some("all");
    let asked = team.visit.param("day").and_then(|day| day.parse().ok());
    let day = asked.filter(|day| days.contains(day)).or_else(|| days.first().copied()).filter(|_| !all);
    let row = |session: &ProgrammeSession, slot: Option<&super::model::ProgrammeSlot>| {
        let lines = found.iter().filter(|one| slot.is_some_and(|slot| slot.id == one.slot));
        let lines = lines.map(|one| words.line(one, muted)).collect();
        let mut row = row_of(team, context, draft, session, slot, lines);
        if let Some(slot) = slot.filter(|_| team.may(Permission::EditProgramme) && team.may_edit_forum(session.forum)) {
            let version = checked.draft.slots.get(&slot.id).copied().unwrap_or_default().version;
            row.tick = several::value(slot.id, session.id, version);
        }
        row
    };
    let search = Search::new(team, context, draft);
    let mut placed: Vec<_> =
        draft.sessions.iter().flat_map(|session| session.slots.iter().map(move |slot| (session, slot))).collect();
    placed.sort_by_key(|(_, slot)| {
        (slot.start, slot.room.and_then(|room| draft.rooms.iter().position(|one| one.id == room)))
    });
    // What goes on past midnight stands under both days.
    let takes_up = |slot: &super::model::ProgrammeSlot, day: NaiveDate| {
        let (start, end) = (slot.start.in_zone(zone).naive_local(), slot.end.in_zone(zone).naive_local());
        start.date() == day || start.date() < day && end > day.and_time(chrono::NaiveTime::MIN)
    };
    let of_day = placed.iter().filter(|(_, slot)| all || day.is_some_and(|day| takes_up(slot, day)));
    SchedulePage {
        days: day_tabs(team, context, &days, day),
        day_label: day.map(|day| context.formatter().long_date(day)).unwrap_or_default(),
        frame: EditorFrame::new(&Frame { team, context, draft, days: &days, base: &schedule_url }, &checked.draft, day),
        rows: of_day.map(|(session, slot)| row(session, Some(slot))).collect(),
        unplaced_count: draft.sessions.iter().filter(|session| session.slots.is_empty()).count(),
        rooms: rooms(team, context, draft),
        shown_day: day.map(|day| day.to_string()).unwrap_or_default(),
        unplaced: draft
            .sessions
            .iter()
            .filter(|session| session.slots.is_empty() && search.finds(team, draft, session))
            .map(|session| row(session, None))
            .collect(),
        search,
        serious: count(&checked.blocking()),
        concerns: checked
            .open()
            .filter_map(|one| {
                let session = words.session(one.session)?;
                let slot = session.slots.iter().find(|slot| slot.id == one.slot)?;
                Some(ConcernRow {
                    url: format!("{base}/sessions/{}#placing", session.id),
                    title: Text::pick(&session.title, context.lang, &team.event.languages),
                    when: when(context.formatter(), zone, slot),
                    concern: words.line(one, muted),
                })
            })
            .take(200)
            .collect(),
        import_url: team.may(Permission::ManageEvent).then(|| format!("{base}/import")),
    }
}

fn rooms(team: &Allowed<ViewEvent>, context: &PageContext, draft: &Programme) -> Vec<Choice> {
    let choice = |room: &ProgrammeRoom| Choice {
        value: room.id.to_string(),
        label: Text::pick(&room.name, context.lang, &team.event.languages).text,
        selected: false,
    };
    draft.rooms.iter().map(choice).collect()
}

/// A tab for each day, and one for all of them; `day` is none where all are shown.
fn day_tabs(
    team: &Allowed<ViewEvent>,
    context: &PageContext,
    days: &[NaiveDate],
    day: Option<NaiveDate>,
) -> Vec<DayTab> {
    let tab = |label: String, value: &str, current| DayTab { label, url: team.visit.url_with("day", value), current };
    let all = team.visit.app.texts.text(context.lang, "editor-all-days", &[]);
    let each = days.iter().map(|date| tab(context.formatter().day(*date), &date.to_string(), Some(*date) == day));
    each.chain([tab(all, "all", day.is_none())]).collect()
}

fn row_of(
    team: &Allowed<ViewEvent>,
    context: &PageContext,
    draft: &Programme,
    session: &ProgrammeSession,
    slot: Option<&super::model::ProgrammeSlot>,
    concerns: Vec<ConcernLine>,
) -> Row {
    let languages = &team.event.languages;
    let zone = team.event.zone();
    let texts = &team.visit.app.texts;
    let room = slot.and_then(|slot| slot.room).and_then(|id| draft.rooms.iter().find(|room| room.id == id));
    let people: Vec<&str> = session
        .people
        .iter()
        .filter_map(|part| draft.speakers.iter().find(|speaker| speaker.id == part.speaker))
        .map(|speaker| speaker.name.as_str())
        .collect();
    let clock = |at: crate::db::UtcTime| context.formatter().time(at.in_zone(zone).time());
    Row {
        tick: String::new(),
        url: format!("/organizer/{}/sessions/{}#placing", team.event.slug, session.id),
        title: Text::pick(&session.title, context.lang, languages),
        time: slot
            .map(|slot| {
                texts.text(
                    context.lang,
                    "public-hours",
                    &[("start", clock(slot.start).into()), ("end", clock(slot.end).into())],
                )
            })
            .unwrap_or_default(),
        room: room.map(|room| Text::pick(&room.name, context.lang, languages)).unwrap_or_default(),
        people: people.join(&texts.text(context.lang, "common-list-separator", &[])),
        forum_code: session
            .forum
            .and_then(|id| draft.forums.iter().find(|forum| forum.id == id))
            .map(|forum| forum.code.clone())
            .unwrap_or_default(),
        state: session.state.as_str(),
        state_label: texts.text(context.lang, &format!("programme-state-{}", session.state), &[]),
        concerns,
    }
}
