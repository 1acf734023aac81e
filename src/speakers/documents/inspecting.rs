//! What a file is, learnt from its bytes as they go by: only its beginning and its end are held.

use crate::web::forms::clean_line;
use crate::web::token::hex;
use sha2::{Digest, Sha256};

/// A kind of file that is taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum DocumentType {
    /// A document as PDF.
    Pdf,
    /// Slides of PowerPoint.
    Pptx,
    /// Slides of PowerPoint before 2007.
    Ppt,
    /// Slides of Keynote.
    Key,
    /// Open slides.
    Odp,
    /// A text document of Word.
    Docx,
}

impl DocumentType {
    /// Every kind.
    pub const ALL: [Self; 6] = [Self::Pdf, Self::Pptx, Self::Ppt, Self::Key, Self::Odp, Self::Docx];

    /// As programs name it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Pptx => "application/vnd.openxmlformats-officedocument.presentationml.presentation",
            Self::Ppt => "application/vnd.ms-powerpoint",
            Self::Key => "application/vnd.apple.keynote",
            Self::Odp => "application/vnd.oasis.opendocument.presentation",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
        }
    }

    /// How its name ends.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Pptx => "pptx",
            Self::Ppt => "ppt",
            Self::Key => "key",
            Self::Odp => "odp",
            Self::Docx => "docx",
        }
    }

    /// The endings of every kind, for people and for the file chooser.
    #[must_use]
    pub fn endings(before: &str, between: &str) -> String {
        Self::ALL.map(|kind| format!("{before}{}", kind.ending())).join(between)
    }
}

/// Why a file is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refused {
    /// Nothing was in it.
    Empty,
    /// It is none of the kinds.
    Type,
    /// It brings a program with it.
    Macros,
    /// Its end is missing.
    CutOff,
}

/// Bytes of the beginning that are held.
const HEAD: usize = 512;
/// Bytes of the end that are held: the list of what is in an archive stands there.
const TAIL: usize = 1024 * 1024;
/// What old PowerPoint files call their main part, as they write it.
const POWERPOINT: &[u8] = b"P\0o\0w\0e\0r\0P\0o\0i\0n\0t\0 \0D\0o\0c\0u\0m\0e\0n\0t\0";
const COMPOUND: &[u8] = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1";
const ODP: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.presentation";

/// Looks at a file as it goes by.
pub struct Inspector {
    head: Vec<u8>,
    tail: Vec<u8>,
    bytes: u64,
    digest: Sha256,
    checksum: flate2::Crc,
    is_powerpoint: bool,
}

/// What was learnt.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Facts {
    /// What it is.
    pub kind: DocumentType,
    /// How large it is.
    pub bytes: i64,
    /// SHA-256, in hexadecimal.
    pub digest: String,
    /// CRC-32.
    pub checksum: i64,
}

impl Default for Inspector {
    fn default() -> Self {
        Self {
            head: Vec::new(),
            tail: Vec::new(),
            bytes: 0,
            digest: Sha256::new(),
            checksum: flate2::Crc::new(),
            is_powerpoint: false,
        }
    }
}

impl Inspector {
    /// How many bytes have gone by.
    #[must_use]
    pub const fn bytes(&self) -> u64 {
        self.bytes
    }

    /// Looks at the next bytes.
    pub fn look(&mut self, bytes: &[u8]) {
        self.digest.update(bytes);
        self.checksum.update(bytes);
        self.bytes += bytes.len() as u64;
        let missing = HEAD.saturating_sub(self.head.len()).min(bytes.len());
        self.head.extend_from_slice(&bytes[..missing]);
        if self.head.starts_with(COMPOUND) && !self.is_powerpoint {
            // The name may lie across two pieces.
            let seam = self.tail.len().saturating_sub(POWERPOINT.len() - 1);
            let mut near = self.tail[seam..].to_vec();
            near.extend_from_slice(&bytes[..bytes.len().min(POWERPOINT.len())]);
            self.is_powerpoint = has(&near, POWERPOINT) || has(bytes, POWERPOINT);
        }
        self.tail.extend_from_slice(bytes);
        // Cut seldom, so that it costs little.
        if self.tail.len() > 2 * TAIL {
            self.tail.drain(..self.tail.len() - TAIL);
        }
    }

    /// What the file is, now that all of it has gone by. `said` is its name as the browser gave it.
    ///
    /// # Errors
    /// Why it is not taken.
    pub fn finish(self, said: &str) -> Result<Facts, Refused> {
        let kind = self.kind(said)?;
        Ok(Facts {
            kind,
            bytes: i64::try_from(self.bytes).unwrap_or(i64::MAX),
            checksum: i64::from(self.checksum.sum()),
            digest: hex(&self.digest.finalize()),
        })
    }

    fn kind(&self, said: &str) -> Result<DocumentType, Refused> {
        if self.bytes == 0 {
            return Err(Refused::Empty);
        }
        if self.head.starts_with(b"%PDF-") {
            let end = &self.tail[self.tail.len().saturating_sub(4096)..];
            return if has(end, b"%%EOF") { Ok(DocumentType::Pdf) } else { Err(Refused::CutOff) };
        }
        if self.head.starts_with(COMPOUND) {
            return if self.is_powerpoint { Ok(DocumentType::Ppt) } else { Err(Refused::Type) };
        }
        if !self.head.starts_with(b"PK\x03\x04") {
            return Err(Refused::Type);
        }
        let names = entries(&self.tail, self.bytes)?;
        let holds = |name: &str| names.iter().any(|one| one == name);
        if names.iter().any(|name| name.to_ascii_lowercase().ends_with("vbaproject.bin")) {
            return Err(Refused::Macros);
        }
        if self.head.get(30..).is_some_and(|rest| rest.starts_with(ODP)) {
            return Ok(DocumentType::Odp);
        }
        if holds("[Content_Types].xml") && holds("ppt/presentation.xml") {
            return Ok(DocumentType::Pptx);
        }
        if holds("[Content_Types].xml") && holds("word/document.xml") {
            return Ok(DocumentType::Docx);
        }
        // Pages and Numbers look the same from inside; only the name tells.
        let is_key = said.to_lowercase().ends_with(".key");
        let is_apple = holds("Index/Document.iwa") || holds("Index.zip");
        if is_key && is_apple { Ok(DocumentType::Key) } else { Err(Refused::Type) }
    }
}

fn has(content: &[u8], mark: &[u8]) -> bool {
    content.windows(mark.len()).any(|bytes| bytes == mark)
}

fn number(bytes: &[u8], at: usize, length: usize) -> Option<u64> {
    let bytes = bytes.get(at..at + length)?;
    Some(bytes.iter().rev().fold(0, |number, byte| number << 8 | u64::from(*byte)))
}

/// The names in an archive's own list, which stands at its end. `tail` is the end of a file of `bytes`.
fn entries(tail: &[u8], bytes: u64) -> Result<Vec<String>, Refused> {
    let mark = b"PK\x05\x06";
    let end = tail.windows(mark.len()).rposition(|some| some == mark).ok_or(Refused::CutOff)?;
    let offset = number(tail, end + 16, 4).ok_or(Refused::CutOff)?;
    let before = bytes - tail.len() as u64;
    let start = offset.checked_sub(before).and_then(|start| usize::try_from(start).ok());
    // A list longer than what is held belongs to no slides.
    let mut at = start.filter(|start| *start <= end).ok_or(Refused::Type)?;
    let mut names = Vec::new();
    while at < end {
        if tail.get(at..at + 4) != Some(b"PK\x01\x02") {
            return Err(Refused::Type);
        }
        let length = |place| number(tail, at + place, 2).and_then(|length| usize::try_from(length).ok());
        let (Some(name), Some(extra), Some(comment)) = (length(28), length(30), length(32)) else {
            return Err(Refused::CutOff);
        };
        let bytes = tail.get(at + 46..at + 46 + name).ok_or(Refused::CutOff)?;
        names.push(String::from_utf8_lossy(bytes).into_owned());
        at += 46 + name + extra + comment;
    }
    Ok(names)
}

/// Longest name that is kept, in characters, without its ending.
const LONGEST_NAME: usize = 100;

/// The name under which a file is handed out: the last part of what the browser said, with the ending of what
/// the file is.
#[must_use]
pub fn safe_name(said: &str, kind: DocumentType) -> String {
    let last = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let stem: String = clean_line(stem).chars().filter(|sign| !matches!(sign, '"' | ':' | '<' | '>' | '|')).collect();
    let stem: String = stem.trim_start_matches('.').chars().take(LONGEST_NAME).collect();
    let stem = if stem.is_empty() { "file" } else { stem.as_str() };
    format!("{stem}.{}", kind.ending())
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    /// An archive with empty files of these names.
    fn archive(names: &[&str]) -> Vec<u8> {
        let (mut file, mut list) = (Vec::new(), Vec::new());
        for name in names {
            let length = u16::try_from(name.len()).expect("short").to_le_bytes();
            let at = u32::try_from(file.len()).expect("small").to_le_bytes();
            file.extend_from_slice(b"PK\x03\x04");
            file.extend_from_slice(&[0; 22]);
            file.extend_from_slice(&length);
            file.extend_from_slice(&[0; 2]);
            file.extend_from_slice(name.as_bytes());
            list.extend_from_slice(b"PK\x01\x02");
            list.extend_from_slice(&[0; 24]);
            list.extend_from_slice(&length);
            list.extend_from_slice(&[0; 12]);
            list.extend_from_slice(&at);
            list.extend_from_slice(name.as_bytes());
        }
        let offset = u32::try_from(file.len()).expect("small").to_le_bytes();
        file.extend_from_slice(&list);
        file.extend_from_slice(b"PK\x05\x06");
        file.extend_from_slice(&[0; 12]);
        file.extend_from_slice(&offset);
        file.extend_from_slice(&[0; 2]);
        file
    }

    fn inspect(content: &[u8], said: &str, piece: usize) -> Result<DocumentType, Refused> {
        let mut inspector = Inspector::default();
        content.chunks(piece).for_each(|some| inspector.look(some));
        inspector.finish(said).map(|facts| facts.kind)
    }

    #[test]
    fn a_file_is_known_by_its_content() {
        use DocumentType as T;
        let pptx = archive(&["[Content_Types].xml", "ppt/presentation.xml"]);
        let macros = archive(&["[Content_Types].xml", "ppt/presentation.xml", "ppt/vbaProject.bin"]);
        let docx = archive(&["[Content_Types].xml", "word/document.xml"]);
        let keynote = archive(&["Index/Document.iwa", "Data/picture.jpg"]);
        let odp = archive(&["mimetypeapplication/vnd.oasis.opendocument.presentation", "content.xml"]);
        let ppt = [COMPOUND, &[0; 2000], POWERPOINT, &[0; 500]].concat();
        for (content, said, expected) in [
            (b"%PDF-1.7\n...\n%%EOF\n".to_vec(), "slides.exe", Ok(T::Pdf)),
            (b"%PDF-1.7\n...".to_vec(), "slides.pdf", Err(Refused::CutOff)),
            (pptx.clone(), "slides.pptx", Ok(T::Pptx)),
            (pptx[..pptx.len() - 30].to_vec(), "slides.pptx", Err(Refused::CutOff)),
            (macros, "slides.pptx", Err(Refused::Macros)),
            (docx, "paper.docx", Ok(T::Docx)),
            (keynote.clone(), "slides.KEY", Ok(T::Key)),
            (keynote, "slides.pages", Err(Refused::Type)),
            (odp, "slides.odp", Ok(T::Odp)),
            (ppt, "slides.ppt", Ok(T::Ppt)),
            ([COMPOUND, &[0; 2000]].concat(), "table.xls", Err(Refused::Type)),
            (archive(&["virus.exe"]), "slides.pptx", Err(Refused::Type)),
            (b"MZ\x90\0\x03 a program".to_vec(), "slides.pdf", Err(Refused::Type)),
            (b"<html>%PDF-</html>".to_vec(), "slides.pdf", Err(Refused::Type)),
            (Vec::new(), "slides.pdf", Err(Refused::Empty)),
        ] {
            for piece in [1, 7, 1000, 100_000] {
                assert_eq!(inspect(&content, said, piece), expected, "{said} in pieces of {piece}");
            }
        }
    }

    #[test]
    fn the_end_of_a_large_file_is_enough() {
        let mut content = b"%PDF-1.7\n".to_vec();
        content.resize(5 * TAIL, b'x');
        content.extend_from_slice(b"\n%%EOF\n");
        let mut inspector = Inspector::default();
        content.chunks(64 * 1024).for_each(|some| inspector.look(some));
        assert!(inspector.tail.capacity() <= 4 * TAIL, "memory does not grow with the file");
        let facts = inspector.finish("a.pdf").expect("a document");
        assert_eq!(facts.bytes, i64::try_from(content.len()).expect("small"));
        assert_eq!(facts.digest, hex(&Sha256::digest(&content)));
    }

    #[test]
    fn names_lose_what_could_deceive() {
        for (said, kept) in [
            ("talk.exe", "talk.pdf"),
            ("C:\\talks\\ada.PDF", "ada.pdf"),
            ("../../etc/passwd", "passwd.pdf"),
            (".htaccess", "file.pdf"),
            ("演讲.pdf", "演讲.pdf"),
            ("a\u{202e}fdp.exe", "afdp.pdf"),
        ] {
            assert_eq!(safe_name(said, DocumentType::Pdf), kept, "{said:?}");
        }
    }

    proptest! {
        #[test]
        fn no_bytes_are_too_strange(content in proptest::collection::vec(any::<u8>(), 0..2000), cut in 0_usize..400) {
            let _ = inspect(&content, "a.key", 100);
            let mut broken = archive(&["[Content_Types].xml", "ppt/presentation.xml"]);
            let at = cut % broken.len();
            if let Some(byte) = content.first() {
                broken[at] = *byte;
            }
            let _ = inspect(&broken, "a.pptx", 33);
        }
    }
}
