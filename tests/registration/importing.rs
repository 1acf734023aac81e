//! Registering people from a table: what is read, what is refused, and that it happens once.

use super::forms::{asks, organizer};
use super::{facts, given_attendee, given_category, places, registers};
use crate::on_both_databases;
use crate::support::{Answer, Client, Role, TestApp};
use diesel::prelude::*;
use plenary::db::schema::{audit_entries, categories, registrations, untold_registrations};
use plenary::registration::category::{Admission, CategoryFacts};
use plenary::registration::importing::jobs::tell_added;

const IMPORT: &str = "/organizer/summit/registrations/import";

async fn uploads(desk: &Client, file: Vec<u8>) -> Answer {
    uploads_with(desk, file, "").await
}

async fn uploads_with(desk: &Client, file: Vec<u8>, category: &str) -> Answer {
    let part = reqwest::multipart::Part::bytes(file).file_name("guests.csv");
    let form = reqwest::multipart::Form::new().text("category", category.to_owned()).part("file", part);
    desk.send(desk.request(reqwest::Method::POST, IMPORT).multipart(form)).await
}

async fn takes(desk: &Client, preview: &Answer, more: &[(&str, &str)]) -> Answer {
    let upload = preview.input("upload");
    let fields: Vec<(&str, &str)> = std::iter::once(("upload", upload.as_str())).chain(more.iter().copied()).collect();
    desk.post_form(&format!("{IMPORT}/apply"), &fields).await
}

/// Uploads a table and takes it.
async fn imports(desk: &Client, file: &str, more: &[(&str, &str)]) -> Answer {
    let preview = uploads(desk, file.as_bytes().to_vec()).await;
    preview.ok();
    takes(desk, &preview, more).await
}

/// The four numbers of a page, in its order.
fn numbers(page: &Answer) -> Vec<String> {
    let table = page.body.split("<table class=\"narrow\">").nth(1).and_then(|rest| rest.split("</table>").next());
    let cells = table.unwrap_or_else(|| panic!("no numbers in:\n{}", page.body)).split("<td class=\"number\">").skip(1);
    cells.filter_map(|rest| rest.split('<').next()).map(str::to_owned).collect()
}

/// Given name, family name, address, state and source of everybody, by address and name.
async fn people(app: &TestApp) -> Vec<(String, String, String, String, String)> {
    app.read(|db| {
        registrations::table
            .order((registrations::email, registrations::given_name))
            .select((
                registrations::given_name,
                registrations::family_name,
                registrations::email,
                registrations::state,
                registrations::source,
            ))
            .load(db)
    })
    .await
}

/// Position, organisation and remark of the only person.
async fn own_facts(app: &TestApp) -> (String, String, String) {
    app.read(|db| {
        let columns = (registrations::position, registrations::organisation, registrations::remark);
        registrations::table.select(columns).first(db)
    })
    .await
}

/// How much there is of everything that an import writes.
async fn traces(app: &TestApp) -> (i64, i64, i64) {
    app.read(|db| {
        Ok((
            registrations::table.count().get_result(db)?,
            audit_entries::table.count().get_result(db)?,
            registrations::table
                .select(diesel::dsl::sum(registrations::version))
                .first::<Option<i64>>(db)?
                .unwrap_or(0),
        ))
    })
    .await
}

const TABLE: &str = "Category,E-Mail,Given name,Family name,Native name,Country,Language,Priority,Remark,Shoe size\n\
    guest,ada@example.org,Ada,Lovelace,,United Kingdom,en,,Needs a ramp,42\n\
    Media,bruce@example.org,小龙,李,李小龙,中国,Chinese,5,,\n\
    guest,,Grace,Hopper,,US,,,,\n";

on_both_databases! {
    async fn a_table_is_looked_at_taken_once_and_told(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let guest = given_category(&app, "guest", facts("Guest")).await;
        given_category(&app, "media", facts("Media")).await;
        let desk = app.signed_in_as(Role::Organizer).await;
        let form = desk.get(IMPORT).await;
        assert!(form.ok().contains("given_name") && form.says("单位") && form.says("template.csv"));
        assert!(desk.get(&format!("{IMPORT}/template.csv")).await.ok().contains("native_name"));
        let preview = uploads(&desk, TABLE.as_bytes().to_vec()).await;
        assert_eq!(numbers(&preview)[..4], ["3", "0", "0", "0"]);
        assert!(preview.ok().contains("shoe_size") && preview.says("nothing is called that here"));
        assert!(people(&app).await.is_empty(), "a preview registers nobody");
        let second = uploads(&desk, TABLE.as_bytes().to_vec()).await;
        let done = takes(&desk, &preview, &[("mode", "all"), ("tells", "on")]).await;
        assert_eq!(numbers(&done), ["3", "0", "0", "0"]);
        assert!(done.ok().contains("2 mails"), "{}", done.body);
        let found = people(&app).await;
        assert_eq!(found.iter().map(|one| (one.2.as_str(), one.3.as_str(), one.4.as_str())).collect::<Vec<_>>(), [
            ("", "confirmed", "import"), ("ada@example.org", "confirmed", "import"), ("bruce@example.org", "confirmed", "import"),
        ]);
        assert_eq!(places(&app, guest).await, (2, 2));
        assert!(app.outbox().await.is_empty(), "mails are written afterwards");
        assert_eq!(tell_added(&app.app).await.expect("told"), 2);
        assert_eq!(tell_added(&app.app).await.expect("told"), 0, "each is told once");
        let mail = app.mail_to("bruce@example.org").await.pop().expect("a mail");
        assert_eq!((mail.kind.as_str(), mail.language.as_str()), ("confirmed", "zh"));
        app.visitor().get(&mail.link("/summit/r/")).await.ok();
        let before = traces(&app).await;
        // The same file again, and its kept upload again, change nothing.
        let again = uploads(&desk, TABLE.as_bytes().to_vec()).await;
        assert!(numbers(&again)[..4] == ["0", "3", "0", "0"] && again.says("Everybody in this file is registered already"));
        let late = takes(&desk, &second, &[("mode", "all"), ("updates", "on"), ("tells", "on")]).await;
        assert_eq!(numbers(&late), ["0", "0", "3", "0"], "looked at before, taken after");
        takes(&desk, &preview, &[("mode", "all")]).await.has_status(410);
        assert_eq!(traces(&app).await, before);
        let list = desk.get("/organizer/summit/registrations?source=import").await;
        assert!(list.ok().contains("Lovelace") && list.says("/registrations/import"));
    }

    async fn what_people_typed_stays_unless_the_file_is_said_to_be_right(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        given_category(&app, "media", facts("Media")).await;
        given_attendee(&app, "guest", "ada@example.org").await;
        let desk = app.signed_in_as(Role::Organizer).await;
        let table = "category,email,position,organisation,given_name,remark\nmedia,ADA@example.org,Mathematician,,Ada,Old friend\n";
        let preview = uploads(&desk, table.as_bytes().to_vec()).await;
        assert_eq!(numbers(&preview)[..4], ["0", "0", "1", "0"]);
        assert!(preview.says("Position · Remark of the desk") && preview.says("Not changed by an import") && preview.says("Row 2: Category"));
        assert_eq!(numbers(&takes(&desk, &preview, &[("mode", "all")]).await), ["0", "0", "1", "0"]);
        assert_eq!(own_facts(&app).await.0, "Countess");
        assert_eq!(numbers(&imports(&desk, table, &[("mode", "all"), ("updates", "on")]).await), ["0", "1", "0", "0"]);
        let own = own_facts(&app).await;
        assert_eq!((own.0.as_str(), own.1.as_str(), own.2.as_str()), ("Mathematician", "Analytical Society", "Old friend"), "empty cells take nothing away");
        let code: String = app.read(|db| registrations::table.select(registrations::code).first(db)).await;
        let by_code = format!("code,position\n{code},Countess\nNOSUCH99,Baroness\n");
        let preview = uploads(&desk, by_code.into_bytes()).await;
        assert!(numbers(&preview)[..4] == ["0", "0", "1", "1"] && preview.says("Row 3: Registration number: No registration has this number"));
        takes(&desk, &preview, &[("mode", "good"), ("updates", "on")]).await.ok();
        assert_eq!(own_facts(&app).await.0, "Countess");
    }

    async fn all_or_nothing_registers_nobody_and_good_rows_everybody_else(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let few = given_category(&app, "few", CategoryFacts { capacity: Some(2), ..facts("Few") }).await;
        let desk = app.signed_in_as(Role::Organizer).await;
        let rows: String = (0..4).map(|number| format!("guest{number}@example.org,Given{number},Family\n")).collect();
        let preview = uploads(&desk, format!("email,given_name,family_name\n{rows}").into_bytes()).await;
        assert!(preview.ok().contains("not enough"), "two places for four people");
        let refused = takes(&desk, &preview, &[("mode", "all")]).await;
        assert!(refused.has_status(422).contains("Nobody was registered"));
        assert!(refused.says("Row 4: Category: Every place of the category is taken"), "{}", refused.body);
        assert_eq!((people(&app).await.len(), places(&app, few).await), (0, (0, 0)));
        let done = takes(&desk, &refused, &[("mode", "good")]).await;
        assert_eq!(numbers(&done), ["2", "0", "0", "2"]);
        assert!(done.says("Row 5: Category"));
        assert_eq!(places(&app, few).await, (2, 2));
    }

    async fn wrong_rows_say_what_to_do(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let approved = CategoryFacts { admission: Admission { needs_approval: true, ..facts("Press").admission }, ..facts("Press") };
        given_category(&app, "press", approved).await;
        given_category(&app, "guest", facts("Guest")).await;
        let desk = app.signed_in_as(Role::Organizer).await;
        let table = "category,email,given_name,family_name,country,state,priority,delegation,language\n\
            vip,a@example.org,A,B,,,,,\n\
            guest,not an address,A,B,,,,,\n\
            guest,b@example.org,,B,,,,,\n\
            guest,c@example.org,A,B,Atlantis,,,,\n\
            guest,d@example.org,A,B,,perhaps,,,\n\
            guest,e@example.org,A,B,,waitlisted,,,\n\
            guest,f@example.org,A,B,,,many,,\n\
            guest,g@example.org,A,B,,,,Egypt,\n\
            guest,h@example.org,A,B,,,,,Klingon\n\
            guest,i@example.org,A,B,,,,,\n\
            guest,I@example.org,A,B,,,,,\n\
            press,j@example.org,A,B,,,,,\n\
            ,k@example.org,A,B,,,,,\n";
        let preview = uploads(&desk, table.as_bytes().to_vec()).await;
        assert_eq!(numbers(&preview)[..4], ["2", "0", "0", "11"]);
        for words in [
            "Row 2: Category: There is no such category. Known are: press, guest",
            "Row 3: E-mail address: Please enter an address",
            "Row 4: Given name",
            "Row 5: Country",
            "Row 6: State: Write confirmed, applied or waitlisted",
            "Row 7: State: This category has no waiting list",
            "Row 8: Priority",
            "Row 9: Delegation: There is no delegation of this name",
            "Row 10: Language of mails",
            "Row 12: E-mail address: The same person stands in row 11 already",
            "Row 14: Category: name a category",
        ] {
            assert!(preview.says(words), "{words} in:\n{}", preview.body);
        }
        assert!(!preview.says("mode-all"), "all or none makes no sense while rows are wrong");
        assert_eq!(numbers(&takes(&desk, &preview, &[("mode", "all")]).await.clone()).first().map(String::as_str), Some("2"), "the page shows what is right");
        assert!(people(&app).await.is_empty());
        takes(&desk, &preview, &[("mode", "good")]).await.ok();
        let states: Vec<(String, String)> = people(&app).await.into_iter().map(|one| (one.2, one.3)).collect();
        assert_eq!(states, [("i@example.org".into(), "confirmed".into()), ("j@example.org".into(), "applied".into())]);
        tell_added(&app.app).await.expect("told");
        assert!(app.outbox().await.is_empty(), "nobody is told who was not to be");
    }

    async fn bad_files_are_told_from_good_ones_in_any_encoding(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let desk = app.signed_in_as(Role::Organizer).await;
        let table = "邮箱;名;姓;姓名;备注\nli@example.org;小龙;李;李小龙;'=1+1\n";
        let utf16: Vec<u8> = [0xfeff_u16].into_iter().chain(table.encode_utf16()).flat_map(u16::to_le_bytes).collect();
        let marked = ["\u{feff}".as_bytes(), table.as_bytes()].concat();
        let latin = encoding_rs::WINDOWS_1252.encode("email;given_name;family_name\njose@example.org;José;Álvarez\n").0.into_owned();
        for (file, name) in [(marked, "李小龙"), (utf16, "李小龙"), (encoding_rs::GB18030.encode(table).0.into_owned(), "李小龙"), (latin, "José Álvarez")] {
            let preview = uploads(&desk, file).await;
            assert!(numbers(&preview)[..4] == ["1", "0", "0", "0"] && preview.says(name), "{name}");
        }
        takes(&desk, &uploads(&desk, table.as_bytes().to_vec()).await, &[("mode", "all")]).await.ok();
        let remark: String = app.read(|db| registrations::table.select(registrations::remark).first(db)).await;
        assert_eq!(remark, "=1+1", "the apostrophe of a spreadsheet is none of the text");
        let mut executable = b"\x7fELF\x02\x01\x01\0".to_vec();
        executable.extend((0..40_000_u32).map(|number| (number % 251) as u8));
        let long = "x".repeat(30 << 20);
        for (file, words) in [
            (Vec::new(), "holds no row"),
            (b"email,given_name,family_name\n,,\n".to_vec(), "holds no row"),
            (b"Anna,Nagy\nAda,Lovelace\n".to_vec(), "names no column that says who people are"),
            (executable, "error-summary"),
            (b"MZ\x90\0\x03\0\0\0PE\0\0\xff\xff".to_vec(), "file-error"),
            (b"PK\x03\x04 nothing inside".to_vec(), "file-error"),
            (long.into_bytes(), "file-error"),
        ] {
            let answer = uploads(&desk, file).await;
            let is_told = answer.says(words) || answer.says("file-error");
            assert!(answer.status == 422 && is_told, "{words}: {} {}", answer.status, answer.body);
        }
    }

    async fn answers_are_read_by_the_codes_of_their_questions(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest")).await;
        let organizer = organizer(&app).await;
        asks(&organizer, "one_choice", "Diet", &[("choices.en", "vegan = Vegan\nmeat = Meat"), ("limits", "vegan = 1")]).await;
        asks(&organizer, "yes_no", "Comes by car", &[]).await;
        let table = "email,given_name,family_name,q-diet,q-comes-by-car\n\
            a@example.org,A,B,Vegan,是\nb@example.org,B,C,vegan,no\nc@example.org,C,D,fish,\n";
        let preview = uploads(&organizer, table.as_bytes().to_vec()).await;
        assert_eq!(numbers(&preview)[..4], ["2", "0", "0", "1"]);
        assert!(preview.says("Row 4: Diet"));
        let done = takes(&organizer, &preview, &[("mode", "good")]).await;
        assert_eq!(numbers(&done), ["1", "0", "0", "2"]);
        assert!(done.says("Row 3: Category: A quota or a choice of the person has no place left"));
        let answers: String = app.read(|db| registrations::table.select(registrations::answers).first(db)).await;
        assert!(answers.contains("vegan") && answers.contains("yes"), "{answers}");
    }

    async fn what_the_desk_hands_out_is_brought_in_again(db: TestDatabase) {
        let app = TestApp::start(db).await;
        given_category(&app, "guest", facts("Guest of honour")).await;
        let desk = organizer(&app).await;
        asks(&desk, "choices", "Diet", &[("choices.en", "vegan = Vegan\nhalal = Halal")]).await;
        asks(&desk, "country", "Born in", &[]).await;
        let table = "email,given_name,family_name,native_name,honorific,q-diet,q-born-in\n\
            ada@example.org,Ada,Lovelace,,Dr,vegan;halal,GB\n,小龙,李,李小龙,教授,,中国\n";
        assert_eq!(numbers(&imports(&desk, table, &[("mode", "all")]).await), ["2", "0", "0", "0"]);
        for path in ["registrations.csv", "registrations.xlsx", "registrations.xlsx?lang=zh"] {
            let file = desk.get(&format!("/organizer/summit/{path}")).await;
            let preview = uploads(&desk, file.bytes.clone()).await;
            assert_eq!(numbers(&preview)[..4], ["0", "2", "0", "0"], "{path}: {}", preview.body);
        }
    }

    async fn ten_thousand_rows_are_taken_all_or_none_and_once_by_two_at_the_same_instant(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let guest = given_category(&app, "guest", facts("Guest")).await;
        let desk = app.signed_in_as(Role::Organizer).await;
        let count = if cfg!(debug_assertions) { 2_000 } else { 10_000 };
        let mut table = "email,given_name,family_name,organisation\n".to_owned();
        for number in 0..count {
            let address = if number % 10 == 0 { String::new() } else { format!("guest{number}@example.org") };
            table += &format!("{address},Given{number},Family{},Ministry\n", number % 37);
        }
        let (one, other) = tokio::join!(uploads(&desk, table.clone().into_bytes()), uploads(&desk, table.clone().into_bytes()));
        let mode = [("mode", "all"), ("tells", "on")];
        let (first, second) = tokio::join!(takes(&desk, &one, &mode), takes(&desk, &other, &mode));
        let mut added: Vec<String> = [numbers(&first), numbers(&second)].iter().map(|all| all[0].clone()).collect();
        added.sort_unstable();
        assert_eq!(added, ["0".to_owned(), count.to_string()]);
        assert_eq!(places(&app, guest).await, (count, i64::from(count)));
        let untold: i64 = app.read(|db| untold_registrations::table.count().get_result(db)).await;
        assert_eq!(untold, i64::from(count - count / 10));
        let taken: i32 = app.read(move |db| categories::table.find(guest).select(categories::taken).first(db)).await;
        assert_eq!(taken, count);
        assert_eq!(registers(&app, "guest", "guest1@example.org").await.status, 303);
    }
}
