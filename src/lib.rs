#![doc = include_str!("../README.md")]
#![cfg_attr(docsrs, feature(doc_cfg))]
// The hard lints stand here and not in Cargo.toml, so that tests and examples stay readable.
#![deny(
    clippy::arithmetic_side_effects,
    clippy::expect_used,
    clippy::indexing_slicing,
    clippy::panic,
    clippy::print_stderr,
    clippy::print_stdout,
    clippy::string_slice,
    clippy::todo,
    clippy::unreachable,
    clippy::unwrap_used
)]

pub mod access;
pub mod channel;
pub mod conversation;
pub mod decider;
pub mod form;
pub mod health;
pub mod id;
pub mod memory;
pub mod onboarding;
pub mod port;
pub mod rule;
pub mod service;
pub mod settings;
pub mod template;
#[cfg(feature = "testing")]
pub mod testing;
mod text;
pub mod time;
pub mod translation;
pub mod whatsapp;

pub use chrono;
pub use uuid;
