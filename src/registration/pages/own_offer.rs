//! Taking up or declining a place that is kept for whoever waited.

use super::own::find;
use super::ticket_key;
use crate::audit::Actor;
use crate::registration::model::RegistrationState;
use crate::registration::operations::{self, Own, StandingError, StateChange};
use crate::web::error::PageResult;
use crate::web::{Failure, FormData, RouteTable, Token, Visit, respond};
use actix_web::web::Path;

/// The route of the answer.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/{event}/r/{token}/offer", answer_offer);
}

/// `POST /{event}/r/{token}/offer`: `do` is `accept` or `decline`.
async fn answer_offer(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    let own = find(&visit.app, &path.0, &path.1).await?;
    if own.registration.state != RegistrationState::Offered {
        return Err(StandingError::Stale.into());
    }
    let accepts = form.text("do") == "accept";
    let (to, notice) = match accepts {
        true => (own.category.after_verification(), "places-notice-accepted"),
        false => (RegistrationState::Cancelled, "registration-notice-cancelled"),
    };
    let change = change(&visit, &own, to, &path.1).await?;
    let registration = own.registration.clone();
    let actor = Actor::Attendee(registration.id);
    visit
        .app
        .write(move |db, now| {
            let (_, until) = operations::waiting::own_place(db, &registration)?;
            if accepts && until.is_none_or(|until| now > until) {
                return Err(StandingError::Stale);
            }
            operations::transition(db, now, actor, &registration, to, &change)
        })
        .await?;
    Ok(respond::see_other_with_notice(own.url(&path.1, ""), notice))
}

/// The mail that the answer brings.
async fn change(visit: &Visit, own: &Own, to: RegistrationState, token: &str) -> Result<StateChange, Failure> {
    let (letter, token) = (own.letter(&visit.app, visit.app.clock.now()), Token::received(token));
    let message = match to {
        RegistrationState::Confirmed => letter.confirmed(&token, &ticket_key(&visit.app, own.event.id).await?)?,
        RegistrationState::Applied => letter.application_received(&token)?,
        _ => letter.cancelled()?,
    };
    Ok(StateChange { message: Some(message), ..StateChange::default() })
}
