//! Numbers against what they should become, each with a small picture.

use super::words::Words;
use crate::accounts::access::Allowed;
use crate::accounts::model::Permission as P;
use crate::numbers::chart::{self, Spark, share};
use crate::numbers::operations::Attention;
use crate::registration::model::RegistrationState;
use serde::Serialize;

/// One number with its goal.
#[derive(Serialize)]
pub(super) struct Goal {
    label: String,
    value: String,
    /// What it should become, or what it is a part of; may be empty.
    of: String,
    /// One more line; may be empty.
    detail: String,
    url: String,
    /// How far it is, as a share of the width; empty where there is no goal.
    progress: String,
    /// Where the bar begins.
    progress_x: String,
    /// The last days; none where there is nothing to draw.
    spark: Option<Spark>,
}

/// Height of the small pictures.
const HEIGHT: u32 = 36;
/// Days that count as recent.
const WEEK: usize = 7;

/// The numbers that the account may see.
pub(super) fn goals<N>(team: &Allowed<N>, words: &Words<'_>, found: &Attention) -> Vec<Goal> {
    let base = format!("/organizer/{}", team.event.slug);
    let maker = Maker { words, base };
    let mut goals = Vec::new();
    if team.may(P::ViewRegistrations) {
        goals.extend([maker.places(found), maker.made(found), maker.confirmed(found)]);
        let today = team.visit.app.clock.now().in_zone(team.event.zone()).date_naive();
        if found.came > 0 || today >= team.event.starts_on {
            goals.push(maker.came(found));
        }
        if found.seats.1 > 0 {
            let (taken, all) = found.seats;
            goals.push(maker.goal("numbers-goal-seats", (taken, Some(all)), "/seats"));
        }
    }
    let draft = &found.draft;
    goals.push(maker.goal("numbers-goal-sessions", (draft.placed, Some(draft.accepted)), "/sessions"));
    let speaking = &found.speaking;
    if speaking.asked_at_all > 0 {
        let answered = speaking.asked_at_all - speaking.silent;
        goals.push(maker.goal("numbers-goal-speakers", (answered, Some(speaking.asked_at_all)), "/answers"));
    } else {
        goals.push(maker.goal("numbers-goal-speakers-known", (draft.speakers, None), "/speakers"));
    }
    goals
}

struct Maker<'a> {
    words: &'a Words<'a>,
    base: String,
}

impl Maker<'_> {
    fn goal(&self, key: &str, (count, whole): (i64, Option<i64>), path: &str) -> Goal {
        let words = self.words;
        let whole = whole.filter(|whole| *whole > 0);
        let percent = whole.and_then(|whole| share(count.min(whole), whole));
        let of = |whole: i64| words.with("numbers-goal-of", &[("limit", words.number(whole).into())]);
        Goal {
            label: words.text(key),
            value: words.number(count),
            of: whole.map(of).unwrap_or_default(),
            detail: String::new(),
            url: format!("{}{path}", self.base),
            progress: percent.map(|percent| format!("{percent}%")).unwrap_or_default(),
            progress_x: if words.is_mirrored { format!("{}%", 100 - percent.unwrap_or(0)) } else { "0%".to_owned() },
            spark: None,
        }
    }

    fn places(&self, found: &Attention) -> Goal {
        let detail = match (found.waiting, found.unlimited) {
            (0, 0) => String::new(),
            (0, unlimited) => self.words.counted("numbers-goal-unlimited", unlimited),
            (waiting, _) => self.words.counted("numbers-goal-waiting", waiting),
        };
        Goal { detail, ..self.goal("numbers-goal-places", found.places, "/numbers#held") }
    }

    fn made(&self, found: &Attention) -> Goal {
        let week: i64 = found.recent.iter().rev().take(WEEK).sum();
        let before: i64 = found.recent.iter().rev().skip(WEEK).take(WEEK).sum();
        let most = found.recent.iter().copied().max().unwrap_or(0);
        let spark = (most > 0).then(|| chart::spark(&found.recent, most, HEIGHT, self.words.is_mirrored));
        let detail = self.words.counted("numbers-goal-week-before", before);
        Goal { detail, spark, ..self.goal("numbers-goal-week", (week, None), "/numbers#by-day") }
    }

    fn confirmed(&self, found: &Attention) -> Goal {
        let counts = &found.registrations;
        let standing =
            RegistrationState::ALL.iter().filter(|state| !state.is_end()).map(|state| counts.in_state(*state));
        let confirmed = counts.in_state(RegistrationState::Confirmed);
        let detail = match counts.in_state(RegistrationState::Unverified) {
            0 => String::new(),
            unverified => self.words.counted("numbers-goal-unverified", unverified),
        };
        let goal =
            self.goal("numbers-goal-confirmed", (confirmed, Some(standing.sum())), "/registrations?state=confirmed");
        Goal { detail, ..goal }
    }

    fn came(&self, found: &Attention) -> Goal {
        let confirmed = found.registrations.in_state(RegistrationState::Confirmed);
        self.goal("numbers-goal-came", (found.came, Some(confirmed)), "/numbers#came")
    }
}
