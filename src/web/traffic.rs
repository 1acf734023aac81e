//! Counting answers and how long they took, by additions only.

use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Duration;

/// Upper ends of the buckets, in seconds.
pub const BUCKETS: [f64; 11] = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0];
/// Classes of answers, by the first digit of the status.
const CLASSES: usize = 6;

/// Answers of one process since its start.
#[derive(Debug, Default)]
pub struct Traffic {
    classes: [AtomicU64; CLASSES],
    /// One more than there are ends: whatever took longer.
    buckets: [AtomicU64; BUCKETS.len() + 1],
    microseconds: AtomicU64,
}

/// Answers as they were counted at one moment.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Counted {
    /// By the first digit of the status.
    pub classes: [u64; CLASSES],
    /// So many took no longer than each end of [`BUCKETS`], and all of them.
    pub within: [u64; BUCKETS.len() + 1],
    /// All of them together, in seconds.
    pub seconds: f64,
}

impl Traffic {
    /// Counts an answer.
    pub fn note(&self, status: u16, took: Duration) {
        let class = usize::from(status / 100).min(CLASSES - 1);
        let seconds = took.as_secs_f64();
        let bucket = BUCKETS.iter().position(|end| seconds <= *end).unwrap_or(BUCKETS.len());
        self.classes[class].fetch_add(1, Ordering::Relaxed);
        self.buckets[bucket].fetch_add(1, Ordering::Relaxed);
        self.microseconds.fetch_add(u64::try_from(took.as_micros()).unwrap_or(u64::MAX), Ordering::Relaxed);
    }

    /// What was counted so far.
    #[must_use]
    pub fn counted(&self) -> Counted {
        let mut counted = Counted::default();
        for (index, class) in self.classes.iter().enumerate() {
            counted.classes[index] = class.load(Ordering::Relaxed);
        }
        let mut sum = 0;
        for (index, bucket) in self.buckets.iter().enumerate() {
            sum += bucket.load(Ordering::Relaxed);
            counted.within[index] = sum;
        }
        counted.seconds = Duration::from_micros(self.microseconds.load(Ordering::Relaxed)).as_secs_f64();
        counted
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn answers_are_counted_by_class_and_by_how_long_they_took() {
        let traffic = Traffic::default();
        for (status, milliseconds) in [(200, 4), (204, 5), (303, 30), (404, 200), (503, 20_000), (999, 0)] {
            traffic.note(status, Duration::from_millis(milliseconds));
        }
        let counted = traffic.counted();
        assert_eq!(counted.classes, [0, 0, 2, 1, 1, 2]);
        assert_eq!(counted.within, [3, 3, 3, 4, 4, 5, 5, 5, 5, 5, 5, 6]);
        assert!((counted.seconds - 20.239).abs() < 0.001);
    }
}
