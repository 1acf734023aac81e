//! `plenary mail receive`: one mail from standard input, or many from a file or folder.

use super::arguments::MailReceive;
use super::commands::say;
use crate::app::App;
use crate::mail::arrival::model::Received;
use crate::mail::arrival::operations::{receive as take_in, signer};
use crate::mail::arrival::reading::LOOKED_AT;
use crate::mail::arrival::return_path::Signer;
use actix_web::web::Data;
use anyhow::Context;
use futures_util::{StreamExt, stream};
use std::collections::BTreeMap;
use std::io::{BufReader, Read};
use std::path::{Path, PathBuf};

/// Mails of a file or folder that are taken in at the same time, so that they share commits.
const AT_ONCE: usize = 256;

pub(super) async fn receive(app: &Data<App>, arguments: MailReceive) -> anyhow::Result<()> {
    let signer = signer(app).await?;
    match (arguments.mbox, arguments.maildir) {
        (Some(file), _) => {
            let open = std::fs::File::open(&file).with_context(|| format!("can't read {}", file.display()))?;
            let mails = mail_parser::mailbox::mbox::MessageIterator::new(BufReader::new(open));
            let mails = mails.map(|mail| Ok((None, mail.map(mail_parser::mailbox::mbox::Message::unwrap_contents)?)));
            all(app, &signer, mails).await
        }
        (None, Some(folder)) => all(app, &signer, new_mails(&folder)?.into_iter()).await,
        (None, None) => one(app, &signer, arguments.recipient).await,
    }
}

async fn one(app: &App, signer: &Signer, recipient: Option<String>) -> anyhow::Result<()> {
    let mut bytes = Vec::new();
    let mut input = std::io::stdin().lock();
    (&mut input).take(LOOKED_AT as u64).read_to_end(&mut bytes).context("can't read the mail")?;
    // The rest is read too: a mail server whose pipe breaks takes that for a failure.
    std::io::copy(&mut input, &mut std::io::sink()).context("can't read the mail")?;
    let named = |name: &str| std::env::var(name).ok().filter(|value| value.contains('@'));
    let recipient = recipient.or_else(|| named("ORIGINAL_RECIPIENT")).or_else(|| named("RECIPIENT"));
    let recipients: Vec<String> = recipient.into_iter().collect();
    say(&take_in(app, signer, &bytes, &recipients).await?.to_string())
}

/// A mail with the file it stands in, where it has one of its own.
type Mail = (Option<PathBuf>, Vec<u8>);

/// The new mails of a maildir.
fn new_mails(folder: &Path) -> anyhow::Result<Vec<anyhow::Result<Mail>>> {
    let new = folder.join("new");
    let entries = std::fs::read_dir(&new).with_context(|| format!("can't read {}, is it a maildir?", new.display()))?;
    let mut files: Vec<PathBuf> =
        entries.filter_map(|entry| Some(entry.ok()?.path())).filter(|path| path.is_file()).collect();
    files.sort();
    Ok(files.into_iter().map(read_mail).collect())
}

fn read_mail(path: PathBuf) -> anyhow::Result<Mail> {
    let mut bytes = Vec::new();
    let file = std::fs::File::open(&path).with_context(|| format!("can't read {}", path.display()))?;
    file.take(LOOKED_AT as u64).read_to_end(&mut bytes).with_context(|| format!("can't read {}", path.display()))?;
    Ok((Some(path), bytes))
}

/// Takes in many mails and says how many came to what.
async fn all(app: &App, signer: &Signer, mails: impl Iterator<Item = anyhow::Result<Mail>>) -> anyhow::Result<()> {
    let work = stream::iter(mails).map(|mail| async move {
        let (path, bytes) = mail?;
        let received = take_in(app, signer, &bytes, &[]).await?;
        if let Some(path) = path {
            set_aside(&path)?;
        }
        Ok::<_, anyhow::Error>(received)
    });
    let mut work = std::pin::pin!(work.buffer_unordered(AT_ONCE));
    let mut counts: BTreeMap<String, usize> = BTreeMap::new();
    let mut failure = None;
    while let Some(outcome) = work.next().await {
        match outcome {
            Ok(received) => *counts.entry(in_words(&received)).or_default() += 1,
            Err(error) => failure = Some(error),
        }
    }
    for (words, count) in counts {
        say(&format!("{count} × {words}"))?;
    }
    failure.map_or(Ok(()), Err)
}

fn in_words(received: &Received) -> String {
    match received {
        Received::Noted { kind, marked: true, .. } => format!("{kind}; the address is marked"),
        Received::Noted { kind, marked: false, .. } => kind.to_string(),
        other => other.to_string(),
    }
}

/// Moves a mail of a maildir from `new` to `cur`, marked as seen.
fn set_aside(path: &Path) -> anyhow::Result<()> {
    let (Some(folder), Some(name)) = (path.parent().and_then(Path::parent), path.file_name()) else { return Ok(()) };
    let to = folder.join("cur").join(format!("{}:2,S", name.to_string_lossy()));
    std::fs::create_dir_all(folder.join("cur"))?;
    std::fs::rename(path, &to).with_context(|| format!("can't move {} to {}", path.display(), to.display()))
}
