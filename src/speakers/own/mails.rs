//! The mails about a speaker's own page.

use super::model::Assistant;
use crate::app::App;
use crate::events::model::Event;
use crate::i18n::{Lang, TextArg};
use crate::mail::model::{MessageKind, NewMessage};
use crate::mail::rendering;
use crate::speakers::model::Speaker;
use crate::web::{Failure, Token};
use serde::Serialize;

/// What a mail about a speaker's page is written from.
#[derive(Clone, Copy)]
pub struct SpeakerLetter<'a> {
    /// The app.
    pub app: &'a App,
    /// The event.
    pub event: &'a Event,
    /// The speaker.
    pub speaker: &'a Speaker,
}

#[derive(Serialize)]
struct LinkValues<'a> {
    name: &'a str,
    /// Whose page it is; the same as `name` in the speaker's own mail.
    speaker: &'a str,
    link: String,
}

/// What an organizer is told of a withdrawal.
#[derive(Clone, Debug, Serialize)]
pub struct Withdrawal {
    /// The session's title.
    pub session: String,
    /// When it is, on the venue's clocks.
    pub when: String,
    /// Where it is; may be empty.
    pub room: String,
    /// Why, in the speaker's words; may be empty.
    pub reason: String,
    /// Whether it is the invitation to the event that is declined, and `session` its name.
    #[serde(skip)]
    pub is_event: bool,
    /// Somebody else whom they propose: name and address.
    #[serde(skip)]
    pub proposed: Option<(String, String)>,
}

#[derive(Serialize)]
struct WithdrawalValues<'a> {
    speaker: &'a str,
    #[serde(flatten)]
    what: &'a Withdrawal,
    opening: String,
    proposed: String,
    next: String,
    link: String,
}

impl SpeakerLetter<'_> {
    /// The language of mails to the speaker.
    #[must_use]
    pub fn language(&self) -> Lang {
        self.speaker.language.unwrap_or_else(|| self.event.main_language())
    }

    /// The address of the page that a link opens.
    #[must_use]
    pub fn private_url(&self, token: &Token) -> String {
        format!("{}/{}/s/{}", self.app.settings.http.public_url, self.event.slug, token.reveal())
    }

    /// "This is your page", to the speaker.
    ///
    /// # Errors
    /// When the speaker has no usable address.
    pub fn speaker_link(&self, token: &Token) -> Result<NewMessage, Failure> {
        let lang = self.language();
        let values = self.link_values(lang, self.speaker.name_for(lang), token);
        let email = self.speaker.email.as_deref().unwrap_or_default();
        self.write(MessageKind::SpeakerLink, lang, (&self.speaker.name, email), &values)
    }

    /// "You help …, this is the page", to an assistant.
    ///
    /// # Errors
    /// When the address is not usable any more.
    pub fn assistant_link(&self, assistant: &Assistant, token: &Token) -> Result<NewMessage, Failure> {
        let lang = assistant.language.unwrap_or_else(|| self.language());
        let values = self.link_values(lang, &assistant.name, token);
        self.write(MessageKind::AssistantLink, lang, (&assistant.name, &assistant.email), &values)
    }

    /// "… will not take part", to the event's own address; nothing where it has none.
    ///
    /// # Errors
    /// When that address is not usable any more.
    pub fn withdrawn(&self, what: &Withdrawal) -> Result<Option<NewMessage>, Failure> {
        let Some(email) = self.event.contact_email.as_deref() else { return Ok(None) };
        let lang = self.event.main_language();
        let speaker = self.speaker.name_for(lang);
        let whole = if what.is_event { "-event" } else { "" };
        let text = |word: &str, args: &[(&str, TextArg<'_>)]| {
            self.app.texts.text(lang, &format!("speaker-page-mail-withdrew-{word}"), args)
        };
        let about = [("speaker", speaker.into()), ("event", self.event.name_in(lang).into())];
        let proposed = what
            .proposed
            .as_ref()
            .map(|(name, email)| text("proposed", &[("name", name.as_str().into()), ("email", email.as_str().into())]));
        let values = WithdrawalValues {
            speaker,
            opening: text(&format!("text{whole}"), &about),
            proposed: proposed.unwrap_or_default(),
            next: text(&format!("next{whole}"), &[]),
            what,
            link: format!(
                "{}/organizer/{}/speakers/{}#own",
                self.app.settings.http.public_url, self.event.slug, self.speaker.id
            ),
        };
        self.write(MessageKind::SpeakerWithdrew, lang, (self.event.name_in(lang), email), &values).map(Some)
    }

    fn link_values<'a>(&'a self, lang: Lang, name: &'a str, token: &Token) -> LinkValues<'a> {
        LinkValues { name, speaker: self.speaker.name_for(lang), link: self.private_url(token) }
    }

    /// A mail of this kind about the speaker, to whoever `name` and `email` are.
    ///
    /// # Errors
    /// When the template is not right or the address is none.
    pub fn write(
        &self,
        kind: MessageKind,
        language: Lang,
        (name, email): (&str, &str),
        values: &impl Serialize,
    ) -> Result<NewMessage, Failure> {
        Ok(NewMessage {
            event: Some(self.event.id),
            kind,
            registration: None,
            user: None,
            speaker: Some(self.speaker.id),
            unsubscribe: None,
            recipient_name: name.to_owned(),
            recipient: email.parse().map_err(Failure::unexpected)?,
            language,
            content: rendering::render(self.app, Some(self.event), kind, language, values)
                .map_err(Failure::unexpected)?,
            attachments: Vec::new(),
        })
    }
}
