//! Mail: what must be sent is a row of the outbox, written with the change that causes it.
//!
//! An operation queues a rendered message in its own transaction ([`operations::queue`]).
//! Workers claim due messages with a lease, talk to the mail server outside any transaction and
//! record the outcome. A crash between sending and recording sends twice with the same Message-ID;
//! that is the price for never losing one.

pub mod address;
pub mod arrival;
pub mod attached;
pub mod compose;
pub mod delivery;
pub mod dkim;
pub mod health;
pub mod jobs;
pub mod lane;
pub mod mailer;
pub mod marking;
pub mod model;
pub mod operations;
pub mod outbox;
pub mod pacing;
pub mod pages;
pub mod policy;
pub mod quiet;
pub mod rendering;
pub mod searching;
pub(crate) mod store;
pub mod transport;
pub mod wording;

pub use mailer::Mailer;
pub use wording::Wordings;
