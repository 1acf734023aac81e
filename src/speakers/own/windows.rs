//! When a speaker is free, on their own clocks: days of another zone, windows as typed, and back.
//!
//! Windows are kept as instants. A day lasts as long as the clocks of its zone say: 23 or 25 hours
//! when they are changed, nothing at all where a zone skips the day.

use crate::db::UtcTime;
use crate::schedule::availability::operations::Window;
use chrono::{LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone};
use chrono_tz::Tz;

/// A day on the clocks of one zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Day {
    /// Its date.
    pub date: NaiveDate,
    /// When it begins.
    pub start: UtcTime,
    /// When the next one begins.
    pub end: UtcTime,
}

/// Why two times of a day are no window.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum WrongWindow {
    /// The end is not later than the start.
    EndsBeforeStart,
    /// The clocks skip the whole of it that day.
    Skipped,
}

/// No change of clocks skips more than a day, as when an island moves over the date line.
const LONGEST_GAP_MINUTES: i64 = 48 * 60;

/// The instant of a wall-clock time; where the clocks skip it, the instant at which they go on.
fn instant(local: NaiveDateTime, zone: Tz, wants_later: bool) -> UtcTime {
    for minutes in 0..=LONGEST_GAP_MINUTES {
        match zone.from_local_datetime(&(local + TimeDelta::minutes(minutes))) {
            LocalResult::Single(at) => return at.to_utc().into(),
            LocalResult::Ambiguous(first, second) => return if wants_later { second } else { first }.to_utc().into(),
            LocalResult::None => {}
        }
    }
    local.and_utc().into()
}

impl Day {
    /// The day of this date; of no length where the zone skips it.
    #[must_use]
    pub fn of(date: NaiveDate, zone: Tz) -> Self {
        let start = |date: NaiveDate| instant(date.and_time(NaiveTime::MIN), zone, false);
        Self { date, start: start(date), end: start(date + TimeDelta::days(1)) }
    }

    /// The days on the clocks of `zone` that touch the days from `first` to `last` of `venue`.
    #[must_use]
    pub fn all(first: NaiveDate, last: NaiveDate, venue: Tz, zone: Tz) -> Vec<Self> {
        let (begins, ends) = (Self::of(first, venue).start, Self::of(last, venue).end);
        let mut days = Vec::new();
        for date in begins.in_zone(zone).date_naive().iter_days() {
            let day = Self::of(date, zone);
            if day.start >= ends {
                break;
            }
            if day.start < day.end {
                days.push(day);
            }
        }
        days
    }

    /// The instant of a time of this day; where the clocks skip it, the one at which they go on.
    #[must_use]
    pub fn at(&self, time: NaiveTime, zone: Tz) -> UtcTime {
        instant(self.date.and_time(time), zone, false)
    }

    /// The window from one time of this day to another. Midnight as its end is the day's own end. Of
    /// an hour that the clocks show twice, the first begins and the second ends it; what they skip
    /// is left out.
    ///
    /// # Errors
    /// When nothing is between the two.
    pub fn window(&self, from: NaiveTime, to: NaiveTime, zone: Tz) -> Result<(UtcTime, UtcTime), WrongWindow> {
        if to != NaiveTime::MIN && to <= from {
            return Err(WrongWindow::EndsBeforeStart);
        }
        let start = instant(self.date.and_time(from), zone, false);
        let end = if to == NaiveTime::MIN { self.end } else { instant(self.date.and_time(to), zone, true) };
        if start < end { Ok((start, end)) } else { Err(WrongWindow::Skipped) }
    }

    /// What of a stretch is in this day.
    #[must_use]
    pub fn part(&self, start: UtcTime, end: UtcTime) -> Option<(UtcTime, UtcTime)> {
        let (start, end) = (start.max(self.start), end.min(self.end));
        (start < end).then_some((start, end))
    }

    /// Begin and end of a stretch of this day as a form shows them: `09:00`, and `00:00` for its end.
    #[must_use]
    pub fn written(&self, (start, end): (UtcTime, UtcTime), zone: Tz) -> (String, String) {
        let clock = |at: UtcTime| at.in_zone(zone).format("%H:%M").to_string();
        (clock(start), if end == self.end { "00:00".to_owned() } else { clock(end) })
    }
}

/// The same windows in order, those of one level that touch or overlap made one.
#[must_use]
pub fn merged(mut windows: Vec<Window>) -> Vec<Window> {
    windows.sort_by_key(|window| (window.level.as_str(), window.start, window.end));
    let mut all: Vec<Window> = Vec::new();
    for window in windows {
        match all.last_mut() {
            Some(last) if last.level == window.level && window.start <= last.end => last.end = last.end.max(window.end),
            _ => all.push(window),
        }
    }
    all.sort_by_key(|window| (window.start, window.end, window.level.as_str()));
    all
}

/// What of the windows is before and after the days shown: the form must not lose what it does not show.
#[must_use]
pub fn outside(windows: &[Window], days: &[Day]) -> Vec<Window> {
    let (Some(first), Some(last)) = (days.first(), days.last()) else { return windows.to_vec() };
    windows
        .iter()
        .flat_map(|window| {
            let before = Window { end: window.end.min(first.start), ..*window };
            let after = Window { start: window.start.max(last.end), ..*window };
            [before, after]
        })
        .filter(|window| window.start < window.end)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::schedule::draft::Level;
    use proptest::prelude::*;

    fn date(text: &str) -> NaiveDate {
        text.parse().expect("a date")
    }

    fn time(text: &str) -> NaiveTime {
        NaiveTime::parse_from_str(text, "%H:%M").expect("a time")
    }

    fn window(day: &str, from: &str, to: &str, zone: Tz) -> Result<(String, String), WrongWindow> {
        let found = Day::of(date(day), zone).window(time(from), time(to), zone)?;
        Ok((found.0.to_string(), found.1.to_string()))
    }

    #[test]
    fn a_window_means_the_clocks_of_its_own_zone() {
        use Tz::{America__St_Johns as StJohns, Asia__Kathmandu as Kathmandu, Europe__Berlin as Berlin};
        for (day, from, to, zone, start, end) in [
            ("2027-04-13", "09:00", "12:30", Kathmandu, "2027-04-13T03:15:00Z", "2027-04-13T06:45:00Z"),
            ("2027-04-13", "00:00", "00:00", StJohns, "2027-04-13T02:30:00Z", "2027-04-14T02:30:00Z"),
            // Spring: the clocks go from 02:00 to 03:00.
            ("2027-03-28", "01:00", "04:00", Berlin, "2027-03-28T00:00:00Z", "2027-03-28T02:00:00Z"),
            ("2027-03-28", "02:30", "04:00", Berlin, "2027-03-28T01:00:00Z", "2027-03-28T02:00:00Z"),
            ("2027-03-28", "01:00", "02:30", Berlin, "2027-03-28T00:00:00Z", "2027-03-28T01:00:00Z"),
            // Autumn: the hour from 02:00 comes twice, and both belong to it.
            ("2027-10-31", "02:00", "03:00", Berlin, "2027-10-31T00:00:00Z", "2027-10-31T02:00:00Z"),
            ("2027-10-31", "02:30", "02:45", Berlin, "2027-10-31T00:30:00Z", "2027-10-31T01:45:00Z"),
            ("2027-10-31", "00:00", "00:00", Berlin, "2027-10-30T22:00:00Z", "2027-10-31T23:00:00Z"),
        ] {
            let expected = Ok((start.to_owned(), end.to_owned()));
            assert_eq!(window(day, from, to, zone), expected, "{day} {from} {to} {zone}");
        }
        assert_eq!(window("2027-04-13", "12:00", "12:00", Berlin), Err(WrongWindow::EndsBeforeStart));
        assert_eq!(window("2027-03-28", "02:10", "02:50", Berlin), Err(WrongWindow::Skipped));
    }

    #[test]
    fn a_day_that_a_zone_skips_is_none() {
        let apia = Tz::Pacific__Apia;
        let dates = |first, last, venue, zone| {
            Day::all(date(first), date(last), venue, zone).iter().map(|day| day.date.to_string()).collect::<Vec<_>>()
        };
        // Samoa went from the 29th to the 31st of December 2011.
        assert_eq!(
            dates("2011-12-29", "2011-12-31", Tz::UTC, apia),
            ["2011-12-28", "2011-12-29", "2011-12-31", "2012-01-01"]
        );
        let skipped = Day::of(date("2011-12-30"), apia);
        assert_eq!(skipped.start, skipped.end);
        // Chatham is 12:45 ahead: two days of its own touch one of Greenwich.
        assert_eq!(dates("2027-07-01", "2027-07-01", Tz::UTC, Tz::Pacific__Chatham), ["2027-07-01", "2027-07-02"]);
        assert_eq!(dates("2027-07-01", "2027-07-02", Tz::UTC, Tz::UTC), ["2027-07-01", "2027-07-02"]);
    }

    #[test]
    fn a_day_without_midnight_begins_later() {
        // Cuba changes its clocks at midnight.
        let day = Day::of(date("2027-03-14"), Tz::America__Havana);
        assert_eq!((day.start.to_string().as_str(), (day.end - day.start).num_hours()), ("2027-03-14T05:00:00Z", 23));
        assert_eq!(day.written((day.start, day.end), Tz::America__Havana), ("01:00".to_owned(), "00:00".to_owned()));
    }

    #[test]
    fn windows_that_touch_become_one() {
        let at = |hour: i64| -> UtcTime { chrono::DateTime::from_timestamp(hour * 3600, 0).expect("in range").into() };
        let window = |level, start, end| Window { level, start: at(start), end: at(end) };
        use Level::{Available as A, Unavailable as U};
        assert_eq!(
            merged(vec![window(A, 4, 6), window(U, 6, 7), window(A, 1, 4), window(A, 2, 3), window(A, 8, 9)]),
            [window(A, 1, 6), window(U, 6, 7), window(A, 8, 9)]
        );
    }

    proptest! {
        #[test]
        fn what_a_form_shows_of_a_window_and_does_not_show_is_the_whole_window(
            start in 0_i64..2_000, minutes in 1_i64..6_000, zone in 0..chrono_tz::TZ_VARIANTS.len()
        ) {
            let zone = chrono_tz::TZ_VARIANTS[zone];
            let begin: UtcTime = date("2027-03-25").and_time(NaiveTime::MIN).and_utc().into();
            let start = begin + TimeDelta::minutes(start * 15);
            let whole = Window { level: Level::Available, start, end: start + TimeDelta::minutes(minutes) };
            let days = Day::all(date("2027-03-27"), date("2027-03-30"), Tz::Asia__Shanghai, zone);
            prop_assert!(days.windows(2).all(|pair| pair[0].end == pair[1].start));
            let mut parts = outside(&[whole], &days);
            for day in &days {
                if let Some((start, end)) = day.part(whole.start, whole.end) {
                    parts.push(Window { start, end, ..whole });
                }
            }
            prop_assert_eq!(merged(parts), vec![whole]);
        }
    }
}
