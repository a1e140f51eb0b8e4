//! The two answers, with their reasons.

use std::fmt;

use serde::Serialize;

use super::topic::Kept;
use super::{Axis, Effect, Fact, Remedy};
use crate::time::Instant;

/// Whether an axis works, and why not. Displayed it is one sentence with every reason.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Answer {
    /// What it is about.
    pub axis: Axis,
    /// The gravest effect; none where all works and nothing warns.
    pub effect: Option<Effect>,
    /// Every reason, the gravest first, and of equal ones the oldest.
    pub reasons: Vec<Reason>,
}

/// Why an axis does not work, or may not for long. Displayed it says what is so, since when, until when, and what to do.
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

    /// Whether some of it works, and not all.
    #[must_use]
    pub fn is_limited(&self) -> bool {
        self.effect == Some(Effect::Limits)
    }

    /// Whether nothing works.
    #[must_use]
    pub fn is_no(&self) -> bool {
        self.effect == Some(Effect::Stops)
    }
}

/// As in `nothing can be sent: account deleted since 2026-01-05T09:00:00.000Z, so bring a number onto WhatsApp anew`.
impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match (self.axis, self.effect) {
            (Axis::Send, None) => "all can be sent",
            (Axis::Send, Some(Effect::Warns)) => "all can be sent, and perhaps not for long",
            (Axis::Send, Some(Effect::Limits)) => "not all can be sent",
            (Axis::Send, Some(Effect::Stops)) => "nothing can be sent",
            (Axis::Receive, None) => "all comes in",
            (Axis::Receive, Some(Effect::Warns)) => "all comes in, and perhaps not for long",
            (Axis::Receive, Some(Effect::Limits)) => "not all comes in",
            (Axis::Receive, Some(Effect::Stops)) => "nothing comes in",
        })?;
        for (place, reason) in self.reasons.iter().enumerate() {
            write!(f, "{} {reason}", if place == 0 { ":" } else { ";" })?;
        }
        Ok(())
    }
}

/// As in `restriction RESTRICTED_BIZ_INITIATED_MESSAGING since 2026-01-05T09:00:00.000Z until 2026-01-08T09:00:00.000Z, so wait: it
/// ends by itself`.
impl fmt::Display for Reason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} since {}", self.fact, self.since)?;
        if let Some(until) = self.until {
            write!(f, " until {until}")?;
        }
        if let Some(date) = self.stops_from {
            write!(f, ", in force from {date} on")?;
        }
        write!(f, ", so {}", self.remedy)
    }
}
