//! Checks that turn raw fields into values and note what is wrong.

use super::forms::{FieldErrors, FormData, Message, clean_block, clean_line};
use crate::i18n::{Country, Lang, Localized};
use crate::mail::address::EmailAddress;
use chrono::{NaiveDate, NaiveTime};
use std::str::FromStr;

/// Longest single line that is kept: names of 200 characters in any script are fine.
pub const LINE_LENGTH: usize = 200;
/// Longest text of several lines that is kept.
pub const BLOCK_LENGTH: usize = 20_000;

/// Walks through a form, collecting values and errors; all fields are checked, not only up to the first wrong one.
pub struct Checker<'a> {
    form: &'a FormData,
    errors: FieldErrors,
}

impl<'a> Checker<'a> {
    /// Begins with nothing wrong.
    #[must_use]
    pub fn new(form: &'a FormData) -> Self {
        Self { form, errors: FieldErrors::default() }
    }

    /// Notes that something is wrong with `field`.
    pub fn wrong(&mut self, field: impl Into<String>, message: Message) {
        self.errors.push(field, message);
    }

    /// The values when nothing is wrong, else the errors.
    ///
    /// # Errors
    /// What was noted.
    pub fn finish<T>(self, value: T) -> Result<T, FieldErrors> {
        if self.errors.is_empty() { Ok(value) } else { Err(self.errors) }
    }

    /// Whether anything is wrong so far.
    #[must_use]
    pub fn has_errors(&self) -> bool {
        !self.errors.is_empty()
    }

    /// One line that may be empty, of at most [`LINE_LENGTH`] characters.
    pub fn line(&mut self, name: &str) -> String {
        let text = clean_line(self.form.text(name));
        if text.chars().count() > LINE_LENGTH {
            self.wrong(name, Message::new("error-too-long").with("max", LINE_LENGTH));
        }
        text
    }

    /// One line that may not be empty.
    pub fn required_line(&mut self, name: &str) -> String {
        let text = self.line(name);
        if text.is_empty() {
            self.wrong(name, Message::new("error-required"));
        }
        text
    }

    /// One line, or nothing.
    pub fn optional_line(&mut self, name: &str) -> Option<String> {
        Some(self.line(name)).filter(|text| !text.is_empty())
    }

    /// A text of several lines that may be empty.
    pub fn block(&mut self, name: &str) -> String {
        let text = clean_block(self.form.text(name));
        if text.chars().count() > BLOCK_LENGTH {
            self.wrong(name, Message::new("error-too-long").with("max", BLOCK_LENGTH));
        }
        text
    }

    /// The fields `name.en`, `name.zh` … as one content text of single lines.
    pub fn localized_line(&mut self, name: &str, languages: &[Lang]) -> Localized {
        languages.iter().map(|lang| (*lang, self.line(&format!("{name}.{lang}")))).collect()
    }

    /// The fields `name.en`, `name.zh` … as one content text of several lines.
    pub fn localized_block(&mut self, name: &str, languages: &[Lang]) -> Localized {
        languages.iter().map(|lang| (*lang, self.block(&format!("{name}.{lang}")))).collect()
    }

    /// Like [`Checker::localized_line`], with a text in the main (first) language at least.
    pub fn required_localized_line(&mut self, name: &str, languages: &[Lang]) -> Localized {
        let value = self.localized_line(name, languages);
        if value.is_empty() {
            let main = languages.first().copied().unwrap_or(Lang::EN);
            self.wrong(format!("{name}.{main}"), Message::new("error-required"));
        }
        value
    }

    /// A value that its type can read; empty is an error.
    pub fn parsed<T: FromStr>(&mut self, name: &str, wrong: &'static str) -> Option<T> {
        let text = clean_line(self.form.text(name));
        if text.is_empty() {
            self.wrong(name, Message::new("error-required"));
            return None;
        }
        self.read(name, &text, wrong)
    }

    /// A value that its type can read, or nothing when the field is empty.
    pub fn optional_parsed<T: FromStr>(&mut self, name: &str, wrong: &'static str) -> Option<T> {
        let text = clean_line(self.form.text(name));
        if text.is_empty() { None } else { self.read(name, &text, wrong) }
    }

    fn read<T: FromStr>(&mut self, name: &str, text: &str, wrong: &'static str) -> Option<T> {
        let value = text.parse().ok();
        if value.is_none() {
            self.wrong(name, Message::new(wrong));
        }
        value
    }

    /// A mail address; empty is an error.
    pub fn email(&mut self, name: &str) -> Option<EmailAddress> {
        self.parsed(name, "error-email")
    }

    /// A country, or nothing.
    pub fn country(&mut self, name: &str) -> Option<Country> {
        self.optional_parsed(name, "error-country")
    }

    /// A date as `<input type=date>` sends it.
    pub fn date(&mut self, name: &str) -> Option<NaiveDate> {
        self.parsed(name, "error-date")
    }

    /// A time of day as `<input type=time>` sends it, with or without seconds.
    pub fn time(&mut self, name: &str) -> Option<NaiveTime> {
        let text = clean_line(self.form.text(name));
        if text.is_empty() {
            self.wrong(name, Message::new("error-required"));
            return None;
        }
        let time =
            NaiveTime::parse_from_str(&text, "%H:%M").or_else(|_| NaiveTime::parse_from_str(&text, "%H:%M:%S")).ok();
        if time.is_none() {
            self.wrong(name, Message::new("error-time"));
        }
        time
    }

    /// A whole number within bounds; empty is an error.
    pub fn number(&mut self, name: &str, bounds: std::ops::RangeInclusive<i32>) -> Option<i32> {
        let value = self.parsed::<i32>(name, "error-number")?;
        self.within(name, value, &bounds)
    }

    /// A whole number within bounds, or nothing.
    pub fn optional_number(&mut self, name: &str, bounds: std::ops::RangeInclusive<i32>) -> Option<i32> {
        let value = self.optional_parsed::<i32>(name, "error-number")?;
        self.within(name, value, &bounds)
    }

    fn within(&mut self, name: &str, value: i32, bounds: &std::ops::RangeInclusive<i32>) -> Option<i32> {
        if bounds.contains(&value) {
            return Some(value);
        }
        self.wrong(name, Message::new("error-out-of-range").with("min", *bounds.start()).with("max", *bounds.end()));
        None
    }

    /// A colour `#rrggbb`, as `<input type=color>` sends it.
    pub fn color(&mut self, name: &str) -> Option<String> {
        let text = clean_line(self.form.text(name)).to_ascii_lowercase();
        let is_color =
            text.len() == 7 && text.starts_with('#') && text[1..].bytes().all(|byte| byte.is_ascii_hexdigit());
        if !is_color {
            self.wrong(name, Message::new("error-color"));
            return None;
        }
        Some(text)
    }

    /// A short name for URLs: small letters, digits and hyphens.
    pub fn code(&mut self, name: &str) -> Option<String> {
        let text = clean_line(self.form.text(name)).to_ascii_lowercase();
        let fits = !text.is_empty()
            && text.len() <= 60
            && !text.starts_with('-')
            && !text.ends_with('-')
            && text.bytes().all(|byte| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-');
        if !fits {
            self.wrong(name, Message::new("error-code"));
            return None;
        }
        Some(text)
    }
}
