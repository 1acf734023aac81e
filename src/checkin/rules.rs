//! Whether a gate lets someone in, and if not, why: a pure function of what is known.
//!
//! The order of the questions is the order of their weight for staff: first whether there is such a
//! person, then whether their registration stands, then whether it is for here and now, and last
//! whether they are inside already. `static/checkin/rules.js` asks the same in the same order.

use super::model::{Direction, EntryRule, ScanResult};
use crate::db::{CategoryId, GateId, UtcTime};
use crate::registration::model::RegistrationState;
use crate::registration::ticket::InvalidTicket;
use chrono::{NaiveDate, NaiveDateTime, NaiveTime};

/// What a gate asks for.
#[derive(Clone, Debug)]
pub struct GateRules {
    /// The gate.
    pub id: GateId,
    /// How often it lets the same person in.
    pub entry: EntryRule,
    /// The categories that may pass; all when empty.
    pub categories: Vec<CategoryId>,
    /// The zone it leads to, by each of its names.
    pub zone: Option<[String; 2]>,
    /// The days on which it is open; all when empty.
    pub days: Vec<NaiveDate>,
    /// Since when it is open each day.
    pub opens_at: Option<NaiveTime>,
    /// Until when it is open each day; before `opens_at` when it closes after midnight.
    pub closes_at: Option<NaiveTime>,
}

/// What is known of the person.
#[derive(Clone, Debug)]
pub struct Person {
    /// Where the registration stands.
    pub state: RegistrationState,
    /// Whether another registration stands for it.
    pub is_merged: bool,
    /// Whether a later ticket has taken the place of the one that was scanned.
    pub is_replaced: bool,
    /// The category.
    pub category: CategoryId,
    /// The zones that it includes, by id or code.
    pub zones: Vec<String>,
    /// The days that it includes; all when empty.
    pub days: Vec<NaiveDate>,
}

/// The last entry by this gate, or by any of its group.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LastEntry {
    /// Which gate it was.
    pub gate: GateId,
    /// When.
    pub at: UtcTime,
    /// The same on the event's clocks.
    pub day: NaiveDate,
    /// Whether they are inside still.
    pub is_inside: bool,
}

/// The seats behind a gate that leads to a session.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Seats {
    /// How many there are.
    pub capacity: i64,
    /// How many people are in.
    pub inside: i64,
    /// Seats booked by people who have not come yet.
    pub awaited: i64,
    /// Whether this person has one of them.
    pub has_booking: bool,
    /// Whether booked seats are still kept: the session has not begun.
    pub are_kept: bool,
}

/// What is asked.
#[derive(Clone, Debug)]
pub struct Asked<'a> {
    /// The gate.
    pub gate: &'a GateRules,
    /// Which way.
    pub direction: Direction,
    /// The time on the event's clocks.
    pub now: NaiveDateTime,
    /// The person, or why the ticket names none.
    pub person: Result<&'a Person, Unknown>,
    /// Their last entry.
    pub last: Option<LastEntry>,
    /// The seats, if the gate leads to a session that has some.
    pub seats: Option<Seats>,
}

/// Why nobody is known by what was scanned.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Unknown {
    /// No such ticket, code or person.
    Nobody,
    /// The text is a ticket and not a valid one.
    Ticket(InvalidTicket),
}

/// The answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Verdict {
    /// In, out, or the reason why not.
    pub result: ScanResult,
    /// The entry that speaks against it, or the one that is undone by going out.
    pub since: Option<LastEntry>,
}

impl Verdict {
    const fn plain(result: ScanResult) -> Self {
        Self { result, since: None }
    }
}

/// Decides about one scan.
#[must_use]
pub fn decide(asked: &Asked<'_>) -> Verdict {
    let person = match asked.person {
        Ok(person) => person,
        Err(unknown) => return Verdict::plain(unknown.result()),
    };
    if asked.direction == Direction::Out {
        // Nobody is kept inside, whatever became of their registration.
        return match asked.last.filter(|last| last.is_inside) {
            Some(last) => Verdict { result: ScanResult::Out, since: Some(last) },
            None => Verdict::plain(ScanResult::NotInside),
        };
    }
    let refusal = standing(person).or_else(|| place(asked.gate, person)).or_else(|| hour(asked, person));
    if let Some(refusal) = refusal {
        return Verdict::plain(refusal);
    }
    if let Some(last) = asked.last.filter(|last| speaks_against(asked, last)) {
        return Verdict { result: ScanResult::AlreadyIn, since: Some(last) };
    }
    // Who comes back to a seat that is still theirs takes none from anybody.
    let is_back = asked.last.is_some_and(|last| last.is_inside);
    let seat = asked.seats.filter(|_| !is_back).and_then(seat);
    Verdict::plain(seat.unwrap_or(ScanResult::In))
}

impl Unknown {
    const fn result(self) -> ScanResult {
        match self {
            Self::Ticket(InvalidTicket::BadSignature) => ScanResult::BadSignature,
            Self::Ticket(InvalidTicket::OtherKey) => ScanResult::OtherEvent,
            Self::Nobody | Self::Ticket(InvalidTicket::Malformed | InvalidTicket::UnknownVersion) => {
                ScanResult::Unknown
            }
        }
    }
}

/// What the registration's state says against it.
fn standing(person: &Person) -> Option<ScanResult> {
    use RegistrationState as S;
    match person.state {
        _ if person.is_merged => Some(ScanResult::Revoked),
        S::Confirmed => person.is_replaced.then_some(ScanResult::Revoked),
        S::Cancelled | S::Expired => Some(ScanResult::Cancelled),
        S::Unverified | S::Applied | S::Waitlisted | S::Offered | S::Rejected => Some(ScanResult::NotApproved),
    }
}

/// What the category says against this gate.
fn place(gate: &GateRules, person: &Person) -> Option<ScanResult> {
    let is_listed = gate.categories.is_empty() || gate.categories.contains(&person.category);
    let is_included = gate.zone.as_ref().is_none_or(|names| names.iter().any(|name| person.zones.contains(name)));
    (!is_listed || !is_included).then_some(ScanResult::WrongGate)
}

/// What day and hour say against it.
fn hour(asked: &Asked<'_>, person: &Person) -> Option<ScanResult> {
    let (day, time) = (opening_day(asked.gate, asked.now), asked.now.time());
    let is_of = |days: &[NaiveDate]| days.is_empty() || days.contains(&day);
    if !is_of(&asked.gate.days) || !is_of(&person.days) {
        return Some(ScanResult::WrongDay);
    }
    let is_open = match (asked.gate.opens_at, asked.gate.closes_at) {
        (Some(opens), Some(closes)) if closes < opens => time >= opens || time < closes,
        (opens, closes) => opens.is_none_or(|opens| time >= opens) && closes.is_none_or(|closes| time < closes),
    };
    (!is_open).then_some(ScanResult::OutsideHours)
}

/// The day that an hour belongs to: a gate that closes after midnight has one evening.
fn opening_day(gate: &GateRules, now: NaiveDateTime) -> NaiveDate {
    match (gate.opens_at, gate.closes_at) {
        (Some(opens), Some(closes)) if closes < opens && now.time() < closes => {
            now.date().pred_opt().unwrap_or(now.date())
        }
        _ => now.date(),
    }
}

fn speaks_against(asked: &Asked<'_>, last: &LastEntry) -> bool {
    match asked.gate.entry {
        EntryRule::Once => last.day == asked.now.date(),
        EntryRule::Again => false,
        EntryRule::Counted => last.is_inside,
    }
}

/// What the seats say against it.
fn seat(seats: Seats) -> Option<ScanResult> {
    let free = seats.capacity - seats.inside;
    let kept = if seats.are_kept { seats.awaited } else { 0 };
    if free <= 0 {
        Some(ScanResult::Full)
    } else if !seats.has_booking && free <= kept {
        Some(ScanResult::Standby)
    } else {
        None
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use ScanResult as R;

    fn gate() -> GateRules {
        GateRules {
            id: GateId::new(),
            entry: EntryRule::Once,
            categories: Vec::new(),
            zone: None,
            days: Vec::new(),
            opens_at: None,
            closes_at: None,
        }
    }

    fn person() -> Person {
        Person {
            state: RegistrationState::Confirmed,
            is_merged: false,
            is_replaced: false,
            category: CategoryId::new(),
            zones: vec!["blue".into()],
            days: Vec::new(),
        }
    }

    fn day(text: &str) -> NaiveDate {
        text.parse().expect("a day")
    }

    fn at(text: &str) -> NaiveDateTime {
        text.parse().expect("a time")
    }

    fn time(text: &str) -> Option<NaiveTime> {
        Some(text.parse().expect("a time"))
    }

    const NOON: &str = "2027-04-13T12:00:00";

    fn ask(gate: &GateRules, person: &Person, now: &str, last: Option<LastEntry>) -> ScanResult {
        decide(&Asked { gate, direction: Direction::In, now: at(now), person: Ok(person), last, seats: None }).result
    }

    fn entered(day_of_entry: &str, is_inside: bool) -> Option<LastEntry> {
        let instant = at(&format!("{day_of_entry}T01:12:00")).and_utc();
        Some(LastEntry { gate: GateId::new(), at: instant.into(), day: day(day_of_entry), is_inside })
    }

    #[test]
    fn whom_nobody_knows_is_refused_by_what_is_wrong_with_the_ticket() {
        for (unknown, result) in [
            (Unknown::Nobody, R::Unknown),
            (Unknown::Ticket(InvalidTicket::Malformed), R::Unknown),
            (Unknown::Ticket(InvalidTicket::UnknownVersion), R::Unknown),
            (Unknown::Ticket(InvalidTicket::OtherKey), R::OtherEvent),
            (Unknown::Ticket(InvalidTicket::BadSignature), R::BadSignature),
        ] {
            for direction in [Direction::In, Direction::Out] {
                let gate = gate();
                let asked =
                    Asked { gate: &gate, direction, now: at(NOON), person: Err(unknown), last: None, seats: None };
                assert_eq!(decide(&asked), Verdict::plain(result));
            }
        }
    }

    #[test]
    fn only_a_confirmed_registration_that_stands_by_itself_is_let_in() {
        use RegistrationState as S;
        for (state, is_merged, result) in [
            (S::Confirmed, false, R::In),
            (S::Confirmed, true, R::Revoked),
            (S::Cancelled, true, R::Revoked),
            (S::Cancelled, false, R::Cancelled),
            (S::Expired, false, R::Cancelled),
            (S::Unverified, false, R::NotApproved),
            (S::Applied, false, R::NotApproved),
            (S::Waitlisted, false, R::NotApproved),
            (S::Offered, false, R::NotApproved),
            (S::Rejected, false, R::NotApproved),
        ] {
            assert_eq!(ask(&gate(), &Person { state, is_merged, ..person() }, NOON, None), result, "{state}");
        }
        for (state, result) in [(S::Confirmed, R::Revoked), (S::Cancelled, R::Cancelled), (S::Applied, R::NotApproved)]
        {
            let person = Person { state, is_replaced: true, ..person() };
            assert_eq!(ask(&gate(), &person, NOON, None), result, "{state}, with an old ticket");
        }
    }

    #[test]
    fn a_gate_is_for_its_categories_and_zone() {
        let person = person();
        let zone = |code: &str| Some(["an-id".to_owned(), code.to_owned()]);
        for (categories, zone, result) in [
            (vec![], None, R::In),
            (vec![person.category], None, R::In),
            (vec![CategoryId::new()], None, R::WrongGate),
            (vec![], zone("blue"), R::In),
            (vec![], zone("red"), R::WrongGate),
            (vec![CategoryId::new()], zone("blue"), R::WrongGate),
        ] {
            assert_eq!(ask(&GateRules { categories, zone, ..gate() }, &person, NOON, None), result);
        }
    }

    #[test]
    fn days_and_hours_are_told_apart() {
        let days = vec![day("2027-04-13")];
        for (gate_days, person_days, opens_at, closes_at, now, result) in [
            (days.clone(), vec![], None, None, NOON, R::In),
            (days.clone(), vec![], None, None, "2027-04-14T12:00:00", R::WrongDay),
            (vec![], days.clone(), None, None, NOON, R::In),
            (vec![], days.clone(), None, None, "2027-04-14T12:00:00", R::WrongDay),
            (vec![], vec![], time("08:00:00"), time("18:00:00"), "2027-04-13T07:59:59", R::OutsideHours),
            (vec![], vec![], time("08:00:00"), time("18:00:00"), "2027-04-13T08:00:00", R::In),
            (vec![], vec![], time("08:00:00"), time("18:00:00"), "2027-04-13T18:00:00", R::OutsideHours),
            (vec![], vec![], time("08:00:00"), None, "2027-04-13T23:00:00", R::In),
            // An evening that ends after midnight belongs to the day on which it began.
            (days.clone(), days.clone(), time("19:00:00"), time("02:00:00"), "2027-04-14T01:00:00", R::In),
            (days.clone(), vec![], time("19:00:00"), time("02:00:00"), "2027-04-14T19:30:00", R::WrongDay),
            (days, vec![], time("19:00:00"), time("02:00:00"), NOON, R::OutsideHours),
        ] {
            let gate = GateRules { days: gate_days, opens_at, closes_at, ..gate() };
            assert_eq!(ask(&gate, &Person { days: person_days, ..person() }, now, None), result, "{now}");
        }
    }

    #[test]
    fn entering_again_depends_on_the_gate() {
        for (entry, last, result) in [
            (EntryRule::Once, None, R::In),
            (EntryRule::Once, entered("2027-04-13", true), R::AlreadyIn),
            (EntryRule::Once, entered("2027-04-13", false), R::AlreadyIn),
            (EntryRule::Once, entered("2027-04-12", true), R::In),
            (EntryRule::Again, entered("2027-04-13", true), R::In),
            (EntryRule::Counted, entered("2027-04-13", true), R::AlreadyIn),
            (EntryRule::Counted, entered("2027-04-13", false), R::In),
        ] {
            assert_eq!(ask(&GateRules { entry, ..gate() }, &person(), NOON, last), result, "{entry}");
        }
        let (gate, person, last) = (gate(), person(), entered("2027-04-13", true));
        let asked =
            Asked { gate: &gate, direction: Direction::In, now: at(NOON), person: Ok(&person), last, seats: None };
        assert_eq!(decide(&asked), Verdict { result: R::AlreadyIn, since: last }, "says since when and where");
    }

    #[test]
    fn who_is_inside_may_always_leave() {
        let cancelled = Person { state: RegistrationState::Cancelled, ..person() };
        for (last, result) in [
            (entered("2027-04-13", true), R::Out),
            (entered("2027-04-12", true), R::Out),
            (entered("2027-04-13", false), R::NotInside),
            (None, R::NotInside),
        ] {
            let gate = gate();
            let asked = Asked {
                gate: &gate,
                direction: Direction::Out,
                now: at(NOON),
                person: Ok(&cancelled),
                last,
                seats: None,
            };
            assert_eq!(decide(&asked).result, result);
        }
    }

    #[test]
    fn seats_are_kept_for_who_booked_until_the_session_begins() {
        let seats = |inside, awaited, has_booking, are_kept| {
            let seats = Some(Seats { capacity: 10, inside, awaited, has_booking, are_kept });
            let (gate, person) = (gate(), person());
            decide(&Asked {
                gate: &gate,
                direction: Direction::In,
                now: at(NOON),
                person: Ok(&person),
                last: None,
                seats,
            })
            .result
        };
        for (inside, awaited, has_booking, are_kept, result) in [
            (0, 10, true, true, R::In),
            (0, 10, false, true, R::Standby),
            (0, 9, false, true, R::In),
            (9, 1, false, true, R::Standby),
            (9, 1, false, false, R::In),
            (9, 1, true, true, R::In),
            (10, 1, true, true, R::Full),
            (10, 0, false, false, R::Full),
        ] {
            assert_eq!(seats(inside, awaited, has_booking, are_kept), result, "{inside} in, {awaited} awaited");
        }
    }
}
