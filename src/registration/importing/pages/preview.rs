//! What a table would change.

use super::{MOST_SHOWN, Team, context, fault, label, list_url};
use crate::db::FileId;
use crate::i18n::Lang;
use crate::registration::importing::model::{Change, Decided, Decision, NewPerson, Row, Setting, Sheet};
use crate::registration::importing::operations;
use crate::registration::importing::reading::Reader;
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Failure, FieldErrors, Page, PageContext};
use actix_web::http::StatusCode;
use actix_web::web::block;
use serde::Serialize;

#[derive(Serialize)]
struct PreviewPage {
    action: String,
    back_url: String,
    upload: String,
    file_name: String,
    /// People who would be added, who are there and stay as they are, whom the table says otherwise about, and rows
    /// that can't be taken.
    new: usize,
    same: usize,
    other: usize,
    wrong: usize,
    /// Whether all or nothing was tried, and nothing was taken.
    is_refused: bool,
    ignored: Vec<String>,
    faults: Vec<String>,
    more_faults: usize,
    changes: Vec<ChangeLine>,
    more_changes: usize,
    fixed: Vec<String>,
    categories: Vec<CategoryLine>,
    sample: Vec<PersonLine>,
}

impl Page for PreviewPage {
    const TEMPLATE: &'static str = "organizer/registrations_import_preview.html";
}

#[derive(Serialize)]
struct ChangeLine {
    row: usize,
    url: String,
    name: String,
    fields: String,
}

#[derive(Serialize)]
struct CategoryLine {
    name: Text,
    new: usize,
    /// Places left; nothing where there is no limit.
    left: Option<i32>,
    is_short: bool,
}

#[derive(Serialize)]
struct PersonLine {
    row: usize,
    name: String,
    native_name: String,
    email: String,
    category: String,
    state: &'static str,
    state_label: String,
}

/// The rows of a table in the form's own words, read off the threads that answer.
pub(super) async fn rows(team: &Team, sheet: &Sheet, setting: &Setting) -> Result<Vec<Row>, Failure> {
    let (app, sheet, setting) = (team.visit.app.clone(), sheet.clone(), setting.clone());
    let job = move || Reader::new(&app.texts, &setting, sheet.category.parse().ok()).rows(&sheet);
    block(job).await.map_err(Failure::unexpected)
}

/// Shows what a kept table would change. `refused` are rows that were not taken a moment ago.
pub(super) async fn show_preview(
    team: &Team,
    status: StatusCode,
    (key, sheet, setting): (FileId, Sheet, Setting),
    refused: &[(usize, FieldErrors)],
) -> PageResult {
    let rows = rows(team, &sheet, &setting).await?;
    let (now, read) = (team.visit.app.clock.now(), setting.clone());
    let look = move |db: &mut crate::db::DbConnection| {
        let decided = operations::look(db, now, &read, &rows)?;
        Ok::<_, Failure>(rows.into_iter().zip(decided).collect::<Vec<_>>())
    };
    let mut decided = team.visit.app.read(look).await?;
    for (number, errors) in refused {
        if let Some((_, decided)) = decided.iter_mut().find(|(row, _)| row.number == *number) {
            decided.decision = Decision::Wrong(errors.clone());
        }
    }
    let context = context(team, "import-preview-title");
    let mut page = page(team, &context, (&setting, &sheet), &decided);
    page.upload = key.to_string();
    page.is_refused = !refused.is_empty();
    team.visit.show_with_status(status, &context, &page)
}

fn page(
    team: &Team,
    context: &PageContext,
    (setting, sheet): (&Setting, &Sheet),
    decided: &[(Row, Decided)],
) -> PreviewPage {
    let lang = context.lang;
    let (mut new, mut changes, mut wrong, mut same) = (Vec::new(), Vec::new(), Vec::new(), 0);
    for (row, one) in decided {
        match &one.decision {
            Decision::New(person) => new.push((row.number, person.as_ref())),
            Decision::Other(change) => changes.push((row.number, change.as_ref())),
            Decision::Wrong(errors) => wrong.push((row.number, errors)),
            Decision::Same(_) => same += 1,
        }
    }
    let fixed = decided.iter().filter(|(_, one)| !one.fixed.is_empty());
    PreviewPage {
        action: format!("{}/import/apply", list_url(team)),
        back_url: format!("{}/import", list_url(team)),
        upload: String::new(),
        file_name: sheet.file_name.clone(),
        new: new.len(),
        same,
        other: changes.len(),
        wrong: wrong.len(),
        is_refused: false,
        ignored: ignored(team, lang, sheet),
        more_faults: wrong.len().saturating_sub(MOST_SHOWN),
        faults: wrong.iter().take(MOST_SHOWN).map(|row| fault(team, setting, lang, *row)).collect(),
        more_changes: changes.len().saturating_sub(MOST_SHOWN),
        changes: changes.iter().take(MOST_SHOWN).map(|row| change_line(team, setting, lang, *row)).collect(),
        fixed: fixed.take(MOST_SHOWN).map(|(row, one)| fixed_line(team, setting, lang, (row.number, one))).collect(),
        categories: categories(team, lang, setting, &new),
        sample: new.iter().take(MOST_SHOWN / 10).map(|row| person_line(team, lang, setting, *row)).collect(),
    }
}

fn ignored(team: &Team, lang: Lang, sheet: &Sheet) -> Vec<String> {
    let line = |(name, why): &(String, String)| {
        team.visit.app.texts.text(lang, &format!("import-ignored-{why}"), &[("column", name.clone().into())])
    };
    sheet.ignored.iter().map(line).collect()
}

fn names(team: &Team, setting: &Setting, lang: Lang, fields: impl Iterator<Item = impl AsRef<str>>) -> String {
    fields.map(|field| label(team, setting, lang, field.as_ref())).collect::<Vec<_>>().join(" · ")
}

fn change_line(team: &Team, setting: &Setting, lang: Lang, (row, change): (usize, &Change)) -> ChangeLine {
    let own = &change.kept.registration;
    ChangeLine {
        row,
        url: format!("{}/{}", list_url(team), own.id),
        name: own.full_name(),
        fields: names(team, setting, lang, change.fields.iter()),
    }
}

fn fixed_line(team: &Team, setting: &Setting, lang: Lang, (row, one): (usize, &Decided)) -> String {
    let words = names(team, setting, lang, one.fixed.iter());
    team.visit.app.texts.text(lang, "import-row", &[("row", row.into()), ("words", words.into())])
}

fn categories(team: &Team, lang: Lang, setting: &Setting, new: &[(usize, &NewPerson)]) -> Vec<CategoryLine> {
    let line = |category: &crate::registration::category::Category| {
        let own = new.iter().filter(|(_, person)| person.category == category.id);
        let (count, needed) = own
            .fold((0, 0), |(count, needed), (_, person)| (count + 1, needed + usize::from(person.state.holds_place())));
        let left = category.places_left();
        let is_short = left.is_some_and(|left| usize::try_from(left).unwrap_or(0) < needed);
        CategoryLine { name: Text::pick(&category.name, lang, &team.event.languages), new: count, left, is_short }
    };
    setting.categories.iter().map(line).filter(|line| line.new > 0).collect()
}

fn person_line(team: &Team, lang: Lang, setting: &Setting, (row, person): (usize, &NewPerson)) -> PersonLine {
    let category = setting.category(person.category);
    PersonLine {
        row,
        name: person.details.full_name(),
        native_name: person.details.native_name.clone(),
        email: person.email.0.clone(),
        category: category
            .map(|category| category.name.text(lang, &team.event.languages).to_owned())
            .unwrap_or_default(),
        state: person.state.as_str(),
        state_label: team.visit.app.texts.text(lang, &format!("registration-state-{}", person.state), &[]),
    }
}
