//! Charts as figures of an inline SVG: scales, ticks, bars and lines, as pure functions.
//!
//! Across, everything is a share of the width, so that a chart fits a phone and a sheet of paper with letters
//! of the same size; upwards it is in pixels. Templates write the SVG (`organizer/charts.html`), colours come
//! from the stylesheet. Where the page runs from right to left, so do time and bars.

mod columns;
mod rows;

pub use columns::{Bar, ColumnsChart, Limit, Plot, Series, XTick, YTick, columns};
pub use rows::{RowBar, RowsChart, Share, rows};

use serde::Serialize;

/// The least of 1, 2 or 5 times a power of ten with which so many steps reach `most`; whole numbers only.
#[must_use]
pub fn step(most: i64, steps: i64) -> i64 {
    let wanted = quotient(most.max(1), steps.max(1));
    let mut unit = 1_i64;
    loop {
        for factor in [1, 2, 5] {
            if unit.saturating_mul(factor) >= wanted {
                return unit.saturating_mul(factor);
            }
        }
        unit = unit.saturating_mul(10);
    }
}

/// What stands at an axis: from zero in even steps up to `most` or the first beyond it.
#[must_use]
pub fn ticks(most: i64, steps: i64) -> Vec<i64> {
    let step = step(most, steps);
    let last = quotient(most.max(1), step);
    (0..=last).map(|index| index.saturating_mul(step)).collect()
}

/// How often one number goes into another, the last time perhaps not wholly.
const fn quotient(whole: i64, part: i64) -> i64 {
    whole / part + if whole % part == 0 { 0 } else { 1 }
}

/// From values to heights: zero at the bottom, the highest tick at the top.
#[derive(Clone, Copy, Debug)]
pub struct Scale {
    top: i64,
    height: f64,
}

impl Scale {
    /// A scale of this height up to `top`.
    #[must_use]
    pub const fn new(top: i64, height: f64) -> Self {
        Self { top: if top < 1 { 1 } else { top }, height }
    }

    /// How far from the top a value lies.
    #[must_use]
    pub fn y(&self, value: i64) -> f64 {
        round(self.height - self.length(value))
    }

    /// How long a bar of this value is; whatever is there at all is seen.
    #[must_use]
    pub fn length(&self, value: i64) -> f64 {
        let value = value.clamp(0, self.top);
        let length = self.height * (value as f64 / self.top as f64);
        if value > 0 { round(length.max(1.0)) } else { 0.0 }
    }
}

/// Two digits behind the point are finer than any screen.
fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

/// A share of the width, as SVG writes it.
fn percent(share: f64) -> String {
    format!("{}%", round(share * 100.0))
}

/// A share of a whole in percent, for words; nothing of nothing.
#[must_use]
pub fn share(part: i64, whole: i64) -> Option<i64> {
    // Halves are rounded up, and numbers are far below where multiplying would overflow.
    (whole > 0).then(|| (part.saturating_mul(200).saturating_add(whole)) / (whole.saturating_mul(2)))
}

/// Which of `count` columns bear a word below them, so that about `wanted` do, in steps of 1, 2 or 5 times a power of ten.
#[must_use]
pub fn labelled(count: usize, wanted: usize) -> Vec<usize> {
    let step = step(i64::try_from(count).unwrap_or(i64::MAX), i64::try_from(wanted).unwrap_or(1));
    let step = usize::try_from(step).unwrap_or(1).max(1);
    (0..count).step_by(step).collect()
}

/// The path of a line through values, in units of a box of this width and the scale's height.
#[must_use]
pub fn line(values: &[i64], width: f64, scale: &Scale, is_mirrored: bool) -> String {
    let points = points(values, width, scale, is_mirrored);
    let mut path = String::new();
    for (index, (x, y)) in points.iter().enumerate() {
        path.push_str(&format!("{}{x} {y}", if index == 0 { "M" } else { "L" }));
    }
    path
}

/// The path of the area below the line.
#[must_use]
pub fn area(values: &[i64], width: f64, scale: &Scale, is_mirrored: bool) -> String {
    let points = points(values, width, scale, is_mirrored);
    let (Some(first), Some(last)) = (points.first(), points.last()) else { return String::new() };
    let bottom = scale.y(0);
    format!("{}L{} {bottom}L{} {bottom}Z", line(values, width, scale, is_mirrored), last.0, first.0)
}

/// Each value in the middle of its column; one alone is drawn across the whole width.
fn points(values: &[i64], width: f64, scale: &Scale, is_mirrored: bool) -> Vec<(f64, f64)> {
    let across = |share: f64| round(width * if is_mirrored { 1.0 - share } else { share });
    if let [only] = values {
        return vec![(across(0.0), scale.y(*only)), (across(1.0), scale.y(*only))];
    }
    let count = values.len() as f64;
    values
        .iter()
        .zip(0_u32..)
        .map(|(value, index)| (across((f64::from(index) + 0.5) / count), scale.y(*value)))
        .collect()
}

/// A row of small columns without axes, for beside a number.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Spark {
    /// The columns.
    pub bars: Vec<Bar>,
    /// How high the picture is.
    pub height: u32,
}

/// Small columns of these values, up to `most`.
#[must_use]
pub fn spark(values: &[i64], most: i64, height: u32, is_mirrored: bool) -> Spark {
    let plot = Plot { top: most.max(1), height, is_mirrored };
    let bars = values.iter().map(|value| (*value, String::new())).collect::<Vec<_>>();
    Spark { bars: columns::bars(&bars, &plot), height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn ticks_are_round_and_reach_the_most() {
        for (most, steps, expected) in [
            (0, 4, vec![0, 1]),
            (1, 4, vec![0, 1]),
            (3, 4, vec![0, 1, 2, 3]),
            (4, 4, vec![0, 1, 2, 3, 4]),
            (7, 4, vec![0, 2, 4, 6, 8]),
            (17, 4, vec![0, 5, 10, 15, 20]),
            (40, 4, vec![0, 10, 20, 30, 40]),
            (41, 4, vec![0, 20, 40, 60]),
            (1234, 4, vec![0, 500, 1000, 1500]),
            (100_000, 5, vec![0, 20_000, 40_000, 60_000, 80_000, 100_000]),
        ] {
            assert_eq!(ticks(most, steps), expected, "{most}");
        }
    }

    #[test]
    fn values_become_heights() {
        let scale = Scale::new(200, 160.0);
        for (value, y, length) in [
            (0, 160.0, 0.0),
            (200, 0.0, 160.0),
            (50, 120.0, 40.0),
            (1, 159.0, 1.0),
            (-3, 160.0, 0.0),
            (900, 0.0, 160.0),
        ] {
            assert_eq!((scale.y(value), scale.length(value)), (y, length), "{value}");
        }
        assert_eq!(Scale::new(0, 100.0).length(0), 0.0);
    }

    #[test]
    fn a_line_goes_through_the_middle_of_each_column() {
        let scale = Scale::new(10, 100.0);
        assert_eq!(line(&[0, 5, 10], 600.0, &scale, false), "M100 100L300 50L500 0");
        assert_eq!(line(&[0, 5, 10], 600.0, &scale, true), "M500 100L300 50L100 0");
        assert_eq!(line(&[5], 600.0, &scale, false), "M0 50L600 50");
        assert_eq!(line(&[], 600.0, &scale, false), "");
        assert_eq!(area(&[0, 10], 100.0, &scale, false), "M25 100L75 0L75 100L25 100Z");
        assert_eq!(area(&[], 100.0, &scale, false), "");
    }

    #[test]
    fn shares_are_rounded_and_nothing_of_nothing_is_none() {
        for (part, whole, expected) in [
            (1, 3, Some(33)),
            (2, 3, Some(67)),
            (1, 200, Some(1)),
            (0, 5, Some(0)),
            (5, 5, Some(100)),
            (1, 0, None),
            (9, 6, Some(150)),
        ] {
            assert_eq!(share(part, whole), expected, "{part} of {whole}");
        }
        assert_eq!((percent(0.123_456), percent(1.0), percent(0.0)), ("12.35%".into(), "100%".into(), "0%".into()));
    }

    #[test]
    fn few_columns_bear_words() {
        for (count, expected) in [
            (0, vec![]),
            (1, vec![0]),
            (6, vec![0, 1, 2, 3, 4, 5]),
            (13, vec![0, 5, 10]),
            (92, vec![0, 20, 40, 60, 80]),
        ] {
            assert_eq!(labelled(count, 6), expected, "{count}");
        }
    }

    proptest! {
        #[test]
        fn ticks_are_few_even_and_high_enough(most in 0_i64..1_000_000_000, steps in 1_i64..9) {
            let ticks = ticks(most, steps);
            let step = ticks[1];
            prop_assert!(*ticks.last().expect("two at least") >= most && ticks.len() <= usize::try_from(steps).expect("few") + 1);
            prop_assert!(ticks.windows(2).all(|pair| pair[1] - pair[0] == step));
            let leading = step.to_string();
            prop_assert!(["1", "2", "5"].contains(&leading.trim_end_matches('0')));
        }

        #[test]
        fn everything_stays_inside_the_picture(values in proptest::collection::vec(0_i64..5000, 1..200), height in 20_u32..300) {
            let most = values.iter().copied().max().unwrap_or(0);
            let spark = spark(&values, most, height, false);
            prop_assert_eq!(spark.bars.len(), values.iter().filter(|value| **value > 0).count());
            for bar in &spark.bars {
                let number = |text: &str| text.trim_end_matches('%').parse::<f64>().expect("a number");
                let (x, width, y, tall) = (number(&bar.x), number(&bar.width), number(&bar.y), number(&bar.height));
                prop_assert!(x >= 0.0 && x + width <= 100.1 && width > 0.0, "{x} {width}");
                prop_assert!(y >= -0.01 && y + tall <= f64::from(height) + 0.02);
            }
        }
    }
}
