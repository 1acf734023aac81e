//! How large a text may be to fit its place on a badge.
//!
//! A badge is one design scaled: upright ones are drawn as A6, lying ones as a card, and everything is a
//! multiple of one unit. Names are measured by rough widths of letters, on the wide side, because nobody
//! knows which fonts the computer at the printer has; the stylesheet cuts off what should be wider still.

use super::model::{Design, Part};

/// The size of A6, which upright badges are drawn for.
const UPRIGHT: (f64, f64) = (105.0, 148.0);
/// The size of a card, which lying badges are drawn for.
const LYING: (f64, f64) = (86.0, 54.0);

/// Where a text stands, in units; static/badges.css places it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// Its width.
    pub width: f64,
    /// Its height.
    pub height: f64,
    /// The height of its letters at the largest step.
    pub font: f64,
}

/// The measures of one design.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Layout {
    /// Whether it is at least as high as wide.
    pub is_upright: bool,
    /// One unit, in millimetres.
    pub unit: f64,
    width: f64,
    has_photo: bool,
}

impl Layout {
    /// The measures of a design.
    #[must_use]
    pub fn of(design: &Design) -> Self {
        let (width, height) = design.millimetres();
        let (width, height) = (f64::from(width.max(1)), f64::from(height.max(1)));
        let is_upright = height >= width;
        let drawn = if is_upright { UPRIGHT } else { LYING };
        let unit = (width / drawn.0).min(height / drawn.1);
        Self { is_upright, unit, width: width / unit, has_photo: design.shows(Part::Photo) }
    }

    /// The same for somebody without a photo.
    #[must_use]
    pub fn without_photo(self) -> Self {
        Self { has_photo: false, ..self }
    }

    const fn pick(&self, upright: f64, lying: f64) -> f64 {
        if self.is_upright { upright } else { lying }
    }

    /// Between the edges.
    fn inner(&self) -> f64 {
        self.width - self.pick(14.0, 8.0)
    }

    /// The side of the code, in millimetres.
    #[must_use]
    pub fn code_side(&self) -> f64 {
        self.pick(34.0, 22.5) * self.unit
    }

    /// Beside the code, and beside the photo where there is one.
    fn beside(&self) -> f64 {
        let photo = if self.has_photo { self.pick(31.0, 20.0) } else { 0.0 };
        self.inner() - self.pick(37.0, 24.5) - photo
    }

    /// The event's name, in one of so many languages below each other.
    #[must_use]
    pub fn event(&self, languages: usize) -> Place {
        let each = f64::from(u8::try_from(languages.max(1)).unwrap_or(u8::MAX));
        Place { width: self.inner(), height: self.pick(9.8, 3.8) / each, font: self.pick(4.0, 2.9) }
    }

    /// The large name.
    #[must_use]
    pub fn large(&self) -> Place {
        Place { width: self.inner(), height: self.pick(29.0, 10.2), font: self.pick(12.0, 8.4) }
    }

    /// The other name.
    #[must_use]
    pub fn small(&self) -> Place {
        Place { width: self.inner(), height: self.pick(15.8, 5.6), font: self.pick(6.5, 4.6) }
    }

    /// Position, or organisation.
    #[must_use]
    pub fn detail(&self) -> Place {
        let width = if self.is_upright { self.inner() } else { self.beside() };
        Place { width, height: self.pick(10.7, 7.1), font: self.pick(4.4, 2.9) }
    }

    /// The country's name.
    #[must_use]
    pub fn country(&self) -> Place {
        let code = if self.is_upright { 0.0 } else { 6.0 };
        Place { width: self.beside() - code, height: self.pick(13.2, 3.6), font: self.pick(3.6, 2.9) }
    }

    /// The category beside so many letters of zones.
    #[must_use]
    pub fn category(&self, zones: usize) -> Place {
        let letter = if zones > MANY_ZONES { self.pick(6.5, 4.0) } else { self.pick(9.0, 5.6) };
        let zones = f64::from(u8::try_from(zones).unwrap_or(u8::MAX)) * letter;
        let width = (self.inner() - zones - 2.0).max(self.inner() / 4.0);
        Place { width, height: self.pick(9.6, 5.8), font: self.pick(7.0, 4.4) }
    }
}

/// From so many zones on, their letters are drawn small.
pub const MANY_ZONES: usize = 4;

/// Sizes that a text is tried at, of the largest; classes `fit-0` to `fit-9` of the stylesheet.
const STEPS: [f64; 10] = [1.0, 0.88, 0.77, 0.67, 0.58, 0.5, 0.43, 0.37, 0.32, 0.28];
/// The height of a line, of its letters.
const LINE: f64 = 1.2;

/// The first step at which a text fits its place; the last when none does.
#[must_use]
pub fn step(text: &str, place: Place) -> usize {
    let parts = parts(text);
    let fits = |step: &f64| {
        let font = place.font * step;
        let lines = (place.height / (font * LINE) + 0.01).floor();
        takes(&parts, place.width / font).is_some_and(|needed| f64::from(needed) <= lines)
    };
    STEPS.iter().position(fits).unwrap_or(STEPS.len() - 1)
}

/// What can't be broken, with its width in heights of a letter and that of the space after it.
type Unbroken = (f64, f64);

fn parts(text: &str) -> Vec<Unbroken> {
    let mut parts: Vec<Unbroken> = Vec::new();
    let mut word = 0.0;
    let mut close = |word: &mut f64, space: f64| {
        if *word > 0.0 {
            parts.push((*word, space));
            *word = 0.0;
        }
    };
    for letter in text.chars() {
        if letter.is_whitespace() {
            close(&mut word, SPACE);
        } else if is_wide(letter) {
            close(&mut word, 0.0);
            word = 1.0;
            close(&mut word, 0.0);
        } else {
            if word + width(letter) > LONGEST_WORD {
                close(&mut word, 0.0);
            }
            word += width(letter);
            if matches!(letter, '-' | '‐' | '–' | '/') {
                close(&mut word, 0.0);
            }
        }
    }
    close(&mut word, 0.0);
    parts
}

/// The lines that the parts take at this width; none when one of them is wider.
fn takes(parts: &[Unbroken], width: f64) -> Option<u32> {
    let (mut lines, mut used) = (1u32, 0.0);
    for (part, space) in parts {
        if *part > width {
            return None;
        }
        if used + part > width {
            lines += 1;
            used = 0.0;
        }
        used += part + space;
    }
    Some(lines)
}

const SPACE: f64 = 0.3;
/// A word that is wider is broken sooner than written so small that nobody reads it.
const LONGEST_WORD: f64 = 14.0;

/// Han, kana, Hangul and full-width letters are as wide as high, and may be broken anywhere.
const fn is_wide(letter: char) -> bool {
    matches!(letter, '\u{1100}'..='\u{115f}' | '\u{2e80}'..='\u{a4cf}' | '\u{ac00}'..='\u{d7af}' | '\u{f900}'..='\u{faff}'
        | '\u{fe30}'..='\u{fe4f}' | '\u{ff00}'..='\u{ff60}' | '\u{20000}'..='\u{3ffff}')
}

/// The width of a bold letter, of its height.
fn width(letter: char) -> f64 {
    match letter {
        // Marks stand above or below a letter and take no width of their own.
        '\u{300}'..='\u{36f}' | '\u{610}'..='\u{61a}' | '\u{64b}'..='\u{65f}' | '\u{200b}'..='\u{200f}' => 0.0,
        'i' | 'j' | 'l' | 'I' | '.' | ',' | '\'' | '’' | '|' | ':' | ';' | '!' => 0.36,
        'f' | 'r' | 't' | '(' | ')' | '-' | '/' => 0.46,
        'm' | 'w' | 'M' | 'W' | '@' | '—' | '…' => 1.0,
        '\u{600}'..='\u{6ff}' | '\u{750}'..='\u{77f}' => 0.62,
        _ if letter.is_uppercase() => 0.76,
        _ if letter.is_ascii() => 0.63,
        '\u{c0}'..='\u{24f}' => 0.64,
        _ => 0.72,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::badges::model::SizeName;
    use proptest::prelude::*;

    fn layout(size: SizeName) -> Layout {
        Layout::of(&Design { size, ..Design::default() })
    }

    #[test]
    fn a_short_name_is_as_large_as_can_be_and_a_long_one_shrinks_in_steps() {
        let place = layout(SizeName::A6).large();
        for (name, expected) in [
            ("Li Na", 0),
            ("Ada Lovelace", 0),
            ("李小龙", 0),
            ("سميرة حداد", 0),
            ("Александр Иванов", 0),
            ("Maximiliana Konstantina Hohenberg-Sigmar", 3),
            ("Wolfeschlegelsteinhausenbergerdorffwwwww", 5),
        ] {
            assert_eq!(step(name, place), expected, "{name}");
        }
    }

    #[test]
    fn sizes_are_one_design_scaled() {
        assert!((layout(SizeName::A6).unit - 1.0).abs() < 1e-9);
        assert!((layout(SizeName::Card).unit - 1.0).abs() < 1e-9 && !layout(SizeName::Card).is_upright);
        assert!((layout(SizeName::Label62).unit - 62.0 / 105.0).abs() < 1e-9);
        assert_eq!(layout(SizeName::Label62).large(), layout(SizeName::A6).large(), "the same at another unit");
    }

    #[test]
    fn a_person_without_a_photo_has_its_place_for_words() {
        let with = layout(SizeName::Card);
        assert!(with.without_photo().detail().width > with.detail().width + 15.0);
    }

    proptest! {
        #[test]
        fn what_is_longer_is_never_larger(words in proptest::collection::vec("[a-zA-Zа-я李]{1,14}", 1..8)) {
            let place = layout(SizeName::Card).large();
            let steps: Vec<usize> = (1..=words.len()).map(|count| step(&words[..count].join(" "), place)).collect();
            prop_assert!(steps.is_sorted(), "{steps:?}");
        }

        #[test]
        fn any_text_has_a_step(text in ".{0,80}") {
            prop_assert!(step(&text, layout(SizeName::Label62).small()) < STEPS.len());
        }
    }
}
