//! The store does what any store must do, also where threads and processes run into each other, and where one is killed.

mod writer;

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use rusqlite::Connection;
use sqlite_store::Sqlite;
use whatsapp_inbox::conversation::Conversation;
use whatsapp_inbox::decider::Version;
use whatsapp_inbox::port::{Committed, Store};
use whatsapp_inbox::testing::contract;
use whatsapp_inbox::time::Instant;

use crate::writer::{CONVERSATION, command, write};

const FILE: &str = "inbox.db";
/// Names the folder to the process that is to be killed.
const FOLDER: &str = "SQLITE_STORE_FOLDER";

fn wait<F: Future>(future: F) -> F::Output {
    tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap().block_on(future)
}

fn open(folder: &Path) -> Sqlite {
    Sqlite::open(folder.join(FILE)).unwrap()
}

#[test]
fn it_passes_every_check_beside_other_data() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    let mut checks = BTreeSet::new();
    for seed in 1..=5 {
        let report = wait(contract(&store, seed));
        checks.insert(report.passed.len());
        report.into_result().unwrap();
    }
    println!("checks: {checks:?}");
    assert_eq!(checks.len(), 1, "every seed runs the same checks");
}

#[test]
fn commands_of_many_threads_are_applied_once_and_leave_no_gap() {
    let folder = tempfile::tempdir().unwrap();
    // Two stores are what two processes are: nothing is shared but the file.
    let stores = [open(folder.path()), open(folder.path())];
    let answers = std::thread::scope(|scope| {
        let threads: Vec<_> = (0..4)
            .map(|thread| {
                let store = &stores[thread % 2];
                // Each command is given by two threads.
                let commands = (0..50).filter(move |n| n % 2 == u128::try_from(thread / 2).unwrap());
                scope.spawn(move || {
                    wait(async {
                        let mut answers = Vec::new();
                        for n in commands {
                            answers.push((n, write(store, n).await));
                        }
                        answers
                    })
                })
            })
            .collect();
        threads.into_iter().flat_map(|thread| thread.join().unwrap()).collect::<Vec<_>>()
    });
    let mut made = BTreeMap::new();
    for (n, answer) in &answers {
        if let Committed::Now { version } = answer {
            assert_eq!(made.insert(*version, *n), None, "{version} was made twice");
        }
    }
    assert!(made.keys().copied().eq((1..=50).map(Version::new)), "{made:?}");
    assert_eq!(made.values().collect::<BTreeSet<_>>().len(), 50, "a command was applied twice: {made:?}");
    assert_eq!(answers.len(), 100);
    for (n, answer) in answers {
        let (Committed::Now { version } | Committed::AlreadyApplied { version }) = answer else { continue };
        assert_eq!(made[&version], n, "each is told the version that its command made");
    }
}

#[test]
fn what_was_acknowledged_outlasts_a_kill() {
    let folder = tempfile::tempdir().unwrap();
    let mut next = 0;
    for round in 1..=6 {
        let mut child = Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "a_process_that_is_killed", "--ignored", "--nocapture"])
            .env(FOLDER, folder.path())
            .stdout(Stdio::piped())
            .spawn()
            .unwrap();
        let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
        let acknowledged = |line: &str| line.strip_prefix("acknowledged ")?.parse::<u128>().ok();
        let mut last =
            lines.by_ref().map_while(Result::ok).filter_map(|line| acknowledged(&line)).nth(7 * round).unwrap();
        child.kill().unwrap();
        child.wait().unwrap();
        // What it had said by then is said.
        last = lines.map_while(Result::ok).filter_map(|line| acknowledged(&line)).fold(last, u128::max);
        wait(async {
            let store = open(folder.path());
            let loaded = Store::<Conversation>::load(&store, CONVERSATION, None).await.unwrap();
            // At most one more is written than the process lived to tell.
            let written = u128::from(loaded.version.get());
            assert!((last..=last + 1).contains(&(written - 1)), "{last} was told, and {written} are written");
            for n in 0..written {
                let loaded = Store::<Conversation>::load(&store, CONVERSATION, Some(command(n))).await.unwrap();
                assert!(loaded.applied.is_some(), "command {n} is not known");
            }
        });
        assert!(last > next, "each process goes on where the one before was killed");
        next = last;
    }
}

#[test]
#[ignore = "it is started, and killed, by another test"]
fn a_process_that_is_killed() {
    let Some(folder) = std::env::var_os(FOLDER) else { return };
    wait(async {
        let store = open(Path::new(&folder));
        let loaded = Store::<Conversation>::load(&store, CONVERSATION, None).await.unwrap();
        for n in u128::from(loaded.version.get()).. {
            write(&store, n).await;
            println!("acknowledged {n}");
        }
    });
}

#[test]
fn several_that_start_at_once_make_the_tables_once() {
    for _ in 0..10 {
        let folder = tempfile::tempdir().unwrap();
        std::thread::scope(|scope| {
            for _ in 0..4 {
                scope.spawn(|| open(folder.path()));
            }
        });
    }
}

#[test]
fn a_file_of_a_newer_version_is_left_alone() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let file = folder.path().join(FILE);
    Connection::open(&file).unwrap().pragma_update(None, "user_version", 9).unwrap();
    let error = Sqlite::open(&file).unwrap_err();
    assert!(error.to_string().contains("the file has migration 9, and 1 are known here"), "{error}");
}

#[test]
fn commands_are_known_for_seven_days() {
    let folder = tempfile::tempdir().unwrap();
    let store = open(folder.path());
    wait(async {
        write(&store, 0).await;
        let week = writer::now().plus_days(7);
        assert_eq!(store.forget_commands(week).await.unwrap(), 0);
        let later = Instant::from_unix_millis(week.unix_millis() + 1).unwrap();
        assert_eq!(store.forget_commands(later).await.unwrap(), 1);
    });
}

#[test]
fn what_is_due_or_free_is_found_by_index() {
    let folder = tempfile::tempdir().unwrap();
    drop(open(folder.path()));
    let connection = Connection::open(folder.path().join(FILE)).unwrap();
    let due = "SELECT id FROM aggregates WHERE kind = ?1 AND deadline <= ?2 ORDER BY deadline LIMIT ?3";
    let free = "SELECT id FROM effects WHERE kind = ?1 AND free_from <= ?2 ORDER BY free_from LIMIT ?3";
    for (sql, index) in [(due, "aggregates_due"), (free, "effects_free")] {
        let mut statement = connection.prepare(&format!("EXPLAIN QUERY PLAN {sql}")).unwrap();
        let rows = statement.query_map(["", "0", "1"], |row| row.get::<_, String>(3)).unwrap();
        let plan = rows.collect::<Result<Vec<_>, _>>().unwrap();
        assert!(plan.len() == 1 && plan[0].contains(index), "{plan:?}");
    }
}
