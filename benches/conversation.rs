//! Conversations: a sweep over many beside a plain sum over as many numbers, and one decision with what it leads to.
//!
//! Rows are measured as a host has them: whole conversations, and rows of its own with the deadline that was stored beside
//! them. One in two hundred is due.

use std::hint::black_box;

use criterion::{Criterion, Throughput};
use whatsapp_inbox::access::Role;
use whatsapp_inbox::conversation::{Command, Conversation, MessageKind, Queue, due, sweep};
use whatsapp_inbox::decider::{Actor, Context, Decider, Policy};
use whatsapp_inbox::id::{ChannelId, CommandId, ConversationId, MessageId, OrganisationId, UserId};
use whatsapp_inbox::time::Instant;
use whatsapp_inbox::uuid::Uuid;

const ORGANISATION: OrganisationId = OrganisationId::new(Uuid::from_u128(1));
const CHANNEL: ChannelId = ChannelId::new(ORGANISATION, Uuid::from_u128(2));
const ROWS: [u32; 2] = [1_000_000, 10_000_000];

fn at(millis: i64) -> Instant {
    Instant::from_unix_millis(1_767_603_600_000 + millis).expect("an instant")
}

fn context(now: Instant, actor: Actor, policy: &Policy) -> Context<'_> {
    Context::new(now, actor, CommandId::new(Uuid::from_u128(3)), policy).with_role(Some(Role::Contributor))
}

fn begun(number: u32, now: Instant, policy: &Policy) -> Conversation {
    let id = ConversationId::new(ORGANISATION, Uuid::from_u128(u128::from(number)));
    let events =
        Conversation::default().decide(Command::Begin { id, channel: CHANNEL }, &context(now, Actor::System, policy));
    Conversation::replay(&events.expect("it begins"))
}

fn sweeps(criterion: &mut Criterion) {
    let policy = Policy::default();
    let now = at(40 * 86_400_000);
    for rows in ROWS {
        let age = |number: u32| if number % 200 == 0 { 0 } else { 20 * 86_400_000 };
        let conversations: Vec<Conversation> =
            (0..rows).map(|number| begun(number, at(age(number)), &policy)).collect();
        let own: Vec<(u32, Option<Instant>)> =
            (0..).zip(conversations.iter().map(Conversation::next_deadline)).collect();
        let numbers: Vec<u64> = (0..u64::from(rows)).collect();
        let mut group = criterion.benchmark_group(format!("{rows} rows"));
        group.throughput(Throughput::Elements(u64::from(rows))).sample_size(10);
        group.bench_function("a plain sum of numbers", |bencher| {
            bencher.iter(|| black_box(&numbers).iter().fold(0_u64, |sum, number| sum.wrapping_add(*number)));
        });
        group.bench_function("rows of one's own", |bencher| {
            bencher.iter(|| due(black_box(&own).iter().copied(), now).count());
        });
        let system = context(now, Actor::System, &policy);
        group.bench_function("whole conversations", |bencher| {
            bencher.iter(|| sweep(black_box(&conversations), &system, |_| {}).count());
        });
        let early = context(at(0), Actor::System, &policy);
        group.bench_function("whole conversations, nothing due", |bencher| {
            bencher.iter(|| sweep(black_box(&conversations), &early, |_| {}).count());
        });
    }
}

fn decisions(criterion: &mut Criterion) {
    let policy = Policy::default();
    let ana = Actor::User(UserId::new(ORGANISATION, Uuid::from_u128(7)));
    let message = MessageId::new(Uuid::from_u128(9));
    let written = {
        let new = begun(1, at(0), &policy);
        let events = new.decide(Command::Receive { message, sent_at: None }, &context(at(1), Actor::Customer, &policy));
        events.expect("it is received").iter().fold(new, Conversation::evolve)
    };
    let by = context(at(2), ana, &policy);
    criterion.bench_function("reply, decide and evolve", |bencher| {
        bencher.iter(|| {
            let events = black_box(&written).decide(Command::Reply { message, kind: MessageKind::FreeText }, &by);
            events.expect("it is sent").iter().fold(written.clone(), Conversation::evolve)
        });
    });
    criterion.bench_function("refused: the role is too low", |bencher| {
        let low = by.with_role(Some(Role::Viewer));
        bencher.iter(|| black_box(&written).decide(Command::Move { to: Queue::New }, &low).is_err());
    });
}

fn main() {
    let mut criterion = Criterion::default().configure_from_args();
    decisions(&mut criterion);
    sweeps(&mut criterion);
    criterion.final_summary();
}
