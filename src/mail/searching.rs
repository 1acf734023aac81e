//! By which words a message is found: words of its recipient's name and address, and of its subject, each by its
//! beginning. An address is one word, and so is its domain.

use super::address::EmailAddress;
use crate::i18n::search_key;
use base64::Engine;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// Longest word that is kept, in characters; an address is longer.
const LONGEST: usize = 40;
/// Words kept of one text.
const MOST: usize = 24;
/// Words of a search that are looked at.
const MOST_TERMS: usize = 6;
/// After every word that has a given beginning, octet by octet.
const AFTER_ALL: char = '\u{10FFFF}';

/// The words of a message.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Words {
    /// Of the recipient.
    #[serde(rename = "a", default)]
    pub recipient: BTreeSet<String>,
    /// Of the subject.
    #[serde(rename = "s", default)]
    pub subject: BTreeSet<String>,
}

impl Words {
    /// The words of a message to somebody.
    #[must_use]
    pub fn of(name: &str, address_key: &str, subject: &str) -> Self {
        Self { recipient: of_recipient(name, address_key), subject: of_text(subject).into_iter().collect() }
    }
}

/// What stands for a subject, so that each of them is kept once.
#[must_use]
pub fn subject_key(subject: &str) -> String {
    let digest = Sha256::digest(subject.as_bytes());
    base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(&digest[..12])
}

fn of_recipient(name: &str, address_key: &str) -> BTreeSet<String> {
    let mut words: BTreeSet<String> = of_text(name).into_iter().collect();
    if let Some((local, domain)) = address_key.rsplit_once('@') {
        words.insert(address_key.to_owned());
        words.insert(domain.to_owned());
        words.extend(of_text(local));
        // Nearly every address has the last part in common with thousands of others.
        words.extend(of_text(domain.rsplit_once('.').map_or(domain, |(rest, _)| rest)));
    }
    words
}

/// The words of a text. Scripts that put no spaces between words are found from each of their signs on.
fn of_text(text: &str) -> Vec<String> {
    let key = search_key([text]);
    let mut words = Vec::new();
    for word in key.split(|sign: char| !sign.is_alphanumeric()).filter(|word| !word.is_empty()) {
        let starts: Vec<usize> = word.char_indices().map(|(at, _)| at).collect();
        let from_each = word.chars().any(is_unspaced);
        for start in starts.into_iter().take(if from_each { MOST } else { 1 }) {
            words.push(word[start..].chars().take(LONGEST).collect());
        }
        if words.len() >= MOST {
            break;
        }
    }
    words
}

/// Whether a sign is of a script without spaces between words.
const fn is_unspaced(sign: char) -> bool {
    matches!(sign, '\u{0E00}'..='\u{0EFF}' | '\u{1000}'..='\u{109F}' | '\u{1780}'..='\u{17FF}'
        | '\u{3040}'..='\u{30FF}' | '\u{3400}'..='\u{4DBF}' | '\u{4E00}'..='\u{9FFF}' | '\u{20000}'..='\u{2FFFF}')
}

/// One word of a search.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The word as it was typed, such as an address; none where its parts say the same.
    pub whole: Option<String>,
    /// Its parts; nothing where only the whole counts.
    pub parts: Vec<String>,
}

impl Term {
    fn fits(&self, words: &BTreeSet<String>) -> bool {
        let has = |beginning: &String| {
            words.range(beginning.clone()..).next().is_some_and(|word| word.starts_with(beginning))
        };
        self.whole.as_ref().is_some_and(has) || (!self.parts.is_empty() && self.parts.iter().all(has))
    }
}

/// What somebody looks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Search {
    /// A whole address: then nothing but mail to it is found, if there is any.
    pub address: Option<String>,
    /// The words; all of them must be those of the recipient, or all those of the subject.
    pub terms: Vec<Term>,
}

impl Search {
    /// Reads what was typed.
    #[must_use]
    pub fn read(typed: &str) -> Self {
        let address = typed.parse::<EmailAddress>().ok().map(|address| address.key());
        let terms = typed.split_whitespace().filter_map(term).take(MOST_TERMS).collect();
        Self { address, terms }
    }

    /// Whether nothing is looked for.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.terms.is_empty()
    }

    /// Whether a message is what somebody looks for.
    #[must_use]
    pub fn fits(&self, words: &Words) -> bool {
        [&words.recipient, &words.subject].into_iter().any(|words| self.terms.iter().all(|term| term.fits(words)))
    }
}

fn term(typed: &str) -> Option<Term> {
    if typed.contains('@') {
        let whole = search_key([typed.trim_start_matches('@')]);
        return Some(Term { whole: Some(whole), parts: Vec::new() }).filter(|term| term.whole.as_deref() != Some(""));
    }
    let key = search_key([typed]);
    let trimmed = key.trim_matches(|sign: char| !sign.is_alphanumeric());
    let parts: Vec<String> = trimmed
        .split(|sign: char| !sign.is_alphanumeric())
        .filter(|part| !part.is_empty())
        .map(|part| part.chars().take(LONGEST).collect())
        .collect();
    let whole = Some(trimmed.to_owned()).filter(|_| parts.len() > 1);
    Some(Term { whole, parts }).filter(|term| !term.parts.is_empty())
}

/// The words with this beginning lie between it and this.
#[must_use]
pub fn end_of(beginning: &str) -> String {
    format!("{beginning}{AFTER_ALL}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_is_found_by_the_beginnings_of_its_words() {
        let words =
            Words::of("Ada Lovelace-Byron 李小龙", "ada.king@mail.example.org", "Your seat in «Énergie»: 会议改期");
        for (typed, found) in [
            ("ada", true),
            ("love", true),
            ("byron ada", true),
            ("lovelace-byron", true),
            ("小龙", true),
            ("李", true),
            ("ada.king@mail.example.org", true),
            ("ada.king@", true),
            ("ada.ki", true),
            ("@mail.example.org", true),
            ("mail.example.org", true),
            ("king", true),
            ("energie", true),
            ("seat your", true),
            ("改期", true),
            ("ada seat", false),
            ("org", false),
            ("race", false),
            ("da", false),
            ("ada@", false),
        ] {
            assert_eq!(Search::read(typed).fits(&words), found, "{typed}");
        }
        for nothing in ["", "  ", "@", "—"] {
            assert!(Search::read(nothing).is_empty(), "{nothing}");
        }
    }

    #[test]
    fn texts_of_any_length_have_few_short_words() {
        for text in ["字".repeat(5000), "word ".repeat(5000), "w".repeat(5000), "🙂 ".repeat(50)] {
            let words = of_text(&text);
            assert!(words.len() <= 2 * MOST, "{}", words.len());
            assert!(words.iter().all(|word| word.chars().count() <= LONGEST));
        }
    }
}
