//! Questions of the registration form: set up by organizers, answered by applicants.

use super::{FORM, SENT, facts, filled, given_category, with};
use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};
use diesel::prelude::*;
use plenary::db::schema::registrations;
use serde_json::Value;

const FORMS: &str = "/organizer/summit/forms";

async fn organizer(app: &TestApp) -> Client {
    app.signed_in_as(Role::Organizer).await
}

/// Adds a question and returns the address of its page.
async fn asks(organizer: &Client, kind: &str, label: &str, more: &[(&str, &str)]) -> String {
    let mut fields = vec![("kind", kind), ("label.en", label), ("stage", "apply"), ("seen_by", "desk")];
    fields.extend(more);
    organizer.post_form(&format!("{FORMS}/new"), &fields).await.redirect();
    let page = organizer.get(FORMS).await;
    let before = page.body.split(&format!("{label}</a>")).next().expect("the question is listed");
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
}
