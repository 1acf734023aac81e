//! What many scores come to: pure arithmetic.

use super::review::{Criterion, Scores};

/// Several numbers in short.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Summary {
    /// How many there are, one at least.
    pub count: usize,
    /// Their mean.
    pub mean: f64,
    /// The middle one, or the mean of the two in the middle.
    pub median: f64,
    /// How far they lie apart: the standard deviation of these numbers themselves.
    pub spread: f64,
}

impl Summary {
    /// Several numbers in short; nothing where there are none.
    #[must_use]
    pub fn of(values: &[f64]) -> Option<Self> {
        let mut sorted = values.to_vec();
        sorted.sort_by(f64::total_cmp);
        let (least, greatest) = (*sorted.first()?, *sorted.last()?);
        let count = sorted.len();
        let number = count as f64;
        // Rounding never leads out of what was given.
        let mean = (sorted.iter().sum::<f64>() / number).clamp(least, greatest);
        let middle = sorted[count / 2];
        let median = if count % 2 == 1 { middle } else { f64::midpoint(sorted[count / 2 - 1], middle) };
        let squares: f64 = sorted.iter().map(|value| (value - mean).powi(2)).sum();
        let spread = if least < greatest { (squares / number).sqrt() } else { 0.0 };
        Some(Self { count, mean, median, spread })
    }
}

/// What one review gives in total, from 0 to 100: each score by where it lies on its scale, criteria by their weights.
/// Only criteria that were scored count; nothing where none was.
#[must_use]
pub fn total(criteria: &[Criterion], scores: &Scores) -> Option<f64> {
    let mut weighted = 0.0;
    let mut weights = 0.0;
    for criterion in criteria {
        let Some(score) = scores.of(criterion) else { continue };
        let span = f64::from(criterion.highest) - f64::from(criterion.lowest);
        let weight = f64::from(criterion.weight);
        if span > 0.0 && weight > 0.0 {
            let share = ((f64::from(score) - f64::from(criterion.lowest)) / span).clamp(0.0, 1.0);
            weighted += weight * share;
            weights += weight;
        }
    }
    (weights > 0.0).then(|| (100.0 * weighted / weights).clamp(0.0, 100.0))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::db::{CriterionId, EventId};
    use crate::i18n::Localized;
    use proptest::prelude::*;

    fn criterion(weight: i32, (lowest, highest): (i32, i32)) -> Criterion {
        let now = crate::db::UtcTime::of_machine();
        Criterion {
            id: CriterionId::new(),
            event_id: EventId::new(),
            name: Localized::new(),
            help: Localized::new(),
            weight,
            lowest,
            highest,
            position: 1,
            version: 1,
            created_at: now,
            updated_at: now,
        }
    }

    fn scores(given: &[(&Criterion, i32)]) -> Scores {
        Scores(given.iter().map(|(criterion, score)| (criterion.id.to_string(), *score)).collect())
    }

    #[test]
    fn numbers_known_by_heart() {
        assert_eq!(Summary::of(&[]), None);
        let of =
            |values: &[f64]| Summary::of(values).map(|found| (found.count, found.mean, found.median, found.spread));
        assert_eq!(of(&[3.0]), Some((1, 3.0, 3.0, 0.0)));
        assert_eq!(of(&[5.0, 1.0]), Some((2, 3.0, 3.0, 2.0)));
        assert_eq!(of(&[2.0, 4.0, 4.0, 4.0, 5.0, 5.0, 7.0, 9.0]), Some((8, 5.0, 4.5, 2.0)));
    }

    #[test]
    fn scales_and_weights_decide_the_total() {
        let (idea, style) = (criterion(3, (1, 5)), criterion(1, (0, 10)));
        let criteria = [idea.clone(), style.clone()];
        assert_eq!(total(&criteria, &scores(&[(&idea, 5), (&style, 0)])), Some(75.0));
        assert_eq!(total(&criteria, &scores(&[(&idea, 1), (&style, 10)])), Some(25.0));
        assert_eq!(total(&criteria, &scores(&[(&style, 5)])), Some(50.0), "what was not asked yet does not count");
        assert_eq!(total(&criteria, &Scores::default()), None);
    }

    proptest! {
        #[test]
        fn a_summary_lies_among_its_numbers(values in prop::collection::vec(-1000.0..1000.0f64, 1..40)) {
            let found = Summary::of(&values).expect("numbers");
            let least = values.iter().copied().fold(f64::INFINITY, f64::min);
            let greatest = values.iter().copied().fold(f64::NEG_INFINITY, f64::max);
            for middle in [found.mean, found.median] {
                prop_assert!(least <= middle && middle <= greatest);
            }
            prop_assert!(found.spread >= 0.0 && found.spread <= (greatest - least) / 2.0 + 1e-9);
            let below = values.iter().filter(|value| **value < found.median).count();
            let above = values.iter().filter(|value| **value > found.median).count();
            prop_assert!(below <= values.len() / 2 && above <= values.len() / 2);
        }

        #[test]
        fn order_does_not_matter_and_moving_all_moves_the_middle(
            values in prop::collection::vec(-100i32..100, 1..20), by in -50i32..50,
        ) {
            let floats = |by: i32| values.iter().map(|value| f64::from(value + by)).collect::<Vec<_>>();
            let found = Summary::of(&floats(0)).expect("numbers");
            let mut reversed = floats(0);
            reversed.reverse();
            prop_assert_eq!(Summary::of(&reversed), Some(found));
            let moved = Summary::of(&floats(by)).expect("numbers");
            prop_assert!((moved.mean - found.mean - f64::from(by)).abs() < 1e-9);
            prop_assert!((moved.median - found.median - f64::from(by)).abs() < 1e-9);
            prop_assert!((moved.spread - found.spread).abs() < 1e-9);
        }

        #[test]
        fn a_total_grows_with_each_score_and_weights_count_by_proportion(
            given in prop::collection::vec((1i32..10, 0i32..10), 1..6), better in 0usize..6, times in 1i32..5,
        ) {
            let criteria: Vec<Criterion> = given.iter().map(|(weight, _)| criterion(*weight, (0, 10))).collect();
            let mut pairs: Vec<(&Criterion, i32)> = criteria.iter().zip(given.iter().map(|(_, score)| *score)).collect();
            let before = total(&criteria, &scores(&pairs)).expect("a total");
            prop_assert!((0.0..=100.0).contains(&before));
            let heavier: Vec<Criterion> =
                criteria.iter().map(|one| Criterion { weight: one.weight * times, ..one.clone() }).collect();
            prop_assert!((total(&heavier, &scores(&pairs)).expect("a total") - before).abs() < 1e-9);
            let index = better % pairs.len();
            pairs[index].1 += 1;
            prop_assert!(total(&criteria, &scores(&pairs)).expect("a total") > before);
        }
    }
}
