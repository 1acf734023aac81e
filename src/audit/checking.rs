//! Walking along the whole chain, as `plenary check` does.

use super::chain::{self, BEGINNING, Wrong};
use super::model::{Head, Recorded};
use super::store;
use crate::app::App;
use crate::db::{DbConnection, DbError, UtcTime};
use chrono::TimeDelta;
use diesel::QueryResult;

/// Links read at once.
const PIECE: i64 = 2000;
/// How long an entry may wait before something must be wrong with chaining.
const SOON: TimeDelta = TimeDelta::hours(1);
/// The shortest beginning of a hash that proves anything.
const SHORTEST: usize = 16;

/// What is wrong with the record of changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// A link is wrong, the first of the chain.
    Broken {
        /// Where.
        position: i32,
        /// What is wrong.
        wrong: Wrong,
        /// The entry, where it is there.
        entry: Option<Box<Recorded>>,
        /// Its id.
        id: String,
    },
    /// Details were erased although nobody asked for that.
    Erased {
        /// Where.
        position: i32,
        /// The entry.
        entry: Box<Recorded>,
    },
    /// More entries say that they are chained than the chain holds.
    Slipped {
        /// How many.
        entries: i64,
    },
    /// Nothing has chained entries for a while.
    Waiting {
        /// How many wait.
        entries: i64,
        /// Since when the first does.
        since: UtcTime,
    },
    /// The chain does not hold what somebody noted of it.
    Unlike {
        /// What was noted.
        noted: Head,
    },
}

/// What a walk along the chain found.
#[derive(Clone, Debug, Default)]
pub struct Found {
    /// How far the chain reaches.
    pub head: Head,
    /// Entries that wait to be chained.
    pub waiting: i64,
    /// The first of each sort of problem.
    pub problems: Vec<Problem>,
}

/// Walks along the chain. With a `noted` head, looks whether the chain still holds it.
///
/// # Errors
/// When the database does not answer.
pub async fn check(app: &App, noted: Option<Head>) -> Result<Found, DbError> {
    let (mut position, mut hash) = (0, BEGINNING.to_owned());
    let mut problems: Vec<Problem> = Vec::new();
    let mut seen = 0_i64;
    loop {
        let (after, before) = (position, hash.clone());
        let walked = app.db.read(move |db| Ok::<_, DbError>(walk(db, after, before)?)).await?;
        seen += walked.seen;
        for problem in walked.problems {
            let is_new = problems.iter().all(|known| std::mem::discriminant(known) != std::mem::discriminant(&problem));
            if is_new {
                problems.push(problem);
            }
        }
        if walked.links == 0 {
            break;
        }
        (position, hash) = (walked.position, walked.hash);
    }
    let now = app.clock.now();
    let (chained, waiting, since) = app.db.read(|db| Ok::<_, DbError>(store::links::counts(db)?)).await?;
    if chained > seen {
        problems.push(Problem::Slipped { entries: chained - seen });
    }
    if let Some(since) = since.filter(|since| now - *since > SOON) {
        problems.push(Problem::Waiting { entries: waiting, since });
    }
    if let Some(noted) = noted {
        let at = noted.position;
        let there = app.db.read(move |db| Ok::<_, DbError>(store::links::hash_at(db, at)?)).await?;
        // A beginning of the hash will do; a short one would prove nothing.
        let is_there = |hash: String| noted.hash.len() >= SHORTEST && hash.starts_with(&noted.hash);
        if !there.is_some_and(is_there) {
            problems.push(Problem::Unlike { noted });
        }
    }
    Ok(Found { head: Head { position, hash }, waiting, problems })
}

struct Walked {
    /// Links looked at.
    links: usize,
    /// Entries that were there.
    seen: i64,
    position: i32,
    hash: String,
    problems: Vec<Problem>,
}

fn walk(db: &mut DbConnection, position: i32, hash: String) -> QueryResult<Walked> {
    let rows = store::links::after(db, position, PIECE)?;
    let mut walked = Walked { links: rows.len(), seen: 0, position, hash, problems: Vec::new() };
    for (link, entry) in rows {
        walked.seen += i64::from(entry.is_some());
        // What comes after a wrong link is compared with what that link says, so that only the first is named.
        if let Err(wrong) = chain::check(&link, entry.as_ref(), (walked.position, &walked.hash)) {
            let entry = entry.clone().map(Box::new);
            walked.problems.push(Problem::Broken { position: link.position, wrong, entry, id: link.entry.clone() });
        } else if let Some(entry) = entry.filter(|_| chain::is_erased(&link))
            && !store::links::was_erased(db, &entry.subject_kind, &entry.subject_id)?
        {
            walked.problems.push(Problem::Erased { position: link.position, entry: Box::new(entry) });
        }
        (walked.position, walked.hash) = (link.position, link.hash);
    }
    Ok(walked)
}
