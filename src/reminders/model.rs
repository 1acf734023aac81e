//! Which reminders there are, and when each is due.

use crate::db::{EventId, UtcTime};
use crate::schedule::times::day_start;
use crate::text_enum;
use chrono::{NaiveDate, TimeDelta};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

text_enum! {
    /// What a reminder is about.
    pub enum ReminderKind {
        /// A speaker has not answered an invitation.
        Invitation = "invitation",
        /// A speaker still owes facts of the profile or the photo.
        Profile = "profile",
        /// A speaker still owes slides.
        Slides = "slides",
        /// The event begins.
        Event = "event",
        /// A session begins in which somebody has a seat.
        Session = "session",
        /// An application waits for the applicant's answer.
        Answer = "answer",
        /// An offer of a place runs out.
        Offer = "offer",
        /// A seat that is kept in a session runs out.
        Seat = "seat",
    }
}

impl ReminderKind {
    /// Whether somebody who wants no reminders gets none of this kind. Others are about the person's own invitation,
    /// application or place, which would be lost without an answer.
    #[must_use]
    pub const fn can_be_refused(self) -> bool {
        matches!(self, Self::Profile | Self::Slides | Self::Event | Self::Session)
    }
}

text_enum! {
    /// How the steps of a rule count.
    pub enum Counting {
        /// Days after something was sent.
        DaysAfter = "days-after",
        /// Days before something is due or begins.
        DaysBefore = "days-before",
        /// Hours before something begins or ends.
        HoursBefore = "hours-before",
    }
}

impl ReminderKind {
    /// How its steps count.
    #[must_use]
    pub const fn counting(self) -> Counting {
        match self {
            Self::Invitation | Self::Answer => Counting::DaysAfter,
            Self::Profile | Self::Slides | Self::Event => Counting::DaysBefore,
            Self::Session | Self::Offer | Self::Seat => Counting::HoursBefore,
        }
    }

    /// What holds where an event has set nothing.
    #[must_use]
    pub fn usual(self) -> Rule {
        match self {
            Self::Invitation => Rule { is_on: true, steps: vec![4, 8, 12], until: None },
            Self::Profile | Self::Slides => Rule { is_on: false, steps: vec![1, 7], until: None },
            Self::Event => Rule { is_on: false, steps: vec![2], until: None },
            Self::Session => Rule { is_on: false, steps: vec![24], until: None },
            Self::Answer => Rule { is_on: false, steps: vec![3, 7], until: None },
            Self::Offer => Rule { is_on: false, steps: vec![12], until: None },
            Self::Seat => Rule { is_on: false, steps: vec![1], until: None },
        }
    }
}

/// Most steps of one rule.
pub const MOST_STEPS: usize = 6;
/// The largest step.
pub const LARGEST_STEP: u16 = 365;

/// When the reminders of one kind leave.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rule {
    /// Whether any leave.
    pub is_on: bool,
    /// Days or hours, each once.
    pub steps: Vec<u16>,
    /// The last day on which one leaves.
    pub until: Option<NaiveDate>,
}

/// A step that has come, with the earlier ones that are thereby past too.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due {
    /// The step whose reminder leaves.
    pub step: u16,
    /// When it came.
    pub at: UtcTime,
    /// Every step that has come, the one that leaves among them: none of them leaves any more.
    pub all: Vec<u16>,
}

/// Nine in the morning of a day: reminders that count days leave when people are up.
#[must_use]
pub fn nine(day: NaiveDate, zone: Tz) -> UtcTime {
    day_start(day, zone) + TimeDelta::hours(9)
}

/// What the steps of a rule are counted from.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The instant that steps count from or towards.
    pub at: UtcTime,
    /// Since when the person is concerned: steps that lie before were never theirs.
    pub since: UtcTime,
}

impl Rule {
    /// The step whose reminder is due now, if one is. Where several have come at once, as after a night without
    /// power, the latest leaves and the others never do: nobody gets two reminders on one morning.
    #[must_use]
    pub fn due(&self, counting: Counting, occasion: Occasion, now: UtcTime, zone: Tz) -> Option<Due> {
        let is_over = self.until.is_some_and(|until| now.in_zone(zone).date_naive() > until);
        if !self.is_on || is_over {
            return None;
        }
        let instant = |step: u16| {
            let step = i64::from(step);
            match counting {
                Counting::DaysAfter => occasion.at + TimeDelta::days(step),
                Counting::DaysBefore => occasion.at - TimeDelta::days(step),
                Counting::HoursBefore => occasion.at - TimeDelta::hours(step),
            }
        };
        if counting != Counting::DaysAfter && now >= occasion.at {
            // It has begun, or is over.
            return None;
        }
        let has_come = |step: &u16| instant(*step) <= now && instant(*step) > occasion.since;
        let all: Vec<u16> = self.steps.iter().copied().filter(has_come).collect();
        let step = all.iter().copied().max_by_key(|step| instant(*step))?;
        Some(Due { step, at: instant(step), all })
    }
}

/// The rules of an event, as they are stored.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Rules {
    /// By the word of their kind; the usual one where a kind has none.
    rules: BTreeMap<String, Rule>,
    /// By when speakers are asked for what, by the word of the item.
    deadlines: BTreeMap<String, NaiveDate>,
    /// Counts edits; 0 where nothing was ever set.
    #[serde(skip)]
    pub version: i32,
}

impl Rules {
    /// The rule of a kind.
    #[must_use]
    pub fn of(&self, kind: ReminderKind) -> Rule {
        self.rules.get(kind.as_str()).cloned().unwrap_or_else(|| kind.usual())
    }

    /// Sets the rule of a kind.
    pub fn set(&mut self, kind: ReminderKind, rule: Rule) {
        self.rules.insert(kind.as_str().to_owned(), rule);
    }

    /// By when something is asked for.
    #[must_use]
    pub fn deadline(&self, item: &str) -> Option<NaiveDate> {
        self.deadlines.get(item).copied()
    }

    /// Sets by when something is asked for, or that it is not.
    pub fn set_deadline(&mut self, item: &str, day: Option<NaiveDate>) {
        match day {
            Some(day) => self.deadlines.insert(item.to_owned(), day),
            None => self.deadlines.remove(item),
        };
    }
}

/// What keeps a reminder from leaving twice: kind, person or thing, and step.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct ReminderKey {
    /// The event.
    pub event: EventId,
    /// What it is about.
    pub kind: ReminderKind,
    /// The id of the person or thing.
    pub subject: String,
    /// The step, in words of the kind.
    pub step: String,
}

/// What was typed are no steps.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no steps of a ladder")]
pub struct NoSteps;

/// Reads steps as people type them: numbers between commas or spaces.
///
/// # Errors
/// When something is no number, is none of the allowed ones, or there are too many.
pub fn read_steps(text: &str) -> Result<Vec<u16>, NoSteps> {
    let is_between = |sign: char| sign.is_whitespace() || matches!(sign, ',' | ';' | '，' | '、' | '；');
    let mut steps = Vec::new();
    for word in text.split(is_between).filter(|word| !word.is_empty()) {
        let step = word.parse::<u16>().map_err(|_| NoSteps)?;
        if step == 0 || step > LARGEST_STEP {
            return Err(NoSteps);
        }
        if !steps.contains(&step) {
            steps.push(step);
        }
    }
    steps.sort_unstable();
    if steps.is_empty() || steps.len() > MOST_STEPS { Err(NoSteps) } else { Ok(steps) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::DateTime;

    fn at(text: &str) -> UtcTime {
        DateTime::parse_from_rfc3339(text).expect("an instant").to_utc().into()
    }

    fn rule(steps: &[u16], until: Option<&str>) -> Rule {
        Rule { is_on: true, steps: steps.to_vec(), until: until.map(|day| day.parse().expect("a day")) }
    }

    #[test]
    fn a_ladder_climbs_one_step_at_a_time_and_ends() {
        let sent = at("2027-03-01T09:00:00Z");
        let occasion = Occasion { at: sent, since: sent };
        let step = |rule: &Rule, now: &str| {
            rule.due(Counting::DaysAfter, occasion, at(now), Tz::UTC).map(|due| (due.step, due.all))
        };
        let ladder = rule(&[4, 8, 12], None);
        for (now, expected) in [
            ("2027-03-05T08:59:59Z", None),
            ("2027-03-05T09:00:00Z", Some((4, vec![4]))),
            ("2027-03-09T09:00:00Z", Some((8, vec![4, 8]))),
            // Far too late, as after a clock that jumped: one reminder, and no more.
            ("2028-03-09T09:00:00Z", Some((12, vec![4, 8, 12]))),
            ("2027-02-01T09:00:00Z", None),
        ] {
            assert_eq!(step(&ladder, now), expected, "{now}");
        }
        let ending = rule(&[4, 8], Some("2027-03-06"));
        assert_eq!(step(&ending, "2027-03-06T20:00:00Z"), Some((4, vec![4])));
        assert_eq!(step(&ending, "2027-03-09T10:00:00Z"), None, "the last day is past");
        assert_eq!(step(&Rule { is_on: false, ..ladder }, "2027-03-09T09:00:00Z"), None);
    }

    #[test]
    fn what_begins_is_reminded_of_before_and_never_after() {
        let begins = at("2027-04-13T01:00:00Z");
        let step = |since: &str, now: &str| {
            let occasion = Occasion { at: begins, since: at(since) };
            rule(&[14, 2], None).due(Counting::DaysBefore, occasion, at(now), Tz::UTC).map(|due| (due.step, due.all))
        };
        let early = "2027-01-01T00:00:00Z";
        assert_eq!(step(early, "2027-03-30T00:59:59Z"), None);
        assert_eq!(step(early, "2027-03-30T01:00:00Z"), Some((14, vec![14])));
        assert_eq!(step(early, "2027-04-12T00:00:00Z"), Some((2, vec![14, 2])));
        assert_eq!(step(early, "2027-04-13T01:00:00Z"), None, "it has begun");
        assert_eq!(step("2027-04-12T00:00:00Z", "2027-04-12T12:00:00Z"), None, "who came later was told already");
        assert_eq!(step("2027-04-01T00:00:00Z", "2027-04-12T00:00:00Z"), Some((2, vec![2])));
    }

    #[test]
    fn steps_are_read_as_people_type_them() {
        assert_eq!(read_steps("12, 4 8"), Ok(vec![4, 8, 12]));
        assert_eq!(read_steps("4、8，4"), Ok(vec![4, 8]));
        for wrong in ["", "four", "0", "366", "1 2 3 4 5 6 7", "-1"] {
            assert_eq!(read_steps(wrong), Err(NoSteps), "{wrong}");
        }
    }

    #[test]
    fn rules_outlive_their_text_form_and_unknown_kinds() {
        let mut rules = Rules::default();
        rules.set(ReminderKind::Invitation, rule(&[3], Some("2027-03-06")));
        rules.set_deadline("photo", Some("2027-03-06".parse().expect("a day")));
        let text = serde_json::to_string(&rules).expect("text");
        assert_eq!(serde_json::from_str::<Rules>(&text).expect("rules"), rules);
        let later = serde_json::from_str::<Rules>(r#"{"rules":{"of-later":{"is_on":true}}}"#).expect("rules");
        assert_eq!(later.of(ReminderKind::Invitation), ReminderKind::Invitation.usual());
    }
}
