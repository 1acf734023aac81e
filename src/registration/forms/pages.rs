//! Setting up what the registration form asks.

use super::blocks::Block;
use super::model::{AnswerChoice, Form, OnlyIf, Options, Question, QuestionFacts, QuestionKind, Stage, Viewer};
use super::operations::{self, FormError};
use super::view::{self, QuestionView};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::QuestionId;
use crate::i18n::{Lang, Localized};
use crate::registration::category::{Category, instant};
use crate::registration::operations::all_categories;
use crate::web::error::PageResult;
use crate::web::forms::{ErrorLine, clean_line};
use crate::web::page::Text;
use crate::web::{
    Checker, Choice, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Message, Page, PageContext,
    RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use serde::Serialize;

/// The routes of the form's builder.
pub fn routes(routes: &mut RouteTable) {
    routes.get("/organizer/{event}/forms", list_questions);
    routes.get("/organizer/{event}/forms/new", show_new);
    routes.post("/organizer/{event}/forms/new", create_question);
    routes.post("/organizer/{event}/forms/blocks", add_block);
    routes.get("/organizer/{event}/forms/{question}", show_question);
    routes.post("/organizer/{event}/forms/{question}", save_question);
    routes.post("/organizer/{event}/forms/{question}/move", move_question);
    routes.post("/organizer/{event}/forms/{question}/retire", retire_question);
}

type Team = Allowed<ManageEvent>;

impl From<FormError> for Failure {
    fn from(error: FormError) -> Self {
        match error {
            FormError::NotFound => Self::NotFound,
            FormError::Stale => Self::conflict("registration-error-stale"),
            FormError::BelowTaken(_) => Self::conflict("forms-error-limit-below"),
            FormError::Db(error) => error.into(),
        }
    }
}

#[derive(Serialize)]
struct FormsPage {
    new_url: String,
    questions: Vec<QuestionLine>,
    blocks_url: String,
    blocks: Vec<BlockLine>,
    previews: Vec<Preview>,
}

/// A ready-made block that can be added.
#[derive(Serialize)]
struct BlockLine {
    value: &'static str,
    name: String,
}

/// The form as people see it in one of the event's languages.
#[derive(Serialize)]
struct Preview {
    language: String,
    lang: String,
    dir: &'static str,
    questions: Vec<QuestionView>,
}

impl Page for FormsPage {
    const TEMPLATE: &'static str = "organizer/forms.html";
}

#[derive(Serialize)]
struct QuestionLine {
    url: String,
    label: Text,
    code: String,
    kind: String,
    is_required: bool,
    is_retired: bool,
    is_first: bool,
    is_last: bool,
}

fn list_url(team: &Team) -> String {
    format!("/organizer/{}/forms", team.event.slug)
}

fn word(team: &Team, context: &PageContext, prefix: &str, name: &str) -> String {
    team.visit.app.texts.text(context.lang, &format!("forms-{prefix}-{}", name.replace('_', "-")), &[])
}

async fn load(team: &Team) -> Result<(Vec<Question>, Vec<Category>), Failure> {
    let event = team.event.id;
    let app = &team.visit.app;
    app.read(move |db| Ok::<_, Failure>((operations::all_questions(db, event)?, all_categories(db, event)?))).await
}

/// `GET /organizer/{event}/forms`: the questions, and below them the form as people see it.
async fn list_questions(team: Team) -> PageResult {
    let (questions, categories) = load(&team).await?;
    let context = team.context("forms", "forms-title");
    let last = questions.len().saturating_sub(1);
    let lines = questions.iter().enumerate().map(|(index, question)| QuestionLine {
        url: format!("{}/{}", list_url(&team), question.id),
        label: Text::pick(&question.facts.label, context.lang, &team.event.languages),
        code: question.code.clone(),
        kind: word(&team, &context, "kind", question.kind.as_str()),
        is_required: question.facts.is_required,
        is_retired: question.retired_at.is_some(),
        is_first: index == 0,
        is_last: index == last,
    });
    let (lines, new_url) = (lines.collect(), format!("{}/new", list_url(&team)));
    let page = FormsPage {
        new_url,
        questions: lines,
        blocks_url: format!("{}/blocks", list_url(&team)),
        blocks: Block::ALL
            .iter()
            .map(|block| BlockLine { value: block.as_str(), name: word(&team, &context, "block-of", block.as_str()) })
            .collect(),
        previews: previews(&team, &context, &questions, &categories),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/forms/blocks`, with `block`.
async fn add_block(team: Team, form: FormData) -> PageResult {
    let block = Block::ALL.iter().copied().find(|block| block.as_str() == form.text("block"));
    let block = block.ok_or_else(|| Failure::bad_request("error-bad-request"))?;
    let questions = block.questions(&team.visit.app.texts, &team.event.languages);
    let (event, actor) = (team.event.id, team.actor());
    let job = move |db: &mut crate::db::DbConnection, now| {
        for (kind, facts) in &questions {
            operations::create(db, now, actor, (event, *kind), facts)?;
        }
        Ok::<_, FormError>(())
    };
    team.visit.app.write(job).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "forms-notice-block"))
}

fn previews(team: &Team, context: &PageContext, questions: &[Question], categories: &[Category]) -> Vec<Preview> {
    let (form, errors) = (FormData::default(), FieldErrors::default());
    let is_asked = |one: &&Question| one.retired_at.is_none() && one.facts.stage != Stage::Proposal;
    let asked = questions.iter().filter(is_asked).cloned().collect();
    let asked = Form { questions: asked };
    let preview = |lang: &Lang| {
        let context = PageContext { lang: *lang, ..context.clone() };
        let view = FormView::new(&team.visit, &context, &form, &errors);
        let mut questions = view::questions(&team.visit, &context, &view, &asked, (categories, &team.event.languages));
        // Each field stands on the page once for each language.
        questions.iter_mut().for_each(|question| question.field.name = format!("{lang}-{}", question.field.name));
        Preview {
            language: crate::web::form_view::own_name(&team.visit.app.texts, *lang),
            lang: lang.to_string(),
            dir: lang.dir(),
            questions,
        }
    };
    team.event.languages.iter().map(preview).collect()
}

#[derive(Serialize)]
struct QuestionPage {
    action: String,
    back_url: String,
    retire_url: String,
    is_new: bool,
    is_retired: bool,
    code: String,
    errors: Vec<ErrorLine>,
    version: String,
    kind: Field,
    kinds: Vec<Choice>,
    stage: Field,
    stages: Vec<Choice>,
    label: Vec<LocalizedField>,
    help: Vec<LocalizedField>,
    choices: Vec<LocalizedField>,
    limits: Field,
    least: Field,
    most: Field,
    is_required: bool,
    is_identity: bool,
    answer_until: Field,
    timezone: String,
    depends_on: Field,
    others: Vec<Choice>,
    depends_values: Field,
    seen_by: Field,
    viewers: Vec<Choice>,
    asked_in: Field,
    categories: Vec<Choice>,
}

impl Page for QuestionPage {
    const TEMPLATE: &'static str = "organizer/form_question.html";
}

type Known<'a> = (&'a [Question], &'a [Category]);

fn page(
    team: &Team,
    context: &PageContext,
    current: Option<&Question>,
    (questions, categories): Known<'_>,
    (form, errors): (&FormData, &FieldErrors),
) -> QuestionPage {
    let (view, languages) = (FormView::new(&team.visit, context, form, errors), &team.event.languages);
    let words = |prefix: &'static str, names: Vec<&'static str>| {
        names.into_iter().map(move |name| (name.to_owned(), word(team, context, prefix, name))).collect::<Vec<_>>()
    };
    // A condition can only hang on what stands before it.
    let before = questions.iter().take_while(|other| current.is_none_or(|current| other.id != current.id));
    let others = before.filter(|other| other.kind.is_answered()).map(|other| {
        let label = other.facts.label.text(context.lang, languages);
        (other.code.clone(), label.to_owned())
    });
    let categories = categories
        .iter()
        .map(|category| (category.id.to_string(), category.name.text(context.lang, languages).to_owned()));
    let own = current.map(|question| format!("{}/{}", list_url(team), question.id));
    QuestionPage {
        retire_url: own.as_ref().map(|url| format!("{url}/retire")).unwrap_or_default(),
        action: own.unwrap_or_else(|| format!("{}/new", list_url(team))),
        back_url: list_url(team),
        is_new: current.is_none(),
        is_retired: current.is_some_and(|question| question.retired_at.is_some()),
        code: current.map(|question| question.code.clone()).unwrap_or_default(),
        errors: view.summary(),
        version: form.text("version").to_owned(),
        kind: view.field("kind"),
        kinds: view.choices("kind", words("kind", QuestionKind::ALL.iter().map(|kind| kind.as_str()).collect())),
        stage: view.field("stage"),
        stages: view.choices("stage", words("stage", Stage::ALL.iter().map(|stage| stage.as_str()).collect())),
        label: view.localized("label", languages),
        help: view.localized("help", languages),
        choices: view.localized("choices", languages),
        limits: view.field("limits"),
        least: view.field("least"),
        most: view.field("most"),
        is_required: view.ticked("is_required"),
        is_identity: view.ticked("is_identity"),
        answer_until: view.field("answer_until"),
        timezone: team.event.zone().name().to_owned(),
        depends_on: view.field("depends_on"),
        others: view.choices("depends_on", others),
        depends_values: view.field("depends_values"),
        seen_by: view.field("seen_by"),
        viewers: view.choices("seen_by", words("viewer", Viewer::ALL.iter().map(|viewer| viewer.as_str()).collect())),
        asked_in: view.field("asked_in"),
        categories: view.choices("asked_in", categories),
    }
}

fn read(team: &Team, form: &FormData, kind: QuestionKind) -> Result<QuestionFacts, FieldErrors> {
    let languages = &team.event.languages;
    let mut checker = Checker::new(form);
    let label = checker.required_localized_line("label", languages);
    let help = checker.localized_block("help", languages);
    if kind == QuestionKind::Consent && help.is_empty() {
        checker
            .wrong(format!("help.{}", languages.first().copied().unwrap_or(Lang::EN)), Message::new("error-required"));
    }
    let choices = if kind.has_choices() { read_choices(&mut checker, form, languages) } else { Vec::new() };
    let least = checker.optional_number("least", -1_000_000..=1_000_000).map(i64::from);
    let most = checker.optional_number("most", -1_000_000..=1_000_000).map(i64::from);
    if least.zip(most).is_some_and(|(least, most)| most < least) {
        checker.wrong("most", Message::new("forms-error-most-below-least"));
    }
    let answer_until = instant(&mut checker, form, "answer_until", team.event.zone());
    let values: Vec<String> =
        form.text("depends_values").split(',').map(clean_line).filter(|v| !v.is_empty()).collect();
    let other = clean_line(form.text("depends_on"));
    if !other.is_empty() && values.is_empty() {
        checker.wrong("depends_values", Message::new("forms-error-depends-values"));
    }
    let seen = |viewer: &Viewer| form.all("seen_by").any(|word| word == viewer.as_str());
    checker.finish(QuestionFacts {
        stage: form.text("stage").parse().unwrap_or(Stage::Apply),
        label,
        help,
        options: Options { choices, least, most, consent: 0 },
        is_required: form.is_ticked("is_required") && kind.is_answered(),
        only_if: (!other.is_empty()).then_some(OnlyIf { question: other, values }),
        answer_until,
        seen_by: Viewer::ALL.iter().copied().filter(|viewer| seen(viewer)).collect(),
        is_identity: form.is_ticked("is_identity"),
        categories: form.all("asked_in").filter_map(|id| id.parse().ok()).collect(),
    })
}

/// Lines of `code = label` in each language; the first language says which codes there are.
fn read_choices(checker: &mut Checker<'_>, form: &FormData, languages: &[Lang]) -> Vec<AnswerChoice> {
    let mut choices: Vec<AnswerChoice> = Vec::new();
    for lang in languages {
        let name = format!("choices.{lang}");
        for line in form.text(&name).lines().map(clean_line).filter(|line| !line.is_empty()) {
            let Some((code, label)) = line.split_once('=').map(|(code, label)| (code.trim(), label.trim())) else {
                checker.wrong(name.clone(), Message::new("forms-error-choice-line").with("line", line));
                continue;
            };
            match choices.iter_mut().find(|choice| choice.code == code) {
                Some(choice) => choice.label = choice.label.clone().with(*lang, label),
                None => {
                    choices.push(AnswerChoice {
                        code: code.to_owned(),
                        label: Localized::new().with(*lang, label),
                        places: None,
                    });
                }
            }
        }
    }
    read_limits(checker, form, &mut choices);
    if choices.is_empty() {
        let first = languages.first().copied().unwrap_or(Lang::EN);
        checker.wrong(format!("choices.{first}"), Message::new("error-required"));
    }
    choices
}

/// Lines of `code = number`: how many may make a choice.
fn read_limits(checker: &mut Checker<'_>, form: &FormData, choices: &mut [AnswerChoice]) {
    for line in form.text("limits").lines().map(clean_line).filter(|line| !line.is_empty()) {
        let parts = line.split_once('=').map(|(code, number)| (code.trim(), number.trim().parse::<i32>()));
        let choice = parts.as_ref().and_then(|(code, _)| choices.iter_mut().find(|choice| choice.code == *code));
        match (choice, parts) {
            (Some(choice), Some((_, Ok(places)))) if places >= 0 => choice.places = Some(places),
            _ => checker.wrong("limits", Message::new("forms-error-limit-line").with("line", line)),
        }
    }
}

fn fields_of(team: &Team, question: &Question) -> FormData {
    let facts = &question.facts;
    let number = |value: Option<i64>| value.map(|value| value.to_string()).unwrap_or_default();
    let until = facts.answer_until.map(|at| at.in_zone(team.event.zone()).format("%Y-%m-%dT%H:%M").to_string());
    let mut form = FormData::from_fields([
        ("kind", question.kind.as_str().to_owned()),
        ("stage", facts.stage.as_str().to_owned()),
        ("version", question.version.to_string()),
        ("least", number(facts.options.least)),
        ("most", number(facts.options.most)),
        ("answer_until", until.unwrap_or_default()),
        ("is_required", if facts.is_required { "on" } else { "" }.to_owned()),
        ("is_identity", if facts.is_identity { "on" } else { "" }.to_owned()),
        ("depends_on", facts.only_if.as_ref().map(|condition| condition.question.clone()).unwrap_or_default()),
        ("depends_values", facts.only_if.as_ref().map(|condition| condition.values.join(", ")).unwrap_or_default()),
    ]);
    let limit = |choice: &AnswerChoice| choice.places.map(|places| format!("{} = {places}", choice.code));
    let limits: Vec<String> = facts.options.choices.iter().filter_map(limit).collect();
    form.push("limits", limits.join("\n"));
    form.push_localized("label", &facts.label);
    form.push_localized("help", &facts.help);
    for lang in team.event.languages.iter() {
        let line = |choice: &AnswerChoice| choice.label.get(*lang).map(|label| format!("{} = {label}", choice.code));
        let lines: Vec<String> = facts.options.choices.iter().filter_map(line).collect();
        form.push(format!("choices.{lang}"), lines.join("\n"));
    }
    facts.seen_by.iter().for_each(|viewer| form.push("seen_by", viewer.as_str()));
    facts.categories.iter().for_each(|category| form.push("asked_in", category.to_string()));
    form
}

/// `GET /organizer/{event}/forms/new`.
async fn show_new(team: Team) -> PageResult {
    let stage = team.visit.param("stage").unwrap_or_default();
    let form = FormData::from_fields([("kind", "short_text"), ("seen_by", "desk"), ("stage", stage)]);
    show(&team, None, StatusCode::OK, (&form, &FieldErrors::default())).await
}

async fn show(team: &Team, id: Option<QuestionId>, status: StatusCode, typed: (&FormData, &FieldErrors)) -> PageResult {
    let (questions, categories) = load(team).await?;
    let current = questions.iter().find(|question| Some(question.id) == id);
    let context = team.context("forms", if id.is_some() { "forms-question-title" } else { "forms-new-title" });
    let page = page(team, &context, current, (&questions, &categories), typed);
    team.visit.show_with_status(status, &context, &page)
}

/// `POST /organizer/{event}/forms/new`.
async fn create_question(team: Team, form: FormData) -> PageResult {
    let kind = QuestionKind::ALL.iter().copied().find(|kind| kind.as_str() == form.text("kind"));
    let kind = kind.unwrap_or(QuestionKind::ShortText);
    let facts = match read(&team, &form, kind) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await,
    };
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| operations::create(db, now, actor, (event, kind), &facts)).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "forms-notice-created"))
}

async fn find(team: &Team, id: &str) -> Result<Question, Failure> {
    let id: QuestionId = id.parse().map_err(|_| Failure::NotFound)?;
    load(team).await?.0.into_iter().find(|question| question.id == id).ok_or(Failure::NotFound)
}

/// `GET /organizer/{event}/forms/{question}`.
async fn show_question(team: Team, path: Path<(String, String)>) -> PageResult {
    let question = find(&team, &path.1).await?;
    let form = fields_of(&team, &question);
    show(&team, Some(question.id), StatusCode::OK, (&form, &FieldErrors::default())).await
}

/// `POST /organizer/{event}/forms/{question}`.
async fn save_question(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let question = find(&team, &path.1).await?;
    let facts = match read(&team, &form, question.kind) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, Some(question.id), StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await,
    };
    let (event, actor) = (team.event.id, team.actor());
    let which = (question.id, form.text("version").parse().unwrap_or_default());
    team.visit.app.write(move |db, now| operations::update(db, now, actor, event, which, &facts)).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "forms-notice-changed"))
}

/// `POST /organizer/{event}/forms/{question}/move`, with `direction` up or down.
async fn move_question(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let id: QuestionId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let which = (id, form.text("direction") == "up");
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| operations::shift(db, now, actor, event, which)).await?;
    Ok(respond::see_other(list_url(&team)))
}

/// `POST /organizer/{event}/forms/{question}/retire`, with `retired` ticked to stop asking.
async fn retire_question(team: Team, path: Path<(String, String)>, form: FormData) -> PageResult {
    let id: QuestionId = path.1.parse().map_err(|_| Failure::NotFound)?;
    let which = (id, form.is_ticked("retired"));
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| operations::retire(db, now, actor, event, which)).await?;
    Ok(respond::see_other_with_notice(list_url(&team), "forms-notice-changed"))
}
