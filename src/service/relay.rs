//! Effects on their way: what must be done elsewhere because of what happened.

use super::calls::follows;
use super::{Request, Service, ServiceError, Stores};
use crate::channel::{self, Channel};
use crate::conversation::{self, Conversation, WarningOutcome};
use crate::decider::{Actor, Decider, Delivery, OwnerAccess, Source};
use crate::id::{ChannelId, ConversationId};
use crate::onboarding::{self, CodeSend, Onboarding};
use crate::port::{Backend, Directory, EffectId, Leased, Outgoing, Store, Transport};
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
    pub delivered: Vec<Delivered>,
}

/// What became of one effect.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Delivered {
    /// The kind of aggregate that it comes from.
    pub kind: &'static str,
    /// Which effect, as its id is displayed.
    pub effect: String,
    /// How often it has been tried, this time included. A host that sees this grow should look at it.
    pub tries: u32,
    /// Why it is not done, if it is not: it is tried again when its lease is over.
    pub failed: Option<String>,
}

/// Why an effect is not done yet.
pub(super) struct Failed(String);

impl From<Backend> for Failed {
    fn from(backend: Backend) -> Self {
        Self(backend.to_string())
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
        outcome: Result<(), Failed>,
        relayed: &mut Relayed,
    ) -> Result<(), Backend>
    where
        S: Store<A>,
    {
        if outcome.is_ok() {
            Store::<A>::done(&self.store, leased.outgoing.id).await?;
        }
        relayed.delivered.push(Delivered {
            kind: A::NAME,
            effect: leased.outgoing.id.to_string(),
            tries: leased.tries,
            failed: outcome.err().map(|Failed(why)| why),
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

    async fn deliver_onboarding(&self, leased: &Leased<Onboarding>, now: Instant) -> Result<(), Failed> {
        let outgoing = &leased.outgoing;
        let id = outgoing.id.event.aggregate;
        match &outgoing.effect {
            onboarding::Effect::AskForCode { request, phone_number, method } => {
                let outcome = if may_call(leased) {
                    self.transport.ask_for_code(phone_number, *method).await.unwrap_or(CodeSend::Unknown)
                } else {
                    CodeSend::Unknown
                };
                let report = onboarding::Command::ReportCodeSend { request: *request, outcome };
                let by = request_for(outgoing, &"sent", Actor::Meta(Source::GraphApi), now);
                done(self.onboarding(id, report, &by).await)
            }
            onboarding::Effect::OpenChannel(activated) => {
                let by = request_for(outgoing, &"open", Actor::System, now);
                done(self.channel(activated.channel, open_channel(activated), &by).await)
            }
        }
    }

    async fn deliver_channel(&self, outgoing: &Outgoing<Channel>, now: Instant) -> Result<(), Failed> {
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
            let Some(last) = page.last().copied().filter(|last| Some(*last) > after) else { return Ok(()) };
            for conversation in page {
                let command = match (&outgoing.effect, &access) {
                    (channel::Effect::ResolveConversations { cause }, _) => Some(close_conversation(*cause)),
                    (_, Some(state)) => self.review(conversation, channel, state, now).await?,
                    _ => None,
                };
                if let Some(command) = command {
                    let by = request_for(outgoing, &conversation, Actor::System, now);
                    done(self.conversation(conversation, command, &by).await)?;
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
    ) -> Result<Option<conversation::Command>, Failed> {
        let conversation = Store::<Conversation>::load(&self.store, id, None).await?.state;
        let here = conversation.channel() == Some(channel);
        let (Some(owner), Some(access)) = (conversation.owner(now).filter(|_| here), state.access()) else {
            return Ok(None);
        };
        let person = self.directory.principal(owner).await?;
        let lost = conversation.owner_access(access, person.as_ref(), now) == OwnerAccess::Lost;
        Ok(lost.then_some(conversation::Command::LoseAccess { user: owner }))
    }

    async fn deliver_conversation(&self, leased: &Leased<Conversation>, now: Instant) -> Result<(), Failed> {
        let outgoing = &leased.outgoing;
        let id = outgoing.id.event.aggregate;
        match &outgoing.effect {
            conversation::Effect::SendWarning { attempt, kind } => {
                // A warning that nobody answers for counts as failed, and time finds that out.
                let outcome = if may_call(leased) {
                    self.transport.send_warning(id, *attempt, *kind).await.unwrap_or(WarningOutcome::Failed)
                } else {
                    WarningOutcome::Failed
                };
                let report = conversation::Command::ReportWarning { attempt: *attempt, outcome };
                let by = request_for(outgoing, &"warned", Actor::System, now);
                done(self.conversation(id, report, &by).await)
            }
        }
    }
}

/// Whether an effect may be called: one that may be called once only on its first try.
pub(super) fn may_call<A: Decider>(leased: &Leased<A>) -> bool {
    A::delivery(&leased.outgoing.effect) == Delivery::Repeatable || leased.tries <= 1
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

/// Done is also what was done before, and what the rules refuse by now: trying again would not help.
pub(super) fn done<E, A: Decider>(answer: Result<super::Answer<E>, ServiceError<A>>) -> Result<(), Failed> {
    match answer {
        Err(error @ (ServiceError::Conflict { .. } | ServiceError::Backend(_))) => Err(Failed(error.to_string())),
        _ => Ok(()),
    }
}
