//! The outbox's way out of this process.

use super::transport::{InvalidTransport, Transport};
use crate::config::MailSettings;
use lettre::message::Mailbox;
use tokio::sync::Notify;

/// Sender, transport and the bell that wakes the delivery workers.
pub struct Mailer {
    /// The sender of every mail.
    pub from: Mailbox,
    /// The domain of Message-IDs.
    pub domain: String,
    /// How mail leaves.
    pub transport: Transport,
    bell: Notify,
}

impl Mailer {
    /// Prepares the transport; nothing is connected yet.
    ///
    /// # Errors
    /// When the settings name no usable transport.
    pub fn new(settings: &MailSettings, public_url: &str) -> Result<Self, InvalidTransport> {
        let domain = url::Url::parse(public_url)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned))
            .unwrap_or_else(|| "localhost".to_owned());
        let transport = Transport::new(settings, &domain)?;
        Ok(Self { from: settings.from.clone(), domain, transport, bell: Notify::new() })
    }

    /// Tells the workers that a message may be waiting.
    pub fn wake(&self) {
        self.bell.notify_one();
    }

    /// Waits until someone rings.
    pub async fn rung(&self) {
        self.bell.notified().await;
    }
}
