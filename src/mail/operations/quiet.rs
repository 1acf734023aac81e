//! When a message may leave that nobody waits for.

use crate::db::{DbConnection, EventId, RegistrationId, UtcTime};
use crate::mail::quiet::QuietHours;
use crate::mail::store;
use crate::notices::zones::of_country;
use chrono_tz::Tz;
use diesel::QueryResult;
use std::collections::HashMap;

/// The clocks of an event's recipients: of attendees those of their country, where it has one time; the event's of
/// all others.
pub(super) struct Clocks {
    event: Tz,
    people: HashMap<RegistrationId, Tz>,
}

impl Clocks {
    pub(super) fn of(db: &mut DbConnection, event: EventId, people: &[RegistrationId]) -> QueryResult<Self> {
        let (zone, countries) = store::pauses::whereabouts(db, event, people)?;
        let known = countries.into_iter().filter_map(|(id, country)| Some((id, of_country(country.as_deref()?)?)));
        Ok(Self { event: zone.parse().unwrap_or(Tz::UTC), people: known.collect() })
    }

    pub(super) fn zone(&self, registration: Option<RegistrationId>) -> Tz {
        registration.and_then(|id| self.people.get(&id).copied()).unwrap_or(self.event)
    }
}

/// When a message may leave that is ready now.
pub(super) fn leaves(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    quiet: QuietHours,
    registration: Option<RegistrationId>,
) -> QueryResult<UtcTime> {
    let clocks = Clocks::of(db, event, registration.as_slice())?;
    Ok(quiet.after(now, clocks.zone(registration)))
}
