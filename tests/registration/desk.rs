//! The registration desk.

use super::{FORM, facts, filled, given_attendee, given_category, places, registers, states, with};
use crate::on_both_databases;
use crate::support::{Role, TestApp};
use chrono::TimeDelta;

const LIST: &str = "/organizer/summit/registrations";

async fn given_people(app: &TestApp) {
    given_category(app, "guest", facts("Guest")).await;
    given_category(app, "media", facts("Media")).await;
    for (category, email, given, family, native, country) in [
        ("guest", "ada@example.org", "Ada", "Lovelace", "", "GB"),
        ("media", "bruce@example.org", "小龙", "李", "李小龙", "CN"),
        ("guest", "jose@example.org", "José", "Álvarez", "", "ES"),
        ("guest", "samira@example.org", "Samira", "Haddad", "سميرة حداد", "LB"),
    ] {
        app.clock.advance(TimeDelta::minutes(1));
        let own = [("given_name", given), ("family_name", family), ("native_name", native), ("country", country)];
        let answer = app.visitor().post_form(FORM, &with(filled(category, email), &own)).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
}

/// The addresses that a page of the list shows, in its order.
fn emails(page: &str) -> Vec<String> {
    let cells = page.split("<bdi>").skip(1).filter_map(|rest| rest.split("</bdi>").next());
    cells
        .filter(|cell| cell.contains("@example.org"))
        .map(|cell| cell.split('@').next().unwrap_or_default().to_owned())
        .collect()
}

on_both_databases! {
    async fn people_are_found_in_any_script_and_sorted(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_people(&app).await;
        let desk = app.signed_in_as(Role::AccreditationOfficer).await;
        for (query, expected) in [
            ("", &["samira", "jose", "bruce", "ada"][..]),
            ("?sort=name", &["jose", "samira", "bruce", "ada"]),
            ("?q=alvarez", &["jose"]),
            ("?q=JOS%C3%89", &["jose"]),
            ("?q=%E6%9D%8E%E5%B0%8F%E9%BE%99", &["bruce"]),
            ("?q=%D8%B3%D9%85%D9%8A%D8%B1%D8%A9", &["samira"]),
            ("?q=ada@example", &["ada"]),
            ("?q=lovelace+ada", &["ada"]),
            ("?q=%25", &[]),
            ("?country=CN", &["bruce"]),
            ("?state=confirmed", &[]),
            ("?state=unverified&sort=state", &["ada", "bruce", "jose", "samira"]),
            ("?state=nonsense&category=nonsense&after=nonsense", &["samira", "jose", "bruce", "ada"]),
        ] {
            assert_eq!(emails(desk.get(&format!("{LIST}{query}")).await.ok()), expected, "{query}");
        }
    }

    async fn a_long_list_is_paged_without_losing_or_repeating_anyone(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let visitor = app.visitor();
        let all = (0..120).map(|number| {
            let visitor = visitor.clone();
            async move {
                let (email, name) = (format!("guest{number:03}@example.org"), format!("N{}", number % 3));
                visitor.post_form(FORM, &with(filled("guest", &email), &[("family_name", &name)])).await.status
            }
        });
        assert!(futures_util::future::join_all(all).await.iter().all(|status| *status == 303));
        let desk = app.signed_in_as(Role::AccreditationOfficer).await;
        for sort in ["created", "name", "state", "category", "country"] {
            let mut seen = Vec::new();
            let mut url = format!("{LIST}?sort={sort}");
            for _ in 0..3 {
                let page = desk.get(&url).await;
                seen.extend(emails(page.ok()));
                let Some(at) = page.body.find("rel=\"next\"") else { break };
                let rest = &page.body[at..];
                let href = rest.split("href=\"").nth(1).and_then(|rest| rest.split('"').next()).expect("an address");
                url = href.replace("&amp;", "&").replace("&#x2f;", "/");
            }
            assert_eq!(seen.len(), 120, "{sort}");
            seen.sort_unstable();
            seen.dedup();
            assert_eq!(seen.len(), 120, "{sort}");
        }
        let file = desk.get(&format!("{LIST}.csv?sort=name")).await;
        assert_eq!(file.ok().lines().count(), 121);
    }

    async fn the_export_is_what_is_shown_and_harmless_in_a_spreadsheet(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_people(&app).await;
        let evil = [("given_name", "=HYPERLINK(\"http://evil.example\")"), ("organisation", "@SUM(1;2), \"quoted\"")];
        app.visitor().post_form(FORM, &with(filled("guest", "evil@example.org"), &evil)).await.redirect();
        let desk = app.signed_in_as(Role::AccreditationOfficer).await;
        let file = desk.get(&format!("{LIST}.csv?country=GB&sort=name")).await;
        assert!(file.bytes.starts_with("\u{FEFF}code,state,category,".as_bytes()));
        assert_eq!(file.header("content-type"), "text/csv; charset=utf-8");
        let mut reader = csv::Reader::from_reader(file.ok().trim_start_matches('\u{FEFF}').as_bytes());
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        assert_eq!(rows.iter().map(|row| &row[6]).collect::<Vec<_>>(), ["evil@example.org", "ada@example.org"]);
        assert_eq!((&rows[0][3], &rows[0][7]), ("'=HYPERLINK(\"http://evil.example\")", "'@SUM(1;2), \"quoted\""));
        assert_eq!(&rows[1][2], "guest");
    }

    async fn the_desk_sees_history_edits_cancels_and_sends_again(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        given_attendee(&app, "guest", "ada@example.org").await;
        let one = format!("{LIST}/{}", states(&app).await[0].0);
        let desk = app.signed_in_as(Role::AccreditationOfficer).await;
        let page = desk.get(&one).await;
        for words in ["Ada Lovelace", "Your ticket: World Summit", "Address confirmed", "Send link again"] {
            assert!(page.ok().contains(words), "{words}");
        }
        let version = desk.get(&format!("{one}/edit")).await.input("version");
        let fields = [("given_name", "Augusta"), ("family_name", "King"), ("version", version.as_str())];
        assert_eq!(desk.post_form(&format!("{one}/edit"), &fields).await.redirect(), one);
        desk.post_form(&format!("{one}/edit"), &fields).await.redirect();
        let stale = [("given_name", "Byron"), ("family_name", "King"), ("version", version.as_str())];
        desk.post_form(&format!("{one}/edit"), &stale).await.has_status(409);
        assert_eq!(desk.post_form(&format!("{one}/resend"), &[]).await.redirect(), one);
        let again = app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(again.kind, "confirmed");
        assert!(app.visitor().get(&again.link("/summit/r/")).await.ok().contains("Augusta King"));
        assert!(desk.get(&format!("{one}/cancel")).await.ok().contains("ada@example.org"));
        assert_eq!(desk.post_form(&format!("{one}/cancel"), &[]).await.redirect(), one);
        assert_eq!(places(&app, category).await, (0, 0));
        desk.post_form(&format!("{one}/cancel"), &[]).await.has_status(409);
        desk.post_form(&format!("{one}/resend"), &[]).await.has_status(409);
        let page = desk.get(&one).await;
        assert!(page.ok().contains("Details changed") && page.says("AccreditationOfficer") && !page.says("Send link again"));
        // The search finds the new name.
        assert_eq!(emails(desk.get(&format!("{LIST}?q=augusta")).await.ok()), ["ada"]);
    }

    async fn who_only_reads_changes_nothing(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        registers(&app, "guest", "ada@example.org").await.redirect();
        let one = format!("{LIST}/{}", states(&app).await[0].0);
        let observer = app.signed_in_as(Role::Observer).await;
        assert!(!observer.get(&one).await.ok().contains("Send link again"));
        for action in ["cancel", "resend", "edit"] {
            observer.post_form(&format!("{one}/{action}"), &[]).await.has_status(403);
        }
        app.signed_in_as(Role::ForumOrganizer).await.get(LIST).await.has_status(403);
        app.given_event("other").await;
        let admin = app.signed_in_as(Role::Administrator).await;
        admin.get(&one.replace("summit", "other")).await.has_status(404);
    }

    async fn somebody_at_the_desk_is_in_within_three_fields(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let mut small = super::facts("Guest");
        small.capacity = Some(1);
        let category = super::given_category(&app, "guest", small).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (new, id) = ("/organizer/summit/registrations/new", category.to_string());
        let wrong = organizer.post_form(new, &[("name", "李小龙"), ("email", "nobody"), ("category", &id)]).await;
        wrong.has_status(422);
        assert_eq!(wrong.input("name"), "李小龙", "what was typed is kept");
        let added = organizer.post_form(new, &[("name", "李小龙"), ("email", "li@example.org"), ("category", &id)]).await;
        let page = added.redirect().to_owned();
        assert!(organizer.get(&page).await.ok().contains("李小龙"));
        assert!(organizer.get(&format!("{page}/ticket")).await.ok().contains("<svg"), "the ticket is printed at once");
        assert_eq!(app.mail_to("li@example.org").await[0].kind, "confirmed");
        let again = organizer.post_form(new, &[("name", "Li"), ("email", "LI@example.org"), ("category", &id)]).await;
        assert!(again.has_status(422).contains("registered already") && again.says(&page), "leads to the one there is");
        let full = organizer.post_form(new, &[("name", "Bo"), ("email", "bo@example.org"), ("category", &id)]).await;
        full.has_status(422);
        assert_eq!(super::places(&app, category).await, (1, 1));
    }
}
