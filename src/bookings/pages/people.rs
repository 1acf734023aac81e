//! What the team does with the people of a session: gives seats, takes them away, offers, invites.

use super::organizer::{Viewer, session_url};
use crate::accounts::access::{Allowed, ManageRegistrations};
use crate::bookings::inviting;
use crate::bookings::letters::{SeatLetter, hours};
use crate::bookings::model::{Booking, BookingState};
use crate::bookings::operations::{self, BookError, Change, PreparedOffer, Step, Wish, new_offer, offer_until};
use crate::bookings::rules::{Hours, Refusal};
use crate::db::{BookingId, RegistrationId, SessionId, UtcTime};
use crate::mail::model::{MessageKind, NewMessage};
use crate::registration::desk::safe_cell;
use crate::registration::model::{PrivateLink, Registration};
use crate::registration::operations::of_event;
use crate::web::error::PageResult;
use crate::web::forms::clean_line;
use crate::web::{Failure, FormData, Message, RouteTable, respond};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;

/// The routes of people.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/seats/{session}/people.csv", export_people);
    routes.post("/organizer/{event}/seats/{session}/people", add_person);
    routes.post("/organizer/{event}/seats/{session}/people/{booking}", change_person);
    routes.post("/organizer/{event}/seats/{session}/guests", invite_guests);
    routes.post("/organizer/{event}/seats/{session}/guests/{guest}/remove", remove_guest);
}

type Clerk = Allowed<ManageRegistrations>;

/// One of several letters to someone about a session, and the link that it carries.
fn letter(
    team: &Clerk,
    registration: &Registration,
    session: SessionId,
    (kind, deadline): (MessageKind, Option<UtcTime>),
) -> Result<(NewMessage, PrivateLink), Failure> {
    let (app, snapshot) = (&team.visit.app, team.visit.app.site.snapshot());
    let released = snapshot.event(&team.event.slug).and_then(|event| event.released.as_ref());
    let letter = SeatLetter { app, event: &team.event, registration, released, session, now: app.clock.now() };
    letter.write(kind, deadline)
}

/// When the session takes place, as the public knows it.
fn hours_of(team: &Clerk, session: SessionId) -> Vec<Hours> {
    let snapshot = team.visit.app.site.snapshot();
    let mut hours = hours(snapshot.event(&team.event.slug).and_then(|event| event.released.as_ref()));
    hours.retain(|hours| hours.session == session);
    hours
}

/// `POST /organizer/{event}/seats/{session}/people`: gives a seat to the person with this number.
async fn add_person(team: Clerk, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    let (event, session) = (team.event.id, path.1);
    let code = clean_line(form.text("code")).to_uppercase();
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(operations::by_code(db, event, &code)?)).await?;
    let unknown = || Failure::Told(StatusCode::UNPROCESSABLE_ENTITY, Message::new("seats-error-unknown-number"));
    let wish = wish(&team, &found.ok_or_else(unknown)?, session)?;
    let actor = team.actor();
    team.visit.app.write(move |db, now| operations::book(db, now, actor, &wish)).await?;
    Ok(respond::see_other_with_notice(session_url(&team, session), "seats-notice-added"))
}

fn wish(team: &Clerk, registration: &Registration, session: SessionId) -> Result<Wish, Failure> {
    let (app, snapshot) = (&team.visit.app, team.visit.app.site.snapshot());
    let released = snapshot.event(&team.event.slug).and_then(|event| event.released.as_ref());
    let letter = SeatLetter { app, event: &team.event, registration, released, session, now: app.clock.now() };
    let ([booked, waiting], link) = letter.either([MessageKind::SeatBooked, MessageKind::SeatWaiting])?;
    Ok(Wish {
        event: team.event.id,
        session,
        registration: registration.id,
        hours: hours(released),
        booked,
        waiting,
        link,
        by_team: true,
    })
}

/// `POST /organizer/{event}/seats/{session}/people/{booking}`: `do` is `remove`, `offer` or `prefer`.
async fn change_person(team: Clerk, path: Path<(String, SessionId, BookingId)>, form: FormData) -> PageResult {
    let (event, session, id) = (team.event.id, path.1, path.2);
    let found = team
        .visit
        .app
        .read(move |db| {
            let booking = operations::booking(db, event, id)?.filter(|booking| booking.session_id == session);
            let booking = booking.ok_or(Failure::NotFound)?;
            let (registration, _) = of_event(db, event, booking.registration_id)?.ok_or(Failure::NotFound)?;
            Ok::<_, Failure>((booking, registration))
        })
        .await?;
    match form.text("do") {
        "offer" => offer(&team, session, found).await?,
        "prefer" => prefer(&team, id, form.text("priority").parse().unwrap_or(0)).await?,
        _ => remove(&team, session, found).await?,
    }
    Ok(respond::see_other_with_notice(session_url(&team, session), "seats-notice-changed"))
}

async fn remove(team: &Clerk, session: SessionId, (booking, who): (Booking, Registration)) -> Result<(), Failure> {
    let (message, link) = letter(team, &who, session, (MessageKind::SeatRemoved, None))?;
    let (event, actor) = (team.event.id, team.actor());
    team.visit
        .app
        .write(move |db, now| {
            crate::registration::operations::keep_link(db, &link)?;
            let (registration, step) = (booking.registration_id, Step::Remove);
            let change = Change { event, session, registration, step, message: Some(&message), hours: &[] };
            operations::step(db, now, actor, &change)
        })
        .await
        .map_err(Failure::from)
}

/// Offers a seat out of turn, if one is free, for as long as an offer in turn would hold.
async fn offer(team: &Clerk, session: SessionId, (booking, who): (Booking, Registration)) -> Result<(), Failure> {
    if booking.state != BookingState::Waiting {
        return Err(BookError::Stale.into());
    }
    let (event, now) = (team.event.id, team.visit.app.clock.now());
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(operations::seats(db, event, session)?)).await?;
    let until = offer_until(&found.ok_or(Failure::NotFound)?, &hours_of(team, session), now);
    let until = until.ok_or(BookError::Refused(Refusal::Over))?;
    let (message, link) = letter(team, &who, session, (MessageKind::SeatOffered, Some(until)))?;
    let prepared = [PreparedOffer { offer: new_offer(booking, 0, until), message, link }];
    let (actor, user) = (team.actor(), team.user.id);
    let done = team
        .visit
        .app
        .write(move |db, now| Ok::<_, Failure>(operations::offer(db, now, (actor, Some(user)), &prepared)?))
        .await?;
    if done == 0 { Err(BookError::Full.into()) } else { Ok(()) }
}

async fn prefer(team: &Clerk, booking: BookingId, priority: i32) -> Result<(), Failure> {
    let (event, actor, priority) = (team.event.id, team.actor(), priority.clamp(-100, 100));
    let job =
        move |db: &mut crate::db::DbConnection, now| operations::prefer(db, now, actor, (event, booking, priority));
    team.visit.app.write(job).await.map_err(Failure::from)
}

/// `POST /organizer/{event}/seats/{session}/guests`: numbers of registrations, one a line or by spaces.
async fn invite_guests(team: Clerk, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    let (event, session, actor) = (team.event.id, path.1, team.actor());
    let words = form.text("codes").split(|letter: char| letter.is_whitespace() || [',', ';'].contains(&letter));
    let codes: Vec<String> = words.filter(|code| !code.is_empty()).map(str::to_uppercase).take(MOST_CODES).collect();
    let unknown =
        team.visit.app.write(move |db, now| inviting::invite(db, now, actor, (event, session), &codes)).await?;
    if unknown.is_empty() {
        return Ok(respond::see_other_with_notice(session_url(&team, session), "seats-notice-invited"));
    }
    let told = Message::new("seats-error-unknown-numbers").with("numbers", unknown.join(", "));
    Err(Failure::Told(StatusCode::UNPROCESSABLE_ENTITY, told))
}

/// Most numbers that one form may name.
const MOST_CODES: usize = 5_000;

/// `POST /organizer/{event}/seats/{session}/guests/{guest}/remove`.
async fn remove_guest(team: Clerk, path: Path<(String, SessionId, RegistrationId)>) -> PageResult {
    let (event, session, guest, actor) = (team.event.id, path.1, path.2, team.actor());
    team.visit.app.write(move |db, now| inviting::uninvite(db, now, actor, (event, session), guest)).await?;
    Ok(respond::see_other_with_notice(session_url(&team, session), "seats-notice-uninvited"))
}

/// `GET /organizer/{event}/seats/{session}/people.csv`: who has a seat, is offered one or waits.
async fn export_people(team: Viewer, path: Path<(String, SessionId)>) -> PageResult {
    let (event, session) = (team.event.id, path.1);
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(operations::of_session(db, event, session)?)).await?;
    let body = write(&found.bookings).map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(respond::attachment(&format!("{}-seats.csv", team.event.slug)))
        .insert_header(("cache-control", "no-store"))
        .body(body))
}

/// Rows as CSV (RFC 4180) after a byte order mark, without which spreadsheets misread UTF-8.
fn write(rows: &[(Booking, Registration)]) -> Result<Vec<u8>, csv::Error> {
    let beginning = "\u{FEFF}".as_bytes().to_vec();
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(beginning);
    file.write_record(["code", "state", "given_name", "family_name", "native_name", "organisation", "email", "since"])?;
    for (booking, who) in rows {
        let since = booking.waits_since.unwrap_or(booking.created_at).to_string();
        let state = booking.state.to_string();
        let cells = [
            &who.code,
            &state,
            &who.given_name,
            &who.family_name,
            &who.native_name,
            &who.organisation,
            &who.email,
            &since,
        ];
        file.write_record(cells.map(|cell| safe_cell(cell).into_owned()))?;
    }
    file.into_inner().map_err(|error| error.into_error().into())
}
