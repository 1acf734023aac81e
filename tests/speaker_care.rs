//! Inviting speakers, reminding them, and the board that shows where everybody stands.

use crate::on_both_databases;
use crate::support::{Client, Role, TestApp, TestDatabase, given};
use chrono::TimeDelta;
use diesel::prelude::*;
use plenary::db::schema::{
    address_marks, audit_entries, messages, reminders, session_speakers, speaker_assistants, speaker_invitations,
    speakers,
};
use plenary::db::{SessionId, SpeakerId};
use plenary::mail::model::MarkReason;
use plenary::speakers::inviting::model::InvitationState;

const INVITE: &str = "/organizer/summit/speakers/invite";
const BOARD: &str = "/organizer/summit/speakers/board";
const REMINDERS: &str = "/organizer/summit/reminders";

/// A summit with one session that nobody takes part in yet.
struct Stage {
    app: TestApp,
    organizer: Client,
    session: String,
}

impl Stage {
    async fn set(db: TestDatabase) -> Self {
        let app = TestApp::start(db).await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        let session = given::session(&organizer, "Engines", &[]).await;
        Self { app, organizer, session }
    }

    fn session_id(&self) -> &str {
        self.session.rsplit('/').next().expect("an id")
    }

    /// Invites Ada to the session; the address of the invitation in her mail.
    async fn invites_ada(&self) -> String {
        let fields = [
            ("name", "Ada Lovelace"),
            ("email", "ada@example.org"),
            ("language", "en"),
            ("session", self.session_id()),
            ("role", "panellist"),
            ("words", "Your notes inspired us."),
        ];
        self.organizer.post_form(INVITE, &fields).await.redirect();
        self.app.mail_to("ada@example.org").await.last().expect("a mail").link("/summit/s/")
    }

    async fn speaker(&self, name: &str) -> SpeakerId {
        let name = name.to_owned();
        self.app.read(move |db| speakers::table.filter(speakers::name.eq(name)).select(speakers::id).first(db)).await
    }

    async fn state(&self) -> InvitationState {
        self.app.read(|db| speaker_invitations::table.select(speaker_invitations::state).first(db)).await
    }

    async fn runs_reminders(&self) -> usize {
        plenary::reminders::jobs::send_due(&self.app.app).await.expect("reminders leave")
    }

    /// Kinds of the mails to an address.
    async fn kinds(&self, address: &str) -> Vec<String> {
        self.app.mail_to(address).await.into_iter().map(|mail| mail.kind).collect()
    }
}

/// The page that an invitation's address belongs to.
fn page_of(invitation: &str) -> &str {
    invitation.split("/invitations/").next().expect("a page")
}

async fn audited(app: &TestApp, action: &str) -> i64 {
    let action = action.to_owned();
    app.read(move |db| audit_entries::table.filter(audit_entries::action.eq(action)).count().get_result(db)).await
}

on_both_databases! {
    async fn a_speaker_is_invited_and_accepts(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let link = stage.invites_ada().await;
        let mail = stage.app.mail_to("ada@example.org").await.remove(0);
        assert_eq!(mail.kind, "speaker_invitation");
        assert!(mail.text.contains("Engines") && mail.text.contains("Your notes inspired us."), "{}", mail.text);
        let board = stage.organizer.get(BOARD).await;
        assert!(board.ok().contains("No answer yet"), "the board shows that an answer is awaited");

        let ada = stage.app.visitor();
        assert!(ada.get(&link).await.ok().contains("Your notes inspired us."));
        assert_eq!(stage.state().await, InvitationState::Open, "opening the link answers nothing");
        let opened: i64 = stage
            .app
            .read(|db| speakers::table.filter(speakers::opened_at.is_not_null()).count().get_result(db))
            .await;
        assert_eq!(opened, 1, "that the page was opened is noted");
        assert_eq!(ada.post_form(&format!("{link}/accept"), &[]).await.redirect(), page_of(&link));
        assert_eq!(stage.state().await, InvitationState::Accepted);
        assert!(ada.get(page_of(&link)).await.ok().contains("You take part"));
        ada.post_form(&format!("{link}/accept"), &[]).await.redirect();
        assert_eq!(audited(&stage.app, "speaker.invitation-accepted").await, 1, "twice is once");

        let parts: Vec<(SpeakerId, String)> = stage
            .app
            .read(|db| {
                session_speakers::table.select((session_speakers::speaker_id, session_speakers::role)).load(db)
            })
            .await;
        assert_eq!(parts, [(stage.speaker("Ada Lovelace").await, "panellist".to_owned())]);
        stage.app.stop().await;
    }

    async fn somebody_else_is_proposed_and_takes_the_place(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let link = stage.invites_ada().await;
        let ada = stage.app.visitor();
        let half = [("proposed_name", "Mary Somerville"), ("reason", "I am at sea")];
        let refused = ada.post_form(&format!("{link}/decline"), &half).await;
        assert!(refused.has_status(422).contains("I am at sea"), "nothing typed is lost");
        let whole = [half[0], half[1], ("proposed_email", "mary@example.org")];
        ada.post_form(&format!("{link}/decline"), &whole).await.redirect();

        let before = stage.speaker("Ada Lovelace").await;
        let invitations = format!("/organizer/summit/speakers/{before}/invitations");
        let shown = stage.organizer.get(&invitations).await;
        assert!(shown.ok().contains("Mary Somerville") && shown.ok().contains("I am at sea"));
        let id = link.rsplit('/').next().expect("an id");
        let one = format!("{invitations}/{id}");
        stage.organizer.post_form(&one, &[("do", "instead")]).await.redirect();
        let mary = stage.speaker("Mary Somerville").await;
        assert_eq!(stage.kinds("mary@example.org").await, ["speaker_invitation"]);
        let letter = stage.app.mail_to("mary@example.org").await.remove(0);
        assert!(!letter.text.contains("Your notes inspired us."), "what was written to Ada is Ada's: {}", letter.text);
        let people: Vec<SpeakerId> =
            stage.app.read(|db| session_speakers::table.select(session_speakers::speaker_id).load(db)).await;
        assert_eq!(people, [mary], "she takes over the part");
        stage.organizer.post_form(&one, &[("do", "instead")]).await.has_status(409);
        stage.organizer.post_form(&one, &[("do", "dismiss")]).await.has_status(409);
        assert_eq!(stage.kinds("mary@example.org").await.len(), 1, "one click, one invitation");
        stage.app.stop().await;
    }

    async fn an_assistant_alone_is_enough(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let nobody = [("name", "Ada Lovelace"), ("language", "en")];
        let refused = stage.organizer.post_form(INVITE, &nobody).await;
        assert!(refused.has_status(422).contains("Please give an address of the speaker or of an assistant"));
        let fields =
            [nobody[0], nobody[1], ("assistant_name", "Charles"), ("assistant_email", "charles@example.org")];
        stage.organizer.post_form(INVITE, &fields).await.redirect();
        let mail = stage.app.mail_to("charles@example.org").await.remove(0);
        assert!(mail.text.contains("Ada Lovelace"), "{}", mail.text);
        let link = mail.link("/summit/s/");
        stage.app.visitor().post_form(&format!("{link}/accept"), &[]).await.redirect();
        assert_eq!(stage.state().await, InvitationState::Accepted);
        let by: String = stage
            .app
            .read(|db| {
                audit_entries::table
                    .filter(audit_entries::action.eq("speaker.invitation-accepted"))
                    .select(audit_entries::actor_kind)
                    .first(db)
            })
            .await;
        assert_eq!(by, "assistant");
        stage.app.stop().await;
    }

    async fn an_invitation_is_of_one_speaker_only(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let link = stage.invites_ada().await;
        let other = given::speaker(&stage.app, "eve", "Eve", None).await;
        let send = format!("/organizer/summit/speakers/{other}/send-link");
        stage
            .app
            .write(move |db, _| {
                diesel::update(speakers::table.find(other)).set(speakers::email.eq("eve@example.org")).execute(db)
            })
            .await;
        stage.organizer.post_form(&send, &[]).await.redirect();
        let own = stage.app.mail_to("eve@example.org").await.remove(0).link("/summit/s/");
        let id = link.rsplit('/').next().expect("an id");
        let eve = stage.app.visitor();
        eve.get(&format!("{own}/invitations/{id}")).await.has_status(404);
        eve.post_form(&format!("{own}/invitations/{id}/accept"), &[]).await.has_status(404);
        assert_eq!(stage.state().await, InvitationState::Open);
        stage.app.stop().await;
    }

    async fn reminders_climb_their_ladder_once_and_stop_by_themselves(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let link = stage.invites_ada().await;
        assert_eq!(stage.runs_reminders().await, 0, "not on the first day");
        stage.app.clock.advance(TimeDelta::days(4));
        let all = futures_util::future::join_all((0..6).map(|_| stage.runs_reminders())).await;
        assert_eq!(all.iter().sum::<usize>(), 1, "many nodes, one reminder");
        stage.app.clock.advance(TimeDelta::days(-3));
        assert_eq!(stage.runs_reminders().await, 0);
        stage.app.clock.advance(TimeDelta::days(3));
        assert_eq!(stage.runs_reminders().await, 0, "a clock that jumped back and forth sends nothing twice");
        stage.app.clock.advance(TimeDelta::days(10));
        assert_eq!(stage.runs_reminders().await, 1, "two steps have come, one reminder leaves");
        assert_eq!(stage.runs_reminders().await, 0);
        let kinds = stage.kinds("ada@example.org").await;
        let reminded = "speaker_invitation_reminder";
        assert_eq!(kinds, ["speaker_invitation", reminded, reminded]);

        // The link of the reminder works as well as the first one.
        let later = stage.app.mail_to("ada@example.org").await.pop().expect("a mail").link("/summit/s/");
        assert_ne!(later, link);
        stage.app.visitor().post_form(&format!("{later}/accept"), &[]).await.redirect();
        let steps: i64 = stage.app.read(|db| reminders::table.count().get_result(db)).await;
        assert_eq!(steps, 3);
        stage.app.stop().await;
    }

    async fn reminders_stop_with_an_answer_a_bounce_or_the_last_day(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let link = stage.invites_ada().await;
        let bob = [("name", "Bob"), ("email", "bob@example.org"), ("language", "en")];
        stage.organizer.post_form(INVITE, &bob).await.redirect();
        let cleo = [("name", "Cleo"), ("email", "cleo@example.org"), ("language", "zh")];
        stage.organizer.post_form(INVITE, &cleo).await.redirect();
        stage.app.visitor().post_form(&format!("{link}/decline"), &[("reason", "")]).await.redirect();
        stage
            .app
            .write(|db, now| {
                diesel::insert_into(address_marks::table)
                    .values((
                        address_marks::address_key.eq("bob@example.org"),
                        address_marks::reason.eq(MarkReason::Bounce),
                        address_marks::detail.eq("no such person"),
                        address_marks::marked_at.eq(now),
                    ))
                    .execute(db)
            })
            .await;
        stage.app.clock.advance(TimeDelta::days(4));
        assert_eq!(stage.runs_reminders().await, 1, "Ada answered, Bob's mail came back");
        let mail = stage.app.mail_to("cleo@example.org").await.pop().expect("a mail");
        assert_eq!((mail.kind.as_str(), mail.language.as_str()), ("speaker_invitation_reminder", "zh"));

        let shown = stage.organizer.get(REMINDERS).await;
        let mut rules = vec![("version".to_owned(), shown.input("version"))];
        for kind in plenary::reminders::model::ReminderKind::ALL {
            rules.push((format!("{kind}_steps"), shown.input(&format!("{kind}_steps"))));
        }
        rules.retain(|(name, _)| name != "invitation_steps");
        for (name, value) in
            [("invitation_on", "on"), ("invitation_steps", "2, 5, 9"), ("invitation_until", "2027-03-06")]
        {
            rules.push((name.to_owned(), value.to_owned()));
        }
        let rules: Vec<(&str, &str)> = rules.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
        assert_eq!(stage.organizer.post_form(REMINDERS, &rules).await.redirect(), REMINDERS);
        let stale = stage.organizer.post_form(REMINDERS, &rules).await;
        assert!(stale.has_status(409).contains("2, 5, 9"), "what was typed stands there");
        stage.app.clock.advance(TimeDelta::days(8));
        assert_eq!(stage.runs_reminders().await, 0, "the last day is past");
        stage.app.stop().await;
    }

    async fn an_invitation_taken_back_can_be_sent_anew(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let link = stage.invites_ada().await;
        let ada = stage.speaker("Ada Lovelace").await;
        let list = format!("/organizer/summit/speakers/{ada}/invitations");
        let again = [("session", stage.session_id())];
        stage.organizer.post_form(&list, &again).await.has_status(409);
        let id = link.rsplit('/').next().expect("an id");
        stage.organizer.post_form(&format!("{list}/{id}"), &[("do", "withdraw")]).await.redirect();
        stage.app.visitor().post_form(&format!("{link}/accept"), &[]).await.has_status(409);
        assert_eq!(stage.state().await, InvitationState::Withdrawn);
        stage.organizer.post_form(&list, &again).await.redirect();
        assert_eq!(stage.state().await, InvitationState::Open);
        stage.app.clock.advance(TimeDelta::days(4));
        assert_eq!(stage.runs_reminders().await, 1, "the ladder begins anew");
        stage.app.stop().await;
    }

    async fn what_was_held_does_not_leave_when_the_invitation_is_taken_back(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let rules = "/organizer/summit/mail/rules";
        let version = stage.organizer.get(rules).await.input("version");
        let held = [("version", version.as_str()), ("quiet_from", ""), ("quiet_until", ""), ("held", "speaker_invitation")];
        stage.organizer.post_form(rules, &held).await.redirect();
        let link = stage.invites_ada().await;
        let ada = stage.speaker("Ada Lovelace").await;
        let id = link.rsplit('/').next().expect("an id");
        let one = format!("/organizer/summit/speakers/{ada}/invitations/{id}");
        stage.organizer.post_form(&one, &[("do", "withdraw")]).await.redirect();
        let states: Vec<String> = stage
            .app
            .read(|db| messages::table.filter(messages::kind.eq("speaker_invitation")).select(messages::state).load(db))
            .await;
        assert_eq!(states, ["cancelled"], "nothing is left to release");
        stage.app.stop().await;
    }

    async fn invitations_are_changed_by_those_of_their_sessions_forum(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let link = stage.invites_ada().await;
        let ada = stage.speaker("Ada Lovelace").await;
        let forum = stage.app.signed_in_as(Role::ForumOrganizer).await;
        // She has a part in a session of their forum too, so that they may look at her invitations.
        let own = given::forum(&stage.app, "main").await;
        stage
            .app
            .write(move |db, _| {
                use plenary::accounts::model::TeamRole;
                use plenary::db::schema::{membership_forums, memberships};
                let member: plenary::db::MembershipId = memberships::table
                    .filter(memberships::role.eq(TeamRole::ForumOrganizer))
                    .select(memberships::id)
                    .first(db)?;
                diesel::insert_into(membership_forums::table)
                    .values((membership_forums::membership_id.eq(member), membership_forums::forum_id.eq(own)))
                    .execute(db)
            })
            .await;
        let theirs = given::session(&stage.organizer, "Looms", &[]).await;
        let session: SessionId = theirs.rsplit('/').next().expect("an id").parse().expect("an id");
        stage
            .app
            .write(move |db, _| {
                use plenary::db::schema::sessions;
                diesel::update(sessions::table.find(session)).set(sessions::forum_id.eq(own)).execute(db)?;
                diesel::insert_into(session_speakers::table)
                    .values((
                        (session_speakers::session_id.eq(session), session_speakers::speaker_id.eq(ada)),
                        (session_speakers::role.eq("speaker"), session_speakers::position.eq(0)),
                    ))
                    .execute(db)
            })
            .await;
        let list = format!("/organizer/summit/speakers/{ada}/invitations");
        let id = link.rsplit('/').next().expect("an id");
        assert!(!forum.get(&list).await.ok().contains("value=\"withdraw\""));
        for what in ["withdraw", "dismiss", "instead"] {
            forum.post_form(&format!("{list}/{id}"), &[("do", what)]).await.has_status(403);
        }
        assert_eq!(stage.state().await, InvitationState::Open);
        stage.organizer.post_form(&format!("{list}/{id}"), &[("do", "withdraw")]).await.redirect();
        stage.app.stop().await;
    }

    async fn the_board_filters_counts_and_leads_to_a_mailing(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage.invites_ada().await;
        given::speaker(&stage.app, "eve", "Eve Stranger", None).await;
        let board = stage.organizer.get(BOARD).await;
        assert!(board.ok().contains("Ada Lovelace") && board.ok().contains("Eve Stranger"));
        assert!(board.ok().contains("No address"), "Eve can't be written to");
        assert!(board.ok().contains("1 of 2"), "one of two is invited");
        let invited = stage.organizer.get(&format!("{BOARD}?attendance=invited")).await;
        assert!(invited.ok().contains("Ada Lovelace") && !invited.ok().contains("Eve Stranger"));
        assert!(invited.ok().contains("mailings/new?whom=speakers&amp;missing=photo"), "{}", invited.body);
        let mailing = stage.organizer.get("/organizer/summit/mailings/new?whom=speakers&missing=photo").await;
        let ticked = mailing.ok().split("missing-photo").nth(1).expect("the choice");
        assert!(ticked.split('>').next().expect("the tag").contains("checked"));
        assert!(stage.organizer.get(&format!("{BOARD}?missing=photo&q=nobody")).await.ok().contains("0"));
        stage.app.stop().await;
    }

    async fn a_forum_organizer_invites_to_their_own_sessions_only(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let forum = stage.app.signed_in_as(Role::ForumOrganizer).await;
        let fields = [
            ("name", "Ada Lovelace"),
            ("email", "ada@example.org"),
            ("language", "en"),
            ("session", stage.session_id()),
        ];
        forum.post_form(INVITE, &fields).await.has_status(422);
        assert!(stage.app.outbox().await.is_empty());
        let assistants: i64 = stage.app.read(|db| speaker_assistants::table.count().get_result(db)).await;
        assert_eq!(assistants, 0);
        let _: SessionId = stage.session_id().parse().expect("an id");
        stage.app.stop().await;
    }

    async fn whoever_was_replaced_cannot_accept_any_more(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let link = stage.invites_ada().await;
        let ada = stage.app.visitor();
        let proposing = [("proposed_name", "Mary Somerville"), ("proposed_email", "mary@example.org"), ("reason", "At sea")];
        ada.post_form(&format!("{link}/decline"), &proposing).await.redirect();
        let list = format!("/organizer/summit/speakers/{}/invitations", stage.speaker("Ada Lovelace").await);
        // What was proposed is not lost by inviting anew.
        stage.organizer.post_form(&list, &[("session", stage.session_id())]).await.has_status(409);
        let one = format!("{list}/{}", link.rsplit('/').next().expect("an id"));
        stage.organizer.post_form(&one, &[("do", "instead")]).await.redirect();
        assert!(ada.get(&link).await.ok().contains("Somebody else was invited in your place"));
        ada.post_form(&format!("{link}/accept"), &[]).await.has_status(409);
        assert!(stage.organizer.get(&list).await.ok().contains("Mary Somerville"), "whom she proposed is kept");
        stage.organizer.post_form(&list, &[("session", "")]).await.redirect();
        stage.app.stop().await;
    }

    async fn one_submission_invites_once_and_an_address_is_of_one_speaker(db: TestDatabase) {
        let stage = Stage::set(db).await;
        let form = stage.organizer.get(INVITE).await;
        let key = form.input("key");
        assert!(form.ok().contains(r#"inputmode="email""#) && !form.ok().contains(r#"type="email""#));
        let ada = [("name", "Ada Lovelace"), ("email", "用户@例子.广告"), ("language", "en"), ("key", key.as_str())];
        let first = stage.organizer.post_form(INVITE, &ada).await.redirect().to_owned();
        assert_eq!(stage.organizer.post_form(INVITE, &ada).await.redirect(), first, "a double click");
        let count: i64 = stage.app.read(|db| speakers::table.count().get_result(db)).await;
        assert_eq!((count, stage.app.outbox().await.len()), (1, 1));
        let again = [("name", "Ada L."), ("email", "用户@例子.广告"), ("language", "en")];
        let refused = stage.organizer.post_form(INVITE, &again).await;
        assert!(refused.has_status(422).contains("is a speaker of this event already"), "{}", refused.body);
        assert!(refused.says("Ada L."));

        let helped = [
            ("name", "Grace Hopper"),
            ("language", "en"),
            ("assistant_name", "Charles"),
            ("assistant_email", "charles@example.org"),
        ];
        stage.organizer.post_form(INVITE, &helped).await.redirect();
        let may: Vec<bool> =
            stage.app.read(|db| speaker_assistants::table.select(speaker_assistants::may_travel).load(db)).await;
        assert_eq!(may, [false], "nobody said that they see the travel");
        stage.app.stop().await;
    }

    async fn a_declined_invitation_says_what_and_who_instead(db: TestDatabase) {
        let stage = Stage::set(db).await;
        stage
            .app
            .write(|db, _| {
                use plenary::db::schema::events;
                diesel::update(events::table).set(events::contact_email.eq("office@example.org")).execute(db)
            })
            .await;
        let bob = [("name", "Bob"), ("email", "bob@example.org"), ("language", "en")];
        stage.organizer.post_form(INVITE, &bob).await.redirect();
        let link = stage.app.mail_to("bob@example.org").await.remove(0).link("/summit/s/");
        let proposing = [("proposed_name", "Mary Somerville"), ("proposed_email", "mary@example.org"), ("reason", "Ill")];
        stage.app.visitor().post_form(&format!("{link}/decline"), &proposing).await.redirect();
        let mail = stage.app.mail_to("office@example.org").await.remove(0);
        assert!(mail.text.contains("Bob declines the invitation to"), "{}", mail.text);
        assert!(mail.text.contains("Mary Somerville") && mail.text.contains("mary@example.org"), "{}", mail.text);
        assert!(!mail.text.contains("this session"), "{}", mail.text);
        stage.app.stop().await;
    }

    async fn mails_about_a_deleted_speaker_are_emptied(db: TestDatabase) {
        use plenary::db::schema::messages;
        let stage = Stage::set(db).await;
        stage.invites_ada().await;
        let url = format!("/organizer/summit/speakers/{}", stage.speaker("Ada Lovelace").await);
        let version = stage.organizer.get(&url).await.input("version");
        stage.organizer.post_form(&format!("{url}/delete"), &[("version", &version)]).await.redirect();
        let kept: Vec<(String, String, String, String)> = stage
            .app
            .read(|db| {
                messages::table
                    .select((messages::recipient_address, messages::body_text, messages::recipient_name, messages::state))
                    .load(db)
            })
            .await;
        let nothing = String::new;
        assert_eq!(kept, [(nothing(), nothing(), nothing(), "cancelled".to_owned())], "nor does it leave");
        stage.app.stop().await;
    }
}
