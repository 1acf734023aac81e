//! A running app with a clock that the test sets, and people who use it over HTTP.
//!
//! ```text
//! on_both_databases! {
//!     async fn a_room_is_added(db: TestDatabase) {
//!         let app = TestApp::start(db).await;             // real app on a loopback port, mail stays in the outbox
//!         let organizer = app.signed_in_as(Role::Organizer).await;   // of the event "summit", made when first needed
//!         let answer = organizer.post_form("/organizer/summit/rooms/new", &[("name.en", "Hall 1")]).await;
//!         assert_eq!(answer.redirect(), "/organizer/summit/rooms");
//!         assert!(organizer.get("/organizer/summit/rooms").await.ok().contains("Hall 1"));
//!         app.clock.advance(TimeDelta::hours(1));          // begins at 2027-03-01T09:00:00Z
//!         let mails = app.outbox().await;                  // oldest first; `mail_to(address)` for one person's
//!     }
//! }
//! ```
//!
//! `app.visitor()` is a browser without cookies; every [`Client`] keeps its own and follows no
//! redirects. `app.event()` is the event "summit" (13–16 April 2027, Asia/Shanghai, en and zh);
//! `app.given_event(slug)` makes another. Public pages show what was changed after `app.refresh_site()`. `app.app` is the [`App`] itself, for `read` and `write`.
//! `TestApp::start_with(db, &[("limits.signins_per_minute", "3")])` changes settings; limits are off
//! otherwise.
#![allow(dead_code, reason = "what one area's tests don't need, another's do")]

use super::TestDatabase;
use actix_web::web::Data;
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::accounts::model::TeamRole;
use plenary::app::{App, Clock};
use plenary::audit::Actor;
use plenary::config::Settings;
use plenary::db::schema::{memberships, messages, users};
use plenary::db::{DbError, EventId, MembershipId, UserId, UtcTime};
use plenary::events::model::{Event, NewEvent};
use plenary::serve::{self, Background, Running};
use std::sync::{Arc, Mutex};

/// The password of every account that tests make.
pub(crate) const PASSWORD: &str = "several unrelated words";

/// Who uses the site.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Role {
    /// Nobody signed in.
    Visitor,
    /// Signed in, without any role.
    Stranger,
    /// An administrator of the installation.
    Administrator,
    /// Of the event "summit", as are all below.
    Organizer,
    /// Without any forum, unless the test gives one.
    ForumOrganizer,
    /// Of proposals of every forum.
    Reviewer,
    AccreditationOfficer,
    CheckInStaff,
    Observer,
    ProtocolStaff,
}

impl Role {
    pub(crate) const ALL: [Self; 10] = [
        Self::Visitor,
        Self::Stranger,
        Self::Administrator,
        Self::Organizer,
        Self::ForumOrganizer,
        Self::Reviewer,
        Self::AccreditationOfficer,
        Self::CheckInStaff,
        Self::Observer,
        Self::ProtocolStaff,
    ];

    fn team_role(self) -> Option<TeamRole> {
        match self {
            Self::Visitor | Self::Stranger | Self::Administrator => None,
            Self::Organizer => Some(TeamRole::Organizer),
            Self::ForumOrganizer => Some(TeamRole::ForumOrganizer),
            Self::Reviewer => Some(TeamRole::Reviewer),
            Self::AccreditationOfficer => Some(TeamRole::AccreditationOfficer),
            Self::CheckInStaff => Some(TeamRole::CheckInStaff),
            Self::Observer => Some(TeamRole::Observer),
            Self::ProtocolStaff => Some(TeamRole::ProtocolStaff),
        }
    }

    /// The address of this role's account.
    pub(crate) fn email(self) -> String {
        format!("{self:?}@example.org").to_lowercase()
    }
}

/// The clock of a test's app.
#[derive(Clone)]
pub(crate) struct TestClock(Arc<Mutex<UtcTime>>);

impl TestClock {
    pub(crate) fn now(&self) -> UtcTime {
        *self.0.lock().expect("the clock")
    }

    pub(crate) fn set(&self, rfc3339: &str) {
        *self.0.lock().expect("the clock") = instant(rfc3339);
    }

    pub(crate) fn advance(&self, by: TimeDelta) {
        let mut now = self.0.lock().expect("the clock");
        *now = *now + by;
    }
}

/// The instant of a text such as `2027-03-01T09:00:00Z`.
pub(crate) fn instant(rfc3339: &str) -> UtcTime {
    chrono::DateTime::parse_from_rfc3339(rfc3339).expect("an instant").to_utc().into()
}

/// The real app on a loopback port.
pub(crate) struct TestApp {
    /// The app itself.
    pub(crate) app: Data<App>,
    /// Its clock.
    pub(crate) clock: TestClock,
    /// `http://127.0.0.1:PORT`, which is also `http.public_url`.
    pub(crate) url: String,
    running: Option<Running>,
    event: tokio::sync::OnceCell<Event>,
    _db: TestDatabase,
}

impl TestApp {
    pub(crate) async fn start(db: TestDatabase) -> Self {
        Self::start_with(db, &[]).await
    }

    /// Starts with some settings changed, as `("limits.signins_per_minute", "3")`.
    pub(crate) async fn start_with(db: TestDatabase, changed: &[(&str, &str)]) -> Self {
        Self::launch(db, changed, false).await
    }

    /// Starts as `plenary demo` does, with the inbox that everyone can read.
    pub(crate) async fn start_as_demo(db: TestDatabase) -> Self {
        Self::launch(db, &[], true).await
    }

    async fn launch(db: TestDatabase, changed: &[(&str, &str)], demo: bool) -> Self {
        let listener = std::net::TcpListener::bind("127.0.0.1:0").expect("a port");
        let url = format!("http://{}", listener.local_addr().expect("an address"));
        let files = db.folder().join("files").display().to_string();
        let own = [
            ("database.url", db.url()),
            ("database.readers", "3"),
            ("http.public_url", url.as_str()),
            ("http.workers", "1"),
            ("files.url", files.as_str()),
            ("accounts.argon2_memory_kib", "8"),
            ("accounts.argon2_passes", "1"),
            ("limits.registrations_per_minute", "0"),
            ("limits.proposals_per_minute", "0"),
            ("limits.signins_per_minute", "0"),
        ];
        let all: Vec<(&str, &str)> = own.into_iter().chain(changed.iter().copied()).collect();
        let settings = Settings::with(&all).expect("settings");
        let clock = TestClock(Arc::new(Mutex::new(instant("2027-03-01T09:00:00Z"))));
        let mut app = App::open(settings, Clock::Fixed(Arc::clone(&clock.0))).expect("the app opens");
        app.demo = demo;
        app.db.migrate().await.expect("migrated already");
        let app = Data::new(app);
        let running = serve::start(app.clone(), listener, Background::ByHand).expect("the app serves");
        Self { app, clock, url, running: Some(running), event: tokio::sync::OnceCell::new(), _db: db }
    }

    /// The event "summit", made when first asked for.
    pub(crate) async fn event(&self) -> &Event {
        self.event.get_or_init(|| self.given_event("summit")).await
    }

    /// Makes an event of four days in April 2027, in Shanghai, in English and Chinese.
    pub(crate) async fn given_event(&self, slug: &str) -> Event {
        let day = |text: &str| text.parse().expect("a day");
        let (first, last) = (day("2027-04-13"), day("2027-04-16"));
        let languages = ["en".to_owned(), "zh".to_owned()];
        let new = NewEvent::from_command_line(slug, "World Summit", first, last, "Asia/Shanghai", &languages);
        let new = new.expect("an event");
        let made =
            self.app.write(move |db, now| plenary::events::operations::create(db, now, Actor::CommandLine, &new));
        let event = made.await.expect("a new event");
        self.refresh_site().await;
        event
    }

    /// Lets the public pages see what was changed since; a serving process looks once a second.
    pub(crate) async fn refresh_site(&self) {
        plenary::site::operations::refresh(&self.app).await.expect("the site is brought up to date");
    }

    /// Makes an account with the password [`PASSWORD`]; returns its id.
    pub(crate) async fn given_account(&self, email: &str, name: &str, is_admin: bool) -> UserId {
        let password = Some(PASSWORD.to_owned());
        let made = plenary::accounts::operations::create_user(&self.app, email, name, is_admin, password).await;
        assert_eq!(made.expect("a new account"), None);
        let key = email.to_lowercase();
        self.read(move |db| users::table.filter(users::email_key.eq(key)).select(users::id).first(db)).await
    }

    /// Gives an account a role at an event.
    pub(crate) async fn given_role(&self, event: EventId, user: UserId, role: TeamRole) -> MembershipId {
        let id = MembershipId::new();
        self.write(move |db, now| {
            diesel::insert_into(memberships::table)
                .values((
                    memberships::id.eq(id),
                    memberships::event_id.eq(event),
                    memberships::user_id.eq(user),
                    memberships::role.eq(role),
                    memberships::created_at.eq(now),
                ))
                .execute(db)
        })
        .await;
        id
    }

    /// Stops in order, as when the process is told to.
    pub(crate) async fn stop(mut self) {
        if let Some(running) = self.running.take() {
            running.stop().await;
        }
    }

    /// Reads rows.
    pub(crate) async fn read<T: Send + 'static>(
        &self,
        job: impl FnOnce(&mut plenary::db::DbConnection) -> QueryResult<T> + Send + 'static,
    ) -> T {
        self.app.read(move |db| Ok::<_, DbError>(job(db)?)).await.expect("read")
    }

    /// Writes rows that no page could write.
    pub(crate) async fn write<T: Send + 'static>(
        &self,
        job: impl Fn(&mut plenary::db::DbConnection, UtcTime) -> QueryResult<T> + Send + 'static,
    ) -> T {
        self.app.write(move |db, now| Ok::<_, DbError>(job(db, now)?)).await.expect("written")
    }

    /// A browser without cookies that reads English.
    pub(crate) fn visitor(&self) -> Client {
        self.visitor_reading("en")
    }

    /// A browser without cookies with this `Accept-Language`.
    pub(crate) fn visitor_reading(&self, language: &str) -> Client {
        Client::new(&self.url, language)
    }

    /// A browser signed in with an account of this role, at the event "summit". The account of a
    /// role is made once; asking again signs the same account in on another browser.
    pub(crate) async fn signed_in_as(&self, role: Role) -> Client {
        let client = self.visitor();
        if role == Role::Visitor {
            return client;
        }
        let (email, key) = (role.email(), role.email());
        let event = self.event().await.id;
        let known: Option<UserId> = self
            .read(move |db| users::table.filter(users::email_key.eq(key)).select(users::id).first(db).optional())
            .await;
        if known.is_none() {
            let user = self.given_account(&email, &format!("{role:?}"), role == Role::Administrator).await;
            if let Some(role) = role.team_role() {
                self.given_role(event, user, role).await;
            }
        }
        client.signs_in(&email).await;
        client
    }

    /// Every mail in the outbox, the oldest first.
    pub(crate) async fn outbox(&self) -> Vec<Mail> {
        let columns = (
            messages::kind,
            messages::recipient_address,
            messages::recipient_name,
            messages::language,
            messages::subject,
            messages::body_text,
            messages::body_html,
        );
        self.read(move |db| messages::table.order((messages::created_at, messages::id)).select(columns).load(db)).await
    }

    /// The mails to one address, the oldest first.
    pub(crate) async fn mail_to(&self, address: &str) -> Vec<Mail> {
        self.outbox().await.into_iter().filter(|mail| mail.to == address).collect()
    }
}

impl Drop for TestApp {
    fn drop(&mut self) {
        if let Some(running) = self.running.take() {
            tokio::task::block_in_place(|| tokio::runtime::Handle::current().block_on(running.abandon()));
        }
    }
}

/// A mail as it waits in the outbox.
#[derive(Clone, Debug, Queryable)]
pub(crate) struct Mail {
    pub(crate) kind: String,
    pub(crate) to: String,
    pub(crate) name: String,
    pub(crate) language: String,
    pub(crate) subject: String,
    pub(crate) text: String,
    pub(crate) html: String,
}

impl Mail {
    /// The path of the first link in the text that begins with `prefix`, such as `/reset/`.
    pub(crate) fn link(&self, prefix: &str) -> String {
        let words = self.text.split(|character: char| character.is_whitespace() || "<>()\"".contains(character));
        words
            .filter_map(|word| url::Url::parse(word).ok())
            .map(|url| url.path().to_owned())
            .find(|path| path.starts_with(prefix))
            .unwrap_or_else(|| panic!("no link to {prefix} in:\n{}", self.text))
    }
}

/// A browser: keeps cookies, follows no redirects.
#[derive(Clone)]
pub(crate) struct Client {
    http: reqwest::Client,
    url: String,
    language: String,
}

impl Client {
    fn new(url: &str, language: &str) -> Self {
        let http = reqwest::Client::builder()
            .cookie_store(true)
            .redirect(reqwest::redirect::Policy::none())
            .user_agent("Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0")
            .build()
            .expect("a client");
        Self { http, url: url.to_owned(), language: language.to_owned() }
    }

    /// Any request to a path, to be sent by [`Client::send`].
    pub(crate) fn request(&self, method: reqwest::Method, path: &str) -> reqwest::RequestBuilder {
        self.http.request(method, format!("{}{path}", self.url)).header("accept-language", &self.language)
    }

    pub(crate) async fn send(&self, request: reqwest::RequestBuilder) -> Answer {
        let response = request.send().await.expect("an answer");
        let (status, headers) = (response.status().as_u16(), response.headers().clone());
        let bytes = response.bytes().await.expect("a whole answer").to_vec();
        // The template engine writes slashes of values as entities; browsers read them the same.
        let body = String::from_utf8_lossy(&bytes).replace("&#x2f;", "/");
        Answer { status, headers, body, bytes }
    }

    pub(crate) async fn get(&self, path: &str) -> Answer {
        self.send(self.request(reqwest::Method::GET, path)).await
    }

    /// The status alone, without waiting for the body.
    pub(crate) async fn status(&self, path: &str) -> u16 {
        self.request(reqwest::Method::GET, path).send().await.expect("an answer").status().as_u16()
    }

    pub(crate) async fn post_form(&self, path: &str, fields: &[(&str, &str)]) -> Answer {
        self.send(self.request(reqwest::Method::POST, path).form(fields)).await
    }

    /// Signs in with [`PASSWORD`].
    pub(crate) async fn signs_in(&self, email: &str) {
        let answer = self.post_form("/login", &[("email", email), ("password", PASSWORD)]).await;
        assert_eq!(answer.redirect(), "/organizer", "{email} signs in");
    }
}

/// What came back.
#[derive(Clone, Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) headers: reqwest::header::HeaderMap,
    pub(crate) body: String,
    pub(crate) bytes: Vec<u8>,
}

impl Answer {
    /// The body of an answer that must be 200.
    #[track_caller]
    pub(crate) fn ok(&self) -> &str {
        self.has_status(200)
    }

    /// The body of an answer that must have this status.
    #[track_caller]
    pub(crate) fn has_status(&self, status: u16) -> &str {
        assert_eq!(self.status, status, "{}", self.body);
        &self.body
    }

    /// Where an answer leads that must be 303.
    #[track_caller]
    pub(crate) fn redirect(&self) -> &str {
        assert_eq!(self.status, 303, "{}", self.body);
        self.header("location")
    }

    /// A header, or the empty text.
    pub(crate) fn header(&self, name: &str) -> &str {
        self.headers.get(name).and_then(|value| value.to_str().ok()).unwrap_or_default()
    }

    /// The value of a hidden or other input of the page.
    #[track_caller]
    pub(crate) fn input(&self, name: &str) -> String {
        let mark = format!("name=\"{name}\"");
        let at = self.body.find(&mark).unwrap_or_else(|| panic!("no input {name} in:\n{}", self.body));
        let start = self.body[..at].rfind('<').unwrap_or(at);
        let end = self.body[at..].find('>').map_or(self.body.len(), |end| at + end);
        let tag = &self.body[start..end];
        let value = tag.split("value=\"").nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default();
        value
            .replace("&#x2f;", "/")
            .replace("&quot;", "\"")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    }

    /// Whether the page says this.
    pub(crate) fn says(&self, words: &str) -> bool {
        self.body.contains(words)
    }
}
