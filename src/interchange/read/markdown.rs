//! The Markdown side of the conversion from HTML: lines, lists, quotes, code and escapes.

use super::html::{Tag, decode};

/// Tags that go together with all they hold.
const DROPPED: &[&str] = &["script", "style", "iframe", "object", "embed", "svg", "template", "noscript"];
/// Lists and quotes nested deeper are flattened.
const MAX_NESTING: usize = 16;

/// The outcome of a conversion.
pub(super) struct Converted {
    /// The text in Markdown.
    pub(super) markdown: String,
    /// Names of elements left out together with their content.
    pub(super) dropped: Vec<String>,
}

enum Container {
    Quote,
    List { ordered: bool, next: usize },
    Item { indent: usize },
}

/// Writes Markdown as tags and texts come.
#[derive(Default)]
pub(super) struct Writer {
    out: String,
    whole: bool,
    containers: Vec<Container>,
    /// Line ends owed before the next text.
    breaks: usize,
    hard_break: bool,
    space: bool,
    /// A list item's sign, owed at the start of its first line.
    item: Option<String>,
    /// Signs of inline markup that are owed before the next text, so that empty markup leaves no trace.
    opening: Vec<String>,
    links: Vec<Option<String>>,
    /// Content of `pre` or `code`, kept as it stands.
    verbatim: Option<(bool, String)>,
    cells: usize,
    dropped: Vec<String>,
}

impl Writer {
    /// `whole` says that the text is HTML throughout, so that Markdown's own signs in it are escaped.
    pub(super) fn new(whole: bool) -> Self {
        Self { whole, ..Self::default() }
    }

    /// Takes a tag in and gives the text to go on with, which is later for elements that are dropped.
    pub(super) fn tag<'t>(&mut self, tag: &Tag, after: &'t str) -> &'t str {
        let name = tag.name.as_str();
        if let Some((is_pre, _)) = &self.verbatim {
            let closes = tag.closing && name == if *is_pre { "pre" } else { "code" };
            if closes || (tag.closing && name == "p" && !is_pre) {
                self.close_verbatim();
            } else if name == "br"
                && let Some((_, content)) = &mut self.verbatim
            {
                content.push('\n');
            }
            return after;
        }
        if DROPPED.contains(&name) {
            return self.drop_element(tag, after);
        }
        match name {
            "p" | "div" | "section" | "article" | "figure" | "table" | "dl" | "center" => self.break_lines(2),
            "br" => self.line_break(),
            "tr" | "dt" | "dd" => {
                self.break_lines(1);
                self.cells = 0;
            }
            "td" | "th" if !tag.closing => self.cell(),
            "h1" | "h2" | "h3" | "h4" | "h5" | "h6" => self.heading(tag),
            "hr" => self.rule(),
            "ul" | "ol" => self.list(tag, name == "ol"),
            "li" => self.list_item(tag),
            "blockquote" => self.quote(tag),
            "strong" | "b" => self.inline(tag, "**"),
            "em" | "i" | "cite" => self.inline(tag, "*"),
            "pre" | "code" | "tt" | "kbd" if !tag.closing => {
                self.verbatim = Some((name == "pre", String::new()));
            }
            "a" => self.link(tag),
            "img" => self.image(tag),
            _ => {}
        }
        after
    }

    fn drop_element<'t>(&mut self, tag: &Tag, after: &'t str) -> &'t str {
        if tag.closing {
            return after;
        }
        if !self.dropped.contains(&tag.name) {
            self.dropped.push(tag.name.clone());
        }
        if tag.name == "embed" || tag.attributes.ends_with('/') {
            return after;
        }
        let end = format!("</{}", tag.name);
        let position =
            after.as_bytes().windows(end.len()).position(|window| window.eq_ignore_ascii_case(end.as_bytes()));
        position.map_or("", |position| after[position..].split_once('>').map_or("", |(_, rest)| rest))
    }

    /// Takes the text between two tags in.
    pub(super) fn text(&mut self, raw: &str) {
        if let Some((_, content)) = &mut self.verbatim {
            content.push_str(&decode(raw));
            return;
        }
        let decoded = if self.whole { decode(raw) } else { raw.to_owned() };
        let mut letters = decoded.chars().peekable();
        let mut previous = ' ';
        while let Some(letter) = letters.next() {
            if letter.is_whitespace() && letter != '\u{a0}' {
                self.white_space(letter);
                previous = ' ';
                continue;
            }
            let at_line_start = self.begin_text();
            let next = letters.peek().copied().unwrap_or(' ');
            if self.whole && needs_escape(letter, previous, next, at_line_start) {
                self.out.push('\\');
            }
            // A no-break space is layout, not meaning, and would hide Markdown's signs from the reader.
            self.out.push(if letter == '\u{a0}' { ' ' } else { letter });
            previous = letter;
        }
    }

    fn white_space(&mut self, letter: char) {
        if !self.whole && letter == '\n' {
            // The text around the tags is Markdown or plain: its lines matter.
            self.breaks = (self.breaks + 1).min(2);
        }
        self.space = true;
    }

    /// Writes everything owed; tells whether the next letter is the first of its line.
    fn begin_text(&mut self) -> bool {
        let mut first = self.out.is_empty();
        if !self.out.is_empty() && self.breaks > 0 {
            self.out.truncate(self.out.trim_end_matches(' ').len());
            if self.hard_break && self.breaks == 1 {
                self.out.push_str("  ");
            }
            for number in 0..self.breaks {
                self.out.push('\n');
                if number + 1 < self.breaks {
                    // A blank line goes on with the quotes around it; an item's sign waits for its text.
                    let sign = self.item.take();
                    let prefix = self.prefix();
                    self.out.push_str(prefix.trim_end());
                    self.item = sign;
                }
            }
            first = true;
        } else if self.space && !self.out.is_empty() && !self.out.ends_with([' ', '\n']) {
            self.out.push(' ');
        }
        if first {
            let prefix = self.prefix();
            self.out.push_str(&prefix);
        }
        (self.breaks, self.space, self.hard_break) = (0, false, false);
        first &= self.opening.is_empty();
        for sign in std::mem::take(&mut self.opening) {
            self.out.push_str(&sign);
        }
        first
    }

    /// What stands before the text of a new line in the quotes and list items around it.
    fn prefix(&mut self) -> String {
        let mut prefix = String::new();
        let items = self.containers.iter().filter(|container| matches!(container, Container::Item { .. })).count();
        let mut passed = 0;
        for container in &self.containers {
            match container {
                Container::Quote => prefix.push_str("> "),
                Container::List { .. } => {}
                Container::Item { indent } => {
                    passed += 1;
                    match self.item.take_if(|_| passed == items) {
                        Some(sign) => prefix.push_str(&sign),
                        None => prefix.extend(std::iter::repeat_n(' ', *indent)),
                    }
                }
            }
        }
        prefix
    }

    fn break_lines(&mut self, lines: usize) {
        self.breaks = self.breaks.max(lines);
        self.hard_break = false;
    }

    fn line_break(&mut self) {
        if self.breaks == 1 && self.hard_break {
            // Two in a row are how a paragraph ends in hand-written HTML.
            self.breaks = 2;
        } else if self.breaks == 0 {
            (self.breaks, self.hard_break) = (1, true);
        }
    }

    fn heading(&mut self, tag: &Tag) {
        self.break_lines(2);
        let level = tag.name[1..].parse().unwrap_or(1);
        let sign = format!("{} ", "#".repeat(level));
        if tag.closing {
            self.opening.retain(|open| *open != sign);
        } else {
            self.opening.insert(0, sign);
        }
    }

    fn rule(&mut self) {
        self.break_lines(2);
        self.begin_text();
        self.out.push_str("---");
        self.break_lines(2);
    }

    fn cell(&mut self) {
        if self.cells > 0 {
            self.space = true;
            self.begin_text();
            self.out.push('|');
            self.space = true;
        }
        self.cells += 1;
    }

    fn list(&mut self, tag: &Tag, ordered: bool) {
        let nested = self.containers.iter().any(|container| matches!(container, Container::Item { .. }));
        self.break_lines(if nested { 1 } else { 2 });
        if tag.closing {
            let list = self.containers.iter().rposition(|container| matches!(container, Container::List { .. }));
            self.containers.truncate(list.unwrap_or(self.containers.len()));
            self.item = None;
        } else if self.containers.len() < MAX_NESTING {
            self.containers.push(Container::List { ordered, next: 1 });
        }
    }

    fn list_item(&mut self, tag: &Tag) {
        self.break_lines(1);
        self.item = None;
        let list = self.containers.iter().rposition(|container| matches!(container, Container::List { .. }));
        match list {
            Some(list) => self.containers.truncate(list + 1),
            None if tag.closing => return,
            None => self.containers.push(Container::List { ordered: false, next: 1 }),
        }
        if tag.closing {
            return;
        }
        if let Some(Container::List { ordered, next }) = self.containers.last_mut() {
            let sign = if *ordered { format!("{next}. ") } else { "- ".to_owned() };
            *next += 1;
            self.containers.push(Container::Item { indent: sign.len() });
            self.item = Some(sign);
        }
    }

    fn quote(&mut self, tag: &Tag) {
        self.break_lines(2);
        if tag.closing {
            let quote = self.containers.iter().rposition(|container| matches!(container, Container::Quote));
            self.containers.truncate(quote.unwrap_or(self.containers.len()));
        } else if self.containers.len() < MAX_NESTING {
            self.containers.push(Container::Quote);
        }
    }

    fn inline(&mut self, tag: &Tag, sign: &str) {
        if !tag.closing {
            self.opening.push(sign.to_owned());
        } else if self.opening.last().is_some_and(|open| open == sign) {
            self.opening.pop();
        } else if !self.out.is_empty() && self.breaks == 0 {
            self.out.push_str(sign);
        }
    }

    fn link(&mut self, tag: &Tag) {
        if !tag.closing {
            let address = tag.attribute("href").filter(|address| is_web_address(address));
            if address.is_some() {
                self.opening.push("[".to_owned());
            }
            self.links.push(address);
            return;
        }
        let Some(address) = self.links.pop().flatten() else { return };
        if let Some(open) = self.opening.iter().rposition(|sign| sign == "[") {
            self.opening.truncate(open);
        } else {
            let address = address.replace(' ', "%20").replace('(', "%28").replace(')', "%29");
            self.out.push_str(&format!("]({address})"));
        }
    }

    fn image(&mut self, tag: &Tag) {
        let Some(address) = tag.attribute("src").filter(|address| is_web_address(address)) else { return };
        let words = tag.attribute("alt").unwrap_or_else(|| address.clone());
        self.begin_text();
        self.out.push_str(&format!("[{}]({address})", words.replace(['[', ']', '\n'], " ")));
    }

    fn close_verbatim(&mut self) {
        let Some((is_pre, content)) = self.verbatim.take() else { return };
        if content.trim().is_empty() {
            return;
        }
        let longest = content.split(|letter| letter != '`').map(str::len).max().unwrap_or(0);
        if is_pre {
            self.break_lines(2);
            let fence = "`".repeat(longest.max(2) + 1);
            for line in
                std::iter::once(fence.as_str()).chain(content.trim_matches('\n').split('\n')).chain([fence.as_str()])
            {
                self.begin_text();
                self.out.push_str(line.trim_end_matches('\r'));
                self.break_lines(1);
            }
            self.break_lines(2);
        } else {
            let ticks = "`".repeat(longest + 1);
            let words: Vec<&str> = content.split_whitespace().collect();
            let pad = if longest > 0 { " " } else { "" };
            self.begin_text();
            self.out.push_str(&format!("{ticks}{pad}{}{pad}{ticks}", words.join(" ")));
        }
    }

    /// Everything written.
    pub(super) fn finish(mut self) -> Converted {
        self.close_verbatim();
        Converted { markdown: self.out, dropped: self.dropped }
    }
}

fn is_web_address(address: &str) -> bool {
    let lower = address.to_ascii_lowercase();
    lower.starts_with("https://") || lower.starts_with("http://") || lower.starts_with("mailto:")
}

/// Whether Markdown would read this letter of plain text as a sign of its own.
fn needs_escape(letter: char, previous: char, next: char, at_line_start: bool) -> bool {
    match letter {
        '*' | '`' | '<' => true,
        '_' => !(previous.is_alphanumeric() && next.is_alphanumeric()),
        '\\' => next.is_ascii_punctuation(),
        '#' | '>' | '-' | '+' | '=' | '~' | '|' => at_line_start,
        '&' => next.is_ascii_alphanumeric() || next == '#',
        '[' | ']' => false,
        _ => false,
    }
}
