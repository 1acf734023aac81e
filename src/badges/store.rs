//! The tables `badge_designs`, `badge_batches`, `badge_batch_people` and `badge_prints`, and of
//! registrations and categories what badges show.

use super::filter::{BadgeFilter, Order, Printed, instant};
use super::model::{BadgeCategory, BadgePrint, Batch, Bearer, Design, KeptDesign, PrintLine, PrintReason};
use crate::db::schema::{
    badge_batch_people, badge_batches, badge_designs, badge_prints, categories, delegations, registrations, users,
};
use crate::db::{BatchId, DbConnection, DelegationId, EventId, Json, PrintId, RegistrationId, UtcTime};
use crate::each_backend;
use crate::i18n::Localized;
use crate::registration::model::RegistrationState;
use crate::registration::names::{NameOrder, full_name};
use chrono_tz::Tz;
use diesel::prelude::*;

/// The design of an event, if one is kept.
pub(super) fn design(db: &mut DbConnection, event: EventId) -> QueryResult<Option<KeptDesign>> {
    let row: Option<(Json<Design>, i32)> =
        badge_designs::table.find(event).select((badge_designs::facts, badge_designs::version)).first(db).optional()?;
    Ok(row.map(|(design, version)| KeptDesign { design: design.into_inner(), version }))
}

/// Keeps a design if the one before is still of this version; whether it was.
pub(super) fn set_design(db: &mut DbConnection, now: UtcTime, event: EventId, kept: &KeptDesign) -> QueryResult<bool> {
    let facts =
        Json::new(kept.design.clone()).map_err(|error| diesel::result::Error::SerializationError(Box::new(error)))?;
    let values = (
        badge_designs::facts.eq(&facts),
        badge_designs::version.eq(kept.version + 1),
        badge_designs::updated_at.eq(now),
    );
    let changed = if kept.version == 0 {
        each_backend!(db, backend => diesel::insert_into(badge_designs::table)
            .values((badge_designs::event_id.eq(event), values))
            .on_conflict_do_nothing()
            .execute(backend))?
    } else {
        let same = badge_designs::table.find(event).filter(badge_designs::version.eq(kept.version));
        diesel::update(same).set(values).execute(db)?
    };
    Ok(changed == 1)
}

/// What badges show of each category of an event, in their order.
pub(super) fn categories_of(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<BadgeCategory>> {
    categories::table
        .filter(categories::event_id.eq(event))
        .order((categories::position, categories::code))
        .select((categories::id, categories::code, categories::name, categories::badge_color, categories::zones))
        .load(db)
}

/// The delegations of an event by name.
pub(super) fn delegations_of(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(DelegationId, Localized)>> {
    delegations::table
        .filter(delegations::event_id.eq(event))
        .order((delegations::name, delegations::id))
        .select((delegations::id, delegations::name))
        .load(db)
}

/// Confirmed people that a filter lets through, as a query. What was printed before is in it, but for
/// [`Printed::Changed`]: that is a hash, which no database reckons.
macro_rules! matching {
    ($filter:expr, $zone:expr) => {{
        let filter: &BadgeFilter = $filter;
        let mut query = registrations::table
            .filter(registrations::event_id.eq(filter.event))
            .filter(registrations::state.eq(RegistrationState::Confirmed))
            .filter(registrations::merged_into.is_null())
            .into_boxed();
        if let Some(category) = filter.category {
            query = query.filter(registrations::category_id.eq(category));
        }
        if let Some(country) = filter.country {
            query = query.filter(registrations::country.eq(country.as_str()));
        }
        if let Some(delegation) = filter.delegation {
            query = query.filter(registrations::delegation_id.eq(delegation));
        }
        if let Some(since) = filter.registered_since {
            query = query.filter(registrations::created_at.ge(instant(since, $zone)));
        }
        if let Some(since) = filter.approved_since.map(|since| instant(since, $zone)) {
            let by_itself = registrations::approved_at.is_null().and(registrations::confirmed_at.ge(since));
            query = query.filter(registrations::approved_at.ge(since).or(by_itself).assume_not_null());
        }
        if filter.speakers {
            query = query.filter(registrations::speaker_id.is_not_null());
        }
        for word in filter.words() {
            query = query.filter(registrations::search_key.like(pattern(&word)).escape('\\'));
        }
        let printed =
            badge_prints::table.filter(badge_prints::event_id.eq(filter.event)).select(badge_prints::registration_id);
        match filter.printed {
            Printed::Not => query.filter(registrations::id.ne_all(printed)),
            Printed::Changed => query.filter(registrations::id.eq_any(printed)),
            Printed::Any => query,
        }
    }};
}

/// `%word%` with the wildcards in the word taken literally.
fn pattern(word: &str) -> String {
    let escape = |character: char| matches!(character, '%' | '_' | '\\').then_some('\\');
    let escaped: String = word.chars().flat_map(|character| escape(character).into_iter().chain([character])).collect();
    format!("%{escaped}%")
}

/// How many people a filter lets through, apart from [`Printed::Changed`].
pub(super) fn count(db: &mut DbConnection, filter: &BadgeFilter, zone: Tz) -> QueryResult<i64> {
    matching!(filter, zone).count().get_result(db)
}

/// Up to `limit` people that a filter lets through, in its order.
pub(super) fn list(db: &mut DbConnection, filter: &BadgeFilter, zone: Tz, limit: i64) -> QueryResult<Vec<Bearer>> {
    let query = matching!(filter, zone);
    let query = match filter.order {
        Order::Name => query.order((registrations::sort_key, registrations::id)),
        Order::Category => {
            let own = categories::table.filter(categories::id.eq(registrations::category_id));
            let place = own.select(categories::position).single_value();
            query.order((place, registrations::category_id, registrations::sort_key, registrations::id))
        }
        Order::Country => query.order((registrations::country, registrations::sort_key, registrations::id)),
        Order::Delegation => query.order((
            registrations::delegation_id,
            registrations::delegation_rank,
            registrations::sort_key,
            registrations::id,
        )),
    };
    query.limit(limit).select(Bearer::as_select()).load(db)
}

/// The hash of every badge printed at an event, the oldest first.
pub(super) fn contents(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(RegistrationId, String)>> {
    badge_prints::table
        .filter(badge_prints::event_id.eq(event))
        .order((badge_prints::created_at, badge_prints::id))
        .select((badge_prints::registration_id, badge_prints::content))
        .load(db)
}

/// One person.
pub(super) fn bearer(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Option<Bearer>> {
    registrations::table
        .find(id)
        .filter(registrations::event_id.eq(event))
        .select(Bearer::as_select())
        .first(db)
        .optional()
}

/// Rows of one insert: both databases limit the values that one statement may carry.
const ROWS: usize = 500;

/// Adds a batch with these people in this order.
pub(super) fn insert_batch(
    db: &mut DbConnection,
    batch: &Batch,
    people: &[(RegistrationId, String)],
) -> QueryResult<()> {
    diesel::insert_into(badge_batches::table).values(batch).execute(db)?;
    let rows: Vec<_> = (0i32..)
        .zip(people)
        .map(|(position, (person, content))| {
            (
                badge_batch_people::batch_id.eq(batch.id),
                badge_batch_people::position.eq(position),
                badge_batch_people::registration_id.eq(*person),
                badge_batch_people::content.eq(content),
            )
        })
        .collect();
    for rows in rows.chunks(ROWS) {
        each_backend!(db, backend => diesel::insert_into(badge_batch_people::table).values(rows).execute(backend))?;
    }
    Ok(())
}

/// One batch of an event.
pub(super) fn batch(db: &mut DbConnection, event: EventId, id: BatchId) -> QueryResult<Option<Batch>> {
    badge_batches::table
        .find(id)
        .filter(badge_batches::event_id.eq(event))
        .select(Batch::as_select())
        .first(db)
        .optional()
}

/// The newest batches of an event, with the names of those who made them.
pub(super) fn batches(db: &mut DbConnection, event: EventId, limit: i64) -> QueryResult<Vec<(Batch, Option<String>)>> {
    badge_batches::table
        .left_join(users::table.on(badge_batches::created_by.eq(users::id.nullable())))
        .filter(badge_batches::event_id.eq(event))
        .order((badge_batches::created_at.desc(), badge_batches::id.desc()))
        .limit(limit)
        .select((Batch::as_select(), users::name.nullable()))
        .load(db)
}

/// People of a batch who are confirmed still, from a place in it on, with their places.
pub(super) fn people_of(db: &mut DbConnection, id: BatchId, from: i32, limit: i64) -> QueryResult<Vec<(i32, Bearer)>> {
    badge_batch_people::table
        .inner_join(registrations::table)
        .filter(badge_batch_people::batch_id.eq(id))
        .filter(badge_batch_people::position.ge(from))
        .filter(registrations::state.eq(RegistrationState::Confirmed))
        .order(badge_batch_people::position)
        .limit(limit)
        .select((badge_batch_people::position, Bearer::as_select()))
        .load(db)
}

/// People of a batch who are confirmed still, with their hashes.
pub(super) fn standing_of(db: &mut DbConnection, id: BatchId) -> QueryResult<Vec<(RegistrationId, String)>> {
    badge_batch_people::table
        .inner_join(registrations::table)
        .filter(badge_batch_people::batch_id.eq(id))
        .filter(registrations::state.eq(RegistrationState::Confirmed))
        .order(badge_batch_people::position)
        .select((registrations::id, badge_batch_people::content))
        .load(db)
}

/// Notes that a batch was printed unless somebody has already; whether this call did.
pub(super) fn mark_batch(db: &mut DbConnection, now: UtcTime, event: EventId, id: BatchId) -> QueryResult<bool> {
    let open = badge_batches::table
        .find(id)
        .filter(badge_batches::event_id.eq(event))
        .filter(badge_batches::marked_at.is_null());
    Ok(diesel::update(open).set(badge_batches::marked_at.eq(now)).execute(db)? == 1)
}

/// Deletes a batch that nobody has marked; whether there was one.
pub(super) fn delete_batch(db: &mut DbConnection, event: EventId, id: BatchId) -> QueryResult<bool> {
    let open = badge_batches::table
        .find(id)
        .filter(badge_batches::event_id.eq(event))
        .filter(badge_batches::marked_at.is_null());
    Ok(diesel::delete(open).execute(db)? == 1)
}

/// Those of these people who had a badge before.
pub(super) fn printed_of(db: &mut DbConnection, people: &[RegistrationId]) -> QueryResult<Vec<RegistrationId>> {
    badge_prints::table
        .filter(badge_prints::registration_id.eq_any(people))
        .select(badge_prints::registration_id)
        .distinct()
        .load(db)
}

/// How often a badge of a person was printed, and when last.
pub(super) fn printed(
    db: &mut DbConnection,
    event: EventId,
    id: RegistrationId,
) -> QueryResult<(i64, Option<UtcTime>)> {
    badge_prints::table
        .filter(badge_prints::event_id.eq(event))
        .filter(badge_prints::registration_id.eq(id))
        .select((diesel::dsl::count_star(), diesel::dsl::max(badge_prints::created_at)))
        .first(db)
}

/// Adds prints to the log.
pub(super) fn insert_prints(db: &mut DbConnection, prints: &[BadgePrint]) -> QueryResult<()> {
    for rows in prints.chunks(ROWS) {
        each_backend!(db, backend => diesel::insert_into(badge_prints::table).values(rows).execute(backend))?;
    }
    Ok(())
}

type Whose = (RegistrationId, String, String, NameOrder, String);
type LogRow = (PrintId, UtcTime, Option<String>, PrintReason, String, String, Whose);

fn line((id, at, by, reason, note, content, (registration, given, family, order, code)): LogRow) -> PrintLine {
    PrintLine { id, at, by, reason, note, content, registration, name: full_name(&given, &family, order), code }
}

/// Which lines of the log.
#[derive(Clone, Copy, Debug, Default)]
pub(super) struct LogQuery {
    /// Of this person only.
    pub(super) person: Option<RegistrationId>,
    /// Without first prints.
    pub(super) again_only: bool,
    /// Before this one.
    pub(super) after: Option<PrintId>,
}

/// Up to `limit` lines of the log of prints, the newest first.
pub(super) fn log(db: &mut DbConnection, event: EventId, which: LogQuery, limit: i64) -> QueryResult<Vec<PrintLine>> {
    let place: Option<UtcTime> = match which.after {
        Some(after) => badge_prints::table.find(after).select(badge_prints::created_at).first(db).optional()?,
        None => None,
    };
    let mut query = badge_prints::table
        .inner_join(registrations::table)
        .left_join(users::table.on(badge_prints::printed_by.eq(users::id.nullable())))
        .filter(badge_prints::event_id.eq(event))
        .into_boxed();
    if let Some(person) = which.person {
        query = query.filter(badge_prints::registration_id.eq(person));
    }
    if which.again_only {
        query = query.filter(badge_prints::reason.ne(PrintReason::First));
    }
    if let (Some(at), Some(after)) = (place, which.after) {
        query = query
            .filter(badge_prints::created_at.le(at))
            .filter(badge_prints::created_at.lt(at).or(badge_prints::id.lt(after)));
    }
    let rows: Vec<LogRow> = query
        .order((badge_prints::created_at.desc(), badge_prints::id.desc()))
        .limit(limit)
        .select((
            badge_prints::id,
            badge_prints::created_at,
            users::name.nullable(),
            badge_prints::reason,
            badge_prints::note,
            badge_prints::content,
            (
                registrations::id,
                registrations::given_name,
                registrations::family_name,
                registrations::name_order,
                registrations::code,
            ),
        ))
        .load(db)?;
    Ok(rows.into_iter().map(line).collect())
}

/// Moves prints to another registration of the same person.
pub(super) fn adopt(db: &mut DbConnection, (to, from): (RegistrationId, RegistrationId)) -> QueryResult<()> {
    diesel::update(badge_prints::table.filter(badge_prints::registration_id.eq(from)))
        .set(badge_prints::registration_id.eq(to))
        .execute(db)
        .map(drop)
}

/// Empties what the log says of a person beyond when a badge was printed and why.
pub(super) fn forget(db: &mut DbConnection, id: RegistrationId) -> QueryResult<()> {
    diesel::update(badge_prints::table.filter(badge_prints::registration_id.eq(id)))
        .set((badge_prints::note.eq(""), badge_prints::content.eq("")))
        .execute(db)?;
    diesel::update(badge_batch_people::table.filter(badge_batch_people::registration_id.eq(id)))
        .set(badge_batch_people::content.eq(""))
        .execute(db)
        .map(drop)
}
