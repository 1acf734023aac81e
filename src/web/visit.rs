//! Who is looking: languages they read, time zone, where they are on the site.

use super::respond;
use crate::app::App;
use crate::i18n::{INTERFACE_LANGUAGES, Lang};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpMessage, HttpRequest, web};
use chrono_tz::Tz;
use std::future::{Ready, ready};

/// Cookie that keeps the language chosen on the page.
pub const LANGUAGE_COOKIE: &str = "plenary_lang";
/// Cookie that keeps the time zone chosen on the page.
pub const TIMEZONE_COOKIE: &str = "plenary_tz";
/// Cookie that carries one line to the next page after a redirect.
pub const NOTICE_COOKIE: &str = "plenary_notice";

/// What a page needs to know of its request. Taking it never fails.
#[derive(Clone)]
pub struct Visit {
    /// The app.
    pub app: web::Data<App>,
    /// The path without query.
    pub path: String,
    /// The query, decoded, in order.
    pub query: Vec<(String, String)>,
    /// A time zone chosen by `?tz=` or by cookie.
    pub chosen_zone: Option<Tz>,
    /// The text key that the page before left for this one.
    pub notice: Option<String>,
    /// Languages wanted, best first: `?lang=`, cookie, `Accept-Language`.
    wanted: Vec<Lang>,
    /// `?lang=` as given, which is kept in links and remembered.
    pub asked_lang: Option<Lang>,
}

impl Visit {
    /// Reads it from a request.
    #[must_use]
    pub fn of(request: &HttpRequest, app: web::Data<App>) -> Self {
        let query: Vec<(String, String)> =
            url::form_urlencoded::parse(request.query_string().as_bytes()).into_owned().collect();
        let asked = |name: &str| query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str());
        let cookie = |name: &str| request.cookie(name).map(|cookie| cookie.value().to_owned());
        let asked_lang = asked("lang").and_then(|tag| tag.parse().ok());
        let mut wanted: Vec<Lang> = asked_lang.into_iter().collect();
        wanted.extend(cookie(LANGUAGE_COOKIE).and_then(|tag| tag.parse::<Lang>().ok()));
        let header = request.headers().get("accept-language").and_then(|value| value.to_str().ok()).unwrap_or_default();
        wanted.extend(accepted_languages(header));
        let chosen_zone = asked("tz")
            .and_then(|name| name.parse().ok())
            .or_else(|| cookie(TIMEZONE_COOKIE).and_then(|name| name.parse().ok()));
        let notice = cookie(NOTICE_COOKIE).filter(|key| key.len() < 80);
        let path = request.path().to_owned();
        Self { app, path, query, chosen_zone, notice, wanted, asked_lang }
    }

    /// The best of the languages offered, in the order of the visitor's wishes; else the first offered.
    #[must_use]
    pub fn language(&self, offered: &[Lang]) -> Lang {
        let same = |wanted: Lang| offered.iter().copied().find(|lang| *lang == wanted);
        let family = |wanted: Lang| {
            offered.iter().copied().find(|lang| lang.primary() == wanted.primary() && wanted.primary() != "und")
        };
        self.wanted
            .iter()
            .find_map(|wanted| same(*wanted).or_else(|| family(*wanted)))
            .or_else(|| offered.first().copied())
            .unwrap_or(Lang::EN)
    }

    /// The best language for a page that belongs to no event.
    #[must_use]
    pub fn interface_language(&self) -> Lang {
        self.language(INTERFACE_LANGUAGES)
    }

    /// The first value of a query parameter.
    #[must_use]
    pub fn param(&self, name: &str) -> Option<&str> {
        self.query.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// This page's address with one query parameter set, the others kept.
    #[must_use]
    pub fn url_with(&self, name: &str, value: &str) -> String {
        let mut query = url::form_urlencoded::Serializer::new(String::new());
        query.extend_pairs(self.query.iter().filter(|(key, _)| key != name));
        query.append_pair(name, value);
        format!("{}?{}", self.path, query.finish())
    }

    /// The address of `path` on the public site, for mails and feeds.
    #[must_use]
    pub fn absolute(&self, path: &str) -> String {
        format!("{}{path}", self.app.settings.http.public_url)
    }
}

impl FromRequest for Visit {
    type Error = actix_web::Error;
    type Future = Ready<Result<Self, actix_web::Error>>;

    fn from_request(request: &HttpRequest, _: &mut Payload) -> Self::Future {
        let Some(app) = request.app_data::<web::Data<App>>() else {
            return ready(Err(actix_web::error::ErrorInternalServerError("the app is not set up")));
        };
        let visit = Self::of(request, app.clone());
        if visit.notice.is_some() {
            // The middleware takes the cookie away with this answer.
            request.extensions_mut().insert(respond::NoticeShown);
        }
        ready(Ok(visit))
    }
}

/// The languages of an `Accept-Language` header, best first (RFC 9110, 12.5.4).
fn accepted_languages(header: &str) -> Vec<Lang> {
    let mut weighted: Vec<(f32, Lang)> = header
        .split(',')
        .take(20)
        .filter_map(|entry| {
            let mut parts = entry.split(';');
            let lang = parts.next()?.trim().parse().ok()?;
            let weight =
                parts.find_map(|part| part.trim().strip_prefix("q=")).map_or(Some(1.0), |text| text.parse().ok())?;
            (weight > 0.0).then_some((weight, lang))
        })
        .collect();
    weighted.sort_by(|left, right| right.0.total_cmp(&left.0));
    weighted.into_iter().map(|(_, lang)| lang).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn accepted_languages_come_best_first() {
        let tags = |header| accepted_languages(header).iter().map(ToString::to_string).collect::<Vec<_>>();
        assert_eq!(tags("fr;q=0.5, zh-CN, en;q=0.8"), ["zh-CN", "en", "fr"]);
        assert_eq!(tags("*, en;q=0"), Vec::<String>::new());
        assert_eq!(tags("en;q=nonsense, de"), ["de"]);
    }
}
