//! The public change log: what each release changed, as a page and as an Atom feed.

use super::model::{PublicEvent, Released};
use super::view::Reader;
use crate::app::App;
use crate::schedule::releases::lines::{Line, Subject};
use crate::schedule::releases::log::{Logged, ReleaseLog};
use crate::schedule::releases::operations as releases;
use crate::schedule::releases::wording::ChangeWords;
use crate::web::Failure;
use crate::web::cache::Stored;
use crate::web::page::{Page, Text};
use quick_xml::escape::escape;
use serde::Serialize;
use std::fmt::Write;
use std::sync::Arc;

/// The log of an event. Read when someone first asks for it; each further release adds to it.
pub(super) async fn log(app: &App, event: &PublicEvent) -> Result<Arc<ReleaseLog>, Failure> {
    let id = event.event.id;
    let load = || async { app.read(move |db| Ok::<_, Failure>(Arc::new(releases::log(db, id)?))).await };
    event.log.get_or_try_init(load).await.map(Arc::clone)
}

#[derive(Serialize)]
pub(super) struct ChangesPage {
    releases: Vec<ReleaseBlock>,
    feed_url: String,
    schedule_url: String,
}

impl Page for ChangesPage {
    const TEMPLATE: &'static str = "public/changes.html";
}

#[derive(Serialize)]
struct ReleaseBlock {
    number: i32,
    name: String,
    note: String,
    at: String,
    /// For `<time datetime>`.
    instant: String,
    /// "First release, 300 sessions", or that it brought back an earlier one.
    summary: String,
    lines: Vec<ChangeLine>,
    more: usize,
    /// The pages as of this release; empty for the newest.
    old_url: String,
}

#[derive(Serialize)]
struct ChangeLine {
    title: Text,
    /// Empty where there is no page of it any more.
    url: String,
    text: String,
}

impl ChangesPage {
    pub(super) fn of(reader: &Reader<'_>, released: &Released, log: &ReleaseLog) -> Self {
        let newest = log.newest();
        Self {
            releases: log
                .releases
                .iter()
                .map(|logged| {
                    let release = &logged.release;
                    let at = release.created_at.in_zone(reader.zone);
                    let old_url = format!("{}/schedule?release={}", reader.base(), release.number);
                    ReleaseBlock {
                        number: release.number,
                        name: release.name.clone(),
                        note: release.note.clone(),
                        at: reader.format().date_time(at.naive_local()),
                        instant: at.to_rfc3339(),
                        summary: summary(reader, logged),
                        lines: logged.lines.iter().map(|line| change_line(reader, released, line)).collect(),
                        more: logged.more,
                        old_url: if newest == Some(release.number) { String::new() } else { old_url },
                    }
                })
                .collect(),
            feed_url: format!("{}/changes.atom", reader.base()),
            schedule_url: format!("{}/schedule", reader.base()),
        }
    }
}

/// What is said of a release where there is no list, or on top of it.
fn summary(reader: &Reader<'_>, logged: &Logged) -> String {
    let text =
        |key: &str, name: &'static str, number: i64| reader.app.texts.text(reader.lang, key, &[(name, number.into())]);
    let sessions = i64::try_from(logged.sessions).unwrap_or(i64::MAX);
    match logged.release.restores {
        _ if logged.is_first && logged.release.number == 1 => text("changes-first", "count", sessions),
        _ if logged.is_first => String::new(),
        Some(number) => text("releases-brings-back", "number", number.into()),
        None if logged.lines.is_empty() => reader.text("changes-none"),
        None => String::new(),
    }
}

fn words<'a>(reader: &Reader<'a>) -> ChangeWords<'a> {
    ChangeWords { texts: &reader.app.texts, lang: reader.lang, languages: reader.event.languages(), zone: reader.zone }
}

fn change_line(reader: &Reader<'_>, released: &Released, line: &Line) -> ChangeLine {
    let url = match &line.subject {
        Subject::Session { id, .. } => {
            released.session(*id).map(|session| format!("{}/sessions/{}", reader.base(), session.code))
        }
        Subject::Speaker { code, .. } => {
            released.speaker_by_code(code).map(|_| format!("{}/speakers/{code}", reader.base()))
        }
        Subject::Block { .. } | Subject::Frame => None,
    };
    let words = words(reader);
    ChangeLine { title: words.subject(&line.subject), url: url.unwrap_or_default(), text: words.sentence(&line.what) }
}

/// The log as an Atom feed (RFC 4287). Ids are those of event and releases, which outlive every address.
pub(super) fn feed(reader: &Reader<'_>, log: &ReleaseLog) -> Stored {
    let base = format!("{}{}", reader.app.settings.http.public_url, reader.base());
    let name = reader.event.event.name_in(reader.lang);
    let title = reader.app.texts.text(reader.lang, "changes-feed-title", &[("event", name.into())]);
    let updated = log.releases.first().map(|logged| logged.release.created_at.to_string()).unwrap_or_default();
    let mut out = String::from("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n");
    // Writing to a string can't fail.
    let _ = write!(
        out,
        "<feed xmlns=\"http://www.w3.org/2005/Atom\" xml:lang=\"{lang}\">\n<id>urn:uuid:{id}</id>\n<title>{title}</title>\n\
         <updated>{updated}</updated>\n<author><name>{name}</name></author>\n\
         <link rel=\"self\" type=\"application/atom+xml\" href=\"{base}/changes.atom?lang={lang}\"/>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}/changes\"/>\n",
        lang = reader.lang,
        id = reader.event.event.id,
        title = escape(&title),
        name = escape(name),
        base = escape(&base),
    );
    for logged in &log.releases {
        entry(reader, logged, &base, &mut out);
    }
    out.push_str("</feed>\n");
    Stored::new(out.into_bytes(), "application/atom+xml; charset=utf-8", "Accept-Encoding")
}

fn entry(reader: &Reader<'_>, logged: &Logged, base: &str, out: &mut String) {
    let (release, words) = (&logged.release, words(reader));
    let title = reader.app.texts.text(reader.lang, "changes-release", &[("name", release.name.as_str().into())]);
    let mut content = String::new();
    for paragraph in [&release.note, &summary(reader, logged)].into_iter().filter(|text| !text.is_empty()) {
        let _ = write!(content, "<p>{}</p>", escape(paragraph.as_str()));
    }
    if !logged.lines.is_empty() {
        let items = logged.lines.iter().map(|line| format!("<li>{}</li>", escape(words.plain(line))));
        let _ = write!(content, "<ul>{}</ul>", items.collect::<String>());
    }
    let _ = write!(
        out,
        "<entry>\n<id>urn:uuid:{id}</id>\n<title>{title}</title>\n<published>{at}</published>\n<updated>{at}</updated>\n\
         <link rel=\"alternate\" type=\"text/html\" href=\"{base}/changes#release-{number}\"/>\n\
         <content type=\"html\">{content}</content>\n</entry>\n",
        id = release.id,
        title = escape(&title),
        at = release.created_at,
        base = escape(base),
        number = release.number,
        content = escape(&content),
    );
}
