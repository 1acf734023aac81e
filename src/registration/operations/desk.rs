//! Looking registrations up.

use crate::db::{DbConnection, DelegationId, EventId, RegistrationId};
use crate::i18n::Localized;
use crate::registration::category::Category;
use crate::registration::desk::{DeskFilter, ExportRow, FileNames};
use crate::registration::forms::model::{Question, QuestionKind, Viewer};
use crate::registration::forms::operations as forms;
use crate::registration::model::{Counts, Registration};
use crate::registration::store;
use diesel::QueryResult;

/// Registrations of one page of a list.
const PAGE: i64 = 50;
/// So many registrations are few: they are fetched and sorted. More are walked in their order.
const FEW: usize = 1_000;

/// One page of the desk's list.
#[derive(Clone, Debug)]
pub struct DeskPage {
    /// What it was asked for, without what makes no sense at this event.
    pub filter: DeskFilter,
    /// The registrations.
    pub registrations: Vec<Registration>,
    /// Whether there are more.
    pub has_more: bool,
    /// How many the filter lets through.
    pub total: i64,
    /// How many stand where, over the whole event.
    pub counts: Counts,
    /// The event's categories.
    pub categories: Vec<Category>,
    /// What else a list can be narrowed by.
    pub choices: FilterChoices,
}

/// What a list can be narrowed by at an event.
#[derive(Clone, Debug, Default)]
pub struct FilterChoices {
    /// Its delegations by name.
    pub delegations: Vec<(DelegationId, Localized)>,
    /// The batches of its invitation codes.
    pub batches: Vec<String>,
    /// The questions whose answers are one of few and which the desk sees.
    pub questions: Vec<Question>,
}

/// What a list can be narrowed by at an event.
///
/// # Errors
/// When the database refuses.
pub fn filter_choices(db: &mut DbConnection, event: EventId, sees_answers: bool) -> QueryResult<FilterChoices> {
    use QuestionKind as Kind;
    let mut questions = forms::all_questions(db, event)?;
    questions.retain(|question| {
        sees_answers
            && question.facts.seen_by.contains(&Viewer::Desk)
            && matches!(question.kind, Kind::YesNo | Kind::OneChoice | Kind::Choices | Kind::Country)
    });
    Ok(FilterChoices {
        delegations: store::desk::delegations(db, event)?,
        batches: store::desk::batches(db, event)?,
        questions,
    })
}

impl FilterChoices {
    /// The filter without an answer that the desk may not see.
    #[must_use]
    pub fn allowed(&self, mut filter: DeskFilter) -> DeskFilter {
        let is_seen = |id| self.questions.iter().any(|question| question.id == id);
        filter.answer = filter.answer.filter(|wanted| is_seen(wanted.question));
        filter
    }
}

/// One page of the desk's list, in a fixed number of queries. Whoever may not see answers can't narrow it by them.
///
/// # Errors
/// When the database refuses.
pub fn list_page(db: &mut DbConnection, filter: DeskFilter, sees_answers: bool) -> QueryResult<DeskPage> {
    let choices = filter_choices(db, filter.event, sees_answers)?;
    let filter = choices.allowed(filter);
    let counts = Counts::new(store::desk::counts(db, filter.event)?);
    let (mut registrations, total) = found(db, &filter, &counts, PAGE + 1)?;
    let has_more = registrations.len() > PAGE as usize;
    registrations.truncate(PAGE as usize);
    let categories = store::categories::all(db, filter.event)?;
    Ok(DeskPage { filter, registrations, has_more, total, counts, categories, choices })
}

/// Up to `limit` registrations that a filter lets through, and how many it does.
fn found(
    db: &mut DbConnection,
    filter: &DeskFilter,
    counts: &Counts,
    limit: i64,
) -> QueryResult<(Vec<Registration>, i64)> {
    let counted = filter.is_counted().then(|| counts.of(filter.category, filter.state));
    if counted.is_some_and(|total| total > FEW as i64) {
        return Ok((store::desk::list(db, filter, limit)?, counted.unwrap_or_default()));
    }
    let ids = store::desk::ids(db, filter, FEW as i64 + 1)?;
    if ids.len() <= FEW {
        return Ok((store::desk::of_ids(db, filter, &ids, limit)?, ids.len() as i64));
    }
    Ok((store::desk::list(db, filter, limit)?, store::desk::count(db, filter)?))
}

/// The first registrations that a filter lets through.
///
/// # Errors
/// When the database refuses.
pub fn find_people(db: &mut DbConnection, filter: &DeskFilter, limit: i64) -> QueryResult<Vec<Registration>> {
    let ids = store::desk::ids(db, filter, FEW as i64 + 1)?;
    if ids.len() <= FEW {
        return store::desk::of_ids(db, filter, &ids, limit);
    }
    store::desk::list(db, filter, limit)
}

/// The next registrations of a file, and the names of the files that are their answers, where any are asked for.
///
/// # Errors
/// When the database refuses.
pub fn export_page(
    db: &mut DbConnection,
    filter: &DeskFilter,
    (limit, has_files): (i64, bool),
) -> QueryResult<(Vec<ExportRow>, FileNames)> {
    let rows = store::desk::export_rows(db, filter, limit)?;
    let ids: Vec<RegistrationId> = rows.iter().map(|row| row.id).collect();
    let names = if has_files { forms::file_names(db, &ids)? } else { FileNames::default() };
    Ok((rows, names))
}

/// One registration of an event with its category.
///
/// # Errors
/// When the database refuses.
pub fn of_event(
    db: &mut DbConnection,
    event: EventId,
    id: RegistrationId,
) -> QueryResult<Option<(Registration, Category)>> {
    let Some(registration) = store::registrations::find(db, event, id)? else { return Ok(None) };
    let category = store::categories::find(db, event, registration.category_id)?;
    Ok(category.map(|category| (registration, category)))
}

/// The registration that was made last, for samples; none where nobody has registered.
///
/// # Errors
/// When the database refuses.
pub fn newest(db: &mut DbConnection, event: EventId) -> QueryResult<Option<(Registration, Category)>> {
    let filter = DeskFilter::read((event, chrono_tz::UTC), |_| None);
    let Some(registration) = store::desk::list(db, &filter, 1)?.pop() else { return Ok(None) };
    let category = store::categories::find(db, event, registration.category_id)?;
    Ok(category.map(|category| (registration, category)))
}
