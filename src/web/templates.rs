//! Templates, built into the program, with undefined fields refused and output escaped.

use super::assets::Assets;
use super::page::{Page, PageContext};
use crate::i18n::{Lang, TextArg, Texts};
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Kwargs, Serde, Value, ValueKind};
use minijinja::{AutoEscape, Environment, Error, ErrorKind, State, UndefinedBehavior, context};
use serde::Serialize;
use std::fmt;
use std::sync::Arc;

#[derive(rust_embed::RustEmbed)]
#[folder = "templates/"]
#[include = "*.html"]
#[include = "*.txt"]
#[include = "*.md"]
struct Files;

/// All templates, ready to render.
pub struct Templates {
    environment: Environment<'static>,
}

impl Templates {
    /// Reads and compiles every template built into the program.
    ///
    /// # Errors
    /// When a template is malformed; tests keep that from shipping.
    pub fn load(texts: &Arc<Texts>, assets: &Arc<Assets>) -> Result<Self, Error> {
        let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?;
        let mut environment = Environment::new();
        environment.set_undefined_behavior(UndefinedBehavior::Strict);
        environment.set_syntax(syntax);
        environment
            .set_auto_escape_callback(|name| if name.ends_with(".html") { AutoEscape::Html } else { AutoEscape::None });
        environment.set_formatter(|out, state, value| match value.as_str() {
            Some(text) if matches!(state.auto_escape(), AutoEscape::Html) && !value.is_safe() => {
                write!(out, "{}", Escaped(text)).map_err(Error::from)
            }
            _ => minijinja::escape_formatter(out, state, value),
        });
        for name in Files::iter() {
            let missing = || Error::new(ErrorKind::TemplateNotFound, name.to_string());
            let file = Files::get(&name).ok_or_else(missing)?;
            let source = String::from_utf8(file.data.into_owned()).map_err(|_| missing())?;
            environment.add_template_owned(name.to_string(), source)?;
        }
        let words = Arc::clone(texts);
        environment.add_function("t", move |state: &State<'_, '_>, key: &str, args: Kwargs| {
            translate(&words, state, key, &args)
        });
        let fingerprints = Arc::clone(assets);
        environment.add_function("asset", move |name: &str| {
            fingerprints.url(name).ok_or_else(|| Error::new(ErrorKind::InvalidOperation, format!("no asset {name}")))
        });
        let sprites = Arc::clone(assets);
        environment.add_function("icon", move |name: &str| {
            let sprite = sprites.url("icons.svg").unwrap_or_default();
            let fits = name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'-');
            let name = if fits { name } else { "" };
            Value::from_safe_string(format!(
                "<svg class=\"icon\" aria-hidden=\"true\" focusable=\"false\"><use href=\"{sprite}#{name}\"></use></svg>"
            ))
        });
        Ok(Self { environment })
    }

    /// Renders a page inside its frame.
    ///
    /// # Errors
    /// When the template asks for a field that the page has not.
    pub fn page<P: Page>(&self, context: &PageContext, page: &P) -> Result<String, Error> {
        let frame = context! { page => Value::from(Serde(context)) };
        self.render(P::TEMPLATE, context! { ..Value::from(Serde(page)), ..frame })
    }

    /// Renders any template, such as the parts of a mail, for readers of `lang`.
    ///
    /// # Errors
    /// As [`Templates::page`].
    pub fn text(&self, name: &str, lang: Lang, values: &impl Serialize) -> Result<String, Error> {
        let frame = context! { page => context! { lang => lang.as_str(), dir => lang.dir() } };
        self.render(name, context! { ..Value::from(Serde(values)), ..frame })
    }

    fn render(&self, name: &str, values: Value) -> Result<String, Error> {
        self.environment.get_template(name)?.render(values)
    }

    /// The names of all templates, for the test that renders each of them.
    pub fn names(&self) -> impl Iterator<Item = &str> {
        self.environment.templates().map(|(name, _)| name)
    }
}

/// `t("key", name=value)`: the text in the page's language. In HTML the text itself is trusted
/// (it may hold `<strong>`), the values filled in are escaped.
fn translate(texts: &Texts, state: &State<'_, '_>, key: &str, args: &Kwargs) -> Result<Value, Error> {
    let lang = state
        .lookup("page")
        .and_then(|page| page.get_attr("lang").ok())
        .and_then(|lang| lang.as_str().and_then(|tag| tag.parse().ok()))
        .unwrap_or(Lang::EN);
    let escapes = matches!(state.auto_escape(), AutoEscape::Html);
    let mut values = Vec::new();
    for name in args.args() {
        let value: Value = args.get(name)?;
        values.push((name, text_arg(&value, escapes)));
    }
    let text = texts.text(lang, key, &values);
    Ok(if escapes { Value::from_safe_string(text) } else { Value::from(text) })
}

fn text_arg(value: &Value, escapes: bool) -> TextArg<'static> {
    if value.kind() == ValueKind::Number
        && let Ok(number) = i64::try_from(value.clone())
    {
        return TextArg::from(number);
    }
    let text = value.to_string();
    if escapes && !value.is_safe() { TextArg::from(Escaped(&text).to_string()) } else { TextArg::from(text) }
}

/// A text escaped for HTML. Slashes stay, unlike in the engine's own way: they do no harm in text
/// or in quoted attributes, and pages and mails are full of addresses.
struct Escaped<'a>(&'a str);

/// A text escaped for HTML, as templates do it.
#[must_use]
pub fn escape(text: &str) -> String {
    Escaped(text).to_string()
}

impl fmt::Display for Escaped<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut rest = self.0;
        while let Some(at) = rest.find(['&', '<', '>', '"', '\'']) {
            f.write_str(&rest[..at])?;
            f.write_str(match rest.as_bytes()[at] {
                b'&' => "&amp;",
                b'<' => "&lt;",
                b'>' => "&gt;",
                b'"' => "&quot;",
                _ => "&#x27;",
            })?;
            rest = &rest[at + 1..];
        }
        f.write_str(rest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_could_be_markup_is_escaped_and_addresses_stay_readable() {
        for (text, escaped) in [
            ("<b a='1' b=\"2\">", "&lt;b a=&#x27;1&#x27; b=&quot;2&quot;&gt;"),
            ("/summit/r/a?b=1&c=李", "/summit/r/a?b=1&amp;c=李"),
            ("", ""),
            ("&", "&amp;"),
        ] {
            assert_eq!(Escaped(text).to_string(), escaped);
        }
    }
}
