//! What an entry of the audit log says.

use crate::db::{
    AssistantId, AuditId, DelegationId, EventId, RegistrationId, SessionProposalId, SpeakerId, UserId, UtcTime,
};
use crate::i18n::{Lang, Localized};
use chrono::NaiveDate;
use chrono_tz::Tz;
use std::collections::HashMap;

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Actor {
    /// An account of the team.
    User(UserId),
    /// A person with the private link of this registration.
    Attendee(RegistrationId),
    /// A speaker with the private link of their page.
    Speaker(SpeakerId),
    /// A speaker's assistant with a private link of their own.
    Assistant(AssistantId),
    /// Whoever has the private link of this proposal.
    Author(SessionProposalId),
    /// A delegation's focal point with a private link.
    FocalPoint(DelegationId),
    /// Someone on the public site, before anything is known of them.
    Visitor,
    /// The program itself, as when a link runs out.
    System,
    /// Someone at the command line.
    CommandLine,
}

impl Actor {
    /// The word in the column.
    #[must_use]
    pub const fn kind(self) -> &'static str {
        match self {
            Self::User(_) => "user",
            Self::Attendee(_) => "attendee",
            Self::Speaker(_) => "speaker",
            Self::Assistant(_) => "assistant",
            Self::Author(_) => "author",
            Self::FocalPoint(_) => "focal-point",
            Self::Visitor => "visitor",
            Self::System => "system",
            Self::CommandLine => "command-line",
        }
    }

    /// The id in the column.
    #[must_use]
    pub fn id(self) -> Option<String> {
        match self {
            Self::User(id) => Some(id.to_string()),
            Self::Attendee(id) => Some(id.to_string()),
            Self::Speaker(id) => Some(id.to_string()),
            Self::Assistant(id) => Some(id.to_string()),
            Self::Author(id) => Some(id.to_string()),
            Self::FocalPoint(id) => Some(id.to_string()),
            _ => None,
        }
    }
}

/// One change.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// The event it belongs to, if any.
    pub event: Option<EventId>,
    /// Who made it.
    pub actor: Actor,
    /// What was done, as `area.verb`: `registration.confirmed`.
    pub action: &'static str,
    /// The kind of thing that was changed: `registration`.
    pub subject_kind: &'static str,
    /// Its id.
    pub subject_id: &'a str,
    /// What else matters, without secrets; personal data only where the subject's row holds it too.
    pub detail: serde_json::Value,
}

impl<'a> Entry<'a> {
    /// An entry without details.
    #[must_use]
    pub fn new(
        event: Option<EventId>,
        actor: Actor,
        action: &'static str,
        subject_kind: &'static str,
        subject_id: &'a str,
    ) -> Self {
        Self { event, actor, action, subject_kind, subject_id, detail: serde_json::Value::Null }
    }

    /// The same with details.
    #[must_use]
    pub fn with(mut self, detail: serde_json::Value) -> Self {
        self.detail = detail;
        self
    }
}

/// One change as histories show it.
#[derive(Clone, Debug)]
pub struct Noted {
    /// When.
    pub at: UtcTime,
    /// The kind of whoever made it.
    pub actor_kind: String,
    /// What was done.
    pub action: String,
    /// The name of the account that made it, if one did.
    pub user_name: Option<String>,
}

/// An entry as it stands in its row.
#[derive(Clone, Debug, PartialEq, Eq, diesel::Queryable)]
pub struct Recorded {
    /// Its id.
    pub id: String,
    /// The event it belongs to.
    pub event: Option<String>,
    /// When.
    pub at: UtcTime,
    /// The kind of whoever made the change.
    pub actor_kind: String,
    /// Which one of that kind.
    pub actor_id: Option<String>,
    /// What was done.
    pub action: String,
    /// The kind of thing that was changed.
    pub subject_kind: String,
    /// Its id.
    pub subject_id: String,
    /// What else matters, as JSON.
    pub detail: String,
}

/// Which entries a list shows: those that fit all of it.
#[derive(Clone, Debug)]
pub struct ActivityFilter {
    /// Of this event; of none, where none is given.
    pub event: Option<EventId>,
    /// Whose days are meant.
    pub zone: Tz,
    /// About this kind of thing only; empty for any.
    pub kind: String,
    /// About this one only.
    pub thing: Option<String>,
    /// Of this action only; empty for any.
    pub action: String,
    /// By this kind of person only; empty for any.
    pub actor_kind: String,
    /// By this person only.
    pub actor: Option<String>,
    /// On this day only.
    pub day: Option<NaiveDate>,
    /// Older than this entry, for the next page.
    pub after: Option<AuditId>,
}

/// Longest word of a parameter, in bytes.
const LONGEST_WORD: usize = 80;

impl ActivityFilter {
    /// Reads the parameters of a page; what makes no sense is left out.
    #[must_use]
    pub fn read<'a>((event, zone): (Option<EventId>, Tz), param: impl Fn(&str) -> Option<&'a str>) -> Self {
        let word = |name: &str| {
            let word = param(name).unwrap_or_default().trim();
            if word.len() > LONGEST_WORD { String::new() } else { word.to_owned() }
        };
        let (kind, person) = (word("kind"), word("person"));
        let (actor_kind, actor) = person.split_once(':').unwrap_or((person.as_str(), ""));
        Self {
            event,
            zone,
            // Ids are of things of one kind.
            thing: Some(word("thing")).filter(|id| !id.is_empty() && !kind.is_empty()),
            kind,
            action: word("action"),
            actor_kind: actor_kind.to_owned(),
            actor: Some(actor.to_owned()).filter(|id| !id.is_empty()),
            day: param("day").and_then(|day| day.parse().ok()),
            after: param("after").and_then(|id| id.parse().ok()),
        }
    }

    /// Whether it leaves anything out.
    #[must_use]
    pub fn is_narrow(&self) -> bool {
        let has_words = [&self.kind, &self.action, &self.actor_kind].iter().any(|word| !word.is_empty());
        has_words || self.thing.is_some() || self.day.is_some()
    }

    /// The person as the address names them: `user:ID`, `visitor`.
    #[must_use]
    pub fn person(&self) -> String {
        person(&self.actor_kind, self.actor.as_deref())
    }

    /// The first instant of the day, and the first that is not of it any more.
    #[must_use]
    pub fn span(&self) -> Option<(UtcTime, UtcTime)> {
        let day = self.day?;
        Some((beginning(day, self.zone), beginning(day.succ_opt()?, self.zone)))
    }
}

/// A person as an address names them.
#[must_use]
pub fn person(kind: &str, id: Option<&str>) -> String {
    id.map_or_else(|| kind.to_owned(), |id| format!("{kind}:{id}"))
}

/// The first instant of a day; where a change of clocks leaves out midnight, the first after it.
fn beginning(day: NaiveDate, zone: Tz) -> UtcTime {
    let midnight = day.and_time(chrono::NaiveTime::MIN);
    let first = (0..4).find_map(|hours| {
        (midnight + chrono::TimeDelta::hours(hours)).and_local_timezone(zone).earliest().map(|at| at.to_utc())
    });
    first.unwrap_or_else(|| midnight.and_utc()).into()
}

/// A thing: its kind and id.
pub type Thing = (String, String);

/// What things and people are called.
pub type Names = HashMap<Thing, Name>;

/// What one thing is called.
#[derive(Clone, Debug)]
pub enum Name {
    /// The same in every language.
    Plain(String),
    /// In the languages of the event.
    Localized(Localized),
    /// In Latin letters, and in a script of its own.
    Person(String, String),
}

impl Name {
    /// The name for readers of a language.
    #[must_use]
    pub fn text(&self, lang: Lang, languages: &[Lang]) -> String {
        match self {
            Self::Plain(name) => name.clone(),
            Self::Localized(name) => name.text(lang, languages).to_owned(),
            Self::Person(_, native) if lang.has_script_of(native) => native.clone(),
            Self::Person(latin, _) => latin.clone(),
        }
    }
}

/// How far the chain reaches.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Head {
    /// How many entries are chained.
    pub position: i32,
    /// The hash of the last; empty before the first.
    pub hash: String,
}
