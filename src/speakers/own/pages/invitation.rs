//! Answering an invitation: take part, or not, and perhaps propose somebody else.

use super::guest::{Guest, Visited};
use crate::db::{SpeakerInvitationId, UtcTime};
use crate::speakers::inviting::model::{Declining, InvitationState, Titled};
use crate::speakers::inviting::operations::{self, Said};
use crate::speakers::own::mails::Withdrawal;
use crate::speakers::own::operations as own;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Failure, Field, FieldErrors, FormData, FormView, Page, PageContext, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

type OnePath = Path<(String, String, SpeakerInvitationId)>;

#[derive(Serialize)]
struct InvitationPage {
    errors: Vec<ErrorLine>,
    name: String,
    is_assistant: bool,
    title: Text,
    words: String,
    state: &'static str,
    state_label: String,
    reason: Field,
    proposed_name: Field,
    proposed_email: Field,
    is_replaced: bool,
    may_accept: bool,
    may_decline: bool,
    accept_url: String,
    decline_url: String,
    back_url: String,
    contact_email: String,
}

impl Page for InvitationPage {
    const TEMPLATE: &'static str = "speaker/invitation.html";
}

/// An invitation as the speaker's page lists it.
#[derive(Serialize)]
pub(super) struct InvitationCard {
    title: Text,
    state: &'static str,
    state_label: String,
    url: String,
    accept_url: String,
}

/// The invitations that the speaker's page shows: those that were not taken back.
pub(super) fn cards(guest: &Guest, context: &PageContext, all: &[Titled]) -> Vec<InvitationCard> {
    let shown = all.iter().filter(|(one, _)| one.state != InvitationState::Withdrawn);
    shown
        .map(|(one, title)| InvitationCard {
            title: picked(guest, context, title.as_ref()),
            state: one.state.as_str(),
            state_label: label(guest, context, one.state),
            url: guest.url(&format!("/invitations/{}", one.id)),
            accept_url: guest.url(&format!("/invitations/{}/accept", one.id)),
        })
        .collect()
}

fn picked(guest: &Guest, context: &PageContext, title: Option<&crate::i18n::Localized>) -> Text {
    let languages = &guest.own.event.languages;
    Text::pick(title.unwrap_or(&guest.own.event.name), context.lang, languages)
}

fn label(guest: &Guest, context: &PageContext, state: InvitationState) -> String {
    guest.visit.app.texts.text(context.lang, &format!("inviting-own-state-{state}"), &[])
}

async fn find(guest: &Guest, id: SpeakerInvitationId) -> Result<Titled, Failure> {
    let speaker = guest.own.speaker.id;
    let found = guest.visit.app.read(move |db| Ok::<_, Failure>(operations::find(db, speaker, id)?)).await?;
    found.ok_or(Failure::NotFound)
}

fn show(
    guest: &Guest,
    (one, title): &Titled,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = guest.context("inviting-own-title");
    let view = FormView::new(&guest.visit, &context, form, errors);
    let url = |below: &str| guest.url(&format!("/invitations/{}/{below}", one.id));
    let page = InvitationPage {
        errors: view.summary(),
        name: guest.own.speaker.name_for(context.lang).to_owned(),
        is_assistant: guest.own.assistant.is_some(),
        title: picked(guest, &context, title.as_ref()),
        words: one.words.clone(),
        state: one.state.as_str(),
        state_label: label(guest, &context, one.state),
        reason: view.field("reason"),
        proposed_name: view.field("proposed_name"),
        proposed_email: view.field("proposed_email"),
        is_replaced: one.is_replaced(),
        may_accept: one.may_become(InvitationState::Accepted),
        may_decline: one.may_become(InvitationState::Declined),
        accept_url: url("accept"),
        decline_url: url("decline"),
        back_url: guest.url(""),
        contact_email: guest.own.event.contact_email.clone().unwrap_or_default(),
    };
    guest.visit.show_with_status(status, &context, &page)
}

/// Notes that the page was opened, the first time; `opened_at` is what is known so far.
pub(super) async fn note_opened(guest: &Guest, opened_at: Option<UtcTime>) -> Result<(), Failure> {
    if opened_at.is_none() {
        let speaker = guest.own.speaker.id;
        guest.visit.app.write(move |db, now| Ok::<_, Failure>(own::note_opened(db, now, speaker)?)).await?;
    }
    Ok(())
}

/// `GET /{event}/s/{token}/invitations/{invitation}`.
pub(super) async fn show_invitation(visited: Visited, path: OnePath) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let found = find(&guest, path.2).await?;
    let speaker = guest.own.speaker.id;
    let opened_at = guest.visit.app.read(move |db| Ok::<_, Failure>(own::opened_at(db, speaker)?)).await?;
    note_opened(&guest, opened_at).await?;
    show(&guest, &found, StatusCode::OK, (&FormData::default(), &FieldErrors::default()))
}

/// `POST /{event}/s/{token}/invitations/{invitation}/accept`.
pub(super) async fn accept(visited: Visited, path: OnePath) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    keep(&guest, path.2, Said::Accept).await?;
    Ok(respond::see_other_with_notice(guest.url(""), "inviting-notice-accepted"))
}

/// `POST /{event}/s/{token}/invitations/{invitation}/decline`.
pub(super) async fn decline(visited: Visited, path: OnePath, form: FormData) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let found = find(&guest, path.2).await?;
    let declining = match Declining::read(&form) {
        Ok(declining) => declining,
        Err(errors) => return show(&guest, &found, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let message = guest.letter().withdrawn(&told(&guest, &found, &declining))?.map(Box::new);
    keep(&guest, path.2, Said::Decline(declining, message)).await?;
    Ok(respond::see_other_with_notice(guest.url(""), "inviting-notice-declined"))
}

async fn keep(guest: &Guest, id: SpeakerInvitationId, said: Said) -> Result<(), Failure> {
    let (actor, of) = (guest.actor(), (guest.own.speaker.id, id));
    guest.visit.app.write(move |db, now| operations::answer(db, now, actor, of, &said)).await?;
    Ok(())
}

/// What the organizers are told, in the event's main language.
fn told(guest: &Guest, (one, title): &Titled, declining: &Declining) -> Withdrawal {
    let event = &guest.own.event;
    let lang = event.main_language();
    let title = title.as_ref().unwrap_or(&event.name);
    Withdrawal {
        session: title.text(lang, &event.languages).to_owned(),
        when: String::new(),
        room: String::new(),
        reason: declining.reason.clone(),
        is_event: one.session_id.is_none(),
        proposed: declining.proposed.as_ref().map(|(name, email)| (name.clone(), email.as_str().to_owned())),
    }
}
