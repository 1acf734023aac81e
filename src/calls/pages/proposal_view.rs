//! A proposal as those read it who review and decide, and what its reviews come to.

use super::in_words;
use crate::calls::model::Asked;
use crate::calls::model::review::{Criterion, Tally, blinded, hide, telling_words};
use crate::calls::model::statistics::Summary;
use crate::calls::operations::reviewing::SentIn;
use crate::events::model::Event;
use crate::i18n::{Formatter, Localized, country_name};
use crate::programme::text::markdown;
use crate::registration::forms::model::{AnswerLine, Answers};
use crate::web::form_view::own_name;
use crate::web::{PageContext, Visit};
use serde::Serialize;

/// A proposal in a page.
#[derive(Serialize)]
pub(super) struct ProposalView {
    title: String,
    lang: String,
    dir: &'static str,
    /// Safe HTML.
    abstract_text: String,
    /// Safe HTML.
    description: String,
    format: String,
    forum: String,
    spoken: String,
    written_in: String,
    sent_at: String,
    people: Vec<PersonView>,
    answers: Vec<AnswerLine>,
    state: &'static str,
    state_label: String,
}

#[derive(Serialize)]
struct PersonView {
    name: String,
    email: String,
    /// Position, organisation and country.
    about: String,
    /// Safe HTML.
    biography: String,
}

impl ProposalView {
    /// The proposal for a reader; `is_blind` hides who hands it in.
    pub(super) fn of(visit: &Visit, context: &PageContext, asked: &Asked, one: &SentIn, is_blind: bool) -> Self {
        let (proposal, languages, texts) = (&one.proposal, &asked.event.languages, &visit.app.texts);
        let content = if is_blind { blinded(proposal) } else { proposal.content() };
        let name = |name: &Localized| name.text(context.lang, languages).to_owned();
        let format = asked.formats.iter().find(|one| Some(one.id) == proposal.format_id);
        let forum = asked.forums.iter().find(|one| Some(one.id) == proposal.forum_id);
        let words = if is_blind { telling_words(proposal) } else { Vec::new() };
        let answers = Answers::parse(&proposal.answers);
        let answered = |question: &crate::registration::forms::model::Question| {
            let mut line = AnswerLine::of(question, answers.of(question)?, &[], (context.lang, languages));
            line.text = hide(&line.text, &words);
            Some(line)
        };
        Self {
            title: content.title,
            lang: content.written_in.to_string(),
            dir: content.written_in.dir(),
            abstract_text: markdown(&content.abstract_text),
            description: markdown(&content.description),
            format: format.map(|one| name(&one.name)).unwrap_or_default(),
            forum: forum.map(|one| name(&one.name)).unwrap_or_default(),
            spoken: content.spoken.map(|lang| own_name(texts, lang)).unwrap_or_default(),
            written_in: own_name(texts, content.written_in),
            sent_at: proposal.sent_at.map(|at| in_words(context, &asked.event, at)).unwrap_or_default(),
            people: content.people.iter().map(|one| person(visit, context, one)).collect(),
            answers: asked.questions.questions.iter().filter_map(answered).collect(),
            state: one.state.as_str(),
            state_label: texts.text(context.lang, &format!("calls-state-{}", one.state), &[]),
        }
    }
}

fn person(visit: &Visit, context: &PageContext, person: &crate::calls::model::proposal::Person) -> PersonView {
    let country = person.country.parse().ok();
    let country = country.map(|country| country_name(&visit.app.texts, context.lang, country)).unwrap_or_default();
    let about = [person.position.clone(), person.organisation.clone(), country];
    PersonView {
        name: person.name.clone(),
        email: person.email.clone(),
        about: about.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" · "),
        biography: markdown(&person.biography),
    }
}

/// Several scores in short, as a page shows them.
#[derive(Serialize)]
pub(super) struct SummaryView {
    label: String,
    /// Of what: "of 100", "1–5".
    scale: String,
    is_total: bool,
    count: usize,
    mean: String,
    median: String,
    spread: String,
}

/// A number with one digit behind the point, as people of that language write it.
pub(super) fn decimal(format: &Formatter, value: f64) -> String {
    format.decimal(value, 1)
}

/// The total and each criterion; nothing where nobody has scored.
pub(super) fn summary_lines(
    visit: &Visit,
    context: &PageContext,
    event: &Event,
    criteria: &[Criterion],
    tally: &Tally,
) -> Vec<SummaryView> {
    let format = context.formatter();
    let view = |label: String, scale: String, is_total: bool, found: &Summary| SummaryView {
        label,
        scale,
        is_total,
        count: found.count,
        mean: decimal(format, found.mean),
        median: decimal(format, found.median),
        spread: decimal(format, found.spread),
    };
    let text = |key: &str| visit.app.texts.text(context.lang, key, &[]);
    let total = tally.total.as_ref().map(|found| view(text("calls-total"), text("calls-total-scale"), true, found));
    let each = criteria.iter().zip(&tally.criteria).filter_map(|(criterion, found)| {
        let label = criterion.name.text(context.lang, &event.languages).to_owned();
        let scale = format!("{}–{}", criterion.lowest, criterion.highest);
        found.as_ref().map(|found| view(label, scale, false, found))
    });
    total.into_iter().chain(each).collect()
}
