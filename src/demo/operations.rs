//! Making the demo, once.

use super::model::Document;
use super::store;
use crate::accounts::model::TeamRole;
use crate::accounts::operations as accounts;
use crate::app::App;
use crate::audit::Actor;
use crate::bookings::model::SeatsFacts;
use crate::bookings::operations as seats;
use crate::db::{DbError, EventId};
use crate::events::model::{EventChanges, NewEvent, ZoneName};
use crate::events::operations as events;
use crate::programme::model::Access;
use crate::registration::forms::blocks::Block;
use crate::registration::forms::operations as forms;
use crate::schedule::operations as schedule;
use crate::web::Failure;
use actix_web::web::Data;
use anyhow::Context;
use std::fmt::Write;
use std::sync::Arc;

/// The made-up events, the big one first.
const DOCUMENTS: [&str; 2] = [include_str!("data/summit.json"), include_str!("data/workshop.json")];

/// The password of every account of the demo. It guards nothing: the demo is made up.
const PASSWORD: &str = "lantern-canal-bridge";

/// One account for each role: its address, its name, and the role unless it is the administrator.
const ACCOUNTS: [(&str, &str, Option<TeamRole>); 8] = [
    ("admin@demo.example", "Ada Administrator", None),
    ("organizer@demo.example", "Olga Organizer", Some(TeamRole::Organizer)),
    ("forum@demo.example", "Feng Forum", Some(TeamRole::ForumOrganizer)),
    ("reviewer@demo.example", "Rui Reviewer", Some(TeamRole::Reviewer)),
    ("accreditation@demo.example", "Amina Accreditation", Some(TeamRole::AccreditationOfficer)),
    ("protocol@demo.example", "Pavel Protocol", Some(TeamRole::ProtocolStaff)),
    ("door@demo.example", "Diego Door", Some(TeamRole::CheckInStaff)),
    ("observer@demo.example", "Oskar Observer", Some(TeamRole::Observer)),
];

/// Who has reviewed proposals.
const REVIEWERS: [&str; 2] = ["organizer@demo.example", "reviewer@demo.example"];

/// What the demo holds, for the words at the start.
pub struct Demo {
    slug: String,
}

impl Demo {
    /// The words that the terminal shows: the address, the sign-ins, the inbox.
    #[must_use]
    pub fn welcome(&self, public_url: &str) -> String {
        let mut words = format!(
            "A made-up summit is ready.\n\n  The summit    {public_url}/{}\n  Its mails     {public_url}/demo/inbox\n  The team      {public_url}/login\n\n\
             Sign in with the password {PASSWORD} as\n",
            self.slug
        );
        for (address, _, role) in ACCOUNTS {
            let role = role.map_or("administrator", TeamRole::as_str);
            let _ = writeln!(words, "  {address:<28} {role}");
        }
        words
    }
}

/// Makes the demo unless it is there.
///
/// # Errors
/// When the data or the database does not allow it.
pub async fn prepare(app: &Data<App>) -> anyhow::Result<Demo> {
    let mut slug = String::new();
    for source in DOCUMENTS {
        let document: Document = serde_json::from_str(source).context("the demo's data")?;
        if slug.is_empty() {
            document.event.slug.clone_into(&mut slug);
        }
        let wanted = document.event.slug.clone();
        let there = app.read(move |db| Ok::<_, DbError>(events::by_slug(db, &wanted)?)).await?.is_some();
        if !there {
            make(app, Arc::new(document)).await?;
        }
    }
    Ok(Demo { slug })
}

async fn make(app: &Data<App>, document: Arc<Document>) -> anyhow::Result<()> {
    let facts = &document.event;
    let zone = ZoneName(facts.timezone);
    let new = NewEvent::new(
        &facts.slug,
        facts.name.clone(),
        (facts.starts_on, facts.ends_on),
        zone,
        facts.languages.clone(),
    )?;
    let changes = EventChanges {
        name: facts.name.clone(),
        tagline: facts.tagline.clone(),
        description: facts.description.clone(),
        place: facts.place.clone(),
        address: facts.address.clone(),
        starts_on: facts.starts_on,
        ends_on: facts.ends_on,
        timezone: zone,
        languages: facts.languages.clone(),
        accent: facts.accent.clone(),
        contact_email: Some(facts.contact_email.parse()?),
        privacy_notice: facts.privacy_notice.clone(),
    };
    let filled = Arc::clone(&document);
    let event = app
        .write(move |db, now| {
            let event = events::create(db, now, Actor::System, &new)?;
            events::update(db, now, Actor::System, (event.id, event.version), &changes)?;
            store::fill(db, now, &event, &filled)?;
            Ok::<_, events::EventError>(event.id)
        })
        .await?;
    app.write(move |db, now| {
        let event = events::by_id(db, event)?.ok_or(diesel::result::Error::NotFound)?;
        schedule::release(db, now, Actor::System, &event, Some("1.0"), "The first programme of the demo.", false)
    })
    .await?;
    add_questions(app, event).await?;
    super::delegations::add(app, event, &document).await?;
    super::speakers::tell(app, event).await?;
    give_accounts(app, event).await?;
    if document.has_call {
        super::calls::fill(app, event, &REVIEWERS).await?;
    }
    Ok(())
}

/// The questions that a summit usually has, and seats where sessions need one.
async fn add_questions(app: &Data<App>, id: EventId) -> anyhow::Result<()> {
    let worker = app.clone();
    app.write(move |db, now| {
        let event = events::by_id(db, id)?.ok_or(diesel::result::Error::NotFound)?;
        for block in [Block::Dietary, Block::Access, Block::Travel] {
            for (kind, facts) in block.questions(&worker.texts, &event.languages) {
                forms::create(db, now, Actor::System, (id, kind, false), &facts)?;
            }
        }
        let programme = schedule::draft(db, &event)?.programme;
        for session in programme.sessions.iter().filter(|session| session.access == Access::Seat) {
            let facts = SeatsFacts {
                capacity: session.capacity.unwrap_or(SEATS),
                opens_at: None,
                closes_at: None,
                has_waiting_list: true,
                shows_rank: true,
                offer_minutes: 120,
                categories: Vec::new(),
            };
            seats::set_seats(db, now, Actor::System, (id, session.id, None), &facts)?;
        }
        Ok::<_, Failure>(())
    })
    .await
    .map_err(|error| anyhow::anyhow!("questions and seats of the demo: {error:?}"))
}

/// Seats of a session that says nothing of its size.
const SEATS: i32 = 40;

/// One account for each role, with that role at the event.
async fn give_accounts(app: &Data<App>, event: EventId) -> anyhow::Result<()> {
    for (address, name, role) in ACCOUNTS {
        let made = accounts::create_user(app, address, name, role.is_none(), Some(PASSWORD.to_owned())).await;
        // The second event finds the accounts of the first.
        if let Err(error) = made
            && !matches!(error, accounts::AccountError::EmailTaken)
        {
            return Err(error.into());
        }
        if let Some(role) = role {
            app.write(move |db, now| store::give_role(db, now, event, address, role).map_err(DbError::from)).await?;
        }
    }
    Ok(())
}
