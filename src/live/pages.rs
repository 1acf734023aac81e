//! `/organizer/{event}/announcements`: saying what is true right now.

use super::model::{Announcement, AnnouncementKind, LONGEST_DELAY, NewAnnouncement};
use super::operations::{self, LiveError};
use super::wording;
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::{AnnouncementId, SessionId, UtcTime};
use crate::schedule::times::resolve;
use crate::site::model::PublicEvent;
use crate::venue::model::Room;
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, PageContext, RouteTable,
    respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::NaiveDateTime;
use serde::Serialize;
use std::sync::Arc;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/announcements", list_announcements);
    routes.post("/organizer/{event}/announcements", announce);
    routes.post("/organizer/{event}/announcements/{announcement}/withdraw", withdraw);
    routes.get("/{event}/live", super::stream::follow_event);
}

type Team = Allowed<ManageEvent>;

impl From<LiveError> for Failure {
    fn from(error: LiveError) -> Self {
        match error {
            LiveError::NotFound => Self::NotFound,
            LiveError::Gone => Self::conflict("live-error-gone"),
            LiveError::EndsBeforeStart => Self::bad_request("live-error-order"),
            LiveError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct AnnouncementsPage {
    errors: Vec<ErrorLine>,
    kind: Field,
    kinds: Vec<Choice>,
    room: Field,
    rooms: Vec<Choice>,
    session: Field,
    sessions: Vec<SessionChoice>,
    minutes: Field,
    longest: i32,
    body: Vec<LocalizedField>,
    from: Field,
    until: Field,
    zone: &'static str,
    standing: Vec<Line>,
    past: Vec<Line>,
    now_url: String,
}

impl Page for AnnouncementsPage {
    const TEMPLATE: &'static str = "organizer/announcements.html";
}

#[derive(Serialize)]
struct SessionChoice {
    code: String,
    label: String,
}

#[derive(Serialize)]
struct Line {
    kind: &'static str,
    kind_label: String,
    heading: String,
    body: Text,
    from: String,
    until: String,
    is_withdrawn: bool,
    withdraw_url: String,
}

/// Announcements that are over, shown for reference.
const PAST: usize = 50;

/// `GET /organizer/{event}/announcements`, where `?session=` and `?room=` fill the form in.
async fn list_announcements(team: Team) -> PageResult {
    let given = |name: &str| team.visit.param(name).unwrap_or_default().to_owned();
    let form = FormData::from_fields([
        ("kind", AnnouncementKind::Notice.as_str().to_owned()),
        ("room", given("room")),
        ("session", given("session")),
    ]);
    show(&team, StatusCode::OK, &form, &FieldErrors::default()).await
}

fn public_event(team: &Team) -> Option<Arc<PublicEvent>> {
    team.visit.app.site.snapshot().event(&team.event.slug).cloned()
}

async fn show(team: &Team, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let event = team.event.id;
    let (rooms, all) = team
        .visit
        .app
        .read(move |db| Ok::<_, LiveError>((crate::venue::operations::list(db, event)?, operations::list(db, event)?)))
        .await?;
    let context = team.context("announcements", "live-announcements-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let public = public_event(team);
    let now = team.visit.app.clock.now();
    let words = Words { team, context: &context, rooms: &rooms, public: public.as_deref() };
    let (past, standing): (Vec<_>, Vec<_>) =
        all.iter().partition(|one| one.withdrawn_at.is_some() || one.ends_at <= now);
    let kinds = AnnouncementKind::ALL.iter().map(|kind| (kind.to_string(), words.kind(*kind)));
    let page = AnnouncementsPage {
        errors: view.summary(),
        kind: view.field("kind"),
        kinds: view.choices("kind", kinds),
        room: view.field("room"),
        rooms: view.choices("room", rooms.iter().map(|room| (room.id.to_string(), words.room(room)))),
        session: view.field("session"),
        sessions: words.sessions(),
        minutes: view.field("minutes"),
        longest: LONGEST_DELAY,
        body: view.localized("body", &team.event.languages),
        from: view.field("from"),
        until: view.field("until"),
        zone: team.event.zone().name(),
        standing: standing.into_iter().map(|one| words.line(one)).collect(),
        past: past.into_iter().take(PAST).map(|one| words.line(one)).collect(),
        now_url: format!("/{}/now", team.event.slug),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// What wording a line needs.
struct Words<'a> {
    team: &'a Team,
    context: &'a PageContext,
    rooms: &'a [Room],
    public: Option<&'a PublicEvent>,
}

impl Words<'_> {
    fn kind(&self, kind: AnnouncementKind) -> String {
        self.team.visit.app.texts.text(self.context.lang, &format!("live-kind-{kind}"), &[])
    }

    fn room(&self, room: &Room) -> String {
        room.name.text(self.context.lang, &self.team.event.languages).to_owned()
    }

    fn at(&self, at: UtcTime) -> String {
        let local = at.in_zone(self.team.event.zone()).naive_local();
        format!("{} {}", self.context.formatter().day(local.date()), self.context.formatter().time(local.time()))
    }

    fn title(&self, session: SessionId) -> Option<&str> {
        let session = self.public?.released.as_ref()?.session(session)?;
        Some(session.title.text(self.context.lang, &self.team.event.languages))
    }

    /// The sessions that the public knows, by time: those still to come first.
    fn sessions(&self) -> Vec<SessionChoice> {
        let Some(released) = self.public.and_then(|event| event.released.as_ref()) else { return Vec::new() };
        let now = self.team.visit.app.clock.now();
        let (to_come, over): (Vec<_>, Vec<_>) = released.slots().partition(|(_, slot)| slot.end > now);
        let choice =
            |(session, slot): (&crate::schedule::model::ProgrammeSession, &crate::schedule::model::ProgrammeSlot)| {
                let title = session.title.text(self.context.lang, &self.team.event.languages);
                SessionChoice { code: session.code.clone(), label: format!("{} · {title}", self.at(slot.start)) }
            };
        to_come.into_iter().chain(over).map(choice).collect()
    }

    fn line(&self, one: &Announcement) -> Line {
        let room = one.room_id.and_then(|id| self.rooms.iter().find(|room| room.id == id)).map(|room| self.room(room));
        let place = one.session_id.and_then(|session| self.title(session)).map(str::to_owned).or(room);
        Line {
            kind: one.kind.as_str(),
            kind_label: self.kind(one.kind),
            heading: wording::heading(&self.team.visit.app.texts, self.context.lang, one, place.as_deref()),
            body: Text::pick(&one.body, self.context.lang, &self.team.event.languages),
            from: self.at(one.starts_at),
            until: self.at(one.ends_at),
            is_withdrawn: one.withdrawn_at.is_some(),
            withdraw_url: format!("{}/{}/withdraw", url_of(self.team), one.id),
        }
    }
}

fn url_of(team: &Team) -> String {
    format!("/organizer/{}/announcements", team.event.slug)
}

/// `POST /organizer/{event}/announcements`.
async fn announce(team: Team, form: FormData) -> PageResult {
    let unprocessable = StatusCode::UNPROCESSABLE_ENTITY;
    let new = match read(&team, &form) {
        Ok(new) => new,
        Err(errors) => return show(&team, unprocessable, &form, &errors).await,
    };
    let (actor, event) = (team.actor(), team.event.clone());
    let made = team.visit.app.write(move |db, now| operations::announce(db, now, actor, &event, &new)).await;
    let (field, key) = match made {
        Ok(_) => return Ok(respond::see_other_with_notice(url_of(&team), "live-notice-announced")),
        Err(LiveError::EndsBeforeStart) => ("until", "live-error-order"),
        Err(LiveError::Gone) => ("room", "live-error-gone"),
        Err(error) => return Err(error.into()),
    };
    let mut errors = FieldErrors::default();
    errors.push(field, Message::new(key));
    show(&team, unprocessable, &form, &errors).await
}

/// Reads the form, every field before anything is refused.
fn read(team: &Team, form: &FormData) -> Result<NewAnnouncement, FieldErrors> {
    let mut checker = Checker::new(form);
    let kind = checker.parsed("kind", "live-error-kind").unwrap_or(AnnouncementKind::Notice);
    let code = checker.line("session");
    let session = public_event(team).and_then(|event| {
        event.released.as_ref().and_then(|released| released.session_by_code(&code).map(|one| one.id))
    });
    if session.is_none() && !code.is_empty() {
        checker.wrong("session", Message::new("live-error-session"));
    }
    let room = checker.optional_parsed("room", "live-error-gone");
    let body = checker.localized_block("body", &team.event.languages);
    let delay_minutes = match kind {
        AnnouncementKind::Delay => checker.number("minutes", 1..=LONGEST_DELAY).unwrap_or(0),
        _ => 0,
    };
    if kind == AnnouncementKind::Full && room.is_none() && code.is_empty() {
        checker.wrong("room", Message::new("live-error-where"));
    }
    if kind == AnnouncementKind::Notice && body.is_empty() {
        checker.wrong(format!("body.{}", team.event.main_language()), Message::new("error-required"));
    }
    let (from, until) = (moment(&mut checker, team, "from"), moment(&mut checker, team, "until"));
    checker.finish(NewAnnouncement { kind, room, session, body, delay_minutes, from, until })
}

/// A local time of the event as `<input type=datetime-local>` sends it, or nothing.
fn moment(checker: &mut Checker<'_>, team: &Team, name: &str) -> Option<UtcTime> {
    let typed = checker.optional_line(name)?;
    let local = ["%Y-%m-%dT%H:%M", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%d %H:%M"]
        .into_iter()
        .find_map(|pattern| NaiveDateTime::parse_from_str(&typed, pattern).ok());
    // Where the clocks show an hour twice, the first is as good: a notice is seen an hour longer.
    let fold = Some(crate::schedule::times::Fold::First);
    let at = local.and_then(|local| resolve(local.date(), local.time(), team.event.zone(), fold).ok());
    if at.is_none() {
        checker.wrong(name, Message::new("live-error-moment"));
    }
    at
}

/// `POST /organizer/{event}/announcements/{announcement}/withdraw`.
async fn withdraw(team: Team, path: Path<(String, AnnouncementId)>) -> PageResult {
    let (actor, event, announcement) = (team.actor(), team.event.id, path.1);
    team.visit.app.write(move |db, now| operations::withdraw(db, now, actor, event, announcement)).await?;
    Ok(respond::see_other_with_notice(url_of(&team), "live-notice-withdrawn"))
}
