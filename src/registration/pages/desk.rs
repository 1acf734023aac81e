//! One registration at the desk, with its history.

use super::desk_more::{Known, More, Typed};
use super::own_more::refused_in_words;
use crate::accounts::access::{Allowed, ViewRegistrations};
use crate::accounts::model::Permission;
use crate::audit::{self, Noted};
use crate::badges::operations as badges;
use crate::db::{RegistrationId, UtcTime};
use crate::delegations::operations as delegations;
use crate::i18n::{Country, country_name};
use crate::mail::marking::MarkView;
use crate::mail::model::MessageSummary;
use crate::mail::{self, outbox};
use crate::mailings::choices::operations as choices;
use crate::registration::category::Category;
use crate::registration::forms::model::{AnswerLine, Viewer};
use crate::registration::forms::operations as forms;
use crate::registration::model::{Registration, RegistrationState};
use crate::registration::operations;
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, Page, PageContext, RouteTable};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The route of one registration.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/registrations/{registration}", show_registration);
}

pub(super) type Team = Allowed<ViewRegistrations>;

/// As whom somebody of the team sees answers: each question says who may. Observers see none.
pub(super) fn viewer(team: &Team) -> Option<Viewer> {
    if team.may(Permission::ManageRegistrations) {
        Some(Viewer::Desk)
    } else {
        team.may(Permission::ScanTickets).then_some(Viewer::CheckIn)
    }
}

/// One registration in a list.
#[derive(Serialize)]
pub(super) struct Row {
    id: String,
    url: String,
    name: String,
    native_name: String,
    email: String,
    code: String,
    category: Text,
    badge_color: String,
    state: &'static str,
    state_label: String,
    organisation: String,
    country: String,
    created: String,
}

pub(super) fn row(team: &Team, context: &PageContext, registration: &Registration, categories: &[Category]) -> Row {
    let category = categories.iter().find(|category| category.id == registration.category_id);
    let texts = &team.visit.app.texts;
    Row {
        id: registration.id.to_string(),
        url: format!("/organizer/{}/registrations/{}", team.event.slug, registration.id),
        name: registration.full_name(),
        native_name: registration.native_name.clone(),
        email: registration.email.clone(),
        code: registration.code.clone(),
        category: category
            .map(|category| Text::pick(&category.name, context.lang, &team.event.languages))
            .unwrap_or_default(),
        badge_color: category.map(|category| category.badge_color.clone()).unwrap_or_default(),
        state: registration.state.as_str(),
        state_label: texts.text(context.lang, &format!("registration-state-{}", registration.state), &[]),
        organisation: registration.organisation.clone(),
        country: country(team, context, registration.country.as_deref()),
        created: in_words(team, context, registration.created_at),
    }
}

fn country(team: &Team, context: &PageContext, code: Option<&str>) -> String {
    let country: Option<Country> = code.and_then(|code| code.parse().ok());
    country.map(|country| country_name(&team.visit.app.texts, context.lang, country)).unwrap_or_default()
}

pub(super) fn in_words(team: &Team, context: &PageContext, at: UtcTime) -> String {
    context.formatter().date_time(at.in_zone(team.event.zone()).naive_local())
}

#[derive(Serialize)]
struct RegistrationPage {
    registration: Row,
    honorific: String,
    position: String,
    nationality: String,
    language: String,
    confirmed: String,
    ended: String,
    verify_by: String,
    history: Vec<HistoryLine>,
    messages: Vec<MessageLine>,
    edit_url: String,
    cancel_url: String,
    resend_url: String,
    ticket_url: String,
    badge_url: String,
    /// How often a badge was printed, and when last; empty where none was.
    badges: String,
    back_url: String,
    answers: Vec<AnswerLine>,
    /// Where files of answers stand.
    files_url: String,
    /// Where sealed answers are opened; empty where there are none, or they may not be.
    sealed_url: String,
    /// Its delegation and that one's page; empty where it belongs to none.
    delegation: String,
    delegation_url: String,
    mark: Option<MarkView>,
    more: More,
    /// Which mails to many the person wants no more, in words; empty where all are wanted.
    refused: String,
}

impl Page for RegistrationPage {
    const TEMPLATE: &'static str = "organizer/registration.html";
}

#[derive(Serialize)]
struct HistoryLine {
    at: String,
    who: String,
    what: String,
}

#[derive(Serialize)]
struct MessageLine {
    url: String,
    subject: String,
    state: &'static str,
    state_label: String,
    created: String,
}

/// `GET /organizer/{event}/registrations/{registration}`.
async fn show_registration(team: Team, path: Path<(String, String)>) -> PageResult {
    let id: RegistrationId = path.1.parse().map_err(|_| Failure::NotFound)?;
    show_page(&team, StatusCode::OK, id, None).await
}

/// The page of one registration, with a remark that was typed and not kept.
pub(super) async fn show_page(team: &Team, status: StatusCode, id: RegistrationId, typed: Option<Typed>) -> PageResult {
    let event = team.event.id;
    let context = team.context("registrations", "registration-desk-one-title");
    let (owner, lang, viewer) = (team.event.clone(), context.lang, viewer(team));
    let found = team.visit.app.read(move |db| {
        let Some((registration, category)) = operations::of_event(db, event, id)? else {
            return Err(Failure::NotFound);
        };
        let history = audit::of_subject(db, "registration", id.as_str())?;
        let answers = match viewer {
            Some(viewer) => forms::lines(db, &owner, id, lang, viewer)?,
            None => Vec::new(),
        };
        let badges = badges::printed(db, event, id)?;
        let mark = mail::operations::marks::mark_of(db, &registration.email)?;
        let known = Known::read(db, event, id)?;
        let messages = outbox::of_registration(db, event, id)?;
        let refused = choices::refused_by(db, &registration)?;
        Ok((registration, category, history, messages, answers, (badges, mark, known, refused)))
    });
    let (registration, category, history, messages, answers, (badges, mark, known, refused)) = found.await?;
    let more = More::new(team, &context, (&registration, &known), typed.as_ref());
    let mut page = registration_page(team, &context, (&registration, category), (history, messages), more);
    page.show_answers(answers, team.may(Permission::ManageRegistrations), &registration);
    page.badges = badges_in_words(team, &context, badges);
    page.mark = mark.map(|mark| MarkView::new(team, &context, &mark, &team.visit.path));
    page.refused = refused_in_words(&team.visit.app.texts, context.lang, &refused);
    (page.delegation, page.delegation_url) = delegation_of(team, &context, id).await?;
    team.visit.show_with_status(status, &context, &page)
}

impl RegistrationPage {
    fn show_answers(&mut self, answers: Vec<AnswerLine>, may_open: bool, registration: &Registration) {
        let own = format!("{}/{}", self.back_url, registration.id);
        self.files_url = format!("{own}/files");
        if may_open && answers.iter().any(|line| line.is_sealed) {
            self.sealed_url = format!("{own}/sealed");
        }
        self.answers = answers;
    }
}

/// The delegation that somebody belongs to, and the address of its page; empty for others.
async fn delegation_of(team: &Team, context: &PageContext, id: RegistrationId) -> Result<(String, String), Failure> {
    let found = team.visit.app.read(move |db| Ok::<_, Failure>(delegations::of_registration(db, id)?)).await?;
    let named = found.map(|(id, name)| {
        let name = name.text(context.lang, &team.event.languages).to_owned();
        (name, format!("/organizer/{}/delegations/{id}", team.event.slug))
    });
    Ok(named.unwrap_or_default())
}

fn registration_page(
    team: &Team,
    context: &PageContext,
    (registration, category): (&Registration, Category),
    (history, messages): (Vec<Noted>, Vec<MessageSummary>),
    more: More,
) -> RegistrationPage {
    let list = format!("/organizer/{}/registrations", team.event.slug);
    let may = team.may(Permission::ManageRegistrations) && !registration.state.is_end();
    let url = |below: &str| if may { format!("{list}/{}{below}", registration.id) } else { String::new() };
    let time = |at: Option<UtcTime>| at.map(|at| in_words(team, context, at)).unwrap_or_default();
    RegistrationPage {
        registration: row(team, context, registration, &[category]),
        honorific: registration.honorific.clone(),
        position: registration.position.clone(),
        nationality: country(team, context, registration.nationality.as_deref()),
        language: team.visit.app.texts.text(
            context.lang,
            &format!("language-{}", registration.language.primary()),
            &[],
        ),
        confirmed: time(registration.confirmed_at),
        ended: time(registration.ended_at),
        verify_by: time(registration.verify_by),
        history: history.iter().map(|noted| history_line(team, context, noted)).collect(),
        messages: messages.iter().map(|message| message_line(team, context, message)).collect(),
        edit_url: url("/edit"),
        cancel_url: url("/cancel"),
        resend_url: url("/resend"),
        ticket_url: if registration.state == RegistrationState::Confirmed {
            format!("{list}/{}/ticket", registration.id)
        } else {
            String::new()
        },
        badge_url: if team.may(Permission::PrintBadges) && registration.state == RegistrationState::Confirmed {
            format!("/organizer/{}/badges/people/{}", team.event.slug, registration.id)
        } else {
            String::new()
        },
        badges: String::new(),
        back_url: list,
        answers: Vec::new(),
        files_url: String::new(),
        sealed_url: String::new(),
        delegation: String::new(),
        delegation_url: String::new(),
        mark: None,
        more,
        refused: String::new(),
    }
}

/// "Printed 2 times, last 13 April 2027 09:30".
fn badges_in_words(team: &Team, context: &PageContext, (count, last): (i64, Option<UtcTime>)) -> String {
    let last = last.map(|at| in_words(team, context, at)).unwrap_or_default();
    let args = [("count", count.into()), ("time", last.into())];
    if count == 0 { String::new() } else { team.visit.app.texts.text(context.lang, "badges-person-printed", &args) }
}

fn history_line(team: &Team, context: &PageContext, noted: &Noted) -> HistoryLine {
    let texts = &team.visit.app.texts;
    let action = noted.action.replace('.', "-");
    HistoryLine {
        at: in_words(team, context, noted.at),
        who: noted
            .user_name
            .clone()
            .unwrap_or_else(|| texts.text(context.lang, &format!("registration-actor-{}", noted.actor_kind), &[])),
        what: texts.text(
            context.lang,
            &format!("registration-history-{}", action.trim_start_matches("registration-")),
            &[],
        ),
    }
}

fn message_line(team: &Team, context: &PageContext, message: &MessageSummary) -> MessageLine {
    let may_open = team.may(Permission::ViewMail);
    MessageLine {
        url: if may_open { format!("/organizer/{}/mail/{}", team.event.slug, message.id) } else { String::new() },
        subject: message.subject.clone(),
        state: message.state.as_str(),
        state_label: team.visit.app.texts.text(context.lang, &format!("mail-state-{}", message.state), &[]),
        created: in_words(team, context, message.created_at),
    }
}
