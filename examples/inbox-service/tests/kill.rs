//! Processes of the real program on one PostgreSQL are killed while they work, and nothing is lost and nothing done twice.
//!
//! `DATABASE_URL` names a database beside which the test makes one of its own. `KILL_SEED` repeats the choice of moments,
//! `KILL_ROUNDS` says how often somebody is killed, `KILL_PROCESSES` how many there are.

mod killing;

use std::collections::BTreeMap;
use std::sync::Arc;
use std::time::Duration;

use killing::client::Cut;
use killing::meta::{Moment, Slowness};
use killing::world::{Plan, World};
use killing::{customers, database_url, killer, load, number, onboarding, proof};
use tokio::sync::Mutex;
use tokio::task::JoinSet;
use tokio::time::{Instant, timeout};

/// So many of each are at work.
const TEAM: u64 = 14;
const CUSTOMERS: u64 = 4;
const BRANDS: u64 = 2;

/// One test at a time has the machine.
static ALONE: Mutex<()> = Mutex::const_new(());
/// Who has asked so long before has reached the process.
const REACHED: Duration = Duration::from_secs(1);
/// So long it is waited for somebody who enters a code.
const ENTRY: Duration = Duration::from_secs(8);

/// Begins all of the load.
fn busy(world: &Arc<World>, team: u64) -> JoinSet<()> {
    let mut busy = JoinSet::new();
    (0..team).for_each(|n| _ = busy.spawn(load::team(Arc::clone(world), 100 + n)));
    (0..CUSTOMERS).for_each(|n| _ = busy.spawn(customers::write(Arc::clone(world), 200 + n)));
    (0..BRANDS).for_each(|n| _ = busy.spawn(onboarding::onboard(Arc::clone(world), 300 + n)));
    (0..2).for_each(|n| _ = busy.spawn(load::settings(Arc::clone(world), 400 + n)));
    (0..2).for_each(|n| _ = busy.spawn(load::access(Arc::clone(world), 500 + n)));
    busy
}

/// Meta delivers what it has to report, also when nobody else is at work any more.
fn reports(world: &Arc<World>) -> JoinSet<()> {
    let mut reports = JoinSet::new();
    for n in 0..3 {
        let world = Arc::clone(world);
        reports.spawn(async move { world.meta.report(world.client(600 + n)).await });
    }
    reports
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
        for (line, who) in
            organisation.lines[..2].iter().flat_map(|line| organisation.staff[2..].iter().map(move |who| (line, *who)))
        {
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
    let _alone = ALONE.lock().await;
    let random_seed = u64::try_from(inbox_service::clock::now().unix_millis()).unwrap();
    let (seed, rounds) = (number("KILL_SEED", random_seed), number("KILL_ROUNDS", 26));
    let processes = usize::try_from(number("KILL_PROCESSES", 2)).unwrap();
    println!("KILL_SEED={seed} KILL_ROUNDS={rounds} KILL_PROCESSES={processes}");
    let begun = Instant::now();
    let name = format!("kill_{}", std::process::id());
    let slowness = Slowness { percent: 10, millis: 120 };
    let plan = Plan { seed, processes, over: rounds * 2_500, impatient: 6, slowness };
    let world = World::make(&url, &name, plan).await;
    world.processes.start_all().await;
    let (busy, mut reports) = (busy(&world, TEAM), reports(&world));
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
    reports.shutdown().await;
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
    assert!(found.nothing(), "KILL_SEED={seed} KILL_ROUNDS={rounds} {}\n{}", world.place(), found.told());
    // In a few rounds not everything comes up.
    for name in ["replied", "warning-sent", "activated", "unassigned", "settings-changed", "resolved"] {
        assert!(rounds < 20 || left.named(name).next().is_some(), "there is no {name}: nothing is proved of it");
    }
    Arc::into_inner(world).unwrap().clear().await;
}

/// What there was to do.
fn figures(world: &World, left: &proof::Left) -> String {
    let (requests, commands, deliveries) =
        world.clients.record(|record| (record.requests, record.commands.clone(), record.deliveries.len()));
    let acknowledged = commands.iter().filter(|asked| asked.answer.done()).count();
    let again = commands.iter().filter(|asked| asked.answer.body["outcome"] == "already-applied").count();
    let mut refused = BTreeMap::<String, usize>::new();
    for asked in commands.iter().filter(|asked| !asked.answer.done()) {
        let code = asked.answer.body["code"].as_str().unwrap_or_default();
        *refused.entry(format!("{} {code}", asked.answer.status)).or_default() += 1;
    }
    let count = |name| left.named(name).count();
    format!(
        "{requests} requests; {} commands, {acknowledged} acknowledged ({again} of them done before), refused {refused:?}
{deliveries} deliveries, {} messages of customers, {} facts
replies: {} delivered, {} failed, {} unknown, {} refused; warnings: {} begun, {} sent, {} failed; resolved {}, woken {}
codes: {} asked for, {} sent; entries {}, registrations {}, channels opened {}, owners lost {}
{} calls to Meta; {} events of {} aggregates",
        commands.len(),
        count("customer-wrote"),
        count("observed"),
        left.messages_in("delivered"),
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

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_told_to_stop_ends_what_it_has_begun() {
    let Some(url) = database_url() else { return };
    let _alone = ALONE.lock().await;
    let seed = number("KILL_SEED", 1);
    let slowness = Slowness { percent: 20, millis: 800 };
    let plan = Plan { seed, processes: 2, over: 15_000, impatient: 0, slowness };
    let world = World::make(&url, &format!("stop_{}", std::process::id()), plan).await;
    world.processes.start_all().await;
    let (busy, mut reports) = (busy(&world, 3), reports(&world));
    let mut told = Vec::new();
    for otherwise in [0, 1, 0] {
        tokio::time::sleep(Duration::from_secs(1)).await;
        // Just now it waits for Meta, and somebody waits for it.
        let process = timeout(ENTRY, world.moments.next(Moment::EntryBegun)).await.unwrap_or(otherwise);
        told.push(stop(&world, process).await);
        world.processes.start(process).await;
    }
    tokio::time::sleep(Duration::from_secs(2)).await;
    // Both at once: what is on its way now nobody else takes up. Who still asks is answered when they are back.
    told.extend(<[_; 2]>::from(tokio::join!(stop(&world, 0), stop(&world, 1))));
    let sending = world.database.count("SELECT count(*) FROM messages WHERE state = 'sending'").await;
    let asked = world.database.count("SELECT count(*) FROM messages WHERE state = 'asked'").await;
    world.processes.start_all().await;
    calm(&world, busy).await;
    take_access(&world).await;
    let unsettled = proof::settle(&world).await;
    reports.shutdown().await;
    let (left, found) = proof::prove(&world, &unsettled).await;
    println!("{}", figures(&world, &left));
    println!("{} stops under load took {told:?}", told.len());
    assert!(found.nothing(), "{}\n{}", world.place(), found.told());
    assert_eq!((sending, asked), (0, 0), "messages were left in the middle of being sent, or of being decided");
    Arc::into_inner(world).unwrap().clear().await;
}

/// Tells a process to stop, and how long it took. Whatever had reached it is answered.
async fn stop(world: &World, process: usize) -> Duration {
    let told = Instant::now();
    let status = world.processes.terminate(process, proof::GRACE).await.expect("it ends in time");
    let took = told.elapsed();
    assert!(status.success(), "process {process} ended with {status}");
    let cut = world.clients.record(|record| record.cut.clone());
    let reached = |cut: &&Cut| {
        let entry = cut.what.ends_with(" enter-code") || cut.what.ends_with(" register");
        let since = if entry { Duration::ZERO } else { REACHED };
        cut.process == process && cut.begun + since < told && cut.ended >= told
    };
    let cut: Vec<_> = cut.iter().filter(reached).map(|cut| (&cut.what, told - cut.begun, &cut.why)).collect();
    assert!(cut.is_empty(), "process {process} did not answer {cut:?}");
    took
}
