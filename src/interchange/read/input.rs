//! From bytes to text: encodings, byte order marks, characters that no text may hold.

use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use std::borrow::Cow;

/// The upper half of Windows-1252 where it differs from Latin-1; web pages label either as the other.
const WINDOWS_1252: [char; 32] = [
    '€', '\u{fffd}', '‚', 'ƒ', '„', '…', '†', '‡', 'ˆ', '‰', 'Š', '‹', 'Œ', '\u{fffd}', 'Ž', '\u{fffd}', '\u{fffd}',
    '‘', '’', '“', '”', '•', '–', '—', '˜', '™', 'š', '›', 'œ', '\u{fffd}', 'ž', 'Ÿ',
];

/// Strictly decodes a file by its byte order mark, else by the encoding that its XML declaration names.
pub(super) fn decode(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    if let Some(rest) = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]) {
        return utf8(rest);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xff, 0xfe]) {
        return utf16(rest, u16::from_le_bytes);
    }
    if let Some(rest) = bytes.strip_prefix(&[0xfe, 0xff]) {
        return utf16(rest, u16::from_be_bytes);
    }
    match declared_encoding(bytes).as_deref() {
        None | Some("utf-8" | "utf8" | "us-ascii" | "ascii") => utf8(bytes),
        Some("iso-8859-1" | "iso8859-1" | "latin1" | "latin-1" | "windows-1252" | "cp1252") => {
            Ok(Cow::Owned(bytes.iter().map(|byte| latin(*byte)).collect()))
        }
        Some(other) => Err(ReadError::new(Fault::UnknownEncoding, other)),
    }
}

/// Decodes a table, which spreadsheets also save in the encoding of the machine: what is no UTF-8 is
/// Chinese (GB 18030) where most of its bytes come in pairs as there, else Western European; with a warning.
pub(super) fn decode_table<'a>(bytes: &'a [u8], notes: &mut Notes) -> Result<Cow<'a, str>, ReadError> {
    let strict = decode(bytes);
    let has_mark = bytes.starts_with(&[0xff, 0xfe]) || bytes.starts_with(&[0xfe, 0xff]);
    if strict.is_ok() || has_mark {
        return strict;
    }
    let encoding = if looks_chinese(bytes) { encoding_rs::GB18030 } else { encoding_rs::WINDOWS_1252 };
    let (text, had_errors) = encoding.decode_without_bom_handling(bytes);
    if had_errors {
        return strict;
    }
    notes.warn("row 1", Problem::EncodingGuessed, encoding.name());
    Ok(text)
}

/// Whether at least nine in ten bytes beyond ASCII stand in runs of an even length, as Chinese
/// characters of GB 2312 do; accents of other languages mostly stand alone.
fn looks_chinese(bytes: &[u8]) -> bool {
    let runs = bytes.split(u8::is_ascii).map(<[u8]>::len).filter(|length| *length > 0);
    let (even, all) =
        runs.fold((0, 0), |(even, all), length| (even + if length % 2 == 0 { length } else { 0 }, all + length));
    all > 0 && even * 10 >= all * 9
}

/// Decodes as UTF-8 and replaces what is none, with a warning.
pub(super) fn decode_lossy<'a>(bytes: &'a [u8], notes: &mut Notes) -> Cow<'a, str> {
    let bytes = bytes.strip_prefix(&[0xef, 0xbb, 0xbf]).unwrap_or(bytes);
    let text = String::from_utf8_lossy(bytes);
    if let Cow::Owned(_) = &text {
        let line = text.split('\u{fffd}').next().map_or(1, |before| before.matches('\n').count() + 1);
        notes.warn(&format!("line {line}"), Problem::BytesReplaced, "");
    }
    text
}

/// Takes out the characters that neither XML nor any text of ours may hold.
pub(super) fn without_control_characters<'a>(text: Cow<'a, str>, notes: &mut Notes) -> Cow<'a, str> {
    if !text.contains(is_forbidden) {
        return text;
    }
    let mut clean = String::with_capacity(text.len());
    for (index, line) in text.split_inclusive('\n').enumerate() {
        if line.contains(is_forbidden) {
            notes.tally(&format!("line {}", index + 1), Problem::ControlCharacters, "");
            clean.extend(line.chars().filter(|letter| !is_forbidden(*letter)));
        } else {
            clean.push_str(line);
        }
    }
    Cow::Owned(clean)
}

/// Whether no text may hold this character: control characters other than tab and line ends, and non-characters.
pub(super) fn is_forbidden(letter: char) -> bool {
    (letter.is_control() && !matches!(letter, '\t' | '\n' | '\r')) || matches!(letter, '\u{fffe}' | '\u{ffff}')
}

fn utf8(bytes: &[u8]) -> Result<Cow<'_, str>, ReadError> {
    std::str::from_utf8(bytes).map(Cow::Borrowed).map_err(|error| {
        let line = bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count() + 1;
        ReadError::new(Fault::Encoding, "UTF-8").at(format!("line {line}"))
    })
}

fn utf16(bytes: &[u8], unit: fn([u8; 2]) -> u16) -> Result<Cow<'_, str>, ReadError> {
    let units = bytes.chunks(2).map(|pair| match pair {
        [first, second] => unit([*first, *second]),
        _ => 0xdc00,
    });
    let text: Result<String, _> = char::decode_utf16(units).collect();
    text.map(Cow::Owned).map_err(|_| ReadError::new(Fault::Encoding, "UTF-16"))
}

fn latin(byte: u8) -> char {
    match byte {
        0x80..=0x9f => WINDOWS_1252[usize::from(byte - 0x80)],
        _ => char::from(byte),
    }
}

/// The encoding in `<?xml … encoding="…"?>`, in lower case.
fn declared_encoding(bytes: &[u8]) -> Option<String> {
    let head = String::from_utf8_lossy(&bytes[..bytes.len().min(256)]);
    let declaration = head.trim_start().strip_prefix("<?xml")?.split("?>").next()?;
    let after = declaration.split("encoding").nth(1)?.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|letter| matches!(letter, '"' | '\''))?;
    after[1..].split(quote).next().map(str::to_ascii_lowercase)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn files_are_decoded_by_mark_or_declaration() {
        for (bytes, expected) in [
            (b"\xef\xbb\xbfa\xc3\xa9".as_slice(), "aé"),
            (b"\xff\xfea\x00\x2d\x4e".as_slice(), "a中"),
            (b"\xfe\xff\x4e\x2d".as_slice(), "中"),
            (
                b"<?xml version='1.0' encoding='ISO-8859-1'?>\xe9\x80".as_slice(),
                "<?xml version='1.0' encoding='ISO-8859-1'?>é€",
            ),
        ] {
            assert_eq!(decode(bytes).expect(expected), expected);
        }
        let wrong = decode(b"one\ntwo \xe9 three").expect_err("Latin-1 without a declaration");
        assert_eq!(wrong.to_string(), "line 2: the text is not valid UTF-8");
        assert_eq!(decode(b"\xff\xfea").expect_err("half a unit").fault, Fault::Encoding);
        let foreign = decode(b"<?xml version=\"1.0\" encoding=\"EBCDIC-US\"?>").expect_err("EBCDIC");
        assert_eq!(foreign.fault, Fault::UnknownEncoding);
    }
}
