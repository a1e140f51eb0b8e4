//! A conversation with twenty events behind it, the ports of a service that serves it, and conversations with a warning to
//! send.

use whatsapp_inbox::access::{Grant, Principal, Role};
use whatsapp_inbox::channel::{self, Channel, Opening};
use whatsapp_inbox::conversation::{Command, Conversation, MessageKind, WarningOutcome};
use whatsapp_inbox::decider::{Actor, ChannelRules, Context, Decider, Fingerprint, Policy, Version};
use whatsapp_inbox::id::{
    ChannelId, CommandId, ConversationId, MessageId, OnboardingId, OperatorId, OrganisationId, UserId,
};
use whatsapp_inbox::memory::Memory;
use whatsapp_inbox::onboarding::{CodeAnswer, CodeSend, Fact, RegistrationAnswer};
use whatsapp_inbox::port::{Backend, Commit, Directory, Metadata, Store, Transport};
use whatsapp_inbox::service::Service;
use whatsapp_inbox::settings::{ChannelName, ClosingWarning, WarnBefore};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;
use whatsapp_inbox::whatsapp::{CodeMethod, NumberUse, PhoneNumber, PhoneNumberId, Pin, VerificationCode};

use crate::ready;

pub const ORGANISATION: OrganisationId = OrganisationId::new(uuid(1));
pub const CHANNEL: ChannelId = ChannelId::new(ORGANISATION, uuid(2));
pub const CONVERSATION: ConversationId = ConversationId::new(ORGANISATION, uuid(3));
pub const ANA: UserId = UserId::new(ORGANISATION, uuid(4));
/// The command that is timed.
pub const COMMAND: CommandId = CommandId::new(uuid(5));
/// So many events lie before it.
pub const EVENTS: u64 = 20;

/// A UUID as it might be drawn: equal ones differ in their first bytes, as random ones do.
pub const fn uuid(number: u64) -> Uuid {
    let left = number.wrapping_mul(0x9e37_79b9_7f4a_7c15);
    Uuid::from_u64_pair(left, left.rotate_left(32) ^ number)
}

/// So many seconds after it all began.
pub fn at(seconds: i64) -> Instant {
    Instant::from_unix_seconds(1_767_603_600 + seconds).expect("an instant")
}

/// The command that is timed: a reply to a conversation in Pending, by its owner, which makes one event.
pub const fn reply() -> Command {
    Command::Reply { message: MessageId::new(uuid(6)), kind: MessageKind::FreeText }
}

/// When it is given.
pub fn now() -> Instant {
    at(100)
}

/// What leads to twenty events: begun; then customer and agent take turns, and the agent's first reply makes her the owner.
pub fn steps() -> Vec<(Actor, Command, Instant)> {
    let begin = (Actor::System, Command::Begin { id: CONVERSATION, channel: CHANNEL }, at(0));
    let turns = (1..=18).map(|turn: u32| {
        let message = MessageId::new(uuid(u64::from(turn) + 100));
        let (by, command) = if turn % 2 == 1 {
            (Actor::Customer, Command::Receive { message, sent_at: None })
        } else {
            (Actor::User(ANA), Command::Reply { message, kind: MessageKind::FreeText })
        };
        (by, command, at(i64::from(turn)))
    });
    std::iter::once(begin).chain(turns).collect()
}

/// A context in which the agent is a contributor.
pub fn context(now: Instant, actor: Actor, command: CommandId, policy: &Policy) -> Context<'_> {
    Context::new(now, actor, command, policy).with_role(Some(Role::Contributor))
}

/// What a command writes on a state and its version.
pub fn commit<A: Decider>(id: A::Id, on: (A, Version), command: A::Command, context: &Context<'_>) -> Commit<A> {
    let fingerprint = Fingerprint::of(&command);
    let events = on.0.decide(command, context).expect("it is allowed");
    Commit::new(id, on, events, Metadata::new(context.command, context.actor, context.now), fingerprint)
}

/// What is written before the command that is timed, one commit for each step.
#[derive(Debug)]
pub struct Story {
    pub channel: Commit<Channel>,
    pub conversation: Vec<Commit<Conversation>>,
}

impl Story {
    pub fn new() -> Self {
        let policy = Policy::default();
        let (mut on, mut conversation) = ((Conversation::default(), Version::FIRST), Vec::new());
        for (number, (by, command, at)) in (1_000..).zip(steps()) {
            let id = CommandId::new(uuid(number));
            let written = commit(CONVERSATION, on, command, &context(at, by, id, &policy));
            on = (written.state.clone(), written.version());
            conversation.push(written);
        }
        assert_eq!(on.1, Version::new(EVENTS));
        Self { channel: opened(&policy), conversation }
    }

    /// A store in which all of it is written.
    pub fn told(&self) -> Memory {
        let memory = Memory::default();
        ready(memory.commit(self.channel.clone())).expect("it is written");
        for commit in &self.conversation {
            ready(memory.commit(commit.clone())).expect("it is written");
        }
        memory
    }

    pub fn state(&self) -> &Conversation {
        self.conversation.last().map(|last| &last.state).expect("there are steps")
    }
}

impl Default for Story {
    fn default() -> Self {
        Self::new()
    }
}

/// A channel in which the agent is a contributor.
fn opened(policy: &Policy) -> Commit<Channel> {
    let opening = Opening::new(CHANNEL, ChannelName::new("Orders").expect("a name"))
        .with_grants([Grant::user(ANA, Role::Contributor)]);
    let context = Context::new(at(0), Actor::System, CommandId::new(uuid(7)), policy);
    let open = channel::Command::Open(Box::new(opening));
    commit(CHANNEL, (Channel::default(), Version::FIRST), open, &context)
}

/// Conversations that have each come to the warning before their close, which waits to be sent.
#[derive(Debug)]
pub struct Warnings {
    channel: Commit<Channel>,
    conversations: Vec<[Commit<Conversation>; 2]>,
    /// When the warnings are due.
    pub now: Instant,
}

impl Warnings {
    pub fn new(count: u64) -> Self {
        let policy = Policy::default();
        let mut rules = ChannelRules::BUILT_IN;
        rules.warning = ClosingWarning::Always(WarnBefore::minutes(60).expect("an hour"));
        // An hour before the thirty days are over that are built in.
        let now = at(30 * 86_400 - 3_600);
        let warned = |number: u64| {
            let id = ConversationId::new(ORGANISATION, uuid(number));
            let system = |at, command| {
                let command = CommandId::new(uuid(command));
                Context::new(at, Actor::System, command, &policy).with_channel(&rules)
            };
            let on = (Conversation::default(), Version::FIRST);
            let begun = commit(id, on, Command::Begin { id, channel: CHANNEL }, &system(at(0), number));
            let on = (begun.state.clone(), begun.version());
            let warned = commit(id, on, Command::Tick, &system(now, number + count));
            assert_eq!(warned.effects.len(), 1);
            [begun, warned]
        };
        Self { channel: opened(&policy), conversations: (10_000..10_000 + count).map(warned).collect(), now }
    }

    /// A store in which they are written.
    pub fn waiting(&self) -> Memory {
        let memory = Memory::default();
        ready(memory.commit(self.channel.clone())).expect("it is written");
        for commit in self.conversations.iter().flatten() {
            ready(memory.commit(commit.clone())).expect("it is written");
        }
        memory
    }
}

/// A service over a store, with a directory that knows one person and a transport that says *sent* at once.
pub const fn service(memory: Memory) -> Service<Memory, OnePerson, Sent> {
    Service::new(memory, OnePerson, Sent)
}

/// Knows the agent, and that everything is as it is built in.
#[derive(Debug, Clone, Copy)]
pub struct OnePerson;

impl Directory for OnePerson {
    async fn principal(&self, user: UserId) -> Result<Option<Principal>, Backend> {
        Ok((user == ANA).then(|| Principal::user(ANA)))
    }

    async fn policy(&self, _: OrganisationId) -> Result<Policy, Backend> {
        Ok(Policy::default())
    }

    async fn serves(&self, _: OperatorId, _: OnboardingId) -> Result<bool, Backend> {
        Ok(false)
    }

    async fn conversations(
        &self,
        _: ChannelId,
        _: Option<ConversationId>,
        _: usize,
    ) -> Result<Vec<ConversationId>, Backend> {
        Ok(Vec::new())
    }

    async fn number_use(&self, _: PhoneNumber) -> Result<NumberUse, Backend> {
        Ok(NumberUse::default())
    }
}

/// Sends warnings, at once, and knows of nothing else.
#[derive(Debug, Clone, Copy)]
pub struct Sent;

impl Transport for Sent {
    async fn ask_for_code(&self, _: &PhoneNumberId, _: CodeMethod) -> Result<CodeSend, Backend> {
        Err(Backend::new("nobody asks"))
    }

    async fn enter_code(&self, _: &PhoneNumberId, _: &VerificationCode) -> Result<CodeAnswer, Backend> {
        Err(Backend::new("nobody asks"))
    }

    async fn register(&self, _: &PhoneNumberId, _: &Pin) -> Result<RegistrationAnswer, Backend> {
        Err(Backend::new("nobody asks"))
    }

    async fn send_warning(&self, _: ConversationId, _: u32, _: MessageKind) -> Result<WarningOutcome, Backend> {
        Ok(WarningOutcome::Sent)
    }

    async fn read(&self, _: OnboardingId) -> Result<Vec<(Option<Instant>, Fact)>, Backend> {
        Err(Backend::new("nobody asks"))
    }
}
