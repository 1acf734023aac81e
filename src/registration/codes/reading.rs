//! Codes and lists of invitees as organizers send them.

use super::model::{CodeFacts, Invitee, Prefill};
use crate::db::CategoryId;
use crate::i18n::{Country, Lang};
use crate::interchange::{PlainTable, ReadError, read_table};
use crate::mail::address::EmailAddress;
use crate::registration::category::instant;
use crate::web::{Checker, FieldErrors, FormData, Message};
use chrono_tz::Tz;
use std::collections::HashSet;

/// Most codes that are made at once.
pub const MOST_CODES: usize = 2_000;
/// Most uses of a code.
const MOST_USES: i32 = 10_000;

/// What a new code is made of: letters and digits that can't be mistaken for one another, in two groups.
#[must_use]
pub fn new_code() -> String {
    const LETTERS: &[u8] = b"23456789BCDFGHJKMNPQRSTVWXZ";
    let letters: String =
        rand::random::<[u8; 10]>().iter().map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect();
    format!("{}-{}", &letters[..5], &letters[5..])
}

/// Reads what codes have in common, and how many are to be made.
///
/// # Errors
/// What is wrong with which field.
pub fn facts(form: &FormData, known: &[CategoryId], zone: Tz) -> Result<(CodeFacts, usize), FieldErrors> {
    let mut checker = Checker::new(form);
    let category = known.iter().copied().find(|id| id.as_str() == form.text("category"));
    if category.is_none() {
        checker.wrong("category", Message::new("registration-error-choose-category"));
    }
    let count = match form.text("count") {
        "" => Some(1),
        _ => checker.number("count", 1..=i32::try_from(MOST_CODES).unwrap_or(i32::MAX)),
    };
    let uses = match form.text("uses") {
        "" => Some(1),
        _ => checker.number("uses", 1..=MOST_USES),
    };
    let facts = (
        CodeFacts {
            category: category.unwrap_or_else(CategoryId::new),
            batch: checker.line("batch"),
            uses: uses.unwrap_or(1),
            is_reserved: form.is_ticked("is_reserved"),
            skips_approval: form.is_ticked("skips_approval"),
            expires_at: instant(&mut checker, form, "expires_at", zone),
        },
        usize::try_from(count.unwrap_or(1)).unwrap_or(1),
    );
    checker.finish(facts)
}

/// The one invitee of a form, where one is named.
///
/// # Errors
/// What is wrong with which field.
pub fn invitee(form: &FormData) -> Result<Invitee, FieldErrors> {
    let mut checker = Checker::new(form);
    let email = if form.text("email").trim().is_empty() { None } else { checker.email("email") };
    let invitee = Invitee {
        email: email.map(|email| email.to_string()),
        language: form.text("language").parse().ok(),
        prefill: Prefill {
            given_name: checker.line("given_name"),
            family_name: checker.line("family_name"),
            native_name: checker.line("native_name"),
            organisation: checker.line("organisation"),
            position: checker.line("position"),
            country: checker.country("country").map(|country| country.as_str().to_owned()).unwrap_or_default(),
        },
    };
    checker.finish(invitee)
}

/// A row that can't be taken: its number in the file, and the key of what is wrong.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrongRow {
    /// Its number in the file.
    pub row: usize,
    /// The key of the text.
    pub key: &'static str,
    /// What stands there.
    pub value: String,
}

/// The invitees of a table with a column `email` and others as the form has them.
///
/// # Errors
/// When the file is no table.
pub fn invitees(
    bytes: &[u8],
    most_bytes: usize,
    languages: &[Lang],
) -> Result<(Vec<Invitee>, Vec<WrongRow>), ReadError> {
    Ok(read_rows(&read_table(bytes, most_bytes, MOST_CODES)?, languages))
}

fn read_rows(table: &PlainTable, languages: &[Lang]) -> (Vec<Invitee>, Vec<WrongRow>) {
    let column = |names: &[&str]| table.column(names);
    let (email, language) =
        (column(&["email", "e_mail", "address", "邮箱", "电子邮件"]), column(&["language", "语言"]));
    let (given, family) = (column(&["given_name", "first_name", "名"]), column(&["family_name", "last_name", "姓"]));
    let (native, organisation) = (column(&["native_name", "姓名"]), column(&["organisation", "organization", "单位"]));
    let (position, country) = (column(&["position", "job_title", "职务"]), column(&["country", "国家"]));
    let (mut good, mut wrong, mut seen) = (Vec::new(), Vec::new(), HashSet::new());
    for (row, cells) in &table.rows {
        let text = |place| PlainTable::cell(cells, place).to_owned();
        let mut refuse = |key, value: String| wrong.push(WrongRow { row: *row, key, value });
        let address = match text(email).parse::<EmailAddress>() {
            Ok(address) => address,
            Err(_) => {
                refuse("codes-error-row-address", text(email));
                continue;
            }
        };
        if !seen.insert(address.key()) {
            refuse("codes-error-row-twice", address.to_string());
            continue;
        }
        let code = text(country).to_uppercase();
        if !code.is_empty() && code.parse::<Country>().is_err() {
            refuse("codes-error-row-country", code);
            continue;
        }
        let wanted = text(language).parse::<Lang>().ok().filter(|lang| languages.contains(lang));
        good.push(Invitee {
            email: Some(address.to_string()),
            language: wanted,
            prefill: Prefill {
                given_name: text(given),
                family_name: text(family),
                native_name: text(native),
                organisation: text(organisation),
                position: text(position),
                country: code,
            },
        });
    }
    (good, wrong)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_of_invitees_is_read_row_by_row() {
        let file = "Email,Given name,Country,Language\nada@example.org,Ada,gb,en\nnobody,Bo,,\nada@example.org,Ada,,\ncy@example.org,=1+1,Atlantis,\n";
        let (good, wrong) = invitees(file.as_bytes(), 10_000, &[Lang::EN]).expect("a table");
        assert_eq!(good.len(), 1);
        assert_eq!((good[0].email.as_deref(), good[0].prefill.country.as_str()), (Some("ada@example.org"), "GB"));
        let keys: Vec<(usize, &str)> = wrong.iter().map(|row| (row.row, row.key)).collect();
        assert_eq!(
            keys,
            [(3, "codes-error-row-address"), (4, "codes-error-row-twice"), (5, "codes-error-row-country")]
        );
    }
}
