//! Taking in one mail: read it, find the message it is about, note what it says.

use super::model::{Arrival, Finding, Received, ReportKind, Traces};
use super::reading;
use super::return_path::{Signed, Signer};
use crate::app::App;
use crate::audit::{self, Actor};
use crate::db::{DbConnection, DbError, MessageId, UtcTime};
use crate::mail::model::MarkReason;
use crate::mail::store;
use crate::mail::store::arrival::SentMessage;
use crate::notices::reply::{self, Proof};
use base64::Engine;
use chrono::TimeDelta;
use diesel::QueryResult;
use sha2::{Digest, Sha256};

/// The name of the secret that signs return paths.
const SECRET: &str = "return-path";
/// How long after it was sent a message can come back. Servers give up after five days; some are slow to say so.
const LOOK_BACK: TimeDelta = TimeDelta::days(14);

/// The signer of return paths. Its secret is made once and kept in the database, so that every process signs
/// alike, whichever machine mail comes back to, and a restored backup still knows what was sent before.
///
/// # Errors
/// When the database refuses.
pub async fn signer(app: &App) -> Result<Signer, DbError> {
    let known = app.db.read(|db| Ok::<_, DbError>(store::arrival::secret(db, SECRET)?)).await?;
    let secret = match known {
        Some(secret) => secret,
        None => {
            let (now, octets) = (app.clock.now(), rand::random::<[u8; 32]>());
            let fresh = base64::engine::general_purpose::STANDARD.encode(octets);
            app.db.write(move |db| Ok::<_, DbError>(store::arrival::keep_secret(db, now, SECRET, &fresh)?)).await?
        }
    };
    Ok(Signer::new(secret))
}

/// Takes in one mail, delivered to `recipients` as far as they are known.
///
/// # Errors
/// When the database refuses: the mail should be kept and come again.
pub async fn receive(app: &App, signer: &Signer, bytes: &[u8], recipients: &[String]) -> Result<Received, DbError> {
    let (arrival, traces) = reading::read(bytes, recipients);
    match arrival {
        Arrival::Unknown => Ok(Received::Unknown),
        Arrival::CalendarReply => record_replies(app, signer, bytes, &traces.return_paths).await,
        Arrival::Report(finding) => {
            let (signed, by_address) =
                (traces.signed(|path| signer.read(path)), app.settings.mail.return_path.is_none());
            app.write(move |db, now| Ok::<_, DbError>(note(db, now, &finding, &traces, (signed, by_address))?)).await
        }
    }
}

async fn record_replies(app: &App, signer: &Signer, bytes: &[u8], recipients: &[String]) -> Result<Received, DbError> {
    let (mut recorded, mut refused) = (0, 0);
    let sender = reply::sender_of(bytes);
    let proof = match &app.settings.mail.return_path {
        Some(_) => Proof::Signed { signer, recipients },
        None => Proof::Sender(sender.as_deref()),
    };
    for answer in reply::read(bytes).unwrap_or_default() {
        if !proof.holds(&answer) {
            refused += 1;
            continue;
        }
        match app.write(move |db, now| reply::record_reply(db, now, &answer)).await {
            Ok(_) => recorded += 1,
            Err(reply::ReplyError::Db(error)) => return Err(error),
            Err(_) => refused += 1,
        }
    }
    Ok(Received::CalendarReply(recorded, refused))
}

/// How sure it is which message something is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Match {
    /// By its signature or Message-ID, which only the message's own way can know.
    Named,
    /// By the address alone, which anybody can know.
    ByAddress,
}

fn find(
    db: &mut DbConnection,
    now: UtcTime,
    finding: &Finding,
    traces: &Traces,
    signed: Signed,
) -> QueryResult<Option<(SentMessage, Match)>> {
    if let Signed::Of(id) = signed {
        return Ok(store::arrival::by_id(db, id)?.map(|found| (found, Match::Named)));
    }
    let ids = traces.message_ids.iter().filter_map(|id| id.split('@').next()?.parse::<MessageId>().ok());
    for id in ids {
        if let Some(found) = store::arrival::by_id(db, id)? {
            return Ok(Some((found, Match::Named)));
        }
    }
    let keys: Vec<String> = finding.recipients.iter().map(|address| address.key()).collect();
    // An answer of a person's machine names what it answers, or is to anything.
    if keys.is_empty() || finding.kind == ReportKind::AutoReply {
        return Ok(None);
    }
    let newest = store::arrival::newest_to(db, &keys, now - LOOK_BACK)?;
    Ok(newest.map(|found| (found, Match::ByAddress)))
}

/// Notes a report. Where mail has signed return paths, one that names an address and nothing else is noted on
/// the newest message and marks nothing: anybody could have written it.
fn note(
    db: &mut DbConnection,
    now: UtcTime,
    finding: &Finding,
    traces: &Traces,
    (signed, address_suffices): (Signed, bool),
) -> QueryResult<Received> {
    if signed == Signed::Forged {
        return Ok(Received::Forged);
    }
    let Some((message, matched)) = find(db, now, finding, traces, signed)? else {
        return Ok(Received::Unmatched(finding.kind));
    };
    let digest = Sha256::digest(format!("{}\n{}", finding.kind, traces.own_id));
    let digest = base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(digest);
    if !store::arrival::note_report(db, now, message.id, &digest, (finding.kind, &finding.detail))? {
        return Ok(Received::Repeated);
    }
    let is_believed = matched == Match::Named || address_suffices;
    let marked = is_believed && act_on(db, now, finding, &message)?;
    Ok(Received::Noted { message: message.id, kind: finding.kind, marked })
}

/// What follows from a report that is believed; whether the address is marked by it.
fn act_on(db: &mut DbConnection, now: UtcTime, finding: &Finding, message: &SentMessage) -> QueryResult<bool> {
    let reason = match finding.kind {
        ReportKind::Bounced | ReportKind::Complaint => Some(finding.kind),
        ReportKind::Refused => None,
        ReportKind::Delayed | ReportKind::Delivered | ReportKind::AutoReply => return Ok(false),
    };
    // An address in the log could not be erased; the message leads to it while it is there.
    let note = |db: &mut DbConnection, action| {
        audit::note(db, now, &audit::Entry::new(message.event, Actor::System, action, "message", message.id.as_str()))
    };
    if finding.kind != ReportKind::Complaint && store::arrival::mark_bounced(db, message.id, &finding.detail)? {
        note(db, "message.bounced")?;
    }
    let Some(reason) = reason else { return Ok(false) };
    let reason = if reason == ReportKind::Complaint { MarkReason::Complaint } else { MarkReason::Bounce };
    let sent_at = message.sent_at.unwrap_or(message.created_at);
    let facts = (message.recipient_key.as_str(), reason, finding.detail.as_str());
    let marked = store::marks::set(db, now, facts, (message.id, sent_at))?;
    if marked {
        note(db, "mail.address-marked")?;
    }
    Ok(marked)
}
