//! The tables `zones` and `attendance_rules`, and who of the speakers is registered.

use super::model::{AttendanceRules, Speaking, Zone};
use crate::db::schema::{attendance_rules, gates, registrations, speakers, zones};
use crate::db::{DbConnection, EventId, RegistrationId, SpeakerId, UtcTime, ZoneId};
use crate::each_backend;
use crate::i18n::{Lang, Localized};
use diesel::prelude::*;

/// The zones of an event in their order.
pub(super) fn zones_of(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Zone>> {
    zones::table
        .filter(zones::event_id.eq(event))
        .order((zones::position, zones::code))
        .select(Zone::as_select())
        .load(db)
}

/// Adds a zone, the last in order.
pub(super) fn insert_zone(db: &mut DbConnection, zone: &Zone, position: i32) -> QueryResult<()> {
    diesel::insert_into(zones::table)
        .values((
            zones::id.eq(zone.id),
            zones::event_id.eq(zone.event_id),
            zones::code.eq(&zone.code),
            zones::name.eq(&zone.name),
            zones::position.eq(position),
        ))
        .execute(db)
        .map(drop)
}

/// Gives a zone another name; whether there is one.
pub(super) fn rename_zone(db: &mut DbConnection, event: EventId, id: ZoneId, name: &Localized) -> QueryResult<bool> {
    let row = zones::table.find(id).filter(zones::event_id.eq(event));
    Ok(diesel::update(row).set(zones::name.eq(name)).execute(db)? == 1)
}

/// Whether a gate leads to a zone.
pub(super) fn has_gate(db: &mut DbConnection, id: ZoneId) -> QueryResult<bool> {
    diesel::select(diesel::dsl::exists(gates::table.filter(gates::zone_id.eq(id)))).get_result(db)
}

/// Deletes a zone; whether there was one.
pub(super) fn delete_zone(db: &mut DbConnection, event: EventId, id: ZoneId) -> QueryResult<bool> {
    Ok(diesel::delete(zones::table.find(id).filter(zones::event_id.eq(event))).execute(db)? == 1)
}

/// The rules of an event, as they are set.
pub(super) fn rules(db: &mut DbConnection, event: EventId) -> QueryResult<Option<AttendanceRules>> {
    attendance_rules::table.find(event).select(AttendanceRules::as_select()).first(db).optional()
}

/// Sets the rules of an event if they are still of this version; whether they were.
pub(super) fn set_rules(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    rules: &AttendanceRules,
) -> QueryResult<bool> {
    let facts = (
        attendance_rules::speaker_category_id.eq(rules.speaker_category_id),
        attendance_rules::most_bookings.eq(rules.most_bookings),
        attendance_rules::refuses_overlap.eq(rules.refuses_overlap),
        attendance_rules::sealed_days.eq(rules.sealed_days),
        attendance_rules::version.eq(rules.version + 1),
        attendance_rules::updated_at.eq(now),
    );
    let changed = if rules.version == 0 {
        each_backend!(db, backend => diesel::insert_into(attendance_rules::table)
            .values((attendance_rules::event_id.eq(event), facts))
            .on_conflict_do_nothing()
            .execute(backend))?
    } else {
        let same = attendance_rules::table.find(event).filter(attendance_rules::version.eq(rules.version));
        diesel::update(same).set(facts).execute(db)?
    };
    Ok(changed == 1)
}

type SpeakerRow =
    (SpeakerId, String, Option<String>, Option<String>, Localized, Localized, Option<String>, Option<Lang>);

/// Those of these speakers who have an address and were never registered as speakers.
pub(super) fn unregistered(
    db: &mut DbConnection,
    event: EventId,
    of: &[SpeakerId],
    fallback: Lang,
) -> QueryResult<Vec<Speaking>> {
    let known = registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::speaker_id.is_not_null())
        .select(registrations::speaker_id.assume_not_null());
    let rows: Vec<SpeakerRow> = speakers::table
        .filter(speakers::event_id.eq(event))
        .filter(speakers::id.eq_any(of))
        .filter(speakers::email.is_not_null())
        .filter(speakers::id.ne_all(known))
        .order(speakers::id)
        .select((
            speakers::id,
            speakers::name,
            speakers::native_name,
            speakers::email,
            speakers::organisation,
            speakers::position,
            speakers::country,
            speakers::language,
        ))
        .load(db)?;
    let speaking = |row: SpeakerRow| {
        let (id, name, native_name, email, organisation, position, country, language) = row;
        let (native_name, language) = (native_name.unwrap_or_default(), language.unwrap_or(fallback));
        Some(Speaking { id, name, native_name, email: email?, organisation, position, country, language })
    };
    Ok(rows.into_iter().filter_map(speaking).collect())
}

/// Notes which speaker somebody registered is.
pub(super) fn link(db: &mut DbConnection, registration: RegistrationId, speaker: SpeakerId) -> QueryResult<()> {
    diesel::update(registrations::table.find(registration))
        .set(registrations::speaker_id.eq(speaker))
        .execute(db)
        .map(drop)
}

/// Registered speakers who are not among these any more.
pub(super) fn strangers(
    db: &mut DbConnection,
    event: EventId,
    of: &[SpeakerId],
) -> QueryResult<Vec<(RegistrationId, String, String)>> {
    registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::source.eq("speaker"))
        .filter(registrations::ended_at.is_null())
        .filter(registrations::speaker_id.assume_not_null().ne_all(of))
        .order(registrations::sort_key)
        .select((registrations::id, registrations::given_name, registrations::code))
        .load(db)
}
