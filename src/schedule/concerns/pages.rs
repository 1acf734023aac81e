//! `/organizer/{event}/schedule/concerns`: everything that speaks against the draft, and what is muted.

use super::model::{Found, Severity};
use super::operations::{self, Checked, MuteError, Muter, checked};
use crate::accounts::access::{Allowed, EditProgramme, ViewEvent};
use crate::accounts::model::Permission;
use crate::schedule::model::ProgrammeSlot;
use crate::schedule::wording::{ConcernLine, ConcernWords, when};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Checker, Failure, FieldErrors, FormData, Message, Page, PageContext, RouteTable, respond};
use actix_web::http::StatusCode;
use serde::Serialize;
use std::collections::{HashMap, HashSet};

/// The routes of this part.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/schedule/concerns", show_concerns);
    routes.post("/organizer/{event}/schedule/concerns/mute", mute_concern);
    routes.post("/organizer/{event}/schedule/concerns/unmute", unmute_concern);
}

/// Longest reason for muting.
const REASON_LENGTH: usize = 300;
/// Concerns of one weight that are shown.
const SHOWN: usize = 300;

impl From<MuteError> for Failure {
    fn from(error: MuteError) -> Self {
        match error {
            MuteError::Gone => Self::conflict("concern-gone"),
            MuteError::NotAllowed => Self::Forbidden,
            MuteError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct ConcernsPage {
    errors: Vec<ErrorLine>,
    /// The concern whose muting was refused, and the reason as typed.
    refused: String,
    typed: String,
    groups: Vec<Group>,
    muted: Vec<MutedRow>,
    schedule_url: String,
    rules_url: Option<String>,
}

impl Page for ConcernsPage {
    const TEMPLATE: &'static str = "organizer/concerns.html";
}

#[derive(Serialize)]
struct Group {
    severity: &'static str,
    heading: String,
    rows: Vec<Row>,
    more: usize,
}

#[derive(Serialize)]
struct Row {
    url: String,
    title: Text,
    when: String,
    concern: ConcernLine,
}

/// A muted concern; the row is none where the draft does not raise it any more.
#[derive(Serialize)]
struct MutedRow {
    row: Option<Row>,
    key: String,
    reason: String,
    by: String,
    unmute_url: String,
}

/// `GET /organizer/{event}/schedule/concerns`.
async fn show_concerns(team: Allowed<ViewEvent>) -> PageResult {
    show(&team, StatusCode::OK, None).await
}

async fn show<P>(team: &Allowed<P>, status: StatusCode, refused: Option<(&FormData, &FieldErrors)>) -> PageResult {
    let event = team.event.clone();
    let checked = team.visit.app.read(move |db| Ok::<_, Failure>(checked(db, &event)?)).await?;
    let context = team.context("schedule", "concern-page-title");
    let page = concerns_page(team, &context, &checked, refused);
    team.visit.show_with_status(status, &context, &page)
}

/// Makes rows of one draft's concerns.
struct Rows<'a, P> {
    team: &'a Allowed<P>,
    context: &'a PageContext,
    checked: &'a Checked,
    words: ConcernWords<'a>,
    slots: HashMap<crate::db::SlotId, &'a ProgrammeSlot>,
}

impl<'a, P> Rows<'a, P> {
    fn new(team: &'a Allowed<P>, context: &'a PageContext, checked: &'a Checked) -> Self {
        let words = ConcernWords::new(&team.visit.app.texts, context.lang, &checked.draft).for_team(team);
        let slots = checked.draft.programme.sessions.iter().flat_map(|session| &session.slots);
        Self { team, context, checked, words, slots: slots.map(|slot| (slot.id, slot)).collect() }
    }

    fn row(&self, found: &Found) -> Row {
        let (event, format) = (&self.team.event, self.context.formatter());
        let title = self.words.session(found.session).map(|session| &session.title);
        let slot = self.slots.get(&found.slot);
        Row {
            url: format!("/organizer/{}/sessions/{}#placing", event.slug, found.session),
            title: title.map(|title| Text::pick(title, self.context.lang, &event.languages)).unwrap_or_default(),
            when: slot.map(|slot| when(format, event.zone(), slot)).unwrap_or_default(),
            concern: self.words.line(found, &self.checked.muted),
        }
    }

    /// The open concerns of one weight, each once though two slots have it.
    fn group(&self, severity: Severity) -> Group {
        let mut seen = HashSet::new();
        let open = self.checked.open().filter(|found| found.severity == severity && seen.insert(found.key()));
        let mut rows: Vec<Row> = open.map(|found| self.row(found)).collect();
        let total = rows.len();
        rows.truncate(SHOWN);
        let key = match severity {
            Severity::Blocks => "concern-group-blocks",
            Severity::Warns => "concern-group-warns",
            Severity::Hint => "concern-group-hint",
        };
        let args = [("count", i64::try_from(total).unwrap_or(i64::MAX).into())];
        Group {
            severity: severity.as_str(),
            heading: self.team.visit.app.texts.text(self.context.lang, key, &args),
            more: total - rows.len(),
            rows,
        }
    }
}

fn concerns_page<P>(
    team: &Allowed<P>,
    context: &PageContext,
    checked: &Checked,
    refused: Option<(&FormData, &FieldErrors)>,
) -> ConcernsPage {
    let (rows, base) = (Rows::new(team, context, checked), format!("/organizer/{}/schedule", team.event.slug));
    let groups = [Severity::Blocks, Severity::Warns, Severity::Hint].map(|severity| rows.group(severity));
    let raised: HashMap<String, &Found> = checked.found.iter().rev().map(|found| (found.key(), found)).collect();
    let may_unmute = team.may(Permission::EditProgramme);
    let muted = checked.muted.iter().map(|(key, muted)| MutedRow {
        row: raised.get(key).map(|found| rows.row(found)),
        key: key.clone(),
        reason: muted.reason.clone(),
        by: muted.by.clone().unwrap_or_default(),
        unmute_url: if may_unmute { format!("{base}/concerns/unmute") } else { String::new() },
    });
    ConcernsPage {
        errors: refused.map(|(_, errors)| errors.lines(&team.visit.app.texts, context.lang)).unwrap_or_default(),
        refused: refused.map(|(form, _)| form.text("key").to_owned()).unwrap_or_default(),
        typed: refused.map(|(form, _)| form.text("reason").to_owned()).unwrap_or_default(),
        groups: groups.into_iter().filter(|group| !group.rows.is_empty()).collect(),
        muted: muted.collect(),
        schedule_url: base.clone(),
        rules_url: team.may(Permission::ManageEvent).then(|| format!("{base}/rules")),
    }
}

/// The concern and the reason for which it is to be muted.
fn muting(form: &FormData) -> Result<(String, String), FieldErrors> {
    let mut checker = Checker::new(form);
    let (key, reason) = (form.text("key").to_owned(), checker.required_line("reason"));
    if reason.chars().count() > REASON_LENGTH {
        checker.wrong("reason", Message::new("error-too-long").with("max", REASON_LENGTH));
    }
    checker.finish((key, reason))
}

/// `POST /organizer/{event}/schedule/concerns/mute`.
async fn mute_concern(team: Allowed<EditProgramme>, form: FormData) -> PageResult {
    let (key, reason) = match muting(&form) {
        Ok(muting) => muting,
        Err(errors) => return show(&team, StatusCode::UNPROCESSABLE_ENTITY, Some((&form, &errors))).await,
    };
    let (actor, event, muter) = (team.actor(), team.event.clone(), Muter::of(&team));
    let muted = move |db: &mut _, now| operations::mute(db, now, actor, &event, (&key, &reason), &muter);
    team.visit.app.write(muted).await?;
    Ok(respond::see_other_with_notice(back(&team, &form), "concern-notice-muted"))
}

/// `POST /organizer/{event}/schedule/concerns/unmute`.
async fn unmute_concern(team: Allowed<EditProgramme>, form: FormData) -> PageResult {
    let (actor, event, key) = (team.actor(), team.event.id, form.text("key").to_owned());
    team.visit.app.write(move |db, now| operations::unmute(db, now, actor, event, &key)).await?;
    Ok(respond::see_other_with_notice(back(&team, &form), "concern-notice-unmuted"))
}

/// The page of the event that the form stood on, or else the page of concerns.
fn back<P>(team: &Allowed<P>, form: &FormData) -> String {
    let (base, back) = (format!("/organizer/{}/", team.event.slug), form.text("back"));
    let is_ours = back.starts_with(&base) && back.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if is_ours { back.to_owned() } else { format!("{base}schedule/concerns") }
}
