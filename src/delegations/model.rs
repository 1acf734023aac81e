//! What a delegation is, who belongs to it, and what they still owe.

use crate::db::schema::{delegation_links, delegation_quotas, delegations};
use crate::db::{CategoryId, DelegationId, EventId, LinkId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::registration::forms::model::{Answers, Form, Question, Stage};
use crate::registration::model::{Details, Registration, RegistrationState};
use crate::web::{Token, TokenHash};
use chrono::TimeDelta;
use diesel::prelude::*;

/// Most people of one table.
pub const MOST_ROWS: usize = 200;

/// A delegation, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = delegations)]
pub struct Delegation {
    /// The delegation.
    pub id: DelegationId,
    /// The event.
    pub event_id: EventId,
    /// Its word in files, unique at the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The focal point's name.
    pub contact_name: String,
    /// The focal point's address as typed.
    pub contact_email: String,
    /// The address as compared.
    pub contact_email_key: String,
    /// The language of mails to the focal point.
    pub language: Lang,
    /// What the team notes for itself; may be empty.
    pub note: String,
    /// Until when the focal point may change anything.
    pub closes_at: Option<UtcTime>,
    /// Counts edits.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it or its people were last changed.
    pub updated_at: UtcTime,
}

impl Delegation {
    /// Whether the focal point can only look any more.
    #[must_use]
    pub fn is_closed(&self, now: UtcTime) -> bool {
        self.closes_at.is_some_and(|closes| now >= closes)
    }
}

/// What organizers say of a delegation. Always valid.
#[derive(Clone, Debug)]
pub struct DelegationFacts {
    /// Its name.
    pub name: Localized,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// Who runs it.
    pub contact: Contact,
    /// Until when the focal point may change anything.
    pub closes_at: Option<UtcTime>,
    /// What the team notes for itself.
    pub note: String,
    /// How many may come in each category; none are named that have no place.
    pub places: Vec<(CategoryId, i32)>,
}

/// A focal point.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contact {
    /// The name.
    pub name: String,
    /// The address as typed.
    pub email: String,
    /// The address as compared.
    pub email_key: String,
    /// The language of mails.
    pub language: Lang,
}

/// How many a delegation may send in a category, and how many it does.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = delegation_quotas)]
pub struct Places {
    /// The delegation.
    pub delegation_id: DelegationId,
    /// The category.
    pub category_id: CategoryId,
    /// How many may come.
    pub capacity: i32,
    /// How many do.
    pub taken: i32,
}

impl Places {
    /// Places left.
    #[must_use]
    pub fn left(&self) -> i32 {
        (self.capacity - self.taken).max(0)
    }
}

/// A focal point's private link, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = delegation_links)]
pub struct DelegationLink {
    /// The link.
    pub id: LinkId,
    /// The hash of its secret.
    pub token_hash: TokenHash,
    /// The delegation that it opens.
    pub delegation_id: DelegationId,
    /// When it was made.
    pub created_at: UtcTime,
    /// When something was first changed by it. Looking is not noted: mail scanners look, too.
    pub used_at: Option<UtcTime>,
    /// When it was taken back.
    pub revoked_at: Option<UtcTime>,
}

impl DelegationLink {
    /// A new link and the secret that only its mail will hold.
    #[must_use]
    pub fn prepare(now: UtcTime, delegation: DelegationId) -> (Token, Self) {
        let token = Token::new();
        let link = Self {
            id: LinkId::new(),
            token_hash: token.hash(),
            delegation_id: delegation,
            created_at: now,
            used_at: None,
            revoked_at: None,
        };
        (token, link)
    }
}

/// Whether the focal point can get in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Access {
    /// No link was ever made.
    Never,
    /// Every link was taken back.
    Revoked,
    /// A link was sent at this time.
    Sent(UtcTime),
    /// Something was changed by a link, first at this time.
    Used(UtcTime),
}

impl Access {
    /// What a delegation's links come to.
    #[must_use]
    pub fn of<'a>(links: impl Iterator<Item = &'a DelegationLink>) -> Self {
        let (mut access, mut used, mut sent) = (Self::Never, None, None);
        for link in links {
            access = Self::Revoked;
            if link.revoked_at.is_none() {
                sent = sent.max(Some(link.created_at));
                used = [used, link.used_at].into_iter().flatten().min();
            }
        }
        match (used, sent) {
            (Some(at), _) => Self::Used(at),
            (None, Some(at)) => Self::Sent(at),
            (None, None) => access,
        }
    }

    /// The word in lists and texts.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Never => "never",
            Self::Revoked => "revoked",
            Self::Sent(_) => "sent",
            Self::Used(_) => "used",
        }
    }

    /// The instant that it speaks of.
    #[must_use]
    pub const fn at(self) -> Option<UtcTime> {
        match self {
            Self::Never | Self::Revoked => None,
            Self::Sent(at) | Self::Used(at) => Some(at),
        }
    }
}

/// One person of a delegation.
#[derive(Clone, Debug)]
pub struct Member {
    /// The registration.
    pub registration: Registration,
    /// By which people are put in order; equal ranks by who came first.
    pub rank: i32,
    /// Whether they lead the delegation.
    pub is_head: bool,
    /// Their answers.
    pub answers: Answers,
    /// Whether officers have asked them for more.
    pub is_asked: bool,
}

impl Member {
    /// Whether the registration has not come to an end.
    #[must_use]
    pub const fn is_active(&self) -> bool {
        !self.registration.state.is_end()
    }

    /// The questions that must be answered and are not.
    #[must_use]
    pub fn owes<'a>(&self, asked: &'a Asked) -> Vec<&'a Question> {
        asked.owed(&self.answers, self.registration.category_id, self.registration.state)
    }
}

/// Everything that an event asks, with the registration and after approval.
#[derive(Clone, Debug, Default)]
pub struct Asked {
    /// With the registration.
    pub first: Form,
    /// After approval.
    pub second: Form,
}

impl Asked {
    /// Sorts the questions of an event by when they are asked.
    #[must_use]
    pub fn of(questions: Vec<Question>) -> Self {
        let is_asked = |one: &Question| one.retired_at.is_none() && one.facts.stage != Stage::Proposal;
        let asked = questions.into_iter().filter(is_asked);
        let (first, second) = asked.partition(|question: &Question| question.facts.stage == Stage::Apply);
        Self { first: Form { questions: first }, second: Form { questions: second } }
    }

    /// The questions that somebody of this category and state must answer and has not.
    #[must_use]
    pub fn owed(&self, answers: &Answers, category: CategoryId, state: RegistrationState) -> Vec<&Question> {
        if state.is_end() {
            return Vec::new();
        }
        let mut owed = missing(&self.first, answers, category);
        if state == RegistrationState::Confirmed {
            owed.extend(missing(&self.second, answers, category));
        }
        owed
    }
}

/// The required questions of a form that apply and have no answer.
fn missing<'a>(form: &'a Form, answers: &Answers, category: CategoryId) -> Vec<&'a Question> {
    let by_code = |code: &str| form.questions.iter().find(|question| question.code == code);
    let applies = |question: &Question| {
        question.facts.only_if.as_ref().is_none_or(|condition| {
            by_code(&condition.question)
                .and_then(|other| answers.of(other))
                .is_some_and(|answer| answer.values().iter().any(|value| condition.values.contains(value)))
        })
    };
    let owed = |question: &&Question| {
        question.facts.is_required
            && question.kind.is_answered()
            && question.is_asked_in(category)
            && !answers.is_given(question)
            && applies(question)
    };
    form.questions.iter().filter(owed).collect()
}

/// How far a delegation has come.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// People who have not come to an end.
    pub people: i32,
    /// Those of them who owe nothing.
    pub complete: i32,
    /// Those who owe answers, or whom officers asked for more.
    pub owing: i32,
    /// Those who wait for an officer.
    pub applied: i32,
    /// Those who are confirmed.
    pub confirmed: i32,
}

impl Progress {
    /// Counts one more person.
    pub fn add(&mut self, state: RegistrationState, owes: bool) {
        if state.is_end() {
            return;
        }
        self.people += 1;
        self.complete += i32::from(!owes);
        self.owing += i32::from(owes);
        self.applied += i32::from(state == RegistrationState::Applied);
        self.confirmed += i32::from(state == RegistrationState::Confirmed);
    }

    /// Counts members.
    #[must_use]
    pub fn of(members: &[Member], asked: &Asked) -> Self {
        let mut progress = Self::default();
        for member in members {
            progress.add(member.registration.state, member.is_asked || !member.owes(asked).is_empty());
        }
        progress
    }
}

/// Somebody whom a focal point adds, checked.
#[derive(Clone, Debug)]
pub struct Person {
    /// The address as typed; empty where there is none.
    pub email: String,
    /// The address as compared; empty with it.
    pub email_key: String,
    /// The facts.
    pub details: Details,
    /// The category.
    pub category: CategoryId,
    /// The language of mails.
    pub language: Lang,
    /// Answers to the form.
    pub answers: Answers,
}

/// Why somebody was not added.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// The address is registered at the event already.
    Known,
    /// Somebody with exactly these facts is in the delegation already.
    Again,
    /// The delegation's places in the category are taken.
    DelegationFull(i32),
    /// The category's places are taken.
    CategoryFull,
    /// A quota of the category, or a choice that was made, has no place left.
    QuotaFull,
}

impl Refusal {
    /// The key of its text.
    #[must_use]
    pub const fn key(self) -> &'static str {
        match self {
            Self::Known => "delegations-refused-known",
            Self::Again => "delegations-refused-again",
            Self::DelegationFull(_) => "delegations-refused-delegation-full",
            Self::CategoryFull => "delegations-refused-category-full",
            Self::QuotaFull => "delegations-refused-quota-full",
        }
    }
}

/// The order of people after one of them was moved by one place; at the end they stay.
#[must_use]
pub fn moved<T: Copy + PartialEq>(order: &[T], one: T, is_up: bool) -> Vec<T> {
    let mut order = order.to_vec();
    if let Some(at) = order.iter().position(|other| *other == one) {
        let to = if is_up { at.saturating_sub(1) } else { (at + 1).min(order.len() - 1) };
        order.swap(at, to);
    }
    order
}

/// The order that numbers give which people typed beside names: who got none keeps the place that they have,
/// and of equal numbers whoever was moved there comes first, as that is what typing a number means.
#[must_use]
pub fn by_numbers<T: Copy>(order: &[T], number: impl Fn(T) -> Option<i64>) -> Vec<T> {
    let place = |(index, one): (usize, &T)| {
        let kept = i64::try_from(index).unwrap_or(i64::MAX).saturating_add(1);
        let wanted = number(*one).unwrap_or(kept);
        // Going down to a place puts one behind whoever stands there.
        let side = match wanted.cmp(&kept) {
            std::cmp::Ordering::Less => 0,
            std::cmp::Ordering::Equal => 1,
            std::cmp::Ordering::Greater => 2,
        };
        (wanted, side, index, *one)
    };
    let mut placed: Vec<_> = order.iter().enumerate().map(place).collect();
    placed.sort_by_key(|(wanted, side, index, _)| (*wanted, *side, *index));
    placed.into_iter().map(|(.., one)| one).collect()
}

/// How long after a reminder, or after the third of three messages, another may go out.
pub const PAUSE: TimeDelta = TimeDelta::hours(24);

/// Messages to members that a focal point may send within [`PAUSE`].
pub const MESSAGES: usize = 3;

/// When the next may go out, if one that went out at each of `before` keeps it from going out now.
#[must_use]
pub fn next_allowed(before: impl Iterator<Item = UtcTime>, most: usize, now: UtcTime) -> Option<UtcTime> {
    let mut recent: Vec<UtcTime> = before.filter(|at| *at + PAUSE > now).collect();
    recent.sort_unstable();
    let blocking = recent.len().checked_sub(most)?;
    recent.get(blocking).map(|at| *at + PAUSE)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> UtcTime {
        chrono::DateTime::from_timestamp(seconds, 0).expect("in range").into()
    }

    #[test]
    fn people_move_by_one_place_or_to_a_number() {
        assert_eq!(moved(&[1, 2, 3], 2, true), [2, 1, 3]);
        assert_eq!(moved(&[1, 2, 3], 3, false), [1, 2, 3]);
        assert_eq!(moved(&[1, 2, 3], 9, true), [1, 2, 3]);
        let numbers = |typed: &'static [(i32, i64)]| {
            move |one: i32| typed.iter().find(|(who, _)| *who == one).map(|(_, number)| *number)
        };
        assert_eq!(by_numbers(&[1, 2, 3, 4], numbers(&[(4, 1)])), [4, 1, 2, 3]);
        assert_eq!(by_numbers(&[1, 2, 3, 4], numbers(&[(1, 3)])), [2, 3, 1, 4]);
        assert_eq!(by_numbers(&[1, 2, 3, 4], numbers(&[(1, 4), (4, 1)])), [4, 2, 3, 1]);
    }

    proptest! {
        #[test]
        fn nobody_is_lost_by_putting_people_in_order(typed in proptest::collection::vec(proptest::option::of(-5i64..300), 0..200)) {
            let order: Vec<usize> = (0..typed.len()).collect();
            let mut after = by_numbers(&order, |one| typed[one]);
            after.sort_unstable();
            prop_assert_eq!(after, order);
        }

        #[test]
        fn no_window_holds_more_than_is_allowed(steps in proptest::collection::vec(1i64..100_000, 0..60), most in 1usize..4) {
            let (mut now, mut sent): (i64, Vec<UtcTime>) = (0, Vec::new());
            for step in steps {
                now += step;
                if next_allowed(sent.iter().copied(), most, at(now)).is_none() {
                    sent.push(at(now));
                }
            }
            for window in sent.windows(most + 1) {
                prop_assert!(window[0] + PAUSE <= window[most]);
            }
        }
    }

    #[test]
    fn access_is_what_the_links_come_to() {
        let link = |created: i64, used: Option<i64>, revoked: bool| DelegationLink {
            created_at: at(created),
            used_at: used.map(at),
            revoked_at: revoked.then(|| at(99)),
            ..DelegationLink::prepare(at(0), DelegationId::new()).1
        };
        let access = |links: &[DelegationLink]| Access::of(links.iter());
        assert_eq!(access(&[]), Access::Never);
        assert_eq!(access(&[link(1, Some(2), true)]), Access::Revoked);
        assert_eq!(access(&[link(1, Some(2), true), link(5, None, false)]), Access::Sent(at(5)));
        assert_eq!(access(&[link(1, Some(7), false), link(5, Some(6), false)]), Access::Used(at(6)));
    }

    #[test]
    fn a_delegation_closes_at_its_time() {
        for (closes, closed) in [(None, false), (Some(11), false), (Some(10), true), (Some(9), true)] {
            let delegation = Delegation {
                id: DelegationId::new(),
                event_id: EventId::new(),
                code: String::new(),
                name: Localized::new(),
                country: None,
                contact_name: String::new(),
                contact_email: String::new(),
                contact_email_key: String::new(),
                language: Lang::EN,
                note: String::new(),
                closes_at: closes.map(at),
                version: 1,
                created_at: at(0),
                updated_at: at(0),
            };
            assert_eq!(delegation.is_closed(at(10)), closed);
        }
    }
}
