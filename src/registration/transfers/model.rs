//! What an offer to take over a place is, and what speaks against one.

use crate::db::schema::transfers;
use crate::db::{DelegationId, EventId, RegistrationId, SpeakerId, TransferId, UtcTime};
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::registration::category::Category;
use crate::registration::model::{Details, Registration, RegistrationState, Source};
use crate::text_enum;
use crate::web::TokenHash;
use chrono::TimeDelta;
use diesel::prelude::*;

text_enum! {
    /// What came of an offer.
    pub enum TransferOutcome {
        /// The other person has the place.
        Accepted = "accepted",
        /// Whoever made it took it back.
        TakenBack = "taken_back",
        /// The other person did not want the place.
        Declined = "declined",
        /// Nobody answered in time.
        RanOut = "ran_out",
    }
}

/// An offer of a place to another person, as its row holds it. Name and address are kept only while it is open.
#[derive(Clone, Debug, Queryable, Selectable, Insertable)]
#[diesel(table_name = transfers)]
pub struct Transfer {
    /// The offer.
    pub id: TransferId,
    /// The event.
    pub event_id: EventId,
    /// Whose place it is.
    pub registration_id: RegistrationId,
    /// The hash of the secret in the other person's link.
    pub token_hash: TokenHash,
    /// The other person's given name.
    pub given_name: String,
    /// The other person's family name.
    pub family_name: String,
    /// Where the link went.
    pub email: String,
    /// The language of mails to the other person.
    pub language: Lang,
    /// When it was made.
    pub created_at: UtcTime,
    /// Until when it can be taken up.
    pub until: UtcTime,
    /// What came of it.
    pub outcome: Option<TransferOutcome>,
    /// When it ended.
    pub ended_at: Option<UtcTime>,
    /// The registration that has the place now.
    pub successor_id: Option<RegistrationId>,
}

/// How long an offer stands.
const DAYS: i64 = 7;
/// Offers that may be made of one place: each sends a mail to an address that somebody typed.
pub const MOST_OFFERS: i64 = 5;

impl Transfer {
    /// The other person's name as a line.
    #[must_use]
    pub fn full_name(&self) -> String {
        let names = Details {
            given_name: self.given_name.clone(),
            family_name: self.family_name.clone(),
            ..Details::default()
        };
        names.in_usual_order().full_name()
    }

    /// Whether it can be taken up at `now`.
    #[must_use]
    pub fn is_open(&self, now: UtcTime) -> bool {
        self.ended_at.is_none() && now <= self.until
    }
}

/// Until when an offer made at `now` stands: some days, and not beyond the event.
#[must_use]
pub fn offered_until(event: &Event, now: UtcTime) -> UtcTime {
    (now + TimeDelta::days(DAYS)).min(event_end(event))
}

/// The end of the event's last day.
#[must_use]
pub fn event_end(event: &Event) -> UtcTime {
    let after = event.ends_on.succ_opt().unwrap_or(event.ends_on);
    let midnight = after.and_hms_opt(0, 0, 0).unwrap_or_default();
    // Where the clocks skip midnight, an hour later will do.
    let at = crate::registration::category::instant_of(midnight, event.zone());
    at.unwrap_or_else(|_| midnight.and_utc().into())
}

/// What a registration's row says that matters to passing it on.
#[derive(Clone, Debug, Queryable)]
pub struct Standing {
    /// When somebody came in with its ticket.
    pub came_at: Option<UtcTime>,
    /// The speaker who it is.
    pub speaker: Option<SpeakerId>,
    /// The delegation that it belongs to, and the rank in it.
    pub delegation: Option<DelegationId>,
    /// The rank in the delegation.
    pub rank: i32,
    /// How the place was first come by, which passing it on does not change.
    pub source: Source,
}

text_enum! {
    /// Why a place can't be passed on.
    pub enum Barrier {
        /// The category does not allow it.
        Category = "category",
        /// A speaker's place is the speaker's own.
        Speaker = "speaker",
        /// There is no confirmed place.
        State = "state",
        /// Somebody came in with its ticket.
        CameIn = "came_in",
        /// The event is over.
        Over = "over",
        /// It was offered too often.
        TooOften = "too_often",
    }
}

/// What speaks against passing a place on at `now`, if anything.
#[must_use]
pub fn barrier(
    now: UtcTime,
    (event, category, registration): (&Event, &Category, &Registration),
    standing: &Standing,
    offers: i64,
) -> Option<Barrier> {
    [
        (!category.may_transfer, Barrier::Category),
        (standing.speaker.is_some(), Barrier::Speaker),
        (registration.state != RegistrationState::Confirmed, Barrier::State),
        (standing.came_at.is_some(), Barrier::CameIn),
        (now >= event_end(event), Barrier::Over),
        (offers >= MOST_OFFERS, Barrier::TooOften),
    ]
    .into_iter()
    .find_map(|(stands, barrier)| stands.then_some(barrier))
}
