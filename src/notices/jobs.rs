//! Recurring work of this area.

use super::mails::Press;
use super::operations::{self, Ready};
use crate::app::App;
use crate::web::Failure;
use actix_web::web::Data;
use chrono::TimeDelta;

/// Notices settled in one transaction: others wait behind it.
const BATCH: i64 = 50;
/// How long a notice waits that could not be worded.
const PAUSE: TimeDelta = TimeDelta::hours(1);

/// Sends the notices whose quiet time is over; returns how many were settled. Each settles once, however
/// many processes look: the update asks for the version that the mail was worded from.
///
/// # Errors
/// When the database does not answer.
pub async fn send_due(app: &Data<App>) -> Result<usize, Failure> {
    // Entries are answered to signed addresses; wording can't wait for the secret.
    app.mailer.return_path(app).await?;
    let mut done = 0;
    loop {
        let (now, worker) = (app.clock.now(), app.clone());
        let batch = app
            .read(move |db| {
                let Some(batch) = operations::due(db, now, BATCH)? else { return Ok(Vec::new()) };
                let press = Press::new(&worker, &batch.event, &batch.programme, now);
                let worded = batch.notices.iter().map(|(notice, content)| (notice.id, press.ready(notice, content)));
                Ok::<_, Failure>(worded.collect())
            })
            .await?;
        if batch.is_empty() {
            return Ok(done);
        }
        let mut ready: Vec<Ready> = Vec::new();
        let mut broken = Vec::new();
        for (id, worded) in batch {
            match worded {
                Ok(one) => ready.push(one),
                Err(error) => {
                    tracing::error!(notice.id = %id, ?error, "a notice could not be worded; it waits for an hour");
                    broken.push(id);
                }
            }
        }
        done += app
            .write(move |db, now| {
                let mut settled = 0;
                for one in &ready {
                    settled += usize::from(operations::settle(db, now, one)?);
                }
                for id in &broken {
                    operations::retry_at(db, *id, now + PAUSE)?;
                }
                Ok::<_, Failure>(settled)
            })
            .await?;
    }
}
