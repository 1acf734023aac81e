//! Documents as pages list them: by series, the newest version first.

use super::model::Document;
use crate::db::SpeakerId;
use crate::i18n::{Formatter, Lang, Texts};
use chrono_tz::Tz;
use serde::Serialize;
use std::collections::BTreeMap;

/// The versions that belong together.
#[derive(Clone, Debug, Serialize)]
pub struct SeriesView {
    /// What they are for: "Slides".
    kind: String,
    /// Whose they are; empty where they are the session's.
    speaker: String,
    /// The title of the session.
    session: String,
    versions: Vec<VersionView>,
}

#[derive(Clone, Debug, Serialize)]
struct VersionView {
    number: String,
    name: String,
    size: String,
    uploaded: String,
    url: String,
    is_current: bool,
    is_public: bool,
    is_approved: bool,
    for_interpreters: bool,
}

/// What it takes to put documents into words.
pub struct DocumentWords<'a> {
    /// The texts.
    pub texts: &'a Texts,
    /// The reader's language.
    pub lang: Lang,
    /// On whose clocks times are.
    pub zone: Tz,
    /// The names of speakers.
    pub names: &'a dyn Fn(SpeakerId) -> String,
    /// The title of a session.
    pub titles: &'a dyn Fn(&Document) -> String,
    /// Where a document is handed out.
    pub url: &'a dyn Fn(&Document) -> String,
}

impl DocumentWords<'_> {
    /// All of them by series.
    #[must_use]
    pub fn series(&self, all: &[Document]) -> Vec<SeriesView> {
        let mut series: BTreeMap<&str, Vec<&Document>> = BTreeMap::new();
        for one in all {
            series.entry(one.series.as_str()).or_default().push(one);
        }
        series.into_values().filter_map(|versions| self.one(versions)).collect()
    }

    fn one(&self, mut versions: Vec<&Document>) -> Option<SeriesView> {
        versions.sort_by_key(|one| std::cmp::Reverse(one.number));
        let first = *versions.first()?;
        Some(SeriesView {
            kind: self.text(&format!("documents-kind-{}", first.kind)),
            speaker: first.speaker_id.map(self.names).unwrap_or_default(),
            session: (self.titles)(first),
            versions: versions.iter().map(|one| self.version(one, first)).collect(),
        })
    }

    fn text(&self, key: &str) -> String {
        self.texts.text(self.lang, key, &[])
    }

    fn version(&self, one: &Document, newest: &Document) -> VersionView {
        let at = Formatter::of(self.lang).date_time(one.created_at.in_zone(self.zone).naive_local());
        VersionView {
            number: self.texts.text(self.lang, "documents-version", &[("number", i64::from(one.number).into())]),
            name: one.name.clone(),
            size: self.size(one.bytes),
            uploaded: self.texts.text(self.lang, &format!("documents-by-{}", one.uploaded_by), &[("time", at.into())]),
            url: (self.url)(one),
            is_current: one.id == newest.id,
            is_public: one.is_public,
            is_approved: one.approved_at.is_some(),
            for_interpreters: one.for_interpreters,
        }
    }

    /// "1.4 MB".
    #[must_use]
    pub fn size(&self, bytes: i64) -> String {
        let format = Formatter::of(self.lang);
        let (key, size) = if bytes < 1_000_000 {
            ("documents-kilobytes", format.number((bytes + 999) / 1000))
        } else {
            ("documents-megabytes", format.decimal(bytes as f64 / 1_000_000.0, 1))
        };
        self.texts.text(self.lang, key, &[("size", size.into())])
    }
}
