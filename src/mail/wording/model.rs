//! Sources of mails, what they may mention, and what can be wrong with them.

use serde::{Deserialize, Serialize};

/// Longest subject, in characters.
pub const SUBJECT_LENGTH: usize = 200;
/// Longest source, in characters.
pub const BODY_LENGTH: usize = 20_000;

/// What a mail is made from.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Source {
    /// One line with placeholders.
    pub subject: String,
    /// Markdown with placeholders.
    pub body: String,
}

/// What a placeholder stands for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sort {
    /// Words.
    Words,
    /// A web address, which may be where a link leads.
    Address,
    /// A part with a form of its own, such as the ticket; takes a paragraph by itself.
    Part,
}

/// A word between double braces that is filled in for each mail.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Placeholder {
    /// Its word.
    pub name: &'static str,
    /// What it stands for.
    pub sort: Sort,
}

/// What is wrong with a source. Lines count from 1; 0 is the subject.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Problem {
    /// Two braces open and never close on their line.
    Open {
        /// Where.
        line: usize,
    },
    /// No such placeholder in mails of this kind.
    Unknown {
        /// Its word.
        name: String,
        /// Where.
        line: usize,
    },
    /// A part stands between words, or in the subject.
    Misplaced {
        /// Its word.
        name: String,
        /// Where, as far as that is known.
        line: usize,
    },
    /// A link leads neither to a web address nor to a mail address.
    Link {
        /// What it says instead.
        to: String,
    },
    /// The mail is useless without this one.
    Missing {
        /// Its word.
        name: &'static str,
    },
    /// There is no subject.
    NoSubject,
    /// There is no text.
    NoBody,
    /// Subject or text is longer than it may be.
    TooLong,
}

/// A source that was read.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wording {
    /// The subject.
    pub subject: Vec<Piece>,
    /// The text.
    pub blocks: Vec<Block>,
    /// What it mentions; values are given in this order.
    pub mentions: Vec<Placeholder>,
}

/// Words, or the number of a placeholder among those mentioned.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Piece {
    /// Words as they are.
    Words(String),
    /// A value.
    Value(usize),
}

/// A part of a line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Inline {
    /// Words or a value.
    Piece(Piece),
    /// The line ends here.
    Break,
    /// Strong words.
    Strong(Vec<Inline>),
    /// Words with stress.
    Stressed(Vec<Inline>),
    /// A link.
    Link {
        /// Where it leads.
        to: Vec<Piece>,
        /// Its words.
        label: Vec<Inline>,
    },
}

/// A line of a paragraph.
pub type Line = Vec<Inline>;

/// A part of a mail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Block {
    /// Lines that belong together.
    Paragraph(Vec<Line>),
    /// A paragraph of stressed words only: a remark, small and quiet.
    Remark(Vec<Line>),
    /// A heading.
    Heading(Vec<Line>),
    /// Somebody's words.
    Quote(Vec<Block>),
    /// A list; numbered from the number, if there is one.
    List(Option<u64>, Vec<Vec<Block>>),
    /// A paragraph that is one link: the thing to do.
    Button {
        /// Where it leads.
        to: Vec<Piece>,
        /// Its words.
        label: Vec<Inline>,
    },
    /// A part with a form of its own.
    Part(usize),
    /// A line across.
    Rule,
}

/// What is filled in for one placeholder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Filling {
    /// Words or an address.
    Words(String),
    /// A part in both forms; the HTML is trusted.
    Part {
        /// As HTML.
        html: String,
        /// As text.
        text: String,
    },
}

impl Filling {
    /// Whether there is nothing to show.
    #[must_use]
    pub fn is_empty(&self) -> bool {
        match self {
            Self::Words(words) => words.is_empty(),
            Self::Part { html, text } => html.is_empty() && text.is_empty(),
        }
    }

    /// The words; a part has none.
    #[must_use]
    pub fn words(&self) -> &str {
        match self {
            Self::Words(words) => words,
            Self::Part { .. } => "",
        }
    }
}
