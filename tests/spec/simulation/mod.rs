//! Several services on one faulty store, by a seed: crashes between any two steps, lost, doubled and late answers and
//! deliveries. When it has calmed down, nothing that was acknowledged is lost, nothing is done twice, and all that follows has
//! followed.
//!
//! `SIMULATION_RUNS=100000 cargo test --release --test spec simulation_loses` runs more; `SIMULATION_SEED=7` runs one seed alone,
//! and with `SIMULATION_SHOW=1` and `-- --nocapture` shows what happened to the onboardings.

mod checks;
mod programs;
mod world;

use std::cell::{Cell, RefCell};
use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, PoisonError};
use std::task::{Context, Poll, Waker};

use whatsapp_inbox::channel::Channel;
use whatsapp_inbox::conversation::Conversation;
use whatsapp_inbox::decider::{Decider, Fingerprint, Version};
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::memory::Memory;
use whatsapp_inbox::onboarding::Onboarding;
use whatsapp_inbox::port::Store;
use whatsapp_inbox::service::{Service, Stores};
use whatsapp_inbox::testing::{Chance, Clock, Faulty, Odds, People, block_on, sample};

use self::checks::{Ordered, check};
use self::programs::{program_count, run_program};
use self::world::{BRANDS, Meta, people};
use crate::broken_stores::{Broken, Fault};

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
        let histories = BRANDS.iter().map(|brand| memory.history::<Onboarding>(brand.onboarding));
        for (metadata, event) in histories.flatten() {
            println!("{} {} by {}: {:?}", event.at, metadata.command, metadata.actor, event.change);
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
        let relayed = block_on(service.relay(now, 50)).expect("nothing fails").effects;
        if done == 0 && relayed.iter().all(|delivered| !delivered.outcome.is_over()) {
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
        Fault::OneOrganisation,
        Fault::AcceptsBehind,
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
