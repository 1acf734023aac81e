//! The page of changes: filters in the address, the newest first.

use super::record::Record;
use super::wording::Words;
use crate::accounts::access::{Administrator, Allowed, ManageEvent, team_context};
use crate::audit::actions::{OTHERS, text_key};
use crate::audit::model::{ActivityFilter, Head, Recorded, person};
use crate::audit::operations::{self, Page as Entries};
use crate::web::error::PageResult;
use crate::web::{Choice, Failure, Page, PageContext};
use serde::Serialize;

/// Entries on one page.
const SHOWN: i64 = 50;

#[derive(Serialize)]
struct ActivityPage {
    /// Whether it is of what belongs to no event.
    is_installation: bool,
    kinds: Vec<Choice>,
    members: Vec<Choice>,
    others: Vec<Choice>,
    actions: Vec<Choice>,
    day: String,
    /// Set where the list is narrowed to one thing or one person: what is said about that.
    about: String,
    by: String,
    is_narrow: bool,
    clear_url: String,
    csv_url: String,
    lines: Vec<Line>,
    first_url: String,
    next_url: String,
    chained: i32,
    head: String,
}

impl Page for ActivityPage {
    const TEMPLATE: &'static str = "organizer/activity.html";
}

#[derive(Serialize)]
struct Line {
    at: String,
    sentence: String,
    reason: String,
    what: String,
    who: String,
    /// The thing's own page, all about it, all by the person; each may be empty.
    open_url: String,
    thing_url: String,
    person_url: String,
}

/// `GET /organizer/{event}/activity`.
pub(super) async fn show(team: Allowed<ManageEvent>) -> PageResult {
    answer(&Record::of_event(&team), team.context("activity", "activity-title")).await
}

/// `GET /organizer/activity`: what belongs to no event.
pub(super) async fn show_installation(admin: Administrator) -> PageResult {
    let Administrator(signed_in) = &admin;
    let context = team_context(&signed_in.visit, &signed_in.user);
    answer(&Record::of_installation(&admin), context.titled(&signed_in.visit, "activity-installation-title")).await
}

async fn answer(record: &Record, context: PageContext) -> PageResult {
    let filter = record.filter();
    let wanted = filter.clone();
    let read = move |db: &mut _| {
        let members = operations::team(db, wanted.event)?;
        Ok::<_, Failure>((operations::page(db, &wanted, SHOWN)?, members, operations::head(db)?))
    };
    let (entries, members, head) = record.visit.app.read(read).await?;
    let page = page(record, &context, &filter, (&entries, members, head));
    record.visit.show(&context, &page)
}

fn page(
    record: &Record,
    context: &PageContext,
    filter: &ActivityFilter,
    (entries, members, head): (&Entries, Vec<(String, String)>, Head),
) -> ActivityPage {
    let words = record.words(context.lang, &entries.names);
    let text = |key: &str, what: String| words.texts.text(words.lang, key, &[("what", what.into())]);
    let list = format!("{}/activity", record.base);
    let about = filter.thing.as_ref().filter(|_| !filter.kind.is_empty()).map(|id| {
        let gone = || text("activity-gone", String::new());
        text("activity-about", words.name(&filter.kind, id).unwrap_or_else(gone))
    });
    let by = filter
        .actor
        .as_ref()
        .map(|id| text("activity-by", words.person(actor_kind(&filter.actor_kind), Some(id.as_str()))));
    let last = entries.entries.last().filter(|_| entries.has_more);
    ActivityPage {
        is_installation: record.event.is_none(),
        kinds: choices(record.kinds(), &filter.kind, |kind| text(&record.kind_key(kind), String::new())),
        members: members_to_choose(members, filter),
        others: choices(record.others(), &filter.person(), |kind| {
            text(&format!("activity-person-{kind}"), String::new())
        }),
        actions: actions(&words, record.actions(), &filter.action),
        day: filter.day.map(|day| day.to_string()).unwrap_or_default(),
        about: about.unwrap_or_default(),
        by: by.unwrap_or_default(),
        is_narrow: filter.is_narrow(),
        csv_url: format!("{list}.csv{}", query(filter)),
        lines: entries.entries.iter().map(|entry| line(record, context, &words, entry)).collect(),
        first_url: filter.after.map(|_| format!("{list}{}", query(filter))).unwrap_or_default(),
        next_url: last.map(|last| record.visit.url_with("after", &last.id)).unwrap_or_default(),
        chained: head.position,
        head: head.hash,
        clear_url: list,
    }
}

/// The kind of person that an address names; any other would have no words.
fn actor_kind(named: &str) -> &str {
    OTHERS.iter().copied().find(|kind| *kind == named).unwrap_or("user")
}

/// The filters as the address has them, without the place in the list.
fn query(filter: &ActivityFilter) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let (thing, day) = (filter.thing.clone().unwrap_or_default(), filter.day.map(|day| day.to_string()));
    let values = [
        ("kind", filter.kind.clone()),
        ("thing", thing),
        ("person", filter.person()),
        ("action", filter.action.clone()),
        ("day", day.unwrap_or_default()),
    ];
    for (name, value) in values.iter().filter(|(_, value)| !value.is_empty()) {
        query.append_pair(name, value);
    }
    let query = query.finish();
    if query.is_empty() { query } else { format!("?{query}") }
}

fn choices(values: &[&str], chosen: &str, label: impl Fn(&str) -> String) -> Vec<Choice> {
    values
        .iter()
        .map(|value| Choice { value: (*value).to_owned(), label: label(value), selected: *value == chosen })
        .collect()
}

fn members_to_choose(members: Vec<(String, String)>, filter: &ActivityFilter) -> Vec<Choice> {
    let chosen = filter.person();
    members
        .into_iter()
        .map(|(id, label)| {
            let value = person("user", Some(&id));
            Choice { selected: value == chosen, value, label }
        })
        .collect()
}

/// The actions as sentences with gaps, in the order of the language.
fn actions(words: &Words<'_>, known: &[&str], chosen: &str) -> Vec<Choice> {
    let gap = || "…".to_owned();
    let label = |action: &str| {
        let args = [
            ("who", String::new().into()),
            ("what", gap().into()),
            ("other", gap().into()),
            ("count", gap().into()),
            ("detail", gap().into()),
        ];
        words.texts.text(words.lang, &text_key(action), &args).trim().to_owned()
    };
    let mut actions = choices(known, chosen, label);
    let format = crate::i18n::Formatter::of(words.lang);
    actions.sort_by(|left, right| format.compare(&left.label, &right.label));
    actions
}

fn line(record: &Record, context: &PageContext, words: &Words<'_>, entry: &Recorded) -> Line {
    let worded = words.of(entry);
    let base = &record.base;
    let parameters = |pairs: &[(&str, &str)]| {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(pairs);
        format!("{base}/activity?{}", query.finish())
    };
    let has_name = !worded.what.is_empty() && entry.subject_kind != "booking";
    // What belongs to no event has no page of its own.
    let place = place_of(&entry.subject_kind)
        .filter(|_| record.event.is_some())
        .filter(|_| has_name || entry.subject_kind == "mailing");
    Line {
        at: context.formatter().date_time(entry.at.in_zone(record.zone).naive_local()),
        sentence: worded.sentence,
        reason: worded.reason,
        open_url: place.map(|place| format!("{base}/{place}/{}", entry.subject_id)).unwrap_or_default(),
        thing_url: if has_name {
            parameters(&[("kind", &entry.subject_kind), ("thing", &entry.subject_id)])
        } else {
            String::new()
        },
        person_url: entry
            .actor_id
            .as_deref()
            .map(|id| parameters(&[("person", &person(&entry.actor_kind, Some(id)))]))
            .unwrap_or_default(),
        what: worded.what,
        who: worded.who,
    }
}

/// The list under which a kind of thing has its page.
fn place_of(kind: &str) -> Option<&'static str> {
    Some(match kind {
        "registration" => "registrations",
        "session" => "sessions",
        "speaker" => "speakers",
        "message" => "mail",
        "mailing" => "mailings",
        "delegation" => "delegations",
        "room" => "rooms",
        "forum" => "forums",
        "format" => "formats",
        "category" => "categories",
        "gate" => "gates",
        "question" => "forms",
        "user" => "team",
        "proposal" => "proposals",
        _ => return None,
    })
}
