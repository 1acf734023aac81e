//! Writing programmes: pure functions from a release to a file. Strict where reading is forgiving.

mod calendar;
mod days;
mod extras;
mod schedule_json;
mod schedule_xml;
mod table;
mod xcal;
mod xml;

pub use calendar::{Scope, calendar};
pub use schedule_json::schedule_json;
pub use schedule_xml::schedule_xml;
pub use table::{table, template};
pub use xcal::xcal;

use crate::i18n::{Lang, Localized};
use crate::schedule::model::Programme;

/// Who wrote the file, as every format wants to know.
const GENERATOR: &str = "Plenary";

/// Where the programme is published and in which language texts are written where a format holds only one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Site {
    /// The event's public address without a slash at the end, such as `https://summit.example/2027`.
    pub url: String,
    /// The language; the event's main one for exports.
    pub lang: Lang,
}

impl Site {
    /// The site of an event below `public_url`, in its main language.
    #[must_use]
    pub fn of(programme: &Programme, public_url: &str) -> Self {
        let url = format!("{}/{}", public_url.trim_end_matches('/'), programme.event.slug);
        Self { url, lang: main_language(programme) }
    }

    fn session(&self, code: &str) -> String {
        format!("{}/sessions/{code}", self.url)
    }

    fn speaker(&self, code: &str) -> String {
        format!("{}/speakers/{code}", self.url)
    }

    /// The text for this site's readers.
    fn text<'a>(&self, programme: &Programme, text: &'a Localized) -> &'a str {
        text.text(self.lang, &programme.event.languages)
    }
}

fn main_language(programme: &Programme) -> Lang {
    programme.event.languages.first().copied().unwrap_or(Lang::EN)
}

/// The version of the programme, as formats that have one show it.
fn version(programme: &Programme) -> String {
    match &programme.release {
        Some(release) if !release.name.trim().is_empty() => release.name.clone(),
        Some(release) => release.number.to_string(),
        None => "draft".to_owned(),
    }
}
