//! What the page of one application shows.

use super::applicant::Found;
use super::queue::{Mark, decisions, marks, reason_choices};
use super::{Team, country, in_words, list_url, text};
use crate::accreditation::matching::Births;
use crate::accreditation::model::{Applicant, Duplicate, QueueFilter, Reason, ReviewKind, Said};
use crate::accreditation::operations::Line;
use crate::accreditation::watching::Hit;
use crate::registration::forms::model::AnswerLine;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Choice, Field, FieldErrors, FormData, FormView, Page, PageContext};
use serde::Serialize;

/// What the view is made of.
#[derive(Clone, Copy)]
pub(super) struct View<'a> {
    pub(super) team: &'a Team,
    pub(super) context: &'a PageContext,
    pub(super) filter: &'a QueueFilter,
    pub(super) found: &'a Found,
}

#[derive(Serialize)]
pub(super) struct OnePage {
    name: String,
    native_name: String,
    state: &'static str,
    state_label: String,
    marks: Vec<Mark>,
    category: Text,
    delegation: String,
    delegation_url: String,
    beside_name: String,
    beside_url: String,
    lines: Vec<Compared>,
    duplicates: Vec<DuplicateLine>,
    hits: Vec<HitLine>,
    history: Vec<HistoryLine>,
    needed: i32,
    approvals: usize,
    is_open: bool,
    may_approve: bool,
    is_watched: bool,
    action: String,
    note_url: String,
    clear_url: String,
    desk_url: String,
    back_url: String,
    previous_url: String,
    next_url: String,
    version: String,
    errors: Vec<ErrorLine>,
    decisions: Vec<Choice>,
    decision_error: Option<String>,
    templates: Vec<Choice>,
    prepared: Vec<PreparedReason>,
    reason: Field,
    note: Field,
    colleague_note: Field,
    reason_lang: String,
    reason_dir: &'static str,
    language: String,
    /// Where files of answers stand.
    files_url: String,
    /// The photo, where there is one: its small size.
    photo_url: String,
    answers: Vec<AnswerLine>,
    /// Where sealed answers are opened; empty where there are none.
    sealed_url: String,
}

impl Page for OnePage {
    const TEMPLATE: &'static str = "organizer/accreditation_one.html";
}

/// One fact of the application beside that of another registration.
#[derive(Serialize)]
struct Compared {
    label: String,
    own: String,
    other: String,
    differs: bool,
}

#[derive(Serialize)]
struct DuplicateLine {
    name: String,
    native_name: String,
    category: Text,
    state: &'static str,
    state_label: String,
    why: String,
    same_domain: bool,
    is_beside: bool,
    beside_url: String,
    url: String,
}

#[derive(Serialize)]
struct HitLine {
    name: String,
    list: String,
    likeness: String,
    birth_date: String,
    births: String,
    country: String,
    note: String,
}

#[derive(Serialize)]
struct HistoryLine {
    at: String,
    who: String,
    what: String,
    kind: &'static str,
    reason: String,
    note: String,
}

/// A prepared reason in the applicant's language, which a script puts into the form.
#[derive(Serialize)]
struct PreparedReason {
    id: String,
    decision: String,
    text: String,
}

/// The page of one application with a form as typed.
pub(super) fn page(view: &View<'_>, (form, errors): (&FormData, &FieldErrors)) -> OnePage {
    let View { team, context, filter, found } = *view;
    let (page, registration) = (&found.page, &found.page.applicant.registration);
    let form_view = FormView::new(&team.visit, context, form, errors);
    let own = format!("{}/{}", list_url(team), registration.id);
    let (beside, delegation) = (beside(view), page.delegation.as_ref());
    let url =
        |id: Option<_>| id.map(|id| filter.url(&format!("{}/{id}", list_url(team)), "after", "")).unwrap_or_default();
    let line = Line { applicant: page.applicant.clone(), progress: page.progress.clone() };
    let lang = registration.language;
    let photo = found.answers.iter().find(|line| line.is_photo && !line.file.is_empty());
    OnePage {
        name: registration.full_name(),
        native_name: registration.native_name.clone(),
        state: registration.state.as_str(),
        state_label: text(team, context, &format!("registration-state-{}", registration.state)),
        marks: marks(team, context, &line),
        category: Text::pick(&page.category.name, context.lang, &team.event.languages),
        delegation: delegation
            .map(|(_, name)| name.text(context.lang, &team.event.languages).to_owned())
            .unwrap_or_default(),
        delegation_url: delegation
            .map(|(id, _)| format!("/organizer/{}/delegations/{id}", team.event.slug))
            .unwrap_or_default(),
        beside_name: beside.map(|other| other.other.registration.full_name()).unwrap_or_default(),
        beside_url: beside
            .map(|other| format!("{}/{}", list_url(team), other.other.registration.id))
            .unwrap_or_default(),
        lines: compared(view, beside.map(|beside| &beside.other)),
        duplicates: page.duplicates.iter().map(|duplicate| duplicate_line(view, duplicate, beside)).collect(),
        hits: found.hits.iter().map(|hit| hit_line(view, hit)).collect(),
        history: page.said.iter().map(|said| history_line(team, context, said)).collect(),
        needed: page.progress.needed,
        approvals: page.progress.approved_by.len(),
        is_open: page.applicant.is_open(),
        may_approve: page.progress.may_approve(team.user.id),
        is_watched: page.applicant.is_watched,
        note_url: filter.url(&format!("{own}/note"), "after", ""),
        clear_url: filter.url(&format!("{own}/clear"), "after", ""),
        desk_url: format!("/organizer/{}/registrations/{}", team.event.slug, registration.id),
        back_url: filter.url(&list_url(team), "after", ""),
        previous_url: url(page.previous),
        next_url: url(page.next),
        version: registration.version.to_string(),
        errors: form_view.summary(),
        decisions: decisions(team, context, form.text("decision")),
        decision_error: form_view.error("decision"),
        templates: reason_choices(team, context, &page.reasons),
        prepared: page.reasons.iter().map(|reason| prepared(team, reason, lang)).collect(),
        reason: form_view.field("reason"),
        note: form_view.field("note"),
        colleague_note: Field { name: "words".to_owned(), ..Field::default() },
        reason_lang: lang.to_string(),
        reason_dir: lang.dir(),
        language: text(team, context, &format!("language-{}", lang.primary())),
        photo_url: photo.map(|photo| format!("{own}/files/{}", photo.file)).unwrap_or_default(),
        sealed_url: if found.answers.iter().any(|line| line.is_sealed) {
            format!("{own}/sealed")
        } else {
            String::new()
        },
        files_url: format!("{own}/files"),
        answers: found.answers.clone(),
        action: filter.url(&own, "after", ""),
    }
}

fn prepared(team: &Team, reason: &Reason, lang: crate::i18n::Lang) -> PreparedReason {
    PreparedReason {
        id: reason.id.to_string(),
        decision: reason.decision.to_string(),
        text: reason.text(lang, &team.event.languages).to_owned(),
    }
}

/// The registration that stands beside the application: the one asked for, or the likeliest.
fn beside<'a>(view: &View<'a>) -> Option<&'a Duplicate> {
    let wanted = view.team.visit.param("beside").unwrap_or_default();
    let duplicates = &view.found.page.duplicates;
    duplicates.iter().find(|other| other.other.registration.id.as_str() == wanted).or_else(|| duplicates.first())
}

fn compared(view: &View<'_>, other: Option<&Applicant>) -> Vec<Compared> {
    let own = facts(view, &view.found.page.applicant);
    let others = other.map(|other| facts(view, other)).unwrap_or_default();
    let line = |(place, (label, own)): (usize, (String, String))| {
        let other = others.get(place).map(|(_, value)| value.clone()).unwrap_or_default();
        Compared { differs: !others.is_empty() && own != other, label, own, other }
    };
    let facts = own.into_iter().enumerate().map(line).filter(|line| !line.own.is_empty() || !line.other.is_empty());
    facts.collect()
}

/// What stands side by side, always in the same order.
fn facts(view: &View<'_>, applicant: &Applicant) -> Vec<(String, String)> {
    let View { team, context, found, .. } = *view;
    let registration = &applicant.registration;
    let category = found.page.categories.iter().find(|category| category.id == registration.category_id);
    let category = category.map(|category| category.name.text(context.lang, &team.event.languages).to_owned());
    [
        ("accreditation-honorific", applicant.honorific.clone()),
        ("registration-field-given-name", registration.given_name.clone()),
        ("registration-field-family-name", registration.family_name.clone()),
        ("registration-field-native-name", registration.native_name.clone()),
        ("registration-field-email", registration.email.clone()),
        ("registration-field-organisation", registration.organisation.clone()),
        ("registration-field-position", registration.position.clone()),
        ("registration-field-country", country(team, context, registration.country.as_deref())),
        ("accreditation-nationality", country(team, context, applicant.nationality.as_deref())),
        ("registration-field-category", category.unwrap_or_default()),
        ("registration-field-number", registration.code.clone()),
        ("registration-created", in_words(team, context, registration.created_at)),
    ]
    .into_iter()
    .map(|(key, value)| (text(team, context, key), value))
    .collect()
}

fn duplicate_line(view: &View<'_>, duplicate: &Duplicate, beside: Option<&Duplicate>) -> DuplicateLine {
    let View { team, context, filter, found } = *view;
    let other = &duplicate.other.registration;
    let category = found.page.categories.iter().find(|category| category.id == other.category_id);
    let own = format!("{}/{}", list_url(team), found.page.applicant.registration.id);
    DuplicateLine {
        name: other.full_name(),
        native_name: other.native_name.clone(),
        category: category
            .map(|category| Text::pick(&category.name, context.lang, &team.event.languages))
            .unwrap_or_default(),
        state: other.state.as_str(),
        state_label: text(team, context, &format!("registration-state-{}", other.state)),
        why: text(team, context, &format!("accreditation-like-{}", duplicate.why)),
        same_domain: duplicate.same_domain,
        is_beside: beside.is_some_and(|beside| beside.other.registration.id == other.id),
        beside_url: filter.url(&own, "beside", other.id.as_str()),
        url: format!("{}/{}", list_url(team), other.id),
    }
}

fn hit_line(view: &View<'_>, hit: &Hit) -> HitLine {
    let View { team, context, found, .. } = *view;
    let list = found.lists.iter().find(|list| list.id == hit.watched.list);
    let births = match hit.births {
        Births::Same => "accreditation-births-same",
        Births::Differ => "accreditation-births-differ",
        Births::Unknown => "accreditation-births-unknown",
    };
    let day = hit.watched.birth_date.as_deref().and_then(|day| day.parse().ok());
    HitLine {
        name: hit.watched.name.clone(),
        list: list.map(|list| list.name.clone()).unwrap_or_default(),
        likeness: context.formatter().number((hit.likeness * 100.0).round() as i64),
        birth_date: day.map(|day| context.formatter().date(day)).unwrap_or_default(),
        births: text(team, context, births),
        country: country(team, context, hit.watched.country.as_deref()),
        note: hit.watched.note.clone(),
    }
}

fn history_line(team: &Team, context: &PageContext, said: &Said) -> HistoryLine {
    let review = &said.review;
    let by_applicant = matches!(review.decision, ReviewKind::Answer | ReviewKind::Changed | ReviewKind::Completed);
    let who = if by_applicant { "registration-actor-attendee" } else { "registration-actor-user" };
    HistoryLine {
        at: in_words(team, context, review.created_at),
        who: said.officer.clone().unwrap_or_else(|| text(team, context, who)),
        what: text(team, context, &format!("accreditation-said-{}", review.decision)),
        kind: review.decision.as_str(),
        reason: review.reason.clone(),
        note: review.note.clone(),
    }
}
