//! Instants and the business calendar.
//!
//! The crate never asks what time it is. Every read that depends on time takes `now` as its last argument, every command
//! takes it from its context (`core.pure`).

mod calendar;
mod instant;

pub use calendar::{Calendar, CalendarError, Expected};
pub use instant::{Instant, InstantError};

pub(crate) use instant::allowed_from;
