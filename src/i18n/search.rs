//! Words brought into one form: for finding and for URLs.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Longest search key that is kept, in characters.
const KEY_LENGTH: usize = 600;

/// The form in which texts are stored for searching and in which a search is looked up: NFKD
/// without marks, lower case, single spaces. Han, Arabic and other scripts stay as they are.
pub fn search_key<'a>(parts: impl IntoIterator<Item = &'a str>) -> String {
    let mut key = String::new();
    for part in parts {
        let folded = part.nfkd().filter(|character| !is_combining_mark(*character)).flat_map(char::to_lowercase);
        for word in folded.collect::<String>().split_whitespace() {
            if !key.is_empty() {
                key.push(' ');
            }
            key.push_str(word);
        }
    }
    match key.char_indices().nth(KEY_LENGTH) {
        Some((end, _)) => key[..end].to_owned(),
        None => key,
    }
}

/// Longest slug.
const SLUG_LENGTH: usize = 48;

/// A word for URLs made from a name: small Latin letters, digits and single hyphens; other scripts
/// are transliterated. May be empty.
#[must_use]
pub fn slug(name: &str) -> String {
    let mut slug = String::new();
    for character in deunicode::deunicode(name).chars() {
        if character.is_ascii_alphanumeric() {
            slug.push(character.to_ascii_lowercase());
        } else if !slug.is_empty() && !slug.ends_with('-') {
            slug.push('-');
        }
        if slug.len() >= SLUG_LENGTH {
            break;
        }
    }
    slug.truncate(slug.trim_end_matches('-').len());
    slug
}

/// `wish` when it is free, else `wish-2`, `wish-3` …; what is returned is marked as taken.
pub fn free_code(wish: &str, taken: &mut std::collections::HashSet<String>) -> String {
    let base = if wish.is_empty() { "x" } else { wish };
    let mut code = base.to_owned();
    let mut number = 2;
    while !taken.insert(code.clone()) {
        code = format!("{base}-{number}");
        number += 1;
    }
    code
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_search_finds_a_name_however_it_is_typed() {
        assert_eq!(search_key(["José  ÁLVAREZ", "Ｗｕｚｈｅｎ"]), "jose alvarez wuzhen");
        assert_eq!(search_key(["李小龙", "محمد"]), "李小龙 محمد");
    }

    #[test]
    fn slugs_are_words_for_urls() {
        for (name, expected) in
            [("Main Hall (A)", "main-hall-a"), ("主会场", "zhu-hui-chang"), ("--", ""), ("Élan", "elan")]
        {
            assert_eq!(slug(name), expected, "{name}");
        }
        let mut taken = std::collections::HashSet::new();
        assert_eq!(
            [free_code("a", &mut taken), free_code("a", &mut taken), free_code("a", &mut taken)],
            ["a", "a-2", "a-3"]
        );
    }
}
