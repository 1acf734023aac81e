//! What the overview asks for, by indexes.

use crate::db::schema::{change_notices, delegation_quotas, delegations, registrations};
use crate::db::{DbConnection, EventId, UtcTime};
use crate::notices::model::NoticeState;
use crate::registration::model::RegistrationState;
use diesel::dsl::{count_star, exists, min};
use diesel::prelude::*;

/// Applications on which an officer has to decide, and since when the oldest waits. Those that were asked
/// for more wait for the applicant.
pub(in crate::numbers) fn applied(db: &mut DbConnection, event: EventId) -> QueryResult<(i64, Option<UtcTime>)> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::state.eq(RegistrationState::Applied))
        .filter(registrations::asked_at.is_null())
        .select((count_star(), min(registrations::created_at)))
        .first(db)
}

/// People who may be on a watch-list and have not given up.
pub(in crate::numbers) fn watched(db: &mut DbConnection, event: EventId) -> QueryResult<i64> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::is_watched)
        .filter(registrations::ended_at.is_null())
        .count()
        .get_result(db)
}

/// Places that are offered and run out before an instant, and the first of these instants.
pub(in crate::numbers) fn offers(
    db: &mut DbConnection,
    event: EventId,
    before: UtcTime,
) -> QueryResult<(i64, Option<UtcTime>)> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::state.eq(RegistrationState::Offered))
        .filter(registrations::offered_until.lt(before))
        .select((count_star(), min(registrations::offered_until)))
        .first(db)
}

/// Notices that have not left, how many of them are held, and when the first leaves.
pub(in crate::numbers) fn notices(db: &mut DbConnection, event: EventId) -> QueryResult<(i64, i64, Option<UtcTime>)> {
    let of = |state: NoticeState| {
        change_notices::table.filter(change_notices::event_id.eq(event)).filter(change_notices::state.eq(state))
    };
    let (open, first): (i64, Option<UtcTime>) =
        of(NoticeState::Waiting).select((count_star(), min(change_notices::due_at))).first(db)?;
    Ok((open, of(NoticeState::Held).count().get_result(db)?, first))
}

/// Delegations that have places left and close between two instants, and the first of these instants.
pub(in crate::numbers) fn closing(
    db: &mut DbConnection,
    event: EventId,
    (from, to): (UtcTime, UtcTime),
) -> QueryResult<(i64, Option<UtcTime>)> {
    let has_places = delegation_quotas::table
        .filter(delegation_quotas::delegation_id.eq(delegations::id))
        .filter(delegation_quotas::taken.lt(delegation_quotas::capacity));
    delegations::table
        .filter(delegations::event_id.eq(event))
        .filter(delegations::closes_at.ge(from))
        .filter(delegations::closes_at.lt(to))
        .filter(exists(has_places))
        .select((count_star(), min(delegations::closes_at)))
        .first(db)
}
