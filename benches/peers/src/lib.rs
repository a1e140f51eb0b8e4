//! The same organisation in Cedar and in casbin, to hold this crate's decisions to and to time them beside.
//!
//! **Cedar and casbin are general engines: they evaluate any policy that somebody writes. This crate is one fixed policy.**
//! A ratio between them says what it costs to be general, not which is better made.
//!
//! `cargo bench -p peers` times them in one run, `cargo test -p peers` uses Cedar as an independent oracle.

pub mod casbin;
pub mod cedar;
pub mod policy;

use std::pin::pin;
use std::task::{Context, Poll, Waker};

/// Runs what never waits: a store in memory answers at once, behind however asynchronous an interface.
pub fn ready<T>(future: impl Future<Output = T>) -> T {
    match pin!(future).poll(&mut Context::from_waker(Waker::noop())) {
        Poll::Ready(value) => value,
        Poll::Pending => unreachable!("nothing here waits"),
    }
}
