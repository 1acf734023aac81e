//! Writing a proposal, sending it in, changing it and taking it back.

use super::{
    CALL, SETTINGS, begin, form_of, hand_in, kinds, open_call, proposal, proposals, send_in, sessions_of, settings,
    speakers_of, with,
};
use crate::on_both_databases;
use crate::support::{Role, TestApp, given};
use chrono::TimeDelta;

fn as_fields(form: &[(String, String)]) -> Vec<(&str, &str)> {
    form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect()
}

on_both_databases! {
    async fn a_draft_is_sent_by_link_and_becomes_a_session(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        let page = app.visitor().get(CALL).await;
        assert!(page.ok().contains("Proposals are taken until") && page.says("<strong>bold</strong>"));
        app.refresh_site().await;
        assert!(app.visitor().get("/summit").await.ok().contains("href=\"/summit/call\""), "the home page leads there");
        assert!(page.says("Wednesday, 31 March 2027") || page.says("31 March 2027"), "{}", page.body);

        // Begun with a title alone: nothing else is needed yet.
        let own = begin(&app, &[("email", "ada@example.org"), ("name", "Ada"), ("title", "Engines"), ("accept_privacy", "on")]).await;
        let author = app.visitor();
        assert!(author.get(&own).await.ok().contains("A draft. Nobody but you sees it"));
        assert_eq!(sessions_of(&app).await, []);
        let unfinished = form_of(&author.get(&own).await);
        let mut fields = as_fields(&unfinished);
        fields.push(("do", "send"));
        let refused = author.post_form(&own, &fields).await;
        assert!(refused.has_status(422).contains("Abstract: Please fill this in"), "{}", refused.body);
        assert!(refused.says("name at least one person"));

        let complete = proposal("ada@example.org", "Engines", &[("speaker_name.1", "Charles Babbage"), ("version", "1"), ("do", "save")]);
        assert_eq!(author.post_form(&own, &complete).await.redirect(), own);
        assert!(author.get(&own).await.ok().contains("The draft is saved"));
        send_in(&app, &own, &[]).await;
        assert!(author.get(&own).await.ok().contains("It is handed in."));
        let people = vec!["Ada Lovelace".to_owned(), "Charles Babbage".to_owned()];
        assert_eq!(sessions_of(&app).await, [("Engines".to_owned(), "proposed".to_owned(), people)]);
        assert_eq!(kinds(&app, "ada@example.org").await, ["proposal_draft", "proposal_received"]);
        assert!(organizer.get("/organizer/summit/sessions").await.ok().contains("Engines"));

        // The link of the second mail opens the same page; sent in twice counts once.
        let received = app.mail_to("ada@example.org").await.remove(1).link("/summit/p/");
        assert_ne!(received, own);
        let kept = form_of(&author.get(&received).await);
        let changed = with(&as_fields(&kept), &[("title", "Engines that think"), ("speaker_name.1", "C. Babbage")]);
        assert_eq!(author.post_form(&received, &changed).await.redirect(), received);
        let people = vec!["Ada Lovelace".to_owned(), "C. Babbage".to_owned()];
        assert_eq!(sessions_of(&app).await, [("Engines that think".to_owned(), "proposed".to_owned(), people)]);

        assert!(author.get(&format!("{own}/withdraw")).await.ok().contains("Withdraw this proposal?"));
        assert_eq!(author.post_form(&format!("{own}/withdraw"), &[]).await.redirect(), own);
        assert_eq!(sessions_of(&app).await[0].1, "withdrawn");
        assert!(author.get(&own).await.ok().contains("It was withdrawn"));
        author.post_form(&format!("{own}/withdraw"), &[]).await.has_status(409);
    }

    async fn a_wrong_form_keeps_everything_that_was_typed(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        let (long, hostile) = ("x".repeat(201), "<script>alert(1)</script>");
        let typed = proposal("no-address", hostile, &[("abstract", &long), ("speaker_email.0", "ada@"), ("speaker_name.1", "李雷"),
            ("speaker_email.1", "li@example.org"), ("speaker_name.2", "韩梅梅"), ("speaker_email.2", "LI@example.org"),
            ("notes", "Only on Tuesday\nplease"), ("accept_privacy", ""), ("idempotency_key", "once")]);
        let answer = app.visitor().post_form(CALL, &typed).await;
        let page = answer.has_status(422);
        for message in ["This has 201 characters; at most 200 are possible", "We need your agreement", "Another person above has this address",
            "Please enter an address such as", "Person 1, e-mail address:"] {
            assert!(page.contains(message), "{message} in {page}");
        }
        assert!(!page.contains(hostile), "{page}");
        let shown = super::form_of(&crate::support::Answer { status: 200, ..answer.clone() });
        for (name, value) in typed.iter().filter(|(name, _)| !matches!(*name, "do" | "accept_privacy")) {
            assert!(shown.iter().any(|(field, kept)| field == name && kept == value), "{name}={value} in {shown:?}");
        }
        assert_eq!((proposals(&app).await, app.outbox().await.len()), (0, 0));
        // One more row of people changes nothing and loses nothing.
        let more = app.visitor().post_form(CALL, &with(&typed, &[("do", "row")])).await;
        assert!(more.ok().contains("name=\"speaker_name.3\"") && more.says("Only on Tuesday\nplease"));
    }

    async fn the_same_submission_counts_once(db: TestDatabase) {
        let app = TestApp::start(db).await;
        open_call(&app.signed_in_as(Role::Organizer).await, &[]).await;
        let keyed = proposal("ada@example.org", "Engines", &[("idempotency_key", "a-key")]);
        for fields in [&keyed, &keyed, &proposal("ada@example.org", "Looms", &[]), &proposal("ada@example.org", "Looms", &[])] {
            assert_eq!(app.visitor().post_form(CALL, fields).await.redirect(), "/summit/call/sent");
        }
        assert_eq!((proposals(&app).await, app.outbox().await.len()), (2, 2));
    }

    async fn dates_hold_for_the_call_for_formats_and_for_forums(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let (talk, keynote) = (given::format(&app, "talk", 30).await.to_string(), given::format(&app, "keynote", 60).await.to_string());
        let water = given::forum(&app, "water").await.to_string();
        open_call(&organizer, &[("closes_at", "2027-03-02T18:00"), ("window_format.0", &talk), ("window_forum.0", ""),
            ("window_offered.0", "yes"), ("window_closes_at.0", "2027-03-05T18:00"), ("window_format.1", &keynote), ("window_offered.1", "no")]).await;
        let page = app.visitor().get(CALL).await;
        assert!(page.ok().contains("Format talk: until") && page.says("Format keynote: no proposals are taken"), "{}", page.body);
        assert!(!page.says(&format!("value=\"{keynote}\"")), "what is not taken is not offered");
        let typed = |format: &str, email: &str| -> Vec<(String, String)> {
            proposal(email, "Engines", &[("format", format), ("forum", &water)]).into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned())).collect()
        };
        let refused = app.visitor().post_form(CALL, &as_fields(&typed(&keynote, "ada@example.org"))).await;
        assert!(refused.has_status(422).contains("No proposals are taken for this"));
        let own = hand_in(&app, &as_fields(&typed(&talk, "ada@example.org"))).await;
        // The default is over; the format's own date holds.
        app.clock.set("2027-03-04T00:00:00Z");
        let author = app.visitor();
        assert!(author.get(&own).await.ok().contains("It can be changed until"));
        let late_draft = begin(&app, &as_fields(&typed(&talk, "grace@example.org"))).await;
        app.clock.set("2027-03-05T10:00:01Z");
        let closed = author.get(&own).await;
        assert!(closed.ok().contains("under review") && !closed.says("<textarea"), "{}", closed.body);
        assert!(closed.says("What engines can do."), "it can still be read");
        let refused = author.post_form(&own, &[("title", "Late words"), ("version", "2"), ("name", "Ada")]).await;
        assert!(refused.has_status(422).contains("Late words"), "nothing typed is lost");
        assert_eq!(sessions_of(&app).await[0].0, "Engines");
        assert!(author.get(&late_draft).await.ok().contains("This draft was not sent in"));
        assert!(app.visitor().get(CALL).await.ok().contains("The call closed on"));
        let late = app.visitor().post_form(CALL, &as_fields(&typed(&talk, "late@example.org"))).await;
        assert!(late.has_status(422).contains("What you typed is still here") && late.says("late@example.org"));
    }

    async fn a_late_link_opens_the_call_for_whoever_has_it(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[("closes_at", "2027-03-01T17:30")]).await;
        app.clock.advance(TimeDelta::hours(3));
        let links = format!("{SETTINGS}/late");
        organizer.post_form(&links, &[("name", "The minister"), ("until", "2027-03-01T10:00")]).await.has_status(422);
        let made = organizer.post_form(&links, &[("name", "The minister"), ("until", "2027-03-10T10:00")]).await;
        let at = made.ok().find("/summit/call?late=").expect("the link");
        let address: String = made.body[at..].chars().take_while(|sign| *sign != '<').collect();
        let token = address.split('=').nth(1).expect("a secret").to_owned();
        assert!(!organizer.get(&links).await.ok().contains(&token), "shown once");
        assert!(app.visitor().get(CALL).await.ok().contains("The call closed on"));
        let page = app.visitor().get(&address).await;
        assert!(page.ok().contains("although the call is over") && page.input("late") == token);
        app.visitor().post_form(CALL, &proposal("m@example.org", "Bridges", &[("late", "wrong")])).await.has_status(422);
        let own = hand_in(&app, &proposal("m@example.org", "Bridges", &[("late", &token)])).await;
        assert_eq!(sessions_of(&app).await.len(), 1);
        assert!(app.visitor().get(&own).await.ok().contains("It can be changed until"));
        let revoke = made.body.split("action=\"").filter_map(|rest| rest.split('"').next()).find(|action| action.ends_with("/revoke"));
        let revoke = revoke.map(str::to_owned).expect("a button");
        assert_eq!(organizer.post_form(&revoke, &[]).await.redirect(), links);
        app.visitor().post_form(CALL, &proposal("n@example.org", "Bridges", &[("late", &token)])).await.has_status(422);
        assert!(app.visitor().get(&own).await.ok().contains("under review"), "what was begun by it closes with it");
    }

    async fn one_address_sends_in_only_so_many(db: TestDatabase) {
        let app = TestApp::start(db).await;
        open_call(&app.signed_in_as(Role::Organizer).await, &[("most_per_person", "2")]).await;
        let mut pages = Vec::new();
        for title in ["One", "Two", "Three"] {
            pages.push(begin(&app, &proposal("ada@example.org", title, &[])).await);
        }
        send_in(&app, &pages[0], &[]).await;
        // The last two at the same moment: one of them fits.
        let author = app.visitor();
        let forms = [form_of(&author.get(&pages[1]).await), form_of(&author.get(&pages[2]).await)];
        let [mut second, mut third] = [as_fields(&forms[0]), as_fields(&forms[1])];
        second.push(("do", "send"));
        third.push(("do", "send"));
        let (second, third) = tokio::join!(author.post_form(&pages[1], &second), author.post_form(&pages[2], &third));
        let mut statuses = [second.status, third.status];
        statuses.sort_unstable();
        assert_eq!(statuses, [303, 422]);
        let refused = if second.status == 422 { second } else { third };
        assert!(refused.says("You have sent in 2 proposals already"));
        assert_eq!(sessions_of(&app).await.len(), 2);
        // Another address is another person; a withdrawn one makes room.
        hand_in(&app, &proposal("grace@example.org", "Four", &[])).await;
        author.post_form(&format!("{}/withdraw", pages[0]), &[]).await.redirect();
        let open = if refused.says("value=\"Two\"") { &pages[1] } else { &pages[2] };
        send_in(&app, open, &[]).await;
    }

    async fn nobody_becomes_a_speaker_whom_somebody_else_made(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        organizer.post_form("/organizer/summit/speakers/new", &[("name", "Her Excellency"), ("email", "minister@example.org")]).await.redirect();
        let minister = speakers_of(&app).await.remove(0);
        hand_in(&app, &proposal("mallory@example.org", "Mine", &[("speaker_name.0", "Mallory"), ("speaker_email.0", "minister@example.org")])).await;
        hand_in(&app, &proposal("mallory@example.org", "Mine too", &[("speaker_name.0", "M. Allory"), ("speaker_email.0", "Minister@example.org")])).await;
        let all = speakers_of(&app).await;
        assert_eq!(all[0], minister, "untouched");
        assert_eq!(all.iter().map(|one| one.1.as_str()).collect::<Vec<_>>(), ["Her Excellency", "Mallory"], "own proposals share their people");
        let people: Vec<_> = sessions_of(&app).await.into_iter().map(|one| one.2).collect();
        assert_eq!(people, [["Mallory"], ["Mallory"]]);
    }

    async fn two_windows_of_one_author_lose_nothing(db: TestDatabase) {
        let app = TestApp::start(db).await;
        open_call(&app.signed_in_as(Role::Organizer).await, &[]).await;
        let own = begin(&app, &proposal("ada@example.org", "Engines", &[])).await;
        let author = app.visitor();
        let form = form_of(&author.get(&own).await);
        let one = with(&as_fields(&form), &[("title", "From the first"), ("do", "save")]);
        let other = with(&as_fields(&form), &[("title", "From the second"), ("do", "save")]);
        assert_eq!(author.post_form(&own, &one).await.redirect(), own);
        let stale = author.post_form(&own, &other).await;
        assert!(stale.has_status(409).contains("changed in another window"));
        assert_eq!((stale.input("title"), stale.input("version")), ("From the second".to_owned(), "2".to_owned()));
        let again = with(&other, &[("version", "2")]);
        assert_eq!(author.post_form(&own, &again).await.redirect(), own);
        assert_eq!(author.get(&own).await.input("title"), "From the second");
    }

    async fn what_organizers_edited_besides_stays(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        let own = hand_in(&app, &proposal("ada@example.org", "Engines", &[])).await;
        let list = organizer.get("/organizer/summit/sessions").await;
        let at = list.ok().find("/organizer/summit/sessions/0").expect("a session");
        let session: String = list.body[at..].chars().take_while(|sign| *sign != '"').collect();
        let shown = form_of(&organizer.get(&session).await);
        let edited = with(&as_fields(&shown), &[("title.en", "Engines, edited"), ("title.zh", "机器"), ("capacity", "40")]);
        assert_eq!(organizer.post_form(&session, &edited).await.redirect(), session);
        let form = form_of(&app.visitor().get(&own).await);
        let changed = with(&as_fields(&form), &[("abstract", "New words."), ("do", "save")]);
        assert_eq!(app.visitor().post_form(&own, &changed).await.redirect(), own);
        let after = organizer.get(&session).await;
        assert_eq!((after.input("title.en"), after.input("title.zh"), after.input("capacity")),
            ("Engines, edited".to_owned(), "机器".to_owned(), "40".to_owned()));
        assert!(after.says("New words."));
    }

    async fn questions_of_proposals_are_asked_here_only(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[]).await;
        assert!(organizer.get("/organizer/summit/forms/new?stage=proposal").await.ok().contains("value=\"proposal\" selected"));
        let question = [("kind", "short_text"), ("label.en", "What equipment do you need?"), ("stage", "proposal"), ("is_required", "on"), ("seen_by", "desk")];
        organizer.post_form("/organizer/summit/forms/new", &question).await.redirect();
        assert!(organizer.get(SETTINGS).await.ok().contains("What equipment do you need?"));
        assert!(!app.visitor().get("/summit/register").await.ok().contains("What equipment"));
        let own = begin(&app, &proposal("ada@example.org", "Engines", &[])).await;
        let author = app.visitor();
        let form = form_of(&author.get(&own).await);
        let name = form.iter().map(|(name, _)| name.clone()).find(|name| name.starts_with("q-")).expect("the question");
        let mut fields = as_fields(&form);
        fields.push(("do", "send"));
        assert!(author.post_form(&own, &fields).await.has_status(422).contains("What equipment do you need?: Please fill this in"));
        send_in(&app, &own, &[(&name, "A loom")]).await;
        assert_eq!(author.get(&own).await.input(&name), "A loom");
    }

    async fn hostile_and_long_words_do_no_harm(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        open_call(&organizer, &[("title_length", "200")]).await;
        let (title, name) = ("<b onclick=x>&\"'", "Ada\r\nBcc: all@example.org");
        let own = hand_in(&app, &proposal("ada@example.org", title, &[("name", name), ("abstract", "<img src=x onerror=y>")])).await;
        for mail in app.mail_to("ada@example.org").await {
            assert!(!mail.subject.contains('\n') && !mail.name.contains('\n'), "{mail:?}");
            assert!(!mail.html.contains("<b onclick"), "{}", mail.html);
        }
        assert!(!app.visitor().get(&own).await.ok().contains("<b onclick"));
        for script in ["字", "👩‍🔬", "م"] {
            let long = script.repeat(200 / script.chars().count());
            begin(&app, &proposal("long@example.org", &long, &[])).await;
        }
        let refused = app.visitor().post_form(CALL, &proposal("ada@example.org\r\nBcc: b@example.org", "x", &[])).await;
        refused.has_status(422);
        let wild = app.visitor().post_form(CALL, &proposal("a@example.org", "x", &[("speaker_name.99999999999999999999", "y"), ("format", "nonsense"), ("spoken", "xx-unknown")])).await;
        wild.has_status(422);
    }

    async fn posts_are_limited_for_each_address(db: TestDatabase) {
        let app = TestApp::start_with(db, &[("limits.proposals_per_minute", "2")]).await;
        open_call(&app.signed_in_as(Role::Organizer).await, &[]).await;
        let visitor = app.visitor();
        for expected in [303, 303, 429] {
            let email = format!("a{}@example.org", proposals(&app).await);
            assert_eq!(visitor.post_form(CALL, &proposal(&email, "Engines", &[])).await.status, expected);
        }
    }

    async fn settings_are_checked_and_two_organizers_lose_nothing(db: TestDatabase) {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let wrong = settings(&[("closes_at", "2027-01-01T09:00"), ("title_length", "0"), ("window_closes_at.0", "2027-05-01T09:00"), ("introduction.zh", "说明")]);
        let answer = organizer.post_form(SETTINGS, &wrong).await;
        for message in ["The end must come after", "Please choose a format or a forum", "说明"] {
            assert!(answer.has_status(422).contains(message), "{message}");
        }
        assert!(app.visitor().get(CALL).await.ok().contains("No proposals are taken at present"));
        open_call(&organizer, &[]).await;
        let stale = organizer.post_form(SETTINGS, &settings(&[("introduction.en", "Mine")])).await;
        assert!(stale.has_status(409).contains("Someone else saved the call") && stale.says("Mine"));
        assert_eq!(stale.input("version"), "1");
    }
}
