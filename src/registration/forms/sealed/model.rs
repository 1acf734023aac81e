//! Sealed answers: what stands in a row, what is in it, and when it is deleted.

use crate::db::schema::sealed_answers;
use crate::db::{EventId, QuestionId, RegistrationId, UtcTime};
use crate::events::model::Event;
use crate::registration::forms::model::{Answer, Answers, Form, Part, Question};
use crate::sealing::{FileKey, Hints, SealingKeys, Unopened};
use chrono::{NaiveTime, TimeDelta, TimeZone};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};

/// One sealed answer as its row holds it.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = sealed_answers)]
pub struct SealedAnswer {
    /// Whose.
    pub registration_id: RegistrationId,
    /// To which question.
    pub question_id: QuestionId,
    /// The name of the key.
    pub key_id: String,
    /// Nonce and ciphertext.
    pub sealed: String,
    /// When it is deleted.
    pub delete_at: Option<UtcTime>,
    /// When it was given, or sealed anew.
    pub updated_at: UtcTime,
}

/// What is in a sealed answer.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Content {
    /// The answer.
    pub answer: Answer,
    /// What opens the file that it is, where it is one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub file: Option<FileSecret>,
}

/// What opens a sealed file.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct FileSecret {
    /// Its key.
    pub key: String,
    /// Its name.
    pub name: String,
}

impl std::fmt::Debug for FileSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("FileSecret(…)")
    }
}

impl FileSecret {
    /// The key, if it is one.
    #[must_use]
    pub fn key(&self) -> Option<FileKey> {
        FileKey::from_text(&self.key)
    }
}

/// What a sealed answer is bound to. In another row it does not open.
fn place<'a>(registration: &'a RegistrationId, question: &'a QuestionId) -> [&'a str; 3] {
    ["answer", registration.as_str(), question.as_str()]
}

impl SealedAnswer {
    /// Seals an answer; nothing when there is no key.
    #[must_use]
    pub fn seal(
        keys: &SealingKeys,
        now: UtcTime,
        (registration_id, question_id): (RegistrationId, QuestionId),
        content: &Content,
    ) -> Option<Self> {
        let plain = zeroize::Zeroizing::new(serde_json::to_vec(content).ok()?);
        let sealed = keys.seal(&place(&registration_id, &question_id), &plain)?;
        Some(Self {
            registration_id,
            question_id,
            key_id: sealed.key_id,
            sealed: sealed.text,
            delete_at: None,
            updated_at: now,
        })
    }

    /// What is in it.
    ///
    /// # Errors
    /// When no key opens it.
    pub fn open(&self, keys: &SealingKeys) -> Result<Content, Unopened> {
        let plain = keys.open(&self.key_id, &place(&self.registration_id, &self.question_id), &self.sealed)?;
        serde_json::from_slice(&plain).map_err(|_| Unopened::Refused)
    }
}

/// By what a registration's document and date of birth are known again.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PersonHints {
    /// The hint of the document.
    pub document: Option<String>,
    /// The hint of the date of birth.
    pub birth: Option<String>,
}

impl PersonHints {
    /// The hints of what these answers say.
    #[must_use]
    pub fn of(hints: &Hints, event: EventId, form: &Form, answers: &Answers) -> Self {
        let value = |part: Part| {
            let mut questions = form.questions.iter().filter(|question| question.facts.options.part == Some(part));
            questions.find_map(|question| answers.of(question)?.values().first()).cloned()
        };
        let number =
            value(Part::DocumentNumber).map(|number| plain_number(&number)).filter(|number| !number.is_empty());
        let country = value(Part::DocumentCountry).unwrap_or_default();
        Self {
            document: number.and_then(|number| hints.of(&["document", event.as_str(), &country, &number])),
            birth: value(Part::BirthDate).and_then(|day| birth_hint(hints, event, &day)),
        }
    }
}

/// The hint of a date of birth at an event.
#[must_use]
pub fn birth_hint(hints: &Hints, event: EventId, day: &str) -> Option<String> {
    hints.of(&["birth", event.as_str(), day])
}

/// A document's number without what people write between its signs.
fn plain_number(number: &str) -> String {
    number.chars().filter(|sign| sign.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

/// When sealed answers of an event are deleted: so many days after its last day has ended there.
#[must_use]
pub fn deleted_at(event: &Event, days: i32) -> UtcTime {
    let night = (event.ends_on + TimeDelta::days(1)).and_time(NaiveTime::MIN);
    let zone = event.zone();
    // A midnight that clocks skip is taken an hour later.
    let end = zone.from_local_datetime(&night).earliest();
    let end = end.or_else(|| zone.from_local_datetime(&(night + TimeDelta::hours(1))).earliest());
    let end = end.map_or_else(|| night.and_utc(), |end| end.to_utc());
    UtcTime::from(end) + TimeDelta::days(i64::from(days))
}

/// Whether any of these questions is sealed.
#[must_use]
pub fn any_sealed(questions: &[Question]) -> bool {
    questions.iter().any(|question| question.is_sealed)
}

#[cfg(test)]
mod tests {
    use super::*;
    use secrecy::SecretString;

    #[test]
    fn numbers_are_compared_without_their_spaces() {
        for written in ["c01x 00t47", "C01X-00T47", " C01X00T47 "] {
            assert_eq!(plain_number(written), "C01X00T47");
        }
        assert_eq!(plain_number("--"), "");
    }

    #[test]
    fn an_answer_opens_for_its_person_and_question_only() {
        let keys = SealingKeys::read(&[SecretString::from(SealingKeys::fresh("a"))]).expect("a key");
        let (person, question) = (RegistrationId::new(), QuestionId::new());
        let content = Content { answer: Answer::One("C01X00T47".into()), file: None };
        let row = SealedAnswer::seal(&keys, UtcTime::of_machine(), (person, question), &content).expect("sealed");
        assert_eq!(row.open(&keys), Ok(content));
        let moved = SealedAnswer { registration_id: RegistrationId::new(), ..row.clone() };
        assert_eq!(moved.open(&keys).err(), Some(Unopened::Refused));
        let asked = SealedAnswer { question_id: QuestionId::new(), ..row };
        assert_eq!(asked.open(&keys).err(), Some(Unopened::Refused));
    }
}
