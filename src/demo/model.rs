//! The shape of the demo's data files; `data/README.md` describes it.

use crate::i18n::{Lang, Localized};
use crate::programme::model::{Access, Role, SessionState};
use crate::registration::model::RegistrationState;
use chrono::NaiveDate;
use serde::Deserialize;
use std::collections::BTreeMap;

/// One event with everything in it.
#[derive(Debug, Deserialize)]
pub(super) struct Document {
    pub(super) event: DemoEvent,
    pub(super) rooms: Vec<DemoRoom>,
    pub(super) forums: Vec<DemoForum>,
    pub(super) formats: Vec<DemoFormat>,
    #[serde(default)]
    pub(super) zones: Vec<DemoZone>,
    pub(super) categories: Vec<DemoCategory>,
    pub(super) speakers: Vec<DemoSpeaker>,
    pub(super) sessions: Vec<DemoSession>,
    pub(super) registrations: Vec<DemoRegistration>,
    #[serde(default)]
    pub(super) delegations: Vec<DemoDelegation>,
    /// Whether sessions are called for.
    #[serde(default)]
    pub(super) has_call: bool,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoEvent {
    pub(super) slug: String,
    pub(super) name: Localized,
    pub(super) tagline: Localized,
    pub(super) description: Localized,
    pub(super) place: Localized,
    pub(super) address: Localized,
    pub(super) privacy_notice: Localized,
    pub(super) starts_on: NaiveDate,
    pub(super) ends_on: NaiveDate,
    pub(super) timezone: chrono_tz::Tz,
    pub(super) languages: Vec<Lang>,
    pub(super) accent: String,
    pub(super) contact_email: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoRoom {
    pub(super) code: String,
    pub(super) name: Localized,
    pub(super) building: Localized,
    pub(super) capacity: i32,
    pub(super) booths: i32,
    pub(super) channels: Vec<Lang>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoForum {
    pub(super) code: String,
    pub(super) name: Localized,
    pub(super) description: Localized,
    pub(super) color: String,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoFormat {
    pub(super) code: String,
    pub(super) name: Localized,
    pub(super) minutes: i32,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoZone {
    pub(super) code: String,
    pub(super) name: Localized,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoCategory {
    pub(super) code: String,
    pub(super) name: Localized,
    pub(super) description: Localized,
    pub(super) includes: Localized,
    pub(super) capacity: Option<i32>,
    pub(super) access_code: Option<String>,
    pub(super) badge_color: String,
    #[serde(default)]
    pub(super) zones: Vec<String>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoSpeaker {
    pub(super) code: String,
    pub(super) name: String,
    pub(super) native_name: Option<String>,
    pub(super) position: Localized,
    pub(super) organisation: Localized,
    pub(super) country: String,
    pub(super) biography: Localized,
    pub(super) email: String,
    pub(super) language: Lang,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoSession {
    pub(super) code: String,
    pub(super) title: Localized,
    pub(super) r#abstract: Localized,
    pub(super) description: Option<Localized>,
    pub(super) format: String,
    pub(super) forum: Option<String>,
    pub(super) language: Lang,
    pub(super) interpreted: Vec<Lang>,
    pub(super) access: Access,
    pub(super) capacity: Option<i32>,
    pub(super) state: SessionState,
    pub(super) may_record: bool,
    pub(super) speakers: Vec<DemoPart>,
    pub(super) slot: Option<DemoSlot>,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoPart {
    pub(super) speaker: String,
    pub(super) role: Role,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoSlot {
    pub(super) room: String,
    pub(super) day: NaiveDate,
    pub(super) start: String,
    pub(super) minutes: i64,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoRegistration {
    pub(super) category: String,
    pub(super) state: RegistrationState,
    pub(super) email: String,
    pub(super) given_name: String,
    pub(super) family_name: String,
    pub(super) native_name: String,
    pub(super) organisation: String,
    pub(super) position: String,
    pub(super) country: String,
    pub(super) language: Lang,
}

#[derive(Debug, Deserialize)]
pub(super) struct DemoDelegation {
    pub(super) name: Localized,
    pub(super) country: String,
    pub(super) contact_name: String,
    pub(super) contact_email: String,
    pub(super) language: Lang,
    pub(super) days_before: i64,
    pub(super) note: String,
    pub(super) places: BTreeMap<String, i32>,
    pub(super) people: Vec<DemoRegistration>,
}
