//! Taking a table.

use super::preview::{rows, show_preview};
use super::{MOST_SHOWN, Team, context, fault, kept_sheet, list_url, setting};
use crate::db::DbConnection;
use crate::registration::importing::model::{How, Outcome, Row, Setting};
use crate::registration::importing::operations::{self, ImportError};
use crate::web::error::PageResult;
use crate::web::{Failure, FormData, Page};
use actix_web::http::StatusCode;
use serde::Serialize;
use std::sync::Arc;

/// Rows of one transaction where the good ones are taken: whoever registers meanwhile waits for no more.
const PIECE: usize = 200;

#[derive(Serialize)]
struct DonePage {
    list_url: String,
    another_url: String,
    added: usize,
    changed: usize,
    left: usize,
    /// How many are still to get their mail.
    untold: i64,
    faults: Vec<String>,
    refused: usize,
    more_faults: usize,
}

impl Page for DonePage {
    const TEMPLATE: &'static str = "organizer/registrations_import_done.html";
}

impl From<ImportError> for Failure {
    fn from(error: ImportError) -> Self {
        match error {
            ImportError::Refused(_) => Self::conflict("registration-error-stale"),
            ImportError::CodeTaken => Self::Busy,
            ImportError::Db(error) => error.into(),
        }
    }
}

/// `POST /organizer/{event}/registrations/import/apply`: `mode` is `all` for all or nothing, or `good` for those rows
/// that can be taken; `updates` and `tells` are ticks.
pub(super) async fn apply(team: Team, form: FormData) -> PageResult {
    let (key, sheet) = kept_sheet(&team, form.text("upload")).await?;
    let setting = setting(&team).await?;
    let all = rows(&team, &sheet, &setting).await?;
    let how = How { updates: form.is_ticked("updates"), tells: form.is_ticked("tells") };
    let shared = Arc::new(setting.clone());
    let done = if form.text("mode") == "good" {
        take_good(&team, (&shared, all), how).await
    } else {
        take(&team, (&shared, all), (how, true)).await
    };
    match done {
        Ok(outcome) => {
            team.visit.app.files.remove_upload(key).await;
            show_done(&team, &setting, &outcome).await
        }
        Err(ImportError::Refused(refused)) => {
            show_preview(&team, StatusCode::UNPROCESSABLE_ENTITY, (key, sheet, setting), &refused).await
        }
        Err(error) => Err(error.into()),
    }
}

async fn take(
    team: &Team,
    (setting, rows): (&Arc<Setting>, Vec<Row>),
    how: (How, bool),
) -> Result<Outcome, ImportError> {
    let (actor, setting) = (team.actor(), Arc::clone(setting));
    let job = move |db: &mut DbConnection, now| operations::take(db, now, actor, (&setting, &rows), how);
    team.visit.app.write(job).await
}

/// Takes the rows piece by piece. Stopped half-way, the same table takes the rest.
async fn take_good(team: &Team, (setting, all): (&Arc<Setting>, Vec<Row>), how: How) -> Result<Outcome, ImportError> {
    let mut outcome = Outcome::default();
    for piece in all.chunks(PIECE) {
        outcome.add(take(team, (setting, piece.to_vec()), (how, false)).await?);
    }
    Ok(outcome)
}

async fn show_done(team: &Team, setting: &Setting, outcome: &Outcome) -> PageResult {
    let event = team.event.id;
    let untold = team.visit.app.read(move |db| Ok::<_, Failure>(operations::untold_count(db, event)?)).await?;
    let context = context(team, "import-done-title");
    let shown = outcome.refused.iter().take(MOST_SHOWN);
    let page = DonePage {
        list_url: format!("{}?source=import", list_url(team)),
        another_url: format!("{}/import", list_url(team)),
        added: outcome.added,
        changed: outcome.changed,
        left: outcome.left,
        untold,
        faults: shown.map(|(row, errors)| fault(team, setting, context.lang, (*row, errors))).collect(),
        refused: outcome.refused.len(),
        more_faults: outcome.refused.len().saturating_sub(MOST_SHOWN),
    };
    team.visit.show(&context, &page)
}
