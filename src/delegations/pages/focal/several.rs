//! Adding several people: rows of a form, what was copied out of a spreadsheet, or a file. Whatever is wrong with a
//! row stands beside it, and nothing that was typed is lost. Rows are sent as parts: as other forms are, two hundred
//! in Arabic would be larger than any form may be.

use super::adding::{book, category_choices, enrolments, refused};
use super::guest::{Guest, Open};
use crate::db::{CategoryId, DbConnection};
use crate::delegations::model::{MOST_ROWS, Person, Refusal};
use crate::delegations::operations::{self, Added, DelegationError, Whole};
use crate::delegations::people::{self, Book, COLUMNS, Handed, Row, mail_languages};
use crate::i18n::country_choices;
use crate::registration::forms::model::Form;
use crate::registration::forms::view::{self, QuestionView};
use crate::registration::importing::model::Ignored;
use crate::registration::names::{NameOrder, full_name};
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::tables::{self, TableUpload};
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Page, PageContext, respond};
use actix_multipart::Multipart;
use actix_web::http::StatusCode;
use serde::Serialize;
use std::collections::HashMap;

/// Rows that an empty form shows.
const EMPTY_ROWS: usize = 3;

#[derive(Serialize)]
struct SeveralPage {
    action: String,
    read_url: String,
    template_url: String,
    back_url: String,
    name: String,
    rows: Vec<RowView>,
    wrong: usize,
    right: usize,
    /// How many were added a moment ago.
    added: usize,
    /// Whether the rows were looked through.
    is_checked: bool,
    categories: Vec<Choice>,
    languages: Vec<Choice>,
    countries: Vec<Choice>,
    /// The questions that stand in every row.
    questions: Vec<QuestionView>,
    /// How their columns are headed.
    columns: String,
    /// Columns of the table that are not read, and why.
    ignored: Vec<String>,
    sends: bool,
    most: usize,
    pasted: Field,
    file_error: String,
}

impl Page for SeveralPage {
    const TEMPLATE: &'static str = "delegation/several.html";
}

/// One row: its number, its fields in the order of [`COLUMNS`], and whether anything is wrong.
#[derive(Serialize)]
struct RowView {
    number: usize,
    is_wrong: bool,
    fields: Vec<Field>,
    /// The answers in the order of the questions.
    answers: Vec<Field>,
    /// What stands in it, for rows that are right.
    name: String,
    native_name: String,
    category: String,
    more: String,
    answered: Vec<String>,
}

/// What a page of rows shows.
#[derive(Default)]
struct Sheet {
    rows: Vec<Row>,
    ignored: Vec<(String, Ignored)>,
    errors: Vec<FieldErrors>,
    is_checked: bool,
    added: usize,
    sends: bool,
    pasted: String,
    file_error: String,
}

/// `GET /{event}/d/{token}/add-several`.
pub(super) async fn show_form(Open(guest): Open) -> PageResult {
    let whole = guest.whole().await?;
    show(&guest, &whole, StatusCode::OK, Sheet::default())
}

fn show(guest: &Guest, whole: &Whole, status: StatusCode, mut sheet: Sheet) -> PageResult {
    let context = guest.context("delegations-several-title");
    let texts = &guest.visit.app.texts;
    let filled = sheet.rows.len();
    if !sheet.is_checked {
        let empty = EMPTY_ROWS.saturating_sub(filled).max(1);
        sheet.rows.extend(std::iter::repeat_n(Row::default(), empty));
    }
    sheet.errors.resize(sheet.rows.len(), FieldErrors::default());
    let wrong = sheet.errors.iter().filter(|errors| !errors.is_empty()).count();
    let languages = mail_languages(&guest.event.languages);
    let book = book(guest, whole, &languages);
    let questions = questions(guest, whole, &context, &book);
    let choice = |value: String, label: String| Choice { value, label, selected: false };
    let page = SeveralPage {
        action: guest.url("/add-several"),
        read_url: guest.url("/add-several/read"),
        template_url: guest.url("/template.csv"),
        back_url: guest.url(""),
        name: guest.name(&context),
        wrong,
        right: filled.saturating_sub(wrong),
        added: sheet.added,
        is_checked: sheet.is_checked,
        rows: rows(guest, &context, (&book, &questions), &sheet),
        categories: category_choices(guest, &context, whole, ""),
        columns: book.heads(context.lang, &guest.event.languages).split_off(COLUMNS.len()).join(" · "),
        questions,
        ignored: sheet.ignored.iter().map(|one| ignored(guest, &context, one)).collect(),
        languages: languages.iter().copied().map(|lang| choice(lang.to_string(), own_name(texts, lang))).collect(),
        countries: country_choices(texts, context.lang)
            .into_iter()
            .map(|(country, name)| choice(country.as_str().to_owned(), name))
            .collect(),
        sends: sheet.sends,
        most: MOST_ROWS,
        pasted: Field { name: "pasted".to_owned(), value: sheet.pasted, error: None },
        file_error: sheet.file_error,
    };
    guest.visit.show_with_status(status, &context, &page)
}

fn ignored(guest: &Guest, context: &PageContext, (name, why): &(String, Ignored)) -> String {
    let args = [("column", name.clone().into())];
    guest.visit.app.texts.text(context.lang, &format!("import-ignored-{why}"), &args)
}

/// The questions of every row, without what is typed.
fn questions(guest: &Guest, whole: &Whole, context: &PageContext, book: &Book<'_>) -> Vec<QuestionView> {
    let asked = Form { questions: book.questions().cloned().collect() };
    let (form, errors) = (FormData::default(), FieldErrors::default());
    let fields = FormView::new(&guest.visit, context, &form, &errors);
    view::questions(&guest.visit, context, &fields, &asked, (&whole.categories, &guest.event.languages))
}

fn rows(
    guest: &Guest,
    context: &PageContext,
    (book, questions): (&Book<'_>, &[QuestionView]),
    sheet: &Sheet,
) -> Vec<RowView> {
    let frame = guest.frame(context);
    let view = |(index, (row, errors)): (usize, (&Row, &FieldErrors))| {
        let mut form = book.form(row);
        if people::is_empty(row) {
            form = FormData::from_fields([("language", guest.delegation.language.to_string())]);
            form.push("country", guest.delegation.country.clone().unwrap_or_default());
        }
        let fields = FormView::new(&guest.visit, context, &form, errors);
        let more = [form.text("position"), form.text("organisation"), form.text("email")];
        let country = frame.country(Some(form.text("country")));
        let more = more.into_iter().chain([country.as_str()]).filter(|part| !part.is_empty());
        let answers: Vec<Field> = questions.iter().map(|question| fields.field(&question.field.name)).collect();
        let answered = questions.iter().zip(&answers).filter(|(_, answer)| !answer.value.is_empty());
        RowView {
            number: index + 1,
            is_wrong: !errors.is_empty(),
            fields: COLUMNS.iter().map(|name| fields.field(name)).collect(),
            name: full_name(form.text("given_name"), form.text("family_name"), NameOrder::default()),
            native_name: form.text("native_name").to_owned(),
            category: book
                .category(&form)
                .map(|own| own.name.text(context.lang, &guest.event.languages).to_owned())
                .unwrap_or_default(),
            more: more.collect::<Vec<_>>().join(" · "),
            answered: answered.map(|(question, answer)| in_words(guest, context, question, &answer.value)).collect(),
            answers,
        }
    };
    sheet.rows.iter().zip(&sheet.errors).enumerate().map(view).collect()
}

/// An answer with its question.
fn in_words(guest: &Guest, context: &PageContext, question: &QuestionView, value: &str) -> String {
    let chosen = question.choices.iter().find(|choice| choice.value == value);
    let text = chosen.map_or(value, |choice| choice.label.as_str()).to_owned();
    let args = [("label", question.label.text.clone().into()), ("text", text.into())];
    guest.visit.app.texts.text(context.lang, "common-labelled", &args)
}

/// `POST /{event}/d/{token}/add-several/read`: shows what a file holds or what was pasted, and keeps nothing.
pub(super) async fn read(Open(guest): Open, body: Multipart) -> PageResult {
    let limit = guest.visit.app.settings.limits.import_bytes;
    let upload = TableUpload::receive(body, limit).await?;
    let whole = guest.whole().await?;
    let lang = guest.context("delegations-several-title").lang;
    let texts = &guest.visit.app.texts;
    let pasted = upload.form.text("pasted").to_owned();
    let languages = mail_languages(&guest.event.languages);
    let book = book(&guest, &whole, &languages);
    let read = match (upload.too_large, upload.file.is_empty()) {
        (true, _) => Err(texts.text(lang, "interchange-too-large", &[])),
        (false, true) => book.pasted(&pasted).map_err(|fault| fault.of_table(texts, lang, MOST_ROWS)),
        (false, false) => book
            .uploaded(&upload.file, if limit == 0 { usize::MAX } else { limit })
            .map_err(|fault| fault.of_table(texts, lang, MOST_ROWS)),
    };
    let sends = upload.form.is_ticked("sends");
    let read = read.and_then(|handed| match handed.rows.len() {
        0 => Err(texts.text(lang, "delegations-error-no-rows", &[])),
        more if more > MOST_ROWS => {
            Err(texts.text(lang, "delegations-error-too-many-rows", &[("most", MOST_ROWS.into())]))
        }
        _ => Ok(handed),
    });
    match read {
        Ok(Handed { rows, ignored }) => {
            let checked = book.check(&rows);
            let mut errors = errors_of(&checked);
            mark_full(&guest, &whole, &checked, &mut errors);
            let sheet = Sheet { rows, ignored, errors, is_checked: true, sends, ..Sheet::default() };
            show(&guest, &whole, StatusCode::OK, sheet)
        }
        Err(file_error) => {
            let sheet = Sheet { pasted, file_error, sends, ..Sheet::default() };
            show(&guest, &whole, StatusCode::UNPROCESSABLE_ENTITY, sheet)
        }
    }
}

fn errors_of(checked: &[Result<Person, FieldErrors>]) -> Vec<FieldErrors> {
    checked.iter().map(|one| one.as_ref().err().cloned().unwrap_or_default()).collect()
}

/// Says beside rows that are right so far for which of them the delegation has no place left. The next to be added
/// decide anew: others may have come or gone.
fn mark_full(guest: &Guest, whole: &Whole, checked: &[Result<Person, FieldErrors>], errors: &mut [FieldErrors]) {
    let mut left: HashMap<CategoryId, i32> =
        whole.places.iter().map(|places| (places.category_id, places.left())).collect();
    for (person, errors) in checked.iter().zip(errors) {
        let Ok(person) = person else { continue };
        let left = left.entry(person.category).or_default();
        *left -= 1;
        if *left < 0 {
            let own = whole.places.iter().find(|places| places.category_id == person.category);
            let refusal = Refusal::DelegationFull(own.map_or(0, |places| places.capacity));
            errors.push("category", refused(guest, whole, person.category, refusal));
        }
    }
}

/// `POST /{event}/d/{token}/add-several`: `do` is `check`, `all` for all or nothing, or `good` for those that can be.
pub(super) async fn add(Open(guest): Open, body: Multipart) -> PageResult {
    let form = TableUpload::receive(body, guest.visit.app.settings.limits.import_bytes).await?.form;
    let (whole, languages) = (guest.whole().await?, mail_languages(&guest.event.languages));
    let sends = form.is_ticked("sends");
    let (rows, checked) = {
        let book = book(&guest, &whole, &languages);
        let rows = book.typed(&form);
        let checked = book.check(&rows);
        (rows, checked)
    };
    let mut errors = errors_of(&checked);
    let wanted = form.text("do");
    if wanted == "check" {
        mark_full(&guest, &whole, &checked, &mut errors);
    }
    let has_errors = errors.iter().any(|errors| !errors.is_empty());
    let sheet = Sheet { rows, errors, is_checked: true, sends, ..Sheet::default() };
    if sheet.rows.is_empty() || sheet.rows.len() > MOST_ROWS {
        return show_count(&guest, &whole, sheet);
    }
    if wanted == "check" || (has_errors && wanted != "good") {
        let status = if has_errors { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
        return show(&guest, &whole, status, sheet);
    }
    let people: Vec<(usize, Person)> =
        checked.into_iter().enumerate().filter_map(|(index, one)| Some((index, one.ok()?))).collect();
    let done = enrol(&guest, &whole, people.clone(), (sends, wanted != "good")).await?;
    if done.refused.is_empty() && !has_errors {
        return Ok(respond::see_other_with_notice(guest.url(""), "delegations-notice-all-added"));
    }
    show_rest(&guest, (sheet, &people), &done).await
}

/// Says that there is nothing to add, or too much at once.
fn show_count(guest: &Guest, whole: &Whole, sheet: Sheet) -> PageResult {
    let key = if sheet.rows.is_empty() { "delegations-error-no-rows" } else { "delegations-error-too-many-rows" };
    let lang = guest.context("delegations-several-title").lang;
    let file_error = guest.visit.app.texts.text(lang, key, &[("most", MOST_ROWS.into())]);
    let is_checked = !sheet.rows.is_empty();
    show(guest, whole, StatusCode::UNPROCESSABLE_ENTITY, Sheet { file_error, is_checked, ..sheet })
}

async fn enrol(
    guest: &Guest,
    whole: &Whole,
    people: Vec<(usize, Person)>,
    (sends, all_or_nothing): (bool, bool),
) -> Result<Added, Failure> {
    let prepared = enrolments(guest, whole, people, sends).await?;
    let (by, ids) = (guest.by(), guest.ids());
    let job = move |db: &mut DbConnection, now| operations::add(db, now, by, ids, (&prepared, all_or_nothing));
    match guest.visit.app.write(job).await {
        Ok(done) => Ok(done),
        Err(DelegationError::Refused(refused)) => Ok(Added { refused, ..Added::default() }),
        Err(error) => Err(error.into()),
    }
}

/// The rows that are left: all of them where nobody was added, otherwise those that could not be.
async fn show_rest(guest: &Guest, (sheet, people): (Sheet, &[(usize, Person)]), done: &Added) -> PageResult {
    let (whole, added) = (guest.whole().await?, done.added.len());
    let mut errors = sheet.errors;
    for (index, refusal) in &done.refused {
        let Some((_, person)) = people.iter().find(|(other, _)| other == index) else { continue };
        let field = match refusal {
            Refusal::Known => "email",
            Refusal::Again => "given_name",
            _ => "category",
        };
        errors[*index].push(field, refused(guest, &whole, person.category, *refusal));
    }
    let left = sheet.rows.into_iter().zip(errors).filter(|(_, errors)| added == 0 || !errors.is_empty());
    let (rows, errors) = left.unzip();
    let rest = Sheet { rows, errors, is_checked: true, added, sends: sheet.sends, ..Sheet::default() };
    show(guest, &whole, StatusCode::UNPROCESSABLE_ENTITY, rest)
}

/// `GET /{event}/d/{token}/template.csv`: a table to be filled in.
pub(super) async fn show_template(Open(guest): Open) -> PageResult {
    let whole = guest.whole().await?;
    let category = whole.open_categories().next().map(|category| category.code.clone()).unwrap_or_default();
    let languages = mail_languages(&guest.event.languages);
    let lang = guest.context("delegations-several-title").lang;
    let heads = book(&guest, &whole, &languages).heads(lang, &guest.event.languages);
    let sample = |cells: [&str; COLUMNS.len()]| {
        let mut row = cells.map(str::to_owned).to_vec();
        row.resize(heads.len(), String::new());
        row
    };
    let rows = [
        sample([
            "Ada",
            "Lovelace",
            "",
            "ada@example.org",
            &category,
            "Analytical Society",
            "Countess",
            "GB",
            "en",
            "Dr",
            "",
        ]),
        sample(["Xiaolong", "Li", "李小龙", "", &category, "", "", "CN", "zh", "", ""]),
    ];
    let heads = heads.iter().map(String::as_str);
    tables::csv(&format!("{}-people.csv", whole.delegation.code), heads, rows)
}
