//! The people of delegations, in the table `registrations`.

use crate::db::schema::{delegations, registration_links, registrations, sealed_answers};
use crate::db::{CategoryId, DbConnection, DelegationId, EventId, QuestionId, RegistrationId, UtcTime};
use crate::delegations::model::Member;
use crate::i18n::{Lang, Localized};
use crate::registration::forms::model::Answers;
use crate::registration::model::{Registration, RegistrationState};
use diesel::prelude::*;
use std::collections::HashMap;

/// The people of a delegation in their order; those whose registration ended last.
pub(in crate::delegations) fn of(db: &mut DbConnection, id: DelegationId) -> QueryResult<Vec<Member>> {
    let rows: Vec<(Registration, Part)> = registrations::table
        .filter(registrations::delegation_id.eq(id))
        .order((registrations::delegation_rank.asc(), registrations::created_at.asc(), registrations::id.asc()))
        .select((
            Registration::as_select(),
            (registrations::delegation_rank, registrations::is_head, registrations::answers, registrations::asked_at),
        ))
        .load(db)?;
    let mut members: Vec<Member> = rows.into_iter().map(member).collect();
    let sealed: Vec<(RegistrationId, QuestionId)> = sealed_answers::table
        .inner_join(registrations::table)
        .filter(registrations::delegation_id.eq(id))
        .select((sealed_answers::registration_id, sealed_answers::question_id))
        .load(db)?;
    for (person, question) in sealed {
        let given = members.iter_mut().find(|member| member.registration.id == person);
        given.into_iter().for_each(|member| member.answers.note_sealed(question));
    }
    members.sort_by_key(|member| !member.is_active());
    Ok(members)
}

/// Rank, whether somebody leads, answers, and when officers asked for more.
type Part = (i32, bool, String, Option<UtcTime>);

fn member((registration, (rank, is_head, answers, asked_at)): (Registration, Part)) -> Member {
    let is_asked = asked_at.is_some() && registration.state == RegistrationState::Applied;
    Member { registration, rank, is_head, answers: Answers::parse(&answers), is_asked }
}

/// What is counted of somebody.
#[derive(Clone, Debug)]
pub(in crate::delegations) struct Counted {
    /// Whose delegation.
    pub(in crate::delegations) delegation: DelegationId,
    pub(in crate::delegations) category: CategoryId,
    pub(in crate::delegations) state: RegistrationState,
    pub(in crate::delegations) answers: Answers,
    pub(in crate::delegations) is_asked: bool,
}

/// What is counted of everybody who belongs to a delegation of an event and has not come to an end.
pub(in crate::delegations) fn counted(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Counted>> {
    let mut sealed: HashMap<RegistrationId, Vec<QuestionId>> = HashMap::new();
    let rows: Vec<(RegistrationId, QuestionId)> = sealed_answers::table
        .inner_join(registrations::table)
        .filter(registrations::event_id.eq(event))
        .filter(registrations::delegation_id.is_not_null())
        .select((sealed_answers::registration_id, sealed_answers::question_id))
        .load(db)?;
    for (person, question) in rows {
        sealed.entry(person).or_default().push(question);
    }
    let rows: Vec<(Option<DelegationId>, RegistrationId, Counts)> = registrations::table
        .filter(registrations::event_id.eq(event))
        .filter(registrations::delegation_id.is_not_null())
        .filter(registrations::ended_at.is_null())
        .select((
            registrations::delegation_id,
            registrations::id,
            (registrations::category_id, registrations::state, registrations::answers, registrations::asked_at),
        ))
        .load(db)?;
    let count = |(delegation, person, counts): (Option<DelegationId>, RegistrationId, Counts)| {
        let mut counted = one_counted(delegation?, counts);
        sealed.get(&person).into_iter().flatten().for_each(|question| counted.answers.note_sealed(*question));
        Some(counted)
    };
    Ok(rows.into_iter().filter_map(count).collect())
}

/// Category, state, answers, and when officers asked for more.
type Counts = (CategoryId, RegistrationState, String, Option<UtcTime>);

fn one_counted(delegation: DelegationId, (category, state, answers, asked_at): Counts) -> Counted {
    let is_asked = asked_at.is_some() && state == RegistrationState::Applied;
    Counted { delegation, category, state, answers: Answers::parse(&answers), is_asked }
}

/// The delegation in which somebody is registered.
pub(in crate::delegations) fn delegation_of(
    db: &mut DbConnection,
    id: RegistrationId,
) -> QueryResult<Option<(DelegationId, Localized)>> {
    registrations::table
        .inner_join(delegations::table.on(registrations::delegation_id.eq(delegations::id.nullable())))
        .filter(registrations::id.eq(id))
        .select((delegations::id, delegations::name))
        .first(db)
        .optional()
}

/// The last rank in a delegation.
pub(in crate::delegations) fn last_rank(db: &mut DbConnection, id: DelegationId) -> QueryResult<i32> {
    let last: Option<i32> = registrations::table
        .filter(registrations::delegation_id.eq(id))
        .select(diesel::dsl::max(registrations::delegation_rank))
        .first(db)?;
    Ok(last.unwrap_or(0))
}

/// Gives somebody a rank, and whether they lead the delegation.
pub(in crate::delegations) fn set_place(
    db: &mut DbConnection,
    id: RegistrationId,
    (rank, is_head): (i32, bool),
) -> QueryResult<()> {
    diesel::update(registrations::table.find(id))
        .set((registrations::delegation_rank.eq(rank), registrations::is_head.eq(is_head)))
        .execute(db)
        .map(drop)
}

/// Changes where mail goes and in which language, if nobody else has changed the registration since `version`;
/// whether it did.
pub(in crate::delegations) fn set_address(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (RegistrationId, i32),
    (email, email_key, search_key): (&str, &str, &str),
    language: Lang,
) -> QueryResult<bool> {
    let changed = diesel::update(registrations::table.find(id).filter(registrations::version.eq(version)))
        .set((
            registrations::email.eq(email),
            registrations::email_key.eq(email_key),
            registrations::search_key.eq(search_key),
            registrations::language.eq(language),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// Takes the private links of somebody back.
pub(in crate::delegations) fn revoke_links(db: &mut DbConnection, now: UtcTime, id: RegistrationId) -> QueryResult<()> {
    let open = registration_links::table
        .filter(registration_links::registration_id.eq(id))
        .filter(registration_links::revoked_at.is_null());
    diesel::update(open).set(registration_links::revoked_at.eq(now)).execute(db).map(drop)
}

/// When the newest private link of each person of a delegation was made.
pub(in crate::delegations) fn linked_at(
    db: &mut DbConnection,
    id: DelegationId,
) -> QueryResult<Vec<(RegistrationId, UtcTime)>> {
    registration_links::table
        .inner_join(registrations::table)
        .filter(registrations::delegation_id.eq(id))
        .filter(registration_links::revoked_at.is_null())
        .order(registration_links::created_at.asc())
        .select((registration_links::registration_id, registration_links::created_at))
        .load(db)
}
