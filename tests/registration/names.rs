//! Names as their owners write them, honorifics, and nationality beside the country.

use super::{FORM, SENT, facts, filled, given_attendee, given_category, states, with};
use crate::on_both_databases;
use crate::support::{Role, TestApp};

on_both_databases! {
    async fn letters_and_lists_name_people_as_they_name_themselves(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let page = app.visitor().get(FORM).await;
        for token in ["honorific-prefix", "given-name", "family-name", "organization-title", "name=\"nationality\""] {
            assert!(page.ok().contains(token), "{token}");
        }
        let people = [
            ("anna@example.org", vec![("given_name", "Anna"), ("family_name", "Nagy"), ("name_order", "family_first"), ("honorific", "Dr")],
                "Nagy Anna", "Dear Dr Nagy Anna,"),
            ("li@example.org", vec![("given_name", "Xiaolong"), ("family_name", "Li"), ("native_name", "李小龙"), ("country", "CN")],
                "Li Xiaolong", "Dear Li Xiaolong,"),
            ("lee@example.org", vec![("given_name", "Bruce"), ("family_name", "Lee"), ("native_name", "李小龙"), ("country", "US")],
                "Bruce Lee", "Dear Bruce Lee,"),
            ("wang@example.org", vec![("given_name", "Fang"), ("family_name", "Wang"), ("native_name", "王芳"), ("country", "GB"),
                ("nationality", "CN")], "Wang Fang", "Dear Wang Fang,"),
        ];
        for (email, more, name, greeting) in &people {
            let sent = app.visitor().post_form(FORM, &with(filled("guest", email), more)).await;
            assert_eq!(sent.redirect(), SENT, "{email}");
            let mail = &app.mail_to(email).await[0];
            assert_eq!(mail.name, *name);
            assert!(mail.text.contains(greeting), "{greeting} in {}", mail.text);
        }
        let visitor = app.visitor_reading("zh");
        let more = [("given_name", "Fang"), ("family_name", "Wang"), ("native_name", "王芳"), ("honorific", "教授")];
        visitor.post_form(FORM, &with(filled("guest", "fang@example.org"), &more)).await.redirect();
        assert!(app.mail_to("fang@example.org").await[0].text.contains("王芳教授"));
        let file = app.signed_in_as(Role::Organizer).await.get("/organizer/summit/registrations.csv").await;
        let mut reader = csv::Reader::from_reader(file.ok().trim_start_matches('\u{FEFF}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let of = |email: &str| {
            let row = rows.iter().find(|row| &row[6] == email).expect("a row");
            (row[14].to_owned(), row[15].to_owned(), row[16].to_owned())
        };
        assert_eq!(of("anna@example.org"), ("Dr".into(), "family_first".into(), String::new()));
        assert_eq!(of("wang@example.org"), (String::new(), "family_first".into(), "CN".into()));
    }

    async fn wrong_orders_and_long_honorifics_are_refused_and_kept_as_typed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let long = "x".repeat(41);
        for (name, value, words) in [
            ("name_order", "sideways", "Please choose one of the two orders"),
            ("honorific", long.as_str(), "40"),
            ("nationality", "XX", "Please choose a country"),
        ] {
            let answer = app.visitor().post_form(FORM, &with(filled("guest", "ada@example.org"), &[(name, value)])).await;
            assert!(answer.has_status(422).contains(words), "{name}");
            assert_eq!(answer.input("given_name"), "Ada");
        }
        assert!(states(&app).await.is_empty());
    }

    async fn another_nationality_needs_approval_again_and_another_honorific_does_not(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut approved = facts("Press");
        approved.admission.needs_approval = true;
        given_category(&app, "press", approved).await;
        let own = given_attendee(&app, "press", "ada@example.org").await;
        let (id, ..) = states(&app).await[0];
        let officer = app.signed_in_as(Role::Organizer).await;
        let decide = format!("/organizer/summit/accreditation/{id}");
        let version = officer.get(&decide).await.input("version");
        officer.post_form(&decide, &[("decision", "approve"), ("version", &version)]).await.redirect();
        assert_eq!(states(&app).await[0].1, "confirmed");
        let (visitor, edit) = (app.visitor(), format!("{own}/edit"));
        let saves = async |more: &[(&str, &str)]| {
            let form = visitor.get(&edit).await;
            assert!(form.ok().contains("has to be approved again"), "says so before");
            let version = form.input("version");
            let kept = [("given_name", "Ada"), ("family_name", "Lovelace"), ("organisation", "Analytical Society"),
                ("position", "Countess"), ("country", "GB"), ("version", version.as_str())];
            visitor.post_form(&edit, &with(kept.to_vec(), more)).await.redirect().to_owned()
        };
        saves(&[("honorific", "Dr"), ("name_order", "family_first")]).await;
        assert_eq!(states(&app).await[0].1, "confirmed");
        assert!(visitor.get(&own).await.ok().contains("Lovelace Ada"));
        saves(&[("honorific", "Dr"), ("nationality", "FR")]).await;
        assert_eq!(states(&app).await[0].1, "applied");
        assert!(visitor.get(&own).await.ok().contains("France"));
    }
}
