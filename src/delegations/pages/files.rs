//! Lists as files.

use crate::delegations::model::Member;
use crate::delegations::operations::Whole;
use crate::i18n::{Lang, Texts};
use crate::registration::forms::model::{Question, in_words};
use crate::registration::importing::cells;
use crate::web::error::PageResult;
use crate::web::tables::csv;

const PEOPLE: [&str; 16] = [
    "number",
    "head",
    "given_name",
    "family_name",
    "native_name",
    "email",
    "category",
    "organisation",
    "position",
    "country",
    "language",
    "honorific",
    "nationality",
    "state",
    "code",
    "missing",
];

/// The people of a delegation in their order, with their answers to those of `questions` that have a column. The
/// columns are those that can be handed in again.
pub(super) fn people(
    whole: &Whole,
    texts: &Texts,
    (lang, languages): (Lang, &[Lang]),
    is_shown: impl Fn(&Question) -> bool,
) -> PageResult {
    let form = &whole.asked.first;
    let asks = |question: &&Question| {
        let mut members = whole.members.iter();
        is_shown(question)
            && (whole.open_categories().any(|category| question.is_asked_in(category.id))
                || members.any(|member| question.is_asked_in(member.registration.category_id)))
    };
    let asked: Vec<&Question> = cells::questions(form).filter(asks).collect();
    let row = |(number, member): (usize, &Member)| {
        let answer = |question: &&Question| {
            member.answers.of(question).map(|answer| in_words(question, answer, lang, languages)).unwrap_or_default()
        };
        let mut row = facts(whole, (number, member), (lang, languages));
        row.extend(asked.iter().map(answer));
        row
    };
    let heads: Vec<String> =
        asked.iter().map(|question| cells::head_of(question, form, texts, (lang, languages))).collect();
    let name = format!("{}-people.csv", whole.delegation.code);
    csv(&name, PEOPLE.into_iter().chain(heads.iter().map(String::as_str)), (1..).zip(&whole.members).map(row))
}

fn facts(whole: &Whole, (number, member): (usize, &Member), (lang, languages): (Lang, &[Lang])) -> Vec<String> {
    let own = &member.registration;
    let owed = member.owes(&whole.asked);
    let owed = owed.iter().map(|question| question.facts.label.text(lang, languages));
    vec![
        number.to_string(),
        if member.is_head { "yes" } else { "" }.to_owned(),
        own.given_name.clone(),
        own.family_name.clone(),
        own.native_name.clone(),
        own.email.clone(),
        whole.category(own.category_id).map(|category| category.code.clone()).unwrap_or_default(),
        own.organisation.clone(),
        own.position.clone(),
        own.country.clone().unwrap_or_default(),
        own.language.to_string(),
        own.honorific.clone(),
        own.nationality.clone().unwrap_or_default(),
        own.state.to_string(),
        own.code.clone(),
        owed.collect::<Vec<_>>().join("; "),
    ]
}
