//! The page of one session.

use super::json_ld;
use super::model::Released;
use super::view::{ForumTag, PersonCard, Reader, SessionCard, Timing, safe};
use crate::i18n::Localized;
use crate::programme::text::{markdown, plain_text};
use crate::schedule::model::ProgrammeSession;
use crate::web::page::{Page, Text};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct SessionPage {
    pub(super) title: Text,
    subtitle: Text,
    pub(super) summary: String,
    is_cancelled: bool,
    slots: Vec<SlotLine>,
    people: Vec<PersonCard>,
    abstract_html: minijinja::Value,
    abstract_lang: String,
    abstract_dir: &'static str,
    description_html: minijinja::Value,
    description_lang: String,
    description_dir: &'static str,
    forum: Option<ForumTag>,
    format: Text,
    languages: String,
    code: String,
    seats_url: String,
    access: &'static str,
    access_label: String,
    access_help: String,
    capacity: String,
    not_recorded: bool,
    links: Vec<LinkLine>,
    calendar_url: String,
    parallel: Vec<SessionCard>,
    next_in_room: Option<SessionCard>,
    json_ld: minijinja::Value,
}

impl Page for SessionPage {
    const TEMPLATE: &'static str = "public/session.html";
}

#[derive(Serialize)]
struct SlotLine {
    day: String,
    timing: Timing,
    /// "Moved from …"; mostly empty.
    moved_from: String,
    room: Text,
    building: Text,
    room_url: String,
}

#[derive(Serialize)]
struct LinkLine {
    url: String,
    title: String,
}

/// Sessions at the same time that are shown.
const PARALLEL: usize = 8;

impl SessionPage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released, session: &ProgrammeSession) -> Self {
        let (abstract_html, abstract_lang, abstract_dir) = rich(reader, &session.abstract_text);
        let (description_html, description_lang, description_dir) = rich(reader, &session.description);
        let people = session.people.iter().filter_map(|part| {
            let role = reader.text(&format!("public-role-{}", part.role));
            released.speaker(part.speaker).map(|speaker| reader.person(speaker, role))
        });
        let links = session.links.iter().map(|link| LinkLine {
            url: link.url.clone(),
            title: if link.title.is_empty() { link.url.clone() } else { link.title.clone() },
        });
        let documents = reader.event.documents.iter().filter(|one| one.session == session.id).map(|one| LinkLine {
            url: format!("{}/sessions/{}/documents/{}", reader.base(), session.code, one.document.id),
            title: one.document.name.clone(),
        });
        let abstract_text = session.abstract_text.text(reader.lang, reader.event.languages());
        Self {
            title: reader.pick(&session.title),
            subtitle: reader.pick(&session.subtitle),
            summary: plain_text(abstract_text, 200),
            is_cancelled: session.state == crate::programme::model::SessionState::Cancelled,
            slots: slots(reader, released, session),
            people: people.collect(),
            forum: reader.forum_tag(released, session),
            format: session
                .format
                .and_then(|format| released.format(format))
                .map(|format| reader.pick(&format.name))
                .unwrap_or_default(),
            languages: reader.languages(session),
            code: session.code.clone(),
            seats_url: format!("{}/seats", reader.base()),
            access: session.access.as_str(),
            access_label: reader.text(&format!("public-access-{}", session.access)),
            access_help: reader.text(&format!("public-access-{}-help", session.access)),
            capacity: session.capacity.map(|seats| reader.format().number(seats.into())).unwrap_or_default(),
            not_recorded: !session.may_record,
            links: links.chain(documents).collect(),
            calendar_url: format!("{}/sessions/{}.ics", reader.base(), session.code),
            parallel: parallel(reader, released, session),
            next_in_room: next_in_room(reader, released, session),
            json_ld: json_ld::session(reader, released, session),
            abstract_html,
            abstract_lang,
            abstract_dir,
            description_html,
            description_lang,
            description_dir,
        }
    }
}

/// A Markdown text as safe HTML, with the language it is really in.
pub(super) fn rich(reader: &Reader<'_>, content: &Localized) -> (minijinja::Value, String, &'static str) {
    match content.pick(reader.lang, reader.event.languages()) {
        Some(picked) => (safe(markdown(picked.text)), picked.lang.to_string(), picked.lang.dir()),
        None => (safe(String::new()), reader.lang.to_string(), reader.lang.dir()),
    }
}

fn slots(reader: &Reader<'_>, released: &Released, session: &ProgrammeSession) -> Vec<SlotLine> {
    session
        .slots
        .iter()
        .map(|slot| {
            let room = slot.room.and_then(|room| released.room(room)).map(|(_, room)| room);
            SlotLine {
                day: reader.format().long_date(super::model::programme_day(slot.start, reader.zone)),
                timing: reader.timing(session, slot),
                moved_from: reader.moved_from(released, slot),
                room: room.map(|room| reader.pick(&room.name)).unwrap_or_default(),
                building: room.map(|room| reader.pick(&room.building)).unwrap_or_default(),
                room_url: room.map(|room| reader.link(&format!("/rooms/{}", room.code))).unwrap_or_default(),
            }
        })
        .collect()
}

fn parallel(reader: &Reader<'_>, released: &Released, session: &ProgrammeSession) -> Vec<SessionCard> {
    let Some(own) = session.slots.first() else { return Vec::new() };
    released
        .slots()
        .filter(|(other, slot)| other.id != session.id && slot.start < own.end && own.start < slot.end)
        .take(PARALLEL)
        .map(|(other, slot)| reader.card(released, other, Some(slot)))
        .collect()
}

fn next_in_room(reader: &Reader<'_>, released: &Released, session: &ProgrammeSession) -> Option<SessionCard> {
    let own = session.slots.first()?;
    let room = own.room?;
    released
        .slots()
        .find(|(other, slot)| other.id != session.id && slot.room == Some(room) && slot.start >= own.end)
        .map(|(other, slot)| reader.card(released, other, Some(slot)))
}
