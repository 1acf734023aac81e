//! Which of two registrations' facts are kept, and what speaks against putting them together.

use crate::db::schema::registrations;
use crate::db::{AnswerFileId, DelegationId, QuestionId, RegistrationId, SpeakerId, UtcTime};
use crate::registration::forms::model::{Answer, Answers, Form, Question, QuestionKind};
use crate::registration::forms::sealed::model::SealedAnswer;
use crate::registration::model::{Details, Registration, RegistrationState};
use crate::text_enum;
use crate::web::FormData;
use diesel::prelude::*;
use std::collections::BTreeSet;

/// The facts of which one is chosen, by the names of fields.
pub fn chosen_fields() -> impl Iterator<Item = &'static str> {
    ["email", "language"].into_iter().chain(Details::FIELDS).chain(["delegation"])
}

/// One of two registrations, with what matters when they become one.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Party {
    /// The registration.
    #[diesel(embed)]
    pub registration: Registration,
    /// Its answers, as they stand in the column.
    pub answers: String,
    /// The desk's remark.
    pub remark: String,
    /// Who is offered places first.
    pub priority: i32,
    /// Since when it waits for a place.
    pub waits_since: Option<UtcTime>,
    /// Its delegation.
    pub delegation_id: Option<DelegationId>,
    /// The rank in it.
    pub delegation_rank: i32,
    /// Whether the person leads it.
    pub is_head: bool,
    /// The speaker who it is.
    pub speaker_id: Option<SpeakerId>,
    /// The person's photo.
    pub photo_id: Option<String>,
    /// By what the document is known again.
    pub document_key: Option<String>,
    /// By what the date of birth is known again.
    pub birth_key: Option<String>,
    /// When somebody came in with its ticket.
    pub came_at: Option<UtcTime>,
    /// Whether a watch-list knows the name.
    pub is_watched: bool,
    /// When it is to be deleted.
    pub erase_at: Option<UtcTime>,
}

impl Party {
    /// The value of a fact, as a form has it.
    #[must_use]
    pub fn value(&self, field: &str) -> String {
        let one = &self.registration;
        match field {
            "email" => one.email.clone(),
            "language" => one.language.to_string(),
            "delegation" => self.delegation_id.map(|id| id.to_string()).unwrap_or_default(),
            field => Details::from(one).value(field).to_owned(),
        }
    }
}

text_enum! {
    /// Why two registrations can't become one.
    pub enum Barrier {
        /// It is one already.
        Same = "same",
        /// The one that is to be kept has come to its end.
        KeptEnded = "kept-ended",
        /// The other one has come to its end.
        OtherEnded = "other-ended",
        /// The other one has come further than the one that is to be kept.
        Behind = "behind",
        /// They belong to two speakers.
        Speakers = "speakers",
        /// One is to be deleted.
        Erasing = "erasing",
    }
}

/// How far a registration has come.
const fn progress(state: RegistrationState) -> u8 {
    use RegistrationState as S;
    match state {
        S::Confirmed => 3,
        S::Applied | S::Offered => 2,
        S::Waitlisted => 1,
        S::Unverified | S::Rejected | S::Cancelled | S::Expired => 0,
    }
}

/// What speaks against keeping one of two registrations and ending the other.
#[must_use]
pub fn barrier(kept: &Party, other: &Party) -> Option<Barrier> {
    let (one, two) = (&kept.registration, &other.registration);
    let speakers = kept.speaker_id.zip(other.speaker_id);
    [
        (one.id == two.id, Barrier::Same),
        (kept.erase_at.is_some() || other.erase_at.is_some(), Barrier::Erasing),
        (one.state.is_end(), Barrier::KeptEnded),
        (two.state.is_end(), Barrier::OtherEnded),
        (progress(two.state) > progress(one.state), Barrier::Behind),
        (speakers.is_some_and(|(one, other)| one != other), Barrier::Speakers),
    ]
    .into_iter()
    .find_map(|(stands, barrier)| stands.then_some(barrier))
}

/// The answers of both, and which of them are whose.
#[derive(Clone, Debug, Default)]
pub struct BothAnswers {
    /// Every question that takes an answer.
    pub form: Form,
    /// Those of the one that is kept.
    pub kept: Answers,
    /// Those of the other one.
    pub other: Answers,
    /// The sealed rows of the one that is kept.
    pub kept_sealed: Vec<SealedAnswer>,
    /// The sealed rows of the other one.
    pub other_sealed: Vec<SealedAnswer>,
}

impl BothAnswers {
    /// Puts both together.
    #[must_use]
    pub fn new(
        form: Form,
        (kept, other): (&Party, &Party),
        (kept_sealed, other_sealed): (Vec<SealedAnswer>, Vec<SealedAnswer>),
    ) -> Self {
        let with = |column: &str, sealed: &[SealedAnswer]| {
            let mut answers = Answers::parse(column);
            sealed.iter().for_each(|row| answers.note_sealed(row.question_id));
            answers
        };
        Self {
            form,
            kept: with(&kept.answers, &kept_sealed),
            other: with(&other.answers, &other_sealed),
            kept_sealed,
            other_sealed,
        }
    }

    /// The questions of which an answer is chosen: those that the other one has answered, unless both have answered
    /// them the same.
    pub fn open(&self) -> impl Iterator<Item = &Question> {
        self.form.questions.iter().filter(|question| {
            let is_same = self.kept.of(question).is_some() && self.kept.of(question) == self.other.of(question);
            question.kind.is_answered() && self.other.is_given(question) && !is_same
        })
    }
}

/// What is taken from the one that ends; everything else stays as the kept one has it.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Choices {
    /// Facts, by the names of fields.
    pub fields: BTreeSet<&'static str>,
    /// Answers.
    pub questions: BTreeSet<QuestionId>,
}

/// The value that takes a fact from the one that ends.
pub const OTHER: &str = "other";
/// The value that keeps it.
pub const KEPT: &str = "kept";

impl Choices {
    /// What is usual: what the kept one lacks comes from the other.
    #[must_use]
    pub fn usual((kept, other): (&Party, &Party), answers: &BothAnswers) -> Self {
        let lacks = |field: &&str| kept.value(field).is_empty() && !other.value(field).is_empty();
        Self {
            fields: chosen_fields().filter(|field| lacks(field)).collect(),
            questions: answers
                .open()
                .filter(|question| !answers.kept.is_given(question))
                .map(|question| question.id)
                .collect(),
        }
    }

    /// Reads the form.
    #[must_use]
    pub fn read(form: &FormData, answers: &BothAnswers) -> Self {
        Self {
            fields: chosen_fields().filter(|field| form.text(field) == OTHER).collect(),
            questions: answers
                .open()
                .filter(|question| form.text(&question.field()) == OTHER)
                .map(|question| question.id)
                .collect(),
        }
    }

    /// Whether a fact is taken from the one that ends.
    #[must_use]
    pub fn takes(&self, field: &str) -> bool {
        self.fields.contains(field)
    }

    /// The details as they will be.
    #[must_use]
    pub fn details(&self, kept: &Party, other: &Party) -> Details {
        Details::of(|field| if self.takes(field) { other.value(field) } else { kept.value(field) })
    }

    /// Whether the address is taken from the one that ends.
    #[must_use]
    pub fn takes_address(&self, other: &Party) -> bool {
        self.takes("email") && other.registration.has_address()
    }

    /// The kept registration as it will be, for the mail that says so.
    #[must_use]
    pub fn merged(&self, kept: &Party, other: &Party) -> Registration {
        let details = self.details(kept, other);
        let mut one = kept.registration.clone();
        one.honorific = details.honorific;
        one.given_name = details.given_name;
        one.family_name = details.family_name;
        one.native_name = details.native_name;
        one.name_order = details.name_order;
        one.organisation = details.organisation;
        one.position = details.position;
        one.country = details.country;
        one.nationality = details.nationality;
        if self.takes("language") {
            one.language = other.registration.language;
        }
        if self.takes_address(other) {
            one.email.clone_from(&other.registration.email);
            one.email_key.clone_from(&other.registration.email_key);
        }
        one
    }

    /// The answers as they will be: the kept one's column, and what is left in the other's.
    #[must_use]
    pub fn answers(&self, both: &BothAnswers) -> (Answers, Answers) {
        let (mut kept, mut other) = (both.kept.clone(), both.other.clone());
        for question in self.questions_of(both).filter(|question| !question.is_sealed) {
            if let Some(answer) = both.other.of(question) {
                kept.set(question, answer.clone());
                other.remove(question);
            }
        }
        (kept, other)
    }

    /// The questions whose answers are taken from the one that ends.
    pub fn questions_of<'a>(&'a self, both: &'a BothAnswers) -> impl Iterator<Item = &'a Question> {
        both.form.questions.iter().filter(|question| self.questions.contains(&question.id))
    }

    /// The photo that the kept one will have, if it becomes another.
    #[must_use]
    pub fn photo(&self, both: &BothAnswers) -> Option<AnswerFileId> {
        let mut photos = self.questions_of(both).filter(|question| question.kind == QuestionKind::Photo);
        let answer = photos.find_map(|question| both.other.of(question)).map(Answer::values);
        answer.and_then(|values| values.first()?.parse().ok())
    }
}

/// How a registration hangs together with another.
#[derive(Clone, Debug)]
pub struct Tie {
    /// The other one.
    pub id: RegistrationId,
    /// Its number.
    pub code: String,
    /// Its name.
    pub name: String,
    /// Whether the other one counts now, or this one.
    pub is_onwards: bool,
    /// Whether a place was passed on to another person; otherwise both are one person's.
    pub is_transfer: bool,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{CategoryId, EventId};
    use crate::i18n::Lang;
    use crate::registration::model::Applying;
    use RegistrationState as S;

    fn party(email: &str, organisation: &str, state: S) -> Party {
        let details = Details {
            given_name: "Ada".into(),
            family_name: "Lovelace".into(),
            organisation: organisation.into(),
            ..Details::default()
        };
        let applying = Applying {
            event: EventId::new(),
            category: CategoryId::new(),
            email,
            email_key: email,
            details: &details,
            language: Lang::EN,
        };
        Party {
            registration: Registration::new(&applying, state, UtcTime::of_machine()),
            answers: "{}".into(),
            remark: String::new(),
            priority: 0,
            waits_since: None,
            delegation_id: None,
            delegation_rank: 0,
            is_head: false,
            speaker_id: None,
            photo_id: None,
            document_key: None,
            birth_key: None,
            came_at: None,
            is_watched: false,
            erase_at: None,
        }
    }

    #[test]
    fn the_one_that_came_further_is_kept() {
        for (kept, other, expected) in [
            (S::Confirmed, S::Confirmed, None),
            (S::Confirmed, S::Unverified, None),
            (S::Applied, S::Waitlisted, None),
            (S::Offered, S::Applied, None),
            (S::Unverified, S::Confirmed, Some(Barrier::Behind)),
            (S::Applied, S::Confirmed, Some(Barrier::Behind)),
            (S::Cancelled, S::Confirmed, Some(Barrier::KeptEnded)),
            (S::Confirmed, S::Expired, Some(Barrier::OtherEnded)),
        ] {
            let (one, two) = (party("a@example.org", "", kept), party("b@example.org", "", other));
            assert_eq!(barrier(&one, &two), expected, "{kept} {other}");
        }
        let one = party("a@example.org", "", S::Confirmed);
        assert_eq!(barrier(&one, &one.clone()), Some(Barrier::Same));
        let two = Party { speaker_id: Some(SpeakerId::new()), ..party("b@example.org", "", S::Confirmed) };
        assert_eq!(barrier(&one, &two), None);
        let three = Party { speaker_id: Some(SpeakerId::new()), ..one.clone() };
        assert_eq!(barrier(&three, &two), Some(Barrier::Speakers));
        assert_eq!(barrier(&Party { erase_at: Some(UtcTime::of_machine()), ..one }, &two), Some(Barrier::Erasing));
    }

    #[test]
    fn what_the_kept_one_lacks_comes_from_the_other() {
        let (kept, other) = (party("", "", S::Confirmed), party("ada@example.org", "Society", S::Confirmed));
        let usual = Choices::usual((&kept, &other), &BothAnswers::default());
        assert_eq!(usual.fields, BTreeSet::from(["email", "organisation"]));
        let merged = usual.merged(&kept, &other);
        assert_eq!((merged.email.as_str(), merged.organisation.as_str()), ("ada@example.org", "Society"));
        assert_eq!((merged.id, merged.code), (kept.registration.id, kept.registration.code.clone()));
        // Whoever has no address takes none away.
        let takes = Choices { fields: BTreeSet::from(["email"]), ..Choices::default() };
        assert_eq!(takes.merged(&other, &kept).email, "ada@example.org");
    }
}
