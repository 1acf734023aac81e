//! Entries in words.

use crate::audit::actions::text_key;
use crate::audit::model::{Names, Recorded};
use crate::audit::operations::named_as;
use crate::i18n::{Lang, Texts};
use serde_json::Value;

/// What entries are worded with.
pub(super) struct Words<'a> {
    pub(super) texts: &'a Texts,
    pub(super) lang: Lang,
    pub(super) languages: &'a [Lang],
    pub(super) names: &'a Names,
}

/// An entry in words.
pub(super) struct Worded {
    /// Who did it.
    pub(super) who: String,
    /// What it was done to; empty where that has no name.
    pub(super) what: String,
    /// The whole sentence.
    pub(super) sentence: String,
    /// Why, in the words of whoever did it.
    pub(super) reason: String,
}

/// Keeps a name of any direction from turning its surroundings (Unicode's isolates).
fn isolated(name: &str) -> String {
    format!("\u{2068}{name}\u{2069}")
}

impl Words<'_> {
    /// What a thing is called, where it has a name and is still there.
    pub(super) fn name(&self, kind: &str, id: &str) -> Option<String> {
        let name = self.names.get(&(kind.to_owned(), id.to_owned()))?.text(self.lang, self.languages);
        Some(name).filter(|name| !name.is_empty())
    }

    /// Somebody, by the kind and id of an entry.
    pub(super) fn person(&self, kind: &str, id: Option<&str>) -> String {
        let known = id.and_then(|id| self.name(named_as(kind), id));
        let name = known.unwrap_or_else(|| self.texts.text(self.lang, "activity-nobody", &[]));
        self.texts.text(self.lang, &format!("activity-who-{kind}"), &[("name", isolated(&name).into())])
    }

    /// An entry in words.
    pub(super) fn of(&self, entry: &Recorded) -> Worded {
        let detail: Value = serde_json::from_str(&entry.detail).unwrap_or_default();
        let text = |name: &str| detail[name].as_str().map(str::to_owned).unwrap_or_default();
        let gone = || self.texts.text(self.lang, "activity-gone", &[]);
        let (what, other) = if entry.subject_kind == "booking" {
            (self.name("registration", &text("registration")), self.name("session", &text("session")))
        } else {
            (self.name(&entry.subject_kind, &entry.subject_id), None)
        };
        let who = self.person(&entry.actor_kind, entry.actor_id.as_deref());
        let key = text_key(&entry.action);
        // An action without words of its own is shown as it is noted.
        let named = if key == "activity-did-other" { entry.action.clone() } else { what.clone().unwrap_or_else(gone) };
        let args = [
            ("who", who.clone().into()),
            ("what", isolated(&named).into()),
            ("other", isolated(&other.unwrap_or_else(gone)).into()),
            ("count", count_in(&detail).into()),
            ("detail", isolated(&first_of(&detail, &["name", "number"])).into()),
        ];
        let sentence = self.texts.text(self.lang, &key, &args);
        Worded { who, what: what.unwrap_or_default(), sentence, reason: text("reason") }
    }
}

/// The number that details hold.
fn count_in(detail: &Value) -> i64 {
    ["people", "codes", "count", "answers", "entries", "slots"]
        .iter()
        .find_map(|name| detail[*name].as_i64())
        .unwrap_or_default()
}

fn first_of(detail: &Value, names: &[&str]) -> String {
    let found = names.iter().map(|name| &detail[*name]).find(|value| value.is_string() || value.is_number());
    found.map(|value| value.as_str().map_or_else(|| value.to_string(), str::to_owned)).unwrap_or_default()
}
