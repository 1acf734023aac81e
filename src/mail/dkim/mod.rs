//! Signing mails, so that whoever gets one can tell that the sender's domain sent it and that nobody changed it on the
//! way (RFC 6376; Ed25519 as in RFC 8463).

pub mod key;
pub mod making;
mod signing;

pub use signing::Signer;
