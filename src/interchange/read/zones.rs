//! Which zone a programme's times are meant in, from its name, its offsets, its town or its language.

use super::ReadOptions;
use super::raw::{RawEnd, RawProgramme};
use super::times::Moment;
use crate::i18n::Lang;
use crate::interchange::notes::{Notes, Problem};
use chrono::{DateTime, FixedOffset, Offset, TimeZone};
use chrono_tz::{TZ_VARIANTS, Tz};

/// Zones tried first when several fit, by how many conferences take place in them.
const COMMON: &[Tz] = &[
    Tz::Europe__Berlin,
    Tz::Europe__London,
    Tz::America__New_York,
    Tz::America__Los_Angeles,
    Tz::America__Chicago,
    Tz::Asia__Shanghai,
    Tz::Asia__Tokyo,
    Tz::Asia__Kolkata,
    Tz::Australia__Sydney,
    Tz::Europe__Helsinki,
    Tz::Asia__Riyadh,
    Tz::Asia__Dubai,
    Tz::America__Sao_Paulo,
    Tz::Asia__Bangkok,
    Tz::Africa__Lagos,
    Tz::Africa__Johannesburg,
];

/// Where a language alone makes one zone likely. Languages of many zones are left out.
const BY_LANGUAGE: &[(&str, Tz)] = &[
    ("de", Tz::Europe__Berlin),
    ("fr", Tz::Europe__Paris),
    ("it", Tz::Europe__Rome),
    ("nl", Tz::Europe__Amsterdam),
    ("pl", Tz::Europe__Warsaw),
    ("cs", Tz::Europe__Prague),
    ("sv", Tz::Europe__Stockholm),
    ("da", Tz::Europe__Copenhagen),
    ("nb", Tz::Europe__Oslo),
    ("fi", Tz::Europe__Helsinki),
    ("el", Tz::Europe__Athens),
    ("tr", Tz::Europe__Istanbul),
    ("uk", Tz::Europe__Kyiv),
    ("he", Tz::Asia__Jerusalem),
    ("ja", Tz::Asia__Tokyo),
    ("ko", Tz::Asia__Seoul),
    ("th", Tz::Asia__Bangkok),
    ("vi", Tz::Asia__Ho_Chi_Minh),
    ("zh-Hant", Tz::Asia__Taipei),
    ("zh", Tz::Asia__Shanghai),
];

/// Microsoft's names, which Outlook writes into calendars.
const WINDOWS: &[(&str, Tz)] = &[
    ("W. Europe Standard Time", Tz::Europe__Berlin),
    ("Romance Standard Time", Tz::Europe__Paris),
    ("Central Europe Standard Time", Tz::Europe__Budapest),
    ("Central European Standard Time", Tz::Europe__Warsaw),
    ("GMT Standard Time", Tz::Europe__London),
    ("FLE Standard Time", Tz::Europe__Kyiv),
    ("Russian Standard Time", Tz::Europe__Moscow),
    ("Eastern Standard Time", Tz::America__New_York),
    ("Central Standard Time", Tz::America__Chicago),
    ("Mountain Standard Time", Tz::America__Denver),
    ("Pacific Standard Time", Tz::America__Los_Angeles),
    ("China Standard Time", Tz::Asia__Shanghai),
    ("Taipei Standard Time", Tz::Asia__Taipei),
    ("Tokyo Standard Time", Tz::Asia__Tokyo),
    ("Korea Standard Time", Tz::Asia__Seoul),
    ("Singapore Standard Time", Tz::Asia__Singapore),
    ("India Standard Time", Tz::Asia__Kolkata),
    ("Arab Standard Time", Tz::Asia__Riyadh),
    ("Arabian Standard Time", Tz::Asia__Dubai),
    ("AUS Eastern Standard Time", Tz::Australia__Sydney),
    ("E. Australia Standard Time", Tz::Australia__Brisbane),
];

/// Characters that only traditional Chinese writes.
const TRADITIONAL: &str = "國學會體與為這個來時過說開關點當應從實現發對經電動種類網環業議場講";

/// The zone of a name as files write it: IANA's, whatever the case or the prefix, or Microsoft's.
pub(super) fn by_name(name: &str) -> Option<Tz> {
    let name = name.trim().trim_matches('"');
    let exact = |name: &str| {
        name.parse().ok().or_else(|| TZ_VARIANTS.iter().find(|zone| zone.name().eq_ignore_ascii_case(name)).copied())
    };
    let windows = || WINDOWS.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, zone)| *zone);
    // Some calendar programs write "/example.org/20070129/Europe/Berlin".
    let tail = || {
        let parts: Vec<&str> = name.rsplitn(3, '/').collect();
        parts.get(1).and_then(|area| exact(&format!("{area}/{}", parts[0])))
    };
    exact(name).or_else(windows).or_else(tail)
}

/// Decides the zone: asked for, named, the event's, or guessed with a warning.
pub(super) fn decide(raw: &RawProgramme, language: Option<Lang>, options: &ReadOptions, notes: &mut Notes) -> Tz {
    if let Some(zone) = options.timezone {
        return zone;
    }
    let samples = offsets(raw);
    if let Some(name) = &raw.zone {
        match by_name(name) {
            Some(zone) if samples.is_empty() || samples.iter().any(|sample| fits(zone, sample)) => return zone,
            Some(zone) => {
                let guessed = guess(raw, language, &samples).unwrap_or(zone);
                notes.warn_with("event", Problem::ZoneContradicted, name, guessed.name());
                return guessed;
            }
            None => notes.warn("event", Problem::ZoneUnknown, name),
        }
    }
    if let Some(zone) = options.fallback_timezone {
        return zone;
    }
    match guess(raw, language, &samples) {
        Some(zone) => {
            notes.warn("event", Problem::ZoneGuessed, zone.name());
            zone
        }
        None => {
            notes.warn("event", Problem::ZoneMissing, Tz::UTC.name());
            Tz::UTC
        }
    }
}

/// All times that carry their own offset. Times in UTC say nothing about the zone.
fn offsets(raw: &RawProgramme) -> Vec<DateTime<FixedOffset>> {
    let slots = raw.sessions.iter().flat_map(|session| &session.slots);
    let moments = slots.flat_map(|slot| {
        let end = slot.end.and_then(|end| if let RawEnd::At(at) = end { Some(at) } else { None });
        [slot.start, end].into_iter().flatten()
    });
    moments.filter_map(|moment| if let Moment::Fixed(at) = moment { Some(at) } else { None }).collect()
}

fn fits(zone: Tz, sample: &DateTime<FixedOffset>) -> bool {
    zone.offset_from_utc_datetime(&sample.naive_utc()).fix() == *sample.offset()
}

fn guess(raw: &RawProgramme, language: Option<Lang>, samples: &[DateTime<FixedOffset>]) -> Option<Tz> {
    if !samples.is_empty()
        && samples.iter().all(|sample| sample.offset().local_minus_utc() == 0)
        && by_town(raw).is_none()
    {
        return Some(if samples.iter().all(|sample| fits(Tz::Europe__London, sample)) {
            Tz::Europe__London
        } else {
            Tz::UTC
        });
    }
    let fitting = |zone: &Tz| samples.iter().all(|sample| fits(*zone, sample));
    let likely = by_town(raw).into_iter().chain(by_language(raw, language));
    if let Some(zone) = likely.into_iter().find(fitting) {
        return Some(zone);
    }
    if samples.is_empty() {
        return None;
    }
    COMMON.iter().chain(TZ_VARIANTS.iter()).copied().find(fitting)
}

/// A zone whose town the file names: Brussels for `Europe/Brussels`.
fn by_town(raw: &RawProgramme) -> Option<Tz> {
    let named: Vec<String> =
        raw.venue.0.iter().chain(&raw.title.0).map(|(_, text)| format!(" {} ", words(text))).collect();
    let mut areas = TZ_VARIANTS.iter().filter(|zone| zone.name().contains('/') && !zone.name().starts_with("Etc/"));
    areas
        .find(|zone| {
            let town = zone.name().rsplit('/').next().unwrap_or_default();
            let town = format!(" {} ", words(&town.replace('_', " ")));
            named.iter().any(|text| text.contains(&town))
        })
        .copied()
}

/// Lower-case Latin words with single spaces between.
fn words(text: &str) -> String {
    let latin = deunicode::deunicode(text).to_lowercase();
    let words: Vec<&str> =
        latin.split(|letter: char| !letter.is_alphanumeric()).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn by_language(raw: &RawProgramme, language: Option<Lang>) -> Option<Tz> {
    let language = language?;
    let traditional = language.primary() == "zh" && {
        let titles = raw.sessions.iter().take(200).filter_map(|session| session.title.first());
        titles.flat_map(str::chars).filter(|letter| TRADITIONAL.contains(*letter)).count() > 2
    };
    let wanted = if traditional { "zh-Hant" } else { language.primary() };
    BY_LANGUAGE.iter().find(|(tag, _)| *tag == wanted).map(|(_, zone)| *zone)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::interchange::model::FileFormat;
    use crate::interchange::read::raw::{RawSession, RawSlot, Texts};
    use crate::interchange::read::times;

    fn decided(starts: &[&str], named: Option<&str>, town: &str, language: &str) -> (Tz, Vec<Problem>) {
        let mut raw = RawProgramme::new(FileFormat::ScheduleXml);
        raw.zone = named.map(str::to_owned);
        raw.venue = Texts::plain(town);
        for start in starts {
            let mut session = RawSession::new("here");
            session.slots.push(RawSlot { start: times::moment(start), ..RawSlot::default() });
            raw.sessions.push(session);
        }
        let mut notes = Notes::default();
        let zone = decide(&raw, language.parse().ok(), &ReadOptions::default(), &mut notes);
        (zone, notes.finish().iter().map(|warning| warning.problem).collect())
    }

    #[test]
    fn the_zone_is_found_by_name_offset_town_or_language() {
        let summer = "2019-08-21T11:00:00+02:00";
        for (starts, named, town, language, expected) in [
            (vec![summer], Some("Europe/Paris"), "", "en", Tz::Europe__Paris),
            (vec![summer], Some("europe/paris"), "", "en", Tz::Europe__Paris),
            (vec![summer], None, "", "en", Tz::Europe__Berlin),
            (vec![summer], None, "", "fr", Tz::Europe__Paris),
            (vec![summer], None, "ULB, Brussels", "en", Tz::Europe__Brussels),
            (vec![summer], Some("Asia/Tokyo"), "", "en", Tz::Europe__Berlin),
            (vec!["2022-09-04T08:30:00+05:45"], None, "", "en", Tz::Asia__Kathmandu),
            (vec!["2020-02-01T09:30"], None, "Brussels", "en", Tz::Europe__Brussels),
            (vec!["2020-02-01T09:30"], Some("W. Europe Standard Time"), "", "en", Tz::Europe__Berlin),
            (vec!["2020-02-01T09:30"], Some("/softwarestudio.org/Tzfile/Asia/Tokyo"), "", "en", Tz::Asia__Tokyo),
            (vec!["2020-02-01T09:30"], None, "", "de", Tz::Europe__Berlin),
            (vec!["2020-02-01T09:30"], None, "", "en", Tz::UTC),
        ] {
            assert_eq!(decided(&starts, named, town, language).0, expected, "{starts:?} {named:?} {town} {language}");
        }
    }

    #[test]
    fn a_guess_is_always_said() {
        assert_eq!(decided(&["2020-02-01T09:30"], None, "", "en").1, [Problem::ZoneMissing]);
        assert_eq!(decided(&["2020-02-01T09:30+01:00"], None, "", "en").1, [Problem::ZoneGuessed]);
        assert_eq!(decided(&["2020-02-01T09:30+01:00"], Some("Asia/Tokyo"), "", "en").1, [Problem::ZoneContradicted]);
        assert_eq!(
            decided(&["2020-02-01T09:30"], Some("Moon/Base"), "", "en").1,
            [Problem::ZoneUnknown, Problem::ZoneMissing]
        );
        assert_eq!(decided(&["2020-02-01T09:30"], Some("Asia/Tokyo"), "", "en").1, []);
    }
}
