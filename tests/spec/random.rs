//! Random histories, the same in every run.

use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};

/// The same draws in every run: a failure here is a failure everywhere.
pub fn runner(cases: u32) -> TestRunner {
    let config = Config { cases, failure_persistence: None, ..Config::default() };
    TestRunner::new_with_rng(config, TestRng::deterministic_rng(RngAlgorithm::ChaCha))
}
