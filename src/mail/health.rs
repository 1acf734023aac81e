//! Whether mail leaves: what is said on top of every organizer page, in `/metrics` and by `plenary check`.

use super::model::MessageState;
use super::policy::Pause;
use super::store::figures;
use crate::app::App;
use crate::db::{DbConnection, DbError, EventId, UtcTime};
use crate::i18n::{Lang, Texts};
use actix_web::web::Data;
use arc_swap::ArcSwapOption;
use chrono::TimeDelta;
use diesel::QueryResult;
use std::sync::Arc;
use std::time::Duration;
use tokio::sync::watch;

/// How often a process looks.
const LOOK_AGAIN: Duration = Duration::from_secs(5);
/// Fewer failures in an hour say nothing.
const FEWEST_FAILURES: i64 = 10;

/// How sending stands, over all events.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct MailState {
    /// Messages in the queue, whatever keeps them there: their turn, a pause, quiet hours, a minute that is full.
    pub waiting: i64,
    /// Those of them that are due and that nobody paused: a worker would take them now.
    pub waiting_due: i64,
    /// Since when the oldest of these is due.
    pub oldest_due: Option<UtcTime>,
    /// Messages that the mail server took in the last hour.
    pub sent_last_hour: i64,
    /// Messages that were given up in the last hour, after the mail server's answers.
    pub failed_last_hour: i64,
    /// When the mail server last took one.
    pub last_sent: Option<UtcTime>,
    /// Since when it has not been reached although mail was to leave; nothing while it is.
    pub unreachable_since: Option<UtcTime>,
    /// Where sending is paused: of events, and of the installation where a pause names none.
    pub pauses: Vec<Pause>,
}

/// What came back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Returned {
    /// Messages that came back for good.
    pub bounced: i64,
    /// Addresses that get no mail because of what came back from them.
    pub marked: i64,
}

/// What came back, in two queries.
///
/// # Errors
/// When the database refuses.
pub fn returned(db: &mut DbConnection) -> QueryResult<Returned> {
    Ok(Returned { bounced: figures::bounced(db)?, marked: figures::marked(db)? })
}

/// What is wrong with sending.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// Nothing leaves although mail waits.
    Stuck {
        /// For how many minutes.
        minutes: i64,
        /// How many messages wait.
        waiting: i64,
    },
    /// Many messages fail.
    Failing {
        /// So many in the last hour.
        failed: i64,
        /// Of so many that were tried to the end.
        of: i64,
    },
}

/// How sending stands now. A fixed number of queries for each event and kind that anything waits of, each answered by an
/// index alone; counting what is due takes as long as there is much of it (a million: a tenth of a second).
///
/// # Errors
/// When the database refuses.
pub fn state(db: &mut DbConnection, now: UtcTime) -> QueryResult<MailState> {
    let sent = MessageState::Sent.as_str();
    let last_sent = figures::last(db, sent)?;
    let waiting = figures::waiting(db)?;
    let (waiting_due, oldest_due) = figures::due(db, now)?;
    let unreachable_since = if waiting > 0 { figures::first_after(db, "unreachable", last_sent)? } else { None };
    Ok(MailState {
        waiting,
        waiting_due,
        oldest_due,
        sent_last_hour: figures::attempts_since(db, sent, now - TimeDelta::hours(1))?,
        failed_last_hour: figures::attempts_since(db, MessageState::Failed.as_str(), now - TimeDelta::hours(1))?,
        last_sent,
        unreachable_since,
        pauses: figures::pauses(db)?,
    })
}

impl MailState {
    /// The pause of the whole installation.
    #[must_use]
    pub fn installation_pause(&self) -> Option<&Pause> {
        self.pauses.iter().find(|pause| pause.event.is_none())
    }

    /// The pause of an event.
    #[must_use]
    pub fn pause_of(&self, event: EventId) -> Option<&Pause> {
        self.pauses.iter().find(|pause| pause.event == Some(event))
    }

    /// What is wrong, by `mail.alarm_minutes` and `mail.alarm_failed_percent`; 0 switches either off. A pause is no
    /// trouble: somebody wants it.
    #[must_use]
    pub fn trouble(&self, now: UtcTime, alarm_minutes: i64, alarm_percent: i64) -> Option<Trouble> {
        if self.installation_pause().is_some() {
            return None;
        }
        let long_ago = now - TimeDelta::minutes(alarm_minutes);
        // Mail that the server did not take is put off again and again: when that began counts.
        let since = [self.oldest_due, self.unreachable_since].into_iter().flatten().min();
        let nothing_left = self.last_sent.is_none_or(|sent| sent <= long_ago);
        if let Some(since) = since.filter(|since| alarm_minutes > 0 && *since <= long_ago && nothing_left) {
            let since = self.last_sent.map_or(since, |sent| since.max(sent));
            let waiting = self.waiting_due.max(if self.unreachable_since.is_some() { self.waiting } else { 0 });
            return Some(Trouble::Stuck { minutes: (now - since).num_minutes(), waiting });
        }
        let of = self.failed_last_hour + self.sent_last_hour;
        let is_much = self.failed_last_hour >= FEWEST_FAILURES && self.failed_last_hour * 100 > of * alarm_percent;
        (alarm_percent > 0 && is_much).then_some(Trouble::Failing { failed: self.failed_last_hour, of })
    }
}

impl Trouble {
    /// The same in one sentence.
    #[must_use]
    pub fn words(&self, texts: &Texts, lang: Lang) -> String {
        match self {
            Self::Stuck { minutes, waiting } => {
                texts.text(lang, "mail-trouble-stuck", &[("minutes", (*minutes).into()), ("count", (*waiting).into())])
            }
            Self::Failing { failed, of } => {
                texts.text(lang, "mail-trouble-failing", &[("failed", (*failed).into()), ("of", (*of).into())])
            }
        }
    }
}

/// What a process saw when it last looked.
#[derive(Default)]
pub struct MailWatch(ArcSwapOption<Trouble>);

impl MailWatch {
    /// What is wrong.
    #[must_use]
    pub fn trouble(&self) -> Option<Arc<Trouble>> {
        self.0.load_full()
    }
}

/// Looks every few seconds until `stop` turns true, so that no page has to.
pub async fn follow(app: Data<App>, mut stop: watch::Receiver<bool>) {
    while !*stop.borrow() {
        if let Err(error) = look(&app).await {
            tracing::error!(%error, "how mail stands could not be read");
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
pub async fn look(app: &App) -> Result<(), DbError> {
    let now = app.clock.now();
    let state = app.read(move |db| Ok::<_, DbError>(state(db, now)?)).await?;
    let mail = &app.settings.mail;
    let trouble = state.trouble(now, i64::from(mail.alarm_minutes), i64::from(mail.alarm_failed_percent));
    app.mail_watch.0.store(trouble.map(Arc::new));
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(minute: i64) -> UtcTime {
        chrono::DateTime::from_timestamp(1_800_000_000 + 60 * minute, 0).expect("in range").into()
    }

    #[test]
    fn mail_that_does_not_leave_and_mail_that_fails_are_trouble() {
        let fine = MailState {
            waiting: 5,
            waiting_due: 5,
            oldest_due: Some(at(90)),
            last_sent: Some(at(80)),
            ..MailState::default()
        };
        let stuck = |minutes, waiting| Some(Trouble::Stuck { minutes, waiting });
        let pause = Pause { event: None, since: at(0), by: String::new() };
        for (state, trouble) in [
            (fine.clone(), None),
            (MailState { oldest_due: Some(at(85)), ..fine.clone() }, stuck(15, 5)),
            (MailState { oldest_due: Some(at(10)), ..fine.clone() }, stuck(20, 5)),
            (MailState { oldest_due: Some(at(10)), last_sent: None, ..fine.clone() }, stuck(90, 5)),
            (MailState { oldest_due: Some(at(10)), last_sent: Some(at(99)), ..fine.clone() }, None),
            (MailState { oldest_due: None, waiting_due: 0, ..fine.clone() }, None),
            (
                MailState { oldest_due: None, waiting_due: 0, unreachable_since: Some(at(84)), ..fine.clone() },
                stuck(16, 5),
            ),
            (MailState { oldest_due: Some(at(10)), pauses: vec![pause], ..fine.clone() }, None),
            (MailState { sent_last_hour: 40, failed_last_hour: 10, ..fine.clone() }, None),
            (
                MailState { sent_last_hour: 39, failed_last_hour: 11, ..fine.clone() },
                Some(Trouble::Failing { failed: 11, of: 50 }),
            ),
            (MailState { sent_last_hour: 0, failed_last_hour: 9, ..fine }, None),
        ] {
            assert_eq!(state.trouble(at(100), 15, 20), trouble, "{state:?}");
            assert_eq!(state.trouble(at(100), 0, 0), None);
        }
    }
}
