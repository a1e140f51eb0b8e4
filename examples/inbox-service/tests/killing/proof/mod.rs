//! What must hold of what is left. Each check tells what is wrong, and nothing where all is well.

mod customers;
mod follows;
mod left;
mod log;
mod sent;

use std::fmt::Write as _;
use std::time::Duration;

use tokio::time::{Instant, sleep};

use super::world::World;

pub(crate) use left::Left;

/// So long it is waited until nothing is on its way, before what is left behind is freed by time.
const SETTLES: Duration = Duration::from_secs(20);
/// What has not moved for so long waits for time.
const STANDS: Duration = Duration::from_secs(4);
/// So long a process may take to end when it is told to: as long as it gives itself, and a little more.
pub(crate) const GRACE: Duration = Duration::from_secs(11);
/// So often time frees it: each of them may be taken again by somebody who then has to wait for another.
const OUTAGES: usize = 4;

/// So many of each kind are told.
const SHOWN: usize = 12;

/// What was found.
#[derive(Debug, Default)]
pub(crate) struct Found {
    /// What was acknowledged and is not there, or was begun and did not come to its end.
    pub(crate) lost: Vec<String>,
    /// What happened twice.
    pub(crate) doubled: Vec<String>,
    /// Anything else that must not be.
    pub(crate) wrong: Vec<String>,
}

impl Found {
    fn lost(&mut self, is: bool, what: impl FnOnce() -> String) {
        if is {
            self.lost.push(what());
        }
    }

    fn doubled(&mut self, is: bool, what: impl FnOnce() -> String) {
        if is {
            self.doubled.push(what());
        }
    }

    fn wrong(&mut self, is: bool, what: impl FnOnce() -> String) {
        if is {
            self.wrong.push(what());
        }
    }

    pub(crate) const fn nothing(&self) -> bool {
        self.lost.is_empty() && self.doubled.is_empty() && self.wrong.is_empty()
    }

    /// The first of each kind.
    pub(crate) fn told(&self) -> String {
        let mut told = String::new();
        for (kind, all) in [("lost", &self.lost), ("doubled", &self.doubled), ("wrong", &self.wrong)] {
            writeln!(told, "{kind} {}", all.len()).unwrap();
            all.iter().take(SHOWN).for_each(|line| writeln!(told, "  {line}").unwrap());
        }
        told
    }
}

/// What is on its way, or due.
const UNSETTLED: [(&str, &str); 4] = [
    ("effects", "SELECT count(*) FROM effects"),
    ("deliveries", "SELECT count(*) FROM deliveries WHERE state <> 'done'"),
    // Of what was sent Meta reports something.
    ("messages", "SELECT count(*) FROM messages WHERE state IN ('asked', 'to-send', 'sending', 'sent')"),
    (
        "deadlines",
        "SELECT count(*) FROM aggregates
         WHERE deadline <= (extract(epoch FROM clock_timestamp()) * 1000)::bigint",
    ),
];

async fn unsettled(world: &World) -> Vec<(&'static str, i64)> {
    let mut left = Vec::new();
    for (what, sql) in UNSETTLED {
        let count = world.database.count(sql).await;
        if count > 0 {
            left.push((what, count));
        }
    }
    let reports = world.meta.reports(|reports| reports.left());
    if reports > 0 {
        left.push(("reports", i64::try_from(reports).unwrap()));
    }
    left
}

/// Waits until nothing is on its way, and then stops the processes: everything is read at rest. What is still there at last is
/// told.
pub(crate) async fn settle(world: &World) -> Vec<(&'static str, i64)> {
    let mut left = Vec::new();
    for outage in 0..=OUTAGES {
        if outage > 0 {
            world.processes.kill_all().await;
            world.database.outage().await;
            world.processes.start_all().await;
        }
        left = at_rest(world).await;
        // The first outage is for what was killed last, whether it shows or not.
        if outage == 0 || !left.is_empty() {
            continue;
        }
        for process in 0..world.processes.count() {
            let ended = world.processes.terminate(process, GRACE).await.expect("it ends in time");
            assert!(ended.success(), "process {process} ended with {ended}");
        }
        left = unsettled(world).await;
        // Time goes on.
        left.retain(|(what, _)| *what != "deadlines");
        if left.is_empty() {
            return left;
        }
    }
    world.processes.kill_all().await;
    left
}

/// What is on its way when nothing is, or when nothing has moved for a while: then it waits for time.
async fn at_rest(world: &World) -> Vec<(&'static str, i64)> {
    let begun = Instant::now();
    let mut left = unsettled(world).await;
    let mut since = Instant::now();
    while !left.is_empty() && begun.elapsed() < SETTLES && since.elapsed() < STANDS {
        sleep(Duration::from_millis(100)).await;
        let now = unsettled(world).await;
        if now != left {
            (left, since) = (now, Instant::now());
        }
    }
    left
}

/// Looks at everything.
pub(crate) async fn prove(world: &World, unsettled: &[(&'static str, i64)]) -> (Left, Found) {
    let left = Left::of(world).await;
    let mut found = Found::default();
    for (what, count) in unsettled {
        found.lost(true, || format!("{count} {what} are still on their way"));
    }
    log::check(world, &left, &mut found).await;
    customers::check(world, &left, &mut found);
    sent::check(world, &left, &mut found);
    follows::check(world, &left, &mut found).await;
    for process in 0..world.processes.count() {
        let log = std::fs::read_to_string(world.processes.log(process)).unwrap_or_default();
        let panics = log.lines().filter(|line| line.contains("panicked"));
        panics.for_each(|line| found.wrong(true, || format!("process {process}: {line}")));
    }
    (left, found)
}
