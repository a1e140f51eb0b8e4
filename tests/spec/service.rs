//! What the service does with a command: who is let in, what is written, what is told.

use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use whatsapp_inbox::access::{AccessChange, Grant, Holder, Principal, Role};
use whatsapp_inbox::channel::{self, Channel};
use whatsapp_inbox::conversation::{self, Conversation, Queue};
use whatsapp_inbox::decider::{Actor, Decider, Version};
use whatsapp_inbox::id::{CommandId, ConversationId, OrganisationId, UserId};
use whatsapp_inbox::memory::Memory;
use whatsapp_inbox::onboarding::{Command, Onboarding, Step};
use whatsapp_inbox::port::{Backend, Commit, CommitError, Committed, Due, EffectId, Leased, Loaded, Store};
use whatsapp_inbox::rule::{Explain, Rule};
use whatsapp_inbox::service::{Answer, RelayOutcome, Request, Service, ServiceError};
use whatsapp_inbox::testing::sample::{ADMIN, ANA, BEN, CHANNEL, CONVERSATION, ONBOARDING};
use whatsapp_inbox::testing::{Faulty, Odds, People, StandIn, block_on, sample};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

use crate::service_case::*;

#[test]
fn access_view_first_whoever_may_not_view_finds_nothing_to_command() {
    let house = House::talking();
    // Given one without a grant, one whom the directory does not know, one who says to be an admin, and one of elsewhere,
    house.service.directory().joins(Principal::user(stranger()));
    let elsewhere = UserId::new(sample::OTHER_ORGANISATION, ANA.uuid());
    house.service.directory().joins(Principal::admin(elsewhere));
    let unknown = UserId::new(sample::ORGANISATION, Uuid::from_u128(98));
    for actor in [Actor::User(stranger()), Actor::User(unknown), Actor::Admin(unknown), Actor::Admin(elsewhere)] {
        // when they act, then there is nothing,
        let told = house.talk(actor, 50, reply()).expect_err("they may not");
        assert_eq!(told.code(), "not-found", "{actor}");
        // and a conversation that never was is told of in the same words.
        let id = ConversationId::new(sample::ORGANISATION, Uuid::from_u128(301));
        let never = house.talk_in(id, actor, 50, reply()).expect_err("there is none");
        assert_eq!(never.to_string(), told.to_string());
        let closed = house.channel(actor, 50, channel::Command::Close).expect_err("they may not");
        assert_eq!(closed.code(), "not-found", "{actor}");
    }
    assert_eq!(house.service.store().history::<Conversation>(CONVERSATION).len(), 2);
}

#[test]
fn access_by_effect_the_directory_says_who_somebody_is_whatever_they_say() {
    let house = House::talking();
    // Given Ben, a viewer who calls himself an admin, when he replies or closes the channel, then he may not.
    let told = house.talk(Actor::Admin(BEN), 50, reply()).expect_err("a viewer");
    assert_eq!(told.code(), "role-too-low");
    let told = house.channel(Actor::Admin(BEN), 51, channel::Command::Close).expect_err("a viewer");
    assert_eq!(told.rule(), Rule::SettingsAdminOnly);
    // The admin who calls herself a user is an admin, and so it is written.
    let closed = house.channel(Actor::User(ADMIN), 52, channel::Command::Close).expect("an admin");
    assert_eq!(names::<Channel>(&closed), ["closed"]);
    let history = house.service.store().history::<Channel>(CHANNEL);
    assert_eq!(history.last().map(|(metadata, event)| (metadata.actor, event.by)), Some((AS_ADMIN, AS_ADMIN)));
}

#[test]
fn access_by_effect_onboarding_is_for_admins_and_for_those_who_serve_it() {
    let house = House::at_step(Step::SignAgreement);
    let sign = || Command::SignAgreement { text: sample::text() };
    let other = Actor::Operator(whatsapp_inbox::id::OperatorId::new(Uuid::from_u128(21)));
    for (actor, code) in [(AS_ANA, "admin-only"), (Actor::Admin(ANA), "admin-only"), (other, "not-found")] {
        let told = house.onboard(actor, 50, sign()).expect_err("they may not");
        assert_eq!(told.code(), code, "{actor}: {told}");
    }
    house.onboard(AS_ADMIN, 51, sign()).expect("an admin may");
}

#[test]
fn core_idempotent_the_same_id_is_already_applied_with_its_version_and_another_content_is_told() {
    let house = House::talking();
    let first = house.talk(AS_ANA, 50, reply()).expect("she may");
    assert_eq!(names::<Conversation>(&first), ["replied", "assigned"]);
    assert_eq!(first.version(), Version::new(4));
    house.talk(Actor::Customer, 51, receive()).expect("they may");
    // When the same comes again, also later and by somebody who may no longer, then nothing happens.
    house.clock.push_days(6);
    house.service.directory().leaves(ANA);
    let again = house.talk(AS_ANA, 50, reply()).expect("it was done");
    assert_eq!(again, Answer::AlreadyApplied { version: Version::new(4) });
    let told = house.talk(AS_ANA, 50, conversation::Command::Take).expect_err("another content");
    assert_eq!((told.code(), told.rule()), ("command-id-reused", Rule::CoreIdempotent));
    // A refused command may be tried again.
    assert_eq!(house.talk(AS_ANA, 60, conversation::Command::Take).expect_err("she has left").code(), "not-found");
    house.service.directory().joins(Principal::user(ANA));
    house.talk(AS_ANA, 60, conversation::Command::Take).expect("she is back");
}

#[test]
fn core_idempotent_what_changes_nothing_writes_nothing() {
    let house = House::talking();
    let nothing = house.talk(Actor::System, 50, conversation::Command::Tick).expect("time may pass");
    assert_eq!(nothing, Answer::Done { version: Version::new(2), events: Vec::new() });
    // So the id is free.
    house.talk(AS_ANA, 50, reply()).expect("nothing was written under this id");
}

#[test]
fn core_atomic_metadata_says_which_command_who_when_and_what_it_follows_from() {
    let house = House::talking();
    house.clock.push_minutes(5);
    house.channel(AS_ADMIN, 50, channel::Command::Close).expect("an admin may");
    house.clock.push_minutes(1);
    assert_eq!(house.relay_all(), 1);
    let history = house.service.store().history::<Conversation>(CONVERSATION);
    let (metadata, event) = history.last().expect("it was resolved");
    assert_eq!((Conversation::event_name(event), metadata.actor), ("resolved", Actor::System));
    assert_eq!((metadata.correlation, metadata.causation), (command(50), Some(command(50))));
    assert_eq!(metadata.at, sample::begin().plus_minutes(6));
    assert_ne!(metadata.command, command(50), "the id of its own is the same however often it is delivered");
    let (first, _) = &history[0];
    assert_eq!((first.command, first.correlation, first.causation), (command(2), command(2), None));
}

/// A store in which others write so many times before each commit.
struct Contended {
    memory: Memory,
    others: AtomicUsize,
    commits: AtomicUsize,
}

impl Contended {
    fn new(others: usize) -> Self {
        let (memory, commits) = (Memory::default(), AtomicUsize::new(0));
        Self { memory, others: AtomicUsize::new(others), commits }
    }
}

impl<A: Decider> Store<A> for Contended
where
    Memory: Store<A>,
{
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        Store::<A>::load(&self.memory, aggregate, command).await
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        self.commits.fetch_add(1, Ordering::SeqCst);
        let left = self.others.load(Ordering::SeqCst);
        if left > 0 {
            self.others.store(left - 1, Ordering::SeqCst);
            return Err(CommitError::Conflict { expected: commit.expected, current: commit.expected.next() });
        }
        self.memory.commit(commit).await
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        Store::<A>::due(&self.memory, now, limit).await
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        Store::<A>::lease(&self.memory, now, until, limit).await
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        Store::<A>::done(&self.memory, effect).await
    }
}

#[test]
fn core_concurrent_a_conflict_is_decided_anew_five_times_and_then_told() {
    for (others, written) in [(0, true), (1, true), (4, true), (5, false), (100, false)] {
        let house = House::over(Contended::new(others));
        let begin = conversation::Command::Begin { id: CONVERSATION, channel: CHANNEL };
        let answer = house.talk(Actor::Customer, 50, begin);
        assert_eq!(answer.is_ok(), written, "{others}");
        let tried = house.service.store().commits.load(Ordering::SeqCst);
        assert_eq!(tried, (others + 1).min(5));
        if let Err(told) = answer {
            assert!(matches!(told, ServiceError::Conflict { .. }));
            assert_eq!((told.code(), told.rule()), ("conflict", Rule::CoreConcurrent));
            assert_eq!(told.to_string(), "others were faster: decided on version 0, and it is at version 1");
        }
    }
}

#[test]
fn onboarding_number_once_a_number_that_another_holds_is_unavailable_and_nothing_else_is_told() {
    let house = House::at_step(Step::CreateAccount);
    let other = whatsapp_inbox::id::OnboardingId::new(sample::OTHER_ORGANISATION, Uuid::from_u128(101));
    let admin = UserId::new(sample::OTHER_ORGANISATION, Uuid::from_u128(30));
    house.service.directory().joins(Principal::admin(admin));
    let give = |number, command| {
        block_on(house.service.onboarding(other, command, &house.request(Actor::Admin(admin), number)))
    };
    let start = Command::Start {
        id: other,
        plan: whatsapp_inbox::onboarding::Plan::Walkthrough,
        business_manager: whatsapp_inbox::onboarding::Attestation::Given,
        security_center: whatsapp_inbox::onboarding::Attestation::Given,
        takes_over: None,
    };
    give(60, start).expect("an admin may");
    give(61, Command::SignAgreement { text: sample::text() }).expect("an admin may");
    give(62, Command::AcceptTerms { text: sample::text() }).expect("an admin may");
    let told = give(63, Command::SubmitDetails(sample::details())).expect_err("it is held");
    assert!(matches!(told, ServiceError::Unavailable(_)));
    assert_eq!((told.code(), told.to_string().as_str()), ("number-unavailable", "number unavailable"));
}

#[test]
fn core_concurrent_a_backends_fault_is_no_refusal_and_names_its_cause() {
    let mut odds = Odds::default();
    odds.fails = 1000;
    let house = House::over(Faulty::new(Memory::default(), odds, 1));
    let told = house.talk(AS_ANA, 50, reply()).expect_err("nothing works");
    assert!(matches!(told, ServiceError::Backend(_)), "{told}");
    assert!(told.to_string().contains("it failed, and did nothing"), "{told}");
}

#[test]
fn core_concurrent_futures_of_the_service_are_spawned_on_many_threads_and_each_command_counts_once() {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(4).build().expect("a runtime");
    let house = House::talking();
    let (before, House { service, clock }) = (2_u64, house);
    let (service, now) = (Arc::new(service), clock.now());
    let give = |number: u128, command: conversation::Command| {
        let service = Arc::clone(&service);
        let request = Request::new(crate::service_case::command(number), Actor::Customer, now);
        async move {
            loop {
                match service.conversation(CONVERSATION, command.clone(), &request).await {
                    Err(ServiceError::Conflict { .. }) => {}
                    answer => return answer.is_ok(),
                }
            }
        }
    };
    // Each command three times at once, on four threads.
    let tasks: Vec<_> = (0..300).map(|task| runtime.spawn(give(5000 + task % 100, receive()))).collect();
    let ticking = Arc::clone(&service);
    let ticks =
        runtime.spawn(async move { ticking.tick(now, 10).await.is_ok() && ticking.relay(now, 10).await.is_ok() });
    runtime.block_on(async {
        for task in tasks {
            assert!(task.await.expect("no panic"));
        }
        assert!(ticks.await.expect("no panic"));
    });
    let history = service.store().history::<Conversation>(CONVERSATION);
    assert_eq!(history.len() as u64, before + 100);
    let state = block_on(Store::<Conversation>::load(service.store(), CONVERSATION, None)).expect("read").state;
    assert!(Conversation::replay(history.iter().map(|(_, event)| event)) == state);
}

#[test]
fn core_atomic_a_tenant_is_in_every_id() {
    let house = House::talking();
    // Given the same UUIDs in another organisation, whose admin acts there, then it is another conversation.
    let twin = ConversationId::new(OrganisationId::new(Uuid::from_u128(2)), CONVERSATION.uuid());
    assert!(house.talk_in(twin, AS_ANA, 70, reply()).is_err());
    assert_eq!(house.service.store().history::<Conversation>(twin), []);
}

#[test]
fn access_tenant_a_command_that_names_another_aggregate_finds_nothing() {
    let house = House::open();
    let (ours, theirs) = (CONVERSATION, ConversationId::new(sample::OTHER_ORGANISATION, CONVERSATION.uuid()));
    for (given, named) in [(ours, theirs), (theirs, ours)] {
        let begin = conversation::Command::Begin { id: named, channel: CHANNEL };
        let told = house.talk_in(given, Actor::Customer, 70, begin).expect_err("another");
        assert_eq!(told.code(), "not-found");
    }
    let other = whatsapp_inbox::id::ChannelId::new(sample::ORGANISATION, Uuid::from_u128(201));
    let open = channel::Command::Open(Box::new(channel::Opening::new(other, sample::channel_name())));
    assert_eq!(house.channel(Actor::System, 71, open).expect_err("another").code(), "not-found");
    let start = Command::Start {
        id: whatsapp_inbox::id::OnboardingId::new(sample::ORGANISATION, Uuid::from_u128(101)),
        plan: whatsapp_inbox::onboarding::Plan::Walkthrough,
        business_manager: whatsapp_inbox::onboarding::Attestation::Given,
        security_center: whatsapp_inbox::onboarding::Attestation::Given,
        takes_over: None,
    };
    assert_eq!(house.onboard(AS_ADMIN, 72, start).expect_err("another").code(), "not-found");
}

#[test]
fn access_revoke_impact_a_revoked_owner_loses_the_conversation_by_the_relay_and_at_once_in_decisions() {
    let house = House::talking();
    house.talk(AS_ANA, 50, reply()).expect("she may");
    let revoke = |on| channel::Command::ChangeAccess { on, changes: vec![AccessChange::Revoke(Holder::User(ANA))] };
    let version = house.state::<Channel>(CHANNEL).access_version();
    house.channel(AS_ADMIN, 51, revoke(version)).expect("an admin may");
    assert_eq!(house.state::<Conversation>(CONVERSATION).owner(house.clock.now()), Some(ANA), "not yet followed");
    // Whoever decides before the relay comes counts her as none: Ben takes it without taking it from her.
    let relayed = house.relay();
    assert_eq!(relayed.effects.iter().map(|done| (done.kind, done.tries)).collect::<Vec<_>>(), [("channel", 1)]);
    assert_eq!(house.state::<Conversation>(CONVERSATION).owner(house.clock.now()), None);
    assert_eq!(house.relay_all(), 0);
}

#[test]
fn onboarding_channel_appears_by_the_relay_once_however_often_it_is_delivered() {
    let house = House::at_step(Step::ActivateAccount);
    let register = house.request(AS_OPERATOR, 50);
    let pin = whatsapp_inbox::whatsapp::Pin::new("123456").expect("six digits");
    block_on(house.service.register(ONBOARDING, &pin, &register)).expect("it is registered");
    let grants = vec![Grant::user(ANA, Role::Contributor)];
    house.onboard(AS_OPERATOR, 51, Command::Activate { channel: CHANNEL, grants }).expect("it is activated");
    let relayed = house.relay();
    assert!(relayed.effects.iter().all(|done| done.outcome == RelayOutcome::Done), "{relayed:?}");
    let channel = house.state::<Channel>(CHANNEL);
    assert_eq!(channel.settings().map(|settings| settings.name().as_str()), Some("Harbour Bakery"));
    assert_eq!(house.relay_all(), 0);
    assert!(house.state::<Onboarding>(ONBOARDING).is_done(Step::ActivateAccount, house.clock.now()));
}

#[test]
fn conversation_auto_resolve_a_tick_does_what_is_due_once_and_counts() {
    let house = House::talking();
    let due = house.state::<Conversation>(CONVERSATION).next_deadline().expect("a deadline");
    house.clock.set(Instant::from_unix_millis(due.unix_millis() - 1).expect("in range"));
    let tick = || block_on(house.service.tick(house.clock.now(), 10)).expect("it is read");
    assert_eq!(tick(), whatsapp_inbox::service::Ticked::default(), "a millisecond before");
    house.clock.set(due);
    let ticked = tick();
    assert_eq!((ticked.due, ticked.done, ticked.left), (1, 1, 0));
    assert_eq!(tick(), whatsapp_inbox::service::Ticked::default());
    assert_eq!(house.state::<Conversation>(CONVERSATION).queue(due), Some(Queue::Resolved));
    // Many are done a few at a time, the longest due first.
    for number in 0..5 {
        house.begin(ConversationId::new(sample::ORGANISATION, Uuid::from_u128(400 + number)), 400 + number);
        house.clock.push_minutes(1);
    }
    house.clock.push_days(365);
    let few = || block_on(house.service.tick(house.clock.now(), 2)).expect("it is read").done;
    assert_eq!([few(), few(), few(), few()], [2, 2, 1, 0]);
}

#[test]
fn core_pure_a_service_is_as_good_behind_a_pointer() {
    let (memory, people, meta) = (Memory::default(), People::default(), StandIn::default());
    let [one, other] = [0, 1].map(|_| Service::new(&memory, &people, &meta));
    let begin = |id| conversation::Command::Begin { id, channel: CHANNEL };
    let request = Request::new(command(1), Actor::Customer, sample::begin());
    block_on(one.conversation(CONVERSATION, begin(CONVERSATION), &request)).expect("it begins");
    let again = block_on(other.conversation(CONVERSATION, begin(CONVERSATION), &request)).expect("it was done");
    assert_eq!(again, Answer::AlreadyApplied { version: Version::new(1) });
}

#[test]
fn core_explain_what_the_relay_tells_of_an_effect() {
    // A refusal is told with its code: the channel that an activation opens is open already.
    let refused = RelayOutcome::Refused { code: "already-opened", why: "the channel was opened".to_owned() };
    let failed = RelayOutcome::Failed { why: "a disk is full".to_owned() };
    for (outcome, over) in
        [(RelayOutcome::Done, true), (RelayOutcome::Unknown { why: None }, true), (refused, true), (failed, false)]
    {
        assert_eq!(outcome.is_over(), over, "{outcome:?}");
    }
}
