//! Placing a session by form: room, day, start and length, with what speaks against it.

use super::editor::{Shown, may_edit, show, stored};
use super::{Editor, Loaded, load_own, session_url};
use crate::accounts::access::Allowed;
use crate::db::{RoomId, SessionId, SlotId};
use crate::programme::model::Session;
use crate::schedule::editor::model::{EditKind, Move, SlotState};
use crate::schedule::editor::operations::{self as edits, EditError};
use crate::schedule::model::{ProgrammeSession, ProgrammeSlot};
use crate::schedule::operations::ScheduleError;
use crate::schedule::times::{Fold, Unresolved, resolve};
use crate::schedule::wording::{ConcernLine, ConcernWords, when};
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Checker, Failure, Field, FieldErrors, FormData, FormView, Message, PageContext, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::TimeDelta;
use serde::Serialize;

/// Longest session, in minutes.
const LONGEST: i32 = 2880;
/// Minutes where neither format nor slot says.
const USUAL: i32 = 45;

/// The places of a session and the form for one more.
#[derive(Serialize)]
pub(super) struct Placing {
    errors: Vec<ErrorLine>,
    slots: Vec<SlotForm>,
    new: SlotForm,
    zone: String,
    may_place: bool,
    schedule_url: String,
}

#[derive(Serialize)]
struct SlotForm {
    slot: String,
    /// The slot's version, so that a stale tab is told.
    version: String,
    /// Whether proposals leave it where it is.
    is_fixed: bool,
    room: Field,
    rooms: Vec<Choice>,
    day: Field,
    days: Vec<Choice>,
    start: Field,
    minutes: Field,
    /// The clocks show the hour twice that day: the form asks which is meant.
    asks_fold: bool,
    place_url: String,
    unplace_url: String,
    fix_url: String,
    when: String,
    concerns: Vec<ConcernLine>,
}

/// What the forms of one page have in common.
struct Forms<'a, P> {
    team: &'a Allowed<P>,
    context: &'a PageContext,
    loaded: &'a Loaded,
    base: String,
    words: ConcernWords<'a>,
}

/// The placing part of a session's page. `typed` is the form as typed, when it was refused.
pub(super) fn placing<P>(
    team: &Allowed<P>,
    context: &PageContext,
    loaded: &Loaded,
    session: &ProgrammeSession,
    typed: Option<(&FormData, &FieldErrors)>,
) -> Placing {
    let words = ConcernWords::new(&team.visit.app.texts, context.lang, &loaded.checked.draft).for_team(team);
    let forms = Forms { team, context, loaded, base: session_url(team, session.id), words };
    // The form of which slot was refused; that for a new one carries none.
    let typed_in = |slot: &str| typed.filter(|(form, _)| form.text("slot") == slot);
    let slot_form = |slot: &ProgrammeSlot| forms.form(Some(slot), typed_in(slot.id.as_str()));
    Placing {
        errors: typed.map(|(_, errors)| errors.lines(&team.visit.app.texts, context.lang)).unwrap_or_default(),
        slots: session.slots.iter().map(slot_form).collect(),
        new: forms.form(None, typed_in("")),
        zone: team.event.zone().name().to_owned(),
        may_place: may_edit(team, loaded.session.as_ref()),
        schedule_url: format!("/organizer/{}/schedule", team.event.slug),
    }
}

impl<P> Forms<'_, P> {
    fn form(&self, slot: Option<&ProgrammeSlot>, typed: Option<(&FormData, &FieldErrors)>) -> SlotForm {
        let Self { team, context, .. } = self;
        let (stored, nothing) = (self.stored(slot), FieldErrors::default());
        let (form, errors) = typed.unwrap_or((&stored, &nothing));
        let view = FormView::new(&team.visit, context, form, errors);
        let known = slot.and_then(|slot| self.loaded.checked.draft.slots.get(&slot.id));
        SlotForm {
            slot: slot.map(|slot| slot.id.to_string()).unwrap_or_default(),
            version: known.map(|known| known.version.to_string()).unwrap_or_default(),
            is_fixed: known.is_some_and(|known| known.is_fixed),
            room: view.field("room"),
            rooms: view.choices("room", self.rooms()),
            day: view.field("day"),
            days: view.choices("day", self.days(slot)),
            start: view.field("start"),
            minutes: view.field("minutes"),
            asks_fold: view.error("fold").is_some(),
            place_url: format!("{}/place", self.base),
            unplace_url: format!("{}/unplace", self.base),
            fix_url: format!("{}/fix", self.base),
            when: slot.map(|slot| when(context.formatter(), team.event.zone(), slot)).unwrap_or_default(),
            concerns: slot.map(|slot| self.concerns(slot)).unwrap_or_default(),
        }
    }

    /// The fields of a slot as it is; for a new one the event's first day and the format's usual length.
    fn stored(&self, slot: Option<&ProgrammeSlot>) -> FormData {
        let Some(slot) = slot else {
            let minutes = self.loaded.minutes.unwrap_or(USUAL);
            let day = self.team.event.starts_on.to_string();
            return FormData::from_fields([("day", day), ("minutes", minutes.to_string())]);
        };
        let start = slot.start.in_zone(self.team.event.zone());
        FormData::from_fields([
            ("slot", slot.id.to_string()),
            ("room", slot.room.map(|room| room.to_string()).unwrap_or_default()),
            ("day", start.date_naive().to_string()),
            ("start", start.format("%H:%M").to_string()),
            ("minutes", (slot.end - slot.start).num_minutes().to_string()),
        ])
    }

    fn rooms(&self) -> impl Iterator<Item = (String, String)> {
        self.loaded.draft().rooms.iter().map(|room| {
            let name = Text::pick(&room.name, self.context.lang, &self.team.event.languages).text;
            let seats = room.capacity.map(|seats| format!(" ({})", self.context.formatter().number(seats.into())));
            (room.id.to_string(), name + &seats.unwrap_or_default())
        })
    }

    /// The event's days; a slot that was imported outside of them keeps its own in the list.
    fn days(&self, slot: Option<&ProgrammeSlot>) -> impl Iterator<Item = (String, String)> {
        let event = &self.team.event;
        let own = slot
            .map(|slot| slot.start.in_zone(event.zone()).date_naive())
            .filter(|day| event.days().all(|one| one != *day));
        event.days().chain(own).map(|day| (day.to_string(), self.context.formatter().long_date(day)))
    }

    fn concerns(&self, slot: &ProgrammeSlot) -> Vec<ConcernLine> {
        let checked = &self.loaded.checked;
        let own = checked.found.iter().filter(|one| one.slot == slot.id);
        own.map(|one| self.words.line(one, &checked.muted)).collect()
    }
}

impl From<ScheduleError> for Failure {
    fn from(error: ScheduleError) -> Self {
        match error {
            ScheduleError::NothingToRelease => Self::conflict("schedule-nothing-to-release"),
            ScheduleError::Blocked(_) => Self::conflict("schedule-blocked"),
            ScheduleError::Stale => Self::conflict("releases-plan-gone"),
            ScheduleError::Db(error) => error.into(),
        }
    }
}

/// Reads the placing form; local times that the clocks skip or show twice are asked about.
fn placement(team: &Editor, session: SessionId, form: &FormData) -> Result<Move, FieldErrors> {
    let mut checker = Checker::new(form);
    let (slot, version) =
        (checker.optional_parsed("slot", "schedule-gone"), checker.optional_parsed("version", "schedule-gone"));
    let room: Option<RoomId> = checker.optional_parsed("room", "schedule-gone");
    let (day, time, minutes) = (checker.date("day"), checker.time("start"), checker.number("minutes", 1..=LONGEST));
    let fold = match form.text("fold") {
        "first" => Some(Fold::First),
        "second" => Some(Fold::Second),
        _ => None,
    };
    let start = match (day, time) {
        (Some(day), Some(time)) => match resolve(day, time, team.event.zone(), fold) {
            Ok(start) => Some(start),
            Err(Unresolved::Gap) => {
                checker.wrong("start", Message::new("programme-time-skipped"));
                None
            }
            Err(Unresolved::Ambiguous) => {
                checker.wrong("fold", Message::new("programme-time-twice"));
                None
            }
        },
        _ => None,
    };
    let (Some(start), Some(minutes)) = (start, minutes) else {
        return checker.finish(()).and(Err(FieldErrors::default()));
    };
    let to = SlotState { room, start, end: start + TimeDelta::minutes(minutes.into()) };
    checker.finish(Move { slot, session, version, to: Some(to), fixed: None })
}

/// `POST /organizer/{event}/sessions/{session}/place`.
pub(super) async fn place_session(team: Editor, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    let (loaded, session) = load_own(&team, path.1).await?;
    let placed = match placement(&team, session.id, &form) {
        Ok(placed) => placed,
        Err(errors) => return show_refused(&team, &loaded, &session, (&form, &errors)),
    };
    let kind = if placed.slot.is_some() { EditKind::Move } else { EditKind::Place };
    match edit(&team, kind, placed).await {
        Ok(()) => {
            Ok(respond::see_other_with_notice(session_url(&team, session.id) + "#placing", "programme-notice-placed"))
        }
        Err(error) => show_not_done(&team, session.id, &form, error).await,
    }
}

/// Does one move; where a session is already is no failure.
async fn edit(team: &Editor, kind: EditKind, one: Move) -> Result<(), EditError> {
    let (actor, event) = (team.actor(), team.event.clone());
    let moves = [one];
    let done = team.visit.app.write(move |db, now| edits::make_moves(db, now, actor, &event, (kind, None), &moves));
    match done.await {
        Ok(_) | Err(EditError::Unchanged) => Ok(()),
        Err(error) => Err(error),
    }
}

/// What the present timetable does not allow stands at the form, above the timetable as it is now.
async fn show_not_done(team: &Editor, session: SessionId, form: &FormData, error: EditError) -> PageResult {
    let (status, field, key) = match error {
        EditError::Stale(standing) if standing.removed.is_empty() => {
            (StatusCode::CONFLICT, "slot", "programme-place-stale")
        }
        EditError::OutsideEvent => (StatusCode::UNPROCESSABLE_ENTITY, "day", "programme-place-outside"),
        error => return Err(error.into()),
    };
    let (loaded, session) = load_own(team, session).await?;
    let mut errors = FieldErrors::default();
    errors.push(field, Message::new(key));
    let (stored_form, nothing) = (stored(&session, &loaded), FieldErrors::default());
    show(team, &loaded, &Shown { status, form: &stored_form, errors: &nothing, placing: Some((form, &errors)) })
}

fn show_refused(team: &Editor, loaded: &Loaded, session: &Session, typed: (&FormData, &FieldErrors)) -> PageResult {
    let (form, errors) = (stored(session, loaded), FieldErrors::default());
    let status = StatusCode::UNPROCESSABLE_ENTITY;
    show(team, loaded, &Shown { status, form: &form, errors: &errors, placing: Some(typed) })
}

/// `POST /organizer/{event}/sessions/{session}/unplace`.
pub(super) async fn unplace_session(team: Editor, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    change_slot(&team, path.1, &form, (EditKind::Remove, None), "programme-notice-unplaced").await
}

/// `POST /organizer/{event}/sessions/{session}/fix`: proposals leave a slot where it is, or may move it again.
pub(super) async fn fix_session(team: Editor, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    let fixed = form.is_ticked("fixed");
    let notice = if fixed { "programme-notice-fixed" } else { "programme-notice-freed" };
    change_slot(&team, path.1, &form, (EditKind::Fix, Some(fixed)), notice).await
}

/// Does with a session's slot what needs no further fields.
async fn change_slot(
    team: &Editor,
    session: SessionId,
    form: &FormData,
    (kind, fixed): (EditKind, Option<bool>),
    notice: &'static str,
) -> PageResult {
    let (_, session) = load_own(team, session).await?;
    let slot: SlotId = form.text("slot").parse().map_err(|_| Failure::conflict("schedule-gone"))?;
    let version = form.text("version").parse().ok();
    let change = Move { slot: Some(slot), session: session.id, version, to: None, fixed };
    match edit(team, kind, change).await {
        Ok(()) => Ok(respond::see_other_with_notice(session_url(team, session.id) + "#placing", notice)),
        Err(error) => show_not_done(team, session.id, form, error).await,
    }
}
