//! `/organizer/{event}/forums` and `/organizer/{event}/formats`.

mod formats;
mod forums;

use super::operations::StrandError;
use crate::accounts::access::{Allowed, ManageEvent};
use crate::i18n::{Lang, Localized};
use crate::web::form_view::Difference;
use crate::web::page::Text;
use crate::web::{Checker, Failure, FieldErrors, FormData, Message, Page, RouteTable};
use serde::Serialize;

/// The routes of forums and formats.
pub fn routes(routes: &mut RouteTable) {
    forums::routes(routes);
    formats::routes(routes);
}

type Team = Allowed<ManageEvent>;

impl From<StrandError> for Failure {
    fn from(error: StrandError) -> Self {
        match error {
            StrandError::NotFound => Self::NotFound,
            StrandError::CodeTaken | StrandError::Stale => Self::conflict("events-error-stale"),
            StrandError::Db(error) => error.into(),
        }
    }
}

/// Largest place in the order that a form takes.
const LAST_POSITION: i32 = 100_000;

/// Asks once before something is deleted.
#[derive(Serialize)]
struct DeletePage {
    heading: String,
    name: Text,
    consequence: String,
    button: String,
    version: i32,
    back_url: String,
}

impl Page for DeletePage {
    const TEMPLATE: &'static str = "organizer/delete.html";
}

fn code_taken() -> FieldErrors {
    let mut errors = FieldErrors::default();
    errors.push("code", Message::new("programme-code-taken"));
    errors
}

/// The field `code`; nothing when it is empty.
fn code(checker: &mut Checker<'_>, form: &FormData) -> Option<String> {
    if form.text("code").trim().is_empty() { None } else { checker.code("code") }
}

/// What was typed in the languages shown, with the texts that are stored in others: the form does
/// not show those, so it must not delete them.
fn others_kept(stored: Option<&Localized>, shown: &[Lang], typed: Localized) -> Localized {
    let others = stored.into_iter().flat_map(Localized::iter).filter(|(lang, _)| !shown.contains(lang));
    others.fold(typed, |all, (lang, text)| all.with(lang, text))
}

/// The version that an edit page carries.
fn version(form: &FormData) -> i32 {
    form.text("version").parse().unwrap_or(0)
}

/// What is stored now where it differs from what was typed.
fn conflicts(team: &Team, lang: Lang, typed: &FormData, stored: &FormData) -> Vec<Difference> {
    crate::web::form_view::differences(&team.visit.app.texts, lang, "programme", typed, stored)
}
