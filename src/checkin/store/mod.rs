//! The SQL of the door.

pub(super) mod counts;
pub(super) mod devices;
pub(super) mod gates;
pub(super) mod people;
pub(super) mod scans;
