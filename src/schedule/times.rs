//! Local times as organizers type them, resolved to instants.

use crate::db::UtcTime;
use chrono::{Days, LocalResult, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// Which of two instants is meant where the clocks show an hour twice.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fold {
    /// Before the clocks are set back.
    First,
    /// After.
    Second,
}

/// Why a local time names no instant.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unresolved {
    /// The clocks skip it that day.
    Gap,
    /// The clocks show it twice that day; someone has to say which is meant.
    Ambiguous,
}

/// The instant of a wall-clock time at a day in a zone.
///
/// # Errors
/// When the clocks skip it, or show it twice and `fold` does not say which.
pub fn resolve(day: NaiveDate, time: NaiveTime, zone: Tz, fold: Option<Fold>) -> Result<UtcTime, Unresolved> {
    match (zone.from_local_datetime(&day.and_time(time)), fold) {
        (LocalResult::Single(at), _) => Ok(at.with_timezone(&Utc).into()),
        (LocalResult::Ambiguous(first, _), Some(Fold::First)) => Ok(first.with_timezone(&Utc).into()),
        (LocalResult::Ambiguous(_, second), Some(Fold::Second)) => Ok(second.with_timezone(&Utc).into()),
        (LocalResult::Ambiguous(..), None) => Err(Unresolved::Ambiguous),
        (LocalResult::None, _) => Err(Unresolved::Gap),
    }
}

/// The first instant of a day on the clocks of a zone. Where the clocks skip midnight or the whole
/// day, the first instant after.
#[must_use]
pub fn day_start(day: NaiveDate, zone: Tz) -> UtcTime {
    let midnight = day.and_time(NaiveTime::MIN);
    (0..=LONGEST_GAP)
        .find_map(|quarter| zone.from_local_datetime(&(midnight + TimeDelta::minutes(15 * quarter))).earliest())
        .map_or_else(|| midnight.and_utc().into(), |at| at.with_timezone(&Utc).into())
}

/// Quarters of an hour that clocks skip at most: a day, where a country moved over the date line.
const LONGEST_GAP: i64 = 100;

/// The instants between which it is `day` in a zone: 23, 24 or 25 hours, none where the zone skips the day.
#[must_use]
pub fn day_span(day: NaiveDate, zone: Tz) -> (UtcTime, UtcTime) {
    (day_start(day, zone), day_start(day.checked_add_days(Days::new(1)).unwrap_or(day), zone))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(day: &str, time: &str, zone: Tz, fold: Option<Fold>) -> Result<String, Unresolved> {
        resolve(day.parse().expect("a day"), time.parse().expect("a time"), zone, fold).map(|at| at.to_string())
    }

    #[test]
    fn summer_time_is_asked_about_and_not_guessed() {
        let berlin = Tz::Europe__Berlin;
        assert_eq!(at("2027-03-28", "02:30:00", berlin, None), Err(Unresolved::Gap));
        assert_eq!(at("2027-10-31", "02:30:00", berlin, None), Err(Unresolved::Ambiguous));
        assert_eq!(at("2027-10-31", "02:30:00", berlin, Some(Fold::First)).as_deref(), Ok("2027-10-31T00:30:00Z"));
        assert_eq!(at("2027-10-31", "02:30:00", berlin, Some(Fold::Second)).as_deref(), Ok("2027-10-31T01:30:00Z"));
        assert_eq!(at("2027-04-13", "09:00:00", Tz::Asia__Shanghai, None).as_deref(), Ok("2027-04-13T01:00:00Z"));
        assert_eq!(at("2027-04-13", "09:00:00", Tz::Asia__Kathmandu, None).as_deref(), Ok("2027-04-13T03:15:00Z"));
        // Samoa skipped a whole day when it moved over the date line.
        assert_eq!(at("2011-12-30", "12:00:00", Tz::Pacific__Apia, None), Err(Unresolved::Gap));
    }

    #[test]
    fn a_day_is_as_long_as_its_clocks_make_it() {
        for (day, zone, start, hours) in [
            ("2027-04-13", Tz::Asia__Shanghai, "2027-04-12T16:00:00Z", 24),
            ("2027-04-13", Tz::Asia__Kolkata, "2027-04-12T18:30:00Z", 24),
            ("2027-03-28", Tz::Europe__Berlin, "2027-03-27T23:00:00Z", 23),
            ("2027-10-31", Tz::Europe__Berlin, "2027-10-30T22:00:00Z", 25),
            // The clocks go from midnight to one.
            ("2026-04-24", Tz::Africa__Cairo, "2026-04-23T22:00:00Z", 23),
            // The clocks go from one back to midnight, and from midnight back to eleven.
            ("2027-11-07", Tz::America__Havana, "2027-11-07T04:00:00Z", 25),
            ("2026-10-29", Tz::Africa__Cairo, "2026-10-28T21:00:00Z", 25),
            // The whole day is skipped.
            ("2011-12-30", Tz::Pacific__Apia, "2011-12-30T10:00:00Z", 0),
        ] {
            let (from, to) = day_span(day.parse().expect("a day"), zone);
            assert_eq!((from.to_string().as_str(), (to - from).num_hours()), (start, hours), "{day} in {zone}");
        }
    }
}
