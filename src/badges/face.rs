//! One badge, worded and measured: what its template shows.

use super::fitting::{Layout, MANY_ZONES, Place, step};
use super::look::class_of;
use super::model::{BadgeCategory, Bearer, Design, LargeName, Part};
use crate::events::model::Event;
use crate::i18n::{Country, Lang, Localized, Texts, country_name};
use crate::registration::attendance::model::Zone;
use crate::registration::ticket::{DrawError, Ticket, TicketKey, draw_small_svg, serial};
use serde::Serialize;

/// A text with its language and the step of its size.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Fitted {
    /// The text.
    pub text: String,
    /// Its language; empty where nobody knows.
    pub lang: &'static str,
    /// The number of its class `fit-…`.
    pub fit: usize,
}

impl Fitted {
    fn of(text: String, place: Place) -> Self {
        let fit = step(&text, place);
        Self { lang: script_language(&text, None), text, fit }
    }
}

/// A badge as its template shows it.
#[derive(Clone, Debug, Serialize)]
pub struct Face {
    /// Whether it is upright.
    pub is_upright: bool,
    /// The class of its category's colour.
    pub class: String,
    /// The event's name, each language on a line where there is room; empty where it is not shown, as are
    /// all below.
    pub event: Vec<Fitted>,
    /// Dr, H.E.
    pub honorific: String,
    /// The large name.
    pub large: Fitted,
    /// The other name.
    pub small: Fitted,
    /// Office or job.
    pub position: Fitted,
    /// Ministry, company, university.
    pub organisation: Fitted,
    /// Two letters.
    pub country_code: String,
    /// The country's name.
    pub country: Fitted,
    /// The category.
    pub category: Fitted,
    /// The letters of its zones.
    pub zones: Vec<String>,
    /// Whether there are so many that they are drawn small.
    pub has_many_zones: bool,
    /// The registration's code.
    pub number: String,
    /// Where the photo is.
    pub photo_url: String,
    /// The ticket's code, as SVG.
    pub qr: String,
}

/// Stands between two languages; stays on the line of the first.
const BETWEEN: &str = "\u{a0}· ";

/// A zone by its names and the letter that stands for it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ZoneLetter {
    /// Its id and its code.
    pub names: [String; 2],
    /// The letter.
    pub letter: String,
    /// What it is called.
    pub name: Localized,
}

/// The letter of each zone: the first of its code that is still free, else any that is, else its number.
#[must_use]
pub fn zone_letters(zones: &[Zone]) -> Vec<ZoneLetter> {
    let mut taken: Vec<String> = Vec::new();
    let own = |zone: &Zone| zone.code.to_ascii_uppercase();
    for (index, zone) in zones.iter().enumerate() {
        let code = own(zone);
        let initials = code.split('-').filter_map(|word| word.chars().next());
        let candidates = initials.chain(code.chars()).chain('A'..='Z').filter(char::is_ascii_alphanumeric);
        let free = candidates.map(String::from).find(|letter| !taken.contains(letter));
        taken.push(free.unwrap_or_else(|| (index + 1).to_string()));
    }
    let letter = |(zone, letter): (&Zone, String)| ZoneLetter {
        names: [zone.id.to_string(), zone.code.clone()],
        letter,
        name: zone.name.clone(),
    };
    zones.iter().zip(taken).map(letter).collect()
}

/// All that the badges of one event are drawn from.
pub struct Drawing<'a> {
    /// The interface's texts, for names of countries.
    pub texts: &'a Texts,
    /// The event.
    pub event: &'a Event,
    /// The design.
    pub design: &'a Design,
    /// Its categories.
    pub categories: &'a [BadgeCategory],
    /// The letters of its zones.
    pub zones: &'a [ZoneLetter],
    /// The key that signs tickets.
    pub key: &'a TicketKey,
}

impl Drawing<'_> {
    /// The badge of one person. Draws a code, which takes a moment.
    ///
    /// # Errors
    /// When the ticket's text is too long for a code.
    pub fn face(&self, bearer: &Bearer) -> Result<Face, DrawError> {
        let category = self.categories.iter().find(|category| category.id == bearer.category_id);
        let photo_url = self.photo(bearer);
        let layout = Layout::of(self.design);
        let layout = if photo_url.is_empty() { layout.without_photo() } else { layout };
        let (large, small) = self.names(bearer, &layout);
        let country = bearer.country.as_deref().and_then(|code| code.parse::<Country>().ok());
        let country = country.filter(|_| self.design.shows(Part::Country));
        let zones = category.map(|category| self.letters(category)).unwrap_or_default();
        let ticket = Ticket {
            registration: bearer.id,
            category: category.map(|category| category.code.clone()).unwrap_or_default(),
            zones: category.map(|category| category.zones.to_vec()).unwrap_or_default(),
            serial: serial(bearer.ticket_serial),
        };
        Ok(Face {
            is_upright: layout.is_upright,
            class: category.map(class_of).unwrap_or_default(),
            event: self.event_lines(&layout),
            honorific: if self.design.shows(Part::Honorific) { bearer.honorific.clone() } else { String::new() },
            large,
            small,
            position: self.part(Part::Position, layout.detail(), || bearer.position.clone()),
            organisation: self.part(Part::Organisation, layout.detail(), || bearer.organisation.clone()),
            country_code: country.map(|country| country.as_str().to_owned()).unwrap_or_default(),
            country: country
                .map(|country| Fitted::of(country_name(self.texts, self.language(), country), layout.country()))
                .unwrap_or_default(),
            category: category
                .map(|category| {
                    Fitted::of(self.in_languages(&category.name).join(BETWEEN), layout.category(zones.len()))
                })
                .unwrap_or_default(),
            has_many_zones: zones.len() > MANY_ZONES,
            zones,
            number: if self.design.shows(Part::Number) { bearer.code.clone() } else { String::new() },
            photo_url,
            qr: draw_small_svg(&self.key.issue(&ticket))?,
        })
    }

    fn event_lines(&self, layout: &Layout) -> Vec<Fitted> {
        let mut lines = self.in_languages(&self.event.name);
        if !self.design.shows(Part::Event) {
            lines.clear();
        } else if !layout.is_upright {
            lines = vec![lines.join(BETWEEN)];
        }
        let place = layout.event(lines.len());
        lines.into_iter().map(|line| Fitted::of(line, place)).collect()
    }

    fn part(&self, part: Part, place: Place, text: impl FnOnce() -> String) -> Fitted {
        if self.design.shows(part) { Fitted::of(text(), place) } else { Fitted::default() }
    }

    fn photo(&self, bearer: &Bearer) -> String {
        let photo = bearer.photo_id.as_ref().filter(|_| self.design.shows(Part::Photo));
        let url = |photo: &String| format!("/organizer/{}/registrations/{}/files/{photo}", self.event.slug, bearer.id);
        photo.map(url).unwrap_or_default()
    }

    /// The event's main language.
    fn language(&self) -> Lang {
        self.event.main_language()
    }

    /// A content text in the event's first two languages, where they differ.
    fn in_languages(&self, text: &Localized) -> Vec<String> {
        let mut lines: Vec<String> = Vec::new();
        for lang in self.event.languages.iter().take(2) {
            let line = text.text(*lang, &self.event.languages).to_owned();
            if !line.is_empty() && !lines.contains(&line) {
                lines.push(line);
            }
        }
        lines
    }

    /// The large name and the other one. Whoever has one name only has that one large.
    fn names(&self, bearer: &Bearer, layout: &Layout) -> (Fitted, Fitted) {
        let (latin, native) = (bearer.full_name(), bearer.native_name.clone());
        let (large, small) = match self.design.large {
            _ if native.is_empty() || native == latin => (latin, String::new()),
            LargeName::Latin => (latin, native),
            LargeName::Native => (native, latin),
        };
        let fitted = |text: String, place: Place| {
            let lang = script_language(&text, bearer.country.as_deref());
            Fitted { lang, ..Fitted::of(text, place) }
        };
        (fitted(large, layout.large()), fitted(small, layout.small()))
    }

    fn letters(&self, category: &BadgeCategory) -> Vec<String> {
        if !self.design.shows(Part::Zones) {
            return Vec::new();
        }
        let is_included = |zone: &&ZoneLetter| zone.names.iter().any(|name| category.zones.contains(name));
        self.zones.iter().filter(is_included).map(|zone| zone.letter.clone()).collect()
    }
}

/// The language whose fonts suit a text: Han letters are drawn differently in China, Taiwan and Japan.
fn script_language(text: &str, country: Option<&str>) -> &'static str {
    let any = |is: fn(char) -> bool| text.chars().any(is);
    if any(|letter| matches!(letter, '\u{3040}'..='\u{30ff}')) {
        "ja"
    } else if any(|letter| matches!(letter, '\u{ac00}'..='\u{d7a3}')) {
        "ko"
    } else if any(|letter| matches!(letter, '\u{3400}'..='\u{9fff}' | '\u{20000}'..='\u{323af}')) {
        match country {
            Some("JP") => "ja",
            Some("KR" | "KP") => "ko",
            Some("TW" | "HK" | "MO") => "zh-Hant",
            _ => "zh",
        }
    } else if any(|letter| matches!(letter, '\u{0600}'..='\u{06ff}' | '\u{0750}'..='\u{077f}')) {
        if country == Some("IR") { "fa" } else { "ar" }
    } else {
        ""
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{EventId, ZoneId};

    fn zone(code: &str) -> Zone {
        Zone { id: ZoneId::new(), event_id: EventId::new(), code: code.into(), name: Localized::new() }
    }

    #[test]
    fn each_zone_has_a_letter_of_its_own() {
        let codes = ["blue", "backstage", "vip-lounge", "vip", "b", "zone", "zone-2"];
        let letters: Vec<String> = zone_letters(&codes.map(zone)).into_iter().map(|zone| zone.letter).collect();
        assert_eq!(letters, ["B", "A", "V", "I", "C", "Z", "2"]);
        let many: Vec<Zone> = (0..60).map(|_| zone("zone")).collect();
        let mut letters: Vec<String> = zone_letters(&many).into_iter().map(|zone| zone.letter).collect();
        letters.sort_unstable();
        letters.dedup();
        assert_eq!(letters.len(), 60);
    }

    #[test]
    fn fonts_follow_script_and_country() {
        for (text, country, lang) in [
            ("李小龙", None, "zh"),
            ("李小龍", Some("HK"), "zh-Hant"),
            ("山田太郎", Some("JP"), "ja"),
            ("やまだ", None, "ja"),
            ("김민호", None, "ko"),
            ("سميرة حداد", None, "ar"),
            ("سمیرا", Some("IR"), "fa"),
            ("Иван", Some("RU"), ""),
            ("Ada", Some("CN"), ""),
        ] {
            assert_eq!(script_language(text, country), lang, "{text}");
        }
    }
}
