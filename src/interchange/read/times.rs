//! Dates, times and durations as conference files write them, and how local times become instants.

use chrono::{DateTime, FixedOffset, LocalResult, NaiveDate, NaiveDateTime, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;

/// A point in time as the file gives it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Moment {
    /// With its own offset, which is taken at its word.
    Fixed(DateTime<FixedOffset>),
    /// In the zone that the value names.
    Zoned(NaiveDateTime, Tz),
    /// In the event's zone.
    Local(NaiveDateTime),
}

/// What became of a local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Resolution {
    /// The clock shows it exactly once.
    Exact,
    /// Summer time leaves it out; read with the offset from before.
    InGap,
    /// It happens twice; the first was taken.
    Twice,
}

/// The instant of a moment, with `zone` for moments that name none.
pub(super) fn resolve(moment: Moment, zone: Tz) -> (DateTime<Utc>, Resolution) {
    match moment {
        Moment::Fixed(at) => (at.to_utc(), Resolution::Exact),
        Moment::Zoned(at, zone) => resolve_local(at, zone),
        Moment::Local(at) => resolve_local(at, zone),
    }
}

fn resolve_local(local: NaiveDateTime, zone: Tz) -> (DateTime<Utc>, Resolution) {
    match zone.from_local_datetime(&local) {
        LocalResult::Single(at) => (at.to_utc(), Resolution::Exact),
        LocalResult::Ambiguous(first, _) => (first.to_utc(), Resolution::Twice),
        LocalResult::None => {
            // The day before knows the offset that held until the clocks went forward.
            let before = zone.from_local_datetime(&(local - TimeDelta::days(1))).earliest();
            let shifted = before.map_or_else(|| local.and_utc(), |before| before.to_utc() + TimeDelta::days(1));
            (shifted, Resolution::InGap)
        }
    }
}

/// Reads a date with a time: RFC 3339 and its relatives, with or without seconds, `T` or space, offset or none,
/// and iCalendar's basic form.
pub(super) fn moment(text: &str) -> Option<Moment> {
    let text = text.trim();
    if text.len() > 40 || !text.is_ascii() {
        return None;
    }
    let split = text.find(['T', 't', ' '])?;
    let date = date(&text[..split])?;
    let rest = text[split + 1..].trim_start();
    let offset_at = rest.find(['Z', 'z', '+', '-']).unwrap_or(rest.len());
    let time = clock(rest[..offset_at].trim_end())?;
    // ISO 8601 lets a day end at 24:00.
    let at = if time.1 { date.succ_opt()?.and_time(time.0) } else { date.and_time(time.0) };
    match rest[offset_at..].trim() {
        "" => Some(Moment::Local(at)),
        // UTC is how programs write instants; it says nothing about the event's zone, an offset of zero does.
        "Z" | "z" => Some(Moment::Zoned(at, Tz::UTC)),
        offset => Some(Moment::Fixed(offset_of(offset)?.from_local_datetime(&at).single()?)),
    }
}

/// Reads a date: `2020-02-01`, `20200201`, `2020/02/01`, `01.02.2020`, or the date of a date-time.
pub(super) fn date(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let day = text.split(['T', ' ']).next()?;
    let known = ["%Y-%m-%d", "%Y%m%d", "%Y/%m/%d", "%d.%m.%Y"];
    let digits = day.bytes().filter(u8::is_ascii_digit).count();
    if !(6..=8).contains(&digits) || !day.is_ascii() {
        return None;
    }
    let read = known.iter().find_map(|format| NaiveDate::parse_from_str(day, format).ok())?;
    // A programme lies in living memory or the near future; other years are typing errors.
    (1900..=2200).contains(&chrono::Datelike::year(&read)).then_some(read)
}

/// Reads a wall-clock time: `9:30`, `09:30`, `09:30:00`, `0930`, `093000`, with fractions of a second left out.
/// The second value tells that it was `24:00`.
pub(super) fn clock(text: &str) -> Option<(NaiveTime, bool)> {
    let text = text.trim().split('.').next()?;
    let parts: Vec<&str> = if text.contains(':') {
        text.split(':').collect()
    } else if matches!(text.len(), 4 | 6) && text.is_ascii() {
        [Some(&text[..2]), text.get(2..4), text.get(4..6).filter(|part| !part.is_empty())]
            .into_iter()
            .flatten()
            .collect()
    } else {
        return None;
    };
    let number = |index: usize| parts.get(index).map_or(Some(0), |part| small_number(part, 2));
    if !(2..=3).contains(&parts.len()) {
        return None;
    }
    let (hour, minute, second) = (number(0)?, number(1)?, number(2)?);
    if (hour, minute, second) == (24, 0, 0) {
        return Some((NaiveTime::MIN, true));
    }
    // A leap second is counted as the last ordinary one.
    NaiveTime::from_hms_opt(hour, minute, second.min(59)).filter(|_| second <= 60).map(|time| (time, false))
}

/// Reads a duration: `0:45`, `01:30`, `01:30:00` (hours, minutes, seconds), `1:02:30` (days, hours, minutes),
/// `1:02:30:00`, `013000`, `PT1H30M`, `P1D`, or whole minutes.
pub(super) fn duration(text: &str) -> Option<TimeDelta> {
    let text = text.trim();
    if text.is_empty() || text.len() > 32 || !text.is_ascii() {
        return None;
    }
    if text.starts_with(['P', 'p']) {
        return iso_duration(text);
    }
    let parts: Vec<u32> = text.split(':').map(|part| small_number(part, 6)).collect::<Option<_>>()?;
    let seconds = |days: u32, hours: u32, minutes: u32, seconds: u32| {
        let whole = ((i64::from(days) * 24 + i64::from(hours)) * 60 + i64::from(minutes)) * 60 + i64::from(seconds);
        TimeDelta::try_seconds(whole)
    };
    let first_digits = text.split(':').next().map_or(0, str::len);
    match parts[..] {
        [packed] if text.len() == 6 => seconds(0, packed / 10_000, packed / 100 % 100, packed % 100),
        [minutes] => seconds(0, 0, minutes, 0),
        [hours, minutes] => seconds(0, hours, minutes, 0),
        // frab writes a day or more as D:HH:MM, pentabarf seconds as HH:MM:SS.
        [days, hours, minutes] if first_digits == 1 => seconds(days, hours, minutes, 0),
        [hours, minutes, rest] => seconds(0, hours, minutes, rest),
        [days, hours, minutes, rest] => seconds(days, hours, minutes, rest),
        _ => None,
    }
    .filter(|read| *read <= TimeDelta::days(366))
}

fn iso_duration(text: &str) -> Option<TimeDelta> {
    let mut total = TimeDelta::zero();
    let mut digits = String::new();
    let mut in_time = false;
    for letter in text[1..].to_ascii_uppercase().chars() {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        if letter == 'T' {
            in_time = true;
            continue;
        }
        let number: i64 = small_number(&digits, 7)?.into();
        digits.clear();
        total += match (letter, in_time) {
            ('W', false) => TimeDelta::try_weeks(number)?,
            ('D', false) => TimeDelta::try_days(number)?,
            ('H', true) => TimeDelta::try_hours(number)?,
            ('M', true) => TimeDelta::try_minutes(number)?,
            ('S', true) => TimeDelta::try_seconds(number)?,
            _ => return None,
        };
    }
    Some(total).filter(|total| digits.is_empty() && *total <= TimeDelta::days(366))
}

fn offset_of(text: &str) -> Option<FixedOffset> {
    let (sign, digits) = match text.split_at_checked(1)? {
        ("+", digits) => (1, digits.replace(':', "")),
        ("-", digits) => (-1, digits.replace(':', "")),
        _ => return None,
    };
    let number: i32 = small_number(&digits, 4)?.try_into().ok()?;
    let (hours, minutes) = if digits.len() > 2 { (number / 100, number % 100) } else { (number, 0) };
    FixedOffset::east_opt(sign * (hours * 60 + minutes) * 60).filter(|_| hours <= 15 && minutes < 60)
}

fn small_number(text: &str, digits: usize) -> Option<u32> {
    let text = text.trim();
    let fits = (1..=digits).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
    if fits { text.parse().ok() } else { None }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn utc(text: &str, zone: Tz) -> String {
        resolve(moment(text).expect(text), zone).0.to_rfc3339_opts(chrono::SecondsFormat::Secs, true)
    }

    #[test]
    fn every_way_to_write_a_time_gives_the_same_instant() {
        for text in [
            "2020-02-01T09:30:00+01:00",
            "2020-02-01T09:30+01:00",
            "2020-02-01T09:30:00.000+0100",
            "2020-02-01 09:30 +01",
            "2020-02-01T08:30:00Z",
            "20200201T083000Z",
            "2020-02-01T09:30:00",
            "2020-02-01 9:30",
            "20200201T0930",
            "01.02.2020 09:30",
            "2020/02/01 09:30",
        ] {
            assert_eq!(utc(text, Tz::Europe__Brussels), "2020-02-01T08:30:00Z", "{text}");
        }
        for wrong in [
            "",
            "tomorrow",
            "2020-02-01",
            "2020-02-30T10:00:00",
            "2020-02-01T25:00",
            "2020-02-01T10:00+99:00",
            "0000-01-01T00:00",
        ] {
            assert_eq!(moment(wrong), None, "{wrong}");
        }
        assert_eq!(utc("2020-02-01T24:00:00", Tz::UTC), "2020-02-02T00:00:00Z");
    }

    #[test]
    fn durations_in_all_their_forms() {
        for (text, minutes) in [
            ("0:45", 45),
            ("01:30", 90),
            ("1:30", 90),
            ("00:25", 25),
            ("00:05:00", 5),
            ("1:02:30", 1590),
            ("1:02:30:00", 1590),
            ("013000", 90),
            ("PT1H30M", 90),
            ("P1D", 1440),
            ("90", 90),
            ("26:00", 1560),
        ] {
            assert_eq!(duration(text), Some(TimeDelta::minutes(minutes)), "{text}");
        }
        for wrong in ["", "long", "1:2:3:4:5", "-1:00", "P", "PT1X", "99999999:00", "P9999999W", "1.5"] {
            assert!(duration(wrong).is_none_or(|read| read.is_zero()), "{wrong}");
        }
    }

    #[test]
    fn summer_time_gaps_and_overlaps_are_read_with_the_first_offset() {
        let berlin = Tz::Europe__Berlin;
        let gap = moment("2026-03-29T02:30").expect("a time");
        assert_eq!(resolve(gap, berlin).1, Resolution::InGap);
        assert_eq!(utc("2026-03-29T02:30", berlin), "2026-03-29T01:30:00Z");
        let twice = moment("2026-10-25T02:30").expect("a time");
        assert_eq!(resolve(twice, berlin).1, Resolution::Twice);
        assert_eq!(utc("2026-10-25T02:30", berlin), "2026-10-25T00:30:00Z");
    }

    proptest! {
        #[test]
        fn reading_times_never_fails_loudly(text in any::<String>(), odd in "[0-9:TZ+\\-. P]{0,30}") {
            for text in [text.as_str(), odd.as_str()] {
                let _ = (moment(text), date(text), clock(text), duration(text));
            }
        }

        #[test]
        fn what_is_written_as_rfc_3339_comes_back(seconds in 0_i64..4_000_000_000, minutes in -840_i32..=840) {
            let offset = FixedOffset::east_opt(minutes * 60).expect("an offset");
            let at = DateTime::from_timestamp(seconds, 0).expect("in range").with_timezone(&offset);
            prop_assert_eq!(moment(&at.to_rfc3339()), Some(Moment::Fixed(at)));
        }
    }
}
