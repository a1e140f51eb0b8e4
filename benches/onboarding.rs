//! Onboarding: one command, one refusal, a whole history, the checklist.
//!
//! Each group has beside it what bounds it: copying the same events or state, or parsing the same JSON.
#![allow(unreachable_pub, dead_code, clippy::wildcard_imports, reason = "the toolbox of the specification")]

#[path = "../tests/spec/case.rs"]
mod case;

use std::hint::black_box;

use case::*;
use criterion::{BatchSize, Criterion};
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy};
use whatsapp_inbox::id::CommandId;
use whatsapp_inbox::onboarding::{Command, Event, Kind, Onboarding, Overview, Step};
use whatsapp_inbox::uuid::Uuid;

const COMMAND: CommandId = CommandId::new(Uuid::from_u128(1));

fn decide(case: &Case, policy: &Policy, actor: Actor, command: Command) -> bool {
    let context = Context::new(case.now, actor, COMMAND, policy);
    case.onboarding.decide(command, &context).is_err()
}

fn commands(criterion: &mut Criterion) {
    let policy = Policy::default();
    let early = Case::open(Step::AcceptTerms);
    let mut late = Case::open(Step::VerifyNumber);
    late.send_code(whatsapp_inbox::whatsapp::CodeMethod::Voice);

    let mut group = criterion.benchmark_group("command");
    group.bench_function("sign: decide + evolve", |bencher| {
        bencher.iter_batched(
            || (Case::open(Step::SignAgreement).onboarding, sign()),
            |(onboarding, command)| {
                let events = onboarding.decide(command, &Context::new(early.now, ADMIN, COMMAND, &policy));
                events.iter().flatten().fold(onboarding, Onboarding::evolve)
            },
            BatchSize::NumIterations(64),
        );
    });
    group.bench_function("enter a code: decide + evolve", |bencher| {
        bencher.iter_batched(
            || late.onboarding.clone(),
            |onboarding| {
                let events = onboarding.decide(Command::EnterCode, &Context::new(late.now, ADMIN, COMMAND, &policy));
                events.iter().flatten().fold(onboarding, Onboarding::evolve)
            },
            BatchSize::NumIterations(64),
        );
    });
    group.bench_function("the state alone is moved", |bencher| {
        bencher.iter_batched(|| late.onboarding.clone(), black_box, BatchSize::NumIterations(64));
    });
    group.bench_function("refused: somebody else's", |bencher| {
        bencher.iter(|| decide(black_box(&late), &policy, OPERATOR, Command::EnterCode));
    });
    group.bench_function("refused: out of order, first steps", |bencher| {
        bencher.iter(|| decide(black_box(&early), &policy, OPERATOR, Command::ApplyForBadge));
    });
    group.bench_function("refused: done already, late", |bencher| {
        bencher.iter(|| decide(black_box(&late), &policy, ADMIN, Command::SubmitBusiness));
    });
    group.bench_function("allowed, all kinds", |bencher| {
        bencher
            .iter(|| black_box(&late).onboarding.allowed(ADMIN, late.now).filter(|kind| *kind != Kind::Tick).count());
    });
    group.finish();
}

fn replay(criterion: &mut Criterion) {
    let case = Case::complete_onboarding();
    let events = &case.events;
    let json: Vec<String> = events.iter().map(|event| serde_json::to_string(event).expect("JSON")).collect();
    let mut group = criterion.benchmark_group(format!("history of {} events", events.len()));
    group.bench_function("replay", |bencher| bencher.iter(|| Onboarding::replay(black_box(events))));
    group.bench_function("copy the events", |bencher| bencher.iter(|| black_box(events).clone()));
    let parse = |text: &String| serde_json::from_str::<Event>(text).expect("an event");
    group.bench_function("parse and replay JSON", |bencher| {
        bencher.iter(|| {
            black_box(&json).iter().map(parse).fold(Onboarding::default(), |state, event| state.evolve(&event))
        });
    });
    group.bench_function("parse JSON alone", |bencher| {
        bencher.iter(|| black_box(&json).iter().map(parse).for_each(|event| drop(black_box(event))));
    });
    group.finish();
}

fn checklist(criterion: &mut Criterion) {
    let policy = Policy::default();
    let mut group = criterion.benchmark_group("checklist");
    let cases = [("at the code", Case::open(Step::VerifyNumber)), ("complete", Case::complete_onboarding())];
    for (name, case) in &cases {
        group.bench_function(*name, |bencher| {
            bencher.iter(|| black_box(&case.onboarding).checklist(&policy.calendar, case.now));
        });
    }
    let many: Vec<Onboarding> = [Step::CreateAccount, Step::VerifyNumber]
        .into_iter()
        .cycle()
        .take(1000)
        .map(|step| Case::open(step).onboarding)
        .collect();
    let now = Case::new().now;
    group.sample_size(20);
    group.bench_function("overview of 1,000", |bencher| {
        bencher.iter(|| Overview::of(black_box(&many), &policy.calendar, now));
    });
    group.finish();
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    commands(&mut criterion);
    replay(&mut criterion);
    checklist(&mut criterion);
    criterion.final_summary();
}
