//! The mails about seats, worded before the transaction that queues them.

use super::rules::Hours;
use crate::app::App;
use crate::db::{SessionId, UtcTime};
use crate::events::model::Event;
use crate::i18n::Formatter;
use crate::mail::model::{MessageKind, NewMessage};
use crate::mail::rendering;
use crate::registration::mails::new_link;
use crate::registration::model::{LinkPurpose, PrivateLink, Registration};
use crate::site::model::Released;
use crate::web::Failure;
use serde::Serialize;

/// Whom a mail is for and which session it speaks of.
#[derive(Clone, Copy)]
pub struct SeatLetter<'a> {
    /// The application.
    pub app: &'a App,
    /// The event.
    pub event: &'a Event,
    /// Whom it is for.
    pub registration: &'a Registration,
    /// The timetable as the public knows it.
    pub released: Option<&'a Released>,
    /// The session.
    pub session: SessionId,
    /// The instant.
    pub now: UtcTime,
}

/// What the templates may mention.
#[derive(Serialize)]
struct Values {
    name: String,
    session: String,
    session_url: String,
    when: String,
    room: String,
    deadline: String,
    link: String,
}

/// When every session takes place, as the public knows it.
pub(super) fn hours(released: Option<&Released>) -> Vec<Hours> {
    let slots = released.into_iter().flat_map(Released::slots);
    slots.map(|(session, slot)| Hours { session: session.id, start: slot.start, end: slot.end }).collect()
}

impl SeatLetter<'_> {
    /// The mail of this kind, and the link to the own page that it carries.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn write(&self, kind: MessageKind, deadline: Option<UtcTime>) -> Result<(NewMessage, PrivateLink), Failure> {
        let (token, link) = new_link(self.now, self.registration, LinkPurpose::Own);
        let page = format!("/r/{}/programme#seats", token.reveal());
        Ok((self.message(kind, deadline, &page)?, link))
    }

    /// Several mails of which one will leave, all with the same link.
    ///
    /// # Errors
    /// When the template is not right.
    pub(super) fn either(&self, kinds: [MessageKind; 2]) -> Result<([NewMessage; 2], PrivateLink), Failure> {
        let (token, link) = new_link(self.now, self.registration, LinkPurpose::Own);
        let page = format!("/r/{}/programme#seats", token.reveal());
        let [one, other] = kinds;
        Ok(([self.message(one, None, &page)?, self.message(other, None, &page)?], link))
    }

    fn message(&self, kind: MessageKind, deadline: Option<UtcTime>, page: &str) -> Result<NewMessage, Failure> {
        let (event, registration) = (self.event, self.registration);
        let (lang, zone) = (registration.language, event.zone());
        let format = Formatter::of(lang);
        let in_words = |at: UtcTime| format.date_time(at.in_zone(zone).naive_local());
        let session = self.released.and_then(|released| released.session(self.session));
        let slot = session.and_then(|session| session.slots.first());
        let room = slot.and_then(|slot| slot.room).zip(self.released);
        let room = room.and_then(|(room, released)| released.room(room)).map(|(_, room)| &room.name);
        let code = session.map(|session| session.code.as_str()).unwrap_or_default();
        let values = Values {
            name: registration.salutation(lang),
            session: session.map(|one| one.title.text(lang, &event.languages).to_owned()).unwrap_or_default(),
            session_url: self.absolute(&format!("/sessions/{code}")),
            when: slot.map(|slot| in_words(slot.start)).unwrap_or_default(),
            room: room.map(|name| name.text(lang, &event.languages).to_owned()).unwrap_or_default(),
            deadline: deadline.map(in_words).unwrap_or_default(),
            link: self.absolute(page),
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
            attachments: Vec::new(),
        })
    }

    fn absolute(&self, path: &str) -> String {
        format!("{}/{}{path}", self.app.settings.http.public_url, self.event.slug)
    }
}
