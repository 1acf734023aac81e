//! Organizers word the mails of their event; whoever is written to reads those words, and nothing that
//! somebody typed becomes more than words.

use crate::on_both_databases;
use crate::support::{Role, TestApp};
use plenary::i18n::Lang;
use plenary::mail::model::MessageKind;
use plenary::mail::wording::kept::default_source;
use plenary::mail::wording::{markup, placeholders};

const VERIFY: &str = "/organizer/summit/wording/verify/en";

async fn register(app: &TestApp, category: &str, email: &str, name: &str) {
    let fields = [
        ("category", category),
        ("email", email),
        ("given_name", name),
        ("family_name", "Okafor"),
        ("accept_privacy", "on"),
    ];
    assert_eq!(app.visitor().post_form("/summit/register", &fields).await.status, 303);
}

async fn category(app: &TestApp) -> String {
    let organizer = app.signed_in_as(Role::Organizer).await;
    let fields = [("name.en", "Guest"), ("code", "guest"), ("badge_color", "#1f4e9e")];
    organizer.post_form("/organizer/summit/categories/new", &fields).await.redirect();
    "guest".to_owned()
}

on_both_databases! {
    async fn the_event_words_its_mails_and_goes_back(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = category(&app).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get("/organizer/summit/wording").await.ok().contains("wording/verify/zh"));
        let page = organizer.get(VERIFY).await;
        assert!(page.ok().contains("{{link}}"), "the program's words with their placeholders");
        assert!(page.header("content-security-policy").contains("frame-src 'self'"), "the preview is a frame");
        let fields = [
            ("subject", "Welcome, {{name}}"),
            ("body", "Honoured {{name}},\n\n[Say yes]({{link}})\n\nRoom: {{place}}"),
            ("version", "0"),
        ];
        assert_eq!(organizer.post_form(VERIFY, &fields).await.redirect(), VERIFY);
        register(&app, &category, "ada@example.org", "<b>Ada</b>").await;
        let mail = app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(mail.subject, "Welcome, <b>Ada</b> Okafor");
        assert!(mail.text.starts_with("Honoured <b>Ada</b> Okafor,\n\nSay yes\n"), "{}", mail.text);
        assert!(mail.html.contains("Honoured <bdi>&lt;b&gt;Ada&lt;/b&gt; Okafor</bdi>"), "{}", mail.html);
        assert!(mail.link("/summit/verify/").len() > 20);
        // Another language keeps the program's words, and going back brings them back.
        assert!(!organizer.get("/organizer/summit/wording/verify/zh").await.ok().contains("Honoured"));
        organizer.post_form(&format!("{VERIFY}/default"), &[]).await.redirect();
        register(&app, &category, "bo@example.org", "Bo").await;
        let mail = app.mail_to("bo@example.org").await.pop().expect("a mail");
        assert!(!mail.text.contains("Honoured"), "{}", mail.text);
        app.stop().await;
    }

    async fn what_is_wrong_is_refused_with_what_was_typed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        for (subject, body, says) in [
            ("Hello", "No link here", "must be somewhere"),
            ("Hello", "{{link}}\n\n{{nmae}}", "Line 3"),
            ("Hello", "{{link", "not closed"),
            ("", "{{link}}", "subject"),
            ("Hello", "{{link}} [x](javascript:alert(1))", "must begin with https"),
        ] {
            let fields = [("subject", subject), ("body", body), ("version", "0")];
            let answer = organizer.post_form(VERIFY, &fields).await;
            assert!(answer.has_status(422).contains(says), "{body}: {says}");
            assert!(answer.says(body.lines().last().unwrap_or_default()), "{body} is kept");
        }
        let first = [("subject", "First"), ("body", "{{link}}"), ("version", "0")];
        organizer.post_form(VERIFY, &first).await.redirect();
        let second = [("subject", "Second"), ("body", "{{link}} second"), ("version", "0")];
        let answer = organizer.post_form(VERIFY, &second).await;
        assert!(answer.has_status(409).contains("{{link}} second"), "two people at once lose nothing");
        assert_eq!(organizer.get("/organizer/summit/wording/password_reset/en").await.status, 404);
        app.stop().await;
    }

    async fn a_preview_and_a_test_show_what_is_typed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let at = "/organizer/summit/wording/confirmed/en";
        let fields = [("subject", "A try"), ("body", "Dear {{name}},\n\n{{ticket}}\n\n{{link}}"), ("version", "0")];
        let preview = organizer.post_form(&format!("{at}/preview"), &fields).await;
        assert!(preview.ok().contains("data:image/png;base64,"), "the ticket's picture stands in the page");
        assert!(preview.header("content-security-policy").contains("sandbox"));
        assert!(!preview.header("content-security-policy").contains("script"));
        assert!(organizer.post_form(&format!("{at}/test"), &fields).await.ok().contains("on its way"));
        let mails = app.outbox().await;
        let test = mails.last().expect("a test mail");
        assert_eq!((test.subject.as_str(), test.kind.as_str()), ("A try", "confirmed"));
        assert!(!organizer.get(at).await.ok().contains("A try"), "a test saves nothing");
        app.stop().await;
    }

    async fn every_kind_has_a_right_wording_in_every_language(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        for kind in MessageKind::ALL {
            for lang in [Lang::EN, Lang::ZH] {
                let source = default_source(&app.app.templates, *kind, lang).expect("a source");
                let read = markup::read(&source, &placeholders::all(*kind), placeholders::needed(*kind));
                assert!(read.is_ok(), "{kind} {lang}: {read:?}");
                if !placeholders::is_of_event(*kind) {
                    continue;
                }
                let page = format!("/organizer/summit/wording/{kind}/{lang}");
                assert_eq!(organizer.get(&page).await.status, 200, "{page}");
                let fields = [("subject", source.subject.as_str()), ("body", source.body.as_str())];
                let preview = organizer.post_form(&format!("{page}/preview"), &fields).await;
                assert!(!preview.ok().contains("{{"), "{page}");
            }
        }
        app.stop().await;
    }
}
