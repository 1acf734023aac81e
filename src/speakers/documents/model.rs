//! Versions of slides and papers, and interpreters' links to them.

use crate::db::schema::{briefings, documents};
use crate::db::{BriefingId, DocumentId, EventId, ForumId, SessionId, SpeakerId, UtcTime};
use crate::speakers::own::model::AnsweredBy;
use crate::text_enum;
use crate::web::TokenHash;
use diesel::prelude::*;
use std::collections::HashSet;

text_enum! {
    /// What a document is for.
    pub enum DocumentKind {
        /// What is shown on the screen.
        Slides = "slides",
        /// What is read: a paper, a speech.
        Paper = "paper",
    }
}

/// One version of a document, as its row holds it; its bytes are in the file store.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = documents)]
pub struct Document {
    /// Names it.
    pub id: DocumentId,
    /// The event.
    pub event_id: EventId,
    /// The session.
    pub session_id: Option<SessionId>,
    /// Whose it is; nobody's where it is the session's.
    pub speaker_id: Option<SpeakerId>,
    /// Which versions belong together.
    pub series: String,
    /// Which of them it is.
    pub number: i32,
    /// What it is for.
    pub kind: DocumentKind,
    /// The name under which it is handed out.
    pub name: String,
    /// What it is.
    pub media_type: String,
    /// How large it is.
    pub bytes: i64,
    /// SHA-256, in hexadecimal.
    pub digest: String,
    /// CRC-32, as archives want it.
    pub checksum: i64,
    /// Whether whoever uploaded it lets the public have it.
    pub is_public: bool,
    /// Since when the organizers let the public have it.
    pub approved_at: Option<UtcTime>,
    /// Whether interpreters get it.
    pub for_interpreters: bool,
    /// Who uploaded it.
    pub uploaded_by: AnsweredBy,
    /// When.
    pub created_at: UtcTime,
}

impl Document {
    /// Whether the public may have it, once its session is published.
    #[must_use]
    pub fn is_for_everybody(&self) -> bool {
        self.is_public && self.approved_at.is_some()
    }
}

/// The name of a series: one for each session, speaker and kind.
#[must_use]
pub fn series_of(session: SessionId, speaker: Option<SpeakerId>, kind: DocumentKind) -> String {
    let speaker = speaker.map(|speaker| speaker.to_string()).unwrap_or_default();
    format!("{session}/{speaker}/{kind}")
}

/// Of each series the newest version that fits, in the order in which they come.
pub fn newest(all: &[Document], fits: impl Fn(&Document) -> bool) -> Vec<&Document> {
    let mut seen = HashSet::new();
    let mut fitting: Vec<&Document> = all.iter().filter(|one| fits(one)).collect();
    fitting.sort_by(|left, right| left.series.cmp(&right.series).then(right.number.cmp(&left.number)));
    fitting.retain(|one| seen.insert(one.series.as_str()));
    fitting
}

/// A document that stands on a session's public page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublicDocument {
    /// The document.
    pub document: Document,
    /// Its session.
    pub session: SessionId,
}

/// An interpreters' link, as its row holds it.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = briefings)]
pub struct Briefing {
    /// Names it.
    pub id: BriefingId,
    /// The event.
    pub event_id: EventId,
    /// The forum whose sessions it shows.
    pub forum_id: Option<ForumId>,
    /// The one session that it shows.
    pub session_id: Option<SessionId>,
    /// Whom it is for, in the organizers' words.
    pub name: String,
    /// The hash of its secret.
    pub token_hash: TokenHash,
    /// When it was made.
    pub created_at: UtcTime,
    /// When it was first opened.
    pub opened_at: Option<UtcTime>,
    /// When it was taken back.
    pub revoked_at: Option<UtcTime>,
}

impl Briefing {
    /// Whether it shows a session of this forum.
    #[must_use]
    pub fn shows(&self, session: SessionId, forum: Option<ForumId>) -> bool {
        self.session_id.is_none_or(|own| own == session) && self.forum_id.is_none_or(|own| forum == Some(own))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn version(series: &str, number: i32, for_interpreters: bool) -> Document {
        Document {
            id: DocumentId::new(),
            event_id: EventId::new(),
            session_id: None,
            speaker_id: None,
            series: series.to_owned(),
            number,
            kind: DocumentKind::Slides,
            name: "slides.pdf".to_owned(),
            media_type: "application/pdf".to_owned(),
            bytes: 1,
            digest: String::new(),
            checksum: 0,
            is_public: false,
            approved_at: None,
            for_interpreters,
            uploaded_by: AnsweredBy::Speaker,
            created_at: UtcTime::of_machine(),
        }
    }

    #[test]
    fn the_newest_version_that_fits_stands_for_its_series() {
        let all = [version("a", 1, true), version("b", 1, true), version("a", 2, true), version("a", 3, false)];
        let found: Vec<_> =
            newest(&all, |one| one.for_interpreters).iter().map(|one| (one.series.as_str(), one.number)).collect();
        assert_eq!(found, [("a", 2), ("b", 1)]);
    }

    #[test]
    fn a_link_shows_its_session_or_its_forum_or_all() {
        let (session, forum) = (SessionId::new(), ForumId::new());
        let briefing = |forum_id, session_id| Briefing {
            id: BriefingId::new(),
            event_id: EventId::new(),
            forum_id,
            session_id,
            name: String::new(),
            token_hash: crate::web::Token::new().hash(),
            created_at: UtcTime::of_machine(),
            opened_at: None,
            revoked_at: None,
        };
        assert!(briefing(None, None).shows(session, None));
        assert!(briefing(Some(forum), None).shows(session, Some(forum)));
        assert!(!briefing(Some(forum), None).shows(session, None));
        assert!(briefing(None, Some(session)).shows(session, None));
        assert!(!briefing(None, Some(SessionId::new())).shows(session, Some(forum)));
    }
}
