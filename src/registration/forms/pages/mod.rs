//! Setting up what the registration form asks.

mod fields;

use super::blocks::Block;
use super::files::model::FileType;
use super::files::receiving::megabytes;
use super::model::{Form, Question, QuestionKind, Stage, Viewer};
use super::operations::{self, FormError};
use super::view::{self, QuestionView};
use crate::accounts::access::{Allowed, ManageEvent};
use crate::db::QuestionId;
use crate::i18n::Lang;
use crate::registration::category::Category;
use crate::registration::operations::all_categories;
use crate::web::error::PageResult;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{
    Choice, Failure, Field, FieldErrors, FormData, FormView, LocalizedField, Page, PageContext, RouteTable, respond,
};
use actix_web::http::StatusCode;
use actix_web::web::Path;
use fields::{Asked, fields_of, read};
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
    /// Whether there is a key, so that answers can be sealed.
    has_key: bool,
    previews: Vec<Preview>,
}

/// A ready-made block that can be added.
#[derive(Serialize)]
struct BlockLine {
    value: &'static str,
    name: String,
    /// Whether it needs a key that is not there.
    lacks_key: bool,
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
    is_sealed: bool,
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
        is_sealed: question.is_sealed,
        is_first: index == 0,
        is_last: index == last,
    });
    let (lines, new_url) = (lines.collect(), format!("{}/new", list_url(&team)));
    let has_key = !team.visit.app.sealing.is_empty();
    let block = |block: &Block| BlockLine {
        value: block.as_str(),
        name: word(&team, &context, "block-of", block.as_str()),
        lacks_key: block.is_sealed() && !has_key,
    };
    let page = FormsPage {
        new_url,
        questions: lines,
        blocks_url: format!("{}/blocks", list_url(&team)),
        blocks: Block::ALL.iter().map(block).collect(),
        has_key,
        previews: previews(&team, &context, &questions, &categories),
    };
    team.visit.show(&context, &page)
}

/// `POST /organizer/{event}/forms/blocks`, with `block`.
async fn add_block(team: Team, form: FormData) -> PageResult {
    let block = Block::ALL.iter().copied().find(|block| block.as_str() == form.text("block"));
    let block = block.ok_or_else(|| Failure::bad_request("error-bad-request"))?;
    if block.is_sealed() && team.visit.app.sealing.is_empty() {
        return Err(Failure::conflict("sealing-no-key"));
    }
    let questions = block.questions(&team.visit.app.texts, &team.event.languages);
    let (event, actor) = (team.event.id, team.actor());
    let job = move |db: &mut crate::db::DbConnection, now| {
        for (kind, facts) in &questions {
            operations::create(db, now, actor, (event, *kind, block.is_sealed()), facts)?;
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
    is_sealed: bool,
    sealing: Field,
    /// Whether there is a key, so that answers can be sealed.
    has_key: bool,
    file_types: Field,
    types: Vec<Choice>,
    megabytes: Field,
    most_megabytes: f64,
    pixels: Field,
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
        is_sealed: current.map_or_else(|| view.ticked("is_sealed"), |question| question.is_sealed),
        sealing: view.field("is_sealed"),
        has_key: !team.visit.app.sealing.is_empty(),
        file_types: view.field("file_types"),
        types: view.choices("file_types", FileType::ALL.iter().map(|kind| (kind.to_string(), kind.name().to_owned()))),
        megabytes: view.field("megabytes"),
        most_megabytes: megabytes(team.visit.app.settings.limits.file_bytes),
        pixels: view.field("pixels"),
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
    let is_sealed = form.is_ticked("is_sealed");
    let facts = match read(&team, &form, &Asked { kind, is_sealed, is_new: true }) {
        Ok(facts) => facts,
        Err(errors) => return show(&team, None, StatusCode::UNPROCESSABLE_ENTITY, (&form, &errors)).await,
    };
    let (event, actor) = (team.event.id, team.actor());
    team.visit.app.write(move |db, now| operations::create(db, now, actor, (event, kind, is_sealed), &facts)).await?;
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
    let asked = Asked { kind: question.kind, is_sealed: question.is_sealed, is_new: false };
    let facts = match read(&team, &form, &asked) {
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
