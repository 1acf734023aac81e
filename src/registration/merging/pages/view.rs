//! Two registrations side by side in words.

use super::beside::{Both, may_tell};
use super::{Team, url};
use crate::bookings::model::BookingState;
use crate::i18n::{Country, country_name};
use crate::registration::forms::files::model::AnswerFile;
use crate::registration::forms::model::{AnswerLine, Answers, Question, Viewer};
use crate::registration::merging::model::{Choices, Party, barrier, chosen_fields};
use crate::registration::model::Registration;
use crate::web::forms::ErrorLine;
use crate::web::page::Text;
use crate::web::{FieldErrors, Page, PageContext};
use serde::Serialize;

/// What is shown of a form.
pub(super) struct Shown<'a> {
    pub(super) choices: &'a Choices,
    pub(super) tells: bool,
    pub(super) errors: &'a FieldErrors,
    /// Whether somebody changed one of both since the page was opened.
    pub(super) is_stale: bool,
}

#[derive(Serialize)]
pub(super) struct MergePage {
    action: String,
    back_url: String,
    /// The same with the other one kept.
    swap_url: String,
    kept: Head,
    other: Head,
    /// Why they can't become one; empty where they can.
    barrier: String,
    is_stale: bool,
    errors: Vec<ErrorLine>,
    facts: Vec<FactLine>,
    answers: Vec<AnswerPair>,
    kept_files_url: String,
    other_files_url: String,
    moves: Vec<String>,
    conflicts: Vec<String>,
    may_tell: bool,
    tells: bool,
}

impl Page for MergePage {
    const TEMPLATE: &'static str = "organizer/registration_merge.html";
}

#[derive(Serialize)]
struct Head {
    url: String,
    name: String,
    code: String,
    email: String,
    category: Text,
    state: &'static str,
    state_label: String,
    created: String,
    version: i32,
}

#[derive(Serialize)]
struct FactLine {
    name: String,
    label: String,
    kept: String,
    other: String,
    is_same: bool,
    takes_other: bool,
}

#[derive(Serialize)]
struct AnswerPair {
    name: String,
    label: String,
    kept: Option<AnswerLine>,
    other: Option<AnswerLine>,
    takes_other: bool,
    error: String,
}

struct Words<'a> {
    team: &'a Team,
    context: &'a PageContext,
    both: &'a Both,
}

impl MergePage {
    pub(super) fn new(team: &Team, context: &PageContext, both: &Both, shown: &Shown<'_>) -> Self {
        let words = Words { team, context, both };
        let (kept, other) = (&both.pair.kept, &both.pair.other);
        let (id, from) = (kept.registration.id, other.registration.id);
        let barrier = barrier(kept, other);
        let merged = shown.choices.merged(kept, other);
        Self {
            action: url(team, id, &format!("/merge/{from}")),
            back_url: url(team, id, ""),
            swap_url: url(team, from, &format!("/merge/{id}")),
            kept: words.head(&kept.registration),
            other: words.head(&other.registration),
            barrier: barrier.map(|barrier| words.text(&format!("merge-barred-{barrier}"))).unwrap_or_default(),
            is_stale: shown.is_stale,
            errors: shown.errors.lines(&team.visit.app.texts, context.lang),
            facts: chosen_fields().filter_map(|field| words.fact(field, shown.choices)).collect(),
            answers: words.answers(shown),
            kept_files_url: url(team, id, "/files"),
            other_files_url: url(team, from, "/files"),
            moves: words.moves(),
            conflicts: words.conflicts(),
            may_tell: may_tell(&merged),
            tells: shown.tells,
        }
    }
}

impl Words<'_> {
    fn text(&self, key: &str) -> String {
        self.team.visit.app.texts.text(self.context.lang, key, &[])
    }

    fn counted(&self, key: &str, count: usize, words: String) -> String {
        let args = [("count", count.into()), ("words", words.into())];
        self.team.visit.app.texts.text(self.context.lang, key, &args)
    }

    fn category(&self, one: &Registration) -> Text {
        let category = self.both.categories.iter().find(|category| category.id == one.category_id);
        let languages = &self.team.event.languages;
        category.map(|category| Text::pick(&category.name, self.context.lang, languages)).unwrap_or_default()
    }

    fn head(&self, one: &Registration) -> Head {
        let created = one.created_at.in_zone(self.team.event.zone()).naive_local();
        Head {
            url: url(self.team, one.id, ""),
            name: one.full_name(),
            code: one.code.clone(),
            email: one.email.clone(),
            category: self.category(one),
            state: one.state.as_str(),
            state_label: self.text(&format!("registration-state-{}", one.state)),
            created: self.context.formatter().date_time(created),
            version: one.version,
        }
    }

    /// A fact that either of both has.
    fn fact(&self, field: &'static str, choices: &Choices) -> Option<FactLine> {
        let (kept, other) = (&self.both.pair.kept, &self.both.pair.other);
        let (one, two) = (kept.value(field), other.value(field));
        if one.is_empty() && two.is_empty() {
            return None;
        }
        Some(FactLine {
            name: field.to_owned(),
            label: self.text(&format!("import-column-{}", field.replace('_', "-"))),
            is_same: one == two,
            kept: self.value(field, kept, 0),
            other: self.value(field, other, 1),
            takes_other: choices.takes(field),
        })
    }

    fn value(&self, field: &str, party: &Party, side: usize) -> String {
        let (texts, lang) = (&self.team.visit.app.texts, self.context.lang);
        let value = party.value(field);
        match field {
            "country" | "nationality" => {
                value.parse::<Country>().map(|country| country_name(texts, lang, country)).unwrap_or_default()
            }
            "language" => self.text(&format!("language-{}", party.registration.language.primary())),
            "name_order" => self.text(&format!("registration-name-order-{}", value.replace('_', "-"))),
            "delegation" => self.delegation(side),
            _ => value,
        }
    }

    fn delegation(&self, side: usize) -> String {
        let name = self.both.delegations[side].as_ref();
        name.map(|(_, name)| name.text(self.context.lang, &self.team.event.languages).to_owned()).unwrap_or_default()
    }

    fn answers(&self, shown: &Shown<'_>) -> Vec<AnswerPair> {
        let answers = &self.both.pair.answers;
        let pair = |question: &Question| AnswerPair {
            name: question.field(),
            label: question.facts.label.text(self.context.lang, &self.team.event.languages).to_owned(),
            kept: self.line(question, &answers.kept, &self.both.files[0]),
            other: self.line(question, &answers.other, &self.both.files[1]),
            takes_other: shown.choices.questions.contains(&question.id),
            error: shown
                .errors
                .of(&question.field(), &self.team.visit.app.texts, self.context.lang)
                .unwrap_or_default(),
        };
        answers.open().map(pair).collect()
    }

    /// An answer in words. What the desk does not see is only said to be there.
    fn line(&self, question: &Question, answers: &Answers, files: &[AnswerFile]) -> Option<AnswerLine> {
        let wording = (self.context.lang, &**self.team.event.languages);
        if !answers.is_given(question) {
            return None;
        }
        match answers.of(question) {
            _ if !question.facts.seen_by.contains(&Viewer::Desk) => {
                Some(AnswerLine { text: self.text("merge-not-shown"), ..AnswerLine::default() })
            }
            Some(answer) => Some(AnswerLine::of(question, answer, files, wording)),
            None => Some(AnswerLine::sealed(question, wording)),
        }
    }

    /// What goes over to the one that is kept.
    fn moves(&self) -> Vec<String> {
        let both = self.both;
        let titles: Vec<String> = both.seats[1].iter().map(|(_, title, _)| self.title(title)).collect();
        let prints = usize::try_from(both.prints).unwrap_or(0);
        let mut lines = Vec::new();
        if !titles.is_empty() {
            lines.push(self.counted("merge-moves-seats", titles.len(), titles.join(" · ")));
        }
        if both.scans > 0 {
            lines.push(self.counted("merge-moves-scans", both.scans, String::new()));
        }
        if prints > 0 {
            lines.push(self.counted("merge-moves-prints", prints, String::new()));
        }
        if !both.pair.other.remark.is_empty() {
            lines.push(self.text("merge-moves-remark"));
        }
        lines.push(self.text("merge-moves-mails"));
        lines
    }

    fn title(&self, title: &crate::i18n::Localized) -> String {
        title.text(self.context.lang, &self.team.event.languages).to_owned()
    }

    /// What both have, and what becomes of it.
    fn conflicts(&self) -> Vec<String> {
        let both = self.both;
        let (kept, other) = (&both.pair.kept, &both.pair.other);
        let mut lines = Vec::new();
        if other.registration.state.holds_place() {
            let place = self.category(&other.registration).text;
            lines.push(self.counted("merge-conflict-place", 1, place));
        }
        if kept.delegation_id.is_some() && other.delegation_id.is_some() && kept.delegation_id != other.delegation_id {
            lines.push(self.counted("merge-conflict-delegation", 1, self.delegation(1)));
        }
        let [own, others] = &both.seats;
        for (booking, title, _) in others {
            let Some((present, ..)) = own.iter().find(|(one, ..)| one.session_id == booking.session_id) else {
                continue;
            };
            let has_seat = [present, booking].iter().any(|one| one.state == BookingState::Booked);
            let key = if has_seat { "merge-conflict-seat" } else { "merge-conflict-wait" };
            lines.push(self.counted(key, 1, self.title(title)));
        }
        lines
    }
}
