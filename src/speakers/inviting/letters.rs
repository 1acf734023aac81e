//! The mails of invitations: to the speaker, and to each assistant with a link of their own.

use super::model::Invitation;
use super::operations::Delivery;
use crate::i18n::{Lang, Localized};
use crate::mail::model::MessageKind;
use crate::speakers::own::mails::SpeakerLetter;
use crate::speakers::own::model::Assistant;
use crate::speakers::own::operations::prepare_link;
use crate::web::{Failure, Token};
use serde::Serialize;

#[derive(Serialize)]
struct Values<'a> {
    name: &'a str,
    speaker: &'a str,
    opening: String,
    session: &'a str,
    words: &'a str,
    link: String,
}

/// An invitation as its mails speak of it.
#[derive(Clone, Copy)]
pub struct Invited<'a> {
    /// The invitation.
    pub invitation: &'a Invitation,
    /// The session's title, where it is to one.
    pub session: Option<&'a Localized>,
    /// Whether this is the first mail or a reminder.
    pub is_reminder: bool,
}

/// Everybody who is written to about a speaker: name, address, language, and the assistant if it is one.
pub type Addressee<'a> = (&'a str, &'a str, Lang, Option<&'a Assistant>);

/// Whoever has an address: the speaker first, then the assistants.
#[must_use]
pub fn addressees<'a>(letter: &SpeakerLetter<'a>, assistants: &'a [Assistant]) -> Vec<Addressee<'a>> {
    let lang = letter.language();
    let own = letter.speaker.email.as_deref().filter(|email| !email.is_empty());
    let own = own.map(|email| (letter.speaker.name_for(lang), email, lang, None));
    let helpers = assistants.iter().map(|assistant| {
        (assistant.name.as_str(), assistant.email.as_str(), assistant.language.unwrap_or(lang), Some(assistant))
    });
    own.into_iter().chain(helpers).collect()
}

/// The mails of an invitation, each with a fresh link.
///
/// # Errors
/// When a template is not right or an address is none.
pub fn deliveries(
    letter: &SpeakerLetter<'_>,
    assistants: &[Assistant],
    invited: Invited<'_>,
) -> Result<Vec<Delivery>, Failure> {
    let write = |to: Addressee<'_>| {
        let now = letter.app.clock.now();
        let (token, link) = prepare_link(now, letter.speaker.id, to.3.map(|assistant| assistant.id));
        let kind =
            if invited.is_reminder { MessageKind::SpeakerInvitationReminder } else { MessageKind::SpeakerInvitation };
        let values = values(letter, invited, to, &token);
        Ok((link, letter.write(kind, to.2, (to.0, to.1), &values)?))
    };
    addressees(letter, assistants).into_iter().map(write).collect()
}

fn values<'a>(
    letter: &'a SpeakerLetter<'a>,
    invited: Invited<'a>,
    (name, _, lang, assistant): Addressee<'a>,
    token: &Token,
) -> Values<'a> {
    let speaker = letter.speaker.name_for(lang);
    let whose = if assistant.is_some() { "assistant" } else { "speaker" };
    let what = if invited.is_reminder { "reminder" } else { "invitation" };
    let event = letter.event.name_in(lang);
    let args = [("speaker", speaker.into()), ("event", event.into())];
    Values {
        name,
        speaker,
        opening: letter.app.texts.text(lang, &format!("inviting-mail-{what}-{whose}"), &args),
        session: invited.session.map(|title| title.text(lang, &letter.event.languages)).unwrap_or_default(),
        words: &invited.invitation.words,
        link: format!("{}/invitations/{}", letter.private_url(token), invited.invitation.id),
    }
}
