//! Folders and keys.

use super::Findings;
use crate::app::App;
use crate::config::Settings;
use crate::db::DbError;
use crate::registration::forms::sealed::operations as sealed;
use std::path::{Path, PathBuf};

/// Room below which writing soon fails.
const SCARCE: u64 = 256 * 1024 * 1024;
/// Room below which somebody should look.
const LITTLE: u64 = 2 * 1024 * 1024 * 1024;

/// Uploads.
pub(super) fn files_folder(findings: &mut Findings, settings: &Settings) {
    let url = &settings.files.url;
    let folder = match url.strip_prefix("file://") {
        Some(_) => url::Url::parse(url).ok().and_then(|url| url.to_file_path().ok()),
        None => Some(PathBuf::from(url)),
    };
    let Some(folder) = folder else {
        let mend = "Set files.url to a folder, as data/files or file:///var/lib/plenary/files.";
        return findings.wrong("files", format!("files.url = {url} names no folder"), mend);
    };
    if !folder.exists() {
        return findings.note(
            "files",
            format!("{} is not there yet", folder.display()),
            "It is made at the first start.",
        );
    }
    writable(findings, "files", &folder);
}

/// Whether a folder can be written into, and how much room is left.
pub(super) fn writable(findings: &mut Findings, topic: &'static str, folder: &Path) {
    let probe = folder.join(format!(".plenary-check-{}", std::process::id()));
    let written = std::fs::write(&probe, b"check").and_then(|()| std::fs::remove_file(&probe));
    if let Err(error) = written {
        let mend = "Give the account that Plenary runs as the right to write there, or name another folder.";
        return findings.wrong(topic, format!("{} can't be written: {error}", folder.display()), mend);
    }
    let Some(free) = free_bytes(folder) else {
        return findings.note(
            topic,
            format!("{} can be written; how much room is left is unknown", folder.display()),
            "",
        );
    };
    let words = format!("{} can be written; {} MiB are free", folder.display(), free / 1024 / 1024);
    match free {
        free if free < SCARCE => {
            findings.wrong(topic, words, "Make room on this disk: registrations fail once it is full.");
        }
        free if free < LITTLE => findings.note(topic, words, "Make room on this disk before it is full."),
        _ => findings.fine(topic, words),
    }
}

fn free_bytes(folder: &Path) -> Option<u64> {
    let disk = rustix::fs::statvfs(folder).ok()?;
    disk.f_bavail.checked_mul(disk.f_frsize)
}

/// Whether every sealed answer has its key.
pub(super) async fn sealed(findings: &mut Findings, app: &App) -> anyhow::Result<()> {
    let counts = app.read(|db| Ok::<_, DbError>(sealed::count_by_key(db)?)).await?;
    let known: Vec<&str> = app.sealing.names().collect();
    let missing: Vec<String> = counts
        .iter()
        .filter(|(key, _)| !known.contains(&key.as_str()))
        .map(|(key, count)| format!("{count} with the key {key}"))
        .collect();
    let total: i64 = counts.iter().map(|(_, count)| count).sum();
    if !missing.is_empty() {
        let mend =
            "Put these keys back into sealing.keys, behind the one in use; without them nobody can read the answers.";
        findings.wrong(
            "sealing",
            format!("sealed answers whose key is not in the settings: {}", missing.join(", ")),
            mend,
        );
    } else if known.is_empty() {
        findings.fine("sealing", "nothing is sealed and there is no key");
    } else {
        findings.fine("sealing", format!("{total} sealed answers, all of whose keys are there"));
    }
    Ok(())
}
