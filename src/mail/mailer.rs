//! The outbox's way out of this process.

use super::compose::ReturnPath;
use super::dkim::Signer;
use super::dkim::key::{KeyError, SigningKey};
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
    /// Signs it, where the settings name a key.
    pub dkim: Option<Signer>,
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
        let dkim = signer(settings).map_err(InvalidTransport)?;
        let (bell, return_path) = (Notify::new(), OnceCell::new());
        Ok(Self { from: settings.from.clone(), domain, transport, dkim, bell, return_path })
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

    /// The same where it was read already, for what can't wait.
    #[must_use]
    pub fn known_return_path(&self) -> Option<&ReturnPath> {
        self.return_path.get().and_then(Option::as_ref)
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

/// The signer that the settings name, if they name a key.
///
/// # Errors
/// What is wrong with the key, in words that show nothing of it.
pub fn signer(settings: &MailSettings) -> Result<Option<Signer>, String> {
    let Some(path) = &settings.dkim_key else { return Ok(None) };
    let key = SigningKey::of_file(path).map_err(|error| match error {
        KeyError::Unreadable(..) => format!("mail.dkim_key: {error}"),
        other => format!("mail.dkim_key: {} {other}", path.display()),
    })?;
    Ok(Some(Signer::new(settings.dkim_domain().to_owned(), settings.dkim_selector.clone(), key)))
}
