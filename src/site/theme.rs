//! An event's colours as a stylesheet of their own, so that pages need no inline styles.

use super::model::PublicEvent;
use crate::events::colors::Accent;
use std::fmt::Write;

/// The stylesheet of an event.
pub(super) fn stylesheet(event: &PublicEvent) -> String {
    let Accent { surface, on_surface, on_paper, on_night } = Accent::of(&event.event.accent);
    let mut css = format!(
        ":root{{--accent:{surface};--accent-contrast:{on_surface};--accent-ink:light-dark({on_paper},{on_night})}}\n"
    );
    for forum in event.released.iter().flat_map(|released| &released.programme.forums) {
        // Codes are words for URLs and colours are checked when they are saved: nothing to escape.
        let _ = writeln!(css, "[data-forum=\"{}\"]{{--forum:{}}}", forum.code, forum.color);
    }
    css
}
