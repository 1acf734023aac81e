//! What a speaker is.

use crate::db::schema::{files, speakers};
use crate::db::{EventId, FileId, ForumId, SessionId, SpeakerId, UtcTime};
use crate::i18n::{Lang, Localized, search_key};
use crate::programme::model::Role;
use diesel::prelude::*;

/// A speaker of an event, as the row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = speakers)]
pub struct Speaker {
    /// The speaker.
    pub id: SpeakerId,
    /// The event.
    pub event_id: EventId,
    /// Their place in URLs, unique in the event.
    pub code: String,
    /// Stable in exchange formats.
    pub guid: String,
    /// The name in Latin letters, in the order its owner uses.
    pub name: String,
    /// The name in its own script.
    pub native_name: Option<String>,
    /// Office or job.
    pub position: Localized,
    /// Ministry, company, university.
    pub organisation: Localized,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// In Markdown.
    pub biography: Localized,
    /// The checked and resized photo.
    pub photo_id: Option<FileId>,
    /// Where we write to them; never public.
    pub email: Option<String>,
    /// In which language we write to them.
    pub language: Option<Lang>,
    /// What a search looks at.
    pub search_key: String,
    /// Their key in the file they were imported from.
    pub source_key: Option<String>,
    /// Counts edits, so that two organizers don't overwrite each other.
    pub version: i32,
    /// When the row was made.
    pub created_at: UtcTime,
    /// When it was last edited.
    pub updated_at: UtcTime,
}

impl Speaker {
    /// How to address the person in `lang`: by the name in that language's script, where there is one.
    #[must_use]
    pub fn name_for(&self, lang: Lang) -> &str {
        self.native_name.as_deref().filter(|name| lang.has_script_of(name)).unwrap_or(&self.name)
    }
}

/// What an organizer says of a speaker.
#[derive(Clone, Debug)]
pub struct SpeakerFacts {
    /// The name in Latin letters.
    pub name: String,
    /// The name in its own script.
    pub native_name: Option<String>,
    /// Office or job.
    pub position: Localized,
    /// Ministry, company, university.
    pub organisation: Localized,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// In Markdown.
    pub biography: Localized,
    /// Where we write to them.
    pub email: Option<String>,
    /// In which language we write to them.
    pub language: Option<Lang>,
}

impl SpeakerFacts {
    /// What a search for them looks at: the names and the organisation in every language.
    #[must_use]
    pub fn search_key(&self) -> String {
        let names = [self.name.as_str(), self.native_name.as_deref().unwrap_or_default()];
        search_key(names.into_iter().chain(self.organisation.iter().map(|(_, text)| text)))
    }
}

/// A speaker as the list shows them.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = speakers)]
pub struct SpeakerSummary {
    /// The speaker.
    pub id: SpeakerId,
    /// The name in Latin letters.
    pub name: String,
    /// The name in its own script.
    pub native_name: Option<String>,
    /// Office or job.
    pub position: Localized,
    /// Ministry, company, university.
    pub organisation: Localized,
    /// ISO 3166 alpha-2.
    pub country: Option<String>,
    /// The photo.
    pub photo_id: Option<FileId>,
    /// What a search looks at.
    pub search_key: String,
}

/// A speaker's part in a session of the draft.
#[derive(Clone, Debug)]
pub struct Part {
    /// The session.
    pub session: SessionId,
    /// Its title.
    pub title: Localized,
    /// Its forum.
    pub forum: Option<ForumId>,
    /// As what they take part.
    pub role: Role,
    /// Begin and end of its first slot, where it is placed.
    pub slot: Option<(UtcTime, UtcTime)>,
}

/// An uploaded file, as its row holds it; its bytes are in the file store.
#[derive(Clone, Debug, Insertable)]
#[diesel(table_name = files)]
pub struct StoredFile {
    /// The file.
    pub id: FileId,
    /// The event.
    pub event_id: EventId,
    /// What it is for.
    pub kind: &'static str,
    /// Its media type.
    pub media_type: &'static str,
    /// Bytes of its largest form.
    pub bytes: i64,
    /// Pixels across.
    pub width: i32,
    /// Pixels down.
    pub height: i32,
    /// SHA-256 of its largest form, in hexadecimal.
    pub digest: String,
    /// When it was uploaded.
    pub created_at: UtcTime,
}
