//! What applying a change of settings would do, before it is done.

use serde::Serialize;

use super::{Conversation, Queue};
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

/// What applying these rules to these conversations at an instant would do. It streams, and copies nothing.
pub fn preview<'a>(
    rules: &ChannelRules,
    conversations: impl IntoIterator<Item = &'a Conversation>,
    now: Instant,
) -> Preview {
    let mut preview = Preview::default();
    for conversation in conversations {
        let counts = match conversation.queue(now) {
            Some(Queue::New) => &mut preview.new,
            Some(Queue::Pending) => &mut preview.pending,
            Some(Queue::Resolved) => {
                preview.resolved = preview.resolved.saturating_add(1);
                continue;
            }
            None => continue,
        };
        let count = match conversation.applied(rules, now) {
            Applied::ResolvedAtOnce => &mut counts.resolved_at_once,
            Applied::OtherDeadline => &mut counts.other_deadline,
            Applied::Unchanged => &mut counts.unchanged,
        };
        *count = count.saturating_add(1);
    }
    preview
}
