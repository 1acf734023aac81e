//! Everybody's answers to their slots.

use crate::accounts::access::{Allowed, ViewEvent};
use crate::speakers::own::operations;
use crate::speakers::own::standings::{AnswerLine, SlotStanding, Wording, standings};
use crate::web::error::PageResult;
use crate::web::form_view::Choice;
use crate::web::{Failure, Page, PageContext};
use serde::Serialize;

/// Answers on one page.
const PAGE: usize = 100;

/// How an answer can stand, what asks something of the organizers first.
const STANDINGS: [&str; 5] = ["asked", "declined", "open", "earlier", "accepted"];

#[derive(Serialize)]
struct AnswersPage {
    query: String,
    filters: Vec<Filter>,
    is_filtered: bool,
    clear_url: String,
    total: String,
    rows: Vec<AnswerLine>,
    has_release: bool,
    previous_url: String,
    next_url: String,
}

impl Page for AnswersPage {
    const TEMPLATE: &'static str = "organizer/answers.html";
}

#[derive(Serialize)]
struct Filter {
    name: &'static str,
    label: String,
    any: String,
    options: Vec<Choice>,
}

/// `GET /organizer/{event}/answers`.
pub(super) async fn list_answers(team: Allowed<ViewEvent>) -> PageResult {
    let event = team.event.id;
    let answers = team.visit.app.read(move |db| Ok::<_, Failure>(operations::answers(db, event)?)).await?;
    let context = team.context("speakers", "speaker-page-answers-title");
    let site = team.visit.app.site.snapshot();
    let released = site.event(&team.event.slug).and_then(|event| event.released.as_ref());
    let all = released.map(|released| standings(&released.programme, &answers)).unwrap_or_default();
    let page = answers_page(&team, &context, &all, released.is_some());
    team.visit.show(&context, &page)
}

fn answers_page(
    team: &Allowed<ViewEvent>,
    context: &PageContext,
    all: &[SlotStanding<'_>],
    has_release: bool,
) -> AnswersPage {
    let (texts, lang) = (&team.visit.app.texts, context.lang);
    let wording = Wording { texts, lang, event: &team.event };
    let param = |name: &str| team.visit.param(name).unwrap_or_default().trim().to_owned();
    let (query, answer) = (param("q"), param("answer"));
    let key = crate::i18n::search_key([query.as_str()]);
    let fits = |one: &&SlotStanding<'_>| {
        let words = [one.speaker.name.as_str(), one.speaker.native_name.as_deref().unwrap_or_default()];
        let words = words.into_iter().chain(one.session.title.iter().map(|(_, text)| text));
        (answer.is_empty() || one.standing.as_str() == answer)
            && (key.is_empty() || crate::i18n::search_key(words).contains(&key))
    };
    let found: Vec<&SlotStanding<'_>> = all.iter().filter(fits).collect();
    let last = found.len().div_ceil(PAGE).max(1);
    let page = param("page").parse().unwrap_or(1).clamp(1, last);
    let url = |page: usize| team.visit.url_with("page", &page.to_string());
    let option = |standing: &&str| Choice {
        value: (*standing).to_owned(),
        label: texts.text(lang, &format!("speaker-page-answer-{standing}"), &[]),
        selected: answer == *standing,
    };
    AnswersPage {
        is_filtered: !query.is_empty() || !answer.is_empty(),
        clear_url: team.visit.path.clone(),
        total: texts.text(lang, "speaker-page-answers-count", &[("count", (found.len() as i64).into())]),
        rows: found.iter().skip((page - 1) * PAGE).take(PAGE).map(|one| wording.line(one)).collect(),
        has_release,
        previous_url: if page > 1 { url(page - 1) } else { String::new() },
        next_url: if page < last { url(page + 1) } else { String::new() },
        filters: vec![Filter {
            name: "answer",
            label: texts.text(lang, "speaker-page-answer", &[]),
            any: texts.text(lang, "speaker-page-answer-any", &[]),
            options: STANDINGS.iter().map(option).collect(),
        }],
        query,
    }
}
