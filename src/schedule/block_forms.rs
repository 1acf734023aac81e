//! Forms for what is in the timetable and is no session: breaks, the registration desk, set-up.

use super::draft::{Block, BlockKind, Draft};
use super::editor_frame::Frame;
use crate::web::Choice;
use crate::web::page::Text;
use chrono::{NaiveDate, Timelike};
use serde::Serialize;

/// The form of one block, or of a new one.
#[derive(Serialize)]
pub(super) struct BlockForm {
    id: String,
    version: i32,
    url: String,
    heading: String,
    when: String,
    where_to: String,
    is_public: bool,
    has_room: bool,
    kinds: Vec<Choice>,
    days: Vec<Choice>,
    rooms: Vec<Choice>,
    start: String,
    minutes: i64,
    titles: Vec<TitleField>,
}

/// A title in one of the event's languages.
#[derive(Serialize)]
struct TitleField {
    code: String,
    label: String,
    value: String,
}

/// Noon, for an hour: where a new block is offered.
const USUAL_START: &str = "12:00";
const USUAL_MINUTES: i64 = 60;

impl BlockForm {
    /// The form for a new block on a day.
    pub(super) fn new(frame: &Frame<'_>, day: Option<NaiveDate>) -> Self {
        Self {
            id: String::new(),
            version: 0,
            url: format!("{}/blocks", frame.base),
            heading: String::new(),
            when: String::new(),
            where_to: String::new(),
            is_public: true,
            has_room: false,
            kinds: kinds(frame, BlockKind::Break),
            days: days(frame, day),
            rooms: rooms(frame, None),
            start: USUAL_START.to_owned(),
            minutes: USUAL_MINUTES,
            titles: titles(frame, None),
        }
    }

    /// The forms of the blocks of a day, or of all days where none is given.
    pub(super) fn all(frame: &Frame<'_>, draft: &Draft, day: Option<NaiveDate>) -> Vec<Self> {
        let zone = frame.team.event.zone();
        let mut blocks: Vec<&Block> = draft
            .blocks
            .iter()
            .filter(|block| day.is_none_or(|day| block.starts_at.in_zone(zone).date_naive() == day))
            .collect();
        blocks.sort_by_key(|block| (block.starts_at, block.ends_at));
        blocks.into_iter().map(|block| Self::of(frame, block)).collect()
    }

    fn of(frame: &Frame<'_>, block: &Block) -> Self {
        let (zone, format) = (frame.team.event.zone(), frame.context.formatter());
        let (start, end) = (block.starts_at.in_zone(zone), block.ends_at.in_zone(zone));
        let title = Text::pick(&block.title, frame.context.lang, &frame.team.event.languages).text;
        let kind = frame.text(&format!("editor-kind-{}", block.kind));
        let room = block.room_id.and_then(|id| frame.draft.rooms.iter().find(|room| room.id == id));
        let room = room.map(|room| Text::pick(&room.name, frame.context.lang, &frame.team.event.languages).text);
        Self {
            id: block.id.to_string(),
            version: block.version,
            url: format!("{}/blocks/{}", frame.base, block.id),
            heading: if title.is_empty() { kind } else { title },
            when: format!(
                "{} {}–{}",
                format.day(start.date_naive()),
                format.time(start.time()),
                format.time(end.time())
            ),
            where_to: room.unwrap_or_else(|| frame.text("editor-all-rooms")),
            is_public: block.is_public,
            has_room: block.room_id.is_some(),
            kinds: kinds(frame, block.kind),
            days: days(frame, Some(start.date_naive())),
            rooms: rooms(frame, Some(block)),
            start: format!("{:02}:{:02}", start.hour(), start.minute()),
            minutes: (block.ends_at - block.starts_at).num_minutes(),
            titles: titles(frame, Some(block)),
        }
    }
}

fn kinds(frame: &Frame<'_>, chosen: BlockKind) -> Vec<Choice> {
    let choice = |kind: &BlockKind| Choice {
        value: kind.to_string(),
        label: frame.text(&format!("editor-kind-{kind}")),
        selected: *kind == chosen,
    };
    BlockKind::ALL.iter().map(choice).collect()
}

fn days(frame: &Frame<'_>, chosen: Option<NaiveDate>) -> Vec<Choice> {
    let choice = |date: &NaiveDate| Choice {
        value: date.to_string(),
        label: frame.context.formatter().day(*date),
        selected: Some(*date) == chosen,
    };
    frame.days.iter().map(choice).collect()
}

fn rooms(frame: &Frame<'_>, block: Option<&Block>) -> Vec<Choice> {
    let chosen = block.and_then(|block| block.room_id);
    let choice = |room: &super::model::ProgrammeRoom| Choice {
        value: room.id.to_string(),
        label: Text::pick(&room.name, frame.context.lang, &frame.team.event.languages).text,
        selected: Some(room.id) == chosen,
    };
    frame.draft.rooms.iter().map(choice).collect()
}

fn titles(frame: &Frame<'_>, block: Option<&Block>) -> Vec<TitleField> {
    let field = |lang: &crate::i18n::Lang| TitleField {
        code: lang.to_string(),
        label: frame.text(&format!("language-{}", lang.primary())),
        value: block.and_then(|block| block.title.get(*lang)).unwrap_or_default().to_owned(),
    };
    frame.team.event.languages.iter().map(field).collect()
}
