//! What things are called, read from the tables of all areas: one query for each kind of thing on a page.

use crate::audit::model::{Name, Names, Thing};
use crate::db::schema::{
    categories, delegations, devices, formats, forums, gates, invitation_codes, memberships, messages, questions,
    quotas, registrations, rooms, session_proposals, sessions, speaker_assistants, speakers, users, zones,
};
use crate::db::{DbConnection, EventId};
use crate::i18n::Localized;
use crate::registration::names::{NameOrder, full_name};
use diesel::prelude::*;

/// Adds the names of one table's things: `named!(db, names, of, "room", rooms, name, Name::Localized)`.
macro_rules! named {
    ($db:expr, $names:expr, $things:expr, $kind:literal, $table:ident, $column:ident, $type:ty, $name:expr) => {
        let ids = ids_of($things, $kind);
        if !ids.is_empty() {
            let rows: Vec<(String, $type)> =
                $table::table.filter($table::id.eq_any(ids)).select(($table::id, $table::$column)).load($db)?;
            $names.extend(rows.into_iter().map(|(id, name)| (($kind.to_owned(), id), $name(name))));
        }
    };
}

fn ids_of(things: &[Thing], kind: &str) -> Vec<String> {
    let mut ids: Vec<String> = things.iter().filter(|(of, _)| of == kind).map(|(_, id)| id.clone()).collect();
    ids.sort_unstable();
    ids.dedup();
    ids
}

/// The names of these things, as far as they are still there.
pub(in crate::audit) fn of(db: &mut DbConnection, things: &[Thing]) -> QueryResult<Names> {
    let mut names = people(db, things)?;
    named!(db, names, things, "session", sessions, title, Localized, Name::Localized);
    named!(db, names, things, "room", rooms, name, Localized, Name::Localized);
    named!(db, names, things, "forum", forums, name, Localized, Name::Localized);
    named!(db, names, things, "format", formats, name, Localized, Name::Localized);
    named!(db, names, things, "category", categories, name, Localized, Name::Localized);
    named!(db, names, things, "delegation", delegations, name, Localized, Name::Localized);
    named!(db, names, things, "gate", gates, name, Localized, Name::Localized);
    named!(db, names, things, "zone", zones, name, Localized, Name::Localized);
    named!(db, names, things, "question", questions, label, Localized, Name::Localized);
    named!(db, names, things, "quota", quotas, name, Localized, Name::Localized);
    named!(db, names, things, "code", invitation_codes, code, String, Name::Plain);
    named!(db, names, things, "device", devices, name, String, Name::Plain);
    named!(db, names, things, "message", messages, subject, String, Name::Plain);
    named!(db, names, things, "proposal", session_proposals, title, String, Name::Plain);
    Ok(names)
}

/// The names of those who are people.
fn people(db: &mut DbConnection, things: &[Thing]) -> QueryResult<Names> {
    let mut names = Names::new();
    named!(db, names, things, "user", users, name, String, Name::Plain);
    named!(db, names, things, "assistant", speaker_assistants, name, String, Name::Plain);
    let ids = ids_of(things, "speaker");
    if !ids.is_empty() {
        let rows: Vec<(String, String, Option<String>)> = speakers::table
            .filter(speakers::id.eq_any(ids))
            .select((speakers::id, speakers::name, speakers::native_name))
            .load(db)?;
        let name = |(id, name, native): (String, String, Option<String>)| {
            (("speaker".to_owned(), id), Name::Person(name, native.unwrap_or_default()))
        };
        names.extend(rows.into_iter().map(name));
    }
    let ids = ids_of(things, "registration");
    if !ids.is_empty() {
        let rows: Vec<(String, String, String, NameOrder, String)> = registrations::table
            .filter(registrations::id.eq_any(ids))
            .select((
                registrations::id,
                registrations::given_name,
                registrations::family_name,
                registrations::name_order,
                registrations::native_name,
            ))
            .load(db)?;
        names.extend(rows.into_iter().map(|(id, given, family, order, native)| {
            (("registration".to_owned(), id), Name::Person(full_name(&given, &family, order), native))
        }));
    }
    Ok(names)
}

/// The accounts with a role at an event, or all where none is given, by name.
pub(in crate::audit) fn team(db: &mut DbConnection, event: Option<EventId>) -> QueryResult<Vec<(String, String)>> {
    let Some(event) = event else {
        return users::table.order((users::name, users::id)).select((users::id, users::name)).load(db);
    };
    users::table
        .filter(
            users::id.eq_any(memberships::table.filter(memberships::event_id.eq(event)).select(memberships::user_id)),
        )
        .order((users::name, users::id))
        .select((users::id, users::name))
        .load(db)
}
