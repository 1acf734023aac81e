//! What the desk's list is narrowed by, and lists kept under a name.

use super::{FORM, facts, filled, given_category, with};
use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{chosen_answers, delegations, desk_lines, invitation_codes, registrations};
use plenary::db::{CategoryId, DelegationId, QuestionId, ViewId};
use plenary::registration::model::Source;

const LIST: &str = "/organizer/summit/registrations";
const PEOPLE: [&str; 4] = ["ada", "bruce", "jose", "samira"];

struct Stage {
    app: TestApp,
    organizer: Client,
    category: CategoryId,
    delegation: DelegationId,
    question: QuestionId,
}

impl Stage {
    /// Four people, each a day after the one before, who differ in everything that a list can be narrowed by.
    async fn new(db: crate::support::TestDatabase) -> Self {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let choices = [
            ("kind", "choices"),
            ("label.en", "Diet"),
            ("choices.en", "vegan = Vegan\nhalal = Halal"),
            ("stage", "apply"),
            ("seen_by", "desk"),
        ];
        let question = given_question(&app, &organizer, &choices).await;
        let batch = [("category", category.as_str()), ("batch", "Guests & press"), ("uses", "5")];
        organizer.post_form("/organizer/summit/codes/new", &batch).await.redirect();
        let code: String = app.read(|db| invitation_codes::table.select(invitation_codes::code).first(db)).await;
        for (index, name) in PEOPLE.iter().enumerate() {
            let email = format!("{name}@example.org");
            let mut fields = with(filled("guest", &email), &[("given_name", name), ("family_name", "")]);
            fields = with(fields, &[("family_name", "Person")]);
            match index {
                0 => fields.push(("code", &code)),
                1 => fields.extend([("q-diet", "vegan"), ("q-diet", "halal")]),
                2 => fields.push(("q-diet", "halal")),
                _ => {}
            }
            assert_eq!(app.visitor().post_form(FORM, &fields).await.status, 303);
            app.clock.advance(TimeDelta::days(1));
        }
        let delegation = given_delegation(&app).await;
        Self { app, organizer, category, delegation, question }
    }

    /// Changes one person's row, as other areas do.
    async fn set(&self, email: &'static str, what: &'static str) {
        let delegation = self.delegation;
        self.app
            .write(move |db, now| {
                let row = registrations::table.filter(registrations::email_key.eq(email));
                match what {
                    "came" => diesel::update(row).set(registrations::came_at.eq(now)).execute(db),
                    "photo" => diesel::update(row).set(registrations::photo_id.eq("photo")).execute(db),
                    "watched" => diesel::update(row).set(registrations::is_watched.eq(true)).execute(db),
                    "import" => diesel::update(row).set(registrations::source.eq(Source::Import.as_str())).execute(db),
                    _ => diesel::update(row).set(registrations::delegation_id.eq(delegation)).execute(db),
                }
            })
            .await;
    }
}

async fn given_question(app: &TestApp, organizer: &Client, fields: &[(&str, &str)]) -> QuestionId {
    use plenary::db::schema::questions;
    let answer = organizer.post_form("/organizer/summit/forms/new", fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
    app.read(|db| questions::table.order(questions::position.desc()).select(questions::id).first(db)).await
}

async fn given_delegation(app: &TestApp) -> DelegationId {
    let (event, id) = (app.event().await.id, DelegationId::new());
    app.write(move |db, now| {
        diesel::insert_into(delegations::table)
            .values((
                (delegations::id.eq(id), delegations::event_id.eq(event), delegations::code.eq("fr")),
                (delegations::name.eq(r#"{"en":"République"}"#), delegations::contact_name.eq("")),
                (delegations::contact_email.eq(""), delegations::contact_email_key.eq("")),
                (delegations::language.eq("en"), delegations::note.eq(""), delegations::version.eq(1)),
                (delegations::created_at.eq(now), delegations::updated_at.eq(now)),
            ))
            .execute(db)
    })
    .await;
    id
}

/// The people whom a page lists, in its order.
fn people(page: &str) -> Vec<String> {
    let cells = page.split("<bdi>").skip(1).filter_map(|rest| rest.split("</bdi>").next());
    cells.filter_map(|cell| cell.strip_suffix("@example.org")).map(str::to_owned).collect()
}

on_both_databases! {
    async fn a_list_is_narrowed_by_everything_that_is_known_of_people(db: TestDatabase) {
        let stage = Stage::new(db).await;
        for (email, what) in [("ada@example.org", "came"), ("ada@example.org", "photo"), ("bruce@example.org", "import"), ("jose@example.org", "delegation")] {
            stage.set(email, what).await;
        }
        let answer = |choice: &str| format!("?answer={}:{choice}", stage.question);
        for (query, expected) in [
            (format!("?category={}", stage.category), &["samira", "jose", "bruce", "ada"][..]),
            ("?came=yes".into(), &["ada"]),
            ("?came=no".into(), &["samira", "jose", "bruce"]),
            ("?photo=yes".into(), &["ada"]),
            ("?photo=no&sort=name".into(), &["bruce", "jose", "samira"]),
            ("?source=import".into(), &["bruce"]),
            ("?source=form&came=no".into(), &["samira", "jose"]),
            (format!("?delegation={}", stage.delegation), &["jose"]),
            ("?batch=Guests+%26+press".into(), &["ada"]),
            ("?batch=none".into(), &[]),
            (answer("halal"), &["jose", "bruce"]),
            (answer("vegan"), &["bruce"]),
            (answer("none"), &[]),
            ("?from=2027-03-02&until=2027-03-03".into(), &["jose", "bruce"]),
            ("?from=2027-03-04".into(), &["samira"]),
            ("?order=reverse".into(), &["ada", "bruce", "jose", "samira"]),
            ("?sort=name&order=reverse".into(), &["samira", "jose", "bruce", "ada"]),
            ("?sort=state&order=reverse&q=person".into(), &["samira", "jose", "bruce", "ada"]),
            ("?q=ers+jos".into(), &["jose"]),
            ("?answer=nonsense&from=tomorrow&came=perhaps&source=post&order=up".into(), &["samira", "jose", "bruce", "ada"]),
        ] {
            let page = stage.organizer.get(&format!("{LIST}{query}")).await;
            assert_eq!(people(page.ok()), expected, "{query}");
            assert!(page.says(&format!("Listed: {}", expected.len())), "{query}");
            let file = stage.organizer.get(&format!("{LIST}.csv{query}")).await;
            assert_eq!(file.ok().lines().count(), expected.len() + 1, "{query}");
        }
    }

    async fn who_is_watched_is_for_officers_to_know(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.set("ada@example.org", "watched").await;
        assert_eq!(people(stage.organizer.get(&format!("{LIST}?watched=yes")).await.ok()), ["ada"]);
        let observer = stage.app.signed_in_as(Role::Observer).await;
        let page = observer.get(&format!("{LIST}?watched=yes")).await;
        assert_eq!(people(page.ok()).len(), 4, "nothing is told by leaving others out");
        assert!(!page.says("On a watch-list"));
        observer.get(&format!("{LIST}.csv?watched=yes")).await.has_status(403);
    }

    async fn an_answer_that_the_desk_does_not_see_narrows_nothing(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.app.write(|db, _| {
            use plenary::db::schema::questions;
            diesel::update(questions::table).set(questions::seen_by.eq("accreditation")).execute(db)
        }).await;
        let page = stage.organizer.get(&format!("{LIST}?answer={}:vegan", stage.question)).await;
        assert_eq!(people(page.ok()).len(), 4);
        let file = stage.organizer.get(&format!("{LIST}.csv?answer={}:vegan", stage.question)).await;
        assert_eq!(file.ok().lines().count(), 5);
    }

    async fn what_lists_look_through_follows_every_change_of_a_registration(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let own = stage.app.mail_to("samira@example.org").await.pop().expect("a mail").link("/summit/verify/");
        stage.app.visitor().post_form(&own, &[]).await.redirect();
        let one = format!("{LIST}?state=confirmed");
        assert_eq!(people(stage.organizer.get(&one).await.ok()), ["samira"]);
        stage.app.write(|db, _| {
            let row = registrations::table.filter(registrations::email_key.eq("bruce@example.org"));
            diesel::update(row).set(registrations::answers.eq("{}")).execute(db)
        }).await;
        assert_eq!(people(stage.organizer.get(&format!("{LIST}?answer={}:halal", stage.question)).await.ok()), ["jose"]);
        stage.app.write(|db, _| diesel::delete(registrations::table).execute(db)).await;
        let left: (i64, i64) = stage.app.read(|db| Ok((desk_lines::table.count().get_result(db)?, chosen_answers::table.count().get_result(db)?))).await;
        assert_eq!(left, (0, 0));
    }

    async fn a_list_is_kept_under_a_name_for_oneself_or_for_all(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let views = format!("{LIST}/views");
        let unnamed = stage.organizer.post_form(&views, &[("query", "sort=name&came=no"), ("name", " ")]).await;
        assert_eq!(people(unnamed.has_status(422)), ["ada", "bruce", "jose", "samira"], "the list stays as it was");
        let mine = [("query", "came=no&junk=1&sort=name"), ("name", "Not <yet> here"), ("is_default", "on")];
        assert_eq!(stage.organizer.post_form(&views, &mine).await.redirect(), format!("{LIST}?came=no&sort=name"));
        let shared = [("query", "q=jose"), ("name", "José"), ("is_shared", "on")];
        stage.organizer.post_form(&views, &shared).await.redirect();
        // The list opens with the default, and with everybody where that is asked for.
        assert_eq!(stage.organizer.get(LIST).await.redirect(), format!("{LIST}?came=no&sort=name"));
        let page = stage.organizer.get(&format!("{LIST}?came=no&sort=name")).await;
        assert!(page.ok().contains("Not &lt;yet&gt; here") && page.says("Open the list with everybody again"));
        stage.organizer.get(&format!("{LIST}?view=all")).await.ok();
        // Others see what is shared, and only that.
        let observer = stage.app.signed_in_as(Role::Observer).await;
        let page = observer.get(LIST).await;
        assert!(page.ok().contains("José") && !page.says("here</bdi>"));
        let kept = observer.post_form(&views, &[("query", ""), ("name", "Own"), ("is_shared", "on")]).await;
        assert_eq!(kept.redirect(), format!("{LIST}?view=all"));
        assert!(!stage.organizer.get(&format!("{LIST}?view=all")).await.ok().contains("Own</bdi>"), "observers share nothing");
        let of = |name: &'static str| {
            use plenary::db::schema::saved_views;
            let app = &stage.app;
            async move { app.read(move |db| saved_views::table.filter(saved_views::name.eq(name)).select(saved_views::id).first::<ViewId>(db)).await }
        };
        let (jose, own) = (of("José").await, of("Own").await);
        observer.post_form(&format!("{views}/{jose}"), &[("do", "delete")]).await.has_status(404);
        observer.post_form(&format!("{views}/{jose}"), &[("do", "default"), ("query", "q=jose")]).await.redirect();
        assert_eq!(observer.get(LIST).await.redirect(), format!("{LIST}?q=jose"));
        stage.organizer.post_form(&format!("{views}/{own}"), &[("do", "delete")]).await.has_status(404);
        stage.organizer.post_form(&format!("{views}/{jose}"), &[("do", "nonsense")]).await.has_status(400);
        stage.organizer.post_form(&format!("{views}/{jose}"), &[("do", "delete")]).await.redirect();
        observer.get(LIST).await.ok();
        stage.organizer.post_form(&format!("{views}/{}", of("Not <yet> here").await), &[("do", "no-default")]).await.redirect();
        stage.organizer.get(LIST).await.ok();
    }
}
