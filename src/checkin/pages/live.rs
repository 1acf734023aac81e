//! `/checkin/{event}/supervisor/live`: the doors' numbers as they change.
//!
//! Other processes scan too, so each looks at the database once a second, and only while somebody
//! listens: one watcher for an event, however many pages are open.

use super::supervisor::beginning_of_day;
use crate::accounts::access::{Allowed, ScanTickets};
use crate::app::App;
use crate::checkin::operations::{self, Figures};
use crate::events::model::Event;
use crate::web::error::PageResult;
use crate::web::live_stream::{self, News};
use crate::web::{Failure, RouteTable};
use actix_web::web::{Bytes, Data};
use std::collections::HashSet;
use std::sync::{LazyLock, Mutex, PoisonError};
use std::time::Duration;

/// The route of the stream.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/checkin/{event}/supervisor/live", follow);
}

/// How often the database is looked at while somebody listens.
const PAUSE: Duration = Duration::from_secs(1);

/// The topics that this process watches.
static WATCHED: LazyLock<Mutex<HashSet<String>>> = LazyLock::new(Mutex::default);

fn topic(event: &Event) -> String {
    format!("door/{}", event.id)
}

/// The numbers of an event now.
pub(super) async fn figures(app: &App, event: &Event) -> Result<Figures, Failure> {
    let (id, since) = (event.id, beginning_of_day(app.clock.now(), event));
    app.read(move |db| Ok::<_, Failure>(operations::figures(db, id, since)?)).await
}

fn bytes(figures: &Figures) -> Result<Bytes, Failure> {
    live_stream::event("figures", 0, figures).map_err(Failure::unexpected)
}

/// `GET /checkin/{event}/supervisor/live`.
async fn follow(team: Allowed<ScanTickets>) -> PageResult {
    let app = &team.visit.app;
    let listener = app.streams.listen(&topic(&team.event));
    let known = figures(app, &team.event).await?;
    let first = bytes(&known)?;
    let is_new = WATCHED.lock().unwrap_or_else(PoisonError::into_inner).insert(topic(&team.event));
    if is_new {
        actix_web::rt::spawn(watch(app.clone(), team.event.clone(), known));
    }
    Ok(live_stream::answer(listener, vec![first]))
}

/// Tells listeners of new numbers until nobody listens any more.
async fn watch(app: Data<App>, event: Event, mut known: Figures) {
    let topic = topic(&event);
    loop {
        tokio::time::sleep(PAUSE).await;
        {
            // Looked at and given up under one lock: who comes next starts a new watcher.
            let mut watched = WATCHED.lock().unwrap_or_else(PoisonError::into_inner);
            if app.streams.is_closed() || app.streams.listeners(&topic) == 0 {
                watched.remove(&topic);
                return;
            }
        }
        match figures(&app, &event).await {
            Ok(now) if now != known => {
                if let Ok(bytes) = bytes(&now) {
                    app.streams.publish(&topic, News::new(0, bytes));
                }
                known = now;
            }
            Ok(_) => {}
            Err(error) => tracing::warn!(%error, "the numbers of the doors could not be read"),
        }
    }
}
