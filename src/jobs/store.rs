//! The table `recurring_jobs`.

use crate::db::schema::recurring_jobs;
use crate::db::{DbConnection, LeaseId, UtcTime};
use chrono::TimeDelta;
use diesel::prelude::*;

/// Whether the job is due and free, without taking it.
pub(super) fn is_due(db: &mut DbConnection, name: &str, now: UtcTime) -> QueryResult<bool> {
    let row: Option<(UtcTime, Option<UtcTime>)> = recurring_jobs::table
        .find(name)
        .select((recurring_jobs::due_at, recurring_jobs::lease_until))
        .first(db)
        .optional()?;
    Ok(row.is_none_or(|(due, lease)| due <= now && lease.is_none_or(|until| until < now)))
}

/// Takes the job, unless another was faster. A job that has never run gets its row here.
pub(super) fn take(
    db: &mut DbConnection,
    name: &str,
    now: UtcTime,
    lease: LeaseId,
    until: UtcTime,
) -> QueryResult<bool> {
    let missing =
        recurring_jobs::table.find(name).select(recurring_jobs::name).first::<String>(db).optional()?.is_none();
    if missing {
        diesel::insert_into(recurring_jobs::table)
            .values((recurring_jobs::name.eq(name), recurring_jobs::due_at.eq(now)))
            .execute(db)?;
    }
    let free = recurring_jobs::lease_until.is_null().or(recurring_jobs::lease_until.lt(now));
    let changed = diesel::update(recurring_jobs::table.find(name).filter(recurring_jobs::due_at.le(now)).filter(free))
        .set((recurring_jobs::lease_id.eq(lease), recurring_jobs::lease_until.eq(until)))
        .execute(db)?;
    Ok(changed == 1)
}

/// Records a run and when the next is due.
pub(super) fn finish(
    db: &mut DbConnection,
    name: &str,
    now: UtcTime,
    lease: LeaseId,
    every: TimeDelta,
    error: Option<&str>,
) -> QueryResult<usize> {
    diesel::update(recurring_jobs::table.find(name).filter(recurring_jobs::lease_id.eq(lease)))
        .set((
            recurring_jobs::due_at.eq(now + every),
            recurring_jobs::lease_id.eq(None::<LeaseId>),
            recurring_jobs::lease_until.eq(None::<UtcTime>),
            recurring_jobs::finished_at.eq(now),
            recurring_jobs::last_error.eq(error),
        ))
        .execute(db)
}

/// How a job ran the last time.
#[derive(Clone, Debug, Queryable)]
pub struct LastRun {
    /// Its name.
    pub name: String,
    /// When it is to run again.
    pub due_at: UtcTime,
    /// When it ended, if it ever did.
    pub finished_at: Option<UtcTime>,
    /// Why it failed, if it did.
    pub error: Option<String>,
}

/// How each job ran the last time, by name.
///
/// # Errors
/// When the database refuses.
pub fn last_runs(db: &mut DbConnection) -> QueryResult<Vec<LastRun>> {
    recurring_jobs::table
        .order(recurring_jobs::name)
        .select((recurring_jobs::name, recurring_jobs::due_at, recurring_jobs::finished_at, recurring_jobs::last_error))
        .load(db)
}
