//! Dates, times, numbers and alphabetical order, by CLDR through ICU4X.

use super::{INTERFACE_LANGUAGES, Lang, fallback_language};
use chrono::{Datelike, NaiveDate, NaiveDateTime, NaiveTime, Timelike};
use icu_collator::CollatorBorrowed;
use icu_datetime::DateTimeFormatter;
use icu_datetime::fieldsets;
use icu_datetime::input::{Date, DateTime, Time};
use icu_decimal::DecimalFormatter;
use icu_locale_core::{Locale, locale};
use std::cmp::Ordering;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Writes dates, times and numbers as readers of one language do, always with the 24-hour clock,
/// which an international audience does not misread.
pub struct Formatter {
    long_date: DateTimeFormatter<fieldsets::YMDE>,
    date: DateTimeFormatter<fieldsets::YMD>,
    day: DateTimeFormatter<fieldsets::MDE>,
    month_day: DateTimeFormatter<fieldsets::MD>,
    short_day: DateTimeFormatter<fieldsets::MD>,
    time: DateTimeFormatter<fieldsets::T>,
    number: DecimalFormatter,
    collator: CollatorBorrowed<'static>,
}

impl Formatter {
    /// The formatter for readers of `lang`, or of the nearest interface language.
    #[must_use]
    pub fn of(lang: Lang) -> &'static Self {
        static ALL: OnceLock<BTreeMap<Lang, Formatter>> = OnceLock::new();
        let all = ALL.get_or_init(|| INTERFACE_LANGUAGES.iter().map(|lang| (*lang, Self::build(*lang))).collect());
        all.get(&fallback_language(lang)).unwrap_or_else(|| &all[&Lang::EN])
    }

    #[expect(clippy::expect_used, reason = "the data for these languages is compiled in; a test builds each of them")]
    fn build(lang: Lang) -> Self {
        // British English puts the day first and uses the 24-hour clock.
        let locale: Locale = match lang {
            Lang::EN => locale!("en-GB"),
            other => Locale::try_from_str(other.as_str()).unwrap_or(locale!("en-GB")),
        };
        Self {
            long_date: DateTimeFormatter::try_new((&locale).into(), fieldsets::YMDE::long()).expect("compiled data"),
            date: DateTimeFormatter::try_new((&locale).into(), fieldsets::YMD::long()).expect("compiled data"),
            day: DateTimeFormatter::try_new((&locale).into(), fieldsets::MDE::medium()).expect("compiled data"),
            month_day: DateTimeFormatter::try_new((&locale).into(), fieldsets::MD::long()).expect("compiled data"),
            short_day: DateTimeFormatter::try_new((&locale).into(), fieldsets::MD::medium()).expect("compiled data"),
            time: DateTimeFormatter::try_new((&locale).into(), fieldsets::T::hm()).expect("compiled data"),
            number: DecimalFormatter::try_new(
                (&locale).into(),
                icu_decimal::options::DecimalFormatterOptions::default(),
            )
            .expect("compiled data"),
            collator: icu_collator::Collator::try_new(
                (&locale).into(),
                icu_collator::options::CollatorOptions::default(),
            )
            .expect("compiled data"),
        }
    }

    /// "Tuesday, 13 April 2027".
    #[must_use]
    pub fn long_date(&self, date: NaiveDate) -> String {
        self.long_date.format(&iso(date)).to_string()
    }

    /// "13 April 2027".
    #[must_use]
    pub fn date(&self, date: NaiveDate) -> String {
        self.date.format(&iso(date)).to_string()
    }

    /// "Tue, 13 Apr".
    #[must_use]
    pub fn day(&self, date: NaiveDate) -> String {
        self.day.format(&iso(date)).to_string()
    }

    /// "13 April".
    #[must_use]
    pub fn month_day(&self, date: NaiveDate) -> String {
        self.month_day.format(&iso(date)).to_string()
    }

    /// "13 Apr".
    #[must_use]
    pub fn short_day(&self, date: NaiveDate) -> String {
        self.short_day.format(&iso(date)).to_string()
    }

    /// "09:30".
    #[must_use]
    pub fn time(&self, time: NaiveTime) -> String {
        self.time.format(&clock(time)).to_string()
    }

    /// "Tuesday, 13 April 2027 09:30", date and time joined as two parts of one value.
    #[must_use]
    pub fn date_time(&self, at: NaiveDateTime) -> String {
        let value = DateTime { date: iso(at.date()), time: clock(at.time()) };
        let formatter = self.date.format(&value.date).to_string();
        // Both languages write the date first and separate by a space.
        [formatter, self.time.format(&value.time).to_string()].join(" ")
    }

    /// "10,000".
    #[must_use]
    pub fn number(&self, value: i64) -> String {
        self.number.format(&value.into()).to_string()
    }

    /// "3.5": a number with so many digits behind the point.
    #[must_use]
    pub fn decimal(&self, value: f64, digits: usize) -> String {
        let text = format!("{value:.digits$}");
        text.parse().map_or(text, |number: icu_decimal::input::Decimal| self.number.format(&number).to_string())
    }

    /// The order in which a reader of this language expects two words.
    #[must_use]
    pub fn compare(&self, left: &str, right: &str) -> Ordering {
        self.collator.compare(left, right)
    }
}

fn iso(date: NaiveDate) -> Date<icu_calendar::Iso> {
    let month = u8::try_from(date.month()).unwrap_or(1);
    let day = u8::try_from(date.day()).unwrap_or(1);
    Date::try_new_iso(date.year(), month, day)
        .unwrap_or_else(|_| icu_calendar::Date::from_rata_die(icu_calendar::types::RataDie::new(1), icu_calendar::Iso))
}

fn clock(time: NaiveTime) -> Time {
    let part = |value: u32| u8::try_from(value).unwrap_or(0);
    Time::try_new(part(time.hour()), part(time.minute()), part(time.second()), 0).unwrap_or(Time::start_of_day())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_times_and_numbers_read_as_in_each_language() {
        let date = NaiveDate::from_ymd_opt(2027, 4, 13).expect("a date");
        let time = NaiveTime::from_hms_opt(9, 5, 0).expect("a time");
        let english = Formatter::of(Lang::EN);
        assert_eq!(english.long_date(date), "Tuesday, 13 April 2027");
        assert_eq!(english.day(date), "Tue 13 Apr");
        assert_eq!(english.short_day(date), "13 Apr");
        assert_eq!(english.time(time), "09:05");
        assert_eq!(english.number(10_000), "10,000");
        let chinese = Formatter::of(Lang::ZH);
        assert_eq!(chinese.long_date(date), "2027年4月13日星期二");
        assert_eq!(chinese.time(time), "09:05");
    }

    #[test]
    fn chinese_names_sort_by_pinyin() {
        let mut names = ["张", "李", "阿", "王"];
        names.sort_by(|left, right| Formatter::of(Lang::ZH).compare(left, right));
        assert_eq!(names, ["阿", "李", "王", "张"]);
    }
}
