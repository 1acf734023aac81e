//! The sorts of mails to many.

use crate::db::EventId;
use crate::text_enum;
use std::collections::BTreeSet;

text_enum! {
    /// A sort of mails to many that can be refused.
    pub enum Topic {
        /// What organizers write.
        Mailing = "mailing",
        /// What reminds of a session, or of what is still missing.
        Reminder = "reminder",
        /// What tells that sessions of one's agenda moved.
        Change = "change",
        /// What is written to the people or the focal point of a delegation.
        Delegation = "delegation",
    }
}

/// An address at an event, as choices are kept for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Addressee {
    /// The event.
    pub event: EventId,
    /// The address as compared.
    pub address_key: String,
}

/// What an address wants no more of.
pub type Refused = BTreeSet<Topic>;
