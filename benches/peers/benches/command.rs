//! One command on a conversation with twenty events behind it, in memory: through this crate's service and through cqrs-es;
//! and what it consists of.
//!
//! The command is a reply by the owner, which makes one event. Both sides are polled by hand, as nothing waits, and each
//! command has a store of its own, made before the clock runs, so that nothing grows while it is measured.
//!
//! **The work is not quite the same.** cqrs-es reads all events, folds them, asks the aggregate, and writes all events back;
//! its aggregate ([`peers::cqrs`]) has a few of the rules. This crate's service reads the state; takes a fingerprint of the
//! command; looks for its id among those that were given before; reads the person, the policy and the channel; works out
//! role, rules and what was due meanwhile; decides; asks whether the person may do what would happen; and writes event,
//! metadata, state, version, deadline, command id, effects and claims in one step that no other write comes between.
//! cqrs-es writes the event without a check of the version, and without metadata here.
//!
//! `MemStore` of cqrs-es prints two lines for each command. They go to `/dev/null` here; [`Quiet`] is the same store without
//! them, and the one to compare with.

use std::cell::RefCell;
use std::collections::HashMap;
use std::fs::OpenOptions;
use std::hint::black_box;
use std::time::Duration;

use cqrs_es::mem_store::MemStore;
use cqrs_es::{CqrsFramework, EventStore};
use criterion::Criterion;
use criterion::measurement::{Measurement, WallTime};
use peers::cqrs::{self, Event, Given, Quiet};
use peers::ready;
use peers::story::{ANA, COMMAND, CONVERSATION, Story, Warnings, commit, context, now, reply, service, steps};
use whatsapp_inbox::conversation::{self, Conversation};
use whatsapp_inbox::decider::{Actor, Decider, Fingerprint, Policy, Version};
use whatsapp_inbox::memory::Memory;
use whatsapp_inbox::port::Store;
use whatsapp_inbox::service::Request;

const EFFECTS: u32 = 1_000;
/// So many stores are made before the clock runs: few enough to stay in the cache.
const STORES: u64 = 16;
/// Where nothing needs to be made.
const MANY: u64 = 1_024;

const SERVICE: &str = "command, through the service";
const FRAMEWORK: &str = "command, cqrs-es without its printing";
const REPLAY: &str = "replay of 20 events";
const LOAD: &str = "replay of 20 events, cqrs-es without its printing";
const PARSE: &str = "parsing of 20 events from JSON";
const PARSE_AND_REPLAY: &str = "replay of 20 events from JSON";
const RELAY: &str = "relay of 1,000 warnings";

/// The median of each benchmark in nanoseconds, for the tables at the end.
#[derive(Default)]
struct Medians(RefCell<Vec<(&'static str, f64)>>);

impl Medians {
    /// Times the run alone, on things that are made so many at a time. They are dropped when the clock has stopped.
    fn measure<I, O>(
        &self,
        criterion: &mut Criterion,
        (name, batch): (&'static str, u64),
        make: impl Fn() -> I,
        run: impl Fn(&mut I) -> O,
    ) {
        let mut samples = Vec::new();
        criterion.bench_function(name, |bencher| {
            bencher.iter_custom(|iterations| {
                let took = silenced(|| timed((iterations, batch), &make, &run));
                samples.push(WallTime.to_f64(&took) / iterations as f64);
                took
            });
        });
        samples.sort_unstable_by(f64::total_cmp);
        self.0.borrow_mut().extend(samples.get(samples.len() / 2).map(|median| (name, *median)));
    }

    fn of(&self, name: &str) -> Option<f64> {
        self.0.borrow().iter().find(|(measured, _)| *measured == name).map(|(_, median)| *median)
    }

    fn print(&self) {
        println!("\n| what | median, ns |\n| --- | --- |");
        for (name, median) in self.0.borrow().iter() {
            println!("| {name} | {median:.1} |");
        }
        println!("\n| beside | times |\n| --- | --- |");
        let ratio = |name: &str, beside: &str| {
            if let (Some(ours), Some(theirs)) = (self.of(beside), self.of(name)) {
                println!("| {name}, beside {beside} | {:.2} |", theirs / ours);
            }
        };
        ratio(FRAMEWORK, SERVICE);
        ratio(LOAD, REPLAY);
        ratio(PARSE_AND_REPLAY, PARSE);
        if let Some(nanoseconds) = self.of(RELAY) {
            println!("\nrelayed: {:.0} effects a second", f64::from(EFFECTS) * 1e9 / nanoseconds);
        }
    }
}

fn timed<I, O>((iterations, batch): (u64, u64), make: &impl Fn() -> I, run: &impl Fn(&mut I) -> O) -> Duration {
    let (mut took, mut left) = (Duration::ZERO, iterations);
    while left > 0 {
        let count = left.min(batch);
        let mut things: Vec<I> = (0..count).map(|_| make()).collect();
        let began = WallTime.start();
        for thing in &mut things {
            black_box(run(black_box(thing)));
        }
        took += WallTime.end(began);
        left -= count;
    }
    took
}

/// What happened, as cqrs-es has it.
fn recorded(id: &str) -> Vec<Event> {
    let store = Quiet::default();
    let framework = CqrsFramework::new(store.clone(), Vec::new(), ());
    for (by, command, at) in steps() {
        ready(framework.execute(id, Given { command, by, at })).expect("it is allowed");
    }
    let events = ready(store.load_events(id)).expect("they are read");
    events.into_iter().map(|envelope| envelope.payload).collect()
}

/// A framework over a store in which all of it is written.
fn told<S: EventStore<cqrs::Conversation>>(
    store: S,
    id: &str,
    events: &[Event],
) -> CqrsFramework<cqrs::Conversation, S> {
    let context = ready(store.load_aggregate(id)).expect("it is read");
    ready(store.commit(events.to_vec(), context, HashMap::new())).expect("it is written");
    CqrsFramework::new(store, Vec::new(), ())
}

/// Standard output goes nowhere meanwhile.
fn silenced<T>(work: impl FnOnce() -> T) -> T {
    let output = rustix::io::dup(rustix::stdio::stdout()).expect("an output");
    let nowhere = OpenOptions::new().write(true).open("/dev/null").expect("a null device");
    rustix::stdio::dup2_stdout(&nowhere).expect("it is turned off");
    let done = work();
    rustix::stdio::dup2_stdout(&output).expect("it is turned on");
    done
}

/// The same command on both sides, and on this side also what it consists of.
fn commands(criterion: &mut Criterion, medians: &Medians, story: &Story, events: &[Event]) {
    let id = CONVERSATION.to_string();
    let request = Request::new(COMMAND, Actor::User(ANA), now());
    let given = Given { command: reply(), by: Actor::User(ANA), at: now() };

    medians.measure(
        criterion,
        (SERVICE, STORES),
        || service(story.told()),
        |service| ready(service.conversation(CONVERSATION, reply(), &request)).expect("it is allowed"),
    );
    medians.measure(
        criterion,
        (FRAMEWORK, STORES),
        || told(Quiet::default(), &id, events),
        |framework| ready(framework.execute(&id, given.clone())).expect("it is allowed"),
    );
    medians.measure(
        criterion,
        ("command, cqrs-es with MemStore", STORES),
        || told(MemStore::default(), &id, events),
        |framework| ready(framework.execute(&id, given.clone())).expect("it is allowed"),
    );

    let policy = Policy::default();
    let by = context(now(), Actor::User(ANA), COMMAND, &policy);
    let state = story.state();
    medians.measure(
        criterion,
        ("decide and evolve, on kept state", MANY),
        || (),
        |()| {
            let events = black_box(state).decide(reply(), &by).expect("it is allowed");
            events.iter().fold(state.clone(), Conversation::evolve)
        },
    );
    medians.measure(criterion, ("fingerprint of a command", MANY), reply, |command: &mut conversation::Command| {
        Fingerprint::of(command)
    });
    medians.measure(
        criterion,
        ("load", STORES),
        || story.told(),
        |memory| ready(Store::<Conversation>::load(&*memory, CONVERSATION, Some(COMMAND))).expect("it is read"),
    );
    let written = commit(CONVERSATION, (state.clone(), Version::new(peers::story::EVENTS)), reply(), &by);
    medians.measure(
        criterion,
        ("commit", STORES),
        || (story.told(), Some(written.clone())),
        |(memory, commit)| commit.take().map(|commit| ready(memory.commit(commit)).expect("it is written")),
    );
}

/// Twenty events, folded.
fn replays(criterion: &mut Criterion, medians: &Medians, memory: &Memory, recorded: &[Event]) {
    let id = CONVERSATION.to_string();
    let history = memory.history::<Conversation>(CONVERSATION);
    let events: Vec<conversation::Event> = history.into_iter().map(|(_, event)| event).collect();
    medians.measure(criterion, (REPLAY, MANY), || (), |()| Conversation::replay(black_box(&events)));
    medians.measure(
        criterion,
        ("replay of 20 events, with a copy of each from the store", MANY),
        || (),
        |()| {
            let history = memory.history::<Conversation>(CONVERSATION);
            Conversation::replay(history.iter().map(|(_, event)| event))
        },
    );
    let quiet = Quiet::default();
    drop(told(quiet.clone(), &id, recorded));
    let load = |()| ready(quiet.load_aggregate(&id)).expect("it is read").aggregate;
    medians.measure(criterion, (LOAD, MANY), || (), |&mut unit| load(unit));

    let lines: Vec<String> =
        events.iter().map(|event| serde_json::to_string(event).expect("an event is JSON")).collect();
    medians.measure(
        criterion,
        (PARSE, MANY),
        || (),
        |()| {
            for line in black_box(&lines) {
                black_box(&parse(line));
            }
        },
    );
    medians.measure(
        criterion,
        (PARSE_AND_REPLAY, MANY),
        || (),
        |()| {
            black_box(&lines)
                .iter()
                .fold(Conversation::default(), |conversation, line| conversation.evolve(black_box(&parse(line))))
        },
    );
}

/// The same code for both, so that they differ by what is done with the event.
#[inline(never)]
fn parse(line: &str) -> conversation::Event {
    serde_json::from_str(line).expect("an event")
}

fn relays(criterion: &mut Criterion, medians: &Medians) {
    let warnings = Warnings::new(EFFECTS.into());
    let limit = usize::try_from(EFFECTS).expect("a thousand");
    let service = || service(warnings.waiting());
    let relayed = ready(service().relay(warnings.now, limit)).expect("it is relayed").effects;
    assert!(relayed.len() == limit && relayed.iter().all(|delivered| delivered.outcome.is_over()));
    medians.measure(criterion, (RELAY, 1), service, |service| {
        ready(service.relay(warnings.now, limit)).expect("it is relayed")
    });
}

/// Both sides are where they should be before the command, and after it.
fn same(story: &Story, recorded: &[Event]) {
    let id = CONVERSATION.to_string();
    let (memory, quiet) = (service(story.told()), Quiet::default());
    let framework = told(quiet.clone(), &id, recorded);
    for command in [None, Some(reply())] {
        if let Some(command) = command {
            let request = Request::new(COMMAND, Actor::User(ANA), now());
            let answer = ready(memory.conversation(CONVERSATION, command.clone(), &request)).expect("it is allowed");
            assert_eq!(answer.events().len(), 1);
            let given = Given { command, by: Actor::User(ANA), at: now() };
            ready(framework.execute(&id, given)).expect("it is allowed");
        }
        let ours = memory.store().history::<Conversation>(CONVERSATION);
        let ours: Vec<_> = ours.into_iter().map(|(_, event)| (event.at, event.by, event.change)).collect();
        let theirs = ready(quiet.load_events(&id)).expect("they are read");
        let theirs: Vec<_> = theirs
            .into_iter()
            .map(|envelope| envelope.payload)
            .map(|event| (event.at, event.by, event.change))
            .collect();
        assert_eq!(ours, theirs);
        let ours = ready(Store::<Conversation>::load(memory.store(), CONVERSATION, None)).expect("it is read").state;
        let theirs = ready(quiet.load_aggregate(&id)).expect("it is read").aggregate;
        assert_eq!((ours.queue(now()), ours.owner(now())), (theirs.queue(), theirs.owner()));
        assert_eq!(ours.last_message(), theirs.last_message());
    }
}

fn main() {
    let story = Story::new();
    let recorded = recorded(&CONVERSATION.to_string());
    same(&story, &recorded);

    let mut criterion = Criterion::default()
        .warm_up_time(Duration::from_secs(1))
        .measurement_time(Duration::from_secs(4))
        .configure_from_args();
    let medians = Medians::default();
    commands(&mut criterion, &medians, &story, &recorded);
    replays(&mut criterion, &medians, &story.told(), &recorded);
    relays(&mut criterion, &medians);
    criterion.final_summary();
    medians.print();
}
