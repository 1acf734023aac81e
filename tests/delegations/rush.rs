//! Two browsers of one focal point at the same time.

use super::{Stage, hands_in, rows};
use crate::on_both_databases;
use diesel::connection::SimpleConnection;
use diesel::prelude::*;
use std::sync::Arc;

on_both_databases! {
    async fn no_delegation_and_no_category_gets_more_than_its_places(db: TestDatabase) {
        let stage = Arc::new(Stage::new(db).await);
        let guest = stage.category("guest", &[("capacity", "12")]).await;
        let egypt = Arc::new(stage.focal("Egypt", &[(&guest, "7")], &[]).await);
        let kenya = Arc::new(stage.focal("Kenya", &[(&guest, "9")], &[]).await);
        let mut work = Vec::new();
        for number in 0..24 {
            let (stage, guest) = (Arc::clone(&stage), guest.clone());
            let focal = Arc::clone(if number % 2 == 0 { &egypt } else { &kenya });
            work.push(tokio::spawn(async move {
                // Each in a browser of its own.
                let browser = stage.app.visitor();
                let (one, other) = (format!("One{number}"), format!("Other{number}"));
                let people = [(one.as_str(), "", guest.as_str()), (other.as_str(), "", guest.as_str())];
                let fields = rows(&people, if number % 3 == 0 { "all" } else { "good" });
                let status = hands_in(&browser, &focal.url, &fields).await.status;
                assert!([303, 422].contains(&status), "{status}");
            }));
        }
        for one in work {
            one.await.expect("no request fails");
        }
        let (egypt_taken, kenya_taken) = (stage.taken(&egypt, &guest).await, stage.taken(&kenya, &guest).await);
        assert_eq!(i64::from(egypt_taken.0), egypt_taken.1);
        assert_eq!(i64::from(kenya_taken.0), kenya_taken.1);
        assert!(egypt_taken.0 <= 7 && kenya_taken.0 <= 9, "{egypt_taken:?} {kenya_taken:?}");
        assert_eq!((egypt_taken.0 + kenya_taken.0, egypt_taken.2), (12, 12), "every place is used and none twice");
    }

    async fn a_place_is_given_back_once_however_often_it_is_asked_for(db: TestDatabase) {
        let stage = Arc::new(Stage::new(db).await);
        let guest = stage.category("guest", &[("capacity", "5")]).await;
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        for name in ["Amina", "Omar", "Layla"] {
            focal.adds(name, "", &guest, &[]).await.redirect();
        }
        let amina = stage.person(&focal, "Amina").await;
        let work = (0..8).map(|_| {
            let (stage, amina) = (Arc::clone(&stage), amina.clone());
            tokio::spawn(async move { stage.app.visitor().post_form(&format!("{amina}/withdraw"), &[]).await.status })
        });
        for status in work.collect::<Vec<_>>() {
            assert_eq!(status.await.expect("no request fails"), 303);
        }
        assert_eq!(stage.taken(&focal, &guest).await, (2, 2, 2));
    }

    async fn an_address_taken_at_the_same_instant_is_an_error_at_its_field(db: TestDatabase) {
        let Some(_) = db.url().strip_prefix("postgres") else { return };
        let stage = Arc::new(Stage::new(db.clone()).await);
        let guest = stage.category("guest", &[]).await;
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        focal.adds("Amina", "amina@example.org", &guest, &[]).await.redirect();
        focal.adds("Omar", "omar@example.org", &guest, &[]).await.redirect();
        let omar = stage.person(&focal, "Omar").await;
        let version = focal.browser.get(&omar).await.input("version");
        // Somebody else has taken the address in a transaction that is not kept yet.
        let mut other = PgConnection::establish(db.url()).expect("a connection");
        other.batch_execute("BEGIN; UPDATE registrations SET email_key = 'taken@example.org' WHERE email_key = 'amina@example.org'").expect("taken");
        let waiting = {
            let (browser, omar, guest) = (focal.browser.clone(), omar.clone(), guest.clone());
            tokio::spawn(async move {
                let fields = [
                    ("version", version.as_str()), ("given_name", "Omar"), ("family_name", "Hassan"),
                    ("email", "taken@example.org"), ("category", guest.as_str()), ("language", "en"),
                ];
                browser.post_form(&omar, &fields).await
            })
        };
        #[derive(QueryableByName)]
        struct Held {
            #[diesel(sql_type = diesel::sql_types::BigInt)]
            count: i64,
        }
        loop {
            let held: Held = diesel::sql_query("SELECT count(*) AS count FROM pg_locks WHERE NOT granted")
                .get_result(&mut other)
                .expect("a number");
            if held.count > 0 {
                break;
            }
            tokio::task::yield_now().await;
        }
        other.batch_execute("COMMIT").expect("kept");
        let answer = waiting.await.expect("an answer");
        assert!(answer.has_status(422).contains("email-error"), "{}", answer.body);
        assert_eq!(answer.input("email"), "taken@example.org", "what was typed is kept");
    }
}
