//! Photos for everybody. A photo never changes under its address: another upload is another file.

use crate::db::FileId;
use crate::files::photos::SIZES;
use crate::web::cache::matches_etag;
use crate::web::error::PageResult;
use crate::web::{Failure, Visit};
use actix_web::http::header::{CACHE_CONTROL, CONTENT_TYPE, ETAG};
use actix_web::web::Path;
use actix_web::{HttpRequest, HttpResponse};

/// `GET /media/{file}/{size}.jpg`.
pub(super) async fn show_photo(request: HttpRequest, visit: Visit, path: Path<(String, String)>) -> PageResult {
    let file: FileId = path.0.parse().map_err(|_| Failure::NotFound)?;
    let size = SIZES.into_iter().find(|size| size.to_string() == path.1).ok_or(Failure::NotFound)?;
    let bytes = visit.app.files.read(file, size).await.map_err(Failure::unexpected)?.ok_or(Failure::NotFound)?;
    let tag = format!("\"{file}-{size}\"");
    let known = matches_etag(&request, &tag);
    let mut response = if known { HttpResponse::NotModified() } else { HttpResponse::Ok() };
    response.insert_header((ETAG, tag)).insert_header((CACHE_CONTROL, "public, max-age=31536000, immutable"));
    if known {
        return Ok(response.finish());
    }
    Ok(response.insert_header((CONTENT_TYPE, "image/jpeg")).body(bytes))
}
