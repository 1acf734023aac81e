//! Reading a source: Markdown (CommonMark) with placeholders, without HTML and pictures.

use super::model::{
    BODY_LENGTH, Block, Inline, Line, Piece, Placeholder, Problem, SUBJECT_LENGTH, Sort, Source, Wording,
};
use pulldown_cmark::{Event, Options, Parser, Tag, TagEnd};
use std::iter::Peekable;

/// Around the number of a placeholder while Markdown is read; taken out of what people typed.
const BEFORE: char = '\u{E000}';
const AFTER: char = '\u{E001}';

/// Reads a source. `needed` are the placeholders that it must mention.
///
/// # Errors
/// Everything that is wrong with it.
pub fn read(source: &Source, known: &[Placeholder], needed: &[&'static str]) -> Result<Wording, Vec<Problem>> {
    let mut reading = Reading { known, mentions: Vec::new(), problems: Vec::new() };
    reading.check_size(source);
    let subject = reading.mark(&source.subject.split_whitespace().collect::<Vec<_>>().join(" "), 0);
    let subject = reading.pieces(&subject);
    for piece in &subject {
        reading.refuse_part(piece, 0);
    }
    let marked: Vec<String> =
        source.body.lines().enumerate().map(|(number, line)| reading.mark(line, number + 1)).collect();
    let marked = marked.join("\n");
    let mut events = Parser::new_ext(&marked, Options::empty()).peekable();
    let blocks = reading.blocks(&mut events, None);
    for name in needed {
        if !reading.mentions.iter().any(|mentioned| mentioned.name == *name) {
            reading.problems.push(Problem::Missing { name });
        }
    }
    if reading.problems.is_empty() {
        Ok(Wording { subject, blocks, mentions: reading.mentions })
    } else {
        Err(reading.problems)
    }
}

struct Reading<'k> {
    known: &'k [Placeholder],
    mentions: Vec<Placeholder>,
    problems: Vec<Problem>,
}

type Events<'a> = Peekable<Parser<'a>>;

impl Reading<'_> {
    fn check_size(&mut self, source: &Source) {
        if source.subject.trim().is_empty() {
            self.problems.push(Problem::NoSubject);
        }
        if source.body.trim().is_empty() {
            self.problems.push(Problem::NoBody);
        }
        if source.subject.chars().count() > SUBJECT_LENGTH || source.body.chars().count() > BODY_LENGTH {
            self.problems.push(Problem::TooLong);
        }
    }

    /// A line with each placeholder replaced by its marked number.
    fn mark(&mut self, line: &str, number: usize) -> String {
        let line: String = line.chars().filter(|sign| !matches!(*sign, BEFORE | AFTER)).collect();
        let (mut marked, mut rest) = (String::with_capacity(line.len()), line.as_str());
        while let Some(start) = rest.find("{{") {
            marked.push_str(&rest[..start]);
            let Some(length) = rest[start + 2..].find("}}") else {
                self.problems.push(Problem::Open { line: number });
                return marked;
            };
            let name = rest[start + 2..start + 2 + length].trim();
            match self.mention(name) {
                Some(index) => marked.push_str(&format!("{BEFORE}{index}{AFTER}")),
                None => {
                    let name = name.chars().take(60).collect();
                    self.problems.push(Problem::Unknown { name, line: number });
                }
            }
            rest = &rest[start + 2 + length + 2..];
        }
        marked.push_str(rest);
        marked
    }

    fn mention(&mut self, name: &str) -> Option<usize> {
        if let Some(index) = self.mentions.iter().position(|mentioned| mentioned.name == name) {
            return Some(index);
        }
        let placeholder = self.known.iter().find(|known| known.name == name)?;
        self.mentions.push(*placeholder);
        Some(self.mentions.len() - 1)
    }

    /// A marked text taken apart again.
    fn pieces(&self, marked: &str) -> Vec<Piece> {
        let mut pieces = Vec::new();
        let mut rest = marked;
        while let Some((words, (index, after))) =
            rest.split_once(BEFORE).and_then(|(words, rest)| Some((words, rest.split_once(AFTER)?)))
        {
            if !words.is_empty() {
                pieces.push(Piece::Words(words.to_owned()));
            }
            if let Some(index) = index.parse().ok().filter(|index| *index < self.mentions.len()) {
                pieces.push(Piece::Value(index));
            }
            rest = after;
        }
        if !rest.is_empty() {
            pieces.push(Piece::Words(rest.to_owned()));
        }
        pieces
    }

    fn refuse_part(&mut self, piece: &Piece, line: usize) {
        if let Piece::Value(index) = piece
            && self.mentions[*index].sort == Sort::Part
        {
            self.problems.push(Problem::Misplaced { name: self.mentions[*index].name.to_owned(), line });
        }
    }

    /// Everything up to the end of `within`.
    fn blocks(&mut self, events: &mut Events<'_>, within: Option<TagEnd>) -> Vec<Block> {
        let mut blocks = Vec::new();
        while let Some(event) = events.peek() {
            match event {
                Event::End(end) if Some(*end) == within => {
                    events.next();
                    break;
                }
                Event::End(_) => {
                    events.next();
                }
                Event::Rule => {
                    events.next();
                    blocks.push(Block::Rule);
                }
                Event::Start(tag) if is_block(tag) => {
                    let tag = tag.clone();
                    events.next();
                    blocks.extend(self.block(events, &tag));
                }
                // Items of a tight list hold their words without a paragraph.
                _ => {
                    let words = self.inlines(events, None);
                    blocks.extend(self.paragraph(words));
                }
            }
        }
        blocks
    }

    fn block(&mut self, events: &mut Events<'_>, tag: &Tag<'_>) -> Option<Block> {
        match tag {
            Tag::BlockQuote(kind) => Some(Block::Quote(self.blocks(events, Some(TagEnd::BlockQuote(*kind))))),
            Tag::List(first) => {
                let mut items = Vec::new();
                while let Some(event) = events.next() {
                    match event {
                        Event::Start(Tag::Item) => items.push(self.blocks(events, Some(TagEnd::Item))),
                        Event::End(TagEnd::List(_)) => break,
                        _ => {}
                    }
                }
                Some(Block::List(*first, items))
            }
            Tag::Heading { .. } => {
                let words = self.inlines(events, Some(tag.to_end()));
                Some(Block::Heading(self.lines(words)))
            }
            _ => {
                let words = self.inlines(events, Some(tag.to_end()));
                self.paragraph(words)
            }
        }
    }

    fn inlines(&mut self, events: &mut Events<'_>, within: Option<TagEnd>) -> Vec<Inline> {
        let mut inlines = Vec::new();
        while let Some(event) = events.peek() {
            match event {
                Event::End(end) if Some(*end) == within => {
                    events.next();
                    break;
                }
                Event::End(_) if within.is_none() => break,
                Event::Start(tag) if within.is_none() && is_block(tag) => break,
                Event::Rule if within.is_none() => break,
                _ => {}
            }
            match events.next() {
                Some(Event::Text(text) | Event::Code(text) | Event::Html(text) | Event::InlineHtml(text)) => {
                    self.words(&text, &mut inlines);
                }
                // Whoever writes a mail means each line as a line.
                Some(Event::SoftBreak | Event::HardBreak) => inlines.push(Inline::Break),
                Some(Event::Start(tag)) => inlines.extend(self.inline(events, &tag)),
                _ => {}
            }
        }
        inlines
    }

    /// Words of code and of what looks like HTML may hold line ends.
    fn words(&self, text: &str, inlines: &mut Vec<Inline>) {
        for (number, line) in text.trim_end_matches('\n').split('\n').enumerate() {
            if number > 0 {
                inlines.push(Inline::Break);
            }
            inlines.extend(self.pieces(line).into_iter().map(Inline::Piece));
        }
    }

    fn inline(&mut self, events: &mut Events<'_>, tag: &Tag<'_>) -> Vec<Inline> {
        let inner = self.inlines(events, Some(tag.to_end()));
        match tag {
            Tag::Strong => vec![Inline::Strong(inner)],
            Tag::Emphasis => vec![Inline::Stressed(inner)],
            Tag::Link { dest_url, .. } => {
                let to = self.pieces(dest_url);
                if self.leads_somewhere(&to) {
                    vec![Inline::Link { to, label: inner }]
                } else {
                    let shown = to.iter().map(|piece| match piece {
                        Piece::Words(words) => words.clone(),
                        Piece::Value(index) => format!("{{{{{}}}}}", self.mentions[*index].name),
                    });
                    let to = shown.collect::<String>().chars().take(80).collect();
                    self.problems.push(Problem::Link { to });
                    inner
                }
            }
            // A picture from elsewhere would tell its owner who reads: its words remain.
            _ => inner,
        }
    }

    fn leads_somewhere(&self, to: &[Piece]) -> bool {
        match to.first() {
            Some(Piece::Words(words)) => {
                ["https://", "http://", "mailto:"].iter().any(|scheme| words.to_ascii_lowercase().starts_with(scheme))
            }
            Some(Piece::Value(index)) => self.mentions[*index].sort == Sort::Address,
            None => false,
        }
    }

    fn paragraph(&mut self, words: Vec<Inline>) -> Option<Block> {
        match words.as_slice() {
            [] => None,
            [Inline::Piece(Piece::Value(index))] if self.mentions[*index].sort == Sort::Part => {
                Some(Block::Part(*index))
            }
            [Inline::Link { to, label }] => Some(Block::Button { to: to.clone(), label: label.clone() }),
            [Inline::Stressed(inner)] => Some(Block::Remark(self.lines(inner.clone()))),
            _ => Some(Block::Paragraph(self.lines(words))),
        }
    }

    fn lines(&mut self, words: Vec<Inline>) -> Vec<Line> {
        self.refuse_parts(&words);
        let mut lines = vec![Vec::new()];
        for inline in words {
            match inline {
                Inline::Break => lines.push(Vec::new()),
                other => lines.last_mut().into_iter().for_each(|line| line.push(other.clone())),
            }
        }
        lines
    }

    fn refuse_parts(&mut self, words: &[Inline]) {
        for inline in words {
            match inline {
                Inline::Piece(piece) => self.refuse_part(piece, 0),
                Inline::Strong(inner) | Inline::Stressed(inner) | Inline::Link { label: inner, .. } => {
                    self.refuse_parts(inner);
                }
                Inline::Break => {}
            }
        }
    }
}

fn is_block(tag: &Tag<'_>) -> bool {
    !matches!(tag, Tag::Emphasis | Tag::Strong | Tag::Strikethrough | Tag::Link { .. } | Tag::Image { .. })
}
