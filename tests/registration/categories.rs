//! Setting categories up.

use super::{facts, given_category, places, registers};
use crate::on_both_databases;
use crate::support::{Role, TestApp};

const LIST: &str = "/organizer/summit/categories";

fn form<'a>(name: &'a str, extra: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("name.en", name), ("badge_color", "#1f4e9e")];
    fields.extend_from_slice(extra);
    fields
}

on_both_databases! {
    async fn organizers_make_and_order_categories(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        assert!(organizer.get(LIST).await.ok().contains("No categories yet"));
        let new = format!("{LIST}/new");
        organizer.get(&new).await.ok();
        let guest = form("Guest", &[("name.zh", "嘉宾"), ("includes.en", "All forums\nLunch"), ("capacity", "20"),
            ("opens_at", "2027-02-01T09:00")]);
        assert_eq!(organizer.post_form(&new, &guest).await.redirect(), LIST);
        assert_eq!(organizer.post_form(&new, &form("Media", &[("code", "press")])).await.redirect(), LIST);
        assert!(organizer.post_form(&new, &form("Again", &[("code", "press")])).await.has_status(422).contains("has this code already"));
        let page = organizer.get(LIST).await;
        assert!(page.ok().find("Guest") < page.ok().find("Media"));
        let body = page.body.replace("&#x2f;", "/");
        let at = body.find("/move").expect("a form");
        let start = body[..at].rfind(LIST).expect("its address");
        let first = body[start..at].to_owned();
        assert_eq!(organizer.post_form(&format!("{first}/move"), &[("direction", "down")]).await.redirect(), LIST);
        let page = organizer.get(LIST).await;
        assert!(page.ok().find("Media") < page.ok().find("Guest"));
        let public = app.visitor_reading("zh").get("/summit/register").await;
        for words in ["嘉宾", "All forums", "Lunch"] {
            assert!(public.ok().contains(words), "{words}");
        }
        assert_eq!(registers(&app, "press", "ada@example.org").await.status, 303);
    }

    async fn wrong_categories_are_refused_field_by_field(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let wrong = form("", &[("capacity", "many"), ("opens_at", "2027-04-02T09:00"), ("closes_at", "2027-04-01T09:00")]);
        let answer = organizer.post_form(&format!("{LIST}/new"), &wrong).await;
        for words in ["Please fill this in", "Please enter a whole number"] {
            assert!(answer.has_status(422).contains(words), "{words}");
        }
        assert_eq!(answer.input("capacity"), "many");
        let order = form("Guest", &[("opens_at", "2027-04-02T09:00"), ("closes_at", "2027-04-01T09:00")]);
        let answer = organizer.post_form(&format!("{LIST}/new"), &order).await;
        assert!(answer.has_status(422).contains("later than the opening"));
    }

    async fn a_category_never_has_fewer_places_than_are_taken(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let id = given_category(&app, "guest", facts("Guest")).await;
        registers(&app, "guest", "ada@example.org").await.redirect();
        registers(&app, "guest", "grace@example.org").await.redirect();
        let page = format!("{LIST}/{id}");
        let version = organizer.get(&page).await.input("version");
        let below = organizer.post_form(&page, &form("Guest", &[("capacity", "1"), ("version", &version)])).await;
        assert!(below.has_status(422).contains("2 places are taken already"));
        assert_eq!(organizer.post_form(&page, &form("Guest", &[("capacity", "2"), ("version", &version)])).await.redirect(), LIST);
        // Whoever opened the form before sees what has changed and loses nothing.
        let stale = organizer.post_form(&page, &form("Visitor", &[("capacity", "5"), ("version", &version)])).await;
        assert!(stale.has_status(409).contains("Guest"));
        assert_eq!((stale.input("name.en").as_str(), stale.input("capacity").as_str()), ("Visitor", "5"));
        let again = stale.input("version");
        assert_eq!(organizer.post_form(&page, &form("Visitor", &[("capacity", "5"), ("version", &again)])).await.redirect(), LIST);
        assert_eq!(places(&app, id).await, (2, 2));
    }

    async fn only_a_category_that_nobody_uses_can_be_deleted(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (used, unused) = (given_category(&app, "guest", facts("Guest")).await, given_category(&app, "media", facts("Media")).await);
        registers(&app, "guest", "ada@example.org").await.redirect();
        organizer.post_form(&format!("{LIST}/{used}/delete"), &[]).await.has_status(409);
        assert_eq!(organizer.post_form(&format!("{LIST}/{unused}/delete"), &[]).await.redirect(), LIST);
        let page = organizer.get(LIST).await;
        assert!(page.ok().contains("Guest") && !page.says("Media"));
        organizer.get(&format!("{LIST}/{unused}")).await.has_status(404);
    }
}
