//! Bars beside words: how much of each.

use super::percent;
use serde::Serialize;

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowBar {
    /// From the top, in pixels.
    pub y: u32,
    /// What it is, short enough for a phone.
    pub label: String,
    /// The same for where there is more room.
    pub wide_label: String,
    /// The same whole.
    pub title: String,
    /// The number, in words.
    pub value: String,
    /// From the left, as a share of the width.
    pub x: String,
    /// How long the bar is, as a share of the width.
    pub width: String,
    /// How long the place of the bar is where it has a limit; empty otherwise.
    pub limit_x: String,
    /// As a share of the width.
    pub limit_width: String,
    /// Whether it is the rest of a list.
    pub is_rest: bool,
}

/// Rows with what stands around them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct RowsChart {
    /// Its anchor.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// The same in a sentence with its numbers, for who does not see it.
    pub description: String,
    /// How high the picture is.
    pub height: u32,
    /// The rows.
    pub rows: Vec<RowBar>,
    /// Whether it runs from right to left.
    pub is_mirrored: bool,
}

/// What a row is made from.
#[derive(Clone, Debug, Default)]
pub struct Share {
    /// What it is.
    pub label: String,
    /// How much.
    pub count: i64,
    /// The number in words.
    pub value: String,
    /// How much there could be.
    pub limit: Option<i64>,
    /// Whether it is the rest of a list.
    pub is_rest: bool,
}

/// Height of a row.
const ROW: u32 = 34;
/// Units of width that a word may have on a phone; Han takes two of them each.
const NARROW: usize = 34;
/// The same where there is more room.
const WIDE: usize = 54;
/// Least number that takes the whole width: one alone is not much.
const LEAST: i64 = 5;

/// Draws rows; the longest bar, or the highest limit, takes the whole width.
#[must_use]
pub fn rows(
    id: &'static str,
    (title, description): (String, String),
    shares: &[Share],
    is_mirrored: bool,
) -> RowsChart {
    // The rest of a list would press everything else against the edge.
    let named = shares.iter().filter(|share| !share.is_rest);
    let most = named.flat_map(|share| [share.count, share.limit.unwrap_or(0)]).max().unwrap_or(0).max(LEAST);
    let length = |count: i64| (count.clamp(0, most) as f64) / most as f64;
    let start = |length: f64| percent(if is_mirrored { 1.0 - length } else { 0.0 });
    let drawn = shares
        .iter()
        .zip(0_u32..)
        .map(|(share, index)| {
            let (bar, limit) = (length(share.count), share.limit.map(length));
            RowBar {
                y: index * ROW,
                label: shortened(&share.label, NARROW),
                wide_label: shortened(&share.label, WIDE),
                title: share.label.clone(),
                value: share.value.clone(),
                x: start(bar),
                width: percent(bar),
                limit_x: limit.map(start).unwrap_or_default(),
                limit_width: limit.map(percent).unwrap_or_default(),
                is_rest: share.is_rest,
            }
        })
        .collect::<Vec<_>>();
    let height = u32::try_from(drawn.len()).unwrap_or(0) * ROW;
    RowsChart { id, title, description, height, rows: drawn, is_mirrored }
}

/// A word cut to what fits beside a number.
fn shortened(word: &str, widest: usize) -> String {
    let width = |letter: char| if letter >= '\u{1100}' { 2 } else { 1 };
    if word.chars().map(width).sum::<usize>() <= widest {
        return word.to_owned();
    }
    let mut used = 0;
    let kept: String = word
        .chars()
        .take_while(|letter| {
            used += width(*letter);
            used < widest
        })
        .collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn share(label: &str, count: i64, limit: Option<i64>, is_rest: bool) -> Share {
        Share { label: label.into(), count, value: count.to_string(), limit, is_rest }
    }

    fn drawn(shares: &[Share], is_mirrored: bool) -> RowsChart {
        rows("countries", ("Countries".into(), "By country".into()), shares, is_mirrored)
    }

    #[test]
    fn the_longest_bar_takes_the_whole_width_and_the_rest_bends_to_it() {
        let chart = drawn(
            &[share("China", 40, None, false), share("Kenya", 10, None, false), share("Rest", 900, None, true)],
            false,
        );
        let bars: Vec<_> = chart.rows.iter().map(|row| (row.x.as_str(), row.width.as_str(), row.y)).collect();
        assert_eq!(bars, [("0%", "100%", 0), ("0%", "25%", 34), ("0%", "100%", 68)]);
        assert_eq!(chart.height, 102);
        let mirrored = drawn(&[share("China", 40, None, false), share("Kenya", 10, None, false)], true);
        assert_eq!(mirrored.rows[1].x, "75%");
        assert_eq!(drawn(&[], false).height, 0);
    }

    #[test]
    fn a_bar_with_a_limit_lies_in_its_place() {
        let chart = drawn(&[share("Guests", 30, Some(60), false), share("Press", 5, None, false)], false);
        assert_eq!((chart.rows[0].width.as_str(), chart.rows[0].limit_width.as_str()), ("50%", "100%"));
        assert_eq!(chart.rows[1].limit_width, "");
    }

    #[test]
    fn long_words_are_cut_and_kept_whole_beside() {
        for (word, expected) in [
            ("Ministry of Education", "Ministry of Education"),
            ("Ministry of Foreign Affairs and International Cooperation", "Ministry of Foreign Affairs and I…"),
            ("工业和信息化部网络安全产业发展中心（信息中心）", "工业和信息化部网络安全产业发展中…"),
            ("", ""),
        ] {
            assert_eq!(shortened(word, NARROW), expected);
        }
    }
}
