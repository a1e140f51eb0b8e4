//! Processes of the real program on one PostgreSQL are killed while they work, and nothing is lost and nothing done twice.
//!
//! `DATABASE_URL` names a database beside which the test makes one of its own. `KILL_SEED` repeats the choice of moments,
//! `KILL_ROUNDS` says how often somebody is killed, `KILL_PROCESSES` how many there are.

mod killing;

use std::sync::Arc;
use std::time::Duration;

use killing::world::World;
use killing::{customers, database_url, killer, load, number, onboarding, proof};
use tokio::task::JoinSet;
use tokio::time::Instant;

/// So many of each are at work.
const TEAM: u64 = 8;
const CUSTOMERS: u64 = 3;
const BRANDS: u64 = 2;

/// Begins all of the load.
fn busy(world: &Arc<World>) -> JoinSet<()> {
    let mut busy = JoinSet::new();
    (0..TEAM).for_each(|n| _ = busy.spawn(load::team(Arc::clone(world), 100 + n)));
    (0..CUSTOMERS).for_each(|n| _ = busy.spawn(customers::write(Arc::clone(world), 200 + n)));
    (0..BRANDS).for_each(|n| _ = busy.spawn(onboarding::onboard(Arc::clone(world), 300 + n)));
    (0..2).for_each(|n| _ = busy.spawn(load::settings(Arc::clone(world), 400 + n)));
    (0..2).for_each(|n| _ = busy.spawn(load::access(Arc::clone(world), 500 + n)));
    busy
}

/// Ends the load: whatever was begun is answered.
async fn calm(world: &World, mut busy: JoinSet<()>) {
    world.end();
    while let Some(ended) = busy.join_next().await {
        ended.unwrap();
    }
}

/// Takes access from those who have it by grants of their own. Nobody replies meanwhile, so that nobody may become the owner
/// of a conversation after it was looked at.
async fn take_access(world: &World) {
    let mut client = world.client(4);
    for organisation in &world.organisations {
        for (line, who) in organisation.lines[..2].iter().flat_map(|line| organisation.staff[2..].iter().map(move |who| (line, *who))) {
            let (on, held) = load::standing(&mut client, organisation, line, who).await;
            if held {
                load::change_access(&mut client, organisation, line, (on, who, false)).await;
            }
        }
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_killed_loses_nothing_and_does_nothing_twice() {
    let Some(url) = database_url() else { return };
    let random_seed = u64::try_from(inbox_service::clock::now().unix_millis()).unwrap();
    let (seed, rounds) = (number("KILL_SEED", random_seed), number("KILL_ROUNDS", 22));
    let processes = usize::try_from(number("KILL_PROCESSES", 2)).unwrap();
    println!("KILL_SEED={seed} KILL_ROUNDS={rounds} KILL_PROCESSES={processes}");
    let begun = Instant::now();
    let name = format!("kill_{}", std::process::id());
    let world = World::make(&url, &name, processes, (seed, rounds * 2_500)).await;
    world.processes.start_all().await;
    let busy = busy(&world);
    tokio::time::sleep(Duration::from_secs(1)).await;
    let kills = killer::kill(&world, rounds, async || {
        let mut client = world.client(5);
        for organisation in &world.organisations {
            load::close(&world, &mut client, organisation).await;
        }
    })
    .await;
    calm(&world, busy).await;
    take_access(&world).await;
    let unsettled = proof::settle(&world).await;
    let (left, found) = proof::prove(&world, &unsettled).await;
    println!("{}", figures(&world, &left));
    println!(
        "{processes} processes, {} kills, {} of them of all at once; lost {}, doubled {}, wrong {}; {} s",
        kills.kills,
        kills.outages,
        found.lost.len(),
        found.doubled.len(),
        found.wrong.len(),
        begun.elapsed().as_secs()
    );
    world.processes.kill_all().await;
    assert!(found.nothing(), "KILL_SEED={seed} KILL_ROUNDS={rounds}\n{}", found.told());
    let world = Arc::into_inner(world).unwrap();
    world.database.drop().await;
}

/// What there was to do.
fn figures(world: &World, left: &proof::Left) -> String {
    let (requests, commands, deliveries) =
        world.clients.record(|record| (record.requests, record.commands.clone(), record.deliveries.len()));
    let acknowledged = commands.iter().filter(|asked| asked.answer.done()).count();
    let again = commands.iter().filter(|asked| asked.answer.body["outcome"] == "already-applied").count();
    let mut refused = std::collections::BTreeMap::<u16, usize>::new();
    for asked in commands.iter().filter(|asked| !asked.answer.done()) {
        *refused.entry(asked.answer.status).or_default() += 1;
    }
    let count = |name| left.named(name).count();
    format!(
        "{requests} requests; {} commands, {acknowledged} acknowledged ({again} of them done before), refused {refused:?}
{deliveries} deliveries, {} messages of customers, {} facts
replies: {} sent, {} failed, {} unknown, {} refused; warnings: {} begun, {} sent, {} failed; resolved {}, woken {}
codes: {} asked for, {} sent; entries {}, registrations {}, channels opened {}, owners lost {}
{} calls to Meta; {} events of {} aggregates",
        commands.len(),
        count("customer-wrote"),
        count("observed"),
        left.messages_in("sent"),
        left.messages_in("failed"),
        left.messages_in("unknown"),
        left.messages_in("refused"),
        count("warning-begun"),
        count("warning-sent"),
        count("warning-failed"),
        count("resolved"),
        count("moved"),
        count("code-requested"),
        count("code-sent"),
        count("code-entry-begun"),
        count("registration-begun"),
        count("opened"),
        left.named("unassigned").filter(|event| event.told["why"] == "access-lost").count(),
        world.meta.calls().len(),
        left.events.len(),
        left.aggregates.len(),
    )
}
