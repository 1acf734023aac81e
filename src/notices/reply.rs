//! What calendars answer (RFC 5546, `METHOD:REPLY`): read from a calendar or from the mail that brings it.
//!
//! Octets come from strangers, so everything is bounded and a broken line costs itself only. Nothing of a
//! reply is believed but four things: which entry it answers, in whose name, how, and to which version. The
//! name must be an address that the entry was told to. Everybody knows entries and many know addresses: whose
//! answer it is follows from the address to which it came, which is signed for one entry and one person
//! ([`Proof`]).
//! Programs that offer "propose a new time" send `METHOD:COUNTER`: somebody asks for another slot.

use super::digest::Book;
use super::store::{people, told};
use crate::audit::Actor;
use crate::db::{DbConnection, DbError, EventId, SpeakerId, UtcTime};
use crate::db_failure;
use crate::mail::address::EmailAddress;
use crate::mail::arrival::return_path::Signer;
use crate::schedule;
use crate::speakers::own;
use crate::speakers::own::model::{AnswerKind, AnsweredBy};
use crate::speakers::own::operations::{AskedSlot, NewAnswer, Outcome};
use crate::web::forms::clean_block;
use icalendar::parser::Property;
use mail_parser::{MessageParser, MimeHeaders, PartType};

/// Octets of the largest message that is read.
pub const LARGEST: usize = 2 * 1024 * 1024;
/// Lines of the longest calendar that is read.
const MOST_LINES: usize = 20_000;
/// Octets of the longest value that is kept.
const LONGEST_VALUE: usize = 16 * 1024;
/// Characters of the longest comment that is kept.
const LONGEST_COMMENT: usize = 1000;
/// Entries of one reply that are looked at.
const MOST_ENTRIES: usize = 100;

/// One answer to one entry.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Reply {
    /// The entry's `UID`, a slot's guid.
    pub uid: String,
    /// In whose name.
    pub attendee: EmailAddress,
    /// What they say; nothing where they have not decided.
    pub answer: Option<AnswerKind>,
    /// Which version of the entry they speak of.
    pub sequence: i32,
    /// What they wrote beside it.
    pub comment: String,
}

/// Why a reply was not recorded.
#[derive(Debug, thiserror::Error)]
pub enum ReplyError {
    /// It is larger than any reply is.
    #[error("larger than any reply is")]
    TooLarge,
    /// There is no calendar with METHOD:REPLY in it.
    #[error("there is no calendar reply in it (METHOD:REPLY)")]
    NotAReply,
    /// No entry of ours has this UID.
    #[error("the reply is to an entry that nobody was told of")]
    UnknownEntry,
    /// The entry was not told to this address.
    #[error("the entry was not told to the address that replies")]
    UnknownAttendee,
    /// Nothing proves whose answer it is.
    #[error("nothing proves that the answer is of the person in whose name it comes")]
    Unproven,
    /// No such version was told.
    #[error("the reply is to a version of the entry that nobody was told of")]
    UnknownVersion,
    /// The entry has changed since.
    #[error("the reply is to a version of the entry that is out of date")]
    Outdated,
    /// They have not decided.
    #[error("the reply holds no answer")]
    NoAnswer,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(ReplyError);

/// Reads every reply of a calendar, or of the calendars in a mail.
///
/// # Errors
/// When there is none.
pub fn read(bytes: &[u8]) -> Result<Vec<Reply>, ReplyError> {
    if bytes.len() > LARGEST {
        return Err(ReplyError::TooLarge);
    }
    let bytes = start_of(bytes);
    let found = if is_calendar(bytes) {
        read_calendar(bytes)
    } else {
        let message = MessageParser::default().parse(bytes).ok_or(ReplyError::NotAReply)?;
        let holds_calendar = |part: &&mail_parser::MessagePart<'_>| {
            let of_type = |kind: &str, sub: &str| {
                part.content_type().is_some_and(|found| {
                    found.ctype().eq_ignore_ascii_case(kind)
                        && found.subtype().is_some_and(|is| is.eq_ignore_ascii_case(sub))
                })
            };
            of_type("text", "calendar") || of_type("application", "ics")
        };
        // The same reply often comes twice, as a part and as a file.
        let mut found = Vec::new();
        for part in message.parts.iter().filter(holds_calendar) {
            let replies = match &part.body {
                PartType::Text(text) | PartType::Html(text) => read_calendar(text.as_bytes()),
                PartType::Binary(octets) | PartType::InlineBinary(octets) => read_calendar(octets),
                _ => Vec::new(),
            };
            for reply in replies {
                if !found.contains(&reply) {
                    found.push(reply);
                }
            }
        }
        found
    };
    if found.is_empty() { Err(ReplyError::NotAReply) } else { Ok(found) }
}

fn start_of(bytes: &[u8]) -> &[u8] {
    bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes).trim_ascii_start()
}

/// Whether this is a calendar itself and no mail that brings one.
#[must_use]
pub fn is_calendar(bytes: &[u8]) -> bool {
    start_of(bytes).get(..15).is_some_and(|start| start.eq_ignore_ascii_case(b"BEGIN:VCALENDAR"))
}

/// What shows whose answer a reply is.
#[derive(Clone, Copy)]
pub enum Proof<'a> {
    /// Whoever hands it over vouches for it, as at the command line.
    Vouched,
    /// Entries are told with signed addresses: it came to one of these.
    Signed {
        /// Knows our addresses again.
        signer: &'a Signer,
        /// Where it was delivered.
        recipients: &'a [String],
    },
    /// Nothing comes back to signed addresses: the sender of the mail, which can be forged, is all there is.
    Sender(Option<&'a str>),
}

impl Proof<'_> {
    /// Whether a reply is of whom it says.
    #[must_use]
    pub fn holds(self, reply: &Reply) -> bool {
        let key = reply.attendee.key();
        match self {
            Self::Vouched => true,
            Self::Signed { signer, recipients } => {
                recipients.iter().any(|recipient| signer.signed_entry(recipient, &reply.uid, &key))
            }
            Self::Sender(sender) => sender
                .and_then(|sender| sender.parse::<EmailAddress>().ok())
                .is_some_and(|address| address.key() == key),
        }
    }
}

/// The sender of a mail.
#[must_use]
pub fn sender_of(bytes: &[u8]) -> Option<String> {
    let mail = MessageParser::default().parse(bytes)?;
    mail.from()?.first()?.address().map(str::to_owned)
}

/// An entry while it is being read.
#[derive(Default)]
struct Reading {
    uid: String,
    attendee: Option<(EmailAddress, Option<AnswerKind>)>,
    sequence: i32,
    comment: String,
}

fn read_calendar(bytes: &[u8]) -> Vec<Reply> {
    let (mut method, mut open, mut entry) = (String::new(), Vec::<String>::new(), None::<Reading>);
    let mut found = Vec::new();
    for line in unfold(bytes) {
        let text = String::from_utf8_lossy(&line);
        let text = text.trim();
        let upper = text.chars().take(64).collect::<String>().to_ascii_uppercase();
        if let Some(name) = upper.strip_prefix("BEGIN:") {
            if name == "VEVENT" && open.last().is_some_and(|outer| outer == "VCALENDAR") {
                entry = Some(Reading::default());
            }
            open.push(name.to_owned());
            if open.len() > 16 {
                break;
            }
        } else if let Some(name) = upper.strip_prefix("END:") {
            while open.pop().is_some_and(|closed| closed != name) {}
            if name == "VEVENT"
                && let Some(read) = entry.take().filter(|_| found.len() < MOST_ENTRIES)
            {
                found.extend(read.finish());
            }
        } else if text.contains(':')
            && let Ok(property) = Property::try_from(text)
        {
            match open.last().map(String::as_str) {
                Some("VCALENDAR") if property.name.as_str().eq_ignore_ascii_case("METHOD") => {
                    method = property.val.as_str().trim().to_ascii_uppercase();
                }
                Some("VEVENT") => {
                    if let Some(entry) = &mut entry {
                        entry.take(&property);
                    }
                }
                _ => {}
            }
        }
    }
    match method.as_str() {
        "REPLY" => found,
        // Whoever proposes another time has not accepted this one.
        "COUNTER" => found.into_iter().map(|reply| Reply { answer: Some(AnswerKind::Asked), ..reply }).collect(),
        _ => Vec::new(),
    }
}

/// Logical lines: what begins with a space goes on where the line before ended. By octets, because
/// programs fold in the middle of characters.
fn unfold(bytes: &[u8]) -> Vec<Vec<u8>> {
    let mut lines: Vec<Vec<u8>> = Vec::new();
    for line in bytes.split(|byte| *byte == b'\n').take(MOST_LINES) {
        let line = line.strip_suffix(b"\r").unwrap_or(line);
        match (line.first(), lines.last_mut()) {
            (Some(b' ' | b'\t'), Some(previous)) => {
                let room = LONGEST_VALUE.saturating_sub(previous.len());
                previous.extend(line[1..].iter().take(room));
            }
            (None, _) => {}
            _ => lines.push(line.iter().copied().take(LONGEST_VALUE).collect()),
        }
    }
    lines
}

impl Reading {
    fn take(&mut self, property: &Property<'_>) {
        let value = property.val.as_str().trim();
        match property.name.as_str().to_ascii_uppercase().as_str() {
            "UID" => value.clone_into(&mut self.uid),
            "SEQUENCE" => self.sequence = value.parse().unwrap_or(0),
            "COMMENT" => {
                let plain = value.replace("\\n", "\n").replace("\\N", "\n").replace('\\', "");
                self.comment = clean_block(&plain).chars().take(LONGEST_COMMENT).collect();
            }
            "ATTENDEE" if self.attendee.is_none() => {
                let is_mail = value.get(..7).is_some_and(|scheme| scheme.eq_ignore_ascii_case("mailto:"));
                let address = if is_mail { &value[7..] } else { value };
                let status = property
                    .params
                    .iter()
                    .find(|parameter| parameter.key.as_str().eq_ignore_ascii_case("PARTSTAT"))
                    .and_then(|parameter| parameter.val.as_ref())
                    .map(|status| status.as_str().trim_matches('"').to_ascii_uppercase());
                let answer = match status.as_deref() {
                    Some("ACCEPTED") => Some(AnswerKind::Accepted),
                    Some("DECLINED") => Some(AnswerKind::Declined),
                    Some("TENTATIVE" | "DELEGATED") => Some(AnswerKind::Asked),
                    _ => None,
                };
                self.attendee = address.parse().ok().map(|address| (address, answer));
            }
            _ => {}
        }
    }

    fn finish(self) -> Option<Reply> {
        let (attendee, answer) = self.attendee.filter(|_| !self.uid.is_empty())?;
        Some(Reply { uid: self.uid, attendee, answer, sequence: self.sequence, comment: self.comment })
    }
}

/// What a reply came to.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Recorded {
    /// The event.
    pub event: EventId,
    /// The speaker.
    pub speaker: SpeakerId,
    /// Their name.
    pub name: String,
    /// What they said.
    pub answer: AnswerKind,
}

/// Records what a calendar answered, unless it speaks of a version that is out of date.
///
/// # Errors
/// When it answers nothing that was told to its sender.
pub fn record_reply(db: &mut DbConnection, now: UtcTime, reply: &Reply) -> Result<Recorded, ReplyError> {
    let told = told::of_slot(db, &reply.uid)?;
    if told.is_empty() {
        return Err(ReplyError::UnknownEntry);
    }
    let chosen: Vec<SpeakerId> = told.iter().map(|(speaker, _)| *speaker).collect();
    let key = reply.attendee.key();
    let is_theirs = |email: &str| email.parse::<EmailAddress>().is_ok_and(|address| address.key() == key);
    let rows = people::speaker_rows(db, &chosen)?;
    let own = rows.iter().find(|row| row.email.as_deref().is_some_and(is_theirs));
    let speaker = match own {
        Some(row) => row,
        None => {
            let assistants = people::assistant_rows(db, &chosen)?;
            let assistant = assistants.iter().find(|row| is_theirs(&row.email));
            let theirs = assistant.and_then(|assistant| rows.iter().find(|row| row.id == assistant.speaker_id));
            theirs.ok_or(ReplyError::UnknownAttendee)?
        }
    };
    let (_, slot) = told.iter().find(|(id, _)| *id == speaker.id).ok_or(ReplyError::UnknownAttendee)?;
    if slot.is_cancelled || reply.sequence < slot.sequence {
        return Err(ReplyError::Outdated);
    }
    if reply.sequence > slot.sequence {
        return Err(ReplyError::UnknownVersion);
    }
    let programme = schedule::operations::latest_release(db, speaker.event_id)?.ok_or(ReplyError::Outdated)?;
    let to = AskedSlot::find(&programme, speaker.id, &reply.uid).ok_or(ReplyError::Outdated)?;
    let book = Book::new(&programme);
    let current = book.session(to.session).map(|session| book.slots(session)).unwrap_or_default();
    let is_same = current.iter().any(|now| now.guid == slot.guid && now.entry == slot.entry);
    let kind = reply.answer.ok_or(ReplyError::NoAnswer)?;
    let answer = NewAnswer {
        // What was told may count higher than the release does. An answer to what has moved on since is
        // one to an earlier version.
        sequence: if is_same { to.sequence } else { to.sequence - 1 },
        to,
        kind,
        reason: reply.comment.clone(),
        by: AnsweredBy::Calendar,
        message: None,
    };
    if own::operations::answer(db, now, Actor::System, &answer)? == Outcome::Outdated {
        return Err(ReplyError::Outdated);
    }
    Ok(Recorded { event: speaker.event_id, speaker: speaker.id, name: speaker.name.clone(), answer: kind })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn calendar(method: &str, lines: &str) -> String {
        format!(
            "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:{method}\r\nBEGIN:VEVENT\r\nUID:slot-1\r\n{lines}END:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    }

    #[test]
    fn answers_of_real_programs_are_read() {
        let google = "DTSTAMP:20270301T100000Z\r\nSEQUENCE:2\r\nATTENDEE;CUTYPE=INDIVIDUAL;ROLE=REQ-PARTICIPANT;PARTSTAT=ACCEPTED;CN=ada@exam\r\n ple.org;X-NUM-GUESTS=0:mailto:ada@example.org\r\n";
        let outlook = "ATTENDEE;PARTSTAT=TENTATIVE:MAILTO:Ada@Example.org\r\nCOMMENT;LANGUAGE=en-US:Later\\, please\\n\r\nSEQUENCE:0\r\n";
        let apple = "ATTENDEE;CN=\"Lovelace, Ada\";PARTSTAT=DECLINED;EMAIL=\"ada@example.org\":mailto:ada@example.org\r\nSEQUENCE:1\r\n";
        for (lines, answer, sequence, comment) in [
            (google, AnswerKind::Accepted, 2, ""),
            (outlook, AnswerKind::Asked, 0, "Later, please"),
            (apple, AnswerKind::Declined, 1, ""),
        ] {
            let replies = read(calendar("REPLY", lines).as_bytes()).expect("a reply");
            let [reply] = replies.as_slice() else { panic!("{replies:?}") };
            assert_eq!((reply.uid.as_str(), reply.attendee.key().as_str()), ("slot-1", "ada@example.org"));
            assert_eq!((reply.answer, reply.sequence, reply.comment.as_str()), (Some(answer), sequence, comment));
        }
        let proposed = read(calendar("COUNTER", google).as_bytes()).expect("a reply");
        assert_eq!(proposed[0].answer, Some(AnswerKind::Asked));
    }

    #[test]
    fn a_mail_is_searched_for_its_calendar() {
        use base64::Engine;
        let entry = calendar("REPLY", "SEQUENCE:1\r\nATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.org\r\n");
        let coded = base64::engine::general_purpose::STANDARD.encode(&entry);
        let mail = format!(
            "From: Ada <ada@example.org>\r\nSubject: Accepted\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\n\
             --x\r\nContent-Type: multipart/alternative; boundary=y\r\n\r\n--y\r\nContent-Type: text/plain\r\n\r\nYes\r\n\
             --y\r\nContent-Type: text/calendar; charset=utf-8; method=REPLY\r\n\r\n{entry}\r\n--y--\r\n\
             --x\r\nContent-Type: application/ics; name=invite.ics\r\nContent-Transfer-Encoding: base64\r\n\r\n{coded}\r\n--x--\r\n"
        );
        assert_eq!(read(mail.as_bytes()).expect("a reply").len(), 1);
    }

    #[test]
    fn what_is_no_reply_is_refused_whatever_it_is() {
        let nested = "BEGIN:VEVENT\r\n".repeat(10_000);
        let none = "SEQUENCE:1\r\nATTENDEE;PARTSTAT=ACCEPTED:not an address\r\n";
        for text in [
            String::new(),
            "From: a@example.org\r\n\r\nHello".to_owned(),
            calendar("REQUEST", "ATTENDEE;PARTSTAT=ACCEPTED:mailto:ada@example.org\r\n"),
            calendar("REPLY", none),
            format!("BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\n{nested}"),
            "BEGIN:VCALENDAR\r\nEND:VEVENT\r\nEND:END\r\n:::\r\n \r\n".to_owned(),
        ] {
            assert!(matches!(read(text.as_bytes()), Err(ReplyError::NotAReply)), "{text:.80}");
        }
        assert!(matches!(read(&vec![b'x'; LARGEST + 1]), Err(ReplyError::TooLarge)));
    }
}
