//! What differs between two lists of things with ids, such as blocks or speakers.

use crate::db::{BlockId, SpeakerId};
use crate::schedule::model::{ProgrammeBlock, ProgrammeSpeaker};
use std::collections::HashMap;
use std::hash::Hash;

/// A thing that is known again by an id.
pub trait Known: Clone + PartialEq {
    /// Its id.
    type Id: Copy + Eq + Hash;
    /// Its id.
    fn id(&self) -> Self::Id;
}

impl Known for ProgrammeBlock {
    type Id = BlockId;
    fn id(&self) -> BlockId {
        self.id
    }
}

impl Known for ProgrammeSpeaker {
    type Id = SpeakerId;
    fn id(&self) -> SpeakerId {
        self.id
    }
}

/// One difference of a list.
#[derive(Clone, Debug, PartialEq)]
pub enum ListChange<'a, T> {
    /// It was not there.
    Added(&'a T),
    /// It is not there any more.
    Removed(&'a T),
    /// It is there and differs: as it was, and as it is.
    Changed(&'a T, &'a T),
}

/// From `old` to `new`, in the order of the new list; what is gone comes last.
#[must_use]
pub fn list_difference<'a, T: Known>(old: &'a [T], new: &'a [T]) -> Vec<ListChange<'a, T>> {
    let before: HashMap<T::Id, &T> = old.iter().map(|one| (one.id(), one)).collect();
    let there: HashMap<T::Id, ()> = new.iter().map(|one| (one.id(), ())).collect();
    let changed = new.iter().filter_map(|one| match before.get(&one.id()) {
        None => Some(ListChange::Added(one)),
        Some(known) if *known != one => Some(ListChange::Changed(known, one)),
        Some(_) => None,
    });
    changed.chain(old.iter().filter(|one| !there.contains_key(&one.id())).map(ListChange::Removed)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::{Lang, Localized};
    use crate::schedule::draft::BlockKind;
    use crate::schedule::samples::{at, id};
    use proptest::prelude::*;
    use std::collections::BTreeMap;

    /// Brings a list forward by what changed; by id, so that order plays no part.
    fn apply<T: Known>(old: &[T], changes: &[ListChange<'_, T>]) -> Vec<T>
    where
        T::Id: Ord,
    {
        let mut all: BTreeMap<T::Id, T> = old.iter().map(|one| (one.id(), one.clone())).collect();
        for change in changes {
            match change {
                ListChange::Added(new) => assert!(all.insert(new.id(), (*new).clone()).is_none()),
                ListChange::Removed(gone) => assert!(all.remove(&gone.id()).as_ref() == Some(*gone)),
                ListChange::Changed(from, to) => {
                    assert!(all.insert(to.id(), (*to).clone()).as_ref() == Some(*from));
                }
            }
        }
        all.into_values().collect()
    }

    fn by_id<T: Known>(list: &[T]) -> Vec<T>
    where
        T::Id: Ord,
    {
        apply(list, &[])
    }

    fn any_blocks() -> impl Strategy<Value = Vec<ProgrammeBlock>> {
        prop::collection::btree_map(1_u8..6, (10_u8..14, prop::option::of(1_u8..3), 0_u8..2), 0..5).prop_map(|blocks| {
            let block = |(number, (hour, room, words)): (u8, (u8, Option<u8>, u8))| ProgrammeBlock {
                id: id(number),
                kind: BlockKind::Break,
                title: Localized::single(Lang::EN, format!("Break {words}")),
                room: room.map(id),
                start: at(&format!("13T{hour}:00")),
                end: at(&format!("13T{hour}:30")),
            };
            blocks.into_iter().map(block).collect()
        })
    }

    fn any_speakers() -> impl Strategy<Value = Vec<ProgrammeSpeaker>> {
        prop::collection::btree_map(1_u8..6, 0_u8..3, 0..5).prop_map(|speakers| {
            let speaker = |(number, words): (u8, u8)| ProgrammeSpeaker {
                id: id(number),
                code: format!("speaker-{number}"),
                guid: format!("speaker-{number}"),
                name: format!("Speaker {number}"),
                native_name: None,
                position: Localized::single(Lang::EN, format!("Office {words}")),
                organisation: Localized::new(),
                country: None,
                biography: Localized::new(),
                photo: None,
            };
            speakers.into_iter().map(speaker).collect()
        })
    }

    proptest! {
        #[test]
        fn the_difference_of_blocks_leads_from_the_old_to_the_new(old in any_blocks(), new in any_blocks()) {
            prop_assert_eq!(apply(&old, &list_difference(&old, &new)), by_id(&new));
            prop_assert_eq!(list_difference(&new, &new), vec![]);
        }

        #[test]
        fn the_difference_of_speakers_leads_from_the_old_to_the_new(old in any_speakers(), new in any_speakers()) {
            prop_assert_eq!(apply(&old, &list_difference(&old, &new)), by_id(&new));
            prop_assert_eq!(list_difference(&new, &new), vec![]);
        }
    }
}
