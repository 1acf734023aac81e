//! Reminders for speakers who still owe their profile or their slides.

use super::jobs::{Reach, key};
use super::model::{Occasion, ReminderKind, Rules, nine};
use super::operations::{Link, Ready, Still};
use crate::app::App;
use crate::db::{DbConnection, UtcTime};
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang};
use crate::mail::model::MessageKind;
use crate::mailings::choices::operations as choices;
use crate::speakers::care::model::{Attendance, Item, Standing};
use crate::speakers::care::operations as care;
use crate::speakers::inviting::letters::{Addressee, addressees};
use crate::speakers::own::mails::SpeakerLetter;
use crate::speakers::own::model::Assistant;
use crate::speakers::own::operations::prepare_link;
use crate::web::Failure;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::HashSet;

#[derive(Serialize)]
struct Values<'a> {
    name: &'a str,
    speaker: &'a str,
    opening: String,
    owed: String,
    deadline: String,
    link: String,
    unsubscribe: String,
}

/// The items that a kind asks for, and whose day counts.
const fn items(kind: ReminderKind) -> (&'static [Item], Item) {
    match kind {
        ReminderKind::Slides => (&[Item::Slides], Item::Slides),
        _ => (&[Item::Profile, Item::Photo], Item::Profile),
    }
}

/// Whether somebody is one of whom anything is asked: they take part, as far as anybody knows.
fn takes_part(one: &Standing) -> bool {
    !one.sessions.is_empty() && matches!(one.attendance, Attendance::Accepted | Attendance::NotInvited)
}

/// Reminders of what is due on a day that the organizers have set.
pub(super) async fn ready(app: &App, now: UtcTime, event: &Event, rules: &Rules) -> Result<Vec<Ready>, Failure> {
    let mut due_kinds = Vec::new();
    for kind in [ReminderKind::Profile, ReminderKind::Slides] {
        let (_, dated) = items(kind);
        let Some(day) = rules.deadline(dated.as_str()) else { continue };
        let occasion = Occasion { at: nine(day, event.zone()), since: event.created_at };
        if rules.of(kind).due(kind.counting(), occasion, now, event.zone()).is_some() {
            due_kinds.push((kind, day));
        }
    }
    if due_kinds.is_empty() {
        return Ok(Vec::new());
    }
    let of = event.clone();
    let read = move |db: &mut DbConnection| {
        let mut past = Vec::new();
        for (kind, _) in &due_kinds {
            past.push(super::operations::past(db, of.id, *kind)?);
        }
        Ok::<_, Failure>((care::overview(db, &of)?, Reach::of(db, of.id)?, due_kinds, past))
    };
    let (all, reach, due_kinds, past) = app.read(read).await?;
    let mut ready = Vec::new();
    for ((kind, day), past) in due_kinds.into_iter().zip(past) {
        for one in all.iter().filter(|one| takes_part(one)) {
            ready.extend(reminder(app, now, event, rules, (kind, day, &past), (one, &reach))?);
        }
    }
    Ok(ready)
}

/// One speaker's reminder of one kind, if it is due.
fn reminder(
    app: &App,
    now: UtcTime,
    event: &Event,
    rules: &Rules,
    (kind, day, past): (ReminderKind, NaiveDate, &HashSet<(String, String)>),
    (one, reach): (&Standing, &Reach),
) -> Result<Option<Ready>, Failure> {
    let (wanted, _) = items(kind);
    let owed: Vec<Item> = wanted.iter().copied().filter(|item| one.owes(*item)).collect();
    let occasion = Occasion { at: nine(day, event.zone()), since: one.speaker.created_at };
    let due = rules.of(kind).due(kind.counting(), occasion, now, event.zone()).filter(|_| !owed.is_empty());
    let Some(due) = due else { return Ok(None) };
    let subject = one.speaker.id.to_string();
    let Some((key, passed)) = key(event, (kind, &subject), &day.to_string(), &due, past) else { return Ok(None) };
    let Some((speaker, assistants)) = reach.reachable(&one.speaker) else { return Ok(None) };
    let letter = SpeakerLetter { app, event, speaker: &speaker };
    let mails = mails(&letter, &assistants, (now, kind, day), (&owed, one))?;
    Ok(Some(Ready { key, passed, still: Still::Speaker(speaker.id), mails }))
}

fn mails(
    letter: &SpeakerLetter<'_>,
    assistants: &[Assistant],
    (now, kind, day): (UtcTime, ReminderKind, NaiveDate),
    (owed, standing): (&[Item], &Standing),
) -> Result<Vec<(Link, crate::mail::model::NewMessage)>, Failure> {
    let texts = &letter.app.texts;
    let text = |lang: Lang, item: &Item| match item {
        Item::Slides if standing.slides_given > 0 => {
            let count = i64::try_from(standing.slides_missing).unwrap_or(i64::MAX);
            texts.text(lang, "care-own-slides-more", &[("count", count.into())])
        }
        item => texts.text(lang, &format!("care-own-{item}"), &[]),
    };
    let write = |(name, email, lang, assistant): Addressee<'_>| {
        let (token, link) = prepare_link(now, letter.speaker.id, assistant.map(|assistant| assistant.id));
        let speaker = letter.speaker.name_for(lang);
        let whose = if assistant.is_some() { "assistant" } else { "speaker" };
        let args = [("speaker", speaker.into()), ("event", letter.event.name_in(lang).into())];
        let lines: Vec<String> = owed.iter().map(|item| text(lang, item)).collect();
        let values = Values {
            name,
            speaker,
            opening: letter.app.texts.text(lang, &format!("reminders-mail-{kind}-{whose}"), &args),
            owed: lines.join("\n"),
            deadline: Formatter::of(lang).long_date(day),
            link: letter.private_url(&token),
            unsubscribe: choices::fresh_url(&letter.app.settings.http.public_url, &letter.event.slug),
        };
        let mut message = letter.write(MessageKind::SpeakerMissing, lang, (name, email), &values)?;
        message.unsubscribe = Some(values.unsubscribe);
        Ok((Link::Speaker(Box::new(link)), message))
    };
    addressees(letter, assistants).into_iter().map(write).collect()
}
