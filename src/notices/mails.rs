//! The mails of notices, worded before the transaction that queues them.

use super::digest::{Book, Digest, Item, What, after_telling};
use super::itip::{self, Sheet, Words};
use super::model::{Entry, Notice, Recipient};
use super::operations::{Content, Link, Planned, Ready};
use crate::app::App;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang, TextArg};
use crate::mail::model::{Attachment, MessageKind, NewMessage, Rendered};
use crate::mail::rendering;
use crate::programme::text::plain_text;
use crate::registration::model::Registration;
use crate::schedule::model::Programme;
use crate::speakers::own::operations::prepare_link;
use crate::web::{Failure, Token};
use chrono_tz::Tz;
use serde::Serialize;

/// Characters of a session's description in a calendar entry.
const DESCRIPTION_LENGTH: usize = 600;

/// Words the mails of one event from one release.
pub struct Press<'a> {
    app: &'a App,
    event: &'a Event,
    book: Book<'a>,
    now: UtcTime,
}

/// Subject and first paragraph in an organizer's words, where they gave any.
#[derive(Clone, Copy, Debug, Default)]
pub struct OwnWords<'a> {
    /// The subject.
    pub subject: Option<&'a str>,
    /// The first paragraph.
    pub introduction: Option<&'a str>,
}

impl<'a> From<&'a Notice> for OwnWords<'a> {
    fn from(notice: &'a Notice) -> Self {
        Self { subject: notice.subject.as_deref(), introduction: notice.introduction.as_deref() }
    }
}

/// What the templates `mail/slot_notice` and `mail/change_notice` may mention.
#[derive(Serialize)]
struct Values<'a> {
    name: &'a str,
    /// The subject, an organizer's or ours.
    headline: String,
    /// What stands first, an organizer's words or ours.
    opening: String,
    changes: Vec<ChangeLine>,
    days: Vec<DayLines>,
    timetable_heading: String,
    /// What is said where there are no days.
    no_timetable: String,
    timezone: String,
    own_timezone: String,
    link: String,
    unsubscribe: &'a str,
}

/// One change in a mail or on a page.
#[derive(Clone, Debug, Serialize)]
pub struct ChangeLine {
    /// What became of it.
    pub kind: &'static str,
    /// The same in words.
    pub label: String,
    /// The session's title.
    pub title: String,
    /// The session's public page; empty where it has none.
    pub url: String,
    /// Time and place as they were; empty of what is new.
    pub before: String,
    /// Time and place as they are; empty of what is cancelled.
    pub after: String,
    /// The time now on the reader's own clocks, where they show another.
    pub own_time: String,
}

#[derive(Serialize)]
struct DayLines {
    day: String,
    entries: Vec<EntryLine>,
}

#[derive(Serialize)]
struct EntryLine {
    time: String,
    own_time: String,
    title: String,
    place: String,
    url: String,
}

/// Where a mail's links lead: the private page, and off the list.
struct Links {
    page: String,
    unsubscribe: Option<String>,
}

impl<'a> Press<'a> {
    /// A press for the mails of `event` upon `programme`.
    #[must_use]
    pub fn new(app: &'a App, event: &'a Event, programme: &'a Programme, now: UtcTime) -> Self {
        Self { app, event, book: Book::new(programme), now }
    }

    /// Makes a notice ready to leave: one mail to each recipient, each with a link of its own.
    ///
    /// # Errors
    /// When a template is not right.
    pub fn ready(&self, notice: &Notice, content: &Content) -> Result<Ready, Failure> {
        let mut ready = Ready { notice: (notice.id, notice.version), mails: Vec::new(), told: None };
        match content {
            Content::Speaker(planned) if !planned.digest.items.is_empty() => {
                for recipient in &planned.recipients {
                    let (token, link) = prepare_link(self.now, planned.speaker, recipient.assistant);
                    let Some(mail) = self.to_speaker(planned, recipient, notice.into(), token.reveal())? else {
                        continue;
                    };
                    ready.mails.push((mail, Link::Speaker(Box::new(link))));
                }
                ready.told = Some((planned.speaker, after_telling(&planned.digest.items)));
            }
            Content::Attendee(registration, digest) if !digest.items.is_empty() => {
                let token = Token::new();
                if let Some(mail) = self.to_attendee(registration, digest, notice.into(), token.reveal())? {
                    ready.mails.push((mail, Link::Registration(registration.id, token.hash())));
                }
            }
            _ => {}
        }
        Ok(ready)
    }

    /// The mail about a speaker's timetable to one recipient, with calendar entries; nothing where the
    /// address is none. `token` is the secret of the link, or what stands for it in a preview.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn to_speaker(
        &self,
        planned: &Planned,
        recipient: &Recipient,
        words: OwnWords<'_>,
        token: &str,
    ) -> Result<Option<NewMessage>, Failure> {
        let Ok(address) = recipient.email.parse() else { return Ok(None) };
        let lang = recipient.lang;
        let about = if recipient.assistant.is_some() { recipient.speaker_name.as_str() } else { "" };
        let links = Links { page: self.absolute(&format!("/s/{token}")), unsubscribe: None };
        let reader = Reader { lang, zone: recipient.zone, name: &recipient.name, about };
        let values = self.values(MessageKind::SlotNotice, &reader, &planned.digest, words, &links);
        Ok(Some(NewMessage {
            event: Some(self.event.id),
            kind: MessageKind::SlotNotice,
            registration: None,
            user: None,
            speaker: Some(planned.speaker),
            unsubscribe: None,
            recipient_name: recipient.name.clone(),
            recipient: address,
            language: lang,
            content: self.render(MessageKind::SlotNotice, lang, &values)?,
            attachments: self.entries(recipient, &planned.digest.items),
        }))
    }

    /// The mail about starred sessions to an attendee.
    ///
    /// # Errors
    /// When the template is not right.
    pub fn to_attendee(
        &self,
        registration: &Registration,
        digest: &Digest,
        words: OwnWords<'_>,
        token: &str,
    ) -> Result<Option<NewMessage>, Failure> {
        let Ok(address) = registration.email.parse() else { return Ok(None) };
        let lang = registration.language;
        let name = registration.salutation(lang);
        let zone = registration.country.as_deref().and_then(super::zones::of_country);
        let links = Links {
            page: self.absolute(&format!("/r/{token}/programme")),
            unsubscribe: Some(self.absolute(&format!("/r/{token}/unsubscribe"))),
        };
        let reader = Reader { lang, zone, name: &name, about: "" };
        let values = self.values(MessageKind::ChangeNotice, &reader, digest, words, &links);
        Ok(Some(NewMessage {
            event: Some(self.event.id),
            kind: MessageKind::ChangeNotice,
            registration: Some(registration.id),
            user: None,
            speaker: None,
            recipient_name: registration.full_name(),
            recipient: address,
            language: lang,
            content: self.render(MessageKind::ChangeNotice, lang, &values)?,
            attachments: Vec::new(),
            unsubscribe: links.unsubscribe,
        }))
    }

    /// What changed, in words, for pages.
    #[must_use]
    pub fn change_lines(&self, digest: &Digest, lang: Lang) -> Vec<ChangeLine> {
        digest.items.iter().map(|item| self.change_line(item, lang, None)).collect()
    }

    fn entries(&self, recipient: &Recipient, items: &[Item]) -> Vec<Attachment> {
        let mailer = &self.app.mailer;
        let sender: &str = mailer.from.email.as_ref();
        let sheet = Sheet {
            event_name: self.event.name_in(recipient.lang),
            languages: &self.event.languages,
            zone: self.event.zone(),
            organizer: self.event.contact_email.as_deref().unwrap_or(sender),
            return_path: mailer.known_return_path(),
            sender,
            recipient,
            now: self.now,
        };
        itip::parts(&sheet, items, |entry| self.words_of(entry, recipient.lang))
    }

    fn words_of(&self, entry: &Entry, lang: Lang) -> Words {
        let session = self.book.session(entry.session);
        let url = session.map(|session| self.session_url(&session.code)).unwrap_or_default();
        let text = session.map(|session| {
            let short = session.abstract_text.text(lang, &self.event.languages);
            let long = session.description.text(lang, &self.event.languages);
            plain_text(if short.is_empty() { long } else { short }, DESCRIPTION_LENGTH)
        });
        let parts = [self.event.name_in(lang).to_owned(), text.unwrap_or_default(), url.clone()];
        let filled: Vec<String> = parts.into_iter().filter(|part| !part.is_empty()).collect();
        Words { description: filled.join("\n\n"), url }
    }

    fn values<'v>(
        &'v self,
        kind: MessageKind,
        reader: &Reader<'v>,
        digest: &Digest,
        words: OwnWords<'_>,
        links: &'v Links,
    ) -> Values<'v> {
        let (event, lang) = (self.event, reader.lang);
        let at = digest.items.first().map_or(self.now, |item| item.entry.start);
        let own = reader.zone.filter(|zone| self.shows_another_time(*zone, digest));
        let changes: Vec<ChangeLine> = digest.items.iter().map(|item| self.change_line(item, lang, own)).collect();
        let timezone = zone_label(event.zone(), at);
        let text = |key: &str, args: &[(&str, TextArg<'_>)]| self.app.texts.text(lang, key, args);
        let is_speaker = kind == MessageKind::SlotNotice;
        let heading = if is_speaker { "notices-mail-timetable" } else { "notices-mail-agenda" };
        Values {
            name: reader.name,
            headline: words.subject.map_or_else(|| self.headline(kind, lang, &changes), str::to_owned),
            opening: words.introduction.map_or_else(|| self.opening(kind, reader), str::to_owned),
            changes,
            days: self.days(digest, lang, own),
            timetable_heading: text(heading, &[("timezone", timezone.as_str().into())]),
            no_timetable: if is_speaker { text("notices-mail-no-timetable", &[]) } else { String::new() },
            timezone,
            own_timezone: own.map(|zone| zone_label(zone, at)).unwrap_or_default(),
            link: links.page.clone(),
            unsubscribe: links.unsubscribe.as_deref().unwrap_or_default(),
        }
    }

    /// The subject where no organizer gave another.
    fn headline(&self, kind: MessageKind, lang: Lang, changes: &[ChangeLine]) -> String {
        let key = match kind {
            MessageKind::SlotNotice => "notices-mail-slot-subject",
            _ => "notices-mail-change-subject",
        };
        let more = i64::try_from(changes.len().saturating_sub(1)).unwrap_or(i64::MAX);
        let title = changes.first().map(|change| change.title.as_str()).unwrap_or_default();
        let event = self.event.name_in(lang);
        self.app.texts.text(lang, key, &[("title", title.into()), ("more", more.into()), ("event", event.into())])
    }

    /// What stands first where no organizer gave other words.
    fn opening(&self, kind: MessageKind, reader: &Reader<'_>) -> String {
        let key = match kind {
            MessageKind::ChangeNotice => "notices-mail-change-text",
            _ if reader.about.is_empty() => "notices-mail-slot-text",
            _ => "notices-mail-slot-text-about",
        };
        let event = self.event.name_in(reader.lang);
        self.app.texts.text(reader.lang, key, &[("event", event.into()), ("speaker", reader.about.into())])
    }

    /// Whether the reader's own clocks show another time than the venue's at any of these moments.
    fn shows_another_time(&self, zone: Tz, digest: &Digest) -> bool {
        let items = digest.items.iter().map(|item| item.entry.start);
        items
            .chain(digest.timetable.iter().map(|slot| slot.entry.start))
            .any(|at| at.in_zone(zone).naive_local() != at.in_zone(self.event.zone()).naive_local())
    }

    fn change_line(&self, item: &Item, lang: Lang, own: Option<Tz>) -> ChangeLine {
        let session = self.book.session(item.entry.session);
        let is_off = item.what == What::Cancelled;
        let when = |entry: &Entry| self.when_and_where(entry, lang);
        ChangeLine {
            kind: item.what.as_str(),
            label: self.app.texts.text(lang, &format!("notices-what-{}", item.what.as_str()), &[]),
            title: item.entry.title.text(lang, &self.event.languages).to_owned(),
            url: session.map(|session| self.session_url(&session.code)).unwrap_or_default(),
            before: item.before.as_ref().map(when).unwrap_or_default(),
            after: if is_off { String::new() } else { when(&item.entry) },
            own_time: own.filter(|_| !is_off).map(|zone| span(&item.entry, lang, zone)).unwrap_or_default(),
        }
    }

    fn when_and_where(&self, entry: &Entry, lang: Lang) -> String {
        let time = span(entry, lang, self.event.zone());
        let place = entry.place(lang, &self.event.languages);
        if place.is_empty() { time } else { format!("{time} · {place}") }
    }

    fn days(&self, digest: &Digest, lang: Lang, own: Option<Tz>) -> Vec<DayLines> {
        let (zone, format) = (self.event.zone(), Formatter::of(lang));
        let mut days: Vec<DayLines> = Vec::new();
        for slot in &digest.timetable {
            let entry = &slot.entry;
            let (start, end) = (entry.start.in_zone(zone), entry.end.in_zone(zone));
            let day = format.long_date(start.date_naive());
            let line = EntryLine {
                time: format!("{}–{}", format.time(start.time()), format.time(end.time())),
                own_time: own.map(|zone| span(entry, lang, zone)).unwrap_or_default(),
                title: entry.title.text(lang, &self.event.languages).to_owned(),
                place: entry.place(lang, &self.event.languages),
                url: self.book.session(entry.session).map(|found| self.session_url(&found.code)).unwrap_or_default(),
            };
            match days.last_mut().filter(|last| last.day == day) {
                Some(last) => last.entries.push(line),
                None => days.push(DayLines { day, entries: vec![line] }),
            }
        }
        days
    }

    fn render(&self, kind: MessageKind, lang: Lang, values: &Values<'_>) -> Result<Rendered, Failure> {
        rendering::render(self.app, Some(self.event), kind, lang, values).map_err(Failure::unexpected)
    }

    fn absolute(&self, path: &str) -> String {
        format!("{}/{}{path}", self.app.settings.http.public_url, self.event.slug)
    }

    fn session_url(&self, code: &str) -> String {
        self.absolute(&format!("/sessions/{code}"))
    }
}

/// For whom a mail is worded.
struct Reader<'a> {
    lang: Lang,
    zone: Option<Tz>,
    name: &'a str,
    about: &'a str,
}

/// "Tue, 13 Apr, 09:00–09:45" on the clocks of a zone.
fn span(entry: &Entry, lang: Lang, zone: Tz) -> String {
    let format = Formatter::of(lang);
    let (start, end) = (entry.start.in_zone(zone), entry.end.in_zone(zone));
    format!("{} {}–{}", format.day(start.date_naive()), format.time(start.time()), format.time(end.time()))
}

/// "Shanghai (UTC+8:00)".
fn zone_label(zone: Tz, at: UtcTime) -> String {
    use chrono::Offset;
    let seconds = at.in_zone(zone).offset().fix().local_minus_utc();
    let sign = if seconds < 0 { '-' } else { '+' };
    let city = zone.name().rsplit('/').next().unwrap_or_default().replace('_', " ");
    format!("{city} (UTC{sign}{}:{:02})", seconds.abs() / 3600, seconds.abs() / 60 % 60)
}
