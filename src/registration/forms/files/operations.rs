//! Files of answers: looked up, taken in, forgotten.

use super::model::{AnswerFile, Uploads, Waiting};
use super::store;
use crate::db::{AnswerFileId, DbConnection, EventId, RegistrationId, UtcTime};
use crate::sealing::FileKey;
use crate::web::{Token, TokenHash};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use diesel::QueryResult;

/// The part of a sealed file that is its name.
pub const NAME: &str = "name";

/// Keeps a file that waits for its form to be sent.
///
/// # Errors
/// When the database refuses.
pub fn keep_waiting(db: &mut DbConnection, file: &AnswerFile) -> QueryResult<()> {
    store::insert(db, file)
}

/// The uploads of these tokens.
///
/// # Errors
/// When the database refuses.
pub fn uploads(db: &mut DbConnection, event: EventId, tokens: &[Token]) -> QueryResult<Uploads> {
    let hashes: Vec<TokenHash> = tokens.iter().map(Token::hash).collect();
    let mut uploads = Uploads::default();
    if tokens.is_empty() {
        return Ok(uploads);
    }
    for file in store::by_tokens(db, event, &hashes)? {
        let token = tokens.iter().zip(&hashes).find(|(_, hash)| file.token_hash.as_ref() == Some(hash));
        if let Some(((token, hash), question)) = token.zip(file.question_id) {
            let (name, key) = in_clear(&file, token);
            let is_claimed = file.registration_id.is_some();
            let waiting = Waiting { id: file.id, question, token: hash.clone(), name, key, is_claimed };
            uploads.0.insert(token.reveal().to_owned(), waiting);
        }
    }
    Ok(uploads)
}

/// The row of an upload.
///
/// # Errors
/// When the database refuses.
pub fn of_token(db: &mut DbConnection, event: EventId, token: &Token) -> QueryResult<Option<AnswerFile>> {
    Ok(store::by_tokens(db, event, &[token.hash()])?.pop())
}

/// The name of an upload in clear, and its key where it is sealed: then its name is sealed too.
fn in_clear(file: &AnswerFile, token: &Token) -> (String, Option<FileKey>) {
    let sealed = file.name.strip_prefix(SEALED).and_then(|name| URL_SAFE_NO_PAD.decode(name).ok());
    let Some((sealed, key)) = sealed.zip(FileKey::of_token(token)) else { return (file.name.clone(), None) };
    let name = key.open(NAME, &sealed).map(|name| String::from_utf8_lossy(&name).into_owned());
    name.map_or_else(|| (String::new(), None), |name| (name, Some(key)))
}

/// What stands before a sealed name. No name in clear holds a colon.
const SEALED: &str = "sealed:";

/// The name of a sealed file as its row holds it.
#[must_use]
pub fn sealed_name(key: &FileKey, name: &str) -> String {
    key.seal(NAME, name.as_bytes())
        .map_or_else(|| SEALED.to_owned(), |sealed| SEALED.to_owned() + &URL_SAFE_NO_PAD.encode(sealed))
}

/// The files of a registration, the oldest first.
///
/// # Errors
/// When the database refuses.
pub fn of_registration(db: &mut DbConnection, id: RegistrationId) -> QueryResult<Vec<AnswerFile>> {
    store::of_registration(db, id)
}

/// Some files that nobody sent the form of in time.
///
/// # Errors
/// When the database refuses.
pub fn forgotten(db: &mut DbConnection, before: UtcTime, limit: i64) -> QueryResult<Vec<AnswerFileId>> {
    store::forgotten(db, before, limit)
}

/// Deletes those of these files that are no answer; they.
///
/// # Errors
/// When the database refuses.
pub fn forget(db: &mut DbConnection, files: &[AnswerFileId]) -> QueryResult<Vec<AnswerFileId>> {
    store::delete_waiting(db, files)
}

/// Takes the tokens of answers that no form sends again.
///
/// # Errors
/// When the database refuses.
pub fn drop_tokens(db: &mut DbConnection, before: UtcTime) -> QueryResult<usize> {
    store::drop_tokens(db, before)
}

/// Those of these files that have a row.
///
/// # Errors
/// When the database refuses.
pub fn known(db: &mut DbConnection, files: &[AnswerFileId]) -> QueryResult<Vec<AnswerFileId>> {
    store::known(db, files)
}
