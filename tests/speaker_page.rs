//! The page behind a speaker's private link, and the team's side of it.

use crate::on_both_databases;
use crate::support::{Answer, Client, Role, TestApp, given};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{audit_entries, availabilities, events, session_speakers, sessions, slot_answers, speakers};
use plenary::db::{AssistantId, SessionId, SpeakerId, UtcTime};
use plenary::programme::model::{Role as Part, SessionState};
use plenary::schedule::draft::Level;
use plenary::speakers::own::model::{AnswerKind, AnsweredBy};

const RELEASES: &str = "/organizer/summit/releases";

/// A summit with one placed and released session of Ada's.
struct Stage {
    app: TestApp,
    organizer: Client,
    ada: SpeakerId,
    session: String,
    room: plenary::db::RoomId,
}

impl Stage {
    async fn set(db: crate::support::TestDatabase) -> Self {
        Self::set_with(db, &[]).await
    }

    async fn set_with(db: crate::support::TestDatabase, settings: &[(&str, &str)]) -> Self {
        let app = TestApp::start_with(db, settings).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let event = app.event().await.id;
        app.write(move |db, _| {
            diesel::update(events::table.find(event)).set(events::contact_email.eq("office@example.org")).execute(db)
        })
        .await;
        let ada = given::speaker(&app, "ada", "Ada Lovelace", None).await;
        app.write(move |db, _| {
            diesel::update(speakers::table.find(ada)).set(speakers::email.eq("ada@example.org")).execute(db)
        })
        .await;
        let room = given::room(&organizer, &app, "Great Hall", &[]).await;
        let session = given::session(&organizer, "Engines", &[]).await;
        let stage = Self { app, organizer, ada, session, room };
        stage.takes_part(ada).await;
        given::place(&stage.organizer, &stage.session, room, "2027-04-13", "09:00").await;
        stage.releases().await;
        stage
    }

    fn session_id(&self) -> SessionId {
        self.session.rsplit('/').next().expect("an id").parse().expect("an id")
    }

    async fn takes_part(&self, speaker: SpeakerId) {
        let session = self.session_id();
        self.app
            .write(move |db, _| {
                diesel::insert_into(session_speakers::table)
                    .values((
                        session_speakers::session_id.eq(session),
                        session_speakers::speaker_id.eq(speaker),
                        session_speakers::role.eq(Part::Speaker),
                        session_speakers::position.eq(0),
                    ))
                    .execute(db)
            })
            .await;
    }

    async fn releases(&self) {
        assert_eq!(self.organizer.post_form(RELEASES, &[]).await.redirect(), RELEASES);
        self.app.refresh_site().await;
    }

    /// Moves the session's slot and releases the change.
    async fn moves_to(&self, day: &str, start: &str) {
        let session = self.session_id();
        let local = format!("{day}T{start}:00+08:00");
        let at: UtcTime = chrono::DateTime::parse_from_rfc3339(&local).expect("a time").to_utc().into();
        self.app
            .write(move |db, _| {
                use plenary::db::schema::slots;
                diesel::update(slots::table.filter(slots::session_id.eq(session)))
                    .set((slots::starts_at.eq(at), slots::ends_at.eq(at + TimeDelta::hours(1))))
                    .execute(db)
            })
            .await;
        self.app.clock.advance(TimeDelta::minutes(1));
        self.releases().await;
    }

    /// Lets the team send the link; the address of the page.
    async fn link(&self) -> String {
        let send = format!("/organizer/summit/speakers/{}/send-link", self.ada);
        self.app.clock.advance(TimeDelta::seconds(1));
        self.organizer.post_form(&send, &[]).await.redirect();
        self.app.mail_to("ada@example.org").await.last().expect("a mail").link("/summit/s/")
    }

    async fn state(&self) -> SessionState {
        let session = self.session_id();
        self.app.read(move |db| sessions::table.find(session).select(sessions::state).first(db)).await
    }

    async fn answers(&self) -> Vec<(AnswerKind, String, i32, AnsweredBy)> {
        let columns = (slot_answers::answer, slot_answers::reason, slot_answers::sequence, slot_answers::answered_by);
        self.app.read(move |db| slot_answers::table.select(columns).load(db)).await
    }

    /// The windows kept for Ada, as "start end level".
    async fn windows(&self) -> Vec<(String, String, Level)> {
        let columns = (availabilities::starts_at, availabilities::ends_at, availabilities::level);
        let rows: Vec<(UtcTime, UtcTime, Level)> = self
            .app
            .read(move |db| availabilities::table.order(availabilities::starts_at).select(columns).load(db))
            .await;
        rows.into_iter().map(|(start, end, level)| (start.to_string(), end.to_string(), level)).collect()
    }
}

/// Answers the only slot on the page as it is shown.
async fn answers(client: &Client, page: &str, step: &str, reason: &str) -> Answer {
    let shown = client.get(page).await;
    let (slot, sequence) = (shown.input("slot"), shown.input("sequence"));
    let fields = [("slot", slot.as_str()), ("sequence", sequence.as_str()), ("reason", reason)];
    client.post_form(&format!("{page}/{step}"), &fields).await
}

async fn audited(app: &TestApp, action: &str) -> i64 {
    let action = action.to_owned();
    app.read(move |db| audit_entries::table.filter(audit_entries::action.eq(action)).count().get_result(db)).await
}

on_both_databases! {
    async fn a_speaker_accepts_and_the_session_is_confirmed(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let page = stage.link().await;
        let speaker = stage.app.visitor();
        let shown = speaker.get(&page).await;
        assert_eq!(shown.header("cache-control"), "no-store");
        for words in ["Welcome, Ada Lovelace", "Engines", "Tuesday 13 April 2027", "09:00–10:00", "Great Hall", "Please answer", "noindex"] {
            assert!(shown.ok().replace("Tuesday, 13", "Tuesday 13").contains(words), "{words} in {}", shown.body);
        }
        assert_eq!(answers(&speaker, &page, "accept", "").await.redirect(), page);
        let shown = speaker.get(&page).await;
        assert!(shown.says("You have accepted") && shown.says("The organizers see that this time suits you") && shown.says("Confirmed"));
        assert_eq!(stage.answers().await, [(AnswerKind::Accepted, String::new(), 0, AnsweredBy::Speaker)]);
        assert_eq!((stage.state().await, audited(&stage.app, "session.confirmed").await), (SessionState::Confirmed, 1));
        let list = stage.organizer.get("/organizer/summit/answers").await;
        assert!(list.ok().contains("Accepted") && list.says("by the speaker"));
        assert!(stage.organizer.get(&stage.session).await.ok().contains("Answers of speakers"));
        let team = stage.organizer.get(&format!("/organizer/summit/speakers/{}", stage.ada)).await;
        assert!(team.ok().contains("One link works") && team.says("by the speaker"));
    }

    async fn a_session_is_confirmed_only_when_everybody_has_accepted(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let ben = given::speaker(&stage.app, "ben", "Ben Bo", None).await;
        stage.takes_part(ben).await;
        stage.releases().await;
        let page = stage.link().await;
        let speaker = stage.app.visitor();
        assert!(speaker.get(&page).await.ok().contains("Ben Bo"));
        answers(&speaker, &page, "accept", "").await.redirect();
        assert_eq!(stage.state().await, SessionState::Accepted);
        // Ben tells it by telephone.
        let address = format!("/organizer/summit/speakers/{ben}");
        let shown = stage.organizer.get(&address).await;
        let (slot, sequence) = (shown.input("slot"), shown.input("sequence"));
        let record = format!("{address}/answer");
        stage.organizer.post_form(&record, &[("slot", &slot), ("sequence", &sequence)]).await.has_status(422);
        stage.organizer.post_form(&record, &[("slot", &slot), ("sequence", "9"), ("answer", "accepted")]).await.has_status(409);
        let answer = stage.organizer.post_form(&record, &[("slot", &slot), ("sequence", &sequence), ("answer", "accepted")]).await;
        assert_eq!(answer.redirect(), format!("{address}#own"));
        assert_eq!(stage.state().await, SessionState::Confirmed);
        assert!(stage.answers().await.iter().any(|answer| answer.3 == AnsweredBy::Organizer));
    }

    async fn a_moved_slot_is_asked_anew(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let page = stage.link().await;
        let speaker = stage.app.visitor();
        let before = speaker.get(&page).await;
        answers(&speaker, &page, "accept", "").await.redirect();
        stage.moves_to("2027-04-14", "11:00").await;
        let shown = speaker.get(&page).await;
        assert!(shown.ok().contains("Please answer again") && shown.says("Something has changed since you answered"), "{}", shown.body);
        assert!(stage.organizer.get("/organizer/summit/answers?answer=earlier").await.ok().contains("Answered an earlier time"));
        // A page from before the move answers nothing.
        let stale = [("slot", before.input("slot")), ("sequence", before.input("sequence"))];
        let stale: Vec<(&str, &str)> = stale.iter().map(|(name, value)| (*name, value.as_str())).collect();
        assert_eq!(speaker.post_form(&format!("{page}/accept"), &stale).await.redirect(), page);
        assert!(speaker.get(&page).await.ok().contains("Nothing was recorded, because this time has changed"));
        assert_eq!(stage.answers().await[0].2, 0);
        answers(&speaker, &page, "accept", "").await.redirect();
        assert_eq!(stage.answers().await[0].2, 1);
        assert!(!speaker.get(&page).await.says("Please answer again"));
    }

    async fn who_asks_for_another_time_is_shown_to_the_organizers(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let page = stage.link().await;
        let speaker = stage.app.visitor();
        let slot = speaker.get(&page).await.input("slot");
        assert!(speaker.get(&format!("{page}/ask?slot={slot}")).await.ok().contains("Ask for another time"));
        assert!(answers(&speaker, &page, "ask", " ").await.has_status(422).contains("Please fill this in"));
        assert_eq!(answers(&speaker, &page, "ask", "My flight lands at noon").await.redirect(), format!("{page}/availability"));
        assert!(speaker.get(&format!("{page}/availability")).await.ok().contains("Your request is noted"));
        assert!(stage.organizer.get("/organizer/summit").await.ok().contains("One speaker asks for another time"));
        assert!(stage.organizer.get("/organizer/summit/answers?answer=asked").await.ok().contains("My flight lands at noon"));
        // Another time answers the request.
        stage.moves_to("2027-04-13", "14:00").await;
        assert!(!stage.organizer.get("/organizer/summit").await.says("asks for another time"));
        assert_eq!(speaker.get(&format!("{page}/ask?slot=no-such-slot")).await.redirect(), page);
    }

    async fn who_withdraws_is_told_to_the_organizers_and_the_session_stays(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let page = stage.link().await;
        let speaker = stage.app.visitor();
        let slot = speaker.get(&page).await.input("slot");
        let asked = speaker.get(&format!("{page}/withdraw?slot={slot}")).await;
        assert!(asked.ok().contains("Withdraw from this session?") && stage.answers().await.is_empty());
        assert_eq!(answers(&speaker, &page, "withdraw", "I am ill").await.redirect(), page);
        assert!(speaker.get(&page).await.ok().contains("You have withdrawn"));
        assert_eq!((stage.answers().await[0].0, stage.state().await), (AnswerKind::Declined, SessionState::Accepted));
        let mail = stage.app.mail_to("office@example.org").await.pop().expect("a mail");
        assert!(mail.subject.contains("Ada Lovelace withdraws: Engines") && mail.text.contains("I am ill"));
        assert!(mail.text.contains("09:00–10:00") && mail.html.contains("Great Hall"));
        assert!(stage.organizer.get("/organizer/summit").await.ok().contains("One speaker has withdrawn from a session"));
        // They may think better of it.
        answers(&speaker, &page, "accept", "").await.redirect();
        assert!(!stage.organizer.get("/organizer/summit").await.says("has withdrawn"));
    }

    async fn nothing_of_the_draft_is_shown_before_its_release(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let page = stage.link().await;
        let event = stage.app.event().await.id;
        let next = given::session(&stage.organizer, "Secret plan", &[]).await;
        let id: SessionId = next.rsplit('/').next().expect("an id").parse().expect("an id");
        let ada = stage.ada;
        stage.app.write(move |db, _| {
            diesel::insert_into(session_speakers::table)
                .values((session_speakers::session_id.eq(id), session_speakers::speaker_id.eq(ada), session_speakers::role.eq(Part::Chair), session_speakers::position.eq(0)))
                .execute(db)
        }).await;
        given::place(&stage.organizer, &next, stage.room, "2027-04-15", "17:15").await;
        let shown = stage.app.visitor().get(&page).await;
        assert!(shown.ok().contains("Secret plan") && shown.says("Not scheduled yet") && !shown.says("17:15"));
        let calendar = stage.app.visitor().get(&format!("{page}/calendar.ics")).await;
        assert_eq!(calendar.header("content-type"), "text/calendar; charset=utf-8");
        assert!(calendar.ok().contains("Engines") && !calendar.says("Secret"));
        assert_eq!(calendar.header("cache-control"), "no-store");
        stage.releases().await;
        assert!(stage.app.visitor().get(&page).await.ok().contains("17:15"));
        assert!(stage.app.visitor().get(&format!("{page}/calendar.ics")).await.ok().contains("Secret plan"));
        let gone = stage.app.read(move |db| sessions::table.filter(sessions::event_id.eq(event)).count().get_result::<i64>(db)).await;
        assert_eq!(gone, 2);
    }

    async fn a_calendar_can_be_subscribed_to_before_anything_is_released(db: TestDatabase) {
        let app = TestApp::start(db).await;
        app.event().await;
        let speaker = given::speaker(&app, "early", "Early Bird", None).await;
        let token = app.write(move |db, now| plenary::speakers::own::operations::new_link(db, now, speaker, None)).await;
        let page = format!("/summit/s/{}", token.reveal());
        let calendar = app.visitor().get(&format!("{page}/calendar.ics")).await;
        assert!(calendar.ok().contains("BEGIN:VTIMEZONE") && !calendar.says("BEGIN:VEVENT"));
        assert!(app.visitor().get(&page).await.ok().contains("No sessions yet"));
    }

    async fn times_are_shown_on_the_clocks_of_the_speaker_and_of_the_venue(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let page = stage.link().await;
        let shown = stage.app.visitor().get(&format!("{page}?tz=Asia/Kathmandu")).await;
        // 09:00 in Shanghai is 06:45 in Nepal.
        assert!(shown.ok().contains("06:45–07:45") && shown.says("09:00–10:00, Shanghai (UTC+8:00)") && shown.says("Kathmandu (UTC+5:45)"), "{}", shown.body);
        let shown = stage.app.visitor_reading("zh").get(&format!("{page}?tz=America/St_Johns")).await;
        assert!(shown.ok().contains("22:30–23:30") && shown.says("2027年4月12日星期一") && shown.says("请答复"), "{}", shown.body);
    }

    async fn availabilities_are_kept_as_instants_whatever_the_zone(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let page = format!("{}/availability", stage.link().await);
        let speaker = stage.app.visitor();
        let shown = speaker.get(&format!("{page}?tz=Asia/Kathmandu")).await;
        // The venue's days touch five days of Nepal's.
        assert!(shown.ok().contains("level.2027-04-12.0") && shown.says("level.2027-04-16.0") && !shown.says("level.2027-04-17.0"));
        let stamp = shown.input("stamp");
        let wrong = [("stamp", stamp.as_str()), ("zone", "Asia/Kathmandu"), ("from.2027-04-13.0", "12:00"), ("to.2027-04-13.0", "11:00"), ("level.2027-04-13.0", "available"), ("from.2027-04-14.0", "08:00"), ("level.2027-04-14.0", "")];
        let refused = speaker.post_form(&page, &wrong).await;
        assert!(refused.has_status(422).contains("The end should be later") && refused.says("Please choose whether these hours are possible") && refused.says("value=\"12:00\""));
        let right = [("stamp", stamp.as_str()), ("zone", "Asia/Kathmandu"), ("from.2027-04-13.0", "09:15"), ("to.2027-04-13.0", "11:30"), ("level.2027-04-13.0", "preferred"), ("level.2027-04-14.0", "unavailable")];
        speaker.post_form(&page, &right).await.redirect();
        assert_eq!(stage.windows().await, [
            ("2027-04-13T03:30:00Z".to_owned(), "2027-04-13T05:45:00Z".to_owned(), Level::Preferred),
            ("2027-04-13T18:15:00Z".to_owned(), "2027-04-14T18:15:00Z".to_owned(), Level::Unavailable),
        ]);
        // The same on the venue's clocks, where the whole day is in two days.
        let venue = speaker.get(&format!("{page}?tz=Asia/Shanghai")).await;
        assert!(venue.ok().contains("value=\"11:30\"") && venue.says("value=\"13:45\"") && venue.says("value=\"02:15\""));
        let team = stage.organizer.get(&format!("/organizer/summit/speakers/{}", stage.ada)).await;
        assert!(team.ok().contains("Tue 13 Apr 11:30–13:45") && team.says("Preferred"), "{}", team.body);
        // Who saves a page from before is shown both.
        let late = speaker.post_form(&page, &right).await;
        assert!(late.has_status(409).contains("These times were changed in the meantime") && late.says("value=\"09:15\""));
        let again = [("stamp", late.input("stamp")), ("zone", "Asia/Kathmandu".to_owned()), ("level.2027-04-13.0", String::new())];
        let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
        speaker.post_form(&page, &again).await.redirect();
        assert!(stage.windows().await.is_empty());
    }

    async fn lines_are_added_and_removed_without_saving(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let page = format!("{}/availability", stage.link().await);
        let speaker = stage.app.visitor();
        let zone = ("zone", "Asia/Shanghai");
        let first = [zone, ("from.2027-04-13.0", "08:00"), ("to.2027-04-13.0", "09:00"), ("level.2027-04-13.0", "available")];
        let more = speaker.post_form(&page, &[&first[..], &[("add", "2027-04-13")]].concat()).await;
        assert!(more.ok().contains("level.2027-04-13.1") && more.says("value=\"08:00\""));
        let second = [("from.2027-04-13.1", "10:00"), ("to.2027-04-13.1", "11:00"), ("level.2027-04-13.1", "preferred")];
        let less = speaker.post_form(&page, &[&first[..], &second[..], &[("remove", "2027-04-13.0")]].concat()).await;
        assert!(!less.ok().contains("level.2027-04-13.1") && less.says("value=\"10:00\"") && !less.says("value=\"08:00\""));
        assert!(stage.windows().await.is_empty());
    }

    async fn hours_that_clocks_show_twice_or_not_at_all_stay_what_they_were(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let event = stage.app.event().await.id;
        let day = |text: &str| text.parse::<chrono::NaiveDate>().expect("a day");
        let page = format!("{}/availability", stage.link().await);
        let speaker = stage.app.visitor();
        for (date, from, to, start, end) in [
            ("2027-03-28", "02:30", "04:00", "2027-03-28T01:00:00Z", "2027-03-28T02:00:00Z"),
            ("2027-10-31", "02:00", "03:00", "2027-10-31T00:00:00Z", "2027-10-31T02:00:00Z"),
        ] {
            let (first, last) = (day(date), day(date));
            stage.app.write(move |db, _| {
                diesel::delete(availabilities::table).execute(db)?;
                diesel::update(events::table.find(event)).set((events::starts_on.eq(first), events::ends_on.eq(last))).execute(db)
            }).await;
            let (from_name, to_name, level) = (format!("from.{date}.0"), format!("to.{date}.0"), format!("level.{date}.0"));
            let stamp = speaker.get(&page).await.input("stamp");
            let typed = [("stamp", stamp.as_str()), ("zone", "Europe/Berlin"), (&from_name, from), (&to_name, to), (&level, "available")];
            speaker.post_form(&page, &typed).await.redirect();
            let kept = vec![(start.to_owned(), end.to_owned(), Level::Available)];
            assert_eq!(stage.windows().await, kept, "{date}");
            // Shown and saved again without a change, on other clocks too.
            for zone in ["Europe/Berlin", "Asia/Kathmandu", "America/St_Johns"] {
                let shown = speaker.get(&format!("{page}?tz={zone}")).await;
                let mut fields = Vec::new();
                for part in shown.ok().split("name=\"").skip(1) {
                    let name = part.split('"').next().unwrap_or_default().to_owned();
                    if ["from.", "to.", "kept."].iter().any(|prefix| name.starts_with(prefix)) {
                        fields.push((name.clone(), shown.input(&name)));
                    }
                    if name.starts_with("level.") {
                        let select = part.split("</select>").next().unwrap_or_default();
                        let chosen = select.split("<option").find(|option| option.contains(" selected"));
                        let value = chosen.and_then(|option| option.split("value=\"").nth(1)?.split('"').next()).unwrap_or_default();
                        fields.push((name, value.to_owned()));
                    }
                }
                fields.push(("stamp".to_owned(), shown.input("stamp")));
                fields.push(("zone".to_owned(), zone.to_owned()));
                let fields: Vec<(&str, &str)> = fields.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
                speaker.post_form(&page, &fields).await.redirect();
                assert_eq!(stage.windows().await, kept, "{date} in {zone}");
            }
        }
    }

    async fn an_assistant_has_a_link_of_their_own_until_removed(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let page = stage.link().await;
        let (speaker, assistant) = (stage.app.visitor(), stage.app.visitor());
        let list = format!("{page}/assistants");
        let wrong = speaker.post_form(&list, &[("name", ""), ("email", "nobody"), ("language", "xx")]).await;
        assert!(wrong.has_status(422).contains("Please fill this in") && wrong.says("value=\"nobody\""));
        let right = [("name", "Cem Kaya"), ("email", "cem@example.org"), ("language", "zh")];
        assert_eq!(speaker.post_form(&list, &right).await.redirect(), list);
        assert!(speaker.post_form(&list, &right).await.has_status(422).contains("helps already"));
        let mail = stage.app.mail_to("cem@example.org").await.pop().expect("a mail");
        assert!(mail.language == "zh" && mail.subject.contains("您是Ada Lovelace的助理"));
        let own = mail.link("/summit/s/");
        assert_ne!(own, page);
        let shown = assistant.get(&own).await;
        assert!(shown.ok().contains("Page of Ada Lovelace") && !shown.says("Add an assistant"));
        assistant.get(&format!("{own}/assistants")).await.has_status(403);
        assistant.post_form(&format!("{own}/assistants"), &right).await.has_status(403);
        answers(&assistant, &own, "accept", "").await.redirect();
        assert_eq!(stage.answers().await[0].3, AnsweredBy::Assistant);
        let id = stage.app.read(|db| {
            use plenary::db::schema::speaker_assistants;
            speaker_assistants::table.select(speaker_assistants::id).first::<AssistantId>(db)
        }).await;
        let team = stage.organizer.get(&format!("/organizer/summit/speakers/{}", stage.ada)).await;
        assert!(team.ok().contains("cem@example.org"));
        let again = [("assistant", id.to_string())];
        let again: Vec<(&str, &str)> = again.iter().map(|(name, value)| (*name, value.as_str())).collect();
        stage.organizer.post_form(&format!("/organizer/summit/speakers/{}/send-link", stage.ada), &again).await.redirect();
        assert_eq!(stage.app.mail_to("cem@example.org").await.len(), 2);
        let remove = format!("{list}/{id}/remove");
        assert_eq!(speaker.post_form(&remove, &[]).await.redirect(), list);
        speaker.post_form(&remove, &[]).await.has_status(404);
        assistant.get(&own).await.has_status(404);
        speaker.get(&page).await.ok();
    }

    async fn organizers_name_the_assistant_of_a_guest_without_an_address(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.app.write(|db, _| {
            use plenary::db::schema::speakers;
            diesel::update(speakers::table).set(speakers::email.eq(None::<String>)).execute(db)
        }).await;
        let list = format!("/organizer/summit/speakers/{}/assistants", stage.ada);
        let wrong = stage.organizer.post_form(&list, &[("name", "Cem Kaya"), ("email", "nobody"), ("language", "en")]).await;
        assert!(wrong.has_status(422).contains("value=\"nobody\"") && wrong.says("value=\"Cem Kaya\""));
        let right = [("name", "Cem Kaya"), ("email", "cem@example.org"), ("language", "en")];
        assert_eq!(stage.organizer.post_form(&list, &right).await.redirect(), list);
        stage.organizer.post_form(&list, &right).await.has_status(422);
        let mail = stage.app.mail_to("cem@example.org").await.pop().expect("a mail");
        let assistant = stage.app.visitor();
        let own = mail.link("/summit/s/");
        assistant.get(&own).await.ok();
        let shown = stage.organizer.get(&list).await;
        let remove = shown.ok().split("action=\"").find(|part| part.contains("/remove\"")).and_then(|part| part.split('"').next()).expect("a form").replace("&#x2f;", "/");
        assert_eq!(stage.organizer.post_form(&remove, &[]).await.redirect(), list);
        assistant.get(&own).await.has_status(404);
    }

    async fn links_stay_valid_beside_newer_ones_until_they_are_revoked(db: TestDatabase) {
        let stage = Stage::set_with(db, &[("limits.registrations_per_minute", "3")]).await;
        let (first, second) = (stage.link().await, stage.link().await);
        let speaker = stage.app.visitor();
        assert_ne!(first, second);
        for page in [&first, &second] {
            speaker.get(page).await.ok();
        }
        let other = stage.app.given_event("other").await;
        assert!(speaker.get(&first.replace("/summit/", &format!("/{}/", other.slug))).await.has_status(404).contains("This link does not work"));
        stage.organizer.post_form(&format!("/organizer/summit/speakers/{}/revoke-links", stage.ada), &[]).await.redirect();
        let gone = speaker.get(&first).await;
        assert!(gone.has_status(404).contains("This link does not work") && gone.says("office@example.org"));
        answers_nothing(&speaker, &second).await;
        // Three tries a minute from one address.
        speaker.get("/summit/s/guessed").await.has_status(429);
    }

    async fn only_who_may_change_a_speaker_sends_links(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let officer = stage.app.signed_in_as(Role::AccreditationOfficer).await;
        let address = format!("/organizer/summit/speakers/{}", stage.ada);
        assert!(!officer.get(&address).await.ok().contains("Send link"));
        officer.post_form(&format!("{address}/send-link"), &[]).await.has_status(403);
        // Forum organizers have no forum here, and the session none of theirs.
        let forum = stage.app.signed_in_as(Role::ForumOrganizer).await;
        forum.post_form(&format!("{address}/revoke-links"), &[]).await.has_status(403);
        let ada = stage.ada;
        stage.app.write(move |db, _| diesel::update(speakers::table.find(ada)).set(speakers::email.eq(None::<String>)).execute(db)).await;
        assert!(stage.organizer.get(&address).await.ok().contains("first save an e-mail address"));
        stage.organizer.post_form(&format!("{address}/send-link"), &[]).await.has_status(409);
    }
}

async fn answers_nothing(client: &Client, page: &str) {
    client.post_form(&format!("{page}/accept"), &[]).await.has_status(404);
}
