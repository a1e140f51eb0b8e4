//! The specification: every test is named after the rule it holds.

mod display_name;
mod profile;
