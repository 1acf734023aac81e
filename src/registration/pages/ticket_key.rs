//! The public half of an event's ticket key.

use super::ticket_key;
use crate::registration::ticket::key_id;
use crate::web::error::PageResult;
use crate::web::token::hex;
use crate::web::{RouteTable, Visit};
use actix_web::HttpResponse;
use actix_web::web::Path;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use serde::Serialize;

/// The route of the key.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/ticket-key", show_key);
}

#[derive(Serialize)]
struct PublishedKey {
    event: String,
    algorithm: &'static str,
    key_id: String,
    public_key: String,
}

/// `GET /{event}/ticket-key`: what anyone needs to check tickets offline.
async fn show_key(visit: Visit, path: Path<String>) -> PageResult {
    let event = super::own::event(&visit, path.into_inner()).await?;
    let public = ticket_key(&visit.app, event.id).await?.public();
    let key = PublishedKey {
        event: event.slug,
        algorithm: "Ed25519",
        key_id: hex(&key_id(&public)),
        public_key: STANDARD.encode(public),
    };
    Ok(HttpResponse::Ok().insert_header(("cache-control", "public, max-age=3600")).json(key))
}
