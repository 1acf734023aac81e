//! Numbers, days and names in the language of a page.

use crate::accounts::access::Allowed;
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang, Localized, TextArg, Texts, country_name};
use crate::numbers::days::Bin;
use crate::numbers::openings::Openings;
use crate::web::PageContext;
use chrono::NaiveDate;

/// What it takes to put numbers into words.
pub(super) struct Words<'a> {
    pub(super) texts: &'a Texts,
    pub(super) lang: Lang,
    pub(super) event: &'a Event,
    pub(super) format: &'static Formatter,
    /// Whether the page runs from right to left.
    pub(super) is_mirrored: bool,
}

impl<'a> Words<'a> {
    pub(super) fn of<P>(team: &'a Allowed<P>, context: &PageContext) -> Self {
        Self {
            texts: &team.visit.app.texts,
            lang: context.lang,
            event: &team.event,
            format: context.formatter(),
            is_mirrored: context.lang.is_rtl(),
        }
    }

    /// A text without anything to fill in.
    pub(super) fn text(&self, key: &str) -> String {
        self.texts.text(self.lang, key, &[])
    }

    /// A text with something filled in.
    pub(super) fn with(&self, key: &str, args: &[(&str, TextArg<'_>)]) -> String {
        self.texts.text(self.lang, key, args)
    }

    /// "10,000".
    pub(super) fn number(&self, value: i64) -> String {
        self.format.number(value)
    }

    /// The number as a text may need it: for the plural, and as people read it.
    pub(super) fn counted(&self, key: &str, value: i64) -> String {
        self.with(key, &[("count", value.into()), ("number", self.number(value).into())])
    }

    /// What one column of a chart stands for.
    pub(super) fn bin(&self, bin: Bin, day: NaiveDate) -> String {
        match bin {
            Bin::Day => self.format.day(day),
            Bin::Week => self.with("numbers-week", &[("day", self.format.month_day(day).into())]),
            Bin::Month => self.with("numbers-month", &[("day", self.format.date(day).into())]),
        }
    }

    /// The same short enough to stand below it.
    pub(super) fn below(&self, day: NaiveDate) -> String {
        self.format.short_day(day)
    }

    /// A content text in the reader's language, or what stands for none.
    pub(super) fn name(&self, name: &Localized, none: &str) -> String {
        let name = name.text(self.lang, &self.event.languages);
        if name.is_empty() { self.text(none) } else { name.to_owned() }
    }

    /// A country by its code.
    pub(super) fn country(&self, code: &str) -> String {
        code.parse()
            .map_or_else(|_| self.text("numbers-not-said"), |country| country_name(self.texts, self.lang, country))
    }

    /// A language by its tag.
    pub(super) fn language(&self, tag: &str) -> String {
        let primary = tag.parse::<Lang>().map(Lang::primary).unwrap_or("und");
        let key = format!("language-{primary}");
        if self.texts.has(Lang::EN, &key) { self.text(&key) } else { tag.to_owned() }
    }

    /// How a registration came to be.
    pub(super) fn source(&self, source: &str) -> String {
        self.text(&format!("numbers-source-{source}"))
    }

    /// Where the form was opened from.
    pub(super) fn opened_from(&self, word: &str) -> String {
        if Openings::is_class(word) {
            self.text(&format!("numbers-opened-{word}"))
        } else {
            self.with("numbers-opened-word", &[("word", word.to_owned().into())])
        }
    }

    /// An organisation; everybody without one is together.
    pub(super) fn organisation(&self, name: &str) -> String {
        if name.trim().is_empty() { self.text("numbers-not-said") } else { name.to_owned() }
    }
}
