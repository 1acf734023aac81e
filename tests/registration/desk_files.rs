//! The desk's list as a file: every format holds exactly what is shown.

use super::{FORM, facts, filled, given_category, with};
use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{audit_entries, questions, registrations};
use plenary::db::{CategoryId, DbConnection};
use plenary::i18n::Lang;
use plenary::registration::model::{Applying, Details, Registration, RegistrationState as State};
use std::io::Write;

const LIST: &str = "/organizer/summit/registrations";

/// The first sheet of a spreadsheet, row by row; empty cells are left out.
fn sheet(file: &[u8]) -> Vec<Vec<String>> {
    let end = file.len() - 22;
    let number = |at: usize| u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize;
    assert_eq!(number(end), 0x0605_4b50, "an archive ends with its directory");
    let mut at = number(end + 16);
    while at < end {
        let (packed, name) = (number(at + 20), usize::from(u16::from_le_bytes([file[at + 28], file[at + 29]])));
        let begins = number(at + 42) + 30 + name;
        if &file[at + 46..at + 46 + name] == b"xl/worksheets/sheet1.xml" {
            let mut plain = Vec::new();
            let mut reader = flate2::write::DeflateDecoder::new(&mut plain);
            reader.write_all(&file[begins..begins + packed]).expect("packed bytes");
            drop(reader);
            let text = String::from_utf8(plain).expect("text");
            assert!(text.contains("state=\"frozen\"") && !text.contains("<f>"), "heads stay, and nothing is reckoned");
            let cells = |row: &str| {
                let cells =
                    row.split("<t").skip(1).filter_map(|rest| Some(rest.split_once('>')?.1.split_once("</t>")?.0));
                cells.map(|cell| cell.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")).collect()
            };
            return text.split("<row ").skip(1).map(cells).collect();
        }
        at += 46 + name;
    }
    panic!("no sheet in the file");
}

fn lines(file: &str) -> Vec<csv::StringRecord> {
    let mut reader =
        csv::ReaderBuilder::new().has_headers(false).from_reader(file.trim_start_matches('\u{FEFF}').as_bytes());
    reader.records().map(|row| row.expect("a row")).collect()
}

fn objects(file: &str) -> Vec<serde_json::Value> {
    serde_json::from_str(file).expect("an array")
}

async fn asks(organizer: &Client, fields: &[(&str, &str)]) {
    let answer = organizer.post_form("/organizer/summit/forms/new", fields).await;
    assert_eq!(answer.status, 303, "{}", answer.body);
}

/// Three people who have answered questions, the first of which the desk sees.
async fn stage(app: &TestApp) -> Client {
    given_category(app, "guest", facts("Guest")).await;
    given_category(app, "media", facts("Press")).await;
    let organizer = app.signed_in_as(Role::Organizer).await;
    let diet = [
        ("kind", "choices"),
        ("label.en", "Diet"),
        ("label.zh", "饮食"),
        ("choices.en", "vegan = Vegan food\nhalal = Halal"),
        ("choices.zh", "vegan = 纯素"),
    ];
    asks(&organizer, &[&diet[..], &[("stage", "apply"), ("seen_by", "desk")]].concat()).await;
    asks(&organizer, &[("kind", "yes_no"), ("label.en", "Visa?"), ("stage", "apply"), ("seen_by", "desk")]).await;
    asks(
        &organizer,
        &[("kind", "short_text"), ("label.en", "Secret"), ("stage", "apply"), ("seen_by", "accreditation")],
    )
    .await;
    for (category, email, given, family, native, answers) in [
        (
            "guest",
            "ada@example.org",
            "=1+1",
            "Lovelace",
            "",
            &[("q-diet", "vegan"), ("q-diet", "halal"), ("q-visa", "yes"), ("q-secret", "hidden words")][..],
        ),
        ("media", "bruce@example.org", "小龙", "李", "李小龙", &[("q-diet", "vegan")]),
        ("guest", "jose@example.org", "José <&> \"J\"", "Álvarez", "", &[("q-visa", "no")]),
    ] {
        app.clock.advance(TimeDelta::minutes(1));
        let mut fields =
            with(filled(category, email), &[("given_name", given), ("family_name", family), ("native_name", native)]);
        fields.extend(answers);
        let answer = app.visitor().post_form(FORM, &fields).await;
        assert_eq!(answer.status, 303, "{}", answer.body);
    }
    organizer
}

/// Adds many people with one name each, as quickly as a table takes them.
async fn given_many(app: &TestApp, category: CategoryId, count: usize) {
    let event = app.event().await.id;
    let job = move |db: &mut DbConnection, now| {
        for number in 0..count {
            let details = Details {
                given_name: "Person".into(),
                family_name: format!("N{:04}", count - number),
                ..Details::default()
            };
            let email = format!("person{number}@example.org");
            let applying =
                Applying { event, category, email: &email, email_key: &email, details: &details, language: Lang::EN };
            let row = Registration::new(&applying, State::Confirmed, now);
            plenary::each_backend!(db, backend => diesel::insert_into(registrations::table).values(&row).execute(backend))?;
        }
        Ok(())
    };
    app.write(job).await;
}

on_both_databases! {
    async fn each_format_holds_what_is_shown_with_the_answers_that_the_desk_sees(db: TestDatabase) {
        let app = TestApp::start(db).await;
        stage(&app).await;
        let desk = app.signed_in_as(Role::AccreditationOfficer).await;
        let csv = desk.get(&format!("{LIST}.csv?sort=name&q=example.org")).await;
        let rows = lines(csv.ok());
        assert_eq!(&rows[0][0], "code");
        assert_eq!(rows[0].iter().skip(17).collect::<Vec<_>>(), ["delegation", "source", "arrived_at", "Diet", "Visa?"]);
        assert_eq!(rows[1..].iter().map(|row| &row[6]).collect::<Vec<_>>(), ["jose@example.org", "bruce@example.org", "ada@example.org"]);
        assert_eq!((&rows[3][3], &rows[3][20], &rows[3][21]), ("'=1+1", "Vegan food · Halal", "Yes"));
        assert_eq!((&rows[2][2], &rows[2][5], &rows[2][20], &rows[2][21]), ("media", "李小龙", "Vegan food", ""));
        let xlsx = desk.get(&format!("{LIST}.xlsx?sort=name&lang=zh")).await;
        xlsx.has_status(200);
        assert!(xlsx.header("content-type").contains("spreadsheetml.sheet") && xlsx.header("content-disposition").contains("summit-registrations.xlsx"));
        let rows = sheet(&xlsx.bytes);
        assert_eq!(rows.len(), 4);
        for head in ["编号", "状态", "饮食", "Visa?"] {
            assert!(rows[0].iter().any(|cell| cell == head), "{head}: {:?}", rows[0]);
        }
        assert!(rows[1].contains(&"José <&> \"J\"".to_owned()) && rows[2].contains(&"纯素".to_owned()) && rows[2].contains(&"李小龙".to_owned()));
        assert!(rows[3].contains(&"=1+1".to_owned()) && rows[3].contains(&"Guest".to_owned()), "text stays text: {:?}", rows[3]);
        let json = desk.get(&format!("{LIST}.json?category=nonsense&sort=created&order=reverse")).await;
        assert_eq!(json.header("content-type"), "application/json");
        let all = objects(json.ok());
        assert_eq!(all.iter().map(|one| one["email"].as_str().expect("an address")).collect::<Vec<_>>(), ["ada@example.org", "bruce@example.org", "jose@example.org"]);
        assert_eq!(all[0]["answers"], serde_json::json!({ "diet": ["vegan", "halal"], "visa": "yes" }));
        assert_eq!((&all[0]["given_name"], &all[0]["delegation"], &all[0]["state"]), (&"=1+1".into(), &serde_json::Value::Null, &"unverified".into()));
        for file in [csv.ok(), json.ok(), &format!("{:?}", sheet(&xlsx.bytes))] {
            assert!(!file.contains("hidden words") && !file.contains("Secret"));
        }
        assert_eq!(objects(desk.get(&format!("{LIST}.json?q=nobody")).await.ok()).len(), 0);
        assert_eq!(sheet(&desk.get(&format!("{LIST}.xlsx?q=nobody")).await.bytes).len(), 1);
        let noted: Vec<String> = app.read(|db| {
            audit_entries::table.filter(audit_entries::action.eq("registration.exported")).order((audit_entries::at, audit_entries::id)).select(audit_entries::detail).load(db)
        }).await;
        assert_eq!(noted.len(), 5);
        assert!(noted[0].contains("csv") && noted[1].contains("xlsx") && noted[2].contains("json"));
    }

    async fn a_sealed_answer_is_in_no_file(db: TestDatabase) {
        let app = TestApp::start(db).await;
        stage(&app).await;
        // The column of a question that is sealed never holds an answer; even one that did would stay there.
        app.write(|db, _| {
            diesel::update(questions::table.filter(questions::code.eq("diet"))).set(questions::is_sealed.eq(true)).execute(db)
        }).await;
        let desk = app.signed_in_as(Role::Organizer).await;
        let csv = desk.get(&format!("{LIST}.csv")).await;
        assert!(!csv.ok().contains("Diet") && !csv.says("Vegan"));
        assert!(!desk.get(&format!("{LIST}.json")).await.ok().contains("vegan"));
        assert!(!format!("{:?}", sheet(&desk.get(&format!("{LIST}.xlsx")).await.bytes)).contains("Vegan"));
    }

    async fn a_long_list_is_whole_and_in_order_in_every_format(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let category = given_category(&app, "guest", facts("Guest")).await;
        // Whole pieces, so that the last of them is empty.
        given_many(&app, category, 2_000).await;
        let desk = app.signed_in_as(Role::AccreditationOfficer).await;
        let names: Vec<String> = (1..=2_000).map(|number| format!("N{number:04}")).collect();
        let csv = desk.get(&format!("{LIST}.csv?sort=name")).await;
        assert_eq!(lines(csv.ok())[1..].iter().map(|row| row[4].to_owned()).collect::<Vec<_>>(), names);
        let json = objects(desk.get(&format!("{LIST}.json?sort=name")).await.ok());
        assert_eq!(json.iter().map(|one| one["family_name"].as_str().expect("a name").to_owned()).collect::<Vec<_>>(), names);
        let rows = sheet(&desk.get(&format!("{LIST}.xlsx?sort=name")).await.bytes);
        let kept = rows[1..].iter().map(|row| row.iter().find(|cell| cell.starts_with('N') && cell.len() == 5).cloned().unwrap_or_default());
        assert_eq!(kept.collect::<Vec<_>>(), names);
        for sort in ["category", "country"] {
            let mut codes: Vec<String> = lines(desk.get(&format!("{LIST}.csv?sort={sort}&order=reverse")).await.ok())[1..].iter().map(|row| row[0].to_owned()).collect();
            codes.sort_unstable();
            codes.dedup();
            assert_eq!(codes.len(), 2_000, "{sort}");
        }
    }

    async fn lists_are_sorted_by_category_and_by_country(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        given_category(&app, "media", facts("Press")).await;
        for (category, email, country) in [("media", "a@example.org", "GB"), ("guest", "b@example.org", "CN"), ("media", "c@example.org", ""), ("guest", "d@example.org", "GB")] {
            app.clock.advance(TimeDelta::minutes(1));
            let answer = app.visitor().post_form(FORM, &with(filled(category, email), &[("country", country)])).await;
            assert_eq!(answer.status, 303, "{}", answer.body);
        }
        let desk = app.signed_in_as(Role::AccreditationOfficer).await;
        for (query, expected) in [
            ("sort=category", ["b", "d", "a", "c"]),
            ("sort=category&order=reverse", ["c", "a", "d", "b"]),
            ("sort=country", ["c", "b", "a", "d"]),
            ("sort=country&order=reverse", ["d", "a", "b", "c"]),
        ] {
            let rows = lines(desk.get(&format!("{LIST}.csv?{query}")).await.ok());
            assert_eq!(rows[1..].iter().map(|row| row[6][..1].to_owned()).collect::<Vec<_>>(), expected, "{query}");
        }
        let page = desk.get(&format!("{LIST}?sort=country&country=GB")).await;
        assert!(page.ok().contains("aria-sort=\"ascending\"") && page.says("a@example.org") && !page.says("b@example.org"));
    }

    async fn answers_and_files_are_for_those_who_work_at_the_desk(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        for (label, seen) in [("Allergies", "desk"), ("Wheelchair", "checkin")] {
            asks(&organizer, &[("kind", "short_text"), ("label.en", label), ("stage", "apply"), ("seen_by", seen)]).await;
        }
        let fields = with(
            filled("guest", "ada@example.org"),
            &[("q-allergies", "Peanuts"), ("q-wheelchair", "Ramp")],
        );
        app.visitor().post_form(FORM, &fields).await.redirect();
        let id = crate::registration::states(&app).await[0].0;
        let one = format!("/organizer/summit/registrations/{id}");
        for (role, sees) in [
            (Role::Organizer, (true, false)),
            (Role::CheckInStaff, (false, true)),
            (Role::Observer, (false, false)),
        ] {
            let person = app.signed_in_as(role).await;
            let page = person.get(&one).await;
            assert_eq!((page.ok().contains("Peanuts"), page.says("Ramp")), sees, "{role:?}");
            for file in ["csv", "xlsx", "json"] {
                let status = person.get(&format!("/organizer/summit/registrations.{file}")).await.status;
                assert_eq!(status, if role == Role::Organizer { 200 } else { 403 }, "{role:?} {file}");
            }
            let list = person.get("/organizer/summit/registrations?view=all").await;
            assert_eq!(list.ok().contains("registrations.csv"), role == Role::Organizer);
        }
    }
}
