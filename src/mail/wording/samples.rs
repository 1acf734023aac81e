//! Values for previews and tests of a wording: the event's own and, where there is one, those of a
//! real registration; made-up ones for the rest.

use crate::app::App;
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang};
use crate::mail::model::Attachment;
use crate::registration::category::Category;
use crate::registration::model::Registration;
use crate::registration::ticket;
use chrono::{NaiveTime, TimeDelta};
use serde_json::{Value, json};

/// A sample's ticket shows this instead of a code that would open a gate.
const SAMPLE_TICKET: &str = "SAMPLE";

/// Values for every placeholder of every kind.
#[must_use]
pub fn values(app: &App, event: &Event, lang: Lang, person: Option<&(Registration, Category)>) -> Value {
    let text = |key: &str| app.texts.text(lang, key, &[]);
    let format = Formatter::of(lang);
    let base = format!("{}/{}", app.settings.http.public_url, event.slug);
    let nine = NaiveTime::from_hms_opt(9, 0, 0).unwrap_or_default();
    let opening = event.starts_on.and_time(nine);
    let registration = person.map(|(registration, _)| registration);
    let session = text("wording-sample-session");
    let change = |what: &str, before: String, after: String| {
        json!({
            "kind": what, "label": app.texts.text(lang, &format!("notices-what-{what}"), &[]),
            "title": session,
        "words": "",
        "comments": "",
        "person": text("wording-sample-speaker"),
        "delegation": text("wording-sample-organisation"),
        "organisation": text("wording-sample-organisation"),
        "contact": text("wording-sample-speaker"),
        "next": "",
        "owed": text("wording-sample-reason"), "url": base, "before": before, "after": after, "own_time": "",
        })
    };
    json!({
        "name": registration.map_or_else(|| text("wording-sample-name"), |one| one.name_for(lang)),
        "category": person.map_or_else(
            || text("wording-sample-category"),
            |(_, category)| category.name.text(lang, &event.languages).to_owned(),
        ),
        "code": registration.map_or_else(|| "AB12CD".to_owned(), |one| one.code.clone()),
        "link": format!("{base}/r/…"),
        "unsubscribe": format!("{base}/r/…/unsubscribe"),
        "deadline": format.date_time(opening - TimeDelta::days(30)),
        "reason": text("wording-sample-reason"),
        "form_note": text("accreditation-mail-approved-form"),
        "title": session,
        "words": "",
        "comments": "",
        "person": text("wording-sample-speaker"),
        "delegation": text("wording-sample-organisation"),
        "organisation": text("wording-sample-organisation"),
        "contact": text("wording-sample-speaker"),
        "next": "",
        "proposed": "",
        "owed": text("wording-sample-reason"),
        "session": session,
        "session_url": base,
        "when": format.date_time(opening),
        "room": text("wording-sample-room"),
        "speaker": text("wording-sample-speaker"),
        "headline": text("wording-sample-headline"),
        "opening": text("wording-sample-opening"),
        "own_timezone": "Europe/Zurich",
        "changes": [change("moved", format.date_time(opening), format.date_time(opening + TimeDelta::hours(2)))],
        "timetable_heading": text("wording-sample-timetable"),
        "no_timetable": "",
        "days": [{
            "day": format.long_date(event.starts_on),
            "entries": [{
                "time": "11:00–12:00", "own_time": "", "title": session, "place": text("wording-sample-room"), "url": base,
            }],
        }],
    })
}

/// The picture that a sample's ticket shows; none where it can't be drawn.
#[must_use]
pub fn ticket_picture() -> Option<Attachment> {
    let picture = ticket::draw_png(SAMPLE_TICKET).ok()?;
    Some(Attachment::new("ticket.png", "image/png", &picture).inline("ticket"))
}
