//! The event's days as a calendar entry (RFC 5545), for those who are confirmed.

use crate::calendar::{Lines, utc};
use crate::db::UtcTime;
use chrono::{Days, NaiveDate};

/// What a calendar is told.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Method {
    /// A file to open: here it is.
    Publish,
    /// In a mail: take it in, or bring it up to date.
    Request,
    /// In a mail: take it out again.
    Cancel,
}

impl Method {
    /// The word in the entry and in the media type.
    #[must_use]
    pub const fn as_str(self) -> &'static str {
        match self {
            Self::Publish => "PUBLISH",
            Self::Request => "REQUEST",
            Self::Cancel => "CANCEL",
        }
    }
}

/// An all-day entry over the days of an event. Days and not hours: nothing to go wrong between zones.
#[derive(Clone, Debug)]
pub struct Entry<'a> {
    /// Stable for one registration.
    pub uid: &'a str,
    /// Rises with each change.
    pub sequence: i32,
    /// When it was made.
    pub at: UtcTime,
    /// First day.
    pub first: NaiveDate,
    /// Last day.
    pub last: NaiveDate,
    /// The event's name.
    pub summary: &'a str,
    /// Where; may be empty.
    pub location: &'a str,
    /// The event's public page: never the private link, because calendars are shared.
    pub url: &'a str,
    /// The address that sends it.
    pub organizer: &'a str,
    /// The address that gets it.
    pub attendee: &'a str,
}

/// Writes the entry.
#[must_use]
pub fn write(entry: &Entry<'_>, method: Method) -> String {
    let day = |date: NaiveDate| date.format("%Y%m%d").to_string();
    let after = entry.last.checked_add_days(Days::new(1)).unwrap_or(entry.last);
    let mut lines = Lines::default();
    for line in ["BEGIN:VCALENDAR", "VERSION:2.0", "PRODID:-//Plenary//Registration//EN", "CALSCALE:GREGORIAN"] {
        lines.raw(line);
    }
    lines.raw(&format!("METHOD:{}", method.as_str()));
    lines.raw("BEGIN:VEVENT");
    lines.text("UID", entry.uid);
    lines.raw(&format!("DTSTAMP:{}", utc(entry.at)));
    lines.raw(&format!("SEQUENCE:{}", entry.sequence));
    lines.raw(&format!("DTSTART;VALUE=DATE:{}", day(entry.first)));
    lines.raw(&format!("DTEND;VALUE=DATE:{}", day(after)));
    lines.text("SUMMARY", entry.summary);
    lines.raw(&format!("URL:{}", entry.url));
    lines.raw("TRANSP:TRANSPARENT");
    lines.raw(&format!("STATUS:{}", if method == Method::Cancel { "CANCELLED" } else { "CONFIRMED" }));
    lines.text("LOCATION", entry.location);
    // RFC 5546: requests and cancellations name both sides, a published entry names nobody who attends.
    if method != Method::Publish {
        lines.raw(&format!("ORGANIZER:mailto:{}", entry.organizer));
        lines.raw(&format!("ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:{}", entry.attendee));
    }
    lines.raw("END:VEVENT");
    lines.raw("END:VCALENDAR");
    lines.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_entry_covers_every_day_and_ends_on_the_morning_after() {
        let day = |text: &str| text.parse::<NaiveDate>().expect(text);
        let summary = "世界互联网大会，乌镇; World Internet Conference, Wuzhen Summit of the year\nX";
        let entry = Entry {
            uid: "r@example.org",
            sequence: 2,
            at: chrono::DateTime::from_timestamp(1_800_000_000, 0).expect("in range").into(),
            first: day("2027-04-28"),
            last: day("2027-04-30"),
            summary,
            location: "Wuzhen",
            url: "https://summit.example/w",
            organizer: "office@example.org",
            attendee: "ada@example.org",
        };
        let text = write(&entry, Method::Request);
        assert!(text.lines().all(|line| line.len() <= 75), "{text}");
        let unfolded = text.replace("\r\n ", "");
        for line in [
            "METHOD:REQUEST",
            "DTSTART;VALUE=DATE:20270428",
            "DTEND;VALUE=DATE:20270501",
            "SUMMARY:世界互联网大会，乌镇\\; World Internet Conference\\, Wuzhen Summit of the year\\nX",
            "ATTENDEE;PARTSTAT=ACCEPTED;RSVP=FALSE:mailto:ada@example.org",
            "SEQUENCE:2",
        ] {
            assert!(unfolded.lines().any(|found| found == line), "{line} in {unfolded}");
        }
        assert!(!write(&entry, Method::Publish).contains("ada@example.org"));
        assert!(write(&entry, Method::Cancel).contains("STATUS:CANCELLED"));
    }
}
