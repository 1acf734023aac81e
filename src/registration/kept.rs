//! What a registration form is made of, kept in memory.
//!
//! In a rush thousands ask for the same form within a minute. Its facts change rarely, and each
//! change counts up the event's public version: one short look tells whether what is kept still
//! stands. Only the number of places taken is read anew each time.

use super::category::Category;
use super::forms::model::{Form, Question, Stage};
use super::forms::operations::form_of_event;
use super::quota::ChoicePlaces;
use super::store;
use crate::db::{CategoryId, DbConnection, EventId, QuotaId};
use crate::events;
use crate::events::model::Event;
use diesel::QueryResult;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Events whose forms are kept at a time.
const MOST: usize = 64;

/// The forms that are kept; one for the whole process.
#[derive(Default)]
pub struct KeptForms(Mutex<HashMap<EventId, Arc<KeptForm>>>);

struct KeptForm {
    event: Arc<Event>,
    categories: Vec<Category>,
    quotas: HashMap<CategoryId, Vec<QuotaId>>,
    questions: Arc<Form>,
}

/// What a form is made of, as it is now.
pub struct KeptAnswer {
    /// The event.
    pub event: Arc<Event>,
    /// Its categories. Where a quota leaves fewer places than the category's own limit, that is the limit.
    pub categories: Vec<Category>,
    /// The quotas against which each counts, in the order in which they are taken.
    pub quotas: HashMap<CategoryId, Vec<QuotaId>>,
    /// What is asked with a registration.
    pub questions: Arc<Form>,
    /// The choices that only so many may make, with how many have.
    pub choices: Vec<ChoicePlaces>,
}

impl KeptForms {
    fn get(&self, event: EventId, version: i64) -> Option<Arc<KeptForm>> {
        let kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        kept.get(&event).filter(|form| form.event.public_version == version).map(Arc::clone)
    }

    fn put(&self, form: &Arc<KeptForm>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if kept.len() >= MOST {
            kept.clear();
        }
        kept.insert(form.event.id, Arc::clone(form));
    }

    /// An event and its categories as they are now.
    ///
    /// # Errors
    /// When the database refuses.
    pub(super) fn form_of(&self, db: &mut DbConnection, slug: &str) -> QueryResult<Option<KeptAnswer>> {
        let Some((id, version)) = events::operations::public_version(db, slug)? else { return Ok(None) };
        let form = match self.get(id, version) {
            Some(form) => form,
            None => {
                let Some(event) = events::operations::by_id(db, id)? else { return Ok(None) };
                let categories = store::categories::all(db, id)?;
                let mut quotas: HashMap<CategoryId, Vec<QuotaId>> = HashMap::new();
                for (quota, category) in store::quotas::links(db, id)? {
                    quotas.entry(category).or_default().push(quota);
                }
                let questions = Arc::new(form_of_event(db, id, Stage::Apply)?);
                let form = Arc::new(KeptForm { event: Arc::new(event), categories, quotas, questions });
                self.put(&form);
                form
            }
        };
        let mut categories = form.categories.clone();
        for (id, taken) in store::categories::taken(db, form.event.id)? {
            categories.iter_mut().filter(|category| category.id == id).for_each(|category| category.taken = taken);
        }
        if !form.quotas.is_empty() {
            limit_by_quotas(db, &form, &mut categories)?;
        }
        let (event, questions) = (Arc::clone(&form.event), Arc::clone(&form.questions));
        let has_limits = |question: &Question| question.facts.options.choices.iter().any(|one| one.places.is_some());
        let is_limited = questions.questions.iter().any(has_limits);
        let choices = if is_limited { store::quotas::of_choices(db, event.id)? } else { Vec::new() };
        Ok(Some(KeptAnswer { event, categories, quotas: form.quotas.clone(), questions, choices }))
    }
}

/// Lowers each category's limit to what its quotas leave.
fn limit_by_quotas(db: &mut DbConnection, form: &KeptForm, categories: &mut [Category]) -> QueryResult<()> {
    let left: HashMap<QuotaId, i32> =
        store::quotas::all(db, form.event.id)?.into_iter().map(|quota| (quota.id, quota.left())).collect();
    for category in categories {
        let own = form.quotas.get(&category.id).into_iter().flatten();
        if let Some(least) = own.filter_map(|quota| left.get(quota)).min() {
            let limit = category.taken + least;
            category.capacity = Some(category.capacity.map_or(limit, |capacity| capacity.min(limit)));
        }
    }
    Ok(())
}
