//! Limits on how often something may happen, counted by this process.

use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::hash::Hash;
use std::num::NonZeroU32;

/// At most so many a minute for each key, with that many at once; none when switched off.
///
/// Each process counts for itself: several behind one address let through that many times more.
pub struct PerMinute<K: Hash + Eq + Clone>(Option<DefaultKeyedRateLimiter<K>>);

impl<K: Hash + Eq + Clone> PerMinute<K> {
    /// `limit` a minute; 0 switches the limit off.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self(NonZeroU32::new(limit).map(|limit| RateLimiter::keyed(Quota::per_minute(limit))))
    }

    /// Counts one more for `key`.
    ///
    /// # Errors
    /// Seconds until the next may come, when it is too much.
    pub fn take(&self, key: &K) -> Result<(), u64> {
        let Some(limiter) = &self.0 else { return Ok(()) };
        // Keys of visitors long gone must not fill the memory.
        if limiter.len() > 100_000 {
            limiter.retain_recent();
        }
        limiter.check_key(key).map_err(|wait| wait.wait_time_from(DefaultClock::default().now()).as_secs() + 1)
    }
}
