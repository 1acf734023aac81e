//! The team's side of a speaker's own page: its links, who helps, when they are free, what they answer.

use super::{Editor, find_to_change, speakers_url};
use crate::accounts::access::Allowed;
use crate::db::{AssistantId, SpeakerId, UtcTime};
use crate::schedule::model::Programme;
use crate::speakers::model::Speaker;
use crate::speakers::own::mails::SpeakerLetter;
use crate::speakers::own::model::{AnswerKind, AnsweredBy, Assistant};
use crate::speakers::own::operations::{self, AskedSlot, Known, NewAnswer};
use crate::speakers::own::standings::{AnswerLine, Wording};
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::{Failure, FormData, Message, PageContext, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use std::sync::Arc;

/// What the speaker's page on the team's side says of the speaker's own.
#[derive(Serialize)]
pub(super) struct OwnPanel {
    has_email: bool,
    send_url: String,
    revoke_url: String,
    answer_url: String,
    assistants_url: String,
    invitations_url: String,
    /// How many links work, and since when the newest does.
    links: String,
    has_links: bool,
    assistants: Vec<AssistantLine>,
    windows: Vec<WindowLine>,
    answers: Vec<AnswerLine>,
    kinds: Vec<Choice>,
}

#[derive(Serialize)]
struct AssistantLine {
    id: String,
    name: String,
    email: String,
}

#[derive(Serialize)]
struct WindowLine {
    times: String,
    level: &'static str,
    label: String,
}

/// The newest release of the event.
fn released<P>(team: &Allowed<P>) -> Option<Arc<Programme>> {
    let site = team.visit.app.site.snapshot();
    site.event(&team.event.slug)?.released.as_ref().map(|released| Arc::clone(&released.programme))
}

/// Reads what the panel shows.
pub(super) async fn panel(
    team: &Allowed<impl Sized>,
    context: &PageContext,
    speaker: &Speaker,
) -> Result<OwnPanel, Failure> {
    let (event, id) = (team.event.id, speaker.id);
    let known = team.visit.app.read(move |db| Ok::<_, Failure>(operations::known(db, event, id)?)).await?;
    Ok(panel_of(team, context, speaker, known))
}

fn panel_of<P>(team: &Allowed<P>, context: &PageContext, speaker: &Speaker, known: Known) -> OwnPanel {
    let (texts, lang, format, zone) = (&team.visit.app.texts, context.lang, context.formatter(), team.event.zone());
    let url = |below: &str| format!("{}/{}/{below}", speakers_url(team), speaker.id);
    let clock = |at: UtcTime| format.time(at.in_zone(zone).time());
    let day = |at: UtcTime| format.day(at.in_zone(zone).date_naive());
    let window = |window: &crate::schedule::availability::operations::Window| {
        let is_one_day = day(window.start) == day(window.end);
        let end = if is_one_day { clock(window.end) } else { format!("{} {}", day(window.end), clock(window.end)) };
        WindowLine {
            times: format!("{} {}–{end}", day(window.start), clock(window.start)),
            level: window.level.as_str(),
            label: texts.text(lang, &format!("speaker-page-level-{}", window.level), &[]),
        }
    };
    let answers = known.answers.into_iter().map(|one| ((one.speaker_id, one.slot_guid.clone()), one)).collect();
    let wording = Wording { texts, lang, event: &team.event };
    let newest = known.links.first().map(|link| format.date_time(link.created_at.in_zone(zone).naive_local()));
    let count = (known.links.len() as i64).into();
    OwnPanel {
        has_email: speaker.email.is_some(),
        send_url: url("send-link"),
        revoke_url: url("revoke-links"),
        answer_url: url("answer"),
        assistants_url: url("assistants"),
        invitations_url: url("invitations"),
        has_links: newest.is_some(),
        links: match newest {
            Some(newest) => texts.text(lang, "speaker-page-team-links", &[("count", count), ("time", newest.into())]),
            None => texts.text(lang, "speaker-page-team-no-links", &[]),
        },
        assistants: known.assistants.into_iter().map(assistant_line).collect(),
        windows: known.windows.iter().map(window).collect(),
        answers: released(team)
            .map(|programme| wording.of_speaker(&programme, &answers, speaker.id))
            .unwrap_or_default(),
        kinds: AnswerKind::ALL
            .iter()
            .map(|kind| Choice {
                value: kind.to_string(),
                label: texts.text(lang, &format!("speaker-page-answer-{kind}"), &[]),
                selected: false,
            })
            .collect(),
    }
}

fn assistant_line(assistant: Assistant) -> AssistantLine {
    AssistantLine { id: assistant.id.to_string(), name: assistant.name, email: assistant.email }
}

fn panel_url(team: &Editor, speaker: SpeakerId) -> String {
    format!("{}/{speaker}#own", speakers_url(team))
}

/// `POST /organizer/{event}/speakers/{speaker}/send-link`: to the speaker, or to the assistant named.
pub(super) async fn send_link(team: Editor, path: Path<(String, SpeakerId)>, form: FormData) -> PageResult {
    let (speaker, _) = find_to_change(&team, path.1).await?;
    let assistant = match form.text("assistant").parse::<AssistantId>() {
        Ok(id) => Some(find_assistant(&team, speaker.id, id).await?),
        Err(_) if speaker.email.is_none() => return Err(Failure::conflict("speaker-page-error-no-email")),
        Err(_) => None,
    };
    let app = &team.visit.app;
    let letter = SpeakerLetter { app, event: &team.event, speaker: &speaker };
    let to = assistant.as_ref().map(|assistant| assistant.id);
    let (token, link) = operations::prepare_link(app.clock.now(), speaker.id, to);
    let message = match &assistant {
        Some(assistant) => letter.assistant_link(assistant, &token)?,
        None => letter.speaker_link(&token)?,
    };
    let (actor, event) = (team.actor(), team.event.id);
    app.write(move |db, now| Ok::<_, Failure>(operations::send_link(db, now, actor, event, &link, &message)?)).await?;
    Ok(respond::see_other_with_notice(panel_url(&team, speaker.id), "speaker-page-notice-link-sent"))
}

async fn find_assistant(team: &Editor, speaker: SpeakerId, id: AssistantId) -> Result<Assistant, Failure> {
    let all = team.visit.app.read(move |db| Ok::<_, Failure>(operations::assistants(db, speaker)?)).await?;
    all.into_iter().find(|assistant| assistant.id == id).ok_or(Failure::NotFound)
}

/// `POST /organizer/{event}/speakers/{speaker}/revoke-links`.
pub(super) async fn revoke_links(team: Editor, path: Path<(String, SpeakerId)>) -> PageResult {
    let (speaker, _) = find_to_change(&team, path.1).await?;
    let (actor, event, id) = (team.actor(), team.event.id, speaker.id);
    team.visit.app.write(move |db, now| Ok::<_, Failure>(operations::revoke_links(db, now, actor, event, id)?)).await?;
    Ok(respond::see_other_with_notice(panel_url(&team, id), "speaker-page-notice-links-revoked"))
}

/// `POST /organizer/{event}/speakers/{speaker}/answer`: what the speaker has said by telephone.
pub(super) async fn record_answer(team: Editor, path: Path<(String, SpeakerId)>, form: FormData) -> PageResult {
    let (speaker, _) = find_to_change(&team, path.1).await?;
    let wrong = |key| Failure::Told(StatusCode::UNPROCESSABLE_ENTITY, Message::new(key));
    let kind = form.text("answer").parse::<AnswerKind>().map_err(|_| wrong("speaker-page-error-answer"))?;
    let reason = operations::reason(&form, false).map_err(|_| wrong("speaker-page-error-reason"))?;
    let programme = released(&team);
    let to = programme.and_then(|programme| AskedSlot::find(&programme, speaker.id, form.text("slot")));
    // The speaker was asked about the time that the page showed.
    let seen = form.text("sequence").parse().ok();
    let to = to.filter(|to| Some(to.sequence) == seen).ok_or_else(|| Failure::conflict("speaker-page-error-moved"))?;
    let new = NewAnswer { sequence: to.sequence, to, kind, reason, by: AnsweredBy::Organizer, message: None };
    let actor = team.actor();
    team.visit.app.write(move |db, now| Ok::<_, Failure>(operations::answer(db, now, actor, &new)?)).await?;
    Ok(respond::see_other_with_notice(panel_url(&team, speaker.id), "speaker-page-notice-recorded"))
}
