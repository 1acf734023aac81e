//! The frame of the schedule editor: what its scripts, its forms and its help need from the server.

use super::block_forms::BlockForm;
use super::draft::{BlockKind, Draft};
use super::model::Programme;
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::programme::model::SessionState;
use crate::web::PageContext;
use chrono::NaiveDate;
use serde::Serialize;
use std::collections::BTreeMap;

/// Who looks at which draft.
pub(super) struct Frame<'a> {
    /// The team's page.
    pub(super) team: &'a Allowed<ViewEvent>,
    /// Its frame.
    pub(super) context: &'a PageContext,
    /// The draft.
    pub(super) draft: &'a Programme,
    /// The event's days, and those on which something takes place.
    pub(super) days: &'a [NaiveDate],
    /// Where the draft's pages are.
    pub(super) base: &'a str,
}

impl Frame<'_> {
    /// A text in the page's language.
    pub(super) fn text(&self, key: &str) -> String {
        self.team.visit.app.texts.text(self.context.lang, key, &[])
    }
}

/// What the editor needs besides the list of the day.
#[derive(Serialize)]
pub(super) struct EditorFrame {
    may_edit: bool,
    undo_url: String,
    redo_url: String,
    /// Missing for who may not make blocks.
    new_block: Option<BlockForm>,
    blocks: Vec<BlockForm>,
    keys: Vec<Key>,
    editor: minijinja::Value,
}

/// One line of the help: the keys, and what they do.
#[derive(Serialize)]
struct Key {
    keys: &'static [&'static str],
    label: String,
}

/// Settings and words for `static/editor`.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Setup<'a> {
    base: &'a str,
    lang: String,
    day: String,
    may_edit: bool,
    may_manage: bool,
    words: BTreeMap<&'static str, String>,
    states: BTreeMap<&'static str, String>,
}

impl EditorFrame {
    /// The frame for a day, or for all where none is given.
    pub(super) fn new(frame: &Frame<'_>, draft: &Draft, day: Option<NaiveDate>) -> Self {
        let Frame { team, base, .. } = frame;
        Self {
            may_edit: team.may(Permission::EditProgramme),
            undo_url: format!("{base}/undo"),
            redo_url: format!("{base}/redo"),
            new_block: team.may(Permission::ManageEvent).then(|| BlockForm::new(frame, day)),
            blocks: BlockForm::all(frame, draft, day),
            keys: KEYS.iter().map(|(keys, key)| Key { keys, label: frame.text(key) }).collect(),
            editor: setup(frame, day),
        }
    }
}

/// The data block of the page. A less-than sign inside it could end it, so none stands there.
fn setup(frame: &Frame<'_>, day: Option<NaiveDate>) -> minijinja::Value {
    let Frame { team, context, base, .. } = frame;
    let texts = &team.visit.app.texts;
    let places: Vec<(&str, String)> = PLACES.iter().map(|name| (*name, format!("{{{name}}}"))).collect();
    let args: Vec<_> = places.iter().map(|(name, place)| (*name, place.as_str().into())).collect();
    let kinds = BlockKind::ALL.iter().map(|kind| match kind {
        BlockKind::Break => "editor-kind-break",
        BlockKind::Registration => "editor-kind-registration",
        BlockKind::SetUp => "editor-kind-set-up",
        BlockKind::Other => "editor-kind-other",
    });
    let setup = Setup {
        base,
        lang: context.lang.to_string(),
        day: day.map_or_else(|| "all".to_owned(), |day| day.to_string()),
        may_edit: team.may(Permission::EditProgramme),
        may_manage: team.may(Permission::ManageEvent),
        words: WORDS.iter().copied().chain(kinds).map(|key| (key, texts.text(context.lang, key, &args))).collect(),
        states: SessionState::ALL
            .iter()
            .map(|state| (state.as_str(), texts.text(context.lang, &format!("programme-state-{state}"), &[])))
            .collect(),
    };
    let json = serde_json::to_string(&setup).unwrap_or_default().replace('<', "\\u003c");
    minijinja::Value::from_safe_string(json)
}

/// Places in the words below, which the scripts fill.
const PLACES: &[&str] = &["count", "language", "name", "other", "room", "time", "title", "what"];

/// What the keys do, for the help.
const KEYS: &[(&[&str], &str)] = &[
    (&["←", "↑", "→", "↓"], "editor-key-walk"),
    (&["Enter"], "editor-key-pick"),
    (&["←", "↑", "→", "↓"], "editor-key-steer"),
    (&["Shift", "↑", "↓"], "editor-key-hour"),
    (&["Page Up", "Page Down"], "editor-key-day"),
    (&["+", "−"], "editor-key-length"),
    (&["Esc"], "editor-key-cancel"),
    (&["Delete"], "editor-key-out"),
    (&["Ctrl", "Space"], "editor-key-select"),
    (&["Ctrl", "A"], "editor-key-all"),
    (&["E"], "editor-key-open"),
    (&["Ctrl", "Z"], "editor-key-undo"),
    (&["Ctrl", "Shift", "Z"], "editor-key-redo"),
    (&["?"], "editor-key-help"),
];

/// The words that the scripts use.
const WORDS: &[&str] = &[
    "common-list-separator",
    "editor-undo",
    "editor-redo",
    "editor-turn",
    "editor-undone",
    "editor-redone",
    "editor-nothing-to-undo",
    "editor-nothing-to-redo",
    "editor-saving",
    "editor-waits",
    "editor-not-mine",
    "editor-not-saved",
    "editor-saved-again",
    "editor-retry",
    "editor-refused",
    "editor-signed-out",
    "editor-reload",
    "editor-close",
    "editor-people",
    "editor-holds",
    "editor-someone",
    "editor-other-moved",
    "editor-other-moved-many",
    "editor-step",
    "editor-zoomed",
    "editor-all-days",
    "editor-all-rooms",
    "editor-no-room",
    "editor-seats",
    "editor-panel",
    "editor-details",
    "editor-tray",
    "editor-tray-count",
    "editor-tray-done",
    "editor-tray-nothing",
    "editor-minutes",
    "editor-concerns",
    "editor-count-concerns",
    "editor-no-concerns",
    "editor-severity",
    "editor-severity-blocks",
    "editor-severity-warns",
    "editor-severity-hint",
    "editor-severity-count-all",
    "editor-severity-count-blocks",
    "editor-severity-count-warns",
    "editor-severity-count-hint",
    "editor-read-only",
    "editor-picked",
    "editor-picked-many",
    "editor-cancelled",
    "editor-nothing-moved",
    "editor-placed-at",
    "editor-moved-to",
    "editor-stretched",
    "editor-moved-many",
    "editor-swapped",
    "editor-swap",
    "editor-swap-with",
    "editor-taken-out",
    "editor-taken-out-many",
    "editor-take-out",
    "editor-selected",
    "editor-unselected",
    "editor-selected-many",
    "editor-chosen",
    "editor-open-session",
    "editor-place-form",
    "editor-place-again",
    "editor-place",
    "editor-fix",
    "editor-free",
    "editor-fixed",
    "editor-was-fixed",
    "editor-freed",
    "editor-expected",
    "editor-interpreted",
    "editor-answer-confirmed",
    "editor-answer-asked",
    "editor-answer-declined",
    "editor-internal",
    "editor-block-new",
    "editor-block-edit",
    "editor-block-change",
    "editor-block-saved",
    "editor-block-copied",
    "editor-block-delete",
    "editor-block-deleted",
];
