//! Making keys.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use rsa::pkcs8::{EncodePrivateKey, LineEnding};
use rsa::rand_core::{CryptoRng, RngCore};
use zeroize::Zeroizing;

/// Bits of a new RSA key: what receivers trust, and a record that fits into one answer of the DNS.
const BITS: usize = 2048;

/// A key could not be made.
#[derive(Debug, thiserror::Error)]
#[error("can't make a key: {0}")]
pub struct NotMade(String);

/// A new RSA key as PEM.
///
/// # Errors
/// When the system has no random numbers.
pub fn rsa() -> Result<Zeroizing<String>, NotMade> {
    let key = rsa::RsaPrivateKey::new(&mut Dice, BITS).map_err(|error| NotMade(error.to_string()))?;
    key.to_pkcs8_pem(LineEnding::LF).map_err(|error| NotMade(error.to_string()))
}

/// A new Ed25519 key as PEM.
///
/// # Errors
/// When the system has no random numbers.
pub fn ed25519() -> Result<Zeroizing<String>, NotMade> {
    let random = ring::rand::SystemRandom::new();
    let key = ring::signature::Ed25519KeyPair::generate_pkcs8(&random)
        .map_err(|_| NotMade("the system has no random numbers".to_owned()))?;
    let body = Zeroizing::new(STANDARD.encode(key.as_ref()));
    let mut text = Zeroizing::new("-----BEGIN PRIVATE KEY-----\n".to_owned());
    for line in body.as_bytes().chunks(64) {
        text.push_str(&String::from_utf8_lossy(line));
        text.push('\n');
    }
    text.push_str("-----END PRIVATE KEY-----\n");
    Ok(text)
}

/// Random numbers in the form that this library knows.
struct Dice;

impl RngCore for Dice {
    fn next_u32(&mut self) -> u32 {
        rand::random()
    }

    fn next_u64(&mut self) -> u64 {
        rand::random()
    }

    fn fill_bytes(&mut self, destination: &mut [u8]) {
        destination.fill_with(rand::random);
    }

    fn try_fill_bytes(&mut self, destination: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(destination);
        Ok(())
    }
}

/// `rand::random` draws from a generator fit for keys.
impl CryptoRng for Dice {}
