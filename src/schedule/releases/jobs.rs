//! What the clock does to planned releases.

use super::operations;
use crate::app::App;
use crate::schedule::operations::ScheduleError;
use crate::web::Failure;

/// Publishes what is due. Each plan is taken and published in one transaction, so that it is
/// published once however many processes look. One that can't be published keeps the reason and
/// waits for an organizer.
///
/// # Errors
/// When the database refuses; the plan stays and is tried again.
pub async fn publish_due(app: &App) -> Result<usize, Failure> {
    let now = app.clock.now();
    let due = app.read(move |db| Ok::<_, Failure>(operations::due(db, now)?)).await?;
    let mut published = 0;
    for plan in due {
        let planned = plan.clone();
        let outcome = app.write(move |db, now| operations::publish_planned(db, now, &planned)).await;
        let refusal = match outcome {
            Ok(done) => {
                published += usize::from(done);
                continue;
            }
            Err(ScheduleError::Db(error)) => return Err(error.into()),
            Err(refused) => operations::refusal_of(&refused),
        };
        if let Some(refusal) = refusal {
            app.write(move |db, _| Ok::<_, Failure>(operations::note_refusal(db, &plan, refusal)?)).await?;
        }
    }
    Ok(published)
}
