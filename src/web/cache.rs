//! Answers that are rendered once, compressed once and served many times.

use super::token::hex;
use actix_web::http::header::{
    ACCEPT_ENCODING, CACHE_CONTROL, CONTENT_ENCODING, CONTENT_TYPE, ETAG, HeaderMap, HeaderValue, IF_NONE_MATCH, VARY,
};
use actix_web::{HttpRequest, HttpResponse};
use bytes::Bytes;
use quick_cache::Weighter;
use quick_cache::sync::Cache;
use sha2::{Digest, Sha256};
use std::io::Write;
use std::sync::Arc;

/// How a body travels.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Encoding {
    /// Brotli, the smallest.
    Brotli,
    /// gzip, which everything reads.
    Gzip,
    /// As it is.
    Identity,
}

impl Encoding {
    /// The best encoding that the request's `Accept-Encoding` allows.
    #[must_use]
    pub fn wanted(request: &HttpRequest) -> Self {
        let accepted = request.headers().get(ACCEPT_ENCODING).and_then(|value| value.to_str().ok()).unwrap_or_default();
        let allows = |name: &str| {
            accepted.split(',').any(|entry| {
                let mut parts = entry.split(';').map(str::trim);
                let same = parts.next().is_some_and(|token| token.eq_ignore_ascii_case(name));
                same && !parts.any(|part| matches!(part, "q=0" | "q=0.0" | "q=0.00" | "q=0.000"))
            })
        };
        if allows("br") {
            Self::Brotli
        } else if allows("gzip") {
            Self::Gzip
        } else {
            Self::Identity
        }
    }

    /// The value of `Content-Encoding`.
    #[must_use]
    pub const fn header(self) -> Option<&'static str> {
        match self {
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
            Self::Identity => None,
        }
    }

    /// A short mark in entity tags: each encoding is a representation of its own (RFC 9110, 8.8.3).
    #[must_use]
    pub const fn token(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Gzip => "gz",
            Self::Identity => "id",
        }
    }
}

/// A body in every encoding that is worth it.
#[derive(Clone, Debug)]
pub struct Body {
    identity: Bytes,
    gzip: Option<Bytes>,
    brotli: Option<Bytes>,
}

/// Bodies below this many bytes fit into one packet anyhow.
const WORTH_COMPRESSING: usize = 860;
/// Brotli quality: near the best size at a few milliseconds a page.
const BROTLI_QUALITY: u32 = 6;

impl Body {
    /// Compresses `content` once for all.
    #[must_use]
    pub fn compressed(content: Vec<u8>) -> Self {
        if content.len() < WORTH_COMPRESSING {
            return Self { identity: content.into(), gzip: None, brotli: None };
        }
        let smaller = |encoded: Vec<u8>| (encoded.len() < content.len()).then(|| Bytes::from(encoded));
        let gzip = gzip(&content).ok().and_then(smaller);
        let brotli = brotli(&content).ok().and_then(smaller);
        Self { identity: content.into(), gzip, brotli }
    }

    /// The body in `encoding`, or the next best that exists.
    #[must_use]
    pub fn variant(&self, encoding: Encoding) -> (Bytes, Encoding) {
        let (body, encoding) = match encoding {
            Encoding::Brotli => (self.brotli.as_ref(), Encoding::Brotli),
            Encoding::Gzip => (self.gzip.as_ref(), Encoding::Gzip),
            Encoding::Identity => (None, Encoding::Identity),
        };
        body.map_or_else(|| (self.identity.clone(), Encoding::Identity), |body| (body.clone(), encoding))
    }

    /// The body as it is.
    #[must_use]
    pub fn plain(&self) -> &Bytes {
        &self.identity
    }

    fn weight(&self) -> usize {
        self.identity.len() + self.gzip.as_ref().map_or(0, Bytes::len) + self.brotli.as_ref().map_or(0, Bytes::len)
    }
}

fn gzip(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::new(6));
    encoder.write_all(content)?;
    encoder.finish()
}

fn brotli(content: &[u8]) -> std::io::Result<Vec<u8>> {
    let mut encoder = brotli::CompressorWriter::new(Vec::new(), 64 * 1024, BROTLI_QUALITY, 22);
    encoder.write_all(content)?;
    encoder.flush()?;
    Ok(encoder.into_inner())
}

/// One answer, ready to be sent.
#[derive(Debug)]
pub struct Stored {
    body: Body,
    /// By [`Encoding`], which is a representation of its own each.
    variants: [Variant; 3],
}

/// What is the same in every answer with one encoding. Heads are put together once: copying a
/// finished table of headers costs much less than filling one.
#[derive(Debug)]
struct Variant {
    body: Bytes,
    tag: String,
    whole: HeaderMap,
    known: HeaderMap,
}

impl Variant {
    fn new(body: &Body, encoding: Encoding, digest: &str, content_type: &'static str, vary: &'static str) -> Self {
        let (body, encoding) = body.variant(encoding);
        let tag = format!("\"{digest}-{}\"", encoding.token());
        let mut known = HeaderMap::with_capacity(16);
        super::security::set(&mut known);
        if let Ok(tag) = HeaderValue::from_str(&tag) {
            known.insert(ETAG, tag);
        }
        known.insert(VARY, HeaderValue::from_static(vary));
        known.insert(CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
        let mut whole = known.clone();
        whole.insert(CONTENT_TYPE, HeaderValue::from_static(content_type));
        if let Some(name) = encoding.header() {
            whole.insert(CONTENT_ENCODING, HeaderValue::from_static(name));
        }
        Self { body, tag, whole, known }
    }
}

impl Stored {
    /// Takes a rendered body. `vary` names the request headers that its content depends on,
    /// besides `Accept-Encoding`.
    #[must_use]
    pub fn new(content: Vec<u8>, content_type: &'static str, vary: &'static str) -> Self {
        let mut digest = hex(&Sha256::digest(&content));
        digest.truncate(24);
        let body = Body::compressed(content);
        let variants = [Encoding::Brotli, Encoding::Gzip, Encoding::Identity]
            .map(|encoding| Variant::new(&body, encoding, &digest, content_type, vary));
        Self { body, variants }
    }

    /// Answers with the whole body, or 304 when the visitor has it already.
    #[must_use]
    pub fn answer(&self, request: &HttpRequest) -> HttpResponse {
        let variant = &self.variants[Encoding::wanted(request) as usize];
        let known = request.headers().contains_key(IF_NONE_MATCH) && matches_etag(request, &variant.tag);
        let mut response =
            if known { HttpResponse::NotModified().finish() } else { HttpResponse::Ok().body(variant.body.clone()) };
        *response.headers_mut() = if known { variant.known.clone() } else { variant.whole.clone() };
        response
    }

    /// The body before compression.
    #[must_use]
    pub fn plain(&self) -> &Bytes {
        self.body.plain()
    }
}

/// Whether `If-None-Match` names `tag` (RFC 9110, 13.1.2: compared weakly, `*` fits all).
#[must_use]
pub fn matches_etag(request: &HttpRequest, tag: &str) -> bool {
    request.headers().get_all(IF_NONE_MATCH).filter_map(|value| value.to_str().ok()).any(|value| {
        value.split(',').map(str::trim).any(|known| known == "*" || known.strip_prefix("W/").unwrap_or(known) == tag)
    })
}

#[derive(Clone)]
struct ByBytes;

impl Weighter<String, Arc<Stored>> for ByBytes {
    fn weight(&self, key: &String, value: &Arc<Stored>) -> u64 {
        (key.len() + value.body.weight() + 200) as u64
    }
}

/// A bounded store of answers. Keys hold the version of what they were made from, so that nothing
/// has to be thrown away by hand: old answers fall out by disuse.
pub struct PageCache {
    answers: Cache<String, Arc<Stored>, ByBytes>,
    /// From requests as they came to the keys of their answers: many spellings, one answer.
    spellings: Cache<String, Arc<str>>,
}

/// How many spellings of requests are remembered.
const SPELLINGS: usize = 8192;
/// A spelling longer than this is worked out each time instead of remembered.
const LONGEST_SPELLING: usize = 600;

impl PageCache {
    /// Room for `bytes` of answers in all encodings, and about `entries` of them.
    #[must_use]
    pub fn new(entries: usize, bytes: u64) -> Self {
        Self { answers: Cache::with_weighter(entries, bytes, ByBytes), spellings: Cache::new(SPELLINGS) }
    }

    /// The answer kept under `key`.
    #[must_use]
    pub fn get(&self, key: &str) -> Option<Arc<Stored>> {
        self.answers.get(key)
    }

    /// Keeps an answer under `key`.
    pub fn put(&self, key: String, answer: Arc<Stored>) {
        self.answers.insert(key, answer);
    }

    /// What was remembered of a request spelled like this.
    #[must_use]
    pub fn meaning(&self, spelling: &str) -> Option<Arc<str>> {
        self.spellings.get(spelling)
    }

    /// Remembers what a request spelled like this means.
    pub fn remember(&self, spelling: &str, meaning: &str) {
        if spelling.len() <= LONGEST_SPELLING {
            self.spellings.insert(spelling.to_owned(), meaning.into());
        }
    }

    /// The answer kept under `key`, made by `make` when there is none.
    ///
    /// # Errors
    /// What `make` returns.
    pub fn get_or_make<E>(&self, key: &str, make: impl FnOnce() -> Result<Stored, E>) -> Result<Arc<Stored>, E> {
        self.answers.get_or_insert_with(key, || make().map(Arc::new))
    }
}
