//! One person against a watch-list of 10,000 names: `cargo bench --bench watching`.
#![allow(missing_docs, clippy::print_stdout, clippy::allow_attributes, reason = "a measurement")]

use plenary::accreditation::matching::NameKey;
use plenary::accreditation::watching::{WatchBook, Watched};
use plenary::db::{WatchEntryId, WatchListId};
use std::time::Instant;

const NAMES: usize = 10_000;
const PEOPLE: usize = 200;

/// Syllables from which names of several languages are put together, the same ones every time.
const PARTS: [&str; 24] = [
    "wang", "li", "zhang", "mar", "ia", "gar", "cia", "moham", "med", "hus", "sein", "ivan", "ov", "petr", "joh", "n",
    "son", "smi", "th", "ann", "el", "ise", "kim", "min",
];

fn name(mut seed: usize) -> String {
    let mut word = |count: usize| {
        let mut word = String::new();
        for _ in 0..count {
            seed = seed.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1_442_695_040_888_963_407);
            word.push_str(PARTS[(seed >> 33) % PARTS.len()]);
        }
        word
    };
    format!("{} {}", word(2), word(3))
}

fn main() {
    let list = WatchListId::new();
    let watched = |seed| {
        let name = name(seed);
        let key = NameKey::of(&name);
        Watched {
            id: WatchEntryId::new(),
            list,
            name,
            key,
            birth_date: None,
            birth_key: None,
            country: None,
            note: String::new(),
        }
    };
    let book = WatchBook::new(vec![list], (0..NAMES).map(watched).collect());
    let people: Vec<Vec<NameKey>> = (0..PEOPLE).map(|seed| vec![NameKey::of(&name(seed + 1_000_003))]).collect();
    let mut times: Vec<_> = people
        .iter()
        .map(|person| {
            let begun = Instant::now();
            std::hint::black_box(book.hits(person, None));
            begun.elapsed()
        })
        .collect();
    times.sort_unstable();
    println!("{NAMES} names, one person: median {:?}, longest {:?}", times[PEOPLE / 2], times[PEOPLE - 1]);
}
