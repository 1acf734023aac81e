//! How fast and how well timetables are proposed: `cargo bench --bench proposing`.
//!
//! Without arguments it measures made-up summits in which a timetable is hidden. With
//! `export FOLDER` it writes small ones, with what was found, as JSON for an exact solver.
#![allow(clippy::print_stdout, clippy::expect_used, missing_docs, clippy::allow_attributes, reason = "a measurement")]

use plenary::schedule::proposing::instances::{Size, planted};
use plenary::schedule::proposing::{Budget, Problem, Watched, propose, search};
use serde_json::{Value, json};
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

fn main() {
    let words: Vec<String> = std::env::args().skip(1).filter(|word| !word.starts_with("--")).collect();
    match words.iter().map(String::as_str).collect::<Vec<_>>().as_slice() {
        ["export", folder] => export(std::path::Path::new(folder)),
        ["large"] => measure(&[Size { rooms: 40, days: 5, sessions: 1_000, filled: 85, step: 5 }], 1),
        _ => measure(
            &[
                Size { rooms: 12, days: 4, sessions: 300, filled: 80, step: 5 },
                Size { rooms: 12, days: 4, sessions: 300, filled: 87, step: 5 },
                Size { rooms: 12, days: 4, sessions: 300, filled: 87, step: 15 },
                Size { rooms: 12, days: 4, sessions: 320, filled: 90, step: 15 },
            ],
            3,
        ),
    }
}

fn measure(sizes: &[Size], seeds: u64) {
    println!("rooms days step filled seed | sessions placed clashes | all placed after   cost then   cost after 10 s");
    for (size, seed) in sizes.iter().flat_map(|size| (0..seeds).map(move |seed| (size, seed))) {
        let instance = planted(*size, seed);
        let (watched, over) = (Watched::default(), AtomicBool::new(false));
        let began = Instant::now();
        let (outcome, first) = std::thread::scope(|scope| {
            let look = scope.spawn(|| {
                loop {
                    match watched.best() {
                        Some((cost, 0)) => return Some((began.elapsed(), cost)),
                        _ if over.load(Ordering::Relaxed) => return None,
                        _ => std::thread::sleep(Duration::from_millis(2)),
                    }
                }
            });
            let outcome = propose(&instance.draft, &instance.request, None, &watched);
            over.store(true, Ordering::Relaxed);
            (outcome, look.join().expect("a look"))
        });
        let placed = usize::try_from(outcome.wanted).expect("few") - outcome.unplaced.len();
        println!(
            "{:5} {:4} {:4} {:5}% {:4} | {:8} {:6} {:7} | {:>16} {:>11} {:>17}",
            size.rooms,
            size.days,
            size.step,
            size.filled,
            seed,
            outcome.wanted,
            placed,
            outcome.clashes_after,
            first.map_or_else(|| "never".to_owned(), |(time, _)| format!("{:.2} s", time.as_secs_f64())),
            first.map_or_else(String::new, |(_, cost)| cost.to_string()),
            outcome.after.total(&outcome.weights),
        );
    }
}

/// Small summits that an exact solver can prove.
fn export(folder: &std::path::Path) {
    std::fs::create_dir_all(folder).expect("a folder");
    for seed in 0..8 {
        let sessions = 12 + usize::try_from(seed).expect("small");
        let instance = planted(Size { rooms: 3, days: 2, sessions, filled: 60, step: 30 }, seed);
        let problem = Problem::new(&instance.draft, &instance.request);
        let began = Instant::now();
        let budget = Budget::of(&problem, Duration::from_secs(10));
        let spots = search(&problem, instance.request.seed, budget, &Watched::default());
        let seconds = began.elapsed().as_secs_f64();
        let cost = problem.cost(&spots);
        let path = folder.join(format!("{seed}.json"));
        let mut whole = problem.as_json();
        whole["ours"] = json!({ "cost": cost, "seconds": seconds, "spots": spots_as_json(&problem, &spots) });
        std::fs::write(path, whole.to_string()).expect("written");
    }
}

fn spots_as_json(problem: &Problem, spots: &[Option<plenary::schedule::proposing::Spot>]) -> Value {
    let at = |(index, spot): (usize, &Option<plenary::schedule::proposing::Spot>)| {
        spot.map(|spot| json!([index, problem.room_of(index, spot), spot.position]))
    };
    spots.iter().enumerate().filter_map(at).collect()
}
