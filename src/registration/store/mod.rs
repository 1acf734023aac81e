//! The tables `categories`, `registrations`, `registration_links`, `idempotency_keys` and `event_keys`.

pub(super) mod categories;
pub(super) mod desk;
pub(super) mod keys;
pub(super) mod links;
pub(super) mod registrations;
