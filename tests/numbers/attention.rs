//! The overview: what needs someone today, for who may do it.

use super::{MADE, Made, Stage};
use crate::on_both_databases;
use crate::support::Role;
use crate::support::app::instant;
use diesel::prelude::*;
use plenary::db::schema::{delegation_quotas, delegations, messages, registrations, scans};
use plenary::db::{DelegationId, MessageId, ScanId};
use plenary::registration::model::RegistrationState as S;

const OVERVIEW: &str = "/organizer/summit";

on_both_databases! {
    async fn nothing_needs_anybody_at_a_quiet_event(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:00:00+08:00").await;
        let page = stage.organizer.get(OVERVIEW).await;
        assert!(page.ok().contains("Nothing waits for you.") && page.says("Next steps"));
    }

    async fn each_thing_that_waits_is_a_line_that_leads_to_it(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:00:00+08:00").await;
        let guest = stage.category("guest", "3").await;
        stage.given(guest, Made { state: S::Applied, at: "2027-03-02T20:00:00Z", ..MADE }).await;
        stage.given(guest, Made { state: S::Applied, at: "2027-03-04T20:00:00Z", ..MADE }).await;
        let asked = stage.given(guest, Made { state: S::Applied, at: "2027-02-01T20:00:00Z", ..MADE }).await;
        let offered = stage.given(guest, Made { state: S::Offered, ..MADE }).await;
        let watched = stage.given(guest, Made { state: S::Waitlisted, waited: true, ..MADE }).await;
        let event = stage.app.event().await.id;
        stage.app.write(move |db, now| {
            let row = |id| diesel::update(registrations::table.find(id));
            row(asked).set(registrations::asked_at.eq(now)).execute(db)?;
            row(offered).set(registrations::offered_until.eq(instant("2027-03-05T21:30:00+08:00"))).execute(db)?;
            row(watched).set(registrations::is_watched.eq(true)).execute(db)?;
            diesel::insert_into(messages::table).values((
                (messages::id.eq(MessageId::new()), messages::event_id.eq(event), messages::kind.eq("verify")),
                (messages::recipient_name.eq(""), messages::recipient_address.eq("a@example.org"), messages::language.eq("en")),
                (messages::subject.eq(""), messages::body_text.eq(""), messages::body_html.eq(""), messages::attachments.eq("[]")),
                (messages::state.eq("failed"), messages::attempts.eq(9), messages::due_at.eq(now), messages::created_at.eq(now)),
            )).execute(db)?;
            diesel::insert_into(scans::table).values((
                (scans::id.eq(ScanId::new()), scans::event_id.eq(event), scans::direction.eq("in"), scans::result.eq("in")),
                (scans::was_offline.eq(true), scans::conflict.eq("cancelled"), scans::scanned_at.eq(now), scans::received_at.eq(now)),
            )).execute(db)?;
            for (code, closes, taken) in [("soon", "2027-03-08T00:00:00Z", 1), ("later", "2027-06-08T00:00:00Z", 1), ("full", "2027-03-08T00:00:00Z", 5)] {
                let id = DelegationId::new();
                diesel::insert_into(delegations::table).values((
                    (delegations::id.eq(id), delegations::event_id.eq(event), delegations::code.eq(code), delegations::name.eq(code)),
                    (delegations::contact_name.eq(""), delegations::contact_email.eq("f@example.org"), delegations::contact_email_key.eq("f@example.org")),
                    (delegations::language.eq("en"), delegations::note.eq(""), delegations::closes_at.eq(instant(closes)), delegations::version.eq(1)),
                    (delegations::created_at.eq(now), delegations::updated_at.eq(now)),
                )).execute(db)?;
                diesel::insert_into(delegation_quotas::table).values((
                    delegation_quotas::delegation_id.eq(id), delegation_quotas::category_id.eq(guest),
                    delegation_quotas::capacity.eq(5), delegation_quotas::taken.eq(taken),
                )).execute(db)?;
            }
            Ok(())
        }).await;
        let page = stage.organizer.get(OVERVIEW).await;
        page.ok();
        let lines = [
            ("2 applications wait for a decision", "href=\"/organizer/summit/accreditation\""),
            ("the oldest since Wed 3 Mar", ""),
            ("One offered place runs out within a day", "href=\"/organizer/summit/waiting\""),
            ("the first on Fri 5 Mar, 21:30", ""),
            ("One person waits for a place", ""),
            ("One name is like one on a watch-list", "accreditation?waiting=flagged\""),
            ("One message could not be delivered", "mail?state=failed\""),
            ("One person was let in who should not have been", "href=\"/checkin/summit/supervisor\""),
            ("One delegation with free places closes within a week", "href=\"/organizer/summit/delegations\""),
        ];
        for (words, leads) in lines {
            assert!(page.says(words) && page.says(leads), "{words}\n{}", page.body);
        }
        assert!(page.says("Places taken") && page.says("New in the last 7 days"));
        let officer = stage.app.signed_in_as(Role::AccreditationOfficer).await.get(OVERVIEW).await;
        assert!(officer.ok().contains("2 applications wait") && !officer.says("could not be delivered") && !officer.says("let in who should not"));
        let forum = stage.app.signed_in_as(Role::ForumOrganizer).await.get(OVERVIEW).await;
        assert!(forum.ok().contains("Nothing waits for you.") && !forum.says("Places taken") && !forum.says("Confirmed registrations"));
        let door = stage.app.signed_in_as(Role::CheckInStaff).await.get(OVERVIEW).await;
        assert!(door.ok().contains("let in who should not") && !door.says("applications wait") && door.says("Places taken"));
    }

    async fn forum_organizers_are_told_of_their_own_sessions(db: TestDatabase) {
        let stage = Stage::new(db, "Asia/Shanghai", "2027-03-05T10:00:00+08:00").await;
        let own = crate::support::given::forum(&stage.app, "own").await;
        let other = crate::support::given::forum(&stage.app, "other").await;
        let room = crate::support::given::room(&stage.organizer, &stage.app, "Hall", &[]).await;
        for (title, forum) in [("Mine", own), ("Theirs", other), ("Theirs too", other)] {
            let id = forum.to_string();
            let session = crate::support::given::session(&stage.organizer, title, &[("forum", id.as_str())]).await;
            let start = if forum == own { "09:00" } else { "14:00" };
            crate::support::given::place(&stage.organizer, &session, room, "2027-04-13", start).await;
        }
        let all = stage.organizer.get(OVERVIEW).await;
        assert!(all.ok().contains("speaks against the draft") && all.says("one blocks the release"), "{}", all.body);
        let forum = stage.app.signed_in_as(Role::ForumOrganizer).await;
        stage.app.write(move |db, _| {
            use plenary::db::schema::{membership_forums, memberships};
            let membership: String = memberships::table.filter(memberships::role.eq("forum-organizer")).select(memberships::id).first(db)?;
            diesel::insert_into(membership_forums::table).values((membership_forums::membership_id.eq(membership), membership_forums::forum_id.eq(own))).execute(db)
        }).await;
        let page = forum.get(OVERVIEW).await;
        assert!(!page.ok().contains("against the draft") && page.says("Sessions with a time"), "two sessions of another forum are in one room");
    }
}
