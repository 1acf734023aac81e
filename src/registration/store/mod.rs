//! The tables `categories`, `registrations`, `registration_links`, `idempotency_keys`, `event_keys`, quotas and offers.

pub(super) mod categories;
pub(super) mod delegation_places;
pub(super) mod desk;
pub(super) mod keys;
pub(super) mod links;
pub(super) mod quotas;
pub(super) mod registrations;
pub(super) mod views;
pub(super) mod waiting;
