//! The tables `mail_pauses` and `mail_rules`.

use crate::db::schema::{events, mail_pauses, mail_rules, registrations, users};
use crate::db::{DbConnection, EventId, RegistrationId, UserId, UtcTime};
use crate::each_backend;
use crate::mail::model::MessageKind;
use crate::mail::policy::{Pause, Rules};
use crate::mail::quiet::QuietHours;
use diesel::prelude::*;

/// The scope of the whole installation.
const INSTALLATION: &str = "";

fn scope(event: Option<EventId>) -> String {
    event.map_or_else(|| INSTALLATION.to_owned(), |event| event.to_string())
}

/// Where sending is paused.
pub(in crate::mail) fn all(db: &mut DbConnection) -> QueryResult<Vec<Pause>> {
    let rows: Vec<(String, UtcTime, Option<String>)> = mail_pauses::table
        .left_join(users::table)
        .order(mail_pauses::paused_at)
        .select((mail_pauses::scope, mail_pauses::paused_at, users::name.nullable()))
        .load(db)?;
    let pause = |(scope, since, by): (String, UtcTime, Option<String>)| {
        let event = if scope == INSTALLATION { None } else { Some(scope.parse().ok()?) };
        Some(Pause { event, since, by: by.unwrap_or_default() })
    };
    Ok(rows.into_iter().filter_map(pause).collect())
}

/// Pauses sending; false where it is paused already.
pub(in crate::mail) fn pause(
    db: &mut DbConnection,
    now: UtcTime,
    event: Option<EventId>,
    by: Option<UserId>,
) -> QueryResult<bool> {
    let added = each_backend!(db, backend => diesel::insert_into(mail_pauses::table)
        .values((mail_pauses::scope.eq(scope(event)), mail_pauses::paused_at.eq(now), mail_pauses::paused_by.eq(by)))
        .on_conflict_do_nothing()
        .execute(backend))?;
    Ok(added == 1)
}

/// Lets mail leave again; false where it was not paused.
pub(in crate::mail) fn resume(db: &mut DbConnection, event: Option<EventId>) -> QueryResult<bool> {
    Ok(diesel::delete(mail_pauses::table.find(scope(event))).execute(db)? == 1)
}

/// What an event has said of its mail.
pub(in crate::mail) fn rules(db: &mut DbConnection, event: EventId) -> QueryResult<Option<Rules>> {
    type Row = (String, Option<i32>, Option<i32>, i32);
    let row: Option<Row> = mail_rules::table
        .find(event)
        .select((mail_rules::held, mail_rules::quiet_from, mail_rules::quiet_until, mail_rules::version))
        .first(db)
        .optional()?;
    let Some((held, from, until, version)) = row else { return Ok(None) };
    // A kind that a later version of the program has given up is held no more.
    let words: Vec<String> =
        serde_json::from_str(&held).map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
    let held: Vec<MessageKind> = words.iter().filter_map(|word| word.parse().ok()).collect();
    let quiet = from.zip(until).and_then(|(from, until)| QuietHours::of_minutes(from, until));
    Ok(Some(Rules { held, quiet, version }))
}

/// Keeps what an event says of its mail; false where it has another version by now.
pub(in crate::mail) fn keep_rules(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    rules: &Rules,
) -> QueryResult<bool> {
    let held =
        serde_json::to_string(&rules.held).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    let (from, until) = rules.quiet.map(QuietHours::minutes).unzip();
    let values = (
        mail_rules::held.eq(&held),
        mail_rules::quiet_from.eq(from),
        mail_rules::quiet_until.eq(until),
        mail_rules::version.eq(rules.version + 1),
        mail_rules::updated_at.eq(now),
    );
    let changed = if rules.version == 0 {
        each_backend!(db, backend => diesel::insert_into(mail_rules::table)
            .values((mail_rules::event_id.eq(event), values))
            .on_conflict_do_nothing()
            .execute(backend))?
    } else {
        diesel::update(mail_rules::table.find(event).filter(mail_rules::version.eq(rules.version)))
            .set(values)
            .execute(db)?
    };
    Ok(changed == 1)
}

/// The countries of registrations, where they are known.
pub(in crate::mail) type Countries = Vec<(RegistrationId, Option<String>)>;

/// The country of a registration and the zone of an event, by which the recipient's clock is known.
pub(in crate::mail) fn whereabouts(
    db: &mut DbConnection,
    event: EventId,
    people: &[RegistrationId],
) -> QueryResult<(String, Countries)> {
    let zone = events::table.find(event).select(events::timezone).first(db)?;
    let countries = if people.is_empty() {
        Vec::new()
    } else {
        registrations::table
            .filter(registrations::id.eq_any(people))
            .select((registrations::id, registrations::country))
            .load(db)?
    };
    Ok((zone, countries))
}
