//! The life of registrations against a simple model: whatever is done in whatever order, places are counted right.

use super::{facts, given_category};
use crate::on_both_databases;
use crate::support::TestApp;
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::{categories, held_places, quota_categories, quotas, registrations};
use plenary::db::{CategoryId, DbConnection, EventId, QuotaId, RegistrationId};
use plenary::i18n::{Lang, Localized};
use plenary::registration::model::{Applying, Details, Registration, RegistrationState as State, Source};
use plenary::registration::operations::{self, EnrolError, Enrolment, StandingError, StateChange, enrol, transition};
use proptest::prelude::*;
use proptest::strategy::ValueTree;
use proptest::test_runner::TestRunner;

/// One thing that is done.
#[derive(Clone, Debug)]
enum Step {
    /// Somebody is added, in the first or second category, in a state in which one may begin.
    Add(bool, usize),
    /// Somebody who was added is to go to a state.
    Move(usize, usize),
}

const BEGINNINGS: [State; 4] = [State::Unverified, State::Applied, State::Waitlisted, State::Confirmed];
const FIRST: i32 = 4;
const SHARED: i32 = 6;

/// What should be: who stands where in which category.
#[derive(Default)]
struct Model(Vec<(RegistrationId, bool, State)>);

impl Model {
    fn taken(&self, of: impl Fn(bool) -> bool) -> i32 {
        let holding = self.0.iter().filter(|(_, second, state)| of(*second) && state.holds_place());
        i32::try_from(holding.count()).expect("few")
    }

    fn has_room(&self, second: bool) -> bool {
        self.taken(|_| true) < SHARED && (second || self.taken(|second| !second) < FIRST)
    }
}

struct Stage {
    app: TestApp,
    event: EventId,
    first: CategoryId,
    second: CategoryId,
}

impl Stage {
    async fn adds(&self, second: bool, state: State, number: usize) -> Result<RegistrationId, bool> {
        let details = Details { given_name: format!("Guest {number}"), ..Details::default() };
        let (event, category) = (self.event, if second { self.second } else { self.first });
        let now = self.app.app.clock.now();
        let applying = Applying { event, category, email: "", email_key: "", details: &details, language: Lang::EN };
        let enrolment = Enrolment::new(Registration::new(&applying, state, now), Source::Desk);
        let done =
            self.app.app.write(move |db: &mut DbConnection, now| enrol(db, now, Actor::System, &enrolment)).await;
        done.map_err(|error| matches!(error, EnrolError::Full))
    }

    async fn moves(&self, id: RegistrationId, to: State) -> Result<(), StandingError> {
        let event = self.event;
        let job = move |db: &mut DbConnection, now| {
            let registration = operations::find(db, event, id)?.ok_or(StandingError::Ended)?;
            transition(db, now, Actor::System, &registration, to, &StateChange::default()).map(drop)
        };
        self.app.app.write(job).await
    }

    /// Taken places of the first category, the second, and the quota; and places of the quota that are held.
    async fn counted(&self) -> (i32, i32, i32, i64) {
        let (first, second) = (self.first, self.second);
        self.app
            .read(move |db| {
                let of = |db: &mut DbConnection, id: CategoryId| {
                    categories::table.find(id).select(categories::taken).first(db)
                };
                Ok((
                    of(db, first)?,
                    of(db, second)?,
                    quotas::table.select(quotas::taken).first(db)?,
                    held_places::table.count().get_result(db)?,
                ))
            })
            .await
    }

    async fn forgets(&self) {
        self.app
            .write(|db, _| {
                diesel::delete(registrations::table).execute(db)?;
                diesel::update(categories::table).set(categories::taken.eq(0)).execute(db)?;
                diesel::update(quotas::table).set(quotas::taken.eq(0)).execute(db)
            })
            .await;
    }
}

on_both_databases! {
    async fn whatever_is_done_in_whatever_order_counts_every_place_once(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut small = facts("First");
        small.capacity = Some(FIRST);
        let first = given_category(&app, "first", small).await;
        let second = given_category(&app, "second", facts("Second")).await;
        let event = app.event().await.id;
        app.write(move |db, now| {
            let id = QuotaId::new();
            diesel::insert_into(quotas::table)
                .values((
                    (quotas::id.eq(id), quotas::event_id.eq(event), quotas::code.eq("all"), quotas::name.eq(Localized::single(Lang::EN, "All"))),
                    (quotas::capacity.eq(SHARED), quotas::taken.eq(0), quotas::position.eq(0), quotas::version.eq(1)),
                    (quotas::created_at.eq(now), quotas::updated_at.eq(now)),
                ))
                .execute(db)?;
            for category in [first, second] {
                diesel::insert_into(quota_categories::table)
                    .values((quota_categories::quota_id.eq(id), quota_categories::category_id.eq(category)))
                    .execute(db)?;
            }
            Ok(())
        })
        .await;
        let stage = Stage { app, event, first, second };
        let step = prop_oneof![
            (any::<bool>(), 0..BEGINNINGS.len()).prop_map(|(second, state)| Step::Add(second, state)),
            (0..40_usize, 0..State::ALL.len()).prop_map(|(who, state)| Step::Move(who, state)),
        ];
        let mut runner = TestRunner::deterministic();
        for _ in 0..12 {
            let steps = proptest::collection::vec(step.clone(), 1..40).new_tree(&mut runner).expect("steps").current();
            let mut model = Model::default();
            for (number, step) in steps.iter().enumerate() {
                match step {
                    Step::Add(second, state) => {
                        let (second, state) = (*second, BEGINNINGS[*state]);
                        let fits = !state.holds_place() || model.has_room(second);
                        match stage.adds(second, state, number).await {
                            Ok(id) => model.0.push((id, second, state)),
                            Err(is_full) => assert!(is_full && !fits, "{step:?} in {steps:?}"),
                        }
                    }
                    Step::Move(who, to) => {
                        if model.0.is_empty() {
                            continue;
                        }
                        let (at, to) = (who % model.0.len(), State::ALL[*to]);
                        let (id, second, from) = model.0[at];
                        let allowed = from.may_become(to)
                            && (!to.holds_place() || from.holds_place() || model.has_room(second));
                        let done = stage.moves(id, to).await;
                        assert_eq!(done.is_ok(), allowed, "{from} to {to} in {steps:?}: {done:?}");
                        if allowed {
                            model.0[at].2 = to;
                        }
                    }
                }
                let (of_first, of_second, shared, held) = stage.counted().await;
                let expected = (model.taken(|second| !second), model.taken(|second| second), model.taken(|_| true));
                assert_eq!((of_first, of_second, shared), expected, "after {step:?} of {steps:?}");
                assert_eq!(held, i64::from(shared));
            }
            stage.forgets().await;
        }
    }
}
