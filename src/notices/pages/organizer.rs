//! What waits to leave, on team pages: exactly as it would leave, held, sent at once, skipped, reworded.

use crate::accounts::access::{Allowed, ManageEvent, ViewEvent};
use crate::accounts::model::Permission;
use crate::db::{NoticeId, UtcTime};
use crate::mail::model::NewMessage;
use crate::notices::jobs;
use crate::notices::mails::{ChangeLine, OwnWords, Press};
use crate::notices::model::{Notice, NoticeState};
use crate::notices::operations::{self, Batch, Content, Decision, Settled};
use crate::web::error::PageResult;
use crate::web::forms::{ErrorLine, clean_block, clean_line};
use crate::web::{
    Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond, security,
};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use base64::Engine;
use serde::Serialize;

/// The routes of team pages.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/notices", list_notices);
    routes.post("/organizer/{event}/notices", decide);
    routes.get("/organizer/{event}/notices/{notice}", show_notice);
    routes.post("/organizer/{event}/notices/{notice}", word_notice);
    routes.get("/organizer/{event}/notices/{notice}/html", show_html);
}

/// Open notices of one page of the list.
const PAGE: usize = 100;
/// Settled notices that are shown.
const SETTLED: i64 = 100;
/// Longest subject.
const SUBJECT_LENGTH: usize = 150;
/// Longest first paragraph.
const INTRODUCTION_LENGTH: usize = 4000;
/// What stands in previews for the secret of a link, which is made when the mail leaves.
const NO_TOKEN: &str = "…";

#[derive(Serialize)]
struct NoticesPage {
    open: Vec<OpenLine>,
    open_count: i64,
    previous_url: String,
    next_url: String,
    settled: Vec<SettledLine>,
    may_decide: bool,
    has_held: bool,
    rules_url: String,
    quiet_minutes: i32,
}

impl Page for NoticesPage {
    const TEMPLATE: &'static str = "organizer/notices.html";
}

#[derive(Serialize)]
struct OpenLine {
    key: String,
    url: String,
    name: String,
    is_speaker: bool,
    recipients: String,
    changes: Vec<ChangeLine>,
    more: usize,
    state: &'static str,
    state_label: String,
    leaves: String,
    is_reworded: bool,
}

#[derive(Serialize)]
struct SettledLine {
    name: String,
    is_speaker: bool,
    state: &'static str,
    state_label: String,
    at: String,
    messages: Vec<String>,
}

/// Changes of one notice that the list shows.
const SHOWN: usize = 3;

/// `GET /organizer/{event}/notices`.
async fn list_notices(team: Allowed<ViewEvent>) -> PageResult {
    let visit = &team.visit;
    let page: usize = visit.param("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    let (event, now) = (team.event.clone(), visit.app.clock.now());
    let (batch, names, count, settled, quiet) = visit
        .app
        .read(move |db| {
            let all = operations::open(db, event.id)?;
            let count = all.len();
            let shown: Vec<Notice> = all.into_iter().skip((page - 1) * PAGE).take(PAGE).collect();
            let names = operations::names(db, &shown)?;
            let settled = operations::settled(db, event.id, SETTLED)?;
            let quiet = crate::schedule::operations::rules(db, &event)?.quiet_minutes;
            Ok::<_, Failure>((operations::contents(db, now, event, shown)?, names, count, settled, quiet))
        })
        .await?;
    let context = team.context("notices", "notices-title");
    let address = |page: usize| visit.url_with("page", &page.to_string());
    let open: Vec<OpenLine> = batch.iter().flat_map(|batch| open_lines(&team, &context, batch, &names)).collect();
    let page = NoticesPage {
        has_held: open.iter().any(|line| line.state == NoticeState::Held.as_str()),
        open,
        open_count: i64::try_from(count).unwrap_or(i64::MAX),
        previous_url: if page > 1 { address(page - 1) } else { String::new() },
        next_url: if page * PAGE < count { address(page + 1) } else { String::new() },
        settled: settled.iter().map(|settled| settled_line(&team, &context, settled)).collect(),
        may_decide: team.may(Permission::ManageEvent),
        rules_url: format!("/organizer/{}/schedule/rules", team.event.slug),
        quiet_minutes: quiet,
    };
    visit.show(&context, &page)
}

type Names = std::collections::HashMap<NoticeId, String>;

fn open_lines<P>(team: &Allowed<P>, context: &PageContext, batch: &Batch, names: &Names) -> Vec<OpenLine> {
    let now = team.visit.app.clock.now();
    let press = Press::new(&team.visit.app, &batch.event, &batch.programme, now);
    batch
        .notices
        .iter()
        .map(|(notice, content)| {
            let digest = content.digest();
            let mut changes = digest.map(|digest| press.change_lines(digest, context.lang)).unwrap_or_default();
            let more = changes.len().saturating_sub(SHOWN);
            changes.truncate(SHOWN);
            OpenLine {
                key: format!("{}:{}", notice.id, notice.version),
                url: format!("/organizer/{}/notices/{}", team.event.slug, notice.id),
                name: names.get(&notice.id).cloned().unwrap_or_default(),
                is_speaker: notice.speaker_id.is_some(),
                recipients: recipients(team, content),
                changes,
                more,
                state: notice.state.as_str(),
                state_label: state_label(team, context, notice.state),
                leaves: in_words(team, context, notice.due_at),
                is_reworded: notice.subject.is_some() || notice.introduction.is_some(),
            }
        })
        .collect()
}

/// The addresses that get the mail; those of attendees only for who may see registrations.
fn recipients<P>(team: &Allowed<P>, content: &Content) -> String {
    match content {
        Content::Speaker(planned) => {
            planned.recipients.iter().map(|one| one.email.as_str()).collect::<Vec<_>>().join(", ")
        }
        Content::Attendee(registration, _) if team.may(Permission::ViewRegistrations) => registration.email.clone(),
        Content::Attendee(..) | Content::Nobody => String::new(),
    }
}

fn state_label<P>(team: &Allowed<P>, context: &PageContext, state: NoticeState) -> String {
    team.visit.app.texts.text(context.lang, &format!("notices-state-{state}"), &[])
}

fn in_words<P>(team: &Allowed<P>, context: &PageContext, at: UtcTime) -> String {
    context.formatter().date_time(at.in_zone(team.event.zone()).naive_local())
}

fn settled_line<P>(team: &Allowed<P>, context: &PageContext, settled: &Settled) -> SettledLine {
    let notice = &settled.notice;
    let mail = |id| format!("/organizer/{}/mail/{id}", team.event.slug);
    let shows_mail = team.may(Permission::ViewMail);
    SettledLine {
        name: settled.name.clone(),
        is_speaker: notice.speaker_id.is_some(),
        state: notice.state.as_str(),
        state_label: state_label(team, context, notice.state),
        at: notice.settled_at.map(|at| in_words(team, context, at)).unwrap_or_default(),
        messages: settled.messages.iter().filter(|_| shows_mail).map(mail).collect(),
    }
}

/// `POST /organizer/{event}/notices`: one decision on the chosen notices, as they were seen.
async fn decide(team: Allowed<ManageEvent>, form: FormData) -> PageResult {
    let decision = Decision::of(form.text("decision")).ok_or(Failure::bad_request("notices-error-decision"))?;
    let chosen: Vec<(NoticeId, i32)> = form.all("notice").filter_map(key_of).collect();
    let (event, actor, wanted) = (team.event.id, team.actor(), chosen.len());
    let done = team
        .visit
        .app
        .write(move |db, now| Ok::<_, Failure>(operations::decide(db, now, actor, event, &chosen, decision)?))
        .await?;
    if decision == Decision::Send && done > 0 {
        jobs::send_due(&team.visit.app).await?;
    }
    let notice = match (wanted, done) {
        (0, _) => "notices-notice-none-chosen",
        (wanted, done) if done < wanted => "notices-notice-some-changed",
        _ => match decision {
            Decision::Hold => "notices-notice-held",
            Decision::Resume => "notices-notice-resumed",
            Decision::Send => "notices-notice-sent",
            Decision::Skip => "notices-notice-skipped",
        },
    };
    Ok(respond::see_other_with_notice(format!("/organizer/{}/notices", team.event.slug), notice))
}

/// A notice and the version that was seen of it.
fn key_of(text: &str) -> Option<(NoticeId, i32)> {
    let (id, version) = text.split_once(':')?;
    Some((id.parse().ok()?, version.parse().ok()?))
}

#[derive(Serialize)]
struct NoticePage {
    name: String,
    key: String,
    action: String,
    list_url: String,
    errors: Vec<ErrorLine>,
    version: String,
    subject: Field,
    introduction: Field,
    changes: Vec<ChangeLine>,
    mails: Vec<MailView>,
    state: &'static str,
    state_label: String,
    leaves: String,
    is_open: bool,
    may_decide: bool,
}

impl Page for NoticePage {
    const TEMPLATE: &'static str = "organizer/notice.html";
}

#[derive(Serialize)]
struct MailView {
    recipient: String,
    language: String,
    subject: String,
    text: String,
    html_url: String,
    parts: Vec<PartView>,
}

#[derive(Serialize)]
struct PartView {
    name: String,
    media_type: String,
    content: String,
}

/// `GET /organizer/{event}/notices/{notice}`.
async fn show_notice(team: Allowed<ViewEvent>, path: Path<(String, String)>) -> PageResult {
    let batch = one(&team, &path.1).await?;
    let notice = batch.notices.first().map(|(notice, _)| notice).ok_or(Failure::NotFound)?;
    let form = FormData::from_fields([
        ("subject", notice.subject.clone().unwrap_or_default()),
        ("introduction", notice.introduction.clone().unwrap_or_default()),
        ("version", notice.version.to_string()),
    ]);
    show_form(&team, StatusCode::OK, &batch, (&form, &FieldErrors::default()))
}

/// One notice with what it says now.
async fn one<P>(team: &Allowed<P>, id: &str) -> Result<Batch, Failure> {
    let id: NoticeId = id.parse().map_err(|_| Failure::NotFound)?;
    let (event, now) = (team.event.clone(), team.visit.app.clock.now());
    let batch = team.visit.app.read(move |db| {
        let Some(notice) = operations::find(db, event.id, id)? else { return Ok(None) };
        Ok::<_, Failure>(operations::contents(db, now, event, vec![notice])?)
    });
    batch.await?.ok_or(Failure::NotFound)
}

/// The mails of a notice as they would leave now, for those who may see to whom.
fn worded<P>(team: &Allowed<P>, batch: &Batch) -> Result<Vec<NewMessage>, Failure> {
    let press = Press::new(&team.visit.app, &batch.event, &batch.programme, team.visit.app.clock.now());
    let mut found = Vec::new();
    for (notice, content) in &batch.notices {
        let words = OwnWords::from(notice);
        match content {
            Content::Speaker(planned) if !planned.digest.items.is_empty() => {
                for recipient in &planned.recipients {
                    found.extend(press.to_speaker(planned, recipient, words, NO_TOKEN)?);
                }
            }
            Content::Attendee(registration, digest)
                if !digest.items.is_empty() && team.may(Permission::ViewRegistrations) =>
            {
                found.extend(press.to_attendee(registration, digest, words, NO_TOKEN)?);
            }
            _ => {}
        }
    }
    Ok(found)
}

fn show_form<P>(
    team: &Allowed<P>,
    status: StatusCode,
    batch: &Batch,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let (notice, content) = batch.notices.first().ok_or(Failure::NotFound)?;
    let context = team.context("notices", "notices-one-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let list_url = format!("/organizer/{}/notices", team.event.slug);
    let action = format!("{list_url}/{}", notice.id);
    let press = Press::new(&team.visit.app, &batch.event, &batch.programme, team.visit.app.clock.now());
    let mails = worded(team, batch)?;
    let page = NoticePage {
        name: name_of(content),
        key: format!("{}:{}", notice.id, notice.version),
        list_url,
        errors: view.summary(),
        version: form.text("version").to_owned(),
        subject: view.field("subject"),
        introduction: view.field("introduction"),
        changes: content.digest().map(|digest| press.change_lines(digest, context.lang)).unwrap_or_default(),
        mails: mails
            .iter()
            .enumerate()
            .map(|(number, mail)| mail_view(team, &context, &action, number, mail))
            .collect(),
        action,
        state: notice.state.as_str(),
        state_label: state_label(team, &context, notice.state),
        leaves: in_words(team, &context, notice.due_at),
        is_open: notice.state.is_open(),
        may_decide: team.may(Permission::ManageEvent),
    };
    let mut response = team.visit.show_with_status(status, &context, &page)?;
    // The mail's HTML is shown in a frame that may run nothing.
    security::allow_own_frames(response.headers_mut());
    Ok(response)
}

fn name_of(content: &Content) -> String {
    match content {
        Content::Speaker(planned) => planned.recipients.first().map(|one| one.speaker_name.clone()).unwrap_or_default(),
        Content::Attendee(registration, _) => registration.full_name(),
        Content::Nobody => String::new(),
    }
}

fn mail_view<P>(team: &Allowed<P>, context: &PageContext, action: &str, number: usize, mail: &NewMessage) -> MailView {
    let decode = |content: &str| {
        let octets = base64::engine::general_purpose::STANDARD.decode(content).unwrap_or_default();
        String::from_utf8_lossy(&octets).replace("\r\n", "\n")
    };
    MailView {
        recipient: format!("{} <{}>", mail.recipient_name, mail.recipient),
        language: team.visit.app.texts.text(context.lang, &format!("language-{}", mail.language.primary()), &[]),
        subject: mail.content.subject.clone(),
        text: mail.content.text.clone(),
        html_url: format!("{action}/html?mail={number}"),
        // The file that repeats the first entry is left out: it says the same.
        parts: mail
            .attachments
            .iter()
            .filter(|part| part.media_type.starts_with("text/calendar"))
            .map(|part| PartView {
                name: part.name.clone(),
                media_type: part.media_type.clone(),
                content: decode(&part.content),
            })
            .collect(),
    }
}

/// `POST /organizer/{event}/notices/{notice}`: subject and first paragraph in own words.
async fn word_notice(team: Allowed<ManageEvent>, path: Path<(String, String)>, form: FormData) -> PageResult {
    let batch = one(&team, &path.1).await?;
    let notice = batch.notices.first().map(|(notice, _)| notice.id).ok_or(Failure::NotFound)?;
    let (subject, introduction) = (clean_line(form.text("subject")), clean_block(form.text("introduction")));
    let mut errors = FieldErrors::default();
    for (field, text, max) in
        [("subject", &subject, SUBJECT_LENGTH), ("introduction", &introduction, INTRODUCTION_LENGTH)]
    {
        if text.chars().count() > max {
            errors.push(field, Message::new("error-too-long").with("max", max));
        }
    }
    if !errors.is_empty() {
        return show_form(&team, StatusCode::UNPROCESSABLE_ENTITY, &batch, (&form, &errors));
    }
    let (event, actor) = (team.event.id, team.actor());
    let version = form.text("version").parse().unwrap_or_default();
    let saved = team.visit.app.write(move |db, now| {
        let given = |text: &str| (!text.is_empty()).then(|| text.to_owned());
        let (subject, introduction) = (given(&subject), given(&introduction));
        let words = (subject.as_deref(), introduction.as_deref());
        operations::word(db, now, actor, event, (notice, version), words)
    });
    match saved.await {
        Ok(()) => Ok(respond::see_other_with_notice(
            format!("/organizer/{}/notices/{notice}", team.event.slug),
            "notices-notice-worded",
        )),
        Err(operations::NoticeError::Stale) => show_changed(&team, &path.1, &form).await,
        Err(error) => Err(error.into()),
    }
}

/// The notice as it is now, with what was typed upon it: saving once more means it.
async fn show_changed(team: &Allowed<ManageEvent>, id: &str, typed: &FormData) -> PageResult {
    let batch = one(team, id).await?;
    let notice = batch.notices.first().map(|(notice, _)| notice).ok_or(Failure::NotFound)?;
    if !notice.state.is_open() {
        return Err(Failure::conflict("notices-error-stale"));
    }
    let form = FormData::from_fields([
        ("subject", typed.text("subject").to_owned()),
        ("introduction", typed.text("introduction").to_owned()),
        ("version", notice.version.to_string()),
    ]);
    let mut errors = FieldErrors::default();
    errors.push("introduction", Message::new("notices-error-changed"));
    show_form(team, StatusCode::CONFLICT, &batch, (&form, &errors))
}

/// `GET /organizer/{event}/notices/{notice}/html`: the HTML body as a mail program shows it, in a frame.
async fn show_html(team: Allowed<ViewEvent>, path: Path<(String, String)>) -> PageResult {
    let batch = one(&team, &path.1).await?;
    let number: usize = team.visit.param("mail").and_then(|number| number.parse().ok()).unwrap_or(0);
    let mail = worded(&team, &batch)?.into_iter().nth(number).ok_or(Failure::NotFound)?;
    let html = mail.content.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    Ok(HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header((
            "content-security-policy",
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; frame-ancestors 'self'; sandbox",
        ))
        .insert_header(("cache-control", "no-store"))
        .body(html))
}
