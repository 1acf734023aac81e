//! From the octets of one mail to what it is.

use super::model::{Arrival, Finding, ReportKind, Status, Traces};
use super::words;
use crate::mail::address::EmailAddress;
use mail_parser::{Address, HeaderValue, Message, MessageParser, MessagePart, MimeHeaders, PartType};
use sha2::{Digest, Sha256};

/// Octets of a mail that are looked at. A report stands at the beginning of the mail that carries it; the
/// large attachment that it returns follows after.
pub const LOOKED_AT: usize = 2 * 1024 * 1024;
/// Characters of a plain report that are looked at.
const LONGEST_TEXT: usize = 64 * 1024;

/// Reads one mail. `recipients` are the addresses that it was delivered to, as far as they are known.
#[must_use]
pub fn read(bytes: &[u8], recipients: &[String]) -> (Arrival, Traces) {
    let bytes = &bytes[..bytes.len().min(LOOKED_AT)];
    let Some(mail) = MessageParser::default().parse(bytes) else { return (Arrival::Unknown, Traces::default()) };
    let mut traces = traces(&mail, bytes, recipients);
    let arrival = if is_calendar_reply(&mail) {
        Arrival::CalendarReply
    } else if let Some(finding) = complaint(&mail, &mut traces) {
        Arrival::Report(finding)
    } else if let Some(finding) = delivery_report(&mail) {
        Arrival::Report(finding)
    } else if let Some(finding) = plain_report(&mail, &mut traces) {
        Arrival::Report(finding)
    } else if is_automatic(&mail) {
        traces.message_ids.extend(answered(&mail));
        Arrival::Report(automatic(&mail))
    } else {
        Arrival::Unknown
    };
    (arrival, traces)
}

fn traces(mail: &Message<'_>, bytes: &[u8], recipients: &[String]) -> Traces {
    let mut return_paths = recipients.to_vec();
    for header in ["To", "Delivered-To", "X-Original-To", "Envelope-To", "X-Envelope-To", "X-Delivered-To"] {
        return_paths.extend(mail.header_values(header).flat_map(texts));
    }
    let mut message_ids = Vec::new();
    for part in &mail.parts {
        match &part.body {
            PartType::Message(returned) => {
                message_ids.extend(returned.message_id().map(str::to_owned));
                return_paths.extend(returned.return_address().map(str::to_owned));
            }
            _ if is_type(part, "text", "rfc822-headers") || is_type(part, "message", "rfc822-headers") => {
                let fields = blocks(&content(part)).into_iter().flatten();
                for (name, value) in fields {
                    match name.as_str() {
                        "message-id" => message_ids.push(value.trim_matches(['<', '>']).to_owned()),
                        "return-path" => return_paths.push(value),
                        _ => {}
                    }
                }
            }
            _ => {}
        }
    }
    let own_id = mail.message_id().map_or_else(|| hex(&Sha256::digest(body_of(bytes))), str::to_owned);
    Traces { return_paths, message_ids, own_id }
}

/// The octets after the header: those before differ with every hop.
fn body_of(bytes: &[u8]) -> &[u8] {
    let after = |mark: &[u8]| bytes.windows(mark.len()).position(|window| window == mark).map(|at| &bytes[at..]);
    after(b"\r\n\r\n").or_else(|| after(b"\n\n")).unwrap_or(bytes)
}

fn hex(octets: &[u8]) -> String {
    octets.iter().map(|octet| format!("{octet:02x}")).collect()
}

/// The addresses or words of a header, whichever way it was read.
fn texts(value: &HeaderValue<'_>) -> Vec<String> {
    match value {
        HeaderValue::Address(address) => {
            address.iter().filter_map(|one| one.address.as_ref()).map(ToString::to_string).collect()
        }
        HeaderValue::Text(text) => vec![text.trim().to_owned()],
        HeaderValue::TextList(list) => list.iter().map(|text| text.trim().to_owned()).collect(),
        _ => Vec::new(),
    }
}

fn header(mail: &Message<'_>, name: &str) -> String {
    mail.header(name).map(texts).unwrap_or_default().join(" ")
}

fn is_type(part: &MessagePart<'_>, kind: &str, sub: &str) -> bool {
    part.content_type().is_some_and(|found| {
        found.ctype().eq_ignore_ascii_case(kind) && found.subtype().is_some_and(|is| is.eq_ignore_ascii_case(sub))
    })
}

fn content(part: &MessagePart<'_>) -> String {
    match &part.body {
        PartType::Text(text) | PartType::Html(text) => text.to_string(),
        PartType::Binary(octets) | PartType::InlineBinary(octets) => String::from_utf8_lossy(octets).into_owned(),
        PartType::Message(message) => String::from_utf8_lossy(message.raw_message()).into_owned(),
        PartType::Multipart(_) => String::new(),
    }
}

/// Blocks of header fields: names in small letters, folded lines joined.
fn blocks(text: &str) -> Vec<Vec<(String, String)>> {
    let mut found: Vec<Vec<(String, String)>> = vec![Vec::new()];
    for line in text.lines() {
        if line.trim().is_empty() {
            if found.last().is_some_and(|block| !block.is_empty()) {
                found.push(Vec::new());
            }
        } else if line.starts_with([' ', '\t']) {
            if let Some((_, value)) = found.last_mut().and_then(|block| block.last_mut()) {
                value.push(' ');
                value.push_str(line.trim());
            }
        } else if let (Some((name, value)), Some(block)) = (line.split_once(':'), found.last_mut()) {
            block.push((name.trim().to_ascii_lowercase(), value.trim().to_owned()));
        }
    }
    found.retain(|block| !block.is_empty());
    found
}

/// A report's part of this type; whether the mail says `multipart/report` or, wrongly, something else.
fn report_part(mail: &Message<'_>, sub: &[&str]) -> Option<String> {
    let part = mail.parts.iter().find(|part| sub.iter().any(|sub| is_type(part, "message", sub)))?;
    Some(content(part))
}

fn field<'a>(block: &'a [(String, String)], name: &str) -> Option<&'a str> {
    block.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
}

/// `rfc822; ada@example.org`, also in the form for addresses outside ASCII.
fn typed_address(value: &str) -> Option<EmailAddress> {
    let address = value.split_once(';').map_or(value, |(_, address)| address);
    address.trim().trim_matches(['<', '>']).parse().ok()
}

/// RFC 3464.
fn delivery_report(mail: &Message<'_>) -> Option<Finding> {
    let text = report_part(mail, &["delivery-status", "global-delivery-status"])?;
    let per_recipient =
        blocks(&text).into_iter().filter(|block| field(block, "action").or(field(block, "status")).is_some());
    // Ours go to one recipient each; where a list was expanded on the way, the worst is what counts.
    per_recipient.map(|block| recipient_report(&block)).max_by_key(|finding| match finding.kind {
        ReportKind::Bounced => 3,
        ReportKind::Refused => 2,
        ReportKind::Delayed => 1,
        _ => 0,
    })
}

fn recipient_report(block: &[(String, String)]) -> Finding {
    let recipients = ["original-recipient", "final-recipient", "x-actual-recipient"]
        .iter()
        .filter_map(|name| field(block, name).and_then(typed_address))
        .collect();
    let action = field(block, "action").unwrap_or("failed").to_ascii_lowercase();
    let status: Option<Status> = field(block, "status").and_then(|value| words::statuses(value).into_iter().next());
    let told = field(block, "diagnostic-code").map(|value| value.split_once(';').map_or(value, |(_, words)| words));
    let told = told.unwrap_or_default().trim();
    let kind = match action.split([' ', ';']).next().unwrap_or_default() {
        "delivered" | "relayed" | "expanded" => ReportKind::Delivered,
        action => words::judge(action == "delayed", status, told),
    };
    let detail = match status {
        Some(status) if !told.contains(&status.to_string()) => format!("{status} {told}"),
        _ => told.to_owned(),
    };
    Finding { recipients, kind, detail: words::one_line(&detail) }
}

/// RFC 5965.
fn complaint(mail: &Message<'_>, traces: &mut Traces) -> Option<Finding> {
    let text = report_part(mail, &["feedback-report"])?;
    let fields: Vec<(String, String)> = blocks(&text).into_iter().flatten().collect();
    let kind = field(&fields, "feedback-type")?.to_ascii_lowercase();
    traces.return_paths.extend(field(&fields, "original-mail-from").map(str::to_owned));
    let recipients = ["original-rcpt-to", "removal-recipient"];
    Some(Finding {
        recipients: recipients.iter().filter_map(|name| field(&fields, name).and_then(typed_address)).collect(),
        // Other feedback, as of failed signatures or "this is no spam", says nothing against sending.
        kind: if matches!(kind.as_str(), "abuse" | "fraud" | "opt-out" | "opt-out-list" | "other" | "virus") {
            ReportKind::Complaint
        } else {
            ReportKind::Delivered
        },
        detail: words::one_line(&kind),
    })
}

/// Reports that follow no standard: qmail, old Exim, Exchange and Notes, large providers.
fn plain_report(mail: &Message<'_>, traces: &mut Traces) -> Option<Finding> {
    let failed = mail.header_values("X-Failed-Recipients").flat_map(texts).collect::<Vec<_>>();
    let text: String = mail.body_text(0).unwrap_or_default().chars().take(LONGEST_TEXT).collect();
    let is_qmail = text.trim_start().starts_with("Hi. This is the");
    let subject = mail.subject().unwrap_or_default();
    let says_failure = words::is_failure_subject(subject) && (is_from_machine(mail) || has_null_sender(mail));
    if failed.is_empty() && !is_qmail && !says_failure && !is_from_machine(mail) {
        return None;
    }
    let told = words::before_quote(&text);
    let mut recipients: Vec<EmailAddress> = failed.iter().flat_map(|value| words::addresses(value)).collect();
    let own: Vec<String> = senders(mail);
    recipients.extend(words::addresses(&told).into_iter().filter(|address| !own.contains(&address.key())));
    traces.message_ids.extend(quoted_message_ids(&text));
    let detail = words::telling_line(&told);
    let delayed = subject.to_lowercase().contains("delay") || subject.to_lowercase().starts_with("warning:");
    Some(Finding { recipients, kind: words::judge(delayed, None, &told), detail })
}

/// The Message-IDs in the header of a mail that a plain report quotes.
fn quoted_message_ids(text: &str) -> Vec<String> {
    let lines = text.lines().map(|line| line.trim_start_matches(['>', ' ', '\t']));
    lines
        .filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            name.eq_ignore_ascii_case("message-id").then(|| value.trim().trim_matches(['<', '>']).to_owned())
        })
        .take(5)
        .collect()
}

fn senders(mail: &Message<'_>) -> Vec<String> {
    let of = |address: Option<&Address<'_>>| -> Vec<String> {
        let all = address.into_iter().flat_map(|address| address.iter());
        all.filter_map(|one| one.address.as_ref()).map(|text| text.to_lowercase()).collect()
    };
    of(mail.from()).into_iter().chain(of(mail.to())).collect()
}

fn is_from_machine(mail: &Message<'_>) -> bool {
    let from = mail.from().and_then(Address::first).and_then(|first| first.address.as_ref());
    let local = from.map(|address| address.to_lowercase()).unwrap_or_default();
    let local = local.split('@').next().unwrap_or_default();
    ["mailer-daemon", "mailerdaemon", "mail-daemon", "postmaster", "maildaemon", "mail.daemon", "mdaemon"]
        .contains(&local)
}

fn has_null_sender(mail: &Message<'_>) -> bool {
    matches!(mail.header_raw("Return-Path").map(str::trim), Some("<>" | ""))
}

/// RFC 3834 and its forerunners.
fn is_automatic(mail: &Message<'_>) -> bool {
    let submitted = header(mail, "Auto-Submitted").to_ascii_lowercase();
    let precedence = header(mail, "Precedence").to_ascii_lowercase();
    let is_read_receipt = mail.parts.iter().any(|part| is_type(part, "message", "disposition-notification"));
    (!submitted.is_empty() && submitted != "no")
        || ["auto_reply", "auto-reply"].contains(&precedence.as_str())
        || ["X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply"]
            .iter()
            .any(|name| mail.header(*name).is_some())
        || is_read_receipt
        || words::is_away_subject(mail.subject().unwrap_or_default())
}

fn automatic(mail: &Message<'_>) -> Finding {
    let from = mail.from().and_then(Address::first).and_then(|first| first.address.as_ref());
    Finding {
        recipients: from.and_then(|address| address.parse().ok()).into_iter().collect(),
        kind: ReportKind::AutoReply,
        detail: words::one_line(mail.subject().unwrap_or_default()),
    }
}

/// The messages that an answer names as what it answers.
fn answered(mail: &Message<'_>) -> Vec<String> {
    let named = [mail.in_reply_to(), mail.references()];
    named.into_iter().flat_map(texts).map(|id| id.trim_matches(['<', '>']).to_owned()).collect()
}

fn is_calendar_reply(mail: &Message<'_>) -> bool {
    let says_so = |text: &str| {
        let upper = text.to_ascii_uppercase();
        upper.contains("METHOD:REPLY") || upper.contains("METHOD:COUNTER")
    };
    mail.parts
        .iter()
        .filter(|part| is_type(part, "text", "calendar") || is_type(part, "application", "ics"))
        .any(|part| says_so(&content(part)))
}
