//! What can come in, and what it means for a message and its address.

use super::return_path::Signed;
use crate::mail::address::EmailAddress;
use crate::text_enum;
use std::fmt;

text_enum! {
    /// What a report says of a message that left.
    pub enum ReportKind {
        /// It came back for good: the address does not work.
        Bounced = "bounced",
        /// It came back for good for another reason, such as its size or a filter.
        Refused = "refused",
        /// It waits on the way, or the mailbox is full.
        Delayed = "delayed",
        /// It arrived.
        Delivered = "delivered",
        /// Its recipient calls it unwanted.
        Complaint = "complaint",
        /// An automatic answer, such as "I am away".
        AutoReply = "auto-reply",
    }
}

/// An enhanced status code (RFC 3463), such as 5.1.1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Status {
    /// 2, 4 or 5.
    pub class: u16,
    /// What it is about: 1 the address, 2 the mailbox, 7 rules …
    pub subject: u16,
    /// What exactly.
    pub detail: u16,
}

impl Status {
    /// Whether it says no more than "failed".
    #[must_use]
    pub const fn is_vague(self) -> bool {
        self.subject == 0
    }
}

impl fmt::Display for Status {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}.{}", self.class, self.subject, self.detail)
    }
}

/// What a delivery report says of one recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// The recipients it may speak of, the likeliest first.
    pub recipients: Vec<EmailAddress>,
    /// What it means.
    pub kind: ReportKind,
    /// Status and the server's words, in one line.
    pub detail: String,
}

/// Which of our messages something is about.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Traces {
    /// Addresses that may be a signed return path of ours.
    pub return_paths: Vec<String>,
    /// Message-IDs of the mail that it speaks of, without brackets.
    pub message_ids: Vec<String>,
    /// Its own Message-ID, or a digest of its content: the same twice is one report.
    pub own_id: String,
}

/// One mail that came in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Arrival {
    /// What became of a message.
    Report(Finding),
    /// An answer of a calendar, for `notices::reply`.
    CalendarReply,
    /// Nothing that we understand.
    Unknown,
}

/// What a mail came to, for the line that is printed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Received {
    /// Noted on a message.
    Noted {
        /// The message.
        message: crate::db::MessageId,
        /// As what.
        kind: ReportKind,
        /// Whether its address is marked by it.
        marked: bool,
    },
    /// Noted before.
    Repeated,
    /// A signature that is not ours: nothing is changed.
    Forged,
    /// It speaks of no message of ours.
    Unmatched(ReportKind),
    /// Answers of a calendar: recorded, not recorded.
    CalendarReply(usize, usize),
    /// Nothing that we understand.
    Unknown,
}

impl fmt::Display for Received {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Noted { message, kind, marked: true } => {
                write!(f, "message {message}: {kind}; its address is marked")
            }
            Self::Noted { message, kind, marked: false } => write!(f, "message {message}: {kind}"),
            Self::Repeated => f.write_str("noted before; nothing changed"),
            Self::Forged => f.write_str("the return path is not one of ours; nothing changed"),
            Self::Unmatched(kind) => write!(f, "{kind}, of no message of ours; nothing changed"),
            Self::CalendarReply(recorded, 0) => write!(f, "calendar reply: {recorded} recorded"),
            Self::CalendarReply(recorded, refused) => {
                write!(f, "calendar reply: {recorded} recorded, {refused} not recorded")
            }
            Self::Unknown => f.write_str("no report, reply or complaint; nothing changed"),
        }
    }
}

impl Traces {
    /// What the return paths say: the first that is ours; forged where one pretends to be and none is.
    pub fn signed(&self, read: impl Fn(&str) -> Signed) -> Signed {
        let mut found = Signed::No;
        for path in &self.return_paths {
            match read(path) {
                Signed::No => {}
                Signed::Forged => found = Signed::Forged,
                ours @ Signed::Of(_) => return ours,
            }
        }
        found
    }
}
