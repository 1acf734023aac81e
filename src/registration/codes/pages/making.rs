//! Making codes: for one person, for anybody, or one each for a list.

use super::{Team, categories, list_url, query, send_all};
use crate::db::InvitationId;
use crate::i18n::country_choices;
use crate::registration::codes::model::{CodeFacts, Invitee};
use crate::registration::codes::operations::{self, CodeError};
use crate::registration::codes::reading::{self, WrongRow, new_code};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, RouteTable, respond};
use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use futures_util::StreamExt;
use serde::Serialize;

/// The routes of making codes.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/codes/new", show_new);
    routes.post("/organizer/{event}/codes/new", make_codes);
    routes.post("/organizer/{event}/codes/upload", upload);
}

/// Longest text of a field that is sent beside a file.
const LONGEST_FIELD: usize = 4_000;

#[derive(Serialize)]
struct NewPage {
    action: String,
    upload_url: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    wrong_rows: Vec<String>,
    category: Field,
    categories: Vec<Choice>,
    batch: Field,
    count: Field,
    uses: Field,
    is_reserved: bool,
    skips_approval: bool,
    sends: bool,
    expires_at: Field,
    timezone: String,
    email: Field,
    language: Field,
    languages: Vec<Choice>,
    given_name: Field,
    family_name: Field,
    native_name: Field,
    organisation: Field,
    position: Field,
    country: Field,
    countries: Vec<Choice>,
    file: Field,
}

impl Page for NewPage {
    const TEMPLATE: &'static str = "organizer/codes_new.html";
}

/// `GET /organizer/{event}/codes/new`.
async fn show_new(team: Team) -> PageResult {
    let form = FormData::from_fields([("count", "1"), ("uses", "1")]);
    show_form(&team, StatusCode::OK, (&form, &FieldErrors::default()), &[]).await
}

async fn show_form(
    team: &Team,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
    wrong: &[WrongRow],
) -> PageResult {
    let all = categories(team).await?;
    let context = team.context("codes", "codes-new-title");
    let (view, texts) = (FormView::new(&team.visit, &context, form, errors), &team.visit.app.texts);
    let url = list_url(team);
    let named = all
        .iter()
        .map(|category| (category.id.to_string(), category.name.text(context.lang, &team.event.languages).to_owned()));
    let languages = team.event.languages.iter();
    let row = |row: &WrongRow| {
        let args = [("row", row.row.into()), ("value", row.value.clone().into())];
        texts.text(context.lang, row.key, &args)
    };
    let page = NewPage {
        action: format!("{url}/new"),
        upload_url: format!("{url}/upload"),
        back_url: url,
        errors: view.summary(),
        wrong_rows: wrong.iter().take(MOST_WRONG_ROWS).map(row).collect(),
        category: view.field("category"),
        categories: view.choices("category", named),
        batch: view.field("batch"),
        count: view.field("count"),
        uses: view.field("uses"),
        is_reserved: view.ticked("is_reserved"),
        skips_approval: view.ticked("skips_approval"),
        sends: view.ticked("sends"),
        expires_at: view.field("expires_at"),
        timezone: team.event.zone().name().to_owned(),
        email: view.field("email"),
        language: view.field("language"),
        languages: view.choices(
            "language",
            languages.map(|lang| (lang.to_string(), crate::web::form_view::own_name(texts, *lang))),
        ),
        given_name: view.field("given_name"),
        family_name: view.field("family_name"),
        native_name: view.field("native_name"),
        organisation: view.field("organisation"),
        position: view.field("position"),
        country: view.field("country"),
        countries: view.choices(
            "country",
            country_choices(texts, context.lang).into_iter().map(|(country, name)| (country.as_str().to_owned(), name)),
        ),
        file: view.field("file"),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// Wrong rows that are shown.
const MOST_WRONG_ROWS: usize = 100;

/// `POST /organizer/{event}/codes/new`: one for somebody who is named, or several for nobody in particular.
async fn make_codes(team: Team, form: FormData) -> PageResult {
    let known: Vec<_> = categories(&team).await?.iter().map(|category| category.id).collect();
    let read = reading::facts(&form, &known, team.event.zone());
    let (facts, count, invitee) = match (read, reading::invitee(&form)) {
        (Ok((facts, count)), Ok(invitee)) => (facts, count, invitee),
        (facts, invitee) => {
            let mut errors = facts.err().unwrap_or_default();
            invitee
                .err()
                .unwrap_or_default()
                .iter()
                .for_each(|one| errors.push(one.field.clone(), one.message.clone()));
            return show_form(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors), &[]).await;
        }
    };
    let count = if invitee.email.is_some() { 1 } else { count };
    make(&team, &form, (facts, vec![invitee; count])).await
}

async fn make(team: &Team, form: &FormData, (facts, invitees): (CodeFacts, Vec<Invitee>)) -> PageResult {
    let new: Vec<_> = invitees.into_iter().map(|invitee| (InvitationId::new(), new_code(), invitee)).collect();
    let (event, actor, query) = (team.event.id, team.actor(), query(&[("batch", &facts.batch)]));
    let job = move |db: &mut crate::db::DbConnection, now| operations::create(db, now, actor, (event, &facts), &new);
    match team.visit.app.write(job).await {
        Ok(()) => {}
        Err(CodeError::Full) => {
            let mut errors = FieldErrors::default();
            errors.push("is_reserved", Message::new("codes-error-full-field"));
            return show_form(team, StatusCode::UNPROCESSABLE_ENTITY, (form, &errors), &[]).await;
        }
        Err(error) => return Err(error.into()),
    }
    if form.is_ticked("sends") {
        send_all(team).await?;
    }
    Ok(respond::see_other_with_notice(format!("{}?{query}", list_url(team)), "codes-notice-made"))
}

/// `POST /organizer/{event}/codes/upload`: a table of people, each of whom gets a code.
async fn upload(team: Team, body: Multipart) -> PageResult {
    let limit = team.visit.app.settings.limits.import_bytes;
    let (form, file) = receive(body, if limit == 0 { usize::MAX } else { limit }).await?;
    let known: Vec<_> = categories(&team).await?.iter().map(|category| category.id).collect();
    let mut wrong = Vec::new();
    let read = reading::facts(&form, &known, team.event.zone()).and_then(|(facts, _)| {
        let mut errors = FieldErrors::default();
        let table = file.ok_or("codes-error-file-large").and_then(|bytes| {
            reading::invitees(&bytes, usize::MAX, &team.event.languages).map_err(|_| "codes-error-file")
        });
        match table {
            Ok((good, bad)) if bad.is_empty() && !good.is_empty() => return Ok((facts, good)),
            Ok((_, bad)) if bad.is_empty() => errors.push("file", Message::new("codes-error-file-empty")),
            Ok((_, bad)) => {
                errors.push("file", Message::new("codes-error-rows").with("count", bad.len()));
                wrong = bad;
            }
            Err(key) => errors.push("file", Message::new(key)),
        }
        Err(errors)
    });
    match read {
        Ok(read) => make(&team, &form, read).await,
        Err(errors) => show_form(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors), &wrong).await,
    }
}

/// The fields of a form with a file, and the file unless it is larger than allowed.
async fn receive(mut body: Multipart, limit: usize) -> Result<(FormData, Option<Vec<u8>>), Failure> {
    let (mut form, mut file) = (FormData::default(), None);
    let broken = |_| Failure::bad_request("error-bad-request");
    while let Some(field) = body.next().await {
        let mut field = field.map_err(broken)?;
        let name = field.name().unwrap_or_default().to_owned();
        let most = if name == "file" { limit } else { LONGEST_FIELD };
        let Ok(content) = field.bytes(most).await else { continue };
        let content = content.map_err(broken)?;
        if name == "file" {
            file = Some(content.to_vec());
        } else {
            form.push(name, String::from_utf8_lossy(&content).into_owned());
        }
    }
    Ok((form, file))
}
