//! What every page and form needs: negotiation, forms, templates, errors, cache, middleware.
//!
//! Technique only. Nothing here knows what an event or a registration is.

pub mod assets;
pub mod cache;
pub mod client;
pub mod error;
pub mod fields;
pub mod form_view;
pub mod forms;
pub mod health;
pub mod limits;
pub mod live_stream;
pub mod middleware;
pub mod page;
pub mod respond;
pub mod routes;
pub mod security;
pub mod tables;
pub mod templates;
pub mod token;
pub mod traffic;
pub mod uploads;
pub mod visit;

pub use error::{Failure, PageResult};
pub use fields::Checker;
pub use form_view::{Choice, Difference, Field, FormView, LocalizedField};
pub use forms::{FieldError, FieldErrors, FormData, Message};
pub use page::{EventHead, Page, PageContext};
pub use routes::RouteTable;
pub use token::{Token, TokenHash};
pub use uploads::{SentForm, Upload};
pub use visit::Visit;
