//! What the speaker still owes, with the days by which it is asked for.

use super::guest::Guest;
use crate::db::DbConnection;
use crate::reminders::model::Rules;
use crate::reminders::operations as reminders;
use crate::speakers::care::model::{Item, profile_percent};
use crate::speakers::documents::operations as documents;
use crate::speakers::logistics::operations as logistics;
use crate::web::{Failure, PageContext};
use chrono::NaiveDate;
use serde::Serialize;

/// One thing that is asked for.
#[derive(Serialize)]
pub(super) struct MissingLine {
    /// The word of the item.
    item: &'static str,
    label: String,
    /// By when, in words; empty where there is no day.
    due: String,
    /// Whether that day is past.
    is_late: bool,
    is_done: bool,
    url: String,
}

impl MissingLine {
    /// Whether nothing is left to do.
    pub(super) const fn is_done(&self) -> bool {
        self.is_done
    }
}

/// What has been done so far.
pub(super) struct Progress {
    rules: Rules,
    profile: u8,
    has_photo: bool,
    has_slides: bool,
    has_sessions: bool,
    has_travel: bool,
    may_travel: bool,
    /// Whether they have agreed to be recorded; nothing where nobody is asked.
    has_agreed: Option<bool>,
}

/// Reads what has been done so far, in a fixed number of queries.
pub(super) async fn progress(guest: &Guest) -> Result<Progress, Failure> {
    let (event, speaker, assistant) = (guest.own.event.id, guest.own.speaker.clone(), guest.own.assistant);
    let languages = guest.own.event.languages.to_vec();
    let read = move |db: &mut DbConnection| {
        let (own, sessions) = documents::of_speaker(db, speaker.id)?;
        let (text, consents) = logistics::consents(db, event, speaker.id)?;
        let agrees = |number: i32| consents.iter().any(|one| one.withdrawn_at.is_none() && one.number == number);
        Ok::<_, Failure>(Progress {
            rules: reminders::rules(db, event)?,
            profile: profile_percent(&speaker, &languages),
            has_photo: speaker.photo_id.is_some(),
            has_slides: own.iter().any(|one| one.kind == crate::speakers::documents::model::DocumentKind::Slides),
            has_sessions: !sessions.is_empty(),
            has_travel: logistics::travel(db, speaker.id)?.is_some_and(|travel| travel.is_filled()),
            may_travel: logistics::may_travel(db, assistant)?,
            has_agreed: text.map(|text| agrees(text.number)),
        })
    };
    guest.visit.app.read(read).await
}

impl Progress {
    /// Whether an assistant who looks may see and change how the speaker travels.
    pub(super) const fn may_travel(&self) -> bool {
        self.may_travel
    }

    /// Whether they are asked whether they may be recorded.
    pub(super) const fn asks_consent(&self) -> bool {
        self.has_agreed.is_some()
    }

    /// Everything that is asked for, what is done among it.
    pub(super) fn lines(&self, guest: &Guest, context: &PageContext) -> Vec<MissingLine> {
        let today = guest.visit.app.clock.now().in_zone(guest.own.event.zone()).date_naive();
        let mut items =
            vec![(Item::Profile, self.profile >= 100, "/profile"), (Item::Photo, self.has_photo, "/profile")];
        if self.has_sessions {
            items.push((Item::Slides, self.has_slides, "/documents"));
        }
        if self.may_travel {
            items.push((Item::Travel, self.has_travel, "/travel"));
        }
        if let Some(has_agreed) = self.has_agreed {
            items.push((Item::Consent, has_agreed, "/recording"));
        }
        let line = |(item, is_done, below): (Item, bool, &str)| {
            let due = self.rules.deadline(item.as_str());
            let in_words = |day: NaiveDate| {
                let args = [("day", context.formatter().long_date(day).into())];
                guest.visit.app.texts.text(context.lang, "care-due", &args)
            };
            MissingLine {
                item: item.as_str(),
                label: guest.visit.app.texts.text(context.lang, &format!("care-own-{item}"), &[]),
                due: due.filter(|_| !is_done).map(in_words).unwrap_or_default(),
                is_late: !is_done && due.is_some_and(|due| due < today),
                is_done,
                url: guest.url(below),
            }
        };
        items.into_iter().map(line).collect()
    }
}
