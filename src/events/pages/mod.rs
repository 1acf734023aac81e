//! Event pages of the team: list, making one, settings. The overview is a page of the numbers.

mod list;
mod settings;

use super::model::InvalidEvent;
use super::operations::EventError;
use crate::i18n::Lang;
use crate::web::{Failure, FieldErrors, Message, RouteTable};

/// The routes of this area.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer", list::list_events);
    routes.get("/organizer/new", list::show_new_event);
    routes.post("/organizer/new", list::create_event);
    routes.get("/organizer/{event}/settings", settings::show_settings);
    routes.post("/organizer/{event}/settings", settings::change_settings);
}

impl From<EventError> for Failure {
    fn from(error: EventError) -> Self {
        match error {
            EventError::Invalid(_) => Self::bad_request("error-bad-request"),
            EventError::SlugTaken | EventError::Stale => Self::conflict("events-error-stale"),
            EventError::Db(error) => error.into(),
        }
    }
}

/// What is wrong with an event's facts, beside the field that it is about.
fn field_errors(error: EventError, main: Lang) -> Result<FieldErrors, Failure> {
    let mut errors = FieldErrors::default();
    match error {
        EventError::Invalid(problem) => {
            let (field, message) = field_error(problem, main);
            errors.push(field, message);
        }
        EventError::SlugTaken => errors.push("slug", Message::new("events-slug-taken")),
        other => return Err(other.into()),
    }
    Ok(errors)
}

fn field_error(problem: InvalidEvent, main: Lang) -> (String, Message) {
    use InvalidEvent as E;
    let name = format!("name.{main}");
    let (field, key) = match problem {
        E::SlugMalformed => ("slug", "events-slug-malformed"),
        E::SlugReserved => ("slug", "events-slug-reserved"),
        E::NoName => (name.as_str(), "error-required"),
        E::NoLanguages | E::BadLanguage => ("languages", "events-languages-wrong"),
        E::BadZone => ("timezone", "events-timezone-wrong"),
        E::EndsBeforeStart => ("ends_on", "events-ends-before-start"),
        E::TooLong => ("ends_on", "events-too-long"),
    };
    (field.to_owned(), Message::new(key))
}

/// The languages of a field such as `en, zh`.
fn languages(text: &str) -> Result<Vec<Lang>, InvalidEvent> {
    let tags = text.split([',', '，', '、', ' ', ';']).map(str::trim).filter(|tag| !tag.is_empty());
    let languages =
        tags.map(|tag| tag.parse().map_err(|_| InvalidEvent::BadLanguage)).collect::<Result<Vec<_>, _>>()?;
    super::model::check_languages(&languages)?;
    Ok(languages)
}

/// The names of all time zones, for the field's suggestions.
fn zone_names() -> Vec<&'static str> {
    chrono_tz::TZ_VARIANTS.iter().map(|zone| zone.name()).collect()
}
