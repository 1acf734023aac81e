//! What a list says of each person when it is handed out as a file.

use super::model::ExportRow;
use super::safe_cell;
use super::sheet::Sheet;
use crate::db::{CategoryId, DelegationId, UtcTime};
use crate::events::model::Event;
use crate::i18n::{Country, Lang, Texts, country_name};
use crate::registration::category::Category;
use crate::registration::forms::model::{Answer, Answers, Question, QuestionKind, Stage, Viewer};
use crate::registration::model::{RegistrationState, Source};
use crate::registration::names::NameOrder;
use crate::text_enum;
use chrono_tz::Tz;
use serde::ser::SerializeMap;
use serde::{Serialize, Serializer};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashMap, HashSet};
use std::io;

text_enum! {
    /// What a list is handed out as.
    pub enum FileFormat {
        /// Text with commas, for programs and old spreadsheets.
        Csv = "csv",
        /// A spreadsheet, for people.
        Xlsx = "xlsx",
        /// An array of objects, for programs.
        Json = "json",
    }
}

impl FileFormat {
    /// Its media type.
    #[must_use]
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Csv => "text/csv; charset=utf-8",
            Self::Xlsx => super::sheet::MEDIA_TYPE,
            Self::Json => "application/json",
        }
    }
}

/// The columns that every registration has, as programs know them.
const FIXED: [&str; 20] = [
    "code",
    "state",
    "category",
    "given_name",
    "family_name",
    "native_name",
    "email",
    "organisation",
    "position",
    "country",
    "language",
    "created_at",
    "confirmed_at",
    "ended_at",
    "honorific",
    "name_order",
    "nationality",
    "delegation",
    "source",
    "arrived_at",
];

/// What cells are worded by. Programs read codes and instants of UTC, people words and the event's own time.
pub struct Columns {
    heads: Vec<String>,
    questions: Vec<QuestionColumn>,
    categories: HashMap<CategoryId, String>,
    delegations: HashMap<DelegationId, String>,
    /// What stands for a code where people read it, by kind and code; empty for programs.
    words: HashMap<(&'static str, String), String>,
    /// The zone of times where people read them.
    zone: Option<Tz>,
    title: String,
    is_rtl: bool,
}

struct QuestionColumn {
    id: String,
    code: String,
    takes_file: bool,
    /// The words of its choices.
    choices: HashMap<String, String>,
}

/// What columns are made of.
pub struct Known<'a> {
    /// The event.
    pub event: &'a Event,
    /// Its categories.
    pub categories: &'a [Category],
    /// Its delegations by name.
    pub delegations: Vec<(DelegationId, String)>,
    /// Its questions, all of them.
    pub questions: &'a [Question],
}

/// Whether an answer to this question is handed out: the desk sees it, and it is not sealed.
fn is_handed_out(question: &Question) -> bool {
    question.kind.is_answered()
        && !question.is_sealed
        && question.facts.stage != Stage::Proposal
        && question.facts.seen_by.contains(&Viewer::Desk)
}

impl Columns {
    /// The columns of an event's list for a reader of `lang`.
    #[must_use]
    pub fn new(format: FileFormat, known: Known<'_>, texts: &Texts, lang: Lang) -> Self {
        let languages = &known.event.languages;
        let is_for_people = format == FileFormat::Xlsx;
        let asked: Vec<&Question> = known.questions.iter().filter(|question| is_handed_out(question)).collect();
        let fixed = FIXED.iter().map(|column| {
            let key = || format!("desk-column-{}", column.replace('_', "-"));
            if is_for_people { texts.text(lang, &key(), &[]) } else { (*column).to_owned() }
        });
        let mut taken = HashSet::new();
        let labels = asked.iter().map(|question| {
            let label = question.facts.label.text(lang, languages);
            // Two questions that read the same are told apart by their codes.
            if taken.insert(label.to_owned()) { label.to_owned() } else { format!("{label} ({})", question.code) }
        });
        let category =
            |one: &Category| if is_for_people { one.name.text(lang, languages).to_owned() } else { one.code.clone() };
        Self {
            heads: fixed.chain(labels).collect(),
            questions: asked.iter().map(|question| QuestionColumn::new(question, texts, lang, languages)).collect(),
            categories: known.categories.iter().map(|one| (one.id, category(one))).collect(),
            delegations: known.delegations.into_iter().collect(),
            words: if is_for_people { words(texts, lang) } else { HashMap::new() },
            zone: is_for_people.then(|| known.event.zone()),
            title: texts.text(lang, "registration-desk-title", &[]),
            is_rtl: lang.dir() == "rtl",
        }
    }

    /// Whether any answer is a file, whose name has to be looked up.
    #[must_use]
    pub fn have_files(&self) -> bool {
        self.questions.iter().any(|question| question.takes_file)
    }

    fn word<'a>(&'a self, kind: &'static str, code: &'a str) -> Cow<'a, str> {
        if self.words.is_empty() || code.is_empty() {
            return code.into();
        }
        self.words.get(&(kind, code.to_owned())).map_or(Cow::Borrowed(code), |word| word.as_str().into())
    }

    fn time(&self, at: Option<UtcTime>) -> String {
        match (at, self.zone) {
            (None, _) => String::new(),
            (Some(at), None) => at.to_string(),
            (Some(at), Some(zone)) => at.in_zone(zone).format("%Y-%m-%d %H:%M").to_string(),
        }
    }

    fn delegation(&self, row: &ExportRow) -> &str {
        row.delegation_id.and_then(|id| self.delegations.get(&id)).map(String::as_str).unwrap_or_default()
    }

    fn fixed<'a>(&'a self, row: &'a ExportRow) -> [Cow<'a, str>; FIXED.len()] {
        let country = |code: &'a Option<String>| self.word("country", code.as_deref().unwrap_or_default());
        [
            row.code.as_str().into(),
            self.word("state", row.state.as_str()),
            self.categories.get(&row.category_id).map(String::as_str).unwrap_or_default().into(),
            row.given_name.as_str().into(),
            row.family_name.as_str().into(),
            row.native_name.as_str().into(),
            row.email.as_str().into(),
            row.organisation.as_str().into(),
            row.position.as_str().into(),
            country(&row.country),
            row.language.to_string().into(),
            self.time(Some(row.created_at)).into(),
            self.time(row.confirmed_at).into(),
            self.time(row.ended_at).into(),
            row.honorific.as_str().into(),
            self.word("order", row.name_order.as_str()),
            country(&row.nationality),
            self.delegation(row).into(),
            self.word("source", &row.source),
            self.time(row.came_at).into(),
        ]
    }

    /// The cells of a row: what every registration has, then each answer in words.
    fn cells<'a>(&'a self, row: &'a ExportRow, files: &FileNames) -> Vec<Cow<'a, str>> {
        let mut cells: Vec<Cow<'a, str>> = self.fixed(row).into();
        if row.answers == "{}" {
            cells.resize(self.heads.len(), "".into());
            return cells;
        }
        let answers = Answers::parse(&row.answers);
        let given = self.questions.iter().map(|question| {
            let answer = answers.kept(&question.id);
            answer.map(|answer| question.in_words(answer, files)).unwrap_or_default().into()
        });
        cells.extend(given);
        cells
    }
}

/// A row as an object: codes as they are kept, and nothing where there is nothing.
struct Object<'a> {
    columns: &'a Columns,
    row: &'a ExportRow,
    files: &'a FileNames,
}

/// Columns in which there may be nothing at all; elsewhere an empty text says the same.
const MAY_MISS: [&str; 6] = ["country", "confirmed_at", "ended_at", "nationality", "delegation", "arrived_at"];

impl Serialize for Object<'_> {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut object = serializer.serialize_map(Some(FIXED.len() + 1))?;
        for (name, cell) in FIXED.iter().zip(self.columns.fixed(self.row)) {
            let is_missing = cell.is_empty() && MAY_MISS.contains(name);
            object.serialize_entry(name, &Some(cell).filter(|_| !is_missing))?;
        }
        let answers = Answers::parse(&self.row.answers);
        let given: BTreeMap<&str, Given<'_>> = self
            .columns
            .questions
            .iter()
            .filter_map(|question| {
                let given = match answers.kept(&question.id)? {
                    Answer::One(file) if question.takes_file => Given::One(self.files.get(file)?),
                    Answer::One(value) => Given::One(value),
                    Answer::Many(values) => Given::Many(values),
                };
                Some((question.code.as_str(), given))
            })
            .collect();
        object.serialize_entry("answers", &given)?;
        object.end()
    }
}

#[derive(Serialize)]
#[serde(untagged)]
enum Given<'a> {
    One(&'a str),
    Many(&'a [String]),
}

impl QuestionColumn {
    fn new(question: &Question, texts: &Texts, lang: Lang, languages: &[Lang]) -> Self {
        let choices: HashMap<String, String> = match question.kind {
            QuestionKind::YesNo => {
                ["yes", "no"].map(|word| (word.to_owned(), texts.text(lang, &format!("forms-{word}"), &[]))).into()
            }
            QuestionKind::Country => {
                Country::all().map(|one| (one.as_str().to_owned(), country_name(texts, lang, one))).collect()
            }
            _ => {
                let choices = question.facts.options.choices.iter();
                choices.map(|choice| (choice.code.clone(), choice.label.text(lang, languages).to_owned())).collect()
            }
        };
        let (id, code) = (question.id.to_string(), question.code.clone());
        Self { id, code, takes_file: question.kind.takes_file(), choices }
    }

    fn in_words(&self, answer: &Answer, files: &FileNames) -> String {
        let word = |value: &String| {
            let known = if self.takes_file { files.get(value) } else { self.choices.get(value) };
            known.cloned().unwrap_or_else(|| if self.takes_file { String::new() } else { value.clone() })
        };
        answer.values().iter().map(word).collect::<Vec<_>>().join(" · ")
    }
}

/// The words for codes that every event has.
fn words(texts: &Texts, lang: Lang) -> HashMap<(&'static str, String), String> {
    let states = RegistrationState::ALL
        .iter()
        .map(|state| (("state", state.to_string()), texts.text(lang, &format!("registration-state-{state}"), &[])));
    let sources = Source::ALL
        .iter()
        .map(|source| (("source", source.to_string()), texts.text(lang, &format!("desk-source-{source}"), &[])));
    let countries = Country::all().map(|one| (("country", one.as_str().to_owned()), country_name(texts, lang, one)));
    let orders = NameOrder::ALL.iter().map(|order| {
        (
            ("order", order.to_string()),
            texts.text(lang, &format!("desk-order-{}", order.as_str().replace('_', "-")), &[]),
        )
    });
    states.chain(sources).chain(countries).chain(orders).collect()
}

/// The names of files that are answers, by their ids.
pub type FileNames = HashMap<String, String>;

/// A list that is being written as a file, piece by piece.
pub struct ListFile {
    columns: Columns,
    writing: Writing,
}

enum Writing {
    Csv,
    Xlsx(Box<Sheet>),
    Json { is_empty: bool },
}

impl ListFile {
    /// Begins a file; it and its first bytes. CSV begins with a byte order mark: without it spreadsheets read
    /// UTF-8 as something else.
    ///
    /// # Errors
    /// Never in practice.
    pub fn begin(format: FileFormat, columns: Columns) -> io::Result<(Self, Vec<u8>)> {
        let (writing, beginning) = match format {
            FileFormat::Csv => {
                let heads = csv_lines([columns.heads.iter().map(String::as_str).map(Cow::Borrowed).collect()])?;
                (Writing::Csv, ["\u{FEFF}".as_bytes(), &heads].concat())
            }
            FileFormat::Xlsx => {
                let mut sheet = Sheet::begin(&columns.title, &columns.heads, columns.is_rtl)?;
                let beginning = sheet.take();
                (Writing::Xlsx(Box::new(sheet)), beginning)
            }
            FileFormat::Json => (Writing::Json { is_empty: true }, b"[".to_vec()),
        };
        Ok((Self { columns, writing }, beginning))
    }

    /// Adds rows; the bytes that are ready.
    ///
    /// # Errors
    /// When the format can't hold so many.
    pub fn rows(&mut self, rows: &[ExportRow], files: &FileNames) -> io::Result<Vec<u8>> {
        let Self { columns, writing } = self;
        match writing {
            Writing::Csv => csv_lines(rows.iter().map(|row| columns.cells(row, files))),
            Writing::Xlsx(sheet) => {
                for row in rows {
                    sheet.row(columns.cells(row, files).iter().map(AsRef::as_ref))?;
                }
                Ok(sheet.take())
            }
            Writing::Json { is_empty } => {
                let mut out = Vec::with_capacity(rows.len() * 600);
                for row in rows {
                    out.extend_from_slice(if *is_empty { b"\n" } else { b",\n" });
                    *is_empty = false;
                    serde_json::to_writer(&mut out, &Object { columns, row, files })?;
                }
                Ok(out)
            }
        }
    }

    /// Ends the file; its last bytes.
    ///
    /// # Errors
    /// When the format can't hold so much.
    pub fn end(&mut self) -> io::Result<Vec<u8>> {
        match &mut self.writing {
            Writing::Csv => Ok(Vec::new()),
            Writing::Xlsx(sheet) => sheet.finish(),
            Writing::Json { .. } => Ok(b"\n]\n".to_vec()),
        }
    }

    /// Whether names of files have to be looked up for its rows.
    #[must_use]
    pub fn has_files(&self) -> bool {
        self.columns.have_files()
    }
}

/// Lines of CSV (RFC 4180), with no cell that is a formula.
fn csv_lines<'a>(lines: impl IntoIterator<Item = Vec<Cow<'a, str>>>) -> io::Result<Vec<u8>> {
    let mut file = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(Vec::new());
    for line in lines {
        for cell in &line {
            file.write_field(safe_cell(cell).as_bytes())?;
        }
        file.write_record(None::<&[u8]>)?;
    }
    file.into_inner().map_err(csv::IntoInnerError::into_error)
}
