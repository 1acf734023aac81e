//! One serving process: requests, mail delivery, recurring jobs, and their orderly end.

use crate::app::{self, App};
use crate::{jobs, mail, numbers, schedule, site, web};
use actix_web::dev::ServerHandle;
use actix_web::middleware::from_fn;
use actix_web::web::Data;
use actix_web::{App as ActixApp, HttpServer};
use std::net::TcpListener;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinHandle;

/// Seconds that open requests get to finish when the process is told to stop.
const FINISH_SECONDS: u64 = 20;

/// What runs besides requests.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Background {
    /// Mail delivery, recurring jobs, the look for new releases.
    Running,
    /// None of it: a test calls each by hand.
    ByHand,
}

/// A serving process, or one that a test started.
pub struct Running {
    app: Data<App>,
    server: ServerHandle,
    serving: JoinHandle<std::io::Result<()>>,
    background: Vec<JoinHandle<()>>,
    stop: watch::Sender<bool>,
    metrics: Option<ServerHandle>,
}

/// Serves figures for whoever watches the installation, where the settings say so.
fn serve_metrics(app: &Data<App>) -> std::io::Result<Option<ServerHandle>> {
    let Some(bind) = app.settings.http.metrics_bind else { return Ok(None) };
    let shared = app.clone();
    let in_words = |error: std::io::Error| {
        std::io::Error::new(error.kind(), format!("can't listen on http.metrics_bind = {bind}: {error}"))
    };
    let server =
        HttpServer::new(move || ActixApp::new().app_data(shared.clone()).configure(crate::metrics::pages::configure))
            .workers(1)
            .shutdown_timeout(1)
            .disable_signals()
            .bind(bind)
            .map_err(in_words)?
            .run();
    let handle = server.handle();
    tokio::spawn(server);
    Ok(Some(handle))
}

/// Begins to serve `app` on `listener`. The database must be migrated.
///
/// # Errors
/// When the listener can't be used.
pub fn start(app: Data<App>, listener: TcpListener, background: Background) -> std::io::Result<Running> {
    let metrics = serve_metrics(&app)?;
    let (stop, stopped) = watch::channel(false);
    let workers = match app.settings.http.workers {
        0 => std::thread::available_parallelism().map_or(2, usize::from),
        chosen => chosen,
    };
    let shared = app.clone();
    let demo = app.demo;
    let server = HttpServer::new(move || {
        ActixApp::new()
            .app_data(shared.clone())
            .wrap(from_fn(web::middleware::around))
            .configure(|config| app::routes(demo).configure(config))
            .default_service(actix_web::web::to(web::middleware::nothing_here))
    })
    .workers(workers)
    .backlog(4096)
    .shutdown_timeout(FINISH_SECONDS)
    .h1_write_buffer_size(web::live_stream::GATHERED)
    .client_request_timeout(Duration::from_secs(app.settings.limits.request_seconds.max(1)))
    .disable_signals()
    .listen(listener)?
    .run();
    let handle = server.handle();
    let background = match background {
        Background::ByHand => Vec::new(),
        Background::Running => vec![
            tokio::spawn(mail::delivery::run(app.clone(), stopped.clone())),
            tokio::spawn(mail::health::follow(app.clone(), stopped.clone())),
            tokio::spawn(mail::wording::kept::follow(app.clone(), stopped.clone())),
            tokio::spawn(jobs::run(app.clone(), stopped.clone())),
            tokio::spawn(schedule::proposing::jobs::run(app.clone(), stopped.clone())),
            tokio::spawn(site::follow(app.clone(), stopped.clone())),
            tokio::spawn(numbers::jobs::run(app.clone(), stopped.clone())),
            tokio::spawn(web::live_stream::keep_alive(app.clone(), stopped)),
        ],
    };
    Ok(Running { app, server: handle, serving: tokio::spawn(server), background, stop, metrics })
}

impl Running {
    /// Stops at once: open requests are cut off. For tests, whose clients have gone already.
    pub async fn abandon(self) {
        self.app.streams.close();
        if let Some(metrics) = &self.metrics {
            metrics.stop(false).await;
        }
        self.server.stop(false).await;
        self.serving.abort();
        for task in self.background {
            task.abort();
        }
        self.app.db.shutdown().await;
    }

    /// Stops in order: no new requests and open ones finished, workers at rest with their leases
    /// returned, then the last writes committed.
    pub async fn stop(self) {
        // Streams never finish by themselves and would hold the end for as long as it may last.
        self.app.streams.close();
        self.server.stop(true).await;
        // Nobody listens only when every worker has ended already.
        let _ = self.stop.send(true);
        for task in self.background {
            if let Err(error) = task.await {
                tracing::error!(%error, "a background task ended badly");
            }
        }
        if let Ok(Err(error)) = self.serving.await {
            tracing::error!(%error, "the server ended badly");
        }
        // Until here somebody may watch how it ends.
        if let Some(metrics) = &self.metrics {
            metrics.stop(false).await;
        }
        numbers::jobs::write(&self.app).await;
        self.app.db.shutdown().await;
    }
}

/// Waits until the process is told to stop (SIGTERM or Ctrl-C).
///
/// # Errors
/// When signals can't be watched.
pub async fn told_to_stop() -> std::io::Result<()> {
    let mut terminate = tokio::signal::unix::signal(tokio::signal::unix::SignalKind::terminate())?;
    tokio::select! {
        result = tokio::signal::ctrl_c() => result,
        _ = terminate.recv() => Ok(()),
    }
}
