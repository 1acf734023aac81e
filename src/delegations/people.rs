//! People as focal points hand them in: from a form, from rows, from what was copied out of a spreadsheet, from a file.

use super::model::{Delegation, MOST_ROWS, Person};
use crate::i18n::{Country, INTERFACE_LANGUAGES, Lang, Texts, country_name};
use crate::interchange::{PlainTable, ReadError, read_table};
use crate::registration::applicant;
use crate::registration::category::Category;
use crate::registration::forms::model::Answers;
use crate::web::form_view::own_name;
use crate::web::{Checker, FieldErrors, FormData, Message};
use std::collections::HashMap;

/// What is asked of each person, by the names of fields, which are those of columns, too.
pub const COLUMNS: [&str; 11] = [
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
];

/// What columns may be called; the first name is ours.
const NAMES: [&[&str]; 11] = [
    &["given_name", "given_names", "first_name", "firstname", "forename", "名", "名字", "الاسم_الأول"],
    &["family_name", "last_name", "lastname", "surname", "姓", "姓氏", "اسم_العائلة"],
    &["native_name", "name_in_own_script", "姓名", "本国文字姓名", "الاسم"],
    &["email", "e_mail", "mail", "email_address", "邮箱", "电子邮箱", "电子邮件", "البريد_الإلكتروني"],
    &["category", "类别", "الفئة"],
    &["organisation", "organization", "ministry", "company", "单位", "机构", "الجهة"],
    &["position", "job_title", "title", "职务", "职位", "المنصب"],
    &["country", "国家", "国家或地区", "国家/地区", "الدولة"],
    &["language", "语言", "اللغة"],
    &["honorific", "salutation", "称谓", "尊称", "اللقب"],
    &["nationality", "citizenship", "国籍", "الجنسية"],
];

/// One person as typed; a cell for each of [`COLUMNS`].
pub type Row = [String; COLUMNS.len()];

/// A row in which nothing stands.
#[must_use]
pub fn is_empty(row: &Row) -> bool {
    // Category and language are chosen from lists that always hold something.
    let mut typed = COLUMNS
        .iter()
        .zip(row)
        .filter(|(name, _)| !matches!(**name, "category" | "language" | "country" | "nationality"));
    typed.all(|(_, cell)| cell.trim().is_empty())
}

/// The rows of a form whose fields are repeated, one of each for every row; rows in which nothing stands are
/// left out.
#[must_use]
pub fn typed(form: &FormData) -> Vec<Row> {
    let columns: Vec<Vec<&str>> = COLUMNS.iter().map(|name| form.all(name).collect()).collect();
    let count = columns.iter().map(Vec::len).max().unwrap_or(0).min(MOST_ROWS + 1);
    let cell = |column: &Vec<&str>, index: usize| column.get(index).copied().unwrap_or_default().to_owned();
    let row = |index: usize| -> Row { std::array::from_fn(|column| cell(&columns[column], index)) };
    (0..count).map(row).filter(|row| !is_empty(row)).collect()
}

/// What was copied out of a spreadsheet, with or without the line that names the columns.
///
/// # Errors
/// When it is no table or has too many rows.
pub fn pasted(text: &str) -> Result<Vec<Row>, ReadError> {
    let text = text.trim_matches(['\r', '\n']);
    let first = text.lines().next().unwrap_or_default();
    let is_head = first.split(['\t', ';', ',']).any(|cell| column_of(&plain(cell)).is_some());
    let text = if is_head { text.to_owned() } else { format!("{}\n{text}", COLUMNS.join("\t")) };
    Ok(from_table(&read_table(text.as_bytes(), usize::MAX, MOST_ROWS)?))
}

/// The rows of a file.
///
/// # Errors
/// When it is no table, is too large, or has too many rows.
pub fn uploaded(bytes: &[u8], most_bytes: usize) -> Result<Vec<Row>, ReadError> {
    Ok(from_table(&read_table(bytes, most_bytes, MOST_ROWS)?))
}

fn plain(cell: &str) -> String {
    let cell = cell.trim().trim_matches(['"', '\u{feff}']).trim().to_lowercase();
    cell.split([' ', '-', '_']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

fn column_of(name: &str) -> Option<usize> {
    NAMES.iter().position(|names| names.contains(&name))
}

fn from_table(table: &PlainTable) -> Vec<Row> {
    let places: Vec<Option<usize>> = NAMES.iter().map(|names| table.column(names)).collect();
    let row = |cells: &Vec<String>| -> Row {
        std::array::from_fn(|column| PlainTable::cell(cells, places[column]).to_owned())
    };
    table.rows.iter().map(|(_, cells)| row(cells)).filter(|row| !is_empty(row)).collect()
}

/// What rows are checked against.
pub struct Book<'a> {
    texts: &'a Texts,
    delegation: &'a Delegation,
    categories: Vec<&'a Category>,
    languages: Vec<Lang>,
    countries: HashMap<String, Country>,
}

impl<'a> Book<'a> {
    /// A delegation with the categories in which it may send people.
    #[must_use]
    pub fn new(
        texts: &'a Texts,
        delegation: &'a Delegation,
        categories: Vec<&'a Category>,
        event_languages: &[Lang],
    ) -> Self {
        let named = |country: Country| {
            let names = INTERFACE_LANGUAGES.iter().map(move |lang| country_name(texts, *lang, country));
            names.map(move |name| (name.to_lowercase(), country))
        };
        Self {
            texts,
            delegation,
            categories,
            languages: mail_languages(event_languages),
            countries: Country::all().flat_map(named).collect(),
        }
    }

    /// Checks every row; of an address that stands in several, only the first is right.
    #[must_use]
    pub fn check(&self, rows: &[Row]) -> Vec<Result<Person, FieldErrors>> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut check = |(index, row): (usize, &Row)| -> Result<Person, FieldErrors> {
            let person = self.check_one(&self.form(row))?;
            if person.email_key.is_empty() {
                return Ok(person);
            }
            match seen.get(&person.email_key) {
                Some(other) => {
                    let mut errors = FieldErrors::default();
                    errors.push("email", Message::new("delegations-error-twice").with("row", *other + 1));
                    Err(errors)
                }
                None => {
                    seen.insert(person.email_key.clone(), index);
                    Ok(person)
                }
            }
        };
        rows.iter().enumerate().map(&mut check).collect()
    }

    /// A row as a form, with categories, countries and languages by whatever name as the form has them.
    #[must_use]
    pub fn form(&self, row: &Row) -> FormData {
        let cell = |name: &str, cell: &str| match name {
            "category" => self.category_named(cell).map_or_else(|| cell.to_owned(), |category| category.id.to_string()),
            "country" | "nationality" => self
                .countries
                .get(&cell.trim().to_lowercase())
                .map_or_else(|| cell.trim().to_uppercase(), |country| country.as_str().to_owned()),
            "language" => self.language_named(cell).map_or_else(|| cell.to_owned(), |lang| lang.to_string()),
            _ => cell.to_owned(),
        };
        FormData::from_fields(COLUMNS.iter().zip(row).map(|(name, typed)| ((*name).to_owned(), cell(name, typed))))
    }

    /// The category of this id, word or name; where there is one only, that one.
    fn category_named(&self, name: &str) -> Option<&'a Category> {
        let name = name.trim().to_lowercase();
        if name.is_empty() {
            return self.categories.first().copied().filter(|_| self.categories.len() == 1);
        }
        let has_name = |category: &Category| {
            category.id.as_str() == name
                || category.code == name
                || category.name.iter().any(|(_, own)| own.to_lowercase() == name)
        };
        self.categories.iter().copied().find(|category| has_name(category))
    }

    fn language_named(&self, name: &str) -> Option<Lang> {
        let name = name.trim().to_lowercase();
        if name.is_empty() {
            return Some(self.delegation.language);
        }
        let is_named = |lang: &Lang| {
            own_name(self.texts, *lang).to_lowercase() == name
                || INTERFACE_LANGUAGES.iter().any(|reader| {
                    let key = format!("language-{}", lang.primary());
                    self.texts.has(*reader, &key) && self.texts.text(*reader, &key, &[]).to_lowercase() == name
                })
        };
        let by_tag = name.parse::<Lang>().ok().filter(|lang| self.languages.contains(lang));
        by_tag.or_else(|| self.languages.iter().copied().find(is_named))
    }

    /// Checks one person.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn check_one(&self, form: &FormData) -> Result<Person, FieldErrors> {
        let mut checker = Checker::new(form);
        let category = self.categories.iter().find(|category| category.id.as_str() == form.text("category"));
        let (email, language) = address(&mut checker, form, &self.languages, self.delegation.language);
        if category.is_none() {
            checker.wrong("category", Message::new("delegations-error-category"));
        }
        match (applicant::details(form), checker.finish(()), category) {
            (Ok(details), Ok(()), Some(category)) => Ok(Person {
                email: email.0,
                email_key: email.1,
                details,
                category: category.id,
                language,
                answers: Answers::default(),
            }),
            (details, rest, _) => Err(merged(details.err(), rest.err())),
        }
    }
}

/// The address as typed and as compared, empty where there is none, and the language of mails.
pub fn address(
    checker: &mut Checker<'_>,
    form: &FormData,
    languages: &[Lang],
    usual: Lang,
) -> ((String, String), Lang) {
    let email = match form.text("email").trim() {
        "" => None,
        _ => checker.email("email"),
    };
    let language = match form.text("language") {
        "" => Some(usual),
        _ => checker.optional_parsed::<Lang>("language", "delegations-error-language"),
    };
    if language.is_some_and(|lang| lang != usual && !languages.contains(&lang)) {
        checker.wrong("language", Message::new("delegations-error-language"));
    }
    let email = email.map(|email| (email.to_string(), email.key())).unwrap_or_default();
    (email, language.unwrap_or(usual))
}

/// What is wrong in either part of a form.
#[must_use]
pub fn merged(one: Option<FieldErrors>, other: Option<FieldErrors>) -> FieldErrors {
    let mut errors = one.unwrap_or_default();
    for error in other.unwrap_or_default().iter() {
        errors.push(error.field.clone(), error.message.clone());
    }
    errors
}

/// The languages that mails may be in: those of the program, then the event's.
#[must_use]
pub fn mail_languages(event_languages: &[Lang]) -> Vec<Lang> {
    let mut all = INTERFACE_LANGUAGES.to_vec();
    all.extend(event_languages.iter().filter(|lang| !INTERFACE_LANGUAGES.contains(lang)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn what_is_copied_out_of_a_spreadsheet_needs_no_head() {
        let named = pasted("Email\tFamily name\tGiven name\nada@example.org\tLovelace\tAda\n").expect("a table");
        let bare = pasted("Ada\tLovelace\t\tada@example.org\r\n\t\t\t\r\n小龙\t李\t李小龙\t\r\n").expect("a table");
        assert_eq!(named.len(), 1);
        assert_eq!(named[0], bare[0]);
        assert_eq!((bare[1][0].as_str(), bare[1][2].as_str()), ("小龙", "李小龙"));
        assert_eq!(pasted("").expect("nothing").len(), 0);
        assert!(pasted(&"Ada\tLovelace\n".repeat(MOST_ROWS + 2)).is_err());
    }

    #[test]
    fn files_are_read_by_the_names_of_their_columns() {
        let file = "名,姓,姓名,邮箱,国家\n小龙,李,李小龙,li@example.org,中国\n'=1+1,Doe,,,\n";
        for bytes in [file.as_bytes().to_vec(), encoding_rs::GB18030.encode(file).0.into_owned()] {
            let rows = uploaded(&bytes, 1 << 20).expect("a table");
            assert_eq!(rows[0][..4], ["小龙", "李", "李小龙", "li@example.org"].map(str::to_owned));
            assert_eq!(rows[1][0], "=1+1", "the apostrophe of a spreadsheet is none of the name");
        }
    }

    #[test]
    fn rows_are_put_together_from_repeated_fields() {
        let form = FormData::parse(b"given_name=Ada&family_name=L&given_name=&family_name=&given_name=Bo&family_name=M&category=x&category=x&category=y");
        let rows = typed(&form);
        assert_eq!(
            rows.iter().map(|row| (row[0].as_str(), row[4].as_str())).collect::<Vec<_>>(),
            [("Ada", "x"), ("Bo", "y")]
        );
    }

    proptest! {
        #[test]
        fn whatever_is_pasted_is_read_or_refused(text in "[\\PC\t\n\r\"',;]{0,400}") {
            if let Ok(rows) = pasted(&text) {
                prop_assert!(rows.len() <= MOST_ROWS + 1);
                prop_assert!(rows.iter().all(|row| !is_empty(row)));
            }
        }
    }
}
