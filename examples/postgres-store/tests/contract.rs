//! The store does what any store must do, also where threads run into each other, and where connections are cut.
//!
//! `DATABASE_URL` names the database. Each test has a schema of its own there.

mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};

use deadpool_postgres::{Manager, Pool};
use postgres_store::Postgres;
use tokio_postgres::{Client, Config, NoTls};
use whatsapp_inbox::conversation::{Conversation, Effect, MessageKind};
use whatsapp_inbox::decider::Version;
use whatsapp_inbox::port::{Committed, EffectId, EventId, Leased, Loaded, Outgoing, Store};
use whatsapp_inbox::testing::contract;
use whatsapp_inbox::time::Instant;

use crate::writer::{commit, conversation, now, write};

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).enable_all().build().unwrap().block_on(future)
}

/// The database with a schema of the test's own, empty. Without a database the test is skipped, and says so even where what
/// tests print is kept back.
async fn empty(schema: &str) -> Option<Config> {
    let Ok(url) = std::env::var("DATABASE_URL") else {
        assert!(std::env::var("CI").is_err(), "CI has a database, and DATABASE_URL does not name it");
        let skipped = format!("!!!!! SKIPPED: {schema}: DATABASE_URL names no PostgreSQL\n");
        std::io::stderr().write_all(skipped.as_bytes()).unwrap();
        return None;
    };
    let mut config: Config = url.parse().unwrap();
    let client = connect(&config).await;
    let sql = format!("DROP SCHEMA IF EXISTS test_{schema} CASCADE; CREATE SCHEMA test_{schema}");
    client.batch_execute(&sql).await.unwrap();
    config.options(format!("-c search_path=test_{schema}")).application_name(schema);
    Some(config)
}

async fn connect(config: &Config) -> Client {
    let (client, connection) = config.connect(NoTls).await.unwrap();
    tokio::spawn(connection);
    client
}

fn store(config: &Config) -> Postgres {
    Postgres::new(Pool::builder(Manager::new(config.clone(), NoTls)).max_size(8).build().unwrap())
}

#[test]
fn it_passes_every_check_beside_other_data() {
    wait(async {
        let Some(config) = empty("contract").await else { return };
        let store = store(&config);
        store.migrate().await.unwrap();
        let mut checks = BTreeSet::new();
        for seed in 1..=5 {
            let report = contract(&store, seed).await;
            checks.insert(report.passed.len());
            report.into_result().unwrap();
        }
        println!("checks: {checks:?}");
        assert_eq!(checks.len(), 1, "every seed runs the same checks");
    });
}

/// Has four threads give 50 commands to one conversation, each command by two of them, and says what they were told.
fn four_threads(config: &Config) -> Vec<(u128, Committed)> {
    let half = |half: u128| {
        move || {
            wait(async {
                let store = store(config);
                let mut answers = Vec::new();
                for n in (0..50).filter(|n| n % 2 == half) {
                    answers.push((n, write(&store, conversation(1), n).await));
                }
                answers
            })
        }
    };
    std::thread::scope(|scope| {
        let threads = [0, 0, 1, 1].map(|n| scope.spawn(half(n)));
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect()
    })
}

#[test]
fn commands_of_many_threads_are_applied_once_and_leave_no_gap() {
    let Some(config) = wait(async {
        let config = empty("threads").await?;
        store(&config).migrate().await.unwrap();
        Some(config)
    }) else {
        return;
    };
    let answers = four_threads(&config);
    let now = answers.iter().filter(|(_, answer)| matches!(answer, Committed::Now { .. })).count();
    assert_eq!((now, answers.len()), (50, 100), "each command is written by one, and known to the other");
    assert_once(answers);
}

/// Nobody knows what became of a commit whose connection was cut. Whoever gives the command again is told.
#[test]
fn commands_are_applied_once_where_connections_are_cut() {
    let Some(config) = wait(empty("cuts")) else { return };
    let over = AtomicBool::new(false);
    let (cut, answers) = std::thread::scope(|scope| {
        wait(async { store(&config).migrate().await.unwrap() });
        let cutter = scope.spawn(|| {
            wait(async {
                let client = connect(config.clone().application_name("cutter")).await;
                let mut cut = 0;
                while !over.load(Ordering::Relaxed) {
                    // One at a time, in whatever it is doing.
                    let sql = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
                               WHERE application_name = 'cuts' ORDER BY random() LIMIT 1";
                    cut += client.execute(sql, &[]).await.unwrap();
                    client.execute("SELECT pg_sleep(0.003)", &[]).await.unwrap();
                }
                cut
            })
        });
        let answers = four_threads(&config);
        over.store(true, Ordering::Relaxed);
        (cutter.join().unwrap(), answers)
    });
    println!("connections cut: {cut}");
    assert!(cut > 0);
    assert_once(answers);
}

/// Each version was made by one command and each command made one version, from the first to the last without a gap.
fn assert_once(answers: Vec<(u128, Committed)>) {
    let mut made = BTreeMap::new();
    for (n, answer) in answers {
        let (Committed::Now { version } | Committed::AlreadyApplied { version }) = answer else { continue };
        assert_eq!(*made.entry(version).or_insert(n), n, "{version} was made by one command");
    }
    assert!(made.keys().copied().eq((1..=50).map(Version::new)), "{made:?}");
    assert_eq!(made.values().collect::<BTreeSet<_>>().len(), 50, "each command made one version: {made:?}");
}

#[test]
fn a_lease_passes_over_what_another_is_lending() {
    wait(async {
        let Some(config) = empty("lease").await else { return };
        let store = store(&config);
        store.migrate().await.unwrap();
        for n in 0..3 {
            let mut commit = commit(conversation(n), Loaded::default(), n);
            let id = EffectId::new(EventId::new(commit.aggregate, commit.version()), 0);
            let effect = Effect::SendWarning { attempt: 1, kind: MessageKind::FreeText };
            commit.effects = vec![Outgoing::new(id, effect, commit.metadata)];
            store.commit(commit).await.unwrap();
        }
        let mut other = connect(&config).await;
        let lending = other.transaction().await.unwrap();
        lending.execute("SELECT FROM effects ORDER BY id LIMIT 1 FOR UPDATE", &[]).await.unwrap();
        let lease = || Store::<Conversation>::lease(&store, now(), now().plus_days(1), 10);
        let ids =
            |leased: Vec<Leased<_>>| leased.into_iter().map(|leased| leased.outgoing.id.event.aggregate).collect();
        let leased: BTreeSet<_> = ids(lease().await.unwrap());
        assert_eq!(leased, BTreeSet::from([conversation(1), conversation(2)]), "it waits for nobody");
        lending.rollback().await.unwrap();
        let leased: BTreeSet<_> = ids(lease().await.unwrap());
        assert_eq!(leased, BTreeSet::from([conversation(0)]));
    });
}

#[test]
fn several_that_start_at_once_make_the_tables_once() {
    wait(async {
        for _ in 0..5 {
            let Some(config) = empty("starts").await else { return };
            let stores = [(); 4].map(|()| {
                let store = store(&config);
                tokio::spawn(async move { store.migrate().await })
            });
            for store in stores {
                store.await.unwrap().unwrap();
            }
        }
    });
}

#[test]
fn a_database_of_a_newer_version_is_left_alone() {
    wait(async {
        let Some(config) = empty("newer").await else { return };
        let store = store(&config);
        store.migrate().await.unwrap();
        connect(&config).await.execute("INSERT INTO migrations VALUES (9)", &[]).await.unwrap();
        let error = store.migrate().await.unwrap_err();
        assert!(error.to_string().contains("the database has migration 9, and 1 are known here"), "{error}");
    });
}

#[test]
fn commands_are_known_for_seven_days() {
    wait(async {
        let Some(config) = empty("week").await else { return };
        let store = store(&config);
        store.migrate().await.unwrap();
        write(&store, conversation(1), 0).await;
        let week = now().plus_days(7);
        assert_eq!(store.forget_commands(week).await.unwrap(), 0);
        let later = Instant::from_unix_millis(week.unix_millis() + 1).unwrap();
        assert_eq!(store.forget_commands(later).await.unwrap(), 1);
    });
}

#[test]
fn what_is_due_or_free_is_found_by_index() {
    wait(async {
        let Some(config) = empty("plans").await else { return };
        store(&config).migrate().await.unwrap();
        let client = connect(&config).await;
        // Tables as small as these it would read whole.
        client.batch_execute("SET enable_seqscan = off; SET enable_bitmapscan = off").await.unwrap();
        let due = "SELECT id FROM aggregates WHERE kind = '' AND deadline <= 0 ORDER BY deadline LIMIT 1";
        let free = "SELECT id FROM effects WHERE kind = '' AND free_from <= 0 ORDER BY free_from LIMIT 1 FOR UPDATE";
        for (sql, index) in [(due, "aggregates_due"), (free, "effects_free")] {
            let rows = client.query(&format!("EXPLAIN {sql}"), &[]).await.unwrap();
            let plan: Vec<String> = rows.iter().map(|row| row.get(0)).collect();
            let plan = plan.join("\n");
            assert!(plan.contains(&format!("Index Scan using {index}")) && !plan.contains("Sort"), "{plan}");
        }
    });
}
