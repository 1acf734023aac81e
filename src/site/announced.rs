//! What is announced at this minute, on top of every page and by itself.

use super::view::Reader;
use crate::db::{RoomId, SessionId};
use crate::live::model::{Announcement, AnnouncementKind};
use crate::live::wording;
use crate::web::page::{AnnouncementHead, LiveHead, Page};
use serde::Serialize;

/// The announcements of this minute for a page's head, and what an open page compares to know
/// whether what it shows is out of date.
pub(super) fn head(reader: &Reader<'_>) -> LiveHead {
    let standing = || reader.event.announcements.iter().filter(|one| one.is_shown(reader.now));
    let release = reader.event.released.as_ref().and_then(|released| released.programme.release.as_ref());
    let mut shown = release.map_or(0, |release| release.number).to_string();
    for one in standing().filter(|one| one.kind != AnnouncementKind::Notice) {
        shown.push(' ');
        shown.push_str(one.id.as_str());
    }
    LiveHead {
        stream_url: format!("{}/live", reader.base()),
        announcements_url: format!("{}/announcements", reader.base()),
        version: reader.event.event.public_version,
        shown,
        announcements: standing().map(|one| line(reader, one)).collect(),
    }
}

/// The announcements of this minute that concern a door: those for everywhere, for the room, and for
/// the sessions that the door shows.
pub(super) fn at_door(reader: &Reader<'_>, room: RoomId, sessions: &[SessionId]) -> Vec<AnnouncementHead> {
    let concerns = |one: &Announcement| match (one.session_id, one.room_id) {
        (Some(session), _) => sessions.contains(&session),
        (None, Some(other)) => other == room,
        (None, None) => true,
    };
    let standing = reader.event.announcements.iter().filter(|one| one.is_shown(reader.now));
    standing.filter(|one| concerns(one)).map(|one| line(reader, one)).collect()
}

fn line(reader: &Reader<'_>, one: &Announcement) -> AnnouncementHead {
    let released = reader.event.released.as_ref();
    let session = one.session_id.and_then(|id| released?.session(id));
    let room = one.room_id.and_then(|id| released?.room(id)).map(|(_, room)| room);
    let place = session.map(|session| reader.pick(&session.title)).or(room.map(|room| reader.pick(&room.name)));
    let url = session
        .map(|session| format!("{}/sessions/{}", reader.base(), session.code))
        .or(room.map(|room| format!("{}/rooms/{}", reader.base(), room.code)));
    AnnouncementHead {
        id: one.id.to_string(),
        kind: one.kind.as_str(),
        room: room.map(|room| room.code.clone()).unwrap_or_default(),
        heading: wording::heading(
            &reader.app.texts,
            reader.lang,
            one,
            place.as_ref().map(|place| place.text.as_str()).filter(|text| !text.is_empty()),
        ),
        body: reader.pick(&one.body),
        since: reader.clock(one.starts_at),
        url: url.unwrap_or_default(),
    }
}

/// `/{event}/announcements`: what stands on top of every page, by itself. Open pages fetch it when
/// they hear of a change, because it is the smallest.
#[derive(Serialize)]
pub(super) struct AnnouncedPage {
    as_of: String,
}

impl Page for AnnouncedPage {
    const TEMPLATE: &'static str = "public/announcements.html";
}

impl AnnouncedPage {
    pub(super) fn of(reader: &Reader<'_>) -> Self {
        Self { as_of: reader.clock(reader.now) }
    }
}
