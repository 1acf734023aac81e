//! What the app sends and asks for: scans in batches, the list for working without network, people by
//! name, pictures to be read.

use super::access::Scanner;
use super::door::{gate_names, search};
use super::wording::{Shown, Words};
use crate::checkin::model::{Direction, Gate, Inclusion, ScanResult};
use crate::checkin::operations::{self, DoorError, Exceptions, Read, ScanRequest};
use crate::checkin::picture::{self, Unread};
use crate::db::{CategoryId, GateId, RegistrationId, ScanId, UtcTime};
use crate::registration::operations::{find_ticket_key, give_ticket_key};
use crate::registration::ticket::{TicketKey, key_id};
use crate::web::error::PageResult;
use crate::web::token::hex;
use crate::web::{Failure, RouteTable};
use actix_web::HttpResponse;
use actix_web::web::{Bytes, BytesMut, Payload};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{NaiveDate, TimeDelta};
use futures_util::StreamExt;
use serde::{Deserialize, Serialize};

/// The routes of the app.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/checkin/{event}/scans", receive_scans);
    routes.get("/checkin/{event}/list", show_list);
    routes.get("/checkin/{event}/people", find_people);
    routes.post("/checkin/{event}/picture", read_picture);
}

/// Scans taken at once; a device with more sends them one batch after the other.
const MOST_SCANS: usize = 100;
/// Most bytes of a batch.
const MOST_BYTES: usize = 128 * 1024;
/// Longest text of a code, in characters.
const LONGEST_TEXT: usize = 1_000;
/// Longest reason, in characters.
const LONGEST_REASON: usize = 300;

#[derive(Deserialize)]
struct Batch {
    scans: Vec<Sent>,
}

/// One scan as a device sends it.
#[derive(Deserialize)]
struct Sent {
    id: ScanId,
    gate: GateId,
    direction: Direction,
    #[serde(default)]
    text: Option<String>,
    #[serde(default)]
    person: Option<RegistrationId>,
    /// Milliseconds since 1970 on the device's clock.
    #[serde(default)]
    at: Option<i64>,
    /// What the device decided by itself.
    #[serde(default)]
    offline: Option<ScanResult>,
    #[serde(default)]
    reason: Option<String>,
}

impl Sent {
    fn request(self) -> Option<ScanRequest> {
        let read = match self.person {
            Some(person) => Read::Person(person),
            None => Read::Text(self.text?.chars().take(LONGEST_TEXT).collect()).filled()?,
        };
        let at = self.at.and_then(chrono::DateTime::from_timestamp_millis).map(UtcTime::from);
        let reason = self.reason.map(|reason| crate::web::forms::clean_line(&reason));
        let reason = reason.map(|reason| reason.chars().take(LONGEST_REASON).collect::<String>());
        Some(ScanRequest {
            id: self.id,
            gate: self.gate,
            direction: self.direction,
            read,
            at,
            offline: self.offline,
            reason: reason.filter(|reason| !reason.is_empty()),
        })
    }
}

#[derive(Serialize)]
struct Answers {
    scans: Vec<Answer>,
}

/// What came of one scan, or why it will never be taken.
#[derive(Serialize)]
#[serde(untagged)]
enum Answer {
    Shown(Box<Shown>),
    Refused { id: String, error: &'static str },
}

/// Takes in a body of at most so many bytes.
async fn take_in(mut body: Payload, most: usize) -> Result<Bytes, Failure> {
    let mut bytes = BytesMut::new();
    while let Some(chunk) = body.next().await {
        let chunk = chunk.map_err(|_| Failure::bad_request("error-form-cut-off"))?;
        if bytes.len() + chunk.len() > most {
            return Err(Failure::too_large());
        }
        bytes.extend_from_slice(&chunk);
    }
    Ok(bytes.freeze())
}

/// `POST /checkin/{event}/scans`: one scan of a device that asks, or many of one that could not.
async fn receive_scans(scanner: Scanner, body: Payload) -> PageResult {
    let body = take_in(body, MOST_BYTES).await?;
    let batch: Batch = serde_json::from_slice(&body).map_err(|_| Failure::bad_request("error-bad-request"))?;
    if batch.scans.len() > MOST_SCANS {
        return Err(Failure::too_large());
    }
    let gates = gate_names(&scanner).await?;
    let lang = scanner.context("checkin-door-title").lang;
    let words = Words { scanner: &scanner, lang, gates: &gates };
    let mut scans = Vec::with_capacity(batch.scans.len());
    for sent in batch.scans {
        scans.push(take(&words, sent).await?);
    }
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(Answers { scans }))
}

async fn take(words: &Words<'_>, sent: Sent) -> Result<Answer, Failure> {
    let id = sent.id.to_string();
    let Some(request) = sent.request() else { return Ok(Answer::Refused { id, error: "empty" }) };
    let (event, by) = (words.scanner.event.clone(), words.scanner.by);
    let recorded =
        words.scanner.visit.app.write(move |db, now| operations::record(db, now, &event, by, &request)).await;
    match recorded {
        Ok(outcome) => Ok(Answer::Shown(Box::new(words.shown(&outcome).await?))),
        // Sending these again would change nothing.
        Err(DoorError::NotFound) => Ok(Answer::Refused { id, error: "gate" }),
        Err(DoorError::OtherScan) => Ok(Answer::Refused { id, error: "other" }),
        Err(error) => Err(error.into()),
    }
}

/// What a device needs to decide by itself.
#[derive(Serialize)]
struct List {
    /// Where the next list continues, in seconds since 1970.
    at: i64,
    /// The server's clock, by which the device sets its own.
    now: i64,
    key_id: String,
    public_key: String,
    gates: Vec<ListedGate>,
    categories: Vec<ListedCategory>,
    exceptions: Exceptions,
}

#[derive(Serialize)]
struct ListedGate {
    id: GateId,
    name: String,
    entry: &'static str,
    main: bool,
    /// Codes of categories.
    categories: Vec<String>,
    /// Both names of the zone.
    zone: Vec<String>,
    session: bool,
    days: Vec<NaiveDate>,
    opens: Option<String>,
    closes: Option<String>,
}

#[derive(Serialize)]
struct ListedCategory {
    code: String,
    name: String,
    color: String,
    zones: Vec<String>,
    days: Vec<NaiveDate>,
}

/// Seconds by which lists overlap: what is committed late must not fall between two.
const OVERLAP: i64 = 30;

/// `GET /checkin/{event}/list?since=`: rules, key, and what speaks against tickets. No names.
async fn show_list(scanner: Scanner) -> PageResult {
    let since = scanner.visit.param("since").and_then(|text| text.parse().ok()).unwrap_or(0);
    let since =
        chrono::DateTime::from_timestamp(since, 0).map_or_else(|| chrono::DateTime::UNIX_EPOCH.into(), UtcTime::from);
    let event = scanner.event.id;
    let read = move |db: &mut crate::db::DbConnection| {
        let key = find_ticket_key(db, event)?.map(|key| key.public());
        let (gates, leads) = (operations::list(db, event)?, operations::leads(db, event)?);
        Ok::<_, Failure>((key, gates, leads, operations::exceptions(db, event, since)?))
    };
    let (key, gates, leads, exceptions) = scanner.visit.app.read(read).await?;
    let key = match key {
        Some(key) => key,
        None => new_key(&scanner).await?,
    };
    let lang = scanner.context("checkin-door-title").lang;
    let word = |text: &crate::i18n::Localized| text.text(lang, &scanner.event.languages).to_owned();
    let list = List {
        at: (scanner.visit.app.clock.now() - TimeDelta::seconds(OVERLAP)).timestamp(),
        now: scanner.visit.app.clock.now().timestamp(),
        key_id: hex(&key_id(&key)),
        public_key: STANDARD.encode(key),
        gates: gates.iter().map(|gate| listed_gate(gate, &leads, word(&gate.name))).collect(),
        categories: leads.categories.iter().map(|one| listed_category(one, word(&one.name))).collect(),
        exceptions,
    };
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(list))
}

/// The event's key, made now: a device that fetched its list before the first ticket was issued would
/// take every ticket for another event's until the next list.
async fn new_key(scanner: &Scanner) -> Result<[u8; 32], Failure> {
    let (event, secret) = (scanner.event.id, TicketKey::new_random().secret());
    let give = move |db: &mut crate::db::DbConnection, now| {
        Ok::<_, Failure>(give_ticket_key(db, now, event, &TicketKey::from_secret(&secret))?.public())
    };
    scanner.visit.app.write(give).await
}

fn listed_gate(gate: &Gate, leads: &operations::Leads, name: String) -> ListedGate {
    let code = |id: &CategoryId| leads.categories.iter().find(|one| one.id == *id).map(|one| one.code.clone());
    let zone = gate.zone_id.and_then(|id| leads.zones.iter().find(|zone| zone.0 == id));
    ListedGate {
        id: gate.id,
        name,
        entry: gate.entry.as_str(),
        main: gate.is_main,
        categories: gate.categories.iter().filter_map(code).collect(),
        zone: zone.map(|zone| vec![zone.0.to_string(), zone.1.clone()]).unwrap_or_default(),
        session: gate.session_id.is_some(),
        days: gate.days.to_vec(),
        opens: gate.opens_at.clone(),
        closes: gate.closes_at.clone(),
    }
}

fn listed_category(category: &Inclusion, name: String) -> ListedCategory {
    ListedCategory {
        code: category.code.clone(),
        name,
        color: category.badge_color.clone(),
        zones: category.zones.clone(),
        days: category.days.clone(),
    }
}

/// `GET /checkin/{event}/people?q=`.
async fn find_people(scanner: Scanner) -> PageResult {
    let query = scanner.visit.param("q").unwrap_or_default().to_owned();
    let people = search(&scanner, &query).await?;
    Ok(HttpResponse::Ok().insert_header(("cache-control", "no-store")).json(serde_json::json!({ "people": people })))
}

/// `POST /checkin/{event}/picture`: the text of the code that a picture shows.
async fn read_picture(scanner: Scanner, body: Payload) -> PageResult {
    let picture = take_in(body, picture::MOST_BYTES).await?;
    tracing::debug!(event = %scanner.event.id, bytes = picture.len(), "a picture to be read");
    match picture::read(picture).await {
        Ok(text) => Ok(HttpResponse::Ok()
            .insert_header(("cache-control", "no-store"))
            .json(serde_json::json!({ "text": text }))),
        Err(Unread::NoPicture) => Err(Failure::bad_request("checkin-error-picture")),
        Err(Unread::NoCode) => Ok(HttpResponse::Ok().json(serde_json::json!({ "text": null }))),
    }
}
