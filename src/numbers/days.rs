//! From counts by hours of UTC to days, weeks and months on the clocks of an event.

use crate::db::UtcTime;
use crate::schedule::times::day_start;
use chrono::{Datelike, Days, NaiveDate, NaiveDateTime, Offset, TimeDelta};
use chrono_tz::Tz;
use std::collections::BTreeMap;

/// What instants are counted by in the database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Step {
    /// Hours.
    Hour,
    /// Quarters of an hour, where the clocks of a zone stand between two hours of UTC, as in India or Nepal.
    Quarter,
}

/// The coarsest step in which days of a zone begin, over a time.
#[must_use]
pub fn step_of(zone: Tz, from: UtcTime, to: UtcTime) -> Step {
    let is_whole = |at: UtcTime| at.in_zone(zone).offset().fix().local_minus_utc() % 3600 == 0;
    let mut at = from;
    while at < to {
        if !is_whole(at) {
            return Step::Quarter;
        }
        // Zones that change between whole and half hours keep each for months.
        at = at + TimeDelta::days(30);
    }
    if is_whole(to) { Step::Hour } else { Step::Quarter }
}

/// The instant of a text such as `2027-04-13 09:15`, as the database writes beginnings of hours.
#[must_use]
pub fn instant(text: &str) -> Option<UtcTime> {
    NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M").ok().map(|at| at.and_utc().into())
}

/// Adds counts of hours up to days on the clocks of a zone.
#[must_use]
pub fn by_day(hours: impl IntoIterator<Item = (UtcTime, i64)>, zone: Tz) -> BTreeMap<NaiveDate, i64> {
    let mut days = BTreeMap::new();
    for (hour, count) in hours {
        *days.entry(hour.in_zone(zone).date_naive()).or_default() += count;
    }
    days
}

/// The instants between which a span of days lies; without an end it reaches as far as instants are kept.
#[must_use]
pub fn span(from: Option<NaiveDate>, to: Option<NaiveDate>, zone: Tz) -> (UtcTime, UtcTime) {
    let after = |day: NaiveDate| day.checked_add_days(Days::new(1)).unwrap_or(day);
    let beginning =
        from.map_or_else(|| FIRST.and_hms_opt(0, 0, 0).map(|at| at.and_utc().into()), |day| Some(day_start(day, zone)));
    let end = to.map_or_else(
        || LAST.and_hms_opt(0, 0, 0).map(|at| at.and_utc().into()),
        |day| Some(day_start(after(day), zone)),
    );
    (beginning.unwrap_or_else(|| day_start(FIRST, zone)), end.unwrap_or_else(|| day_start(LAST, zone)))
}

const FIRST: NaiveDate = NaiveDate::from_ymd_opt(1970, 1, 1).unwrap();
const LAST: NaiveDate = NaiveDate::from_ymd_opt(9999, 1, 1).unwrap();

/// What one column of a chart stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bin {
    /// A day.
    Day,
    /// A week that begins on Monday.
    Week,
    /// A month.
    Month,
}

/// Most columns that can be told apart.
const MOST_COLUMNS: i64 = 92;

impl Bin {
    /// The finest that leaves columns wide enough for so many days.
    #[must_use]
    pub const fn for_days(days: i64) -> Self {
        if days <= MOST_COLUMNS {
            Self::Day
        } else if days <= MOST_COLUMNS * 7 {
            Self::Week
        } else {
            Self::Month
        }
    }

    /// The first day of the bin that a day lies in.
    #[must_use]
    pub fn start(self, day: NaiveDate) -> NaiveDate {
        match self {
            Self::Day => day,
            Self::Week => day.checked_sub_days(Days::new(day.weekday().num_days_from_monday().into())).unwrap_or(day),
            Self::Month => day.with_day(1).unwrap_or(day),
        }
    }
}

/// Longest list of days: ten years. What lies before its beginning counts as there from the beginning.
const MOST_DAYS: i64 = 3660;

/// Every day from the first to the last, both included; the newest where there are too many.
#[must_use]
pub fn every_day(first: NaiveDate, last: NaiveDate) -> Vec<NaiveDate> {
    let earliest = last.checked_sub_days(Days::new(MOST_DAYS.unsigned_abs())).unwrap_or(first);
    first.max(earliest).iter_days().take_while(|day| *day <= last).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn day(text: &str) -> NaiveDate {
        text.parse().expect(text)
    }

    fn at(text: &str) -> UtcTime {
        instant(text).expect(text)
    }

    #[test]
    fn hours_become_days_of_the_zone_also_where_clocks_change() {
        let hours = [
            ("2027-03-27 22:00", 1),
            ("2027-03-27 23:00", 2),
            ("2027-03-28 21:00", 4),
            ("2027-03-28 22:00", 8),
            ("2027-03-28 23:00", 16),
        ];
        for (zone, expected) in [
            (chrono_tz::UTC, vec![("2027-03-27", 3), ("2027-03-28", 28)]),
            // At midnight the 28th begins at 23:00 UTC and, with the clocks put forward, ends at 22:00 UTC.
            (chrono_tz::Europe::Berlin, vec![("2027-03-27", 1), ("2027-03-28", 6), ("2027-03-29", 24)]),
            (chrono_tz::Asia::Shanghai, vec![("2027-03-28", 3), ("2027-03-29", 28)]),
        ] {
            let days = by_day(hours.iter().map(|(text, count)| (at(text), *count)), zone);
            let expected: BTreeMap<NaiveDate, i64> =
                expected.into_iter().map(|(text, count)| (day(text), count)).collect();
            assert_eq!(days, expected, "{zone}");
        }
    }

    #[test]
    fn quarters_are_counted_where_days_begin_between_hours() {
        for (zone, step) in [
            (chrono_tz::Asia::Shanghai, Step::Hour),
            (chrono_tz::Europe::Berlin, Step::Hour),
            (chrono_tz::Asia::Kolkata, Step::Quarter),
            (chrono_tz::Asia::Kathmandu, Step::Quarter),
            // Half an hour of summer time.
            (chrono_tz::Australia::Lord_Howe, Step::Quarter),
        ] {
            assert_eq!(step_of(zone, at("2027-01-01 00:00"), at("2027-12-31 00:00")), step, "{zone}");
        }
        assert_eq!(instant("2027-13-01 00:00"), None);
    }

    #[test]
    fn a_span_holds_its_last_day_whole() {
        let (from, to) = span(Some(day("2027-03-28")), Some(day("2027-03-28")), chrono_tz::Europe::Berlin);
        assert_eq!((from, to), (at("2027-03-27 23:00"), at("2027-03-28 22:00")), "a day of 23 hours");
        let (from, to) = span(None, None, chrono_tz::Asia::Shanghai);
        assert!(from < at("1990-01-01 00:00") && to > at("2900-01-01 00:00"));
    }

    #[test]
    fn many_days_are_put_together() {
        for (days, bin) in [(1, Bin::Day), (92, Bin::Day), (93, Bin::Week), (644, Bin::Week), (645, Bin::Month)] {
            assert_eq!(Bin::for_days(days), bin, "{days}");
        }
        // A Thursday.
        assert_eq!(Bin::Week.start(day("2027-04-15")), day("2027-04-12"));
        assert_eq!(Bin::Week.start(day("2027-04-12")), day("2027-04-12"));
        assert_eq!(Bin::Month.start(day("2027-04-15")), day("2027-04-01"));
        assert_eq!(every_day(day("2027-04-15"), day("2027-04-17")).len(), 3);
        assert_eq!(every_day(day("2027-04-15"), day("2027-04-14")).len(), 0);
        assert_eq!(every_day(day("1970-01-01"), day("2027-04-14")).len(), 3661);
    }

    proptest! {
        #[test]
        fn no_hour_is_lost_or_counted_twice(
            hours in proptest::collection::vec((0_i64..200_000, 0_i64..1000), 0..60),
            zone in proptest::sample::select(vec![chrono_tz::Asia::Shanghai, chrono_tz::America::New_York, chrono_tz::Pacific::Apia, chrono_tz::Asia::Kolkata]),
        ) {
            let hours: Vec<(UtcTime, i64)> = hours.into_iter()
                .map(|(hour, count)| (at("2010-01-01 00:00") + TimeDelta::hours(hour), count))
                .collect();
            let total: i64 = hours.iter().map(|(_, count)| count).sum();
            prop_assert_eq!(by_day(hours, zone).values().sum::<i64>(), total);
        }
    }
}
