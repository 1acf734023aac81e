//! Who holds a focal point's link, and what one sees whose link opens nothing.

use super::super::lines::Frame;
use crate::audit::Actor;
use crate::db::{DbConnection, DelegationId, EventId, RegistrationId};
use crate::delegations::mails::DelegationLetter;
use crate::delegations::model::{Delegation, DelegationLink, Member};
use crate::delegations::operations::{self, By, Whole};
use crate::events::model::Event;
use crate::web::client::ClientAddress;
use crate::web::{EventHead, Failure, Message, PageContext, Token, Visit};
use actix_web::dev::Payload;
use actix_web::http::StatusCode;
use actix_web::{FromRequest, HttpRequest};
use std::future::Future;
use std::pin::Pin;

/// Whoever holds a link that works.
pub(super) struct Known(pub(super) Box<Guest>);

/// Whoever holds a link that works, to a delegation that is not closed.
pub(super) struct Open(pub(super) Box<Guest>);

/// The focal point at the delegation's page.
pub(super) struct Guest {
    pub(super) visit: Visit,
    pub(super) event: Event,
    pub(super) delegation: Delegation,
    link: DelegationLink,
    token: String,
}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, actix_web::Error>>>>;

impl FromRequest for Known {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let (visit, client) = (Visit::from_request(request, payload), ClientAddress::from_request(request, payload));
        let part = |name: &str| request.match_info().get(name).unwrap_or_default().to_owned();
        let (slug, token) = (part("event"), part("token"));
        Box::pin(async move { Ok(Self(Guest::find(visit.await?, client.await?, slug, token).await?)) })
    }
}

impl FromRequest for Open {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let known = Known::from_request(request, payload);
        Box::pin(async move {
            let Known(guest) = known.await?;
            if guest.is_closed() { Err(guest.told("delegations-error-closed").into()) } else { Ok(Self(guest)) }
        })
    }
}

/// That something can't be done, and whom to ask.
fn told(event: &Event, status: StatusCode, key: &'static str) -> Failure {
    let contact = event.contact_email.clone().unwrap_or_else(|| event.name_in(event.main_language()).to_owned());
    Failure::Told(status, Message::new(key).with("contact", contact))
}

fn private_context(visit: &Visit, event: &Event, title_key: &str) -> PageContext {
    let mut context = PageContext::new(visit, &event.languages, "");
    context.event = Some(EventHead::of(visit, event, context.lang));
    context.titled(visit, title_key)
}

impl Guest {
    async fn find(visit: Visit, client: ClientAddress, slug: String, token: String) -> Result<Box<Self>, Failure> {
        let hash = Token::received(token.as_str()).hash();
        let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::open(db, &slug, &hash)?);
        let opened = visit.app.read(read).await?.ok_or(Failure::NotFound)?;
        match opened.found {
            Some((link, delegation)) if link.revoked_at.is_none() => {
                Ok(Box::new(Self { visit, event: opened.event, delegation, link, token }))
            }
            Some(_) => Err(told(&opened.event, StatusCode::GONE, "delegations-error-revoked")),
            None => {
                // Each wrong link may be a try to guess one.
                visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
                Err(told(&opened.event, StatusCode::NOT_FOUND, "delegations-error-unknown"))
            }
        }
    }

    fn told(&self, key: &'static str) -> Failure {
        told(&self.event, StatusCode::CONFLICT, key)
    }

    /// The frame of a page.
    pub(super) fn context(&self, title_key: &str) -> PageContext {
        private_context(&self.visit, &self.event, title_key)
    }

    /// The words of a page in this frame.
    pub(super) fn frame(&self, context: &PageContext) -> Frame<'_> {
        Frame { texts: &self.visit.app.texts, event: &self.event, lang: context.lang }
    }

    /// The address of the page, or of what is below it.
    pub(super) fn url(&self, below: &str) -> String {
        format!("/{}/d/{}{below}", self.event.slug, self.token)
    }

    /// The address of somebody's page.
    pub(super) fn person_url(&self, id: RegistrationId, below: &str) -> String {
        self.url(&format!("/people/{id}{below}"))
    }

    /// Whether the closing time is over.
    pub(super) fn is_closed(&self) -> bool {
        self.delegation.is_closed(self.visit.app.clock.now())
    }

    /// Who changes something.
    pub(super) fn by(&self) -> By {
        By { actor: Actor::FocalPoint(self.delegation.id), link: Some(self.link.id) }
    }

    /// The event and the delegation.
    pub(super) fn ids(&self) -> (EventId, DelegationId) {
        (self.event.id, self.delegation.id)
    }

    /// The delegation's name in the language of a page.
    pub(super) fn name(&self, context: &PageContext) -> String {
        self.delegation.name.text(context.lang, &self.event.languages).to_owned()
    }

    /// A mail about the delegation.
    pub(super) fn letter(&self) -> DelegationLetter<'_> {
        let app = &self.visit.app;
        DelegationLetter { app, event: &self.event, delegation: &self.delegation, now: app.clock.now() }
    }

    /// Everything that belongs to the delegation.
    pub(super) async fn whole(&self) -> Result<Whole, Failure> {
        let (event, id) = self.ids();
        let found = self.visit.app.read(move |db| Ok::<_, Failure>(operations::whole(db, event, id)?)).await?;
        found.ok_or(Failure::NotFound)
    }

    /// Everything that belongs to the delegation, and one of its people.
    pub(super) async fn member(&self, id: RegistrationId) -> Result<(Whole, Member), Failure> {
        let whole = self.whole().await?;
        let member = whole.member(id).cloned().ok_or(Failure::NotFound)?;
        Ok((whole, member))
    }
}
