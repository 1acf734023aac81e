//! The mails of a mailing, worded before the transaction that queues them.

use super::files::model::MailingFile;
use super::model::Mailing;
use super::operations::{Link, Prepared};
use super::recipients::{Person, Recipient};
use crate::app::App;
use crate::db::{CategoryId, UtcTime};
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang, Localized};
use crate::mail::model::{Attachment, MessageKind, NewMessage, Rendered};
use crate::mail::rendering;
use crate::mail::wording::model::Wording;
use crate::mail::wording::{markup, placeholders};
use crate::registration::mails::new_link;
use crate::registration::model::LinkPurpose;
use crate::site::model::Released;
use crate::speakers::own::operations::prepare_link;
use crate::web::{Failure, Token};
use serde::Serialize;
use std::collections::HashMap;

/// What the mails of one mailing are written from.
pub struct Press<'a> {
    app: &'a App,
    event: &'a Event,
    mailing: &'a Mailing,
    wordings: HashMap<Lang, Wording>,
    categories: HashMap<CategoryId, Localized>,
    released: Option<&'a Released>,
    brought: Vec<Attachment>,
    now: UtcTime,
}

/// What a mailing may mention.
#[derive(Serialize)]
struct Values {
    name: String,
    category: String,
    code: String,
    organisation: String,
    sessions: String,
    link: String,
    unsubscribe: String,
}

impl<'a> Press<'a> {
    /// Reads the words of a mailing in every language in which it has some that are right.
    #[must_use]
    pub fn new(
        app: &'a App,
        event: &'a Event,
        mailing: &'a Mailing,
        categories: HashMap<CategoryId, Localized>,
        released: Option<&'a Released>,
    ) -> Self {
        let known = placeholders::all(MessageKind::Mailing);
        let read = |(lang, source): (&Lang, &_)| Some((*lang, markup::read(source, &known, &[]).ok()?));
        let wordings = mailing.sources.iter().filter_map(read).collect();
        Self { app, event, mailing, wordings, categories, released, brought: Vec::new(), now: app.clock.now() }
    }

    /// Lets every mail bring these files.
    #[must_use]
    pub fn bringing(mut self, files: &[MailingFile]) -> Self {
        self.brought = files.iter().map(MailingFile::part).collect();
        self
    }

    /// Makes one mail ready; nothing where the address is none or there are no words.
    ///
    /// # Errors
    /// When a template is not right.
    pub fn prepare(&self, recipient: &Recipient) -> Result<Option<Prepared>, Failure> {
        let Ok(address) = recipient.email().parse() else { return Ok(None) };
        let unsubscribe = Token::new();
        let (token, link) = match &recipient.who {
            Person::Registration(registration) => {
                let (token, link) = new_link(self.now, registration, LinkPurpose::Own);
                (token, Link::Registration(Box::new(link)))
            }
            Person::Speaker(speaker) => {
                let (token, link) = prepare_link(self.now, speaker.id, None);
                (token, Link::Speaker(Box::new(link)))
            }
            Person::Assistant(speaker, assistant) => {
                let (token, link) = prepare_link(self.now, speaker.id, Some(assistant.id));
                (token, Link::Speaker(Box::new(link)))
            }
        };
        let Some((lang, content)) = self.write(recipient, token.reveal(), unsubscribe.reveal())? else {
            return Ok(None);
        };
        let (registration, speaker) = match &recipient.who {
            Person::Registration(registration) => (Some(registration.id), None),
            Person::Speaker(speaker) | Person::Assistant(speaker, _) => (None, Some(speaker.id)),
        };
        let message = NewMessage {
            event: Some(self.event.id),
            kind: MessageKind::Mailing,
            registration,
            user: None,
            speaker,
            unsubscribe: Some(self.absolute(&format!("/u/{}", unsubscribe.reveal()))),
            recipient_name: recipient.name(),
            recipient: address,
            language: lang,
            content,
            attachments: self.brought.clone(),
        };
        let (address_key, about) = (recipient.address_key.clone(), recipient.about_key());
        let copies = recipient.others.clone();
        Ok(Some(Prepared { address_key, about, token: unsubscribe.hash(), message, copies, link }))
    }

    /// The words for one recipient, with these secrets in the links.
    ///
    /// # Errors
    /// When a template is not right.
    pub fn write(
        &self,
        recipient: &Recipient,
        token: &str,
        unsubscribe: &str,
    ) -> Result<Option<(Lang, Rendered)>, Failure> {
        let main = self.event.main_language();
        let Some(lang) = self.mailing.language_for(recipient.language, main) else { return Ok(None) };
        let Some(wording) = self.wordings.get(&lang) else { return Ok(None) };
        let values = self.values(recipient, lang, token, unsubscribe);
        let at = (MessageKind::Mailing, lang);
        let rendered = rendering::render_wording(self.app, Some(self.event), at, wording, &values);
        let mut rendered = rendered.map_err(Failure::unexpected)?;
        if let Person::Assistant(speaker, _) = &recipient.who {
            // The words speak to the speaker; that they are about somebody whom one helps must be seen at once.
            let args = [("speaker", speaker.name_for(lang).into()), ("subject", rendered.subject.clone().into())];
            rendered.subject = self.app.texts.text(lang, "mailings-subject-assistant", &args);
        }
        Ok(Some((lang, rendered)))
    }

    fn values(&self, recipient: &Recipient, lang: Lang, token: &str, unsubscribe: &str) -> Values {
        let languages = &self.event.languages;
        let sessions: Vec<_> = recipient.about.into_iter().chain(recipient.sessions.iter().copied()).collect();
        let lines = sessions.iter().enumerate().filter(|(index, session)| !sessions[..*index].contains(session));
        let lines: Vec<String> = lines.filter_map(|(_, session)| self.session_line(*session, lang)).collect();
        let page = |word: &str| self.absolute(&format!("/{word}/{token}"));
        let (category, code, organisation, link) = match &recipient.who {
            Person::Registration(one) => (
                self.categories
                    .get(&one.category_id)
                    .map(|name| name.text(lang, languages).to_owned())
                    .unwrap_or_default(),
                one.code.clone(),
                one.organisation.clone(),
                page("r"),
            ),
            Person::Speaker(one) | Person::Assistant(one, _) => {
                (String::new(), String::new(), one.organisation.text(lang, languages).to_owned(), page("s"))
            }
        };
        let name = match &recipient.who {
            Person::Assistant(speaker, _) => speaker.name_for(lang).to_owned(),
            Person::Registration(_) | Person::Speaker(_) => recipient.name(),
        };
        Values {
            name,
            category,
            code,
            organisation,
            sessions: lines.join("\n"),
            link,
            unsubscribe: self.absolute(&format!("/u/{unsubscribe}")),
        }
    }

    /// "Opening ceremony · Tue, 13 April, 09:00 · Main hall", as far as it is published.
    fn session_line(&self, id: crate::db::SessionId, lang: Lang) -> Option<String> {
        let released = self.released?;
        let session = released.session(id)?;
        let mut parts = vec![session.title.text(lang, &self.event.languages).to_owned()];
        if let Some(slot) = session.slots.first() {
            parts.push(Formatter::of(lang).date_time(slot.start.in_zone(self.event.zone()).naive_local()));
            let room = slot.room.and_then(|room| released.room(room));
            parts.extend(room.map(|(_, room)| room.name.text(lang, &self.event.languages).to_owned()));
        }
        Some(parts.join(" · "))
    }

    fn absolute(&self, path: &str) -> String {
        format!("{}/{}{path}", self.app.settings.http.public_url, self.event.slug)
    }
}
