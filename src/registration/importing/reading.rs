//! From an uploaded table to rows in the form's own words.

use super::model::{COLUMNS, Ignored, Key, Row, Setting, Sheet, USUAL_CATEGORY};
use crate::db::{CategoryId, DelegationId};
use crate::i18n::{Country, INTERFACE_LANGUAGES, Lang, Texts, country_name};
use crate::interchange::{PlainTable, read_day};
use crate::mail::address::EmailAddress;
use crate::registration::category::Category;
use crate::registration::forms::model::{Question, QuestionKind};
use crate::registration::names::NameOrder;
use crate::web::form_view::own_name;
use crate::web::forms::clean_line;
use crate::web::{FieldErrors, FormData, Message};
use std::collections::HashMap;

/// The least and the greatest priority, as on the page of waiting lists.
const PRIORITIES: std::ops::RangeInclusive<i32> = -100..=100;

/// The name of a column as tables are read: small letters, words joined by `_`.
fn plain(name: &str) -> String {
    name.trim().to_lowercase().split([' ', '-', '_']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join("_")
}

impl Sheet {
    /// The columns of a table that are known, or nothing where none of them says who anybody is.
    #[must_use]
    pub fn of(table: &PlainTable, setting: &Setting, texts: &Texts) -> Option<Self> {
        let mut sheet = Self { event: setting.event.to_string(), ..Self::default() };
        let mut places = Vec::new();
        for (place, head) in table.head.iter().enumerate() {
            let is_empty = table.rows.iter().all(|(_, cells)| PlainTable::cell(cells, Some(place)).is_empty());
            if head.is_empty() && is_empty {
                continue;
            }
            let why = match field_of(head, setting, texts) {
                Ok(field) if sheet.columns.contains(&field) => Ignored::Twice,
                Ok(field) => {
                    sheet.columns.push(field);
                    places.push(place);
                    continue;
                }
                Err(why) => why,
            };
            sheet.ignored.push((head.chars().take(80).collect(), why.to_string()));
        }
        let names_people = |field: &String| matches!(field.as_str(), "email" | "code" | "given_name" | "native_name");
        if !sheet.columns.iter().any(names_people) {
            return None;
        }
        let cells = |cells: &Vec<String>| {
            places.iter().map(|place| PlainTable::cell(cells, Some(*place)).to_owned()).collect::<Vec<_>>()
        };
        let rows = table.rows.iter().map(|(number, row)| (*number, cells(row)));
        sheet.rows = rows.filter(|(_, cells)| cells.iter().any(|cell| !cell.is_empty())).collect();
        Some(sheet)
    }
}

/// The field that a column stands for: by our own name, by a question's, by what people call it, or by the words that
/// the desk's own lists are headed with.
fn field_of(head: &str, setting: &Setting, texts: &Texts) -> Result<String, Ignored> {
    let is_own = |field: &&str| *field == head;
    if let Some(field) = COLUMNS.iter().map(|(field, _)| *field).find(is_own) {
        return Ok(field.to_owned());
    }
    let questions = || setting.form.questions.iter().filter(|question| question.kind.is_answered());
    let is_labelled = |question: &&Question| question.facts.label.iter().any(|(_, label)| plain(label) == head);
    let asked = questions().find(|question| plain(&question.field()) == head).or_else(|| questions().find(is_labelled));
    if let Some(question) = asked {
        return Ignored::question(question).map_or_else(|| Ok(question.field()), Err);
    }
    let is_worded = |field: &str| {
        let field = field.replace('_', "-");
        let keys = [format!("desk-column-{field}"), format!("import-column-{field}")];
        INTERFACE_LANGUAGES
            .iter()
            .any(|lang| keys.iter().any(|key| texts.has(*lang, key) && plain(&texts.text(*lang, key, &[])) == head))
    };
    let known = COLUMNS.iter().find(|(field, names)| names.contains(&head) || is_worded(field));
    known.map(|(field, _)| (*field).to_owned()).ok_or(Ignored::Unknown)
}

/// Turns cells into what the form would send, with whatever people call categories, countries and languages.
pub struct Reader<'a> {
    texts: &'a Texts,
    setting: &'a Setting,
    countries: HashMap<String, Country>,
    category: Option<CategoryId>,
}

impl<'a> Reader<'a> {
    /// Reads rows at an event; rows that name no category get `category`.
    #[must_use]
    pub fn new(texts: &'a Texts, setting: &'a Setting, category: Option<CategoryId>) -> Self {
        let named = |country: Country| {
            let names = INTERFACE_LANGUAGES.iter().map(move |lang| country_name(texts, *lang, country));
            names.map(move |name| (name.to_lowercase(), country))
        };
        let only = setting.categories.first().filter(|_| setting.categories.len() == 1).map(|category| category.id);
        let countries = Country::all().flat_map(named).collect();
        Self { texts, setting, countries, category: category.or(only) }
    }

    /// Every row of a table. Of rows that speak of one person the first is right.
    #[must_use]
    pub fn rows(&self, sheet: &Sheet) -> Vec<Row> {
        let mut seen: HashMap<Key, usize> = HashMap::new();
        let mut rows: Vec<Row> =
            sheet.rows.iter().map(|(number, cells)| self.row(&sheet.columns, *number, cells)).collect();
        for row in &mut rows {
            let keys = [Some(row.key.clone()), address(&row.form).map(Key::Email)];
            let first = keys.iter().flatten().find_map(|key| seen.get(key)).copied();
            if let Some(first) = first {
                let field = match row.key {
                    Key::Code(_) => "code",
                    Key::Email(_) => "email",
                    Key::Person(_) => "given_name",
                };
                row.errors.push(field, Message::new("import-error-twice").with("row", first));
                continue;
            }
            for key in keys.into_iter().flatten() {
                seen.insert(key, row.number);
            }
        }
        rows
    }

    fn row(&self, columns: &[String], number: usize, cells: &[String]) -> Row {
        let (mut form, mut errors) = (FormData::default(), FieldErrors::default());
        for (field, cell) in columns.iter().zip(cells).filter(|(_, cell)| !cell.is_empty()) {
            match self.cell(field, cell) {
                Ok(values) => values.into_iter().for_each(|value| form.push(field.clone(), value)),
                Err(message) => errors.push(field.clone(), message),
            }
        }
        // Not typed, so it says nothing about whoever is there already.
        if let Some(category) = self.category {
            form.push(USUAL_CATEGORY, category.as_str());
        }
        let line = |name: &str| clean_line(form.text(name));
        let key = match (line("code"), address(&form)) {
            (code, _) if !code.is_empty() => Key::Code(code),
            (_, Some(address)) => Key::Email(address),
            _ => Key::Person(Box::new(
                ["given_name", "family_name", "native_name", "organisation", "position"].map(line),
            )),
        };
        if let Key::Person(facts) = &key
            && errors.is_empty()
            && facts[..3].iter().all(String::is_empty)
        {
            errors.push("email", Message::new("import-error-nobody"));
        }
        Row { number, form, key, errors }
    }

    /// A cell as the values of its field.
    fn cell(&self, field: &str, cell: &str) -> Result<Vec<String>, Message> {
        let one = |value: String| Ok(vec![value]);
        match field {
            "code" => one(cell.to_uppercase()),
            "email" => match cell.parse::<EmailAddress>() {
                Ok(_) => one(cell.to_owned()),
                Err(_) => Err(Message::new("error-email")),
            },
            "category" => {
                let found = self.setting.categories.iter().find(|category| is_category(category, cell));
                found.map(|category| vec![category.id.to_string()]).ok_or_else(|| self.unknown_category())
            }
            "delegation" => {
                let found = self.delegation(cell).ok_or_else(|| Message::new("import-error-delegation"))?;
                one(found.to_string())
            }
            "country" | "nationality" => self.country(cell).map(|country| vec![country.as_str().to_owned()]),
            "language" => {
                let found = self.language(cell).filter(|lang| self.setting.languages.contains(lang));
                let found = found.ok_or_else(|| Message::new("delegations-error-language"))?;
                one(found.to_string())
            }
            "name_order" => self.name_order(cell).map(|order| vec![order.to_string()]),
            "state" => one(self.state(cell)),
            "priority" => match cell.parse::<i32>().ok().filter(|number| PRIORITIES.contains(number)) {
                Some(number) => one(number.to_string()),
                None => Err(Message::new("import-error-priority")),
            },
            _ => match self.setting.form.questions.iter().find(|question| question.field() == field) {
                Some(question) => self.answer(question, cell),
                None => one(cell.to_owned()),
            },
        }
    }

    fn unknown_category(&self) -> Message {
        let names: Vec<&str> = self.setting.categories.iter().map(|category| category.code.as_str()).collect();
        Message::new("import-error-unknown-category").with("known", names.join(", "))
    }

    fn delegation(&self, cell: &str) -> Option<DelegationId> {
        let wanted = cell.to_lowercase();
        let mut known = self.setting.delegations.iter();
        known.find(|(_, names)| names.contains(&wanted)).map(|(id, _)| *id)
    }

    fn country(&self, cell: &str) -> Result<Country, Message> {
        let named = self.countries.get(&cell.to_lowercase()).copied();
        named.or_else(|| cell.parse().ok()).ok_or_else(|| Message::new("error-country"))
    }

    fn language(&self, cell: &str) -> Option<Lang> {
        let name = cell.to_lowercase();
        let is_named = |lang: &Lang| {
            own_name(self.texts, *lang).to_lowercase() == name
                || INTERFACE_LANGUAGES.iter().any(|reader| {
                    let key = format!("language-{}", lang.primary());
                    self.texts.has(*reader, &key) && self.texts.text(*reader, &key, &[]).to_lowercase() == name
                })
        };
        let named = self.setting.languages.iter().copied().find(is_named);
        named.or_else(|| cell.parse().ok())
    }

    fn name_order(&self, cell: &str) -> Result<NameOrder, Message> {
        let is_meant = |order: &&NameOrder| {
            let word = order.as_str().replace('_', "-");
            plain(cell) == order.as_str()
                || self.is_text(&format!("registration-name-order-{word}"), cell)
                || self.is_text(&format!("desk-order-{word}"), cell)
        };
        NameOrder::ALL.iter().find(is_meant).copied().ok_or_else(|| Message::new("import-error-name-order"))
    }

    /// A state by its word or name; any other word stays, and is an error for whoever is new.
    fn state(&self, cell: &str) -> String {
        use crate::registration::model::RegistrationState as State;
        let is_meant = |state: &&State| {
            plain(cell) == state.as_str() || self.is_text(&format!("registration-state-{state}"), cell)
        };
        State::ALL.iter().find(is_meant).map_or_else(|| cell.to_owned(), ToString::to_string)
    }

    /// Whether a text in any language says this.
    fn is_text(&self, key: &str, cell: &str) -> bool {
        let wanted = cell.to_lowercase();
        INTERFACE_LANGUAGES.iter().any(|lang| self.texts.text(*lang, key, &[]).to_lowercase() == wanted)
    }

    fn answer(&self, question: &Question, cell: &str) -> Result<Vec<String>, Message> {
        let one = |value: String| Ok(vec![value]);
        let choice = |name: &str| {
            let wanted = name.trim().to_lowercase();
            let mut choices = question.facts.options.choices.iter();
            let found = choices.find(|choice| {
                choice.code.to_lowercase() == wanted
                    || choice.label.iter().any(|(_, label)| label.trim().to_lowercase() == wanted)
            });
            found.map(|choice| choice.code.clone()).ok_or_else(|| Message::new("forms-error-choice"))
        };
        match question.kind {
            QuestionKind::OneChoice => choice(cell).map(|code| vec![code]),
            QuestionKind::Choices => {
                // A label may hold a comma, so that only what no label holds parts them.
                let parts = cell.split([';', '；', '·', '|', '\n']).map(str::trim).filter(|part| !part.is_empty());
                parts.map(choice).collect()
            }
            QuestionKind::YesNo => match cell.to_lowercase().as_str() {
                "1" | "true" | "x" | "y" | "yes" | "✓" => one("yes".to_owned()),
                "0" | "false" | "n" | "no" => one("no".to_owned()),
                _ if self.is_text("forms-yes", cell) => one("yes".to_owned()),
                _ if self.is_text("forms-no", cell) => one("no".to_owned()),
                _ => Err(Message::new("forms-error-choice")),
            },
            QuestionKind::Country => self.country(cell).map(|country| vec![country.as_str().to_owned()]),
            QuestionKind::Language => {
                let found = self.language(cell).ok_or_else(|| Message::new("forms-error-language"))?;
                one(found.to_string())
            }
            QuestionKind::Date => match read_day(cell) {
                Some(day) => one(day.to_string()),
                None => Err(Message::new("forms-error-date")),
            },
            _ => one(cell.to_owned()),
        }
    }
}

fn is_category(category: &Category, cell: &str) -> bool {
    let wanted = cell.to_lowercase();
    category.code == wanted
        || category.id.as_str() == wanted
        || category.name.iter().any(|(_, name)| name.trim().to_lowercase() == wanted)
}

fn address(form: &FormData) -> Option<String> {
    form.text("email").parse::<EmailAddress>().ok().map(|email| email.key())
}
