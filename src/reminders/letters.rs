//! The mails of reminders to attendees.

use super::operations::Link;
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::i18n::Formatter;
use crate::mail::model::{Attachment, MessageKind, NewMessage};
use crate::mail::rendering;
use crate::mailings::choices::operations as choices;
use crate::registration::category::Category;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{LinkPurpose, Registration};
use crate::registration::ticket::TicketKey;
use crate::schedule::model::{Programme, ProgrammeSession, ProgrammeSlot};
use crate::schedule::wording::when;
use crate::web::Failure;
use serde::Serialize;

/// An attendee who is written to.
#[derive(Clone, Copy)]
pub(super) struct Attendee<'a> {
    pub(super) app: &'a App,
    pub(super) event: &'a Event,
    pub(super) registration: &'a Registration,
    pub(super) category: &'a Category,
    pub(super) now: UtcTime,
}

#[derive(Serialize)]
struct Values {
    name: String,
    category: String,
    code: String,
    link: String,
    deadline: String,
    session: String,
    session_url: String,
    when: String,
    room: String,
    unsubscribe: String,
}

/// A mail with the private link that it carries.
type Delivery = (Link, NewMessage);

impl Attendee<'_> {
    /// "The event begins", with the ticket and the calendar entry.
    pub(super) fn event_begins(&self, tickets: &TicketKey) -> Result<Delivery, Failure> {
        let Self { app, event, registration, category, now } = *self;
        let parts = Letter { app, event, registration, category, now }.ticket_parts(tickets)?;
        // The event stands in their calendar since they were confirmed.
        let parts = parts.into_iter().filter(|part| !part.media_type.starts_with("text/calendar")).collect();
        self.write(MessageKind::EventReminder, |_| {}, parts)
    }

    /// "A session that you booked begins".
    pub(super) fn session_begins(
        &self,
        programme: &Programme,
        session: &ProgrammeSession,
        slot: &ProgrammeSlot,
    ) -> Result<Delivery, Failure> {
        let (lang, event) = (self.registration.language, self.event);
        let room = slot.room.and_then(|room| programme.rooms.iter().find(|one| one.id == room));
        let fill = |values: &mut Values| {
            values.session = session.title.text(lang, &event.languages).to_owned();
            values.session_url = self.absolute(&format!("/sessions/{}", session.code));
            values.when = when(Formatter::of(lang), event.zone(), slot);
            values.room = room.map(|room| room.name.text(lang, &event.languages).to_owned()).unwrap_or_default();
        };
        self.write(MessageKind::SessionReminder, fill, Vec::new())
    }

    /// "Your application waits for your answer".
    pub(super) fn answer_awaited(&self) -> Result<Delivery, Failure> {
        self.write(MessageKind::AnswerReminder, |_| {}, Vec::new())
    }

    /// "The place kept for you is given on at".
    pub(super) fn offer_ends(&self, at: UtcTime) -> Result<Delivery, Failure> {
        let at = at.in_zone(self.event.zone()).naive_local();
        let deadline = Formatter::of(self.registration.language).date_time(at);
        self.write(MessageKind::OfferReminder, |values| values.deadline = deadline, Vec::new())
    }

    fn absolute(&self, path: &str) -> String {
        format!("{}/{}{path}", self.app.settings.http.public_url, self.event.slug)
    }

    fn write(
        &self,
        kind: MessageKind,
        fill: impl FnOnce(&mut Values),
        attachments: Vec<Attachment>,
    ) -> Result<Delivery, Failure> {
        let (registration, lang) = (self.registration, self.registration.language);
        let (token, link) = new_link(self.now, registration, LinkPurpose::Own);
        let mut values = Values {
            name: registration.salutation(lang),
            category: self.category.name.text(lang, &self.event.languages).to_owned(),
            code: registration.code.clone(),
            link: self.absolute(&format!("/r/{}", token.reveal())),
            deadline: String::new(),
            session: String::new(),
            session_url: String::new(),
            when: String::new(),
            room: String::new(),
            unsubscribe: choices::fresh_url(&self.app.settings.http.public_url, &self.event.slug),
        };
        fill(&mut values);
        let content =
            rendering::render(self.app, Some(self.event), kind, lang, &values).map_err(Failure::unexpected)?;
        let message = NewMessage {
            event: Some(self.event.id),
            kind,
            registration: Some(registration.id),
            user: None,
            speaker: None,
            // An application or offer that would be lost without an answer is reminded of all the same.
            unsubscribe: matches!(kind, MessageKind::EventReminder | MessageKind::SessionReminder)
                .then_some(values.unsubscribe),
            recipient_name: registration.full_name(),
            recipient: registration.recipient().map_err(Failure::unexpected)?,
            language: lang,
            content,
            attachments,
        };
        Ok((super::attending::link(link), message))
    }
}
