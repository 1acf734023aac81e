//! Permission as a parameter: a handler that takes `Allowed<…>` can't run without it.
//!
//! Nobody signed in: 303 to the sign-in page. No role at the event at all: 404, because "forbidden"
//! would reveal that the event exists. A role that does not suffice: 403.

use super::model::{Permission, Roles, TeamRole, User};
use super::operations;
use crate::app::App;
use crate::audit::Actor;
use crate::db::{ForumId, UserSessionId};
use crate::events::model::Event;
use crate::i18n::INTERFACE_LANGUAGES;
use crate::web::page::{AlertHead, NavEntry, UserHead};
use crate::web::{EventHead, Failure, PageContext, Token, Visit};
use actix_web::dev::Payload;
use actix_web::{FromRequest, HttpRequest, web};
use std::future::Future;
use std::marker::PhantomData;
use std::pin::Pin;

/// The cookie that carries the sign-in's token.
pub const SESSION_COOKIE: &str = "plenary_session";

/// A signed-in account, whatever it may do.
pub struct SignedIn {
    /// The account.
    pub user: User,
    /// This sign-in.
    pub session: UserSessionId,
    /// The request.
    pub visit: Visit,
}

/// An administrator.
pub struct Administrator(pub SignedIn);

/// A permission as a type; see the structs of the same names.
pub trait Needs: 'static {
    /// The permission that is needed.
    const PERMISSION: Permission;
}

macro_rules! permissions {
    ($($(#[$doc:meta])* $name:ident),+ $(,)?) => {$(
        $(#[$doc])*
        pub struct $name;
        impl Needs for $name {
            const PERMISSION: Permission = Permission::$name;
        }
    )+};
}

permissions! {
    /// [`Permission::Enter`].
    Enter,
    /// [`Permission::ViewEvent`].
    ViewEvent,
    /// [`Permission::ManageEvent`].
    ManageEvent,
    /// [`Permission::EditProgramme`].
    EditProgramme,
    /// [`Permission::ReviewProposals`].
    ReviewProposals,
    /// [`Permission::ViewRegistrations`].
    ViewRegistrations,
    /// [`Permission::ManageRegistrations`].
    ManageRegistrations,
    /// [`Permission::Accredit`].
    Accredit,
    /// [`Permission::PrintBadges`].
    PrintBadges,
    /// [`Permission::ScanTickets`].
    ScanTickets,
    /// [`Permission::ViewMail`].
    ViewMail,
    /// [`Permission::ViewTravel`].
    ViewTravel,
}

/// A signed-in account that holds permission `P` at the event that the path names by `{event}`.
pub struct Allowed<P> {
    /// The account.
    pub user: User,
    /// The event.
    pub event: Event,
    /// Its roles there; empty for an administrator, who needs none.
    pub roles: Roles,
    /// The request.
    pub visit: Visit,
    permission: PhantomData<P>,
}

impl<P> Allowed<P> {
    /// Who acts, for the audit log.
    #[must_use]
    pub fn actor(&self) -> Actor {
        Actor::User(self.user.id)
    }

    /// Whether the account holds another permission too, as to show a button or not.
    #[must_use]
    pub fn may(&self, permission: Permission) -> bool {
        self.user.is_admin || self.roles.allow(permission)
    }

    /// Whether the account may change what belongs to `forum`: an organizer any, a forum organizer
    /// only their own.
    #[must_use]
    pub fn may_edit_forum(&self, forum: Option<ForumId>) -> bool {
        let is_own =
            |forum: ForumId| self.roles.held.contains(&TeamRole::ForumOrganizer) && self.roles.forums.contains(&forum);
        self.may(Permission::ManageEvent) || forum.is_some_and(is_own)
    }

    /// The frame of a team page: `section` names the entry of the navigation, `title_key` the title.
    #[must_use]
    pub fn context(&self, section: &'static str, title_key: &str) -> PageContext {
        let mut context = team_context(&self.visit, &self.user);
        context.event = Some(EventHead::of(&self.visit, &self.event, context.lang));
        context.section = section;
        if let Some(alert) = &mut context.alert {
            let may_look = self.may(Permission::ViewMail);
            alert.url = if may_look { format!("/organizer/{}/mail", self.event.slug) } else { String::new() };
        }
        context.nav = self.navigation(&context, section);
        context.titled(&self.visit, title_key)
    }

    fn navigation(&self, context: &PageContext, section: &str) -> Vec<NavEntry> {
        use Permission as P;
        let entries = [
            ("dashboard", "", P::ViewEvent),
            ("numbers", "/numbers", P::ViewEvent),
            ("sessions", "/sessions", P::ViewEvent),
            ("speakers", "/speakers", P::ViewEvent),
            ("travel", "/travel", P::ViewTravel),
            ("call", "/call", P::ManageEvent),
            ("proposals", "/proposals", P::EditProgramme),
            ("reviews", "/reviews", P::ReviewProposals),
            ("schedule", "/schedule", P::ViewEvent),
            ("releases", "/releases", P::ViewEvent),
            ("announcements", "/announcements", P::ManageEvent),
            ("notices", "/notices", P::ViewEvent),
            ("registrations", "/registrations", P::ViewRegistrations),
            ("accreditation", "/accreditation", P::Accredit),
            ("badges", "/badges", P::ViewRegistrations),
            ("categories", "/categories", P::ManageEvent),
            ("forms", "/forms", P::ManageEvent),
            ("codes", "/codes", P::ManageRegistrations),
            ("delegations", "/delegations", P::ViewRegistrations),
            ("attendance", "/attendance", P::ManageEvent),
            ("seats", "/seats", P::ViewRegistrations),
            ("gates", "/gates", P::ViewEvent),
            ("mail", "/mail", P::ViewMail),
            ("rooms", "/rooms", P::ViewEvent),
            ("forums", "/forums", P::ViewEvent),
            ("formats", "/formats", P::ViewEvent),
            ("import", "/import", P::ManageEvent),
            ("team", "/team", P::ManageEvent),
            ("activity", "/activity", P::ManageEvent),
            ("settings", "/settings", P::ManageEvent),
        ];
        entries
            .into_iter()
            .filter(|(_, _, permission)| self.may(*permission))
            .map(|(name, path, _)| NavEntry {
                url: format!("/organizer/{}{path}", self.event.slug),
                label: self.visit.app.texts.text(context.lang, &format!("organizer-nav-{name}"), &[]),
                current: name == section,
            })
            .collect()
    }
}

/// The frame of a team page that belongs to no event.
#[must_use]
pub fn team_context(visit: &Visit, user: &User) -> PageContext {
    let mut context = PageContext::new(visit, INTERFACE_LANGUAGES, "");
    context.user = Some(UserHead { name: user.name.clone(), is_admin: user.is_admin });
    // What the process saw some seconds ago: no page asks for it.
    context.alert = visit.app.mail_watch.trouble().map(|trouble| AlertHead {
        text: trouble.words(&visit.app.texts, context.lang),
        url: if user.is_admin { "/organizer/mail".to_owned() } else { String::new() },
    });
    context
}

type Extracting<T> = Pin<Box<dyn Future<Output = Result<T, actix_web::Error>>>>;

impl FromRequest for SignedIn {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let visit = Visit::from_request(request, payload);
        let back = request.uri().path_and_query().map_or_else(|| "/".to_owned(), ToString::to_string);
        let token = request.cookie(SESSION_COOKIE).map(|cookie| Token::received(cookie.value()));
        Box::pin(async move {
            let visit = visit.await?;
            let token = token.ok_or_else(|| Failure::SignIn(back.clone()))?;
            let (user, session) = operations::signed_in_user(&visit.app, &token).await?.ok_or(Failure::SignIn(back))?;
            Ok(Self { user, session, visit })
        })
    }
}

impl FromRequest for Administrator {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload);
        Box::pin(async move {
            let signed_in = signed_in.await?;
            if signed_in.user.is_admin { Ok(Self(signed_in)) } else { Err(Failure::Forbidden.into()) }
        })
    }
}

impl<P: Needs> FromRequest for Allowed<P> {
    type Error = actix_web::Error;
    type Future = Extracting<Self>;

    fn from_request(request: &HttpRequest, payload: &mut Payload) -> Self::Future {
        let signed_in = SignedIn::from_request(request, payload);
        let slug = request.match_info().get("event").unwrap_or_default().to_owned();
        let app = request.app_data::<web::Data<App>>().cloned();
        Box::pin(async move {
            let SignedIn { user, visit, .. } = signed_in.await?;
            let app = app.ok_or(Failure::NotFound)?;
            let (event, roles) = operations::event_and_roles(&app, &slug, user.id).await?.ok_or(Failure::NotFound)?;
            if !user.is_admin && roles.held.is_empty() {
                return Err(Failure::NotFound.into());
            }
            if !user.is_admin && !roles.allow(P::PERMISSION) {
                return Err(Failure::Forbidden.into());
            }
            Ok(Self { user, event, roles, visit, permission: PhantomData })
        })
    }
}
