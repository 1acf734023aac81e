//! Moving, swapping and taking out several slots by one plain form, as the grid does by dragging.

use super::api;
use super::model::{EditKind, Move, SlotState};
use super::operations::{self, Applied, EditError};
use super::store;
use crate::accounts::access::{Allowed, EditProgramme};
use crate::audit::Actor;
use crate::db::{DbConnection, RoomId, SessionId, SlotId, UtcTime};
use crate::events::model::Event;
use crate::schedule::times::{Fold, resolve};
use crate::web::error::PageResult;
use crate::web::{Failure, FormData, Message, RouteTable, respond};
use actix_web::http::StatusCode;
use chrono::{NaiveDate, TimeDelta};

/// The routes of this part.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/organizer/{event}/schedule/several", change_several);
}

/// Most minutes by which one form moves.
const FARTHEST: i64 = 14 * 1440;

/// A slot as the page showed it.
#[derive(Clone, Copy)]
struct Ticked {
    slot: SlotId,
    session: SessionId,
    version: i32,
}

impl Ticked {
    /// Reads the value of a tick box; [`value`] writes it.
    fn read(text: &str) -> Option<Self> {
        let mut parts = text.split('.');
        let ticked = Self {
            slot: parts.next()?.parse().ok()?,
            session: parts.next()?.parse().ok()?,
            version: parts.next()?.parse().ok()?,
        };
        parts.next().is_none().then_some(ticked)
    }
}

/// The value of a slot's tick box: which slot of which session, and the version that the page shows.
#[must_use]
pub fn value(slot: SlotId, session: SessionId, version: i32) -> String {
    format!("{slot}.{session}.{version}")
}

/// What is asked of all that is ticked.
#[derive(Clone, Copy)]
enum Wish {
    Move(Shift),
    Swap,
    Remove,
}

/// Where ticked slots go; what is none stays.
#[derive(Clone, Copy)]
struct Shift {
    day: Option<NaiveDate>,
    room: Option<RoomId>,
    later: TimeDelta,
}

/// What is wrong with the form.
fn refused(key: &'static str) -> Failure {
    Failure::Told(StatusCode::UNPROCESSABLE_ENTITY, Message::new(key))
}

fn read(form: &FormData) -> Result<(Vec<Ticked>, Wish), Failure> {
    let ticked: Option<Vec<Ticked>> = form.all("slot").map(Ticked::read).collect();
    let ticked = ticked.ok_or_else(|| refused("editing-several-wrong"))?;
    let wish = match form.text("do") {
        "swap" if ticked.len() == 2 => Wish::Swap,
        "swap" => return Err(refused("editing-several-two")),
        "remove" => Wish::Remove,
        _ => Wish::Move(shift(form)?),
    };
    if ticked.is_empty() { Err(refused("editing-several-none")) } else { Ok((ticked, wish)) }
}

fn shift(form: &FormData) -> Result<Shift, Failure> {
    let wrong = || refused("editing-several-wrong");
    let later = Some(form.text("later").trim()).filter(|text| !text.is_empty()).unwrap_or("0");
    let later = later.parse().ok().filter(|minutes: &i64| minutes.abs() <= FARTHEST).ok_or_else(wrong)?;
    let optional = |name| Some(form.text(name)).filter(|text| !text.is_empty());
    Ok(Shift {
        day: optional("to_day").map(str::parse).transpose().map_err(|_| wrong())?,
        room: optional("to_room").map(str::parse).transpose().map_err(|_| wrong())?,
        later: TimeDelta::minutes(later),
    })
}

/// `POST /organizer/{event}/schedule/several`.
async fn change_several(team: Allowed<EditProgramme>, form: FormData) -> PageResult {
    let (ticked, wish) = read(&form)?;
    let (actor, event) = (team.actor(), team.event.clone());
    let outcome = api::run(&team, move |db, now| change(db, now, actor, &event, &ticked, wish)).await;
    match outcome {
        Ok(_) | Err(EditError::Unchanged) => {
            Ok(respond::see_other_with_notice(api::schedule_url(&team, &form), "editing-notice-several"))
        }
        Err(error) => Err(error.into()),
    }
}

fn change(
    db: &mut DbConnection,
    now: UtcTime,
    actor: Actor,
    event: &Event,
    ticked: &[Ticked],
    wish: Wish,
) -> Result<Applied, EditError> {
    let sessions: Vec<SessionId> = ticked.iter().map(|one| one.session).collect();
    let present = store::slots_of(db, event.id, &sessions)?;
    let state = |slot| present.iter().find(|now| now.id == slot).map(|now| now.state);
    let to = |one: &Ticked| match (wish, state(one.slot)) {
        (Wish::Move(shift), Some(state)) => moved(event, state, shift).map(Some),
        // One that is gone is refused as stale below.
        _ => Ok(None),
    };
    let each = ticked.iter().map(|one| {
        let Ticked { slot, session, version } = *one;
        Ok(Move { slot: Some(slot), session, version: Some(version), to: to(one)?, fixed: None })
    });
    let moves: Vec<Move> = each.collect::<Result<_, EditError>>()?;
    let kind = match wish {
        Wish::Move(_) => EditKind::Move,
        Wish::Swap => EditKind::Swap,
        Wish::Remove => EditKind::Remove,
    };
    operations::make_moves(db, now, actor, event, (kind, None), &moves)
}

/// A slot elsewhere, at its time of day on the venue's clocks and as long as it was.
fn moved(event: &Event, state: SlotState, shift: Shift) -> Result<SlotState, EditError> {
    let zone = event.zone();
    let wall = state.start.in_zone(zone).naive_local();
    let target = shift.day.map_or(wall, |day| day.and_time(wall.time())) + shift.later;
    // What stays in time keeps its instant, also in an hour that the clocks show twice.
    let start = if target == wall {
        state.start
    } else {
        resolve(target.date(), target.time(), zone, Some(Fold::First)).map_err(|_| EditError::ClocksSkip)?
    };
    Ok(SlotState { room: shift.room.or(state.room), start, end: start + (state.end - state.start) })
}
