//! The draft as the editor's scripts read it.

use super::desk::Desk;
use super::model::{BlockStep, EditKind, NextStep, SlotNow, SlotStep};
use crate::db::{BlockId, FormatId, ForumId, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang, Localized, Texts};
use crate::programme::model::SessionState;
use crate::schedule::concerns::{Found, Reply, Severity};
use crate::schedule::draft::{Block, BlockKind, Level};
use crate::schedule::model::ProgrammeSession;
use crate::schedule::wording::ConcernWords;
use chrono::{NaiveDate, Timelike};
use chrono_tz::Tz;
use serde::Serialize;

/// What it takes to put a draft into words.
#[derive(Clone, Copy)]
pub struct Words<'a> {
    /// The texts.
    pub texts: &'a Texts,
    /// The reader's language.
    pub lang: Lang,
    /// The event.
    pub event: &'a Event,
}

impl Words<'_> {
    /// The best text for the reader.
    #[must_use]
    pub fn pick(&self, text: &Localized) -> String {
        text.text(self.lang, &self.event.languages).to_owned()
    }

    fn block_title(&self, kind: BlockKind, title: &Localized) -> String {
        let own = self.pick(title);
        if own.is_empty() { self.texts.text(self.lang, &format!("editing-block-{kind}"), &[]) } else { own }
    }
}

/// The hours of something on the wall clocks of its first day. `to` passes 1440 after midnight, and
/// is `from` plus the length also where the clocks are changed between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct Hours {
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
    /// The day on which it begins.
    pub day: NaiveDate,
    /// Minutes from that day's midnight to its start.
    pub from: i64,
    /// Minutes from that day's midnight to its end.
    pub to: i64,
}

impl Hours {
    /// In the event's zone.
    #[must_use]
    pub fn of(zone: Tz, start: UtcTime, end: UtcTime) -> Self {
        let local = start.in_zone(zone);
        let from = i64::from(local.num_seconds_from_midnight() / 60);
        Self { start, end, day: local.date_naive(), from, to: from + (end - start).num_minutes() }
    }
}

/// A slot.
#[derive(Clone, Debug, Serialize)]
pub struct SlotLine {
    id: SlotId,
    session: SessionId,
    room: Option<RoomId>,
    #[serde(flatten)]
    hours: Hours,
    version: i32,
    fixed: bool,
}

impl SlotLine {
    /// A slot as it stands.
    #[must_use]
    pub fn now(zone: Tz, slot: &SlotNow) -> Self {
        Self {
            id: slot.id,
            session: slot.session,
            room: slot.state.room,
            hours: Hours::of(zone, slot.state.start, slot.state.end),
            version: slot.version,
            fixed: slot.is_fixed,
        }
    }

    /// A slot after an edit; none when that took it out.
    #[must_use]
    pub fn after(zone: Tz, step: &SlotStep) -> Option<Self> {
        let state = step.change.after?;
        Some(Self {
            id: step.change.slot,
            session: step.change.session,
            room: state.room,
            hours: Hours::of(zone, state.start, state.end),
            version: step.version,
            fixed: step.is_fixed,
        })
    }
}

/// A block.
#[derive(Clone, Debug, Serialize)]
pub struct BlockLine {
    id: BlockId,
    room: Option<RoomId>,
    kind: BlockKind,
    /// What the reader sees: its own words or those of its kind.
    title: String,
    /// Its own words by language, for the form.
    titles: Localized,
    public: bool,
    #[serde(flatten)]
    hours: Hours,
    version: i32,
}

impl BlockLine {
    /// A block as it stands.
    #[must_use]
    pub fn now(words: Words<'_>, block: &Block) -> Self {
        Self {
            id: block.id,
            room: block.room_id,
            kind: block.kind,
            title: words.block_title(block.kind, &block.title),
            titles: block.title.clone(),
            public: block.is_public,
            hours: Hours::of(words.event.zone(), block.starts_at, block.ends_at),
            version: block.version,
        }
    }

    /// A block after an edit; none when that took it away.
    #[must_use]
    pub fn after(words: Words<'_>, step: &BlockStep) -> Option<Self> {
        let facts = step.after.as_ref()?;
        Some(Self::now(words, &facts.block(step.block, words.event.id, step.version, facts.start)))
    }
}

/// Something that speaks against a slot.
#[derive(Clone, Debug, Serialize)]
pub struct ConcernItem {
    key: String,
    slot: SlotId,
    session: SessionId,
    severity: Severity,
    text: String,
    url: String,
    muted: bool,
}

/// Everything that speaks against the draft.
#[must_use]
pub fn concerns(words: Words<'_>, desk: &Desk) -> Vec<ConcernItem> {
    let in_words = ConcernWords::new(words.texts, words.lang, &desk.draft);
    let item = |found: &Found| {
        let line = in_words.line(found, &desk.muted);
        ConcernItem {
            key: line.key,
            slot: found.slot,
            session: found.session,
            severity: found.severity,
            text: line.text,
            url: line.url,
            muted: line.muted.is_some(),
        }
    };
    desk.book.all().iter().map(item).collect()
}

/// A stretch of starts in one room at which something would speak against a session.
#[derive(Clone, Debug, Serialize)]
pub struct CellItem {
    room: RoomId,
    /// Minutes from the day's midnight to the first such start.
    from: i64,
    /// Minutes to the first start that is free of it.
    to: i64,
    severity: Severity,
    texts: Vec<String>,
}

/// The shortest stretch that is marked, in minutes: one step of the finest grid.
const SHORTEST_MARK: i64 = 5;

/// Where on a day something would speak against a session of this length.
#[must_use]
pub fn candidates(
    words: Words<'_>,
    desk: &Desk,
    (session, slot): (SessionId, Option<SlotId>),
    (day, minutes): (NaiveDate, i32),
) -> Vec<CellItem> {
    let in_words = ConcernWords::new(words.texts, words.lang, &desk.draft);
    let zone = words.event.zone();
    // On wall clocks, as the grid is; a start after midnight belongs to the end of this day.
    let minute = |at: UtcTime| {
        let local = at.in_zone(zone);
        let days = (local.date_naive() - day).num_days();
        days * 1440 + i64::from(local.num_seconds_from_midnight() / 60)
    };
    let stretches = desk.book.candidates(session, slot, minutes, day);
    stretches
        .iter()
        .map(|stretch| CellItem {
            room: stretch.room,
            from: minute(stretch.from),
            // Where clocks are put back the end may read earlier than the beginning.
            to: minute(stretch.to).max(minute(stretch.from) + SHORTEST_MARK),
            severity: stretch.severity,
            texts: vec![in_words.text(&stretch.concern)],
        })
        .collect()
}

/// A step that can be taken back or done again, in words.
#[derive(Clone, Debug, Serialize)]
pub struct StepItem {
    label: String,
}

/// The words of a step: what it did to which session, or to how many.
#[must_use]
pub fn step(words: Words<'_>, desk: &Desk, step: &NextStep) -> StepItem {
    let sessions = step.changes.sessions();
    let label = match (step.kind, sessions.as_slice()) {
        (EditKind::Block, _) => words.texts.text(words.lang, "editing-step-block", &[]),
        (kind, [only]) => {
            let title = desk.session(*only).map(|session| words.pick(&session.title)).unwrap_or_default();
            words.texts.text(words.lang, &format!("editing-step-{kind}"), &[("session", title.into())])
        }
        (_, more) => {
            let count = i64::try_from(more.len()).unwrap_or(i64::MAX);
            words.texts.text(words.lang, "editing-step-many", &[("count", count.into())])
        }
    };
    StepItem { label }
}

/// What "undo" and "redo" would do.
#[derive(Clone, Debug, Serialize)]
pub struct Steps {
    undo: Option<StepItem>,
    redo: Option<StepItem>,
}

impl Steps {
    /// In words.
    #[must_use]
    pub fn new(words: Words<'_>, desk: &Desk, (undo, redo): &(Option<NextStep>, Option<NextStep>)) -> Self {
        let item = |next: &Option<NextStep>| next.as_ref().map(|next| step(words, desk, next));
        Self { undo: item(undo), redo: item(redo) }
    }
}

#[derive(Serialize)]
struct DayItem {
    day: NaiveDate,
    label: String,
}

#[derive(Serialize)]
struct RoomItem<'a> {
    id: RoomId,
    code: &'a str,
    name: String,
    building: String,
    capacity: Option<i32>,
    channels: &'a [Lang],
}

#[derive(Serialize)]
struct ForumItem<'a> {
    id: ForumId,
    code: &'a str,
    name: String,
    color: &'a str,
}

#[derive(Serialize)]
struct FormatItem {
    id: FormatId,
    name: String,
    minutes: Option<i32>,
}

#[derive(Serialize)]
struct PersonItem<'a> {
    id: SpeakerId,
    name: &'a str,
}

#[derive(Serialize)]
struct SessionItem<'a> {
    id: SessionId,
    title: String,
    lang: String,
    forum: Option<ForumId>,
    format: Option<FormatId>,
    minutes: Option<i32>,
    state: SessionState,
    people: Vec<PersonItem<'a>>,
    language: Option<Lang>,
    interpreted: &'a [Lang],
    expected: Option<i32>,
    version: i32,
    mine: bool,
    url: String,
    answers: Vec<AnswerItem<'a>>,
}

#[derive(Serialize)]
struct AnswerItem<'a> {
    speaker: SpeakerId,
    slot: SlotId,
    answer: &'static str,
    reason: &'a str,
}

/// What speakers say of a session's slots where they are now; an answer to another place is none.
fn answers<'a>(desk: &'a Desk, session: &ProgrammeSession) -> Vec<AnswerItem<'a>> {
    let mut items = Vec::new();
    for slot in &session.slots {
        let place = (slot.room, slot.start, slot.end);
        let Some(replies) = desk.replies.get(&slot.guid).filter(|one| (one.room, one.start, one.end) == place) else {
            continue;
        };
        for (speaker, reply) in &replies.given {
            let answer = match reply {
                Reply::Accepted => "confirmed",
                Reply::Asked => "asked",
                Reply::Declined => "declined",
            };
            let reason = desk.reasons.get(&(*speaker, slot.guid.clone())).map_or("", String::as_str);
            items.push(AnswerItem { speaker: *speaker, slot: slot.id, answer, reason });
        }
    }
    items
}

#[derive(Serialize)]
struct AvailabilityItem {
    speaker: Option<SpeakerId>,
    room: Option<RoomId>,
    level: Level,
    start: UtcTime,
    end: UtcTime,
}

/// The answer to `GET draft.json`.
#[derive(Serialize)]
pub struct DraftView<'a> {
    version: i64,
    day: Option<NaiveDate>,
    days: Vec<DayItem>,
    zone: &'static str,
    grid: i32,
    rooms: Vec<RoomItem<'a>>,
    forums: Vec<ForumItem<'a>>,
    formats: Vec<FormatItem>,
    sessions: Vec<SessionItem<'a>>,
    slots: Vec<SlotLine>,
    blocks: Vec<BlockLine>,
    availabilities: Vec<AvailabilityItem>,
    concerns: Vec<ConcernItem>,
    #[serde(flatten)]
    steps: Steps,
}

/// The draft of one day, or of all; sessions, availabilities and concerns are always all of them.
pub fn draft<'a>(
    words: Words<'_>,
    desk: &'a Desk,
    day: Option<NaiveDate>,
    steps: &(Option<NextStep>, Option<NextStep>),
    is_mine: impl Fn(Option<ForumId>) -> bool,
) -> DraftView<'a> {
    let (zone, programme) = (words.event.zone(), &desk.draft.programme);
    let slots: Vec<SlotLine> = all_slots(desk).map(|slot| SlotLine::now(zone, &slot)).collect();
    let blocks: Vec<BlockLine> = desk.draft.blocks.iter().map(|block| BlockLine::now(words, block)).collect();
    let mut days: Vec<NaiveDate> = words.event.days().chain(slots.iter().map(|slot| slot.hours.day)).collect();
    days.sort_unstable();
    days.dedup();
    let shown = |hours: &Hours| {
        let last = (hours.end - chrono::TimeDelta::seconds(1)).in_zone(zone).date_naive();
        day.is_none_or(|day| (hours.day..=last).contains(&day))
    };
    DraftView {
        version: desk.draft.version,
        day,
        days: days.into_iter().map(|day| DayItem { day, label: Formatter::of(words.lang).day(day) }).collect(),
        zone: zone.name(),
        grid: desk.draft.rules.grid_minutes,
        rooms: programme
            .rooms
            .iter()
            .map(|room| RoomItem {
                id: room.id,
                code: &room.code,
                name: words.pick(&room.name),
                building: words.pick(&room.building),
                capacity: room.capacity,
                channels: &room.channels,
            })
            .collect(),
        forums: programme
            .forums
            .iter()
            .map(|forum| ForumItem {
                id: forum.id,
                code: &forum.code,
                name: words.pick(&forum.name),
                color: &forum.color,
            })
            .collect(),
        formats: programme
            .formats
            .iter()
            .map(|format| FormatItem {
                id: format.id,
                name: words.pick(&format.name),
                minutes: desk.draft.format_minutes.get(&format.id).copied(),
            })
            .collect(),
        sessions: sessions(words, desk, is_mine),
        slots: slots.into_iter().filter(|slot| shown(&slot.hours)).collect(),
        blocks: blocks.into_iter().filter(|block| shown(&block.hours)).collect(),
        availabilities: desk
            .draft
            .availabilities
            .iter()
            .map(|one| AvailabilityItem {
                speaker: one.speaker_id,
                room: one.room_id,
                level: one.level,
                start: one.starts_at,
                end: one.ends_at,
            })
            .collect(),
        concerns: concerns(words, desk),
        steps: Steps::new(words, desk, steps),
    }
}

fn all_slots(desk: &Desk) -> impl Iterator<Item = SlotNow> {
    desk.draft.programme.sessions.iter().flat_map(|session| {
        session.slots.iter().map(|slot| {
            let planning = desk.draft.slots.get(&slot.id).copied().unwrap_or_default();
            SlotNow {
                id: slot.id,
                session: session.id,
                guid: String::new(),
                source_key: None,
                state: super::model::SlotState { room: slot.room, start: slot.start, end: slot.end },
                version: planning.version,
                is_fixed: planning.is_fixed,
            }
        })
    })
}

fn sessions<'a>(words: Words<'_>, desk: &'a Desk, is_mine: impl Fn(Option<ForumId>) -> bool) -> Vec<SessionItem<'a>> {
    let draft = &desk.draft;
    let names: std::collections::HashMap<SpeakerId, &str> =
        draft.programme.speakers.iter().map(|speaker| (speaker.id, speaker.name.as_str())).collect();
    let item = |session: &'a ProgrammeSession| {
        let picked = session.title.pick(words.lang, &words.event.languages);
        let planning = draft.sessions.get(&session.id).copied().unwrap_or_default();
        let person = |speaker: SpeakerId| names.get(&speaker).map(|name| PersonItem { id: speaker, name });
        SessionItem {
            id: session.id,
            title: picked.map(|picked| picked.text.to_owned()).unwrap_or_default(),
            lang: picked.map(|picked| picked.lang.to_string()).unwrap_or_default(),
            forum: session.forum,
            format: session.format,
            minutes: session.format.and_then(|format| draft.format_minutes.get(&format).copied()),
            state: session.state,
            people: session.people.iter().filter_map(|part| person(part.speaker)).collect(),
            language: session.language,
            interpreted: &session.interpreted,
            expected: planning.expected,
            version: planning.version,
            mine: is_mine(session.forum),
            url: format!("/organizer/{}/sessions/{}", words.event.slug, session.id),
            answers: answers(desk, session),
        }
    };
    draft.programme.sessions.iter().map(item).collect()
}
