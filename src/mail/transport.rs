//! Talking to the mail server, or what stands in its place.
//!
//! The commands of one delivery are sent one by one instead of by the library's `send`, because
//! what a refusal means depends on the step that it answers: a refused greeting or sign-in says
//! nothing about the message, a refused recipient does.

use crate::config::{MailSettings, MailTransport};
use lettre::Address;
use lettre::transport::smtp::authentication::{Credentials, Mechanism};
use lettre::transport::smtp::client::{AsyncSmtpConnection, Certificate, TlsParameters};
use lettre::transport::smtp::commands::{Data, Mail, Rcpt, Rset};
use lettre::transport::smtp::extension::{ClientId, Extension, MailBodyParameter, MailParameter};
use lettre::transport::smtp::{Error as SmtpError, response::Response};
use secrecy::{ExposeSecret, SecretString};
use std::path::PathBuf;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

/// How mail leaves.
pub enum Transport {
    /// To a mail server.
    Smtp(Box<SmtpServer>),
    /// Into a folder, one `.eml` file a mail.
    File(PathBuf),
    /// Nowhere: a line in the log.
    Log,
}

/// The settings name no usable transport.
#[derive(Debug, thiserror::Error)]
#[error("{0}")]
pub struct InvalidTransport(pub String);

/// What became of one delivery.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// The server took the message; its answer.
    Sent(String),
    /// Refused for now, or the connection broke: try again later.
    Deferred(String),
    /// The server can't be reached or does not let us in: says nothing about the message.
    Unreachable(String),
    /// Refused for good.
    Refused(String),
}

/// A message as it goes over the wire.
pub struct Parcel {
    /// The envelope's sender.
    pub from: Address,
    /// The envelope's recipient.
    pub to: Address,
    /// A name for the file, unique for each message.
    pub name: String,
    /// Headers and body.
    pub content: Vec<u8>,
}

/// How a connection is protected.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Security {
    /// TLS from the first byte (`smtps://`).
    Implicit,
    /// STARTTLS where the server offers it.
    Offered,
    /// STARTTLS or nothing.
    Required,
    /// Never, as to a server on the same machine.
    None,
}

/// A mail server and the idle connections to it.
pub struct SmtpServer {
    host: String,
    port: u16,
    security: Security,
    tls: TlsParameters,
    credentials: Option<Credentials>,
    hello: ClientId,
    timeout: Duration,
    idle: Mutex<Vec<(AsyncSmtpConnection, Instant)>>,
}

/// Servers close idle connections; older ones than this are asked first whether they still live.
const TRUSTED_IDLE: Duration = Duration::from_secs(5);

impl Transport {
    /// Prepares the transport of these settings; nothing is connected yet.
    ///
    /// # Errors
    /// When an address or certificate can't be used.
    pub fn new(settings: &MailSettings, own_host: &str) -> Result<Self, InvalidTransport> {
        match settings.transport {
            MailTransport::Log => Ok(Self::Log),
            MailTransport::File => Ok(Self::File(settings.folder.clone())),
            MailTransport::Smtp => {
                SmtpServer::new(settings, own_host).map(|server| Self::Smtp(Box::new(server))).map_err(InvalidTransport)
            }
        }
    }

    /// Delivers one message. Never fails: every outcome is a verdict that is recorded.
    pub async fn deliver(&self, parcel: &Parcel) -> Verdict {
        match self {
            Self::Log => {
                tracing::info!(message.id = parcel.name, "a mail would leave now; mail.transport is \"log\"");
                Verdict::Sent("logged".to_owned())
            }
            Self::File(folder) => match write_file(folder, parcel).await {
                Ok(()) => Verdict::Sent("written".to_owned()),
                Err(error) => Verdict::Unreachable(format!("can't write into {}: {error}", folder.display())),
            },
            Self::Smtp(server) => server.deliver(parcel).await,
        }
    }

    /// Connects and signs in without sending anything; how, in words. Nothing where no server is used.
    ///
    /// # Errors
    /// What went wrong, in the words of the server or the library.
    pub async fn try_out(&self) -> Result<String, String> {
        let Self::Smtp(server) = self else { return Ok(String::new()) };
        let tried = tokio::time::timeout(server.timeout, server.connect()).await;
        let late = || format!("no answer within {} seconds", server.timeout.as_secs());
        let mut connection = tried.map_err(|_| late())?.map_err(|error| explain(&error))?;
        let protection = if connection.is_encrypted() { "over TLS" } else { "without TLS" };
        let signed_in = if server.credentials.is_some() { "signed in" } else { "no sign-in" };
        // A server that has hung up already has answered all that was asked.
        let _ = tokio::time::timeout(Duration::from_secs(2), connection.quit()).await;
        Ok(format!("{}:{} answers {protection}, {signed_in}", server.host, server.port))
    }

    /// Closes idle connections politely.
    pub async fn close(&self) {
        if let Self::Smtp(server) = self {
            let idle = std::mem::take(&mut *server.idle.lock().unwrap_or_else(PoisonError::into_inner));
            for (mut connection, _) in idle {
                // The server may have hung up already, which is as good.
                let _ = tokio::time::timeout(Duration::from_secs(2), connection.quit()).await;
            }
        }
    }
}

/// Whether `url` names a mail server.
///
/// # Errors
/// What would be right, in words.
pub fn check_smtp_url(url: &SecretString) -> Result<(), String> {
    parse_url(url).map(drop)
}

struct Target {
    host: String,
    port: u16,
    security: Security,
    credentials: Option<Credentials>,
}

fn parse_url(url: &SecretString) -> Result<Target, String> {
    let wrong = || "should be an address such as smtp://user:password@mail.example.org:587".to_owned();
    let url = url::Url::parse(url.expose_secret()).map_err(|_| wrong())?;
    let asked = url.query_pairs().find(|(key, _)| key == "tls").map(|(_, value)| value.into_owned());
    let security = match (url.scheme(), asked.as_deref()) {
        ("smtps", None) => Security::Implicit,
        ("smtp", None) => Security::Offered,
        ("smtp", Some("required")) => Security::Required,
        ("smtp", Some("none")) => Security::None,
        ("smtp" | "smtps", Some(_)) => return Err("knows ?tls=required and ?tls=none, for smtp:// only".to_owned()),
        _ => return Err(wrong()),
    };
    let host = url.host_str().filter(|host| !host.is_empty()).ok_or_else(wrong)?.trim_matches(['[', ']']).to_owned();
    let port = url.port().unwrap_or(if security == Security::Implicit { 465 } else { 587 });
    let decode = |text: &str| percent_encoding::percent_decode_str(text).decode_utf8_lossy().into_owned();
    let credentials = (!url.username().is_empty())
        .then(|| Credentials::new(decode(url.username()), decode(url.password().unwrap_or_default())));
    if credentials.is_some()
        && security == Security::None
        && !matches!(host.as_str(), "localhost" | "127.0.0.1" | "::1")
    {
        return Err("would send the password in the clear: leave ?tls=none away".to_owned());
    }
    Ok(Target { host, port, security, credentials })
}

/// A step failed, and what that means.
enum Failed {
    /// The connection is of no use any more.
    Broken(Verdict),
    /// The server answered "no" and waits for the next message.
    Told(Verdict),
}

impl SmtpServer {
    fn new(settings: &MailSettings, own_host: &str) -> Result<Self, String> {
        let target = parse_url(&settings.smtp_url)?;
        let mut tls = TlsParameters::builder(target.host.clone());
        if let Some(path) = &settings.smtp_ca_file {
            let pem = std::fs::read(path)
                .map_err(|error| format!("can't read mail.smtp_ca_file {}: {error}", path.display()))?;
            tls = tls.add_root_certificate(
                Certificate::from_pem(&pem).map_err(|error| format!("mail.smtp_ca_file: {error}"))?,
            );
        }
        Ok(Self {
            tls: tls.build_rustls().map_err(|error| format!("can't prepare TLS: {error}"))?,
            host: target.host,
            port: target.port,
            security: target.security,
            credentials: target.credentials,
            hello: ClientId::Domain(own_host.to_owned()),
            timeout: Duration::from_secs(settings.timeout_seconds.max(1)),
            idle: Mutex::new(Vec::new()),
        })
    }

    async fn deliver(&self, parcel: &Parcel) -> Verdict {
        match tokio::time::timeout(self.timeout, self.deliver_in_time(parcel)).await {
            Ok(verdict) => verdict,
            Err(_) => Verdict::Deferred(format!("no answer within {} seconds", self.timeout.as_secs())),
        }
    }

    async fn deliver_in_time(&self, parcel: &Parcel) -> Verdict {
        let mut connection = match self.connection().await {
            Ok(connection) => connection,
            Err(verdict) => return verdict,
        };
        match transfer(&mut connection, parcel).await {
            Ok(response) => {
                self.keep(connection);
                Verdict::Sent(words(&response))
            }
            Err(Failed::Told(verdict)) => {
                // Clear the half-made envelope; a server that can't even do that is left.
                if connection.command(Rset).await.is_ok() {
                    self.keep(connection);
                }
                verdict
            }
            Err(Failed::Broken(verdict)) => {
                connection.abort().await;
                verdict
            }
        }
    }

    /// An idle connection that still lives, or a new one.
    async fn connection(&self) -> Result<AsyncSmtpConnection, Verdict> {
        loop {
            let idle = self.idle.lock().unwrap_or_else(PoisonError::into_inner).pop();
            let Some((mut connection, since)) = idle else { break };
            if since.elapsed() < TRUSTED_IDLE || connection.test_connected().await {
                return Ok(connection);
            }
        }
        self.connect().await.map_err(|error| Verdict::Unreachable(explain(&error)))
    }

    async fn connect(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let mut connection = self.open().await?;
        let starts_tls = match self.security {
            Security::Implicit | Security::None => false,
            // A server that should offer STARTTLS and does not is refused by the library.
            Security::Required => true,
            Security::Offered => connection.can_starttls(),
        };
        if starts_tls {
            connection.starttls(self.tls.clone(), &self.hello).await?;
        }
        if let Some(credentials) = &self.credentials {
            connection.auth(&[Mechanism::Plain, Mechanism::Login], credentials).await?;
        }
        Ok(connection)
    }

    /// A connection that has said hello. A plain one is opened by us, so that its small writes don't
    /// wait for delayed acknowledgements: 40 ms for each message otherwise.
    async fn open(&self) -> Result<AsyncSmtpConnection, SmtpError> {
        let server = (self.host.as_str(), self.port);
        if self.security != Security::Implicit
            && let Ok(stream) = tokio::net::TcpStream::connect(server).await
            && stream.set_nodelay(true).is_ok()
        {
            return AsyncSmtpConnection::connect_with_transport(Box::new(stream), &self.hello).await;
        }
        // TLS from the first byte; or a server that can't be reached, which the library words.
        let implicit = (self.security == Security::Implicit).then(|| self.tls.clone());
        AsyncSmtpConnection::connect_tokio1(server, Some(self.timeout), &self.hello, implicit, None).await
    }

    fn keep(&self, connection: AsyncSmtpConnection) {
        if !connection.has_broken() {
            self.idle.lock().unwrap_or_else(PoisonError::into_inner).push((connection, Instant::now()));
        }
    }
}

async fn transfer(connection: &mut AsyncSmtpConnection, parcel: &Parcel) -> Result<Response, Failed> {
    let mut options = vec![];
    let ascii = |address: &Address| AsRef::<str>::as_ref(address).is_ascii();
    if !ascii(&parcel.to) || !ascii(&parcel.from) {
        if !connection.server_info().supports_feature(Extension::SmtpUtfEight) {
            return Err(Failed::Told(Verdict::Refused(
                "the mail server can't write to addresses outside ASCII (SMTPUTF8)".to_owned(),
            )));
        }
        options.push(MailParameter::SmtpUtfEight);
    }
    if !parcel.content.is_ascii() && connection.server_info().supports_feature(Extension::EightBitMime) {
        options.push(MailParameter::Body(MailBodyParameter::EightBitMime));
    }
    connection.command(Mail::new(Some(parcel.from.clone()), options)).await.map_err(|error| judge(&error))?;
    connection.command(Rcpt::new(parcel.to.clone(), vec![])).await.map_err(|error| judge(&error))?;
    connection.command(Data).await.map_err(|error| judge(&error))?;
    connection.message(&parcel.content).await.map_err(|error| judge(&error))
}

/// What a failed step after a good connection means for the message.
fn judge(error: &SmtpError) -> Failed {
    let Some(code) = error.status().map(u16::from) else {
        return Failed::Broken(Verdict::Deferred(explain(error)));
    };
    match code {
        // The server closes, or wants another sign-in: not about this message.
        421 => Failed::Broken(Verdict::Deferred(explain(error))),
        530 | 534 | 535 | 538 => Failed::Broken(Verdict::Unreachable(explain(error))),
        500..=599 => Failed::Told(Verdict::Refused(explain(error))),
        _ => Failed::Told(Verdict::Deferred(explain(error))),
    }
}

fn words(response: &Response) -> String {
    format!("{} {}", response.code(), response.message().collect::<Vec<_>>().join(" ")).trim().to_owned()
}

/// The error with its causes in one line.
fn explain(error: &SmtpError) -> String {
    let mut line = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        let cause_words = cause.to_string();
        if !line.contains(&cause_words) {
            line = format!("{line}: {cause_words}");
        }
        source = cause.source();
    }
    line
}

async fn write_file(folder: &std::path::Path, parcel: &Parcel) -> std::io::Result<()> {
    tokio::fs::create_dir_all(folder).await?;
    // Written aside and renamed, so that a reader never sees half a mail.
    let aside = folder.join(format!(".{}.part", parcel.name));
    tokio::fs::write(&aside, &parcel.content).await?;
    tokio::fs::rename(&aside, folder.join(format!("{}.eml", parcel.name))).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_of_mail_servers_are_checked() {
        let check = |url: &str| check_smtp_url(&SecretString::from(url));
        for right in [
            "smtp://localhost:25?tls=none",
            "smtps://user:p%40ss@mail.example.org",
            "smtp://mail.example.org?tls=required",
        ] {
            assert!(check(right).is_ok(), "{right}");
        }
        for wrong in [
            "",
            "mail.example.org",
            "http://mail.example.org",
            "smtp://",
            "smtp://u:p@mail.example.org?tls=none",
            "smtps://x?tls=none",
        ] {
            assert!(check(wrong).is_err(), "{wrong}");
        }
    }
}
