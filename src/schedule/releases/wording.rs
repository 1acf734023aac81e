//! What a release changed, in sentences: for organizers, the public change log and its feed.

use super::lines::{Line, Person, Place, Subject, What};
use crate::i18n::{Formatter, Lang, Localized, TextArg, Texts};
use crate::web::page::Text;
use chrono_tz::Tz;

/// Words changes in one language, on the clocks of one zone.
#[derive(Clone, Copy)]
pub struct ChangeWords<'a> {
    /// The interface texts.
    pub texts: &'a Texts,
    /// The reader's language.
    pub lang: Lang,
    /// The event's languages, for content that is not in the reader's.
    pub languages: &'a [Lang],
    /// The clocks that times are told on.
    pub zone: Tz,
}

impl ChangeWords<'_> {
    fn text(&self, key: &str, args: &[(&str, TextArg<'_>)]) -> String {
        self.texts.text(self.lang, key, args)
    }

    fn content<'c>(&self, content: &'c Localized) -> &'c str {
        content.text(self.lang, self.languages)
    }

    /// What a line is about, in the best language there is.
    #[must_use]
    pub fn subject(&self, subject: &Subject) -> Text {
        let own = |text: String| Text { text, lang: self.lang.to_string(), dir: self.lang.dir() };
        match subject {
            Subject::Session { title, .. } => Text::pick(title, self.lang, self.languages),
            Subject::Block { kind, title } if title.is_empty() => own(self.text(&format!("concern-block-{kind}"), &[])),
            Subject::Block { title, .. } => Text::pick(title, self.lang, self.languages),
            Subject::Speaker { person, .. } => own(self.person(person)),
            Subject::Frame => own(self.text("releases-frame", &[])),
        }
    }

    /// "Moved from Tue, 13 Apr, 09:00–09:45, Hall A to …": what became of it, as a sentence.
    #[must_use]
    pub fn sentence(&self, what: &What) -> String {
        let two = |key: &str, from: String, to: String| self.text(key, &[("from", from.into()), ("to", to.into())]);
        let one = |key: &str, place: String| self.text(key, &[("place", place.into())]);
        match what {
            What::Added(places) if places.is_empty() => self.text("releases-added-unplaced", &[]),
            What::Added(places) => one("releases-added", self.places(places)),
            What::Removed(places) if places.is_empty() => self.text("releases-removed-unplaced", &[]),
            What::Removed(places) => one("releases-removed", self.places(places)),
            What::Cancelled(places) if places.is_empty() => self.text("releases-cancelled-unplaced", &[]),
            What::Cancelled(places) => one("releases-cancelled", self.places(places)),
            What::Revived(places) if places.is_empty() => self.text("releases-revived-unplaced", &[]),
            What::Revived(places) => one("releases-revived", self.places(places)),
            What::SlotAdded(place) => one("releases-slot-added", self.place(place)),
            What::SlotRemoved(place) => one("releases-slot-removed", self.place(place)),
            What::Moved(from, to) => two("releases-moved", self.place(from), self.place(to)),
            What::RoomChanged(from, to) => two("releases-room-changed", self.room(from), self.room(to)),
            What::PeopleChanged(joined, left) => match (joined.is_empty(), left.is_empty()) {
                (false, true) => self.text("releases-joined", &[("names", self.people(joined).into())]),
                (true, _) => self.text("releases-left", &[("names", self.people(left).into())]),
                (false, false) => {
                    let names = [("joined", self.people(joined).into()), ("left", self.people(left).into())];
                    self.text("releases-joined-and-left", &names)
                }
            },
            What::Retitled(old) => self.text("releases-retitled", &[("title", self.content(old).into())]),
            What::Edited => self.text("releases-edited", &[]),
        }
    }

    /// Subject and sentence as one line of plain text, for feeds.
    #[must_use]
    pub fn plain(&self, line: &Line) -> String {
        let (title, change) = (self.subject(&line.subject).text, self.sentence(&line.what));
        self.text("releases-line", &[("title", title.into()), ("change", change.into())])
    }

    /// "Tue, 13 Apr, 09:00–09:45, Hall A".
    #[must_use]
    pub fn place(&self, place: &Place) -> String {
        let format = Formatter::of(self.lang);
        let (start, end) = (place.start.in_zone(self.zone), place.end.in_zone(self.zone));
        let times: [(&str, TextArg<'_>); 3] = [
            ("day", format.day(start.date_naive()).into()),
            ("start", format.time(start.time()).into()),
            ("end", format.time(end.time()).into()),
        ];
        let [day, start, end] = times;
        match &place.room {
            Some(room) => self.text("releases-place", &[day, start, end, ("room", self.content(room).into())]),
            None => self.text("releases-time", &[day, start, end]),
        }
    }

    fn places(&self, places: &[Place]) -> String {
        let all: Vec<String> = places.iter().map(|place| self.place(place)).collect();
        all.join(&self.text("releases-place-separator", &[]))
    }

    fn room(&self, place: &Place) -> String {
        place.room.as_ref().map_or_else(|| self.text("releases-no-room", &[]), |room| self.content(room).to_owned())
    }

    fn person(&self, person: &Person) -> String {
        let native = person.native_name.as_deref().unwrap_or_default();
        if self.lang.has_script_of(native) { native.to_owned() } else { person.name.clone() }
    }

    fn people(&self, people: &[Person]) -> String {
        let names: Vec<String> = people.iter().map(|person| self.person(person)).collect();
        names.join(&self.text("common-list-separator", &[]))
    }
}
