//! Which languages a programme is in, and texts put under them.

use super::limits::Limits;
use super::raw::{RawProgramme, Texts};
use super::text;
use crate::i18n::{Lang, Localized};
use crate::interchange::notes::{Notes, Problem};
use std::collections::BTreeMap;

/// A language counts as one of the event's when at least one session in so many uses it.
const SHARE: usize = 20;

/// The language that a file's code means, with a warning when it means none.
pub(super) fn of_code(code: &str, place: &str, notes: &mut Notes) -> Option<Lang> {
    let code = code.trim();
    if code.is_empty() {
        return None;
    }
    let read = code.parse::<Lang>().ok().or_else(|| by_english_name(code));
    if read.is_none() {
        notes.tally(place, Problem::UnknownLanguage, code);
    }
    read
}

/// Old programmes write "German" where newer ones write "de".
fn by_english_name(name: &str) -> Option<Lang> {
    let known = [
        ("english", "en"),
        ("german", "de"),
        ("deutsch", "de"),
        ("french", "fr"),
        ("français", "fr"),
        ("spanish", "es"),
        ("español", "es"),
        ("chinese", "zh"),
        ("中文", "zh"),
        ("russian", "ru"),
        ("arabic", "ar"),
        ("japanese", "ja"),
        ("portuguese", "pt"),
        ("italian", "it"),
        ("dutch", "nl"),
        ("polish", "pl"),
        ("czech", "cs"),
        ("korean", "ko"),
    ];
    let wanted = name.to_lowercase();
    known.iter().find(|(known, _)| *known == wanted).and_then(|(_, tag)| tag.parse().ok())
}

/// The event's languages, the main one first; never empty.
pub(super) fn of_programme(raw: &RawProgramme, fallback: Option<Lang>, notes: &mut Notes) -> Vec<Lang> {
    if !raw.languages.is_empty() {
        return raw.languages.clone();
    }
    let mut used: BTreeMap<Lang, (usize, std::cmp::Reverse<usize>)> = BTreeMap::new();
    let mut sessions = 0;
    for (index, session) in raw.sessions.iter().enumerate() {
        let spoken = session.language.as_deref().and_then(|code| code.parse::<Lang>().ok());
        let titles = &session.title.0;
        let written =
            titles.iter().filter(|(lang, title)| !only_repeats(*lang, title, titles)).filter_map(|(lang, _)| *lang);
        let languages: std::collections::BTreeSet<Lang> = spoken.into_iter().chain(written).collect();
        sessions += usize::from(!languages.is_empty());
        for language in languages {
            let entry = used.entry(language).or_insert((0, std::cmp::Reverse(index)));
            entry.0 += 1;
        }
    }
    // The most used first; of equally used ones the one that comes up first.
    let mut ranked: Vec<_> = used.into_iter().filter(|(_, (count, _))| count * SHARE >= sessions).collect();
    ranked.sort_by_key(|(_, rank)| std::cmp::Reverse(*rank));
    if !ranked.is_empty() {
        return ranked.into_iter().map(|(language, _)| language).collect();
    }
    let guessed = fallback.unwrap_or_else(|| {
        let guessed = by_script(raw);
        notes.warn("event", Problem::LanguageGuessed, guessed.as_str());
        guessed
    });
    vec![guessed]
}

/// Words that almost every text of a language holds and other languages don't.
const COMMON_WORDS: &[(&str, &[&str])] = &[
    ("en", &["the", "and", "of", "with", "for", "this"]),
    ("de", &["der", "die", "und", "das", "nicht", "für", "wir"]),
    ("fr", &["le", "les", "des", "et", "une", "pour", "est"]),
    ("es", &["el", "los", "las", "y", "una", "para", "por"]),
    ("it", &["il", "gli", "di", "della", "che", "per", "è"]),
    ("pt", &["os", "uma", "não", "para", "do", "da", "em"]),
    ("nl", &["het", "een", "van", "voor", "niet", "wij"]),
];

/// The language whose common words are the most frequent; English without any.
fn by_words(raw: &RawProgramme) -> Lang {
    let texts = raw
        .sessions
        .iter()
        .take(200)
        .flat_map(|session| [&session.title, &session.abstract_text, &session.description]);
    let words: Vec<String> = texts
        .filter_map(Texts::first)
        .flat_map(|text| text.split(|letter: char| !letter.is_alphabetic()).take(200))
        .map(str::to_lowercase)
        .collect();
    let hits = |common: &[&str]| words.iter().filter(|word| common.contains(&word.as_str())).count();
    // The first of equals wins, and English stands first.
    let best = COMMON_WORDS.iter().rev().max_by_key(|(_, common)| hits(common));
    best.and_then(|(tag, _)| tag.parse().ok()).unwrap_or(Lang::EN)
}

/// The language that the script of the titles suggests, or the words where it is Latin.
fn by_script(raw: &RawProgramme) -> Lang {
    let mut scripts: BTreeMap<&str, usize> = BTreeMap::new();
    let titles = raw.sessions.iter().filter_map(|session| session.title.first());
    for letter in titles.flat_map(str::chars).filter(|letter| letter.is_alphabetic()).take(20_000) {
        let tag = match letter {
            '\u{3040}'..='\u{30ff}' => "ja",
            '\u{ac00}'..='\u{d7af}' => "ko",
            '\u{4e00}'..='\u{9fff}' => "zh",
            '\u{0600}'..='\u{06ff}' => "ar",
            '\u{0590}'..='\u{05ff}' => "he",
            '\u{0400}'..='\u{04ff}' => "ru",
            '\u{0370}'..='\u{03ff}' => "el",
            '\u{0e00}'..='\u{0e7f}' => "th",
            '\u{0900}'..='\u{097f}' => "hi",
            _ => "en",
        };
        *scripts.entry(tag).or_default() += 1;
    }
    // Japanese mixes its own letters with Chinese ones; a few of the former decide.
    let count = |tag: &str| scripts.get(tag).copied().unwrap_or(0);
    if count("ja") * 10 > count("zh") && count("ja") > 0 && count("ja") + count("zh") > count("en") {
        scripts.insert("ja", usize::MAX);
    }
    let best = scripts.into_iter().max_by_key(|(_, letters)| *letters).map_or("en", |(tag, _)| tag);
    if best == "en" { by_words(raw) } else { best.parse().unwrap_or(Lang::EN) }
}

/// How a text is cleaned on its way in.
pub(super) type Clean = fn(&str, &str, &Limits, &mut Notes) -> String;

/// The texts under their languages; what names none goes under `default`.
pub(super) fn localized(
    texts: &Texts,
    default: Lang,
    clean: Clean,
    place: &str,
    limits: &Limits,
    notes: &mut Notes,
) -> Localized {
    let cleaned = texts.0.iter().map(|(lang, raw)| (lang.unwrap_or(default), clean(raw, place, limits, notes)));
    let mut kept: Vec<(Option<Lang>, String)> = Vec::new();
    for (lang, text) in cleaned {
        if !text.is_empty() && kept.iter().all(|(other, _)| *other != Some(lang)) {
            kept.push((Some(lang), text));
        }
    }
    let repeated = kept.iter().position(|(lang, text)| only_repeats(*lang, text, &kept));
    if let Some(repeated) = repeated {
        notes.tally(place, Problem::LanguageRepeated, Lang::EN.as_str());
        kept.remove(repeated);
    }
    kept.into_iter().filter_map(|(lang, text)| Some((lang?, text))).collect()
}

/// Files that must fill in English repeat the original text there; a repeat is no translation.
fn only_repeats(lang: Option<Lang>, text: &str, all: &[(Option<Lang>, String)]) -> bool {
    lang == Some(Lang::EN)
        && text.chars().any(is_cjk)
        && all.iter().any(|(other, same)| *other != lang && same.trim() == text.trim())
}

fn is_cjk(letter: char) -> bool {
    matches!(letter, '\u{3040}'..='\u{30ff}' | '\u{4e00}'..='\u{9fff}' | '\u{ac00}'..='\u{d7af}')
}

/// The plain form of [`text::line`], to be passed as [`Clean`].
pub(super) const LINE: Clean = text::line;
/// The plain form of [`text::block`], to be passed as [`Clean`].
pub(super) const BLOCK: Clean = text::block;

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::model::FileFormat;
    use crate::interchange::read::raw::RawSession;

    fn languages(sessions: &[(&str, Option<&str>)]) -> Vec<String> {
        let mut raw = RawProgramme::new(FileFormat::ScheduleXml);
        for (title, language) in sessions {
            let mut session = RawSession::new("here");
            session.title = Texts::plain(*title);
            session.language = language.map(str::to_owned);
            raw.sessions.push(session);
        }
        of_programme(&raw, None, &mut Notes::default()).iter().map(ToString::to_string).collect()
    }

    #[test]
    fn languages_are_counted_or_guessed_by_script() {
        let mut mixed = vec![("x", Some("de")); 30];
        mixed.extend([("x", Some("en")); 60]);
        mixed.push(("x", Some("ab")));
        assert_eq!(languages(&mixed), ["en", "de"]);
        assert_eq!(languages(&[("Opening", None)]), ["en"]);
        assert_eq!(languages(&[("Das Rheinische Braunkohlerevier und wir", None)]), ["de"]);
        assert_eq!(languages(&[("开幕式", None), ("AI 论坛", None)]), ["zh"]);
        assert_eq!(languages(&[("開会のあいさつ", None)]), ["ja"]);
        assert_eq!(languages(&[]), ["en"]);
    }

    #[test]
    fn english_that_only_repeats_is_dropped() {
        let zh: Lang = "zh".parse().expect("a tag");
        let texts = Texts(vec![(Some(zh), "開幕".to_owned()), (Some(Lang::EN), "開幕".to_owned())]);
        let mut notes = Notes::default();
        let kept = localized(&texts, Lang::EN, LINE, "here", &Limits::default(), &mut notes);
        assert_eq!(kept, Localized::single(zh, "開幕"));
        assert_eq!(notes.finish()[0].problem, Problem::LanguageRepeated);
        let same = Texts(vec![(Some(zh), "Keynote".to_owned()), (Some(Lang::EN), "Keynote".to_owned())]);
        assert_eq!(
            localized(&same, Lang::EN, LINE, "here", &Limits::default(), &mut Notes::default()).iter().count(),
            2
        );
    }
}
