//! From template to message.

use super::model::{MessageKind, Rendered};
use crate::i18n::Lang;
use crate::web::templates::Templates;
use serde::Serialize;

/// Renders subject, text and HTML of a message kind for readers of `lang`.
///
/// # Errors
/// When the template asks for a value that is not given; tests of every mail keep that from shipping.
pub fn render(
    templates: &Templates,
    kind: MessageKind,
    lang: Lang,
    values: &impl Serialize,
) -> Result<Rendered, minijinja::Error> {
    let part = |file: &str| templates.text(&format!("mail/{kind}/{file}"), lang, values);
    let subject = part("subject.txt")?.split_whitespace().collect::<Vec<_>>().join(" ");
    Ok(Rendered { subject, text: part("body.txt")?.trim().to_owned() + "\n", html: part("body.html")? })
}
