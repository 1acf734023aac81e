//! Telling open editors what others do, and who is where.
//!
//! One task for each event that someone has open in this process looks at the draft's version, a few
//! times a second and at once after writes of this process. New edits are rendered once for each
//! language and handed to all streams. So it works alike whichever process an edit was made in.

use super::api::{problem, read_json, unreadable};
use super::desk::{self, look};
use super::model::{Changes, Edit, Present};
use super::operations::Standing;
use super::store::{self, Seen};
use super::view::{self, BlockLine, ConcernItem, SlotLine, Words};
use crate::accounts::access::{Allowed, ViewEvent};
use crate::app::App;
use crate::db::{BlockId, DbError, EventId, SessionId, SlotId, TabId, UtcTime};
use crate::events::model::Event;
use crate::i18n::{INTERFACE_LANGUAGES, Lang};
use crate::web::error::PageResult;
use crate::web::live_stream::{self, News};
use crate::web::{Failure, RouteTable};
use actix_web::http::{Method, StatusCode};
use actix_web::web::{Bytes, Data, Query};
use actix_web::{HttpRequest, HttpResponse};
use chrono::{NaiveDate, TimeDelta};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};
use tokio::sync::Notify;

/// How long an edit of another process may stay unseen.
const LOOK_AGAIN: Duration = Duration::from_millis(300);
/// A rush of writes here makes no rush of looks.
const REST: Duration = Duration::from_millis(20);
/// How long it may stay unseen that someone came or went.
const LOOK_AROUND: Duration = Duration::from_secs(1);
/// After which time without a sign someone is gone.
pub(super) const GONE_AFTER: TimeDelta = TimeDelta::seconds(30);

/// Which events are followed in this process.
#[derive(Default)]
pub struct Feeds {
    followed: Mutex<HashSet<EventId>>,
    written: Notify,
}

impl Feeds {
    /// Something was written by this process: whoever follows looks at once.
    pub fn look_now(&self) {
        self.written.notify_waiters();
    }
}

/// The routes of this part.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/schedule/events", listen);
    routes.post("/organizer/{event}/schedule/presence", be_present);
}

fn topic(event: EventId, lang: Lang) -> String {
    format!("editor/{event}/{lang}")
}

/// The slots that an edit took out.
pub(super) fn removed_slots(changes: &Changes) -> Vec<SlotId> {
    changes.slots.iter().filter(|step| step.change.after.is_none()).map(|step| step.change.slot).collect()
}

/// The blocks that an edit took away.
pub(super) fn removed_blocks(changes: &Changes) -> Vec<BlockId> {
    changes.blocks.iter().filter(|step| step.after.is_none()).map(|step| step.block).collect()
}

#[derive(Serialize)]
struct By<'a> {
    id: crate::db::UserId,
    name: &'a str,
}

/// An edit as others are told of it.
#[derive(Serialize)]
struct EditNews<'a> {
    version: i64,
    by: Option<By<'a>>,
    tab: Option<TabId>,
    slots: Vec<SlotLine>,
    removed: Vec<SlotId>,
    blocks: Vec<BlockLine>,
    removed_blocks: Vec<BlockId>,
    concerns: &'a [ConcernItem],
}

fn edit_news(words: Words<'_>, edit: &Edit, concerns: &[ConcernItem]) -> Result<Bytes, serde_json::Error> {
    let news = EditNews {
        version: edit.version,
        by: edit.by.as_ref().map(|(id, name)| By { id: *id, name }),
        tab: edit.changes.tab,
        slots: edit.changes.slots.iter().filter_map(|step| SlotLine::after(words.event.zone(), step)).collect(),
        removed: removed_slots(&edit.changes),
        blocks: edit.changes.blocks.iter().filter_map(|step| BlockLine::after(words, step)).collect(),
        removed_blocks: removed_blocks(&edit.changes),
        concerns,
    };
    live_stream::event("edit", edit.version, &news)
}

fn reload_news(version: i64) -> Result<Bytes, serde_json::Error> {
    live_stream::event("reload", version, &serde_json::json!({ "version": version }))
}

fn presence_news(present: &[Present]) -> Result<Bytes, serde_json::Error> {
    live_stream::event("presence", 0, &present)
}

/// What has become of a draft since a version.
enum Since {
    /// Nothing.
    Same,
    /// These edits and nothing else.
    Edits(Vec<Edit>),
    /// Something that no edit tells of.
    Else,
}

/// The draft's version now, what led to it, and the event as it is.
struct Look {
    version: i64,
    since: Since,
    present: Option<Vec<Present>>,
}

fn take_look(
    db: &mut crate::db::DbConnection,
    (event, known): (EventId, i64),
    around: Option<UtcTime>,
) -> Result<Option<Look>, DbError> {
    let Some(version) = store::draft_version(db, event)? else { return Ok(None) };
    let present = around.map(|limit| store::present(db, event, limit)).transpose()?;
    if version == known {
        return Ok(Some(Look { version, since: Since::Same, present }));
    }
    let edits = store::edits_after(db, event, known)?;
    let since = if version > known && desk::follow_each_other(known, &edits, version) {
        Since::Edits(edits)
    } else {
        Since::Else
    };
    let version =
        if let Since::Edits(edits) = &since { edits.last().map_or(version, |edit| edit.version) } else { version };
    Ok(Some(Look { version, since, present }))
}

#[derive(Deserialize)]
struct Asked {
    /// Only an editor's tab listens; what is no tab is refused before a stream is opened.
    #[serde(rename = "tab")]
    _tab: TabId,
    since: Option<i64>,
}

/// `GET /organizer/{event}/schedule/events`.
async fn listen(team: Allowed<ViewEvent>, request: HttpRequest, asked: Option<Query<Asked>>) -> PageResult {
    let Some(Query(Asked { since, .. })) = asked else { return Ok(unreadable(&team)) };
    if request.method() == Method::HEAD {
        return Ok(HttpResponse::Ok().content_type("text/event-stream; charset=utf-8").finish());
    }
    let last = request.headers().get("last-event-id").and_then(|id| id.to_str().ok()).and_then(|id| id.parse().ok());
    let words = super::api::words(&team);
    let (app, event) = (&team.visit.app, team.event.id);
    // Listened to first and read then, so that nothing falls between.
    let listener = app.streams.listen(&topic(event, words.lang));
    let (known, limit) = (last.or(since), app.clock.now() - GONE_AFTER);
    let found = app.read(move |db| {
        let start = known.map_or_else(|| store::draft_version(db, event).map(Option::unwrap_or_default), Ok)?;
        take_look(db, (event, start), Some(limit))
    });
    let found = found.await?.ok_or(Failure::NotFound)?;
    follow(app, &team.event, found.version);
    let mut first = since_news(app, words, &found).await?;
    first.push(presence_news(found.present.as_deref().unwrap_or_default()).map_err(Failure::unexpected)?);
    Ok(live_stream::answer(listener.known(found.version), first))
}

/// What happened, rendered for one language.
async fn since_news(app: &App, words: Words<'_>, found: &Look) -> Result<Vec<Bytes>, Failure> {
    match &found.since {
        Since::Same => Ok(Vec::new()),
        Since::Else => Ok(vec![reload_news(found.version).map_err(Failure::unexpected)?]),
        Since::Edits(edits) => {
            let concerns = look(app, words.event.id, |desk| view::concerns(words, desk)).await?;
            let rendered: Result<Vec<Bytes>, _> = edits.iter().map(|edit| edit_news(words, edit, &concerns)).collect();
            rendered.map_err(Failure::unexpected)
        }
    }
}

/// Sees to it that an event is followed in this process, from this version on.
fn follow(app: &Data<App>, event: &Event, version: i64) {
    let is_new = followed(app).insert(event.id);
    if is_new {
        tokio::spawn(run(app.clone(), event.clone(), version));
    }
}

fn followed(app: &App) -> std::sync::MutexGuard<'_, HashSet<EventId>> {
    app.editor.feeds.followed.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The languages in which someone listens.
fn heard_in(app: &App, event: EventId) -> Vec<Lang> {
    INTERFACE_LANGUAGES.iter().copied().filter(|lang| app.streams.listeners(&topic(event, *lang)) > 0).collect()
}

/// Follows one event for as long as someone listens.
async fn run(app: Data<App>, event: Event, version: i64) {
    let mut following = Following { app: &app, event, version, present: Vec::new(), looked_around: None };
    loop {
        // Made before looking, so that a write during the look is not missed.
        let written = app.editor.feeds.written.notified();
        tokio::pin!(written);
        written.as_mut().enable();
        if let Err(error) = following.look().await {
            tracing::error!(%error, "open editors could not be told what is new; they will be with the next look");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            () = written => tokio::time::sleep(REST).await,
        }
        let mut all = followed(&app);
        // Whoever comes after this looks up the list, and begins anew.
        if app.streams.is_closed() || heard_in(&app, following.event.id).is_empty() {
            all.remove(&following.event.id);
            return;
        }
    }
}

struct Following<'a> {
    app: &'a Data<App>,
    event: Event,
    version: i64,
    present: Vec<Present>,
    looked_around: Option<Instant>,
}

impl Following<'_> {
    async fn look(&mut self) -> Result<(), Failure> {
        let looks_around = self.looked_around.is_none_or(|at| at.elapsed() >= LOOK_AROUND);
        let limit = looks_around.then(|| self.app.clock.now() - GONE_AFTER);
        let key = (self.event.id, self.version);
        let Some(found) = self.app.read(move |db| take_look(db, key, limit)).await? else { return Ok(()) };
        if let Some(present) = &found.present {
            self.looked_around = Some(Instant::now());
            if *present != self.present {
                let bytes = presence_news(present).map_err(Failure::unexpected)?;
                self.publish_everywhere(0, &bytes);
                self.present.clone_from(present);
            }
        }
        match &found.since {
            Since::Same => {}
            Since::Else => {
                // The zone or the languages may be what has changed.
                let id = self.event.id;
                let event = self.app.read(move |db| Ok::<_, Failure>(crate::events::operations::by_id(db, id)?));
                self.event = event.await?.ok_or(Failure::NotFound)?;
                let bytes = reload_news(found.version).map_err(Failure::unexpected)?;
                self.publish_everywhere(found.version, &bytes);
            }
            Since::Edits(edits) => self.publish_edits(edits).await?,
        }
        self.version = found.version;
        Ok(())
    }

    fn publish_everywhere(&self, number: i64, bytes: &Bytes) {
        for lang in heard_in(self.app, self.event.id) {
            self.app.streams.publish(&topic(self.event.id, lang), News::new(number, bytes.clone()));
        }
    }

    async fn publish_edits(&self, edits: &[Edit]) -> Result<(), Failure> {
        for lang in heard_in(self.app, self.event.id) {
            let words = Words { texts: &self.app.texts, lang, event: &self.event };
            let concerns = look(self.app, self.event.id, |desk| view::concerns(words, desk)).await?;
            for edit in edits {
                let bytes = edit_news(words, edit, &concerns).map_err(Failure::unexpected)?;
                self.app.streams.publish(&topic(self.event.id, lang), News::new(edit.version, bytes));
            }
        }
        Ok(())
    }
}

#[derive(Deserialize)]
struct Whereabouts {
    tab: TabId,
    day: NaiveDate,
    session: Option<SessionId>,
}

/// `POST /organizer/{event}/schedule/presence`.
async fn be_present(team: Allowed<ViewEvent>, body: Bytes) -> PageResult {
    let Some(Whereabouts { tab, day, session }) = read_json(&body) else { return Ok(unreadable(&team)) };
    let (event, user) = (team.event.id, team.user.id);
    let marked = team.visit.app.write(move |db, now| {
        let is_there = session.map_or(Ok(true), |session| store::is_session_of(db, event, session))?;
        let seen = Seen { tab, event, user, day, session: session.filter(|_| is_there) };
        Ok::<_, DbError>(store::mark_present(db, now, &seen)?)
    });
    match marked.await {
        Ok(()) => Ok(HttpResponse::NoContent().finish()),
        Err(DbError::Query(diesel::result::Error::DatabaseError(..))) => {
            let told = (StatusCode::CONFLICT, "unreadable", "error-bad-request");
            Ok(problem(&team, told, &Standing::default(), None))
        }
        Err(error) => Err(error.into()),
    }
}
