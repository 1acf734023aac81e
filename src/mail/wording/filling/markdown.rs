//! Filling values in without giving up the source: Markdown in which everything is said, for organizers who change
//! a single mail. Read again it makes the same mail; parts with a form of their own stay placeholders.

use super::{Filler, any_value};
use crate::mail::model::{Editable, EditablePart};
use crate::mail::wording::model::{Block, Filling, Inline, Line, Piece, Sort};

impl Filler<'_> {
    /// The filled source with the parts that it mentions.
    pub(super) fn editable(&self) -> Editable {
        let blocks = self.source_blocks(&self.wording.blocks);
        let mentioned = self.wording.mentions.iter().zip(self.values);
        let parts = mentioned.filter_map(|(placeholder, value)| match value {
            Filling::Part { html, text } if !value.is_empty() => {
                Some(EditablePart { name: placeholder.name.to_owned(), html: html.clone(), text: text.clone() })
            }
            _ => None,
        });
        Editable { parts: parts.collect(), body: blocks.join("\n\n") + "\n" }
    }

    fn source_blocks(&self, blocks: &[Block]) -> Vec<String> {
        blocks.iter().map(|block| self.source_block(block)).filter(|text| !text.is_empty()).collect()
    }

    fn source_block(&self, block: &Block) -> String {
        match block {
            Block::Paragraph(lines) => self.source_lines(lines),
            Block::Heading(lines) => around("## ", &self.source_lines(lines).replace('\n', " "), ""),
            Block::Remark(lines) => around("*", &self.source_lines(lines), "*"),
            Block::Rule => "---".to_owned(),
            Block::Part(index) => match self.values.get(*index) {
                Some(value) if !value.is_empty() => format!("{{{{{}}}}}", self.wording.mentions[*index].name),
                _ => String::new(),
            },
            Block::Button { to, label } if self.lacks(label) || self.pieces_lack(to) => String::new(),
            Block::Button { to, label } => link(&self.source_inlines(label), &self.address(to)),
            Block::Quote(inner) => {
                let text = self.source_blocks(inner).join("\n\n");
                text.lines().map(|line| format!("> {line}").trim_end().to_owned()).collect::<Vec<_>>().join("\n")
            }
            Block::List(first, items) => self.source_list(*first, items),
        }
    }

    fn source_list(&self, first: Option<u64>, items: &[Vec<Block>]) -> String {
        let (mut lines, mut number) = (Vec::new(), first);
        for item in items {
            let text = self.source_blocks(item).join("\n\n");
            if text.is_empty() {
                continue;
            }
            let mark = number.map_or_else(|| "- ".to_owned(), |number| format!("{number}. "));
            let indent = format!("\n{}", " ".repeat(mark.len()));
            lines.push(format!("{mark}{}", text.replace('\n', &indent)));
            number = number.map(|number| number + 1);
        }
        lines.join("\n")
    }

    /// The lines that are kept, by the same rule as in text and HTML.
    fn source_lines(&self, lines: &[Line]) -> String {
        let has_value = |line: &Line| any_value(line, &|index| !self.value(index).is_empty());
        if lines.iter().any(|line| self.mentions(line)) && !lines.iter().any(has_value) {
            return String::new();
        }
        let kept = lines.iter().filter(|line| !self.lacks(line)).map(|line| {
            let text = self.source_inlines(line);
            let is_words = matches!(line.first(), Some(Inline::Piece(_)));
            if is_words { text.lines().map(guarded).collect::<Vec<_>>().join("\n") } else { text }
        });
        kept.collect::<Vec<_>>().join("\n")
    }

    fn source_inlines(&self, inlines: &[Inline]) -> String {
        inlines.iter().map(|inline| self.source_inline(inline)).collect()
    }

    fn source_inline(&self, inline: &Inline) -> String {
        match inline {
            Inline::Piece(Piece::Words(words)) => escaped(words),
            Inline::Piece(Piece::Value(index)) => {
                let is_address = self.wording.mentions[*index].sort == Sort::Address;
                let value = self.value(*index);
                if is_address { link(&escaped(value), value) } else { escaped(value) }
            }
            Inline::Break => "\n".to_owned(),
            Inline::Strong(inner) => around("**", &self.source_inlines(inner), "**"),
            Inline::Stressed(inner) => around("*", &self.source_inlines(inner), "*"),
            Inline::Link { to, label } => link(&self.source_inlines(label), &self.address(to)),
        }
    }
}

fn around(open: &str, text: &str, close: &str) -> String {
    if text.is_empty() { String::new() } else { format!("{open}{text}{close}") }
}

fn link(label: &str, to: &str) -> String {
    let is_plain = !to.contains([' ', '(', ')', '<', '>', '\\']);
    let to = if is_plain { to.to_owned() } else { format!("<{}>", to.replace('<', "%3C").replace('>', "%3E")) };
    format!("[{label}]({to})")
}

/// Words that mean themselves.
fn escaped(words: &str) -> String {
    let mut text = String::with_capacity(words.len());
    for sign in words.chars() {
        if matches!(sign, '\\' | '`' | '*' | '_' | '[' | ']' | '<' | '&' | '{') {
            text.push('\\');
        }
        text.push(sign);
    }
    text
}

/// A line whose beginning means itself.
fn guarded(line: &str) -> String {
    let line = line.trim();
    let digits = line.bytes().take_while(u8::is_ascii_digit).count();
    let numbers = (1..10).contains(&digits) && line[digits..].starts_with(['.', ')']);
    if numbers {
        return format!("{}\\{}", &line[..digits], &line[digits..]);
    }
    if line.starts_with(['#', '+', '-', '>', '=', '~']) { format!("\\{line}") } else { line.to_owned() }
}

/// A line of plain text as Markdown that means it.
#[must_use]
pub fn of_line(line: &str) -> String {
    guarded(&escaped(line))
}

#[cfg(test)]
mod tests {
    use crate::mail::wording::filling::{Filled, fill};
    use crate::mail::wording::markup;
    use crate::mail::wording::model::{Filling, Placeholder, Sort, Source};
    use proptest::prelude::*;

    const KNOWN: [Placeholder; 3] = [
        Placeholder { name: "name", sort: Sort::Words },
        Placeholder { name: "link", sort: Sort::Address },
        Placeholder { name: "ticket", sort: Sort::Part },
    ];

    fn made(source: &Source, values: &[(&str, Filling)]) -> Filled {
        let known: Vec<Placeholder> =
            KNOWN.into_iter().filter(|known| values.iter().any(|(name, _)| *name == known.name)).collect();
        let wording = markup::read(source, &known, &[]).unwrap_or_else(|problems| panic!("{problems:?} in {source:?}"));
        let value = |mentioned: &Placeholder| {
            values.iter().find(|(name, _)| *name == mentioned.name).expect("a value").1.clone()
        };
        fill(&wording, &wording.mentions.iter().map(value).collect::<Vec<_>>())
    }

    /// Fills in, and again from what can be edited.
    fn twice(body: &str, name: &str) -> (Filled, Filled) {
        let source = Source { subject: "S".to_owned(), body: body.to_owned() };
        let ticket = Filling::Part { html: "<table></table>\n".to_owned(), text: "[ticket]".to_owned() };
        let values = [
            ("name", Filling::Words(name.to_owned())),
            ("link", Filling::Words("https://summit.example/r/a_b*c?x=1&y=(2)".to_owned())),
            ("ticket", ticket.clone()),
        ];
        let first = made(&source, &values);
        let editable = first.source.clone().expect("a source");
        let again = made(&Source { subject: "S".to_owned(), body: editable.body }, &[("ticket", ticket)]);
        (first, again)
    }

    fn without_isolation(html: &str) -> String {
        html.replace("<bdi>", "").replace("</bdi>", "")
    }

    #[test]
    fn what_can_be_edited_makes_the_same_mail() {
        let body = "# Dear {{name}}\n\nLine one **{{name}}** and\nline two: {{name}}\n\n*Small {{name}}*\n\n> Quoted {{name}}\n>\n> - a\n> - {{name}}\n\n\
            1. first {{link}}\n2. second\n\n[Open {{name}}]({{link}})\n\nSee [here]({{link}}) or {{link}} now.\n\n{{ticket}}\n\n---\n\nBye {{name}}\n";
        for name in ["Ada", "李小龙", "*Ada* _x_ `y` <b>&amp; [a](b) \\", "- # 1. > x", "{{ticket}}", "a&lt;b"] {
            let (first, again) = twice(body, name);
            assert_eq!(first.text, again.text, "{name}");
            assert_eq!(without_isolation(&first.html), without_isolation(&again.html), "{name}");
            assert_eq!(first.source, again.source, "{name}");
        }
    }

    proptest! {
        #[test]
        fn whatever_is_filled_in_means_itself(name in "[ -~]{1,30}") {
            prop_assume!(!name.trim().is_empty() && name.trim() == name && !name.contains("  "));
            for body in ["{{name}}\n", "Dear {{name}}, hello\n\n- {{name}}\n", "> {{name}} x\n"] {
                let (first, again) = twice(body, &name);
                prop_assert_eq!(&first.text, &again.text);
            }
        }
    }
}
