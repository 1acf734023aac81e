//! Limits on how often something may happen, counted by this process.

use crate::web::Failure;
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use std::collections::HashMap;
use std::hash::Hash;
use std::num::NonZeroU32;
use std::sync::{Arc, Mutex, PoisonError};

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

/// At most so many things at the same time for each key, such as open streams of one address.
pub struct AtOnce<K: Hash + Eq + Clone> {
    limit: u32,
    taken: Arc<Mutex<HashMap<K, u32>>>,
}

/// One place taken; dropping it gives it back.
pub struct Place<K: Hash + Eq + Clone> {
    key: K,
    taken: Arc<Mutex<HashMap<K, u32>>>,
}

impl<K: Hash + Eq + Clone> AtOnce<K> {
    /// `limit` at once; 0 switches the limit off.
    #[must_use]
    pub fn new(limit: u32) -> Self {
        Self { limit, taken: Arc::default() }
    }

    /// Takes a place for `key`.
    ///
    /// # Errors
    /// [`Failure::TooMany`] when all are taken.
    pub fn take(&self, key: K) -> Result<Place<K>, Failure> {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let count = taken.entry(key.clone()).or_insert(0);
        if self.limit > 0 && *count >= self.limit {
            return Err(Failure::TooMany(RETRY_SECONDS));
        }
        *count += 1;
        Ok(Place { key, taken: Arc::clone(&self.taken) })
    }
}

/// When to ask again for a place: nobody knows when one becomes free.
const RETRY_SECONDS: u64 = 30;

impl<K: Hash + Eq + Clone> Drop for Place<K> {
    fn drop(&mut self) {
        let mut taken = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = taken.get_mut(&self.key) {
            *count -= 1;
            if *count == 0 {
                taken.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_given_back_can_be_taken_again() {
        let places = AtOnce::new(2);
        let (one, _other) = (places.take("a"), places.take("a"));
        assert!(one.is_ok() && places.take("a").is_err() && places.take("b").is_ok());
        drop(one);
        assert!(places.take("a").is_ok());
        let without_limit = AtOnce::new(0);
        let all: Vec<_> = (0..100).map(|_| without_limit.take("a")).collect();
        assert!(all.iter().all(Result::is_ok));
    }
}
