//! Content lines, escaped, folded and ended as the standard wants.

use crate::db::UtcTime;
use chrono::TimeZone;
use chrono_tz::Tz;

/// Octets of a line, its end not counted.
const LINE_LENGTH: usize = 75;

/// A calendar while it is being written.
#[derive(Default)]
pub struct Lines {
    out: String,
}

impl Lines {
    /// A text property; nothing where the text is empty.
    pub fn text(&mut self, name: &str, text: &str) {
        if !text.is_empty() {
            self.raw(&format!("{name}:{}", escape(text)));
        }
    }

    /// A line as it is, folded between characters so that no octets of one are torn apart.
    pub fn raw(&mut self, line: &str) {
        let mut length = 0;
        for letter in line.chars().filter(|letter| !matches!(letter, '\r' | '\n')) {
            if length + letter.len_utf8() > LINE_LENGTH {
                self.out.push_str("\r\n ");
                length = 1;
            }
            self.out.push(letter);
            length += letter.len_utf8();
        }
        self.out.push_str("\r\n");
    }

    /// The whole text.
    #[must_use]
    pub fn finish(self) -> String {
        self.out
    }
}

/// A value of type TEXT (RFC 5545, 3.3.11).
#[must_use]
pub fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for letter in text.chars() {
        match letter {
            '\\' | ';' | ',' => escaped.extend(['\\', letter]),
            '\n' => escaped.push_str("\\n"),
            letter if letter.is_control() && letter != '\t' => {}
            letter => escaped.push(letter),
        }
    }
    escaped
}

/// `;NAME="value"`, its quotes written as RFC 6868 says; nothing where the value is empty.
#[must_use]
pub fn parameter(name: &str, value: &str) -> String {
    let visible: String = value.chars().filter(|letter| !letter.is_control()).collect();
    let clean = visible.replace('^', "^^").replace('"', "^'");
    if clean.is_empty() { clean } else { format!(";{name}=\"{clean}\"") }
}

/// An instant in UTC.
#[must_use]
pub fn utc(at: UtcTime) -> String {
    at.to_chrono().format("%Y%m%dT%H%M%SZ").to_string()
}

/// A property that is an instant: in the zone, or in UTC where the clock shows the same time twice and
/// the zone alone would mean the first.
#[must_use]
pub fn moment(name: &str, at: UtcTime, zone: Tz) -> String {
    let local = at.in_zone(zone).naive_local();
    let plain = zone.from_local_datetime(&local).earliest().is_some_and(|first| first.to_utc() == at.to_chrono());
    if zone == Tz::UTC || !plain {
        return format!("{name}:{}", utc(at));
    }
    format!("{name};TZID={}:{}", zone.name(), local.format("%Y%m%dT%H%M%S"))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn lines_are_short_and_fold_back_to_what_they_were(text in any::<String>()) {
            let mut lines = Lines::default();
            lines.text("DESCRIPTION", &format!("x{text}"));
            let out = lines.finish();
            prop_assert!(out.split("\r\n").all(|line| line.len() <= LINE_LENGTH));
            prop_assert!(out.ends_with("\r\n"));
            let unfolded = out.replace("\r\n ", "");
            prop_assert_eq!(unfolded.trim_end_matches("\r\n"), format!("DESCRIPTION:{}", escape(&format!("x{text}"))));
        }
    }
}
