//! What speaks against one slot at one place.

use super::book::{ConcernBook, Slot};
use super::facts::minutes;
use super::model::{Concern, Reply, Rival};
use super::timeline::{Entry, Who};
use crate::db::UtcTime;
use crate::schedule::draft::BlockKind;

/// A slot at a place, where it is or where it might be.
#[derive(Clone, Copy, Debug)]
pub(super) struct Probe {
    /// The slot itself, where there is one: it is in nobody's way but others'.
    pub(super) own: Option<usize>,
    pub(super) session: usize,
    pub(super) room: Option<usize>,
    pub(super) start: UtcTime,
    pub(super) end: UtcTime,
}

impl Probe {
    fn is_own(&self, entry: &Entry) -> bool {
        matches!((entry.who, self.own), (Who::Slot(number), Some(own)) if number == own)
    }
}

impl ConcernBook {
    /// Everything that speaks against a slot there.
    pub(super) fn judge(&self, probe: &Probe) -> Vec<Concern> {
        let mut concerns = Vec::new();
        self.judge_alone(probe, &mut concerns);
        match probe.room {
            Some(room) => {
                self.judge_room(probe, room, &mut concerns);
                self.judge_neighbours(probe, room, &mut concerns);
            }
            None => concerns.push(Concern::NoRoom),
        }
        self.judge_people(probe, &mut concerns);
        self.judge_forum(probe, &mut concerns);
        self.judge_audience(probe, &mut concerns);
        concerns
    }

    /// What speaks against it wherever it is.
    fn judge_alone(&self, probe: &Probe, concerns: &mut Vec<Concern>) {
        let session = &self.facts.sessions[probe.session];
        if probe.start < self.facts.opens || probe.start >= self.facts.closes {
            concerns.push(Concern::OutsideEvent);
        }
        if !session.lacks.is_empty() {
            concerns.push(Concern::LanguagesMissing(session.lacks.clone()));
        }
        let actual = i32::try_from((probe.end - probe.start).num_minutes()).unwrap_or(i32::MAX);
        if let Some(usual) = session.minutes.filter(|usual| *usual != actual) {
            concerns.push(Concern::LengthDiffers(usual, actual));
        }
        let room = probe.room.map(|room| self.facts.rooms[room].id);
        let replies = probe.own.and_then(|own| self.heard.replies.get(&self.slots[own].guid));
        let replies = replies.filter(|then| (then.room, then.start, then.end) == (room, probe.start, probe.end));
        let replies = replies.map_or(&[][..], |replies| &replies.given);
        let said = |person: usize| {
            let id = self.facts.people[person].id;
            replies.iter().find(|(speaker, _)| *speaker == id).map(|(_, reply)| *reply)
        };
        for person in &session.people {
            match said(*person) {
                Some(Reply::Declined) => concerns.push(Concern::Declined(self.facts.people[*person].id)),
                Some(Reply::Asked) => concerns.push(Concern::AskedForAnother(self.facts.people[*person].id)),
                Some(Reply::Accepted) | None => {}
            }
        }
        if session.is_unconfirmed && session.people.iter().any(|person| said(*person) != Some(Reply::Accepted)) {
            concerns.push(Concern::Unconfirmed);
        }
    }

    /// Whether the room itself suits it.
    fn judge_room(&self, probe: &Probe, number: usize, concerns: &mut Vec<Concern>) {
        let room = &self.facts.rooms[number];
        if !room.hours.allow(probe.start, probe.end) {
            concerns.push(Concern::RoomClosed(room.id));
        }
        self.judge_equipment(probe.session, number, concerns);
    }

    /// What speaks against a room for a session at whatever time.
    pub(super) fn judge_equipment(&self, session: usize, room: usize, concerns: &mut Vec<Concern>) {
        let (session, room) = (&self.facts.sessions[session], &self.facts.rooms[room]);
        let missing: Vec<_> =
            session.interpreted.iter().copied().filter(|lang| !room.channels.contains(lang)).collect();
        if !missing.is_empty() {
            concerns.push(Concern::ChannelMissing(room.id, missing));
        }
        let wanted = i32::try_from(session.interpreted.len()).unwrap_or(i32::MAX);
        if let Some(there) = room.booths.filter(|there| *there < wanted) {
            concerns.push(Concern::BoothMissing { room: room.id, wanted, there });
        }
        if let Some(there) = room.capacity {
            let too_many = session.demands.iter().copied().filter(|(_, wanted)| *wanted > there);
            let too_small = |(demand, wanted)| Concern::RoomTooSmall { room: room.id, demand, wanted, there };
            concerns.extend(too_many.map(too_small));
        }
    }

    /// Whether the room is empty when it should be.
    fn judge_neighbours(&self, probe: &Probe, room: usize, concerns: &mut Vec<Concern>) {
        let Probe { start, end, .. } = *probe;
        let reach = self.facts.longest_buffer;
        for entry in self.rooms[room].between(start - reach, end + reach).filter(|entry| !probe.is_own(entry)) {
            let rival = self.rival(entry.who);
            if entry.overlaps(start, end) {
                concerns.push(Concern::RoomTaken(rival));
                continue;
            }
            let wanted = self.buffer(probe.session, entry.who, entry.end <= start);
            if entry.gap(start, end) < minutes(wanted) {
                concerns.push(Concern::BufferBroken(rival, wanted));
            }
        }
        for entry in self.everywhere.between(start, end) {
            concerns.push(Concern::RoomTaken(self.rival(entry.who)));
        }
    }

    pub(super) fn rival(&self, who: Who) -> Rival {
        match who {
            Who::Slot(number) => {
                let Slot { id, session, .. } = self.slots[number];
                Rival::Session(id, self.facts.sessions[session].id)
            }
            Who::Block(number) => Rival::Block(self.blocks[number].id),
        }
    }

    /// Minutes that a room stays empty between a session and its neighbour: the wider buffer of the two.
    pub(super) fn buffer(&self, session: usize, neighbour: Who, comes_first: bool) -> i32 {
        let session = &self.facts.sessions[session];
        let own = if comes_first { session.buffer_before } else { session.buffer_after };
        match neighbour {
            Who::Slot(number) => {
                let other = &self.facts.sessions[self.slots[number].session];
                own.max(if comes_first { other.buffer_after } else { other.buffer_before })
            }
            // Sweeping and rehearsing are what buffers are for.
            Who::Block(number) if self.blocks[number].kind == BlockKind::SetUp => 0,
            Who::Block(_) => own,
        }
    }

    /// Whether its people are free, and can get there.
    fn judge_people(&self, probe: &Probe, concerns: &mut Vec<Concern>) {
        let Probe { start, end, room, .. } = *probe;
        let reach = self.facts.longest_walk;
        for person in &self.facts.sessions[probe.session].people {
            let facts = &self.facts.people[*person];
            if !facts.hours.allow(start, end) {
                concerns.push(Concern::SpeakerAway(facts.id));
            }
            for entry in self.people[*person].between(start - reach, end + reach).filter(|entry| !probe.is_own(entry)) {
                let Who::Slot(number) = entry.who else { continue };
                let other = &self.slots[number];
                let session = self.facts.sessions[other.session].id;
                let walk = self.facts.walk(room, other.room);
                if !entry.overlaps(start, end) {
                    if entry.gap(start, end) < minutes(walk) {
                        concerns.push(Concern::TooFar(facts.id, other.id, session, walk));
                    }
                } else if other.session != probe.session {
                    // One session shown in several rooms at once has its people in one of them.
                    concerns.push(Concern::SpeakerBusy(facts.id, other.id, session));
                }
            }
        }
    }

    /// Whether its forum wants its sessions one after the other.
    fn judge_forum(&self, probe: &Probe, concerns: &mut Vec<Concern>) {
        let Some(forum) = self.facts.sessions[probe.session].forum else { return };
        for entry in self.forums[forum].between(probe.start, probe.end) {
            let Who::Slot(number) = entry.who else { continue };
            let other = &self.slots[number];
            if other.session != probe.session {
                let session = self.facts.sessions[other.session].id;
                concerns.push(Concern::ForumOverlaps(self.facts.forums[forum], other.id, session));
            }
        }
    }

    /// Whether many would have to choose.
    fn judge_audience(&self, probe: &Probe, concerns: &mut Vec<Concern>) {
        for (session, people) in &self.facts.sessions[probe.session].shared {
            let facts = &self.facts.sessions[*session];
            let slots = self.of_session[*session].iter().map(|number| &self.slots[*number]);
            for other in slots.filter(|_| facts.takes_place) {
                if other.start < probe.end && probe.start < other.end {
                    concerns.push(Concern::SharedAudience(other.id, facts.id, *people));
                }
            }
        }
    }
}
