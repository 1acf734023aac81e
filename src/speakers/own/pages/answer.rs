//! Answering a slot: accept, ask for another time, withdraw.

use super::guest::{Guest, Visited};
use super::zones::{Times, room};
use crate::speakers::own::answers::find_slot;
use crate::speakers::own::mails::Withdrawal;
use crate::speakers::own::model::AnswerKind;
use crate::speakers::own::operations::{self, AskedSlot, NewAnswer, Outcome};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Failure, Field, FieldErrors, FormData, FormView, Page, PageContext, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct AnswerPage {
    /// `ask` or `withdraw`.
    step: &'static str,
    errors: Vec<ErrorLine>,
    title: Text,
    times: Times,
    room: Text,
    guid: String,
    sequence: i32,
    reason: Field,
    action: String,
    back_url: String,
}

impl Page for AnswerPage {
    const TEMPLATE: &'static str = "speaker/answer.html";
}

/// What an answer page is about.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Step {
    Ask,
    Withdraw,
}

impl Step {
    const fn word(self) -> &'static str {
        match self {
            Self::Ask => "ask",
            Self::Withdraw => "withdraw",
        }
    }

    const fn kind(self) -> AnswerKind {
        match self {
            Self::Ask => AnswerKind::Asked,
            Self::Withdraw => AnswerKind::Declined,
        }
    }

    const fn title(self) -> &'static str {
        match self {
            Self::Ask => "speaker-page-ask-title",
            Self::Withdraw => "speaker-page-withdraw-title",
        }
    }
}

/// The slot that a form or address names, as it is in the newest release.
fn asked_slot(guest: &Guest, guid: &str) -> Option<AskedSlot> {
    AskedSlot::find(guest.programme()?, guest.own.speaker.id, guid)
}

fn show(
    guest: &Guest,
    step: Step,
    guid: &str,
    status: StatusCode,
    form: &FormData,
    errors: &FieldErrors,
) -> PageResult {
    let programme = guest.programme().ok_or(Failure::NotFound)?;
    let (session, slot) = find_slot(programme, guest.own.speaker.id, guid).ok_or(Failure::NotFound)?;
    let context: PageContext = guest.context(step.title());
    let view = FormView::new(&guest.visit, &context, form, errors);
    let pick = |text| Text::pick(text, context.lang, &guest.own.event.languages);
    let page = AnswerPage {
        step: step.word(),
        errors: view.summary(),
        title: pick(&session.title),
        times: Times::of(guest, &context, (slot.start, slot.end)),
        room: room(programme, slot).map(|room| pick(&room.name)).unwrap_or_default(),
        guid: guid.to_owned(),
        sequence: slot.sequence,
        reason: view.field("reason"),
        action: guest.url(&format!("/{}", step.word())),
        back_url: guest.url(""),
    };
    guest.visit.show_with_status(status, &context, &page)
}

/// `GET /{event}/s/{token}/ask`.
pub(super) async fn show_ask(visited: Visited) -> PageResult {
    show_step(visited, Step::Ask)
}

/// `GET /{event}/s/{token}/withdraw`: says what it means before it is done.
pub(super) async fn show_withdraw(visited: Visited) -> PageResult {
    show_step(visited, Step::Withdraw)
}

fn show_step(visited: Visited, step: Step) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let guid = guest.visit.param("slot").unwrap_or_default();
    if asked_slot(&guest, guid).is_none() {
        // Reloaded without its question, or a page from before a release.
        return Ok(respond::see_other(guest.url("")));
    }
    show(&guest, step, guid, StatusCode::OK, &FormData::default(), &FieldErrors::default())
}

/// `POST /{event}/s/{token}/accept`.
pub(super) async fn accept(visited: Visited, form: FormData) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    keep(&guest, &form, AnswerKind::Accepted, String::new()).await
}

/// `POST /{event}/s/{token}/ask`.
pub(super) async fn ask(visited: Visited, form: FormData) -> PageResult {
    take_step(visited, form, Step::Ask).await
}

/// `POST /{event}/s/{token}/withdraw`.
pub(super) async fn withdraw(visited: Visited, form: FormData) -> PageResult {
    take_step(visited, form, Step::Withdraw).await
}

async fn take_step(visited: Visited, form: FormData, step: Step) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    match operations::reason(&form, step == Step::Ask) {
        Ok(reason) => keep(&guest, &form, step.kind(), reason).await,
        Err(errors) if asked_slot(&guest, form.text("slot")).is_some() => {
            show(&guest, step, form.text("slot"), StatusCode::UNPROCESSABLE_ENTITY, &form, &errors)
        }
        Err(_) => Ok(moved(&guest)),
    }
}

/// The slot has changed since the page was opened: nobody has answered to what it is now.
fn moved(guest: &Guest) -> actix_web::HttpResponse {
    respond::see_other_with_notice(guest.url(""), "speaker-page-notice-moved")
}

async fn keep(guest: &Guest, form: &FormData, kind: AnswerKind, reason: String) -> PageResult {
    let seen: Option<i32> = form.text("sequence").parse().ok();
    let Some(to) = asked_slot(guest, form.text("slot")).filter(|slot| Some(slot.sequence) == seen) else {
        return Ok(moved(guest));
    };
    let message =
        if kind == AnswerKind::Declined { guest.letter().withdrawn(&withdrawal(guest, &to, &reason)?)? } else { None };
    let new = NewAnswer { sequence: to.sequence, to, kind, reason, by: guest.answers_as(), message };
    let actor = guest.actor();
    let kept =
        guest.visit.app.write(move |db, now| Ok::<_, Failure>(operations::answer(db, now, actor, &new)?)).await?;
    Ok(match (kind, kept) {
        (_, Outcome::Outdated) => moved(guest),
        (AnswerKind::Accepted, _) => respond::see_other_with_notice(guest.url(""), "speaker-page-notice-accepted"),
        (AnswerKind::Asked, _) => {
            respond::see_other_with_notice(guest.url("/availability"), "speaker-page-notice-asked")
        }
        (AnswerKind::Declined, _) => respond::see_other_with_notice(guest.url(""), "speaker-page-notice-withdrawn"),
    })
}

/// What the organizers are told, in the event's main language and on the venue's clocks.
fn withdrawal(guest: &Guest, to: &AskedSlot, reason: &str) -> Result<Withdrawal, Failure> {
    let programme = guest.programme().ok_or(Failure::NotFound)?;
    let (session, slot) = find_slot(programme, to.speaker, &to.guid).ok_or(Failure::NotFound)?;
    let event = &guest.own.event;
    let (lang, languages) = (event.main_language(), &event.languages);
    let format = crate::i18n::Formatter::of(lang);
    let (start, end) = (slot.start.in_zone(event.zone()), slot.end.in_zone(event.zone()));
    Ok(Withdrawal {
        session: session.title.text(lang, languages).to_owned(),
        when: format!("{} {}–{}", format.day(start.date_naive()), format.time(start.time()), format.time(end.time())),
        room: room(programme, slot).map(|room| room.name.text(lang, languages).to_owned()).unwrap_or_default(),
        reason: reason.to_owned(),
        is_event: false,
        proposed: None,
    })
}
