//! `plenary key dkim`: a key that signs mails, and what is to be published of it.

use super::arguments::DkimKey;
use super::commands::say;
use crate::config::Settings;
use crate::mail::dkim::key::SigningKey;
use crate::mail::dkim::{Signer, making};
use anyhow::{Context, bail};
use std::io::Write;
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

/// Makes a key, keeps it in a file that only its owner can read, and prints the DNS record.
pub(super) fn make_key(arguments: &DkimKey, settings: &Settings) -> anyhow::Result<()> {
    let text = if arguments.ed25519 { making::ed25519()? } else { making::rsa()? };
    keep(&arguments.file, text.as_bytes())?;
    let domain = settings.mail.dkim_domain().to_owned();
    let signer = Signer::new(domain, settings.mail.dkim_selector.clone(), SigningKey::read(&text)?);
    say(&format!("The private key is in {}. Name it in the settings:\n", arguments.file.display()))?;
    say(&format!("  [mail]\n  dkim_key = \"{}\"\n", arguments.file.display()))?;
    say(&format!(
        "Publish this in the DNS, then look with plenary check whether it is seen:\n\n  {} TXT",
        signer.record_name()
    ))?;
    say(&format!("  {}", in_pieces(&signer.record())))?;
    if settings.mail.from.email.domain() == "localhost" && settings.mail.dkim_domain.is_empty() {
        say("\nmail.from is still an address of localhost: set it first, and the name above will be of your domain.")?;
    }
    Ok(())
}

fn keep(path: &Path, text: &[u8]) -> anyhow::Result<()> {
    if path.exists() {
        bail!("{} is there already; a key that signs is not overwritten", path.display());
    }
    let mut file = std::fs::OpenOptions::new()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .with_context(|| format!("can't write {}", path.display()))?;
    file.write_all(text).and_then(|()| file.sync_all()).with_context(|| format!("can't write {}", path.display()))
}

/// A text of the DNS has pieces of at most 255 octets; zone files want each in quotes.
fn in_pieces(record: &str) -> String {
    let pieces: Vec<String> =
        record.as_bytes().chunks(250).map(|piece| format!("\"{}\"", String::from_utf8_lossy(piece))).collect();
    pieces.join(" ")
}
