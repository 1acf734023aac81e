//! `/{event}/live`: tells open pages that something public changed, and no more: they fetch what
//! they show, from the cache, in their own language.

use crate::app::App;
use crate::db::EventId;
use crate::web::Failure;
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::live_stream::{self, News};
use actix_web::web::{Bytes, Data, Path};
use serde::Serialize;

#[derive(Serialize)]
struct Changed {
    version: i64,
}

fn topic(event: EventId) -> String {
    format!("public/{event}")
}

fn changed(version: i64) -> Result<Bytes, serde_json::Error> {
    live_stream::event("changed", version, &Changed { version })
}

/// Tells everyone who listens in this process that an event is at a new version.
pub fn tell(app: &App, event: EventId, version: i64) {
    match changed(version) {
        Ok(bytes) => app.streams.publish(&topic(event), News::new(version, bytes)),
        Err(error) => tracing::error!(%error, "a number could not be written as JSON"),
    }
}

/// `GET /{event}/live`: the version now, then each new one.
pub(super) async fn follow_event(app: Data<App>, path: Path<String>, address: ClientAddress) -> PageResult {
    let event = app.site.snapshot().event(&path).ok_or(Failure::NotFound)?.event.id;
    let place = app.stream_places.take(address.limit_key())?;
    // First listen, then look: nothing falls between.
    let listener = app.streams.listen(&topic(event)).holding(place);
    let version = app.site.snapshot().event(&path).ok_or(Failure::NotFound)?.event.public_version;
    let first = changed(version).map_err(Failure::unexpected)?;
    Ok(live_stream::answer(listener.known(version), vec![first]))
}
