//! The door in numbers.

use super::Question;
use crate::checkin;
use crate::checkin::model::{EntryRule, Gate};
use crate::db::{DbConnection, GateId, UtcTime};
use crate::i18n::Localized;
use crate::numbers::model::{Door, GateFigures, HourFigures, ScannedInHour};
use crate::numbers::store;
use crate::schedule::times::day_span;
use chrono::{NaiveDate, TimeDelta, Timelike};
use chrono_tz::Tz;
use diesel::QueryResult;
use std::collections::BTreeMap;

/// Days of the event that are counted by person: the newest of them.
const MOST_DAYS: usize = 31;

/// The door of an event in a span.
pub(super) fn door(db: &mut DbConnection, question: &Question<'_>, now: UtcTime) -> QueryResult<Door> {
    let (scope, zone) = (&question.scope, question.event.zone());
    let gates = checkin::operations::list(db, question.event.id)?;
    let scanned = store::door::scanned(db, scope)?;
    let today = question.today(now);
    let is_counted = |day: &NaiveDate| {
        *day <= today
            && question.filter.from.is_none_or(|from| *day >= from)
            && question.filter.to.is_none_or(|to| *day <= to)
    };
    let mut days: Vec<(NaiveDate, UtcTime, UtcTime)> = question
        .event
        .days()
        .filter(is_counted)
        .map(|day| {
            let (from, to) = day_span(day, zone);
            (day, from, to)
        })
        .collect();
    days.drain(..days.len().saturating_sub(MOST_DAYS));
    let counts_inside = gates.iter().any(|gate| gate.entry == EntryRule::Counted && gate.session_id.is_none());
    Ok(Door {
        hours: hours(&gates, &scanned, zone),
        gates: gate_figures(&gates, &scanned),
        days: store::door::came(db, scope, &days)?,
        inside: if counts_inside { Some(store::door::inside(db, scope)?) } else { None },
    })
}

fn gate_figures(gates: &[Gate], scanned: &[ScannedInHour]) -> Vec<GateFigures> {
    let sum = |gate: Option<GateId>, of: fn(&ScannedInHour) -> i64| -> i64 {
        scanned.iter().filter(|row| place(gates, row.gate) == gate).map(of).sum()
    };
    let mut figures: Vec<GateFigures> = gates
        .iter()
        .map(|gate| GateFigures {
            code: gate.code.clone(),
            name: gate.name.clone(),
            entered: sum(Some(gate.id), |row| row.entered),
            refused: sum(Some(gate.id), |row| row.refused),
            inside: (gate.entry == EntryRule::Counted).then_some(gate.inside),
        })
        .collect();
    let (entered, refused) = (sum(None, |row| row.entered), sum(None, |row| row.refused));
    if entered + refused > 0 {
        figures.push(GateFigures { code: String::new(), name: Localized::new(), entered, refused, inside: None });
    }
    figures
}

/// The gate of a scan, if it still exists.
fn place(gates: &[Gate], gate: Option<GateId>) -> Option<GateId> {
    gate.filter(|gate| gates.iter().any(|one| one.id == *gate))
}

/// Every hour of the event's clocks in which somebody came in, and the ones between two of the same day.
fn hours(gates: &[Gate], scanned: &[ScannedInHour], zone: Tz) -> Vec<HourFigures> {
    let mut by_hour: BTreeMap<UtcTime, Vec<i64>> = BTreeMap::new();
    for row in scanned.iter().filter(|row| row.entered > 0) {
        let column = gates.iter().position(|gate| Some(gate.id) == row.gate).unwrap_or(gates.len());
        let counts = by_hour.entry(hour_of_clock(row.hour, zone)).or_insert_with(|| vec![0; gates.len() + 1]);
        counts[column] += row.entered;
    }
    let mut all: Vec<HourFigures> = Vec::new();
    for (hour, entered) in by_hour {
        let day = |at: UtcTime| at.in_zone(zone).date_naive();
        while let Some(last) = all.last() {
            let next = last.hour + TimeDelta::hours(1);
            if next >= hour || day(next) != day(hour) || day(last.hour) != day(hour) {
                break;
            }
            all.push(HourFigures { hour: next, entered: vec![0; gates.len() + 1] });
        }
        all.push(HourFigures { hour, entered });
    }
    let has_deleted = all.iter().any(|hour| hour.entered.last().is_some_and(|count| *count > 0));
    if !has_deleted {
        all.iter_mut().for_each(|hour| hour.entered.truncate(gates.len()));
    }
    all
}

/// The beginning of the hour on the event's clocks: in India those do not begin with hours of UTC.
fn hour_of_clock(at: UtcTime, zone: Tz) -> UtcTime {
    at - TimeDelta::minutes(at.in_zone(zone).minute().into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::numbers::days::instant;

    fn scanned(hour: &str, entered: i64) -> ScannedInHour {
        ScannedInHour { gate: None, hour: instant(hour).expect(hour), entered, refused: 1 }
    }

    #[test]
    fn hours_without_anyone_stand_between_hours_of_the_same_day() {
        let rows = [
            scanned("2027-04-13 00:00", 3),
            scanned("2027-04-13 03:00", 2),
            scanned("2027-04-13 23:30", 0),
            scanned("2027-04-14 01:15", 4),
            scanned("2027-04-14 01:30", 1),
        ];
        let counted = |zone: Tz| -> Vec<(String, i64)> {
            let all = hours(&[], &rows, zone);
            all.iter().map(|one| (one.hour.in_zone(zone).format("%d %H:%M").to_string(), one.total())).collect()
        };
        let shanghai = [("13 08:00", 3), ("13 09:00", 0), ("13 10:00", 0), ("13 11:00", 2), ("14 09:00", 5)];
        assert_eq!(counted(chrono_tz::Asia::Shanghai), shanghai.map(|(at, count)| (at.to_owned(), count)));
        let kolkata = counted(chrono_tz::Asia::Kolkata);
        assert_eq!(kolkata.last(), Some(&("14 07:00".to_owned(), 1)));
        assert_eq!(kolkata.iter().map(|one| one.1).sum::<i64>(), 10);
    }
}
