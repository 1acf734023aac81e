//! The tables `messages` and `message_attempts`.

use super::model::{MessageState, NewMessage};
use crate::db::schema::messages;
use crate::db::{DbConnection, MessageId, UtcTime};
use diesel::prelude::*;

/// Adds a message that may leave at once.
pub(super) fn insert(db: &mut DbConnection, now: UtcTime, message: &NewMessage) -> QueryResult<MessageId> {
    let id = MessageId::new();
    let attachments = serde_json::to_string(&message.attachments).map_err(|error| diesel::result::Error::SerializationError(error.into()))?;
    diesel::insert_into(messages::table)
        .values((
            (
                messages::id.eq(id),
                messages::event_id.eq(message.event),
                messages::kind.eq(message.kind),
                messages::registration_id.eq(message.registration),
                messages::user_id.eq(message.user),
                messages::recipient_name.eq(&message.recipient_name),
                messages::recipient_address.eq(message.recipient.as_str()),
                messages::language.eq(message.language),
                messages::subject.eq(&message.content.subject),
                messages::body_text.eq(&message.content.text),
            ),
            (
                messages::body_html.eq(&message.content.html),
                messages::attachments.eq(attachments),
                // The id is made by us, so that a message sent twice after a crash is known as one.
                messages::message_id.eq(format!("{id}@plenary")),
                messages::state.eq(MessageState::Queued),
                messages::attempts.eq(0),
                messages::due_at.eq(now),
                messages::created_at.eq(now),
            ),
        ))
        .execute(db)?;
    Ok(id)
}
