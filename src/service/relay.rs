//! Effects on their way: what must be done elsewhere because of what happened.

use super::calls::follows;
use super::{Request, Service, ServiceError, Stores};
use crate::channel::{self, Channel};
use crate::conversation::{self, Conversation, WarningOutcome};
use crate::decider::{Actor, Decider, Delivery, OwnerAccess, Source};
use crate::id::{ChannelId, ConversationId};
use crate::onboarding::{self, CodeSend, Onboarding};
use crate::port::{Backend, Directory, EffectId, Leased, Outgoing, Store, Transport};
use crate::rule::Explain;
use crate::time::Instant;
use crate::translation::{close_conversation, open_channel};

/// For so long an effect is lent out before it is tried again (ours).
const LEASE_MINUTES: u32 = 5;
/// So many conversations of a channel are asked for at once.
const PAGE: usize = 256;

/// What a relay step did.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
#[non_exhaustive]
pub struct Relayed {
    /// Each effect that it took, in the order in which it took them.
    pub effects: Vec<RelayedEffect>,
}

/// What became of one effect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct RelayedEffect {
    /// The kind of aggregate that it comes from.
    pub kind: &'static str,
    /// What was to be done, such as `ask-for-code`.
    pub name: &'static str,
    /// Which effect, as its id is displayed.
    pub id: String,
    /// How often it has been tried, this time included. A host that sees this grow should look at it.
    pub tries: u32,
    /// What became of it.
    pub outcome: RelayOutcome,
}

/// What became of an effect in a relay step.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum RelayOutcome {
    /// It is done, and what came of it is written.
    Done,
    /// Nobody knows what Meta did: no answer came, or an earlier try may have called and may not be repeated. It is written that
    /// nobody knows, or of a warning that it failed, and the effect is not tried again.
    Unknown {
        /// What went wrong, where this try called.
        why: Option<String>,
    },
    /// The rules refuse by now what should follow, and will do so again: the effect is not tried again.
    Refused {
        /// The code of the refusal.
        code: &'static str,
        /// Its sentence.
        why: String,
    },
    /// A port failed, or others were faster: it is tried again when its lease is over.
    Failed {
        /// What went wrong.
        why: String,
    },
}

impl RelayOutcome {
    /// Whether the effect is over, whatever came of it.
    #[must_use]
    pub const fn is_over(&self) -> bool {
        !matches!(self, Self::Failed { .. })
    }
}

impl From<Backend> for RelayOutcome {
    fn from(backend: Backend) -> Self {
        Self::Failed { why: backend.to_string() }
    }
}

impl<S, D, T> Service<S, D, T> {
    pub(super) async fn lend<A: Decider>(&self, now: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend>
    where
        S: Store<A>,
    {
        Store::<A>::lease(&self.store, now, now.plus_minutes(LEASE_MINUTES), limit).await
    }

    pub(super) async fn settled<A: Decider>(
        &self,
        leased: &Leased<A>,
        outcome: RelayOutcome,
        relayed: &mut Relayed,
    ) -> Result<(), Backend>
    where
        S: Store<A>,
    {
        if outcome.is_over() {
            Store::<A>::done(&self.store, leased.outgoing.id).await?;
        }
        relayed.effects.push(RelayedEffect {
            kind: A::NAME,
            name: A::effect_name(&leased.outgoing.effect),
            id: leased.outgoing.id.to_string(),
            tries: leased.tries,
            outcome,
        });
        Ok(())
    }
}

impl<S: Stores, D: Directory, T: Transport> Service<S, D, T> {
    /// Delivers effects, of each kind those of at most so many aggregates, one of each: in their order, each when the ones
    /// before it are done. Call it again until nothing is delivered.
    ///
    /// A *repeatable* effect is delivered at least once: after a crash or a fault again, when its lease of five minutes is
    /// over. A *once* effect is called on its first try alone: on another one its outcome is reported as unknown.
    ///
    /// # Errors
    ///
    /// [`Backend`] where effects cannot be read or marked. What was lent out is tried again later.
    pub async fn relay(&self, now: Instant, limit: usize) -> Result<Relayed, Backend> {
        let mut relayed = Relayed::default();
        for leased in self.lend::<Onboarding>(now, limit).await? {
            let outcome = self.deliver_onboarding(&leased, now).await;
            self.settled::<Onboarding>(&leased, outcome, &mut relayed).await?;
        }
        for leased in self.lend::<Channel>(now, limit).await? {
            let outcome = self.deliver_channel(&leased.outgoing, now).await;
            self.settled::<Channel>(&leased, outcome, &mut relayed).await?;
        }
        for leased in self.lend::<Conversation>(now, limit).await? {
            let outcome = self.deliver_conversation(&leased, now).await;
            self.settled::<Conversation>(&leased, outcome, &mut relayed).await?;
        }
        Ok(relayed)
    }

    async fn deliver_onboarding(&self, leased: &Leased<Onboarding>, now: Instant) -> RelayOutcome {
        let outgoing = &leased.outgoing;
        let id = outgoing.id.event.aggregate;
        match &outgoing.effect {
            onboarding::Effect::AskForCode { request, phone_number, method } => {
                let call = async { self.transport.ask_for_code(phone_number, *method).await };
                let (outcome, lost) = once(leased, call, CodeSend::Unknown).await;
                let report = onboarding::Command::ReportCodeSend { request: *request, outcome };
                let by = request_for(outgoing, &"sent", Actor::Meta(Source::GraphApi), now);
                written(self.onboarding(id, report, &by).await, lost)
            }
            onboarding::Effect::OpenChannel(activated) => {
                let by = request_for(outgoing, &"open", Actor::System, now);
                written(self.channel(activated.channel, open_channel(activated), &by).await, None)
            }
        }
    }

    async fn deliver_channel(&self, outgoing: &Outgoing<Channel>, now: Instant) -> RelayOutcome {
        self.follow(outgoing, now).await.unwrap_or_else(|outcome| outcome)
    }

    /// Has the open conversations of a channel follow. One that refuses holds up no other.
    async fn follow(&self, outgoing: &Outgoing<Channel>, now: Instant) -> Result<RelayOutcome, RelayOutcome> {
        let channel = outgoing.id.event.aggregate;
        let access = match &outgoing.effect {
            channel::Effect::ReviewOwners { .. } => {
                Some(Store::<Channel>::load(&self.store, channel, None).await?.state)
            }
            channel::Effect::ResolveConversations { .. } => None,
        };
        let mut after = None;
        loop {
            let page = self.directory.conversations(channel, after, PAGE).await?;
            let Some(last) = page.last().copied().filter(|last| Some(*last) > after) else {
                return Ok(RelayOutcome::Done);
            };
            for conversation in page {
                let command = match (&outgoing.effect, &access) {
                    (channel::Effect::ResolveConversations { cause }, _) => Some(close_conversation(*cause)),
                    (_, Some(state)) => self.review(conversation, channel, state, now).await?,
                    _ => None,
                };
                if let Some(command) = command {
                    let by = request_for(outgoing, &conversation, Actor::System, now);
                    let outcome = written(self.conversation(conversation, command, &by).await, None);
                    if !outcome.is_over() {
                        return Err(outcome);
                    }
                }
            }
            after = Some(last);
        }
    }

    /// The command by which a conversation follows, if its owner may no longer reply (`access.revoke-impact`).
    async fn review(
        &self,
        id: ConversationId,
        channel: ChannelId,
        state: &Channel,
        now: Instant,
    ) -> Result<Option<conversation::Command>, Backend> {
        let conversation = Store::<Conversation>::load(&self.store, id, None).await?.state;
        let here = conversation.channel() == Some(channel);
        let (Some(owner), Some(access)) = (conversation.owner(now).filter(|_| here), state.access()) else {
            return Ok(None);
        };
        let person = self.directory.principal(owner).await?;
        let lost = conversation.owner_access(access, person.as_ref(), now) == OwnerAccess::Lost;
        Ok(lost.then_some(conversation::Command::LoseAccess { user: owner }))
    }

    async fn deliver_conversation(&self, leased: &Leased<Conversation>, now: Instant) -> RelayOutcome {
        let outgoing = &leased.outgoing;
        let id = outgoing.id.event.aggregate;
        match &outgoing.effect {
            conversation::Effect::SendWarning { attempt, kind } => {
                // A warning that nobody answers for counts as failed, and time finds that out.
                let call = async { self.transport.send_warning(id, *attempt, *kind).await };
                let (outcome, lost) = once(leased, call, WarningOutcome::Failed).await;
                let report = conversation::Command::ReportWarning { attempt: *attempt, outcome };
                let by = request_for(outgoing, &"warned", Actor::System, now);
                written(self.conversation(id, report, &by).await, lost)
            }
        }
    }
}

/// Calls for an effect, unless it may be called once only and an earlier try may have called. Where no answer comes, what is
/// told instead, and why.
pub(super) async fn once<A: Decider, T>(
    leased: &Leased<A>,
    call: impl Future<Output = Result<T, Backend>>,
    unknown: T,
) -> (T, Option<RelayOutcome>) {
    if A::delivery(&leased.outgoing.effect) == Delivery::Once && leased.tries > 1 {
        return (unknown, Some(RelayOutcome::Unknown { why: None }));
    }
    match call.await {
        Ok(answer) => (answer, None),
        Err(backend) => (unknown, Some(RelayOutcome::Unknown { why: Some(backend.to_string()) })),
    }
}

/// The request of a command that follows from an effect: its id is the same however often the effect is delivered.
pub(super) fn request_for<A: Decider>(
    outgoing: &Outgoing<A>,
    what: &impl serde::Serialize,
    actor: Actor,
    now: Instant,
) -> Request {
    let Outgoing { id, metadata, .. } = outgoing;
    Request::new(effect_command::<A>(id, what), actor, now).following(*metadata)
}

fn effect_command<A: Decider>(id: &EffectId<A::Id>, what: &impl serde::Serialize) -> crate::id::CommandId {
    follows(&("effect", A::NAME, id, what))
}

/// What became of an effect whose command was answered so, where `lost` tells that no answer of Meta's had come.
pub(super) fn written<E, A: Decider>(
    answer: Result<super::Answer<E>, ServiceError<A>>,
    lost: Option<RelayOutcome>,
) -> RelayOutcome {
    match answer {
        Ok(_) => lost.unwrap_or(RelayOutcome::Done),
        Err(error @ (ServiceError::Conflict { .. } | ServiceError::Backend(_))) => {
            RelayOutcome::Failed { why: error.to_string() }
        }
        Err(error) => RelayOutcome::Refused { code: error.code(), why: error.to_string() },
    }
}
