//! Delegations as organizers describe them: in a form, or one a row in a table.

use super::mails::Words;
use super::model::{Contact, Delegation, DelegationFacts};
use super::people::mail_languages;
use crate::db::CategoryId;
use crate::i18n::{Country, INTERFACE_LANGUAGES, Lang, Texts, country_name};
use crate::interchange::PlainTable;
use crate::registration::category::{Category, instant};
use crate::web::{Checker, FieldErrors, FormData, Message};
use chrono_tz::Tz;
use std::collections::HashMap;

/// Most places of a delegation in a category.
const MOST_PLACES: i32 = 10_000;
/// Most delegations of one table.
pub const MOST_DELEGATIONS: usize = 1_000;
/// Longest message.
const LONGEST: usize = 5_000;

impl Contact {
    /// Who runs a delegation.
    #[must_use]
    pub fn of(delegation: &Delegation) -> Self {
        Self {
            name: delegation.contact_name.clone(),
            email: delegation.contact_email.clone(),
            email_key: delegation.contact_email_key.clone(),
            language: delegation.language,
        }
    }

    /// Reads who is to run it.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(form: &FormData, languages: &[Lang]) -> Result<Self, FieldErrors> {
        let mut checker = Checker::new(form);
        let contact = read_contact(&mut checker, languages);
        checker.finish(contact)
    }
}

fn read_contact(checker: &mut Checker<'_>, languages: &[Lang]) -> Contact {
    let name = checker.required_line("contact_name");
    let email = checker.email("contact_email");
    let language = checker.parsed::<Lang>("language", "delegations-error-language");
    if language.is_some_and(|lang| !mail_languages(languages).contains(&lang)) {
        checker.wrong("language", Message::new("delegations-error-language"));
    }
    Contact {
        name,
        email_key: email.as_ref().map(crate::mail::address::EmailAddress::key).unwrap_or_default(),
        email: email.map(|email| email.to_string()).unwrap_or_default(),
        language: language.unwrap_or(Lang::EN),
    }
}

/// The field of a category's places.
#[must_use]
pub fn places_field(category: CategoryId) -> String {
    format!("places-{category}")
}

impl DelegationFacts {
    /// Reads the form.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(
        form: &FormData,
        (languages, zone): (&[Lang], Tz),
        categories: &[CategoryId],
    ) -> Result<Self, FieldErrors> {
        let mut checker = Checker::new(form);
        let name = checker.required_localized_line("name", languages);
        let country = checker.country("country").map(|country| country.as_str().to_owned());
        let contact = read_contact(&mut checker, languages);
        let closes_at = instant(&mut checker, form, "closes_at", zone);
        let note = checker.block("note");
        let mut places = Vec::new();
        for category in categories {
            let count = checker.optional_number(&places_field(*category), 0..=MOST_PLACES).unwrap_or_default();
            if count > 0 {
                places.push((*category, count));
            }
        }
        checker.finish(Self { name, country, contact, closes_at, note, places })
    }
}

impl Words {
    /// Reads a subject and a text.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(form: &FormData) -> Result<Self, FieldErrors> {
        let mut checker = Checker::new(form);
        let words = Self { subject: checker.required_line("subject"), body: checker.block("body") };
        if words.body.is_empty() {
            checker.wrong("body", Message::new("error-required"));
        }
        if words.body.chars().count() > LONGEST {
            checker.wrong("body", Message::new("error-too-long").with("max", LONGEST));
        }
        checker.finish(words)
    }
}

/// A row that can't be taken.
#[derive(Clone, Debug, PartialEq)]
pub struct WrongRow {
    /// Its number in the file.
    pub row: usize,
    /// What is wrong, with the name of the column each.
    pub errors: FieldErrors,
}

/// The names of columns that are no category's.
const COLUMNS: [(&str, &[&str]); 6] = [
    ("country", &["country", "国家", "国家或地区", "国家/地区"]),
    ("contact_name", &["contact", "contact_name", "focal_point", "联络人", "联系人"]),
    ("contact_email", &["address", "email", "e_mail", "contact_email", "邮箱", "电子邮箱", "电子邮件"]),
    ("language", &["language", "语言"]),
    ("closes_at", &["closes_at", "closes", "截止时间"]),
    ("note", &["note", "备注"]),
];

/// The delegations of a table: columns `name` (or `name_en`, `name_zh` …), `country`, `contact`, `address`,
/// `language`, and one for each category, by its word or name, with the number of places.
#[must_use]
pub fn table(
    table: &PlainTable,
    texts: &Texts,
    (languages, zone): (&[Lang], Tz),
    categories: &[Category],
) -> (Vec<DelegationFacts>, Vec<WrongRow>) {
    let main = languages.first().copied().unwrap_or(Lang::EN);
    let mut columns: Vec<(String, Option<usize>)> =
        COLUMNS.iter().map(|(field, names)| ((*field).to_owned(), table.column(names))).collect();
    columns.push((format!("name.{main}"), table.column(&["name", "delegation", "名称", "代表团"])));
    for lang in languages {
        let name = format!("name_{}", lang.as_str().to_lowercase().replace('-', "_"));
        columns.push((format!("name.{lang}"), table.column(&[name.as_str()])));
    }
    columns.extend(categories.iter().map(|category| (places_field(category.id), column_of(table, category))));
    let countries = countries(texts);
    let known: Vec<CategoryId> = categories.iter().map(|category| category.id).collect();
    let (mut good, mut wrong) = (Vec::new(), Vec::new());
    for (row, cells) in &table.rows {
        let mut form = FormData::default();
        for (field, place) in columns.iter().filter(|(_, place)| place.is_some()) {
            let cell = PlainTable::cell(cells, *place);
            if cell.is_empty() {
                continue;
            }
            let code = countries.get(&cell.to_lowercase()).filter(|_| field == "country");
            form.push(field, code.map_or(cell, String::as_str));
        }
        if form.text("language").is_empty() {
            form.push("language", main.as_str());
        }
        match DelegationFacts::read(&form, (languages, zone), &known) {
            Ok(facts) => good.push(facts),
            Err(errors) => wrong.push(WrongRow { row: *row, errors }),
        }
    }
    (good, wrong)
}

/// The column of a category's places: by its word, by any of its names, or `places_WORD`.
fn column_of(table: &PlainTable, category: &Category) -> Option<usize> {
    let plain = |name: &str| name.to_lowercase().split([' ', '-', '_']).collect::<Vec<_>>().join("_");
    let mut names = vec![plain(&category.code), format!("places_{}", plain(&category.code))];
    names.extend(category.name.iter().map(|(_, name)| plain(name)));
    let names: Vec<&str> = names.iter().map(String::as_str).collect();
    table.column(&names)
}

/// Codes of countries by their names in small letters.
fn countries(texts: &Texts) -> HashMap<String, String> {
    let named = |country: Country| {
        INTERFACE_LANGUAGES
            .iter()
            .map(move |lang| (country_name(texts, *lang, country).to_lowercase(), country.as_str().to_owned()))
    };
    Country::all().flat_map(named).collect()
}

/// A delegation as the fields of its form.
#[must_use]
pub fn fields(delegation: &Delegation, places: &[super::model::Places], zone: Tz) -> FormData {
    let mut form = FormData::from_fields([
        ("version", delegation.version.to_string()),
        ("country", delegation.country.clone().unwrap_or_default()),
        ("contact_name", delegation.contact_name.clone()),
        ("contact_email", delegation.contact_email.clone()),
        ("language", delegation.language.to_string()),
        ("note", delegation.note.clone()),
    ]);
    form.push_localized("name", &delegation.name);
    if let Some(closes) = delegation.closes_at {
        form.push("closes_at", closes.in_zone(zone).format("%Y-%m-%dT%H:%M").to_string());
    }
    for one in places {
        form.push(places_field(one.category_id), one.capacity.to_string());
    }
    form
}
