//! Local times as organizers type them, resolved to instants.

use crate::db::UtcTime;
use chrono::{LocalResult, NaiveDate, NaiveTime, TimeZone, Utc};
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
}
