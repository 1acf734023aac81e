//! The list of mailings, and one with who gets it and how it reads.

use super::editing::{may_write, url};
use crate::accounts::access::{Allowed, ViewMail};
use crate::db::{DbConnection, MailingId};
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang};
use crate::mailings::files::model::MailingFile;
use crate::mailings::files::operations as files;
use crate::mailings::letters::Press;
use crate::mailings::model::{Mailing, MailingState};
use crate::mailings::operations::{self, MailingError};
use crate::mailings::recipients::{self, Hours, Recipient};
use crate::registration::operations::all_categories;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::security;
use crate::web::{Failure, Field, Message, Page, PageContext, RouteTable};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use actix_web::http::header::{CONTENT_SECURITY_POLICY, HeaderValue};
use actix_web::web::Path;
use diesel::QueryResult;
use serde::Serialize;
use std::collections::{BTreeMap, HashSet};

/// Recipients that a page lists by name.
const SHOWN: usize = 100;
/// What stands in previews for the secret of a link, which is made when the mail leaves.
const NO_TOKEN: &str = "…";

pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/mailings", list_mailings);
    routes.get("/organizer/{event}/mailings/{mailing}", show_mailing);
    routes.get("/organizer/{event}/mailings/{mailing}/preview/{language}", show_preview);
}

#[derive(Serialize)]
struct ListPage {
    mail_url: String,
    new_url: String,
    mailings: Vec<MailingLine>,
}

impl Page for ListPage {
    const TEMPLATE: &'static str = "organizer/mailings.html";
}

#[derive(Serialize)]
struct MailingLine {
    url: String,
    subject: String,
    state: &'static str,
    state_label: String,
    reached: String,
    leaves: String,
}

fn line<P>(team: &Allowed<P>, context: &PageContext, (mailing, reached): &(Mailing, i64)) -> MailingLine {
    let texts = &team.visit.app.texts;
    let subject = mailing.subject_in(context.lang, team.event.main_language());
    let zone = team.event.zone();
    let at = mailing.leaves_at.map(|at| context.formatter().date_time(at.in_zone(zone).naive_local()));
    MailingLine {
        url: url(team, mailing.id),
        subject: if subject.is_empty() {
            texts.text(context.lang, "mailings-no-subject", &[])
        } else {
            subject.to_owned()
        },
        state: mailing.state.as_str(),
        state_label: texts.text(context.lang, &format!("mailings-state-{}", mailing.state), &[]),
        reached: context.formatter().number(*reached),
        leaves: at.unwrap_or_default(),
    }
}

/// `GET /organizer/{event}/mailings`.
async fn list_mailings(team: Allowed<ViewMail>) -> PageResult {
    let event = team.event.id;
    let mailings = team.visit.app.read(move |db| Ok::<_, Failure>(operations::list(db, event)?)).await?;
    let context = team.context("mail", "mailings-title");
    let base = format!("/organizer/{}", team.event.slug);
    let page = ListPage {
        mail_url: format!("{base}/mail"),
        new_url: if may_write(&team) { format!("{base}/mailings/new") } else { String::new() },
        mailings: mailings.iter().map(|mailing| line(&team, &context, mailing)).collect(),
    };
    team.visit.show(&context, &page)
}

#[derive(Serialize)]
struct MailingPage {
    mailing: MailingLine,
    back_url: String,
    version: i32,
    is_draft: bool,
    can_stop: bool,
    may_write: bool,
    edit_url: String,
    files: Vec<FileLine>,
    file: Field,
    files_hint: String,
    errors: Vec<ErrorLine>,
    /// How many messages leave, in words of a button.
    count: i64,
    /// Whether each session of a person brings one.
    is_each: bool,
    refused: usize,
    unreachable: i64,
    when: String,
    languages: Vec<LanguageLine>,
    people: Vec<PersonLine>,
    more: i64,
}

impl Page for MailingPage {
    const TEMPLATE: &'static str = "organizer/mailing.html";
}

#[derive(Serialize)]
struct LanguageLine {
    lang: Lang,
    name: String,
    /// How many read it in this language.
    count: i64,
    /// How many of them would rather read another.
    instead: i64,
    preview_url: String,
}

#[derive(Serialize)]
struct FileLine {
    name: String,
    url: String,
    size: String,
}

#[derive(Serialize)]
struct PersonLine {
    name: String,
    email: String,
    language: String,
}

/// Everyone who would get a mailing now, each address once, without those who want none.
#[derive(Default)]
struct Everyone {
    first: Vec<Recipient>,
    people: i64,
    messages: i64,
    refused: HashSet<String>,
    unreachable: i64,
    by_language: BTreeMap<Lang, (i64, i64)>,
}

/// What has been counted so far.
struct Counting<'a> {
    mailing: &'a Mailing,
    event: &'a Event,
    refusals: HashSet<String>,
    people: HashSet<String>,
    messages: HashSet<(String, String)>,
    found: Everyone,
}

impl Counting<'_> {
    /// Counts somebody who fits.
    fn person(&mut self, one: Recipient) {
        if self.refusals.contains(&one.address_key) {
            self.found.refused.insert(one.address_key);
            return;
        }
        self.messages.insert((one.address_key.clone(), one.about_key()));
        if !self.people.insert(one.address_key.clone()) {
            return;
        }
        self.found.people += 1;
        if let Some(lang) = self.mailing.language_for(one.language, self.event.main_language()) {
            let (count, instead) = self.found.by_language.entry(lang).or_default();
            *count += 1;
            *instead += i64::from(lang != one.language);
        }
        if self.found.first.len() < SHOWN {
            self.found.first.push(one);
        }
    }

    /// Everyone of the audience, page by page, given to `note`; how many fit who can't be written to.
    fn walk(
        &mut self,
        db: &mut DbConnection,
        hours: Option<&Hours>,
        note: impl Fn(&mut Self, Recipient),
    ) -> QueryResult<i64> {
        let (mut after, mut unreachable) = (None, 0);
        loop {
            let page = recipients::recipients(db, self.event, &self.mailing.audience, hours, after)?;
            page.recipients.into_iter().for_each(|one| note(self, one));
            unreachable += page.unreachable;
            match page.next {
                Some(next) => after = Some(next),
                None => return Ok(unreachable),
            }
        }
    }
}

/// `hours` are those of the sessions ahead, where each of them brings a message.
fn count(db: &mut DbConnection, event: &Event, mailing: &Mailing, hours: Option<&Hours>) -> QueryResult<Everyone> {
    let refusals = operations::refusals(db, event.id, mailing.timing)?;
    let (people, messages) = (HashSet::new(), HashSet::new());
    let mut counting = Counting { mailing, event, refusals, people, messages, found: Everyone::default() };
    counting.found.unreachable = counting.walk(db, None, Counting::person)?;
    if hours.is_some() {
        counting.messages.clear();
        counting.walk(db, hours, |counting, one| {
            if !counting.refusals.contains(&one.address_key) {
                counting.messages.insert((one.address_key.clone(), one.about_key()));
            }
        })?;
    }
    counting.found.messages = i64::try_from(counting.messages.len()).unwrap_or(i64::MAX);
    Ok(counting.found)
}

async fn everyone<P>(team: &Allowed<P>, mailing: &Mailing) -> Result<Everyone, Failure> {
    let (event, mailing) = (team.event.clone(), mailing.clone());
    let snapshot = team.visit.app.site.snapshot();
    let released = snapshot.event(&event.slug).and_then(|event| event.released.as_ref());
    let now = team.visit.app.clock.now();
    let hours = mailing.timing.before_session().map(|_| recipients::hours_ahead(released, now));
    let read = move |db: &mut DbConnection| Ok::<_, Failure>(count(db, &event, &mailing, hours.as_ref())?);
    team.visit.app.read(read).await
}

/// Whether anybody would get a mailing now.
pub(super) async fn has_recipients<P>(team: &Allowed<P>, mailing: &Mailing) -> Result<bool, Failure> {
    Ok(everyone(team, mailing).await?.people > 0)
}

async fn find(team: &Allowed<ViewMail>, id: MailingId) -> Result<(Mailing, i64), Failure> {
    let event = team.event.id;
    Ok(team.visit.app.read(move |db: &mut _| operations::find(db, event, id)).await?)
}

/// `GET /organizer/{event}/mailings/{mailing}`.
async fn show_mailing(team: Allowed<ViewMail>, path: Path<(String, MailingId)>) -> PageResult {
    show(&team, StatusCode::OK, path.1, None).await
}

/// The page of a mailing, with what is wrong with a file that was sent.
pub(super) async fn show<P>(
    team: &Allowed<P>,
    status: StatusCode,
    id: MailingId,
    wrong: Option<Message>,
) -> PageResult {
    let event = team.event.id;
    let read = move |db: &mut _| {
        let found = operations::find(db, event, id)?;
        Ok::<_, MailingError>((found, files::of(db, id)?))
    };
    let (found, brought) = team.visit.app.read(read).await?;
    let everyone = everyone(team, &found.0).await?;
    let context = team.context("mail", "mailings-one-title");
    let wrong = wrong.map(|message| message.words(&team.visit.app.texts, context.lang));
    let page = mailing_page(team, &context, (&found, &brought), &everyone, wrong);
    let mut response = team.visit.show_with_status(status, &context, &page)?;
    security::allow_own_frames(response.headers_mut());
    Ok(response)
}

fn mailing_page<P>(
    team: &Allowed<P>,
    context: &PageContext,
    (found, brought): (&(Mailing, i64), &[MailingFile]),
    everyone: &Everyone,
    wrong: Option<String>,
) -> MailingPage {
    let (mailing, texts) = (&found.0, &team.visit.app.texts);
    let language = |lang: Lang| texts.text(context.lang, &format!("language-{}", lang.primary()), &[]);
    let own = url(team, mailing.id);
    let languages = everyone.by_language.iter().map(|(lang, (count, instead))| LanguageLine {
        lang: *lang,
        name: language(*lang),
        count: *count,
        instead: *instead,
        preview_url: format!("{own}/preview/{lang}"),
    });
    let is_draft = mailing.state == MailingState::Draft;
    MailingPage {
        mailing: line(team, context, found),
        back_url: format!("/organizer/{}/mailings", team.event.slug),
        version: mailing.version,
        is_draft,
        can_stop: matches!(mailing.state, MailingState::Planned | MailingState::Leaving),
        may_write: may_write(team),
        files: brought.iter().map(|file| file_line(context, &own, file)).collect(),
        errors: wrong.iter().map(|words| ErrorLine { field: "file".to_owned(), message: words.clone() }).collect(),
        file: Field { name: "file".to_owned(), value: String::new(), error: wrong },
        files_hint: super::files::hint(team, context),
        edit_url: if is_draft { format!("{own}/edit") } else { String::new() },
        count: everyone.messages,
        is_each: mailing.timing.before_session().is_some(),
        refused: everyone.refused.len(),
        unreachable: everyone.unreachable,
        when: when(team, context, mailing),
        languages: languages.collect(),
        more: everyone.people - i64::try_from(everyone.first.len()).unwrap_or(0),
        people: everyone
            .first
            .iter()
            .map(|one| PersonLine { name: one.name(), email: one.email().to_owned(), language: language(one.language) })
            .collect(),
    }
}

fn file_line(context: &PageContext, mailing: &str, file: &MailingFile) -> FileLine {
    let kilobytes = (file.bytes + 1023) / 1024;
    FileLine {
        name: file.name.clone(),
        url: format!("{mailing}/files/{}", file.id),
        size: format!("{} kB", context.formatter().number(kilobytes)),
    }
}

/// When it leaves, in words.
fn when<P>(team: &Allowed<P>, context: &PageContext, mailing: &Mailing) -> String {
    let texts = &team.visit.app.texts;
    if let Some((day, time)) = mailing.timing.local(team.event.starts_on) {
        let at = Formatter::of(context.lang).date_time(day.and_time(time));
        return texts.text(context.lang, "mailings-leaves-at", &[("time", at.into())]);
    }
    match mailing.timing.before_session() {
        Some(before) => texts.text(context.lang, "mailings-leaves-before", &[("hours", before.num_hours().into())]),
        None => texts.text(context.lang, "mailings-leaves-now", &[]),
    }
}

/// `GET /organizer/{event}/mailings/{mailing}/preview/{language}`: as the first of them reads it.
async fn show_preview(team: Allowed<ViewMail>, path: Path<(String, MailingId, String)>) -> PageResult {
    let (mailing, _) = find(&team, path.1).await?;
    let lang: Lang = path.2.parse().map_err(|_| Failure::NotFound)?;
    let everyone = everyone(&team, &mailing).await?;
    let of = team.event.id;
    let categories = team.visit.app.read(move |db| Ok::<_, Failure>(all_categories(db, of)?)).await?;
    let categories = categories.into_iter().map(|category| (category.id, category.name)).collect();
    let snapshot = team.visit.app.site.snapshot();
    let released = snapshot.event(&team.event.slug).and_then(|event| event.released.as_ref());
    let press = Press::new(&team.visit.app, &team.event, &mailing, categories, released);
    let reads = |one: &&Recipient| mailing.language_for(one.language, team.event.main_language()) == Some(lang);
    let recipient = everyone.first.iter().find(reads).ok_or(Failure::NotFound)?;
    let (_, content) = press.write(recipient, NO_TOKEN, NO_TOKEN)?.ok_or(Failure::NotFound)?;
    let html = content.html.replacen("<head>", "<head><base target=\"_blank\">", 1);
    let mut answer = HttpResponse::Ok()
        .content_type("text/html; charset=utf-8")
        .insert_header(("cache-control", "no-store"))
        .body(html);
    // Mails carry their styles inline; in a frame of its own without any rights that does no harm.
    answer.headers_mut().insert(
        CONTENT_SECURITY_POLICY,
        HeaderValue::from_static("default-src 'none'; style-src 'unsafe-inline'; frame-ancestors 'self'; sandbox"),
    );
    Ok(answer)
}
