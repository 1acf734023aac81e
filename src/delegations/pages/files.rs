//! Lists as files.

use crate::delegations::operations::Whole;
use crate::i18n::Lang;
use crate::web::error::PageResult;
use crate::web::tables::csv;

const PEOPLE: [&str; 16] = [
    "number",
    "head",
    "given_name",
    "family_name",
    "native_name",
    "email",
    "category",
    "organisation",
    "position",
    "country",
    "language",
    "honorific",
    "nationality",
    "state",
    "code",
    "missing",
];

/// The people of a delegation in their order. The columns are those that can be handed in again.
pub(super) fn people(whole: &Whole, lang: Lang, languages: &[Lang]) -> PageResult {
    let row = |(number, member): (usize, &crate::delegations::model::Member)| {
        let own = &member.registration;
        let owed = member.owes(&whole.asked);
        let owed = owed.iter().map(|question| question.facts.label.text(lang, languages));
        vec![
            number.to_string(),
            if member.is_head { "yes" } else { "" }.to_owned(),
            own.given_name.clone(),
            own.family_name.clone(),
            own.native_name.clone(),
            own.email.clone(),
            whole.category(own.category_id).map(|category| category.code.clone()).unwrap_or_default(),
            own.organisation.clone(),
            own.position.clone(),
            own.country.clone().unwrap_or_default(),
            own.language.to_string(),
            own.honorific.clone(),
            own.nationality.clone().unwrap_or_default(),
            own.state.to_string(),
            own.code.clone(),
            owed.collect::<Vec<_>>().join("; "),
        ]
    };
    let name = format!("{}-people.csv", whole.delegation.code);
    csv(&name, PEOPLE, (1..).zip(&whole.members).map(row))
}
