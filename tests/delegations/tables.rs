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
}
