//! Tickets: a short signed text that anyone with the event's public key can check offline.
//!
//! The text is `PT1:` and Base45 (RFC 9285, the densest text in a QR code) of: one byte of version,
//! 8 bytes that name the key, 16 bytes of registration id, one byte of length and the category's
//! code, 64 bytes of Ed25519 signature over all before it and over what the signature is for.

use crate::db::RegistrationId;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::convert::{Builder, Shape};
use fast_qr::{ECL, QRBuilder, QRCode};
use sha2::{Digest, Sha256};

/// What a valid ticket says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Whose it is.
    pub registration: RegistrationId,
    /// The code of the category it was issued for.
    pub category: String,
}

/// Why a text is no valid ticket.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum InvalidTicket {
    /// It is some other text.
    #[error("this is no ticket")]
    Malformed,
    /// It was made by a newer program.
    #[error("this ticket is of a version that this program does not know")]
    UnknownVersion,
    /// It belongs to another event.
    #[error("this ticket is of another event")]
    OtherKey,
    /// Someone changed or invented it.
    #[error("the signature of this ticket is not right")]
    BadSignature,
}

const PREFIX: &str = "PT1:";
const VERSION: u8 = 1;
const KEY_ID: usize = 8;
const ID: usize = 16;
const SIGNATURE: usize = 64;
/// Longest text that is looked at: far more than any ticket has.
const LONGEST: usize = 600;
/// Signed with every ticket, so that a signature for one purpose is none for another.
const PURPOSE: &[u8] = b"plenary ticket\0";

/// An event's key for signing tickets.
pub struct TicketKey(SigningKey);

impl TicketKey {
    /// A new key from the system's random source.
    #[must_use]
    pub fn new_random() -> Self {
        Self(SigningKey::from_bytes(&rand::random()))
    }

    /// The key of this secret.
    #[must_use]
    pub fn from_secret(secret: &[u8; 32]) -> Self {
        Self(SigningKey::from_bytes(secret))
    }

    /// The secret, for the row that keeps it.
    #[must_use]
    pub fn secret(&self) -> [u8; 32] {
        self.0.to_bytes()
    }

    /// The public half, which checks tickets.
    #[must_use]
    pub fn public(&self) -> [u8; 32] {
        self.0.verifying_key().to_bytes()
    }

    /// The ticket's text.
    #[must_use]
    pub fn issue(&self, ticket: &Ticket) -> String {
        let id = uuid::Uuid::try_parse(ticket.registration.as_str()).unwrap_or_default();
        let category = &ticket.category.as_bytes()[..ticket.category.len().min(usize::from(u8::MAX))];
        let mut payload = vec![VERSION];
        payload.extend_from_slice(&key_id(&self.public()));
        payload.extend_from_slice(id.as_bytes());
        payload.push(u8::try_from(category.len()).unwrap_or(u8::MAX));
        payload.extend_from_slice(category);
        let signature = self.0.sign(&[PURPOSE, &payload].concat());
        payload.extend_from_slice(&signature.to_bytes());
        format!("{PREFIX}{}", base45::encode(&payload))
    }
}

/// The 8 bytes by which a ticket names the key that signed it.
#[must_use]
pub fn key_id(public_key: &[u8; 32]) -> [u8; KEY_ID] {
    let digest = Sha256::digest(public_key);
    std::array::from_fn(|index| digest[index])
}

/// Checks a ticket's text against an event's public key. Needs nothing else: no network, no database.
/// Whether the registration still stands is another question.
///
/// # Errors
/// Why it is not valid.
pub fn verify_ticket(public_key: &[u8; 32], text: &str) -> Result<Ticket, InvalidTicket> {
    if text.len() > LONGEST {
        return Err(InvalidTicket::Malformed);
    }
    let encoded = text.strip_prefix(PREFIX).ok_or(InvalidTicket::Malformed)?;
    let bytes = base45::decode(encoded).ok_or(InvalidTicket::Malformed)?;
    if bytes.first() != Some(&VERSION) {
        return Err(InvalidTicket::UnknownVersion);
    }
    let at = bytes.len().checked_sub(SIGNATURE).filter(|at| *at > 1 + KEY_ID + ID).ok_or(InvalidTicket::Malformed)?;
    let (payload, signature) = bytes.split_at(at);
    if payload[1..=KEY_ID] != key_id(public_key) {
        return Err(InvalidTicket::OtherKey);
    }
    let signature = Signature::from_slice(signature).map_err(|_| InvalidTicket::Malformed)?;
    let key = VerifyingKey::from_bytes(public_key).map_err(|_| InvalidTicket::OtherKey)?;
    key.verify_strict(&[PURPOSE, payload].concat(), &signature).map_err(|_| InvalidTicket::BadSignature)?;
    let (id, category) = payload[1 + KEY_ID..].split_at(ID);
    let (length, category) = category.split_at(1);
    let id = uuid::Uuid::from_slice(id).map_err(|_| InvalidTicket::Malformed)?;
    let category = std::str::from_utf8(category).map_err(|_| InvalidTicket::Malformed)?;
    if usize::from(length[0]) != category.len() {
        return Err(InvalidTicket::Malformed);
    }
    Ok(Ticket { registration: id.into(), category: category.to_owned() })
}

/// Base45 (RFC 9285).
mod base45 {
    const ALPHABET: &[u8; 45] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";

    pub(super) fn encode(bytes: &[u8]) -> String {
        let mut text = String::with_capacity(bytes.len().div_ceil(2) * 3);
        for chunk in bytes.chunks(2) {
            let mut value = chunk.iter().fold(0usize, |value, byte| value << 8 | usize::from(*byte));
            for _ in 0..=chunk.len() {
                text.push(char::from(ALPHABET[value % 45]));
                value /= 45;
            }
        }
        text
    }

    /// Refuses every text that [`encode`] would not have written.
    pub(super) fn decode(text: &str) -> Option<Vec<u8>> {
        let mut bytes = Vec::with_capacity(text.len() / 3 * 2 + 1);
        for chunk in text.as_bytes().chunks(3) {
            let mut value = 0u32;
            for letter in chunk.iter().rev() {
                let digit = ALPHABET.iter().position(|known| known == letter)?;
                value = value * 45 + u32::try_from(digit).ok()?;
            }
            match chunk.len() {
                3 => bytes.extend_from_slice(&u16::try_from(value).ok()?.to_be_bytes()),
                2 => bytes.push(u8::try_from(value).ok()?),
                _ => return None,
            }
        }
        Some(bytes)
    }
}

/// The ticket's text could not be drawn.
#[derive(Debug, thiserror::Error)]
#[error("the code of a ticket could not be drawn: {0}")]
pub struct DrawError(String);

/// Modules of white around a code, as its standard asks.
const QUIET_ZONE: usize = 4;
/// Pixels of one module in a picture.
const MODULE_PIXELS: usize = 6;

fn code(text: &str) -> Result<QRCode, DrawError> {
    QRBuilder::new(text).ecl(ECL::M).build().map_err(|error| DrawError(error.to_string()))
}

/// The code as an SVG element, black on white in every colour scheme, because scanners want it so.
///
/// # Errors
/// When the text is too long for a code.
pub fn draw_svg(text: &str) -> Result<String, DrawError> {
    Ok(SvgBuilder::default().margin(QUIET_ZONE).shape(Shape::Square).to_str(&code(text)?))
}

/// The code as a PNG file.
///
/// # Errors
/// When the text is too long for a code.
pub fn draw_png(text: &str) -> Result<Vec<u8>, DrawError> {
    let code = code(text)?;
    let side = (code.size + 2 * QUIET_ZONE) * MODULE_PIXELS;
    let dark = |pixel: u32| (pixel as usize / MODULE_PIXELS).checked_sub(QUIET_ZONE).filter(|at| *at < code.size);
    let side = u32::try_from(side).map_err(|error| DrawError(error.to_string()))?;
    let picture = image::GrayImage::from_fn(side, side, |x, y| {
        let is_dark = dark(x).zip(dark(y)).is_some_and(|(column, row)| code[row][column].value());
        image::Luma([if is_dark { 0 } else { 255 }])
    });
    let mut file = std::io::Cursor::new(Vec::new());
    picture.write_to(&mut file, image::ImageFormat::Png).map_err(|error| DrawError(error.to_string()))?;
    Ok(file.into_inner())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn base45_is_that_of_the_standard() {
        for (plain, encoded) in [("AB", "BB8"), ("Hello!!", "%69 VD92EX0"), ("base-45", "UJCLQE7W581"), ("", "")] {
            assert_eq!(base45::encode(plain.as_bytes()), encoded);
            assert_eq!(base45::decode(encoded).as_deref(), Some(plain.as_bytes()));
        }
        for wrong in [":::", "GGW", "A", "::", "bb8"] {
            assert_eq!(base45::decode(wrong), None, "{wrong}");
        }
    }

    fn issued() -> (TicketKey, Ticket, String) {
        let key = TicketKey::new_random();
        let ticket = Ticket { registration: RegistrationId::new(), category: "invited-guest".into() };
        let text = key.issue(&ticket);
        (key, ticket, text)
    }

    #[test]
    fn a_ticket_is_valid_for_its_event_only() {
        let (key, ticket, text) = issued();
        assert_eq!(verify_ticket(&key.public(), &text), Ok(ticket));
        assert_eq!(verify_ticket(&TicketKey::new_random().public(), &text), Err(InvalidTicket::OtherKey));
        assert!(
            TicketKey::from_secret(&key.secret())
                .issue(&Ticket { registration: RegistrationId::new(), category: "x".into() })
                != text
        );
        for wrong in ["", "PT1:", "https://example.org", &"PT1:0".repeat(500), "PT2:BB8"] {
            assert!(verify_ticket(&key.public(), wrong).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn a_ticket_with_any_character_changed_is_refused(at in 0usize..200, with in 0usize..45) {
            let (key, _, text) = issued();
            let mut changed = text.clone().into_bytes();
            let at = at % changed.len();
            changed[at] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:"[with];
            let changed = String::from_utf8(changed).expect("ASCII");
            prop_assume!(changed != text);
            prop_assert!(verify_ticket(&key.public(), &changed).is_err());
        }

        #[test]
        fn any_text_is_refused_without_a_panic(text in ".*") {
            let key = TicketKey::new_random();
            prop_assert!(verify_ticket(&key.public(), &text).is_err());
            let prefixed = format!("PT1:{text}");
            prop_assert!(verify_ticket(&key.public(), &prefixed).is_err());
        }

        #[test]
        fn base45_gives_back_what_it_was_given(bytes in proptest::collection::vec(any::<u8>(), 0..120)) {
            prop_assert_eq!(base45::decode(&base45::encode(&bytes)), Some(bytes));
        }
    }

    #[test]
    fn a_ticket_can_be_drawn() {
        let (_, _, text) = issued();
        let svg = draw_svg(&text).expect("drawn");
        assert!(svg.starts_with("<svg") && !svg.contains("style="));
        assert!(draw_png(&text).expect("drawn").starts_with(b"\x89PNG"));
    }
}
