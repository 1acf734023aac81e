//! Bringing an event's draft in line with a file: what is new is added, what differs is changed,
//! what the file does not know is left alone.

use super::finder::{Finder, name_keys};
use super::model::{ImportedProgramme, ImportedSession, ImportedSpeaker};
use super::store::{self, Existing, FormatRow, ForumRow, PartRow, RoomRow, SessionRow, SlotRow, SpeakerRow};
use crate::db::{DbConnection, EventId, FormatId, ForumId, Json, RoomId, SessionId, SlotId, SpeakerId, UtcTime};
use crate::i18n::{Localized, free_code, search_key, slug};
use crate::programme::model::{Access, SessionState};
use diesel::QueryResult;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// How many records an import added, changed and found as they are.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    /// Added.
    pub created: usize,
    /// Changed.
    pub updated: usize,
    /// Left as they are.
    pub unchanged: usize,
}

impl std::ops::AddAssign for Tally {
    fn add_assign(&mut self, other: Self) {
        self.created += other.created;
        self.updated += other.updated;
        self.unchanged += other.unchanged;
    }
}

/// The tally of each kind of record.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Tallies {
    /// Rooms.
    pub rooms: Tally,
    /// Forums.
    pub forums: Tally,
    /// Formats.
    pub formats: Tally,
    /// Speakers.
    pub speakers: Tally,
    /// Sessions with their slots and people.
    pub sessions: Tally,
}

impl Tallies {
    /// All kinds together.
    #[must_use]
    pub fn total(&self) -> Tally {
        let mut total = Tally::default();
        for tally in [self.rooms, self.forums, self.formats, self.speakers, self.sessions] {
            total += tally;
        }
        total
    }
}

/// What an import did.
#[derive(Clone, Debug, Default)]
pub(super) struct Applied {
    /// In numbers.
    pub(super) tallies: Tallies,
    /// Titles of sessions that came from an earlier import and are not in this file.
    pub(super) missing: Vec<String>,
    /// Rooms of the file that the event did not have, each with the event's room of a similar name.
    pub(super) strange: Vec<(String, Option<String>)>,
}

/// Colours for forums of files that name none, far enough apart and dark enough on white.
const COLORS: &[&str] = &[
    "#1d4ed8", "#b91c1c", "#047857", "#7c3aed", "#b45309", "#0e7490", "#be185d", "#4d7c0f", "#6d28d9", "#0f766e",
    "#9f1239", "#334155",
];

/// Minutes of a format whose file does not say.
const USUAL_MINUTES: i32 = 45;

/// Makes the event's draft say what the file says. All or nothing, by the caller's transaction.
pub(super) fn apply(
    db: &mut DbConnection,
    now: UtcTime,
    event: EventId,
    file: &ImportedProgramme,
    new_rooms: NewRooms,
) -> QueryResult<Applied> {
    let existing = store::existing(db, event)?;
    let strange = strange_rooms(&existing, file);
    let mut import = Import { db, now, event, tallies: Tallies::default() };
    let left_out: &[StrangeRoom<'_>] = if new_rooms == NewRooms::LeaveOut { &strange } else { &[] };
    let rooms = import.rooms(&existing, file, left_out)?;
    let forums = import.forums(&existing, file)?;
    let formats = import.formats(&existing, file)?;
    let speakers = import.speakers(&existing, file)?;
    let found = import.sessions(&existing, file, &Keys { rooms, forums, formats, speakers })?;
    let missing = existing
        .sessions
        .iter()
        .filter(|session| session.source_key.is_some() && !found.contains(&session.id))
        .map(|session| session.title.iter().next().map_or_else(String::new, |(_, text)| text.to_owned()))
        .collect();
    let strange = strange.into_iter().map(|room| (first_text(room.name).to_owned(), room.like)).collect();
    Ok(Applied { tallies: import.tallies, missing, strange })
}

/// What to do about rooms of a file that the event does not have.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum NewRooms {
    /// Add them.
    #[default]
    Add,
    /// Leave them out: sessions come in without a room, and placed ones keep theirs.
    LeaveOut,
}

impl std::str::FromStr for NewRooms {
    type Err = String;
    fn from_str(text: &str) -> Result<Self, String> {
        match text {
            "add" | "" => Ok(Self::Add),
            "leave-out" => Ok(Self::LeaveOut),
            other => Err(format!("{other:?} should be add or leave-out")),
        }
    }
}

/// A room of the file that the event does not have.
struct StrangeRoom<'f> {
    key: &'f str,
    name: &'f Localized,
    /// The event's room of the most similar name, where one is similar at all.
    like: Option<String>,
}

/// How similar two names must be for one to be taken for a misspelling of the other.
const SIMILAR: f64 = 0.8;

/// The rooms that an import would add to an event that has rooms already.
fn strange_rooms<'f>(existing: &Existing, file: &'f ImportedProgramme) -> Vec<StrangeRoom<'f>> {
    if existing.rooms.is_empty() {
        return Vec::new();
    }
    let mut finder = room_finder(existing);
    let unknown = file.rooms.iter().filter(|room| finder.find(&room.key, &room.guid, &name_keys(&room.name)).is_none());
    let like = |name: &Localized| {
        let keys = name_keys(name);
        let names = existing.rooms.iter().flat_map(|row| row.name.iter().map(|(_, text)| text));
        let likeness = |text: &str| {
            let own = search_key([text]);
            keys.iter().map(|key| strsim::jaro_winkler(key, &own)).fold(0.0, f64::max)
        };
        let best = names.map(|text| (likeness(text), text)).max_by(|left, right| left.0.total_cmp(&right.0));
        best.filter(|(likeness, _)| *likeness >= SIMILAR).map(|(_, text)| text.to_owned())
    };
    unknown.map(|room| StrangeRoom { key: &room.key, name: &room.name, like: like(&room.name) }).collect()
}

fn room_finder(existing: &Existing) -> Finder<'_, RoomRow> {
    Finder::new(&existing.rooms, |row| row.source_key.as_deref(), |row| &row.guid, |row| name_keys(&row.name))
}

/// From a file's keys to rows.
struct Keys<'a> {
    rooms: HashMap<&'a str, RoomId>,
    forums: HashMap<&'a str, ForumId>,
    formats: HashMap<&'a str, FormatId>,
    speakers: HashMap<&'a str, SpeakerId>,
}

struct Import<'a> {
    db: &'a mut DbConnection,
    now: UtcTime,
    event: EventId,
    tallies: Tallies,
}

/// The file's texts over the ones that are there; languages that the file lacks stay.
fn merged(old: Option<&Localized>, new: &Localized) -> Localized {
    new.iter().fold(old.cloned().unwrap_or_default(), |merged, (lang, text)| merged.with(lang, text))
}

fn first_text(name: &Localized) -> &str {
    name.iter().next().map_or("", |(_, text)| text)
}

fn place(index: usize) -> i32 {
    i32::try_from(index).unwrap_or(i32::MAX)
}

/// Adds or changes one row and counts it.
macro_rules! write_row {
    ($import:ident, $tally:ident, $old:expr, $new:expr, $insert:ident, $update:ident) => {
        match $old {
            None => {
                store::$insert($import.db, $import.now, $import.event, &$new)?;
                $import.tallies.$tally.created += 1;
            }
            Some(old) if *old == $new => $import.tallies.$tally.unchanged += 1,
            Some(_) => {
                store::$update($import.db, $import.now, &$new)?;
                $import.tallies.$tally.updated += 1;
            }
        }
    };
}

impl Import<'_> {
    fn rooms<'f>(
        &mut self,
        existing: &Existing,
        file: &'f ImportedProgramme,
        left_out: &[StrangeRoom<'_>],
    ) -> QueryResult<HashMap<&'f str, RoomId>> {
        let mut codes = existing.rooms.iter().map(|row| row.code.clone()).collect();
        let mut finder = room_finder(existing);
        let mut ids = HashMap::new();
        let wanted = file.rooms.iter().filter(|room| left_out.iter().all(|left| left.key != room.key));
        for (index, room) in wanted.enumerate() {
            let old = finder.find(&room.key, &room.guid, &name_keys(&room.name));
            let new = RoomRow {
                id: old.map_or_else(RoomId::new, |old| old.id),
                code: old.map_or_else(|| free_code(&slug(first_text(&room.name)), &mut codes), |old| old.code.clone()),
                name: merged(old.map(|old| &old.name), &room.name),
                capacity: room.capacity.or(old.and_then(|old| old.capacity)),
                position: old.map_or(place(existing.rooms.len() + index), |old| old.position),
                guid: old.map_or_else(|| room.guid.clone(), |old| old.guid.clone()),
                source_key: old.and_then(|old| old.source_key.clone()).or_else(|| Some(room.key.clone())),
            };
            write_row!(self, rooms, old, new, insert_room, update_room);
            ids.insert(room.key.as_str(), new.id);
        }
        Ok(ids)
    }

    fn forums<'f>(
        &mut self,
        existing: &Existing,
        file: &'f ImportedProgramme,
    ) -> QueryResult<HashMap<&'f str, ForumId>> {
        let mut codes = existing.forums.iter().map(|row| row.code.clone()).collect();
        let mut finder =
            Finder::new(&existing.forums, |row| row.source_key.as_deref(), |_| "", |row| name_keys(&row.name));
        let mut ids = HashMap::new();
        for (index, forum) in file.forums.iter().enumerate() {
            let old = finder.find(&forum.key, "", &name_keys(&forum.name));
            let color = forum.color.clone().or_else(|| old.map(|old| old.color.clone()));
            let new = ForumRow {
                id: old.map_or_else(ForumId::new, |old| old.id),
                code: old.map_or_else(|| free_code(&slug(first_text(&forum.name)), &mut codes), |old| old.code.clone()),
                name: merged(old.map(|old| &old.name), &forum.name),
                description: old.map_or_else(Localized::new, |old| old.description.clone()),
                color: color.unwrap_or_else(|| COLORS[index % COLORS.len()].to_owned()),
                position: old.map_or(place(existing.forums.len() + index), |old| old.position),
                source_key: old.and_then(|old| old.source_key.clone()).or_else(|| Some(forum.key.clone())),
            };
            write_row!(self, forums, old, new, insert_forum, update_forum);
            ids.insert(forum.key.as_str(), new.id);
        }
        Ok(ids)
    }

    fn formats<'f>(
        &mut self,
        existing: &Existing,
        file: &'f ImportedProgramme,
    ) -> QueryResult<HashMap<&'f str, FormatId>> {
        let mut codes = existing.formats.iter().map(|row| row.code.clone()).collect();
        let mut finder =
            Finder::new(&existing.formats, |row| row.source_key.as_deref(), |_| "", |row| name_keys(&row.name));
        let mut ids = HashMap::new();
        for (index, format) in file.formats.iter().enumerate() {
            let old = finder.find(&format.key, "", &name_keys(&format.name));
            let new = FormatRow {
                id: old.map_or_else(FormatId::new, |old| old.id),
                code: old
                    .map_or_else(|| free_code(&slug(first_text(&format.name)), &mut codes), |old| old.code.clone()),
                name: merged(old.map(|old| &old.name), &format.name),
                minutes: format.minutes.or(old.map(|old| old.minutes)).unwrap_or(USUAL_MINUTES),
                position: old.map_or(place(existing.formats.len() + index), |old| old.position),
                source_key: old.and_then(|old| old.source_key.clone()).or_else(|| Some(format.key.clone())),
            };
            write_row!(self, formats, old, new, insert_format, update_format);
            ids.insert(format.key.as_str(), new.id);
        }
        Ok(ids)
    }

    fn speakers<'f>(
        &mut self,
        existing: &Existing,
        file: &'f ImportedProgramme,
    ) -> QueryResult<HashMap<&'f str, SpeakerId>> {
        let mut codes = existing.speakers.iter().map(|row| row.code.clone()).collect();
        let mut finder =
            Finder::new(&existing.speakers, |row| row.source_key.as_deref(), |row| &row.guid, |_| Vec::new());
        let mut ids = HashMap::new();
        for speaker in &file.speakers {
            let old = finder.find(&speaker.key, &speaker.guid, &[]);
            let new = speaker_row(old, speaker, &mut codes);
            write_row!(self, speakers, old, new, insert_speaker, update_speaker);
            ids.insert(speaker.key.as_str(), new.id);
        }
        Ok(ids)
    }

    /// Brings all sessions in line; gives those that the file holds.
    fn sessions(
        &mut self,
        existing: &Existing,
        file: &ImportedProgramme,
        keys: &Keys<'_>,
    ) -> QueryResult<HashSet<SessionId>> {
        let mut found = HashSet::new();
        let mut codes = existing.sessions.iter().map(|row| row.code.clone()).collect();
        let mut finder =
            Finder::new(&existing.sessions, |row| row.source_key.as_deref(), |row| &row.guid, |_| Vec::new());
        let mut slots: HashMap<SessionId, Vec<&SlotRow>> = HashMap::new();
        for slot in &existing.slots {
            slots.entry(slot.session_id).or_default().push(slot);
        }
        let mut parts: HashMap<SessionId, Vec<&PartRow>> = HashMap::new();
        for part in &existing.parts {
            parts.entry(part.session_id).or_default().push(part);
        }
        for session in &file.sessions {
            let old = finder.find(&session.key, &session.guid, &[]);
            let new = session_row(old, session, keys, &mut codes)?;
            found.insert(new.id);
            match old {
                None => store::insert_session(self.db, self.now, self.event, &new)?,
                Some(old) if *old != new => store::update_session(self.db, self.now, &new)?,
                Some(_) => {}
            }
            let moved = self.slots(session, new.id, slots.get(&new.id).map_or(&[], Vec::as_slice), keys)?;
            let recast = self.people(session, new.id, parts.get(&new.id).map_or(&[], Vec::as_slice), keys)?;
            let tally = &mut self.tallies.sessions;
            match old {
                None => tally.created += 1,
                Some(old) if *old != new || moved || recast => tally.updated += 1,
                Some(_) => tally.unchanged += 1,
            }
        }
        Ok(found)
    }

    /// Brings a session's slots in line; says whether anything changed. Slots that organizers made
    /// themselves, which have no source key, stay.
    fn slots(
        &mut self,
        session: &ImportedSession,
        id: SessionId,
        old: &[&SlotRow],
        keys: &Keys<'_>,
    ) -> QueryResult<bool> {
        let mut changed = false;
        let mut kept = HashSet::new();
        for slot in &session.slots {
            let known = old.iter().find(|row| row.source_key.as_deref() == Some(&slot.key) || row.guid == slot.guid);
            let new = SlotRow {
                id: known.map_or_else(SlotId::new, |row| row.id),
                session_id: id,
                room_id: match slot.room.as_deref() {
                    // A room that was left out changes nothing of where the session is.
                    Some(key) => keys.rooms.get(key).copied().or(known.and_then(|row| row.room_id)),
                    None => None,
                },
                starts_at: slot.start,
                ends_at: slot.end,
                guid: known.map_or_else(|| slot.guid.clone(), |row| row.guid.clone()),
                source_key: known.and_then(|row| row.source_key.clone()).or_else(|| Some(slot.key.clone())),
            };
            kept.insert(new.id);
            match known {
                None => store::insert_slot(self.db, self.now, self.event, &new)?,
                Some(row) if **row != new => store::update_slot(self.db, self.now, &new)?,
                Some(_) => continue,
            }
            changed = true;
        }
        for row in old.iter().filter(|row| row.source_key.is_some() && !kept.contains(&row.id)) {
            store::delete_slot(self.db, row.id)?;
            changed = true;
        }
        Ok(changed)
    }

    /// Brings a session's people in line; says whether anything changed.
    fn people(
        &mut self,
        session: &ImportedSession,
        id: SessionId,
        old: &[&PartRow],
        keys: &Keys<'_>,
    ) -> QueryResult<bool> {
        let mut seen = HashSet::new();
        let new: Vec<PartRow> = session
            .people
            .iter()
            .filter_map(|part| keys.speakers.get(part.speaker.as_str()).map(|speaker| (*speaker, part.role)))
            .filter(|part| seen.insert(*part))
            .enumerate()
            .map(|(index, (speaker_id, role))| PartRow { session_id: id, speaker_id, role, position: place(index) })
            .collect();
        if old.iter().copied().eq(new.iter()) {
            return Ok(false);
        }
        store::replace_parts(self.db, id, &new)?;
        Ok(true)
    }
}

fn speaker_row(old: Option<&SpeakerRow>, speaker: &ImportedSpeaker, codes: &mut HashSet<String>) -> SpeakerRow {
    let native_name = speaker.native_name.clone().or_else(|| old.and_then(|old| old.native_name.clone()));
    let organisation = merged(old.map(|old| &old.organisation), &speaker.organisation);
    let words = [speaker.name.as_str(), native_name.as_deref().unwrap_or_default()];
    SpeakerRow {
        id: old.map_or_else(SpeakerId::new, |old| old.id),
        code: old.map_or_else(|| free_code(&slug(&speaker.name), codes), |old| old.code.clone()),
        guid: old.map_or_else(|| speaker.guid.clone(), |old| old.guid.clone()),
        name: speaker.name.clone(),
        position: merged(old.map(|old| &old.position), &speaker.position),
        country: speaker.country.clone().or_else(|| old.and_then(|old| old.country.clone())),
        biography: merged(old.map(|old| &old.biography), &speaker.biography),
        search_key: search_key(words.into_iter().chain(organisation.iter().map(|(_, text)| text))),
        source_key: old.and_then(|old| old.source_key.clone()).or_else(|| Some(speaker.key.clone())),
        native_name,
        organisation,
    }
}

fn session_row(
    old: Option<&SessionRow>,
    session: &ImportedSession,
    keys: &Keys<'_>,
    codes: &mut HashSet<String>,
) -> QueryResult<SessionRow> {
    let json = |error: serde_json::Error| diesel::result::Error::SerializationError(error.into());
    let title = merged(old.map(|old| &old.title), &session.title);
    // What an organizer decided about a session stands, unless the file says that it is off.
    let state = match session.state {
        SessionState::Cancelled | SessionState::Withdrawn | SessionState::Rejected => session.state,
        wanted => old.map_or(wanted, |old| old.state),
    };
    let wish = session
        .code
        .as_deref()
        .map(slug)
        .filter(|code| !code.is_empty())
        .unwrap_or_else(|| slug(first_text(&session.title)));
    Ok(SessionRow {
        id: old.map_or_else(SessionId::new, |old| old.id),
        code: old.map_or_else(|| free_code(&wish, codes), |old| old.code.clone()),
        guid: old.map_or_else(|| session.guid.clone(), |old| old.guid.clone()),
        subtitle: merged(old.map(|old| &old.subtitle), &session.subtitle),
        abstract_text: merged(old.map(|old| &old.abstract_text), &session.abstract_text),
        description: merged(old.map(|old| &old.description), &session.description),
        format_id: session
            .format
            .as_deref()
            .and_then(|key| keys.formats.get(key))
            .copied()
            .or(old.and_then(|old| old.format_id)),
        forum_id: session
            .forum
            .as_deref()
            .and_then(|key| keys.forums.get(key))
            .copied()
            .or(old.and_then(|old| old.forum_id)),
        language: session.language.or(old.and_then(|old| old.language)),
        interpreted: if session.interpreted.is_empty() {
            old.map_or_else(|| Json::new(Vec::new()).map_err(json), |old| Ok(old.interpreted.clone()))?
        } else {
            Json::new(session.interpreted.clone()).map_err(json)?
        },
        access: old.map_or(Access::Open, |old| old.access),
        capacity: old.and_then(|old| old.capacity),
        state,
        may_record: session.may_record,
        links: Json::new(session.links.clone()).map_err(json)?,
        search_key: search_key(title.iter().map(|(_, text)| text)),
        source_key: old.and_then(|old| old.source_key.clone()).or_else(|| Some(session.key.clone())),
        title,
    })
}
