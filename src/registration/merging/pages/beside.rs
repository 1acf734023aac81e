//! Two registrations side by side, and making them one.

use super::view::{MergePage, Shown};
use super::{Team, url};
use crate::badges::operations as badges;
use crate::bookings::model::Booking;
use crate::bookings::moving::seats_of;
use crate::checkin::operations as checkin;
use crate::db::{DbConnection, DelegationId, RegistrationId};
use crate::delegations::operations as delegations;
use crate::i18n::Localized;
use crate::mail::model::NewMessage;
use crate::registration::category::Category;
use crate::registration::forms::files::model::AnswerFile;
use crate::registration::forms::files::operations as files;
use crate::registration::forms::sealed::model::SealedAnswer;
use crate::registration::mails::{Letter, new_link};
use crate::registration::merging::model::{Barrier, Choices};
use crate::registration::merging::operations::{self, Merge, MergeError, Pair};
use crate::registration::model::{LinkPurpose, PrivateLink, RegistrationState};
use crate::registration::operations::{all_categories, give_or_find_ticket_key};
use crate::web::error::PageResult;
use crate::web::{Failure, FieldErrors, FormData, Message, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;

/// A booking with the title and code of its session.
pub(super) type Seat = (Booking, Localized, String);

/// Everything that is said of two registrations.
pub(super) struct Both {
    pub(super) pair: Pair,
    pub(super) categories: Vec<Category>,
    /// The delegation of each.
    pub(super) delegations: [Option<(DelegationId, Localized)>; 2],
    /// The seats of each.
    pub(super) seats: [Vec<Seat>; 2],
    /// The files of each.
    pub(super) files: [Vec<AnswerFile>; 2],
    /// Scans and prints of the one that ends.
    pub(super) scans: usize,
    pub(super) prints: i64,
}

async fn both(team: &Team, (kept, other): (RegistrationId, RegistrationId)) -> Result<Both, Failure> {
    let event = team.event.id;
    let read = move |db: &mut DbConnection| {
        let pair = operations::pair(db, event, (kept, other))?.ok_or(Failure::NotFound)?;
        Ok::<_, Failure>(Both {
            pair,
            categories: all_categories(db, event)?,
            delegations: [delegations::of_registration(db, kept)?, delegations::of_registration(db, other)?],
            seats: [seats_of(db, event, kept)?, seats_of(db, event, other)?],
            files: [files::of_registration(db, kept)?, files::of_registration(db, other)?],
            scans: checkin::of_person(db, other)?.len(),
            prints: badges::printed(db, event, other)?.0,
        })
    };
    team.visit.app.read(read).await
}

fn ids(path: &(String, String, String)) -> Result<(RegistrationId, RegistrationId), Failure> {
    let id = |text: &str| text.parse::<RegistrationId>().map_err(|_| Failure::NotFound);
    Ok((id(&path.1)?, id(&path.2)?))
}

/// `GET /organizer/{event}/registrations/{registration}/merge/{other}`: the first is kept, the other one ends.
pub(super) async fn show_both(team: Team, path: Path<(String, String, String)>) -> PageResult {
    let both = both(&team, ids(&path)?).await?;
    let choices = Choices::usual((&both.pair.kept, &both.pair.other), &both.pair.answers);
    let shown = Shown { choices: &choices, tells: true, errors: &FieldErrors::default(), is_stale: false };
    show(&team, StatusCode::OK, &both, &shown)
}

fn show(team: &Team, status: StatusCode, both: &Both, shown: &Shown<'_>) -> PageResult {
    let context = team.context("registrations", "merge-title");
    team.visit.show_with_status(status, &context, &MergePage::new(team, &context, both, shown))
}

/// `POST /organizer/{event}/registrations/{registration}/merge/{other}`: a field for each fact and answer says `kept` or
/// `other`; `tells` is a tick.
pub(super) async fn merge_both(team: Team, path: Path<(String, String, String)>, form: FormData) -> PageResult {
    let (kept, other) = ids(&path)?;
    let both = both(&team, (kept, other)).await?;
    let choices = Choices::read(&form, &both.pair.answers);
    let version = |name: &str| form.text(name).parse::<i32>().unwrap_or_default();
    let tells = form.is_ticked("tells");
    let resealed = match reseal(&team, &both.pair, &choices) {
        Ok(resealed) => resealed,
        Err(errors) => {
            let shown = Shown { choices: &choices, tells, errors: &errors, is_stale: false };
            return show(&team, StatusCode::UNPROCESSABLE_ENTITY, &both, &shown);
        }
    };
    let letter = if tells { letter(&team, &both, &choices).await? } else { None };
    let merge = Merge {
        event: team.event.id,
        kept: (kept, version("kept_version")),
        other: (other, version("other_version")),
        choices: choices.clone(),
        resealed,
        letter,
    };
    let actor = team.actor();
    match team.visit.app.write(move |db: &mut DbConnection, now| operations::merge(db, now, actor, &merge)).await {
        Ok(files) => {
            for file in files {
                team.visit.app.files.remove_answer(file).await;
            }
            Ok(respond::see_other_with_notice(url(&team, kept, ""), "merge-notice-done"))
        }
        Err(error) => show_refused(&team, (kept, other), (&choices, tells), error).await,
    }
}

/// The page once more as things stand now, with what was chosen and why nothing was done.
async fn show_refused(
    team: &Team,
    of: (RegistrationId, RegistrationId),
    (choices, tells): (&Choices, bool),
    error: MergeError,
) -> PageResult {
    let mut errors = FieldErrors::default();
    match error {
        MergeError::Full => errors.push("delegation", Message::new("merge-error-full")),
        MergeError::Barred(Barrier::Same) | MergeError::NotFound => return Err(Failure::NotFound),
        MergeError::Barred(_) | MergeError::Stale => {}
        MergeError::Db(error) => return Err(error.into()),
    }
    let both = both(team, of).await?;
    let is_stale = errors.is_empty();
    show(team, StatusCode::CONFLICT, &both, &Shown { choices, tells, errors: &errors, is_stale })
}

/// The sealed answers that were chosen, sealed for the registration that is kept.
fn reseal(team: &Team, pair: &Pair, choices: &Choices) -> Result<Vec<(SealedAnswer, SealedAnswer)>, FieldErrors> {
    let (app, now) = (&team.visit.app, team.visit.app.clock.now());
    let (mut resealed, mut errors) = (Vec::new(), FieldErrors::default());
    for question in choices.questions_of(&pair.answers).filter(|question| question.is_sealed) {
        let row = pair.answers.other_sealed.iter().find(|row| row.question_id == question.id);
        let place = (pair.kept.registration.id, question.id);
        let anew = row.and_then(|row| {
            let content = row.open(&app.sealing).ok()?;
            Some((row.clone(), SealedAnswer::seal(&app.sealing, now, place, &content)?))
        });
        match anew {
            Some(rows) => resealed.push(rows),
            None => errors.push(question.field(), Message::new("merge-error-unopened")),
        }
    }
    if errors.is_empty() { Ok(resealed) } else { Err(errors) }
}

/// What the person is told: the kept registration's link, with the ticket where there is one.
async fn letter(team: &Team, both: &Both, choices: &Choices) -> Result<Option<(PrivateLink, NewMessage)>, Failure> {
    let registration = choices.merged(&both.pair.kept, &both.pair.other);
    let category = both.categories.iter().find(|category| category.id == registration.category_id);
    let Some(category) = category.filter(|_| may_tell(&registration)) else { return Ok(None) };
    let (app, now) = (&team.visit.app, team.visit.app.clock.now());
    let (token, link) = new_link(now, &registration, LinkPurpose::Own);
    let letter = Letter { app, event: &team.event, registration: &registration, category, now };
    let message = if registration.state == RegistrationState::Confirmed {
        letter.confirmed(&token, &give_or_find_ticket_key(app, team.event.id).await?)?
    } else {
        letter.already_registered(&token)?
    };
    Ok(Some((link, message)))
}

/// Whether a mail with a link of the own page makes sense: nobody's unconfirmed address is confirmed by it.
pub(super) fn may_tell(registration: &crate::registration::model::Registration) -> bool {
    registration.has_address() && registration.state != RegistrationState::Unverified
}
