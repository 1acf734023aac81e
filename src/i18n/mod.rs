//! Languages: interface texts (Fluent), content in several languages, dates, numbers and
//! country names as readers of each language write them.

mod countries;
mod format;
mod lang;
mod localized;
mod search;
mod texts;

pub use countries::{Country, InvalidCountry, country_choices, country_name};
pub use format::Formatter;
pub use lang::{InvalidLang, Lang};
pub use localized::{Localized, Picked};
pub use search::{free_code, search_key, slug};
pub use texts::{INTERFACE_LANGUAGES, TextArg, Texts, fallback_language};
