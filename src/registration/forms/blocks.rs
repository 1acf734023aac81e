//! Ready-made blocks of questions, which organizers add with one press and change as they like.

use super::model::{AnswerChoice, Options, QuestionFacts, QuestionKind as Kind, Stage, Viewer};
use crate::i18n::{Lang, Localized, Texts};
use crate::text_enum;

text_enum! {
    /// What a block asks about.
    pub enum Block {
        /// What somebody eats.
        Dietary = "dietary",
        /// What somebody needs to take part.
        Access = "access",
        /// Arrival, departure and hotel, after approval.
        Travel = "travel",
        /// Whom to call in an emergency.
        Emergency = "emergency",
    }
}

/// One question of a block: its word, its kind, and its choices by their words.
type Draft = (&'static str, Kind, &'static [&'static str]);

impl Block {
    const fn drafts(self) -> &'static [Draft] {
        match self {
            Self::Dietary => &[
                ("diet", Kind::Choices, &["vegetarian", "vegan", "halal", "kosher", "no-pork", "gluten-free"]),
                ("allergies", Kind::ShortText, &[]),
            ],
            Self::Access => &[
                (
                    "access-needs",
                    Kind::Choices,
                    &["step-free", "hearing-loop", "sign-language", "large-print", "companion"],
                ),
                ("access-other", Kind::LongText, &[]),
            ],
            Self::Travel => &[
                ("arrival-date", Kind::Date, &[]),
                ("arrival-flight", Kind::ShortText, &[]),
                ("departure-date", Kind::Date, &[]),
                ("hotel", Kind::ShortText, &[]),
            ],
            Self::Emergency => &[("emergency-name", Kind::ShortText, &[]), ("emergency-phone", Kind::Phone, &[])],
        }
    }

    const fn stage(self) -> Stage {
        if matches!(self, Self::Travel) { Stage::Approved } else { Stage::Apply }
    }

    /// Its questions in the event's languages, as far as Plenary speaks them.
    #[must_use]
    pub fn questions(self, texts: &Texts, languages: &[Lang]) -> Vec<(Kind, QuestionFacts)> {
        let words = |key: &str| {
            let known = languages.iter().filter(|lang| texts.has(**lang, key));
            let all = known.fold(Localized::new(), |all, lang| all.with(*lang, texts.text(*lang, key, &[])));
            let first = languages.first().copied().unwrap_or(Lang::EN);
            if all.is_empty() { Localized::single(first, texts.text(Lang::EN, key, &[])) } else { all }
        };
        let choice = |question: &str, code: &str| AnswerChoice {
            code: code.to_owned(),
            label: words(&format!("forms-block-{question}-{code}")),
            places: None,
        };
        let facts = |(word, _, codes): &Draft| QuestionFacts {
            stage: self.stage(),
            label: words(&format!("forms-block-{word}")),
            help: Localized::new(),
            options: Options { choices: codes.iter().map(|code| choice(word, code)).collect(), ..Options::default() },
            is_required: false,
            only_if: None,
            answer_until: None,
            seen_by: vec![Viewer::Desk, Viewer::Accreditation],
            is_identity: false,
            categories: Vec::new(),
        };
        self.drafts().iter().map(|draft| (draft.1, facts(draft))).collect()
    }
}
