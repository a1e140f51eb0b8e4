//! Time that a test pushes.

use std::sync::atomic::{AtomicI64, Ordering};

use crate::time::Instant;

/// A clock that stands still until it is pushed. Tasks and threads may share it.
///
/// ```
/// use whatsapp_inbox::testing::{Clock, sample};
///
/// let clock = Clock::at(sample::begin());
/// clock.push_minutes(10);
/// assert_eq!(clock.now().to_string(), "2026-01-05T09:10:00.000Z");
/// ```
#[derive(Debug)]
pub struct Clock(AtomicI64);

impl Clock {
    /// A clock that stands at an instant.
    #[must_use]
    pub const fn at(instant: Instant) -> Self {
        Self(AtomicI64::new(instant.unix_millis()))
    }

    /// Where it stands.
    #[must_use]
    pub fn now(&self) -> Instant {
        Instant::from_unix_millis(self.0.load(Ordering::SeqCst)).unwrap_or(Instant::MAX)
    }

    /// Sets it, also back.
    pub fn set(&self, instant: Instant) {
        self.0.store(instant.unix_millis(), Ordering::SeqCst);
    }

    /// Pushes it.
    pub fn push_seconds(&self, seconds: u32) {
        self.push_millis(i64::from(seconds).saturating_mul(1000));
    }

    /// Pushes it.
    pub fn push_minutes(&self, minutes: u32) {
        self.push_millis(i64::from(minutes).saturating_mul(60_000));
    }

    /// Pushes it.
    pub fn push_days(&self, days: u32) {
        self.push_millis(i64::from(days).saturating_mul(86_400_000));
    }

    /// Pushes it, or back where negative, at most to the ends of time.
    pub fn push_millis(&self, millis: i64) {
        let pushed =
            |at: i64| Some(at.saturating_add(millis).clamp(Instant::MIN.unix_millis(), Instant::MAX.unix_millis()));
        let _before = self.0.fetch_update(Ordering::SeqCst, Ordering::SeqCst, pushed);
    }
}
