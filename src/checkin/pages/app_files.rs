//! What makes the scanning page an app: its manifest and its service worker.

use super::access::url_word;
use crate::web::error::PageResult;
use crate::web::{Failure, RouteTable, Visit};
use actix_web::HttpResponse;
use actix_web::web::Path;
use serde_json::json;

/// The routes of the app's files. They are the same for everyone and tell nothing of the event.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/checkin/{event}/app.webmanifest", show_manifest);
    routes.get("/checkin/{event}/worker.js", show_worker);
}

/// `GET /checkin/{event}/app.webmanifest`.
async fn show_manifest(visit: Visit, path: Path<String>) -> PageResult {
    let start = format!("/checkin/{}", url_word(&path));
    let lang = visit.interface_language();
    let name = visit.app.texts.text(lang, "checkin-door-title", &[]);
    let icon = visit.app.assets.url("favicon.svg").unwrap_or_default();
    let manifest = json!({
        "id": start, "start_url": start, "scope": start, "name": name, "short_name": name, "lang": lang,
        "display": "standalone", "background_color": "#ffffff", "theme_color": "#1f4f8b",
        "icons": [{ "src": icon, "sizes": "any", "type": "image/svg+xml", "purpose": "any" }],
    });
    let body = serde_json::to_string(&manifest).map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type("application/manifest+json; charset=utf-8")
        .insert_header(("cache-control", "no-cache"))
        .body(body))
}

/// Assets that the page needs without network, by name.
const SHELL: [&str; 5] = ["favicon.svg", "app.css", "checkin.css", "js/page.js", "checkin/door.js"];
/// Modules that the script imports by their plain names.
const MODULES: [&str; 3] = ["/static/checkin/rules.js", "/static/checkin/vault.js", "/static/checkin/sound.js"];

/// `GET /checkin/{event}/worker.js`: the worker, told what to keep. A new version of any of it makes
/// a new worker.
async fn show_worker(visit: Visit, path: Path<String>) -> PageResult {
    let start = format!("/checkin/{}", url_word(&path));
    let assets = &visit.app.assets;
    let mut keep: Vec<String> = SHELL.iter().filter_map(|name| assets.url(name)).collect();
    // The sprite's address stands in the page only.
    keep.extend(assets.url("icons.svg"));
    keep.extend(MODULES.iter().map(|module| (*module).to_owned()));
    let versions: Vec<Option<String>> = MODULES.iter().map(|module| assets.url(&module["/static/".len()..])).collect();
    let shell = json!({ "page": start, "keep": keep, "versions": versions });
    Ok(HttpResponse::Ok()
        .content_type("text/javascript; charset=utf-8")
        .insert_header(("cache-control", "no-cache"))
        .insert_header(("service-worker-allowed", start))
        .body(format!("const shell = {shell};\n{}", include_str!("worker.js"))))
}
