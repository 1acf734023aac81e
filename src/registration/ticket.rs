//! Tickets: a short signed text that anyone with the event's public key can check offline.
//!
//! The text is `PT1:` and Base45 (RFC 9285, the densest text in a QR code) of: one byte of version (2),
//! 8 bytes that name the event by its key, 16 bytes of registration id, 2 bytes of serial, one byte of
//! length and the category's code, one byte that counts zones and for each of them one byte of length
//! and its code, 64 bytes of Ed25519 signature over all before it and over what the signature is for.
//! Version 1, which has neither serial nor zones, is still read. docs/check-in.md says how to verify one.

use super::category::Category;
use super::model::Registration;
use crate::db::RegistrationId;
use ed25519_dalek::{Signature, Signer, SigningKey, VerifyingKey};
use fast_qr::convert::svg::SvgBuilder;
use fast_qr::convert::{Builder, Shape};
use fast_qr::{ECL, QRBuilder, QRCode};
use sha2::{Digest, Sha256};
use std::fmt::Write;

/// What a valid ticket says.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ticket {
    /// Whose it is.
    pub registration: RegistrationId,
    /// The code of the category it was issued for.
    pub category: String,
    /// The codes of the zones that the category included on that day.
    pub zones: Vec<String>,
    /// Which of the person's tickets it is: one with an earlier number than the registration has does
    /// not count any more.
    pub serial: u16,
}

impl Ticket {
    /// A person's ticket of this category, with the serial that their registration has.
    #[must_use]
    pub fn of(registration: &Registration, category: &Category) -> Self {
        Self {
            registration: registration.id,
            category: category.code.clone(),
            zones: category.zones.to_vec(),
            serial: serial(registration.ticket_serial),
        }
    }
}

/// A registration's number as its ticket holds it.
#[must_use]
pub fn serial(of_registration: i32) -> u16 {
    u16::try_from(of_registration).unwrap_or(u16::MAX)
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
const VERSION: u8 = 2;
/// Tickets without serial and zones.
const FIRST_VERSION: u8 = 1;
const KEY_ID: usize = 8;
const ID: usize = 16;
const SIGNATURE: usize = 64;
/// Longest text that is looked at: more than any ticket has.
const LONGEST: usize = 1_000;
/// Longest code of a category or zone in a ticket, in bytes, and most zones: a code that grew with every
/// zone of a venue could not be scanned from a card.
const LONGEST_CODE: usize = 60;
const MOST_ZONES: usize = 8;
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
        let mut payload = vec![VERSION];
        payload.extend_from_slice(&key_id(&self.public()));
        payload.extend_from_slice(id.as_bytes());
        payload.extend_from_slice(&ticket.serial.to_be_bytes());
        push_code(&mut payload, &ticket.category);
        let zones = &ticket.zones[..ticket.zones.len().min(MOST_ZONES)];
        payload.push(u8::try_from(zones.len()).unwrap_or_default());
        for zone in zones {
            push_code(&mut payload, zone);
        }
        let signature = self.0.sign(&[PURPOSE, &payload].concat());
        payload.extend_from_slice(&signature.to_bytes());
        format!("{PREFIX}{}", base45::encode(&payload))
    }
}

/// A length and so many bytes of a code.
fn push_code(payload: &mut Vec<u8>, code: &str) {
    let end = (0..=code.len().min(LONGEST_CODE)).rev().find(|end| code.is_char_boundary(*end)).unwrap_or_default();
    payload.push(u8::try_from(end).unwrap_or_default());
    payload.extend_from_slice(&code.as_bytes()[..end]);
}

/// Takes a length and so many bytes of a code off the front.
fn take_code(bytes: &mut &[u8]) -> Option<String> {
    let (length, rest) = bytes.split_first()?;
    let (code, rest) = rest.split_at_checked(usize::from(*length))?;
    *bytes = rest;
    std::str::from_utf8(code).ok().map(str::to_owned)
}

/// What follows the id: category, and since version 2 serial and zones. Nothing may be left over.
fn read_rest(version: u8, registration: RegistrationId, mut rest: &[u8]) -> Option<Ticket> {
    let mut serial = 0;
    if version != FIRST_VERSION {
        let (number, after) = rest.split_at_checked(2)?;
        (serial, rest) = (u16::from_be_bytes([number[0], number[1]]), after);
    }
    let category = take_code(&mut rest)?;
    let mut zones = Vec::new();
    if version != FIRST_VERSION {
        let (count, after) = rest.split_first()?;
        rest = after;
        for _ in 0..*count {
            zones.push(take_code(&mut rest)?);
        }
    }
    rest.is_empty().then_some(Ticket { registration, category, zones, serial })
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
    let version = bytes.first().copied().unwrap_or_default();
    if ![FIRST_VERSION, VERSION].contains(&version) {
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
    let (id, rest) = payload[1 + KEY_ID..].split_at(ID);
    let id = uuid::Uuid::from_slice(id).map_err(|_| InvalidTicket::Malformed)?;
    read_rest(version, id.into(), rest).ok_or(InvalidTicket::Malformed)
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

/// The code as a small SVG element for pages with hundreds of them: a line for each run of dark modules.
///
/// # Errors
/// When the text is too long for a code.
pub fn draw_small_svg(text: &str) -> Result<String, DrawError> {
    let code = code(text)?;
    let side = code.size + 2 * QUIET_ZONE;
    // Lines are a little wider than a row, so that no hairline shows between two of them on paper.
    let mut svg = format!(
        "<svg viewBox=\"0 0 {side} {side}\" aria-hidden=\"true\" focusable=\"false\"><rect width=\"{side}\" height=\"{side}\" \
         fill=\"#fff\"/><path stroke=\"#000\" stroke-width=\"1.02\" d=\""
    );
    for row in 0..code.size {
        let mut column = 0;
        while column < code.size {
            let dark = (column..code.size).take_while(|at| code[row][*at].value()).count();
            if dark > 0 {
                let _ = write!(svg, "M{} {}.5h{dark}", column + QUIET_ZONE, row + QUIET_ZONE);
            }
            column += dark + 1;
        }
    }
    svg.push_str("\"/></svg>");
    Ok(svg)
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

    fn ticket(category: &str) -> Ticket {
        let zones = vec!["blue".to_owned(), "red".to_owned()];
        Ticket { registration: RegistrationId::new(), category: category.to_owned(), zones, serial: 3 }
    }

    fn issued() -> (TicketKey, Ticket, String) {
        let key = TicketKey::new_random();
        let ticket = ticket("invited-guest");
        let text = key.issue(&ticket);
        (key, ticket, text)
    }

    /// A ticket as they were before there were serials and zones.
    fn issued_first(key: &TicketKey, id: RegistrationId, category: &str) -> String {
        let mut payload = vec![FIRST_VERSION];
        payload.extend_from_slice(&key_id(&key.public()));
        payload.extend_from_slice(uuid::Uuid::try_parse(id.as_str()).expect("an id").as_bytes());
        push_code(&mut payload, category);
        let signature = key.0.sign(&[PURPOSE, &payload].concat());
        payload.extend_from_slice(&signature.to_bytes());
        format!("{PREFIX}{}", base45::encode(&payload))
    }

    #[test]
    fn tickets_of_the_first_version_still_count() {
        let (key, id) = (TicketKey::new_random(), RegistrationId::new());
        let expected = Ticket { registration: id, category: "media".into(), zones: Vec::new(), serial: 0 };
        assert_eq!(verify_ticket(&key.public(), &issued_first(&key, id, "media")), Ok(expected));
    }

    #[test]
    fn long_codes_and_many_zones_are_cut_and_still_make_a_code_that_can_be_drawn() {
        let key = TicketKey::new_random();
        let zones = (0..40).map(|number| format!("zone-{number}-{}", "分".repeat(40))).collect();
        let long = Ticket { category: "é".repeat(100), zones, ..ticket("x") };
        let text = key.issue(&long);
        let read = verify_ticket(&key.public(), &text).expect("a ticket");
        assert_eq!((read.zones.len(), read.category.len(), read.registration), (MOST_ZONES, 60, long.registration));
        assert!(text.len() <= LONGEST && draw_small_svg(&text).is_ok());
    }

    #[test]
    fn a_ticket_is_valid_for_its_event_only() {
        let (key, ticket, text) = issued();
        assert_eq!(verify_ticket(&key.public(), &text), Ok(ticket));
        assert_eq!(verify_ticket(&TicketKey::new_random().public(), &text), Err(InvalidTicket::OtherKey));
        assert!(TicketKey::from_secret(&key.secret()).issue(&self::ticket("x")) != text);
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
        let small = draw_small_svg(&text).expect("drawn");
        assert!(small.starts_with("<svg") && !small.contains("style=") && small.len() * 2 < svg.len());
        assert!(small.len() < 12_000, "{}", small.len());
        assert!(draw_png(&text).expect("drawn").starts_with(b"\x89PNG"));
    }
}
