//! How names are put together: in the order that their owner uses, and with the honorific where one belongs.

use crate::i18n::Lang;
use crate::text_enum;

text_enum! {
    /// Which of two names somebody writes first, in Latin letters.
    pub enum NameOrder {
        /// As in Ada Lovelace.
        GivenFirst = "given_first",
        /// As in Li Xiaolong or Nagy Anna.
        FamilyFirst = "family_first",
    }
}

#[expect(clippy::derivable_impls, reason = "the macro that makes the enum has no place for another derive")]
impl Default for NameOrder {
    fn default() -> Self {
        Self::GivenFirst
    }
}

impl NameOrder {
    /// The order of whoever has not said. A guess is made only where script and country say the same:
    /// countries alone don't tell how their people write themselves abroad, and neither do scripts.
    #[must_use]
    pub fn usual(family_name: &str, native_name: &str, country: Option<&str>) -> Self {
        let is_sure = match country {
            Some("CN") => is_han(native_name),
            Some("KP" | "KR") => native_name.chars().any(is_hangul),
            _ => false,
        };
        if is_sure || family_name.chars().any(is_east_asian) { Self::FamilyFirst } else { Self::GivenFirst }
    }
}

/// Given and family name as one line. Names in Han, kana or Hangul stand family first and without a
/// space, whatever their owner does in Latin letters.
#[must_use]
pub fn full_name(given: &str, family: &str, order: NameOrder) -> String {
    if family.chars().any(is_east_asian) {
        return format!("{family}{given}");
    }
    let parts = match order {
        NameOrder::GivenFirst => [given, family],
        NameOrder::FamilyFirst => [family, given],
    };
    parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// How a letter in `lang` begins: the name in that language's script where there is one, with the
/// honorific where that is written in the same script. After a name in Han or Hangul, before any other.
#[must_use]
pub fn salutation(honorific: &str, full_name: &str, native_name: &str, lang: Lang) -> String {
    let (name, fits) =
        if lang.has_script_of(native_name) { (native_name, lang.has_script_of(honorific)) } else { (full_name, true) };
    let comes_after = honorific.chars().any(is_east_asian);
    match (honorific.is_empty() || !fits, comes_after, name.chars().any(is_east_asian)) {
        (true, ..) => name.to_owned(),
        (_, true, true) => format!("{name}{honorific}"),
        (_, true, false) => format!("{name} {honorific}"),
        (_, false, _) => format!("{honorific} {name}"),
    }
}

/// Whether a letter belongs to Han, kana or Hangul.
pub(super) fn is_east_asian(character: char) -> bool {
    matches!(character, '\u{2E80}'..='\u{9FFF}' | '\u{F900}'..='\u{FAFF}' | '\u{20000}'..='\u{3FFFF}')
        || is_hangul(character)
}

fn is_hangul(character: char) -> bool {
    matches!(character, '\u{AC00}'..='\u{D7AF}')
}

/// Whether a name is written in Han and holds no kana.
fn is_han(name: &str) -> bool {
    Lang::ZH.has_script_of(name) && !name.chars().any(|letter| matches!(letter, '\u{3040}'..='\u{30FF}'))
}

#[cfg(test)]
mod tests {
    use super::*;
    use NameOrder::{FamilyFirst, GivenFirst};

    #[test]
    fn names_are_written_in_their_own_order() {
        for (given, family, order, expected) in [
            ("Ada", "Lovelace", GivenFirst, "Ada Lovelace"),
            ("Anna", "Nagy", FamilyFirst, "Nagy Anna"),
            ("Xiaolong", "Li", FamilyFirst, "Li Xiaolong"),
            ("小龙", "李", GivenFirst, "李小龙"),
            ("小龙", "李", FamilyFirst, "李小龙"),
            ("", "Pelé", FamilyFirst, "Pelé"),
            ("민호", "김", GivenFirst, "김민호"),
        ] {
            assert_eq!(full_name(given, family, order), expected);
        }
    }

    #[test]
    fn an_order_is_guessed_only_where_script_and_country_agree() {
        for (family, native, country, expected) in [
            ("Lovelace", "", Some("GB"), GivenFirst),
            ("Li", "李小龙", Some("CN"), FamilyFirst),
            ("Li", "", Some("CN"), GivenFirst),
            ("Lee", "李小龙", Some("US"), GivenFirst),
            ("Kim", "김민호", Some("KR"), FamilyFirst),
            ("Yamada", "山田太郎", Some("JP"), GivenFirst),
            ("Nagy", "", Some("HU"), GivenFirst),
            ("Smith", "史密斯", None, GivenFirst),
            ("李", "", None, FamilyFirst),
        ] {
            assert_eq!(NameOrder::usual(family, native, country), expected, "{family} {native} {country:?}");
        }
    }

    #[test]
    fn letters_begin_as_their_reader_would_write_it() {
        let zh = Lang::ZH;
        for (honorific, name, native, lang, expected) in [
            ("", "Ada Lovelace", "", Lang::EN, "Ada Lovelace"),
            ("Dr", "Ada Lovelace", "", Lang::EN, "Dr Ada Lovelace"),
            ("Dr", "Li Xiaolong", "李小龙", Lang::EN, "Dr Li Xiaolong"),
            ("Dr", "Li Xiaolong", "李小龙", zh, "李小龙"),
            ("博士", "Li Xiaolong", "李小龙", zh, "李小龙博士"),
            ("博士", "李小龙", "", Lang::EN, "李小龙博士"),
            ("博士", "Li Xiaolong", "", zh, "Li Xiaolong 博士"),
            ("H.E.", "Ada Lovelace", "", zh, "H.E. Ada Lovelace"),
        ] {
            assert_eq!(salutation(honorific, name, native, lang), expected);
        }
    }
}
