//! Announcements, and what they do to a session's time.

use crate::db::schema::announcements;
use crate::db::{AnnouncementId, EventId, RoomId, SessionId, UserId, UtcTime};
use crate::i18n::Localized;
use crate::text_enum;
use chrono::TimeDelta;
use diesel::prelude::*;

text_enum! {
    /// What an announcement is about.
    pub enum AnnouncementKind {
        /// Anything that people should read.
        Notice = "notice",
        /// Sessions begin later than planned.
        Delay = "delay",
        /// No more people get in.
        Full = "full",
    }
}

/// Longest delay in minutes; beyond that the programme is changed instead.
pub const LONGEST_DELAY: i32 = 600;

/// One announcement, as its row holds it.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = announcements)]
pub struct Announcement {
    /// The announcement.
    pub id: AnnouncementId,
    /// The event.
    pub event_id: EventId,
    /// What it is about.
    pub kind: AnnouncementKind,
    /// The room it is for; everywhere when neither room nor session is set.
    pub room_id: Option<RoomId>,
    /// The session it is for.
    pub session_id: Option<SessionId>,
    /// What people read; delays and "full" have words of their own where this is empty.
    pub body: Localized,
    /// By how much a delay shifts times.
    pub delay_minutes: i32,
    /// Since when it is shown.
    pub starts_at: UtcTime,
    /// Until when it is shown, later than the start.
    pub ends_at: UtcTime,
    /// When it was taken back.
    pub withdrawn_at: Option<UtcTime>,
    /// Who made it.
    pub created_by: Option<UserId>,
    /// When it was made.
    pub created_at: UtcTime,
}

impl Announcement {
    /// Whether pages show it at `now`.
    #[must_use]
    pub fn is_shown(&self, now: UtcTime) -> bool {
        self.withdrawn_at.is_none() && self.starts_at <= now && now < self.ends_at
    }

    /// How closely it is meant for an occasion: its session before its room before everywhere.
    fn closeness(&self, occasion: &Occasion) -> Option<u8> {
        match (self.session_id, self.room_id) {
            (Some(session), _) => (session == occasion.session).then_some(2),
            (None, Some(room)) => (occasion.room == Some(room)).then_some(1),
            (None, None) => Some(0),
        }
    }

    /// Whether a part of the occasion, as planned, falls into the announcement's time.
    fn meets(&self, occasion: &Occasion) -> bool {
        occasion.start < self.ends_at && self.starts_at < occasion.end
    }

    fn delay(&self) -> TimeDelta {
        TimeDelta::minutes(i64::from(self.delay_minutes))
    }

    /// Whether the occasion is late because of this. It stays so until it is over, even where the
    /// announcement ended while it ran.
    fn delays(&self, occasion: &Occasion, now: UtcTime) -> bool {
        self.kind == AnnouncementKind::Delay
            && self.withdrawn_at.is_none()
            && self.starts_at <= now
            && now < self.ends_at.max(occasion.end + self.delay())
            && self.meets(occasion)
    }

    fn fills(&self, occasion: &Occasion, now: UtcTime) -> bool {
        self.kind == AnnouncementKind::Full && self.is_shown(now) && self.meets(occasion)
    }
}

/// One slot of a session as it was released.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Occasion {
    /// The session.
    pub session: SessionId,
    /// Where.
    pub room: Option<RoomId>,
    /// When it begins.
    pub start: UtcTime,
    /// When it ends.
    pub end: UtcTime,
}

/// One slot as pages show it now.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Shown<'a> {
    /// When it will begin.
    pub start: UtcTime,
    /// When it will end.
    pub end: UtcTime,
    /// What made it late.
    pub late: Option<&'a Announcement>,
    /// What says that nobody gets in any more.
    pub full: Option<&'a Announcement>,
}

/// An occasion as pages show it at `now`. Of several announcements the one closest to the occasion
/// counts, of equally close ones the newest; delays never add up.
#[must_use]
pub fn shown<'a>(occasion: &Occasion, announcements: &'a [Announcement], now: UtcTime) -> Shown<'a> {
    let closest = |applies: fn(&Announcement, &Occasion, UtcTime) -> bool| {
        announcements
            .iter()
            .filter(|one| applies(one, occasion, now))
            .filter_map(|one| Some((one.closeness(occasion)?, one.created_at, one.id, one)))
            .max_by_key(|(closeness, made, id, _)| (*closeness, *made, *id))
            .map(|(_, _, _, one)| one)
    };
    let late = closest(Announcement::delays);
    let by = late.map_or(TimeDelta::zero(), Announcement::delay);
    Shown { start: occasion.start + by, end: occasion.end + by, late, full: closest(Announcement::fills) }
}

/// What an organizer announces.
#[derive(Clone, Debug)]
pub struct NewAnnouncement {
    /// What it is about.
    pub kind: AnnouncementKind,
    /// The room it is for.
    pub room: Option<RoomId>,
    /// The session it is for; then the room says nothing.
    pub session: Option<SessionId>,
    /// What people read.
    pub body: Localized,
    /// By how much a delay shifts times.
    pub delay_minutes: i32,
    /// Since when; at once where none.
    pub from: Option<UtcTime>,
    /// Until when; see [`usual_end`] where none.
    pub until: Option<UtcTime>,
}

/// Until when an announcement holds that names no end: a full room until the end of what is on or
/// comes next, a delay or notice for one session until that is over, everything else to `day_end`.
#[must_use]
pub fn usual_end(new: &NewAnnouncement, occasions: &[Occasion], start: UtcTime, day_end: UtcTime) -> UtcTime {
    let by = TimeDelta::minutes(i64::from(new.delay_minutes));
    let ends_with_one = new.session.is_some() || new.kind == AnnouncementKind::Full;
    let next = occasions
        .iter()
        .filter(|occasion| match (new.session, new.room) {
            (Some(session), _) => occasion.session == session,
            (None, room) => room.is_some() && occasion.room == room && occasion.start < day_end,
        })
        .filter(|occasion| start < occasion.end)
        .min_by_key(|occasion| occasion.start);
    next.filter(|_| ends_with_one).map_or(day_end, |occasion| occasion.end + by)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(time: &str) -> UtcTime {
        chrono::DateTime::parse_from_rfc3339(&format!("2027-04-13T{time}:00Z")).expect("a time").to_utc().into()
    }

    struct Given {
        event: EventId,
        rooms: [RoomId; 2],
        session: SessionId,
    }

    impl Given {
        fn new() -> Self {
            Self { event: EventId::new(), rooms: [RoomId::new(), RoomId::new()], session: SessionId::new() }
        }

        fn delay(&self, made: &str, minutes: i32, (from, until): (&str, &str)) -> Announcement {
            Announcement {
                id: AnnouncementId::new(),
                event_id: self.event,
                kind: AnnouncementKind::Delay,
                room_id: None,
                session_id: None,
                body: Localized::new(),
                delay_minutes: minutes,
                starts_at: at(from),
                ends_at: at(until),
                withdrawn_at: None,
                created_by: None,
                created_at: at(made),
            }
        }

        fn occasion(&self, start: &str, end: &str) -> Occasion {
            Occasion { session: self.session, room: Some(self.rooms[0]), start: at(start), end: at(end) }
        }
    }

    #[test]
    fn a_delay_shifts_what_comes_later_in_its_room_and_nothing_else() {
        let given = Given::new();
        let in_room = Announcement { room_id: Some(given.rooms[0]), ..given.delay("09:50", 20, ("09:50", "18:00")) };
        for (start, end, now, minutes, why) in [
            ("10:00", "11:00", "09:55", 20, "the next session"),
            ("17:00", "18:30", "09:55", 20, "the last that begins before the delay ends"),
            ("09:00", "10:00", "09:55", 20, "one that is on"),
            ("09:00", "09:50", "09:55", 0, "one that is over"),
            ("18:00", "19:00", "09:55", 0, "one after the delay"),
            ("10:00", "11:00", "09:49", 0, "before it is announced"),
            ("17:00", "18:30", "18:40", 20, "one that outlasts the delay"),
            ("10:00", "11:00", "18:00", 0, "long over, and the delay is too"),
        ] {
            let all = [in_room.clone()];
            let seen = shown(&given.occasion(start, end), &all, at(now));
            assert_eq!(seen.start, at(start) + TimeDelta::minutes(minutes), "{why}");
            assert_eq!(seen.end - seen.start, at(end) - at(start), "{why}: the length stays");
            assert_eq!(seen.late.is_some(), minutes > 0, "{why}");
        }
        let elsewhere = Occasion { room: Some(given.rooms[1]), ..given.occasion("10:00", "11:00") };
        assert_eq!(shown(&elsewhere, std::slice::from_ref(&in_room), at("09:55")).late, None);
        let nowhere = Occasion { room: None, ..given.occasion("10:00", "11:00") };
        assert_eq!(shown(&nowhere, std::slice::from_ref(&in_room), at("09:55")).late, None);
        let withdrawn = Announcement { withdrawn_at: Some(at("09:52")), ..in_room };
        assert_eq!(shown(&given.occasion("10:00", "11:00"), &[withdrawn], at("09:55")).late, None);
    }

    #[test]
    fn the_closest_word_counts_then_the_newest() {
        let given = Given::new();
        let day = ("09:00", "18:00");
        let everywhere = given.delay("09:30", 5, day);
        let room = Announcement { room_id: Some(given.rooms[0]), ..given.delay("09:10", 20, day) };
        let newer = Announcement { room_id: Some(given.rooms[0]), ..given.delay("09:20", 30, day) };
        let own = Announcement { session_id: Some(given.session), ..given.delay("09:00", 45, day) };
        let other = Announcement { session_id: Some(SessionId::new()), ..given.delay("09:40", 90, day) };
        let occasion = given.occasion("10:00", "11:00");
        for (all, minutes) in [
            (vec![everywhere.clone()], 5),
            (vec![everywhere.clone(), room.clone()], 20),
            (vec![newer.clone(), everywhere.clone(), room.clone()], 30),
            (vec![own, newer, everywhere, room, other], 45),
        ] {
            let seen = shown(&occasion, &all, at("09:45"));
            assert_eq!((seen.start - occasion.start).num_minutes(), minutes);
        }
    }

    #[test]
    fn a_room_is_full_for_the_time_it_was_said_of() {
        let given = Given::new();
        let full = Announcement {
            kind: AnnouncementKind::Full,
            room_id: Some(given.rooms[0]),
            delay_minutes: 0,
            ..given.delay("09:50", 0, ("09:50", "11:00"))
        };
        let all = [full];
        for (start, end, now, is_full) in [
            ("10:00", "11:00", "09:55", true),
            ("10:00", "11:00", "11:00", false),
            ("11:00", "12:00", "09:55", false),
            ("09:00", "09:50", "09:55", false),
        ] {
            let seen = shown(&given.occasion(start, end), &all, at(now));
            assert_eq!((seen.full.is_some(), seen.late), (is_full, None), "{start} at {now}");
            assert_eq!(seen.start, at(start));
        }
    }

    #[test]
    fn what_names_no_end_ends_where_it_makes_sense() {
        let given = Given::new();
        let other = Occasion { session: SessionId::new(), ..given.occasion("11:00", "12:00") };
        let occasions = [given.occasion("09:00", "10:00"), other, given.occasion("15:00", "16:00")];
        let new = |kind, room, session, delay_minutes| NewAnnouncement {
            kind,
            room,
            session,
            body: Localized::new(),
            delay_minutes,
            from: None,
            until: None,
        };
        use AnnouncementKind::{Delay, Full, Notice};
        let (room, session) = (Some(given.rooms[0]), Some(given.session));
        for (new, start, end) in [
            (new(Full, room, None, 0), "09:30", "10:00"),
            (new(Full, room, None, 0), "10:30", "12:00"),
            (new(Full, room, None, 0), "17:00", "21:00"),
            (new(Full, None, session, 0), "10:30", "16:00"),
            (new(Delay, room, None, 20), "09:30", "21:00"),
            (new(Delay, None, session, 20), "10:30", "16:20"),
            (new(Notice, None, None, 0), "09:30", "21:00"),
            (new(Notice, None, session, 0), "08:00", "10:00"),
        ] {
            assert_eq!(usual_end(&new, &occasions, at(start), at("21:00")), at(end), "{new:?} at {start}");
        }
    }
}
