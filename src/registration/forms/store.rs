//! The tables `questions`, `category_questions` and `consent_texts`, and the column of answers.

use super::model::{Options, Question, QuestionFacts, QuestionKind, Stage, Viewer};
use crate::db::schema::{category_questions, consent_texts, questions, registrations};
use crate::db::{CategoryId, DbConnection, EventId, QuestionId, RegistrationId, UtcTime};
use crate::i18n::Localized;
use diesel::prelude::*;

#[derive(Queryable, Selectable, Insertable)]
#[diesel(table_name = questions)]
struct Row {
    id: QuestionId,
    event_id: EventId,
    code: String,
    kind: QuestionKind,
    stage: Stage,
    label: Localized,
    help: Localized,
    options: String,
    is_required: bool,
    only_if: Option<String>,
    answer_until: Option<UtcTime>,
    seen_by: String,
    is_identity: bool,
    is_sealed: bool,
    position: i32,
    version: i32,
    created_at: UtcTime,
    updated_at: UtcTime,
    retired_at: Option<UtcTime>,
}

/// The questions of an event in their order, retired ones too.
pub(super) fn all(db: &mut DbConnection, event: EventId) -> QueryResult<Vec<Question>> {
    let rows: Vec<Row> = questions::table
        .filter(questions::event_id.eq(event))
        .order((questions::position.asc(), questions::code.asc()))
        .select(Row::as_select())
        .load(db)?;
    let asked: Vec<(CategoryId, QuestionId)> = category_questions::table
        .inner_join(questions::table)
        .filter(questions::event_id.eq(event))
        .select((category_questions::category_id, category_questions::question_id))
        .load(db)?;
    Ok(rows.into_iter().map(|row| question(row, &asked)).collect())
}

fn question(row: Row, asked: &[(CategoryId, QuestionId)]) -> Question {
    let viewers = |word: &str| Viewer::ALL.iter().copied().find(|viewer| viewer.as_str() == word);
    let facts = QuestionFacts {
        stage: row.stage,
        label: row.label,
        help: row.help,
        options: serde_json::from_str(&row.options).unwrap_or_default(),
        is_required: row.is_required,
        only_if: row.only_if.and_then(|text| serde_json::from_str(&text).ok()),
        answer_until: row.answer_until,
        seen_by: row.seen_by.split(' ').filter_map(viewers).collect(),
        is_identity: row.is_identity,
        categories: asked.iter().filter(|(_, question)| *question == row.id).map(|(category, _)| *category).collect(),
    };
    Question {
        id: row.id,
        event_id: row.event_id,
        code: row.code,
        kind: row.kind,
        is_sealed: row.is_sealed,
        facts,
        position: row.position,
        version: row.version,
        retired_at: row.retired_at,
    }
}

fn options_column(options: &Options) -> String {
    serde_json::to_string(options).unwrap_or_else(|_| "{}".to_owned())
}

fn condition_column(facts: &QuestionFacts) -> Option<String> {
    facts.only_if.as_ref().and_then(|condition| serde_json::to_string(condition).ok())
}

fn viewers_column(facts: &QuestionFacts) -> String {
    facts.seen_by.iter().map(|viewer| viewer.as_str()).collect::<Vec<_>>().join(" ")
}

/// Adds a question.
pub(super) fn insert(db: &mut DbConnection, now: UtcTime, question: &Question) -> QueryResult<()> {
    let facts = &question.facts;
    let row = Row {
        id: question.id,
        event_id: question.event_id,
        code: question.code.clone(),
        kind: question.kind,
        stage: facts.stage,
        label: facts.label.clone(),
        help: facts.help.clone(),
        options: options_column(&facts.options),
        is_required: facts.is_required,
        only_if: condition_column(facts),
        answer_until: facts.answer_until,
        seen_by: viewers_column(facts),
        is_identity: facts.is_identity,
        is_sealed: question.is_sealed,
        position: question.position,
        version: question.version,
        created_at: now,
        updated_at: now,
        retired_at: None,
    };
    diesel::insert_into(questions::table).values(&row).execute(db)?;
    set_categories(db, question.id, &facts.categories)
}

/// Changes a question if nobody else has since `version`; returns whether it was changed.
pub(super) fn update(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (QuestionId, i32),
    facts: &QuestionFacts,
) -> QueryResult<bool> {
    let changed = diesel::update(questions::table.find(id).filter(questions::version.eq(version)))
        .set((
            questions::stage.eq(facts.stage),
            questions::label.eq(&facts.label),
            questions::help.eq(&facts.help),
            questions::options.eq(options_column(&facts.options)),
            questions::is_required.eq(facts.is_required),
            questions::only_if.eq(condition_column(facts)),
            questions::answer_until.eq(facts.answer_until),
            questions::seen_by.eq(viewers_column(facts)),
            questions::is_identity.eq(facts.is_identity),
            questions::version.eq(questions::version + 1),
            questions::updated_at.eq(now),
        ))
        .execute(db)?;
    if changed == 1 {
        set_categories(db, id, &facts.categories)?;
    }
    Ok(changed == 1)
}

fn set_categories(db: &mut DbConnection, id: QuestionId, categories: &[CategoryId]) -> QueryResult<()> {
    diesel::delete(category_questions::table.filter(category_questions::question_id.eq(id))).execute(db)?;
    for category in categories {
        let row = (category_questions::category_id.eq(*category), category_questions::question_id.eq(id));
        diesel::insert_into(category_questions::table).values(row).execute(db)?;
    }
    Ok(())
}

/// Keeps one version of what is consented to.
pub(super) fn keep_consent(
    db: &mut DbConnection,
    now: UtcTime,
    (id, number): (QuestionId, i32),
    body: &Localized,
) -> QueryResult<()> {
    let row = (
        consent_texts::question_id.eq(id),
        consent_texts::number.eq(number),
        consent_texts::body.eq(body),
        consent_texts::created_at.eq(now),
    );
    diesel::insert_into(consent_texts::table).values(row).execute(db).map(drop)
}

/// Gives a question its place in the form.
pub(super) fn set_position(db: &mut DbConnection, id: QuestionId, position: i32) -> QueryResult<()> {
    diesel::update(questions::table.find(id)).set(questions::position.eq(position)).execute(db).map(drop)
}

/// Stops asking, or asks again.
pub(super) fn set_retired(db: &mut DbConnection, now: UtcTime, id: QuestionId, is_retired: bool) -> QueryResult<()> {
    diesel::update(questions::table.find(id))
        .set((
            questions::retired_at.eq(is_retired.then_some(now)),
            questions::version.eq(questions::version + 1),
            questions::updated_at.eq(now),
        ))
        .execute(db)
        .map(drop)
}

/// Keeps answers if the registration is still of this version; whether it was.
pub(super) fn set_answers(
    db: &mut DbConnection,
    now: UtcTime,
    (id, version): (RegistrationId, i32),
    answers: &str,
) -> QueryResult<bool> {
    let same = registrations::table.find(id).filter(registrations::version.eq(version));
    let changed = diesel::update(same)
        .set((
            registrations::answers.eq(answers),
            registrations::version.eq(registrations::version + 1),
            registrations::updated_at.eq(now),
        ))
        .execute(db)?;
    Ok(changed == 1)
}

/// The answers of a registration, as they stand in their column.
pub(super) fn answers(db: &mut DbConnection, id: RegistrationId) -> QueryResult<String> {
    registrations::table.find(id).select(registrations::answers).first(db)
}
