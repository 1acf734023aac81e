//! `/organizer/{event}/sessions`.

use super::model::{Access, Role, Session, SessionState};
use super::operations::{self, SessionError};
use super::placing::{self, Placing};
use super::session_form;
use crate::accounts::access::{Allowed, EditProgramme, ViewEvent};
use crate::accounts::model::Permission;
use crate::db::SessionId;
use crate::i18n::search_key;
use crate::schedule::model::{Programme, ProgrammeSession};
use crate::schedule::operations as schedule;
use crate::web::error::PageResult;
use crate::web::form_view::{Choice, differences};
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Difference, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, PageContext,
    RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/sessions", list_sessions);
    routes.get("/organizer/{event}/sessions/new", show_new_session);
    routes.post("/organizer/{event}/sessions/new", create_session);
    routes.get("/organizer/{event}/sessions/{session}", show_session);
    routes.post("/organizer/{event}/sessions/{session}", change_session);
    routes.post("/organizer/{event}/sessions/{session}/delete", delete_session);
    routes.post("/organizer/{event}/sessions/{session}/place", placing::place_session);
    routes.post("/organizer/{event}/sessions/{session}/unplace", placing::unplace_session);
}

pub(super) type Editor = Allowed<EditProgramme>;

impl From<SessionError> for Failure {
    fn from(error: SessionError) -> Self {
        match error {
            SessionError::NotFound => Self::NotFound,
            SessionError::Stale => Self::conflict("events-error-stale"),
            SessionError::WrongStep => Self::conflict("programme-error-step"),
            SessionError::Db(error) => error.into(),
        }
    }
}

/// Sessions on one page of the list.
const PAGE: usize = 50;

#[derive(Serialize)]
struct SessionsPage {
    query: String,
    states: Vec<Choice>,
    forums: Vec<Choice>,
    placed: Vec<Choice>,
    sessions: Vec<SessionLine>,
    count_label: String,
    previous_url: String,
    next_url: String,
    is_filtered: bool,
    new_url: String,
    may_edit: bool,
}

impl Page for SessionsPage {
    const TEMPLATE: &'static str = "organizer/sessions.html";
}

#[derive(Serialize)]
struct SessionLine {
    url: String,
    title: Text,
    people: String,
    forum: Text,
    forum_code: String,
    state: &'static str,
    state_label: String,
    when: String,
    room: Text,
}

/// `GET /organizer/{event}/sessions`.
async fn list_sessions(team: Allowed<ViewEvent>) -> PageResult {
    let event = team.event.clone();
    let draft = team.visit.app.read(move |db| Ok::<_, Failure>(schedule::draft_programme(db, &event)?)).await?;
    let context = team.context("sessions", "programme-sessions-title");
    let page = sessions_page(&team, &context, &draft);
    team.visit.show(&context, &page)
}

fn sessions_page(team: &Allowed<ViewEvent>, context: &PageContext, draft: &Programme) -> SessionsPage {
    let (visit, texts) = (&team.visit, &team.visit.app.texts);
    let param = |name: &str| visit.param(name).unwrap_or_default().trim().to_owned();
    let (query, state, forum, placed) = (param("q"), param("state"), param("forum"), param("placed"));
    let wanted = search_key([query.as_str()]);
    let fits = |session: &&ProgrammeSession| {
        let of_forum = session
            .forum
            .and_then(|id| draft.forums.iter().find(|forum| forum.id == id))
            .map_or("", |forum| forum.code.as_str());
        (wanted.is_empty() || search_key(words_of(session, draft)).contains(&wanted))
            && (state.is_empty() || session.state.as_str() == state)
            && (forum.is_empty() || of_forum == forum)
            && (placed.is_empty() || (placed == "yes") != session.slots.is_empty())
    };
    let all: Vec<&ProgrammeSession> = draft.sessions.iter().filter(fits).collect();
    let page: usize = visit.param("page").and_then(|page| page.parse().ok()).unwrap_or(1).max(1);
    let shown = all.iter().skip((page - 1) * PAGE).take(PAGE);
    let page_url = |page: usize| visit.url_with("page", &page.to_string());
    let choice =
        |value: &str, label: String, chosen: &str| Choice { value: value.to_owned(), label, selected: value == chosen };
    let text = |key: &str| texts.text(context.lang, key, &[]);
    let count = i64::try_from(all.len()).unwrap_or(i64::MAX);
    SessionsPage {
        states: SessionState::ALL
            .iter()
            .map(|one| choice(one.as_str(), text(&format!("programme-state-{one}")), &state))
            .collect(),
        forums: draft
            .forums
            .iter()
            .map(|one| choice(&one.code, Text::pick(&one.name, context.lang, &team.event.languages).text, &forum))
            .collect(),
        placed: ["yes", "no"]
            .iter()
            .map(|one| choice(one, text(&format!("programme-placed-{one}")), &placed))
            .collect(),
        sessions: shown.map(|session| session_line(team, context, draft, session)).collect(),
        count_label: texts.text(context.lang, "programme-count", &[("count", count.into())]),
        previous_url: if page > 1 { page_url(page - 1) } else { String::new() },
        next_url: if all.len() > page * PAGE { page_url(page + 1) } else { String::new() },
        is_filtered: [&query, &state, &forum, &placed].iter().any(|filter| !filter.is_empty()),
        new_url: format!("/organizer/{}/sessions/new", team.event.slug),
        may_edit: team.may(Permission::EditProgramme),
        query,
    }
}

/// Titles and names that a search looks at.
fn words_of<'a>(session: &'a ProgrammeSession, draft: &'a Programme) -> Vec<&'a str> {
    let people =
        session.people.iter().filter_map(|part| draft.speakers.iter().find(|speaker| speaker.id == part.speaker));
    session.title.iter().map(|(_, text)| text).chain(people.map(|speaker| speaker.name.as_str())).collect()
}

fn session_line(
    team: &Allowed<ViewEvent>,
    context: &PageContext,
    draft: &Programme,
    session: &ProgrammeSession,
) -> SessionLine {
    let languages = &team.event.languages;
    let forum = session.forum.and_then(|id| draft.forums.iter().find(|forum| forum.id == id));
    let slot = session.slots.first();
    let room = slot.and_then(|slot| slot.room).and_then(|id| draft.rooms.iter().find(|room| room.id == id));
    let people =
        session.people.iter().filter_map(|part| draft.speakers.iter().find(|speaker| speaker.id == part.speaker));
    let separator = team.visit.app.texts.text(context.lang, "common-list-separator", &[]);
    SessionLine {
        url: format!("/organizer/{}/sessions/{}", team.event.slug, session.id),
        title: Text::pick(&session.title, context.lang, languages),
        people: people.map(|speaker| speaker.name.as_str()).collect::<Vec<_>>().join(&separator),
        forum: forum.map(|forum| Text::pick(&forum.name, context.lang, languages)).unwrap_or_default(),
        forum_code: forum.map(|forum| forum.code.clone()).unwrap_or_default(),
        state: session.state.as_str(),
        state_label: team.visit.app.texts.text(context.lang, &format!("programme-state-{}", session.state), &[]),
        when: slot.map(|slot| placing::when(context.formatter(), team.event.zone(), slot)).unwrap_or_default(),
        room: room.map(|room| Text::pick(&room.name, context.lang, languages)).unwrap_or_default(),
    }
}

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
    state: Field,
    states: Vec<Choice>,
    may_record: Field,
    is_recorded: bool,
    people: Vec<PersonRow>,
    speakers: Vec<String>,
    links: Vec<LinkRow>,
    placing: Option<Placing>,
    sessions_url: String,
    delete_url: String,
    public_url: String,
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

/// What a session's page is made from.
pub(super) struct Shown<'a> {
    pub(super) status: StatusCode,
    pub(super) session: Option<&'a Session>,
    pub(super) form: &'a FormData,
    pub(super) errors: &'a FieldErrors,
    /// The placing form as typed, and what is wrong with it.
    pub(super) placing: (&'a FormData, &'a FieldErrors),
}

pub(super) fn show(team: &Editor, draft: &Programme, shown: &Shown<'_>) -> PageResult {
    let title = if shown.session.is_some() { "programme-session-title" } else { "programme-new-session-title" };
    let context = team.context("sessions", title);
    let page = session_page(team, &context, draft, shown);
    team.visit.show_with_status(shown.status, &context, &page)
}

fn session_page(team: &Editor, context: &PageContext, draft: &Programme, shown: &Shown<'_>) -> SessionPage {
    let Shown { status, session, form, errors, .. } = *shown;
    let view = FormView::new(&team.visit, context, form, errors);
    let (texts, languages, lang) = (&team.visit.app.texts, &team.event.languages, context.lang);
    let word = |key: String| texts.text(lang, &key, &[]);
    let present = session.and_then(|session| draft.sessions.iter().find(|one| one.id == session.id));
    let conflict = session.filter(|_| status == StatusCode::CONFLICT);
    let state = session.map_or(SessionState::Draft, |session| session.state);
    let steps = std::iter::once(state).chain(state.next().iter().copied());
    let conflicts = conflict.map_or_else(Vec::new, |session| {
        let people = present.map_or(&[][..], |one| &one.people);
        differences(texts, lang, "programme", form, &session_form::stored(session, people, draft))
    });
    let base = format!("/organizer/{}/sessions", team.event.slug);
    SessionPage {
        errors: view.summary(),
        conflicts,
        version: conflict.map_or_else(|| form.text("version").to_owned(), |session| session.version.to_string()),
        is_new: session.is_none(),
        may_edit: team.may_edit_forum(session.and_then(|session| session.forum_id)) || session.is_none(),
        title: view.localized("title", languages),
        subtitle: view.localized("subtitle", languages),
        abstract_text: view.localized("abstract", languages),
        description: view.localized("description", languages),
        format: view.field("format"),
        formats: view.choices(
            "format",
            draft.formats.iter().map(|one| (one.id.to_string(), Text::pick(&one.name, lang, languages).text)),
        ),
        forum: view.field("forum"),
        forums: view.choices(
            "forum",
            draft
                .forums
                .iter()
                .filter(|one| team.may_edit_forum(Some(one.id)))
                .map(|one| (one.id.to_string(), Text::pick(&one.name, lang, languages).text)),
        ),
        language: view.field("language"),
        interpreted: view.field("interpreted"),
        access: view.field("access"),
        accesses: view
            .choices("access", Access::ALL.iter().map(|one| (one.to_string(), word(format!("public-access-{one}"))))),
        capacity: view.field("capacity"),
        state: view.field("state"),
        states: view.choices("state", steps.map(|one| (one.to_string(), word(format!("programme-state-{one}"))))),
        may_record: view.field("may_record"),
        is_recorded: view.ticked("may_record"),
        people: (0..session_form::rows(form, "person")).map(|row| person_row(&view, &word, row)).collect(),
        speakers: draft.speakers.iter().map(session_form::written).collect(),
        links: (0..session_form::rows(form, "link")).map(|row| link_row(&view, &word, row)).collect(),
        placing: present.map(|one| placing::placing(team, context, draft, one, shown.placing)),
        delete_url: session.map(|session| format!("{base}/{}/delete", session.id)).unwrap_or_default(),
        public_url: session
            .map(|session| format!("/{}/sessions/{}", team.event.slug, session.code))
            .unwrap_or_default(),
        sessions_url: base,
    }
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
        kinds: view.choices(
            &kind,
            super::model::LinkKind::ALL.iter().map(|one| (one.to_string(), word(format!("programme-link-{one}")))),
        ),
        kind,
    }
}

/// The draft and one session of it.
pub(super) async fn load(team: &Editor, id: Option<SessionId>) -> Result<(Programme, Option<Session>), Failure> {
    let event = team.event.clone();
    team.visit
        .app
        .read(move |db| {
            let session = match id {
                Some(id) => Some(operations::find(db, event.id, id)?.ok_or(Failure::NotFound)?),
                None => None,
            };
            Ok((schedule::draft_programme(db, &event)?, session))
        })
        .await
}

/// `GET /organizer/{event}/sessions/new`.
async fn show_new_session(team: Editor) -> PageResult {
    let (draft, _) = load(&team, None).await?;
    let form = FormData::from_fields([("access", "open"), ("state", "draft"), ("may_record", "on")]);
    let none = (&FormData::default(), &FieldErrors::default());
    show(&team, &draft, &Shown { status: StatusCode::OK, session: None, form: &form, errors: none.1, placing: none })
}

/// `POST /organizer/{event}/sessions/new`.
async fn create_session(team: Editor, form: FormData) -> PageResult {
    let (draft, _) = load(&team, None).await?;
    let none = (&FormData::default(), &FieldErrors::default());
    let facts = session_form::facts(&team.event, &draft, None, &form)
        .and_then(|facts| own_forum(&team, facts.forum).map(|()| facts));
    let facts = match facts {
        Ok(facts) => facts,
        Err(errors) => {
            let status = StatusCode::UNPROCESSABLE_ENTITY;
            return show(&team, &draft, &Shown { status, session: None, form: &form, errors: &errors, placing: none });
        }
    };
    let (actor, event) = (team.actor(), team.event.id);
    let id = team.visit.app.write(move |db, now| operations::create(db, now, actor, event, &facts)).await?;
    Ok(respond::see_other_with_notice(session_url(&team, id), "programme-notice-created"))
}

/// A forum organizer's session belongs to one of their forums.
fn own_forum(team: &Editor, forum: Option<crate::db::ForumId>) -> Result<(), FieldErrors> {
    if team.may_edit_forum(forum) {
        return Ok(());
    }
    let mut errors = FieldErrors::default();
    errors.push("forum", Message::new("programme-not-your-forum"));
    Err(errors)
}

pub(super) fn session_url(team: &Editor, id: SessionId) -> String {
    format!("/organizer/{}/sessions/{id}", team.event.slug)
}

/// `GET /organizer/{event}/sessions/{session}`.
async fn show_session(team: Editor, path: Path<(String, SessionId)>) -> PageResult {
    let (draft, session) = load(&team, Some(path.1)).await?;
    let session = session.ok_or(Failure::NotFound)?;
    let form = stored(&session, &draft);
    let none = (&FormData::default(), &FieldErrors::default());
    show(
        &team,
        &draft,
        &Shown { status: StatusCode::OK, session: Some(&session), form: &form, errors: none.1, placing: none },
    )
}

pub(super) fn stored(session: &Session, draft: &Programme) -> FormData {
    let people = draft.sessions.iter().find(|one| one.id == session.id).map_or(&[][..], |one| &one.people);
    session_form::stored(session, people, draft)
}

/// `POST /organizer/{event}/sessions/{session}`.
async fn change_session(team: Editor, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    let (draft, session) = load(&team, Some(path.1)).await?;
    let session = session.ok_or(Failure::NotFound)?;
    if !team.may_edit_forum(session.forum_id) {
        return Err(Failure::Forbidden);
    }
    let none = (&FormData::default(), &FieldErrors::default());
    let again = |status, draft: &Programme, session: &Session, errors: &FieldErrors| {
        show(&team, draft, &Shown { status, session: Some(session), form: &form, errors, placing: none })
    };
    let facts = session_form::facts(&team.event, &draft, Some(&session), &form)
        .and_then(|facts| own_forum(&team, facts.forum).map(|()| facts));
    let facts = match facts {
        Ok(facts) => facts,
        Err(errors) => return again(StatusCode::UNPROCESSABLE_ENTITY, &draft, &session, &errors),
    };
    let (actor, key) = (team.actor(), (team.event.id, session.id, form.text("version").parse().unwrap_or(0)));
    match team.visit.app.write(move |db, now| operations::update(db, now, actor, key, &facts)).await {
        Ok(()) => Ok(respond::see_other_with_notice(session_url(&team, session.id), "programme-notice-saved")),
        Err(SessionError::Stale) => {
            let (draft, session) = load(&team, Some(session.id)).await?;
            again(StatusCode::CONFLICT, &draft, &session.ok_or(Failure::NotFound)?, &FieldErrors::default())
        }
        Err(error) => Err(error.into()),
    }
}

/// `POST /organizer/{event}/sessions/{session}/delete`.
async fn delete_session(team: Editor, path: Path<(String, SessionId)>) -> PageResult {
    let (_, session) = load(&team, Some(path.1)).await?;
    let session = session.ok_or(Failure::NotFound)?;
    if !team.may_edit_forum(session.forum_id) {
        return Err(Failure::Forbidden);
    }
    let (actor, event, id) = (team.actor(), team.event.id, session.id);
    team.visit.app.write(move |db, now| operations::delete(db, now, actor, event, id)).await?;
    Ok(respond::see_other_with_notice(format!("/organizer/{}/sessions", team.event.slug), "programme-notice-deleted"))
}
