//! The keys of the settings, and sealing short texts with them.

use crate::web::token::hex;
use base64::Engine;
use base64::engine::general_purpose::{STANDARD, URL_SAFE_NO_PAD};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305, XNonce};
use hmac::{Hmac, Mac};
use secrecy::{ExposeSecret, SecretString};
use sha2::Sha256;
use zeroize::Zeroizing;

/// Bytes of a key.
const KEY_BYTES: usize = 32;
/// Bytes of the random number that stands before what is sealed.
const NONCE_BYTES: usize = 24;
/// Longest name of a key.
const LONGEST_NAME: usize = 40;

type Secret = Zeroizing<[u8; KEY_BYTES]>;

/// Why the setting can't be used. The key itself is never shown.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum BadKey {
    /// It is not `name:key`.
    #[error("each key should be written name:key, as `plenary key new` prints it")]
    Form,
    /// The name.
    #[error("the name of a key should be small letters, digits and hyphens, at most 40")]
    Name,
    /// The key has another length or is no Base64.
    #[error("the key {0} should be 32 bytes in Base64, as `plenary key new` prints it")]
    Length(String),
    /// Two keys have one name.
    #[error("the name {0} stands twice")]
    Twice(String),
}

/// Why something sealed was not opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Unopened {
    /// No key of this name is in the settings.
    #[error("the key is not in the settings")]
    NoKey,
    /// The key does not open it: it was changed, stands in another place, or the key is another.
    #[error("the key does not open it")]
    Refused,
}

/// Something sealed, as its columns hold it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Sealed {
    /// The name of the key.
    pub key_id: String,
    /// Nonce and ciphertext in Base64.
    pub text: String,
}

struct Key {
    name: String,
    sealing: Secret,
    hints: Secret,
}

/// The keys of the settings.
#[derive(Default)]
pub struct SealingKeys(Vec<Key>);

impl SealingKeys {
    /// Reads `name:base64` of each key, the one in use first.
    ///
    /// # Errors
    /// What is wrong with the first that can't be used.
    pub fn read(list: &[SecretString]) -> Result<Self, BadKey> {
        let mut keys: Vec<Key> = Vec::with_capacity(list.len());
        for entry in list {
            let (name, key) = entry.expose_secret().trim().split_once(':').ok_or(BadKey::Form)?;
            let is_name = |letter: u8| letter.is_ascii_lowercase() || letter.is_ascii_digit() || letter == b'-';
            if name.is_empty() || name.len() > LONGEST_NAME || !name.bytes().all(is_name) {
                return Err(BadKey::Name);
            }
            if keys.iter().any(|other| other.name == name) {
                return Err(BadKey::Twice(name.to_owned()));
            }
            let wrong = || BadKey::Length(name.to_owned());
            let bytes = Zeroizing::new(STANDARD.decode(key.trim()).map_err(|_| wrong())?);
            let master: Secret = Zeroizing::new(bytes.as_slice().try_into().map_err(|_| wrong())?);
            let derive = |label: &str| digest(master.as_slice(), &[label]).map(Zeroizing::new).ok_or_else(wrong);
            keys.push(Key {
                name: name.to_owned(),
                sealing: derive("plenary: sealed answers, 1")?,
                hints: derive("plenary: hints of duplicates, 1")?,
            });
        }
        Ok(Self(keys))
    }

    /// A fresh key of this name as the settings hold it.
    #[must_use]
    pub fn fresh(name: &str) -> String {
        let key = Zeroizing::new(rand::random::<[u8; KEY_BYTES]>());
        format!("{name}:{}", STANDARD.encode(key.as_slice()))
    }

    /// Whether nothing can be sealed.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The name of the key that seals.
    #[must_use]
    pub fn current(&self) -> Option<&str> {
        self.0.first().map(|key| key.name.as_str())
    }

    /// The names of all keys, the one that seals first.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.0.iter().map(|key| key.name.as_str())
    }

    /// Seals `plain` for one place; nothing when there is no key.
    #[must_use]
    pub fn seal(&self, place: &[&str], plain: &[u8]) -> Option<Sealed> {
        let key = self.0.first()?;
        let sealed = seal(&key.sealing, &joined(place), plain)?;
        Some(Sealed { key_id: key.name.clone(), text: URL_SAFE_NO_PAD.encode(sealed) })
    }

    /// Opens what was sealed for this place.
    ///
    /// # Errors
    /// When no key opens it.
    pub fn open(&self, key_id: &str, place: &[&str], text: &str) -> Result<Zeroizing<Vec<u8>>, Unopened> {
        let key = self.0.iter().find(|key| key.name == key_id).ok_or(Unopened::NoKey)?;
        let sealed = URL_SAFE_NO_PAD.decode(text).map_err(|_| Unopened::Refused)?;
        open(&key.sealing, &joined(place), &sealed).ok_or(Unopened::Refused)
    }

    /// By what the same value is known again; nothing when there is no key.
    #[must_use]
    pub fn hints(&self) -> Option<Hints> {
        let key = self.0.first()?;
        Some(Hints { name: key.name.clone(), secret: key.hints.clone() })
    }
}

/// Says of two values whether they are the same, and nothing else about them.
#[derive(Clone)]
pub struct Hints {
    name: String,
    secret: Secret,
}

impl Hints {
    /// The hint of a value: the key's name and a keyed hash. Hints of different keys say nothing about
    /// each other, which is why the name stands before them.
    #[must_use]
    pub fn of(&self, value: &[&str]) -> Option<String> {
        let hash = digest(self.secret.as_slice(), value)?;
        Some(format!("{}:{}", self.name, hex(&hash)))
    }
}

/// The parts one after the other, each with its length, so that no two lists of parts look alike.
pub(super) fn joined(parts: &[&str]) -> Vec<u8> {
    let mut all = Vec::new();
    for part in parts {
        all.extend_from_slice(&(part.len() as u64).to_be_bytes());
        all.extend_from_slice(part.as_bytes());
    }
    all
}

/// HMAC-SHA-256 of the parts.
pub(super) fn digest(key: &[u8], parts: &[&str]) -> Option<[u8; KEY_BYTES]> {
    let mut mac = <Hmac<Sha256> as KeyInit>::new_from_slice(key).ok()?;
    mac.update(&joined(parts));
    Some(mac.finalize().into_bytes().into())
}

/// Nonce and ciphertext.
pub(super) fn seal(key: &[u8; KEY_BYTES], aad: &[u8], plain: &[u8]) -> Option<Vec<u8>> {
    let nonce: [u8; NONCE_BYTES] = rand::random();
    let cipher = XChaCha20Poly1305::new(key.into());
    let sealed = cipher.encrypt(&XNonce::from(nonce), Payload { msg: plain, aad }).ok()?;
    let mut all = Vec::with_capacity(NONCE_BYTES + sealed.len());
    all.extend_from_slice(&nonce);
    all.extend_from_slice(&sealed);
    Some(all)
}

/// What [`seal`] sealed, if the key and the place are the same.
pub(super) fn open(key: &[u8; KEY_BYTES], aad: &[u8], sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
    let (nonce, sealed) = sealed.split_at_checked(NONCE_BYTES)?;
    let nonce: [u8; NONCE_BYTES] = nonce.try_into().ok()?;
    let cipher = XChaCha20Poly1305::new(key.into());
    cipher.decrypt(&XNonce::from(nonce), Payload { msg: sealed, aad }).ok().map(Zeroizing::new)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn keys(list: &[&str]) -> Result<SealingKeys, BadKey> {
        SealingKeys::read(&list.iter().map(|key| SecretString::from(*key)).collect::<Vec<_>>())
    }

    fn fresh(names: &[&str]) -> (Vec<String>, SealingKeys) {
        let list: Vec<String> = names.iter().map(|name| SealingKeys::fresh(name)).collect();
        let read = keys(&list.iter().map(String::as_str).collect::<Vec<_>>()).expect("fresh keys");
        (list, read)
    }

    #[test]
    fn a_setting_that_can_not_be_used_is_named_without_its_key() {
        let long = format!("{}:AAAA", "a".repeat(41));
        for (list, expected) in [
            (vec!["secretsecret"], BadKey::Form),
            (vec!["Key:AAAA"], BadKey::Name),
            (vec![long.as_str()], BadKey::Name),
            (vec!["a:c2VjcmV0"], BadKey::Length("a".into())),
            (vec!["a:***"], BadKey::Length("a".into())),
        ] {
            let error = keys(&list).err();
            assert_eq!(error.as_ref(), Some(&expected));
            let words = error.map(|error| error.to_string()).unwrap_or_default();
            assert!(!words.contains("secretsecret") && !words.contains("c2VjcmV0"), "{words}");
        }
        let one = SealingKeys::fresh("a");
        assert_eq!(keys(&[&one, &one]).err(), Some(BadKey::Twice("a".into())));
    }

    #[test]
    fn the_first_key_seals_and_every_key_opens_its_own() {
        let (list, old) = fresh(&["old"]);
        let sealed = old.seal(&["r", "q"], b"C01X00T47").expect("sealed");
        assert_eq!(sealed.key_id, "old");
        let new = SealingKeys::fresh("new");
        let both = keys(&[&new, &list[0]]).expect("keys");
        assert_eq!(both.current(), Some("new"));
        assert_eq!(both.open("old", &["r", "q"], &sealed.text).expect("opened").as_slice(), b"C01X00T47");
        assert_eq!(both.open("new", &["r", "q"], &sealed.text).err(), Some(Unopened::Refused));
        assert_eq!(keys(&[&new]).expect("keys").open("old", &["r", "q"], &sealed.text).err(), Some(Unopened::NoKey));
        assert!(SealingKeys::default().seal(&[], b"x").is_none());
    }

    #[test]
    fn hints_are_the_same_for_the_same_value_and_key_only() {
        let (_, one) = fresh(&["a"]);
        let (_, other) = fresh(&["a"]);
        let (one, other) = (one.hints().expect("hints"), other.hints().expect("hints"));
        assert_eq!(one.of(&["e", "X1"]), one.of(&["e", "X1"]));
        assert_ne!(one.of(&["e", "X1"]), one.of(&["e", "X2"]));
        assert_ne!(one.of(&["ab", "c"]), one.of(&["a", "bc"]), "parts are told apart");
        assert_ne!(one.of(&["e", "X1"]), other.of(&["e", "X1"]));
        assert!(one.of(&["X1"]).is_some_and(|hint| hint.starts_with("a:") && !hint.contains("X1")));
    }

    proptest! {
        #[test]
        fn what_is_sealed_opens_in_its_place_only(
            plain in prop::collection::vec(any::<u8>(), 0..200),
            place in prop::collection::vec("[a-z]{0,4}", 1..3),
            other in prop::collection::vec("[a-z]{0,4}", 1..3),
            at in any::<prop::sample::Index>(),
        ) {
            let (_, keys) = fresh(&["a"]);
            let borrowed: Vec<&str> = place.iter().map(String::as_str).collect();
            let sealed = keys.seal(&borrowed, &plain).expect("sealed");
            let opened = keys.open("a", &borrowed, &sealed.text).expect("opened");
            prop_assert_eq!(opened.as_slice(), plain.as_slice());
            if other != place {
                let other: Vec<&str> = other.iter().map(String::as_str).collect();
                prop_assert!(keys.open("a", &other, &sealed.text).is_err());
            }
            let mut bytes = URL_SAFE_NO_PAD.decode(&sealed.text).expect("Base64");
            let at = at.index(bytes.len());
            bytes[at] ^= 1;
            prop_assert!(keys.open("a", &borrowed, &URL_SAFE_NO_PAD.encode(bytes)).is_err());
        }
    }
}
