//! What the speaker still owes, with the days by which it is asked for.

use super::guest::Guest;
use crate::db::{DbConnection, SessionId};
use crate::reminders::model::Rules;
use crate::reminders::operations as reminders;
use crate::speakers::care::model::{Attendance, Item, profile_percent};
use crate::speakers::care::operations as care;
use crate::speakers::documents::model::DocumentKind;
use crate::speakers::documents::operations as documents;
use crate::speakers::logistics::operations as logistics;
use crate::web::{Failure, PageContext};
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::HashSet;

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
    /// Sessions that slides were handed in for, and those that they are missing for.
    slides: (usize, usize),
    /// Whether they said that they don't take part: then nothing is asked of them.
    is_out: bool,
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
        let sessions: HashSet<SessionId> = sessions.into_iter().map(|(session, _)| session).collect();
        let (attendance, declined) = care::attendance(db, speaker.id, &sessions)?;
        let taken: HashSet<&SessionId> = sessions.difference(&declined).collect();
        let slides = own.iter().filter(|one| one.kind == DocumentKind::Slides).filter_map(|one| one.session_id);
        let slides: HashSet<SessionId> = slides.collect();
        let given = taken.iter().filter(|session| slides.contains(session)).count();
        let (text, consents) = logistics::consents(db, event, speaker.id)?;
        let agrees = |number: i32| consents.iter().any(|one| one.withdrawn_at.is_none() && one.number == number);
        Ok::<_, Failure>(Progress {
            rules: reminders::rules(db, event)?,
            profile: profile_percent(&speaker, &languages),
            has_photo: speaker.photo_id.is_some(),
            slides: (given, taken.len() - given),
            is_out: attendance == Attendance::Declined,
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
        if self.is_out {
            return Vec::new();
        }
        let today = guest.visit.app.clock.now().in_zone(guest.own.event.zone()).date_naive();
        let mut items =
            vec![(Item::Profile, self.profile >= 100, "/profile"), (Item::Photo, self.has_photo, "/profile")];
        let (given, missing) = self.slides;
        if given + missing > 0 {
            items.push((Item::Slides, missing == 0, "/documents"));
        }
        if self.may_travel {
            items.push((Item::Travel, self.has_travel, "/travel"));
        }
        if let Some(has_agreed) = self.has_agreed {
            items.push((Item::Consent, has_agreed, "/recording"));
        }
        let texts = &guest.visit.app.texts;
        let label = |item: Item| match item {
            Item::Slides if given > 0 && missing > 0 => {
                let count = i64::try_from(missing).unwrap_or(i64::MAX);
                texts.text(context.lang, "care-own-slides-more", &[("count", count.into())])
            }
            item => texts.text(context.lang, &format!("care-own-{item}"), &[]),
        };
        let line = |(item, is_done, below): (Item, bool, &str)| {
            let due = self.rules.deadline(item.as_str());
            let in_words = |day: NaiveDate| {
                let args = [("day", context.formatter().long_date(day).into())];
                guest.visit.app.texts.text(context.lang, "care-due", &args)
            };
            MissingLine {
                item: item.as_str(),
                label: label(item),
                due: due.filter(|_| !is_done).map(in_words).unwrap_or_default(),
                is_late: !is_done && due.is_some_and(|due| due < today),
                is_done,
                url: guest.url(below),
            }
        };
        items.into_iter().map(line).collect()
    }
}
