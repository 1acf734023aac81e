//! What the public reads and sees of the speaker: texts in each language of the event, and the photo.

use super::guest::{Guest, Visited};
use super::preview::{Preview, Typed, previews};
use crate::db::{DbConnection, DbError, FileId};
use crate::files::photos::{LONGEST_EDGE, Photo, PhotoProblem, SIZES, SMALLEST_EDGE};
use crate::files::portrait::{Crop, Portrait};
use crate::i18n::country_choices;
use crate::speakers::model::{Speaker, StoredFile};
use crate::speakers::operations::{self, SpeakerError};
use crate::speakers::pages::form::{facts, languages, stored};
use crate::web::error::PageResult;
use crate::web::form_view::{Difference, differences, own_name};
use crate::web::forms::ErrorLine;
use crate::web::token::hex;
use crate::web::{
    Choice, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, SentForm, respond,
};
use actix_web::http::StatusCode;
use serde::Serialize;
use sha2::{Digest, Sha256};

#[derive(Serialize)]
struct ProfilePage {
    errors: Vec<ErrorLine>,
    conflicts: Vec<Difference>,
    version: String,
    name: Field,
    native_name: Field,
    position: Vec<LocalizedField>,
    organisation: Vec<LocalizedField>,
    biography: Vec<LocalizedField>,
    country: Field,
    countries: Vec<Choice>,
    language: Field,
    languages: Vec<Choice>,
    /// What the programme will show, language by language.
    previews: Vec<Preview>,
    photo: Field,
    photo_url: String,
    least_pixels: u32,
    megabytes: f64,
    action: String,
    photo_action: String,
    back_url: String,
}

impl Page for ProfilePage {
    const TEMPLATE: &'static str = "speaker/profile.html";
}

fn show(guest: &Guest, speaker: &Speaker, status: StatusCode, (form, errors): (&FormData, &FieldErrors)) -> PageResult {
    let context = guest.context("speaker-profile-title");
    let (view, texts) = (FormView::new(&guest.visit, &context, form, errors), &guest.visit.app.texts);
    let event = &guest.own.event;
    let conflicts = if status == StatusCode::CONFLICT {
        differences(texts, context.lang, "speakers", form, &stored(speaker))
    } else {
        Vec::new()
    };
    let countries = country_choices(texts, context.lang).into_iter();
    let all = languages(event, Some(speaker)).into_iter();
    let position = view.localized("position", &event.languages);
    let organisation = view.localized("organisation", &event.languages);
    let biography = view.localized("biography", &event.languages);
    let photo = speaker.photo_id;
    let typed = Typed { form, position: &position, organisation: &organisation, biography: &biography, photo };
    let page = ProfilePage {
        errors: view.summary(),
        previews: previews(guest, &typed),
        conflicts,
        version: speaker.version.to_string(),
        name: view.field("name"),
        native_name: view.field("native_name"),
        position,
        organisation,
        biography,
        country: view.field("country"),
        countries: view.choices("country", countries.map(|(code, name)| (code.as_str().to_owned(), name))),
        language: view.field("language"),
        languages: view.choices("language", all.map(|lang| (lang.to_string(), own_name(texts, lang)))),
        photo: view.secret("photo"),
        photo_url: speaker.photo_id.map(|photo| format!("/media/{photo}/160.jpg")).unwrap_or_default(),
        least_pixels: SMALLEST_EDGE,
        megabytes: megabytes(guest.visit.app.settings.limits.photo_bytes),
        action: guest.url("/profile"),
        photo_action: guest.url("/photo"),
        back_url: guest.url(""),
    };
    guest.visit.show_with_status(status, &context, &page)
}

/// In tenths, because small limits are possible.
fn megabytes(bytes: usize) -> f64 {
    (bytes.saturating_mul(10) / (1024 * 1024)) as f64 / 10.0
}

/// `GET /{event}/s/{token}/profile`.
pub(super) async fn show_profile(visited: Visited) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let speaker = &guest.own.speaker;
    show(&guest, speaker, StatusCode::OK, (&stored(speaker), &FieldErrors::default()))
}

/// `POST /{event}/s/{token}/profile`: saves, or shows what the programme would show. Their address is for the organizers to change: links go to it.
pub(super) async fn save_profile(visited: Visited, form: FormData) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let speaker = &guest.own.speaker;
    let mut whole = form.clone();
    whole.set("email", speaker.email.clone().unwrap_or_default());
    let facts = match facts(&guest.own.event, Some(speaker), &whole) {
        Ok(facts) => facts,
        Err(errors) => return show(&guest, speaker, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)),
    };
    // Looking keeps nothing; what was typed stands in the fields.
    if form.text("do") == "preview" {
        return show(&guest, speaker, StatusCode::OK, (&form, &FieldErrors::default()));
    }
    let (actor, version) = (guest.actor(), form.text("version").parse().unwrap_or(0));
    let key = (guest.own.event.id, speaker.id, version);
    match guest.visit.app.write(move |db, now| operations::update(db, now, actor, key, &facts)).await {
        Ok(()) => Ok(respond::see_other_with_notice(guest.url(""), "speaker-profile-notice-saved")),
        Err(SpeakerError::Stale) => show(&guest, speaker, StatusCode::CONFLICT, (&form, &FieldErrors::default())),
        Err(error) => Err(error.into()),
    }
}

/// `POST /{event}/s/{token}/photo`: with the square that was chosen, where one was.
pub(super) async fn save_photo(visited: Visited, sent: SentForm) -> PageResult {
    let guest = match visited {
        Visited::Known(guest) => guest,
        unknown => return unknown.refuse(),
    };
    let photo = if sent.form.is_ticked("remove") {
        None
    } else {
        match read(&guest, &sent).await {
            Ok(photo) => Some(photo),
            Err(message) => {
                let mut errors = FieldErrors::default();
                errors.push("photo", message);
                let speaker = &guest.own.speaker;
                return show(&guest, speaker, StatusCode::UNPROCESSABLE_ENTITY, (&stored(speaker), &errors));
            }
        }
    };
    keep(&guest, photo, sent.form.text("version").parse().unwrap_or(0)).await
}

async fn read(guest: &Guest, sent: &SentForm) -> Result<Photo, Message> {
    let most = guest.visit.app.settings.limits.photo_bytes;
    let upload = sent.files.iter().find(|file| file.field == "photo.file");
    let upload = upload.ok_or(Message::new("speakers-photo-missing"))?;
    let content = upload.content.as_ref().filter(|content| most == 0 || content.len() <= most);
    let content = content.ok_or_else(|| Message::new("speakers-photo-too-large").with("megabytes", megabytes(most)))?;
    let number = |part: &str| sent.form.text(&format!("photo.{part}")).parse::<u32>().ok();
    let crop = || Some(Crop { x: number("x")?, y: number("y")?, size: number("size")? });
    let portrait = Portrait::of(content.clone(), crop(), SMALLEST_EDGE).await.map_err(|problem| match problem {
        PhotoProblem::NoPicture => Message::new("speakers-photo-no-picture"),
        PhotoProblem::TooManyPixels => Message::new("speakers-photo-too-many-pixels").with("max", LONGEST_EDGE),
        PhotoProblem::TooSmall => Message::new("speakers-photo-too-small").with("min", SMALLEST_EDGE),
    })?;
    Ok(Photo::of_portrait(portrait))
}

/// Stores the bytes, then the row that names them: a row never names a file that is not there.
async fn keep(guest: &Guest, photo: Option<Photo>, version: i32) -> PageResult {
    let app = &guest.visit.app;
    let edge = i32::try_from(SIZES[0]).unwrap_or(i32::MAX);
    let file = photo.as_ref().map(|photo| StoredFile {
        id: FileId::new(),
        event_id: guest.own.event.id,
        kind: "photo",
        media_type: "image/jpeg",
        bytes: i64::try_from(photo.largest().len()).unwrap_or(i64::MAX),
        width: edge,
        height: edge,
        digest: hex(&Sha256::digest(photo.largest())),
        created_at: app.clock.now(),
    });
    if let (Some(file), Some(photo)) = (&file, &photo) {
        app.files.keep(file.id, photo).await.map_err(Failure::unexpected)?;
    }
    let (actor, key) = (guest.actor(), (guest.own.event.id, guest.own.speaker.id, version));
    let new = file.as_ref().map(|file| file.id);
    let job = move |db: &mut DbConnection, now| operations::set_photo(db, now, actor, key, file.as_ref());
    match app.write(job).await {
        Ok(unused) => {
            if let Some(unused) = unused {
                app.files.remove(unused).await;
            }
            Ok(respond::see_other_with_notice(guest.url("/profile"), "speaker-profile-notice-photo"))
        }
        // It may have been kept after all, and then its bytes are needed.
        Err(SpeakerError::Db(DbError::CommitUnknown)) => Err(Failure::Unknown),
        Err(error) => {
            if let Some(new) = new {
                app.files.remove(new).await;
            }
            Err(error.into())
        }
    }
}
