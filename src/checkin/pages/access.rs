//! Who may scan: a device by its own cookie, or an account that holds [`ScanTickets`].

use crate::accounts::access::{Allowed, SESSION_COOKIE, ScanTickets};
use crate::app::App;
use crate::checkin::operations::{self, By};
use crate::db::GateId;
use crate::events::model::Event;
use crate::i18n::INTERFACE_LANGUAGES;
use crate::web::{EventHead, Failure, PageContext, Token, Visit, respond};
use actix_web::dev::Payload;
use actix_web::error::InternalError;
use actix_web::{FromRequest, HttpRequest, web};
use std::future::Future;
use std::pin::Pin;

/// The cookie that holds a device's token; its path is the event's door, so that it goes nowhere else.
pub(super) const DEVICE_COOKIE: &str = "plenary_door";

/// Someone or something that may scan at an event.
pub(super) struct Scanner {
    /// The event.
    pub(super) event: Event,
    /// Who.
    pub(super) by: By,
    /// What people call the device; none for an account.
    pub(super) device: Option<String>,
    /// The gate where the device stands.
    pub(super) gate: Option<GateId>,
    /// The request.
    pub(super) visit: Visit,
}

impl Scanner {
    /// The frame of the scanning page.
    pub(super) fn context(&self, title_key: &str) -> PageContext {
        let mut context = PageContext::new(&self.visit, INTERFACE_LANGUAGES, "");
        context.event = Some(EventHead::of(&self.visit, &self.event, context.lang));
        context.titled(&self.visit, title_key)
    }
}

impl From<Allowed<ScanTickets>> for Scanner {
    fn from(team: Allowed<ScanTickets>) -> Self {
        Self { event: team.event, by: By::User(team.user.id), device: None, gate: None, visit: team.visit }
    }
}

impl FromRequest for Scanner {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(request, payload);
        let slug = request.match_info().get("event").unwrap_or_default().to_owned();
        let app = request.app_data::<web::Data<App>>().cloned();
        let token = request.cookie(DEVICE_COOKIE).map(|cookie| Token::received(cookie.value()).hash());
        let is_account = request.cookie(SESSION_COOKIE).is_some();
        let team = Allowed::<ScanTickets>::from_request(request, payload);
        Box::pin(async move {
            let (visit, app) = (visit.await?, app.ok_or(Failure::NotFound)?);
            if let Some(token) = token {
                let wanted = slug.clone();
                let found = app.read(move |db| Ok::<_, Failure>(operations::scanner(db, &wanted, &token)?)).await?;
                if let Some(found) = found {
                    let is_to_be_seen = found.is_to_be_seen(app.clock.now());
                    let by = By::Device { id: found.device.id, is_to_be_seen };
                    let device = Some(found.device.name);
                    return Ok(Self { event: found.event, by, device, gate: found.device.gate_id, visit });
                }
            }
            if is_account {
                return Ok(team.await?.into());
            }
            // Whether there is such an event is not told.
            let sign_in = respond::see_other(format!("/checkin/{}/sign-in", url_word(&slug)));
            Err(InternalError::from_response("not signed in at the door", sign_in).into())
        })
    }
}

/// A slug as it came, safe to stand in an address.
pub(super) fn url_word(slug: &str) -> String {
    slug.chars().filter(|letter| letter.is_ascii_alphanumeric() || *letter == '-').collect()
}
