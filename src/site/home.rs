//! The list of events and an event's home page.

use super::json_ld;
use super::model::{PublicEvent, Released};
use super::view::{PersonCard, Reader, SessionCard, safe};
use crate::programme::text::markdown;
use crate::web::page::{Page, Text, dates_in_words};
use serde::Serialize;

/// The events of this installation.
#[derive(Serialize)]
pub(super) struct EventsPage {
    pub(super) events: Vec<EventCard>,
}

impl Page for EventsPage {
    const TEMPLATE: &'static str = "public/events.html";
}

#[derive(Serialize)]
pub(super) struct EventCard {
    pub(super) url: String,
    pub(super) name: Text,
    pub(super) tagline: Text,
    pub(super) dates: String,
    pub(super) place: Text,
}

impl EventCard {
    pub(super) fn of(reader: &Reader<'_>) -> Self {
        let event = &reader.event.event;
        Self {
            url: format!("/{}", event.slug),
            name: reader.pick(&event.name),
            tagline: reader.pick(&event.tagline),
            dates: dates_in_words(&reader.app.texts, reader.lang, event.starts_on, event.ends_on),
            place: reader.pick(&event.place),
        }
    }
}

/// An event's home page.
#[derive(Serialize)]
pub(super) struct HomePage {
    name: Text,
    tagline: Text,
    description: minijinja::Value,
    description_lang: String,
    dates: String,
    place: Text,
    address: Text,
    countdown: String,
    register_url: Option<String>,
    schedule_url: Option<String>,
    call_url: Option<String>,
    figures: Vec<Figure>,
    now: Vec<SessionCard>,
    next: Vec<SessionCard>,
    forums: Vec<ForumCard>,
    highlights: Vec<SessionCard>,
    people: Vec<PersonCard>,
    contact: Option<String>,
    json_ld: minijinja::Value,
}

impl Page for HomePage {
    const TEMPLATE: &'static str = "public/home.html";
}

#[derive(Serialize)]
struct Figure {
    value: String,
    label: String,
}

#[derive(Serialize)]
struct ForumCard {
    code: String,
    name: Text,
    description: Text,
    url: String,
    count: usize,
}

/// People shown on the home page.
const PEOPLE: usize = 12;
/// Sessions of "now", "next" and the highlights.
const SESSIONS: usize = 6;

impl HomePage {
    pub(super) fn of(reader: &Reader<'_>, is_open: bool) -> Self {
        let PublicEvent { event, released, .. } = reader.event;
        let description = event.description.pick(reader.lang, &event.languages);
        let (now, next) = released.as_ref().map(|released| now_and_next(reader, released)).unwrap_or_default();
        Self {
            name: reader.pick(&event.name),
            tagline: reader.pick(&event.tagline),
            description: safe(description.map(|picked| markdown(picked.text)).unwrap_or_default()),
            description_lang: description.map(|picked| picked.lang.to_string()).unwrap_or_default(),
            dates: dates_in_words(&reader.app.texts, reader.lang, event.starts_on, event.ends_on),
            place: reader.pick(&event.place),
            address: reader.pick(&event.address),
            countdown: countdown(reader),
            register_url: is_open.then(|| format!("{}/register", reader.base())),
            schedule_url: released.as_ref().map(|_| format!("{}/schedule", reader.base())),
            call_url: reader.event.takes_proposals(reader.now).then(|| format!("{}/call", reader.base())),
            figures: released.as_ref().map(|released| figures(reader, released)).unwrap_or_default(),
            forums: released.as_ref().map(|released| forums(reader, released)).unwrap_or_default(),
            highlights: released.as_ref().map(|released| highlights(reader, released)).unwrap_or_default(),
            people: released.as_ref().map(|released| people(reader, released)).unwrap_or_default(),
            contact: event.contact_email.clone(),
            json_ld: json_ld::event(reader),
            now,
            next,
        }
    }
}

/// "In 12 days", "Today", nothing during and after the event.
fn countdown(reader: &Reader<'_>) -> String {
    let today = reader.now.in_zone(reader.event.event.zone()).date_naive();
    let days = (reader.event.event.starts_on - today).num_days();
    match days {
        1.. => reader.app.texts.text(reader.lang, "public-countdown", &[("days", days.into())]),
        0 => reader.text("public-today"),
        _ if reader.event.event.ends_on < today => reader.text("public-over"),
        _ => String::new(),
    }
}

fn figures(reader: &Reader<'_>, released: &Released) -> Vec<Figure> {
    let programme = &released.programme;
    [
        ("sessions", programme.sessions.len()),
        ("speakers", programme.speakers.len()),
        ("forums", programme.forums.len()),
        ("days", released.days(reader.zone).len()),
    ]
    .into_iter()
    .filter(|(_, count)| *count > 0)
    .map(|(what, count)| {
        let count = i64::try_from(count).unwrap_or(i64::MAX);
        Figure {
            value: reader.format().number(count),
            label: reader.app.texts.text(reader.lang, &format!("public-figure-{what}"), &[("count", count.into())]),
        }
    })
    .collect()
}

fn now_and_next(reader: &Reader<'_>, released: &Released) -> (Vec<SessionCard>, Vec<SessionCard>) {
    let card = |(session, slot)| reader.card(released, session, Some(slot));
    let now: Vec<_> = released
        .slots()
        .filter(|(session, slot)| {
            let shown = reader.shown(session, slot);
            shown.start <= reader.now && reader.now < shown.end
        })
        .take(SESSIONS)
        .map(card)
        .collect();
    let soon = reader.now + chrono::TimeDelta::hours(3);
    let next = released
        .slots()
        .filter(|(session, slot)| {
            let start = reader.shown(session, slot).start;
            start > reader.now && start <= soon
        })
        .take(SESSIONS)
        .map(card)
        .collect();
    (now, next)
}

fn forums(reader: &Reader<'_>, released: &Released) -> Vec<ForumCard> {
    released
        .programme
        .forums
        .iter()
        .map(|forum| ForumCard {
            code: forum.code.clone(),
            name: reader.pick(&forum.name),
            description: reader.pick(&forum.description),
            url: format!("{}/sessions?forum={}", reader.base(), forum.code),
            count: released.programme.sessions.iter().filter(|session| session.forum == Some(forum.id)).count(),
        })
        .filter(|forum| forum.count > 0)
        .collect()
}

/// The sessions that the most people take part in, in the order of the programme.
fn highlights(reader: &Reader<'_>, released: &Released) -> Vec<SessionCard> {
    let mut picked: Vec<_> = released.slots().filter(|(session, _)| session.state.is_releasable()).collect();
    picked.sort_by_key(|(session, _)| std::cmp::Reverse((session.interpreted.len(), session.people.len())));
    picked.dedup_by_key(|(session, _)| session.id);
    picked.truncate(SESSIONS);
    picked.sort_by_key(|(_, slot)| slot.start);
    picked.into_iter().map(|(session, slot)| reader.card(released, session, Some(slot))).collect()
}

/// The people with the most parts, those with a photo first.
fn people(reader: &Reader<'_>, released: &Released) -> Vec<PersonCard> {
    let mut all: Vec<_> = released.programme.speakers.iter().collect();
    all.sort_by_key(|speaker| {
        let known = !speaker.position.is_empty();
        std::cmp::Reverse((speaker.photo.is_some(), known, released.sessions_of(speaker.id).count()))
    });
    all.into_iter().take(PEOPLE).map(|speaker| reader.person(speaker, String::new())).collect()
}
