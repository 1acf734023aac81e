//! Kinds of files, known by their content, and files that answer questions.

use crate::db::schema::answer_files;
use crate::db::{AnswerFileId, EventId, QuestionId, RegistrationId, UtcTime};
use crate::sealing::FileKey;
use crate::text_enum;
use crate::web::TokenHash;
use crate::web::forms::clean_line;
use diesel::prelude::*;
use std::collections::HashMap;

text_enum! {
    /// A kind of file.
    pub enum FileType {
        /// A document as PDF.
        Pdf = "pdf",
        /// A JPEG picture.
        Jpeg = "jpeg",
        /// A PNG picture.
        Png = "png",
        /// A WebP picture.
        Webp = "webp",
        /// A text document of Word.
        Docx = "docx",
        /// An open text document.
        Odt = "odt",
    }
}

/// How far from a document's end its last mark may stand.
const TAIL: usize = 4096;

impl FileType {
    /// What a file is, whatever its name says; nothing where it is none of these kinds.
    #[must_use]
    pub fn of(content: &[u8]) -> Option<Self> {
        let begins = |with: &[u8]| content.starts_with(with);
        let is_zip = begins(b"PK\x03\x04");
        if begins(b"%PDF-") {
            Some(Self::Pdf)
        } else if begins(b"\xff\xd8\xff") {
            Some(Self::Jpeg)
        } else if begins(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else if begins(b"RIFF") && content.get(8..12) == Some(b"WEBP") {
            Some(Self::Webp)
        } else if is_zip && content.get(30..).is_some_and(|rest| rest.starts_with(ODT_MARK)) {
            Some(Self::Odt)
        } else if is_zip && has(content, b"[Content_Types].xml") && has(content, b"word/document.xml") {
            // One with macros is a program.
            (!has(content, b"vbaProject.bin")).then_some(Self::Docx)
        } else {
            None
        }
    }

    /// Whether the file has its end, as one cut off on the way has not.
    #[must_use]
    pub fn is_whole(self, content: &[u8]) -> bool {
        let last = |mark: &[u8]| content.windows(mark.len()).rposition(|bytes| bytes == mark);
        let tail = content.get(content.len().saturating_sub(TAIL)..).unwrap_or_default();
        match self {
            // A small picture may stand before the large one, with an end of its own.
            Self::Jpeg => last(b"\xff\xd9").is_some_and(|end| last(b"\xff\xda").is_some_and(|start| start < end)),
            Self::Png => last(b"IEND").is_some(),
            Self::Webp => {
                let length = content.get(4..8).and_then(|length| length.try_into().ok()).map(u32::from_le_bytes);
                length.is_some_and(|length| content.len() >= length as usize + 8)
            }
            Self::Pdf => has(tail, b"%%EOF"),
            // The list of what is in it stands at the end.
            Self::Docx | Self::Odt => has(content, b"PK\x05\x06"),
        }
    }

    /// As programs name it.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Pdf => "application/pdf",
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
            Self::Webp => "image/webp",
            Self::Docx => "application/vnd.openxmlformats-officedocument.wordprocessingml.document",
            Self::Odt => "application/vnd.oasis.opendocument.text",
        }
    }

    /// How its name ends.
    #[must_use]
    pub const fn ending(self) -> &'static str {
        match self {
            Self::Pdf => "pdf",
            Self::Jpeg => "jpg",
            Self::Png => "png",
            Self::Webp => "webp",
            Self::Docx => "docx",
            Self::Odt => "odt",
        }
    }

    /// As people name it.
    #[must_use]
    pub const fn name(self) -> &'static str {
        match self {
            Self::Pdf => "PDF",
            Self::Jpeg => "JPEG",
            Self::Png => "PNG",
            Self::Webp => "WebP",
            Self::Docx => "DOCX",
            Self::Odt => "ODT",
        }
    }

    /// The kinds a photo may be of.
    pub const PICTURES: &'static [Self] = &[Self::Jpeg, Self::Png, Self::Webp];
}

const ODT_MARK: &[u8] = b"mimetypeapplication/vnd.oasis.opendocument.text";

fn has(content: &[u8], mark: &[u8]) -> bool {
    content.windows(mark.len()).any(|bytes| bytes == mark)
}

/// Longest name that is kept, in characters, without its ending.
const LONGEST_NAME: usize = 100;

/// The name under which a file is handed out: the last part of what the browser said, with the ending of
/// what the file is. A program that calls itself a picture would otherwise be handed out as a program.
#[must_use]
pub fn safe_name(said: &str, kind: FileType) -> String {
    let last = said.rsplit(['/', '\\']).next().unwrap_or_default();
    let stem = last.rsplit_once('.').map_or(last, |(stem, _)| stem);
    let stem: String = clean_line(stem).chars().filter(|sign| !matches!(sign, '"' | ':' | '<' | '>' | '|')).collect();
    let stem: String = stem.trim_start_matches('.').chars().take(LONGEST_NAME).collect();
    let stem = if stem.is_empty() { "file" } else { stem.as_str() };
    format!("{stem}.{}", kind.ending())
}

/// A file that answers a question, or waits to.
#[derive(Clone, Debug, PartialEq, Queryable, Selectable, Insertable)]
#[diesel(table_name = answer_files)]
pub struct AnswerFile {
    /// Names it.
    pub id: AnswerFileId,
    /// The event.
    pub event_id: EventId,
    /// Whose answer it is; nothing while it waits.
    pub registration_id: Option<RegistrationId>,
    /// The question.
    pub question_id: Option<QuestionId>,
    /// By what the form knows it.
    pub token_hash: Option<TokenHash>,
    /// Its name; sealed where the answer is.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// How large it is.
    pub bytes: i64,
    /// SHA-256 of what is kept.
    pub digest: String,
    /// When it came.
    pub created_at: UtcTime,
}

/// An upload that the form knows by its token.
#[derive(Clone, Debug)]
pub struct Waiting {
    /// The file.
    pub id: AnswerFileId,
    /// The question that it was sent for.
    pub question: QuestionId,
    /// By what its row is found.
    pub token: TokenHash,
    /// Its name in clear.
    pub name: String,
    /// Its key, where the answer is sealed.
    pub key: Option<FileKey>,
    /// Whether it became an answer already, as when a form is sent twice.
    pub is_claimed: bool,
}

/// The uploads of a form by their tokens.
#[derive(Clone, Debug, Default)]
pub struct Uploads(pub HashMap<String, Waiting>);

impl Uploads {
    /// The upload of a token, if it was sent for this question.
    #[must_use]
    pub fn of(&self, token: &str, question: QuestionId) -> Option<&Waiting> {
        self.0.get(token).filter(|upload| upload.question == question)
    }

    /// The upload that became the answer `id`.
    #[must_use]
    pub fn by_id(&self, id: &str) -> Option<&Waiting> {
        self.0.values().find(|upload| upload.id.as_str() == id)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn jpeg() -> Vec<u8> {
        [b"\xff\xd8\xff\xe1thumb\xff\xd9".as_slice(), b"\xff\xda", &[7; 100], b"\xff\xd9"].concat()
    }

    #[test]
    fn a_file_is_known_by_its_content() {
        let docx = b"PK\x03\x04 [Content_Types].xml word/document.xml PK\x05\x06".to_vec();
        let macros = b"PK\x03\x04 [Content_Types].xml word/document.xml word/vbaProject.bin PK\x05\x06".to_vec();
        let odt = [b"PK\x03\x04".as_slice(), &[0; 26], ODT_MARK].concat();
        for (content, kind) in [
            (b"%PDF-1.7\n%%EOF".to_vec(), Some(FileType::Pdf)),
            (jpeg(), Some(FileType::Jpeg)),
            (b"\x89PNG\r\n\x1a\n".to_vec(), Some(FileType::Png)),
            (b"RIFF\x04\0\0\0WEBP".to_vec(), Some(FileType::Webp)),
            (docx, Some(FileType::Docx)),
            (odt, Some(FileType::Odt)),
            (macros, None),
            (b"PK\x03\x04 any other archive".to_vec(), None),
            (b"MZ\x90\0 a program".to_vec(), None),
            (b"<html>%PDF-</html>".to_vec(), None),
            (b"<svg xmlns='http://www.w3.org/2000/svg'/>".to_vec(), None),
            (Vec::new(), None),
        ] {
            assert_eq!(FileType::of(&content), kind, "{}", String::from_utf8_lossy(&content));
        }
    }

    #[test]
    fn a_file_that_was_cut_off_is_noticed() {
        let whole = jpeg();
        assert!(FileType::Jpeg.is_whole(&whole));
        assert!(!FileType::Jpeg.is_whole(&whole[..60]), "the end of the small picture is not the end");
        assert!(FileType::Pdf.is_whole(b"%PDF-1.7\n%%EOF\n") && !FileType::Pdf.is_whole(b"%PDF-1.7\n"));
        assert!(FileType::Webp.is_whole(b"RIFF\x04\0\0\0WEBP") && !FileType::Webp.is_whole(b"RIFF\x05\0\0\0WEBP"));
        assert!(!FileType::Png.is_whole(b"\x89PNG\r\n\x1a\n") && !FileType::Docx.is_whole(b"PK\x03\x04"));
    }

    #[test]
    fn names_lose_what_could_deceive() {
        for (said, kept) in [
            ("passport.exe", "passport.jpg"),
            ("C:\\Users\\ada\\face.JPEG", "face.jpg"),
            ("../../etc/passwd", "passwd.jpg"),
            (".htaccess", "file.jpg"),
            ("护照.png", "护照.jpg"),
            ("a\u{202e}gpj.exe", "agpj.jpg"),
            ("", "file.jpg"),
        ] {
            assert_eq!(safe_name(said, FileType::Jpeg), kept, "{said:?}");
        }
        assert_eq!(safe_name(&"x".repeat(300), FileType::Pdf).len(), LONGEST_NAME + 4);
    }
}
