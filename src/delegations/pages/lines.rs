//! People and places of a delegation as pages show them.

use crate::db::UtcTime;
use crate::delegations::model::{Member, Places};
use crate::delegations::operations::Whole;
use crate::events::model::Event;
use crate::i18n::{Formatter, Lang, Texts, country_name};
use crate::registration::category::Category;
use crate::registration::names::salutation;
use crate::web::page::Text;
use serde::Serialize;

/// Questions that are named of those that somebody owes.
const NAMED: usize = 3;

/// In which words a page shows a delegation.
#[derive(Clone, Copy)]
pub(super) struct Frame<'a> {
    pub(super) texts: &'a Texts,
    pub(super) event: &'a Event,
    pub(super) lang: Lang,
}

/// The places of a delegation in a category.
#[derive(Serialize)]
pub(super) struct PlacesLine {
    category: Text,
    taken: i32,
    capacity: i32,
    left: i32,
    words: String,
}

/// One person of a delegation.
#[derive(Serialize)]
pub(super) struct MemberLine {
    number: usize,
    id: String,
    url: String,
    name: String,
    native_name: String,
    position: String,
    organisation: String,
    country: String,
    email: String,
    category: Text,
    badge_color: String,
    state: &'static str,
    state_label: String,
    is_head: bool,
    /// Some of the questions that are owed.
    owes: String,
    owes_more: usize,
    is_asked: bool,
    linked: String,
}

/// How far a delegation has come.
#[derive(Serialize)]
pub(super) struct ProgressLine {
    people: i32,
    complete: i32,
    owing: i32,
    applied: i32,
    confirmed: i32,
}

impl From<crate::delegations::model::Progress> for ProgressLine {
    fn from(progress: crate::delegations::model::Progress) -> Self {
        let crate::delegations::model::Progress { people, complete, owing, applied, confirmed } = progress;
        Self { people, complete, owing, applied, confirmed }
    }
}

impl Frame<'_> {
    /// A text of the interface.
    pub(super) fn text(&self, key: &str) -> String {
        self.texts.text(self.lang, key, &[])
    }

    /// An instant on the venue's clocks.
    pub(super) fn time(&self, at: UtcTime) -> String {
        Formatter::of(self.lang).date_time(at.in_zone(self.event.zone()).naive_local())
    }

    /// A country by its code.
    pub(super) fn country(&self, code: Option<&str>) -> String {
        let country = code.and_then(|code| code.parse().ok());
        country.map(|country| country_name(self.texts, self.lang, country)).unwrap_or_default()
    }

    /// The places of a delegation in the order of categories.
    pub(super) fn places(&self, places: &[Places], categories: &[Category]) -> Vec<PlacesLine> {
        let own = |category: &Category| {
            let places = places.iter().find(|places| places.category_id == category.id)?;
            let args = [("taken", places.taken.to_string().into()), ("capacity", places.capacity.to_string().into())];
            Some(PlacesLine {
                category: Text::pick(&category.name, self.lang, &self.event.languages),
                taken: places.taken,
                capacity: places.capacity,
                left: places.left(),
                words: self.texts.text(self.lang, "registration-taken-of", &args),
            })
        };
        categories.iter().filter_map(own).collect()
    }

    /// Those who have not come to an end, numbered, and those who have.
    pub(super) fn people(&self, whole: &Whole, url: impl Fn(&Member) -> String) -> (Vec<MemberLine>, Vec<MemberLine>) {
        let line = |(number, member): (usize, &Member)| self.member(whole, (number, member), url(member));
        let (active, ended): (Vec<_>, Vec<_>) =
            (1..).zip(&whole.members).partition(|(_, member): &(usize, &Member)| member.is_active());
        (active.into_iter().map(line).collect(), ended.into_iter().map(line).collect())
    }

    fn member(&self, whole: &Whole, (number, member): (usize, &Member), url: String) -> MemberLine {
        let (own, owed) = (&member.registration, member.owes(&whole.asked));
        let labels =
            owed.iter().take(NAMED).map(|question| question.facts.label.text(self.lang, &self.event.languages));
        let category = whole.category(own.category_id);
        MemberLine {
            number,
            id: own.id.to_string(),
            url,
            name: salutation(&own.honorific, &own.full_name(), "", self.lang),
            native_name: if own.native_name == own.full_name() { String::new() } else { own.native_name.clone() },
            position: own.position.clone(),
            organisation: own.organisation.clone(),
            country: self.country(own.country.as_deref()),
            email: own.email.clone(),
            category: category
                .map(|category| Text::pick(&category.name, self.lang, &self.event.languages))
                .unwrap_or_default(),
            badge_color: category.map(|category| category.badge_color.clone()).unwrap_or_default(),
            state: own.state.as_str(),
            state_label: self.text(&format!("registration-state-{}", own.state)),
            is_head: member.is_head,
            owes: labels.collect::<Vec<_>>().join(&self.text("common-list-separator")),
            owes_more: owed.len().saturating_sub(NAMED),
            is_asked: member.is_asked,
            linked: whole.linked.get(&own.id).map(|at| self.time(*at)).unwrap_or_default(),
        }
    }
}
