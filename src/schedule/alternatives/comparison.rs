//! The difference between two drafts in words.

use crate::accounts::access::Allowed;
use crate::db::{RoomId, UtcTime};
use crate::schedule::difference::Change;
use crate::schedule::model::{Programme, ProgrammeSession};
use crate::web::PageContext;
use crate::web::page::Text;
use serde::Serialize;

/// All changes of one kind.
#[derive(Serialize)]
pub(super) struct Group {
    label: String,
    lines: Vec<Line>,
    more: usize,
}

#[derive(Serialize)]
struct Line {
    title: Text,
    url: String,
    before: String,
    after: String,
}

/// Changes of one kind that are shown one by one.
const SHOWN: usize = 200;
const KINDS: [&str; 9] =
    ["moved", "room-changed", "slot-added", "slot-removed", "added", "removed", "cancelled", "revived", "edited"];

/// The changes that lead from one programme to another, by kind.
pub(super) fn groups<P>(
    team: &Allowed<P>,
    context: &PageContext,
    (from, to): (&Programme, &Programme),
    changes: &[Change],
) -> Vec<Group> {
    let words = Words { team, context, from, to };
    let group = |kind: &&str| {
        let of_kind: Vec<&Change> = changes.iter().filter(|change| change.kind() == *kind).collect();
        let count = i64::try_from(of_kind.len()).unwrap_or(i64::MAX);
        let label =
            team.visit.app.texts.text(context.lang, &format!("schedule-change-{kind}"), &[("count", count.into())]);
        let lines = of_kind.iter().take(SHOWN).map(|change| words.line(change)).collect();
        Group { label, lines, more: of_kind.len().saturating_sub(SHOWN) }
    };
    KINDS.iter().map(group).filter(|group| !group.lines.is_empty()).collect()
}

struct Words<'a, P> {
    team: &'a Allowed<P>,
    context: &'a PageContext,
    from: &'a Programme,
    to: &'a Programme,
}

impl<P> Words<'_, P> {
    fn line(&self, change: &Change) -> Line {
        let id = change.session();
        let find = |programme: &'_ Programme| programme.sessions.iter().find(|session| session.id == id).cloned();
        let session = find(self.to).or_else(|| find(self.from));
        let place = |start, end, room| format!("{} · {}", self.span(start, end), self.room(room));
        let (before, after) = match change {
            Change::Moved { from, to, .. } => (self.span(from.0, from.1), self.span(to.0, to.1)),
            Change::RoomChanged { from, to, .. } => (self.room(*from), self.room(*to)),
            Change::SlotAdded(_, slot) => (String::new(), place(slot.start, slot.end, slot.room)),
            Change::SlotRemoved(_, slot) => {
                let old = find(self.from).and_then(|session| session.slots.into_iter().find(|one| one.id == *slot));
                (old.map(|slot| place(slot.start, slot.end, slot.room)).unwrap_or_default(), String::new())
            }
            _ => (String::new(), String::new()),
        };
        Line { title: self.title(session.as_ref()), url: self.url(session.as_ref()), before, after }
    }

    fn title(&self, session: Option<&ProgrammeSession>) -> Text {
        let languages = &self.team.event.languages;
        session.map(|session| Text::pick(&session.title, self.context.lang, languages)).unwrap_or_default()
    }

    fn url(&self, session: Option<&ProgrammeSession>) -> String {
        session
            .map(|session| format!("/organizer/{}/sessions/{}", self.team.event.slug, session.id))
            .unwrap_or_default()
    }

    fn room(&self, room: Option<RoomId>) -> String {
        let rooms = || self.to.rooms.iter().chain(&self.from.rooms);
        let found = room.and_then(|id| rooms().find(|one| one.id == id));
        let name = found.map(|room| room.name.text(self.context.lang, &self.team.event.languages).to_owned());
        name.unwrap_or_else(|| self.team.visit.app.texts.text(self.context.lang, "proposing-no-room-set", &[]))
    }

    fn span(&self, start: UtcTime, end: UtcTime) -> String {
        let (zone, format) = (self.team.event.zone(), self.context.formatter());
        let (start, end) = (start.in_zone(zone), end.in_zone(zone));
        format!("{} {}–{}", format.day(start.date_naive()), format.time(start.time()), format.time(end.time()))
    }
}
