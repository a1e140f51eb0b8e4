//! What applying a change of settings would do, before it is done.

use serde::Serialize;

use super::deadline::Due;
use super::state::Stay;
use super::{Change, Conversation, Kind, Queue, Warning};
use crate::decider::ChannelRules;
use crate::time::Instant;

/// What applying settings does to one conversation (`settings.auto-resolve-apply`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[expect(clippy::exhaustive_enums, reason = "it resolves, gets another deadline, or stays")]
pub enum Applied {
    /// Its new deadline has passed.
    ResolvedAtOnce,
    /// It gets another deadline, or none any more.
    OtherDeadline,
    /// It stays as it is.
    Unchanged,
}

/// How many conversations of a queue applying settings would touch, and how.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[non_exhaustive]
pub struct Counts {
    /// These would be resolved at once.
    pub resolved_at_once: u64,
    /// These would get another deadline, or none any more.
    pub other_deadline: u64,
    /// These would stay as they are.
    pub unchanged: u64,
}

/// What applying settings to many conversations would do, by queue.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize)]
#[non_exhaustive]
pub struct Preview {
    /// Of those in New.
    pub new: Counts,
    /// Of those in Pending.
    pub pending: Counts,
    /// So many are resolved already, and stay.
    pub resolved: u64,
}

/// What applying these rules to these conversations at an instant would do, after what is due there by then anyway: what that
/// resolves counts as resolved already. What is snoozed stays as it is; it takes the rules that hold when it wakes.
///
/// It streams, and copies nothing but what is due.
pub fn preview<'a>(
    rules: &ChannelRules,
    conversations: impl IntoIterator<Item = &'a Conversation>,
    now: Instant,
) -> Preview {
    let mut preview = Preview::default();
    for conversation in conversations {
        let (queue, applied) = conversation.applying(rules, now);
        let counts = match queue {
            Some(Queue::New) => &mut preview.new,
            Some(Queue::Pending) => &mut preview.pending,
            Some(Queue::Resolved) => {
                preview.resolved = preview.resolved.saturating_add(1);
                continue;
            }
            None => continue,
        };
        let count = match applied {
            Applied::ResolvedAtOnce => &mut counts.resolved_at_once,
            Applied::OtherDeadline => &mut counts.other_deadline,
            Applied::Unchanged => &mut counts.unchanged,
        };
        *count = count.saturating_add(1);
    }
    preview
}

impl Conversation {
    /// What applying these rules would do to it at an instant, as [`Command::ApplySettings`](super::Command::ApplySettings) then
    /// does, after what is due by then anyway.
    #[must_use]
    pub fn applied(&self, rules: &ChannelRules, now: Instant) -> Applied {
        self.applying(rules, now).1
    }

    /// The same, with the queue that it is in before.
    fn applying(&self, rules: &ChannelRules, now: Instant) -> (Option<Queue>, Applied) {
        let settled = self.settled(Kind::ApplySettings, now, rules).1;
        let conversation = settled.as_ref().unwrap_or(self);
        let applied = match (conversation.apply(rules).first(), conversation.stay()) {
            (Some(Change::GivenWindow { given }), Some(stay)) => {
                let applied = Stay { given: *given, warning: Warning::None, ..*stay };
                match applied.closing(conversation.last_message(), now) {
                    Some((at, Due::Resolve)) if at <= now => Applied::ResolvedAtOnce,
                    _ => Applied::OtherDeadline,
                }
            }
            _ => Applied::Unchanged,
        };
        (conversation.recorded_queue(), applied)
    }

    /// It as it is at an instant under these rules, with everything done that is due by then, but for warnings: what
    /// [`queue`](Self::queue), [`owner`](Self::owner) and [`deadline`](Self::deadline) tell of it then is what a decision would
    /// begin with, also where a snooze ended long ago and nobody has called since.
    #[must_use]
    pub fn as_of(&self, rules: &ChannelRules, now: Instant) -> Self {
        self.settled(Kind::ApplySettings, now, rules).1.unwrap_or_else(|| self.clone())
    }
}
