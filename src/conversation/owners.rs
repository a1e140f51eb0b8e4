//! Owners who may no longer reply.

use std::collections::BTreeSet;

use super::{Command, Conversation};
use crate::access::{Access, Action, Impact, Principal};
use crate::decider::OwnerAccess;
use crate::id::{ChannelId, ConversationId, UserId};
use crate::time::Instant;

/// That an open conversation loses its owner, because they may not reply in its channel (`conversation.access-lost`).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord)]
#[non_exhaustive]
pub struct LostOwner {
    /// Which conversation.
    pub conversation: ConversationId,
    /// Who owns it.
    pub owner: UserId,
}

impl LostOwner {
    /// The command by which the conversation follows. It may be given again, and of an owner who has come since it changes
    /// nothing.
    #[must_use]
    pub const fn command(self) -> Command {
        Command::LoseAccess { user: self.owner }
    }
}

/// Before a change of access: which of these conversations would lose their owner by it (`access.revoke-impact`).
///
/// It streams over the conversations, and keeps only who may no longer reply where.
pub fn owners_lost<'a>(
    impact: &Impact,
    conversations: impl IntoIterator<Item = &'a Conversation>,
    now: Instant,
) -> impl Iterator<Item = LostOwner> {
    let lost: BTreeSet<(ChannelId, UserId)> = impact.replies_lost().collect();
    conversations.into_iter().filter_map(move |conversation| {
        let owner = conversation.owner(now)?;
        lost.contains(&(conversation.channel()?, owner))
            .then_some(LostOwner { conversation: conversation.id()?, owner })
    })
}

/// After it: which of these conversations in a channel have an owner who may not reply there (`access.revoke-impact`). Give all
/// of the organisation's people: whoever is not among them may not. Conversations of other channels are left alone.
///
/// It streams over the conversations, and keeps only who may reply.
pub fn owners_without_access<'a, 'p>(
    access: &Access,
    people: impl IntoIterator<Item = &'p Principal>,
    conversations: impl IntoIterator<Item = &'a Conversation>,
    now: Instant,
) -> impl Iterator<Item = LostOwner> {
    let may: BTreeSet<UserId> = access.who_can(people, Action::Reply, now).map(Principal::id).collect();
    let channel = access.channel();
    conversations.into_iter().filter_map(move |conversation| {
        let owner = conversation.owner(now).filter(|owner| !may.contains(owner))?;
        (conversation.channel() == Some(channel)).then_some(LostOwner { conversation: conversation.id()?, owner })
    })
}

impl Conversation {
    /// Whether its owner may still reply in its channel, for the context of a decision
    /// ([`Context::with_owner_access`](crate::decider::Context::with_owner_access)). `owner` is that person as the directory
    /// knows them, if it does: whom it does not know has lost access.
    #[must_use]
    pub fn owner_access(&self, access: &Access, owner: Option<&Principal>, now: Instant) -> OwnerAccess {
        let Some(user) = self.owner(now) else { return OwnerAccess::Held };
        let owner = owner.filter(|owner| owner.id() == user);
        let may = owner.is_some_and(|owner| access.decide(owner, Action::Reply, now).is_allowed());
        if may { OwnerAccess::Held } else { OwnerAccess::Lost }
    }
}
