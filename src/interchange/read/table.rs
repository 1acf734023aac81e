//! Tables of people: what someone keeps in a spreadsheet and uploads.

use super::csv::{self, FORMULA_SIGNS};
use super::limits::Limits;
use super::xlsx;
use crate::interchange::notes::{Fault, Notes, ReadError};
use chrono::{Datelike, NaiveDate, TimeDelta};

/// A table as it was uploaded, as CSV in whatever encoding or as a workbook.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct PlainTable {
    /// The names of the columns in small letters, words joined by `_`: `Given name` is `given_name`.
    pub head: Vec<String>,
    /// The rows that hold anything, each with its number in the file.
    pub rows: Vec<(usize, Vec<String>)>,
}

impl PlainTable {
    /// The place of the first column that has one of these names.
    #[must_use]
    pub fn column(&self, names: &[&str]) -> Option<usize> {
        names.iter().find_map(|name| self.head.iter().position(|column| column == name))
    }

    /// A cell's text without the apostrophe that keeps a spreadsheet from taking it for a formula.
    #[must_use]
    pub fn cell(row: &[String], column: Option<usize>) -> &str {
        let cell = column.and_then(|column| row.get(column)).map_or("", |cell| cell.trim());
        cell.strip_prefix('\'').filter(|rest| rest.starts_with(FORMULA_SIGNS)).unwrap_or(cell)
    }
}

/// Reads an uploaded table of at most `most_rows` rows.
///
/// # Errors
/// When the file is no table, broken beyond reading, too large or hostile.
pub fn read_table(bytes: &[u8], most_bytes: usize, most_rows: usize) -> Result<PlainTable, ReadError> {
    let limits = Limits { bytes: most_bytes, sessions: most_rows, ..Limits::default() };
    if bytes.len() > limits.bytes {
        return Err(ReadError::new(Fault::TooLarge, bytes.len()).and(limits.bytes));
    }
    let mut notes = Notes::default();
    let table = if xlsx::is_archive(bytes) {
        csv::workbook_table(bytes, &limits, &mut notes)?
    } else {
        csv::text_table(bytes, &limits, &mut notes)?
    };
    let mut rows = table.rows;
    rows.retain(|(_, cells)| cells.iter().any(|cell| !cell.trim().is_empty()));
    Ok(PlainTable { head: table.head, rows })
}

/// How people write a day. Which of two numbers is the month is never guessed.
const DAYS: [&str; 5] = ["%Y-%m-%d", "%Y/%m/%d", "%d.%m.%Y", "%Y%m%d", "%Y年%m月%d日"];

/// A day as people and spreadsheets write it, a birth of the century before last too: 1980-02-29,
/// 29.02.1980, or a count of days.
#[must_use]
pub fn read_day(text: &str) -> Option<NaiveDate> {
    let text = text.trim();
    let day = text.split(['T', ' ']).next().unwrap_or_default();
    let written = DAYS.iter().find_map(|format| NaiveDate::parse_from_str(day, format).ok());
    written.filter(|day| (1800..=2200).contains(&day.year())).or_else(|| counted(text))
}

/// Days since the end of 1899, as spreadsheets keep a date. What could be a year is none.
fn counted(text: &str) -> Option<NaiveDate> {
    let days: i64 = text.parse().ok().filter(|days| (2_201..100_000).contains(days))?;
    NaiveDate::from_ymd_opt(1899, 12, 30)?.checked_add_signed(TimeDelta::try_days(days)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_table_is_read_in_any_encoding_and_names_its_rows() {
        let gb = encoding_rs::GB18030.encode("姓名;国家\n李小龙;CN\n;\n王伟;CN\n").0.into_owned();
        let table = read_table(&gb, 1 << 20, 10).expect("a table");
        assert_eq!(table.head, ["姓名", "国家"]);
        assert_eq!(table.rows.iter().map(|(row, _)| *row).collect::<Vec<_>>(), [2, 4]);
        assert_eq!(PlainTable::cell(&table.rows[0].1, table.column(&["name", "姓名"])), "李小龙");
        let formula = read_table(b"Given Name\n'=1+1\n", 1 << 20, 10).expect("a table");
        assert_eq!(PlainTable::cell(&formula.rows[0].1, formula.column(&["given_name"])), "=1+1");
        assert!(read_table(b"name\na\nb\nc\n", 1 << 20, 1).is_err());
        assert!(read_table(b"name\na\n", 3, 1).is_err());
        assert!(read_table(b"PK\x03\x04 not a workbook", 1 << 20, 10).is_err());
    }

    #[test]
    fn days_are_read_as_people_write_them() {
        for (text, day) in [
            ("1980-02-29", Some("1980-02-29")),
            ("29.02.1980", Some("1980-02-29")),
            ("29280", Some("1980-02-29")),
            ("1815-12-10", Some("1815-12-10")),
            ("1980年2月29日", Some("1980-02-29")),
            ("1980", None),
            ("13/12/1980", None),
            ("soon", None),
        ] {
            assert_eq!(read_day(text).map(|day| day.to_string()).as_deref(), day, "{text}");
        }
    }
}
