//! Whom notices go to: speakers, their assistants, attendees; and the links that their mails carry.

use crate::db::schema::{registration_links, registrations, speaker_assistants, speakers};
use crate::db::{AssistantId, DbConnection, EventId, LinkId, RegistrationId, SpeakerId, UtcTime};
use crate::i18n::Lang;
use crate::notices::model::Recipient;
use crate::notices::zones;
use crate::registration::model::{LinkPurpose, PrivateLink, Registration, RegistrationState};
use crate::web::TokenHash;
use diesel::prelude::*;
use std::collections::HashMap;

/// A speaker as far as mails need to know.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = speakers)]
pub(in crate::notices) struct SpeakerRow {
    pub(in crate::notices) id: SpeakerId,
    pub(in crate::notices) event_id: EventId,
    pub(in crate::notices) name: String,
    native_name: Option<String>,
    pub(in crate::notices) email: Option<String>,
    language: Option<Lang>,
    country: Option<String>,
}

/// An assistant as far as mails need to know.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = speaker_assistants)]
pub(in crate::notices) struct AssistantRow {
    id: AssistantId,
    pub(in crate::notices) speaker_id: SpeakerId,
    name: String,
    pub(in crate::notices) email: String,
    language: Option<Lang>,
}

/// The speakers of an event with their assistants.
pub(in crate::notices) fn of_event(
    db: &mut DbConnection,
    event: EventId,
    main: Lang,
) -> QueryResult<HashMap<SpeakerId, Vec<Recipient>>> {
    let people: Vec<SpeakerRow> =
        speakers::table.filter(speakers::event_id.eq(event)).select(SpeakerRow::as_select()).load(db)?;
    let assistants: Vec<AssistantRow> = speaker_assistants::table
        .inner_join(speakers::table)
        .filter(speakers::event_id.eq(event))
        .order(speaker_assistants::id)
        .select(AssistantRow::as_select())
        .load(db)?;
    Ok(recipients(people, assistants, main))
}

/// Some speakers with their assistants.
pub(in crate::notices) fn of_speakers(
    db: &mut DbConnection,
    chosen: &[SpeakerId],
    main: Lang,
) -> QueryResult<HashMap<SpeakerId, Vec<Recipient>>> {
    let people = speaker_rows(db, chosen)?;
    let assistants = assistant_rows(db, chosen)?;
    Ok(recipients(people, assistants, main))
}

/// Some speakers.
pub(in crate::notices) fn speaker_rows(db: &mut DbConnection, chosen: &[SpeakerId]) -> QueryResult<Vec<SpeakerRow>> {
    speakers::table.filter(speakers::id.eq_any(chosen)).select(SpeakerRow::as_select()).load(db)
}

/// The assistants of some speakers.
pub(in crate::notices) fn assistant_rows(
    db: &mut DbConnection,
    chosen: &[SpeakerId],
) -> QueryResult<Vec<AssistantRow>> {
    speaker_assistants::table
        .filter(speaker_assistants::speaker_id.eq_any(chosen))
        .order(speaker_assistants::id)
        .select(AssistantRow::as_select())
        .load(db)
}

/// Whoever has an address, the speaker first. A speaker without any is there with nobody.
fn recipients(
    people: Vec<SpeakerRow>,
    assistants: Vec<AssistantRow>,
    main: Lang,
) -> HashMap<SpeakerId, Vec<Recipient>> {
    let mut found: HashMap<SpeakerId, Vec<Recipient>> = HashMap::new();
    let mut names: HashMap<SpeakerId, SpeakerRow> = HashMap::new();
    for speaker in people {
        let lang = speaker.language.unwrap_or(main);
        let own_name = name_in(&speaker, lang);
        let recipient = speaker.email.clone().map(|email| Recipient {
            speaker: speaker.id,
            assistant: None,
            name: own_name.clone(),
            speaker_name: own_name,
            email,
            lang,
            zone: speaker.country.as_deref().and_then(zones::of_country),
        });
        found.insert(speaker.id, recipient.into_iter().collect());
        names.insert(speaker.id, speaker);
    }
    for assistant in assistants {
        let Some(speaker) = names.get(&assistant.speaker_id) else { continue };
        let lang = assistant.language.or(speaker.language).unwrap_or(main);
        found.entry(speaker.id).or_default().push(Recipient {
            speaker: speaker.id,
            assistant: Some(assistant.id),
            name: assistant.name,
            speaker_name: name_in(speaker, lang),
            email: assistant.email,
            lang,
            zone: None,
        });
    }
    found
}

/// The name in the script of the language, where there is one.
fn name_in(speaker: &SpeakerRow, lang: Lang) -> String {
    let native = speaker.native_name.as_ref().filter(|name| lang.has_script_of(name));
    native.unwrap_or(&speaker.name).clone()
}

/// The registrations of these ids that have not ended.
pub(in crate::notices) fn registrations_of(
    db: &mut DbConnection,
    chosen: &[RegistrationId],
) -> QueryResult<HashMap<RegistrationId, Registration>> {
    let rows: Vec<Registration> =
        registrations::table.filter(registrations::id.eq_any(chosen)).select(Registration::as_select()).load(db)?;
    Ok(rows.into_iter().map(|row| (row.id, row)).collect())
}

/// Whether a registration wants to be told of changes.
pub(in crate::notices) fn wants(db: &mut DbConnection, id: RegistrationId) -> QueryResult<bool> {
    registrations::table.find(id).select(registrations::wants_change_notices).first(db)
}

/// Sets whether a registration wants to be told of changes.
pub(in crate::notices) fn set_wants(db: &mut DbConnection, id: RegistrationId, wants: bool) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set(registrations::wants_change_notices.eq(wants))
        .execute(db)
        .map(drop)
}

/// Which of these registrations stand confirmed and want to be told of changes.
pub(in crate::notices) fn willing(
    db: &mut DbConnection,
    chosen: &[RegistrationId],
) -> QueryResult<Vec<RegistrationId>> {
    registrations::table
        .filter(registrations::id.eq_any(chosen))
        .filter(registrations::wants_change_notices.eq(true))
        .filter(registrations::state.eq(RegistrationState::Confirmed))
        .select(registrations::id)
        .load(db)
}

/// Keeps the link of an attendee's mail.
pub(in crate::notices) fn insert_registration_link(
    db: &mut DbConnection,
    now: UtcTime,
    registration: RegistrationId,
    token: &TokenHash,
) -> QueryResult<()> {
    let link = PrivateLink {
        id: LinkId::new(),
        token_hash: token.clone(),
        registration_id: registration,
        purpose: LinkPurpose::Own,
        created_at: now,
        expires_at: None,
        used_at: None,
        revoked_at: None,
    };
    diesel::insert_into(registration_links::table).values(&link).execute(db).map(drop)
}
