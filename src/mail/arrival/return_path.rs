//! The return path of a message: `bounces+<message>.<signature>@summit.example`.
//!
//! A report of a failed delivery goes to it, so that its recipient says which message failed, whatever the
//! report itself looks like. The signature keeps strangers from telling us that somebody's address is dead.
//! Both parts use small letters and digits only: servers on the way may change the case of local parts.

use crate::db::MessageId;
use hmac::{Hmac, KeyInit, Mac};
use lettre::Address;
use sha2::Sha256;
use std::fmt;
use subtle::ConstantTimeEq;

/// Octets of the signature: 80 bits, of which nobody can try many.
const SIGNED: usize = 10;
/// Characters of a message's id in base 32.
const ID_LENGTH: usize = 26;
/// Characters of a signature in base 32.
const SIGNATURE_LENGTH: usize = 16;
const LETTERS: &[u8; 32] = b"abcdefghijklmnopqrstuvwxyz234567";

/// Signs return paths and knows its own again.
#[derive(Clone)]
pub struct Signer {
    secret: Vec<u8>,
}

impl fmt::Debug for Signer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Signer")
    }
}

/// What a recipient's address says of the message that came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Signed {
    /// It carries no signature.
    No,
    /// It carries one that is not ours.
    Forged,
    /// It was ours, for this message.
    Of(MessageId),
}

impl Signer {
    /// A signer with this secret.
    #[must_use]
    pub fn new(secret: impl Into<Vec<u8>>) -> Self {
        Self { secret: secret.into() }
    }

    /// The return path of one message below `base`; `base` itself where that can't be.
    #[must_use]
    pub fn sign(&self, base: &Address, message: MessageId) -> Address {
        let Some(id) = octets(message) else { return base.clone() };
        let local = format!("{}+{}.{}", base.user(), encode(&id), encode(&self.signature(&id)));
        Address::new(local, base.domain()).unwrap_or_else(|_| base.clone())
    }

    /// What `recipient` says.
    #[must_use]
    pub fn read(&self, recipient: &str) -> Signed {
        let local = recipient.trim().trim_matches(['<', '>']).split('@').next().unwrap_or_default();
        let local = local.to_ascii_lowercase();
        let Some((front, signature)) = local.rsplit_once('.') else { return Signed::No };
        // Some servers separate the extension by another sign than they were given it with.
        let Some((_, id)) = front.rsplit_once(['+', '-', '=', '#']) else { return Signed::No };
        if id.len() != ID_LENGTH || signature.len() != SIGNATURE_LENGTH {
            return Signed::No;
        }
        let (Some(id), Some(signature)) = (decode(id), decode(signature)) else { return Signed::No };
        let Ok(id) = <[u8; 16]>::try_from(id) else { return Signed::No };
        if bool::from(self.signature(&id).as_slice().ct_eq(&signature)) {
            Signed::Of(uuid::Uuid::from_bytes(id).into())
        } else {
            Signed::Forged
        }
    }

    /// The address to which one person's calendar answers one entry: `bounces+r.<signature>@summit.example`. Entries are
    /// known to everybody who reads the public feeds, so that nothing else proves that the answer is theirs.
    #[must_use]
    pub fn sign_entry(&self, base: &Address, uid: &str, attendee_key: &str) -> Address {
        let local = format!("{}+r.{}", base.user(), encode(&self.entry_signature(uid, attendee_key)));
        Address::new(local, base.domain()).unwrap_or_else(|_| base.clone())
    }

    /// Whether `recipient` is the address that was made for this entry and this person.
    #[must_use]
    pub fn signed_entry(&self, recipient: &str, uid: &str, attendee_key: &str) -> bool {
        let local = recipient.trim().trim_matches(['<', '>']).split('@').next().unwrap_or_default();
        let signature = local.to_ascii_lowercase().rsplit_once('.').and_then(|(_, signature)| decode(signature));
        signature
            .is_some_and(|signature| bool::from(self.entry_signature(uid, attendee_key).as_slice().ct_eq(&signature)))
    }

    fn entry_signature(&self, uid: &str, attendee_key: &str) -> Vec<u8> {
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else { return Vec::new() };
        for part in ["answer of a calendar to ", uid, "\0", attendee_key] {
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes()[..SIGNED].to_vec()
    }

    fn signature(&self, id: &[u8; 16]) -> Vec<u8> {
        // Any length of key is fine for an HMAC.
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(&self.secret) else { return Vec::new() };
        mac.update(b"return path of ");
        mac.update(id);
        mac.finalize().into_bytes()[..SIGNED].to_vec()
    }
}

fn octets(message: MessageId) -> Option<[u8; 16]> {
    uuid::Uuid::try_parse(message.as_str()).ok().map(uuid::Uuid::into_bytes)
}

fn encode(octets: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    for octet in octets {
        held = (held << 8) | u32::from(*octet);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(LETTERS[(held >> bits) as usize & 31]));
        }
        held &= (1 << bits) - 1;
    }
    if bits > 0 {
        text.push(char::from(LETTERS[(held << (5 - bits)) as usize & 31]));
    }
    text
}

fn decode(text: &str) -> Option<Vec<u8>> {
    let (mut octets, mut held, mut bits) = (Vec::new(), 0_u32, 0);
    for letter in text.bytes() {
        let value = LETTERS.iter().position(|known| *known == letter)?;
        held = (held << 5) | u32::try_from(value).ok()?;
        bits += 5;
        if bits >= 8 {
            bits -= 8;
            octets.push(u8::try_from((held >> bits) & 255).ok()?);
        }
        held &= (1 << bits) - 1;
    }
    // What is left over must be zeros, or two texts would mean the same.
    (held == 0).then_some(octets)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn base() -> Address {
        "bounces@summit.example".parse().expect("an address")
    }

    proptest! {
        #[test]
        fn every_message_is_known_again_and_by_nobody_else(id: [u8; 16], at in 0_usize..60, letter in 0_usize..32) {
            let id = MessageId::from(uuid::Uuid::from_bytes(id));
            let signer = Signer::new(*b"one secret");
            let path = signer.sign(&base(), id).to_string();
            prop_assert!(path.split('@').next().is_some_and(|local| local.len() <= 64), "{path}");
            prop_assert_eq!(signer.read(&path), Signed::Of(id));
            prop_assert_eq!(signer.read(&format!("<{}>", path.to_uppercase())), Signed::Of(id));
            prop_assert_eq!(signer.read(&path.replace('+', "-")), Signed::Of(id));
            prop_assert_eq!(Signer::new(*b"another secret").read(&path), Signed::Forged);
            // Any one changed letter of id or signature is found out.
            let mut changed = path.clone().into_bytes();
            let place = "bounces+".len() + at % (ID_LENGTH + 1 + SIGNATURE_LENGTH);
            if changed[place] != b'.' && changed[place] != LETTERS[letter] {
                changed[place] = LETTERS[letter];
                let read = signer.read(&String::from_utf8(changed).expect("letters"));
                prop_assert!(matches!(read, Signed::Forged | Signed::No), "{read:?}");
            }
        }
    }

    #[test]
    fn other_addresses_say_nothing() {
        let signer = Signer::new(*b"one secret");
        for address in ["", "bounces@summit.example", "bounces+x.y@summit.example", "ada.lovelace@example.org", "+.@"] {
            assert_eq!(signer.read(address), Signed::No, "{address}");
        }
    }
}
