//! What else the own page offers: passing the place on, consents, deletion.

use crate::db::{DbConnection, UtcTime};
use crate::i18n::{Lang, Texts};
use crate::mailings::choices::model::Refused;
use crate::mailings::choices::operations as choices;
use crate::registration::operations::Own;
use crate::registration::privacy::operations as privacy;
use crate::registration::transfers::model::{Barrier, TransferOutcome};
use crate::registration::transfers::operations as transfers;
use crate::web::{Failure, PageContext, Visit};
use serde::Serialize;

/// "No mailings, no reminders"; empty where everything is wanted.
pub(super) fn refused_in_words(texts: &Texts, lang: Lang, refused: &Refused) -> String {
    let words: Vec<String> =
        refused.iter().map(|topic| texts.text(lang, &format!("choices-topic-{topic}"), &[])).collect();
    words.join(" · ")
}

/// What else the own page offers; each may be empty.
#[derive(Serialize)]
pub(super) struct OwnMore {
    transfer_url: String,
    /// To whom the place is offered until when, or that it was passed on.
    transfer_note: String,
    consents_url: String,
    delete_url: String,
    /// When everything about the person is deleted.
    deleted_on: String,
    mails_url: String,
    /// What the person wants no more of, in words.
    refused: String,
}

impl OwnMore {
    pub(super) async fn of(visit: &Visit, context: &PageContext, (own, token): (&Own, &str)) -> Result<Self, Failure> {
        let now = visit.app.clock.now();
        let of = (own.event.clone(), own.category.clone(), own.registration.clone());
        let read = move |db: &mut DbConnection| {
            let passing = transfers::passing(db, now, (&of.0, &of.1, &of.2))?;
            Ok::<_, Failure>((passing, privacy::erasure(db, &of.2)?, choices::refused_by(db, &of.2)?))
        };
        let (passing, erasure, refused) = visit.app.read(read).await?;
        let texts = &visit.app.texts;
        let in_words = |at: UtcTime| context.formatter().date_time(at.in_zone(own.event.zone()).naive_local());
        let (mut url, mut note) = (String::new(), String::new());
        // Why a place that could be passed on can't be now is said on the page itself.
        if !matches!(passing.barrier, Some(Barrier::Category | Barrier::Speaker | Barrier::State)) {
            url = own.url(token, "/transfer");
        }
        match passing.newest {
            Some(newest) if newest.is_open(now) && !own.registration.state.is_end() => {
                let args = [("person", newest.full_name().into()), ("until", in_words(newest.until).into())];
                note = texts.text(context.lang, "transfers-own-open", &args);
            }
            Some(newest) if newest.outcome == Some(TransferOutcome::Accepted) => {
                note = texts.text(context.lang, "transfers-own-passed", &[]);
            }
            _ => {}
        }
        Ok(Self {
            transfer_url: url,
            transfer_note: note,
            consents_url: own.url(token, "/consents"),
            delete_url: own.url(token, "/delete"),
            deleted_on: erasure
                .at
                .map(|at| texts.text(context.lang, "privacy-own-deleted-on", &[("time", in_words(at).into())]))
                .unwrap_or_default(),
            mails_url: if own.registration.email.is_empty() { String::new() } else { own.url(token, "/mails") },
            refused: refused_in_words(&visit.app.texts, context.lang, &refused),
        })
    }
}
