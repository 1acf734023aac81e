//! Recurring work of this area: offers run out, and what is free is offered to whoever waits.

use super::letters::{SeatLetter, hours};
use super::operations::{self, Lapse, PreparedOffer, new_offer, offer_until};
use crate::app::App;
use crate::audit::Actor;
use crate::events;
use crate::mail::model::MessageKind;
use crate::web::Failure;
use actix_web::web::Data;

/// Offers that one transaction makes or ends: others wait behind it.
const BATCH: usize = 100;

/// Ends offers whose time is over, then offers what is free; how many seats were offered. Two processes
/// that do this at once offer each seat once.
///
/// # Errors
/// When the database does not answer.
pub async fn hand_on(app: &Data<App>) -> Result<usize, Failure> {
    end_overdue(app).await?;
    let prepared = prepare(app).await?;
    let mut done = 0;
    for batch in prepared.chunks(BATCH) {
        let batch = batch.to_vec();
        done += app
            .write(move |db, now| Ok::<_, Failure>(operations::offer(db, now, (Actor::System, None), &batch)?))
            .await?;
    }
    Ok(done)
}

/// Ends offers whose time is over, and tells whose they were.
async fn end_overdue(app: &Data<App>) -> Result<(), Failure> {
    loop {
        let (worker, now, site) = (app.clone(), app.clock.now(), app.site.snapshot());
        let lapses = app
            .read(move |db| {
                let mut lapses = Vec::new();
                for (booking, registration) in operations::overdue(db, now, BATCH as i64)? {
                    let Some(event) = events::operations::by_id(db, booking.event_id)? else { continue };
                    let released = site.event(&event.slug).and_then(|event| event.released.as_ref());
                    let (session, registration) = (booking.session_id, &registration);
                    let letter = SeatLetter { app: &worker, event: &event, registration, released, session, now };
                    let told = letter.write(MessageKind::SeatLapsed, None);
                    if let Err(error) = &told {
                        tracing::error!(booking.id = %booking.id, ?error, "the end of an offer could not be worded");
                    }
                    lapses.push(Lapse { booking, told: told.ok() });
                }
                Ok::<_, Failure>(lapses)
            })
            .await?;
        let found = lapses.len();
        if found > 0 {
            app.write(move |db, now| operations::lapse(db, now, &lapses)).await?;
        }
        if found < BATCH {
            return Ok(());
        }
    }
}

/// An offer for each free seat and the person who is next, with its mail. What can't be worded is told to
/// the log and left out.
async fn prepare(app: &Data<App>) -> Result<Vec<PreparedOffer>, Failure> {
    let (worker, now, site) = (app.clone(), app.clock.now(), app.site.snapshot());
    app.read(move |db| {
        let mut prepared = Vec::new();
        for (seats, next) in operations::next_in_line(db)? {
            let Some(event) = events::operations::by_id(db, seats.event_id)? else { continue };
            let released = site.event(&event.slug).and_then(|event| event.released.as_ref());
            let mut own = hours(released);
            own.retain(|hours| hours.session == seats.session_id);
            let Some(until) = offer_until(&seats, &own, now) else { continue };
            for (rank, (booking, registration)) in (1..).zip(next) {
                let letter = SeatLetter {
                    app: &worker,
                    event: &event,
                    registration: &registration,
                    released,
                    session: seats.session_id,
                    now,
                };
                match letter.write(MessageKind::SeatOffered, Some(until)) {
                    Ok((message, link)) => {
                        prepared.push(PreparedOffer { offer: new_offer(booking, rank, until), message, link });
                    }
                    Err(error) => tracing::error!(booking.id = %booking.id, ?error, "an offer could not be worded"),
                }
            }
        }
        Ok::<_, Failure>(prepared)
    })
    .await
}
