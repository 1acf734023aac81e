//! Several people at once: rows, what was pasted, files.

use super::{Focal, Stage, rows};
use crate::on_both_databases;
use crate::support::Answer;
use diesel::connection::InstrumentationEvent;
use diesel::prelude::*;
use plenary::db::schema::audit_entries;
use plenary::delegations::operations;
use std::fmt::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

async fn uploads(focal: &Focal, file: Vec<u8>) -> Answer {
    let form =
        reqwest::multipart::Form::new().part("file", reqwest::multipart::Part::bytes(file).file_name("people.csv"));
    let request =
        focal.browser.request(reqwest::Method::POST, &format!("{}/add-several/read", focal.url)).multipart(form);
    focal.browser.send(request).await
}

async fn pastes(focal: &Focal, text: String) -> Answer {
    let form = reqwest::multipart::Form::new().text("pasted", text);
    let request =
        focal.browser.request(reqwest::Method::POST, &format!("{}/add-several/read", focal.url)).multipart(form);
    focal.browser.send(request).await
}

/// The fields of a page of rows as a browser sends them again.
fn fields_of(page: &Answer, wanted: &str) -> Vec<(String, String)> {
    let plain = |text: &str| {
        text.replace("&quot;", "\"")
            .replace("&#x27;", "'")
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&amp;", "&")
    };
    let mut fields = vec![("do".to_owned(), wanted.to_owned())];
    let form =
        page.body.split("class=\"rows-form\"").nth(1).and_then(|rest| rest.split("</form>").next()).expect("a form");
    for tag in form.split('<').filter(|tag| tag.starts_with("input ") && !tag.contains("checkbox")) {
        let part = |name: &str| {
            tag.split(&format!("{name}=\"")).nth(1).and_then(|rest| rest.split('"').next()).unwrap_or_default()
        };
        fields.push((part("name").to_owned(), plain(part("value"))));
    }
    fields
}

async fn sends(focal: &Focal, fields: &[(String, String)]) -> Answer {
    let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    focal.hands_in(&fields).await
}

/// How many queries the pages of a delegation and of the list make.
async fn queries(stage: &Stage, focal: &Focal) -> usize {
    let (event, id) = (stage.app.event().await.id, focal.id.parse().expect("an id"));
    let counted = Arc::new(AtomicUsize::new(0));
    let counter = Arc::clone(&counted);
    stage
        .app
        .read(move |db| {
            db.set_instrumentation(move |happened: InstrumentationEvent<'_>| {
                if matches!(happened, InstrumentationEvent::StartQuery { .. }) {
                    counter.fetch_add(1, Ordering::Relaxed);
                }
            });
            operations::whole(db, event, id)?.expect("a delegation");
            operations::list(db, event)?;
            db.set_instrumentation(|_: InstrumentationEvent<'_>| {});
            Ok(())
        })
        .await;
    counted.load(Ordering::Relaxed)
}

on_both_databases! {
    async fn rows_are_looked_through_and_added_together(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        let focal = stage.focal("Egypt", &[(&guest, "3")], &[]).await;
        assert!(focal.browser.get(&format!("{}/add-several", focal.url)).await.ok().contains("Person 3"));
        let wrong = rows(&[("Amina", "amina@example.org", &guest), ("Omar", "omar@", &guest), ("Layla", "AMINA@example.org", &guest)], "all");
        let answer = focal.hands_in(&wrong).await;
        assert!(answer.has_status(422).contains("2 rows need a look") && answer.says("omar@") && answer.says("stands in row 1") && answer.says("Amina"));
        assert_eq!(stage.taken(&focal, &guest).await, (0, 0, 0), "all or nothing");
        let good = rows(&[("Amina", "amina@example.org", &guest), ("Omar", "omar@", &guest)], "good");
        let answer = focal.hands_in(&good).await;
        assert!(answer.has_status(422).contains("1 person was added") && answer.says("omar@") && !answer.says("amina@example.org"));
        assert_eq!(stage.taken(&focal, &guest).await, (1, 1, 1));
        let checked = focal.hands_in(&rows(&[("Omar", "omar@example.org", &guest)], "check")).await;
        assert!(checked.ok().contains("Nothing is kept yet"));
        let full = rows(&[("Omar", "omar@example.org", &guest), ("Layla", "", &guest), ("Nour", "", &guest)], "check");
        let told = focal.hands_in(&full).await;
        assert!(told.has_status(422).contains("1 row needs a look") && told.says("all 3 places of your delegation are taken"), "before anybody is added");
        assert!(told.says("novalidate"), "no browser holds back the rows that are right");
        let too_many = rows(&[("Omar", "omar@example.org", &guest), ("Layla", "", &guest), ("Nour", "", &guest), ("Zein", "amina@example.org", &guest)], "all");
        let answer = focal.hands_in(&too_many).await;
        assert!(answer.has_status(422).contains("all 3 places of your delegation are taken") && answer.says("Zein") && answer.says("Layla"));
        assert_eq!(stage.taken(&focal, &guest).await, (1, 1, 1), "nobody of them");
        let possible = rows(&[("Omar", "omar@example.org", &guest), ("Layla", "", &guest), ("Nour", "", &guest)], "good");
        let answer = focal.hands_in(&possible).await;
        assert!(answer.has_status(422).contains("2 people were added") && answer.says("Nour") && !answer.says("Layla"));
        assert_eq!(stage.people(&focal).await.iter().map(|(name, _)| name.as_str()).collect::<Vec<_>>(), ["Amina", "Omar", "Layla"]);
        assert!(focal.hands_in(&[("do", "all")]).await.has_status(422).contains("There is nobody in it yet"));
    }

    async fn tables_are_read_in_every_encoding(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[("name.zh", "嘉宾")]).await;
        let focal = stage.focal("Egypt", &[(&guest, "9")], &[]).await;
        let file = |number: i32| format!("名,姓,姓名,邮箱,国家,类别,语言,职务\r\n小龙{number},李,李小龙,li{number}@example.org,中国,嘉宾,中文,\"'=1+1\"\r\n");
        let utf16: Vec<u8> = [0xff, 0xfe].into_iter().chain(file(2).encode_utf16().flat_map(u16::to_le_bytes)).collect();
        let files = [file(1).into_bytes(), utf16, encoding_rs::GB18030.encode(&file(3)).0.into_owned()];
        for bytes in files {
            let preview = uploads(&focal, bytes).await;
            assert!(preview.ok().contains("1 person can be added") && preview.says("李小龙") && preview.says("China"));
            sends(&focal, &fields_of(&preview, "all")).await.redirect();
        }
        assert_eq!(stage.taken(&focal, &guest).await, (3, 3, 3));
        let export = focal.browser.get(&format!("{}/people.csv", focal.url)).await;
        assert!(export.ok().contains("李小龙") && export.says("'=1+1") && !export.says(",=1+1"), "no cell is a formula");
        let pasted = pastes(&focal, "Amina\tHassan\t\tamina@example.org\nOmar\tHassan\tعمر حسن\t\n".to_owned()).await;
        assert!(pasted.ok().contains("2 people can be added") && pasted.says("عمر حسن"));
        let broken = pastes(&focal, "Amina\tHassan\n".repeat(205)).await;
        assert!(broken.has_status(422).contains("At most 200 rows") && broken.says("Amina"), "what was pasted is kept");
        uploads(&focal, b"PK\x03\x04 no workbook".to_vec()).await.has_status(422);
        assert!(focal.browser.get(&format!("{}/template.csv", focal.url)).await.ok().contains("given_name,family_name"));
    }

    async fn two_hundred_come_in_one_transaction(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[("capacity", "500")]).await;
        let focal = stage.focal("Egypt", &[(&guest, "200")], &[]).await;
        let mut text = "given_name\tfamily_name\temail\tcategory\n".to_owned();
        for number in 0..200 {
            let _ = writeln!(text, "محمد عبد الرحمن {number}\tالأنصاري القرشي الهاشمي\tp{number}@example.org\tguest");
        }
        let preview = pastes(&focal, text).await;
        assert!(preview.ok().contains("200 people can be added"));
        sends(&focal, &fields_of(&preview, "all")).await.redirect();
        // Each transaction that adds people leaves one entry about the delegation.
        let noted: Vec<String> = stage
            .app
            .read(|db| audit_entries::table.filter(audit_entries::action.eq("delegation.added")).select(audit_entries::detail).load(db))
            .await;
        assert_eq!(noted, ["{\"people\":200}"]);
        assert_eq!(stage.taken(&focal, &guest).await, (200, 200, 200));
        let page = focal.page().await;
        assert!(page.ok().contains("200 of 200") && page.says("p199@example.org"));
        let kenya = stage.focal("Kenya", &[(&guest, "1")], &[]).await;
        let (many, few) = (queries(&stage, &focal).await, queries(&stage, &kenya).await);
        assert_eq!(many, few, "as many queries for 200 people as for none");
        assert!(many < 20, "{many}");
    }

    async fn what_the_form_asks_stands_in_columns_of_the_table(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let (guest, press) = (stage.category("guest", &[]).await, stage.category("press", &[]).await);
        let asked: [&[(&str, &str)]; 6] = [
            &[("kind", "one_choice"), ("label.en", "Hall"), ("label.zh", "会场"), ("is_required", "on"), ("choices.en", "north = North hall\nsouth = South hall"), ("limits", "south = 1")],
            &[("kind", "choices"), ("label.en", "Trips"), ("choices.en", "museum = Museum, with lunch\nharbour = Harbour")],
            &[("kind", "date"), ("label.en", "Arrival")],
            &[("kind", "yes_no"), ("label.en", "Visa"), ("depends_on", "hall"), ("depends_values", "north")],
            &[("kind", "short_text"), ("label.en", "Outlet"), ("asked_in", &press)],
            &[("kind", "file"), ("label.en", "Letter")],
        ];
        for question in asked {
            let usual = [("stage", "apply"), ("seen_by", "desk")];
            stage.organizer.post_form("/organizer/summit/forms/new", &[question, &usual].concat()).await.redirect();
        }
        let focal = stage.focal("Egypt", &[(&guest, "5"), (&press, "5")], &[]).await;
        let form = focal.browser.get(&format!("{}/add-several", focal.url)).await;
        assert!(form.ok().contains("Hall · Trips · Arrival · Visa · Outlet") && form.says("q-hall-1") && !form.says("q-letter"));
        let template = focal.browser.get(&format!("{}/template.csv", focal.url)).await;
        assert!(template.ok().contains("nationality,Hall,Trips,Arrival,Visa,Outlet"));
        // By label in either language or by the word; choices by their words; each error stands at its cell.
        let file = "given_name,family_name,email,category,会场,q-trips,Arrival,VISA,Outlet,Letter\n\
            Amina,Hassan,amina@example.org,guest,North hall,\"Harbour; Museum, with lunch\",01.05.2027,是,,a.pdf\n\
            Omar,Hassan,omar@example.org,press,west hall,Harbour,2027-02-30,,Al-Ahram,\n\
            Layla,Hassan,layla@example.org,guest,South hall,,,,Al-Ahram,\n";
        let read = uploads(&focal, file.as_bytes().to_vec()).await;
        assert!(read.ok().contains("2 rows need a look") && read.says("no cell holds a file"));
        assert!(read.says("Hall: Choose from what is offered"), "the question is named");
        assert!(read.says(">west hall</option>") && read.says("value=\"2027-02-30\""), "what was typed stays");
        assert!(read.says("Outlet: This is not asked"), "not in this category");
        assert!(read.says("Trips: Harbour; Museum, with lunch") && read.says("Visa: Yes"));
        // Corrected: what is right goes in with its answers, and nothing is owed that was answered.
        let file = file.replace("west hall", "south hall").replace("2027-02-30", "2027-02-28").replace("layla@example.org,guest,South hall,,,,Al-Ahram", "layla@example.org,guest,,,,,");
        let right = uploads(&focal, file.into_bytes()).await;
        assert!(right.ok().contains("3 people can be added"));
        sends(&focal, &fields_of(&right, "all")).await.redirect();
        let page = focal.page().await;
        assert!(page.ok().contains("1 still owes something"), "only Layla owes the hall");
        let taken: i32 = stage.app.read(|db| plenary::db::schema::quotas::table
            .filter(plenary::db::schema::quotas::choice.is_not_null())
            .select(plenary::db::schema::quotas::taken).first(db)).await;
        assert_eq!(taken, 1, "the choice has a place less");
        let listed = focal.browser.get(&format!("{}/people.csv", focal.url)).await;
        assert!(listed.ok().contains("missing,Hall,Trips,Arrival,Visa,Outlet"));
        assert!(listed.says("North hall,\"Museum, with lunch · Harbour\",2027-05-01,yes,"));
        assert!(listed.says("South hall,Harbour,2027-02-28,,Al-Ahram"));
        // What was downloaded can be handed in again by another delegation; the choice is full by now.
        let other = stage.focal("Sudan", &[(&guest, "5"), (&press, "5")], &[]).await;
        let again = listed.body.replace("@example.org", "@example.net");
        let again = uploads(&other, again.into_bytes()).await;
        assert!(again.ok().contains("3 people can be added") && !again.says("are not read"));
        let full = sends(&other, &fields_of(&again, "all")).await;
        full.has_status(422);
        assert_eq!(stage.people(&other).await.len(), 0, "all or nothing");
        sends(&other, &fields_of(&again, "good")).await.has_status(422);
        let names: Vec<String> = stage.people(&other).await.into_iter().map(|(name, _)| name).collect();
        assert_eq!(names, ["Amina", "Layla"]);
    }

    async fn rows_keep_their_answers_while_they_are_corrected(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        for (kind, label) in [("long_text", "Needs"), ("phone", "Telephone"), ("country", "Country")] {
            let fields = [("kind", kind), ("label.en", label), ("stage", "apply"), ("seen_by", "desk")];
            stage.organizer.post_form("/organizer/summit/forms/new", &fields).await.redirect();
        }
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        let template = focal.browser.get(&format!("{}/template.csv", focal.url)).await;
        assert!(template.ok().contains("Needs,Telephone,q-country"), "a label that means the person's country heads no question");
        let mut wrong = rows(&[("Amina", "amina@", &guest)], "all");
        wrong.extend([("q-needs", "a ramp\nand <quiet>"), ("q-telephone", "044 668"), ("q-country", "Ägypten")]);
        let again = focal.hands_in(&wrong).await;
        assert!(again.has_status(422).contains("a ramp\nand &lt;quiet&gt;") && again.says("value=\"044 668\"") && again.says(">Ägypten</option>"));
        assert!(again.says("Telephone: ") && again.says("amina@"));
        let mut right = rows(&[("Amina", "amina@example.org", &guest)], "all");
        right.extend([("q-needs", "a ramp\nand <quiet>"), ("q-telephone", "+20 2 27 95 00 00"), ("q-country", "EG")]);
        focal.hands_in(&right).await.redirect();
        let answers = format!("{}/answers", stage.person(&focal, "Amina").await);
        let sheet = focal.browser.get(&answers).await;
        assert!(sheet.ok().contains("a ramp\nand &lt;quiet&gt;") && sheet.input("q-telephone") == "+20227950000");
    }
}
