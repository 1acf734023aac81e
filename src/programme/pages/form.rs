//! The form of a session: from a stored session to fields, from fields to facts.

use crate::db::SpeakerId;
use crate::events::model::Event;
use crate::i18n::{Lang, Localized};
use crate::programme::model::{Access, Link, LinkKind, Role, Session, SessionFacts, SessionState};
use crate::schedule::draft::Planning;
use crate::schedule::model::{Participation, Programme, ProgrammeSpeaker};
use crate::web::{Checker, FieldErrors, FormData, Message};
use std::str::FromStr;

/// Empty rows for further people and links.
const SPARE_ROWS: usize = 3;
/// Most people and links of a session.
const MOST_ROWS: usize = 60;
/// Most places of a session.
const MOST_PLACES: i32 = 1_000_000;
/// Longest time that a room stays empty before or after a session, in minutes.
const LONGEST_BUFFER: i32 = 720;

/// How a speaker is written in the form: "Name (code)", which is both readable and certain.
pub(super) fn written(speaker: &ProgrammeSpeaker) -> String {
    format!("{} ({})", speaker.name, speaker.code)
}

/// The fields of a stored session.
pub(super) fn stored(session: &Session, people: &[Participation], planning: &Planning, draft: &Programme) -> FormData {
    let tags: Vec<&str> = session.interpreted.iter().map(Lang::as_str).collect();
    let mut form = FormData::from_fields([
        ("version", session.version.to_string()),
        ("format", session.format_id.map(|id| id.to_string()).unwrap_or_default()),
        ("forum", session.forum_id.map(|id| id.to_string()).unwrap_or_default()),
        ("language", session.language.map(|lang| lang.to_string()).unwrap_or_default()),
        ("interpreted", tags.join(", ")),
        ("access", session.access.to_string()),
        ("capacity", session.capacity.map(|places| places.to_string()).unwrap_or_default()),
        ("expected", planning.expected.map(|people| people.to_string()).unwrap_or_default()),
        ("buffer_before", planning.buffer_before.to_string()),
        ("buffer_after", planning.buffer_after.to_string()),
        ("state", session.state.to_string()),
        ("may_record", if session.may_record { "on".to_owned() } else { String::new() }),
    ]);
    for (name, value) in [
        ("title", &session.title),
        ("subtitle", &session.subtitle),
        ("abstract", &session.abstract_text),
        ("description", &session.description),
    ] {
        form.push_localized(name, value);
    }
    for (row, part) in people.iter().enumerate() {
        let speaker = draft.speakers.iter().find(|speaker| speaker.id == part.speaker);
        form.push(format!("person.{row}"), speaker.map(written).unwrap_or_default());
        form.push(format!("role.{row}"), part.role.as_str());
    }
    for (row, link) in session.links.iter().enumerate() {
        form.push(format!("link.{row}"), link.url.as_str());
        form.push(format!("link_title.{row}"), link.title.as_str());
        form.push(format!("link_kind.{row}"), link.kind.as_str());
    }
    form
}

/// How many rows of `name.0`, `name.1` … a form shows: those in use and some to spare.
pub(super) fn rows(form: &FormData, name: &str) -> usize {
    let used = (0..MOST_ROWS)
        .rev()
        .find(|row| !form.text(&format!("{name}.{row}")).trim().is_empty())
        .map_or(0, |row| row + 1);
    (used + SPARE_ROWS).min(MOST_ROWS)
}

/// Checks the fields; `draft` knows the forums, formats and speakers that may be named.
pub(super) fn facts(
    event: &Event,
    draft: &Programme,
    present: Option<&Session>,
    form: &FormData,
) -> Result<SessionFacts, FieldErrors> {
    let mut checker = Checker::new(form);
    let shown = &event.languages;
    let kept = |new: Localized, old: Option<&Localized>| -> Localized {
        // Texts in languages that the form does not show stay as they are.
        let others = old.into_iter().flat_map(Localized::iter).filter(|(lang, _)| !shown.contains(lang));
        others.fold(new, |all, (lang, text)| all.with(lang, text))
    };
    let title = kept(checker.required_localized_line("title", shown), present.map(|session| &session.title));
    let facts = SessionFacts {
        title,
        subtitle: kept(checker.localized_line("subtitle", shown), present.map(|session| &session.subtitle)),
        abstract_text: kept(checker.localized_block("abstract", shown), present.map(|session| &session.abstract_text)),
        description: kept(checker.localized_block("description", shown), present.map(|session| &session.description)),
        format: one_of(&mut checker, "format", "programme-unknown-format", draft.formats.iter().map(|one| one.id)),
        forum: one_of(&mut checker, "forum", "programme-unknown-forum", draft.forums.iter().map(|one| one.id)),
        language: checker.optional_parsed("language", "programme-unknown-language"),
        interpreted: interpreted(&mut checker, form),
        access: checker.optional_parsed("access", "programme-unknown-access").unwrap_or(Access::Open),
        capacity: checker.optional_number("capacity", 1..=MOST_PLACES),
        expected: checker.optional_number("expected", 1..=MOST_PLACES),
        buffer_before: checker.optional_number("buffer_before", 0..=LONGEST_BUFFER).unwrap_or(0),
        buffer_after: checker.optional_number("buffer_after", 0..=LONGEST_BUFFER).unwrap_or(0),
        state: state(&mut checker, present),
        may_record: form.is_ticked("may_record"),
        links: links(&mut checker, form),
        people: people(&mut checker, form, draft),
    };
    checker.finish(facts)
}

/// A choice that must be one of `known`: what was there when the page was opened may be gone now.
fn one_of<T: FromStr + PartialEq>(
    checker: &mut Checker<'_>,
    name: &str,
    wrong: &'static str,
    mut known: impl Iterator<Item = T>,
) -> Option<T> {
    let chosen = checker.optional_parsed::<T>(name, wrong)?;
    if !known.any(|one| one == chosen) {
        checker.wrong(name, Message::new(wrong));
    }
    Some(chosen)
}

fn state(checker: &mut Checker<'_>, present: Option<&Session>) -> SessionState {
    let wanted = checker.optional_parsed("state", "programme-unknown-state");
    let from = present.map_or(SessionState::Draft, |session| session.state);
    let wanted = wanted.unwrap_or(from);
    if !from.may_become(wanted) {
        checker.wrong("state", Message::new("programme-wrong-step"));
    }
    wanted
}

fn interpreted(checker: &mut Checker<'_>, form: &FormData) -> Vec<Lang> {
    let mut languages: Vec<Lang> = Vec::new();
    for tag in form.text("interpreted").split([',', '，', '、', ' ', ';']).map(str::trim).filter(|tag| !tag.is_empty())
    {
        match tag.parse() {
            Ok(lang) if languages.contains(&lang) => {}
            Ok(lang) => languages.push(lang),
            Err(_) => checker.wrong("interpreted", Message::new("programme-unknown-language")),
        }
    }
    languages
}

fn links(checker: &mut Checker<'_>, form: &FormData) -> Vec<Link> {
    let mut links = Vec::new();
    for row in 0..MOST_ROWS {
        let field = format!("link.{row}");
        let address = checker.line(&field);
        if address.is_empty() {
            continue;
        }
        if !url::Url::parse(&address).is_ok_and(|url| matches!(url.scheme(), "http" | "https") && url.has_host()) {
            checker.wrong(&field, Message::new("programme-bad-link"));
        }
        let kind = form.text(&format!("link_kind.{row}")).parse().unwrap_or(LinkKind::Link);
        links.push(Link { title: checker.line(&format!("link_title.{row}")), url: address, kind });
    }
    links
}

fn people(checker: &mut Checker<'_>, form: &FormData, draft: &Programme) -> Vec<(SpeakerId, Role)> {
    let mut people: Vec<(SpeakerId, Role)> = Vec::new();
    for row in 0..MOST_ROWS {
        let field = format!("person.{row}");
        let text = checker.line(&field);
        if text.is_empty() {
            continue;
        }
        let role = form.text(&format!("role.{row}")).parse().unwrap_or(Role::Speaker);
        match named(draft, &text) {
            Some(speaker) if people.contains(&(speaker, role)) => {
                checker.wrong(&field, Message::new("programme-person-twice"));
            }
            Some(speaker) => people.push((speaker, role)),
            None => checker.wrong(&field, Message::new("programme-unknown-person")),
        }
    }
    people
}

/// The speaker written as "Name (code)", by the code alone, or by a name that only one has.
fn named(draft: &Programme, text: &str) -> Option<SpeakerId> {
    let code = text.rsplit_once('(').and_then(|(_, rest)| rest.strip_suffix(')')).unwrap_or(text).trim();
    if let Some(speaker) = draft.speakers.iter().find(|speaker| speaker.code == code) {
        return Some(speaker.id);
    }
    let mut same = draft.speakers.iter().filter(|speaker| speaker.name == text);
    match (same.next(), same.next()) {
        (Some(only), None) => Some(only.id),
        _ => None,
    }
}
