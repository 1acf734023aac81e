//! Noting decisions, applying them with their mails, and exports.

use super::{
    below, criterion, form_of, hand_in, kinds, open_call, proposal, reviewer, scores, send_in, sessions_of, with,
};
use crate::on_both_databases;
use crate::support::{Client, Role, TestApp};

const PROPOSALS: &str = "/organizer/summit/proposals";
const DECISIONS: &str = "/organizer/summit/decisions";

async fn note(organizer: &Client, titles: &[&str], decision: &str) {
    let mut ids = Vec::new();
    for title in titles {
        ids.push(below(organizer, PROPOSALS, title).await.rsplit('/').next().expect("an id").to_owned());
    }
    let mut fields: Vec<(&str, &str)> = ids.iter().map(|id| ("proposal", id.as_str())).collect();
    fields.extend([("decision", decision), ("back", "sort=fewest&page=1")]);
    assert_eq!(
        organizer.post_form(PROPOSALS, &fields).await.redirect(),
        "/organizer/summit/proposals?sort=fewest&page=1"
    );
}

async fn states(app: &TestApp) -> Vec<(String, String)> {
    sessions_of(app).await.into_iter().map(|(title, state, _)| (title, state)).collect()
}

on_both_databases! {
    async fn decisions_are_noted_shown_and_applied_once(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        criterion(&organizer, "Relevance", "1").await;
        organizer.post_form("/organizer/summit/call/review", &[("is_blind", "on"), ("sends_comments", "on")]).await.redirect();
        for title in ["Engines", "Looms", "Bridges"] {
            hand_in(&app, &proposal(&format!("{title}@example.org"), title, &[])).await;
        }
        let chinese = app.visitor_reading("zh");
        chinese.post_form("/summit/call", &proposal("li@example.org", "丝绸", &[("written_in", "zh"), ("name", "李雷"), ("speaker_name.0", "李雷")])).await.redirect();
        let own = app.mail_to("li@example.org").await[0].link("/summit/p/");
        send_in(&app, &own, &[]).await;
        let rita = reviewer(&app, "rita@example.org").await;
        let page = below(&rita, "/organizer/summit/reviews", "Looms").await;
        scores(&rita, &page, &["2"], &[("to_author", "Too short, alas."), ("to_team", "Weak")]).await.redirect();

        note(&organizer, &["Engines", "丝绸"], "accept").await;
        note(&organizer, &["Looms"], "reject").await;
        note(&organizer, &["Bridges"], "reserve").await;
        assert!(states(&app).await.iter().all(|(_, state)| state == "proposed"), "nobody is told yet");
        let words = [("accepted_words.en", "See you at the lake."), ("accepted_words.zh", "湖畔见。"), ("rejected_words.en", "Please come anyway.")];
        assert_eq!(organizer.post_form(&format!("{DECISIONS}/words"), &words).await.redirect(), DECISIONS);
        let shown = organizer.get(DECISIONS).await;
        assert!(shown.ok().contains("Apply and send 3 mails"), "{}", shown.body);
        for exact in ["See you at the lake.", "湖畔见。", "Please come anyway.", "Too short, alas.", "议题入选：丝绸", "/summit/p/…"] {
            assert!(shown.says(exact), "{exact} in {}", shown.body);
        }
        assert!(!shown.says("Weak"), "words to the organizers stay with them");
        // What was shown is applied, or nothing.
        let stamp = shown.input("stamp");
        note(&organizer, &["Bridges"], "").await;
        let stale = organizer.post_form(DECISIONS, &[("stamp", &stamp)]).await;
        assert!(stale.has_status(409).contains("nothing was applied"));
        note(&organizer, &["Bridges"], "reserve").await;
        let stamp = organizer.get(DECISIONS).await.input("stamp");
        let sent = [("stamp", stamp.as_str())];
        let (once, twice) = tokio::join!(organizer.post_form(DECISIONS, &sent), organizer.post_form(DECISIONS, &sent));
        let mut statuses = [once.status, twice.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 409]);
        let mut after = states(&app).await;
        after.sort();
        let state = |title: &str, state: &str| (title.to_owned(), state.to_owned());
        assert_eq!(after, [state("Bridges", "proposed"), state("Engines", "accepted"), state("Looms", "rejected"), state("丝绸", "accepted")]);
        assert_eq!(kinds(&app, "Engines@example.org").await, ["proposal_draft", "proposal_received", "proposal_accepted"]);
        assert_eq!(kinds(&app, "Looms@example.org").await, ["proposal_draft", "proposal_received", "proposal_rejected"]);
        assert_eq!(kinds(&app, "Bridges@example.org").await, ["proposal_draft", "proposal_received"]);
        let mail = app.mail_to("li@example.org").await.remove(2);
        assert_eq!((mail.language.as_str(), mail.subject.as_str()), ("zh", "议题入选：丝绸"));
        assert!(mail.text.contains("湖畔见。"));
        let visitor = app.visitor();
        assert!(visitor.get(&mail.link("/summit/p/")).await.ok().contains("It will take place"));
        let looms = app.mail_to("Looms@example.org").await.remove(2);
        assert!(looms.text.contains("Too short, alas.") && !looms.text.contains("Weak") && !looms.text.contains("rita"));
        assert!(visitor.get(&looms.link("/summit/p/")).await.ok().contains("It was not chosen this time"));
        assert!(organizer.get(PROPOSALS).await.ok().contains("In reserve"));

        // What waits in reserve is accepted later; what was rejected can be, too; what its author takes back can't.
        note(&organizer, &["Bridges", "Looms"], "accept").await;
        let bridges = app.mail_to("Bridges@example.org").await[0].link("/summit/p/");
        visitor.post_form(&format!("{bridges}/withdraw"), &[]).await.redirect();
        let shown = organizer.get(DECISIONS).await;
        assert!(shown.ok().contains("Apply and send one mail"));
        organizer.post_form(DECISIONS, &[("stamp", &shown.input("stamp"))]).await.redirect();
        let mut after = states(&app).await;
        after.sort();
        assert_eq!(after[0], state("Bridges", "withdrawn"));
        assert_eq!(after[2], state("Looms", "accepted"));
    }

    async fn nobody_decides_on_their_own(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        hand_in(&app, &proposal(&Role::Organizer.email(), "Mine", &[])).await;
        note(&organizer, &["Mine"], "accept").await;
        assert!(organizer.get(DECISIONS).await.ok().contains("Nothing is noted"));
        let page = organizer.get(&below(&organizer, PROPOSALS, "Mine").await).await;
        assert!(page.ok().contains("others decide on it"));
        let admin = app.signed_in_as(Role::Administrator).await;
        note(&admin, &["Mine"], "accept").await;
        assert!(organizer.get(DECISIONS).await.ok().contains("Apply and send one mail"));
    }

    async fn files_hold_what_the_list_shows(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        criterion(&organizer, "Relevance", "1").await;
        hand_in(&app, &proposal("ada@example.org", "=HYPERLINK(1)", &[("notes", "quotes \" and, commas\nand lines")])).await;
        hand_in(&app, &proposal("grace@example.org", "Compilers", &[])).await;
        let rita = reviewer(&app, "rita@example.org").await;
        scores(&rita, &below(&rita, "/organizer/summit/reviews", "Compilers").await, &["4"], &[]).await.redirect();
        let csv = organizer.get(&format!("{PROPOSALS}.csv")).await;
        let mut reader = csv::Reader::from_reader(csv.ok().trim_start_matches('\u{feff}').as_bytes());
        let heads = reader.headers().expect("a head").clone();
        let rows: Vec<csv::StringRecord> = reader.records().map(|row| row.expect("a row")).collect();
        let cell = |row: usize, name: &str| {
            let at = heads.iter().position(|head| head == name).unwrap_or_else(|| panic!("no {name} in {heads:?}"));
            rows[row][at].to_owned()
        };
        assert_eq!((cell(0, "title"), cell(0, "total_mean"), cell(0, "score: Relevance"), cell(0, "rank")),
            ("Compilers".into(), "75.0".into(), "4.0".into(), "1".into()));
        assert!(!cell(1, "title").starts_with('='), "no spreadsheet runs it");
        assert_eq!(cell(1, "notes"), "quotes \" and, commas\nand lines");
        let json: serde_json::Value = serde_json::from_str(organizer.get(&format!("{PROPOSALS}.json?q=compilers")).await.ok()).expect("JSON");
        assert_eq!(json["proposals"].as_array().map(Vec::len), Some(1));
        assert_eq!(json["proposals"][0]["title"], "Compilers");
        assert_eq!(json["proposals"][0]["total_mean"], 75.0);
        assert_eq!(json["criteria"][0]["name"], "Relevance");
    }

    async fn a_list_with_nothing_chosen_goes_back_to_where_it_was(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        for number in 0..12 {
            hand_in(&app, &proposal(&format!("a{number}@example.org"), &format!("Session {number}"), &[])).await;
        }
        let form = form_of(&organizer.get(PROPOSALS).await);
        let ids: Vec<&str> = form.iter().filter(|(name, _)| name == "proposal").map(|(_, id)| id.as_str()).collect();
        assert!(ids.is_empty(), "nothing is chosen at first");
        let none = with(&[("decision", "accept")], &[("back", "q=<b>")]);
        assert_eq!(organizer.post_form(PROPOSALS, &none).await.redirect(), "/organizer/summit/proposals?q=%3Cb%3E");
        assert!(organizer.get(&format!("{PROPOSALS}?page=99999999999999999999")).await.ok().contains("12 proposals."));
    }
}
