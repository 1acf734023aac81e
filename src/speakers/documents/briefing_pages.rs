//! Packs for interpreters: the organizers' list of links, and the pages behind a link.

use super::archive::{Packed, hand_out, hand_out_all};
use super::model::{Briefing, Document};
use super::operations;
use super::view::DocumentWords;
use crate::accounts::access::{Allowed, EditProgramme};
use crate::accounts::model::Permission;
use crate::app::App;
use crate::db::{BriefingId, DbConnection, DocumentId, ForumId, SessionId, UtcTime};
use crate::events::model::Event;
use crate::events::operations as events;
use crate::i18n::{Lang, Localized};
use crate::programme::model::SessionState;
use crate::programme::strands::operations as strands;
use crate::schedule::model::{Programme, ProgrammeSession};
use crate::schedule::wording::when;
use crate::speakers::inviting::operations as inviting;
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Choice, EventHead, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext,
    RouteTable, Token, Visit, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use std::collections::HashSet;
use std::sync::Arc;

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/briefings", list_briefings);
    routes.post("/organizer/{event}/briefings", make_briefing);
    routes.post("/organizer/{event}/briefings/{briefing}/revoke", revoke_briefing);
    routes.get("/{event}/briefing/{token}", show_briefing);
    routes.get("/{event}/briefing/{token}/all.zip", download_all);
    routes.get("/{event}/briefing/{token}/documents/{document}", download);
}

type Team = Allowed<EditProgramme>;

#[derive(Serialize)]
struct BriefingsPage {
    errors: Vec<ErrorLine>,
    /// The link that was just made: it is shown this once.
    link: String,
    briefings: Vec<BriefingLine>,
    name: Field,
    what: Field,
    event_choice: bool,
    forums: Vec<Choice>,
    sessions: Vec<Choice>,
    speakers_url: String,
}

impl Page for BriefingsPage {
    const TEMPLATE: &'static str = "organizer/briefings.html";
}

#[derive(Serialize)]
struct BriefingLine {
    name: String,
    what: String,
    made: String,
    opened: String,
    is_revoked: bool,
    revoke_url: String,
}

/// What links can be about, as far as the account may make some.
struct Offered {
    briefings: Vec<Briefing>,
    forums: Vec<(ForumId, String)>,
    sessions: Vec<(SessionId, String)>,
}

async fn offered(team: &Team, context: &PageContext) -> Result<Offered, Failure> {
    let event = team.event.id;
    let read = move |db: &mut DbConnection| {
        let all = (operations::briefings(db, event)?, strands::forums(db, event)?, inviting::sessions(db, event)?);
        Ok::<_, Failure>(all)
    };
    let (mut briefings, forums, mut sessions) = team.visit.app.read(read).await?;
    let own: Vec<_> = forums.iter().filter(|(forum, _)| team.may_edit_forum(Some(forum.id))).collect();
    sessions.retain(|(_, _, forum)| team.may_edit_forum(*forum));
    let is_own = |one: &Briefing| match (one.forum_id, one.session_id) {
        (Some(forum), _) => team.may_edit_forum(Some(forum)),
        (_, Some(session)) => sessions.iter().any(|(id, ..)| *id == session),
        (None, None) => team.may(Permission::ManageEvent),
    };
    briefings.retain(is_own);
    let name = |name: &Localized| Text::pick(name, context.lang, &team.event.languages).text;
    Ok(Offered {
        briefings,
        forums: own.iter().map(|(forum, _)| (forum.id, name(&forum.name))).collect(),
        sessions: sessions.iter().map(|(id, title, _)| (*id, name(title))).collect(),
    })
}

async fn show_list(
    team: &Team,
    status: StatusCode,
    link: String,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = team.context("speakers", "documents-briefings-title");
    let offered = offered(team, &context).await?;
    let view = FormView::new(&team.visit, &context, form, errors);
    let choices = |word: &str, all: Vec<(String, String)>| {
        view.choices("what", all.into_iter().map(|(id, name)| (format!("{word}:{id}"), name)))
    };
    let page = BriefingsPage {
        errors: view.summary(),
        link,
        briefings: offered.briefings.iter().map(|one| line(team, &context, one, &offered)).collect(),
        name: view.field("name"),
        what: view.field("what"),
        event_choice: team.may(Permission::ManageEvent),
        forums: choices("forum", offered.forums.iter().map(|(id, name)| (id.to_string(), name.clone())).collect()),
        sessions: choices(
            "session",
            offered.sessions.iter().map(|(id, name)| (id.to_string(), name.clone())).collect(),
        ),
        speakers_url: format!("/organizer/{}/speakers", team.event.slug),
    };
    team.visit.show_with_status(status, &context, &page)
}

fn line(team: &Team, context: &PageContext, one: &Briefing, offered: &Offered) -> BriefingLine {
    let at = |at: UtcTime| context.formatter().date_time(at.in_zone(team.event.zone()).naive_local());
    let forum = one.forum_id.and_then(|id| offered.forums.iter().find(|(forum, _)| *forum == id));
    let session = one.session_id.and_then(|id| offered.sessions.iter().find(|(session, _)| *session == id));
    let named = forum.map(|(_, name)| name).or_else(|| session.map(|(_, name)| name));
    let whole = || team.visit.app.texts.text(context.lang, "documents-briefing-event", &[]);
    BriefingLine {
        name: one.name.clone(),
        what: named.cloned().unwrap_or_else(whole),
        made: at(one.created_at),
        opened: one.opened_at.map(at).unwrap_or_default(),
        is_revoked: one.revoked_at.is_some(),
        revoke_url: format!("/organizer/{}/briefings/{}/revoke", team.event.slug, one.id),
    }
}

/// `GET /organizer/{event}/briefings`.
async fn list_briefings(team: Team) -> PageResult {
    show_list(&team, StatusCode::OK, String::new(), (&FormData::default(), &FieldErrors::default())).await
}

/// `POST /organizer/{event}/briefings`: shows the new link this once, because only its hash is kept.
async fn make_briefing(team: Team, form: FormData) -> PageResult {
    let token = Token::new();
    let context = team.context("speakers", "documents-briefings-title");
    let offered = offered(&team, &context).await?;
    let briefing = match read(&team, &form, &offered, &token) {
        Ok(briefing) => briefing,
        Err(errors) => {
            return show_list(&team, StatusCode::UNPROCESSABLE_ENTITY, String::new(), (&form, &errors)).await;
        }
    };
    let actor = team.actor();
    let job = move |db: &mut DbConnection, now| Ok::<_, Failure>(operations::add_briefing(db, now, actor, &briefing)?);
    team.visit.app.write(job).await?;
    let link = team.visit.absolute(&format!("/{}/briefing/{}", team.event.slug, token.reveal()));
    show_list(&team, StatusCode::OK, link, (&FormData::default(), &FieldErrors::default())).await
}

fn read(team: &Team, form: &FormData, offered: &Offered, token: &Token) -> Result<Briefing, FieldErrors> {
    let mut checker = Checker::new(form);
    let name = checker.required_line("name");
    let (word, id) = form.text("what").split_once(':').unwrap_or((form.text("what"), ""));
    let forum = id.parse::<ForumId>().ok().filter(|id| offered.forums.iter().any(|(forum, _)| forum == id));
    let session = id.parse::<SessionId>().ok().filter(|id| offered.sessions.iter().any(|(one, _)| one == id));
    let (forum_id, session_id) = match word {
        "forum" => (forum, None),
        "session" => (None, session),
        _ => (None, None),
    };
    let is_whole = word == "event" && team.may(Permission::ManageEvent);
    if !is_whole && forum_id.is_none() && session_id.is_none() {
        checker.wrong("what", Message::new("documents-error-what"));
    }
    checker.finish(Briefing {
        id: BriefingId::new(),
        event_id: team.event.id,
        forum_id,
        session_id,
        name,
        token_hash: token.hash(),
        created_at: team.visit.app.clock.now(),
        opened_at: None,
        revoked_at: None,
    })
}

/// `POST /organizer/{event}/briefings/{briefing}/revoke`.
async fn revoke_briefing(team: Team, path: Path<(String, BriefingId)>) -> PageResult {
    let context = team.context("speakers", "documents-briefings-title");
    let own = offered(&team, &context).await?.briefings;
    if !own.iter().any(|one| one.id == path.1) {
        return Err(Failure::NotFound);
    }
    let (actor, of) = (team.actor(), (team.event.id, path.1));
    team.visit.app.write(move |db, now| operations::revoke_briefing(db, now, actor, of)).await?;
    let list = format!("/organizer/{}/briefings", team.event.slug);
    Ok(respond::see_other_with_notice(list, "documents-notice-revoked"))
}

#[derive(Serialize)]
struct BriefingPage {
    name: String,
    sessions: Vec<SessionBlock>,
    all_url: String,
    zone: String,
}

impl Page for BriefingPage {
    const TEMPLATE: &'static str = "public/briefing.html";
}

#[derive(Serialize)]
struct SessionBlock {
    title: Text,
    times: Vec<String>,
    /// The language of the floor and those that it is interpreted into.
    floor: String,
    interpreted: String,
    people: Vec<String>,
    documents: Vec<DocumentLine>,
}

#[derive(Serialize)]
struct DocumentLine {
    kind: String,
    name: String,
    size: String,
    version: String,
    uploaded: String,
    url: String,
}

/// What a link shows.
struct Pack {
    event: Event,
    briefing: Briefing,
    documents: Vec<Document>,
    programme: Option<Arc<Programme>>,
}

impl Pack {
    /// The published sessions of the link that are interpreted, by time.
    fn sessions(&self) -> Vec<&ProgrammeSession> {
        let Some(programme) = &self.programme else { return Vec::new() };
        let is_shown = |session: &&ProgrammeSession| {
            session.state != SessionState::Cancelled
                && (!session.interpreted.is_empty() || self.briefing.session_id == Some(session.id))
                && self.briefing.shows(session.id, session.forum)
        };
        let mut sessions: Vec<&ProgrammeSession> = programme.sessions.iter().filter(is_shown).collect();
        sessions.sort_by_key(|session| session.slots.first().map(|slot| slot.start));
        sessions
    }

    fn documents_of(&self, session: SessionId) -> impl Iterator<Item = &Document> {
        self.documents.iter().filter(move |one| one.session_id == Some(session))
    }
}

/// What the link opens. Each wrong one may be a try to guess one.
async fn pack(visit: &Visit, client: &ClientAddress, (slug, token): (String, String)) -> Result<Pack, Failure> {
    let hash = Token::received(token).hash();
    let read = move |db: &mut DbConnection| {
        let event = events::by_slug(db, &slug)?.ok_or(Failure::NotFound)?;
        let Some(briefing) = operations::briefing(db, event.id, &hash)? else { return Ok(None) };
        let documents = operations::for_interpreters(db, event.id)?;
        Ok::<_, Failure>(Some((event, briefing, documents)))
    };
    let Some((event, briefing, documents)) = visit.app.read(read).await? else {
        visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
        return Err(Failure::NotFound);
    };
    let programme = released(&visit.app, &event);
    Ok(Pack { event, briefing, documents, programme })
}

fn released(app: &App, event: &Event) -> Option<Arc<Programme>> {
    let site = app.site.snapshot();
    site.event(&event.slug)?.released.as_ref().map(|released| Arc::clone(&released.programme))
}

/// `GET /{event}/briefing/{token}`.
async fn show_briefing(visit: Visit, client: ClientAddress, path: Path<(String, String)>) -> PageResult {
    let path = path.into_inner();
    let base = format!("/{}/briefing/{}", path.0, path.1);
    let pack = pack(&visit, &client, path).await?;
    if pack.briefing.opened_at.is_none() {
        let id = pack.briefing.id;
        visit.app.write(move |db, now| Ok::<_, Failure>(operations::note_opened(db, now, id)?)).await?;
    }
    let mut context = PageContext::new(&visit, &pack.event.languages, "");
    context.event = Some(EventHead::of(&visit, &pack.event, context.lang));
    let context = context.titled(&visit, "documents-briefing-title");
    let sessions: Vec<SessionBlock> =
        pack.sessions().iter().map(|session| block(&visit, context.lang, &pack, session, &base)).collect();
    let has_any = sessions.iter().any(|session| !session.documents.is_empty());
    let page = BriefingPage {
        name: pack.briefing.name.clone(),
        sessions,
        all_url: if has_any { format!("{base}/all.zip") } else { String::new() },
        zone: pack.event.zone().name().to_owned(),
    };
    visit.show(&context, &page)
}

fn block(visit: &Visit, lang: Lang, pack: &Pack, session: &ProgrammeSession, base: &str) -> SessionBlock {
    let texts = &visit.app.texts;
    let zone = pack.event.zone();
    let language = |lang_of: &Lang| crate::web::form_view::own_name(texts, *lang_of);
    let separator = texts.text(lang, "common-list-separator", &[]);
    let programme = pack.programme.as_deref();
    let speaker = |part: &crate::schedule::model::Participation| {
        let found = programme?.speakers.iter().find(|speaker| speaker.id == part.speaker)?;
        let role = texts.text(lang, &format!("public-role-{}", part.role), &[]);
        Some(match &found.native_name {
            Some(native) => format!("{} {native} · {role}", found.name),
            None => format!("{} · {role}", found.name),
        })
    };
    let words = DocumentWords {
        texts,
        lang,
        zone,
        names: &|_| String::new(),
        titles: &|_| String::new(),
        url: &|_| String::new(),
    };
    let document = |one: &Document| DocumentLine {
        kind: texts.text(lang, &format!("documents-kind-{}", one.kind), &[]),
        name: one.name.clone(),
        size: words.size(one.bytes),
        version: texts.text(lang, "documents-version", &[("number", i64::from(one.number).into())]),
        uploaded: crate::i18n::Formatter::of(lang).date_time(one.created_at.in_zone(zone).naive_local()),
        url: format!("{base}/documents/{}", one.id),
    };
    SessionBlock {
        title: Text::pick(&session.title, lang, &pack.event.languages),
        times: session.slots.iter().map(|slot| when(crate::i18n::Formatter::of(lang), zone, slot)).collect(),
        floor: session.language.as_ref().map(language).unwrap_or_default(),
        interpreted: session.interpreted.iter().map(language).collect::<Vec<_>>().join(&separator),
        people: session.people.iter().filter_map(speaker).collect(),
        documents: pack.documents_of(session.id).map(document).collect(),
    }
}

/// `GET /{event}/briefing/{token}/documents/{document}`.
async fn download(visit: Visit, client: ClientAddress, path: Path<(String, String, DocumentId)>) -> PageResult {
    let (slug, token, id) = path.into_inner();
    let pack = pack(&visit, &client, (slug, token)).await?;
    let shown: HashSet<SessionId> = pack.sessions().iter().map(|session| session.id).collect();
    let is_shown = |one: &&Document| one.id == id && one.session_id.is_some_and(|session| shown.contains(&session));
    let document = pack.documents.iter().find(is_shown).ok_or(Failure::NotFound)?;
    hand_out(&visit.app, document).await
}

/// `GET /{event}/briefing/{token}/all.zip`.
async fn download_all(visit: Visit, client: ClientAddress, path: Path<(String, String)>) -> PageResult {
    let pack = pack(&visit, &client, path.into_inner()).await?;
    let (mut taken, mut files) = (HashSet::new(), Vec::new());
    let main = pack.event.main_language();
    for session in pack.sessions() {
        let title = session.title.text(main, &pack.event.languages);
        let folder = format!("{} {}", session.code, title.chars().take(60).collect::<String>());
        files.extend(pack.documents_of(session.id).map(|one| Packed::new(folder.trim(), one, &mut taken)));
    }
    if files.is_empty() {
        return Err(Failure::NotFound);
    }
    hand_out_all(&visit.app, &format!("{}-briefing.zip", pack.event.slug), files)
}
