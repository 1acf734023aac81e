//! What the columns and cells of a table of people mean: one place for every page that takes such a table.

use super::model::{COLUMNS, Ignored};
use crate::db::{CategoryId, UtcTime};
use crate::i18n::{Country, INTERFACE_LANGUAGES, Lang, Texts, country_name};
use crate::interchange::read_day;
use crate::registration::category::Category;
use crate::registration::forms::model::{Answer, Answers, Form, Question, QuestionKind};
use crate::web::form_view::own_name;
use crate::web::{FieldErrors, FormData, Message};
use chrono::NaiveTime;
use std::collections::HashMap;

/// Says that an answer is given to what is not asked.
pub const NOT_ASKED: &str = "import-error-not-asked";

/// The name of a column as tables are read: small letters, words joined by `_`.
#[must_use]
pub fn plain(name: &str) -> String {
    let name = name.trim().trim_matches(['"', '\u{feff}']).trim().to_lowercase();
    name.split([' ', '-', '_']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

/// The field that a column stands for: by our own name, by a question's, by what people call it, or by the words that
/// the desk's own lists are headed with.
///
/// # Errors
/// Why it is not read.
pub fn column_of(head: &str, form: &Form, texts: &Texts) -> Result<String, Ignored> {
    let is_own = |field: &&str| *field == head;
    if let Some(field) = COLUMNS.iter().map(|(field, _)| *field).find(is_own) {
        return Ok(field.to_owned());
    }
    let questions = || form.questions.iter().filter(|question| question.kind.is_answered());
    let is_labelled = |question: &&Question| question.facts.label.iter().any(|(_, label)| plain(label) == head);
    let asked = questions().find(|question| plain(&question.field()) == head).or_else(|| questions().find(is_labelled));
    if let Some(question) = asked {
        return Ignored::question(question).map_or_else(|| Ok(question.field()), Err);
    }
    let is_worded = |field: &str| {
        let field = field.replace('_', "-");
        let keys = [format!("desk-column-{field}"), format!("import-column-{field}")];
        INTERFACE_LANGUAGES
            .iter()
            .any(|lang| keys.iter().any(|key| texts.has(*lang, key) && plain(&texts.text(*lang, key, &[])) == head))
    };
    let known = COLUMNS.iter().find(|(field, names)| names.contains(&head) || is_worded(field));
    known.map(|(field, _)| (*field).to_owned()).ok_or(Ignored::Unknown)
}

/// The questions that a table has a column for.
pub fn questions(form: &Form) -> impl Iterator<Item = &Question> {
    let has_column = |question: &&Question| question.kind.is_answered() && Ignored::question(question).is_none();
    form.questions.iter().filter(has_column)
}

/// How a question's column is headed for people: by its label, or by its word where the label would be read as
/// something else.
#[must_use]
pub fn head_of(question: &Question, form: &Form, texts: &Texts, (lang, languages): (Lang, &[Lang])) -> String {
    let label = question.facts.label.text(lang, languages);
    let is_read = column_of(&plain(label), form, texts).is_ok_and(|field| field == question.field());
    if is_read { label.to_owned() } else { question.field() }
}

/// Whether a cell means a category: by its word, id or name.
#[must_use]
pub fn is_category(category: &Category, cell: &str) -> bool {
    let wanted = cell.trim().to_lowercase();
    category.code == wanted
        || category.id.as_str() == wanted
        || category.name.iter().any(|(_, name)| name.trim().to_lowercase() == wanted)
}

/// Turns cells into what a form would send, with whatever people call countries, languages and choices.
pub struct Cells<'a> {
    texts: &'a Texts,
    languages: &'a [Lang],
    countries: HashMap<String, Country>,
}

impl<'a> Cells<'a> {
    /// Reads cells; `languages` are known by their names.
    #[must_use]
    pub fn new(texts: &'a Texts, languages: &'a [Lang]) -> Self {
        let named = |country: Country| {
            let names = INTERFACE_LANGUAGES.iter().map(move |lang| country_name(texts, *lang, country));
            names.map(move |name| (name.to_lowercase(), country))
        };
        Self { texts, languages, countries: Country::all().flat_map(named).collect() }
    }

    /// A country by its name in any language, or by its code.
    ///
    /// # Errors
    /// When there is none.
    pub fn country(&self, cell: &str) -> Result<Country, Message> {
        let named = self.countries.get(&cell.trim().to_lowercase()).copied();
        named.or_else(|| cell.trim().to_uppercase().parse().ok()).ok_or_else(|| Message::new("error-country"))
    }

    /// A language by its name in any language, or by its tag.
    #[must_use]
    pub fn language(&self, cell: &str) -> Option<Lang> {
        let name = cell.trim().to_lowercase();
        let is_named = |lang: &Lang| {
            own_name(self.texts, *lang).to_lowercase() == name
                || self.is_text(&format!("language-{}", lang.primary()), &name)
        };
        let named = self.languages.iter().copied().find(is_named);
        named.or_else(|| cell.trim().parse().ok())
    }

    /// Whether a text in any language says this.
    #[must_use]
    pub fn is_text(&self, key: &str, cell: &str) -> bool {
        let wanted = cell.to_lowercase();
        let says =
            |lang: &Lang| self.texts.has(*lang, key) && self.texts.text(*lang, key, &[]).to_lowercase() == wanted;
        INTERFACE_LANGUAGES.iter().any(says)
    }

    /// A cell as the values of a question's field.
    ///
    /// # Errors
    /// When it means no answer to the question.
    pub fn answer(&self, question: &Question, cell: &str) -> Result<Vec<String>, Message> {
        let one = |value: String| Ok(vec![value]);
        let choice = |name: &str| {
            let wanted = name.trim().to_lowercase();
            let mut choices = question.facts.options.choices.iter();
            let found = choices.find(|choice| {
                choice.code.to_lowercase() == wanted
                    || choice.label.iter().any(|(_, label)| label.trim().to_lowercase() == wanted)
            });
            found.map(|choice| choice.code.clone()).ok_or_else(|| Message::new("forms-error-choice"))
        };
        match question.kind {
            QuestionKind::OneChoice => choice(cell).map(|code| vec![code]),
            QuestionKind::Choices => {
                // A label may hold a comma, so that only what no label holds parts them.
                let parts = cell.split([';', '；', '·', '|', '\n']).map(str::trim).filter(|part| !part.is_empty());
                parts.map(choice).collect()
            }
            QuestionKind::YesNo => match cell.to_lowercase().as_str() {
                "1" | "true" | "x" | "y" | "yes" | "✓" => one("yes".to_owned()),
                "0" | "false" | "n" | "no" => one("no".to_owned()),
                _ if self.is_text("forms-yes", cell) => one("yes".to_owned()),
                _ if self.is_text("forms-no", cell) => one("no".to_owned()),
                _ => Err(Message::new("forms-error-choice")),
            },
            QuestionKind::Country => self.country(cell).map(|country| vec![country.as_str().to_owned()]),
            QuestionKind::Language => {
                let found = self.language(cell).ok_or_else(|| Message::new("forms-error-language"))?;
                one(found.to_string())
            }
            QuestionKind::Date => match read_day(cell) {
                Some(day) => one(day.to_string()),
                None => Err(Message::new("forms-error-date")),
            },
            // Spreadsheets show seconds that nobody typed.
            QuestionKind::Time => match NaiveTime::parse_from_str(cell, "%H:%M:%S") {
                Ok(time) => one(time.format("%H:%M").to_string()),
                Err(_) => one(cell.to_owned()),
            },
            _ => one(cell.to_owned()),
        }
    }
}

/// The answers that cells give upon those before. Nothing is asked for that the table does not hold, but nothing that
/// it holds is passed over in silence either.
///
/// # Errors
/// What is wrong with which field.
pub fn answers(
    form: &Form,
    now: UtcTime,
    cells: &FormData,
    (category, before): (CategoryId, &Answers),
) -> Result<Answers, FieldErrors> {
    let mut asked = form.of_category(category);
    for question in &mut asked.questions {
        question.facts.is_required = false;
        question.facts.answer_until = None;
    }
    let given = |question: &Question| cells.all(&question.field()).any(|value| !value.trim().is_empty());
    let mut fields = FormData::default();
    for question in &asked.questions {
        let name = question.field();
        let values: Vec<&str> = match (given(question), before.of(question)) {
            (true, _) => cells.all(&name).collect(),
            (false, kept) => kept.map(Answer::values).unwrap_or_default().iter().map(String::as_str).collect(),
        };
        values.into_iter().for_each(|value| fields.push(name.clone(), value));
    }
    // What a table can't hold is not read.
    asked.questions.retain(|question| Ignored::question(question).is_none());
    let read = asked.read(&fields, now, before)?;
    let (mut after, mut errors) = (before.clone(), FieldErrors::default());
    for question in form.questions.iter().filter(|question| given(question)) {
        match read.of(question) {
            Some(answer) => after.set(question, answer.clone()),
            None => errors.push(question.field(), Message::new(NOT_ASKED)),
        }
    }
    if errors.is_empty() { Ok(after) } else { Err(errors) }
}
