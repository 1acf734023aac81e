//! Contrast of the accent colour, by WCAG 2.2: what is written on it and how it is written itself.

/// A colour of 8 bits a channel.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Color {
    red: u8,
    green: u8,
    blue: u8,
}

/// Contrast that WCAG asks of text (success criterion 1.4.3, level AA).
pub const READABLE: f64 = 4.5;
/// The darkest background of the light scheme, so that text holds on every one of them; `--surface`
/// of the stylesheet.
pub const PAPER: Color = Color { red: 0xf6, green: 0xf7, blue: 0xf9 };
/// The lightest background of the dark scheme; `--raised` of the stylesheet.
pub const NIGHT: Color = Color { red: 0x20, green: 0x25, blue: 0x2d };

const WHITE: Color = Color { red: 0xff, green: 0xff, blue: 0xff };
const BLACK: Color = Color { red: 0, green: 0, blue: 0 };

/// The accent colour as pages use it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Accent {
    /// Surfaces such as buttons: the colour as chosen.
    pub surface: String,
    /// What is written on such surfaces: white or black, whichever reads better.
    pub on_surface: String,
    /// Links and marks on the light page: the colour, darkened as far as it must be.
    pub on_paper: String,
    /// Links and marks on the dark page: the colour, lightened as far as it must be.
    pub on_night: String,
}

impl Accent {
    /// Works out the colours around a chosen `#rrggbb`; a malformed one counts as the default.
    #[must_use]
    pub fn of(chosen: &str) -> Self {
        let color = Color::parse(chosen).or_else(|| Color::parse(super::model::DEFAULT_ACCENT)).unwrap_or(BLACK);
        let on_surface = if color.contrast(WHITE) >= color.contrast(BLACK) { WHITE } else { BLACK };
        Self {
            surface: color.to_string(),
            on_surface: on_surface.to_string(),
            on_paper: color.made_readable(PAPER).to_string(),
            on_night: color.made_readable(NIGHT).to_string(),
        }
    }

    /// Whether text in the colour itself can be read on the light page.
    #[must_use]
    pub fn is_readable_on_paper(&self) -> bool {
        self.surface == self.on_paper
    }
}

impl Color {
    /// Reads `#rrggbb`.
    #[must_use]
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.strip_prefix('#').filter(|digits| digits.len() == 6 && digits.is_ascii())?;
        let channel = |at: usize| u8::from_str_radix(&digits[at..at + 2], 16).ok();
        Some(Self { red: channel(0)?, green: channel(2)?, blue: channel(4)? })
    }

    /// The contrast ratio, from 1 to 21.
    #[must_use]
    pub fn contrast(self, other: Self) -> f64 {
        let (one, two) = (self.luminance(), other.luminance());
        (one.max(two) + 0.05) / (one.min(two) + 0.05)
    }

    fn luminance(self) -> f64 {
        let linear = |channel: u8| {
            let value = f64::from(channel) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        };
        0.2126 * linear(self.red) + 0.7152 * linear(self.green) + 0.0722 * linear(self.blue)
    }

    /// The nearest colour on the way to black or white, whichever is far from `background`, that
    /// can be read on it.
    fn made_readable(self, background: Self) -> Self {
        let target = if background.luminance() > 0.5 { 0 } else { 255 };
        (0..=100u32)
            .map(|step| self.mixed(target, step))
            .find(|color| color.contrast(background) >= READABLE)
            .unwrap_or(Self { red: target, green: target, blue: target })
    }

    /// `step` per cent of the way to the grey `target`.
    fn mixed(self, target: u8, step: u32) -> Self {
        let mix = |channel: u8| {
            let value = (u32::from(channel) * (100 - step) + u32::from(target) * step) / 100;
            u8::try_from(value).unwrap_or(target)
        };
        Self { red: mix(self.red), green: mix(self.green), blue: mix(self.blue) }
    }
}

impl std::fmt::Display for Color {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "#{:02x}{:02x}{:02x}", self.red, self.green, self.blue)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_colour_is_chosen_can_be_read() {
        for chosen in ["#000000", "#ffffff", "#ffff00", "#1f4e9e", "#ff0000", "#777777", "#00ff7f", "nonsense"] {
            let accent = Accent::of(chosen);
            let color = |text: &str| Color::parse(text).expect("a colour");
            assert!(color(&accent.on_surface).contrast(color(&accent.surface)) >= READABLE, "on {chosen}");
            assert!(color(&accent.on_paper).contrast(PAPER) >= READABLE, "{chosen} on paper");
            assert!(color(&accent.on_night).contrast(NIGHT) >= READABLE, "{chosen} at night");
        }
        assert!(Accent::of("#1f4e9e").is_readable_on_paper());
        assert!(!Accent::of("#ffff00").is_readable_on_paper());
    }

    #[test]
    fn contrast_is_as_wcag_defines_it() {
        let black = Color::parse("#000000").expect("black");
        assert!((black.contrast(WHITE) - 21.0).abs() < 0.001);
        assert_eq!(Color::parse("#12345"), None);
        assert_eq!(Color::parse("#12345é"), None);
    }
}
