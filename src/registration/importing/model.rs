//! What a table of people holds, and what comes of each row.

use crate::db::schema::registrations;
use crate::db::{CategoryId, DelegationId, EventId, RegistrationId};
use crate::i18n::Lang;
use crate::registration::category::Category;
use crate::registration::forms::model::{Answers, Form, Question, QuestionKind};
use crate::registration::model::{Details, Registration, RegistrationState};
use crate::text_enum;
use crate::web::{FieldErrors, FormData};
use diesel::prelude::*;
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Most rows of one table.
pub const MOST_ROWS: usize = 20_000;

/// The field of the category that rows get which name none.
pub const USUAL_CATEGORY: &str = "usual_category";

/// Columns that are no questions, by the names of fields, and what else they may be called.
pub const COLUMNS: &[(&str, &[&str])] = &[
    ("code", &["code", "registration_code", "registration_number", "注册编号", "登记编号"]),
    ("category", &["category", "类别", "参会类别", "الفئة"]),
    (
        "email",
        &["email", "e_mail", "mail", "email_address", "address", "邮箱", "电子邮箱", "电子邮件", "البريد_الإلكتروني"],
    ),
    ("given_name", &["given_name", "given_names", "first_name", "firstname", "forename", "名", "名字", "الاسم_الأول"]),
    ("family_name", &["family_name", "last_name", "lastname", "surname", "姓", "姓氏", "اسم_العائلة"]),
    ("native_name", &["native_name", "name_in_own_script", "姓名", "本国文字姓名", "الاسم"]),
    ("honorific", &["honorific", "salutation", "称谓", "尊称", "اللقب"]),
    ("name_order", &["name_order", "姓名顺序"]),
    ("organisation", &["organisation", "organization", "ministry", "company", "单位", "机构", "الجهة"]),
    ("position", &["position", "job_title", "title", "职务", "职位", "المنصب"]),
    ("country", &["country", "国家", "国家或地区", "国家/地区", "الدولة"]),
    ("nationality", &["nationality", "citizenship", "国籍", "الجنسية"]),
    ("language", &["language", "语言", "اللغة"]),
    ("state", &["state", "status", "状态"]),
    ("priority", &["priority", "优先级"]),
    ("delegation", &["delegation", "代表团", "الوفد"]),
    ("remark", &["remark", "remarks", "note", "comment", "备注"]),
];

text_enum! {
    /// Why a column is not read.
    pub enum Ignored {
        /// Nothing of ours is called that.
        Unknown = "unknown",
        /// The answers are sealed, and a table holds them in clear.
        Sealed = "sealed",
        /// People consent themselves.
        Consent = "consent",
        /// No cell holds a file.
        File = "file",
        /// Another column was read for the same.
        Twice = "twice",
    }
}

impl Ignored {
    /// Why the answers to a question are not read from a table, if they are not.
    #[must_use]
    pub fn question(question: &Question) -> Option<Self> {
        match question.kind {
            _ if question.is_sealed || question.facts.options.part.is_some() => Some(Self::Sealed),
            QuestionKind::Consent => Some(Self::Consent),
            kind if kind.takes_file() => Some(Self::File),
            _ => None,
        }
    }
}

/// A table between the page that previews it and the one that takes it: recognised columns only, so that
/// nothing else of the file is kept.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Sheet {
    /// The event that it was uploaded at.
    pub event: String,
    /// The name of the file.
    pub file_name: String,
    /// The category of rows that name none; empty for none.
    pub category: String,
    /// The fields of the columns.
    pub columns: Vec<String>,
    /// The names of columns that are not read, and why.
    pub ignored: Vec<(String, String)>,
    /// The rows, each with its number in the file.
    pub rows: Vec<(usize, Vec<String>)>,
}

/// What rows are read against: what the event knows.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The event.
    pub event: EventId,
    /// Its categories.
    pub categories: Vec<Category>,
    /// The questions of its form.
    pub form: Form,
    /// Its delegations: their words and names in small letters.
    pub delegations: Vec<(DelegationId, Vec<String>)>,
    /// The languages that mails may be in.
    pub languages: Vec<Lang>,
    /// The language of whoever names none.
    pub main_language: Lang,
    /// Whether whoever imports may pass officers by.
    pub may_approve: bool,
}

impl Setting {
    /// A category of the event.
    #[must_use]
    pub fn category(&self, id: CategoryId) -> Option<&Category> {
        self.categories.iter().find(|category| category.id == id)
    }
}

/// By what somebody is known again.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Key {
    /// The number of the registration.
    Code(String),
    /// The address as compared.
    Email(String),
    /// Names, organisation and position of somebody without an address.
    Person(Box<[String; 5]>),
}

/// A row in the form's own words.
#[derive(Clone, Debug)]
pub struct Row {
    /// Its number in the file.
    pub number: usize,
    /// The cells that hold anything, as the form has them.
    pub form: FormData,
    /// By what the person is known.
    pub key: Key,
    /// What is wrong whatever is registered.
    pub errors: FieldErrors,
}

impl Row {
    /// Whether a cell holds anything.
    #[must_use]
    pub fn gives(&self, field: &str) -> bool {
        self.form.all(field).any(|value| !value.trim().is_empty())
    }

    /// What a list by the name of somebody without an address is looked up by.
    #[must_use]
    pub fn sort_key(&self) -> String {
        match &self.key {
            Key::Person(facts) => {
                let [given_name, family_name, ..] = facts.as_ref().clone();
                Details { given_name, family_name, ..Details::default() }.sort_key()
            }
            _ => String::new(),
        }
    }
}

/// A registration as a row is compared with it.
#[derive(Clone, Debug, Queryable, Selectable)]
#[diesel(table_name = registrations)]
pub struct Kept {
    /// The registration.
    #[diesel(embed)]
    pub registration: Registration,
    /// Its answers, as they stand in the column.
    pub answers: String,
    /// Who is offered places first.
    pub priority: i32,
    /// Its delegation.
    pub delegation_id: Option<DelegationId>,
    /// What the desk notes.
    pub remark: String,
}

/// Who is registered, by what rows know them by.
#[derive(Clone, Debug, Default)]
pub struct Present(HashMap<Key, Kept>);

impl Present {
    /// Makes ready to look up.
    #[must_use]
    pub fn new(all: impl IntoIterator<Item = Kept>) -> Self {
        let mut found = HashMap::new();
        for kept in all {
            let one = &kept.registration;
            found.insert(Key::Code(one.code.clone()), kept.clone());
            if one.state.is_end() {
                continue;
            }
            if one.has_address() {
                found.insert(Key::Email(one.email_key.clone()), kept);
            } else {
                found.entry(Key::Person(Box::new(facts(one)))).or_insert(kept);
            }
        }
        Self(found)
    }

    /// Whom a row speaks of.
    #[must_use]
    pub fn of(&self, row: &Row) -> Option<&Kept> {
        self.0.get(&row.key)
    }
}

/// By what somebody without an address is known again.
#[must_use]
pub fn facts(one: &Registration) -> [String; 5] {
    [&one.given_name, &one.family_name, &one.native_name, &one.organisation, &one.position].map(Clone::clone)
}

/// Somebody new.
#[derive(Clone, Debug)]
pub struct NewPerson {
    /// The address as typed and as compared; empty where there is none.
    pub email: (String, String),
    /// The person.
    pub details: Details,
    /// The category.
    pub category: CategoryId,
    /// Where the registration begins.
    pub state: RegistrationState,
    /// The language of mails.
    pub language: Lang,
    /// Their answers.
    pub answers: Answers,
    /// Their delegation.
    pub delegation: Option<DelegationId>,
    /// Who is offered places first.
    pub priority: i32,
    /// What the desk notes.
    pub remark: String,
}

/// What a row says otherwise about somebody who is there.
#[derive(Clone, Debug)]
pub struct Change {
    /// The registration as it was compared.
    pub kept: Kept,
    /// The fields that change.
    pub fields: Vec<String>,
    /// The person.
    pub details: Details,
    /// The language of mails.
    pub language: Lang,
    /// The answers before and after.
    pub answers: (Answers, Answers),
    /// Who is offered places first.
    pub priority: i32,
    /// What the desk notes.
    pub remark: String,
}

/// What comes of a row.
#[derive(Clone, Debug)]
pub enum Decision {
    /// Somebody is added.
    New(Box<NewPerson>),
    /// Somebody is there, and the row says nothing else.
    Same(RegistrationId),
    /// Somebody is there, and the row says something else.
    Other(Box<Change>),
    /// It can't be taken.
    Wrong(FieldErrors),
}

/// A decision with what the row says besides that an import does not change.
#[derive(Clone, Debug)]
pub struct Decided {
    /// The decision.
    pub decision: Decision,
    /// Fields that differ and stay: category, state, delegation.
    pub fixed: Vec<&'static str>,
}

/// How a table is taken.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct How {
    /// Whether what a row says otherwise about somebody is taken.
    pub updates: bool,
    /// Whether those who are added get a mail with their link.
    pub tells: bool,
}

/// What came of rows that were taken.
#[derive(Clone, Debug, Default)]
pub struct Outcome {
    /// How many were added.
    pub added: usize,
    /// How many were changed.
    pub changed: usize,
    /// How many were there and stayed as they are.
    pub left: usize,
    /// Rows that were not taken, by their numbers, and why.
    pub refused: Vec<(usize, FieldErrors)>,
}

impl Outcome {
    /// Adds what came of other rows.
    pub fn add(&mut self, other: Self) {
        self.added += other.added;
        self.changed += other.changed;
        self.left += other.left;
        self.refused.extend(other.refused);
    }
}
