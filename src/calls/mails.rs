//! The mails to whoever hands a proposal in.

use super::model::proposal::{Decision, Proposal};
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::i18n::Formatter;
use crate::mail::model::{MessageKind, NewMessage};
use crate::mail::rendering;
use crate::web::{Failure, Token};
use serde::Serialize;

/// What a mail about a proposal is written from.
#[derive(Clone, Copy)]
pub struct ProposalLetter<'a> {
    /// The app.
    pub app: &'a App,
    /// The event.
    pub event: &'a Event,
    /// The proposal.
    pub proposal: &'a Proposal,
}

/// What organizers add to a mail.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Remarks {
    /// Words of theirs; may be empty.
    pub words: String,
    /// What reviewers wrote for the author.
    pub comments: Vec<String>,
}

#[derive(Serialize)]
struct Values<'a> {
    name: &'a str,
    title: &'a str,
    link: String,
    deadline: String,
    words: &'a str,
    /// What reviewers wrote for the author, one after the other.
    comments: String,
}

impl ProposalLetter<'_> {
    /// "Your draft is kept", with the link that goes on with it.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn draft(&self, token: &Token, until: Option<UtcTime>) -> Result<NewMessage, Failure> {
        self.write(MessageKind::ProposalDraft, token, until, &Remarks::default())
    }

    /// "Your proposal has arrived".
    ///
    /// # Errors
    /// When the template is not right.
    pub fn received(&self, token: &Token, until: Option<UtcTime>) -> Result<NewMessage, Failure> {
        self.write(MessageKind::ProposalReceived, token, until, &Remarks::default())
    }

    /// What was decided; nothing for what stays in reserve.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn decided(&self, decision: Decision, token: &Token, remarks: &Remarks) -> Result<Option<NewMessage>, Failure> {
        let kind = match decision {
            Decision::Accept => MessageKind::ProposalAccepted,
            Decision::Reject => MessageKind::ProposalRejected,
            Decision::Reserve => return Ok(None),
        };
        self.write(kind, token, None, remarks).map(Some)
    }

    fn write(
        &self,
        kind: MessageKind,
        token: &Token,
        until: Option<UtcTime>,
        remarks: &Remarks,
    ) -> Result<NewMessage, Failure> {
        let (event, proposal, lang) = (self.event, self.proposal, self.proposal.language);
        let in_words = |at: UtcTime| Formatter::of(lang).date_time(at.in_zone(event.zone()).naive_local());
        let values = Values {
            name: &proposal.name,
            title: &proposal.title,
            link: format!("{}/{}/p/{}", self.app.settings.http.public_url, event.slug, token.reveal()),
            deadline: until.map(in_words).unwrap_or_default(),
            words: &remarks.words,
            comments: remarks.comments.join("\n\n"),
        };
        Ok(NewMessage {
            event: Some(event.id),
            kind,
            registration: None,
            user: None,
            speaker: None,
            unsubscribe: None,
            recipient_name: proposal.name.clone(),
            recipient: proposal.email.parse().map_err(Failure::unexpected)?,
            language: lang,
            content: rendering::render(self.app, Some(event), kind, lang, &values).map_err(Failure::unexpected)?,
            attachments: Vec::new(),
        })
    }
}
