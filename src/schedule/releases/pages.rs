//! Looking at the next release, publishing it, planning it.

use super::operations;
use super::preview::ReleasesPage;
use super::restoring;
use crate::accounts::access::{Allowed, ManageEvent, ViewEvent};
use crate::db::UtcTime;
use crate::schedule::concerns::count;
use crate::schedule::operations::ScheduleError;
use crate::schedule::times::{Fold, Unresolved, resolve};
use crate::web::error::PageResult;
use crate::web::{Checker, Failure, FieldErrors, FormData, FormView, Message, RouteTable, respond};
use actix_web::http::StatusCode;
use chrono::DateTime;
use chrono_tz::Tz;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/releases", list_releases);
    routes.post("/organizer/{event}/releases", release);
    routes.post("/organizer/{event}/releases/plan/cancel", cancel_plan);
    routes.get("/organizer/{event}/releases/{number}/restore", restoring::confirm_restore);
    routes.post("/organizer/{event}/releases/{number}/restore", restoring::restore);
}

/// `GET /organizer/{event}/releases`.
async fn list_releases(team: Allowed<ViewEvent>) -> PageResult {
    show_releases(&team, StatusCode::OK, None).await
}

/// The next release and its form: as typed with what is wrong, as planned, or with the next number as name.
async fn show_releases<P>(
    team: &Allowed<P>,
    status: StatusCode,
    typed: Option<(&FormData, &FieldErrors)>,
) -> PageResult {
    let (event, now) = (team.event.clone(), team.visit.app.clock.now());
    let upcoming = team.visit.app.read(move |db| Ok::<_, Failure>(operations::upcoming(db, now, &event)?)).await?;
    let context = team.context("releases", "schedule-releases-title");
    let (fresh, nothing) = (fresh_form(team.event.zone(), &upcoming), FieldErrors::default());
    let (form, errors) = typed.unwrap_or((&fresh, &nothing));
    let view = FormView::new(&team.visit, &context, form, errors);
    let page = ReleasesPage::of(team, &context, &view, &upcoming)?;
    team.visit.show_with_status(status, &context, &page)
}

fn fresh_form(zone: Tz, upcoming: &operations::Upcoming) -> FormData {
    if let Some(plan) = &upcoming.plan {
        let due = plan.due_at.in_zone(zone);
        return FormData::from_fields([
            ("name", plan.name.clone()),
            ("note", plan.note.clone()),
            ("when", "later".to_owned()),
            ("day", due.date_naive().to_string()),
            ("time", due.format("%H:%M").to_string()),
        ]);
    }
    let number = upcoming.releases.first().map_or(1, |release| release.number + 1);
    FormData::from_fields([("name", number.to_string()), ("when", "now".to_owned())])
}

/// Longest name of a release.
const NAME_LENGTH: usize = 60;

/// What the form asks for.
struct Wanted {
    name: String,
    note: String,
    /// When it is to be published; at once when none.
    at: Option<UtcTime>,
}

/// Reads the form. A time that the clocks of the event's zone skip or show twice is asked about.
fn wanted(form: &FormData, zone: Tz, now: UtcTime) -> Result<Wanted, FieldErrors> {
    let mut checker = Checker::new(form);
    let (name, note) = (checker.line("name"), checker.block("note"));
    if name.chars().count() > NAME_LENGTH {
        checker.wrong("name", Message::new("error-too-long").with("max", NAME_LENGTH));
    }
    let at = if form.text("when") == "later" { local_time(&mut checker, form, zone) } else { None };
    if at.is_some_and(|at| at <= now) {
        checker.wrong("time", Message::new("releases-time-past"));
    }
    checker.finish(Wanted { name, note, at })
}

fn local_time(checker: &mut Checker<'_>, form: &FormData, zone: Tz) -> Option<UtcTime> {
    let (day, time) = (checker.date("day"), checker.time("time"));
    let fold = match form.text("fold") {
        "first" => Some(Fold::First),
        "second" => Some(Fold::Second),
        _ => None,
    };
    match resolve(day?, time?, zone, fold) {
        Ok(at) => Some(at),
        Err(Unresolved::Gap) => {
            checker.wrong("time", Message::new("programme-time-skipped"));
            None
        }
        Err(Unresolved::Ambiguous) => {
            checker.wrong("fold", Message::new("programme-time-twice"));
            None
        }
    }
}

/// `POST /organizer/{event}/releases`: now, or at the time that is set.
async fn release(team: Allowed<ManageEvent>, form: FormData) -> PageResult {
    let now = team.visit.app.clock.now();
    match wanted(&form, team.event.zone(), now) {
        Err(errors) => show_releases(&team, StatusCode::UNPROCESSABLE_ENTITY, Some((&form, &errors))).await,
        Ok(Wanted { name, note, at: None }) => release_now(&team, &form, name, note).await,
        Ok(Wanted { name, note, at: Some(at) }) => plan(&team, &form, name, note, at).await,
    }
}

async fn release_now(team: &Allowed<ManageEvent>, form: &FormData, name: String, note: String) -> PageResult {
    let (actor, event, ignore) = (team.actor(), team.event.clone(), form.is_ticked("ignore_blocking"));
    let done = team
        .visit
        .app
        .write(move |db, now| operations::release(db, now, actor, &event, Some(&name), &note, ignore))
        .await;
    if let Err(ScheduleError::Blocked(found)) = &done {
        let mut errors = FieldErrors::default();
        errors.push("ignore_blocking", Message::new("concern-release-blocked").with("count", count(found)));
        return show_releases(team, StatusCode::CONFLICT, Some((form, &errors))).await;
    }
    done?;
    released(team).await
}

/// Back to the releases, when this process shows the new one.
pub(super) async fn released(team: &Allowed<ManageEvent>) -> PageResult {
    // So that this organizer sees it at once; other processes notice within a second.
    crate::site::operations::refresh(&team.visit.app).await?;
    Ok(respond::see_other_with_notice(releases_url(team), "schedule-notice-released"))
}

fn releases_url<P>(team: &Allowed<P>) -> String {
    format!("/organizer/{}/releases", team.event.slug)
}

/// The state of the plan that a form was made from.
fn known_plan(form: &FormData) -> Option<UtcTime> {
    let micros = form.text("plan").parse().ok()?;
    DateTime::from_timestamp_micros(micros).map(UtcTime::from)
}

async fn plan(team: &Allowed<ManageEvent>, form: &FormData, name: String, note: String, at: UtcTime) -> PageResult {
    let (actor, event, seen) = (team.actor(), team.event.id, known_plan(form));
    let done =
        team.visit.app.write(move |db, now| operations::plan(db, now, actor, event, (&name, &note, at), seen)).await;
    if let Err(ScheduleError::Stale) = done {
        return stale_plan(team, form).await;
    }
    done?;
    Ok(respond::see_other_with_notice(releases_url(team), "releases-notice-planned"))
}

/// What was typed, beside the plan as someone else left it.
async fn stale_plan(team: &Allowed<ManageEvent>, form: &FormData) -> PageResult {
    let mut errors = FieldErrors::default();
    errors.push("when", Message::new("releases-plan-stale"));
    show_releases(team, StatusCode::CONFLICT, Some((form, &errors))).await
}

/// `POST /organizer/{event}/releases/plan/cancel`.
async fn cancel_plan(team: Allowed<ManageEvent>, form: FormData) -> PageResult {
    let (actor, event) = (team.actor(), team.event.id);
    let Some(seen) = known_plan(&form) else { return Err(Failure::conflict("releases-plan-gone")) };
    team.visit.app.write(move |db, now| operations::cancel_plan(db, now, actor, event, seen)).await?;
    Ok(respond::see_other_with_notice(releases_url(&team), "releases-notice-plan-cancelled"))
}

#[cfg(test)]
mod tests {
    use super::super::preview::known;
    use super::*;
    use crate::db::EventId;
    use crate::schedule::releases::model::PlannedRelease;

    #[test]
    fn a_form_names_the_state_of_the_plan_that_it_was_made_from() {
        let at: UtcTime = DateTime::from_timestamp_micros(1_800_000_000_123_456).expect("an instant").into();
        let plan = PlannedRelease {
            event_id: EventId::new(),
            name: String::new(),
            note: String::new(),
            due_at: at,
            last_error: None,
            created_by: None,
            created_at: at,
        };
        let read = |text: String| known_plan(&FormData::from_fields([("plan", text)]));
        assert_eq!((read(known(Some(&plan))), read(known(None))), (Some(at), None));
    }

    #[test]
    fn a_time_to_come_is_read_on_the_clocks_of_the_event() {
        let now: UtcTime = DateTime::from_timestamp(1_800_000_000, 0).expect("an instant").into();
        let read = |day: &str, time: &str, fold: &str| {
            let fields = [("name", "2"), ("when", "later"), ("day", day), ("time", time), ("fold", fold)];
            wanted(&FormData::from_fields(fields), Tz::Europe__Berlin, now)
                .map(|wanted| wanted.at.map(|at| at.to_string()))
                .map_err(|errors| errors.iter().map(|error| error.field.clone()).collect::<Vec<_>>())
        };
        assert_eq!(read("2027-07-01", "09:00", ""), Ok(Some("2027-07-01T07:00:00Z".to_owned())));
        assert_eq!(read("2027-03-28", "02:30", ""), Err(vec!["time".to_owned()]));
        assert_eq!(read("2027-10-31", "02:30", ""), Err(vec!["fold".to_owned()]));
        assert_eq!(read("2027-10-31", "02:30", "second"), Ok(Some("2027-10-31T01:30:00Z".to_owned())));
        assert_eq!(read("2026-07-01", "09:00", ""), Err(vec!["time".to_owned()]));
        assert_eq!(read("", "nine", ""), Err(vec!["day".to_owned(), "time".to_owned()]));
    }
}
