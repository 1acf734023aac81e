//! Registration over HTTP: the form, private links, races, categories, the desk.

mod abuse;
mod addressless;
mod categories;
mod codes;
mod desk;
mod desk_bulk;
mod desk_files;
mod desk_filters;
mod expiry;
mod files;
mod form;
mod forms;
mod importing;
mod life;
mod merging;
mod names;
mod own;
mod privacy;
mod sealed;
mod transfers;

use crate::support::{Answer, TestApp};
use plenary::audit::Actor;
use plenary::db::schema::{categories as category_table, registrations};
use plenary::db::{CategoryId, DbConnection, RegistrationId, UtcTime};
use plenary::i18n::{Lang, Localized};
use plenary::registration::category::CategoryFacts;
use plenary::registration::operations;

/// The facts of an open category of this name.
fn facts(name: &str) -> CategoryFacts {
    CategoryFacts::open(Localized::single(Lang::EN, name))
}

/// Makes a category at the event "summit".
async fn given_category(app: &TestApp, code: &str, facts: CategoryFacts) -> CategoryId {
    let event = app.event().await.id;
    let code = code.to_owned();
    app.app
        .write(move |db, now| operations::create_category(db, now, Actor::System, event, Some(&code), &facts))
        .await
        .expect("a category")
}

/// The fields of a registration that is right in every way.
fn filled<'a>(category: &'a str, email: &'a str) -> Vec<(&'a str, &'a str)> {
    vec![
        ("category", category),
        ("email", email),
        ("given_name", "Ada"),
        ("family_name", "Lovelace"),
        ("native_name", ""),
        ("organisation", "Analytical Society"),
        ("position", "Countess"),
        ("country", "GB"),
        ("accept_privacy", "on"),
    ]
}

/// The same fields with some changed.
fn with<'a>(mut fields: Vec<(&'a str, &'a str)>, changed: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    fields.retain(|(name, _)| !changed.iter().any(|(other, _)| other == name));
    fields.extend_from_slice(changed);
    fields
}

const FORM: &str = "/summit/register";
const SENT: &str = "/summit/register/sent";

async fn registers(app: &TestApp, category: &str, email: &str) -> Answer {
    app.visitor().post_form(FORM, &filled(category, email)).await
}

/// Registers and confirms; returns the address of the own page.
async fn given_attendee(app: &TestApp, category: &str, email: &str) -> String {
    assert_eq!(registers(app, category, email).await.redirect(), SENT);
    let link = app.mail_to(email).await.last().expect("a mail").link("/summit/verify/");
    app.visitor().post_form(&link, &[]).await.redirect().to_owned()
}

/// Places taken in a category by its own count, and by counting who holds one.
async fn places(app: &TestApp, category: CategoryId) -> (i32, i64) {
    use diesel::prelude::*;
    app.read(move |db: &mut DbConnection| {
        let taken = category_table::table.find(category).select(category_table::taken).first(db)?;
        let held = registrations::table
            .filter(registrations::category_id.eq(category))
            .filter(registrations::ended_at.is_null())
            .count()
            .get_result(db)?;
        Ok((taken, held))
    })
    .await
}

/// Id, state and name of every registration, the oldest first.
async fn states(app: &TestApp) -> Vec<(RegistrationId, String, Option<UtcTime>)> {
    use diesel::prelude::*;
    app.read(|db: &mut DbConnection| {
        registrations::table
            .order((registrations::created_at, registrations::id))
            .select((registrations::id, registrations::state, registrations::ended_at))
            .load(db)
    })
    .await
}
