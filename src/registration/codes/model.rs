//! What a code is, and what organizers say of one.

use crate::db::schema::invitation_codes;
use crate::db::{CategoryId, EventId, InvitationId, UtcTime};
use crate::i18n::Lang;
use crate::registration::model::Details;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// An invitation code, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = invitation_codes)]
pub struct InvitationCode {
    /// Names it.
    pub id: InvitationId,
    /// The event.
    pub event_id: EventId,
    /// The category in which it registers.
    pub category_id: CategoryId,
    /// The code as it is written.
    pub code: String,
    /// The code as it is compared.
    pub code_key: String,
    /// What it was made for, such as "press, March"; may be empty.
    pub batch: String,
    /// How often it may be used.
    pub uses: i32,
    /// How often it is.
    pub used: i32,
    /// Whether the uses that are left hold places.
    pub is_reserved: bool,
    /// Whether no officer has to approve.
    pub skips_approval: bool,
    /// The only address that may use it, where there is one.
    pub email: Option<String>,
    /// The language of its mail.
    pub language: Option<Lang>,
    /// What the form is filled with beforehand, in JSON.
    pub prefill: String,
    /// Until when it may be used.
    pub expires_at: Option<UtcTime>,
    /// When its mail was queued.
    pub sent_at: Option<UtcTime>,
    /// When it was taken back.
    pub revoked_at: Option<UtcTime>,
    /// When it was made.
    pub created_at: UtcTime,
}

/// Why a code can't be used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unusable {
    /// It was taken back.
    Revoked,
    /// Its time is over.
    Expired,
    /// It was used as often as it may be.
    UsedUp,
}

impl Unusable {
    /// The key of its text.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Revoked => "codes-error-revoked",
            Self::Expired => "codes-error-expired",
            Self::UsedUp => "codes-error-used-up",
        }
    }

    /// The word in lists.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Revoked => "revoked",
            Self::Expired => "expired",
            Self::UsedUp => "used-up",
        }
    }
}

impl InvitationCode {
    /// Whether it can be used at `now`.
    ///
    /// # Errors
    /// Why not.
    pub fn usable(&self, now: UtcTime) -> Result<(), Unusable> {
        if self.revoked_at.is_some() {
            Err(Unusable::Revoked)
        } else if self.expires_at.is_some_and(|until| until < now) {
            Err(Unusable::Expired)
        } else if self.used >= self.uses {
            Err(Unusable::UsedUp)
        } else {
            Ok(())
        }
    }

    /// Whether this address may use it.
    #[must_use]
    pub fn is_for(&self, email_key: &str) -> bool {
        self.email.as_ref().is_none_or(|own| own.to_lowercase() == email_key)
    }

    /// What the form is filled with beforehand.
    #[must_use]
    pub fn prefill(&self) -> Prefill {
        serde_json::from_str(&self.prefill).unwrap_or_default()
    }
}

/// A code as it is compared: without spaces and hyphens, in capitals. It is read from letters and telephones.
#[must_use]
pub fn code_key(text: &str) -> String {
    text.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// What is known of whoever is invited; each may be empty.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Prefill {
    /// The given name.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The whole name in its own script.
    pub native_name: String,
    /// Ministry, company, university.
    pub organisation: String,
    /// Office or job.
    pub position: String,
    /// ISO 3166 alpha-2.
    pub country: String,
}

impl Prefill {
    /// The fields of the form, by name.
    #[must_use]
    pub fn fields(&self) -> [(&'static str, &str); 6] {
        [
            ("given_name", &self.given_name),
            ("family_name", &self.family_name),
            ("native_name", &self.native_name),
            ("organisation", &self.organisation),
            ("position", &self.position),
            ("country", &self.country),
        ]
    }

    /// The same as a person's details.
    #[must_use]
    pub fn details(&self) -> Details {
        Details {
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            native_name: self.native_name.clone(),
            organisation: self.organisation.clone(),
            position: self.position.clone(),
            country: Some(self.country.clone()).filter(|country| !country.is_empty()),
            ..Details::default()
        }
        .in_usual_order()
    }
}

/// What codes that are made together have in common. Always valid.
#[derive(Clone, Debug)]
pub struct CodeFacts {
    /// The category in which they register.
    pub category: CategoryId,
    /// What they are made for; may be empty.
    pub batch: String,
    /// How often each may be used.
    pub uses: i32,
    /// Whether they hold places.
    pub is_reserved: bool,
    /// Whether no officer has to approve.
    pub skips_approval: bool,
    /// Until when they may be used.
    pub expires_at: Option<UtcTime>,
}

/// Somebody who gets a code of their own.
#[derive(Clone, Debug, Default)]
pub struct Invitee {
    /// The address, where one is known.
    pub email: Option<String>,
    /// The language of the mail.
    pub language: Option<Lang>,
    /// What is known of them.
    pub prefill: Prefill,
}

/// A registration that came by a code.
#[derive(Clone, Debug)]
pub struct Use {
    /// Whose code.
    pub code: InvitationId,
    /// The registration.
    pub registration: crate::registration::model::Registration,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_compared_as_people_read_them() {
        for text in ["7kqp-2mwx", " 7KQP 2MWX ", "7KQP2MWX"] {
            assert_eq!(code_key(text), "7KQP2MWX", "{text}");
        }
    }
}
