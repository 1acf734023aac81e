//! Lanes: who waits with whom. A claim goes from lane to lane, so that a password reset never waits behind a
//! hundred thousand mails of a mailing, and a lane that is paused costs nothing.

use super::model::{MessageKind, NewMessage};
use crate::db::EventId;

/// A lane. Those that somebody waits for come first in the order of their texts.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Lane {
    /// Whether somebody waits for its messages.
    pub is_asked_for: bool,
    /// The event they speak of.
    pub event: Option<EventId>,
    text: String,
}

impl Lane {
    /// The lane of messages of a kind at an event.
    #[must_use]
    pub fn of(event: Option<EventId>, kind: MessageKind) -> Self {
        let is_asked_for = kind.is_asked_for();
        let rank = if is_asked_for { '0' } else { '1' };
        let place = event.map_or_else(|| "-".to_owned(), |event| event.to_string());
        Self { is_asked_for, event, text: format!("{rank}.{place}.{kind}") }
    }

    /// The lane that a message waits in.
    #[must_use]
    pub fn of_message(message: &NewMessage) -> Self {
        Self::of(message.event, message.kind)
    }

    /// A lane as it stands in its column. What it says of a kind was true when the message was queued.
    #[must_use]
    pub fn read(text: String) -> Self {
        let mut parts = text.split('.');
        let is_asked_for = parts.next() == Some("0");
        let event = parts.next().and_then(|event| event.parse().ok());
        Self { is_asked_for, event, text }
    }

    /// The text that stands in its column.
    #[must_use]
    pub fn as_str(&self) -> &str {
        &self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lane_is_read_as_it_was_written_and_those_asked_for_come_first() {
        let event = EventId::new();
        for (event, kind) in [
            (None, MessageKind::PasswordReset),
            (Some(event), MessageKind::Verify),
            (Some(event), MessageKind::Mailing),
            (None, MessageKind::Mailing),
        ] {
            let lane = Lane::of(event, kind);
            assert_eq!(Lane::read(lane.as_str().to_owned()), lane);
            assert_eq!((lane.event, lane.is_asked_for), (event, kind.is_asked_for()));
        }
        let (reset, mailing) = (Lane::of(Some(event), MessageKind::Verify), Lane::of(None, MessageKind::Mailing));
        assert!(reset.as_str() < mailing.as_str());
    }
}
