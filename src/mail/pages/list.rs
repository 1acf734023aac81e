//! The list of messages: a tab for each state, kinds, and finding one.

use super::{MessageLine, kind_label, line, pause_words};
use crate::accounts::access::{Allowed, ViewMail};
use crate::accounts::model::Permission;
use crate::db::MessageId;
use crate::i18n::Lang;
use crate::mail::model::{MessageFilter, MessageKind, MessageList, MessageState};
use crate::mail::operations::rules;
use crate::mail::outbox::{self, Counts};
use crate::mail::policy::Pause;
use crate::web::error::PageResult;
use crate::web::{Choice, Failure, Page, PageContext, Visit};
use serde::Serialize;

#[derive(Serialize)]
struct MailPage {
    query: String,
    state: &'static str,
    tabs: Vec<Tab>,
    kinds: Vec<Choice>,
    messages: Vec<MessageLine>,
    older_url: String,
    newest_url: String,
    is_cut: bool,
    is_filtered: bool,
    clear_url: String,
    pauses: Vec<String>,
    is_paused: bool,
    may_manage: bool,
    drafts: Option<Drafts>,
}

impl Page for MailPage {
    const TEMPLATE: &'static str = "organizer/mail.html";
}

#[derive(Serialize)]
struct Tab {
    url: String,
    label: String,
    count: Option<i64>,
    current: bool,
}

/// What is decided of all drafts that are listed.
#[derive(Serialize)]
struct Drafts {
    kind: &'static str,
    upto: String,
}

/// The filter that an address names.
pub(super) fn filter_of(visit: &Visit, event: crate::db::EventId) -> MessageFilter {
    MessageFilter {
        event: Some(event),
        state: visit.param("state").and_then(|word| word.parse().ok()),
        kind: visit.param("kind").and_then(|word| word.parse().ok()),
        search: visit.param("q").unwrap_or_default().trim().chars().take(100).collect(),
        before: visit.param("before").and_then(|id| id.parse::<MessageId>().ok()),
        ..MessageFilter::default()
    }
}

/// The address of a list.
pub(super) fn list_url(slug: &str, filter: &MessageFilter, state: Option<MessageState>) -> String {
    let mut query = url::form_urlencoded::Serializer::new(String::new());
    let kind = filter.kind.map(MessageKind::as_str);
    let parts = [("state", state.map(MessageState::as_str)), ("kind", kind), ("q", Some(filter.search.as_str()))];
    query.extend_pairs(
        parts.into_iter().filter_map(|(name, value)| Some((name, value.filter(|text| !text.is_empty())?))),
    );
    let query = query.finish();
    format!("/organizer/{slug}/mail{}{query}", if query.is_empty() { "" } else { "?" })
}

/// `GET /organizer/{event}/mail`.
pub(super) async fn list_messages(team: Allowed<ViewMail>) -> PageResult {
    let event = team.event.id;
    let filter = filter_of(&team.visit, event);
    let wanted = filter.clone();
    let read = move |db: &mut crate::db::DbConnection| {
        Ok::<_, Failure>((outbox::list(db, &wanted)?, outbox::counts(db, event)?, rules::pauses(db)?))
    };
    let (list, counts, pauses) = team.visit.app.read(read).await?;
    let context = team.context("mail", "mail-title");
    let page = mail_page(&team, &context, &filter, (&list, &counts, &pauses));
    team.visit.show(&context, &page)
}

fn mail_page(
    team: &Allowed<ViewMail>,
    context: &PageContext,
    filter: &MessageFilter,
    (list, counts, pauses): (&MessageList, &Counts, &[Pause]),
) -> MailPage {
    let (event, slug) = (&team.event, team.event.slug.as_str());
    let ours: Vec<&Pause> =
        pauses.iter().filter(|pause| pause.event.is_none() || pause.event == Some(event.id)).collect();
    let may_manage = team.may(Permission::ManageEvent);
    let newest = list.messages.first().filter(|_| may_manage && filter.state == Some(MessageState::Draft));
    MailPage {
        query: filter.search.clone(),
        state: filter.state.map_or("", MessageState::as_str),
        tabs: tabs(team, context.lang, filter, counts),
        kinds: kinds(team, context.lang, filter.kind, counts),
        messages: list.messages.iter().map(|message| line(team, context.formatter(), context.lang, message)).collect(),
        older_url: list.next.map(|next| team.visit.url_with("before", next.as_str())).unwrap_or_default(),
        newest_url: if filter.before.is_some() { list_url(slug, filter, filter.state) } else { String::new() },
        is_cut: list.is_cut,
        is_filtered: filter.state.is_some() || filter.kind.is_some() || !filter.search.is_empty(),
        clear_url: list_url(slug, &MessageFilter::default(), None),
        pauses: ours.iter().map(|pause| pause_words(&team.visit, context, (pause, event.zone()))).collect(),
        is_paused: ours.iter().any(|pause| pause.event.is_some()),
        may_manage,
        drafts: newest
            .filter(|_| filter.before.is_none())
            .map(|newest| Drafts { kind: filter.kind.map_or("", MessageKind::as_str), upto: newest.id.to_string() }),
    }
}

/// The order in which somebody who looks after mail asks for states.
const TABS: [MessageState; 7] = [
    MessageState::Draft,
    MessageState::Queued,
    MessageState::Sending,
    MessageState::Sent,
    MessageState::Failed,
    MessageState::Bounced,
    MessageState::Cancelled,
];

fn tabs(team: &Allowed<ViewMail>, lang: Lang, filter: &MessageFilter, counts: &Counts) -> Vec<Tab> {
    let texts = &team.visit.app.texts;
    let tab = |state: Option<MessageState>| Tab {
        url: list_url(&team.event.slug, filter, state),
        label: texts.text(lang, &state.map_or("mail-any-state".to_owned(), |state| format!("mail-state-{state}")), &[]),
        // Among what a search finds nothing is counted.
        count: filter.search.is_empty().then(|| counts.of(state, filter.kind)),
        current: state == filter.state,
    };
    std::iter::once(None).chain(TABS.into_iter().map(Some)).map(tab).collect()
}

fn kinds(team: &Allowed<ViewMail>, lang: Lang, current: Option<MessageKind>, counts: &Counts) -> Vec<Choice> {
    let mut kinds = counts.kinds();
    kinds.extend(current.filter(|current| !kinds.contains(current)));
    let choice = |kind: MessageKind| Choice {
        value: kind.as_str().to_owned(),
        label: kind_label(&team.visit.app.texts, lang, kind),
        selected: current == Some(kind),
    };
    let mut choices: Vec<Choice> = kinds.into_iter().map(choice).collect();
    choices.sort_by(|left, right| left.label.cmp(&right.label));
    choices
}
