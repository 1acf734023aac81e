//! The registration form as a page.

use super::details_form::DetailFields;
use super::public_context;
use super::register::Desk;
use crate::db::UtcTime;
use crate::events::model::Event;
use crate::i18n::Lang;
use crate::registration::category::{Category, Opening};
use crate::registration::forms::model::{Form, Question};
use crate::registration::forms::view::{self, QuestionView};
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{Field, FieldErrors, FormData, FormView, Page, PageContext, Visit};
use actix_web::http::StatusCode;
use serde::Serialize;

#[derive(Serialize)]
struct RegisterPage {
    action: String,
    errors: Vec<ErrorLine>,
    idempotency_key: String,
    categories: Vec<CategoryCard>,
    category: Field,
    code: Field,
    has_codes: bool,
    email: Field,
    person: DetailFields,
    accept_privacy: Field,
    privacy_accepted: bool,
    privacy_notice: Text,
    contact_email: String,
    opens: Vec<OpensLater>,
    questions: Vec<QuestionView>,
    /// Whether the form is sent in parts, because files may come with it.
    takes_files: bool,
    form_stamp: String,
}

impl Page for RegisterPage {
    const TEMPLATE: &'static str = "registration/register.html";
}

#[derive(Serialize)]
struct CategoryCard {
    value: String,
    name: Text,
    description: Text,
    includes: Vec<Text>,
    places: String,
    closes: String,
    is_full: bool,
    /// Whether one may wait where it is full.
    may_wait: bool,
    needs_approval: bool,
    selected: bool,
}

#[derive(Serialize)]
struct OpensLater {
    name: Text,
    opens: String,
}

impl Desk {
    /// The form as typed, with what is wrong.
    pub(super) fn show(&self, visit: &Visit, status: StatusCode, form: &FormData, errors: &FieldErrors) -> PageResult {
        let context = public_context(visit, &self.event, "registration-form-title");
        let page = self.page(visit, &context, form, errors);
        visit.show_with_status(status, &context, &page)
    }

    fn page(&self, visit: &Visit, context: &PageContext, form: &FormData, errors: &FieldErrors) -> RegisterPage {
        let view = FormView::new(visit, context, form, errors);
        let key = Some(form.text("idempotency_key")).filter(|key| !key.is_empty() && key.len() <= 200);
        RegisterPage {
            action: format!("/{}/register", self.event.slug),
            errors: view::labelled(visit, context, &self.questions, &self.event.languages, view.summary()),
            questions: self.question_views(visit, context, &view),
            takes_files: self.questions.takes_files(),
            form_stamp: self.questions.stamp(),
            idempotency_key: key.map_or_else(|| uuid::Uuid::new_v4().to_string(), str::to_owned),
            categories: self.cards(visit, context, form),
            category: view.field("category"),
            code: view.field("code"),
            has_codes: !form.text("code").is_empty()
                || self.categories.iter().any(|category| category.access_code.is_some() || category.needs_code),
            email: view.field("email"),
            person: DetailFields::new(visit, context, &view),
            accept_privacy: view.field("accept_privacy"),
            privacy_accepted: view.ticked("accept_privacy"),
            privacy_notice: privacy_notice(&self.event, context.lang),
            contact_email: self.event.contact_email.clone().unwrap_or_default(),
            opens: self.opening_later(context),
        }
    }

    fn question_views(&self, visit: &Visit, context: &PageContext, view: &FormView<'_>) -> Vec<QuestionView> {
        // Nobody learns from a question that there is a category for invited people.
        let code = view.field("code").value;
        let public: Vec<Category> =
            self.categories.iter().filter(|category| category.is_visible_with(&code)).cloned().collect();
        let is_public = |question: &Question| {
            let asked = &question.facts.categories;
            asked.is_empty() || public.iter().any(|category| asked.contains(&category.id))
        };
        let form = Form { questions: self.questions.questions.iter().filter(|one| is_public(one)).cloned().collect() };
        let mut questions = view::questions(visit, context, view, &form, (&public, &self.event.languages));
        let taken = visit.app.texts.text(context.lang, "registration-full", &[]);
        view::mark_full(&mut questions, &form, &self.choices, &taken);
        let waiting_url = format!("/{}/uploads", self.event.slug);
        view::show_uploads(&mut questions, &form, (&self.received.uploads, &[]), (&waiting_url, ""));
        questions
    }

    /// The open categories, those by code only for whoever knows it. Where there is one choice, it is made.
    fn cards(&self, visit: &Visit, context: &PageContext, form: &FormData) -> Vec<CategoryCard> {
        let (chosen, code) = (form.text("category"), form.text("code"));
        let visible: Vec<&Category> = self
            .categories
            .iter()
            .filter(|category| category.is_visible_with(code) && category.is_open(self.now))
            .collect();
        let is_only = visible.len() == 1;
        visible
            .into_iter()
            .map(|category| CategoryCard {
                value: category.code.clone(),
                name: Text::pick(&category.name, context.lang, &self.event.languages),
                description: Text::pick(&category.description, context.lang, &self.event.languages),
                includes: lines(&Text::pick(&category.includes, context.lang, &self.event.languages)),
                places: self.places(visit, context, category),
                closes: category.closes_at.map(|at| self.in_words(context, at)).unwrap_or_default(),
                is_full: category.is_full() && !category.makes_offers(self.now),
                may_wait: category.is_full() && category.makes_offers(self.now),
                needs_approval: category.needs_approval,
                selected: (!category.is_full() || category.makes_offers(self.now))
                    && (category.code == chosen || is_only),
            })
            .collect()
    }

    /// How many places are left, once that matters to whoever hesitates.
    fn places(&self, visit: &Visit, context: &PageContext, category: &Category) -> String {
        const FEW: i32 = 20;
        match category.places_left() {
            Some(left @ 1..=FEW) => {
                visit.app.texts.text(context.lang, "registration-places-left", &[("count", left.into())])
            }
            _ => String::new(),
        }
    }

    fn opening_later(&self, context: &PageContext) -> Vec<OpensLater> {
        self.categories
            .iter()
            .filter(|category| category.access_code.is_none())
            .filter_map(|category| match category.opening(self.now) {
                Opening::NotYet(at) => Some(OpensLater {
                    name: Text::pick(&category.name, context.lang, &self.event.languages),
                    opens: self.in_words(context, at),
                }),
                _ => None,
            })
            .collect()
    }

    fn in_words(&self, context: &PageContext, at: UtcTime) -> String {
        context.formatter().date_time(at.in_zone(self.event.zone()).naive_local())
    }
}

fn lines(text: &Text) -> Vec<Text> {
    let lines = text.text.lines().map(str::trim).filter(|line| !line.is_empty());
    lines.map(|line| Text { text: line.to_owned(), ..text.clone() }).collect()
}

/// The event's privacy notice in a reader's language, as HTML that is safe to print; empty where it has none.
pub(in crate::registration) fn privacy_notice(event: &Event, lang: Lang) -> Text {
    let notice = event.privacy_notice.pick(lang, &event.languages).map(Text::from);
    notice.map(|notice| Text { text: crate::programme::text::markdown(&notice.text), ..notice }).unwrap_or_default()
}
