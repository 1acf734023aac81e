//! Facts for search engines as schema.org data.

use super::model::{PublicEvent, Released};
use super::view::Reader;
use crate::schedule::model::{ProgrammeSession, ProgrammeSlot};
use serde_json::{Value, json};

/// The event; sub-events are on the session pages, which keeps this short.
pub(super) fn event(reader: &Reader<'_>) -> minijinja::Value {
    let event = &reader.event.event;
    script(&json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": event.name.text(reader.lang, &event.languages),
        "description": event.tagline.text(reader.lang, &event.languages),
        "startDate": event.starts_on.to_string(),
        "endDate": event.ends_on.to_string(),
        "eventStatus": "https://schema.org/EventScheduled",
        "url": format!("{}/{}", reader.app.settings.http.public_url, event.slug),
        "inLanguage": event.languages.iter().map(ToString::to_string).collect::<Vec<_>>(),
        "location": place(reader.event, reader),
    }))
}

/// One session with its first slot.
pub(super) fn session(reader: &Reader<'_>, released: &Released, session: &ProgrammeSession) -> minijinja::Value {
    let languages = reader.event.languages();
    let public_url = &reader.app.settings.http.public_url;
    let base = format!("{public_url}{}", reader.base());
    let slot: Option<&ProgrammeSlot> = session.slots.first();
    let performers: Vec<Value> = session
        .people
        .iter()
        .filter_map(|part| released.speaker(part.speaker))
        .map(|speaker| json!({ "@type": "Person", "name": speaker.name, "url": format!("{base}/speakers/{}", speaker.code) }))
        .collect();
    let status = if session.state == crate::programme::model::SessionState::Cancelled {
        "EventCancelled"
    } else {
        "EventScheduled"
    };
    let room = slot.and_then(|slot| slot.room).and_then(|room| released.room(room));
    let mut value = json!({
        "@context": "https://schema.org",
        "@type": "Event",
        "name": session.title.text(reader.lang, languages),
        "eventStatus": format!("https://schema.org/{status}"),
        "url": format!("{base}/sessions/{}", session.code),
        "performer": performers,
        "superEvent": { "@type": "Event", "name": reader.event.event.name_in(reader.lang), "url": base,
            "startDate": reader.event.event.starts_on.to_string(), "location": place(reader.event, reader) },
        "location": room.map_or_else(|| place(reader.event, reader), |(_, room)| json!({
            "@type": "Place", "name": room.name.text(reader.lang, languages), "containedInPlace": place(reader.event, reader) })),
    });
    if let (Some(slot), Some(facts)) = (slot, value.as_object_mut()) {
        let zone = reader.event.event.zone();
        facts.insert("startDate".into(), slot.start.in_zone(zone).to_rfc3339().into());
        facts.insert("endDate".into(), slot.end.in_zone(zone).to_rfc3339().into());
    }
    script(&value)
}

fn place(event: &PublicEvent, reader: &Reader<'_>) -> Value {
    let event = &event.event;
    json!({
        "@type": "Place",
        "name": event.place.text(reader.lang, &event.languages),
        "address": event.address.text(reader.lang, &event.languages),
    })
}

/// JSON that can stand inside a `<script>` element: no `<` is left that could end it.
fn script(value: &Value) -> minijinja::Value {
    minijinja::Value::from_safe_string(value.to_string().replace('<', "\\u003c"))
}
