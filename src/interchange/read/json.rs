//! JSON as a bounded tree that keeps the file's order and knows each value's path.

use super::input;
use super::limits::Limits;
use crate::interchange::notes::{Fault, Notes, Problem, ReadError};
use serde::de::{DeserializeSeed, Deserializer, Error, MapAccess, SeqAccess, Visitor};
use std::cell::{Cell, RefCell};
use std::collections::HashMap;
use std::fmt;

/// A JSON value. Objects keep the order of the file, because it is the order of rooms and days.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Json {
    Null,
    Bool(bool),
    Number(serde_json::Number),
    Text(String),
    List(Vec<Json>),
    Map(Vec<(String, Json)>),
}

impl Json {
    /// The member of that name, when it is there and not null.
    pub(super) fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Self::Map(members) => members
                .iter()
                .find(|(name, _)| name == key)
                .map(|(_, value)| value)
                .filter(|value| **value != Self::Null),
            _ => None,
        }
    }

    /// The elements; none when this is no list.
    pub(super) fn list(&self) -> &[Json] {
        match self {
            Self::List(elements) => elements,
            _ => &[],
        }
    }

    /// The members; none when this is no object.
    pub(super) fn members(&self) -> &[(String, Json)] {
        match self {
            Self::Map(members) => members,
            _ => &[],
        }
    }

    /// The text as it stands, when this is one and not blank.
    pub(super) fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) if !text.trim().is_empty() => Some(text),
            _ => None,
        }
    }

    /// An id or word: text or number, trimmed; `None` when blank.
    pub(super) fn word(&self) -> Option<String> {
        match self {
            Self::Text(text) => Some(text.trim().to_owned()).filter(|text| !text.is_empty()),
            Self::Number(number) => Some(number.to_string()),
            _ => None,
        }
    }

    /// A truth value, also where it is written as a word or number.
    pub(super) fn truth(&self) -> Option<bool> {
        match self {
            Self::Bool(value) => Some(*value),
            Self::Text(text) => match text.trim().to_ascii_lowercase().as_str() {
                "true" | "yes" | "1" => Some(true),
                "false" | "no" | "0" => Some(false),
                _ => None,
            },
            Self::Number(number) => number.as_i64().map(|number| number != 0),
            _ => None,
        }
    }

    /// A whole number, also where it is written as text.
    pub(super) fn integer(&self) -> Option<i64> {
        match self {
            Self::Number(number) => number.as_i64(),
            Self::Text(text) => text.trim().parse().ok(),
            _ => None,
        }
    }

    /// The member as a word.
    pub(super) fn get_word(&self, key: &str) -> Option<String> {
        self.get(key).and_then(Self::word)
    }

    /// The member as text.
    pub(super) fn get_text(&self, key: &str) -> Option<&str> {
        self.get(key).and_then(Self::text)
    }

    /// Whether there is nothing inside: null, blank text, empty list or object, or `false`.
    pub(super) fn is_blank(&self) -> bool {
        match self {
            Self::Null | Self::Bool(false) => true,
            Self::Text(text) => text.trim().is_empty(),
            Self::List(elements) => elements.is_empty(),
            Self::Map(members) => members.iter().all(|(_, value)| value.is_blank()),
            Self::Bool(true) | Self::Number(_) => false,
        }
    }
}

/// Reads the whole file. The parser itself refuses more than 128 levels.
pub(super) fn parse(bytes: &[u8], limits: &Limits, notes: &mut Notes) -> Result<Json, ReadError> {
    let text = input::decode(bytes)?;
    let budget = Budget {
        left: Cell::new(limits.pieces),
        repeated: RefCell::default(),
        longest: limits.value,
        cut: Cell::new(0),
    };
    let mut parser = serde_json::Deserializer::from_str(&text);
    let value = Node(&budget).deserialize(&mut parser).and_then(|value| parser.end().map(|()| value));
    let value = value.map_err(|error| {
        let place = format!("line {}, column {}", error.line(), error.column());
        let fault = match error.to_string() {
            _ if budget.left.get() == 0 => ReadError::new(Fault::TooManyPieces, limits.pieces),
            words if words.contains("recursion limit") => ReadError::new(Fault::TooDeep, limits.depth),
            words => ReadError::new(Fault::BrokenJson, words.split(" at line").next().unwrap_or_default()),
        };
        fault.at(place)
    })?;
    if budget.cut.get() > 0 {
        notes.warn("file", Problem::TextCut, &limits.value.to_string());
    }
    for key in budget.repeated.into_inner() {
        notes.tally("file", Problem::RepeatedKey, &key);
    }
    Ok(value)
}

struct Budget {
    left: Cell<usize>,
    repeated: RefCell<Vec<String>>,
    longest: usize,
    cut: Cell<usize>,
}

impl Budget {
    fn spend<E: Error>(&self) -> Result<(), E> {
        let left = self.left.get();
        self.left.set(left.saturating_sub(1));
        if left <= 1 { Err(E::custom("too many values")) } else { Ok(()) }
    }
}

#[derive(Clone, Copy)]
struct Node<'b>(&'b Budget);

impl<'de> DeserializeSeed<'de> for Node<'_> {
    type Value = Json;
    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Json, D::Error> {
        self.0.spend()?;
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Node<'_> {
    type Value = Json;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("any JSON value")
    }

    fn visit_unit<E>(self) -> Result<Json, E> {
        Ok(Json::Null)
    }

    fn visit_bool<E>(self, value: bool) -> Result<Json, E> {
        Ok(Json::Bool(value))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Json, E> {
        Ok(Json::Number(value.into()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Json, E> {
        Ok(serde_json::Number::from_f64(value).map_or(Json::Null, Json::Number))
    }

    fn visit_str<E>(self, value: &str) -> Result<Json, E> {
        if value.len() > self.0.longest {
            self.0.cut.set(self.0.cut.get() + 1);
        }
        Ok(Json::Text(value[..value.floor_char_boundary(self.0.longest)].to_owned()))
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut elements = Vec::new();
        while let Some(element) = access.next_element_seed(self)? {
            elements.push(element);
        }
        Ok(Json::List(elements))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Json, A::Error> {
        let mut members: Vec<(String, Json)> = Vec::new();
        let mut places = HashMap::new();
        while let Some(name) = access.next_key::<String>()? {
            let value = access.next_value_seed(self)?;
            let place = *places.entry(name.clone()).or_insert(members.len());
            match members.get_mut(place) {
                Some(member) => {
                    member.1 = value;
                    self.0.repeated.borrow_mut().push(name);
                }
                None => members.push((name, value)),
            }
        }
        Ok(Json::Map(members))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Json, ReadError> {
        parse(text.as_bytes(), &Limits::default(), &mut Notes::default())
    }

    #[test]
    fn order_is_kept_and_a_repeated_key_is_said() {
        let mut notes = Notes::default();
        let value = parse(br#"{"z":1,"a":" x ","z":[true,null]}"#, &Limits::default(), &mut notes).expect("readable");
        assert_eq!(value.members().iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["z", "a"]);
        assert_eq!(value.get_word("a").as_deref(), Some("x"));
        assert_eq!(notes.finish()[0].problem, Problem::RepeatedKey);
    }

    #[test]
    fn hostile_and_broken_files_give_one_error() {
        let many = format!("[{}0]", "0,".repeat(Limits::default().pieces));
        for (text, fault) in [
            ("[".repeat(200).as_str(), Fault::TooDeep),
            (many.as_str(), Fault::TooManyPieces),
            ("{\"a\": }", Fault::BrokenJson),
            ("{} {}", Fault::BrokenJson),
            ("{", Fault::BrokenJson),
        ] {
            assert_eq!(read(text).expect_err("refused").fault, fault, "{}", &text[..text.len().min(40)]);
        }
        assert!(
            read("[1,\n 2,,]").expect_err("broken").to_string().starts_with("line 2, column 4: the JSON is broken: ")
        );
    }
}
