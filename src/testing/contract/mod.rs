//! What any store must do, as checks that can be run on it.

mod claims;
mod commands;
mod deadlines;
mod effects;
mod outbox;
mod reading;
mod trial;
mod versions;

use std::fmt;

use crate::service::Stores;

use self::trial::Trial;

/// What a store did of what it must do.
#[derive(Clone, PartialEq, Eq, Default)]
#[must_use = "a fault is told here and nowhere else"]
#[non_exhaustive]
pub struct Report {
    /// The names of the checks that it passed.
    pub passed: Vec<&'static str>,
    /// The checks that it failed.
    pub failed: Vec<Failure>,
}

/// A check that a store failed.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct Failure {
    /// The check's name, which says what a store must do.
    pub check: &'static str,
    /// What it did instead.
    pub why: String,
}

/// Runs every check of the [contract](crate::port::Store) on a store. What a store keeps beside an event, but for its effects,
/// cannot be read through the port, and is not checked.
///
/// The store may hold other data: each check uses ids of its own, made from the seed, so give another seed to each run on the
/// same data. Nothing else may deliver its effects meanwhile, and effects of others are lent out by it for a millisecond.
///
/// ```
/// use whatsapp_inbox::memory::Memory;
/// use whatsapp_inbox::testing::{block_on, contract};
///
/// let report = block_on(contract(&Memory::default(), 1));
/// assert!(report.passed.len() >= 25);
/// report.into_result().unwrap();
/// ```
pub async fn contract<S: Stores>(store: &S, seed: u128) -> Report {
    let trial = Trial::new(store, seed);
    let mut report = Report::default();
    reading::checks(&trial, &mut report).await;
    versions::checks(&trial, &mut report).await;
    commands::checks(&trial, &mut report).await;
    claims::checks(&trial, &mut report).await;
    deadlines::checks(&trial, &mut report).await;
    effects::checks(&trial, &mut report).await;
    outbox::checks(&trial, &mut report).await;
    report
}

impl Report {
    /// The report as an error, if a check failed.
    ///
    /// # Errors
    ///
    /// The report itself, which displays what failed and how.
    pub fn into_result(self) -> Result<(), Self> {
        if self.failed.is_empty() { Ok(()) } else { Err(self) }
    }

    fn note(&mut self, check: &'static str, outcome: Result<(), String>) {
        match outcome {
            Ok(()) => self.passed.push(check),
            Err(why) => self.failed.push(Failure { check, why }),
        }
    }
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(f, "{} checks passed, {} failed", self.passed.len(), self.failed.len())?;
        self.failed.iter().try_for_each(|failure| writeln!(f, "- {}: {}", failure.check, failure.why))
    }
}

/// As it displays: a test that unwraps it shows what failed.
impl fmt::Debug for Report {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(self, f)
    }
}

impl std::error::Error for Report {}
