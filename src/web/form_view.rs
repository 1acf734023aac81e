//! Forms as pages show them: what was typed, beside what is wrong with it.

use super::forms::{ErrorLine, FieldErrors, FormData};
use super::page::PageContext;
use super::visit::Visit;
use crate::i18n::{Lang, Texts};
use serde::Serialize;

/// One field, for the macros of `layout/forms.html`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Field {
    /// Its name, which is also its anchor.
    pub name: String,
    /// What was typed, or what is kept.
    pub value: String,
    /// What is wrong with it, in words.
    pub error: Option<String>,
}

/// One field of a content text, in one of the event's languages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct LocalizedField {
    /// `name.en`, `name.zh` …
    pub name: String,
    /// What was typed, or what is kept.
    pub value: String,
    /// What is wrong with it, in words.
    pub error: Option<String>,
    /// The language it is written in.
    pub lang: Lang,
    /// That language's direction.
    pub dir: &'static str,
    /// That language's own name for itself.
    pub language: String,
}

/// One entry of a select, of radio buttons or of check boxes.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Choice {
    /// What is sent.
    pub value: String,
    /// What is read.
    pub label: String,
    /// Whether it is chosen now.
    pub selected: bool,
}

/// A form and its errors in the language of a page.
#[derive(Clone, Copy)]
pub struct FormView<'a> {
    form: &'a FormData,
    errors: &'a FieldErrors,
    texts: &'a Texts,
    lang: Lang,
}

impl<'a> FormView<'a> {
    /// A form with its errors, on a page in the language of `context`.
    #[must_use]
    pub fn new(visit: &'a Visit, context: &PageContext, form: &'a FormData, errors: &'a FieldErrors) -> Self {
        Self { form, errors, texts: &visit.app.texts, lang: context.lang }
    }

    /// The field `name`.
    #[must_use]
    pub fn field(&self, name: &str) -> Field {
        Field { name: name.to_owned(), value: self.form.text(name).to_owned(), error: self.error(name) }
    }

    /// A field whose value is never sent back, such as a password.
    #[must_use]
    pub fn secret(&self, name: &str) -> Field {
        Field { name: name.to_owned(), value: String::new(), error: self.error(name) }
    }

    /// The fields `name.en`, `name.zh` … of the event's languages.
    #[must_use]
    pub fn localized(&self, name: &str, languages: &[Lang]) -> Vec<LocalizedField> {
        languages
            .iter()
            .map(|lang| {
                let Field { name, value, error } = self.field(&format!("{name}.{lang}"));
                LocalizedField {
                    name,
                    value,
                    error,
                    lang: *lang,
                    dir: lang.dir(),
                    language: own_name(self.texts, *lang),
                }
            })
            .collect()
    }

    /// Whether the check box `name` is ticked.
    #[must_use]
    pub fn ticked(&self, name: &str) -> bool {
        self.form.is_ticked(name)
    }

    /// Choices of `(value, label)`, with those marked that the form holds under `name`.
    #[must_use]
    pub fn choices(&self, name: &str, all: impl IntoIterator<Item = (String, String)>) -> Vec<Choice> {
        all.into_iter()
            .map(|(value, label)| Choice { selected: self.form.all(name).any(|chosen| chosen == value), value, label })
            .collect()
    }

    /// What is wrong with `name`, in words.
    #[must_use]
    pub fn error(&self, name: &str) -> Option<String> {
        self.errors.of(name, self.texts, self.lang)
    }

    /// The summary on top of the form.
    #[must_use]
    pub fn summary(&self) -> Vec<ErrorLine> {
        self.errors.lines(self.texts, self.lang)
    }
}

/// A language's own name for itself, or its tag where we know no name.
#[must_use]
pub fn own_name(texts: &Texts, lang: Lang) -> String {
    let key = format!("language-own-{}", lang.primary());
    if texts.has(Lang::EN, &key) { texts.text(Lang::EN, &key, &[]) } else { lang.to_string() }
}

/// What is stored now in a field where something else was typed: shown when two people edited the
/// same thing, so that the second can decide.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Difference {
    /// The field's name, to lead to it.
    pub field: String,
    /// The field in words.
    pub label: String,
    /// What is stored now; empty when nothing is.
    pub stored: String,
}

/// The fields in which `stored` differs from what was typed. The words for `starts_on` are those
/// of the key `PREFIX-starts-on`.
#[must_use]
pub fn differences(texts: &Texts, lang: Lang, prefix: &str, typed: &FormData, stored: &FormData) -> Vec<Difference> {
    let lines = |text: &str| text.replace("\r\n", "\n").trim().to_owned();
    // Only what the form showed: texts in other languages are nobody's edit.
    let mut names: Vec<&str> = Vec::new();
    for (name, _) in typed.iter().filter(|(name, _)| *name != "version") {
        if !names.contains(&name) {
            names.push(name);
        }
    }
    names
        .into_iter()
        .filter(|name| lines(typed.text(name)) != lines(stored.text(name)))
        .map(|name| {
            let (base, tag) = name.split_once('.').unwrap_or((name, ""));
            let words = texts.text(lang, &format!("{prefix}-{}", base.replace('_', "-")), &[]);
            let label = match tag.parse::<Lang>() {
                Ok(language) => format!("{words} · {}", own_name(texts, language)),
                Err(_) => words,
            };
            Difference { field: name.to_owned(), label, stored: stored.text(name).to_owned() }
        })
        .collect()
}
