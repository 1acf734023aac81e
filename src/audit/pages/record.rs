//! Whose record a page shows, and to whom.

use super::wording::Words;
use crate::accounts::access::{Administrator, Allowed, ManageEvent};
use crate::audit::Actor;
use crate::audit::actions::{ACTIONS, INSTALLATION_ACTIONS, INSTALLATION_KINDS, INSTALLATION_OTHERS, KINDS, OTHERS};
use crate::audit::model::{ActivityFilter, Names};
use crate::db::EventId;
use crate::i18n::{INTERFACE_LANGUAGES, Lang};
use crate::web::Visit;
use chrono_tz::Tz;

/// The record of an event, or of what belongs to none, as somebody asked for it.
pub(super) struct Record {
    /// The request.
    pub(super) visit: Visit,
    /// Who asked.
    pub(super) actor: Actor,
    /// The event; none for the installation.
    pub(super) event: Option<EventId>,
    /// Whose days and hours are shown.
    pub(super) zone: Tz,
    /// The languages in which things may have names.
    languages: Vec<Lang>,
    /// The address of its pages: `/organizer/summit`, `/organizer`.
    pub(super) base: String,
    /// What its file is called.
    pub(super) file_name: String,
}

impl Record {
    /// An event's.
    pub(super) fn of_event(team: &Allowed<ManageEvent>) -> Self {
        Self {
            visit: team.visit.clone(),
            actor: team.actor(),
            event: Some(team.event.id),
            zone: team.event.zone(),
            languages: team.event.languages.to_vec(),
            base: format!("/organizer/{}", team.event.slug),
            file_name: format!("{}-activity.csv", team.event.slug),
        }
    }

    /// The installation's.
    pub(super) fn of_installation(Administrator(signed_in): &Administrator) -> Self {
        Self {
            visit: signed_in.visit.clone(),
            actor: Actor::User(signed_in.user.id),
            event: None,
            zone: Tz::UTC,
            languages: INTERFACE_LANGUAGES.to_vec(),
            base: "/organizer".to_owned(),
            file_name: "plenary-activity.csv".to_owned(),
        }
    }

    /// What the address asks for.
    pub(super) fn filter(&self) -> ActivityFilter {
        ActivityFilter::read((self.event, self.zone), |name| self.visit.param(name))
    }

    /// What its entries are worded with.
    pub(super) fn words<'a>(&'a self, lang: Lang, names: &'a Names) -> Words<'a> {
        Words { texts: &self.visit.app.texts, lang, languages: &self.languages, names }
    }

    /// The kinds of things in it.
    pub(super) fn kinds(&self) -> &'static [&'static str] {
        if self.event.is_some() { KINDS } else { INSTALLATION_KINDS }
    }

    /// The key of a kind's words.
    pub(super) fn kind_key(&self, kind: &str) -> String {
        match self.event {
            Some(_) => format!("activity-kind-{kind}"),
            None => format!("activity-installation-kind-{kind}"),
        }
    }

    /// Who beside the team acts in it.
    pub(super) fn others(&self) -> &'static [&'static str] {
        if self.event.is_some() { OTHERS } else { INSTALLATION_OTHERS }
    }

    /// What is done in it.
    pub(super) fn actions(&self) -> &'static [&'static str] {
        if self.event.is_some() { ACTIONS } else { INSTALLATION_ACTIONS }
    }
}
