//! What came of a scan, in words, for the page and for the app alike.

use super::access::Scanner;
use crate::checkin::model::ScanResult;
use crate::checkin::operations::Outcome;
use crate::db::{DbConnection, GateId};
use crate::i18n::{Country, Formatter, Lang, Localized, country_name};
use crate::registration::forms::model::Viewer;
use crate::registration::forms::operations::lines;
use crate::web::Failure;
use serde::Serialize;

/// What a scan came to, as staff see it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shown {
    /// The scan.
    pub(super) id: String,
    /// The result's word.
    pub(super) result: &'static str,
    /// `good`, `warn` or `bad`: the colour and the sound.
    pub(super) tone: &'static str,
    /// The result in large letters.
    pub(super) title: String,
    /// What it means; empty where the title says it all.
    pub(super) detail: String,
    /// Whom it found.
    pub(super) person: Option<Person>,
    /// Why the device should not have let them in; empty where it should.
    pub(super) conflict: String,
    /// Whether it was known already.
    pub(super) repeated: bool,
}

/// Whom a scan found.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Person {
    id: String,
    name: String,
    native_name: String,
    organisation: String,
    country: String,
    category: String,
    color: String,
    code: String,
    note: String,
    photo_url: Option<String>,
    /// Files of answers that staff at the door may see.
    files: Vec<FileLink>,
}

/// A file of an answer.
#[derive(Clone, Debug, Serialize)]
pub(super) struct FileLink {
    label: String,
    url: String,
}

/// The colour of a result.
pub(super) const fn tone(result: ScanResult) -> &'static str {
    match result {
        ScanResult::In | ScanResult::Out | ScanResult::Admitted => "good",
        ScanResult::AlreadyIn | ScanResult::NotInside | ScanResult::Standby | ScanResult::Full => "warn",
        _ => "bad",
    }
}

/// What words need to know.
pub(super) struct Words<'a> {
    pub(super) scanner: &'a Scanner,
    pub(super) lang: Lang,
    pub(super) gates: &'a [(GateId, Localized)],
}

impl Words<'_> {
    fn text(&self, key: &str) -> String {
        self.scanner.visit.app.texts.text(self.lang, key, &[])
    }

    fn content(&self, text: &Localized) -> String {
        text.text(self.lang, &self.scanner.event.languages).to_owned()
    }

    /// A result in large letters.
    pub(super) fn title(&self, result: ScanResult) -> String {
        self.text(&format!("checkin-result-{result}"))
    }

    fn detail(&self, outcome: &Outcome) -> String {
        let Some((gate, at)) = outcome.since.filter(|_| outcome.result == ScanResult::AlreadyIn) else {
            return self.text(&format!("checkin-result-{}-help", outcome.result));
        };
        let time = Formatter::of(self.lang).time(at.in_zone(self.scanner.event.zone()).time());
        let gate = self.gates.iter().find(|one| one.0 == gate).map(|one| self.content(&one.1)).unwrap_or_default();
        let args = [("time", time.into()), ("gate", gate.into())];
        self.scanner.visit.app.texts.text(self.lang, "checkin-already-in-since", &args)
    }

    /// An outcome in words, with the answers that staff at the door may see.
    ///
    /// # Errors
    /// When the database does not answer.
    pub(super) async fn shown(&self, outcome: &Outcome) -> Result<Shown, Failure> {
        let mut shown = self.plain(outcome);
        if let Some((person, found)) = shown.person.as_mut().zip(outcome.found.as_ref()) {
            let (event, id, lang) = (self.scanner.event.clone(), found.attendee.id, self.lang);
            let read = move |db: &mut DbConnection| Ok::<_, Failure>(lines(db, &event, id, lang, Viewer::CheckIn)?);
            let answers = self.scanner.visit.app.read(read).await?;
            // A photo that staff at the door may not see is not asked for.
            person.photo_url = person.photo_url.take().filter(|_| answers.iter().any(|line| line.is_photo));
            let files = format!("/checkin/{}/files/{}", self.scanner.event.slug, found.attendee.id);
            let with_file = answers.iter().filter(|line| !line.is_photo && !line.file.is_empty());
            person.files = with_file
                .map(|line| FileLink { label: line.label.clone(), url: format!("{files}/{}", line.file) })
                .collect();
            let answers = answers.into_iter().filter(|line| !line.is_photo && line.file.is_empty());
            let answers = answers.map(|line| format!("{}: {}", line.label, line.text));
            let notes: Vec<String> =
                Some(person.note.clone()).filter(|note| !note.is_empty()).into_iter().chain(answers).collect();
            person.note = notes.join(" · ");
        }
        Ok(shown)
    }

    fn plain(&self, outcome: &Outcome) -> Shown {
        Shown {
            id: outcome.id.to_string(),
            result: outcome.result.as_str(),
            tone: tone(outcome.result),
            title: self.title(outcome.result),
            detail: self.detail(outcome),
            person: outcome.found.as_ref().map(|found| Person {
                id: found.attendee.id.to_string(),
                name: found.attendee.full_name(),
                native_name: found.attendee.native_name.clone(),
                organisation: found.attendee.organisation.clone(),
                country: found
                    .attendee
                    .country
                    .as_deref()
                    .and_then(|code| code.parse::<Country>().ok())
                    .map(|country| country_name(&self.scanner.visit.app.texts, self.lang, country))
                    .unwrap_or_default(),
                category: self.content(&found.category.name),
                color: found.category.badge_color.clone(),
                code: found.attendee.code.clone(),
                note: found.attendee.remark.clone(),
                photo_url: found.attendee.photo_id.as_ref().map(|photo| {
                    format!("/checkin/{}/files/{}/{photo}?size=small", self.scanner.event.slug, found.attendee.id)
                }),
                files: Vec::new(),
            }),
            conflict: outcome.conflict.map(|reason| self.title(reason)).unwrap_or_default(),
            repeated: outcome.is_repeated,
        }
    }
}
