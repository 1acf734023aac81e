//! Old releases: the public pages as they were, for who followed an old link or wants to compare.

use super::model::{OldRelease, PublicEvent, Released};
use super::view::Reader;
use crate::app::App;
use crate::schedule::releases::operations as releases;
use crate::web::page::OldReleaseHead;
use crate::web::{Failure, Visit};
use std::sync::Arc;

/// Old releases that are kept in memory; each is as large as a whole programme.
pub(super) const KEPT: usize = 4;

/// The query parameter that asks for an old release.
pub(super) const PARAMETER: &str = "release";

/// The event as of the release that a request asks for; as it is now where it asks for none or the newest.
pub(super) async fn as_of(app: &App, event: &Arc<PublicEvent>, query: &str) -> Result<Arc<PublicEvent>, Failure> {
    let asked = url::form_urlencoded::parse(query.as_bytes()).find(|(name, _)| name == PARAMETER);
    let Some((_, asked)) = asked.filter(|(_, value)| !value.is_empty()) else { return Ok(Arc::clone(event)) };
    let number: i32 = asked.parse().map_err(|_| Failure::NotFound)?;
    match event.newest_release() {
        Some(newest) if number == newest => Ok(Arc::clone(event)),
        Some(newest) if (1..newest).contains(&number) => load(app, event, number).await,
        _ => Err(Failure::NotFound),
    }
}

async fn load(app: &App, event: &Arc<PublicEvent>, number: i32) -> Result<Arc<PublicEvent>, Failure> {
    let (id, version) = event.stamp();
    let key = (id, version, number);
    if let Some(found) = app.site.old.get(&key) {
        return Ok(found);
    }
    // One at a time: a robot that walks through all of them holds nobody up but itself.
    let _alone = app.site.loading_old.lock().await;
    if let Some(found) = app.site.old.get(&key) {
        return Ok(found);
    }
    let programme = app.read(move |db| Ok::<_, Failure>(releases::release_of_number(db, id, number)?)).await?;
    let programme = releases::as_of_now(&event.event, programme.ok_or(Failure::NotFound)?);
    let info = programme.release.clone().ok_or(Failure::NotFound)?;
    let loaded = Arc::new(PublicEvent {
        event: event.event.clone(),
        released: Some(Released::new(programme)),
        openings: event.openings.clone(),
        call_times: event.call_times.clone(),
        // What is announced today is about what holds today.
        announcements: Vec::new(),
        moved_hours: 0,
        documents: Vec::new(),
        log: Arc::default(),
        old: Some(OldRelease { info, newest: Arc::clone(event) }),
    });
    app.site.old.insert(key, Arc::clone(&loaded));
    Ok(loaded)
}

/// "You are looking at an old release", with the way to the newest.
pub(super) fn head(reader: &Reader<'_>, visit: &Visit) -> Option<OldReleaseHead> {
    let old = reader.event.old.as_ref()?;
    let at = old.info.published_at.in_zone(reader.event.event.zone()).naive_local();
    let args = [("name", old.info.name.as_str().into()), ("at", reader.format().date_time(at).into())];
    Some(OldReleaseHead {
        text: reader.app.texts.text(reader.lang, "changes-old-release", &args),
        newest_url: newest_url(reader, &old.newest, visit),
    })
}

/// The same page in the newest release; the timetable where that has no such page.
fn newest_url(reader: &Reader<'_>, newest: &PublicEvent, visit: &Visit) -> String {
    let released = newest.released.as_ref();
    let parts: Vec<&str> = visit.path.split('/').skip(2).collect();
    let is_there = match parts.as_slice() {
        ["sessions", code] => released.is_some_and(|released| released.session_by_code(code).is_some()),
        ["speakers", code] => released.is_some_and(|released| released.speaker_by_code(code).is_some()),
        ["rooms", code, ..] => released.is_some_and(|released| released.room_by_code(code).is_some()),
        _ => true,
    };
    if !is_there {
        return format!("{}/schedule", reader.base());
    }
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    query.extend_pairs(visit.query.iter().filter(|(name, _)| name != PARAMETER));
    match query.finish() {
        query if query.is_empty() => visit.path.clone(),
        query => format!("{}?{query}", visit.path),
    }
}
