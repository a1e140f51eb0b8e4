//! Several services on one faulty store, by a seed: crashes between any two steps, lost, doubled and late answers and
//! deliveries. When it has calmed down, nothing that was acknowledged is lost, nothing is done twice, and all that follows has
//! followed.
//!
//! `SIMULATION_RUNS=100000 cargo test --release --test spec simulation` runs more; `SIMULATION_SEED=7` runs one seed alone.

use std::cell::{Cell, RefCell};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::conversation::{Conversation, Queue};
use whatsapp_inbox::decider::{Decider, Fingerprint, Version};
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::memory::Memory;
use whatsapp_inbox::onboarding::{self, Onboarding};
use whatsapp_inbox::port::{Backend, Commit, CommitError, Committed, Due, EffectId, Leased, Loaded, Metadata, Store};
use whatsapp_inbox::service::{Service, Stores};
use whatsapp_inbox::testing::{Chance, Clock, Faulty, Odds, People, block_on, sample};
use whatsapp_inbox::time::Instant;

use crate::broken_stores::{Broken, Fault};
use crate::simulated::{BRANDS, Brand, Meta, people, program_count, run_program};

/// So many services share the store.
const SERVICES: usize = 3;
/// So many steps of the programs are taken before the faults stop.
const STEPS: usize = 1_500;

pub type Served<'w, S> = Service<Faulty<&'w S>, Faulty<&'w People>, Faulty<&'w Meta>>;

/// What all programs of a run share.
pub struct World<'w> {
    pub memory: &'w Memory,
    pub people: &'w People,
    pub clock: &'w Clock,
    pub chance: &'w Chance,
    /// So often a host that never stops ticks and relays.
    pub rounds: usize,
    /// What was acknowledged: the kind of aggregate, which, the command's id, and the version it was told.
    pub acknowledged: &'w RefCell<Vec<(&'static str, String, CommandId, Version)>>,
}

impl World<'_> {
    pub fn state<A: Decider>(&self, id: A::Id) -> A
    where
        Memory: Store<A>,
    {
        block_on(Store::<A>::load(self.memory, id, None)).expect("memory").state
    }
}

/// A commit that was written, in the order of all.
struct Written {
    kind: &'static str,
    aggregate: String,
    events: Vec<&'static str>,
}

impl Written {
    fn is(&self, kind: &str, aggregate: &impl ToString, event: Option<&str>) -> bool {
        self.kind == kind
            && self.aggregate == aggregate.to_string()
            && event.is_none_or(|event| self.events.contains(&event))
    }
}

/// A store that remembers in which order it wrote what.
struct Ordered<'s, S> {
    store: &'s S,
    commits: Mutex<Vec<Written>>,
}

impl<A: Decider, S: Store<A>> Store<A> for Ordered<'_, S> {
    async fn load(&self, aggregate: A::Id, command: Option<CommandId>) -> Result<Loaded<A>, Backend> {
        self.store.load(aggregate, command).await
    }

    async fn commit(&self, commit: Commit<A>) -> Result<Committed, CommitError> {
        let (aggregate, events) = (commit.aggregate.to_string(), commit.events.iter().map(A::event_name).collect());
        let committed = self.store.commit(commit).await?;
        if matches!(committed, Committed::Now { .. }) {
            self.commits.lock().expect("no panic").push(Written { kind: A::NAME, aggregate, events });
        }
        Ok(committed)
    }

    async fn due(&self, now: Instant, limit: usize) -> Result<Vec<Due<A::Id>>, Backend> {
        self.store.due(now, limit).await
    }

    async fn lease(&self, now: Instant, until: Instant, limit: usize) -> Result<Vec<Leased<A>>, Backend> {
        self.store.lease(now, until, limit).await
    }

    async fn done(&self, effect: EffectId<A::Id>) -> Result<(), Backend> {
        self.store.done(effect).await
    }
}

/// What a run came to.
#[derive(Debug, PartialEq, Eq)]
struct Outcome {
    faults: Vec<String>,
    /// Every event with its metadata: two runs of one seed have the same.
    trace: Fingerprint,
    acknowledged: usize,
    crashes: usize,
    complete: usize,
}

/// Where Meta, people, clock and odds of one run live.
struct Stage {
    people: People,
    meta: Meta,
    clock: Clock,
    chance: Chance,
    acknowledged: RefCell<Vec<(&'static str, String, CommandId, Version)>>,
    crashes: Cell<usize>,
}

type Running<'w> = Option<Pin<Box<dyn Future<Output = ()> + 'w>>>;

fn run<S: Stores>(seed: u64, store: &S, memory: &Memory) -> Outcome {
    let stage = Stage {
        people: people(),
        meta: Meta::default(),
        clock: Clock::at(sample::begin()),
        chance: Chance::new(seed),
        acknowledged: RefCell::default(),
        crashes: Cell::new(0),
    };
    let world = World {
        memory,
        people: &stage.people,
        clock: &stage.clock,
        chance: &stage.chance,
        rounds: 1_000,
        acknowledged: &stage.acknowledged,
    };
    let store = Ordered { store, commits: Mutex::default() };
    stormy(&stage, &world, &store);
    calm(&stage, &World { rounds: 0, ..world }, &store);
    let commits = store.commits.into_inner().unwrap_or_else(PoisonError::into_inner);
    let mut faults = Vec::new();
    check(&stage, memory, &commits, &mut faults);
    let complete = BRANDS.iter().filter(|brand| memory.history::<Channel>(brand.channel).len() > 1).count();
    let (acknowledged, crashes) = (stage.acknowledged.borrow().len(), stage.crashes.get());
    if std::env::var("SIMULATION_SHOW").is_ok() {
        for brand in &BRANDS {
            for (metadata, event) in memory.history::<Onboarding>(brand.onboarding) {
                println!("{} {} {:?}", event.at, metadata.actor, event.change);
            }
            println!();
        }
    }
    Outcome { faults, trace: trace(memory), acknowledged, crashes, complete }
}

/// Programs run on services that fail, and crash with all that runs on them; each is then begun anew from its start.
fn stormy<S: Stores>(stage: &Stage, world: &World<'_>, store: &S) {
    let chance = &stage.chance;
    let mut odds = Odds::default();
    odds.fails = [0, 20, 80][chance.below(3)];
    odds.loses_answer = [0, 20, 80][chance.below(3)];
    odds.waits = [100, 300, 600][chance.below(3)];
    let crash = [0, 3, 20][chance.below(3)];
    let services: Vec<Served<'_, S>> = (0..SERVICES).map(|_| service(stage, store, odds)).collect();
    let mut running: Vec<(usize, usize, Running<'_>)> = Vec::new();
    for program in 0..program_count() {
        // Each runs on two services at once: whatever is asked is asked twice, in any order.
        let one = chance.below(SERVICES);
        running.extend([(program, one, None), (program, (one + 1) % SERVICES, None)]);
    }
    let mut context = Context::from_waker(Waker::noop());
    for _ in 0..STEPS {
        let which = chance.below(running.len());
        let Some((program, on, future)) = running.get_mut(which) else { break };
        let future = future.get_or_insert_with(|| Box::pin(run_program(*program, &services[*on], world)));
        if future.as_mut().poll(&mut context).is_ready() {
            running.swap_remove(which);
            continue;
        }
        if chance.happens(crash) {
            stage.crashes.set(stage.crashes.get() + 1);
            let crashed = chance.below(SERVICES);
            running.iter_mut().filter(|(_, on, _)| *on == crashed).for_each(|(_, _, future)| *future = None);
        }
        if chance.happens(100) {
            stage.clock.push_seconds([1, 20, 60, 660, 3_600][chance.below(5)]);
        }
    }
}

/// Nothing fails any more: whoever was interrupted goes on, and everything that is due or waits is done.
fn calm<S: Stores>(stage: &Stage, world: &World<'_>, store: &S) {
    let service = service(stage, store, Odds::default());
    let mut context = Context::from_waker(Waker::noop());
    let mut running: Vec<Running<'_>> =
        (0..program_count()).map(|program| Some(Box::pin(run_program(program, &service, world)) as _)).collect();
    for _ in 0..400 {
        for future in &mut running {
            if let Some(going) = future
                && going.as_mut().poll(&mut context) == Poll::Ready(())
            {
                *future = None;
            }
        }
        quiet(&service, stage);
        if running.iter().all(Option::is_none) {
            break;
        }
        stage.clock.push_minutes(7);
    }
    drop(running);
    for _ in 0..4 {
        stage.clock.push_minutes(6);
        quiet(&service, stage);
    }
}

fn quiet<S: Stores>(service: &Served<'_, S>, stage: &Stage) {
    for _ in 0..20 {
        let now = stage.clock.now();
        let done = block_on(service.tick(now, 50)).expect("nothing fails").done;
        let relayed = block_on(service.relay(now, 50)).expect("nothing fails").delivered;
        if done == 0 && relayed.iter().all(|delivered| delivered.failed.is_some()) {
            break;
        }
    }
}

fn service<'w, S: Stores>(stage: &'w Stage, store: &'w S, odds: Odds) -> Served<'w, S> {
    let seed = || stage.chance.draw();
    Service::new(
        Faulty::new(store, odds, seed()),
        Faulty::new(&stage.people, odds, seed()),
        Faulty::new(&stage.meta, odds, seed()),
    )
}

fn trace(memory: &Memory) -> Fingerprint {
    let mut text = String::new();
    for brand in &BRANDS {
        let _ = write!(text, "{:?}", memory.history::<Onboarding>(brand.onboarding));
        let _ = write!(text, "{:?}", memory.history::<Channel>(brand.channel));
        for conversation in brand.conversations() {
            let _ = write!(text, "{:?}", memory.history::<Conversation>(conversation));
        }
    }
    Fingerprint::of(&text)
}

/// What must hold when it has calmed down.
fn check(stage: &Stage, memory: &Memory, commits: &[Written], faults: &mut Vec<String>) {
    let mut told: BTreeMap<(&str, String), BTreeMap<CommandId, Version>> = BTreeMap::new();
    for (kind, aggregate, command, version) in stage.acknowledged.borrow().iter() {
        let known = told.entry((*kind, aggregate.clone())).or_default().insert(*command, *version);
        if known.is_some_and(|known| known != *version) {
            faults.push(format!("{kind} {aggregate}: {command} was told {known:?}, then {version}"));
        }
    }
    let mut held = BTreeSet::new();
    for brand in &BRANDS {
        history::<Onboarding>(
            memory,
            (brand.onboarding, memory.history::<Onboarding>(brand.onboarding)),
            &told,
            faults,
        );
        history::<Channel>(memory, (brand.channel, memory.history::<Channel>(brand.channel)), &told, faults);
        for id in brand.conversations() {
            history::<Conversation>(memory, (id, memory.history::<Conversation>(id)), &told, faults);
        }
        follows((memory, commits), brand, stage.clock.now(), faults);
        calls(&stage.meta, memory, *brand, faults);
        let number = brand_number(memory, brand);
        if number.is_some_and(|number| !held.insert(number)) {
            faults.push(format!("{number:?} is held twice"));
        }
    }
    let waiting = [
        memory.waiting::<Onboarding>().len(),
        memory.waiting::<Channel>().len(),
        memory.waiting::<Conversation>().len(),
    ];
    if waiting != [0, 0, 0] {
        faults.push(format!("effects that are not delivered: {waiting:?}"));
    }
}

/// Every acknowledged command is in the history, as one run of events that ends in the version that was told; no command is
/// there twice; and the state is what the events lead to.
fn history<A: Decider>(
    memory: &Memory,
    (id, history): (A::Id, Vec<(Metadata, A::Event)>),
    told: &BTreeMap<(&str, String), BTreeMap<CommandId, Version>>,
    faults: &mut Vec<String>,
) where
    Memory: Store<A>,
{
    let mut ends: BTreeMap<CommandId, Version> = BTreeMap::new();
    for (version, (metadata, _)) in (1..).map(Version::new).zip(&history) {
        let before = ends.insert(metadata.command, version);
        if before.is_some_and(|before| before.next() != version) {
            faults.push(format!("{} {id}: {} was done twice", A::NAME, metadata.command));
        }
    }
    let name = (A::NAME, id.to_string());
    for (command, version) in told.get(&name).into_iter().flatten() {
        if ends.get(command) != Some(version) {
            faults.push(format!(
                "{} {id}: {command} was acknowledged at {version}, and is at {:?}",
                A::NAME,
                ends.get(command)
            ));
        }
    }
    let loaded = block_on(Store::<A>::load(memory, id, None)).expect("memory");
    if A::replay(history.iter().map(|(_, event)| event)) != loaded.state {
        faults.push(format!("{} {id}: the state is not what the events lead to", A::NAME));
    }
    if loaded.version.get() != history.len() as u64 {
        faults.push(format!("{} {id}: version {} with {} events", A::NAME, loaded.version, history.len()));
    }
}

/// What must have followed elsewhere, of what was written before.
fn follows((memory, commits): (&Memory, &[Written]), brand: &Brand, now: Instant, faults: &mut Vec<String>) {
    let channel = block_on(Store::<Channel>::load(memory, brand.channel, None)).expect("memory").state;
    let activated = memory.history::<Onboarding>(brand.onboarding);
    let activated = activated.iter().any(|(_, event)| matches!(event.change, onboarding::Change::Activated { .. }));
    // The programs do not give up before it is.
    if !activated {
        faults.push(format!("{}: not activated", brand.onboarding));
    }
    if activated != channel.id().is_some() {
        faults.push(format!("{}: activated {activated}, and the channel is {:?}", brand.channel, channel.status()));
    }
    let when =
        |wanted: &str| commits.iter().position(|written| written.is(Channel::NAME, &brand.channel, Some(wanted)));
    let (closed, revoked) = (when("closed"), when("access-changed"));
    for id in brand.conversations() {
        let conversation = block_on(Store::<Conversation>::load(memory, id, None)).expect("memory").state;
        let (queue, owner) = (conversation.queue(now), conversation.owner(now));
        let last = commits.iter().rposition(|written| written.is(Conversation::NAME, &id, None));
        if queue == Some(Queue::Resolved) && owner.is_some() {
            faults.push(format!("{id}: resolved, and owned"));
        }
        if last < closed && queue.is_some_and(|queue| queue != Queue::Resolved) {
            faults.push(format!("{id}: open since before its channel closed"));
        }
        if last < revoked && owner == Some(brand.leaver()) {
            faults.push(format!("{id}: owned since before its owner lost access"));
        }
        if conversation.next_deadline().is_some_and(|at| at <= now) {
            faults.push(format!("{id}: something is due and was not done"));
        }
    }
}

/// No call that may be made once was made twice.
fn calls(meta: &Meta, memory: &Memory, brand: Brand, faults: &mut Vec<String>) {
    use onboarding::Change::{CodeEntryBegun, CodeRequested, RegistrationBegun};
    let history = memory.history::<Onboarding>(brand.onboarding);
    let begun =
        |wanted: fn(&onboarding::Change) -> bool| history.iter().filter(|(_, event)| wanted(&event.change)).count();
    for (what, called, begun) in [
        ("codes asked for", meta.asked(brand), begun(|change| matches!(change, CodeRequested { .. }))),
        ("codes entered", meta.entered(brand), begun(|change| matches!(change, CodeEntryBegun { .. }))),
        ("registrations", meta.registered(brand), begun(|change| matches!(change, RegistrationBegun { .. }))),
    ] {
        if called > begun {
            faults.push(format!("{}: {called} {what}, and {begun} were begun", brand.onboarding));
        }
    }
    for ((conversation, attempt), times) in meta.warned() {
        if times > 1 {
            faults.push(format!("{conversation}: warned {times} times by attempt {attempt}"));
        }
    }
}

fn brand_number(memory: &Memory, brand: &Brand) -> Option<whatsapp_inbox::whatsapp::PhoneNumber> {
    use whatsapp_inbox::decider::{Claim, ClaimChange};
    let mut held = None;
    let onboarding = memory.history::<Onboarding>(brand.onboarding);
    let channel = memory.history::<Channel>(brand.channel);
    let claims = onboarding.iter().flat_map(|(_, event)| Onboarding::claims(event));
    for change in claims.chain(channel.iter().flat_map(|(_, event)| Channel::claims(event))) {
        match change {
            ClaimChange::Taken(Claim::Number(number)) => held = Some(number),
            ClaimChange::Released(_) => held = None,
            _ => {}
        }
    }
    held
}

fn sound(seed: u64) -> Outcome {
    let memory = Memory::default();
    run(seed, &memory, &memory)
}

fn from_environment(name: &str, default: u64) -> u64 {
    std::env::var(name).ok().and_then(|text| text.parse().ok()).unwrap_or(default)
}

#[test]
fn core_atomic_core_idempotent_core_concurrent_simulation_loses_nothing_and_does_nothing_twice() {
    let one = from_environment("SIMULATION_SEED", u64::MAX);
    let seeds = if one < u64::MAX { one..one + 1 } else { 0..from_environment("SIMULATION_RUNS", 150) };
    let (mut acknowledged, mut crashes, mut complete, runs) = (0, 0, 0, seeds.end - seeds.start);
    for seed in seeds {
        let outcome = sound(seed);
        assert_eq!(outcome.faults, [] as [&str; 0], "again: SIMULATION_SEED={seed}");
        acknowledged += outcome.acknowledged;
        crashes += outcome.crashes;
        complete += outcome.complete;
    }
    println!(
        "{runs} runs: {acknowledged} commands acknowledged, {crashes} crashes, {complete} channels opened and used"
    );
    if one == u64::MAX {
        assert!(complete as u64 >= runs && acknowledged as u64 > 30 * runs && crashes as u64 > runs / 2);
    }
}

#[test]
fn core_pure_simulation_of_the_same_seed_is_the_same() {
    let traces: BTreeSet<u128> = (0..8)
        .map(|seed| {
            let [one, other] = [sound(seed), sound(seed)];
            assert_eq!(one, other);
            one.trace.as_u128()
        })
        .collect();
    assert_eq!(traces.len(), 8, "and of another seed another");
}

#[test]
fn core_atomic_core_idempotent_core_concurrent_simulation_finds_what_a_store_gets_wrong() {
    for fault in [
        Fault::ForgetsCommands,
        Fault::ReadsThenWrites,
        Fault::IgnoresClaims,
        Fault::LosesEffects,
        Fault::CountsNoTries,
        Fault::LendsAgain,
        Fault::NeverDone,
    ] {
        let found = (0..300).find(|seed| {
            let broken = Broken::new(fault);
            !run(*seed, &broken, broken.memory()).faults.is_empty()
        });
        println!("{fault:?}: seed {found:?}");
        assert!(found.is_some(), "{fault:?} is not found");
    }
}
