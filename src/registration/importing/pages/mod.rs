//! The pages that register people from a table.

mod preview;
mod taking;
mod upload;

use super::model::{Setting, Sheet};
use super::operations;
use crate::accounts::access::{Allowed, ManageRegistrations};
use crate::accounts::model::Permission;
use crate::db::FileId;
use crate::i18n::Lang;
use crate::web::{Failure, FieldErrors, PageContext, RouteTable};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/registrations/import", upload::show_form);
    routes.post("/organizer/{event}/registrations/import", upload::read_table);
    routes.get("/organizer/{event}/registrations/import/template.csv", upload::show_template);
    routes.post("/organizer/{event}/registrations/import/apply", taking::apply);
}

type Team = Allowed<ManageRegistrations>;

/// Rows of one kind that a page shows.
const MOST_SHOWN: usize = 200;

fn list_url(team: &Team) -> String {
    format!("/organizer/{}/registrations", team.event.slug)
}

fn context(team: &Team, title_key: &str) -> PageContext {
    team.context("registrations", title_key)
}

/// What rows are read against.
async fn setting(team: &Team) -> Result<Setting, Failure> {
    let (event, may_approve) = (team.event.clone(), team.may(Permission::Accredit));
    team.visit.app.read(move |db| Ok::<_, Failure>(operations::setting(db, &event, may_approve)?)).await
}

/// The words of a field's column.
fn label(team: &Team, setting: &Setting, lang: Lang, field: &str) -> String {
    let question = setting.form.questions.iter().find(|question| question.field() == field);
    match question {
        Some(question) => question.facts.label.text(lang, &team.event.languages).to_owned(),
        None => team.visit.app.texts.text(lang, &format!("import-column-{}", field.replace('_', "-")), &[]),
    }
}

/// What is wrong with a row: its number in the file, and each column with what to do.
fn fault(team: &Team, setting: &Setting, lang: Lang, (row, errors): (usize, &FieldErrors)) -> String {
    let texts = &team.visit.app.texts;
    let lines = errors.iter().map(|error| {
        let args = [
            ("label", label(team, setting, lang, &error.field).into()),
            ("text", error.message.words(texts, lang).into()),
        ];
        texts.text(lang, "common-labelled", &args)
    });
    let words = lines.collect::<Vec<_>>().join("; ");
    texts.text(lang, "import-row", &[("row", row.into()), ("words", words.into())])
}

/// A table that was uploaded at this event and waits.
async fn kept_sheet(team: &Team, key: &str) -> Result<(FileId, Sheet), Failure> {
    let gone = || Failure::gone("interchange-upload-gone");
    let key: FileId = key.parse().map_err(|_| gone())?;
    let bytes = team.visit.app.files.read_upload(key).await.map_err(Failure::unexpected)?.ok_or_else(gone)?;
    let sheet: Sheet = serde_json::from_slice(&bytes).map_err(|_| gone())?;
    if sheet.event == team.event.id.as_str() { Ok((key, sheet)) } else { Err(gone()) }
}
