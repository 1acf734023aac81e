//! Watch-lists in memory: made once for each state of the lists, then asked for every person.

use super::matching::{Births, NameKey};
use crate::db::{EventId, WatchEntryId, WatchListId};
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// One watched name.
#[derive(Clone, Debug)]
pub struct Watched {
    /// The entry.
    pub id: WatchEntryId,
    /// Its list.
    pub list: WatchListId,
    /// The name as it was uploaded.
    pub name: String,
    /// The name made ready to be compared.
    pub key: NameKey,
    /// The date of birth as `1980-02-29`.
    pub birth_date: Option<String>,
    /// By what the same date of birth is known in a registration, where there is a key.
    pub birth_key: Option<String>,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// What the list says about the person.
    pub note: String,
}

/// A watched name that is like a person's.
#[derive(Clone, Debug)]
pub struct Hit {
    /// The watched name.
    pub watched: Watched,
    /// How alike the names are, from 0 to 1.
    pub likeness: f64,
    /// What the dates of birth say.
    pub births: Births,
}

/// Every watched name of an event.
#[derive(Debug, Default)]
pub struct WatchBook {
    /// What the lists were when it was made.
    pub stamp: Vec<WatchListId>,
    entries: Vec<Watched>,
}

/// Hits that are shown; more would only say that the name is common.
const MOST_HITS: usize = 20;

impl WatchBook {
    /// A book of these names.
    #[must_use]
    pub fn new(stamp: Vec<WatchListId>, mut entries: Vec<Watched>) -> Self {
        entries.retain(|entry| !entry.key.is_empty());
        entries.sort_by(|left, right| left.name.cmp(&right.name).then(left.id.cmp(&right.id)));
        Self { stamp, entries }
    }

    /// The watched names like a person's, the most alike first.
    #[must_use]
    pub fn hits(&self, person: &[NameKey], birth_key: Option<&str>) -> Vec<Hit> {
        let mut hits: Vec<Hit> = Vec::new();
        for watched in &self.entries {
            let likeness = person.iter().map(|key| key.likeness(&watched.key)).fold(0.0, f64::max);
            if likeness <= 0.0 {
                continue;
            }
            let births = Births::of(birth_key, watched.birth_key.as_deref());
            if births.suggest(likeness) {
                hits.push(Hit { watched: watched.clone(), likeness, births });
            }
        }
        hits.sort_by(|left, right| right.likeness.total_cmp(&left.likeness));
        hits.truncate(MOST_HITS);
        hits
    }
}

/// The books of events that were asked for lately.
#[derive(Default)]
pub struct WatchBooks(Mutex<HashMap<EventId, Arc<WatchBook>>>);

/// Events whose books are kept.
const MOST_BOOKS: usize = 8;

impl WatchBooks {
    /// The book of an event, if it is still what the lists are now.
    #[must_use]
    pub fn get(&self, event: EventId, stamp: &[WatchListId]) -> Option<Arc<WatchBook>> {
        let books = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        books.get(&event).filter(|book| book.stamp == stamp).cloned()
    }

    /// Keeps a book.
    pub fn keep(&self, event: EventId, book: &Arc<WatchBook>) {
        let mut books = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if books.len() >= MOST_BOOKS {
            books.clear();
        }
        books.insert(event, Arc::clone(book));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn watched(name: &str, birth_date: Option<&str>) -> Watched {
        Watched {
            id: WatchEntryId::new(),
            list: WatchListId::new(),
            name: name.to_owned(),
            key: NameKey::of(name),
            birth_date: birth_date.map(str::to_owned),
            birth_key: birth_date.map(|day| format!("key:{day}")),
            country: None,
            note: String::new(),
        }
    }

    #[test]
    fn a_person_is_found_on_a_list_by_any_of_their_names() {
        let book = WatchBook::new(
            Vec::new(),
            vec![
                watched("李小龙", None),
                watched("Lovelace, Ada", Some("1815-12-10")),
                watched("Somebody Else", None),
                watched("---", None),
            ],
        );
        let names = |given, family, native, birth| {
            let hits = book.hits(&NameKey::of_person(given, family, native), birth);
            hits.into_iter().map(|hit| hit.watched.name).collect::<Vec<_>>()
        };
        assert_eq!(names("Xiaolong", "Li", "", None), ["李小龙"]);
        assert_eq!(names("Bruce", "Lee", "李小龙", None), ["李小龙"]);
        assert_eq!(names("Ada", "Lovelace", "", Some("key:1815-12-10")), ["Lovelace, Ada"]);
        assert_eq!(names("Adda", "Lovelase", "", Some("key:1900-01-01")), Vec::<String>::new());
        assert_eq!(names("Grace", "Hopper", "", None), Vec::<String>::new());
    }
}
