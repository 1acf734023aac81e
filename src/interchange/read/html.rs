//! HTML in abstracts becomes Markdown of the same meaning, in one pass over the text.
//!
//! Abstracts hold fragments, often broken ones, so this reads tags as they come and never needs
//! a tree: time grows with the length of the text only, whatever it holds.

use super::markdown::{Converted, Writer};
use quick_xml::escape::resolve_html5_entity;

/// Tags whose presence says that a text is HTML at all.
const KNOWN: &[&str] = &[
    "a",
    "abbr",
    "article",
    "b",
    "blockquote",
    "body",
    "br",
    "center",
    "cite",
    "code",
    "dd",
    "del",
    "div",
    "dl",
    "dt",
    "em",
    "embed",
    "figure",
    "font",
    "h1",
    "h2",
    "h3",
    "h4",
    "h5",
    "h6",
    "hr",
    "html",
    "i",
    "iframe",
    "img",
    "ins",
    "kbd",
    "li",
    "object",
    "ol",
    "p",
    "pre",
    "q",
    "s",
    "script",
    "section",
    "small",
    "span",
    "strike",
    "strong",
    "style",
    "sub",
    "sup",
    "svg",
    "table",
    "tbody",
    "td",
    "tfoot",
    "th",
    "thead",
    "tr",
    "tt",
    "u",
    "ul",
];
/// Tags that only whole HTML texts use; elsewhere the text around is Markdown already.
const BLOCKS: &[&str] =
    &["p", "div", "ul", "ol", "li", "table", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "pre", "body", "html"];
/// A tag longer than this is text that happens to hold a `<`.
const MAX_TAG: usize = 4_000;

/// Whether the text holds HTML tags outside of Markdown's code and escapes.
pub(super) fn is_html(text: &str) -> bool {
    tags_outside_code(text).any(|name| KNOWN.contains(&name.as_str()))
}

/// Converts.
pub(super) fn to_markdown(text: &str) -> Converted {
    let whole = tags_outside_code(text).any(|name| BLOCKS.contains(&name.as_str()));
    let mut writer = Writer::new(whole);
    let mut rest = text;
    while let Some(start) = rest.find('<') {
        writer.text(&rest[..start]);
        rest = &rest[start..];
        if let Some(comment) = rest.strip_prefix("<!--") {
            rest = comment.find("-->").map_or("", |end| &comment[end + 3..]);
        } else if let Some((tag, after)) = Tag::parse(rest) {
            rest = writer.tag(&tag, after);
        } else {
            writer.text("<");
            rest = &rest[1..];
        }
    }
    writer.text(rest);
    writer.finish()
}

fn tags_outside_code(text: &str) -> impl Iterator<Item = String> {
    let mut rest = text;
    let mut before = ' ';
    std::iter::from_fn(move || {
        while let Some(start) = rest.find(['<', '`']) {
            before = rest[..start].chars().next_back().unwrap_or(before);
            rest = &rest[start..];
            if rest.starts_with('`') {
                let ticks = rest.len() - rest.trim_start_matches('`').len();
                let after = &rest[ticks..];
                let end = closing_ticks(after, ticks).filter(|_| before != '\\');
                rest = end.map_or(after, |end| &after[end + ticks..]);
                before = '`';
                continue;
            }
            let tag = Tag::parse(rest);
            rest = &rest[1..];
            let escaped = std::mem::replace(&mut before, '<') == '\\';
            if let Some((tag, _)) = tag.filter(|_| !escaped) {
                return Some(tag.name);
            }
        }
        None
    })
}

/// Where a run of exactly `ticks` backticks closes the code; looked for only so far that hostile text stays cheap.
fn closing_ticks(text: &str, ticks: usize) -> Option<usize> {
    let mut position = 0;
    while position < text.len().min(MAX_TAG) {
        let start = position + text[position..].find('`')?;
        let run = text[start..].len() - text[start..].trim_start_matches('`').len();
        if run == ticks {
            return Some(start);
        }
        position = start + run;
    }
    None
}

/// One tag of HTML.
pub(super) struct Tag {
    pub(super) name: String,
    pub(super) closing: bool,
    pub(super) attributes: String,
}

impl Tag {
    /// The tag at the start of `text` and what follows it.
    fn parse(text: &str) -> Option<(Self, &str)> {
        let inner = text.strip_prefix('<')?;
        let (closing, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
        let length = inner.bytes().take_while(u8::is_ascii_alphanumeric).take(16).count();
        if !inner.starts_with(|letter: char| letter.is_ascii_alphabetic()) {
            return None;
        }
        let after_name = &inner[length..];
        if !after_name.starts_with(|letter: char| letter.is_whitespace() || letter == '>' || letter == '/') {
            return None;
        }
        let mut quote = None;
        for (index, byte) in after_name.bytes().enumerate().take(MAX_TAG) {
            match (quote, byte) {
                (None, b'>') => {
                    let name = inner[..length].to_ascii_lowercase();
                    let attributes = after_name[..index].to_owned();
                    return Some((Self { name, closing, attributes }, &after_name[index + 1..]));
                }
                (None, b'"' | b'\'') => quote = Some(byte),
                (Some(open), _) if open == byte => quote = None,
                _ => {}
            }
        }
        None
    }

    /// The attribute's value, decoded and trimmed; `None` when absent or empty.
    pub(super) fn attribute(&self, name: &str) -> Option<String> {
        let lower = self.attributes.to_ascii_lowercase();
        let mut from = 0;
        while let Some(found) = lower[from..].find(name) {
            let start = from + found;
            from = start + name.len();
            let alone = lower[..start].chars().next_back().is_none_or(char::is_whitespace);
            let Some(value) = self.attributes[from..].trim_start().strip_prefix('=').filter(|_| alone) else {
                continue;
            };
            let value = value.trim_start();
            let value = match value.chars().next() {
                Some(quote @ ('"' | '\'')) => value[1..].split(quote).next().unwrap_or_default(),
                _ => value.split(char::is_whitespace).next().unwrap_or_default(),
            };
            return Some(decode(value).trim().to_owned()).filter(|value| !value.is_empty());
        }
        None
    }
}

/// HTML's character references as characters.
pub(super) fn decode(text: &str) -> String {
    let mut decoded = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(start) = rest.find('&') {
        decoded.push_str(&rest[..start]);
        rest = &rest[start..];
        let length = rest.bytes().skip(1).take(32).take_while(|b| b.is_ascii_alphanumeric() || *b == b'#').count();
        let resolved = if rest.as_bytes().get(length + 1) == Some(&b';') { resolve(&rest[1..=length]) } else { None };
        match resolved {
            Some(text) => {
                decoded.push_str(&text);
                rest = &rest[length + 2..];
            }
            None => {
                decoded.push('&');
                rest = &rest[1..];
            }
        }
    }
    decoded.push_str(rest);
    decoded
}

fn resolve(reference: &str) -> Option<String> {
    let Some(number) = reference.strip_prefix('#') else {
        return resolve_html5_entity(reference).map(str::to_owned);
    };
    let code = match number.strip_prefix(['x', 'X']) {
        Some(digits) => u32::from_str_radix(digits, 16).ok()?,
        None => number.parse().ok()?,
    };
    char::from_u32(code).filter(|letter| !super::input::is_forbidden(*letter)).map(String::from)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn html_becomes_markdown_of_the_same_meaning() {
        for (html, expected) in [
            ("<p>One <b>bold</b> and <em>fine</em>.</p><p>Two</p>", "One **bold** and *fine*.\n\nTwo"),
            ("<p>a<br/>b<br><br>c</p>", "a  \nb\n\nc"),
            (
                "<ul>\n<li>one</li>\n<li>two <ol><li>x</li><li>y</li></ol></li></ul>end",
                "- one\n- two\n  1. x\n  2. y\n\nend",
            ),
            ("<p>a</p><ul><li>b</li></ul>", "a\n\n- b"),
            ("<blockquote>a<ul><li>b</li></ul></blockquote>", "> a\n>\n> - b"),
            ("<p>See <a href='https://e.org/a b'>the  page</a>.</p>", "See [the page](https://e.org/a%20b)."),
            ("<p>See <a href=\"javascript:x\">this</a><a href=https://e.org></a></p>", "See this"),
            ("<h2>Title</h2><p>Text</p><h3></h3>", "## Title\n\nText"),
            ("<blockquote><p>a</p><p>b</p></blockquote>c", "> a\n>\n> b\n\nc"),
            ("<pre>if a &lt; b:\n  go()</pre>", "```\nif a < b:\n  go()\n```"),
            ("<p>use <code>x &amp; `y`</code></p>", "use ``  x & `y`  ``".replace("  ", " ").as_str()),
            ("<p>2 &lt; 3 &amp; *star* &eacute;&nbsp;&#8211;</p>", "2 \\< 3 & \\*star\\* é –"),
            ("<p>safe</p><script>alert('<p>')</script><p>end</p>", "safe\n\nend"),
            ("<b> bold </b>text", "**bold** text"),
            ("<p><b></b>x</p>", "x"),
            ("plain *markdown*\nwith <br> break", "plain *markdown*\nwith  \nbreak"),
            ("<table><tr><th>a</th><th>b</th></tr><tr><td>1</td><td>2</td></tr></table>", "a | b\n1 | 2"),
            ("<p>a < b <notatag> c", "a \\< b  c".replace("  ", " ").as_str()),
        ] {
            assert_eq!(to_markdown(html).markdown, expected, "{html}");
        }
        assert_eq!(to_markdown("<p>a</p><iframe src=x></iframe>").dropped, ["iframe"]);
    }

    #[test]
    fn only_real_tags_make_a_text_html() {
        for (text, expected) in [
            ("<p>x</p>", true),
            ("a<br/>b", true),
            ("a < b and c > d", false),
            ("<https://example.org> and <me@example.org>", false),
            ("`<p>` and \\<p>", false),
            ("```\n<div>\n```", false),
            ("I <3 you", false),
            ("Vec<T> and <T>", false),
        ] {
            assert_eq!(is_html(text), expected, "{text}");
        }
    }

    #[test]
    fn hostile_text_takes_no_more_time_than_its_length() {
        for piece in ["<", "<a ", "<b>", "<ul><li>", "`", "``` ", "&", "<!--", "<script>", "<blockquote>"] {
            let text = piece.repeat(100_000 / piece.len());
            assert!(to_markdown(&format!("<p>{text}")).markdown.len() <= text.len() * 20);
        }
    }
}
