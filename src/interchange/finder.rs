//! Knowing records of a file again among an event's rows.

use crate::i18n::{Localized, search_key};
use std::collections::{HashMap, HashSet};

/// Finds a row by its source's key, else by its guid, else by its name, each row at most once.
pub(super) struct Finder<'a, R> {
    by_key: HashMap<&'a str, &'a R>,
    by_guid: HashMap<&'a str, &'a R>,
    by_name: HashMap<String, &'a R>,
    used: HashSet<*const R>,
}

impl<'a, R> Finder<'a, R> {
    pub(super) fn new(
        rows: &'a [R],
        key: fn(&R) -> Option<&str>,
        guid: fn(&R) -> &str,
        names: fn(&R) -> Vec<String>,
    ) -> Self {
        Self {
            by_key: rows.iter().filter_map(|row| key(row).map(|key| (key, row))).collect(),
            by_guid: rows.iter().map(|row| (guid(row), row)).filter(|(guid, _)| !guid.is_empty()).collect(),
            by_name: rows.iter().flat_map(|row| names(row).into_iter().map(move |name| (name, row))).collect(),
            used: HashSet::new(),
        }
    }

    pub(super) fn find(&mut self, key: &str, guid: &str, names: &[String]) -> Option<&'a R> {
        let by_name = names.iter().map(|name| self.by_name.get(name));
        let candidates = [self.by_key.get(key), self.by_guid.get(guid)].into_iter().chain(by_name);
        let row = candidates.flatten().copied().find(|row| !self.used.contains(&std::ptr::from_ref(*row)))?;
        self.used.insert(std::ptr::from_ref(row));
        Some(row)
    }
}

/// The names under which a room, forum or format of another source is known again; that source
/// may know it in one language only.
pub(super) fn name_keys(name: &Localized) -> Vec<String> {
    name.iter().map(|(_, text)| search_key([text])).collect()
}
