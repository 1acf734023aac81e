//! The outbox's way out of this process.

use super::compose::ReturnPath;
use super::transport::{InvalidTransport, Transport};
use crate::app::App;
use crate::config::MailSettings;
use crate::db::DbError;
use lettre::message::Mailbox;
use tokio::sync::{Notify, OnceCell};

/// Sender, transport and the bell that wakes the delivery workers.
pub struct Mailer {
    /// The sender of every mail.
    pub from: Mailbox,
    /// The domain of Message-IDs.
    pub domain: String,
    /// How mail leaves.
    pub transport: Transport,
    bell: Notify,
    return_path: OnceCell<Option<ReturnPath>>,
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
        Ok(Self { from: settings.from.clone(), domain, transport, bell: Notify::new(), return_path: OnceCell::new() })
    }

    /// Where mail comes back to; read once, when first needed.
    ///
    /// # Errors
    /// When the database refuses its secret.
    pub async fn return_path(&self, app: &App) -> Result<Option<&ReturnPath>, DbError> {
        let read = || async {
            let Some(base) = app.settings.mail.return_path.clone() else { return Ok::<_, DbError>(None) };
            Ok(Some(ReturnPath { base, signer: super::arrival::operations::signer(app).await? }))
        };
        self.return_path.get_or_try_init(read).await.map(Option::as_ref)
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
