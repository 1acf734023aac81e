//! `/{event}/s/{token}`: the pages behind a speaker's private link.

mod answer;
mod assistants;
mod availability;
mod documents;
mod guest;
mod invitation;
mod missing;
mod own;
mod picture;
mod preview;
mod profile;
mod travel;
mod zones;

use guest::Visited;

use super::operations::OwnError;
use crate::web::error::PageResult;
use crate::web::{Failure, RouteTable};
use actix_web::HttpResponse;

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/s/{token}", own::show_own);
    routes.get("/{event}/s/{token}/calendar.ics", show_calendar);
    routes.get("/{event}/s/{token}/invitations/{invitation}", invitation::show_invitation);
    routes.post("/{event}/s/{token}/invitations/{invitation}/accept", invitation::accept);
    routes.post("/{event}/s/{token}/invitations/{invitation}/decline", invitation::decline);
    routes.get("/{event}/s/{token}/profile", profile::show_profile);
    routes.post("/{event}/s/{token}/profile", profile::save_profile);
    routes.post("/{event}/s/{token}/photo", profile::save_photo);
    routes.get("/{event}/s/{token}/documents", documents::show_documents);
    routes.post("/{event}/s/{token}/documents", documents::upload);
    routes.get("/{event}/s/{token}/documents/{document}", documents::download);
    routes.post("/{event}/s/{token}/documents/{document}", documents::change);
    routes.get("/{event}/s/{token}/travel", travel::show_travel);
    routes.post("/{event}/s/{token}/travel", travel::save_travel);
    routes.get("/{event}/s/{token}/needs", travel::show_needs);
    routes.post("/{event}/s/{token}/needs", travel::save_needs);
    routes.get("/{event}/s/{token}/recording", travel::show_recording);
    routes.post("/{event}/s/{token}/recording", travel::answer_recording);
    routes.post("/{event}/s/{token}/accept", answer::accept);
    routes.get("/{event}/s/{token}/ask", answer::show_ask);
    routes.post("/{event}/s/{token}/ask", answer::ask);
    routes.get("/{event}/s/{token}/withdraw", answer::show_withdraw);
    routes.post("/{event}/s/{token}/withdraw", answer::withdraw);
    routes.get("/{event}/s/{token}/availability", availability::show_availability);
    routes.post("/{event}/s/{token}/availability", availability::save_availability);
    routes.get("/{event}/s/{token}/assistants", assistants::show_assistants);
    routes.post("/{event}/s/{token}/assistants", assistants::add_assistant);
    routes.post("/{event}/s/{token}/assistants/{assistant}/remove", assistants::remove_assistant);
}

impl From<OwnError> for Failure {
    fn from(error: OwnError) -> Self {
        match error {
            OwnError::NotFound => Self::NotFound,
            OwnError::TooMany => Self::conflict("speaker-page-error-too-many-assistants"),
            OwnError::Known => Self::conflict("speaker-page-error-known-assistant"),
            OwnError::Db(error) => error.into(),
        }
    }
}

/// `GET /{event}/s/{token}/calendar.ics`.
async fn show_calendar(visited: Visited) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let public_url = &guest.visit.app.settings.http.public_url;
    let text = super::feed::feed(guest.programme(), &guest.own.event, guest.own.speaker.id, public_url);
    Ok(HttpResponse::Ok()
        .content_type("text/calendar; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .body(text))
}
