//! Questions of the registration form: set up by organizers, answered by applicants.

use super::{FORM, SENT, facts, filled, given_category, with};
use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};
use diesel::prelude::*;
use plenary::db::schema::registrations;
use serde_json::Value;

pub(super) const FORMS: &str = "/organizer/summit/forms";

pub(super) async fn organizer(app: &TestApp) -> Client {
    app.signed_in_as(Role::Organizer).await
}

/// Adds a question and returns the address of its page.
pub(super) async fn asks(organizer: &Client, kind: &str, label: &str, more: &[(&str, &str)]) -> String {
    let usual = [("kind", kind), ("label.en", label), ("stage", "apply"), ("seen_by", "desk")];
    let fields = with(usual.to_vec(), more);
    organizer.post_form(&format!("{FORMS}/new"), &fields).await.redirect();
    let page = organizer.get(FORMS).await;
    let before = page.body.split(&format!("{label}</span></a>")).next().expect("the question is listed");
    assert!(before.len() < page.body.len(), "{}", page.body);
    let url = before.rsplit("href=\"").next().and_then(|rest| rest.split('"').next()).expect("a link");
    url.to_owned()
}

/// The answers kept of the only registration.
async fn answers(app: &TestApp) -> Vec<Value> {
    let kept: String = app.read(|db| registrations::table.select(registrations::answers).first(db)).await;
    let kept: Value = serde_json::from_str(&kept).expect("JSON");
    kept.as_object().expect("an object").values().cloned().collect()
}

on_both_databases! {
    async fn what_organizers_ask_is_answered_checked_and_kept(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        asks(&organizer, "one_choice", "Diet", &[("choices.en", "none = No wishes\nvegan = Vegan"), ("is_required", "on")]).await;
        asks(&organizer, "phone", "Mobile phone", &[]).await;
        let visitor = app.visitor();
        let page = visitor.get(FORM).await;
        assert!(page.ok().contains("Diet") && page.says("No wishes") && page.says("Mobile phone"));
        let wrong = with(filled("guest", "ada@example.org"), &[("q-mobile-phone", "044 668 18 00")]);
        let refused = visitor.post_form(FORM, &wrong).await;
        assert!(refused.has_status(422).contains("Diet: Please fill this in") || refused.says("Diet"), "{}", refused.body);
        assert!(refused.says("country code"));
        assert_eq!(refused.input("q-mobile-phone"), "044 668 18 00", "what was typed is kept");
        let right = with(filled("guest", "ada@example.org"), &[("q-diet", "vegan"), ("q-mobile-phone", "+41 44 668 18 00")]);
        assert_eq!(visitor.post_form(FORM, &right).await.redirect(), SENT);
        let kept = answers(&app).await;
        assert!(kept.contains(&"vegan".into()) && kept.contains(&"+41446681800".into()), "{kept:?}");
    }

    async fn a_question_hangs_on_the_answer_to_another(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        asks(&organizer, "yes_no", "Visa needed", &[]).await;
        asks(&organizer, "short_text", "Passport", &[("depends_on", "visa-needed"), ("depends_values", "yes"), ("is_required", "on")]).await;
        let visitor = app.visitor();
        assert!(visitor.get(FORM).await.ok().contains("Only if you answer"), "without a script the condition is said");
        let asked = with(filled("guest", "ada@example.org"), &[("q-visa-needed", "yes")]);
        visitor.post_form(FORM, &asked).await.has_status(422);
        let free = with(filled("guest", "ada@example.org"), &[("q-visa-needed", "no"), ("q-passport", "X1")]);
        assert_eq!(visitor.post_form(FORM, &free).await.redirect(), SENT);
        assert_eq!(answers(&app).await, [Value::from("no")], "what does not apply is not kept");
    }

    async fn a_form_that_changed_meanwhile_is_shown_again_with_what_was_typed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        let diet = asks(&organizer, "short_text", "Diet", &[]).await;
        let visitor = app.visitor();
        let stamp = visitor.get(FORM).await.input("form_stamp");
        asks(&organizer, "short_text", "Arrival", &[("is_required", "on")]).await;
        let fields = with(filled("guest", "ada@example.org"), &[("q-diet", "vegan"), ("form_stamp", &stamp)]);
        let again = visitor.post_form(FORM, &fields).await;
        assert!(again.has_status(422).contains("changed this form while you filled it in"));
        assert_eq!(again.input("q-diet"), "vegan");
        let stamp = again.input("form_stamp");
        let fields = with(filled("guest", "ada@example.org"), &[("q-diet", "vegan"), ("q-arrival", "Monday"), ("form_stamp", &stamp)]);
        assert_eq!(visitor.post_form(FORM, &fields).await.redirect(), SENT);
        // A question that is no longer asked keeps its answers.
        organizer.post_form(&format!("{diet}/retire"), &[("retired", "on")]).await.redirect();
        assert!(!visitor.get(FORM).await.ok().contains("q-diet"));
        assert!(answers(&app).await.contains(&"vegan".into()));
        // Two organizers at once: the second is told.
        let version = organizer.get(&diet).await.input("version");
        let change = [("label.en", "Food"), ("version", version.as_str()), ("stage", "apply")];
        organizer.post_form(&diet, &change).await.redirect();
        organizer.post_form(&diet, &change).await.has_status(409);
    }

    async fn answers_are_changed_until_their_deadline_and_shown_to_those_who_may_see_them(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        app.clock.set("2027-04-01T08:00:00+08:00");
        let organizer = organizer(&app).await;
        asks(&organizer, "short_text", "Diet", &[("seen_by", "desk"), ("answer_until", "2027-04-02T12:00")]).await;
        asks(&organizer, "short_text", "Secret wish", &[("seen_by", "accreditation")]).await;
        let visitor = app.visitor();
        let fields = with(filled("guest", "ada@example.org"), &[("q-diet", "vegan"), ("q-secret-wish", "a boat")]);
        visitor.post_form(FORM, &fields).await.redirect();
        let link = app.mail_to("ada@example.org").await.last().expect("a mail").link("/summit/verify/");
        let own = visitor.post_form(&link, &[]).await.redirect().to_owned();
        assert!(visitor.get(&own).await.ok().contains("a boat"), "one sees all of one's own answers");
        let id: plenary::db::RegistrationId = app.read(|db| registrations::table.select(registrations::id).first(db)).await;
        let one = organizer.get(&format!("/organizer/summit/registrations/{id}")).await;
        assert!(one.ok().contains("vegan") && !one.says("a boat"), "the desk sees what it may");
        let form = visitor.get(&format!("{own}/answers")).await;
        assert_eq!(form.input("q-diet"), "vegan");
        let version = form.input("version");
        let change = [("version", version.as_str()), ("q-diet", "halal"), ("q-secret-wish", "two boats")];
        assert_eq!(visitor.post_form(&format!("{own}/answers"), &change).await.redirect(), own);
        let stale = visitor.post_form(&format!("{own}/answers"), &[("version", version.as_str()), ("q-diet", "none"), ("q-secret-wish", "a car")]).await;
        assert!(stale.has_status(409).contains("has changed in the meantime"));
        assert_eq!(stale.input("q-diet"), "none", "what was typed is kept");
        // The kitchen has its list: the first answer is frozen, the other still open.
        app.clock.set("2027-04-03T08:00:00+08:00");
        let form = visitor.get(&format!("{own}/answers")).await;
        assert!(form.ok().contains("Can’t be changed any more") && form.says("halal"));
        let version = form.input("version");
        visitor.post_form(&format!("{own}/answers"), &[("version", version.as_str()), ("q-diet", "meat"), ("q-secret-wish", "")]).await.redirect();
        assert_eq!(answers(&app).await, [Value::from("halal")], "a frozen answer stays whatever is sent");
    }

    async fn a_choice_with_places_is_made_by_no_more_people(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        let tour = [("choices.en", "boat = By boat\nfoot = On foot"), ("limits", "boat = 1")];
        let question = asks(&organizer, "one_choice", "Tour", &tour).await;
        let visitor = app.visitor();
        let chooses = |email: &'static str, choice: &'static str| {
            let app = &app;
            async move { app.visitor().post_form(FORM, &with(filled("guest", email), &[("q-tour", choice)])).await }
        };
        assert_eq!(chooses("ada@example.org", "boat").await.redirect(), SENT);
        assert!(visitor.get(FORM).await.ok().contains("By boat – "), "the form says that it is full");
        let full = chooses("bo@example.org", "boat").await;
        assert!(full.has_status(422).contains("Every place of this choice is taken"));
        assert_eq!(chooses("bo@example.org", "foot").await.redirect(), SENT);
        // Who changes to another choice frees it.
        let link = app.mail_to("ada@example.org").await.last().expect("a mail").link("/summit/verify/");
        let own = visitor.post_form(&link, &[]).await.redirect().to_owned();
        let version = visitor.get(&format!("{own}/answers")).await.input("version");
        visitor.post_form(&format!("{own}/answers"), &[("version", version.as_str()), ("q-tour", "foot")]).await.redirect();
        assert_eq!(chooses("cy@example.org", "boat").await.redirect(), SENT);
        // Whoever gives up gives it back; and no limit goes below those who have chosen.
        let version = organizer.get(&question).await.input("version");
        let fewer = [("version", version.as_str()), ("label.en", "Tour"), ("stage", "apply"), ("choices.en", "boat = By boat\nfoot = On foot"), ("limits", "boat = 0")];
        organizer.post_form(&question, &fewer).await.has_status(409);
        let link = app.mail_to("cy@example.org").await.last().expect("a mail").link("/summit/verify/");
        let third = visitor.post_form(&link, &[]).await.redirect().to_owned();
        visitor.post_form(&format!("{third}/cancel"), &[]).await.redirect();
        organizer.post_form(&question, &fewer).await.redirect();
    }

    async fn a_second_form_follows_and_another_document_asks_for_approval_again(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut guarded = facts("Press");
        guarded.admission.needs_approval = true;
        given_category(&app, "press", guarded).await;
        let organizer = organizer(&app).await;
        asks(&organizer, "short_text", "Press card", &[("is_identity", "on"), ("seen_by", "accreditation")]).await;
        asks(&organizer, "short_text", "Arrival", &[("stage", "after_approval"), ("is_required", "on")]).await;
        let visitor = app.visitor();
        let form = visitor.get(FORM).await;
        assert!(form.ok().contains("q-press-card") && !form.says("q-arrival"), "the second form comes later");
        visitor.post_form(FORM, &with(filled("press", "ada@example.org"), &[("q-press-card", "P-1")])).await.redirect();
        let link = app.mail_to("ada@example.org").await.last().expect("a mail").link("/summit/verify/");
        let own = visitor.post_form(&link, &[]).await.redirect().to_owned();
        visitor.get(&format!("{own}/second-form")).await.has_status(404);
        let id: plenary::db::RegistrationId = app.read(|db| registrations::table.select(registrations::id).first(db)).await;
        let officer = app.signed_in_as(Role::AccreditationOfficer).await;
        let page = format!("/organizer/summit/accreditation/{id}");
        assert!(officer.get(&page).await.ok().contains("P-1"), "officers see what they decide upon");
        let version = officer.get(&page).await.input("version");
        officer.post_form(&page, &[("version", version.as_str()), ("decision", "approve")]).await.redirect();
        assert!(visitor.get(&own).await.ok().contains("/second-form"), "the own page leads to it");
        let second = format!("{own}/second-form");
        let version = visitor.get(&second).await.input("version");
        visitor.post_form(&second, &[("version", version.as_str())]).await.has_status(422);
        visitor.post_form(&second, &[("version", version.as_str()), ("q-arrival", "Monday")]).await.redirect();
        assert!(!visitor.get(&own).await.ok().contains("/second-form"), "it is filled in");
        let answers_page = visitor.get(&format!("{own}/answers")).await;
        assert!(answers_page.ok().contains("needs approval again"), "said before it is saved");
        let version = answers_page.input("version");
        visitor.post_form(&format!("{own}/answers"), &[("version", version.as_str()), ("q-press-card", "P-2")]).await.redirect();
        let state: String = app.read(|db| registrations::table.select(registrations::state).first(db)).await;
        assert_eq!(state, "applied", "another document, another look");
    }

    async fn a_ready_made_block_is_added_in_every_language_and_can_be_changed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        organizer.post_form(&format!("{FORMS}/blocks"), &[("block", "dietary")]).await.redirect();
        organizer.post_form(&format!("{FORMS}/blocks"), &[("block", "nonsense")]).await.has_status(400);
        let page = organizer.get(FORMS).await;
        assert!(page.ok().contains("What I eat") && page.says("饮食习惯"), "previews in both languages");
        let visitor = app.visitor();
        assert!(visitor.get(&format!("{FORM}?lang=zh")).await.ok().contains("清真"));
        let fields = with(filled("guest", "ada@example.org"), &[("q-what-i-eat", "halal"), ("q-allergies", "nuts")]);
        assert_eq!(visitor.post_form(FORM, &fields).await.redirect(), SENT);
        assert!(answers(&app).await.contains(&serde_json::json!(["halal"])));
    }

    async fn questions_of_categories_by_code_are_not_given_away(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let mut hidden = facts("Head of state");
        hidden.access_code = Some("RED-CARPET".to_owned());
        let hidden = given_category(&app, "head", hidden).await.to_string();
        let organizer = organizer(&app).await;
        asks(&organizer, "number", "Cars in the motorcade", &[("asked_in", &hidden)]).await;
        let visitor = app.visitor();
        assert!(!visitor.get(FORM).await.ok().contains("motorcade"));
        assert!(visitor.get(&format!("{FORM}?code=RED-CARPET")).await.ok().contains("motorcade"));
    }

    async fn a_country_and_a_yes_are_read_as_words_in_the_readers_language(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let desk = organizer(&app).await;
        asks(&desk, "country", "Country of birth", &[]).await;
        asks(&desk, "yes_no", "Comes by car", &[]).await;
        let fields = [("country", "FR"), ("q-country-of-birth", "GB"), ("q-comes-by-car", "yes")];
        app.visitor().post_form(FORM, &with(filled("guest", "ada@example.org"), &fields)).await.redirect();
        let id: String = app.read(|db| registrations::table.select(registrations::id).first(db)).await;
        let page = format!("/organizer/summit/registrations/{id}");
        let shown = desk.get(&page).await;
        assert!(shown.ok().contains("<bdi>United Kingdom</bdi>") && shown.says("<bdi>Yes</bdi>"), "{}", shown.body);
        let chinese = desk.get(&format!("{page}?lang=zh")).await;
        assert!(chinese.ok().contains("<bdi>英国</bdi>") && chinese.says("<bdi>是</bdi>"), "{}", chinese.body);
    }
}
