//! What organizers do.

use super::{LIST, Stage};
use crate::on_both_databases;
use crate::support::{Answer, Role};
use diesel::prelude::*;
use plenary::db::schema::{audit_entries, delegation_links};

async fn uploads(stage: &Stage, file: &[u8]) -> Answer {
    let part = reqwest::multipart::Part::bytes(file.to_vec()).file_name("delegations.csv");
    let form = reqwest::multipart::Form::new().part("file", part);
    let request = stage.organizer.request(reqwest::Method::POST, &format!("{LIST}/import")).multipart(form);
    stage.organizer.send(request).await
}

on_both_databases! {
    async fn a_delegation_is_made_changed_and_deleted(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        assert!(stage.organizer.get(LIST).await.ok().contains("No delegations yet"));
        let field = format!("places-{guest}");
        let wrong = [("name.en", ""), ("contact_name", "Salma"), ("contact_email", "salma"), ("language", "en"), (field.as_str(), "-1"), ("note", "kept")];
        let answer = stage.organizer.post_form(&format!("{LIST}/new"), &wrong).await;
        answer.has_status(422);
        assert!(answer.says("Salma") && answer.says("kept") && answer.says("a number from 0"), "everything typed is kept");
        let page = stage.delegation("Egypt", &[(&guest, "2")], &[("name.zh", "埃及代表团"), ("country", "EG"), ("closes_at", "2027-04-01T18:00")]).await;
        let shown = stage.organizer.get(&page).await;
        assert!(shown.ok().contains("Egypt") && shown.says("0 of 2") && shown.says("No link has been sent yet"));
        let list = stage.app.signed_in_as(Role::Organizer).await.get(&format!("{LIST}?lang=zh")).await;
        assert!(list.ok().contains("埃及代表团") && list.says("未发送"));
        let edit = stage.organizer.get(&format!("{page}/edit")).await;
        assert_eq!((edit.input(&field), edit.input("closes_at")), ("2".to_owned(), "2027-04-01T18:00".to_owned()));
        let fields = [("version", "1"), ("name.en", "Egypt"), ("contact_name", "Salma Nabil"), ("contact_email", "egypt@ministry.example"), ("language", "en"), (field.as_str(), "3")];
        assert_eq!(stage.organizer.post_form(&format!("{page}/edit"), &fields).await.redirect(), page);
        let stale = stage.organizer.post_form(&format!("{page}/edit"), &fields).await;
        assert!(stale.has_status(409).contains("Somebody else changed") && stale.input("version") == "2");
        let focal = stage.focal("Kenya", &[(&guest, "2")], &[]).await;
        focal.adds("Amina", "amina@example.org", &guest, &[]).await.redirect();
        let kenya = format!("{LIST}/{}", focal.id);
        let fewer = [("version", "1"), ("name.en", "Kenya"), ("contact_name", "Salma Nabil"), ("contact_email", "kenya@ministry.example"), ("language", "en"), (field.as_str(), "0")];
        assert!(stage.organizer.post_form(&format!("{kenya}/edit"), &fewer).await.has_status(422).contains("1 places are taken already"));
        stage.organizer.post_form(&format!("{kenya}/delete"), &[]).await.has_status(409);
        assert_eq!(stage.organizer.post_form(&format!("{page}/delete"), &[]).await.redirect(), LIST);
        assert_eq!(stage.count().await, 1);
        let noted: i64 = stage.app.read(|db| audit_entries::table.filter(audit_entries::subject_kind.eq("delegation")).count().get_result(db)).await;
        assert!(noted >= 5, "every change is noted");
    }

    async fn links_are_sent_renewed_and_ended(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        let focal = stage.focal("Egypt", &[(&guest, "2")], &[("language", "zh")]).await;
        let mail = stage.app.mail_to("egypt@ministry.example").await.pop().expect("a mail");
        assert!(mail.subject.contains("请为您的代表团报名") && mail.text.contains("?lang=zh"), "{}", mail.text);
        assert!(focal.page().await.ok().contains("0 of 2"));
        let page = format!("{LIST}/{}", focal.id);
        stage.organizer.post_form(&format!("{page}/link"), &[("do", "renew")]).await.redirect();
        let gone = focal.page().await;
        assert!(gone.has_status(410).contains("This link has ended"));
        focal.adds("Amina", "amina@example.org", &guest, &[]).await.has_status(410);
        let second = stage.app.mail_to("egypt@ministry.example").await.pop().expect("a mail").link("/summit/d/");
        assert_ne!(second, focal.url);
        focal.browser.get(&second).await.ok();
        stage.organizer.post_form(&format!("{page}/link"), &[("do", "revoke")]).await.redirect();
        focal.browser.get(&second).await.has_status(410);
        assert!(stage.organizer.get(&page).await.ok().contains("Every link has ended"));
        let secrets: Vec<String> = stage.app.read(|db| delegation_links::table.select(delegation_links::token_hash).load(db)).await;
        assert!(secrets.iter().all(|hash| !second.contains(hash.as_str()) && hash.len() == 64), "only hashes are kept");
        focal.browser.get("/summit/d/nothing-at-all").await.has_status(404);
        stage.app.given_event("other").await;
        focal.browser.get(&second.replace("/summit/", "/other/")).await.has_status(404);
    }

    async fn many_come_from_a_table_with_each_wrong_row_named(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.category("guest", &[]).await;
        stage.category("press", &[]).await;
        let file = "name,国家,contact,address,language,guest,press\nMinistry of Communications,Egypt,Salma,salma@ministry.example,en,5,1\n腾云公司,中国,王伟,wang@example.cn,zh,3,\nNobody,,,nowhere,en,x,\n";
        let preview = uploads(&stage, file.as_bytes()).await;
        assert!(preview.ok().contains("2 delegations that can be made") && preview.says("Row 4") && preview.says("guest 5"));
        assert_eq!(stage.count().await, 0, "nothing is kept yet");
        stage.organizer.post_form(&format!("{LIST}/import/apply"), &[("upload", &preview.input("upload"))]).await.redirect();
        let list = stage.organizer.get(LIST).await;
        assert!(list.ok().contains("腾云公司") && list.says("0 of 5") && list.says("2 focal points have got no link yet"));
        stage.organizer.post_form(&format!("{LIST}/send"), &[]).await.redirect();
        stage.organizer.post_form(&format!("{LIST}/send"), &[]).await.redirect();
        assert_eq!(stage.app.mail_to("wang@example.cn").await.len(), 1, "once");
        assert!(stage.app.mail_to("wang@example.cn").await[0].subject.contains("请为您的代表团报名"));
        uploads(&stage, b"\xff\xfe").await.has_status(422);
        let export = stage.organizer.get(&format!("{LIST}.csv")).await;
        assert!(export.ok().contains("腾云公司") && export.says("guest_places"));
        assert!(stage.organizer.get(&format!("{LIST}/import/template.csv")).await.ok().contains("name,country,contact"));
    }

    async fn a_table_taken_twice_at_the_same_instant_is_taken_once(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.category("guest", &[]).await;
        let table = b"name,contact,address,language,guest\nEgypt,Salma Nabil,salma@ministry.example,en,3\n";
        let preview = uploads(&stage, table).await;
        let (url, upload) = (format!("{LIST}/import/apply"), preview.input("upload"));
        let fields = [("upload", upload.as_str())];
        let (one, other) = tokio::join!(stage.organizer.post_form(&url, &fields), stage.organizer.post_form(&url, &fields));
        assert!([one.status, other.status].iter().all(|status| [303, 410].contains(status)), "{} {}", one.body, other.body);
        assert_eq!(stage.count().await, 1);
    }

    async fn the_team_writes_to_focal_points_and_to_people(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        let egypt = stage.focal("Egypt", &[(&guest, "3")], &[]).await;
        let kenya = stage.focal("Kenya", &[(&guest, "3")], &[]).await;
        egypt.adds("Amina", "amina@example.org", &guest, &[]).await.redirect();
        egypt.adds("Omar", "", &guest, &[]).await.redirect();
        let nobody = stage.organizer.post_form(&format!("{LIST}/message"), &[("subject", "Arrival"), ("body", "")]).await;
        assert!(nobody.has_status(422).contains("Choose at least one delegation") && nobody.says("Arrival"));
        let fields = [("subject", "Arrival"), ("body", "Buses leave\nat noon. <b>"), ("delegation", kenya.id.as_str())];
        assert_eq!(stage.organizer.post_form(&format!("{LIST}/message"), &fields).await.redirect(), LIST);
        let mail = stage.app.mail_to("kenya@ministry.example").await.pop().expect("a mail");
        assert!(mail.subject == "Arrival" && mail.text.contains("Buses leave\nat noon. <b>") && mail.html.contains("&lt;b&gt;"));
        assert_eq!(stage.app.mail_to("egypt@ministry.example").await.len(), 1, "the link only");
        let page = format!("{LIST}/{}/message", egypt.id);
        assert!(stage.organizer.get(&page).await.ok().contains("1 more has no address"));
        stage.organizer.post_form(&page, &[("subject", "Badges"), ("body", "At the gate")]).await.redirect();
        assert_eq!(stage.app.mail_to("amina@example.org").await.pop().expect("a mail").subject, "Badges");
        assert!(stage.app.outbox().await.iter().all(|mail| mail.to.contains("@example.org") || mail.to.contains("@ministry.example")), "no mail goes nowhere");
    }

    async fn the_desk_and_officers_see_whose_delegation_somebody_is_in(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[("needs_approval", "on")]).await;
        let focal = stage.focal("Egypt", &[(&guest, "3")], &[]).await;
        focal.adds("Omar", "", &guest, &[]).await.redirect();
        let person = stage.person(&focal, "Omar").await;
        let id = person.rsplit('/').next().expect("an id").to_owned();
        let link = format!("{LIST}/{}", focal.id);
        let desk = stage.organizer.get(&format!("/organizer/summit/registrations/{id}")).await;
        assert!(desk.ok().contains(&link) && desk.says("Egypt"));
        let officer = stage.app.signed_in_as(Role::AccreditationOfficer).await;
        let application = officer.get(&format!("/organizer/summit/accreditation/{id}")).await;
        assert!(application.ok().contains(&link) && application.says("Egypt"));
        assert!(officer.get("/organizer/summit/accreditation").await.ok().contains("Egypt"));
        // Who has no address is decided on all the same; nobody is written to.
        let before = stage.app.outbox().await.len();
        let version = application.input("version");
        officer.post_form(&format!("/organizer/summit/accreditation/{id}"), &[("decision", "approve"), ("version", &version)]).await.redirect();
        assert_eq!((stage.people(&focal).await[0].1.as_str(), stage.app.outbox().await.len()), ("confirmed", before));
        stage.organizer.post_form(&format!("/organizer/summit/registrations/{id}/cancel"), &[]).await.redirect();
        assert_eq!((stage.people(&focal).await[0].1.as_str(), stage.taken(&focal, &guest).await), ("cancelled", (0, 0, 0)));
        let observer = stage.app.signed_in_as(Role::Observer).await;
        let looked = observer.get(&link).await;
        assert!(looked.ok().contains("Egypt") && !looked.says("/hand-over"), "an observer looks only");
    }
}
