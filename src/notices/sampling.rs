//! Whose mails a release shows before it is published: one attendee in each language.

use super::digest::{Book, Digest};
use super::operations::digest_of_stars;
use super::store::{people, stars};
use crate::db::{DbConnection, RegistrationId, SessionId, UtcTime};
use crate::i18n::Lang;
use crate::registration::model::Registration;
use crate::schedule::model::Programme;
use diesel::QueryResult;
use std::collections::HashMap;

/// Attendees among whom samples are looked for.
const LOOKED_THROUGH: usize = 200;

/// The first of `attendees` in each language, with what publishing `after` would tell them.
pub(super) fn attendees(
    db: &mut DbConnection,
    now: UtcTime,
    attendees: &[RegistrationId],
    (before, after): (Option<&Programme>, &Programme),
) -> QueryResult<Vec<(Registration, Digest)>> {
    let first = &attendees[..attendees.len().min(LOOKED_THROUGH)];
    let mut known = people::registrations_of(db, first)?;
    let mut languages: Vec<Lang> = Vec::new();
    let mut chosen: Vec<Registration> = Vec::new();
    for registration in first.iter().filter_map(|id| known.remove(id)) {
        if !languages.contains(&registration.language) {
            languages.push(registration.language);
            chosen.push(registration);
        }
    }
    let ids: Vec<RegistrationId> = chosen.iter().map(|registration| registration.id).collect();
    let mut starred: HashMap<RegistrationId, Vec<(SessionId, UtcTime)>> = HashMap::new();
    for (registration, session, at) in stars::of_registrations(db, &ids)? {
        starred.entry(registration).or_default().push((session, at));
    }
    let (old, new) = (before.map(Book::new), Book::new(after));
    let told = |registration: Registration| {
        let stars = starred.remove(&registration.id).unwrap_or_default();
        let digest = digest_of_stars(&stars, old.as_ref(), &new, now);
        (registration, digest)
    };
    Ok(chosen.into_iter().map(told).collect())
}
