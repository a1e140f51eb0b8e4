//! Who kills, and when.

use std::time::Duration;

use tokio::time::timeout;

use super::meta::Moment;
use super::random::Random;
use super::world::World;

/// So long a moment that was chosen is waited for.
const WAIT: Duration = Duration::from_millis(1500);
/// Every so many rounds all of them are killed, and stay away for minutes.
const OUTAGE: u64 = 5;

/// What was done.
#[derive(Debug, Default)]
pub(crate) struct Kills {
    pub(crate) kills: u64,
    pub(crate) outages: u64,
}

/// Kills for so many rounds. `halfway` happens after half of them.
pub(crate) async fn kill(world: &World, rounds: u64, halfway: impl AsyncFnOnce()) -> Kills {
    let mut random = Random::of(world.seed, 3);
    let (mut kills, mut halfway) = (Kills::default(), Some(halfway));
    for round in 1..=rounds {
        tokio::time::sleep(random.millis(300, 1200)).await;
        let process = chosen(world, &mut random).await;
        world.processes.kill(process).await;
        kills.kills += 1;
        if round % OUTAGE == 0 {
            world.processes.kill_all().await;
            kills.kills += u64::try_from(world.processes.count()).unwrap() - 1;
            kills.outages += 1;
            world.database.outage().await;
        }
        tokio::time::sleep(random.millis(0, 700)).await;
        for process in 0..world.processes.count() {
            if world.processes.address(process).is_none() {
                world.processes.start(process).await;
            }
        }
        if let Some(halfway) = halfway.take_if(|_| round >= rounds / 2) {
            halfway().await;
        }
    }
    kills
}

/// Waits for a moment, and says whose it is: any at all, or one at which something has just been begun or answered. Now and then
/// a table cannot be written at that time, so that whoever answers before it is written is found out.
async fn chosen(world: &World, random: &mut Random) -> usize {
    let any = usize::try_from(random.below(u64::try_from(world.processes.count()).unwrap())).unwrap();
    let (moment, table) = match random.below(6) {
        0 => (Some(Moment::CallBegun), "effects"),
        1 => (Some(Moment::CallBegun), "messages"),
        2 => (Some(Moment::CallAnswered), "commands"),
        3 => (Some(Moment::DeliveryAnswered), "deliveries"),
        4 => (Some(Moment::CommandAnswered), "events"),
        _ => (None, "messages"),
    };
    if random.percent(50) {
        world.database.stall(table, random.millis(100, 500));
        tokio::time::sleep(random.millis(20, 60)).await;
    }
    let later = random.millis(0, 15);
    let process = match moment {
        Some(moment) => timeout(WAIT, world.moments.next(moment)).await.unwrap_or(any),
        None => any,
    };
    // At once or a little later.
    if random.percent(60) {
        tokio::time::sleep(later).await;
    }
    process
}
