//! `/{event}/p/{token}`: an author's own proposal.

use super::form_view::{ProposalForm, Shown};
use super::{asked, end_of, in_words, public_context};
use crate::calls::mails::ProposalLetter;
use crate::calls::model::Asked;
use crate::calls::model::proposal::{Content, Proposal, ProposalState};
use crate::calls::operations::drafting::{self, Own};
use crate::calls::operations::sending::{self, Sending};
use crate::calls::operations::{CallError, setting};
use crate::calls::reading::{Reading, fields_of};
use crate::db::{DbConnection, UtcTime};
use crate::registration::forms::model::{AnswerLine, Answers};
use crate::web::client::ClientAddress;
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::{Failure, FieldErrors, FormData, Message, Page, PageContext, RouteTable, Token, Visit, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of an author's own page.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/{event}/p/{token}", show_own);
    routes.post("/{event}/p/{token}", change);
    routes.get("/{event}/p/{token}/withdraw", ask_withdraw);
    routes.post("/{event}/p/{token}/withdraw", withdraw);
}

#[derive(Serialize)]
struct OwnPage {
    title: String,
    state: &'static str,
    state_label: String,
    state_text: String,
    until: String,
    timezone: String,
    action: String,
    withdraw_url: String,
    email: String,
    is_draft: bool,
    form: Option<ProposalForm>,
    facts: Vec<AnswerLine>,
    contact_email: String,
}

impl Page for OwnPage {
    const TEMPLATE: &'static str = "calls/own.html";
}

#[derive(Serialize)]
struct WithdrawPage {
    title: String,
    action: String,
    back_url: String,
    is_draft: bool,
}

impl Page for WithdrawPage {
    const TEMPLATE: &'static str = "calls/withdraw.html";
}

/// A proposal at hand for its author.
struct Desk {
    asked: Asked,
    own: Own,
    /// Whether its author may change it now.
    is_open: bool,
    /// Whether the link by which it was begun still works: then the call's dates don't matter.
    late_until: Option<UtcTime>,
    now: UtcTime,
    token: String,
}

async fn find(visit: &Visit, path: Path<(String, String)>) -> Result<Desk, Failure> {
    let (slug, token) = path.into_inner();
    let (asked, now) = (asked(visit, slug).await?, visit.app.clock.now());
    let (event, hash) = (asked.event.id, Token::received(token.as_str()).hash());
    let read = move |db: &mut DbConnection| {
        let own = drafting::by_token(db, event, &hash)?.ok_or(Failure::NotFound)?;
        let kind = (own.proposal.format_id, own.proposal.forum_id);
        let link = own.proposal.late_link_id;
        let late = setting::late_links(db, event)?.into_iter().find(|late| Some(late.id) == link && late.works(now));
        Ok::<_, Failure>((drafting::is_open(db, now, &own, kind)?, late.map(|late| late.until), own))
    };
    let (is_open, late_until, own) = visit.app.read(read).await?;
    Ok(Desk { asked, own, is_open, late_until, now, token })
}

impl Desk {
    fn url(&self, below: &str) -> String {
        format!("/{}/p/{}{below}", self.asked.event.slug, self.token)
    }

    fn until(&self) -> Option<UtcTime> {
        let proposal = &self.own.proposal;
        self.late_until
            .or_else(|| end_of(self.asked.dates.opening(proposal.format_id, proposal.forum_id, self.now)))
            .filter(|_| self.is_open)
    }

    fn show(
        &self,
        visit: &Visit,
        status: StatusCode,
        (form, errors): (&FormData, &FieldErrors),
        wants_row: bool,
    ) -> PageResult {
        let context = public_context(visit, &self.asked.event, "calls-own-title");
        let shown = Shown { form, errors, wants_row, is_late: self.late_until.is_some(), now: self.now };
        let (event, proposal, state) = (&self.asked.event, &self.own.proposal, self.own.state);
        let text = |key: &str| visit.app.texts.text(context.lang, key, &[]);
        // Whoever was typing when it closed keeps what was typed.
        let has_form = self.is_open || !errors.is_empty();
        let page = OwnPage {
            title: proposal.title.clone(),
            state: state.as_str(),
            state_label: text(&format!("calls-state-{state}")),
            state_text: text(&self.standing()),
            until: self.until().map(|at| in_words(&context, event, at)).unwrap_or_default(),
            timezone: event.zone().name().to_owned(),
            action: self.url(""),
            withdraw_url: if drafting::may_withdraw(state) { self.url("/withdraw") } else { String::new() },
            email: proposal.email.clone(),
            is_draft: state == ProposalState::Draft,
            form: has_form.then(|| ProposalForm::of(visit, &context, &self.asked, shown)),
            facts: if has_form { Vec::new() } else { facts(visit, &context, &self.asked, proposal) },
            contact_email: event.contact_email.clone().unwrap_or_default(),
        };
        visit.show_with_status(status, &context, &page)
    }

    /// The text that says where it stands and what its author may do.
    fn standing(&self) -> String {
        match (self.own.state, self.is_open) {
            (ProposalState::Draft | ProposalState::Proposed, false) => format!("calls-own-{}-closed", self.own.state),
            (state, _) => format!("calls-own-{state}"),
        }
    }

    fn read(&self, visit: &Visit, form: &FormData, is_complete: bool) -> Result<Content, FieldErrors> {
        let reading = Reading {
            asked: &self.asked,
            now: self.now,
            before: Some(&self.own.proposal),
            lang: visit.language(&self.asked.event.languages),
            is_complete,
            is_late: self.late_until.is_some(),
        };
        reading.read(form)
    }

    /// Sends in, or keeps what was changed; the text that the next page shows.
    async fn keep(
        &self,
        visit: &Visit,
        version: i32,
        content: Content,
        sends: bool,
    ) -> Result<&'static str, CallError> {
        let key = (self.asked.event.id, self.own.proposal.id, version);
        if self.own.state != ProposalState::Draft {
            visit.app.write(move |db, now| sending::change(db, now, key, &content)).await?;
            return Ok("calls-notice-changed");
        }
        if !sends {
            visit.app.write(move |db, now| drafting::save(db, now, key, &content)).await?;
            return Ok("calls-notice-saved");
        }
        let proposal =
            Proposal { title: content.title.clone(), name: content.name.clone(), ..self.own.proposal.clone() };
        let token = Token::new();
        let letter = ProposalLetter { app: &visit.app, event: &self.asked.event, proposal: &proposal };
        let until =
            self.late_until.or_else(|| end_of(self.asked.dates.opening(content.format, content.forum, self.now)));
        let message = letter.received(&token, until).map_err(|failure| CallError::Mail(failure.to_string()))?;
        let sending = Sending { content, link: token.hash(), message };
        visit.app.write(move |db, now| sending::send_in(db, now, key, &sending)).await?;
        Ok("calls-notice-sent-in")
    }
}

/// The proposal as it can be read once it can't be changed.
fn facts(visit: &Visit, context: &PageContext, asked: &Asked, proposal: &Proposal) -> Vec<AnswerLine> {
    let (texts, languages) = (&visit.app.texts, &asked.event.languages);
    let format = asked.formats.iter().find(|one| Some(one.id) == proposal.format_id);
    let forum = asked.forums.iter().find(|one| Some(one.id) == proposal.forum_id);
    let word = |name: &crate::i18n::Localized| name.text(context.lang, languages).to_owned();
    let people: Vec<&str> = proposal.people.iter().map(|person| person.name.as_str()).collect();
    let own = [
        ("abstract", proposal.abstract_text.clone()),
        ("description", proposal.description.clone()),
        ("spoken", proposal.spoken.map(|lang| own_name(texts, lang)).unwrap_or_default()),
        ("format", format.map(|one| word(&one.name)).unwrap_or_default()),
        ("forum", forum.map(|one| word(&one.name)).unwrap_or_default()),
        ("people", people.join(&texts.text(context.lang, "common-list-separator", &[]))),
        ("notes", proposal.notes.clone()),
    ];
    let own = own.into_iter().filter(|(_, value)| !value.is_empty()).map(|(name, text)| AnswerLine {
        label: texts.text(context.lang, &format!("calls-field-{name}"), &[]),
        text,
        ..AnswerLine::default()
    });
    let answers = Answers::parse(&proposal.answers);
    let answered = asked.questions.questions.iter().filter_map(|question| {
        Some(AnswerLine::of(question, answers.of(question)?, &[], (context.lang, languages.as_slice())))
    });
    own.chain(answered).collect()
}

/// `GET /{event}/p/{token}`.
async fn show_own(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let desk = find(&visit, path).await?;
    let form = fields_of(&desk.own.proposal, &desk.asked.questions);
    desk.show(&visit, StatusCode::OK, (&form, &FieldErrors::default()), false)
}

/// `POST /{event}/p/{token}`, with `do`: `save`, `send` to send in, or `row` for one more row of people.
async fn change(visit: Visit, client: ClientAddress, path: Path<(String, String)>, form: FormData) -> PageResult {
    visit.app.proposal_limit.take(&client.limit_key()).map_err(Failure::TooMany)?;
    let desk = find(&visit, path).await?;
    let sends = form.text("do") == "send";
    if form.text("do") == "row" && desk.is_open {
        return desk.show(&visit, StatusCode::OK, (&form, &FieldErrors::default()), true);
    }
    let is_complete = sends || desk.own.state != ProposalState::Draft;
    let content = match desk.read(&visit, &form, is_complete) {
        Ok(content) => content,
        Err(errors) => return desk.show(&visit, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors), false),
    };
    let version = form.text("version").parse().unwrap_or_default();
    match desk.keep(&visit, version, content, sends).await {
        Ok(notice) => Ok(respond::see_other_with_notice(desk.url(""), notice)),
        Err(error) => refused(&visit, &desk, &form, error).await,
    }
}

/// The form again with what was typed and why it was not kept.
async fn refused(visit: &Visit, desk: &Desk, form: &FormData, error: CallError) -> PageResult {
    let (status, message) = match error {
        CallError::Stale => (StatusCode::CONFLICT, Message::new("calls-error-stale-form")),
        CallError::Ended => (StatusCode::CONFLICT, Message::new("calls-error-ended-form")),
        CallError::TooMany(most) => {
            (StatusCode::UNPROCESSABLE_ENTITY, Message::new("calls-error-too-many-form").with("most", most))
        }
        error => return Err(error.into()),
    };
    let mut errors = FieldErrors::default();
    errors.push("title", message);
    // Saved once more upon what is kept now, it is meant.
    let present = find(visit, Path::from((desk.asked.event.slug.clone(), desk.token.clone()))).await?;
    let mut typed = FormData::from_fields(form.iter().filter(|(name, _)| *name != "version"));
    typed.push("version", present.own.proposal.version.to_string());
    present.show(visit, status, (&typed, &errors), false)
}

/// `GET /{event}/p/{token}/withdraw`.
async fn ask_withdraw(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let desk = find(&visit, path).await?;
    if !drafting::may_withdraw(desk.own.state) {
        return Ok(respond::see_other(desk.url("")));
    }
    let context = public_context(&visit, &desk.asked.event, "calls-withdraw-title");
    let page = WithdrawPage {
        title: desk.own.proposal.title.clone(),
        action: desk.url("/withdraw"),
        back_url: desk.url(""),
        is_draft: desk.own.state == ProposalState::Draft,
    };
    visit.show(&context, &page)
}

/// `POST /{event}/p/{token}/withdraw`.
async fn withdraw(visit: Visit, path: Path<(String, String)>) -> PageResult {
    let desk = find(&visit, path).await?;
    let key = (desk.asked.event.id, desk.own.proposal.id);
    visit.app.write(move |db, now| drafting::withdraw(db, now, key)).await?;
    Ok(respond::see_other_with_notice(desk.url(""), "calls-notice-withdrawn"))
}
