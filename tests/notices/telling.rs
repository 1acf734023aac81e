//! Speakers are told once, and their calendars follow.

use super::{NOTICES, RELEASES, ReadEntry, Stage};
use crate::on_both_databases;
use crate::support::Role;
use crate::support::given;
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{session_speakers, slot_answers, speakers, told_slots};
use plenary::i18n::Lang;
use plenary::notices::reply;
use serde_json::json;

/// When the one entry begins that a calendar holds after these arrived: the highest `SEQUENCE` counts.
fn held(arrived: &[&ReadEntry]) -> Option<String> {
    let last = arrived.iter().max_by_key(|entry| entry.sequence)?;
    (last.method == "REQUEST").then(|| last.start.clone())
}

on_both_databases! {
    async fn a_calendar_follows_from_new_to_moved_to_cancelled(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let session = stage.session("Opening", "09:00").await;
        stage.releases().await;
        assert_eq!((stage.sends().await, stage.mails().await.len()), (0, 0), "the quiet time is not over");
        assert_eq!(stage.waits().await, 1);
        stage.moves(&session, stage.annex, "11:30").await;
        stage.releases().await;
        assert_eq!(stage.waits().await, 1);
        stage.takes_out(&session).await;
        // Something has to be left to release.
        given::session(&stage.organizer, "Other", &[]).await;
        stage.releases().await;
        assert_eq!(stage.waits().await, 1);

        let mails = stage.mails().await;
        let [new, moved, cancelled] = mails.as_slice() else { panic!("{mails:#?}") };
        let (new, moved, cancelled) = (&new.entries, &moved.entries, &cancelled.entries);
        assert_eq!((new[0].method.as_str(), new[0].sequence, new[0].start.as_str()), ("REQUEST", 0, "2027-04-13T01:00:00Z"));
        assert_eq!((moved[0].method.as_str(), moved[0].sequence, moved[0].start.as_str()), ("REQUEST", 1, "2027-04-13T03:30:00Z"));
        assert_eq!((moved[0].end.as_str(), moved[0].location.as_str()), ("2027-04-13T04:30:00Z", "Annex"));
        assert_eq!((cancelled[0].method.as_str(), cancelled[0].sequence, cancelled[0].status.as_str()), ("CANCEL", 2, "CANCELLED"));
        assert!(moved[0].uid == new[0].uid && cancelled[0].uid == new[0].uid, "one entry all the way");
        for mail in &mails {
            assert_eq!(mail.to, "ada@example.org");
            assert_eq!(mail.shape, json!({"multipart/mixed": [
                {"multipart/alternative": ["text/plain", "text/html", "text/calendar"]}, "application/ics",
            ]}));
            for entry in &mail.entries {
                assert_eq!((entry.zones.as_slice(), entry.zone.as_str()), (["Asia/Shanghai".to_owned()].as_slice(), "Asia/Shanghai"));
                assert!(entry.stamped && entry.summary == "Opening");
                assert_eq!(entry.attendee, "mailto:ada@example.org");
                assert!(entry.organizer.starts_with("mailto:") && entry.organizer.contains('@'));
            }
            let entry = &mail.entries[0];
            assert_eq!(entry.type_method, entry.method, "the part says the same as the calendar in it");
            let asks = if entry.method == "CANCEL" { ("", "") } else { ("NEEDS-ACTION", "TRUE") };
            assert_eq!((entry.partstat.as_str(), entry.rsvp.as_str()), asks);
            assert_eq!(entry.file, "");
            assert_eq!(mail.unsubscribe, "", "a speaker's timetable is no bulk mail");
        }
        // What a calendar program makes of the very parts, whichever mail it opens first.
        let (new, moved, cancelled) = (&new[0], &moved[0], &cancelled[0]);
        for order in [[new, moved, cancelled], [cancelled, new, moved], [moved, cancelled, new], [cancelled, moved, new]] {
            assert_eq!(held(&order), None, "nothing is left");
        }
        for order in [[new, moved], [moved, new]] {
            assert_eq!(held(&order).as_deref(), Some("2027-04-13T03:30:00Z"));
        }
    }

    async fn who_leaves_a_session_is_told_alone(db: TestDatabase) {
        let stage = Stage::new(db).await;
        given::speaker(&stage.app, "bo", "Bo Reed", None).await;
        stage.app.write(|db, _| {
            diesel::update(speakers::table.filter(speakers::code.eq("bo"))).set(speakers::email.eq("bo@example.org")).execute(db)
        }).await;
        let session = given::session(&stage.organizer, "Debate", &[("person.0", "ada"), ("person.1", "bo")]).await;
        given::place(&stage.organizer, &session, stage.hall, "2027-04-13", "09:00").await;
        stage.releases().await;
        assert_eq!(stage.waits().await, 2);
        stage.app.write(|db, _| {
            let bo = speakers::table.filter(speakers::code.eq("bo")).select(speakers::id);
            diesel::delete(session_speakers::table.filter(session_speakers::speaker_id.eq_any(bo))).execute(db)
        }).await;
        stage.releases().await;
        assert_eq!(stage.waits().await, 1, "nothing has changed for Ada");
        let mails = stage.mails().await;
        let last = mails.last().expect("a mail");
        assert_eq!((mails.len(), last.to.as_str()), (3, "bo@example.org"));
        assert_eq!((last.entries[0].method.as_str(), last.entries[0].sequence), ("CANCEL", 1));
    }

    async fn one_mail_tells_everything_each_entry_in_a_part_of_its_own(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let first = stage.session("First", "09:00").await;
        let second = stage.session("Second", "11:00").await;
        stage.releases().await;
        stage.waits().await;
        stage.moves(&second, stage.hall, "12:00").await;
        stage.takes_out(&first).await;
        stage.session("Third", "15:00").await;
        stage.releases().await;
        stage.waits().await;
        let mails = stage.mails().await;
        assert_eq!(mails.len(), 2);
        let told: Vec<(&str, &str, &str)> = mails[1]
            .calendar()
            .iter()
            .map(|entry| (entry.summary.as_str(), entry.method.as_str(), entry.file.as_str()))
            .collect();
        assert_eq!(told, [("Second", "REQUEST", ""), ("Third", "REQUEST", "invite-2.ics"), ("First", "CANCEL", "cancel.ics")]);
        assert_eq!(mails[1].shape, json!({"multipart/mixed": [
            {"multipart/alternative": ["text/plain", "text/html", "text/calendar"]},
            "application/ics", "text/calendar", "text/calendar",
        ]}));
        let mail = stage.app.mail_to("ada@example.org").await.pop().expect("a mail");
        assert_eq!(mail.subject, "World Summit: your timetable has changed (Second and 2 more)");
        for words in ["Dear Ada Lovelace,", "Moved: Second", "Cancelled: First", "New: Third", "12:00–13:00  Second · Great Hall", "Shanghai (UTC+8:00)", "/summit/s/"] {
            assert!(mail.text.contains(words), "{words} in:\n{}", mail.text);
        }
        assert!(mail.html.contains("border-top:6px solid #") && mail.html.contains("/summit/s/"));
        assert!(!mail.text.contains("\n\n\n"), "{}", mail.text);
    }

    async fn two_releases_in_the_quiet_time_make_one_mail(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let session = stage.session("Opening", "09:00").await;
        stage.releases().await;
        stage.app.clock.advance(TimeDelta::minutes(10));
        stage.moves(&session, stage.annex, "10:00").await;
        stage.releases().await;
        stage.app.clock.advance(TimeDelta::minutes(10));
        assert_eq!(stage.sends().await, 0, "the second release began the quiet time anew");
        assert_eq!(stage.waits().await, 1);
        let mails = stage.mails().await;
        assert_eq!((mails.len(), mails[0].entries[0].start.as_str(), mails[0].entries[0].sequence), (1, "2027-04-13T02:00:00Z", 1));
        assert_eq!(stage.states().await, ["sent"]);
        // Released again without a change for her.
        given::session(&stage.organizer, "Other", &[]).await;
        stage.releases().await;
        assert_eq!((stage.waits().await, stage.states().await.len()), (0, 1));
    }

    async fn what_was_never_told_is_not_cancelled(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let session = stage.session("Opening", "09:00").await;
        stage.releases().await;
        stage.takes_out(&session).await;
        stage.releases().await;
        assert_eq!(stage.waits().await, 0);
        assert_eq!((stage.states().await, stage.mails().await.len()), (vec!["nothing".to_owned()], 0));
    }

    async fn assistants_get_a_copy_in_their_language(db: TestDatabase) {
        let stage = Stage::new(db).await;
        stage.has_assistant(stage.ada, "mary@example.org", Lang::ZH).await;
        let session = stage.session("Opening", "09:00").await;
        stage.releases().await;
        assert_eq!(stage.waits().await, 1);
        let mails = stage.mails().await;
        let to: Vec<&str> = mails.iter().map(|mail| mail.to.as_str()).collect();
        assert_eq!(to, ["ada@example.org", "mary@example.org"]);
        assert_eq!(mails[1].entries[0].attendee, "mailto:mary@example.org", "or her own program would not let her answer");
        let copy = stage.app.mail_to("mary@example.org").await.remove(0);
        assert!(copy.text.contains("尊敬的Mary Somerville：") && copy.text.contains("与Ada Lovelace有关的变更"), "{}", copy.text);
        let own = stage.app.mail_to("ada@example.org").await.remove(0);
        assert_ne!(own.link("/summit/s/"), copy.link("/summit/s/"), "each has a link of their own");
        stage.moves(&session, stage.annex, "10:00").await;
        stage.releases().await;
        stage.waits().await;
        let moved = stage.app.mail_to("mary@example.org").await.remove(1);
        for words in ["时间调整: Opening", "原为：", "现为：", "完整日程"] {
            assert!(moved.text.contains(words), "{words} in:\n{}", moved.text);
        }
    }

    async fn organizers_see_the_exact_mail_hold_reword_send_and_skip(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let session = stage.session("Opening", "09:00").await;
        stage.releases().await;
        let list = stage.organizer.get(NOTICES).await;
        for words in ["Ada Lovelace", "ada@example.org", "Opening", "One notice waits"] {
            assert!(list.ok().contains(words), "{words}");
        }
        let key = list.input("notice");
        assert_eq!(stage.organizer.post_form(NOTICES, &[("notice", &key), ("decision", "hold")]).await.redirect(), NOTICES);
        assert_eq!((stage.waits().await, stage.states().await), (0, vec!["held".to_owned()]));
        // What was seen before is not what is there now.
        stage.organizer.post_form(NOTICES, &[("notice", &key), ("decision", "send")]).await.redirect();
        assert!(stage.organizer.get(NOTICES).await.says("Some notices had changed"));
        assert_eq!(stage.states().await, ["held"]);

        let key = stage.organizer.get(NOTICES).await.input("notice");
        let one = format!("{NOTICES}/{}", key.split(':').next().expect("an id"));
        let page = stage.organizer.get(&one).await;
        for words in ["METHOD:REQUEST", "BEGIN:VTIMEZONE", "Dear Ada Lovelace", "sandbox", "/summit/s/…"] {
            assert!(page.ok().contains(words), "{words}");
        }
        let framed = stage.organizer.get(&format!("{one}/html?mail=0")).await;
        assert!(framed.ok().contains("What changed") && framed.header("content-security-policy").contains("sandbox"));
        let words = [("subject", "Please be there"), ("introduction", "Dear friends,\n\nsomething <new>."), ("version", &page.input("version"))];
        stage.organizer.post_form(&one, &words).await.redirect();
        stage.organizer.post_form(&one, &words).await.has_status(409);
        let key = stage.organizer.get(&one).await.input("notice");
        stage.organizer.post_form(NOTICES, &[("notice", &key), ("decision", "send")]).await.redirect();
        let mail = stage.app.mail_to("ada@example.org").await.remove(0);
        assert_eq!((mail.subject.as_str(), mail.html.contains("something &lt;new&gt;.")), ("Please be there", true));
        assert!(stage.organizer.get(NOTICES).await.says("/organizer/summit/mail/"));

        // Skipped: the calendar keeps what it was told, and the next release compares with that.
        stage.moves(&session, stage.annex, "10:00").await;
        stage.releases().await;
        let key = stage.organizer.get(NOTICES).await.input("notice");
        stage.organizer.post_form(NOTICES, &[("notice", &key), ("decision", "skip")]).await.redirect();
        assert_eq!((stage.waits().await, stage.mails().await.len()), (0, 1));
        given::session(&stage.organizer, "Other", &[]).await;
        stage.releases().await;
        assert_eq!((stage.waits().await, stage.mails().await[1].entries[0].start.as_str()), (1, "2027-04-13T02:00:00Z"));
        let observer = stage.app.signed_in_as(Role::Observer).await;
        observer.get(NOTICES).await.ok();
        observer.post_form(NOTICES, &[("notice", &key), ("decision", "skip")]).await.has_status(403);
    }

    async fn a_calendars_answer_is_recorded_unless_it_is_out_of_date(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let session = stage.session("Opening", "09:00").await;
        stage.releases().await;
        stage.waits().await;
        stage.moves(&session, stage.annex, "10:00").await;
        stage.releases().await;
        stage.waits().await;
        let uid = stage.mails().await[0].entries[0].uid.clone();
        let answer = async |uid: &str, attendee: &str, status: &str, sequence: i32| {
            let text = format!(
                "BEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:{sequence}\r\nATTENDEE;PARTSTAT={status}:mailto:{attendee}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            );
            let read = reply::read(text.as_bytes()).expect("a reply").remove(0);
            stage.app.app.write(move |db, now| reply::record_reply(db, now, &read)).await
        };
        use plenary::notices::reply::ReplyError;
        assert!(matches!(answer(&uid, "ada@example.org", "DECLINED", 0).await, Err(ReplyError::Outdated)));
        assert!(matches!(answer(&uid, "eve@example.org", "DECLINED", 1).await, Err(ReplyError::UnknownAttendee)));
        assert!(matches!(answer("invented", "ada@example.org", "DECLINED", 1).await, Err(ReplyError::UnknownEntry)));
        assert!(matches!(answer(&uid, "ada@example.org", "NEEDS-ACTION", 1).await, Err(ReplyError::NoAnswer)));
        for (status, expected) in [("TENTATIVE", "asked"), ("ACCEPTED", "accepted")] {
            answer(&uid, "Ada@Example.org", status, 1).await.expect("recorded");
            let kept: Vec<(String, i32)> =
                stage.app.read(|db| slot_answers::table.select((slot_answers::answer, slot_answers::sequence)).load(db)).await;
            assert_eq!(kept, [(expected.to_owned(), 1)]);
        }
    }

    async fn a_calendars_answer_must_come_to_the_address_that_was_signed_for_it(db: TestDatabase) {
        use plenary::mail::arrival::model::Received;
        use plenary::mail::arrival::operations::{receive, signer};
        let stage = Stage::with(db, &[("mail.return_path", "bounces@summit.example")]).await;
        stage.session("Opening", "09:00").await;
        stage.releases().await;
        stage.waits().await;
        let entry = &stage.mails().await[0].entries[0];
        let signed = entry.organizer.trim_start_matches("mailto:").to_owned();
        assert!(signed.starts_with("bounces+r.") && signed.ends_with("@summit.example"), "{signed}");
        let signer = signer(&stage.app.app).await.expect("a signer");
        let answers = async |from: &str, to: &str, sequence: i32| {
            let mail = format!(
                "From: {from}\r\nTo: {to}\r\nSubject: Declined\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; method=REPLY; charset=utf-8\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{}\r\nSEQUENCE:{sequence}\r\nATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
                entry.uid
            );
            receive(&stage.app.app, &signer, mail.as_bytes(), &[]).await.expect("taken in")
        };
        let refused = Received::CalendarReply(0, 1);
        // A stranger knows the entry from the public feed and the address from a card; the sender is forged.
        let other = signed.replace("bounces+r.", "bounces+r.a");
        for to in ["bounces@summit.example", "summit@example.org", other.as_str()] {
            assert_eq!(answers("ada@example.org", to, 0).await, refused, "{to}");
        }
        assert_eq!(answers("ada@example.org", &signed, i32::MAX).await, refused, "no such version was told");
        let kept = async || -> i64 { stage.app.read(|db| slot_answers::table.count().get_result(db)).await };
        assert_eq!(kept().await, 0);
        // Their own program may write from another address of theirs.
        assert_eq!(answers("ada@elsewhere.example", &signed.to_uppercase(), 0).await, Received::CalendarReply(1, 0));
        assert_eq!(kept().await, 1);
    }

    async fn without_signed_addresses_the_sender_must_be_whoever_answers(db: TestDatabase) {
        use plenary::mail::arrival::model::Received;
        use plenary::mail::arrival::operations::{receive, signer};
        let stage = Stage::new(db).await;
        stage.session("Opening", "09:00").await;
        stage.releases().await;
        stage.waits().await;
        let uid = stage.mails().await[0].entries[0].uid.clone();
        let signer = signer(&stage.app.app).await.expect("a signer");
        for (from, expected) in [("mallory@evil.example", (0, 1)), ("Ada <ADA@example.org>", (1, 0))] {
            let mail = format!(
                "From: {from}\r\nTo: summit@example.org\r\nMIME-Version: 1.0\r\nContent-Type: text/calendar; method=REPLY\r\n\r\nBEGIN:VCALENDAR\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:{uid}\r\nSEQUENCE:0\r\nATTENDEE;PARTSTAT=DECLINED:mailto:ada@example.org\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
            );
            let received = receive(&stage.app.app, &signer, mail.as_bytes(), &[]).await.expect("taken in");
            assert_eq!(received, Received::CalendarReply(expected.0, expected.1), "{from}");
        }
    }

    async fn nobody_without_an_address_is_told(db: TestDatabase) {
        let stage = Stage::new(db).await;
        given::speaker(&stage.app, "bob", "Bob", None).await;
        let session = given::session(&stage.organizer, "Opening", &[("person.0", "bob")]).await;
        given::place(&stage.organizer, &session, stage.hall, "2027-04-13", "09:00").await;
        stage.releases().await;
        assert_eq!((stage.waits().await, stage.states().await.len()), (0, 0));
        let told: i64 = stage.app.read(|db| told_slots::table.count().get_result(db)).await;
        assert_eq!(told, 0);
        assert!(stage.organizer.get(RELEASES).await.ok().contains("Release"));
    }
}
