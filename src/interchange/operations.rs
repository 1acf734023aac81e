//! Reading a programme file into an event's draft.

use super::apply::{Applied, NewRooms, Tallies, apply};
use super::model::{FileFormat, ImportedProgramme, UnknownFormatName};
use super::notes::{Problem, ReadError, Warning};
use super::read::{Limits, ReadOptions, read};
use super::store;
use crate::app::App;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, UtcTime};
use crate::events::model::{Event, InvalidEvent, NewEvent, ZoneName};
use crate::events::operations::{self as events, EventError};
use crate::i18n::{Lang, Localized};
use bytes::Bytes;
use chrono_tz::Tz;
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

/// The format asked for: a certain one, or whatever the content looks like.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct FormatChoice(pub Option<FileFormat>);

impl std::str::FromStr for FormatChoice {
    type Err = UnknownFormatName;
    fn from_str(text: &str) -> Result<Self, UnknownFormatName> {
        if text == "auto" || text.is_empty() { Ok(Self(None)) } else { text.parse().map(|format| Self(Some(format))) }
    }
}

/// Where a file is read into.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    /// The draft of the event with this slug.
    Event(String),
    /// A new event with this slug, made from what the file says.
    NewEvent(String),
}

/// A file and what to do with it.
#[derive(Clone, Debug)]
pub struct ImportRequest {
    /// The file.
    pub bytes: Bytes,
    /// Its format.
    pub format: FormatChoice,
    /// The zone of times that name none.
    pub timezone: Option<Tz>,
    /// Where it is read into.
    pub target: Target,
    /// Only say what would change.
    pub dry_run: bool,
}

/// What an import did, or would do. As JSON, the shape that scripts rely on.
#[derive(Clone, Debug, Serialize)]
pub struct ImportReport {
    /// The event's slug.
    pub event: String,
    /// The format that was read.
    pub format: String,
    /// Whether nothing was changed because only a preview was asked for.
    pub dry_run: bool,
    /// Days in the file.
    pub days: usize,
    /// Rooms that hold a session.
    pub rooms: usize,
    /// Tracks in the file.
    pub tracks: usize,
    /// Session entries in the file.
    pub sessions: usize,
    /// People in sessions, by name.
    pub speakers: usize,
    /// Records added.
    pub created: usize,
    /// Records changed.
    pub updated: usize,
    /// Records found as they are.
    pub unchanged: usize,
    /// The same for each kind of record.
    pub changes: Tallies,
    /// What was left out, changed or guessed, each with its place in the file.
    pub warnings: Vec<String>,
    /// The same as values, for pages that word them in the reader's language.
    #[serde(skip)]
    pub notes: Vec<Warning>,
    /// Sessions of an earlier import that are not in the file, as they stand at the end of `warnings`.
    #[serde(skip)]
    pub missing: Vec<String>,
}

/// Why a file was not imported. Nothing of it was kept.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The file can't be read.
    #[error("{0}")]
    Unreadable(ReadError),
    /// There is no such event.
    #[error("there is no event {0}")]
    NoEvent(String),
    /// The new event's facts are not usable.
    #[error(transparent)]
    Event(EventError),
    /// Not an error: a preview ends by undoing itself.
    #[error("this was only a preview")]
    Preview(Box<ImportReport>),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

crate::db_failure!(ImportError);

impl From<InvalidEvent> for ImportError {
    fn from(error: InvalidEvent) -> Self {
        Self::Event(EventError::Invalid(error))
    }
}

impl From<EventError> for ImportError {
    fn from(error: EventError) -> Self {
        match error {
            EventError::Db(error) => Self::Db(error),
            error => Self::Event(error),
        }
    }
}

/// Reads a file into an event's draft: all or nothing. Reading happens outside the transaction,
/// comparing and writing inside, so that two imports don't mix.
///
/// # Errors
/// When the file, the event or the database does not allow it; nothing is kept then.
pub async fn import(app: &App, actor: Actor, request: ImportRequest) -> Result<ImportReport, ImportError> {
    import_with(app, actor, request, NewRooms::Add).await
}

/// The same, saying what to do about rooms that the event does not have.
///
/// # Errors
/// As [`import`].
pub async fn import_with(
    app: &App,
    actor: Actor,
    request: ImportRequest,
    new_rooms: NewRooms,
) -> Result<ImportReport, ImportError> {
    let fallback = match &request.target {
        Target::NewEvent(_) => None,
        Target::Event(slug) => Some(find_event(app, slug.clone()).await?),
    };
    let limits = Limits { bytes: import_bytes(app), ..Limits::default() };
    let options = ReadOptions {
        format: request.format.0,
        timezone: request.timezone,
        fallback_timezone: fallback.as_ref().map(Event::zone),
        fallback_language: fallback.as_ref().map(Event::main_language),
        limits,
    };
    let bytes = request.bytes.clone();
    let file = tokio::task::spawn_blocking(move || read(&bytes, &options))
        .await
        .map_err(|_| ImportError::Db(DbError::Panicked))?
        .map_err(ImportError::Unreadable)?;
    reconcile(app, actor, Arc::new(file), (request.target, request.dry_run, new_rooms)).await
}

/// Brings an event's draft in line with a programme that was read already.
///
/// # Errors
/// As [`import`].
pub async fn import_programme(
    app: &App,
    actor: Actor,
    file: Arc<ImportedProgramme>,
    target: Target,
    dry_run: bool,
) -> Result<ImportReport, ImportError> {
    reconcile(app, actor, file, (target, dry_run, NewRooms::Add)).await
}

async fn reconcile(
    app: &App,
    actor: Actor,
    file: Arc<ImportedProgramme>,
    (target, dry_run, new_rooms): (Target, bool, NewRooms),
) -> Result<ImportReport, ImportError> {
    let outcome = app
        .write(move |db, now| {
            let event = target_event(db, now, actor, &file, &target)?;
            let applied = apply(db, now, event.id, &file, new_rooms)?;
            let report = report(&event, &file, applied, dry_run);
            if dry_run {
                // An error undoes the savepoint, which is just what a preview needs.
                return Err(ImportError::Preview(Box::new(report)));
            }
            if report.created + report.updated > 0 {
                events::touch_draft(db, event.id)?;
                let entry = Entry::new(Some(event.id), actor, "programme.imported", "event", event.id.as_str());
                let detail = serde_json::json!({ "format": report.format, "created": report.created, "updated": report.updated });
                audit::note(db, now, &entry.with(detail))?;
            }
            Ok(report)
        })
        .await;
    match outcome {
        Err(ImportError::Preview(report)) => Ok(*report),
        other => other,
    }
}

fn import_bytes(app: &App) -> usize {
    match app.settings.limits.import_bytes {
        0 => usize::MAX,
        limit => limit,
    }
}

async fn find_event(app: &App, slug: String) -> Result<Event, ImportError> {
    let wanted = slug.clone();
    let found = app.read(move |db| Ok::<_, ImportError>(events::by_slug(db, &wanted)?)).await?;
    found.ok_or(ImportError::NoEvent(slug))
}

fn target_event(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    file: &ImportedProgramme,
    target: &Target,
) -> Result<Event, ImportError> {
    let slug = match target {
        Target::Event(slug) => return events::by_slug(db, slug)?.ok_or_else(|| ImportError::NoEvent(slug.clone())),
        Target::NewEvent(slug) => slug,
    };
    let facts = &file.event;
    let main = facts.languages.first().copied().unwrap_or(Lang::EN);
    let name = if facts.title.is_empty() { Localized::single(main, slug.as_str()) } else { facts.title.clone() };
    let today = now.in_zone(facts.timezone).date_naive();
    let first = facts.starts_on.unwrap_or(today);
    let last = facts.ends_on.unwrap_or(first).max(first);
    let new = NewEvent::new(slug, name, (first, last), ZoneName(facts.timezone), facts.languages.clone())?;
    let event = events::create(db, now, actor, &new)?;
    store::set_place(db, event.id, &facts.place)?;
    // So that it can be registered for at once.
    let label: Localized = [(main, "Attendee".to_owned())].into_iter().chain(extra_label(&facts.languages)).collect();
    store::insert_open_category(db, now, event.id, "attendee", &label)?;
    Ok(event)
}

fn extra_label(languages: &[Lang]) -> Option<(Lang, String)> {
    languages.iter().find(|lang| lang.primary() == "zh").map(|lang| (*lang, "参会者".to_owned()))
}

fn report(event: &Event, file: &ImportedProgramme, applied: Applied, dry_run: bool) -> ImportReport {
    let total = applied.tallies.total();
    let missing = applied
        .missing
        .into_iter()
        .map(|title| format!("{title}: came from an earlier import and is not in this file; it was left as it is"))
        .collect::<Vec<String>>();
    // What a decision may be needed for comes first.
    let strange = applied.strange.into_iter().map(|(room, like)| Warning {
        place: "rooms".to_owned(),
        problem: if like.is_some() { Problem::NewRoomLike } else { Problem::NewRoom },
        value: room,
        other: like.unwrap_or_default(),
        times: 1,
    });
    let notes: Vec<Warning> = strange.chain(file.warnings.iter().cloned()).collect();
    ImportReport {
        event: event.slug.clone(),
        format: file.format.to_string(),
        dry_run,
        days: file.counts.days,
        rooms: file.counts.rooms,
        tracks: file.counts.tracks,
        sessions: file.counts.sessions,
        speakers: file.counts.speakers,
        created: total.created,
        updated: total.updated,
        unchanged: total.unchanged,
        changes: applied.tallies,
        warnings: notes.iter().map(Warning::to_string).chain(missing.iter().cloned()).collect(),
        notes,
        missing,
    }
}

impl fmt::Display for ImportReport {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let done = if self.dry_run { "Would read" } else { "Read" };
        writeln!(
            f,
            "{done} {} into {}: {} sessions on {} days in {} rooms, {} tracks, {} speakers",
            self.format, self.event, self.sessions, self.days, self.rooms, self.tracks, self.speakers
        )?;
        writeln!(f, "{} new, {} changed, {} as they were", self.created, self.updated, self.unchanged)?;
        for warning in &self.warnings {
            writeln!(f, "warning: {warning}")?;
        }
        Ok(())
    }
}
