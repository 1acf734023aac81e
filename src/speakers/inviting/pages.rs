//! The team's side: inviting somebody new, and the invitations of one speaker.

use super::letters::{Invited, deliveries};
use super::model::{Invitation, InvitationState, ProposedState, Titled};
use super::newcomers::{assistant, facts, not_yet};
use super::operations::{self, Delivery, InviteError, Newcomer};
use crate::accounts::access::{Allowed, EditProgramme};
use crate::db::{DbConnection, ForumId, SessionId, SpeakerId, SpeakerInvitationId, UtcTime};
use crate::i18n::{INTERFACE_LANGUAGES, Lang, Localized};
use crate::mail::address::EmailAddress;
use crate::programme::model::Role;
use crate::speakers::model::{Part, Speaker};
use crate::speakers::operations as speakers;
use crate::speakers::own::mails::SpeakerLetter;
use crate::speakers::own::model::Assistant;
use crate::speakers::own::operations as own;
use crate::web::error::PageResult;
use crate::web::form_view::{Choice, own_name};
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use std::collections::HashMap;

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/speakers/invite", show_invite);
    routes.post("/organizer/{event}/speakers/invite", invite_new);
    routes.get("/organizer/{event}/speakers/{speaker}/invitations", show_invitations);
    routes.post("/organizer/{event}/speakers/{speaker}/invitations", invite_again);
    routes.post("/organizer/{event}/speakers/{speaker}/invitations/{invitation}", change_invitation);
}

type Team = Allowed<EditProgramme>;
type OnePath = Path<(String, SpeakerId, SpeakerInvitationId)>;

impl From<InviteError> for Failure {
    fn from(error: InviteError) -> Self {
        match error {
            InviteError::NotFound => Self::NotFound,
            InviteError::Known => Self::conflict("inviting-error-known"),
            InviteError::KnownAddress(_) => Self::conflict("inviting-error-address"),
            InviteError::Undecided => Self::conflict("inviting-error-undecided"),
            InviteError::Unreachable => Self::conflict("inviting-error-unreachable"),
            InviteError::Stale => Self::conflict("inviting-error-stale"),
            InviteError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct InvitePage {
    errors: Vec<ErrorLine>,
    name: Field,
    native_name: Field,
    email: Field,
    language: Field,
    languages: Vec<Choice>,
    assistant_name: Field,
    assistant_email: Field,
    session: Field,
    sessions: Vec<Choice>,
    role: Field,
    roles: Vec<Choice>,
    words: Field,
    may_travel: Field,
    is_travel_ticked: bool,
    /// Tells one submission from another.
    key: String,
    back_url: String,
}

impl Page for InvitePage {
    const TEMPLATE: &'static str = "organizer/speaker_invite.html";
}

type OpenSession = (SessionId, Localized, Option<ForumId>);

/// The sessions that this account may invite to.
async fn sessions(team: &Team) -> Result<Vec<OpenSession>, Failure> {
    let event = team.event.id;
    let mut all = team.visit.app.read(move |db| Ok::<_, Failure>(operations::sessions(db, event)?)).await?;
    all.retain(|(_, _, forum)| team.may_edit_forum(*forum));
    Ok(all)
}

fn session_choices(team: &Team, context: &PageContext, sessions: &[OpenSession]) -> Vec<(String, String)> {
    let title = |title: &Localized| Text::pick(title, context.lang, &team.event.languages).text;
    let mut all: Vec<_> = sessions.iter().map(|(id, name, _)| (id.to_string(), title(name))).collect();
    all.sort_by(|left, right| context.formatter().compare(&left.1, &right.1));
    all
}

fn languages(team: &Team) -> Vec<Lang> {
    let mut all = INTERFACE_LANGUAGES.to_vec();
    for lang in team.event.languages.iter().filter(|lang| !INTERFACE_LANGUAGES.contains(lang)) {
        all.push(*lang);
    }
    all
}

async fn show_form(team: &Team, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let open = sessions(team).await?;
    let context = team.context("speakers", "inviting-title");
    let (view, texts) = (FormView::new(&team.visit, &context, form, errors), &team.visit.app.texts);
    let role = |role: &Role| (role.to_string(), texts.text(context.lang, &format!("public-role-{role}"), &[]));
    let page = InvitePage {
        errors: view.summary(),
        name: view.field("name"),
        native_name: view.field("native_name"),
        email: view.field("email"),
        language: view.field("language"),
        languages: view
            .choices("language", languages(team).into_iter().map(|lang| (lang.to_string(), own_name(texts, lang)))),
        assistant_name: view.field("assistant_name"),
        assistant_email: view.field("assistant_email"),
        session: view.field("session"),
        sessions: view.choices("session", session_choices(team, &context, &open)),
        role: view.field("role"),
        roles: view.choices("role", Role::ALL.iter().map(role)),
        words: view.field("words"),
        may_travel: view.field("may_travel"),
        is_travel_ticked: view.ticked("may_travel"),
        key: match form.text("key") {
            "" => uuid::Uuid::new_v4().to_string(),
            key => key.chars().take(KEY_LENGTH).collect(),
        },
        back_url: format!("/organizer/{}/speakers/board", team.event.slug),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/speakers/invite`.
async fn show_invite(team: Team) -> PageResult {
    let session = team.visit.param("session").unwrap_or_default().to_owned();
    let form = FormData::from_fields([("language", team.event.main_language().to_string()), ("session", session)]);
    show_form(&team, StatusCode::OK, (&form, &FieldErrors::default())).await
}

/// What was typed about somebody new.
struct Typed {
    newcomer: Newcomer,
    session: Option<SessionId>,
    words: String,
}

fn read(team: &Team, form: &FormData, open: &[OpenSession]) -> Result<Typed, FieldErrors> {
    let mut checker = Checker::new(form);
    let (name, native_name) = (checker.required_line("name"), checker.optional_line("native_name"));
    let email = checker.optional_parsed::<EmailAddress>("email", "error-email");
    let language = checker.optional_parsed::<Lang>("language", "speakers-unknown-language");
    if language.is_some_and(|lang| !languages(team).contains(&lang)) {
        checker.wrong("language", Message::new("speakers-unknown-language"));
    }
    let assistant_name = checker.line("assistant_name");
    let assistant_email = checker.optional_parsed::<EmailAddress>("assistant_email", "error-email");
    let nobody = form.text("email").trim().is_empty() && form.text("assistant_email").trim().is_empty();
    if nobody {
        checker.wrong("email", Message::new("inviting-error-nobody"));
    }
    if assistant_email.is_some() && assistant_name.is_empty() {
        checker.wrong("assistant_name", Message::new("error-required"));
    }
    let session = checker.optional_parsed::<SessionId>("session", "inviting-error-session");
    if session.is_some_and(|session| !open.iter().any(|(id, ..)| *id == session)) {
        checker.wrong("session", Message::new("inviting-error-session"));
    }
    let role = checker.optional_parsed::<Role>("role", "error-required").unwrap_or(Role::Speaker);
    let words = words(&mut checker);
    let (speaker, now) = (SpeakerId::new(), team.visit.app.clock.now());
    let assistant =
        assistant_email.map(|email| assistant(now, speaker, (assistant_name, form.is_ticked("may_travel")), &email));
    let facts = facts(name, native_name, (email, language));
    checker.finish(Typed { newcomer: Newcomer { speaker, facts, assistant, role }, session, words })
}

/// Longest key of a submission.
const KEY_LENGTH: usize = 200;
/// Longest word of the organizers.
const WORDS_LENGTH: usize = 2_000;

fn words(checker: &mut Checker<'_>) -> String {
    let words = checker.block("words");
    if words.chars().count() > WORDS_LENGTH {
        checker.wrong("words", Message::new("error-too-long").with("max", WORDS_LENGTH));
    }
    words
}

/// The mails of an invitation of somebody.
fn mails(
    team: &Team,
    (speaker, assistants): (&Speaker, &[Assistant]),
    (invitation, session): (&Invitation, Option<&Localized>),
) -> Result<Vec<Delivery>, Failure> {
    let letter = SpeakerLetter { app: &team.visit.app, event: &team.event, speaker };
    deliveries(&letter, assistants, Invited { invitation, session, is_reminder: false })
}

fn title_of(open: &[OpenSession], session: Option<SessionId>) -> Option<&Localized> {
    open.iter().find(|(id, ..)| Some(*id) == session).map(|(_, title, _)| title)
}

/// `POST /organizer/{event}/speakers/invite`.
async fn invite_new(team: Team, form: FormData) -> PageResult {
    let open = sessions(&team).await?;
    let typed = match read(&team, &form, &open) {
        Ok(typed) => typed,
        Err(errors) => return show_form(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await,
    };
    let Typed { newcomer, session, words } = typed;
    let (actor, id) = (team.actor(), newcomer.speaker);
    let invitation = Invitation::new(team.visit.app.clock.now(), (team.event.id, id), session, words);
    let assistants: Vec<Assistant> = newcomer.assistant.iter().cloned().collect();
    let speaker = not_yet((team.event.id, team.visit.app.clock.now()), &newcomer);
    let letters = mails(&team, (&speaker, &assistants), (&invitation, title_of(&open, session)))?;
    let key: String = form.text("key").chars().take(KEY_LENGTH).collect();
    let job = move |db: &mut DbConnection, now| {
        operations::invite_new(db, now, actor, (&newcomer, &key), (&invitation, &letters))
    };
    match team.visit.app.write(job).await {
        Ok(id) => Ok(respond::see_other_with_notice(url(&team, id), "inviting-notice-sent")),
        Err(InviteError::KnownAddress(name)) => {
            let mut errors = FieldErrors::default();
            errors.push("email", Message::new("inviting-error-known-address").with("name", name));
            show_form(&team, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await
        }
        Err(error) => Err(error.into()),
    }
}

fn url(team: &Team, speaker: SpeakerId) -> String {
    format!("/organizer/{}/speakers/{speaker}/invitations", team.event.slug)
}

#[derive(Serialize)]
struct InvitationsPage {
    errors: Vec<ErrorLine>,
    name: String,
    back_url: String,
    action: String,
    is_reachable: bool,
    opened: String,
    invitations: Vec<Line>,
    session: Field,
    sessions: Vec<Choice>,
    words: Field,
}

impl Page for InvitationsPage {
    const TEMPLATE: &'static str = "organizer/speaker_invitations.html";
}

#[derive(Serialize)]
struct Line {
    action: String,
    title: Text,
    state: &'static str,
    state_label: String,
    sent: String,
    answered: String,
    reason: String,
    proposed_name: String,
    proposed_email: String,
    proposed_state: &'static str,
    proposed_label: String,
    may_withdraw: bool,
    may_decide: bool,
}

/// A speaker whom this account may change.
struct Loaded {
    speaker: Speaker,
    assistants: Vec<Assistant>,
    invitations: Vec<Titled>,
    opened_at: Option<UtcTime>,
    parts: Vec<Part>,
    /// The forums of the invitations' sessions.
    forums: HashMap<SessionId, Option<ForumId>>,
}

impl Loaded {
    /// Whether the team member may take an invitation back or decide on it: those of its session's forum, and where it is to
    /// the event those who may change every part of the speaker.
    fn may_change(&self, team: &Team, invitation: &Invitation) -> bool {
        match invitation.session_id {
            Some(session) => team.may_edit_forum(self.forums.get(&session).copied().flatten()),
            None => self.parts.iter().all(|part| team.may_edit_forum(part.forum)),
        }
    }
}

async fn load(team: &Team, id: SpeakerId) -> Result<Loaded, Failure> {
    let event = team.event.id;
    let read = move |db: &mut DbConnection| {
        let (speaker, parts) = speakers::find(db, event, id)?;
        let invitations = operations::of_speaker(db, id)?;
        Ok::<_, Failure>(Loaded {
            forums: operations::forums_of(db, &invitations)?,
            speaker,
            parts,
            assistants: own::assistants(db, id)?,
            invitations,
            opened_at: own::opened_at(db, id)?,
        })
    };
    let loaded = team.visit.app.read(read).await?;
    let is_own = loaded.parts.is_empty() || loaded.parts.iter().any(|part| team.may_edit_forum(part.forum));
    if is_own { Ok(loaded) } else { Err(Failure::Forbidden) }
}

async fn show(
    team: &Team,
    loaded: &Loaded,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
) -> PageResult {
    let context = team.context("speakers", "inviting-list-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let sessions: Vec<OpenSession> =
        loaded.parts.iter().map(|part| (part.session, part.title.clone(), part.forum)).collect();
    let page = InvitationsPage {
        errors: view.summary(),
        name: loaded.speaker.name.clone(),
        back_url: format!("/organizer/{}/speakers/{}#own", team.event.slug, loaded.speaker.id),
        action: url(team, loaded.speaker.id),
        is_reachable: loaded.speaker.email.is_some() || !loaded.assistants.is_empty(),
        opened: loaded.opened_at.map(|at| date_time(team, &context, at)).unwrap_or_default(),
        invitations: loaded
            .invitations
            .iter()
            .map(|one| line(team, &context, one, loaded.may_change(team, &one.0)))
            .collect(),
        session: view.field("session"),
        sessions: view.choices("session", session_choices(team, &context, &sessions)),
        words: view.field("words"),
    };
    team.visit.show_with_status(status, &context, &page)
}

fn date_time(team: &Team, context: &PageContext, at: UtcTime) -> String {
    context.formatter().date_time(at.in_zone(team.event.zone()).naive_local())
}

fn line(team: &Team, context: &PageContext, (one, title): &Titled, may_change: bool) -> Line {
    let text = |key: String| team.visit.app.texts.text(context.lang, &key, &[]);
    let is_proposed = one.proposed_state != ProposedState::Nobody;
    Line {
        action: format!("{}/{}", url(team, one.speaker_id), one.id),
        title: title
            .as_ref()
            .map_or_else(Text::default, |title| Text::pick(title, context.lang, &team.event.languages)),
        state: one.state.as_str(),
        state_label: text(format!("inviting-state-{}", one.state)),
        sent: date_time(team, context, one.sent_at),
        answered: one.answered_at.map(|at| date_time(team, context, at)).unwrap_or_default(),
        reason: one.reason.clone(),
        proposed_name: one.proposed_name.clone(),
        proposed_email: one.proposed_email.clone(),
        proposed_state: one.proposed_state.as_str(),
        proposed_label: if is_proposed {
            text(format!("inviting-proposed-{}", one.proposed_state))
        } else {
            String::new()
        },
        may_withdraw: may_change && one.may_become(InvitationState::Withdrawn),
        may_decide: may_change && one.proposed_state == ProposedState::Open,
    }
}

/// `GET /organizer/{event}/speakers/{speaker}/invitations`.
async fn show_invitations(team: Team, path: Path<(String, SpeakerId)>) -> PageResult {
    let loaded = load(&team, path.1).await?;
    show(&team, &loaded, StatusCode::OK, (&FormData::default(), &FieldErrors::default())).await
}

/// `POST /organizer/{event}/speakers/{speaker}/invitations`: invites a speaker who is there already.
async fn invite_again(team: Team, path: Path<(String, SpeakerId)>, form: FormData) -> PageResult {
    let loaded = load(&team, path.1).await?;
    let mut checker = Checker::new(&form);
    let session = checker.optional_parsed::<SessionId>("session", "inviting-error-session");
    let part = loaded.parts.iter().find(|part| Some(part.session) == session);
    if session.is_some() && part.is_none_or(|part| !team.may_edit_forum(part.forum)) {
        checker.wrong("session", Message::new("inviting-error-session"));
    }
    let words = words(&mut checker);
    if let Err(errors) = checker.finish(()) {
        return show(&team, &loaded, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await;
    }
    let now = team.visit.app.clock.now();
    let invitation = Invitation::new(now, (team.event.id, loaded.speaker.id), session, words);
    let title = part.map(|part| &part.title);
    let letters = mails(&team, (&loaded.speaker, &loaded.assistants), (&invitation, title))?;
    let actor = team.actor();
    let job = move |db: &mut DbConnection, now| operations::invite(db, now, actor, &invitation, &letters);
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(url(&team, path.1), "inviting-notice-sent"))
}

/// `POST …/invitations/{invitation}`: `do` is `withdraw`, `instead` or `dismiss`.
async fn change_invitation(team: Team, path: OnePath, form: FormData) -> PageResult {
    let loaded = load(&team, path.1).await?;
    let found = loaded.invitations.iter().find(|(one, _)| one.id == path.2);
    let (invitation, title) = found.ok_or(Failure::NotFound)?;
    if !loaded.may_change(&team, invitation) {
        return Err(Failure::Forbidden);
    }
    let (actor, of) = (team.actor(), (path.1, path.2));
    let app = &team.visit.app;
    let notice = match form.text("do") {
        "withdraw" => {
            app.write(move |db, now| operations::withdraw(db, now, actor, of)).await?;
            "inviting-notice-withdrawn"
        }
        "dismiss" => {
            app.write(move |db, now| operations::dismiss(db, now, actor, of)).await?;
            "inviting-notice-dismissed"
        }
        "instead" => {
            let mut checker = Checker::new(&form);
            let words = words(&mut checker);
            if let Err(errors) = checker.finish(()) {
                return show(&team, &loaded, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await;
            }
            return instead(&team, (invitation, title.as_ref()), loaded.speaker.language, words).await;
        }
        _ => return Err(Failure::bad_request("error-bad-request")),
    };
    Ok(respond::see_other_with_notice(url(&team, path.1), notice))
}

/// Turns a proposal into an invitation: the person becomes a speaker and takes over the part in the session.
/// `words` are for them: what was written to whoever declined is not theirs to read.
async fn instead(
    team: &Team,
    (declined, title): (&Invitation, Option<&Localized>),
    language: Option<Lang>,
    words: String,
) -> PageResult {
    let email: EmailAddress = declined.proposed_email.parse().map_err(|_| Failure::conflict("inviting-error-stale"))?;
    let facts = facts(declined.proposed_name.clone(), None, (Some(email), language));
    let newcomer = Newcomer { speaker: SpeakerId::new(), facts, assistant: None, role: Role::Speaker };
    let now = team.visit.app.clock.now();
    let (id, event) = (newcomer.speaker, team.event.id);
    let invitation = Invitation::new(now, (event, id), declined.session_id, words);
    let letters =
        mails(team, (&not_yet((team.event.id, team.visit.app.clock.now()), &newcomer), &[]), (&invitation, title))?;
    let (actor, before) = (team.actor(), (declined.speaker_id, declined.id));
    let job = move |db: &mut DbConnection, now| {
        operations::invite_instead(db, now, actor, before, &newcomer, (&invitation, &letters))
    };
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(url(team, id), "inviting-notice-sent"))
}
