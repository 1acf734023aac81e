//! `VTIMEZONE`: the zone's real changes of clock in the years of an event, from the zone database.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeDelta, TimeZone, Utc};
use chrono_tz::{OffsetComponents, OffsetName, Tz};

/// One stretch of time with the same offset.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Observance {
    is_daylight: bool,
    from: i32,
    to: i32,
    name: String,
    /// On the clocks as they were just before.
    begins: String,
}

/// The lines of a `VTIMEZONE` that is right from the year before `first` to the year after `last`.
#[must_use]
pub fn lines(zone: Tz, first: DateTime<Utc>, last: DateTime<Utc>) -> Vec<String> {
    let mut lines = vec!["BEGIN:VTIMEZONE".to_owned(), format!("TZID:{}", zone.name())];
    for observance in observances(zone, first.year() - 1, last.year() + 1) {
        let kind = if observance.is_daylight { "DAYLIGHT" } else { "STANDARD" };
        lines.push(format!("BEGIN:{kind}"));
        lines.push(format!("DTSTART:{}", observance.begins));
        lines.push(format!("TZOFFSETFROM:{}", offset(observance.from)));
        lines.push(format!("TZOFFSETTO:{}", offset(observance.to)));
        lines.push(format!("TZNAME:{}", observance.name));
        lines.push(format!("END:{kind}"));
    }
    lines.push("END:VTIMEZONE".to_owned());
    lines
}

fn observances(zone: Tz, first_year: i32, last_year: i32) -> Vec<Observance> {
    let midnight =
        |year| NaiveDate::from_ymd_opt(year, 1, 1).unwrap_or_default().and_time(chrono::NaiveTime::MIN).and_utc();
    let (mut at, end) = (midnight(first_year), midnight(last_year + 1));
    let start = observance(zone, at, at - TimeDelta::seconds(1));
    // What holds at the beginning has held since long before, as far as this calendar is concerned.
    let mut found = vec![Observance { from: start.to, begins: format!("{first_year:04}0101T000000"), ..start }];
    while at < end {
        let next = at + TimeDelta::days(1);
        if seconds(zone, at) != seconds(zone, next) {
            let change = change_between(zone, at, next);
            found.push(observance(zone, change, change - TimeDelta::seconds(1)));
        }
        at = next;
    }
    found
}

fn observance(zone: Tz, at: DateTime<Utc>, before: DateTime<Utc>) -> Observance {
    let to = zone.offset_from_utc_datetime(&at.naive_utc());
    let from = seconds(zone, before);
    let begins = (at.naive_utc() + TimeDelta::seconds(from.into())).format("%Y%m%dT%H%M%S").to_string();
    let name = to.abbreviation().map_or_else(|| offset(to.fix().local_minus_utc()), str::to_owned);
    Observance { is_daylight: !to.dst_offset().is_zero(), from, to: to.fix().local_minus_utc(), name, begins }
}

/// The first second after the change.
fn change_between(zone: Tz, mut before: DateTime<Utc>, mut after: DateTime<Utc>) -> DateTime<Utc> {
    let old = seconds(zone, before);
    while after - before > TimeDelta::seconds(1) {
        let middle = before + (after - before) / 2;
        let middle = DateTime::from_timestamp(middle.timestamp(), 0).unwrap_or(middle);
        if seconds(zone, middle) == old { before = middle } else { after = middle }
    }
    after
}

fn seconds(zone: Tz, at: DateTime<Utc>) -> i32 {
    zone.offset_from_utc_datetime(&at.naive_utc()).fix().local_minus_utc()
}

fn offset(seconds: i32) -> String {
    let sign = if seconds < 0 { '-' } else { '+' };
    let minutes = seconds.abs() / 60;
    let text = format!("{sign}{:02}{:02}", minutes / 60, minutes % 60);
    match seconds.abs() % 60 {
        0 => text,
        rest => format!("{text}{rest:02}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rules(zone: Tz, year: i32) -> Vec<String> {
        let at = NaiveDate::from_ymd_opt(year, 6, 1).expect("a date").and_time(chrono::NaiveTime::MIN).and_utc();
        lines(zone, at, at)
    }

    #[test]
    fn summer_time_begins_and_ends_as_the_zone_database_says() {
        let berlin = rules(Tz::Europe__Berlin, 2026).join("\n");
        let spring =
            "BEGIN:DAYLIGHT\nDTSTART:20260329T020000\nTZOFFSETFROM:+0100\nTZOFFSETTO:+0200\nTZNAME:CEST\nEND:DAYLIGHT";
        let autumn =
            "BEGIN:STANDARD\nDTSTART:20261025T030000\nTZOFFSETFROM:+0200\nTZOFFSETTO:+0100\nTZNAME:CET\nEND:STANDARD";
        assert!(berlin.contains(spring) && berlin.contains(autumn), "{berlin}");
        assert!(
            berlin.starts_with("BEGIN:VTIMEZONE\nTZID:Europe/Berlin\nBEGIN:STANDARD\nDTSTART:20250101T000000\n"),
            "{berlin}"
        );
    }

    #[test]
    fn a_zone_that_skips_a_day_says_from_when_on() {
        let apia = rules(Tz::Pacific__Apia, 2011).join("\n");
        assert!(apia.contains("DTSTART:20111230T000000\nTZOFFSETFROM:-1000\nTZOFFSETTO:+1400"), "{apia}");
    }

    #[test]
    fn zones_without_summer_time_have_one_rule() {
        let shanghai = rules(Tz::Asia__Shanghai, 2026);
        assert_eq!(shanghai.iter().filter(|line| line.starts_with("BEGIN:STANDARD")).count(), 1);
        assert!(shanghai.contains(&"TZOFFSETTO:+0800".to_owned()));
        assert!(rules(Tz::Asia__Kathmandu, 2026).contains(&"TZOFFSETTO:+0545".to_owned()));
    }
}
