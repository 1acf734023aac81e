//! Ready-made blocks of questions, which organizers add with one press and change as they like.

use super::files::model::FileType;
use super::model::{AnswerChoice, Options, Part, QuestionFacts, QuestionKind as Kind, Stage, Viewer};
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
        /// A photo of the person.
        Photo = "photo",
        /// The identity document, sealed.
        Identity = "identity",
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
            Self::Photo => &[("photo", Kind::Photo, &[])],
            Self::Identity => &[
                (
                    "document-type",
                    Kind::OneChoice,
                    &["passport", "identity-card", "residence-permit", "travel-document"],
                ),
                ("document-number", Kind::ShortText, &[]),
                ("document-country", Kind::Country, &[]),
                ("birth-date", Kind::Date, &[]),
                ("document-expiry", Kind::Date, &[]),
                ("document-scan", Kind::File, &[]),
            ],
        }
    }

    const fn stage(self) -> Stage {
        if matches!(self, Self::Travel) { Stage::Approved } else { Stage::Apply }
    }

    /// Whether its answers are sealed.
    #[must_use]
    pub const fn is_sealed(self) -> bool {
        matches!(self, Self::Identity)
    }

    /// Whether its answers say who somebody is.
    const fn is_identity(self) -> bool {
        matches!(self, Self::Photo | Self::Identity)
    }

    /// Who sees its answers. Numbers of documents are nobody's business but of those who check them.
    fn viewers(self) -> Vec<Viewer> {
        match self {
            Self::Photo => Viewer::ALL.to_vec(),
            Self::Identity => vec![Viewer::Accreditation],
            _ => vec![Viewer::Desk, Viewer::Accreditation],
        }
    }

    /// Whether a question of it must be answered.
    fn is_required(self, word: &str) -> bool {
        match self {
            Self::Photo => true,
            Self::Identity => !matches!(word, "document-expiry" | "document-scan"),
            _ => false,
        }
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
            help: if *word == "document-scan" { words("forms-block-document-scan-help") } else { Localized::new() },
            options: Options {
                choices: codes.iter().map(|code| choice(word, code)).collect(),
                part: part(word),
                types: if *word == "document-scan" { SCANS.to_vec() } else { Vec::new() },
                ..Options::default()
            },
            is_required: self.is_required(word),
            only_if: None,
            answer_until: None,
            seen_by: self.viewers(),
            is_identity: self.is_identity(),
            categories: Vec::new(),
        };
        self.drafts().iter().map(|draft| (draft.1, facts(draft))).collect()
    }
}

/// What a scan of a document may be.
const SCANS: [FileType; 3] = [FileType::Pdf, FileType::Jpeg, FileType::Png];

/// What an answer says about the document.
fn part(word: &str) -> Option<Part> {
    match word {
        "document-number" => Some(Part::DocumentNumber),
        "document-country" => Some(Part::DocumentCountry),
        "birth-date" => Some(Part::BirthDate),
        _ => None,
    }
}
