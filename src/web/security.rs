//! The headers that every answer carries.

use actix_web::http::header::{HeaderMap, HeaderName, HeaderValue};

const POLICY: &str = "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; font-src 'self'; \
    connect-src 'self'; manifest-src 'self'; form-action 'self'; base-uri 'none'; frame-ancestors 'none'";

const FIXED: [(HeaderName, HeaderValue); 5] = [
    (HeaderName::from_static("content-security-policy"), HeaderValue::from_static(POLICY)),
    (HeaderName::from_static("x-content-type-options"), HeaderValue::from_static("nosniff")),
    (HeaderName::from_static("referrer-policy"), HeaderValue::from_static("same-origin")),
    (HeaderName::from_static("cross-origin-opener-policy"), HeaderValue::from_static("same-origin")),
    (
        HeaderName::from_static("permissions-policy"),
        HeaderValue::from_static("camera=(self), geolocation=(), microphone=()"),
    ),
];

/// Sets what is missing of them; a page that has its own stricter or wider rule keeps it.
pub fn set(headers: &mut HeaderMap) {
    for (name, value) in FIXED {
        if !headers.contains_key(&name) {
            headers.insert(name, value);
        }
    }
}

/// Lets any site show this page in a frame; it must be one that holds nothing of a visitor.
pub fn allow_framing(headers: &mut HeaderMap) {
    let policy = POLICY.replace("frame-ancestors 'none'", "frame-ancestors *");
    if let Ok(policy) = HeaderValue::try_from(policy) {
        headers.insert(HeaderName::from_static("content-security-policy"), policy);
    }
    allow_other_sites(headers);
}

/// Lets a page show frames of this site, such as a mail's HTML that may run nothing.
pub fn allow_own_frames(headers: &mut HeaderMap) {
    if let Ok(policy) = HeaderValue::try_from(format!("{POLICY}; frame-src 'self'")) {
        headers.insert(HeaderName::from_static("content-security-policy"), policy);
    }
}

/// Lets any site load this.
pub fn allow_other_sites(headers: &mut HeaderMap) {
    headers.insert(HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin"));
}

/// Tells browsers to come by TLS only; said where visitors reach us that way.
pub fn set_secure(headers: &mut HeaderMap) {
    let name = HeaderName::from_static("strict-transport-security");
    headers.insert(name, HeaderValue::from_static("max-age=31536000"));
}
