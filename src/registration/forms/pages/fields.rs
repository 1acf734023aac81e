//! The fields of a question: read, checked, and filled in again.

use super::Team;
use crate::files::photos::SMALLEST_EDGE;
use crate::i18n::{Lang, Localized};
use crate::registration::category::instant;
use crate::registration::forms::files::model::FileType;
use crate::registration::forms::model::{
    AnswerChoice, OnlyIf, Options, Question, QuestionFacts, QuestionKind, Stage, Viewer,
};
use crate::web::forms::clean_line;
use crate::web::{Checker, FieldErrors, FormData, Message};

/// What is fixed about a question when its fields are read.
pub(super) struct Asked {
    /// What answer it takes.
    pub(super) kind: QuestionKind,
    /// Whether its answers are sealed.
    pub(super) is_sealed: bool,
    /// Whether it is only being made.
    pub(super) is_new: bool,
}

/// The facts of a question as they were typed.
pub(super) fn read(team: &Team, form: &FormData, asked: &Asked) -> Result<QuestionFacts, FieldErrors> {
    let kind = asked.kind;
    let languages = &team.event.languages;
    let mut checker = Checker::new(form);
    let label = checker.required_localized_line("label", languages);
    let help = checker.localized_block("help", languages);
    if kind == QuestionKind::Consent && help.is_empty() {
        checker
            .wrong(format!("help.{}", languages.first().copied().unwrap_or(Lang::EN)), Message::new("error-required"));
    }
    let choices = if kind.has_choices() { read_choices(&mut checker, form, languages) } else { Vec::new() };
    if asked.is_sealed {
        check_sealed(&mut checker, form, (kind, &choices));
    }
    if asked.is_sealed && asked.is_new && team.visit.app.sealing.is_empty() {
        checker.wrong("is_sealed", Message::new("forms-error-no-key-yet"));
    }
    let stage = form.text("stage").parse().unwrap_or(Stage::Apply);
    // A proposal of a session is no person's: it has no files and nothing to seal.
    if stage == Stage::Proposal && (kind.takes_file() || asked.is_sealed) {
        checker.wrong("stage", Message::new("forms-error-proposal-files"));
    }
    let types = FileType::ALL.iter().copied().filter(|kind| form.all("file_types").any(|word| word == kind.as_str()));
    let own_megabytes = checker.optional_number("megabytes", 1..=1_000);
    let edges = i32::try_from(SMALLEST_EDGE).unwrap_or(0)..=MOST_PIXELS;
    let pixels = checker.optional_number("pixels", edges).and_then(|pixels| u32::try_from(pixels).ok());
    let least = checker.optional_number("least", -1_000_000..=1_000_000).map(i64::from);
    let most = checker.optional_number("most", -1_000_000..=1_000_000).map(i64::from);
    if least.zip(most).is_some_and(|(least, most)| most < least) {
        checker.wrong("most", Message::new("forms-error-most-below-least"));
    }
    let answer_until = instant(&mut checker, form, "answer_until", team.event.zone());
    let values: Vec<String> =
        form.text("depends_values").split(',').map(clean_line).filter(|v| !v.is_empty()).collect();
    let other = clean_line(form.text("depends_on"));
    if !other.is_empty() && values.is_empty() {
        checker.wrong("depends_values", Message::new("forms-error-depends-values"));
    }
    let seen = |viewer: &Viewer| form.all("seen_by").any(|word| word == viewer.as_str());
    checker.finish(QuestionFacts {
        stage,
        label,
        help,
        options: Options {
            choices,
            least,
            most,
            types: types.collect(),
            megabytes: own_megabytes,
            pixels,
            ..Options::default()
        },
        is_required: form.is_ticked("is_required") && kind.is_answered(),
        only_if: (!other.is_empty()).then_some(OnlyIf { question: other, values }),
        answer_until,
        seen_by: Viewer::ALL.iter().copied().filter(|viewer| seen(viewer)).collect(),
        is_identity: form.is_ticked("is_identity"),
        categories: form.all("asked_in").filter_map(|id| id.parse().ok()).collect(),
    })
}

/// The longest edge that a photo may be asked to have at least, in pixels.
const MOST_PIXELS: i32 = 2_000;

/// What can't be had of a sealed question: it stands in no column, so that nobody counts its choices, and is not
/// opened at the door.
fn check_sealed(checker: &mut Checker<'_>, form: &FormData, (kind, choices): (QuestionKind, &[AnswerChoice])) {
    if !kind.may_be_sealed() {
        checker.wrong("is_sealed", Message::new("forms-error-never-sealed"));
    }
    if choices.iter().any(|choice| choice.places.is_some()) {
        checker.wrong("limits", Message::new("forms-error-sealed-limits"));
    }
    if form.all("seen_by").any(|word| word == Viewer::CheckIn.as_str()) {
        checker.wrong("seen_by", Message::new("forms-error-sealed-door"));
    }
}

/// Lines of `code = label` in each language; the first language says which codes there are.
fn read_choices(checker: &mut Checker<'_>, form: &FormData, languages: &[Lang]) -> Vec<AnswerChoice> {
    let mut choices: Vec<AnswerChoice> = Vec::new();
    for lang in languages {
        let name = format!("choices.{lang}");
        for line in form.text(&name).lines().map(clean_line).filter(|line| !line.is_empty()) {
            let Some((code, label)) = line.split_once('=').map(|(code, label)| (code.trim(), label.trim())) else {
                checker.wrong(name.clone(), Message::new("forms-error-choice-line").with("line", line));
                continue;
            };
            match choices.iter_mut().find(|choice| choice.code == code) {
                Some(choice) => choice.label = choice.label.clone().with(*lang, label),
                None => {
                    choices.push(AnswerChoice {
                        code: code.to_owned(),
                        label: Localized::new().with(*lang, label),
                        places: None,
                    });
                }
            }
        }
    }
    read_limits(checker, form, &mut choices);
    if choices.is_empty() {
        let first = languages.first().copied().unwrap_or(Lang::EN);
        checker.wrong(format!("choices.{first}"), Message::new("error-required"));
    }
    choices
}

/// Lines of `code = number`: how many may make a choice.
fn read_limits(checker: &mut Checker<'_>, form: &FormData, choices: &mut [AnswerChoice]) {
    for line in form.text("limits").lines().map(clean_line).filter(|line| !line.is_empty()) {
        let parts = line.split_once('=').map(|(code, number)| (code.trim(), number.trim().parse::<i32>()));
        let choice = parts.as_ref().and_then(|(code, _)| choices.iter_mut().find(|choice| choice.code == *code));
        match (choice, parts) {
            (Some(choice), Some((_, Ok(places)))) if places >= 0 => choice.places = Some(places),
            _ => checker.wrong("limits", Message::new("forms-error-limit-line").with("line", line)),
        }
    }
}

/// The fields of a question as it is kept.
pub(super) fn fields_of(team: &Team, question: &Question) -> FormData {
    let facts = &question.facts;
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let until = facts.answer_until.map(|at| at.in_zone(team.event.zone()).format("%Y-%m-%dT%H:%M").to_string());
    let mut form = FormData::from_fields([
        ("kind", question.kind.as_str().to_owned()),
        ("stage", facts.stage.as_str().to_owned()),
        ("version", question.version.to_string()),
        ("least", number(facts.options.least)),
        ("most", number(facts.options.most)),
        ("answer_until", until.unwrap_or_default()),
        ("is_required", if facts.is_required { "on" } else { "" }.to_owned()),
        ("megabytes", facts.options.megabytes.map(|most| most.to_string()).unwrap_or_default()),
        ("pixels", facts.options.pixels.map(|least| least.to_string()).unwrap_or_default()),
        ("is_identity", if facts.is_identity { "on" } else { "" }.to_owned()),
        ("depends_on", facts.only_if.as_ref().map(|condition| condition.question.clone()).unwrap_or_default()),
        ("depends_values", facts.only_if.as_ref().map(|condition| condition.values.join(", ")).unwrap_or_default()),
    ]);
    let limit = |choice: &AnswerChoice| choice.places.map(|places| format!("{} = {places}", choice.code));
    let limits: Vec<String> = facts.options.choices.iter().filter_map(limit).collect();
    form.push("limits", limits.join("\n"));
    form.push_localized("label", &facts.label);
    form.push_localized("help", &facts.help);
    for lang in team.event.languages.iter() {
        let line = |choice: &AnswerChoice| choice.label.get(*lang).map(|label| format!("{} = {label}", choice.code));
        let lines: Vec<String> = facts.options.choices.iter().filter_map(line).collect();
        form.push(format!("choices.{lang}"), lines.join("\n"));
    }
    facts.options.types.iter().for_each(|kind| form.push("file_types", kind.as_str()));
    facts.seen_by.iter().for_each(|viewer| form.push("seen_by", viewer.as_str()));
    facts.categories.iter().for_each(|category| form.push("asked_in", category.to_string()));
    form
}
