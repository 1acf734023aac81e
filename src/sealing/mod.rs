//! Encrypting what must not be read from the database or its backups.
//!
//! Keys come from the settings and never from the database. The first key seals; the others only
//! open what they sealed before, until it is sealed anew. What is sealed is bound to the place where
//! it stands: moved into another row it does not open.

mod file_key;
mod keys;

pub use file_key::FileKey;
pub use keys::{BadKey, Hints, Sealed, SealingKeys, Unopened};
