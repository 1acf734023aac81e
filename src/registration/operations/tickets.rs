//! Events' keys for signing tickets.

use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, EventId, RegistrationId, UtcTime};
use crate::registration::store::{keys, registrations};
use crate::registration::ticket::TicketKey;
use crate::web::Failure;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use diesel::QueryResult;

/// The key of an event, if it has one already.
///
/// # Errors
/// When the database refuses or holds something else.
pub fn find_ticket_key(db: &mut DbConnection, event: EventId) -> QueryResult<Option<TicketKey>> {
    keys::ticket_secret(db, event)?.map(|secret| read(&secret)).transpose()
}

/// The key of an event, which is this one if it had none.
///
/// # Errors
/// When the database refuses or holds something else.
pub fn give_ticket_key(db: &mut DbConnection, now: UtcTime, event: EventId, new: &TicketKey) -> QueryResult<TicketKey> {
    keys::insert_ticket_key(db, now, event, (&STANDARD.encode(new.public()), &STANDARD.encode(new.secret())))?;
    find_ticket_key(db, event)?.ok_or(diesel::result::Error::NotFound)
}

fn read(secret: &str) -> QueryResult<TicketKey> {
    let invalid = || diesel::result::Error::DeserializationError("a ticket key is not valid".into());
    let bytes = STANDARD.decode(secret).map_err(|_| invalid())?;
    let bytes: [u8; 32] = bytes.try_into().map_err(|_| invalid())?;
    Ok(TicketKey::from_secret(&bytes))
}

/// Makes every ticket of this person issued so far invalid: the next one carries a higher number, at gates
/// earlier ones are revoked.
///
/// # Errors
/// When the database refuses.
pub fn renew_ticket(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, RegistrationId),
) -> QueryResult<()> {
    registrations::renew_ticket(db, now, id)?;
    let entry = Entry::new(Some(event), actor, "registration.ticket-renewed", "registration", id.as_str());
    audit::note(db, now, &entry)
}

/// The event's key for tickets; made when the first ticket needs it.
///
/// # Errors
/// When the database does not answer.
pub async fn give_or_find_ticket_key(app: &App, event: EventId) -> Result<TicketKey, Failure> {
    let known = app.read(move |db| Ok::<_, Failure>(find_ticket_key(db, event)?)).await?;
    match known {
        Some(key) => Ok(key),
        None => {
            let new = TicketKey::new_random();
            app.write(move |db, now| Ok::<_, Failure>(give_ticket_key(db, now, event, &new)?)).await
        }
    }
}
