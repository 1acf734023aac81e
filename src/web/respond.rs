//! Answers other than pages: redirects, notices, cookies, downloads.

use super::visit::{LANGUAGE_COOKIE, NOTICE_COOKIE, TIMEZONE_COOKIE};
use actix_web::HttpResponse;
use actix_web::cookie::{Cookie, SameSite, time::Duration};
use actix_web::http::header::{
    CONTENT_DISPOSITION, ContentDisposition, DispositionParam, DispositionType, ExtendedValue,
};

/// Marks a request whose page has shown the notice, so that its cookie is taken away.
pub struct NoticeShown;

/// 303 to `path`: what was posted is done, and reloading does not post again.
#[must_use]
pub fn see_other(path: impl AsRef<str>) -> HttpResponse {
    HttpResponse::SeeOther().insert_header(("location", path.as_ref())).finish()
}

/// 303 to `path`, where the text `key` is shown once.
#[must_use]
pub fn see_other_with_notice(path: impl AsRef<str>, key: &'static str) -> HttpResponse {
    let notice = site_cookie(NOTICE_COOKIE, key).max_age(Duration::minutes(1)).finish();
    HttpResponse::SeeOther().insert_header(("location", path.as_ref())).cookie(notice).finish()
}

/// A cookie for the whole site that scripts can't read and other sites can't send with posts.
pub fn site_cookie<'a>(name: &'a str, value: &'a str) -> actix_web::cookie::CookieBuilder<'a> {
    Cookie::build(name, value).path("/").http_only(true).same_site(SameSite::Lax)
}

/// Remembers a language chosen on the page for a year.
#[must_use]
pub fn language_cookie(tag: &str) -> Cookie<'_> {
    site_cookie(LANGUAGE_COOKIE, tag).max_age(Duration::days(365)).finish()
}

/// Remembers a time zone chosen on the page for a year.
#[must_use]
pub fn timezone_cookie(name: &str) -> Cookie<'_> {
    site_cookie(TIMEZONE_COOKIE, name).max_age(Duration::days(365)).finish()
}

/// `Content-Disposition` for a download whose name may be in any script (RFC 6266).
#[must_use]
pub fn attachment(file_name: &str) -> (actix_web::http::header::HeaderName, ContentDisposition) {
    let plain: String = file_name
        .chars()
        .map(|character| if character.is_ascii_alphanumeric() || ".-_".contains(character) { character } else { '_' })
        .collect();
    let mut parameters = vec![DispositionParam::Filename(plain)];
    if !file_name.is_ascii() {
        parameters.push(DispositionParam::FilenameExt(ExtendedValue {
            charset: actix_web::http::header::Charset::Ext("UTF-8".to_owned()),
            language_tag: None,
            value: file_name.as_bytes().to_vec(),
        }));
    }
    (CONTENT_DISPOSITION, ContentDisposition { disposition: DispositionType::Attachment, parameters })
}
