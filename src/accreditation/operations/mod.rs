//! Use cases of accreditation.

mod deciding;
mod looking;
mod own;
mod reasons;
mod watching;

pub use deciding::{DecideError, Outcome, Prepared, clear_flag, decide, note};
pub use looking::{ApplicantPage, Line, QueuePage, applicant, duplicates, find, queue, several};
pub use own::{
    AnswerError, OwnStanding, answer, complete, forget, identity_changed, name_changed, owing, own_standing, remind,
    second_form,
};
pub use reasons::{ReasonError, all_reasons, create_reason, delete_reason, update_reason};
pub use watching::{Verdict, WatchError, add_list, book, delete_list, keep_verdicts, lists, screen, unscreened};
