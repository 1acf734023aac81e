//! The table `devices`.

use crate::checkin::model::Device;
use crate::db::schema::devices;
use crate::db::{DbConnection, DeviceId, EventId, GateId, UtcTime};
use crate::web::TokenHash;
use diesel::prelude::*;

/// The devices of an event, the newest first.
pub(in crate::checkin) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Device>> {
    devices::table
        .filter(devices::event_id.eq(event))
        .order((devices::created_at.desc(), devices::id.desc()))
        .select(Device::as_select())
        .load(db)
}

/// Adds a device.
pub(in crate::checkin) fn insert(db: &mut DbConnection, device: &Device) -> QueryResult<()> {
    diesel::insert_into(devices::table).values(device).execute(db).map(drop)
}

/// The device of an event that holds this token.
pub(in crate::checkin) fn by_token(
    db: &mut DbConnection,
    event: EventId,
    token: &TokenHash,
) -> QueryResult<Option<Device>> {
    devices::table
        .filter(devices::token_hash.eq(token))
        .filter(devices::event_id.eq(event))
        .filter(devices::revoked_at.is_null())
        .select(Device::as_select())
        .first(db)
        .optional()
}

/// Takes a code that works at `now` and puts the token in its place; returns the device. The guard
/// lets one of two win that type the same code.
pub(in crate::checkin) fn redeem(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    (code, token): (&TokenHash, &TokenHash),
) -> QueryResult<Option<DeviceId>> {
    let device: Option<DeviceId> = devices::table
        .filter(devices::code_hash.eq(code))
        .filter(devices::event_id.eq(event))
        .filter(devices::code_until.gt(now))
        .filter(devices::revoked_at.is_null())
        .select(devices::id)
        .first(db)
        .optional()?;
    let Some(device) = device else { return Ok(None) };
    let taken = diesel::update(devices::table.find(device).filter(devices::code_hash.eq(code)))
        .set((
            devices::code_hash.eq(None::<TokenHash>),
            devices::code_until.eq(None::<UtcTime>),
            devices::token_hash.eq(token),
            devices::seen_at.eq(now),
        ))
        .execute(db)?;
    Ok((taken == 1).then_some(device))
}

/// Gives a device a new code, which ends its sign-in; returns whether there is such a device.
pub(in crate::checkin) fn renew(
    db: &mut DbConnection,
    until: UtcTime,
    (event, device): (EventId, DeviceId),
    code: &TokenHash,
) -> QueryResult<bool> {
    let own = devices::table.find(device).filter(devices::event_id.eq(event)).filter(devices::revoked_at.is_null());
    let renewed = diesel::update(own)
        .set((devices::code_hash.eq(code), devices::code_until.eq(until), devices::token_hash.eq(None::<TokenHash>)))
        .execute(db)?;
    Ok(renewed == 1)
}

/// Ends a device for good; returns whether it was not ended already.
pub(in crate::checkin) fn revoke(
    db: &mut DbConnection,
    now: UtcTime,
    (event, device): (EventId, DeviceId),
) -> QueryResult<bool> {
    let own = devices::table.find(device).filter(devices::event_id.eq(event)).filter(devices::revoked_at.is_null());
    let revoked = diesel::update(own)
        .set((
            devices::revoked_at.eq(now),
            devices::code_hash.eq(None::<TokenHash>),
            devices::token_hash.eq(None::<TokenHash>),
        ))
        .execute(db)?;
    Ok(revoked == 1)
}

/// Remembers that a device asked for something.
pub(in crate::checkin) fn seen(db: &mut DbConnection, now: UtcTime, device: DeviceId) -> QueryResult<()> {
    diesel::update(devices::table.find(device)).set(devices::seen_at.eq(now)).execute(db).map(drop)
}

/// Remembers the gate where a device stands.
pub(in crate::checkin) fn stands_at(db: &mut DbConnection, device: DeviceId, gate: GateId) -> QueryResult<()> {
    diesel::update(devices::table.find(device)).set(devices::gate_id.eq(gate)).execute(db).map(drop)
}
