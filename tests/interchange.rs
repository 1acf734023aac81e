//! Programmes come in from every format and go out again.
#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod draft;
mod hostile;
mod made_up;
mod meaning;
mod real;
mod round_trip;
mod schema;
mod tables;
