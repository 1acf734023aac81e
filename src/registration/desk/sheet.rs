//! One sheet of text as an XLSX file (ECMA-376), written row by row.
//!
//! Every cell is an inline string, so that nothing typed is ever taken for a formula, a number or a date.

use super::zip::Archive;
use std::io::{self, Write};

/// Rows of a sheet, its head among them.
const MOST_ROWS: u32 = 1_048_576;
/// Units of UTF-16 that a cell holds.
const LONGEST_CELL: usize = 32_767;

const PARTS: [(&str, &str); 5] = [
    (
        "[Content_Types].xml",
        r#"<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override PartName="/xl/workbook.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.sheet.main+xml"/><Override PartName="/xl/worksheets/sheet1.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.worksheet+xml"/><Override PartName="/xl/styles.xml" ContentType="application/vnd.openxmlformats-officedocument.spreadsheetml.styles+xml"/></Types>"#,
    ),
    (
        "_rels/.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument" Target="xl/workbook.xml"/></Relationships>"#,
    ),
    (
        "xl/workbook.xml",
        r#"<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships"><sheets><sheet name="NAME" sheetId="1" r:id="rId1"/></sheets></workbook>"#,
    ),
    (
        "xl/_rels/workbook.xml.rels",
        r#"<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/worksheet" Target="worksheets/sheet1.xml"/><Relationship Id="rId2" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/styles" Target="styles.xml"/></Relationships>"#,
    ),
    (
        "xl/styles.xml",
        r#"<styleSheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><fonts count="2"><font><sz val="11"/><name val="Calibri"/></font><font><b/><sz val="11"/><name val="Calibri"/></font></fonts><fills count="2"><fill><patternFill patternType="none"/></fill><fill><patternFill patternType="gray125"/></fill></fills><borders count="1"><border><left/><right/><top/><bottom/><diagonal/></border></borders><cellStyleXfs count="1"><xf numFmtId="0" fontId="0" fillId="0" borderId="0"/></cellStyleXfs><cellXfs count="2"><xf numFmtId="49" fontId="0" fillId="0" borderId="0" xfId="0" applyNumberFormat="1"/><xf numFmtId="49" fontId="1" fillId="0" borderId="0" xfId="0" applyNumberFormat="1" applyFont="1"/></cellXfs><cellStyles count="1"><cellStyle name="Normal" xfId="0" builtinId="0"/></cellStyles></styleSheet>"#,
    ),
];

const DECLARATION: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>\n";

/// The media type of such a file.
pub(super) const MEDIA_TYPE: &str = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet";

/// A file in the making.
pub struct Sheet {
    archive: Archive,
    /// The letters of each column.
    letters: Vec<String>,
    row: u32,
    /// The row that is being written.
    line: Vec<u8>,
}

impl Sheet {
    /// Begins a file whose one sheet has this name and these heads, which stay in sight; right to left where
    /// its language is.
    ///
    /// # Errors
    /// Never in practice: all of it is written to memory.
    pub fn begin(name: &str, heads: &[String], is_rtl: bool) -> io::Result<Self> {
        let mut archive = Archive::new();
        let mut escaped = Vec::new();
        escape(&mut escaped, name);
        for (part, content) in PARTS {
            archive.begin(part)?;
            archive.write(DECLARATION.as_bytes())?;
            archive.write(content.replace("NAME", &String::from_utf8_lossy(&escaped)).as_bytes())?;
        }
        archive.begin("xl/worksheets/sheet1.xml")?;
        archive.write(DECLARATION.as_bytes())?;
        let rtl = if is_rtl { r#" rightToLeft="1""# } else { "" };
        let opening = format!(
            r#"<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetViews><sheetView{rtl} workbookViewId="0"><pane ySplit="1" topLeftCell="A2" activePane="bottomLeft" state="frozen"/></sheetView></sheetViews><cols><col min="1" max="{}" width="20" customWidth="1"/></cols><sheetData>"#,
            heads.len().max(1)
        );
        archive.write(opening.as_bytes())?;
        let mut sheet = Self { archive, letters: (0..heads.len()).map(letters).collect(), row: 0, line: Vec::new() };
        sheet.add(heads.iter().map(String::as_str), " s=\"1\"")?;
        Ok(sheet)
    }

    /// Adds a row.
    ///
    /// # Errors
    /// When the sheet is full.
    pub fn row<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>) -> io::Result<()> {
        self.add(cells, "")
    }

    fn add<'a>(&mut self, cells: impl IntoIterator<Item = &'a str>, style: &str) -> io::Result<()> {
        if self.row == MOST_ROWS {
            return Err(io::Error::other("a sheet has no more rows"));
        }
        self.row += 1;
        self.line.clear();
        write!(self.line, "<row r=\"{}\">", self.row)?;
        for (letters, cell) in self.letters.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            let cell = cut(cell);
            let space = if cell.trim().len() == cell.len() { "" } else { " xml:space=\"preserve\"" };
            write!(self.line, "<c r=\"{letters}{}\"{style} t=\"inlineStr\"><is><t{space}>", self.row)?;
            escape(&mut self.line, cell);
            self.line.extend_from_slice(b"</t></is></c>");
        }
        self.line.extend_from_slice(b"</row>");
        self.archive.write(&self.line)
    }

    /// The bytes that are ready.
    pub fn take(&mut self) -> Vec<u8> {
        self.archive.take()
    }

    /// Ends the file; the last of its bytes.
    ///
    /// # Errors
    /// When it grew beyond what the format can say.
    pub fn finish(&mut self) -> io::Result<Vec<u8>> {
        self.archive.write(b"</sheetData></worksheet>")?;
        self.archive.finish()
    }
}

/// The letters of a column, counted from none: A, B … Z, AA.
fn letters(mut column: usize) -> String {
    let mut letters = Vec::new();
    loop {
        letters.insert(0, char::from(b'A' + u8::try_from(column % 26).unwrap_or_default()));
        match (column / 26).checked_sub(1) {
            Some(next) => column = next,
            None => return letters.into_iter().collect(),
        }
    }
}

/// As much of a text as a cell holds.
fn cut(text: &str) -> &str {
    if text.len() <= LONGEST_CELL {
        return text;
    }
    let mut units = 0;
    let end = text.char_indices().find(|(_, character)| {
        units += character.len_utf16();
        units > LONGEST_CELL
    });
    end.map_or(text, |(at, _)| &text[..at])
}

/// Text as it stands in XML. What XML can't hold is left out, and what spreadsheets read as a character by its
/// number (`_x0041_`) is said to be none.
fn escape(out: &mut Vec<u8>, text: &str) {
    let mut copied = 0;
    for (at, byte) in text.bytes().enumerate() {
        let word: &[u8] = match byte {
            b'&' => b"&amp;",
            b'<' => b"&lt;",
            b'>' => b"&gt;",
            b'\r' => b"&#13;",
            0..=8 | 11 | 12 | 14..=31 => b"",
            b'_' if is_number(&text.as_bytes()[at..]) => b"_x005F_",
            _ => continue,
        };
        out.extend_from_slice(&text.as_bytes()[copied..at]);
        out.extend_from_slice(word);
        copied = at + 1;
    }
    out.extend_from_slice(&text.as_bytes()[copied..]);
}

/// Whether bytes begin as `_x0041_`.
fn is_number(bytes: &[u8]) -> bool {
    bytes.len() >= 7 && bytes[1] == b'x' && bytes[6] == b'_' && bytes[2..6].iter().all(u8::is_ascii_hexdigit)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn escaped(text: &str) -> String {
        let mut out = Vec::new();
        escape(&mut out, text);
        String::from_utf8(out).expect("text")
    }

    #[test]
    fn columns_are_named_as_spreadsheets_name_them() {
        for (column, name) in [(0, "A"), (25, "Z"), (26, "AA"), (51, "AZ"), (52, "BA"), (701, "ZZ"), (702, "AAA")] {
            assert_eq!(letters(column), name);
        }
    }

    #[test]
    fn any_text_is_text_in_a_cell() {
        for (text, cell) in [
            ("=1+1", "=1+1"),
            ("a < b & c > d", "a &lt; b &amp; c &gt; d"),
            ("李小龙\u{0}\u{8}", "李小龙"),
            ("_x0041_ _x004_ _", "_x005F_x0041_ _x004_ _"),
            ("one\r\ntwo\tthree", "one&#13;\ntwo\tthree"),
            ("", ""),
        ] {
            assert_eq!(escaped(text), cell, "{text:?}");
        }
    }

    #[test]
    fn a_cell_holds_no_more_than_spreadsheets_take() {
        let long = "𝒜".repeat(20_000);
        assert_eq!(cut(&long).chars().count(), 16_383);
        assert_eq!(cut("short"), "short");
    }

    #[test]
    fn a_file_taken_in_pieces_is_one_archive() {
        let mut sheet = Sheet::begin("A & B", &["Name".to_owned(), "Note".to_owned()], false).expect("a sheet");
        let mut file = sheet.take();
        for number in 0..5_000 {
            sheet.row([format!("Person {number}").as_str(), ""]).expect("a row");
            if number % 700 == 0 {
                file.extend(sheet.take());
            }
        }
        file.extend(sheet.finish().expect("an end"));
        // The directory at the end names each part and where it begins.
        let end = file.len() - 22;
        let number = |at: usize| u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize;
        assert_eq!(number(end), 0x0605_4b50);
        let (mut at, mut sizes) = (number(end + 16), Vec::new());
        assert_eq!(at + number(end + 12), end);
        while at < end {
            assert_eq!(number(at), 0x0201_4b50);
            let begins = number(at + 42);
            assert_eq!(number(begins), 0x0403_4b50);
            let name = usize::from(u16::from_le_bytes([file[at + 28], file[at + 29]]));
            let packed = &file[begins + 30 + name..begins + 30 + name + number(at + 20)];
            let mut plain = Vec::new();
            flate2::write::DeflateDecoder::new(&mut plain).write_all(packed).expect("packed bytes");
            let mut checksum = flate2::Crc::new();
            checksum.update(&plain);
            assert_eq!((checksum.sum() as usize, plain.len()), (number(at + 16), number(at + 24)));
            sizes.push(plain.len());
            at += 46 + name;
        }
        assert_eq!(sizes.len(), 6);
        assert!(sizes[5] > 300_000, "{sizes:?}");
    }
}
