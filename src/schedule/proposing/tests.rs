//! What must hold of every proposal.

use super::cost::measure;
use super::instances::{Instance, Size, planted};
use super::outcome::{clashes, held_at};
use super::problem::Problem;
use super::review::{Review, Standing};
use super::timetable::Held;
use super::{Budget, Outcome, Request, Scope, Watched, propose, search};
use crate::db::SlotId;
use crate::schedule::draft::{Draft, SlotPlanning};
use crate::schedule::model::ProgrammeSlot;
use proptest::prelude::*;
use uuid::Uuid;

fn steps(steps: u64) -> Budget {
    Budget { time: None, steps, threads: 2 }
}

fn small(seed: u64, filled: usize) -> Instance {
    planted(Size { rooms: 3, days: 2, sessions: 60, filled, step: 15 }, seed)
}

/// Everything that is wrong with a timetable, by the plain words of the rules and not by the
/// compiled ones.
fn violations(draft: &Draft, request: &Request, problem: &Problem, held: &[Option<Held>]) -> Vec<String> {
    let mut wrong: Vec<String> = clashes(problem, held).iter().map(|pair| format!("{pair:?} clash")).collect();
    for (index, item) in problem.items.iter().enumerate() {
        let Some(place) = held[index].filter(|_| item.movable) else { continue };
        let (start, end) = (problem.instant(place.start), problem.instant(place.end));
        let room = &problem.rooms[usize::from(place.room.expect("a room"))];
        let session = draft.programme.sessions.iter().find(|one| one.id == item.session).expect("the session");
        let mut note = |what: &str| wrong.push(format!("{index}: {what}"));
        if session.capacity.zip(room.capacity).is_some_and(|(wanted, there)| wanted > there) {
            note("too small");
        }
        if session.interpreted.iter().any(|lang| !room.channels.contains(lang)) {
            note("no channel");
        }
        let stays = problem.homes[index].is_some_and(|home| home.start == place.start);
        let fits = request.windows.iter().any(|window| {
            let midnight = window.day.and_time(chrono::NaiveTime::MIN).and_utc();
            let minute = (start.to_chrono() - midnight).num_minutes();
            minute >= window.from.into() && minute + i64::from(item.length) <= window.to.into()
        });
        if !(fits || stays) {
            note("outside hours");
        }
        if draft
            .blocks
            .iter()
            .any(|block| block.room_id.is_none_or(|id| id == room.id) && start < block.ends_at && block.starts_at < end)
        {
            note("over a block");
        }
        for part in &session.people {
            let said: Vec<_> = draft.availabilities.iter().filter(|one| one.speaker_id == Some(part.speaker)).collect();
            if !said.is_empty() && !said.iter().any(|one| one.starts_at <= start && end <= one.ends_at) {
                note("speaker away");
            }
        }
    }
    wrong
}

/// The draft with a proposal accepted as a whole.
fn accepted(draft: Draft, outcome: &Outcome) -> Draft {
    super::with_entries(draft, &outcome.entries)
}

#[test]
fn the_hidden_timetable_obeys_the_rules() {
    for seed in 0..20 {
        let instance = small(seed, 90);
        let problem = Problem::new(&instance.draft, &instance.request);
        let hidden = |index: usize| {
            let item = &problem.items[index];
            let (_, room, start) = instance.planted.iter().find(|one| one.0 == item.session).expect("planted");
            let room = problem.rooms.iter().position(|one| one.id == *room).map(|room| room as u16);
            let start = problem.minute(*start);
            Some(Held { day: 0, room, start, end: start + item.length })
        };
        let held: Vec<_> = (0..problem.items.len()).map(hidden).collect();
        assert_eq!(violations(&instance.draft, &instance.request, &problem, &held), Vec::<String>::new());
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(24))]

    #[test]
    fn no_result_breaks_a_rule_and_the_cost_is_exact(seed in any::<u64>(), filled in 50_usize..100, may_move: bool) {
        let instance = small(seed, filled);
        let request = Request { may_move, ..instance.request };
        let problem = Problem::new(&instance.draft, &request);
        let spots = search(&problem, seed, steps(600), &Watched::default());
        let held = held_at(&problem, &spots);
        prop_assert_eq!(violations(&instance.draft, &request, &problem, &held), Vec::<String>::new());
        let outcome = propose(&instance.draft, &Request { seed, ..request }, Some(steps(600)), &Watched::default());
        prop_assert_eq!(outcome.after, measure(&problem, &held));
        for entry in &outcome.entries {
            prop_assert!(entry.slot.is_none_or(|slot| !instance.draft.slots[&slot].is_fixed), "fixed ones stay");
        }
    }

    #[test]
    fn equal_seeds_give_equal_timetables(seed in any::<u64>()) {
        let instance = small(seed, 85);
        let problem = Problem::new(&instance.draft, &instance.request);
        let one = search(&problem, seed, steps(300), &Watched::default());
        prop_assert_eq!(one, search(&problem, seed, steps(300), &Watched::default()));
    }

    #[test]
    fn repairing_leaves_no_clash_and_moves_little(seed in any::<u64>(), broken in 1_usize..4) {
        let instance = small(seed, 75);
        let solved = propose(&instance.draft, &instance.request, Some(steps(3_000)), &Watched::default());
        let mut draft = accepted(instance.draft.clone(), &solved);
        for (number, session) in draft.programme.sessions.iter_mut().enumerate() {
            for slot in &mut session.slots {
                slot.id = SlotId::from(Uuid::from_u128(1_000 + number as u128));
                draft.slots.insert(slot.id, SlotPlanning::default());
            }
        }
        // Some sessions are put where another one is.
        let places: Vec<_> = draft.programme.sessions.iter().filter_map(|one| one.slots.first().cloned()).collect();
        for number in 0..broken {
            let target = places[(number * 7 + 3) % places.len()].clone();
            let movable: Vec<usize> = (0..draft.programme.sessions.len()).filter(|at| !draft.programme.sessions[*at].slots.is_empty()).collect();
            let slot = &mut draft.programme.sessions[movable[number]].slots[0];
            let length = slot.end - slot.start;
            (slot.room, slot.start, slot.end) = (target.room, target.start, target.start + length);
        }
        let request = Request { scope: Scope::Repair, ..instance.request };
        let outcome = propose(&draft, &request, Some(steps(3_000)), &Watched::default());
        prop_assert_eq!(outcome.clashes_after, 0);
        prop_assert!(outcome.entries.len() <= 4 * broken + 2, "{} entries for {broken}", outcome.entries.len());
        prop_assert!(outcome.clashes_before > 0 || outcome.entries.len() <= broken);
    }
}

#[test]
fn a_tight_timetable_is_found_whole() {
    for seed in 0..4 {
        let instance = planted(Size { rooms: 4, days: 2, sessions: 80, filled: 88, step: 15 }, seed);
        let outcome = propose(&instance.draft, &instance.request, Some(steps(30_000)), &Watched::default());
        assert_eq!(outcome.unplaced, [], "seed {seed}: {} of {}", outcome.unplaced.len(), outcome.wanted);
        assert_eq!(outcome.clashes_after, 0);
    }
}

#[test]
fn what_cannot_be_placed_is_explained() {
    let mut instance = small(1, 60);
    instance.draft.programme.sessions[0].slots.clear();
    instance.draft.programme.sessions[0].capacity = Some(100_000);
    let outcome = propose(&instance.draft, &instance.request, Some(steps(500)), &Watched::default());
    let found = outcome.unplaced.iter().find(|one| one.session == instance.draft.programme.sessions[0].id);
    let reasons = &found.expect("it has no place").reasons;
    assert_eq!(reasons.len(), 1);
    assert_eq!(reasons[0].kind.as_str(), "too-small");
}

#[test]
fn a_proposal_is_held_against_the_draft_as_it_is_now() {
    let instance = small(5, 70);
    let outcome = propose(&instance.draft, &instance.request, Some(steps(3_000)), &Watched::default());
    let review = Review::new(&instance.draft, &instance.request, &outcome.entries);
    assert!(review.standing.iter().all(|standing| *standing == Standing::Fresh));
    let all = vec![true; outcome.entries.len()];
    assert_eq!(review.needed(&all).expect("all together stand"), [].into());
    let done = accepted(instance.draft.clone(), &outcome);
    let review = Review::new(&done, &instance.request, &outcome.entries);
    assert!(review.standing.iter().all(|standing| *standing == Standing::Done));
    // Somebody else takes the first place.
    let mut other = instance.draft.clone();
    let place = outcome.entries[0].after.expect("a place");
    let guest = outcome.entries.last().expect("several").clone();
    let session = other.programme.sessions.iter_mut().find(|one| one.id == guest.session).expect("it");
    session.slots.push(ProgrammeSlot {
        id: SlotId::from(Uuid::from_u128(99)),
        guid: guest.guid,
        room: place.room,
        start: place.start,
        end: place.end,
        sequence: 0,
        changed_at: place.start,
        moved_from: None,
    });
    let review = Review::new(&other, &instance.request, &outcome.entries);
    assert_eq!(review.standing[0], Standing::Taken);
    assert_eq!(review.standing.last(), Some(&Standing::Moved));
}

#[test]
fn a_search_ends_when_it_is_told_to() {
    let instance = planted(Size { rooms: 6, days: 3, sessions: 200, filled: 80, step: 15 }, 3);
    let watched = Watched::default();
    watched.stop();
    let budget = Budget { time: None, steps: u64::MAX, threads: 2 };
    let outcome = propose(&instance.draft, &instance.request, Some(budget), &watched);
    assert_eq!(outcome.clashes_after, 0);
}
