//! Talking to the mail server, or what stands in its place.

use crate::config::MailSettings;
use secrecy::{ExposeSecret, SecretString};

/// How mail leaves.
pub enum Transport {
    /// Only a line in the log.
    Log,
}

/// The settings name no usable transport.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InvalidTransport(pub String);

impl Transport {
    /// Prepares the transport of these settings.
    ///
    /// # Errors
    /// When an address can't be used.
    pub fn new(_settings: &MailSettings) -> Result<Self, InvalidTransport> {
        Ok(Self::Log)
    }
}

/// Whether `url` names a mail server.
///
/// # Errors
/// What would be right, in words.
pub fn check_smtp_url(url: &SecretString) -> Result<(), String> {
    let right = url::Url::parse(url.expose_secret()).is_ok_and(|url| matches!(url.scheme(), "smtp" | "smtps") && url.has_host());
    if right { Ok(()) } else { Err("should be an address such as smtp://user:password@mail.example.org:587".to_owned()) }
}
