//! The tables of this area: `change_notices`, `told_slots`, `stars`, and whom they are about.

pub(super) mod notices;
pub(super) mod people;
pub(super) mod stars;
pub(super) mod told;
