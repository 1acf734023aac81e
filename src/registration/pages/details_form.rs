//! The fields of a person's details: on the public form, on the own page and at the desk.

use crate::i18n::country_choices;
use crate::registration::model::{Details, Registration};
use crate::registration::names::NameOrder;
use crate::web::form_view::{Difference, differences};
use crate::web::forms::ErrorLine;
use crate::web::{Choice, Field, FieldErrors, FormData, FormView, PageContext, Visit};
use serde::Serialize;

/// The fields of a person's details as typed.
#[derive(Serialize)]
pub(in crate::registration) struct DetailFields {
    honorific: Field,
    given_name: Field,
    family_name: Field,
    native_name: Field,
    name_order: Field,
    name_orders: Vec<Choice>,
    organisation: Field,
    position: Field,
    country: Field,
    countries: Vec<Choice>,
    nationality: Field,
    nationalities: Vec<Choice>,
}

impl DetailFields {
    /// The fields with what was typed.
    pub(in crate::registration) fn new(visit: &Visit, context: &PageContext, view: &FormView<'_>) -> Self {
        let texts = &visit.app.texts;
        let countries: Vec<(String, String)> = country_choices(texts, context.lang)
            .into_iter()
            .map(|(country, name)| (country.as_str().to_owned(), name))
            .collect();
        let order = |order: &NameOrder| {
            let key = format!("registration-name-order-{}", order.as_str().replace('_', "-"));
            (order.as_str().to_owned(), texts.text(context.lang, &key, &[]))
        };
        Self {
            honorific: view.field("honorific"),
            given_name: view.field("given_name"),
            family_name: view.field("family_name"),
            native_name: view.field("native_name"),
            name_order: view.field("name_order"),
            name_orders: view.choices("name_order", NameOrder::ALL.iter().map(order)),
            organisation: view.field("organisation"),
            position: view.field("position"),
            country: view.field("country"),
            countries: view.choices("country", countries.iter().cloned()),
            nationality: view.field("nationality"),
            nationalities: view.choices("nationality", countries),
        }
    }
}

/// The form of a person's details, for attendees and for the desk.
#[derive(Serialize)]
pub(super) struct DetailsForm {
    action: String,
    back_url: String,
    errors: Vec<ErrorLine>,
    theirs: Vec<Difference>,
    version: String,
    email: String,
    person: DetailFields,
}

impl DetailsForm {
    /// The form as typed, with what is wrong and what someone else has changed.
    pub(super) fn new(
        visit: &Visit,
        context: &PageContext,
        registration: &Registration,
        (form, errors): (&FormData, &FieldErrors),
        (action, back_url): (String, String),
    ) -> Self {
        let view = FormView::new(visit, context, form, errors);
        Self {
            action,
            back_url,
            errors: view.summary(),
            theirs: Vec::new(),
            version: form.text("version").to_owned(),
            email: registration.email.clone(),
            person: DetailFields::new(visit, context, &view),
        }
    }

    /// The same after someone else was faster, with what is kept now.
    pub(super) fn with_theirs(
        mut self,
        visit: &Visit,
        context: &PageContext,
        kept: &Registration,
        typed: &FormData,
    ) -> Self {
        let stored = FormData::from_fields(fields_of(kept));
        self.theirs = differences(&visit.app.texts, context.lang, "registration-field", typed, &stored);
        self
    }
}

/// The fields of the form that shows a registration's details.
pub(super) fn fields_of(registration: &Registration) -> Vec<(String, String)> {
    let details = Details::from(registration);
    let fields = details.fields().map(|(name, value)| (name.to_owned(), value.to_owned()));
    fields.chain([("version".to_owned(), registration.version.to_string())]).collect()
}
