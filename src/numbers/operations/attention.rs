//! What needs the team today.

use crate::accounts::access::Allowed;
use crate::accounts::model::Permission;
use crate::app::App;
use crate::bookings;
use crate::checkin;
use crate::db::{DbConnection, EventId, ForumId, SessionId, SpeakerId, UtcTime};
use crate::events::model::Event;
use crate::mail::model::MessageState;
use crate::mail::operations::marks;
use crate::mail::outbox;
use crate::numbers::model::{capacity, counted_places};
use crate::numbers::store::{self, attention as rows};
use crate::programme::model::SessionState;
use crate::registration::model::Counts;
use crate::registration::operations as registration;
use crate::schedule;
use crate::schedule::concerns::{Severity, count};
use crate::schedule::model::{Programme, ProgrammeSession};
use crate::speakers::own::model::{AnswerKind, Standing};
use crate::speakers::own::operations as speakers;
use crate::speakers::own::standings::standings;
use chrono::TimeDelta;
use diesel::QueryResult;
use std::collections::{HashMap, HashSet};

/// Hours before its end in which an offer is said to run out.
const OFFER_HOURS: i64 = 24;
/// Days before its end in which a delegation is said to close.
const DELEGATION_DAYS: i64 = 7;

/// Whose programme it is: everybody's, or the sessions of some forums.
#[derive(Clone, Debug)]
pub struct Watcher {
    forums: Option<Vec<ForumId>>,
}

impl Watcher {
    /// What this account answers for.
    #[must_use]
    pub fn of<P>(team: &Allowed<P>) -> Self {
        let is_narrow = team.may(Permission::EditProgramme) && !team.may(Permission::ManageEvent);
        Self { forums: is_narrow.then(|| team.roles.forums.clone()) }
    }

    /// Whether a session of this forum is among it.
    #[must_use]
    pub fn sees(&self, forum: Option<ForumId>) -> bool {
        self.forums.as_ref().is_none_or(|own| forum.is_some_and(|forum| own.contains(&forum)))
    }
}

/// How the draft stands.
#[derive(Clone, Copy, Debug, Default)]
pub struct Draft {
    /// What is probably or certainly wrong with it.
    pub concerns: i64,
    /// What keeps it from being released.
    pub blocking: i64,
    /// Rooms.
    pub rooms: i64,
    /// Sessions, whatever state they are in.
    pub sessions: i64,
    /// Those that take place.
    pub accepted: i64,
    /// Those of them that have a time.
    pub placed: i64,
    /// Speakers.
    pub speakers: i64,
    /// Releases so far.
    pub releases: i64,
}

/// How speakers stand to what was released.
#[derive(Clone, Copy, Debug, Default)]
pub struct Speaking {
    /// Those who have a part that is not over.
    pub asked_at_all: i64,
    /// Those of them who have said nothing to a part.
    pub silent: i64,
    /// Those who ask for another time.
    pub asked: i64,
    /// Those who have withdrawn from a session that still takes place.
    pub withdrew: i64,
}

/// Everything that the overview speaks of.
#[derive(Clone, Debug, Default)]
pub struct Attention {
    /// Applications for an officer, and since when the oldest waits.
    pub applied: (i64, Option<UtcTime>),
    /// People to be looked at because of a watch-list.
    pub watched: i64,
    /// People who wait for a place.
    pub waiting: i64,
    /// Places that are free in the categories that they wait for.
    pub free: i64,
    /// Offers that run out within a day, and the first end.
    pub offers: (i64, Option<UtcTime>),
    /// Notices that leave by themselves, those held back, and when the first leaves.
    pub notices: (i64, i64, Option<UtcTime>),
    /// Delegations with places left that close within a week, and the first end.
    pub delegations: (i64, Option<UtcTime>),
    /// Conflicts at the door that nobody has looked at.
    pub conflicts: i64,
    /// Messages that could not be delivered.
    pub mail_failed: i64,
    /// Messages that wait for review.
    pub mail_drafts: i64,
    /// Addresses that the event has written to and that do not work.
    pub dead_addresses: i64,
    /// Messages that wait to be sent.
    pub mail_queued: i64,
    /// The draft.
    pub draft: Draft,
    /// The speakers.
    pub speaking: Speaking,
    /// How many registrations stand where.
    pub registrations: Counts,
    /// How many categories there are.
    pub categories: i64,
    /// Places taken, reserved ones too, and all places, of the categories that have a limit where any has one.
    pub places: (i64, Option<i64>),
    /// Places taken in the other categories.
    pub unlimited: i64,
    /// How many people have come.
    pub came: i64,
    /// Seats in sessions that are taken, and all of them.
    pub seats: (i64, i64),
    /// People in the team.
    pub team: i64,
    /// Registrations of each of the last days.
    pub recent: Vec<i64>,
}

/// Days whose registrations the overview draws.
pub(super) const RECENT_DAYS: u64 = 30;

/// What needs attention at an event, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn attention(
    db: &mut DbConnection,
    (app, now): (&App, UtcTime),
    event: &Event,
    watcher: &Watcher,
    released: Option<&Programme>,
) -> QueryResult<Attention> {
    let id = event.id;
    let checked = schedule::concerns::operations::checked(db, event)?;
    let sessions = &checked.draft.programme.sessions;
    let seats = bookings::operations::all_seats(db, id)?;
    let mail = outbox::counts(db, id)?;
    let mut found = Attention {
        applied: rows::applied(db, id)?,
        watched: rows::watched(db, id)?,
        offers: rows::offers(db, id, now + TimeDelta::hours(OFFER_HOURS))?,
        notices: rows::notices(db, id)?,
        delegations: rows::closing(db, id, (now, now + TimeDelta::days(DELEGATION_DAYS)))?,
        conflicts: 0,
        mail_failed: mail.of(Some(MessageState::Failed), None),
        mail_drafts: mail.of(Some(MessageState::Draft), None),
        dead_addresses: i64::try_from(marks::marks_of_event(db, id)?.len()).unwrap_or(i64::MAX),
        mail_queued: mail.of(Some(MessageState::Queued), None),
        draft: Draft { releases: schedule::operations::releases(db, id)?.len() as i64, ..draft(&checked, watcher) },
        speaking: match released {
            Some(released) => speaking(db, now, (id, released, sessions), watcher)?,
            None => Speaking::default(),
        },
        registrations: registration::counts(db, id)?,
        seats: seats.iter().fold((0, 0), |sum, one| (sum.0 + i64::from(one.taken), sum.1 + i64::from(one.capacity))),
        team: crate::accounts::operations::team(db, id)?.len() as i64,
        recent: super::recent(db, now, event, RECENT_DAYS)?.into_iter().map(|(_, count)| count).collect(),
        ..Attention::default()
    };
    let door = checkin::operations::figures(db, id, now)?;
    (found.conflicts, found.came) = (door.conflicts, door.came);
    places(db, app, event, &mut found)?;
    Ok(found)
}

/// Who waits, and what is free for them: quotas count.
fn places(db: &mut DbConnection, app: &App, event: &Event, found: &mut Attention) -> QueryResult<()> {
    let waiting = store::registrations::waiting(db, event.id)?;
    let form = registration::form_of(db, &app.registration_forms, &event.slug)?;
    let limited = form.map(|form| form.categories).unwrap_or_default();
    for (category, people) in &waiting {
        found.waiting += people;
        let left = limited.iter().find(|one| one.id == *category).and_then(|one| one.places_left());
        found.free += left.map_or(*people, |left| i64::from(left).min(*people));
    }
    let categories = registration::all_categories(db, event.id)?;
    found.categories = categories.len() as i64;
    let counted = counted_places(&categories);
    let taken = |is_counted: bool| -> i64 {
        let some = categories.iter().filter(|one| counted.contains(&one.id) == is_counted);
        some.map(|one| i64::from(one.taken)).sum()
    };
    found.places = (taken(true), capacity(&categories));
    found.unlimited = taken(false);
    Ok(())
}

type Forums = HashMap<SessionId, ForumId>;

fn forums(sessions: &[ProgrammeSession]) -> Forums {
    sessions.iter().filter_map(|session| Some((session.id, session.forum?))).collect()
}

fn draft(checked: &schedule::concerns::operations::Checked, watcher: &Watcher) -> Draft {
    let programme = &checked.draft.programme;
    let forums = forums(&programme.sessions);
    let own = || checked.open().filter(|found| watcher.sees(forums.get(&found.session).copied()));
    let takes_place = |session: &&ProgrammeSession| {
        matches!(session.state, SessionState::Accepted | SessionState::Confirmed) && watcher.sees(session.forum)
    };
    let accepted: Vec<&ProgrammeSession> = programme.sessions.iter().filter(takes_place).collect();
    Draft {
        concerns: count(own().filter(|found| found.severity >= Severity::Warns)) as i64,
        blocking: count(own().filter(|found| found.severity == Severity::Blocks)) as i64,
        rooms: programme.rooms.len() as i64,
        sessions: programme.sessions.len() as i64,
        accepted: accepted.len() as i64,
        placed: accepted.iter().filter(|session| !session.slots.is_empty()).count() as i64,
        speakers: programme.speakers.len() as i64,
        releases: 0,
    }
}

fn speaking(
    db: &mut DbConnection,
    now: UtcTime,
    (event, released, sessions): (EventId, &Programme, &[ProgrammeSession]),
    watcher: &Watcher,
) -> QueryResult<Speaking> {
    let requests = speakers::requests(db, event, released)?;
    let forums = forums(sessions);
    let who = |kind: AnswerKind| {
        let own = requests
            .iter()
            .filter(|answer| answer.answer == kind && watcher.sees(forums.get(&answer.session_id).copied()))
            .map(|answer| answer.speaker_id);
        own.collect::<HashSet<SpeakerId>>().len() as i64
    };
    let answers = speakers::answers(db, event)?;
    let all = standings(released, &answers);
    let coming = || all.iter().filter(|one| one.slot.end > now && watcher.sees(one.session.forum));
    let silent: HashSet<SpeakerId> =
        coming().filter(|one| one.standing == Standing::Open).map(|one| one.speaker.id).collect();
    Ok(Speaking {
        asked_at_all: coming().map(|one| one.speaker.id).collect::<HashSet<SpeakerId>>().len() as i64,
        silent: silent.len() as i64,
        asked: who(AnswerKind::Asked),
        withdrew: who(AnswerKind::Declined),
    })
}
