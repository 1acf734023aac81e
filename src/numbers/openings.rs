//! How often the registration form is opened: counted in memory, written now and then.
//!
//! A view of the form costs one atomic addition and no write. Kept are an hour, a word for where the visit came
//! from, and a number: no address, no cookie, no browser, nothing of a person. A process that dies loses what it
//! counted in the last minute; one that is told to stop writes it first.

use super::operations::add_openings;
use crate::app::App;
use crate::db::{DbError, EventId, UtcTime};
use crate::web::Visit;
use actix_web::HttpRequest;
use actix_web::http::Method;
use actix_web::http::header::{HOST, REFERER, USER_AGENT};
use chrono::Timelike;
use std::collections::HashMap;
use std::sync::atomic::{AtomicI64, Ordering};
use std::sync::{PoisonError, RwLock};
use url::Url;

/// Openings of one event in one hour.
type Hour = HashMap<String, AtomicI64>;

/// Openings since the last write, in this process.
#[derive(Default)]
pub struct Openings(RwLock<HashMap<(EventId, UtcTime), Hour>>);

/// Words of one event and hour that are held at once; each beyond it counts as [`Openings::OTHER`].
const MOST_WORDS: usize = 50;
/// Longest word that is counted under.
const LONGEST_WORD: usize = 32;

impl Openings {
    /// Without any hint of where the visit came from: typed, from a mail or an app.
    pub const DIRECT: &'static str = "direct";
    /// From another page of this site.
    pub const SITE: &'static str = "site";
    /// From the timetable inside another site.
    pub const EMBED: &'static str = "embed";
    /// From another site; which one is not kept.
    pub const ELSEWHERE: &'static str = "elsewhere";
    /// Words beyond the bound.
    pub const OTHER: &'static str = "other";

    /// Whether a word is one of ours and none of an address.
    #[must_use]
    pub fn is_class(word: &str) -> bool {
        [Self::DIRECT, Self::SITE, Self::EMBED, Self::ELSEWHERE, Self::OTHER].contains(&word)
    }

    /// Counts one opening.
    pub fn note(&self, event: EventId, now: UtcTime, source: &str) {
        let key = (event, beginning_of_hour(now));
        if let Some(count) =
            self.0.read().unwrap_or_else(PoisonError::into_inner).get(&key).and_then(|hour| hour.get(source))
        {
            count.fetch_add(1, Ordering::Relaxed);
            return;
        }
        self.add(key, source, 1);
    }

    fn add(&self, key: (EventId, UtcTime), source: &str, openings: i64) {
        let mut counts = self.0.write().unwrap_or_else(PoisonError::into_inner);
        let hour = counts.entry(key).or_default();
        let is_new = hour.len() >= MOST_WORDS && !hour.contains_key(source) && !Self::is_class(source);
        let word = if is_new { Self::OTHER } else { source };
        *hour.entry(word.to_owned()).or_default().get_mut() += openings;
    }

    /// Takes everything that was counted. Whoever counts holds the lock, so that nothing falls between.
    fn take(&self) -> Vec<(EventId, UtcTime, String, i64)> {
        let taken = std::mem::take(&mut *self.0.write().unwrap_or_else(PoisonError::into_inner));
        let mut rows: Vec<_> = taken
            .into_iter()
            .flat_map(|((event, hour), words)| {
                words.into_iter().map(move |(word, count)| (event, hour, word, count.into_inner()))
            })
            .collect();
        // One order for all processes: two that write at once wait for each other and never crosswise.
        rows.sort_unstable_by(|left, right| (left.0, left.1, &left.2).cmp(&(right.0, right.1, &right.2)));
        rows
    }
}

fn beginning_of_hour(at: UtcTime) -> UtcTime {
    let chrono = at.to_chrono();
    chrono
        .with_minute(0)
        .and_then(|at| at.with_second(0))
        .and_then(|at| at.with_nanosecond(0))
        .map_or(at, UtcTime::from)
}

/// Writes what was counted since the last time; how many rows that were.
///
/// # Errors
/// When the database refuses; then the counts are kept for the next time.
pub async fn write(app: &App) -> Result<usize, DbError> {
    let counted = std::sync::Arc::new(app.openings.take());
    if counted.is_empty() {
        return Ok(0);
    }
    let rows = std::sync::Arc::clone(&counted);
    let written = app.db.write(move |db| add_openings(db, &rows)).await;
    match written {
        Ok(()) => Ok(counted.len()),
        // Rather lost than counted twice.
        Err(DbError::CommitUnknown) => Err(DbError::CommitUnknown),
        Err(error) => {
            for (event, hour, word, openings) in counted.iter() {
                app.openings.add((*event, *hour), word, *openings);
            }
            Err(error)
        }
    }
}

/// Counts that somebody opened the form of an event, unless nobody did: programs that look ahead or show a
/// preview of a link open it too, and so does whoever changes the language of the form.
pub fn note_opening(visit: &Visit, request: &HttpRequest, event: EventId) {
    let header = |name| request.headers().get(name).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let is_ahead = ["sec-purpose", "purpose"]
        .iter()
        .any(|name| request.headers().get(*name).is_some_and(|value| value.as_bytes().starts_with(b"prefetch")));
    if request.method() != Method::GET || is_ahead || is_program(header(USER_AGENT)) {
        return;
    }
    let public = Url::parse(&visit.app.settings.http.public_url).ok();
    let own = [public.as_ref().and_then(host), Some(header(HOST).to_owned())];
    let seen =
        Seen { from: visit.param("from").unwrap_or_default(), referrer: header(REFERER), own: &own, path: &visit.path };
    if let Some(source) = source(&seen) {
        visit.app.openings.note(event, visit.app.clock.now(), &source);
    }
}

/// What a visit says of where it comes from.
struct Seen<'a> {
    /// The word in the address.
    from: &'a str,
    /// The page before.
    referrer: &'a str,
    /// Our own hosts.
    own: &'a [Option<String>],
    /// The form's own path.
    path: &'a str,
}

/// Host and port, where that is not the usual one.
fn host(url: &Url) -> Option<String> {
    let name = url.host_str()?;
    Some(url.port().map_or_else(|| name.to_owned(), |port| format!("{name}:{port}")))
}

/// The word that a visit is counted under; none when it comes from the form itself.
fn source(seen: &Seen<'_>) -> Option<String> {
    let page = Url::parse(seen.referrer).ok();
    let before = page.as_ref().and_then(host).filter(|host| !host.is_empty());
    let is_own =
        before.as_ref().is_some_and(|host| seen.own.iter().flatten().any(|own| own.eq_ignore_ascii_case(host)));
    let path = page.as_ref().map(Url::path).unwrap_or_default();
    if is_own && path == seen.path {
        return None;
    }
    let word = word(seen.from);
    let class = match before {
        _ if !word.is_empty() => return Some(word),
        None => Openings::DIRECT,
        Some(_) if is_own && path.ends_with("/embed") => Openings::EMBED,
        Some(_) if is_own => Openings::SITE,
        Some(_) => Openings::ELSEWHERE,
    };
    Some(class.to_owned())
}

/// A word of an address as it is counted under: small letters and digits of ASCII, joined by hyphens.
fn word(text: &str) -> String {
    let is_plain = |letter: char| letter.is_ascii_alphanumeric() || letter == '-' || letter == '_';
    let fits = !text.is_empty() && text.len() <= LONGEST_WORD && text.chars().all(is_plain);
    if fits { text.to_ascii_lowercase() } else { String::new() }
}

/// Whether a browser says of itself that it is none: crawlers, and whatever makes previews of links in chats.
fn is_program(user_agent: &str) -> bool {
    const MARKS: [&str; 8] =
        ["bot", "crawl", "spider", "preview", "facebookexternalhit", "whatsapp", "headless", "slurp"];
    let agent = user_agent.to_ascii_lowercase();
    MARKS.iter().any(|mark| agent.contains(mark))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_visit_is_counted_under_a_word_or_a_class_and_never_under_a_host() {
        let own = [Some("summit.example".to_owned()), Some("127.0.0.1:8080".to_owned())];
        for (from, referrer, expected) in [
            ("", "", Some("direct")),
            ("newsletter", "", Some("newsletter")),
            ("News-Letter_2", "https://mail.example/", Some("news-letter_2")),
            ("<script>", "", Some("direct")),
            ("a b", "https://summit.example/x", Some("site")),
            (&"x".repeat(33), "", Some("direct")),
            ("embed", "", Some("embed")),
            ("", "https://summit.example/summit/schedule", Some("site")),
            ("", "http://127.0.0.1:8080/summit", Some("site")),
            ("", "http://127.0.0.1:9090/summit", Some("elsewhere")),
            ("", "https://SUMMIT.example/summit/embed", Some("embed")),
            ("", "https://search.example/?q=ada", Some("elsewhere")),
            ("", "no address", Some("direct")),
            ("", "https://summit.example/summit/register?lang=zh", None),
            ("newsletter", "https://summit.example/summit/register?from=newsletter", None),
        ] {
            let seen = Seen { from, referrer, own: &own, path: "/summit/register" };
            assert_eq!(source(&seen).as_deref(), expected, "{from} {referrer}");
        }
    }

    #[test]
    fn programs_say_what_they_are() {
        for (agent, is_one) in [
            ("Mozilla/5.0 (compatible; Googlebot/2.1)", true),
            ("WhatsApp/2.23", true),
            ("facebookexternalhit/1.1", true),
            ("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0", false),
            ("", false),
        ] {
            assert_eq!(is_program(agent), is_one, "{agent}");
        }
    }

    #[test]
    fn nothing_is_lost_or_counted_twice_while_others_count() {
        let openings = Openings::default();
        let (event, now) = (EventId::new(), UtcTime::of_machine());
        let mut taken = Vec::new();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| {
                    (0..5000).for_each(|index| openings.note(event, now, ["direct", "site", "news"][index % 3]));
                });
            }
            for _ in 0..50 {
                taken.extend(openings.take());
                std::thread::yield_now();
            }
        });
        taken.extend(openings.take());
        assert_eq!(taken.iter().map(|row| row.3).sum::<i64>(), 20_000);
        assert!(openings.take().is_empty());
    }

    #[test]
    fn invented_words_fill_no_memory() {
        let openings = Openings::default();
        let (event, now) = (EventId::new(), UtcTime::of_machine());
        (0..1000).for_each(|index| openings.note(event, now, &format!("word-{index}")));
        openings.note(event, now, Openings::SITE);
        let taken = openings.take();
        assert!(taken.len() <= MOST_WORDS + 2, "{}", taken.len());
        assert_eq!(taken.iter().map(|row| row.3).sum::<i64>(), 1001);
        assert!(taken.iter().any(|row| row.2 == "other" && row.3 == 950));
    }
}
