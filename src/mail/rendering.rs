//! From a wording and its values to the message.

use super::model::{Editable, EditablePart, MessageKind, Rendered};
use super::wording::filling::{Filled, fill, markdown};
use super::wording::model::{Filling, Placeholder, Problem, Sort, Source, Wording};
use super::wording::{markup, placeholders};
use crate::app::App;
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::web::page::dates_in_words;
use crate::web::templates::Templates;
use minijinja::value::{Serde, Value};
use serde::Serialize;

/// A mail can't be rendered; tests of every mail keep that from shipping.
#[derive(Debug, thiserror::Error)]
pub enum RenderError {
    /// A template of the program is not right.
    #[error("{0:#}")]
    Template(#[from] minijinja::Error),
    /// The program's own wording is not right.
    #[error("the wording of {kind} in {lang} is not right: {problems:?}")]
    Wording {
        /// Of which mails.
        kind: MessageKind,
        /// In which language.
        lang: Lang,
        /// What is wrong.
        problems: Vec<Problem>,
    },
    /// The caller gave no value for something that the wording mentions.
    #[error("mails of the kind {kind} give no value for {name}")]
    NoValue {
        /// Of which mails.
        kind: MessageKind,
        /// Which value.
        name: &'static str,
    },
}

/// What the frame around each mail shows: the event's look, or nothing for mails of accounts.
#[derive(Serialize)]
pub struct Frame<'a> {
    event_name: &'a str,
    event_url: String,
    dates: String,
    place: &'a str,
    timezone: &'a str,
    contact_email: &'a str,
    accent: &'a str,
}

impl<'a> Frame<'a> {
    /// The frame of an event's mails in a language.
    #[must_use]
    pub fn new(app: &App, event: Option<&'a Event>, lang: Lang) -> Self {
        let Some(event) = event else {
            let event_url = app.settings.http.public_url.clone();
            return Self {
                event_name: "",
                event_url,
                dates: String::new(),
                place: "",
                timezone: "UTC",
                contact_email: "",
                accent: "",
            };
        };
        Self {
            event_name: event.name_in(lang),
            event_url: format!("{}/{}", app.settings.http.public_url, event.slug),
            dates: dates_in_words(&app.texts, lang, event.starts_on, event.ends_on),
            place: event.place.text(lang, &event.languages),
            timezone: event.zone().name(),
            contact_email: event.contact_email.as_deref().unwrap_or_default(),
            accent: &event.accent,
        }
    }

    fn value(&self, name: &str) -> Option<String> {
        Some(match name {
            "event_name" => self.event_name.to_owned(),
            "event_url" => self.event_url.clone(),
            "dates" => self.dates.clone(),
            "place" => self.place.to_owned(),
            "timezone" => self.timezone.to_owned(),
            "contact_email" => self.contact_email.to_owned(),
            _ => return None,
        })
    }

    /// The whole message: the blocks inside the frame.
    ///
    /// # Errors
    /// When the frame's template is not right.
    pub fn around(&self, templates: &Templates, lang: Lang, filled: Filled) -> Result<Rendered, minijinja::Error> {
        #[derive(Serialize)]
        struct Framed<'a> {
            #[serde(flatten)]
            frame: &'a Frame<'a>,
            content: &'a str,
        }
        let framed = Framed { frame: self, content: &filled.html };
        let html = templates.text("mail/frame.html", lang, &framed)?;
        let foot = templates.text("mail/foot.txt", lang, self)?;
        let text = format!("{}\n{}", filled.text, foot.trim()).trim_end().to_owned() + "\n";
        Ok(Rendered { subject: filled.subject, text, html, source: filled.source })
    }
}

/// Renders subject, text and HTML of a message for readers of `lang`, in the event's own wording
/// where it has one.
///
/// # Errors
/// When a template is not right or a value is missing.
pub fn render(
    app: &App,
    event: Option<&Event>,
    kind: MessageKind,
    lang: Lang,
    values: &impl Serialize,
) -> Result<Rendered, RenderError> {
    let wording = app.wordings.of(&app.templates, event.map(|event| event.id), kind, lang)?;
    render_wording(app, event, (kind, lang), &wording, values)
}

/// The same with a wording that is not kept yet.
///
/// # Errors
/// As [`render`].
pub fn render_wording(
    app: &App,
    event: Option<&Event>,
    (kind, lang): (MessageKind, Lang),
    wording: &Wording,
    values: &impl Serialize,
) -> Result<Rendered, RenderError> {
    let frame = Frame::new(app, event, lang);
    let given = Value::from(Serde(values));
    let mut fillings = Vec::with_capacity(wording.mentions.len());
    for mentioned in &wording.mentions {
        fillings.push(match mentioned.sort {
            Sort::Part => {
                let render = |form: &str| {
                    app.templates.text(
                        &format!("mail/parts/{}.{form}", mentioned.name),
                        lang,
                        &Within { values, frame: &frame },
                    )
                };
                Filling::Part { html: render("html")?, text: render("txt")? }
            }
            _ => {
                let own = given.get_attr(mentioned.name).ok().filter(|value| !value.is_undefined() && !value.is_none());
                let value = own.map(|value| value.to_string()).or_else(|| frame.value(mentioned.name));
                Filling::Words(value.ok_or(RenderError::NoValue { kind, name: mentioned.name })?)
            }
        });
    }
    Ok(frame.around(&app.templates, lang, fill(wording, &fillings))?)
}

/// Renders a message anew from what an organizer made of it: its parts with a form of their own stay as they were.
///
/// # Errors
/// Everything that is wrong with the source.
pub fn render_edited(
    app: &App,
    event: &Event,
    (kind, lang): (MessageKind, Lang),
    source: &Source,
    parts: &[EditablePart],
) -> Result<Rendered, RenderError> {
    let of_kind = placeholders::all(kind);
    let own: Vec<Placeholder> =
        of_kind.into_iter().filter(|known| parts.iter().any(|part| part.name == known.name)).collect();
    let wording = markup::read(source, &own, &[]).map_err(|problems| RenderError::Wording { kind, lang, problems })?;
    let part = |mentioned: &Placeholder| {
        let found = parts.iter().find(|part| part.name == mentioned.name);
        found.map_or_else(
            || Filling::Words(String::new()),
            |part| Filling::Part { html: part.html.clone(), text: part.text.clone() },
        )
    };
    let fillings: Vec<Filling> = wording.mentions.iter().map(part).collect();
    let mut rendered = Frame::new(app, Some(event), lang).around(&app.templates, lang, fill(&wording, &fillings))?;
    rendered.source = Some(Editable { body: source.body.clone(), parts: parts.to_vec() });
    Ok(rendered)
}

/// What a message is edited from that was not made by [`render`]: its text, without the frame's foot.
///
/// # Errors
/// When the frame's template is not right.
pub fn source_of_text(app: &App, event: &Event, lang: Lang, text: &str) -> Result<Editable, RenderError> {
    let foot = app.templates.text("mail/foot.txt", lang, &Frame::new(app, Some(event), lang))?;
    let text = text.trim_end();
    let body = text.strip_suffix(foot.trim()).unwrap_or(text);
    let body = body.lines().map(markdown::of_line).collect::<Vec<_>>().join("\n");
    Ok(Editable { body: body.trim().to_owned() + "\n", parts: Vec::new() })
}

/// What parts with a form of their own may mention.
#[derive(Serialize)]
struct Within<'a, V: Serialize> {
    values: &'a V,
    frame: &'a Frame<'a>,
}
