//! The same work in other crates, to hold this crate to and to time it beside: an organisation in Cedar and in casbin, a
//! conversation in cqrs-es.
//!
//! **They are general: Cedar and casbin evaluate any policy that somebody writes, cqrs-es keeps any aggregate. This crate is
//! one fixed policy and a few fixed aggregates.** A ratio between them says what it costs to be general, not which is better
//! made.
//!
//! `cargo bench -p peers` times them, each bench in one run; `cargo test -p peers` uses Cedar as an independent oracle.

pub mod casbin;
pub mod cedar;
pub mod cqrs;
pub mod policy;
pub mod story;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs what never waits: a store in memory answers at once, behind however asynchronous an interface.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("nothing here waits"),
    }
}
