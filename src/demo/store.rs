//! Filling an event with made-up rows. The demo writes them itself, in bulk, as an import does.

use super::model::{DemoRegistration, DemoSession, DemoSlot, Document};
use crate::accounts::model::TeamRole;
use crate::db::schema::{
    categories, form_openings, formats, forums, membership_forums, memberships, registrations, rooms, session_speakers,
    sessions, slots, speakers, users, zones,
};
use crate::db::{
    CategoryId, DbConnection, EventId, FormatId, ForumId, Json, MembershipId, RegistrationId, RoomId, SessionId,
    SlotId, SpeakerId, UserId, UtcTime, ZoneId,
};
use crate::events::model::Event;
use crate::i18n::{Localized, search_key};
use crate::programme::model::{Link, Session};
use crate::registration::model::{Details, Registration, RegistrationState};
use chrono::{NaiveTime, TimeDelta};
use diesel::prelude::*;
use std::collections::HashMap;

/// From codes in the file to rows.
#[derive(Default)]
struct Codes<'a> {
    rooms: HashMap<&'a str, RoomId>,
    forums: HashMap<&'a str, ForumId>,
    formats: HashMap<&'a str, FormatId>,
    speakers: HashMap<&'a str, SpeakerId>,
    categories: HashMap<&'a str, CategoryId>,
}

fn unfit<E: std::error::Error + Send + Sync + 'static>(error: E) -> diesel::result::Error {
    diesel::result::Error::SerializationError(Box::new(error))
}

fn place(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

/// Adds everything that a document holds to its event.
pub(super) fn fill(db: &mut DbConnection, now: UtcTime, event: &Event, document: &Document) -> QueryResult<()> {
    let mut codes = Codes::default();
    add_rooms(db, now, event, document, &mut codes)?;
    add_strands(db, now, event, document, &mut codes)?;
    add_speakers(db, now, event, document, &mut codes)?;
    for session in &document.sessions {
        add_session(db, now, event, session, &codes)?;
    }
    add_zones(db, event, document)?;
    add_categories(db, now, event, document, &mut codes)?;
    for (number, registration) in document.registrations.iter().enumerate() {
        add_registration(db, now, event, number, registration, &codes)?;
    }
    add_openings(db, now, event, document.registrations.len())
}

/// Made-up openings of the form over the weeks before, more of them where more people registered.
fn add_openings(db: &mut DbConnection, now: UtcTime, event: &Event, registrations: usize) -> QueryResult<()> {
    let beginning = now.timestamp() - now.timestamp() % 3600;
    for step in 0..i64::from(place(registrations)) {
        let Some(hour) = chrono::DateTime::from_timestamp(beginning - step * 7 * 3600, 0) else { continue };
        for (source, every, openings) in [("direct", 1, 2), ("site", 2, 3), ("newsletter", 3, 4), ("elsewhere", 5, 2)] {
            if step % every == 0 {
                diesel::insert_into(form_openings::table)
                    .values((
                        form_openings::event_id.eq(event.id),
                        form_openings::hour.eq(UtcTime::from(hour)),
                        form_openings::source.eq(source),
                        form_openings::openings.eq(openings),
                    ))
                    .execute(db)?;
            }
        }
    }
    Ok(())
}

fn add_rooms<'a>(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    document: &'a Document,
    codes: &mut Codes<'a>,
) -> QueryResult<()> {
    for (index, room) in document.rooms.iter().enumerate() {
        let id = RoomId::new();
        codes.rooms.insert(&room.code, id);
        diesel::insert_into(rooms::table)
            .values((
                rooms::id.eq(id),
                rooms::event_id.eq(event.id),
                rooms::code.eq(room.code.to_lowercase()),
                rooms::name.eq(&room.name),
                rooms::building.eq(&room.building),
                rooms::capacity.eq(room.capacity),
                rooms::booths.eq(room.booths),
                rooms::channels.eq(Json::new(room.channels.clone()).map_err(unfit)?),
                rooms::position.eq(place(index)),
                rooms::guid.eq(id.as_str()),
                rooms::version.eq(1),
                rooms::created_at.eq(now),
                rooms::updated_at.eq(now),
            ))
            .execute(db)?;
    }
    Ok(())
}

fn add_strands<'a>(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    document: &'a Document,
    codes: &mut Codes<'a>,
) -> QueryResult<()> {
    for (index, forum) in document.forums.iter().enumerate() {
        let id = ForumId::new();
        codes.forums.insert(&forum.code, id);
        diesel::insert_into(forums::table)
            .values((
                forums::id.eq(id),
                forums::event_id.eq(event.id),
                forums::code.eq(forum.code.to_lowercase()),
                forums::name.eq(&forum.name),
                forums::description.eq(&forum.description),
                forums::color.eq(&forum.color),
                forums::position.eq(place(index)),
                forums::version.eq(1),
                forums::created_at.eq(now),
                forums::updated_at.eq(now),
            ))
            .execute(db)?;
    }
    for (index, format) in document.formats.iter().enumerate() {
        let id = FormatId::new();
        codes.formats.insert(&format.code, id);
        diesel::insert_into(formats::table)
            .values((
                formats::id.eq(id),
                formats::event_id.eq(event.id),
                formats::code.eq(format.code.to_lowercase()),
                formats::name.eq(&format.name),
                formats::minutes.eq(format.minutes),
                formats::position.eq(place(index)),
                formats::version.eq(1),
                formats::created_at.eq(now),
                formats::updated_at.eq(now),
            ))
            .execute(db)?;
    }
    Ok(())
}

fn add_speakers<'a>(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    document: &'a Document,
    codes: &mut Codes<'a>,
) -> QueryResult<()> {
    for speaker in &document.speakers {
        let id = SpeakerId::new();
        codes.speakers.insert(&speaker.code, id);
        let names = [speaker.name.as_str(), speaker.native_name.as_deref().unwrap_or_default()];
        let key = search_key(names.into_iter().chain(speaker.organisation.iter().map(|(_, text)| text)));
        diesel::insert_into(speakers::table)
            .values((
                (
                    speakers::id.eq(id),
                    speakers::event_id.eq(event.id),
                    speakers::code.eq(&speaker.code),
                    speakers::guid.eq(id.as_str()),
                    speakers::name.eq(&speaker.name),
                    speakers::native_name.eq(&speaker.native_name),
                    speakers::position.eq(&speaker.position),
                    speakers::organisation.eq(&speaker.organisation),
                ),
                (
                    speakers::country.eq(&speaker.country),
                    speakers::biography.eq(&speaker.biography),
                    speakers::email.eq(&speaker.email),
                    speakers::language.eq(speaker.language),
                    speakers::search_key.eq(key),
                    speakers::version.eq(1),
                    speakers::created_at.eq(now),
                    speakers::updated_at.eq(now),
                ),
            ))
            .execute(db)?;
    }
    Ok(())
}

fn add_session(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    session: &DemoSession,
    codes: &Codes<'_>,
) -> QueryResult<()> {
    let id = SessionId::new();
    let row = Session {
        id,
        event_id: event.id,
        code: session.code.to_lowercase(),
        guid: id.to_string(),
        title: session.title.clone(),
        subtitle: Localized::new(),
        abstract_text: session.r#abstract.clone(),
        description: session.description.clone().unwrap_or_default(),
        format_id: codes.formats.get(session.format.as_str()).copied(),
        forum_id: session.forum.as_deref().and_then(|forum| codes.forums.get(forum)).copied(),
        language: Some(session.language),
        interpreted: Json::new(session.interpreted.clone()).map_err(unfit)?,
        access: session.access,
        capacity: session.capacity,
        state: session.state,
        may_record: session.may_record,
        links: Json::new(Vec::<Link>::new()).map_err(unfit)?,
        search_key: search_key(session.title.iter().map(|(_, text)| text)),
        source_key: None,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    diesel::insert_into(sessions::table).values(row).execute(db)?;
    for (position, part) in session.speakers.iter().enumerate() {
        let Some(speaker) = codes.speakers.get(part.speaker.as_str()) else { continue };
        diesel::insert_into(session_speakers::table)
            .values((
                session_speakers::session_id.eq(id),
                session_speakers::speaker_id.eq(*speaker),
                session_speakers::role.eq(part.role),
                session_speakers::position.eq(place(position)),
            ))
            .execute(db)?;
    }
    match &session.slot {
        Some(slot) => add_slot(db, now, event, id, slot, codes),
        None => Ok(()),
    }
}

fn add_slot(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    session: SessionId,
    slot: &DemoSlot,
    codes: &Codes<'_>,
) -> QueryResult<()> {
    let time = NaiveTime::parse_from_str(&slot.start, "%H:%M").map_err(unfit)?;
    let Ok(start) = crate::schedule::times::resolve(slot.day, time, event.zone(), None) else { return Ok(()) };
    diesel::insert_into(slots::table)
        .values((
            slots::id.eq(SlotId::new()),
            slots::event_id.eq(event.id),
            slots::session_id.eq(session),
            slots::room_id.eq(codes.rooms.get(slot.room.as_str()).copied()),
            slots::starts_at.eq(start),
            slots::ends_at.eq(start + TimeDelta::minutes(slot.minutes)),
            slots::guid.eq(session.as_str()),
            slots::version.eq(1),
            slots::created_at.eq(now),
            slots::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(())
}

fn add_zones(db: &mut DbConnection, event: &Event, document: &Document) -> QueryResult<()> {
    for (index, zone) in document.zones.iter().enumerate() {
        diesel::insert_into(zones::table)
            .values((
                zones::id.eq(ZoneId::new()),
                zones::event_id.eq(event.id),
                zones::code.eq(&zone.code),
                zones::name.eq(&zone.name),
                zones::position.eq(place(index)),
            ))
            .execute(db)?;
    }
    Ok(())
}

fn add_categories<'a>(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    document: &'a Document,
    codes: &mut Codes<'a>,
) -> QueryResult<()> {
    for (index, category) in document.categories.iter().enumerate() {
        let id = CategoryId::new();
        codes.categories.insert(&category.code, id);
        let holds = |registration: &&DemoRegistration| {
            registration.category == category.code && takes_place(registration.state)
        };
        diesel::insert_into(categories::table)
            .values((
                categories::id.eq(id),
                categories::event_id.eq(event.id),
                categories::code.eq(&category.code),
                categories::name.eq(&category.name),
                categories::description.eq(&category.description),
                categories::includes.eq(&category.includes),
                categories::capacity.eq(category.capacity),
                categories::taken.eq(place(document.registrations.iter().filter(holds).count())),
                categories::access_code.eq(&category.access_code),
                categories::badge_color.eq(&category.badge_color),
                categories::zones.eq(Json::new(category.zones.clone()).map_err(unfit)?),
                categories::may_transfer.eq(category.access_code.is_none()),
                categories::position.eq(place(index)),
                categories::version.eq(1),
                categories::created_at.eq(now),
                categories::updated_at.eq(now),
            ))
            .execute(db)?;
    }
    Ok(())
}

/// Whether a registration in this state holds a place.
fn takes_place(state: RegistrationState) -> bool {
    matches!(state, RegistrationState::Confirmed | RegistrationState::Unverified)
}

fn add_registration(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    number: usize,
    registration: &DemoRegistration,
    codes: &Codes<'_>,
) -> QueryResult<()> {
    let Some(category) = codes.categories.get(registration.category.as_str()) else { return Ok(()) };
    let email_key = registration.email.to_lowercase();
    let code = format!("DEMO{number:03}");
    let details = Details {
        given_name: registration.given_name.clone(),
        family_name: registration.family_name.clone(),
        native_name: registration.native_name.clone(),
        organisation: registration.organisation.clone(),
        position: registration.position.clone(),
        country: Some(registration.country.clone()),
        ..Details::default()
    }
    .in_usual_order();
    // Spread over the weeks before, so that lists and counts look alive.
    let at = now - TimeDelta::hours(7 * i64::from(place(number)) + 1);
    let is_over = matches!(registration.state, RegistrationState::Cancelled | RegistrationState::Expired);
    let row = Registration {
        id: RegistrationId::new(),
        event_id: event.id,
        category_id: *category,
        search_key: details.search_key(&email_key, &code),
        sort_key: details.sort_key(),
        code,
        state: registration.state,
        email: registration.email.clone(),
        given_name: details.given_name,
        family_name: details.family_name,
        native_name: details.native_name,
        organisation: details.organisation,
        position: details.position,
        country: details.country,
        language: registration.language,
        privacy_accepted_at: at,
        verify_by: (registration.state == RegistrationState::Unverified).then_some(now + TimeDelta::hours(48)),
        confirmed_at: (registration.state == RegistrationState::Confirmed).then_some(at + TimeDelta::minutes(11)),
        ended_at: is_over.then_some(now - TimeDelta::hours(2)),
        calendar_sequence: 0,
        version: 1,
        created_at: at,
        updated_at: at,
        honorific: details.honorific,
        name_order: details.name_order,
        nationality: details.nationality,
        ticket_serial: 0,
        email_key,
    };
    diesel::insert_into(registrations::table).values(row).execute(db)?;
    Ok(())
}

/// Gives an account a role at an event; a forum organizer gets the first forum.
pub(super) fn give_role(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    address: &str,
    role: TeamRole,
) -> QueryResult<()> {
    let user: UserId = users::table.filter(users::email_key.eq(address)).select(users::id).first(db)?;
    let id = MembershipId::new();
    diesel::insert_into(memberships::table)
        .values((
            memberships::id.eq(id),
            memberships::event_id.eq(event),
            memberships::user_id.eq(user),
            memberships::role.eq(role),
            memberships::created_at.eq(now),
        ))
        .execute(db)?;
    let first: Option<ForumId> = forums::table
        .filter(forums::event_id.eq(event))
        .order(forums::position)
        .select(forums::id)
        .first(db)
        .optional()?;
    if let (TeamRole::ForumOrganizer, Some(forum)) = (role, first) {
        diesel::insert_into(membership_forums::table)
            .values((membership_forums::membership_id.eq(id), membership_forums::forum_id.eq(forum)))
            .execute(db)?;
    }
    Ok(())
}
