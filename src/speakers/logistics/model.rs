//! Travel, technical needs and consents, and the forms that they are typed into.

use crate::db::schema::{recording_consents, recording_texts, speaker_needs, speaker_travel};
use crate::db::{ConsentId, EventId, SpeakerId, UtcTime};
use crate::i18n::{Lang, Localized};
use crate::speakers::own::model::AnsweredBy;
use crate::web::{Checker, FieldErrors, FormData, Message};
use chrono::{NaiveDate, NaiveTime};
use diesel::prelude::*;

/// How a speaker travels. Times are those of the place, as they stand on a ticket.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = speaker_travel, primary_key(speaker_id), treat_none_as_null = true)]
pub struct Travel {
    /// Whose.
    pub speaker_id: SpeakerId,
    /// The event.
    pub event_id: EventId,
    /// The day of arrival.
    pub arrives_on: Option<NaiveDate>,
    /// The time of arrival as `HH:MM`, or nothing.
    pub arrives_at: String,
    /// Flight or train.
    pub arrival_number: String,
    /// Airport, station or border.
    pub arrival_port: String,
    /// The day of departure.
    pub departs_on: Option<NaiveDate>,
    /// The time of departure as `HH:MM`, or nothing.
    pub departs_at: String,
    /// Flight or train.
    pub departure_number: String,
    /// Airport, station or border.
    pub departure_port: String,
    /// Where they stay.
    pub hotel: String,
    /// Whether they want to be fetched and brought.
    pub wants_transfer: bool,
    /// Who comes along, in number.
    pub companions: i32,
    /// What else there is to know.
    pub notes: String,
    /// Set when it changed after the day on which it was to be settled, until the team has seen it.
    pub news_at: Option<UtcTime>,
    /// Counts edits.
    pub version: i32,
    /// When it was last changed.
    pub updated_at: UtcTime,
}

impl Travel {
    /// The names of the fields of the form, which are those of columns, too.
    pub const FIELDS: [&'static str; 12] = [
        "arrives_on",
        "arrives_at",
        "arrival_number",
        "arrival_port",
        "departs_on",
        "departs_at",
        "departure_number",
        "departure_port",
        "hotel",
        "wants_transfer",
        "companions",
        "notes",
    ];

    /// What stands in each of [`Self::FIELDS`], as a form has it.
    #[must_use]
    pub fn values(&self) -> [String; Self::FIELDS.len()] {
        let day = |day: Option<NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
        [
            day(self.arrives_on),
            self.arrives_at.clone(),
            self.arrival_number.clone(),
            self.arrival_port.clone(),
            day(self.departs_on),
            self.departs_at.clone(),
            self.departure_number.clone(),
            self.departure_port.clone(),
            self.hotel.clone(),
            if self.wants_transfer { "on".to_owned() } else { String::new() },
            self.companions.to_string(),
            self.notes.clone(),
        ]
    }

    /// Nothing known yet.
    #[must_use]
    pub fn empty(now: UtcTime, event: EventId, speaker: SpeakerId) -> Self {
        Self {
            speaker_id: speaker,
            event_id: event,
            arrives_on: None,
            arrives_at: String::new(),
            arrival_number: String::new(),
            arrival_port: String::new(),
            departs_on: None,
            departs_at: String::new(),
            departure_number: String::new(),
            departure_port: String::new(),
            hotel: String::new(),
            wants_transfer: false,
            companions: 0,
            notes: String::new(),
            news_at: None,
            version: 0,
            updated_at: now,
        }
    }

    /// Whether it says when they come and go.
    #[must_use]
    pub const fn is_filled(&self) -> bool {
        self.arrives_on.is_some() && self.departs_on.is_some()
    }

    /// Whether it says nothing: it was deleted late, and the team has not seen that.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        self.says_the_same(&Self::empty(self.updated_at, self.event_id, self.speaker_id))
    }

    /// Whether two say the same of the journey, whenever they were written.
    #[must_use]
    pub fn says_the_same(&self, other: &Self) -> bool {
        let bare = |one: &Self| Self { news_at: None, version: 0, updated_at: self.updated_at, ..one.clone() };
        bare(self) == bare(other)
    }

    /// The fields that show it.
    #[must_use]
    pub fn fields(&self) -> FormData {
        let mut form = FormData::from_fields(Self::FIELDS.into_iter().zip(self.values()));
        form.push("version", self.version.to_string());
        form
    }

    /// What was typed.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(form: &FormData, now: UtcTime, (event, speaker): (EventId, SpeakerId)) -> Result<Self, FieldErrors> {
        let mut checker = Checker::new(form);
        let arrives_on = checker.optional_parsed::<NaiveDate>("arrives_on", "error-date");
        let departs_on = checker.optional_parsed::<NaiveDate>("departs_on", "error-date");
        if arrives_on.zip(departs_on).is_some_and(|(arrives, departs)| departs < arrives) {
            checker.wrong("departs_on", Message::new("logistics-error-order"));
        }
        let travel = Self {
            arrives_on,
            arrives_at: time(&mut checker, form, "arrives_at"),
            arrival_number: checker.line("arrival_number"),
            arrival_port: checker.line("arrival_port"),
            departs_on,
            departs_at: time(&mut checker, form, "departs_at"),
            departure_number: checker.line("departure_number"),
            departure_port: checker.line("departure_port"),
            hotel: checker.line("hotel"),
            wants_transfer: form.is_ticked("wants_transfer"),
            companions: checker.optional_number("companions", 0..=50).unwrap_or(0),
            notes: notes(&mut checker, "notes"),
            version: form.text("version").parse().unwrap_or(0),
            ..Self::empty(now, event, speaker)
        };
        checker.finish(travel)
    }
}

fn time(checker: &mut Checker<'_>, form: &FormData, name: &str) -> String {
    if form.text(name).trim().is_empty() {
        return String::new();
    }
    checker.time(name).map(|time: NaiveTime| time.format("%H:%M").to_string()).unwrap_or_default()
}

/// Longest note.
const NOTES: usize = 2_000;

fn notes(checker: &mut Checker<'_>, name: &str) -> String {
    let text = checker.block(name);
    if text.chars().count() > NOTES {
        checker.wrong(name, Message::new("error-too-long").with("max", NOTES));
    }
    text
}

/// What a speaker needs on stage or on the screen.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable, AsChangeset)]
#[diesel(table_name = speaker_needs, primary_key(speaker_id), treat_none_as_null = true)]
pub struct Needs {
    /// Whose.
    pub speaker_id: SpeakerId,
    /// The event.
    pub event_id: EventId,
    /// The language that they speak in.
    pub speaks: Option<Lang>,
    /// Whether they need to hear the others interpreted.
    pub wants_interpretation: bool,
    /// Whether they take part from afar.
    pub is_remote: bool,
    /// What has to be there.
    pub equipment: String,
    /// What else there is to know.
    pub notes: String,
    /// Counts edits.
    pub version: i32,
    /// When they were last changed.
    pub updated_at: UtcTime,
}

impl Needs {
    /// The fields that show them.
    #[must_use]
    pub fn fields(&self) -> FormData {
        let tick = |ticked: bool| if ticked { "on".to_owned() } else { String::new() };
        FormData::from_fields([
            ("version", self.version.to_string()),
            ("speaks", self.speaks.map(|lang| lang.to_string()).unwrap_or_default()),
            ("wants_interpretation", tick(self.wants_interpretation)),
            ("where", if self.is_remote { "remote" } else { "site" }.to_owned()),
            ("equipment", self.equipment.clone()),
            ("notes", self.notes.clone()),
        ])
    }

    /// What was typed.
    ///
    /// # Errors
    /// What is wrong with which field.
    pub fn read(form: &FormData, now: UtcTime, (event, speaker): (EventId, SpeakerId)) -> Result<Self, FieldErrors> {
        let mut checker = Checker::new(form);
        let needs = Self {
            speaker_id: speaker,
            event_id: event,
            speaks: checker.optional_parsed::<Lang>("speaks", "speakers-unknown-language"),
            wants_interpretation: form.is_ticked("wants_interpretation"),
            is_remote: form.text("where") == "remote",
            equipment: notes(&mut checker, "equipment"),
            notes: notes(&mut checker, "notes"),
            version: form.text("version").parse().unwrap_or(0),
            updated_at: now,
        };
        checker.finish(needs)
    }
}

/// A version of the text that speakers agree to.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = recording_texts)]
pub struct RecordingText {
    /// The event.
    pub event_id: EventId,
    /// Which version.
    pub number: i32,
    /// What it says.
    pub text: Localized,
    /// Since when.
    pub created_at: UtcTime,
}

/// That a speaker agreed to a version of the text.
#[derive(Clone, Debug, PartialEq, Eq, Queryable, Selectable, Insertable)]
#[diesel(table_name = recording_consents)]
pub struct RecordingConsent {
    /// Names it.
    pub id: ConsentId,
    /// The event.
    pub event_id: EventId,
    /// Who agreed.
    pub speaker_id: SpeakerId,
    /// To which version.
    pub number: i32,
    /// Who said so.
    pub given_by: AnsweredBy,
    /// When.
    pub given_at: UtcTime,
    /// When it was withdrawn.
    pub withdrawn_at: Option<UtcTime>,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(fields: &[(&str, &str)]) -> Result<Travel, FieldErrors> {
        let form = FormData::from_fields(fields.iter().copied());
        Travel::read(&form, UtcTime::of_machine(), (EventId::new(), SpeakerId::new()))
    }

    #[test]
    fn travel_is_read_and_shown_again_as_it_was() {
        let typed = [
            ("arrives_on", "2027-04-12"),
            ("arrives_at", "18:05"),
            ("arrival_number", "LH 720"),
            ("departs_on", "2027-04-17"),
            ("companions", "2"),
            ("wants_transfer", "on"),
        ];
        let travel = read(&typed).expect("travel");
        assert!(travel.is_filled() && travel.wants_transfer);
        let again = Travel::read(&travel.fields(), travel.updated_at, (travel.event_id, travel.speaker_id));
        assert_eq!(again.expect("travel"), travel);
        assert!(read(&[]).is_ok_and(|travel| !travel.is_filled()));
        assert!(read(&[("arrives_on", "2027-04-12"), ("departs_on", "2027-04-11")]).is_err());
        assert!(read(&[("arrives_at", "25:00")]).is_err());
        assert!(read(&[("companions", "-1")]).is_err());
    }

    #[test]
    fn only_the_journey_counts_as_a_change() {
        let travel = read(&[("hotel", "Lakeside")]).expect("travel");
        let later = Travel { version: 7, news_at: Some(travel.updated_at), ..travel.clone() };
        assert!(travel.says_the_same(&later));
        assert!(!travel.says_the_same(&Travel { hotel: "Bridge".to_owned(), ..travel.clone() }));
    }
}
