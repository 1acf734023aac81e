//! XML as a bounded tree: no entities beyond the predefined ones, no files fetched, limited depth and size.

use super::input;
use super::limits::Limits;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use quick_xml::Reader;
use quick_xml::escape::{resolve_html5_entity, resolve_xml_entity};
use quick_xml::events::{BytesStart, Event};
use std::borrow::Cow;

/// One element with everything in it. Names are without prefix and in lower case.
#[derive(Debug, Default)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) attributes: Vec<(String, String)>,
    pub(super) children: Vec<Element>,
    /// The text directly inside, pieces joined.
    pub(super) text: String,
    pub(super) line: usize,
}

impl Element {
    /// The attribute's value, without surrounding white space; `None` when absent or empty.
    pub(super) fn attribute(&self, name: &str) -> Option<&str> {
        let found = self.attributes.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.trim()).filter(|value| !value.is_empty())
    }

    /// The first child of that name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        self.children.iter().find(|child| child.name == name)
    }

    /// The text of the element and of all within it, for comparing.
    pub(super) fn all_text(&self) -> String {
        let inner = self.children.iter().map(Element::all_text);
        std::iter::once(self.text.clone()).chain(inner).collect::<Vec<_>>().join(" ")
    }

    /// All children of that name.
    pub(super) fn children<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a Element> {
        self.children.iter().filter(move |child| child.name == name)
    }

    /// The text of the first child of that name; `None` when absent or blank.
    pub(super) fn child_text(&self, name: &str) -> Option<&str> {
        self.child(name).map(|child| child.text.as_str()).filter(|text| !text.trim().is_empty())
    }

    /// Like [`Element::child_text`], without surrounding white space.
    pub(super) fn child_word(&self, name: &str) -> Option<&str> {
        self.child_text(name).map(str::trim)
    }
}

/// Reads the whole document and gives its root.
pub(super) fn parse(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<Element, ReadError> {
    let text = input::without_control_characters(input::decode(bytes)?, notes);
    let mut tree = Tree { text: &text, counted_to: 0, line: 1, open: Vec::new(), root: None, pieces: 0, limits, notes };
    let mut reader = Reader::from_str(&text);
    reader.config_mut().allow_dangling_amp = true;
    loop {
        let start = reader.buffer_position();
        let event = reader.read_event().map_err(|error| {
            let line = tree.line_at(reader.error_position());
            ReadError::new(Fault::BrokenXml, error).at(format!("line {line}"))
        })?;
        tree.line = tree.line_at(start);
        if tree.take(event)? {
            break;
        }
    }
    if let Some(unclosed) = tree.open.last() {
        let problem = format!("<{}> is never closed", unclosed.name);
        return Err(ReadError::new(Fault::BrokenXml, problem).at(format!("line {}", unclosed.line)));
    }
    tree.root.ok_or_else(|| ReadError::new(Fault::BrokenXml, "there is no element"))
}

/// The tree as far as it has been read.
struct Tree<'a> {
    text: &'a str,
    counted_to: usize,
    line: usize,
    open: Vec<Element>,
    root: Option<Element>,
    pieces: usize,
    limits: &'a Limits,
    notes: &'a mut Notes,
}

impl Tree<'_> {
    /// Line numbers are counted along the way, so that the whole file is counted once.
    fn line_at(&mut self, position: u64) -> usize {
        let position = usize::try_from(position).unwrap_or(usize::MAX).min(self.text.len());
        if position > self.counted_to {
            let passed = &self.text.as_bytes()[self.counted_to..position];
            self.line += passed.iter().filter(|byte| **byte == b'\n').count();
            self.counted_to = position;
        }
        self.line
    }

    /// Takes one event in; `true` at the end of the file.
    fn take(&mut self, event: Event<'_>) -> Result<bool, ReadError> {
        match event {
            Event::Start(tag) => {
                let element = self.element(&tag)?;
                self.open.push(element);
                if self.open.len() > self.limits.depth {
                    return Err(self.error(Fault::TooDeep, self.limits.depth));
                }
            }
            Event::Empty(tag) => {
                let element = self.element(&tag)?;
                self.close(element);
            }
            Event::End(_) => {
                if let Some(element) = self.open.pop() {
                    self.close(element);
                }
            }
            Event::Text(text) => self.add_text(&text.xml10_content()),
            Event::CData(text) => self.add_text(&text.xml10_content()),
            Event::GeneralRef(reference) => self.add_reference(&reference),
            Event::DocType(declaration) => self.check_doctype(&declaration)?,
            Event::PI(instruction) if instruction.target() == "plenary" => {
                // Our own exports keep in here what the format has no element for.
                let tag = BytesStart::from_content(instruction.into_inner(), "plenary".len());
                let mut element = self.element(&tag)?;
                element.name = "?plenary".to_owned();
                self.close(element);
            }
            Event::Eof => return Ok(true),
            Event::PI(_) | Event::Decl(_) | Event::Comment(_) => {}
        }
        Ok(false)
    }

    fn element(&mut self, tag: &BytesStart<'_>) -> Result<Element, ReadError> {
        let name = tag.local_name().as_ref().to_ascii_lowercase();
        let mut attributes = Vec::new();
        for attribute in tag.attributes().with_checks(false) {
            let attribute = attribute.map_err(|error| self.error(Fault::BrokenXml, error))?;
            let key = attribute.key.local_name().as_ref().to_ascii_lowercase();
            let value = self.unescape(&attribute.value);
            attributes.push((key, value));
        }
        self.pieces += 1 + attributes.len();
        if self.pieces > self.limits.pieces {
            return Err(self.error(Fault::TooManyPieces, self.limits.pieces));
        }
        Ok(Element { name, attributes, line: self.line, ..Element::default() })
    }

    fn close(&mut self, element: Element) {
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None if self.root.is_none() => self.root = Some(element),
            None => self.notes.warn(&format!("line {}", element.line), Problem::Unused, &element.name),
        }
    }

    fn add_text(&mut self, text: &str) {
        let Some(element) = self.open.last_mut() else { return };
        let left = self.limits.value.saturating_sub(element.text.len());
        if text.len() <= left {
            element.text.push_str(text);
        } else {
            element.text.push_str(&text[..text.floor_char_boundary(left)]);
            self.notes.tally(&format!("line {}", element.line), Problem::TextCut, &self.limits.value.to_string());
        }
    }

    fn add_reference(&mut self, reference: &str) {
        let text = self.resolve(reference);
        self.add_text(&text);
    }

    /// What `&reference;` stands for. HTML's names are common in files that never declare them.
    fn resolve(&mut self, reference: &str) -> Cow<'static, str> {
        let place = format!("line {}", self.line);
        if let Some(number) = reference.strip_prefix('#') {
            let parsed = match number.strip_prefix(['x', 'X']) {
                Some(digits) => u32::from_str_radix(digits, 16).ok(),
                None => number.parse().ok(),
            };
            let letter = parsed.and_then(char::from_u32).filter(|letter| !input::is_forbidden(*letter));
            return letter.map_or_else(
                || {
                    self.notes.tally(&place, Problem::ControlCharacters, "");
                    Cow::Borrowed("")
                },
                |letter| Cow::Owned(letter.to_string()),
            );
        }
        match resolve_xml_entity(reference).or_else(|| resolve_html5_entity(reference)) {
            Some(text) => Cow::Borrowed(text),
            None => {
                self.notes.tally(&place, Problem::UnknownEntity, reference);
                Cow::Owned(format!("&{reference};"))
            }
        }
    }

    fn unescape(&mut self, raw: &str) -> String {
        let mut text = String::with_capacity(raw.len());
        let mut rest = raw;
        while let Some(start) = rest.find('&') {
            text.push_str(&rest[..start]);
            rest = &rest[start + 1..];
            // A bare ampersand in an address is common and means itself.
            match rest
                .find(';')
                .filter(|end| *end > 0 && rest[..*end].bytes().all(|b| b.is_ascii_alphanumeric() || b == b'#'))
            {
                Some(end) => {
                    text.push_str(&self.resolve(&rest[..end]));
                    rest = &rest[end + 1..];
                }
                None => text.push('&'),
            }
        }
        text.push_str(rest);
        text
    }

    /// An entity declaration is how XML bombs and reads of foreign files begin; no honest schedule has one.
    fn check_doctype(&mut self, declaration: &str) -> Result<(), ReadError> {
        if declaration.to_ascii_uppercase().contains("<!ENTITY") {
            return Err(ReadError::new(Fault::Entities, "").at(format!("line {}", self.line)));
        }
        self.notes.warn(&format!("line {}", self.line), Problem::DoctypeIgnored, "");
        Ok(())
    }

    fn error(&self, fault: Fault, value: impl std::fmt::Display) -> ReadError {
        ReadError::new(fault, value).at(format!("line {}", self.line))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> (Result<Element, ReadError>, Vec<String>) {
        let mut notes = Notes::default();
        let result = parse(text.as_bytes(), &Limits::default(), &mut notes);
        (result, notes.finish().iter().map(ToString::to_string).collect())
    }

    #[test]
    fn odd_but_readable_files_are_read() {
        let (root, warnings) =
            read("<a x='1 &amp; 2&#x41;' y='?b=1&c=2'>one &eacute; &amp; R&D <![CDATA[<p>]]>&#6;\u{6}<B/>&nix;</a>");
        let root = root.expect("readable");
        assert_eq!(root.attribute("x"), Some("1 & 2A"));
        assert_eq!(root.attribute("y"), Some("?b=1&c=2"));
        assert_eq!(root.text, "one é & R&D <p>&nix;");
        assert_eq!(root.children[0].name, "b");
        assert_eq!(
            warnings,
            [
                "line 1: holds control characters that no text may hold; they were taken out (2 times, first here)",
                "line 1: the entity &nix; is unknown and stands as plain text",
            ]
        );
    }

    #[test]
    fn hostile_and_broken_files_give_one_error() {
        let bomb = "<!DOCTYPE a [<!ENTITY b 'b'><!ENTITY c '&b;&b;'>]>\n<a>&c;</a>";
        let deep = "<a>".repeat(200);
        let wide = format!("<a>{}</a>", "<b/>".repeat(Limits::default().pieces));
        for (text, fault) in [
            (bomb, Fault::Entities),
            (deep.as_str(), Fault::TooDeep),
            (wide.as_str(), Fault::TooManyPieces),
            ("<a>\n<b>", Fault::BrokenXml),
            ("<a></b>", Fault::BrokenXml),
            ("<a", Fault::BrokenXml),
            ("<!-- nothing -->", Fault::BrokenXml),
        ] {
            assert_eq!(read(text).0.expect_err("refused").fault, fault);
        }
        assert_eq!(
            read("<a>\n<b>").0.expect_err("unclosed").to_string(),
            "line 2: the XML is broken: <b> is never closed"
        );
    }
}
