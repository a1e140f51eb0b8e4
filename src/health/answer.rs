//! The two answers, with their reasons.

use serde::Serialize;

use super::{Effect, Fact, Remedy};
use crate::time::Instant;

/// Whether an axis works, and why not.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Answer {
    /// The gravest effect; none where all works and nothing warns.
    pub effect: Option<Effect>,
    /// Every reason, the gravest first, and of equal ones the oldest.
    pub reasons: Vec<Reason>,
}

/// Why an axis does not work, or may not for long.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Reason {
    /// What is so.
    pub fact: Fact,
    /// What it does.
    pub effect: Effect,
    /// Since when.
    pub since: Instant,
    /// Until when, where Meta says: then it ends by itself.
    pub until: Option<Instant>,
    /// What an admin should do.
    pub remedy: Remedy,
}

impl Answer {
    /// Whether all works, with warnings or without.
    #[must_use]
    pub fn is_yes(&self) -> bool {
        self.effect < Some(Effect::Limits)
    }

    /// Whether nothing works.
    #[must_use]
    pub fn is_no(&self) -> bool {
        self.effect == Some(Effect::Stops)
    }
}
