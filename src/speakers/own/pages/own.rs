//! The page itself: what I take part in, when and where, and what I have answered.

use super::guest::{Guest, Visited};
use super::invitation::{self, InvitationCard};
use super::missing::{self, MissingLine, Progress};
use super::zones::{Times, ZoneForm, in_line, room};
use crate::app::App;
use crate::i18n::Lang;
use crate::programme::model::{Role, SessionState};
use crate::schedule::model::{MovedFrom, Programme, ProgrammeSession, ProgrammeSlot};
use crate::speakers::own::model::{Answer, OwnSession, Standing};
use crate::speakers::own::operations::{self, Known};
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, Page, PageContext};
use serde::Serialize;
use std::collections::HashSet;

#[derive(Serialize)]
struct OwnPage {
    name: String,
    /// Whether an assistant looks at it.
    is_assistant: bool,
    /// Slots that wait for an answer.
    open: usize,
    /// Whether a slot has changed since it was answered.
    has_news: bool,
    /// What is asked for, what is done among it.
    missing: Vec<MissingLine>,
    owed: usize,
    profile_url: String,
    documents_url: String,
    needs_url: String,
    /// Empty for an assistant who may not see it.
    travel_url: String,
    /// Empty where nobody is asked.
    recording_url: String,
    /// What they are invited to.
    invitations: Vec<InvitationCard>,
    sessions: Vec<SessionCard>,
    /// Sessions that nothing is released of yet.
    waiting: Vec<WaitingSession>,
    zone: ZoneForm,
    windows: Vec<WindowLine>,
    availability_url: String,
    assistants: Vec<String>,
    assistants_url: String,
    calendar_url: String,
    contact_email: String,
}

impl Page for OwnPage {
    const TEMPLATE: &'static str = "speaker/own.html";
}

#[derive(Serialize)]
struct SessionCard {
    title: Text,
    url: String,
    role: String,
    people: Vec<CoSpeaker>,
    is_cancelled: bool,
    state: &'static str,
    state_label: String,
    slots: Vec<SlotCard>,
}

#[derive(Serialize)]
struct CoSpeaker {
    name: String,
    role: String,
}

#[derive(Serialize)]
pub(super) struct SlotCard {
    guid: String,
    sequence: i32,
    times: Times,
    room: Text,
    building: Text,
    /// `open`, `earlier`, `accepted`, `asked` or `declined`.
    standing: &'static str,
    standing_label: String,
    reason: String,
    /// What is new since the answer, or since the last move.
    news: String,
    may_answer: bool,
    accept_url: String,
    ask_url: String,
    withdraw_url: String,
}

#[derive(Serialize)]
struct WaitingSession {
    title: Text,
    role: String,
}

#[derive(Serialize)]
struct WindowLine {
    times: String,
    level: &'static str,
    label: String,
}

/// `GET /{event}/s/{token}`.
pub(super) async fn show_own(visited: Visited) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let (event, speaker) = (guest.own.event.id, guest.own.speaker.id);
    let known = guest.visit.app.read(move |db| Ok::<_, Failure>(operations::known(db, event, speaker)?)).await?;
    invitation::note_opened(&guest, known.opened_at).await?;
    let context = guest.context("speaker-page-title");
    let progress = missing::progress(&guest).await?;
    guest.visit.show(&context, &own_page(&guest, &context, (&known, &progress)))
}

fn own_page(guest: &Guest, context: &PageContext, (known, progress): (&Known, &Progress)) -> OwnPage {
    let missing = progress.lines(guest, context);
    let sessions: Vec<SessionCard> =
        released(guest).map(|(programme, session)| session_card(guest, context, known, programme, session)).collect();
    let released: HashSet<_> = released(guest).map(|(_, session)| session.id).collect();
    let slots = || sessions.iter().flat_map(|session| &session.slots);
    let texts = &guest.visit.app.texts;
    OwnPage {
        name: guest.own.speaker.name_for(context.lang).to_owned(),
        is_assistant: guest.own.assistant.is_some(),
        open: slots().filter(|slot| slot.may_answer && matches!(slot.standing, "open" | "earlier")).count(),
        has_news: slots().any(|slot| slot.standing == "earlier"),
        owed: missing.iter().filter(|line| !line.is_done()).count(),
        missing,
        profile_url: guest.url("/profile"),
        documents_url: guest.url("/documents"),
        needs_url: guest.url("/needs"),
        travel_url: if progress.may_travel() { guest.url("/travel") } else { String::new() },
        recording_url: if progress.asks_consent() { guest.url("/recording") } else { String::new() },
        invitations: invitation::cards(guest, context, &known.invitations),
        waiting: waiting(guest, context, &known.sessions, &released),
        zone: ZoneForm::of(guest, context),
        windows: known
            .windows
            .iter()
            .map(|window| WindowLine {
                times: in_line(guest, context, (window.start, window.end)),
                level: window.level.as_str(),
                label: texts.text(context.lang, &format!("speaker-page-level-{}", window.level), &[]),
            })
            .collect(),
        availability_url: guest.url("/availability"),
        assistants: known.assistants.iter().map(|assistant| assistant.name.clone()).collect(),
        assistants_url: if guest.own.assistant.is_none() { guest.url("/assistants") } else { String::new() },
        calendar_url: guest.visit.absolute(&guest.url("/calendar.ics")),
        contact_email: guest.own.event.contact_email.clone().unwrap_or_default(),
        sessions,
    }
}

/// The speaker's sessions in the newest release, by time.
fn released(guest: &Guest) -> impl Iterator<Item = (&Programme, &ProgrammeSession)> {
    let speaker = guest.own.speaker.id;
    guest.programme().into_iter().flat_map(move |programme| {
        let own = move |session: &&ProgrammeSession| session.people.iter().any(|part| part.speaker == speaker);
        programme.sessions.iter().filter(own).map(move |session| (programme, session))
    })
}

/// Sessions that will take place and of which nothing is released. Where the draft has put them is
/// nobody's business yet.
fn waiting(
    guest: &Guest,
    context: &PageContext,
    sessions: &[OwnSession],
    released: &HashSet<crate::db::SessionId>,
) -> Vec<WaitingSession> {
    let mut seen = HashSet::new();
    sessions
        .iter()
        .filter(|session| !released.contains(&session.id) && seen.insert(session.id))
        .map(|session| WaitingSession {
            title: Text::pick(&session.title, context.lang, &guest.own.event.languages),
            role: role_name(&guest.visit.app, context.lang, session.role),
        })
        .collect()
}

pub(super) fn role_name(app: &App, lang: Lang, role: Role) -> String {
    app.texts.text(lang, &format!("public-role-{role}"), &[])
}

fn session_card(
    guest: &Guest,
    context: &PageContext,
    known: &Known,
    programme: &Programme,
    session: &ProgrammeSession,
) -> SessionCard {
    let (app, lang, own) = (&guest.visit.app, context.lang, guest.own.speaker.id);
    let separator = app.texts.text(lang, "common-list-separator", &[]);
    let roles: Vec<String> =
        session.people.iter().filter(|part| part.speaker == own).map(|part| role_name(app, lang, part.role)).collect();
    let co_speaker = |part: &crate::schedule::model::Participation| {
        let speaker = programme.speakers.iter().find(|speaker| speaker.id == part.speaker)?;
        let native = speaker.native_name.as_deref().filter(|name| lang.has_script_of(name));
        Some(CoSpeaker { name: native.unwrap_or(&speaker.name).to_owned(), role: role_name(app, lang, part.role) })
    };
    let state = state_of(session, &known.sessions);
    SessionCard {
        title: Text::pick(&session.title, lang, &guest.own.event.languages),
        url: format!("/{}/sessions/{}", guest.own.event.slug, session.code),
        role: roles.join(&separator),
        people: session.people.iter().filter(|part| part.speaker != own).filter_map(co_speaker).collect(),
        is_cancelled: state == SessionState::Cancelled,
        state: state.as_str(),
        state_label: app.texts.text(lang, &format!("programme-state-{state}"), &[]),
        slots: session.slots.iter().map(|slot| slot_card(guest, context, known, programme, (session, slot))).collect(),
    }
}

/// What the public knows of a session's state; that all speakers have confirmed shows at once.
fn state_of(session: &ProgrammeSession, draft: &[OwnSession]) -> SessionState {
    let is_confirmed = draft.iter().any(|own| own.id == session.id && own.state == SessionState::Confirmed);
    if is_confirmed && session.state == SessionState::Accepted { SessionState::Confirmed } else { session.state }
}

fn slot_card(
    guest: &Guest,
    context: &PageContext,
    known: &Known,
    programme: &Programme,
    (session, slot): (&ProgrammeSession, &ProgrammeSlot),
) -> SlotCard {
    let languages = &guest.own.event.languages;
    let answer = known.answers.iter().find(|answer| answer.slot_guid == slot.guid);
    let standing = Standing::of(answer, slot.sequence);
    let key = format!("speaker-page-standing-{}", standing.as_str());
    let room = room(programme, slot);
    let query = url::form_urlencoded::Serializer::new(String::new()).append_pair("slot", &slot.guid).finish();
    let name = |text: &crate::i18n::Localized| Text::pick(text, context.lang, languages);
    SlotCard {
        times: Times::of(guest, context, (slot.start, slot.end)),
        room: room.map(|room| name(&room.name)).unwrap_or_default(),
        building: room.map(|room| name(&room.building)).unwrap_or_default(),
        standing: standing.as_str(),
        standing_label: guest.visit.app.texts.text(context.lang, &key, &[]),
        reason: answer.map(|answer| answer.reason.clone()).unwrap_or_default(),
        news: news(guest, context, programme, slot, (standing, answer)),
        may_answer: session.state != SessionState::Cancelled && slot.end > guest.visit.app.clock.now(),
        accept_url: guest.url("/accept"),
        ask_url: guest.url(&format!("/ask?{query}")),
        withdraw_url: guest.url(&format!("/withdraw?{query}")),
        sequence: slot.sequence,
        guid: slot.guid.clone(),
    }
}

/// What has changed since the answer: the place before, where that is what changed.
fn news(
    guest: &Guest,
    context: &PageContext,
    programme: &Programme,
    slot: &ProgrammeSlot,
    (standing, answer): (Standing, Option<&Answer>),
) -> String {
    let text = |key, args: &[(&str, crate::i18n::TextArg<'_>)]| guest.visit.app.texts.text(context.lang, key, args);
    let said_before = |moved: &&MovedFrom| answer.is_some_and(|answer| moved.at > answer.answered_at);
    match (standing, slot.moved_from.as_ref().filter(said_before)) {
        (Standing::Earlier(_), Some(moved)) => {
            let before = ProgrammeSlot { room: moved.room, ..slot.clone() };
            let place = room(programme, &before)
                .map(|room| Text::pick(&room.name, context.lang, &guest.own.event.languages).text)
                .unwrap_or_default();
            let time = in_line(guest, context, (moved.start, moved.end));
            if place.is_empty() {
                text("speaker-page-moved-from", &[("time", time.into())])
            } else {
                text("speaker-page-moved-from-room", &[("time", time.into()), ("room", place.into())])
            }
        }
        (Standing::Earlier(_), None) => text("speaker-page-changed", &[]),
        _ => String::new(),
    }
}
