//! People without an address: everything works for them, and no mail is queued.

use super::{facts, given_category, states};
use crate::on_both_databases;
use crate::support::{Role, TestApp};
use diesel::prelude::*;
use plenary::audit::Actor;
use plenary::db::schema::registrations;
use plenary::db::{CategoryId, DbConnection, RegistrationId};
use plenary::i18n::Lang;
use plenary::registration::jobs::hand_on;
use plenary::registration::model::{Applying, Details, Registration, RegistrationState as State, Source};
use plenary::registration::operations::{Enrolment, enrol};

/// Adds somebody without an address.
async fn given_somebody(app: &TestApp, category: CategoryId, state: State) -> RegistrationId {
    let details = Details { given_name: "Ada".to_owned(), family_name: "Lovelace".to_owned(), ..Details::default() };
    let (event, now) = (app.event().await.id, app.clock.now());
    let applying = Applying { event, category, email: "", email_key: "", details: &details, language: Lang::EN };
    let enrolment = Enrolment::new(Registration::new(&applying, state, now), Source::Desk);
    let job = move |db: &mut DbConnection, now| enrol(db, now, Actor::System, &enrolment);
    app.app.write(job).await.expect("somebody is added")
}

on_both_databases! {
    async fn the_desk_is_told_and_nothing_is_queued(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let id = given_somebody(&app, category, State::Confirmed).await;
        given_somebody(&app, category, State::Confirmed).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let page = format!("/organizer/summit/registrations/{id}");
        let one = organizer.get(&page).await;
        assert!(one.ok().contains("There is no e-mail address") && !one.says("Send link again"));
        organizer.post_form(&format!("{page}/resend"), &[]).await.has_status(409);
        assert!(organizer.get(&format!("{page}/cancel")).await.ok().contains("nobody is told"));
        organizer.post_form(&format!("{page}/cancel"), &[]).await.redirect();
        assert_eq!(states(&app).await[0].1, "cancelled");
        assert!(app.outbox().await.is_empty(), "{:?}", app.outbox().await);
    }

    async fn officers_decide_and_places_are_offered_without_a_mail(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut guarded = facts("Press");
        guarded.admission.needs_approval = true;
        let press = given_category(&app, "press", guarded).await;
        let id = given_somebody(&app, press, State::Applied).await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let page = format!("/organizer/summit/accreditation/{id}");
        let version = officer.get(&page).await.input("version");
        officer.post_form(&page, &[("version", version.as_str()), ("decision", "approve")]).await.redirect();
        let mut small = facts("Guest");
        small.capacity = Some(1);
        small.admission.has_waiting_list = true;
        let guest = given_category(&app, "guest", small).await;
        let waits = given_somebody(&app, guest, State::Waitlisted).await;
        assert_eq!(hand_on(&app.app).await.expect("a run"), 1);
        let state: Vec<String> = app
            .read(move |db| {
                let both = registrations::table.filter(registrations::id.eq_any([id, waits]));
                both.order(registrations::created_at).then_order_by(registrations::id).select(registrations::state).load(db)
            })
            .await;
        assert!(state.contains(&"confirmed".to_owned()) && state.contains(&"offered".to_owned()), "{state:?}");
        assert!(app.outbox().await.is_empty(), "{:?}", app.outbox().await);
    }
}
