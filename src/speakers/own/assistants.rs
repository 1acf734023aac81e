//! Reading and showing who helps a speaker, for the speaker's own page and the team's.

use super::model::Assistant;
use crate::db::{AssistantId, SpeakerId, UtcTime};
use crate::events::model::Event;
use crate::i18n::{INTERFACE_LANGUAGES, Lang, Texts};
use crate::mail::address::EmailAddress;
use crate::web::form_view::{Choice, own_name};
use crate::web::forms::ErrorLine;
use crate::web::{Checker, Field, FieldErrors, FormData, FormView, Message};
use serde::Serialize;

/// The list of assistants and the form that adds one.
#[derive(Serialize)]
pub struct AssistantList {
    errors: Vec<ErrorLine>,
    assistants: Vec<AssistantLine>,
    /// Whether one more may be added.
    may_add: bool,
    name: Field,
    email: Field,
    language: Field,
    languages: Vec<Choice>,
    may_travel: Field,
    is_travel_ticked: bool,
    action: String,
    back_url: String,
}

#[derive(Serialize)]
struct AssistantLine {
    name: String,
    email: String,
    language: String,
    may_travel: bool,
    remove_url: String,
}

impl AssistantList {
    /// The list of `all`; its forms go to `action`, the way back leads to `back_url`.
    #[must_use]
    pub fn new(
        (texts, event, view): (&Texts, &Event, &FormView<'_>),
        all: &[Assistant],
        (action, back_url): (String, String),
    ) -> Self {
        let named = |lang: Lang| own_name(texts, lang);
        let line = |assistant: &Assistant| AssistantLine {
            name: assistant.name.clone(),
            email: assistant.email.clone(),
            language: assistant.language.map(named).unwrap_or_default(),
            may_travel: assistant.may_travel,
            remove_url: format!("{action}/{}/remove", assistant.id),
        };
        let choices = languages(event).into_iter().map(|lang| (lang.to_string(), named(lang)));
        Self {
            errors: view.summary(),
            may_add: all.len() < super::operations::MOST_ASSISTANTS,
            assistants: all.iter().map(line).collect(),
            name: view.field("name"),
            email: view.field("email"),
            language: view.field("language"),
            languages: view.choices("language", choices),
            may_travel: view.field("may_travel"),
            is_travel_ticked: view.ticked("may_travel"),
            action,
            back_url,
        }
    }
}

/// The languages that an assistant's mails may have: those of the program, then the event's.
fn languages(event: &Event) -> Vec<Lang> {
    let mut all = INTERFACE_LANGUAGES.to_vec();
    for lang in event.languages.iter() {
        if !all.contains(lang) {
            all.push(*lang);
        }
    }
    all
}

/// Reads a new assistant of `speaker`.
///
/// # Errors
/// What is wrong with which field.
pub fn read(form: &FormData, event: &Event, speaker: SpeakerId, now: UtcTime) -> Result<Assistant, FieldErrors> {
    let mut checker = Checker::new(form);
    let name = checker.required_line("name");
    let email = checker.parsed::<EmailAddress>("email", "error-email");
    let language = checker.parsed::<Lang>("language", "speakers-unknown-language");
    if language.is_some_and(|lang| !languages(event).contains(&lang)) {
        checker.wrong("language", Message::new("speakers-unknown-language"));
    }
    checker.finish(Assistant {
        id: AssistantId::new(),
        speaker_id: speaker,
        name,
        email: email.map(|email| email.as_str().to_owned()).unwrap_or_default(),
        language,
        created_at: now,
        may_travel: form.is_ticked("may_travel"),
    })
}
