//! The mails about delegations, rendered before the transaction that queues them.

use super::model::{Contact, Delegation, Member};
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang, TextArg};
use crate::mail::address::EmailAddress;
use crate::mail::model::{Attachment, MessageKind, NewMessage};
use crate::mail::rendering;
use crate::mailings::choices::operations as choices;
use crate::registration::category::Category;
use crate::registration::forms::model::Question;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{LinkPurpose, PrivateLink, Registration, RegistrationState};
use crate::registration::ticket::TicketKey;
use crate::web::{Failure, Token};
use serde::Serialize;

/// What mails about a delegation are written from.
#[derive(Clone, Copy)]
pub struct DelegationLetter<'a> {
    /// The app.
    pub app: &'a App,
    /// The event.
    pub event: &'a Event,
    /// The delegation.
    pub delegation: &'a Delegation,
    /// The instant of writing.
    pub now: UtcTime,
}

/// Words that somebody writes to several people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Words {
    /// One line.
    pub subject: String,
    /// The text.
    pub body: String,
}

/// What the templates under `mail/` may mention.
#[derive(Serialize)]
struct Values<'a> {
    name: String,
    delegation: &'a str,
    link: String,
    /// Who runs the delegation.
    contact: &'a str,
    category: &'a str,
    /// What is owed, a question on each line.
    owed: String,
    deadline: String,
    /// The subject of a message.
    headline: &'a str,
    /// What stands first: somebody's own words, or how somebody comes to run a delegation.
    opening: String,
    /// What happens next.
    next: String,
    /// The link that ends such mails.
    unsubscribe: String,
}

impl<'a> DelegationLetter<'a> {
    /// The address of the page that a focal point's link opens, in their language where the event has it.
    #[must_use]
    pub fn url(&self, token: &Token, lang: Lang) -> String {
        let base = format!("{}/{}/d/{}", self.app.settings.http.public_url, self.event.slug, token.reveal());
        let known = self.event.languages.iter().find(|own| own.primary() == lang.primary());
        known.map_or_else(|| base.clone(), |own| format!("{base}?lang={own}"))
    }

    /// "You register this delegation, here is its page"; with the name of whoever ran it before.
    ///
    /// # Errors
    /// When the address is not usable any more.
    pub fn link(&self, contact: &'a Contact, token: &Token, before: &'a str) -> Result<NewMessage, Failure> {
        let lang = contact.language;
        let values = self.values(&contact.name, lang);
        let event = ("event", TextArg::from(self.event.name_in(lang)));
        let delegation = ("delegation", TextArg::from(values.delegation));
        let opening = match before {
            "" => self.app.texts.text(lang, "delegations-mail-link-text", &[delegation, event]),
            before => {
                let args = [("before", before.into()), delegation, event];
                self.app.texts.text(lang, "delegations-mail-passed-on", &args)
            }
        };
        let values = Values { link: self.url(token, lang), opening, ..values };
        self.write(MessageKind::DelegationLink, (&contact.name, address(&contact.email)?, contact.language), &values)
    }

    /// "Somebody else runs the delegation now", to whoever ran it until now.
    ///
    /// # Errors
    /// When the address is not usable any more.
    pub fn passed(&self, to: &'a Contact) -> Result<NewMessage, Failure> {
        let own = Contact::of(self.delegation);
        let values = Values { contact: &to.name, ..self.values(&own.name, own.language) };
        self.write(MessageKind::DelegationPassed, (&own.name, address(&own.email)?, own.language), &values)
    }

    /// What the team writes to the focal point.
    ///
    /// # Errors
    /// When the address is not usable any more.
    pub fn to_contact(&self, words: &'a Words) -> Result<NewMessage, Failure> {
        let own = Contact::of(self.delegation);
        let values =
            Values { headline: &words.subject, opening: words.body.clone(), ..self.values(&own.name, own.language) };
        self.write(MessageKind::DelegationMessage, (&own.name, address(&own.email)?, own.language), &values)
    }

    /// What somebody writes to a member.
    ///
    /// # Errors
    /// When the address is not usable any more.
    pub fn to_member(&self, registration: &Registration, words: &'a Words) -> Result<NewMessage, Failure> {
        let lang = registration.language;
        let name = registration.salutation(lang);
        let values = Values { headline: &words.subject, opening: words.body.clone(), ..self.values(&name, lang) };
        self.to(MessageKind::DelegationMessage, registration, &values, Vec::new())
    }

    /// "You are registered as a member", with the private link that it carries and, once confirmed, the ticket.
    ///
    /// # Errors
    /// When the template is not right or the ticket can't be drawn.
    pub fn member(
        &self,
        registration: &Registration,
        category: &'a Category,
        key: &TicketKey,
    ) -> Result<(PrivateLink, NewMessage), Failure> {
        let (token, link) = new_link(self.now, registration, LinkPurpose::Own);
        let (lang, name) = (registration.language, registration.salutation(registration.language));
        let is_confirmed = registration.state == RegistrationState::Confirmed;
        let letter = Letter { app: self.app, event: self.event, registration, category, now: self.now };
        let next = if is_confirmed { "delegations-mail-member-ticket" } else { "delegations-mail-member-applied" };
        let parts = if is_confirmed { letter.ticket_parts(key)? } else { Vec::new() };
        let values = Values {
            link: self.own_url(&token),
            category: category.name.text(lang, &self.event.languages),
            next: self.app.texts.text(lang, next, &[]),
            ..self.values(&name, lang)
        };
        Ok((link, self.to(MessageKind::DelegationMember, registration, &values, parts)?))
    }

    /// "Something is still missing", with the private link that it carries.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn reminder(&self, member: &Member, owed: &[&'a Question]) -> Result<(PrivateLink, NewMessage), Failure> {
        let registration = &member.registration;
        let (token, link) = new_link(self.now, registration, LinkPurpose::Own);
        let (lang, name) = (registration.language, registration.salutation(registration.language));
        let owed = owed.iter().map(|question| question.facts.label.text(lang, &self.event.languages));
        let values = Values {
            link: self.own_url(&token),
            owed: owed.collect::<Vec<_>>().join("\n"),
            ..self.values(&name, lang)
        };
        Ok((link, self.to(MessageKind::DelegationReminder, registration, &values, Vec::new())?))
    }

    /// The address of a member's own page.
    #[must_use]
    pub fn own_url(&self, token: &Token) -> String {
        format!("{}/{}/r/{}", self.app.settings.http.public_url, self.event.slug, token.reveal())
    }

    fn values<'b>(&self, name: &str, lang: Lang) -> Values<'b>
    where
        'a: 'b,
    {
        let (event, delegation) = (self.event, self.delegation);
        let in_words = |at: UtcTime| Formatter::of(lang).date_time(at.in_zone(event.zone()).naive_local());
        Values {
            name: name.to_owned(),
            delegation: delegation.name.text(lang, &event.languages),
            link: String::new(),
            contact: &delegation.contact_name,
            category: "",
            owed: String::new(),
            deadline: delegation.closes_at.map(in_words).unwrap_or_default(),
            headline: "",
            opening: String::new(),
            next: String::new(),
            unsubscribe: choices::fresh_url(&self.app.settings.http.public_url, &event.slug),
        }
    }

    fn to(
        &self,
        kind: MessageKind,
        registration: &Registration,
        values: &Values<'_>,
        attachments: Vec<Attachment>,
    ) -> Result<NewMessage, Failure> {
        let (name, recipient) = (registration.full_name(), registration.recipient().map_err(Failure::unexpected)?);
        let message = self.write(kind, (&name, recipient, registration.language), values)?;
        Ok(NewMessage { registration: Some(registration.id), attachments, ..message })
    }

    fn write(
        &self,
        kind: MessageKind,
        (name, recipient, language): (&str, EmailAddress, Lang),
        values: &Values<'_>,
    ) -> Result<NewMessage, Failure> {
        Ok(NewMessage {
            event: Some(self.event.id),
            kind,
            registration: None,
            user: None,
            speaker: None,
            unsubscribe: is_to_many(kind).then(|| values.unsubscribe.clone()),
            recipient_name: name.to_owned(),
            recipient,
            language,
            content: rendering::render(self.app, Some(self.event), kind, language, values)
                .map_err(Failure::unexpected)?,
            attachments: Vec::new(),
        })
    }
}

/// Whether mails of a kind can be refused.
const fn is_to_many(kind: MessageKind) -> bool {
    matches!(kind, MessageKind::DelegationMessage | MessageKind::DelegationReminder)
}

fn address(email: &str) -> Result<EmailAddress, Failure> {
    email.parse().map_err(Failure::unexpected)
}
