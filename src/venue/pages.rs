//! `/organizer/{event}/rooms`.

use super::model::{Room, RoomFacts};
use super::operations::{self, RoomError};
use crate::accounts::access::{Allowed, ManageEvent, ViewEvent};
use crate::accounts::model::Permission;
use crate::db::RoomId;
use crate::events::model::Event;
use crate::i18n::{Lang, slug};
use crate::web::error::PageResult;
use crate::web::form_view::{differences, own_name};
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Difference, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, RouteTable,
    respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/rooms", list_rooms);
    routes.get("/organizer/{event}/rooms/new", show_new_room);
    routes.post("/organizer/{event}/rooms/new", create_room);
    routes.get("/organizer/{event}/rooms/{room}", show_room);
    routes.post("/organizer/{event}/rooms/{room}", change_room);
    routes.get("/organizer/{event}/rooms/{room}/delete", ask_to_delete);
    routes.post("/organizer/{event}/rooms/{room}/delete", delete_room);
}

type Team = Allowed<ManageEvent>;

impl From<RoomError> for Failure {
    fn from(error: RoomError) -> Self {
        match error {
            RoomError::NotFound => Self::NotFound,
            RoomError::CodeTaken | RoomError::Stale => Self::conflict("events-error-stale"),
            RoomError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct RoomsPage {
    rooms: Vec<RoomLine>,
    new_url: String,
    may_edit: bool,
}

impl Page for RoomsPage {
    const TEMPLATE: &'static str = "organizer/rooms.html";
}

#[derive(Serialize)]
struct RoomLine {
    name: Text,
    building: Text,
    code: String,
    capacity: String,
    booths: i32,
    /// The channels' languages, each by its own name.
    channels: Vec<String>,
    url: String,
}

/// `GET /organizer/{event}/rooms`.
async fn list_rooms(team: Allowed<ViewEvent>) -> PageResult {
    let event = team.event.id;
    let rooms = team.visit.app.read(move |db| Ok::<_, RoomError>(operations::list(db, event)?)).await?;
    let context = team.context("rooms", "venue-rooms-title");
    let base = format!("/organizer/{}/rooms", team.event.slug);
    let line = |room: &Room| RoomLine {
        name: Text::pick(&room.name, context.lang, &team.event.languages),
        building: Text::pick(&room.building, context.lang, &team.event.languages),
        code: room.code.clone(),
        capacity: room.capacity.map(|people| context.formatter().number(people.into())).unwrap_or_default(),
        booths: room.booths,
        channels: room.channels.iter().map(|lang| own_name(&team.visit.app.texts, *lang)).collect(),
        url: format!("{base}/{}", room.id),
    };
    let page = RoomsPage {
        rooms: rooms.iter().map(line).collect(),
        new_url: format!("{base}/new"),
        may_edit: team.may(Permission::ManageEvent),
    };
    team.visit.show(&context, &page)
}

#[derive(Serialize)]
struct RoomPage {
    errors: Vec<ErrorLine>,
    /// What someone else has stored in the meantime; empty unless two edited at once.
    conflicts: Vec<Difference>,
    version: String,
    is_new: bool,
    name: Vec<LocalizedField>,
    building: Vec<LocalizedField>,
    code: Field,
    capacity: Field,
    booths: Field,
    channels: Field,
    position: Field,
    rooms_url: String,
    delete_url: Option<String>,
    availability_url: Option<String>,
}

impl Page for RoomPage {
    const TEMPLATE: &'static str = "organizer/room.html";
}

fn stored(room: &Room) -> FormData {
    let tags: Vec<&str> = room.channels.iter().map(Lang::as_str).collect();
    let mut form = FormData::from_fields([
        ("version", room.version.to_string()),
        ("code", room.code.clone()),
        ("capacity", room.capacity.map(|people| people.to_string()).unwrap_or_default()),
        ("booths", room.booths.to_string()),
        ("channels", tags.join(", ")),
        ("position", room.position.to_string()),
    ]);
    form.push_localized("name", &room.name);
    form.push_localized("building", &room.building);
    form
}

fn show(team: &Team, room: Option<&Room>, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let title = if room.is_some() { "venue-room-title" } else { "venue-new-room-title" };
    let context = team.context("rooms", title);
    let view = FormView::new(&team.visit, &context, form, errors);
    let conflict = room.filter(|_| status == StatusCode::CONFLICT);
    let rooms_url = rooms_url(team);
    let conflicts = conflict
        .map_or_else(Vec::new, |room| differences(&team.visit.app.texts, context.lang, "venue", form, &stored(room)));
    if conflict.is_some() && conflicts.is_empty() {
        // Both wrote the same: nothing is left to decide.
        return Ok(respond::see_other_with_notice(rooms_url, "venue-notice-room-saved"));
    }
    let page = RoomPage {
        errors: view.summary(),
        conflicts,
        version: conflict.map_or_else(|| form.text("version").to_owned(), |room| room.version.to_string()),
        is_new: room.is_none(),
        name: view.localized("name", &team.event.languages),
        building: view.localized("building", &team.event.languages),
        code: view.field("code"),
        capacity: view.field("capacity"),
        booths: view.field("booths"),
        channels: view.field("channels"),
        position: view.field("position"),
        delete_url: room.map(|room| format!("{rooms_url}/{}/delete", room.id)),
        availability_url: room.map(|room| format!("{rooms_url}/{}/availability", room.id)),
        rooms_url,
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `GET /organizer/{event}/rooms/new`.
async fn show_new_room(team: Team) -> PageResult {
    let form = FormData::from_fields([("booths", "0")]);
    show(&team, None, StatusCode::OK, &form, &FieldErrors::default())
}

/// `POST /organizer/{event}/rooms/new`.
async fn create_room(team: Team, form: FormData) -> PageResult {
    let facts = match facts(&team.event, None, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, event) = (team.actor(), team.event.id);
    match team.visit.app.write(move |db, now| operations::create(db, now, actor, event, &facts)).await {
        Ok(_) => Ok(respond::see_other_with_notice(rooms_url(&team), "venue-notice-room-created")),
        Err(RoomError::CodeTaken) => show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, &form, &code_taken()),
        Err(error) => Err(error.into()),
    }
}

fn rooms_url(team: &Team) -> String {
    format!("/organizer/{}/rooms", team.event.slug)
}

fn code_taken() -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.push("code", Message::new("venue-code-taken"));
    errors
}

async fn find(team: &Team, room: RoomId) -> Result<Room, Failure> {
    let event = team.event.id;
    let found = team.visit.app.read(move |db| Ok::<_, RoomError>(operations::find(db, event, room)?)).await?;
    found.ok_or(Failure::NotFound)
}

/// `GET /organizer/{event}/rooms/{room}`.
async fn show_room(team: Team, path: Path<(String, RoomId)>) -> PageResult {
    let room = find(&team, path.1).await?;
    show(&team, Some(&room), StatusCode::OK, &stored(&room), &FieldErrors::default())
}

/// `POST /organizer/{event}/rooms/{room}`.
async fn change_room(team: Team, path: Path<(String, RoomId)>, form: FormData) -> PageResult {
    let room = find(&team, path.1).await?;
    let facts = match facts(&team.event, Some(&room), &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, Some(&room), StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, key) = (team.actor(), (team.event.id, room.id, form.text("version").parse().unwrap_or(0)));
    match team.visit.app.write(move |db, now| operations::update(db, now, actor, key, &facts)).await {
        Ok(()) => Ok(respond::see_other_with_notice(rooms_url(&team), "venue-notice-room-saved")),
        Err(RoomError::CodeTaken) => show(&team, Some(&room), StatusCode::UNPROCESSABLE_ENTITY, &form, &code_taken()),
        Err(RoomError::Stale) => {
            show(&team, Some(&find(&team, room.id).await?), StatusCode::CONFLICT, &form, &FieldErrors::default())
        }
        Err(error) => Err(error.into()),
    }
}

/// Most people, booths and places in the order that a form takes.
const MOST_PEOPLE: i32 = 1_000_000;
const MOST_BOOTHS: i32 = 100;
const LAST_POSITION: i32 = 100_000;

fn facts(event: &Event, room: Option<&Room>, form: &FormData) -> Result<RoomFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let shown = &event.languages;
    let mut name = checker.required_localized_line("name", shown);
    let mut building = checker.localized_line("building", shown);
    // Texts in languages that the form does not show stay as they are.
    if let Some(room) = room {
        let others = |(lang, _): &(Lang, &str)| !shown.contains(lang);
        name = room.name.iter().filter(others).fold(name, |all, (lang, text)| all.with(lang, text));
        building = room.building.iter().filter(others).fold(building, |all, (lang, text)| all.with(lang, text));
    }
    let code = match form.text("code").trim() {
        "" => Some(code_of(name.text(event.main_language(), shown))),
        _ => checker.code("code"),
    };
    let channels = channels(form.text("channels"));
    if channels.is_none() {
        checker.wrong("channels", Message::new("venue-channels-wrong"));
    }
    let facts = RoomFacts {
        code: code.unwrap_or_default(),
        name,
        building,
        capacity: checker.optional_number("capacity", 1..=MOST_PEOPLE),
        booths: checker.optional_number("booths", 0..=MOST_BOOTHS).unwrap_or(0),
        channels: channels.unwrap_or_default(),
        position: checker.optional_number("position", 0..=LAST_POSITION),
    };
    checker.finish(facts)
}

/// A code made from the name, for who does not want to think of one.
fn code_of(name: &str) -> String {
    Some(slug(name)).filter(|code| !code.is_empty()).unwrap_or_else(|| "room".to_owned())
}

/// The languages of a field such as `en, zh, fr`, each once.
fn channels(text: &str) -> Option<Vec<Lang>> {
    let mut channels: Vec<Lang> = Vec::new();
    for tag in text.split([',', '，', '、', ' ', ';']).map(str::trim).filter(|tag| !tag.is_empty()) {
        let lang = tag.parse().ok()?;
        if !channels.contains(&lang) {
            channels.push(lang);
        }
    }
    Some(channels)
}

#[derive(Serialize)]
struct DeletePage {
    name: Text,
    /// Slots of the draft that would lose their room.
    slots: i64,
    back_url: String,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "organizer/room_delete.html";
}

/// `GET /organizer/{event}/rooms/{room}/delete`: says what deleting would do.
async fn ask_to_delete(team: Team, path: Path<(String, RoomId)>) -> PageResult {
    let room = find(&team, path.1).await?;
    let id = room.id;
    let slots = team.visit.app.read(move |db| Ok::<_, RoomError>(operations::slots_in(db, id)?)).await?;
    let context = team.context("rooms", "venue-delete-room-title");
    let page = DeletePage {
        name: Text::pick(&room.name, context.lang, &team.event.languages),
        slots,
        back_url: format!("{}/{}", rooms_url(&team), room.id),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/rooms/{room}/delete`.
async fn delete_room(team: Team, path: Path<(String, RoomId)>) -> PageResult {
    let (actor, event, room) = (team.actor(), team.event.id, path.1);
    team.visit.app.write(move |db, now| operations::delete(db, now, actor, event, room)).await?;
    Ok(respond::see_other_with_notice(rooms_url(&team), "venue-notice-room-deleted"))
}
