//! Applications as officers see them: where they wait, what was said, what looks alike.

use super::matching::NameKey;
use crate::db::schema::{reason_templates, registrations, reviews, watch_lists};
use crate::db::{CategoryId, DelegationId, EventId, ReasonId, RegistrationId, ReviewId, UserId, UtcTime, WatchListId};
use crate::i18n::{Country, Lang, Localized, search_key};
use crate::registration::model::{Registration, RegistrationState};
use crate::text_enum;
use chrono::TimeDelta;
use diesel::prelude::*;

text_enum! {
    /// What was said or done in the course of one application.
    pub enum ReviewKind {
        /// An officer approves.
        Approve = "approve",
        /// An officer asks for more.
        Ask = "ask",
        /// An officer rejects.
        Reject = "reject",
        /// An officer notes something for colleagues.
        Note = "note",
        /// An officer has looked at what watch-lists say and finds nothing in it.
        Cleared = "cleared",
        /// The applicant answers.
        Answer = "answer",
        /// Name, document or photo changed: approvals before do not count any more.
        Changed = "changed",
        /// The applicant has filled in the form that follows approval.
        Completed = "completed",
        /// The applicant was reminded of that form.
        Reminded = "reminded",
    }
}

text_enum! {
    /// What an officer decides.
    pub enum Decision {
        /// The person may come.
        Approve = "approve",
        /// The person is asked for more.
        Ask = "ask",
        /// The person may not come.
        Reject = "reject",
    }
}

impl Decision {
    /// As it stands in the history.
    #[must_use]
    pub const fn review(self) -> ReviewKind {
        match self {
            Self::Approve => ReviewKind::Approve,
            Self::Ask => ReviewKind::Ask,
            Self::Reject => ReviewKind::Reject,
        }
    }

    /// Whether the applicant must be told why.
    #[must_use]
    pub const fn needs_reason(self) -> bool {
        !matches!(self, Self::Approve)
    }
}

text_enum! {
    /// What applications of the queue wait for.
    pub enum Waiting {
        /// A first decision.
        First = "first",
        /// The approval of another officer.
        Second = "second",
        /// The applicant, who was asked for more.
        Asked = "asked",
        /// A look at what watch-lists say.
        Flagged = "flagged",
        /// The applicant, who was approved and owes the second form.
        Form = "form",
    }
}

/// Which applications the queue shows: the oldest first.
#[derive(Clone, Debug)]
pub struct QueueFilter {
    /// Of this event.
    pub event: EventId,
    /// The words as typed.
    pub query: String,
    /// What they wait for; any application that is not decided where there is none.
    pub waiting: Option<Waiting>,
    /// In this category only.
    pub category: Option<CategoryId>,
    /// From this country only.
    pub country: Option<Country>,
    /// Of this delegation only.
    pub delegation: Option<DelegationId>,
    /// At least so many days old.
    pub days: Option<u16>,
    /// After this one.
    pub after: Option<RegistrationId>,
}

/// Ages that the queue can be narrowed to, in days.
pub const AGES: &[u16] = &[1, 3, 7, 14];
/// Words of a search that are looked for.
const MOST_WORDS: usize = 8;

impl QueueFilter {
    /// Reads the parameters of a page; what makes no sense is left out.
    #[must_use]
    pub fn read<'a>(event: EventId, param: impl Fn(&str) -> Option<&'a str>) -> Self {
        Self {
            event,
            query: param("q").unwrap_or_default().trim().chars().take(200).collect(),
            waiting: param("waiting").and_then(|word| word.parse().ok()),
            category: param("category").and_then(|word| word.parse().ok()),
            country: param("country").and_then(|word| word.parse().ok()),
            delegation: param("delegation").and_then(|word| word.parse().ok()),
            days: param("days").and_then(|word| word.parse().ok()).filter(|days| AGES.contains(days)),
            after: param("after").and_then(|word| word.parse().ok()),
        }
    }

    /// The words that an application must hold, all of them.
    #[must_use]
    pub fn words(&self) -> Vec<String> {
        let key = search_key([self.query.as_str()]);
        key.split(' ').filter(|word| !word.is_empty()).take(MOST_WORDS).map(str::to_owned).collect()
    }

    /// Whether more than what they wait for narrows the list.
    #[must_use]
    pub fn is_filtered(&self) -> bool {
        !self.query.is_empty()
            || self.category.is_some()
            || self.country.is_some()
            || self.delegation.is_some()
            || self.days.is_some()
    }

    /// Made before this instant, where only old ones are wanted.
    #[must_use]
    pub fn made_before(&self, now: UtcTime) -> Option<UtcTime> {
        self.days.map(|days| now - TimeDelta::days(days.into()))
    }

    /// The address `path` with these parameters and one more or another.
    #[must_use]
    pub fn url(&self, path: &str, name: &str, value: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        let mut add = |key: &str, own: Option<String>| {
            if let Some(own) = own.filter(|own| key != name && !own.is_empty()) {
                query.append_pair(key, &own);
            }
        };
        add("q", Some(self.query.clone()));
        add("waiting", self.waiting.map(|waiting| waiting.to_string()));
        add("category", self.category.map(|category| category.to_string()));
        add("country", self.country.map(|country| country.as_str().to_owned()));
        add("delegation", self.delegation.map(|delegation| delegation.to_string()));
        add("days", self.days.map(|days| days.to_string()));
        if !value.is_empty() {
            query.append_pair(name, value);
        }
        let query = query.finish();
        if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") }
    }
}

/// An application: the registration with what only officers look at.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Applicant {
    /// The registration.
    #[diesel(embed)]
    pub registration: Registration,
    /// Mr, Dr, H.E.; may be empty.
    pub honorific: String,
    /// ISO 3166 alpha-2.
    pub nationality: Option<String>,
    /// The delegation it belongs to.
    pub delegation_id: Option<DelegationId>,
    /// What the same document is known by.
    pub document_key: Option<String>,
    /// The date of birth, or what the same one is known by.
    pub birth_key: Option<String>,
    /// What names that may be the same are looked up by.
    pub name_key: String,
    /// When the applicant was asked for more, while that is not answered.
    pub asked_at: Option<UtcTime>,
    /// When it was approved.
    pub approved_at: Option<UtcTime>,
    /// Whether a watch-list knows a name like this.
    pub is_watched: bool,
    /// When it was last compared with the watch-lists.
    pub screened_at: Option<UtcTime>,
}

impl Applicant {
    /// The person's names made ready to be compared.
    #[must_use]
    pub fn names(&self) -> Vec<NameKey> {
        let one = &self.registration;
        NameKey::of_person(&one.given_name, &one.family_name, &one.native_name)
    }

    /// What names that may be the same are looked up by.
    #[must_use]
    pub fn block(&self) -> String {
        self.names().first().map(NameKey::block).unwrap_or_default()
    }

    /// Whether officers are to decide.
    #[must_use]
    pub fn is_open(&self) -> bool {
        self.registration.state == RegistrationState::Applied
    }
}

/// One line of what was said and decided, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = reviews)]
pub struct Review {
    /// The line.
    pub id: ReviewId,
    /// The registration.
    pub registration_id: RegistrationId,
    /// The officer, where one wrote it.
    pub user_id: Option<UserId>,
    /// What it is.
    pub decision: ReviewKind,
    /// What the applicant reads, or wrote.
    pub reason: String,
    /// What colleagues read.
    pub note: String,
    /// Whether it is an approval that awaits another officer's. It ceases to when that came, or
    /// when what it approved has changed.
    pub counts: bool,
    /// When.
    pub created_at: UtcTime,
}

impl Review {
    /// A line without words.
    #[must_use]
    pub fn new(now: UtcTime, registration: RegistrationId, user: Option<UserId>, decision: ReviewKind) -> Self {
        Self {
            id: ReviewId::new(),
            registration_id: registration,
            user_id: user,
            decision,
            reason: String::new(),
            note: String::new(),
            counts: decision == ReviewKind::Approve,
            created_at: now,
        }
    }
}

/// A line of the history with who wrote it.
#[derive(Clone, Debug)]
pub struct Said {
    /// The line.
    pub review: Review,
    /// The officer's name.
    pub officer: Option<String>,
}

/// Where an open application stands between the officers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Progress {
    /// Officers whose approval counts.
    pub approved_by: Vec<UserId>,
    /// Officers whose approval is needed.
    pub needed: i32,
    /// Whether the applicant has answered since they were last asked.
    pub has_answered: bool,
    /// Whether the second form is filled in.
    pub is_completed: bool,
}

impl Progress {
    /// From the lines of one application, in any order.
    #[must_use]
    pub fn of<'a>(reviews: impl IntoIterator<Item = &'a Review>, needed: i32) -> Self {
        let mut progress = Self { needed: needed.max(1), ..Self::default() };
        let (mut asked, mut answered) = (None, None);
        for review in reviews {
            let at = Some(review.created_at);
            match review.decision {
                ReviewKind::Approve if review.counts => progress.approved_by.extend(review.user_id),
                ReviewKind::Ask => asked = asked.max(at),
                ReviewKind::Answer => answered = answered.max(at),
                ReviewKind::Completed => progress.is_completed = true,
                _ => {}
            }
        }
        progress.approved_by.sort_unstable();
        progress.approved_by.dedup();
        progress.has_answered = answered.is_some() && answered >= asked;
        progress
    }

    /// Whether `officer` may approve: nobody counts twice.
    #[must_use]
    pub fn may_approve(&self, officer: UserId) -> bool {
        !self.approved_by.contains(&officer)
    }

    /// Whether the next approval of another officer is the last that is needed.
    #[must_use]
    pub fn is_last(&self) -> bool {
        i32::try_from(self.approved_by.len()).unwrap_or(i32::MAX) + 1 >= self.needed
    }
}

/// A prepared reason, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = reason_templates)]
pub struct Reason {
    /// The reason.
    pub id: ReasonId,
    /// The event.
    pub event_id: EventId,
    /// What it is a reason for.
    pub decision: Decision,
    /// What officers choose it by.
    pub name: String,
    /// What the applicant reads.
    pub body: Localized,
    /// Its place in lists.
    pub position: i32,
    /// Counts edits.
    pub version: i32,
}

impl Reason {
    /// What an applicant who reads `lang` is told.
    #[must_use]
    pub fn text(&self, lang: Lang, languages: &[Lang]) -> &str {
        self.body.text(lang, languages)
    }
}

/// The facts of a prepared reason that officers set.
#[derive(Clone, Debug)]
pub struct ReasonFacts {
    /// What it is a reason for.
    pub decision: Decision,
    /// What officers choose it by.
    pub name: String,
    /// What the applicant reads.
    pub body: Localized,
}

/// A watch-list, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = watch_lists)]
pub struct WatchList {
    /// The list.
    pub id: WatchListId,
    /// The event.
    pub event_id: EventId,
    /// Its name.
    pub name: String,
    /// How many names it holds.
    pub entries: i32,
    /// Who uploaded it.
    pub created_by: Option<UserId>,
    /// When.
    pub created_at: UtcTime,
}

text_enum! {
    /// Why two registrations may be one person's.
    pub enum Likeness {
        /// The same identity document.
        Document = "document",
        /// A like name and the same date of birth.
        NameAndBirth = "name-and-birth",
        /// A like name, written in another script or order too.
        Name = "name",
    }
}

/// Another registration that may be the same person's.
#[derive(Clone, Debug)]
pub struct Duplicate {
    /// The other one.
    pub other: Applicant,
    /// Why it may be.
    pub why: Likeness,
    /// Whether both addresses are of the same organisation's domain.
    pub same_domain: bool,
    /// How alike the names are, from 0 to 1.
    pub likeness: f64,
}

/// Mail services that say nothing about who someone works for.
const PUBLIC_DOMAINS: &[&str] = &[
    "gmail.com",
    "outlook.com",
    "hotmail.com",
    "yahoo.com",
    "icloud.com",
    "qq.com",
    "163.com",
    "126.com",
    "mail.ru",
    "yandex.ru",
    "proton.me",
    "gmx.de",
    "gmx.net",
    "live.com",
    "sina.com",
    "foxmail.com",
    "naver.com",
];

/// Why two registrations may be one person's, if anything says so.
#[must_use]
pub fn compare(one: &Applicant, other: &Applicant) -> Option<Duplicate> {
    use super::matching::{Births, closest};
    let likeness = closest(&one.names(), &other.names());
    let same = |left: &Option<String>, right: &Option<String>| left.is_some() && left == right;
    let births = Births::of(one.birth_key.as_deref(), other.birth_key.as_deref());
    let why = if same(&one.document_key, &other.document_key) {
        Likeness::Document
    } else if births.suggest(likeness) {
        if births == Births::Same { Likeness::NameAndBirth } else { Likeness::Name }
    } else {
        return None;
    };
    let domain = |applicant: &Applicant| {
        let domain = applicant.registration.email_key.rsplit('@').next().unwrap_or_default().to_owned();
        Some(domain).filter(|domain| !domain.is_empty() && !PUBLIC_DOMAINS.contains(&domain.as_str()))
    };
    let same_domain = same(&domain(one), &domain(other));
    Some(Duplicate { other: other.clone(), why, same_domain, likeness })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_filter_survives_its_own_address() {
        let given = [("q", "李"), ("waiting", "second"), ("country", "cn"), ("days", "7"), ("category", "no-id")];
        let read = |name: &str| given.iter().find(|(key, _)| *key == name).map(|(_, value)| *value);
        let filter = QueueFilter::read(EventId::new(), read);
        assert!(filter.is_filtered() && filter.waiting == Some(Waiting::Second) && filter.category.is_none());
        assert_eq!(filter.url("/q", "after", ""), "/q?q=%E6%9D%8E&waiting=second&country=CN&days=7");
        assert_eq!(filter.url("/q", "waiting", "asked"), "/q?q=%E6%9D%8E&country=CN&days=7&waiting=asked");
        assert_eq!(QueueFilter::read(EventId::new(), |name| (name == "days").then_some("5")).days, None);
    }

    #[test]
    fn four_eyes_are_two_people() {
        let (one, other, id) = (UserId::new(), UserId::new(), RegistrationId::new());
        let at = |minute: i64| UtcTime::from(chrono::DateTime::from_timestamp(minute * 60, 0).expect("in range"));
        let line = |minute: i64, user, kind| Review::new(at(minute), id, user, kind);
        let first = line(1, Some(one), ReviewKind::Approve);
        let again = line(2, Some(one), ReviewKind::Approve);
        let progress = Progress::of([&first, &again], 2);
        assert!(progress.is_last() && !progress.may_approve(one) && progress.may_approve(other));
        assert!(!Progress::of([], 2).is_last() && Progress::of([], 1).is_last() && Progress::of([], 0).is_last());
        let void = Review { counts: false, ..first };
        assert!(!Progress::of([&void], 2).is_last() && Progress::of([&void], 2).may_approve(one));
        let (ask, answer) = (line(3, Some(one), ReviewKind::Ask), line(4, None, ReviewKind::Answer));
        assert!(Progress::of([&ask, &answer], 1).has_answered);
        assert!(!Progress::of([&answer, &line(5, Some(one), ReviewKind::Ask)], 1).has_answered);
    }
}
