//! A store of your own in at most 120 lines, `store.rs` beside this, held to all that a store must do.
//!
//! `cargo run --example own_store` tries it in a folder that it removes again. To look at the files, name a folder:
//! `cargo run --example own_store -- my-store`

use std::process::{self, ExitCode};
use std::{env, fs, path::PathBuf, sync::Mutex};

use whatsapp_inbox::testing::{block_on, contract};

mod store;

fn main() -> ExitCode {
    let removed = env::temp_dir().join(format!("own-store-{}", process::id()));
    let folder = env::args().nth(1).map_or_else(|| removed.clone(), PathBuf::from);
    fs::create_dir_all(&folder).expect("the folder can be made");
    // The number seeds the ids of this run, so that it meets nothing of an earlier one in the same folder.
    let report = block_on(contract(&store::Files { folder, lock: Mutex::new(()) }, process::id().into()));
    report.passed.iter().for_each(|check| println!("  ✓ {check}"));
    println!("\n{report}");
    _ = fs::remove_dir_all(removed);
    if report.failed.is_empty() { ExitCode::SUCCESS } else { ExitCode::FAILURE }
}
