//! Programmes come in from every format and go out again.
#![expect(clippy::expect_used, reason = "a test says what it expects")]

mod real;
