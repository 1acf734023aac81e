//! The timetable of a day, and the list of all sessions, with their filters.

use super::model::{Released, programme_day};
use super::view::{Reader, SessionCard};
use crate::db::UtcTime;
use crate::i18n::{Lang, search_key};
use crate::schedule::model::{ProgrammeBlock, ProgrammeSession, ProgrammeSlot};
use crate::web::Visit;
use crate::web::page::{Page, Text};
use chrono::{NaiveDate, TimeDelta};
use serde::Serialize;
use std::collections::BTreeMap;

/// Minutes that one row of the grid stands for.
const ROW_MINUTES: i64 = 5;
/// Rows and columns that static/grid.css knows.
const MOST_ROWS: i64 = 420;
const MOST_COLUMNS: usize = 80;

/// What a visitor wants to see, by plain query parameters.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Filter {
    pub(super) day: Option<NaiveDate>,
    pub(super) forum: String,
    pub(super) format: String,
    pub(super) room: String,
    pub(super) language: Option<Lang>,
    pub(super) interpreted: Option<Lang>,
    pub(super) text: String,
}

impl Filter {
    pub(super) fn of(visit: &Visit) -> Self {
        let word = |name: &str| visit.param(name).unwrap_or_default().chars().take(60).collect::<String>();
        Self {
            day: visit.param("day").and_then(|day| day.parse().ok()),
            forum: word("forum"),
            format: word("format"),
            room: word("room"),
            language: visit.param("language").and_then(|tag| tag.parse().ok()),
            interpreted: visit.param("interpreted").and_then(|tag| tag.parse().ok()),
            text: visit.param("q").unwrap_or_default().trim().chars().take(80).collect(),
        }
    }

    /// Whether anything but the day is chosen.
    fn is_set(&self) -> bool {
        *self != Self { day: self.day, ..Self::default() }
    }

    fn fits(&self, released: &Released, session: &ProgrammeSession, slot: Option<&ProgrammeSlot>) -> bool {
        let same = |wanted: &str, code: Option<&str>| wanted.is_empty() || code == Some(wanted);
        let forum = session.forum.and_then(|forum| released.forum(forum)).map(|forum| forum.code.as_str());
        let format = session.format.and_then(|format| released.format(format)).map(|format| format.code.as_str());
        let room =
            slot.and_then(|slot| slot.room).and_then(|room| released.room(room)).map(|(_, room)| room.code.as_str());
        let heard = |wanted: Lang| session.language == Some(wanted) || session.interpreted.contains(&wanted);
        same(&self.forum, forum)
            && same(&self.format, format)
            && same(&self.room, room)
            && self.language.is_none_or(|wanted| session.language == Some(wanted))
            && self.interpreted.is_none_or(heard)
            && (self.text.is_empty() || self.finds(released, session))
    }

    fn finds(&self, released: &Released, session: &ProgrammeSession) -> bool {
        let wanted = search_key([self.text.as_str()]);
        let titles = session.title.iter().chain(session.subtitle.iter()).map(|(_, text)| text);
        let people = session.people.iter().filter_map(|part| released.speaker(part.speaker));
        let names = people.flat_map(|speaker| [Some(speaker.name.as_str()), speaker.native_name.as_deref()]).flatten();
        search_key(titles.chain(names)).contains(&wanted)
    }
}

/// The choices of the filter form.
#[derive(Serialize)]
pub(super) struct FilterForm {
    action: String,
    text: String,
    selects: Vec<Select>,
    /// Kept along though it is no field of the form.
    day: String,
    /// The old release that is looked at; empty for the newest.
    release: String,
    is_set: bool,
    clear_url: String,
}

#[derive(Serialize)]
struct Select {
    name: &'static str,
    label: String,
    options: Vec<SelectOption>,
}

#[derive(Serialize)]
struct SelectOption {
    value: String,
    label: String,
    selected: bool,
}

fn form(reader: &Reader<'_>, released: &Released, filter: &Filter, path: &str) -> FilterForm {
    let programme = &released.programme;
    let option = |value: &str, label: String, chosen: &str| SelectOption {
        value: value.to_owned(),
        label,
        selected: value == chosen,
    };
    let spoken = |pick: fn(&ProgrammeSession) -> Vec<Lang>, chosen: Option<Lang>| {
        let mut langs: Vec<Lang> = programme.sessions.iter().flat_map(pick).collect();
        langs.sort_unstable();
        langs.dedup();
        langs
            .into_iter()
            .map(|lang| SelectOption {
                value: lang.to_string(),
                label: reader.language_name(lang),
                selected: chosen == Some(lang),
            })
            .collect::<Vec<_>>()
    };
    let select = |name: &'static str, options: Vec<SelectOption>| Select {
        name,
        label: reader.text(&format!("public-filter-{name}")),
        options,
    };
    let selects = vec![
        select(
            "forum",
            programme
                .forums
                .iter()
                .map(|forum| option(&forum.code, reader.pick(&forum.name).text, &filter.forum))
                .collect(),
        ),
        select(
            "format",
            programme
                .formats
                .iter()
                .map(|format| option(&format.code, reader.pick(&format.name).text, &filter.format))
                .collect(),
        ),
        select(
            "room",
            programme.rooms.iter().map(|room| option(&room.code, reader.pick(&room.name).text, &filter.room)).collect(),
        ),
        select("language", spoken(|session| session.language.into_iter().collect(), filter.language)),
        select("interpreted", spoken(|session| session.interpreted.clone(), filter.interpreted)),
    ];
    let day = filter.day.map(|day| day.to_string()).unwrap_or_default();
    let release = reader.event.old.as_ref().map(|old| old.info.number.to_string()).unwrap_or_default();
    FilterForm {
        action: path.to_owned(),
        text: filter.text.clone(),
        // A choice of one is none.
        selects: selects.into_iter().filter(|select| select.options.len() > 1).collect(),
        clear_url: clear_url(path, &day, &release),
        day,
        release,
        is_set: filter.is_set(),
    }
}

/// The page without its filters, on the same day and of the same release.
fn clear_url(path: &str, day: &str, release: &str) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs([("day", day), (super::old::PARAMETER, release)].iter().filter(|(_, value)| !value.is_empty()));
    match query.finish() {
        query if query.is_empty() => path.to_owned(),
        query => format!("{path}?{query}"),
    }
}

/// The timetable of one day.
#[derive(Serialize)]
pub(super) struct SchedulePage {
    days: Vec<DayTab>,
    day_label: String,
    filter: FilterForm,
    rooms: Vec<RoomColumn>,
    hours: Vec<Hour>,
    groups: Vec<TimeGroup>,
    count: usize,
    count_label: String,
    columns: usize,
    release: String,
    feeds: Vec<Feed>,
}

impl Page for SchedulePage {
    const TEMPLATE: &'static str = "public/schedule.html";
}

#[derive(Serialize)]
struct DayTab {
    label: String,
    date: String,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct RoomColumn {
    name: Text,
    column: usize,
    capacity: String,
    url: String,
}

/// A full hour on the time axis of wide screens.
#[derive(Serialize)]
struct Hour {
    label: String,
    row: i64,
}

/// Sessions that begin at the same minute: a heading of the list on narrow screens.
#[derive(Serialize)]
struct TimeGroup {
    time: String,
    row: i64,
    cards: Vec<Placed>,
    blocks: Vec<PlacedBlock>,
}

/// A break or the like in the timetable.
#[derive(Serialize)]
struct PlacedBlock {
    title: Text,
    time: String,
    start: String,
    end: String,
    room: Text,
    /// 0 where it is for all rooms.
    column: usize,
    row: i64,
    span: i64,
}

#[derive(Serialize)]
struct Placed {
    card: SessionCard,
    column: usize,
    row: i64,
    span: i64,
}

#[derive(Serialize)]
struct Feed {
    label: String,
    url: String,
}

/// The day shown: the one asked for, else today during the event, else the first.
fn chosen_day(reader: &Reader<'_>, days: &[NaiveDate], asked: Option<NaiveDate>) -> Option<NaiveDate> {
    let today = programme_day(reader.now, reader.zone);
    let known = |day: &NaiveDate| days.contains(day);
    asked.filter(known).or_else(|| Some(today).filter(known)).or_else(|| days.first().copied())
}

impl SchedulePage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released, filter: &Filter, path: &str, visit: &Visit) -> Self {
        let days = released.days(reader.zone);
        let day = chosen_day(reader, &days, filter.day);
        let shown: Vec<(&ProgrammeSession, &ProgrammeSlot)> = released
            .slots()
            .filter(|(_, slot)| Some(programme_day(slot.start, reader.zone)) == day)
            .filter(|(session, slot)| filter.fits(released, session, Some(slot)))
            .collect();
        let blocks = if shown.is_empty() { Vec::new() } else { shown_blocks(reader, released, filter, day) };
        // Only rooms in use get a column, in the event's order; what has no room comes last.
        let of_blocks = blocks.iter().filter_map(|block| released.room(block.room?)).map(|(index, _)| index);
        let mut used: Vec<usize> = shown.iter().map(|(_, slot)| room_index(released, slot)).chain(of_blocks).collect();
        used.sort_unstable();
        used.dedup();
        let starts = shown.iter().map(|(_, slot)| slot.start).chain(blocks.iter().map(|block| block.start));
        let ends = shown.iter().map(|(_, slot)| slot.end).chain(blocks.iter().map(|block| block.end));
        let (first, last) = (starts.min(), ends.max());
        let zero = first.map(|first| hour_floor(reader, first));
        let count = i64::try_from(shown.len()).unwrap_or(i64::MAX);
        Self {
            days: days.iter().map(|date| day_tab(reader, *date, day, visit)).collect(),
            day_label: day.map(|day| reader.format().long_date(day)).unwrap_or_default(),
            filter: form(reader, released, &Filter { day: filter.day, ..filter.clone() }, path),
            rooms: columns(reader, released, &used),
            hours: zero.zip(last).map(|(zero, last)| hours(reader, zero, last)).unwrap_or_default(),
            groups: groups(reader, released, (&shown, &blocks), &used, zero),
            count: shown.len(),
            count_label: reader.app.texts.text(reader.lang, "public-session-count", &[("count", count.into())]),
            columns: used.len().min(MOST_COLUMNS),
            release: released.programme.release.as_ref().map(|info| info.name.clone()).unwrap_or_default(),
            feeds: feeds(reader),
        }
    }
}

fn feeds(reader: &Reader<'_>) -> Vec<Feed> {
    [("ics", "iCalendar"), ("xml", "schedule.xml"), ("json", "schedule.json"), ("xcal", "xCal"), ("csv", "CSV")]
        .into_iter()
        .map(|(kind, label)| Feed { label: label.to_owned(), url: format!("{}/schedule.{kind}", reader.base()) })
        .collect()
}

fn day_tab(reader: &Reader<'_>, date: NaiveDate, current: Option<NaiveDate>, visit: &Visit) -> DayTab {
    DayTab {
        label: reader.format().day(date),
        date: date.to_string(),
        url: visit.url_with("day", &date.to_string()),
        current: Some(date) == current,
    }
}

/// The room's place among the event's rooms; after all of them where there is none.
fn room_index(released: &Released, slot: &ProgrammeSlot) -> usize {
    slot.room.and_then(|room| released.room(room)).map_or(usize::MAX, |(index, _)| index)
}

fn columns(reader: &Reader<'_>, released: &Released, used: &[usize]) -> Vec<RoomColumn> {
    used.iter()
        .take(MOST_COLUMNS)
        .enumerate()
        .map(|(column, index)| {
            let room = released.programme.rooms.get(*index);
            let no_room =
                || Text { text: reader.text("public-no-room"), lang: reader.lang.to_string(), dir: reader.lang.dir() };
            RoomColumn {
                name: room.map_or_else(no_room, |room| reader.pick(&room.name)),
                column: column + 1,
                capacity: room
                    .and_then(|room| room.capacity)
                    .map(|seats| reader.format().number(seats.into()))
                    .unwrap_or_default(),
                url: room.map(|room| reader.link(&format!("/rooms/{}", room.code))).unwrap_or_default(),
            }
        })
        .collect()
}

/// The public blocks of a day. Who looks for certain sessions sees none, who looks at a room its own.
fn shown_blocks<'a>(
    reader: &Reader<'_>,
    released: &'a Released,
    filter: &Filter,
    day: Option<NaiveDate>,
) -> Vec<&'a ProgrammeBlock> {
    if *filter != (Filter { day: filter.day, room: filter.room.clone(), ..Filter::default() }) {
        return Vec::new();
    }
    let is_here = |block: &&ProgrammeBlock| {
        let room = block.room.and_then(|room| released.room(room)).map(|(_, room)| room.code.as_str());
        let is_wanted = filter.room.is_empty() || block.room.is_none() || room == Some(filter.room.as_str());
        is_wanted && Some(programme_day(block.start, reader.zone)) == day
    };
    released.programme.blocks.iter().filter(is_here).collect()
}

fn groups(
    reader: &Reader<'_>,
    released: &Released,
    (shown, blocks): (&[(&ProgrammeSession, &ProgrammeSlot)], &[&ProgrammeBlock]),
    used: &[usize],
    zero: Option<UtcTime>,
) -> Vec<TimeGroup> {
    let row_of = |at: UtcTime| zero.map_or(1, |zero| ((at - zero).num_minutes() / ROW_MINUTES + 1).clamp(1, MOST_ROWS));
    let rows = |start: UtcTime, end: UtcTime| (row_of(start), (row_of(end) - row_of(start)).max(1));
    let column = |index: usize| used.iter().position(|one| *one == index).map_or(1, |at| (at + 1).min(MOST_COLUMNS));
    let mut groups: BTreeMap<UtcTime, TimeGroup> = BTreeMap::new();
    let new_group = |start: UtcTime| TimeGroup {
        time: reader.clock(start),
        row: row_of(start),
        cards: Vec::new(),
        blocks: Vec::new(),
    };
    for block in blocks {
        let (row, span) = rows(block.start, block.end);
        let room = block.room.and_then(|room| released.room(room));
        groups.entry(block.start).or_insert_with(|| new_group(block.start)).blocks.push(PlacedBlock {
            title: block_title(reader, block),
            time: reader.hours(block.start, block.end),
            start: block.start.in_zone(reader.zone).to_rfc3339(),
            end: block.end.in_zone(reader.zone).to_rfc3339(),
            column: room.map_or(0, |(index, _)| column(index)),
            room: room.map(|(_, room)| reader.pick(&room.name)).unwrap_or_default(),
            row,
            span,
        });
    }
    for (session, slot) in shown {
        let (row, span) = rows(slot.start, slot.end);
        let card = reader.card(released, session, Some(slot));
        let placed = Placed { card, column: column(room_index(released, slot)), row, span };
        groups.entry(slot.start).or_insert_with(|| new_group(slot.start)).cards.push(placed);
    }
    groups.into_values().collect()
}

/// What a block is called: its title, or the word for its kind.
fn block_title(reader: &Reader<'_>, block: &ProgrammeBlock) -> Text {
    if block.title.is_empty() {
        let text = reader.text(&format!("concern-block-{}", block.kind));
        return Text { text, lang: reader.lang.to_string(), dir: reader.lang.dir() };
    }
    reader.pick(&block.title)
}

/// The full hours from `zero` on until everything has begun and ended, or the grid does.
fn hours(reader: &Reader<'_>, zero: UtcTime, last: UtcTime) -> Vec<Hour> {
    (0..)
        .map(|hour| (zero + TimeDelta::hours(hour), hour * 60 / ROW_MINUTES + 1))
        .take_while(|(at, row)| *at < last && *row <= MOST_ROWS)
        .map(|(at, row)| Hour { label: reader.format().time(at.in_zone(reader.zone).time()), row })
        .collect()
}

/// The full hour before an instant, on the clocks shown.
fn hour_floor(reader: &Reader<'_>, at: UtcTime) -> UtcTime {
    use chrono::Timelike;
    let local = at.in_zone(reader.zone);
    at - TimeDelta::minutes(i64::from(local.minute())) - TimeDelta::seconds(i64::from(local.second()))
}

/// Every session, by day and time; those without a time last.
#[derive(Serialize)]
pub(super) struct SessionsPage {
    filter: FilterForm,
    days: Vec<DayOfSessions>,
    count: usize,
    count_label: String,
}

impl Page for SessionsPage {
    const TEMPLATE: &'static str = "public/sessions.html";
}

#[derive(Serialize)]
struct DayOfSessions {
    label: String,
    cards: Vec<SessionCard>,
}

impl SessionsPage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released, filter: &Filter, path: &str) -> Self {
        let mut days: Vec<(NaiveDate, DayOfSessions)> = Vec::new();
        let mut count = 0;
        for (session, slot) in released.slots().filter(|(session, slot)| filter.fits(released, session, Some(slot))) {
            let day = programme_day(slot.start, reader.zone);
            let card = reader.card(released, session, Some(slot));
            count += 1;
            match days.last_mut() {
                Some((last, list)) if *last == day => list.cards.push(card),
                _ => days.push((day, DayOfSessions { label: reader.format().long_date(day), cards: vec![card] })),
            }
        }
        let unplaced: Vec<SessionCard> = released
            .programme
            .sessions
            .iter()
            .filter(|session| session.slots.is_empty() && filter.fits(released, session, None))
            .map(|session| reader.card(released, session, None))
            .collect();
        count += unplaced.len();
        let mut days: Vec<DayOfSessions> = days.into_iter().map(|(_, list)| list).collect();
        if !unplaced.is_empty() {
            days.push(DayOfSessions { label: reader.text("public-unplaced"), cards: unplaced });
        }
        let number = i64::try_from(count).unwrap_or(i64::MAX);
        Self {
            filter: form(reader, released, filter, path),
            days,
            count,
            count_label: reader.app.texts.text(reader.lang, "public-session-count", &[("count", number.into())]),
        }
    }
}
