//! What a reader has to tell about a file: warnings that name the place, and the one error that stops.

use crate::i18n::{Lang, TextArg, Texts};
use serde::ser::{Serialize, SerializeStruct, Serializer};
use std::collections::HashMap;
use std::fmt;

/// Warnings kept one by one; what comes after is counted in a last one.
const MAX_WARNINGS: usize = 500;
/// Longest piece of the file that a message repeats.
const MAX_QUOTE: usize = 120;

/// Makes an enum of messages, each with the key of its interface text and its English words.
macro_rules! messages {
    ($(#[$doc:meta])* pub enum $name:ident { $($(#[$variant_doc:meta])* $variant:ident = $key:literal, $english:literal;)+ }) => {
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum $name { $($(#[$variant_doc])* $variant),+ }

        impl $name {
            /// Every message.
            pub const ALL: &'static [Self] = &[$(Self::$variant),+];

            /// The key of the interface text, which takes the arguments `value` and `other`.
            #[must_use]
            pub const fn key(self) -> &'static str {
                match self { $(Self::$variant => $key),+ }
            }

            /// The English words, for the command line and logs.
            #[must_use]
            pub const fn english(self) -> &'static str {
                match self { $(Self::$variant => $english),+ }
            }
        }
    };
}

messages! {
    /// Something that was left out, changed or guessed while reading.
    pub enum Problem {
        /// No UTF-8, and no word about the encoding.
        EncodingGuessed = "interchange-warning-encoding-guessed", "is no UTF-8; it was read as {value}; please look whether all letters are right";
        /// A room that the event has not.
        NewRoom = "interchange-warning-new-room", "the room {value} is not one of the event's; it will be added";
        /// A room that the event has not, though one of a similar name.
        NewRoomLike = "interchange-warning-new-room-like", "the room {value} is not one of the event's, which has {other}; it will be added";
        /// A zone had to be guessed.
        ZoneGuessed = "interchange-warning-zone-guessed", "names no time zone; {value} fits and was taken";
        /// Nothing in the file hints at a zone.
        ZoneMissing = "interchange-warning-zone-missing", "names no time zone and nothing hints at one; local times were read as {value}";
        /// The zone's name means nothing.
        ZoneUnknown = "interchange-warning-zone-unknown", "the time zone {value} is unknown";
        /// The zone named doesn't fit the offsets of the times.
        ZoneContradicted = "interchange-warning-zone-contradicted", "says the time zone is {value}, but no time fits it; {other} fits and was taken";
        /// No word about the language.
        LanguageGuessed = "interchange-warning-language-guessed", "does not say which language its texts are in; {value} was taken";
        /// A session without start, end or both.
        Unplaced = "interchange-warning-unplaced", "has no complete time; the session stays unplaced";
        /// A time that can't be read.
        BadTime = "interchange-warning-bad-time", "the time {value} can't be read; the session stays unplaced";
        /// A duration that can't be read.
        BadDuration = "interchange-warning-bad-duration", "the duration {value} can't be read; the session stays unplaced";
        /// No time passes between start and end.
        EndsBeforeStart = "interchange-warning-ends-before-start", "ends at or before its start ({value}); the session stays unplaced";
        /// A wall-clock time that summer time leaves out.
        TimeInGap = "interchange-warning-time-in-gap", "the clock time {value} does not exist on that day (summer time begins); the clock was read as if it had not changed yet";
        /// A wall-clock time that happens twice.
        TimeTwice = "interchange-warning-time-twice", "the clock time {value} exists twice on that day (summer time ends); the first was taken";
        /// A date that can't be read.
        BadDate = "interchange-warning-bad-date", "the date {value} can't be read and was left out";
        /// The dates of the event don't cover its sessions.
        DatesWidened = "interchange-warning-dates-widened", "sessions take place outside the dates that the file gives ({value}); the dates were widened to {other}";
        /// Nothing dates the event.
        DatesMissing = "interchange-warning-dates-missing", "gives no dates at all";
        /// No guid, made from the id.
        NoGuid = "interchange-warning-no-guid", "has no guid; a stable one was made";
        /// Something else stands where a UUID should.
        BadGuid = "interchange-warning-bad-guid", "the guid {value} is no UUID; a stable one was made";
        /// Neither id nor guid.
        NoId = "interchange-warning-no-id", "has neither id nor guid; it is known by its title";
        /// The same session a second time, elsewhere.
        RepeatedSession = "interchange-warning-repeated-session", "repeats session {value}; it became one more slot of that session";
        /// The same session at the same place and time.
        RepeatedSlot = "interchange-warning-repeated-slot", "repeats session {value} in the same room at the same time; it was kept once";
        /// An id that stands for two sessions.
        SharedSessionId = "interchange-warning-shared-session-id", "uses the id {value} of another session; both were kept";
        /// No title.
        NoTitle = "interchange-warning-no-title", "has no title; {value} was taken";
        /// The room inside differs from the room around.
        RoomContradicts = "interchange-warning-room-contradicts", "says room {value} but stands in room {other}; the latter was taken";
        /// A room that the file's list doesn't know.
        UnknownRoom = "interchange-warning-unknown-room", "the room {value} is not in the file's list; it was added";
        /// A person that the file's list doesn't know.
        UnknownPerson = "interchange-warning-unknown-person", "the person {value} is not in the file's list and was left out";
        /// A mention that could mean several people.
        AmbiguousPerson = "interchange-warning-ambiguous-person", "the person id {value} stands for several people; {other} was taken";
        /// A person without a name.
        NamelessPerson = "interchange-warning-nameless-person", "a person without a name was left out";
        /// One id for several people.
        SharedPersonId = "interchange-warning-shared-person-id", "the person id {value} stands for {other} people; they were kept apart by name";
        /// Several ids for one person.
        MergedPerson = "interchange-warning-merged-person", "{value} appears under several ids; they became one speaker";
        /// A second description of one person.
        PersonDiffers = "interchange-warning-person-differs", "{value} is described in several ways; the first was kept";
        /// A person twice in one session.
        PersonTwice = "interchange-warning-person-twice", "{value} is named twice in one session and was kept once";
        /// A language code that means nothing.
        UnknownLanguage = "interchange-warning-unknown-language", "{value} is no language code and was left out";
        /// Two languages with the same text.
        LanguageRepeated = "interchange-warning-language-repeated", "the text in {value} only repeats another language and was kept once";
        /// Characters that no text may hold.
        ControlCharacters = "interchange-warning-control-characters", "holds control characters that no text may hold; they were taken out";
        /// HTML became Markdown.
        HtmlConverted = "interchange-warning-html-converted", "is written in HTML; it became Markdown";
        /// HTML without a meaning in Markdown.
        HtmlDropped = "interchange-warning-html-dropped", "the HTML element <{value}> and what it holds were left out";
        /// An address that is no web address.
        LinkDropped = "interchange-warning-link-dropped", "{value} is no web address and was left out";
        /// Something the programme has no place for.
        Unused = "interchange-warning-unused", "{value} has no place in the programme and was left out";
        /// A text beyond the limit.
        TextCut = "interchange-warning-text-cut", "is longer than {value} characters; the rest was left out";
        /// Bytes that are no text.
        BytesReplaced = "interchange-warning-bytes-replaced", "holds bytes that are no UTF-8; they were replaced by �";
        /// A DOCTYPE.
        DoctypeIgnored = "interchange-warning-doctype-ignored", "the document type was not read";
        /// An entity nobody knows.
        UnknownEntity = "interchange-warning-unknown-entity", "the entity &{value}; is unknown and stands as plain text";
        /// A line that can't be read.
        BadLine = "interchange-warning-bad-line", "the line can't be read and was left out";
        /// A part that is never closed.
        Unclosed = "interchange-warning-unclosed", "{value} is never closed";
        /// One object, the same key twice.
        RepeatedKey = "interchange-warning-repeated-key", "the key {value} appears twice in one object; the last was taken";
        /// Repetition rules of calendars.
        RecurrenceDropped = "interchange-warning-recurrence-dropped", "the repetition {value} was left out; only the first occurrence was taken";
        /// Categories that name tracks.
        CategoryBecameForum = "interchange-warning-category-became-forum", "the answers to {value} became forums";
        /// Categories that name session types.
        CategoryBecameFormat = "interchange-warning-category-became-format", "the answers to {value} became formats";
        /// An entry of another shape than expected.
        OddShape = "interchange-warning-odd-shape", "{value} does not have the shape expected and was left out";
        /// More than can be shown.
        MoreWarnings = "interchange-warning-more", "{value} more warnings were not listed";
    }
}

messages! {
    /// What makes a file unreadable.
    pub enum Fault {
        /// Nothing there.
        Empty = "interchange-fault-empty", "the file is empty";
        /// More bytes than we read.
        TooLarge = "interchange-fault-too-large", "the file has {value} bytes; the limit is {other}";
        /// Bytes that are no text.
        Encoding = "interchange-fault-encoding", "the text is not valid {value}";
        /// An encoding we don't know.
        UnknownEncoding = "interchange-fault-unknown-encoding", "the encoding {value} is not supported; save the file as UTF-8";
        /// Neither XML nor JSON nor a calendar.
        UnknownFormat = "interchange-fault-unknown-format", "this is no programme in a format that is known: {value}";
        /// XML that isn't well formed.
        BrokenXml = "interchange-fault-broken-xml", "the XML is broken: {value}";
        /// JSON that can't be parsed.
        BrokenJson = "interchange-fault-broken-json", "the JSON is broken: {value}";
        /// A table that can't be parsed.
        BrokenCsv = "interchange-fault-broken-csv", "the table is broken: {value}";
        /// Nested beyond reason.
        TooDeep = "interchange-fault-too-deep", "the file is nested deeper than {value} levels";
        /// A DTD that declares entities.
        Entities = "interchange-fault-entities", "the file declares entities, which are refused because they can hide other files or unfold without end";
        /// A workbook that is none.
        BrokenWorkbook = "interchange-fault-broken-workbook", "the workbook can't be read: {value} is missing or damaged; save it again as .xlsx or as CSV";
        /// More pieces than we keep.
        TooManyPieces = "interchange-fault-too-many-pieces", "the file holds more than {value} elements";
        /// More sessions than we keep.
        TooManySessions = "interchange-fault-too-many-sessions", "the file holds more than {value} sessions";
        /// The right language, but no programme in it.
        NoProgramme = "interchange-fault-no-programme", "the file holds no programme: {value} is missing";
    }
}

/// Something that was left out, changed or guessed, and where.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Warning {
    /// The spot in the file: line or path, and the session's id where there is one.
    pub place: String,
    /// What happened.
    pub problem: Problem,
    /// The piece of the file that it is about.
    pub value: String,
    /// What was taken instead.
    pub other: String,
    /// In how many places it happened; `place` is the first.
    pub times: usize,
}

impl Warning {
    /// The message in English, without the place.
    #[must_use]
    pub fn message(&self) -> String {
        let text = fill(self.problem.english(), &self.value, &self.other);
        if self.times > 1 { format!("{text} ({} times, first here)", self.times) } else { text }
    }
}

impl Warning {
    /// The message in the reader's language, without the place.
    #[must_use]
    pub fn text(&self, texts: &Texts, lang: Lang) -> String {
        let text = texts.text(lang, self.problem.key(), &arguments(&self.value, &self.other));
        if self.times < 2 {
            return text;
        }
        let times = self.times.to_string();
        texts.text(lang, "interchange-times", &[("message", text.into()), ("count", times.into())])
    }
}

impl fmt::Display for Warning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.place, self.message())
    }
}

impl Serialize for Warning {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let mut fields = serializer.serialize_struct("Warning", 3)?;
        fields.serialize_field("place", &self.place)?;
        fields.serialize_field("message", &self.message())?;
        fields.serialize_field("times", &self.times)?;
        fields.end()
    }
}

/// Why a file could not be read at all.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReadError {
    /// What is wrong.
    pub fault: Fault,
    /// Where, when that is known.
    pub place: Option<String>,
    /// The piece of the file or the limit that it is about.
    pub value: String,
    /// The second such piece.
    pub other: String,
}

impl ReadError {
    pub(super) fn new(fault: Fault, value: impl fmt::Display) -> Self {
        Self { fault, place: None, value: quote(&value.to_string()), other: String::new() }
    }

    pub(super) fn at(mut self, place: impl Into<String>) -> Self {
        self.place = Some(place.into());
        self
    }

    pub(super) fn and(mut self, other: impl fmt::Display) -> Self {
        self.other = quote(&other.to_string());
        self
    }

    /// The message in English, without the place.
    #[must_use]
    pub fn message(&self) -> String {
        fill(self.fault.english(), &self.value, &self.other)
    }
}

impl ReadError {
    /// The message in the reader's language, without the place.
    #[must_use]
    pub fn text(&self, texts: &Texts, lang: Lang) -> String {
        texts.text(lang, self.fault.key(), &arguments(&self.value, &self.other))
    }

    /// The same about a table that may have so many rows, with the place.
    #[must_use]
    pub fn of_table(&self, texts: &Texts, lang: Lang, most_rows: usize) -> String {
        if self.fault == Fault::TooManySessions {
            return texts.text(lang, "delegations-error-too-many-rows", &[("most", most_rows.into())]);
        }
        let words = self.text(texts, lang);
        self.place.as_ref().map_or_else(|| words.clone(), |place| format!("{place}: {words}"))
    }
}

fn arguments<'a>(value: &'a str, other: &'a str) -> [(&'static str, TextArg<'a>); 2] {
    [("value", value.into()), ("other", other.into())]
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match &self.place {
            Some(place) => write!(f, "{place}: {}", self.message()),
            None => f.write_str(&self.message()),
        }
    }
}

impl std::error::Error for ReadError {}

/// Collects warnings; those that come in hundreds are counted instead of repeated.
#[derive(Debug, Default)]
pub(super) struct Notes {
    warnings: Vec<Warning>,
    tallies: HashMap<(Problem, String), usize>,
    beyond: usize,
}

impl Notes {
    /// Adds one warning.
    pub(super) fn warn(&mut self, place: &str, problem: Problem, value: &str) {
        self.warn_with(place, problem, value, "");
    }

    /// Adds one warning that also says what was taken instead.
    pub(super) fn warn_with(&mut self, place: &str, problem: Problem, value: &str, other: &str) {
        if self.warnings.len() >= MAX_WARNINGS {
            self.beyond += 1;
            return;
        }
        let (value, other) = (quote(value), quote(other));
        self.warnings.push(Warning { place: quote(place), problem, value, other, times: 1 });
    }

    /// Counts a warning that many places share; equal ones become one with the first place.
    pub(super) fn tally(&mut self, place: &str, problem: Problem, value: &str) {
        let key = (problem, quote(value));
        if let Some(index) = self.tallies.get(&key) {
            if let Some(warning) = self.warnings.get_mut(*index) {
                warning.times += 1;
            }
            return;
        }
        if self.warnings.len() < MAX_WARNINGS {
            self.tallies.insert(key, self.warnings.len());
        }
        self.warn(place, problem, value);
    }

    /// All warnings, in the order in which they came up.
    pub(super) fn finish(mut self) -> Vec<Warning> {
        if self.beyond > 0 {
            let value = self.beyond.to_string();
            let place = "file".to_owned();
            self.warnings.push(Warning {
                place,
                problem: Problem::MoreWarnings,
                value,
                other: String::new(),
                times: 1,
            });
        }
        self.warnings
    }
}

fn fill(template: &str, value: &str, other: &str) -> String {
    // One pass, so that a brace in the file's own text is never taken for a placeholder.
    let mut text = String::with_capacity(template.len() + value.len() + other.len());
    let mut rest = template;
    while let Some(open) = rest.find('{') {
        text.push_str(&rest[..open]);
        rest = &rest[open..];
        if let Some(after) = rest.strip_prefix("{value}") {
            text.push_str(value);
            rest = after;
        } else if let Some(after) = rest.strip_prefix("{other}") {
            text.push_str(other);
            rest = after;
        } else {
            text.push('{');
            rest = &rest[1..];
        }
    }
    text.push_str(rest);
    text
}

/// A piece of a foreign file that is safe to show on one line.
fn quote(text: &str) -> String {
    let mut quoted: String =
        text.chars().take(MAX_QUOTE).map(|letter| if letter.is_control() { ' ' } else { letter }).collect();
    if text.chars().nth(MAX_QUOTE).is_some() {
        quoted.push('…');
    }
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_english_texts_are_those_of_the_command_line() {
        let texts = Texts::load().expect("texts");
        let messages = Problem::ALL.iter().map(|problem| (problem.key(), problem.english()));
        for (key, english) in messages.chain(Fault::ALL.iter().map(|fault| (fault.key(), fault.english()))) {
            assert_eq!(texts.text(Lang::EN, key, &arguments("1", "2")), fill(english, "1", "2"), "{key}");
            assert_ne!(texts.text(Lang::ZH, key, &arguments("1", "2")), fill(english, "1", "2"), "{key}");
        }
    }

    #[test]
    fn equal_warnings_are_counted_and_too_many_are_summed_up() {
        let mut notes = Notes::default();
        for index in 0..3 {
            notes.tally(&format!("line {index}"), Problem::NoGuid, "");
        }
        for index in 0..MAX_WARNINGS + 10 {
            notes.warn(&format!("line {index}"), Problem::BadTime, "{other}\n");
        }
        let warnings = notes.finish();
        assert_eq!(warnings[0].times, 3);
        assert_eq!(warnings[0].to_string(), "line 0: has no guid; a stable one was made (3 times, first here)");
        assert_eq!(warnings[1].message(), "the time {other}  can't be read; the session stays unplaced");
        assert_eq!(warnings.last().map(|last| last.value.as_str()), Some("11"));
    }
}
