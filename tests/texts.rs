//! Every visible word comes from the texts, and every text exists in each language and is used.

use regex::Regex;
use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

fn files(folder: &str, extensions: &[&str]) -> Vec<(PathBuf, String)> {
    let mut found = Vec::new();
    let mut folders = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|extension| extensions.iter().any(|known| extension == *known)) {
                let content = fs::read_to_string(&entry).expect("a text file");
                found.push((entry, content));
            }
        }
    }
    found.sort();
    found
}

/// Each key of a language with the variables that its text mentions.
fn texts_of(language: &str) -> BTreeMap<String, BTreeSet<String>> {
    let key = Regex::new(r"^([a-z][a-zA-Z0-9-]*) *=").expect("a pattern");
    let variable = Regex::new(r"\$([a-zA-Z][a-zA-Z0-9_-]*)").expect("a pattern");
    let mut texts: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (path, content) in files(&format!("locales/{language}"), &["ftl"]) {
        let mut current = None;
        for line in content.lines().filter(|line| !line.starts_with('#')) {
            if let Some(found) = key.captures(line) {
                assert!(
                    texts.insert(found[1].to_owned(), BTreeSet::new()).is_none(),
                    "{} twice in {}",
                    &found[1],
                    path.display()
                );
                current = Some(found[1].to_owned());
            }
            if let Some(variables) = current.as_ref().and_then(|key| texts.get_mut(key)) {
                variables.extend(variable.captures_iter(line).map(|found| found[1].to_owned()));
            }
        }
    }
    texts
}

#[test]
fn both_languages_have_the_same_texts_with_the_same_variables() {
    let (english, chinese) = (texts_of("en"), texts_of("zh"));
    assert!(english.len() > 300, "the texts were not found");
    let missing = |from: &BTreeMap<String, BTreeSet<String>>, of: &BTreeMap<String, BTreeSet<String>>| {
        of.keys().filter(|key| !from.contains_key(*key)).cloned().collect::<Vec<_>>()
    };
    assert_eq!(missing(&chinese, &english), Vec::<String>::new(), "without Chinese text");
    assert_eq!(missing(&english, &chinese), Vec::<String>::new(), "without English text");
    for (key, variables) in &english {
        // A language may leave a variable out ("Tomorrow"), but knows none that the other doesn't.
        let other = &chinese[key];
        assert!(variables.is_subset(other) || other.is_subset(variables), "{key}: {variables:?} and {other:?}");
    }
}

/// The keys that templates name.
fn named_in_templates() -> BTreeSet<String> {
    let call = Regex::new(r#"\bt\(\s*["']([a-z][a-zA-Z0-9-]*)["']\s*[,)]"#).expect("a pattern");
    let all = files("templates", &["html", "txt", "md"]);
    all.iter().flat_map(|(_, content)| call.captures_iter(content).map(|found| found[1].to_owned())).collect()
}

#[test]
fn every_text_that_a_template_names_exists() {
    let texts = texts_of("en");
    let named = named_in_templates();
    assert!(named.len() > 100, "the templates were not found");
    let missing: Vec<&String> = named.iter().filter(|key| !texts.contains_key(*key)).collect();
    assert_eq!(missing, Vec::<&String>::new());
}

#[test]
fn every_text_is_used() {
    let texts = texts_of("en");
    // Any quoted word that is a key, and the fixed parts of keys put together by `format!` or `~`.
    let quoted = Regex::new(r#"["']([a-z][a-zA-Z0-9_-]*-[a-zA-Z0-9{}_.()-]*)["']"#).expect("a pattern");
    let hole = Regex::new(r"\{[^}]*\}").expect("a pattern");
    let mut used: BTreeSet<String> = BTreeSet::new();
    let mut patterns: BTreeSet<String> = BTreeSet::new();
    let mut sources = files("src", &["rs"]);
    sources.extend(files("templates", &["html", "txt", "md"]));
    for (_, content) in &sources {
        for found in quoted.captures_iter(content) {
            let word = &found[1];
            if word.contains('{') {
                let parts: Vec<String> = hole.split(word).map(regex::escape).collect();
                patterns.insert(format!("^{}$", parts.join("[a-zA-Z0-9-]+")));
            } else {
                used.insert(word.to_owned());
            }
        }
    }
    let patterns = regex::RegexSet::new(&patterns).expect("patterns");
    let unused: Vec<&String> = texts
        .keys()
        .filter(|key| {
            // Headings of failures come in pairs: KEY and KEY-help.
            let owner = key.strip_suffix("-help").unwrap_or(key);
            !used.contains(*key) && !used.contains(owner) && !patterns.is_match(key)
        })
        .collect();
    assert_eq!(unused, Vec::<&String>::new(), "texts that nothing shows");
}

#[test]
fn templates_hold_no_words_of_their_own() {
    // What is the same in every language: the product's name, and how addresses begin.
    let names = Regex::new(r"\b(Plenary|https)\b").expect("a pattern");
    let silent = Regex::new(r"(?s)\{% block body_class %\}.*?\{% endblock %\}|\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}|<!--.*?-->|<(script|style)\b.*?</(script|style)>")
        .expect("a pattern");
    let spoken = Regex::new(r#"\b(alt|title|placeholder|aria-label|aria-description)="([^"]*)""#).expect("a pattern");
    let tag = Regex::new(r#"(?s)<[^>]*>|&[a-z]+;|&#[0-9a-fx]+;|[a-z-]+="[^"]*""#).expect("a pattern");
    let mut problems = Vec::new();
    for (path, content) in files("templates", &["html"]) {
        let rest = silent.replace_all(&content, "\u{1}");
        let mut words: Vec<String> = spoken.captures_iter(&rest).map(|found| found[2].to_owned()).collect();
        words.extend(tag.replace_all(&rest, "\n").lines().map(str::to_owned));
        for word in words {
            if names.replace_all(&word, "").chars().any(char::is_alphabetic) {
                problems.push(format!("{}: {}", path.strip_prefix(root()).unwrap_or(&path).display(), word.trim()));
            }
        }
    }
    assert_eq!(problems, Vec::<String>::new());
}
