//! Workbooks of spreadsheets (ECMA-376): the first sheet as a table of plain text.
//!
//! Read by hand because only cells are wanted, and because an uploaded archive may be a bomb: what
//! unpacks to more than [`MOST_UNPACKED`] is refused while it unpacks, whatever its lists say.

use super::csv::Table;
use super::limits::Limits;
use super::xml::{self, Element};
use crate::interchange::notes::{Fault, Notes, ReadError};
use flate2::read::DeflateDecoder;
use std::io::Read;

/// Bytes of one part, unpacked. Many times more than a programme of 20,000 rows needs.
const MOST_UNPACKED: u64 = 48 << 20;
/// Columns that are read of a row.
const MOST_COLUMNS: usize = 400;
/// Files in the archive that are looked at.
const MOST_FILES: usize = 2_000;

/// Whether this is a zip archive at all.
pub(super) fn is_archive(bytes: &[u8]) -> bool {
    bytes.starts_with(b"PK\x03\x04")
}

/// Reads the first sheet.
pub(super) fn read(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<Table, ReadError> {
    let archive = Archive::open(bytes)?;
    let book = archive.xml("xl/workbook.xml", limits, notes)?.ok_or_else(|| broken("xl/workbook.xml"))?;
    let strings = match archive.xml("xl/sharedStrings.xml", limits, notes)? {
        Some(list) => list.children("si").map(rich_text).collect(),
        None => Vec::new(),
    };
    let path = first_sheet(&archive, &book, limits, notes)?;
    let sheet = archive.xml(&path, limits, notes)?.ok_or_else(|| broken(&path))?;
    let from_1904 = book
        .child("workbookpr")
        .and_then(|properties| properties.attribute("date1904"))
        .is_some_and(|word| word == "1" || word == "true");
    let mut table = Table { head: Vec::new(), rows: Vec::new() };
    let rows = sheet.child("sheetdata").map(|data| data.children.as_slice()).unwrap_or_default();
    for (index, row) in rows.iter().enumerate() {
        let cells = cells(row, &strings, from_1904);
        let number = row.attribute("r").and_then(|number| number.parse().ok()).unwrap_or(index + 1);
        if cells.iter().all(|cell| cell.trim().is_empty()) {
            continue;
        }
        if table.head.is_empty() {
            table.head = cells;
        } else if table.rows.len() > limits.sessions {
            return Err(ReadError::new(Fault::TooManySessions, limits.sessions));
        } else {
            table.rows.push((number, cells));
        }
    }
    Ok(table)
}

fn broken(what: &str) -> ReadError {
    ReadError::new(Fault::BrokenWorkbook, what)
}

/// The path of the first sheet in the book's order.
fn first_sheet(archive: &Archive<'_>, book: &Element, limits: &Limits, notes: &mut Notes) -> Result<String, ReadError> {
    let sheet = book.child("sheets").and_then(|sheets| sheets.children.first());
    let id = sheet.and_then(|sheet| sheet.attribute("r:id").or(sheet.attribute("id")));
    let links = archive.xml("xl/_rels/workbook.xml.rels", limits, notes)?;
    let target = links.as_ref().zip(id).and_then(|(links, id)| {
        let link = links.children("relationship").find(|link| link.attribute("id") == Some(id))?;
        link.attribute("target")
    });
    Ok(match target {
        Some(absolute) if absolute.starts_with('/') => absolute.trim_start_matches('/').to_owned(),
        Some(relative) => format!("xl/{relative}"),
        None => "xl/worksheets/sheet1.xml".to_owned(),
    })
}

/// The text of a shared or inline string: its pieces without what only tells how it is spoken.
fn rich_text(string: &Element) -> String {
    let own = string.children("t").map(|text| text.text.as_str());
    let runs = string.children("r").flat_map(|run| run.children("t")).map(|text| text.text.as_str());
    own.chain(runs).collect()
}

fn cells(row: &Element, strings: &[String], from_1904: bool) -> Vec<String> {
    let mut cells = Vec::new();
    for (index, cell) in row.children("c").enumerate() {
        let place = cell.attribute("r").and_then(column).unwrap_or(index);
        if place >= MOST_COLUMNS {
            break;
        }
        if cells.len() <= place {
            cells.resize(place + 1, String::new());
        }
        cells[place] = value(cell, strings, from_1904);
    }
    cells
}

fn value(cell: &Element, strings: &[String], from_1904: bool) -> String {
    let plain = cell.child("v").map(|value| value.text.trim()).unwrap_or_default();
    match cell.attribute("t").unwrap_or("n") {
        "s" => plain.parse().ok().and_then(|index: usize| strings.get(index)).cloned().unwrap_or_default(),
        "inlineStr" => cell.child("is").map(rich_text).unwrap_or_default(),
        // What a formula could not work out is nothing.
        "e" => String::new(),
        "n" if from_1904 => since_1904(plain),
        _ => plain.to_owned(),
    }
}

/// Books of old Macintoshes count days from 1904; everything that could be a date is moved.
fn since_1904(plain: &str) -> String {
    match plain.parse::<f64>() {
        Ok(days) if days > 18_000.0 => (days + 1_462.0).to_string(),
        _ => plain.to_owned(),
    }
}

/// The column of a cell named like `AB12`, from 0.
fn column(name: &str) -> Option<usize> {
    let mut letters = name.bytes().take_while(u8::is_ascii_alphabetic);
    let number = letters.try_fold(0_usize, |number, letter| {
        number.checked_mul(26)?.checked_add(usize::from(letter.to_ascii_uppercase() - b'A') + 1)
    })?;
    number.checked_sub(1)
}

/// The files of a zip archive by name.
struct Archive<'a> {
    bytes: &'a [u8],
    files: Vec<(String, Packed)>,
}

/// Where a file begins and how it is packed.
#[derive(Clone, Copy)]
struct Packed {
    method: u16,
    length: usize,
    header: usize,
}

/// Bytes from the end in which the end of the list is looked for: its own and the longest comment.
const TAIL: usize = 22 + 65_535;

impl<'a> Archive<'a> {
    fn open(bytes: &'a [u8]) -> Result<Self, ReadError> {
        let tail = bytes.len().saturating_sub(TAIL);
        let end = bytes[tail..].windows(4).rposition(|four| four == b"PK\x05\x06").map(|at| tail + at);
        let end = end.ok_or_else(|| broken("zip"))?;
        let count = usize::from(u16_at(bytes, end + 10)?).min(MOST_FILES);
        let mut at = usize_at(bytes, end + 16)?;
        let mut files = Vec::new();
        for _ in 0..count {
            if bytes.get(at..at.saturating_add(4)) != Some(b"PK\x01\x02") {
                return Err(broken("zip"));
            }
            let (name, extra) = (usize::from(u16_at(bytes, at + 28)?), usize::from(u16_at(bytes, at + 30)?));
            let comment = usize::from(u16_at(bytes, at + 32)?);
            let packed = Packed {
                method: u16_at(bytes, at + 10)?,
                length: usize_at(bytes, at + 20)?,
                header: usize_at(bytes, at + 42)?,
            };
            let name_bytes = bytes.get(at + 46..at + 46 + name).ok_or_else(|| broken("zip"))?;
            files.push((String::from_utf8_lossy(name_bytes).into_owned(), packed));
            at += 46 + name + extra + comment;
        }
        Ok(Self { bytes, files })
    }

    /// A file's bytes, unpacked; none when there is no such file.
    fn file(&self, name: &str) -> Result<Option<Vec<u8>>, ReadError> {
        let Some((_, packed)) = self.files.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)) else {
            return Ok(None);
        };
        let at = packed.header;
        let skip = usize::from(u16_at(self.bytes, at.saturating_add(26))?)
            + usize::from(u16_at(self.bytes, at.saturating_add(28))?);
        let start = at.saturating_add(30 + skip);
        let content = self.bytes.get(start..start.saturating_add(packed.length)).ok_or_else(|| broken(name))?;
        let mut unpacked = Vec::new();
        let read = match packed.method {
            0 => content.take(MOST_UNPACKED + 1).read_to_end(&mut unpacked),
            8 => DeflateDecoder::new(content).take(MOST_UNPACKED + 1).read_to_end(&mut unpacked),
            _ => return Err(broken(name)),
        };
        read.map_err(|_| broken(name))?;
        if unpacked.len() as u64 > MOST_UNPACKED {
            return Err(ReadError::new(Fault::TooLarge, unpacked.len()).and(MOST_UNPACKED).at(name));
        }
        Ok(Some(unpacked))
    }

    fn xml(&self, name: &str, limits: &Limits, notes: &mut Notes) -> Result<Option<Element>, ReadError> {
        self.file(name)?.map(|bytes| xml::parse(&bytes, limits, notes)).transpose()
    }
}

fn u16_at(bytes: &[u8], at: usize) -> Result<u16, ReadError> {
    match bytes.get(at..at.saturating_add(2)) {
        Some([low, high]) => Ok(u16::from_le_bytes([*low, *high])),
        _ => Err(broken("zip")),
    }
}

fn usize_at(bytes: &[u8], at: usize) -> Result<usize, ReadError> {
    let (low, high) = (u16_at(bytes, at)?, u16_at(bytes, at.saturating_add(2))?);
    Ok((usize::from(high) << 16) | usize::from(low))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_are_named_by_letters() {
        for (name, place) in [("A1", Some(0)), ("Z9", Some(25)), ("AA1", Some(26)), ("XFD1", Some(16_383)), ("7", None)]
        {
            assert_eq!(column(name), place, "{name}");
        }
    }

    #[test]
    fn what_is_no_archive_is_refused_and_never_a_panic() {
        for bytes in [
            &b"PK\x03\x04"[..],
            b"PK\x05\x06",
            &[0x50, 0x4b, 5, 6, 0, 0, 0, 0, 9, 0, 9, 0, 255, 255, 255, 255, 255, 255, 255, 255, 0, 0],
        ] {
            assert!(Archive::open(bytes).is_err(), "{bytes:?}");
        }
    }
}
