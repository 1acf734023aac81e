//! What else the desk sees of one registration: its remark, seats, scans, ties to other registrations, and who may be
//! the same person.

use super::desk::{Team, in_words, show_page};
use crate::accounts::access::{Allowed, ManageRegistrations};
use crate::accounts::model::Permission;
use crate::accreditation::model::Duplicate;
use crate::accreditation::operations as accreditation;
use crate::bookings::model::Booking;
use crate::bookings::moving::seats_of;
use crate::checkin::operations as checkin;
use crate::db::{DbConnection, EventId, RegistrationId, UtcTime};
use crate::i18n::Localized;
use crate::registration::category::Category;
use crate::registration::merging::model::Tie;
use crate::registration::merging::operations as merging;
use crate::registration::model::{Noticed, Registration};
use crate::registration::operations::{self, StandingError};
use crate::web::error::PageResult;
use crate::web::page::Text;
use crate::web::{Checker, Failure, Field, FieldErrors, FormData, FormView, Message, PageContext, RouteTable, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use diesel::QueryResult;
use serde::Serialize;

/// The route of the remark.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.post("/organizer/{event}/registrations/{registration}/remark", note_remark);
}

/// Longest remark.
const LONGEST: usize = 2_000;
/// Scans that are shown.
const SCANS: i64 = 100;

/// A scan: when, the gate's name, which way, and what came of it.
type Scan = (UtcTime, Option<Localized>, String, String);

/// What is read for it, in a fixed number of queries.
pub(super) struct Known {
    noticed: Noticed,
    seats: Vec<(Booking, Localized, String)>,
    scans: Vec<Scan>,
    ties: Vec<Tie>,
    duplicates: Vec<Duplicate>,
    categories: Vec<Category>,
}

impl Known {
    pub(super) fn read(db: &mut DbConnection, event: EventId, id: RegistrationId) -> QueryResult<Self> {
        Ok(Self {
            noticed: operations::noticed(db, id)?,
            seats: seats_of(db, event, id)?,
            scans: checkin::log_of(db, id, SCANS)?,
            ties: merging::ties(db, id)?,
            duplicates: accreditation::duplicates(db, event, id)?,
            categories: operations::all_categories(db, event)?,
        })
    }
}

/// A remark that was typed and not kept.
pub(super) struct Typed {
    pub(super) form: FormData,
    pub(super) errors: FieldErrors,
    /// Whether somebody else changed the registration meanwhile.
    pub(super) is_stale: bool,
}

#[derive(Serialize)]
pub(super) struct More {
    /// Where the remark is kept; empty for whoever may only look.
    remark_url: String,
    remark: Field,
    priority: Field,
    /// What is kept, for whoever may only look and beside what could not be.
    kept_remark: String,
    kept_priority: i32,
    version: String,
    is_stale: bool,
    seats: Vec<SeatLine>,
    scans: Vec<ScanLine>,
    ties: Vec<TieLine>,
    duplicates: Vec<DuplicateLine>,
    /// Where another registration of the person is named; empty where nothing can be put together.
    merge_url: String,
}

#[derive(Serialize)]
struct SeatLine {
    url: String,
    title: String,
    state: &'static str,
    state_label: String,
    came: String,
}

#[derive(Serialize)]
struct ScanLine {
    at: String,
    gate: String,
    direction: String,
    result: String,
}

#[derive(Serialize)]
struct TieLine {
    url: String,
    text: String,
}

#[derive(Serialize)]
struct DuplicateLine {
    url: String,
    name: String,
    native_name: String,
    code: String,
    category: Text,
    state: &'static str,
    state_label: String,
    why: String,
    same_domain: bool,
    /// Where both are put side by side; empty where they can't become one.
    merge_url: String,
}

impl More {
    pub(super) fn new(
        team: &Team,
        context: &PageContext,
        (own, known): (&Registration, &Known),
        typed: Option<&Typed>,
    ) -> Self {
        let words = Words { team, context, own };
        let url = words.url(own.id, "");
        let may = team.may(Permission::ManageRegistrations);
        let stored = FormData::from_fields([
            ("remark", known.noticed.remark.clone()),
            ("priority", known.noticed.priority.to_string()),
        ]);
        let nothing = FieldErrors::default();
        let (form, errors) = typed.map_or((&stored, &nothing), |typed| (&typed.form, &typed.errors));
        let view = FormView::new(&team.visit, context, form, errors);
        Self {
            remark_url: if may { format!("{url}/remark") } else { String::new() },
            remark: view.field("remark"),
            priority: view.field("priority"),
            kept_remark: known.noticed.remark.clone(),
            kept_priority: known.noticed.priority,
            version: own.version.to_string(),
            is_stale: typed.is_some_and(|typed| typed.is_stale),
            seats: known.seats.iter().map(|seat| words.seat(seat)).collect(),
            scans: known.scans.iter().map(|scan| words.scan(scan)).collect(),
            ties: known.ties.iter().map(|tie| words.tie(tie)).collect(),
            duplicates: known.duplicates.iter().map(|one| words.duplicate(one, &known.categories)).collect(),
            merge_url: if may && !own.state.is_end() { format!("{url}/merge") } else { String::new() },
        }
    }
}

struct Words<'a> {
    team: &'a Team,
    context: &'a PageContext,
    own: &'a Registration,
}

impl Words<'_> {
    fn url(&self, id: RegistrationId, below: &str) -> String {
        format!("/organizer/{}/registrations/{id}{below}", self.team.event.slug)
    }

    fn text(&self, key: &str) -> String {
        self.team.visit.app.texts.text(self.context.lang, key, &[])
    }

    fn title(&self, title: &Localized) -> String {
        title.text(self.context.lang, &self.team.event.languages).to_owned()
    }

    fn seat(&self, (booking, title, _): &(Booking, Localized, String)) -> SeatLine {
        SeatLine {
            url: format!("/organizer/{}/seats/{}", self.team.event.slug, booking.session_id),
            title: self.title(title),
            state: booking.state.as_str(),
            state_label: self.text(&format!("seats-state-{}", booking.state)),
            came: booking.came_at.map(|at| in_words(self.team, self.context, at)).unwrap_or_default(),
        }
    }

    fn scan(&self, (at, gate, direction, result): &Scan) -> ScanLine {
        ScanLine {
            at: in_words(self.team, self.context, *at),
            gate: gate.as_ref().map(|name| self.title(name)).unwrap_or_default(),
            direction: self.text(&format!("checkin-direction-{direction}")),
            result: self.text(&format!("checkin-result-{result}")),
        }
    }

    fn tie(&self, tie: &Tie) -> TieLine {
        let key = match (tie.is_transfer, tie.is_onwards) {
            (true, true) => "registration-tie-passed-on",
            (true, false) => "registration-tie-taken-over",
            (false, true) => "registration-tie-merged-into",
            (false, false) => "registration-tie-merged",
        };
        let args = [("name", tie.name.clone().into()), ("code", tie.code.clone().into())];
        TieLine { url: self.url(tie.id, ""), text: self.team.visit.app.texts.text(self.context.lang, key, &args) }
    }

    fn duplicate(&self, one: &Duplicate, categories: &[Category]) -> DuplicateLine {
        let other = &one.other.registration;
        let category = categories.iter().find(|category| category.id == other.category_id);
        let may = self.team.may(Permission::ManageRegistrations) && !self.own.state.is_end() && !other.state.is_end();
        DuplicateLine {
            url: self.url(other.id, ""),
            name: other.full_name(),
            native_name: other.native_name.clone(),
            code: other.code.clone(),
            category: category
                .map(|category| Text::pick(&category.name, self.context.lang, &self.team.event.languages))
                .unwrap_or_default(),
            state: other.state.as_str(),
            state_label: self.text(&format!("registration-state-{}", other.state)),
            why: self.text(&format!("accreditation-like-{}", one.why)),
            same_domain: one.same_domain,
            merge_url: if may { self.url(self.own.id, &format!("/merge/{}", other.id)) } else { String::new() },
        }
    }
}

/// `POST /organizer/{event}/registrations/{registration}/remark`: what the desk notes for itself, and who is offered
/// places first.
async fn note_remark(
    _: Allowed<ManageRegistrations>,
    team: Team,
    path: Path<(String, String)>,
    form: FormData,
) -> PageResult {
    let id: RegistrationId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let (event, actor) = (team.event.id, team.actor());
    let (remark, priority) = match read_remark(&form) {
        Ok(read) => read,
        Err(errors) => {
            let typed = Typed { form, errors, is_stale: false };
            return show_page(&team, StatusCode::UNPROCESSABLE_ENTITY, id, Some(typed)).await;
        }
    };
    let of = (event, id, form.text("version").parse().unwrap_or_default());
    let job = move |db: &mut DbConnection, now| operations::notice(db, now, actor, of, (&remark, priority));
    match team.visit.app.write(job).await {
        Ok(()) => {
            let url = format!("/organizer/{}/registrations/{id}", team.event.slug);
            Ok(respond::see_other_with_notice(url, "registration-notice-remark"))
        }
        Err(StandingError::Stale) => {
            let typed = Typed { form, errors: FieldErrors::default(), is_stale: true };
            show_page(&team, StatusCode::CONFLICT, id, Some(typed)).await
        }
        Err(StandingError::Ended) => Err(Failure::NotFound),
        Err(error) => Err(error.into()),
    }
}

fn read_remark(form: &FormData) -> Result<(String, i32), FieldErrors> {
    let mut checker = Checker::new(form);
    let remark = checker.block("remark");
    if remark.chars().count() > LONGEST {
        checker.wrong("remark", Message::new("error-too-long").with("max", LONGEST));
    }
    let priority = checker.optional_number("priority", -100..=100).unwrap_or(0);
    checker.finish((remark, priority))
}
