//! The one list of recurring jobs.

use crate::app::App;
use crate::web::Failure;
use actix_web::web::Data;
use chrono::TimeDelta;
use std::future::Future;
use std::pin::Pin;

/// What a job's run returns.
pub(super) type JobFuture = Pin<Box<dyn Future<Output = Result<(), Failure>> + Send>>;

/// A job that comes back by the clock.
pub(super) struct RecurringJob {
    /// Its name, which is also its row.
    pub name: &'static str,
    /// The pause after each run.
    pub every: TimeDelta,
    /// What it does. May run twice.
    pub run: fn(Data<App>) -> JobFuture,
}

/// Every recurring job.
pub(super) const JOBS: &[RecurringJob] = &[
    RecurringJob {
        name: "audit.chain",
        every: TimeDelta::seconds(10),
        run: |app| Box::pin(async move { crate::audit::jobs::chain_waiting(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "registration.expire",
        every: TimeDelta::minutes(1),
        run: |app| Box::pin(async move { crate::registration::jobs::expire_due(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "registration.forget-idempotency-keys",
        every: TimeDelta::hours(1),
        run: |app| Box::pin(async move { crate::registration::jobs::forget_old_keys(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "files.forget-waiting-uploads",
        every: TimeDelta::hours(1),
        run: |app| {
            Box::pin(async move {
                let before = app.clock.now() - TimeDelta::days(1);
                app.files.forget_uploads(before).await.map(drop).map_err(Failure::unexpected)
            })
        },
    },
    RecurringJob {
        name: "registration.sweep-files",
        every: TimeDelta::hours(1),
        run: |app| Box::pin(async move { crate::registration::forms::files::jobs::sweep(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "speakers.sweep-documents",
        every: TimeDelta::hours(1),
        run: |app| Box::pin(async move { crate::speakers::documents::jobs::sweep(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "registration.delete-sealed",
        every: TimeDelta::hours(1),
        run: |app| Box::pin(async move { crate::registration::forms::sealed::jobs::delete_due(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "notices.send-due",
        every: TimeDelta::seconds(15),
        run: |app| Box::pin(async move { crate::notices::jobs::send_due(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "mail.index-words",
        every: TimeDelta::seconds(5),
        run: |app| Box::pin(async move { crate::mail::jobs::index_words(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "mailings.leave",
        every: TimeDelta::seconds(10),
        run: |app| Box::pin(async move { crate::mailings::jobs::leave_due(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "mailings.sweep-files",
        every: TimeDelta::hours(1),
        run: |app| Box::pin(async move { crate::mailings::files::jobs::sweep(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "reminders.send-due",
        every: TimeDelta::minutes(1),
        run: |app| Box::pin(async move { crate::reminders::jobs::send_due(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "registration.hand-on",
        every: TimeDelta::seconds(10),
        run: |app| Box::pin(async move { crate::registration::jobs::hand_on(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "registration.change-many",
        every: TimeDelta::seconds(1),
        run: |app| Box::pin(async move { crate::registration::bulk::jobs::carry_on(&app).await }),
    },
    RecurringJob {
        name: "registration.tell-imported",
        every: TimeDelta::seconds(5),
        run: |app| Box::pin(async move { crate::registration::importing::jobs::tell_added(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "registration.erase",
        every: TimeDelta::minutes(10),
        run: |app| Box::pin(async move { crate::registration::privacy::jobs::erase_due(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "registration.end-transfers",
        every: TimeDelta::minutes(1),
        run: |app| Box::pin(async move { crate::registration::transfers::jobs::end_overdue(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "registration.end-codes",
        every: TimeDelta::minutes(1),
        run: |app| Box::pin(async move { crate::registration::codes::jobs::expire(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "registration.register-speakers",
        every: TimeDelta::minutes(1),
        run: |app| {
            Box::pin(async move { crate::registration::attendance::speaking::register_all(&app).await.map(drop) })
        },
    },
    RecurringJob {
        name: "bookings.hand-on",
        every: TimeDelta::seconds(10),
        run: |app| Box::pin(async move { crate::bookings::jobs::hand_on(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "accreditation.screen-new",
        every: TimeDelta::seconds(15),
        run: |app| Box::pin(async move { crate::accreditation::jobs::screen_new(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "accounts.forget-expired-sign-ins",
        every: TimeDelta::hours(1),
        run: |app| Box::pin(async move { crate::accounts::jobs::forget_expired(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "schedule.publish-planned",
        every: TimeDelta::seconds(10),
        run: |app| Box::pin(async move { crate::schedule::releases::jobs::publish_due(&app).await.map(drop) }),
    },
    RecurringJob {
        name: "schedule.forget-old-edits",
        every: TimeDelta::minutes(1),
        run: |app| Box::pin(async move { crate::schedule::editor::jobs::forget_old(&app).await }),
    },
];
