//! The call: when it is open for what, and what it asks.

pub mod proposal;
pub mod review;
pub mod statistics;

use crate::db::schema::{call_windows, calls, late_links};
use crate::db::{EventId, FormatId, ForumId, LateLinkId, UtcTime, WindowId};
use crate::events::model::Event;
use crate::i18n::Localized;
use crate::programme::strands::model::{Format, Forum};
use crate::registration::forms::model::Form;
use crate::web::TokenHash;
use diesel::prelude::*;

/// The call of an event, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = calls, treat_none_as_null = true)]
pub struct Call {
    /// The event.
    pub event_id: EventId,
    /// Since when proposals are taken; without it none are.
    pub opens_at: Option<UtcTime>,
    /// Until when proposals are taken; without it there is no end.
    pub closes_at: Option<UtcTime>,
    /// What is asked for and what becomes of it, in Markdown.
    pub introduction: Localized,
    /// The most characters of a title.
    pub title_length: i32,
    /// The most characters of an abstract.
    pub abstract_length: i32,
    /// The most characters of a description.
    pub description_length: i32,
    /// How many proposals one address may send in.
    pub most_per_person: Option<i32>,
    /// Whether reviewers don't see who hands in.
    pub is_blind: bool,
    /// Whether a reviewer sees what others gave only after giving theirs.
    pub hides_scores: bool,
    /// Whether the mails of decisions carry what reviewers wrote for the author.
    pub sends_comments: bool,
    /// What the mails of acceptance say besides.
    pub accepted_words: Localized,
    /// What the mails of rejection say besides.
    pub rejected_words: Localized,
    /// Counts edits.
    pub version: i32,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

impl Call {
    /// The call of an event that has set up none yet: closed, with usual lengths.
    #[must_use]
    pub fn new(event: EventId, now: UtcTime) -> Self {
        Self {
            event_id: event,
            opens_at: None,
            closes_at: None,
            introduction: Localized::new(),
            title_length: 120,
            abstract_length: 600,
            description_length: 4000,
            most_per_person: None,
            is_blind: true,
            hides_scores: true,
            sends_comments: false,
            accepted_words: Localized::new(),
            rejected_words: Localized::new(),
            version: 0,
            updated_at: now,
        }
    }
}

/// Other dates for a format, a forum, or a format in a forum.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = call_windows)]
pub struct Window {
    /// The line.
    pub id: WindowId,
    /// The event.
    pub event_id: EventId,
    /// Only for this format.
    pub format_id: Option<FormatId>,
    /// Only for this forum.
    pub forum_id: Option<ForumId>,
    /// Whether proposals are taken at all.
    pub is_offered: bool,
    /// Since when, where it is not the call's.
    pub opens_at: Option<UtcTime>,
    /// Until when, where it is not the call's.
    pub closes_at: Option<UtcTime>,
}

impl Window {
    /// How much it asks for: format and forum more than the format alone, that more than the forum.
    const fn rank(&self) -> u8 {
        match (self.format_id.is_some(), self.forum_id.is_some()) {
            (true, true) => 3,
            (true, false) => 2,
            (false, true) => 1,
            (false, false) => 0,
        }
    }

    fn is_about(&self, format: Option<FormatId>, forum: Option<ForumId>) -> bool {
        self.rank() > 0
            && self.format_id.is_none_or(|own| Some(own) == format)
            && self.forum_id.is_none_or(|own| Some(own) == forum)
    }
}

/// A link that opens the call after its end, for whoever is given it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = late_links)]
pub struct LateLink {
    /// The link.
    pub id: LateLinkId,
    /// The event.
    pub event_id: EventId,
    /// The hash of its secret.
    pub token_hash: TokenHash,
    /// Whom it is for.
    pub name: String,
    /// Until when it opens the call.
    pub until: UtcTime,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was taken back.
    pub revoked_at: Option<UtcTime>,
}

impl LateLink {
    /// Whether it still opens the call.
    #[must_use]
    pub fn works(&self, now: UtcTime) -> bool {
        self.revoked_at.is_none() && now <= self.until
    }
}

/// Whether proposals of a format in a forum are taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Opening {
    /// No proposals of this kind are taken.
    Never,
    /// From this instant on.
    NotYet(UtcTime),
    /// Until this instant, or without end.
    Open(Option<UtcTime>),
    /// No longer since this instant.
    Over(UtcTime),
}

impl Opening {
    /// Whether they are taken now.
    #[must_use]
    pub const fn is_open(self) -> bool {
        matches!(self, Self::Open(_))
    }

    /// From `at` to the end, where they are taken then.
    const fn open_from(self, at: UtcTime) -> Option<(UtcTime, Option<UtcTime>)> {
        match self {
            Self::Open(until) => Some((at, until)),
            _ => None,
        }
    }
}

/// The dates of a call: its own, and those of some formats and forums.
#[derive(Clone, Debug)]
pub struct Dates {
    /// Since when.
    pub opens_at: Option<UtcTime>,
    /// Until when.
    pub closes_at: Option<UtcTime>,
    /// Other dates.
    pub windows: Vec<Window>,
}

impl Dates {
    /// Whether proposals of a format in a forum are taken. The line that asks for most decides:
    /// format and forum together, then the format, then the forum, then the call itself; what a
    /// line leaves open is the call's.
    #[must_use]
    pub fn opening(&self, format: Option<FormatId>, forum: Option<ForumId>, now: UtcTime) -> Opening {
        let about = self.windows.iter().filter(|window| window.is_about(format, forum));
        let window = about.max_by_key(|window| window.rank());
        if window.is_some_and(|window| !window.is_offered) {
            return Opening::Never;
        }
        let opens = window.and_then(|window| window.opens_at).or(self.opens_at);
        let closes = window.and_then(|window| window.closes_at).or(self.closes_at);
        match (opens, closes) {
            (None, _) => Opening::Never,
            (_, Some(closes)) if now > closes => Opening::Over(closes),
            (Some(opens), _) if now < opens => Opening::NotYet(opens),
            _ => Opening::Open(closes),
        }
    }

    /// The openings of every format in every forum; where an event has none, of a proposal without.
    fn openings<'a>(
        &'a self,
        formats: &'a [FormatId],
        forums: &'a [ForumId],
        now: UtcTime,
    ) -> impl Iterator<Item = (Option<FormatId>, Option<ForumId>, Opening)> + 'a {
        let (formats, forums) = (or_none(formats), or_none(forums));
        formats.into_iter().flat_map(move |format| {
            let row: Vec<_> = forums.iter().map(|forum| (format, *forum, self.opening(format, *forum, now))).collect();
            row
        })
    }

    /// When proposals of some format in some forum are taken: beginning and end of each such time, each once.
    #[must_use]
    pub fn times(&self, formats: &[FormatId], forums: &[ForumId]) -> Vec<(UtcTime, Option<UtcTime>)> {
        let begins = self.windows.iter().filter_map(|window| window.opens_at).chain(self.opens_at);
        let mut times: Vec<(UtcTime, Option<UtcTime>)> = begins
            .flat_map(|at| self.openings(formats, forums, at).filter_map(move |(_, _, opening)| opening.open_from(at)))
            .collect();
        times.sort_unstable();
        times.dedup();
        times
    }

    /// The call as a whole: open while anything is, else the next beginning, else the last end.
    #[must_use]
    pub fn overall(&self, formats: &[FormatId], forums: &[ForumId], now: UtcTime) -> Opening {
        let all: Vec<Opening> = self.openings(formats, forums, now).map(|(_, _, opening)| opening).collect();
        let open =
            all.iter().filter_map(|opening| if let Opening::Open(until) = opening { Some(*until) } else { None });
        // Without an end is later than any end.
        if let Some(latest) = open.max_by_key(|until| (until.is_none(), *until)) {
            return Opening::Open(latest);
        }
        let begins = all.iter().filter_map(|opening| if let Opening::NotYet(at) = opening { Some(*at) } else { None });
        if let Some(first) = begins.min() {
            return Opening::NotYet(first);
        }
        let ended = all.iter().filter_map(|opening| if let Opening::Over(at) = opening { Some(*at) } else { None });
        ended.max().map_or(Opening::Never, Opening::Over)
    }

    /// Whether proposals are taken now of a format in a forum, or of any where none is chosen yet.
    #[must_use]
    pub fn takes(
        &self,
        (format, forum): (Option<FormatId>, Option<ForumId>),
        (formats, forums): (&[FormatId], &[ForumId]),
        now: UtcTime,
    ) -> bool {
        let formats = format.map_or_else(|| formats.to_vec(), |format| vec![format]);
        let forums = forum.map_or_else(|| forums.to_vec(), |forum| vec![forum]);
        self.openings(&formats, &forums, now).any(|(_, _, opening)| opening.is_open())
    }

    /// Whether a format can be chosen in some forum now.
    #[must_use]
    pub fn takes_format(&self, format: FormatId, forums: &[ForumId], now: UtcTime) -> bool {
        self.takes((Some(format), None), (&[], forums), now)
    }

    /// Whether a forum can be chosen with some format now.
    #[must_use]
    pub fn takes_forum(&self, forum: ForumId, formats: &[FormatId], now: UtcTime) -> bool {
        self.takes((None, Some(forum)), (formats, &[]), now)
    }
}

/// Everything that the form of a call is made of.
#[derive(Clone, Debug)]
pub struct Asked {
    /// The event.
    pub event: Event,
    /// The call.
    pub call: Call,
    /// When it is open for what.
    pub dates: Dates,
    /// The event's formats.
    pub formats: Vec<Format>,
    /// The event's forums.
    pub forums: Vec<Forum>,
    /// The questions that are asked of proposals.
    pub questions: Form,
}

impl Asked {
    /// The formats that exist.
    #[must_use]
    pub fn format_ids(&self) -> Vec<FormatId> {
        self.formats.iter().map(|format| format.id).collect()
    }

    /// The forums that exist.
    #[must_use]
    pub fn forum_ids(&self) -> Vec<ForumId> {
        self.forums.iter().map(|forum| forum.id).collect()
    }

    /// Whether proposals are taken now of a format in a forum, or of any where none is chosen yet.
    #[must_use]
    pub fn takes(&self, kind: (Option<FormatId>, Option<ForumId>), now: UtcTime) -> bool {
        self.dates.takes(kind, (&self.format_ids(), &self.forum_ids()), now)
    }

    /// The call as a whole.
    #[must_use]
    pub fn overall(&self, now: UtcTime) -> Opening {
        self.dates.overall(&self.format_ids(), &self.forum_ids(), now)
    }
}

fn or_none<T: Copy>(all: &[T]) -> Vec<Option<T>> {
    if all.is_empty() { vec![None] } else { all.iter().copied().map(Some).collect() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::EventId;

    fn at(hour: i64) -> UtcTime {
        chrono::DateTime::from_timestamp(1_800_000_000 + hour * 3600, 0).expect("in range").into()
    }

    fn window(format: Option<FormatId>, forum: Option<ForumId>, closes: Option<i64>) -> Window {
        Window {
            id: WindowId::new(),
            event_id: EventId::new(),
            format_id: format,
            forum_id: forum,
            is_offered: true,
            opens_at: None,
            closes_at: closes.map(at),
        }
    }

    #[test]
    fn the_line_that_asks_for_most_decides() {
        let (keynote, talk) = (FormatId::new(), FormatId::new());
        let (water, trade) = (ForumId::new(), ForumId::new());
        let dates = Dates {
            opens_at: Some(at(0)),
            closes_at: Some(at(10)),
            windows: vec![
                window(None, Some(water), Some(20)),
                window(Some(keynote), None, Some(5)),
                window(Some(keynote), Some(trade), Some(30)),
            ],
        };
        for (format, forum, closes) in [(talk, trade, 10), (talk, water, 20), (keynote, water, 5), (keynote, trade, 30)]
        {
            let opening = |hour| dates.opening(Some(format), Some(forum), at(hour));
            assert_eq!(opening(-1), Opening::NotYet(at(0)));
            assert_eq!(opening(closes), Opening::Open(Some(at(closes))), "the last instant still counts");
            assert_eq!(opening(closes + 1), Opening::Over(at(closes)));
        }
        let all = (&[keynote, talk][..], &[water, trade][..]);
        assert_eq!(dates.overall(all.0, all.1, at(25)), Opening::Open(Some(at(30))));
        assert_eq!(dates.overall(all.0, all.1, at(31)), Opening::Over(at(30)));
        let times = dates.times(all.0, all.1);
        assert_eq!(times.first(), Some(&(at(0), Some(at(5)))));
        assert_eq!(times.len(), 4);
        assert!(dates.takes_format(keynote, all.1, at(25)) && !dates.takes_format(talk, all.1, at(25)));
        assert!(dates.takes_forum(trade, all.0, at(25)) && !dates.takes_forum(water, all.0, at(25)));
    }

    #[test]
    fn what_is_not_offered_is_never_open_and_a_call_without_beginning_neither() {
        let keynote = FormatId::new();
        let closed = Window { is_offered: false, ..window(Some(keynote), None, None) };
        let dates = Dates { opens_at: Some(at(0)), closes_at: None, windows: vec![closed] };
        assert_eq!(dates.opening(Some(keynote), None, at(1)), Opening::Never);
        assert_eq!(dates.opening(None, None, at(1)), Opening::Open(None));
        let unset = Dates { opens_at: None, closes_at: Some(at(9)), windows: Vec::new() };
        assert_eq!(unset.overall(&[], &[], at(1)), Opening::Never);
    }
}
