//! What one command writes.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use super::{Applied, CommitError, Committed};
use crate::decider::{Actor, Claim, ClaimChange, Decider, Fingerprint, Unavailable, Version};
use crate::id::CommandId;
use crate::time::Instant;

/// All that one command writes on one aggregate, whole or not at all (`core.atomic`).
///
/// ```
/// use whatsapp_inbox::conversation::{Command, Conversation};
/// use whatsapp_inbox::decider::{Actor, Context, Decider, Fingerprint, Policy, Version};
/// use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, OrganisationId};
/// use whatsapp_inbox::port::{Commit, Metadata};
/// use whatsapp_inbox::time::Instant;
/// use whatsapp_inbox::uuid::Uuid;
///
/// let bakery = OrganisationId::new(Uuid::from_u128(1));
/// let id = ConversationId::new(bakery, Uuid::from_u128(300));
/// let begin = Command::Begin { id, channel: ChannelId::new(bakery, Uuid::from_u128(200)) };
/// let command = CommandId::new(Uuid::from_u128(3));
/// let policy = Policy::default();
/// let context = Context::new(Instant::MIN, Actor::Customer, command, &policy);
///
/// let fingerprint = Fingerprint::of(&begin);
/// let events = Conversation::default().decide(begin, &context)?;
/// let metadata = Metadata::new(command, Actor::Customer, Instant::MIN);
/// let commit = Commit::new(id, (Conversation::default(), Version::FIRST), events, metadata, fingerprint);
/// assert_eq!((commit.version(), commit.deadline), (Version::new(1), commit.state.next_deadline()));
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
#[derive(Debug, Clone, PartialEq)]
#[non_exhaustive]
pub struct Commit<A: Decider> {
    /// Which aggregate.
    pub aggregate: A::Id,
    /// The version that was decided on: so many events lie before these.
    pub expected: Version,
    /// Which command, by whom, when, and what it follows from. It is kept beside each event.
    pub metadata: Metadata,
    /// What the command asked for.
    pub fingerprint: Fingerprint,
    /// What happened, in order. The first has the version after the expected one.
    pub events: Vec<A::Event>,
    /// The state after it.
    pub state: A,
    /// What is to be done elsewhere, in order.
    pub effects: Vec<Outgoing<A>>,
    /// When something is due next in this state. It replaces what was known before.
    pub deadline: Option<Instant>,
    /// What is claimed and given back, in order.
    pub claims: Vec<ClaimChange>,
}

/// What is kept beside each event.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Metadata {
    /// The command that the event comes from.
    pub command: CommandId,
    /// Who gave it.
    pub actor: Actor,
    /// When it was recorded.
    pub at: Instant,
    /// The first command of the chain that this one stands in: its own id where it follows from nothing.
    pub correlation: CommandId,
    /// The command that this one follows from.
    pub causation: Option<CommandId>,
}

/// An event's place: the version that its aggregate had after it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EventId<I> {
    /// Which aggregate.
    pub aggregate: I,
    /// The version after the event.
    pub version: Version,
}

/// An effect's place: the event that it comes from, and which of that event's effects it is. No two effects of one kind of
/// aggregate have the same, and it is the same however often it is delivered.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[non_exhaustive]
pub struct EffectId<I> {
    /// The event it comes from.
    pub event: EventId<I>,
    /// Which of its effects, from 0.
    pub n: u16,
}

/// An effect on its way.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(bound = "")]
#[non_exhaustive]
pub struct Outgoing<A: Decider> {
    /// Which effect.
    pub id: EffectId<A::Id>,
    /// What is to be done.
    pub effect: A::Effect,
    /// The command it comes from, and what that one follows from.
    pub metadata: Metadata,
}

impl<A: Decider> Commit<A> {
    /// What these events of one command come to, on a state and its version.
    #[must_use]
    pub fn new(
        aggregate: A::Id,
        (state, expected): (A, Version),
        events: Vec<A::Event>,
        metadata: Metadata,
        fingerprint: Fingerprint,
    ) -> Self {
        let mut version = expected;
        let (mut effects, mut claims) = (Vec::new(), Vec::new());
        for event in &events {
            version = version.next();
            let event_id = EventId { aggregate, version };
            let numbered = (0..=u16::MAX).zip(A::effects(event));
            effects.extend(numbered.map(|(n, effect)| Outgoing {
                id: EffectId { event: event_id, n },
                effect,
                metadata,
            }));
            claims.extend(A::claims(event));
        }
        let state = events.iter().fold(state, A::evolve);
        let deadline = state.next_deadline();
        Self { aggregate, expected, metadata, fingerprint, events, state, effects, deadline, claims }
    }

    /// The version after it.
    #[must_use]
    pub fn version(&self) -> Version {
        let events = u64::try_from(self.events.len()).unwrap_or(u64::MAX);
        Version::new(self.expected.get().saturating_add(events))
    }

    /// What a store answers without a look at claims, if it has the aggregate at this version and knows this of the command:
    /// that it was applied already, that it had another content, or a conflict. Otherwise nothing, and claims are next.
    ///
    /// # Errors
    ///
    /// [`CommitError::OtherContent`] or [`CommitError::Conflict`], which are the store's answer.
    #[must_use]
    pub fn settled(&self, current: Version, applied: Option<&Applied>) -> Option<Result<Committed, CommitError>> {
        match applied {
            Some(applied) if applied.fingerprint == self.fingerprint => {
                Some(Ok(Committed::AlreadyApplied { version: applied.version }))
            }
            Some(_) => Some(Err(CommitError::OtherContent)),
            None if current == self.expected => None,
            None => Some(Err(CommitError::Conflict { expected: self.expected, current })),
        }
    }

    /// Makes the changes of claims on what is held and by whom, all or none of them. The holder is this aggregate, by any name
    /// that no other aggregate of any kind has.
    ///
    /// # Errors
    ///
    /// [`Unavailable`] where another holds what is taken, unless it is given back before. Nothing is changed then.
    pub fn claim<H: Clone + PartialEq>(&self, held: &mut BTreeMap<Claim, H>, holder: &H) -> Result<(), Unavailable> {
        let mut given_back = Vec::new();
        for change in &self.claims {
            match change {
                ClaimChange::Released(claim) => given_back.push(claim),
                ClaimChange::Taken(claim) => {
                    if !given_back.contains(&claim) && held.get(claim).is_some_and(|other| other != holder) {
                        return Err(Unavailable::new());
                    }
                }
            }
        }
        for change in &self.claims {
            match change {
                ClaimChange::Released(claim) => _ = held.remove(claim),
                ClaimChange::Taken(claim) => _ = held.insert(*claim, holder.clone()),
            }
        }
        Ok(())
    }
}

impl Metadata {
    /// That of a command which follows from nothing.
    #[must_use]
    pub const fn new(command: CommandId, actor: Actor, at: Instant) -> Self {
        Self { command, actor, at, correlation: command, causation: None }
    }

    /// The same, of a command that follows from another.
    #[must_use]
    pub const fn following(mut self, from: &Self) -> Self {
        (self.correlation, self.causation) = (from.correlation, Some(from.command));
        self
    }
}

impl<I> EventId<I> {
    /// The event after which an aggregate had this version.
    #[must_use]
    pub const fn new(aggregate: I, version: Version) -> Self {
        Self { aggregate, version }
    }
}

impl<I> EffectId<I> {
    /// So many effects of an event lie before it.
    #[must_use]
    pub const fn new(event: EventId<I>, n: u16) -> Self {
        Self { event, n }
    }
}

impl<A: Decider> Outgoing<A> {
    /// An effect, as a storage holds it.
    #[must_use]
    pub const fn new(id: EffectId<A::Id>, effect: A::Effect, metadata: Metadata) -> Self {
        Self { id, effect, metadata }
    }
}

impl<I: fmt::Display> fmt::Display for EventId<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}@{}", self.aggregate, self.version)
    }
}

impl<I: fmt::Display> fmt::Display for EffectId<I> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}.{}", self.event, self.n)
    }
}
