//! The crate in a service: an HTTP API, pages, Meta's webhook, background work, over SQLite or PostgreSQL.
//!
//! It is made to be read and copied. `app.rs` names the parts; `api/` is what people and Meta call; `inbound/` reads what Meta
//! delivered; `work.rs` does what is due; `host/` is what the host keeps for itself; `graph/` calls Meta, and `stand_in/` answers
//! in its place.
#![allow(clippy::exhaustive_structs, clippy::exhaustive_enums, reason = "a program, which nobody depends on")]

pub mod api;
pub mod app;
pub mod clock;
pub mod config;
pub mod demo;
pub mod graph;
pub mod host;
pub mod inbound;
pub mod pages;
pub mod problem;
pub mod serve;
pub mod stand_in;
pub mod start;
pub mod stored;
pub mod tables;
pub mod work;
