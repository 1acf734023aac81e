//! Kinds that wait for review: every way of queueing obeys, and somebody decides.

use super::{MAIL, at, deliver, letter, noted, outcomes, queue, queue_letter, registration_of, stands, state};
use crate::on_both_databases;
use crate::support::app::instant;
use crate::support::{Client, Role, TestApp};
use plenary::db::MessageId;
use plenary::mail::model::{MessageKind as K, MessageState};

const RULES: &str = "/organizer/summit/mail/rules";

async fn hold(organizer: &Client, kinds: &[&str]) {
    let version = organizer.get(RULES).await.input("version");
    let mut fields = vec![("version", version.as_str()), ("quiet_from", ""), ("quiet_until", "")];
    fields.extend(kinds.iter().map(|kind| ("held", *kind)));
    assert_eq!(organizer.post_form(RULES, &fields).await.redirect(), RULES);
}

/// Somebody registers and confirms the address; the mail that says so is of the kind `confirmed`.
async fn confirmed(app: &TestApp, organizer: &Client, email: &str) {
    let fields = [("name.en", "Guest"), ("code", "guest"), ("badge_color", "#1f4e9e")];
    organizer.post_form("/organizer/summit/categories/new", &fields).await;
    let fields = [
        ("category", "guest"),
        ("email", email),
        ("given_name", "*Ada*"),
        ("family_name", "Lovelace"),
        ("country", "CN"),
        ("accept_privacy", "on"),
    ];
    assert_eq!(app.visitor().post_form("/summit/register", &fields).await.status, 303);
    let link = app.mail_to(email).await.pop().expect("a mail").link("/summit/verify/");
    app.visitor().post_form(&link, &[]).await.redirect();
}

/// The only message of a kind.
async fn only(app: &TestApp, kind: K) -> MessageId {
    use diesel::prelude::*;
    use plenary::db::schema::messages;
    app.read(move |db| messages::table.filter(messages::kind.eq(kind)).select(messages::id).get_result(db)).await
}

on_both_databases! {
    async fn a_held_mail_is_read_changed_and_released(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("mail.transport", "log")]).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        hold(&organizer, &["confirmed", "verify"]).await;
        confirmed(&app, &organizer, "ada@example.org").await;
        // What somebody waits for was not held although it was ticked.
        assert_eq!(state(&app, only(&app, K::Verify).await).await, MessageState::Queued);
        let id = only(&app, K::Confirmed).await;
        assert_eq!(state(&app, id).await, MessageState::Draft);
        let before = app.mail_to("ada@example.org").await.pop().expect("a mail");
        let link = before.link("/summit/r/");
        deliver(&app).await;
        assert_eq!(state(&app, id).await, MessageState::Draft, "a draft does not leave");

        let edit = format!("{MAIL}/{id}/edit");
        let page = organizer.get(&edit).await;
        let secret = link.rsplit('/').next().expect("a token").to_owned();
        assert!(!page.ok().contains(&secret), "the private link's secret is not shown");
        assert!(page.says("{{ticket}}") && page.says("•1•"), "{}", page.body);
        let source = page.body.split("<textarea").nth(1).expect("a field").split('>').nth(1).expect("its text").split("</textarea").next().expect("an end");
        let source = source.replace("&#x27;", "'").replace("&#39;", "'").replace("&quot;", "\"").replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&");
        let body = format!("**Honoured guest**\n\n{}", source.trim());
        let fields = [("subject", "Welcome to us"), ("body", body.as_str()), ("version", "1")];
        assert_eq!(organizer.post_form(&edit, &fields).await.redirect(), format!("{MAIL}/{id}"));
        let mail = app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(mail.subject, "Welcome to us");
        assert_eq!(mail.text, before.text.replacen("", "Honoured guest\n\n", 1), "the text is what it was, with the new words");
        assert!(mail.html.contains("<strong>Honoured guest</strong>") && mail.html.contains("cid:ticket") && mail.html.contains(&secret), "{}", mail.html);
        // It is found by its new subject; somebody who was slower is told, and nothing typed is lost.
        assert!(organizer.get(&format!("{MAIL}?q=welcome")).await.ok().contains("Welcome to us"));
        let late = organizer.post_form(&edit, &[("subject", "Mine"), ("body", "My words"), ("version", "1")]).await;
        assert!(late.has_status(409).contains("My words"));
        for (body, wrong) in [("", "error-summary"), ("{{name}} hello", "name"), ("[x](javascript:alert(1))", "error-summary")] {
            let answer = organizer.post_form(&edit, &[("subject", "S"), ("body", body), ("version", "2")]).await;
            assert!(answer.has_status(422).contains(wrong), "{body}: {}", answer.body);
        }
        organizer.post_form(&format!("{MAIL}/{id}/decide"), &[("decision", "release")]).await.redirect();
        assert_eq!(deliver(&app).await.sent, 1);
        assert_eq!(state(&app, id).await, MessageState::Sent);
        assert_eq!(outcomes(&app, id).await, ["edited", "released", "sent"]);
        assert_eq!(organizer.post_form(&format!("{MAIL}/{id}/decide"), &[("decision", "discard")]).await.status, 409);
        assert_eq!(organizer.get(&edit).await.status, 409);
        let noted = noted(&app).await;
        for action in ["mail.rules", "message.edited", "mail.released"] {
            assert!(noted.iter().any(|known| known == action), "{action} in {noted:?}");
        }
    }

    async fn many_drafts_are_decided_at_once_and_newer_ones_wait(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        hold(&organizer, &["confirmed", "waitlisted"]).await;
        let mut ids = Vec::new();
        for number in 0..120 {
            let kind = if number % 2 == 0 { K::Confirmed } else { K::Waitlisted };
            ids.push(queue(&app, kind, &format!("guest-{number}@example.org"), "Hello").await);
        }
        let page = organizer.get(&format!("{MAIL}?state=draft&kind=waitlisted")).await;
        let upto = page.input("upto");
        let newer = queue(&app, K::Waitlisted, "late@example.org", "Hello").await;
        let all = [("kind", "waitlisted"), ("q", ""), ("upto", upto.as_str()), ("decision", "release")];
        let asked = organizer.post_form(&format!("{MAIL}/drafts"), &all).await;
        assert!(asked.ok().contains("Release 60 messages?"), "{}", asked.body);
        assert_eq!(state(&app, ids[1]).await, MessageState::Draft, "asking changes nothing");
        let sure: Vec<_> = all.into_iter().chain([("confirm", "yes")]).collect();
        organizer.post_form(&format!("{MAIL}/drafts"), &sure).await.redirect();
        for (number, id) in ids.iter().enumerate() {
            let expected = if number % 2 == 0 { MessageState::Draft } else { MessageState::Queued };
            assert_eq!(state(&app, *id).await, expected, "{number}");
        }
        assert_eq!(state(&app, newer).await, MessageState::Draft);
        // By words, too.
        let one = [("kind", ""), ("q", "guest-0@example.org"), ("upto", upto.as_str()), ("decision", "discard"), ("confirm", "yes")];
        organizer.post_form(&format!("{MAIL}/drafts"), &one).await.redirect();
        assert_eq!((state(&app, ids[0]).await, state(&app, ids[2]).await), (MessageState::Cancelled, MessageState::Draft));
        let noted = noted(&app).await;
        assert!(noted.contains(&"mail.released".to_owned()) && noted.contains(&"mail.discarded".to_owned()));
        // Nobody but organizers decides.
        let observer = app.signed_in_as(Role::Observer).await;
        assert_eq!(observer.post_form(&format!("{MAIL}/{}/decide", ids[2]), &[("decision", "release")]).await.status, 403);
        assert!(!observer.get(&format!("{MAIL}?state=draft")).await.ok().contains("mail/drafts"));
    }

    async fn quiet_hours_are_those_of_the_recipients_clock(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let event = app.event().await.id;
        let organizer = app.signed_in_as(Role::Organizer).await;
        confirmed(&app, &organizer, "ada@example.org").await;
        let version = organizer.get(RULES).await.input("version");
        let wrong = [("version", version.as_str()), ("quiet_from", "22:00"), ("quiet_until", "22:00")];
        assert!(organizer.post_form(RULES, &wrong).await.has_status(422).contains("22:00"));
        let fields = [("version", version.as_str()), ("quiet_from", "22:00"), ("quiet_until", "07:30"), ("held", "waitlisted")];
        organizer.post_form(RULES, &fields).await.redirect();
        // Kept by somebody else meanwhile: both learn of it.
        assert_eq!(organizer.post_form(RULES, &fields).await.status, 409);
        let ada = registration_of(&app, "ada@example.org").await;
        app.write(move |db, _| {
            use diesel::prelude::*;
            use plenary::db::schema::registrations;
            diesel::update(registrations::table.find(ada)).set(registrations::country.eq("KE")).execute(db)
        })
        .await;
        // Midnight in Shanghai is seven in the evening in Nairobi.
        at(&app, "2027-03-02T00:00:00+08:00");
        let by_event = queue(&app, K::Confirmed, "bo@example.org", "Hello").await;
        assert_eq!(stands(&app, by_event).await.2, instant("2027-03-02T07:30:00+08:00"));
        let mut to_ada = letter(Some(event), K::Confirmed, "ada@example.org", "Hello");
        to_ada.registration = Some(ada);
        let by_country = queue_letter(&app, to_ada.clone()).await;
        assert_eq!(stands(&app, by_country).await.2, instant("2027-03-02T00:00:00+08:00"));
        let asked_for = queue(&app, K::Verify, "cy@example.org", "Hello").await;
        assert_eq!(stands(&app, asked_for).await.2, instant("2027-03-02T00:00:00+08:00"));
        // What is released at night waits for the morning.
        at(&app, "2027-03-02T05:00:00+03:00");
        to_ada.kind = K::Waitlisted;
        let held = queue_letter(&app, to_ada).await;
        assert_eq!(state(&app, held).await, MessageState::Draft);
        organizer.post_form(&format!("{MAIL}/{held}/decide"), &[("decision", "release")]).await.redirect();
        let (state, _, due) = stands(&app, held).await;
        assert_eq!((state, due), (MessageState::Queued, instant("2027-03-02T07:30:00+03:00")));
        assert!(organizer.get(&format!("{MAIL}/{held}")).await.ok().contains("leaves on"));
    }
}
