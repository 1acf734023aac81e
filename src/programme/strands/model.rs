//! What a forum and a format are.

use crate::db::schema::{formats, forums};
use crate::db::{EventId, FormatId, ForumId, UtcTime};
use crate::events::colors::{Color, NIGHT};
use crate::i18n::Localized;
use diesel::prelude::*;

/// A forum of an event, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = forums)]
pub struct Forum {
    /// The forum.
    pub id: ForumId,
    /// The event.
    pub event_id: EventId,
    /// Its place in URLs and stylesheets, unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// What it is about.
    pub description: Localized,
    /// `#rrggbb`.
    pub color: String,
    /// Whether its sessions follow one another and may not overlap.
    pub is_serial: bool,
    /// Its place in the order of display.
    pub position: i32,
    /// Its key in the file it was imported from.
    pub source_key: Option<String>,
    /// Counts edits, so that two organizers don't overwrite each other.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

/// What an organizer says of a forum.
#[derive(Clone, Debug)]
pub struct ForumFacts {
    /// Its place in URLs; made from the name when none.
    pub code: Option<String>,
    /// Its name.
    pub name: Localized,
    /// What it is about.
    pub description: Localized,
    /// `#rrggbb`.
    pub color: String,
    /// Whether its sessions follow one another and may not overlap.
    pub is_serial: bool,
    /// Its place in the order of display; last when none.
    pub position: Option<i32>,
}

/// A format of an event, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = formats)]
pub struct Format {
    /// The format.
    pub id: FormatId,
    /// The event.
    pub event_id: EventId,
    /// Its place in URLs, unique in the event.
    pub code: String,
    /// Its name.
    pub name: Localized,
    /// The usual length of its sessions.
    pub minutes: i32,
    /// Its place in the order of display.
    pub position: i32,
    /// Its key in the file it was imported from.
    pub source_key: Option<String>,
    /// Counts edits, so that two organizers don't overwrite each other.
    pub version: i32,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

/// What an organizer says of a format.
#[derive(Clone, Debug)]
pub struct FormatFacts {
    /// Its place in URLs; made from the name when none.
    pub code: Option<String>,
    /// Its name.
    pub name: Localized,
    /// The usual length of its sessions.
    pub minutes: i32,
    /// Its place in the order of display; last when none.
    pub position: Option<i32>,
}

/// Where a forum's colour is hard to tell from the page behind it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Faint {
    /// On the white page.
    OnWhite,
    /// On the dark page.
    OnDark,
}

/// Contrast that WCAG asks of marks that carry meaning (success criterion 1.4.11).
const VISIBLE: f64 = 3.0;

impl Faint {
    /// Where a colour `#rrggbb` is too faint to mark sessions by, if it is. No colour is faint on
    /// both pages.
    #[must_use]
    pub fn of(color: &str) -> Option<Self> {
        let (color, white) = (Color::parse(color)?, Color::parse("#ffffff")?);
        if color.contrast(white) < VISIBLE {
            return Some(Self::OnWhite);
        }
        (color.contrast(NIGHT) < VISIBLE).then_some(Self::OnDark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn colours_that_can_hardly_be_seen_are_told() {
        for (color, faint) in [
            ("#ffff00", Some(Faint::OnWhite)),
            ("#a0d8ef", Some(Faint::OnWhite)),
            ("#000040", Some(Faint::OnDark)),
            ("#d9480f", None),
            ("#1c7ed6", None),
        ] {
            assert_eq!(Faint::of(color), faint, "{color}");
        }
    }
}
