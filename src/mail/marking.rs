//! How the mark of an address is shown, wherever its owner is shown.

use super::model::{AddressMark, MarkReason};
use crate::accounts::access::Allowed;
use crate::accounts::model::Permission;
use crate::web::PageContext;
use serde::Serialize;

/// A mark in words, with the button that takes it off for those who may. See the macro `address_mark`.
#[derive(Clone, Debug, Serialize)]
pub struct MarkView {
    /// The address.
    pub address: String,
    /// What is wrong, in one sentence.
    pub text: String,
    /// The mail server's words.
    pub detail: String,
    /// Where to post that it works again; empty for those who may not.
    pub clear_url: String,
    /// The page to come back to.
    pub back: String,
    /// The message that showed it; empty where it is of another event or may not be seen.
    pub message_url: String,
}

impl MarkView {
    /// The mark in words for a page of the team that is found at `back`.
    #[must_use]
    pub fn new<P>(team: &Allowed<P>, context: &PageContext, mark: &AddressMark, back: &str) -> Self {
        let key = match mark.reason {
            MarkReason::Bounce => "mail-mark-bounce",
            MarkReason::Complaint => "mail-mark-complaint",
        };
        let since = context.formatter().date_time(mark.marked_at.in_zone(team.event.zone()).naive_local());
        let mail = format!("/organizer/{}/mail", team.event.slug);
        let may_clear = team.may(Permission::ManageEvent);
        let message = mark.message.filter(|_| team.may(Permission::ViewMail));
        Self {
            address: mark.address_key.clone(),
            text: team.visit.app.texts.text(context.lang, key, &[("since", since.into())]),
            detail: mark.detail.clone(),
            clear_url: if may_clear { format!("{mail}/addresses") } else { String::new() },
            back: back.to_owned(),
            message_url: message.map(|id| format!("{mail}/{id}")).unwrap_or_default(),
        }
    }
}
