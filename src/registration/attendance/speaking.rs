//! Speakers are registered by themselves, in the category that the event names, once they are in a release.

use super::model::Speaking;
use super::operations;
use crate::app::App;
use crate::db::SpeakerId;
use crate::events::model::Event;
use crate::registration::category::Category;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{Applying, Details, LinkPurpose, Registration, RegistrationState, Source};
use crate::registration::operations::{EnrolError, Enrolment, all_categories, give_or_find_ticket_key};
use crate::registration::ticket::TicketKey;
use crate::site::model::PublicEvent;
use crate::web::Failure;
use actix_web::web::Data;

/// Registers the speakers of every released programme whose event wants it; how many. Two processes that do
/// this at once register each once: an address has one registration at an event.
///
/// # Errors
/// When the database does not answer.
pub async fn register_all(app: &Data<App>) -> Result<usize, Failure> {
    let mut total = 0;
    let snapshot = app.site.snapshot();
    for public in snapshot.events() {
        total += register_of(app, public).await?;
    }
    Ok(total)
}

async fn register_of(app: &Data<App>, public: &PublicEvent) -> Result<usize, Failure> {
    let Some(released) = &public.released else { return Ok(0) };
    let speakers: Vec<SpeakerId> = released.programme.speakers.iter().map(|speaker| speaker.id).collect();
    let (event, fallback) = (public.event.id, public.event.main_language());
    let found = app.read(move |db| {
        let Some(wanted) = operations::rules(db, event)?.speaker_category_id else { return Ok(None) };
        let category = all_categories(db, event)?.into_iter().find(|category| category.id == wanted);
        let missing = operations::unregistered(db, event, &speakers, fallback)?;
        Ok::<_, Failure>(category.map(|category| (category, missing)))
    });
    let Some((category, missing)) = found.await?.filter(|(_, missing)| !missing.is_empty()) else { return Ok(0) };
    let key = give_or_find_ticket_key(app, event).await?;
    let mut made = 0;
    for speaking in missing {
        let enrolment = match prepare(app, &public.event, &category, (&speaking, &key)) {
            Ok(enrolment) => enrolment,
            Err(error) => {
                tracing::error!(speaker.id = %speaking.id, ?error, "a speaker's registration could not be worded");
                continue;
            }
        };
        let id = speaking.id;
        let job = move |db: &mut crate::db::DbConnection, now| operations::register_speaker(db, now, (id, &enrolment));
        match app.write(job).await {
            Ok(is_new) => made += usize::from(is_new),
            Err(EnrolError::Full) => {
                tracing::warn!(event.id = %event, "the speakers' category has no place left");
                return Ok(made);
            }
            // The next run draws another number.
            Err(EnrolError::CodeTaken | EnrolError::Known(_)) => {}
            Err(EnrolError::Db(error)) => return Err(error.into()),
        }
    }
    Ok(made)
}

fn prepare(
    app: &App,
    event: &Event,
    category: &Category,
    (speaking, key): (&Speaking, &TicketKey),
) -> Result<Enrolment, Failure> {
    let now = app.clock.now();
    let lang = speaking.language;
    let details = Details {
        given_name: speaking.name.clone(),
        native_name: speaking.native_name.clone(),
        organisation: speaking.organisation.text(lang, &event.languages).to_owned(),
        position: speaking.position.text(lang, &event.languages).to_owned(),
        country: speaking.country.clone(),
        ..Details::default()
    };
    let email: crate::mail::address::EmailAddress = speaking.email.parse().map_err(Failure::unexpected)?;
    let (address, email_key) = (email.to_string(), email.key());
    let applying = Applying {
        event: event.id,
        category: category.id,
        email: &address,
        email_key: &email_key,
        details: &details,
        language: lang,
    };
    let registration = Registration::new(&applying, RegistrationState::Confirmed, now);
    let (token, link) = new_link(now, &registration, LinkPurpose::Own);
    let message = Letter { app, event, registration: &registration, category, now }.confirmed(&token, key)?;
    Ok(Enrolment {
        speaker: Some(speaking.id),
        link: Some(link),
        message: Some(message),
        ..Enrolment::new(registration, Source::Speaker)
    })
}
