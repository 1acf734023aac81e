//! The sums of the numbers, as tables and as properties.

use super::days::{Bin, every_day, instant};
use super::model::*;
use crate::db::{CategoryId, SessionId, UtcTime};
use crate::i18n::Localized;
use crate::registration::model::{RegistrationState, Source};
use chrono::NaiveDate;
use proptest::prelude::*;

fn day(text: &str) -> NaiveDate {
    text.parse().expect(text)
}

fn at(text: &str) -> UtcTime {
    instant(text).expect(text)
}

const EVENT_ENDS: &str = "2027-04-16";

fn figures(made: &[MadeInHour], ended: &[EndedInHour], filter: &Filter, today: &str) -> Vec<(String, i64, i64, i64)> {
    let days = day_figures((made, ended), filter, (chrono_tz::Asia::Shanghai, day(today), day(EVENT_ENDS)));
    days.into_iter().map(|one| (one.day.to_string(), one.registered, one.ended, one.held)).collect()
}

fn made(hour: &str, registered: i64, holding: i64) -> MadeInHour {
    MadeInHour { hour: at(hour), registered, holding }
}

#[test]
fn places_are_held_from_the_day_they_are_taken_to_the_day_they_are_given_back() {
    let made = [made("2027-03-01 15:00", 4, 2), made("2027-03-01 16:00", 1, 1)];
    let ended = [EndedInHour { hour: at("2027-03-03 17:00"), made: at("2027-03-01 15:00"), count: 2, held: 1 }];
    let all = [
        ("2027-03-01".to_owned(), 4, 0, 3),
        ("2027-03-02".to_owned(), 1, 0, 4),
        ("2027-03-03".to_owned(), 0, 0, 4),
        ("2027-03-04".to_owned(), 0, 2, 3),
        ("2027-03-05".to_owned(), 0, 0, 3),
    ];
    assert_eq!(figures(&made, &ended, &Filter::default(), "2027-03-05"), all);
    // A span begins with what is held already, and never reaches into the future.
    let later = Filter { from: Some(day("2027-03-04")), to: Some(day("2027-12-31")), ..Filter::default() };
    assert_eq!(figures(&made, &ended, &later, "2027-03-05"), all[3..]);
    // Long after the event the chart ends with the event.
    let after = figures(&made, &ended, &Filter::default(), "2027-09-01");
    assert_eq!(after.last().map(|last| last.0.as_str()), Some(EVENT_ENDS));
    assert!(figures(&[], &[], &Filter::default(), "2027-03-05").is_empty());
}

#[test]
fn a_week_holds_its_days_and_ends_with_what_is_held_then() {
    let days: Vec<DayFigures> = every_day(day("2027-01-01"), day("2027-04-16"))
        .into_iter()
        .zip(1..)
        .map(|(day, held)| DayFigures { day, registered: 1, ended: 0, held })
        .collect();
    let (bin, columns) = binned(&days);
    assert_eq!((bin, columns.len()), (Bin::Week, 16));
    // 1 January 2027 is a Friday.
    assert_eq!((columns[0].registered, columns[0].held, columns[1].registered), (3, 3, 7));
    assert_eq!(columns.iter().map(|column| column.registered).sum::<i64>(), 106);
    assert_eq!(columns[15].held, 106);
}

#[test]
fn a_filter_is_read_from_its_own_address() {
    let given = [("category", "press"), ("from", "2027-03-05"), ("to", "2027-03-01")];
    let filter = Filter::read(|name| given.iter().find(|(key, _)| *key == name).map(|(_, value)| *value));
    assert_eq!(filter.url("/n"), "/n?category=press&from=2027-03-01&to=2027-03-05");
    let nonsense = Filter::read(|name| (name == "from").then_some("yesterday"));
    assert!(!nonsense.is_filtered() && nonsense.url("/n") == "/n");
}

fn group(
    category: CategoryId,
    state: RegistrationState,
    source: Source,
    (count, verified, came): (i64, i64, i64),
) -> Group {
    Group { category, state, country: None, language: "en".into(), source, count, verified, came }
}

#[test]
fn the_funnel_holds_only_who_used_the_form() {
    use RegistrationState as S;
    let one = CategoryId::new();
    let groups = [
        group(one, S::Confirmed, Source::Form, (10, 10, 4)),
        group(one, S::Confirmed, Source::Desk, (7, 7, 7)),
        group(one, S::Unverified, Source::Form, (3, 0, 0)),
        group(one, S::Cancelled, Source::Code, (2, 1, 1)),
        group(one, S::Applied, Source::Code, (5, 5, 0)),
    ];
    let funnel = Funnel { opened: Some(60), registered: 20, verified: 16, confirmed: 10, came: 4 };
    assert_eq!(Funnel::of(&groups, Some(60)), funnel);
}

#[test]
fn the_fullest_session_comes_first() {
    let seats = |code: &str, taken, capacity, waiting| SeatFigures {
        session: SessionId::new(),
        code: code.into(),
        title: Localized::new(),
        forum: None,
        capacity,
        taken,
        waiting,
    };
    let mut all =
        [seats("half", 50, 100, 0), seats("empty", 0, 10, 0), seats("full", 10, 10, 0), seats("wanted", 90, 90, 3)];
    sort_seats(&mut all);
    assert_eq!(all.map(|one| one.code), ["wanted", "full", "half", "empty"]);
}

fn any_group() -> impl Strategy<Value = Group> {
    let categories = [CategoryId::new(), CategoryId::new(), CategoryId::new()];
    let countries = [None, Some("CN"), Some("FR"), Some("KE")];
    (
        0..3_usize,
        0..RegistrationState::ALL.len(),
        0..4_usize,
        0..2_usize,
        0..Source::ALL.len(),
        0..50_i64,
        0..50_i64,
        0..50_i64,
    )
        .prop_map(move |(category, state, country, language, source, count, verified, came)| Group {
            category: categories[category],
            state: RegistrationState::ALL[state],
            country: countries[country].map(str::to_owned),
            language: ["en", "zh"][language].to_owned(),
            source: Source::ALL[source],
            count,
            verified: verified.min(count),
            came: came.min(count),
        })
}

proptest! {
    #[test]
    fn the_parts_add_up_to_the_whole_whatever_it_is_counted_by(groups in proptest::collection::vec(any_group(), 0..40)) {
        let tallies: Vec<Tally> = groups.iter().map(Tally::from).collect();
        let whole = total(&tallies);
        let sum = |parts: Vec<Tally>| total(&parts);
        prop_assert_eq!(sum(tally_by(&groups, |one| one.category).into_iter().map(|part| part.1).collect()), whole);
        prop_assert_eq!(sum(tally_by(&groups, |one| one.country.clone()).into_iter().map(|part| part.1).collect()), whole);
        prop_assert_eq!(sum(tally_by(&groups, |one| one.language.clone()).into_iter().map(|part| part.1).collect()), whole);
        prop_assert_eq!(sum(tally_by(&groups, |one| one.source).into_iter().map(|part| part.1).collect()), whole);
        prop_assert!(whole.registered >= whole.standing && whole.standing >= whole.confirmed && whole.confirmed >= whole.came);
        let funnel = Funnel::of(&groups, None);
        prop_assert!(funnel.registered >= funnel.verified && funnel.verified >= funnel.confirmed && funnel.confirmed >= funnel.came);
    }

    #[test]
    fn every_day_adds_up_and_the_last_one_holds_what_is_held_now(
        rows in proptest::collection::vec((0..2000_i64, 0..2000_i64, any::<bool>(), any::<bool>()), 0..60)
    ) {
        let hour = |hours: i64| at("2027-01-01 00:00") + chrono::TimeDelta::hours(hours);
        let mut made = Vec::new();
        let mut ended = Vec::new();
        for (begun, lasted, ends, holds) in &rows {
            made.push(MadeInHour { hour: hour(*begun), registered: 1, holding: i64::from(!ends && *holds) });
            if *ends {
                ended.push(EndedInHour { hour: hour(begun + lasted), made: hour(*begun), count: 1, held: i64::from(*holds) });
            }
        }
        let days = day_figures((&made, &ended), &Filter::default(), (chrono_tz::Europe::Berlin, day("2028-01-01"), day("2027-04-16")));
        prop_assert_eq!(days.iter().map(|one| one.registered).sum::<i64>(), rows.len() as i64);
        prop_assert_eq!(days.iter().map(|one| one.ended).sum::<i64>(), ended.len() as i64);
        prop_assert!(days.iter().all(|one| one.held >= 0));
        let holding: i64 = made.iter().map(|one| one.holding).sum();
        prop_assert_eq!(days.last().map_or(0, |last| last.held), holding);
        let (_, columns) = binned(&days);
        prop_assert_eq!(columns.iter().map(|one| one.registered).sum::<i64>(), rows.len() as i64);
    }
}
