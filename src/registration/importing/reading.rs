//! From an uploaded table to rows in the form's own words.

use super::cells::{Cells, column_of, is_category, plain};
use super::model::{Ignored, Key, Row, Setting, Sheet, USUAL_CATEGORY};
use crate::db::{CategoryId, DelegationId};
use crate::i18n::Texts;
use crate::interchange::PlainTable;
use crate::mail::address::EmailAddress;
use crate::registration::names::NameOrder;
use crate::web::forms::clean_line;
use crate::web::{FieldErrors, FormData, Message};
use std::collections::HashMap;

/// The least and the greatest priority, as on the page of waiting lists.
const PRIORITIES: std::ops::RangeInclusive<i32> = -100..=100;

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
            let why = match column_of(head, &setting.form, texts) {
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

/// Turns rows into what the form would send, with whatever people call categories, countries and languages.
pub struct Reader<'a> {
    setting: &'a Setting,
    cells: Cells<'a>,
    category: Option<CategoryId>,
}

impl<'a> Reader<'a> {
    /// Reads rows at an event; rows that name no category get `category`.
    #[must_use]
    pub fn new(texts: &'a Texts, setting: &'a Setting, category: Option<CategoryId>) -> Self {
        let only = setting.categories.first().filter(|_| setting.categories.len() == 1).map(|category| category.id);
        Self { setting, cells: Cells::new(texts, &setting.languages), category: category.or(only) }
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
            "country" | "nationality" => self.cells.country(cell).map(|country| vec![country.as_str().to_owned()]),
            "language" => {
                let found = self.cells.language(cell).filter(|lang| self.setting.languages.contains(lang));
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
                Some(question) => self.cells.answer(question, cell),
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

    fn name_order(&self, cell: &str) -> Result<NameOrder, Message> {
        let is_meant = |order: &&NameOrder| {
            let word = order.as_str().replace('_', "-");
            plain(cell) == order.as_str()
                || self.cells.is_text(&format!("registration-name-order-{word}"), cell)
                || self.cells.is_text(&format!("desk-order-{word}"), cell)
        };
        NameOrder::ALL.iter().find(is_meant).copied().ok_or_else(|| Message::new("import-error-name-order"))
    }

    /// A state by its word or name; any other word stays, and is an error for whoever is new.
    fn state(&self, cell: &str) -> String {
        use crate::registration::model::RegistrationState as State;
        let is_meant = |state: &&State| {
            plain(cell) == state.as_str() || self.cells.is_text(&format!("registration-state-{state}"), cell)
        };
        State::ALL.iter().find(is_meant).map_or_else(|| cell.to_owned(), ToString::to_string)
    }
}

fn address(form: &FormData) -> Option<String> {
    form.text("email").parse::<EmailAddress>().ok().map(|email| email.key())
}
