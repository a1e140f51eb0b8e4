//! The specification: every rule by its name, as given, when, then.
#![allow(
    unreachable_pub,
    dead_code,
    clippy::wildcard_imports,
    reason = "one toolbox serves all files of the specification"
)]

mod case;
mod decisions;
mod display_name;
mod onboarding_code;
mod onboarding_code_sends;
mod onboarding_details;
mod onboarding_order;
mod onboarding_registration;
mod onboarding_revise;
mod profile;
mod webhook;
mod time;
mod values;
