//! Who holds a private link, and what one sees whose link opens nothing.

use crate::app::App;
use crate::audit::Actor;
use crate::events::model::Event;
use crate::programme::model::SessionState;
use crate::schedule::model::{Programme, ProgrammeSession, ProgrammeSlot};
use crate::site::model::PublicEvent;
use crate::speakers::own::mails::SpeakerLetter;
use crate::speakers::own::model::AnsweredBy;
use crate::speakers::own::operations::{self, Own};
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::{EventHead, Failure, Page, PageContext, Token, Visit};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest};
use chrono_tz::Tz;
use serde::Serialize;
use std::future::Future;
use std::pin::Pin;
use std::sync::Arc;

/// Someone at an address below `/{event}/s/{token}`.
pub(super) enum Visited {
    /// With a link that works.
    Known(Box<Guest>),
    /// With one that is unknown or was taken back.
    Unknown(Box<(Visit, Event)>),
}

/// The speaker, or an assistant, at the speaker's page.
pub(super) struct Guest {
    pub(super) visit: Visit,
    pub(super) own: Own,
    public: Option<Arc<PublicEvent>>,
    token: String,
}

impl FromRequest for Visited {
    type Error = actix_web::Error;
    type Future = Pin<Box<dyn Future<Output = Result<Self, actix_web::Error>>>>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (visit, client) = (Visit::from_request(request, payload), ClientAddress::from_request(request, payload));
        let part = |name: &str| request.match_info().get(name).unwrap_or_default().to_owned();
        let (slug, token) = (part("event"), part("token"));
        Box::pin(async move { Ok(Self::find(visit.await?, client.await?, slug, token).await?) })
    }
}

impl Visited {
    async fn find(visit: Visit, client: ClientAddress, slug: String, token: String) -> Result<Self, Failure> {
        let hash = Token::received(token.as_str()).hash();
        let found = visit
            .app
            .read(move |db| {
                let event = operations::event(db, &slug)?.ok_or(Failure::NotFound)?;
                Ok::<_, Failure>(operations::own(db, event, &hash)?)
            })
            .await?;
        match found {
            Ok(own) => {
                let public = visit.app.site.snapshot().event(&own.event.slug).cloned();
                Ok(Self::Known(Box::new(Guest { visit, own, public, token })))
            }
            Err(event) => {
                // Each wrong link may be a try to guess one.
                visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
                Ok(Self::Unknown(Box::new((visit, event))))
            }
        }
    }

    /// Says that the link opens nothing, and how to get one that does.
    pub(super) fn refuse(self) -> PageResult {
        let Self::Unknown(unknown) = self else { return Err(Failure::NotFound) };
        let (visit, event) = *unknown;
        let context = private_context(&visit, &event, "speaker-page-unknown-title");
        let page = UnknownPage { contact_email: event.contact_email.clone().unwrap_or_default() };
        visit.show_with_status(StatusCode::NOT_FOUND, &context, &page)
    }
}

#[derive(Serialize)]
struct UnknownPage {
    contact_email: String,
}

impl Page for UnknownPage {
    const TEMPLATE: &'static str = "speaker/unknown.html";
}

fn private_context(visit: &Visit, event: &Event, title_key: &str) -> PageContext {
    let mut context = PageContext::new(visit, &event.languages, "");
    context.event = Some(EventHead::of(visit, event, context.lang));
    context.titled(visit, title_key)
}

impl Guest {
    /// The frame of a page.
    pub(super) fn context(&self, title_key: &str) -> PageContext {
        private_context(&self.visit, &self.own.event, title_key)
    }

    /// The address of the page, or of what is below it.
    pub(super) fn url(&self, below: &str) -> String {
        format!("/{}/s/{}{below}", self.own.event.slug, self.token)
    }

    /// The newest release.
    pub(super) fn programme(&self) -> Option<&Programme> {
        Some(&self.public.as_ref()?.released.as_ref()?.programme)
    }

    /// The speaker's sessions and slots of the newest release that take place, by time.
    pub(super) fn slots(&self) -> impl Iterator<Item = (&ProgrammeSession, &ProgrammeSlot)> {
        let speaker = self.own.speaker.id;
        self.programme()
            .into_iter()
            .flat_map(|programme| &programme.sessions)
            .filter(|session| session.state != SessionState::Cancelled)
            .filter(move |session| session.people.iter().any(|part| part.speaker == speaker))
            .flat_map(|session| session.slots.iter().map(move |slot| (session, slot)))
    }

    /// The zone that times are shown in: the one chosen, else the venue's.
    pub(super) fn zone(&self) -> Tz {
        self.visit.chosen_zone.unwrap_or_else(|| self.own.event.zone())
    }

    /// Who acts, for the audit log.
    pub(super) fn actor(&self) -> Actor {
        self.own.assistant.map_or(Actor::Speaker(self.own.speaker.id), Actor::Assistant)
    }

    /// Who answers.
    pub(super) fn answers_as(&self) -> AnsweredBy {
        if self.own.assistant.is_some() { AnsweredBy::Assistant } else { AnsweredBy::Speaker }
    }

    /// A mail about this page.
    pub(super) fn letter(&self) -> SpeakerLetter<'_> {
        let app: &App = &self.visit.app;
        SpeakerLetter { app, event: &self.own.event, speaker: &self.own.speaker }
    }
}
