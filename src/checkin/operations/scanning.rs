//! One scan: found, decided, kept and counted in one transaction.

use super::DoorError;
use crate::audit::{self, Actor, Entry};
use crate::checkin::model::{Attendee, Direction, Gate, Inclusion, Presence, Scan, ScanResult};
use crate::checkin::rules::{Asked, GateRules, LastEntry, Person, Unknown, decide};
use crate::checkin::store::{gates, people, scans as store};
use crate::db::{DbConnection, DeviceId, GateId, RegistrationId, ScanId, UserId, UtcTime};
use crate::events::model::Event;
use crate::registration::operations::find_ticket_key;
use crate::registration::ticket::{InvalidTicket, serial, verify_ticket};
use chrono::TimeDelta;
use serde_json::json;

/// Who scans.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum By {
    /// A device with a cookie of its own.
    Device {
        /// Which one.
        id: DeviceId,
        /// Whether it is to be remembered that it is in use.
        is_to_be_seen: bool,
    },
    /// An account of the team.
    User(UserId),
}

/// What was held before the reader or typed, already understood.
#[derive(Clone, Debug)]
pub enum Read {
    /// A signed ticket, or the code of a registration.
    Text(String),
    /// Somebody picked from a search.
    Person(RegistrationId),
}

/// What is asked by a scan.
#[derive(Clone, Debug)]
pub struct ScanRequest {
    /// Made up by the device, so that a repetition is known.
    pub id: ScanId,
    /// The gate.
    pub gate: GateId,
    /// Which way.
    pub direction: Direction,
    /// Whom or what.
    pub read: Read,
    /// When, as the device says; now when it asks at once.
    pub at: Option<UtcTime>,
    /// What the device decided while it could not ask, and acted on.
    pub offline: Option<ScanResult>,
    /// Let in against the rules, because of this.
    pub reason: Option<String>,
}

/// Whom a scan found.
#[derive(Clone, Debug)]
pub struct Found {
    /// The registration.
    pub attendee: Attendee,
    /// Its category.
    pub category: Inclusion,
}

/// What came of a scan.
#[derive(Clone, Debug)]
pub struct Outcome {
    /// The scan.
    pub id: ScanId,
    /// In, out, or why not.
    pub result: ScanResult,
    /// Which way was asked for.
    pub direction: Direction,
    /// The entry that speaks against it: where and when.
    pub since: Option<(GateId, UtcTime)>,
    /// Whom it found.
    pub found: Option<Found>,
    /// What the device let happen and should not have.
    pub conflict: Option<ScanResult>,
    /// Whether the scan was known already.
    pub is_repeated: bool,
}

/// Days after which a device's word on when it scanned is not believed any more.
const OLDEST_DAYS: i64 = 14;

/// Decides about a scan and keeps it; one that is known already is answered as it was.
///
/// # Errors
/// When there is no such gate, or another device used the id.
pub fn record(
    db: &mut DbConnection,
    now: UtcTime,
    event: &Event,
    by: By,
    request: &ScanRequest,
) -> Result<Outcome, DoorError> {
    if let By::Device { id, is_to_be_seen: true } = by {
        super::devices::seen(db, now, id)?;
    }
    if let Some(known) = store::find(db, request.id)? {
        return repeated(db, event, by, known);
    }
    let gate = gates::find(db, event.id, request.gate)?.ok_or(DoorError::NotFound)?;
    let read = identify(db, event, &request.read)?;
    let found = match read {
        Ok((id, _)) => find(db, event, id)?,
        Err(_) => None,
    };
    let at = moment(now, request.at);
    if let Some(found) = &found {
        people::lock(db, found.attendee.id)?;
    }
    if let (Some(session), Some(_)) = (gate.session_id, &found) {
        people::lock_session(db, session)?;
    }
    let present = match &found {
        Some(found) => store::presences(db, &gate, found.attendee.id)?,
        None => Vec::new(),
    };
    // A device that had no network tells what happened before something that is known already.
    let is_late = request.offline.is_some() && present.iter().any(|one| one.last_at > at);
    let last = match found.as_ref().filter(|_| is_late) {
        Some(found) => earlier_entry(&store::passages(db, &gate, found.attendee.id)?, at, event.zone()),
        None => last_entry(&present, event.zone()),
    };
    let verdict = judge(db, (event, &gate, request.direction, at), (read, found.as_ref()), last)?;
    let (result, conflict) = settle(request, verdict.result, found.is_some());
    if let Some(found) = found.as_ref().filter(|_| is_late) {
        pass_earlier(db, at, (&gate, request.id, result), found.attendee.id, &present)?;
    } else if let Some(found) = &found {
        pass(db, at, (&gate, request.id, result), found.attendee.id, &present)?;
    }
    let scan = row(now, at, (event, by, request), found.as_ref(), (result, conflict));
    store::insert(db, &scan)?;
    explain(db, now, (event, by, request), &scan)?;
    let since = verdict.since.map(|last| (last.gate, last.at));
    Ok(Outcome { id: request.id, result, direction: request.direction, since, found, conflict, is_repeated: false })
}

/// When it was scanned: the device's word, within reason.
fn moment(now: UtcTime, said: Option<UtcTime>) -> UtcTime {
    match said {
        Some(at) if at > now => now,
        Some(at) if at > now - TimeDelta::days(OLDEST_DAYS) => at,
        _ => now,
    }
}

/// Whom something names, and by which of their tickets where it was one; or why nobody.
type Identified = Result<(RegistrationId, Option<u16>), Unknown>;

fn identify(db: &mut DbConnection, event: &Event, read: &Read) -> Result<Identified, DoorError> {
    let text = match read {
        Read::Person(id) => return Ok(Ok((*id, None))),
        Read::Text(text) => text.trim_matches(['\r', '\n', '\t']),
    };
    if !text.starts_with("PT1:") {
        let code: String = text.chars().filter(char::is_ascii_alphanumeric).take(40).collect();
        let found = people::by_code(db, event.id, &code.to_ascii_uppercase())?;
        return Ok(found.map(|id| (id, None)).ok_or(Unknown::Nobody));
    }
    let Some(key) = find_ticket_key(db, event.id)? else {
        return Ok(Err(Unknown::Ticket(InvalidTicket::OtherKey)));
    };
    // Category and zones are what they were on the day of issue; what counts is the row.
    let ticket = verify_ticket(&key.public(), text);
    Ok(ticket.map(|ticket| (ticket.registration, Some(ticket.serial))).map_err(Unknown::Ticket))
}

fn find(db: &mut DbConnection, event: &Event, id: RegistrationId) -> Result<Option<Found>, DoorError> {
    let Some(attendee) = people::find(db, event.id, id)? else { return Ok(None) };
    let category = people::includes(db, attendee.category_id)?;
    Ok(Some(Found { attendee, category }))
}

fn judge(
    db: &mut DbConnection,
    (event, gate, direction, at): (&Event, &Gate, Direction, UtcTime),
    (read, found): (Identified, Option<&Found>),
    last: Option<LastEntry>,
) -> Result<crate::checkin::rules::Verdict, DoorError> {
    let rules = rules_of(db, gate)?;
    let zone = event.zone();
    let scanned = read.ok().and_then(|(_, serial)| serial);
    let person = found.map(|found| Person {
        state: found.attendee.state,
        is_merged: found.attendee.merged_into.is_some(),
        is_replaced: scanned.is_some_and(|scanned| scanned < serial(found.attendee.ticket_serial)),
        category: found.attendee.category_id,
        zones: found.category.zones.clone(),
        days: found.category.days.clone(),
    });
    let seats = match gate.session_id {
        Some(session) => people::seats(db, at, session, found.map(|found| found.attendee.id))?,
        None => None,
    };
    Ok(decide(&Asked {
        gate: &rules,
        direction,
        now: at.in_zone(zone).naive_local(),
        person: person.as_ref().ok_or(read.err().unwrap_or(Unknown::Nobody)),
        last,
        seats,
    }))
}

/// The entry that counts: where they are inside, else the last one.
fn last_entry(present: &[Presence], zone: chrono_tz::Tz) -> Option<LastEntry> {
    let presence = present.iter().find(|one| one.is_inside).or(present.first())?;
    Some(LastEntry {
        gate: presence.gate_id,
        at: presence.last_at,
        day: presence.last_at.in_zone(zone).date_naive(),
        is_inside: presence.is_inside,
    })
}

/// The entry that speaks against one told late: the one just before or after it with nothing between, else one of the
/// same day.
fn earlier_entry(passages: &[(GateId, UtcTime, bool)], at: UtcTime, zone: chrono_tz::Tz) -> Option<LastEntry> {
    let day = |at: UtcTime| at.in_zone(zone).date_naive();
    let before = passages.iter().rfind(|(_, passed, _)| *passed <= at);
    let after = passages.iter().find(|(_, passed, _)| *passed > at);
    let beside = [before, after].into_iter().flatten().find(|(_, _, is_in)| *is_in);
    let found = beside.filter(|(_, passed, _)| day(*passed) == day(at));
    let found = found.or_else(|| passages.iter().find(|(_, passed, is_in)| *is_in && day(*passed) == day(at)));
    let (gate, passed, _) = *found.or(beside)?;
    Some(LastEntry { gate, at: passed, day: day(passed), is_inside: beside.is_some() })
}

/// The rules of a gate with its zone by name.
fn rules_of(db: &mut DbConnection, gate: &Gate) -> Result<GateRules, DoorError> {
    let zone = match gate.zone_id {
        Some(zone) => gates::zone_code(db, zone)?.map(|code| [zone.to_string(), code]),
        None => None,
    };
    let (opens_at, closes_at) = gate.hours();
    Ok(GateRules {
        id: gate.id,
        entry: gate.entry,
        categories: gate.categories.to_vec(),
        zone,
        days: gate.days.to_vec(),
        opens_at,
        closes_at,
    })
}

/// What is kept of a decision, and what it contradicts: a device without network has acted already,
/// and a person may overrule the rules with a reason.
fn settle(request: &ScanRequest, decided: ScanResult, is_known: bool) -> (ScanResult, Option<ScanResult>) {
    if let Some(done) = request.offline {
        let contradicts = done.is_passage() && !decided.is_passage() && decided != ScanResult::NotInside;
        return (done, contradicts.then_some(decided));
    }
    let overruled = request.reason.is_some() && is_known && !decided.is_passage();
    (if overruled { ScanResult::Admitted } else { decided }, None)
}

/// Keeps who is where.
fn pass(
    db: &mut DbConnection,
    at: UtcTime,
    (gate, scan, result): (&Gate, ScanId, ScanResult),
    id: RegistrationId,
    present: &[Presence],
) -> Result<(), DoorError> {
    match result {
        ScanResult::In | ScanResult::Admitted => {
            let own = present.iter().find(|one| one.gate_id == gate.id);
            if !present.iter().any(|one| one.is_inside) {
                store::count(db, gate.id, 1)?;
            } else if own.is_none_or(|own| !own.is_inside) {
                // They are in by another entry: counted there no more, but here.
                leave_all(db, at, scan, id, present)?;
                store::count(db, gate.id, 1)?;
            }
            store::enter(db, at, (id, gate.id, scan), own)?;
            people::came(db, at, id)?;
            if let Some(session) = gate.session_id {
                people::came_to_session(db, at, (session, id))?;
            }
        }
        ScanResult::Out => leave_all(db, at, scan, id, present)?,
        _ => {}
    }
    Ok(())
}

/// Keeps what happened before something that is known already: it counts, and who is where stays as it is.
fn pass_earlier(
    db: &mut DbConnection,
    at: UtcTime,
    (gate, scan, result): (&Gate, ScanId, ScanResult),
    id: RegistrationId,
    present: &[Presence],
) -> Result<(), DoorError> {
    if !matches!(result, ScanResult::In | ScanResult::Admitted) {
        return Ok(());
    }
    let own = present.iter().find(|one| one.gate_id == gate.id);
    store::entered_earlier(db, at, (id, gate.id, scan), own)?;
    people::came(db, at, id)?;
    if let Some(session) = gate.session_id {
        people::came_to_session(db, at, (session, id))?;
    }
    Ok(())
}

fn leave_all(
    db: &mut DbConnection,
    at: UtcTime,
    scan: ScanId,
    id: RegistrationId,
    present: &[Presence],
) -> Result<(), DoorError> {
    for presence in present.iter().filter(|one| one.is_inside) {
        if store::leave(db, at, (id, presence, scan))? {
            store::count(db, presence.gate_id, -1)?;
        }
    }
    Ok(())
}

fn row(
    now: UtcTime,
    at: UtcTime,
    (event, by, request): (&Event, By, &ScanRequest),
    found: Option<&Found>,
    (result, conflict): (ScanResult, Option<ScanResult>),
) -> Scan {
    let (device_id, user_id) = match by {
        By::Device { id, .. } => (Some(id), None),
        By::User(id) => (None, Some(id)),
    };
    Scan {
        id: request.id,
        event_id: event.id,
        gate_id: Some(request.gate),
        device_id,
        user_id,
        registration_id: found.map(|found| found.attendee.id),
        direction: request.direction,
        result,
        was_offline: request.offline.is_some(),
        conflict: conflict.map(|reason| reason.to_string()),
        seen_conflict_at: None,
        scanned_at: at,
        received_at: now,
    }
}

/// An overruled rule stands in the audit log with its reason.
fn explain(
    db: &mut DbConnection,
    now: UtcTime,
    (event, by, request): (&Event, By, &ScanRequest),
    scan: &Scan,
) -> Result<(), DoorError> {
    let (Some(reason), ScanResult::Admitted, Some(id)) = (&request.reason, scan.result, scan.registration_id) else {
        return Ok(());
    };
    let (actor, device) = match by {
        By::Device { id, .. } => (Actor::Visitor, Some(id.to_string())),
        By::User(user) => (Actor::User(user), None),
    };
    let detail = json!({ "reason": reason, "gate": request.gate.as_str(), "device": device });
    let entry = Entry::new(Some(event.id), actor, "registration.admitted", "registration", id.as_str());
    Ok(audit::note(db, now, &entry.with(detail))?)
}

/// A scan that is known is answered as it was, and nothing is counted again.
fn repeated(db: &mut DbConnection, event: &Event, by: By, known: Scan) -> Result<Outcome, DoorError> {
    let is_own = match by {
        By::Device { id, .. } => known.device_id == Some(id),
        By::User(user) => known.user_id == Some(user),
    };
    if known.event_id != event.id || !is_own {
        return Err(DoorError::OtherScan);
    }
    let found = match known.registration_id {
        Some(id) => find(db, event, id)?,
        None => None,
    };
    let since = match (known.result, known.gate_id, &found) {
        (ScanResult::AlreadyIn, Some(gate), Some(found)) => match gates::find(db, event.id, gate)? {
            Some(gate) => last_entry(&store::presences(db, &gate, found.attendee.id)?, event.zone()),
            None => None,
        },
        _ => None,
    };
    Ok(Outcome {
        id: known.id,
        result: known.result,
        direction: known.direction,
        since: since.map(|last| (last.gate, last.at)),
        found,
        conflict: known.conflict.and_then(|word| word.parse().ok()),
        is_repeated: true,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_device_is_believed_about_the_past_within_reason() {
        let now: UtcTime = "2027-04-13T09:00:00Z".parse::<chrono::DateTime<chrono::Utc>>().expect("a time").into();
        for (said, expected) in [
            (None, now),
            (Some(now - TimeDelta::hours(5)), now - TimeDelta::hours(5)),
            (Some(now + TimeDelta::seconds(90)), now),
            (Some(now - TimeDelta::days(OLDEST_DAYS + 1)), now),
        ] {
            assert_eq!(moment(now, said), expected);
        }
    }
}
