//! The chain over the entries: what is hashed, and how. Pure.
//!
//! An entry's details may name a person and can be erased. Their hash is taken by itself, with a salt that is erased with
//! them: what is left of it tells nothing, and the chain over it holds.

use super::model::Recorded;
use crate::web::token::hex;
use sha2::{Digest, Sha256};

/// What stands before the first link.
pub const BEGINNING: &str = "";
/// What stands in the column of details that are none, or that were erased.
pub const NO_DETAIL: &str = "null";
/// Names the form that is hashed, should there ever be another.
const FORM: &str = "plenary-audit-1";

/// One link of the chain.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Link {
    /// Counts from 1 without a gap.
    pub position: i32,
    /// The entry.
    pub entry: String,
    /// What the details were hashed with; nothing once they are erased, or where there were none.
    pub salt: Option<String>,
    /// The hash of the details; empty where there were none.
    pub detail_hash: String,
    /// The hash of all this and of the link before.
    pub hash: String,
}

/// Hashes details; empty where there are none.
#[must_use]
pub fn hash_of_detail(salt: &str, detail: &str) -> String {
    if detail == NO_DETAIL { String::new() } else { hash(&[salt, detail]) }
}

/// The link of an entry after the link with this position and hash.
#[must_use]
pub fn link(entry: &Recorded, (before, hash_before): (i32, &str), salt: String) -> Link {
    let detail_hash = hash_of_detail(&salt, &entry.detail);
    let position = before.saturating_add(1);
    Link {
        position,
        entry: entry.id.clone(),
        salt: (!detail_hash.is_empty()).then_some(salt),
        hash: hash_of_entry(entry, position, hash_before, &detail_hash),
        detail_hash,
    }
}

/// The hash over an entry, but for its details, and the link before it.
#[must_use]
pub fn hash_of_entry(entry: &Recorded, position: i32, hash_before: &str, detail_hash: &str) -> String {
    let at = entry.at.to_chrono().timestamp_micros().to_string();
    hash(&[
        FORM,
        hash_before,
        &position.to_string(),
        &entry.id,
        entry.event.as_deref().unwrap_or_default(),
        &at,
        &entry.actor_kind,
        entry.actor_id.as_deref().unwrap_or_default(),
        &entry.action,
        &entry.subject_kind,
        &entry.subject_id,
        detail_hash,
    ])
}

/// SHA-256 over parts, each behind its length, so that no two lists of parts read the same.
fn hash(parts: &[&str]) -> String {
    let mut digest = Sha256::new();
    for part in parts {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    }
    hex(&digest.finalize())
}

/// What is wrong with a link.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Wrong {
    /// Links before it are gone.
    Gap,
    /// Its entry is gone.
    EntryGone,
    /// The entry is not as it was written, or a link before it is not.
    Changed,
    /// The details are not as they were written.
    DetailChanged,
}

/// Compares a link with its entry and the link before. Details may be gone with their salt: whether they were to be
/// erased is for the caller to find out.
///
/// # Errors
/// What is wrong.
pub fn check(link: &Link, entry: Option<&Recorded>, (before, hash_before): (i32, &str)) -> Result<(), Wrong> {
    if link.position != before.saturating_add(1) {
        return Err(Wrong::Gap);
    }
    let entry = entry.ok_or(Wrong::EntryGone)?;
    if hash_of_entry(entry, link.position, hash_before, &link.detail_hash) != link.hash {
        return Err(Wrong::Changed);
    }
    let same = match &link.salt {
        Some(salt) => hash_of_detail(salt, &entry.detail) == link.detail_hash,
        None => entry.detail == NO_DETAIL,
    };
    if same { Ok(()) } else { Err(Wrong::DetailChanged) }
}

/// Whether details were there once and are gone.
#[must_use]
pub fn is_erased(link: &Link) -> bool {
    link.salt.is_none() && !link.detail_hash.is_empty()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::UtcTime;

    fn entry(number: u8) -> Recorded {
        let at: chrono::DateTime<chrono::Utc> = "2027-03-01T09:00:00.000001Z".parse().expect("an instant");
        Recorded {
            id: format!("entry-{number}"),
            event: Some("event".to_owned()),
            at: UtcTime::from(at),
            actor_kind: "user".to_owned(),
            actor_id: Some("somebody".to_owned()),
            action: "registration.cancelled".to_owned(),
            subject_kind: "registration".to_owned(),
            subject_id: "someone".to_owned(),
            detail: if number == 2 { NO_DETAIL.to_owned() } else { r#"{"reason":"ill"}"#.to_owned() },
        }
    }

    fn chained() -> Vec<(Recorded, Link)> {
        let (mut before, mut hash) = (0, BEGINNING.to_owned());
        let link_one = |number| {
            let entry = entry(number);
            let link = link(&entry, (before, &hash), format!("salt-{number}"));
            (before, hash) = (link.position, link.hash.clone());
            (entry, link)
        };
        (1..=3).map(link_one).collect()
    }

    fn first_wrong(chain: &[(Recorded, Link)]) -> Option<(usize, Wrong)> {
        let (mut before, mut hash) = (0, BEGINNING.to_owned());
        for (index, (entry, link)) in chain.iter().enumerate() {
            if let Err(wrong) = check(link, Some(entry), (before, &hash)) {
                return Some((index, wrong));
            }
            (before, hash) = (link.position, link.hash.clone());
        }
        None
    }

    #[test]
    fn a_chain_holds_and_every_change_to_it_is_seen() {
        assert_eq!(first_wrong(&chained()), None);
        type Change = fn(&mut Recorded);
        let changes: [(Change, Wrong); 9] = [
            (|entry| entry.action = "registration.approved".to_owned(), Wrong::Changed),
            (|entry| entry.actor_id = None, Wrong::Changed),
            (|entry| entry.actor_kind = "system".to_owned(), Wrong::Changed),
            (|entry| entry.event = None, Wrong::Changed),
            (|entry| entry.subject_id = "another".to_owned(), Wrong::Changed),
            (|entry| entry.subject_kind = "session".to_owned(), Wrong::Changed),
            (|entry| entry.at = entry.at + chrono::TimeDelta::microseconds(1), Wrong::Changed),
            (|entry| entry.detail = r#"{"reason":"well"}"#.to_owned(), Wrong::DetailChanged),
            (|entry| entry.id.push('x'), Wrong::Changed),
        ];
        for (index, (change, wrong)) in changes.into_iter().enumerate() {
            let mut chain = chained();
            change(&mut chain[0].0);
            assert_eq!(first_wrong(&chain), Some((0, wrong)), "change {index}");
        }
        let mut shorter = chained();
        shorter.remove(1);
        assert_eq!(first_wrong(&shorter), Some((1, Wrong::Gap)));
        let mut swapped = chained();
        swapped.swap(0, 1);
        assert_eq!(first_wrong(&swapped), Some((0, Wrong::Gap)));
    }

    #[test]
    fn a_link_made_anew_for_a_changed_entry_breaks_the_next() {
        let mut chain = chained();
        chain[0].0.action = "registration.approved".to_owned();
        chain[0].1 = link(&chain[0].0, (0, BEGINNING), "salt-1".to_owned());
        assert_eq!(first_wrong(&chain), Some((1, Wrong::Changed)));
    }

    #[test]
    fn erasing_details_with_their_salt_breaks_nothing() {
        let mut chain = chained();
        chain[0].0.detail = NO_DETAIL.to_owned();
        assert_eq!(first_wrong(&chain), Some((0, Wrong::DetailChanged)), "the salt still says that there were some");
        chain[0].1.salt = None;
        assert_eq!(first_wrong(&chain), None);
        assert!(is_erased(&chain[0].1) && !is_erased(&chain[1].1));
    }

    #[test]
    fn parts_that_run_together_do_not_hash_alike() {
        assert_ne!(hash(&["ab", "c"]), hash(&["a", "bc"]));
        assert_ne!(hash(&["ab"]), hash(&["ab", ""]));
    }
}
