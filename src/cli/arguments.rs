//! What can be typed.

use crate::audit::model::Head;
use crate::config::{MailTransport, Settings};
use chrono::NaiveDate;
use clap::{Args, Parser, Subcommand};
use std::net::SocketAddr;
use std::path::PathBuf;

/// Runs a multi-day international summit: programme, registration, mail.
#[derive(Debug, Parser)]
#[command(name = "plenary", version)]
pub(super) struct Arguments {
    /// A settings file; config/default.toml documents every key
    #[arg(long, global = true, value_name = "FILE")]
    pub(super) config: Option<PathBuf>,
    #[command(subcommand)]
    pub(super) command: Option<Command>,
}

#[derive(Debug, Subcommand)]
pub(super) enum Command {
    /// Migrate if needed and serve (the default)
    Serve,
    /// Serve a realistic summit from data/demo.db, with an inbox for its mails
    Demo,
    /// Bring the database schema up to date and say what was done
    Migrate,
    /// Events
    #[command(subcommand)]
    Event(EventCommand),
    /// Team accounts
    #[command(subcommand)]
    User(UserCommand),
    /// Read a programme file into an event's draft
    Import(Import),
    /// Publish an event's draft
    Release(Release),
    /// Write an event's newest release in an exchange format
    Export(Export),
    /// Mail that comes in
    #[command(subcommand)]
    Mail(MailCommand),
    /// Keys that seal answers and sign mails
    #[command(subcommand)]
    Key(KeyCommand),
    /// Say in plain words what is wrong with the installation and how to mend it
    Check(Check),
}

#[derive(Debug, Subcommand)]
pub(super) enum KeyCommand {
    /// Print a fresh key for sealing.keys
    New(NewKey),
    /// Seal anew, with the first key, what other keys have sealed
    Rotate,
    /// Make a key that signs mails (DKIM) and print the DNS record that publishes it
    Dkim(DkimKey),
}

#[derive(Debug, Args)]
pub(super) struct DkimKey {
    /// Where the private key is written; a file that is there is never overwritten
    #[arg(value_name = "FILE")]
    pub(super) file: PathBuf,
    /// An Ed25519 key, which is short, and which many receivers do not know yet; RSA otherwise
    #[arg(long)]
    pub(super) ed25519: bool,
}

#[derive(Debug, Args)]
pub(super) struct Check {
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
    /// Ask this name server instead of the machine's, such as 9.9.9.9
    #[arg(long, value_name = "ADDRESS", value_parser = name_server)]
    pub(super) dns: Option<SocketAddr>,
    /// What was noted of the record of changes, as NUMBER:HASH; proves that nothing before it was rewritten
    #[arg(long, value_name = "NUMBER:HASH", value_parser = noted_head)]
    pub(super) record: Option<Head>,
}

fn name_server(text: &str) -> Result<SocketAddr, String> {
    let with_port = text.parse::<SocketAddr>().or_else(|_| text.parse().map(|address| SocketAddr::new(address, 53)));
    with_port.map_err(|_| "should be an address such as 9.9.9.9 or 127.0.0.1:53".to_owned())
}

fn noted_head(text: &str) -> Result<Head, String> {
    let wrong = || "should be as plenary check prints it, such as 1234:0f3a…".to_owned();
    let (position, hash) = text.split_once(':').ok_or_else(wrong)?;
    let position = position.parse().map_err(|_| wrong())?;
    if hash.len() < 16 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(wrong());
    }
    Ok(Head { position, hash: hash.to_ascii_lowercase() })
}

#[derive(Debug, Args)]
pub(super) struct NewKey {
    /// Its name: small letters, digits, hyphens; a date by default
    pub(super) name: Option<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum MailCommand {
    /// Record what a calendar answered to a speaker's entries
    Reply(MailReply),
    /// Take in mail: delivery reports, complaints, automatic answers, calendar replies
    Receive(MailReceive),
}

#[derive(Debug, Args)]
pub(super) struct MailReceive {
    /// The address it was delivered to; else the environment variable ORIGINAL_RECIPIENT or RECIPIENT
    #[arg(long, value_name = "ADDRESS")]
    pub(super) recipient: Option<String>,
    /// Take in every mail of a file in mbox form instead of one from standard input
    #[arg(long, value_name = "FILE", conflicts_with = "recipient")]
    pub(super) mbox: Option<PathBuf>,
    /// Take in every new mail of a maildir, and move it to the seen ones
    #[arg(long, value_name = "FOLDER", conflicts_with_all = ["recipient", "mbox"])]
    pub(super) maildir: Option<PathBuf>,
}

#[derive(Debug, Args)]
pub(super) struct MailReply {
    /// A calendar with METHOD:REPLY, or a whole mail that holds one; - reads standard input
    pub(super) file: PathBuf,
}

#[derive(Debug, Subcommand)]
pub(super) enum EventCommand {
    /// Make an event
    Create(CreateEvent),
}

#[derive(Debug, Args)]
pub(super) struct CreateEvent {
    /// Its place in URLs: small letters, digits, hyphens
    pub(super) slug: String,
    /// Its name
    #[arg(long)]
    pub(super) name: String,
    /// Its first day
    #[arg(long)]
    pub(super) start: NaiveDate,
    /// Its last day
    #[arg(long)]
    pub(super) end: NaiveDate,
    /// Its IANA time zone, such as Asia/Shanghai
    #[arg(long)]
    pub(super) timezone: String,
    /// Its languages, the main one first
    #[arg(long, value_delimiter = ',', default_value = "en")]
    pub(super) locales: Vec<String>,
}

#[derive(Debug, Subcommand)]
pub(super) enum UserCommand {
    /// Make an account
    Create(CreateUser),
}

#[derive(Debug, Args)]
pub(super) struct CreateUser {
    /// The address it signs in with
    pub(super) email: String,
    /// The person's name
    #[arg(long)]
    pub(super) name: String,
    /// May administer the installation and every event
    #[arg(long)]
    pub(super) admin: bool,
    /// Read the password from standard input; without it a link to set one is printed
    #[arg(long)]
    pub(super) password_stdin: bool,
}

#[derive(Debug, Args)]
pub(super) struct Import {
    /// The file; - reads standard input
    pub(super) file: PathBuf,
    /// The event to read into
    #[arg(long, conflicts_with = "create_event", required_unless_present = "create_event")]
    pub(super) event: Option<String>,
    /// Make a new event with this slug from what the file says
    #[arg(long, value_name = "SLUG")]
    pub(super) create_event: Option<String>,
    /// The IANA zone of times that name none
    #[arg(long)]
    pub(super) timezone: Option<String>,
    /// The format; auto looks at the content
    #[arg(long, default_value = "auto")]
    pub(super) format: String,
    /// Say what would change and change nothing
    #[arg(long)]
    pub(super) dry_run: bool,
    /// What to do about rooms that the event does not have: add or leave-out
    #[arg(long, default_value = "add")]
    pub(super) new_rooms: crate::interchange::NewRooms,
    /// Print the result as JSON
    #[arg(long)]
    pub(super) json: bool,
}

#[derive(Debug, Args)]
pub(super) struct Release {
    /// The event
    pub(super) slug: String,
    /// What to call it; the number by default
    #[arg(long)]
    pub(super) name: Option<String>,
    /// What changed, in your words
    #[arg(long, default_value = "")]
    pub(super) note: String,
}

#[derive(Debug, Args)]
pub(super) struct Export {
    /// The event
    pub(super) slug: String,
    /// schedule-xml, schedule-json, ics, xcal or csv
    #[arg(long)]
    pub(super) format: String,
    /// Where to write; standard output by default
    #[arg(long, value_name = "FILE")]
    pub(super) output: Option<PathBuf>,
}

impl Command {
    /// Whether a mail server runs it: whatever goes wrong, it must keep the mail and come again.
    pub(super) fn is_pipe(&self) -> bool {
        matches!(self, Self::Mail(MailCommand::Receive(_)))
    }

    /// What a command changes of the settings: the demo keeps its own database and sends no mail.
    pub(super) fn adjust(&self, settings: &mut Settings) {
        if matches!(self, Self::Demo) {
            settings.database.url = "sqlite://data/demo.db".to_owned().into();
            settings.files.url = "data/demo-files".to_owned();
            settings.mail.transport = MailTransport::Log;
        }
    }
}
