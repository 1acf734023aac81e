//! Texts of a foreign file as we keep them: one clean line, or tidy Markdown.

use super::html;
use super::input::is_forbidden;
use super::limits::Limits;
use crate::interchange::notes::{Notes, Problem};
use unicode_normalization::UnicodeNormalization;

/// A title or name: one line, white space collapsed, NFC.
pub(super) fn line(raw: &str, place: &str, limits: &Limits, notes: &mut Notes) -> String {
    let clean = without_forbidden(raw, place, notes);
    let line = collapse(&clean);
    cut(line, limits.line, place, notes)
}

/// An abstract, description or biography: Markdown, whether the file held HTML, Markdown or plain text.
///
/// Doing it again changes nothing, so that our own exports come back as they were.
pub(super) fn block(raw: &str, place: &str, limits: &Limits, notes: &mut Notes) -> String {
    let clean = without_forbidden(raw, place, notes);
    let unified: String = clean.replace("\r\n", "\n").replace('\r', "\n").nfc().collect();
    let bounded = cut(unified, limits.text, place, notes);
    let markdown = if html::is_html(&bounded) {
        let converted = html::to_markdown(&bounded);
        notes.tally(place, Problem::HtmlConverted, "");
        for dropped in converted.dropped {
            notes.tally(place, Problem::HtmlDropped, &dropped);
        }
        converted.markdown
    } else {
        dedent(&bounded)
    };
    tidy(&markdown)
}

/// White space collapsed to single spaces, trimmed, NFC: the form in which names are compared.
pub(super) fn collapse(raw: &str) -> String {
    let mut line = String::with_capacity(raw.len());
    for word in raw.split_whitespace() {
        if !line.is_empty() {
            line.push(' ');
        }
        line.push_str(word);
    }
    line.nfc().collect()
}

fn without_forbidden(raw: &str, place: &str, notes: &mut Notes) -> String {
    if !raw.contains(is_forbidden) {
        return raw.to_owned();
    }
    notes.tally(place, Problem::ControlCharacters, "");
    raw.chars().filter(|letter| !is_forbidden(*letter)).collect()
}

fn cut(text: String, limit: usize, place: &str, notes: &mut Notes) -> String {
    if text.len() <= limit {
        return text;
    }
    match text.char_indices().nth(limit) {
        None => text,
        Some((end, _)) => {
            notes.warn(place, Problem::TextCut, &limit.to_string());
            text[..end].to_owned()
        }
    }
}

/// Takes away the indentation that all lines share, which pretty-printed XML adds
/// and Markdown would take for a block of code.
fn dedent(text: &str) -> String {
    let indent = |line: &str| line.len() - line.trim_start_matches([' ', '\t']).len();
    let lines = || text.split('\n').filter(|line| !line.trim().is_empty());
    let shared = lines().map(indent).min().unwrap_or(0);
    if shared == 0 {
        return text.to_owned();
    }
    let dedented: Vec<&str> = text.split('\n').map(|line| line.get(shared..).unwrap_or("")).collect();
    dedented.join("\n")
}

/// Trims line ends but for Markdown's hard break, and joins runs of blank lines; leaves code alone.
fn tidy(markdown: &str) -> String {
    let mut lines: Vec<String> = Vec::new();
    let mut fence: Option<&str> = None;
    let source: Vec<&str> = markdown.trim_matches(['\n', ' ', '\t']).split('\n').collect();
    for (index, line) in source.iter().enumerate() {
        let marker = ["```", "~~~"].into_iter().find(|marker| line.trim_start().starts_with(marker));
        if let Some(marker) = marker {
            match fence {
                None => fence = Some(marker),
                Some(open) if open == marker => fence = None,
                Some(_) => {}
            }
        }
        let trimmed = line.trim_end();
        if fence.is_some() && marker.is_none() {
            lines.push((*line).to_owned());
        } else if trimmed.is_empty() {
            if lines.last().is_some_and(|last| !last.is_empty()) {
                lines.push(String::new());
            }
        } else {
            let hard_break = line.ends_with("  ") && source.get(index + 1).is_some_and(|next| !next.trim().is_empty());
            lines.push(if hard_break { format!("{trimmed}  ") } else { trimmed.to_owned() });
        }
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn block_of(raw: &str) -> String {
        block(raw, "here", &Limits::default(), &mut Notes::default())
    }

    #[test]
    fn titles_become_one_clean_line() {
        for (raw, expected) in [
            ("  Design \r\n and\tBuild ", "Design and Build"),
            ("nul\u{0}l \u{6}", "null"),
            ("e\u{301}", "é"),
            ("<3 Rust & C", "<3 Rust & C"),
            ("\u{3000}開幕式\u{3000}", "開幕式"),
        ] {
            assert_eq!(line(raw, "here", &Limits::default(), &mut Notes::default()), expected);
        }
    }

    #[test]
    fn plain_text_and_markdown_keep_their_lines() {
        for (raw, expected) in [
            ("one\r\ntwo  \r\nthree   \n\n\n\nfour ", "one\ntwo  \nthree\n\nfour"),
            (
                "\n          Der kommunale\n          Versorger\n            betreibt\n        ",
                "Der kommunale\nVersorger\n  betreibt",
            ),
            ("intro:\n\n    code", "intro:\n\n    code"),
            ("```\n  a  \n\n\n  b\n```", "```\n  a  \n\n\n  b\n```"),
            ("a <https://example.org> b < c", "a <https://example.org> b < c"),
            ("`<p>` is a paragraph", "`<p>` is a paragraph"),
        ] {
            assert_eq!(block_of(raw), expected);
        }
    }

    #[test]
    fn long_texts_are_cut_and_it_is_said() {
        let limits = Limits { line: 3, ..Limits::default() };
        let mut notes = Notes::default();
        assert_eq!(line("äöü!", "here", &limits, &mut notes), "äöü");
        assert_eq!(notes.finish()[0].problem, Problem::TextCut);
    }

    proptest! {
        #[test]
        fn cleaning_a_clean_text_changes_nothing(raw in "([a-z<>/&*_`#\\- \n\t]|<p>|</p>|<b>|</b>|<li>|<ul>|<br>|<pre>|</pre>|<code>|</code>|<a href=\"https://e.org\">|</a>|&lt;|&amp;|```|  \n){0,60}") {
            let once = block_of(&raw);
            prop_assert_eq!(block_of(&once), once);
        }

        #[test]
        fn any_text_can_be_cleaned(raw in any::<String>()) {
            let cleaned = block_of(&raw);
            prop_assert!(!cleaned.contains(is_forbidden));
            let one = line(&raw, "here", &Limits::default(), &mut Notes::default());
            prop_assert_eq!(collapse(&one), one.clone());
        }
    }
}
