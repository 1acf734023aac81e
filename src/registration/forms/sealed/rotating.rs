//! Sealing anew what other keys have sealed, while everything goes on.
//!
//! Answers are opened and sealed outside any transaction, some at a time; each is put in place only if it
//! still is what was opened. Who answers meanwhile seals with the new key anyway.

use super::model::{PersonHints, SealedAnswer};
use super::store;
use crate::app::App;
use crate::audit::{self, Actor};
use crate::db::{DbConnection, DbError, EventId, QuestionId, RegistrationId, UtcTime};
use crate::registration::forms::model::{Answers, Form};
use crate::registration::forms::store as questions;
use crate::sealing::Unopened;
use serde_json::json;
use std::collections::hash_map::Entry;
use std::collections::{BTreeMap, HashMap};

/// Answers of one transaction.
const BATCH: i64 = 200;

/// What a rotation has done.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rotation {
    /// The key that seals now.
    pub key: String,
    /// How many answers were sealed anew, by the key that had sealed them.
    pub sealed: BTreeMap<String, usize>,
    /// People whose document and date of birth are known again by the new key.
    pub hints: usize,
    /// Answers that no key opened.
    pub unopened: Vec<UnopenedAnswer>,
}

/// An answer that no key opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnopenedAnswer {
    /// The number of the registration.
    pub code: String,
    /// The code of the question.
    pub question: String,
    /// The name of the key that sealed it.
    pub key: String,
    /// Why.
    pub why: Unopened,
}

/// Seals every answer anew that another key than the first has sealed; nothing where there is no key.
///
/// # Errors
/// When the database refuses.
pub async fn rotate(app: &App) -> Result<Rotation, DbError> {
    let Some(key) = app.sealing.current().map(str::to_owned) else { return Ok(Rotation::default()) };
    let mut rotation = Rotation { key: key.clone(), ..Rotation::default() };
    let (mut after, mut unopened) = (None, Vec::new());
    loop {
        let (wanted, from) = (key.clone(), after);
        let rows = app.read(move |db| Ok::<_, DbError>(store::of_other_keys(db, &wanted, from, BATCH)?)).await?;
        let Some(last) = rows.last() else { break };
        after = Some((last.registration_id, last.question_id));
        let now = app.clock.now();
        let mut anew: Vec<(SealedAnswer, SealedAnswer)> = Vec::new();
        for row in rows {
            match row.open(&app.sealing) {
                Ok(content) => {
                    let place = (row.registration_id, row.question_id);
                    anew.extend(SealedAnswer::seal(&app.sealing, now, place, &content).map(|sealed| (row, sealed)));
                }
                Err(why) => unopened.push((row, why)),
            }
        }
        for key in put(app, anew).await? {
            *rotation.sealed.entry(key).or_default() += 1;
        }
    }
    rotation.hints = renew_hints(app, &key).await?;
    rotation.unopened = app.read(move |db| Ok::<_, DbError>(named(db, unopened)?)).await?;
    note(app, &rotation).await?;
    Ok(rotation)
}

/// Puts these in place; the keys of those that were still what was opened.
async fn put(app: &App, anew: Vec<(SealedAnswer, SealedAnswer)>) -> Result<Vec<String>, DbError> {
    let job = move |db: &mut DbConnection, _| {
        let mut done = Vec::new();
        for (before, after) in &anew {
            if store::reseal(db, before, after)? {
                done.push(before.key_id.clone());
            }
        }
        Ok::<_, DbError>(done)
    };
    app.write(job).await
}

/// Hints made by another key say nothing beside new ones: they are made anew from the answers.
async fn renew_hints(app: &App, key: &str) -> Result<usize, DbError> {
    let Some(hints) = app.sealing.hints() else { return Ok(0) };
    let (mut after, mut count) = (None, 0);
    loop {
        let (wanted, from) = (key.to_owned(), after);
        let found = app.read(move |db| Ok::<_, DbError>(hinted(db, &wanted, from)?)).await?;
        let Some((last, ..)) = found.last() else { return Ok(count) };
        after = Some(*last);
        let mut changes = Vec::new();
        for (id, event, before, form, rows) in found {
            let mut answers = Answers::default();
            for question in &form.questions {
                let row = rows.iter().find(|row| row.question_id == question.id);
                if let Some(content) = row.and_then(|row| row.open(&app.sealing).ok()) {
                    answers.set(question, content.answer);
                }
            }
            let renewed = PersonHints::of(&hints, event, &form, &answers);
            // What can't be opened leaves the hint that there is.
            if renewed.document.is_some() == before.document.is_some()
                && renewed.birth.is_some() == before.birth.is_some()
            {
                changes.push((id, before, renewed));
            }
        }
        let job = move |db: &mut DbConnection, _| {
            let mut done = 0;
            for (id, before, renewed) in &changes {
                done += usize::from(store::change_hints(db, (*id, before), renewed)?);
            }
            Ok::<_, DbError>(done)
        };
        count += app.write(job).await?;
    }
}

type Hinted = (RegistrationId, EventId, PersonHints, Form, Vec<SealedAnswer>);

fn hinted(db: &mut DbConnection, key: &str, after: Option<RegistrationId>) -> diesel::QueryResult<Vec<Hinted>> {
    let mut forms: HashMap<EventId, Form> = HashMap::new();
    let mut found = Vec::new();
    for (id, event, document, birth) in store::with_other_hints(db, key, after, BATCH)? {
        if let Entry::Vacant(vacant) = forms.entry(event) {
            let mut all = questions::all(db, event)?;
            all.retain(|question| question.facts.options.part.is_some());
            vacant.insert(Form { questions: all });
        }
        let form = forms.get(&event).cloned().unwrap_or_default();
        found.push((id, event, PersonHints { document, birth }, form, store::of_registration(db, id)?));
    }
    Ok(found)
}

fn named(db: &mut DbConnection, rows: Vec<(SealedAnswer, Unopened)>) -> diesel::QueryResult<Vec<UnopenedAnswer>> {
    let mut codes: HashMap<RegistrationId, (EventId, String)> = HashMap::new();
    let ids: Vec<RegistrationId> = rows.iter().map(|(row, _)| row.registration_id).collect();
    for some in ids.chunks(BATCH as usize) {
        codes.extend(store::codes(db, some)?.into_iter().map(|(id, event, code)| (id, (event, code))));
    }
    let mut words: HashMap<QuestionId, String> = HashMap::new();
    let mut events: Vec<EventId> = codes.values().map(|(event, _)| *event).collect();
    events.sort_unstable();
    events.dedup();
    for event in events {
        words.extend(questions::all(db, event)?.into_iter().map(|question| (question.id, question.code)));
    }
    let name = |(row, why): (SealedAnswer, Unopened)| UnopenedAnswer {
        code: codes.get(&row.registration_id).map(|(_, code)| code.clone()).unwrap_or_default(),
        question: words.get(&row.question_id).cloned().unwrap_or_default(),
        key: row.key_id,
        why,
    };
    Ok(rows.into_iter().map(name).collect())
}

async fn note(app: &App, rotation: &Rotation) -> Result<(), DbError> {
    let (key, sealed): (_, usize) = (rotation.key.clone(), rotation.sealed.values().sum());
    let unopened = rotation.unopened.len();
    app.write(move |db, now: UtcTime| {
        let entry = audit::Entry::new(None, Actor::CommandLine, "sealing.rotated", "key", &key);
        Ok::<_, DbError>(audit::note(db, now, &entry.with(json!({ "sealed": sealed, "unopened": unopened })))?)
    })
    .await
}
