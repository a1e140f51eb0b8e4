//! When something is due, and what holds at an instant whether or not anybody called.

use serde::{Deserialize, Serialize};

use super::state::{Place, Stay};
use super::{Conversation, Queue};
use crate::id::UserId;
use crate::time::Instant;

/// So long after signing out an owner loses what is in New.
const SIGN_OUT_MINUTES: u32 = 2;
/// So often a warning is tried (`conversation.warn`).
pub(super) const WARNING_TRIES: u8 = 3;
/// So long after a failure it is tried again (ours).
const RETRY_MINUTES: u32 = 1;
/// So long an answer is waited for before a try counts as failed (ours).
const ANSWER_MINUTES: u32 = 10;

/// How far the warning before the close is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schemars", derive(schemars::JsonSchema))]
#[non_exhaustive]
pub enum Warning {
    /// None has been tried.
    #[default]
    None,
    /// It was given to the transport, and no answer has come.
    Begun {
        /// The number of the attempt within the conversation.
        attempt: u32,
        /// Which try it is, from 1.
        try_number: u8,
        /// When.
        at: Instant,
    },
    /// It could not be sent.
    Failed {
        /// Which try it was, from 1.
        try_number: u8,
        /// When.
        at: Instant,
    },
    /// It was sent.
    Sent {
        /// When.
        at: Instant,
    },
    /// It could not be: the 24-hour window was shut and no template is set. The close is silent.
    Skipped,
}

/// What is due for a conversation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Due {
    /// It wakes from its snooze.
    Wake,
    /// Its owner signed out and loses it.
    Release { owner: UserId },
    /// The customer is warned, for the first time or again.
    Warn { try_number: u8 },
    /// No answer to a warning has come.
    Unanswered { attempt: u32, try_number: u8 },
    /// It resolves by itself.
    Resolve,
}

impl Stay {
    /// The deadline: the later of the entry and the last message, plus the window (`conversation.deadline`).
    fn deadline(&self, last_message: Option<Instant>) -> Option<Instant> {
        let from = last_message.map_or(self.entered, |at| at.max(self.entered));
        Some(from.plus_minutes(self.given.window?.in_minutes()))
    }

    /// What becomes due first of warning and close, and when. A warning that was tried and failed holds the close.
    pub(super) fn closing(&self, last_message: Option<Instant>, now: Instant) -> Option<(Instant, Due)> {
        let deadline = self.deadline(last_message)?;
        Some(match (self.warning, self.given.warn_before_minutes) {
            (Warning::None, Some(before)) if before == 0 || now < deadline => (
                deadline.shifted_minutes(i64::from(before).saturating_neg()).max(self.entered),
                Due::Warn { try_number: 1 },
            ),
            (Warning::Begun { attempt, try_number, at }, _) => {
                (at.plus_minutes(ANSWER_MINUTES), Due::Unanswered { attempt, try_number })
            }
            (Warning::Failed { try_number, at }, _) if try_number < WARNING_TRIES => {
                (at.plus_minutes(RETRY_MINUTES), Due::Warn { try_number: try_number.saturating_add(1) })
            }
            // A warning that held the close went out after the deadline: the customer has the same time to answer it.
            (Warning::Sent { at }, before) if at >= deadline => {
                (at.plus_minutes(before.unwrap_or_default()), Due::Resolve)
            }
            _ => (deadline, Due::Resolve),
        })
    }
}

impl Conversation {
    /// Where it is at an instant: after its deadline in Resolved, after a snooze in New, whether or not anybody called.
    ///
    /// A conversation whose snooze ended long ago, and that nobody has called since, is in New here: how long it may stay there
    /// the channel's rules say, which this does not know. [`as_of`](Self::as_of) does, as do every decision and every
    /// [sweep](super::sweep()). What was before its last event cannot be asked for.
    #[must_use]
    pub fn queue(&self, now: Instant) -> Option<Queue> {
        let recorded = self.recorded_queue()?;
        Some(match self.ending(now).filter(|(at, _)| *at <= now) {
            Some((_, Due::Resolve)) => Queue::Resolved,
            Some((_, Due::Wake)) => Queue::New,
            _ => recorded,
        })
    }

    /// Who owns it at an instant. Nobody in Resolved, ever (`conversation.resolve-unassigns`). After a snooze that ended long ago
    /// it knows as little as [`queue`](Self::queue).
    #[must_use]
    pub fn owner(&self, now: Instant) -> Option<UserId> {
        let owner = self.stay()?.owner?;
        let resolved = self.queue(now) == Some(Queue::Resolved);
        let released = self.release_at().is_some_and(|(at, _)| at <= now);
        (!resolved && !released).then_some(owner.user)
    }

    /// When it resolves by itself, unless a message comes or somebody does something. Nothing where it has no window, is
    /// snoozed, has woken without being told so, or is resolved.
    #[must_use]
    pub fn deadline(&self) -> Option<Instant> {
        let stay = self.stay().filter(|stay| stay.snoozed_until.is_none())?;
        stay.deadline(self.last_message)
    }

    /// Until when it is snoozed, if it is at this instant.
    #[must_use]
    pub fn snoozed_until(&self, now: Instant) -> Option<Instant> {
        self.stay()?.snoozed_until.filter(|until| now < *until)
    }

    /// How far the warning before the close is.
    #[must_use]
    pub fn warning(&self) -> Warning {
        self.stay().map(|stay| stay.warning).unwrap_or_default()
    }

    /// When something is due next.
    pub(super) fn next_due(&self) -> Option<Instant> {
        self.next(Instant::MIN).map(|(at, _)| at)
    }

    /// What is due first at an instant, and since when.
    pub(super) fn due(&self, now: Instant) -> Option<(Instant, Due)> {
        self.next(now).filter(|(at, _)| *at <= now)
    }

    /// What is due first at an instant and needs nobody to be told: all but warnings.
    pub(super) fn due_silently(&self, now: Instant) -> Option<(Instant, Due)> {
        let ending = self.ending(now).filter(|(_, due)| matches!(due, Due::Wake | Due::Resolve));
        earlier(ending, self.release()).filter(|(at, _)| *at <= now)
    }

    /// What becomes due first, and when. A warning counts as missed once its deadline has passed.
    fn next(&self, now: Instant) -> Option<(Instant, Due)> {
        earlier(self.ending(now), self.release())
    }

    /// What ends its stay, or warns of that, and when.
    fn ending(&self, now: Instant) -> Option<(Instant, Due)> {
        let stay = self.stay()?;
        match stay.snoozed_until {
            Some(until) => Some((until, Due::Wake)),
            None => stay.closing(self.last_message, now),
        }
    }

    fn release(&self) -> Option<(Instant, Due)> {
        self.release_at().map(|(at, owner)| (at, Due::Release { owner }))
    }

    /// `conversation.sign-out`: in New, two minutes after the owner signed out; in Pending not before it wakes into New.
    fn release_at(&self) -> Option<(Instant, UserId)> {
        let owner = self.stay()?.owner?;
        let two_minutes_later = owner.signed_out_at?.plus_minutes(SIGN_OUT_MINUTES);
        match &self.place {
            Place::New(_) => Some((two_minutes_later, owner.user)),
            Place::Pending(stay) => Some((stay.snoozed_until?.max(two_minutes_later), owner.user)),
            Place::Nowhere | Place::Resolved { .. } => None,
        }
    }
}

/// The earlier of the two, and of two at the same instant what ends a stay.
fn earlier(ending: Option<(Instant, Due)>, release: Option<(Instant, Due)>) -> Option<(Instant, Due)> {
    [ending, release].into_iter().flatten().min_by_key(|(at, _)| *at)
}
