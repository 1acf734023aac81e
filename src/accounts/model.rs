//! Accounts, roles and what a role allows.

use crate::db::schema::users;
use crate::db::{EventId, ForumId, UserId, UtcTime};
use crate::i18n::Lang;
use crate::text_enum;
use diesel::prelude::*;

/// One account of the team.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = users)]
pub struct User {
    /// The account.
    pub id: UserId,
    /// The address as typed.
    pub email: String,
    /// The address as compared: see [`crate::mail::address::EmailAddress::key`].
    pub email_key: String,
    /// The person's name.
    pub name: String,
    /// Argon2id in PHC form; none until the invitation is accepted.
    pub password_hash: Option<String>,
    /// Whether it administers the installation and every event.
    pub is_admin: bool,
    /// The language of mails and team pages.
    pub language: Lang,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
    /// Since when it may not sign in.
    pub disabled_at: Option<UtcTime>,
}

text_enum! {
    /// What an account may do at one event.
    pub enum TeamRole {
        /// Everything.
        Organizer = "organizer",
        /// Sessions and speakers of their own forums.
        ForumOrganizer = "forum-organizer",
        /// Registrations and applications.
        AccreditationOfficer = "accreditation-officer",
        /// Scanning tickets; sees who is registered.
        CheckInStaff = "check-in-staff",
        /// Reads everything, changes nothing.
        Observer = "observer",
    }
}

/// What a page lets one do; handlers name one as `Allowed<Permission>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// See the event's team pages.
    ViewEvent,
    /// Change the event, its rooms, categories, team; release.
    ManageEvent,
    /// Change sessions and speakers, of one's own forums at least.
    EditProgramme,
    /// See registrations.
    ViewRegistrations,
    /// Change registrations.
    ManageRegistrations,
    /// See the outbox.
    ViewMail,
}

impl TeamRole {
    /// The one table of what each role allows.
    #[must_use]
    pub const fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Organizer => true,
            Self::ForumOrganizer => matches!(permission, P::ViewEvent | P::EditProgramme),
            Self::AccreditationOfficer => {
                matches!(permission, P::ViewEvent | P::ViewRegistrations | P::ManageRegistrations)
            }
            Self::CheckInStaff => matches!(permission, P::ViewEvent | P::ViewRegistrations),
            Self::Observer => matches!(permission, P::ViewEvent | P::ViewRegistrations | P::ViewMail),
        }
    }
}

/// The roles of one account at one event.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Roles {
    /// The event, where the account has any role there.
    pub event: Option<EventId>,
    /// The roles held.
    pub held: Vec<TeamRole>,
    /// The forums of a forum organizer.
    pub forums: Vec<ForumId>,
}

impl Roles {
    /// Whether any role held allows it.
    #[must_use]
    pub fn allow(&self, permission: Permission) -> bool {
        self.held.iter().any(|role| role.allows(permission))
    }
}
