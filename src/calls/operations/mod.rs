//! Use cases of the call for proposals.

pub mod deciding;
pub mod drafting;
pub mod reviewing;
pub mod sending;
pub mod setting;

use super::model::{Asked, Call, Dates};
use super::store;
use crate::db::{DbConnection, DbError, EventId, UtcTime};
use crate::db_failure;
use crate::events::model::Event;
use crate::programme::operations::SessionError;
use crate::programme::strands::operations as strands;
use crate::registration::forms::model::Stage;
use crate::registration::forms::operations::form_of_event;
use crate::speakers::operations::SpeakerError;
use diesel::QueryResult;

/// Why something about a call was not done.
#[derive(Debug, thiserror::Error)]
pub enum CallError {
    /// There is no such thing at this event.
    #[error("there is no such thing in this call")]
    NotFound,
    /// Someone else was faster.
    #[error("someone else changed it in the meantime")]
    Stale,
    /// It can't be changed any more: it is decided, taken back, or the call is over.
    #[error("it can't be changed any more")]
    Ended,
    /// This address has sent in as many as it may.
    #[error("this address has sent in {0} proposals already")]
    TooMany(i32),
    /// Its scale would change what scores mean that were given already.
    #[error("scores were given on this scale already")]
    Scored,
    /// A mail can't be written.
    #[error("the mail can't be written: {0}")]
    Mail(String),
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(CallError);

impl From<SessionError> for CallError {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound => Self::NotFound,
            SessionError::Stale => Self::Stale,
            SessionError::WrongStep => Self::Ended,
            SessionError::Db(error) => Self::Db(error),
        }
    }
}

impl From<SpeakerError> for CallError {
    fn from(error: SpeakerError) -> Self {
        match error {
            SpeakerError::NotFound => Self::NotFound,
            SpeakerError::Stale => Self::Stale,
            SpeakerError::Db(error) => Self::Db(error),
        }
    }
}

/// The call of an event; a closed one where none was set up.
///
/// # Errors
/// When the database refuses.
pub fn call_of(db: &mut DbConnection, now: UtcTime, event: EventId) -> QueryResult<Call> {
    Ok(store::calls::find(db, event)?.unwrap_or_else(|| Call::new(event, now)))
}

fn dates_of(db: &mut DbConnection, call: &Call) -> QueryResult<Dates> {
    let windows = store::calls::windows(db, call.event_id)?;
    Ok(Dates { opens_at: call.opens_at, closes_at: call.closes_at, windows })
}

/// When the call of an event is open for anything: beginning and end of each such time.
///
/// # Errors
/// When the database refuses.
pub fn times(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<(UtcTime, Option<UtcTime>)>> {
    let Some(call) = store::calls::find(db, event)? else { return Ok(Vec::new()) };
    let formats: Vec<_> = strands::formats(db, event)?.into_iter().map(|(format, _)| format.id).collect();
    let forums: Vec<_> = strands::forums(db, event)?.into_iter().map(|(forum, _)| forum.id).collect();
    Ok(dates_of(db, &call)?.times(&formats, &forums))
}

/// Everything that the form of an event's call is made of.
///
/// # Errors
/// When the database refuses.
pub fn asked(db: &mut DbConnection, now: UtcTime, event: Event) -> QueryResult<Asked> {
    let call = call_of(db, now, event.id)?;
    Ok(Asked {
        dates: dates_of(db, &call)?,
        formats: strands::formats(db, event.id)?.into_iter().map(|(format, _)| format).collect(),
        forums: strands::forums(db, event.id)?.into_iter().map(|(forum, _)| forum).collect(),
        questions: form_of_event(db, event.id, Stage::Proposal)?,
        call,
        event,
    })
}
