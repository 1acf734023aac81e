//! Stylesheets, scripts and icons, built into the program and addressed by their content.

use super::token::hex;
use actix_web::http::header::{CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, VARY};
use actix_web::{HttpRequest, HttpResponse, web};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

use super::cache::{Body, Encoding};
use super::error::{Failure, PageResult};
use crate::app::App;

#[derive(rust_embed::RustEmbed)]
#[folder = "static/"]
struct Files;

/// Every asset, compressed once at the start.
pub struct Assets {
    by_name: BTreeMap<String, Asset>,
}

struct Asset {
    digest: String,
    media_type: String,
    body: Body,
}

/// Hexadecimal digits of the content's hash in an address: enough that two versions never meet.
const DIGEST_LENGTH: usize = 12;

impl Assets {
    /// Reads and compresses the assets built into the program. JavaScript modules import each
    /// other by their plain names, which are served too, for a short time only.
    #[must_use]
    pub fn load() -> Self {
        let by_name = Files::iter()
            .filter_map(|name| {
                let content = Files::get(&name)?.data.into_owned();
                let mut digest = hex(&Sha256::digest(&content));
                digest.truncate(DIGEST_LENGTH);
                let media_type = media_type(&name);
                Some((name.to_string(), Asset { digest, media_type, body: Body::compressed(content) }))
            })
            .collect();
        Self { by_name }
    }

    /// The address of an asset, which changes with its content.
    #[must_use]
    pub fn url(&self, name: &str) -> Option<String> {
        let asset = self.by_name.get(name)?;
        let (stem, extension) = name.rsplit_once('.')?;
        Some(format!("/static/{stem}.{}.{extension}", asset.digest))
    }

    /// The asset of an address with or without fingerprint, and whether the fingerprint is right.
    fn find(&self, path: &str) -> Option<(&Asset, bool)> {
        if let Some(asset) = self.by_name.get(path) {
            return Some((asset, false));
        }
        let (rest, extension) = path.rsplit_once('.')?;
        let (stem, digest) = rest.rsplit_once('.')?;
        let asset = self.by_name.get(&format!("{stem}.{extension}"))?;
        Some((asset, asset.digest == digest))
    }
}

fn media_type(name: &str) -> String {
    let guess = mime_guess::from_path(name).first_or_octet_stream();
    let text = guess.type_() == mime::TEXT
        || matches!(guess.essence_str(), "image/svg+xml" | "application/javascript" | "text/javascript");
    if text { format!("{guess}; charset=utf-8") } else { guess.to_string() }
}

/// `GET /static/{path}`.
///
/// # Errors
/// 404 for an unknown asset.
pub async fn show_asset(request: HttpRequest, path: web::Path<String>, app: web::Data<App>) -> PageResult {
    let (asset, exact) = app.assets.find(&path).ok_or(Failure::NotFound)?;
    let encoding = Encoding::wanted(&request);
    let (content, encoding) = asset.body.variant(encoding);
    let tag = format!("\"{}-{}\"", asset.digest, encoding.token());
    let keep = if exact { "public, max-age=31536000, immutable" } else { "no-cache" };
    let known = super::cache::matches_etag(&request, &tag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, keep)).insert_header((VARY, "Accept-Encoding"));
    if known {
        return Ok(response.finish());
    }
    response.insert_header((CONTENT_TYPE, asset.media_type.as_str()));
    if let Some(name) = encoding.header() {
        response.insert_header((CONTENT_ENCODING, name));
    }
    Ok(response.body(content))
}
