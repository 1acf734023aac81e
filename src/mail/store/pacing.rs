//! The table `mail_paces`.

use crate::db::schema::mail_paces;
use crate::db::{DbConnection, UtcTime};
use crate::each_backend;
use crate::mail::pacing::{Limits, Pace};
use diesel::prelude::*;
use std::collections::BTreeMap;

/// What left in all is kept under this name.
const ALL: &str = "";

type Row = (String, UtcTime, i32, UtcTime, i32, Option<UtcTime>, String);

const COLUMNS: (
    mail_paces::domain,
    mail_paces::minute,
    mail_paces::taken,
    mail_paces::next_minute,
    mail_paces::next_taken,
    mail_paces::blocked_until,
    mail_paces::detail,
) = (
    mail_paces::domain,
    mail_paces::minute,
    mail_paces::taken,
    mail_paces::next_minute,
    mail_paces::next_taken,
    mail_paces::blocked_until,
    mail_paces::detail,
);

fn pace((domain, minute, taken, next_minute, next_taken, blocked_until, detail): Row) -> (String, Pace) {
    (domain, Pace { minute, taken, next_minute, next_taken, blocked_until, detail })
}

/// Whether a claim has to look at domains at all.
pub(in crate::mail) fn is_needed(db: &mut DbConnection, now: UtcTime, limits: Limits) -> QueryResult<bool> {
    if limits.per_domain > 0 {
        return Ok(true);
    }
    diesel::select(diesel::dsl::exists(mail_paces::table.filter(mail_paces::blocked_until.gt(now)))).get_result(db)
}

/// Begins a claim where minutes are limited: others wait until this one is done. Returns how many may leave now.
pub(in crate::mail) fn open(db: &mut DbConnection, now: UtcTime, limits: Limits) -> QueryResult<i64> {
    insert(db, ALL, &Pace::new(now))?;
    // The update takes the row's lock before it is read.
    diesel::update(mail_paces::table.find(ALL)).set(mail_paces::taken.eq(mail_paces::taken)).execute(db)?;
    let mut all = pace(mail_paces::table.find(ALL).select(COLUMNS).first(db)?).1;
    all.turn_to(now);
    Ok(if limits.per_minute == 0 { i64::MAX } else { i64::from(limits.per_minute - all.taken).max(0) })
}

/// Counts what was taken in all.
pub(in crate::mail) fn count(db: &mut DbConnection, now: UtcTime, taken: usize) -> QueryResult<()> {
    let mut all = pace(mail_paces::table.find(ALL).select(COLUMNS).first(db)?).1;
    all.turn_to(now);
    all.taken = all.taken.saturating_add(i32::try_from(taken).unwrap_or(i32::MAX));
    update(db, ALL, &all)
}

/// What is kept of these domains.
pub(in crate::mail) fn of(db: &mut DbConnection, domains: &[String]) -> QueryResult<BTreeMap<String, Pace>> {
    let mut domains = domains.to_vec();
    domains.sort_unstable();
    domains.dedup();
    let rows: Vec<Row> = mail_paces::table.filter(mail_paces::domain.eq_any(domains)).select(COLUMNS).load(db)?;
    Ok(rows.into_iter().map(pace).collect())
}

/// Keeps what a claim has made of its domains.
pub(in crate::mail) fn keep(db: &mut DbConnection, paces: &BTreeMap<String, Pace>) -> QueryResult<()> {
    for (domain, pace) in paces {
        if update_changed(db, domain, pace)? == 0 {
            insert(db, domain, pace)?;
        }
    }
    Ok(())
}

fn insert(db: &mut DbConnection, domain: &str, pace: &Pace) -> QueryResult<()> {
    each_backend!(db, backend => diesel::insert_into(mail_paces::table)
        .values((
            mail_paces::domain.eq(domain),
            mail_paces::minute.eq(pace.minute),
            mail_paces::taken.eq(pace.taken),
            mail_paces::next_minute.eq(pace.next_minute),
            mail_paces::next_taken.eq(pace.next_taken),
            mail_paces::blocked_until.eq(pace.blocked_until),
            mail_paces::detail.eq(&pace.detail),
        ))
        .on_conflict_do_nothing()
        .execute(backend))
    .map(drop)
}

fn update(db: &mut DbConnection, domain: &str, pace: &Pace) -> QueryResult<()> {
    update_changed(db, domain, pace).map(drop)
}

fn update_changed(db: &mut DbConnection, domain: &str, pace: &Pace) -> QueryResult<usize> {
    diesel::update(mail_paces::table.find(domain))
        .set((
            mail_paces::minute.eq(pace.minute),
            mail_paces::taken.eq(pace.taken),
            mail_paces::next_minute.eq(pace.next_minute),
            mail_paces::next_taken.eq(pace.next_taken),
        ))
        .execute(db)
}

/// Notes that a domain asked for fewer.
pub(in crate::mail) fn spare(
    db: &mut DbConnection,
    now: UtcTime,
    domain: &str,
    (until, detail): (UtcTime, &str),
) -> QueryResult<()> {
    insert(db, domain, &Pace::new(now))?;
    diesel::update(mail_paces::table.find(domain))
        .set((mail_paces::blocked_until.eq(until), mail_paces::detail.eq(detail)))
        .execute(db)
        .map(drop)
}

/// The domains that are spared, with until when and the words that asked for it.
pub(in crate::mail) fn spared(db: &mut DbConnection, now: UtcTime) -> QueryResult<Vec<(String, UtcTime, String)>> {
    let rows: Vec<(String, Option<UtcTime>, String)> = mail_paces::table
        .filter(mail_paces::blocked_until.gt(now))
        .order(mail_paces::domain)
        .limit(100)
        .select((mail_paces::domain, mail_paces::blocked_until, mail_paces::detail))
        .load(db)?;
    Ok(rows.into_iter().filter_map(|(domain, until, detail)| Some((domain, until?, detail))).collect())
}
