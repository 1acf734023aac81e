//! Typed settings: `config/default.toml`, then a file, then `PLENARY_SECTION__KEY` variables.
//!
//! Read once at the start. An unknown key or a bad value is refused with its name, its value and
//! what would be right: a mistyped limit that is silently ignored is found out in the worst hour.

use crate::db::DatabaseOptions;
use crate::sealing::SealingKeys;
use lettre::message::Mailbox;
use secrecy::{ExposeSecret, SecretString};
use serde::Deserialize;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use toml::{Table, Value};

/// The commented defaults of every setting.
pub const DEFAULTS: &str = include_str!("../config/default.toml");

/// All settings of one process.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Settings {
    /// How the site is reached.
    pub http: HttpSettings,
    /// Where data is kept.
    pub database: DatabaseSettings,
    /// How mail leaves.
    pub mail: MailSettings,
    /// Where uploads are kept.
    pub files: FilesSettings,
    /// Passwords and sign-ins of the team.
    pub accounts: AccountsSettings,
    /// Rules of registration that hold for every event.
    pub registration: RegistrationSettings,
    /// Keys that seal answers.
    pub sealing: SealingSettings,
    /// What is too much; 0 switches a limit off.
    pub limits: Limits,
    /// Log lines.
    pub log: LogSettings,
}

/// Section `http`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct HttpSettings {
    /// Address and port to listen on.
    pub bind: SocketAddr,
    /// The address visitors type, without a slash at the end; never empty after loading.
    pub public_url: String,
    /// Address and port on which figures for Prometheus are served; nowhere where there is none.
    #[serde(deserialize_with = "socket_or_none")]
    pub metrics_bind: Option<SocketAddr>,
    /// Networks whose `X-Forwarded-*` headers are believed.
    pub trusted_proxies: Vec<ipnet::IpNet>,
    /// Worker threads; 0 takes one per processor.
    pub workers: usize,
}

/// Section `database`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DatabaseSettings {
    /// `sqlite://…` or `postgres://…`; may hold a password.
    pub url: SecretString,
    /// Connections for reading.
    pub readers: u32,
    /// Writers that commit in groups, on Postgres.
    pub writers: u32,
    /// Write jobs that may wait.
    pub queue: usize,
    /// Write jobs in one commit.
    pub batch: usize,
}

impl DatabaseSettings {
    /// The options that the database is opened with.
    #[must_use]
    pub fn options(&self) -> DatabaseOptions {
        DatabaseOptions {
            url: self.url.expose_secret().to_owned(),
            readers: self.readers,
            writers: self.writers,
            queue: self.queue,
            batch: self.batch,
            ..DatabaseOptions::default()
        }
    }
}

/// How mail leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum MailTransport {
    /// To a mail server.
    Smtp,
    /// Into a folder, one file a mail.
    File,
    /// Nowhere: a line in the log.
    Log,
}

/// Section `mail`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct MailSettings {
    /// How mail leaves.
    pub transport: MailTransport,
    /// `smtp://…` or `smtps://…`; may hold a password.
    pub smtp_url: SecretString,
    /// PEM file of a certificate authority that the mail server's certificate may come from.
    #[serde(deserialize_with = "empty_is_none")]
    pub smtp_ca_file: Option<PathBuf>,
    /// The sender of every mail.
    pub from: Mailbox,
    /// Where mail comes back to; the sender where there is none.
    #[serde(deserialize_with = "address_or_none")]
    pub return_path: Option<lettre::Address>,
    /// The domain that signs mails; that of the sender where it is empty.
    pub dkim_domain: String,
    /// The name under which the domain publishes the key.
    pub dkim_selector: String,
    /// PEM file of the private key that signs; nothing is signed without.
    #[serde(deserialize_with = "empty_is_none")]
    pub dkim_key: Option<PathBuf>,
    /// Where transport `file` writes.
    pub folder: PathBuf,
    /// Connections kept open to the mail server.
    pub connections: u32,
    /// Attempts before a message rests as failed.
    pub attempts: i32,
    /// Seconds that one delivery may take.
    pub timeout_seconds: u64,
    /// Messages a minute at most, of all processes together; 0 is no limit.
    pub per_minute: u16,
    /// Messages a minute to one domain at most; 0 is no limit.
    pub per_minute_per_domain: u16,
    /// Minutes after which pages say that nothing leaves; 0 never.
    pub alarm_minutes: u16,
    /// Share of an hour's messages in percent above which failures are said on pages; 0 never.
    pub alarm_failed_percent: u16,
}

/// Section `files`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct FilesSettings {
    /// A folder, as a path or as `file://…`.
    pub url: String,
}

/// Section `accounts`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AccountsSettings {
    /// Argon2id memory in KiB.
    pub argon2_memory_kib: u32,
    /// Argon2id passes.
    pub argon2_passes: u32,
    /// Argon2id lanes.
    pub argon2_lanes: u32,
    /// Passwords hashed at the same time.
    pub hashing_threads: usize,
    /// Days until a sign-in ends.
    pub session_days: i64,
}

/// Section `registration`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RegistrationSettings {
    /// Hours for which an unconfirmed registration holds its place.
    pub verify_hours: i64,
}

/// Section `sealing`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct SealingSettings {
    /// `name:key` each, the one in use first.
    pub keys: Vec<SecretString>,
}

/// Section `limits`; 0 switches a limit off.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Limits {
    /// Registrations per minute from one client address.
    pub registrations_per_minute: u32,
    /// Proposals handed in per minute from one client address.
    pub proposals_per_minute: u32,
    /// Sign-in attempts per minute, per account and per client address.
    pub signins_per_minute: u32,
    /// Public pages of one client address that are kept up to date at the same time.
    pub streams_per_address: u32,
    /// Bytes of a form.
    pub form_bytes: usize,
    /// Bytes of an uploaded photo.
    pub photo_bytes: usize,
    /// Bytes of a file that answers a question.
    pub file_bytes: usize,
    /// Bytes of a speaker's slides or paper.
    pub document_bytes: usize,
    /// Bytes of an imported programme file.
    pub import_bytes: usize,
    /// Bytes of all files together that a mailing brings.
    pub attachment_bytes: usize,
    /// Seconds for a request to arrive and be answered.
    pub request_seconds: u64,
}

fn socket_or_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<SocketAddr>, D::Error> {
    let text = String::deserialize(deserializer)?;
    if text.trim().is_empty() {
        return Ok(None);
    }
    text.trim().parse().map(Some).map_err(|_| serde::de::Error::custom("should be an address such as 127.0.0.1:9090"))
}

fn empty_is_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<PathBuf>, D::Error> {
    let text = String::deserialize(deserializer)?;
    Ok(Some(text).filter(|text| !text.is_empty()).map(PathBuf::from))
}

fn address_or_none<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Option<lettre::Address>, D::Error> {
    let text = String::deserialize(deserializer)?;
    let text = text.trim();
    if text.is_empty() {
        return Ok(None);
    }
    text.parse().map(Some).map_err(|_| serde::de::Error::custom("should be an address such as bounces@summit.example"))
}

/// The form of log lines.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum LogFormat {
    /// For people.
    Text,
    /// For machines.
    Json,
}

/// Section `log`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct LogSettings {
    /// The form of log lines.
    pub format: LogFormat,
    /// A `tracing` filter.
    pub level: String,
}

/// The settings were not usable; the text names key, value and what would be right.
#[derive(Debug, thiserror::Error)]
pub enum ConfigError {
    /// The file could not be read.
    #[error("can't read the settings file {path}: {source}")]
    Unreadable {
        /// The file.
        path: PathBuf,
        /// Why.
        source: std::io::Error,
    },
    /// The file is not TOML.
    #[error("{path} is not valid TOML: {problem}")]
    NotToml {
        /// The file.
        path: PathBuf,
        /// Where and why.
        problem: String,
    },
    /// A key that does not exist.
    #[error("unknown setting {key} in {origin}{}", suggestion(.nearest.as_deref()))]
    UnknownKey {
        /// The key as written.
        key: String,
        /// The file or variable it came from.
        origin: String,
        /// The known key that looks most like it.
        nearest: Option<String>,
    },
    /// A value that can't be used.
    #[error("{key} = {value} in {origin}: {expected}")]
    BadValue {
        /// The key.
        key: String,
        /// The value as written; secrets are not shown.
        value: String,
        /// The file or variable it came from.
        origin: String,
        /// What would be right.
        expected: String,
    },
}

fn suggestion(nearest: Option<&str>) -> String {
    nearest.map(|key| format!("; did you mean {key}?")).unwrap_or_default()
}

/// Where a value came from, for messages.
#[derive(Clone)]
struct Layer {
    origin: String,
    values: Table,
}

impl Settings {
    /// Reads the defaults, then `file`, then the variables given (usually the environment).
    ///
    /// # Errors
    /// Names the first unknown key or bad value.
    pub fn load(
        file: Option<&Path>,
        variables: impl IntoIterator<Item = (String, String)>,
    ) -> Result<Self, ConfigError> {
        let defaults: Table = toml::from_str(DEFAULTS)
            .map_err(|error| ConfigError::NotToml { path: "config/default.toml".into(), problem: error.to_string() })?;
        let mut merged = defaults.clone();
        let mut origins = std::collections::BTreeMap::new();
        let mut layers = Vec::new();
        if let Some(path) = file {
            layers.push(file_layer(path)?);
        }
        layers.extend(variables.into_iter().filter_map(|(name, text)| variable_layer(&defaults, &name, &text)));
        for layer in layers {
            merge(&mut merged, &layer, &mut origins)?;
        }
        typed(&merged, &origins)
    }

    /// The defaults with `public_url` and a database that tests and tools choose.
    ///
    /// # Errors
    /// As [`Settings::load`].
    pub fn with(overrides: &[(&str, &str)]) -> Result<Self, ConfigError> {
        let variables = overrides
            .iter()
            .map(|(key, value)| (format!("PLENARY_{}", key.replace('.', "__").to_uppercase()), (*value).to_owned()));
        Self::load(None, variables)
    }
}

fn file_layer(path: &Path) -> Result<Layer, ConfigError> {
    let text =
        std::fs::read_to_string(path).map_err(|source| ConfigError::Unreadable { path: path.to_owned(), source })?;
    let values = toml::from_str(&text)
        .map_err(|error| ConfigError::NotToml { path: path.to_owned(), problem: error.to_string() })?;
    Ok(Layer { origin: path.display().to_string(), values })
}

/// `PLENARY_HTTP__BIND` as a table of one value, read as the type that the default has.
fn variable_layer(defaults: &Table, name: &str, text: &str) -> Option<Layer> {
    let path = name.strip_prefix("PLENARY_")?;
    let (section, key) = path.split_once("__")?;
    let (section, key) = (section.to_lowercase(), key.to_lowercase());
    let default = defaults.get(&section).and_then(|table| table.get(&key));
    let value = match default {
        Some(Value::Integer(_)) => {
            text.trim().parse().map(Value::Integer).unwrap_or_else(|_| Value::String(text.into()))
        }
        Some(Value::Boolean(_)) => {
            text.trim().parse().map(Value::Boolean).unwrap_or_else(|_| Value::String(text.into()))
        }
        Some(Value::Array(_)) => Value::Array(
            text.split(',')
                .map(str::trim)
                .filter(|part| !part.is_empty())
                .map(|part| Value::String(part.into()))
                .collect(),
        ),
        _ => Value::String(text.into()),
    };
    let values = Table::from_iter([(section, Value::Table(Table::from_iter([(key, value)])))]);
    Some(Layer { origin: format!("the environment variable {name}"), values })
}

type Origins = std::collections::BTreeMap<String, String>;

fn merge(into: &mut Table, layer: &Layer, origins: &mut Origins) -> Result<(), ConfigError> {
    let known: Vec<String> = into
        .iter()
        .flat_map(|(section, keys)| {
            keys.as_table().into_iter().flatten().map(move |(key, _)| format!("{section}.{key}"))
        })
        .collect();
    let unknown =
        |key: String| ConfigError::UnknownKey { nearest: nearest(&key, &known), origin: layer.origin.clone(), key };
    for (section, keys) in &layer.values {
        let Some(target) = into.get_mut(section).and_then(Value::as_table_mut) else {
            return Err(unknown(section.clone()));
        };
        let Some(keys) = keys.as_table() else { return Err(unknown(section.clone())) };
        for (key, value) in keys {
            let path = format!("{section}.{key}");
            let Some(slot) = target.get_mut(key) else { return Err(unknown(path)) };
            *slot = value.clone();
            origins.insert(path, layer.origin.clone());
        }
    }
    Ok(())
}

fn nearest(key: &str, known: &[String]) -> Option<String> {
    let wanted = key.rsplit('.').next().unwrap_or(key);
    known
        .iter()
        .map(|candidate| {
            (
                strsim::jaro_winkler(key, candidate)
                    .max(strsim::jaro_winkler(wanted, candidate.rsplit('.').next().unwrap_or(candidate))),
                candidate,
            )
        })
        .filter(|(likeness, _)| *likeness > 0.8)
        .max_by(|left, right| left.0.total_cmp(&right.0))
        .map(|(_, candidate)| candidate.clone())
}

/// Reads each section by itself, so that a wrong value can be named.
fn typed(values: &Table, origins: &Origins) -> Result<Settings, ConfigError> {
    let mut settings: Settings = serde_path_to_error::deserialize(Value::Table(values.clone())).map_err(|error| {
        let key = error.path().to_string();
        let key = key.split('[').next().unwrap_or(&key).to_owned();
        bad_value(values, origins, &key, error.inner().to_string().trim())
    })?;
    let bad = |key: &str, expected: &str| bad_value(values, origins, key, expected);
    if settings.http.public_url.is_empty() {
        settings.http.public_url = format!("http://{}", settings.http.bind);
    }
    let public = url::Url::parse(&settings.http.public_url).ok();
    if !public.is_some_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host() && url.query().is_none()) {
        return Err(bad("http.public_url", "should be an address such as https://summit.example.org"));
    }
    settings.http.public_url.truncate(settings.http.public_url.trim_end_matches('/').len());
    for (key, value) in [
        ("database.readers", i64::from(settings.database.readers)),
        ("database.writers", i64::from(settings.database.writers)),
        ("database.queue", settings.database.queue as i64),
        ("database.batch", settings.database.batch as i64),
        ("mail.connections", i64::from(settings.mail.connections)),
        ("mail.attempts", i64::from(settings.mail.attempts)),
        ("accounts.hashing_threads", settings.accounts.hashing_threads as i64),
        ("accounts.session_days", settings.accounts.session_days),
        ("registration.verify_hours", settings.registration.verify_hours),
    ] {
        if value < 1 {
            return Err(bad(key, "should be at least 1"));
        }
    }
    if argon2::Params::new(
        settings.accounts.argon2_memory_kib,
        settings.accounts.argon2_passes,
        settings.accounts.argon2_lanes,
        None,
    )
    .is_err()
    {
        return Err(bad(
            "accounts.argon2_memory_kib",
            "memory should be at least 8 KiB for each lane, passes and lanes at least 1",
        ));
    }
    if settings.mail.transport == MailTransport::Smtp {
        crate::mail::transport::check_smtp_url(&settings.mail.smtp_url)
            .map_err(|problem| bad("mail.smtp_url", &problem))?;
    }
    if let Some(key) = signing::wrong_name(&settings.mail) {
        return Err(bad(key, "should be a name of the DNS such as s2027 or summit.example"));
    }
    SealingKeys::read(&settings.sealing.keys).map_err(|problem| bad("sealing.keys", &problem.to_string()))?;
    if tracing_subscriber::EnvFilter::try_new(&settings.log.level).is_err() {
        return Err(bad("log.level", "should be a filter such as info or plenary=debug,warn"));
    }
    Ok(settings)
}

fn bad_value(values: &Table, origins: &Origins, key: &str, expected: &str) -> ConfigError {
    let (section, name) = key.split_once('.').unwrap_or((key, ""));
    let value = values.get(section).and_then(|table| table.get(name));
    // These may hold a password or a key.
    let secret = matches!(key, "database.url" | "mail.smtp_url" | "sealing.keys");
    ConfigError::BadValue {
        key: key.to_owned(),
        value: if secret { "(not shown)".into() } else { value.map(ToString::to_string).unwrap_or_default() },
        origin: origins.get(key).cloned().unwrap_or_else(|| "the defaults".into()),
        expected: expected.to_owned(),
    }
}

mod signing;
#[cfg(test)]
mod tests;
