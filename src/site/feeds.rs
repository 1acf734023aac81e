//! Feeds of the newest release in exchange formats.

use super::model::Released;
use crate::interchange::{self, Scope};
use crate::web::cache::Stored;

/// A feed's content and media type, or nothing when there is no such feed.
pub(super) fn feed(released: &Released, public_url: &str, kind: &str) -> Option<Stored> {
    let programme = &released.programme;
    let site = interchange::Site::of(programme, public_url);
    let (content, media_type) = match kind {
        "schedule.xml" => (interchange::schedule_xml(programme, &site), "application/xml; charset=utf-8"),
        "schedule.json" => (interchange::schedule_json(programme, &site), "application/json; charset=utf-8"),
        "schedule.ics" => (interchange::calendar(programme, &site, Scope::Event), CALENDAR),
        "schedule.xcal" => (interchange::xcal(programme, &site), "application/calendar+xml; charset=utf-8"),
        "schedule.csv" => (interchange::table(programme, &site), "text/csv; charset=utf-8"),
        _ => return None,
    };
    Some(Stored::new(content.into_bytes(), media_type, "Accept-Encoding"))
}

const CALENDAR: &str = "text/calendar; charset=utf-8";

/// The calendar of one session, speaker or room.
pub(super) fn part(released: &Released, public_url: &str, scope: Scope) -> Stored {
    let site = interchange::Site::of(&released.programme, public_url);
    let content = interchange::calendar(&released.programme, &site, scope);
    Stored::new(content.into_bytes(), CALENDAR, "Accept-Encoding")
}
