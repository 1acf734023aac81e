//! Placing a session by form: room, day, start and length, with what speaks against it.

use super::pages::{Editor, Shown, load, session_url, show, stored};
use crate::db::{RoomId, SessionId, SlotId};
use crate::i18n::Formatter;
use crate::schedule::concerns::{Concern, Severity, concerns};
use crate::schedule::model::{Programme, ProgrammeSession, ProgrammeSlot};
use crate::schedule::operations::{self as schedule, Placement, ScheduleError};
use crate::schedule::times::{Fold, Unresolved, resolve};
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Checker, Failure, Field, FieldErrors, FormData, FormView, Message, PageContext, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use chrono::TimeDelta;
use chrono_tz::Tz;
use serde::Serialize;

/// Longest session, in minutes.
const LONGEST: i32 = 2880;
/// Minutes where neither format nor slot says.
const USUAL: i64 = 45;

/// The places of a session and the form for one more.
#[derive(Serialize)]
pub(super) struct Placing {
    errors: Vec<ErrorLine>,
    slots: Vec<SlotForm>,
    new: SlotForm,
    /// The clocks show the hour twice that day: the form asks which is meant.
    asks_fold: bool,
    zone: String,
    may_place: bool,
}

#[derive(Serialize)]
struct SlotForm {
    slot: String,
    room: Field,
    rooms: Vec<Choice>,
    day: Field,
    days: Vec<Choice>,
    start: Field,
    minutes: Field,
    place_url: String,
    unplace_url: String,
    when: String,
    concerns: Vec<ConcernLine>,
}

/// What speaks against a slot, in words.
#[derive(Serialize)]
pub(crate) struct ConcernLine {
    /// Whether it can't be meant.
    pub(crate) serious: bool,
    /// The words.
    pub(crate) text: String,
    /// Where it leads.
    pub(crate) url: String,
}

/// "Tue, 13 Apr, 09:00–09:45" in the event's zone.
pub(crate) fn when(format: &Formatter, zone: Tz, slot: &ProgrammeSlot) -> String {
    let (start, end) = (slot.start.in_zone(zone), slot.end.in_zone(zone));
    format!("{} {}–{}", format.day(start.date_naive()), format.time(start.time()), format.time(end.time()))
}

/// A concern in words.
pub(crate) fn concern_line(
    context: &PageContext,
    texts: &crate::i18n::Texts,
    base: &str,
    draft: &Programme,
    concern: &Concern,
) -> ConcernLine {
    let session = |id: &SessionId| draft.sessions.iter().find(|session| session.id == *id);
    let title = |id: &SessionId| {
        session(id)
            .map(|session| session.title.text(context.lang, &draft.event.languages).to_owned())
            .unwrap_or_default()
    };
    let text = |key: &str, args: &[(&str, crate::i18n::TextArg<'_>)]| texts.text(context.lang, key, args);
    let (words, target) = match concern {
        Concern::RoomTaken(other) => {
            (text("programme-concern-room-taken", &[("session", title(other).into())]), Some(*other))
        }
        Concern::SpeakerBusy(speaker, other) => {
            let name =
                draft.speakers.iter().find(|one| one.id == *speaker).map(|one| one.name.clone()).unwrap_or_default();
            (
                text("programme-concern-speaker-busy", &[("speaker", name.into()), ("session", title(other).into())]),
                Some(*other),
            )
        }
        Concern::OutsideEvent => (text("programme-concern-outside-event", &[]), None),
        Concern::RoomTooSmall { wanted, there } => (
            text("programme-concern-room-too-small", &[("wanted", (*wanted).into()), ("there", (*there).into())]),
            None,
        ),
        Concern::ChannelMissing => (text("programme-concern-channel-missing", &[]), None),
        Concern::NoRoom => (text("programme-concern-no-room", &[]), None),
    };
    ConcernLine {
        serious: concern.severity() == Severity::Serious,
        text: words,
        url: target.map(|id| format!("{base}/sessions/{id}")).unwrap_or_default(),
    }
}

/// The placing part of a session's page. `typed` is the form as typed, when it was refused.
pub(super) fn placing(
    team: &Editor,
    context: &PageContext,
    draft: &Programme,
    session: &ProgrammeSession,
    typed: (&FormData, &FieldErrors),
) -> Placing {
    let found = concerns(draft);
    let texts = &team.visit.app.texts;
    let base = format!("/organizer/{}", team.event.slug);
    let refused = typed.0.text("slot").to_owned();
    let has_errors = !typed.1.is_empty();
    let nothing = FieldErrors::default();
    let slots = session.slots.iter().map(|slot| {
        let is_refused = has_errors && refused == slot.id.as_str();
        let own = slot_fields(team, Some(slot));
        let (form, errors) = if is_refused { typed } else { (&own, &nothing) };
        let lines = found.iter().filter(|one| one.slot == slot.id);
        let lines = lines.map(|one| concern_line(context, texts, &base, draft, &one.concern)).collect();
        slot_form(team, context, draft, session, Some(slot), form, errors, lines)
    });
    let own = slot_fields(team, None);
    let is_refused = has_errors && refused.is_empty();
    let (form, errors) = if is_refused { typed } else { (&own, &nothing) };
    Placing {
        errors: typed.1.lines(texts, context.lang),
        slots: slots.collect(),
        new: slot_form(team, context, draft, session, None, form, errors, Vec::new()),
        asks_fold: typed.1.iter().any(|error| error.field == "fold"),
        zone: team.event.zone().name().to_owned(),
        may_place: team.may_edit_forum(session.forum),
    }
}

fn slot_fields(team: &Editor, slot: Option<&ProgrammeSlot>) -> FormData {
    let zone = team.event.zone();
    match slot {
        None => FormData::from_fields([("day", team.event.starts_on.to_string()), ("minutes", USUAL.to_string())]),
        Some(slot) => {
            let start = slot.start.in_zone(zone);
            FormData::from_fields([
                ("slot", slot.id.to_string()),
                ("room", slot.room.map(|room| room.to_string()).unwrap_or_default()),
                ("day", start.date_naive().to_string()),
                ("start", start.format("%H:%M").to_string()),
                ("minutes", (slot.end - slot.start).num_minutes().to_string()),
            ])
        }
    }
}

#[expect(clippy::too_many_arguments, reason = "one form made from everything that it shows")]
fn slot_form(
    team: &Editor,
    context: &PageContext,
    draft: &Programme,
    session: &ProgrammeSession,
    slot: Option<&ProgrammeSlot>,
    form: &FormData,
    errors: &FieldErrors,
    concerns: Vec<ConcernLine>,
) -> SlotForm {
    let view = FormView::new(&team.visit, context, form, errors);
    let languages = &team.event.languages;
    let rooms = draft.rooms.iter().map(|room| {
        let name = Text::pick(&room.name, context.lang, languages).text;
        let seats =
            room.capacity.map(|seats| format!(" ({})", context.formatter().number(seats.into()))).unwrap_or_default();
        (room.id.to_string(), name + &seats)
    });
    // A slot that was imported outside the event's days keeps its day in the list.
    let own_day = slot
        .map(|slot| slot.start.in_zone(team.event.zone()).date_naive())
        .filter(|day| !team.event.days().any(|one| one == *day));
    let days = team.event.days().chain(own_day).map(|day| (day.to_string(), context.formatter().long_date(day)));
    let base = session_url(team, session.id);
    SlotForm {
        slot: slot.map(|slot| slot.id.to_string()).unwrap_or_default(),
        room: view.field("room"),
        rooms: view.choices("room", rooms),
        day: view.field("day"),
        days: view.choices("day", days),
        start: view.field("start"),
        minutes: view.field("minutes"),
        place_url: format!("{base}/place"),
        unplace_url: format!("{base}/unplace"),
        when: slot.map(|slot| when(context.formatter(), team.event.zone(), slot)).unwrap_or_default(),
        concerns,
    }
}

impl From<ScheduleError> for Failure {
    fn from(error: ScheduleError) -> Self {
        match error {
            ScheduleError::NothingToRelease => Self::conflict("schedule-nothing-to-release"),
            ScheduleError::Gone => Self::conflict("schedule-gone"),
            ScheduleError::EndsBeforeStart => Self::bad_request("schedule-ends-before-start"),
            ScheduleError::Db(error) => error.into(),
        }
    }
}

/// Reads the placing form; local times that the clocks skip or show twice are asked about.
fn placement(team: &Editor, form: &FormData) -> Result<(Option<SlotId>, Placement), FieldErrors> {
    let mut checker = Checker::new(form);
    let slot = checker.optional_parsed("slot", "schedule-gone");
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
    let end = start + TimeDelta::minutes(minutes.into());
    checker.finish((slot, Placement { room, start, end }))
}

/// `POST /organizer/{event}/sessions/{session}/place`.
pub(super) async fn place_session(team: Editor, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    let (draft, session) = load(&team, Some(path.1)).await?;
    let session = session.ok_or(Failure::NotFound)?;
    if !team.may_edit_forum(session.forum_id) {
        return Err(Failure::Forbidden);
    }
    let (slot, placement) = match placement(&team, &form) {
        Ok(found) => found,
        Err(errors) => {
            let (status, own) = (StatusCode::UNPROCESSABLE_ENTITY, stored(&session, &draft));
            let nothing = FieldErrors::default();
            return show(
                &team,
                &draft,
                &Shown { status, session: Some(&session), form: &own, errors: &nothing, placing: (&form, &errors) },
            );
        }
    };
    let (actor, event, id) = (team.actor(), team.event.id, session.id);
    team.visit.app.write(move |db, now| schedule::place(db, now, actor, event, (id, slot), placement)).await?;
    Ok(respond::see_other_with_notice(session_url(&team, id) + "#placing", "programme-notice-placed"))
}

/// `POST /organizer/{event}/sessions/{session}/unplace`.
pub(super) async fn unplace_session(team: Editor, path: Path<(String, SessionId)>, form: FormData) -> PageResult {
    let (_, session) = load(&team, Some(path.1)).await?;
    let session = session.ok_or(Failure::NotFound)?;
    if !team.may_edit_forum(session.forum_id) {
        return Err(Failure::Forbidden);
    }
    let slot: SlotId = form.text("slot").parse().map_err(|_| Failure::conflict("schedule-gone"))?;
    let (actor, event, id) = (team.actor(), team.event.id, session.id);
    team.visit.app.write(move |db, now| schedule::unplace(db, now, actor, event, (id, slot))).await?;
    Ok(respond::see_other_with_notice(session_url(&team, id) + "#placing", "programme-notice-unplaced"))
}
