//! Reading and checking the answers of a form that was sent.

use super::files::model::Uploads;
use super::model::{Answer, Answers, Form, Question, QuestionKind};
use crate::db::{QuestionId, UtcTime};
use crate::i18n::{Country, Lang};
use crate::web::forms::{clean_block, clean_line};
use crate::web::{FieldErrors, FormData, Message};
use std::collections::HashMap;

/// The most characters of a line and of a text of several lines.
const LINE: usize = 200;
const BLOCK: usize = 5000;

impl Form {
    /// Reads every question that applies. A question whose condition does not hold has no answer; a
    /// frozen one keeps its answer, and so does one that is not in this form.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(&self, form: &FormData, now: UtcTime, before: &Answers) -> Result<Answers, FieldErrors> {
        self.read_with(form, now, before, &Uploads::default())
    }

    /// The same for a form with files, which were taken in before.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read_with(
        &self,
        form: &FormData,
        now: UtcTime,
        before: &Answers,
        uploads: &Uploads,
    ) -> Result<Answers, FieldErrors> {
        let (mut answers, mut errors) = (before.clone(), FieldErrors::default());
        let mut given: HashMap<&str, Answer> = HashMap::new();
        for question in self.questions.iter().filter(|question| question.kind.is_answered()) {
            if !applies(question, &given) {
                answers.remove(question);
                continue;
            }
            let read = if question.is_frozen(now) {
                Ok(before.of(question).cloned())
            } else if question.kind.takes_file() {
                read_file(question, form, before.of(question), uploads)
            } else {
                read_one(question, form)
            };
            match read {
                Ok(Some(answer)) => {
                    given.insert(&question.code, answer.clone());
                    answers.set(question, answer);
                }
                Ok(None) => {
                    answers.remove(question);
                }
                Err(message) => errors.push(question.field(), message),
            }
        }
        if errors.is_empty() { Ok(answers) } else { Err(errors) }
    }
}

impl Form {
    /// The same answers without that to one question, and without those that were asked because of it; and which
    /// questions these are.
    #[must_use]
    pub fn without(&self, answers: &Answers, question: &Question) -> (Answers, Vec<QuestionId>) {
        let (mut kept, mut codes, mut dropped) = (answers.clone(), vec![question.code.as_str()], vec![question.id]);
        kept.remove(question);
        for other in &self.questions {
            let hangs =
                other.facts.only_if.as_ref().is_some_and(|condition| codes.contains(&condition.question.as_str()));
            if hangs {
                kept.remove(other);
                codes.push(&other.code);
                dropped.push(other.id);
            }
        }
        (kept, dropped)
    }
}

/// Whether a question's condition holds; it can only hang on a question that stands before it.
fn applies(question: &Question, given: &HashMap<&str, Answer>) -> bool {
    let Some(condition) = &question.facts.only_if else { return true };
    given
        .get(condition.question.as_str())
        .is_some_and(|answer| answer.values().iter().any(|value| condition.values.contains(value)))
}

/// A file is known by the token under which it waits, or by its id where it is the answer already.
fn read_file(
    question: &Question,
    form: &FormData,
    before: Option<&Answer>,
    uploads: &Uploads,
) -> Result<Option<Answer>, Message> {
    let name = question.field();
    let typed = form.text(&name);
    if typed.is_empty() || form.is_ticked(&format!("{name}.remove")) {
        let missing = Message::new("forms-error-file-required");
        return if question.facts.is_required { Err(missing) } else { Ok(None) };
    }
    if let Some(before) = before.filter(|before| before.values().first().is_some_and(|id| id == typed)) {
        return Ok(Some(before.clone()));
    }
    let upload = uploads.of(typed, question.id).ok_or_else(|| Message::new("forms-error-file-gone"))?;
    Ok(Some(Answer::One(upload.id.to_string())))
}

fn read_one(question: &Question, form: &FormData) -> Result<Option<Answer>, Message> {
    let name = question.field();
    if question.kind == QuestionKind::Choices {
        return several(question, form, &name);
    }
    let typed = form.text(&name);
    let value = match question.kind {
        QuestionKind::LongText => clean_block(typed),
        _ => clean_line(typed),
    };
    if value.is_empty() {
        return match (question.facts.is_required, question.kind) {
            (false, _) => Ok(None),
            (true, QuestionKind::Consent) => Err(Message::new("forms-error-consent")),
            (true, _) => Err(Message::new("error-required")),
        };
    }
    one(question, value).map(|value| Some(Answer::One(value)))
}

fn several(question: &Question, form: &FormData, name: &str) -> Result<Option<Answer>, Message> {
    let options = &question.facts.options;
    let ticked: Vec<&str> = form.all(name).collect();
    if ticked.iter().any(|value| !options.choices.iter().any(|choice| choice.code == *value)) {
        return Err(Message::new("forms-error-choice"));
    }
    // In the order of the choices, each once, however they were sent.
    let codes = options.choices.iter().map(|choice| choice.code.clone());
    let chosen: Vec<String> = codes.filter(|code| ticked.contains(&code.as_str())).collect();
    let count = i64::try_from(chosen.len()).unwrap_or(i64::MAX);
    if count == 0 {
        let message = Message::new("error-required");
        return if question.facts.is_required { Err(message) } else { Ok(None) };
    }
    if let Some(least) = options.least.filter(|least| count < *least) {
        return Err(Message::new("forms-error-too-few-choices").with("least", least));
    }
    if let Some(most) = options.most.filter(|most| count > *most) {
        return Err(Message::new("forms-error-too-many-choices").with("most", most));
    }
    Ok(Some(Answer::Many(chosen)))
}

fn one(question: &Question, value: String) -> Result<String, Message> {
    let options = &question.facts.options;
    let wrong = |key| Err(Message::new(key));
    match question.kind {
        QuestionKind::LongText if value.chars().count() > BLOCK => wrong("forms-error-too-long"),
        kind if kind != QuestionKind::LongText && value.chars().count() > LINE => wrong("forms-error-too-long"),
        QuestionKind::Number => number(&value, options.least, options.most),
        QuestionKind::YesNo if !matches!(value.as_str(), "yes" | "no") => wrong("forms-error-choice"),
        QuestionKind::OneChoice if !options.choices.iter().any(|choice| choice.code == value) => {
            wrong("forms-error-choice")
        }
        QuestionKind::Date => match value.parse::<chrono::NaiveDate>() {
            Ok(date) => Ok(date.to_string()),
            Err(_) => wrong("forms-error-date"),
        },
        QuestionKind::Time => match chrono::NaiveTime::parse_from_str(&value, "%H:%M") {
            Ok(time) => Ok(time.format("%H:%M").to_string()),
            Err(_) => wrong("forms-error-time"),
        },
        QuestionKind::Country => match value.parse::<Country>() {
            Ok(country) => Ok(country.as_str().to_owned()),
            Err(_) => wrong("error-country"),
        },
        QuestionKind::Language => match value.parse::<Lang>() {
            Ok(lang) => Ok(lang.as_str().to_owned()),
            Err(_) => wrong("forms-error-language"),
        },
        QuestionKind::Phone => phone(&value),
        QuestionKind::Url => match url::Url::parse(&value) {
            Ok(url) if matches!(url.scheme(), "http" | "https") && url.has_host() => Ok(url.to_string()),
            _ => wrong("forms-error-url"),
        },
        QuestionKind::Consent => Ok(options.consent.to_string()),
        _ => Ok(value),
    }
}

fn number(value: &str, least: Option<i64>, most: Option<i64>) -> Result<String, Message> {
    let number: i64 = value.parse().map_err(|_| Message::new("forms-error-number"))?;
    if let Some(least) = least.filter(|least| number < *least) {
        return Err(Message::new("forms-error-too-small").with("least", least));
    }
    if let Some(most) = most.filter(|most| number > *most) {
        return Err(Message::new("forms-error-too-great").with("most", most));
    }
    Ok(number.to_string())
}

/// A number as E.164 writes it; spaces, hyphens and brackets are only how people read it.
fn phone(value: &str) -> Result<String, Message> {
    let kept: String = value.chars().filter(|sign| !matches!(sign, ' ' | '-' | '.' | '(' | ')' | '/')).collect();
    let kept = kept.strip_prefix("00").map_or(kept.clone(), |rest| format!("+{rest}"));
    let is_right = kept.strip_prefix('+').is_some_and(|digits| {
        (7..=15).contains(&digits.len()) && !digits.starts_with('0') && digits.bytes().all(|byte| byte.is_ascii_digit())
    });
    if is_right { Ok(kept) } else { Err(Message::new("forms-error-phone")) }
}

#[cfg(test)]
mod tests {
    use super::super::model::{AnswerChoice, OnlyIf, Options, QuestionFacts, Stage};
    use super::*;
    use crate::db::{AnswerFileId, EventId};
    use crate::i18n::Localized;
    use crate::registration::forms::files::model::Waiting;
    use crate::web::Token;

    fn question(code: &str, kind: QuestionKind) -> Question {
        let choice =
            |code: &str| AnswerChoice { code: code.to_owned(), label: Localized::single(Lang::EN, code), places: None };
        let facts = QuestionFacts {
            stage: Stage::Apply,
            label: Localized::single(Lang::EN, code),
            help: Localized::new(),
            options: Options {
                choices: ["a", "b", "c"].map(choice).into(),
                most: Some(2),
                consent: 3,
                ..Options::default()
            },
            is_required: false,
            only_if: None,
            answer_until: None,
            seen_by: Vec::new(),
            is_identity: false,
            categories: Vec::new(),
        };
        let (id, event_id) = (QuestionId::new(), EventId::new());
        let code = code.to_owned();
        Question { id, event_id, code, kind, is_sealed: false, facts, position: 1, version: 1, retired_at: None }
    }

    #[test]
    fn each_kind_takes_its_own_answers_only() {
        use QuestionKind as K;
        for (kind, typed, kept) in [
            (K::ShortText, " Ada ", Ok("Ada")),
            (K::LongText, "one\r\ntwo", Ok("one\ntwo")),
            (K::Number, "2", Ok("2")),
            (K::Number, "3", Err("forms-error-too-great")),
            (K::Number, "two", Err("forms-error-number")),
            (K::YesNo, "yes", Ok("yes")),
            (K::YesNo, "maybe", Err("forms-error-choice")),
            (K::OneChoice, "b", Ok("b")),
            (K::OneChoice, "z", Err("forms-error-choice")),
            (K::Date, "2026-02-28", Ok("2026-02-28")),
            (K::Date, "2026-02-30", Err("forms-error-date")),
            (K::Time, "09:30", Ok("09:30")),
            (K::Time, "25:00", Err("forms-error-time")),
            (K::Country, "CN", Ok("CN")),
            (K::Country, "XX", Err("error-country")),
            (K::Phone, "+86 (10) 6552-9988", Ok("+861065529988")),
            (K::Phone, "0041 44 668 18 00", Ok("+41446681800")),
            (K::Phone, "044 668 18 00", Err("forms-error-phone")),
            (K::Url, "https://example.org/a", Ok("https://example.org/a")),
            (K::Url, "javascript:alert(1)", Err("forms-error-url")),
            (K::Consent, "on", Ok("3")),
        ] {
            let read = read_one(&question("q", kind), &FormData::from_fields([("q-q", typed)]));
            let read = read.map(|answer| answer.map(|answer| answer.values().join(",")).unwrap_or_default());
            assert_eq!(read.as_deref().map_err(|message| message.key), kept, "{kind:?} {typed:?}");
        }
    }

    #[test]
    fn several_choices_keep_their_order_and_number() {
        let question = question("q", QuestionKind::Choices);
        let read =
            |codes: &[&str]| read_one(&question, &FormData::from_fields(codes.iter().map(|code| ("q-q", *code))));
        assert_eq!(read(&["b", "a", "b"]), Ok(Some(Answer::Many(vec!["a".into(), "b".into()]))));
        assert_eq!(read(&[]), Ok(None));
        assert_eq!(read(&["a", "b", "c"]).map_err(|message| message.key), Err("forms-error-too-many-choices"));
        assert_eq!(read(&["x"]).map_err(|message| message.key), Err("forms-error-choice"));
    }

    #[test]
    fn a_file_is_taken_by_its_own_token_or_as_it_was() {
        let mut photo = question("photo", QuestionKind::Photo);
        photo.facts.is_required = true;
        let kept = Answer::One("0198b0a0-0000-7000-8000-000000000001".into());
        let waiting = Waiting {
            id: AnswerFileId::new(),
            question: photo.id,
            token: Token::new().hash(),
            name: "face.jpg".into(),
            key: None,
            is_claimed: false,
        };
        let uploads = Uploads([("token".to_owned(), waiting.clone())].into());
        let read = |typed: &str, question: &Question, before: Option<&Answer>| {
            let read = read_file(question, &FormData::from_fields([("q-photo", typed)]), before, &uploads);
            read.map_err(|message| message.key)
        };
        assert_eq!(read("token", &photo, None), Ok(Some(Answer::One(waiting.id.to_string()))));
        assert_eq!(read(kept.values()[0].as_str(), &photo, Some(&kept)), Ok(Some(kept.clone())));
        assert_eq!(read(kept.values()[0].as_str(), &photo, None), Err("forms-error-file-gone"), "another's file");
        assert_eq!(read("", &photo, Some(&kept)), Err("forms-error-file-required"));
        let other = question("photo", QuestionKind::Photo);
        assert_eq!(read("token", &other, None), Err("forms-error-file-gone"), "sent for another question");
        assert_eq!(read("", &other, Some(&kept)), Ok(None));
    }

    #[test]
    fn sealed_answers_never_stand_in_the_column() {
        let mut sealed = question("passport", QuestionKind::ShortText);
        sealed.is_sealed = true;
        let form = Form { questions: vec![sealed.clone(), question("diet", QuestionKind::ShortText)] };
        let typed = FormData::from_fields([("q-passport", "C01X00T47"), ("q-diet", "vegan")]);
        let answers = form.read(&typed, UtcTime::of_machine(), &Answers::default()).expect("read");
        assert_eq!(answers.of(&sealed), Some(&Answer::One("C01X00T47".into())));
        assert!(answers.column().contains("vegan") && !answers.column().contains("C01X00T47"));
        assert_eq!(Answers::parse(&answers.column()).of(&sealed), None);
    }

    #[test]
    fn a_condition_decides_whether_an_answer_is_asked_and_kept() {
        let visa = question("visa", QuestionKind::YesNo);
        let mut passport = question("passport", QuestionKind::ShortText);
        passport.facts.is_required = true;
        passport.facts.only_if = Some(OnlyIf { question: "visa".into(), values: vec!["yes".into()] });
        let now = UtcTime::of_machine();
        let form = Form { questions: vec![visa, passport.clone()] };
        let read = |fields: &[(&'static str, &'static str)]| {
            form.read(&FormData::from_fields(fields.iter().copied()), now, &Answers::default())
        };
        assert!(read(&[]).is_ok());
        assert!(read(&[("q-visa", "yes")]).is_err());
        let hidden = read(&[("q-visa", "no"), ("q-passport", "X1")]).expect("read");
        assert_eq!(hidden.of(&passport), None);
        let asked = read(&[("q-visa", "yes"), ("q-passport", "X1")]).expect("read");
        assert_eq!(asked.of(&passport), Some(&Answer::One("X1".into())));
        assert!(!Answers::changed_identity(&hidden, &asked, &form));
    }
}
