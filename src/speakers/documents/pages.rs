//! `/organizer/{event}/sessions/{session}/preparation`: what a session's people have handed in.

use super::archive::hand_out;
use super::inspecting::DocumentType;
use super::model::{Document, DocumentKind};
use super::operations::{self, Change, DocumentError, NewDocument};
use super::receiving::{Received, receive};
use super::view::{DocumentWords, SeriesView};
use crate::accounts::access::{Allowed, EditProgramme};
use crate::db::{DbConnection, DocumentId, SessionId, SpeakerId};
use crate::i18n::Lang;
use crate::programme::model::Session;
use crate::programme::operations as programme;
use crate::speakers::logistics::operations::{self as logistics, OfSession};
use crate::speakers::own::model::AnsweredBy;
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond,
};
use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/sessions/{session}/preparation", show_preparation);
    routes.post("/organizer/{event}/sessions/{session}/documents", upload);
    routes.get("/organizer/{event}/sessions/{session}/documents/{document}", download);
    routes.post("/organizer/{event}/sessions/{session}/documents/{document}", change);
}

type Team = Allowed<EditProgramme>;
type OnePath = Path<(String, SessionId)>;
type DocumentPath = Path<(String, SessionId, DocumentId)>;

impl From<DocumentError> for Failure {
    fn from(error: DocumentError) -> Self {
        match error {
            DocumentError::NotFound => Self::NotFound,
            DocumentError::TooMany => Self::conflict("documents-error-too-many"),
            DocumentError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct PreparationPage {
    errors: Vec<ErrorLine>,
    title: Text,
    back_url: String,
    people: Vec<PersonView>,
    asks_consent: bool,
    series: Vec<SeriesView>,
    action: String,
    kind: Field,
    kinds: Vec<Choice>,
    speaker: Field,
    speakers: Vec<Choice>,
    file: Field,
    accept: String,
    types: String,
    most: String,
    is_shared: bool,
    shared: Field,
}

impl Page for PreparationPage {
    const TEMPLATE: &'static str = "organizer/session_preparation.html";
}

/// Somebody who takes part, and what they need.
#[derive(Serialize)]
struct PersonView {
    name: String,
    url: String,
    has_said: bool,
    speaks: String,
    /// "Speaks French, and the session is not interpreted from it"; mostly empty.
    concern: String,
    is_remote: bool,
    wants_interpretation: bool,
    equipment: String,
    notes: String,
    has_agreed: bool,
}

/// What is known of a session's preparation.
struct Loaded {
    session: Session,
    documents: Vec<Document>,
    people: Vec<(SpeakerId, String)>,
    known: OfSession,
}

async fn load(team: &Team, id: SessionId) -> Result<Loaded, Failure> {
    let event = team.event.id;
    let read = move |db: &mut DbConnection| {
        let session = programme::find(db, event, id)?.ok_or(Failure::NotFound)?;
        let (documents, people) = (operations::of_session(db, id)?, operations::people_of(db, id)?);
        let known = logistics::of_session(db, event, id)?;
        Ok::<_, Failure>(Loaded { session, documents, people, known })
    };
    let loaded = team.visit.app.read(read).await?;
    if team.may_edit_forum(loaded.session.forum_id) { Ok(loaded) } else { Err(Failure::Forbidden) }
}

fn url(team: &Team, session: SessionId, below: &str) -> String {
    format!("/organizer/{}/sessions/{session}/{below}", team.event.slug)
}

/// The choices of what a document is for.
pub fn kinds(view: &FormView<'_>, word: impl Fn(&str) -> String) -> Vec<Choice> {
    let kind = |kind: &DocumentKind| (kind.to_string(), word(&format!("documents-kind-{kind}")));
    view.choices("kind", DocumentKind::ALL.iter().map(kind))
}

fn show(team: &Team, loaded: &Loaded, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = team.context("sessions", "documents-preparation-title");
    let page = preparation(team, &context, loaded, (form, errors));
    team.visit.show_with_status(status, &context, &page)
}

fn preparation(
    team: &Team,
    context: &PageContext,
    loaded: &Loaded,
    (form, errors): (&FormData, &FieldErrors),
) -> PreparationPage {
    let (view, texts) = (FormView::new(&team.visit, context, form, errors), &team.visit.app.texts);
    let id = loaded.session.id;
    let name = |speaker: SpeakerId| {
        loaded.people.iter().find(|(one, _)| *one == speaker).map(|(_, name)| name.clone()).unwrap_or_default()
    };
    let words = DocumentWords {
        texts,
        lang: context.lang,
        zone: team.event.zone(),
        names: &name,
        titles: &|_| String::new(),
        url: &|one| url(team, id, &format!("documents/{}", one.id)),
    };
    let most = i64::try_from(team.visit.app.settings.limits.document_bytes).unwrap_or_default();
    PreparationPage {
        errors: view.summary(),
        title: Text::pick(&loaded.session.title, context.lang, &team.event.languages),
        back_url: format!("/organizer/{}/sessions/{id}", team.event.slug),
        people: loaded.people.iter().map(|person| person_view(team, context, loaded, person)).collect(),
        asks_consent: loaded.known.asks_consent,
        series: words.series(&loaded.documents),
        action: url(team, id, "documents"),
        kind: view.field("kind"),
        kinds: kinds(&view, |key| texts.text(context.lang, key, &[])),
        speaker: view.field("speaker"),
        speakers: view
            .choices("speaker", loaded.people.iter().map(|(speaker, name)| (speaker.to_string(), name.clone()))),
        file: view.secret("file"),
        accept: DocumentType::endings(".", ","),
        types: DocumentType::endings("", ", ").to_uppercase(),
        most: if most > 0 { words.size(most) } else { String::new() },
        is_shared: view.ticked("shared"),
        shared: view.field("shared"),
    }
}

fn person_view(team: &Team, context: &PageContext, loaded: &Loaded, (id, name): &(SpeakerId, String)) -> PersonView {
    let texts = &team.visit.app.texts;
    let needs = loaded.known.needs.get(id);
    let speaks = needs.and_then(|needs| needs.speaks);
    let language = speaks.map(|lang| own_name(texts, lang)).unwrap_or_default();
    let session = &loaded.session;
    let is_heard = speaks.is_none_or(|lang| {
        let known = |one: &Lang| one.primary() == lang.primary();
        session.language.as_ref().is_none_or(known) || session.interpreted.iter().any(known)
    });
    let with_language = |key: &str| texts.text(context.lang, key, &[("language", language.clone().into())]);
    PersonView {
        name: name.clone(),
        url: format!("/organizer/{}/speakers/{id}", team.event.slug),
        has_said: needs.is_some(),
        concern: if is_heard { String::new() } else { with_language("logistics-no-interpretation") },
        speaks: if language.is_empty() { String::new() } else { with_language("logistics-speaks-line") },
        is_remote: needs.is_some_and(|needs| needs.is_remote),
        wants_interpretation: needs.is_some_and(|needs| needs.wants_interpretation),
        equipment: needs.map(|needs| needs.equipment.clone()).unwrap_or_default(),
        notes: needs.map(|needs| needs.notes.clone()).unwrap_or_default(),
        has_agreed: loaded.known.agreed.contains(id),
    }
}

/// `GET /organizer/{event}/sessions/{session}/preparation`.
async fn show_preparation(team: Team, path: OnePath) -> PageResult {
    let loaded = load(&team, path.1).await?;
    let form = FormData::from_fields([("shared", "on")]);
    show(&team, &loaded, StatusCode::OK, (&form, &FieldErrors::default()))
}

/// `POST /organizer/{event}/sessions/{session}/documents`.
async fn upload(team: Team, path: OnePath, body: Multipart) -> PageResult {
    let loaded = load(&team, path.1).await?;
    let Received { form, kept, wrong } = receive(&team.visit.app, body).await?;
    let Some(kept) = kept else {
        let mut errors = FieldErrors::default();
        errors.push("file", wrong.unwrap_or(Message::new("documents-error-missing")));
        return show(&team, &loaded, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors));
    };
    let (id, actor) = (kept.id, team.actor());
    let new = NewDocument {
        event: team.event.id,
        session: path.1,
        speaker: form.text("speaker").parse().ok(),
        kind: form.text("kind").parse().unwrap_or(DocumentKind::Slides),
        is_public: form.is_ticked("public"),
        for_interpreters: form.is_ticked("shared"),
        by: AnsweredBy::Organizer,
        kept,
    };
    let outcome = team.visit.app.write(move |db, now| operations::add(db, now, actor, &new)).await;
    settle(&team.visit.app, id, outcome).await?;
    Ok(respond::see_other_with_notice(url(&team, path.1, "preparation"), "documents-notice-added"))
}

/// Removes the bytes of a document that got no row, unless nobody knows whether it did.
///
/// # Errors
/// What went wrong.
pub async fn settle(app: &crate::app::App, id: DocumentId, outcome: Result<i32, DocumentError>) -> Result<(), Failure> {
    match outcome {
        Ok(_) => Ok(()),
        Err(error) => {
            let failure = Failure::from(error);
            if !matches!(failure, Failure::Unknown) {
                app.files.remove_document(id).await;
            }
            Err(failure)
        }
    }
}

/// `GET /organizer/{event}/sessions/{session}/documents/{document}`.
async fn download(team: Team, path: DocumentPath) -> PageResult {
    let loaded = load(&team, path.1).await?;
    let document = loaded.documents.iter().find(|one| one.id == path.2).ok_or(Failure::NotFound)?;
    hand_out(&team.visit.app, document).await
}

/// `POST …/documents/{document}`: `do` is `approve`, `disapprove`, `share`, `unshare` or `delete`.
async fn change(team: Team, path: DocumentPath, form: FormData) -> PageResult {
    load(&team, path.1).await?;
    let (change, notice) = match form.text("do") {
        "approve" => (Change::Approve(true), "documents-notice-approved"),
        "disapprove" => (Change::Approve(false), "documents-notice-disapproved"),
        "share" => (Change::Interpreters(true), "documents-notice-shared"),
        "unshare" => (Change::Interpreters(false), "documents-notice-unshared"),
        "delete" => (Change::Delete, "documents-notice-deleted"),
        _ => return Err(Failure::bad_request("error-bad-request")),
    };
    let (actor, of, session) = (team.actor(), (team.event.id, path.2), Some(path.1));
    let job = move |db: &mut DbConnection, now| operations::change(db, now, actor, of, (session, None), change);
    team.visit.app.write(job).await?;
    if change == Change::Delete {
        team.visit.app.files.remove_document(path.2).await;
    }
    Ok(respond::see_other_with_notice(url(&team, path.1, "preparation"), notice))
}
