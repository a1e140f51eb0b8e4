//! Many onboardings at once, for the provider.

use serde::Serialize;

use super::checklist::Item;
use super::{Onboarding, Status, Step};
use crate::decider::Party;
use crate::id::OnboardingId;
use crate::time::{Calendar, Expected, Instant};

/// What is overdue and what waits for us, over many onboardings: the longest wait first.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Overview {
    /// Reviews that have taken longer than is usual (`onboarding.duration`).
    pub overdue: Vec<Waiting>,
    /// Steps that wait for the provider.
    pub waits_for_us: Vec<Waiting>,
}

/// One step of one onboarding that waits for somebody.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub struct Waiting {
    /// Which onboarding.
    pub onboarding: OnboardingId,
    /// Which step.
    pub step: Step,
    /// For whom it waits.
    pub party: Party,
    /// Since when.
    pub since: Instant,
    /// When it was or is expected.
    pub expected: Option<Expected>,
    /// What is to be done.
    pub action: &'static str,
}

impl Overview {
    /// The overview of these onboardings at an instant. Those that have not started or were withdrawn are left out.
    ///
    /// ```
    /// use whatsapp_inbox::onboarding::{Onboarding, Overview};
    /// use whatsapp_inbox::time::{Calendar, Instant};
    ///
    /// let nothing = Overview::of(&[Onboarding::default()], &Calendar::default(), Instant::MIN);
    /// assert!(nothing.overdue.is_empty() && nothing.waits_for_us.is_empty());
    /// ```
    #[must_use]
    pub fn of<'o>(onboardings: impl IntoIterator<Item = &'o Onboarding>, calendar: &Calendar, now: Instant) -> Self {
        let mut overview = Self { overdue: Vec::new(), waits_for_us: Vec::new() };
        for onboarding in onboardings {
            let checklist = onboarding.checklist(calendar, now);
            let Some(id) = checklist.onboarding.filter(|_| checklist.withdrawn_at.is_none()) else { continue };
            for item in &checklist.items {
                let Some(waiting) = waiting(id, item) else { continue };
                if item.overdue {
                    overview.overdue.push(waiting);
                } else if waiting.party == Party::Provider {
                    overview.waits_for_us.push(waiting);
                }
            }
        }
        overview.overdue.sort_by_key(|waiting| (waiting.since, waiting.onboarding, waiting.step));
        overview.waits_for_us.sort_by_key(|waiting| (waiting.since, waiting.onboarding, waiting.step));
        overview
    }
}

fn waiting(onboarding: OnboardingId, item: &Item) -> Option<Waiting> {
    let since = match item.status {
        Status::Open { since } | Status::InReview { since, .. } | Status::NeedsAttention { since, .. } => since,
        Status::Locked { .. } | Status::Done { .. } => return None,
    };
    let action = item.mends.unwrap_or(item.title);
    Some(Waiting { onboarding, step: item.step, party: item.waits_for?, since, expected: item.expected, action })
}
