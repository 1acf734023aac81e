//! Slots and what speaks against them, in words for team pages.

use super::concerns::{Concern, Severity};
use super::model::{Programme, ProgrammeSlot};
use crate::db::SessionId;
use crate::i18n::{Formatter, TextArg, Texts};
use crate::web::PageContext;
use chrono_tz::Tz;
use serde::Serialize;

/// What speaks against a slot, in words.
#[derive(Serialize)]
pub struct ConcernLine {
    /// Whether it can't be meant.
    pub serious: bool,
    /// The words.
    pub text: String,
    /// Where it leads.
    pub url: String,
}

/// "Tue, 13 Apr, 09:00–09:45" in the event's zone.
pub fn when(format: &Formatter, zone: Tz, slot: &ProgrammeSlot) -> String {
    let (start, end) = (slot.start.in_zone(zone), slot.end.in_zone(zone));
    format!("{} {}–{}", format.day(start.date_naive()), format.time(start.time()), format.time(end.time()))
}

/// A concern in words.
pub fn concern_line(
    context: &PageContext,
    texts: &Texts,
    base: &str,
    draft: &Programme,
    concern: &Concern,
) -> ConcernLine {
    let session = |id: &SessionId| draft.sessions.iter().find(|session| session.id == *id);
    let title = |id: &SessionId| {
        session(id)
            .map(|session| session.title.text(context.lang, &draft.event.languages).to_owned())
            .unwrap_or_default()
    };
    let text = |key: &str, args: &[(&str, TextArg<'_>)]| texts.text(context.lang, key, args);
    let (words, target) = match concern {
        Concern::RoomTaken(other) => {
            (text("programme-concern-room-taken", &[("session", title(other).into())]), Some(*other))
        }
        Concern::SpeakerBusy(speaker, other) => {
            let name =
                draft.speakers.iter().find(|one| one.id == *speaker).map(|one| one.name.clone()).unwrap_or_default();
            (
                text("programme-concern-speaker-busy", &[("speaker", name.into()), ("session", title(other).into())]),
                Some(*other),
            )
        }
        Concern::OutsideEvent => (text("programme-concern-outside-event", &[]), None),
        Concern::RoomTooSmall { wanted, there } => (
            text("programme-concern-room-too-small", &[("wanted", (*wanted).into()), ("there", (*there).into())]),
            None,
        ),
        Concern::ChannelMissing => (text("programme-concern-channel-missing", &[]), None),
        Concern::NoRoom => (text("programme-concern-no-room", &[]), None),
    };
    ConcernLine {
        serious: concern.severity() == Severity::Serious,
        text: words,
        url: target.map(|id| format!("{base}/sessions/{id}")).unwrap_or_default(),
    }
}
