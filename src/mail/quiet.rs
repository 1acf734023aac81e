//! Hours in which the mail of an event does not leave, on the recipient's clock.

use crate::db::UtcTime;
use chrono::{Days, NaiveDateTime, NaiveTime, TimeZone, Timelike};
use chrono_tz::Tz;

/// From when until when; may go over midnight.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QuietHours {
    /// The first quiet minute.
    pub from: NaiveTime,
    /// The first minute that is not quiet any more.
    pub until: NaiveTime,
}

impl QuietHours {
    /// Hours as their columns hold them, in minutes since midnight.
    #[must_use]
    pub fn of_minutes(from: i32, until: i32) -> Option<Self> {
        let time = |minutes: i32| {
            NaiveTime::from_num_seconds_from_midnight_opt(u32::try_from(minutes).ok()?.checked_mul(60)?, 0)
        };
        Some(Self { from: time(from)?, until: time(until)? }).filter(|hours| hours.from != hours.until)
    }

    /// The minutes since midnight.
    #[must_use]
    pub fn minutes(self) -> (i32, i32) {
        let minutes = |time: NaiveTime| i32::try_from(time.num_seconds_from_midnight() / 60).unwrap_or(0);
        (minutes(self.from), minutes(self.until))
    }

    /// When something may leave that is ready at `at`: then, or when the quiet hours end that it falls into.
    #[must_use]
    pub fn after(self, at: UtcTime, zone: Tz) -> UtcTime {
        let local = at.in_zone(zone).naive_local();
        let time = local.time();
        let over_midnight = self.from > self.until;
        let is_quiet =
            if over_midnight { time >= self.from || time < self.until } else { time >= self.from && time < self.until };
        if !is_quiet {
            return at;
        }
        let day = if over_midnight && time >= self.from { local.date() + Days::new(1) } else { local.date() };
        end(day.and_time(self.until), zone).unwrap_or(at).max(at)
    }
}

/// The instant of a time on the clocks of a zone. Where the clocks jump over it, the first that they show.
fn end(local: NaiveDateTime, zone: Tz) -> Option<UtcTime> {
    (0..=12).find_map(|quarters| {
        let candidate = local + chrono::TimeDelta::minutes(15 * quarters);
        zone.from_local_datetime(&candidate).earliest().map(|found| found.to_utc().into())
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> UtcTime {
        chrono::DateTime::parse_from_rfc3339(text).expect("an instant").to_utc().into()
    }

    #[test]
    fn quiet_hours_end_on_the_recipients_clock() {
        let night = QuietHours::of_minutes(22 * 60, 7 * 60 + 30).expect("hours");
        let noon = QuietHours::of_minutes(12 * 60, 14 * 60).expect("hours");
        for (hours, zone, ready, leaves) in [
            (night, Tz::Asia__Shanghai, "2027-03-01T15:00:00Z", "2027-03-01T23:30:00Z"),
            (night, Tz::Asia__Shanghai, "2027-03-01T13:59:59Z", "2027-03-01T13:59:59Z"),
            (night, Tz::Asia__Shanghai, "2027-03-01T23:29:59Z", "2027-03-01T23:30:00Z"),
            (night, Tz::Asia__Shanghai, "2027-03-01T23:30:00Z", "2027-03-01T23:30:00Z"),
            (night, Tz::America__New_York, "2027-03-01T15:00:00Z", "2027-03-01T15:00:00Z"),
            (noon, Tz::Europe__Berlin, "2027-03-01T11:30:00Z", "2027-03-01T13:00:00Z"),
            (noon, Tz::Europe__Berlin, "2027-03-01T10:59:00Z", "2027-03-01T10:59:00Z"),
            // The clocks jump from two to three in this night.
            (
                QuietHours::of_minutes(60, 150).expect("hours"),
                Tz::Europe__Berlin,
                "2027-03-28T00:30:00Z",
                "2027-03-28T01:00:00Z",
            ),
        ] {
            assert_eq!(hours.after(at(ready), zone), at(leaves), "{ready} in {zone}");
        }
    }

    #[test]
    fn hours_that_never_end_are_none() {
        assert_eq!(QuietHours::of_minutes(60, 60), None);
        assert_eq!(QuietHours::of_minutes(-1, 60), None);
        assert_eq!(QuietHours::of_minutes(60, 24 * 60), None);
        assert_eq!(QuietHours::of_minutes(60, 90).expect("hours").minutes(), (60, 90));
    }
}
