//! Wordings ready to be filled in, kept in memory: the program's own and those of events.

use super::model::{Source, Wording};
use super::{markup, placeholders, store};
use crate::app::App;
use crate::db::{DbConnection, DbError, EventId};
use crate::i18n::{Lang, fallback_language};
use crate::mail::model::MessageKind;
use crate::mail::rendering::RenderError;
use crate::web::templates::Templates;
use actix_web::web::Data;
use arc_swap::ArcSwap;
use diesel::QueryResult;
use std::collections::{BTreeMap, HashMap};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use tokio::sync::watch;

/// How long a change by another process may stay unseen.
const LOOK_AGAIN: Duration = Duration::from_secs(2);

/// The wordings of a process.
#[derive(Default)]
pub struct Wordings {
    of_program: Mutex<HashMap<(MessageKind, Lang), Arc<Wording>>>,
    of_events: ArcSwap<OfEvents>,
}

#[derive(Default)]
struct OfEvents {
    /// The sum of all versions: it grows with every change, since a wording that is given up keeps its row.
    stamp: i64,
    wordings: HashMap<(EventId, MessageKind, Lang), Arc<Wording>>,
}

impl Wordings {
    /// The wording of mails of a kind in a language: the event's own or the program's.
    ///
    /// # Errors
    /// When the program's own is not right.
    pub fn of(
        &self,
        templates: &Templates,
        event: Option<EventId>,
        kind: MessageKind,
        lang: Lang,
    ) -> Result<Arc<Wording>, RenderError> {
        if let Some(own) = event.and_then(|event| self.of_events.load().wordings.get(&(event, kind, lang)).cloned()) {
            return Ok(own);
        }
        let lang = fallback_language(lang);
        let mut kept = self.of_program.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(wording) = kept.get(&(kind, lang)) {
            return Ok(Arc::clone(wording));
        }
        let source = default_source(templates, kind, lang)?;
        let wording = markup::read(&source, &placeholders::all(kind), placeholders::needed(kind))
            .map_err(|problems| RenderError::Wording { kind, lang, problems })?;
        let wording = Arc::new(wording);
        kept.insert((kind, lang), Arc::clone(&wording));
        Ok(wording)
    }

    /// Brings the events' own wordings up to date, if any has changed.
    ///
    /// # Errors
    /// When the database refuses.
    pub fn refresh(&self, db: &mut DbConnection) -> QueryResult<()> {
        let stamp = store::stamp(db)?;
        if stamp == self.of_events.load().stamp {
            return Ok(());
        }
        let mut wordings = HashMap::new();
        for (event, kind, lang, source) in store::all(db)? {
            match markup::read(&source, &placeholders::all(kind), placeholders::needed(kind)) {
                Ok(wording) => {
                    wordings.insert((event, kind, lang), Arc::new(wording));
                }
                // What a later version of the program no longer gives is no reason to send nothing.
                Err(problems) => {
                    tracing::warn!(%kind, %lang, ?problems, "an event's wording is not right any more; the program's is sent");
                }
            }
        }
        self.of_events.store(Arc::new(OfEvents { stamp, wordings }));
        Ok(())
    }
}

/// Follows changes that other processes make, until `stop` turns true.
pub async fn follow(app: Data<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = refresh(&app).await {
            tracing::error!(%error, "the wordings of mails could not be read; mails leave as they were worded before");
        }
        tokio::select! {
            () = tokio::time::sleep(LOOK_AGAIN) => {}
            _ = stop.changed() => {}
        }
    }
}

/// Looks once.
///
/// # Errors
/// When the database does not answer.
pub async fn refresh(app: &Data<App>) -> Result<(), DbError> {
    let shared = app.clone();
    app.read(move |db| Ok::<_, DbError>(shared.wordings.refresh(db)?)).await
}

/// The program's own source in a language, with its placeholders.
///
/// # Errors
/// When a template is not right.
pub fn default_source(templates: &Templates, kind: MessageKind, lang: Lang) -> Result<Source, minijinja::Error> {
    let names = placeholders::all(kind).into_iter().map(|known| (known.name, format!("{{{{{}}}}}", known.name)));
    let marks: BTreeMap<&str, String> = names.collect();
    let subject = templates.text(&format!("mail/{kind}/subject.txt"), lang, &marks)?;
    let body = templates.text(&format!("mail/{kind}/body.md"), lang, &marks)?;
    Ok(Source { subject: subject.trim().to_owned(), body: body.trim().to_owned() + "\n" })
}
