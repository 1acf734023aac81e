//! `/organizer/{event}/decisions`: what is decided, the exact mails, and the one step that applies it.

use super::ranking::{Desk, open};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::calls::mails::{ProposalLetter, Remarks};
use crate::calls::model::Call;
use crate::calls::model::proposal::Decision;
use crate::calls::operations::deciding::{self, Prepared, is_pending};
use crate::calls::operations::reviewing::SentIn;
use crate::calls::operations::{self, CallError, setting};
use crate::db::DbConnection;
use crate::mail::model::NewMessage;
use crate::web::error::PageResult;
use crate::web::form_view::own_name;
use crate::web::forms::ErrorLine;
use crate::web::token::hex;
use crate::web::{Checker, Failure, FieldErrors, FormData, FormView, LocalizedField, Page, RouteTable, Token, respond};
use actix_web::http::StatusCode;
use serde::Serialize;
use sha2::{Digest, Sha256};

/// The routes of decisions.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/decisions", show_decisions);
    routes.post("/organizer/{event}/decisions", apply);
    routes.post("/organizer/{event}/decisions/words", save_words);
}

type Team = Allowed<ManageEvent>;

#[derive(Serialize)]
struct DecisionsPage {
    list_url: String,
    action: String,
    words_url: String,
    stamp: String,
    is_stale: bool,
    counts: Vec<Count>,
    mails: Vec<MailView>,
    errors: Vec<ErrorLine>,
    accepted_words: Vec<LocalizedField>,
    rejected_words: Vec<LocalizedField>,
    sends_comments: bool,
}

impl Page for DecisionsPage {
    const TEMPLATE: &'static str = "organizer/call_decisions.html";
}

#[derive(Serialize)]
struct Count {
    decision: &'static str,
    label: String,
    count: usize,
}

#[derive(Serialize)]
struct MailView {
    decision_label: String,
    recipient: String,
    language: String,
    subject: String,
    text: String,
}

fn url(team: &Team) -> String {
    format!("/organizer/{}/decisions", team.event.slug)
}

/// What stands in a preview in the place of the secret of a link.
const NO_SECRET: &str = "…";

/// What organizers and reviewers add to the mail about a proposal.
fn remarks(desk: &Desk, one: &SentIn, decision: Decision) -> Remarks {
    let (call, languages) = (&desk.asked.call, &desk.asked.event.languages);
    let words = match decision {
        Decision::Accept => &call.accepted_words,
        Decision::Reject | Decision::Reserve => &call.rejected_words,
    };
    let reviews = desk.round.reviews(one.proposal.id).iter().filter(|_| call.sends_comments);
    Remarks {
        words: words.text(one.proposal.language, languages).to_owned(),
        comments: reviews.map(|review| review.to_author.clone()).filter(|words| !words.is_empty()).collect(),
    }
}

fn mail(team: &Team, desk: &Desk, one: &SentIn, token: &Token) -> Result<Option<NewMessage>, Failure> {
    let letter = ProposalLetter { app: &team.visit.app, event: &team.event, proposal: &one.proposal };
    match one.proposal.pending {
        Some(decision) => letter.decided(decision, token, &remarks(desk, one, decision)),
        None => Ok(None),
    }
}

/// Proposals with the mails about them.
type Previewed<'a> = Vec<(&'a SentIn, Option<NewMessage>)>;

/// What is pending, with each mail as it will leave but for the secret in its link, and a word that differs whenever any
/// of it does.
fn previewed<'a>(team: &Team, desk: &'a Desk) -> Result<(Previewed<'a>, String), Failure> {
    let pending = desk.round.proposals.iter().filter(|one| is_pending(one));
    let all: Previewed<'_> = pending
        .map(|one| Ok((one, mail(team, desk, one, &Token::received(NO_SECRET))?)))
        .collect::<Result<_, Failure>>()?;
    let mut digest = Sha256::new();
    for (one, message) in &all {
        let mut add = |part: &str| {
            digest.update((part.len() as u64).to_be_bytes());
            digest.update(part.as_bytes());
        };
        add(one.proposal.id.as_str());
        add(one.proposal.pending.map(Decision::as_str).unwrap_or_default());
        if let Some(message) = message {
            [message.recipient.as_str(), &message.content.subject, &message.content.text].into_iter().for_each(add);
        }
    }
    Ok((all, hex(&digest.finalize())))
}

/// `GET /organizer/{event}/decisions`.
async fn show_decisions(team: Team) -> PageResult {
    let desk = open(&team).await?;
    let mut form = FormData::default();
    form.push_localized("accepted_words", &desk.asked.call.accepted_words);
    form.push_localized("rejected_words", &desk.asked.call.rejected_words);
    show(&team, &desk, StatusCode::OK, (&form, &FieldErrors::default()), false)
}

fn show(
    team: &Team,
    desk: &Desk,
    status: StatusCode,
    (form, errors): (&FormData, &FieldErrors),
    is_stale: bool,
) -> PageResult {
    let (all, stamp) = previewed(team, desk)?;
    let context = team.context("proposals", "calls-decisions-title");
    let (view, languages) = (FormView::new(&team.visit, &context, form, errors), &team.event.languages);
    let label =
        |decision: Decision| team.visit.app.texts.text(context.lang, &format!("calls-decision-{decision}"), &[]);
    let count = |decision: &Decision| Count {
        decision: decision.as_str(),
        label: label(*decision),
        count: all.iter().filter(|(one, _)| one.proposal.pending == Some(*decision)).count(),
    };
    let mail = |(one, message): &(&SentIn, Option<NewMessage>)| {
        message.as_ref().map(|message| MailView {
            decision_label: one.proposal.pending.map(label).unwrap_or_default(),
            recipient: format!("{} <{}>", message.recipient_name, message.recipient.as_str()),
            language: own_name(&team.visit.app.texts, message.language),
            subject: message.content.subject.clone(),
            text: message.content.text.clone(),
        })
    };
    let page = DecisionsPage {
        list_url: format!("/organizer/{}/proposals", team.event.slug),
        action: url(team),
        words_url: format!("{}/words", url(team)),
        is_stale,
        counts: Decision::ALL.iter().map(count).collect(),
        mails: all.iter().filter_map(mail).collect(),
        errors: view.summary(),
        accepted_words: view.localized("accepted_words", languages),
        rejected_words: view.localized("rejected_words", languages),
        sends_comments: desk.asked.call.sends_comments,
        stamp,
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/decisions/words`: what the mails say besides.
async fn save_words(team: Team, form: FormData) -> PageResult {
    let mut checker = Checker::new(&form);
    let languages = &team.event.languages;
    let accepted_words = checker.localized_block("accepted_words", languages);
    let rejected_words = checker.localized_block("rejected_words", languages);
    let words = match checker.finish((accepted_words, rejected_words)) {
        Ok(words) => words,
        Err(errors) => {
            let desk = open(&team).await?;
            return show(&team, &desk, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors), false);
        }
    };
    let (event, actor) = (team.event.id, team.actor());
    let job = move |db: &mut DbConnection, now| {
        let (accepted_words, rejected_words) = words.clone();
        let call = operations::call_of(db, now, event)?;
        setting::save_call(db, now, actor, &Call { accepted_words, rejected_words, ..call })
    };
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(url(&team), "calls-notice-words"))
}

/// `POST /organizer/{event}/decisions`, with the `stamp` of what was shown: exactly that is applied, or nothing.
async fn apply(team: Team, form: FormData) -> PageResult {
    let desk = open(&team).await?;
    let (all, stamp) = previewed(&team, &desk)?;
    if all.is_empty() || form.text("stamp") != stamp {
        return stale(&team, &desk);
    }
    let mut prepared = Vec::new();
    for (one, _) in all {
        let Some(decision) = one.proposal.pending else { continue };
        let token = Token::new();
        let message = mail(&team, &desk, one, &token)?;
        prepared.push(Prepared { id: one.proposal.id, decision, mail: message.map(|message| (token.hash(), message)) });
    }
    let key = (team.event.id, team.actor());
    match team.visit.app.write(move |db, now| deciding::apply(db, now, key, &prepared)).await {
        Ok(()) => Ok(respond::see_other_with_notice(
            format!("/organizer/{}/proposals", team.event.slug),
            "calls-notice-applied",
        )),
        Err(CallError::Stale | CallError::Ended) => stale(&team, &open(&team).await?),
        Err(error) => Err(error.into()),
    }
}

/// The page as it is now: something changed since it was shown, and nothing was applied.
fn stale(team: &Team, desk: &Desk) -> PageResult {
    let mut form = FormData::default();
    form.push_localized("accepted_words", &desk.asked.call.accepted_words);
    form.push_localized("rejected_words", &desk.asked.call.rejected_words);
    show(team, desk, StatusCode::CONFLICT, (&form, &FieldErrors::default()), true)
}
