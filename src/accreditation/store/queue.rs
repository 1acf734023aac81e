//! The queue, by keyset along an index.

use crate::accreditation::model::{QueueFilter, ReviewKind, Waiting};
use crate::db::schema::{delegations, registrations, reviews};
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, RegistrationId, UtcTime};
use crate::i18n::Localized;
use crate::registration::model::RegistrationState;
use diesel::dsl::exists;
use diesel::prelude::*;

/// Which way the list is walked.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::accreditation) enum Way {
    Onwards,
    Back,
}

/// Up to `limit` applications that the filter lets through, the oldest first; `from` one of them
/// onwards or back. `second_form` are the categories that have one.
pub(in crate::accreditation) fn list(
    db: &mut DbConnection,
    now: UtcTime,
    filter: &QueueFilter,
    second_form: &[CategoryId],
    (way, from): (Way, Option<RegistrationId>),
    limit: i64,
) -> QueryResult<Vec<RegistrationId>> {
    let mut query = registrations::table.filter(registrations::event_id.eq(filter.event)).into_boxed();
    let pending = || reviews::table.filter(reviews::counts).select(reviews::registration_id);
    query = match filter.waiting {
        None => query.filter(registrations::state.eq(RegistrationState::Applied)),
        Some(Waiting::First) => query
            .filter(registrations::state.eq(RegistrationState::Applied))
            .filter(registrations::asked_at.is_null())
            .filter(registrations::id.ne_all(pending())),
        Some(Waiting::Second) => query
            .filter(registrations::state.eq(RegistrationState::Applied))
            .filter(registrations::asked_at.is_null())
            .filter(registrations::id.eq_any(pending())),
        Some(Waiting::Asked) => query
            .filter(registrations::asked_at.is_not_null())
            .filter(registrations::state.eq(RegistrationState::Applied)),
        Some(Waiting::Flagged) => query.filter(registrations::is_watched).filter(registrations::ended_at.is_null()),
        Some(Waiting::Form) => {
            let done = reviews::table
                .filter(reviews::registration_id.eq(registrations::id))
                .filter(reviews::decision.eq(ReviewKind::Completed));
            query
                .filter(registrations::state.eq(RegistrationState::Confirmed))
                .filter(registrations::category_id.eq_any(second_form.to_vec()))
                .filter(diesel::dsl::not(exists(done)))
        }
    };
    if let Some(category) = filter.category {
        query = query.filter(registrations::category_id.eq(category));
    }
    if let Some(country) = filter.country {
        query = query.filter(registrations::country.eq(country.as_str()));
    }
    if let Some(delegation) = filter.delegation {
        query = query.filter(registrations::delegation_id.eq(delegation));
    }
    if let Some(before) = filter.made_before(now) {
        query = query.filter(registrations::created_at.le(before));
    }
    for word in filter.words() {
        query = query.filter(registrations::search_key.like(pattern(&word)).escape('\\'));
    }
    if let Some(from) = from {
        let Some(at) = made_at(db, filter.event, from)? else { return Ok(Vec::new()) };
        query = match way {
            Way::Onwards => query
                .filter(registrations::created_at.ge(at))
                .filter(registrations::created_at.gt(at).or(registrations::id.gt(from))),
            Way::Back => query
                .filter(registrations::created_at.le(at))
                .filter(registrations::created_at.lt(at).or(registrations::id.lt(from))),
        };
    }
    query = match way {
        Way::Onwards => query.order((registrations::created_at.asc(), registrations::id.asc())),
        Way::Back => query.order((registrations::created_at.desc(), registrations::id.desc())),
    };
    query.limit(limit).select(registrations::id).load(db)
}

fn made_at(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Option<UtcTime>> {
    registrations::table
        .find(id)
        .filter(registrations::event_id.eq(event))
        .select(registrations::created_at)
        .first(db)
        .optional()
}

/// `%word%` with the wildcards in the word taken literally.
fn pattern(word: &str) -> String {
    let escape = |character: char| matches!(character, '%' | '_' | '\\').then_some('\\');
    let escaped: String = word.chars().flat_map(|character| escape(character).into_iter().chain([character])).collect();
    format!("%{escaped}%")
}

/// Open applications, those asked for more, those that await a second officer, and watched names.
pub(in crate::accreditation) fn counts(db: &mut DbConnection, event: EventId) -> QueryResult<[i64; 4]> {
    let of_event = || registrations::table.filter(registrations::event_id.eq(event));
    let open = || of_event().filter(registrations::state.eq(RegistrationState::Applied));
    let pending = reviews::table.filter(reviews::counts).select(reviews::registration_id);
    Ok([
        open().count().get_result(db)?,
        open().filter(registrations::asked_at.is_not_null()).count().get_result(db)?,
        open()
            .filter(registrations::asked_at.is_null())
            .filter(registrations::id.eq_any(pending))
            .count()
            .get_result(db)?,
        of_event()
            .filter(registrations::is_watched)
            .filter(registrations::ended_at.is_null())
            .count()
            .get_result(db)?,
    ])
}

/// The delegations of an event by their words.
pub(in crate::accreditation) fn delegations(
    db: &mut DbConnection,
    event: EventId,
) -> QueryResult<Vec<(DelegationId, Localized)>> {
    delegations::table
        .filter(delegations::event_id.eq(event))
        .order((delegations::code.asc(), delegations::id.asc()))
        .select((delegations::id, delegations::name))
        .load(db)
}
