//! What every request and job can reach, and the list of routes.

use crate::accounts::passwords::Passwords;
use crate::config::Settings;
use crate::db::{Database, DbConnection, DbFailure, UtcTime};
use crate::files::FileStore;
use crate::i18n::Texts;
use crate::mail::Mailer;
use crate::registration::kept::KeptForms;
use crate::sealing::SealingKeys;
use crate::site::Site;
use crate::web::assets::{self, Assets};
use crate::web::cache::PageCache;
use crate::web::limits::{AtOnce, PerMinute};
use crate::web::live_stream::Streams;
use crate::web::routes::RouteTable;
use crate::web::templates::Templates;
use crate::web::traffic::Traffic;
use actix_web::{HttpRequest, HttpResponse};
use std::net::IpAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// Where `now` comes from.
#[derive(Clone)]
pub enum Clock {
    /// The machine's clock.
    Machine,
    /// An instant that a test sets.
    Fixed(Arc<Mutex<UtcTime>>),
}

impl Clock {
    /// The present instant.
    #[must_use]
    pub fn now(&self) -> UtcTime {
        match self {
            Self::Machine => UtcTime::of_machine(),
            Self::Fixed(at) => *at.lock().unwrap_or_else(PoisonError::into_inner),
        }
    }
}

/// Everything that requests and jobs share in one process.
pub struct App {
    /// The settings, read once.
    pub settings: Settings,
    /// The two doors to the database.
    pub db: Database,
    /// Where `now` comes from.
    pub clock: Clock,
    /// Interface texts.
    pub texts: Arc<Texts>,
    /// Templates.
    pub templates: Templates,
    /// Stylesheets, scripts, icons.
    pub assets: Arc<Assets>,
    /// Rendered public answers.
    pub pages: PageCache,
    /// Answers, counted.
    pub traffic: Traffic,
    /// The events as the public sees them.
    pub site: Site,
    /// Finds answers that are kept ready, before any routing.
    pub kept_ready: fn(&HttpRequest, &App) -> Option<HttpResponse>,
    /// Open pages that are told of changes.
    pub streams: Streams,
    /// Drafts that are being worked on.
    pub editor: crate::schedule::editor::Memory,
    /// The outbox's way out.
    pub mailer: Mailer,
    /// Whether mail leaves, as this process last saw.
    pub mail_watch: crate::mail::health::MailWatch,
    /// How mails are worded.
    pub wordings: crate::mail::Wordings,
    /// Rings when a timetable is to be proposed.
    pub proposals: crate::schedule::proposing::Bell,
    /// Password hashing, bounded.
    pub passwords: Passwords,
    /// Uploaded files.
    pub files: FileStore,
    /// Keys that seal answers.
    pub sealing: SealingKeys,
    /// What registration forms are made of.
    pub registration_forms: KeptForms,
    /// Openings of registration forms that are not written yet.
    pub openings: crate::numbers::openings::Openings,
    /// Registrations by client address.
    pub registration_limit: PerMinute<IpAddr>,
    /// Proposals of sessions by client address.
    pub proposal_limit: PerMinute<IpAddr>,
    /// Watched names made ready to be compared.
    pub watch_books: crate::accreditation::watching::WatchBooks,
    /// Open public streams by client address.
    pub stream_places: AtOnce<IpAddr>,
    /// Sign-ins by client address and by account.
    pub signin_limit: PerMinute<String>,
    /// Whether this process serves the demo, whose mails can be read on the site.
    pub demo: bool,
}

/// The process could not begin its work.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The database can't be opened.
    #[error(transparent)]
    Database(#[from] crate::db::OpenError),
    /// The texts in the program are not right.
    #[error("the texts in the program are not right: {0}")]
    Texts(String),
    /// The templates in the program are not right.
    #[error("the templates in the program are not right: {0}")]
    Templates(String),
    /// Uploads can't be kept.
    #[error("files.url: {0}")]
    Files(String),
    /// A key can't be used.
    #[error("sealing.keys: {0}")]
    Sealing(String),
    /// Mail can't leave by these settings.
    #[error("mail: {0}")]
    Mail(String),
}

/// Bytes of rendered answers that are kept.
const CACHE_BYTES: u64 = 48 * 1024 * 1024;

impl App {
    /// Opens the database and loads what is built into the program. Nothing runs yet.
    ///
    /// # Errors
    /// Says what is wrong in words for the person who starts it.
    pub fn open(settings: Settings, clock: Clock) -> Result<Self, StartError> {
        let db = Database::open(&settings.database.options())?;
        let texts = Arc::new(Texts::load().map_err(|error| StartError::Texts(error.to_string()))?);
        let assets = Arc::new(Assets::load());
        let templates =
            Templates::load(&texts, &assets).map_err(|error| StartError::Templates(format!("{error:#}")))?;
        Ok(Self {
            db,
            texts,
            templates,
            assets,
            pages: PageCache::new(4096, CACHE_BYTES),
            traffic: Traffic::default(),
            site: Site::new(),
            kept_ready: crate::site::kept_ready,
            streams: Streams::new(),
            editor: crate::schedule::editor::Memory::default(),
            mailer: Mailer::new(&settings.mail, &settings.http.public_url)
                .map_err(|error| StartError::Mail(error.to_string()))?,
            mail_watch: crate::mail::health::MailWatch::default(),
            wordings: crate::mail::Wordings::default(),
            proposals: crate::schedule::proposing::Bell::default(),
            passwords: Passwords::new(&settings.accounts),
            files: FileStore::open(&settings.files.url).map_err(|error| StartError::Files(error.to_string()))?,
            sealing: SealingKeys::read(&settings.sealing.keys)
                .map_err(|error| StartError::Sealing(error.to_string()))?,
            registration_forms: KeptForms::default(),
            openings: crate::numbers::openings::Openings::default(),
            registration_limit: PerMinute::new(settings.limits.registrations_per_minute),
            proposal_limit: PerMinute::new(settings.limits.proposals_per_minute),
            watch_books: crate::accreditation::watching::WatchBooks::default(),
            stream_places: AtOnce::new(settings.limits.streams_per_address),
            signin_limit: PerMinute::new(settings.limits.signins_per_minute),
            demo: false,
            clock,
            settings,
        })
    }

    /// Reads outside any transaction, off the async threads. Nothing that must be fresh for a
    /// decision is read here.
    ///
    /// # Errors
    /// What `job` returns, or that the database is busy or gone.
    pub async fn read<T, E>(&self, job: impl FnOnce(&mut DbConnection) -> Result<T, E> + Send + 'static) -> Result<T, E>
    where
        T: Send + 'static,
        E: DbFailure,
    {
        self.db.read(job).await
    }

    /// Runs one operation as one transaction, then wakes whoever delivers what it left in the outbox.
    ///
    /// # Errors
    /// What `job` returns; then nothing of it was kept, unless the error says that this is unknown.
    pub async fn write<T, E>(
        &self,
        job: impl Fn(&mut DbConnection, UtcTime) -> Result<T, E> + Send + 'static,
    ) -> Result<T, E>
    where
        T: Send + 'static,
        E: DbFailure,
    {
        let now = self.clock.now();
        let outcome = self.db.write(move |db| job(db, now)).await;
        if outcome.is_ok() {
            self.mailer.wake();
            self.site.look_soon();
            self.editor.feeds.look_now();
        }
        outcome
    }
}

/// Every route. Fixed words come before `{event}`, which takes any word.
#[must_use]
pub fn routes(demo: bool) -> RouteTable {
    let mut routes = RouteTable::default();
    routes.get("/static/{path:.*}", assets::show_asset);
    crate::web::health::routes(&mut routes);
    crate::accounts::pages::routes(&mut routes);
    crate::mail::pages::installation_routes(&mut routes);
    crate::audit::pages::installation_routes(&mut routes);
    if demo {
        crate::demo::pages::routes(&mut routes);
    }
    crate::events::pages::routes(&mut routes);
    crate::numbers::pages::routes(&mut routes);
    crate::audit::pages::routes(&mut routes);
    crate::venue::pages::routes(&mut routes);
    crate::programme::pages::routes(&mut routes);
    crate::programme::strands::pages::routes(&mut routes);
    crate::speakers::pages::routes(&mut routes);
    crate::speakers::own::pages::routes(&mut routes);
    crate::schedule::pages::routes(&mut routes);
    crate::schedule::availability::pages::routes(&mut routes);
    crate::schedule::editor::api::routes(&mut routes);
    crate::schedule::proposing::pages::routes(&mut routes);
    crate::schedule::alternatives::pages::routes(&mut routes);
    crate::interchange::pages::routes(&mut routes);
    crate::checkin::pages::routes(&mut routes);
    crate::registration::pages::routes(&mut routes);
    crate::delegations::pages::routes(&mut routes);
    crate::bookings::pages::routes(&mut routes);
    crate::calls::pages::routes(&mut routes);
    crate::accreditation::pages::routes(&mut routes);
    crate::badges::pages::routes(&mut routes);
    crate::reminders::pages::routes(&mut routes);
    crate::mail::pages::routes(&mut routes);
    crate::mail::wording::pages::routes(&mut routes);
    crate::mailings::pages::routes(&mut routes);
    crate::mailings::choices::pages::routes(&mut routes);
    crate::live::pages::routes(&mut routes);
    crate::notices::pages::routes(&mut routes);
    crate::site::pages::routes(&mut routes);
    routes
}
