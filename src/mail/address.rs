//! Mail addresses that are right by construction.

use std::fmt;
use std::str::FromStr;

/// A syntactically right address without line ends or display name, so that it can't add a header.
///
/// The domain is kept as typed; two addresses are the same when their [`EmailAddress::key`] is.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct EmailAddress(lettre::Address);

/// A text was no mail address.
#[derive(Debug, thiserror::Error)]
#[error("not a mail address such as name@example.org")]
pub struct InvalidEmail;

/// The domain of nobody's address.
const NOWHERE: &str = "no-address.invalid";

/// RFC 5321, 4.5.3.1.3: a path holds 256 octets with its brackets.
const LONGEST: usize = 254;

impl EmailAddress {
    /// Where letters go to somebody without an address: a name that never leads anywhere (RFC 2606). Messages to
    /// it are not queued.
    ///
    /// # Errors
    /// Never; it is read as any other address is.
    pub fn nowhere() -> Result<Self, InvalidEmail> {
        format!("nobody@{NOWHERE}").parse()
    }

    /// Whether a message to it is not queued.
    #[must_use]
    pub fn is_nowhere(&self) -> bool {
        self.0.domain() == NOWHERE
    }

    /// The address as typed.
    #[must_use]
    pub fn as_str(&self) -> &str {
        self.0.as_ref()
    }

    /// The form that is compared: lower case, the domain in its ASCII form. Mail servers could
    /// tell `Ada@` from `ada@`; no real one does, and one person must not register twice by it.
    #[must_use]
    pub fn key(&self) -> String {
        let domain = idna::domain_to_ascii(self.0.domain()).unwrap_or_else(|_| self.0.domain().to_lowercase());
        format!("{}@{}", self.0.user().to_lowercase(), domain)
    }

    /// The address for the mail library.
    #[must_use]
    pub fn to_lettre(&self) -> lettre::Address {
        self.0.clone()
    }
}

impl FromStr for EmailAddress {
    type Err = InvalidEmail;

    fn from_str(text: &str) -> Result<Self, InvalidEmail> {
        let trimmed = text.trim();
        let has_dot = trimmed.rsplit_once('@').is_some_and(|(_, domain)| domain.contains('.') || domain == "localhost");
        if trimmed.len() > LONGEST
            || !has_dot
            || trimmed.chars().any(|character| character.is_control() || character.is_whitespace())
        {
            return Err(InvalidEmail);
        }
        trimmed.parse().map(Self).map_err(|_| InvalidEmail)
    }
}

impl fmt::Display for EmailAddress {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_addresses_pass() {
        for right in ["ada@example.org", " grace@navy.example ", "o'brien+x@sub.example.ie", "李@例子.中国"] {
            assert!(right.parse::<EmailAddress>().is_ok(), "{right}");
        }
        for wrong in [
            "",
            "ada",
            "ada@",
            "@example.org",
            "ada@example",
            "a b@example.org",
            "ada@example.org\r\nBcc: x@y.example",
            "Ada <ada@example.org>",
            "a@b@c.example",
        ] {
            assert!(wrong.parse::<EmailAddress>().is_err(), "{wrong:?}");
        }
    }

    #[test]
    fn one_mailbox_has_one_key() {
        let key = |text: &str| text.parse::<EmailAddress>().expect(text).key();
        assert_eq!(key("Ada@Example.ORG"), "ada@example.org");
        assert_eq!(key("ada@例子.中国"), key("ada@xn--fsqu00a.xn--fiqs8s"));
    }
}
