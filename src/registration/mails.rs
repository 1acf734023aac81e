//! The mails of registration, rendered before the transaction that queues them.

use super::calendar::{self, Method};
use super::category::Category;
use super::model::{LinkPurpose, PrivateLink, Registration, RegistrationState};
use super::operations::Known;
use super::operations::waiting::PreparedOffer;
use super::ticket::{self, Ticket, TicketKey};
use crate::app::App;
use crate::db::{LinkId, UtcTime};
use crate::events::model::Event;
use crate::i18n::Formatter;
use crate::mail::model::{Attachment, MessageKind, NewMessage};
use crate::mail::rendering;
use crate::web::{Failure, Token};
use chrono::TimeDelta;
use serde::Serialize;

/// Whom a mail is for and what it speaks of.
#[derive(Clone, Copy)]
pub struct Letter<'a> {
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
    deadline: String,
}

impl Letter<'_> {
    /// "Confirm your address", with the link that does it.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn verify(&self, token: &Token) -> Result<NewMessage, Failure> {
        let link = self.private_url("verify", token);
        self.write(MessageKind::Verify, link, Vec::new())
    }

    /// "You are already registered", with the link of the own page.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn already_registered(&self, token: &Token) -> Result<NewMessage, Failure> {
        let link = self.private_url("r", token);
        self.write(MessageKind::AlreadyRegistered, link, Vec::new())
    }

    /// "You are confirmed", with ticket and calendar entry.
    ///
    /// # Errors
    /// When the template is not right or the ticket can't be drawn.
    pub fn confirmed(&self, token: &Token, key: &TicketKey) -> Result<NewMessage, Failure> {
        let attachments = self.ticket_parts(key)?;
        let link = self.private_url("r", token);
        self.write(MessageKind::Confirmed, link, attachments)
    }

    /// The ticket as a picture and the calendar entry, for mails that say that one may come.
    ///
    /// # Errors
    /// When the ticket can't be drawn.
    pub fn ticket_parts(&self, key: &TicketKey) -> Result<Vec<Attachment>, Failure> {
        let picture = ticket::draw_png(&self.ticket(key)).map_err(Failure::unexpected)?;
        let name = format!("ticket-{}.png", self.registration.code);
        Ok(vec![
            Attachment::new(name.as_str(), "image/png", &picture).inline("ticket"),
            Attachment::new(name.as_str(), "image/png", &picture),
            self.calendar_part(Method::Request),
            Attachment::new("event.ics", "text/calendar; charset=utf-8", self.calendar(Method::Publish).as_bytes()),
        ])
    }

    /// "Your application has arrived", with the link of the own page.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn application_received(&self, token: &Token) -> Result<NewMessage, Failure> {
        self.write(MessageKind::ApplicationReceived, self.private_url("r", token), Vec::new())
    }

    /// "You are on the waiting list", with the link of the own page.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn waitlisted(&self, token: &Token) -> Result<NewMessage, Failure> {
        self.write(MessageKind::Waitlisted, self.private_url("r", token), Vec::new())
    }

    /// "A place is kept for you until", with the link that takes it up.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn place_offered(&self, token: &Token, until: UtcTime) -> Result<NewMessage, Failure> {
        let link = self.private_url("r", token);
        self.write_until(MessageKind::PlaceOffered, link, Vec::new(), Some(until))
    }

    /// "Your registration is cancelled". Whoever had the event in a calendar gets it out of there.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn cancelled(&self) -> Result<NewMessage, Failure> {
        self.write(MessageKind::Cancelled, self.absolute("/register"), self.ended_parts())
    }

    /// "Everything about you is deleted on this day", with the link that takes it back.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn erasure_asked(&self, token: &Token, on: UtcTime) -> Result<NewMessage, Failure> {
        let link = self.absolute(&format!("/r/{}/delete", token.reveal()));
        self.write_until(MessageKind::ErasureAsked, link, Vec::new(), Some(on))
    }

    /// What takes the event out of the calendar of whoever has it there.
    #[must_use]
    pub fn ended_parts(&self) -> Vec<Attachment> {
        match self.registration.confirmed_at {
            Some(_) => vec![self.calendar_part(Method::Cancel)],
            None => Vec::new(),
        }
    }

    /// The text of the ticket.
    #[must_use]
    pub fn ticket(&self, key: &TicketKey) -> String {
        key.issue(&Ticket::of(self.registration, self.category))
    }

    /// The event's days as a calendar entry.
    #[must_use]
    pub fn calendar(&self, method: Method) -> String {
        let lang = self.registration.language;
        let place = self.event.place.text(lang, &self.event.languages);
        let address = self.event.address.text(lang, &self.event.languages).replace('\n', ", ");
        let location = [place, &address].into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ");
        let mailer = &self.app.mailer;
        // Cancelling outranks what was sent before.
        let step = i32::from(method == Method::Cancel);
        let entry = calendar::Entry {
            uid: &format!("{}@{}", self.registration.id, mailer.domain),
            sequence: self.registration.calendar_sequence + step,
            at: self.now,
            first: self.event.starts_on,
            last: self.event.ends_on,
            summary: self.event.name_in(lang),
            location: &location,
            url: &self.absolute(""),
            organizer: mailer.from.email.as_ref(),
            attendee: &self.registration.email,
        };
        calendar::write(&entry, method)
    }

    /// The calendar entry as one more form of the mail's body (RFC 6047).
    fn calendar_part(&self, method: Method) -> Attachment {
        let media_type = format!("text/calendar; method={}; charset=utf-8", method.as_str());
        let part = Attachment::new("invite.ics", media_type, self.calendar(method).as_bytes());
        Attachment { alternative: true, ..part }
    }

    fn absolute(&self, path: &str) -> String {
        format!("{}/{}{path}", self.app.settings.http.public_url, self.event.slug)
    }

    fn private_url(&self, word: &str, token: &Token) -> String {
        self.absolute(&format!("/{word}/{}", token.reveal()))
    }

    fn write(&self, kind: MessageKind, link: String, attachments: Vec<Attachment>) -> Result<NewMessage, Failure> {
        self.write_until(kind, link, attachments, self.registration.verify_by)
    }

    fn write_until(
        &self,
        kind: MessageKind,
        link: String,
        attachments: Vec<Attachment>,
        deadline: Option<UtcTime>,
    ) -> Result<NewMessage, Failure> {
        let (event, registration) = (self.event, self.registration);
        let lang = registration.language;
        let in_words = |at: UtcTime| Formatter::of(lang).date_time(at.in_zone(event.zone()).naive_local());
        let values = Values {
            name: registration.salutation(lang),
            category: self.category.name.text(lang, &event.languages),
            code: &registration.code,
            link,
            deadline: deadline.map(in_words).unwrap_or_default(),
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

/// A new private link and the secret that only the mail will hold.
#[must_use]
pub fn new_link(now: UtcTime, registration: &Registration, purpose: LinkPurpose) -> (Token, PrivateLink) {
    let token = Token::new();
    let link = PrivateLink {
        id: LinkId::new(),
        token_hash: token.hash(),
        registration_id: registration.id,
        purpose,
        created_at: now,
        expires_at: registration.verify_by.filter(|_| purpose == LinkPurpose::Verify),
        used_at: None,
        revoked_at: None,
    };
    (token, link)
}

/// Until when a registration made or reminded of at `now` may be confirmed.
#[must_use]
pub fn verify_by(app: &App, now: UtcTime) -> UtcTime {
    now + TimeDelta::hours(app.settings.registration.verify_hours)
}

/// The link and mail by which an address gets to its registration again.
///
/// # Errors
/// When the template is not right.
pub fn known_address(
    app: &App,
    now: UtcTime,
    event: &Event,
    category: &Category,
    registration: &Registration,
) -> Result<Known, Failure> {
    let mut registration = registration.clone();
    if registration.state == RegistrationState::Unverified {
        registration.verify_by = Some(verify_by(app, now));
        let (token, link) = new_link(now, &registration, LinkPurpose::Verify);
        let message = Letter { app, event, registration: &registration, category, now }.verify(&token)?;
        return Ok(Known { verify_by: registration.verify_by, registration, link, message, submission: None });
    }
    let (token, link) = new_link(now, &registration, LinkPurpose::Own);
    let message = Letter { app, event, registration: &registration, category, now }.already_registered(&token)?;
    Ok(Known { verify_by: None, registration, link, message, submission: None })
}

/// The mail that fits the state: the ticket for whoever is confirmed, the link for others.
///
/// # Errors
/// When the template is not right or the ticket can't be drawn.
pub fn link_again(letter: Letter<'_>, key: &TicketKey) -> Result<Known, Failure> {
    let Letter { app, event, registration, category, now } = letter;
    if registration.state != RegistrationState::Confirmed {
        return known_address(app, now, event, category, registration);
    }
    let (token, link) = new_link(now, registration, LinkPurpose::Own);
    let message = letter.confirmed(&token, key)?;
    Ok(Known { registration: registration.clone(), link, message, verify_by: None, submission: None })
}

/// An offer of a place that is free now, with its mail.
///
/// # Errors
/// When the template is not right.
pub fn prepare_offer(
    app: &App,
    event: &Event,
    registration: Registration,
    (category, reason): (&Category, String),
) -> Result<PreparedOffer, Failure> {
    let now = app.clock.now();
    let until = category.offer_until(now);
    let (token, link) = new_link(now, &registration, LinkPurpose::Own);
    let letter = Letter { app, event, registration: &registration, category, now };
    let message = letter.place_offered(&token, until)?;
    Ok(PreparedOffer { registration, until, reason, message, link })
}
