//! Looking at a table, taking it, and telling those who were added.

use super::deciding::decide;
use super::model::{Change, Decided, Decision, How, NewPerson, Outcome, Row, Setting};
use super::store;
use crate::audit::{self, Actor, Entry};
use crate::db::{CategoryId, DbConnection, DbError, DelegationId, EventId, RegistrationId, UtcTime};
use crate::db_failure;
use crate::delegations::model::Refusal;
use crate::delegations::operations as delegations;
use crate::events::model::Event;
use crate::i18n::INTERFACE_LANGUAGES;
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::forms::answering::{self, Changed};
use crate::registration::forms::attaching::Attached;
use crate::registration::forms::model::Stage;
use crate::registration::forms::operations as forms;
use crate::registration::model::{Applying, PrivateLink, Registration, Source};
use crate::registration::operations::{
    EnrolError, Enrolment, StandingError, all_categories, change_details, enrol, find, keep_link,
};
use crate::web::{FieldErrors, Message};
use diesel::{Connection, QueryResult};
use serde_json::json;
use std::collections::{BTreeSet, HashMap};

/// Why a table was not taken.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// All or nothing was asked for, and these rows can't be taken.
    #[error("{} rows can't be taken", .0.len())]
    Refused(Vec<(usize, FieldErrors)>),
    /// A code is given away; try again.
    #[error("a code is given away")]
    CodeTaken,
    /// The database.
    #[error(transparent)]
    Db(DbError),
}

db_failure!(ImportError);

/// What rows are read against.
///
/// # Errors
/// When the database refuses.
pub fn setting(db: &mut DbConnection, event: &Event, may_approve: bool) -> QueryResult<Setting> {
    let mut languages = INTERFACE_LANGUAGES.to_vec();
    languages.extend(event.languages.iter().filter(|lang| !INTERFACE_LANGUAGES.contains(lang)));
    let delegations = delegations::all(db, event.id)?.into_iter().map(|one| {
        let names = one.name.iter().map(|(_, name)| name.trim().to_lowercase());
        (one.id, std::iter::once(one.code.to_lowercase()).chain(names).collect())
    });
    Ok(Setting {
        event: event.id,
        delegations: delegations.collect(),
        categories: all_categories(db, event.id)?,
        form: forms::form_of_event(db, event.id, Stage::Apply)?,
        languages,
        main_language: event.main_language(),
        may_approve,
    })
}

/// What would come of rows.
///
/// # Errors
/// When the database refuses.
pub fn look(db: &mut DbConnection, now: UtcTime, setting: &Setting, rows: &[Row]) -> QueryResult<Vec<Decided>> {
    let present = store::present(db, setting.event, rows)?;
    Ok(rows.iter().map(|row| decide(setting, now, row, &present)).collect())
}

/// Takes rows. With `is_all_or_nothing` the first refusal undoes everything; otherwise what can be taken is. What is
/// registered is read again, so that a table that was taken already changes nothing.
///
/// # Errors
/// When all or nothing was asked for and a row can't be taken.
pub fn take(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (setting, rows): (&Setting, &[Row]),
    (how, is_all_or_nothing): (How, bool),
) -> Result<Outcome, ImportError> {
    store::lock(db, setting.event)?;
    let present = store::present(db, setting.event, rows)?;
    let mut decided: Vec<(usize, Decision)> =
        rows.iter().map(|row| (row.number, decide(setting, now, row, &present).decision)).collect();
    // Categories one after another, in one order, as other transactions take their places.
    decided.sort_by_key(|(number, decision)| (category(decision), *number));
    let mut taking = Taking { actor, now, setting, how, ranks: ranks(db, now, (setting.event, &decided))? };
    let mut outcome = Outcome::default();
    for (number, decision) in &decided {
        match taking.one(db, decision)? {
            Ok(Taken::Added) => outcome.added += 1,
            Ok(Taken::Changed) => outcome.changed += 1,
            Ok(Taken::Left) => outcome.left += 1,
            Err(errors) => outcome.refused.push((*number, errors)),
        }
    }
    outcome.refused.sort_by_key(|(number, _)| *number);
    if is_all_or_nothing && !outcome.refused.is_empty() {
        return Err(ImportError::Refused(outcome.refused));
    }
    if outcome.added + outcome.changed > 0 {
        let entry = Entry::new(Some(setting.event), actor, "registration.imported", "event", setting.event.as_str());
        audit::note(db, now, &entry.with(json!({ "added": outcome.added, "changed": outcome.changed })))?;
    }
    Ok(outcome)
}

/// The category in which a decision takes a place.
fn category(decision: &Decision) -> Option<CategoryId> {
    match decision {
        Decision::New(person) => Some(person.category),
        _ => None,
    }
}

/// The last rank in each delegation that people are added to. Others who change these delegations wait.
fn ranks(
    db: &mut DbConnection,
    now: UtcTime,
    (event, decided): (EventId, &[(usize, Decision)]),
) -> QueryResult<HashMap<DelegationId, i32>> {
    let of = |decision: &Decision| match decision {
        Decision::New(person) => person.delegation,
        _ => None,
    };
    let wanted: BTreeSet<DelegationId> = decided.iter().filter_map(|(_, decision)| of(decision)).collect();
    let mut ranks = HashMap::new();
    for id in wanted {
        if let Some(last) = delegations::hold(db, now, (event, id))? {
            ranks.insert(id, last);
        }
    }
    Ok(ranks)
}

enum Taken {
    Added,
    Changed,
    Left,
}

type Refusable = Result<Result<Taken, FieldErrors>, ImportError>;

struct Taking<'a> {
    actor: Actor,
    now: UtcTime,
    setting: &'a Setting,
    how: How,
    ranks: HashMap<DelegationId, i32>,
}

fn wrong(field: &str, message: Message) -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.push(field, message);
    errors
}

impl Taking<'_> {
    fn one(&mut self, db: &mut DbConnection, decision: &Decision) -> Refusable {
        match decision {
            Decision::New(person) => self.add(db, person),
            Decision::Other(change) if self.how.updates => self.change(db, change),
            Decision::Same(_) | Decision::Other(_) => Ok(Ok(Taken::Left)),
            Decision::Wrong(errors) => Ok(Err(errors.clone())),
        }
    }

    fn add(&mut self, db: &mut DbConnection, person: &NewPerson) -> Refusable {
        let delegation = match person.delegation {
            None => None,
            Some(id) => match self.ranks.get_mut(&id) {
                None => return Ok(Err(wrong("delegation", Message::new("import-error-delegation")))),
                Some(last) => {
                    *last += 1;
                    Some((id, *last))
                }
            },
        };
        let applying = Applying {
            event: self.setting.event,
            category: person.category,
            email: &person.email.0,
            email_key: &person.email.1,
            details: &person.details,
            language: person.language,
        };
        let registration = Registration::new(&applying, person.state, self.now);
        let enrolment =
            Enrolment { delegation, answers: person.answers.column(), ..Enrolment::new(registration, Source::Import) };
        let id = match enrol(db, self.now, self.actor, &enrolment) {
            Ok(id) => id,
            // Whoever registers at the same instant is there like all others.
            Err(EnrolError::Known(_)) => return Ok(Ok(Taken::Left)),
            Err(EnrolError::Full) => return Ok(Err(self.why_full(db, person)?)),
            Err(EnrolError::CodeTaken) => return Err(ImportError::CodeTaken),
            Err(EnrolError::Db(error)) => return Err(error.into()),
        };
        if person.priority != 0 || !person.remark.is_empty() {
            store::begin_with(db, id, (person.priority, &person.remark))?;
        }
        if self.how.tells && !person.email.0.is_empty() {
            store::be_told(db, self.now, id)?;
        }
        Ok(Ok(Taken::Added))
    }

    /// Whose places are taken.
    fn why_full(&self, db: &mut DbConnection, person: &NewPerson) -> Result<FieldErrors, ImportError> {
        if let Some(delegation) = person.delegation {
            let refusal = delegations::why_full(db, self.setting.event, delegation, person.category)?;
            if let Refusal::DelegationFull(capacity) = refusal {
                let message = Message::new("import-error-delegation-full").with("places", capacity);
                return Ok(wrong("delegation", message));
            }
        }
        let own = all_categories(db, self.setting.event)?.into_iter().find(|one| one.id == person.category);
        let key = match own {
            Some(category) if category.is_full() => "import-error-category-full",
            _ => "import-error-quota-full",
        };
        Ok(wrong("category", Message::new(key)))
    }

    /// Changes somebody, or leaves everything about them as it was.
    fn change(&self, db: &mut DbConnection, change: &Change) -> Refusable {
        let done = db.transaction(|db| self.change_all(db, change));
        match done {
            Ok(()) => Ok(Ok(Taken::Changed)),
            Err(StandingError::Full) => Ok(Err(wrong("category", Message::new("import-error-choice-full")))),
            Err(StandingError::Stale | StandingError::Ended) => {
                Ok(Err(wrong("email", Message::new("import-error-stale"))))
            }
            Err(StandingError::Db(error)) => Err(error.into()),
        }
    }

    fn change_all(&self, db: &mut DbConnection, change: &Change) -> Result<(), StandingError> {
        let Change { kept, details, language, priority, remark, answers: (before, after), .. } = change;
        let own = &kept.registration;
        change_details(db, self.now, self.actor, (own, own.version), details)?;
        if *language != own.language || *priority != kept.priority || *remark != kept.remark {
            store::set_more(db, self.now, own.id, (*language, *priority, remark))?;
            let entry =
                Entry::new(Some(own.event_id), self.actor, "registration.changed", "registration", own.id.as_str());
            audit::note(db, self.now, &entry.with(json!({ "fields": change.fields })))?;
        }
        if before != after {
            let current = find(db, own.event_id, own.id)?.ok_or(StandingError::Ended)?;
            let (stage, attached) = (Stage::Apply, Attached::default());
            let changed = Changed { before, after, attached: &attached };
            answering::save(db, self.now, self.actor, (&current, current.version, stage), changed)?;
        }
        Ok(())
    }
}

/// Somebody who was added and is to be told, with event and category.
///
/// # Errors
/// When the database refuses.
pub fn untold(db: &mut DbConnection, limit: i64) -> QueryResult<Vec<Registration>> {
    store::untold(db, limit)
}

/// How many at an event are still to be told.
///
/// # Errors
/// When the database refuses.
pub fn untold_count(db: &mut DbConnection, event: EventId) -> QueryResult<i64> {
    store::untold_count(db, event)
}

/// Tells people: each link is kept with the mail that holds it, once, whoever does it. Somebody without a letter
/// is not to be told any more. How many were told.
///
/// # Errors
/// When the database refuses.
pub fn tell(
    db: &mut DbConnection,
    now: UtcTime,
    letters: &[(RegistrationId, Option<(PrivateLink, NewMessage)>)],
) -> QueryResult<usize> {
    let mut told = 0;
    for (id, letter) in letters {
        if !store::is_told(db, *id)? {
            continue;
        }
        if let Some((link, message)) = letter {
            keep_link(db, link)?;
            mail::operations::queue(db, now, message)?;
            told += 1;
        }
    }
    Ok(told)
}
