//! How the code is kept: imports run one way, files stay short, pages carry no inline code.

use regex::Regex;
use std::fs;
use std::path::{Path, PathBuf};

/// Folders of `src` that are technique and know no area.
const TECHNIQUE: [&str; 3] = ["db", "i18n", "web"];

/// What technique may name outside itself: the app that every request reaches, an address's rules,
/// and the head of event pages.
const TECHNIQUE_MAY_NAME: [&str; 3] = ["crate::app::", "crate::mail::address::", "crate::events::model::"];

/// Longest file, in lines. The schema is a list of tables, not a design.
const LONGEST: usize = 500;
const LISTS: [&str; 2] = ["src/db/schema.rs", "tests/access.rs"];

fn root() -> &'static Path {
    Path::new(env!("CARGO_MANIFEST_DIR"))
}

/// The files of a folder with this extension: path from the project's root, and content.
fn files(folder: &str, extension: &str) -> Vec<(String, String)> {
    let mut found = Vec::new();
    let mut folders: Vec<PathBuf> = vec![root().join(folder)];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).expect("a folder").map(|entry| entry.expect("an entry").path()) {
            if entry.is_dir() {
                folders.push(entry);
            } else if entry.extension().is_some_and(|known| known == extension) {
                let name = entry.strip_prefix(root()).expect("inside").to_string_lossy().into_owned();
                found.push((name, fs::read_to_string(&entry).expect("a text file")));
            }
        }
    }
    found.sort();
    assert!(!found.is_empty(), "no .{extension} file in {folder}");
    found
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Layer {
    Model,
    Store,
    Operations,
    Pages,
}

/// The layer that a module's path names; helpers of an area have names of their own and no layer.
fn layer<'a>(mut modules: impl Iterator<Item = &'a str>) -> Option<Layer> {
    modules.find_map(|module| match module {
        "model" => Some(Layer::Model),
        "store" => Some(Layer::Store),
        "operations" | "jobs" | "mails" => Some(Layer::Operations),
        "pages" | "api" => Some(Layer::Pages),
        module if module.ends_with("_store") => Some(Layer::Store),
        _ => None,
    })
}

/// Every path from the crate's root that a file names, groups in braces taken apart. Tests at a
/// file's end may reach everywhere.
fn named(content: &str) -> Vec<String> {
    let code = content.split("#[cfg(test)]\nmod ").next().unwrap_or_default();
    let code: String =
        code.lines().filter(|line| !line.trim_start().starts_with("//")).flat_map(|line| [line, "\n"]).collect();
    let path = Regex::new(r"\bcrate::([a-z0-9_]+(?:::[a-z0-9_]+)*)(?:::\{([^}]*)\})?").expect("a pattern");
    let inner = Regex::new(r"(?:^|[,{\s])([a-z0-9_]+)").expect("a pattern");
    path.captures_iter(&code)
        // Macros belong to everyone.
        .filter(|found| !code[found.get(0).map_or(0, |whole| whole.end())..].starts_with('!'))
        .flat_map(|found| {
            let whole = format!("crate::{}::", &found[1]);
            let group = found.get(2).map(|group| group.as_str()).unwrap_or_default();
            let parts: Vec<String> = inner.captures_iter(group).map(|part| format!("{whole}{}::", &part[1])).collect();
            if parts.is_empty() { vec![whole] } else { parts }
        })
        .collect()
}

/// What is wrong with a file that names a path, if anything.
fn offence(file: &str, path: &str) -> Option<&'static str> {
    let own = file.trim_start_matches("src/").trim_end_matches(".rs");
    let (area, target) = (own.split('/').next()?, path.split("::").nth(1)?);
    let (from, to) = (layer(own.split('/').skip(1)), layer(path.split("::").skip(2)));
    let is_elsewhere = area != target;
    // The list of routes and the command line hold the program together.
    if ["app", "cli", "serve", "lib", "main"].contains(&area) {
        return None;
    }
    if TECHNIQUE.contains(&area) {
        let is_technique = TECHNIQUE.contains(&target) || target == "config";
        let may = is_technique || TECHNIQUE_MAY_NAME.iter().any(|known| path.starts_with(known));
        return (!may).then_some("technique knows no area");
    }
    if path.starts_with("crate::db::schema::") && !matches!(from, Some(Layer::Store | Layer::Model)) {
        let keeps_rows = [
            "src/mail/outbox.rs",
            "src/registration/category.rs",
            "src/registration/quota.rs",
            "src/schedule/draft.rs",
        ];
        return (!keeps_rows.contains(&file)).then_some("SQL stands in the store");
    }
    match (from, to) {
        (_, Some(Layer::Store)) if is_elsewhere => Some("areas meet through operations and model"),
        (_, Some(Layer::Pages)) if is_elsewhere => Some("pages are nobody else's"),
        (Some(from), Some(to)) if to > from => Some("imports run from pages to operations to store to model"),
        _ => None,
    }
}

#[test]
fn imports_run_one_way() {
    let offences: Vec<String> = files("src", "rs")
        .iter()
        .flat_map(|(file, content)| {
            named(content)
                .into_iter()
                .filter_map(move |path| offence(file, &path).map(|why| format!("{file} names {path} but {why}")))
        })
        .collect();
    assert!(offences.is_empty(), "{}", offences.join("\n"));
}

#[test]
fn the_rule_of_imports_finds_each_offence() {
    for (file, path) in [
        ("src/speakers/store.rs", "crate::speakers::operations::"),
        ("src/speakers/model.rs", "crate::speakers::store::"),
        ("src/speakers/operations.rs", "crate::speakers::pages::list::"),
        ("src/speakers/pages/edit.rs", "crate::programme::store::"),
        ("src/speakers/pages/edit.rs", "crate::db::schema::speakers::"),
        ("src/speakers/pages/edit.rs", "crate::programme::pages::"),
        ("src/web/page.rs", "crate::speakers::model::"),
    ] {
        assert!(offence(file, path).is_some(), "{file} may name {path}");
    }
    assert!(offence("src/speakers/pages/edit.rs", "crate::speakers::operations::").is_none());
    assert_eq!(named("use crate::db::{schema::rooms, UtcTime};"), ["crate::db::schema::"]);
    assert_eq!(named("crate::site::operations::refresh(app)"), ["crate::site::operations::refresh::"]);
}

#[test]
fn no_file_is_longer_than_five_hundred_lines() {
    let long: Vec<String> = files("src", "rs")
        .iter()
        .chain(&files("tests", "rs"))
        .filter(|(file, content)| content.lines().count() > LONGEST && !LISTS.contains(&file.as_str()))
        .map(|(file, content)| format!("{file}: {}", content.lines().count()))
        .collect();
    assert!(long.is_empty(), "{}", long.join("\n"));
}

/// Mails can't have anything but inline styles.
#[test]
fn pages_carry_no_inline_code() {
    let style = Regex::new(r#"(?i)<style|\sstyle="|\son[a-z]+=""#).expect("a pattern");
    let script = Regex::new(r"(?i)<script[^>]*>").expect("a pattern");
    for (file, content) in files("templates", "html").iter().filter(|(file, _)| !file.starts_with("templates/mail/")) {
        assert!(style.find(content).is_none(), "{file} has an inline style or handler");
        for tag in script.find_iter(content) {
            let data = tag.as_str().contains("application/json") || tag.as_str().contains("application/ld+json");
            assert!(data || tag.as_str().contains("src="), "{file} has an inline script");
        }
    }
}
