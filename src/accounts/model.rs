//! Accounts, roles and what a role allows.

use crate::db::schema::{user_sessions, users};
use crate::db::{EventId, ForumId, UserId, UserSessionId, UtcTime};
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

impl User {
    /// Whether the invitation to this account was never accepted.
    #[must_use]
    pub fn is_invited(&self) -> bool {
        self.password_hash.is_none()
    }
}

/// One sign-in of an account, on one device.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = user_sessions)]
pub struct SignIn {
    /// The sign-in.
    pub id: UserSessionId,
    /// Browser and system in two words; empty when the browser does not say.
    pub device: String,
    /// The address it came from.
    pub address: String,
    /// When it began.
    pub created_at: UtcTime,
    /// When it was last used, to a few minutes.
    pub seen_at: UtcTime,
    /// When it ends by itself.
    pub expires_at: UtcTime,
}

text_enum! {
    /// What a private link of an account is for.
    pub enum LinkPurpose {
        /// Making the first administrator.
        Setup = "setup",
        /// Setting a new password.
        Reset = "reset",
        /// Accepting an invitation.
        Invitation = "invitation",
    }
}

/// Hours for which a link to set a new password works.
pub const RESET_HOURS: i64 = 2;
/// Days for which an invitation works.
pub const INVITATION_DAYS: i64 = 14;

/// One person of an event's team.
#[derive(Clone, Debug)]
pub struct TeamMember {
    /// The account.
    pub user: User,
    /// Its roles, one at least.
    pub roles: Vec<TeamRole>,
    /// The forums of a forum organizer or reviewer.
    pub forums: Vec<ForumId>,
}

/// One line of the administrators' list of accounts.
#[derive(Clone, Debug)]
pub struct AccountLine {
    /// The account.
    pub user: User,
    /// The number of events that it has a role at.
    pub events: usize,
    /// When it was last seen; none when no sign-in holds.
    pub seen_at: Option<UtcTime>,
}

/// Browser and system in two words, from the `User-Agent` header: enough to know one's own devices
/// in a list, too little to follow anyone by.
#[must_use]
pub fn device_of(user_agent: &str) -> String {
    // Order decides: every browser claims to be the ones before it.
    const BROWSERS: &[(&str, &str)] = &[
        ("Edg/", "Edge"),
        ("OPR/", "Opera"),
        ("SamsungBrowser/", "Samsung Internet"),
        ("MicroMessenger/", "WeChat"),
        ("Firefox/", "Firefox"),
        ("FxiOS/", "Firefox"),
        ("CriOS/", "Chrome"),
        ("Chrome/", "Chrome"),
        ("Safari/", "Safari"),
        ("curl/", "curl"),
    ];
    const SYSTEMS: &[(&str, &str)] = &[
        ("HarmonyOS", "HarmonyOS"),
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("iPad", "iPad"),
        ("Mac OS X", "macOS"),
        ("Windows", "Windows"),
        ("CrOS", "ChromeOS"),
        ("Linux", "Linux"),
    ];
    let named = |table: &[(&str, &'static str)]| {
        table.iter().find(|(mark, _)| user_agent.contains(mark)).map(|(_, name)| *name)
    };
    let parts: Vec<&str> = named(BROWSERS).into_iter().chain(named(SYSTEMS)).collect();
    parts.join(" · ")
}

text_enum! {
    /// What an account may do at one event.
    pub enum TeamRole {
        /// Everything.
        Organizer = "organizer",
        /// Sessions and speakers of their own forums.
        ForumOrganizer = "forum-organizer",
        /// Reviews proposals of their forums, or of all where none is given; sees nothing else.
        Reviewer = "reviewer",
        /// Registrations and applications.
        AccreditationOfficer = "accreditation-officer",
        /// Scanning tickets; sees who is registered.
        CheckInStaff = "check-in-staff",
        /// Reads everything, changes nothing.
        Observer = "observer",
        /// Meeting speakers: how they travel, which nobody else sees.
        ProtocolStaff = "protocol-staff",
    }
}

/// What a page lets one do; handlers name one as `Allowed<Permission>`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permission {
    /// Come in at all: every role may.
    Enter,
    /// See the event's team pages.
    ViewEvent,
    /// Change the event, its rooms, categories, team; release.
    ManageEvent,
    /// Change sessions and speakers, of one's own forums at least.
    EditProgramme,
    /// Review proposals, of one's own forums at least.
    ReviewProposals,
    /// See registrations.
    ViewRegistrations,
    /// Change registrations.
    ManageRegistrations,
    /// Decide on applications.
    Accredit,
    /// Print badges and note that they were printed.
    PrintBadges,
    /// Let people in at the door, and watch it.
    ScanTickets,
    /// See the outbox.
    ViewMail,
    /// See how speakers travel. Personal and not needed to run a programme: even organizers don't hold it.
    ViewTravel,
}

impl TeamRole {
    /// The one table of what each role allows.
    #[must_use]
    pub const fn allows(self, permission: Permission) -> bool {
        use Permission as P;
        match self {
            Self::Organizer => !matches!(permission, P::ViewTravel),
            Self::ProtocolStaff => matches!(permission, P::Enter | P::ViewEvent | P::ViewTravel),
            // Whoever reviews without knowing the authors must not find them among sessions and speakers.
            Self::Reviewer => matches!(permission, P::Enter | P::ReviewProposals),
            Self::ForumOrganizer => {
                matches!(permission, P::Enter | P::ViewEvent | P::EditProgramme | P::ReviewProposals)
            }
            Self::AccreditationOfficer => matches!(
                permission,
                P::Enter | P::ViewEvent | P::ViewRegistrations | P::ManageRegistrations | P::Accredit | P::PrintBadges
            ),
            Self::CheckInStaff => {
                matches!(permission, P::Enter | P::ViewEvent | P::ViewRegistrations | P::PrintBadges | P::ScanTickets)
            }
            Self::Observer => matches!(permission, P::Enter | P::ViewEvent | P::ViewRegistrations | P::ViewMail),
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
    /// The forums of a forum organizer or reviewer.
    pub forums: Vec<ForumId>,
}

impl Roles {
    /// Whether any role held allows it.
    #[must_use]
    pub fn allow(&self, permission: Permission) -> bool {
        self.held.iter().any(|role| role.allows(permission))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_named_by_browser_and_system() {
        for (agent, expected) in [
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", "Firefox · Linux"),
            (
                "Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) AppleWebKit/605.1.15 Version/18.0 Mobile Safari/604.1",
                "Safari · iPhone",
            ),
            (
                "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 Chrome/140.0 Safari/537.36 Edg/140.0",
                "Edge · Windows",
            ),
            ("curl/8.5.0", "curl"),
            ("something else", ""),
        ] {
            assert_eq!(device_of(agent), expected, "{agent}");
        }
    }

    #[test]
    fn roles_add_up() {
        let roles = |held: &[TeamRole]| Roles { held: held.to_vec(), ..Roles::default() };
        let staff = roles(&[TeamRole::CheckInStaff]);
        assert!(staff.allow(Permission::ViewRegistrations) && !staff.allow(Permission::EditProgramme));
        assert!(roles(&[TeamRole::CheckInStaff, TeamRole::ForumOrganizer]).allow(Permission::EditProgramme));
        assert!(!roles(&[]).allow(Permission::ViewEvent));
    }
}
