//! Keeping the snapshot fresh.

use super::model::{PublicEvent, Released, Snapshot};
use super::store;
use crate::app::App;
use crate::db::{DbConnection, DbError, EventId, UtcTime};
use crate::events::operations as events;
use crate::live::{operations as live, stream as live_stream};
use crate::schedule::operations as schedule;
use crate::schedule::releases::log::{Logged, ReleaseLog};
use crate::speakers::documents::operations as documents;
use actix_web::web::Data;
use std::collections::HashMap;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::{OnceCell, watch};

/// How long a release of another process may stay unseen.
const LOOK_AGAIN: Duration = Duration::from_millis(500);
/// A rush of writes here makes no rush of looks.
const REST: Duration = Duration::from_millis(50);

/// Looks for new versions twice a second, and soon after each write of this process, until `stop`
/// turns true.
pub async fn follow(app: Data<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = refresh(&app).await {
            tracing::error!(%error, "the public site could not be brought up to date; visitors see it as it was");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = written(&app) => {}
            _ = stop.changed() => {}
        }
    }
}

async fn written(app: &App) {
    app.site.written.notified().await;
    tokio::time::sleep(REST).await;
}

/// Brings the snapshot up to date: loads again what has another version than the one at hand.
///
/// # Errors
/// When the database does not answer; the old snapshot stays.
pub async fn refresh(app: &App) -> Result<(), DbError> {
    let _alone = app.site.reloading.lock().await;
    let present = app.site.snapshot();
    let known: HashMap<EventId, Arc<PublicEvent>> =
        present.events().iter().map(|event| (event.event.id, Arc::clone(event))).collect();
    let was: HashMap<EventId, i64> = present.events().iter().map(|event| event.stamp()).collect();
    let now = app.clock.now();
    let fresh = app.read(move |db| load(db, now, &known)).await?;
    if let Some(mut events) = fresh {
        let today = |event: &PublicEvent| now.in_zone(event.event.zone()).date_naive();
        events.sort_by_key(|event| {
            let is_over = event.event.ends_on < today(event);
            let begins = event.event.starts_on;
            (
                is_over,
                if is_over {
                    -i64::from(chrono::Datelike::num_days_from_ce(&begins))
                } else {
                    i64::from(chrono::Datelike::num_days_from_ce(&begins))
                },
            )
        });
        let changed: Vec<(EventId, i64)> =
            events.iter().map(|event| event.stamp()).filter(|(id, version)| was.get(id) != Some(version)).collect();
        app.site.swap(Snapshot { events });
        for (event, version) in changed {
            live_stream::tell(app, event, version);
        }
    }
    Ok(())
}

/// The events anew, or nothing when all versions are the known ones.
fn load(
    db: &mut DbConnection,
    now: UtcTime,
    known: &HashMap<EventId, Arc<PublicEvent>>,
) -> Result<Option<Vec<Arc<PublicEvent>>>, DbError> {
    let versions = store::versions(db)?;
    let same =
        |(id, version): &(EventId, i64)| known.get(id).is_some_and(|event| event.event.public_version == *version);
    if versions.len() == known.len() && versions.iter().all(same) {
        return Ok(None);
    }
    let mut events = Vec::with_capacity(versions.len());
    for version in versions {
        match known.get(&version.0) {
            Some(event) if same(&version) => events.push(Arc::clone(event)),
            before => events.extend(load_event(db, now, version.0, before)?),
        }
    }
    Ok(Some(events))
}

fn load_event(
    db: &mut DbConnection,
    now: UtcTime,
    id: EventId,
    before: Option<&Arc<PublicEvent>>,
) -> Result<Option<Arc<PublicEvent>>, DbError> {
    let Some(event) = events::by_id(db, id)? else { return Ok(None) };
    let released = schedule::latest_release(db, id)?.map(Released::new);
    let openings = store::openings(db, id)?;
    let announcements = live::standing(db, id, now)?;
    let moved_hours = schedule::rules(db, &event)?.moved_hours;
    let log = Arc::new(OnceCell::new_with(carried_log(db, id, before, released.as_ref())?));
    let call_times = crate::calls::operations::times(db, id)?;
    let documents = documents::public(db, id)?;
    let fresh =
        PublicEvent { event, released, openings, call_times, announcements, moved_hours, documents, log, old: None };
    Ok(Some(Arc::new(fresh)))
}

/// The change log brought forward: the same while the release is the same, with one entry more for
/// the next. Otherwise it is read anew when someone asks.
fn carried_log(
    db: &mut DbConnection,
    id: EventId,
    before: Option<&Arc<PublicEvent>>,
    released: Option<&Released>,
) -> Result<Option<Arc<ReleaseLog>>, DbError> {
    let Some((event, log)) = before.and_then(|event| Some((event, event.log.get()?))) else { return Ok(None) };
    let newest = released.and_then(|released| released.programme.release.as_ref()).map(|info| info.number);
    if newest == log.newest() {
        return Ok(Some(Arc::clone(log)));
    }
    let (Some(old), Some(new)) = (&event.released, released) else { return Ok(None) };
    if newest != log.newest().map(|number| number + 1) {
        return Ok(None);
    }
    let summary = schedule::releases(db, id)?.into_iter().find(|release| Some(release.number) == newest);
    Ok(summary.map(|summary| Arc::new(log.with(Logged::new(summary, Some(&old.programme), &new.programme)))))
}
