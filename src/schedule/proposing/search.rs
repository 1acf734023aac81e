//! The search: first places for all, then better ones.

use super::dice::Dice;
use super::problem::{Problem, Spot};
use super::timetable::{Taste, Timetable};
use std::sync::atomic::{AtomicBool, AtomicI64, AtomicU32, Ordering};
use std::time::{Duration, Instant};

/// How long a search may take: whichever is reached first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Budget {
    /// Time on the clock; without it, equal seeds give equal results.
    pub time: Option<Duration>,
    /// Steps of each thread.
    pub steps: u64,
    /// Threads, each with its own seed.
    pub threads: u8,
}

impl Budget {
    /// So many seconds on two threads, and fewer for a small problem: after enough steps nothing more is found.
    #[must_use]
    pub fn of(problem: &Problem, time: Duration) -> Self {
        let items = problem.items.iter().filter(|item| item.movable).count();
        Self { time: Some(time), steps: 20_000 + 6_000 * u64::try_from(items).unwrap_or(0), threads: 2 }
    }
}

/// What others may see of a running search, and how they stop it.
#[derive(Debug)]
pub struct Watched {
    stop: AtomicBool,
    wanted: AtomicU32,
    cost: AtomicI64,
    missing: AtomicU32,
}

impl Default for Watched {
    fn default() -> Self {
        Self {
            stop: AtomicBool::new(false),
            wanted: AtomicU32::new(0),
            cost: AtomicI64::new(i64::MAX),
            missing: AtomicU32::new(u32::MAX),
        }
    }
}

impl Watched {
    /// Lets the search end soon, with the best so far.
    pub fn stop(&self) {
        self.stop.store(true, Ordering::Relaxed);
    }

    /// How many items are to have a place; 0 before the search has begun.
    #[must_use]
    pub fn wanted(&self) -> u32 {
        self.wanted.load(Ordering::Relaxed)
    }

    /// The best cost so far and how many items have no place in it; none before the first.
    #[must_use]
    pub fn best(&self) -> Option<(i64, u32)> {
        let (cost, missing) = (self.cost.load(Ordering::Relaxed), self.missing.load(Ordering::Relaxed));
        (cost != i64::MAX && missing != u32::MAX).then_some((cost, missing))
    }

    fn note(&self, cost: i64, missing: usize) {
        if self.cost.fetch_min(cost, Ordering::Relaxed) > cost {
            self.missing.store(u32::try_from(missing).unwrap_or(u32::MAX), Ordering::Relaxed);
        }
    }
}

/// The best spots found for the movable items of a problem.
#[must_use]
pub fn search(problem: &Problem, seed: u64, budget: Budget, watched: &Watched) -> Vec<Option<Spot>> {
    let began = Instant::now();
    let wanted = problem.items.iter().filter(|item| item.movable).count();
    watched.wanted.store(u32::try_from(wanted).unwrap_or(u32::MAX), Ordering::Relaxed);
    let one = |thread: u8| {
        let dice = Dice::new(seed.wrapping_add(u64::from(thread).wrapping_mul(0x5851_F42D_4C95_7F2D)));
        let mut search = Search::new(problem, dice, budget, watched, began);
        search.run();
        (search.best_cost, thread, search.best)
    };
    let mut found: Vec<(i64, u8, Vec<Option<Spot>>)> = std::thread::scope(|scope| {
        let others: Vec<_> = (1..budget.threads.max(1)).map(|thread| scope.spawn(move || one(thread))).collect();
        let first = one(0);
        std::iter::once(first).chain(others.into_iter().filter_map(|other| other.join().ok())).collect()
    });
    found.sort_by_key(|(cost, thread, _)| (*cost, *thread));
    found.into_iter().next().map(|(_, _, spots)| spots).unwrap_or_default()
}

/// Steps between two looks at the clock.
const LOOK: u64 = 16;
/// Points of luck while places are sought for all.
const LUCK: usize = 400;
/// Points for leaving no gap while places are sought for all.
const SNUG: i64 = 3_000;
/// Temperature of annealing at the beginning and at the end, in points.
const HOT: f64 = 3_000.0;
const COLD: f64 = 8.0;
/// Steps of ejection that are tried in a row before improving goes on without.
const EJECTIONS: u64 = 4_000;

struct Search<'a> {
    now: Timetable<'a>,
    best: Vec<Option<Spot>>,
    best_cost: i64,
    /// How hard each item is to place; grows each time that it finds no place.
    weight: Vec<i64>,
    dice: Dice,
    budget: Budget,
    watched: &'a Watched,
    began: Instant,
    step: u64,
    movable: Vec<usize>,
    /// How much of the budget is used, from 0 to 1.
    used: f64,
}

impl<'a> Search<'a> {
    fn new(problem: &'a Problem, dice: Dice, budget: Budget, watched: &'a Watched, began: Instant) -> Self {
        let now = Timetable::of_draft(problem);
        // Whoever has a place already keeps it rather than making room.
        let weight = problem.items.iter().map(|item| if item.home.is_some() { 20 } else { 1 }).collect();
        let movable = (0..problem.items.len()).filter(|index| !problem.options[*index].is_empty()).collect();
        let (best, best_cost) = (now.spots.clone(), now.cost);
        Self { now, best, best_cost, weight, dice, budget, watched, began, step: 0, movable, used: 0.0 }
    }

    fn run(&mut self) {
        self.construct();
        self.keep_best();
        self.work();
        self.finish();
    }

    fn work(&mut self) {
        while !self.is_over() && !self.movable.is_empty() {
            if self.now.without_place().iter().any(|item| !self.now.problem.options[*item].is_empty()) {
                self.eject_until_placed();
            }
            let pause = 4_000;
            for _ in 0..pause {
                if self.is_over() {
                    return;
                }
                self.improve();
            }
        }
    }

    /// Returns to the best, and gives what still waits a place where one is free: a search that was
    /// stopped early must not leave a session out that simply had not been looked at.
    fn finish(&mut self) {
        self.back_to_best();
        for item in self.now.without_place() {
            if let Some(spot) = self.now.best(item, Taste { luck: 0, snug: SNUG }, &mut self.dice) {
                self.now.insert(item, spot);
            }
        }
        self.keep_best();
    }

    fn is_over(&mut self) -> bool {
        self.step += 1;
        if self.step.is_multiple_of(LOOK) || self.step == 1 {
            let steps = self.step as f64 / self.budget.steps.max(1) as f64;
            let time = self.budget.time.map_or(0.0, |time| self.began.elapsed().as_secs_f64() / time.as_secs_f64());
            self.used = steps.max(time);
            if self.watched.stop.load(Ordering::Relaxed) {
                self.used = 1.0;
            }
        }
        self.used >= 1.0
    }

    fn keep_best(&mut self) {
        if self.now.cost < self.best_cost {
            self.best.clone_from(&self.now.spots);
            self.best_cost = self.now.cost;
        }
        if self.best_cost == self.now.cost {
            self.watched.note(self.best_cost, self.now.without_place().len());
        }
    }

    fn back_to_best(&mut self) {
        for item in self.movable.clone() {
            if self.now.spots[item] != self.best[item] {
                self.now.remove(item);
            }
        }
        for item in self.movable.clone() {
            if let (None, Some(spot)) = (self.now.spots[item], self.best[item]) {
                self.now.insert(item, spot);
            }
        }
    }

    /// Places what has no place, the most constrained first.
    fn construct(&mut self) {
        let mut waiting: Vec<(usize, usize)> =
            self.now.without_place().into_iter().map(|item| (self.now.freedom(item), item)).collect();
        // Of equally free ones the longer first: small ones fit into what is left.
        waiting.sort_by_key(|(freedom, item)| (*freedom, -self.now.problem.items[*item].length, *item));
        for (_, item) in waiting {
            if self.is_over() {
                return;
            }
            if let Some(spot) = self.now.best(item, Taste { luck: LUCK, snug: SNUG }, &mut self.dice) {
                self.now.insert(item, spot);
            }
        }
    }

    /// Guided ejection: whoever finds no place takes one whose holders weigh least.
    fn eject_until_placed(&mut self) {
        let mut waiting: Vec<usize> = self.now.without_place();
        waiting.retain(|item| !self.now.problem.options[*item].is_empty());
        self.dice.shuffle(&mut waiting);
        for _ in 0..EJECTIONS {
            if self.is_over() {
                break;
            }
            let Some(item) = waiting.pop() else { break };
            if let Some(spot) = self.now.best(item, Taste { luck: LUCK, snug: SNUG }, &mut self.dice) {
                self.now.insert(item, spot);
                self.keep_best();
                continue;
            }
            self.weight[item] += 1;
            let Some(spot) = self.now.least_resistance(item, &self.weight, &mut self.dice) else { continue };
            for other in self.now.in_the_way(item, spot) {
                self.now.remove(other);
                waiting.insert(0, other);
            }
            self.now.insert(item, spot);
            self.keep_best();
            self.jostle();
        }
        if self.now.cost > self.best_cost {
            self.back_to_best();
        }
    }

    /// Moves a few items to other free places, so that ejection does not run in circles.
    fn jostle(&mut self) {
        for _ in 0..6 {
            let item = self.movable[self.dice.below(self.movable.len())];
            let Some(before) = self.now.spots[item] else { continue };
            self.now.remove(item);
            let taste = Taste { luck: 4_000, snug: SNUG };
            let spot = self.now.best(item, taste, &mut self.dice).unwrap_or(before);
            self.now.insert(item, spot);
        }
    }

    /// One step of large neighbourhood search with annealing.
    fn improve(&mut self) {
        let before = self.now.cost;
        let mut chosen = self.choose();
        let old: Vec<(usize, Option<Spot>)> = chosen.iter().map(|item| (*item, self.now.spots[*item])).collect();
        for item in &chosen {
            self.now.remove(*item);
        }
        if self.dice.below(3) == 0 {
            chosen.sort_by_key(|item| (-self.now.problem.items[*item].length, *item));
        } else {
            self.dice.shuffle(&mut chosen);
        }
        let temperature = HOT * (COLD / HOT).powf(self.used.min(1.0));
        let taste = Taste { luck: (temperature / 2.0) as usize, snug: 0 };
        for item in chosen {
            if let Some(spot) = self.now.best(item, taste, &mut self.dice) {
                self.now.insert(item, spot);
            }
        }
        // Annealing: a rise is taken by chance, the seldomer the larger it is and the later.
        let rise = (self.now.cost - before) as f64;
        if rise <= 0.0 || self.dice.share() < (-rise / temperature).exp() {
            if self.now.cost < self.best_cost {
                self.keep_best();
            }
            return;
        }
        for (item, _) in &old {
            self.now.remove(*item);
        }
        for (item, spot) in old {
            if let Some(spot) = spot {
                self.now.insert(item, spot);
            }
        }
    }

    /// Items to be taken out and put back: some that have to do with each other, and some without a place.
    fn choose(&mut self) -> Vec<usize> {
        let seed = self.pick();
        let size = 2 + self.dice.below(5);
        let mut chosen = match self.dice.below(8) {
            0 | 1 => self.now.neighbours(seed),
            2 | 3 => self.now.of_its_forum(seed),
            4 => self.now.at_the_same_time(seed),
            5 => self.now.problem.audience[seed].iter().map(|(other, _)| *other).collect(),
            _ => Vec::new(),
        };
        chosen.retain(|item| self.now.spots[*item].is_some() && *item != seed);
        if chosen.len() > size {
            self.dice.shuffle(&mut chosen);
            chosen.truncate(size);
        }
        while chosen.len() < 2 && self.movable.len() > 2 {
            chosen.push(self.movable[self.dice.below(self.movable.len())]);
        }
        chosen.push(seed);
        if self.best_cost > 1_000_000 {
            let waiting = self.now.without_place();
            if !waiting.is_empty() {
                chosen.push(waiting[self.dice.below(waiting.len())]);
            }
        }
        chosen.sort_unstable();
        chosen.dedup();
        chosen.retain(|item| !self.now.problem.options[*item].is_empty());
        chosen
    }

    /// Any movable item, more likely one that costs much where it is.
    fn pick(&mut self) -> usize {
        let mut any = || self.movable[self.dice.below(self.movable.len())];
        let candidates = [any(), any(), any()];
        if self.dice.below(2) == 0 {
            return candidates[0];
        }
        let dearest = candidates.into_iter().max_by_key(|item| (self.now.share_of(*item), *item));
        dearest.unwrap_or(candidates[0])
    }
}
