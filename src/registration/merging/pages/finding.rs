//! Naming the other registration by its number or address.

use super::{Team, url};
use crate::db::{DbConnection, RegistrationId};
use crate::registration::merging::operations;
use crate::registration::operations::find;
use crate::web::error::PageResult;
use crate::web::forms::{ErrorLine, clean_line};
use crate::web::{Failure, Field, FieldErrors, FormData, FormView, Message, Page, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct FindPage {
    action: String,
    back_url: String,
    name: String,
    errors: Vec<ErrorLine>,
    with: Field,
}

impl Page for FindPage {
    const TEMPLATE: &'static str = "organizer/registration_merge_find.html";
}

/// `GET /organizer/{event}/registrations/{registration}/merge`: with the number or address of another one as `with` it
/// leads to both side by side.
pub(super) async fn find_other(team: Team, path: Path<(String, String)>) -> PageResult {
    let id: RegistrationId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let typed = team.visit.param("with").map(clean_line).unwrap_or_default();
    let (event, word) = (team.event.id, typed.clone());
    let read = move |db: &mut DbConnection| {
        let own = find(db, event, id)?.ok_or(Failure::NotFound)?;
        let other = if word.is_empty() { None } else { operations::named(db, event, &word)? };
        Ok::<_, Failure>((own, other))
    };
    let (own, other) = team.visit.app.read(read).await?;
    if let Some(other) = other.filter(|other| *other != id) {
        return Ok(respond::see_other(url(&team, id, &format!("/merge/{other}"))));
    }
    let mut errors = FieldErrors::default();
    if !typed.is_empty() {
        let key = if other.is_some() { "merge-barred-same" } else { "merge-error-unknown" };
        errors.push("with", Message::new(key));
    }
    let status = if errors.is_empty() { StatusCode::OK } else { StatusCode::UNPROCESSABLE_ENTITY };
    let context = team.context("registrations", "merge-title");
    let form = FormData::from_fields([("with", typed)]);
    let view = FormView::new(&team.visit, &context, &form, &errors);
    let page = FindPage {
        action: url(&team, id, "/merge"),
        back_url: url(&team, id, ""),
        name: own.full_name(),
        errors: view.summary(),
        with: view.field("with"),
    };
    team.visit.show_with_status(status, &context, &page)
}
