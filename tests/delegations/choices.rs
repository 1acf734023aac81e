//! Whoever is written to among many chooses what to get.

use super::{LIST, Stage};
use crate::on_both_databases;
use diesel::prelude::*;
use plenary::db::schema::{messages, registrations};

on_both_databases! {
    async fn each_sort_of_mail_to_many_is_refused_by_itself(db: TestDatabase) {
        let stage = Stage::new(db).await;
        let guest = stage.category("guest", &[]).await;
        let focal = stage.focal("Egypt", &[(&guest, "5")], &[]).await;
        focal.adds("Ada", "ada@ministry.example", &guest, &[]).await.redirect();
        focal.posts("/links", &[]).await.redirect();
        let page = format!("{LIST}/{}/message", focal.id);
        let tell = || async { stage.organizer.post_form(&page, &[("subject", "Bus"), ("body", "At noon")]).await.redirect().to_owned() };
        let told = || async {
            stage.app.mail_to("ada@ministry.example").await.into_iter().filter(|mail| mail.kind == "delegation_message").count()
        };
        tell().await;
        assert_eq!(told().await, 1);
        let own: (String, String) = stage.app.read(|db| messages::table
            .filter(messages::kind.eq("delegation_message"))
            .filter(messages::recipient_address.eq("ada@ministry.example"))
            .select((messages::unsubscribe_url.assume_not_null(), messages::body_text)).first(db)).await;
        assert!(own.1.contains(&own.0), "the link stands in the words too");
        let link = url::Url::parse(&own.0).expect("an address").path().to_owned();
        let visitor = stage.app.visitor();
        assert!(visitor.get(&link).await.ok().contains("What is written to your delegation"), "asking changes nothing");
        tell().await;
        assert_eq!(told().await, 2);
        // One click, as mail programs post it, in either form: this sort and no other.
        visitor.post_form(&link, &[("List-Unsubscribe", "One-Click")]).await.ok();
        let form = reqwest::multipart::Form::new().text("List-Unsubscribe", "One-Click");
        visitor.send(visitor.request(reqwest::Method::POST, &link).multipart(form)).await.ok();
        tell().await;
        assert_eq!(told().await, 2, "no more of these");
        let page_of_choices = visitor.get(&link).await;
        let ticked = |page: &crate::support::Answer| -> Vec<String> {
            let boxes = page.body.split("<input type=\"checkbox\"").skip(1).map(|rest| rest.split('>').next().unwrap_or_default());
            boxes.filter(|tag| tag.contains("checked")).map(|tag| tag.split("name=\"").nth(1).unwrap_or_default().split('"').next().unwrap_or_default().to_owned()).collect()
        };
        assert_eq!(ticked(&page_of_choices), ["mailing", "reminder", "change"]);
        // The focal point, whom nobody refused anything for, is written to.
        let contact = stage.app.mail_to("egypt@ministry.example").await;
        assert!(contact.iter().all(|mail| mail.kind != "delegation_message"));
        // The organizers see it on the person; the person sees it on the own page and changes it there.
        let (registration, code): (String, String) = stage.app.read(|db| registrations::table
            .filter(registrations::email.eq("ada@ministry.example"))
            .select((registrations::id, registrations::code)).first(db)).await;
        assert!(!code.is_empty());
        let desk = format!("/organizer/summit/registrations/{registration}");
        assert!(stage.organizer.get(&desk).await.ok().contains("Wants no mails of these sorts"));
        let mails = stage.app.mail_to("ada@ministry.example").await;
        let own = mails.iter().find(|mail| mail.text.contains("/summit/r/")).expect("a mail with the own page").link("/summit/r/");
        assert!(visitor.get(&own).await.ok().contains("You do not get: What is written to your delegation"));
        let chosen = visitor.post_form(&format!("{own}/mails"), &[("choose", "on"), ("delegation", "on"), ("mailing", "on")]).await;
        assert_eq!(chosen.redirect(), format!("{own}/mails"));
        assert_eq!(ticked(&visitor.get(&format!("{own}/mails")).await), ["mailing", "delegation"]);
        tell().await;
        assert_eq!(told().await, 3, "wanted again");
        let wants: bool = stage.app.read(|db| registrations::table.filter(registrations::email.eq("ada@ministry.example"))
            .select(registrations::wants_change_notices).first(db)).await;
        assert!(!wants, "notices of changes obey the same choice");
        assert!(stage.organizer.get("/organizer/summit/activity").await.ok().contains("changed which mails to many"));
    }
}
