//! The display at a room's door.

use super::announced::at_door;
use super::model::Released;
use super::now::{Moment, RoomName, begins_in};
use super::rooms::channels;
use super::view::{Reader, Timing};
use crate::i18n::{Lang, Localized};
use crate::programme::model::SessionState;
use crate::schedule::model::{ProgrammeRoom, ProgrammeSession, ProgrammeSlot};
use crate::web::page::{AnnouncementHead, Page, Text};
use serde::Serialize;

/// Languages that a display shows side by side: who stands at a door can't switch.
const LANGUAGES: usize = 2;
/// Names that fit on a display.
const PEOPLE: usize = 6;

/// `/{event}/rooms/{code}/screen`.
#[derive(Serialize)]
pub(super) struct ScreenPage {
    pub(super) room: RoomName,
    /// The room's name in the display's other language, where it differs.
    room_other: Text,
    channels: String,
    date: String,
    clock: String,
    zone: &'static str,
    now_label: String,
    next_label: String,
    nothing_now: String,
    nothing_next: String,
    now: Vec<OnScreen>,
    next: Option<OnScreen>,
    begins_in: String,
    news: Vec<AnnouncementHead>,
}

impl Page for ScreenPage {
    const TEMPLATE: &'static str = "public/screen.html";
}

#[derive(Serialize)]
struct OnScreen {
    titles: Vec<Text>,
    timing: Timing,
    people: Vec<String>,
    more_people: usize,
    languages: String,
    forum_code: String,
    forum: Text,
    is_cancelled: bool,
    access: &'static str,
    access_label: String,
}

impl ScreenPage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released, room: &ProgrammeRoom) -> Self {
        let languages = languages(reader);
        let moment = Moment::of(reader, released, Some(room.id));
        let words = |key: &str| in_all(reader, &languages, key);
        let shown: Vec<_> = moment.now.iter().chain(&moment.next).map(|(session, _)| session.id).collect();
        let names = texts(&room.name, &languages, reader);
        Self {
            room: RoomName::of(reader, Some(room)),
            room_other: names.into_iter().nth(1).unwrap_or_default(),
            channels: channels(reader, room),
            date: reader.format().long_date(reader.now.in_zone(reader.zone).date_naive()),
            clock: reader.clock(reader.now),
            zone: reader.zone.name(),
            now_label: words("live-now"),
            next_label: words("live-next"),
            nothing_now: words("live-nothing-now"),
            nothing_next: words("live-nothing-next"),
            now: moment
                .now
                .iter()
                .map(|(session, slot)| on_screen(reader, released, &languages, session, slot))
                .collect(),
            begins_in: moment.next.map(|(session, slot)| begins_in(reader, session, slot)).unwrap_or_default(),
            news: at_door(reader, room.id, &shown),
            next: moment.next.map(|(session, slot)| on_screen(reader, released, &languages, session, slot)),
        }
    }
}

/// The page's language, then the event's others.
fn languages(reader: &Reader<'_>) -> Vec<Lang> {
    let others = reader.event.languages().iter().copied().filter(|lang| *lang != reader.lang);
    [reader.lang].into_iter().chain(others).take(LANGUAGES).collect()
}

/// A text in each language that really has it.
fn texts(content: &Localized, languages: &[Lang], reader: &Reader<'_>) -> Vec<Text> {
    let mut texts = vec![reader.pick(content)];
    for lang in languages {
        let text =
            content.get(*lang).map(|text| Text { text: text.to_owned(), lang: lang.to_string(), dir: lang.dir() });
        texts.extend(text.filter(|text| texts.iter().all(|known| known.text != text.text)));
    }
    texts
}

/// Words of the interface in each language of the display.
fn in_all(reader: &Reader<'_>, languages: &[Lang], key: &str) -> String {
    let mut all: Vec<String> = Vec::new();
    for lang in languages {
        let words = reader.app.texts.text(*lang, key, &[]);
        if !all.contains(&words) {
            all.push(words);
        }
    }
    all.join(" · ")
}

fn on_screen(
    reader: &Reader<'_>,
    released: &Released,
    languages: &[Lang],
    session: &ProgrammeSession,
    slot: &ProgrammeSlot,
) -> OnScreen {
    let card = reader.card(released, session, Some(slot));
    let people: Vec<String> = session
        .people
        .iter()
        .filter_map(|part| released.speaker(part.speaker))
        .map(|speaker| reader.person(speaker, String::new()).name)
        .collect();
    OnScreen {
        titles: texts(&session.title, languages, reader),
        timing: reader.timing(session, slot),
        more_people: people.len().saturating_sub(PEOPLE),
        people: people.into_iter().take(PEOPLE).collect(),
        languages: card.languages,
        forum_code: card.forum.as_ref().map(|forum| forum.code.clone()).unwrap_or_default(),
        forum: card.forum.map(|forum| forum.name).unwrap_or_default(),
        is_cancelled: session.state == SessionState::Cancelled,
        access: card.access,
        access_label: card.access_label,
    }
}
