//! Columns over time, and a line with a limit.

use super::{Scale, area, labelled, line, percent, ticks};
use serde::Serialize;

/// One column. Numbers are texts as SVG writes them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Bar {
    /// From the left, as a share of the width.
    pub x: String,
    /// From the top, in pixels.
    pub y: String,
    /// As a share of the width.
    pub width: String,
    /// In pixels.
    pub height: String,
    /// What a mouse shows; empty for none.
    pub title: String,
}

/// A number at the side, with a line across.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct YTick {
    /// From the top, in pixels.
    pub y: String,
    /// The number.
    pub label: String,
}

/// A word below a column.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct XTick {
    /// From the left, as a share of the width.
    pub x: String,
    /// Which end of the word is there: `start`, `middle` or `end`.
    pub anchor: &'static str,
    /// The word.
    pub label: String,
    /// Whether it is left out where there is little room.
    pub is_fine: bool,
}

/// A line across that nothing should pass.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// From the top, in pixels.
    pub y: String,
    /// What it stands for.
    pub label: String,
}

/// Columns, or a line, with what stands around them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
pub struct ColumnsChart {
    /// Its anchor.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// The same in a sentence with its numbers, for who does not see it.
    pub description: String,
    /// How high the picture without the words below is.
    pub height: u32,
    /// The numbers at the side.
    pub y_axis: Vec<YTick>,
    /// The words below.
    pub x_axis: Vec<XTick>,
    /// The columns; none where there is a line.
    pub bars: Vec<Bar>,
    /// The path of the line in a box of 1000 by `height`; empty where there are columns.
    pub line: String,
    /// The path of the area below it.
    pub area: String,
    /// The line that it should not pass.
    pub limit: Option<Limit>,
    /// Whether the numbers stand at the right.
    pub is_mirrored: bool,
}

/// How large a picture is and which way it runs.
#[derive(Clone, Copy, Debug)]
pub struct Plot {
    /// The value at the top.
    pub top: i64,
    /// The height in pixels.
    pub height: u32,
    /// Whether it runs from right to left.
    pub is_mirrored: bool,
}

/// Share of a column's place that stays empty.
const GAP: f64 = 0.25;
/// Units across of the box that lines are drawn in.
const WIDTH: f64 = 1000.0;
/// Height of charts.
const HEIGHT: u32 = 180;
/// Lines across, without the one at the bottom.
const LINES: i64 = 4;
/// Words below.
const WORDS: usize = 6;

/// What a chart of columns or a line is made from.
pub struct Series<'a> {
    /// Its anchor.
    pub id: &'static str,
    /// What it shows.
    pub title: String,
    /// The same in a sentence.
    pub description: String,
    /// Each value with the word below it, empty where none may stand, and what a mouse shows.
    pub values: &'a [(i64, String, String)],
    /// Whether it is a line rather than columns.
    pub is_line: bool,
    /// A limit with its words.
    pub limit: Option<(i64, String)>,
    /// Whether it runs from right to left.
    pub is_mirrored: bool,
}

/// Draws columns or a line. `number` writes the numbers at the side.
#[must_use]
pub fn columns(series: Series<'_>, number: impl Fn(i64) -> String) -> ColumnsChart {
    let values: Vec<i64> = series.values.iter().map(|value| value.0).collect();
    let most = values.iter().copied().chain(series.limit.as_ref().map(|limit| limit.0)).max().unwrap_or(0);
    let marks = ticks(most, LINES);
    let plot = Plot { top: marks.last().copied().unwrap_or(1), height: HEIGHT, is_mirrored: series.is_mirrored };
    let scale = Scale::new(plot.top, f64::from(HEIGHT));
    let titled: Vec<(i64, String)> = series.values.iter().map(|(value, _, title)| (*value, title.clone())).collect();
    ColumnsChart {
        id: series.id,
        title: series.title,
        description: series.description,
        height: HEIGHT,
        y_axis: marks.iter().map(|mark| YTick { y: scale.y(*mark).to_string(), label: number(*mark) }).collect(),
        x_axis: words(series.values, series.is_mirrored),
        bars: if series.is_line { Vec::new() } else { bars(&titled, &plot) },
        line: if series.is_line { line(&values, WIDTH, &scale, series.is_mirrored) } else { String::new() },
        area: if series.is_line { area(&values, WIDTH, &scale, series.is_mirrored) } else { String::new() },
        limit: series.limit.map(|(value, label)| Limit { y: scale.y(value).to_string(), label }),
        is_mirrored: series.is_mirrored,
    }
}

/// The columns of values that are not nought, each in the middle of its place.
pub(super) fn bars(values: &[(i64, String)], plot: &Plot) -> Vec<Bar> {
    let (place, scale) = (1.0 / values.len().max(1) as f64, Scale::new(plot.top, f64::from(plot.height)));
    let width = place * (1.0 - GAP);
    let numbered = values.iter().zip(0_u32..).filter(|((value, _), _)| *value > 0);
    numbered
        .map(|((value, title), index)| {
            let start = place * (f64::from(index) + GAP / 2.0);
            let x = if plot.is_mirrored { 1.0 - start - width } else { start };
            Bar {
                x: percent(x),
                y: scale.y(*value).to_string(),
                width: percent(width),
                height: scale.length(*value).to_string(),
                title: title.clone(),
            }
        })
        .collect()
}

/// The words below, those at the ends turned inwards so that they stay in the picture.
fn words(values: &[(i64, String, String)], is_mirrored: bool) -> Vec<XTick> {
    let count = values.len();
    let worded: Vec<usize> = (0..count).filter(|index| !values[*index].1.is_empty()).collect();
    labelled(worded.len(), WORDS)
        .into_iter()
        .filter_map(|place| worded.get(place).copied())
        .enumerate()
        .filter_map(|(number, index)| {
            let middle = (index as f64 + 0.5) / count as f64;
            let anchor = match index {
                _ if count == 1 => "middle",
                // In the middle of a wide column there is room on both sides.
                _ if count < 5 => "middle",
                0 => "start",
                _ if middle > 0.9 => "end",
                _ => "middle",
            };
            let shown = match anchor {
                "start" => 0.0,
                "end" => 1.0,
                _ => middle,
            };
            let x = percent(if is_mirrored { 1.0 - shown } else { shown });
            Some(XTick { x, anchor, label: values.get(index)?.1.clone(), is_fine: number % 2 == 1 })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(value: i64) -> (i64, String, String) {
        (value, format!("day {value}"), format!("{value} came"))
    }

    fn series(values: &[(i64, String, String)], is_line: bool, limit: Option<i64>, is_mirrored: bool) -> ColumnsChart {
        let (title, description) = ("Days".to_owned(), "By day".to_owned());
        let limit = limit.map(|limit| (limit, "places".to_owned()));
        columns(Series { id: "days", title, description, values, is_line, limit, is_mirrored }, |number| {
            number.to_string()
        })
    }

    #[test]
    fn columns_stand_beside_each_other_from_zero_to_the_highest_tick() {
        let chart = series(&[value(10), value(0), value(20)], false, None, false);
        let bars: Vec<_> =
            chart.bars.iter().map(|bar| [&bar.x, &bar.y, &bar.width, &bar.height].map(String::as_str)).collect();
        assert_eq!(bars, [["4.17%", "90", "25%", "90"], ["70.83%", "0", "25%", "180"]], "nought has no column");
        assert_eq!(
            chart.y_axis.iter().map(|tick| (tick.y.as_str(), tick.label.as_str())).collect::<Vec<_>>(),
            [("180", "0"), ("135", "5"), ("90", "10"), ("45", "15"), ("0", "20")]
        );
        assert_eq!(chart.bars[0].title, "10 came");
        let mirrored = series(&[value(10), value(0), value(20)], false, None, true);
        assert_eq!(mirrored.bars[0].x, "70.83%", "the first day stands at the right");
    }

    #[test]
    fn a_limit_stands_above_what_is_below_it() {
        let chart = series(&[value(10), value(40)], true, Some(100), false);
        assert_eq!((chart.bars.len(), chart.line.as_str()), (0, "M250 162L750 108"));
        assert_eq!(chart.limit.map(|limit| (limit.y, limit.label)), Some(("0".into(), "places".into())));
        let passed = series(&[value(90)], true, Some(45), false);
        assert_eq!(passed.limit.map(|limit| limit.y), Some("99".into()));
    }

    #[test]
    fn the_words_below_stay_in_the_picture() {
        let many: Vec<_> = (0..60).map(value).collect();
        let chart = series(&many, false, None, false);
        let words: Vec<_> = chart.x_axis.iter().map(|word| (word.x.as_str(), word.anchor, word.is_fine)).collect();
        assert_eq!(
            words,
            [
                ("0%", "start", false),
                ("17.5%", "middle", true),
                ("34.17%", "middle", false),
                ("50.83%", "middle", true),
                ("67.5%", "middle", false),
                ("84.17%", "middle", true)
            ]
        );
        let days: Vec<_> = (0..30)
            .map(|hour| (hour, if hour % 10 == 0 { format!("day {hour}") } else { String::new() }, String::new()))
            .collect();
        let chart = series(&days, false, None, false);
        assert_eq!(
            chart.x_axis.iter().map(|word| word.label.as_str()).collect::<Vec<_>>(),
            ["day 0", "day 10", "day 20"],
            "words stand where there are any"
        );
        let none = series(&[], false, None, false);
        assert!(none.bars.is_empty() && none.x_axis.is_empty() && none.y_axis.len() == 2);
    }
}
