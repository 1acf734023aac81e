//! The list of speakers and the page of one.

use super::model::Released;
use super::session::rich;
use super::view::{PersonCard, Reader, SessionCard};
use crate::i18n::search_key;
use crate::schedule::model::ProgrammeSpeaker;
use crate::web::page::{Page, Text};
use serde::Serialize;

#[derive(Serialize)]
pub(super) struct SpeakersPage {
    query: String,
    people: Vec<PersonCard>,
    count_label: String,
    is_filtered: bool,
}

impl Page for SpeakersPage {
    const TEMPLATE: &'static str = "public/speakers.html";
}

impl SpeakersPage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released, query: &str) -> Self {
        let wanted = search_key([query]);
        let mut all: Vec<&ProgrammeSpeaker> = released
            .programme
            .speakers
            .iter()
            .filter(|speaker| {
                let organisation = speaker.organisation.iter().map(|(_, text)| text);
                let words = [speaker.name.as_str(), speaker.native_name.as_deref().unwrap_or_default()];
                wanted.is_empty() || search_key(words.into_iter().chain(organisation)).contains(&wanted)
            })
            .collect();
        all.sort_by(|left, right| reader.format().compare(&left.name, &right.name));
        let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
        Self {
            query: query.to_owned(),
            people: all.into_iter().map(|speaker| reader.person(speaker, String::new())).collect(),
            count_label: reader.app.texts.text(reader.lang, "public-speaker-count", &[("count", count.into())]),
            is_filtered: !wanted.is_empty(),
        }
    }
}

#[derive(Serialize)]
pub(super) struct SpeakerPage {
    name: String,
    native_name: String,
    position: Text,
    organisation: Text,
    country: String,
    photo: Option<String>,
    initials: String,
    biography_html: minijinja::Value,
    biography_lang: String,
    biography_dir: &'static str,
    sessions: Vec<SessionCard>,
    calendar_url: String,
}

impl Page for SpeakerPage {
    const TEMPLATE: &'static str = "public/speaker.html";
}

impl SpeakerPage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released, speaker: &ProgrammeSpeaker) -> Self {
        let (biography_html, biography_lang, biography_dir) = rich(reader, &speaker.biography);
        let card = reader.person(speaker, String::new());
        Self {
            name: card.name,
            native_name: card.native_name,
            position: card.position,
            organisation: card.organisation,
            country: card.country,
            photo: speaker.photo.map(|photo| format!("/media/{photo}/640.jpg")),
            initials: card.initials,
            biography_html,
            biography_lang,
            biography_dir,
            sessions: released
                .sessions_of(speaker.id)
                .map(|session| reader.card(released, session, session.slots.first()))
                .collect(),
            calendar_url: format!("{}/speakers/{}.ics", reader.base(), speaker.code),
        }
    }
}
