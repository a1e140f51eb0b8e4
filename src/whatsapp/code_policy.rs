//! How often a code may be guessed and sent.

use std::num::NonZeroU8;

use serde::{Deserialize, Serialize};

/// How often a verification code may be guessed and sent (`onboarding.code-guesses`).
///
/// A change binds the next entry and the next request; what was counted and locked before stays as it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[non_exhaustive]
pub struct CodePolicy {
    /// So many wrong entries spend a code: 5.
    pub guesses_per_code: NonZeroU8,
    /// So many codes spent by guessing lock the number: 3.
    pub codes_before_lock: NonZeroU8,
    /// For so many hours it is locked: 12.
    pub lock_hours: u16,
    /// So many codes may be asked for in one window: 5.
    pub sends: NonZeroU8,
    /// The length of that window in minutes: 10.
    pub sends_window_minutes: u16,
}

impl Default for CodePolicy {
    fn default() -> Self {
        let five = NonZeroU8::MIN.saturating_add(4);
        Self {
            guesses_per_code: five,
            codes_before_lock: NonZeroU8::MIN.saturating_add(2),
            lock_hours: 12,
            sends: five,
            sends_window_minutes: 10,
        }
    }
}
