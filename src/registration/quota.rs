//! Quotas: places that several categories share, such as "total on site" or "hotel".

use super::forms::model::Answers;
use crate::db::schema::quotas;
use crate::db::{CategoryId, EventId, QuestionId, QuotaId};
use crate::i18n::{Lang, Localized};
use crate::web::{Checker, FieldErrors, FormData};
use diesel::prelude::*;

/// Places that several categories share, as their row holds them.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = quotas)]
pub struct Quota {
    /// The quota.
    pub id: QuotaId,
    /// The event.
    pub event_id: EventId,
    /// Its word, unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// How many places there are.
    pub capacity: i32,
    /// How many are taken.
    pub taken: i32,
    /// Counts edits.
    pub version: i32,
}

impl Quota {
    /// Places left.
    #[must_use]
    pub fn left(&self) -> i32 {
        (self.capacity - self.taken).max(0)
    }
}

/// How many may make a choice, as the row of its quota holds it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = quotas)]
pub struct ChoicePlaces {
    /// The quota.
    pub id: QuotaId,
    /// The question.
    #[diesel(column_name = question_id)]
    pub question: Option<QuestionId>,
    /// The code of the choice.
    pub choice: Option<String>,
    /// How many may make it.
    pub capacity: i32,
    /// How many have.
    pub taken: i32,
}

impl ChoicePlaces {
    /// Whether answers make this choice.
    #[must_use]
    pub fn is_made(&self, answers: &Answers) -> bool {
        self.question.zip(self.choice.as_deref()).is_some_and(|(question, choice)| answers.has(question, choice))
    }

    /// Whether nobody else may make it.
    #[must_use]
    pub const fn is_full(&self) -> bool {
        self.taken >= self.capacity
    }
}

/// What organizers say of a quota. Always valid.
#[derive(Clone, Debug)]
pub struct QuotaFacts {
    /// Its name.
    pub name: Localized,
    /// How many places there are.
    pub capacity: i32,
    /// The categories that count against it.
    pub categories: Vec<CategoryId>,
}

/// Most places of a quota.
const MOST_PLACES: i32 = 1_000_000;

impl QuotaFacts {
    /// Reads a form; categories that are not among `known` are left out.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(form: &FormData, languages: &[Lang], known: &[CategoryId]) -> Result<Self, FieldErrors> {
        let mut checker = Checker::new(form);
        let facts = Self {
            name: checker.required_localized_line("name", languages),
            capacity: checker.number("capacity", 0..=MOST_PLACES).unwrap_or_default(),
            categories: form.all("category").filter_map(|id| id.parse().ok()).filter(|id| known.contains(id)).collect(),
        };
        checker.finish(facts)
    }
}
