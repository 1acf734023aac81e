//! Telling those who were added. It takes longer than adding them: a mail is worded and a ticket drawn for each.

use super::operations;
use crate::app::App;
use crate::db::{CategoryId, DbConnection, EventId};
use crate::events;
use crate::events::model::Event;
use crate::mail::model::NewMessage;
use crate::registration::category::Category;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{LinkPurpose, PrivateLink, Registration, RegistrationState as State};
use crate::registration::operations::{all_categories, give_or_find_ticket_key};
use crate::registration::ticket::TicketKey;
use crate::web::Failure;
use std::collections::HashMap;
use std::collections::hash_map::Entry as HashEntry;

/// People told in one transaction.
const BATCH: i64 = 100;

/// An event with its categories and the key of its tickets.
struct About {
    event: Event,
    categories: HashMap<CategoryId, Category>,
    key: TicketKey,
}

/// Queues the mails of everybody who was added from a table and is to be told; how many. Stopped at any moment, it
/// goes on where it was. Two processes that do this at once tell each once.
///
/// # Errors
/// When the database refuses.
pub async fn tell_added(app: &App) -> Result<usize, Failure> {
    let (mut total, mut known) = (0, HashMap::new());
    loop {
        let people = app.read(|db| Ok::<_, Failure>(operations::untold(db, BATCH)?)).await?;
        if people.is_empty() {
            return Ok(total);
        }
        let is_last = (people.len() as i64) < BATCH;
        let mut letters = Vec::new();
        for one in people {
            letters.push((one.id, letter(app, &mut known, &one).await?));
        }
        let job = move |db: &mut DbConnection, now| Ok::<_, Failure>(operations::tell(db, now, &letters)?);
        total += app.write(job).await?;
        if is_last {
            return Ok(total);
        }
    }
}

/// What somebody is told; nothing where the registration has come to its end meanwhile.
async fn letter(
    app: &App,
    known: &mut HashMap<EventId, About>,
    one: &Registration,
) -> Result<Option<(PrivateLink, NewMessage)>, Failure> {
    if one.state.is_end() || !one.has_address() {
        return Ok(None);
    }
    let About { event, categories, key } = match known.entry(one.event_id) {
        HashEntry::Occupied(found) => found.into_mut(),
        HashEntry::Vacant(place) => place.insert(about(app, one.event_id).await?),
    };
    let Some(category) = categories.get(&one.category_id) else { return Ok(None) };
    let now = app.clock.now();
    let (token, link) = new_link(now, one, LinkPurpose::Own);
    let letter = Letter { app, event, registration: one, category, now };
    let message = match one.state {
        State::Confirmed => letter.confirmed(&token, key),
        State::Applied => letter.application_received(&token),
        State::Waitlisted => letter.waitlisted(&token),
        _ => letter.already_registered(&token),
    };
    match message {
        Ok(message) => Ok(Some((link, message))),
        Err(error) => {
            // One letter that can't be written must not hold up all others.
            tracing::error!(registration.id = %one.id, ?error, "the mail to somebody who was imported could not be worded");
            Ok(None)
        }
    }
}

async fn about(app: &App, id: EventId) -> Result<About, Failure> {
    let read = move |db: &mut DbConnection| {
        let event = events::operations::by_id(db, id)?.ok_or(Failure::NotFound)?;
        Ok::<_, Failure>((event, all_categories(db, id)?))
    };
    let (event, all) = app.read(read).await?;
    let key = give_or_find_ticket_key(app, id).await?;
    Ok(About { event, categories: all.into_iter().map(|category| (category.id, category)).collect(), key })
}
