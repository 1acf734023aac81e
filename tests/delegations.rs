//! Delegations over HTTP: organizers set them up, focal points register people by a private link.

mod choices;
mod focal;
mod rush;
mod tables;
mod team;

use crate::support::{Answer, Client, Role, TestApp, TestDatabase};
use diesel::prelude::*;
use plenary::db::schema::{categories, delegation_quotas, delegations, registrations};

const LIST: &str = "/organizer/summit/delegations";
const CATEGORIES: &str = "/organizer/summit/categories";

/// An event with an organizer, categories made through the pages, and a focal point at work.
struct Stage {
    app: TestApp,
    organizer: Client,
}

/// A delegation with its focal point's browser and the address of the page that their link opens.
struct Focal {
    id: String,
    url: String,
    browser: Client,
}

impl Stage {
    async fn new(db: TestDatabase) -> Self {
        Self::with(db, &[]).await
    }

    /// With some settings changed.
    async fn with(db: TestDatabase, changed: &[(&str, &str)]) -> Self {
        let app = TestApp::start_with(db, changed).await;
        app.clock.set("2027-03-01T08:00:00+08:00");
        app.event().await;
        let organizer = app.signed_in_as(Role::Organizer).await;
        Self { app, organizer }
    }

    async fn category(&self, code: &str, more: &[(&str, &str)]) -> String {
        let mut fields = vec![("name.en", code), ("code", code), ("badge_color", "#1f4e9e")];
        fields.extend(more);
        self.organizer.post_form(&format!("{CATEGORIES}/new"), &fields).await.redirect();
        let code = code.to_owned();
        self.app
            .read(move |db| {
                categories::table.filter(categories::code.eq(code.clone())).select(categories::id).first(db)
            })
            .await
    }

    /// Makes a delegation with places in categories; the address of its page.
    async fn delegation(&self, name: &str, places: &[(&str, &str)], more: &[(&str, &str)]) -> String {
        let fields: Vec<(String, String)> =
            places.iter().map(|(category, count)| (format!("places-{category}"), (*count).to_owned())).collect();
        let contact = format!("{}@ministry.example", name.to_lowercase().replace(' ', "-"));
        let mut all = vec![
            ("name.en", name),
            ("contact_name", "Salma Nabil"),
            ("contact_email", contact.as_str()),
            ("language", "en"),
        ];
        all.retain(|(field, _)| !more.iter().any(|(other, _)| other == field));
        all.extend(fields.iter().map(|(field, count)| (field.as_str(), count.as_str())));
        all.extend(more);
        self.organizer.post_form(&format!("{LIST}/new"), &all).await.redirect().to_owned()
    }

    /// Makes a delegation and sends its focal point the link.
    async fn focal(&self, name: &str, places: &[(&str, &str)], more: &[(&str, &str)]) -> Focal {
        let page = self.delegation(name, places, more).await;
        self.organizer.post_form(&format!("{page}/link"), &[("do", "send")]).await.redirect();
        let contact = more.iter().find(|(field, _)| *field == "contact_email").map(|(_, email)| (*email).to_owned());
        let contact = contact.unwrap_or_else(|| format!("{}@ministry.example", name.to_lowercase().replace(' ', "-")));
        let url = self.app.mail_to(&contact).await.last().expect("a mail").link("/summit/d/");
        let id = page.trim_start_matches(&format!("{LIST}/")).to_owned();
        Focal { id, url, browser: self.app.visitor() }
    }

    /// Places taken of a delegation in a category, by its own count and by counting people; and of the category.
    async fn taken(&self, focal: &Focal, category: &str) -> (i32, i64, i32) {
        let (id, category) = (focal.id.clone(), category.to_owned());
        self.app
            .read(move |db| {
                let taken = delegation_quotas::table
                    .find((id.clone(), category.clone()))
                    .select(delegation_quotas::taken)
                    .first(db)?;
                let held = registrations::table
                    .filter(registrations::delegation_id.eq(id))
                    .filter(registrations::category_id.eq(category.clone()))
                    .filter(registrations::ended_at.is_null())
                    .count()
                    .get_result(db)?;
                Ok((taken, held, categories::table.find(category).select(categories::taken).first(db)?))
            })
            .await
    }

    /// Names and states of a delegation's people in their order.
    async fn people(&self, focal: &Focal) -> Vec<(String, String)> {
        let id = focal.id.clone();
        self.app
            .read(move |db| {
                registrations::table
                    .filter(registrations::delegation_id.eq(id))
                    .order((registrations::delegation_rank, registrations::created_at, registrations::id))
                    .select((registrations::given_name, registrations::state))
                    .load(db)
            })
            .await
    }

    /// The address of somebody's page below the focal point's link.
    async fn person(&self, focal: &Focal, given_name: &str) -> String {
        let (id, name) = (focal.id.clone(), given_name.to_owned());
        let person: String = self
            .app
            .read(move |db| {
                registrations::table
                    .filter(registrations::delegation_id.eq(id))
                    .filter(registrations::given_name.eq(name))
                    .select(registrations::id)
                    .first(db)
            })
            .await;
        format!("{}/people/{person}", focal.url)
    }

    async fn count(&self) -> i64 {
        self.app.read(|db| delegations::table.count().get_result(db)).await
    }
}

impl Focal {
    async fn page(&self) -> Answer {
        self.browser.get(&self.url).await
    }

    /// Adds somebody whose family name is always the same.
    async fn adds(&self, given_name: &str, email: &str, category: &str, more: &[(&str, &str)]) -> Answer {
        let mut fields = vec![
            ("given_name", given_name),
            ("family_name", "Hassan"),
            ("email", email),
            ("category", category),
            ("language", "en"),
        ];
        fields.retain(|(field, _)| !more.iter().any(|(other, _)| other == field));
        fields.extend(more);
        self.browser.post_form(&format!("{}/add", self.url), &fields).await
    }

    /// Sends rows as the form does.
    async fn hands_in(&self, fields: &[(&str, &str)]) -> Answer {
        hands_in(&self.browser, &self.url, fields).await
    }

    async fn posts(&self, below: &str, fields: &[(&str, &str)]) -> Answer {
        self.browser.post_form(&format!("{}{below}", self.url), fields).await
    }
}

async fn hands_in(browser: &Client, url: &str, fields: &[(&str, &str)]) -> Answer {
    let form = fields.iter().fold(reqwest::multipart::Form::new(), |form, (name, value)| {
        form.text((*name).to_owned(), (*value).to_owned())
    });
    browser.send(browser.request(reqwest::Method::POST, &format!("{url}/add-several")).multipart(form)).await
}

/// The fields of rows as the form repeats them: given name, address, category.
fn rows<'a>(people: &[(&'a str, &'a str, &'a str)], wanted: &'a str) -> Vec<(&'a str, &'a str)> {
    let mut fields = vec![("do", wanted)];
    for (given, email, category) in people {
        fields.extend([
            ("given_name", *given),
            ("family_name", "Hassan"),
            ("native_name", ""),
            ("email", *email),
            ("category", *category),
            ("organisation", ""),
            ("position", ""),
            ("country", ""),
            ("language", "en"),
        ]);
    }
    fields
}
