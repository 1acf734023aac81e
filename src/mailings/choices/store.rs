//! The tables `mail_refusals` and `mail_choice_links`, and the column in which attendees refuse notices of changes.

use super::model::{Addressee, Refused, Topic};
use crate::db::schema::{mail_choice_links, mail_refusals, mailing_recipients, mailings, registrations};
use crate::db::{DbConnection, EventId, UtcTime};
use crate::each_backend;
use crate::web::TokenHash;
use diesel::dsl::exists;
use diesel::prelude::*;

/// What an address refused, but for notices of changes.
pub(super) fn refused(db: &mut DbConnection, of: &Addressee) -> QueryResult<Refused> {
    let topics: Vec<Topic> = mail_refusals::table
        .filter(mail_refusals::event_id.eq(of.event))
        .filter(mail_refusals::address_key.eq(of.address_key.clone()))
        .select(mail_refusals::topic)
        .load(db)?;
    Ok(topics.into_iter().collect())
}

/// Whether an address refused one sort.
pub(super) fn is_refused(db: &mut DbConnection, of: &Addressee, topic: Topic) -> QueryResult<bool> {
    let row = mail_refusals::table.find((of.event, of.address_key.clone(), topic));
    diesel::select(exists(row)).get_result(db)
}

/// Whether a registration of the address wants notices of changes; nothing where it has none.
pub(super) fn wants_changes(db: &mut DbConnection, of: &Addressee) -> QueryResult<Option<bool>> {
    let wants: Vec<bool> = registrations::table
        .filter(registrations::event_id.eq(of.event))
        .filter(registrations::email_key.eq(of.address_key.clone()))
        .select(registrations::wants_change_notices)
        .load(db)?;
    Ok((!wants.is_empty()).then(|| wants.contains(&true)))
}

/// Sets whether the registrations of the address want notices of changes.
pub(super) fn set_wants_changes(db: &mut DbConnection, of: &Addressee, wants: bool) -> QueryResult<()> {
    let own = registrations::table
        .filter(registrations::event_id.eq(of.event))
        .filter(registrations::email_key.eq(of.address_key.clone()));
    diesel::update(own).set(registrations::wants_change_notices.eq(wants)).execute(db).map(drop)
}

/// Refuses a sort.
pub(super) fn refuse(db: &mut DbConnection, now: UtcTime, of: &Addressee, topic: Topic) -> QueryResult<()> {
    let row = (
        mail_refusals::event_id.eq(of.event),
        mail_refusals::address_key.eq(of.address_key.clone()),
        mail_refusals::topic.eq(topic),
        mail_refusals::created_at.eq(now),
    );
    each_backend!(db, db => diesel::insert_into(mail_refusals::table)
        .values(row)
        .on_conflict_do_nothing()
        .execute(db))
    .map(drop)
}

/// Wants a sort again.
pub(super) fn want(db: &mut DbConnection, of: &Addressee, topic: Topic) -> QueryResult<()> {
    diesel::delete(mail_refusals::table.find((of.event, of.address_key.clone(), topic))).execute(db).map(drop)
}

/// Keeps the link of a mail.
pub(super) fn keep_link(
    db: &mut DbConnection,
    now: UtcTime,
    of: &Addressee,
    topic: Topic,
    token: &TokenHash,
) -> QueryResult<()> {
    diesel::insert_into(mail_choice_links::table)
        .values((
            mail_choice_links::token_hash.eq(token),
            mail_choice_links::event_id.eq(of.event),
            mail_choice_links::address_key.eq(of.address_key.clone()),
            mail_choice_links::topic.eq(topic),
            mail_choice_links::created_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// The address of a link, and the sort of the mail in which it stands.
pub(super) fn of_link(db: &mut DbConnection, token: &TokenHash) -> QueryResult<Option<(EventId, String, Topic)>> {
    mail_choice_links::table
        .find(token)
        .select((mail_choice_links::event_id, mail_choice_links::address_key, mail_choice_links::topic))
        .first(db)
        .optional()
}

/// The same of the link in a mailing, with when the mailing leaves, as JSON.
pub(super) fn of_mailing_link(
    db: &mut DbConnection,
    token: &TokenHash,
) -> QueryResult<Option<(EventId, String, String)>> {
    mailing_recipients::table
        .inner_join(mailings::table.on(mailings::id.eq(mailing_recipients::mailing_id)))
        .filter(mailing_recipients::token_hash.eq(token))
        .select((mailings::event_id, mailing_recipients::address_key, mailings::timing))
        .first(db)
        .optional()
}

/// Forgets an address.
pub(super) fn forget(db: &mut DbConnection, of: &Addressee) -> QueryResult<()> {
    diesel::delete(mail_refusals::table)
        .filter(mail_refusals::event_id.eq(of.event))
        .filter(mail_refusals::address_key.eq(of.address_key.clone()))
        .execute(db)?;
    diesel::delete(mail_choice_links::table)
        .filter(mail_choice_links::event_id.eq(of.event))
        .filter(mail_choice_links::address_key.eq(of.address_key.clone()))
        .execute(db)
        .map(drop)
}
