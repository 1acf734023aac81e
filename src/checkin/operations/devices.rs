//! Devices: a code that works once, then a cookie with the right to scan and no other.

use super::DoorError;
use crate::audit::{self, Actor, Entry};
use crate::checkin::model::{Device, Gate};
use crate::checkin::store::{devices as store, gates};
use crate::db::{DbConnection, DeviceId, EventId, GateId, UserId, UtcTime};
use crate::events::{self, model::Event};
use crate::web::{Token, TokenHash};
use chrono::TimeDelta;
use diesel::QueryResult;

/// Minutes for which the code of a device works.
pub const CODE_MINUTES: i64 = 30;

/// Seconds after which it is remembered anew that a device is in use.
const SEEN_SECONDS: i64 = 60;

/// A device to be added.
pub struct NewDevice {
    /// What people call it.
    pub name: String,
    /// The gate where it stands.
    pub gate: Option<GateId>,
    /// The hash of its code.
    pub code: TokenHash,
    /// Who makes it.
    pub by: UserId,
}

/// Adds a device that can be signed in by its code.
///
/// # Errors
/// When there is no such gate.
pub fn add_device(db: &mut DbConnection, now: UtcTime, event: EventId, new: &NewDevice) -> Result<DeviceId, DoorError> {
    if let Some(gate) = new.gate {
        gates::find(db, event, gate)?.ok_or(DoorError::NotFound)?;
    }
    let device = Device {
        id: DeviceId::new(),
        event_id: event,
        gate_id: new.gate,
        name: new.name.clone(),
        code_hash: Some(new.code.clone()),
        code_until: Some(now + TimeDelta::minutes(CODE_MINUTES)),
        token_hash: None,
        created_by: Some(new.by),
        created_at: now,
        seen_at: None,
        revoked_at: None,
    };
    store::insert(db, &device)?;
    note(db, now, Actor::User(new.by), event, ("device.added", device.id))?;
    Ok(device.id)
}

/// Gives a device another code and ends its sign-in.
///
/// # Errors
/// When there is no such device or it is revoked.
pub fn renew_code(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    key: (EventId, DeviceId),
    code: &TokenHash,
) -> Result<(), DoorError> {
    if !store::renew(db, now + TimeDelta::minutes(CODE_MINUTES), key, code)? {
        return Err(DoorError::NotFound);
    }
    note(db, now, actor, key.0, ("device.code-renewed", key.1))
}

/// Ends a device for good: its next request is refused.
///
/// # Errors
/// When there is no such device or it is revoked already.
pub fn revoke(db: &mut DbConnection, now: UtcTime, actor: Actor, key: (EventId, DeviceId)) -> Result<(), DoorError> {
    if !store::revoke(db, now, key)? {
        return Err(DoorError::NotFound);
    }
    note(db, now, actor, key.0, ("device.revoked", key.1))
}

/// Takes the code of a device, which works once, for a token.
///
/// # Errors
/// When the code is wrong, used or too old, or there is no such event: all the same to who asks.
pub fn sign_in(
    db: &mut DbConnection,
    now: UtcTime,
    slug: &str,
    (code, token): (&TokenHash, &TokenHash),
) -> Result<(), DoorError> {
    let event = events::operations::by_slug(db, slug)?.ok_or(DoorError::WrongCode)?;
    let device = store::redeem(db, now, event.id, (code, token))?.ok_or(DoorError::WrongCode)?;
    note(db, now, Actor::Visitor, event.id, ("device.signed-in", device))
}

fn note(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (action, device): (&'static str, DeviceId),
) -> Result<(), DoorError> {
    Ok(audit::note(db, now, &Entry::new(Some(event), actor, action, "device", device.as_str()))?)
}

/// The devices of an event and its gates.
///
/// # Errors
/// When the database refuses.
pub fn devices(db: &mut DbConnection, event: EventId) -> QueryResult<(Vec<Device>, Vec<Gate>)> {
    Ok((store::all(db, event)?, gates::all(db, event)?))
}

/// A device that may scan, and where.
pub struct SignedIn {
    /// The device.
    pub device: Device,
    /// The event.
    pub event: Event,
}

impl SignedIn {
    /// Whether it is time to remember that the device is in use.
    #[must_use]
    pub fn is_to_be_seen(&self, now: UtcTime) -> bool {
        self.device.seen_at.is_none_or(|seen| now - seen > TimeDelta::seconds(SEEN_SECONDS))
    }
}

/// The device at this event whose cookie holds the token.
///
/// # Errors
/// When the database refuses.
pub fn scanner(db: &mut DbConnection, slug: &str, token: &TokenHash) -> QueryResult<Option<SignedIn>> {
    let Some(event) = events::operations::by_slug(db, slug)? else { return Ok(None) };
    let device = store::by_token(db, event.id, token)?;
    Ok(device.map(|device| SignedIn { device, event }))
}

/// Remembers the gate that was chosen on a device.
///
/// # Errors
/// When there is no such gate.
pub fn stands_at(db: &mut DbConnection, event: EventId, device: DeviceId, gate: GateId) -> Result<(), DoorError> {
    gates::find(db, event, gate)?.ok_or(DoorError::NotFound)?;
    Ok(store::stands_at(db, device, gate)?)
}

impl NewDevice {
    /// A new code: eight letters and digits that can't be mistaken for one another.
    #[must_use]
    pub fn new_code() -> String {
        const LETTERS: &[u8] = b"23456789BCDFGHJKMNPQRSTVWXZ";
        // Drawn without the bytes at the end that would make some letters likelier.
        let fair = 256 - 256 % LETTERS.len();
        std::iter::repeat_with(rand::random::<u8>)
            .filter(|byte| usize::from(*byte) < fair)
            .take(8)
            .map(|byte| char::from(LETTERS[usize::from(byte) % LETTERS.len()]))
            .collect()
    }

    /// The hash of a code however it is typed.
    #[must_use]
    pub fn hash(typed: &str) -> TokenHash {
        let plain: String = typed.chars().filter(char::is_ascii_alphanumeric).collect();
        Token::received(plain.to_ascii_uppercase()).hash()
    }
}

/// Remembers that a device is in use, for the list of devices.
pub(super) fn seen(db: &mut DbConnection, now: UtcTime, device: DeviceId) -> QueryResult<()> {
    store::seen(db, now, device)
}
