//! Use cases of the speaker's own page.

use super::model::SpeakerLink;
use super::store;
use crate::db::{AssistantId, DbConnection, LinkId, SpeakerId, UtcTime};
use crate::web::Token;
use diesel::QueryResult;

/// Makes a link to a speaker's page, for one mail to the speaker or to one of the assistants. The
/// page is at `/{event}/s/{token}`. Links made before stay valid: an older mail must not stop
/// working because a newer one was sent.
///
/// # Errors
/// When the database refuses.
pub fn new_link(
    db: &mut DbConnection,
    now: UtcTime,
    speaker: SpeakerId,
    assistant: Option<AssistantId>,
) -> QueryResult<Token> {
    let token = Token::new();
    let link = SpeakerLink {
        id: LinkId::new(),
        token_hash: token.hash(),
        speaker_id: speaker,
        assistant_id: assistant,
        created_at: now,
        revoked_at: None,
    };
    store::insert_link(db, link)?;
    Ok(token)
}
