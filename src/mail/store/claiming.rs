//! Taking due messages from the queue, lane by lane, within what a minute may take.

use super::{ClaimedRow, pacing, pauses};
use crate::db::schema::messages;
use crate::db::{DbConnection, LeaseId, MessageId, UtcTime};
use crate::mail::lane::Lane;
use crate::mail::model::{MessageState, OutboxMessage};
use crate::mail::pacing::{Due, Limits, share};
use diesel::prelude::*;
use std::collections::{BTreeMap, HashMap};

/// Due messages looked at in one go where some of them may have to wait.
const LOOK: i64 = 1000;
/// How often one claim looks again because all that it saw had to wait.
const ROUNDS: usize = 10;

/// A claim of messages.
#[derive(Clone, Copy, Debug)]
pub(in crate::mail) struct Claim {
    /// The instant.
    pub now: UtcTime,
    /// The hold.
    pub lease: LeaseId,
    /// Until when it holds.
    pub until: UtcTime,
    /// Messages at most.
    pub limit: i64,
    /// What a minute may take.
    pub limits: Limits,
}

/// Every lane with something in the queue. Each step finds the next one in the index, however much waits in it.
pub(in crate::mail) fn lanes(db: &mut DbConnection) -> QueryResult<Vec<Lane>> {
    let mut lanes: Vec<Lane> = Vec::new();
    loop {
        let mut query = messages::table.filter(messages::state.eq(MessageState::Queued)).into_boxed();
        if let Some(last) = lanes.last() {
            query = query.filter(messages::lane.gt(last.as_str().to_owned()));
        }
        let next: Option<String> = query.order(messages::lane).select(messages::lane).first(db).optional()?;
        match next {
            Some(next) => lanes.push(Lane::read(next)),
            None => return Ok(lanes),
        }
    }
}

/// The lanes whose messages may leave now.
pub(in crate::mail) fn open_lanes(db: &mut DbConnection) -> QueryResult<Vec<Lane>> {
    let pauses = pauses::all(db)?;
    if pauses.iter().any(|pause| pause.event.is_none()) {
        return Ok(Vec::new());
    }
    let is_paused = |lane: &Lane| !lane.is_asked_for && pauses.iter().any(|pause| pause.event == lane.event);
    Ok(lanes(db)?.into_iter().filter(|lane| !is_paused(lane)).collect())
}

/// Whether a claim would find anything.
pub(in crate::mail) fn anything_due(db: &mut DbConnection, now: UtcTime) -> QueryResult<bool> {
    for lane in open_lanes(db)? {
        let due = messages::table
            .filter(messages::state.eq(MessageState::Queued))
            .filter(messages::lane.eq(lane.as_str()))
            .filter(messages::due_at.le(now));
        if diesel::select(diesel::dsl::exists(due)).get_result(db)? {
            return Ok(true);
        }
    }
    let abandoned =
        messages::table.filter(messages::state.eq(MessageState::Sending)).filter(messages::lease_until.lt(now));
    diesel::select(diesel::dsl::exists(abandoned)).get_result(db)
}

/// Takes due messages for a lease. Messages whose worker died come back first. Two nodes that look at the same rows
/// at once don't both get them: the update asks for the state again. Where minutes are limited, nodes take one after
/// another, so that together they keep the limit.
pub(in crate::mail) fn claim_due(db: &mut DbConnection, claim: Claim) -> QueryResult<Vec<OutboxMessage>> {
    let Claim { now, limits, .. } = claim;
    give_back_abandoned(db, now)?;
    let lanes = open_lanes(db)?;
    let paced = pacing::is_needed(db, now, limits)?;
    let room = if limits.is_none() { claim.limit } else { claim.limit.min(pacing::open(db, now, limits)?) };
    let look = if paced { LOOK } else { room };
    for _ in 0..ROUNDS {
        let due = if room > 0 { due(db, &lanes, now, look)? } else { Vec::new() };
        if due.is_empty() {
            break;
        }
        let domains: Vec<String> = due.iter().map(|one| one.domain.clone()).collect();
        let mut paces = if paced { pacing::of(db, &domains)? } else { BTreeMap::new() };
        let shares = share(due, now, (limits, room as usize), &mut paces);
        for (until, ids) in together(shares.moved) {
            wait(db, &ids, until)?;
        }
        let taken = take(db, claim, &shares.taken)?;
        if limits.per_domain > 0 {
            pacing::keep(db, &paces)?;
        }
        if !limits.is_none() {
            pacing::count(db, now, taken.len())?;
        }
        if !taken.is_empty() {
            return Ok(taken);
        }
    }
    Ok(Vec::new())
}

fn give_back_abandoned(db: &mut DbConnection, now: UtcTime) -> QueryResult<()> {
    let abandoned =
        messages::table.filter(messages::state.eq(MessageState::Sending)).filter(messages::lease_until.lt(now));
    diesel::update(abandoned)
        .set((
            messages::state.eq(MessageState::Queued),
            messages::lease_id.eq(None::<LeaseId>),
            messages::lease_until.eq(None::<UtcTime>),
        ))
        .execute(db)
        .map(drop)
}

/// What is due in these lanes: first what somebody waits for, then the oldest.
fn due(db: &mut DbConnection, lanes: &[Lane], now: UtcTime, limit: i64) -> QueryResult<Vec<Due<MessageId>>> {
    let mut found: Vec<(bool, UtcTime, MessageId, String)> = Vec::new();
    for lane in lanes {
        let rows: Vec<(UtcTime, MessageId, String)> = messages::table
            .filter(messages::state.eq(MessageState::Queued))
            .filter(messages::lane.eq(lane.as_str()))
            .filter(messages::due_at.le(now))
            .order(messages::due_at)
            .limit(limit)
            .select((messages::due_at, messages::id, messages::recipient_domain))
            .load(db)?;
        found.extend(rows.into_iter().map(|(due_at, id, domain)| (!lane.is_asked_for, due_at, id, domain)));
    }
    found.sort();
    let limit = usize::try_from(limit).unwrap_or(0);
    let all = found.into_iter().take(limit);
    Ok(all.map(|(can_wait, _, id, domain)| Due { id, domain, is_asked_for: !can_wait }).collect())
}

fn take(db: &mut DbConnection, claim: Claim, ids: &[MessageId]) -> QueryResult<Vec<OutboxMessage>> {
    let queued = messages::table.filter(messages::id.eq_any(ids)).filter(messages::state.eq(MessageState::Queued));
    let taken: Vec<MessageId> = diesel::update(queued)
        .set((
            messages::state.eq(MessageState::Sending),
            messages::attempts.eq(messages::attempts + 1),
            messages::lease_id.eq(claim.lease),
            messages::lease_until.eq(claim.until),
        ))
        .returning(messages::id)
        .get_results(db)?;
    let rows: Vec<ClaimedRow> =
        messages::table.filter(messages::id.eq_any(&taken)).select(ClaimedRow::as_select()).load(db)?;
    let order: HashMap<MessageId, usize> = ids.iter().enumerate().map(|(at, id)| (*id, at)).collect();
    let mut claimed = rows.into_iter().map(ClaimedRow::into_message).collect::<QueryResult<Vec<_>>>()?;
    claimed.sort_by_key(|message| order.get(&message.id).copied());
    Ok(claimed)
}

/// Moved messages by the instant that they are moved to.
fn together(moved: Vec<(MessageId, UtcTime)>) -> Vec<(UtcTime, Vec<MessageId>)> {
    let mut groups: Vec<(UtcTime, Vec<MessageId>)> = Vec::new();
    let mut moved = moved;
    moved.sort_by_key(|(_, until)| *until);
    for (id, until) in moved {
        match groups.last_mut() {
            Some((known, ids)) if *known == until => ids.push(id),
            _ => groups.push((until, vec![id])),
        }
    }
    groups
}

fn wait(db: &mut DbConnection, ids: &[MessageId], until: UtcTime) -> QueryResult<()> {
    let queued = messages::table.filter(messages::id.eq_any(ids)).filter(messages::state.eq(MessageState::Queued));
    diesel::update(queued).set(messages::due_at.eq(until)).execute(db).map(drop)
}
