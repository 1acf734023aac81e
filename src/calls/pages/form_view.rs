//! The form of a proposal as pages show it.

use crate::calls::model::{Asked, Call};
use crate::calls::reading::{BIOGRAPHY_LENGTH, MOST_PEOPLE, rows, spoken_languages};
use crate::db::UtcTime;
use crate::i18n::{Localized, country_choices};
use crate::registration::forms::view::{self, QuestionView};
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::{Choice, Field, FieldErrors, FormData, FormView, PageContext, Visit};
use serde::Serialize;

/// The fields of a proposal.
#[derive(Serialize)]
pub(super) struct ProposalForm {
    pub(super) errors: Vec<ErrorLine>,
    pub(super) version: String,
    name: Field,
    title: Field,
    title_most: i32,
    abstract_text: Field,
    abstract_most: i32,
    description: Field,
    description_most: i32,
    written_in: Field,
    languages: Vec<Choice>,
    spoken: Field,
    spoken_choices: Vec<Choice>,
    format: Field,
    formats: Vec<Choice>,
    forum: Field,
    forums: Vec<Choice>,
    notes: Field,
    people: Vec<PersonRow>,
    biography_most: i32,
    may_add: bool,
    questions: Vec<QuestionView>,
}

#[derive(Serialize)]
struct PersonRow {
    number: usize,
    key: Field,
    name: Field,
    email: Field,
    organisation: Field,
    position: Field,
    country: Field,
    countries: Vec<Choice>,
    biography: Field,
}

/// What a form is shown with.
#[derive(Clone, Copy)]
pub(super) struct Shown<'a> {
    pub(super) form: &'a FormData,
    pub(super) errors: &'a FieldErrors,
    /// Whether one more row of people is wanted.
    pub(super) wants_row: bool,
    /// Whether the dates of the call don't matter, as with a late link.
    pub(super) is_late: bool,
    pub(super) now: UtcTime,
}

impl ProposalForm {
    pub(super) fn of(visit: &Visit, context: &PageContext, asked: &Asked, shown: Shown<'_>) -> Self {
        let Asked { call, event, questions, .. } = asked;
        let Call { title_length, abstract_length, description_length, .. } = *call;
        let view = FormView::new(visit, context, shown.form, shown.errors);
        let texts = &visit.app.texts;
        let people = (rows(shown.form) + usize::from(shown.wants_row)).min(MOST_PEOPLE);
        let language = |lang: &crate::i18n::Lang| (lang.to_string(), own_name(texts, *lang));
        let spoken = spoken_languages(&event.languages);
        Self {
            errors: named(visit, context, view::labelled(visit, context, questions, &event.languages, view.summary())),
            version: shown.form.text("version").to_owned(),
            name: view.field("name"),
            title: view.field("title"),
            title_most: title_length,
            abstract_text: view.field("abstract"),
            abstract_most: abstract_length,
            description: view.field("description"),
            description_most: description_length,
            written_in: view.field("written_in"),
            languages: view.choices("written_in", event.languages.iter().map(language)),
            spoken: view.field("spoken"),
            spoken_choices: view.choices("spoken", spoken.iter().map(language)),
            format: view.field("format"),
            formats: formats(context, asked, shown, &view),
            forum: view.field("forum"),
            forums: forums(context, asked, shown, &view),
            notes: view.field("notes"),
            people: (0..people).map(|row| person(visit, context, &view, row)).collect(),
            biography_most: BIOGRAPHY_LENGTH,
            may_add: people < MOST_PEOPLE,
            questions: view::questions(visit, context, &view, questions, (&[], &event.languages)),
        }
    }
}

fn formats(context: &PageContext, asked: &Asked, shown: Shown<'_>, view: &FormView<'_>) -> Vec<Choice> {
    let forums = asked.forum_ids();
    let name = |name: &Localized| name.text(context.lang, &asked.event.languages).to_owned();
    // What was chosen before its end stays to be seen.
    let offered = asked.formats.iter().filter(|one| {
        shown.is_late
            || asked.dates.takes_format(one.id, &forums, shown.now)
            || shown.form.text("format") == one.id.as_str()
    });
    view.choices("format", offered.map(|one| (one.id.to_string(), name(&one.name))))
}

fn forums(context: &PageContext, asked: &Asked, shown: Shown<'_>, view: &FormView<'_>) -> Vec<Choice> {
    let formats = asked.format_ids();
    let name = |name: &Localized| name.text(context.lang, &asked.event.languages).to_owned();
    let offered = asked.forums.iter().filter(|one| {
        shown.is_late
            || asked.dates.takes_forum(one.id, &formats, shown.now)
            || shown.form.text("forum") == one.id.as_str()
    });
    view.choices("forum", offered.map(|one| (one.id.to_string(), name(&one.name))))
}

fn person(visit: &Visit, context: &PageContext, view: &FormView<'_>, row: usize) -> PersonRow {
    let field = |name: &str| view.field(&format!("speaker_{name}.{row}"));
    let countries = country_choices(&visit.app.texts, context.lang).into_iter();
    let countries = countries.map(|(country, name)| (country.as_str().to_owned(), name));
    PersonRow {
        number: row + 1,
        key: field("key"),
        name: field("name"),
        email: field("email"),
        organisation: field("organisation"),
        position: field("position"),
        country: field("country"),
        countries: view.choices(&format!("speaker_country.{row}"), countries),
        biography: field("biography"),
    }
}

/// The summary of errors with each field named that shares its words with others.
fn named(visit: &Visit, context: &PageContext, mut lines: Vec<ErrorLine>) -> Vec<ErrorLine> {
    for line in &mut lines {
        let (base, row) = line.field.split_once('.').unwrap_or((&line.field, ""));
        let key = match base {
            "name"
            | "email"
            | "title"
            | "abstract"
            | "description"
            | "spoken"
            | "format"
            | "forum"
            | "notes"
            | "speaker_name"
            | "speaker_email"
            | "speaker_organisation"
            | "speaker_position"
            | "speaker_country"
            | "speaker_biography" => format!("calls-field-{}", base.replace('_', "-")),
            _ => continue,
        };
        let number = row.parse::<i64>().map_or(0, |row| row + 1);
        let label = visit.app.texts.text(context.lang, &key, &[("number", number.into())]);
        let args = [("label", label.into()), ("text", line.message.clone().into())];
        line.message = visit.app.texts.text(context.lang, "common-labelled", &args);
    }
    lines
}
