//! The store does what any store must do.

use std::collections::BTreeSet;

use sqlite_store::Sqlite;
use whatsapp_inbox::testing::contract;

/// A runtime with two threads that may block the one another.
fn wait<F: Future>(future: F) -> F::Output {
    let runtime = tokio::runtime::Builder::new_multi_thread().worker_threads(2).build().unwrap();
    runtime.block_on(future)
}

#[test]
fn it_passes_every_check_beside_other_data() {
    let folder = tempfile::tempdir().unwrap();
    let store = Sqlite::open(folder.path().join("inbox.db")).unwrap();
    let mut checks = BTreeSet::new();
    for seed in 1..=5 {
        let report = wait(contract(&store, seed));
        println!("seed {seed}: {report}");
        checks.insert(report.passed.len());
        report.into_result().unwrap();
    }
    assert_eq!(checks.len(), 1, "each seed runs the same checks");
}
