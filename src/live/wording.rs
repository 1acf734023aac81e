//! Announcements in words.

use super::model::{Announcement, AnnouncementKind};
use crate::i18n::{Lang, Texts};

/// What an announcement says in one line: "Hall B: about 20 minutes late". `place` is its room's
/// or session's name, where it has one; a notice without a place needs no heading.
#[must_use]
pub fn heading(texts: &Texts, lang: Lang, announcement: &Announcement, place: Option<&str>) -> String {
    let minutes = i64::from(announcement.delay_minutes);
    match (announcement.kind, place) {
        (AnnouncementKind::Notice, place) => place.unwrap_or_default().to_owned(),
        (AnnouncementKind::Delay, Some(place)) => {
            texts.text(lang, "live-late-there", &[("place", place.into()), ("minutes", minutes.into())])
        }
        (AnnouncementKind::Delay, None) => texts.text(lang, "live-late-everywhere", &[("minutes", minutes.into())]),
        (AnnouncementKind::Full, Some(place)) => texts.text(lang, "live-full-there", &[("place", place.into())]),
        (AnnouncementKind::Full, None) => texts.text(lang, "live-full", &[]),
    }
}

/// "20 minutes late".
#[must_use]
pub fn lateness(texts: &Texts, lang: Lang, announcement: &Announcement) -> String {
    texts.text(lang, "live-late", &[("minutes", i64::from(announcement.delay_minutes).into())])
}
