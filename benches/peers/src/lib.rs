//! The same organisation in Cedar and in casbin, to hold this crate's decisions to and to time them beside.
//!
//! **Cedar and casbin are general engines: they evaluate any policy that somebody writes. This crate is one fixed policy.**
//! A ratio between them says what it costs to be general, not which is better made.
//!
//! `cargo bench -p peers` times them in one run, `cargo test -p peers` uses Cedar as an independent oracle.

pub mod casbin;
pub mod cedar;
pub mod policy;
