//! A small calendar that takes entries as programs do, in whatever order they arrive.

use plenary::db::{SessionId, UtcTime};
use plenary::i18n::{Lang, Localized};
use plenary::notices::digest::{What, after_telling, digest};
use plenary::notices::model::{Current, Entry, Told};
use proptest::prelude::*;
use std::collections::BTreeMap;

fn at(hour: i64) -> UtcTime {
    chrono::DateTime::from_timestamp(1_800_000_000 + hour * 3600, 0).expect("in range").to_utc().into()
}

/// What a release says of some of six slots: the hour at which each begins, where it takes place.
fn any_release() -> impl Strategy<Value = Vec<Option<i64>>> {
    prop::collection::vec(prop::option::of(1_i64..6), 6)
}

fn current(release: &[Option<i64>], number: i32) -> Vec<Current> {
    let session: SessionId = "00000000-0000-7000-8000-000000000001".parse().expect("an id");
    let placed = release.iter().enumerate().filter_map(|(slot, hour)| hour.map(|hour| (slot, hour)));
    placed
        .map(|(slot, hour)| Current {
            guid: format!("slot-{slot}"),
            // What a release counts by itself may even fall back, as when an earlier one is restored.
            sequence: number % 3,
            changed_at: at(0),
            entry: Entry {
                session,
                title: Localized::single(Lang::EN, "Session"),
                start: at(hour),
                end: at(hour + 1),
                places: Vec::new(),
            },
        })
        .collect()
}

/// An entry on its way: the `UID`, the `SEQUENCE`, and the beginning where it is not a `CANCEL`.
type Sent = (String, i32, Option<UtcTime>);

/// What a calendar program shows: of each `UID` the entry of the highest `SEQUENCE`.
fn shown(arrived: &[Sent]) -> BTreeMap<String, UtcTime> {
    let mut held: BTreeMap<String, (i32, Option<UtcTime>)> = BTreeMap::new();
    for (uid, sequence, start) in arrived {
        if held.get(uid).is_none_or(|(known, _)| sequence > known) {
            held.insert(uid.clone(), (*sequence, *start));
        }
    }
    held.into_iter().filter_map(|(uid, (_, start))| start.map(|start| (uid, start))).collect()
}

proptest! {
    #[test]
    fn entries_in_any_order_end_at_the_newest_release(
        releases in prop::collection::vec(any_release(), 1..6),
        skipped in prop::collection::vec(any::<bool>(), 6),
        shuffled in any::<u64>(),
    ) {
        let mut told: Vec<Told> = Vec::new();
        let mut sent: Vec<Sent> = Vec::new();
        let last = releases.len() - 1;
        for (index, release) in releases.iter().enumerate() {
            // An organizer may skip any notice but the last.
            if skipped[index] && index != last {
                continue;
            }
            let number = i32::try_from(index).expect("few");
            let items = digest(&told, current(release, number), at(0)).items;
            for item in &items {
                let start = (item.what != What::Cancelled).then_some(item.entry.start);
                prop_assert!(!sent.iter().any(|(uid, sequence, _)| *uid == item.guid && *sequence >= item.sequence));
                sent.push((item.guid.clone(), item.sequence, start));
            }
            for fresh in after_telling(&items) {
                told.retain(|known| known.guid != fresh.guid);
                told.push(fresh);
            }
        }
        let expected: BTreeMap<String, UtcTime> =
            current(&releases[last], 0).into_iter().map(|slot| (slot.guid, slot.entry.start)).collect();
        prop_assert_eq!(&shown(&sent), &expected, "in order");
        let mut seed = shuffled | 1;
        for place in (1..sent.len()).rev() {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            sent.swap(place, usize::try_from(seed >> 33).expect("small") % (place + 1));
        }
        prop_assert_eq!(&shown(&sent), &expected, "out of order");
        // Told once more, there is nothing to say.
        let number = i32::try_from(last).expect("few");
        prop_assert_eq!(digest(&told, current(&releases[last], number), at(0)).items, Vec::new());
    }

    #[test]
    fn what_is_over_is_no_news(release in any_release()) {
        prop_assert_eq!(digest(&[], current(&release, 0), at(10)).items, Vec::new());
    }
}
