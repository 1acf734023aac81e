//! Filling values in: from a wording to subject, text and HTML.
//!
//! A line with a placeholder that has no value is left out, and so is a paragraph none of whose
//! placeholders has one: «Room: {{room}}» stands only where there is a room.

pub mod markdown;

use super::model::{Block, Filling, Inline, Line, Piece, SUBJECT_LENGTH, Sort, Wording};
use crate::mail::model::Editable;
use crate::web::templates::escape;
use percent_encoding::{AsciiSet, CONTROLS, utf8_percent_encode};

/// What must not stand in a part of an address as somebody typed it.
const IN_ADDRESS: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'<')
    .add(b'>')
    .add(b'#')
    .add(b'%')
    .add(b'&')
    .add(b'?')
    .add(b'/')
    .add(b'=')
    .add(b'+');

const LINK: &str = "color:#1f4f8b";
const BUTTON: &str = "display:inline-block;padding:12px 22px;border-radius:8px;background-color:#1f4f8b;color:#ffffff;\
                      font-weight:600;text-decoration:none";
const BUTTON_ADDRESS: &str = "margin:0 0 24px;font-size:13px;line-height:1.4;color:#566070;overflow-wrap:anywhere";
const REMARK: &str = "margin:16px 0 0;font-size:14px;color:#566070";
const QUOTE: &str = "margin:20px 0;padding:0 16px;border-inline-start:3px solid #1f4f8b";

/// A mail without its frame.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filled {
    /// One line.
    pub subject: String,
    /// The plain text.
    pub text: String,
    /// The blocks as HTML.
    pub html: String,
    /// What it can be edited from.
    pub source: Option<Editable>,
}

/// Fills values in, one for each placeholder that the wording mentions, in that order.
#[must_use]
pub fn fill(wording: &Wording, values: &[Filling]) -> Filled {
    let filler = Filler { wording, values };
    let (mut html, mut texts) = (String::with_capacity(2048), Vec::new());
    for block in &wording.blocks {
        filler.block(block, &mut html, &mut texts);
    }
    let source = Some(filler.editable());
    Filled { subject: filler.subject(), text: texts.join("\n\n") + "\n", html, source }
}

struct Filler<'a> {
    wording: &'a Wording,
    values: &'a [Filling],
}

impl Filler<'_> {
    fn value(&self, index: usize) -> &str {
        self.values.get(index).map_or("", Filling::words)
    }

    /// One line without control characters: nothing typed becomes a header.
    fn subject(&self) -> String {
        let filled: String = self
            .wording
            .subject
            .iter()
            .map(|piece| match piece {
                Piece::Words(words) => words.as_str(),
                Piece::Value(index) => self.value(*index),
            })
            .collect();
        let line = filled.split(|sign: char| sign.is_whitespace() || sign.is_control());
        let line = line.filter(|word| !word.is_empty()).collect::<Vec<_>>().join(" ");
        line.chars().take(SUBJECT_LENGTH).collect()
    }

    fn block(&self, block: &Block, html: &mut String, texts: &mut Vec<String>) {
        match block {
            Block::Paragraph(lines) => self.lines(lines, "<p>", "</p>\n", html, texts),
            Block::Heading(lines) => {
                self.lines(lines, "<h2 style=\"margin:28px 0 12px;font-size:17px\">", "</h2>\n", html, texts);
            }
            Block::Remark(lines) => {
                self.lines(lines, &format!("<p class=\"soft\" style=\"{REMARK}\">"), "</p>\n", html, texts);
            }
            Block::Rule => {
                html.push_str("<hr style=\"margin:24px 0;border:0;border-top:1px solid #d9dde3\">\n");
                texts.push("—".to_owned());
            }
            Block::Part(index) => {
                if let Some(Filling::Part { html: part, text }) = self.values.get(*index) {
                    html.push_str(part);
                    texts.extend(Some(text.trim().to_owned()).filter(|text| !text.is_empty()));
                }
            }
            Block::Button { to, label } => self.button(to, label, html, texts),
            Block::Quote(inner) => self.quote(inner, html, texts),
            Block::List(first, items) => self.list(*first, items, html, texts),
        }
    }

    fn lines(&self, lines: &[Line], open: &str, close: &str, html: &mut String, texts: &mut Vec<String>) {
        if lines.iter().any(|line| self.mentions(line)) && lines.iter().all(|line| !self.has_value(line)) {
            return;
        }
        let kept: Vec<&Line> = lines.iter().filter(|line| !self.lacks(line)).collect();
        if kept.is_empty() {
            return;
        }
        html.push_str(open);
        let mut text = String::new();
        for (number, line) in kept.into_iter().enumerate() {
            if number > 0 {
                html.push_str("<br>\n");
                text.push('\n');
            }
            self.inlines(line, html, &mut text);
        }
        html.push_str(close);
        texts.push(text);
    }

    fn button(&self, to: &[Piece], label: &[Inline], html: &mut String, texts: &mut Vec<String>) {
        if self.lacks(label) || self.pieces_lack(to) {
            return;
        }
        let address = self.address(to);
        let (mut words, mut label_html) = (String::new(), String::new());
        self.inlines(label, &mut label_html, &mut words);
        let shown = escape(address.strip_prefix("mailto:").unwrap_or(&address));
        html.push_str(&format!(
            "<p style=\"margin:24px 0 8px\"><a class=\"go\" href=\"{href}\" style=\"{BUTTON}\">{label_html}</a></p>\n\
             <p class=\"soft\" style=\"{BUTTON_ADDRESS}\">{shown}</p>\n",
            href = escape(&address),
        ));
        texts.push(if words == address { address } else { format!("{words}\n{address}") });
    }

    fn quote(&self, inner: &[Block], html: &mut String, texts: &mut Vec<String>) {
        let (mut inner_html, mut inner_texts) = (String::new(), Vec::new());
        for block in inner {
            self.block(block, &mut inner_html, &mut inner_texts);
        }
        if inner_html.is_empty() && inner_texts.is_empty() {
            return;
        }
        html.push_str(&format!("<blockquote style=\"{QUOTE}\">{inner_html}</blockquote>\n"));
        let quoted: Vec<String> =
            inner_texts.join("\n\n").lines().map(|line| format!("> {line}").trim_end().to_owned()).collect();
        texts.push(quoted.join("\n"));
    }

    fn list(&self, first: Option<u64>, items: &[Vec<Block>], html: &mut String, texts: &mut Vec<String>) {
        let (mut items_html, mut lines, mut number) = (String::new(), Vec::new(), first);
        for item in items {
            let (mut item_html, mut item_texts) = (String::new(), Vec::new());
            for block in item {
                self.block(block, &mut item_html, &mut item_texts);
            }
            if item_texts.is_empty() {
                continue;
            }
            items_html.push_str(&format!("<li>{}</li>\n", without_margins(&item_html)));
            let mark = number.map_or_else(|| "*".to_owned(), |number| format!("{number}."));
            lines.push(format!("{mark} {}", item_texts.join("\n").replace('\n', "\n  ")));
            number = number.map(|number| number + 1);
        }
        if lines.is_empty() {
            return;
        }
        let (open, close) = match first {
            Some(first) => (format!("<ol start=\"{first}\">"), "</ol>\n"),
            None => ("<ul>".to_owned(), "</ul>\n"),
        };
        html.push_str(&open);
        html.push_str(&items_html);
        html.push_str(close);
        texts.push(lines.join("\n"));
    }

    fn inlines(&self, inlines: &[Inline], html: &mut String, text: &mut String) {
        for inline in inlines {
            match inline {
                Inline::Piece(Piece::Words(words)) => {
                    html.push_str(&escape(words));
                    text.push_str(words);
                }
                Inline::Piece(Piece::Value(index)) => self.inline_value(*index, html, text),
                Inline::Break => {
                    html.push_str("<br>\n");
                    text.push('\n');
                }
                Inline::Strong(inner) => self.wrapped("strong", inner, html, text),
                Inline::Stressed(inner) => self.wrapped("em", inner, html, text),
                Inline::Link { to, label } => {
                    let address = self.address(to);
                    html.push_str(&format!("<a href=\"{}\" style=\"{LINK}\">", escape(&address)));
                    let mut words = String::new();
                    self.inlines(label, html, &mut words);
                    html.push_str("</a>");
                    let bare = address.strip_prefix("mailto:").unwrap_or(&address);
                    text.push_str(&if words == bare { words } else { format!("{words} ({bare})") });
                }
            }
        }
    }

    fn inline_value(&self, index: usize, html: &mut String, text: &mut String) {
        let value = self.value(index);
        if self.wording.mentions.get(index).is_some_and(|mentioned| mentioned.sort == Sort::Address) {
            let safe = escape(value);
            html.push_str(&format!("<a href=\"{safe}\" style=\"{LINK}\">{safe}</a>"));
        } else {
            // Names of one script inside a text of another keep their own direction.
            html.push_str(&format!("<bdi>{}</bdi>", escape(value).replace('\n', "<br>\n")));
        }
        text.push_str(value);
    }

    fn wrapped(&self, tag: &str, inner: &[Inline], html: &mut String, text: &mut String) {
        html.push_str(&format!("<{tag}>"));
        self.inlines(inner, html, text);
        html.push_str(&format!("</{tag}>"));
    }

    /// Where a link leads. What somebody typed can't change the host or add a parameter.
    fn address(&self, to: &[Piece]) -> String {
        let piece = |piece: &Piece| match piece {
            Piece::Words(words) => words.clone(),
            Piece::Value(index) if self.wording.mentions[*index].sort == Sort::Address => self.value(*index).to_owned(),
            Piece::Value(index) => utf8_percent_encode(self.value(*index), IN_ADDRESS).to_string(),
        };
        to.iter().map(piece).collect()
    }

    fn pieces_lack(&self, pieces: &[Piece]) -> bool {
        pieces.iter().any(|piece| matches!(piece, Piece::Value(index) if self.value(*index).is_empty()))
    }

    /// Whether a placeholder in here has no value.
    fn lacks(&self, inlines: &[Inline]) -> bool {
        inlines.iter().any(|inline| match inline {
            Inline::Piece(piece) => self.pieces_lack(std::slice::from_ref(piece)),
            Inline::Break => false,
            Inline::Strong(inner) | Inline::Stressed(inner) => self.lacks(inner),
            Inline::Link { to, label } => self.pieces_lack(to) || self.lacks(label),
        })
    }

    fn mentions(&self, inlines: &[Inline]) -> bool {
        any_value(inlines, &|_| true)
    }

    fn has_value(&self, inlines: &[Inline]) -> bool {
        any_value(inlines, &|index| !self.value(index).is_empty())
    }
}

fn any_value(inlines: &[Inline], is_so: &impl Fn(usize) -> bool) -> bool {
    let of_piece = |piece: &Piece| matches!(piece, Piece::Value(index) if is_so(*index));
    inlines.iter().any(|inline| match inline {
        Inline::Piece(piece) => of_piece(piece),
        Inline::Break => false,
        Inline::Strong(inner) | Inline::Stressed(inner) => any_value(inner, is_so),
        Inline::Link { to, label } => to.iter().any(of_piece) || any_value(label, is_so),
    })
}

/// An item that is one paragraph needs no paragraph's margins.
fn without_margins(html: &str) -> &str {
    let inner = html.strip_prefix("<p>").and_then(|rest| rest.strip_suffix("</p>\n"));
    inner.filter(|inner| !inner.contains("<p>")).unwrap_or(html)
}
