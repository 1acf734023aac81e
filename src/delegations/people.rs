//! People as focal points hand them in: from a form, from rows, from what was copied out of a spreadsheet, from a file.

use super::model::{Delegation, MOST_ROWS, Person};
use crate::db::{CategoryId, UtcTime};
use crate::i18n::{INTERFACE_LANGUAGES, Lang, Texts};
use crate::interchange::{PlainTable, ReadError, read_table};
use crate::registration::applicant;
use crate::registration::category::Category;
use crate::registration::forms::model::{Answers, Form, Question, QuestionKind};
use crate::registration::importing::cells::{self, Cells};
use crate::registration::importing::model::Ignored;
use crate::web::forms::FieldError;
use crate::web::{Checker, FieldErrors, FormData, Message};
use std::collections::HashMap;

/// Longest name of a column that is repeated.
const LONGEST_NAME: usize = 80;

/// What is asked of each person, by the names of fields, which are those of columns, too.
pub const COLUMNS: [&str; 11] = [
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
];

/// One person as typed: a cell for each of [`COLUMNS`], then one for each question that has a column.
pub type Row = Vec<String>;

/// What was handed in at once.
#[derive(Clone, Debug, Default)]
pub struct Handed {
    /// The rows that hold anything.
    pub rows: Vec<Row>,
    /// The names of columns that are not read, and why.
    pub ignored: Vec<(String, Ignored)>,
}

/// Columns of the list that a focal point downloads which say nothing that could be handed in again.
const TOLD: [&str; 5] = ["number", "head", "state", "code", "missing"];

/// A row in which nothing stands.
#[must_use]
pub fn is_empty(row: &[String]) -> bool {
    // Category and language are chosen from lists that always hold something.
    let names = COLUMNS.iter().copied().chain(std::iter::repeat(""));
    let mut typed =
        names.zip(row).filter(|(name, _)| !matches!(*name, "category" | "language" | "country" | "nationality"));
    typed.all(|(_, cell)| cell.trim().is_empty())
}

/// What rows are read and checked against.
pub struct Book<'a> {
    texts: &'a Texts,
    delegation: &'a Delegation,
    categories: Vec<&'a Category>,
    languages: &'a [Lang],
    cells: Cells<'a>,
    form: Form,
    now: UtcTime,
}

impl<'a> Book<'a> {
    /// A delegation with the categories in which it may send people, and what these are asked.
    #[must_use]
    pub fn new(
        texts: &'a Texts,
        delegation: &'a Delegation,
        categories: Vec<&'a Category>,
        (asked, languages): (&Form, &'a [Lang]),
        now: UtcTime,
    ) -> Self {
        let is_asked = |question: &&Question| {
            !question.is_frozen(now) && categories.iter().any(|category| question.is_asked_in(category.id))
        };
        let form = Form { questions: asked.questions.iter().filter(is_asked).cloned().collect() };
        Self { texts, delegation, categories, languages, cells: Cells::new(texts, languages), form, now }
    }

    /// The questions that have a column.
    pub fn questions(&self) -> impl Iterator<Item = &Question> {
        cells::questions(&self.form)
    }

    /// How the columns are headed for people who read `lang`.
    #[must_use]
    pub fn heads(&self, lang: Lang, event_languages: &[Lang]) -> Vec<String> {
        let fixed = COLUMNS.iter().map(|name| (*name).to_owned());
        let head = |question| cells::head_of(question, &self.form, self.texts, (lang, event_languages));
        fixed.chain(self.questions().map(head)).collect()
    }

    /// The names of the fields of a row.
    fn names(&self) -> Vec<String> {
        COLUMNS.iter().map(|name| (*name).to_owned()).chain(self.questions().map(Question::field)).collect()
    }

    /// The rows of a form whose fields are repeated, one of each for every row; rows in which nothing stands are
    /// left out.
    #[must_use]
    pub fn typed(&self, form: &FormData) -> Vec<Row> {
        let names = self.names();
        let columns: Vec<Vec<&str>> = names.iter().map(|name| form.all(name).collect()).collect();
        let count = columns.iter().map(Vec::len).max().unwrap_or(0).min(MOST_ROWS + 1);
        let cell = |column: &Vec<&str>, index: usize| column.get(index).copied().unwrap_or_default().to_owned();
        let row = |index: usize| -> Row { columns.iter().map(|column| cell(column, index)).collect() };
        (0..count).map(row).filter(|row| !is_empty(row)).collect()
    }

    /// What was copied out of a spreadsheet, with or without the line that names the columns.
    ///
    /// # Errors
    /// When it is no table or has too many rows.
    pub fn pasted(&self, text: &str) -> Result<Handed, ReadError> {
        let text = text.trim_matches(['\r', '\n']);
        let first = text.lines().next().unwrap_or_default();
        let is_name = |cell: &str| {
            cells::column_of(&cells::plain(cell), &Form::default(), self.texts)
                .is_ok_and(|field| COLUMNS.contains(&field.as_str()))
        };
        let is_head = first.split(['\t', ';', ',']).any(is_name);
        let text = if is_head { text.to_owned() } else { format!("{}\n{text}", self.names().join("\t")) };
        Ok(self.handed(&read_table(text.as_bytes(), usize::MAX, MOST_ROWS)?))
    }

    /// The rows of a file.
    ///
    /// # Errors
    /// When it is no table, is too large, or has too many rows.
    pub fn uploaded(&self, bytes: &[u8], most_bytes: usize) -> Result<Handed, ReadError> {
        Ok(self.handed(&read_table(bytes, most_bytes, MOST_ROWS)?))
    }

    fn handed(&self, table: &PlainTable) -> Handed {
        let names = self.names();
        let mut places: Vec<Option<usize>> = vec![None; names.len()];
        let mut ignored = Vec::new();
        // A column called as we call it goes before others that may mean the same.
        let mut heads: Vec<(usize, &String)> = table.head.iter().enumerate().collect();
        heads.sort_by_key(|(_, head)| !COLUMNS.contains(&head.as_str()));
        for (place, head) in heads.into_iter().filter(|(_, head)| !head.is_empty() && !TOLD.contains(&head.as_str())) {
            let found = cells::column_of(head, &self.form, self.texts)
                .and_then(|field| names.iter().position(|name| *name == field).ok_or(Ignored::Unknown));
            match found.map(|column| &mut places[column]) {
                Ok(free @ None) => *free = Some(place),
                Ok(Some(_)) => ignored.push((head.chars().take(LONGEST_NAME).collect(), Ignored::Twice)),
                Err(why) => ignored.push((head.chars().take(LONGEST_NAME).collect(), why)),
            }
        }
        let row =
            |cells: &Vec<String>| -> Row { places.iter().map(|at| PlainTable::cell(cells, *at).to_owned()).collect() };
        let rows = table.rows.iter().map(|(_, cells)| row(cells)).filter(|row| !is_empty(row)).collect();
        Handed { rows, ignored }
    }

    /// Checks every row; of an address that stands in several, only the first is right.
    #[must_use]
    pub fn check(&self, rows: &[Row]) -> Vec<Result<Person, FieldErrors>> {
        let mut seen: HashMap<String, usize> = HashMap::new();
        let mut check = |(index, row): (usize, &Row)| -> Result<Person, FieldErrors> {
            let person = self.check_row(row)?;
            if person.email_key.is_empty() {
                return Ok(person);
            }
            match seen.get(&person.email_key) {
                Some(other) => {
                    let mut errors = FieldErrors::default();
                    errors.push("email", Message::new("delegations-error-twice").with("row", *other + 1));
                    Err(errors)
                }
                None => {
                    seen.insert(person.email_key.clone(), index);
                    Ok(person)
                }
            }
        };
        rows.iter().enumerate().map(&mut check).collect()
    }

    /// Checks a row with its answers.
    fn check_row(&self, row: &[String]) -> Result<Person, FieldErrors> {
        let form = self.form(row);
        let category = self.category(&form).map(|category| category.id);
        match (self.check_one(&form), self.answers(row, category)) {
            (Ok(person), Ok(answers)) => Ok(Person { answers, ..person }),
            (person, answers) => Err(merged(person.err(), answers.err())),
        }
    }

    /// What a row answers. Nobody has to answer at once: what is missing is owed.
    fn answers(&self, row: &[String], category: Option<CategoryId>) -> Result<Answers, FieldErrors> {
        let (mut given, mut errors) = (FormData::default(), FieldErrors::default());
        for (question, cell) in self.questions().zip(row.iter().skip(COLUMNS.len()).map(|cell| cell.trim())) {
            match self.cells.answer(question, cell) {
                _ if cell.is_empty() => {}
                Ok(values) => values.into_iter().for_each(|value| given.push(question.field(), value)),
                Err(message) => errors.push(question.field(), message),
            }
        }
        let Some(category) = category else {
            return if errors.is_empty() { Ok(Answers::default()) } else { Err(errors) };
        };
        let read = cells::answers(&self.form, self.now, &given, (category, &Answers::default()));
        if errors.is_empty() {
            return read;
        }
        // What hangs on a cell that means nothing is no error of its own.
        let own = |error: &&FieldError| error.message.key != cells::NOT_ASKED;
        let others = read.err().unwrap_or_default();
        others.iter().filter(own).for_each(|error| errors.push(error.field.clone(), error.message.clone()));
        Err(errors)
    }

    /// A row as a form, with categories, countries, languages and choices by whatever name as the form has them. What
    /// means nothing stays as it was typed.
    #[must_use]
    pub fn form(&self, row: &[String]) -> FormData {
        let country = |cell: &str| match self.cells.country(cell) {
            Ok(country) => country.as_str().to_owned(),
            Err(_) => cell.trim().to_uppercase(),
        };
        let cell = |name: &str, cell: &str| match name {
            "category" => self.category_named(cell).map_or_else(|| cell.to_owned(), |category| category.id.to_string()),
            "country" | "nationality" => country(cell),
            "language" => self.language_named(cell).map_or_else(|| cell.to_owned(), |lang| lang.to_string()),
            _ => cell.to_owned(),
        };
        let mut form =
            FormData::from_fields(COLUMNS.iter().zip(row).map(|(name, typed)| ((*name).to_owned(), cell(name, typed))));
        for (question, typed) in self.questions().zip(row.iter().skip(COLUMNS.len())) {
            let read = match question.kind {
                QuestionKind::Choices | QuestionKind::LongText => None,
                _ => self.cells.answer(question, typed.trim()).ok().and_then(|values| values.into_iter().next()),
            };
            form.push(question.field(), read.unwrap_or_else(|| typed.clone()));
        }
        form
    }

    /// The category that a form names.
    #[must_use]
    pub fn category(&self, form: &FormData) -> Option<&'a Category> {
        self.categories.iter().copied().find(|category| category.id.as_str() == form.text("category"))
    }

    /// The category of this id, word or name; where there is one only, that one.
    fn category_named(&self, name: &str) -> Option<&'a Category> {
        if name.trim().is_empty() {
            return self.categories.first().copied().filter(|_| self.categories.len() == 1);
        }
        self.categories.iter().copied().find(|category| cells::is_category(category, name))
    }

    fn language_named(&self, name: &str) -> Option<Lang> {
        if name.trim().is_empty() {
            return Some(self.delegation.language);
        }
        self.cells.language(name).filter(|lang| self.languages.contains(lang))
    }

    /// Checks one person.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn check_one(&self, form: &FormData) -> Result<Person, FieldErrors> {
        let mut checker = Checker::new(form);
        let category = self.category(form);
        let (email, language) = address(&mut checker, form, self.languages, self.delegation.language);
        if category.is_none() {
            checker.wrong("category", Message::new("delegations-error-category"));
        }
        match (applicant::details(form), checker.finish(()), category) {
            (Ok(details), Ok(()), Some(category)) => Ok(Person {
                email: email.0,
                email_key: email.1,
                details,
                category: category.id,
                language,
                answers: Answers::default(),
            }),
            (details, rest, _) => Err(merged(details.err(), rest.err())),
        }
    }
}

/// The address as typed and as compared, empty where there is none, and the language of mails.
pub fn address(
    checker: &mut Checker<'_>,
    form: &FormData,
    languages: &[Lang],
    usual: Lang,
) -> ((String, String), Lang) {
    let email = match form.text("email").trim() {
        "" => None,
        _ => checker.email("email"),
    };
    let language = match form.text("language") {
        "" => Some(usual),
        _ => checker.optional_parsed::<Lang>("language", "delegations-error-language"),
    };
    if language.is_some_and(|lang| lang != usual && !languages.contains(&lang)) {
        checker.wrong("language", Message::new("delegations-error-language"));
    }
    let email = email.map(|email| (email.to_string(), email.key())).unwrap_or_default();
    (email, language.unwrap_or(usual))
}

/// What is wrong in either part of a form.
#[must_use]
pub fn merged(one: Option<FieldErrors>, other: Option<FieldErrors>) -> FieldErrors {
    let mut errors = one.unwrap_or_default();
    for error in other.unwrap_or_default().iter() {
        errors.push(error.field.clone(), error.message.clone());
    }
    errors
}

/// The languages that mails may be in: those of the program, then the event's.
#[must_use]
pub fn mail_languages(event_languages: &[Lang]) -> Vec<Lang> {
    let mut all = INTERFACE_LANGUAGES.to_vec();
    all.extend(event_languages.iter().filter(|lang| !INTERFACE_LANGUAGES.contains(lang)));
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{DelegationId, EventId, QuestionId};
    use crate::i18n::Localized;
    use crate::registration::forms::model::{AnswerChoice, Options, QuestionFacts, Stage};
    use proptest::prelude::*;
    use std::sync::OnceLock;

    fn delegation() -> Delegation {
        let now = UtcTime::of_machine();
        Delegation {
            id: DelegationId::new(),
            event_id: EventId::new(),
            code: String::new(),
            name: Localized::new(),
            country: None,
            contact_name: String::new(),
            contact_email: String::new(),
            contact_email_key: String::new(),
            language: Lang::EN,
            note: String::new(),
            closes_at: None,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    fn question(code: &str, kind: QuestionKind) -> Question {
        let choice = |code: &str| AnswerChoice {
            code: code.to_owned(),
            label: Localized::single(Lang::EN, format!("The {code}")),
            places: None,
        };
        let facts = QuestionFacts {
            stage: Stage::Apply,
            label: Localized::single(Lang::EN, format!("Which {code}")),
            help: Localized::new(),
            options: Options { choices: ["north", "south"].map(choice).into(), ..Options::default() },
            is_required: true,
            only_if: None,
            answer_until: None,
            seen_by: Vec::new(),
            is_identity: false,
            categories: Vec::new(),
        };
        let (id, event_id) = (QuestionId::new(), EventId::new());
        let code = code.to_owned();
        Question { id, event_id, code, kind, is_sealed: false, facts, position: 1, version: 1, retired_at: None }
    }

    /// Does something with a book of these questions.
    fn with_book<T>(questions: Vec<Question>, act: impl FnOnce(&Book<'_>) -> T) -> T {
        static TEXTS: OnceLock<Texts> = OnceLock::new();
        let texts = TEXTS.get_or_init(|| Texts::load().expect("texts"));
        let (delegation, form) = (delegation(), Form { questions });
        let mut book =
            Book::new(texts, &delegation, Vec::new(), (&Form::default(), INTERFACE_LANGUAGES), UtcTime::of_machine());
        book.form = form;
        act(&book)
    }

    #[test]
    fn what_is_copied_out_of_a_spreadsheet_needs_no_head() {
        with_book(vec![question("hall", QuestionKind::OneChoice)], |book| {
            let named =
                book.pasted("Email\tFamily name\tGiven name\nada@example.org\tLovelace\tAda\n").expect("a table").rows;
            let bare = book
                .pasted("Ada\tLovelace\t\tada@example.org\r\n\t\t\t\r\n小龙\t李\t李小龙\t\r\n")
                .expect("a table")
                .rows;
            assert_eq!(named.len(), 1);
            assert_eq!(named[0], bare[0]);
            assert_eq!((bare[1][0].as_str(), bare[1][2].as_str()), ("小龙", "李小龙"));
            assert_eq!(book.pasted("").expect("nothing").rows.len(), 0);
            assert!(book.pasted(&"Ada\tLovelace\n".repeat(MOST_ROWS + 2)).is_err());
            let whole = format!("Ada{}north", "\t".repeat(COLUMNS.len()));
            assert_eq!(book.pasted(&whole).expect("a table").rows[0][COLUMNS.len()], "north", "questions come last");
        });
    }

    #[test]
    fn files_are_read_by_the_names_of_their_columns() {
        let file = "名,姓,姓名,邮箱,国家\n小龙,李,李小龙,li@example.org,中国\n'=1+1,Doe,,,\n";
        with_book(Vec::new(), |book| {
            for bytes in [file.as_bytes().to_vec(), encoding_rs::GB18030.encode(file).0.into_owned()] {
                let rows = book.uploaded(&bytes, 1 << 20).expect("a table").rows;
                assert_eq!(rows[0][..4], ["小龙", "李", "李小龙", "li@example.org"].map(str::to_owned));
                assert_eq!(rows[1][0], "=1+1", "the apostrophe of a spreadsheet is none of the name");
            }
        });
    }

    #[test]
    fn questions_have_columns_by_their_label_or_word_and_what_is_not_read_is_named() {
        let mut passport = question("passport", QuestionKind::ShortText);
        passport.is_sealed = true;
        let asked = vec![
            question("hall", QuestionKind::OneChoice),
            question("trips", QuestionKind::Choices),
            question("letter", QuestionKind::File),
            passport,
        ];
        let file = "given_name,Which hall,q-trips,Which letter,Which passport,Q trips,Shoe size,code\nAda,The North,The South; north,a.pdf,X1,north,38,ABC\n";
        with_book(asked, |book| {
            let handed = book.uploaded(file.as_bytes(), 1 << 20).expect("a table");
            assert_eq!(handed.rows[0][COLUMNS.len()..], ["The North", "The South; north"].map(str::to_owned));
            let ignored: Vec<_> = handed.ignored.iter().map(|(name, why)| (name.as_str(), *why)).collect();
            let expected = [
                ("which_letter", Ignored::File),
                ("which_passport", Ignored::Sealed),
                ("q_trips", Ignored::Twice),
                ("shoe_size", Ignored::Unknown),
            ];
            assert_eq!(ignored, expected);
            let form = book.form(&handed.rows[0]);
            assert_eq!((form.text("q-hall"), form.text("q-trips")), ("north", "The South; north"));
            let answers = book.answers(&handed.rows[0], Some(CategoryId::new())).expect("answers");
            let of = |code: &str| {
                let question = book.questions().find(|question| question.code == code).expect("a question");
                answers.of(question).expect("an answer").values().to_vec()
            };
            assert_eq!(
                (of("hall"), of("trips")),
                (vec!["north".to_owned()], vec!["north".to_owned(), "south".to_owned()])
            );
            let mut wrong = handed.rows[0].clone();
            wrong[COLUMNS.len()] = "East".into();
            let errors = book.answers(&wrong, Some(CategoryId::new())).expect_err("no such hall");
            assert_eq!(errors.iter().map(|error| error.field.as_str()).collect::<Vec<_>>(), ["q-hall"]);
            assert_eq!(book.form(&wrong).text("q-hall"), "East", "what was typed stays");
        });
    }

    #[test]
    fn rows_are_put_together_from_repeated_fields() {
        let form = FormData::parse(b"given_name=Ada&family_name=L&given_name=&family_name=&given_name=Bo&family_name=M&category=x&category=x&category=y&q-hall=&q-hall=&q-hall=south");
        with_book(vec![question("hall", QuestionKind::OneChoice)], |book| {
            let rows = book.typed(&form);
            let parts = |row: &Row| (row[0].clone(), row[4].clone(), row[COLUMNS.len()].clone());
            let expected = [("Ada", "x", ""), ("Bo", "y", "south")];
            assert_eq!(
                rows.iter().map(parts).collect::<Vec<_>>(),
                expected.map(|(name, category, hall)| (name.to_owned(), category.to_owned(), hall.to_owned()))
            );
        });
    }

    proptest! {
        #[test]
        fn whatever_is_pasted_is_read_or_refused(text in "[\\PC\t\n\r\"',;]{0,400}") {
            let read = with_book(vec![question("hall", QuestionKind::OneChoice)], |book| book.pasted(&text).map(|handed| handed.rows));
            if let Ok(rows) = read {
                prop_assert!(rows.len() <= MOST_ROWS + 1);
                prop_assert!(rows.iter().all(|row| !is_empty(row) && row.len() == COLUMNS.len() + 1));
            }
        }
    }
}
