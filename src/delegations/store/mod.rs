//! The tables of delegations, and their people's rows.

pub(super) mod delegations;
pub(super) mod links;
pub(super) mod members;
