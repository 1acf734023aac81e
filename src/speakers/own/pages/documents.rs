//! The speaker's slides and papers: handing in, looking at, sharing, deleting.

use super::guest::{Guest, Visited};
use crate::db::{DbConnection, DocumentId, SessionId};
use crate::i18n::Localized;
use crate::speakers::documents::archive::hand_out;
use crate::speakers::documents::inspecting::DocumentType;
use crate::speakers::documents::model::{Document, DocumentKind};
use crate::speakers::documents::operations::{self, Change, NewDocument};
use crate::speakers::documents::pages::{kinds, settle};
use crate::speakers::documents::receiving::{Received, receive};
use crate::speakers::documents::view::{DocumentWords, SeriesView};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, respond};
use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

type DocumentPath = Path<(String, String, DocumentId)>;

#[derive(Serialize)]
struct DocumentsPage {
    errors: Vec<ErrorLine>,
    series: Vec<SeriesView>,
    action: String,
    back_url: String,
    session: Field,
    sessions: Vec<Choice>,
    kind: Field,
    kinds: Vec<Choice>,
    file: Field,
    accept: String,
    types: String,
    most: String,
    public: Field,
    is_public: bool,
    shared: Field,
    is_shared: bool,
}

impl Page for DocumentsPage {
    const TEMPLATE: &'static str = "speaker/documents.html";
}

type Known = (Vec<Document>, Vec<(SessionId, Localized)>);

async fn load(guest: &Guest) -> Result<Known, Failure> {
    let speaker = guest.own.speaker.id;
    guest.visit.app.read(move |db| Ok::<_, Failure>(operations::of_speaker(db, speaker)?)).await
}

fn show(guest: &Guest, known: &Known, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = guest.context("documents-own-title");
    let (view, texts) = (FormView::new(&guest.visit, &context, form, errors), &guest.visit.app.texts);
    let (documents, sessions) = known;
    let title = |title: &Localized| Text::pick(title, context.lang, &guest.own.event.languages).text;
    let title_of = |one: &Document| {
        let found = sessions.iter().find(|(session, _)| Some(*session) == one.session_id);
        found.map(|(_, name)| title(name)).unwrap_or_default()
    };
    let words = DocumentWords {
        texts,
        lang: context.lang,
        zone: guest.zone(),
        names: &|_| String::new(),
        titles: &title_of,
        url: &|one| guest.url(&format!("/documents/{}", one.id)),
    };
    let most = i64::try_from(guest.visit.app.settings.limits.document_bytes).unwrap_or_default();
    let page = DocumentsPage {
        errors: view.summary(),
        series: words.series(documents),
        action: guest.url("/documents"),
        back_url: guest.url(""),
        session: view.field("session"),
        sessions: view.choices("session", sessions.iter().map(|(id, name)| (id.to_string(), title(name)))),
        kind: view.field("kind"),
        kinds: kinds(&view, |key| texts.text(context.lang, key, &[])),
        file: view.secret("file"),
        accept: DocumentType::endings(".", ","),
        types: DocumentType::endings("", ", ").to_uppercase(),
        most: if most > 0 { words.size(most) } else { String::new() },
        public: view.field("public"),
        is_public: view.ticked("public"),
        shared: view.field("shared"),
        is_shared: view.ticked("shared"),
    };
    guest.visit.show_with_status(status, &context, &page)
}

/// `GET /{event}/s/{token}/documents`.
pub(super) async fn show_documents(visited: Visited) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let known = load(&guest).await?;
    let form = FormData::from_fields([("shared", "on")]);
    show(&guest, &known, StatusCode::OK, (&form, &FieldErrors::default()))
}

/// `POST /{event}/s/{token}/documents`.
pub(super) async fn upload(visited: Visited, body: Multipart) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let known = load(&guest).await?;
    let Received { form, kept, wrong } = receive(&guest.visit.app, body).await?;
    let mut errors = FieldErrors::default();
    if let Some(message) = wrong {
        errors.push("file", message);
    }
    let session = form.text("session").parse::<SessionId>().ok();
    let session = session.filter(|session| known.1.iter().any(|(own, _)| own == session));
    if session.is_none() {
        errors.push("session", Message::new("inviting-error-session"));
    }
    let (Some(kept), Some(session)) = (kept.clone(), session) else {
        if let Some(kept) = kept {
            guest.visit.app.files.remove_document(kept.id).await;
        }
        return show(&guest, &known, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors));
    };
    let (id, actor) = (kept.id, guest.actor());
    let new = NewDocument {
        event: guest.own.event.id,
        session,
        speaker: Some(guest.own.speaker.id),
        kind: form.text("kind").parse().unwrap_or(DocumentKind::Slides),
        is_public: form.is_ticked("public"),
        for_interpreters: form.is_ticked("shared"),
        by: guest.answers_as(),
        kept,
    };
    let outcome = guest.visit.app.write(move |db, now| operations::add(db, now, actor, &new)).await;
    settle(&guest.visit.app, id, outcome).await?;
    Ok(respond::see_other_with_notice(guest.url("/documents"), "documents-notice-added"))
}

/// `GET /{event}/s/{token}/documents/{document}`.
pub(super) async fn download(visited: Visited, path: DocumentPath) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let (documents, _) = load(&guest).await?;
    let document = documents.iter().find(|one| one.id == path.2).ok_or(Failure::NotFound)?;
    hand_out(&guest.visit.app, document).await
}

/// `POST /{event}/s/{token}/documents/{document}`: `do` is `public`, `private`, `share`, `unshare` or `delete`.
pub(super) async fn change(visited: Visited, path: DocumentPath, form: FormData) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let (change, notice) = match form.text("do") {
        "public" => (Change::Public(true), "documents-notice-public"),
        "private" => (Change::Public(false), "documents-notice-private"),
        "share" => (Change::Interpreters(true), "documents-notice-shared"),
        "unshare" => (Change::Interpreters(false), "documents-notice-unshared"),
        "delete" => (Change::Delete, "documents-notice-deleted"),
        _ => return Err(Failure::bad_request("error-bad-request")),
    };
    let (actor, of, speaker) = (guest.actor(), (guest.own.event.id, path.2), Some(guest.own.speaker.id));
    let job = move |db: &mut DbConnection, now| operations::change(db, now, actor, of, (None, speaker), change);
    guest.visit.app.write(job).await?;
    if change == Change::Delete {
        guest.visit.app.files.remove_document(path.2).await;
    }
    Ok(respond::see_other_with_notice(guest.url("/documents"), notice))
}
