//! The form of a speaker: from a stored speaker to fields, from fields to facts.

use crate::events::model::Event;
use crate::i18n::{INTERFACE_LANGUAGES, Lang, Localized};
use crate::mail::address::EmailAddress;
use crate::speakers::model::{Speaker, SpeakerFacts};
use crate::web::{Checker, FieldErrors, FormData, Message};

/// The fields of a stored speaker.
pub(in crate::speakers) fn stored(speaker: &Speaker) -> FormData {
    let mut form = FormData::from_fields([
        ("version", speaker.version.to_string()),
        ("name", speaker.name.clone()),
        ("native_name", speaker.native_name.clone().unwrap_or_default()),
        ("country", speaker.country.clone().unwrap_or_default()),
        ("email", speaker.email.clone().unwrap_or_default()),
        ("language", speaker.language.map(|lang| lang.to_string()).unwrap_or_default()),
    ]);
    form.push_localized("position", &speaker.position);
    form.push_localized("organisation", &speaker.organisation);
    form.push_localized("biography", &speaker.biography);
    form
}

/// The languages that mails to a speaker may be in: those of the interface, the event's, and the
/// one that is stored.
pub(in crate::speakers) fn languages(event: &Event, speaker: Option<&Speaker>) -> Vec<Lang> {
    let mut all = INTERFACE_LANGUAGES.to_vec();
    for lang in event.languages.iter().copied().chain(speaker.and_then(|speaker| speaker.language)) {
        if !all.contains(&lang) {
            all.push(lang);
        }
    }
    all
}

/// Checks the fields.
pub(in crate::speakers) fn facts(
    event: &Event,
    speaker: Option<&Speaker>,
    form: &FormData,
) -> Result<SpeakerFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let shown = &event.languages;
    let (position, organisation) =
        (checker.localized_line("position", shown), checker.localized_line("organisation", shown));
    let biography = checker.localized_block("biography", shown);
    let language = checker.optional_parsed::<Lang>("language", "speakers-unknown-language");
    if language.is_some_and(|lang| !languages(event, speaker).contains(&lang)) {
        checker.wrong("language", Message::new("speakers-unknown-language"));
    }
    let facts = SpeakerFacts {
        name: checker.required_line("name"),
        native_name: checker.optional_line("native_name"),
        position: others_kept(speaker.map(|speaker| &speaker.position), shown, position),
        organisation: others_kept(speaker.map(|speaker| &speaker.organisation), shown, organisation),
        country: checker.country("country").map(|country| country.as_str().to_owned()),
        biography: others_kept(speaker.map(|speaker| &speaker.biography), shown, biography),
        email: checker.optional_parsed::<EmailAddress>("email", "error-email").map(|email| email.as_str().to_owned()),
        language,
    };
    checker.finish(facts)
}

/// What was typed in the languages shown, with the texts that are stored in others: the form does
/// not show those, so it must not delete them.
fn others_kept(stored: Option<&Localized>, shown: &[Lang], typed: Localized) -> Localized {
    let others = stored.into_iter().flat_map(Localized::iter).filter(|(lang, _)| !shown.contains(lang));
    others.fold(typed, |all, (lang, text)| all.with(lang, text))
}
