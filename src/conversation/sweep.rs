//! What is due among many conversations.

use super::{Command, Conversation, Event};
use crate::decider::{Actor, Context, Decider};
use crate::id::ConversationId;
use crate::time::Instant;

/// After so many rows the caller is told how far a sweep is.
const PROGRESS_ROWS: u64 = 1 << 16;

/// What a sweep did to one conversation.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Swept {
    /// Which conversation.
    pub conversation: ConversationId,
    /// What happened to it, for the host to commit.
    pub events: Vec<Event>,
}

/// Does what is due in these conversations at the context's instant, and says what it did.
///
/// It streams: nothing is copied but what is due, and nothing is done before the iterator is asked for it. The actor of what
/// happens is the system (`conversation.auto-resolve`); sweeping in any batches, order and repetition resolves the same set.
/// `progress` is told the number of rows looked at, every 65,536 rows.
///
/// The conversations are those of one channel, whose rules the context carries
/// ([`Context::with_channel`]): what wakes from a snooze takes its window from them.
pub fn sweep<'a>(
    conversations: impl IntoIterator<Item = &'a Conversation>,
    context: &'a Context<'a>,
    mut progress: impl FnMut(u64),
) -> impl Iterator<Item = Swept> {
    let context = Context { actor: Actor::System, ..*context };
    let mut rows: u64 = 0;
    conversations.into_iter().filter_map(move |conversation| {
        rows = rows.wrapping_add(1);
        if rows & (PROGRESS_ROWS - 1) == 0 {
            progress(rows);
        }
        conversation.due(context.now)?;
        let events = conversation.decide(Command::Tick, &context).ok()?;
        Some(Swept { conversation: conversation.id()?, events })
    })
}

/// The rows whose deadline has come, of rows as a host keeps them: whatever they are, beside the deadline that was stored with
/// them ([`Decider::next_deadline`]).
///
/// ```
/// use whatsapp_inbox::conversation::due;
/// use whatsapp_inbox::time::Instant;
///
/// let rows = [(1, None), (2, Some(Instant::MIN)), (3, Some(Instant::MAX))];
/// assert_eq!(due(rows, Instant::MIN).collect::<Vec<_>>(), [2]);
/// ```
pub fn due<T>(rows: impl IntoIterator<Item = (T, Option<Instant>)>, now: Instant) -> impl Iterator<Item = T> {
    rows.into_iter().filter_map(move |(row, deadline)| deadline.is_some_and(|at| at <= now).then_some(row))
}
