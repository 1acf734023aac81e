//! What supervisors see and what devices must know beforehand.

use super::DoorError;
use crate::audit::{self, Actor, Entry};
use crate::checkin::model::{Scan, ScanResult};
use crate::checkin::store::{counts, people, scans};
use crate::db::{DbConnection, EventId, GateId, RegistrationId, ScanId, UtcTime};
use crate::i18n::Localized;
use crate::registration::model::RegistrationState;
use crate::registration::names::{NameOrder, full_name};
use crate::registration::ticket::serial;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::QueryResult;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The numbers of one gate.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct GateFigures {
    /// The gate.
    pub gate: String,
    /// Who is inside by it.
    pub inside: i32,
    /// Let in since the beginning of the day.
    pub entered: i64,
    /// Went out since then.
    pub left: i64,
    /// Turned away since then.
    pub refused: i64,
}

/// The numbers of an event's doors.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Figures {
    /// Each gate.
    pub gates: Vec<GateFigures>,
    /// How many have ever come.
    pub came: i64,
    /// How many could.
    pub confirmed: i64,
    /// Conflicts that nobody has looked at.
    pub conflicts: i64,
}

/// The numbers since an instant.
///
/// # Errors
/// When the database refuses.
pub fn figures(db: &mut DbConnection, event: EventId, since: UtcTime) -> QueryResult<Figures> {
    let inside = counts::inside(db, event)?;
    let scanned = counts::by_gate(db, event, since)?;
    let (came, confirmed) = counts::came(db, event)?;
    let of = |gate: GateId, wanted: fn(ScanResult) -> bool| {
        scanned.iter().filter(|row| row.0 == Some(gate) && wanted(row.1)).map(|row| row.2).sum()
    };
    let gates = inside
        .into_iter()
        .map(|(gate, inside)| GateFigures {
            gate: gate.to_string(),
            inside,
            entered: of(gate, |result| matches!(result, ScanResult::In | ScanResult::Admitted)),
            left: of(gate, |result| result == ScanResult::Out),
            refused: of(gate, |result| !result.is_passage()),
        })
        .collect();
    Ok(Figures { gates, came, confirmed, conflicts: counts::open_conflicts(db, event)? })
}

/// When people were let in since an instant.
///
/// # Errors
/// When the database refuses.
pub fn entries(db: &mut DbConnection, event: EventId, since: UtcTime) -> QueryResult<Vec<UtcTime>> {
    counts::entries(db, event, since)
}

/// Someone was let in who should not have been.
pub struct Conflict {
    /// The scan.
    pub scan: Scan,
    /// Who it was, and their code.
    pub person: Option<(String, String)>,
}

/// Conflicts shown at once.
const MOST_CONFLICTS: i64 = 100;

/// Conflicts that nobody has looked at, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn conflicts(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Conflict>> {
    let rows = scans::conflicts(db, event, MOST_CONFLICTS)?;
    let named =
        |(given, family, order, code): (String, String, NameOrder, String)| (full_name(&given, &family, order), code);
    Ok(rows.into_iter().map(|(scan, person)| Conflict { scan, person: person.map(named) }).collect())
}

/// The scans of one person by time: when, at which gate, and what came of it.
///
/// # Errors
/// When the database refuses.
pub fn of_person(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<(UtcTime, Option<String>, String)>> {
    scans::of_person(db, id)
}

/// A scan in the words of a log: when, the gate's name, which way, and what came of it.
pub type LoggedScan = (UtcTime, Option<Localized>, String, String);

/// The newest scans of one person: when, the gate's name, which way, and what came of it.
///
/// # Errors
/// When the database refuses.
pub fn log_of(db: &mut DbConnection, id: RegistrationId, limit: i64) -> QueryResult<Vec<LoggedScan>> {
    scans::log_of(db, id, limit)
}

/// Moves what is known at the door to another registration of the same person; first the one that keeps it.
///
/// # Errors
/// When the database refuses.
pub fn adopt(db: &mut DbConnection, of: (RegistrationId, RegistrationId)) -> QueryResult<()> {
    scans::adopt(db, of)
}

/// Notes that a supervisor has looked at a conflict.
///
/// # Errors
/// When there is no such conflict.
pub fn see_conflict(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    scan: ScanId,
) -> Result<(), DoorError> {
    if !scans::see(db, now, event, scan)? {
        return Err(DoorError::NotFound);
    }
    Ok(audit::note(db, now, &Entry::new(Some(event), actor, "scan.conflict-seen", "scan", scan.as_str()))?)
}

/// What a device must know of one registration: no name, and not even its id.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Exception {
    /// The hash of the registration's id.
    pub h: String,
    /// Why its ticket does not count, if so.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub r: Option<ScanResult>,
    /// The serial of the ticket that counts, where earlier ones do not any more.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub s: Option<u16>,
    /// The gate of an entry, where there was one.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub g: Option<GateId>,
    /// When that was, in seconds since 1970.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub t: Option<i64>,
    /// Whether they are inside.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub i: Option<bool>,
}

/// Everything that speaks against tickets, as far as it changed since an instant.
pub type Exceptions = Vec<Exception>;

/// The hash by which devices know a registration. An id is a random number, so nobody finds it by trying.
fn hash(id: RegistrationId) -> String {
    URL_SAFE_NO_PAD.encode(&Sha256::digest(id.as_str().as_bytes())[..16])
}

/// What speaks against tickets of an event, as far as it changed since an instant.
///
/// # Errors
/// When the database refuses.
pub fn exceptions(db: &mut DbConnection, event: EventId, since: UtcTime) -> QueryResult<Exceptions> {
    let mut all: Exceptions = people::not_standing(db, event, since)?
        .into_iter()
        .map(|(id, state, merged, number)| Exception {
            h: hash(id),
            r: reason(state, merged.is_some()),
            s: Some(serial(number)).filter(|serial| *serial > 0),
            g: None,
            t: None,
            i: None,
        })
        .collect();
    let entries = people::entries_since(db, event, since)?;
    all.extend(entries.into_iter().map(|(id, gate, at, is_inside)| Exception {
        h: hash(id),
        r: None,
        s: None,
        g: Some(gate),
        t: Some(at.timestamp()),
        i: Some(is_inside),
    }));
    Ok(all)
}

fn reason(state: RegistrationState, is_merged: bool) -> Option<ScanResult> {
    use RegistrationState as S;
    match state {
        _ if is_merged => Some(ScanResult::Revoked),
        S::Confirmed => None,
        S::Cancelled | S::Expired => Some(ScanResult::Cancelled),
        _ => Some(ScanResult::NotApproved),
    }
}
