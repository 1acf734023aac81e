//! The queue and one application with everything that helps to decide.

use crate::accreditation::model::{
    Applicant, Duplicate, Progress, QueueFilter, Reason, Review, Said, Waiting, compare,
};
use crate::accreditation::store::queue::Way;
use crate::accreditation::store::{applicants, queue as rows, reasons, reviews};
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, RegistrationId, UtcTime};
use crate::i18n::Localized;
use crate::registration::category::Category;
use crate::registration::operations as registration;
use diesel::QueryResult;

/// Applications of one page.
const PAGE: i64 = 50;
/// Duplicates that are shown.
const MOST_DUPLICATES: usize = 10;

/// One line of the queue.
#[derive(Clone, Debug)]
pub struct Line {
    /// The application.
    pub applicant: Applicant,
    /// Where it stands between the officers.
    pub progress: Progress,
}

/// One page of the queue.
#[derive(Clone, Debug)]
pub struct QueuePage {
    /// The applications, the oldest first.
    pub lines: Vec<Line>,
    /// Whether there are more.
    pub has_more: bool,
    /// How many are open.
    pub open: i64,
    /// How many wait for what; none where counting would cost too much.
    pub waiting: Vec<(Waiting, Option<i64>)>,
    /// The event's categories.
    pub categories: Vec<Category>,
    /// Its delegations.
    pub delegations: Vec<(DelegationId, Localized)>,
    /// How many officers must approve in each category.
    pub needed: Vec<(CategoryId, i32)>,
}

/// One page of the queue, in a fixed number of queries. `second_form` are the categories that have one.
///
/// # Errors
/// When the database refuses.
pub fn queue(
    db: &mut DbConnection,
    now: UtcTime,
    filter: &QueueFilter,
    second_form: &[CategoryId],
) -> QueryResult<QueuePage> {
    let mut ids = rows::list(db, now, filter, second_form, (Way::Onwards, filter.after), PAGE + 1)?;
    let has_more = ids.len() > PAGE as usize;
    ids.truncate(PAGE as usize);
    let found = applicants::of_ids(db, filter.event, &ids)?;
    let said = reviews::of_all(db, &ids)?;
    let needed: Vec<(CategoryId, i32)> =
        applicants::rules(db, filter.event)?.into_iter().map(|(category, _, officers)| (category, officers)).collect();
    let lines = found.into_iter().map(|applicant| line(applicant, &said, &needed)).collect();
    let [open, asked, second, flagged] = rows::counts(db, filter.event)?;
    let mut waiting = vec![
        (Waiting::First, Some(open - asked - second)),
        (Waiting::Second, Some(second)),
        (Waiting::Asked, Some(asked)),
        (Waiting::Flagged, Some(flagged)),
    ];
    if !second_form.is_empty() {
        waiting.push((Waiting::Form, None));
    }
    let categories = registration::all_categories(db, filter.event)?;
    let delegations = rows::delegations(db, filter.event)?;
    Ok(QueuePage { lines, has_more, open, waiting, categories, delegations, needed })
}

fn line(applicant: Applicant, said: &[Review], needed: &[(CategoryId, i32)]) -> Line {
    let id = applicant.registration.id;
    let officers = officers(needed, applicant.registration.category_id);
    let own = said.iter().filter(|review| review.registration_id == id);
    Line { progress: Progress::of(own, officers), applicant }
}

fn officers(needed: &[(CategoryId, i32)], category: CategoryId) -> i32 {
    needed.iter().find(|(known, _)| *known == category).map_or(1, |(_, officers)| *officers)
}

/// One application with everything that helps to decide.
#[derive(Clone, Debug)]
pub struct ApplicantPage {
    /// The application.
    pub applicant: Applicant,
    /// Its category.
    pub category: Category,
    /// Its delegation.
    pub delegation: Option<(DelegationId, Localized)>,
    /// Where it stands between the officers.
    pub progress: Progress,
    /// What was said, the newest first.
    pub said: Vec<Said>,
    /// Registrations that may be the same person's, the likeliest first.
    pub duplicates: Vec<Duplicate>,
    /// The event's categories, for naming those of duplicates.
    pub categories: Vec<Category>,
    /// The prepared reasons.
    pub reasons: Vec<Reason>,
    /// The one before in the queue.
    pub previous: Option<RegistrationId>,
    /// The one after.
    pub next: Option<RegistrationId>,
}

/// One application, where the filter says which come before and after it.
///
/// # Errors
/// When the database refuses.
pub fn applicant(
    db: &mut DbConnection,
    now: UtcTime,
    filter: &QueueFilter,
    second_form: &[CategoryId],
    id: RegistrationId,
) -> QueryResult<Option<ApplicantPage>> {
    let Some(applicant) = applicants::find(db, filter.event, id)? else { return Ok(None) };
    let categories = registration::all_categories(db, filter.event)?;
    let own = applicant.registration.category_id;
    let Some(category) = categories.iter().find(|category| category.id == own).cloned() else { return Ok(None) };
    let said = reviews::history(db, id)?;
    let (_, needed) = applicants::rule(db, own)?;
    let progress = Progress::of(said.iter().map(|said| &said.review), needed);
    let duplicates = duplicates_of(db, &applicant)?;
    let delegations = rows::delegations(db, filter.event)?;
    let delegation = delegations.into_iter().find(|(id, _)| Some(*id) == applicant.delegation_id);
    let mut beside = |way| rows::list(db, now, filter, second_form, (way, Some(id)), 1).map(|ids| ids.first().copied());
    let (previous, next) = (beside(Way::Back)?, beside(Way::Onwards)?);
    let reasons = reasons::all(db, filter.event)?;
    Ok(Some(ApplicantPage {
        applicant,
        category,
        delegation,
        progress,
        said,
        duplicates,
        categories,
        reasons,
        previous,
        next,
    }))
}

/// Registrations that may be the same person's as this one, the likeliest first, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn duplicates(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Vec<Duplicate>> {
    applicants::find(db, event, id)?.map_or_else(|| Ok(Vec::new()), |applicant| duplicates_of(db, &applicant))
}

fn duplicates_of(db: &mut DbConnection, applicant: &Applicant) -> QueryResult<Vec<Duplicate>> {
    let alike = applicants::alike(db, applicant)?;
    let mut duplicates: Vec<Duplicate> = alike.iter().filter_map(|other| compare(applicant, other)).collect();
    duplicates.sort_by(|one, other| {
        one.why
            .cmp(&other.why)
            .then(other.same_domain.cmp(&one.same_domain))
            .then(other.likeness.total_cmp(&one.likeness))
    });
    duplicates.truncate(MOST_DUPLICATES);
    Ok(duplicates)
}

/// One application by itself.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Option<Applicant>> {
    applicants::find(db, event, id)
}

/// Several applications for a decision on all of them, the oldest first.
///
/// # Errors
/// When the database refuses.
pub fn several(db: &mut DbConnection, event: EventId, ids: &[RegistrationId]) -> QueryResult<Vec<Line>> {
    let needed: Vec<(CategoryId, i32)> =
        applicants::rules(db, event)?.into_iter().map(|(category, _, officers)| (category, officers)).collect();
    let said = reviews::of_all(db, ids)?;
    let found = applicants::of_ids(db, event, ids)?;
    Ok(found.into_iter().map(|applicant| line(applicant, &said, &needed)).collect())
}
