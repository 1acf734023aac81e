//! What settings of signing come to.

use super::MailSettings;

impl MailSettings {
    /// The domain that signs mails.
    #[must_use]
    pub fn dkim_domain(&self) -> &str {
        if self.dkim_domain.is_empty() { self.from.email.domain() } else { &self.dkim_domain }
    }
}

/// The setting of signing that is no name of the DNS, where mails are signed at all.
pub(super) fn wrong_name(mail: &MailSettings) -> Option<&'static str> {
    mail.dkim_key.as_ref()?;
    let names = [("mail.dkim_selector", mail.dkim_selector.as_str()), ("mail.dkim_domain", mail.dkim_domain())];
    names.into_iter().find(|(_, name)| !is_dns_name(name)).map(|(key, _)| key)
}

/// Labels of letters, digits and hyphens between dots.
fn is_dns_name(name: &str) -> bool {
    let is_label = |label: &str| {
        !label.is_empty()
            && label.len() < 64
            && label.bytes().all(|byte| byte.is_ascii_alphanumeric() || byte == b'-' || byte == b'_')
    };
    name.len() < 254 && name.split('.').all(is_label)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_the_dns_are_told_from_others() {
        for right in ["summit.example", "s2027", "a-b._x.example"] {
            assert!(is_dns_name(right), "{right}");
        }
        for wrong in ["", ".", "a..b", "a b", "a;b", "s2027.", "münchen.example"] {
            assert!(!is_dns_name(wrong), "{wrong}");
        }
    }
}
