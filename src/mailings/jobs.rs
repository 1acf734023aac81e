//! Letting mailings leave when their time has come.

use super::files::operations as files;
use super::letters::Press;
use super::model::{Mailing, MailingState};
use super::operations;
use super::recipients::{self, Hours, Recipient};
use crate::app::App;
use crate::db::{RegistrationId, UtcTime};
use crate::events::model::Event;
use crate::events::operations as events;
use crate::registration::operations::all_categories;
use crate::site::model::Released;
use crate::web::Failure;
use chrono::TimeDelta;

/// Mails that one transaction queues: registrations wait behind it.
const BATCH: usize = 200;

/// Lets everything leave whose time has come; how many mails were queued. May run twice.
///
/// # Errors
/// When the database does not answer.
pub async fn leave_due(app: &App) -> Result<usize, Failure> {
    let now = app.clock.now();
    let due = app.read(move |db| Ok::<_, Failure>(operations::due(db, now)?)).await?;
    let mut queued = 0;
    for mailing in due {
        queued += leave(app, mailing).await?;
    }
    Ok(queued)
}

async fn leave(app: &App, mut mailing: Mailing) -> Result<usize, Failure> {
    let of = mailing.event_id;
    let Some(event) = app.read(move |db| Ok::<_, Failure>(events::by_id(db, of)?)).await? else { return Ok(0) };
    if mailing.state == MailingState::Planned {
        let planned = mailing.clone();
        let begin =
            move |db: &mut _, now| Ok::<_, Failure>(operations::move_on(db, now, &planned, MailingState::Leaving)?);
        if !app.write(begin).await? {
            return Ok(0);
        }
        mailing.state = MailingState::Leaving;
    }
    let Some(queued) = queue_all(app, &event, &mailing).await? else { return Ok(0) };
    // What follows people's sessions ends with the event.
    let is_over = app.clock.now().in_zone(event.zone()).date_naive() > event.ends_on;
    if mailing.timing.before_session().is_none() || is_over {
        let left = mailing.clone();
        app.write(move |db, now| Ok::<_, Failure>(operations::move_on(db, now, &left, MailingState::Left)?)).await?;
    }
    Ok(queued)
}

/// Queues a mail for whoever is due and has none yet; nothing when somebody stopped it.
async fn queue_all(app: &App, event: &Event, mailing: &Mailing) -> Result<Option<usize>, Failure> {
    let snapshot = app.site.snapshot();
    let public = snapshot.event(&event.slug);
    let released = public.and_then(|public| public.released.as_ref());
    let hours = mailing.timing.before_session().map(|before| hours_due(released, before, app.clock.now()));
    let of = event.id;
    let own = mailing.id;
    let (categories, brought) =
        app.read(move |db| Ok::<_, Failure>((all_categories(db, of)?, files::of(db, own)?))).await?;
    let categories = categories.into_iter().map(|category| (category.id, category.name)).collect();
    let press = Press::new(app, event, mailing, categories, released).bringing(&brought);
    let (mut queued, mut after) = (0, None);
    loop {
        let (recipients, next) = page(app, event, mailing, hours.clone(), after).await?;
        for some in recipients.chunks(BATCH) {
            let mut prepared = Vec::with_capacity(some.len());
            for recipient in some {
                prepared.extend(press.prepare(recipient)?);
            }
            let own = mailing.clone();
            let job = move |db: &mut _, now| Ok::<_, Failure>(operations::queue_prepared(db, now, &own, &prepared)?);
            match app.write(job).await? {
                Some(count) => queued += count,
                None => return Ok(None),
            }
        }
        match next {
            Some(next) => after = Some(next),
            None => return Ok(Some(queued)),
        }
    }
}

/// Recipients who have not got the mailing yet.
async fn page(
    app: &App,
    event: &Event,
    mailing: &Mailing,
    hours: Option<Hours>,
    after: Option<RegistrationId>,
) -> Result<(Vec<Recipient>, Option<RegistrationId>), Failure> {
    let (event, mailing) = (event.clone(), mailing.clone());
    let read = move |db: &mut _| {
        let page = recipients::recipients(db, &event, &mailing.audience, hours.as_ref(), after)?;
        let known = operations::have_got(db, mailing.id)?;
        let is_new = |one: &Recipient| !known.contains(&(one.address_key.clone(), one.about_key()));
        Ok::<_, Failure>((page.recipients.into_iter().filter(is_new).collect(), page.next))
    };
    app.read(read).await
}

/// Sessions that begin within `before`, and have not begun.
fn hours_due(released: Option<&Released>, before: TimeDelta, now: UtcTime) -> Hours {
    let slots = released.into_iter().flat_map(Released::slots);
    slots
        .filter(|(_, slot)| slot.start > now && slot.start <= now + before)
        .map(|(session, slot)| (session.id, slot.start))
        .collect()
}
