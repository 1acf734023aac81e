//! An event's colours as a stylesheet of their own, so that pages need no inline styles.

use super::model::PublicEvent;
use std::fmt::Write;

/// The stylesheet of an event.
pub(super) fn stylesheet(event: &PublicEvent) -> String {
    let accent = &event.event.accent;
    let mut css = format!(":root{{--accent:{accent};--accent-contrast:{}}}\n", contrast(accent));
    for forum in event.released.iter().flat_map(|released| &released.programme.forums) {
        // Codes are words for URLs and colours are checked when they are saved: nothing to escape.
        let _ = writeln!(css, "[data-forum=\"{}\"]{{--forum:{}}}", forum.code, forum.color);
    }
    css
}

/// Black or white, whichever is easier to read on `color` (WCAG 2.2 relative luminance).
#[must_use]
pub(super) fn contrast(color: &str) -> &'static str {
    let channel = |at: usize| {
        let value = color.get(at..at + 2).and_then(|digits| u8::from_str_radix(digits, 16).ok()).unwrap_or(0);
        let share = f64::from(value) / 255.0;
        if share <= 0.040_45 { share / 12.92 } else { ((share + 0.055) / 1.055).powf(2.4) }
    };
    let luminance = 0.2126 * channel(1) + 0.7152 * channel(3) + 0.0722 * channel(5);
    if (luminance + 0.05) / 0.05 > 1.05 / (luminance + 0.05) { "#000000" } else { "#ffffff" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_on_a_colour_can_be_read() {
        for (color, words) in [("#ffffff", "#000000"), ("#000000", "#ffffff"), ("#1f4f8b", "#ffffff"), ("#ffd500", "#000000")] {
            assert_eq!(contrast(color), words, "{color}");
        }
    }
}
