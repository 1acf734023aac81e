//! What an attendee does with seats, by the private link of their own page.

use crate::audit::Actor;
use crate::bookings::letters::{SeatLetter, hours};
use crate::bookings::model::BookingState;
use crate::bookings::operations::{self, BookError, Change, Outcome, Step, Wish};
use crate::db::SessionId;
use crate::mail::model::MessageKind;
use crate::registration::operations::{self as registration, Own};
use crate::site::model::Released;
use crate::web::error::PageResult;
use crate::web::{Failure, FormData, RouteTable, Token, Visit, respond};
use actix_web::web::Path;

/// The route of an attendee's posts.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/{event}/r/{token}/seats", change_seat);
}

/// `POST /{event}/r/{token}/seats`: `book`, `accept` or `give_back` names a public session by its code.
async fn change_seat(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    let (slug, hash) = (path.0.clone(), Token::received(path.1.as_str()).hash());
    let own = visit.app.read(move |db| Ok::<_, Failure>(registration::own(db, &slug, &hash)?)).await?;
    let own = own.ok_or(Failure::NotFound)?;
    let notice = match ["book", "accept", "give_back"].into_iter().find(|name| !form.text(name).is_empty()) {
        Some("book") => book(&visit, &own, form.text("book")).await?,
        Some("accept") => take_step(&visit, &own, form.text("accept"), Step::Accept).await?,
        Some("give_back") => take_step(&visit, &own, form.text("give_back"), Step::GiveBack).await?,
        _ => return Err(Failure::bad_request("error-bad-request")),
    };
    Ok(respond::see_other_with_notice(format!("/{}/r/{}/programme#seats", path.0, path.1), notice))
}

/// A public session by its code.
fn session(visit: &Visit, own: &Own, code: &str) -> Result<SessionId, Failure> {
    let snapshot = visit.app.site.snapshot();
    let released = snapshot.event(&own.event.slug).and_then(|event| event.released.as_ref());
    let found = released.and_then(|released| released.session_by_code(code)).map(|session| session.id);
    found.ok_or(Failure::NotFound)
}

fn letter<'a>(visit: &'a Visit, own: &'a Own, released: Option<&'a Released>, session: SessionId) -> SeatLetter<'a> {
    let (event, registration) = (&own.event, &own.registration);
    SeatLetter { app: &visit.app, event, registration, released, session, now: visit.app.clock.now() }
}

async fn book(visit: &Visit, own: &Own, code: &str) -> Result<&'static str, Failure> {
    let session = session(visit, own, code)?;
    let wish = {
        let snapshot = visit.app.site.snapshot();
        let released = snapshot.event(&own.event.slug).and_then(|event| event.released.as_ref());
        let letter = letter(visit, own, released, session);
        let ([booked, waiting], link) = letter.either([MessageKind::SeatBooked, MessageKind::SeatWaiting])?;
        let (event, registration) = (own.event.id, own.registration.id);
        Wish { event, session, registration, hours: hours(released), booked, waiting, link, by_team: false }
    };
    let actor = Actor::Attendee(own.registration.id);
    let outcome = visit.app.write(move |db, now| operations::book(db, now, actor, &wish)).await?;
    Ok(match outcome {
        Outcome::Booked | Outcome::Known(BookingState::Booked) => "seats-notice-booked",
        Outcome::Waiting(_) | Outcome::Known(_) => "seats-notice-waiting",
    })
}

async fn take_step(visit: &Visit, own: &Own, code: &str, step: Step) -> Result<&'static str, Failure> {
    let (event, id) = (own.event.id, own.registration.id);
    // A session that left the programme can still be given back.
    let session = match session(visit, own, code) {
        Ok(session) => session,
        Err(_) => code.parse().map_err(|_| Failure::NotFound)?,
    };
    let (message, hours) = {
        let snapshot = visit.app.site.snapshot();
        let released = snapshot.event(&own.event.slug).and_then(|event| event.released.as_ref());
        let letter = || letter(visit, own, released, session).write(MessageKind::SeatBooked, None);
        ((step == Step::Accept).then(letter).transpose()?, hours(released))
    };
    visit
        .app
        .write(move |db, now| {
            if let Some((_, link)) = &message {
                registration::keep_link(db, link)?;
            }
            let told = message.as_ref().map(|(message, _)| message);
            let change = Change { event, session, registration: id, step, message: told, hours: &hours };
            operations::step(db, now, Actor::Attendee(id), &change)?;
            Ok::<_, BookError>(())
        })
        .await?;
    Ok(if step == Step::Accept { "seats-notice-booked" } else { "seats-notice-given-back" })
}
