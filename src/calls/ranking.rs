//! Which proposals a list shows, and in which order.

use super::model::proposal::{Decision, ProposalState};
use super::model::review::Tally;
use super::operations::reviewing::{Round, SentIn};
use crate::db::{FormatId, ForumId};
use crate::i18n::search_key;
use crate::text_enum;
use std::cmp::Ordering;

text_enum! {
    /// What a list is sorted by.
    pub enum Sort {
        /// The best first, those without scores last.
        Score = "score",
        /// Those with the fewest reviews first.
        Fewest = "fewest",
        /// Those about which reviewers agree least first.
        Spread = "spread",
        /// As they were sent in, the newest first.
        Newest = "newest",
    }
}

/// Which proposals a list shows.
#[derive(Clone, Debug, Default)]
pub struct Wanted {
    /// Whose title or people hold this.
    pub query: String,
    /// Of this forum only.
    pub forum: Option<ForumId>,
    /// Of this format only.
    pub format: Option<FormatId>,
    /// In this state only.
    pub state: Option<ProposalState>,
    /// With this decision pending only.
    pub pending: Option<Decision>,
    /// In this order.
    pub sort: Option<Sort>,
}

impl Wanted {
    /// What an address asks for.
    #[must_use]
    pub fn read<'a>(param: impl Fn(&str) -> Option<&'a str>) -> Self {
        let text = |name: &str| param(name).unwrap_or_default().trim().to_owned();
        Self {
            query: text("q"),
            forum: text("forum").parse().ok(),
            format: text("format").parse().ok(),
            state: text("state").parse().ok(),
            pending: text("pending").parse().ok(),
            sort: text("sort").parse().ok(),
        }
    }

    /// Whether anything is left out.
    #[must_use]
    pub const fn is_filtered(&self) -> bool {
        !self.query.is_empty()
            || self.forum.is_some()
            || self.format.is_some()
            || self.state.is_some()
            || self.pending.is_some()
    }

    fn fits(&self, one: &SentIn) -> bool {
        let (proposal, key) = (&one.proposal, search_key([self.query.as_str()]));
        let people = proposal.people.iter().flat_map(|person| [person.name.as_str(), person.organisation.as_str()]);
        let words = [proposal.title.as_str(), proposal.name.as_str()].into_iter().chain(people);
        self.forum.is_none_or(|forum| proposal.forum_id == Some(forum))
            && self.format.is_none_or(|format| proposal.format_id == Some(format))
            && self.state.is_none_or(|state| one.state == state)
            && self.pending.is_none_or(|pending| proposal.pending == Some(pending))
            && (key.is_empty() || search_key(words).contains(&key))
    }
}

/// A proposal with its place among those of the list.
#[derive(Clone, Debug)]
pub struct Ranked<'a> {
    /// Its place by total; nothing where nobody has scored it.
    pub rank: Option<usize>,
    /// The proposal.
    pub one: &'a SentIn,
    /// What its reviews come to.
    pub tally: Tally,
}

/// The proposals that a list shows, of the forums that `may` says.
#[must_use]
pub fn ranked<'a>(round: &'a Round, wanted: &Wanted, may: impl Fn(Option<ForumId>) -> bool) -> Vec<Ranked<'a>> {
    let shown = round.proposals.iter().filter(|one| may(one.proposal.forum_id) && wanted.fits(one));
    let mut all: Vec<Ranked<'_>> = shown
        .map(|one| Ranked { rank: None, one, tally: Tally::of(&round.criteria, round.reviews(one.proposal.id)) })
        .collect();
    all.sort_by(by_score);
    for (place, one) in (1..).zip(&mut all) {
        one.rank = one.tally.total.map(|_| place);
    }
    match wanted.sort.unwrap_or(Sort::Score) {
        Sort::Score => {}
        Sort::Fewest => all.sort_by_key(|one| one.tally.scored),
        Sort::Spread => all.sort_by(|one, other| {
            let spread = |one: &Ranked<'_>| one.tally.total.map_or(-1.0, |total| total.spread);
            spread(other).total_cmp(&spread(one))
        }),
        Sort::Newest => all.sort_by_key(|one| std::cmp::Reverse((one.one.proposal.sent_at, one.one.proposal.id))),
    }
    all
}

/// The best mean first, then the better median, then the more reviews; those without scores last.
fn by_score(one: &Ranked<'_>, other: &Ranked<'_>) -> Ordering {
    match (one.tally.total, other.tally.total) {
        (Some(one), Some(other)) => other
            .mean
            .total_cmp(&one.mean)
            .then_with(|| other.median.total_cmp(&one.median))
            .then_with(|| other.count.cmp(&one.count)),
        (Some(_), None) => Ordering::Less,
        (None, Some(_)) => Ordering::Greater,
        (None, None) => Ordering::Equal,
    }
}
