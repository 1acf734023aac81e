//! Carrying changes of many registrations on, piece by piece.

use super::model::{BulkAction, BulkChange, BulkOutcome, Concerned, Step};
use super::operations::{self, Piece, Prepared};
use crate::app::App;
use crate::db::{DbConnection, DbError, UtcTime};
use crate::events::model::Event;
use crate::registration::category::Category;
use crate::registration::mails::{Letter, link_again, new_link};
use crate::registration::model::{LinkPurpose, Registration, RegistrationState};
use crate::registration::operations::{Cancellation, StandingError, TicketMail, give_or_find_ticket_key};
use crate::registration::ticket::TicketKey;
use crate::web::Failure;
use actix_web::web::Data;
use futures_util::future::join_all;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// People whose mails are made ready together. Each is a write job of their own; the writer commits many at once.
const PIECE: i64 = 100;
/// How long one run of the job works before other jobs have their turn.
const TURN: Duration = Duration::from_secs(20);

/// Carries on what a request began and did not bring to an end. May run twice at once.
///
/// # Errors
/// When the database does not answer.
pub async fn carry_on(app: &Data<App>) -> Result<(), Failure> {
    let until = Instant::now() + TURN;
    let open = app.read(|db| Ok::<_, Failure>(operations::open(db)?)).await?;
    for change in open {
        if !work(app, &change, until).await? {
            break;
        }
    }
    Ok(())
}

/// Does one piece of a change after another until everybody is done or the time is over; whether everybody is.
///
/// # Errors
/// When the database does not answer.
pub async fn work(app: &Data<App>, change: &BulkChange, until: Instant) -> Result<bool, Failure> {
    let key = Arc::new(give_or_find_ticket_key(app, change.event_id).await?);
    loop {
        let own = change.clone();
        let next = app.read(move |db| Ok::<_, Failure>(operations::next(db, &own, PIECE)?)).await?;
        let Some(piece) = next else {
            let own = change.clone();
            app.write(move |db, now| Ok::<_, Failure>(operations::finish(db, now, &own)?)).await?;
            return Ok(true);
        };
        do_piece(app, change, piece, &key).await?;
        if Instant::now() >= until {
            return Ok(false);
        }
    }
}

type Ready = (i32, Registration, Prepared);

async fn do_piece(app: &Data<App>, change: &BulkChange, piece: Piece, key: &Arc<TicketKey>) -> Result<(), Failure> {
    let (own_app, own, key) = (app.clone(), change.clone(), Arc::clone(key));
    // Tickets are drawn and mails worded off the async threads.
    let work = move || prepare_all(&own_app, &own, piece, &key);
    let ready = tokio::task::spawn_blocking(work).await.map_err(Failure::unexpected)?;
    let jobs = ready.into_iter().map(|(position, person, prepared)| {
        let change = change.clone();
        let job = move |db: &mut DbConnection, now: UtcTime| {
            operations::do_one(db, now, &change, (position, &person, &prepared))
        };
        async move { (position, app.write(job).await) }
    });
    for (position, outcome) in join_all(jobs).await {
        match outcome {
            // It lost against another transaction, and its turn comes again.
            Err(StandingError::Db(error)) if error.is_conflict() => {}
            Err(StandingError::Db(error @ DbError::Query(_))) => {
                tracing::error!(%error, "somebody could not be changed together with others");
                let id = change.id;
                app.write(move |db, _| Ok::<_, Failure>(operations::give_up(db, id, position)?)).await?;
            }
            Err(error) => return Err(error.into()),
            Ok(()) => {}
        }
    }
    Ok(())
}

fn prepare_all(app: &App, change: &BulkChange, piece: Piece, key: &TicketKey) -> Vec<Ready> {
    let Piece { event, categories, people } = piece;
    let step = step_of(change, &categories);
    let prepared = |(position, person): (i32, Registration)| {
        let category = categories.iter().find(|category| category.id == person.category_id);
        let prepared = match (&step, category) {
            (Some(step), Some(category)) => {
                let now = app.clock.now();
                let letter = Letter { app, event: &event, registration: &person, category, now };
                prepare(step, letter, key).unwrap_or_else(|failure| {
                    tracing::error!(?failure, "a mail of a change of many people could not be written");
                    Prepared::Nothing(BulkOutcome::Failed)
                })
            }
            // The category was deleted since.
            _ => Prepared::Nothing(BulkOutcome::Failed),
        };
        (position, person, prepared)
    };
    people.into_iter().map(prepared).collect()
}

/// What a change does, as its row says; nothing where its category is gone.
fn step_of(change: &BulkChange, categories: &[Category]) -> Option<Step> {
    Some(match change.action {
        BulkAction::Category => {
            let to = categories.iter().find(|category| Some(category.id) == change.category_id)?;
            Step::Category(Box::new(to.clone()))
        }
        BulkAction::Cancel => Step::Cancel,
        BulkAction::Resend => Step::Resend,
        BulkAction::Priority => Step::Priority(change.priority),
    })
}

fn prepare(step: &Step, letter: Letter<'_>, key: &TicketKey) -> Result<Prepared, Failure> {
    let person = letter.registration;
    if let Some(why) = step.objection(Concerned::from(person), person.has_address()) {
        return Ok(Prepared::Nothing(why));
    }
    Ok(match step {
        Step::Category(to) => {
            let mail = new_ticket(letter.app, letter.event, (person, to), letter.now, key)?;
            Prepared::Category(to.clone(), mail.map(Box::new))
        }
        Step::Cancel => {
            let (registration, message) = (person.clone(), letter.cancelled()?);
            Prepared::Cancel(Box::new(Cancellation { registration, message }))
        }
        Step::Resend => Prepared::Resend(Box::new(link_again(letter, key)?)),
        Step::Priority(priority) => Prepared::Priority(*priority),
    })
}

/// The mail with the ticket of another category, for whoever is confirmed.
fn new_ticket(
    app: &App,
    event: &Event,
    (person, to): (&Registration, &Category),
    now: UtcTime,
    key: &TicketKey,
) -> Result<Option<TicketMail>, Failure> {
    if person.state != RegistrationState::Confirmed {
        return Ok(None);
    }
    let mut moved = person.clone();
    moved.category_id = to.id;
    moved.ticket_serial += 1;
    let (token, link) = new_link(now, &moved, LinkPurpose::Own);
    let message = Letter { app, event, registration: &moved, category: to, now }.confirmed(&token, key)?;
    Ok(Some((message, link)))
}
