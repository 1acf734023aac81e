//! The table `mail_words`: from words to the recipients and subjects that have them.

use super::listing::{first, states};
use super::words;
use crate::db::schema::{mail_words, messages};
use crate::db::{DbConnection, EventId, MessageId};
use crate::mail::model::{MessageFilter, MessageKind, MessageState};
use crate::mail::searching::{Search, Term, Words, end_of};
use diesel::prelude::*;
use std::collections::BTreeSet;

/// Recipients and subjects that one word may have; more are no help in finding anything.
const MOST: i64 = 2000;
/// Subjects whose messages are put together one by one.
const MOST_SUBJECTS: usize = 20;

/// What has the words of a search.
#[derive(Debug)]
pub(super) enum Found {
    /// Few recipients and subjects.
    Few(Few),
    /// So many that looking through the list is faster.
    Many,
}

/// Recipients and subjects.
#[derive(Debug, Default)]
pub(super) struct Few {
    addresses: Vec<String>,
    subjects: Vec<String>,
    /// Messages whose words are not in the table yet.
    fresh: Vec<MessageId>,
}

/// Finds what has the words of a search.
pub(super) fn find(db: &mut DbConnection, event: EventId, search: &Search) -> QueryResult<Found> {
    let fresh = words::fresh(db, event)?;
    if let Some(address) = &search.address {
        let exact = mail_words::table.find((event.as_str(), address, format!("a:{address}")));
        if fresh.iter().any(|message| message.address == *address)
            || diesel::select(diesel::dsl::exists(exact)).get_result(db)?
        {
            return Ok(Found::Few(Few { addresses: vec![address.clone()], ..Few::default() }));
        }
    }
    let found = indexed(db, event, search)?;
    let Found::Few(few) = found else { return Ok(found) };
    let fresh = fresh.into_iter().filter(|message| search.fits(&message.words)).map(|message| message.id).collect();
    Ok(Found::Few(Few { fresh, ..few }))
}

fn indexed(db: &mut DbConnection, event: EventId, search: &Search) -> QueryResult<Found> {
    let mut few: Option<BTreeSet<String>> = None;
    let mut common: Vec<&Term> = Vec::new();
    for term in &search.terms {
        match of_term(db, event, term, None)? {
            Some(targets) => few = Some(few.map_or(targets.clone(), |known| &known & &targets)),
            None => common.push(term),
        }
    }
    let Some(mut few) = few else { return Ok(Found::Many) };
    // A word that thousands have is looked up among those only that have the rarer ones.
    for term in common {
        few = of_term(db, event, term, Some(&few))?.unwrap_or_default();
    }
    let of = |mark: &str| few.iter().filter_map(|target| target.strip_prefix(mark)).map(str::to_owned).collect();
    let few = Few { addresses: of("a:"), subjects: of("s:"), fresh: Vec::new() };
    Ok(if few.subjects.len() > MOST_SUBJECTS { Found::Many } else { Found::Few(few) })
}

/// What has a word; nothing where too much has it. With `among`, only what is there is looked for.
fn of_term(
    db: &mut DbConnection,
    event: EventId,
    term: &Term,
    among: Option<&BTreeSet<String>>,
) -> QueryResult<Option<BTreeSet<String>>> {
    let whole = match &term.whole {
        Some(whole) => of_word(db, event, whole, among)?,
        None => Some(BTreeSet::new()),
    };
    let mut parts: Option<BTreeSet<String>> = None;
    for part in &term.parts {
        let Some(found) = of_word(db, event, part, among)? else {
            // One part that everybody has: what has the whole word is enough, if there is any.
            return Ok(whole.filter(|whole| !whole.is_empty()));
        };
        parts = Some(parts.map_or(found.clone(), |known| &known & &found));
    }
    Ok(whole.map(|whole| &whole | &parts.unwrap_or_default()))
}

fn of_word(
    db: &mut DbConnection,
    event: EventId,
    beginning: &str,
    among: Option<&BTreeSet<String>>,
) -> QueryResult<Option<BTreeSet<String>>> {
    let mut query = mail_words::table
        .filter(mail_words::event_id.eq(event))
        .filter(mail_words::word.ge(beginning.to_owned()))
        .filter(mail_words::word.lt(end_of(beginning)))
        .select(mail_words::target)
        .into_boxed();
    if let Some(among) = among {
        query = query.filter(mail_words::target.eq_any(among.iter().cloned().collect::<Vec<_>>()));
    } else {
        query = query.limit(MOST + 1);
    }
    let found: Vec<String> = query.load(db)?;
    let is_too_much = among.is_none() && found.len() as i64 > MOST;
    Ok(if is_too_much { None } else { Some(found.into_iter().collect()) })
}

impl Few {
    /// The newest messages to these recipients and of these subjects.
    pub(super) fn newest(
        &self,
        db: &mut DbConnection,
        event: EventId,
        filter: &MessageFilter,
        limit: i64,
    ) -> QueryResult<Vec<MessageId>> {
        let mut found: Vec<MessageId> = Vec::new();
        type Row = (MessageId, MessageState, MessageKind);
        let fits = |(id, state, kind): &Row| {
            filter.state.is_none_or(|wanted| wanted == *state)
                && filter.kind.is_none_or(|wanted| wanted == *kind)
                && filter.before.is_none_or(|before| *id < before)
        };
        if !self.fresh.is_empty() {
            let query = messages::table.filter(messages::id.eq_any(&self.fresh));
            let rows: Vec<Row> = query.select((messages::id, messages::state, messages::kind)).load(db)?;
            found.extend(rows.iter().filter(|row| fits(row)).map(|(id, _, _)| *id));
        }
        if !self.addresses.is_empty() {
            // One index holds all of this. Asked to filter and sort as well, a database may walk all of a state instead.
            let query = messages::table
                .filter(messages::recipient_key.eq_any(&self.addresses))
                .filter(messages::event_id.eq(event))
                .select((messages::id, messages::state, messages::kind));
            let rows: Vec<Row> = query.load(db)?;
            found.extend(rows.iter().filter(|row| fits(row)).map(|(id, _, _)| *id));
        }
        for subject in &self.subjects {
            for state in states(filter) {
                let mut query = messages::table
                    .filter(messages::event_id.eq(event))
                    .filter(messages::subject_key.eq(subject))
                    .filter(messages::state.eq(state))
                    .into_boxed();
                if let Some(kind) = filter.kind {
                    query = query.filter(messages::kind.eq(kind));
                }
                if let Some(before) = filter.before {
                    query = query.filter(messages::id.lt(before));
                }
                found.extend(query.order(messages::id.desc()).limit(limit).select(messages::id).load::<MessageId>(db)?);
            }
        }
        Ok(first(found, limit))
    }
}

/// Forgets the words by which these messages are found; of a recipient they are those of all their messages, of a
/// subject only where no other message has it.
pub(super) fn forget(db: &mut DbConnection, chosen: &[MessageId]) -> QueryResult<()> {
    type Row = (Option<EventId>, String, String, String);
    let rows: Vec<Row> = messages::table
        .filter(messages::id.eq_any(chosen))
        .select((messages::event_id, messages::recipient_key, messages::subject_key, messages::search_words))
        .distinct()
        .load(db)?;
    for (event, address, subject, words) in rows {
        let Some(event) = event else { continue };
        let words: Words =
            serde_json::from_str(&words).map_err(|error| diesel::result::Error::DeserializationError(error.into()))?;
        delete(db, event, &words.recipient, &format!("a:{address}"))?;
        let others = messages::table
            .filter(messages::event_id.eq(event))
            .filter(messages::subject_key.eq(&subject))
            .filter(messages::id.ne_all(chosen));
        if !diesel::select(diesel::dsl::exists(others)).get_result::<bool>(db)? {
            delete(db, event, &words.subject, &format!("s:{subject}"))?;
        }
    }
    Ok(())
}

fn delete(db: &mut DbConnection, event: EventId, words: &BTreeSet<String>, target: &str) -> QueryResult<()> {
    let words: Vec<&String> = words.iter().collect();
    let rows = mail_words::table
        .filter(mail_words::event_id.eq(event))
        .filter(mail_words::word.eq_any(words))
        .filter(mail_words::target.eq(target));
    diesel::delete(rows).execute(db).map(drop)
}

/// Adds the words of a subject that an organizer gave.
pub(super) fn add_subject(
    db: &mut DbConnection,
    event: EventId,
    subject: &str,
    words: &BTreeSet<String>,
) -> QueryResult<()> {
    let target = format!("s:{subject}");
    for word in words {
        crate::each_backend!(db, backend => diesel::insert_into(mail_words::table)
            .values((mail_words::event_id.eq(event), mail_words::word.eq(word), mail_words::target.eq(&target)))
            .on_conflict_do_nothing()
            .execute(backend))?;
    }
    Ok(())
}
