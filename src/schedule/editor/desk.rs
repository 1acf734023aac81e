//! Drafts kept in memory, so that a move does not read everything again.
//!
//! Each process keeps the drafts of the events that are being worked on, each with the version that
//! it is of. Whoever looks brings it up to date first: by the edits since, which say how each thing
//! is after them, or by reading the draft anew when something else of it has changed. What other
//! processes do is therefore seen as soon as it is committed.

use super::model::{BlockStep, Changes, SlotStep};
use super::operations::Applied;
use super::store;
use crate::app::App;
use crate::db::{DbConnection, EventId, SessionId, SpeakerId};
use crate::events::operations as events;
use crate::schedule::concerns::model::Replies;
use crate::schedule::concerns::{ConcernBook, Heard, MutedConcerns, operations as concerns};
use crate::schedule::draft::{Block, Draft, SlotPlanning};
use crate::schedule::model::{ProgrammeBlock, ProgrammeSlot};
use crate::schedule::operations as schedule;
use crate::web::Failure;
use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

/// Drafts that a process keeps; the one that was used longest ago makes room.
const MOST_DESKS: usize = 8;

type Place = Arc<tokio::sync::Mutex<Option<Desk>>>;

/// The kept drafts of one process.
#[derive(Default)]
pub struct Desks(Mutex<Vec<(EventId, Place)>>);

/// One draft with what speaks against it.
pub struct Desk {
    /// The draft.
    pub draft: Draft,
    /// What speaks against it.
    pub book: ConcernBook,
    /// What of that is muted.
    pub muted: MutedConcerns,
    /// What speakers have said of slots, by the slots' guids.
    pub replies: HashMap<String, Replies>,
    /// Why, in their words.
    pub reasons: HashMap<(SpeakerId, String), String>,
    places: HashMap<SessionId, usize>,
}

impl Desks {
    fn place(&self, event: EventId) -> Place {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let known = all.iter().position(|(id, _)| *id == event);
        let entry = known.map_or_else(|| (event, Place::default()), |index| all.remove(index));
        let place = Arc::clone(&entry.1);
        all.insert(0, entry);
        all.truncate(MOST_DESKS);
        place
    }
}

/// What is new of a draft since a version.
enum News {
    Nothing,
    Edits(Vec<super::model::Edit>),
    Whole(Box<Desk>),
}

/// Looks at an event's draft as it is now.
///
/// # Errors
/// When the event is gone or the database does not answer.
pub async fn look<T>(app: &App, event: EventId, job: impl FnOnce(&Desk) -> T) -> Result<T, Failure> {
    let place = app.editor.desks.place(event);
    let mut desk = place.lock().await;
    let known = desk.as_ref().map(|desk| desk.draft.version);
    match app.read(move |db| news(db, event, known)).await? {
        News::Nothing => {}
        News::Edits(edits) => {
            if let Some(desk) = desk.as_mut() {
                edits.iter().for_each(|edit| desk.apply(edit.version, &edit.changes));
            }
        }
        News::Whole(whole) => *desk = Some(*whole),
    }
    desk.as_ref().map(job).ok_or(Failure::NotFound)
}

/// Looks at an event's draft as it is after an edit of this process, without asking the database
/// when nothing else came between.
///
/// # Errors
/// As [`look`].
pub async fn look_after<T>(
    app: &App,
    event: EventId,
    applied: &Applied,
    job: impl FnOnce(&Desk) -> T,
) -> Result<T, Failure> {
    let place = app.editor.desks.place(event);
    let mut desk = place.lock().await;
    if let Some(known) = desk.as_mut() {
        if known.draft.version + 1 == applied.version {
            known.apply(applied.version, &applied.changes);
        }
        if known.draft.version >= applied.version {
            return Ok(job(known));
        }
    }
    drop(desk);
    look(app, event, job).await
}

fn news(db: &mut DbConnection, event: EventId, known: Option<i64>) -> Result<News, Failure> {
    let version = store::draft_version(db, event)?.ok_or(Failure::NotFound)?;
    if known == Some(version) {
        return Ok(News::Nothing);
    }
    if let Some(known) = known {
        let edits = store::edits_after(db, event, known)?;
        if follow_each_other(known, &edits, version) {
            return Ok(News::Edits(edits));
        }
    }
    let event = events::by_id(db, event)?.ok_or(Failure::NotFound)?;
    let draft = schedule::draft(db, &event)?;
    let muted = concerns::muted(db, event.id)?;
    let heard = concerns::heard(db, event.id)?;
    let answers = crate::speakers::own::operations::answers(db, event.id)?;
    let reasons = answers.into_iter().map(|(key, answer)| (key, answer.reason)).collect();
    Ok(News::Whole(Box::new(Desk { reasons, ..Desk::new(draft, heard, muted) })))
}

/// Whether edits lead from one version to another (or beyond it) without anything else between.
pub(super) fn follow_each_other(from: i64, edits: &[super::model::Edit], to: i64) -> bool {
    edits.last().is_some_and(|last| last.version >= to)
        && edits.iter().zip(from + 1..).all(|(edit, expected)| edit.version == expected)
}

impl Desk {
    /// A desk with this draft on it.
    #[must_use]
    pub fn new(draft: Draft, heard: Heard, muted: MutedConcerns) -> Self {
        let places = draft.programme.sessions.iter().enumerate().map(|(index, session)| (session.id, index)).collect();
        let replies = heard.replies.clone();
        Self { book: ConcernBook::with(&draft, heard), muted, replies, reasons: HashMap::new(), places, draft }
    }

    /// Where a session is in the draft.
    #[must_use]
    pub fn session(&self, id: SessionId) -> Option<&crate::schedule::model::ProgrammeSession> {
        self.places.get(&id).map(|index| &self.draft.programme.sessions[*index])
    }

    /// Brings the draft to the next version. Doing it twice changes nothing: a draft that was read
    /// while somebody edited may hold some of it already.
    fn apply(&mut self, version: i64, changes: &Changes) {
        changes.slots.iter().for_each(|step| self.apply_slot(step));
        changes.blocks.iter().for_each(|step| self.apply_block(step));
        self.draft.version = version;
    }

    fn apply_slot(&mut self, step: &SlotStep) {
        let Some(index) = self.places.get(&step.change.session).copied() else { return };
        let slots = &mut self.draft.programme.sessions[index].slots;
        let id = step.change.slot;
        let old = slots.iter().position(|slot| slot.id == id).map(|index| slots.remove(index));
        let Some(state) = step.change.after else {
            self.draft.slots.remove(&id);
            self.book.remove(id);
            return;
        };
        let old = old.unwrap_or_else(|| ProgrammeSlot {
            id,
            guid: step.change.guid.clone(),
            room: None,
            start: state.start,
            end: state.end,
            sequence: 0,
            changed_at: state.start,
            moved_from: None,
        });
        let slot = ProgrammeSlot { room: state.room, start: state.start, end: state.end, ..old };
        self.book.place(step.change.session, &slot);
        let at = slots.partition_point(|other| (other.start, other.id) < (slot.start, slot.id));
        slots.insert(at, slot);
        self.draft.slots.insert(id, SlotPlanning { version: step.version, is_fixed: step.is_fixed });
    }

    fn apply_block(&mut self, step: &BlockStep) {
        let Draft { blocks, programme, .. } = &mut self.draft;
        blocks.retain(|block| block.id != step.block);
        programme.blocks.retain(|block| block.id != step.block);
        let Some(facts) = &step.after else {
            self.book.remove_block(step.block);
            return;
        };
        let block: Block = facts.block(step.block, programme.event.id, step.version, facts.start);
        let at = blocks.partition_point(|other| (other.starts_at, other.id) < (block.starts_at, block.id));
        self.book.put_block(&block);
        blocks.insert(at, block);
        if facts.is_public {
            let at = programme.blocks.partition_point(|other| (other.start, other.id) < (facts.start, step.block));
            let block = ProgrammeBlock {
                id: step.block,
                kind: facts.kind,
                title: facts.title.clone(),
                room: facts.room,
                start: facts.start,
                end: facts.end,
            };
            programme.blocks.insert(at, block);
        }
    }
}
