//! How many messages may leave in a minute, in all and to one domain, as pure arithmetic over what is kept of each
//! domain. Minutes are those of the clock. What exceeds them is moved to the first minute with room.

use crate::db::UtcTime;
use chrono::TimeDelta;
use std::collections::BTreeMap;

/// How long a domain is spared that asked for fewer.
pub const SPARED: TimeDelta = TimeDelta::minutes(5);

/// What the settings allow; 0 is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Limits {
    /// Messages in a minute.
    pub per_minute: i32,
    /// Messages in a minute to one domain.
    pub per_domain: i32,
}

impl Limits {
    /// Whether nothing is limited.
    #[must_use]
    pub const fn is_none(self) -> bool {
        self.per_minute == 0 && self.per_domain == 0
    }
}

/// What is kept of a domain, or of all where its name is empty.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pace {
    /// The minute that `taken` counts.
    pub minute: UtcTime,
    /// Messages taken in it.
    pub taken: i32,
    /// The first minute with room for what is moved.
    pub next_minute: UtcTime,
    /// Messages moved to it.
    pub next_taken: i32,
    /// Until when it is spared.
    pub blocked_until: Option<UtcTime>,
    /// The mail server's words that asked for it.
    pub detail: String,
}

/// The beginning of the minute that an instant lies in.
#[must_use]
pub fn minute_of(at: UtcTime) -> UtcTime {
    let past = at.timestamp().rem_euclid(60);
    let whole = chrono::DateTime::from_timestamp(at.timestamp() - past, 0);
    whole.map_or(at, UtcTime::from)
}

impl Pace {
    /// A domain that nothing has left to yet.
    #[must_use]
    pub fn new(now: UtcTime) -> Self {
        let minute = minute_of(now);
        Self { minute, taken: 0, next_minute: minute, next_taken: 0, blocked_until: None, detail: String::new() }
    }

    /// The same at a later minute, whose count begins anew.
    pub fn turn_to(&mut self, now: UtcTime) {
        let minute = minute_of(now);
        if self.minute != minute {
            (self.minute, self.taken) = (minute, 0);
        }
    }

    /// The first minute with room that is not before `from`, and takes a place in it.
    fn move_to(&mut self, from: UtcTime, limit: i32) -> UtcTime {
        if limit == 0 {
            return from;
        }
        let earliest = match minute_of(from) {
            minute if minute < from => minute + TimeDelta::minutes(1),
            minute => minute,
        };
        if self.next_minute < earliest {
            (self.next_minute, self.next_taken) = (earliest, 0);
        }
        let found = self.next_minute;
        self.next_taken += 1;
        if self.next_taken >= limit {
            (self.next_minute, self.next_taken) = (found + TimeDelta::minutes(1), 0);
        }
        found
    }
}

/// A message that is due.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Due<I> {
    /// Which.
    pub id: I,
    /// Its recipient's domain.
    pub domain: String,
    /// Whether somebody waits for it.
    pub is_asked_for: bool,
}

/// Which messages leave now, and when others do that have to wait.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shares<I> {
    /// These leave.
    pub taken: Vec<I>,
    /// These wait until then.
    pub moved: Vec<(I, UtcTime)>,
}

/// Takes at most `room` of what is due, in its order. `paces` holds what is kept of its domains and is brought
/// up to date; what somebody waits for goes to a spared domain all the same.
pub fn share<I>(
    due: Vec<Due<I>>,
    now: UtcTime,
    (limits, room): (Limits, usize),
    paces: &mut BTreeMap<String, Pace>,
) -> Shares<I> {
    let mut shares = Shares { taken: Vec::new(), moved: Vec::new() };
    for one in due {
        if shares.taken.len() >= room {
            break;
        }
        let pace = paces.entry(one.domain).or_insert_with(|| Pace::new(now));
        pace.turn_to(now);
        let blocked = pace.blocked_until.filter(|until| *until > now && !one.is_asked_for);
        if let Some(until) = blocked {
            shares.moved.push((one.id, pace.move_to(until, limits.per_domain)));
        } else if limits.per_domain > 0 && pace.taken >= limits.per_domain {
            let next = minute_of(now) + TimeDelta::minutes(1);
            shares.moved.push((one.id, pace.move_to(next, limits.per_domain)));
        } else {
            pace.taken += 1;
            shares.taken.push(one.id);
        }
    }
    shares
}

/// Whether a server that put a message off asks for fewer messages, rather than speaking of this one. A server that
/// wants to see a message again before it believes in it (greylisting) says nothing about others.
#[must_use]
pub fn asks_for_fewer(answer: &str) -> bool {
    let answer = answer.to_lowercase();
    let has = |code: &str| answer.split(|sign: char| !sign.is_ascii_digit() && sign != '.').any(|word| word == code);
    // A mailbox that is full speaks of limits too.
    if answer.contains("greylist") || answer.contains("graylist") || has("4.2.2") {
        return false;
    }
    if has("421") {
        return true;
    }
    let words = ["rate", "rates", "ratelimit", "ratelimited", "limit", "limits", "limited", "throttled", "throttling"];
    let phrases = ["too many", "too fast", "too much", "slow down", "too frequent", "频率", "频繁"];
    let says = answer.split(|sign: char| !sign.is_alphanumeric()).any(|word| words.contains(&word))
        || phrases.iter().any(|phrase| answer.contains(phrase));
    ["450", "451", "452"].into_iter().any(has) && (says || ["4.7.28", "4.7.0", "4.5.3", "4.3.2"].into_iter().any(has))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn at(seconds: i64) -> UtcTime {
        chrono::DateTime::from_timestamp(1_800_000_000 + seconds, 0).expect("in range").into()
    }

    fn due(id: usize, domain: &str) -> Due<usize> {
        Due { id, domain: domain.to_owned(), is_asked_for: false }
    }

    #[test]
    fn what_exceeds_a_minute_is_spread_over_the_next_ones() {
        let mut paces = BTreeMap::new();
        let limits = Limits { per_minute: 0, per_domain: 2 };
        let all = (0..7).map(|id| due(id, if id == 6 { "b" } else { "a" })).collect();
        let shares = share(all, at(10), (limits, 100), &mut paces);
        assert_eq!(shares.taken, [0, 1, 6]);
        let minute = |number: i64| minute_of(at(10)) + TimeDelta::minutes(number);
        assert_eq!(shares.moved, [(2, minute(1)), (3, minute(1)), (4, minute(2)), (5, minute(2))]);
        let more = share(vec![due(7, "a")], at(20), (limits, 100), &mut paces);
        assert_eq!(more.moved, [(7, minute(3))]);
        assert_eq!(share(vec![due(8, "a")], minute(1), (limits, 100), &mut paces).taken, [8]);
    }

    #[test]
    fn a_spared_domain_waits_but_for_what_somebody_waits_for() {
        let mut pace = Pace::new(at(0));
        pace.blocked_until = Some(at(300));
        let mut paces = BTreeMap::from([("a".to_owned(), pace)]);
        let asked = Due { is_asked_for: true, ..due(2, "a") };
        let shares = share(vec![due(1, "a"), asked], at(0), (Limits::default(), 100), &mut paces);
        assert_eq!((shares.taken, shares.moved), (vec![2], vec![(1, at(300))]));
        assert_eq!(share(vec![due(1, "a")], at(300), (Limits::default(), 100), &mut paces).taken, [1]);
    }

    #[test]
    fn a_request_for_fewer_is_told_from_other_delays() {
        for (answer, asks) in [
            ("transient error (421): 4.7.0 Try again later, closing connection", true),
            ("transient error (450): 4.7.1 Error: too many recipients from 192.0.2.1", true),
            ("transient error (450): 4.2.1 The user you are trying to contact is receiving mail at a rate", true),
            ("transient error (451): 4.7.28 Our system has detected an unusual amount of mail", true),
            ("transient error (450): 4.2.0 <a@b.example>: Recipient address rejected: Greylisted, see limits", false),
            ("transient error (451): 4.7.1 come back later", false),
            ("transient error (452): 4.2.2 mailbox is over its size limit", false),
            ("transient error (450): 4.7.1 Operated by a corporate filter, generated later", false),
            ("connection broke", false),
        ] {
            assert_eq!(asks_for_fewer(answer), asks, "{answer}");
        }
    }

    proptest! {
        #[test]
        fn no_minute_takes_more_than_it_may(
            domains in proptest::collection::vec(0_u8..3, 1..200), limit in 1_i32..5, looks in proptest::collection::vec(1_i64..50, 1..80),
        ) {
            let limits = Limits { per_minute: 0, per_domain: limit };
            let mut paces = BTreeMap::new();
            let mut waiting: Vec<(usize, u8, UtcTime)> = domains.iter().enumerate().map(|(id, domain)| (id, *domain, at(0))).collect();
            let mut left: BTreeMap<(u8, UtcTime), i32> = BTreeMap::new();
            let mut now = at(0);
            for pause in looks.into_iter().chain(std::iter::repeat_n(60, 300)) {
                let ready = waiting.iter().filter(|(_, _, due_at)| *due_at <= now).map(|(id, domain, _)| due(*id, &domain.to_string())).collect();
                let shares = share(ready, now, (limits, 1000), &mut paces);
                for id in shares.taken {
                    let at = waiting.iter().position(|(one, _, _)| *one == id).expect("waiting");
                    *left.entry((waiting.remove(at).1, minute_of(now))).or_default() += 1;
                }
                for (id, until) in shares.moved {
                    prop_assert!(until > now);
                    waiting.iter_mut().find(|(one, _, _)| *one == id).expect("waiting").2 = until;
                }
                now = now + TimeDelta::seconds(pause);
            }
            prop_assert!(waiting.is_empty(), "{} never left", waiting.len());
            prop_assert!(left.values().all(|count| *count <= limit));
        }
    }
}
