//! One speaker: their facts, photo and sessions.

use super::form::{facts, languages, stored};
use super::own::{OwnPanel, panel};
use super::{Editor, find, find_to_change, may_delete, may_edit, speakers_url, version};
use crate::accounts::access::{Allowed, ViewEvent};
use crate::accounts::model::Permission;
use crate::db::{SpeakerId, UtcTime};
use crate::i18n::country_choices;
use crate::mail::marking::MarkView;
use crate::mail::operations::marks;
use crate::speakers::model::{Part, Speaker};
use crate::speakers::operations::{self, SpeakerError};
use crate::web::error::PageResult;
use crate::web::form_view::{Choice, Difference, differences, own_name};
use crate::web::forms::ErrorLine;
use crate::web::page::{Text, initials};
use crate::web::{Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Page, PageContext, respond};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

#[derive(Serialize)]
struct SpeakerPage {
    errors: Vec<ErrorLine>,
    /// What someone else has stored in the meantime; empty unless two edited at once.
    conflicts: Vec<Difference>,
    version: String,
    is_new: bool,
    may_edit: bool,
    heading: String,
    public_url: Option<String>,
    speakers_url: String,
    name: Field,
    native_name: Field,
    position: Vec<LocalizedField>,
    organisation: Vec<LocalizedField>,
    biography: Vec<LocalizedField>,
    country: Field,
    countries: Vec<Choice>,
    email: Field,
    language: Field,
    languages: Vec<Choice>,
    delete_url: Option<String>,
    photo_url: Option<String>,
    initials: String,
    photo: Field,
    photo_action: Option<String>,
    /// The stored version, for the form of the photo.
    photo_version: String,
    sessions: Vec<PartLine>,
    /// Of those who may change the speaker: links, assistants, answers.
    own: Option<OwnPanel>,
    /// Of those who may see the address: that mail to it came back.
    mark: Option<MarkView>,
}

impl Page for SpeakerPage {
    const TEMPLATE: &'static str = "organizer/speaker.html";
}

#[derive(Serialize)]
struct PartLine {
    title: Text,
    url: String,
    role: String,
    when: String,
}

/// Shows the page of a speaker, or of a new one.
pub(super) fn show<P>(
    team: &Allowed<P>,
    speaker: Option<(&Speaker, &[Part])>,
    status: StatusCode,
    form: &FormData,
    errors: &FieldErrors,
) -> PageResult {
    let title = if speaker.is_some() { "speakers-title" } else { "speakers-new-title" };
    let mut context = team.context("speakers", title);
    if let Some((speaker, _)) = speaker {
        context.title = context.full_title(&speaker.name);
    }
    let page = speaker_page(team, &context, speaker, (form, errors));
    team.visit.show_with_status(status, &context, &page)
}

fn speaker_page<P>(
    team: &Allowed<P>,
    context: &PageContext,
    known: Option<(&Speaker, &[Part])>,
    (form, errors): (&FormData, &FieldErrors),
) -> SpeakerPage {
    let view = FormView::new(&team.visit, context, form, errors);
    let (texts, shown) = (&team.visit.app.texts, &team.event.languages);
    let (speaker, parts) = (known.map(|(speaker, _)| speaker), known.map_or(&[][..], |(_, parts)| parts));
    let base = speakers_url(team);
    let url = |speaker: &Speaker| format!("{base}/{}", speaker.id);
    let countries = country_choices(texts, context.lang);
    SpeakerPage {
        errors: view.summary(),
        conflicts: Vec::new(),
        version: form.text("version").to_owned(),
        is_new: speaker.is_none(),
        may_edit: may_edit(team, parts),
        heading: speaker.map(|speaker| speaker.name.clone()).unwrap_or_default(),
        public_url: speaker.and_then(|speaker| public_url(team, speaker)),
        name: view.field("name"),
        native_name: view.field("native_name"),
        position: view.localized("position", shown),
        organisation: view.localized("organisation", shown),
        biography: view.localized("biography", shown),
        country: view.field("country"),
        countries: view.choices("country", countries.into_iter().map(|(code, name)| (code.as_str().to_owned(), name))),
        email: view.field("email"),
        language: view.field("language"),
        languages: view.choices(
            "language",
            languages(&team.event, speaker).into_iter().map(|lang| (lang.to_string(), own_name(texts, lang))),
        ),
        delete_url: speaker.filter(|_| may_delete(team, parts)).map(|speaker| format!("{}/delete", url(speaker))),
        photo_url: speaker.and_then(|speaker| speaker.photo_id).map(|photo| format!("/media/{photo}/160.jpg")),
        initials: speaker.map(|speaker| initials(&speaker.name)).unwrap_or_default(),
        photo: view.secret("photo"),
        photo_action: speaker.map(|speaker| format!("{}/photo", url(speaker))),
        photo_version: speaker.map(|speaker| speaker.version.to_string()).unwrap_or_default(),
        sessions: parts.iter().map(|part| part_line(team, context, part)).collect(),
        own: None,
        mark: None,
        speakers_url: base,
    }
}

/// Where the public finds a speaker, once they are released.
fn public_url<P>(team: &Allowed<P>, speaker: &Speaker) -> Option<String> {
    let site = team.visit.app.site.snapshot();
    let released = site.event(&team.event.slug)?.released.as_ref()?;
    released.speaker(speaker.id).map(|released| format!("/{}/speakers/{}", team.event.slug, released.code))
}

fn part_line<P>(team: &Allowed<P>, context: &PageContext, part: &Part) -> PartLine {
    PartLine {
        title: Text::pick(&part.title, context.lang, &team.event.languages),
        url: format!("/organizer/{}/sessions/{}", team.event.slug, part.session),
        role: team.visit.app.texts.text(context.lang, &format!("public-role-{}", part.role), &[]),
        when: part.slot.map(|slot| when(team, context, slot)).unwrap_or_default(),
    }
}

/// "Tue, 13 Apr 09:30–10:15".
fn when<P>(team: &Allowed<P>, context: &PageContext, (start, end): (UtcTime, UtcTime)) -> String {
    let (format, zone) = (context.formatter(), team.event.zone());
    let (start, end) = (start.in_zone(zone), end.in_zone(zone));
    format!("{} {}–{}", format.day(start.date_naive()), format.time(start.time()), format.time(end.time()))
}

/// `GET /organizer/{event}/speakers/new`.
pub(super) async fn show_new_speaker(team: Editor) -> PageResult {
    show(&team, None, StatusCode::OK, &FormData::default(), &FieldErrors::default())
}

/// `POST /organizer/{event}/speakers/new`.
pub(super) async fn create_speaker(team: Editor, form: FormData) -> PageResult {
    let facts = match facts(&team.event, None, &form) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, &form, &errors),
    };
    let (actor, event) = (team.actor(), team.event.id);
    let id = team.visit.app.write(move |db, now| operations::create(db, now, actor, event, &facts)).await?;
    // Their own page, because a photo can only be added there.
    Ok(respond::see_other_with_notice(format!("{}/{id}", speakers_url(&team)), "speakers-notice-created"))
}

/// `GET /organizer/{event}/speakers/{speaker}`.
pub(super) async fn show_speaker(team: Allowed<ViewEvent>, path: Path<(String, SpeakerId)>) -> PageResult {
    let (mut speaker, parts) = find(&team, path.1).await?;
    if !team.may(Permission::EditProgramme) {
        // An address is for those who write to them, not for everyone at the doors.
        speaker.email = None;
    }
    let mut context = team.context("speakers", "speakers-title");
    context.title = context.full_title(&speaker.name);
    let own = if may_edit(&team, &parts) { Some(panel(&team, &context, &speaker).await?) } else { None };
    let mark = match speaker.email.clone() {
        Some(email) => team.visit.app.read(move |db| Ok::<_, Failure>(marks::mark_of(db, &email)?)).await?,
        None => None,
    };
    let mark = mark.map(|mark| MarkView::new(&team, &context, &mark, &team.visit.path));
    let (form, errors) = (stored(&speaker), FieldErrors::default());
    let page = speaker_page(&team, &context, Some((&speaker, &parts)), (&form, &errors));
    team.visit.show(&context, &SpeakerPage { own, mark, ..page })
}

/// `POST /organizer/{event}/speakers/{speaker}`.
pub(super) async fn change_speaker(team: Editor, path: Path<(String, SpeakerId)>, form: FormData) -> PageResult {
    let (speaker, parts) = find_to_change(&team, path.1).await?;
    let facts = match facts(&team.event, Some(&speaker), &form) {
        Ok(facts) => facts,
        Err(errors) => {
            return show(&team, Some((&speaker, &parts)), StatusCode::UNPROCESSABLE_ENTITY, &form, &errors);
        }
    };
    let (actor, key) = (team.actor(), (team.event.id, speaker.id, version(&form)));
    match team.visit.app.write(move |db, now| operations::update(db, now, actor, key, &facts)).await {
        Ok(()) => Ok(saved(&team)),
        Err(SpeakerError::Stale) => show_stale(&team, speaker.id, &form).await,
        Err(error) => Err(error.into()),
    }
}

fn saved(team: &Editor) -> actix_web::HttpResponse {
    respond::see_other_with_notice(speakers_url(team), "speakers-notice-saved")
}

/// Someone else was faster: what was typed stands in the form, above it what is stored.
async fn show_stale(team: &Editor, id: SpeakerId, typed: &FormData) -> PageResult {
    let (speaker, parts) = find(team, id).await?;
    let context = team.context("speakers", "speakers-title");
    let conflicts = differences(&team.visit.app.texts, context.lang, "speakers", typed, &stored(&speaker));
    if conflicts.is_empty() {
        // Both wrote the same: nothing is left to decide.
        return Ok(saved(team));
    }
    let page = SpeakerPage {
        conflicts,
        version: speaker.version.to_string(),
        ..speaker_page(team, &context, Some((&speaker, &parts)), (typed, &FieldErrors::default()))
    };
    team.visit.show_with_status(StatusCode::CONFLICT, &context, &page)
}
