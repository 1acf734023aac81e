//! Secrets in links and cookies: unguessable, and stored only as hashes.

use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::deserialize::FromSqlRow;
use diesel::expression::AsExpression;
use diesel::sql_types::Text;
use sha2::{Digest, Sha256};
use std::fmt;

/// 192 random bits in URL-safe Base64. It stands in a link or cookie and never in the database;
/// it has no `Display`, so that it can't slip into a log line.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

/// Bytes of randomness in a token.
const TOKEN_BYTES: usize = 24;

/// Characters of a token.
pub const TOKEN_LENGTH: usize = TOKEN_BYTES / 3 * 4;

impl Token {
    /// A new token from the system's random source.
    #[must_use]
    pub fn new() -> Self {
        Self(URL_SAFE_NO_PAD.encode(rand::random::<[u8; TOKEN_BYTES]>()))
    }

    /// A token as it came in a URL or cookie. Anything may come: only the hash is looked up.
    #[must_use]
    pub fn received(text: impl Into<String>) -> Self {
        Self(text.into())
    }

    /// The secret itself, for the link or cookie that carries it to its owner.
    #[must_use]
    pub fn reveal(&self) -> &str {
        &self.0
    }

    /// What is stored and looked up. A plain hash is enough: the token has too many bits to guess.
    #[must_use]
    pub fn hash(&self) -> TokenHash {
        TokenHash(hex(&Sha256::digest(self.0.as_bytes())))
    }
}

impl Default for Token {
    fn default() -> Self {
        Self::new()
    }
}

impl fmt::Debug for Token {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Token(…)")
    }
}

/// SHA-256 of a token, in hexadecimal.
#[derive(Clone, Debug, PartialEq, Eq, Hash, AsExpression, FromSqlRow)]
#[diesel(sql_type = Text)]
pub struct TokenHash(String);

impl TokenHash {
    /// The hexadecimal text.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl std::str::FromStr for TokenHash {
    type Err = std::convert::Infallible;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        Ok(Self(text.to_owned()))
    }
}

crate::text_column!(TokenHash);

/// Bytes in lower-case hexadecimal.
#[must_use]
pub fn hex(bytes: &[u8]) -> String {
    const DIGITS: &[u8; 16] = b"0123456789abcdef";
    bytes
        .iter()
        .flat_map(|byte| [DIGITS[usize::from(byte >> 4)], DIGITS[usize::from(byte & 15)]])
        .map(char::from)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_shows_itself_only_on_purpose() {
        let token = Token::new();
        assert_eq!(token.reveal().len(), TOKEN_LENGTH);
        assert_ne!(token, Token::new());
        assert!(!format!("{token:?}").contains(token.reveal()));
        assert_eq!(token.hash(), Token::received(token.reveal()).hash());
    }
}
