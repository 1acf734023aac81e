//! Wording mails anew, and going back to the program's words.

use super::model::Source;
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{DbConnection, DbError, EventId, UserId, UtcTime};
use crate::i18n::Lang;
use crate::mail::model::MessageKind;
use diesel::QueryResult;
use serde_json::json;

/// Which mails are worded.
#[derive(Clone, Copy, Debug)]
pub struct Which {
    /// Of which event.
    pub event: EventId,
    /// Of which kind.
    pub kind: MessageKind,
    /// In which language.
    pub lang: Lang,
}

/// An event's own wording; none where the program's is sent.
#[derive(Clone, Debug, Default)]
pub struct Own {
    /// The source.
    pub source: Option<Source>,
    /// Counts changes; 0 where nobody ever changed anything.
    pub version: i32,
    /// When it was changed last.
    pub updated_at: Option<UtcTime>,
}

/// Why a wording was not kept.
#[derive(Debug, thiserror::Error)]
pub enum WordingError {
    /// Somebody else changed it since it was opened.
    #[error("the wording was changed meanwhile")]
    Changed,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

crate::db_failure!(WordingError);

/// An event's own wording, if it has one.
///
/// # Errors
/// When the database refuses.
pub fn own(db: &mut DbConnection, which: Which) -> QueryResult<Own> {
    let kept = store::find(db, which.event, which.kind, which.lang)?;
    Ok(kept.map_or_else(Own::default, |kept| Own {
        source: Some(kept.source).filter(|_| !kept.is_default),
        version: kept.version,
        updated_at: Some(kept.updated_at).filter(|_| !kept.is_default),
    }))
}

/// Which kinds an event words itself, and in which languages.
///
/// # Errors
/// When the database refuses.
pub fn worded(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(String, Lang)>> {
    store::of_event(db, event)
}

/// Keeps an event's own wording; nothing stands for the program's.
///
/// # Errors
/// When somebody else changed it since version `version`.
pub fn save(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, user): (Actor, Option<UserId>),
    which: Which,
    source: Option<&Source>,
    version: i32,
) -> Result<(), WordingError> {
    let empty = Source::default();
    let Which { event, kind, lang } = which;
    let content = (source.unwrap_or(&empty), source.is_none());
    if !store::save(db, now, (event, kind, lang), content, (version, user))? {
        return Err(WordingError::Changed);
    }
    let action = if source.is_some() { "mail.worded" } else { "mail.default_wording" };
    let entry = Entry::new(Some(event), actor, action, "wording", kind.as_str());
    audit::note(db, now, &entry.with(json!({ "language": lang.as_str() })))?;
    Ok(())
}
