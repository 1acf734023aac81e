//! "Where is my registration?": an address gets its link again, and nobody learns who is registered.

use super::{known_address, own, public_context};
use crate::app::App;
use crate::db::DbConnection;
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::mail::address::EmailAddress;
use crate::registration::applicant::Submission;
use crate::registration::mails::{Letter, new_link};
use crate::registration::model::{Applying, Details, LinkPurpose, Registration, RegistrationState};
use crate::registration::operations::{self, Known};
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Checker, Failure, Field, FieldErrors, FormData, FormView, Page, RouteTable, Visit, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of finding one's registration.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/find", show_find);
    routes.post("/{event}/find", send_link);
}

#[derive(Serialize)]
struct FindPage {
    action: String,
    errors: Vec<ErrorLine>,
    email: Field,
    is_sent: bool,
    register_url: String,
    contact_email: String,
}

impl Page for FindPage {
    const TEMPLATE: &'static str = "registration/find.html";
}

/// `GET /{event}/find`; with `sent` after the form.
async fn show_find(visit: Visit, path: Path<String>) -> PageResult {
    let event = own::event(&visit, path.into_inner()).await?;
    show(&visit, &event, StatusCode::OK, (&FormData::default(), &FieldErrors::default()))
}

fn show(visit: &Visit, event: &Event, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = public_context(visit, event, "registration-find-title");
    let view = FormView::new(visit, &context, form, errors);
    let page = FindPage {
        action: format!("/{}/find", event.slug),
        errors: view.summary(),
        email: view.field("email"),
        is_sent: visit.param("sent").is_some(),
        register_url: format!("/{}/register", event.slug),
        contact_email: event.contact_email.clone().unwrap_or_default(),
    };
    visit.show_with_status(status, &context, &page)
}

/// `POST /{event}/find`. The answer is the same for every address, and so is the work: a mail is worded and
/// something is written whether anybody has the address or not.
async fn send_link(visit: Visit, client: ClientAddress, path: Path<String>, form: FormData) -> PageResult {
    visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    let event = own::event(&visit, path.into_inner()).await?;
    let mut checker = Checker::new(&form);
    let address = checker.email("email");
    let address = match (checker.finish(()), address) {
        (Ok(()), Some(address)) => address,
        (outcome, _) => {
            let errors = outcome.err().unwrap_or_default();
            return show(&visit, &event, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors));
        }
    };
    let (known, is_known) = look_up(&visit.app, &event, &address, visit.language(&event.languages)).await?;
    let (slug, event) = (event.slug.clone(), event.id);
    let job = move |db: &mut DbConnection, now| {
        match (is_known, &known.submission) {
            (true, _) => drop(operations::send_link_again(db, now, crate::audit::Actor::Visitor, &known)?),
            (false, Some(submission)) => operations::note_search(db, now, event, submission)?,
            (false, None) => {}
        }
        Ok::<_, Failure>(())
    };
    visit.app.write(job).await?;
    Ok(respond::see_other(format!("/{slug}/find?sent")))
}

/// The registration of an address with its mail, or one made up for the same amount of work.
async fn look_up(app: &App, event: &Event, address: &EmailAddress, lang: Lang) -> Result<(Known, bool), Failure> {
    let (id, key, now) = (event.id, address.key(), app.clock.now());
    let read = {
        let key = key.clone();
        move |db: &mut DbConnection| {
            Ok::<_, Failure>((operations::active(db, id, &key)?, operations::all_categories(db, id)?))
        }
    };
    let (found, categories) = app.read(read).await?;
    // Asked twice within minutes, one mail is enough.
    let submission = Some(Submission { key: format!("find:{key}"), is_by_content: true });
    let category = match &found {
        Some(registration) => categories.iter().find(|category| category.id == registration.category_id),
        None => categories.first(),
    };
    let category = category.ok_or(Failure::NotFound)?;
    if let Some(registration) = found {
        return Ok((Known { submission, ..known_address(app, now, event, category, &registration)? }, true));
    }
    let email = address.to_string();
    let nobody = Details::default();
    let applying =
        Applying { event: id, category: category.id, email: &email, email_key: &key, details: &nobody, language: lang };
    let registration = Registration::new(&applying, RegistrationState::Confirmed, now);
    let (token, link) = new_link(now, &registration, LinkPurpose::Own);
    let message = Letter { app, event, registration: &registration, category, now }.already_registered(&token)?;
    Ok((Known { registration, link, message, verify_by: None, submission }, false))
}
