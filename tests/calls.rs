//! The call for proposals: handing in, reviewing, deciding.

mod deciding;
mod handing_in;
mod reviewing;

use crate::support::{Answer, Client, Mail, TestApp};
use diesel::prelude::*;
use plenary::db::schema::{session_proposals, session_speakers, sessions, speakers};
use plenary::db::{SessionId, SpeakerId};
use plenary::i18n::Localized;
use regex::Regex;

pub(crate) const CALL: &str = "/summit/call";
pub(crate) const SETTINGS: &str = "/organizer/summit/call";

/// The fields of the call's settings: open through March 2027, with these in place or besides.
pub(crate) fn settings<'a>(more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("version", "0"),
        ("opens_at", "2027-02-01T09:00"),
        ("closes_at", "2027-03-31T23:59"),
        ("introduction.en", "We look for **bold** ideas."),
        ("title_length", "60"),
        ("abstract_length", "200"),
        ("description_length", "1000"),
    ];
    with(&usual, more)
}

/// These fields, with others in place of those of the same name.
pub(crate) fn with<'a>(fields: &[(&'a str, &'a str)], more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let kept = fields.iter().filter(|(name, _)| more.iter().all(|(other, _)| other != name));
    kept.chain(more).copied().collect()
}

/// Opens the call of the event "summit".
pub(crate) async fn open_call(organizer: &Client, more: &[(&str, &str)]) {
    assert_eq!(organizer.post_form(SETTINGS, &settings(more)).await.redirect(), SETTINGS);
}

/// The fields of a whole proposal.
pub(crate) fn proposal<'a>(email: &'a str, title: &'a str, more: &[(&'a str, &'a str)]) -> Vec<(&'a str, &'a str)> {
    let usual = [
        ("email", email),
        ("name", "Ada Lovelace"),
        ("title", title),
        ("abstract", "What engines can do."),
        ("description", "At length, with numbers."),
        ("written_in", "en"),
        ("spoken", "en"),
        ("speaker_name.0", "Ada Lovelace"),
        ("speaker_email.0", email),
        ("speaker_organisation.0", "Analytical Society"),
        ("speaker_country.0", "GB"),
        ("accept_privacy", "on"),
        ("do", "save"),
    ];
    with(&usual, more)
}

/// Begins a proposal; the address of its author's page, from the mail.
pub(crate) async fn begin(app: &TestApp, fields: &[(&str, &str)]) -> String {
    assert_eq!(app.visitor().post_form(CALL, fields).await.redirect(), "/summit/call/sent");
    let email = fields.iter().find(|(name, _)| *name == "email").map(|(_, email)| *email).expect("an address");
    let mails = app.mail_to(email).await;
    let mail = mails.iter().rfind(|mail| mail.kind == "proposal_draft").expect("a mail with the link");
    mail.link("/summit/p/")
}

/// Sends in what the author's page shows, with these fields in place or besides; the page's address.
pub(crate) async fn send_in(app: &TestApp, page: &str, more: &[(&str, &str)]) {
    let author = app.visitor();
    let form = form_of(&author.get(page).await);
    let form: Vec<(&str, &str)> = form.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    let mut fields = with(&form, more);
    fields.push(("do", "send"));
    assert_eq!(author.post_form(page, &fields).await.redirect(), page);
}

/// Hands a whole proposal in; the address of its author's page.
pub(crate) async fn hand_in(app: &TestApp, fields: &[(&str, &str)]) -> String {
    let page = begin(app, fields).await;
    send_in(app, &page, &[]).await;
    page
}

/// What a browser would send of the page's fields, buttons left out.
pub(crate) fn form_of(page: &Answer) -> Vec<(String, String)> {
    let field =
        Regex::new(r#"(?s)<input ([^>]*)>|<textarea ([^>]*)>\n?(.*?)</textarea>|<select ([^>]*)>(.*?)</select>"#);
    let chosen = Regex::new(r#"<option value="([^"]*)" selected>"#).expect("a pattern");
    let body = page.ok();
    let mut fields = Vec::new();
    for found in field.expect("a pattern").captures_iter(body) {
        let part = |number: usize| found.get(number).map(|part| part.as_str()).unwrap_or_default();
        let tag = [part(1), part(2), part(4)].concat();
        let is_tick = tag.contains("type=\"checkbox\"") || tag.contains("type=\"radio\"");
        let Some(name) = attribute(&tag, "name").filter(|_| !is_tick || tag.contains(" checked")) else { continue };
        let value = match (part(2), part(4)) {
            ("", "") => attribute(&tag, "value").unwrap_or_default(),
            (_, "") => part(3).to_owned(),
            _ => chosen.captures(part(5)).map(|option| option[1].to_owned()).unwrap_or_default(),
        };
        fields.push((name, unescaped(&value)));
    }
    fields
}

fn attribute(tag: &str, name: &str) -> Option<String> {
    let tag = format!(" {tag}");
    Some(tag.split(&format!(" {name}=\"")).nth(1)?.split('"').next()?.to_owned())
}

fn unescaped(text: &str) -> String {
    [("&lt;", "<"), ("&gt;", ">"), ("&quot;", "\""), ("&#x27;", "'"), ("&amp;", "&")]
        .into_iter()
        .fold(text.to_owned(), |text, (entity, sign)| text.replace(entity, sign))
}

/// The sessions of the database: title, state, and their people's names.
pub(crate) async fn sessions_of(app: &TestApp) -> Vec<(String, String, Vec<String>)> {
    app.read(|db| {
        let rows: Vec<(SessionId, Localized, String)> = sessions::table
            .order(sessions::created_at)
            .select((sessions::id, sessions::title, sessions::state))
            .load(db)?;
        let people: Vec<(SessionId, String)> = session_speakers::table
            .inner_join(speakers::table)
            .order(session_speakers::position)
            .select((session_speakers::session_id, speakers::name))
            .load(db)?;
        let of =
            |id: SessionId| people.iter().filter(|(other, _)| *other == id).map(|(_, name)| name.clone()).collect();
        let title = |title: Localized| title.iter().next().map(|(_, text)| text.to_owned()).unwrap_or_default();
        Ok(rows.into_iter().map(|(id, name, state)| (title(name), state, of(id))).collect())
    })
    .await
}

/// The speakers of the database: id, name, address.
pub(crate) async fn speakers_of(app: &TestApp) -> Vec<(SpeakerId, String, Option<String>)> {
    app.read(|db| {
        speakers::table.order(speakers::created_at).select((speakers::id, speakers::name, speakers::email)).load(db)
    })
    .await
}

/// The number of proposals that are kept.
pub(crate) async fn proposals(app: &TestApp) -> i64 {
    app.read(|db| session_proposals::table.count().get_result(db)).await
}

/// The kinds of the mails to one address, the oldest first.
pub(crate) async fn kinds(app: &TestApp, address: &str) -> Vec<String> {
    app.mail_to(address).await.into_iter().map(|mail: Mail| mail.kind).collect()
}

/// Adds a criterion of this weight, scored from 1 to 5.
pub(crate) async fn criterion(organizer: &Client, name: &str, weight: &str) {
    let fields = [("name.en", name), ("weight", weight), ("lowest", "1"), ("highest", "5")];
    organizer.post_form("/organizer/summit/call/criteria/new", &fields).await.redirect();
}

/// A browser of a reviewer of the event "summit".
pub(crate) async fn reviewer(app: &TestApp, email: &str) -> Client {
    let event = app.event().await.id;
    let user = app.given_account(email, email, false).await;
    app.given_role(event, user, plenary::accounts::model::TeamRole::Reviewer).await;
    let client = app.visitor();
    client.signs_in(email).await;
    client
}

/// The address of a proposal of this title below `/organizer/summit/reviews` or `/organizer/summit/proposals`.
pub(crate) async fn below(client: &Client, list: &str, title: &str) -> String {
    let page = client.get(list).await;
    let at = page.ok().find(&format!("<bdi>{title}")).unwrap_or_else(|| panic!("no {title} in {}", page.body));
    let start = page.body[..at].rfind(&format!("href=\"{list}/")).expect("a link") + "href=\"".len();
    page.body[start..].split('"').next().expect("an address").to_owned()
}

/// Gives each criterion of a review's page these scores in turn; where it goes on to.
pub(crate) async fn scores(client: &Client, page: &str, given: &[&str], more: &[(&str, &str)]) -> Answer {
    let shown = client.get(page).await;
    let pattern = Regex::new(r#"<fieldset class="field score[^"]*" id="(score-[^"]+)""#).expect("a pattern");
    let names: Vec<String> = pattern.captures_iter(shown.ok()).map(|found| found[1].to_owned()).collect();
    let version = shown.input("version");
    let mut fields: Vec<(&str, &str)> = names.iter().map(String::as_str).zip(given.iter().copied()).collect();
    fields.extend([("version", version.as_str()), ("do", "score")]);
    client.post_form(page, &with(&fields, more)).await
}
