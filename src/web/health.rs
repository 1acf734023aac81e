//! Whether the process lives and whether it can work.

use super::routes::RouteTable;
use crate::app::App;
use actix_web::{HttpResponse, web};

/// `/healthz` and `/readyz`.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/healthz", show_health);
    routes.get("/readyz", show_readiness);
}

/// `GET /healthz`: the process lives.
async fn show_health() -> HttpResponse {
    HttpResponse::Ok()
        .content_type("text/plain; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .body("ok\n")
}

/// `GET /readyz`: the database answers and its schema is the program's.
async fn show_readiness(app: web::Data<App>) -> HttpResponse {
    let (ready, words) = match app.db.ping().await {
        Err(_) => (false, "the database does not answer\n"),
        Ok(()) if !app.db.is_migrated().await => (false, "migrations are missing\n"),
        Ok(()) => (true, "ok\n"),
    };
    let mut response = if ready { HttpResponse::Ok() } else { HttpResponse::ServiceUnavailable() };
    response.content_type("text/plain; charset=utf-8").insert_header(("cache-control", "no-store")).body(words)
}
