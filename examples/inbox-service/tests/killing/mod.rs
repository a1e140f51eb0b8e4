//! Processes of the real program that are killed while they work, and what must hold afterwards.
//!
//! `world.rs` puts it together; `process.rs` starts and kills; `meta.rs` stands in for Meta and counts its calls; `load.rs`,
//! `customers.rs` and `onboarding.rs` keep the processes busy through `client.rs`; `killer.rs` chooses the moments; `proof/` looks
//! at what is left.

pub(crate) mod client;
pub(crate) mod customers;
pub(crate) mod database;
pub(crate) mod history;
pub(crate) mod killer;
pub(crate) mod load;
pub(crate) mod meta;
pub(crate) mod onboarding;
pub(crate) mod process;
pub(crate) mod proof;
pub(crate) mod random;
pub(crate) mod world;

use std::io::Write as _;

/// The database that tests may make databases of their own beside. Without one a test is skipped, and says so even where what
/// tests print is kept back.
pub(crate) fn database_url() -> Option<String> {
    let url = std::env::var("DATABASE_URL").ok().filter(|url| !url.is_empty());
    if url.is_none() {
        let ci = std::env::var("CI").is_ok_and(|ci| ci == "true");
        assert!(!ci, "CI has a database, and DATABASE_URL does not name it");
        let skipped = b"!!!!! SKIPPED: DATABASE_URL names no PostgreSQL\n";
        std::io::stderr().write_all(skipped).unwrap();
    }
    url
}

/// A number from the environment, or another where there is none.
pub(crate) fn number(name: &str, otherwise: u64) -> u64 {
    std::env::var(name).map_or(otherwise, |text| text.parse().unwrap_or_else(|error| panic!("{name}: {error}")))
}
