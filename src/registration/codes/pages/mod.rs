//! The team's pages of invitation codes.

mod making;

use super::model::{InvitationCode, Unusable, Use};
use super::operations::{self, CodeError, CodesPage};
use crate::accounts::access::{Allowed, ManageRegistrations};
use crate::app::App;
use crate::db::{InvitationId, UtcTime};
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang};
use crate::mail::model::{MessageKind, NewMessage};
use crate::mail::rendering;
use crate::registration::category::Category;
use crate::registration::desk::safe_cell;
use crate::registration::operations::all_categories;
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, FormData, Page, PageContext, RouteTable, respond};
use actix_web::HttpResponse;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of codes.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/codes", list_codes);
    making::routes(routes);
    routes.post("/organizer/{event}/codes/send", send_unsent);
    routes.get("/organizer/{event}/codes.csv", export_codes);
    routes.post("/organizer/{event}/codes/{code}", change_code);
}

type Team = Allowed<ManageRegistrations>;

impl From<CodeError> for Failure {
    fn from(error: CodeError) -> Self {
        match error {
            CodeError::NotFound => Self::NotFound,
            CodeError::Full => Self::conflict("codes-error-full"),
            CodeError::Unusable(_) => Self::conflict("codes-error-spent"),
            CodeError::Db(error) => error.into(),
        }
    }
}

/// Codes that one page shows.
const LISTED: i64 = 100;
/// Codes that a file holds at most.
const EXPORTED: i64 = 100_000;
/// Mails that one transaction queues: others wait behind it.
const MAILS_AT_ONCE: usize = 200;

fn list_url(team: &Team) -> String {
    format!("/organizer/{}/codes", team.event.slug)
}

#[derive(Serialize)]
struct ListPage {
    new_url: String,
    send_url: String,
    export_url: String,
    next_url: String,
    unsent: usize,
    batches: Vec<BatchLine>,
    codes: Vec<CodeLine>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "organizer/codes.html";
}

#[derive(Serialize)]
struct BatchLine {
    name: String,
    count: i64,
    url: String,
    current: bool,
}

#[derive(Serialize)]
struct CodeLine {
    url: String,
    code: String,
    category: Text,
    batch: String,
    who: String,
    state: &'static str,
    state_label: String,
    uses: String,
    expires: String,
    sent: String,
    is_reserved: bool,
    skips_approval: bool,
    used_by: Vec<Person>,
    may_send: bool,
    may_revoke: bool,
}

#[derive(Serialize)]
struct Person {
    url: String,
    name: String,
}

/// `GET /organizer/{event}/codes`, of one batch or all.
async fn list_codes(team: Team) -> PageResult {
    let event = team.event.id;
    let batch = team.visit.param("batch").map(str::to_owned);
    let offset = team.visit.param("after").and_then(|after| after.parse::<i64>().ok()).unwrap_or(0).max(0);
    let wanted = batch.clone();
    let read = move |db: &mut crate::db::DbConnection| {
        let page = operations::page(db, event, wanted.as_deref(), (offset, LISTED + 1))?;
        let unsent = operations::unsent(db, event, EXPORTED)?.len();
        Ok::<_, Failure>((page, all_categories(db, event)?, unsent))
    };
    let (mut found, categories, unsent) = team.visit.app.read(read).await?;
    let has_more = found.codes.len() > usize::try_from(LISTED).unwrap_or(usize::MAX);
    found.codes.truncate(usize::try_from(LISTED).unwrap_or(usize::MAX));
    let context = team.context("codes", "codes-title");
    let url = list_url(&team);
    let link = |batch: &str| format!("{url}?{}", query(&[("batch", batch)]));
    let page = ListPage {
        new_url: format!("{url}/new"),
        send_url: format!("{url}/send"),
        export_url: format!("{url}.csv"),
        next_url: if has_more {
            let after = (offset + LISTED).to_string();
            let mut wanted = vec![("after", after.as_str())];
            wanted.extend(batch.as_deref().map(|batch| ("batch", batch)));
            format!("{url}?{}", query(&wanted))
        } else {
            String::new()
        },
        unsent,
        batches: found
            .batches
            .iter()
            .map(|(name, count)| BatchLine {
                url: link(name),
                current: batch.as_deref() == Some(name),
                name: name.clone(),
                count: *count,
            })
            .collect(),
        codes: lines(&team, &context, &found, &categories),
    };
    team.visit.show(&context, &page)
}

fn query(pairs: &[(&str, &str)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).finish()
}

fn lines(team: &Team, context: &PageContext, page: &CodesPage, categories: &[Category]) -> Vec<CodeLine> {
    let (now, texts) = (team.visit.app.clock.now(), &team.visit.app.texts);
    let time = |at: Option<UtcTime>| {
        let at = at.map(|at| context.formatter().date_time(at.in_zone(team.event.zone()).naive_local()));
        at.unwrap_or_default()
    };
    let used_by = |one: &Use| Person {
        url: format!("/organizer/{}/registrations/{}", team.event.slug, one.registration.id),
        name: one.registration.full_name(),
    };
    let line = |code: &InvitationCode| {
        let category = categories.iter().find(|category| category.id == code.category_id);
        let state = code.usable(now).map_or_else(Unusable::as_str, |()| "open");
        let (prefill, uses) = (code.prefill(), page.uses.iter().filter(|one| one.code == code.id));
        let name = prefill.details().full_name();
        let who = [name, code.email.clone().unwrap_or_default()];
        CodeLine {
            url: format!("{}/{}", list_url(team), code.id),
            code: code.code.clone(),
            category: category
                .map(|category| Text::pick(&category.name, context.lang, &team.event.languages))
                .unwrap_or_default(),
            batch: code.batch.clone(),
            who: who.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
            state,
            state_label: texts.text(context.lang, &format!("codes-state-{state}"), &[]),
            uses: texts.text(
                context.lang,
                "registration-taken-of",
                &[("taken", code.used.to_string().into()), ("capacity", code.uses.to_string().into())],
            ),
            expires: time(code.expires_at),
            sent: time(code.sent_at),
            is_reserved: code.is_reserved,
            skips_approval: code.skips_approval,
            used_by: uses.map(used_by).collect(),
            may_send: code.email.is_some() && state == "open",
            may_revoke: code.revoked_at.is_none(),
        }
    };
    page.codes.iter().map(line).collect()
}

async fn categories(team: &Team) -> Result<Vec<Category>, Failure> {
    let event = team.event.id;
    team.visit.app.read(move |db| Ok::<_, Failure>(all_categories(db, event)?)).await
}

/// What the mail's templates may mention.
#[derive(Serialize)]
struct Values<'a> {
    name: String,
    category: &'a str,
    code: &'a str,
    link: String,
    deadline: String,
}

/// The mail with one link that opens the form, filled in as far as is known.
fn letter(app: &App, event: &Event, category: &Category, code: &InvitationCode) -> Result<NewMessage, Failure> {
    let lang: Lang = code.language.unwrap_or_else(|| event.main_language());
    let recipient = code.email.as_deref().unwrap_or_default().parse().map_err(Failure::unexpected)?;
    let details = code.prefill().details();
    let name = details.full_name();
    let in_words = |at: UtcTime| Formatter::of(lang).date_time(at.in_zone(event.zone()).naive_local());
    let base = format!("{}/{}", app.settings.http.public_url, event.slug);
    let values = Values {
        name: if lang.has_script_of(&details.native_name) { details.native_name.clone() } else { name.clone() },
        category: category.name.text(lang, &event.languages),
        code: &code.code,
        link: format!("{base}/register?{}", query(&[("code", &code.code)])),
        deadline: code.expires_at.map(in_words).unwrap_or_default(),
    };
    Ok(NewMessage {
        event: Some(event.id),
        kind: MessageKind::InvitationCode,
        registration: None,
        user: None,
        speaker: None,
        unsubscribe: None,
        recipient_name: name,
        recipient,
        language: lang,
        content: rendering::render(app, Some(event), MessageKind::InvitationCode, lang, &values)
            .map_err(Failure::unexpected)?,
        attachments: Vec::new(),
    })
}

async fn send(team: &Team, codes: Vec<InvitationCode>, again: bool) -> Result<usize, Failure> {
    let categories = categories(team).await?;
    let mut letters = Vec::with_capacity(codes.len());
    for code in codes {
        let Some(category) = categories.iter().find(|category| category.id == code.category_id) else { continue };
        let message = letter(&team.visit.app, &team.event, category, &code)?;
        letters.push((code, message));
    }
    let (actor, mut sent) = (team.actor(), 0);
    for some in letters.chunks(MAILS_AT_ONCE) {
        let some = some.to_vec();
        let job = move |db: &mut crate::db::DbConnection, now| {
            Ok::<_, Failure>(operations::send(db, now, (actor, again), &some)?)
        };
        sent += team.visit.app.write(job).await?;
    }
    Ok(sent)
}

async fn send_all(team: &Team) -> Result<usize, Failure> {
    let (event, now) = (team.event.id, team.visit.app.clock.now());
    let read = move |db: &mut crate::db::DbConnection| Ok::<_, Failure>(operations::unsent(db, event, EXPORTED)?);
    let mut codes = team.visit.app.read(read).await?;
    codes.retain(|code| code.usable(now).is_ok());
    send(team, codes, false).await
}

/// `POST /organizer/{event}/codes/send`: mails to everybody who has got none yet.
async fn send_unsent(team: Team) -> PageResult {
    send_all(&team).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "codes-notice-sent"))
}

/// `POST /organizer/{event}/codes/{code}`: `do` is `send` or `revoke`.
async fn change_code(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let id: InvitationId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let (event, actor) = (team.event.id, team.actor());
    if form.text("do") == "send" {
        let found = team.visit.app.read(move |db| Ok::<_, Failure>(operations::find(db, event, id)?)).await?;
        let code = found.ok_or(Failure::NotFound)?;
        code.usable(team.visit.app.clock.now()).map_err(CodeError::Unusable)?;
        send(&team, vec![code], true).await?;
        return Ok(respond::see_other_with_notice(list_url(&team), "codes-notice-sent"));
    }
    team.visit.app.write(move |db, now| operations::revoke(db, now, actor, (event, id))).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "codes-notice-revoked"))
}

/// `GET /organizer/{event}/codes.csv`: every code with its link and who has used it.
async fn export_codes(team: Team) -> PageResult {
    let event = team.event.id;
    let read = move |db: &mut crate::db::DbConnection| {
        Ok::<_, Failure>((operations::page(db, event, None, (0, EXPORTED))?, all_categories(db, event)?))
    };
    let (page, categories) = team.visit.app.read(read).await?;
    let body = write(&team, &page, &categories).map_err(Failure::unexpected)?;
    Ok(HttpResponse::Ok()
        .content_type("text/csv; charset=utf-8")
        .insert_header(respond::attachment(&format!("{}-codes.csv", team.event.slug)))
        .insert_header(("cache-control", "no-store"))
        .body(body))
}

/// Rows as CSV (RFC 4180) after a byte order mark, without which spreadsheets misread UTF-8.
fn write(team: &Team, page: &CodesPage, categories: &[Category]) -> Result<Vec<u8>, csv::Error> {
    let (now, beginning) = (team.visit.app.clock.now(), "\u{FEFF}".as_bytes().to_vec());
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(beginning);
    file.write_record(["code", "link", "category", "batch", "email", "state", "used", "uses", "used_by"])?;
    let base = format!("{}/{}/register", team.visit.app.settings.http.public_url, team.event.slug);
    for code in &page.codes {
        let category = categories.iter().find(|category| category.id == code.category_id);
        let used_by = page.uses.iter().filter(|one| one.code == code.id).map(|one| one.registration.code.as_str());
        let cells = [
            code.code.clone(),
            format!("{base}?{}", query(&[("code", &code.code)])),
            category.map(|category| category.code.clone()).unwrap_or_default(),
            code.batch.clone(),
            code.email.clone().unwrap_or_default(),
            code.usable(now).map_or_else(Unusable::as_str, |()| "open").to_owned(),
            code.used.to_string(),
            code.uses.to_string(),
            used_by.collect::<Vec<_>>().join(" "),
        ];
        file.write_record(cells.iter().map(|cell| safe_cell(cell).into_owned()))?;
    }
    file.into_inner().map_err(|error| error.into_error().into())
}
