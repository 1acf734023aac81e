//! The page of whoever passes a place on: naming the other person, and taking the offer back.

use crate::app::App;
use crate::db::{DbConnection, TransferId, UtcTime};
use crate::i18n::Lang;
use crate::mail::address::EmailAddress;
use crate::registration::operations::Own;
use crate::registration::pages::{find_own, public_context};
use crate::registration::transfers::mails::TransferLetter;
use crate::registration::transfers::model::{Transfer, offered_until};
use crate::registration::transfers::operations::{self, Offer, Passing, TransferError};
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, Message, Page, RouteTable, Token, Visit, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of whoever passes a place on.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/r/{token}/transfer", show);
    routes.post("/{event}/r/{token}/transfer", offer);
    routes.post("/{event}/r/{token}/transfer/take-back", take_back);
}

#[derive(Serialize)]
struct TransferPage {
    action: String,
    back_url: String,
    cancel_url: String,
    category: Text,
    needs_approval: bool,
    /// Why the place can't be passed on; empty where it can.
    barrier: String,
    open: Option<OpenOffer>,
    errors: Vec<ErrorLine>,
    given_name: Field,
    family_name: Field,
    email: Field,
    language: Field,
    languages: Vec<Choice>,
}

#[derive(Serialize)]
struct OpenOffer {
    name: String,
    email: String,
    until: String,
    action: String,
}

impl Page for TransferPage {
    const TEMPLATE: &'static str = "registration/transfer.html";
}

/// Somebody with a place, and how it stands towards being passed on.
struct Holder {
    own: Own,
    token: String,
    passing: Passing,
    now: UtcTime,
}

impl Holder {
    async fn open(visit: &Visit, path: &(String, String)) -> Result<Self, Failure> {
        let own = find_own(&visit.app, &path.0, &path.1).await?;
        let now = visit.app.clock.now();
        let of = (own.event.clone(), own.category.clone(), own.registration.clone());
        let read = move |db: &mut DbConnection| Ok::<_, Failure>(operations::passing(db, now, (&of.0, &of.1, &of.2))?);
        let passing = visit.app.read(read).await?;
        Ok(Self { own, token: path.1.clone(), passing, now })
    }

    fn open_offer(&self) -> Option<&Transfer> {
        self.passing.newest.as_ref().filter(|newest| newest.is_open(self.now))
    }

    fn letter<'a>(&'a self, app: &'a App, transfer: &'a Transfer) -> TransferLetter<'a> {
        let Own { event, registration, category, .. } = &self.own;
        TransferLetter { app, event, sender: registration, category, transfer }
    }

    fn show(&self, visit: &Visit, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
        let own = &self.own;
        let context = public_context(visit, &own.event, "transfers-title");
        let view = FormView::new(visit, &context, form, errors);
        let texts = &visit.app.texts;
        let in_words = |at: UtcTime| context.formatter().date_time(at.in_zone(own.event.zone()).naive_local());
        // An open offer may be taken back even where a new one could not be made.
        let open = self.open_offer().map(|open| OpenOffer {
            name: open.full_name(),
            email: open.email.clone(),
            until: in_words(open.until),
            action: own.url(&self.token, "/transfer/take-back"),
        });
        let barrier = self.passing.barrier.filter(|_| open.is_none());
        let languages = own.event.languages.iter().map(|lang| (lang.to_string(), own_name(texts, *lang)));
        let page = TransferPage {
            action: own.url(&self.token, "/transfer"),
            back_url: own.url(&self.token, ""),
            cancel_url: own.url(&self.token, "/cancel"),
            category: Text::pick(&own.category.name, context.lang, &own.event.languages),
            needs_approval: own.category.needs_approval,
            barrier: barrier.map_or_else(String::new, |barrier| {
                let key = format!("transfers-barred-{}", barrier.as_str().replace('_', "-"));
                texts.text(context.lang, &key, &[])
            }),
            open,
            errors: view.summary(),
            given_name: view.field("given_name"),
            family_name: view.field("family_name"),
            email: view.field("email"),
            language: view.field("language"),
            languages: view.choices("language", languages),
        };
        visit.show_with_status(status, &context, &page)
    }
}

/// `GET /{event}/r/{token}/transfer`.
async fn show(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let holder = Holder::open(&visit, &path).await?;
    let form = FormData::from_fields([("language", holder.own.registration.language.to_string())]);
    holder.show(&visit, StatusCode::OK, (&form, &FieldErrors::default()))
}

/// Whom the form names.
struct Named {
    given_name: String,
    family_name: String,
    email: EmailAddress,
    language: Lang,
}

fn read(holder: &Holder, form: &FormData) -> Result<Named, FieldErrors> {
    let mut checker = Checker::new(form);
    let (given_name, family_name) = (checker.required_line("given_name"), checker.required_line("family_name"));
    let email = checker.email("email");
    let Own { registration, event, category, .. } = &holder.own;
    match email.as_ref().map(EmailAddress::key) {
        Some(key) if key == registration.email_key => checker.wrong("email", Message::new("transfers-error-own")),
        Some(key) if !category.takes(&key) => {
            checker.wrong("email", Message::new("registration-error-address-not-listed"));
        }
        _ => {}
    }
    let language = form.text("language").parse().ok().filter(|lang| event.languages.contains(lang));
    let language = language.unwrap_or(registration.language);
    match (checker.finish(()), email) {
        (Ok(()), Some(email)) => Ok(Named { given_name, family_name, email, language }),
        (outcome, _) => Err(outcome.err().unwrap_or_default()),
    }
}

/// `POST /{event}/r/{token}/transfer`: names the other person and sends the link.
async fn offer(visit: Visit, client: ClientAddress, path: Path<(String, String)>, form: FormData) -> PageResult {
    visit.app.registration_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    let holder = Holder::open(&visit, &path).await?;
    if let (None, Some(barrier)) = (holder.open_offer(), holder.passing.barrier) {
        return Err(TransferError::Barred(barrier).into());
    }
    let named = match read(&holder, &form) {
        Ok(named) => named,
        Err(errors) => return holder.show(&visit, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    let prepared = prepare(&visit, &holder, named)?;
    let (event, category) = (holder.own.event.clone(), holder.own.category.clone());
    let job = move |db: &mut DbConnection, now| operations::offer(db, now, (&event, &category), &prepared);
    visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(holder.own.url(&path.1, "/transfer"), "transfers-notice-offered"))
}

fn prepare(visit: &Visit, holder: &Holder, named: Named) -> Result<Offer, Failure> {
    let (registration, token) = (&holder.own.registration, Token::new());
    let transfer = Transfer {
        id: TransferId::new(),
        event_id: registration.event_id,
        registration_id: registration.id,
        token_hash: token.hash(),
        given_name: named.given_name,
        family_name: named.family_name,
        email: named.email.to_string(),
        language: named.language,
        created_at: holder.now,
        until: offered_until(&holder.own.event, holder.now),
        outcome: None,
        ended_at: None,
        successor_id: None,
    };
    let letter = holder.letter(&visit.app, &transfer);
    let (invitation, note) = (letter.invitation(&token)?, letter.note(&Token::received(holder.token.as_str()))?);
    Ok(Offer { transfer, invitation, note })
}

/// `POST /{event}/r/{token}/transfer/take-back`.
async fn take_back(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let holder = Holder::open(&visit, &path).await?;
    let open = holder.open_offer().cloned().ok_or(TransferError::Ended)?;
    let message = holder.letter(&visit.app, &open).taken_back()?;
    let own = holder.own.registration.clone();
    let job = move |db: &mut DbConnection, now| operations::take_back(db, now, (&own, &open), &message);
    visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(holder.own.url(&path.1, ""), "transfers-notice-taken-back"))
}
