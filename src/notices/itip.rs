//! Calendar entries that move by themselves (iTIP, RFC 5546; in mails iMIP, RFC 6047).
//!
//! How the entries of one mail are packed follows from what the standard allows and what programs do:
//!
//! - In a calendar with `METHOD:REQUEST` or `CANCEL` all components must have the same `UID` (RFC 5546,
//!   3.2.2 and 3.2.5), and a calendar has one method. So each entry is a calendar of its own, in a MIME
//!   part of its own whose `method` parameter says the same as the calendar (RFC 6047, 2.4).
//! - Outlook ignores all but the first `VEVENT` of a part, and looks at the part that is an alternative to
//!   the mail's text (its notes on RFC 6047, section 4.4); Gmail shows the first. So the most pressing
//!   entry is the alternative: one that moved, because a calendar that shows a wrong time does more harm
//!   than one that shows none yet; then a new one; a cancelled one only where there is nothing else.
//! - Every further entry is a part `text/calendar; method=…` with a file name beside the text, which Apple
//!   Mail, Thunderbird and Exchange take one by one, and which opens with a click elsewhere.
//! - The first entry comes once more as the file `application/ics`, as Google's own invitations do, for
//!   programs that hide alternatives. It has the same `UID` and `SEQUENCE`, so it changes nothing twice.
//!
//! Whoever would rather not click subscribes to the feed of their own page, which holds everything.
//!
//! The `UID` is the slot's guid, in feeds and exports too. The `SEQUENCE` rises above whatever was told to
//! this person before, even where a release restores an earlier one, so entries applied in any order end
//! at the newest. `DTSTAMP` is when the mail was written, `LAST-MODIFIED` when the programme changed.

use super::digest::{Item, What};
use super::model::{Entry, Recipient};
use crate::calendar::{Lines, moment, parameter, utc, zone_rules};
use crate::db::UtcTime;
use crate::i18n::Lang;
use crate::mail::address::EmailAddress;
use crate::mail::compose::ReturnPath;
use crate::mail::model::Attachment;
use chrono_tz::Tz;

/// What is the same for all entries of one mail.
#[derive(Clone, Copy, Debug)]
pub struct Sheet<'a> {
    /// The event's name.
    pub event_name: &'a str,
    /// The event's languages.
    pub languages: &'a [Lang],
    /// The event's zone.
    pub zone: Tz,
    /// Who organizes: the event's contact, or the address that mails come from.
    pub organizer: &'a str,
    /// Where mail comes back to: each entry is then answered to an address of its own that proves who answers.
    pub return_path: Option<&'a ReturnPath>,
    /// The address that mails come from.
    pub sender: &'a str,
    /// Who gets the mail.
    pub recipient: &'a Recipient,
    /// When the mail is written.
    pub now: UtcTime,
}

/// What an entry shows besides its times.
#[derive(Clone, Debug, Default)]
pub struct Words {
    /// What it is about.
    pub description: String,
    /// The session's public page; never the private link, because calendars are shared.
    pub url: String,
}

/// `REQUEST` or `CANCEL`.
#[must_use]
pub const fn method(what: What) -> &'static str {
    match what {
        What::Cancelled => "CANCEL",
        _ => "REQUEST",
    }
}

/// The calendar with one entry.
#[must_use]
pub fn calendar(sheet: &Sheet<'_>, item: &Item, words: &Words) -> String {
    let (lang, entry) = (sheet.recipient.lang, &item.entry);
    let mut lines = Lines::default();
    lines.raw("BEGIN:VCALENDAR");
    lines.raw("VERSION:2.0");
    lines.raw(&format!("PRODID:-//Plenary//Plenary {}//EN", env!("CARGO_PKG_VERSION")));
    lines.raw("CALSCALE:GREGORIAN");
    lines.raw(&format!("METHOD:{}", method(item.what)));
    if sheet.zone != Tz::UTC {
        let (first, last) = (entry.start.to_chrono(), entry.end.to_chrono());
        zone_rules::lines(sheet.zone, first, last).iter().for_each(|line| lines.raw(line));
    }
    lines.raw("BEGIN:VEVENT");
    lines.raw(&format!("UID:{}", item.guid));
    lines.raw(&format!("DTSTAMP:{}", utc(sheet.now)));
    lines.raw(&format!("LAST-MODIFIED:{}", utc(item.changed_at)));
    lines.raw(&format!("SEQUENCE:{}", item.sequence));
    lines.raw(&format!("STATUS:{}", if item.what == What::Cancelled { "CANCELLED" } else { "CONFIRMED" }));
    lines.raw(&moment("DTSTART", entry.start, sheet.zone));
    lines.raw(&moment("DTEND", entry.end, sheet.zone));
    if let Some(title) = entry.title.pick(lang, sheet.languages) {
        lines.text(&format!("SUMMARY;LANGUAGE={}", title.lang), title.text);
    }
    lines.text("LOCATION", &entry.place(lang, sheet.languages));
    lines.text("DESCRIPTION", &words.description);
    if !words.url.is_empty() {
        lines.raw(&format!("URL:{}", words.url));
    }
    lines.raw("TRANSP:OPAQUE");
    people(&mut lines, sheet, item);
    lines.raw("END:VEVENT");
    lines.raw("END:VCALENDAR");
    lines.finish()
}

/// Both sides of the invitation. The mail comes from us and not from the organizer where those differ.
fn people(lines: &mut Lines, sheet: &Sheet<'_>, item: &Item) {
    let attendee = sheet.recipient.email.trim();
    let signed = sheet
        .return_path
        .zip(attendee.parse::<EmailAddress>().ok())
        .map(|(path, address)| path.signer.sign_entry(&path.base, &item.guid, &address.key()).to_string());
    let organizer = signed.as_deref().unwrap_or(sheet.organizer);
    let sent_by = if organizer.eq_ignore_ascii_case(sheet.sender) {
        String::new()
    } else {
        parameter("SENT-BY", &format!("mailto:{}", sheet.sender))
    };
    lines.raw(&format!("ORGANIZER{}{sent_by}:mailto:{}", parameter("CN", sheet.event_name), organizer));
    let asks = if item.what == What::Cancelled { "" } else { ";PARTSTAT=NEEDS-ACTION;RSVP=TRUE" };
    let name = parameter("CN", &sheet.recipient.name);
    lines.raw(&format!(
        "ATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT{asks}{name}:mailto:{}",
        sheet.recipient.email.trim()
    ));
}

/// The parts of a mail for these entries, the most pressing first.
#[must_use]
pub fn parts(sheet: &Sheet<'_>, items: &[Item], words: impl Fn(&Entry) -> Words) -> Vec<Attachment> {
    let mut parts = Vec::new();
    let mut names = Names::default();
    for item in items {
        let content = calendar(sheet, item, &words(&item.entry));
        let method = method(item.what);
        let name = names.next(method);
        let media_type = format!("text/calendar; method={method}; charset=utf-8");
        let part = Attachment::new(name.as_str(), media_type, content.as_bytes());
        if parts.is_empty() {
            let file = Attachment::new(name, "application/ics", content.as_bytes());
            parts.extend([Attachment { alternative: true, ..part }, file]);
        } else {
            parts.push(part);
        }
    }
    parts
}

/// `invite.ics`, `invite-2.ics`, … and `cancel.ics`, `cancel-2.ics`, …
#[derive(Default)]
struct Names {
    requests: usize,
    cancels: usize,
}

impl Names {
    fn next(&mut self, method: &str) -> String {
        let (word, count) =
            if method == "CANCEL" { ("cancel", &mut self.cancels) } else { ("invite", &mut self.requests) };
        *count += 1;
        if *count == 1 { format!("{word}.ics") } else { format!("{word}-{count}.ics") }
    }
}
