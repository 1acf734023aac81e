//! What the form of a mailing offers, and how it is read.

use crate::accounts::access::Allowed;
use crate::bookings::operations as bookings;
use crate::delegations::operations as delegations;
use crate::i18n::{Lang, Localized, country_choices};
use crate::mail::model::MessageKind;
use crate::mail::wording::message_of;
use crate::mail::wording::model::Source;
use crate::mail::wording::{markup, placeholders};
use crate::mailings::model::{Audience, Mailing, Missing, Sources, Timing, Whom};
use crate::mailings::operations::Content;
use crate::programme::model::SessionState;
use crate::programme::strands::operations as strands;
use crate::registration::forms::model::{Question, QuestionKind};
use crate::registration::forms::operations as forms;
use crate::registration::model::RegistrationState;
use crate::registration::operations as registration;
use crate::venue::operations as venue;
use crate::web::forms::{clean_block, clean_line};
use crate::web::{Choice, Failure, FieldErrors, FormData, FormView, Message, PageContext};
use chrono::{NaiveDate, NaiveTime};
use serde::Serialize;

/// What can be chosen, as it is read from the database.
pub(super) struct Offered {
    categories: Vec<(String, Localized)>,
    delegations: Vec<(String, Localized)>,
    forums: Vec<(String, Localized)>,
    rooms: Vec<(String, Localized)>,
    questions: Vec<Question>,
    /// Sessions with seats.
    seats: Vec<String>,
}

/// The choices of the form in the page's language.
#[derive(Serialize)]
pub(super) struct Choices {
    pub(super) whom: Vec<Choice>,
    pub(super) states: Vec<Choice>,
    pub(super) categories: Vec<Choice>,
    pub(super) delegations: Vec<Choice>,
    pub(super) countries: Vec<Choice>,
    pub(super) came: Vec<Choice>,
    pub(super) booked: Vec<Choice>,
    pub(super) answers: Vec<Choice>,
    pub(super) session_states: Vec<Choice>,
    pub(super) together: bool,
    pub(super) forums: Vec<Choice>,
    pub(super) rooms: Vec<Choice>,
    pub(super) days: Vec<Choice>,
    pub(super) missing: Vec<Choice>,
    pub(super) when: Vec<Choice>,
}

pub(super) async fn offered<P>(team: &Allowed<P>) -> Result<Offered, Failure> {
    let event = team.event.id;
    let read = move |db: &mut crate::db::DbConnection| {
        let categories = registration::all_categories(db, event)?;
        let delegations = delegations::all(db, event)?;
        let forums = strands::forums(db, event)?;
        let rooms = venue::list(db, event)?;
        let seats = bookings::all_seats(db, event)?;
        Ok::<_, Failure>(Offered {
            categories: categories.into_iter().map(|one| (one.id.to_string(), one.name)).collect(),
            delegations: delegations.into_iter().map(|one| (one.id.to_string(), one.name)).collect(),
            forums: forums.into_iter().map(|one| (one.0.id.to_string(), one.0.name)).collect(),
            rooms: rooms.into_iter().map(|one| (one.id.to_string(), one.name)).collect(),
            questions: forms::all_questions(db, event)?,
            seats: seats.into_iter().map(|one| one.session_id.to_string()).collect(),
        })
    };
    team.visit.app.read(read).await
}

impl Choices {
    pub(super) fn new<P>(team: &Allowed<P>, context: &PageContext, view: &FormView<'_>, offered: &Offered) -> Self {
        let (texts, lang) = (&team.visit.app.texts, context.lang);
        let text = |key: &str| texts.text(lang, key, &[]);
        let name = |name: &Localized| name.text(lang, &team.event.languages).to_owned();
        let named =
            |list: &[(String, Localized)]| list.iter().map(|(id, words)| (id.clone(), name(words))).collect::<Vec<_>>();
        let words = |key: fn(&str) -> String, all: &[&str]| {
            all.iter().map(|word| ((*word).to_owned(), text(&key(&word.replace('_', "-"))))).collect::<Vec<_>>()
        };
        let format = context.formatter();
        let days = team.event.starts_on.iter_days().take_while(|day| *day <= team.event.ends_on);
        let states: Vec<&str> = RegistrationState::ALL.iter().map(|state| state.as_str()).collect();
        Self {
            whom: view.choices(
                "whom",
                words(
                    |word| format!("mailings-whom-{word}"),
                    &Whom::ALL.iter().map(|whom| whom.as_str()).collect::<Vec<_>>(),
                ),
            ),
            states: view.choices("state", words(|word| format!("registration-state-{word}"), &states)),
            categories: view.choices("category", named(&offered.categories)),
            delegations: view.choices("delegation", named(&offered.delegations)),
            countries: view.choices(
                "country",
                country_choices(texts, lang).into_iter().map(|(code, name)| (code.as_str().to_owned(), name)),
            ),
            came: view.choices("came", words(|word| format!("mailings-came-{word}"), &["yes", "no"])),
            booked: view.choices("booked", sessions(team, lang, &offered.seats)),
            answers: view.choices("answer", answers(team, lang, &offered.questions)),
            session_states: view.choices(
                "session_state",
                words(
                    |word| format!("programme-state-{word}"),
                    &SessionState::ALL.iter().map(|state| state.as_str()).collect::<Vec<_>>(),
                ),
            ),
            together: view.ticked("together"),
            forums: view.choices("forum", named(&offered.forums)),
            rooms: view.choices("room", named(&offered.rooms)),
            days: view.choices("day", days.map(|day| (day.to_string(), format.day(day)))),
            missing: view.choices(
                "missing",
                words(
                    |word| format!("mailings-missing-{word}"),
                    &Missing::ALL.iter().map(|missing| missing.as_str()).collect::<Vec<_>>(),
                ),
            ),
            when: view.choices(
                "when",
                words(|word| format!("mailings-when-{word}"), &["now", "at", "before_event", "before_session"]),
            ),
        }
    }
}

/// Published sessions that have seats, by their titles.
fn sessions<P>(team: &Allowed<P>, lang: Lang, seats: &[String]) -> Vec<(String, String)> {
    let snapshot = team.visit.app.site.snapshot();
    let released = snapshot.event(&team.event.slug).and_then(|event| event.released.as_ref());
    let title = |id: &String| {
        let session = released?.session(id.parse().ok()?)?;
        Some((id.clone(), session.title.text(lang, &team.event.languages).to_owned()))
    };
    seats.iter().filter_map(title).collect()
}

/// Every answer that can be chosen in the form, as `question=value`.
fn answers<P>(team: &Allowed<P>, lang: Lang, questions: &[Question]) -> Vec<(String, String)> {
    let languages = &team.event.languages;
    let mut all = Vec::new();
    for question in questions.iter().filter(|question| question.retired_at.is_none()) {
        let label = question.facts.label.text(lang, languages);
        let mut add =
            |value: &str, words: &str| all.push((format!("{}={value}", question.id), format!("{label}: {words}")));
        if question.kind == QuestionKind::YesNo {
            for value in ["yes", "no"] {
                add(value, &team.visit.app.texts.text(lang, &format!("mailings-answer-{value}"), &[]));
            }
        }
        for choice in &question.facts.options.choices {
            add(&choice.code, choice.label.text(lang, languages));
        }
    }
    all
}

/// The fields that show a mailing.
pub(super) fn fields(mailing: &Mailing) -> FormData {
    let audience = &mailing.audience;
    let mut form = FormData::from_fields([
        ("version", mailing.version.to_string()),
        ("whom", audience.whom().to_string()),
        ("came", audience.came.clone()),
        ("booked", audience.booked.clone()),
    ]);
    for (name, values) in [
        ("state", &audience.states),
        ("category", &audience.categories),
        ("delegation", &audience.delegations),
        ("session_state", &audience.session_states),
        ("country", &audience.countries),
        ("forum", &audience.forums),
        ("room", &audience.rooms),
        ("missing", &audience.missing),
    ] {
        values.iter().for_each(|value| form.push(name, value.clone()));
    }
    if audience.together {
        form.push("together", "yes");
    }
    audience.days.iter().for_each(|day| form.push("day", day.to_string()));
    if let Some((question, value)) = &audience.answer {
        form.push("answer", format!("{question}={value}"));
    }
    let time = |time: NaiveTime| time.format("%H:%M").to_string();
    match mailing.timing {
        Timing::Now => form.push("when", "now"),
        Timing::At { day, time: at } => {
            form.push("when", "at");
            form.push("at_day", day.to_string());
            form.push("at_time", time(at));
        }
        Timing::BeforeEvent { days, time: at } => {
            form.push("when", "before_event");
            form.push("days_before", days.to_string());
            form.push("at_time", time(at));
        }
        Timing::BeforeSession { hours } => {
            form.push("when", "before_session");
            form.push("hours_before", hours.to_string());
        }
    }
    for (lang, source) in &mailing.sources {
        form.push(format!("subject.{lang}"), source.subject.clone());
        form.push(format!("body.{lang}"), source.body.clone());
    }
    form
}

/// What was typed, or what is wrong with it.
pub(super) fn read(form: &FormData, languages: &[Lang]) -> Result<Content, FieldErrors> {
    let mut errors = FieldErrors::default();
    let sources = read_sources(form, languages, &mut errors);
    let timing = read_timing(form, &mut errors);
    let list = |name: &str| form.all(name).filter(|value| !value.is_empty()).map(str::to_owned).collect::<Vec<_>>();
    let audience = Audience {
        whom: form.text("whom").parse::<Whom>().unwrap_or(Whom::Registrations).to_string(),
        states: list("state"),
        categories: list("category"),
        delegations: list("delegation"),
        session_states: list("session_state"),
        together: !form.text("together").is_empty(),
        countries: list("country"),
        came: form.text("came").to_owned(),
        booked: form.text("booked").to_owned(),
        answer: form.text("answer").split_once('=').map(|(question, value)| (question.to_owned(), value.to_owned())),
        forums: list("forum"),
        rooms: list("room"),
        days: form.all("day").filter_map(|day| day.parse().ok()).collect(),
        missing: list("missing"),
    };
    if errors.is_empty() { Ok(Content { audience, sources, timing }) } else { Err(errors) }
}

fn read_sources(form: &FormData, languages: &[Lang], errors: &mut FieldErrors) -> Sources {
    let known = placeholders::all(MessageKind::Mailing);
    let mut sources = Sources::new();
    for lang in languages {
        let subject = clean_line(form.text(&format!("subject.{lang}")));
        let body = clean_block(form.text(&format!("body.{lang}")));
        if subject.is_empty() && body.is_empty() {
            continue;
        }
        let source = Source { subject, body };
        for problem in markup::read(&source, &known, &[]).err().unwrap_or_default() {
            let field = if problem.is_in_subject() { "subject" } else { "body" };
            errors.push(format!("{field}.{lang}"), message_of(&problem));
        }
        sources.insert(*lang, source);
    }
    if sources.is_empty() {
        let main = languages.first().copied().unwrap_or(Lang::EN);
        errors.push(format!("body.{main}"), Message::new("mailings-error-no-words"));
    }
    sources
}

fn read_timing(form: &FormData, errors: &mut FieldErrors) -> Timing {
    let time = |errors: &mut FieldErrors| {
        let time = NaiveTime::parse_from_str(form.text("at_time"), "%H:%M");
        time.unwrap_or_else(|_| {
            errors.push("at_time", Message::new("forms-error-time"));
            NaiveTime::MIN
        })
    };
    let number = |name: &'static str, errors: &mut FieldErrors| match form.text(name).trim().parse::<u16>() {
        Ok(number) if number <= 400 => number,
        _ => {
            errors.push(name, Message::new("forms-error-number"));
            0
        }
    };
    match form.text("when") {
        "at" => match form.text("at_day").parse::<NaiveDate>() {
            Ok(day) => Timing::At { day, time: time(errors) },
            Err(_) => {
                errors.push("at_day", Message::new("forms-error-date"));
                Timing::Now
            }
        },
        "before_event" => Timing::BeforeEvent { days: number("days_before", errors), time: time(errors) },
        "before_session" => Timing::BeforeSession { hours: number("hours_before", errors) },
        _ => Timing::Now,
    }
}
