//! `/{event}/call`: what is asked for, and the form.

use super::form_view::{ProposalForm, Shown};
use super::{asked, end_of, in_words, public_context};
use crate::calls::mails::ProposalLetter;
use crate::calls::model::proposal::{Content, Proposal};
use crate::calls::model::{Asked, LateLink, Opening};
use crate::calls::operations::drafting::{self, Begun};
use crate::calls::operations::setting;
use crate::calls::reading::Reading;
use crate::db::UtcTime;
use crate::i18n::Lang;
use crate::mail::address::EmailAddress;
use crate::programme::text::markdown;
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::token::hex;
use crate::web::{
    Checker, Failure, Field, FieldErrors, FormData, FormView, Message, Page, PageContext, RouteTable, Token, Visit,
    respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The routes of the public form.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/call", show_call);
    routes.post("/{event}/call", begin);
    routes.get("/{event}/call/sent", show_sent);
}

#[derive(Serialize)]
struct CallPage {
    action: String,
    introduction: Text,
    is_open: bool,
    is_late: bool,
    /// Until or since when, in words; empty where nothing is set.
    when: String,
    state: &'static str,
    timezone: String,
    lines: Vec<DateLine>,
    most_per_person: i32,
    late: String,
    idempotency_key: String,
    email: Field,
    accept_privacy: Field,
    privacy_accepted: bool,
    privacy_notice: Text,
    contact_email: String,
    proposal: ProposalForm,
}

impl Page for CallPage {
    const TEMPLATE: &'static str = "calls/call.html";
}

/// A format or forum with an end of its own.
#[derive(Serialize)]
struct DateLine {
    name: String,
    state: &'static str,
    when: String,
}

#[derive(Serialize)]
struct SentPage {
    call_url: String,
    contact_email: String,
}

impl Page for SentPage {
    const TEMPLATE: &'static str = "calls/sent.html";
}

/// The call with the link that opens it after its end, if a working one was given.
struct Desk {
    asked: Asked,
    late: Option<LateLink>,
    now: UtcTime,
}

impl Desk {
    async fn open(visit: &Visit, slug: String, late: &str) -> Result<Self, Failure> {
        let (asked, now) = (asked(visit, slug).await?, visit.app.clock.now());
        if late.is_empty() {
            return Ok(Self { asked, late: None, now });
        }
        let (event, token) = (asked.event.id, Token::received(late).hash());
        let read = move |db: &mut crate::db::DbConnection| {
            Ok::<_, Failure>(setting::working_late_link(db, now, event, &token)?)
        };
        Ok(Self { late: visit.app.read(read).await?, asked, now })
    }

    fn is_open(&self) -> bool {
        self.late.is_some() || self.asked.overall(self.now).is_open()
    }

    fn show(
        &self,
        visit: &Visit,
        status: StatusCode,
        (form, errors): (&FormData, &FieldErrors),
        wants_row: bool,
    ) -> PageResult {
        let context = public_context(visit, &self.asked.event, "calls-title");
        let shown = Shown { form, errors, wants_row, is_late: self.late.is_some(), now: self.now };
        let page = self.page(visit, &context, shown);
        visit.show_with_status(status, &context, &page)
    }

    fn page(&self, visit: &Visit, context: &PageContext, shown: Shown<'_>) -> CallPage {
        let (event, form) = (&self.asked.event, shown.form);
        let view = FormView::new(visit, context, form, shown.errors);
        let key = Some(form.text("idempotency_key")).filter(|key| !key.is_empty() && key.len() <= 200);
        let prose = |text: &crate::i18n::Localized| {
            let text = Text::pick(text, context.lang, &event.languages);
            Text { text: markdown(&text.text), ..text }
        };
        let (state, when) = self.standing(context, self.asked.overall(self.now));
        let until = self.late.as_ref().map(|late| in_words(context, event, late.until));
        CallPage {
            action: format!("/{}/call", event.slug),
            introduction: prose(&self.asked.call.introduction),
            // Whoever was typing when the call closed keeps what was typed.
            is_open: self.is_open() || !shown.errors.is_empty(),
            is_late: self.late.is_some(),
            when: until.unwrap_or(when),
            state: if self.late.is_some() { "open" } else { state },
            timezone: event.zone().name().to_owned(),
            lines: if self.late.is_some() { Vec::new() } else { self.lines(context) },
            most_per_person: self.asked.call.most_per_person.unwrap_or(0),
            late: form.text("late").to_owned(),
            idempotency_key: key.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned),
            email: view.field("email"),
            accept_privacy: view.field("accept_privacy"),
            privacy_accepted: view.ticked("accept_privacy"),
            privacy_notice: prose(&event.privacy_notice),
            contact_email: event.contact_email.clone().unwrap_or_default(),
            proposal: ProposalForm::of(visit, context, &self.asked, shown),
        }
    }

    fn standing(&self, context: &PageContext, opening: Opening) -> (&'static str, String) {
        let words = |at: UtcTime| in_words(context, &self.asked.event, at);
        match opening {
            Opening::Open(until) => ("open", until.map(words).unwrap_or_default()),
            Opening::NotYet(at) => ("not-yet", words(at)),
            Opening::Over(at) => ("over", words(at)),
            Opening::Never => ("never", String::new()),
        }
    }

    /// The formats and forums whose dates are not the call's.
    fn lines(&self, context: &PageContext) -> Vec<DateLine> {
        let Asked { event, dates, formats, forums, .. } = &self.asked;
        let word = |name: &crate::i18n::Localized| name.text(context.lang, &event.languages).to_owned();
        let line = |window: &crate::calls::model::Window| {
            let format = formats.iter().find(|one| Some(one.id) == window.format_id).map(|one| word(&one.name));
            let forum = forums.iter().find(|one| Some(one.id) == window.forum_id).map(|one| word(&one.name));
            let opening = dates.opening(window.format_id, window.forum_id, self.now);
            let (state, when) = self.standing(context, opening);
            DateLine { name: [format, forum].into_iter().flatten().collect::<Vec<_>>().join(" · "), state, when }
        };
        dates.windows.iter().map(line).collect()
    }

    fn begun(&self, visit: &Visit, form: &FormData, typed: Typed) -> Result<Begun, Failure> {
        let (event, content) = (&self.asked.event, typed.content);
        let until = self.late.as_ref().map(|late| late.until);
        let until = until.or_else(|| end_of(self.asked.dates.opening(content.format, content.forum, self.now)));
        let proposal = Proposal::begin(self.now, event.id, (&typed.email, typed.language), content);
        let late_link_id = self.late.as_ref().map(|late| late.id);
        let proposal = Proposal { late_link_id, ..proposal.map_err(Failure::unexpected)? };
        let token = Token::new();
        let message = ProposalLetter { app: &visit.app, event, proposal: &proposal }.draft(&token, until)?;
        Ok(Begun { link: token.hash(), message, key: submission_key(form, &proposal), proposal })
    }
}

/// What a repeated submission is known by: the key that the form carried, or else its content.
fn submission_key(form: &FormData, proposal: &Proposal) -> String {
    let mut digest = Sha256::new();
    let mut add = |part: &str| {
        digest.update((part.len() as u64).to_be_bytes());
        digest.update(part.as_bytes());
    };
    add(&proposal.email_key);
    match form.text("idempotency_key") {
        "" => [&proposal.title, &proposal.abstract_text, &proposal.description].into_iter().for_each(|part| add(part)),
        key => add(key),
    }
    hex(&digest.finalize())
}

/// What was typed, checked.
struct Typed {
    email: EmailAddress,
    language: Lang,
    content: Content,
}

fn read(desk: &Desk, form: &FormData, lang: Lang) -> Result<Typed, FieldErrors> {
    let reading = Reading {
        asked: &desk.asked,
        now: desk.now,
        before: None,
        lang,
        is_complete: false,
        is_late: desk.late.is_some(),
    };
    let mut checker = Checker::new(form);
    let email = checker.email("email");
    let content = reading.read(form);
    for error in content.as_ref().err().into_iter().flat_map(FieldErrors::iter) {
        checker.wrong(error.field.clone(), error.message.clone());
    }
    if !form.is_ticked("accept_privacy") {
        checker.wrong("accept_privacy", Message::new("registration-error-accept-privacy"));
    }
    match (checker.finish(()), email, content) {
        (Ok(()), Some(email), Ok(content)) => Ok(Typed { email, language: lang, content }),
        (outcome, ..) => Err(outcome.err().unwrap_or_default()),
    }
}

/// `GET /{event}/call`.
async fn show_call(visit: Visit, path: Path<String>) -> PageResult {
    let late = visit.param("late").unwrap_or_default().to_owned();
    let desk = Desk::open(&visit, path.into_inner(), &late).await?;
    let lang = visit.language(&desk.asked.event.languages).to_string();
    let form = FormData::from_fields([("late", late), ("written_in", lang)]);
    desk.show(&visit, StatusCode::OK, (&form, &FieldErrors::default()), false)
}

/// `POST /{event}/call`: keeps a draft and sends its link; with `do` as `row` only shows one more row of people.
async fn begin(visit: Visit, client: ClientAddress, path: Path<String>, form: FormData) -> PageResult {
    visit.app.proposal_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    let desk = Desk::open(&visit, path.into_inner(), form.text("late")).await?;
    if form.text("do") == "row" {
        return desk.show(&visit, StatusCode::OK, (&form, &FieldErrors::default()), true);
    }
    let lang = visit.language(&desk.asked.event.languages);
    let typed = match read(&desk, &form, lang) {
        Ok(typed) => typed,
        Err(errors) => return desk.show(&visit, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors), false),
    };
    let begun = desk.begun(&visit, &form, typed)?;
    visit.app.write(move |db, now| drafting::begin(db, now, &begun)).await?;
    Ok(respond::see_other(format!("/{}/call/sent", desk.asked.event.slug)))
}

/// `GET /{event}/call/sent`.
async fn show_sent(visit: Visit, path: Path<String>) -> PageResult {
    let event = asked(&visit, path.into_inner()).await?.event;
    let page = SentPage {
        call_url: format!("/{}/call", event.slug),
        contact_email: event.contact_email.clone().unwrap_or_default(),
    };
    visit.show(&public_context(&visit, &event, "calls-sent-title"), &page)
}
