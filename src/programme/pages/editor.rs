//! The page of one session: its form and what is done with it.

use super::form;
use super::placing::{self, Placing};
use super::{Editor, Loaded, load, load_own, session_url};
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::db::SessionId;
use crate::i18n::Localized;
use crate::programme::model::{Access, LinkKind, Role, Session, SessionFacts, SessionState};
use crate::programme::operations::{self, SessionError};
use crate::speakers::own::standings::{AnswerLine, Wording};
use crate::web::error::PageResult;
use crate::web::form_view::{Choice, differences};
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Difference, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, PageContext, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The page of one session: its form, and its places in the timetable.
#[derive(Serialize)]
pub(super) struct SessionPage {
    errors: Vec<ErrorLine>,
    conflicts: Vec<Difference>,
    version: String,
    is_new: bool,
    may_edit: bool,
    title: Vec<LocalizedField>,
    subtitle: Vec<LocalizedField>,
    abstract_text: Vec<LocalizedField>,
    description: Vec<LocalizedField>,
    format: Field,
    formats: Vec<Choice>,
    forum: Field,
    forums: Vec<Choice>,
    language: Field,
    interpreted: Field,
    access: Field,
    accesses: Vec<Choice>,
    capacity: Field,
    expected: Field,
    buffer_before: Field,
    buffer_after: Field,
    state: Field,
    states: Vec<Choice>,
    may_record: Field,
    is_recorded: bool,
    people: Vec<PersonRow>,
    speakers: Vec<String>,
    links: Vec<LinkRow>,
    placing: Option<Placing>,
    /// What its speakers say to its slots of the newest release.
    answers: Vec<AnswerLine>,
    sessions_url: String,
    delete_url: String,
    public_url: String,
    /// What its people hand in and need; empty for who may not change it.
    preparation_url: String,
}

impl Page for SessionPage {
    const TEMPLATE: &'static str = "organizer/session.html";
}

#[derive(Serialize)]
struct PersonRow {
    person: Field,
    role: String,
    roles: Vec<Choice>,
}

#[derive(Serialize)]
struct LinkRow {
    link: Field,
    title: Field,
    kind: String,
    kinds: Vec<Choice>,
}

/// The forms of a session's page: as stored, or as typed with what is wrong.
pub(super) struct Shown<'a> {
    pub(super) status: StatusCode,
    pub(super) form: &'a FormData,
    pub(super) errors: &'a FieldErrors,
    /// The placing form as typed, and what is wrong with it.
    pub(super) placing: Option<(&'a FormData, &'a FieldErrors)>,
}

impl<'a> Shown<'a> {
    /// The form alone, with what is wrong with it.
    fn form(status: StatusCode, form: &'a FormData, errors: &'a FieldErrors) -> Self {
        Self { status, form, errors, placing: None }
    }

    /// Whether someone else has changed what the session's own form is about.
    fn is_conflict(&self) -> bool {
        self.status == StatusCode::CONFLICT && self.placing.is_none()
    }
}

pub(super) fn show<P>(team: &Allowed<P>, loaded: &Loaded, shown: &Shown<'_>) -> PageResult {
    let title = if loaded.session.is_some() { "programme-session-title" } else { "programme-new-session-title" };
    let context = team.context("sessions", title);
    let page = session_page(team, &context, loaded, shown);
    if let Some(session) = loaded.session.as_ref().filter(|_| shown.is_conflict() && page.conflicts.is_empty()) {
        // Both wrote the same: nothing is left to decide.
        return Ok(respond::see_other_with_notice(session_url(team, session.id), "programme-notice-saved"));
    }
    team.visit.show_with_status(shown.status, &context, &page)
}

fn session_page<P>(team: &Allowed<P>, context: &PageContext, loaded: &Loaded, shown: &Shown<'_>) -> SessionPage {
    let (draft, session, Shown { form, errors, .. }) = (loaded.draft(), &loaded.session, shown);
    let view = FormView::new(&team.visit, context, form, errors);
    let (texts, languages, lang) = (&team.visit.app.texts, &team.event.languages, context.lang);
    let word = |key: String| texts.text(lang, &key, &[]);
    let conflict = session.as_ref().filter(|_| shown.is_conflict());
    let state = session.as_ref().map_or(SessionState::Draft, |session| session.state);
    let steps = std::iter::once(state).chain(state.next().iter().copied());
    let own = session.as_ref().and_then(|session| session.forum_id);
    let forums = draft.forums.iter().filter(|one| team.may_edit_forum(Some(one.id)) || own == Some(one.id));
    let name = |name: &Localized| Text::pick(name, lang, languages).text;
    let base = format!("/organizer/{}/sessions", team.event.slug);
    SessionPage {
        errors: view.summary(),
        conflicts: conflict
            .map_or_else(Vec::new, |session| differences(texts, lang, "programme", form, &stored(session, loaded))),
        version: conflict.map_or_else(|| form.text("version").to_owned(), |session| session.version.to_string()),
        is_new: session.is_none(),
        may_edit: may_edit(team, session.as_ref()),
        title: view.localized("title", languages),
        subtitle: view.localized("subtitle", languages),
        abstract_text: view.localized("abstract", languages),
        description: view.localized("description", languages),
        format: view.field("format"),
        formats: view.choices("format", draft.formats.iter().map(|one| (one.id.to_string(), name(&one.name)))),
        forum: view.field("forum"),
        forums: view.choices("forum", forums.map(|one| (one.id.to_string(), name(&one.name)))),
        language: view.field("language"),
        interpreted: view.field("interpreted"),
        access: view.field("access"),
        accesses: view
            .choices("access", Access::ALL.iter().map(|one| (one.to_string(), word(format!("public-access-{one}"))))),
        capacity: view.field("capacity"),
        expected: view.field("expected"),
        buffer_before: view.field("buffer_before"),
        buffer_after: view.field("buffer_after"),
        state: view.field("state"),
        states: view.choices("state", steps.map(|one| (one.to_string(), word(format!("programme-state-{one}"))))),
        may_record: view.field("may_record"),
        is_recorded: view.ticked("may_record"),
        people: (0..form::rows(form, "person")).map(|row| person_row(&view, &word, row)).collect(),
        speakers: draft.speakers.iter().map(form::written).collect(),
        links: (0..form::rows(form, "link")).map(|row| link_row(&view, &word, row)).collect(),
        placing: loaded.in_draft().map(|one| placing::placing(team, context, loaded, one, shown.placing)),
        answers: session
            .as_ref()
            .zip(loaded.released.as_ref())
            .map(|(session, released)| {
                Wording { texts, lang, event: &team.event }.of_session(released, &loaded.answers, session.id)
            })
            .unwrap_or_default(),
        delete_url: session.as_ref().map(|session| format!("{base}/{}/delete", session.id)).unwrap_or_default(),
        preparation_url: session
            .as_ref()
            .filter(|session| may_edit(team, Some(session)))
            .map(|session| format!("{base}/{}/preparation", session.id))
            .unwrap_or_default(),
        public_url: session
            .as_ref()
            .filter(|_| loaded.released.is_some())
            .map(|session| format!("/{}/sessions/{}", team.event.slug, session.code))
            .unwrap_or_default(),
        sessions_url: base,
    }
}

/// Whether this account may change a session, or make one.
pub(super) fn may_edit<P>(team: &Allowed<P>, session: Option<&Session>) -> bool {
    team.may(Permission::EditProgramme) && session.is_none_or(|session| team.may_edit_forum(session.forum_id))
}

fn person_row(view: &FormView<'_>, word: &dyn Fn(String) -> String, row: usize) -> PersonRow {
    let role = format!("role.{row}");
    PersonRow {
        person: view.field(&format!("person.{row}")),
        roles: view.choices(&role, Role::ALL.iter().map(|one| (one.to_string(), word(format!("public-role-{one}"))))),
        role,
    }
}

fn link_row(view: &FormView<'_>, word: &dyn Fn(String) -> String, row: usize) -> LinkRow {
    let kind = format!("link_kind.{row}");
    LinkRow {
        link: view.field(&format!("link.{row}")),
        title: view.field(&format!("link_title.{row}")),
        kinds: view
            .choices(&kind, LinkKind::ALL.iter().map(|one| (one.to_string(), word(format!("programme-link-{one}"))))),
        kind,
    }
}

pub(super) fn stored(session: &Session, loaded: &Loaded) -> FormData {
    let planning = loaded.checked.draft.sessions.get(&session.id).copied().unwrap_or_default();
    form::stored(session, loaded.in_draft().map_or(&[][..], |one| &one.people), &planning, loaded.draft())
}

/// What the posted form says; a forum organizer's session belongs to one of their forums.
fn checked(team: &Editor, loaded: &Loaded, form: &FormData) -> Result<SessionFacts, FieldErrors> {
    let facts = form::facts(&team.event, loaded.draft(), loaded.session.as_ref(), form)?;
    if team.may_edit_forum(facts.forum) {
        return Ok(facts);
    }
    let mut errors = FieldErrors::default();
    errors.push("forum", Message::new("programme-not-your-forum"));
    Err(errors)
}

/// `GET /organizer/{event}/sessions/new`.
pub(super) async fn show_new_session(team: Editor) -> PageResult {
    let loaded = load(&team, None).await?;
    let form = FormData::from_fields([("access", "open"), ("state", "draft"), ("may_record", "on")]);
    show(&team, &loaded, &Shown::form(StatusCode::OK, &form, &FieldErrors::default()))
}

/// `POST /organizer/{event}/sessions/new`.
pub(super) async fn create_session(team: Editor, form: FormData) -> PageResult {
    let loaded = load(&team, None).await?;
    let facts = match checked(&team, &loaded, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, &loaded, &Shown::form(StatusCode::UNPROCESSABLE_ENTITY, &form, &errors)),
    };
    let (actor, event) = (team.actor(), team.event.id);
    let id = team.visit.app.write(move |db, now| operations::create(db, now, actor, event, &facts)).await?;
    Ok(respond::see_other_with_notice(session_url(&team, id), "programme-notice-created"))
}

/// `GET /organizer/{event}/sessions/{session}`. Who may not change it may look at it.
pub(super) async fn show_session(team: Allowed<ViewEvent>, path: Path<(String, SessionId)>) -> PageResult {
    let loaded = load(&team, Some(path.1)).await?;
    let session = loaded.session.as_ref().ok_or(Failure::NotFound)?;
    show(&team, &loaded, &Shown::form(StatusCode::OK, &stored(session, &loaded), &FieldErrors::default()))
}

/// `POST /organizer/{event}/sessions/{session}`.
pub(super) async fn change_session(team: Editor, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    let (loaded, session) = load_own(&team, path.1).await?;
    let facts = match checked(&team, &loaded, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, &loaded, &Shown::form(StatusCode::UNPROCESSABLE_ENTITY, &form, &errors)),
    };
    let (actor, key) = (team.actor(), (team.event.id, session.id, form.text("version").parse().unwrap_or(0)));
    match team.visit.app.write(move |db, now| operations::update(db, now, actor, key, &facts)).await {
        Ok(()) => Ok(respond::see_other_with_notice(session_url(&team, session.id), "programme-notice-saved")),
        Err(SessionError::Stale) => {
            let (loaded, _) = load_own(&team, session.id).await?;
            show(&team, &loaded, &Shown::form(StatusCode::CONFLICT, &form, &FieldErrors::default()))
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /organizer/{event}/sessions/{session}/delete`.
pub(super) async fn delete_session(team: Editor, path: Path<(String, SessionId)>) -> PageResult {
    let (_, session) = load_own(&team, path.1).await?;
    let (actor, event, id) = (team.actor(), team.event.id, session.id);
    team.visit.app.write(move |db, now| operations::delete(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(format!("/organizer/{}/sessions", team.event.slug), "programme-notice-deleted"))
}
