//! Private keys, as they stand in files, and what is published of them.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use ring::rand::SystemRandom;
use ring::signature::{Ed25519KeyPair, KeyPair, RSA_PKCS1_SHA256, RsaKeyPair};
use std::path::{Path, PathBuf};
use zeroize::Zeroizing;

/// Why a key can't be used; never shows anything of it.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
pub enum KeyError {
    /// The file can't be read.
    #[error("can't read {0}: {1}")]
    Unreadable(PathBuf, String),
    /// There is no private key in it.
    #[error("holds no private key; a key begins with -----BEGIN PRIVATE KEY----- or -----BEGIN RSA PRIVATE KEY-----")]
    None,
    /// It holds the other half.
    #[error("holds a public key or a certificate; the private key is wanted")]
    Public,
    /// It is locked.
    #[error("the key has a passphrase; write it without: openssl pkey -in FILE -out NEW")]
    Passphrase,
    /// It is of a sort that DKIM does not know.
    #[error("the key is neither RSA nor Ed25519, the two that DKIM knows")]
    OtherSort,
    /// Its Base64 or its inside is damaged.
    #[error("the key is damaged")]
    Damaged,
    /// It is too short to be trusted.
    #[error("the RSA key is shorter than 2048 bits, which receivers do not trust")]
    TooShort,
    /// It is longer than this program signs with.
    #[error("the RSA key is longer than 4096 bits, which many receivers do not read")]
    TooLong,
}

/// A private key that signs mails.
pub enum SigningKey {
    /// RSA, which every receiver knows.
    Rsa(Box<RsaKeyPair>),
    /// Ed25519, which few do.
    Ed25519(Box<Ed25519KeyPair>),
}

impl SigningKey {
    /// Reads a file.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn of_file(path: &Path) -> Result<Self, KeyError> {
        let text = std::fs::read(path).map_err(|error| KeyError::Unreadable(path.to_owned(), error.to_string()))?;
        Self::read(&Zeroizing::new(String::from_utf8_lossy(&text).into_owned()))
    }

    /// Reads PEM: PKCS#8 or PKCS#1.
    ///
    /// # Errors
    /// What is wrong with it.
    pub fn read(text: &str) -> Result<Self, KeyError> {
        if text.contains("BEGIN ENCRYPTED PRIVATE KEY") || text.contains("Proc-Type: 4,ENCRYPTED") {
            return Err(KeyError::Passphrase);
        }
        if let Some(der) = block(text, "RSA PRIVATE KEY")? {
            return RsaKeyPair::from_der(&der).map(Box::new).map(Self::Rsa).map_err(|error| rejected(&error));
        }
        if let Some(der) = block(text, "PRIVATE KEY")? {
            return of_pkcs8(&der);
        }
        if ["EC PRIVATE KEY", "DSA PRIVATE KEY", "OPENSSH PRIVATE KEY"].iter().any(|label| text.contains(label)) {
            return Err(KeyError::OtherSort);
        }
        Err(if text.contains("PUBLIC KEY") || text.contains("CERTIFICATE") { KeyError::Public } else { KeyError::None })
    }

    /// How a signature names its method.
    #[must_use]
    pub fn algorithm(&self) -> &'static str {
        match self {
            Self::Rsa(_) => "rsa-sha256",
            Self::Ed25519(_) => "ed25519-sha256",
        }
    }

    /// The signature of what the headers come to.
    ///
    /// # Errors
    /// When the system has no random numbers.
    pub fn sign(&self, headers: &[u8]) -> Result<Vec<u8>, KeyError> {
        match self {
            Self::Rsa(key) => {
                let mut signature = vec![0; key.public().modulus_len()];
                key.sign(&RSA_PKCS1_SHA256, &SystemRandom::new(), headers, &mut signature)
                    .map_err(|_| KeyError::Damaged)?;
                Ok(signature)
            }
            // RFC 8463: what is signed is the hash.
            Self::Ed25519(key) => {
                Ok(key.sign(ring::digest::digest(&ring::digest::SHA256, headers).as_ref()).as_ref().to_vec())
            }
        }
    }

    /// What is published in the DNS, where receivers look for it.
    #[must_use]
    pub fn record(&self) -> String {
        match self {
            Self::Rsa(key) => format!("v=DKIM1; k=rsa; p={}", STANDARD.encode(public_key_info(key.public().as_ref()))),
            Self::Ed25519(key) => format!("v=DKIM1; k=ed25519; p={}", STANDARD.encode(key.public_key())),
        }
    }
}

fn of_pkcs8(der: &[u8]) -> Result<SigningKey, KeyError> {
    if let Ok(key) = Ed25519KeyPair::from_pkcs8_maybe_unchecked(der) {
        return Ok(SigningKey::Ed25519(Box::new(key)));
    }
    RsaKeyPair::from_pkcs8(der).map(Box::new).map(SigningKey::Rsa).map_err(|error| rejected(&error))
}

fn rejected(error: &ring::error::KeyRejected) -> KeyError {
    match error.to_string().as_str() {
        "TooSmall" => KeyError::TooShort,
        "TooLarge" => KeyError::TooLong,
        "WrongAlgorithm" => KeyError::OtherSort,
        _ => KeyError::Damaged,
    }
}

/// The bytes of a PEM block with this label, if there is one.
fn block(text: &str, label: &str) -> Result<Option<Zeroizing<Vec<u8>>>, KeyError> {
    let Some((_, rest)) = text.split_once(&format!("-----BEGIN {label}-----")) else { return Ok(None) };
    let (body, _) = rest.split_once(&format!("-----END {label}-----")).ok_or(KeyError::Damaged)?;
    let body: Zeroizing<String> = Zeroizing::new(body.split_whitespace().collect());
    STANDARD.decode(body.as_bytes()).map(Zeroizing::new).map(Some).map_err(|_| KeyError::Damaged)
}

/// A public RSA key as SubjectPublicKeyInfo (RFC 5280), which the DNS holds, around the PKCS#1 form that ring gives.
fn public_key_info(pkcs1: &[u8]) -> Vec<u8> {
    /// `SEQUENCE { OBJECT IDENTIFIER rsaEncryption, NULL }`
    const ALGORITHM: [u8; 15] =
        [0x30, 0x0d, 0x06, 0x09, 0x2a, 0x86, 0x48, 0x86, 0xf7, 0x0d, 0x01, 0x01, 0x01, 0x05, 0x00];
    let bits = tagged(0x03, &[&[0], pkcs1].concat());
    tagged(0x30, &[ALGORITHM.as_slice(), &bits].concat())
}

/// A DER value: tag, length, content.
fn tagged(tag: u8, content: &[u8]) -> Vec<u8> {
    let length = content.len().to_be_bytes();
    let length: Vec<u8> = length.iter().copied().skip_while(|byte| *byte == 0).collect();
    let mut value = vec![tag];
    match (length.as_slice(), u8::try_from(length.len())) {
        ([], _) => value.push(0),
        ([short], _) if *short < 0x80 => value.push(*short),
        (_, Ok(octets)) => {
            value.push(0x80 | octets);
            value.extend_from_slice(&length);
        }
        (_, Err(_)) => {}
    }
    value.extend_from_slice(content);
    value
}

#[cfg(test)]
mod tests {
    use super::super::making;
    use super::*;

    #[test]
    fn what_is_wrong_with_a_key_is_said() {
        let wrong = |text: &str| SigningKey::read(text).err();
        assert_eq!(wrong(""), Some(KeyError::None));
        assert_eq!(wrong("-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----"), Some(KeyError::Public));
        assert_eq!(wrong("-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----"), Some(KeyError::Public));
        assert_eq!(wrong("-----BEGIN ENCRYPTED PRIVATE KEY-----\nAAAA"), Some(KeyError::Passphrase));
        assert_eq!(wrong("-----BEGIN EC PRIVATE KEY-----\nAAAA"), Some(KeyError::OtherSort));
        for damaged in ["AAAA\n-----END PRIVATE KEY-----", "!\n-----END PRIVATE KEY-----", "AAAA"] {
            assert_eq!(wrong(&format!("-----BEGIN PRIVATE KEY-----\n{damaged}")), Some(KeyError::Damaged), "{damaged}");
        }
        // An elliptic curve that TLS knows and DKIM does not.
        let curve = "-----BEGIN PRIVATE KEY-----\nMIGHAgEAMBMGByqGSM49AgEGCCqGSM49AwEHBG0wawIBAQQgevZzL1gdAFr88hb2\nOF/2NxApJCzGCEDdfSp6VQO30hyhRANCAAQRWz+jn65BtOMvdyHKcvjBeBSDZH2r\n1RTwjmYSi9R/zpBnuQ4EiMnCqfMPWiZqB4QdbAd0E7oH50VpuZ1P087G\n-----END PRIVATE KEY-----";
        assert_eq!(wrong(curve), Some(KeyError::OtherSort));
    }

    #[test]
    fn a_made_key_can_be_read_and_published() {
        let made = making::ed25519().expect("a key");
        let key = SigningKey::read(&made).expect("readable");
        assert_eq!(key.algorithm(), "ed25519-sha256");
        assert!(key.record().starts_with("v=DKIM1; k=ed25519; p="));
        let made = making::rsa().expect("a key");
        let key = SigningKey::read(&made).expect("readable");
        assert_eq!(key.algorithm(), "rsa-sha256");
        assert!(key.record().starts_with("v=DKIM1; k=rsa; p=MIIBIjANBgkqhkiG9w0BAQEFAAOCAQ8AMIIBCgKCAQEA"));
    }

    #[test]
    fn lengths_are_written_as_der_wants_them() {
        assert_eq!(tagged(4, &[]), [4, 0]);
        assert_eq!(tagged(4, &[7; 127])[..2], [4, 127]);
        assert_eq!(tagged(4, &[7; 128])[..3], [4, 0x81, 128]);
        assert_eq!(tagged(4, &[7; 300])[..4], [4, 0x82, 1, 44]);
    }
}
