//! The delegations of the demo, made as focal points and the team make them.

use super::model::{DemoDelegation, DemoRegistration, Document};
use crate::app::App;
use crate::audit::Actor;
use crate::db::{DbConnection, DbError, DelegationId, EventId, UtcTime};
use crate::delegations::mails::DelegationLetter;
use crate::delegations::model::{Contact, DelegationFacts, DelegationLink};
use crate::delegations::operations::{self, By, DelegationError};
use crate::events::model::Event;
use crate::events::operations as events;
use crate::mail::address::EmailAddress;
use crate::registration::category::{Category, instant_of};
use crate::registration::model::{Applying, Details, Registration, Source};
use crate::registration::operations::{Enrolment, all_categories};
use actix_web::web::Data;
use anyhow::Context;
use chrono::{NaiveTime, TimeDelta};

/// Makes them, with their people, and sends each focal point the link.
pub(super) async fn add(app: &Data<App>, id: EventId, document: &Document) -> anyhow::Result<()> {
    let read = move |db: &mut DbConnection| Ok::<_, DbError>((events::by_id(db, id)?, all_categories(db, id)?));
    let (event, categories) = app.read(read).await?;
    let event = event.context("the demo's event")?;
    for one in &document.delegations {
        let facts = facts(&event, &categories, one)?;
        let make = move |db: &mut DbConnection, now| operations::create(db, now, Actor::System, id, &facts);
        let delegation = app.write(make).await?;
        let people = people(&event, &categories, app.clock.now(), one)?;
        let fill = move |db: &mut DbConnection, now| {
            operations::add(db, now, By::team(Actor::System), (id, delegation), (&people, true))
        };
        app.write(fill).await?;
        send_link(app, &event, delegation).await?;
    }
    Ok(())
}

fn facts(event: &Event, categories: &[Category], one: &DemoDelegation) -> anyhow::Result<DelegationFacts> {
    let address: EmailAddress = one.contact_email.parse()?;
    let day = event.starts_on - TimeDelta::days(one.days_before);
    let closes = NaiveTime::from_hms_opt(18, 0, 0).and_then(|time| instant_of(day.and_time(time), event.zone()).ok());
    let places = categories.iter().filter_map(|category| Some((category.id, *one.places.get(&category.code)?)));
    Ok(DelegationFacts {
        name: one.name.clone(),
        country: Some(one.country.clone()),
        contact: Contact {
            name: one.contact_name.clone(),
            email: address.to_string(),
            email_key: address.key(),
            language: one.language,
        },
        closes_at: closes,
        note: one.note.clone(),
        places: places.collect(),
    })
}

fn people(
    event: &Event,
    categories: &[Category],
    now: UtcTime,
    one: &DemoDelegation,
) -> anyhow::Result<Vec<(usize, Enrolment)>> {
    let enrolment = |(number, person): (usize, &DemoRegistration)| {
        let category = categories.iter().find(|category| category.code == person.category);
        let category = category.context("a category of the demo's delegations")?;
        let details = Details {
            given_name: person.given_name.clone(),
            family_name: person.family_name.clone(),
            native_name: person.native_name.clone(),
            organisation: person.organisation.clone(),
            position: person.position.clone(),
            country: Some(person.country.clone()),
            ..Details::default()
        }
        .in_usual_order();
        let applying = Applying {
            event: event.id,
            category: category.id,
            email: &person.email,
            email_key: &person.email.to_lowercase(),
            details: &details,
            language: person.language,
        };
        let registration = Registration::new(&applying, category.after_verification(), now);
        Ok((number, Enrolment::new(registration, Source::Delegation)))
    };
    one.people.iter().enumerate().map(enrolment).collect()
}

async fn send_link(app: &Data<App>, event: &Event, id: DelegationId) -> anyhow::Result<()> {
    let owner = event.id;
    let found = app.read(move |db| Ok::<_, DelegationError>(operations::find(db, owner, id)?)).await?;
    let delegation = found.context("a delegation of the demo")?;
    let letter = DelegationLetter { app, event, delegation: &delegation, now: app.clock.now() };
    let (token, link) = DelegationLink::prepare(letter.now, id);
    let message = letter
        .link(&Contact::of(&delegation), &token, "")
        .map_err(|error| anyhow::anyhow!("a mail of the demo: {error:?}"))?;
    let letters = vec![(link, message)];
    let send =
        move |db: &mut DbConnection, now| operations::send_links(db, now, Actor::System, (owner, false), &letters);
    app.write(send).await?;
    Ok(())
}
