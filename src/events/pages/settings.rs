//! `/organizer/{event}/settings`.

use super::{field_errors, languages, zone_names};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::events::colors::Accent;
use crate::events::model::{Event, EventChanges, ZoneName};
use crate::events::operations::{self, EventError};
use crate::i18n::{Lang, Localized};
use crate::mail::address::EmailAddress;
use crate::web::error::PageResult;
use crate::web::form_view::differences;
use crate::web::forms::ErrorLine;
use crate::web::{
    Checker, Difference, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, respond,
};
use actix_web::HttpResponse;
use actix_web::http::StatusCode;
use serde::Serialize;

type Team = Allowed<ManageEvent>;

#[derive(Serialize)]
struct SettingsPage {
    errors: Vec<ErrorLine>,
    /// What someone else has stored in the meantime; empty unless two edited at once.
    conflicts: Vec<Difference>,
    version: String,
    slug: String,
    name: Vec<LocalizedField>,
    tagline: Vec<LocalizedField>,
    description: Vec<LocalizedField>,
    place: Vec<LocalizedField>,
    address: Vec<LocalizedField>,
    privacy_notice: Vec<LocalizedField>,
    starts_on: Field,
    ends_on: Field,
    timezone: Field,
    zones: Vec<&'static str>,
    languages: Field,
    accent: Field,
    /// Whether links must be darker than the colour chosen to be read on white.
    accent_adapted: bool,
    contact_email: Field,
}

impl Page for SettingsPage {
    const TEMPLATE: &'static str = "organizer/settings.html";
}

/// `GET /organizer/{event}/settings`.
pub(super) async fn show_settings(team: Team) -> PageResult {
    let form = stored(&team.event);
    show(&team, &team.event, StatusCode::OK, &form, &FieldErrors::default())
}

/// The form as the event is stored.
fn stored(event: &Event) -> FormData {
    let tags: Vec<&str> = event.languages.iter().map(Lang::as_str).collect();
    let mut form = FormData::from_fields([
        ("version", event.version.to_string()),
        ("starts_on", event.starts_on.to_string()),
        ("ends_on", event.ends_on.to_string()),
        ("timezone", event.timezone.as_str().to_owned()),
        ("languages", tags.join(", ")),
        ("accent", event.accent.clone()),
        ("contact_email", event.contact_email.clone().unwrap_or_default()),
    ]);
    for (name, text) in [
        ("name", &event.name),
        ("tagline", &event.tagline),
        ("description", &event.description),
        ("place", &event.place),
        ("address", &event.address),
        ("privacy_notice", &event.privacy_notice),
    ] {
        form.push_localized(name, text);
    }
    form
}

fn show(team: &Team, event: &Event, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
    let context = team.context("settings", "events-settings-title");
    let view = FormView::new(&team.visit, &context, form, errors);
    let is_conflict = status == StatusCode::CONFLICT;
    let conflicts = if is_conflict {
        differences(&team.visit.app.texts, context.lang, "events", form, &stored(event))
    } else {
        Vec::new()
    };
    if is_conflict && conflicts.is_empty() {
        // Both wrote the same: nothing is left to decide.
        return Ok(saved(team));
    }
    let localized = |name: &str| view.localized(name, &event.languages);
    let page = SettingsPage {
        errors: view.summary(),
        conflicts,
        version: if is_conflict { event.version.to_string() } else { form.text("version").to_owned() },
        slug: event.slug.clone(),
        name: localized("name"),
        tagline: localized("tagline"),
        description: localized("description"),
        place: localized("place"),
        address: localized("address"),
        privacy_notice: localized("privacy_notice"),
        starts_on: view.field("starts_on"),
        ends_on: view.field("ends_on"),
        timezone: view.field("timezone"),
        zones: zone_names(),
        languages: view.field("languages"),
        accent: view.field("accent"),
        accent_adapted: !Accent::of(form.text("accent")).is_readable_on_paper(),
        contact_email: view.field("contact_email"),
    };
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/settings`.
pub(super) async fn change_settings(team: Team, form: FormData) -> PageResult {
    let (version, changes) = match changes(&team.event, &form) {
        Ok(valid) => valid,
        Err(errors) => return show(&team, &team.event, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, id) = (team.actor(), team.event.id);
    let write = move |db: &mut _, now| operations::update(db, now, actor, (id, version), &changes);
    match team.visit.app.write(write).await {
        Ok(()) => Ok(saved(&team)),
        Err(EventError::Stale) => {
            let fresh = team.visit.app.read(move |db| Ok::<_, Failure>(operations::by_id(db, id)?)).await?;
            show(&team, &fresh.ok_or(Failure::NotFound)?, StatusCode::CONFLICT, &form, &FieldErrors::default())
        }
        Err(error) => {
            let errors = field_errors(error, team.event.main_language())?;
            show(&team, &team.event, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors)
        }
    }
}

fn saved(team: &Team) -> HttpResponse {
    respond::see_other_with_notice(format!("/organizer/{}/settings", team.event.slug), "events-notice-saved")
}

fn changes(event: &Event, form: &FormData) -> Result<(i32, EventChanges), FieldErrors> {
    let mut checker = Checker::new(form);
    let (starts_on, ends_on) = (checker.date("starts_on"), checker.date("ends_on"));
    let timezone = checker.parsed::<ZoneName>("timezone", "events-timezone-wrong");
    let chosen = languages(form.text("languages")).unwrap_or_else(|_| {
        checker.wrong("languages", Message::new("events-languages-wrong"));
        Vec::new()
    });
    let (accent, contact_email) =
        (checker.color("accent"), checker.optional_parsed::<EmailAddress>("contact_email", "error-email"));
    let version = form.text("version").parse().unwrap_or(0);
    let shown = &event.languages;
    let changes = EventChanges {
        name: others_kept(&event.name, shown, checker.required_localized_line("name", shown)),
        tagline: others_kept(&event.tagline, shown, checker.localized_line("tagline", shown)),
        description: others_kept(&event.description, shown, checker.localized_block("description", shown)),
        place: others_kept(&event.place, shown, checker.localized_line("place", shown)),
        address: others_kept(&event.address, shown, checker.localized_block("address", shown)),
        privacy_notice: others_kept(&event.privacy_notice, shown, checker.localized_block("privacy_notice", shown)),
        starts_on: starts_on.unwrap_or(event.starts_on),
        ends_on: ends_on.unwrap_or(event.ends_on),
        timezone: timezone.unwrap_or(event.timezone),
        languages: chosen,
        accent: accent.unwrap_or_else(|| event.accent.clone()),
        contact_email,
    };
    if let (Err(problem), false) = (changes.check(), checker.has_errors()) {
        let (field, message) = super::field_error(problem, event.main_language());
        checker.wrong(field, message);
    }
    checker.finish((version, changes))
}

/// What was typed in the languages shown, with the texts that are stored in others: the form does
/// not show those, so it must not delete them.
fn others_kept(stored: &Localized, shown: &[Lang], typed: Localized) -> Localized {
    stored.iter().filter(|(lang, _)| !shown.contains(lang)).fold(typed, |all, (lang, text)| all.with(lang, text))
}
