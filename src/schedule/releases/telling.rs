//! Who would be told of the next release, and the exact mails.

use super::operations::Upcoming;
use crate::accounts::access::Allowed;
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang};
use crate::mail::model::{Attachment, NewMessage};
use crate::notices::mails::{OwnWords, Press};
use crate::notices::operations::Planned;
use crate::web::form_view::own_name;
use crate::web::{Failure, PageContext};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// Speakers that are listed.
const LISTED: usize = 200;
/// What stands in a preview for the secret of a private link, which each mail gets when it leaves.
const TOKEN: &str = "0000";

/// Who would be told.
#[derive(Default, Serialize)]
pub(super) struct Told {
    speakers: usize,
    attendees: usize,
    /// Speakers for whom something changes and who have no address.
    unreachable: Vec<String>,
    lines: Vec<ToldLine>,
    more: usize,
    /// One mail in each language, or those about the speaker that was chosen.
    mails: Vec<MailLine>,
}

#[derive(Serialize)]
struct ToldLine {
    name: String,
    recipients: String,
    changes: String,
    /// This page with the mails about this speaker.
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct MailLine {
    recipient: String,
    language: String,
    subject: String,
    text: String,
    /// The calendar entries that go with it.
    parts: Vec<PartLine>,
}

#[derive(Serialize)]
struct PartLine {
    name: String,
    text: String,
}

impl MailLine {
    fn of(app: &App, mail: &NewMessage) -> Self {
        let is_entry = |part: &&Attachment| part.media_type.starts_with("text/calendar");
        let text = |part: &Attachment| String::from_utf8(STANDARD.decode(&part.content).unwrap_or_default());
        let part = |part: &Attachment| PartLine {
            // A part beside the text has no file name.
            name: if part.name.is_empty() { part.media_type.clone() } else { part.name.clone() },
            text: text(part).unwrap_or_default(),
        };
        Self {
            recipient: format!("{} <{}>", mail.recipient_name, mail.recipient),
            language: own_name(&app.texts, mail.language),
            subject: mail.content.subject.clone(),
            text: mail.content.text.clone(),
            parts: mail.attachments.iter().filter(is_entry).map(part).collect(),
        }
    }
}

/// Whom the release would concern, in words; mails are those about the speaker `chosen` by id.
pub(super) fn told<P>(
    team: &Allowed<P>,
    context: &PageContext,
    upcoming: &Upcoming,
    chosen: &str,
) -> Result<Told, Failure> {
    let notices = &upcoming.notices;
    let name = |id| {
        let all = &upcoming.next.draft.programme.speakers;
        let before = upcoming.before.iter().flat_map(|before| &before.speakers);
        all.iter().chain(before).find(|speaker| speaker.id == id).map(|speaker| speaker.name.clone())
    };
    let base = format!("/organizer/{}/releases", team.event.slug);
    let line = |planned: &Planned| ToldLine {
        name: name(planned.speaker)
            .or_else(|| planned.recipients.first().map(|recipient| recipient.speaker_name.clone()))
            .unwrap_or_default(),
        recipients: planned.recipients.iter().map(|recipient| recipient.email.as_str()).collect::<Vec<_>>().join(", "),
        changes: Formatter::of(context.lang).number(i64::try_from(planned.digest.items.len()).unwrap_or(i64::MAX)),
        url: format!("{base}?speaker={}#mails", planned.speaker),
        current: planned.speaker.as_str() == chosen,
    };
    let mails = mails(&team.visit.app, &team.event, upcoming, chosen, team.visit.app.clock.now())?;
    Ok(Told {
        speakers: notices.speakers.len(),
        attendees: notices.attendees.len(),
        unreachable: notices.unreachable.iter().filter_map(|id| name(*id)).collect(),
        lines: notices.speakers.iter().take(LISTED).map(line).collect(),
        more: notices.speakers.len().saturating_sub(LISTED),
        mails,
    })
}

/// Every mail about the chosen speaker; else the first in each language, to speakers and to attendees.
fn mails(app: &App, event: &Event, upcoming: &Upcoming, chosen: &str, now: UtcTime) -> Result<Vec<MailLine>, Failure> {
    let press = Press::new(app, event, &upcoming.next.draft.programme, now);
    let mut languages: Vec<Lang> = Vec::new();
    let mut found = Vec::new();
    let is_chosen = upcoming.notices.speakers.iter().any(|planned| planned.speaker.as_str() == chosen);
    for planned in &upcoming.notices.speakers {
        for recipient in &planned.recipients {
            let is_new_language = !languages.contains(&recipient.lang);
            let wanted = if is_chosen { planned.speaker.as_str() == chosen } else { is_new_language };
            if !wanted {
                continue;
            }
            languages.push(recipient.lang);
            let Some(mail) = press.to_speaker(planned, recipient, OwnWords::default(), TOKEN)? else { continue };
            found.push(MailLine::of(app, &mail));
        }
    }
    for (registration, digest) in upcoming.notices.samples.iter().filter(|_| !is_chosen) {
        let mail = press.to_attendee(registration, digest, OwnWords::default(), TOKEN)?;
        found.extend(mail.map(|mail| MailLine::of(app, &mail)));
    }
    Ok(found)
}
