//! The desk's list: filters, saved views, columns to sort by.

use super::desk::{Row, Team, row};
use super::desk_bulk::BulkForm;
use super::desk_views::{nothing, view_url};
use crate::accounts::model::Permission;
use crate::db::ViewId;
use crate::i18n::country_choices;
use crate::registration::desk::{DeskFilter, SavedView, SortBy};
use crate::registration::forms::model::{Question, QuestionKind};
use crate::registration::model::{RegistrationState, Source};
use crate::registration::operations::{self, DeskPage};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::{Choice, Failure, Field, FieldErrors, FormData, FormView, Page, PageContext, RouteTable, respond};
use actix_web::http::StatusCode;
use serde::Serialize;

/// The route of the list.
pub(super) fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/registrations", list_registrations);
}

#[derive(Serialize)]
struct RegistrationsPage {
    query: String,
    total: String,
    is_filtered: bool,
    is_narrowed_more: bool,
    states: Vec<Choice>,
    categories: Vec<Choice>,
    countries: Vec<Choice>,
    delegations: Vec<Choice>,
    sources: Vec<Choice>,
    batches: Vec<Choice>,
    came: Vec<Choice>,
    photos: Vec<Choice>,
    answers: Vec<AnswerChoices>,
    /// Whether watched names may be asked for at all, and whether they are.
    may_see_watched: bool,
    is_watched: bool,
    from: String,
    until: String,
    sort: String,
    order: String,
    heads: Vec<Head>,
    tabs: Vec<Tab>,
    views: Vec<Tab>,
    view: Option<ViewHead>,
    save: SaveForm,
    rows: Vec<Row>,
    /// Where many are changed at once; nothing for those who may not.
    bulk: Option<BulkForm>,
    clear_url: String,
    first_url: String,
    next_url: String,
    files: Vec<FileLink>,
    /// Where somebody is added; empty for those who may not.
    new_url: String,
}

impl Page for RegistrationsPage {
    const TEMPLATE: &'static str = "organizer/registrations.html";
}

/// The answers of one question that a list can be narrowed by.
#[derive(Serialize)]
struct AnswerChoices {
    label: String,
    choices: Vec<Choice>,
}

/// The head of a column; the address is empty where nothing is ordered by it.
#[derive(Serialize)]
struct Head {
    label: String,
    url: String,
    order: &'static str,
}

#[derive(Serialize)]
struct Tab {
    url: String,
    label: String,
    count: String,
    current: bool,
}

/// The saved view that is shown.
#[derive(Serialize)]
struct ViewHead {
    action: String,
    name: String,
    is_default: bool,
    is_shared: bool,
    may_delete: bool,
}

/// The form that keeps what is shown under a name.
#[derive(Serialize)]
struct SaveForm {
    action: String,
    line: String,
    name: Field,
    errors: Vec<ErrorLine>,
    may_share: bool,
    is_shared: bool,
    is_default: bool,
    is_open: bool,
}

#[derive(Serialize)]
struct FileLink {
    url: String,
    label: &'static str,
}

/// What the list is handed out as: the ending of its address, and what people call it.
const FILES: [(&str, &str); 3] = [("xlsx", "Excel"), ("csv", "CSV"), ("json", "JSON")];

/// The address of the list.
pub(super) fn list_url<P>(team: &crate::accounts::access::Allowed<P>) -> String {
    format!("/organizer/{}/registrations", team.event.slug)
}

/// The list that these parameters ask for. Whose name is watched is for officers to know.
pub(super) fn filter_of<'a, P>(
    team: &crate::accounts::access::Allowed<P>,
    param: impl Fn(&str) -> Option<&'a str>,
) -> DeskFilter {
    let mut filter = DeskFilter::read((team.event.id, team.event.zone()), param);
    filter.is_watched &= team.may(Permission::Accredit);
    filter
}

/// The views of whoever looks, and the one that their list opens with.
type Views = (Vec<SavedView>, Option<ViewId>);

/// `GET /organizer/{event}/registrations`; without parameters as the default view has it.
async fn list_registrations(team: Team) -> PageResult {
    let (event, user) = (team.event.id, team.user.id);
    if team.visit.query.is_empty() {
        let read = move |db: &mut crate::db::DbConnection| Ok::<_, Failure>(operations::default_view(db, event, user)?);
        if let Some(view) = team.visit.app.read(read).await?.filter(|view| !view.query.is_empty()) {
            return Ok(respond::see_other(view_url(&team, &view.query)));
        }
    }
    let filter = filter_of(&team, |name| team.visit.param(name));
    let (form, errors) = nothing();
    show(&team, StatusCode::OK, filter, (&form, &errors)).await
}

/// The list again, with what is wrong with the name of a view.
pub(super) async fn show_unsaved(team: &Team, filter: DeskFilter, typed: (&FormData, &FieldErrors)) -> PageResult {
    show(team, StatusCode::UNPROCESSABLE_ENTITY, filter, typed).await
}

async fn show(team: &Team, status: StatusCode, filter: DeskFilter, typed: (&FormData, &FieldErrors)) -> PageResult {
    let (event, user) = (team.event.id, team.user.id);
    let sees_answers = team.may(Permission::ManageRegistrations);
    let read = move |db: &mut crate::db::DbConnection| {
        Ok::<_, Failure>((operations::list_page(db, filter, sees_answers)?, operations::views_of(db, event, user)?))
    };
    let (found, views) = team.visit.app.read(read).await?;
    let context = team.context("registrations", "registration-desk-title");
    let page = Shown { team, context: &context, found: &found }.page(&views, typed);
    team.visit.show_with_status(status, &context, &page)
}

/// What a page is made of.
struct Shown<'a> {
    team: &'a Team,
    context: &'a PageContext,
    found: &'a DeskPage,
}

impl Shown<'_> {
    fn text(&self, key: &str) -> String {
        self.team.visit.app.texts.text(self.context.lang, key, &[])
    }

    fn page(&self, views: &Views, typed: (&FormData, &FieldErrors)) -> RegistrationsPage {
        let Self { team, context, found } = self;
        let filter = &found.filter;
        let path = list_url(team);
        let last = found.registrations.last().filter(|_| found.has_more);
        let rows = found.registrations.iter().map(|registration| row(team, context, registration, &found.categories));
        let [states, categories, countries] = self.first_choices();
        let [delegations, sources, batches] = self.more_choices();
        let parameters = filter.parameters();
        let kept = |name: &str| {
            let value = parameters.iter().find(|(known, _)| *known == name);
            value.map(|(_, value)| value.clone()).unwrap_or_default()
        };
        RegistrationsPage {
            query: filter.query.clone(),
            total: context.formatter().number(found.total),
            is_filtered: filter.is_filtered(),
            is_narrowed_more: filter.is_narrowed_more(),
            states,
            categories,
            countries,
            delegations,
            sources,
            batches,
            came: self.truth(filter.came, |word| format!("desk-came-{word}")),
            photos: self.truth(filter.has_photo, |word| format!("desk-photo-{word}")),
            answers: found.choices.questions.iter().map(|question| self.answers(question)).collect(),
            may_see_watched: team.may(Permission::Accredit),
            is_watched: filter.is_watched,
            from: kept("from"),
            until: kept("until"),
            sort: kept("sort"),
            order: kept("order"),
            heads: self.heads(),
            tabs: self.tabs(),
            views: self.views(views),
            view: self.view(views),
            save: self.save_form(typed),
            rows: rows.collect(),
            bulk: BulkForm::new(team, context, (filter, found.total), &found.categories),
            first_url: if filter.after.is_some() { self.address(filter) } else { String::new() },
            next_url: last.map(|last| filter.url(&path, "after", last.id.as_str())).unwrap_or_default(),
            new_url: if team.may(Permission::ManageRegistrations) { format!("{path}/new") } else { String::new() },
            files: FILES
                .into_iter()
                .filter(|_| team.may(Permission::ManageRegistrations))
                .map(|(ending, label)| FileLink { url: filter.url(&format!("{path}.{ending}"), "", ""), label })
                .collect(),
            clear_url: format!("{path}?view=all"),
        }
    }

    /// The address of a filter's list. One that asks for nothing says so, lest the default view opens.
    fn address(&self, filter: &DeskFilter) -> String {
        view_url(self.team, &filter.line())
    }

    fn choice(value: &dyn std::fmt::Display, label: String, selected: bool) -> Choice {
        Choice { value: value.to_string(), label, selected }
    }

    fn first_choices(&self) -> [Vec<Choice>; 3] {
        let (filter, lang, languages) = (&self.found.filter, self.context.lang, &self.team.event.languages);
        let states = RegistrationState::ALL.iter().map(|state| {
            Self::choice(&state, self.text(&format!("registration-state-{state}")), filter.state == Some(*state))
        });
        let categories = self.found.categories.iter().map(|category| {
            let name = category.name.text(lang, languages).to_owned();
            Self::choice(&category.id, name, filter.category == Some(category.id))
        });
        let countries = country_choices(&self.team.visit.app.texts, lang).into_iter();
        let countries =
            countries.map(|(country, name)| Self::choice(&country.as_str(), name, filter.country == Some(country)));
        [states.collect(), categories.collect(), countries.collect()]
    }

    fn more_choices(&self) -> [Vec<Choice>; 3] {
        let (filter, choices) = (&self.found.filter, &self.found.choices);
        let (lang, languages) = (self.context.lang, &self.team.event.languages);
        let delegations = choices
            .delegations
            .iter()
            .map(|(id, name)| Self::choice(&id, name.text(lang, languages).to_owned(), filter.delegation == Some(*id)));
        let sources = Source::ALL.iter().map(|source| {
            Self::choice(&source, self.text(&format!("desk-source-{source}")), filter.source == Some(*source))
        });
        let batches = choices.batches.iter().map(|batch| Self::choice(&batch, batch.clone(), filter.batch == *batch));
        [delegations.collect(), sources.collect(), batches.collect()]
    }

    fn truth(&self, wanted: Option<bool>, key: impl Fn(&str) -> String) -> Vec<Choice> {
        let choice = |word: &str, is| Self::choice(&word, self.text(&key(word)), wanted == Some(is));
        vec![choice("yes", true), choice("no", false)]
    }

    fn answers(&self, question: &Question) -> AnswerChoices {
        let (lang, languages) = (self.context.lang, &self.team.event.languages);
        let words: Vec<(String, String)> = match question.kind {
            QuestionKind::YesNo => {
                ["yes", "no"].map(|word| (word.to_owned(), self.text(&format!("forms-{word}")))).into()
            }
            QuestionKind::Country => {
                let countries = country_choices(&self.team.visit.app.texts, lang).into_iter();
                countries.map(|(country, name)| (country.as_str().to_owned(), name)).collect()
            }
            _ => {
                let choices = question.facts.options.choices.iter();
                choices.map(|choice| (choice.code.clone(), choice.label.text(lang, languages).to_owned())).collect()
            }
        };
        let wanted = self.found.filter.answer.as_ref().filter(|wanted| wanted.question == question.id);
        let choice = |(code, label): (String, String)| {
            let selected = wanted.is_some_and(|wanted| wanted.choice == code);
            Self::choice(&format!("{}:{code}", question.id), label, selected)
        };
        AnswerChoices {
            label: question.facts.label.text(lang, languages).to_owned(),
            choices: words.into_iter().map(choice).collect(),
        }
    }

    fn heads(&self) -> Vec<Head> {
        let filter = &self.found.filter;
        let path = list_url(self.team);
        let head = |key: &str, sort: Option<SortBy>| {
            let is_current = sort == Some(filter.sort);
            let ascends = (filter.sort != SortBy::Created) != filter.is_reversed;
            Head {
                label: self.text(key),
                url: sort.map(|sort| filter.sorted_url(&path, sort)).unwrap_or_default(),
                order: match (is_current, ascends) {
                    (false, _) => "",
                    (true, true) => "ascending",
                    (true, false) => "descending",
                },
            }
        };
        vec![
            head("registration-field-name", Some(SortBy::Name)),
            head("registration-field-email", None),
            head("registration-field-category", Some(SortBy::Category)),
            head("registration-state", Some(SortBy::State)),
            head("registration-field-organisation", None),
            head("registration-field-country", Some(SortBy::Country)),
            head("registration-created", Some(SortBy::Created)),
        ]
    }

    /// The states that anyone is in, each with its number.
    fn tabs(&self) -> Vec<Tab> {
        let (filter, found) = (&self.found.filter, self.found);
        let tab = |state: Option<RegistrationState>| {
            let words =
                state.map_or("registration-state-any".to_owned(), |state| format!("registration-state-{state}"));
            Tab {
                url: self.address(&DeskFilter { state, ..filter.clone() }),
                label: self.text(&words),
                count: self.context.formatter().number(found.counts.of(filter.category, state)),
                current: filter.state == state,
            }
        };
        let present = RegistrationState::ALL.iter().filter(|state| found.counts.in_state(**state) > 0);
        std::iter::once(None).chain(present.map(|state| Some(*state))).map(tab).collect()
    }

    /// Everybody, and the saved views; nothing where none is saved.
    fn views(&self, (views, _): &Views) -> Vec<Tab> {
        if views.is_empty() {
            return Vec::new();
        }
        let line = self.found.filter.line();
        let tab = |label: String, query: &str| Tab {
            url: view_url(self.team, query),
            label,
            count: String::new(),
            current: line == query,
        };
        let everybody = tab(self.text("desk-view-all"), "");
        std::iter::once(everybody).chain(views.iter().map(|view| tab(view.name.clone(), &view.query))).collect()
    }

    fn view(&self, (views, default): &Views) -> Option<ViewHead> {
        let line = self.found.filter.line();
        let view = views.iter().find(|view| view.query == line)?;
        Some(ViewHead {
            action: format!("{}/views/{}", list_url(self.team), view.id),
            name: view.name.clone(),
            is_default: *default == Some(view.id),
            is_shared: view.is_shared,
            may_delete: view.user_id == self.team.user.id || self.team.may(Permission::ManageRegistrations),
        })
    }

    fn save_form(&self, (form, errors): (&FormData, &FieldErrors)) -> SaveForm {
        let view = FormView::new(&self.team.visit, self.context, form, errors);
        SaveForm {
            action: format!("{}/views", list_url(self.team)),
            line: self.found.filter.line(),
            name: Field { name: "name".to_owned(), ..view.field("name") },
            errors: view.summary(),
            may_share: self.team.may(Permission::ManageRegistrations),
            is_shared: view.ticked("is_shared"),
            is_default: view.ticked("is_default"),
            is_open: !errors.is_empty(),
        }
    }
}
