//! Choosing which mails one wants: by the link in each of them, and on the own page.

use super::model::{Addressee, Refused, Topic};
use super::operations;
use crate::audit::Actor;
use crate::db::DbConnection;
use crate::events::model::Event;
use crate::events::operations as events;
use crate::registration::operations as registration;
use crate::web::error::PageResult;
use crate::web::page::EventHead;
use crate::web::{Choice, Failure, FormData, Page, PageContext, RouteTable, Token, Visit, respond};
use actix_web::web::Path;
use serde::Serialize;

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/u/{token}", ask);
    routes.post("/{event}/u/{token}", answer);
    routes.get("/{event}/r/{token}/mails", show_own);
    routes.post("/{event}/r/{token}/mails", choose_own);
}

#[derive(Serialize)]
struct ChoicesPage {
    action: String,
    /// The sort of the mail whose link was opened; empty on the own page.
    topic: &'static str,
    topic_label: String,
    /// Whether it was refused just now.
    is_done: bool,
    choices: Vec<Choice>,
    own_url: String,
}

impl Page for ChoicesPage {
    const TEMPLATE: &'static str = "registration/mails.html";
}

struct Opened {
    event: Event,
    of: Addressee,
    topic: Topic,
    refused: Refused,
}

/// What a link opens, or 404.
async fn open(visit: &Visit, path: &(String, String)) -> Result<Opened, Failure> {
    let (slug, hash) = (path.0.clone(), Token::received(path.1.as_str()).hash());
    let read = move |db: &mut DbConnection| {
        let event = events::by_slug(db, &slug)?.ok_or(Failure::NotFound)?;
        let (of, topic) = operations::by_token(db, event.id, &hash)?.ok_or(Failure::NotFound)?;
        let refused = operations::refused(db, &of)?;
        Ok::<_, Failure>(Opened { event, of, topic, refused })
    };
    visit.app.read(read).await
}

/// `GET /{event}/u/{token}`: asks, because mail scanners follow links.
async fn ask(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let opened = open(&visit, &path).await?;
    show(&visit, &path, &opened, false)
}

/// `POST /{event}/u/{token}`: by the mail program itself (RFC 8058) or by the page's first button it refuses the sort of the
/// mail and nothing else, in whatever form the program posts; from the page's form it sets all of them.
async fn answer(visit: Visit, path: Path<(String, String)>, form: Option<FormData>) -> PageResult {
    let mut opened = open(&visit, &path).await?;
    let (of, topic) = (opened.of.clone(), opened.topic);
    let form = form.filter(|form| !form.text("choose").is_empty());
    let Some(form) = form else {
        visit.app.write(move |db, now| Ok::<_, Failure>(operations::refuse(db, now, &of, topic)?)).await?;
        opened.refused.insert(topic);
        return show(&visit, &path, &opened, true);
    };
    let wished = wished(&form);
    let choose =
        move |db: &mut _, now| Ok::<_, Failure>(operations::choose(db, now, (Actor::Visitor, None), &of, &wished)?);
    visit.app.write(choose).await?;
    Ok(respond::see_other_with_notice(format!("/{}/u/{}", path.0, path.1), "choices-notice-kept"))
}

/// What is refused by a form in which the wanted sorts are ticked.
fn wished(form: &FormData) -> Refused {
    Topic::ALL.iter().copied().filter(|topic| !form.is_ticked(topic.as_str())).collect()
}

fn show(visit: &Visit, path: &(String, String), opened: &Opened, is_done: bool) -> PageResult {
    let context = context(visit, &opened.event);
    let page = ChoicesPage {
        action: format!("/{}/u/{}", path.0, path.1),
        topic: opened.topic.as_str(),
        topic_label: label(visit, &context, opened.topic),
        is_done: is_done || opened.refused.contains(&opened.topic),
        choices: choices(visit, &context, &opened.refused),
        own_url: String::new(),
    };
    visit.show(&context, &page)
}

fn context(visit: &Visit, event: &Event) -> PageContext {
    let mut context = PageContext::new(visit, &event.languages, "");
    context.event = Some(EventHead::of(visit, event, context.lang));
    context.titled(visit, "choices-title")
}

fn label(visit: &Visit, context: &PageContext, topic: Topic) -> String {
    visit.app.texts.text(context.lang, &format!("choices-topic-{topic}"), &[])
}

fn choices(visit: &Visit, context: &PageContext, refused: &Refused) -> Vec<Choice> {
    let choice = |topic: &Topic| Choice {
        value: topic.as_str().to_owned(),
        label: label(visit, context, *topic),
        selected: !refused.contains(topic),
    };
    Topic::ALL.iter().map(choice).collect()
}

/// What the own page's link opens, or 404.
async fn own(visit: &Visit, path: &(String, String)) -> Result<registration::Own, Failure> {
    let (slug, hash) = (path.0.clone(), Token::received(path.1.as_str()).hash());
    let found = visit.app.read(move |db| Ok::<_, Failure>(registration::own(db, &slug, &hash)?)).await?;
    found.ok_or(Failure::NotFound)
}

/// `GET /{event}/r/{token}/mails`.
async fn show_own(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let own = own(&visit, &path).await?;
    let registration = own.registration.clone();
    let read = move |db: &mut _| Ok::<_, Failure>(operations::refused_by(db, &registration)?);
    let refused = visit.app.read(read).await?;
    let context = context(&visit, &own.event);
    let page = ChoicesPage {
        action: format!("/{}/r/{}/mails", path.0, path.1),
        topic: "",
        topic_label: String::new(),
        is_done: false,
        choices: choices(&visit, &context, &refused),
        own_url: format!("/{}/r/{}", path.0, path.1),
    };
    visit.show(&context, &page)
}

/// `POST /{event}/r/{token}/mails`.
async fn choose_own(visit: Visit, path: Path<(String, String)>, form: FormData) -> PageResult {
    let own = own(&visit, &path).await?.registration;
    let wished = wished(&form);
    let choose = move |db: &mut _, now| {
        let by = (Actor::Attendee(own.id), Some(&own));
        Ok::<_, Failure>(operations::choose(db, now, by, &operations::of(&own), &wished)?)
    };
    visit.app.write(choose).await?;
    Ok(respond::see_other_with_notice(format!("/{}/r/{}/mails", path.0, path.1), "choices-notice-kept"))
}
