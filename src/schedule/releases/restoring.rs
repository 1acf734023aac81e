//! Bringing an earlier release back: what that changes, and the button.

use super::lines::lines;
use super::operations;
use super::pages::released;
use super::preview::{ChangeGroup, groups};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::schedule::model::ReleaseInfo;
use crate::web::error::PageResult;
use crate::web::{Checker, Failure, Field, FormData, Page};
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct RestorePage {
    number: i32,
    name: String,
    at: String,
    newest: i32,
    changes: Vec<ChangeGroup>,
    change_count: usize,
    note: Field,
    public_url: String,
    back_url: String,
}

impl Page for RestorePage {
    const TEMPLATE: &'static str = "organizer/release_restore.html";
}

/// `GET /organizer/{event}/releases/{number}/restore`.
pub(super) async fn confirm_restore(team: Allowed<ManageEvent>, path: Path<(String, i32)>) -> PageResult {
    let (event, number) = (team.event.clone(), path.1);
    let (earlier, newest) = team
        .visit
        .app
        .read(move |db| {
            let earlier = operations::release_of_number(db, event.id, number)?;
            let earlier = earlier.map(|programme| operations::as_of_now(&event, programme));
            Ok::<_, Failure>((earlier, operations::latest_release(db, event.id)?))
        })
        .await?;
    let (Some(earlier), Some(newest)) = (earlier, newest) else { return Err(Failure::NotFound) };
    let (Some(info), Some(newest_info)) = (&earlier.release, &newest.release) else { return Err(Failure::NotFound) };
    if info.number >= newest_info.number {
        return Err(Failure::NotFound);
    }
    let context = team.context("releases", "releases-restore-title");
    let found = lines(Some(&newest), &earlier);
    let ReleaseInfo { number, name, published_at, .. } = info.clone();
    let page = RestorePage {
        number,
        name,
        at: context.formatter().date_time(published_at.in_zone(team.event.zone()).naive_local()),
        newest: newest_info.number,
        change_count: found.len(),
        changes: groups(&team, &context, &found),
        note: Field { name: "note".to_owned(), ..Field::default() },
        public_url: format!("/{}/releases/{number}", team.event.slug),
        back_url: format!("/organizer/{}/releases", team.event.slug),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/releases/{number}/restore`.
pub(super) async fn restore(team: Allowed<ManageEvent>, path: Path<(String, i32)>, form: FormData) -> PageResult {
    let (actor, event, number) = (team.actor(), team.event.clone(), path.1);
    let newest = form.text("newest").parse().map_err(|_| Failure::conflict("releases-restore-stale"))?;
    let note = Checker::new(&form).block("note");
    team.visit
        .app
        .write(move |db, now| operations::restore(db, now, actor, &event, (number, newest), &note))
        .await
        .map_err(|error| match error {
            crate::schedule::operations::ScheduleError::Stale => Failure::conflict("releases-restore-stale"),
            other => other.into(),
        })?;
    released(&team).await
}
