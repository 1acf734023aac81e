//! Reviews: criteria, scores, who may review what, and what reviewers may not see.

use super::proposal::{Content, Proposal};
use super::statistics::{Summary, total};
use crate::accounts::model::{Roles, TeamRole, User};
use crate::db::schema::{proposal_reviews, review_criteria};
use crate::db::{CriterionId, EventId, ForumId, Json, ProposalReviewId, SessionProposalId, UserId, UtcTime};
use crate::i18n::Localized;
use crate::mail::address::EmailAddress;
use crate::text_enum;
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// Something that reviewers score, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = review_criteria)]
pub struct Criterion {
    /// The criterion.
    pub id: CriterionId,
    /// The event.
    pub event_id: EventId,
    /// Its name.
    pub name: Localized,
    /// What it means.
    pub help: Localized,
    /// How much it counts beside the others.
    pub weight: i32,
    /// The lowest score.
    pub lowest: i32,
    /// The highest score.
    pub highest: i32,
    /// Its place among the others.
    pub position: i32,
    /// Counts edits.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

/// What an organizer says of a criterion.
#[derive(Clone, Debug)]
pub struct CriterionFacts {
    /// Its name.
    pub name: Localized,
    /// What it means.
    pub help: Localized,
    /// How much it counts beside the others.
    pub weight: i32,
    /// The lowest score.
    pub lowest: i32,
    /// The highest score.
    pub highest: i32,
}

text_enum! {
    /// What a reviewer says.
    pub enum ReviewStanding {
        /// Gave scores.
        Scored = "scored",
        /// Can't judge it.
        Abstained = "abstained",
        /// Must not judge it.
        Conflict = "conflict",
    }
}

/// The scores of one review, by the criteria's ids.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Scores(pub BTreeMap<String, i32>);

impl Scores {
    /// The score of one criterion.
    #[must_use]
    pub fn of(&self, criterion: &Criterion) -> Option<i32> {
        self.0.get(criterion.id.as_str()).copied()
    }
}

/// A review, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = proposal_reviews)]
pub struct Review {
    /// The review.
    pub id: ProposalReviewId,
    /// What it is about.
    pub proposal_id: SessionProposalId,
    /// Who reviews.
    pub user_id: UserId,
    /// What they say.
    pub standing: ReviewStanding,
    /// Their scores.
    pub scores: Json<Scores>,
    /// Words to the organizers.
    pub to_team: String,
    /// Words to the author.
    pub to_author: String,
    /// Counts edits.
    pub version: i32,
    /// When it was given.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

/// What reviews come to.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Tally {
    /// The weighted total, from 0 to 100.
    pub total: Option<Summary>,
    /// Each criterion on its own scale, in the criteria's order.
    pub criteria: Vec<Option<Summary>>,
    /// Reviews with scores.
    pub scored: usize,
    /// Reviewers who abstained.
    pub abstained: usize,
    /// Reviewers with a conflict of interest.
    pub conflicts: usize,
}

impl Tally {
    /// What these reviews come to.
    #[must_use]
    pub fn of<'a>(criteria: &[Criterion], reviews: impl IntoIterator<Item = &'a Review>) -> Self {
        let reviews: Vec<&Review> = reviews.into_iter().collect();
        let count = |standing| reviews.iter().filter(|review| review.standing == standing).count();
        let scored: Vec<&Scores> =
            reviews.iter().filter(|one| one.standing == ReviewStanding::Scored).map(|one| &*one.scores).collect();
        let totals: Vec<f64> = scored.iter().filter_map(|scores| total(criteria, scores)).collect();
        let of_one = |criterion: &Criterion| {
            let values: Vec<f64> = scored.iter().filter_map(|scores| scores.of(criterion)).map(f64::from).collect();
            Summary::of(&values)
        };
        Self {
            total: Summary::of(&totals),
            criteria: criteria.iter().map(of_one).collect(),
            scored: count(ReviewStanding::Scored),
            abstained: count(ReviewStanding::Abstained),
            conflicts: count(ReviewStanding::Conflict),
        }
    }
}

/// Whether these roles review proposals of a forum: organizers all, forum organizers those of their forums, reviewers
/// those of theirs, or all where they were given none.
#[must_use]
pub fn reviews_forum(roles: &Roles, is_admin: bool, forum: Option<ForumId>) -> bool {
    let is_own = forum.is_some_and(|forum| roles.forums.contains(&forum));
    is_admin
        || roles.held.contains(&TeamRole::Organizer)
        || (roles.held.contains(&TeamRole::Reviewer) && (is_own || roles.forums.is_empty()))
        || (roles.held.contains(&TeamRole::ForumOrganizer) && is_own)
}

/// Whether an account has a part in a proposal: its address is the author's or a speaker's.
#[must_use]
pub fn takes_part(user: &User, proposal: &Proposal) -> bool {
    let is_own = |email: &str| email.parse::<EmailAddress>().is_ok_and(|email| email.key() == user.email_key);
    proposal.email_key == user.email_key || proposal.people.iter().any(|person| is_own(&person.email))
}

/// What stands in the place of a name in a text that a reviewer may not read.
pub const HIDDEN: &str = "▇▇▇";

/// The words that give away who hands a proposal in: names, organisations and addresses, and each longer word of a
/// name by itself. Longest first, so that a part is never hidden before the whole.
#[must_use]
pub fn telling_words(proposal: &Proposal) -> Vec<String> {
    let mut words: Vec<String> = vec![proposal.name.clone(), proposal.email.clone()];
    for person in proposal.people.iter() {
        words.extend([person.name.clone(), person.email.clone(), person.organisation.clone()]);
    }
    let names = std::iter::once(proposal.name.as_str()).chain(proposal.people.iter().map(|one| one.name.as_str()));
    let parts: Vec<String> =
        names.flat_map(str::split_whitespace).filter(|part| part.chars().count() >= LONG).map(str::to_owned).collect();
    words.extend(parts);
    words.retain(|word| word.chars().count() >= SHORT);
    words.sort_by(|one, other| other.chars().count().cmp(&one.chars().count()).then_with(|| one.cmp(other)));
    words.dedup();
    words
}

/// Shorter parts of names are too often words of the language as well.
const LONG: usize = 4;
/// A name of two signs is a whole name in Chinese.
const SHORT: usize = 2;

/// A text with words hidden, whatever their case. In scripts that part words by spaces only whole words are hidden.
#[must_use]
pub fn hide(text: &str, words: &[String]) -> String {
    words.iter().fold(text.to_owned(), |text, word| hide_one(&text, word))
}

fn hide_one(text: &str, word: &str) -> String {
    let lower = |sign: char| sign.to_lowercase().next().unwrap_or(sign);
    let signs: Vec<char> = text.chars().collect();
    let wanted: Vec<char> = word.chars().map(lower).collect();
    let is_letter = |at: Option<&char>| at.is_some_and(|sign| sign.is_alphanumeric() && !is_ideograph(*sign));
    let (mut kept, mut at) = (String::with_capacity(text.len()), 0);
    while at < signs.len() {
        let end = at + wanted.len();
        let is_here = end <= signs.len()
            && signs[at..end].iter().zip(&wanted).all(|(sign, wanted)| lower(*sign) == *wanted)
            && !(is_letter(at.checked_sub(1).and_then(|before| signs.get(before))) && is_letter(signs.get(at)))
            && !(is_letter(signs.get(end)) && is_letter(signs.get(end - 1)));
        if is_here {
            kept.push_str(HIDDEN);
            at = end;
        } else {
            kept.push(signs[at]);
            at += 1;
        }
    }
    kept
}

const fn is_ideograph(sign: char) -> bool {
    matches!(sign, '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
}

/// A proposal's content as a reviewer may read it: without people, and with their names hidden in the texts.
#[must_use]
pub fn blinded(proposal: &Proposal) -> Content {
    let words = telling_words(proposal);
    let content = proposal.content();
    Content {
        name: String::new(),
        title: hide(&content.title, &words),
        abstract_text: hide(&content.abstract_text, &words),
        description: hide(&content.description, &words),
        people: Vec::new(),
        notes: String::new(),
        ..content
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_are_hidden_whole_whatever_their_case() {
        let words = ["Ada Lovelace".to_owned(), "Lovelace".to_owned(), "Ada".to_owned(), "李雷".to_owned()];
        for (text, hidden) in [
            ("by ada LOVELACE, 1843", "by ▇▇▇, 1843"),
            ("Lovelace's notes", "▇▇▇'s notes"),
            ("an adaptation", "an adaptation"),
            ("与李雷合作", "与▇▇▇合作"),
            ("", ""),
            ("ada", "▇▇▇"),
        ] {
            assert_eq!(hide(text, &words), hidden, "{text}");
        }
    }

    #[test]
    fn who_reviews_what() {
        use TeamRole as R;
        let (water, trade) = (ForumId::new(), ForumId::new());
        let roles =
            |held: &[R], forums: &[ForumId]| Roles { event: None, held: held.to_vec(), forums: forums.to_vec() };
        for (roles, forum, expected) in [
            (roles(&[R::Organizer], &[]), None, true),
            (roles(&[R::Reviewer], &[]), Some(water), true),
            (roles(&[R::Reviewer], &[water]), Some(water), true),
            (roles(&[R::Reviewer], &[water]), Some(trade), false),
            (roles(&[R::Reviewer], &[water]), None, false),
            (roles(&[R::ForumOrganizer], &[water]), Some(water), true),
            (roles(&[R::ForumOrganizer], &[]), Some(water), false),
            (roles(&[R::Observer], &[]), Some(water), false),
        ] {
            assert_eq!(reviews_forum(&roles, false, forum), expected, "{roles:?}");
            assert!(reviews_forum(&roles, true, forum), "an administrator reviews all");
        }
    }
}
