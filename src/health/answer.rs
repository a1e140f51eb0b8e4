//! The two answers, with their reasons.

use serde::Serialize;

use super::topic::Kept;
use super::{Axis, Effect, Fact, Remedy};
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
    /// Since when. Of a ban that was scheduled, and whose date has come, since that date.
    pub since: Instant,
    /// Until when, where Meta says: then it ends by itself.
    pub until: Option<Instant>,
    /// From when on nothing works, where Meta says: then a ban begins by itself.
    pub stops_from: Option<Instant>,
    /// What an admin should do.
    pub remedy: Remedy,
}

impl Reason {
    /// Why a fact does something to an axis at an instant, if it does.
    pub(super) fn of(kept: &Kept, axis: Axis, now: Instant) -> Option<Self> {
        let effect = Effect::at(&kept.fact, axis, now)?;
        let (mut since, mut until, mut stops_from) = (kept.since, None, None);
        match (&kept.fact, kept.fact.changes_at()) {
            (Fact::Ban { .. }, Some(date)) if date <= now => since = date,
            (Fact::Ban { .. }, date) => stops_from = date,
            (_, end) => until = end,
        }
        let (fact, remedy) = (kept.fact.clone(), Remedy::of(&kept.fact));
        Some(Self { fact, effect, since, until, stops_from, remedy })
    }
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
