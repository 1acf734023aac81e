//! A form's questions as a page shows them.

use super::files::model::{AnswerFile, Uploads};
use super::files::receiving::{megabytes, most_bytes};
use super::model::{Answers, Form, Question, QuestionKind};
use crate::i18n::{Lang, country_choices};
use crate::registration::category::Category;
use crate::registration::quota::ChoicePlaces;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Choice, Field, FieldErrors, FormView, Message, PageContext, Visit};
use serde::Serialize;

/// One question in a page.
#[derive(Clone, Debug, Serialize)]
pub struct QuestionView {
    /// Its kind, by which the template picks the field.
    pub kind: &'static str,
    /// The field with what was typed.
    pub field: Field,
    /// The question.
    pub label: Text,
    /// The words below.
    pub help: Text,
    /// What can be chosen.
    pub choices: Vec<Choice>,
    /// Whether the browser may insist on an answer: never where the question may not apply.
    pub is_required: bool,
    /// Its code.
    pub code: String,
    /// Which categories are asked; empty for all.
    pub categories: String,
    /// Their words, with spaces between.
    pub category_codes: String,
    /// The code of the question that it depends on; empty for none.
    pub depends_code: String,
    /// The codes of the answers that it depends on, with spaces between.
    pub depends_codes: String,
    /// The question that it depends on; empty for none.
    pub depends_on: String,
    /// The answers that it depends on.
    pub depends_values: String,
    /// Which files are taken, in words; empty where none are.
    pub rules: String,
    /// Which files the browser offers.
    pub accept: String,
    /// The fewest pixels of a photo's shorter edge.
    pub least_pixels: u32,
    /// The file that is kept already.
    pub upload: Option<UploadView>,
    /// Whether the answer is sealed.
    pub is_sealed: bool,
}

/// A file that the form keeps.
#[derive(Clone, Debug, Serialize)]
pub struct UploadView {
    /// Its name.
    pub name: String,
    /// Where it stands.
    pub url: String,
}

/// The questions of a form, with what was typed.
#[must_use]
pub fn questions(
    visit: &Visit,
    context: &PageContext,
    view: &FormView<'_>,
    form: &Form,
    (categories, languages): (&[Category], &[Lang]),
) -> Vec<QuestionView> {
    let label = |code: &str| {
        let other = form.questions.iter().find(|other| other.code == code);
        other.map(|other| other.facts.label.text(context.lang, languages).to_owned()).unwrap_or_default()
    };
    let show = |question: &Question| {
        let facts = &question.facts;
        let name = question.field();
        let asked = categories.iter().filter(|category| facts.categories.contains(&category.id));
        let asked: Vec<&Category> = asked.collect();
        let names: Vec<&str> = asked.iter().map(|category| category.name.text(context.lang, languages)).collect();
        let codes: Vec<&str> = asked.iter().map(|category| category.code.as_str()).collect();
        let condition = facts.only_if.as_ref();
        QuestionView {
            kind: question.kind.as_str(),
            label: Text::pick(&facts.label, context.lang, languages),
            help: Text::pick(&facts.help, context.lang, languages),
            choices: view.choices(&name, choices(visit, context, question, languages)),
            is_required: facts.is_required && condition.is_none() && facts.categories.is_empty(),
            code: question.code.clone(),
            categories: names.join(" · "),
            category_codes: codes.join(" "),
            depends_code: condition.map(|condition| condition.question.clone()).unwrap_or_default(),
            depends_codes: condition.map(|condition| condition.values.join(" ")).unwrap_or_default(),
            depends_on: condition.map(|condition| label(&condition.question)).unwrap_or_default(),
            depends_values: condition
                .map(|condition| dependence(visit, context, form, (condition, languages)))
                .unwrap_or_default(),
            field: view.field(&name),
            rules: if question.kind.takes_file() { rules(visit, context, question) } else { String::new() },
            accept: accept(question),
            least_pixels: facts.options.least_pixels(),
            upload: None,
            is_sealed: question.is_sealed,
        }
    };
    form.questions.iter().map(show).collect()
}

/// Which files a question takes, in words.
fn rules(visit: &Visit, context: &PageContext, question: &Question) -> String {
    let options = &question.facts.options;
    let names: Vec<&str> = options.file_types(question.kind).iter().map(|kind| kind.name()).collect();
    let most = most_bytes(&visit.app.settings.limits, question);
    let args = [
        ("types", names.join(", ").into()),
        ("megabytes", megabytes(most).into()),
        ("pixels", options.least_pixels().into()),
    ];
    let key = match (question.kind, most) {
        (QuestionKind::Photo, 0) => "forms-photo-rules-unlimited",
        (QuestionKind::Photo, _) => "forms-photo-rules",
        (_, 0) => "forms-file-rules-unlimited",
        _ => "forms-file-rules",
    };
    visit.app.texts.text(context.lang, key, &args)
}

fn accept(question: &Question) -> String {
    if !question.kind.takes_file() {
        return String::new();
    }
    let types = question.facts.options.file_types(question.kind).iter();
    types.map(|kind| kind.media_type()).collect::<Vec<_>>().join(",")
}

/// Shows the files that the form keeps: those that wait, below `waiting_url`, and those that are answers
/// already, below `own_url`. A field that names neither is shown as empty.
pub fn show_uploads(
    views: &mut [QuestionView],
    form: &Form,
    (uploads, files): (&Uploads, &[AnswerFile]),
    (waiting_url, own_url): (&str, &str),
) {
    for view in views.iter_mut().filter(|view| !view.rules.is_empty()) {
        let Some(question) = form.questions.iter().find(|question| question.code == view.code) else { continue };
        let value = view.field.value.as_str();
        let waiting = uploads
            .of(value, question.id)
            .map(|upload| UploadView { name: upload.name.clone(), url: format!("{waiting_url}/{value}") });
        let own = files.iter().find(|file| file.id.as_str() == value);
        let own = own.map(|file| UploadView { name: file.name.clone(), url: format!("{own_url}/{value}") });
        view.upload = waiting.or(own);
        if view.upload.is_none() {
            view.field.value.clear();
        }
    }
}

/// The summary of errors with each question named.
#[must_use]
pub fn labelled(
    visit: &Visit,
    context: &PageContext,
    form: &Form,
    languages: &[Lang],
    mut lines: Vec<ErrorLine>,
) -> Vec<ErrorLine> {
    for line in &mut lines {
        if let Some(question) = form.questions.iter().find(|question| question.field() == line.field) {
            let label = question.facts.label.text(context.lang, languages).to_owned();
            let args = [("label", label.into()), ("text", line.message.clone().into())];
            line.message = visit.app.texts.text(context.lang, "common-labelled", &args);
        }
    }
    lines
}

/// Says of choices that nobody else may make that they are full; what one has chosen already stays.
pub fn mark_full(views: &mut [QuestionView], form: &Form, places: &[ChoicePlaces], words: &str) {
    for (view, question) in views.iter_mut().zip(&form.questions) {
        let full = places.iter().filter(|place| place.question == Some(question.id) && place.is_full());
        for code in full.filter_map(|place| place.choice.as_deref()) {
            let choice = view.choices.iter_mut().find(|choice| choice.value == code && !choice.selected);
            if let Some(choice) = choice {
                choice.label = format!("{} – {words}", choice.label);
            }
        }
    }
}

/// The answers again, unless they make a choice that is full and was not made before.
///
/// # Errors
/// The fields whose choice is full.
pub fn room_for(
    form: &Form,
    places: &[ChoicePlaces],
    answers: Answers,
    before: &Answers,
) -> Result<Answers, FieldErrors> {
    let mut errors = FieldErrors::default();
    for place in places.iter().filter(|place| place.is_full() && place.is_made(&answers) && !place.is_made(before)) {
        if let Some(question) = form.questions.iter().find(|question| place.question == Some(question.id)) {
            errors.push(question.field(), Message::new("forms-error-choice-full"));
        }
    }
    if errors.is_empty() { Ok(answers) } else { Err(errors) }
}

fn dependence(
    visit: &Visit,
    context: &PageContext,
    form: &Form,
    (condition, languages): (&super::model::OnlyIf, &[Lang]),
) -> String {
    let known = form.questions.iter().find(|other| other.code == condition.question);
    let known = known.map(|other| choices(visit, context, other, languages)).unwrap_or_default();
    let word = |value: &String| {
        known.iter().find(|(code, _)| code == value).map_or_else(|| value.clone(), |(_, label)| label.clone())
    };
    condition.values.iter().map(word).collect::<Vec<_>>().join(" · ")
}

fn choices(visit: &Visit, context: &PageContext, question: &Question, languages: &[Lang]) -> Vec<(String, String)> {
    let texts = &visit.app.texts;
    match question.kind {
        QuestionKind::YesNo => {
            ["yes", "no"].map(|word| (word.to_owned(), texts.text(context.lang, &format!("forms-{word}"), &[]))).into()
        }
        QuestionKind::Country => {
            let countries = country_choices(texts, context.lang).into_iter();
            countries.map(|(country, name)| (country.as_str().to_owned(), name)).collect()
        }
        _ => {
            let choices = question.facts.options.choices.iter();
            choices.map(|choice| (choice.code.clone(), choice.label.text(context.lang, languages).to_owned())).collect()
        }
    }
}
