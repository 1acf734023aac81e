//! What we write satisfies the published definitions of the formats.

use super::meaning::released;
use super::real;
use plenary::interchange::{Site, schedule_json, schedule_xml};
use serde_json::Value;
use std::process::Command;

#[test]
fn schedule_xml_validates_against_the_published_schema() {
    let Some(folder) = real::folder() else { return };
    let files = tempfile::tempdir().expect("a folder");
    let mut paths = Vec::new();
    for (index, (_, original)) in super::round_trip::programmes().iter().enumerate() {
        let programme = released(original, "summit-2027");
        let path = files.path().join(format!("{index}.xml"));
        std::fs::write(&path, schedule_xml(&programme, &Site::of(&programme, "https://summit.example")))
            .expect("a file");
        paths.push(path);
    }
    let schema = folder.join("schema/schedule.xml.xsd");
    let checked =
        Command::new("xmllint").arg("--noout").arg("--schema").arg(schema).args(&paths).output().expect("xmllint");
    assert!(checked.status.success(), "{}", String::from_utf8_lossy(&checked.stderr));
}

#[test]
fn schedule_json_satisfies_the_published_schema() {
    let Some(folder) = real::folder() else { return };
    let schema = std::fs::read(folder.join("schema/schedule.schema.json")).expect("the schema");
    let schema: Value = serde_json::from_slice(&schema).expect("the schema");
    for (name, original) in super::round_trip::programmes() {
        let programme = released(original, "summit-2027");
        let file: Value =
            serde_json::from_str(&schedule_json(&programme, &Site::of(&programme, "https://summit.example")))
                .expect("JSON");
        let mut problems = Vec::new();
        check(&schema, &schema, &file, "$", &mut problems);
        assert!(problems.is_empty(), "{name}: {problems:?}");
    }
}

/// As much of JSON Schema as the definition uses.
fn check(root: &Value, schema: &Value, value: &Value, path: &str, problems: &mut Vec<String>) {
    if schema == &Value::Bool(false) {
        problems.push(format!("{path} is not allowed"));
    }
    if let Some(reference) = schema["$ref"].as_str() {
        let target = root.pointer(reference.trim_start_matches('#')).expect(reference);
        return check(root, target, value, path, problems);
    }
    let kinds = schema["type"]
        .as_array()
        .cloned()
        .unwrap_or_else(|| schema["type"].as_str().map(|kind| vec![kind.into()]).unwrap_or_default());
    if !kinds.is_empty() && !kinds.iter().any(|kind| is_kind(value, kind.as_str().expect("a word"))) {
        problems.push(format!("{path}: {value} is not {kinds:?}"));
    }
    if let (Some(pattern), Some(text)) = (schema["pattern"].as_str(), value.as_str())
        && !regex::Regex::new(pattern).expect(pattern).is_match(text)
    {
        problems.push(format!("{path}: {text:?} does not match {pattern}"));
    }
    if let (Some("uuid"), Some(text)) = (schema["format"].as_str(), value.as_str())
        && uuid::Uuid::try_parse(text).is_err()
    {
        problems.push(format!("{path}: {text:?} is no UUID"));
    }
    if let (Some("uri"), Some(text)) = (schema["format"].as_str(), value.as_str())
        && url::Url::parse(text).is_err()
    {
        problems.push(format!("{path}: {text:?} is no address"));
    }
    if let Some(words) = schema["enum"].as_array()
        && !words.contains(value)
    {
        problems.push(format!("{path}: {value} is not one of {words:?}"));
    }
    if let Some(minimum) = schema["minimum"].as_i64()
        && value.as_i64().is_none_or(|number| number < minimum)
    {
        problems.push(format!("{path}: {value} is below {minimum}"));
    }
    if let Some(choices) = schema["oneOf"].as_array() {
        let fitting = choices.iter().filter(|choice| {
            let mut inner = Vec::new();
            check(root, choice, value, path, &mut inner);
            inner.is_empty()
        });
        if fitting.count() != 1 {
            problems.push(format!("{path}: {value} does not fit exactly one choice"));
        }
    }
    for (index, item) in value.as_array().into_iter().flatten().enumerate() {
        if schema["items"].is_object() {
            check(root, &schema["items"], item, &format!("{path}[{index}]"), problems);
        }
    }
    check_members(root, schema, value, path, problems);
}

fn check_members(root: &Value, schema: &Value, value: &Value, path: &str, problems: &mut Vec<String>) {
    let Some(members) = value.as_object() else { return };
    for required in schema["required"].as_array().into_iter().flatten().filter_map(Value::as_str) {
        if !members.contains_key(required) {
            problems.push(format!("{path}: {required} is missing"));
        }
    }
    for (name, member) in members {
        let path = format!("{path}.{name}");
        let known = schema["properties"].get(name);
        let patterns = schema["patternProperties"].as_object().into_iter().flatten();
        let by_pattern: Vec<&Value> = patterns
            .filter(|(pattern, _)| regex::Regex::new(pattern).expect("a pattern").is_match(name))
            .map(|(_, inner)| inner)
            .collect();
        if known.is_none() && by_pattern.is_empty() && schema["additionalProperties"] == Value::Bool(false) {
            problems.push(format!("{path} is unknown"));
        }
        for inner in known.into_iter().chain(by_pattern) {
            check(root, inner, member, &path, problems);
        }
    }
}

fn is_kind(value: &Value, kind: &str) -> bool {
    match kind {
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "boolean" => value.is_boolean(),
        "null" => value.is_null(),
        _ => false,
    }
}
