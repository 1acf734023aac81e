//! What a registration is: its row, its states and its private links.

pub use super::details::Details;
use super::names::{self, NameOrder, full_name};
use crate::db::schema::{registration_links, registrations};
use crate::db::{CategoryId, EventId, LinkId, RegistrationId, UtcTime};
use crate::i18n::Lang;
use crate::mail::address::{EmailAddress, InvalidEmail};
use crate::text_enum;
use crate::web::TokenHash;
use diesel::prelude::*;

text_enum! {
    /// Where a registration stands.
    pub enum RegistrationState {
        /// The address is not confirmed yet; the place is held until the link runs out.
        Unverified = "unverified",
        /// Waits for an officer's approval.
        Applied = "applied",
        /// Waits for a place.
        Waitlisted = "waitlisted",
        /// Has been offered a place for a limited time.
        Offered = "offered",
        /// Has a place and a ticket.
        Confirmed = "confirmed",
        /// Was not approved.
        Rejected = "rejected",
        /// Was given up by the attendee or the team.
        Cancelled = "cancelled",
        /// Was not confirmed or taken up in time.
        Expired = "expired",
    }
}

impl RegistrationState {
    /// The states that may follow; nothing follows an end.
    #[must_use]
    pub const fn next(self) -> &'static [Self] {
        match self {
            Self::Unverified => &[Self::Applied, Self::Waitlisted, Self::Confirmed, Self::Cancelled, Self::Expired],
            Self::Applied => &[Self::Confirmed, Self::Waitlisted, Self::Rejected, Self::Cancelled],
            Self::Waitlisted => &[Self::Offered, Self::Rejected, Self::Cancelled],
            Self::Offered => &[Self::Confirmed, Self::Applied, Self::Waitlisted, Self::Cancelled, Self::Expired],
            // An approval ends when the person it was for turns out to be another.
            Self::Confirmed => &[Self::Applied, Self::Cancelled],
            Self::Rejected | Self::Cancelled | Self::Expired => &[],
        }
    }

    /// Whether `target` may follow.
    #[must_use]
    pub fn may_become(self, target: Self) -> bool {
        self.next().contains(&target)
    }

    /// Whether a place of the category counts as taken.
    #[must_use]
    pub const fn holds_place(self) -> bool {
        matches!(self, Self::Unverified | Self::Applied | Self::Offered | Self::Confirmed)
    }

    /// Whether it is over: the address may register again.
    #[must_use]
    pub const fn is_end(self) -> bool {
        matches!(self, Self::Rejected | Self::Cancelled | Self::Expired)
    }
}

text_enum! {
    /// How a registration came to be.
    pub enum Source {
        /// Somebody filled in the public form.
        Form = "form",
        /// The team added somebody at the desk.
        Desk = "desk",
        /// Somebody followed an invitation code.
        Code = "code",
        /// A focal point added a member of a delegation.
        Delegation = "delegation",
        /// The team imported a list.
        Import = "import",
        /// A speaker, registered with the programme.
        Speaker = "speaker",
    }
}

/// One person's place at one event in one category, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = registrations)]
pub struct Registration {
    /// The registration.
    pub id: RegistrationId,
    /// The event.
    pub event_id: EventId,
    /// The category.
    pub category_id: CategoryId,
    /// What people read out at the desk, unique in the event.
    pub code: String,
    /// Where it stands.
    pub state: RegistrationState,
    /// The address as typed.
    pub email: String,
    /// The address as compared.
    pub email_key: String,
    /// The given name in Latin letters, or in its own script where there is no other.
    pub given_name: String,
    /// The family name.
    pub family_name: String,
    /// The whole name in its own script; may be empty.
    pub native_name: String,
    /// Ministry, company, university; may be empty.
    pub organisation: String,
    /// Office or job; may be empty.
    pub position: String,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The language of mails.
    pub language: Lang,
    /// What a search looks through.
    pub search_key: String,
    /// What a list by name is ordered by.
    pub sort_key: String,
    /// When the privacy notice was agreed to.
    pub privacy_accepted_at: UtcTime,
    /// Until when the address must be confirmed; only while unverified.
    pub verify_by: Option<UtcTime>,
    /// When the address was confirmed.
    pub confirmed_at: Option<UtcTime>,
    /// When it came to an end; one address has one registration without end at each event.
    pub ended_at: Option<UtcTime>,
    /// iCalendar `SEQUENCE` of the entry last sent.
    pub calendar_sequence: i32,
    /// Counts edits, so that two people don't overwrite each other.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last changed.
    pub updated_at: UtcTime,
    /// Dr, H.E., 教授; may be empty.
    pub honorific: String,
    /// Which name stands first.
    pub name_order: NameOrder,
    /// ISO 3166 alpha-2; nothing where it is the country.
    pub nationality: Option<String>,
    /// The number of the ticket that counts; those with an earlier one don't.
    pub ticket_serial: i32,
}

/// Whom a new registration is for, and in what.
#[derive(Clone, Debug)]
pub struct Applying<'a> {
    /// The event.
    pub event: EventId,
    /// The category.
    pub category: CategoryId,
    /// Where mail goes; empty for somebody without an address.
    pub email: &'a str,
    /// The address as compared; empty with the address.
    pub email_key: &'a str,
    /// The person.
    pub details: &'a Details,
    /// The language of mails.
    pub language: Lang,
}

impl Registration {
    /// A new registration that awaits nothing yet, made at `now`. Somebody without an address gets a key of
    /// their own, because an address has one registration without end at each event.
    #[must_use]
    pub fn new(applying: &Applying<'_>, state: RegistrationState, now: UtcTime) -> Self {
        let (id, code, details) = (RegistrationId::new(), new_code(), applying.details);
        Self {
            id,
            event_id: applying.event,
            category_id: applying.category,
            state,
            email: applying.email.to_owned(),
            given_name: details.given_name.clone(),
            family_name: details.family_name.clone(),
            native_name: details.native_name.clone(),
            organisation: details.organisation.clone(),
            position: details.position.clone(),
            country: details.country.clone(),
            language: applying.language,
            search_key: details.search_key(applying.email_key, &code),
            sort_key: details.sort_key(),
            code,
            email_key: if applying.email.is_empty() { keyless(id) } else { applying.email_key.to_owned() },
            privacy_accepted_at: now,
            verify_by: None,
            confirmed_at: (state == RegistrationState::Confirmed).then_some(now),
            ended_at: None,
            calendar_sequence: 0,
            version: 1,
            created_at: now,
            updated_at: now,
            honorific: details.honorific.clone(),
            name_order: details.name_order,
            nationality: details.nationality.clone(),
            ticket_serial: 0,
        }
    }

    /// Whether mail can reach the person.
    #[must_use]
    pub const fn has_address(&self) -> bool {
        !self.email.is_empty()
    }

    /// Where letters go. Those to somebody without an address are written as all others are, and not queued.
    ///
    /// # Errors
    /// When the address is not usable any more.
    pub fn recipient(&self) -> Result<EmailAddress, InvalidEmail> {
        if self.has_address() { self.email.parse() } else { EmailAddress::nowhere() }
    }

    /// The compared address of this registration while it has none.
    #[must_use]
    pub fn keyless(&self) -> String {
        keyless(self.id)
    }

    /// The name as a line, in the order that its owner uses.
    #[must_use]
    pub fn full_name(&self) -> String {
        full_name(&self.given_name, &self.family_name, self.name_order)
    }

    /// How a letter to the person in `lang` begins, honorific and all.
    #[must_use]
    pub fn salutation(&self, lang: Lang) -> String {
        names::salutation(&self.honorific, &self.full_name(), &self.native_name, lang)
    }

    /// How to address the person in `lang`: by the name in that language's script, where there is one.
    #[must_use]
    pub fn name_for(&self, lang: Lang) -> String {
        if lang.has_script_of(&self.native_name) { self.native_name.clone() } else { self.full_name() }
    }

    /// Whether an unverified registration can still be confirmed at `now`.
    #[must_use]
    pub fn awaits_confirmation(&self, now: UtcTime) -> bool {
        self.state == RegistrationState::Unverified && self.verify_by.is_some_and(|by| now <= by)
    }
}

/// What the compared address of somebody without one begins with; no address can.
const NO_ADDRESS: &str = "no-address:";

fn keyless(id: RegistrationId) -> String {
    format!("{NO_ADDRESS}{id}")
}

/// Eight letters and digits that can't be mistaken for one another nor make a word.
fn new_code() -> String {
    const LETTERS: &[u8] = b"23456789BCDFGHJKMNPQRSTVWXZ";
    rand::random::<[u8; 8]>().iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
}

text_enum! {
    /// What a private link was sent for.
    pub enum LinkPurpose {
        /// Confirming the address; afterwards it opens the attendee's own page.
        Verify = "verify",
        /// The attendee's own page.
        Own = "own",
        /// The same page, by a link that somebody else was shown: it never opens what is sealed.
        Shown = "shown",
    }
}

/// A private link as its row holds it: the secret itself stands only in the mail.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = registration_links)]
pub struct PrivateLink {
    /// The link.
    pub id: LinkId,
    /// The hash of its secret.
    pub token_hash: TokenHash,
    /// The registration it opens.
    pub registration_id: RegistrationId,
    /// What it was sent for.
    pub purpose: LinkPurpose,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it runs out, if it does.
    pub expires_at: Option<UtcTime>,
    /// When it confirmed the address.
    pub used_at: Option<UtcTime>,
    /// When it was taken back.
    pub revoked_at: Option<UtcTime>,
}

/// What the desk notes of a registration.
#[derive(Clone, Debug, Default, PartialEq, Eq, Queryable)]
pub struct Noticed {
    /// The remark; may be empty.
    pub remark: String,
    /// Who is offered places first.
    pub priority: i32,
}

/// How many registrations of an event stand where.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    rows: Vec<(CategoryId, RegistrationState, i64)>,
}

impl Counts {
    /// From counted groups.
    #[must_use]
    pub const fn new(rows: Vec<(CategoryId, RegistrationState, i64)>) -> Self {
        Self { rows }
    }

    /// How many are in this category, or in any, and in this state, or in any.
    #[must_use]
    pub fn of(&self, category: Option<CategoryId>, state: Option<RegistrationState>) -> i64 {
        self.rows
            .iter()
            .filter(|row| category.is_none_or(|category| category == row.0))
            .filter(|row| state.is_none_or(|state| state == row.1))
            .map(|row| row.2)
            .sum()
    }

    /// How many are in this state.
    #[must_use]
    pub fn in_state(&self, state: RegistrationState) -> i64 {
        self.of(None, Some(state))
    }

    /// How many hold a place.
    #[must_use]
    pub fn holding_places(&self) -> i64 {
        RegistrationState::ALL.iter().filter(|state| state.holds_place()).map(|state| self.in_state(*state)).sum()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use RegistrationState as S;
    use proptest::prelude::*;

    #[test]
    fn each_state_allows_exactly_its_next_steps() {
        for (from, allowed) in [
            (S::Unverified, &[S::Applied, S::Waitlisted, S::Confirmed, S::Cancelled, S::Expired][..]),
            (S::Applied, &[S::Confirmed, S::Waitlisted, S::Rejected, S::Cancelled]),
            (S::Waitlisted, &[S::Offered, S::Rejected, S::Cancelled]),
            (S::Offered, &[S::Confirmed, S::Applied, S::Waitlisted, S::Cancelled, S::Expired]),
            (S::Confirmed, &[S::Applied, S::Cancelled]),
            (S::Rejected, &[]),
            (S::Cancelled, &[]),
            (S::Expired, &[]),
        ] {
            for target in S::ALL {
                assert_eq!(from.may_become(*target), allowed.contains(target), "{from} to {target}");
            }
        }
    }

    proptest! {
        #[test]
        fn any_walk_through_the_states_ends_for_good_and_counts_its_place_once(
            steps in proptest::collection::vec(0..S::ALL.len(), 0..40)
        ) {
            let (mut state, mut taken) = (S::Unverified, 1);
            for step in steps {
                let target = S::ALL[step];
                if !state.may_become(target) {
                    continue;
                }
                prop_assert!(!state.is_end());
                taken += i32::from(target.holds_place()) - i32::from(state.holds_place());
                state = target;
            }
            prop_assert_eq!(taken, i32::from(state.holds_place()));
            prop_assert!(!(state.is_end() && state.holds_place()));
        }
    }

    #[test]
    fn a_person_is_found_by_any_form_of_the_name_and_sorted_by_sound() {
        let details = Details {
            given_name: "小龙".into(),
            family_name: "李".into(),
            organisation: "Académie".into(),
            ..Details::default()
        };
        let key = details.search_key("li@example.org", "K7QX");
        for words in ["李小龙", "小龙", "academie", "k7qx", "li@example"] {
            assert!(key.contains(words), "{words} in {key}");
        }
        assert_eq!(details.sort_key(), "li xiao long");
    }
}
