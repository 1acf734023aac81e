//! Watch-lists as they are uploaded: columns, rows, and what is wrong with each.

use super::matching::NameKey;
use super::watching::Watched;
use crate::db::{WatchEntryId, WatchListId};
use crate::i18n::{Country, Lang, Texts};
use crate::interchange::{PlainTable, read_day};
use crate::web::forms::clean_line;

/// Names of one list.
pub const MOST_ENTRIES: usize = 50_000;
/// Longest name and note that are kept, in characters.
const LONGEST: usize = 400;

/// What is wrong with a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RowFault {
    /// It names nobody.
    NoName,
    /// The name holds no letter that could be compared.
    NoLetters(String),
    /// The date of birth can't be read.
    BadDate(String),
    /// The country is not known.
    BadCountry(String),
}

impl RowFault {
    /// The words for it.
    #[must_use]
    pub fn words(&self, texts: &Texts, lang: Lang, row: usize) -> String {
        let (key, value) = match self {
            Self::NoName => ("accreditation-row-no-name", ""),
            Self::NoLetters(value) => ("accreditation-row-no-letters", value.as_str()),
            Self::BadDate(value) => ("accreditation-row-bad-date", value.as_str()),
            Self::BadCountry(value) => ("accreditation-row-bad-country", value.as_str()),
        };
        texts.text(lang, key, &[("row", row.to_string().into()), ("value", value.into())])
    }
}

/// An uploaded list, read.
#[derive(Clone, Debug, Default)]
pub struct Listing {
    /// The names that can be watched.
    pub entries: Vec<Watched>,
    /// The rows that can't, each with its number.
    pub faults: Vec<(usize, RowFault)>,
}

/// Columns by their names in tables, the preferred first.
const NAME: &[&str] = &["name", "full_name", "names", "姓名", "名称", "имя", "الاسم"];
const GIVEN: &[&str] = &["given_name", "given_names", "first_name", "名"];
const FAMILY: &[&str] = &["family_name", "last_name", "surname", "姓"];
const BIRTH: &[&str] = &["birth_date", "date_of_birth", "dob", "born", "出生日期", "生日"];
const COUNTRY: &[&str] = &["country", "nationality", "国家", "国籍"];
const NOTE: &[&str] = &["note", "notes", "remark", "reason", "备注"];

/// Whether a table has a column of names at all.
#[must_use]
pub fn has_names(table: &PlainTable) -> bool {
    table.column(NAME).or(table.column(FAMILY)).is_some()
}

/// Reads every row; one that is wrong is left out and told.
#[must_use]
pub fn read(table: &PlainTable, list: WatchListId) -> Listing {
    let (name, given, family) = (table.column(NAME), table.column(GIVEN), table.column(FAMILY));
    let (birth, country, note) = (table.column(BIRTH), table.column(COUNTRY), table.column(NOTE));
    let mut listing = Listing::default();
    for (number, row) in &table.rows {
        let line = |column| -> String { clean_line(PlainTable::cell(row, column)).chars().take(LONGEST).collect() };
        let whole = match line(name) {
            whole if whole.is_empty() => clean_line(&format!("{} {}", line(family), line(given))),
            whole => whole,
        };
        let read = entry(list, whole, (line(birth), line(country), line(note)));
        match read {
            Ok(entry) => listing.entries.push(entry),
            Err(fault) => listing.faults.push((*number, fault)),
        }
    }
    listing
}

fn entry(
    list: WatchListId,
    name: String,
    (birth, country, note): (String, String, String),
) -> Result<Watched, RowFault> {
    if name.is_empty() {
        return Err(RowFault::NoName);
    }
    let key = NameKey::of(&name);
    if key.is_empty() {
        return Err(RowFault::NoLetters(name));
    }
    let birth_date = match birth.as_str() {
        "" => None,
        written => Some(read_day(written).ok_or_else(|| RowFault::BadDate(birth.clone()))?.to_string()),
    };
    let country = match country.as_str() {
        "" => None,
        written => {
            let known: Country = written.parse().map_err(|_| RowFault::BadCountry(country.clone()))?;
            Some(known.as_str().to_owned())
        }
    };
    let birth_key = None;
    Ok(Watched { id: WatchEntryId::new(), list, name, key, birth_date, birth_key, country, note })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::read_table;

    #[test]
    fn rows_that_are_wrong_are_told_and_the_others_kept() {
        let text = "Full name,Date of birth,Country,Note\nAda Lovelace,1815-12-10,gb,poet\n,1900-01-01,,\n---,,,\nX Y,soon,,\nX Y,,Atlantis,\n李小龙,27.11.1940,,";
        let table = read_table(text.as_bytes(), 1 << 20, 100).expect("a table");
        assert!(has_names(&table));
        let listing = read(&table, WatchListId::new());
        let names: Vec<_> = listing.entries.iter().map(|entry| entry.name.as_str()).collect();
        assert_eq!(names, ["Ada Lovelace", "李小龙"]);
        assert_eq!(listing.entries[0].birth_date.as_deref(), Some("1815-12-10"));
        assert_eq!(listing.entries[0].country.as_deref(), Some("GB"));
        let faults: Vec<_> = listing.faults.iter().map(|(row, fault)| (*row, fault.clone())).collect();
        assert_eq!(
            faults,
            [
                (3, RowFault::NoName),
                (4, RowFault::NoLetters("---".into())),
                (5, RowFault::BadDate("soon".into())),
                (6, RowFault::BadCountry("Atlantis".into())),
            ]
        );
    }

    #[test]
    fn family_and_given_names_make_a_name() {
        let table = read_table("姓;名\n李;小龙\n".as_bytes(), 1 << 20, 10).expect("a table");
        assert_eq!(read(&table, WatchListId::new()).entries[0].name, "李 小龙");
    }
}
