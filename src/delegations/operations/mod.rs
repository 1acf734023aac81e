//! Use cases of delegations.

mod members;
mod team;
mod telling;

pub use members::{Added, Change, Place, add, answer, change, give_link, hold, order, why_full, withdraw};
pub use team::{create, delete, hand_over, import, revoke_links, send_links, update};
pub use telling::{Told, remind, tell_contacts, tell_members};

use super::model::{Access, Asked, Delegation, DelegationLink, Member, Places, Progress, Refusal};
use super::store::{delegations, links, members as people};
use crate::audit::{self, Actor, Entry, Noted};
use crate::db::{CategoryId, DbConnection, DbError, DelegationId, EventId, LinkId, RegistrationId, UtcTime};
use crate::db_failure;
use crate::events;
use crate::events::model::Event;
use crate::i18n::Localized;
use crate::registration::category::Category;
use crate::registration::forms::operations::all_questions;
use crate::registration::operations::{StandingError, all_categories};
use crate::web::TokenHash;
use diesel::QueryResult;
use std::collections::HashMap;

/// Why something about a delegation was not done.
#[derive(Debug, thiserror::Error)]
pub enum DelegationError {
    /// There is no such delegation, or nobody like that in it.
    #[error("there is no such delegation or person")]
    NotFound,
    /// Someone else changed it in the meantime.
    #[error("someone else changed it in the meantime")]
    Stale,
    /// More people come in this category than would be allowed.
    #[error("{1} people come in the category already")]
    BelowTaken(CategoryId, i32),
    /// People are registered in it.
    #[error("people are registered in the delegation")]
    NotEmpty,
    /// Its closing time is over.
    #[error("the delegation is closed")]
    Closed,
    /// The link was taken back.
    #[error("the link was taken back")]
    Revoked,
    /// The registration has come to an end.
    #[error("the registration has ended")]
    Ended,
    /// A choice that was made has no place left.
    #[error("a choice has no place left")]
    ChoiceFull,
    /// Another registration has the address.
    #[error("another registration has the address")]
    Known,
    /// The next may go out at this time.
    #[error("the next may go out later")]
    TooSoon(UtcTime),
    /// Some rows can't be taken, and none was.
    #[error("{} rows can't be taken", .0.len())]
    Refused(Vec<(usize, Refusal)>),
    /// Some code is given away; try again.
    #[error("a code is given away")]
    CodeTaken,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(DelegationError);

impl From<StandingError> for DelegationError {
    fn from(error: StandingError) -> Self {
        match error {
            StandingError::Stale => Self::Stale,
            StandingError::Full => Self::ChoiceFull,
            StandingError::Ended => Self::Ended,
            StandingError::Db(error) => Self::Db(error),
        }
    }
}

/// Who changes something: a focal point by their link, or the team.
#[derive(Clone, Copy, Debug)]
pub struct By {
    /// Who, for the audit log.
    pub actor: Actor,
    /// The focal point's link; nothing for the team, which no closing time stops.
    pub link: Option<LinkId>,
}

impl By {
    /// Somebody of the team.
    #[must_use]
    pub const fn team(actor: Actor) -> Self {
        Self { actor, link: None }
    }
}

/// Begins a change of a delegation and its people: others wait until it is kept. Returns the delegation as it is.
fn begin(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, id): (EventId, DelegationId),
) -> Result<Delegation, DelegationError> {
    if !delegations::lock(db, now, id)? {
        return Err(DelegationError::NotFound);
    }
    let delegation = delegations::find(db, event, id)?.ok_or(DelegationError::NotFound)?;
    if let Some(link) = by.link {
        if !links::note_use(db, now, link)? {
            return Err(DelegationError::Revoked);
        }
        if delegation.is_closed(now) {
            return Err(DelegationError::Closed);
        }
    }
    Ok(delegation)
}

/// Notes a change of a delegation.
fn note(
    db: &mut DbConnection,
    now: UtcTime,
    (actor, action): (Actor, &'static str),
    (event, id): (EventId, DelegationId),
    detail: serde_json::Value,
) -> QueryResult<()> {
    audit::note(db, now, &Entry::new(Some(event), actor, action, "delegation", id.as_str()).with(detail))
}

/// What a link below an event's address opens.
#[derive(Clone, Debug)]
pub struct Opened {
    /// The event.
    pub event: Event,
    /// The link with its delegation, taken back or not; nothing for one that nobody ever got.
    pub found: Option<(DelegationLink, Delegation)>,
}

/// What the link of this secret opens at the event of this slug; nothing where there is no such event.
///
/// # Errors
/// When the database refuses.
pub fn open(db: &mut DbConnection, slug: &str, token: &TokenHash) -> QueryResult<Option<Opened>> {
    let Some(event) = events::operations::by_slug(db, slug)? else { return Ok(None) };
    let found = links::by_token(db, event.id, token)?;
    Ok(Some(Opened { event, found }))
}

/// A delegation in a list.
#[derive(Clone, Debug)]
pub struct Overview {
    /// The delegation.
    pub delegation: Delegation,
    /// Its places.
    pub places: Vec<Places>,
    /// How far it has come.
    pub progress: Progress,
    /// Whether the focal point can get in.
    pub access: Access,
}

/// The delegations of an event with their progress, and its categories, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn list(db: &mut DbConnection, event: EventId) -> QueryResult<(Vec<Overview>, Vec<Category>)> {
    let all = delegations::all(db, event)?;
    let (places, links) = (delegations::all_places(db, event)?, links::all(db, event)?);
    let asked = Asked::of(all_questions(db, event)?);
    let mut progress: HashMap<DelegationId, Progress> = HashMap::new();
    for one in people::counted(db, event)? {
        let owes = one.is_asked || !asked.owed(&one.answers, one.category, one.state).is_empty();
        progress.entry(one.delegation).or_default().add(one.state, owes);
    }
    let overview = |delegation: Delegation| Overview {
        places: places.iter().filter(|one| one.delegation_id == delegation.id).copied().collect(),
        progress: progress.get(&delegation.id).copied().unwrap_or_default(),
        access: Access::of(links.iter().filter(|link| link.delegation_id == delegation.id)),
        delegation,
    };
    Ok((all.into_iter().map(overview).collect(), all_categories(db, event)?))
}

/// A delegation with everything that its page shows.
#[derive(Clone, Debug)]
pub struct Whole {
    /// The delegation.
    pub delegation: Delegation,
    /// Its places.
    pub places: Vec<Places>,
    /// Its people in their order, those who ended last.
    pub members: Vec<Member>,
    /// What the event asks.
    pub asked: Asked,
    /// The event's categories.
    pub categories: Vec<Category>,
    /// Whether the focal point can get in.
    pub access: Access,
    /// When the newest private link of each person was made.
    pub linked: HashMap<RegistrationId, UtcTime>,
}

impl Whole {
    /// How far it has come.
    #[must_use]
    pub fn progress(&self) -> Progress {
        Progress::of(&self.members, &self.asked)
    }

    /// Somebody of it.
    #[must_use]
    pub fn member(&self, id: RegistrationId) -> Option<&Member> {
        self.members.iter().find(|member| member.registration.id == id)
    }

    /// The categories in which it may send people, in the event's order.
    pub fn open_categories(&self) -> impl Iterator<Item = &Category> {
        let may = move |category: &&Category| {
            self.places.iter().any(|places| places.category_id == category.id && places.capacity > 0)
        };
        self.categories.iter().filter(may)
    }

    /// The category of somebody.
    #[must_use]
    pub fn category(&self, id: CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }

    /// Those who owe answers, or whom officers asked for more.
    pub fn owing(&self) -> impl Iterator<Item = &Member> {
        self.members
            .iter()
            .filter(move |member| member.is_active() && (member.is_asked || !member.owes(&self.asked).is_empty()))
    }
}

/// A delegation of an event with everything that its page shows, in a fixed number of queries.
///
/// # Errors
/// When the database refuses.
pub fn whole(db: &mut DbConnection, event: EventId, id: DelegationId) -> QueryResult<Option<Whole>> {
    let Some(delegation) = delegations::find(db, event, id)? else { return Ok(None) };
    Ok(Some(Whole {
        places: delegations::places(db, id)?,
        members: people::of(db, id)?,
        asked: Asked::of(all_questions(db, event)?),
        categories: all_categories(db, event)?,
        access: Access::of(links::of(db, id)?.iter()),
        linked: people::linked_at(db, id)?.into_iter().collect(),
        delegation,
    }))
}

/// One delegation of an event.
///
/// # Errors
/// When the database refuses.
pub fn find(db: &mut DbConnection, event: EventId, id: DelegationId) -> QueryResult<Option<Delegation>> {
    delegations::find(db, event, id)
}

/// The delegations of an event by their words.
///
/// # Errors
/// When the database refuses.
pub fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Delegation>> {
    delegations::all(db, event)
}

/// The delegation in which somebody is registered, and its name.
///
/// # Errors
/// When the database refuses.
pub fn of_registration(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Option<(DelegationId, Localized)>> {
    people::delegation_of(db, id)
}

/// What was done to a delegation, the newest first.
///
/// # Errors
/// When the database refuses.
pub fn history(db: &mut DbConnection, id: DelegationId) -> QueryResult<Vec<Noted>> {
    audit::of_subject(db, "delegation", id.as_str())
}
