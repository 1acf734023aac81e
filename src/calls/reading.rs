//! Reading and checking what an author sends.

use super::model::proposal::{Content, Person, Proposal};
use super::model::{Asked, Opening};
use super::operations::sending::address_key;
use crate::db::{FormatId, ForumId, UtcTime};
use crate::i18n::{Formatter, Lang};
use crate::registration::forms::model::{Answers, Form, Question};
use crate::web::forms::clean_line;
use crate::web::{Checker, FieldErrors, FormData, Message};
use std::str::FromStr;

/// The most people of one proposal.
pub const MOST_PEOPLE: usize = 20;
/// The most characters of a biography and of the words to the organizers.
pub const BIOGRAPHY_LENGTH: i32 = 2000;
const NOTES_LENGTH: i32 = 4000;

/// What is read from a form.
#[derive(Clone, Copy)]
pub struct Reading<'a> {
    /// What the call asks for.
    pub asked: &'a Asked,
    /// The instant of reading.
    pub now: UtcTime,
    /// The proposal as it is kept, if it is.
    pub before: Option<&'a Proposal>,
    /// The language of the page, for the dates in what is wrong.
    pub lang: Lang,
    /// Whether everything must be there, as for sending in.
    pub is_complete: bool,
    /// Whether the dates of the call don't matter, as with a late link.
    pub is_late: bool,
}

impl Reading<'_> {
    /// What the author wrote.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(&self, form: &FormData) -> Result<Content, FieldErrors> {
        let (call, languages) = (&self.asked.call, &self.asked.event.languages);
        let mut checker = Checker::new(form);
        let name = checker.required_line("name");
        let title = limited(checker.required_line("title"), "title", call.title_length, &mut checker);
        let text = |name: &'static str, most: i32, is_needed: bool, checker: &mut Checker<'_>| {
            let text = limited(checker.block(name), name, most, checker);
            if is_needed && text.is_empty() {
                checker.wrong(name, Message::new("error-required"));
            }
            text
        };
        let abstract_text = text("abstract", call.abstract_length, self.is_complete, &mut checker);
        let description = text("description", call.description_length, false, &mut checker);
        let notes = text("notes", NOTES_LENGTH, false, &mut checker);
        let written_in = clean_line(form.text("written_in")).parse().ok();
        let spoken = self.choice("spoken", form, &spoken_languages(languages), true, &mut checker);
        let (format, forum) = self.kind(form, &mut checker);
        let people = self.people(form, &mut checker);
        let answers = self.answers(form, &mut checker);
        checker.finish(Content {
            name,
            title,
            abstract_text,
            description,
            written_in: written_in
                .filter(|lang| languages.contains(lang))
                .unwrap_or_else(|| self.asked.event.main_language()),
            spoken,
            format,
            forum,
            notes,
            people,
            answers: answers.column(),
        })
    }

    /// One of the choices there are; `is_asked` where there are any to choose from.
    fn choice<T: FromStr + PartialEq>(
        &self,
        name: &'static str,
        form: &FormData,
        all: &[T],
        is_asked: bool,
        checker: &mut Checker<'_>,
    ) -> Option<T> {
        let typed = clean_line(form.text(name));
        if typed.is_empty() {
            if self.is_complete && is_asked {
                checker.wrong(name, Message::new("error-required"));
            }
            return None;
        }
        let known = typed.parse().ok().filter(|value| all.contains(value));
        if known.is_none() {
            checker.wrong(name, Message::new("calls-error-choice"));
        }
        known
    }

    /// Format and forum, if proposals of that kind are taken now.
    fn kind(&self, form: &FormData, checker: &mut Checker<'_>) -> (Option<FormatId>, Option<ForumId>) {
        let (formats, forums) = (self.asked.format_ids(), self.asked.forum_ids());
        let format = self.choice("format", form, &formats, !formats.is_empty(), checker);
        let forum = self.choice("forum", form, &forums, !forums.is_empty(), checker);
        if !self.is_late && !self.asked.takes((format, forum), self.now) {
            let field = if format.is_some() || forum.is_none() { "format" } else { "forum" };
            let opening = self.asked.dates.opening(format, forum, self.now);
            checker.wrong(field, self.closed(opening));
        }
        (format, forum)
    }

    fn closed(&self, opening: Opening) -> Message {
        let format = Formatter::of(self.lang);
        let at = |at: UtcTime| format.date_time(at.in_zone(self.asked.event.zone()).naive_local());
        let zone = self.asked.event.zone().name();
        match opening {
            Opening::Over(end) => Message::new("calls-error-over").with("time", at(end)).with("zone", zone),
            Opening::NotYet(begin) => Message::new("calls-error-not-yet").with("time", at(begin)).with("zone", zone),
            Opening::Never | Opening::Open(_) => Message::new("calls-error-never"),
        }
    }

    fn people(&self, form: &FormData, checker: &mut Checker<'_>) -> Vec<Person> {
        let before: Vec<Person> = self.before.map(|before| before.people.to_vec()).unwrap_or_default();
        let mut people: Vec<Person> = Vec::new();
        for row in 0..rows(form) {
            let Some(person) = read_person(row, form, checker) else { continue };
            let key = address_key(&person);
            if !key.is_empty() && people.iter().any(|other| address_key(other) == key) {
                checker.wrong(format!("speaker_email.{row}"), Message::new("calls-error-same-address"));
            }
            // Who they are follows from what is kept, never from what is sent.
            let typed = form.text(&format!("speaker_key.{row}"));
            let known = before.iter().find(|other| other.key == typed);
            let is_free = known.is_some_and(|known| people.iter().all(|other| other.key != known.key));
            let key = known.filter(|_| is_free).map_or_else(|| uuid::Uuid::new_v4().to_string(), |one| one.key.clone());
            let speaker = known.filter(|_| is_free).and_then(|known| known.speaker);
            people.push(Person { key, speaker, ..person });
        }
        if self.is_complete && people.is_empty() {
            checker.wrong("speaker_name.0", Message::new("calls-error-nobody"));
        }
        people
    }

    /// The answers; before sending in nothing needs one.
    fn answers(&self, form: &FormData, checker: &mut Checker<'_>) -> Answers {
        let before = self.before.map(|before| Answers::parse(&before.answers)).unwrap_or_default();
        let relaxed = |question: &Question| {
            let mut question = question.clone();
            question.facts.is_required &= self.is_complete;
            question
        };
        let asked = Form { questions: self.asked.questions.questions.iter().map(relaxed).collect() };
        asked.read(form, self.now, &before).unwrap_or_else(|errors| {
            errors.iter().for_each(|error| checker.wrong(error.field.clone(), error.message.clone()));
            before
        })
    }
}

fn limited(text: String, name: &str, most: i32, checker: &mut Checker<'_>) -> String {
    let count = text.chars().count();
    if usize::try_from(most).is_ok_and(|most| count > most) {
        checker.wrong(name, Message::new("calls-error-too-long").with("count", count).with("most", most));
    }
    text
}

/// One row of people; nothing where nothing is typed.
fn read_person(row: usize, form: &FormData, checker: &mut Checker<'_>) -> Option<Person> {
    const FIELDS: [&str; 6] = ["name", "email", "organisation", "position", "country", "biography"];
    let field = |name: &str| format!("speaker_{name}.{row}");
    if FIELDS.iter().all(|name| form.text(&field(name)).trim().is_empty()) {
        return None;
    }
    let email = checker.optional_parsed::<crate::mail::address::EmailAddress>(&field("email"), "error-email");
    let biography = checker.block(&field("biography"));
    Some(Person {
        key: String::new(),
        name: checker.required_line(&field("name")),
        email: email.map(|email| email.to_string()).unwrap_or_default(),
        organisation: checker.line(&field("organisation")),
        position: checker.line(&field("position")),
        country: checker.country(&field("country")).map(|country| country.as_str().to_owned()).unwrap_or_default(),
        biography: limited(biography, &field("biography"), BIOGRAPHY_LENGTH, checker),
        speaker: None,
    })
}

/// The number of rows of people that a form holds, one at least.
#[must_use]
pub fn rows(form: &FormData) -> usize {
    let numbers = form.iter().filter_map(|(name, _)| name.strip_prefix("speaker_")?.split_once('.')?.1.parse().ok());
    numbers.max().map_or(1, |last: usize| last.saturating_add(1)).clamp(1, MOST_PEOPLE)
}

/// The languages that can be spoken in a session: the event's, and those that summits are interpreted in.
#[must_use]
pub fn spoken_languages(event: &[Lang]) -> Vec<Lang> {
    let mut all = event.to_vec();
    let usual = ["ar", "en", "es", "fr", "ru", "zh"].iter().filter_map(|tag| tag.parse().ok());
    for lang in usual {
        if !all.iter().any(|known: &Lang| known.primary() == Lang::primary(lang)) {
            all.push(lang);
        }
    }
    all
}

/// The fields that hold a proposal as it is kept.
#[must_use]
pub fn fields_of(proposal: &Proposal, questions: &Form) -> FormData {
    let id = |id: Option<String>| id.unwrap_or_default();
    let mut form = FormData::from_fields([
        ("email", proposal.email.clone()),
        ("name", proposal.name.clone()),
        ("title", proposal.title.clone()),
        ("abstract", proposal.abstract_text.clone()),
        ("description", proposal.description.clone()),
        ("written_in", proposal.written_in.to_string()),
        ("spoken", id(proposal.spoken.map(|lang| lang.to_string()))),
        ("format", id(proposal.format_id.map(|format| format.to_string()))),
        ("forum", id(proposal.forum_id.map(|forum| forum.to_string()))),
        ("notes", proposal.notes.clone()),
        ("version", proposal.version.to_string()),
    ]);
    for (row, person) in proposal.people.iter().enumerate() {
        for (name, value) in [
            ("key", &person.key),
            ("name", &person.name),
            ("email", &person.email),
            ("organisation", &person.organisation),
            ("position", &person.position),
            ("country", &person.country),
            ("biography", &person.biography),
        ] {
            form.push(format!("speaker_{name}.{row}"), value.clone());
        }
    }
    let answers = Answers::parse(&proposal.answers);
    for question in &questions.questions {
        let values = answers.of(question).map(|answer| answer.values().to_vec()).unwrap_or_default();
        values.into_iter().for_each(|value| form.push(question.field(), value));
    }
    form
}
