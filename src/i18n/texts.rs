//! Interface texts from `locales/<language>/<area>.ftl`.

use super::Lang;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use std::collections::BTreeMap;

/// The languages that every interface text exists in; the first is the last resort.
pub const INTERFACE_LANGUAGES: &[Lang] = &[Lang::EN, Lang::ZH];

/// The interface language nearest to `lang`: itself, its family, or English.
#[must_use]
pub fn fallback_language(lang: Lang) -> Lang {
    INTERFACE_LANGUAGES
        .iter()
        .copied()
        .find(|known| *known == lang)
        .or_else(|| INTERFACE_LANGUAGES.iter().copied().find(|known| known.primary() == lang.primary()))
        .unwrap_or(Lang::EN)
}

#[derive(rust_embed::RustEmbed)]
#[folder = "locales/"]
#[include = "*.ftl"]
struct Files;

/// A value that a text mentions: words as they are, or a number that decides the plural form.
pub type TextArg<'a> = FluentValue<'a>;

/// All interface texts of all languages.
pub struct Texts {
    bundles: BTreeMap<Lang, FluentBundle<FluentResource>>,
}

/// A file of texts could not be read.
#[derive(Debug, thiserror::Error)]
#[error("locales/{file}: {problem}")]
pub struct InvalidTexts {
    file: String,
    problem: String,
}

impl Texts {
    /// Reads the texts built into the program.
    ///
    /// # Errors
    /// When a file is not well-formed Fluent or a key stands twice; tests keep that from shipping.
    pub fn load() -> Result<Self, InvalidTexts> {
        let mut bundles = BTreeMap::new();
        for lang in INTERFACE_LANGUAGES {
            let tag = lang
                .as_str()
                .parse()
                .map_err(|_| InvalidTexts { file: lang.to_string(), problem: "no language".into() })?;
            let mut bundle = FluentBundle::new_concurrent(vec![tag]);
            // Isolation marks would end up in attributes and mail subjects; templates use <bdi>.
            bundle.set_use_isolating(false);
            let folder = format!("{lang}/");
            for file in Files::iter().filter(|file| file.starts_with(&folder)) {
                let invalid = |problem: String| InvalidTexts { file: file.to_string(), problem };
                let bytes = Files::get(&file).ok_or_else(|| invalid("is missing".into()))?;
                let source = String::from_utf8(bytes.data.into_owned()).map_err(|error| invalid(error.to_string()))?;
                let resource = FluentResource::try_new(source).map_err(|(_, errors)| invalid(format!("{errors:?}")))?;
                bundle.add_resource(resource).map_err(|errors| invalid(format!("{errors:?}")))?;
            }
            bundles.insert(*lang, bundle);
        }
        Ok(Self { bundles })
    }

    /// The text of `key` in `lang` with `args` filled in.
    ///
    /// A key that no language knows comes back as itself and is logged: a page with a strange
    /// word is better than no page, and the completeness test keeps it from shipping.
    #[must_use]
    pub fn text(&self, lang: Lang, key: &str, args: &[(&str, TextArg<'_>)]) -> String {
        let mut fluent_args = FluentArgs::with_capacity(args.len());
        for (name, value) in args {
            fluent_args.set(*name, value.clone());
        }
        for candidate in [fallback_language(lang), Lang::EN] {
            let Some(bundle) = self.bundles.get(&candidate) else { continue };
            let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else { continue };
            let mut errors = Vec::new();
            let text = bundle.format_pattern(pattern, Some(&fluent_args), &mut errors).into_owned();
            if !errors.is_empty() {
                tracing::error!(key, ?errors, "a text could not be filled in");
            }
            return text;
        }
        tracing::error!(key, "a text is missing");
        key.to_owned()
    }

    /// Whether `key` exists in `lang` itself, without falling back.
    #[must_use]
    pub fn has(&self, lang: Lang, key: &str) -> bool {
        self.bundles.get(&lang).is_some_and(|bundle| bundle.has_message(key))
    }
}
