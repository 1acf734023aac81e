//! The pages of the call for proposals.

mod call;
mod criteria;
mod decisions;
mod export;
mod form_view;
mod late;
mod own;
mod proposal_view;
mod ranking;
mod reviews;
mod setting;

use super::model::{Asked, Opening};
use super::operations::{self, CallError};
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::events::operations as events;
use crate::web::{EventHead, Failure, PageContext, RouteTable, Visit};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    setting::routes(routes);
    late::routes(routes);
    criteria::routes(routes);
    reviews::routes(routes);
    export::routes(routes);
    ranking::routes(routes);
    decisions::routes(routes);
    call::routes(routes);
    own::routes(routes);
}

impl From<CallError> for Failure {
    fn from(error: CallError) -> Self {
        match error {
            CallError::NotFound => Self::NotFound,
            CallError::Stale => Self::conflict("calls-error-stale"),
            CallError::Ended => Self::conflict("calls-error-ended"),
            CallError::Scored => Self::conflict("calls-error-scored-page"),
            CallError::TooMany(_) => Self::conflict("calls-error-too-many"),
            CallError::Mail(problem) => Self::Unexpected(anyhow::anyhow!(problem)),
            CallError::Db(error) => error.into(),
        }
    }
}

/// The frame of a public page of the call.
fn public_context(visit: &Visit, event: &Event, title_key: &str) -> PageContext {
    let mut context = PageContext::new(visit, &event.languages, "");
    context.event = Some(EventHead::of(visit, event, context.lang));
    context.titled(visit, title_key)
}

/// What the call of the event of this slug asks for.
async fn asked(visit: &Visit, slug: String) -> Result<Asked, Failure> {
    let now = visit.app.clock.now();
    let read = move |db: &mut crate::db::DbConnection| {
        let event = events::by_slug(db, &slug)?.ok_or(Failure::NotFound)?;
        Ok::<_, Failure>(operations::asked(db, now, event)?)
    };
    visit.app.read(read).await
}

/// An instant in the words of a page, on the venue's clocks.
fn in_words(context: &PageContext, event: &Event, at: UtcTime) -> String {
    context.formatter().date_time(at.in_zone(event.zone()).naive_local())
}

/// The end of an opening, where it has one and is open.
const fn end_of(opening: Opening) -> Option<UtcTime> {
    match opening {
        Opening::Open(until) => until,
        _ => None,
    }
}
