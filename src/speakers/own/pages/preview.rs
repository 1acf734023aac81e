//! What the programme will show of a speaker, in each language of the event, from what is typed.

use super::guest::Guest;
use crate::db::FileId;
use crate::i18n::{Country, Lang, Localized, country_name};
use crate::programme::text::markdown;
use crate::web::form_view::own_name;
use crate::web::page::initials;
use crate::web::{FormData, LocalizedField};
use serde::Serialize;

/// The speaker as readers of one language see them.
#[derive(Serialize)]
pub(super) struct Preview {
    lang: String,
    dir: &'static str,
    language: String,
    name: String,
    native_name: String,
    position: String,
    organisation: String,
    country: String,
    initials: String,
    photo_url: String,
    biography_html: minijinja::Value,
    biography_lang: String,
    biography_dir: &'static str,
}

/// The texts of the form in all languages.
pub(super) struct Typed<'a> {
    pub(super) form: &'a FormData,
    pub(super) position: &'a [LocalizedField],
    pub(super) organisation: &'a [LocalizedField],
    pub(super) biography: &'a [LocalizedField],
    pub(super) photo: Option<FileId>,
}

fn localized(fields: &[LocalizedField]) -> Localized {
    let filled = fields.iter().filter(|field| !field.value.trim().is_empty());
    filled.map(|field| (field.lang, field.value.trim().to_owned())).collect()
}

/// One preview for each language of the event; the same rules choose names and texts as on the public page.
pub(super) fn previews(guest: &Guest, typed: &Typed<'_>) -> Vec<Preview> {
    let event = &guest.own.event;
    let texts = &guest.visit.app.texts;
    let country = typed.form.text("country").parse::<Country>().ok();
    let (name, native) = (typed.form.text("name").trim(), typed.form.text("native_name").trim());
    let (position, organisation) = (localized(typed.position), localized(typed.organisation));
    let biography = localized(typed.biography);
    let preview = |lang: Lang| {
        let (first, second) = if lang.has_script_of(native) { (native, name) } else { (name, native) };
        let said = biography.pick(lang, &event.languages);
        let biography_lang = said.as_ref().map_or(lang, |said| said.lang);
        Preview {
            lang: lang.to_string(),
            dir: lang.dir(),
            language: own_name(texts, lang),
            name: first.to_owned(),
            native_name: second.to_owned(),
            position: position.text(lang, &event.languages).to_owned(),
            organisation: organisation.text(lang, &event.languages).to_owned(),
            country: country.map(|country| country_name(texts, lang, country)).unwrap_or_default(),
            initials: initials(first),
            photo_url: typed.photo.map(|photo| format!("/media/{photo}/640.jpg")).unwrap_or_default(),
            biography_html: minijinja::Value::from_safe_string(
                said.map(|said| markdown(said.text)).unwrap_or_default(),
            ),
            biography_lang: biography_lang.to_string(),
            biography_dir: biography_lang.dir(),
        }
    };
    event.languages.iter().copied().map(preview).collect()
}
