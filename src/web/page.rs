//! A page is a struct: its fields are exactly what its template may show, already worded for people.

use super::Visit;
use super::error::{Failure, PageResult};
use crate::i18n::{Formatter, Lang, Localized, Picked};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

/// A template's data.
pub trait Page: Serialize {
    /// The template's path under `templates/`.
    const TEMPLATE: &'static str;
}

/// What every page shows around its own content; the templates know it as `page`.
#[derive(Clone, Debug, Serialize)]
pub struct PageContext {
    /// The page's language.
    pub lang: Lang,
    /// Its direction.
    pub dir: &'static str,
    /// The whole `<title>`.
    pub title: String,
    /// The path without query.
    pub path: String,
    /// The language switch.
    pub languages: Vec<LanguageChoice>,
    /// The address that search engines should keep.
    pub canonical: String,
    /// The same page in the other languages.
    pub alternates: Vec<Alternate>,
    /// The event that the page belongs to.
    pub event: Option<EventHead>,
    /// The signed-in account, on team pages only: public pages are the same for everybody.
    pub user: Option<UserHead>,
    /// One line from the page before.
    pub notice: Option<String>,
    /// What the team must know on whichever page it is.
    pub alert: Option<AlertHead>,
    /// The time-zone switch, on pages that show times.
    pub timezone: Option<ZoneHead>,
    /// The entry of the navigation that this page belongs to.
    pub section: &'static str,
    /// The navigation.
    pub nav: Vec<NavEntry>,
    /// Name and version of the program.
    pub generator: &'static str,
}

/// One language of the switch.
#[derive(Clone, Debug, Serialize)]
pub struct LanguageChoice {
    /// Its tag.
    pub code: Lang,
    /// Its own name for itself.
    pub name: String,
    /// This page in that language.
    pub url: String,
    /// Whether it is the page's.
    pub current: bool,
}

/// The same page in another language, for `hreflang`.
#[derive(Clone, Debug, Serialize)]
pub struct Alternate {
    /// The language.
    pub lang: Lang,
    /// The absolute address.
    pub url: String,
}

/// The event in a page's head.
#[derive(Clone, Debug, Serialize)]
pub struct EventHead {
    /// Its place in URLs.
    pub slug: String,
    /// Its name in the page's language.
    pub name: Text,
    /// Its home page.
    pub url: String,
    /// Its first and last day in words.
    pub dates: String,
    /// Where it is.
    pub place: Text,
    /// The generated stylesheet with its colours.
    pub theme_url: String,
    /// Whether a category is open to register in.
    pub registration_open: bool,
    /// Whether a programme is released.
    pub has_programme: bool,
    /// What is announced; on pages of the public programme only.
    pub live: Option<LiveHead>,
    /// Set where the page shows an old release.
    pub old_release: Option<OldReleaseHead>,
}

/// That a page shows an old release.
#[derive(Clone, Debug, Serialize)]
pub struct OldReleaseHead {
    /// Which one, in words.
    pub text: String,
    /// The page as it is now.
    pub newest_url: String,
}

/// What is announced, and how an open page learns of more.
#[derive(Clone, Debug, Serialize)]
pub struct LiveHead {
    /// The stream that tells of changes.
    pub stream_url: String,
    /// The announcements by themselves.
    pub announcements_url: String,
    /// Counts changes of anything public.
    pub version: i64,
    /// Differs whenever other times are to be shown than on this page.
    pub shown: String,
    /// The announcements of this minute.
    pub announcements: Vec<AnnouncementHead>,
}

/// One announcement in a page's head.
#[derive(Clone, Debug, Serialize)]
pub struct AnnouncementHead {
    /// Names it.
    pub id: String,
    /// `notice`, `delay` or `full`.
    pub kind: &'static str,
    /// The code of the room it is for; empty for others.
    pub room: String,
    /// "Hall B: about 20 minutes late"; empty for a notice that is for everywhere.
    pub heading: String,
    /// What the organizers wrote.
    pub body: Text,
    /// The time of day since when it holds.
    pub since: String,
    /// The page of the room or session it is for.
    pub url: String,
}

/// What the team must know on whichever page it is.
#[derive(Clone, Debug, Serialize)]
pub struct AlertHead {
    /// What is wrong, in one sentence.
    pub text: String,
    /// Where to look; empty for those who may not.
    pub url: String,
}

/// The signed-in account in a page's head.
#[derive(Clone, Debug, Serialize)]
pub struct UserHead {
    /// Its name.
    pub name: String,
    /// Whether it administers the installation.
    pub is_admin: bool,
}

/// The time-zone switch.
#[derive(Clone, Debug, Serialize)]
pub struct ZoneHead {
    /// The IANA name of the zone that the page's times are in.
    pub name: String,
    /// The zone in words, with its offset.
    pub label: String,
    /// Whether it is the event's own.
    pub is_event: bool,
    /// What one may switch to.
    pub choices: Vec<ZoneChoice>,
}

/// One zone of the switch.
#[derive(Clone, Debug, Serialize)]
pub struct ZoneChoice {
    /// The IANA name.
    pub id: String,
    /// The zone in words.
    pub label: String,
    /// Whether the page's times are in it.
    pub current: bool,
    /// This page in that zone.
    pub url: String,
}

/// One entry of a navigation.
#[derive(Clone, Debug, Serialize)]
pub struct NavEntry {
    /// Where it leads.
    pub url: String,
    /// Its words.
    pub label: String,
    /// Whether the page belongs to it.
    pub current: bool,
}

/// A content text with the language it is really in; templates print it by the macro `localized`.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Text {
    /// The text.
    pub text: String,
    /// Its language.
    pub lang: String,
    /// Its direction.
    pub dir: &'static str,
}

impl Text {
    /// The best text of `content` for a reader of `lang`.
    #[must_use]
    pub fn pick(content: &Localized, lang: Lang, event_languages: &[Lang]) -> Self {
        content.pick(lang, event_languages).map_or_else(Self::default, Self::from)
    }
}

impl From<Picked<'_>> for Text {
    fn from(picked: Picked<'_>) -> Self {
        Self { text: picked.text.to_owned(), lang: picked.lang.to_string(), dir: picked.lang.dir() }
    }
}

/// The first letters of the first and last word of a name, or its first character in other scripts.
#[must_use]
pub fn initials(name: &str) -> String {
    let words: Vec<&str> = name.split_whitespace().collect();
    let first = |word: &str| word.chars().next().map(|letter| letter.to_uppercase().to_string()).unwrap_or_default();
    match words.as_slice() {
        [] => String::new(),
        [only] => first(only),
        [one, .., last] => first(one) + &first(last),
    }
}

/// Name and version, for `<meta name=generator>`.
pub const GENERATOR: &str = concat!("Plenary ", env!("CARGO_PKG_VERSION"));

impl PageContext {
    /// The frame of a page in the best of the languages offered. `title` is the page's own name.
    #[must_use]
    pub fn new(visit: &Visit, offered: &[Lang], title: &str) -> Self {
        let lang = visit.language(offered);
        let app = &visit.app;
        let languages = offered
            .iter()
            .map(|code| LanguageChoice {
                code: *code,
                name: app.texts.text(Lang::EN, &format!("language-own-{}", code.primary()), &[]),
                url: visit.url_with("lang", code.as_str()),
                current: *code == lang,
            })
            .collect();
        let alternates = offered
            .iter()
            .map(|code| Alternate { lang: *code, url: visit.absolute(&format!("{}?lang={code}", visit.path)) })
            .collect();
        Self {
            lang,
            dir: lang.dir(),
            title: title.to_owned(),
            path: visit.path.clone(),
            languages,
            canonical: visit.absolute(&visit.path),
            alternates,
            event: None,
            user: None,
            notice: visit
                .notice
                .as_deref()
                .filter(|key| app.texts.has(Lang::EN, key))
                .map(|key| app.texts.text(lang, key, &[])),
            alert: None,
            timezone: None,
            section: "",
            nav: Vec::new(),
            generator: GENERATOR,
        }
    }

    /// The same with the words of `key` in front of the site's or event's name as title.
    #[must_use]
    pub fn titled(mut self, visit: &Visit, key: &str) -> Self {
        let own = visit.app.texts.text(self.lang, key, &[]);
        self.title = self.full_title(&own);
        self
    }

    /// "Own name · event", or "Own name · Plenary" away from events.
    #[must_use]
    pub fn full_title(&self, own: &str) -> String {
        let site = self.event.as_ref().map_or("Plenary", |event| event.name.text.as_str());
        if own.is_empty() { site.to_owned() } else { format!("{own} · {site}") }
    }

    /// The formatter of the page's language.
    #[must_use]
    pub fn formatter(&self) -> &'static Formatter {
        Formatter::of(self.lang)
    }
}

/// First and last day of an event in words: "13 April 2027" or "13 April – 16 April 2027".
#[must_use]
pub fn dates_in_words(
    visit_texts: &crate::i18n::Texts,
    lang: Lang,
    first: chrono::NaiveDate,
    last: chrono::NaiveDate,
) -> String {
    use chrono::Datelike;
    let format = Formatter::of(lang);
    if first == last {
        return format.date(first);
    }
    let (start, end) = match (first.year() == last.year(), lang.primary()) {
        // Chinese puts the year first, so it is the end that is shortened.
        (true, "zh") => (format.date(first), format.month_day(last)),
        (true, _) => (format.month_day(first), format.date(last)),
        (false, _) => (format.date(first), format.date(last)),
    };
    visit_texts.text(lang, "common-date-range", &[("start", start.into()), ("end", end.into())])
}

impl Visit {
    /// Answers with a page.
    ///
    /// # Errors
    /// When the template can't be rendered, which tests of every template keep from shipping.
    pub fn show<P: Page>(&self, context: &PageContext, page: &P) -> PageResult {
        self.show_with_status(StatusCode::OK, context, page)
    }

    /// Answers with a page and a status of its own, such as 422 for a form with errors.
    ///
    /// # Errors
    /// As [`Visit::show`].
    pub fn show_with_status<P: Page>(&self, status: StatusCode, context: &PageContext, page: &P) -> PageResult {
        let html = self.app.templates.page(context, page).map_err(Failure::unexpected)?;
        let mut response = HttpResponse::build(status);
        response.content_type("text/html; charset=utf-8");
        response.insert_header(("cache-control", "no-store"));
        if let Some(lang) = self.asked_lang {
            response.cookie(super::respond::language_cookie(lang.as_str()));
        }
        if let Some(zone) = self.chosen_zone.filter(|_| self.param("tz").is_some()) {
            response.cookie(super::respond::timezone_cookie(zone.name()));
        }
        Ok(response.body(html))
    }
}

impl EventHead {
    /// The head of an event's team pages and of public pages before a programme is known;
    /// the public site fills in `registration_open` and `has_programme`.
    #[must_use]
    pub fn of(visit: &Visit, event: &crate::events::model::Event, lang: Lang) -> Self {
        Self {
            slug: event.slug.clone(),
            name: Text::pick(&event.name, lang, &event.languages),
            url: format!("/{}", event.slug),
            dates: dates_in_words(&visit.app.texts, lang, event.starts_on, event.ends_on),
            place: Text::pick(&event.place, lang, &event.languages),
            theme_url: format!("/{}/theme.css?v={}", event.slug, event.public_version),
            registration_open: false,
            has_programme: false,
            live: None,
            old_release: None,
        }
    }
}
