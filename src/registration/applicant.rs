//! The registration form, checked.

use super::model::Details;
use crate::mail::address::EmailAddress;
use crate::web::forms::clean_line;
use crate::web::token::hex;
use crate::web::{Checker, FieldErrors, FormData, Message};
use sha2::{Digest, Sha256};

/// What a visitor filled in, checked. Whether the category takes them is decided with it at hand.
#[derive(Clone, Debug)]
pub struct Applicant {
    /// The word of the category chosen.
    pub category: String,
    /// The access code typed; may be empty.
    pub access_code: String,
    /// Where the mail goes.
    pub email: EmailAddress,
    /// The person.
    pub details: Details,
}

impl Applicant {
    /// Checks every field.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(form: &FormData) -> Result<Self, FieldErrors> {
        let mut checker = Checker::new(form);
        refuse_null_bytes(&mut checker, form);
        let category = checker.line("category");
        if category.is_empty() {
            checker.wrong("category", Message::new("registration-error-choose-category"));
        }
        let access_code = checker.line("code");
        let email = checker.email("email");
        let details = read_details(&mut checker);
        if !form.is_ticked("accept_privacy") {
            checker.wrong("accept_privacy", Message::new("registration-error-accept-privacy"));
        }
        // Without an address the errors are never empty.
        match (checker.finish(()), email) {
            (Ok(()), Some(email)) => Ok(Self { category, access_code, email, details }),
            (Err(errors), _) => Err(errors),
            (Ok(()), None) => Err(FieldErrors::default()),
        }
    }

    /// What a repeated submission is known by: the key that the form carried, or else its content.
    /// The address belongs to it either way, so that a form kept open for the next person of a
    /// delegation does not swallow them.
    #[must_use]
    pub fn submission(&self, form: &FormData) -> Submission {
        let given = clean_line(form.text("idempotency_key"));
        let mut digest = Sha256::new();
        let mut add = |part: &str| {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        };
        add(&self.email.key());
        if given.is_empty() {
            for part in ["content", self.category.as_str()].into_iter().chain(self.details.values()) {
                add(part);
            }
        } else {
            add("key");
            add(&given);
        }
        Submission { key: hex(&digest.finalize()), is_by_content: given.is_empty() }
    }
}

/// The fields about the person, which may be changed later too.
///
/// # Errors
/// What is wrong with which field.
pub fn details(form: &FormData) -> Result<Details, FieldErrors> {
    let mut checker = Checker::new(form);
    refuse_null_bytes(&mut checker, form);
    let details = read_details(&mut checker);
    checker.finish(details)
}

/// Nobody types a null byte: it is an attack or a broken program, and dropping it in silence would
/// keep a text that nobody meant.
fn refuse_null_bytes(checker: &mut Checker<'_>, form: &FormData) {
    let lines = ["category", "code", "email"].into_iter().chain(Details::FIELDS);
    for name in lines.filter(|name| form.text(name).contains('\0')) {
        checker.wrong(name, Message::new("registration-error-characters"));
    }
}

fn read_details(checker: &mut Checker<'_>) -> Details {
    let order = checker.optional_parsed("name_order", "registration-error-name-order");
    let details = Details {
        honorific: honorific(checker),
        given_name: checker.required_line("given_name"),
        family_name: checker.required_line("family_name"),
        native_name: checker.line("native_name"),
        organisation: checker.line("organisation"),
        position: checker.line("position"),
        country: checker.country("country").map(|country| country.as_str().to_owned()),
        nationality: checker.country("nationality").map(|country| country.as_str().to_owned()),
        ..Details::default()
    }
    .in_usual_order();
    Details { name_order: order.unwrap_or(details.name_order), ..details }
}

/// Longest honorific: it stands before the name on badges.
const HONORIFIC_LENGTH: usize = 40;

fn honorific(checker: &mut Checker<'_>) -> String {
    let text = checker.line("honorific");
    if text.chars().count() > HONORIFIC_LENGTH {
        checker.wrong("honorific", Message::new("error-too-long").with("max", HONORIFIC_LENGTH));
    }
    text
}

/// What a repeated submission is known by.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Submission {
    /// A digest of fixed length.
    pub key: String,
    /// Whether it comes from the content: then it holds for some minutes only.
    pub is_by_content: bool,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(extra: &[(&str, &str)]) -> FormData {
        let mut fields = vec![
            ("category", "guest"),
            ("email", "Ada@Example.org"),
            ("given_name", "Ada"),
            ("family_name", "Lovelace"),
            ("accept_privacy", "on"),
        ];
        fields.retain(|(name, _)| !extra.iter().any(|(other, _)| other == name));
        fields.extend(extra);
        FormData::from_fields(fields)
    }

    #[test]
    fn every_wrong_field_gets_its_own_message() {
        let wrong = FormData::parse(b"email=ada&country=XX&given_name=%00&position=ok");
        let errors = Applicant::read(&wrong).expect_err("refused");
        let named: Vec<_> = errors.iter().map(|error| (error.field.as_str(), error.message.key)).collect();
        assert_eq!(
            named,
            [
                ("given_name", "registration-error-characters"),
                ("category", "registration-error-choose-category"),
                ("email", "error-email"),
                ("family_name", "error-required"),
                ("country", "error-country"),
                ("accept_privacy", "registration-error-accept-privacy"),
            ]
        );
    }

    #[test]
    fn names_of_200_characters_pass_in_any_script() {
        for letter in ["a", "李", "م", "👩", "ह"] {
            assert!(Applicant::read(&form(&[("given_name", &letter.repeat(200))])).is_ok(), "{letter}");
            assert!(Applicant::read(&form(&[("given_name", &letter.repeat(201))])).is_err(), "{letter}");
        }
    }

    #[test]
    fn a_submission_is_known_by_its_key_or_its_content_and_by_its_address() {
        let of = |extra: &[(&str, &str)]| {
            let form = form(extra);
            Applicant::read(&form).expect("valid").submission(&form)
        };
        assert_eq!(of(&[]), of(&[("email", "ada@example.org")]));
        assert_ne!(of(&[]), of(&[("given_name", "Augusta")]));
        assert_eq!(of(&[("idempotency_key", "k")]), of(&[("idempotency_key", "k"), ("given_name", "Augusta")]));
        assert_ne!(of(&[("idempotency_key", "k")]), of(&[("idempotency_key", "k"), ("email", "grace@example.org")]));
        assert!(of(&[]).is_by_content && !of(&[("idempotency_key", "k")]).is_by_content);
    }
}
