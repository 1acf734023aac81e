//! Telling many open pages of a change at once, by Server-Sent Events.
//!
//! A *topic* is a word such as `editor/EVENT/en`. Who has news renders it once ([`event`]) and
//! publishes it; every open stream of that topic in this process writes the same shared bytes. A
//! topic exists only while someone listens, so whoever renders can ask [`Streams::listeners`] first
//! and spare the work.
//!
//! ```text
//! let listener = app.streams.listen("public/summit/en");          // first of all, so that nothing is missed
//! let since = load_what_is_new().await;                           // then what happened before
//! Ok(live_stream::answer(listener, since))                        // `since`: Vec<Bytes> sent first
//! ...
//! app.streams.publish("public/summit/en", News::new(version, live_stream::event("news", version, &data)?));
//! ```
//!
//! News carries a number that rises. A listener that was already told of a number, because it read
//! the state in between, skips it ([`Listener::known`]). Nothing here crosses processes: each
//! process looks at the database for changes of the others and publishes to its own listeners.
//!
//! Streams must not hold the process's orderly end: [`Streams::close`] ends them all.

use super::limits::Place;
use crate::app::App;
use actix_web::HttpResponse;
use actix_web::web::{Bytes, Data};
use futures_util::stream::{self, StreamExt};
use serde::Serialize;
use std::collections::{HashMap, VecDeque};
use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::{broadcast, watch};

/// News that wait for a slow listener. Who is further behind is told to load everything again.
const BEHIND: usize = 64;
/// How often a stream without news says that it is alive, so that nothing between cuts it off.
const HEARTBEAT: Duration = Duration::from_secs(15);
/// How long a stream may last. The browser comes back by itself, and is then asked anew who it is.
const LONGEST: Duration = Duration::from_secs(15 * 60);
/// Milliseconds after which a browser comes back when a stream ended.
const RETRY: &str = "retry: 2000\n\n";

/// Rendered news.
#[derive(Clone, Debug)]
pub struct News {
    number: i64,
    bytes: Bytes,
}

impl News {
    /// News of this number; 0 is for news that no number orders and that everyone gets.
    #[must_use]
    pub const fn new(number: i64, bytes: Bytes) -> Self {
        Self { number, bytes }
    }
}

/// The topics of one process and who listens to them.
pub struct Streams(Mutex<Topics>);

#[derive(Default)]
struct Topics {
    open: HashMap<String, broadcast::Sender<News>>,
    closed: bool,
}

impl Default for Streams {
    fn default() -> Self {
        Self::new()
    }
}

impl Streams {
    /// Nobody listens yet.
    #[must_use]
    pub fn new() -> Self {
        Self(Mutex::new(Topics::default()))
    }

    fn topics(&self) -> std::sync::MutexGuard<'_, Topics> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Begins to listen to a topic. While the process stops, the listener ends at once.
    #[must_use]
    pub fn listen(&self, topic: &str) -> Listener {
        let mut topics = self.topics();
        let receiver = if topics.closed {
            broadcast::channel(1).1
        } else {
            topics.open.entry(topic.to_owned()).or_insert_with(|| broadcast::channel(BEHIND).0).subscribe()
        };
        Listener { receiver, known: 0, until: Instant::now() + LONGEST, place: None }
    }

    /// How many listen to a topic.
    #[must_use]
    pub fn listeners(&self, topic: &str) -> usize {
        self.topics().open.get(topic).map_or(0, broadcast::Sender::receiver_count)
    }

    /// Hands news to everyone who listens to a topic.
    pub fn publish(&self, topic: &str, news: News) {
        if let Some(open) = self.topics().open.get(topic) {
            // Nobody listens any more only when all have gone; then nobody misses it.
            let _ = open.send(news);
        }
    }

    /// Ends every stream, and every further one at once.
    pub fn close(&self) {
        let mut topics = self.topics();
        topics.closed = true;
        topics.open.clear();
    }

    /// Whether the process stops.
    #[must_use]
    pub fn is_closed(&self) -> bool {
        self.topics().closed
    }

    /// A sign of life on every stream; topics that nobody listens to are forgotten.
    pub fn beat(&self) {
        let sign = News::new(0, Bytes::from_static(b":\n\n"));
        self.topics().open.retain(|_, open| open.send(sign.clone()).is_ok());
    }
}

/// Keeps streams alive until `stop` turns true. One clock for all of them.
pub async fn keep_alive(app: Data<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        tokio::select! {
            () = tokio::time::sleep(HEARTBEAT) => app.streams.beat(),
            _ = stop.changed() => {}
        }
    }
}

/// One open stream, before it is answered.
pub struct Listener {
    receiver: broadcast::Receiver<News>,
    known: i64,
    until: Instant,
    /// Given back when the stream ends.
    place: Option<Place<IpAddr>>,
}

impl Listener {
    /// The same, holding a place that is given back when the stream ends.
    #[must_use]
    pub fn holding(mut self, place: Place<IpAddr>) -> Self {
        self.place = Some(place);
        self
    }

    /// The same, skipping news up to this number.
    #[must_use]
    pub const fn known(mut self, number: i64) -> Self {
        self.known = number;
        self
    }

    /// The next news; none when the stream is over.
    async fn next(&mut self) -> Option<Bytes> {
        loop {
            let news = match self.receiver.recv().await {
                Ok(news) => news,
                // What it missed can't be had again from here.
                Err(broadcast::error::RecvError::Lagged(_)) => {
                    return Some(Bytes::from_static(b"event: reload\ndata: {}\n\n"));
                }
                Err(broadcast::error::RecvError::Closed) => return None,
            };
            if Instant::now() >= self.until {
                return None;
            }
            if news.number == 0 || news.number > self.known {
                self.known = self.known.max(news.number);
                return Some(news.bytes);
            }
        }
    }
}

/// Bytes that are handed to a connection at once. It copies them into a buffer of its own and keeps
/// what that has grown to, which a thousand open streams would pay for; this fits into its first size.
const PIECE: usize = 4_000;

/// What a connection gathers before it writes. With a further piece it still fits into the 8 KiB that
/// each connection has, also where the other side reads slowly.
pub const GATHERED: usize = 4 * 1024;

/// What a stream has still to send.
struct Sending {
    listener: Listener,
    waiting: VecDeque<Bytes>,
}

impl Sending {
    /// The next piece; none when the stream is over.
    async fn next(mut self) -> Option<(Bytes, Self)> {
        // Lets the connection write out what it has before it takes more.
        tokio::task::yield_now().await;
        let mut bytes = match self.waiting.pop_front() {
            Some(bytes) => bytes,
            None => self.listener.next().await?,
        };
        if bytes.len() > PIECE {
            // Shares the bytes, copies none.
            self.waiting.push_front(bytes.split_off(PIECE));
        }
        Some((bytes, self))
    }
}

/// One event as it goes over the wire. The number becomes its id, by which a browser that comes back
/// says what it has seen (`Last-Event-ID`); 0 gives it none.
///
/// # Errors
/// When the data can't be written as JSON.
pub fn event<T: Serialize>(name: &str, number: i64, data: &T) -> Result<Bytes, serde_json::Error> {
    // JSON holds no line breaks of its own, so one `data:` line is enough.
    let json = serde_json::to_string(data)?;
    let id = if number == 0 { String::new() } else { format!("id: {number}\n") };
    Ok(Bytes::from(format!("event: {name}\n{id}data: {json}\n\n")))
}

/// Answers with a stream: `first` at once, then the news of the listener's topic.
#[must_use]
pub fn answer(listener: Listener, first: Vec<Bytes>) -> HttpResponse {
    let mut waiting = VecDeque::from(first);
    waiting.push_front(Bytes::from_static(RETRY.as_bytes()));
    let body = stream::unfold(Sending { listener, waiting }, Sending::next).map(Ok::<Bytes, Infallible>);
    HttpResponse::Ok()
        .content_type("text/event-stream; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        // Proxies that gather answers would keep news back.
        .insert_header(("x-accel-buffering", "no"))
        .streaming(body)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn text(bytes: Option<Bytes>) -> String {
        String::from_utf8(bytes.expect("news").to_vec()).expect("text")
    }

    #[tokio::test]
    async fn everyone_who_listens_gets_the_same_news_once() {
        let streams = Streams::new();
        let (mut one, mut other) = (streams.listen("a").known(1), streams.listen("a"));
        assert_eq!((streams.listeners("a"), streams.listeners("b")), (2, 0));
        for number in [1, 2] {
            let bytes = event("news", number, &serde_json::json!({ "n": number })).expect("JSON");
            streams.publish("a", News::new(number, bytes));
        }
        assert_eq!(text(other.next().await), "event: news\nid: 1\ndata: {\"n\":1}\n\n");
        assert_eq!(text(one.next().await), "event: news\nid: 2\ndata: {\"n\":2}\n\n", "1 was known");
        streams.beat();
        assert_eq!(text(one.next().await), ":\n\n");
    }

    #[tokio::test]
    async fn who_is_too_far_behind_is_told_to_load_again() {
        let streams = Streams::new();
        let mut slow = streams.listen("a");
        for number in 1..200 {
            streams.publish("a", News::new(number, Bytes::from_static(b"x")));
        }
        assert!(text(slow.next().await).starts_with("event: reload"));
    }

    #[tokio::test]
    async fn large_news_go_out_in_pieces() {
        let streams = Streams::new();
        let sent = "x".repeat(3 * PIECE + 1);
        let listener = streams.listen("a");
        streams.publish("a", News::new(1, Bytes::from(sent.clone())));
        let mut sending = Sending { listener, waiting: VecDeque::new() };
        let mut received = String::new();
        while received.len() < sent.len() {
            let (piece, rest) = sending.next().await.expect("a piece");
            assert!(piece.len() <= PIECE);
            received.push_str(std::str::from_utf8(&piece).expect("text"));
            sending = rest;
        }
        assert_eq!(received, sent);
    }

    #[tokio::test]
    async fn closing_ends_every_stream() {
        let streams = Streams::new();
        let mut open = streams.listen("a");
        streams.close();
        assert!(open.next().await.is_none());
        assert!(streams.listen("a").next().await.is_none());
    }
}
