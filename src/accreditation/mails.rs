//! The mails of accreditation, rendered before the transaction that queues them.

use super::model::Decision;
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::mail::model::{Attachment, MessageKind, NewMessage};
use crate::mail::rendering;
use crate::registration::category::Category;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{LinkPurpose, PrivateLink, Registration};
use crate::registration::operations as registration;
use crate::registration::ticket::TicketKey;
use crate::web::{Failure, Token};
use serde::Serialize;

/// Whom a mail of accreditation is for.
#[derive(Clone, Copy)]
pub struct Notice<'a> {
    /// The app.
    pub app: &'a App,
    /// The event.
    pub event: &'a Event,
    /// The registration.
    pub registration: &'a Registration,
    /// Its category.
    pub category: &'a Category,
    /// The instant of writing.
    pub now: UtcTime,
}

/// What the templates under `mail/` may mention.
#[derive(Serialize)]
struct Values<'a> {
    name: String,
    category: &'a str,
    code: &'a str,
    link: String,
    reason: &'a str,
    /// That the second form is still to be filled in; empty where none is.
    form_note: String,
}

impl Notice<'_> {
    /// The mail that tells a decision, with the private link that it carries.
    ///
    /// # Errors
    /// When the template is not right or the ticket can't be drawn.
    pub fn decided(
        &self,
        decision: Decision,
        reason: &str,
        owes_form: bool,
        key: &TicketKey,
    ) -> Result<(NewMessage, Option<PrivateLink>), Failure> {
        let (token, link) = new_link(self.now, self.registration, LinkPurpose::Own);
        let letter = self.letter();
        let (kind, url, parts) = match decision {
            Decision::Approve => (MessageKind::Approved, self.own_url(&token, ""), letter.ticket_parts(key)?),
            Decision::Ask => (MessageKind::MoreNeeded, self.own_url(&token, "/accreditation"), Vec::new()),
            Decision::Reject => (MessageKind::Rejected, self.own_url(&token, ""), letter.ended_parts()),
        };
        let link = (decision != Decision::Reject).then_some(link);
        Ok((self.write(kind, (url, reason, owes_form), parts)?, link))
    }

    /// "Please fill in the second form", with the private link that leads to it.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn reminder(&self) -> Result<(NewMessage, PrivateLink), Failure> {
        let (token, link) = new_link(self.now, self.registration, LinkPurpose::Own);
        let url = self.own_url(&token, "/second-form");
        Ok((self.write(MessageKind::SecondForm, (url, "", true), Vec::new())?, link))
    }

    fn letter(&self) -> Letter<'_> {
        let Self { app, event, registration, category, now } = *self;
        Letter { app, event, registration, category, now }
    }

    fn own_url(&self, token: &Token, below: &str) -> String {
        format!("{}/{}/r/{}{below}", self.app.settings.http.public_url, self.event.slug, token.reveal())
    }

    fn write(
        &self,
        kind: MessageKind,
        (link, reason, owes_form): (String, &str, bool),
        attachments: Vec<Attachment>,
    ) -> Result<NewMessage, Failure> {
        let (event, registration) = (self.event, self.registration);
        let lang = registration.language;
        let values = Values {
            name: registration.salutation(lang),
            category: self.category.name.text(lang, &event.languages),
            code: &registration.code,
            link,
            reason,
            form_note: if owes_form {
                self.app.texts.text(lang, "accreditation-mail-approved-form", &[])
            } else {
                String::new()
            },
        };
        Ok(NewMessage {
            event: Some(event.id),
            kind,
            registration: Some(registration.id),
            user: None,
            speaker: None,
            unsubscribe: None,
            recipient_name: registration.full_name(),
            recipient: registration.recipient().map_err(Failure::unexpected)?,
            language: lang,
            content: rendering::render(self.app, Some(event), kind, lang, &values).map_err(Failure::unexpected)?,
            attachments,
        })
    }
}

/// The event's key for tickets; made when the first ticket needs it.
///
/// # Errors
/// When the database refuses.
pub async fn ticket_key(app: &App, event: &Event) -> Result<TicketKey, Failure> {
    let id = event.id;
    let known = app.read(move |db| Ok::<_, Failure>(registration::find_ticket_key(db, id)?)).await?;
    match known {
        Some(key) => Ok(key),
        None => {
            let new = TicketKey::new_random();
            app.write(move |db, now| Ok::<_, Failure>(registration::give_ticket_key(db, now, id, &new)?)).await
        }
    }
}
