//! Texts that organizers and speakers write: Markdown to safe HTML and to plain words.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};
use std::collections::BTreeSet;
use std::sync::OnceLock;

/// Markdown as HTML that can't do harm: raw HTML in it, scripts, styles and foreign pictures are
/// taken out, links lead away without telling where from.
#[must_use]
pub fn markdown(text: &str) -> String {
    static CLEANER: OnceLock<ammonia::Builder<'static>> = OnceLock::new();
    let cleaner = CLEANER.get_or_init(|| {
        let mut cleaner = ammonia::Builder::default();
        cleaner.rm_tags(["img", "map", "area"]).link_rel(Some("noopener noreferrer nofollow"));
        cleaner.url_schemes(["http", "https", "mailto"].into());
        cleaner
    });
    let options = Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH;
    let events: Vec<Event<'_>> = Parser::new_ext(text, options).collect();
    let ranks: BTreeSet<HeadingLevel> = events
        .iter()
        .filter_map(|event| if let Event::End(TagEnd::Heading(level)) = event { Some(*level) } else { None })
        .collect();
    let events = events.into_iter().map(|event| match event {
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: below(level, &ranks), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(below(level, &ranks))),
        other => other,
    });
    let mut rendered = String::with_capacity(text.len() * 3 / 2);
    html::push_html(&mut rendered, events);
    cleaner.clean(&rendered).to_string()
}

/// The page has its own first heading. Those of a text begin at the second and leave none out,
/// whichever levels its author chose, so that headings can be walked through by ear.
fn below(level: HeadingLevel, ranks: &BTreeSet<HeadingLevel>) -> HeadingLevel {
    use HeadingLevel as H;
    match ranks.range(..level).count() {
        0 => H::H2,
        1 => H::H3,
        2 => H::H4,
        3 => H::H5,
        _ => H::H6,
    }
}

/// Markdown as words alone, in one paragraph, of at most `limit` characters.
#[must_use]
pub fn plain_text(text: &str, limit: usize) -> String {
    let mut words = String::new();
    for event in Parser::new_ext(text, Options::ENABLE_TABLES) {
        match event {
            Event::Text(part) | Event::Code(part) => words.push_str(&part),
            Event::SoftBreak | Event::HardBreak | Event::End(_) => words.push(' '),
            _ => {}
        }
    }
    let line = words.split_whitespace().collect::<Vec<_>>().join(" ");
    match line.char_indices().nth(limit) {
        Some((end, _)) => format!("{}…", line[..end].trim_end()),
        None => line,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_harmful_survives() {
        for harmful in [
            "<script>alert(1)</script>",
            "[x](javascript:alert(1))",
            "<img src=x onerror=alert(1)>",
            "![tracker](https://evil.example/p.png)",
            "<p style=\"position:fixed\">x</p>",
        ] {
            let html = markdown(harmful);
            for sign in ["<script", "javascript:", "onerror", "<img", "style="] {
                assert!(!html.contains(sign), "{harmful} became {html}");
            }
        }
    }

    #[test]
    fn words_and_structure_stay() {
        assert_eq!(markdown("# Title\n\n*one* two").trim(), "<h2>Title</h2>\n<p><em>one</em> two</p>");
        assert_eq!(markdown("## a\n#### b").trim(), "<h2>a</h2>\n<h3>b</h3>");
        assert_eq!(plain_text("# Title\n\n*one* `two`\nthree", 100), "Title one two three");
        assert_eq!(plain_text("一二三四五", 3), "一二三…");
    }
}
