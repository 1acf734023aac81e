//! One message exactly as it left: headers, HTML, parts, the file; sent once more, taken back.

use super::{MAIL, app_with, deliver, letter, noted, outcomes, queue, queue_letter, state};
use crate::on_both_databases;
use crate::support::smtp::SmtpServer;
use crate::support::{Role, TestApp};
use plenary::mail::model::{Attachment, MessageKind as K, MessageState};
use plenary::web::Token;

on_both_databases! {
    async fn a_message_is_shown_and_downloaded_as_it_left(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, &server, &[]).await;
        let event = app.event().await.id;
        let token = Token::new();
        let mut message = letter(Some(event), K::Confirmed, "ada@example.org", "Ça y est ✓");
        message.content.text = format!("Open {}/summit/r/{}\n", app.url, token.reveal());
        message.content.html = message.content.html.replace("Hello", &format!("<a href=\"{}/summit/r/{}\">Open</a>", app.url, token.reveal()));
        message.unsubscribe = Some(format!("{}/summit/r/{}/unsubscribe", app.url, token.reveal()));
        message.attachments.push(Attachment::new("päge.html", "text/html", b"<script>alert(1)</script>"));
        let id = queue_letter(&app, message).await;
        deliver(&app).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let observer = app.signed_in_as(Role::Observer).await;
        for client in [&organizer, &observer] {
            let page = client.get(&format!("{MAIL}/{id}")).await;
            assert!(page.ok().contains(&format!("Message-ID: &lt;{id}@")), "{}", page.body);
            assert!(page.says("List-Unsubscribe-Post") && page.says("/summit/r/…/unsubscribe"), "{}", page.body);
            assert!(page.says("250 2.0.0 taken"), "the server's answer");
            assert!(!page.says(token.reveal()), "no secret is shown");
            assert!(page.header("content-security-policy").contains("frame-src 'self'"));
            let html = client.get(&format!("{MAIL}/{id}/html")).await;
            assert!(html.ok().contains("/summit/r/…") && !html.says(token.reveal()), "{}", html.body);
            assert!(html.header("content-security-policy").contains("sandbox"));
        }
        assert!(organizer.get(&format!("{MAIL}/{id}/html")).await.says("data:image/png;base64,"));
        assert!(!observer.get(&format!("{MAIL}/{id}/html")).await.says("data:image/png;base64,"), "a ticket is not for everybody");
        let file = organizer.get(&format!("{MAIL}/{id}/message.eml")).await;
        assert!(file.header("content-disposition").starts_with("attachment"));
        assert_eq!((file.header("content-type"), file.header("x-content-type-options")), ("message/rfc822", "nosniff"));
        let sent = server.wait_for(1).remove(0);
        let own = String::from_utf8_lossy(&file.bytes).into_owned();
        let head = |text: &str| text.split("\r\n\r\n").next().unwrap_or_default().lines().filter(|line| !line.contains("boundary")).map(str::to_owned).collect::<Vec<_>>();
        assert_eq!(head(&own), head(&sent.data), "the same headers as on the wire");
        let part = organizer.get(&format!("{MAIL}/{id}/parts/1")).await;
        assert_eq!(part.bytes, b"<script>alert(1)</script>");
        assert!(part.header("content-disposition").starts_with("attachment") && part.header("content-security-policy").contains("sandbox"));
        assert_eq!(organizer.get(&format!("{MAIL}/{id}/parts/7")).await.status, 404);
        for path in ["message.eml", "parts/0", "edit"] {
            assert_eq!(observer.get(&format!("{MAIL}/{id}/{path}")).await.status, 403, "{path}");
        }
        assert_eq!(noted(&app).await.iter().filter(|action| *action == "message.downloaded").count(), 2);
        // An invitation to the team would let whoever downloads it into somebody's account.
        let mut invitation = letter(Some(event), K::TeamInvitation, "new@example.org", "Join us");
        invitation.content.text = format!("Open {}/invitation/{}\n", app.url, token.reveal());
        let id = queue_letter(&app, invitation).await;
        assert!(!organizer.get(&format!("{MAIL}/{id}/message.eml")).await.ok().contains(token.reveal()));
        // Another event's team finds nothing.
        app.given_event("elsewhere").await;
        let admin = app.signed_in_as(Role::Administrator).await;
        for path in ["", "/html", "/message.eml", "/parts/0"] {
            assert_eq!(admin.get(&format!("/organizer/elsewhere/mail/{id}{path}")).await.status, 404, "{path}");
        }
    }

    async fn a_message_is_sent_once_more_as_another_one(db: TestDatabase) {
        let server = SmtpServer::start();
        let app = app_with(db, &server, &[]).await;
        let (sent, failed) = (queue(&app, K::Confirmed, "ada@example.org", "Hello").await, queue(&app, K::Confirmed, "refuse@example.org", "Hello").await);
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert_eq!(organizer.post_form(&format!("{MAIL}/{sent}/copy"), &[]).await.status, 409, "it has not left yet");
        deliver(&app).await;
        assert_eq!(state(&app, failed).await, MessageState::Failed);
        for id in [sent, failed] {
            let answer = organizer.post_form(&format!("{MAIL}/{id}/copy"), &[]).await;
            let copy = answer.redirect().to_owned();
            assert_ne!(copy, format!("{MAIL}/{id}"));
            assert!(organizer.get(&copy).await.ok().contains(&format!("href=\"{MAIL}/{id}\"")), "the copy names what it is one of");
            assert!(organizer.get(&format!("{MAIL}/{id}")).await.ok().contains(&format!("href=\"{copy}\"")), "and is named there");
        }
        deliver(&app).await;
        let mails = server.wait_for(2);
        assert_eq!(mails.len(), 2);
        assert_ne!(mails[0].header("Message-ID"), mails[1].header("Message-ID"));
        assert_eq!(state(&app, sent).await, MessageState::Sent);
        assert!(noted(&app).await.contains(&"message.copied".to_owned()));
    }

    async fn what_waits_in_the_queue_can_be_taken_back(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("mail.transport", "log")]).await;
        let id = queue(&app, K::Confirmed, "ada@example.org", "Hello").await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        organizer.post_form(&format!("{MAIL}/{id}/cancel"), &[]).await.redirect();
        assert_eq!(deliver(&app).await.sent, 0);
        assert_eq!((state(&app, id).await, outcomes(&app, id).await), (MessageState::Cancelled, vec!["cancelled".to_owned()]));
        assert_eq!(organizer.post_form(&format!("{MAIL}/{id}/cancel"), &[]).await.status, 409);
    }
}
