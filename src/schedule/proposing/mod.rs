//! An automatic timetable: places sessions that have no place yet, or repairs a broken draft.
//!
//! A [`Problem`] is compiled once from the draft and a [`Request`]: items (slots and sessions
//! without one), positions (the starts of the grid), and for each item and room a bitset of the
//! starts that no hard rule forbids whatever else moves. What is left to the search is how movable
//! items get along with each other, and that is a handful of ranges to clear from such a bitset.
//!
//! The search is three steps of known kind. Items are first placed by how few places they have.
//! What finds none goes through guided ejection: it takes the place whose present holders have
//! been hardest hit least often, they look for another, and what fails counts for more each time.
//! Then large neighbourhood search with simulated annealing takes out a few related items at a
//! time and puts them back better, by exact differences of the cost. Two threads search with
//! different seeds and the better result counts. Costs are integers and the dice are our own, so a
//! seed gives the same timetable again, as long as the number of steps and not the clock ends the
//! search.
//!
//! Own code and not a crate. Bindings to the strongest exact solver (`cp_sat`) need a C++ compiler
//! and OR-Tools installed beside the program, which is to stay one file. `pumpkin-solver` is pure
//! Rust and proves what it finds, but it would have to be told each rule in its own constraints
//! and does not improve a given draft with few moves, which is what repairing is. Frameworks such
//! as `localsearch` bring the loop of annealing, a few lines here, and leave to their user what is
//! the work: moves that keep every rule, and exact differences of the cost. `bench/` compares small
//! cases with what CP-SAT proves.
//!
//! A proposal never changes the draft by itself: an organizer accepts it, whole or in part,
//! through the same operation as every other edit, and can undo it in one step.

mod bits;
mod concerned;
mod cost;
mod dice;
mod explain;
mod export;
pub mod instances;
pub mod jobs;
mod model;
pub mod operations;
mod outcome;
pub mod pages;
mod problem;
mod result_pages;
pub mod review;
mod rules;
mod search;
mod store;
#[cfg(test)]
mod tests;
mod timetable;

pub use cost::{Costs, Measure, Weights};
pub use explain::{Reason, ReasonKind};
pub use jobs::Bell;
pub use model::{Progress, ProposalState, Request, Scope, Window};
pub use outcome::{Entry, Outcome, Place, Unplaced, propose, with_entries};
pub use problem::{Item, Problem, RoomOption, Spot};
pub use search::{Budget, Watched, search};
