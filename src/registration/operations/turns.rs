//! Whose turn it is in a waiting list: in order, past those whom what is free can't serve.
//!
//! A place needs more than the category's: one of each of its quotas, of the choices that were made, and of what a
//! delegation may send. Whoever lacks one of these is passed over and keeps their place in the line.

use crate::db::{CategoryId, DbConnection, DelegationId, EventId, QuotaId, RegistrationId};
use crate::i18n::Localized;
use crate::registration::category::Category;
use crate::registration::forms::model::Answers;
use crate::registration::quota::ChoicePlaces;
use crate::registration::store::{delegation_places, quotas, waiting};
use diesel::QueryResult;
use std::collections::HashMap;

/// What somebody lacks of a place.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Lack {
    /// A place of the category.
    Category,
    /// One of a quota.
    Quota(Localized),
    /// One of a choice that they have made.
    Choice(Localized),
    /// One of their delegation.
    Delegation,
}

impl Lack {
    /// Its word, as offers keep it and texts are named by it.
    #[must_use]
    pub const fn word(&self) -> &'static str {
        match self {
            Self::Category => "category",
            Self::Quota(_) => "quota",
            Self::Choice(_) => "choice",
            Self::Delegation => "delegation",
        }
    }

    /// What is full, where it has a name.
    #[must_use]
    pub const fn name(&self) -> Option<&Localized> {
        match self {
            Self::Quota(name) | Self::Choice(name) => Some(name),
            Self::Category | Self::Delegation => None,
        }
    }
}

/// What is left at an event of everything that has limits beside categories.
#[derive(Clone, Debug)]
pub struct Room {
    quotas: HashMap<QuotaId, (Localized, i32)>,
    of_categories: Vec<(QuotaId, CategoryId)>,
    choices: Vec<ChoicePlaces>,
    delegations: HashMap<(DelegationId, CategoryId), i32>,
}

impl Room {
    /// As it stands now.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn read(db: &mut DbConnection, event: EventId) -> QueryResult<Self> {
        let left = quotas::left(db, event)?;
        Ok(Self {
            quotas: left.into_iter().map(|(id, name, left)| (id, (name, left))).collect(),
            of_categories: quotas::links(db, event)?,
            choices: quotas::of_choices(db, event)?,
            delegations: delegation_places::left(db, event)?.into_iter().collect(),
        })
    }

    /// What somebody lacks; nothing when all is there, and then it is theirs.
    fn take(&mut self, category: CategoryId, needs: &Needs) -> Option<Lack> {
        let delegation = needs.delegation.map(|id| (id, category));
        if let Some(key) = delegation
            && self.delegations.get(&key).is_none_or(|left| *left <= 0)
        {
            return Some(Lack::Delegation);
        }
        let shared = self.of_categories.iter().filter(|(_, of)| *of == category).map(|(id, _)| *id);
        let made = self.choices.iter().filter(|choice| choice.is_made(&needs.answers)).map(|choice| choice.id);
        let wanted: Vec<QuotaId> = shared.chain(made).collect();
        let full = wanted.iter().find_map(|id| Some((id, self.quotas.get(id).filter(|(_, left)| *left <= 0)?)));
        if let Some((id, (name, _))) = full {
            let is_choice = self.choices.iter().any(|choice| choice.id == *id);
            return Some(if is_choice { Lack::Choice(name.clone()) } else { Lack::Quota(name.clone()) });
        }
        for id in &wanted {
            if let Some((_, left)) = self.quotas.get_mut(id) {
                *left -= 1;
            }
        }
        if let Some(left) = delegation.and_then(|key| self.delegations.get_mut(&key)) {
            *left -= 1;
        }
        None
    }
}

/// What decides about somebody's place beside their category.
#[derive(Clone, Debug, Default)]
pub struct Needs {
    answers: Answers,
    delegation: Option<DelegationId>,
}

/// What those need who wait for a category.
///
/// # Errors
/// When the database refuses.
pub fn needs(db: &mut DbConnection, category: CategoryId) -> QueryResult<HashMap<RegistrationId, Needs>> {
    let rows = waiting::needs(db, category)?.into_iter();
    Ok(rows.map(|(id, answers, delegation)| (id, Needs { answers: Answers::parse(&answers), delegation })).collect())
}

/// Whether it is somebody's turn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// A place that is free now is theirs.
    Now,
    /// They lack something that others have, and are passed over.
    Passed(Lack),
    /// The category's places go to others before them.
    Later,
}

/// Whose turn it is, in the order of the line; what is promised is taken from `room`.
pub fn turns(
    room: &mut Room,
    category: &Category,
    line: impl Iterator<Item = RegistrationId>,
    needs: &HashMap<RegistrationId, Needs>,
) -> Vec<Turn> {
    let mut left = category.places_left().unwrap_or(i32::MAX);
    let turn = |id: RegistrationId| {
        if left <= 0 {
            return Turn::Later;
        }
        match room.take(category.id, needs.get(&id).unwrap_or(&Needs::default())) {
            Some(lack) => Turn::Passed(lack),
            None => {
                left -= 1;
                Turn::Now
            }
        }
    };
    line.map(turn).collect()
}

/// What a registration that waits lacks of a place now, if anything.
///
/// # Errors
/// When the database refuses.
pub fn lack(db: &mut DbConnection, category: &Category, id: RegistrationId) -> QueryResult<Option<Lack>> {
    let mut room = Room::read(db, category.event_id)?;
    let turn = turns(&mut room, category, std::iter::once(id), &needs(db, category.id)?).pop();
    Ok(match turn {
        Some(Turn::Passed(lack)) => Some(lack),
        Some(Turn::Later) => Some(Lack::Category),
        Some(Turn::Now) | None => None,
    })
}
