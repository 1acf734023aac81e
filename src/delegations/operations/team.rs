//! What the team does: setting delegations up, and the links of their focal points.

use super::{By, DelegationError, begin, note};
use crate::audit::Actor;
use crate::db::{DbConnection, DelegationId, EventId, FileId, UtcTime};
use crate::delegations::model::{Contact, Delegation, DelegationFacts, DelegationLink, Member};
use crate::delegations::store::{delegations, links, members};
use crate::i18n::{Lang, free_code, slug};
use crate::mail;
use crate::mail::model::NewMessage;
use crate::registration::operations as registration;
use serde_json::json;
use std::collections::HashSet;

/// Makes a delegation.
///
/// # Errors
/// When the database refuses.
pub fn create(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    facts: &DelegationFacts,
) -> Result<DelegationId, DelegationError> {
    let mut codes: HashSet<String> = delegations::codes(db, event)?.into_iter().collect();
    insert(db, now, actor, event, (facts, &mut codes))
}

/// Makes the delegations of an upload, all or none. Taken twice, even at the same instant, it is taken once.
///
/// # Errors
/// When the database refuses.
pub fn import(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, upload): (EventId, FileId),
    all: &[DelegationFacts],
) -> Result<usize, DelegationError> {
    if !registration::is_first(db, now, ("delegations-import", upload.as_str()), event.as_str())? {
        return Ok(0);
    }
    let mut codes: HashSet<String> = delegations::codes(db, event)?.into_iter().collect();
    for facts in all {
        insert(db, now, actor, event, (facts, &mut codes))?;
    }
    Ok(all.len())
}

fn insert(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: EventId,
    (facts, codes): (&DelegationFacts, &mut HashSet<String>),
) -> Result<DelegationId, DelegationError> {
    let contact = &facts.contact;
    let delegation = Delegation {
        id: DelegationId::new(),
        event_id: event,
        code: free_code(&slug(facts.name.text(Lang::EN, &[])), codes),
        name: facts.name.clone(),
        country: facts.country.clone(),
        contact_name: contact.name.clone(),
        contact_email: contact.email.clone(),
        contact_email_key: contact.email_key.clone(),
        language: contact.language,
        note: facts.note.clone(),
        closes_at: facts.closes_at,
        version: 1,
        created_at: now,
        updated_at: now,
    };
    delegations::insert(db, &delegation)?;
    set_places(db, delegation.id, facts)?;
    note(db, now, (actor, "delegation.created"), (event, delegation.id), json!({ "code": delegation.code }))?;
    Ok(delegation.id)
}

/// Changes a delegation that is still as `version` had it. Another focal point needs a link of their own:
/// links that went out before stay as they are, so use [`hand_over`] for that.
///
/// # Errors
/// When it is gone, someone else was faster, or more people come in a category than would be allowed.
pub fn update(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id, version): (EventId, DelegationId, i32),
    facts: &DelegationFacts,
) -> Result<(), DelegationError> {
    delegations::find(db, event, id)?.ok_or(DelegationError::NotFound)?;
    if !delegations::update(db, now, (id, version), facts)? {
        return Err(DelegationError::Stale);
    }
    set_places(db, id, facts)?;
    note(db, now, (actor, "delegation.changed"), (event, id), json!({}))?;
    Ok(())
}

fn set_places(db: &mut DbConnection, id: DelegationId, facts: &DelegationFacts) -> Result<(), DelegationError> {
    let known = delegations::places(db, id)?;
    let gone = known.iter().filter(|places| !facts.places.iter().any(|(category, _)| *category == places.category_id));
    let wanted = gone.map(|places| (places.category_id, 0)).chain(facts.places.iter().copied());
    for (category, capacity) in wanted {
        if !delegations::set_places(db, (id, category), capacity)? {
            let taken =
                delegations::places(db, id)?.iter().find(|one| one.category_id == category).map(|one| one.taken);
            return Err(DelegationError::BelowTaken(category, taken.unwrap_or_default()));
        }
    }
    Ok(())
}

/// Deletes a delegation in which nobody is registered any more.
///
/// # Errors
/// When it is gone or somebody is.
pub fn delete(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, DelegationId),
) -> Result<(), DelegationError> {
    begin(db, now, By::team(actor), (event, id))?;
    if members::of(db, id)?.iter().any(Member::is_active) {
        return Err(DelegationError::NotEmpty);
    }
    delegations::delete(db, id)?;
    note(db, now, (actor, "delegation.deleted"), (event, id), json!({}))?;
    Ok(())
}

/// Keeps new links of focal points and queues the mails that carry them; with `renews` the links that went
/// out before end. How many.
///
/// # Errors
/// When a delegation is gone.
pub fn send_links(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, renews): (EventId, bool),
    letters: &[(DelegationLink, NewMessage)],
) -> Result<usize, DelegationError> {
    for (link, message) in letters {
        begin(db, now, By::team(actor), (event, link.delegation_id))?;
        if renews {
            links::revoke(db, now, link.delegation_id)?;
        }
        links::insert(db, link)?;
        mail::operations::queue(db, now, message)?;
        let action = if renews { "delegation.link-renewed" } else { "delegation.link-sent" };
        note(db, now, (actor, action), (event, link.delegation_id), json!({}))?;
    }
    Ok(letters.len())
}

/// Ends every link of a delegation.
///
/// # Errors
/// When it is gone.
pub fn revoke_links(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    (event, id): (EventId, DelegationId),
) -> Result<(), DelegationError> {
    begin(db, now, By::team(actor), (event, id))?;
    let ended = links::revoke(db, now, id)?;
    note(db, now, (actor, "delegation.link-revoked"), (event, id), json!({ "links": ended }))?;
    Ok(())
}

/// Hands a delegation over to another focal point: every link that went out before ends, the new one gets a
/// link by mail, and whoever ran it until now is told.
///
/// # Errors
/// When the delegation is gone or closed, or the link was taken back.
pub fn hand_over(
    db: &mut DbConnection,
    now: UtcTime,
    by: By,
    (event, contact): (EventId, &Contact),
    (link, messages): (&DelegationLink, &[NewMessage]),
) -> Result<(), DelegationError> {
    let id = link.delegation_id;
    begin(db, now, by, (event, id))?;
    links::revoke(db, now, id)?;
    delegations::set_contact(db, now, id, contact)?;
    links::insert(db, link)?;
    for message in messages {
        mail::operations::queue(db, now, message)?;
    }
    note(db, now, (by.actor, "delegation.handed-over"), (event, id), json!({}))?;
    Ok(())
}
