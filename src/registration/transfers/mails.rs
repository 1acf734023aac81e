//! The mails of passing a place on.

use super::model::Transfer;
use super::operations::Offered;
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang};
use crate::mail::address::EmailAddress;
use crate::mail::model::{Attachment, MessageKind, NewMessage};
use crate::mail::rendering;
use crate::registration::category::Category;
use crate::registration::mails::Letter;
use crate::registration::model::Registration;
use crate::web::{Failure, Token};
use serde::Serialize;

/// Whose place goes to whom.
#[derive(Clone, Copy)]
pub struct TransferLetter<'a> {
    /// The app.
    pub app: &'a App,
    /// The event.
    pub event: &'a Event,
    /// Whose place it is.
    pub sender: &'a Registration,
    /// The category of the place.
    pub category: &'a Category,
    /// The offer.
    pub transfer: &'a Transfer,
}

#[derive(Serialize)]
struct Values<'a> {
    name: String,
    person: String,
    category: &'a str,
    link: String,
    deadline: String,
}

impl<'a> TransferLetter<'a> {
    /// The letters about what a link opens.
    #[must_use]
    pub const fn of(app: &'a App, offered: &'a Offered) -> Self {
        let Offered { event, transfer, sender, category, .. } = offered;
        Self { app, event, sender, category, transfer }
    }

    /// "You may have this place", with the link that takes it.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn invitation(&self, token: &Token) -> Result<NewMessage, Failure> {
        let link = self.absolute(&format!("/transfer/{}", token.reveal()));
        self.write_to_successor(MessageKind::TransferOffered, link)
    }

    /// "The place is not for you any more".
    ///
    /// # Errors
    /// When the template is not right.
    pub fn taken_back(&self) -> Result<NewMessage, Failure> {
        self.write_to_successor(MessageKind::TransferTakenBack, self.absolute("/register"))
    }

    /// "You have offered your place", for the case that somebody else did it.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn note(&self, own: &Token) -> Result<NewMessage, Failure> {
        let link = self.absolute(&format!("/r/{}/transfer", own.reveal()));
        self.write_to_sender(MessageKind::TransferStarted, link, Vec::new())
    }

    /// "Nobody has taken your place, it is still yours".
    ///
    /// # Errors
    /// When the template is not right.
    pub fn not_wanted(&self) -> Result<NewMessage, Failure> {
        self.write_to_sender(MessageKind::TransferUnwanted, self.absolute("/find"), Vec::new())
    }

    /// "Your place has gone to another person", which takes the event out of the calendar.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn farewell(&self, now: UtcTime) -> Result<NewMessage, Failure> {
        let Self { app, event, sender, category, .. } = *self;
        let parts = Letter { app, event, registration: sender, category, now }.ended_parts();
        self.write_to_sender(MessageKind::Transferred, self.absolute("/register"), parts)
    }

    fn absolute(&self, path: &str) -> String {
        format!("{}/{}{path}", self.app.settings.http.public_url, self.event.slug)
    }

    fn write_to_successor(&self, kind: MessageKind, link: String) -> Result<NewMessage, Failure> {
        let (lang, name) = (self.transfer.language, self.transfer.full_name());
        let values = self.values(lang, (name.clone(), self.sender.full_name()), link);
        let address = self.transfer.email.parse().map_err(Failure::unexpected)?;
        self.message(kind, &values, (name, address))
    }

    fn write_to_sender(&self, kind: MessageKind, link: String, parts: Vec<Attachment>) -> Result<NewMessage, Failure> {
        let lang = self.sender.language;
        let values = self.values(lang, (self.sender.salutation(lang), self.transfer.full_name()), link);
        let address = self.sender.recipient().map_err(Failure::unexpected)?;
        Ok(NewMessage { attachments: parts, ..self.message(kind, &values, (self.sender.full_name(), address))? })
    }

    fn values(&self, lang: Lang, (name, person): (String, String), link: String) -> Localised<'_> {
        let event = self.event;
        let in_words = |at: UtcTime| Formatter::of(lang).date_time(at.in_zone(event.zone()).naive_local());
        let values = Values {
            name,
            person,
            category: self.category.name.text(lang, &event.languages),
            link,
            deadline: in_words(self.transfer.until),
        };
        Localised { lang, values }
    }

    fn message(
        &self,
        kind: MessageKind,
        words: &Localised<'_>,
        (recipient_name, recipient): (String, EmailAddress),
    ) -> Result<NewMessage, Failure> {
        let content = rendering::render(self.app, Some(self.event), kind, words.lang, &words.values);
        Ok(NewMessage {
            event: Some(self.event.id),
            kind,
            registration: Some(self.sender.id),
            user: None,
            speaker: None,
            unsubscribe: None,
            recipient_name,
            recipient,
            language: words.lang,
            content: content.map_err(Failure::unexpected)?,
            attachments: Vec::new(),
        })
    }
}

struct Localised<'a> {
    lang: Lang,
    values: Values<'a>,
}
