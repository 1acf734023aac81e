//! Who is who: files give one id to several people and several ids to one person.

use super::raw::{RawPerson, RawSession};
use super::text;
use crate::interchange::notes::{Notes, Problem};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use uuid::Uuid;

/// People of the same name that a new mention is compared with; more is no honest programme.
const MAX_NAMESAKES: usize = 50;

/// One person of the file.
#[derive(Debug)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) guid: Option<Uuid>,
    pub(super) details: RawPerson,
}

/// Everybody in the file, and which of them a mention means.
#[derive(Debug, Default)]
pub(super) struct People {
    pub(super) list: Vec<Person>,
    by_mention: HashMap<Mention, usize>,
}

/// Id and name as they stand in one place. Neither alone names a person in real files.
type Mention = (Option<String>, String);

impl People {
    /// The person that is meant.
    pub(super) fn meant_by(&self, person: &RawPerson) -> Option<&Person> {
        self.by_mention.get(&mention(person)).and_then(|place| self.list.get(*place))
    }
}

/// Sorts out all mentions, those in lists first.
pub(super) fn identify(listed: &[RawPerson], sessions: &[RawSession], notes: &mut Notes) -> People {
    let everyone = || listed.iter().chain(sessions.iter().flat_map(|session| &session.people));
    let mut people = People::default();
    let mut by_name: HashMap<String, Vec<usize>> = HashMap::new();
    let together = named_twice_in_one_session(sessions);
    for person in everyone() {
        let mention = mention(person);
        if mention.1.is_empty() {
            continue;
        }
        if let Some(known) = people.by_mention.get(&mention).and_then(|place| people.list.get_mut(*place)) {
            complete(&mut known.details, person, notes);
            continue;
        }
        let namesakes = by_name.entry(mention.1.clone()).or_default();
        let same = namesakes.iter().copied().take(MAX_NAMESAKES).find(|place| {
            people
                .list
                .get(*place)
                .is_some_and(|known| !together.contains(&mention.1) && may_be_one(&known.details, person))
        });
        let place = match same {
            Some(place) => {
                if let Some(known) = people.list.get_mut(place) {
                    if known.details.id.is_some() && person.id.is_some() {
                        notes.tally(&person.place, Problem::MergedPerson, &mention.1);
                    }
                    complete(&mut known.details, person, notes);
                }
                place
            }
            None => {
                let details = RawPerson { name: mention.1.clone(), ..person.clone() };
                people.list.push(Person { key: String::new(), guid: None, details });
                namesakes.push(people.list.len() - 1);
                people.list.len() - 1
            }
        };
        people.by_mention.insert(mention, place);
    }
    give_keys(&mut people, notes);
    people
}

fn mention(person: &RawPerson) -> Mention {
    // The guid is the stronger id where a file has both.
    let id = person.guid.clone().or_else(|| person.id.clone());
    (id, text::collapse(&person.name))
}

/// Names that stand for two people in one and the same session.
fn named_twice_in_one_session(sessions: &[RawSession]) -> HashSet<String> {
    let mut twice = HashSet::new();
    for session in sessions {
        let mut ids: HashMap<String, Mention> = HashMap::new();
        for person in &session.people {
            let mention = mention(person);
            match ids.get(&mention.1) {
                Some(other) if *other != mention && other.0.is_some() && mention.0.is_some() => {
                    twice.insert(mention.1);
                }
                _ => {
                    ids.insert(mention.1.clone(), mention);
                }
            }
        }
    }
    twice
}

/// Whether two mentions of the same name can be one person: nothing said about them may contradict.
fn may_be_one(known: &RawPerson, other: &RawPerson) -> bool {
    let differ = |left: Option<&str>, right: Option<&str>| matches!((left, right), (Some(left), Some(right)) if left.trim() != right.trim());
    let same_face = known.avatar.is_some() && known.avatar == other.avatar;
    if differ(known.guid.as_deref(), other.guid.as_deref()) {
        return false;
    }
    same_face
        || !(differ(known.avatar.as_deref(), other.avatar.as_deref())
            || differ(known.biography.first(), other.biography.first()))
}

/// Takes over what the first mention left open.
fn complete(known: &mut RawPerson, other: &RawPerson, notes: &mut Notes) {
    if known.biography.is_blank() {
        known.biography.clone_from(&other.biography);
    } else if !other.biography.is_blank() && known.biography != other.biography {
        notes.tally(&other.place, Problem::PersonDiffers, &known.name);
    }
    for (known, other) in [(&mut known.position, &other.position), (&mut known.organisation, &other.organisation)] {
        if known.is_blank() {
            known.clone_from(other);
        }
    }
    for (known, other) in [
        (&mut known.id, &other.id),
        (&mut known.guid, &other.guid),
        (&mut known.native_name, &other.native_name),
        (&mut known.country, &other.country),
        (&mut known.avatar, &other.avatar),
    ] {
        if known.is_none() {
            known.clone_from(other);
        }
    }
}

/// The guid or the id is the key where it means one person only, else the name.
fn give_keys(people: &mut People, notes: &mut Notes) {
    let mut names_of: BTreeMap<String, BTreeSet<String>> = BTreeMap::new();
    for (id, name) in people.by_mention.keys() {
        if let Some(id) = id {
            names_of.entry(id.clone()).or_default().insert(name.clone());
        }
    }
    for (id, names) in names_of.iter().filter(|(_, names)| names.len() > 1) {
        notes.warn_with("persons", Problem::SharedPersonId, id, &names.len().to_string());
    }
    let mut ids_of: BTreeMap<usize, BTreeSet<&String>> = BTreeMap::new();
    for ((id, _), place) in &people.by_mention {
        ids_of.entry(*place).or_default().extend(id);
    }
    let alone = |id: &String| names_of.get(id).is_none_or(|names| names.len() == 1);
    let mut taken = HashSet::new();
    for (place, person) in people.list.iter_mut().enumerate() {
        let details = &person.details;
        person.guid = details.guid.as_ref().filter(|guid| alone(guid)).and_then(|guid| Uuid::try_parse(guid).ok());
        // Merged files give 0 to everybody without an id.
        let mut ids = details.id.as_ref().into_iter().chain(ids_of.get(&place).into_iter().flatten().copied());
        let id = ids.find(|id| alone(id) && id.as_str() != "0" && Uuid::try_parse(id).is_err());
        let key = match (person.guid, id) {
            (Some(guid), _) => guid.to_string(),
            (None, Some(id)) => format!("id:{id}"),
            (None, None) => format!("name:{}", details.name.to_lowercase()),
        };
        let mut unique = key.clone();
        for number in 2.. {
            if taken.insert(unique.clone()) {
                break;
            }
            unique = format!("{key}#{number}");
        }
        person.key = unique;
    }
}
