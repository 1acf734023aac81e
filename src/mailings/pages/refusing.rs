//! Ending mailings by the link in each of them.

use crate::events::operations as events;
use crate::mailings::operations;
use crate::web::error::PageResult;
use crate::web::page::EventHead;
use crate::web::{Failure, Page, PageContext, RouteTable, Token, Visit};
use actix_web::web::Path;
use serde::Serialize;

pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/u/{token}", ask);
    routes.post("/{event}/u/{token}", refuse);
}

#[derive(Serialize)]
struct RefusePage {
    action: String,
    is_done: bool,
}

impl Page for RefusePage {
    const TEMPLATE: &'static str = "registration/refuse.html";
}

/// `GET /{event}/u/{token}`: asks, because mail scanners follow links.
async fn ask(visit: Visit, path: Path<(String, String)>) -> PageResult {
    answer(visit, path, false).await
}

/// `POST /{event}/u/{token}`: from the page, or by the mail program itself (RFC 8058).
async fn refuse(visit: Visit, path: Path<(String, String)>) -> PageResult {
    answer(visit, path, true).await
}

async fn answer(visit: Visit, path: Path<(String, String)>, is_done: bool) -> PageResult {
    let (slug, token) = path.into_inner();
    let hash = Token::received(token.as_str()).hash();
    let wanted = slug.clone();
    let read = move |db: &mut _| {
        let Some(event) = events::by_slug(db, &wanted)? else { return Err(Failure::NotFound) };
        let address = operations::by_token(db, event.id, &hash)?.ok_or(Failure::NotFound)?;
        Ok((event, address))
    };
    let (event, address) = visit.app.read(read).await?;
    if is_done {
        let of = event.id;
        visit.app.write(move |db, now| Ok::<_, Failure>(operations::refuse(db, now, of, &address)?)).await?;
    }
    let mut context = PageContext::new(&visit, &event.languages, "");
    context.event = Some(EventHead::of(&visit, &event, context.lang));
    let context = context.titled(&visit, "mailings-refuse-title");
    visit.show(&context, &RefusePage { action: format!("/{slug}/u/{token}"), is_done })
}
