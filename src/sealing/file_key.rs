//! The key of one sealed file.
//!
//! Each file has a key of its own, which stands in the sealed answer. Keys of the settings can so be
//! changed without touching files, and a file whose answer is deleted is unreadable even where a
//! copy of it was kept.

use super::keys::{digest, joined, open, seal};
use crate::web::Token;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use zeroize::Zeroizing;

/// The key of one sealed file.
#[derive(Clone)]
pub struct FileKey(Zeroizing<[u8; 32]>);

impl std::fmt::Debug for FileKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileKey(…)")
    }
}

impl FileKey {
    /// The key of an upload. Until the form is sent only whoever filled it in holds the token, so that
    /// nobody else, not even the server, can read the file in the meantime.
    #[must_use]
    pub fn of_token(token: &Token) -> Option<Self> {
        digest(token.reveal().as_bytes(), &["plenary: sealed file, 1"]).map(|key| Self(Zeroizing::new(key)))
    }

    /// The key as a sealed answer holds it.
    #[must_use]
    pub fn to_text(&self) -> String {
        URL_SAFE_NO_PAD.encode(self.0.as_slice())
    }

    /// A key that a sealed answer held.
    #[must_use]
    pub fn from_text(text: &str) -> Option<Self> {
        let bytes = Zeroizing::new(URL_SAFE_NO_PAD.decode(text).ok()?);
        bytes.as_slice().try_into().ok().map(|key| Self(Zeroizing::new(key)))
    }

    /// Seals a file, or a part of what is known of it.
    #[must_use]
    pub fn seal(&self, part: &str, plain: &[u8]) -> Option<Vec<u8>> {
        seal(&self.0, &joined(&[part]), plain)
    }

    /// Opens what this key sealed.
    #[must_use]
    pub fn open(&self, part: &str, sealed: &[u8]) -> Option<Zeroizing<Vec<u8>>> {
        open(&self.0, &joined(&[part]), sealed)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_file_opens_with_the_key_of_its_token() {
        let token = Token::new();
        let key = FileKey::of_token(&token).expect("a key");
        let sealed = key.seal("file", b"%PDF-1.7 passport").expect("sealed");
        assert!(!sealed.windows(8).any(|bytes| bytes == b"passport"));
        let again = FileKey::from_text(&key.to_text()).expect("a key");
        assert_eq!(again.open("file", &sealed).expect("opened").as_slice(), b"%PDF-1.7 passport");
        assert!(again.open("name", &sealed).is_none());
        assert!(FileKey::of_token(&Token::new()).expect("a key").open("file", &sealed).is_none());
        assert!(FileKey::from_text("short").is_none());
        assert!(!format!("{key:?}").contains(&key.to_text()));
    }
}
