//! Questions, forms and answers.

use super::files::model::{AnswerFile, FileType};
use crate::db::{CategoryId, EventId, QuestionId, UtcTime};
use crate::files::photos::{LONGEST_EDGE, SMALLEST_EDGE};
use crate::i18n::{Country, Lang, Localized};
use crate::text_enum;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};

text_enum! {
    /// What kind of answer a question takes.
    pub enum QuestionKind {
        /// One line.
        ShortText = "short_text",
        /// Several lines.
        LongText = "long_text",
        /// A whole number.
        Number = "number",
        /// Yes or no.
        YesNo = "yes_no",
        /// One of the choices.
        OneChoice = "one_choice",
        /// Several of the choices.
        Choices = "choices",
        /// A calendar date.
        Date = "date",
        /// A time of day.
        Time = "time",
        /// A country.
        Country = "country",
        /// A language, by its tag.
        Language = "language",
        /// A telephone number in international form.
        Phone = "phone",
        /// A web address.
        Url = "url",
        /// Consent to the explanation; the answer is the version consented to.
        Consent = "consent",
        /// A file.
        File = "file",
        /// A photo of the person, cut to a square.
        Photo = "photo",
        /// A heading; takes no answer.
        Heading = "heading",
        /// An explanation; takes no answer.
        Explanation = "explanation",
    }
}

impl QuestionKind {
    /// Whether it takes an answer at all.
    #[must_use]
    pub const fn is_answered(self) -> bool {
        !matches!(self, Self::Heading | Self::Explanation)
    }

    /// Whether its answer is a file.
    #[must_use]
    pub const fn takes_file(self) -> bool {
        matches!(self, Self::File | Self::Photo)
    }

    /// Whether its answer may be sealed. A photo is there to be seen, a consent to be shown.
    #[must_use]
    pub const fn may_be_sealed(self) -> bool {
        self.is_answered() && !matches!(self, Self::Photo | Self::Consent)
    }

    /// Whether its answer is one or more of the choices.
    #[must_use]
    pub const fn has_choices(self) -> bool {
        matches!(self, Self::OneChoice | Self::Choices)
    }
}

text_enum! {
    /// When a question is asked.
    pub enum Stage {
        /// With the registration.
        Apply = "apply",
        /// Once the registration is approved.
        Approved = "after_approval",
        /// With a session that is handed in through the call for proposals.
        Proposal = "proposal",
    }
}

text_enum! {
    /// Who looks at answers.
    pub enum Viewer {
        /// The desk.
        Desk = "desk",
        /// Accreditation officers.
        Accreditation = "accreditation",
        /// Staff at the door.
        CheckIn = "checkin",
    }
}

/// One of the choices of a question.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AnswerChoice {
    /// The word that answers keep.
    pub code: String,
    /// What people read.
    pub label: Localized,
    /// How many may choose it; nothing where there is no limit.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub places: Option<i32>,
}

text_enum! {
    /// What an answer says about a person's document, by which they may be known again.
    pub enum Part {
        /// The number of the document.
        DocumentNumber = "document_number",
        /// The country that issued it.
        DocumentCountry = "document_country",
        /// The date of birth.
        BirthDate = "birth_date",
    }
}

/// What only some kinds of questions have.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Options {
    /// The choices in their order.
    pub choices: Vec<AnswerChoice>,
    /// The least number, or the fewest choices.
    pub least: Option<i64>,
    /// The greatest number, or the most choices.
    pub most: Option<i64>,
    /// The version of the text that is consented to.
    pub consent: i32,
    /// The kinds of files that are taken; none means all.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub types: Vec<FileType>,
    /// The most megabytes of a file; nothing where only the limit of the settings holds.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub megabytes: Option<i32>,
    /// The fewest pixels of a photo's shorter edge.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pixels: Option<u32>,
    /// What the answer says about the person's document.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub part: Option<Part>,
}

impl Options {
    /// The kinds of files that a question of this kind takes.
    #[must_use]
    pub fn file_types(&self, kind: QuestionKind) -> &[FileType] {
        match kind {
            QuestionKind::Photo => FileType::PICTURES,
            _ if self.types.is_empty() => FileType::ALL,
            _ => &self.types,
        }
    }

    /// The fewest pixels of a photo's shorter edge.
    #[must_use]
    pub fn least_pixels(&self) -> u32 {
        self.pixels.unwrap_or(SMALLEST_EDGE).clamp(SMALLEST_EDGE, LONGEST_EDGE)
    }
}

/// A question is asked only if another has one of these answers.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OnlyIf {
    /// The code of the other question.
    pub question: String,
    /// Any of these answers will do; choices by their codes, `yes` and `no`.
    pub values: Vec<String>,
}

/// A question of a form.
#[derive(Clone, Debug)]
pub struct Question {
    /// Names it.
    pub id: QuestionId,
    /// The event that asks.
    pub event_id: EventId,
    /// Its word, unique at the event.
    pub code: String,
    /// What answer it takes; never changes.
    pub kind: QuestionKind,
    /// Whether its answers are sealed; never changes, or what was sealed would have to be laid open.
    pub is_sealed: bool,
    /// What can be changed.
    pub facts: QuestionFacts,
    /// Its place in the form.
    pub position: i32,
    /// Counts changes.
    pub version: i32,
    /// Since when it is no longer asked.
    pub retired_at: Option<UtcTime>,
}

/// What can be changed about a question.
#[derive(Clone, Debug, PartialEq)]
pub struct QuestionFacts {
    /// When it is asked.
    pub stage: Stage,
    /// The question.
    pub label: Localized,
    /// The words below; for a consent, what is consented to.
    pub help: Localized,
    /// What only some kinds have.
    pub options: Options,
    /// Whether it must be answered.
    pub is_required: bool,
    /// On what it depends.
    pub only_if: Option<OnlyIf>,
    /// After this instant the answer is frozen.
    pub answer_until: Option<UtcTime>,
    /// Who sees the answer.
    pub seen_by: Vec<Viewer>,
    /// Whether another answer of an approved person needs approval again.
    pub is_identity: bool,
    /// The categories it is asked in; none means all.
    pub categories: Vec<CategoryId>,
}

impl Question {
    /// The name of its field.
    #[must_use]
    pub fn field(&self) -> String {
        format!("q-{}", self.code)
    }

    /// Whether it is asked in a category.
    #[must_use]
    pub fn is_asked_in(&self, category: CategoryId) -> bool {
        self.facts.categories.is_empty() || self.facts.categories.contains(&category)
    }

    /// Whether its answer can't be changed any more.
    #[must_use]
    pub fn is_frozen(&self, now: UtcTime) -> bool {
        self.facts.answer_until.is_some_and(|until| now > until)
    }
}

/// One answer.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum Answer {
    /// A text, a code, a number or a date in its one written form.
    One(String),
    /// Several choices.
    Many(Vec<String>),
}

impl Answer {
    /// Its values.
    #[must_use]
    pub fn values(&self) -> &[String] {
        match self {
            Self::One(value) => std::slice::from_ref(value),
            Self::Many(values) => values,
        }
    }
}

/// The answers of one registration, by the questions' ids. Those to sealed questions stand apart: they are
/// never part of the column.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Answers {
    plain: BTreeMap<String, Answer>,
    sealed: BTreeMap<String, Answer>,
    /// Sealed questions that are answered, whether the answer is opened or not.
    closed: BTreeSet<String>,
}

impl Answers {
    /// The answers of a column; what can't be read counts as none.
    #[must_use]
    pub fn parse(column: &str) -> Self {
        Self { plain: serde_json::from_str(column).unwrap_or_default(), ..Self::default() }
    }

    /// The answers as they stand in the column, without those that are sealed.
    #[must_use]
    pub fn column(&self) -> String {
        serde_json::to_string(&self.plain).unwrap_or_else(|_| "{}".to_owned())
    }

    /// Whether there is none.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.plain.is_empty() && self.sealed.is_empty()
    }

    /// The answer to a question.
    #[must_use]
    pub fn of(&self, question: &Question) -> Option<&Answer> {
        let answers = if question.is_sealed { &self.sealed } else { &self.plain };
        answers.get(question.id.as_str())
    }

    /// The answer that the column holds under a question's id.
    #[must_use]
    pub fn kept(&self, question: &str) -> Option<&Answer> {
        self.plain.get(question)
    }

    /// Sets the answer to a question.
    pub fn set(&mut self, question: &Question, answer: Answer) {
        let answers = if question.is_sealed { &mut self.sealed } else { &mut self.plain };
        answers.insert(question.id.as_str().to_owned(), answer);
    }

    /// Notes that a sealed question is answered, without its answer.
    pub fn note_sealed(&mut self, question: QuestionId) {
        self.closed.insert(question.as_str().to_owned());
    }

    /// Whether a question is answered, sealed or not.
    #[must_use]
    pub fn is_given(&self, question: &Question) -> bool {
        self.of(question).is_some() || self.closed.contains(question.id.as_str())
    }

    /// Takes the answer to a question away.
    pub fn remove(&mut self, question: &Question) {
        self.plain.remove(question.id.as_str());
        self.sealed.remove(question.id.as_str());
    }

    /// Whether a choice is among the answers to a question. Choices of sealed questions have no places.
    #[must_use]
    pub fn has(&self, question: QuestionId, choice: &str) -> bool {
        let answer = self.plain.get(question.as_str());
        answer.is_some_and(|answer| answer.values().iter().any(|value| value == choice))
    }

    /// Whether an answer differs that says who the person is.
    #[must_use]
    pub fn changed_identity(before: &Self, after: &Self, form: &Form) -> bool {
        let identity = form.questions.iter().filter(|question| question.facts.is_identity);
        identity.into_iter().any(|question| before.of(question) != after.of(question))
    }
}

/// The questions that are asked together, in their order.
#[derive(Clone, Debug, Default)]
pub struct Form {
    /// The questions, none retired.
    pub questions: Vec<Question>,
}

impl Form {
    /// The questions that one category is asked.
    #[must_use]
    pub fn of_category(&self, category: CategoryId) -> Self {
        let asked = self.questions.iter().filter(|question| question.is_asked_in(category));
        Self { questions: asked.cloned().collect() }
    }

    /// Whether any question takes a file: only such a form is sent in parts.
    #[must_use]
    pub fn takes_files(&self) -> bool {
        self.questions.iter().any(|question| question.kind.takes_file())
    }

    /// A word that differs whenever a question came, went or changed.
    #[must_use]
    pub fn stamp(&self) -> String {
        let changes: i64 = self.questions.iter().map(|question| i64::from(question.version)).sum();
        format!("{}-{changes}", self.questions.len())
    }
}

/// One answer in words.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct AnswerLine {
    /// The question.
    pub label: String,
    /// The answer; the name of a file; empty where it is sealed.
    pub text: String,
    /// The key of the text that says it, for countries and for yes and no; empty for others.
    pub word: String,
    /// The file that it is, by its id; empty where it is none.
    pub file: String,
    /// Whether the file is a photo, which can be shown.
    pub is_photo: bool,
    /// Whether it is sealed, and not opened here.
    pub is_sealed: bool,
}

impl AnswerLine {
    /// The line of an answer in words.
    #[must_use]
    pub fn of(question: &Question, answer: &Answer, files: &[AnswerFile], (lang, languages): (Lang, &[Lang])) -> Self {
        let label = question.facts.label.text(lang, languages).to_owned();
        let is_photo = question.kind == QuestionKind::Photo;
        if !question.kind.takes_file() {
            let text = in_words(question, answer, lang, languages);
            return Self { word: word(question, &text), label, text, ..Self::default() };
        }
        let id = answer.values().first().cloned().unwrap_or_default();
        let file = files.iter().find(|file| file.id.as_str() == id);
        let text = file.map(|file| file.name.clone()).unwrap_or_default();
        Self { label, text, file: file.map(|_| id).unwrap_or_default(), is_photo, ..Self::default() }
    }

    /// The line of an answer that stays sealed.
    #[must_use]
    pub fn sealed(question: &Question, (lang, languages): (Lang, &[Lang])) -> Self {
        let label = question.facts.label.text(lang, languages).to_owned();
        Self { label, is_sealed: true, ..Self::default() }
    }
}

/// The key of the text that says an answer which stands as a code everywhere else.
fn word(question: &Question, text: &str) -> String {
    match (question.kind, text) {
        (QuestionKind::Country, code) if code.parse::<Country>().is_ok() => format!("country-{code}"),
        (QuestionKind::YesNo, "yes" | "no") => format!("forms-{text}"),
        _ => String::new(),
    }
}

/// An answer as people read it: choices by their labels.
#[must_use]
pub fn in_words(question: &Question, answer: &Answer, lang: Lang, languages: &[Lang]) -> String {
    let word = |value: &String| {
        let choice = question.facts.options.choices.iter().find(|choice| choice.code == *value);
        choice.map_or_else(|| value.clone(), |choice| choice.label.text(lang, languages).to_owned())
    };
    answer.values().iter().map(word).collect::<Vec<_>>().join(" · ")
}
