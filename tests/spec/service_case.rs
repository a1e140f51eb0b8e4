//! A service over a store in memory, with people and a stand-in for Meta.

use whatsapp_inbox::access::{Grant, Principal, Role};
use whatsapp_inbox::channel::{self, Opening};
use whatsapp_inbox::conversation::{self, Conversation, MessageKind};
use whatsapp_inbox::decider::Actor;
use whatsapp_inbox::decider::{Decider, Fingerprint, Version};
use whatsapp_inbox::id::{CommandId, ConversationId, UserId};
use whatsapp_inbox::memory::Memory;
use whatsapp_inbox::onboarding::{Onboarding, Step};
use whatsapp_inbox::port::{Commit, Metadata, Store};
use whatsapp_inbox::service::{Answer, Relayed, Request, Service, ServiceError};
use whatsapp_inbox::testing::sample::{ADMIN, ANA, BEN, CHANNEL, CONVERSATION, ONBOARDING, OPERATOR};
use whatsapp_inbox::testing::{Case, Clock, People, StandIn, block_on, sample};
use whatsapp_inbox::uuid::Uuid;

pub const AS_ADMIN: Actor = Actor::Admin(ADMIN);
pub const AS_ANA: Actor = Actor::User(ANA);
pub const AS_OPERATOR: Actor = Actor::Operator(OPERATOR);

/// A service, and a clock that stands until it is pushed. Ana is a contributor, Ben a viewer, and the operator serves.
pub struct House<S = Memory> {
    pub service: Service<S, People, StandIn>,
    pub clock: Clock,
}

impl House {
    pub fn new() -> Self {
        Self::over(Memory::default())
    }

    /// With the channel open.
    pub fn open() -> Self {
        let house = Self::new();
        let grants = [Grant::user(ANA, Role::Contributor), Grant::user(BEN, Role::Viewer)];
        let opening = Opening::new(CHANNEL, sample::channel_name()).on_whatsapp(sample::line()).with_grants(grants);
        house.channel(Actor::System, 1, channel::Command::Open(Box::new(opening))).expect("it opens");
        house
    }

    /// With a conversation in which the customer wrote.
    pub fn talking() -> Self {
        let house = Self::open();
        house.begin(CONVERSATION, 2);
        house
    }

    /// With an onboarding that came to a step.
    pub fn at_step(step: Step) -> Self {
        let house = Self::new();
        let case = Case::<Onboarding>::at_step(step);
        let (state, count) = (Onboarding::default(), case.events.len());
        let metadata = Metadata::new(command(0), AS_ADMIN, case.now);
        let mut commit = Commit::new(ONBOARDING, (state, Version::FIRST), case.events, metadata, Fingerprint::of(&0));
        // What was called for on the way has been done.
        commit.effects.clear();
        assert_eq!(commit.version(), Version::new(count as u64));
        block_on(house.service.store().commit(commit)).expect("it is written");
        house
    }
}

impl<S: whatsapp_inbox::service::Stores> House<S> {
    pub fn over(store: S) -> Self {
        let people = People::default();
        people.joins(Principal::admin(ADMIN));
        people.joins(Principal::user(ANA));
        people.joins(Principal::user(BEN));
        people.serves(OPERATOR, ONBOARDING);
        Self { service: Service::new(store, people, StandIn::default()), clock: Clock::at(sample::begin()) }
    }

    pub fn begin(&self, conversation: ConversationId, number: u128) {
        let begin = conversation::Command::Begin { id: conversation, channel: CHANNEL };
        self.talk_in(conversation, Actor::Customer, number, begin).expect("it begins");
        self.talk_in(conversation, Actor::Customer, number + 1000, receive()).expect("the customer may write");
        self.service.directory().lists(CHANNEL, conversation);
    }

    pub fn request(&self, actor: Actor, number: u128) -> Request {
        Request::new(command(number), actor, self.clock.now())
    }

    pub fn talk(
        &self,
        actor: Actor,
        number: u128,
        command: conversation::Command,
    ) -> Result<Answer<conversation::Event>, ServiceError<Conversation>> {
        self.talk_in(CONVERSATION, actor, number, command)
    }

    pub fn talk_in(
        &self,
        conversation: ConversationId,
        actor: Actor,
        number: u128,
        command: conversation::Command,
    ) -> Result<Answer<conversation::Event>, ServiceError<Conversation>> {
        block_on(self.service.conversation(conversation, command, &self.request(actor, number)))
    }

    pub fn channel(
        &self,
        actor: Actor,
        number: u128,
        command: channel::Command,
    ) -> Result<Answer<channel::Event>, ServiceError<channel::Channel>> {
        block_on(self.service.channel(CHANNEL, command, &self.request(actor, number)))
    }

    pub fn onboard(
        &self,
        actor: Actor,
        number: u128,
        command: whatsapp_inbox::onboarding::Command,
    ) -> Result<Answer<whatsapp_inbox::onboarding::Event>, ServiceError<Onboarding>> {
        block_on(self.service.onboarding(ONBOARDING, command, &self.request(actor, number)))
    }

    pub fn relay(&self) -> Relayed {
        block_on(self.service.relay(self.clock.now(), 100)).expect("it is relayed")
    }

    /// Relays until nothing is left.
    pub fn relay_all(&self) -> usize {
        std::iter::repeat_with(|| self.relay().effects.len()).take_while(|delivered| *delivered > 0).sum()
    }

    pub fn state<A: Decider>(&self, id: A::Id) -> A
    where
        S: Store<A>,
    {
        block_on(Store::<A>::load(self.service.store(), id, None)).expect("it is read").state
    }
}

pub const fn command(number: u128) -> CommandId {
    CommandId::new(Uuid::from_u128(number))
}

pub const fn receive() -> conversation::Command {
    conversation::Command::Receive { message: sample::message(1), sent_at: None }
}

pub const fn reply() -> conversation::Command {
    conversation::Command::Reply { message: sample::message(2), kind: MessageKind::FreeText }
}

/// The names of the events of an answer.
pub fn names<A: Decider>(answer: &Answer<A::Event>) -> Vec<&'static str> {
    answer.events().iter().map(A::event_name).collect()
}

/// A user who has no grant, of this organisation.
pub const fn stranger() -> UserId {
    UserId::new(sample::ORGANISATION, Uuid::from_u128(99))
}
